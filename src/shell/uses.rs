//! What becomes of a result that is not just printed: `\gset`, `\gexec`, `\gdesc` and
//! `\crosstabview`.

use super::g_output::GOutput;
use super::query_use::Send;
use super::results::{Aside, ResultSet};
use super::show::columns_of;
use super::walk::Run;
use super::{Shell, os_error_text};
use crate::catalog_query::CatalogQuery;
use crate::print::{Part, Rows, Table, crosstab};
use crate::session::{Event, Field};
use crate::variables::Echo;
use std::time::Instant;

impl Shell {
    /// `\gset`: the single row's values become variables.
    pub(super) fn set_from_row(&mut self, set: &mut ResultSet, prefix: &[u8]) -> bool {
        let ok = self.set_variables(set, prefix);
        if !ok {
            self.failed_here();
        }
        ok
    }

    fn set_variables(&mut self, set: &mut ResultSet, prefix: &[u8]) -> bool {
        match set.rows.len() {
            0 => {
                self.error("no rows returned for \\gset");
                return false;
            }
            1 => {}
            _ => {
                self.error("more than one row returned for \\gset");
                return false;
            }
        }
        let row = match set.rows.rewind().and_then(|()| set.rows.next()) {
            Ok(Some(row)) => row,
            Ok(None) => return false,
            Err(error) => {
                self.not_kept(&error);
                return false;
            }
        };
        for (field, value) in set.fields.iter().zip(row.cells()) {
            let name = [prefix, &field.name].concat();
            if crate::variables::is_special(&name) {
                let (before, after) =
                    ("attempt to \\gset into specially treated variable \"", "\" ignored");
                self.warning([before.as_bytes(), &name, after.as_bytes()].concat());
                continue;
            }
            let ok = match value {
                Some(value) => self.set_variable(&name, value),
                None => {
                    self.variables.unset(&name);
                    true
                }
            };
            if !ok {
                return false;
            }
        }
        true
    }

    /// `\gexec`: every value that is not NULL is executed as a statement.
    pub(super) fn exec_cells(&mut self, set: &mut ResultSet) -> bool {
        let ok = self.send_cells(set);
        if !ok {
            self.failed_here();
        }
        ok
    }

    fn send_cells(&mut self, set: &mut ResultSet) -> bool {
        let mut ok = true;
        if let Err(error) = set.rows.rewind() {
            self.not_kept(&error);
            return false;
        }
        loop {
            let row = match set.rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    // What could not be read again was not executed.
                    self.not_kept(&error);
                    return false;
                }
            };
            for statement in row.cells().flatten() {
                if self.cancelled {
                    return false;
                }
                if self.settings().echo == Echo::All && !self.settings().single_step {
                    self.put(statement);
                    self.output.flush();
                }
                if !self.send_query(statement, &Send::default()) {
                    ok = false;
                    if self.settings().on_error_stop || self.session.is_none() {
                        return false;
                    }
                }
            }
        }
        ok
    }

    /// `\gdesc`: the names and types of the columns the statement would return.
    pub(super) fn describe_query(&mut self, sql: &[u8], send: &Send) -> Run {
        let start = Instant::now();
        let mut run = Run::default();
        if self.refuse_in_pipeline() {
            self.note_failure(b"", b"");
            return run;
        }
        self.begin_query(sql);
        let Some(session) = self.session.as_mut() else { return run };
        session.parse(b"", sql, &[]);
        session.describe_statement(b"");
        session.sync();
        let mut fields: Vec<Field> = Vec::new();
        run.ok = true;
        loop {
            let Some(session) = self.session.as_mut() else { return run };
            match session.next_event() {
                Ok(Event::RowDescription(described)) => fields = described,
                Ok(Event::Error(error)) => {
                    run.ok = false;
                    self.query_failed(error, sql);
                }
                Ok(Event::Ready(_)) => break,
                Ok(Event::Interrupted) => self.cancel_query(),
                Ok(event) => {
                    let aside = Aside::from(event);
                    self.take_aside(aside);
                }
                Err(lost) => {
                    run.ok = false;
                    self.lost(&lost.message);
                    return run;
                }
            }
        }
        run.elapsed = start.elapsed();
        if !run.ok {
            return run;
        }
        let mut out = GOutput::new(send);
        if fields.is_empty() {
            self.query_succeeded(b"");
            run.ok = out.open(self);
            let _ = self
                .output
                .query()
                .write_all(b"The command has no result, or the result has no columns.\n");
        } else {
            let query = self.description_query(&fields);
            match self.internal(query.as_bytes()) {
                Some(mut set) => {
                    self.query_succeeded(&set.tag);
                    run.ok = out.open(self) && self.print_rows(&mut set, send, Part::default());
                    if !run.ok {
                        self.failed_here();
                    }
                }
                None => run.ok = false,
            }
        }
        out.close(self);
        run
    }

    /// A query that gives the names and types of `fields`.
    fn description_query(&self, fields: &[Field]) -> CatalogQuery {
        let mut query = b"SELECT name AS \"Column\", \
            pg_catalog.format_type(tp, tpm) AS \"Type\" FROM (VALUES "
            .to_vec();
        for (at, field) in fields.iter().enumerate() {
            let name = crate::lexer::quote_literal(&field.name, self.encoding());
            query.extend_from_slice(if at > 0 { b", (" } else { b"(" });
            // A name that can't be quoted is none that the server could read.
            query.extend_from_slice(&name.unwrap_or_else(|_| b"''".to_vec()));
            let (type_oid, modifier) = (field.type_oid, field.type_modifier);
            query.extend_from_slice(
                format!(", {type_oid}::pg_catalog.oid, {modifier}, {at})").as_bytes(),
            );
        }
        query.extend_from_slice(b") AS c(name, tp, tpm, at) ORDER BY at");
        CatalogQuery::new(query, self.encoding())
    }

    /// `\crosstabview`: prints the grid a result makes.
    pub(super) fn print_crosstab(
        &mut self,
        set: &mut ResultSet,
        arguments: &[Option<Vec<u8>>; 4],
    ) -> bool {
        let encoding = self.encoding();
        let dequote = |name: &[u8]| crate::lexer::dequote(name, true, encoding);
        let columns = columns_of(&set.fields);
        let options = self.print.clone();
        match crosstab::pivot(&columns, &mut set.rows, arguments, dequote, &options.null) {
            Ok((columns, mut rows)) => {
                let title = options.title.as_deref();
                let mut table = Table { title, columns: &columns, rows: &mut rows, footers: None };
                self.show_table(&mut table, &options, Part::default())
            }
            Err(failure) => {
                let text = match failure {
                    crosstab::Failure::Unfit(text) => text,
                    crosstab::Failure::Rows(error) => os_error_text(&error).into_bytes(),
                };
                self.error([b"\\crosstabview: ", &text[..]].concat());
                self.failed_here();
                false
            }
        }
    }
}
