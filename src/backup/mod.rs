//! Backups: `\backup`, `\basebackup` and `\backup plan`, by PostgreSQL's own programs.
//!
//! Owns what is looked at before, how a backup gets its name only when it is whole, what is proven after,
//! and how all that is told. Never dumps anything itself.
//!
//! From the top down; no file uses one above it:
//!
//! ```text
//! command.rs     a request is done, and told in words, JSON and a status
//! dump.rs        pg_dump, pg_dumpall         base_backup.rs  pg_basebackup      plan.rs  which kind suits
//! proof.rs       can it be read again?       counts.rs       rows beside a dump
//! dump_checks.rs base_checks.rs              what is looked at before
//! source.rs      the session's server        tool_run.rs     a program run, its failure ours
//! side_session.rs  a connection beside the session, and queries.rs what it is asked
//! progress.rs    how far it has come         final_name.rs   where it is written until it is whole
//! tablespace.rs  where tablespaces go
//! failure.rs     why there is none           done.rs json.rs what there is, as it is told
//! parse.rs arguments.rs request.rs           from words to a request, and from there to arguments
//! ```

mod arguments;
mod base_backup;
mod base_checks;
mod command;
mod counts;
mod done;
mod dump;
mod dump_checks;
mod failure;
mod final_name;
mod json;
mod parse;
mod plan;
mod progress;
mod proof;
mod queries;
mod request;
mod side_session;
mod source;
mod tablespace;
mod tool_run;

pub use command::{base_backup, dump, failure_json, plan, report};
pub use counts::{count, file as counts_file};
pub use failure::{Failure, FailureKind, Findings};
pub use final_name::free_space;
pub use json::Json;
pub use parse::{Backup, Word, backup as parse_backup, base_backup as parse_base_backup};
pub use progress::{Follower, is_chatter};
pub use queries::{settle, settle_values};
pub use request::{Objections, Proof, Telling};
pub use side_session::{SideSession, is_true, number, text};
pub use source::Source;
pub use tool_run::{check_end, run_tool};
