//! Operators, their classes and families.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::script::{Phase, Script};
use super::sql::{depends, function, operator, qualified};
use crate::reported::Reported;

/// Adds an operator.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let [procedure, restrict, join] = ["o.oprcode", "o.oprrest", "o.oprjoin"].map(function);
    let [commutator, negator] = ["o.oprcom", "o.oprnegate"].map(operator);
    let rows = catalog.rows_of(
        object.oid,
        format!(
            "SELECT pg_catalog.quote_ident(n.nspname) || '.' || o.oprname,\n  \
         pg_catalog.array_to_string(ARRAY['PROCEDURE = ' || {procedure},\n  \
         CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' \
         || pg_catalog.format_type(o.oprleft, NULL) END,\n  \
         CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' \
         || pg_catalog.format_type(o.oprright, NULL) END,\n  \
         'COMMUTATOR = ' || {commutator},\n  'NEGATOR = ' || {negator},\n  \
         'RESTRICT = ' || {restrict},\n  'JOIN = ' || {join},\n  \
         CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END], \
         E',\\n    ')\n\
         FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace\n\
         WHERE o.oid = {ASKED}"
        ),
    )?;
    for row in rows {
        let text = [b"CREATE OPERATOR ", row.text(0), b" (\n    ", row.text(1), b"\n)"];
        script.add(Phase::Create, text.concat());
    }
    common::add(catalog, object, &object.identity, script)
}

/// Adds an operator class.
///
/// # Errors
/// A query failed.
pub fn add_class(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    let [name, family] =
        [qualified("n.nspname", "o.opcname"), qualified("fn.nspname", "f.opfname")];
    let row = catalog.row_of(oid, format!(
        "SELECT {name}, o.opcdefault, pg_catalog.format_type(o.opcintype, NULL),\n  \
         pg_catalog.quote_ident(m.amname),\n  \
         CASE WHEN f.opfname <> o.opcname OR f.opfnamespace <> o.opcnamespace THEN {family} END,\n  \
         CASE WHEN o.opckeytype <> 0 THEN pg_catalog.format_type(o.opckeytype, NULL) END,\n  \
         pg_catalog.format_type(o.opcintype, NULL)\n\
         FROM pg_catalog.pg_opclass o\n  \
         JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace\n  \
         JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod\n  \
         JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily\n  \
         JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace\n\
         WHERE o.oid = {ASKED}"
    ))?;
    let mut members = Vec::new();
    if let Some(stored) = row.value(5) {
        members.push([b"STORAGE ", stored].concat());
    }
    members.extend(members_of(catalog, "pg_opclass", oid, "i")?);
    if members.is_empty() {
        // There must be something, and this changes nothing.
        members.push([b"STORAGE ", row.text(6)].concat());
    }
    let mut text = [b"CREATE OPERATOR CLASS ", row.text(0)].concat();
    if row.is(1) {
        text.extend_from_slice(b" DEFAULT");
    }
    text.extend([b" FOR TYPE ", row.text(2), b" USING ", row.text(3)].concat());
    if let Some(family) = row.value(4) {
        text.extend([b" FAMILY ", family].concat());
    }
    text.extend([b" AS\n    ", &members.join(&b",\n    "[..])[..]].concat());
    script.add(Phase::Create, text);
    common::add(catalog, object, &object.identity, script)
}

/// Adds an operator family, with the members that belong to no class.
///
/// # Errors
/// A query failed.
pub fn add_family(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let identity = &object.identity[..];
    script.add(Phase::Create, [b"CREATE OPERATOR FAMILY ", identity].concat());
    common::add(catalog, object, identity, script)?;
    let members = members_of(catalog, "pg_opfamily", object.oid, "a")?;
    if !members.is_empty() {
        let members = members.join(&b",\n    "[..]);
        let text = [b"ALTER OPERATOR FAMILY ", identity, b" ADD\n    ", &members].concat();
        script.add(Phase::Attach, text);
    }
    Ok(())
}

/// The operators and functions that depend so on a class or family.
fn members_of(
    catalog: &mut Catalog<'_>,
    of: &str,
    oid: u32,
    how: &str,
) -> Result<Vec<Vec<u8>>, Reported> {
    let sort_family = qualified("sn.nspname", "s.opfname");
    let [of_operators, of_functions] =
        ["pg_amop", "pg_amproc"].map(|member| depends(member, "m.oid", of, ASKED, how));
    let operators = catalog.texts_of(oid, format!(
        "SELECT 'OPERATOR ' || m.amopstrategy || ' ' || pg_catalog.quote_ident(pn.nspname) || '.' \
         || p.oprname || '(' || pg_catalog.format_type(m.amoplefttype, NULL) || ', ' \
         || pg_catalog.format_type(m.amoprighttype, NULL) || ')' \
         || COALESCE((SELECT ' FOR ORDER BY ' || {sort_family} FROM pg_catalog.pg_opfamily s \
         JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace \
         WHERE s.oid = m.amopsortfamily), '')\n\
         FROM pg_catalog.pg_amop m\n  \
         JOIN pg_catalog.pg_operator p ON p.oid = m.amopopr\n  \
         JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace\n\
         WHERE {of_operators}\nORDER BY m.amopstrategy, m.amoplefttype, m.amoprighttype"
    ))?;
    let functions = catalog.texts_of(oid, format!(
        "SELECT 'FUNCTION ' || m.amprocnum || ' (' || pg_catalog.format_type(m.amproclefttype, NULL) \
         || ', ' || pg_catalog.format_type(m.amprocrighttype, NULL) || ') ' \
         || m.amproc::pg_catalog.oid::pg_catalog.regprocedure\n\
         FROM pg_catalog.pg_amproc m\n\
         WHERE {of_functions}\nORDER BY m.amprocnum, m.amproclefttype, m.amprocrighttype"
    ))?;
    Ok([operators, functions].concat())
}
