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
pub mod pattern;
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

pub use crate::reported::Reported;
pub use host::{Answer, Context, Host, Request, View, short_version};
pub use pattern::Names;

use command::Command;

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
/// [`Reported`] when the command failed; the host has reported why.
pub fn run(request: &Request, context: &Context, host: &mut dyn Host) -> Result<Outcome, Reported> {
    let Some(handler) = handler(request.command) else {
        return Ok(Outcome::Unknown);
    };
    handler(&mut Command::new(request, context, host))?;
    Ok(Outcome::Done)
}

/// What answers a command.
type Handler = fn(&mut Command) -> Result<(), Reported>;

/// Finds what answers a command. psql looks at the first letters only: what follows them is
/// searched for `S`, `+` and `x` and otherwise ignored, except where listed here.
fn handler(command: &[u8]) -> Option<Handler> {
    let letters = match command {
        [b'd', letters @ ..] => letters,
        [b'l', b'o', b'_', b'l', b'i', b's', b't', ..] => return Some(large_object::list),
        [b'l', b'i', b's', b't', rest @ ..] | [b'l', rest @ ..] if only(rest, b"+x") => {
            return Some(database::list);
        }
        [b'z', rest @ ..] if only(rest, b"Sx") => return Some(privilege::list),
        b"sf" | b"sf+" => return Some(definition::show_function),
        b"sv" | b"sv+" => return Some(definition::show_view),
        _ => return None,
    };
    Some(match letters {
        [] | [b'+' | b'S', ..] => relation::describe,
        [b't' | b'i' | b'v' | b'm' | b's' | b'E', ..] => relation::list::list,
        [b'a', ..] => function::aggregates,
        [b'A'] | [b'A', b'+' | b'x', ..] => access_method::list,
        [b'A', b'c', ..] => access_method::classes,
        [b'A', b'f', ..] => access_method::families,
        [b'A', b'o', ..] => access_method::operators,
        [b'A', b'p', ..] => access_method::functions,
        [b'b', ..] => tablespace::list,
        [b'c', b'o', b'n', b'f', b'i', b'g', ..] => setting::list,
        [b'c', ..] => conversion::list,
        [b'C', ..] => cast::list,
        [b'd', b'p', ..] => privilege::defaults,
        [b'd', ..] => comment::list,
        [b'D', ..] => domain::list,
        [b'e', b's', ..] => foreign::servers,
        [b'e', b't', ..] => foreign::tables,
        [b'e', b'u', ..] => foreign::user_mappings,
        [b'e', b'w', ..] => foreign::wrappers,
        [b'f'] | [b'f', b'a' | b'n' | b'p' | b't' | b'w' | b'S' | b'+' | b'x', ..] => {
            function::list
        }
        [b'F'] | [b'F', b'+' | b'x', ..] => text_search::configurations,
        [b'F', b'd', ..] => text_search::dictionaries,
        [b'F', b'p', ..] => text_search::parsers,
        [b'F', b't', ..] => text_search::templates,
        [b'g' | b'u', ..] => role::list,
        [b'l', ..] => large_object::list,
        [b'L', ..] => language::list,
        [b'n', ..] => schema::list,
        [b'p', ..] => privilege::list,
        [b'P'] | [b'P', b'i' | b't' | b'n' | b'+' | b'x', ..] => relation::partitioned::list,
        [b'o', ..] => operator::list,
        [b'O', ..] => collation::list,
        [b'r', b'd', b's', ..] => role::settings,
        [b'r', b'g', ..] => role::grants,
        [b'R', b'p', ..] => publication::list,
        [b'R', b's', ..] => subscription::list,
        [b'T', ..] => types::list,
        [b'x', ..] => extension::list,
        [b'X', ..] => statistics::list,
        [b'y', ..] => event_trigger::list,
        _ => return None,
    })
}

/// Whether only modifiers of `allowed` follow, none of them twice.
fn only(rest: &[u8], allowed: &[u8]) -> bool {
    rest.iter().enumerate().all(|(i, m)| allowed.contains(m) && !rest[..i].contains(m))
}

#[cfg(test)]
mod tests;
