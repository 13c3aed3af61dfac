//! What extends the server: casts, conversions, languages, transforms, access methods, collations,
//! extensions, statistics objects.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::script::{Phase, Script};
use super::sql::{from, function, qualified};
use crate::reported::Reported;

/// Adds one of these.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let (text, phase) = match object.kind {
        Kind::Cast => (cast(), Phase::Create),
        Kind::Conversion => (conversion(), Phase::Create),
        Kind::Language => (language(), Phase::Create),
        Kind::Transform => (transform(), Phase::Create),
        Kind::AccessMethod => (access_method(), Phase::Create),
        Kind::Collation => (collation(catalog), Phase::Create),
        Kind::Extension => (extension(), Phase::Create),
        _ => (statistics(), Phase::Index),
    };
    let texts = catalog.texts_of(oid, text)?;
    script.extend(phase, texts);
    if object.kind == Kind::Statistics && catalog.at_least(130_000) {
        let targets = catalog.texts_of(
            oid,
            format!(
                "SELECT CASE WHEN o.stxstattarget >= 0 THEN o.stxstattarget END{}",
                from("pg_statistic_ext")
            ),
        )?;
        for target in targets {
            let start = [b"ALTER STATISTICS ", &object.identity[..]].concat();
            script.add(phase, [&start[..], b" SET STATISTICS ", &target].concat());
        }
    }
    let name = match object.kind {
        Kind::Transform => transform_name(catalog, oid)?,
        _ => object.identity.clone(),
    };
    common::add(catalog, object, &name, script)
}

fn cast() -> String {
    format!(
        "SELECT 'CREATE CAST (' || pg_catalog.format_type(o.castsource, NULL) || ' AS ' \
         || pg_catalog.format_type(o.casttarget, NULL) || ') ' || CASE o.castmethod \
         WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT' \
         ELSE 'WITH FUNCTION ' || o.castfunc::pg_catalog.regprocedure END || CASE o.castcontext \
         WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END{}",
        from("pg_cast")
    )
}

fn conversion() -> String {
    let [name, procedure] = [qualified("n.nspname", "o.conname"), function("o.conproc")];
    format!(
        "SELECT 'CREATE ' || CASE WHEN o.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION ' \
         || {name} || ' FOR ' \
         || pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(o.conforencoding)) || ' TO ' \
         || pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(o.contoencoding)) \
         || ' FROM ' || {procedure}\n\
         FROM pg_catalog.pg_conversion o JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace\n\
         WHERE o.oid = {ASKED}"
    )
}

fn language() -> String {
    let [handler, inline, validator] =
        ["o.lanplcallfoid", "o.laninline", "o.lanvalidator"].map(function);
    format!(
        "SELECT 'CREATE ' || CASE WHEN o.lanpltrusted THEN 'TRUSTED ' ELSE '' END \
         || 'LANGUAGE ' || pg_catalog.quote_ident(o.lanname) || COALESCE(' HANDLER ' || {handler}, '') \
         || COALESCE(' INLINE ' || {inline}, '') || COALESCE(' VALIDATOR ' || {validator}, ''){}",
        from("pg_language")
    )
}

fn transform_name(catalog: &mut Catalog<'_>, oid: u32) -> Result<Vec<u8>, Reported> {
    let texts = catalog.texts_of(
        oid,
        format!(
            "SELECT 'FOR ' || pg_catalog.format_type(o.trftype, NULL) || ' LANGUAGE ' \
         || (SELECT pg_catalog.quote_ident(l.lanname) FROM pg_catalog.pg_language l \
         WHERE l.oid = o.trflang){}",
            from("pg_transform")
        ),
    )?;
    Ok(texts.concat())
}

fn transform() -> String {
    format!(
        "SELECT 'CREATE TRANSFORM FOR ' || pg_catalog.format_type(o.trftype, NULL) || ' LANGUAGE ' \
         || (SELECT pg_catalog.quote_ident(l.lanname) FROM pg_catalog.pg_language l \
         WHERE l.oid = o.trflang) || ' (' || pg_catalog.array_to_string(ARRAY[\
         CASE WHEN o.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' \
         || o.trffromsql::pg_catalog.regprocedure END,\n  \
         CASE WHEN o.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' \
         || o.trftosql::pg_catalog.regprocedure END], ', ') || ')'{}",
        from("pg_transform")
    )
}

fn access_method() -> String {
    let handler = function("o.amhandler");
    format!(
        "SELECT 'CREATE ACCESS METHOD ' || pg_catalog.quote_ident(o.amname) || ' TYPE ' \
         || CASE o.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END || ' HANDLER ' || {handler}{}",
        from("pg_am")
    )
}

fn extension() -> String {
    format!(
        "SELECT 'CREATE EXTENSION ' || pg_catalog.quote_ident(o.extname) || ' WITH SCHEMA ' \
         || (SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_namespace n \
         WHERE n.oid = o.extnamespace){0}\n\
         UNION ALL SELECT '-- version ' || pg_catalog.translate(o.extversion, E'\\n\\r', ''){0}",
        from("pg_extension")
    )
}

fn collation(catalog: &Catalog<'_>) -> String {
    let name = qualified("n.nspname", "o.collname");
    let locale = match catalog.context().version {
        170_000.. => "o.colllocale",
        150_000.. => "o.colliculocale",
        // One column for all providers.
        _ => "CASE WHEN o.collprovider = 'i' THEN o.collcollate END",
    };
    let rules = catalog.since(160_000, "o.collicurules", "NULL::pg_catalog.text");
    let deterministic = catalog.since(120_000, "o.collisdeterministic", "true");
    format!(
        "SELECT 'CREATE COLLATION ' || {name} || ' (' || pg_catalog.array_to_string(ARRAY[\
         'PROVIDER = ' || CASE o.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' \
         WHEN 'c' THEN 'libc' END,\n  \
         'LOCALE = ' || pg_catalog.quote_literal(CASE WHEN o.collprovider = 'c' \
         THEN CASE WHEN o.collcollate = o.collctype THEN o.collcollate END ELSE {locale} END),\n  \
         CASE WHEN o.collprovider = 'c' AND o.collcollate <> o.collctype \
         THEN 'LC_COLLATE = ' || pg_catalog.quote_literal(o.collcollate) || ', LC_CTYPE = ' \
         || pg_catalog.quote_literal(o.collctype) END,\n  \
         'RULES = ' || pg_catalog.quote_literal({rules}),\n  \
         CASE WHEN NOT {deterministic} THEN 'DETERMINISTIC = false' END], ', ') || ')'\n\
         FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace\n\
         WHERE o.oid = {ASKED} AND o.collprovider <> 'd'"
    )
}

/// It says nothing of the target.
fn statistics() -> String {
    format!("SELECT pg_catalog.pg_get_statisticsobjdef({ASKED})")
}
