//! Results that are printed while they come, and shown once they are complete: psql shows no row
//! of a query that fails.

use super::Shell;
use super::g_output::GOutput;
use super::query_use::{Send, Use};
use super::results::ResultSet;
use super::show::{columns_of, returns_rows};
use super::spool::Spool;
use crate::print::{self, Part, Screen, Table};
use std::io;

/// What was printed of a result so far.
#[derive(Debug)]
pub(super) struct Held {
    text: io::Result<Spool>,
    rows: u64,
}

impl Shell {
    /// Whether rows are printed as they come: in a format that gains by it, and for no use but to go
    /// to the query output, where no pager waits to know how many there are.
    pub(super) fn can_hold(&mut self, send: &Send) -> bool {
        let options = send.print.as_deref().unwrap_or(&self.print);
        matches!(send.usage, Use::Print)
            && options.is_by_row()
            && !self.may_page(options)
            && self.output.log().is_none()
    }

    /// Prints a part of a result, `before` it what is held already.
    pub(super) fn hold(&mut self, set: ResultSet, send: &Send, before: Option<Held>) -> Held {
        let part = Part {
            start: before.is_none(),
            stop: !set.tag.is_empty(),
            prior_rows: before.as_ref().map_or(0, |held| held.rows),
        };
        let rows = part.prior_rows + set.rows.len();
        let text = before.map_or(Ok(Spool::default()), |held| held.text);
        let text = text.and_then(|mut spool| {
            self.print_held(set, send, part, &mut spool)?;
            Ok(spool)
        });
        Held { text, rows }
    }

    fn print_held(
        &self,
        mut set: ResultSet,
        send: &Send,
        part: Part,
        spool: &mut Spool,
    ) -> io::Result<()> {
        let options = send.print.as_deref().unwrap_or(&self.print);
        let mut table = Table {
            title: options.title.as_deref(),
            columns: &columns_of(&set.fields),
            rows: &mut set.rows,
            footers: None,
        };
        // What goes row by row has no regard for the screen.
        print::print(&mut table, options, part, Screen::default(), spool)
    }

    /// Shows a result of which `set` is the last part.
    pub(super) fn show_held(
        &mut self,
        set: ResultSet,
        send: &Send,
        out: &mut GOutput<'_>,
        before: Held,
    ) -> bool {
        let tag = set.tag.clone();
        match self.hold(set, send, Some(before)).text {
            Ok(mut spool) => {
                self.tell_of_memory(spool.lacks_file());
                let ok = out.open(self) && self.write_results(|query| spool.copy_to(query));
                if returns_rows(&tag) {
                    self.show_command(&tag, out);
                }
                ok
            }
            Err(error) => {
                self.not_kept(&error);
                false
            }
        }
    }
}
