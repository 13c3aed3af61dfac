//! Colours for what is being typed.
//!
//! Owns which token gets which colour. Never changes the text: without its escape sequences the
//! result is the input.

use std::borrow::Cow;

use crate::completion::keyword::is_keyword;
use crate::completion::token::{Kind, Token, tokens};

/// Whether and how text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    coloured: bool,
}

impl Style {
    /// Colours, unless NO_COLOR is set to something or the terminal (TERM) has none.
    pub fn from_environment(no_color: Option<&str>, term: Option<&str>) -> Style {
        let refused = no_color.is_some_and(|value| !value.is_empty());
        Style { coloured: !refused && !matches!(term, None | Some("" | "dumb")) }
    }
}

const KEYWORD: &str = "\x1b[1m";
const STRING: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[36m";
const COMMENT: &str = "\x1b[2m";
const VARIABLE: &str = "\x1b[35m";
const META_COMMAND: &str = "\x1b[34m";
const BRACKET: &str = "\x1b[1;4m";
const RESET: &str = "\x1b[0m";

/// `line` with colours. `earlier` is what precedes it in the statement, whole lines; the brackets
/// at `cursor`, if given, are marked with their partners.
pub fn line<'l>(earlier: &str, line: &'l str, cursor: Option<usize>, style: Style) -> Cow<'l, str> {
    if !style.coloured || line.is_empty() {
        return Cow::Borrowed(line);
    }
    let text = format!("{earlier}{line}");
    let tokens = tokens(text.as_bytes());
    let brackets = cursor.and_then(|at| matching(text.as_bytes(), &tokens, earlier.len() + at));
    let mut out = String::with_capacity(line.len() * 2);
    let mut at = earlier.len();
    for token in tokens.iter().filter(|token| token.end > earlier.len()) {
        let start = token.start.max(earlier.len());
        out.push_str(&text[at..start]);
        let marked = brackets.is_some_and(|(a, b)| token.start == a || token.start == b);
        let colour = if marked { Some(BRACKET) } else { colour(token, text.as_bytes()) };
        match colour {
            Some(colour) => {
                out.push_str(colour);
                out.push_str(&text[start..token.end]);
                out.push_str(RESET);
            }
            None => out.push_str(&text[start..token.end]),
        }
        at = token.end;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

fn colour(token: &Token, text: &[u8]) -> Option<&'static str> {
    match token.kind {
        Kind::Word if is_keyword(token.text(text)) => Some(KEYWORD),
        Kind::String => Some(STRING),
        Kind::Number => Some(NUMBER),
        Kind::Comment => Some(COMMENT),
        Kind::Variable => Some(VARIABLE),
        Kind::MetaCommand => Some(META_COMMAND),
        Kind::Argument => match token.text(text).first() {
            Some(b'\'') => Some(STRING),
            Some(b':') => Some(VARIABLE),
            _ => None,
        },
        Kind::Word | Kind::Identifier | Kind::Symbol => None,
    }
}

/// The bracket under or right before the cursor and its partner, by their places.
fn matching(text: &[u8], tokens: &[Token], cursor: usize) -> Option<(usize, usize)> {
    let bracket = |token: &Token| match (token.kind, token.text(text)) {
        (Kind::Symbol, [b'(' | b'[']) => Some(1),
        (Kind::Symbol, [b')' | b']']) => Some(-1),
        _ => None,
    };
    let at = |place: usize| {
        let index = tokens.iter().position(|t| t.start == place && bracket(t).is_some())?;
        Some((index, bracket(&tokens[index])?))
    };
    let (index, step) = at(cursor).or_else(|| at(cursor.checked_sub(1)?))?;
    let mut depth = 0;
    let mut look = |token: &Token| {
        depth += bracket(token).unwrap_or(0);
        (depth == 0).then_some(token.start)
    };
    let partner = if step > 0 {
        tokens[index..].iter().find_map(&mut look)
    } else {
        tokens[..=index].iter().rev().find_map(&mut look)
    };
    Some((tokens[index].start, partner?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Style = Style { coloured: true };

    /// Escape sequences in a readable form: `{32}green{0}`.
    fn shown(text: &str) -> String {
        text.replace("\x1b[", "{").replace("m", "}m").replace("}m", "}")
    }

    #[test]
    fn colours() {
        for (earlier, typed, expected) in [
            ("", "SELECT 'x', 1", "{1}SELECT{0} {32}'x'{0}, {36}1{0}"),
            ("", "select x -- y", "{1}select{0} x {2}-- y{0}"),
            ("", "\\d :t 'a'", "{34}\\d{0} {35}:t{0} {32}'a'{0}"),
            ("select '\n", "x' y", "{32}x'{0} y"),
            ("/*\n", "x", "{2}x{0}"),
            ("", "", ""),
        ] {
            assert_eq!(shown(&line(earlier, typed, None, ON)), expected);
        }
        assert_eq!(line("", "select 1", None, Style::default()), "select 1");
    }

    #[test]
    fn brackets_at_the_cursor() {
        for (typed, cursor, expected) in [
            ("(a)", 3, "{1;4}({0}a{1;4}){0}"),
            ("(a)", 0, "{1;4}({0}a{1;4}){0}"),
            ("((a)", 4, "({1;4}({0}a{1;4}){0}"),
            ("(')'", 1, "({32}')'{0}"),
        ] {
            assert_eq!(shown(&line("", typed, Some(cursor), ON)), expected, "{typed}");
        }
    }

    #[test]
    fn environment() {
        for (no_color, term, coloured) in [
            (None, Some("xterm"), true),
            (Some(""), Some("xterm"), true),
            (Some("1"), Some("xterm"), false),
            (None, Some("dumb"), false),
            (None, None, false),
        ] {
            assert_eq!(Style::from_environment(no_color, term), Style { coloured });
        }
    }
}
