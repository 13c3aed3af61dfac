//! A section of what stands below the columns in `\d NAME`.

use super::pg_class::Relation;
use crate::describe::command::Command;

/// A part of the footer.
pub struct Section {
    pub layout: Layout,
    /// Which relations may have it. A section must not depend on this to be empty.
    pub wanted: fn(&Relation, &Command) -> bool,
    pub lines: fn(&Command) -> Lines,
}

/// How a section's lines are set.
pub enum Layout {
    /// As they are.
    Plain,
    /// Below a heading, indented.
    Below { heading: &'static str, indent: &'static str },
    /// To the right of a heading, separated by commas.
    Beside(fn(&Relation) -> &'static str),
    /// Policies: the heading tells whether row security is on.
    Policies,
}

/// Where a section's lines come from.
pub struct Lines {
    /// The OID of the relation a line belongs to.
    pub relation: &'static str,
    /// The line.
    pub text: String,
    pub from: String,
    /// Besides belonging to the relations asked for.
    pub filter: String,
    pub order: &'static str,
}
