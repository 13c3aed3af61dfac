//! `\history`: what was typed before, and how it went.

use super::call::{Call, Outcome};
use crate::console::Reported;
use crate::describe::{Host, View};
use crate::history::pattern::Pattern;
use crate::history::{self, Entry, Keeping, Run};
use crate::print::{Alignment, Column, RowBuffer};
use crate::terminal;

/// How many entries are listed, unless all are asked for.
const NEWEST: usize = 50;

/// The columns, and whether `\history` without `+` shows them.
const COLUMNS: [(&str, Alignment, bool); 8] = [
    ("When", Alignment::Left, true),
    ("Database", Alignment::Left, true),
    ("Host", Alignment::Left, false),
    ("User", Alignment::Left, false),
    ("Duration (ms)", Alignment::Right, true),
    ("Rows", Alignment::Right, true),
    ("Outcome", Alignment::Left, true),
    ("Statement", Alignment::Left, true),
];

/// `\history[+] [PATTERN]`
pub fn list(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let is_whole = call.name.ends_with(b"+");
    let pattern = call.value().unwrap_or_default();
    let Some(entries) = call.shell.interactive.history() else {
        return call.fail(
            "there is no history without the line editor, which works at a terminal's prompt alone",
        );
    };
    let pattern = Pattern::new(&String::from_utf8_lossy(&pattern));
    let found: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.keeping() == Keeping::File && pattern.is_held_by(entry.text()))
        .collect();
    let too_many = if is_whole { 0 } else { found.len().saturating_sub(NEWEST) };
    let mut rows = RowBuffer::default();
    for entry in &found[too_many..] {
        let cells = cells(entry);
        let shown = cells.iter().zip(COLUMNS).filter(|(_, (.., always))| is_whole || *always);
        rows.push(shown.map(|(cell, _)| cell.as_deref().map(str::as_bytes)));
    }
    let footers = (too_many > 0).then(|| {
        vec![format!("The newest {NEWEST} of {}; \\history+ lists all.", found.len()).into_bytes()]
    });
    let shown = COLUMNS.into_iter().filter(|(.., always)| is_whole || *always);
    let columns = shown
        .map(|(name, alignment, _)| Column { name: name.into(), alignment, type_oid: 0 })
        .collect();
    let title = Some(b"History".to_vec());
    call.shell.show(View { title, columns, rows, footers, expanded: None })?;
    Ok(Outcome::Done)
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
