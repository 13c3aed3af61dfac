//! What the server is asked before and after a restore.

use crate::catalog_query::{CatalogQuery, literal};
use crate::encoding::Encoding;

/// Who we are and what we may, and where the cluster lies, if we may know.
pub fn myself(version: i32) -> CatalogQuery {
    // Who may not see a setting does not find it here.
    let place = "(SELECT s.setting FROM pg_catalog.pg_settings s WHERE s.name = 'data_directory')";
    let bypass = if version >= 90_500 { "r.rolbypassrls" } else { "false" };
    let sql = format!(
        "SELECT CURRENT_USER, r.rolsuper, r.rolcreatedb, pg_catalog.pg_is_in_recovery(), {place}, {bypass} \
         FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER"
    );
    CatalogQuery::new(sql, Encoding::Utf8)
}

/// A database of this name: its encoding, whether it may be connected to, its size.
pub fn database(name: &[u8], encoding: Encoding) -> CatalogQuery {
    let before = b"SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datallowconn, \
          pg_catalog.has_database_privilege(d.oid, 'CREATE') \
          FROM pg_catalog.pg_database d WHERE d.datname = ";
    CatalogQuery::new([&before[..], &literal(name, encoding)].concat(), encoding)
}

/// The sessions of a database but for the one asking and the user's own: process, user, application, state.
pub fn sessions(name: &[u8], own: i32, encoding: Encoding) -> CatalogQuery {
    let before = b"SELECT a.pid, a.usename, a.application_name, COALESCE(a.state, '') \
          FROM pg_catalog.pg_stat_activity a WHERE a.pid <> pg_catalog.pg_backend_pid() AND a.datname = ";
    let after = format!(" AND a.pid <> {own} AND a.usename IS NOT NULL ORDER BY a.backend_start");
    CatalogQuery::new([&before[..], &literal(name, encoding), after.as_bytes()].concat(), encoding)
}

/// How many objects of the user's there are, by kind.
pub fn contents() -> CatalogQuery {
    const OURS: &str = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";
    let extension = |class: &str, oid: &str| {
        format!(
            "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e' \
             AND d.classid = '{class}'::pg_catalog.regclass)"
        )
    };
    let sql = format!(
        "SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' \
         WHEN 'S' THEN 'sequence' ELSE 'table' END, pg_catalog.count(*) \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {OURS} AND {} GROUP BY 1 \
         UNION ALL SELECT 'function', pg_catalog.count(*) FROM pg_catalog.pg_proc p \
         JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE {OURS} AND {} \
         UNION ALL SELECT 'schema', pg_catalog.count(*) FROM pg_catalog.pg_namespace n \
         WHERE {OURS} AND n.nspname <> 'public' AND {}",
        extension("pg_catalog.pg_class", "c.oid"),
        extension("pg_catalog.pg_proc", "p.oid"),
        extension("pg_catalog.pg_namespace", "n.oid"),
    );
    CatalogQuery::new(sql, Encoding::Utf8)
}

/// Which of these relations there are: schema, name.
pub fn relations(names: &[(Vec<u8>, Vec<u8>)], encoding: Encoding) -> CatalogQuery {
    let mut sql = b"SELECT n.nspname, c.relname FROM pg_catalog.pg_class c \
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE "
        .to_vec();
    for (at, (schema, name)) in names.iter().enumerate() {
        let (schema, name) = (literal(schema, encoding), literal(name, encoding));
        let or: &[u8] = if at > 0 { b" OR " } else { b"" };
        sql.extend([or, b"n.nspname = ", &schema, b" AND c.relname = ", &name].concat());
    }
    CatalogQuery::new(sql, encoding)
}

/// Which of these names a column of a catalog lacks is found by asking for those it has.
pub fn known(what: Known, names: &[Vec<u8>], encoding: Encoding) -> CatalogQuery {
    let (column, relation) = match what {
        Known::Roles => ("r.rolname", "pg_catalog.pg_roles r"),
        Known::Tablespaces => ("t.spcname", "pg_catalog.pg_tablespace t"),
        Known::Extensions => ("e.name", "pg_catalog.pg_available_extensions e"),
    };
    let names: Vec<_> = names.iter().map(|name| literal(name, encoding)).collect();
    let sql = format!("SELECT {column} FROM {relation} WHERE {column} IN (");
    CatalogQuery::new([sql.as_bytes(), &names.join(&b", "[..]), b")"].concat(), encoding)
}

/// What a server has by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Roles.
    Roles,
    /// Tablespaces.
    Tablespaces,
    /// Extensions that can be made.
    Extensions,
}
