//! Restores: `\restore` and `\restore?`, of everything that `pg_dump` and `pg_dumpall` write.
//!
//! Owns what is looked at before, that a restore is all or nothing where it can be, that a new database
//! has its name only when it is whole, and what is proven after. Scripts, and those that `pg_restore`
//! makes of archives, are run by this shell itself as a child; only several jobs are `pg_restore`'s own.
//!
//! From the top down; no file uses one above it:
//!
//! ```text
//! command.rs      a request is done, and it is told how that went    base_backup.rs  what is no dump
//! run.rs          before, during, after                              done.rs  what was restored
//! parallel.rs     pg_restore with several jobs
//! verify.rs       rows compared with those that were dumped
//! own_shell.rs    a script run                pump.rs    on its way there
//! checks.rs       what stands in the way      target.rs  the server and the database
//! contents.rs     what is in a dump           archive_tool.rs  pg_restore's list and scripts
//! dump_file.rs    a file or directory         queries.rs request.rs
//! ```

mod archive_tool;
mod base_backup;
mod checks;
mod command;
mod contents;
mod done;
mod dump_file;
mod own_shell;
mod parallel;
mod pump;
mod queries;
mod request;
mod run;
mod target;
mod verify;

pub use command::{inspect, named, restore};
pub use request::parse;
