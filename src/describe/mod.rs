//! The `\d` family: which catalog queries answer a command, and how the answers are shown.
//!
//! Owns our own catalog queries, written from the documentation of the system catalogs, for
//! servers from 9.2. It executes nothing: a [`Host`] runs the queries and prints the tables.

mod access_method;
mod cast;
mod collation;
mod command;
mod comment;
mod conversion;
mod database;
pub mod definition;
mod domain;
mod event_trigger;
mod extension;
mod foreign;
mod function;
mod host;
mod language;
mod large_object;
mod operator;
mod pattern;
mod privilege;
mod publication;
mod relation;
mod role;
mod schema;
mod setting;
mod sql;
mod statistics;
mod subscription;
mod tablespace;
mod text_search;
mod types;

pub use host::{Answer, Context, Failed, Host, Request, View, short_version};

use command::{Command, Handler};

/// Whether a command was one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Done,
    /// There is no such command; nothing was sent or said.
    Unknown,
}

/// Runs a describe command. Servers older than 9.2, and what is no PostgreSQL, are asked as 9.2 is,
/// and say themselves what they don't know.
///
/// # Errors
/// [`Failed`] when the command failed; the host has reported why.
pub fn run(request: &Request, context: &Context, host: &mut dyn Host) -> Result<Outcome, Failed> {
    let Some(Handler { run, .. }) = handler(request.command) else {
        return Ok(Outcome::Unknown);
    };
    let mut command = Command::new(request, context, host);
    run(&mut command)?;
    Ok(Outcome::Done)
}

/// How many patterns a command takes; `None` if there is no such command.
pub fn max_patterns(command: &[u8]) -> Option<usize> {
    handler(command).map(|h| h.patterns)
}

/// Finds who answers a command. psql looks at the first letters only: what follows them is
/// searched for `S`, `+` and `x` and otherwise ignored, except where listed here.
fn handler(command: &[u8]) -> Option<Handler> {
    let one = |run| Some(Handler { run, patterns: 1 });
    let two = |run| Some(Handler { run, patterns: 2 });
    let letters = match command {
        [b'd', letters @ ..] => letters,
        [b'l', b'o', b'_', b'l', b'i', b's', b't', ..] => return one(large_object::list),
        [b'l', b'i', b's', b't', rest @ ..] | [b'l', rest @ ..] if only(rest, b"+x") => {
            return one(database::list);
        }
        [b'z', rest @ ..] if only(rest, b"Sx") => return one(privilege::list),
        b"sf" | b"sf+" => return one(definition::show_function),
        b"sv" | b"sv+" => return one(definition::show_view),
        _ => return None,
    };
    match letters {
        [] | [b'+' | b'S', ..] => one(relation::describe),
        [b't' | b'i' | b'v' | b'm' | b's' | b'E', ..] => one(relation::list::list),
        [b'a', ..] => one(function::aggregates),
        [b'A'] | [b'A', b'+' | b'x', ..] => one(access_method::list),
        [b'A', b'c', ..] => two(access_method::classes),
        [b'A', b'f', ..] => two(access_method::families),
        [b'A', b'o', ..] => two(access_method::operators),
        [b'A', b'p', ..] => two(access_method::functions),
        [b'b', ..] => one(tablespace::list),
        [b'c', b'o', b'n', b'f', b'i', b'g', ..] => one(setting::list),
        [b'c', ..] => one(conversion::list),
        [b'C', ..] => one(cast::list),
        [b'd', b'p', ..] => one(privilege::defaults),
        [b'd', ..] => one(comment::list),
        [b'D', ..] => one(domain::list),
        [b'e', b's', ..] => one(foreign::servers),
        [b'e', b't', ..] => one(foreign::tables),
        [b'e', b'u', ..] => one(foreign::user_mappings),
        [b'e', b'w', ..] => one(foreign::wrappers),
        [b'f'] | [b'f', b'a' | b'n' | b'p' | b't' | b'w' | b'S' | b'+' | b'x', ..] => {
            Some(Handler { run: function::list, patterns: 1 + function::MAX_ARGUMENTS })
        }
        [b'F'] | [b'F', b'+' | b'x', ..] => one(text_search::configurations),
        [b'F', b'd', ..] => one(text_search::dictionaries),
        [b'F', b'p', ..] => one(text_search::parsers),
        [b'F', b't', ..] => one(text_search::templates),
        [b'g' | b'u', ..] => one(role::list),
        [b'l', ..] => one(large_object::list),
        [b'L', ..] => one(language::list),
        [b'n', ..] => one(schema::list),
        [b'p', ..] => one(privilege::list),
        [b'P'] | [b'P', b'i' | b't' | b'n' | b'+' | b'x', ..] => one(relation::partitioned::list),
        [b'o', ..] => Some(Handler { run: operator::list, patterns: 1 + function::MAX_ARGUMENTS }),
        [b'O', ..] => one(collation::list),
        [b'r', b'd', b's', ..] => two(role::settings),
        [b'r', b'g', ..] => one(role::grants),
        [b'R', b'p', ..] => one(publication::list),
        [b'R', b's', ..] => one(subscription::list),
        [b'T', ..] => one(types::list),
        [b'x', ..] => one(extension::list),
        [b'X', ..] => one(statistics::list),
        [b'y', ..] => one(event_trigger::list),
        _ => None,
    }
}

/// Whether only modifiers of `allowed` follow, none of them twice.
fn only(rest: &[u8], allowed: &[u8]) -> bool {
    rest.iter().enumerate().all(|(i, m)| allowed.contains(m) && !rest[..i].contains(m))
}

#[cfg(test)]
mod tests;
