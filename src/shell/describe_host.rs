//! Runs the queries of the describe commands and prints their tables.

use super::Shell;
use super::execute::columns_of;
use crate::describe::{Answer, Failed, Host, View};
use crate::print::{Part, RowBuffer, Rows, Table};

impl Host for Shell {
    fn query(&mut self, sql: &[u8]) -> Result<Answer, Failed> {
        let mut set = self.hidden(sql).ok_or(Failed)?;
        let columns = columns_of(&set.fields);
        let mut rows = RowBuffer::default();
        set.rows.rewind().map_err(|_| Failed)?;
        while let Some(row) = set.rows.next().map_err(|_| Failed)? {
            rows.push_row(row);
        }
        Ok(Answer { columns, rows })
    }

    fn show(&mut self, mut view: View) -> Result<(), Failed> {
        let mut options = self.print.clone();
        if let Some(expanded) = view.expanded {
            options.expanded = expanded;
        }
        let mut table = Table {
            title: view.title.as_deref(),
            columns: &view.columns,
            rows: &mut view.rows,
            footers: view.footers.as_deref(),
        };
        if self.show_table(&mut table, &options, Part::default()) { Ok(()) } else { Err(Failed) }
    }

    fn error(&mut self, text: &[u8]) {
        Shell::error(self, text);
    }

    fn line(&mut self, text: &[u8]) {
        let out = self.output.query();
        let _ = out.write_all(text);
        let _ = out.write_all(b"\n");
    }
}
