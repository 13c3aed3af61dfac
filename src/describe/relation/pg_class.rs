//! A relation as `pg_class` has it: what the sections of `\d NAME` depend on.

use super::list::NAMES;
use crate::describe::command::Command;
use crate::describe::sql::Select;
use crate::print::Row;
use crate::reported::Reported;

/// What the details of a relation depend on (catalog `pg_class`).
#[derive(Clone, Debug, Default)]
pub struct Relation {
    pub oid: Vec<u8>,
    pub schema: Vec<u8>,
    pub name: Vec<u8>,
    /// `relkind`
    pub kind: u8,
    /// `relpersistence`
    pub persistence: u8,
    pub has_index: bool,
    pub has_checks: bool,
    pub has_rules: bool,
    pub has_triggers: bool,
    pub has_oids: bool,
    pub is_partition: bool,
    pub row_security: bool,
    pub force_row_security: bool,
    /// `relreplident`
    pub replica_identity: u8,
    /// The type of a typed table.
    pub of_type: Vec<u8>,
    /// Unless it is the database's default.
    pub tablespace: Vec<u8>,
    pub access_method: Vec<u8>,
    pub options: Vec<u8>,
}

impl Relation {
    /// Whether its `relkind` is one of these.
    pub fn is(&self, kinds: &[u8]) -> bool {
        kinds.contains(&self.kind)
    }

    /// `Table "schema.name"`
    pub fn title(&self) -> Vec<u8> {
        let unlogged = self.persistence == b'u';
        let kind = match self.kind {
            b'r' if unlogged => "Unlogged table",
            b'r' => "Table",
            b'v' => "View",
            b'm' if unlogged => "Unlogged materialized view",
            b'm' => "Materialized view",
            b'S' if unlogged => "Unlogged sequence",
            b'S' => "Sequence",
            b'i' if unlogged => "Unlogged index",
            b'i' => "Index",
            b'I' if unlogged => "Unlogged partitioned index",
            b'I' => "Partitioned index",
            b't' => "TOAST table",
            b'c' => "Composite type",
            b'f' => "Foreign table",
            b'p' if unlogged => "Unlogged partitioned table",
            b'p' => "Partitioned table",
            other => return [b"?", &[other][..], b"? ", &self.quoted()].concat(),
        };
        [kind.as_bytes(), b" ", &self.quoted()].concat()
    }

    fn quoted(&self) -> Vec<u8> {
        [b"\"", &self.schema[..], b".", &self.name, b"\""].concat()
    }
}

/// The relations that the pattern names, ordered by schema and name.
pub fn find(command: &mut Command) -> Result<Vec<Relation>, Reported> {
    let since = |version, expression: &'static str, before: &'static str| {
        if command.at_least(version) { expression } else { before }
    };
    let mut query = Select::new();
    // The order of these columns is the order in which they are read below.
    query.column("OID", "c.oid");
    query.column("Schema", "n.nspname");
    query.column("Name", "c.relname");
    query.column("Kind", "c.relkind");
    query.column("Persistence", "c.relpersistence");
    query.column("Has index", "c.relhasindex");
    query.column("Has checks", "c.relchecks > 0");
    query.column("Has rules", "c.relhasrules");
    query.column("Has triggers", "c.relhastriggers");
    query.column("Has OIDs", since(120_000, "false", "c.relhasoids"));
    query.column("Is partition", since(100_000, "c.relispartition", "false"));
    query.column("Row security", since(90_500, "c.relrowsecurity", "false"));
    query.column("Force row security", since(90_500, "c.relforcerowsecurity", "false"));
    query.column("Replica identity", since(90_400, "c.relreplident", "'d'"));
    query.column(
        "Of type",
        "CASE WHEN c.reloftype <> 0 \
         THEN c.reloftype::pg_catalog.regtype::pg_catalog.text END",
    );
    query.column("Tablespace", "ts.spcname");
    query.column("Access method", since(120_000, "am.amname", "NULL"));
    query.column(
        "Options",
        "pg_catalog.array_to_string(c.reloptions || ARRAY(\
         SELECT 'toast.' || o FROM pg_catalog.unnest(toast.reloptions) o), ', ')",
    );
    query.from("pg_catalog.pg_class c");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
    query.from("LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid");
    query.from("LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace");
    if command.at_least(120_000) {
        query.from("LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam");
    }
    command.match_names(&mut query, &NAMES, 0)?;
    query.order("2, 3");
    let rows = command.query(query.sql())?.rows;
    Ok(rows.iter().map(read).collect())
}

fn read(row: Row<'_>) -> Relation {
    let mut cells = row.cells();
    let mut text = || cells.next().flatten().unwrap_or_default();
    let letter = |cell: &[u8]| cell.first().copied().unwrap_or_default();
    Relation {
        oid: text().to_vec(),
        schema: text().to_vec(),
        name: text().to_vec(),
        kind: letter(text()),
        persistence: letter(text()),
        has_index: text() == b"t",
        has_checks: text() == b"t",
        has_rules: text() == b"t",
        has_triggers: text() == b"t",
        has_oids: text() == b"t",
        is_partition: text() == b"t",
        row_security: text() == b"t",
        force_row_security: text() == b"t",
        replica_identity: letter(text()),
        of_type: text().to_vec(),
        tablespace: text().to_vec(),
        access_method: text().to_vec(),
        options: text().to_vec(),
    }
}

/// An array literal of the OIDs of those relations that `wanted` holds for; `None` if there are
/// none.
pub fn oids(relations: &[Relation], wanted: impl Fn(&Relation) -> bool) -> Option<Vec<u8>> {
    let oids: Vec<&[u8]> =
        relations.iter().filter(|r| wanted(r)).map(|r| r.oid.as_slice()).collect();
    (!oids.is_empty()).then(|| [b"'{", &oids.join(&b","[..])[..], b"}'::pg_catalog.oid[]"].concat())
}
