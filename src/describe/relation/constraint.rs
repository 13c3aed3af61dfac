//! Indexes and constraints: sections of `\d NAME`, and the line of `\d INDEX`.

use super::section::Lines;
use crate::describe::command::Command;

/// ` text` where a condition holds.
fn when(condition: &str, text: &str) -> String {
    format!(" || CASE WHEN {condition} THEN '{text}' ELSE '' END")
}

/// `btree, for table "schema.table"` and what else there is to say of one index.
pub fn index(command: &Command) -> Lines {
    let mut unique = String::from("unique");
    if command.at_least(150_000) {
        unique = "unique' || CASE WHEN i.indnullsnotdistinct THEN ' nulls not distinct' \
            ELSE '' END || '"
            .into();
    }
    let mut text = format!(
        "CASE WHEN i.indisprimary THEN 'primary key, ' \
         WHEN i.indisunique THEN '{unique}, ' ELSE '' END \
         || am.amname || ', for table \"' || n.nspname || '.' || c.relname || '\"' \
         || COALESCE(', predicate (' || pg_catalog.pg_get_expr(i.indpred, i.indrelid, true) \
         || ')', '')"
    );
    text += &when("i.indisclustered", ", clustered");
    text += &when("NOT i.indisvalid", ", invalid");
    text += &when("con.condeferrable", ", deferrable");
    text += &when("con.condeferred", ", initially deferred");
    if command.at_least(90_400) {
        text += &when("i.indisreplident", ", replica identity");
    }
    Lines {
        relation: "i.indexrelid",
        text,
        from: format!(
            "pg_catalog.pg_index i\n  \
             JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid\n  \
             JOIN pg_catalog.pg_namespace n ON n.oid = ic.relnamespace\n  \
             JOIN pg_catalog.pg_am am ON am.oid = ic.relam\n  \
             JOIN pg_catalog.pg_class c ON c.oid = i.indrelid\n  {CONSTRAINT_OF_INDEX}"
        ),
        filter: String::new(),
        order: "i.indexrelid",
    }
}

const CONSTRAINT_OF_INDEX: &str = "LEFT JOIN pg_catalog.pg_constraint con \
    ON con.conrelid = i.indrelid AND con.conindid = i.indexrelid \
    AND con.contype IN ('p', 'u', 'x')";

/// The indexes of a table, each as its definition after `USING` or as its constraint.
pub fn indexes(command: &Command) -> Lines {
    // What a constraint's definition tells and an index's does not.
    let as_constraint = if command.at_least(180_000) {
        "con.contype = 'x' OR con.conperiod"
    } else {
        "con.contype = 'x'"
    };
    // Written once: the server looks up much for it.
    let definition = "pg_catalog.pg_get_indexdef(i.indexrelid, 0, true)";
    let mut text = format!(
        "'\"' || ic.relname || '\" ' \
         || CASE WHEN {as_constraint} THEN pg_catalog.pg_get_constraintdef(con.oid, true) \
         ELSE CASE WHEN i.indisprimary THEN 'PRIMARY KEY, ' \
         WHEN NOT i.indisunique THEN '' \
         WHEN con.contype = 'u' THEN 'UNIQUE CONSTRAINT, ' ELSE 'UNIQUE, ' END \
         || pg_catalog.regexp_replace({definition}, '^.*? USING ', ''){}{} END",
        when("con.condeferrable", " DEFERRABLE"),
        when("con.condeferred", " INITIALLY DEFERRED"),
    );
    text += &when("i.indisclustered", " CLUSTER");
    text += &when("NOT i.indisvalid", " INVALID");
    if command.at_least(90_400) {
        text += &when("i.indisreplident", " REPLICA IDENTITY");
    }
    text += " || COALESCE(', tablespace \"' || ts.spcname || '\"', '')";
    Lines {
        relation: "i.indrelid",
        text,
        from: format!(
            "pg_catalog.pg_index i\n  \
             JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid\n  \
             LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = ic.reltablespace\n  \
             {CONSTRAINT_OF_INDEX}"
        ),
        filter: String::new(),
        order: "i.indisprimary DESC, ic.relname",
    }
}

const NAME_AND_DEFINITION: &str =
    "'\"' || con.conname || '\" ' || pg_catalog.pg_get_constraintdef(con.oid, true)";

/// Check constraints.
pub fn checks(_: &Command) -> Lines {
    Lines {
        relation: "con.conrelid",
        text: NAME_AND_DEFINITION.into(),
        from: "pg_catalog.pg_constraint con".into(),
        filter: "con.contype = 'c'".into(),
        order: "con.conname",
    }
}

/// Each relation with itself and the partitioned tables above it.
fn with_ancestors(command: &Command) -> &'static str {
    if command.at_least(120_000) {
        "pg_catalog.pg_class c\n  CROSS JOIN LATERAL (SELECT c.oid AS relid UNION \
         SELECT relid FROM pg_catalog.pg_partition_ancestors(c.oid)) above"
    } else {
        "pg_catalog.pg_class c\n  JOIN (SELECT oid AS relid FROM pg_catalog.pg_class) above \
         ON above.relid = c.oid"
    }
}

/// Constraints made for a partition from one of its parent's are the parent's.
fn own_foreign_keys(command: &Command) -> String {
    let own = if command.at_least(120_000) { " AND con.conparentid = 0" } else { "" };
    format!("con.contype = 'f'{own}")
}

/// Foreign keys of a table; a partition has those of the tables above it too.
pub fn foreign_keys(command: &Command) -> Lines {
    Lines {
        relation: "c.oid",
        text: format!(
            "CASE WHEN con.conrelid = c.oid THEN {NAME_AND_DEFINITION} \
             ELSE 'TABLE \"' || con.conrelid::pg_catalog.regclass::pg_catalog.text || '\" CONSTRAINT ' \
             || {NAME_AND_DEFINITION} END"
        ),
        from: format!(
            "{}\n  JOIN pg_catalog.pg_constraint con ON con.conrelid = above.relid",
            with_ancestors(command)
        ),
        filter: own_foreign_keys(command),
        order: "con.conrelid = c.oid DESC, con.conname",
    }
}

/// Foreign keys that point to a table or to a partitioned table above it.
pub fn referenced_by(command: &Command) -> Lines {
    Lines {
        relation: "c.oid",
        text: format!(
            "'TABLE \"' || con.conrelid::pg_catalog.regclass::pg_catalog.text || '\" CONSTRAINT ' \
             || {NAME_AND_DEFINITION}"
        ),
        from: format!(
            "{}\n  JOIN pg_catalog.pg_constraint con ON con.confrelid = above.relid",
            with_ancestors(command)
        ),
        filter: own_foreign_keys(command),
        order: "con.conname",
    }
}

/// Not-null constraints, in the order of their columns.
pub fn not_null(_: &Command) -> Lines {
    let mut text = String::from("'\"' || con.conname || '\" NOT NULL \"' || a.attname || '\"'");
    text += " || CASE WHEN con.connoinherit THEN ' NO INHERIT' \
        WHEN con.conislocal AND con.coninhcount > 0 THEN ' (local, inherited)' \
        WHEN con.coninhcount > 0 THEN ' (inherited)' ELSE '' END";
    text += &when("NOT con.convalidated", " NOT VALID");
    Lines {
        relation: "con.conrelid",
        text,
        from: "pg_catalog.pg_constraint con\n  JOIN pg_catalog.pg_attribute a \
            ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]"
            .into(),
        filter: "con.contype = 'n'".into(),
        order: "a.attnum",
    }
}
