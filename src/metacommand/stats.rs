//! `\stats`: what is known of a relation's values.

use super::call::{Call, Outcome};
use super::informational::{context, require_connection};
use crate::console::Reported;
use crate::print::{Expanded, Format};
use crate::progress;
use crate::shell::Shell;
use crate::statistics::{self, Look, Request, Shown, Source};

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
    let look = Look { order, frame: &frame, screen: screen(shell) };
    match statistics::gather(subject, source, &context, look, shell)? {
        Shown::Table(view) => shell.show_with_sentences(*view)?,
        Shown::Drawing(drawing) => shell.queries().write_drawing(&drawing)?,
    }
    Ok(Outcome::Done)
}

/// The columns of the screen that a table is to fit, where one looks at it there row by row.
fn screen(shell: &Shell) -> Option<usize> {
    let print = &shell.console.print;
    let is_table = print.format == Format::Aligned && print.expanded == Expanded::Off;
    let columns = shell.interactive.screen(&shell.console, false).columns;
    let columns = usize::try_from(columns).ok().filter(|columns| *columns > 0);
    let borders = if print.border >= 2 { 2 } else { 0 };
    columns.filter(|_| is_table).map(|columns| columns.saturating_sub(borders))
}
