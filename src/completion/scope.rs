//! Which tables a statement speaks of.

use super::catalog::Qualified;
use super::item::{Item, ItemKind};
use super::keyword::is_reserved;
use super::name::Typed;

/// A table of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its name.
    pub name: Qualified,
    /// What the statement calls it.
    pub alias: Option<Vec<u8>>,
}

impl Table {
    /// Whether `prefix.column` means a column of this table.
    pub fn is_called(&self, prefix: &[u8]) -> bool {
        self.alias.as_deref().unwrap_or(&self.name.name) == prefix
    }
}

/// Words that a table's name follows.
const BEFORE_TABLE: &[&str] = &[
    "FROM", "JOIN", "INTO", "UPDATE", "TABLE", "ONLY", "COPY", "ANALYZE", "VACUUM", "TRUNCATE",
    "CLUSTER", "VIEW", "USING",
];

/// The tables that the items speak of, in order.
pub(super) fn tables(items: &[Item<'_>]) -> Vec<Table> {
    let is_query = items.first().is_some_and(|item| {
        ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "EXPLAIN"]
            .iter()
            .any(|verb| item.is(verb))
    });
    let mut tables = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let item = &items[at];
        at += 1;
        let introduces =
            BEFORE_TABLE.iter().any(|word| item.is(word)) || !is_query && item.is("ON");
        if !introduces {
            continue;
        }
        // `IF EXISTS` and `ONLY` may stand before the name, and further names behind it.
        while items
            .get(at)
            .is_some_and(|i| i.is("IF") || i.is("NOT") || i.is("EXISTS") || i.is("ONLY"))
        {
            at += 1;
        }
        while let Some(name) = items.get(at).filter(|item| item.is_name()) {
            at += 1;
            let alias = alias(&items[at..]);
            at += alias.as_ref().map_or(0, |(_, length)| *length);
            let name = Typed::parse(name.text).qualified();
            tables.push(Table { name, alias: alias.map(|(name, _)| name) });
            if items.get(at).is_none_or(|item| item.text != b",") {
                break;
            }
            at += 1;
        }
    }
    tables
}

/// The names that WITH gives to queries, as they are written.
pub(super) fn with_names<'t>(items: &[Item<'t>]) -> Vec<&'t [u8]> {
    if !items.first().is_some_and(|item| item.is("WITH")) {
        return Vec::new();
    }
    let mut names = Vec::new();
    let mut depth = 0;
    for (at, item) in items.iter().enumerate().skip(1) {
        match item.text {
            b"(" => depth += 1,
            b")" => depth -= 1,
            _ => {}
        }
        let before = &items[at - 1];
        let begins = before.is("WITH") || before.is("RECURSIVE") || before.text == b",";
        if depth == 0 && begins && item.is_name() && !item.is("RECURSIVE") {
            names.push(item.text);
        }
    }
    names
}

/// An alias and how many items it takes.
fn alias(items: &[Item<'_>]) -> Option<(Vec<u8>, usize)> {
    let (name, length) = match items.first()? {
        item if item.is("AS") => (items.get(1)?, 2),
        item => (item, 1),
    };
    // Words that begin the next clause but are not reserved.
    let clause = [
        "SET", "ADD", "ALTER", "DROP", "RENAME", "OWNER", "CLUSTER", "DISABLE", "ENABLE",
        "REPLICA", "ATTACH", "DETACH", "VALIDATE", "BY",
    ];
    let word = match name.kind {
        ItemKind::Word => {
            !is_reserved(&name.text.to_ascii_lowercase()) && !clause.iter().any(|w| name.is(w))
        }
        ItemKind::Name => !name.text.contains(&b'.'),
        ItemKind::Value | ItemKind::Symbol => false,
    };
    word.then(|| (Typed::parse(name.text).name, length))
}
