//! The formats: a row of a table for each, and the look-up by name (psql's documentation, "\pset
//! format").

#[cfg(not(feature = "parquet"))]
use super::not_built_in as parquet;
#[cfg(not(feature = "xlsx"))]
use super::not_built_in as xlsx;
use super::options::Format;
use super::output::Output;
#[cfg(feature = "parquet")]
use super::parquet;
use super::row_format::Context;
use super::table::Rows;
#[cfg(feature = "xlsx")]
use super::xlsx;
use super::{
    asciidoc, csv, fitted, html, insert, json, latex, markdown, tabular, troff_ms, unaligned,
};
use std::io;

/// One format.
pub(super) struct FormatEntry {
    format: Format,
    /// Its name for `\pset format`.
    pub name: &'static str,
    origin: Origin,
    /// Prints a table or a part of one.
    print: fn(&Context<'_>, &mut dyn Rows, &mut Output<'_>) -> io::Result<()>,
}

/// Whose a format is. psql's names go first, so that every abbreviation means what it means to
/// psql.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Psql,
    Pgsh,
}

/// All formats, by name; their order is that of [`Format`].
#[rustfmt::skip]
pub(super) const FORMATS: &[FormatEntry] = {
    use Format::*;
    use Origin::{Pgsh, Psql};
    &[
        FormatEntry { format: Aligned, name: "aligned", origin: Psql, print: tabular::print },
        FormatEntry { format: Asciidoc, name: "asciidoc", origin: Psql, print: asciidoc::print },
        FormatEntry { format: Csv, name: "csv", origin: Psql, print: csv::print },
        FormatEntry { format: Fitted, name: "fitted", origin: Pgsh, print: fitted::print },
        FormatEntry { format: Html, name: "html", origin: Psql, print: html::print },
        FormatEntry { format: Insert, name: "insert", origin: Pgsh, print: insert::print },
        FormatEntry { format: Json, name: "json", origin: Pgsh, print: json::print },
        FormatEntry { format: Latex, name: "latex", origin: Psql, print: latex::print },
        FormatEntry { format: LatexLongtable, name: "latex-longtable", origin: Psql, print: latex::print_longtable },
        FormatEntry { format: Markdown, name: "markdown", origin: Pgsh, print: markdown::print },
        FormatEntry { format: Ndjson, name: "ndjson", origin: Pgsh, print: json::print },
        FormatEntry { format: Parquet, name: "parquet", origin: Pgsh, print: parquet::print },
        FormatEntry { format: TroffMs, name: "troff-ms", origin: Psql, print: troff_ms::print },
        FormatEntry { format: Unaligned, name: "unaligned", origin: Psql, print: unaligned::print },
        FormatEntry { format: Wrapped, name: "wrapped", origin: Psql, print: tabular::print },
        FormatEntry { format: Xlsx, name: "xlsx", origin: Pgsh, print: xlsx::print },
    ]
};

/// Every format is found at its own place.
const _: () = {
    let mut at = 0;
    while at < FORMATS.len() {
        assert!(FORMATS[at].format as usize == at);
        at += 1;
    }
    assert!(Format::Xlsx as usize + 1 == FORMATS.len());
};

fn entry(format: Format) -> &'static FormatEntry {
    &FORMATS[format as usize]
}

impl Format {
    /// Its name for `\pset format`.
    pub fn name(self) -> &'static str {
        entry(self).name
    }

    /// Whether psql doesn't have it. What is written in such a format appears once it is whole.
    pub fn is_own(self) -> bool {
        entry(self).origin == Origin::Pgsh
    }
}

/// Prints a table, or a part of one, in the format of its options.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    (entry(context.options.format).print)(context, rows, out)
}

/// Why a word is the name of no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotAFormat {
    /// No format's name begins so.
    Unknown,
    /// The names of these two begin so.
    Ambiguous(&'static str, &'static str),
}

/// A format by the beginning of its name; `latex` is not ambiguous. What psql would refuse may be
/// the beginning of one that it doesn't have, if those count (`has_own`).
pub(super) fn by_name(word: &[u8], has_own: bool) -> Result<Format, NotAFormat> {
    let mut found = beginning_with(word, Origin::Psql);
    match (found.next(), found.next()) {
        (None, _) => {
            let own = beginning_with(word, Origin::Pgsh);
            let mut more = own.filter(|_| has_own);
            match (more.next(), more.next()) {
                (Some(entry), None) => Ok(entry.format),
                _ => Err(NotAFormat::Unknown),
            }
        }
        (Some(first), Some(second)) if first.format != Format::Latex => {
            Err(NotAFormat::Ambiguous(first.name, second.name))
        }
        (Some(entry), _) => Ok(entry.format),
    }
}

/// The names of psql's formats.
pub(super) fn psql_names() -> Vec<&'static str> {
    beginning_with(b"", Origin::Psql).map(|entry| entry.name).collect()
}

/// The names of the others.
pub(super) fn own_names() -> Vec<&'static str> {
    beginning_with(b"", Origin::Pgsh).map(|entry| entry.name).collect()
}

fn beginning_with(word: &[u8], origin: Origin) -> impl Iterator<Item = &'static FormatEntry> {
    FORMATS.iter().filter(move |entry| {
        let beginning = entry.name.as_bytes().get(..word.len());
        entry.origin == origin && beginning.is_some_and(|b| b.eq_ignore_ascii_case(word))
    })
}
