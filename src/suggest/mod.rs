//! What a user may have meant: names that are close to one that isn't there, psql's words for those
//! of other shells, what an SQLSTATE says.
//!
//! Owns the words and the queries. Never knows a connection: who asks the catalog hands its answer
//! in.

mod alternatives;
pub mod closeness;
pub mod foreign;
pub mod help_page;
mod missing;
mod query;
pub mod sqlstate;
mod type_name;

#[cfg(test)]
mod tests;

use crate::error_fields::ErrorFields;
pub use alternatives::alternatives;
pub use missing::{Kind, Missing};
pub use query::Found;

/// The variable that a query names without its being set: `:name` goes to the server as it stands.
pub fn unset_variable(error: &ErrorFields, query: &str) -> Option<String> {
    let place = missing::place_in(query, error.get(b'P')?)?.strip_prefix(':')?;
    let name = place.trim_start_matches(['\'', '"']);
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    (end > 0).then(|| name[..end].to_owned())
}
