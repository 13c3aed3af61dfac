//! The fitted format, which is not psql's: a table that fits the screen.
//!
//! comfy-table narrows and wraps columns by need. Of a result with more lines than the screen the
//! middle is left out and counted; below stand the numbers of rows and columns. Where there is no
//! screen, and for results that come in parts, the aligned format is used instead, and expanded mode
//! for a table with more columns than the screen can show.

use super::cell_text::{CellText, shown};
use super::options::{Expanded, Format, LineStyle, Options};
use super::output::Output;
use super::row_format::Context;
use super::table::{Alignment, Column, Row, Rows};
use super::tabular;
use super::text::Layout;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::escaped;
use crate::number::counted;
use comfy_table::{
    Cell, CellAlignment, ContentArrangement, ContentLineStyle, LineStyle as Line, Row as GridRow,
    Table as Grid, TableStyle,
};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;

/// Lines of a screen that doesn't tell.
const USUAL_LINES: u32 = 24;
/// The fewest lines a table gets, however low the screen.
const FEWEST_LINES: usize = 8;
/// Columns narrowed further than this are hard to read.
const NARROWEST: usize = 6;
/// Stands where rows are left out, until the count does. No cell holds it: control characters in
/// values are escaped.
const LEFT_OUT: char = '\u{1}';

/// Where a JSON value may be broken: behind its commas. It fills no column, and no cell holds it, as what
/// can't be seen is escaped.
const BREAK: char = '\u{200b}';
/// The OIDs of json and jsonb.
const JSON: [u32; 2] = [114, 3802];

/// A table laid out for the screen.
pub(super) struct Fitted {
    lines: Vec<String>,
    left_out: u64,
}

/// Prints a table.
///
/// This is no row format: what the last rows look like decides how wide the first are, and whether
/// they are shown at all.
pub(super) fn print(
    context: &Context<'_>,
    rows: &mut dyn Rows,
    out: &mut Output<'_>,
) -> io::Result<()> {
    if let Some(fitted) = fit(context, rows)? {
        return put(&fitted, context, rows.count(), out);
    }
    let options = unfitted(context);
    tabular::print(&context.with_options(&options), rows, out)
}

/// The options of a table that can't be fitted.
pub(super) fn unfitted(context: &Context<'_>) -> Options {
    let is_whole = context.part.start && context.part.stop;
    // Where only the width is short, a value gets a line of its own.
    let expanded = match context.options.expanded {
        Expanded::Off if is_whole => Expanded::Auto,
        other => other,
    };
    Options { format: Format::Aligned, expanded, ..context.options.clone() }
}

/// Lays the table out; `None` where the format can't be used: there is no screen, or it has no
/// room for so many columns.
pub(super) fn fit(context: &Context<'_>, rows: &mut dyn Rows) -> io::Result<Option<Fitted>> {
    let Context { columns, options, part, screen, .. } = *context;
    let is_whole = part.start && part.stop;
    if screen.columns == 0
        || !is_whole
        || columns.is_empty()
        || options.encoding != Encoding::Utf8
        || options.expanded == Expanded::On
    {
        return Ok(None);
    }
    let Some(width) = options.width_limit(screen) else { return Ok(None) };
    let lines = if screen.lines > 0 { screen.lines } else { USUAL_LINES } as usize;
    // An empty line follows, and the prompt.
    let around = footers(context, rows.count()).len() + usize::from(context.title().is_some()) + 2;
    let limits = Limits { width, lines: lines.saturating_sub(around).max(FEWEST_LINES) };
    let mut ends = Ends::of(context, rows, &limits)?;
    loop {
        let grid = grid(columns, &ends, options, &limits);
        if frame(columns.len(), options.border) + least_width(&grid) > limits.width {
            return Ok(None);
        }
        let lines: Vec<String> = grid.lines().map(|line| line.replace(BREAK, "")).collect();
        let excess = lines.len().saturating_sub(limits.lines);
        if excess == 0 || !ends.drop_rows(excess.div_ceil(limits.row_lines())) {
            return Ok(Some(Fitted { lines, left_out: ends.left_out }));
        }
    }
}

/// Puts the table as it was laid out.
fn put(fitted: &Fitted, context: &Context<'_>, rows: u64, out: &mut Output<'_>) -> io::Result<()> {
    let width = fitted.lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    if let Some(title) = context.title() {
        put_centred(&String::from_utf8_lossy(title), width, out);
    }
    for line in &fitted.lines {
        if line.contains(LEFT_OUT) {
            let count = counted(fitted.left_out, "more row");
            put_centred(&format!("... {count} ..."), width, out);
        } else {
            out.text(line.trim_end_matches(' '));
            out.end_line()?;
        }
    }
    for footer in footers(context, rows) {
        out.put(&footer);
        out.byte(b'\n');
    }
    out.end_line()
}

/// What the table has to fit.
struct Limits {
    /// Columns of the screen.
    width: usize,
    /// Lines for headings, rules and rows.
    lines: usize,
}

impl Limits {
    /// The most lines of one row.
    fn row_lines(&self) -> usize {
        (self.lines / 3).max(1)
    }
}

/// The first and the last rows of a result, as much of them as the screen could show.
struct Ends {
    first: Vec<Vec<String>>,
    last: VecDeque<Vec<String>>,
    /// Rows between.
    left_out: u64,
}

impl Ends {
    fn of(context: &Context<'_>, rows: &mut dyn Rows, limits: &Limits) -> io::Result<Ends> {
        let total = rows.count();
        let room = limits.lines as u64;
        // Where some are left out, the line that says so is one of the lines.
        let kept = if total > room { room - 1 } else { total };
        let (first, last) = (kept.div_ceil(2), kept / 2);
        let mut ends = Ends { first: Vec::new(), last: VecDeque::new(), left_out: total - kept };
        let mut texts = Texts {
            columns: context.columns,
            text: CellText::new(context.options),
            layout: Layout::default(),
            longest: limits.width * limits.row_lines() * 4,
        };
        let mut number = 0;
        rows.rewind()?;
        while let Some(row) = rows.next()? {
            if number < first {
                ends.first.push(texts.of(row));
            } else if number >= total - last {
                ends.last.push_back(texts.of(row));
            }
            number += 1;
        }
        Ok(ends)
    }

    /// Leaves out so many more rows of the middle; false if only one is left at each end.
    fn drop_rows(&mut self, count: usize) -> bool {
        let before = self.left_out;
        for _ in 0..count {
            if self.first.len() > self.last.len().max(1) {
                self.first.pop();
            } else if self.last.len() > 1 {
                self.last.pop_front();
            } else {
                break;
            }
            self.left_out += 1;
        }
        self.left_out > before
    }
}

/// Makes values the texts that are shown for them.
struct Texts<'t> {
    columns: &'t [Column],
    text: CellText,
    layout: Layout,
    /// Bytes of a value that can be seen at most.
    longest: usize,
}

impl Texts<'_> {
    fn of(&mut self, row: Row<'_>) -> Vec<String> {
        let mut texts = Vec::with_capacity(self.columns.len());
        for (column, cell) in self.columns.iter().zip(row.cells()) {
            let text = self.text.text(cell, column);
            let text = &text[..text.len().min(self.longest)];
            let lines = lines_of(text, &mut self.layout);
            texts.push(if is_json(column) { with_breaks(&lines) } else { lines });
        }
        texts
    }
}

fn is_json(column: &Column) -> bool {
    JSON.contains(&column.type_oid)
}

/// A JSON value that may be broken behind its commas, and the blanks that follow them.
fn with_breaks(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    for piece in text.split_inclusive(',') {
        // Blanks stay in the line that they end.
        let own = piece.trim_start_matches(' ');
        broken.push_str(&piece[..piece.len() - own.len()]);
        if !broken.is_empty() && !own.is_empty() {
            broken.push(BREAK);
        }
        broken.push_str(own);
    }
    broken
}

/// The text with tabs and control characters as psql shows them, and their like.
fn lines_of(text: &[u8], layout: &mut Layout) -> String {
    layout.clear();
    layout.push(Encoding::Utf8, text, usize::MAX);
    let lines: Vec<_> =
        (0..layout.lines(0)).filter_map(|i| layout.piece(0, i)).map(|piece| piece.text).collect();
    let text = lines.join(&b'\n');
    String::from_utf8_lossy(&escaped(&text, Encoding::Utf8)).into_owned()
}

fn grid(columns: &[Column], ends: &Ends, options: &Options, limits: &Limits) -> Grid {
    let mut grid = Grid::new();
    grid.load_style(style(options))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_truncation_indicator("...")
        .set_width(u16::try_from(limits.width).unwrap_or(u16::MAX));
    let mut layout = Layout::default();
    if !options.tuples_only {
        let heading = |column: &Column| {
            let text = lines_of(&shown(options, &column.name), &mut layout);
            Cell::new_owned(text).set_alignment(CellAlignment::Center)
        };
        grid.set_header(columns.iter().map(heading).collect::<Vec<_>>());
    }
    let row = |cells: &Vec<String>| {
        let mut row = GridRow::from(cells);
        row.max_height(limits.row_lines());
        row
    };
    grid.add_rows(ends.first.iter().map(row));
    if ends.left_out > 0 {
        grid.add_row([LEFT_OUT]);
    }
    grid.add_rows(ends.last.iter().map(row));
    for (column, of_grid) in columns.iter().zip(grid.column_iter_mut()) {
        if column.alignment == Alignment::Right {
            of_grid.set_cell_alignment(CellAlignment::Right);
        }
        if is_json(column) {
            of_grid.set_delimiter(BREAK);
        }
    }
    grid
}

/// Columns that the values need when they are narrowed as far as can be read.
fn least_width(grid: &Grid) -> usize {
    grid.column_max_content_widths().iter().map(|&width| usize::from(width).min(NARROWEST)).sum()
}

/// Columns that blanks and lines between `columns` columns fill.
fn frame(columns: usize, border: u16) -> usize {
    match border {
        0 => columns * 2,
        1 => columns * 3 - 1,
        _ => columns * 3 + 1,
    }
}

/// The lines around values, as `\pset border` and `\pset linestyle` want them.
fn style(options: &Options) -> TableStyle {
    let (line, wall, [top, middle, bottom]) = match options.line_style {
        LineStyle::Unicode => ('─', '│', [['┌', '┬', '┐'], ['├', '┼', '┤'], ['└', '┴', '┘']]),
        LineStyle::Ascii | LineStyle::OldAscii => ('-', '|', [['+'; 3]; 3]),
    };
    let rule = |[left, junction, right]: [char; 3]| Line::new(left, line, junction, right);
    match options.border {
        0 => TableStyle::new().header_separator(Line::none().fill(line)),
        1 => {
            let row = ContentLineStyle::none().junction(wall);
            TableStyle::new()
                .header_lines(row)
                .header_separator(Line::none().fill(line).junction(middle[1]))
                .content_lines(row)
        }
        _ => {
            let row = ContentLineStyle::new(wall, wall, wall);
            TableStyle::new()
                .top_border(rule(top))
                .header_lines(row)
                .header_separator(rule(middle))
                .content_lines(row)
                .bottom_border(rule(bottom))
        }
    }
}

/// The lines below: those given, or how much there is.
fn footers<'t>(context: &Context<'t>, rows: u64) -> Vec<Cow<'t, [u8]>> {
    if !context.has_default_footer() {
        return context.given_footers();
    }
    let rows = counted(rows, "row");
    let columns = counted(context.columns.len(), "column");
    vec![Cow::Owned(format!("({rows}, {columns})").into_bytes())]
}

fn put_centred(text: &str, width: usize, out: &mut Output<'_>) {
    out.blanks(width.saturating_sub(text.chars().count()) / 2);
    out.text(text);
    out.byte(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::{Part, RowBuffer, Screen, Table, print};

    const INT4: u32 = 23;
    const TEXT: u32 = 25;

    /// A table of a number and a text per row, on a screen.
    fn printed(texts: &[&str], options: Options, part: Part, screen: [u32; 2]) -> String {
        let column = |name: &str, type_oid| Column::of_type(name.into(), type_oid);
        let columns = [column("id", INT4), column("what it is", TEXT)];
        let mut rows = RowBuffer::default();
        for (number, text) in texts.iter().enumerate() {
            rows.push([Some(number.to_string().as_bytes()), Some(text.as_bytes())]);
        }
        let options = Options { format: Format::Fitted, ..options };
        let title = options.title.as_deref();
        let mut table = Table { title, columns: &columns, rows: &mut rows, footers: None };
        let screen = Screen { columns: screen[0], lines: screen[1] };
        let mut out = Vec::new();
        print(&mut table, &options, part, screen, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn check(texts: &[&str], options: Options, screen: [u32; 2], expected: &[&str]) {
        let found = printed(texts, options, Part::default(), screen);
        assert_eq!(found, expected.join("\n") + "\n\n", "{found}");
    }

    #[test]
    fn fits() {
        let plain = Options::default;
        let few = ["one", "two\tb\x01", "Zürich"];
        let body = ["  0 | one", "  1 | two     b\\x01", "  2 | Zürich"];
        let head = [" id |   what it is", "----+---------------"];
        let whole = [&head[..], &body].concat();
        check(&few, plain(), [80, 24], &[&whole[..], &["(3 rows, 2 columns)"]].concat());
        check(&few, Options { footer: false, ..plain() }, [80, 24], &whole);
        let rows = [" 0 | one", " 1 | two     b\\x01", " 2 | Zürich"];
        check(&few, Options { tuples_only: true, ..plain() }, [80, 24], &rows);
        let bordered = Options {
            border: 2,
            line_style: LineStyle::Unicode,
            title: Some(b"T".into()),
            ..plain()
        };
        let expected = [
            "         T",
            "┌────┬────────────┐",
            "│ id │ what it is │",
            "├────┼────────────┤",
            "│  0 │ x          │",
            "└────┴────────────┘",
            "(1 row, 2 columns)",
        ];
        check(&["x"], bordered, [80, 24], &expected);
        let bare = Options { border: 0, ..plain() };
        check(
            &["x"],
            bare,
            [80, 24],
            &[" id  what it is", "----------------", "  0  x", "(1 row, 2 columns)"],
        );
    }

    #[test]
    fn long_and_wide() {
        let many: Vec<String> = (0..100).map(|n| format!("n{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let expected = [
            " id | what it is",
            "----+------------",
            "  0 | n0",
            "  1 | n1",
            "  2 | n2",
            "... 95 more rows ...",
            " 98 | n98",
            " 99 | n99",
            "(100 rows, 2 columns)",
        ];
        check(&many, Options::default(), [80, 11], &expected);
        let long = ["the quick brown fox jumps over the lazy dog", "b"];
        let expected = [
            " id |   what it is",
            "----+---------------",
            "  0 | the quick",
            "    | brown fox",
            "    | jumps over",
            "    | the lazy dog",
            "  1 | b",
            "(2 rows, 2 columns)",
        ];
        check(&long, Options::default(), [20, 24], &expected);
        let endless = "x".repeat(100_000);
        for rows in [1, 3, 40] {
            let found =
                printed(&vec![&*endless; rows], Options::default(), Part::default(), [40, 20]);
            assert!(found.lines().count() <= 19, "{found}");
            assert!(found.lines().all(|line| line.chars().count() <= 40), "{found}");
        }
    }

    /// Without a screen, in parts and in expanded mode all is as in the aligned format; so it is on
    /// a screen too narrow, where a value has a line of its own.
    #[test]
    fn falls_back() {
        let aligned = " id | what it is \n----+------------\n  0 | x\n(1 row)\n\n";
        let expanded = "-[ RECORD 1 ]-\nid         | 0\nwhat it is | x\n\n";
        let plain = Options::default;
        let on = Options { expanded: Expanded::On, ..plain() };
        let auto = Options { expanded: Expanded::Auto, ..plain() };
        let fitted = " id | what it is\n----+------------\n  0 | x\n(1 row, 2 columns)\n\n";
        let whole = Part::default();
        assert_eq!(printed(&["x"], plain(), whole, [0, 0]), aligned);
        assert_eq!(
            printed(&["x"], plain(), Part { stop: false, ..whole }, [80, 24]),
            aligned.split_once("(1").unwrap().0
        );
        assert_eq!(printed(&["x"], on, whole, [80, 24]), expanded);
        assert_eq!(printed(&["x"], auto, whole, [80, 24]), fitted);
        assert_eq!(printed(&["x"], plain(), whole, [12, 24]), expanded);
    }

    /// JSON is broken behind its commas, and nothing of it is lost.
    #[test]
    fn json_is_broken_at_its_commas() {
        let columns = [Column::of_type("j".into(), JSON[1])];
        for (value, expected) in [
            (
                "{\"a\": 1, \"b\": [10, 20]}",
                "         j\n------------------\n {\"a\": 1,\n \"b\": [10, 20]}\n",
            ),
            ("{\"aa\":111,\"bb\":222}", "      j\n------------\n {\"aa\":111,\n \"bb\":222}\n"),
            ("[1, 2]", "    j\n--------\n [1, 2]\n"),
        ] {
            let mut rows = RowBuffer::default();
            rows.push([Some(value.as_bytes())]);
            let mut table =
                Table { title: None, columns: &columns, rows: &mut rows, footers: Some(&[]) };
            let options = Options { format: Format::Fitted, ..Options::default() };
            let (mut out, screen) = (Vec::new(), Screen { columns: 18, lines: 24 });
            print(&mut table, &options, Part::default(), screen, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), format!("{expected}\n"), "{value}");
        }
    }
}
