//! vi's motions: where they lead in a text. Pure functions of text and place.

use super::characters;

/// What a word is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// Letters, digits and `_`, or else of punctuation.
    Small,
    /// Whatever is not white space.
    Big,
}

/// `f F t T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Find {
    /// Towards the end of the text.
    pub is_forward: bool,
    /// Stop before the character.
    pub is_till: bool,
    /// What to look for.
    pub wanted: char,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Word,
    Punctuation,
}

fn class(text: &str, position: usize, kind: WordKind) -> Option<Class> {
    characters::at(text, position).map(|c| match kind {
        _ if c.is_whitespace() => Class::Space,
        WordKind::Big => Class::Word,
        WordKind::Small if c.is_alphanumeric() || c == '_' => Class::Word,
        WordKind::Small => Class::Punctuation,
    })
}

/// The end of what is of one class from `at` on.
fn pass(text: &str, mut at: usize, kind: WordKind, passed: Option<Class>) -> usize {
    while at < text.len() && class(text, at, kind) == passed {
        at = characters::next(text, at);
    }
    at
}

/// The start of what is of one class before `at`.
fn pass_back(text: &str, mut at: usize, kind: WordKind, passed: Option<Class>) -> usize {
    while at > 0 {
        let before = characters::previous(text, at);
        if class(text, before, kind) != passed {
            break;
        }
        at = before;
    }
    at
}

/// `w`: the start of the next word.
pub fn next_word(text: &str, mut at: usize, kind: WordKind, count: usize) -> usize {
    for _ in 0..count {
        if at == text.len() {
            break;
        }
        let here = class(text, at, kind);
        if here != Some(Class::Space) {
            at = pass(text, at, kind, here);
        }
        at = pass(text, at, kind, Some(Class::Space));
    }
    at
}

/// `b`: the start of the word, or of the one before.
pub fn previous_word(text: &str, mut at: usize, kind: WordKind, count: usize) -> usize {
    for _ in 0..count {
        if at == 0 {
            break;
        }
        at = pass_back(text, at, kind, Some(Class::Space));
        if at > 0 {
            let class = class(text, characters::previous(text, at), kind);
            at = pass_back(text, at, kind, class);
        }
    }
    at
}

/// `e`: the last character of the word, or of the next one.
pub fn word_end(text: &str, mut at: usize, kind: WordKind, count: usize) -> usize {
    for _ in 0..count {
        let next = characters::next(text, at);
        if next >= text.len() {
            break;
        }
        let start = pass(text, next, kind, Some(Class::Space));
        let class = class(text, start, kind);
        at = characters::previous(text, pass(text, start, kind, class));
    }
    at
}

/// `%`: the bracket that belongs to the one at `at`, or to the next one in the line.
pub fn matching_bracket(text: &str, at: usize) -> Option<usize> {
    let line_end = characters::line_end(text, at);
    let (offset, bracket) =
        text[at..line_end].char_indices().find(|(_, c)| BRACKETS.iter().any(|b| b.contains(c)))?;
    let start = at + offset;
    let [open, close] = BRACKETS.iter().find(|pair| pair.contains(&bracket))?;
    let mut depth = 0_usize;
    let mut closes = |c: char, deeper: char, end: char| {
        if c == deeper {
            depth += 1;
        } else if c == end {
            depth -= 1;
        }
        depth == 0
    };
    if bracket == *open {
        let mut places = text[start..].char_indices();
        places.find(|(_, c)| closes(*c, *open, *close)).map(|(place, _)| start + place)
    } else {
        let mut places = text[..start + bracket.len_utf8()].char_indices().rev();
        places.find(|(_, c)| closes(*c, *close, *open)).map(|(place, _)| place)
    }
}

const BRACKETS: [[char; 2]; 3] = [['(', ')'], ['[', ']'], ['{', '}']];

/// `f F t T`: where the character is; if it isn't there so often, the last place.
pub fn find(text: &str, from: usize, find: Find, count: usize) -> Option<usize> {
    if find.is_forward {
        let start = characters::next(text, from);
        let places = text[start..].match_indices(find.wanted);
        let place = places.take(count).last()?.0 + start;
        Some(if find.is_till { characters::previous(text, place) } else { place })
    } else {
        let place = text[..from].rmatch_indices(find.wanted).take(count).last()?.0;
        Some(if find.is_till { characters::next(text, place) } else { place })
    }
}

/// `^`: the first character of the line that is no space.
pub fn first_print(text: &str, at: usize) -> usize {
    let start = characters::line_start(text, at);
    let line = &text[start..characters::line_end(text, at)];
    start + (line.len() - line.trim_start_matches([' ', '\t']).len())
}
