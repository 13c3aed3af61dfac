//! Which objects a name means, under the session's search_path.

use super::catalog::{Catalog, Row};
use super::kind::Kind;
use super::request::Target;
use super::traits::{Detail, Home, KINDS, Traits};
use crate::catalog_query::literal;
use crate::describe::Context;
use crate::describe::pattern::Names;
use crate::reported::Reported;

/// An object that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// Its OID.
    pub oid: u32,
    /// Its name as the server identifies it, with its schema, quoted.
    pub identity: Vec<u8>,
}

/// The first OID of what `initdb` didn't make.
const FIRST_NORMAL_OID: u32 = 16_384;

impl Object {
    /// From a row of OID and identity.
    pub fn from_row(kind: Kind, row: &Row) -> Option<Object> {
        let oid = std::str::from_utf8(row.text(0)).ok()?.parse().ok()?;
        Some(Object { kind, oid, identity: row.text(1).to_vec() })
    }

    /// How `\ddl` names it: `function app.f(integer)`.
    pub fn shown(&self) -> Vec<u8> {
        [self.kind.word().as_bytes(), b" ", &self.identity].concat()
    }
}

/// Finds what `target` means: relations first, then whatever else has that name.
///
/// # Errors
/// A query failed, nothing has that name, or several objects have.
pub fn find(catalog: &mut Catalog<'_>, target: &Target) -> Result<Vec<Object>, Reported> {
    let found = match target.kind {
        Some(kind) => of_kind(catalog, kind, target)?,
        None if target.is_pattern() => of_any_kind(catalog, target)?,
        None => by_name(catalog, target)?,
    };
    if found.is_empty() {
        return Err(not_found(catalog, target));
    }
    let is_vague = target.kind.is_none() && !target.is_pattern();
    if is_vague && found.len() > 1 {
        return Err(ambiguous(catalog, target, &found));
    }
    Ok(found)
}

/// All that the database holds, but for what belongs to the system or to an extension.
///
/// # Errors
/// A query failed.
pub fn everything(catalog: &mut Catalog<'_>) -> Result<Vec<Object>, Reported> {
    let mut found = Vec::new();
    let all = Target { name: b"*.*".to_vec(), ..Target::default() };
    for traits in kinds(catalog)?.into_iter().filter(|traits| is_written_alone(traits)) {
        found.extend(search(catalog, traits, &all, Extent::All)?);
    }
    Ok(found)
}

/// The kinds of objects whose catalog may be read: before PostgreSQL 14 that of subscriptions is superusers'.
///
/// # Errors
/// A query failed.
pub fn kinds(catalog: &mut Catalog<'_>) -> Result<Vec<&'static Traits>, Reported> {
    const QUESTION: &str =
        "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_subscription', 'SELECT')";
    let reads_all = catalog.at_least(140_000)
        || catalog.rows(QUESTION)?.first().is_some_and(|answer| answer.is(0));
    let can_be_read = |traits: &&Traits| reads_all || traits.kind != Kind::Subscription;
    Ok(KINDS.iter().filter(can_be_read).collect())
}

/// Whether the objects of a kind are written by themselves when all is: others are with their table,
/// or are the cluster's.
fn is_written_alone(traits: &Traits) -> bool {
    matches!(traits.home, Home::Schema(_) | Home::Database) && traits.kind != Kind::Index
}

/// Whether names are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Named,
    All,
}

fn of_kind(
    catalog: &mut Catalog<'_>,
    kind: Kind,
    target: &Target,
) -> Result<Vec<Object>, Reported> {
    search(catalog, kind.traits(), target, Extent::Named)
}

/// A relation of that name; without one, all else that has it.
fn by_name(catalog: &mut Catalog<'_>, target: &Target) -> Result<Vec<Object>, Reported> {
    let mut found = Vec::new();
    let (relations, others): (Vec<&Traits>, _) =
        kinds(catalog)?.into_iter().partition(|traits| traits.kind.is_relation());
    if target.arguments.is_none() {
        for traits in relations {
            found.extend(search_if_named(catalog, traits, target)?);
        }
    }
    if found.is_empty() {
        for traits in others {
            let takes_arguments = matches!(traits.detail, Detail::Arguments(_));
            if target.arguments.is_none() || takes_arguments {
                found.extend(search_if_named(catalog, traits, target)?);
            }
        }
    }
    Ok(found)
}

/// All whose name matches a pattern: what lives in a schema, and if that is nothing, all else.
fn of_any_kind(catalog: &mut Catalog<'_>, target: &Target) -> Result<Vec<Object>, Reported> {
    let mut found = Vec::new();
    for traits in kinds(catalog)?.into_iter().filter(|traits| is_written_alone(traits)) {
        if matches!(traits.home, Home::Schema(_)) {
            found.extend(search(catalog, traits, target, Extent::Named)?);
        }
    }
    Ok(found)
}

/// As [`search`], but a name that objects of this kind can't have finds nothing.
fn search_if_named(
    catalog: &mut Catalog<'_>,
    traits: &Traits,
    target: &Target,
) -> Result<Vec<Object>, Reported> {
    let can_match = traits.names.conditions(Some(&target.name), catalog.context()).is_ok();
    match can_match && traits.kind.has_plain_name() {
        true => search(catalog, traits, target, Extent::Named),
        false => Ok(Vec::new()),
    }
}

fn search(
    catalog: &mut Catalog<'_>,
    traits: &Traits,
    target: &Target,
    extent: Extent,
) -> Result<Vec<Object>, Reported> {
    let conditions = match extent {
        Extent::All => Vec::new(),
        Extent::Named => conditions(traits, target, catalog.context())
            .map_err(|text| catalog.fail([b"\\ddl: ", &text[..]].concat()))?,
    };
    let mut sql = select(traits).into_bytes();
    sql.extend_from_slice(filter(traits, catalog).as_bytes());
    for condition in conditions {
        sql.extend_from_slice(b"\n  AND ");
        sql.extend(condition);
    }
    if extent == Extent::All || target.is_pattern() {
        sql.extend_from_slice(own(traits).as_bytes());
    }
    sql.extend_from_slice(b"\nORDER BY 2");
    let rows = catalog.rows(sql)?;
    Ok(rows.iter().filter_map(|row| Object::from_row(traits.kind, row)).collect())
}

/// OID and identity of the objects of a kind.
fn select(traits: &Traits) -> String {
    let Traits { catalog, oid, .. } = traits;
    let source = traits.source.unwrap_or(catalog);
    let joined = joined(traits);
    format!(
        "SELECT {oid}, (pg_catalog.pg_identify_object(\
         'pg_catalog.{catalog}'::pg_catalog.regclass, {oid}, 0)).identity\n\
         FROM pg_catalog.{source} o{joined}\nWHERE "
    )
}

/// The schema or relation that the objects of a kind are in.
pub fn joined(traits: &Traits) -> String {
    match traits.home {
        Home::Schema(column) => {
            format!("\n  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = {column}")
        }
        Home::Relation(column) => format!("\n  JOIN pg_catalog.pg_class t ON t.oid = {column}"),
        Home::Database | Home::Cluster => String::new(),
    }
}

/// What holds for the rows of a kind on this server.
pub fn filter(traits: &Traits, catalog: &Catalog<'_>) -> String {
    let has_kind = catalog.at_least(110_000);
    let of_routines = match (traits.kind, has_kind) {
        (Kind::Function, true) => "o.prokind IN ('f', 'w')",
        (Kind::Function, false) => "NOT o.proisagg",
        (Kind::Procedure, true) => "o.prokind = 'p'",
        (Kind::Procedure, false) => "false",
        (Kind::Aggregate, true) => "o.prokind = 'a'",
        (Kind::Aggregate, false) => "o.proisagg",
        (Kind::Type, _) if catalog.at_least(140_000) => {
            // Multiranges belong to their ranges.
            return format!("{} AND o.typtype <> 'm'", traits.filter);
        }
        _ => traits.filter,
    };
    of_routines.to_owned()
}

/// What is neither the system's nor an extension's, nor made with something else.
fn own(traits: &Traits) -> String {
    let Traits { catalog, oid, .. } = traits;
    let schema = match traits.home {
        // Another session's temporary objects can't be made again.
        Home::Schema(_) => "\n  AND n.nspname !~ '^pg_'",
        _ => "",
    };
    // `public` is made by initdb, but is the users'.
    let made = match traits.kind {
        Kind::Schema => "o.nspname !~ '^pg_' AND o.nspname <> 'information_schema'".to_owned(),
        Kind::Database => "o.datname NOT IN ('template0', 'template1')".to_owned(),
        Kind::Role => "o.rolname !~ '^pg_'".to_owned(),
        Kind::Tablespace => "o.spcname !~ '^pg_'".to_owned(),
        Kind::DefaultPrivileges => "true".to_owned(),
        _ => format!("{oid} >= {FIRST_NORMAL_OID}"),
    };
    format!(
        "{schema}\n  AND {made}\n  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
         WHERE d.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND d.objid = {oid} \
         AND d.deptype IN ('e', 'i') AND d.refobjid <> {oid})"
    )
}

/// What the target says of its objects.
fn conditions(
    traits: &Traits,
    target: &Target,
    context: &Context,
) -> Result<Vec<Vec<u8>>, Vec<u8>> {
    let names = |names: &Names<'_>, pattern: &[u8]| names.conditions(Some(pattern), context);
    let of_type = |column: &str, name: &[u8]| {
        let name = literal(name, context.encoding);
        [column.as_bytes(), b" = pg_catalog.to_regtype(", &name, b")"].concat()
    };
    let is_all = target.name == b"*";
    match (traits.detail, &target.arguments, &target.other) {
        (Detail::Arguments(registered), Some(arguments), _) => {
            let exact = exact(&target.name, arguments);
            let exact = literal(&exact, context.encoding);
            Ok(vec![
                [b"o.oid = pg_catalog.to_".as_slice(), registered.as_bytes(), b"(", &exact, b")"]
                    .concat(),
            ])
        }
        (Detail::Other(_, "t"), _, Some(relation)) => {
            let relation = literal(relation, context.encoding);
            let mut conditions = names(&traits.names, &target.name)?;
            conditions.push([b"t.oid = pg_catalog.to_regclass(", &relation[..], b")"].concat());
            Ok(conditions)
        }
        (Detail::Other(_, expression), _, Some(other)) => {
            let mut conditions = names(&traits.names, &target.name)?;
            conditions.extend(names(&Names::dotted(expression), other)?);
            Ok(conditions)
        }
        (Detail::Types(_, from, to), _, Some(other)) => {
            Ok(vec![of_type(from, &target.name), of_type(to, other)])
        }
        (Detail::TypeAndName(_, column, name), _, Some(other)) => {
            let mut conditions = names(&Names::dotted(name), other)?;
            conditions.push(of_type(column, &target.name));
            Ok(conditions)
        }
        (Detail::Types(..) | Detail::TypeAndName(..), ..) if is_all => Ok(Vec::new()),
        (Detail::TypeAndName(_, column, _), ..) => Ok(vec![of_type(column, &target.name)]),
        _ => names(&traits.names, &target.name),
    }
}

/// A routine or operator as the server's casts read it: an aggregate of `*` has no arguments, and its
/// arguments may be ordered.
fn exact(name: &[u8], arguments: &[u8]) -> Vec<u8> {
    let arguments = match arguments {
        b"*" => b"",
        arguments => arguments,
    };
    [name, b"(", arguments, b")"].concat()
}

fn not_found(catalog: &mut Catalog<'_>, target: &Target) -> Reported {
    let kind = target.kind.map_or("object", Kind::word);
    let arguments = match &target.arguments {
        Some(arguments) => [b"(", &arguments[..], b")"].concat(),
        None => Vec::new(),
    };
    let other = match (&target.other, target.kind.map(|kind| kind.traits().detail)) {
        (
            Some(other),
            Some(
                Detail::Other(words, _) | Detail::Types(words, ..) | Detail::TypeAndName(words, ..),
            ),
        ) => [b" ", words[0].as_bytes(), b" ", other].concat(),
        _ => Vec::new(),
    };
    let named = [&target.name[..], &arguments, &other].concat();
    let text = [b"Did not find any ", kind.as_bytes(), b" named \"", &named, b"\"."].concat();
    catalog.fail(text)
}

/// How many of the objects are listed.
const LISTED: usize = 20;

fn ambiguous(catalog: &mut Catalog<'_>, target: &Target, found: &[Object]) -> Reported {
    let count = found.len();
    let mut text =
        [b"\\ddl: \"", &target.name[..], format!("\" names {count} objects:").as_bytes()].concat();
    for object in found.iter().take(LISTED) {
        text.extend_from_slice(b"\n  \\ddl ");
        text.extend(object.shown());
    }
    if count > LISTED {
        text.extend_from_slice(format!("\n  and {} more", count - LISTED).as_bytes());
    }
    catalog.fail(text)
}
