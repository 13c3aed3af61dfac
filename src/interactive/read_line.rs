//! Reads what the user types: lines of a statement, lines of COPY data.

use super::Interactive;
use super::prompts::{self, Position, Surroundings};
use super::shell_host::{ShellHost, Typed};
use super::statement_state::line_states;
use crate::connection::Connection;
use crate::console::Console;
use crate::lexer::Prompt;
use crate::prompt::{self, Kind};
use crate::terminal::editor::Editor;
use crate::terminal::{ReadLine, TypedLine, plain};
use crate::variables::EditUnit;
use std::io;

impl Interactive {
    /// Reads a line of a statement, with the prompt that `reason` calls for; `earlier` is what was
    /// typed of the statement already.
    pub fn read_statement_line(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        reason: Prompt,
        inactive_branch: bool,
        earlier: &[u8],
    ) -> ReadLine {
        self.end_run(console);
        connection.show_notifications(console);
        let accepted = self.editor.as_ref().is_some_and(Editor::has_accepted_lines);
        let prompt_kind = match reason {
            Prompt::Ready => Kind::First,
            other => Kind::Continuation(other),
        };
        let rendered = match accepted {
            // No prompt is shown for them, so none is made: it may run commands.
            true => Vec::new(),
            false => {
                let position = Position { kind: prompt_kind, inactive_branch, earlier };
                self.render_prompt(console, connection, &position)
            }
        };
        let kind = match console.variables.edit_unit() {
            EditUnit::Statement => TypedLine::Statement,
            EditUnit::Line => TypedLine::Line,
        };
        let typed = Typed { kind, earlier, inactive_branch };
        self.read_typed(console, connection, &rendered, &typed)
    }

    /// Reads a line of COPY data with PROMPT3.
    pub fn read_copy_line(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
    ) -> ReadLine {
        let position = Position { kind: Kind::Copy, inactive_branch: false, earlier: b"" };
        let rendered = self.render_prompt(console, connection, &position);
        let typed = Typed { kind: TypedLine::Data, earlier: b"", inactive_branch: false };
        self.read_typed(console, connection, &rendered, &typed)
    }

    /// Begins the next line with a text that ends no statement, where the editor can show it whole;
    /// false if there is nothing to go on with.
    pub fn edit_on(&mut self, console: &Console, connection: &Connection, text: &[u8]) -> bool {
        let Some(editor) = &mut self.editor else { return false };
        let Ok(text) = std::str::from_utf8(text.trim_ascii_end()) else { return false };
        let is_whole_text = console.variables.edit_unit() == EditUnit::Statement;
        let states = line_states(text, console, connection);
        let is_open = states.last().is_some_and(|last| last.prompt != Prompt::Ready);
        let goes_on = is_whole_text && is_open && !states.iter().any(|state| state.runs);
        if goes_on && !editor.is_plain() {
            editor.set_text(text);
        }
        goes_on && !editor.is_plain()
    }

    /// The prompt for this position.
    fn render_prompt(
        &mut self,
        console: &mut Console,
        connection: &Connection,
        position: &Position<'_>,
    ) -> Vec<u8> {
        let surroundings = Surroundings {
            prompt1_width: self.prompt1_width,
            safeguard: self.safeguards.shown(console, connection, self.palette),
        };
        let rendered = prompts::render(console, connection, position, &surroundings);
        if position.kind == Kind::First {
            self.prompt1_width = prompt::width(&rendered, console.encoding());
            self.prompt1_rows = 1 + memchr::memchr_iter(b'\n', &rendered).count() as u64;
        }
        rendered
    }

    /// Reads a line, with the editor where there is one.
    fn read_typed(
        &mut self,
        console: &mut Console,
        connection: &mut Connection,
        prompt: &[u8],
        typed: &Typed<'_>,
    ) -> ReadLine {
        console.output.flush();
        if self.take_interrupt(console) {
            return ReadLine::Interrupted;
        }
        let surroundings = Surroundings {
            prompt1_width: self.prompt1_width,
            safeguard: self.safeguards.shown(console, connection, self.palette),
        };
        let interrupts = console.interrupts.signal();
        let completion = &mut self.completion;
        let mut host = ShellHost::new(console, connection, completion, typed, surroundings);
        let Some(editor) = &mut self.editor else {
            return read_plain(&mut host, prompt);
        };
        let line = loop {
            match editor.read_line(prompt, typed.earlier, interrupts.as_deref(), &mut host) {
                Ok(line) => break line,
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    host.console.error("the line was not valid UTF-8 and is ignored");
                }
                Err(error) => {
                    host.console.error(format!("could not read from the terminal: {error}"));
                    break ReadLine::Eof;
                }
            }
        };
        count_line(console);
        if console.interrupts.take().is_some() {
            self.forget_typed_ahead();
            return ReadLine::Interrupted;
        }
        line
    }
}

/// Reads a line as the terminal itself lets it be typed (`-n`).
fn read_plain(host: &mut ShellHost<'_>, prompt: &[u8]) -> ReadLine {
    let interrupts = host.console.interrupts.signal();
    let prompt = prompt::without_marks(prompt);
    let interrupt = interrupts.as_ref().map(|interrupts| interrupts.fd());
    let line = plain::read_line(&prompt, interrupt, host).unwrap_or(ReadLine::Eof);
    match line {
        ReadLine::Line(_) => count_line(host.console),
        ReadLine::Interrupted => {
            host.console.interrupts.forget();
            let _ = host.console.output.stdout().write_all(b"\n");
        }
        ReadLine::Eof => {}
    }
    line
}

fn count_line(console: &mut Console) {
    if let Some(source) = console.input.current() {
        source.count_lines(1);
    }
}
