//! What can't be tried: it would not be rolled back, or reaches beyond the database.

use crate::encoding::Encoding;
use crate::safeguard::Statement;
use crate::transaction::needs_no_begin;

const TRANSACTION: &str = "it controls the transaction that is to be rolled back";
const ALONE: &str = "it can't run in a transaction, so nothing could be rolled back";
const STAYS: &str = "what it does is not rolled back";
const DATA: &str = "its data would travel over this connection; try INSERT";
const PROGRAM: &str = "it runs a program on the server";
const FILE: &str = "it writes a file of the server's";
const BEYOND: &str = "it reaches beyond the database";
const SUBSCRIPTION: &str = "it speaks to another server";

/// What statements begin with that can't be tried, and why.
const BEGINNINGS: [(&[&str], &str); 20] = [
    (&["BEGIN"], TRANSACTION),
    (&["START"], TRANSACTION),
    (&["COMMIT"], TRANSACTION),
    (&["END"], TRANSACTION),
    (&["ROLLBACK"], TRANSACTION),
    (&["ABORT"], TRANSACTION),
    (&["SAVEPOINT"], TRANSACTION),
    (&["RELEASE"], TRANSACTION),
    (&["PREPARE", "TRANSACTION"], TRANSACTION),
    (&["PREPARE"], STAYS),
    (&["DEALLOCATE"], STAYS),
    (&["DISCARD"], STAYS),
    (&["LOAD"], STAYS),
    (&["CHECKPOINT"], STAYS),
    (&["REINDEX", "SCHEMA"], ALONE),
    (&["CREATE", "SUBSCRIPTION"], SUBSCRIPTION),
    (&["ALTER", "SUBSCRIPTION"], SUBSCRIPTION),
    (&["DROP", "SUBSCRIPTION"], SUBSCRIPTION),
    (&["BASE_BACKUP"], ALONE),
    (&["START_REPLICATION"], ALONE),
];

/// Functions whose effects stay, or reach others.
const FUNCTIONS: [&str; 53] = [
    "dblink",
    "dblink_close",
    "dblink_connect",
    "dblink_connect_u",
    "dblink_disconnect",
    "dblink_exec",
    "dblink_fetch",
    "dblink_open",
    "dblink_send_query",
    "lo_export",
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_advisory_unlock",
    "pg_advisory_unlock_all",
    "pg_advisory_unlock_shared",
    "pg_backup_start",
    "pg_backup_stop",
    "pg_cancel_backend",
    "pg_copy_logical_replication_slot",
    "pg_copy_physical_replication_slot",
    "pg_create_logical_replication_slot",
    "pg_create_physical_replication_slot",
    "pg_create_restore_point",
    "pg_drop_replication_slot",
    "pg_file_rename",
    "pg_file_sync",
    "pg_file_unlink",
    "pg_file_write",
    "pg_log_backend_memory_contexts",
    "pg_logical_emit_message",
    "pg_logical_slot_get_binary_changes",
    "pg_logical_slot_get_changes",
    "pg_promote",
    "pg_reload_conf",
    "pg_replication_slot_advance",
    "pg_rotate_logfile",
    "pg_start_backup",
    "pg_stat_reset",
    "pg_stat_reset_shared",
    "pg_stat_reset_single_table_counters",
    "pg_stat_reset_replication_slot",
    "pg_stat_reset_slru",
    "pg_stat_reset_subscription_stats",
    "pg_stat_statements_reset",
    "pg_stop_backup",
    "pg_switch_wal",
    "pg_terminate_backend",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
    "pg_wal_replay_pause",
    "pg_wal_replay_resume",
    "postgres_fdw_disconnect",
    "postgres_fdw_disconnect_all",
];

/// How a statement is tried on a scratch copy, where nothing need be rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// In a transaction, whose locks tell something.
    InTransaction,
    /// By itself.
    Alone,
}

/// How a statement is tried on a scratch copy, or why not.
///
/// # Errors
/// It reaches beyond the database.
pub fn on_scratch(statement: &Statement<'_>, encoding: Encoding) -> Result<Manner, String> {
    let second = ["DATABASE", "TABLESPACE", "SYSTEM"];
    let first = ["CREATE", "ALTER", "DROP"];
    let reaches = first
        .iter()
        .any(|first| second.iter().any(|second| statement.begins_with(&[first, second])));
    if reaches {
        return Err(BEYOND.to_owned());
    }
    // What makes a value of an enumeration can't be used in its transaction, and once was refused in one.
    let adds_value = statement.begins_with(&["ALTER", "TYPE"]) && statement.has("ADD");
    match objection(statement, encoding) {
        None if adds_value && statement.has("VALUE") => Ok(Manner::Alone),
        None => Ok(Manner::InTransaction),
        Some(reason) if [TRANSACTION, ALONE, STAYS].contains(&reason.as_str()) => Ok(Manner::Alone),
        Some(reason) => Err(reason),
    }
}

/// Why a statement can't be tried, if so.
pub fn objection(statement: &Statement<'_>, encoding: Encoding) -> Option<String> {
    let beginning = BEGINNINGS.iter().find(|(keywords, _)| statement.begins_with(keywords));
    if let Some((_, reason)) = beginning {
        return Some((*reason).to_owned());
    }
    if needs_no_begin(statement.text(), encoding) {
        return Some(ALONE.to_owned());
    }
    if statement.begins_with(&["COPY"])
        && let Some(reason) = against_copy(statement)
    {
        return Some(reason.to_owned());
    }
    let function = FUNCTIONS.iter().find(|function| statement.calls(function))?;
    Some(format!("what {function} does is not rolled back"))
}

fn against_copy(statement: &Statement<'_>) -> Option<&'static str> {
    if statement.has("PROGRAM") {
        Some(PROGRAM)
    } else if statement.has("STDIN") || statement.has("STDOUT") {
        Some(DATA)
    } else if statement.has("TO") {
        Some(FILE)
    } else {
        None
    }
}

/// What a statement that can be tried leaves behind, if it says so itself.
pub fn caution(statement: &Statement<'_>) -> Option<&'static str> {
    let takes_numbers = ["nextval", "setval"].iter().any(|function| statement.calls(function));
    takes_numbers.then_some("Sequences stay as nextval and setval leave them.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safeguard::statements;

    #[test]
    fn what_can_be_tried() {
        for sql in [
            "delete from t",
            "alter table t add c int default random()",
            "create index on t (a)",
            "reindex table t",
            "cluster t",
            "drop table t",
            "truncate t",
            "select 1",
            "select 'pg_terminate_backend(1)'",
            "select pg_terminate_backend from t",
            "copy t from '/tmp/x'",
            "notify a",
            "lock table t",
            "set work_mem = 1",
            "do $$ begin commit; end $$",
            "create table program (a int)",
            "refresh materialized view concurrently m",
            "explain analyze delete from t",
        ] {
            for statement in statements(sql.as_bytes(), Encoding::Utf8) {
                assert_eq!(objection(&statement, Encoding::Utf8), None, "{sql}");
            }
        }
    }

    #[test]
    fn what_can_not() {
        for (sql, reason) in [
            ("commit", TRANSACTION),
            ("END", TRANSACTION),
            ("rollback to a", TRANSACTION),
            ("savepoint a", TRANSACTION),
            ("prepare transaction 'a'", TRANSACTION),
            ("prepare a as select 1", STAYS),
            ("vacuum t", ALONE),
            ("create database d", ALONE),
            ("drop database d", ALONE),
            ("create tablespace t location ''", ALONE),
            ("create index concurrently on t (a)", ALONE),
            ("reindex (verbose) table concurrently t", ALONE),
            ("drop index concurrently i", ALONE),
            ("alter system set a = 1", ALONE),
            ("/* c */ discard all", STAYS),
            ("load 'x'", STAYS),
            ("create subscription s connection '' publication p", SUBSCRIPTION),
            ("copy t to program 'x'", PROGRAM),
            ("copy t from program 'x'", PROGRAM),
            ("copy t to '/tmp/x'", FILE),
            ("copy (select 1) to '/tmp/x'", FILE),
            ("copy t from stdin", DATA),
            ("copy t to stdout", DATA),
            (
                "select pg_terminate_backend (1)",
                "what pg_terminate_backend does is not rolled back",
            ),
            ("select x.dblink_connect_u('c')", "what dblink_connect_u does is not rolled back"),
            ("select \"pg_stat_reset\"()", "what pg_stat_reset does is not rolled back"),
            ("select pg_catalog.pg_reload_conf()", "what pg_reload_conf does is not rolled back"),
        ] {
            let statements = statements(sql.as_bytes(), Encoding::Utf8);
            assert_eq!(objection(&statements[0], Encoding::Utf8).as_deref(), Some(reason), "{sql}");
        }
    }

    #[test]
    fn on_a_scratch_copy() {
        for (sql, expected) in [
            ("drop table t", Ok(Manner::InTransaction)),
            ("alter type t add attribute value int", Ok(Manner::Alone)),
            ("alter type t add value 'a' before 'b'", Ok(Manner::Alone)),
            ("vacuum full t", Ok(Manner::Alone)),
            ("create index concurrently on t (a)", Ok(Manner::Alone)),
            ("begin", Ok(Manner::Alone)),
            ("prepare a as select 1", Ok(Manner::Alone)),
            ("alter system set a = 1", Err(BEYOND.to_owned())),
            ("drop database d", Err(BEYOND.to_owned())),
            ("create tablespace t location ''", Err(BEYOND.to_owned())),
            ("copy t to program 'x'", Err(PROGRAM.to_owned())),
            ("copy t from stdin", Err(DATA.to_owned())),
            ("drop subscription s", Err(SUBSCRIPTION.to_owned())),
        ] {
            let statements = statements(sql.as_bytes(), Encoding::Utf8);
            assert_eq!(on_scratch(&statements[0], Encoding::Utf8), expected, "{sql}");
        }
    }

    #[test]
    fn sequences() {
        for (sql, has) in [("select nextval('s')", true), ("select 'nextval('", false)] {
            let statements = statements(sql.as_bytes(), Encoding::Utf8);
            assert_eq!(caution(&statements[0]).is_some(), has);
        }
    }
}
