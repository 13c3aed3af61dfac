//! How far a program has come: from what it says, and from what there is to copy.

use crate::progress::Transfer;
use std::collections::{HashMap, VecDeque};

/// What follows a program's work.
pub trait Follower {
    /// Takes a line of its standard error; whether it is one of those that only tell how it goes on.
    fn takes(&mut self, line: &str) -> bool;
    /// Tells how far it has come.
    fn tell(&self, transfer: &mut Transfer);
}

/// Follows `pg_dump --verbose`.
pub struct DumpFollower {
    sizes: HashMap<String, u64>,
    done: u64,
    /// The tables at work, with their sizes.
    current: VecDeque<(String, u64)>,
    jobs: usize,
}

impl DumpFollower {
    /// For tables of these sizes, so many at once.
    pub fn new(sizes: HashMap<String, u64>, jobs: u32) -> DumpFollower {
        let jobs = usize::try_from(jobs.max(1)).unwrap_or(1);
        DumpFollower { sizes, done: 0, current: VecDeque::new(), jobs }
    }
}

impl Follower for DumpFollower {
    fn takes(&mut self, line: &str) -> bool {
        if let Some((_, name)) = line.split_once(": dumping contents of table ") {
            let name = name.trim_matches('"').to_owned();
            if self.current.len() >= self.jobs {
                self.done += self.current.pop_front().map_or(0, |(_, size)| size);
            }
            let size = self.sizes.get(&name).copied().unwrap_or(0);
            self.current.push_back((name, size));
            return true;
        }
        is_chatter(line)
    }

    fn tell(&self, transfer: &mut Transfer) {
        let relation = self.current.back().map_or("", |(name, _)| name);
        transfer.set_what(["dumping", relation].join(" ").trim_end());
        transfer.set_done(self.done);
    }
}

/// Follows `pg_basebackup --progress`.
#[derive(Default)]
pub struct BaseBackupFollower {
    phase: String,
    done: u64,
}

impl Follower for BaseBackupFollower {
    /// `  23145/45120 kB (51%), 0/1 tablespace (...)`
    fn takes(&mut self, line: &str) -> bool {
        let Some(done) = kilobytes(line) else {
            if let Some((_, phase)) =
                line.split_once("pg_basebackup: ").filter(|_| is_chatter(line))
            {
                self.phase = phase.chars().take(40).collect();
                return true;
            }
            return is_chatter(line);
        };
        self.done = done * 1024;
        self.phase.clear();
        true
    }

    fn tell(&self, transfer: &mut Transfer) {
        transfer.set_what(["base backup", &self.phase].join(" ").trim_end());
        transfer.set_done(self.done);
    }
}

fn kilobytes(line: &str) -> Option<u64> {
    let (numbers, _) = line.trim_start().split_once(" kB (")?;
    numbers.split_once('/')?.0.parse().ok()
}

/// Whether a line only tells how it goes on: programs mark what is wrong, and what belongs to it.
pub fn is_chatter(line: &str) -> bool {
    const MARKS: [&str; 5] = ["error: ", "fatal: ", "warning: ", "detail: ", "hint: "];
    let programs = ["pg_dump: ", "pg_dumpall: ", "pg_basebackup: ", "pg_restore: "];
    let said = programs.iter().find_map(|program| line.strip_prefix(program));
    said.is_some_and(|said| !MARKS.iter().any(|mark| said.starts_with(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_goes_from_table_to_table() {
        let sizes = [("public.a", 100), ("public.b b", 300), ("public.c", 50)];
        let sizes: HashMap<_, _> =
            sizes.into_iter().map(|(name, size)| (name.to_owned(), size)).collect();
        let mut serial = DumpFollower::new(sizes.clone(), 1);
        let mut parallel = DumpFollower::new(sizes, 2);
        for (name, done, done_by_two) in [("a", 0, 0), ("b b", 100, 0), ("c", 400, 100)] {
            let line = format!("pg_dump: dumping contents of table \"public.{name}\"");
            assert!(serial.takes(&line) && parallel.takes(&line));
            assert_eq!((serial.done, parallel.done), (done, done_by_two));
            assert_eq!(
                serial.current.back().map(|(name, _)| name.clone()),
                Some(format!("public.{name}"))
            );
        }
        assert!(!serial.takes("pg_dump: warning: there are circular foreign-key constraints"));
        assert!(serial.takes("pg_dump: reading schemas"));
    }

    #[test]
    fn a_base_backup_tells_kilobytes() {
        let mut follower = BaseBackupFollower::default();
        assert!(
            follower
                .takes("pg_basebackup: initiating base backup, waiting for checkpoint to complete")
        );
        assert_eq!(follower.phase, "initiating base backup, waiting for chec");
        assert!(follower.takes("  2048/45120 kB (4%), 0/1 tablespace (...d/x/base/5/1249)"));
        assert_eq!(follower.done, 2048 << 10);
        assert!(
            !follower.takes(
                "pg_basebackup: error: could not write to file \"x\": No space left on device"
            )
        );
        assert!(!follower.takes("WARNING:  something of the server"));
    }
}
