//! A scratch copy of a database's schema, for `\dryrun --on-scratch`: without its rows, on a server of our
//! own, gone with the value.
//!
//! Owns what is copied, what could not be, and how large the tables are where they come from. What was
//! copied may be hostile: all of it runs as an ordinary role. Never knows what the copy is for.
//!
//! ```text
//! copy.rs        pg_dump from there, pg_restore to here
//! original.rs    the size of the tables there        said.rs  what pg_restore says could not be made
//! ```

mod copy;
mod original;
mod said;

pub use copy::SchemaCopy;
