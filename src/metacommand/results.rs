//! `\last`, `\view` and `\results`: the last results again, without asking the server.

use super::call::{Call, Outcome};
use super::formatting::report_refused;
use super::general::parenthesized;
use crate::console::Reported;
use crate::console::path::expand_tilde;
use crate::describe::{Host, View};
use crate::print::{self, Column, RowBuffer};
use crate::progress;
use crate::query::{KeptResult, ResultPlan, Selection};
use crate::terminal;

/// What `\last` is to do.
struct Request {
    /// Which result, counted from the last, 1.
    number: usize,
    selection: Selection,
    plan: ResultPlan,
    /// The table that it becomes.
    table: Option<Vec<u8>>,
}

/// `\last [N] [/REGEX/] [(OPTIONS)] [FILE | into TABLE]`
pub fn last(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let Request { number, selection, plan, table } = read(call)?;
    let mut queries = call.shell.queries();
    match table {
        Some(table) => queries.copy_kept_into(number, &selection, &table)?,
        None => queries.show_kept(number, &selection, plan)?,
    }
    Ok(Outcome::Done)
}

fn read(call: &mut Call<'_>) -> Result<Request, Reported> {
    let mut number = None;
    let (mut selection, mut plan, mut table) = (Selection::default(), ResultPlan::default(), None);
    while let Some(word) = call.next_as_first().map(|argument| argument.value) {
        if plan.target.is_some() || table.is_some() {
            return call.fail([b"extra argument \"", &word[..], b"\""].concat());
        } else if let Some(counted) = count(&word).filter(|_| number.is_none()) {
            number = Some(counted);
        } else if word.first() == Some(&b'/') && (word.len() == 1 || !is_path(&word)) {
            let expression = expression(call, word)?;
            if let Err(reason) = selection.choose_rows(&String::from_utf8_lossy(&expression)) {
                return call.fail(reason);
            }
        } else if let Some(first) = word.strip_prefix(b"(") {
            plan.print = Some(Box::new(options(call, first.to_vec(), &mut selection)?));
        } else if word.eq_ignore_ascii_case(b"into") {
            let Some(name) = call.next_as_normal() else {
                return call.fail("the table's name is missing after into");
            };
            let encoding = call.shell.console.encoding();
            let name = crate::lexer::dequote(&name.value, crate::lexer::Case::Fold, encoding);
            table = Some(name);
        } else if !word.is_empty() {
            plan.target = Some(expand_tilde(&word));
        }
    }
    if table.is_some() && plan.print.is_some() && selection.is_all() {
        return call.fail("a table takes no printing options, only (columns=...)");
    }
    Ok(Request { number: number.unwrap_or(1), selection, plan, table })
}

/// `\view [N]`
pub fn view(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let word = call.next_as_normal().map(|argument| argument.value);
    let number = match word.as_deref().map(count) {
        None => 1,
        Some(Some(number)) => number,
        Some(None) => {
            let word = word.unwrap_or_default();
            return call.fail([b"\"", &word[..], b"\" is no number of a result"].concat());
        }
    };
    if !call.shell.console.is_on_terminals() || !call.shell.interactive.has_screen() {
        return call.fail("there is no terminal here to look at it on; \\last prints it");
    }
    call.shell.queries().view_kept(number)?;
    Ok(Outcome::Done)
}

/// A number of a result.
pub(super) fn count(word: &[u8]) -> Option<usize> {
    std::str::from_utf8(word).ok()?.parse().ok().filter(|number| *number > 0)
}

/// Whether a word that begins with a slash is the name of a file: `/tmp/orders.csv`, but not
/// `/error/`.
fn is_path(word: &[u8]) -> bool {
    let inner = &word[1..];
    inner.contains(&b'/') && inner.last() != Some(&b'/')
}

/// The text between the slashes; blanks in it cut it into words.
fn expression(call: &mut Call<'_>, first: Vec<u8>) -> Result<Vec<u8>, Reported> {
    let mut text = first;
    while text.len() == 1 || text.last() != Some(&b'/') {
        let Some(next) = call.next_as_normal() else {
            return call.fail("the slash at the end of the regular expression is missing");
        };
        text.push(b' ');
        text.extend_from_slice(&next.value);
    }
    text.pop();
    text.remove(0);
    Ok(text)
}

/// The options in parentheses: those of `\pset`, and the columns that are wanted.
pub(super) fn options(
    call: &mut Call<'_>,
    first: Vec<u8>,
    selection: &mut Selection,
) -> Result<print::Options, Reported> {
    let mut changed = call.shell.console.print.clone();
    parenthesized(call, first, &mut |call, name, value| {
        if let (b"columns", Some(names)) = (name, value)
            && count(names).is_none()
        {
            selection.choose_columns(names);
            return Ok(());
        }
        print::pset::set(&mut changed, name, value, call.shell.console.has_own())
            .map(drop)
            .map_err(|text| report_refused(&mut call.shell.console, name, value, text))
    })?;
    Ok(changed)
}

const INT8: u32 = 20;
const TEXT: u32 = 25;
const NUMERIC: u32 = 1700;

/// The columns of `\results` with the OIDs of their types.
const COLUMNS: [(&str, u32); 6] = [
    ("N", INT8),
    ("When", TEXT),
    ("Time (ms)", NUMERIC),
    ("Rows", INT8),
    ("Size", TEXT),
    ("Statement", TEXT),
];

/// Characters of a statement that are shown where there is no screen.
const SHORT: usize = 30;
/// What the other columns of a row take, the dots behind a statement included.
const BESIDE: usize = 56;

/// `\results[+]`
pub fn list(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let is_whole = call.name.ends_with(b"+");
    let screen = call.shell.interactive.screen(&call.shell.console, false);
    let short = match screen.columns {
        0 => SHORT,
        columns => usize::try_from(columns).unwrap_or(SHORT).saturating_sub(BESIDE).max(SHORT / 2),
    };
    let mut rows = RowBuffer::default();
    for (number, result) in call.shell.kept_results.iter() {
        let cells = cells(number, result, (!is_whole).then_some(short));
        rows.push(cells.iter().map(|cell| Some(cell.as_slice())));
    }
    let view = View {
        title: Some(b"Results kept".to_vec()),
        columns: COLUMNS.map(|(name, oid)| Column::of_type(name.into(), oid)).to_vec(),
        rows,
        footers: None,
        expanded: None,
    };
    call.shell.show(view)?;
    Ok(Outcome::Done)
}

/// A result's cells, in the order of [`COLUMNS`]: without the date and with so many characters of the
/// statement, or with all of both.
fn cells(number: usize, result: &KeptResult, short: Option<usize>) -> [Vec<u8>; 6] {
    let came = terminal::local_time(result.came);
    let time_of_day = came.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
    [
        number.to_string().into(),
        if short.is_some() { came[time_of_day..].to_vec() } else { came },
        format!("{:.3}", result.elapsed.as_secs_f64() * 1000.0).into(),
        result.set.rows.len().to_string().into(),
        progress::size(result.set.rows.bytes()).into(),
        match short {
            Some(characters) => beginning(&result.statement, characters),
            None => result.statement.clone(),
        },
    ]
}

/// The beginning of a statement in one line.
fn beginning(statement: &[u8], characters: usize) -> Vec<u8> {
    let text = String::from_utf8_lossy(statement);
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}...", line[..end].trim_end()).into(),
        None => line.into(),
    }
}
