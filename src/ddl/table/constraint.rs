//! Constraints that are no index's: checks and foreign keys; and a constraint by itself.

use super::definition::Table;
use super::index;
use crate::ddl::catalog::{ASKED, Catalog, Row};
use crate::ddl::common;
use crate::ddl::find::Object;
use crate::ddl::script::{Phase, Script};
use crate::ddl::sql::{comment, identity};
use crate::reported::Reported;

/// A check constraint.
pub struct Check {
    row: Row,
}

impl Check {
    fn name(&self) -> &[u8] {
        self.row.text(0)
    }

    /// `CONSTRAINT name CHECK (...)`
    fn definition(&self) -> Vec<u8> {
        [b"CONSTRAINT ", self.name(), b" ", self.row.text(1)].concat()
    }

    /// Whether it has to be added to a table that is there: CREATE TABLE would take it for proven.
    fn is_later(&self) -> bool {
        self.row.is(2)
    }

    fn is_local(&self) -> bool {
        self.row.is(3)
    }
}

/// Whether a check `k` calls a function of the table's own rows, which can only be made once the table
/// is there.
pub const TAKES_ROWS: &str = "EXISTS (SELECT 1 FROM pg_catalog.pg_depend kd \
    JOIN pg_catalog.pg_depend fd ON fd.classid = kd.refclassid AND fd.objid = kd.refobjid \
    JOIN pg_catalog.pg_type kt ON kt.oid = fd.refobjid AND kt.typrelid = k.conrelid \
    WHERE kd.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND kd.objid = k.oid \
    AND kd.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass \
    AND fd.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass)";

/// The check constraints of a table.
pub fn checks(catalog: &mut Catalog<'_>, oid: u32) -> Result<Vec<Check>, Reported> {
    let is_enforced = catalog.since(180_000, "k.conenforced", "true");
    let about = comment("pg_constraint", "k.oid", "0");
    let rows = catalog.rows_of(oid, format!(
        "SELECT pg_catalog.quote_ident(k.conname), pg_catalog.pg_get_constraintdef(k.oid),\n  \
         {is_enforced} AND NOT k.convalidated OR {TAKES_ROWS}, k.conislocal, k.connoinherit, {about},\n  \
         k.convalidated AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i \
         JOIN pg_catalog.pg_constraint pk ON pk.conrelid = i.inhparent AND pk.contype = 'c' \
         AND pk.conname = k.conname AND NOT pk.convalidated WHERE i.inhrelid = k.conrelid)\n\
         FROM pg_catalog.pg_constraint k\n\
         WHERE k.conrelid = {ASKED} AND k.contype = 'c' ORDER BY k.conname"
    ))?;
    Ok(rows.into_iter().map(|row| Check { row }).collect())
}

/// What stands for checks in CREATE TABLE.
pub(super) fn definitions(checks: &[Check], is_partition: bool) -> Vec<Vec<u8>> {
    let written = checks.iter().filter(|check| check.is_local() || is_partition);
    written.filter(|check| !check.is_later()).map(Check::definition).collect()
}

/// Adds the checks that aren't proven.
pub(super) fn add_later_checks(
    checks: &[Check],
    table: &Table,
    object: &Object,
    script: &mut Script,
) {
    let is_partition = table.is_partition();
    for check in checks.iter().filter(|check| check.row.is(6) && !check.is_local()) {
        // It is proven here, though not where it comes from.
        let start = [b"ALTER TABLE ", &object.identity[..]].concat();
        let text = [&start[..], b" VALIDATE CONSTRAINT ", check.name()].concat();
        script.add(Phase::React, text);
    }
    for check in checks.iter().filter(|check| check.is_later()) {
        if check.is_local() || is_partition {
            let only: &[u8] = if check.row.is(4) { b"ONLY " } else { b"" };
            let definition = check.definition();
            let text =
                [b"ALTER TABLE ", only, &object.identity[..], b" ADD ", &definition].concat();
            // A partition must have it before it is attached.
            let phase = if is_partition { Phase::Create } else { Phase::ForeignKey };
            script.add(phase, text);
        }
    }
}

/// Adds the comments on checks.
pub(super) fn add_comments_on_checks(checks: &[Check], object: &Object, script: &mut Script) {
    for check in checks {
        if let Some(comment) = check.row.value(5) {
            let phase = if check.is_later() { Phase::ForeignKey } else { Phase::Create };
            common::add_constraint_comment(check.name(), &object.identity, comment, phase, script);
        }
    }
}

/// Adds the foreign keys of a table.
pub(super) fn add_foreign_keys(
    catalog: &mut Catalog<'_>,
    oid: u32,
    script: &mut Script,
) -> Result<(), Reported> {
    // Partitions get those of their table.
    let own = catalog.since(110_000, "k.conparentid = 0", "true");
    add_where(catalog, oid, &format!("k.conrelid = {ASKED} AND k.contype = 'f' AND {own}"), script)
}

/// Adds a constraint by itself.
///
/// # Errors
/// A query failed.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let keys = format!(
        "i.indexrelid = (SELECT k.conindid FROM pg_catalog.pg_constraint k \
         WHERE k.oid = {ASKED} AND k.contype IN ('p', 'u', 'x'))"
    );
    index::add_where(catalog, oid, &keys, Phase::Create, script)?;
    add_where(
        catalog,
        oid,
        &format!("k.oid = {ASKED} AND k.contype NOT IN ('p', 'u', 'x')"),
        script,
    )
}

fn add_where(
    catalog: &mut Catalog<'_>,
    oid: u32,
    condition: &str,
    script: &mut Script,
) -> Result<(), Reported> {
    let table = identity("pg_class", "k.conrelid");
    let about = comment("pg_constraint", "k.oid", "0");
    let rows = catalog.rows_of(oid, format!(
        "SELECT pg_catalog.quote_ident(k.conname), pg_catalog.pg_get_constraintdef(k.oid), {table},\n  \
         c.relkind = 'p' OR k.contype <> 'f' AND NOT k.connoinherit, {about}\n\
         FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid\n\
         WHERE {condition} ORDER BY k.conname"
    ))?;
    for row in rows {
        let (name, table) = (row.text(0), row.text(2));
        let only: &[u8] = if row.is(3) { b"" } else { b"ONLY " };
        let text =
            [b"ALTER TABLE ", only, table, b" ADD CONSTRAINT ", name, b" ", row.text(1)].concat();
        script.add(Phase::ForeignKey, text);
        if let Some(comment) = row.value(4) {
            common::add_constraint_comment(name, table, comment, Phase::ForeignKey, script);
        }
    }
    Ok(())
}
