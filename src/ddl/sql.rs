//! Pieces of SQL that several families ask with.

use super::catalog::ASKED;
use super::request::Secrets;

/// A name with its schema, both quoted, by expressions.
pub fn qualified(schema: &str, name: &str) -> String {
    format!("pg_catalog.quote_ident({schema}) || '.' || pg_catalog.quote_ident({name})")
}

/// How the server identifies an object of `catalog`.
pub fn identity(catalog: &str, oid: &str) -> String {
    format!(
        "(pg_catalog.pg_identify_object('pg_catalog.{catalog}'::pg_catalog.regclass, {oid}, 0)\
         ).identity"
    )
}

/// The row of `catalog` that is asked about, called `o`.
pub fn from(catalog: &str) -> String {
    format!("\nFROM pg_catalog.{catalog} o\nWHERE o.oid = {ASKED}")
}

/// Storage parameters as in `WITH (...)`, NULL if there are none; `prefix` goes before each name.
pub fn parameters(options: &str, prefix: &str) -> String {
    format!(
        "(SELECT pg_catalog.string_agg('{prefix}' || pg_catalog.quote_ident(p.option_name) || '=' \
         || CASE WHEN pg_catalog.quote_ident(p.option_value) = p.option_value \
         OR p.option_value ~ '^[0-9]+([.][0-9]+)?$' THEN p.option_value \
         ELSE pg_catalog.quote_literal(p.option_value) END, ', ') \
         FROM pg_catalog.pg_options_to_table({options}) p)"
    )
}

/// Options of foreign objects as `OPTIONS (...)`, with a blank before them, empty if there are none.
pub fn foreign_options(options: &str, secrets: Secrets) -> String {
    let value = match secrets {
        Secrets::Masked => format!(
            "CASE WHEN p.option_name ~* '{SECRET}' THEN '''{MASK}''' \
             ELSE pg_catalog.quote_literal(p.option_value) END"
        ),
        Secrets::Shown => "pg_catalog.quote_literal(p.option_value)".to_owned(),
    };
    format!(
        "COALESCE((SELECT ' OPTIONS (' || pg_catalog.string_agg(\
         pg_catalog.quote_ident(p.option_name) || ' ' || {value}, ', ') || ')' \
         FROM pg_catalog.pg_options_to_table({options}) p), '')"
    )
}

/// Which options hold secrets: a regular expression. `password_required` of postgres_fdw holds none.
const SECRET: &str = "passw(?!ord_required$)|pwd|secret|token|credential";

/// What stands for a secret.
pub const MASK: &str = "********";

/// The comment on an object or a part of it as a literal, NULL if there is none.
pub fn comment(catalog: &str, oid: &str, part: &str) -> String {
    format!(
        "(SELECT pg_catalog.quote_literal(e.description) FROM pg_catalog.pg_description e \
         WHERE e.objoid = {oid} AND e.classoid = 'pg_catalog.{catalog}'::pg_catalog.regclass \
         AND e.objsubid = {part})"
    )
}

/// A collation by its OID.
pub fn collation(oid: &str) -> String {
    let name = qualified("cn.nspname", "cc.collname");
    format!(
        "(SELECT {name} FROM pg_catalog.pg_collation cc \
         JOIN pg_catalog.pg_namespace cn ON cn.oid = cc.collnamespace WHERE cc.oid = {oid})"
    )
}

/// A tablespace by its OID.
pub fn tablespace(oid: &str) -> String {
    format!(
        "(SELECT pg_catalog.quote_ident(ts.spcname) FROM pg_catalog.pg_tablespace ts \
         WHERE ts.oid = {oid})"
    )
}

/// A function by its OID, without arguments; NULL for none.
pub fn function(oid: &str) -> String {
    let name = qualified("fn.nspname", "f.proname");
    format!(
        "(SELECT {name} FROM pg_catalog.pg_proc f \
         JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace \
         WHERE f.oid = {oid}::pg_catalog.oid)"
    )
}

/// An operator by its OID, as `OPERATOR(schema.name)`; NULL for none.
pub fn operator(oid: &str) -> String {
    format!(
        "(SELECT 'OPERATOR(' || pg_catalog.quote_ident(pn.nspname) || '.' || p.oprname || ')' \
         FROM pg_catalog.pg_operator p \
         JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace \
         WHERE p.oid = {oid}::pg_catalog.oid)"
    )
}

/// A role by its OID.
pub fn role(oid: &str) -> String {
    format!("pg_catalog.quote_ident(pg_catalog.pg_get_userbyid({oid}))")
}

/// Whether an object is behind a `deptype` of another one.
pub fn depends(catalog: &str, oid: &str, on_catalog: &str, on_oid: &str, how: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
         WHERE d.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND d.objid = {oid} \
         AND d.refclassid = 'pg_catalog.{on_catalog}'::pg_catalog.regclass \
         AND d.refobjid = {on_oid} AND d.deptype = '{how}')"
    )
}
