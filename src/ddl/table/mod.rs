//! Tables and foreign tables with all that is on them.

mod columns;
pub mod constraint;
mod definition;
pub mod index;
mod partition;
pub mod policy;
pub mod rule;
pub mod trigger;

use super::catalog::Catalog;
use super::common;
use super::find::Object;
use super::request::Secrets;
use super::script::{Phase, Script};
use super::sequence;
use crate::reported::Reported;

pub use columns::add_comments_and_privileges;
use definition::{Table, look_up};
pub use partition::add_parts;

/// Adds a table.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    let table = look_up(catalog, object.oid, secrets)?;
    let columns = columns::look_up(catalog, object.oid, secrets)?;
    let checks = constraint::checks(catalog, object.oid)?;
    let create = create(catalog, &table, &columns, &checks, object)?;
    if table.is_foreign() {
        common::note_masked(&create, script);
    }
    script.add(Phase::Create, create);
    columns::add_changes(&columns, &table, object, script);
    constraint::add_later_checks(&checks, &table, object, script);
    partition::add_attachment(&table, object, script);
    common::add(catalog, object, &object.identity, script)?;
    columns::add_comments_and_privileges(catalog, object, script)?;
    sequence::add_of_identity(catalog, object, script)?;
    constraint::add_comments_on_checks(&checks, object, script);
    index::add_of_table(catalog, object.oid, table.key_phase(), script)?;
    if let Some(identity) = table.replica_identity() {
        add_replica_identity(object, identity, script);
    }
    constraint::add_foreign_keys(catalog, object.oid, script)?;
    add_reactions(catalog, object, &table, script)?;
    partition::add_publications(catalog, object, script)
}

/// Rules, triggers, row security.
fn add_reactions(
    catalog: &mut Catalog<'_>,
    object: &Object,
    table: &Table,
    script: &mut Script,
) -> Result<(), Reported> {
    rule::add_of_relation(catalog, object.oid, script)?;
    trigger::add_of_relation(catalog, object, script)?;
    for (is_set, words) in [
        (table.has_row_security(), &b"ENABLE ROW LEVEL SECURITY"[..]),
        (table.forces_row_security(), b"FORCE ROW LEVEL SECURITY"),
    ] {
        if is_set {
            let text = [b"ALTER TABLE ", &object.identity[..], b" ", words].concat();
            script.add(Phase::React, text);
        }
    }
    policy::add_of_relation(catalog, object.oid, script)
}

fn add_replica_identity(object: &Object, how: &[u8], script: &mut Script) {
    let text = [b"ALTER TABLE ONLY ", &object.identity[..], b" REPLICA IDENTITY ", how].concat();
    script.add(Phase::Index, text);
}

/// CREATE TABLE and its clauses.
fn create(
    catalog: &mut Catalog<'_>,
    table: &Table,
    columns: &[columns::Column],
    checks: &[constraint::Check],
    object: &Object,
) -> Result<Vec<u8>, Reported> {
    let mut elements = columns::definitions(catalog, columns, table, table.name())?;
    elements.extend(constraint::definitions(checks, table.is_partition()));
    let what: &[u8] = match (table.is_foreign(), table.persistence()) {
        (true, _) => b"FOREIGN TABLE",
        (false, b"u") => b"UNLOGGED TABLE",
        (false, b"t") => b"TEMPORARY TABLE",
        (false, _) => b"TABLE",
    };
    let mut text = [b"CREATE ", what, b" ", &object.identity].concat();
    if let Some(type_name) = table.of_type() {
        text.extend([b" OF ", type_name].concat());
    }
    if !elements.is_empty() {
        let elements: Vec<Vec<u8>> =
            elements.iter().map(|element| [b"    ", &element[..]].concat()).collect();
        text.extend([b" (\n", &elements.join(&b",\n"[..])[..], b"\n)"].concat());
    } else if table.of_type().is_none() {
        text.extend_from_slice(b" ()");
    }
    let mut clause = |words: &[u8], value: Option<&[u8]>, end: &[u8]| {
        if let Some(value) = value {
            text.extend([b"\n", words, value, end].concat());
        }
    };
    // A partition is attached later.
    clause(b"INHERITS (", table.parents().filter(|_| !table.is_partition()), b")");
    clause(b"PARTITION BY ", table.partition_key(), b"");
    clause(b"USING ", table.access_method(), b"");
    clause(b"WITH (", table.parameters().as_deref(), b")");
    clause(b"TABLESPACE ", table.tablespace(), b"");
    clause(b"", table.server(), b"");
    Ok(text)
}
