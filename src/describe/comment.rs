//! Comments on objects that no other command shows: `\dd`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment};
use crate::reported::Reported;

/// A catalog whose comments are shown.
struct Commented {
    /// In the column Object.
    object: &'static str,
    catalog: &'static str,
    /// The catalog, as `o`, and what leads to its schema, as `n`.
    from: &'static str,
    name: &'static str,
    visible: &'static str,
    filter: Option<&'static str>,
}

const COMMENTED: &[Commented] = &[
    Commented {
        object: "table constraint",
        catalog: "pg_constraint",
        from: "pg_catalog.pg_constraint o \
            JOIN pg_catalog.pg_class c ON c.oid = o.conrelid \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
        name: "o.conname",
        visible: "pg_catalog.pg_table_is_visible(c.oid)",
        filter: None,
    },
    Commented {
        object: "domain constraint",
        catalog: "pg_constraint",
        from: "pg_catalog.pg_constraint o \
            JOIN pg_catalog.pg_type t ON t.oid = o.contypid \
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
        name: "o.conname",
        visible: "pg_catalog.pg_type_is_visible(t.oid)",
        filter: None,
    },
    Commented {
        object: "operator class",
        catalog: "pg_opclass",
        from: "pg_catalog.pg_opclass o \
            JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace",
        name: "o.opcname",
        visible: "pg_catalog.pg_opclass_is_visible(o.oid)",
        filter: None,
    },
    Commented {
        object: "operator family",
        catalog: "pg_opfamily",
        from: "pg_catalog.pg_opfamily o \
            JOIN pg_catalog.pg_namespace n ON n.oid = o.opfnamespace",
        name: "o.opfname",
        visible: "pg_catalog.pg_opfamily_is_visible(o.oid)",
        filter: None,
    },
    Commented {
        object: "rule",
        catalog: "pg_rewrite",
        from: "pg_catalog.pg_rewrite o \
            JOIN pg_catalog.pg_class c ON c.oid = o.ev_class \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
        name: "o.rulename",
        visible: "pg_catalog.pg_table_is_visible(c.oid)",
        filter: Some("o.rulename <> '_RETURN'"),
    },
    Commented {
        object: "trigger",
        catalog: "pg_trigger",
        from: "pg_catalog.pg_trigger o \
            JOIN pg_catalog.pg_class c ON c.oid = o.tgrelid \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
        name: "o.tgname",
        visible: "pg_catalog.pg_table_is_visible(c.oid)",
        filter: None,
    },
];

/// `\dd`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let mut parts = Vec::new();
    for commented in COMMENTED {
        let mut part = Select::new();
        part.column("schema", "n.nspname");
        part.column("name", format!("{}::pg_catalog.text", commented.name));
        part.column("object", format!("'{}'::pg_catalog.text", commented.object));
        part.column("description", comment("o.oid", commented.catalog));
        part.from(commented.from);
        if let Some(filter) = commented.filter {
            part.filter(filter);
        }
        command.hide_system(&mut part, "n.nspname");
        let names = Names::in_schema("n.nspname", commented.name, commented.visible);
        command.match_names(&mut part, &names, 0)?;
        parts.push(part.sql());
    }
    let mut query = Select::new();
    query.column("Schema", "x.schema");
    query.column("Name", "x.name");
    query.column("Object", "x.object");
    query.column("Description", "x.description");
    // Triggers of the same name on several tables may bear the same comment.
    query.from([b"(", &parts.join(&b"\nUNION\n"[..])[..], b") x"].concat());
    query.filter("x.description IS NOT NULL").order("1, 2, 3");
    command.list(&query, "Object descriptions")
}
