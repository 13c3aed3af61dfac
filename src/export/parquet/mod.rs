//! Apache Parquet, as its format's specification (github.com/apache/parquet-format) has it: typed columns
//! in groups of rows, pages that Snappy compressed, and what is where at the end. It is written from the
//! front, a group of rows at a time, so that a pipe can take it and memory does not grow.
//!
//! The crate of that name is not used: it costs 0.9 MB of the 8 that pgsh may have.

mod chunk;
mod kind;
mod thrift;
mod writer;

pub use kind::{Kind, MOST_DIGITS};
pub use writer::{Column, Writer};
