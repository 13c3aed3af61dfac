//! Row security policies.

use crate::ddl::catalog::{ASKED, Catalog, Row};
use crate::ddl::find::Object;
use crate::ddl::script::{Phase, Script};
use crate::ddl::sql::{comment, identity};
use crate::reported::Reported;

/// Adds the policies of a table.
pub fn add_of_relation(
    catalog: &mut Catalog<'_>,
    oid: u32,
    script: &mut Script,
) -> Result<(), Reported> {
    add_where(catalog, oid, &format!("p.polrelid = {ASKED}"), script)
}

/// Adds a policy by itself.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    add_where(catalog, object.oid, &format!("p.oid = {ASKED}"), script)
}

fn add_where(
    catalog: &mut Catalog<'_>,
    oid: u32,
    condition: &str,
    script: &mut Script,
) -> Result<(), Reported> {
    let table = identity("pg_class", "p.polrelid");
    let about = comment("pg_policy", "p.oid", "0");
    let rows = catalog.rows_of(
        oid,
        format!(
            "SELECT pg_catalog.quote_ident(p.polname), {table}, p.polpermissive,\n  \
         CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' \
         WHEN 'd' THEN 'DELETE' END,\n  \
         CASE WHEN p.polroles <> '{{0}}' THEN (SELECT pg_catalog.string_agg(\
         CASE WHEN r.oid = 0 THEN 'PUBLIC' \
         ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.oid)) END, ', ') \
         FROM pg_catalog.unnest(p.polroles) r(oid)) END,\n  \
         pg_catalog.pg_get_expr(p.polqual, p.polrelid), \
         pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), {about}\n\
         FROM pg_catalog.pg_policy p\nWHERE {condition} ORDER BY p.polname"
        ),
    )?;
    for row in rows {
        script.add(Phase::React, create(&row));
        if let Some(comment) = row.value(7) {
            let text = [b"COMMENT ON POLICY ", row.text(0), b" ON ", row.text(1), b" IS ", comment];
            script.add(Phase::React, text.concat());
        }
    }
    Ok(())
}

fn create(row: &Row) -> Vec<u8> {
    let mut text = [b"CREATE POLICY ", row.text(0), b" ON ", row.text(1)].concat();
    let mut clause = |words: &[u8], value: Option<&[u8]>, end: &[u8]| {
        if let Some(value) = value {
            text.extend([words, value, end].concat());
        }
    };
    clause(b" AS RESTRICTIVE", (!row.is(2)).then_some(b""), b"");
    clause(b" FOR ", row.value(3), b"");
    clause(b" TO ", row.value(4), b"");
    clause(b" USING (", row.value(5), b")");
    clause(b" WITH CHECK (", row.value(6), b")");
    text
}
