//! A value whole, laid out for reading by its type.

use super::source::TableSource;
use super::{array_lines, hex_dump, json_indent};
use std::borrow::Cow;
use std::io;

/// Bytes of a value that are laid out.
const MOST: usize = 2 << 20;
/// Bytes of text that come of them.
const MOST_TEXT: usize = 16 << 20;

const BYTEA: u32 = 17;
const JSON: u32 = 114;
const JSONB: u32 = 3802;

/// The value of a row and column as text in lines: JSON indented, bytea as a dump, an array with a
/// line for each element, all else as it is. Of a very long one its beginning, and how long it is.
/// `None` is NULL.
///
/// # Errors
/// It can't be read.
pub fn whole_cell(
    source: &mut dyn TableSource,
    row: u64,
    column: usize,
) -> io::Result<Option<Vec<u8>>> {
    let encoding = source.encoding();
    let type_oid = source.columns().get(column).map_or(0, |column| column.type_oid);
    let Some(value) = source.cell(row, column, MOST)? else { return Ok(None) };
    let shown = value.bytes.len() as u64;
    let mut text = match type_oid {
        // What JSON consists of beside strings is ASCII, in any encoding whose strings are known.
        JSON | JSONB if encoding.is_ascii_safe() => json_indent::indented(&value.bytes, MOST_TEXT),
        BYTEA => hex_dump::dump(&value.bytes),
        _ => array_lines::lines(&value.bytes, type_oid, encoding),
    }
    .unwrap_or(value.bytes);
    if let Cow::Owned(shown) = encoding.for_display(&text) {
        text = shown;
    }
    if shown < value.length {
        let all = crate::progress::size(value.length);
        let shown = crate::progress::size(shown);
        text.extend_from_slice(format!("\n... ({shown} of {all})").as_bytes());
    }
    Ok(Some(text))
}
