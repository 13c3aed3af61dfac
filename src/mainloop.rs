//! The only loop: takes lines from the current source, lets the lexer cut them into statements and
//! meta-commands, and runs those. `\i` pushes a source, its end pops it.

use crate::conditional::Conditionals;
use crate::console::Reported;
use crate::console::input::Source;
use crate::console::interrupt::Interrupted;
use crate::encoding::Encoding;
use crate::exit_status::ExitStatus;
use crate::help;
use crate::lexer::End;
use crate::metacommand::{self, Outcome};
use crate::query::{Cut, Leaving, ResultPlan};
use crate::shell::Shell;
use crate::shell::scope::Scope;
use crate::terminal::ReadLine;
use crate::terminal::interruptible::is_interrupt;
use crate::variables::Echo;

/// How the loop goes on after a step.
enum Step {
    /// With the next line of the current source.
    Line,
    /// With the source just pushed.
    Push(Box<Source>),
    /// The current source is done, with this status; to the source that included it, the inclusion
    /// was a command that went well or not.
    Done(ExitStatus),
    /// Ctrl-C ended a script, and with it all that included it, up to the user.
    Cancelled(Interrupted),
    /// Everything is done, with this status.
    Quit(ExitStatus),
}

/// Reads `source` to its end, with everything it includes, and returns its exit status.
pub fn run(shell: &mut Shell, source: Source) -> ExitStatus {
    shell.console.begin_to_run();
    shell.console.input.push(source);
    let mut scopes = vec![Scope::default()];
    loop {
        let Some(scope) = scopes.last_mut() else { return ExitStatus::Success };
        let mut step = if scope.in_line { lex(shell, scope) } else { read(shell, scope) };
        // The end of a source may end the one that included it.
        loop {
            match step {
                Step::Line => break,
                Step::Push(source) => {
                    shell.console.input.push(*source);
                    scopes.push(Scope::default());
                    break;
                }
                Step::Done(status) => {
                    shell.console.input.pop();
                    scopes.pop();
                    let Some(includer) = scopes.last_mut() else { return status };
                    let name = std::mem::take(&mut includer.including);
                    metacommand::finish(shell, includer, &name, status.is_success());
                    step = after_command(shell, includer, status.is_success());
                }
                Step::Cancelled(what) => {
                    while !shell.console.is_interactive() {
                        shell.console.input.pop();
                        scopes.pop();
                        if scopes.is_empty() {
                            shell.console.interrupts.end_script(what);
                            return ExitStatus::ScriptError;
                        }
                    }
                    break;
                }
                Step::Quit(status) => {
                    finish(shell, scopes.len());
                    return status;
                }
            }
        }
    }
}

/// Leaves the sources of this run.
fn finish(shell: &mut Shell, sources: usize) {
    for _ in 0..sources {
        shell.console.input.pop();
    }
}

/// How the loop goes on after a command that went well or not.
fn after_command(shell: &mut Shell, scope: &Scope, ok: bool) -> Step {
    if shell.console.is_interactive() {
        return Step::Line;
    }
    if let Some(what) = shell.console.interrupts.take() {
        return Step::Cancelled(what);
    }
    if shell.connection.has_ended_script() {
        return Step::Quit(ExitStatus::BadConnection);
    }
    if !ok && scope.stops {
        return Step::Done(ExitStatus::ScriptError);
    }
    Step::Line
}

/// Gets the next line and hands it to the lexer.
fn read(shell: &mut Shell, scope: &mut Scope) -> Step {
    let interactive = shell.console.is_interactive();
    if interactive {
        let pressed = shell.interactive.take_interrupt(&mut shell.console);
        if pressed && !scope.query.is_empty() {
            scope.abandon(shell);
        }
    } else if let Some(what) = shell.console.interrupts.take() {
        return Step::Cancelled(what);
    }
    let mut line = std::mem::take(&mut scope.line);
    let step = read_into(shell, scope, interactive, &mut line);
    scope.line = line;
    step
}

fn read_into(shell: &mut Shell, scope: &mut Scope, interactive: bool, line: &mut Vec<u8>) -> Step {
    let got = if interactive {
        read_typed(shell, scope, line)
    } else {
        shell.console.output.flush();
        let result = shell.console.input.current().map(|source| source.read_line(line));
        match result {
            Some(Ok(got)) => got,
            Some(Err(error)) if is_interrupt(&error) => {
                shell.console.interrupts.forget();
                return Step::Cancelled(Interrupted::Reading);
            }
            Some(Err(error)) => {
                let text = crate::console::os_error_text(&error);
                shell.console.error(format!("could not read from input file: {text}"));
                return Step::Done(ExitStatus::Failure);
            }
            None => false,
        }
    };
    // A line that came together with Ctrl-C is not run, nor is what it would have ended.
    if !interactive && shell.console.interrupts.take().is_some() {
        return Step::Cancelled(Interrupted::Reading);
    }
    if !got {
        return end_of_source(shell, scope, interactive);
    }
    scope.ends = 0;
    scope.stops = shell.console.settings().on_error_stop;
    let first = shell.console.input.current().is_some_and(|s| s.line() == 1);
    if first && !interactive {
        if line.starts_with(b"\xef\xbb\xbf") && shell.console.encoding() == Encoding::Utf8 {
            line.drain(..3);
        }
        if line.starts_with(b"PGDMP") {
            shell.console.println(
                "The input is a PostgreSQL custom-format dump.\n\
                 Use the pg_restore command-line client to restore this dump to a database.\n",
            );
            return Step::Done(ExitStatus::Failure);
        }
    }
    let ended = line.last() == Some(&b'\n');
    let text = if ended { &line[..line.len() - 1] } else { &line[..] };
    if text.is_empty() && !scope.lexer.in_quote() {
        return Step::Line;
    }
    if interactive && let Some(step) = words_for_newcomers(shell, scope, text) {
        return step;
    }
    if shell.console.settings().echo == Echo::All && !interactive {
        shell.console.println(text);
    }
    scope.take_line(shell, text);
    Step::Line
}

/// Reads a line from the user; false at the end of input.
fn read_typed(shell: &mut Shell, scope: &mut Scope, line: &mut Vec<u8>) -> bool {
    loop {
        let inactive = !scope.conditionals.active();
        if scope.typed.is_empty() {
            shell.apply_safeguards();
            shell.interactive.show_tour(&mut shell.console);
        }
        match shell.read_statement_line(scope.prompt(), inactive, &scope.typed) {
            ReadLine::Line(text) => {
                shell.interactive.note_for_tour(&text, scope.typed.is_empty());
                *line = text;
                if !scope.typed.is_empty() {
                    scope.typed.push(b'\n');
                }
                scope.typed.extend_from_slice(line);
                line.push(b'\n');
                return true;
            }
            ReadLine::Interrupted => {
                scope.ends = 0;
                scope.abandon(shell);
                if scope.conditionals.pop() {
                    shell.console.error("\\if: escaped");
                }
            }
            ReadLine::Eof => return false,
        }
    }
}

/// The end of a source: a last statement without semicolon runs, open `\if` blocks are reported.
fn end_of_source(shell: &mut Shell, scope: &mut Scope, interactive: bool) -> Step {
    if interactive {
        scope.ends += 1;
        if scope.ends < shell.console.settings().ignore_eof {
            shell.console.println_unless_quiet(
                [b"Use \"\\q\" to leave ", shell.console.program(), b"."].concat(),
            );
            return Step::Line;
        }
        if scope.ends <= shell.console.settings().ignore_eof.max(1)
            && shell.queries().confirm_leaving(Leaving::EndOfInput).is_err()
        {
            return Step::Line;
        }
        shell.console.println_unless_quiet("\\q");
        return Step::Quit(ExitStatus::Success);
    }
    let mut status = ExitStatus::Success;
    if !scope.query.is_empty() && scope.conditionals.active() {
        let query = std::mem::take(&mut scope.query);
        let sent = shell.send(&query, Cut::AtSemicolon, ResultPlan::default());
        if let Some(what) = shell.console.interrupts.take() {
            return Step::Cancelled(what);
        }
        if sent.is_err() && scope.stops {
            status = ExitStatus::ScriptError;
        } else if shell.connection.has_ended_script() {
            status = ExitStatus::BadConnection;
        }
    }
    if status.is_success() {
        status = unclosed_blocks(shell, scope, status);
    }
    if shell.connection.has_ended_script() {
        return Step::Quit(ExitStatus::BadConnection);
    }
    Step::Done(status)
}

/// Reports `\if` blocks that are open at the end of a source; what its status is then.
fn unclosed_blocks(shell: &mut Shell, scope: &Scope, status: ExitStatus) -> ExitStatus {
    if scope.conditionals.is_empty() {
        return status;
    }
    shell.console.error("reached EOF without finding closing \\endif(s)");
    if scope.stops { ExitStatus::ScriptError } else { status }
}

/// `help`, `quit` and `exit` typed alone, by users who don't know the shell yet.
fn words_for_newcomers(shell: &mut Shell, scope: &mut Scope, line: &[u8]) -> Option<Step> {
    let word = help::newcomers_word(line)?;
    let empty = scope.query.is_empty() && !scope.lexer.in_quote();
    if empty && word == "help" {
        let has_own = shell.interactive.has_editor() && shell.console.program() != b"psql";
        shell.console.println(help::for_newcomers(has_own));
        scope.typed.clear();
        return Some(Step::Line);
    }
    if empty {
        scope.typed.clear();
        return Some(match shell.queries().confirm_leaving(Leaving::Shell) {
            Ok(()) => Step::Quit(ExitStatus::Success),
            Err(Reported) => Step::Line,
        });
    }
    if scope.lexer.in_quote() {
        if word != "help" {
            shell.console.println("Use control-D to quit.");
        }
    } else if word == "help" {
        shell.console.println("Use \\? for help or press control-C to clear the input buffer.");
    } else {
        shell.console.println("Use \\q to quit.");
    }
    None
}

/// Goes on with the line the lexer is in, up to its end or to a change of source.
fn lex(shell: &mut Shell, scope: &mut Scope) -> Step {
    loop {
        match scope.lexer.scan_sql(shell, &mut scope.query) {
            End::Statement => {
                let step = statement(shell, scope);
                if !matches!(step, Step::Line) {
                    return step;
                }
            }
            End::Backslash => {
                let step = meta_command(shell, scope);
                if !matches!(step, Step::Line) {
                    return step;
                }
            }
            End::Incomplete(_) | End::Empty => {
                scope.in_line = false;
                if scope.query.is_empty() {
                    scope.add_history(shell);
                }
                // A script that gave up its connection goes no further than this line.
                if !shell.connection.is_open() && !shell.console.is_interactive() {
                    return Step::Done(unclosed_blocks(shell, scope, ExitStatus::BadConnection));
                }
                return Step::Line;
            }
        }
    }
}

/// Runs the statement in the query buffer.
fn statement(shell: &mut Shell, scope: &mut Scope) -> Step {
    if !scope.conditionals.active() {
        if shell.console.is_interactive() {
            shell.console.error("query ignored; use \\endif or Ctrl-C to exit current \\if block");
        }
        return Step::Line;
    }
    scope.add_history(shell);
    let sent = shell.send(&scope.query, Cut::AtSemicolon, ResultPlan::default());
    if sent.is_err() {
        shell.interactive.note_failure();
    }
    std::mem::swap(&mut scope.query, &mut scope.previous);
    scope.query.clear();
    after_command(shell, scope, sent.is_ok())
}

/// Runs the meta-command that begins at the lexer's place.
fn meta_command(shell: &mut Shell, scope: &mut Scope) -> Step {
    if scope.query.is_empty() {
        scope.add_history(shell);
    }
    let outcome = metacommand::run(shell, scope);
    let ok = match outcome {
        Err(Reported) => false,
        Ok(Outcome::Done) => true,
        Ok(Outcome::Send(plan)) => {
            scope.add_history(shell);
            if scope.query.is_empty() {
                scope.query.clone_from(&scope.previous);
            }
            let sent = shell.send(&scope.query, Cut::Nowhere, *plan);
            std::mem::swap(&mut scope.query, &mut scope.previous);
            scope.query.clear();
            scope.lexer.reset();
            sent.is_ok()
        }
        Ok(Outcome::NewText) => {
            let mut text = std::mem::take(&mut scope.query);
            scope.lexer.reset();
            // At the prompt, what is no whole statement is gone on with.
            let Shell { console, connection, interactive, .. } = shell;
            if console.is_interactive() && interactive.edit_on(console, connection, &text) {
                return Step::Line;
            }
            if console.is_interactive() {
                scope.typed = text.trim_ascii_end().to_vec();
            }
            // The edited text is scanned again as if it had been typed.
            // The end of a line, so that the text's own is kept.
            text.push(b'\n');
            scope.take_line(shell, &text);
            true
        }
        Ok(Outcome::Include(source)) => return Step::Push(source),
        Ok(Outcome::Quit) => {
            scope.add_history(shell);
            if shell.console.is_interactive() {
                return match shell.queries().confirm_leaving(Leaving::Shell) {
                    Ok(()) => Step::Done(ExitStatus::Success),
                    Err(Reported) => Step::Line,
                };
            }
            // To a script that is its end: a query begun is sent; open \if blocks are left.
            scope.conditionals = Conditionals::default();
            return end_of_source(shell, scope, false);
        }
    };
    if !ok {
        shell.interactive.note_failure();
    }
    after_command(shell, scope, ok)
}
