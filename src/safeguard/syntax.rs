//! What is wrong with a text that can't be understood, and where.

use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult, Parser};
use std::fmt;

/// A text that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What should stand there.
    expected: String,
    /// The character, from 1, at which it should.
    at: usize,
    /// What stands there instead.
    found: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SyntaxError { expected, at, found } = self;
        match found.as_str() {
            "" => write!(f, "{expected} expected at the end"),
            found => write!(f, "{expected} expected at character {at}, before \"{found}\""),
        }
    }
}

impl SyntaxError {
    /// `text` was understood up to `rest`, where something else was expected.
    pub fn new(text: &[u8], rest: &[u8], expected: &str) -> SyntaxError {
        let understood = &text[..text.len() - rest.len()];
        SyntaxError {
            expected: expected.to_owned(),
            at: String::from_utf8_lossy(understood).chars().count() + 1,
            found: String::from_utf8_lossy(rest).into_owned(),
        }
    }
}

/// Where a parser of ours gave up, and what it wanted.
#[derive(Debug)]
pub(super) struct Unexpected<'a> {
    rest: &'a [u8],
    expected: &'static str,
}

impl<'a> ParseError<&'a [u8]> for Unexpected<'a> {
    fn from_error_kind(rest: &'a [u8], _: ErrorKind) -> Unexpected<'a> {
        Unexpected { rest, expected: "something else" }
    }

    fn append(_: &'a [u8], _: ErrorKind, other: Unexpected<'a>) -> Unexpected<'a> {
        other
    }
}

/// What a parser of ours returns.
pub(super) type Parsed<'a, T> = IResult<&'a [u8], T, Unexpected<'a>>;

/// As `parser`, which is bound to succeed: where it doesn't, `expected` was.
pub(super) fn expect<'a, T>(
    expected: &'static str,
    mut parser: impl Parser<&'a [u8], Output = T, Error = Unexpected<'a>>,
) -> impl FnMut(&'a [u8]) -> Parsed<'a, T> {
    move |rest| parser.parse(rest).map_err(|_| Err::Failure(Unexpected { rest, expected }))
}

/// What `parser` makes of all of `text`.
pub(super) fn finish<'a, T>(
    text: &'a [u8],
    mut parser: impl Parser<&'a [u8], Output = T, Error = Unexpected<'a>>,
) -> Result<T, SyntaxError> {
    match parser.parse(text) {
        Ok((_, parsed)) => Ok(parsed),
        Err(Err::Error(error) | Err::Failure(error)) => {
            Err(SyntaxError::new(text, error.rest, error.expected))
        }
        Err(Err::Incomplete(_)) => Err(SyntaxError::new(text, b"", "more")),
    }
}
