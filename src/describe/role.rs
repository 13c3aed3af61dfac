//! Roles: `\du` (or `\dg`), their memberships: `\drg`, their settings: `\drds`.

use super::command::Command;
use super::host::View;
use super::pattern::Names;
use super::sql::{Select, shared_comment};
use crate::reported::Reported;

/// `\du`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Role name", "r.rolname");
    query.column("Attributes", attributes(command));
    if command.verbose {
        query.column(
            "Description",
            format!("COALESCE({}, '')", shared_comment("r.oid", "pg_authid")),
        );
    }
    query.from("pg_catalog.pg_roles r");
    if !command.system && command.pattern(0).is_none() {
        query.filter("r.rolname !~ '^pg_'");
    }
    command.match_names(&mut query, &Names::plain("r.rolname"), 0)?;
    query.order("1");
    let answer = command.query(query.sql())?;
    let title = Some(b"List of roles".to_vec());
    let (columns, rows) = (answer.columns, answer.rows);
    command.show(View { title, columns, rows, footers: Some(Vec::new()), expanded: None })
}

/// A role's attributes in words: the switches on a line, then the limits, each on its own.
fn attributes(command: &Command) -> String {
    let mut switches = vec![
        ("r.rolsuper", "Superuser"),
        ("NOT r.rolinherit", "No inheritance"),
        ("r.rolcreaterole", "Create role"),
        ("r.rolcreatedb", "Create DB"),
        ("NOT r.rolcanlogin", "Cannot login"),
        ("r.rolreplication", "Replication"),
    ];
    if command.at_least(90_500) {
        switches.push(("r.rolbypassrls", "Bypass RLS"));
    }
    let switches: Vec<String> = switches
        .iter()
        .map(|(condition, word)| format!("CASE WHEN {condition} THEN '{word}' END"))
        .collect();
    format!(
        "pg_catalog.concat_ws(E'\\n', \
         NULLIF(pg_catalog.concat_ws(', ', {}), ''), \
         CASE WHEN r.rolconnlimit = 0 THEN 'No connections' \
         WHEN r.rolconnlimit = 1 THEN '1 connection' \
         WHEN r.rolconnlimit > 1 THEN r.rolconnlimit::pg_catalog.text || ' connections' END, \
         'Password valid until ' || r.rolvaliduntil::pg_catalog.text)",
        switches.join(", ")
    )
}

/// `\drg`
pub fn grants(command: &mut Command) -> Result<(), Reported> {
    // Before 16, inheriting was the member's affair and SET ROLE always allowed.
    let (inherits, may_set) = if command.at_least(160_000) {
        ("am.inherit_option", "am.set_option")
    } else {
        ("m.rolinherit", "true")
    };
    let mut query = Select::new();
    query.column("Role name", "m.rolname");
    query.column("Member of", "r.rolname");
    query.column(
        "Options",
        format!(
            "pg_catalog.concat_ws(', ', CASE WHEN am.admin_option THEN 'ADMIN' END, \
             CASE WHEN {inherits} THEN 'INHERIT' END, CASE WHEN {may_set} THEN 'SET' END)"
        ),
    );
    query.column("Grantor", "g.rolname");
    query.from("pg_catalog.pg_auth_members am");
    query.from("JOIN pg_catalog.pg_roles m ON m.oid = am.member");
    query.from("JOIN pg_catalog.pg_roles r ON r.oid = am.roleid");
    query.from("LEFT JOIN pg_catalog.pg_roles g ON g.oid = am.grantor");
    if !command.system && command.pattern(0).is_none() {
        query.filter("m.rolname !~ '^pg_'");
    }
    command.match_names(&mut query, &Names::plain("m.rolname"), 0)?;
    query.order("1, 2, 4");
    command.list(&query, "List of role grants")
}

/// `\drds`
pub fn settings(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Role", "r.rolname");
    query.column("Database", "d.datname");
    query.column("Settings", "pg_catalog.array_to_string(s.setconfig, E'\\n')");
    query.from("pg_catalog.pg_db_role_setting s");
    query.from("LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole");
    query.from("LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase");
    command.match_names(&mut query, &Names::plain("r.rolname"), 0)?;
    command.match_names(&mut query, &Names::plain("d.datname"), 1)?;
    query.order("1, 2");
    let answer = command.query(query.sql())?;
    if !answer.rows.is_empty() || command.context.quiet {
        return command.show_answer(answer, "List of settings");
    }
    let text = match (command.pattern(0), command.pattern(1)) {
        (Some(role), Some(database)) => {
            [b"settings for role \"", role, b"\" and database \"", database, b"\""].concat()
        }
        (Some(role), None) => [b"settings for role \"", role, b"\""].concat(),
        _ => b"settings".to_vec(),
    };
    command.error(&[b"Did not find any ", &text[..], b"."].concat());
    Ok(())
}
