//! The text of a server's error or notice as psql shows it: which fields, in which order, and the
//! excerpt of the query with its caret.

use crate::encoding::Encoding;
use crate::number::leading_integer;
use crate::session::ErrorFields;
use crate::variables::{ShowContext, Verbosity};

/// Columns of the query excerpt in a `LINE n:` line.
const EXCERPT_COLUMNS: usize = 60;
/// Columns kept to the right of the error position when the excerpt is cut there.
const RIGHT_OF_CARET: usize = 10;

/// What decides how a message is shown.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// VERBOSITY.
    pub verbosity: Verbosity,
    /// SHOW_CONTEXT.
    pub show_context: ShowContext,
    /// The client encoding, for the excerpt's columns.
    pub encoding: Encoding,
}

impl Style {
    /// As messages are shown before any variable says otherwise.
    pub fn plain(encoding: Encoding) -> Style {
        let (verbosity, show_context) = (Verbosity::default(), ShowContext::default());
        Style { verbosity, show_context, encoding }
    }
}

/// What is said of an error that says nothing itself.
const NO_MESSAGE: &[u8] = b"no error message available\n";

/// The text of `fields`, each line ended; `query` is the statement the position refers to.
pub fn text(fields: &ErrorFields, query: Option<&[u8]>, style: Style) -> Vec<u8> {
    match all_there_is(fields, query, style) {
        nothing if nothing.trim_ascii().is_empty() => NO_MESSAGE.to_vec(),
        text => text,
    }
}

fn all_there_is(fields: &ErrorFields, query: Option<&[u8]>, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    let severity = fields.get(b'S');
    if let Some(severity) = severity {
        out.extend_from_slice(severity);
        out.extend_from_slice(b":  ");
    }
    let sqlstate = fields.get(b'C');
    let verbose = style.verbosity == Verbosity::Verbose;
    if style.verbosity == Verbosity::SqlState {
        // An error without a SQLSTATE shows its message instead.
        if let Some(sqlstate) = sqlstate {
            out.extend_from_slice(sqlstate);
            out.push(b'\n');
            return out;
        }
    }
    if verbose && let Some(sqlstate) = sqlstate {
        out.extend_from_slice(sqlstate);
        out.extend_from_slice(b": ");
    }
    out.extend_from_slice(fields.get(b'M').unwrap_or_default());

    let outer = fields.get(b'P').map(|at| (at, query));
    let place = outer.or_else(|| Some((fields.get(b'p')?, fields.get(b'q'))));
    let terse = matches!(style.verbosity, Verbosity::Terse | Verbosity::SqlState);
    match place {
        Some((at, Some(query))) if !terse => {
            out.push(b'\n');
            let at = usize::try_from(leading_integer(at)).unwrap_or(0);
            if at > 0 {
                excerpt(&mut out, query, at, style.encoding);
            }
        }
        Some((at, _)) => {
            out.extend_from_slice(b" at character ");
            out.extend_from_slice(at);
            out.push(b'\n');
        }
        None => out.push(b'\n'),
    }
    if terse {
        return out;
    }
    let is_error =
        matches!(fields.get(b'V').or(severity), Some(b"ERROR" | b"FATAL" | b"PANIC") | None);
    let with_context = match style.show_context {
        ShowContext::Never => false,
        ShowContext::Errors => is_error,
        ShowContext::Always => true,
    };
    let mut line = |title: &str, code: u8| {
        if let Some(value) = fields.get(code) {
            out.extend_from_slice(title.as_bytes());
            out.extend_from_slice(b":  ");
            out.extend_from_slice(value);
            out.push(b'\n');
        }
    };
    line("DETAIL", b'D');
    line("HINT", b'H');
    line("QUERY", b'q');
    if with_context {
        line("CONTEXT", b'W');
    }
    if verbose {
        line("SCHEMA NAME", b's');
        line("TABLE NAME", b't');
        line("COLUMN NAME", b'c');
        line("DATATYPE NAME", b'd');
        line("CONSTRAINT NAME", b'n');
        location(&mut out, fields);
    }
    out
}

/// `LOCATION:  function, file:line`, as far as the fields are there.
fn location(out: &mut Vec<u8>, fields: &ErrorFields) {
    let (file, line, routine) = (fields.get(b'F'), fields.get(b'L'), fields.get(b'R'));
    if file.is_none() && line.is_none() && routine.is_none() {
        return;
    }
    out.extend_from_slice(b"LOCATION:  ");
    if let Some(routine) = routine {
        out.extend_from_slice(routine);
        out.extend_from_slice(b", ");
    }
    if let (Some(file), Some(line)) = (file, line) {
        out.extend_from_slice(file);
        out.push(b':');
        out.extend_from_slice(line);
    }
    out.push(b'\n');
}

/// One character of the excerpted line: its bytes and the columns it fills.
struct Glyph<'q> {
    bytes: &'q [u8],
    columns: usize,
}

/// Appends `LINE n: ...` and the caret below character `at` (from 1) of `query`.
fn excerpt(out: &mut Vec<u8>, query: &[u8], at: usize, encoding: Encoding) {
    // Split the query into characters, finding the line the position lies in.
    let mut line_number = 1;
    let mut line_start = 0;
    let mut offset = 0;
    let mut caret_byte = None;
    let mut characters = 0;
    while offset < query.len() {
        characters += 1;
        if characters == at {
            caret_byte = Some(offset);
            break;
        }
        let len = encoding.char_len(&query[offset..]);
        if ends_line(query, offset) {
            line_number += 1;
            line_start = offset + 1;
        }
        offset += len;
    }
    // A position just past the end is the end; further out there is nothing to show.
    let caret_byte = match caret_byte {
        Some(byte) => byte,
        None if characters + 1 == at => query.len(),
        None => return,
    };
    let mut glyphs = Vec::new();
    let mut caret = None;
    let mut offset = line_start;
    while offset < query.len() && !matches!(query[offset], b'\n' | b'\r') {
        if offset == caret_byte {
            caret = Some(glyphs.len());
        }
        let len = encoding.char_len(&query[offset..]);
        let bytes = &query[offset..offset + len];
        glyphs.push(if bytes == b"\t" {
            Glyph { bytes: b" ", columns: 1 }
        } else {
            Glyph {
                bytes,
                // Here a combining character counts as a column, too.
                columns: encoding.display_width(bytes).max(1),
            }
        });
        offset += len;
    }
    let caret = caret.unwrap_or(glyphs.len());
    let (from, to) = window(&glyphs, caret);

    let title = format!("LINE {line_number}: ");
    let mut before_caret = title.len();
    out.extend_from_slice(title.as_bytes());
    if from > 0 {
        out.extend_from_slice(b"...");
        before_caret += 3;
    }
    for glyph in &glyphs[from..to] {
        out.extend_from_slice(glyph.bytes);
    }
    if to < glyphs.len() {
        out.extend_from_slice(b"...");
    }
    out.push(b'\n');
    before_caret += glyphs[from..caret].iter().map(|g| g.columns).sum::<usize>();
    out.resize(out.len() + before_caret, b' ');
    out.extend_from_slice(b"^\n");
}

/// Whether the byte at `offset` is the last of a line end: `\n`, or `\r` without `\n` after it.
fn ends_line(query: &[u8], offset: usize) -> bool {
    match query[offset] {
        b'\n' => true,
        b'\r' => query.get(offset + 1) != Some(&b'\n'),
        _ => false,
    }
}

/// The glyphs to show, `from..to`, so that at most [`EXCERPT_COLUMNS`] are filled and the caret has
/// some room to its right: a short line whole, else its beginning or its end if the caret is near
/// there, else the middle.
fn window(glyphs: &[Glyph<'_>], caret: usize) -> (usize, usize) {
    let columns =
        |from: usize, to: usize| glyphs[from..to].iter().map(|g| g.columns).sum::<usize>();
    let (mut from, mut to) = (0, glyphs.len());
    let mut width = columns(from, to);
    if width <= EXCERPT_COLUMNS {
        return (from, to);
    }
    let keep = columns(0, caret) + RIGHT_OF_CARET;
    if keep <= EXCERPT_COLUMNS {
        while width > EXCERPT_COLUMNS {
            to -= 1;
            width -= glyphs[to].columns;
        }
        return (from, to);
    }
    // The "..." at a cut end takes three columns of the room.
    let mut right = columns(caret, to);
    if right > RIGHT_OF_CARET {
        while right > RIGHT_OF_CARET {
            to -= 1;
            right -= glyphs[to].columns;
            width -= glyphs[to].columns;
        }
    }
    while width > EXCERPT_COLUMNS {
        width -= glyphs[from].columns;
        from += 1;
    }
    (from, to)
}
