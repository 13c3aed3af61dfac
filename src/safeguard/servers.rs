//! `SERVERS`: the classes of servers, and which one a connection is of.
//!
//! `prod=*.prod.example,*-primary; test=localhost`: classes in the order in which they are tried,
//! each with patterns of which one must fit. A pattern is a host's, with a port perhaps
//! (`db1:5433`), or names what it is about (`service:`, `database:`, `user:`, `host:`); `&` joins
//! several that must fit together.

use super::syntax::{Parsed, SyntaxError, expect, finish};
use crate::wildcard::{self, Glyph};
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag_no_case, take_while1};
use nom::character::complete::{char, multispace0};
use nom::combinator::{eof, not, opt, value};
use nom::multi::{many0, separated_list1};
use nom::sequence::{delimited, preceded, terminated};

/// The classes of servers, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers(Vec<Class>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Class {
    name: String,
    /// One of them must fit.
    patterns: Vec<Pattern>,
}

/// All of them must fit.
type Pattern = Vec<Condition>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    subject: Subject,
    pattern: Vec<u8>,
}

/// What a pattern is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Host,
    Service,
    Database,
    User,
}

/// What a connection leads to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target<'a> {
    /// The host as it was given: a name, an address, the directory of a socket.
    pub host: &'a [u8],
    /// The address that the connection leads to; empty for a socket.
    pub address: &'a [u8],
    /// The port.
    pub port: &'a [u8],
    /// The service, empty without one.
    pub service: &'a [u8],
    /// The database.
    pub database: &'a [u8],
    /// Whom the connection was opened as.
    pub user: &'a [u8],
}

impl Servers {
    /// Reads the value of SERVERS.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &[u8]) -> Result<Servers, SyntaxError> {
        let semicolon = delimited(multispace0, char(';'), multispace0);
        let separator = terminated(semicolon, not(eof));
        let classes = terminated(
            separated_list1(separator, class),
            (multispace0, opt(char(';')), multispace0, expect("a semicolon", eof)),
        );
        let empty = value(Vec::new(), eof);
        finish(text, preceded(multispace0, alt((empty, classes)))).map(Servers)
    }

    /// The class that a connection is of, if any.
    pub fn class_of(&self, target: &Target<'_>) -> Option<&str> {
        let fits = |class: &&Class| {
            class.patterns.iter().any(|all| all.iter().all(|condition| condition.fits(target)))
        };
        self.0.iter().find(fits).map(|class| class.name.as_str())
    }

    /// The names of the classes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|class| class.name.as_str())
    }
}

impl Condition {
    fn fits(&self, target: &Target<'_>) -> bool {
        match self.subject {
            Subject::Host => fits_host(&self.pattern, target),
            Subject::Service => glob(&self.pattern, target.service),
            Subject::Database => glob(&self.pattern, target.database),
            Subject::User => glob(&self.pattern, target.user),
        }
    }
}

/// Whether a pattern, with a port perhaps, fits the host, its address or, for `localhost`, one of
/// the names of this computer.
fn fits_host(pattern: &[u8], target: &Target<'_>) -> bool {
    let (host, port) = split_port(pattern);
    if port.is_some_and(|port| !glob(port, target.port)) {
        return false;
    }
    let host = host.to_ascii_lowercase();
    let is_here = target.host.is_empty()
        || target.host.starts_with(b"/")
        || target.host.starts_with(b"@")
        || matches!(target.address, b"127.0.0.1" | b"::1");
    glob(&host, &target.host.to_ascii_lowercase())
        || !target.address.is_empty() && glob(&host, target.address)
        || is_here && host == b"localhost"
}

/// `db1:5433`, `[::1]:5433`; what has several colons and no brackets is an address.
fn split_port(pattern: &[u8]) -> (&[u8], Option<&[u8]>) {
    if let Some(rest) = pattern.strip_prefix(b"[")
        && let Some(end) = memchr::memchr(b']', rest)
    {
        return (&rest[..end], rest[end + 1..].strip_prefix(b":"));
    }
    let mut colons = memchr::memchr_iter(b':', pattern);
    match (colons.next(), colons.next()) {
        (Some(at), None) => (&pattern[..at], Some(&pattern[at + 1..])),
        _ => (pattern, None),
    }
}

/// Whether all of `text` is what a pattern with `*` and `?` says.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let glyphs: Vec<Glyph<u8>> = pattern.iter().copied().map(Glyph::of).collect();
    wildcard::matches(&glyphs, text)
}

fn class(input: &[u8]) -> Parsed<'_, Class> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let name = expect("the name of a class (letters, digits and _)", take_while1(is_name));
    let equals = expect("=", delimited(multispace0, char('='), multispace0));
    let comma = delimited(multispace0, char(','), multispace0);
    let (rest, (name, _, patterns)) =
        (name, equals, separated_list1(comma, pattern)).parse(input)?;
    Ok((rest, Class { name: String::from_utf8_lossy(name).into_owned(), patterns }))
}

fn pattern(input: &[u8]) -> Parsed<'_, Pattern> {
    let and = delimited(multispace0, char('&'), multispace0);
    let (rest, (first, others)) = (condition, many0(preceded(and, condition))).parse(input)?;
    Ok((rest, [vec![first], others].concat()))
}

fn condition(input: &[u8]) -> Parsed<'_, Condition> {
    let subject = terminated(
        alt((
            value(Subject::Host, tag_no_case("host")),
            value(Subject::Service, tag_no_case("service")),
            value(Subject::Database, tag_no_case("database")),
            value(Subject::User, tag_no_case("user")),
        )),
        char(':'),
    );
    let pattern = expect("a pattern", is_not(",;&= \t\r\n"));
    let (rest, (subject, pattern)) = (opt(subject), pattern).parse(input)?;
    let subject = subject.unwrap_or(Subject::Host);
    Ok((rest, Condition { subject, pattern: pattern.to_vec() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Host, address, port, service, database, user.
    fn target(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn the_first_class_that_fits() {
        const DB1: &str = "db1.prod.example|10.0.0.1|5432||shop|joe";
        const SOCKET: &str = "/run/postgresql||5432||shop|joe";
        const TUNNEL: &str = "127.0.0.1|127.0.0.1|5433||shop|joe";
        for (servers, to, class) in [
            ("prod=*.prod.example,*-primary; test=localhost", DB1, Some("prod")),
            ("prod=*.prod.example,*-primary; test=localhost", SOCKET, Some("test")),
            ("prod=*.prod.example,*-primary; test=localhost", TUNNEL, Some("test")),
            ("prod=localhost:5433;test=localhost", TUNNEL, Some("prod")),
            ("prod=localhost:5433;test=localhost;", SOCKET, Some("test")),
            ("prod=*.PROD.example", DB1, Some("prod")),
            ("prod=prod", DB1, None),
            ("prod=db?.prod.example", DB1, Some("prod")),
            ("prod=10.0.*", DB1, Some("prod")),
            ("prod=10.0.0.1:54*", DB1, Some("prod")),
            ("prod=10.0.0.1:5433", DB1, None),
            ("a=database:shop & user:joe; b=*", DB1, Some("a")),
            ("a=database:shop & user:ann; b=*", DB1, Some("b")),
            ("a=database:Shop", DB1, None),
            ("a=user:j*", SOCKET, Some("a")),
            ("a=service:live", "h|1.2.3.4|5432|live|d|u", Some("a")),
            ("a=service:live", DB1, None),
            // No service at all is named like nothing but any.
            ("a=service:?*", DB1, None),
            ("a=[::1]:5432", "::1|::1|5432||d|u", Some("a")),
            ("a=::1", "::1|::1|5432||d|u", Some("a")),
            ("a=host:user", "user|1.2.3.4|5432||d|u", Some("a")),
            ("a=/run/*", SOCKET, Some("a")),
            ("", DB1, None),
            ("  ", DB1, None),
        ] {
            let parts = target(to);
            let part = |i: usize| parts[i].as_bytes();
            let target = Target {
                host: part(0),
                address: part(1),
                port: part(2),
                service: part(3),
                database: part(4),
                user: part(5),
            };
            let servers = Servers::parse(servers.as_bytes()).expect(servers);
            assert_eq!(servers.class_of(&target), class, "{servers:?} {to}");
        }
    }

    #[test]
    fn what_is_wrong_and_where() {
        for (text, expected) in [
            ("prod", "= expected at the end"),
            ("prod=", "a pattern expected at the end"),
            ("prod=a,", "a pattern expected at the end"),
            ("prod=a,;b=c", "a pattern expected at character 8, before \";b=c\""),
            ("prod a", "= expected at character 5, before \" a\""),
            ("prod=a b=c", "a semicolon expected at character 8, before \"b=c\""),
            ("pre-prod=a", "= expected at character 4, before \"-prod=a\""),
            (
                "ä=a",
                "the name of a class (letters, digits and _) expected at character 1, before \"ä=a\"",
            ),
            ("a=user:", "a pattern expected at the end"),
            ("a=x&", "a pattern expected at the end"),
            (
                "a=x;;b=y",
                "the name of a class (letters, digits and _) expected at character 5, before \";b=y\"",
            ),
        ] {
            let found = Servers::parse(text.as_bytes()).map_err(|error| error.to_string());
            assert_eq!(found, Err(expected.to_owned()), "{text}");
        }
    }
}
