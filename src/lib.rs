//! pgsh, a PostgreSQL shell.
//!
//! # Codemap
//!
//! ```text
//! main.rs        turns run's result into an exit status, nothing else
//! startup/       options + environment -> settings; start-up files; -c/-f actions
//! mainloop.rs    the only loop: input -> lexer -> query or meta-command
//! metacommand/   the meta-commands and what they say, a file per section of \?; mod.rs binds names to handlers
//! shell/         the struct Shell: console, connection, interactive and kept results; it answers the lexer's
//!                questions and the describe commands'
//! restore/       \restore: dumps brought back, checked before and proven after
//! schema_copy/   a scratch copy of a database's schema, to try statements on
//! backup/        \backup and \basebackup: checks before, PostgreSQL's programs, proofs after
//! query/         a QueryRequest -> one result loop -> a QueryReport; what goes before and behind a statement
//!                (`send.rs`: BEGIN for AUTOCOMMIT, savepoints; `safeguard.rs`: whether the user is asked;
//!                `timing.rs`), which results \g sends elsewhere, COPY's data to and from the server
//!                (`copy.rs`), pipelines, \watch and its arguments, the results that are kept
//! browse/        a result looked at by row number while it still comes: sparse index, sort, cancelling
//! interactive/   what only a user sees: prompts, the editor's host (`shell_host.rs`: does Enter run it?),
//!                how an answer is read (`consent.rs`), names for Tab asked for and kept
//!                (`completion_source.rs`), when to page (`paging.rs`), progress
//! connection/    decides and reports: the session and its settings, service and password files read
//!                (`settings_files.rs`), reconnecting, Ctrl-C passed on as a cancel request (`cancel.rs`),
//!                pipeline state, when the helper is asked; results as they come, spilled to a file when long
//! console/       input sources; output, and the file, pipe or pager it goes to, opened, closed and its
//!                program waited for (`target.rs`), whose status becomes variables (`exit_variables.rs`); the
//!                shell's messages with their place (`report.rs`); the server's as psql shows them, with the
//!                LINE and its caret (`server_message.rs`); variables, and those that tell of a query
//!                (`query_status.rs`)
//! session/       speaks the protocol, never prints: connecting, messages, COPY, sending cancel requests and
//!                how often (`cancel.rs`); helper/ is the second connection's thread
//! tls/           encryption, and whose certificate is believed
//! network/       sockets: addresses, look-ups, waiting, why there is no connection
//! terminal/      the user's edge: editing/ (keys -> text), editor/ (text -> screen; what Enter and Tab
//!                do), viewer/ (a result -> screen, by keys), watch_screen/ (a result again and again),
//!                drawing/ (cells -> bytes, for all of them), the clipboard, history, the pager's
//!                process, signals
//! server_tools/  PostgreSQL's own programs: found, led to the session's server, run
//! scratch/       finding, installing and starting a throwaway server
//! account.rs     the accounts of the operating system
//! --- below this line: pure, no I/O ---
//! administration/ who is connected and at what, who is to go; settings, rules of access, WAL
//! cli/           the command line's options: one table; as written; --help
//! error_fields.rs  the fields of a server's error or notice     exit_status.rs how the program ends
//! reported.rs    a failure that the user was told of
//! lexer/         statement ends, meta-command arguments, variable interpolation (`scanner.rs`)
//! variables.rs   the variable store
//! conditional.rs the \if stack
//! transaction.rs the statements that need no BEGIN before them, and those that end a savepoint: a table
//! conninfo/      connection strings, service and password files, from text
//! completion/    what may come next at the cursor, which candidates, and in what order; the queries that
//!                tell the server's names (`query.rs`)
//! ddl/           an object's name -> the statements that make it, asked for by a Host
//! describe/      pattern + server version -> queries and how to show them, run by a Host
//! watching/      a result asked for again and again: what changed, which rows came and went
//! print/         a table + options -> bytes; columns measured first (`widths.rs`)
//! result_view/   a result's rows by number, as the table viewer asks for them; a cell whole, what is copied
//! export/        what values are by their text; the files of Parquet and of Excel that typed ones go into
//! statistics/    what the planner knows of a relation's values, or what a scan counts, through a Host
//! chart/         figures -> a drawing in rows of text: bars, lines, points, histograms
//! time_zone/     zones: what clocks show there, and timestamps shown in others than they came in
//! archive/       what a dump file is, by its first bytes, and what is in it
//! type_parts.rs  what types are made of, as the server tells
//! catalog_query/ makes the shell's own queries safe under any search_path; holds none
//! grammar/       loads the tables of the directory grammar/     help.rs   \? and \h
//! history/       what was typed and how it went: the list, the text to come, the search
//! suggest/       what may have been meant: close names, psql's words, what an SQLSTATE says
//! progress.rs    how far a long statement, or a transfer of data, has come
//! plan/          plans of statements: read, reckoned, compared, drawn
//! dry_run/       what a statement would do: what is asked before and behind, what locks mean
//! safeguard/     the net under production: classes of servers, what destroys, how a question tells of it
//! secret.rs      what is not kept in the history
//! interval.rs    intervals as the server writes them
//! memory.rs      room for what may be more than there is     sort.rs  short lists sorted
//! packed.rs      texts and tables that lie in the program compressed
//! tour.rs        the tour of --tour: its steps, and when they are done
//! encoding/      a client encoding's characters: bytes and columns (`width.rs`), what is safe on a terminal,
//!                strings of JSON
//! prompt.rs      PROMPT1's escapes        highlight.rs  what a statement's words are, for their colours
//! palette.rs     the colours              number.rs  numbers and sizes in words
//! wildcard.rs    patterns with * and ?
//! ```
//!
//! # Invariants
//!
//! - Imports point down this list, never up; `tests/` holds a test that greps them.
//! - Pure modules name no `std::{fs, env, net, process}`, no rustyline, no session.
//! - Values, names and messages are bytes in the client's encoding from end to end.
//! - In script mode nothing is sent to the server that psql would not send; only the queries of the
//!   describe commands are our own, and what our own formats ask.
//! - Messages go out through the console alone, which knows their place (`psql:FILE:LINE:`); pure
//!   modules return what is wrong. Who gets a `Reported` need not say it again.

mod account;
pub mod administration;
mod archive;
mod backup;
mod browse;
pub mod catalog_query;
mod chart;
pub mod cli;
pub mod completion;
mod conditional;
mod connection;
pub mod conninfo;
mod console;
pub mod ddl;
pub mod describe;
mod dry_run;
pub mod encoding;
mod error_fields;
mod exit_status;
#[cfg(any(feature = "parquet", feature = "xlsx"))]
mod export;
pub mod grammar;
pub mod help;
mod highlight;
pub mod history;
mod interactive;
mod interval;
pub mod lexer;
mod mainloop;
mod memory;
mod metacommand;
mod network;
mod number;
mod packed;
mod palette;
mod plan;
pub mod print;
pub mod progress;
mod prompt;
mod query;
mod reported;
mod restore;
mod result_view;
mod safeguard;
mod schema_copy;
pub mod scratch;
mod secret;
pub mod server_tools;
pub mod session;
mod shell;
mod sort;
mod startup;
mod statistics;
pub mod suggest;
mod terminal;
pub mod time_zone;
mod tls;
mod tour;
mod transaction;
mod type_parts;
pub mod variables;
mod watching;
mod wildcard;

pub use exit_status::ExitStatus;

/// Runs the shell with the process's arguments.
pub fn run(args: impl Iterator<Item = std::ffi::OsString>) -> ExitStatus {
    startup::run(args.collect())
}
