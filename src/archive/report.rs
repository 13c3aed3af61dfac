//! What is in a dump, as tables to show.

use super::summary::{Summary, TableRows};
use super::toc::{Entry, Toc};
use crate::describe::View;
use crate::print::{Column, RowBuffer};
use crate::progress::size;
use crate::sort::sort_by_key;
use std::collections::BTreeMap;

const TEXT: u32 = 25;
const INT8: u32 = 20;
/// How long a line of a list is.
const WIDTH: usize = 60;

/// Kinds that say nothing by themselves: what is told of others, and what they hold.
const NOT_COUNTED: [&str; 12] = [
    "DATABASE",
    "DATABASE PROPERTIES",
    "ENCODING",
    "MATERIALIZED VIEW DATA",
    "SEARCHPATH",
    "SEQUENCE OWNED BY",
    "SEQUENCE SET",
    "STATISTICS DATA",
    "STDSTRINGS",
    "TABLE ATTACH",
    "TABLE DATA",
    "BLOB METADATA",
];

/// What is known of the file itself.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Its name.
    pub path: String,
    /// What it is, in words.
    pub kind: String,
    /// What compressed all of it.
    pub compression: Option<&'static str>,
    /// How many bytes it has.
    pub bytes: u64,
}

/// What it is: a row for each thing known.
pub fn properties(file: &File, toc: Option<&Toc>, summary: &Summary) -> View {
    let mut rows: Vec<(&str, String)> = vec![("Kind", file.kind.clone())];
    rows.push(("Size", size(file.bytes)));
    let inside = toc.map(|toc| toc.header.compression.clone()).filter(|found| !found.is_empty());
    let compression = match (file.compression, inside) {
        (Some(outside), Some(inside)) if inside != "none" => {
            format!("{outside}, and {inside} inside")
        }
        (Some(outside), _) => outside.to_owned(),
        (None, Some(inside)) => inside,
        (None, None) => "none".to_owned(),
    };
    rows.push(("Compression", compression));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let header = toc.map(|toc| &toc.header);
    let databases = || list(summary.databases.iter().map(|name| text(name)));
    rows.push(("Database", header.map_or_else(databases, |header| text(&header.database))));
    let made = header.map(|header| header.created.clone());
    rows.push(("Dumped at", made.or(summary.started.clone()).unwrap_or_default()));
    let server = header.map(|header| header.server_version.clone());
    rows.push(("From server", server.or(summary.server_version.clone()).unwrap_or_default()));
    let program = header.map(|header| header.program_version.clone());
    rows.push(("By pg_dump", program.or(summary.program_version.clone()).unwrap_or_default()));
    rows.push(("Encoding", summary.encoding.clone().unwrap_or_default()));
    rows.push(("Objects", objects(toc, summary)));
    rows.push(("Extensions", list(summary.extensions.iter().map(|name| text(name)))));
    rows.push(("Needs roles", list(summary.needed_roles().map(|name| text(name)))));
    rows.push(("Needs tablespaces", list(summary.needed_tablespaces().map(|name| text(name)))));
    if toc.is_none() {
        rows.push(("Statements", summary.statements.to_string()));
        rows.push(("psql's commands", list(summary.commands.iter().map(|name| text(name)))));
        let complete = if summary.is_complete { "yes" } else { "its last line does not say so" };
        rows.push(("Complete", complete.to_owned()));
    }
    let mut buffer = RowBuffer::default();
    for (_, value) in &mut rows {
        *value = wrapped(value);
    }
    for (label, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        buffer.push([Some(label.as_bytes()), Some(value.as_bytes())]);
    }
    View {
        title: Some(format!("Dump \"{}\"", file.path).into_bytes()),
        columns: [("Property", TEXT), ("Value", TEXT)].map(column).to_vec(),
        rows: buffer,
        footers: Some(Vec::new()),
        expanded: None,
    }
}

/// The tables, where there are some, with their rows or the sizes of their data.
pub fn tables(toc: Option<&Toc>, summary: &Summary, sizes: &BTreeMap<u32, u64>) -> Option<View> {
    let lines: Vec<[Option<Vec<u8>>; 4]> = match toc {
        Some(toc) => {
            toc.entries.iter().filter(is_listed).map(|e| archived(e, toc, sizes)).collect()
        }
        None => summary.tables.iter().map(scripted).collect(),
    };
    let last = match (toc, sizes.is_empty()) {
        (None, _) => Some(("Rows", INT8)),
        (Some(_), false) => Some(("Size of data", TEXT)),
        (Some(_), true) => None,
    };
    let mut columns = vec![column(("Schema", TEXT)), column(("Name", TEXT))];
    columns.push(column(if toc.is_some() { ("Owner", TEXT) } else { ("Size", TEXT) }));
    columns.extend(last.map(column));
    let mut rows = RowBuffer::default();
    for line in &lines {
        rows.push(line.iter().take(columns.len()).map(Option::as_deref));
    }
    (!lines.is_empty()).then(|| View {
        title: Some(b"Tables in the dump".to_vec()),
        columns,
        rows,
        footers: None,
        expanded: None,
    })
}

fn is_listed(entry: &&Entry) -> bool {
    entry.is_table()
}

fn archived(entry: &Entry, toc: &Toc, sizes: &BTreeMap<u32, u64>) -> [Option<Vec<u8>>; 4] {
    let data = toc.entries.iter().find(|one| one.kind == "TABLE DATA" && one.oid == entry.oid);
    let bytes = data.and_then(|data| sizes.get(&data.id)).map(|bytes| size(*bytes).into_bytes());
    [Some(entry.schema.clone()), Some(entry.name.clone()), Some(entry.owner.clone()), bytes]
}

fn scripted(table: &TableRows) -> [Option<Vec<u8>>; 4] {
    let (bytes, rows) = (size(table.bytes), table.rows.to_string());
    [
        Some(table.schema.clone()),
        Some(table.name.clone()),
        Some(bytes.into_bytes()),
        Some(rows.into_bytes()),
    ]
}

fn column((name, oid): (&str, u32)) -> Column {
    Column::of_type(name.into(), oid)
}

/// `12 tables, 3 views, 1 function`
pub fn objects(toc: Option<&Toc>, summary: &Summary) -> String {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    match toc {
        Some(toc) => {
            toc.entries.iter().for_each(|one| *counts.entry(one.kind.clone()).or_default() += 1)
        }
        None => counts.clone_from(&summary.objects),
    }
    counts.retain(|kind, _| !NOT_COUNTED.contains(&kind.as_str()));
    let mut counts: Vec<_> = counts.into_iter().collect();
    sort_by_key(&mut counts, |(_, count)| std::cmp::Reverse(*count));
    list(counts.iter().map(|(kind, count)| format!("{count} {}", plural(kind, *count))))
}

/// `table`, `foreign key`
pub fn singular(kind: &str) -> String {
    match kind {
        "ACL" => "grant list".to_owned(),
        "FK CONSTRAINT" => "foreign key".to_owned(),
        "BLOBS" | "BLOB" => "set of large objects".to_owned(),
        kind => kind.to_lowercase(),
    }
}

/// `tables`, `foreign keys`, `indexes`
fn plural(kind: &str, count: u64) -> String {
    let word = singular(kind);
    match word.chars().last() {
        _ if count == 1 || word.ends_with("statistics") => word,
        Some('x') => format!("{word}es"),
        Some('y') if !word.ends_with("key") => format!("{}ies", &word[..word.len() - 1]),
        _ => match word.strip_prefix("set ") {
            Some(rest) => format!("sets {rest}"),
            None => format!("{word}s"),
        },
    }
}

/// A long list on several lines.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for name in text.split_inclusive(", ") {
        match lines.last_mut() {
            Some(line) if line.chars().count() + name.chars().count() <= WIDTH => {
                line.push_str(name)
            }
            _ => lines.push(name.to_owned()),
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_in_words() {
        for (kind, count, expected) in [
            ("TABLE", 1, "table"),
            ("TABLE", 2, "tables"),
            ("INDEX", 2, "indexes"),
            ("POLICY", 2, "policies"),
            ("FK CONSTRAINT", 3, "foreign keys"),
            ("BLOBS", 2, "sets of large objects"),
            ("STATISTICS", 2, "statistics"),
        ] {
            assert_eq!(plural(kind, count), expected);
        }
    }
}
