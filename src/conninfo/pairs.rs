//! `host=localhost port=5432 dbname='my db'`

use super::blank::{is_space, trim_start};
use super::error::Error;
use super::keyword;
use super::settings::Settings;
use nom::branch::alt;
use nom::bytes::complete::{take, take_till1, take_while};
use nom::character::complete::char;
use nom::combinator::{map, value};
use nom::multi::fold_many0;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// Settings from keywords and values.
pub fn parse(text: &[u8]) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    let mut rest = trim_start(text);
    let mut after_secret = false;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| *b == b'=' || is_space(*b)).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let Ok((after, _)) = delimited(space, char::<_, ()>('='), space).parse(after) else {
            // Behind a password with a blank in it, this may be the rest of the password.
            let shown = if after_secret { keyword::STARS } else { key };
            return Err(Error::about("missing \"=\" after", shown, " in connection info string"));
        };
        let Ok((after, text)) = alt((quoted, bare)).parse(after) else {
            return Err(Error::new(&[b"unterminated quoted string in connection info string"]));
        };
        let Some((keyword, text)) = keyword::translate(key, text) else {
            return Err(Error::about("invalid connection option", key, ""));
        };
        settings.set(keyword, text);
        after_secret = keyword::is_secret(key);
        rest = trim_start(after);
    }
    Ok(settings)
}

fn space(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    take_while(is_space).parse(input)
}

/// `'it\'s'`
fn quoted(input: &[u8]) -> IResult<&[u8], Vec<u8>, ()> {
    delimited(char('\''), run(|b| b == b'\''), char('\'')).parse(input)
}

/// Up to the next blank; a quote inside has no meaning.
fn bare(input: &[u8]) -> IResult<&[u8], Vec<u8>, ()> {
    if input.starts_with(b"'") { Err(nom::Err::Error(())) } else { run(is_space).parse(input) }
}

/// Bytes up to one that `ends`, a backslash taking away the meaning of the next.
fn run<'a>(
    ends: impl Fn(u8) -> bool + Copy,
) -> impl Parser<&'a [u8], Output = Vec<u8>, Error = ()> {
    move |input: &'a [u8]| {
        let plain = take_till1(move |b| b == b'\\' || ends(b));
        let nothing: &[u8] = b"";
        // A backslash at the very end is dropped.
        let escaped =
            preceded(char('\\'), alt((take(1usize), value(nothing, nom::combinator::eof))));
        // Room enough: growing would leave copies of a password behind.
        let room = || Vec::with_capacity(input.len());
        let parts = map(alt((plain, escaped)), |part: &[u8]| part);
        let mut run = fold_many0(parts, room, |mut text, part| {
            text.extend_from_slice(part);
            text
        });
        run.parse(input)
    }
}
