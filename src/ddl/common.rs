//! What all kinds of objects have alike: an owner, privileges, a comment, security labels, an
//! extension that they belong to.

use super::catalog::{ASKED, Catalog};
use super::find::Object;
use super::kind::Kind;
use super::privilege::{self, Subject};
use super::script::{Phase, Script};
use super::sql::{MASK, role};
use super::traits::Home;
use crate::reported::Reported;

/// Whether an object's owner is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ownership {
    /// By ALTER.
    Stated,
    /// It is that of the object it belongs to.
    Implied,
}

/// Adds to a script what the object has of that, once it is made. `name` is how COMMENT and ALTER name
/// it.
///
/// # Errors
/// A query failed.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    name: &[u8],
    script: &mut Script,
) -> Result<(), Reported> {
    add_with(catalog, object, name, Ownership::Stated, script)
}

/// As [`add`], for an object whose owner is always another one's.
///
/// # Errors
/// A query failed.
pub fn add_to_owned(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    add_with(catalog, object, &object.identity, Ownership::Implied, script)
}

fn add_with(
    catalog: &mut Catalog<'_>,
    object: &Object,
    name: &[u8],
    ownership: Ownership,
    script: &mut Script,
) -> Result<(), Reported> {
    let traits = object.kind.traits();
    let (oid, table) = (object.oid, traits.catalog);
    let class = format!("'pg_catalog.{table}'::pg_catalog.regclass");
    let source = traits.source.unwrap_or(table);
    let source = format!("pg_catalog.{source} o");
    let condition = format!("{} = {ASKED}", traits.oid);
    let is_shared = traits.home == Home::Cluster;
    let [descriptions, labels, part] = match is_shared {
        true => ["pg_shdescription", "pg_shseclabel", ""],
        false => ["pg_description", "pg_seclabel", " AND e.objsubid = 0"],
    };
    let owner = traits.owner.map(role);
    let acl_owner = owner.clone().or_else(|| owner_of_shared(object.kind).map(role));
    let row = catalog.row_of(oid, format!(
        "SELECT {},\n  \
         (SELECT pg_catalog.quote_literal(e.description) FROM pg_catalog.{descriptions} e \
         WHERE e.objoid = {ASKED} AND e.classoid = {class}{part}),\n  {},\n  \
         (SELECT pg_catalog.quote_ident(x.extname) FROM pg_catalog.pg_depend d \
         JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid \
         WHERE d.classid = {class} AND d.objid = {ASKED} AND d.deptype = 'e' \
         AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass LIMIT 1),\n  \
         EXISTS (SELECT 1 FROM pg_catalog.{labels} e WHERE e.objoid = {ASKED} AND e.classoid = {class})\n\
         FROM {source}\nWHERE {condition}",
        acl_owner.as_deref().unwrap_or("NULL::pg_catalog.text"),
        traits.privileges.map_or("false".to_owned(), |(acl, _)| format!("{acl} IS NOT NULL")),
    ))?;
    let word = traits.sql_word.as_bytes();
    let named = [word, b" ", name].concat();
    if let Some(extension) = row.value(3) {
        let note = [b"-- ", &named[..], b" belongs to extension ", extension].concat();
        script.add(Phase::Create, on_one_line(&note));
    }
    let phase = phase(object.kind);
    let has_owner = traits.owner.is_some() && ownership == Ownership::Stated;
    if let Some(owner) = row.value(0).filter(|_| has_owner) {
        script.add(phase, [b"ALTER ", &named[..], b" OWNER TO ", owner].concat());
    }
    if let (Some((acl, letter)), true) = (traits.privileges, row.is(2)) {
        let owner_column = traits.owner.or_else(|| owner_of_shared(object.kind)).unwrap_or("0");
        let default = format!("pg_catalog.acldefault('{letter}', {owner_column})");
        let [actual, default] = privilege::lists(catalog, acl, &default, &source, oid, &condition)?;
        // To GRANT an aggregate is a function of its arguments, in no order.
        let name = if object.kind == Kind::Aggregate { &object.identity[..] } else { name };
        let on = [privilege_word(object.kind).as_bytes(), b" ", name].concat();
        let all = default.iter().filter(|entry| entry.is_of(row.text(0))).count();
        let subject =
            Subject { object: &on, owner: row.text(0), all: Some(all), ..Subject::default() };
        script.extend(phase, privilege::statements(&subject, &actual, &default));
    }
    if let Some(comment) = row.value(1) {
        script.add(phase, [b"COMMENT ON ", &named[..], b" IS ", comment].concat());
    }
    if row.is(4) {
        let part = if is_shared { "" } else { " AND e.objsubid = 0" };
        let labels = catalog.rows_of(
            oid,
            format!(
                "SELECT pg_catalog.quote_ident(e.provider), pg_catalog.quote_literal(e.label)\n\
             FROM pg_catalog.{labels} e WHERE e.objoid = {ASKED} AND e.classoid = {class}{part} \
             ORDER BY 1"
            ),
        )?;
        for label in labels {
            let [provider, label] = [label.text(0), label.text(1)];
            let text =
                [b"SECURITY LABEL FOR ", provider, b" ON ", &named[..], b" IS ", label].concat();
            script.add(phase, text);
        }
    }
    Ok(())
}

/// When these statements run: with the object itself.
fn phase(kind: Kind) -> Phase {
    match kind {
        Kind::Index => Phase::Index,
        Kind::Trigger | Kind::Rule | Kind::Policy | Kind::Publication | Kind::Subscription => {
            Phase::React
        }
        Kind::Constraint => Phase::ForeignKey,
        Kind::Statistics => Phase::Index,
        Kind::EventTrigger => Phase::Last,
        _ => Phase::Create,
    }
}

/// The owner's column of what is made with its owner.
fn owner_of_shared(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Database => Some("o.datdba"),
        Kind::Tablespace => Some("o.spcowner"),
        _ => None,
    }
}

/// What GRANT calls it.
fn privilege_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView => "TABLE",
        Kind::Aggregate => "FUNCTION",
        Kind::Server => "FOREIGN SERVER",
        other => other.traits().sql_word,
    }
}

/// Adds the comment on a constraint of a table.
pub fn add_constraint_comment(
    name: &[u8],
    table: &[u8],
    comment: &[u8],
    phase: Phase,
    script: &mut Script,
) {
    let text = [b"COMMENT ON CONSTRAINT ", name, b" ON ", table, b" IS ", comment].concat();
    script.add(phase, text);
}

/// Says so if the options of a foreign object are masked in this statement.
pub fn note_masked(statement: &[u8], script: &mut Script) {
    if memchr::memmem::find(statement, format!("'{MASK}'").as_bytes()).is_some() {
        script.add(Phase::Create, "-- Secrets are masked: \\ddl -secrets shows them.");
    }
}

/// A comment of ours, which a newline in a name must not end.
pub fn on_one_line(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect()
}
