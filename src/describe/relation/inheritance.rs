//! Partitions, parents and children: sections of `\d NAME`.

use super::section::Lines;
use crate::describe::command::Command;

const PARTITION: &str =
    "pg_catalog.pg_inherits i\n  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid";

/// `Partition of: parent FOR VALUES ...`
pub fn partition_of(command: &Command) -> Lines {
    Lines {
        relation: "i.inhrelid",
        text: format!(
            "'Partition of: ' || i.inhparent::pg_catalog.regclass::pg_catalog.text || ' ' \
             || COALESCE(pg_catalog.pg_get_expr(c.relpartbound, c.oid), ''){}",
            if command.at_least(140_000) {
                " || CASE WHEN i.inhdetachpending THEN ' DETACH PENDING' ELSE '' END"
            } else {
                ""
            }
        ),
        from: PARTITION.into(),
        filter: String::new(),
        order: "i.inhseqno",
    }
}

/// `Partition constraint: ...`, which the bounds of the partition and of its parents make.
pub fn partition_constraint(_: &Command) -> Lines {
    Lines {
        relation: "i.inhrelid",
        text: "COALESCE('Partition constraint: ' \
            || NULLIF(pg_catalog.pg_get_partition_constraintdef(i.inhrelid), ''), \
            'No partition constraint')"
            .into(),
        from: PARTITION.into(),
        filter: String::new(),
        order: "i.inhseqno",
    }
}

/// `Partition key: RANGE (a)`
pub fn partition_key(_: &Command) -> Lines {
    Lines {
        relation: "c.oid",
        text: "'Partition key: ' || pg_catalog.pg_get_partkeydef(c.oid)".into(),
        from: "pg_catalog.pg_class c".into(),
        filter: String::new(),
        order: "c.oid",
    }
}

/// The tables inherited from; a partition's parent is said above.
pub fn parents() -> Lines {
    Lines {
        relation: "i.inhrelid",
        text: "i.inhparent::pg_catalog.regclass".into(),
        from: "pg_catalog.pg_inherits i\n  JOIN pg_catalog.pg_class p ON p.oid = i.inhparent"
            .into(),
        filter: "p.relkind NOT IN ('p', 'I')".into(),
        order: "i.inhseqno",
    }
}

/// `Number of partitions: 3 (Use \d+ to list them.)`; where they are listed, only that there are
/// none.
pub fn number_of_children(command: &Command) -> Lines {
    let partitioned = "children.relkind IN ('p', 'I')";
    Lines {
        relation: "children.oid",
        text: format!(
            "CASE WHEN children.number = 0 THEN 'Number of partitions: 0' \
             WHEN {partitioned} THEN 'Number of partitions: ' || children.number::pg_catalog.text \
             || E' (Use \\\\d+ to list them.)' \
             ELSE 'Number of child tables: ' || children.number::pg_catalog.text \
             || E' (Use \\\\d+ to list them.)' END"
        ),
        from: "(SELECT c.oid, c.relkind, (SELECT pg_catalog.count(*) \
            FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid) AS number \
            FROM pg_catalog.pg_class c) children"
            .into(),
        filter: if command.verbose {
            format!("children.number = 0 AND {partitioned}")
        } else {
            format!("(children.number > 0 OR {partitioned})")
        },
        order: "children.oid",
    }
}

/// The tables that inherit, partitions with their bounds.
pub fn children(command: &Command) -> Lines {
    let bound = if command.at_least(100_000) {
        "pg_catalog.pg_get_expr(c.relpartbound, c.oid)"
    } else {
        "NULL::pg_catalog.text"
    };
    let detaching = if command.at_least(140_000) {
        " || CASE WHEN i.inhdetachpending THEN ' (DETACH PENDING)' ELSE '' END"
    } else {
        ""
    };
    // The default partition comes last.
    let order = if command.at_least(100_000) {
        "pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', \
         c.oid::pg_catalog.regclass::pg_catalog.text"
    } else {
        "c.oid::pg_catalog.regclass::pg_catalog.text"
    };
    Lines {
        relation: "i.inhparent",
        text: format!(
            "c.oid::pg_catalog.regclass::pg_catalog.text || COALESCE(' ' || {bound}, '') \
             || CASE WHEN c.relkind IN ('p', 'I') THEN ', PARTITIONED' \
             WHEN c.relkind = 'f' THEN ', FOREIGN' ELSE '' END{detaching}"
        ),
        from: PARTITION.into(),
        filter: String::new(),
        order,
    }
}
