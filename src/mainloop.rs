//! The only loop: takes lines from the current source, lets the lexer cut them into statements and
//! meta-commands, and runs those. `\i` pushes a source, its end pops it.

use crate::conditional::Conditionals;
use crate::encoding::Encoding;
use crate::exit_status::ExitStatus;
use crate::lexer::End;
use crate::metacommand::{self, Outcome};
use crate::shell::Shell;
use crate::shell::input::Source;
use crate::shell::interrupt::Interrupted;
use crate::shell::person::PersonLine;
use crate::shell::query_use::Send;
use crate::shell::scope::Scope;
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
    shell.started = true;
    shell.input.push(source);
    let mut scopes = vec![Scope::default()];
    loop {
        let Some(scope) = scopes.last_mut() else { return ExitStatus::Success };
        let mut step = if scope.in_line { lex(shell, scope) } else { read(shell, scope) };
        // The end of a source may end the one that included it.
        loop {
            match step {
                Step::Line => break,
                Step::Push(source) => {
                    shell.input.push(*source);
                    scopes.push(Scope::default());
                    break;
                }
                Step::Done(status) => {
                    shell.input.pop();
                    scopes.pop();
                    let Some(includer) = scopes.last_mut() else { return status };
                    let name = std::mem::take(&mut includer.including);
                    metacommand::finish(shell, includer, &name, status.is_success());
                    step = after_command(shell, includer, status.is_success());
                }
                Step::Cancelled(what) => {
                    while !shell.is_interactive() {
                        shell.input.pop();
                        scopes.pop();
                        if scopes.is_empty() {
                            shell.end_interrupted(what);
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
        shell.input.pop();
    }
}

/// How the loop goes on after a command that went well or not.
fn after_command(shell: &mut Shell, scope: &Scope, ok: bool) -> Step {
    if shell.is_interactive() {
        return Step::Line;
    }
    if let Some(what) = shell.take_interrupt() {
        return Step::Cancelled(what);
    }
    if shell.connection_lost {
        return Step::Quit(ExitStatus::BadConnection);
    }
    if !ok && scope.stops {
        return Step::Done(ExitStatus::ScriptError);
    }
    Step::Line
}

/// Gets the next line and hands it to the lexer.
fn read(shell: &mut Shell, scope: &mut Scope) -> Step {
    let interactive = shell.is_interactive();
    if interactive {
        if shell.take_interrupt_at_prompt() && !scope.query.is_empty() {
            scope.abandon();
        }
    } else if let Some(what) = shell.take_interrupt() {
        return Step::Cancelled(what);
    }
    let mut line = std::mem::take(&mut scope.line);
    let step = read_into(shell, scope, interactive, &mut line);
    scope.line = line;
    step
}

fn read_into(shell: &mut Shell, scope: &mut Scope, interactive: bool, line: &mut Vec<u8>) -> Step {
    let got = if interactive {
        read_from_person(shell, scope, line)
    } else {
        shell.output.flush();
        let result = shell.input.current().map(|source| source.read_line(line));
        match result {
            Some(Ok(got)) => got,
            Some(Err(error)) if is_interrupt(&error) => {
                shell.forget_interrupt();
                return Step::Cancelled(Interrupted::Reading);
            }
            Some(Err(error)) => {
                let text = crate::shell::os_error_text(&error);
                shell.error(format!("could not read from input file: {text}"));
                return Step::Done(ExitStatus::Failure);
            }
            None => false,
        }
    };
    // A line that came together with Ctrl-C is not run, nor is what it would have ended.
    if !interactive && shell.take_interrupt().is_some() {
        return Step::Cancelled(Interrupted::Reading);
    }
    if !got {
        return end_of_source(shell, scope, interactive);
    }
    scope.ends = 0;
    scope.stops = shell.settings().on_error_stop;
    let first = shell.input.current().is_some_and(|s| s.line() == 1);
    if first && !interactive {
        if line.starts_with(b"\xef\xbb\xbf") && shell.encoding() == Encoding::Utf8 {
            line.drain(..3);
        }
        if line.starts_with(b"PGDMP") {
            shell.put(
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
    if shell.settings().echo == Echo::All && !interactive {
        shell.put(text);
    }
    scope.take_line(shell, text);
    Step::Line
}

/// Asks the person for a line; false at the end of input.
fn read_from_person(shell: &mut Shell, scope: &mut Scope, line: &mut Vec<u8>) -> bool {
    loop {
        let inactive = !scope.conditionals.active();
        match shell.ask_line(scope.prompt(), inactive, &scope.typed) {
            PersonLine::Line(text) => {
                *line = text;
                if !scope.typed.is_empty() {
                    scope.typed.push(b'\n');
                }
                scope.typed.extend_from_slice(line);
                line.push(b'\n');
                return true;
            }
            PersonLine::Interrupted => {
                scope.abandon();
                if scope.conditionals.pop() {
                    shell.error("\\if: escaped");
                }
            }
            PersonLine::End => return false,
        }
    }
}

/// The end of a source: a last statement without semicolon runs, open `\if` blocks are reported.
fn end_of_source(shell: &mut Shell, scope: &mut Scope, interactive: bool) -> Step {
    if interactive {
        scope.ends += 1;
        if scope.ends < shell.settings().ignore_eof {
            shell.say([b"Use \"\\q\" to leave ", &shell.program[..], b"."].concat());
            return Step::Line;
        }
        shell.say("\\q");
        return Step::Quit(ExitStatus::Success);
    }
    let mut status = ExitStatus::Success;
    if !scope.query.is_empty() && scope.conditionals.active() {
        let query = std::mem::take(&mut scope.query);
        let ok = shell.send_query(&query, &Send::statement());
        if let Some(what) = shell.take_interrupt() {
            return Step::Cancelled(what);
        }
        if !ok && scope.stops {
            status = ExitStatus::ScriptError;
        } else if shell.connection_lost {
            status = ExitStatus::BadConnection;
        }
    }
    if status.is_success() {
        status = unclosed_blocks(shell, scope, status);
    }
    if shell.connection_lost {
        return Step::Quit(ExitStatus::BadConnection);
    }
    Step::Done(status)
}

/// Reports `\if` blocks that are open at the end of a source; what its status is then.
fn unclosed_blocks(shell: &mut Shell, scope: &Scope, status: ExitStatus) -> ExitStatus {
    if scope.conditionals.is_empty() {
        return status;
    }
    shell.error("reached EOF without finding closing \\endif(s)");
    if scope.stops { ExitStatus::ScriptError } else { status }
}

/// `help`, `quit` and `exit` typed alone, by people who don't know the shell yet.
fn words_for_newcomers(shell: &mut Shell, scope: &mut Scope, line: &[u8]) -> Option<Step> {
    let word = line.trim_ascii_end();
    let word = word.strip_suffix(b";").unwrap_or(word).trim_ascii_end();
    if !matches!(word, b"help" | b"quit" | b"exit") {
        return None;
    }
    let empty = scope.query.is_empty() && !scope.lexer.in_quote();
    if empty && word == b"help" {
        shell.put(
            "You are using psql, the command-line interface to PostgreSQL.\n\
             Type:  \\copyright for distribution terms\n       \
             \\h for help with SQL commands\n       \
             \\? for help with psql commands\n       \
             \\g or terminate with semicolon to execute query\n       \
             \\q to quit",
        );
        scope.typed.clear();
        return Some(Step::Line);
    }
    if empty {
        return Some(Step::Quit(ExitStatus::Success));
    }
    if scope.lexer.in_quote() {
        if word != b"help" {
            shell.put("Use control-D to quit.");
        }
    } else if word == b"help" {
        shell.put("Use \\? for help or press control-C to clear the input buffer.");
    } else {
        shell.put("Use \\q to quit.");
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
                    scope.remember(shell);
                }
                // A script that gave up its connection goes no further than this line.
                if shell.session.is_none() && !shell.is_interactive() {
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
        if shell.is_interactive() {
            shell.error("query ignored; use \\endif or Ctrl-C to exit current \\if block");
        }
        return Step::Line;
    }
    scope.remember(shell);
    let ok = shell.send_query(&scope.query, &Send::statement());
    std::mem::swap(&mut scope.query, &mut scope.previous);
    scope.query.clear();
    after_command(shell, scope, ok)
}

/// Runs the meta-command that begins at the lexer's place.
fn meta_command(shell: &mut Shell, scope: &mut Scope) -> Step {
    if scope.query.is_empty() {
        scope.remember(shell);
    }
    let outcome = metacommand::run(shell, scope);
    let ok = match outcome {
        Outcome::Done => true,
        Outcome::Failed => false,
        Outcome::Send(send) => {
            scope.remember(shell);
            if scope.query.is_empty() {
                scope.query.clone_from(&scope.previous);
            }
            let ok = shell.send_query(&scope.query, &send);
            std::mem::swap(&mut scope.query, &mut scope.previous);
            scope.query.clear();
            scope.lexer.reset();
            ok
        }
        Outcome::NewText => {
            // The edited text is scanned again as if it had been typed.
            let mut text = std::mem::take(&mut scope.query);
            scope.lexer.reset();
            // The end of a line, so that the text's own is kept.
            text.push(b'\n');
            scope.take_line(shell, &text);
            true
        }
        Outcome::Include(source) => return Step::Push(source),
        Outcome::Quit => {
            scope.remember(shell);
            if shell.is_interactive() {
                return Step::Done(ExitStatus::Success);
            }
            // To a script that is its end: a query begun is sent; open \if blocks are left.
            scope.conditionals = Conditionals::default();
            return end_of_source(shell, scope, false);
        }
    };
    after_command(shell, scope, ok)
}
