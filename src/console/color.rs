//! The colours of messages: PG_COLOR says when, PG_COLORS which.
//!
//! Owns the escape sequences around the parts of a message's first line. Never knows what the
//! message is about.

use super::message_colors::MessageColors;
use crate::palette::{self, Palette};
use std::env;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// The part of a message that is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `error: `
    Error,
    /// `warning: `
    Warning,
    /// `hint: `
    Note,
    /// `psql:FILE:LINE: `
    Locus,
}

/// The sequence of each role, without its frame; roles without one are left plain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Colors {
    error: Option<Vec<u8>>,
    warning: Option<Vec<u8>>,
    note: Option<Vec<u8>>,
    locus: Option<Vec<u8>>,
}

const DEFAULTS: &[u8] = b"error=01;31:warning=01;35:note=01;36:locus=01";

impl Colors {
    /// What the environment says for messages on standard error.
    pub fn of_environment(is_terminal: bool) -> Colors {
        let colors = env::var_os("PG_COLORS");
        let when = env::var_os("PG_COLOR").unwrap_or_default();
        if when == "always" || (when == "auto" && is_terminal) {
            Colors::parse(colors.as_deref().map_or(DEFAULTS, OsStr::as_bytes))
        } else {
            Colors::default()
        }
    }

    /// The colours of messages at a prompt: those of the palette, unless the environment has some or
    /// wants none.
    pub fn at_prompt(&self, palette: Palette) -> Option<MessageColors> {
        let is_off = env::var_os("PG_COLOR").is_some_and(|when| when != "always" && when != "auto");
        let color = |role, own: &Option<Vec<u8>>| match own {
            Some(own) => [b"\x1b[", &own[..], b"m"].concat(),
            None => palette.start(role).into(),
        };
        (!is_off).then(|| MessageColors {
            error: color(palette::Role::Error, &self.error),
            warning: color(palette::Role::Warning, &self.warning),
            hint: color(palette::Role::Hint, &self.note),
            place: palette.start(palette::Role::Place).into(),
        })
    }

    /// Reads `ROLE=SEQUENCE:...`; what it doesn't understand is passed over.
    fn parse(text: &[u8]) -> Colors {
        let mut colors = Colors::default();
        for part in text.split(|&b| b == b':') {
            let Some(at) = part.iter().position(|&b| b == b'=') else { continue };
            let role = match &part[..at] {
                b"error" => &mut colors.error,
                b"warning" => &mut colors.warning,
                b"note" => &mut colors.note,
                b"locus" => &mut colors.locus,
                _ => continue,
            };
            *role = Some(part[at + 1..].to_vec());
        }
        colors
    }

    /// The text in the role's colour.
    pub fn paint(&self, role: Role, text: &[u8]) -> Vec<u8> {
        let sequence = match role {
            Role::Error => &self.error,
            Role::Warning => &self.warning,
            Role::Note => &self.note,
            Role::Locus => &self.locus,
        };
        match sequence {
            Some(sequence) if !text.is_empty() => {
                [b"\x1b[", &sequence[..], b"m", text, b"\x1b[0m"].concat()
            }
            _ => text.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As psql 18 colours its prefix and its level under PG_COLOR=always.
    #[test]
    fn parts_as_psql_reads_them() {
        for (colors, error, locus) in [
            ("error=01;31:locus=01", "\x1b[01;31mx\x1b[0m", "\x1b[01mx\x1b[0m"),
            ("bad", "x", "x"),
            ("", "x", "x"),
            (":::", "x", "x"),
            ("error=", "\x1b[mx\x1b[0m", "x"),
            ("error=1:error=2", "\x1b[2mx\x1b[0m", "x"),
            ("warning=x:locus", "x", "x"),
            ("ERROR=5: error=5", "x", "x"),
            ("error=1=2", "\x1b[1=2mx\x1b[0m", "x"),
        ] {
            let read = Colors::parse(colors.as_bytes());
            assert_eq!(read.paint(Role::Error, b"x"), error.as_bytes(), "{colors}");
            assert_eq!(read.paint(Role::Locus, b"x"), locus.as_bytes(), "{colors}");
        }
        assert_eq!(Colors::parse(DEFAULTS).paint(Role::Locus, b""), b"");
    }
}
