//! What a candidate is: a key word, a table, a function.

use super::catalog::Object;

/// Defines [`CandidateKind`] and the words of its members from the same list.
macro_rules! kinds {
    ($($name:ident $word:literal,)*) => {
        /// What a candidate is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum CandidateKind {
            $($name,)*
        }

        impl CandidateKind {
            const WORDS: &[(CandidateKind, &str)] = &[$((CandidateKind::$name, $word)),*];
        }
    };
}

kinds! {
    Keyword "keyword",
    Column "column",
    Table "table",
    View "view",
    MaterializedView "matview",
    ForeignTable "foreign",
    Sequence "sequence",
    Index "index",
    // A query of WITH.
    Cte "cte",
    // What FROM calls something.
    Alias "alias",
    // A condition that joins.
    Join "join",
    Function "function",
    Procedure "procedure",
    Schema "schema",
    Type "type",
    Database "database",
    Role "role",
    Setting "setting",
    // A literal: of a setting, of an enum type, a boolean.
    Value "value",
    File "file",
    Directory "directory",
    Variable "variable",
    MetaCommand "command",
    // Several words that are taken at once.
    Snippet "snippet",
    Extension "extension",
    Constraint "constraint",
    Trigger "trigger",
    Policy "policy",
    Rule "rule",
    Server "server",
    Language "language",
    Collation "collation",
    Statement "statement",
    Cursor "cursor",
    Channel "channel",
    Option "option",
    // Anything else that has a name.
    Name "name",
}

impl CandidateKind {
    /// The word by which a menu shows it.
    pub fn word(self) -> &'static str {
        let own = Self::WORDS.iter().find(|(kind, _)| *kind == self);
        own.map_or("", |(_, word)| word)
    }

    /// The kind that bears this word.
    pub(super) fn of_word(word: &[u8]) -> Option<CandidateKind> {
        let own = Self::WORDS.iter().find(|(_, own)| own.as_bytes() == word);
        own.map(|(kind, _)| *kind)
    }

    /// The kind of names of `object`, as far as that tells.
    pub(super) fn of_object(object: Object) -> CandidateKind {
        match object {
            Object::Aggregate
            | Object::AggregateWithArguments
            | Object::Function
            | Object::FunctionWithArguments
            | Object::Routine
            | Object::RoutineWithArguments => CandidateKind::Function,
            Object::AvailableExtension | Object::Extension => CandidateKind::Extension,
            Object::Channel => CandidateKind::Channel,
            Object::Collation => CandidateKind::Collation,
            Object::Column | Object::FunctionColumn | Object::ResultColumn => CandidateKind::Column,
            Object::Constraint => CandidateKind::Constraint,
            Object::Cursor => CandidateKind::Cursor,
            Object::Database => CandidateKind::Database,
            Object::Directory => CandidateKind::Directory,
            Object::Domain | Object::Type => CandidateKind::Type,
            Object::EnumLabel | Object::SettingValue => CandidateKind::Value,
            Object::EnvironmentVariable | Object::Variable => CandidateKind::Variable,
            Object::File => CandidateKind::File,
            Object::ForeignTable => CandidateKind::ForeignTable,
            Object::Index => CandidateKind::Index,
            Object::Language => CandidateKind::Language,
            Object::MaterializedView => CandidateKind::MaterializedView,
            Object::PartitionedRelation
            | Object::Relation
            | Object::RelationElsewhere
            | Object::RelationOfConstraint
            | Object::RelationOfPolicy
            | Object::RelationOfRule
            | Object::RelationOfTrigger
            | Object::Stored
            | Object::Table
            | Object::Target => CandidateKind::Table,
            Object::Policy => CandidateKind::Policy,
            Object::PreparedStatement => CandidateKind::Statement,
            Object::Procedure | Object::ProcedureWithArguments => CandidateKind::Procedure,
            Object::Role => CandidateKind::Role,
            Object::Rule => CandidateKind::Rule,
            Object::Schema => CandidateKind::Schema,
            Object::Sequence => CandidateKind::Sequence,
            Object::Server => CandidateKind::Server,
            Object::Setting => CandidateKind::Setting,
            Object::Trigger => CandidateKind::Trigger,
            Object::View => CandidateKind::View,
            _ => CandidateKind::Name,
        }
    }

    /// Whether rows can be read from it.
    pub(super) fn is_relation(self) -> bool {
        use CandidateKind::*;
        matches!(self, Table | View | MaterializedView | ForeignTable | Sequence | Index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_short_and_belong_to_one_kind() {
        for (kind, word) in CandidateKind::WORDS {
            assert_eq!(CandidateKind::of_word(word.as_bytes()), Some(*kind));
            assert_eq!(kind.word(), *word);
            assert!(word.len() <= 10, "{word}");
        }
    }
}
