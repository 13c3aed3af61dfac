//! The shell's messages: with their place (`psql:FILE:LINE:`), their level and their colour, on standard
//! error.

use super::color::Role;
use super::{Console, Prefix, Reported, message_colors, server_message};
use crate::session::ErrorFields;

impl Console {
    /// `program:FILE:LINE: ` where the current source has a name, `program: ` before anything ran,
    /// else nothing.
    fn place(&self) -> Vec<u8> {
        let Prefix { program, started, colors, .. } = &self.prefix;
        let place = match self.input.place() {
            // Before its first line is read, a source is only a name.
            Some((name, 0)) => [program, &b":"[..], name, b": "].concat(),
            Some((name, line)) => {
                [program, &b":"[..], name, format!(":{line}: ").as_bytes()].concat()
            }
            None if *started => return Vec::new(),
            None => [program, &b": "[..]].concat(),
        };
        colors.paint(Role::Locus, &self.output.shown(&place))
    }

    fn report(&mut self, level: Option<(Role, &str)>, text: &[u8]) {
        let mut line = self.place();
        if let Some((role, level)) = level
            && !line.is_empty()
        {
            line.extend(self.prefix.colors.paint(role, level.as_bytes()));
        }
        let severity = match level {
            Some((Role::Error, _)) => message_colors::Severity::Error,
            Some((Role::Warning, _)) => message_colors::Severity::Warning,
            _ => message_colors::Severity::Notice,
        };
        self.end_message(line, text, severity);
    }

    /// Reports an error of the shell's own.
    pub fn error(&mut self, text: impl AsRef<[u8]>) -> Reported {
        self.report(Some((Role::Error, "error: ")), text.as_ref());
        Reported
    }

    /// Reports a warning.
    pub fn warning(&mut self, text: impl AsRef<[u8]>) {
        self.report(Some((Role::Warning, "warning: ")), text.as_ref());
    }

    /// Tells how to do better.
    pub fn hint(&mut self, text: impl AsRef<[u8]>) {
        self.report(Some((Role::Note, "hint: ")), text.as_ref());
    }

    /// Reports something on standard error without a level, as psql reports what the client
    /// library says.
    pub fn info(&mut self, text: impl AsRef<[u8]>) -> Reported {
        self.report(None, text.as_ref());
        Reported
    }

    /// Tells a user at the prompt what may have been meant.
    pub fn suggest(&mut self, text: impl AsRef<[u8]>) {
        self.end_message(self.place(), text.as_ref(), message_colors::Severity::Hint);
    }

    /// How messages of the server are shown now.
    pub fn message_style(&self) -> server_message::Style {
        let settings = self.settings();
        server_message::Style {
            verbosity: settings.verbosity,
            show_context: settings.show_context,
            encoding: self.encoding(),
        }
    }

    /// Shows a notice or an error of the server; `query` is what positions in it refer to.
    pub fn server_message(&mut self, fields: &ErrorFields, query: Option<&[u8]>) {
        let text = server_message::text(fields, query, self.message_style());
        let severity = match fields.get(b'V').or(fields.get(b'S')) {
            Some(b"ERROR" | b"FATAL" | b"PANIC") | None => message_colors::Severity::Error,
            Some(b"WARNING") => message_colors::Severity::Warning,
            Some(_) => message_colors::Severity::Notice,
        };
        let mut line = self.place();
        self.add_painted(&mut line, &text, severity);
        self.output.stderr_as_written(&line);
    }

    /// Writes a message of which `line` is the beginning.
    fn end_message(&mut self, mut line: Vec<u8>, text: &[u8], severity: message_colors::Severity) {
        // A text that ends its line itself, as a statement does that -c gave, ends it once.
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        self.add_painted(&mut line, text, severity);
        line.push(b'\n');
        self.output.stderr_as_written(&line);
    }
}
