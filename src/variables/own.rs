//! The variables that psql doesn't have: what they take, and what they mean.
//!
//! A script may use these names for something else. So none is set at the start, and any value is
//! taken; one that means nothing here counts for the default, of which a user is told
//! ([`check_own`]). `PGSH` alone is there from the start, and not listed.

use super::values::{Rejected, not_boolean, parse_bool, word_expected};
use crate::safeguard::{ClassSettings, Confirm, Servers, SyntaxError};

/// `COMPLETION`: how candidates are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompletionMode {
    /// In a menu, as one types.
    #[default]
    Menu,
    /// In a list after Tab, as psql does.
    List,
    /// Not at all.
    Off,
}

/// `EDIT`: what Enter takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EditUnit {
    /// A whole statement: until it is one, Enter opens another line.
    #[default]
    Statement,
    /// A line, as psql does.
    Line,
}

/// `WATCH`: how the runs of `\watch` are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WatchMode {
    /// Each in the place of the one before.
    #[default]
    Screen,
    /// One below the other, as psql does.
    Plain,
}

/// What tells a start-up file that it is not psql who reads it.
pub(super) const SHELL: &[u8] = b"PGSH";

const CHILD_ENVIRONMENT: &str = "CHILD_ENVIRONMENT";
const COMPLETION: &str = "COMPLETION";
const CONFIRM: &str = "CONFIRM";
const EDIT: &str = "EDIT";
const HELPER: &str = "HELPER";
const KEEP_RESULTS: &str = "KEEP_RESULTS";
const PROGRESS: &str = "PROGRESS";
const READONLY: &str = "READONLY";
const SERVERS: &str = "SERVERS";
const WATCH: &str = "WATCH";

/// Begins the names of variables that hold what holds in a class of servers.
pub const CLASS_PREFIX: &str = "SERVERS_";

pub(super) const COMPLETION_WORDS: &[(&str, CompletionMode)] =
    &[("menu", CompletionMode::Menu), ("list", CompletionMode::List), ("off", CompletionMode::Off)];

pub(super) const EDIT_WORDS: &[(&str, EditUnit)] =
    &[("statement", EditUnit::Statement), ("line", EditUnit::Line)];

pub(super) const WATCH_WORDS: &[(&str, WatchMode)] =
    &[("screen", WatchMode::Screen), ("plain", WatchMode::Plain)];

/// The names, sorted.
pub const OWN_NAMES: [&str; 10] = [
    CHILD_ENVIRONMENT,
    COMPLETION,
    CONFIRM,
    EDIT,
    HELPER,
    KEEP_RESULTS,
    PROGRESS,
    READONLY,
    SERVERS,
    WATCH,
];

/// The words that a variable of our own takes; none if it isn't one.
pub(super) fn own_words(name: &[u8]) -> Vec<&'static str> {
    match std::str::from_utf8(name) {
        Ok(COMPLETION) => COMPLETION_WORDS.iter().map(|(word, _)| *word).collect(),
        Ok(WATCH) => WATCH_WORDS.iter().map(|(word, _)| *word).collect(),
        Ok(EDIT) => EDIT_WORDS.iter().map(|(word, _)| *word).collect(),
        Ok(CONFIRM) => Confirm::WORDS.iter().map(|(word, _)| *word).collect(),
        Ok(CHILD_ENVIRONMENT | HELPER | PROGRESS | READONLY) => vec!["on", "off"],
        _ => Vec::new(),
    }
}

/// Whether a user means something by this value, if the variable is one of ours.
///
/// # Errors
/// It means nothing.
pub fn check_own(name: &[u8], value: &[u8]) -> Result<(), Rejected> {
    let words = own_words(name);
    let shown = String::from_utf8_lossy(name);
    match name {
        b"CHILD_ENVIRONMENT" | b"HELPER" | b"PROGRESS" | b"READONLY"
            if parse_bool(value).is_none() && !value.is_empty() =>
        {
            Err(not_boolean(name, value))
        }
        b"COMPLETION" | b"CONFIRM" | b"EDIT" | b"WATCH"
            if !words.iter().any(|word| is_word(word, value)) =>
        {
            Err(word_expected(&shown, value, &words))
        }
        b"KEEP_RESULTS" if count(value).is_none() => {
            let (shown, value) = (&*shown, String::from_utf8_lossy(value));
            let text =
                format!("invalid value \"{value}\" for \"{shown}\": a number from 0 expected");
            Err(Rejected(text.into()))
        }
        b"SERVERS" => Servers::parse(value).map(drop).map_err(|error| misread(&shown, &error)),
        _ if name.starts_with(CLASS_PREFIX.as_bytes()) => {
            ClassSettings::parse(value).map(drop).map_err(|error| misread(&shown, &error))
        }
        _ => Ok(()),
    }
}

/// How many, where that is said in digits.
pub(super) fn count(value: &[u8]) -> Option<usize> {
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

fn misread(name: &str, error: &SyntaxError) -> Rejected {
    Rejected(format!("{name}: {error}").into())
}

fn is_word(word: &str, value: &[u8]) -> bool {
    word.as_bytes().eq_ignore_ascii_case(value)
}

/// What a value means: nothing, or one that is no word, is the default.
pub(super) fn meant<T: Copy + Default>(value: Option<&[u8]>, words: &[(&str, T)]) -> T {
    let value = value.unwrap_or_default();
    let word = words.iter().find(|(word, _)| is_word(word, value));
    word.map(|(_, meant)| *meant).unwrap_or_default()
}

/// Whether a value is anything but a Boolean that says no.
pub(super) fn is_not_off(value: Option<&[u8]>) -> bool {
    value.and_then(parse_bool) != Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_is_told() {
        for (name, value, expected) in [
            ("COMPLETION", "Menu", None),
            (
                "COMPLETION",
                "popup",
                Some(
                    "unrecognized value \"popup\" for \"COMPLETION\"\n\
                     Available values are: menu, list, off.",
                ),
            ),
            (
                "EDIT",
                "",
                Some(
                    "unrecognized value \"\" for \"EDIT\"\nAvailable values are: statement, line.",
                ),
            ),
            ("HELPER", "no", None),
            ("HELPER", "", None),
            ("CONFIRM", "Typed", None),
            (
                "CONFIRM",
                "yes",
                Some(
                    "unrecognized value \"yes\" for \"CONFIRM\"\n\
                     Available values are: off, destructive, typed.",
                ),
            ),
            ("SERVERS", "prod=db1; test=localhost", None),
            ("SERVERS", "prod=", Some("SERVERS: a pattern expected at the end")),
            ("SERVERS_prod", "red readonly", None),
            (
                "WATCH",
                "x",
                Some(
                    "unrecognized value \"x\" for \"WATCH\"\n\
                     Available values are: screen, plain.",
                ),
            ),
            ("PROGRESS", "x", Some("unrecognized value \"x\" for \"PROGRESS\": Boolean expected")),
            (
                "KEEP_RESULTS",
                "-1",
                Some("invalid value \"-1\" for \"KEEP_RESULTS\": a number from 0 expected"),
            ),
            ("KEEP_RESULTS", "20", None),
            ("NOTHING", "x", None),
        ] {
            let found = check_own(name.as_bytes(), value.as_bytes()).err();
            assert_eq!(found, expected.map(|text| Rejected(text.into())), "{name} {value}");
        }
    }
}
