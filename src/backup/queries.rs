//! What is asked of the server before and after a backup.

use super::request::Subject;
use crate::catalog_query::{CatalogQuery, identifier, literal};
use crate::describe::{Context, Names};
use crate::encoding::Encoding;

/// Settles that no lock is waited for, nothing is hidden, and a long answer may come late.
pub fn settle() -> CatalogQuery {
    CatalogQuery::new(
        "SELECT pg_catalog.set_config('lock_timeout', '2s', false), \
         pg_catalog.set_config('row_security', 'off', false), \
         pg_catalog.set_config('statement_timeout', '0', false)",
        Encoding::Utf8,
    )
}

/// Settles how values are written.
pub fn settle_values() -> CatalogQuery {
    CatalogQuery::new(
        "SELECT pg_catalog.set_config('search_path', '', false), \
         pg_catalog.set_config('TimeZone', 'UTC', false), \
         pg_catalog.set_config('DateStyle', 'ISO', false), \
         pg_catalog.set_config('IntervalStyle', 'postgres', false), \
         pg_catalog.set_config('bytea_output', 'hex', false), \
         pg_catalog.set_config('extra_float_digits', '3', false)",
        Encoding::Utf8,
    )
}

/// Whether the server is in recovery, whose locks on what keep readers waiting, and how many those are.
pub fn server() -> CatalogQuery {
    CatalogQuery::new(
        "SELECT pg_catalog.pg_is_in_recovery(), \
         pg_catalog.pg_database_size(pg_catalog.current_database()), CURRENT_USER, \
         pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT')",
        Encoding::Utf8,
    )
}

/// The locks that would keep a dump waiting: on what, by whom.
pub fn exclusive_locks() -> CatalogQuery {
    CatalogQuery::new(
        "SELECT l.relation::pg_catalog.regclass::pg_catalog.text, l.pid, a.usename, a.state \
         FROM pg_catalog.pg_locks l \
         JOIN pg_catalog.pg_class c ON c.oid = l.relation \
         LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'AccessExclusiveLock' \
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d \
         WHERE d.datname = pg_catalog.current_database()) \
         AND c.relkind IN ('r', 'p', 'm', 'S', 'f', 'v') AND c.relpersistence <> 't' \
         ORDER BY 2, 1",
        Encoding::Utf8,
    )
}

/// How the sizes of tables are found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizes {
    /// Looked at, which waits for whoever has a table locked.
    Measured,
    /// As the last VACUUM or ANALYZE knew them.
    Estimated,
}

/// What is dumped: schema, name, kind, size, whether it may be read, whether policies would hide rows.
///
/// # Errors
/// A pattern that is none, in psql's words.
pub fn tables(subject: &Subject, sizes: Sizes, context: &Context) -> Result<CatalogQuery, Vec<u8>> {
    let bytes = match sizes {
        Sizes::Measured => "pg_catalog.pg_table_size(c.oid)",
        Sizes::Estimated => "c.relpages::pg_catalog.int8 * 8192",
    };
    let mut sql = format!(
        "SELECT n.nspname, c.relname, c.relkind, \
         CASE WHEN c.relkind IN ('r', 'm') THEN {bytes} ELSE 0 END, \
         pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
         AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), \
         pg_catalog.row_security_active(c.oid) \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'm', 'p', 'S') AND n.nspname NOT LIKE 'pg\\_%' \
         AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT 1 \
         FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e' \
         AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)"
    )
    .into_bytes();
    match subject {
        Subject::Schemas(names) => {
            let names: Vec<_> = names.iter().map(|name| literal(name, context.encoding)).collect();
            sql.extend([b" AND n.nspname IN (", &names.join(&b", "[..])[..], b")"].concat());
        }
        Subject::Tables(patterns) => {
            let visible = "pg_catalog.pg_table_is_visible(c.oid)";
            let columns = Names::in_schema("n.nspname", "c.relname", visible);
            let mut any = Vec::new();
            for pattern in patterns {
                let all = columns.conditions(Some(pattern), context)?;
                any.push([b"(", &all.join(&b" AND "[..])[..], b")"].concat());
            }
            sql.extend([b" AND (", &any.join(&b" OR "[..])[..], b")"].concat());
        }
        _ => {}
    }
    sql.extend_from_slice(b" ORDER BY 1, 2");
    Ok(CatalogQuery::new(sql, context.encoding))
}

/// A text in the database's encoding, as hexadecimal digits.
pub fn in_database_encoding(given: &[u8], encoding: Encoding) -> CatalogQuery {
    let given = literal(given, encoding);
    let before = b"SELECT pg_catalog.encode(pg_catalog.convert_to(";
    let after = b", pg_catalog.getdatabaseencoding()), 'hex')";
    CatalogQuery::new([&before[..], &given, &after[..]].concat(), encoding)
}

/// Begins the transaction whose snapshot a dump shares.
pub fn begin_snapshot() -> CatalogQuery {
    CatalogQuery::new("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", Encoding::Utf8)
}

/// The name of the transaction's snapshot.
pub fn export_snapshot() -> CatalogQuery {
    CatalogQuery::new("SELECT pg_catalog.pg_export_snapshot()", Encoding::Utf8)
}

/// The rows of a table, and a sum over their texts that does not depend on their order.
pub fn count(schema: &[u8], table: &[u8], encoding: Encoding) -> CatalogQuery {
    let before = b"SELECT pg_catalog.count(*), COALESCE(pg_catalog.sum((('x' || pg_catalog.substr(\
          pg_catalog.md5(ROW(\"row of pgsh\".*)::pg_catalog.text), 1, 16))::pg_catalog.bit(64))\
          ::pg_catalog.int8), 0) FROM ONLY ";
    let (schema, table) = (identifier(schema), identifier(table));
    CatalogQuery::new([&before[..], &schema, b".", &table, b" \"row of pgsh\""].concat(), encoding)
}

/// Whether we may make base backups, whether the server is in recovery, how many WAL senders are at work,
/// and who we are.
pub fn base_backup() -> CatalogQuery {
    CatalogQuery::new(
        "SELECT pg_catalog.pg_is_in_recovery(), r.rolsuper OR r.rolreplication, CURRENT_USER, \
         (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity a \
         WHERE a.backend_type = 'walsender'), \
         (SELECT pg_catalog.sum(CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') \
         THEN pg_catalog.pg_database_size(d.oid) ELSE 0 END) FROM pg_catalog.pg_database d) \
         FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER",
        Encoding::Utf8,
    )
}

/// Settings by their names; what one may not see is missing.
pub fn settings(names: &[&str]) -> CatalogQuery {
    let names: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    let sql = format!(
        "SELECT s.name, s.setting FROM pg_catalog.pg_settings s WHERE s.name IN ({})",
        names.join(", ")
    );
    CatalogQuery::new(sql, Encoding::Utf8)
}

/// The tablespaces that lie outside the data directory.
pub fn tablespaces() -> CatalogQuery {
    CatalogQuery::new(
        "SELECT t.spcname, pg_catalog.pg_tablespace_location(t.oid) \
         FROM pg_catalog.pg_tablespace t \
         WHERE pg_catalog.pg_tablespace_location(t.oid) LIKE '/%' ORDER BY 1",
        Encoding::Utf8,
    )
}

/// The databases that can be connected to, and their sizes.
pub fn databases() -> CatalogQuery {
    CatalogQuery::new(
        "SELECT d.datname, CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') \
         THEN pg_catalog.pg_database_size(d.oid) END \
         FROM pg_catalog.pg_database d WHERE d.datallowconn AND NOT d.datistemplate \
         ORDER BY 2 DESC NULLS LAST, 1",
        Encoding::Utf8,
    )
}

/// How many bytes of WAL were written, and in how many seconds; servers before version 14 don't count.
pub fn wal_written(version: i32) -> CatalogQuery {
    let sql = if version >= 140_000 {
        "SELECT w.wal_bytes::pg_catalog.int8, pg_catalog.date_part('epoch', \
         pg_catalog.now() - w.stats_reset)::pg_catalog.int8 FROM pg_catalog.pg_stat_wal w"
    } else {
        "SELECT NULL, NULL"
    };
    CatalogQuery::new(sql, Encoding::Utf8)
}
