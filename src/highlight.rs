//! Colours for what is being typed.
//!
//! Owns which token gets which colour. Never changes the text.

use std::ops::Range;

use crate::completion::keyword::is_keyword;
use crate::completion::token::{Kind, Token, tokens};
use crate::palette::{Palette, Role};

/// The colours of `line`: byte ranges in order, and the escape sequences that select them. `earlier`
/// is what precedes it in the statement, whole lines; the brackets at `cursor`, if given, are marked
/// with their partners.
pub fn spans(
    earlier: &str,
    line: &str,
    cursor: Option<usize>,
    palette: Option<Palette>,
) -> Vec<(Range<usize>, &'static str)> {
    let Some(palette) = palette.filter(|_| !line.is_empty()) else { return Vec::new() };
    let text = format!("{earlier}{line}");
    let tokens = tokens(text.as_bytes());
    let brackets = cursor.and_then(|at| matching(text.as_bytes(), &tokens, earlier.len() + at));
    let span = |token: &Token| {
        let is_marked = brackets.is_some_and(|(a, b)| token.start == a || token.start == b);
        let role = if is_marked { Some(Role::Bracket) } else { role(token, text.as_bytes()) };
        let start = token.start.saturating_sub(earlier.len());
        Some((start..token.end.checked_sub(earlier.len())?, palette.start(role?)))
    };
    tokens.iter().filter_map(span).filter(|(range, _)| !range.is_empty()).collect()
}

fn role(token: &Token, text: &[u8]) -> Option<Role> {
    match token.kind {
        Kind::Word if is_keyword(token.text(text)) => Some(Role::Keyword),
        Kind::String => Some(Role::String),
        Kind::Number => Some(Role::Number),
        Kind::Comment => Some(Role::Comment),
        Kind::Variable => Some(Role::Variable),
        Kind::MetaCommand => Some(Role::MetaCommand),
        Kind::Argument => match token.text(text).first() {
            Some(b'\'') => Some(Role::String),
            Some(b':') => Some(Role::Variable),
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

    /// The text with its colours in a readable form: `{32}green{0}`.
    fn shown(earlier: &str, typed: &str, cursor: Option<usize>) -> String {
        let palette = Palette::from_environment(None, Some("xterm"), None);
        let (mut out, mut at) = (String::new(), 0);
        for (range, start) in spans(earlier, typed, cursor, palette) {
            let colour = start.trim_start_matches("\x1b[").trim_end_matches('m');
            out +=
                &format!("{}{{{colour}}}{}{{0}}", &typed[at..range.start], &typed[range.clone()]);
            at = range.end;
        }
        out + &typed[at..]
    }

    #[test]
    fn colours() {
        for (earlier, typed, expected) in [
            ("", "SELECT 'x', 1", "{1}SELECT{0} {32}'x'{0}, {36}1{0}"),
            ("", "select x -- y", "{1}select{0} x {2}-- y{0}"),
            ("", "\\d :t 'a'", "{36}\\d{0} {35}:t{0} {32}'a'{0}"),
            ("select '\n", "x' y", "{32}x'{0} y"),
            ("/*\n", "x", "{2}x{0}"),
            ("", "", ""),
        ] {
            assert_eq!(shown(earlier, typed, None), expected);
        }
        assert!(spans("", "select 1", None, None).is_empty());
    }

    #[test]
    fn brackets_at_the_cursor() {
        for (typed, cursor, expected) in [
            ("(a)", 3, "{1;4}({0}a{1;4}){0}"),
            ("(a)", 0, "{1;4}({0}a{1;4}){0}"),
            ("((a)", 4, "({1;4}({0}a{1;4}){0}"),
            ("(')'", 1, "({32}')'{0}"),
        ] {
            assert_eq!(shown("", typed, Some(cursor)), expected, "{typed}");
        }
    }
}
