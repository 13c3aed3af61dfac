//! Text search: `\dF`, `\dFd`, `\dFp`, `\dFt`.

use super::command::Command;
use super::host::View;
use super::pattern::Names;
use super::sql::{Select, comment};
use crate::reported::Reported;

const CONFIGURATION: Names =
    Names::in_schema("n.nspname", "c.cfgname", "pg_catalog.pg_ts_config_is_visible(c.oid)");
const DICTIONARY: Names =
    Names::in_schema("n.nspname", "d.dictname", "pg_catalog.pg_ts_dict_is_visible(d.oid)");
const PARSER: Names =
    Names::in_schema("n.nspname", "p.prsname", "pg_catalog.pg_ts_parser_is_visible(p.oid)");
const TEMPLATE: Names =
    Names::in_schema("n.nspname", "t.tmplname", "pg_catalog.pg_ts_template_is_visible(t.oid)");

/// `\dF`
pub fn configurations(command: &mut Command) -> Result<(), Reported> {
    if command.verbose {
        return configuration_mappings(command);
    }
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "c.cfgname");
    query.column("Description", comment("c.oid", "pg_ts_config"));
    query.from("pg_catalog.pg_ts_config c");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace");
    command.match_names(&mut query, &CONFIGURATION, 0)?;
    query.order("1, 2");
    command.list(&query, "List of text search configurations")
}

/// `\dF+`: for each configuration, which dictionaries look at which tokens.
fn configuration_mappings(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("oid", "c.oid");
    query.column("name", "c.cfgname");
    query.column("schema", "n.nspname");
    query.column("parser", "p.prsname");
    query.column("parser_schema", "pn.nspname");
    query.from("pg_catalog.pg_ts_config c");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace");
    query.from("JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser");
    query.from("LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace");
    command.match_names(&mut query, &CONFIGURATION, 0)?;
    query.order("3, 2");
    let found = command.query(query.sql())?.rows;
    if found.is_empty() {
        command.objects_not_found("text search configuration");
        return Err(Reported);
    }
    for row in found.iter() {
        let cell = |index| row.get(index).unwrap_or_default();
        let mut query = Select::new();
        query.column(
            "Token",
            "(SELECT y.alias FROM pg_catalog.ts_token_type(c.cfgparser) y \
             WHERE y.tokid = m.maptokentype)",
        );
        query.column(
            "Dictionaries",
            "pg_catalog.string_agg(m.mapdict::pg_catalog.regdictionary::pg_catalog.text, ',' \
             ORDER BY m.mapseqno)",
        );
        query.from("pg_catalog.pg_ts_config c");
        query.from("JOIN pg_catalog.pg_ts_config_map m ON m.mapcfg = c.oid");
        query.filter([b"c.oid = ", cell(0)].concat());
        query.group("c.cfgparser, m.maptokentype").order("1");
        let answer = command.query(query.sql())?;
        let title = [
            &b"Text search configuration \""[..],
            &qualified(row.get(2), cell(1)),
            b"\"\nParser: \"",
            &qualified(row.get(4), cell(3)),
            b"\"",
        ];
        let title = Some(title.concat());
        let (columns, rows) = (answer.columns, answer.rows);
        command.show(View { title, columns, rows, footers: Some(Vec::new()), expanded: None })?;
    }
    Ok(())
}

/// `\dFd`
pub fn dictionaries(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "d.dictname");
    query.from("pg_catalog.pg_ts_dict d");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace");
    if command.verbose {
        query.column("Template", "COALESCE(tn.nspname, '(null)') || '.' || t.tmplname");
        query.column("Init options", "d.dictinitoption");
        query.from("LEFT JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate");
        query.from("LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace");
    }
    query.column("Description", comment("d.oid", "pg_ts_dict"));
    command.match_names(&mut query, &DICTIONARY, 0)?;
    query.order("1, 2");
    command.list(&query, "List of text search dictionaries")
}

/// `\dFp`
pub fn parsers(command: &mut Command) -> Result<(), Reported> {
    if command.verbose {
        return parser_methods(command);
    }
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "p.prsname");
    query.column("Description", comment("p.oid", "pg_ts_parser"));
    query.from("pg_catalog.pg_ts_parser p");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace");
    command.match_names(&mut query, &PARSER, 0)?;
    query.order("1, 2");
    command.list(&query, "List of text search parsers")
}

/// `\dFp+`: each parser's functions, then its token types.
fn parser_methods(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("oid", "p.oid");
    query.column("schema", "n.nspname");
    query.column("name", "p.prsname");
    query.from("pg_catalog.pg_ts_parser p");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace");
    command.match_names(&mut query, &PARSER, 0)?;
    query.order("1");
    let found = command.query(query.sql())?.rows;
    if found.is_empty() {
        command.objects_not_found("text search parser");
        return Err(Reported);
    }
    for row in found.iter() {
        let oid = row.get(0).unwrap_or_default();
        let name = qualified(row.get(1), row.get(2).unwrap_or_default());

        let mut query = Select::new();
        query.column("Method", "m.name");
        query.column("Function", "m.function");
        query.column("Description", comment("m.function", "pg_proc"));
        query.from([b"(", &methods(oid)[..], b") m"].concat()).order("m.place");
        let answer = command.query(query.sql())?;
        let title = Some([b"Text search parser \"", &name[..], b"\""].concat());
        let (columns, rows) = (answer.columns, answer.rows);
        command.show(View { title, columns, rows, footers: Some(Vec::new()), expanded: None })?;

        let mut query = Select::new();
        query.column("Token name", "y.alias");
        query.column("Description", "y.description");
        query.from([b"pg_catalog.ts_token_type(", oid, b"::pg_catalog.oid) y"].concat());
        query.order("1");
        let answer = command.query(query.sql())?;
        command.show_answer(answer, [b"Token types for parser \"", &name[..], b"\""].concat())?;
    }
    Ok(())
}

/// The functions of a parser, in the order they are called.
fn methods(parser: &[u8]) -> Vec<u8> {
    let methods = [
        ("Start parse", "prsstart"),
        ("Get next token", "prstoken"),
        ("End parse", "prsend"),
        ("Get headline", "prsheadline"),
        ("Get token types", "prslextype"),
    ];
    let selects = methods.iter().enumerate().map(|(place, (name, column))| {
        let select = format!(
            "SELECT {place} AS place, '{name}' AS name, p.{column} AS function \
             FROM pg_catalog.pg_ts_parser p WHERE p.oid = "
        );
        [select.as_bytes(), parser].concat()
    });
    selects.collect::<Vec<_>>().join(&b" UNION ALL "[..])
}

/// `\dFt`
pub fn templates(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "t.tmplname");
    if command.verbose {
        query.column("Init", "t.tmplinit");
        query.column("Lexize", "t.tmpllexize");
    }
    query.column("Description", comment("t.oid", "pg_ts_template"));
    query.from("pg_catalog.pg_ts_template t");
    query.from("LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace");
    command.match_names(&mut query, &TEMPLATE, 0)?;
    query.order("1, 2");
    command.list(&query, "List of text search templates")
}

/// A name with its schema, if it has one.
fn qualified(schema: Option<&[u8]>, name: &[u8]) -> Vec<u8> {
    match schema {
        Some(schema) => [schema, b".", name].concat(),
        None => name.to_vec(),
    }
}
