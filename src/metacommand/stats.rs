//! `\stats`: what is known of a relation's values.

use super::call::{Call, Outcome};
use super::informational::{context, require_connection};
use crate::console::Reported;
use crate::progress;
use crate::statistics::{self, Request, Shown, Source};

/// Reading more than so many bytes takes a while.
const LARGE: u64 = 1 << 30;

/// `\stats[+] RELATION[.COLUMN]`
pub fn stats(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let source = if call.name.ends_with(b"+") { Source::Rows } else { Source::Planner };
    let typed = call.required()?;
    let request = match Request::read(&typed, call.shell.console.encoding()) {
        Ok(request) => request,
        Err(text) => return call.fail(text),
    };
    let shell = &mut *call.shell;
    require_connection(shell)?;
    let context = context(shell);
    let subject = statistics::find(&request, source, &context, shell)?;
    if let Some(bytes) = subject.relation.bytes.filter(|bytes| *bytes > LARGE)
        && source == Source::Rows
    {
        let size = progress::size(bytes);
        shell.console.info(format!("All of its {size} are read now; Ctrl-C ends that."));
    }
    let frame = shell.queries().frame();
    let order = shell.connection.date_order();
    match statistics::gather(subject, source, &context, order, &frame, shell)? {
        Shown::Table(view) => shell.show_with_sentences(*view)?,
        Shown::Drawing(drawing) => shell.queries().write_drawing(&drawing)?,
    }
    Ok(Outcome::Done)
}
