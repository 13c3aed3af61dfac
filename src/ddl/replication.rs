//! Publications, subscriptions, event triggers.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::request::Secrets;
use super::script::{Phase, Script};
use super::sql::{MASK, from, function, identity};
use crate::catalog_query::literal;
use crate::conninfo;
use crate::reported::Reported;

/// Adds one of these.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    match object.kind {
        Kind::Publication => add_publication(catalog, object, script)?,
        Kind::Subscription => add_subscription(catalog, object, secrets, script)?,
        _ => add_event_trigger(catalog, object, script)?,
    }
    common::add(catalog, object, &object.identity, script)
}

fn add_event_trigger(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let called = function("o.evtfoid");
    let word = catalog.since(110_000, "FUNCTION", "PROCEDURE");
    let rows = catalog.rows_of(
        object.oid,
        format!(
            "SELECT ' ON ' || pg_catalog.quote_ident(o.evtevent) || COALESCE(' WHEN TAG IN (' \
         || (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(t.tag), ', ') \
         FROM pg_catalog.unnest(o.evttags) t(tag)) || ')', '') || ' EXECUTE {word} ' || {called} \
         || '()',\n  CASE o.evtenabled WHEN 'D' THEN ' DISABLE' WHEN 'A' THEN ' ENABLE ALWAYS' \
         WHEN 'R' THEN ' ENABLE REPLICA' END{}",
            from("pg_event_trigger")
        ),
    )?;
    for row in rows {
        let name = &object.identity[..];
        script.add(Phase::Last, [b"CREATE EVENT TRIGGER ", name, row.text(0)].concat());
        if let Some(state) = row.value(1) {
            script.add(Phase::Last, [b"ALTER EVENT TRIGGER ", name, state].concat());
        }
    }
    Ok(())
}

fn add_publication(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let truncate = catalog.since(110_000, "CASE WHEN o.pubtruncate THEN 'truncate' END", "NULL");
    let by_root = catalog.since(
        130_000,
        "CASE WHEN o.pubviaroot THEN ', publish_via_partition_root = true' ELSE '' END",
        "''",
    );
    let generated = catalog.since(
        180_000,
        "CASE WHEN o.pubgencols = 's' THEN ', publish_generated_columns = stored' ELSE '' END",
        "''",
    );
    let head = catalog.texts_of(oid, format!(
        "SELECT CASE WHEN o.puballtables THEN ' FOR ALL TABLES' ELSE '' END || ' WITH (publish = ' \
         || pg_catalog.quote_literal(pg_catalog.array_to_string(ARRAY[\
         CASE WHEN o.pubinsert THEN 'insert' END, CASE WHEN o.pubupdate THEN 'update' END, \
         CASE WHEN o.pubdelete THEN 'delete' END, {truncate}], ', ')) || {by_root} || {generated} \
         || ')'{}",
        from("pg_publication")
    ))?;
    for options in head {
        let text = [b"CREATE PUBLICATION ", &object.identity[..], &options].concat();
        script.add(Phase::React, text);
    }
    let table = identity("pg_class", "r.prrelid");
    let (columns, condition) = match catalog.at_least(150_000) {
        true => (
            "COALESCE(' (' || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' \
             ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid \
             AND a.attnum = ANY (r.prattrs)) || ')', '')",
            "COALESCE(' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid) || ')', '')",
        ),
        false => ("''", "''"),
    };
    let mut members = catalog.texts_of(
        oid,
        format!(
            "SELECT 'TABLE ONLY ' || {table} || {columns} || {condition}\n\
         FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = {ASKED} ORDER BY 1"
        ),
    )?;
    if catalog.at_least(150_000) {
        members.extend(catalog.texts_of(
            oid,
            format!(
                "SELECT 'TABLES IN SCHEMA ' || pg_catalog.quote_ident(n.nspname)\n\
             FROM pg_catalog.pg_publication_namespace r \
             JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid\n\
             WHERE r.pnpubid = {ASKED} ORDER BY 1"
            ),
        )?);
    }
    for member in members {
        let start = [b"ALTER PUBLICATION ", &object.identity[..]].concat();
        script.add(Phase::React, [&start[..], b" ADD ", &member].concat());
    }
    Ok(())
}

/// Options of subscriptions that are a column alone: what the server takes by itself, and since when
/// it has them.
const FLAGS: [(&str, &str, &str, i32); 7] = [
    ("binary", "o.subbinary", "false", 140_000),
    ("disable_on_error", "o.subdisableonerr", "false", 150_000),
    ("run_as_owner", "o.subrunasowner", "false", 160_000),
    ("password_required", "o.subpasswordrequired", "true", 160_000),
    ("failover", "o.subfailover", "false", 170_000),
    ("two_phase", "o.subtwophasestate <> 'd'", "false", 150_000),
    ("streaming", "o.substream", "false", 140_000),
];

fn add_subscription(
    catalog: &mut Catalog<'_>,
    object: &Object,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let mut options = vec![
        "'connect = false'".to_owned(),
        "CASE WHEN o.subslotname IS NULL THEN 'slot_name = NONE' WHEN o.subslotname <> o.subname \
         THEN 'slot_name = ' || pg_catalog.quote_literal(o.subslotname) END"
            .to_owned(),
        "'synchronous_commit = ' || CASE WHEN o.subsynccommit <> 'off' \
         THEN pg_catalog.quote_literal(o.subsynccommit) END"
            .to_owned(),
    ];
    for (word, column, usual, since) in FLAGS {
        if !catalog.at_least(since) {
            continue;
        }
        options.push(if word == "streaming" && catalog.at_least(160_000) {
            // Parallel is what 18 takes by itself.
            "'streaming = ' || CASE o.substream WHEN 'f' THEN 'off' WHEN 't' THEN 'on' \
             ELSE 'parallel' END"
                .to_owned()
        } else {
            format!("CASE WHEN ({column}) <> {usual} THEN '{word} = ' || ({column})::pg_catalog.text END")
        });
    }
    if catalog.at_least(160_000) {
        options.push(
            "'origin = ' || CASE WHEN o.suborigin <> 'any' \
             THEN pg_catalog.quote_literal(o.suborigin) END"
                .to_owned(),
        );
    }
    let options = options.join(",\n  ");
    let can_see = catalog.row_of(
        oid,
        "SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')",
    )?;
    let connection = if can_see.is(0) { "o.subconninfo" } else { "NULL" };
    let rows = catalog.rows_of(oid, format!(
        "SELECT {connection},\n  (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(p.name), ', ') \
         FROM pg_catalog.unnest(o.subpublications) p(name)),\n  \
         pg_catalog.array_to_string(ARRAY[{options}], ', '), o.subenabled{}",
        from("pg_subscription")
    ))?;
    for row in rows {
        let connection = match row.value(0) {
            None => {
                script.add(Phase::React, "-- Its connection is shown to superusers only.");
                MASK.as_bytes().to_vec()
            }
            Some(text) if secrets == Secrets::Masked => {
                let masked = mask(text);
                if masked != text {
                    script.add(Phase::React, "-- Secrets are masked: \\ddl -secrets shows them.");
                }
                masked
            }
            Some(text) => text.to_vec(),
        };
        let connection = literal(&connection, catalog.context().encoding);
        let name = &object.identity[..];
        let text = [
            b"CREATE SUBSCRIPTION ",
            name,
            b" CONNECTION ",
            &connection,
            b" PUBLICATION ",
            row.text(1),
            b" WITH (",
            row.text(2),
            b")",
        ];
        script.add(Phase::React, text.concat());
        if row.is(3) {
            script.add(Phase::React, [b"ALTER SUBSCRIPTION ", name, b" ENABLE"].concat());
        }
    }
    Ok(())
}

/// A connection string without its passwords.
fn mask(text: &[u8]) -> Vec<u8> {
    let Ok(settings) = conninfo::parse(text) else { return MASK.as_bytes().to_vec() };
    let mut masked = text.to_vec();
    for secret in ["password", "sslpassword", "oauth_client_secret"] {
        let Some(value) = settings.get(secret).filter(|value| !value.is_empty()) else { continue };
        let Some(at) = memchr::memmem::find(&masked, value) else {
            // It is written in another way: quoted, escaped.
            return MASK.as_bytes().to_vec();
        };
        masked.splice(at..at + value.len(), MASK.bytes());
        if memchr::memmem::find(&masked, value).is_some() {
            // Which of them is the password isn't sure.
            return MASK.as_bytes().to_vec();
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_without_passwords() {
        for (text, expected) in [
            ("host=a dbname=b", "host=a dbname=b"),
            ("host=a password=xyz dbname=b", "host=a password=******** dbname=b"),
            ("host=a password='x y' user=u", "host=a password='********' user=u"),
            (r"host=a password='x\'y'", "********"),
            ("postgresql://u:xyz@h/d", "postgresql://u:********@h/d"),
            ("postgresql://u:x%20z@h/d", "********"),
            ("host=xyz password=xyz", "********"),
            ("nonsense", "********"),
        ] {
            assert_eq!(String::from_utf8_lossy(&mask(text.as_bytes())), expected, "{text}");
        }
    }
}
