//! SQL: what may come next in a statement, as names and key words.

use std::collections::BTreeSet;

use super::candidates::{Candidate, Candidates, Nearness};
use super::catalog::{Catalog, Object, Qualified, Wanted};
use super::item::{self, Item, ItemKind};
use super::kind::CandidateKind;
use super::literal::{Place, literal};
use super::name::{self, Typed, is_plain};
use super::scope::{Table, tables, with_names};
use super::token::{Kind, Token, tokens};
use super::variable::interpolation;
use super::walk::{Expected, expected};
use crate::time_zone;

/// Completes within SQL; `before` are the tokens up to the cursor.
pub(super) fn complete(
    text: &[u8],
    cursor: usize,
    before: &[Token],
    place: Place,
    catalog: &mut dyn Catalog,
) -> (usize, Vec<Candidate>) {
    let before = &before[statement_start(text, before)..];
    let start = word_start(text, cursor, before);
    let word = &text[start..cursor];
    if let Some(found) = interpolation(word, start, catalog) {
        return found;
    }
    let items = item::items(text, before, start);
    if let Some(found) = path(text, cursor, &items, before, place, catalog) {
        return found;
    }
    let after = tokens(&text[cursor..]);
    let after: Vec<Token> = after
        .into_iter()
        .take_while(|token| token.text(&text[cursor..]) != b";" && token.kind != Kind::MetaCommand)
        .map(|token| Token { start: token.start + cursor, end: token.end + cursor, ..token })
        .collect();
    let mut whole = items.clone();
    whole.extend(item::items(text, &after, text.len()));
    let context = Context { items: &items, tables: tables(&whole) };
    let mut candidates = Candidates::new(word, catalog);
    context.offer(&expected(&items), &mut candidates, catalog);
    if context.follows_new_setting(&candidates) {
        candidates.append(0, b" TO ");
    }
    candidates.finish(start)
}

/// The index of the statement's first token: behind the last semicolon and meta-command.
fn statement_start(text: &[u8], tokens: &[Token]) -> usize {
    let ends = |token: &Token| match token.kind {
        Kind::Symbol => matches!(token.text(text), b";" | b"\\;" | b"\\\\"),
        Kind::MetaCommand | Kind::Argument => true,
        _ => false,
    };
    tokens.iter().rposition(ends).map_or(0, |at| at + 1)
}

/// Where the word at the cursor begins: a name with its dots, a string, a variable.
fn word_start(text: &[u8], cursor: usize, tokens: &[Token]) -> usize {
    let mut start = cursor;
    for token in tokens.iter().rev() {
        let symbol = match token.kind {
            Kind::Word | Kind::Identifier => false,
            Kind::String if token.open && start == cursor => false,
            Kind::Variable | Kind::Number if token.end == cursor => return token.start,
            Kind::Symbol => match token.text(text) {
                b"." => true,
                b":" => return if token.end == start { token.start } else { start },
                _ => break,
            },
            _ => break,
        };
        let joins = start == cursor || symbol != (text[start] == b'.');
        if token.end != start || !joins {
            break;
        }
        start = token.start;
    }
    start
}

/// What is no name but may be typed like one, dots, slashes and all: a file of COPY, a time zone.
fn path(
    text: &[u8],
    cursor: usize,
    items: &[Item<'_>],
    tokens: &[Token],
    place: Place,
    catalog: &mut dyn Catalog,
) -> Option<(usize, Vec<Candidate>)> {
    let begins = |b: &u8| b.is_ascii_whitespace() || *b == b'=';
    let blank = text[..cursor].iter().rposition(begins).map_or(0, |at| at + 1);
    let string = tokens.last().filter(|t| t.kind == Kind::String && t.open);
    let start = string.map_or(blank, |token| token.start);
    let word = &text[start..cursor];
    let before = match string {
        Some(_) => items.to_vec(),
        None if !word.is_empty() => item::items(text, tokens, start),
        None => return None,
    };
    let like_a_path = string.is_some() || word.contains(&b'/') || word.contains(&b'.');
    let expected = expected(&before);
    let mut candidates = Candidates::new(word, catalog);
    if expected.contains(&Expected::Placeholder("'filename'")) {
        for expected in &expected {
            if let Expected::Keyword(keyword) = expected {
                candidates.keyword(keyword);
            }
        }
        candidates.files(Object::File, place, catalog);
    } else if !like_a_path {
        return None;
    } else if expected.contains(&Expected::Placeholder("'value'")) {
        Context { items: &before, tables: Vec::new() }.setting_values(&mut candidates, catalog);
    } else {
        return None;
    }
    Some(candidates.finish(start))
}

/// Functions, with the parenthesis that follows.
fn functions(candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let from = candidates.found.len();
    candidates.names(Object::Function, None, catalog);
    candidates.append(from, b"(");
    candidates.usual_functions();
}

/// Where an expression may begin or go on.
const OPERAND: Expected = Expected::Placeholder("operand_name");

struct Context<'c> {
    items: &'c [Item<'c>],
    tables: Vec<Table>,
}

impl Context<'_> {
    fn offer(
        &self,
        expected: &BTreeSet<Expected>,
        candidates: &mut Candidates<'_>,
        catalog: &mut dyn Catalog,
    ) {
        let in_string = candidates.word.starts_with(b"'");
        let nothing_typed = candidates.is_terse();
        let mut objects = BTreeSet::new();
        if self.items.last().is_some_and(|item| item.text == b"::") {
            self.types(candidates, catalog);
            return;
        }
        for next in expected {
            match next {
                // So many that they would hide the columns.
                Expected::Placeholder("function_name")
                    if nothing_typed && expected.contains(&OPERAND) => {}
                Expected::Placeholder(name) => {
                    if let Some(object) = self.object(name) {
                        objects.insert(object);
                    }
                }
                _ => {}
            }
        }
        let among_relations = objects.contains(&Object::Relation);
        let functions_too = among_relations && objects.contains(&Object::Function);
        for object in objects {
            match object {
                Object::SettingValue => self.setting_values(candidates, catalog),
                Object::EnumLabel => {
                    let of = self.name_after(&["TYPE"]);
                    let wanted = Wanted { object, schema: None, of: of.as_ref() };
                    let labels = catalog.look_up(&wanted, &literal(candidates.word));
                    candidates.literals(labels.into_iter().map(|label| label.name));
                }
                _ if in_string => {}
                Object::Column => self.columns(candidates, catalog),
                Object::Setting | Object::Channel => {
                    let folded = candidates.word.to_ascii_lowercase();
                    let wanted = Wanted { object, schema: None, of: None };
                    let names = catalog.look_up(&wanted, &folded);
                    for name in names.into_iter().filter(|name| is_plain(&name.name)) {
                        candidates.add_name(name.name.clone(), object, &name);
                    }
                }
                Object::Constraint | Object::Trigger | Object::Rule | Object::Policy => {
                    let of = self.tables.first().map(|table| &table.name);
                    candidates.names(object, of, catalog);
                }
                Object::RelationOfConstraint
                | Object::RelationOfPolicy
                | Object::RelationOfRule
                | Object::RelationOfTrigger => {
                    let of = self.name_after(&["CONSTRAINT", "POLICY", "RULE", "TRIGGER"]);
                    candidates.names(object, of.as_ref(), catalog);
                }
                Object::Type => self.types(candidates, catalog),
                Object::Relation => {
                    for name in with_names(self.items) {
                        if candidates.admits(name) {
                            let cte = Candidate::new(name.to_vec(), CandidateKind::Cte);
                            candidates.add(cte.near(Nearness::InScope));
                        }
                    }
                    candidates.names(object, None, catalog);
                }
                // Where a table may stand the many functions would hide it.
                Object::Function if among_relations => {}
                Object::Function => functions(candidates, catalog),
                _ => candidates.names(object, None, catalog),
            }
        }
        if in_string {
            return;
        }
        if functions_too && !nothing_typed && candidates.found.is_empty() {
            functions(candidates, catalog);
        }
        // Before a letter is typed, names say enough: clauses need no operand, IF EXISTS no name.
        let names_found = nothing_typed && !candidates.found.is_empty();
        let clauses = !(names_found && expected.contains(&OPERAND));
        for next in expected {
            match next {
                Expected::Keyword("IF") if names_found => {}
                Expected::Keyword(word) if clauses => candidates.keyword(word),
                _ => {}
            }
        }
    }

    /// Types, by the catalog's names and by SQL's.
    fn types(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        candidates.names(Object::Type, None, catalog);
        candidates.usual_types();
        if !candidates.word.is_empty() {
            for name in SQL_TYPES {
                candidates.keyword(name);
            }
        }
    }

    /// The columns of the statement's tables; of one of them when its name and a dot are typed.
    fn columns(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        let typed = Typed::parse(candidates.word);
        let Some(prefix) = &typed.schema else {
            for table in &self.tables {
                candidates.names(Object::Column, Some(&table.name), catalog);
            }
            candidates.aliases(&self.tables);
            return;
        };
        let dot = memchr::memrchr(b'.', candidates.word).map_or(0, |at| at + 1);
        let called = self.tables.iter().filter(|table| table.is_called(prefix));
        let mut tables: Vec<Qualified> = called.map(|table| table.name.clone()).collect();
        if tables.is_empty() {
            // Nothing is called so yet: FROM may come later.
            tables.push(Qualified { schema: None, name: prefix.clone() });
        }
        for table in &tables {
            let wanted = Wanted { object: Object::Column, schema: None, of: Some(table) };
            for name in catalog.look_up(&wanted, &typed.name) {
                let column = name::quoted(&name.name, typed.quoted);
                let text = [&candidates.word[..dot], &column].concat();
                candidates.add_name(text, Object::Column, &name);
            }
        }
    }

    /// The values of the setting that SET, ALTER SYSTEM or ALTER ROLE ... SET names.
    fn setting_values(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        let Some(at) = self.items.iter().rposition(|item| item.is("TO") || item.text == b"=")
        else {
            if self.items.last().is_some_and(|item| item.is("ZONE")) {
                zones(candidates);
            }
            return;
        };
        let Some(setting) = at.checked_sub(1).map(|at| self.items[at].text.to_ascii_lowercase())
        else {
            return;
        };
        if setting == b"timezone" || setting == b"log_timezone" {
            zones(candidates);
            return;
        }
        let of = Qualified { schema: None, name: setting.clone() };
        match setting.as_slice() {
            b"role" | b"session_authorization" => candidates.names(Object::Role, None, catalog),
            b"search_path" => candidates.names(Object::Schema, None, catalog),
            _ => {
                let wanted = Wanted { object: Object::SettingValue, schema: None, of: Some(&of) };
                let folded = literal(candidates.word).to_ascii_lowercase();
                for value in catalog.look_up(&wanted, &folded) {
                    let value = value.name;
                    let plain = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
                    if value.iter().all(plain) && !candidates.word.starts_with(b"'") {
                        candidates.push(value, CandidateKind::Value);
                    } else {
                        candidates.literals([value]);
                    }
                }
            }
        }
    }

    /// The name behind the last of these words.
    fn name_after(&self, words: &[&str]) -> Option<Qualified> {
        let is_one = |item: &Item<'_>| words.iter().any(|word| item.is(word));
        let at = self.items.iter().rposition(is_one)?;
        let name = self.items[at + 1..].iter().find(|i| !i.is("IF") && !i.is("EXISTS"))?;
        Some(Typed::parse(name.text).qualified())
    }

    /// Whether the candidates are settings that SET is about to change.
    fn follows_new_setting(&self, candidates: &Candidates<'_>) -> bool {
        let sets = match self.items {
            [set] => set.is("SET"),
            [set, scope] => set.is("SET") && (scope.is("LOCAL") || scope.is("SESSION")),
            _ => false,
        };
        sets && matches!(candidates.found.as_slice(), [only]
            if only.text.iter().any(u8::is_ascii_lowercase)
                && !super::keyword::is_keyword(&only.text))
    }

    /// What a placeholder stands for here.
    fn object(&self, placeholder: &str) -> Option<Object> {
        Some(match placeholder {
            "name" | "object_name" | "old_name" => return self.named_kind(),
            "table_name"
            | "relation_name"
            | "source_table_name"
            | "target_table_name"
            | "from_reference"
            | "reftable"
            | "referenced_table_name"
            | "with_query_name"
            | "parent_table"
            | "partition_name"
            | "table_or_view"
            | "source_table" => {
                if let Some(object) = self.relation_of() {
                    object
                } else if self.items.iter().any(|i| i.is("TRUNCATE") || i.is("LOCK")) {
                    Object::Table
                } else {
                    Object::Relation
                }
            }
            // A new column's name is anyone's guess.
            "column_name" if self.names_new_column() => return None,
            "column_name"
            | "relation_name.column_name"
            | "index_column_name"
            | "join_column"
            | "existing_column_name"
            | "refcolumn"
            | "operand_name"
            | "column_alias" => Object::Column,
            "existing_enum_value" | "neighbor_enum_value" => Object::EnumLabel,
            "configuration_parameter" => Object::Setting,
            "value" | "'value'" => Object::SettingValue,
            "constraint_name" => Object::Constraint,
            "trigger_name" => Object::Trigger,
            "policy_name" => Object::Policy,
            "rule_name" | "rewrite_rule_name" => Object::Rule,
            "index_name" => Object::Index,
            "sequence_name" => Object::Sequence,
            "view_name" => Object::View,
            "schema_name" | "new_schema" | "remote_schema" | "local_schema" | "schema" => {
                Object::Schema
            }
            "database_name" | "template" => Object::Database,
            "tablespace_name" | "new_tablespace" | "tablespace" => Object::Tablespace,
            "role_name" | "user_name" | "group_name" | "new_owner" | "role_specification"
            | "target_role" | "owner" | "username" | "existing_role" => Object::Role,
            "extension_name" if self.items.first().is_some_and(|i| i.is("CREATE")) => {
                Object::AvailableExtension
            }
            "extension_name" => Object::Extension,
            "lang_name" | "language_name" => Object::Language,
            "server_name" => Object::Server,
            "fdw_name" => Object::ForeignDataWrapper,
            "publication_name" => Object::Publication,
            "subscription_name" => Object::Subscription,
            "method" | "access_method" | "index_method" | "new_access_method" => {
                Object::AccessMethod
            }
            "opclass" => Object::OperatorClass,
            "collation" | "collation_name" => Object::Collation,
            "domain_name" => Object::Domain,
            "type" | "type_name" | "source_type" | "target_type" | "arg_type" | "column_type"
            | "underlying_type" => Object::Type,

            "function_name" | "handler_function" | "trigger_function" => Object::Function,
            "procedure_name" => Object::Procedure,
            "routine_name" => Object::Routine,
            "aggregate_name" => Object::Aggregate,
            "channel" => Object::Channel,
            "cursor_name" => Object::Cursor,
            "prepared_statement_name" => Object::PreparedStatement,
            _ => return None,
        })
    }

    /// Which relations can stand behind `TRIGGER name ON` and its like: those that have it, unless
    /// it is being made.
    fn relation_of(&self) -> Option<Object> {
        let said = |item: &&Item<'_>| !item.is("IF") && !item.is("EXISTS");
        let words: Vec<&Item<'_>> = self.items.iter().filter(said).collect();
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

    fn names_new_column(&self) -> bool {
        let is = |back: usize, word: &str| {
            let at = self.items.len().checked_sub(back);
            at.is_some_and(|at| self.items[at].is(word))
        };
        is(1, "ADD") || is(1, "COLUMN") && is(2, "ADD")
    }

    /// What `name` names: the key words before it tell.
    fn named_kind(&self) -> Option<Object> {
        let skipped = |item: &&Item<'_>| {
            !["IF", "NOT", "EXISTS", "ONLY", "CONCURRENTLY"].iter().any(|word| item.is(word))
                && item.kind != ItemKind::Symbol
        };
        let words: Vec<&Item<'_>> = self.items.iter().filter(skipped).collect();
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
        let creates = self.items.first().is_some_and(|item| item.is("CREATE"));
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

/// The types that SQL calls otherwise than the catalog does.
const SQL_TYPES: &[&str] = &[
    "BIGINT",
    "BIT",
    "BOOLEAN",
    "CHARACTER",
    "DECIMAL",
    "DOUBLE PRECISION",
    "INTEGER",
    "REAL",
    "SMALLINT",
];

/// The time zones that begin with the word, as literals.
fn zones(candidates: &mut Candidates<'_>) {
    let typed = literal(candidates.word);
    let Ok(typed) = std::str::from_utf8(&typed) else { return };
    candidates.literals(time_zone::names(typed).map(|name| name.as_bytes().to_vec()));
}
