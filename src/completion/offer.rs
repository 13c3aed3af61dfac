//! What is offered at a place of a statement: names for its placeholders, and key words.
//!
//! Owns which names go with which placeholder, and what is left out lest it hide the rest.

use std::collections::BTreeSet;

use super::candidates::{Candidate, Candidates, Nearness};
use super::catalog::{Catalog, Object, Qualified, Wanted};
use super::columns;
use super::item::Item;
use super::join;
use super::kind::CandidateKind;
use super::literal::literal;
use super::name::{Typed, is_plain, quoted};
use super::placeholder::Before;
use super::routine::{self, Choice};
use super::scope::is_aggregate;
use super::setting::{setting_values, zones};
use super::source::{Clause, Scope};
use super::unsaid;
use super::walk::Expected;
use crate::sort::sort_by_key;

/// Where the cursor is.
pub(super) struct Context<'c> {
    /// The statement before the word at the cursor.
    pub items: &'c [Item<'c>],
    pub scope: Scope,
}

/// Where an expression may begin.
const OPERAND: Expected = Expected::Placeholder("operand_name");
/// Words that are written like functions.
const LIKE_FUNCTIONS: &[&str] = &[
    "CAST",
    "COALESCE",
    "EXTRACT",
    "GREATEST",
    "GROUPING",
    "JSON_ARRAY",
    "JSON_ARRAYAGG",
    "JSON_EXISTS",
    "JSON_OBJECT",
    "JSON_OBJECTAGG",
    "JSON_QUERY",
    "JSON_SCALAR",
    "JSON_SERIALIZE",
    "JSON_TABLE",
    "JSON_VALUE",
    "LEAST",
    "NORMALIZE",
    "NULLIF",
    "OVERLAY",
    "POSITION",
    "SUBSTRING",
    "TRIM",
    "XMLCONCAT",
    "XMLELEMENT",
    "XMLFOREST",
    "XMLPARSE",
    "XMLPI",
    "XMLSERIALIZE",
    "XMLTABLE",
    "MERGE_ACTION",
];
/// Words that an expression begins with, likely enough before a letter is typed.
const LIKELY_OPERANDS: &[&str] = &[
    "ALL",
    "CASE",
    "COALESCE",
    "CURRENT_DATE",
    "CURRENT_TIMESTAMP",
    "DEFAULT",
    "DISTINCT",
    "EXISTS",
    "FALSE",
    "NOT",
    "NULL",
    "SELECT",
    "TRUE",
    "ROLLUP",
    "CUBE",
];

impl Context<'_> {
    pub fn offer(
        &self,
        expected: &BTreeSet<Expected>,
        candidates: &mut Candidates<'_>,
        catalog: &mut dyn Catalog,
    ) {
        if candidates.word.starts_with(b"'") {
            return self.offer_literals(expected, candidates, catalog);
        }
        if self.last_is_symbol("::") {
            return routine::types(false, candidates, catalog);
        }
        let mut placeholders: Vec<&str> = expected
            .iter()
            .filter_map(|expected| match expected {
                Expected::Placeholder(name) => Some(*name),
                _ => None,
            })
            .collect();
        // What functions are offered depends on the columns and tables that are.
        sort_by_key(&mut placeholders, |name| *name == "function_name");
        let mut done = BTreeSet::new();
        for placeholder in &placeholders {
            self.offer_for(placeholder, &placeholders, &mut done, candidates, catalog);
        }
        self.offer_keywords(expected, candidates);
        // The one bracket that begins a list of names here, and not what one looks for anyway.
        let lists_columns = self.items.len() > 2
            && self.items[0].is("INSERT")
            && self.items[1].is("INTO")
            && expected.contains(&Expected::Symbol("("))
            && expected.contains(&Expected::Keyword("VALUES"))
            && !expected.contains(&OPERAND);
        if lists_columns && candidates.word.is_empty() {
            candidates.push(b"(".to_vec(), CandidateKind::Keyword);
        }
    }

    fn last_is_symbol(&self, symbol: &str) -> bool {
        self.items.last().is_some_and(|item| item.is_symbol(symbol))
    }

    fn last_is(&self, words: &[&str]) -> bool {
        self.items.last().is_some_and(|item| item.is_any(words))
    }

    /// Names for a placeholder; each kind of them once.
    fn offer_for(
        &self,
        placeholder: &str,
        others: &[&str],
        done: &mut BTreeSet<Object>,
        candidates: &mut Candidates<'_>,
        catalog: &mut dyn Catalog,
    ) {
        let before = Before(self.items);
        match placeholder {
            "operand_name" => {
                if done.insert(Object::Column) {
                    self.operands(candidates, catalog);
                }
            }
            "time_zone" => zones(candidates),
            "join_column" => {
                join::common_columns(&self.scope, self.items.len(), candidates, catalog);
            }
            "refcolumn" => {
                if let Some(table) = before.name_after(&["REFERENCES"]) {
                    add_columns(&table, candidates, catalog);
                }
            }
            "relation_name.column_name" | "table_name.column_name" => {
                dotted_column(candidates, catalog);
            }
            "window_name" => self.windows(candidates),
            "alias" => unsaid::aliases(&self.scope, self.items, candidates),
            "function_name" if others.contains(&"table_name") => {
                if !self.last_is(&["ON"]) {
                    self.functions_of_from(candidates, catalog);
                }
            }
            "function_name" if others.contains(&"operand_name") => {
                self.functions_of_expression(candidates, catalog);
            }
            _ if is_support_function(placeholder) => {
                candidates.names(Object::Function, None, catalog);
            }
            _ => {
                if let Some(object) = before.object(placeholder)
                    && done.insert(object)
                {
                    self.offer_objects(object, candidates, catalog);
                }
            }
        }
    }

    fn offer_objects(
        &self,
        object: Object,
        candidates: &mut Candidates<'_>,
        catalog: &mut dyn Catalog,
    ) {
        let before = Before(self.items);
        match object {
            Object::SettingValue => setting_values(self.items, candidates, catalog),
            Object::Encoding => {
                let names = catalog.look_up(&Wanted { object, schema: None, of: None }, b"");
                candidates.literals_begun(names.into_iter().map(|name| name.name));
            }
            Object::EnumLabel => self.enum_labels(candidates, catalog),
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
                let of = self.scope.sources.first().map(|source| &source.name);
                candidates.names(object, of, catalog);
            }
            Object::RelationOfConstraint
            | Object::RelationOfPolicy
            | Object::RelationOfRule
            | Object::RelationOfTrigger => {
                let of = before.name_after(&["CONSTRAINT", "POLICY", "RULE", "TRIGGER"]);
                candidates.names(object, of.as_ref(), catalog);
            }
            Object::ExtensionVersion => {
                let of = before.name_after(&["EXTENSION"]);
                let wanted = Wanted { object, schema: None, of: of.as_ref() };
                let versions = catalog.look_up(&wanted, b"");
                candidates.literals_begun(versions.into_iter().map(|version| version.name));
            }
            Object::PreparedTransaction => {
                let names = catalog.look_up(&Wanted { object, schema: None, of: None }, b"");
                candidates.literals_begun(names.into_iter().map(|name| name.name));
            }
            Object::Type if candidates.word.is_empty() && self.last_is(&["TYPE", "EXISTS"]) => {
                candidates.names(object, None, catalog);
            }
            Object::Type => routine::types(self.defines_column(), candidates, catalog),
            Object::Relation | Object::Target | Object::Stored | Object::Table | Object::View => {
                self.relations(object, candidates, catalog);
            }
            Object::Function | Object::Procedure | Object::Routine | Object::Aggregate
                if before.begins(&["ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "SECURITY"]) =>
            {
                routine::altered(object, candidates, catalog);
            }
            Object::Function if self.last_is(&["FUNCTION", "PROCEDURE"]) => {
                routine::trigger_functions(candidates, catalog);
            }
            Object::Function => routine::functions(Choice::All, candidates, catalog),
            Object::Procedure if before.begins(&["CALL"]) => {
                let from = candidates.found.len();
                candidates.names(object, None, catalog);
                candidates.append(from, b"(");
            }
            _ => candidates.names(object, None, catalog),
        }
    }

    /// Functions in an expression, where so many would hide the columns.
    fn functions_of_expression(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        let columns = candidates.found.iter().any(|found| found.kind == CandidateKind::Column);
        let hidden = columns && !candidates.is_for_menu();
        if hidden && candidates.word.len() < 3 {
            if !candidates.word.is_empty() {
                routine::functions(Choice::Often, candidates, catalog);
            }
        } else {
            routine::functions(Choice::All, candidates, catalog);
        }
        // Where rows are not grouped yet, or never are, no aggregate may stand.
        let before_groups = matches!(
            self.scope.clause,
            Clause::On | Clause::Where | Clause::GroupBy | Clause::Set | Clause::Values
        );
        if before_groups && candidates.is_for_menu() && candidates.word.is_empty() {
            candidates.found.retain(|found| {
                let name = found.text.strip_suffix(b"(").unwrap_or(&found.text);
                found.kind != CandidateKind::Function || !is_aggregate(name)
            });
        }
    }

    /// What an expression may begin with, the nearest first.
    fn operands(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        let qualified = Typed::parse(candidates.word).schema.is_some();
        match self.scope.clause {
            Clause::On if self.last_is(&["ON", "AND"]) => {
                join::conditions(&self.scope, self.items.len(), candidates, catalog);
            }
            Clause::GroupBy | Clause::OrderBy => {
                columns::offer_outputs(&self.scope, self.items, candidates);
            }
            _ => {}
        }
        if !qualified {
            self.values(candidates, catalog);
        }
        // What is inserted knows nothing of the table's columns.
        if self.scope.clause != Clause::Values || Before(self.items).begins(&["MERGE"]) {
            columns::offer(&self.scope, candidates, catalog);
            self.columns_of_any(candidates, catalog);
        }
    }

    /// Columns of tables that are not spoken of yet.
    fn columns_of_any(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        if !candidates.is_for_menu() {
            return;
        }
        let typed = Typed::parse(candidates.word);
        match &typed.schema {
            Some(short) if candidates.found.is_empty() && self.scope.called(short).is_empty() => {
                unsaid::columns_of(short, &typed, candidates, catalog);
            }
            None if self.scope.sources.is_empty() => {
                unsaid::columns(self.items, candidates, catalog);
            }
            _ => {}
        }
    }

    fn columns(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        let before = Before(self.items);
        // `INSERT (` of MERGE, `ON CONFLICT (`.
        let bracket = self.scope.bracket.and_then(|open| self.items.get(open.checked_sub(1)?));
        let of_target = matches!(self.scope.clause, Clause::Into | Clause::Set)
            || bracket.is_some_and(|item| item.is_any(&["INSERT", "CONFLICT"]));
        if of_target && !candidates.word.contains(&b'.') {
            columns::offer_of_target(&self.scope, self.items, candidates, catalog);
        } else if before.begins(&["ALTER"]) && self.items.get(1).is_some_and(|i| i.is("TYPE")) {
            if let Some(of) = before.name_after(&["TYPE"]) {
                add_columns(&of, candidates, catalog);
            }
        } else {
            columns::offer_bare(&self.scope, candidates, catalog);
        }
    }

    /// The values of the column that is compared or set: of an enum type, or booleans.
    fn values(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        let Some(data_type) = self.type_of_compared(catalog) else { return };
        if data_type == b"boolean" {
            for word in ["TRUE", "FALSE"] {
                candidates.keyword_of(word, CandidateKind::Value);
            }
        } else if candidates.word.is_empty() {
            self.labels_of(&data_type, candidates, catalog);
        }
    }

    fn labels_of(
        &self,
        data_type: &[u8],
        candidates: &mut Candidates<'_>,
        catalog: &mut dyn Catalog,
    ) {
        // What the catalog has another word for is none.
        if data_type.contains(&b' ') || data_type.contains(&b'(') {
            return;
        }
        let of = Typed::parse(data_type).qualified();
        let wanted = Wanted { object: Object::EnumLabel, schema: None, of: Some(&of) };
        let labels = catalog.look_up(&wanted, b"");
        candidates.literals_begun(labels.into_iter().map(|label| label.name));
    }

    /// The type of the column before `=` (or its like), or of that a value is for in VALUES.
    fn type_of_compared(&self, catalog: &mut dyn Catalog) -> Option<Vec<u8>> {
        let data_type = |note: &[u8]| {
            let end = memchr::memmem::find(note, b", ").unwrap_or(note.len());
            note[..end].to_vec()
        };
        if self.scope.clause == Clause::Values {
            let column = columns::of_value(&self.scope, self.items, catalog)?;
            return Some(data_type(&column.note));
        }
        let name = match self.items {
            [.., name, sign] if [&b"="[..], b"<>", b"!="].contains(&sign.text) => name,
            [.., name, word, bracket] if word.is("IN") && bracket.is_symbol("(") => name,
            _ => return None,
        };
        if !name.is_name() {
            return None;
        }
        let typed = Typed::parse(name.text);
        let sources = match &typed.schema {
            Some(prefix) => self.scope.called(prefix),
            None => self.scope.sources.iter().chain(&self.scope.outer).collect(),
        };
        let mut columns = sources.into_iter().flat_map(|s| columns::of_source(s, catalog));
        columns.find(|column| column.name == typed.name).map(|column| data_type(&column.note))
    }

    /// What may go on in an open string.
    fn offer_literals(
        &self,
        expected: &BTreeSet<Expected>,
        candidates: &mut Candidates<'_>,
        catalog: &mut dyn Catalog,
    ) {
        for expected in expected {
            let Expected::Placeholder(placeholder) = expected else { continue };
            match *placeholder {
                "time_zone" => zones(candidates),
                "operand_name" => {
                    if let Some(data_type) = self.type_of_compared(catalog) {
                        self.labels_of(&data_type, candidates, catalog);
                    }
                }
                placeholder => match Before(self.items).object(placeholder) {
                    Some(Object::SettingValue) => setting_values(self.items, candidates, catalog),
                    Some(Object::EnumLabel) => self.enum_labels(candidates, catalog),
                    Some(
                        object @ (Object::Encoding
                        | Object::ExtensionVersion
                        | Object::PreparedTransaction),
                    ) => self.offer_objects(object, candidates, catalog),
                    _ => {}
                },
            }
        }
    }

    /// Labels of the type that ALTER TYPE names.
    fn enum_labels(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        let of = Before(self.items).name_after(&["TYPE"]);
        let wanted = Wanted { object: Object::EnumLabel, schema: None, of: of.as_ref() };
        let labels = catalog.look_up(&wanted, &literal(candidates.word));
        candidates.literals(labels.into_iter().map(|label| label.name));
    }

    /// Relations: queries of WITH, those that can be joined, those of the search_path and, with
    /// their schemas, all others.
    fn relations(
        &self,
        object: Object,
        candidates: &mut Candidates<'_>,
        catalog: &mut dyn Catalog,
    ) {
        let word = candidates.word;
        for query in &self.scope.with {
            let name = quoted(&query.name, word.starts_with(b"\""));
            if object == Object::Relation && candidates.admits(&name) {
                let query = Candidate::new(name, CandidateKind::Cte);
                candidates.add(query.near(Nearness::InScope));
            }
        }
        if self.last_is(&["JOIN"]) {
            join::tables(&self.scope, self.items.len(), candidates, catalog);
        }
        candidates.names(object, None, catalog);
        let typed = Typed::parse(word);
        // A new table gets its own name.
        if typed.schema.is_some()
            || Before(self.items).begins(&["CREATE"]) && object == Object::Table
        {
            return;
        }
        let wanted = Wanted { object: Object::RelationElsewhere, schema: None, of: None };
        for name in catalog.look_up(&wanted, &typed.name) {
            if is_of(object, &name.note) {
                let text = [quoted(&name.schema, false), quoted(&name.name, typed.quoted)];
                candidates.add_name(text.join(&b'.'), object, &name);
            }
        }
        if typed.name.is_empty() && !typed.quoted {
            let wanted = Wanted { object: Object::Schema, schema: None, of: None };
            let schemas = catalog.look_up(&wanted, b"").into_iter();
            for name in schemas.filter(|name| !is_system(&name.name)) {
                let text = [quoted(&name.name, false), b".".to_vec()].concat();
                candidates.add_name(text, Object::Schema, &name);
            }
        }
    }

    /// Functions that may stand in FROM. Where a table's name may begin so, they would hide it.
    fn functions_of_from(&self, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
        const SETS: &[&str] = &[
            "generate_series(",
            "generate_subscripts(",
            "json_array_elements(",
            "json_each(",
            "json_to_recordset(",
            "jsonb_array_elements(",
            "jsonb_array_elements_text(",
            "jsonb_each(",
            "jsonb_each_text(",
            "jsonb_object_keys(",
            "jsonb_path_query(",
            "jsonb_to_recordset(",
            "regexp_matches(",
            "regexp_split_to_table(",
            "string_to_table(",
            "unnest(",
        ];
        if candidates.word.is_empty() {
            return;
        }
        let found_tables = !candidates.found.is_empty() && !candidates.is_for_menu();
        let from = candidates.found.len();
        routine::functions(Choice::All, candidates, catalog);
        if found_tables {
            let is_set = |text: &[u8]| SETS.iter().any(|name| name.as_bytes() == text);
            candidates.retain_from(from, |candidate| {
                candidate.kind != CandidateKind::Function
                    || candidate.nearness() < Nearness::System
                    || is_set(&candidate.text)
            });
        } else if candidates.is_for_menu() {
            // One value is no table, though it may stand for one.
            let returns_rows = |note: &str| {
                [" -> SETOF ", " -> TABLE(", " -> record"].iter().any(|words| note.contains(words))
            };
            candidates.retain_from(from, |candidate| {
                let is_internal = candidate.nearness() == Nearness::Internal
                    || candidate.note.ends_with(" -> trigger");
                candidate.kind != CandidateKind::Function || !is_internal
            });
            for candidate in &mut candidates.found[from..] {
                if candidate.kind == CandidateKind::Function && !returns_rows(&candidate.note) {
                    candidate.nearness = Nearness::Internal;
                }
            }
        }
    }

    /// The windows that WINDOW names.
    fn windows(&self, candidates: &mut Candidates<'_>) {
        for name in &self.scope.windows {
            let name = quoted(name, false);
            if candidates.admits(&name) {
                candidates.add(Candidate::new(name, CandidateKind::Name).near(Nearness::InScope));
            }
        }
    }

    /// Whether the type at the cursor is that of a new column.
    fn defines_column(&self) -> bool {
        const KINDS: &[&str] = &["GLOBAL", "LOCAL", "TEMPORARY", "TEMP", "UNLOGGED", "FOREIGN"];
        let [verb, rest @ ..] = self.items else { return false };
        let kinds = rest.iter().take_while(|item| item.is_any(KINDS)).count();
        let is_table = rest.get(kinds).is_some_and(|item| item.is("TABLE"));
        let adds = || self.items.iter().any(|item| item.is("ADD"));
        is_table && (verb.is("CREATE") || verb.is("ALTER") && adds())
    }

    fn offer_keywords(&self, expected: &BTreeSet<Expected>, candidates: &mut Candidates<'_>) {
        let nothing_typed = candidates.is_terse();
        // Before a letter is typed, names say enough: IF EXISTS needs none.
        let names_found = nothing_typed && !candidates.found.is_empty();
        let operands = nothing_typed && expected.contains(&OPERAND);
        for expected in expected {
            let Expected::Keyword(word) = expected else { continue };
            let unlikely = operands && !LIKELY_OPERANDS.contains(word);
            if unlikely || names_found && (operands || *word == "IF") {
                continue;
            }
            if LIKE_FUNCTIONS.contains(word) {
                candidates.call_of_keyword(word);
            } else {
                candidates.keyword(word);
            }
        }
    }
}

/// Whether a relation of this kind is among those of `object`.
fn is_of(object: Object, kind: &[u8]) -> bool {
    match object {
        Object::Target => matches!(kind, b"table" | b"view" | b"foreign"),
        Object::Stored => matches!(kind, b"table" | b"matview" | b"foreign"),
        Object::Table => kind == b"table",
        Object::View => kind == b"view",
        _ => true,
    }
}

fn is_system(schema: &[u8]) -> bool {
    matches!(schema, b"pg_catalog" | b"information_schema")
}

/// Functions that something is made of, named without their arguments.
fn is_support_function(placeholder: &str) -> bool {
    const OTHERS: &[&str] = &[
        "sfunc",
        "ffunc",
        "combinefunc",
        "serialfunc",
        "deserialfunc",
        "msfunc",
        "minvfunc",
        "mffunc",
        "call_handler",
        "inline_handler",
        "valfunction",
        "res_proc",
        "join_proc",
        "from_sql_function_name",
        "to_sql_function_name",
    ];
    placeholder.ends_with("_function") || OTHERS.contains(&placeholder)
}

fn add_columns(of: &Qualified, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let typed = Typed::parse(candidates.word);
    for name in columns::of_relation(of, catalog) {
        if candidates.admits_name(&name.name, &typed.name) && typed.schema.is_none() {
            candidates.add_name(quoted(&name.name, typed.quoted), Object::Column, &name);
        }
    }
}

/// `table.column`: the tables, or the columns of the one that is typed.
fn dotted_column(candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let word = candidates.word;
    let from = candidates.found.len();
    candidates.names(Object::Relation, None, catalog);
    candidates.append(from, b".");
    let Some(dot) = memchr::memrchr(b'.', word) else { return };
    let table = Typed::parse(&word[..dot]).qualified();
    let typed = Typed::parse(&word[dot + 1..]);
    for name in columns::of_relation(&table, catalog) {
        if candidates.admits_name(&name.name, &typed.name) {
            let text = [&word[..=dot], &quoted(&name.name, typed.quoted)].concat();
            candidates.add_name(text, Object::Column, &name);
        }
    }
}
