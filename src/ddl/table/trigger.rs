//! Triggers.

use crate::ddl::catalog::{ASKED, Catalog};
use crate::ddl::find::Object;
use crate::ddl::script::{Phase, Script};
use crate::ddl::sql::{comment, identity};
use crate::reported::Reported;

/// Adds the triggers of a table or view.
pub fn add_of_relation(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    add_where(catalog, oid, &format!("g.tgrelid = {ASKED}"), script)?;
    // Those of foreign keys have no names that one could say.
    let disabled = catalog.row_of(
        oid,
        format!(
            "SELECT pg_catalog.bool_and(g.tgenabled = 'D'), pg_catalog.bool_or(g.tgisinternal)\n\
         FROM pg_catalog.pg_trigger g WHERE g.tgrelid = {ASKED}"
        ),
    )?;
    if disabled.is(0) && disabled.is(1) {
        let text = [b"ALTER TABLE ", &object.identity[..], b" DISABLE TRIGGER ALL"].concat();
        script.add(Phase::React, text);
    }
    Ok(())
}

/// Adds a trigger by itself.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    add_where(catalog, object.oid, &format!("g.oid = {ASKED}"), script)
}

fn add_where(
    catalog: &mut Catalog<'_>,
    oid: u32,
    condition: &str,
    script: &mut Script,
) -> Result<(), Reported> {
    let relation = identity("pg_class", "g.tgrelid");
    let about = comment("pg_trigger", "g.oid", "0");
    // A partition has its table's triggers, but may have turned them off.
    let parent = catalog.since(
        130_000,
        "(SELECT p.tgenabled FROM pg_catalog.pg_trigger p WHERE p.oid = g.tgparentid)",
        "NULL::pg_catalog.\"char\"",
    );
    let is_own = catalog.since(130_000, "g.tgparentid = 0", "true");
    let rows = catalog.rows_of(oid, format!(
        "SELECT pg_catalog.pg_get_triggerdef(g.oid), pg_catalog.quote_ident(g.tgname), {relation},\n  \
         CASE WHEN g.tgenabled = COALESCE({parent}, 'O') THEN NULL WHEN g.tgenabled = 'O' \
         THEN 'ENABLE' WHEN g.tgenabled = 'D' THEN 'DISABLE' WHEN g.tgenabled = 'A' \
         THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, {about}, {is_own}\n\
         FROM pg_catalog.pg_trigger g\n\
         WHERE {condition} AND (NOT g.tgisinternal OR NOT {is_own} AND NOT EXISTS (\
         SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.oid = g.tgconstraint \
         AND k.contype <> 't')) ORDER BY g.tgname"
    ))?;
    for row in rows {
        let (name, relation) = (row.text(1), row.text(2));
        if row.is(5) {
            script.add(Phase::React, row.text(0));
        }
        if let Some(state) = row.value(3) {
            let text = [b"ALTER TABLE ", relation, b" ", state, b" TRIGGER ", name].concat();
            script.add(Phase::React, text);
        }
        if let Some(comment) = row.value(4) {
            let text = [b"COMMENT ON TRIGGER ", name, b" ON ", relation, b" IS ", comment].concat();
            script.add(Phase::React, text);
        }
    }
    Ok(())
}
