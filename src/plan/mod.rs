//! Plans of statements: read from EXPLAIN's JSON or text, reckoned, compared and drawn.
//!
//! Owns what a plan is, what each node takes of the whole, what strikes about it and how it looks; what
//! can be explained, and by which options on which server. Never asks a server and reads no file.

mod advice;
mod amount;
mod compare;
mod details;
mod draw;
mod framing;
mod json;
mod kept;
mod layout;
mod node;
mod node_name;
mod properties;
mod shares;
mod statement;
#[cfg(test)]
mod tests;
mod text;
mod text_line;

pub use self::compare::compare;
pub use self::draw::draw;
pub use self::kept::{LastPlans, Plans};
pub use self::layout::{Charset, Look};
pub use self::node::Plan;
pub use self::statement::{Explained, How, Values, without_explain};
