//! Access methods: `\dA`; their operator classes and families: `\dAc`, `\dAf`, `\dAo`, `\dAp`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, decode, yes_no};
use super::types;
use crate::reported::Reported;

const METHOD: Names = Names::plain("am.amname");

/// Operator families `f` in schemas `fn`; they need not be visible.
const FAMILY: Names = Names::in_schema("fn.nspname", "f.opfname", "");

/// `\dA`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    if !command.at_least(90_600) {
        command.unsupported("access methods");
        return Ok(());
    }
    let mut query = Select::new();
    query.column("Name", "am.amname");
    query.column("Type", decode("am.amtype", &[("i", "Index"), ("t", "Table")]));
    if command.verbose {
        query.column("Handler", "am.amhandler");
        query.column("Description", comment("am.oid", "pg_am"));
    }
    query.from("pg_catalog.pg_am am");
    command.match_names(&mut query, &METHOD, 0)?;
    query.order("1");
    command.list(&query, "List of access methods")
}

/// `\dAc`
pub fn classes(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("AM", "am.amname");
    query.column("Input type", "pg_catalog.format_type(c.opcintype, NULL)");
    query.column(
        "Storage type",
        "CASE WHEN c.opckeytype NOT IN (0, c.opcintype) \
         THEN pg_catalog.format_type(c.opckeytype, NULL) END",
    );
    let visible = "pg_catalog.pg_opclass_is_visible(c.oid)";
    query.column("Operator class", qualified(visible, "n.nspname", "c.opcname"));
    query.column("Default?", yes_no("c.opcdefault"));
    query.from("pg_catalog.pg_opclass c");
    query.from("JOIN pg_catalog.pg_am am ON am.oid = c.opcmethod");
    query.from("JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace");
    query.from("JOIN pg_catalog.pg_type t ON t.oid = c.opcintype");
    query.from("JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace");
    if command.verbose {
        query.column("Operator family", family_name());
        query.column("Owner", "pg_catalog.pg_get_userbyid(c.opcowner)");
        query.from("JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily");
        query.from("JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace");
    }
    match_method(command, &mut query)?;
    if command.pattern(1).is_some() {
        types::with_names("tn", "t", |names| command.match_names(&mut query, names, 1))?;
    }
    query.order("1, 2, 4");
    command.list(&query, "List of operator classes")
}

/// `\dAf`
pub fn families(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("AM", "am.amname");
    query.column("Operator family", family_name());
    query.column(
        "Applicable types",
        "(SELECT pg_catalog.string_agg(pg_catalog.format_type(c.opcintype, NULL), ', ') \
         FROM pg_catalog.pg_opclass c WHERE c.opcfamily = f.oid)",
    );
    if command.verbose {
        query.column("Owner", "pg_catalog.pg_get_userbyid(f.opfowner)");
    }
    from_families(&mut query);
    match_method(command, &mut query)?;
    if command.pattern(1).is_some() {
        let conditions = types::with_names("tn", "t", |names| command.conditions(names, 1))?;
        let mut exists = b"EXISTS (SELECT 1 FROM pg_catalog.pg_opclass c \
            JOIN pg_catalog.pg_type t ON t.oid = c.opcintype \
            JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace \
            WHERE c.opcfamily = f.oid"
            .to_vec();
        for condition in conditions {
            exists.extend_from_slice(b" AND ");
            exists.extend(condition);
        }
        exists.push(b')');
        query.filter(exists);
    }
    query.order("1, 2");
    command.list(&query, "List of operator families")
}

/// `\dAo`
pub fn operators(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("AM", "am.amname");
    query.column("Operator family", family_name());
    query.column("Operator", "o.amopopr::pg_catalog.regoperator");
    query.column("Strategy", "o.amopstrategy");
    query.column("Purpose", decode("o.amoppurpose", &[("o", "ordering"), ("s", "search")]));
    from_families(&mut query);
    query.from("JOIN pg_catalog.pg_amop o ON o.amopfamily = f.oid");
    if command.verbose {
        query.column("Sort opfamily", "sf.opfname");
        query.column("Leakproof?", yes_no("p.proleakproof"));
        query.from("LEFT JOIN pg_catalog.pg_opfamily sf ON sf.oid = o.amopsortfamily");
        query.from("LEFT JOIN pg_catalog.pg_operator op ON op.oid = o.amopopr");
        query.from("LEFT JOIN pg_catalog.pg_proc p ON p.oid = op.oprcode");
    }
    match_method(command, &mut query)?;
    match_family(command, &mut query)?;
    query.order(&members_order("o.amoplefttype", "o.amoprighttype", "4"));
    command.list(&query, "List of operators of operator families")
}

/// `\dAp`
pub fn functions(command: &mut Command) -> Result<(), Reported> {
    let mut query = Select::new();
    query.column("AM", "am.amname");
    query.column("Operator family", family_name());
    query.column("Registered left type", "pg_catalog.format_type(o.amproclefttype, NULL)");
    query.column("Registered right type", "pg_catalog.format_type(o.amprocrighttype, NULL)");
    query.column("Number", "o.amprocnum");
    from_families(&mut query);
    query.from("JOIN pg_catalog.pg_amproc o ON o.amprocfamily = f.oid");
    if command.verbose {
        query.column("Function", "o.amproc::pg_catalog.oid::pg_catalog.regprocedure");
    } else {
        query.column("Function", "p.proname");
        query.from("JOIN pg_catalog.pg_proc p ON p.oid = o.amproc");
    }
    match_method(command, &mut query)?;
    match_family(command, &mut query)?;
    query.order(&members_order("o.amproclefttype", "o.amprocrighttype", "5"));
    command.list(&query, "List of support functions of operator families")
}

fn from_families(query: &mut Select) {
    query.from("pg_catalog.pg_opfamily f");
    query.from("JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod");
    query.from("JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace");
}

fn match_method(command: &mut Command, query: &mut Select) -> Result<(), Reported> {
    command.match_names(query, &METHOD, 0)
}

fn match_family(command: &mut Command, query: &mut Select) -> Result<(), Reported> {
    command.match_names(query, &FAMILY, 1)
}

/// Families by name; in each, operators on one type first, then by type.
fn members_order(left: &str, right: &str, number: &str) -> String {
    format!(
        "1, 2, {left} = {right} DESC, pg_catalog.format_type({left}, NULL), \
         pg_catalog.format_type({right}, NULL), {number}"
    )
}

fn family_name() -> String {
    qualified("pg_catalog.pg_opfamily_is_visible(f.oid)", "fn.nspname", "f.opfname")
}

/// A name with its schema where it needs it.
fn qualified(visible: &str, schema: &str, name: &str) -> String {
    format!(
        "CASE WHEN {visible} THEN '' ELSE pg_catalog.quote_ident({schema}) || '.' END \
         || pg_catalog.quote_ident({name})"
    )
}
