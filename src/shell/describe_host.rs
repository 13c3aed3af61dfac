//! Runs the queries of the describe commands and prints their tables.

use super::Shell;
use super::results::{Completed, ResultSet};
use super::show::columns_of;
use crate::describe::{Answer, Failed, Host, View};
use crate::print::{Part, RowBuffer, Rows, Table};

impl Host for Shell {
    fn query(&mut self, sql: &[u8]) -> Result<Answer, Failed> {
        answer_of(self.hidden(sql).ok_or(Failed)?)
    }

    fn query_briefly(&mut self, sql: &[u8]) -> Result<Answer, Failed> {
        if !self.echo_hidden(sql) {
            return Err(Failed);
        }
        if self.pipeline.is_on() {
            self.error("ERROR:  (not available)");
            return Err(Failed);
        }
        self.session.as_mut().ok_or(Failed)?.query(sql);
        let mut answer = Err(Failed);
        while let Some(result) = self.next_result(None) {
            match result {
                Completed::Rows(set) => answer = answer_of(set),
                Completed::Error(fields) => {
                    let severity = fields.get(b'S').unwrap_or_default();
                    let message = fields.get(b'M').unwrap_or_default();
                    self.error([severity, b":  ", message].concat());
                }
                Completed::Lost(reason) => self.lost(&reason),
                // A look-up is one SELECT.
                _ => {}
            }
        }
        answer
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

/// The rows, read back.
fn answer_of(mut set: ResultSet) -> Result<Answer, Failed> {
    let columns = columns_of(&set.fields);
    let mut rows = RowBuffer::default();
    set.rows.rewind().map_err(|_| Failed)?;
    while let Some(row) = set.rows.next().map_err(|_| Failed)? {
        rows.push_row(row);
    }
    Ok(Answer { columns, rows })
}
