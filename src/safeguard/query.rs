//! What the server is asked before the user is.

use crate::catalog_query::{CatalogQuery, literal};
use crate::encoding::Encoding;

/// Whether the transaction has changed something, temporary tables too (since 10).
pub fn has_changed_query() -> CatalogQuery {
    CatalogQuery::new("SELECT pg_catalog.txid_current_if_assigned() IS NOT NULL", Encoding::Utf8)
}

/// The rows that a relation had when they were counted last, and its size in words.
pub fn stored_query(relation: &[u8], encoding: Encoding) -> CatalogQuery {
    let name = literal(relation, encoding);
    let select = "SELECT CASE WHEN c.reltuples > 0 \
         THEN c.reltuples::pg_catalog.int8 END, \
         pg_catalog.pg_size_pretty(pg_catalog.pg_total_relation_size(c.oid)) \
         FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(";
    CatalogQuery::new([select.as_bytes(), &name, b")::pg_catalog.oid"].concat(), encoding)
}
