//! `\ddl`: the statements that make an object, from the catalog.
//!
//! Owns what each kind of object is made with, for servers from 10, and in which order statements
//! replay. Asks by the server's own `pg_get_...def` functions where there are any, under a search_path
//! that hides nothing, so that each name bears its schema. It executes nothing: a [`Host`] runs the
//! queries, in a transaction that ends with them. Never calls pg_dump: what that adds is the data.
//!
//! A file per family of objects; `find` looks names up, `order` sorts, `common` has what all objects
//! have.

mod catalog;
mod cluster;
mod common;
mod find;
mod foreign;
pub mod kind;
mod language;
mod operator;
mod order;
mod privilege;
mod replication;
pub mod request;
mod routine;
mod script;
mod sequence;
mod setting;
mod sql;
mod table;
mod text_search;
pub mod traits;
mod types;
mod view;

use crate::describe::{Context, Host, short_version};
use crate::reported::Reported;
use catalog::Catalog;
use find::Object;
use kind::Kind;
use request::{Dependents, Request, Secrets};
use script::Script;

/// The oldest server that is asked.
const OLDEST: i32 = 100_000;

/// The search_path under which every name but the system's bears its schema. It holds until the end
/// of the transaction.
const BARE_PATH: &str = "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)";

/// The statements that make what was asked for. The host's session must be in a transaction, or
/// behind a savepoint, that is rolled back afterwards.
///
/// # Errors
/// [`Reported`] when there is nothing to show; the host has reported why.
pub fn run(
    request: &Request,
    dependents: Dependents,
    context: &Context,
    host: &mut dyn Host,
) -> Result<Vec<u8>, Reported> {
    let mut catalog = Catalog::new(context, host);
    if !catalog.at_least(OLDEST) {
        let version = short_version(context.version);
        let text =
            format!("The server (version {version}) does not support \\ddl; 10 and newer do.");
        return Err(catalog.fail(text));
    }
    let mut objects = find::find(&mut catalog, &request.target)?;
    catalog.rows(BARE_PATH)?;
    // Under that path names may need a schema that they didn't before.
    let mut script = Script::default();
    if dependents == Dependents::Added {
        if let [object] = &objects[..]
            && object.kind == Kind::Database
        {
            return database(&mut catalog, object, request.secrets);
        }
        order::add_parts(&mut catalog, &mut objects)?;
        order::add_dependents(&mut catalog, &mut objects)?;
    }
    write(&mut catalog, objects, request.secrets, &mut script)?;
    Ok(script.text())
}

/// A database and all that is in it.
fn database(
    catalog: &mut Catalog<'_>,
    database: &Object,
    secrets: Secrets,
) -> Result<Vec<u8>, Reported> {
    let current =
        catalog.texts("SELECT pg_catalog.quote_ident(pg_catalog.current_database())")?.concat();
    if current != database.identity {
        let text = "\\ddl+: what is in another database is seen from there alone; connect to it";
        return Err(catalog.fail(text));
    }
    let mut outside = Script::default();
    write(catalog, vec![database.clone()], secrets, &mut outside)?;
    let mut inside = Script::default();
    let objects = find::everything(catalog)?;
    write(catalog, objects, secrets, &mut inside)?;
    let connect = [b"\n\\connect ", &database.identity[..], b"\n\n"].concat();
    Ok([outside.text(), connect, inside.text()].concat())
}

/// Writes the objects with their parts, each behind what it needs.
fn write(
    catalog: &mut Catalog<'_>,
    mut objects: Vec<Object>,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    order::add_parts(catalog, &mut objects)?;
    order::group(catalog, &objects);
    order::remove_inner(catalog, &mut objects)?;
    let objects = order::sort(catalog, objects)?;
    order::group(catalog, &objects);
    sequence::group_of_identity(catalog, &objects)?;
    for object in objects {
        script.begin_object();
        add(catalog, &object, secrets, script)?;
    }
    Ok(())
}

/// Adds the statements of one object.
fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    match object.kind {
        Kind::Table | Kind::ForeignTable => table::add(catalog, object, secrets, script),
        Kind::View | Kind::MaterializedView => view::add(catalog, object, script),
        Kind::Sequence => sequence::add(catalog, object, script),
        Kind::Index => table::index::add(catalog, object, script),
        Kind::Trigger => table::trigger::add(catalog, object, script),
        Kind::Rule => table::rule::add(catalog, object, script),
        Kind::Policy => table::policy::add(catalog, object, script),
        Kind::Constraint => table::constraint::add(catalog, object, script),
        Kind::Type => types::add(catalog, object, script),
        Kind::Domain => types::add_domain(catalog, object, script),
        Kind::Function | Kind::Procedure | Kind::Aggregate => routine::add(catalog, object, script),
        Kind::Operator => operator::add(catalog, object, script),
        Kind::OperatorFamily => operator::add_family(catalog, object, script),
        Kind::OperatorClass => operator::add_class(catalog, object, script),
        Kind::Cast
        | Kind::Conversion
        | Kind::Language
        | Kind::Transform
        | Kind::AccessMethod
        | Kind::Collation
        | Kind::Extension
        | Kind::Statistics => language::add(catalog, object, script),
        Kind::TextSearchParser
        | Kind::TextSearchTemplate
        | Kind::TextSearchDictionary
        | Kind::TextSearchConfiguration => text_search::add(catalog, object, script),
        Kind::ForeignDataWrapper | Kind::Server | Kind::UserMapping => {
            foreign::add(catalog, object, secrets, script)
        }
        Kind::EventTrigger | Kind::Publication | Kind::Subscription => {
            replication::add(catalog, object, secrets, script)
        }
        Kind::Schema | Kind::DefaultPrivileges | Kind::Database | Kind::Role | Kind::Tablespace => {
            cluster::add(catalog, object, secrets, script)
        }
    }
}
