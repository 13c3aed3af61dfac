//! The modes of locks on tables, the weakest first (PostgreSQL's documentation, "Explicit Locking").

/// A mode: its name in `pg_locks`, as LOCK TABLE has it, and what others can't do meanwhile.
pub(super) struct Mode {
    pub internal: &'static str,
    pub name: &'static str,
    pub blocks: &'static str,
}

const fn mode(internal: &'static str, name: &'static str, blocks: &'static str) -> Mode {
    Mode { internal, name, blocks }
}

pub(super) const MODES: [Mode; 8] = [
    mode("AccessShareLock", "ACCESS SHARE", "DROP, TRUNCATE, most ALTER TABLE"),
    mode("RowShareLock", "ROW SHARE", "DROP, TRUNCATE, most ALTER TABLE"),
    mode("RowExclusiveLock", "ROW EXCLUSIVE", "CREATE INDEX, ALTER TABLE, DROP, TRUNCATE"),
    mode(
        "ShareUpdateExclusiveLock",
        "SHARE UPDATE EXCLUSIVE",
        "VACUUM, ANALYZE, changes of schema",
    ),
    mode("ShareLock", "SHARE", "INSERT, UPDATE, DELETE"),
    mode("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE", "INSERT, UPDATE, DELETE"),
    mode("ExclusiveLock", "EXCLUSIVE", "all but SELECT"),
    mode("AccessExclusiveLock", "ACCESS EXCLUSIVE", "everything, even SELECT"),
];

/// How strong a mode of `pg_locks` is.
pub(super) fn strength(internal: &[u8]) -> Option<usize> {
    MODES.iter().position(|mode| mode.internal.as_bytes() == internal)
}
