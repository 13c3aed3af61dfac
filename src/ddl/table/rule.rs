//! Rules that are no view's own.

use crate::ddl::catalog::{ASKED, Catalog};
use crate::ddl::find::Object;
use crate::ddl::script::{Phase, Script};
use crate::ddl::sql::{comment, identity};
use crate::reported::Reported;

/// Adds the rules of a table or view.
pub fn add_of_relation(
    catalog: &mut Catalog<'_>,
    oid: u32,
    script: &mut Script,
) -> Result<(), Reported> {
    add_where(catalog, oid, &format!("r.ev_class = {ASKED}"), script)
}

/// Adds a rule by itself.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    add_where(catalog, object.oid, &format!("r.oid = {ASKED}"), script)
}

fn add_where(
    catalog: &mut Catalog<'_>,
    oid: u32,
    condition: &str,
    script: &mut Script,
) -> Result<(), Reported> {
    let relation = identity("pg_class", "r.ev_class");
    let about = comment("pg_rewrite", "r.oid", "0");
    let rows = catalog.rows_of(oid, format!(
        "SELECT pg_catalog.pg_get_ruledef(r.oid), pg_catalog.quote_ident(r.rulename), {relation},\n  \
         CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' \
         WHEN 'R' THEN 'ENABLE REPLICA' END, {about}\n\
         FROM pg_catalog.pg_rewrite r\n\
         WHERE {condition} AND r.rulename <> '_RETURN' ORDER BY r.rulename"
    ))?;
    for row in rows {
        let (name, relation) = (row.text(1), row.text(2));
        let definition = row.text(0).trim_ascii_end();
        script.add(Phase::React, definition.strip_suffix(b";").unwrap_or(definition));
        if let Some(state) = row.value(3) {
            let text = [b"ALTER TABLE ", relation, b" ", state, b" RULE ", name].concat();
            script.add(Phase::React, text);
        }
        if let Some(comment) = row.value(4) {
            let text = [b"COMMENT ON RULE ", name, b" ON ", relation, b" IS ", comment].concat();
            script.add(Phase::React, text);
        }
    }
    Ok(())
}
