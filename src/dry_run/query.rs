//! What the server is asked before and after the statement, in the same transaction.

use crate::catalog_query::CatalogQuery;
use crate::encoding::Encoding;

/// Bounds how long the statement may wait and run, unless the session has bounds of its own; they end
/// with the transaction.
pub fn timeouts_query() -> CatalogQuery {
    let bound = |setting: &str, time: &str| {
        format!(
            "pg_catalog.set_config('{setting}', CASE pg_catalog.current_setting('{setting}') \
             WHEN '0' THEN '{time}' ELSE pg_catalog.current_setting('{setting}') END, true)"
        )
    };
    let sql =
        format!("SELECT {}, {}", bound("lock_timeout", "2s"), bound("statement_timeout", "30s"));
    CatalogQuery::new(sql, Encoding::Utf8)
}

/// The user's relations: OID, where their rows are stored, name, kind.
pub fn relations_query() -> CatalogQuery {
    let sql = "SELECT c.oid, c.relfilenode, pg_catalog.quote_ident(n.nspname) || '.' \
         || pg_catalog.quote_ident(c.relname), c.relkind FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
    CatalogQuery::new(sql, Encoding::Utf8)
}

/// The locks that the session holds on the user's relations: OID, mode, where the rows are stored,
/// name, kind and size in words. What is dropped has an OID alone.
pub fn locks_query() -> CatalogQuery {
    let sql = "SELECT l.relation, l.mode, c.relfilenode, pg_catalog.quote_ident(n.nspname) || '.' \
         || pg_catalog.quote_ident(c.relname), c.relkind, \
         CASE WHEN c.relkind IN ('r', 'm', 'i') \
         THEN pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(c.oid)) END \
         FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation \
         LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE l.locktype = 'relation' AND l.granted AND l.pid = pg_catalog.pg_backend_pid() \
         AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d \
         WHERE d.datname = pg_catalog.current_database()) \
         AND COALESCE(n.nspname, '') NOT IN ('pg_catalog', 'information_schema', 'pg_toast') \
         ORDER BY 4, 1";
    CatalogQuery::new(sql, Encoding::Utf8)
}
