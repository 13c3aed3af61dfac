//! `\history`: what was typed before, and how it went.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::describe::{Host, View};
use crate::history::pattern::Pattern;
use crate::history::{self, Entry, Keeping, Run};
use crate::print::{Column, RowBuffer};
use crate::terminal;

/// How many entries are listed, unless all are asked for.
const NEWEST: usize = 50;

/// When a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// Always.
    Usual,
    /// With `+`.
    Additional,
}

/// The columns with the OIDs of their types.
const COLUMNS: [(&str, u32, Detail); 8] = [
    ("When", TEXT, Detail::Usual),
    ("Database", TEXT, Detail::Usual),
    ("Host", TEXT, Detail::Additional),
    ("User", TEXT, Detail::Additional),
    ("Duration (ms)", NUMERIC, Detail::Usual),
    ("Rows", INT8, Detail::Usual),
    ("Outcome", TEXT, Detail::Usual),
    ("Statement", TEXT, Detail::Usual),
];

const INT8: u32 = 20;
const TEXT: u32 = 25;
const NUMERIC: u32 = 1700;

/// `\history[+] [PATTERN]`
pub fn list(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let most = if call.name.ends_with(b"+") { Detail::Additional } else { Detail::Usual };
    let pattern = call.value().unwrap_or_default();
    let Some(entries) = call.shell.interactive.history() else {
        return call.fail(
            "there is no history without the line editor, which works at a terminal's prompt alone",
        );
    };
    let pattern = Pattern::new(&String::from_utf8_lossy(&pattern));
    let is_listed =
        |entry: &&Entry| entry.keeping() == Keeping::File && pattern.is_held_by(entry.text());
    let found: Vec<&Entry> = entries.iter().filter(is_listed).collect();
    let view = view(&found, most);
    call.shell.show(view)?;
    Ok(Outcome::Done)
}

/// The table of these entries, the newest last.
fn view(found: &[&Entry], most: Detail) -> View {
    let too_many = match most {
        Detail::Usual => found.len().saturating_sub(NEWEST),
        Detail::Additional => 0,
    };
    let is_shown = |detail: Detail| detail == Detail::Usual || detail == most;
    let mut rows = RowBuffer::default();
    for entry in &found[too_many..] {
        let cells = cells(entry);
        let shown = cells.iter().zip(COLUMNS).filter(|(_, (.., detail))| is_shown(*detail));
        rows.push(shown.map(|(cell, _)| cell.as_deref().map(str::as_bytes)));
    }
    let columns = COLUMNS.into_iter().filter(|(.., detail)| is_shown(*detail));
    let footer = format!("The newest {NEWEST} of {}; \\history+ lists all.", found.len());
    View {
        title: Some(b"History".to_vec()),
        columns: columns.map(|(name, oid, _)| Column::of_type(name.into(), oid)).collect(),
        rows,
        footers: (too_many > 0).then(|| vec![footer.into_bytes()]),
        expanded: None,
    }
}

/// An entry's cells, in the order of [`COLUMNS`].
fn cells(entry: &Entry) -> [Option<String>; 8] {
    let run = entry.run();
    let context = |part: fn(&history::Context) -> &String| {
        run.map(|run| part(&run.context).clone()).filter(|name| !name.is_empty())
    };
    let duration = run.and_then(|run| run.duration);
    [
        run.map(|run| String::from_utf8_lossy(&terminal::local_time(run.began)).into_owned()),
        context(|context| &context.database),
        context(|context| &context.host),
        context(|context| &context.user),
        duration.map(|duration| format!("{:.3}", duration.as_secs_f64() * 1000.0)),
        run.and_then(|run| run.rows).map(|rows| rows.to_string()),
        run.map(outcome),
        Some(entry.text().to_owned()),
    ]
}

fn outcome(run: &Run) -> String {
    match run.outcome {
        history::Outcome::Succeeded => "ok".to_owned(),
        history::Outcome::Failed(Some(code)) => code.as_str().to_owned(),
        history::Outcome::Failed(None) => "failed".to_owned(),
    }
}
