//! Keeps results that were shown, shows them again, and makes tables of them.

use super::g_output::GOutput;
use super::kept_results::{Dropped, KeptResult, Origin};
use super::request::{CopyFile, CopyProgress, CopyStream, QueryRequest, ResultAction, ResultPlan};
use super::runner::QueryRunner;
use super::selection::{Selection, Unfit};
use crate::catalog_query::CatalogQuery;
use crate::connection::{ResultSet, report_not_kept};
use crate::console::{Reported, os_error_text};
use crate::encoding::Encoding;
use crate::lexer::quote_identifier;
use crate::print::{self, Rows};
use crate::progress;
use crate::session::{Field, TransactionStatus};
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many results are kept at the prompt unless KEEP_RESULTS says it.
const AT_PROMPT: usize = 5;
/// From here on types are not the system's: their OIDs mean others elsewhere.
const FIRST_NORMAL_OID: u32 = 16_384;
/// Where to go back to if a result does not become a table.
const SAVEPOINT: &str = "pgsh_last_into";

impl QueryRunner<'_> {
    /// How many of the last results are kept, if this one would be among them.
    pub(super) fn results_to_keep(&self, plan: &ResultPlan) -> usize {
        let is_kept = matches!(plan.action, ResultAction::Print | ResultAction::Crosstab(_));
        // What psql doesn't have is not there under its name.
        if !is_kept || self.console.program() == b"psql" {
            return 0;
        }
        let at_prompt = if self.console.is_interactive() { AT_PROMPT } else { 0 };
        self.console.variables.results_to_keep().unwrap_or(at_prompt)
    }

    /// Keeps a result that was shown.
    pub(super) fn keep(
        &mut self,
        set: ResultSet,
        statement: &[u8],
        elapsed: Duration,
        plan: &ResultPlan,
    ) {
        let most = self.results_to_keep(plan);
        if most == 0 {
            return;
        }
        // It would stay in memory.
        if set.rows.lacks_file() {
            if self.console.shows_own_help() {
                self.console
                    .suggest("This result is not kept for \\last: it has no room in a file.");
            }
            return;
        }
        self.interactive.note_result_columns(set.fields.iter().map(|field| field.name.clone()));
        let statement = statement.trim_ascii().to_vec();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let came = now.map_or(0, |since| since.as_secs().cast_signed());
        let result = KeptResult { statement, set, origin: self.origin(), came, elapsed };
        let dropped = self.kept.keep(result, most);
        if !self.console.shows_own_help() {
            return;
        }
        let kept = self.kept.iter().map(|(number, result)| (number, &result.statement[..]));
        self.interactive.note_kept_results(kept);
        match dropped {
            Some(Dropped::TooLarge(bytes)) => self.console.suggest(format!(
                "This result, {}, is too large to be kept for \\last.",
                progress::size(bytes)
            )),
            Some(Dropped::Older(1)) => {
                self.console.suggest("An older result was dropped to keep this one for \\last.");
            }
            Some(Dropped::Older(count)) => self.console.suggest(format!(
                "{count} older results were dropped to keep this one for \\last."
            )),
            None => {}
        }
    }

    /// Where results come from now.
    fn origin(&self) -> Origin {
        let encoding = self.connection.session().map(|session| session.encoding_name().to_vec());
        Origin {
            connection: self.connection.changes().connection,
            encoding: encoding.unwrap_or_default(),
        }
    }

    /// Prints what is wanted of a kept result as `plan` says, in the encoding it came in. `number`
    /// counts from the last, 1.
    ///
    /// # Errors
    /// There is no such result or no such part of it, or it could not be printed.
    pub fn show_kept(
        &mut self,
        number: usize,
        selection: &Selection,
        mut plan: ResultPlan,
    ) -> Result<(), Reported> {
        self.console.interrupts.begin_command();
        self.connection.forget_sent_settings();
        self.with_kept(number, |runner, set, origin| {
            let mut part;
            let set = match selection.is_all() {
                true => set,
                false => {
                    part = selection.of(set).map_err(|unfit| runner.report_unfit(unfit))?;
                    &mut part
                }
            };
            let (now, then) = (runner.console.encoding(), Encoding::from_name(&origin.encoding));
            if let Some(print) = &mut plan.print {
                print.encoding = then;
            }
            runner.console.set_encoding(then);
            let mut out = GOutput::new(&plan);
            let printed = out.open(runner.console).and_then(|()| runner.print_rows(set, &plan));
            let printed = printed.and(out.close(runner.console));
            runner.console.set_encoding(now);
            let other = runner.origin().encoding;
            if !other.is_empty() && other != origin.encoding {
                let [then, now] =
                    [&origin.encoding, &other].map(|name| String::from_utf8_lossy(name));
                runner.console.info(format!("It is in {then}, as it came; {now} is spoken now."));
            }
            printed
        })
    }

    /// Opens a kept result in the table viewer. `number` counts from the last, 1.
    ///
    /// # Errors
    /// There is no such result, or no terminal to show it on.
    pub fn view_kept(&mut self, number: usize) -> Result<(), Reported> {
        self.console.interrupts.begin_command();
        self.with_kept(number, |runner, set, origin| {
            let encoding = Encoding::from_name(&origin.encoding);
            let options = print::Options { encoding, ..runner.console.print.clone() };
            let plan = ResultPlan { print: Some(Box::new(options)), ..ResultPlan::default() };
            runner.view_whole(set, &plan)
        })
    }

    /// Makes a temporary table of what is wanted of a kept result.
    ///
    /// # Errors
    /// There is no such result or no such part of it, or the server refused the table.
    pub fn copy_kept_into(
        &mut self,
        number: usize,
        selection: &Selection,
        table: &[u8],
    ) -> Result<(), Reported> {
        self.connection.require(self.console)?;
        self.with_kept(number, |runner, set, origin| {
            let here = runner.origin();
            if here.encoding != origin.encoding {
                let encoding = String::from_utf8_lossy(&origin.encoding);
                let text = format!("the result came in {encoding}; \\encoding {encoding} first");
                return Err(runner.console.error(text));
            }
            let mut part = selection.of(set).map_err(|unfit| runner.report_unfit(unfit))?;
            if here.connection != origin.connection {
                forget_other_types(&mut part.fields);
            }
            let definition = runner.column_definitions(&part.fields)?;
            let data = write_csv(&mut part).map_err(|error| {
                let reason = os_error_text(&error);
                runner.console.error(format!("could not keep the result: {reason}"))
            })?;
            let table = quote_identifier(table, runner.console.encoding())
                .map_err(|_| runner.console.error("invalid character in the table's name"))?;
            let create =
                [b"CREATE TEMPORARY TABLE ", &table[..], b" (", &definition, b")"].concat();
            let copy = [b"COPY pg_temp.", &table[..], b" FROM STDIN (FORMAT csv)"].concat();
            runner.all_or_nothing(|runner| {
                runner.send(&QueryRequest::plain(&create))?;
                let total = data.metadata().ok().map(|data| data.len());
                let progress = Some(CopyProgress { what: r"\last into".to_owned(), total });
                let data = CopyStream::Opened(CopyFile { file: data, progress });
                let plan = ResultPlan::new(ResultAction::Copy(data));
                runner.send(&QueryRequest { plan, ..QueryRequest::plain(&copy) })
            })
        })
    }

    /// Has `act` work with a kept result, which stays as it was.
    pub(super) fn with_kept(
        &mut self,
        number: usize,
        act: impl FnOnce(&mut Self, &mut ResultSet, &Origin) -> Result<(), Reported>,
    ) -> Result<(), Reported> {
        let there = self.kept.len();
        let Some(result) = self.kept.get(number) else {
            return Err(self.console.error(match there {
                0 if self.console.variables.results_to_keep() == Some(0) => {
                    "no result is kept: KEEP_RESULTS is 0; \\set KEEP_RESULTS 5 keeps the next ones"
                        .to_owned()
                }
                0 if self.console.is_interactive()
                    || self.console.variables.results_to_keep().is_some() =>
                {
                    "no result is kept yet: run a query that returns rows".to_owned()
                }
                0 => "no result is kept; a script keeps them after \\set KEEP_RESULTS 5".to_owned(),
                1 => "only one result is kept".to_owned(),
                _ => format!("only {there} results are kept; \\results lists them"),
            }));
        };
        let origin = result.origin.clone();
        let mut set = std::mem::take(&mut result.set);
        let done = act(self, &mut set, &origin);
        // What came meanwhile was none that is kept.
        if let Some(result) = self.kept.get(number) {
            result.set = set;
        }
        done
    }

    pub(super) fn report_unfit(&mut self, unfit: Unfit) -> Reported {
        match unfit {
            Unfit::NoColumn { wanted, there } => {
                let there = there.join(", ");
                self.console.error(format!(
                    "no column of this result is called \"{wanted}\"; it has {there}"
                ))
            }
            Unfit::Rows(error) => report_not_kept(self.console, &error),
        }
    }

    /// The columns of a table that takes rows of these fields.
    fn column_definitions(&mut self, fields: &[Field]) -> Result<Vec<u8>, Reported> {
        if fields.is_empty() {
            return Ok(Vec::new());
        }
        let encoding = self.console.encoding();
        let mut set =
            self.connection.run_own(self.console, types_query(fields, encoding).as_bytes())?;
        let mut definitions = Vec::new();
        let names = column_names(fields);
        set.rows.rewind().map_err(|error| report_not_kept(self.console, &error))?;
        for name in names {
            let row = set.rows.next().map_err(|error| report_not_kept(self.console, &error))?;
            let type_name = row.and_then(|row| row.get(0)).unwrap_or(b"pg_catalog.text").to_vec();
            let name = quote_identifier(&name, encoding)
                .map_err(|_| self.console.error("invalid character in a column's name"))?;
            if !definitions.is_empty() {
                definitions.extend_from_slice(b", ");
            }
            definitions.extend_from_slice(&[&name[..], b" ", &type_name].concat());
        }
        Ok(definitions)
    }

    /// Has `act` do all of it or nothing: in a transaction of its own, or in a part of the user's.
    fn all_or_nothing(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<(), Reported>,
    ) -> Result<(), Reported> {
        let [begin, commit, back] = match self.connection.transaction_status() {
            TransactionStatus::Idle if self.console.settings().autocommit => {
                ["BEGIN".to_owned(), "COMMIT".to_owned(), "ROLLBACK".to_owned()]
            }
            TransactionStatus::Idle => ["BEGIN".to_owned(), String::new(), "ROLLBACK".to_owned()],
            _ => [
                format!("SAVEPOINT {SAVEPOINT}"),
                format!("RELEASE {SAVEPOINT}"),
                format!("ROLLBACK TO {SAVEPOINT}; RELEASE {SAVEPOINT}"),
            ],
        };
        self.connection.command(self.console, &begin)?;
        let done = act(self);
        let end = if done.is_ok() { commit } else { back };
        if end.is_empty() || !self.connection.is_open() {
            return done;
        }
        done.and(self.connection.command(self.console, &end))
    }
}

/// Of a result of another connection only the system's types are known here; others become text.
fn forget_other_types(fields: &mut [Field]) {
    for field in fields.iter_mut().filter(|field| field.type_oid >= FIRST_NORMAL_OID) {
        field.type_oid = 0;
    }
}

/// Asks for the names of the types that a table's columns can have for these fields: a type that is
/// none for a column, or that is gone, gives way to text.
fn types_query(fields: &[Field], encoding: Encoding) -> CatalogQuery {
    let values = fields.iter().enumerate().map(|(at, field)| {
        format!("({at}, {}::pg_catalog.oid, {})", field.type_oid, field.type_modifier)
    });
    let values: Vec<String> = values.collect();
    let query = format!(
        "SELECT CASE WHEN t.typtype IN ('b', 'c', 'd', 'e', 'm', 'r') AND t.oid <> 705 \
         THEN pg_catalog.format_type(c.type, c.modifier) ELSE 'pg_catalog.text' END \
         FROM (VALUES {}) AS c(position, type, modifier) \
         LEFT JOIN pg_catalog.pg_type AS t ON t.oid = c.type ORDER BY c.position",
        values.join(", ")
    );
    CatalogQuery::new(query.into_bytes(), encoding)
}

/// The columns' names, each only once.
fn column_names(fields: &[Field]) -> Vec<Vec<u8>> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(fields.len());
    for field in fields {
        let own = &field.name;
        let others = (2..).map(|number| [&own[..], format!("_{number}").as_bytes()].concat());
        let name = std::iter::once(own.clone()).chain(others).find(|name| !taken.contains(name));
        let name = name.unwrap_or_default();
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// The rows as COPY reads CSV, in a file that is at its beginning. Every value is in quotes, as no
/// encoding has those within a character.
fn write_csv(set: &mut ResultSet) -> io::Result<File> {
    let mut out = BufWriter::new(tempfile::tempfile()?);
    set.rows.rewind()?;
    while let Some(row) = set.rows.next()? {
        for (at, cell) in row.cells().enumerate() {
            if at > 0 {
                out.write_all(b",")?;
            }
            let Some(value) = cell else { continue };
            out.write_all(b"\"")?;
            for (at, piece) in value.split(|byte| *byte == b'"').enumerate() {
                out.write_all(if at > 0 { b"\"\"" } else { b"" })?;
                out.write_all(piece)?;
            }
            out.write_all(b"\"")?;
        }
        out.write_all(b"\n")?;
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn names_come_once() {
        let fields = ["a", "?column?", "a", "a_2", "a"];
        let fields = fields.map(|name| Field { name: name.into(), ..Field::default() });
        let names: Vec<String> = column_names(&fields)
            .into_iter()
            .map(|name| String::from_utf8(name).unwrap())
            .collect();
        assert_eq!(names, ["a", "?column?", "a_2", "a_2_2", "a_3"]);
    }

    #[test]
    fn values_in_quotes() {
        let mut set = ResultSet::default();
        let mut body = vec![0, 4];
        for cell in [Some(&b"a\"b\n"[..]), None, Some(b""), Some(b"\\.")] {
            body.extend_from_slice(&cell.map_or(-1, |value| value.len() as i32).to_be_bytes());
            body.extend_from_slice(cell.unwrap_or_default());
        }
        set.rows.push(&body).unwrap();
        let mut text = String::new();
        write_csv(&mut set).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "\"a\"\"b\n\",,\"\",\"\\.\"\n");
    }
}
