//! What a file is that somebody may want to restore, and what is in it.
//!
//! Owns how dumps are told apart and read: compressed or not, scripts, archives, base backups. Reads what
//! it is handed, opens nothing and runs nothing: an archive's own words are `pg_restore`'s list, which
//! whoever runs that program hands in.
//!
//! From the top down; no file uses one above it:
//!
//! ```text
//! report.rs      what is in a dump, in words
//! selection.rs   the entries of an archive that a pattern chooses, and what they need
//! summary.rs     what a script holds, found by reading it
//! script.rs      a script, statement by statement, with the rows of its COPYs
//! toc.rs         the entries of an archive, as pg_restore lists them
//! kind.rs        what the first bytes say    tar.rs          the members of a tar file
//! compression.rs what compressed it          database.rs     CREATE DATABASE for another server
//! name.rs        names as SQL writes them
//! ```

pub mod compression;
pub mod database;
pub mod kind;
pub mod name;
pub mod report;
pub mod script;
pub mod selection;
pub mod summary;
pub mod tar;
pub mod toc;
