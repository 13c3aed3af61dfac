//! Roles, databases, tablespaces; schemas; default privileges.

use super::catalog::{ASKED, Catalog, Row};
use super::common;
use super::find::Object;
use super::kind::Kind;
use super::privilege::{self, Subject};
use super::request::Secrets;
use super::script::{Phase, Script};
use super::setting;
use super::sql::{from, parameters, role};
use crate::reported::Reported;

/// Adds one of these.
pub fn add(
    catalog: &mut Catalog<'_>,
    object: &Object,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    match object.kind {
        Kind::Schema => {
            script.add(Phase::Create, [b"CREATE SCHEMA ", &object.identity[..]].concat());
        }
        Kind::Tablespace => add_tablespace(catalog, object, script)?,
        Kind::Database => add_database(catalog, object, script)?,
        Kind::DefaultPrivileges => return add_default_privileges(catalog, object, script),
        _ => add_role(catalog, object, secrets, script)?,
    }
    common::add(catalog, object, &object.identity, script)
}

fn add_tablespace(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let [owner, options] = [role("o.spcowner"), parameters("o.spcoptions", "")];
    let texts = catalog.texts_of(
        object.oid,
        format!(
            "SELECT ' OWNER ' || {owner} || ' LOCATION ' \
         || pg_catalog.quote_literal(pg_catalog.pg_tablespace_location(o.oid)) \
         || COALESCE(' WITH (' || {options} || ')', ''){}",
            from("pg_tablespace")
        ),
    )?;
    for text in texts {
        script.add(Phase::Create, [b"CREATE TABLESPACE ", &object.identity[..], &text].concat());
    }
    Ok(())
}

fn add_database(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let owner = role("o.datdba");
    let tablespace = super::sql::tablespace("o.dattablespace");
    let locale = match catalog.context().version {
        170_000.. => "o.datlocale",
        150_000.. => "o.daticulocale",
        _ => "NULL::pg_catalog.text",
    };
    let provider = catalog.since(150_000, "o.datlocprovider", "'c'");
    let rules = catalog.since(160_000, "o.daticurules", "NULL::pg_catalog.text");
    let texts = catalog.texts_of(object.oid, format!(
        "SELECT pg_catalog.array_to_string(ARRAY['OWNER = ' || {owner}, 'TEMPLATE = template0',\n  \
         'ENCODING = ' \
         || pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(o.encoding)),\n  \
         'LOCALE_PROVIDER = ' || CASE {provider} WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END,\n  \
         CASE {provider} WHEN 'i' THEN 'ICU_LOCALE = ' || pg_catalog.quote_literal({locale}) \
         WHEN 'b' THEN 'BUILTIN_LOCALE = ' || pg_catalog.quote_literal({locale}) END,\n  \
         'ICU_RULES = ' || pg_catalog.quote_literal({rules}),\n  \
         'LC_COLLATE = ' || pg_catalog.quote_literal(o.datcollate),\n  \
         'LC_CTYPE = ' || pg_catalog.quote_literal(o.datctype),\n  \
         'TABLESPACE = ' || CASE WHEN {tablespace} <> 'pg_default' THEN {tablespace} END,\n  \
         'ALLOW_CONNECTIONS = ' || CASE WHEN NOT o.datallowconn THEN 'false' END,\n  \
         'CONNECTION LIMIT = ' || CASE WHEN o.datconnlimit <> -1 THEN o.datconnlimit END,\n  \
         'IS_TEMPLATE = ' || CASE WHEN o.datistemplate THEN 'true' END], E'\\n    '){}",
        from("pg_database")
    ))?;
    for text in texts {
        script.add(
            Phase::Create,
            [b"CREATE DATABASE ", &object.identity[..], b"\n    ", &text].concat(),
        );
    }
    let settings = settings_of(catalog, object, "s.setdatabase")?;
    for (role, _, setting) in settings {
        let name = &object.identity[..];
        let start = match role {
            Some(role) => [b"ALTER ROLE ", &role[..], b" IN DATABASE ", name].concat(),
            None => [b"ALTER DATABASE ", name].concat(),
        };
        script.add(Phase::Create, [&start[..], b" SET ", &setting].concat());
    }
    Ok(())
}

/// Settings of roles and databases: role, database (either may be none), `name TO value`.
type Setting = (Option<Vec<u8>>, Option<Vec<u8>>, Vec<u8>);

fn settings_of(
    catalog: &mut Catalog<'_>,
    object: &Object,
    column: &str,
) -> Result<Vec<Setting>, Reported> {
    let encoding = catalog.context().encoding;
    let rows = catalog.rows_of(
        object.oid,
        format!(
            "SELECT CASE WHEN s.setrole <> 0 THEN {} END,\n  \
         (SELECT pg_catalog.quote_ident(b.datname) FROM pg_catalog.pg_database b \
         WHERE b.oid = s.setdatabase), c.setting, \
         pg_catalog.quote_ident(pg_catalog.split_part(c.setting, '=', 1))\n\
         FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c(setting)\n\
         WHERE {column} = {ASKED} ORDER BY 1, 2, 3",
            role("s.setrole")
        ),
    )?;
    let setting = |row: Row| {
        let text = setting::assignment(row.text(2), row.text(3), encoding);
        (row.value(0).map(<[u8]>::to_vec), row.value(1).map(<[u8]>::to_vec), text)
    };
    Ok(rows.into_iter().map(setting).collect())
}

fn add_role(
    catalog: &mut Catalog<'_>,
    object: &Object,
    secrets: Secrets,
    script: &mut Script,
) -> Result<(), Reported> {
    let oid = object.oid;
    // Only superusers read hashes of passwords.
    let can_read = catalog
        .row_of(oid, "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT')")?;
    let (source, password) = match (secrets, can_read.is(0)) {
        (Secrets::Shown, true) => ("pg_authid", "pg_catalog.quote_literal(o.rolpassword)"),
        (Secrets::Masked, true) => ("pg_authid", "CASE WHEN o.rolpassword IS NOT NULL THEN '' END"),
        (_, false) => ("pg_roles", "NULL"),
    };
    let flag = |column: &str, word: &str| {
        format!("CASE WHEN {column} THEN ' {word}' ELSE ' NO{word}' END")
    };
    let flags: Vec<String> = [
        ("o.rolsuper", "SUPERUSER"),
        ("o.rolinherit", "INHERIT"),
        ("o.rolcreaterole", "CREATEROLE"),
        ("o.rolcreatedb", "CREATEDB"),
        ("o.rolcanlogin", "LOGIN"),
        ("o.rolreplication", "REPLICATION"),
        ("o.rolbypassrls", "BYPASSRLS"),
    ]
    .map(|(column, word)| flag(column, word))
    .into();
    let flags = flags.join(" || ");
    let rows = catalog.rows_of(object.oid, format!(
        "SELECT {flags} || COALESCE(' CONNECTION LIMIT ' \
         || CASE WHEN o.rolconnlimit <> -1 THEN o.rolconnlimit END, '') \
         || COALESCE(' VALID UNTIL ' || pg_catalog.quote_literal(o.rolvaliduntil), ''),\n  {password}{}",
        from(source)
    ))?;
    if secrets == Secrets::Shown && !can_read.is(0) {
        script.add(Phase::Create, "-- Its password, if it has one, is shown to superusers only.");
    }
    for row in rows {
        let mut text = [b"CREATE ROLE ", &object.identity[..], b" WITH", row.text(0)].concat();
        match row.value(1) {
            Some(b"") => {
                script.add(Phase::Create, "-- Its password is left out: \\ddl -secrets shows it.");
            }
            Some(password) => text.extend([b" PASSWORD ", password].concat()),
            None => {}
        }
        script.add(Phase::Create, text);
    }
    for (_, database, setting) in settings_of(catalog, object, "s.setrole")? {
        let mut text = [b"ALTER ROLE ", &object.identity[..]].concat();
        if let Some(database) = database {
            text.extend([b" IN DATABASE ", &database[..]].concat());
        }
        text.extend([b" SET ", &setting[..]].concat());
        // The database may be made later.
        script.add(Phase::Attach, text);
    }
    add_memberships(catalog, object, script)
}

fn add_memberships(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let [group, grantor] = [role("m.roleid"), role("m.grantor")];
    let options = match catalog.at_least(160_000) {
        true => {
            "pg_catalog.concat_ws(', ', CASE WHEN m.admin_option THEN 'ADMIN OPTION' END, \
                 CASE WHEN m.inherit_option THEN 'INHERIT TRUE' ELSE 'INHERIT FALSE' END, \
                 CASE WHEN NOT m.set_option THEN 'SET FALSE' END)"
        }
        false => "CASE WHEN m.admin_option THEN 'ADMIN OPTION' ELSE '' END",
    };
    // The first role grants whatever nobody else is said to.
    let by = catalog.since(160_000, "CASE WHEN m.grantor <> 10 THEN {} ELSE '' END", "''");
    let by = by.replace("{}", &format!("' GRANTED BY ' || {grantor}"));
    let rows = catalog.rows_of(
        object.oid,
        format!(
            "SELECT {group}, {options}, {by} FROM pg_catalog.pg_auth_members m\n\
         WHERE m.member = {ASKED} ORDER BY 1"
        ),
    )?;
    for row in rows {
        let mut text = [b"GRANT ", row.text(0), b" TO ", &object.identity].concat();
        if !row.text(1).is_empty() {
            text.extend([b" WITH ", row.text(1)].concat());
        }
        text.extend_from_slice(row.text(2));
        script.add(Phase::Attach, text);
    }
    Ok(())
}

/// What ALTER DEFAULT PRIVILEGES calls kinds of objects.
const DEFAULTS: [(&str, &str); 6] = [
    ("r", "TABLES"),
    ("S", "SEQUENCES"),
    ("f", "FUNCTIONS"),
    ("T", "TYPES"),
    ("n", "SCHEMAS"),
    ("L", "LARGE OBJECTS"),
];

fn add_default_privileges(
    catalog: &mut Catalog<'_>,
    object: &Object,
    script: &mut Script,
) -> Result<(), Reported> {
    let owner = role("o.defaclrole");
    let row = catalog.row_of(object.oid, format!(
        "SELECT {owner}, (SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_namespace n \
         WHERE n.oid = o.defaclnamespace), o.defaclobjtype::pg_catalog.text{}",
        from("pg_default_acl")
    ))?;
    let letter = String::from_utf8_lossy(row.text(2)).into_owned();
    let Some((_, words)) = DEFAULTS.iter().find(|(of, _)| *of == letter) else { return Ok(()) };
    let by_default = "pg_catalog.acldefault(CASE WHEN o.defaclobjtype = 'S' THEN 's' \
                      ELSE o.defaclobjtype END::pg_catalog.\"char\", o.defaclrole)";
    // In a schema, they add to the global ones.
    let default = format!(
        "CASE WHEN o.defaclnamespace = 0 THEN {by_default} ELSE pg_catalog.acldefault('c', 10) END"
    );
    let condition = format!("o.oid = {ASKED}");
    let [actual, default] = privilege::lists(
        catalog,
        "o.defaclacl",
        &default,
        "pg_catalog.pg_default_acl o",
        object.oid,
        &condition,
    )?;
    let mut prefix = [b"ALTER DEFAULT PRIVILEGES FOR ROLE ", row.text(0)].concat();
    if let Some(schema) = row.value(1) {
        prefix.extend([b" IN SCHEMA ", schema].concat());
    }
    prefix.push(b' ');
    let all = default.iter().filter(|entry| entry.is_of(row.text(0))).count();
    let subject = Subject {
        prefix: &prefix,
        object: words.as_bytes(),
        column: None,
        owner: row.text(0),
        all: (all > 0).then_some(all),
    };
    // Objects that are made before don't get them.
    script.extend(Phase::Last, privilege::statements(&subject, &actual, &default));
    Ok(())
}
