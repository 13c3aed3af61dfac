//! What several kinds of values have in common: why one is refused, and Booleans.

/// Why a variable was not set: psql's text, one line or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected(pub Vec<u8>);

/// `before "value"after`
pub(super) fn rejected(before: &str, value: &[u8], after: &str) -> Rejected {
    Rejected([before.as_bytes(), b" \"", value, b"\"", after.as_bytes()].concat())
}

/// The text for a value that is none of the words.
pub(super) fn word_expected(name: &str, value: &[u8], words: &[&str]) -> Rejected {
    let after = format!(" for \"{name}\"\nAvailable values are: {}.", words.join(", "));
    rejected("unrecognized value", value, &after)
}

/// The text for a value that is no Boolean.
pub fn not_boolean(name: impl AsRef<[u8]>, value: &[u8]) -> Rejected {
    let name = name.as_ref();
    Rejected(
        [b"unrecognized value \"", value, b"\" for \"", name, b"\": Boolean expected"].concat(),
    )
}

/// Reads a Boolean as psql does: any unambiguous beginning of true, false, yes, no, on, off, or 1
/// or 0; the empty text is none.
pub fn parse_bool(value: &[u8]) -> Option<bool> {
    if value.is_empty() {
        return None;
    }
    let begins = |word: &str| {
        value.len() <= word.len() && word.as_bytes()[..value.len()].eq_ignore_ascii_case(value)
    };
    match value {
        b"1" => Some(true),
        b"0" => Some(false),
        _ if begins("true") || begins("yes") => Some(true),
        _ if begins("false") || begins("no") => Some(false),
        _ if value.len() < 2 => None,
        _ if begins("on") => Some(true),
        _ if begins("off") => Some(false),
        _ => None,
    }
}
