//! What a placeholder of a synopsis stands for: the kind of names that may come.
//!
//! Owns the words of the documentation's placeholders. Knows the statement before the cursor, and
//! no catalog.

use super::catalog::{Object, Qualified};
use super::item::{Item, ItemKind};
use super::name::Typed;

/// The statement before the cursor.
#[derive(Clone, Copy)]
pub(super) struct Before<'c>(pub &'c [Item<'c>]);

impl Before<'_> {
    /// Whether the statement begins with one of these words.
    pub fn begins(self, words: &[&str]) -> bool {
        self.0.first().is_some_and(|item| item.is_any(words))
    }

    fn has(self, words: &[&str]) -> bool {
        self.0.iter().any(|item| item.is_any(words))
    }

    /// The name behind the last of these words.
    pub fn name_after(self, words: &[&str]) -> Option<Qualified> {
        let is_one = |item: &Item<'_>| words.iter().any(|word| item.is(word));
        let at = self.0.iter().rposition(is_one)?;
        let name = self.0[at + 1..].iter().find(|i| !i.is("IF") && !i.is("EXISTS"))?;
        Some(Typed::parse(name.text).qualified())
    }

    /// What a placeholder stands for here.
    pub fn object(self, placeholder: &str) -> Option<Object> {
        Some(match placeholder {
            "name" | "object_name" | "old_name" => return self.named_kind(),
            "table_name"
            | "relation_name"
            | "source_table_name"
            | "target_table_name"
            | "from_reference"
            | "reftable"
            | "referenced_table_name"
            | "parent_table"
            | "partition_name"
            | "table_or_view"
            | "source_table" => self.relation_kind(),
            // A new column's name is anyone's guess.
            "column_name" | "attribute_name" if self.names_new_column() => return None,
            "column_name"
            | "index_column_name"
            | "existing_column_name"
            | "column_alias"
            | "attribute_name" => Object::Column,
            "existing_enum_value" | "neighbor_enum_value" => Object::EnumLabel,
            "configuration_parameter" => Object::Setting,
            "value" | "'value'" => Object::SettingValue,
            "constraint_name" => Object::Constraint,
            "trigger_name" => Object::Trigger,
            "policy_name" => Object::Policy,
            "rule_name" | "rewrite_rule_name" => Object::Rule,
            "index_name" => Object::Index,
            "sequence_name" => Object::Sequence,
            "view_name" if self.begins(&["EXPLAIN"]) => Object::MaterializedView,
            "view_name" => Object::View,
            "schema_name" | "new_schema" | "remote_schema" | "local_schema" | "schema" => {
                Object::Schema
            }
            "template" if self.has(&["SEARCH"]) => Object::TextSearchTemplate,
            "database_name" | "template" => Object::Database,
            "tablespace_name" | "new_tablespace" | "tablespace" => Object::Tablespace,
            "role_name" | "user_name" | "group_name" | "new_owner" | "role_specification"
            | "target_role" | "owner" | "username" | "existing_role" | "old_role" | "new_role" => {
                Object::Role
            }
            "extension_name" if self.begins(&["CREATE"]) => Object::AvailableExtension,
            "extension_name" => Object::Extension,
            "new_version" | "version" => Object::ExtensionVersion,
            "lang_name" | "language_name" => Object::Language,
            "server_name" => Object::Server,
            "fdw_name" => Object::ForeignDataWrapper,
            "publication_name" => Object::Publication,
            "subscription_name" => Object::Subscription,
            "method" | "access_method" | "index_method" | "new_access_method" => {
                Object::AccessMethod
            }
            "sampling_method" => Object::SamplingMethod,
            "opclass" | "subtype_operator_class" => Object::OperatorClass,
            "family_name" | "sort_family_name" => Object::OperatorFamily,
            "collation" | "collation_name" | "existing_collation" => Object::Collation,
            "domain_name" => Object::Domain,
            "type" | "type_name" | "rettype" => Object::Type,
            "function_name" | "trigger_function" => Object::Function,
            "procedure_name" => Object::Procedure,
            "routine_name" if self.has(&["FUNCTION"]) => Object::Function,
            "routine_name" => Object::Routine,
            "aggregate_name" => Object::Aggregate,
            "statistics_name" => Object::Statistics,
            "channel" => Object::Channel,
            "cursor_name" => Object::Cursor,
            "prepared_statement_name" => Object::PreparedStatement,
            "transaction_id" if self.has(&["PREPARED"]) => Object::PreparedTransaction,
            "dictionary_name" | "new_dictionary" | "old_dictionary" => Object::TextSearchDictionary,
            "parser_name" => Object::TextSearchParser,
            "source_config" => Object::TextSearchConfiguration,
            "'encoding_name'" | "encoding" | "'source_encoding'" | "'dest_encoding'"
            | "source_encoding" | "dest_encoding" => Object::Encoding,
            _ => return None,
        })
    }

    /// What kind of relation the statement is for.
    fn relation_kind(self) -> Object {
        if let Some(object) = self.relation_of() {
            return object;
        }
        let last = self.0.iter().rev().find(|item| !item.is("ONLY"));
        let behind = |words: &[&str]| last.is_some_and(|item| item.is_any(words));
        if self.begins(&["TRUNCATE", "LOCK"]) || behind(&["REFERENCES", "INHERIT", "INHERITS"]) {
            Object::Table
        } else if self.begins(&["VACUUM", "ANALYZE", "CLUSTER"]) {
            Object::Stored
        } else if behind(&["INTO", "UPDATE"]) || behind(&["FROM"]) && self.deletes() {
            Object::Target
        } else {
            Object::Relation
        }
    }

    fn deletes(self) -> bool {
        let at = self.0.iter().rposition(|item| item.is("FROM"));
        at.is_some_and(|at| at > 0 && self.0[at - 1].is("DELETE"))
    }

    /// Which relations can stand behind `TRIGGER name ON` and its like: those that have it, unless
    /// it is being made.
    fn relation_of(self) -> Option<Object> {
        let said = |item: &&Item<'_>| !item.is("IF") && !item.is("EXISTS");
        let words: Vec<&Item<'_>> = self.0.iter().filter(said).collect();
        let [verb, .., kind, _, on] = words.as_slice() else { return None };
        if verb.is("CREATE") || !on.is("ON") {
            return None;
        }
        let of_kind = [
            ("CONSTRAINT", Object::RelationOfConstraint),
            ("POLICY", Object::RelationOfPolicy),
            ("RULE", Object::RelationOfRule),
            ("TRIGGER", Object::RelationOfTrigger),
        ];
        of_kind.iter().find(|(word, _)| kind.is(word)).map(|(_, object)| *object)
    }

    fn names_new_column(self) -> bool {
        let is = |back: usize, word: &str| {
            let at = self.0.len().checked_sub(back);
            at.is_some_and(|at| self.0[at].is(word))
        };
        is(1, "ADD") || is(1, "COLUMN") && is(2, "ADD")
    }

    /// What `name` names: the key words before it tell.
    fn named_kind(self) -> Option<Object> {
        let skipped = |item: &&Item<'_>| {
            !["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"].iter().any(|word| item.is(word))
                && item.kind != ItemKind::Symbol
        };
        let words: Vec<&Item<'_>> = self.0.iter().filter(skipped).collect();
        let ends_with = |kind: &str| {
            let kind: Vec<&str> = kind.split(' ').collect();
            words.len() >= kind.len()
                && words[words.len() - kind.len()..]
                    .iter()
                    .zip(&kind)
                    .all(|(item, word)| item.is(word))
        };
        // Several names may be listed: DROP TABLE a, b.
        let verb_and_kind = |kind: &str| {
            let length = kind.split(' ').count();
            words.len() > length
                && kind.split(' ').zip(&words[1..]).all(|(word, item)| item.is(word))
        };
        let creates = self.0.first().is_some_and(|item| item.is("CREATE"));
        let prepared = ["EXECUTE", "DEALLOCATE", "PREPARE"].iter().any(|word| ends_with(word));
        if prepared {
            return Some(Object::PreparedStatement);
        }
        if ["CLOSE", "DECLARE"].iter().any(|word| ends_with(word)) {
            return Some(Object::Cursor);
        }
        if ["LOCK", "TRUNCATE"].iter().any(|word| ends_with(word)) {
            return Some(Object::Table);
        }
        if ends_with("CONSTRAINTS") {
            return Some(Object::Constraint);
        }
        if ends_with("CALL") {
            return Some(Object::Procedure);
        }
        if ends_with("SHOW") || ends_with("RESET") {
            return Some(Object::Setting);
        }
        let by = |matches: &dyn Fn(&str) -> bool| {
            KINDS.iter().find(|(kind, _)| matches(kind)).map(|(_, object)| *object)
        };
        match by(&ends_with).or_else(|| by(&verb_and_kind))? {
            Object::Extension if creates => Some(Object::AvailableExtension),
            object => Some(object),
        }
    }
}

/// The key words that tell what a name names, longer ones first.
const KINDS: &[(&str, Object)] = &[
    ("TEXT SEARCH CONFIGURATION", Object::TextSearchConfiguration),
    ("TEXT SEARCH DICTIONARY", Object::TextSearchDictionary),
    ("TEXT SEARCH PARSER", Object::TextSearchParser),
    ("TEXT SEARCH TEMPLATE", Object::TextSearchTemplate),
    ("FOREIGN DATA WRAPPER", Object::ForeignDataWrapper),
    ("ACCESS METHOD", Object::AccessMethod),
    ("EVENT TRIGGER", Object::EventTrigger),
    ("FOREIGN TABLE", Object::ForeignTable),
    ("MATERIALIZED VIEW", Object::MaterializedView),
    ("OPERATOR CLASS", Object::OperatorClass),
    ("OPERATOR FAMILY", Object::OperatorFamily),
    ("AGGREGATE", Object::Aggregate),
    ("COLLATION", Object::Collation),
    ("CONVERSION", Object::Conversion),
    ("DATABASE", Object::Database),
    ("DOMAIN", Object::Domain),
    ("EXTENSION", Object::Extension),
    ("FUNCTION", Object::Function),
    ("GROUP", Object::Role),
    ("INDEX", Object::Index),
    ("LANGUAGE", Object::Language),
    ("POLICY", Object::Policy),
    ("PROCEDURE", Object::Procedure),
    ("PUBLICATION", Object::Publication),
    ("ROLE", Object::Role),
    ("ROUTINE", Object::Routine),
    ("RULE", Object::Rule),
    ("SCHEMA", Object::Schema),
    ("SEQUENCE", Object::Sequence),
    ("SERVER", Object::Server),
    ("STATISTICS", Object::Statistics),
    ("SUBSCRIPTION", Object::Subscription),
    ("TABLE", Object::Table),
    ("TABLESPACE", Object::Tablespace),
    ("TRIGGER", Object::Trigger),
    ("TYPE", Object::Type),
    ("USER", Object::Role),
    ("VIEW", Object::View),
];
