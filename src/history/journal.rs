//! The journal: how each entry went, one line for each run.
//!
//! A line holds the time, the database, the host, the user, the duration in microseconds, the
//! outcome, the rows and the text, separated by tabs. The text is the last, so a tab in it needs no
//! escape; its line breaks are written as psql's history file writes them. A line that is damaged
//! is passed over.

use super::entry::{Context, Entry, Keeping, Outcome, Run, SqlState};
use super::psql;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How a success is written.
const SUCCEEDED: &str = "ok";
/// How a failure is written that has no SQLSTATE.
const FAILED: &str = "failed";

/// The line of a run, its end included.
pub fn line(text: &str, run: &Run) -> Vec<u8> {
    let Context { database, host, user } = &*run.context;
    let outcome = match &run.outcome {
        Outcome::Succeeded => SUCCEEDED,
        Outcome::Failed(Some(code)) => code.as_str(),
        Outcome::Failed(None) => FAILED,
    };
    let duration = run.duration.map(|duration| duration.as_micros().to_string());
    let rows = run.rows.map(|rows| rows.to_string());
    let fields = [
        run.began.to_string(),
        escaped(database),
        escaped(host),
        escaped(user),
        duration.unwrap_or_default(),
        outcome.to_owned(),
        rows.unwrap_or_default(),
    ];
    let mut line = fields.join("\t").into_bytes();
    line.push(b'\t');
    line.extend(psql::encode(text.as_bytes()));
    line
}

/// Reads lines of a journal.
#[derive(Debug, Default)]
pub struct Reader {
    /// There are few, and each is kept once, by its fields as they are written.
    contexts: HashMap<String, Arc<Context>>,
}

impl Reader {
    /// The entry that a line tells of; `None` if it is damaged.
    pub fn entry(&mut self, line: &[u8]) -> Option<Entry> {
        let mut tabs = memchr::memchr_iter(b'\t', line);
        let (began, user) = (tabs.next()?, tabs.nth(2)?);
        let context = std::str::from_utf8(&line[began + 1..user]).ok()?;
        let mut fields = line[user + 1..].splitn(4, |byte| *byte == b'\t');
        let mut field = || std::str::from_utf8(fields.next()?).ok();
        let duration = optional(field()?)?.map(Duration::from_micros);
        let outcome = match field()? {
            SUCCEEDED => Outcome::Succeeded,
            FAILED => Outcome::Failed(None),
            code => Outcome::Failed(Some(SqlState::parse(code.as_bytes())?)),
        };
        let rows = optional(field()?)?;
        let text = psql::decode(fields.next().filter(|text| !text.is_empty())?);
        let began = std::str::from_utf8(&line[..began]).ok()?.parse().ok()?;
        let context = self.context(context)?;
        let run = Run { began, context, duration, outcome, rows };
        Some(Entry { run: Some(run), ..Entry::new(text, Keeping::File) })
    }

    /// The context that three fields tell of.
    fn context(&mut self, text: &str) -> Option<Arc<Context>> {
        if let Some(known) = self.contexts.get(text) {
            return Some(Arc::clone(known));
        }
        let mut fields = text.split('\t').map(unescaped);
        let (database, host, user) = (fields.next()?, fields.next()?, fields.next()?);
        let context = Arc::new(Context { database, host, user });
        self.contexts.insert(text.to_owned(), Arc::clone(&context));
        Some(context)
    }
}

/// A number that may be missing; `None` if the text is something else.
fn optional(text: &str) -> Option<Option<u64>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

/// A name without tabs and line breaks.
fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")
}

fn unescaped(field: &str) -> String {
    if !field.contains('\\') {
        return field.to_owned();
    }
    let mut name = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        name.extend(match c {
            '\\' => match chars.next() {
                Some('t') => Some('\t'),
                Some('n') => Some('\n'),
                other => other,
            },
            c => Some(c),
        });
    }
    name
}
