//! What holds in a class of servers: the value of `SERVERS_` and the class's name.
//!
//! Words with spaces between them: a colour, `readonly`, `confirm=destructive`, `autocommit=off`,
//! `statement_timeout=30s` and its kin.

use super::syntax::SyntaxError;
use crate::palette::ClassColor;

/// What is asked before a statement that destroys something (CONFIRM).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confirm {
    /// Nothing.
    #[default]
    Off,
    /// Whether to run it.
    Destructive,
    /// The name of the database.
    Typed,
}

impl Confirm {
    /// The words and what they mean.
    pub const WORDS: &[(&str, Confirm)] =
        &[("off", Confirm::Off), ("destructive", Confirm::Destructive), ("typed", Confirm::Typed)];
}

const COLORS: [(&str, ClassColor); 6] = [
    ("red", ClassColor::Red),
    ("yellow", ClassColor::Yellow),
    ("green", ClassColor::Green),
    ("blue", ClassColor::Blue),
    ("magenta", ClassColor::Magenta),
    ("cyan", ClassColor::Cyan),
];

/// The settings of the server that a class may have, all of them times.
const TIMEOUTS: [&str; 3] =
    ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];

/// The units of the server's times.
const UNITS: [&str; 7] = ["", "us", "ms", "s", "min", "h", "d"];

/// The variables that a class may set: its words, and what it sets them to.
const VARIABLES: [(&str, &str, &str); 7] = [
    ("readonly", "READONLY", "on"),
    ("readonly=on", "READONLY", "on"),
    ("confirm=destructive", "CONFIRM", "destructive"),
    ("confirm=typed", "CONFIRM", "typed"),
    ("confirm=off", "CONFIRM", "off"),
    ("autocommit=off", "AUTOCOMMIT", "off"),
    ("autocommit=on", "AUTOCOMMIT", "on"),
];

const EXPECTED: &str = "a colour (red, yellow, green, blue, magenta, cyan), readonly, \
     confirm=destructive, confirm=typed, autocommit=off, statement_timeout=TIME, lock_timeout=TIME \
     or idle_in_transaction_session_timeout=TIME";

/// What holds in a class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassSettings {
    color: Option<ClassColor>,
    variables: Vec<(&'static str, &'static str)>,
    timeouts: Vec<(&'static str, String)>,
}

impl ClassSettings {
    /// Reads a class's settings.
    ///
    /// # Errors
    /// What is wrong with them, and where.
    pub fn parse(text: &[u8]) -> Result<ClassSettings, SyntaxError> {
        let mut settings = ClassSettings::default();
        let mut rest = text.trim_ascii_start();
        while !rest.is_empty() {
            let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
            let word = std::str::from_utf8(&rest[..end]).unwrap_or_default();
            settings
                .take(&word.to_ascii_lowercase())
                .ok_or_else(|| SyntaxError::new(text, rest, EXPECTED))?;
            rest = rest[end..].trim_ascii_start();
        }
        Ok(settings)
    }

    /// Takes a word, if it is one.
    fn take(&mut self, word: &str) -> Option<()> {
        if let Some((_, color)) = COLORS.iter().find(|(name, _)| *name == word) {
            self.color = Some(*color);
        } else if let Some((_, name, value)) = VARIABLES.iter().find(|(w, ..)| *w == word) {
            self.variables.push((name, value));
        } else {
            let (name, value) = word.split_once('=')?;
            let name = TIMEOUTS.iter().find(|timeout| **timeout == name)?;
            let digits = value.bytes().take_while(u8::is_ascii_digit).count();
            let (number, unit) = value.split_at(digits);
            if number.is_empty() || number.len() > 9 || !UNITS.contains(&unit) {
                return None;
            }
            self.timeouts.push((name, value.to_owned()));
        }
        Some(())
    }

    /// The colour of the class's word.
    pub fn color(&self) -> Option<ClassColor> {
        self.color
    }

    /// The variables to set.
    pub fn variables(&self) -> &[(&'static str, &'static str)] {
        &self.variables
    }

    /// The server's settings to set; the values are safe in quotes.
    pub fn timeouts(&self) -> &[(&'static str, String)] {
        &self.timeouts
    }

    /// What holds, for a user who has just come there; nothing if nothing does.
    pub fn in_words(&self) -> String {
        let word = |(name, value): &(&str, &str)| match (*name, *value) {
            ("READONLY", _) => Some("read-only (\\set READONLY off lifts it)".to_owned()),
            ("CONFIRM", "off") | ("AUTOCOMMIT", "on") => None,
            ("CONFIRM", _) => Some("what destroys something is asked about".to_owned()),
            _ => Some("autocommit off".to_owned()),
        };
        let timeouts = self.timeouts.iter().map(|(name, value)| format!("{name} {value}"));
        let words: Vec<String> = self.variables.iter().filter_map(word).chain(timeouts).collect();
        words.join(", ")
    }
}

/// The colour of a class that names none: what its word sounds like.
pub fn color_of_word(word: &str) -> ClassColor {
    let word = word.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|begin| word.starts_with(begin));
    if begins(&["prod", "live", "primary", "main"]) {
        ClassColor::Red
    } else if begins(&["stag", "pre", "uat", "qa"]) {
        ClassColor::Yellow
    } else if begins(&["test", "dev", "local", "scratch"]) {
        ClassColor::Green
    } else {
        ClassColor::Blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, expected) in [
            ("", Ok("")),
            ("red", Ok("")),
            (
                " readonly  confirm=destructive autocommit=off STATEMENT_TIMEOUT=30s ",
                Ok("read-only (\\set READONLY off lifts it), what destroys something is asked \
                    about, autocommit off, statement_timeout 30s"),
            ),
            ("lock_timeout=5", Ok("lock_timeout 5")),
            ("autocommit=on confirm=off", Ok("")),
            ("confirm=typed", Ok("what destroys something is asked about")),
            ("red readonyl", Err((5, "readonyl"))),
            ("statement_timeout=30x", Err((1, "statement_timeout=30x"))),
            ("statement_timeout=", Err((1, "statement_timeout="))),
            ("statement_timeout='1'", Err((1, "statement_timeout='1'"))),
            ("work_mem=1 red", Err((1, "work_mem=1 red"))),
            ("confirm", Err((1, "confirm"))),
        ] {
            let found = ClassSettings::parse(text.as_bytes());
            let expected = expected.map(str::to_owned).map_err(|(at, rest)| {
                format!("{EXPECTED} expected at character {at}, before \"{rest}\"")
            });
            let found = found.map(|s| s.in_words()).map_err(|error| error.to_string());
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn colors() {
        for (settings, word, expected) in [
            ("", "prod", ClassColor::Red),
            ("", "Production", ClassColor::Red),
            ("", "staging", ClassColor::Yellow),
            ("", "test", ClassColor::Green),
            ("", "elsewhere", ClassColor::Blue),
            ("magenta", "prod", ClassColor::Magenta),
        ] {
            let settings = ClassSettings::parse(settings.as_bytes()).expect(settings);
            let color = settings.color().unwrap_or_else(|| color_of_word(word));
            assert_eq!(color, expected, "{word}");
        }
    }
}
