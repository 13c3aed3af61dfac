//! What belongs to a table but is an object of its own: its partitions, sequences and statistics. And
//! where the table itself belongs: its parent, publications.

use super::definition::{self, Table};
use crate::ddl::catalog::{ASKED, Catalog};
use crate::ddl::common::on_one_line;
use crate::ddl::find::Object;
use crate::ddl::kind::Kind;
use crate::ddl::script::{Phase, Script};
use crate::ddl::sql::identity;
use crate::reported::Reported;

/// Attaches a partition.
pub(super) fn add_attachment(table: &Table, object: &Object, script: &mut Script) {
    if let (true, Some(parent), Some(bound)) =
        (table.is_partition(), table.parents(), table.bound())
    {
        let text = [
            b"ALTER TABLE ONLY ",
            parent,
            b" ATTACH PARTITION ",
            &object.identity[..],
            b" ",
            bound,
        ];
        script.add(Phase::Attach, text.concat());
    }
}

/// Says which publications the table is in.
pub(super) fn add_publications(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let names = catalog.texts_of(object.oid, format!(
        "SELECT pg_catalog.string_agg(pg_catalog.quote_ident(p.pubname), ', ' ORDER BY p.pubname)\n\
         FROM pg_catalog.pg_publication p\n\
         WHERE p.puballtables AND (SELECT c.relkind IN ('r', 'p') AND c.relpersistence = 'p' \
         FROM pg_catalog.pg_class c WHERE c.oid = {ASKED}) \
         OR EXISTS (SELECT 1 FROM pg_catalog.pg_publication_rel r \
         WHERE r.prpubid = p.oid AND r.prrelid = {ASKED}){}",
        if catalog.at_least(150_000) {
            format!(
                " OR EXISTS (SELECT 1 FROM pg_catalog.pg_publication_namespace r \
                 JOIN pg_catalog.pg_class c ON c.relnamespace = r.pnnspid \
                 WHERE r.pnpubid = p.oid AND c.oid = {ASKED})"
            )
        } else {
            String::new()
        }
    ))?;
    for names in names {
        let note = [b"-- In publications: ", &names[..]].concat();
        script.add(Phase::Create, on_one_line(&note));
    }
    Ok(())
}

/// The objects that are written with a table: sequences that its columns own, statistics on it, and
/// its partitions.
///
/// # Errors
/// A query failed.
pub fn add_parts(
    catalog: &mut Catalog<'_>,
    object: &Object,
    found: &mut Vec<Object>,
) -> Result<(), Reported> {
    let [relation, statistics] =
        [identity("pg_class", "c.oid"), identity("pg_statistic_ext", "s.oid")];
    let rows = catalog.rows_of(
        object.oid,
        format!(
            "SELECT c.oid, {relation}, c.relkind::pg_catalog.text FROM pg_catalog.pg_class c\n\
         WHERE c.relkind = 'S' AND EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid \
         AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = {ASKED} \
         AND d.deptype = 'a')\n\
         UNION ALL\n\
         SELECT c.oid, {relation}, c.relkind::pg_catalog.text FROM pg_catalog.pg_inherits i \
         JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid\n\
         WHERE i.inhparent = {ASKED} AND c.relispartition\n\
         UNION ALL\n\
         SELECT s.oid, {statistics}, 'statistics' FROM pg_catalog.pg_statistic_ext s \
         WHERE s.stxrelid = {ASKED}\n\
         ORDER BY 3, 2"
        ),
    )?;
    for row in rows {
        let kind = definition::kind(row.text(2)).unwrap_or(Kind::Statistics);
        found.extend(Object::from_row(kind, &row));
    }
    Ok(())
}
