//! What a transaction has done so far, as far as the command tags tell.

/// The commands whose rows are counted, and what became of the rows.
const COUNTED: [(&str, &str); 5] = [
    ("INSERT", "inserted"),
    ("UPDATE", "updated"),
    ("DELETE", "deleted"),
    ("MERGE", "merged"),
    ("COPY", "copied"),
];

/// Commands that change nothing that a transaction could take back.
const PASSED_OVER: [&str; 23] = [
    "ABORT",
    "ANALYZE",
    "BEGIN",
    "CHECKPOINT",
    "CLOSE",
    "DEALLOCATE",
    "DECLARE",
    "DISCARD",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "LISTEN",
    "LOCK",
    "MOVE",
    "PREPARE",
    "RELEASE",
    "RESET",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "UNLISTEN",
    "VALUES",
];

/// How many kinds of other commands are named.
const MOST_COMMANDS: usize = 5;

/// What a transaction has done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    rows: [u64; COUNTED.len()],
    /// The other commands, by tag, in the order in which they came first.
    commands: Vec<(String, u64)>,
    rolled_back: bool,
}

impl Tally {
    /// Takes note of a command that was done inside the transaction.
    pub fn note(&mut self, tag: &[u8]) {
        let tag = String::from_utf8_lossy(tag);
        let verb = tag.split(' ').next().unwrap_or_default();
        if verb == "COMMIT" {
            // Behind AND CHAIN the next transaction is open already.
            *self = Tally::default();
            return;
        }
        if verb == "ROLLBACK" {
            self.rolled_back |= !self.is_empty();
            return;
        }
        if let Some(kind) = COUNTED.iter().position(|(counted, _)| *counted == verb) {
            let rows = tag.rsplit(' ').next().and_then(|count| count.parse().ok());
            self.rows[kind] = self.rows[kind].saturating_add(rows.unwrap_or(0));
            return;
        }
        if verb.is_empty() || PASSED_OVER.contains(&verb) {
            return;
        }
        match self.commands.iter_mut().find(|(command, _)| *command == tag) {
            Some((_, times)) => *times += 1,
            None => self.commands.push((tag.into_owned(), 1)),
        }
    }

    /// Whether it has done nothing, as far as is known.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|rows| *rows == 0) && self.commands.is_empty()
    }

    /// `3 rows updated, 1 inserted, CREATE TABLE`
    pub fn in_words(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (rows, (_, done)) in self.rows.iter().zip(COUNTED).filter(|(rows, _)| **rows > 0) {
            let unit = match (parts.is_empty(), rows) {
                (false, _) => "",
                (true, 1) => " row",
                (true, _) => " rows",
            };
            parts.push(format!("{rows}{unit} {done}"));
        }
        for (command, times) in self.commands.iter().take(MOST_COMMANDS) {
            let times = if *times > 1 { format!(" ({times} times)") } else { String::new() };
            parts.push(format!("{command}{times}"));
        }
        let others = self.commands.len().saturating_sub(MOST_COMMANDS);
        if others > 0 {
            parts.push(format!("{others} other kinds of commands"));
        }
        let undone = if self.rolled_back { " (less what ROLLBACK TO took back)" } else { "" };
        parts.join(", ") + undone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done() {
        for (tags, expected) in [
            (&["BEGIN", "SELECT 5", "SET", "SAVEPOINT", "ROLLBACK"][..], ""),
            (&["INSERT 0 1"], "1 row inserted"),
            (&["UPDATE 2", "INSERT 0 3", "UPDATE 5"], "3 rows inserted, 7 updated"),
            (&["DELETE 0"], ""),
            (&["COPY 10", "MERGE 2"], "2 rows merged, 10 copied"),
            (&["CREATE TABLE", "CREATE TABLE", "GRANT"], "CREATE TABLE (2 times), GRANT"),
            (&["UPDATE 1", "ROLLBACK"], "1 row updated (less what ROLLBACK TO took back)"),
            (&["A", "B", "C", "D", "E", "F", "G"], "A, B, C, D, E, 2 other kinds of commands"),
            (&["UPDATE 1", "DROP TABLE", "ROLLBACK", "COMMIT", "DELETE 2"], "2 rows deleted"),
            (&["", "UPDATE", "UPDATE x"], ""),
        ] {
            let mut tally = Tally::default();
            for tag in tags {
                tally.note(tag.as_bytes());
            }
            assert_eq!(tally.in_words(), expected, "{tags:?}");
            assert_eq!(tally.is_empty(), expected.is_empty(), "{tags:?}");
        }
    }
}
