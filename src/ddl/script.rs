//! The statements of several objects, in an order that replays.

use crate::sort::sort_by_key;

/// When a statement runs: what is of the same phase keeps the order of its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The object itself.
    Create,
    /// Partitions are attached.
    Attach,
    /// Indexes, once all tables are in their places.
    Index,
    /// Indexes of partitioned tables that take those of the partitions by themselves.
    IndexOfAll,
    /// Indexes of partitions are attached.
    AttachIndex,
    /// Foreign keys, once all keys are there.
    ForeignKey,
    /// What acts on changes of data: triggers, rules, policies; and who hears of them.
    React,
    /// What acts on the statements themselves: event triggers.
    Last,
}

/// The statements, collected object by object.
#[derive(Clone, Debug, Default)]
pub struct Script {
    statements: Vec<(Phase, usize, Vec<u8>)>,
    objects: usize,
}

impl Script {
    /// What comes now is of another object.
    pub fn begin_object(&mut self) {
        self.objects += 1;
    }

    /// Adds a statement, without its semicolon. A comment (`-- `) gets none.
    pub fn add(&mut self, phase: Phase, statement: impl Into<Vec<u8>>) {
        self.statements.push((phase, self.objects, statement.into()));
    }

    /// Adds several statements.
    pub fn extend(&mut self, phase: Phase, statements: impl IntoIterator<Item = Vec<u8>>) {
        for statement in statements {
            self.add(phase, statement);
        }
    }

    /// The text: each statement on lines of its own, an empty line between objects and
    /// between phases.
    pub fn text(mut self) -> Vec<u8> {
        sort_by_key(&mut self.statements, |(phase, ..)| *phase);
        let mut text = Vec::new();
        let mut before = None;
        for (phase, object, statement) in &self.statements {
            let of = if *phase == Phase::Create { *object } else { 0 };
            if before.is_some_and(|before| before != (*phase, of)) {
                text.push(b'\n');
            }
            before = Some((*phase, of));
            text.extend_from_slice(statement.trim_ascii_end());
            let is_sql = !statement.starts_with(b"-- ") && !statement.starts_with(b"\\");
            text.extend_from_slice(if is_sql { b";\n" } else { b"\n" });
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases() {
        let mut script = Script::default();
        script.begin_object();
        script.add(Phase::Create, "CREATE TABLE a ()");
        script.add(Phase::React, "CREATE TRIGGER x");
        script.add(Phase::Create, "-- a comment");
        script.begin_object();
        script.add(Phase::Create, "CREATE VIEW v AS SELECT\n");
        let expected = "CREATE TABLE a ();\n-- a comment\n\nCREATE VIEW v AS SELECT;\n\n\
                        CREATE TRIGGER x;\n";
        assert_eq!(String::from_utf8_lossy(&script.text()), expected);
    }
}
