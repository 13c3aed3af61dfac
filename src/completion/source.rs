//! What a statement speaks of, as far as names go: tables, queries of WITH, columns it makes itself.

use super::catalog::Qualified;

/// The names that can be meant at the cursor.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// What this query's FROM, or its like, names; in order.
    pub sources: Vec<Source>,
    /// What the queries around it name.
    pub outer: Vec<Source>,
    /// The queries of WITH.
    pub with: Vec<WithQuery>,
    /// What this query's SELECT lists.
    pub outputs: Vec<Output>,
    /// The windows that this query's WINDOW names.
    pub windows: Vec<Vec<u8>>,
    /// Which clause the cursor is in.
    pub clause: Clause,
    /// Where the bracket opens that the cursor is in, if it is in one of this query's.
    pub bracket: Option<usize>,
}

/// Something with columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Its name, empty if it has none.
    pub name: Qualified,
    /// What the statement calls it.
    pub alias: Option<Vec<u8>>,
    pub columns: Columns,
    /// At which item it stands.
    pub at: usize,
}

/// Where a source's columns are known from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// The catalog: it is a relation.
    OfRelation,
    /// The catalog: it is a function.
    OfFunction,
    /// The statement itself.
    Told(Vec<Output>),
}

/// What a query puts out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// A column.
    Column(OutputColumn),
    /// All columns of these, for `*`.
    All(Vec<Source>),
}

/// A column a query puts out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OutputColumn {
    /// What it is called.
    pub name: Vec<u8>,
    /// Whether the statement says so itself.
    pub has_alias: bool,
    /// What is written, if that is a column's name.
    pub column: Option<Vec<u8>>,
    /// Its type, if that is told.
    pub data_type: Vec<u8>,
    /// Whether it is made of many rows, so that nothing can be grouped by it.
    pub aggregates: bool,
}

/// A query of WITH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WithQuery {
    pub name: Vec<u8>,
    pub outputs: Vec<Output>,
}

/// A clause of a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Clause {
    Select,
    From,
    /// `JOIN ... ON`.
    On,
    /// `JOIN ... USING`.
    Using,
    Where,
    GroupBy,
    OrderBy,
    Set,
    /// `INSERT INTO`, the list of columns too.
    Into,
    Values,
    Returning,
    #[default]
    Other,
}

impl Source {
    /// What the statement calls it.
    pub fn called(&self) -> &[u8] {
        self.alias.as_deref().unwrap_or(&self.name.name)
    }

    /// A query of WITH as what FROM would name.
    pub fn of_with(query: &WithQuery) -> Source {
        Source {
            name: Qualified { schema: None, name: query.name.clone() },
            columns: Columns::Told(query.outputs.clone()),
            ..Source::new(0)
        }
    }

    pub fn new(at: usize) -> Source {
        Source { name: Qualified::default(), alias: None, columns: Columns::OfRelation, at }
    }
}

impl Scope {
    /// What is called `prefix` here: this query's first, and what hides others.
    pub fn called(&self, prefix: &[u8]) -> Vec<&Source> {
        let called = |sources: &'_ [Source]| -> Vec<usize> {
            (0..sources.len()).filter(|at| sources[*at].called() == prefix).collect()
        };
        let mine: Vec<&Source> =
            called(&self.sources).iter().map(|at| &self.sources[*at]).collect();
        if mine.is_empty() {
            called(&self.outer).iter().map(|at| &self.outer[*at]).collect()
        } else {
            mine
        }
    }

    /// The source that a join's condition is about, and those before it: what stands last before
    /// `cursor` is joined to the others.
    pub fn joined(&self, cursor: usize) -> Option<(&Source, &[Source])> {
        let before = self.sources.iter().take_while(|source| source.at < cursor).count();
        self.sources[..before].split_last()
    }
}
