//! How large the relations are where a copy comes from, and which extensions are there.

use crate::backup::{Failure, SideSession, number, text};
use crate::catalog_query::CatalogQuery;
use crate::dry_run::Sizes;
use crate::encoding::Encoding;

/// The size of the relations, as far as the server has noted it.
///
/// # Errors
/// The server does not say.
pub(super) fn sizes(session: &mut SideSession) -> Result<Sizes, Failure> {
    let sql = "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), \
         pg_catalog.int8(c.reltuples), c.relkind, pg_catalog.pg_size_pretty(pg_catalog.int8(c.relpages) \
         * pg_catalog.int8(pg_catalog.current_setting('block_size'))) \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'm', 'i') AND c.relpages > 0 \
         AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
    let query = CatalogQuery::new(sql, Encoding::Utf8);
    let mut sizes = Sizes::default();
    for row in session.ask(&query)? {
        let has_rows = text(&row, 2) != "i";
        let name = row.first().cloned().flatten().unwrap_or_default();
        sizes.add(name, has_rows.then(|| number(&row, 1)), &text(&row, 3));
    }
    Ok(sizes)
}

/// An extension, and the schema of its objects.
pub(super) struct Extension {
    pub name: String,
    pub schema: String,
}

/// The extensions of the database.
///
/// # Errors
/// The server does not say.
pub(super) fn extensions(session: &mut SideSession) -> Result<Vec<Extension>, Failure> {
    let sql = "SELECT e.extname, n.nspname FROM pg_catalog.pg_extension e \
         JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace ORDER BY e.oid";
    let query = CatalogQuery::new(sql, Encoding::Utf8);
    let rows = session.ask(&query)?;
    Ok(rows.iter().map(|row| Extension { name: text(row, 0), schema: text(row, 1) }).collect())
}
