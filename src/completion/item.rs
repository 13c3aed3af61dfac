//! The units a statement is read by: tokens, names with their dots put together.

use super::keyword::is_reserved;
use super::token::{Kind, Token};

/// A unit of the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item<'t> {
    pub kind: ItemKind,
    pub text: &'t [u8],
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// An unquoted word without dots: a key word or a name.
    Word,
    /// A quoted or dotted name.
    Name,
    /// A string, a number, a parameter or a variable.
    Value,
    /// Punctuation.
    Symbol,
}

impl Item<'_> {
    /// Whether this is that key word.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == ItemKind::Word && self.text.eq_ignore_ascii_case(keyword.as_bytes())
    }

    /// Whether this is one of those key words.
    pub fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }

    pub fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == ItemKind::Symbol && self.text == symbol.as_bytes()
    }

    pub fn opens(&self) -> bool {
        self.is_symbol("(") || self.is_symbol("[")
    }

    pub fn closes(&self) -> bool {
        self.is_symbol(")") || self.is_symbol("]")
    }

    /// Whether this may name something.
    pub fn is_name(&self) -> bool {
        match self.kind {
            ItemKind::Word => !is_reserved(&self.text.to_ascii_lowercase()),
            ItemKind::Name => true,
            ItemKind::Value => self.text.starts_with(b":"),
            ItemKind::Symbol => false,
        }
    }
}

/// The tokens before `end` as items.
pub(super) fn items<'t>(text: &'t [u8], tokens: &[Token], end: usize) -> Vec<Item<'t>> {
    let mut items: Vec<Item<'t>> = Vec::new();
    let mut last_end = usize::MAX;
    let mut last_start = 0;
    let mut dotted = false;
    for token in tokens.iter().filter(|t| t.end <= end && t.kind != Kind::Comment) {
        let part = token.text(text);
        let adjacent = token.start == last_end;
        last_end = token.end;
        let kind = match token.kind {
            Kind::Word => ItemKind::Word,
            Kind::Identifier => ItemKind::Name,
            Kind::Symbol => ItemKind::Symbol,
            _ => ItemKind::Value,
        };
        if let Some(item) = items.last_mut()
            && adjacent
            && matches!(item.kind, ItemKind::Word | ItemKind::Name)
            && (part == b"." || dotted && (kind != ItemKind::Symbol || part == b"*"))
        {
            dotted = part == b".";
            item.kind = ItemKind::Name;
            item.text = &text[last_start..token.end];
            continue;
        }
        dotted = false;
        last_start = token.start;
        items.push(Item { kind, text: part });
    }
    items
}

/// Where each opening bracket is closed; `None` for those left open and for other items.
pub(super) fn closings(items: &[Item<'_>]) -> Vec<Option<usize>> {
    let mut closings = vec![None; items.len()];
    let mut open = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if item.opens() {
            open.push(at);
        } else if item.closes()
            && let Some(start) = open.pop()
        {
            closings[start] = Some(at);
        }
    }
    closings
}
