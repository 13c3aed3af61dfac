//! Columns: those of what the statement speaks of, and what a clause makes of them.
//!
//! Owns which columns come first where: what is not yet grouped behind GROUP BY, all at once in
//! INSERT's list and for a star.

use super::candidates::{Candidate, Candidates, Nearness};
use super::catalog::{Catalog, Name, Object, Qualified, Wanted};
use super::item::{Item, ItemKind};
use super::kind::CandidateKind;
use super::name::{Typed, quoted};
use super::source::{Clause, Columns, Output, OutputColumn, Scope, Source};

/// The columns of a relation.
pub(super) fn of_relation(relation: &Qualified, catalog: &mut dyn Catalog) -> Vec<Name> {
    catalog.look_up(&Wanted { object: Object::Column, schema: None, of: Some(relation) }, b"")
}

/// The columns of something that a statement names.
pub(super) fn of_source(source: &Source, catalog: &mut dyn Catalog) -> Vec<Name> {
    match &source.columns {
        Columns::OfRelation if source.name.name.is_empty() => Vec::new(),
        Columns::OfRelation => of_relation(&source.name, catalog),
        Columns::OfFunction => {
            let of = Some(&source.name);
            let wanted = Wanted { object: Object::FunctionColumn, schema: None, of };
            let names = catalog.look_up(&wanted, b"");
            if names.is_empty() { vec![Name::from(source.called().to_vec())] } else { names }
        }
        Columns::Told(outputs) => of_outputs(outputs, catalog),
    }
}

fn of_outputs(outputs: &[Output], catalog: &mut dyn Catalog) -> Vec<Name> {
    let mut names = Vec::new();
    for output in outputs {
        match output {
            Output::Column(column) => names.push(Name {
                name: column.name.clone(),
                note: column.data_type.clone(),
                ..Name::default()
            }),
            Output::All(sources) => {
                names.extend(sources.iter().flat_map(|source| of_source(source, catalog)));
            }
        }
    }
    names
}

/// The columns of what the statement names first, by their bare names.
pub(super) fn offer_bare(
    scope: &Scope,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let typed = Typed::parse(candidates.word);
    if typed.schema.is_none() {
        for source in &scope.sources {
            add(candidates, &of_source(source, catalog), &typed);
        }
    }
}

/// The columns of these: plain, and behind what the statement calls their table if there are
/// several.
pub(super) fn offer(scope: &Scope, candidates: &mut Candidates<'_>, catalog: &mut dyn Catalog) {
    let typed = Typed::parse(candidates.word);
    if let Some(prefix) = &typed.schema {
        return offer_of(prefix, &typed, scope, candidates, catalog);
    }
    // Before FROM is typed the queries of WITH are what it is likely to name.
    let of_with: Vec<Source> = match scope.sources.is_empty() {
        true => scope.with.iter().map(Source::of_with).collect(),
        false => Vec::new(),
    };
    let known: Vec<(&Source, Vec<Name>)> = scope
        .sources
        .iter()
        .chain(&of_with)
        .chain(&scope.outer)
        .map(|source| (source, of_source(source, catalog)))
        .collect();
    for (_, names) in &known {
        add(candidates, names, &typed);
    }
    for (source, names) in &known {
        // Who gives short names means to use them.
        let short = source.alias.is_some() && (known.len() > 1 || !candidates.word.is_empty());
        let called = quoted(source.called(), false);
        if called.is_empty() || !short {
            continue;
        }
        for name in names {
            let text = [&called, &b"."[..], &quoted(&name.name, false)].concat();
            if candidates.admits(&text) {
                candidates.add_name(text, Object::Column, name);
            }
        }
    }
    for (source, _) in &known {
        let text = [&quoted(source.called(), typed.quoted), &b"."[..]].concat();
        if !candidates.is_terse() && text.len() > 1 && candidates.admits(&text) {
            let alias = Candidate::new(text, CandidateKind::Alias);
            candidates.add(alias.with_note(&source.name.name).near(Nearness::InScope));
        }
    }
}

fn add(candidates: &mut Candidates<'_>, names: &[Name], typed: &Typed) {
    for name in names {
        if candidates.admits_name(&name.name, &typed.name) {
            candidates.add_name(quoted(&name.name, typed.quoted), Object::Column, name);
        }
    }
}

/// The columns of what is called `prefix`, whose name and dot are typed.
fn offer_of(
    prefix: &[u8],
    typed: &Typed,
    scope: &Scope,
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let dot = memchr::memrchr(b'.', candidates.word).map_or(0, |at| at + 1);
    let called = scope.called(prefix);
    let names: Vec<Name> = if called.is_empty() {
        // Nothing is called so yet: FROM may come later.
        of_relation(&Qualified { schema: None, name: prefix.to_vec() }, catalog)
    } else {
        called.into_iter().flat_map(|source| of_source(source, catalog)).collect()
    };
    for name in &names {
        if !candidates.admits_name(&name.name, &typed.name) {
            continue;
        }
        let text = [&candidates.word[..dot], &quoted(&name.name, typed.quoted)].concat();
        candidates.add_name(text, Object::Column, name);
    }
}

/// The columns of the relation a change is made to: in INSERT's list all at once, too.
pub(super) fn offer_of_target(
    scope: &Scope,
    items: &[Item<'_>],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let Some(target) = scope.sources.first() else { return };
    let names = of_source(target, catalog);
    let typed = Typed::parse(candidates.word);
    let listed: Vec<Vec<u8>> = match scope.bracket {
        Some(open) => {
            let inside = items.get(open + 1..).unwrap_or_default();
            let named = inside.iter().filter(|item| item.kind != ItemKind::Symbol);
            named.map(|item| Typed::parse(item.text).name).collect()
        }
        None => Vec::new(),
    };
    if scope.clause == Clause::Into && scope.bracket.is_some() && listed.is_empty() {
        let all: Vec<Vec<u8>> = names.iter().map(|name| quoted(&name.name, false)).collect();
        add_list(candidates, &all, "all columns");
    }
    let rest: Vec<Name> = names.into_iter().filter(|name| !listed.contains(&name.name)).collect();
    add(candidates, &rest, &typed);
}

/// The column that the value at the cursor is for, in VALUES of INSERT.
pub(super) fn of_value(
    scope: &Scope,
    items: &[Item<'_>],
    catalog: &mut dyn Catalog,
) -> Option<Name> {
    let (columns, at) = of_values(scope, items, catalog)?;
    columns.into_iter().nth(at)
}

/// The columns that VALUES of INSERT gives values for, and which is the cursor's.
pub(super) fn of_values(
    scope: &Scope,
    items: &[Item<'_>],
    catalog: &mut dyn Catalog,
) -> Option<(Vec<Name>, usize)> {
    let (target, open) = (scope.sources.first()?, scope.bracket?);
    let inside = items.get(open + 1..)?;
    let mut depth = 0;
    let mut at = 0;
    for item in inside {
        match item {
            _ if item.opens() => depth += 1,
            _ if item.closes() => depth -= 1,
            _ if item.is_symbol(",") && depth == 0 => at += 1,
            _ => {}
        }
    }
    let columns = of_source(target, catalog);
    let into = items.iter().position(|item| item.is("INTO"))?;
    let values = items.iter().position(|item| item.is("VALUES"))?;
    let list = items.get(into..values)?.iter().position(|item| item.is_symbol("("));
    let Some(list) = list.map(|list| into + list) else { return Some((columns, at)) };
    let named = items[list..values].iter().filter(|item| item.kind != ItemKind::Symbol);
    let listed = named.map(|item| {
        let name = Typed::parse(item.text).name;
        let known = columns.iter().find(|column| column.name == name).cloned();
        known.unwrap_or_else(|| Name::from(name))
    });
    Some((listed.collect(), at))
}

/// Several columns as one candidate.
fn add_list(candidates: &mut Candidates<'_>, columns: &[Vec<u8>], note: &str) {
    let text = columns.join(&b", "[..]);
    if columns.len() > 1 && candidates.admits(&text) {
        let list = Candidate::new(text, CandidateKind::Snippet).with_note(note.as_bytes());
        candidates.add(list.near(Nearness::InScope));
    }
}

/// Behind GROUP BY what SELECT lists and nobody has grouped, behind ORDER BY what it calls its
/// columns.
pub(super) fn offer_outputs(scope: &Scope, items: &[Item<'_>], candidates: &mut Candidates<'_>) {
    let columns: Vec<&OutputColumn> = scope
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Column(column) => Some(column),
            Output::All(_) => None,
        })
        .collect();
    if scope.clause == Clause::OrderBy {
        for column in columns.iter().filter(|column| column.has_alias) {
            add_output(candidates, quoted(&column.name, false), Nearness::InScope);
        }
        return;
    }
    let by = items.iter().rposition(|item| item.is("BY")).map_or(0, |at| at + 1);
    let grouped: Vec<&[u8]> = items[by.min(items.len())..].iter().map(|item| item.text).collect();
    let ungrouped: Vec<Vec<u8>> = columns
        .iter()
        .filter(|column| !column.aggregates && (column.has_alias || column.column.is_some()))
        .map(|column| column.column.clone().unwrap_or_else(|| quoted(&column.name, false)))
        .filter(|text| !grouped.contains(&text.as_slice()))
        .collect();
    add_list(candidates, &ungrouped, "all that is not grouped");
    for text in ungrouped {
        add_output(candidates, text, Nearness::Listed);
    }
}

fn add_output(candidates: &mut Candidates<'_>, text: Vec<u8>, nearness: Nearness) {
    if candidates.admits(&text) {
        candidates.add(Candidate::new(text, CandidateKind::Column).near(nearness));
    }
}

/// The columns that a star at the cursor stands for, and what of the text they replace; `items` end
/// with the star.
pub(super) fn star(
    scope: &Scope,
    items: &[Item<'_>],
    candidates: &mut Candidates<'_>,
    catalog: &mut dyn Catalog,
) {
    let [.., before, star] = items else { return };
    let listed = before.is_any(&["SELECT", "ALL", "DISTINCT", "RETURNING"])
        || before.is_symbol(",")
        || before.is_symbol(")") && items.iter().any(|item| item.is("DISTINCT"));
    let in_list = matches!(scope.clause, Clause::Select | Clause::Returning);
    if !listed || !in_list || scope.bracket.is_some() {
        return;
    }
    let prefix = star.text.strip_suffix(b".*").map(|prefix| Typed::parse(prefix).name);
    let sources: Vec<&Source> = match &prefix {
        Some(prefix) => scope.called(prefix),
        None => scope.sources.iter().collect(),
    };
    let qualify = prefix.is_some() || sources.len() > 1;
    let mut columns = Vec::new();
    for source in sources {
        let called = quoted(source.called(), false);
        columns.extend(of_source(source, catalog).iter().map(|name| {
            let column = quoted(&name.name, false);
            if qualify { [&called, &b"."[..], &column].concat() } else { column }
        }));
    }
    if !columns.is_empty() {
        let text = columns.join(&b", "[..]);
        let list = Candidate::new(text, CandidateKind::Snippet).with_note(b"all columns");
        candidates.add(list.near(Nearness::InScope));
    }
}
