//! Which objects belong with others, and which must be made first.

use std::collections::{BTreeMap, BTreeSet};

use super::catalog::{Catalog, Row};
use super::find::Object;
use super::kind::Kind;
use super::sql::identity;
use super::{table, types};
use crate::reported::Reported;

/// A row of a catalog: the catalog's name and the OID.
type Place = (Vec<u8>, u32);

/// Has the objects of each kind asked about together.
pub fn group(catalog: &mut Catalog<'_>, objects: &[Object]) {
    let mut by_kind: BTreeMap<Kind, Vec<u32>> = BTreeMap::new();
    for object in objects {
        by_kind.entry(object.kind).or_default().push(object.oid);
    }
    for oids in by_kind.values() {
        catalog.group(oids);
    }
}

/// Adds to the objects what is written with them: partitions, sequences, statistics.
///
/// # Errors
/// A query failed.
pub fn add_parts(catalog: &mut Catalog<'_>, objects: &mut Vec<Object>) -> Result<(), Reported> {
    let (mut next, mut grouped) = (0, 0);
    let mut known = known(objects);
    while let Some(object) = objects.get(next).cloned() {
        if next == grouped {
            group(catalog, &objects[next..]);
            grouped = objects.len();
        }
        next += 1;
        if object.kind.is_table() || object.kind == Kind::MaterializedView {
            let mut parts = Vec::new();
            table::add_parts(catalog, &object, &mut parts)?;
            objects.extend(parts.into_iter().filter(|part| known.insert((part.kind, part.oid))));
        }
    }
    Ok(())
}

/// Takes away what is written within another object of the list: the functions of a type.
///
/// # Errors
/// A query failed.
pub fn remove_inner(catalog: &mut Catalog<'_>, objects: &mut Vec<Object>) -> Result<(), Reported> {
    if objects.iter().any(|object| object.kind == Kind::Function) {
        let mut inner = BTreeSet::new();
        for object in objects.iter().filter(|object| object.kind == Kind::Type) {
            inner.extend(types::own_functions(catalog, object.oid)?.iter().map(|f| f.oid));
        }
        objects.retain(|o| o.kind != Kind::Function || !inner.contains(&o.oid));
    }
    Ok(())
}

/// Which objects these are.
fn known(objects: &[Object]) -> BTreeSet<(Kind, u32)> {
    objects.iter().map(|object| (object.kind, object.oid)).collect()
}

/// Adds all that depends on the objects.
///
/// # Errors
/// A query failed.
pub fn add_dependents(
    catalog: &mut Catalog<'_>,
    objects: &mut Vec<Object>,
) -> Result<(), Reported> {
    let mut done = 0;
    while done < objects.len() {
        let parts = parts(catalog, &objects[done..])?;
        done = objects.len();
        let mut found = dependents(catalog, &parts)?;
        // What stands on a table of the list is written with it.
        let tables: BTreeSet<u32> =
            objects.iter().chain(&found).filter(|o| o.kind.is_relation()).map(|o| o.oid).collect();
        let on_tables = relations_of(catalog, &found)?;
        let is_written = |object: &Object| {
            let relation = on_tables.get(&(object.kind, object.oid));
            relation.is_some_and(|relation| tables.contains(relation))
        };
        found.retain(|object| !is_written(object));
        let mut known = known(objects);
        objects.extend(found.into_iter().filter(|new| known.insert((new.kind, new.oid))));
    }
    Ok(())
}

/// The objects in an order in which they can be made; where they need each other, as they are.
///
/// # Errors
/// A query failed.
pub fn sort(catalog: &mut Catalog<'_>, objects: Vec<Object>) -> Result<Vec<Object>, Reported> {
    if objects.len() < 2 {
        return Ok(objects);
    }
    let owners = parts(catalog, &objects)?;
    let needs = needs(catalog, &owners)?;
    let mut sorted = Vec::new();
    let mut seen = vec![false; objects.len()];
    for first in 0..objects.len() {
        // Depth first, without recursion: a chain of views may be long.
        let mut path = vec![(first, false)];
        while let Some((index, is_ready)) = path.pop() {
            if is_ready {
                sorted.push(objects[index].clone());
            } else if !seen[index] {
                seen[index] = true;
                path.push((index, true));
                let needed = needs.get(&index).into_iter().flatten().rev();
                path.extend(needed.filter(|other| !seen[**other]).map(|other| (*other, false)));
            }
        }
    }
    Ok(sorted)
}

/// A list of OIDs as SQL.
fn array(oids: impl Iterator<Item = u32>) -> String {
    let oids: Vec<String> = oids.map(|oid| oid.to_string()).collect();
    format!("'{{{}}}'::pg_catalog.oid[]", oids.join(","))
}

/// The rows that make up the objects, and whose they are (by their place in the list). What is made
/// in later phases (triggers, foreign keys, plain indexes) isn't among them.
fn parts(
    catalog: &mut Catalog<'_>,
    objects: &[Object],
) -> Result<BTreeMap<Place, usize>, Reported> {
    let mut owners = BTreeMap::new();
    for (index, object) in objects.iter().enumerate() {
        owners.insert((object.kind.traits().catalog.as_bytes().to_vec(), object.oid), index);
    }
    let of_relations =
        array(objects.iter().filter(|o| o.kind.is_relation()).map(|object| object.oid));
    let of_types = array(
        objects
            .iter()
            .filter(|o| matches!(o.kind, Kind::Type | Kind::Domain))
            .map(|object| object.oid),
    );
    let of_classes =
        array(objects.iter().filter(|o| o.kind == Kind::OperatorClass).map(|object| object.oid));
    let multirange = catalog.since(
        140_000,
        " UNION ALL SELECT 'pg_type', r.rngmultitypid, r.rngtypid, 'pg_type' \
         FROM pg_catalog.pg_range r WHERE r.rngtypid = ANY ({types})",
        "",
    );
    let multirange = multirange.replace("{types}", &of_types);
    let takes_rows = table::constraint::TAKES_ROWS;
    let rows = catalog.rows(format!(
        "SELECT 'pg_type' AS part, y.oid, y.typrelid AS whole, 'pg_class' AS of FROM pg_catalog.pg_type y \
         WHERE y.typrelid = ANY ({of_relations})\n\
         UNION ALL SELECT 'pg_type', y.typarray, y.typrelid, 'pg_class' FROM pg_catalog.pg_type y \
         WHERE y.typrelid = ANY ({of_relations})\n\
         UNION ALL SELECT 'pg_attrdef', d.oid, d.adrelid, 'pg_class' FROM pg_catalog.pg_attrdef d \
         WHERE d.adrelid = ANY ({of_relations})\n\
         UNION ALL SELECT 'pg_constraint', k.oid, k.conrelid, 'pg_class' \
         FROM pg_catalog.pg_constraint k WHERE k.conrelid = ANY ({of_relations}) \
         AND k.contype <> 'f' AND NOT {takes_rows}\n\
         UNION ALL SELECT 'pg_rewrite', r.oid, r.ev_class, 'pg_class' FROM pg_catalog.pg_rewrite r \
         WHERE r.ev_class = ANY ({of_relations}) AND r.rulename = '_RETURN'\n\
         UNION ALL SELECT 'pg_class', i.indexrelid, i.indrelid, 'pg_class' FROM pg_catalog.pg_index i \
         WHERE i.indrelid = ANY ({of_relations}) AND EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k \
         WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))\n\
         UNION ALL SELECT 'pg_type', y.typarray, y.oid, 'pg_type' FROM pg_catalog.pg_type y \
         WHERE y.oid = ANY ({of_types})\n\
         UNION ALL SELECT 'pg_class', y.typrelid, y.oid, 'pg_type' FROM pg_catalog.pg_type y \
         WHERE y.oid = ANY ({of_types}) AND y.typrelid <> 0\n\
         UNION ALL SELECT 'pg_constraint', k.oid, k.contypid, 'pg_type' \
         FROM pg_catalog.pg_constraint k WHERE k.contypid = ANY ({of_types})\n\
         UNION ALL SELECT 'pg_proc', p.oid, y.oid, 'pg_type' FROM pg_catalog.pg_type y \
         JOIN pg_catalog.pg_proc p ON p.oid IN (y.typinput::pg_catalog.oid, \
         y.typoutput::pg_catalog.oid, y.typreceive::pg_catalog.oid, y.typsend::pg_catalog.oid) \
         WHERE y.oid = ANY ({of_types}) AND y.typtype = 'b'\n\
         UNION ALL SELECT c.relname::pg_catalog.text, d.objid, d.refobjid, 'pg_opclass' \
         FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.classid \
         WHERE d.refclassid = 'pg_catalog.pg_opclass'::pg_catalog.regclass \
         AND d.refobjid = ANY ({of_classes}) AND d.classid IN \
         ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass){multirange}"
    ))?;
    for row in rows {
        let (Some(part), Some(whole)) = (place(&row, 0, 1), place(&row, 3, 2)) else { continue };
        if let Some(owner) = owners.get(&whole).copied() {
            owners.entry(part).or_insert(owner);
        }
    }
    Ok(owners)
}

fn place(row: &Row, catalog: usize, oid: usize) -> Option<Place> {
    Some((row.text(catalog).to_vec(), number(row, oid)?))
}

fn number(row: &Row, column: usize) -> Option<u32> {
    std::str::from_utf8(row.text(column)).ok()?.parse().ok()
}

/// For each object, those that must be made before it; the extension that makes what it needs is one.
fn needs(
    catalog: &mut Catalog<'_>,
    owners: &BTreeMap<Place, usize>,
) -> Result<BTreeMap<usize, BTreeSet<usize>>, Reported> {
    // As rows, since servers before 14 look for each OID all through an array; and once only, since those
    // before 12 take them to be few and may look at all of them again and again.
    let all = array(owners.keys().map(|(_, oid)| *oid));
    let rows = catalog.rows(format!(
        "SELECT c.relname, d.objid, r.relname, d.refobjid, e.refobjid, s.oid IS NOT NULL\n\
         FROM pg_catalog.pg_depend d\n  \
         JOIN pg_catalog.pg_class c ON c.oid = d.classid\n  \
         JOIN pg_catalog.pg_class r ON r.oid = d.refclassid\n  \
         LEFT JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S' \
         AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid\n  \
         LEFT JOIN pg_catalog.pg_depend e ON e.classid = d.refclassid AND e.objid = d.refobjid \
         AND e.deptype = 'e' AND e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass\n\
         WHERE d.objid IN (SELECT pg_catalog.unnest({all}))"
    ))?;
    let mut needs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for row in rows {
        let one = place(&row, 0, 1).and_then(|place| owners.get(&place));
        let extension = number(&row, 4).map(|oid| (b"pg_extension".to_vec(), oid));
        // A sequence is made before the table whose column owns it.
        let other = place(&row, 2, 3).filter(|_| row.text(5) == b"f");
        for other in [other, extension].into_iter().flatten() {
            if let (Some(&one), Some(&other)) = (one, owners.get(&other))
                && one != other
            {
                needs.entry(one).or_default().insert(other);
            }
        }
    }
    Ok(needs)
}

/// The objects that depend on any of these rows.
fn dependents(
    catalog: &mut Catalog<'_>,
    on: &BTreeMap<Place, usize>,
) -> Result<Vec<Object>, Reported> {
    let mut by_catalog: BTreeMap<&[u8], Vec<u32>> = BTreeMap::new();
    for (table, oid) in on.keys() {
        by_catalog.entry(table).or_default().push(*oid);
    }
    let conditions: Vec<String> = by_catalog
        .into_iter()
        .map(|(table, oids)| {
            format!(
                "(d.refclassid = 'pg_catalog.{}'::pg_catalog.regclass AND d.refobjid = ANY ({}))",
                String::from_utf8_lossy(table),
                array(oids.into_iter())
            )
        })
        .collect();
    let of_depend = format!(
        "SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.deptype IN ('n', 'a') \
         AND ({})",
        conditions.join(" OR ")
    );
    let mut found = Vec::new();
    for traits in super::find::kinds(catalog)? {
        let (kind, table) = (traits.kind, traits.catalog);
        let name = identity(table, "o.oid");
        // A view depends by its rule, a table by its defaults and constraints.
        let through = match kind {
            Kind::View | Kind::MaterializedView => {
                " OR o.oid IN (SELECT w.ev_class FROM pg_catalog.pg_rewrite w \
                 WHERE w.rulename = '_RETURN' AND w.oid IN (SELECT x.objid FROM found x))"
            }
            Kind::Table | Kind::ForeignTable => {
                " OR o.oid IN (SELECT w.adrelid FROM pg_catalog.pg_attrdef w \
                 WHERE w.oid IN (SELECT x.objid FROM found x))"
            }
            Kind::Type => {
                " OR o.typrelid IN (SELECT x.objid FROM found x \
                 WHERE x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass) AND o.typrelid <> 0"
            }
            Kind::Domain => {
                " OR o.oid IN (SELECT w.contypid FROM pg_catalog.pg_constraint w \
                 WHERE w.oid IN (SELECT x.objid FROM found x))"
            }
            _ => "",
        };
        let through = through.replace("FROM found x", &format!("FROM ({of_depend}) x"));
        let filter = super::find::filter(traits, catalog);
        let home = super::find::joined(traits);
        let source = traits.catalog;
        if traits.source.is_some() {
            continue;
        }
        let rows = catalog.rows(format!(
            "SELECT o.oid, {name}\nFROM pg_catalog.{source} o{home}\nWHERE {filter}\n  \
             AND (o.oid IN (SELECT x.objid FROM ({of_depend}) x \
             WHERE x.classid = 'pg_catalog.{table}'::pg_catalog.regclass){through})\nORDER BY 2"
        ))?;
        found.extend(rows.iter().filter_map(|row| Object::from_row(kind, row)));
    }
    Ok(found)
}

/// The relations that objects are on: triggers, rules, policies, constraints, indexes, statistics.
fn relations_of(
    catalog: &mut Catalog<'_>,
    objects: &[Object],
) -> Result<BTreeMap<(Kind, u32), u32>, Reported> {
    const ON: [(Kind, &str, &str, &str); 6] = [
        (Kind::Index, "pg_index", "indexrelid", "indrelid"),
        (Kind::Trigger, "pg_trigger", "oid", "tgrelid"),
        (Kind::Rule, "pg_rewrite", "oid", "ev_class"),
        (Kind::Policy, "pg_policy", "oid", "polrelid"),
        (Kind::Constraint, "pg_constraint", "oid", "conrelid"),
        (Kind::Statistics, "pg_statistic_ext", "oid", "stxrelid"),
    ];
    let mut found = BTreeMap::new();
    for (kind, table, oid, relation) in ON {
        let oids = array(objects.iter().filter(|o| o.kind == kind).map(|object| object.oid));
        let rows = catalog.rows(format!(
            "SELECT o.{oid}, o.{relation} FROM pg_catalog.{table} o WHERE o.{oid} = ANY ({oids})"
        ))?;
        for row in rows {
            if let (Some(oid), Some(relation)) = (number(&row, 0), number(&row, 1)) {
                found.insert((kind, oid), relation);
            }
        }
    }
    Ok(found)
}
