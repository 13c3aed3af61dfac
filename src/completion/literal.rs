//! Texts as they are typed in quotes: a string literal of SQL or `\copy`, or an argument of a
//! meta-command.

use super::candidates::Candidates;
use super::kind::CandidateKind;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::is_safe;

/// How the text will be read in which a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// An argument of a meta-command; where a first `|` makes it a command, if so told.
    Argument { pipe: bool },
    /// SQL's string literal.
    Sql,
    /// A literal in `\copy`, which knows no escapes.
    Copy,
}

/// Whether a name may stand in the line as it is.
pub(super) fn is_printable(name: &[u8], encoding: Encoding) -> bool {
    let in_line = is_safe(name) && !name.iter().any(u8::is_ascii_control);
    in_line && std::str::from_utf8(name).is_ok() && (name.is_ascii() || encoding.is_ascii_safe())
}

/// The name as it is to be typed; `None` if it can't be.
pub(super) fn written(
    name: &[u8],
    place: Place,
    quote: bool,
    encoding: Encoding,
) -> Option<Vec<u8>> {
    if !quote {
        return Some(name.to_vec());
    }
    let printable = is_printable(name, encoding);
    let mut text = match place {
        // However standard_conforming_strings is set.
        Place::Sql if !printable || name.contains(&b'\\') => b"E'".to_vec(),
        Place::Copy if !printable => return None,
        _ => b"'".to_vec(),
    };
    let escapes = !matches!(place, Place::Copy) && (place != Place::Sql || text[0] == b'E');
    for &byte in name {
        match byte {
            b'\'' => text.extend_from_slice(b"''"),
            b'\\' if escapes => text.extend_from_slice(b"\\\\"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\t' => text.extend_from_slice(b"\\t"),
            _ if printable || byte.is_ascii_graphic() || byte == b' ' => text.push(byte),
            _ => text.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    // More of a directory's name is to be typed.
    if text.last() != Some(&b'/') {
        text.push(b'\'');
    }
    Some(text)
}

/// What was typed of a string literal, without its quotes.
pub(super) fn literal(word: &[u8]) -> Vec<u8> {
    let word = word.strip_prefix(b"'").unwrap_or(word);
    String::from_utf8_lossy(word).replace("''", "'").into_bytes()
}

impl Candidates<'_> {
    /// Adds names that are written as string literals: labels, time zones.
    pub fn literals(&mut self, names: impl IntoIterator<Item = Vec<u8>>) {
        for name in names {
            let text = written(&name, Place::Sql, true, self.encoding);
            text.into_iter().for_each(|text| self.push(text, CandidateKind::Value));
        }
    }

    /// Adds those of the names that the word, a literal, begins.
    pub fn literals_begun(&mut self, names: impl IntoIterator<Item = Vec<u8>>) {
        let typed = literal(self.word);
        self.literals(names.into_iter().filter(|name| name.starts_with(&typed)));
    }
}
