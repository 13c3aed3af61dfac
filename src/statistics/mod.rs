//! `\stats`: what the planner knows of the values in a relation, or what is counted there.
//!
//! Owns what `pg_stats` and its kin mean on servers from 10 on, and what is shown of it. A [`Host`]
//! runs the queries. Never knows where the answer goes.

mod column;
mod layout;
mod name;
mod query;
mod relation;

pub use name::Request;
pub use relation::Relation;

use crate::chart::{self, Drawing, Frame};
use crate::describe::{Answer, Context, Host, View, short_version};
use crate::number::counted;
use crate::reported::Reported;
use crate::time_zone::Order;
use column::{Column, percentage};
use layout::{Layout, layout};

/// The first version that is asked.
const OLDEST: i32 = 100_000;

/// Whether the planner's statistics are shown, or everything is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `pg_stats`.
    Planner,
    /// The rows themselves.
    Rows,
}

/// A relation, and the column that is meant of it, if one is.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The relation.
    pub relation: Relation,
    columns: Vec<Column>,
    /// Which of the columns.
    only: Option<usize>,
}

/// How it is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The order of dates.
    pub order: Order,
    /// What drawings fit into.
    pub frame: &'a Frame,
    /// The columns of the screen that a table is to fit, if one looks at it there.
    pub screen: Option<usize>,
}

/// What is shown.
pub enum Shown {
    /// A table of all columns.
    Table(Box<View>),
    /// A column, drawn.
    Drawing(Drawing),
}

fn fail<T>(host: &mut dyn Host, text: impl AsRef<[u8]>) -> Result<T, Reported> {
    host.error(&[b"\\stats: ", text.as_ref()].concat());
    Err(Reported)
}

/// Finds what is meant.
///
/// # Errors
/// There is no such relation or column, or it has no statistics.
pub fn find(
    request: &Request,
    source: Source,
    context: &Context,
    host: &mut dyn Host,
) -> Result<Subject, Reported> {
    let (version, encoding) = (context.version, context.encoding);
    if version < OLDEST {
        let version = short_version(version);
        return fail(host, format!("the server has version {version}; this needs 10"));
    }
    let answer = host.query(&query::relation(request, version, encoding))?;
    let Some(relation) = answer.rows.iter().next().map(Relation::new) else {
        let name: Vec<&[u8]> = match request {
            Request::One(name) => vec![name],
            Request::Two(schema, name) | Request::Three(schema, name, _) => vec![schema, name],
        };
        return fail(host, [b"there is no relation \"", &name.join(&b'.')[..], b"\""].concat());
    };
    if let Some(objection) = relation.objection(source == Source::Rows) {
        return fail(host, objection);
    }
    let asked = query::columns(&relation.oid, &relation.schema, &relation.name, encoding);
    let answer = host.query(&asked)?;
    let columns: Vec<Column> = answer.rows.iter().map(Column::new).collect();
    let wanted = match request {
        Request::Three(_, _, column) => Some(column),
        Request::Two(_, column) if !relation.is_first_meant => Some(column),
        Request::One(_) | Request::Two(..) => None,
    };
    let only = match wanted {
        None => None,
        Some(name) => match columns.iter().position(|column| column.name == *name) {
            Some(at) => Some(at),
            None => {
                let relation = relation.full_name();
                let text = [b"there is no column \"", &name[..], b"\" of ", &relation].concat();
                return fail(host, text);
            }
        },
    };
    Ok(Subject { relation, columns, only })
}

/// Gathers what is shown of it.
///
/// # Errors
/// The server refused a query.
pub fn gather(
    subject: Subject,
    source: Source,
    context: &Context,
    look: Look<'_>,
    host: &mut dyn Host,
) -> Result<Shown, Reported> {
    match (subject.only, source) {
        (Some(at), Source::Planner) => {
            let column = &subject.columns[at];
            planned_values(&subject.relation, column, context, look, host)
        }
        (Some(at), Source::Rows) => {
            let column = &subject.columns[at];
            counted_values(&subject.relation, column, context, look.frame, host)
        }
        (None, Source::Planner) => all_planned(subject, context, look, host),
        (None, Source::Rows) => all_counted(subject, context, look, host),
    }
}

fn all_planned(
    subject: Subject,
    context: &Context,
    look: Look<'_>,
    host: &mut dyn Host,
) -> Result<Shown, Reported> {
    let Subject { relation, columns, .. } = subject;
    let mut notes = relation.notes(&columns, None);
    let extended = query::extended(&relation.oid, context.version, context.encoding);
    for row in host.query(&extended)?.rows.iter() {
        let definition = row.get(0).unwrap_or_default();
        let definition = definition.strip_prefix(b"CREATE STATISTICS ").unwrap_or(definition);
        let gathered: &[u8] = match row.get(1) {
            Some(b"t") => b"",
            _ => b" (nothing in it that you may see)",
        };
        notes.push([b"Extended statistics ", definition, gathered].concat());
    }
    let layout = layout(&columns, relation.rows(), look.screen, context.encoding);
    Ok(view(&relation, layout, notes, Source::Planner))
}

fn all_counted(
    subject: Subject,
    context: &Context,
    look: Look<'_>,
    host: &mut dyn Host,
) -> Result<Shown, Reported> {
    let Subject { relation, columns, .. } = subject;
    let asked = query::count(&relation.schema, &relation.name, &columns, context.encoding);
    let answer = host.query(&asked)?;
    let Some(row) = answer.rows.iter().next() else { return fail(host, "nothing was counted") };
    let cells: Vec<Option<&[u8]>> = row.cells().collect();
    let rows = cells.first().copied().flatten().map_or(0, number);
    let counted = columns.into_iter().enumerate().map(|(at, column)| {
        let cell = |which: usize| cells.get(1 + at * 4 + which).copied().flatten();
        column.counted(rows, [cell(0), cell(1), cell(2), cell(3)])
    });
    let columns: Vec<Column> = counted.collect();
    let notes = relation.notes(&columns, Some(rows));
    let layout = layout(&columns, relation.rows(), look.screen, context.encoding);
    Ok(view(&relation, layout, notes, Source::Rows))
}

fn number(text: &[u8]) -> u64 {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn view(relation: &Relation, layout: Layout, mut notes: Vec<Vec<u8>>, source: Source) -> Shown {
    if !layout.left_out.is_empty() {
        let names = layout.left_out.join(", ");
        let text =
            format!("No room for: {names}. \\stats TABLE.COLUMN tells all of one, \\x of each.");
        notes.push(text.into_bytes());
    }
    Shown::Table(Box::new(View {
        title: Some(relation.title(None, source == Source::Rows)),
        columns: layout.headings,
        rows: layout.rows,
        footers: Some(notes),
        expanded: None,
    }))
}

/// A column as the planner knows it: its common values with their shares, and how the others are
/// spread.
fn planned_values(
    relation: &Relation,
    column: &Column,
    context: &Context,
    look: Look<'_>,
    host: &mut dyn Host,
) -> Result<Shown, Reported> {
    let Look { order, frame, .. } = look;
    let encoding = context.encoding;
    let asked = query::values(&relation.schema, &relation.name, &column.name, encoding);
    let Answer { rows, .. } = host.query(&asked)?;
    let share = |cell: Option<&[u8]>| std::str::from_utf8(cell?).ok()?.parse::<f64>().ok();
    let mut common = Vec::new();
    let mut bounds = Vec::new();
    for row in rows.iter() {
        let value = row.get(0).unwrap_or_default().to_vec();
        match share(row.get(1)) {
            Some(share) => common.push((value, share)),
            None => bounds.push(value),
        }
    }
    let mut drawing = Drawing::default();
    drawing.head(&relation.title(Some(&column.name), false), frame);
    drawing.say(&facts(column, relation.rows()), frame);
    let shown = common.len().min(MOST_COMMON);
    if shown > 0 {
        drawing.head(b"Most common values", frame);
        drawing.shares(&common[..shown], frame);
        let left: f64 = common[shown..].iter().map(|(_, share)| share).sum();
        if common.len() > shown {
            let more = counted((common.len() - shown) as u64, "more value");
            drawing.say(format!("{more}: {}", percentage(left)).as_bytes(), frame);
        }
    }
    let total: f64 = common.iter().map(|(_, share)| share).sum();
    let others = (1.0 - total - column.null.unwrap_or(0.0)).clamp(0.0, 1.0);
    if bounds.len() > 1 {
        let heading = match common.is_empty() {
            true => "Values".to_owned(),
            false => format!("The other values, {} of all", percentage(others)),
        };
        drawing.head(heading.as_bytes(), frame);
        match chart::spread(&bounds, column.type_oid, order, others, frame) {
            Some(spread) => drawing.shares(&spread, frame),
            None => drawing.say(&quantiles(&bounds), frame),
        }
    }
    for note in relation.notes(std::slice::from_ref(column), None) {
        drawing.note(&note, frame);
    }
    Ok(Shown::Drawing(drawing))
}

/// More common values are only counted.
const MOST_COMMON: usize = 12;

/// What is known of a column besides its values.
fn facts(column: &Column, rows: Option<u64>) -> Vec<u8> {
    let mut facts = vec![column.type_name.clone()];
    if let Some(share) = column.null {
        facts.push(format!("{} NULL", percentage(share)).into());
    }
    if let Some(distinct) = column.distinct {
        let words = distinct.in_words(rows);
        let what = if words == "unique" { "" } else { " distinct" };
        facts.push(format!("{words}{what}").into());
    }
    if let Some(width) = column.width {
        facts.push(format!("{width} bytes wide").into());
    }
    if let Some(order) = column.correlation {
        facts.push(format!("correlation {order:.2}").into());
    }
    facts.join(&b", "[..])
}

/// From where to where values go, with the quarters between: a histogram's bounds have as many
/// values between them.
fn quantiles(bounds: &[Vec<u8>]) -> Vec<u8> {
    let last = bounds.len() - 1;
    let values: Vec<&[u8]> = (0..=4).map(|quarter| &bounds[quarter * last / 4][..]).collect();
    [b"By quarters: ", &values.join(&b" | "[..])[..]].concat()
}

/// A column's values, counted.
fn counted_values(
    relation: &Relation,
    column: &Column,
    context: &Context,
    frame: &Frame,
    host: &mut dyn Host,
) -> Result<Shown, Reported> {
    let encoding = context.encoding;
    if !column.has_equality() {
        let text = [b"values of type ", &column.type_name[..], b" can't be told apart"].concat();
        return fail(host, text);
    }
    let asked = query::count_values(&relation.schema, &relation.name, column, encoding);
    let Answer { rows, .. } = host.query(&asked)?;
    let mut rows = rows.iter();
    let Some(first) = rows.next() else { return fail(host, "nothing was counted") };
    let total = first.get(0).map_or(0, number);
    let null = first.get(1).map_or(0, number);
    let distinct = first.get(2).map_or(0, number);
    let mut drawing = Drawing::default();
    drawing.head(&relation.title(Some(&column.name), true), frame);
    let text = format!("{}, {null} NULL, {distinct} distinct", counted(total, "row"));
    let range = first.get(3).zip(first.get(4));
    let range = range.map(|(low, high)| [b", from ", low, b" to ", high].concat());
    drawing.say(&[text.as_bytes(), &range.unwrap_or_default()].concat(), frame);
    let share = |count: u64| count as f64 / total.max(1) as f64;
    let common: Vec<(Vec<u8>, f64)> = rows
        .map(|row| (row.get(3).unwrap_or_default().to_vec(), share(row.get(2).map_or(0, number))))
        .collect();
    if !common.is_empty() {
        drawing.head(b"Most common values", frame);
        drawing.shares(&common, frame);
    }
    Ok(Shown::Drawing(drawing))
}
