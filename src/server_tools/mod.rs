//! PostgreSQL's own programs (`pg_dump`, `pg_restore`, `pg_basebackup` and their kin): found, chosen, led to
//! the server that the session is connected to, and run.
//!
//! Owns where they may be, which versions suit a server, how a connection is passed on, and how a
//! child is watched and stopped. Never prints, and never knows what a program is run for.
//!
//! From the top down; no file uses one above it:
//!
//! ```text
//! run.rs         runs one: its lines as they come, Ctrl-C stops it   stop.rs     how it is stopped
//! piped.rs       one whose output is read byte by byte
//! invocation.rs  a program, its environment, its private files
//! find.rs        the places looked at, and the program chosen        choose.rs   which version suits
//! target.rs      who the server is, as variables of libpq            program.rs  names, versions, packages
//! private.rs     files that nobody else can read                     at_end.rs   what no signal leaves behind
//! ```

mod at_end;
mod choose;
mod find;
mod invocation;
mod piped;
mod private;
mod program;
mod run;
mod stop;
mod target;

pub use at_end::Removal;
pub use choose::Suits;
pub use find::{NoTool, Tool, find};
pub use invocation::{CannotPass, Invocation};
pub use piped::Piped;
pub use program::{Program, major};
pub use run::{Ended, Event, run, run_while};
pub use target::TargetServer;
