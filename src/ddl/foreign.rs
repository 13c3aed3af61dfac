//! Foreign data wrappers, servers, user mappings.

use super::catalog::{ASKED, Catalog};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::request::Secrets;
use super::script::{Phase, Script};
use super::sql::{foreign_options, from, function};
use crate::reported::Reported;

/// Adds one of these.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    let options = |column: &str| foreign_options(column, secrets);
    let text = match object.kind {
        Kind::ForeignDataWrapper => {
            let [handler, validator] = ["o.fdwhandler", "o.fdwvalidator"].map(function);
            format!(
                "SELECT 'CREATE FOREIGN DATA WRAPPER ' || pg_catalog.quote_ident(o.fdwname) \
                 || COALESCE(' HANDLER ' || {handler}, '') \
                 || COALESCE(' VALIDATOR ' || {validator}, '') || {}{}",
                options("o.fdwoptions"),
                from("pg_foreign_data_wrapper")
            )
        }
        Kind::Server => format!(
            "SELECT 'CREATE SERVER ' || pg_catalog.quote_ident(o.srvname) \
             || COALESCE(' TYPE ' || pg_catalog.quote_literal(o.srvtype), '') \
             || COALESCE(' VERSION ' || pg_catalog.quote_literal(o.srvversion), '') \
             || ' FOREIGN DATA WRAPPER ' || (SELECT pg_catalog.quote_ident(w.fdwname) \
             FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid = o.srvfdw) || {}{}",
            options("o.srvoptions"),
            from("pg_foreign_server")
        ),
        // The view shows the options only to those who may see them.
        _ => format!(
            "SELECT 'CREATE USER MAPPING FOR ' || CASE WHEN o.umuser = 0 THEN 'PUBLIC' \
             ELSE pg_catalog.quote_ident(o.usename) END || ' SERVER ' \
             || pg_catalog.quote_ident(o.srvname) || {}\n\
             FROM pg_catalog.pg_user_mappings o\nWHERE o.umid = {ASKED}",
            options("o.umoptions")
        ),
    };
    for statement in catalog.texts_of(object.oid, text)? {
        common::note_masked(&statement, script);
        script.add(Phase::Create, statement);
    }
    if object.kind == Kind::UserMapping {
        return Ok(());
    }
    common::add(catalog, object, &object.identity, script)
}
