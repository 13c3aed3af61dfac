//! Text search: parsers, templates, dictionaries, configurations.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::script::{Phase, Script};
use super::sql::{from, function, qualified};
use crate::reported::Reported;

/// Adds an object of text search.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let named = |pairs: &[(&str, &str)]| {
        let parts =
            pairs.iter().map(|(word, column)| format!("'{word} = ' || {}", function(column)));
        parts.collect::<Vec<_>>().join(", ")
    };
    let [template, parser] =
        [qualified("tn.nspname", "t.tmplname"), qualified("tn.nspname", "t.prsname")];
    let (parts, table) = match object.kind {
        Kind::TextSearchParser => (
            named(&[
                ("START", "o.prsstart"),
                ("GETTOKEN", "o.prstoken"),
                ("END", "o.prsend"),
                ("HEADLINE", "o.prsheadline"),
                ("LEXTYPES", "o.prslextype"),
            ]),
            "pg_ts_parser",
        ),
        Kind::TextSearchTemplate => {
            (named(&[("INIT", "o.tmplinit"), ("LEXIZE", "o.tmpllexize")]), "pg_ts_template")
        }
        Kind::TextSearchDictionary => (
            format!(
                "(SELECT 'TEMPLATE = ' || {template} FROM pg_catalog.pg_ts_template t \
                 JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace \
                 WHERE t.oid = o.dicttemplate), o.dictinitoption"
            ),
            "pg_ts_dict",
        ),
        _ => (
            format!(
                "(SELECT 'PARSER = ' || {parser} FROM pg_catalog.pg_ts_parser t \
                 JOIN pg_catalog.pg_namespace tn ON tn.oid = t.prsnamespace WHERE t.oid = o.cfgparser)"
            ),
            "pg_ts_config",
        ),
    };
    let word = object.kind.traits().sql_word.as_bytes();
    let rows = catalog.texts_of(
        object.oid,
        format!("SELECT pg_catalog.array_to_string(ARRAY[{parts}], E',\\n    '){}", from(table)),
    )?;
    for options in rows {
        let text = [b"CREATE ", word, b" ", &object.identity, b" (\n    ", &options, b"\n)"];
        script.add(Phase::Create, text.concat());
    }
    if object.kind == Kind::TextSearchConfiguration {
        add_mappings(catalog, object, script)?;
    }
    common::add(catalog, object, &object.identity, script)
}

fn add_mappings(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let dictionary = qualified("dn.nspname", "d.dictname");
    let rows = catalog.rows_of(
        object.oid,
        format!(
            "SELECT (SELECT pg_catalog.quote_ident(t.alias) \
         FROM pg_catalog.ts_token_type(o.cfgparser) t WHERE t.tokid = m.maptokentype),\n  \
         pg_catalog.string_agg({dictionary}, ', ' ORDER BY m.mapseqno)\n\
         FROM pg_catalog.pg_ts_config o\n  \
         JOIN pg_catalog.pg_ts_config_map m ON m.mapcfg = o.oid\n  \
         JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict\n  \
         JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace\n\
         WHERE o.oid = {ASKED}\nGROUP BY o.cfgparser, m.maptokentype ORDER BY m.maptokentype"
        ),
    )?;
    for row in rows {
        let start = [b"ALTER TEXT SEARCH CONFIGURATION ", &object.identity[..]].concat();
        let text = [&start[..], b" ADD MAPPING FOR ", row.text(0), b" WITH ", row.text(1)];
        script.add(Phase::Create, text.concat());
    }
    Ok(())
}
