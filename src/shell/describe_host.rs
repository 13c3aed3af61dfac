//! Runs the queries of the describe commands and prints their tables.

use super::Shell;
use super::results::{Completed, Portion, ResultSet};
use super::show::columns_of;
use crate::catalog_query::CatalogQuery;
use crate::describe::{Answer, Failed, Host, View};
use crate::print::{Part, RowBuffer, Rows, Table};

impl Host for Shell {
    fn query(&mut self, query: &CatalogQuery) -> Result<Answer, Failed> {
        let set = self.hidden(query.as_bytes()).ok_or(Failed)?;
        self.answer_of(set)
    }

    fn query_briefly(&mut self, query: &CatalogQuery) -> Result<Answer, Failed> {
        let sql = query.as_bytes();
        if !self.echo_hidden(sql) {
            return Err(Failed);
        }
        if self.refuse_quietly_in_pipeline() {
            self.error("ERROR:  (not available)");
            return Err(Failed);
        }
        self.begin_query(sql);
        self.session.as_mut().ok_or(Failed)?.query(sql);
        let mut answer = Err(Failed);
        while let Some(result) = self.next_result(Portion::Whole) {
            match result {
                Completed::Rows(set) => answer = self.answer_of(set),
                Completed::NotKept(error) => self.not_kept(&error),
                Completed::Error(fields) => {
                    let severity = fields.get(b'S').unwrap_or_default();
                    let message = fields.get(b'M').unwrap_or_default();
                    self.error([severity, b":  ", message].concat());
                    self.keep_complaint(&fields, sql);
                }
                Completed::Lost(reason) => self.lost(&reason),
                Completed::CopyIn { .. } => self.refuse_copy_data(b"not expected here"),
                // A look-up is one SELECT.
                Completed::Part(_)
                | Completed::Command(_)
                | Completed::Empty
                | Completed::CopyOut
                | Completed::CopyBoth => {}
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

impl Shell {
    /// The rows, read back; a failure is reported.
    fn answer_of(&mut self, mut set: ResultSet) -> Result<Answer, Failed> {
        let columns = columns_of(&set.fields);
        match read_back(&mut set) {
            Ok(rows) => Ok(Answer { columns, rows }),
            Err(error) => {
                self.not_kept(&error);
                Err(Failed)
            }
        }
    }
}

fn read_back(set: &mut ResultSet) -> std::io::Result<RowBuffer> {
    let mut rows = RowBuffer::default();
    set.rows.rewind()?;
    while let Some(row) = set.rows.next()? {
        rows.push_row(row);
    }
    Ok(rows)
}
