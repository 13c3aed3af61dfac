//! The lexical rules of psql's input: what a byte may begin, and where each thing ends.
//!
//! Pure functions from a text and a position to a position, shared by the scanner and the token
//! iterator. They know no state, variables or encodings: a text in an encoding whose characters
//! hold bytes that look like ASCII comes here masked (see [`mask`]).

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};

use crate::encoding::Encoding;

/// What a byte of SQL text may begin, outside quotes and comments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing the scanner cares for: most operators and punctuation.
    Plain,
    Space,
    /// A letter, `_` or a byte of a multi-byte character.
    Word,
    Digit,
    Quote,
    DoubleQuote,
    Dollar,
    Open,
    Close,
    Semicolon,
    Colon,
    Backslash,
    Minus,
    Slash,
}

/// The class of every byte.
pub(super) static CLASS: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Word,
            b'0'..=b'9' => Class::Digit,
            b'\'' => Class::Quote,
            b'"' => Class::DoubleQuote,
            b'$' => Class::Dollar,
            b'(' => Class::Open,
            b')' => Class::Close,
            b';' => Class::Semicolon,
            b':' => Class::Colon,
            b'\\' => Class::Backslash,
            b'-' => Class::Minus,
            b'/' => Class::Slash,
            _ => Class::Plain,
        };
        byte += 1;
    }
    table
};

pub(super) fn is_space(byte: u8) -> bool {
    CLASS[byte as usize] == Class::Space
}

fn is_word(byte: u8) -> bool {
    matches!(CLASS[byte as usize], Class::Word | Class::Digit | Class::Dollar)
}

/// Whether `byte` may stand in a variable's name.
pub fn is_variable_char(byte: u8) -> bool {
    matches!(CLASS[byte as usize], Class::Word | Class::Digit)
}

/// The end of the longest run from `at` whose bytes satisfy `test`.
pub(super) fn run_end(text: &[u8], at: usize, test: impl Fn(u8) -> bool) -> usize {
    text[at..].iter().position(|&b| !test(b)).map_or(text.len(), |n| at + n)
}

/// Where the scanner must look again when words don't matter: skips everything that neither
/// opens, ends nor expands anything, but keeps what may belong to a quote or dollar sign ahead.
pub(super) fn skip(text: &[u8], from: usize) -> usize {
    let dull = |b: u8| {
        matches!(CLASS[b as usize], Class::Plain | Class::Space | Class::Word | Class::Digit)
    };
    let mut at = run_end(text, from, dull);
    if matches!(text.get(at), Some(b'\'' | b'"' | b'$')) {
        while at > from && (is_word(text[at - 1]) || matches!(text[at - 1], b'.' | b'&')) {
            at -= 1;
        }
    }
    at
}

pub(super) fn space_end(text: &[u8], at: usize) -> usize {
    run_end(text, at, is_space)
}

/// The end of the identifier or keyword at `at`.
pub(super) fn word_end(text: &[u8], at: usize) -> usize {
    run_end(text, at, is_word)
}

/// The end of the number at `at`, with whatever letters stick to it; a dollar sign right after
/// the digits begins something else.
pub(super) fn number_end(text: &[u8], at: usize) -> usize {
    let mut end = run_end(text, at, |b| b.is_ascii_digit());
    if text.get(end) == Some(&b'.') && text.get(end + 1) != Some(&b'.') {
        end = run_end(text, end + 1, |b| b.is_ascii_digit());
    }
    match text.get(end) {
        Some(&b) if CLASS[b as usize] == Class::Word => word_end(text, end),
        _ => end,
    }
}

/// The end of the parameter `$1` at `at`, if there is one.
pub(super) fn parameter_end(text: &[u8], at: usize) -> Option<usize> {
    let end = run_end(text, at + 1, |b| b.is_ascii_digit());
    if end == at + 1 {
        return None;
    }
    match text.get(end) {
        Some(&b) if CLASS[b as usize] == Class::Word => Some(word_end(text, end)),
        _ => Some(end),
    }
}

/// The end of the `--` comment at `at`: its line's end.
pub(super) fn line_comment_end(text: &[u8], at: usize) -> usize {
    memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |n| at + n)
}

/// Where the comment `depth` levels deep ends, from `at` inside it; `depth` is 0 if it does.
pub(super) fn comment_end(text: &[u8], mut at: usize, depth: &mut u32) -> usize {
    while let Some(n) = memchr2(b'*', b'/', &text[at..]) {
        at += n;
        match &text[at..text.len().min(at + 2)] {
            b"/*" => {
                *depth = depth.saturating_add(1);
                at += 2;
            }
            b"*/" => {
                *depth -= 1;
                at += 2;
                if *depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    text.len()
}

/// How a '...' string is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StringRule {
    /// A backslash escapes the next character.
    pub(super) escapes: bool,
    /// A prefix (`E`, `B`, `X`, `U&`) gave the rule, so that it also holds in a part after a
    /// line's end.
    pub(super) prefixed: bool,
}

impl StringRule {
    /// The rule of a string without a prefix.
    pub(super) fn plain(standard_strings: bool) -> StringRule {
        StringRule { escapes: !standard_strings, prefixed: false }
    }
}

/// What a letter's prefix to a quote begins.
pub(super) enum Prefixed {
    String { rule: StringRule, quote: usize },
    Identifier { quote: usize },
}

/// Whether the word `at..end` is a prefix of the quote after it.
pub(super) fn prefixed(
    text: &[u8],
    at: usize,
    end: usize,
    standard_strings: bool,
) -> Option<Prefixed> {
    if end - at != 1 {
        return None;
    }
    let prefix = text[at] | 0x20;
    match (prefix, text.get(end)?, text.get(end + 1)) {
        (b'e', b'\'', _) => Some(Prefixed::String {
            rule: StringRule { escapes: true, prefixed: true },
            quote: end,
        }),
        (b'b' | b'x', b'\'', _) => Some(Prefixed::String {
            rule: StringRule { escapes: false, prefixed: true },
            quote: end,
        }),
        (b'n', b'\'', _) => {
            Some(Prefixed::String { rule: StringRule::plain(standard_strings), quote: end })
        }
        (b'u', b'&', Some(b'\'')) => Some(Prefixed::String {
            rule: StringRule { escapes: false, prefixed: true },
            quote: end + 1,
        }),
        (b'u', b'&', Some(b'"')) => Some(Prefixed::Identifier { quote: end + 1 }),
        _ => None,
    }
}

/// Where the '...' string ends, from `at` inside it, or `None` if it is open at the text's end.
pub(super) fn string_end(text: &[u8], mut at: usize, rule: StringRule) -> Option<usize> {
    loop {
        let next = if rule.escapes {
            memchr2(b'\'', b'\\', text.get(at..)?)?
        } else {
            memchr(b'\'', &text[at..])?
        };
        at += next + 1;
        if text[at - 1] == b'\\' || text.get(at) == Some(&b'\'') {
            at += 1;
        } else if let Some(inside) = rule.prefixed.then(|| continued(text, at)).flatten() {
            at = inside;
        } else {
            return Some(at);
        }
    }
}

/// The position inside the next part of a string closed before `at`: parts are separated by
/// white space with a line's end in it, perhaps with `--` comments.
fn continued(text: &[u8], mut at: usize) -> Option<usize> {
    let mut new_line = false;
    loop {
        match *text.get(at)? {
            b'\n' | b'\r' => {
                new_line = true;
                at += 1;
            }
            b'-' if text.get(at + 1) == Some(&b'-') => at = line_comment_end(text, at),
            b'\'' if new_line => return Some(at + 1),
            b if is_space(b) => at += 1,
            _ => return None,
        }
    }
}

/// Where the "..." identifier ends, from `at` inside it, or `None` if it is open.
pub(super) fn identifier_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr(b'"', &text[at..])? + 1;
        if text.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// The end of the `$tag$` that opens at `at`, if one does.
pub(super) fn dollar_tag_end(text: &[u8], at: usize) -> Option<usize> {
    let end = match text.get(at + 1) {
        Some(&b) if CLASS[b as usize] == Class::Word => run_end(text, at + 1, is_variable_char),
        _ => at + 1,
    };
    (text.get(end) == Some(&b'$')).then_some(end + 1)
}

/// Where the dollar-quoted string with this tag ends, from `at` inside it. Tags too are compared
/// with their characters masked, as psql does.
pub(super) fn dollar_end(text: &[u8], at: usize, tag: &[u8]) -> Option<usize> {
    memchr_iter(b'$', &text[at..])
        .map(|n| at + n)
        .find(|&i| text[i..].starts_with(tag))
        .map(|i| i + tag.len())
}

/// The form of a variable reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableForm {
    /// `:name`
    Plain,
    /// `:'name'`
    Literal,
    /// `:"name"`
    Identifier,
    /// `:{?name}`
    Test,
}

/// A reference to a variable: what follows a colon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VariableReference {
    pub(super) form: VariableForm,
    pub(super) name: Range<usize>,
    pub(super) end: usize,
}

/// The variable reference whose colon is at `at`, if it is one.
pub(super) fn variable_reference(text: &[u8], at: usize) -> Option<VariableReference> {
    let (form, start, close) = match &text[at + 1..] {
        [b'\'', ..] => (VariableForm::Literal, at + 2, Some(b'\'')),
        [b'"', ..] => (VariableForm::Identifier, at + 2, Some(b'"')),
        [b'{', b'?', ..] => (VariableForm::Test, at + 3, Some(b'}')),
        _ => (VariableForm::Plain, at + 1, None),
    };
    let end = run_end(text, start, is_variable_char);
    if end == start || close.is_some_and(|c| text.get(end) != Some(&c)) {
        return None;
    }
    Some(VariableReference { form, name: start..end, end: end + usize::from(close.is_some()) })
}

/// `text` with the bytes of a multi-byte character after its first, which may look like ASCII,
/// replaced; `None` if nothing in this encoding can look like that.
pub fn mask(text: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    if encoding.is_ascii_safe() || text.is_ascii() {
        return None;
    }
    let mut masked = text.to_vec();
    let mut at = 0;
    while at < text.len() {
        let end = at + encoding.char_len(&text[at..]).max(1);
        masked[at + 1..end].fill(0xff);
        at = end;
    }
    Some(masked)
}
