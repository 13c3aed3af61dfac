//! Runs the queries of the describe commands and prints their tables.

use super::Shell;
use crate::catalog_query::CatalogQuery;
use crate::connection::{ResultSet, report_not_kept};
use crate::console::{Console, Reported};
use crate::describe::{Answer, Host, View};
use crate::print::{RowBuffer, Rows, Table};
use crate::query::columns_of;
use std::io;

impl Shell {
    /// Shows a table below which sentences stand: on a user's screen they are broken between words.
    ///
    /// # Errors
    /// As [`Host::show`].
    pub fn show_with_sentences(&mut self, mut view: View) -> Result<(), Reported> {
        view.footers = view.footers.map(|footers| self.console.folded_footers(&footers));
        self.show(view)
    }
}

impl Host for Shell {
    fn query(&mut self, query: &CatalogQuery) -> Result<Answer, Reported> {
        self.require_patience()?;
        let set = self.connection.run_hidden(&mut self.console, query.as_bytes());
        set.and_then(|set| answer(&mut self.console, set))
    }

    fn query_briefly(&mut self, query: &CatalogQuery) -> Result<Answer, Reported> {
        self.require_patience()?;
        let set = self.connection.look_up(&mut self.console, query.as_bytes());
        set.and_then(|set| answer(&mut self.console, set))
    }

    fn show(&mut self, mut view: View) -> Result<(), Reported> {
        let mut options = self.console.print.clone();
        if let Some(expanded) = view.expanded {
            options.expanded = expanded;
        }
        let mut table = Table {
            title: view.title.as_deref(),
            columns: &view.columns,
            rows: &mut view.rows,
            footers: view.footers.as_deref(),
        };
        self.queries().show_table(&mut table, &options)
    }

    fn error(&mut self, text: &[u8]) {
        self.console.error(text);
    }

    fn line(&mut self, text: &[u8]) {
        let out = self.console.output.query();
        let _ = out.write_all(text);
        let _ = out.write_all(b"\n");
    }
}

impl Shell {
    /// A command that Ctrl-C was pressed in asks nothing more, though the server had just answered
    /// and found nothing to cancel.
    fn require_patience(&self) -> Result<(), Reported> {
        if self.console.interrupts.is_work_given_up() { Err(Reported) } else { Ok(()) }
    }
}

/// The rows of a result, read back.
fn answer(console: &mut Console, mut set: ResultSet) -> Result<Answer, Reported> {
    let columns = columns_of(&set.fields);
    let rows = read_back(&mut set).map_err(|error| report_not_kept(console, &error))?;
    Ok(Answer { columns, rows })
}

fn read_back(set: &mut ResultSet) -> io::Result<RowBuffer> {
    let mut rows = RowBuffer::default();
    set.rows.rewind()?;
    while let Some(row) = set.rows.next()? {
        rows.push_row(row);
    }
    Ok(rows)
}
