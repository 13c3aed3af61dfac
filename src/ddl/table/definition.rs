//! What the catalog says of a table itself.

use crate::ddl::catalog::{ASKED, Catalog, Row};
use crate::ddl::kind::Kind;
use crate::ddl::request::Secrets;
use crate::ddl::script::Phase;
use crate::ddl::sql::{foreign_options, identity, parameters, tablespace};
use crate::reported::Reported;

/// What the catalog says of a table.
pub struct Table {
    row: Row,
}

/// The places of what is asked of a table.
mod at {
    pub const KIND: usize = 0;
    pub const PERSISTENCE: usize = 1;
    pub const IS_PARTITION: usize = 2;
    pub const TYPE: usize = 3;
    pub const PARTITION_KEY: usize = 4;
    pub const ACCESS_METHOD: usize = 5;
    pub const HAS_ROW_SECURITY: usize = 6;
    pub const FORCES_ROW_SECURITY: usize = 7;
    pub const REPLICA_IDENTITY: usize = 8;
    pub const PARAMETERS: usize = 9;
    pub const TOAST_PARAMETERS: usize = 10;
    pub const HAS_OIDS: usize = 11;
    pub const SERVER: usize = 12;
    pub const PARENTS: usize = 13;
    pub const BOUND: usize = 14;
    pub const TABLESPACE: usize = 15;
    pub const NAME: usize = 16;
}

impl Table {
    /// Whether it has partitions.
    pub fn is_partitioned(&self) -> bool {
        self.row.text(at::KIND) == b"p"
    }

    /// Whether its rows are elsewhere.
    pub fn is_foreign(&self) -> bool {
        self.row.text(at::KIND) == b"f"
    }

    /// Whether it is a partition of another table.
    pub fn is_partition(&self) -> bool {
        self.row.is(at::IS_PARTITION)
    }

    /// The letter of its persistence.
    pub fn persistence(&self) -> &[u8] {
        self.row.text(at::PERSISTENCE)
    }

    /// The type it is a table of.
    pub fn of_type(&self) -> Option<&[u8]> {
        self.row.value(at::TYPE)
    }

    /// `RANGE (a)`
    pub fn partition_key(&self) -> Option<&[u8]> {
        self.row.value(at::PARTITION_KEY)
    }

    /// Its access method, if that isn't heap.
    pub fn access_method(&self) -> Option<&[u8]> {
        self.row.value(at::ACCESS_METHOD)
    }

    /// Whether row security is enabled.
    pub fn has_row_security(&self) -> bool {
        self.row.is(at::HAS_ROW_SECURITY)
    }

    /// Whether row security holds for the owner too.
    pub fn forces_row_security(&self) -> bool {
        self.row.is(at::FORCES_ROW_SECURITY)
    }

    /// Its replica identity, unless that is a key or an index, or it has none to keep.
    pub fn replica_identity(&self) -> Option<&'static [u8]> {
        match self.row.text(at::REPLICA_IDENTITY) {
            _ if self.is_foreign() => None,
            b"f" => Some(b"FULL"),
            b"n" => Some(b"NOTHING"),
            _ => None,
        }
    }

    /// Its storage parameters.
    pub fn parameters(&self) -> Option<Vec<u8>> {
        let row = &self.row;
        let oids: Option<&[u8]> = row.is(at::HAS_OIDS).then_some(b"oids=true");
        let parts = [row.value(at::PARAMETERS), row.value(at::TOAST_PARAMETERS), oids];
        let parts: Vec<&[u8]> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(&b", "[..]))
    }

    /// `SERVER name OPTIONS (...)`
    pub fn server(&self) -> Option<&[u8]> {
        self.row.value(at::SERVER)
    }

    /// The tables it inherits from, or is a partition of.
    pub fn parents(&self) -> Option<&[u8]> {
        self.row.value(at::PARENTS)
    }

    /// The bound of a partition.
    pub fn bound(&self) -> Option<&[u8]> {
        self.row.value(at::BOUND)
    }

    /// Its tablespace, if it is not the database's.
    pub fn tablespace(&self) -> Option<&[u8]> {
        self.row.value(at::TABLESPACE)
    }

    /// Its name without the schema, quoted.
    pub fn name(&self) -> &[u8] {
        self.row.text(at::NAME)
    }

    /// When its keys can be made: in a tree of partitions, once the tree stands.
    pub fn key_phase(&self) -> Phase {
        match self.is_partitioned() || self.is_partition() {
            true => Phase::Index,
            false => Phase::Create,
        }
    }
}

/// Asks for a table.
///
/// # Errors
/// The query failed.
pub fn look_up(catalog: &mut Catalog<'_>, oid: u32, secrets: Secrets) -> Result<Table, Reported> {
    let options = parameters("o.reloptions", "");
    let toast = format!(
        "(SELECT {} FROM pg_catalog.pg_class tc WHERE tc.oid = o.reltoastrelid)",
        parameters("tc.reloptions", "toast.")
    );
    let oids = catalog.since(120_000, "false", "o.relhasoids");
    let server = format!(
        "(SELECT 'SERVER ' || pg_catalog.quote_ident(s.srvname) || {} \
         FROM pg_catalog.pg_foreign_table ft JOIN pg_catalog.pg_foreign_server s \
         ON s.oid = ft.ftserver WHERE ft.ftrelid = o.oid)",
        foreign_options("ft.ftoptions", secrets)
    );
    let parents = format!(
        "(SELECT pg_catalog.string_agg({}, ', ' ORDER BY i.inhseqno) \
         FROM pg_catalog.pg_inherits i WHERE i.inhrelid = o.oid)",
        identity("pg_class", "i.inhparent")
    );
    let bound = "CASE WHEN o.relispartition THEN pg_catalog.pg_get_expr(o.relpartbound, o.oid) END";
    let tablespace = tablespace("o.reltablespace");
    let row = catalog.row_of(oid, format!(
        "SELECT o.relkind, o.relpersistence, o.relispartition,\n  \
         (SELECT pg_catalog.format_type(o.reloftype, NULL) WHERE o.reloftype <> 0),\n  \
         CASE WHEN o.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(o.oid) END,\n  \
         (SELECT pg_catalog.quote_ident(am.amname) FROM pg_catalog.pg_am am \
         WHERE am.oid = o.relam AND am.amname <> 'heap'),\n  \
         o.relrowsecurity, o.relforcerowsecurity, o.relreplident,\n  {options},\n  {toast},\n  {oids},\n  {server},\n  {parents},\n  \
         {bound},\n  {tablespace},\n  pg_catalog.quote_ident(o.relname)\n\
         FROM pg_catalog.pg_class o\nWHERE o.oid = {ASKED}"
    ))?;
    Ok(Table { row })
}

/// The table's kind by its letter.
pub fn kind(relkind: &[u8]) -> Option<Kind> {
    Some(match relkind {
        b"r" | b"p" => Kind::Table,
        b"f" => Kind::ForeignTable,
        b"v" => Kind::View,
        b"m" => Kind::MaterializedView,
        b"S" => Kind::Sequence,
        b"i" | b"I" => Kind::Index,
        _ => return None,
    })
}
