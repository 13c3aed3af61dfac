//! A describe command being answered: its modifiers and patterns, and the steps all share.

use super::host::{Answer, Context, Host, Request, View};
use super::pattern::Names;
use super::sql::Select;
use crate::catalog_query::CatalogQuery;
use crate::print::Expanded;
use crate::reported::Reported;

/// A command with its modifiers read.
pub struct Command<'a> {
    /// The whole command: `dtvS+`.
    pub name: &'a [u8],
    /// `S`: system objects too.
    pub system: bool,
    /// `+`: more columns.
    pub verbose: bool,
    /// `x`: expanded output.
    pub expanded: bool,
    /// The server and the settings.
    pub context: &'a Context,
    patterns: &'a [Vec<u8>],
    host: &'a mut dyn Host,
}

impl<'a> Command<'a> {
    /// Reads the modifiers of `request`.
    pub fn new(request: &Request<'a>, context: &'a Context, host: &'a mut dyn Host) -> Command<'a> {
        let name = request.command;
        // `\dx` is a command of its own.
        let after = if name.starts_with(b"d") { 2 } else { 1 };
        Command {
            name,
            system: name.contains(&b'S'),
            verbose: name.contains(&b'+'),
            expanded: name.iter().skip(after).any(|&c| c == b'x'),
            context,
            patterns: request.patterns,
            host,
        }
    }

    /// Whether the server is of this version (`server_version_num`) or newer.
    pub fn at_least(&self, version: i32) -> bool {
        self.context.version >= version
    }

    /// The pattern at `index`, if given.
    pub fn pattern(&self, index: usize) -> Option<&'a [u8]> {
        self.patterns.get(index).map(Vec::as_slice)
    }

    /// All patterns.
    pub fn patterns(&self) -> &'a [Vec<u8>] {
        self.patterns
    }

    /// Restricts `query` to what the pattern at `index` names; a pattern that names nothing
    /// possible is reported.
    pub fn match_names(
        &mut self,
        query: &mut Select,
        names: &Names,
        index: usize,
    ) -> Result<(), Reported> {
        for condition in self.conditions(names, index)? {
            query.filter(condition);
        }
        Ok(())
    }

    /// The conditions of [`Command::match_names`], to be put into a query otherwise.
    pub fn conditions(&mut self, names: &Names, index: usize) -> Result<Vec<Vec<u8>>, Reported> {
        names.conditions(self.pattern(index), self.context).map_err(|text| self.fail(&text))
    }

    /// Leaves out objects of the system's schemas, unless `S` or a pattern asks for them.
    /// `schema` is the expression of the schema's name.
    pub fn hide_system(&self, query: &mut Select, schema: &str) {
        if !self.system && self.pattern(0).is_none() {
            query.filter(format!("{schema} NOT IN ('pg_catalog', 'information_schema')"));
        }
    }

    /// Runs a query.
    pub fn query(&mut self, sql: impl AsRef<[u8]>) -> Result<Answer, Reported> {
        self.host.query(&CatalogQuery::new(sql, self.context.encoding))
    }

    /// Runs a query and shows its whole result under `title`.
    pub fn list(&mut self, query: &Select, title: &str) -> Result<(), Reported> {
        let answer = self.query(query.sql())?;
        self.show_answer(answer, title)
    }

    /// Shows a query's whole result under `title`.
    pub fn show_answer(
        &mut self,
        answer: Answer,
        title: impl Into<Vec<u8>>,
    ) -> Result<(), Reported> {
        let Answer { columns, rows } = answer;
        self.show(View { title: Some(title.into()), columns, rows, ..View::default() })
    }

    /// Shows a table, expanded if `x` asks for it and the view doesn't say.
    pub fn show(&mut self, mut view: View) -> Result<(), Reported> {
        if self.expanded && view.expanded.is_none() {
            view.expanded = Some(Expanded::On);
        }
        self.host.show(view)
    }

    /// Says that nothing was found: `Did not find any {what} named "{pattern}".`, or without the
    /// name where no pattern was given. Silent under QUIET, and not a failure.
    pub fn not_found(&mut self, what: &str) {
        if self.context.quiet {
            return;
        }
        let text = match self.pattern(0) {
            Some(p) => [format!("Did not find any {what} named \"").as_bytes(), p, b"\"."].concat(),
            None => format!("Did not find any {what}.").into_bytes(),
        };
        self.host.error(&text);
    }

    /// [`Command::not_found`] in the plural where no pattern was given.
    pub fn objects_not_found(&mut self, what: &str) {
        match self.pattern(0) {
            Some(_) => self.not_found(what),
            None => self.not_found(&format!("{what}s")),
        }
    }

    /// The host, for steps that need no command.
    pub fn host(&mut self) -> &mut dyn Host {
        self.host
    }

    /// Says that the server is too old: `The server (version 9.6) does not support {what}.` Not a
    /// failure.
    pub fn unsupported(&mut self, what: &str) {
        let text = format!("The server (version {}) does not support {what}.", self.version());
        self.host.error(text.as_bytes());
    }

    /// The server's version as [`super::host::short_version`] shows it.
    pub fn version(&self) -> String {
        super::host::short_version(self.context.version)
    }

    /// Reports an error of the command's own.
    pub fn error(&mut self, text: &[u8]) {
        self.host.error(text);
    }

    /// Reports an error and is it.
    pub fn fail(&mut self, text: &[u8]) -> Reported {
        self.host.error(text);
        Reported
    }

    /// Writes a line to the query output.
    pub fn line(&mut self, text: &[u8]) {
        self.host.line(text);
    }
}
