//! Tables of processes: columns that may be left out, and a last one that takes the room there is.

use super::age;
use super::host::Layout;
use crate::describe::View;
use crate::encoding::Encoding;
use crate::number::counted;
use crate::print::{Column, Expanded, RowBuffer, width_on_terminal};
use std::time::Duration;

const INT4: u32 = 23;
const TEXT: u32 = 25;

/// The fewest columns of the screen for a query, how many it should have, and how many there are
/// without a screen.
const LEAST: usize = 12;
const WANTED: usize = 24;
const UNBOUNDED: usize = 200;
/// What stands between two columns.
const SEPARATOR: usize = 3;

/// When a column is shown on a user's screen. Elsewhere all are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnScreen {
    /// Always.
    Always,
    /// If a row has a value in it.
    IfFilled,
    /// If a row has a value in it, and there is room for the query beside it.
    IfRoom,
}

/// What a column shows of a thing, if it shows something.
type Cell = Option<Vec<u8>>;

/// A column: its heading, and what it shows of a thing.
struct Field<T> {
    heading: &'static str,
    oid: u32,
    on_screen: OnScreen,
    value: Box<dyn Fn(&T) -> Cell>,
}

/// The columns of a table, from left to right.
pub(super) struct Fields<T>(Vec<Field<T>>);

impl<T> Fields<T> {
    /// None yet.
    pub fn new() -> Fields<T> {
        Fields(Vec::new())
    }

    /// Adds a column of text that is always shown.
    pub fn text(
        &mut self,
        heading: &'static str,
        value: impl Fn(&T) -> Cell + 'static,
    ) -> &mut Fields<T> {
        self.add(heading, TEXT, OnScreen::Always, value)
    }

    /// Adds a column of numbers that is always shown.
    pub fn number(
        &mut self,
        heading: &'static str,
        value: impl Fn(&T) -> Cell + 'static,
    ) -> &mut Fields<T> {
        self.add(heading, INT4, OnScreen::Always, value)
    }

    /// Adds a column of text that is left out on a user's screen where nothing has a value.
    pub fn optional(
        &mut self,
        heading: &'static str,
        value: impl Fn(&T) -> Cell + 'static,
    ) -> &mut Fields<T> {
        self.add(heading, TEXT, OnScreen::IfFilled, value)
    }

    /// Adds a column of text that is left out on a user's screen where nothing has a value, and
    /// where the query needs its room.
    pub fn dispensable(
        &mut self,
        heading: &'static str,
        value: impl Fn(&T) -> Cell + 'static,
    ) -> &mut Fields<T> {
        self.add(heading, TEXT, OnScreen::IfRoom, value)
    }

    fn add(
        &mut self,
        heading: &'static str,
        oid: u32,
        on_screen: OnScreen,
        value: impl Fn(&T) -> Cell + 'static,
    ) -> &mut Fields<T> {
        self.0.push(Field { heading, oid, on_screen, value: Box::new(value) });
        self
    }
}

/// Which columns are shown, and how much room that leaves for the query.
struct Plan {
    shown: Vec<usize>,
    room: Option<usize>,
    /// Those that had to make room.
    left_out: Vec<&'static str>,
}

impl Plan {
    /// For columns with these cells, and a query beside them that wants so many columns of the
    /// screen.
    fn new<T>(
        fields: &[Field<T>],
        cells: &[Vec<Cell>],
        query: usize,
        layout: Layout,
        encoding: Encoding,
    ) -> Plan {
        let mut plan = Plan {
            shown: (0..fields.len()).collect(),
            room: (!layout.is_verbose).then_some(UNBOUNDED),
            left_out: Vec::new(),
        };
        let Some(screen) = layout.screen.filter(|_| !layout.is_verbose) else { return plan };
        let is_filled = |at: &usize| cells[*at].iter().any(Option::is_some);
        plan.shown.retain(|at| fields[*at].on_screen == OnScreen::Always || is_filled(at));
        let width = |at: &usize| {
            let widths = cells[*at].iter().flatten().map(|cell| width_on_terminal(encoding, cell));
            widths.max().unwrap_or(0).max(fields[*at].heading.len()) + SEPARATOR
        };
        loop {
            let used: usize = plan.shown.iter().map(width).sum();
            // A query has a space on either side; without one the last separator is left out.
            let wanted = if query > 0 { used + query + 2 } else { used.saturating_sub(1) };
            let missing = wanted.saturating_sub(screen);
            let is_dispensable = |at: &usize| fields[*at].on_screen == OnScreen::IfRoom;
            let dispensable = || plan.shown.iter().copied().filter(is_dispensable);
            let enough = dispensable().filter(|at| width(at) >= missing).min_by_key(width);
            let widest = dispensable().max_by_key(width);
            // Of a table without a query as little as possible is lost.
            let loss = enough.filter(|_| query == 0).or(widest);
            match loss {
                Some(at) if missing > 0 => {
                    plan.shown.retain(|other| *other != at);
                    plan.left_out.push(fields[at].heading);
                }
                _ => {
                    plan.room = Some(screen.saturating_sub(used + 2).max(LEAST));
                    return plan;
                }
            }
        }
    }

    /// What had to make room, if something had to.
    fn footer(&self) -> Option<Vec<u8>> {
        let names = self.left_out.join(", ");
        (!names.is_empty()).then(|| format!("No room for: {names}.").into_bytes())
    }
}

/// The table of things, each in a row; the last column is their query, in one line of what room is
/// left. Below stands what had to make room.
pub(super) fn with_query<T>(
    things: &[T],
    fields: &Fields<T>,
    query: impl Fn(&T, Option<usize>) -> Vec<u8>,
    layout: Layout,
    encoding: Encoding,
) -> View {
    let Fields(fields) = fields;
    let cells = cells(things, fields);
    let plan = Plan::new(fields, &cells, WANTED, layout, encoding);
    let mut rows = RowBuffer::default();
    for (at, thing) in things.iter().enumerate() {
        let query = Some(query(thing, plan.room)).filter(|query| !query.is_empty());
        let row = plan.shown.iter().map(|column| cells[*column][at].as_deref());
        rows.push(row.chain([query.as_deref()]));
    }
    let columns = plan.shown.iter().map(|at| (fields[*at].heading, fields[*at].oid));
    let columns = columns.chain([("Query", TEXT)]);
    View {
        title: None,
        columns: columns.map(|(name, oid)| Column::of_type(name.into(), oid)).collect(),
        rows,
        footers: Some(
            [format!("({})", counted(things.len(), "row")).into_bytes()]
                .into_iter()
                .chain(plan.footer())
                .collect(),
        ),
        expanded: layout.is_expanded.then_some(Expanded::On),
    }
}

/// What the columns show of each thing.
fn cells<T>(things: &[T], fields: &[Field<T>]) -> Vec<Vec<Cell>> {
    fields.iter().map(|field| things.iter().map(&field.value).collect()).collect()
}

/// A table of things without a query. On a user's screen it has the columns there is room for, and
/// what had to make room stands below.
pub(super) fn plain<T>(
    things: &[T],
    fields: &Fields<T>,
    layout: Layout,
    encoding: Encoding,
) -> View {
    let Fields(fields) = fields;
    let cells = cells(things, fields);
    let plan = Plan::new(fields, &cells, 0, layout, encoding);
    let mut rows = RowBuffer::default();
    for (at, _) in things.iter().enumerate() {
        rows.push(plan.shown.iter().map(|column| cells[*column][at].as_deref()));
    }
    let column = |at: &usize| Column::of_type(fields[*at].heading.into(), fields[*at].oid);
    View {
        columns: plan.shown.iter().map(column).collect(),
        rows,
        footers: plan.footer().map(|footer| vec![footer]),
        expanded: layout.is_expanded.then_some(Expanded::On),
        ..View::default()
    }
}

/// An age for a table.
pub(super) fn age(age: Option<Duration>) -> Option<Vec<u8>> {
    age.map(|age| age::shown(age).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_a_query_loses_as_little_as_it_can() {
        let mut fields = Fields::new();
        let cell = |text: &'static str| move |(): &()| Some(text.as_bytes().to_vec());
        fields
            .text("Name", cell("work_mem"))
            .dispensable("Unit", cell("kB"))
            .dispensable("Source", cell("configuration file"))
            .optional("Empty", |()| None)
            .text("Place", cell("postgresql.conf:12"));
        let shown = |screen, is_verbose| {
            let layout = Layout { screen, is_verbose, is_expanded: false };
            let view = plain(&[()], &fields, layout, Encoding::Utf8);
            let names = view.columns.iter().map(|c| String::from_utf8_lossy(&c.name).into_owned());
            let below = view.footers.unwrap_or_default().concat();
            (names.collect::<Vec<_>>().join(" "), String::from_utf8_lossy(&below).into_owned())
        };
        let cases = [
            (None, false, "Name Unit Source Empty Place", ""),
            (Some(10), true, "Name Unit Source Empty Place", ""),
            // With their separators the columns take 11, 7, 21 and 21.
            (Some(59), false, "Name Unit Source Place", ""),
            (Some(58), false, "Name Source Place", "No room for: Unit."),
            (Some(52), false, "Name Source Place", "No room for: Unit."),
            (Some(51), false, "Name Unit Place", "No room for: Source."),
            (Some(10), false, "Name Place", "No room for: Source, Unit."),
        ];
        for (screen, is_verbose, names, below) in cases {
            let wanted = (names.to_owned(), below.to_owned());
            assert_eq!(shown(screen, is_verbose), wanted, "{screen:?}");
        }
    }
}
