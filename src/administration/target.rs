//! What `\cancel` and `\terminate` are told: which sessions, and whether to ask.

use super::age;
use super::backend::{Backend, State};
use crate::catalog_query::identifier;
use crate::encoding::Encoding;
use crate::lexer::{Case, dequote};
use std::time::Duration;

/// What is done to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Its statement ends.
    Cancel,
    /// It ends.
    Terminate,
}

/// Whether the user is asked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Yes.
    Asked,
    /// No: `-y`.
    Given,
}

/// What must hold of a session.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Database(Vec<u8>),
    User(Vec<u8>),
    Idle(Duration),
}

/// Which sessions, and whether to ask.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Those of these numbers; all if there are none.
    pub(super) pids: Vec<i32>,
    /// All must hold.
    pub(super) conditions: Vec<Condition>,
    pub(super) consent: Consent,
}

impl Request {
    /// Reads the arguments.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(words: &[Vec<u8>], deed: Deed, encoding: Encoding) -> Result<Request, Vec<u8>> {
        let mut request =
            Request { pids: Vec::new(), conditions: Vec::new(), consent: Consent::Asked };
        let mut words = words.iter().map(Vec::as_slice).peekable();
        while let Some(word) = words.next() {
            let mut name = |what: &str| match words.next() {
                Some(name) => Ok(dequote(name, Case::Keep, encoding)),
                None => Err(format!("{what} needs a name").into_bytes()),
            };
            match &word.to_ascii_lowercase()[..] {
                b"-y" => request.consent = Consent::Given,
                b"database" => request.conditions.push(Condition::Database(name("database")?)),
                b"user" => request.conditions.push(Condition::User(name("user")?)),
                b"idle" if deed == Deed::Cancel => {
                    let text = "a session that idles runs nothing to cancel; \\terminate ends it";
                    return Err(text.into());
                }
                b"idle" => {
                    let mut time = String::new();
                    while let Some(part) = words.next_if(|word| age::is_part(&lossy(word))) {
                        time = format!("{time} {}", lossy(part));
                    }
                    let time = age::read(&time).ok_or_else(|| {
                        let next = words.peek().map(|word| lossy(word)).unwrap_or_default();
                        let time = [time.trim(), &next].join(" ");
                        format!("no time: \"{}\" (10min, 1 h, 90s)", time.trim()).into_bytes()
                    })?;
                    request.conditions.push(Condition::Idle(time));
                }
                digits => request.pids.push(pid(digits).ok_or_else(|| {
                    [b"neither a PID nor database, user or idle: \"", word, b"\""].concat()
                })?),
            }
        }
        if request.pids.is_empty() && request.conditions.is_empty() {
            let more = if deed == Deed::Terminate { ", idle DURATION" } else { "" };
            return Err(format!("which sessions? PID, database NAME, user NAME{more}").into());
        }
        if !request.pids.is_empty() && !request.conditions.is_empty() {
            return Err("sessions are named by PID or by what they have in common, not both".into());
        }
        Ok(request)
    }

    /// Whether a session is meant.
    pub(super) fn means(&self, backend: &Backend) -> bool {
        if !self.pids.is_empty() {
            return self.pids.contains(&backend.pid);
        }
        self.conditions.iter().all(|condition| match condition {
            Condition::Database(name) => backend.database.as_ref() == Some(name),
            Condition::User(name) => backend.user.as_ref() == Some(name),
            Condition::Idle(time) => {
                let idles =
                    matches!(backend.state, State::Idle | State::InTransaction | State::Failed);
                idles && backend.in_state.is_some_and(|age| age >= *time)
            }
        })
    }
}

fn lossy(word: &[u8]) -> String {
    String::from_utf8_lossy(word).into_owned()
}

fn pid(word: &[u8]) -> Option<i32> {
    std::str::from_utf8(word).ok()?.parse().ok().filter(|pid| *pid > 0)
}

/// A name as an argument that [`Request::read`] reads, in quotes if need be.
pub fn name_argument(name: &[u8]) -> Vec<u8> {
    let is_plain =
        name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if is_plain { name.to_vec() } else { identifier(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::plain_argument;

    fn read(line: &str, deed: Deed) -> Result<Request, String> {
        let words: Vec<Vec<u8>> = line.split_whitespace().map(|word| word.into()).collect();
        Request::read(&words, deed, Encoding::Utf8)
            .map_err(|text| String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn arguments() {
        let request = |pids: &[i32], conditions: &[Condition], consent| {
            Ok(Request { pids: pids.to_vec(), conditions: conditions.to_vec(), consent })
        };
        let idle = |seconds| Condition::Idle(Duration::from_secs(seconds));
        let database = |name: &str| Condition::Database(name.into());
        use Consent::{Asked, Given};
        for (line, expected) in [
            ("17 18", request(&[17, 18], &[], Asked)),
            ("-y database shop", request(&[], &[database("shop")], Given)),
            ("database \"My\" -y", request(&[], &[database("My")], Given)),
            (
                "user ann idle 1 h",
                request(&[], &[Condition::User("ann".into()), idle(3600)], Asked),
            ),
            ("idle 10min database d", request(&[], &[idle(600), database("d")], Asked)),
            ("idle 1 h 30 min -y", request(&[], &[idle(5400)], Given)),
        ] {
            assert_eq!(read(line, Deed::Terminate), expected, "{line}");
        }
    }

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for name in ["shop", "My", "a b", "a\"b", "a'b", "a:b", "a\\b", "a`b", "a;b", "grün", "-y"]
        {
            let written = name_argument(name.as_bytes());
            let word = plain_argument(&written, Encoding::Utf8).expect("an argument");
            let words = [b"database".to_vec(), word];
            let request =
                Request::read(&words, Deed::Terminate, Encoding::Utf8).expect("a request");
            assert_eq!(request.conditions, [Condition::Database(name.into())]);
        }
    }

    #[test]
    fn mistakes() {
        for (line, deed, expected) in [
            ("", Deed::Terminate, "which sessions? PID, database NAME, user NAME, idle DURATION"),
            ("-y", Deed::Cancel, "which sessions? PID, database NAME, user NAME"),
            ("shop", Deed::Cancel, "neither a PID nor database, user or idle: \"shop\""),
            ("-1", Deed::Cancel, "neither a PID nor database, user or idle: \"-1\""),
            ("database", Deed::Cancel, "database needs a name"),
            ("idle", Deed::Terminate, "no time: \"\" (10min, 1 h, 90s)"),
            ("idle soon", Deed::Terminate, "no time: \"soon\" (10min, 1 h, 90s)"),
            ("idle 10", Deed::Terminate, "no time: \"10\" (10min, 1 h, 90s)"),
            (
                "idle 10min",
                Deed::Cancel,
                "a session that idles runs nothing to cancel; \\terminate ends it",
            ),
            (
                "17 user ann",
                Deed::Cancel,
                "sessions are named by PID or by what they have in common, not both",
            ),
        ] {
            assert_eq!(read(line, deed), Err(expected.to_owned()), "{line}");
        }
    }
}
