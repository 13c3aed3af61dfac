//! Collations: `\dO`.

use super::command::Command;
use super::pattern::Names;
use super::sql::{Select, comment, decode, yes_no};
use crate::reported::Reported;

/// `\dO`
pub fn list(command: &mut Command) -> Result<(), Reported> {
    let providers = [("d", "default"), ("b", "builtin"), ("c", "libc"), ("i", "icu")];
    let provider = if command.at_least(100_000) {
        decode("c.collprovider", &providers)
    } else {
        "'libc'".into()
    };
    let locale = match command.context.version {
        170_000.. => "c.colllocale",
        150_000.. => "c.colliculocale",
        _ => "c.collcollate",
    };
    let rules = if command.at_least(160_000) { "c.collicurules" } else { "NULL" };
    let deterministic =
        if command.at_least(120_000) { yes_no("c.collisdeterministic") } else { "'yes'".into() };

    let mut query = Select::new();
    query.column("Schema", "n.nspname");
    query.column("Name", "c.collname");
    query.column("Provider", provider);
    query.column("Collate", "c.collcollate");
    query.column("Ctype", "c.collctype");
    query.column("Locale", locale);
    query.column("ICU Rules", rules);
    query.column("Deterministic?", deterministic);
    if command.verbose {
        query.column("Description", comment("c.oid", "pg_collation"));
    }
    query.from("pg_catalog.pg_collation c");
    query.from("JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace");
    command.hide_system(&mut query, "n.nspname");
    // Those of other encodings are of no use in this database.
    query.filter(
        "c.collencoding IN (-1, \
         (SELECT d.encoding FROM pg_catalog.pg_database d \
         WHERE d.datname = pg_catalog.current_database()))",
    );
    let visible = "pg_catalog.pg_collation_is_visible(c.oid)";
    command.match_names(&mut query, &Names::in_schema("n.nspname", "c.collname", visible), 0)?;
    query.order("1, 2");
    command.list(&query, "List of collations")
}
