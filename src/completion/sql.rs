//! SQL: what may come next in a statement, as names and key words.

use super::candidates::{Candidate, Candidates};
use super::catalog::{Catalog, Object};
use super::columns;
use super::item::{self, Item};
use super::literal::Place;
use super::offer::Context;
use super::scope::scope_at;
use super::setting::setting_values;
use super::token::{Kind, Token, tokens};
use super::variable::interpolation;
use super::walk::{Expected, expected};

/// Completes within SQL; `before` are the tokens up to the cursor.
pub(super) fn complete(
    text: &[u8],
    cursor: usize,
    before: &[Token],
    place: Place,
    catalog: &mut dyn Catalog,
) -> (usize, Vec<Candidate>) {
    let before = &before[statement_start(text, before)..];
    let start = word_start(text, cursor, before);
    let word = &text[start..cursor];
    if let Some(found) = interpolation(word, start, catalog) {
        return found;
    }
    let items = item::items(text, before, start);
    if let Some(found) = path(text, cursor, &items, before, place, catalog) {
        return found;
    }
    let behind = behind(text, cursor);
    if let Some(found) = star(text, cursor, before, &behind, catalog) {
        return found;
    }
    let whole = [items.clone(), behind].concat();
    let context = Context { items: &items, scope: scope_at(&whole, items.len()) };
    let mut candidates = Candidates::new(word, catalog);
    context.offer(&expected(&items, catalog.dialect()), &mut candidates, catalog);
    if follows_new_setting(&items, &candidates) {
        candidates.append(0, b" TO ");
    }
    candidates.finish(start)
}

/// What of the statement stands behind the cursor.
pub(super) fn behind(text: &[u8], cursor: usize) -> Vec<Item<'_>> {
    let behind = tokens(&text[cursor..])
        .into_iter()
        .take_while(|token| token.text(&text[cursor..]) != b";" && token.kind != Kind::MetaCommand)
        .map(|token| Token { start: token.start + cursor, end: token.end + cursor, ..token });
    item::items(text, &behind.collect::<Vec<_>>(), text.len())
}

/// The columns that a star at the cursor stands for.
fn star(
    text: &[u8],
    cursor: usize,
    before: &[Token],
    behind: &[Item<'_>],
    catalog: &mut dyn Catalog,
) -> Option<(usize, Vec<Candidate>)> {
    if !text[..cursor].ends_with(b"*") {
        return None;
    }
    let items = item::items(text, before, cursor);
    let length = items.last().filter(|item| item.text.ends_with(b"*"))?.text.len();
    let scope = scope_at(&[&items, behind].concat(), items.len());
    let mut candidates = Candidates::new(b"", catalog);
    columns::star(&scope, &items, &mut candidates, catalog);
    (!candidates.found.is_empty()).then(|| candidates.finish(cursor - length))
}

/// Whether the candidates are settings that SET is about to change.
fn follows_new_setting(items: &[Item<'_>], candidates: &Candidates<'_>) -> bool {
    let sets = match items {
        [set] => set.is("SET"),
        [set, scope] => set.is("SET") && scope.is_any(&["LOCAL", "SESSION"]),
        _ => false,
    };
    sets && matches!(candidates.found.as_slice(), [only]
        if only.text.iter().any(u8::is_ascii_lowercase)
            && !super::keyword::is_keyword(&only.text))
}

/// The index of the statement's first token: behind the last semicolon and meta-command.
pub(super) fn statement_start(text: &[u8], tokens: &[Token]) -> usize {
    let ends = |token: &Token| match token.kind {
        Kind::Symbol => matches!(token.text(text), b";" | b"\\;" | b"\\\\"),
        Kind::MetaCommand | Kind::Argument => true,
        _ => false,
    };
    tokens.iter().rposition(ends).map_or(0, |at| at + 1)
}

/// Where the word at the cursor begins: a name with its dots, a string, a variable.
fn word_start(text: &[u8], cursor: usize, tokens: &[Token]) -> usize {
    let mut start = cursor;
    for token in tokens.iter().rev() {
        let symbol = match token.kind {
            Kind::Word | Kind::Identifier => false,
            Kind::String if token.open && start == cursor => false,
            Kind::Variable | Kind::Number if token.end == cursor => return token.start,
            Kind::Symbol => match token.text(text) {
                b"." => true,
                b":" => return if token.end == start { token.start } else { start },
                _ => break,
            },
            _ => break,
        };
        let joins = start == cursor || symbol != (text[start] == b'.');
        if token.end != start || !joins {
            break;
        }
        start = token.start;
    }
    start
}

/// What is no name but may be typed like one, dots, slashes and all: a file of COPY, a time zone.
fn path(
    text: &[u8],
    cursor: usize,
    items: &[Item<'_>],
    tokens: &[Token],
    place: Place,
    catalog: &mut dyn Catalog,
) -> Option<(usize, Vec<Candidate>)> {
    let begins = |b: &u8| b.is_ascii_whitespace() || *b == b'=';
    let blank = text[..cursor].iter().rposition(begins).map_or(0, |at| at + 1);
    let string = tokens.last().filter(|t| t.kind == Kind::String && t.open);
    let start = string.map_or(blank, |token| token.start);
    let word = &text[start..cursor];
    let before = match string {
        Some(_) => items.to_vec(),
        // \copy reads the client's files, which are known before a letter is typed.
        None if !word.is_empty() || place == Place::Copy => item::items(text, tokens, start),
        None => return None,
    };
    let like_a_path = string.is_some() || word.contains(&b'/') || word.contains(&b'.');
    let expected = expected(&before, catalog.dialect());
    let mut candidates = Candidates::new(word, catalog);
    if expected.contains(&Expected::Placeholder("'filename'")) {
        for expected in &expected {
            if let Expected::Keyword(keyword) = expected {
                candidates.keyword(keyword);
            }
        }
        candidates.files(Object::File, place, catalog);
    } else if !like_a_path {
        return None;
    } else if expected.contains(&Expected::Placeholder("'value'")) {
        setting_values(&before, &mut candidates, catalog);
    } else {
        return None;
    }
    Some(candidates.finish(start))
}
