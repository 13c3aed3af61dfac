//! What becomes of a result that is not just printed: `\gset`, `\gexec`, `\gdesc` and
//! `\crosstabview`.

use super::g_output::GOutput;
use super::request::QueryRequest;
use super::result_output::columns_of;
use super::runner::{QueryReport, QueryRunner};
use crate::catalog_query::CatalogQuery;
use crate::connection::protocol::Protocol;
use crate::connection::{Failure, ResultSet, report_not_kept};
use crate::console::{Console, Reported, os_error_text};
use crate::encoding::Encoding;
use crate::print::{Part, Rows, Table, crosstab};
use crate::session::Field;
use crate::variables::Echo;
use std::time::Instant;

/// Sets the variables that tell of a query's failure.
fn publish(console: &mut Console, done: Result<(), Reported>) -> Result<(), Reported> {
    done.inspect_err(|_| console.publish_own_failure())
}

impl QueryRunner<'_> {
    /// `\gset`: the single row's values become variables.
    pub(super) fn set_from_row(
        &mut self,
        set: &mut ResultSet,
        prefix: &[u8],
    ) -> Result<(), Reported> {
        let done = set_variables(self.console, set, prefix);
        publish(self.console, done)
    }

    /// `\gexec`: every value that is not NULL is executed as a statement, the first by the protocol
    /// of the query it came from.
    pub(super) fn execute_cells(
        &mut self,
        set: &mut ResultSet,
        protocol: &Protocol,
    ) -> Result<(), Reported> {
        let done = self.send_cells(set, protocol.clone());
        publish(self.console, done)
    }

    fn send_cells(&mut self, set: &mut ResultSet, first: Protocol) -> Result<(), Reported> {
        let mut done = Ok(());
        let mut protocol = first;
        set.rows.rewind().map_err(|error| report_not_kept(self.console, &error))?;
        loop {
            // What can't be read again is not executed.
            let row = set.rows.next().map_err(|error| report_not_kept(self.console, &error))?;
            let Some(row) = row else { return done };
            for statement in row.cells().flatten() {
                if self.console.interrupts.is_work_given_up() {
                    return Err(Reported);
                }
                let settings = self.console.settings();
                if settings.echo == Echo::All && !settings.single_step {
                    self.console.println(statement);
                    self.console.output.flush();
                }
                let protocol = std::mem::take(&mut protocol);
                let request = QueryRequest { protocol, ..QueryRequest::plain(statement) };
                if self.send(&request).is_err() {
                    done = Err(Reported);
                    if self.console.settings().on_error_stop || !self.connection.is_open() {
                        return done;
                    }
                }
            }
        }
    }

    /// `\gdesc`: the names and types of the columns the statement would return.
    pub(super) fn describe_query(&mut self, request: &QueryRequest<'_>) -> QueryReport {
        let start = Instant::now();
        let mut report = QueryReport::default();
        if self.connection.refuse_in_pipeline(self.console).is_err() {
            self.console.publish_own_failure();
            return QueryReport::of_failure();
        }
        let fields = self.connection.describe(self.console, request.text);
        report.elapsed = start.elapsed();
        let described = match fields {
            Ok(fields) => self.print_description(request, &fields),
            Err(failure) => {
                self.report_failure(failure, request.text);
                Err(Reported)
            }
        };
        report.note(described);
        report
    }

    fn print_description(
        &mut self,
        request: &QueryRequest<'_>,
        fields: &[Field],
    ) -> Result<(), Reported> {
        let mut out = GOutput::new(&request.plan);
        let printed = if fields.is_empty() {
            self.console.publish_success(b"");
            out.open(self.console).map(|()| {
                let text = b"The command has no result, or the result has no columns.\n";
                let _ = self.console.output.query().write_all(text);
            })
        } else {
            let query = description_query(fields, self.console.encoding());
            self.connection.run_own(self.console, query.as_bytes()).and_then(|mut set| {
                self.console.publish_success(&set.tag);
                let printed =
                    out.open(self.console).and_then(|()| self.print_rows(&mut set, &request.plan));
                publish(self.console, printed)
            })
        };
        printed.and(out.close(self.console))
    }

    /// Reports why the server gave no answer to `sql`, and sets the variables that tell of it.
    pub(super) fn report_failure(&mut self, failure: Failure, sql: &[u8]) {
        let (refused, lost) = match failure {
            Failure::Refused(fields) => (Some(fields), None),
            Failure::Lost { last_words, reason } => (last_words, Some(reason)),
            Failure::NotConnected => return,
            Failure::NotKept(error) => {
                report_not_kept(self.console, &error);
                return;
            }
        };
        if let Some(fields) = refused {
            self.console.publish_failure(
                fields.get(b'C').unwrap_or_default(),
                fields.get(b'M').unwrap_or_default(),
            );
            self.connection.report_server_error(self.console, fields, sql);
        }
        if let Some(reason) = lost {
            self.connection.on_connection_lost(self.console, &reason);
        }
    }

    /// `\crosstabview`: prints the grid a result makes.
    pub(super) fn print_crosstab(
        &mut self,
        set: &mut ResultSet,
        arguments: &[Option<Vec<u8>>; 4],
    ) -> Result<(), Reported> {
        let encoding = self.console.encoding();
        let dequote = |name: &[u8]| crate::lexer::dequote(name, crate::lexer::Case::Fold, encoding);
        let columns = columns_of(&set.fields);
        let mut options = self.console.print.clone();
        // Headings are values here, and each has one column: it is the first zone that is shown.
        let mut zones = std::mem::take(&mut options.display_time_zones);
        zones.truncate(1);
        let mut table =
            Table { title: None, columns: &columns, rows: &mut set.rows, footers: None };
        let pivoted = self.in_time_zones(&mut table, &zones, Part::default(), |_, table| {
            crosstab::pivot(table.columns, table.rows, arguments, dequote, &options.null)
        });
        match pivoted {
            Ok((columns, mut rows)) => {
                let title = options.title.as_deref();
                let mut table = Table { title, columns: &columns, rows: &mut rows, footers: None };
                self.show_table(&mut table, &options)
            }
            Err(failure) => {
                let text = match failure {
                    crosstab::Failure::Unfit(text) => text,
                    crosstab::Failure::Rows(error) => os_error_text(&error).into_bytes(),
                };
                let reported = self.console.error([b"\\crosstabview: ", &text[..]].concat());
                publish(self.console, Err(reported))
            }
        }
    }
}

fn set_variables(
    console: &mut Console,
    set: &mut ResultSet,
    prefix: &[u8],
) -> Result<(), Reported> {
    match set.rows.len() {
        0 => return Err(console.error("no rows returned for \\gset")),
        1 => {}
        _ => return Err(console.error("more than one row returned for \\gset")),
    }
    let row = set
        .rows
        .rewind()
        .and_then(|()| set.rows.next())
        .map_err(|error| report_not_kept(console, &error))?;
    let Some(row) = row else { return Err(Reported) };
    for (field, value) in set.fields.iter().zip(row.cells()) {
        let name = [prefix, &field.name].concat();
        if crate::variables::is_special(&name) {
            let (before, after) =
                ("attempt to \\gset into specially treated variable \"", "\" ignored");
            console.warning([before.as_bytes(), &name, after.as_bytes()].concat());
            continue;
        }
        match value {
            Some(value) => console.set_variable(&name, value)?,
            None => console.variables.unset(&name),
        }
    }
    Ok(())
}

/// A query that gives the names and types of `fields`.
fn description_query(fields: &[Field], encoding: Encoding) -> CatalogQuery {
    let mut query = b"SELECT name AS \"Column\", \
        pg_catalog.format_type(tp, tpm) AS \"Type\" FROM (VALUES "
        .to_vec();
    for (at, field) in fields.iter().enumerate() {
        let name = crate::lexer::quote_literal(&field.name, encoding);
        query.extend_from_slice(if at > 0 { b", (" } else { b"(" });
        // A name that can't be quoted is none that the server could read.
        query.extend_from_slice(&name.unwrap_or_else(|_| b"''".to_vec()));
        let (type_oid, modifier) = (field.type_oid, field.type_modifier);
        query.extend_from_slice(
            format!(", {type_oid}::pg_catalog.oid, {modifier}, {at})").as_bytes(),
        );
    }
    query.extend_from_slice(b") AS c(name, tp, tpm, at) ORDER BY at");
    CatalogQuery::new(query, encoding)
}
