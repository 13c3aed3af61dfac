//! A workbook of Excel (Office Open XML, ECMA-376): sheets of typed cells, headings bold and in view
//! whatever is scrolled to. It is written from the front, so that a pipe can take it and memory does not
//! grow: texts stand in their cells, not in a table of all texts.
//!
//! The crate rust_xlsxwriter is not used: it costs 1.2 MB of the 8 that pgsh may have.

mod cell;
mod workbook;
mod zip;

pub use cell::{Cell, MOST_CHARACTERS, date, timestamp};
pub use workbook::{Column, MOST_COLUMNS, MOST_ROWS, TooLarge, Writer};
