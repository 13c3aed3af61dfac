//! A small builder for catalog queries.
//!
//! Owns the form that all families share: titled columns, FROM, conditions, ORDER BY, comments,
//! privileges. What it builds is plain SQL; `CatalogQuery` gives the operators their schema.

/// A query that becomes a table on the screen: each column carries its heading.
#[derive(Clone, Debug, Default)]
pub struct Select {
    columns: Vec<u8>,
    from: Vec<u8>,
    conditions: Vec<u8>,
    group: Vec<u8>,
    order: Vec<u8>,
}

impl Select {
    /// A query without columns yet.
    pub fn new() -> Select {
        Select::default()
    }

    /// Adds a column with its heading.
    pub fn column(&mut self, heading: &str, expression: impl AsRef<[u8]>) -> &mut Select {
        let start = if self.columns.is_empty() { "SELECT " } else { ",\n  " };
        self.columns.extend_from_slice(start.as_bytes());
        self.columns.extend_from_slice(expression.as_ref());
        self.columns.extend_from_slice(format!(" AS \"{heading}\"").as_bytes());
        self
    }

    /// Adds to the FROM clause: the first table, or a whole `LEFT JOIN ... ON ...`.
    pub fn from(&mut self, source: impl AsRef<[u8]>) -> &mut Select {
        let start = if self.from.is_empty() { "\nFROM " } else { "\n  " };
        self.from.extend_from_slice(start.as_bytes());
        self.from.extend_from_slice(source.as_ref());
        self
    }

    /// Adds a condition; all must hold.
    pub fn filter(&mut self, condition: impl AsRef<[u8]>) -> &mut Select {
        let start = if self.conditions.is_empty() { "\nWHERE " } else { "\n  AND " };
        self.conditions.extend_from_slice(start.as_bytes());
        self.conditions.extend_from_slice(condition.as_ref());
        self
    }

    /// Sets the GROUP BY list.
    pub fn group(&mut self, list: &str) -> &mut Select {
        self.group = format!("\nGROUP BY {list}").into_bytes();
        self
    }

    /// Sets the ORDER BY list.
    pub fn order(&mut self, list: &str) -> &mut Select {
        self.order = format!("\nORDER BY {list}").into_bytes();
        self
    }

    /// The query's text, without a semicolon.
    pub fn sql(&self) -> Vec<u8> {
        [&self.columns[..], &self.from, &self.conditions, &self.group, &self.order].concat()
    }
}

/// `(CASE expression WHEN 'a' THEN 'b' ... END)`: the words for a catalog's one-letter codes.
///
/// Codes and words are SQL text of ours, without quotes in them.
pub fn decode(expression: &str, words: &[(&str, &str)]) -> String {
    let mut case = format!("CASE {expression}");
    for (code, word) in words {
        case.push_str(&format!("\n    WHEN '{code}' THEN '{word}'"));
    }
    case.push_str("\n  END");
    case
}

/// `yes` or `no` for a boolean expression.
pub fn yes_no(expression: &str) -> String {
    format!("CASE WHEN {expression} THEN 'yes' ELSE 'no' END")
}

/// The comment on an object of `catalog` (`pg_class`), by its OID.
///
/// The server has functions for this, but before 14 their bodies leave operators to the search_path.
pub fn comment(oid: &str, catalog: &str) -> String {
    comment_on_part(oid, catalog, "0")
}

/// The comment on a part of an object: a column, by its number.
pub fn comment_on_part(oid: &str, catalog: &str, part: &str) -> String {
    format!(
        "(SELECT ds.description FROM pg_catalog.pg_description ds WHERE ds.objoid = {oid} \
         AND ds.classoid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND ds.objsubid = {part})"
    )
}

/// The comment on an object that all databases share.
pub fn shared_comment(oid: &str, catalog: &str) -> String {
    format!(
        "(SELECT ds.description FROM pg_catalog.pg_shdescription ds WHERE ds.objoid = {oid} \
         AND ds.classoid = 'pg_catalog.{catalog}'::pg_catalog.regclass)"
    )
}

/// `call` of a function that reads the text of a view or a rule: it runs a query whose operators the
/// search_path decides. So pg_catalog is put first there for as long, if it has another place.
pub fn with_catalog_first(call: &str) -> String {
    let (schemas, path) =
        ("pg_catalog.current_schemas(false)", "pg_catalog.current_setting('search_path')");
    format!(
        "CASE WHEN ({schemas})[1] <> 'pg_catalog' AND 'pg_catalog' = ANY ({schemas}) THEN (ARRAY[\n    \
         pg_catalog.set_config('search_path', 'pg_catalog, ' || {path}, true),\n    {call},\n    \
         pg_catalog.set_config('search_path', pg_catalog.substr({path}, 13), true)])[2]\n  \
         ELSE {call} END"
    )
}

/// An access control list, one entry a line: `(none)` when it is empty, NULL when it is default.
pub fn privileges(acl: &str) -> String {
    format!(
        "CASE WHEN pg_catalog.array_to_string({acl}, '') = '' THEN '(none)' \
         ELSE pg_catalog.array_to_string({acl}, E'\\n') END"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn select() {
        let mut query = Select::new();
        query.column("Name", "a.x").column("Type", "a.y");
        query.from("t a").from("JOIN u b ON true").filter("a.x > 1").filter("b.z").order("1");
        assert_eq!(
            String::from_utf8_lossy(&query.sql()),
            "SELECT a.x AS \"Name\",\n  a.y AS \"Type\"\nFROM t a\n  JOIN u b ON true\n\
             WHERE a.x > 1\n  AND b.z\nORDER BY 1"
        );
    }
}
