//! What the statement around the cursor speaks of: tables, queries of WITH, columns it makes itself.
//!
//! Owns which of a statement's names can be meant at the cursor. Reads whole statements, behind the
//! cursor too, however unfinished; knows no catalog.

use super::item::{Item, ItemKind, closings};
use super::keyword::is_reserved;
use super::name::Typed;
use super::source::{Clause, Columns, Output, OutputColumn, Scope, Source, WithQuery};

/// The names that can be meant at `cursor`, the index of the item behind it.
pub(super) fn scope_at(items: &[Item<'_>], cursor: usize) -> Scope {
    let reader = Reader { items, closings: query_closings(items, cursor) };
    reader.scope(cursor)
}

/// Words that a query begins with.
const VERBS: &[&str] =
    &["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE"];
/// Words that a select list ends before.
const BEHIND_LIST: &[&str] = &[
    "FROM",
    "INTO",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
    "ON",
];
const SET_OPERATIONS: &[&str] = &["UNION", "INTERSECT", "EXCEPT"];
/// The aggregates people call.
const AGGREGATES: &[&str] = &[
    "ARRAY_AGG",
    "AVG",
    "BIT_AND",
    "BIT_OR",
    "BOOL_AND",
    "BOOL_OR",
    "COUNT",
    "EVERY",
    "JSON_AGG",
    "JSON_ARRAYAGG",
    "JSON_OBJECTAGG",
    "JSON_OBJECT_AGG",
    "JSONB_AGG",
    "JSONB_OBJECT_AGG",
    "MAX",
    "MIN",
    "MODE",
    "PERCENTILE_CONT",
    "PERCENTILE_DISC",
    "STDDEV",
    "STRING_AGG",
    "SUM",
    "VARIANCE",
];

/// Whether this names an aggregate that people call.
pub(super) fn is_aggregate(name: &[u8]) -> bool {
    AGGREGATES.iter().any(|aggregate| aggregate.as_bytes().eq_ignore_ascii_case(name))
}
/// Functions whose arguments may have FROM between them.
const WITH_FROM: &[&str] = &["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY"];

/// Where brackets close; one that is open at the cursor does not close behind a word that only a
/// query has, so that `SELECT count(| FROM t` still has its FROM.
fn query_closings(items: &[Item<'_>], cursor: usize) -> Vec<Option<usize>> {
    let mut closings = closings(items);
    let is_open = |at: usize, closings: &[Option<usize>]| {
        items[at].opens() && closings[at].is_none_or(|end| end >= cursor)
    };
    let mut open: Vec<usize> = (0..cursor).filter(|at| is_open(*at, &closings)).collect();
    for (at, item) in items.iter().enumerate().skip(cursor) {
        if item.closes() {
            open.pop();
        } else if item.opens() {
            break;
        } else if item.is_any(&["FROM", "WHERE"])
            && let Some(&bracket) = open.last()
            && !items.get(bracket + 1).is_some_and(|item| item.is_any(VERBS))
            && !bracket
                .checked_sub(1)
                .is_some_and(|at| items[at].is_any(WITH_FROM) || items[at].is("FILTER"))
        {
            // Brackets around it close where it seemed to.
            let mut end = closings[bracket].take();
            for &around in open[..open.len() - 1].iter().rev() {
                end = std::mem::replace(&mut closings[around], end);
            }
            break;
        } else if at > cursor + 200 {
            break;
        }
    }
    closings
}

struct Reader<'t> {
    items: &'t [Item<'t>],
    closings: Vec<Option<usize>>,
}

impl Reader<'_> {
    fn scope(&self, cursor: usize) -> Scope {
        let mut scope = Scope::default();
        let mut starts = vec![self.first_query(cursor)];
        let around = |at: &usize| {
            self.items[*at].opens() && self.closings[*at].is_none_or(|end| end >= cursor)
        };
        for at in (0..cursor).filter(around) {
            scope.bracket = Some(at);
            if self.is_at(at + 1, VERBS) {
                starts.push(Some(at + 1));
                scope.bracket = None;
            }
        }
        for start in starts {
            let Some(start) = start else {
                scope.sources = self.mentioned();
                continue;
            };
            let end = match start.checked_sub(1) {
                Some(open) if self.items[open].opens() => self.closings[open],
                _ => None,
            };
            let end = end.unwrap_or(self.items.len());
            scope.outer =
                [std::mem::take(&mut scope.sources), std::mem::take(&mut scope.outer)].concat();
            self.enter(start, end, cursor, &mut scope);
        }
        scope
    }

    /// Where the statement's query begins; `None` if it is none.
    fn first_query(&self, cursor: usize) -> Option<usize> {
        let first = self.items.first()?;
        if first.is_any(VERBS) {
            return Some(0);
        }
        if first.opens() {
            return None.or(Some(0)).filter(|_| self.is_at(1, VERBS));
        }
        let explains = first.is("EXPLAIN");
        let makes = first.is_any(&["CREATE", "PREPARE", "DECLARE"]);
        if !explains && !makes {
            return None;
        }
        let mut at = 1;
        while at < self.items.len() {
            let follows = explains || self.items[at - 1].is_any(&["AS", "FOR"]);
            if follows && self.is_at(at, VERBS) && at <= cursor {
                return Some(at);
            }
            at = self.closings[at].unwrap_or(at) + 1;
        }
        None
    }

    fn is_at(&self, at: usize, words: &[&str]) -> bool {
        self.items.get(at).is_some_and(|item| item.is_any(words))
    }

    fn is_symbol_at(&self, at: usize, symbol: &str) -> bool {
        self.items.get(at).is_some_and(|item| item.is_symbol(symbol))
    }

    /// The positions in `start..end` that are in no bracket of their own. A bracket that is not
    /// closed is passed over if a query is in it.
    fn level(&self, start: usize, end: usize) -> impl Iterator<Item = usize> {
        let mut next = start;
        std::iter::from_fn(move || {
            let at = next;
            if at >= end {
                return None;
            }
            next = match self.closings[at] {
                Some(close) => close + 1,
                None if self.items[at].opens() && self.is_at(at + 1, VERBS) => end,
                None => at + 1,
            };
            Some(at)
        })
    }

    /// Takes in the query at `start..end` that the cursor is in.
    fn enter(&self, start: usize, end: usize, cursor: usize, scope: &mut Scope) {
        let recursive = self.is_at(start + 1, &["RECURSIVE"]);
        let (with, main) = self.with(start, end, &scope.with);
        if cursor < main {
            // In a query of WITH: it sees those before it.
            let before = with.iter().filter(|(at, _)| *at < cursor || recursive);
            scope.with.extend(before.map(|(_, query)| query.clone()));
            scope.outputs.clear();
            return;
        }
        scope.with.extend(with.into_iter().map(|(_, query)| query));
        let (start, arm_end) = self.arm(main, end, cursor);
        scope.sources = self.sources(start, arm_end, &scope.with);
        scope.outputs = self.outputs(start, arm_end, &scope.sources);
        scope.windows = self.windows(start, arm_end);
        scope.clause = self.clause(start, cursor);
        if scope.clause == Clause::OrderBy && start != main && !self.is_at(main, &["INSERT"]) {
            // Behind UNION all are sorted, by what the first calls its columns.
            scope.sources.clear();
            scope.outputs = self.query_outputs(main, end, &scope.with);
            for output in &mut scope.outputs {
                if let Output::Column(column) = output {
                    column.has_alias = true;
                }
            }
        }
    }

    /// The names of `WINDOW name AS (...), ...`.
    fn windows(&self, start: usize, end: usize) -> Vec<Vec<u8>> {
        let Some(window) = self.level(start, end).find(|at| self.is_at(*at, &["WINDOW"])) else {
            return Vec::new();
        };
        self.level(window + 1, end)
            .filter(|at| self.is_at(at + 1, &["AS"]) && self.is_symbol_at(at + 2, "("))
            .map(|at| Typed::parse(self.items[at].text).name)
            .collect()
    }

    /// The part between UNION and its like that the cursor is in.
    fn arm(&self, start: usize, end: usize, cursor: usize) -> (usize, usize) {
        let mut arm = (start, end);
        for at in self.level(start, end) {
            // The query of INSERT ... SELECT knows nothing of the table.
            let selects = self.is_at(arm.0, &["INSERT"]) && self.is_at(at, &["SELECT"]);
            let ends = self.is_at(at, &["CONFLICT", "RETURNING"]);
            if selects && at < cursor {
                arm.0 = at;
            } else if self.is_at(start, &["INSERT"]) && ends && at < cursor {
                arm.0 = start;
            }
            if self.is_at(at, SET_OPERATIONS) {
                if at >= cursor {
                    arm.1 = at;
                    break;
                }
                arm.0 = at + 1;
                if self.is_at(at + 1, &["ALL", "DISTINCT"]) {
                    arm.0 = at + 2;
                }
            }
        }
        arm
    }

    /// The queries of WITH at `start`, with their ends, and where the statement goes on.
    fn with(
        &self,
        start: usize,
        end: usize,
        known: &[WithQuery],
    ) -> (Vec<(usize, WithQuery)>, usize) {
        let mut found: Vec<(usize, WithQuery)> = Vec::new();
        if !self.is_at(start, &["WITH"]) {
            return (found, start);
        }
        let mut seen = known.to_vec();
        let mut name: Option<(usize, usize)> = None;
        for at in self.level(start + 1, end) {
            let item = &self.items[at];
            let begins = at == start + 1
                || self.is_at(at - 1, &["RECURSIVE"])
                || self.is_symbol_at(at - 1, ",");
            if begins && item.is_name() && !item.is("RECURSIVE") && name.is_none() {
                name = Some((at, at));
            } else if item.opens()
                && let Some((named, _)) = name
            {
                if named + 1 == at {
                    // Names of the columns.
                    name = Some((named, at));
                    continue;
                }
                let close = self.closings[at].unwrap_or(end);
                let listed = match name {
                    Some((_, list)) if list > named => self.names(list),
                    _ => Vec::new(),
                };
                let outputs = if listed.is_empty() {
                    self.query_outputs(at + 1, close, &seen)
                } else {
                    listed
                };
                let text = self.items[named].text;
                let query = WithQuery { name: Typed::parse(text).name, outputs };
                seen.push(query.clone());
                found.push((close, query));
                name = None;
            } else if name.is_none() && item.is_any(VERBS) {
                return (found, at);
            }
        }
        // It goes on nowhere.
        (found, usize::MAX)
    }

    /// What a query puts out.
    fn query_outputs(&self, start: usize, end: usize, known: &[WithQuery]) -> Vec<Output> {
        if self.items.get(start).is_some_and(Item::opens) {
            let close = self.closings[start].unwrap_or(end);
            return self.query_outputs(start + 1, close, known);
        }
        let (with, main) = self.with(start, end, known);
        let with: Vec<WithQuery> =
            known.iter().cloned().chain(with.into_iter().map(|(_, query)| query)).collect();
        let end = self.level(main, end).find(|at| self.is_at(*at, SET_OPERATIONS)).unwrap_or(end);
        if self.is_at(main, &["VALUES"]) {
            let Some(close) = self.closings.get(main + 1).copied().flatten() else {
                return Vec::new();
            };
            let many = self.commas(main + 2, close).len();
            let name = |number| format!("column{number}").into_bytes();
            return (1..=many).map(|n| Output::Column(column(name(n)))).collect();
        }
        let sources = self.sources(main, end, &with);
        if self.is_at(main, &["TABLE"]) {
            return vec![Output::All(sources)];
        }
        self.outputs(main, end, &sources)
    }

    /// Where the parts of a list begin and end.
    fn commas(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let mut from = start;
        for at in self.level(start, end) {
            if self.items[at].is_symbol(",") {
                parts.push((from, at));
                from = at + 1;
            }
        }
        parts.push((from, end));
        parts.retain(|(from, to)| from < to);
        parts
    }

    /// What the lists of SELECT or RETURNING in `start..end` name.
    fn outputs(&self, start: usize, end: usize, sources: &[Source]) -> Vec<Output> {
        let begin = self.level(start, end).find(|at| self.is_at(*at, &["SELECT", "RETURNING"]));
        let Some(mut begin) = begin.map(|at| at + 1) else { return Vec::new() };
        if self.is_at(begin, &["ALL", "DISTINCT"]) {
            begin += 1;
            if self.is_at(begin, &["ON"]) {
                begin = self.closings.get(begin + 1).copied().flatten().map_or(begin, |at| at + 1);
            }
        }
        let end = self.level(begin, end).find(|at| self.is_at(*at, BEHIND_LIST)).unwrap_or(end);
        let parts = self.commas(begin, end).into_iter();
        parts.filter_map(|(start, end)| self.output(start, end, sources)).collect()
    }

    fn output(&self, start: usize, end: usize, sources: &[Source]) -> Option<Output> {
        let part = &self.items[start..end];
        let (last, before) = part.split_last()?;
        if let Some(star) = last.text.strip_suffix(b"*")
            && before.is_empty()
        {
            let prefix = Typed::parse(star.strip_suffix(b".").unwrap_or_default()).name;
            let all = sources.iter().filter(|s| star.is_empty() || s.called() == prefix);
            return Some(Output::All(all.cloned().collect()));
        }
        let calls = |words: &[&str]| {
            part.windows(2).any(|pair| pair[0].is_any(words) && pair[1].is_symbol("("))
        };
        let aggregates = calls(AGGREGATES) || calls(&["OVER"]) || part.iter().any(|i| i.is("OVER"));
        let plain = |item: &Item<'_>| item.is_name() && item.kind != ItemKind::Value;
        // `expression AS name`, or without AS.
        let alias = match before {
            [expression @ .., as_word] if as_word.is("AS") => Some((last, expression)),
            [.., operand]
                if plain(last)
                    && !last.text.contains(&b'.')
                    && (operand.is_name()
                        || operand.closes()
                        || operand.is("END")
                        || operand.kind == ItemKind::Value) =>
            {
                Some((last, before))
            }
            _ => None,
        };
        let expression = alias.map_or(part, |(_, expression)| expression);
        let written = match expression {
            [only] if plain(only) => Some(only.text.to_vec()),
            _ => None,
        };
        let name = match (alias, expression) {
            (Some((name, _)), _) => Typed::parse(name.text).name,
            (None, [name, ..]) if written.is_some() => Typed::parse(name.text).name,
            (None, [name, open, ..]) if open.is_symbol("(") => Typed::parse(name.text).name,
            (None, [name, cast, ..]) if cast.is_symbol("::") => Typed::parse(name.text).name,
            (None, [case, ..]) if case.is("CASE") => b"case".to_vec(),
            _ => return None,
        };
        Some(Output::Column(OutputColumn {
            has_alias: alias.is_some(),
            column: written,
            aggregates,
            ..column(name)
        }))
    }

    /// What FROM and its like name in `start..end`.
    fn sources(&self, start: usize, end: usize, with: &[WithQuery]) -> Vec<Source> {
        let mut sources = Vec::new();
        let verb = self.items.get(start);
        let verb_is = |words: &[&str]| verb.is_some_and(|item| item.is_any(words));
        if verb_is(&["UPDATE", "TABLE"]) {
            self.source_list(start + 1, end, with, &mut sources);
        }
        let mut passed = start;
        for at in self.level(start, end) {
            if at < passed {
                continue;
            }
            let item = &self.items[at];
            let distinct = at > 0 && self.is_at(at - 1, &["DISTINCT"]);
            let names = item.is("FROM") && !distinct
                || item.is("JOIN")
                || item.is("INTO") && verb_is(&["INSERT", "MERGE"])
                || item.is("USING") && verb_is(&["DELETE", "MERGE"]);
            if names {
                passed = self.source_list(at + 1, end, with, &mut sources);
            }
        }
        if verb_is(&["INSERT"])
            && let Some(target) = sources.first().cloned()
            && self.level(start, end).any(|at| self.is_at(at, &["CONFLICT"]))
        {
            sources.push(Source { alias: Some(b"excluded".to_vec()), at: end, ..target });
        }
        sources
    }

    /// Reads what stands behind FROM: names, calls and queries with commas between them.
    fn source_list(
        &self,
        mut at: usize,
        end: usize,
        with: &[WithQuery],
        sources: &mut Vec<Source>,
    ) -> usize {
        loop {
            while self.is_at(at, &["ONLY", "LATERAL"]) {
                at += 1;
            }
            at = match self.source(at, end, with, sources) {
                Some(behind) => behind,
                None => return at,
            };
            if at >= end || !self.is_symbol_at(at, ",") {
                return at;
            }
            at += 1;
        }
    }

    /// Reads one of them; where it ends.
    fn source(
        &self,
        from: usize,
        end: usize,
        with: &[WithQuery],
        sources: &mut Vec<Source>,
    ) -> Option<usize> {
        let item = self.items.get(from).filter(|_| from < end)?;
        let mut source = Source::new(from);
        let mut at = from + 1;
        if item.is_symbol("(") {
            let close = self.closings[from]?;
            at = close + 1;
            if self.is_at(from + 1, VERBS) || self.is_symbol_at(from + 1, "(") {
                source.columns = Columns::Told(self.query_outputs(from + 1, close, with));
            } else {
                let inner = self.source_list(from + 1, close, with, sources);
                sources.extend(self.sources(inner, close, with));
                return Some(at);
            }
        } else if item.is("ROWS") && self.is_at(from + 1, &["FROM"]) {
            at = self.closings.get(from + 2).copied().flatten()? + 1;
            source.columns = Columns::Told(Vec::new());
        } else if item.is_name() {
            source.name = Typed::parse(item.text).qualified();
            if self.is_symbol_at(at, "(") && !self.is_insert_list(from) {
                at = self.closings[at]? + 1;
                source.columns = Columns::OfFunction;
            } else if self.is_symbol_at(at, "*") {
                at += 1;
            }
        } else {
            return None;
        }
        if self.is_at(at, &["WITH"]) && self.is_at(at + 1, &["ORDINALITY"]) {
            at += 2;
        }
        if let Some(query) = with.iter().rev().find(|query| {
            source.columns == Columns::OfRelation
                && source.name.schema.is_none()
                && query.name == source.name.name
        }) {
            source.columns = Columns::Told(query.outputs.clone());
        }
        at = self.alias(at, end, &mut source);
        if self.is_at(at, &["TABLESAMPLE"]) && self.is_symbol_at(at + 2, "(") {
            at = self.closings[at + 2].unwrap_or(at + 2) + 1;
            at = self.alias(at, end, &mut source);
        }
        sources.push(source);
        Some(at)
    }

    fn is_insert_list(&self, at: usize) -> bool {
        at > 0 && self.is_at(at - 1, &["INTO"])
    }

    /// Reads an alias and what is called how in it; where it ends.
    fn alias(&self, from: usize, end: usize, source: &mut Source) -> usize {
        let mut at = from;
        if let Some((alias, length)) = alias(&self.items[at.min(end)..end]) {
            source.alias = Some(alias);
            at += length;
        } else if self.is_at(at, &["AS"]) && self.is_symbol_at(at + 1, "(") {
            at += 1;
        }
        if at > from && self.is_symbol_at(at, "(") && !self.is_insert_target(from) {
            let listed = self.names(at);
            if !listed.is_empty() {
                source.columns = Columns::Told(listed);
            }
            return self.closings[at].unwrap_or(at) + 1;
        }
        at
    }

    fn is_insert_target(&self, behind: usize) -> bool {
        behind >= 2 && self.is_at(behind - 2, &["INTO"])
    }

    /// The first word of each part of the list in the bracket at `open`: columns, with their types.
    fn names(&self, open: usize) -> Vec<Output> {
        let Some(close) = self.closings[open] else { return Vec::new() };
        let parts = self.commas(open + 1, close).into_iter();
        let named = parts.filter(|(start, _)| self.items[*start].is_name());
        named.map(|(start, end)| Output::Column(self.definition(start, end))).collect()
    }

    fn definition(&self, start: usize, end: usize) -> OutputColumn {
        let data_type = self.items[start..end].get(1).map_or(&b""[..], |item| item.text);
        let name = Typed::parse(self.items[start].text).name;
        OutputColumn { data_type: data_type.to_vec(), ..column(name) }
    }

    /// Which clause of the query at `start` the cursor is in.
    fn clause(&self, start: usize, cursor: usize) -> Clause {
        let mut clause = Clause::Other;
        let mut joins = false;
        for at in self.level(start, cursor) {
            let item = &self.items[at];
            let before = |words: &[&str]| at > 0 && self.is_at(at - 1, words);
            joins = (joins || item.is("JOIN")) && !item.is("WHERE");
            clause = match () {
                () if item.is("SELECT") => Clause::Select,
                () if item.is("FROM") && !before(&["DISTINCT"]) => Clause::From,
                () if item.is("JOIN") => Clause::From,
                () if item.is("ON") && self.is_at(at + 1, &["CONFLICT"]) => Clause::Other,
                () if item.is("ON") && joins => Clause::On,
                () if item.is("USING") && joins => Clause::Using,
                () if item.is("USING") => Clause::From,
                () if item.is("ON") => clause_of_on(clause),
                () if item.is("WHERE") => Clause::Where,
                () if item.is("BY") && before(&["GROUP"]) => Clause::GroupBy,
                () if item.is("BY") && before(&["ORDER"]) => Clause::OrderBy,
                () if item.is("SET") => Clause::Set,
                () if item.is("INTO") => Clause::Into,
                () if item.is("VALUES") => Clause::Values,
                () if item.is("RETURNING") => Clause::Returning,
                () if item.is_any(&["HAVING", "WINDOW", "LIMIT", "OFFSET", "FETCH", "FOR"]) => {
                    Clause::Other
                }
                () => clause,
            };
        }
        clause
    }

    /// The tables a statement that is no query speaks of, and the columns it defines.
    fn mentioned(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        let mut at = 0;
        while at < self.items.len() {
            let introduces = self.is_at(at, BEFORE_TABLE);
            at += 1;
            if !introduces {
                continue;
            }
            // `IF EXISTS` and `ONLY` may stand before the name.
            while self.is_at(at, &["IF", "NOT", "EXISTS", "ONLY"]) {
                at += 1;
            }
            while let Some(item) =
                self.items.get(at).filter(|item| item.is_name() && !item.is_any(NO_TABLE))
            {
                let mut source = Source::new(at);
                source.name = Typed::parse(item.text).qualified();
                at += 1;
                if let Some((name, length)) = alias(&self.items[at..]) {
                    source.alias = Some(name);
                    at += length;
                }
                sources.push(source);
                if !self.is_symbol_at(at, ",") {
                    break;
                }
                at += 1;
            }
        }
        if self.is_at(0, &["CREATE"])
            && let Some(table) = (1..5).find(|at| self.is_at(*at, &["TABLE"]))
            && let Some(open) = (table..table + 6).find(|at| self.is_symbol_at(*at, "("))
            && let Some(first) = sources.first_mut()
        {
            let end = self.closings[open].unwrap_or(self.items.len());
            let parts = self.commas(open + 1, end).into_iter().filter(|(start, _)| {
                self.items[*start].is_name() && !self.is_at(*start, NO_COLUMN)
            });
            let defined = parts.map(|(start, end)| Output::Column(self.definition(start, end)));
            first.columns = Columns::Told(defined.collect());
        }
        sources
    }
}

/// Words that a table's name follows in statements that are no queries.
const BEFORE_TABLE: &[&str] = &[
    "FROM", "JOIN", "INTO", "UPDATE", "TABLE", "ONLY", "COPY", "ANALYZE", "VACUUM", "TRUNCATE",
    "CLUSTER", "VIEW", "USING", "ON",
];
/// Words that may follow those and are no table's name.
const NO_TABLE: &[&str] = &["DELETE", "UPDATE", "COMMIT", "CONFLICT", "OF", "COLUMN"];
/// Words that begin a table's constraint and are not reserved.
const NO_COLUMN: &[&str] = &["EXCLUDE", "LIKE"];

fn clause_of_on(clause: Clause) -> Clause {
    // DISTINCT ON, MERGE ... ON, ON CONFLICT.
    match clause {
        Clause::Select => Clause::Select,
        Clause::From | Clause::Into => Clause::On,
        _ => Clause::Other,
    }
}

fn column(name: Vec<u8>) -> OutputColumn {
    OutputColumn { name, ..OutputColumn::default() }
}

/// An alias and how many items it takes.
fn alias(items: &[Item<'_>]) -> Option<(Vec<u8>, usize)> {
    let (name, length) = match items.first()? {
        item if item.is("AS") => (items.get(1)?, 2),
        item => (item, 1),
    };
    // Words that begin the next clause but are not reserved.
    let clause = [
        "SET",
        "ADD",
        "ALTER",
        "DROP",
        "RENAME",
        "OWNER",
        "CLUSTER",
        "DISABLE",
        "ENABLE",
        "REPLICA",
        "ATTACH",
        "DETACH",
        "VALIDATE",
        "BY",
        "VALUES",
        "OVERRIDING",
        "VALUE",
        "PARTITION",
        "INHERITS",
        "OF",
        "ROW",
        "TABLESPACE",
        "NOWAIT",
    ];
    let word = match name.kind {
        ItemKind::Word => {
            !is_reserved(&name.text.to_ascii_lowercase()) && !clause.iter().any(|w| name.is(w))
        }
        ItemKind::Name => !name.text.contains(&b'.'),
        ItemKind::Value | ItemKind::Symbol => false,
    };
    word.then(|| (Typed::parse(name.text).name, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completion::item;
    use crate::completion::token::tokens;

    /// What the scope at `|` has: `name[=alias](columns)` for each source, behind a bar those of
    /// queries around it; then the queries of WITH in braces.
    fn shown(line: &str) -> String {
        let cursor = line.find('|').unwrap();
        let text = line.replacen('|', "", 1);
        let tokens = tokens(text.as_bytes());
        let before = item::items(text.as_bytes(), &tokens, cursor).len();
        let items = item::items(text.as_bytes(), &tokens, text.len());
        let scope = scope_at(&items, before);
        let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        fn outputs(outputs: &[Output]) -> String {
            let output = |output: &Output| match output {
                Output::Column(column) => String::from_utf8_lossy(&column.name).into_owned(),
                Output::All(_) => "*".to_owned(),
            };
            format!("({})", outputs.iter().map(output).collect::<Vec<_>>().join(","))
        }
        let source = |source: &Source| {
            let alias = source.alias.as_ref().map_or(String::new(), |a| format!("={}", name(a)));
            let columns = match &source.columns {
                Columns::OfRelation => String::new(),
                Columns::OfFunction => "()".to_owned(),
                Columns::Told(told) => outputs(told),
            };
            format!("{}{alias}{columns}", name(&source.name.name))
        };
        let list = |sources: &[Source]| sources.iter().map(source).collect::<Vec<_>>().join(" ");
        let with: Vec<String> = scope.with.iter().map(|query| name(&query.name)).collect();
        let outer = if scope.outer.is_empty() { String::new() } else { " | ".to_owned() };
        let with = if with.is_empty() { String::new() } else { format!(" {{{}}}", with.join(",")) };
        format!("{}{outer}{}{with}", list(&scope.sources), list(&scope.outer))
    }

    #[test]
    fn what_can_be_meant() {
        for (line, expected) in [
            ("select | from a", "a"),
            ("select | from a x, s.b as y", "a=x b=y"),
            ("select * from a x join b on | left join c using (i)", "a=x b c"),
            ("select count(| from a where b in (1)", "a"),
            ("select extract(year from |) from a", "a"),
            ("select 1 from a where exists (select | from b)", "b | a"),
            ("select 1 from (select x, y as z, f(1), count(*) n from t) s where |", "=s(x,z,f,n)"),
            ("select 1 from (values (1, 2)) v where |", "=v(column1,column2)"),
            ("select 1 from f(1) g(a, b) where |", "f=g(a,b)"),
            ("select 1 from f(1) g where |", "f=g()"),
            ("select 1 from f(1) as (a int, b text) where |", "f(a,b)"),
            ("select 1 from (a join b on x = y) where |", "a b"),
            ("select 1 from a tablesample system (1) t, b where |", "a=t b"),
            ("with a as (select 1 x) select | from a", "a(x) {a}"),
            ("with a (p, q) as (select 1, 2) select | from a z", "a=z(p,q) {a}"),
            ("with a as (select 1), b as (select | from a)", "a() {a}"),
            ("with recursive a as (select | from a) select 1", "a() {a}"),
            ("with a as (select 1), b as (select |", " {a}"),
            ("with d as (delete from t returning i, j) select | from d", "d(i,j) {d}"),
            ("select 1 from a union select | from b", "b"),
            ("insert into t (|", "t"),
            ("insert into t select | from b", "b"),
            ("insert into t values (1) on conflict do update set a = |", "t t=excluded"),
            ("update t x set a = | from b where true", "t=x b"),
            ("delete from t using u where |", "t u"),
            ("merge into t using s x on |", "t s=x"),
            ("explain analyze select | from a", "a"),
            ("create view v as select | from a", "a"),
            ("create table t (a int, b text, check (|", "t(a,b)"),
            ("alter table if exists t drop column |", "t"),
            ("create index on t (|", "t"),
            ("select a is distinct from | from t", "t"),
            ("", ""),
        ] {
            let line = if line.contains('|') { line.to_owned() } else { format!("{line}|") };
            assert_eq!(shown(&line), expected, "{line}");
        }
    }
}
