//! How far a long statement has come: the question to ask the server, and the line to show.
//!
//! Owns what the `pg_stat_progress_` views of each version mean (PostgreSQL's documentation,
//! "Progress Reporting"). Asks nobody and writes nowhere.

use std::time::{Duration, Instant};

/// How many cells the bar has.
const BAR: usize = 20;
/// How long a phase is watched before its end is foretold.
const LEARNING: Duration = Duration::from_secs(2);

/// The query for what the backend `pid` is at, on a server of this version: the command, the
/// relation, the phase, how much is done and of how much, in a unit if there is no "how much".
/// `None` if the server has nothing to tell.
pub fn sql(pid: i32, version: i32) -> Option<String> {
    const BLOCKED: &str = "SELECT 'waiting', '', 'for ' || pg_catalog.string_agg(pg_catalog.format(\
         'process %s (%s, %s)', b.pid, b.usename, b.state), ', '), 0, 0, '' \
         FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_stat_activity b \
         ON b.pid = ANY (pg_catalog.pg_blocking_pids(a.pid)) \
         WHERE a.wait_event_type = 'Lock' AND a.pid = {pid} HAVING count(*) > 0";
    const VACUUM: &str = "SELECT 'VACUUM', relid::pg_catalog.regclass::text, phase, \
         CASE phase WHEN 'scanning heap' THEN heap_blks_scanned \
         WHEN 'vacuuming heap' THEN heap_blks_vacuumed END, heap_blks_total, '' \
         FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = {pid}";
    const CREATE_INDEX: &str = "SELECT command, relid::pg_catalog.regclass::text, phase, \
         CASE WHEN lockers_total > 0 THEN lockers_done WHEN blocks_total > 0 THEN blocks_done \
         ELSE tuples_done END, CASE WHEN lockers_total > 0 THEN lockers_total \
         WHEN blocks_total > 0 THEN blocks_total ELSE tuples_total END, 'rows' \
         FROM pg_catalog.pg_stat_progress_create_index WHERE pid = {pid}";
    const CLUSTER: &str = "SELECT command, relid::pg_catalog.regclass::text, phase, \
         CASE phase WHEN 'seq scanning heap' THEN heap_blks_scanned \
         WHEN 'writing new heap' THEN heap_tuples_written ELSE heap_tuples_scanned END, \
         CASE phase WHEN 'seq scanning heap' THEN heap_blks_total \
         WHEN 'writing new heap' THEN heap_tuples_scanned ELSE 0 END, 'rows' \
         FROM pg_catalog.pg_stat_progress_cluster WHERE pid = {pid}";
    const ANALYZE: &str = "SELECT 'ANALYZE', relid::pg_catalog.regclass::text, phase, \
         sample_blks_scanned, sample_blks_total, '' \
         FROM pg_catalog.pg_stat_progress_analyze WHERE pid = {pid}";
    const COPY: &str = "SELECT command, CASE WHEN relid <> 0 THEN \
         relid::pg_catalog.regclass::text ELSE '' END, '', CASE WHEN bytes_total > 0 \
         THEN bytes_processed ELSE tuples_processed END, bytes_total, 'rows' \
         FROM pg_catalog.pg_stat_progress_copy WHERE pid = {pid}";
    let views = [
        (90_600, BLOCKED),
        (90_600, VACUUM),
        (120_000, CREATE_INDEX),
        (120_000, CLUSTER),
        (130_000, ANALYZE),
        (140_000, COPY),
    ];
    let known = views.iter().filter(|(since, _)| version >= *since);
    let queries: Vec<&str> = known.map(|(_, view)| *view).collect();
    (!queries.is_empty()).then(|| queries.join(" UNION ALL ").replace("{pid}", &pid.to_string()))
}

/// What the server told of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Report {
    pub command: String,
    pub relation: String,
    pub phase: String,
    pub done: u64,
    /// 0 is unknown.
    pub total: u64,
    pub unit: String,
}

impl Report {
    /// From a row of the query.
    pub fn new(row: &[Option<String>]) -> Report {
        let text = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        let number = |at| text(at).parse().unwrap_or(0);
        Report {
            command: text(0),
            relation: text(1),
            phase: text(2),
            done: number(3),
            total: number(4),
            unit: text(5),
        }
    }
}

/// Follows a statement from phase to phase.
#[derive(Debug)]
pub struct Watch {
    began: Instant,
    /// The first report of the present phase, and when it came.
    first: Option<(Report, Instant)>,
}

impl Watch {
    /// For a statement that began then.
    pub fn new(began: Instant) -> Watch {
        Watch { began, first: None }
    }

    /// The line to show for the report that came `now`, of at most so many characters.
    pub fn line(&mut self, report: &Report, now: Instant, columns: usize) -> String {
        let same = |first: &Report| {
            (&first.command, &first.relation, &first.phase, first.total)
                == (&report.command, &report.relation, &report.phase, report.total)
        };
        if !self.first.as_ref().is_some_and(|(first, _)| same(first)) {
            self.first = Some((report.clone(), now));
        }
        let mut parts = vec![clock(now.saturating_duration_since(self.began))];
        let words = [&report.command, &report.relation, &report.phase];
        parts.extend(words.into_iter().filter(|word| !word.is_empty()).cloned());
        if report.total > 0 {
            let share = (report.done as f64 / report.total as f64).min(1.0);
            let filled = (share * BAR as f64) as usize;
            parts.push(format!("[{}{}]", "#".repeat(filled), "-".repeat(BAR - filled)));
            parts.push(format!("{:.0}%", (share * 100.0).floor()));
            parts.extend(self.left(report, now).map(|left| format!("{} left", clock(left))));
        } else if report.done > 0 {
            parts.push(format!("{} {}", report.done, report.unit));
        }
        // A name with control characters would be obeyed by the terminal.
        let line = parts.join(" ").replace(char::is_control, "?");
        line.chars().take(columns).collect()
    }

    /// How long the phase will take, if it goes on as it went.
    fn left(&self, report: &Report, now: Instant) -> Option<Duration> {
        let (first, at) = self.first.as_ref()?;
        let took = now.saturating_duration_since(*at);
        let done = report.done.checked_sub(first.done).filter(|done| *done > 0)?;
        if took < LEARNING {
            return None;
        }
        let todo = report.total.saturating_sub(report.done);
        Duration::try_from_secs_f64(took.as_secs_f64() * todo as f64 / done as f64).ok()
    }
}

/// `1:02`, `1:00:02`
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    match minutes / 60 {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{:02}:{seconds:02}", minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(phase: &str, done: u64, total: u64) -> Report {
        Report {
            command: "CREATE INDEX".into(),
            relation: "har\u{1b}vest".into(),
            phase: phase.into(),
            done,
            total,
            unit: "rows".into(),
        }
    }

    #[test]
    fn lines() {
        let began = Instant::now();
        let mut watch = Watch::new(began);
        let mut check = |seconds, report: Report, expected: &str| {
            assert_eq!(watch.line(&report, began + Duration::from_secs(seconds), 70), expected);
        };
        check(1, report("", 0, 0), "0:01 CREATE INDEX har?vest");
        check(2, report("a", 0, 100), "0:02 CREATE INDEX har?vest a [--------------------] 0%");
        check(3, report("a", 1, 100), "0:03 CREATE INDEX har?vest a [--------------------] 1%");
        check(
            4,
            report("a", 50, 100),
            "0:04 CREATE INDEX har?vest a [##########----------] 50% 0:02 left",
        );
        check(
            3602,
            report("a", 100, 100),
            "1:00:02 CREATE INDEX har?vest a [####################] 100% 0:00 left",
        );
        // Another phase is another matter.
        check(
            3700,
            report("b", 60, 50),
            "1:01:40 CREATE INDEX har?vest b [####################] 100%",
        );
        check(3800, report("c", 12, 0), "1:03:20 CREATE INDEX har?vest c 12 rows");
        check(
            3800,
            report(&"d".repeat(90), 1, 2),
            &format!("1:03:20 CREATE INDEX har?vest {}", "d".repeat(40)),
        );
    }

    #[test]
    fn what_a_server_can_tell() {
        let views = |version| sql(7, version).map_or(0, |sql| sql.matches("pid = 7").count());
        let counts = [90_500, 90_600, 110_000, 120_000, 130_000, 180_000].map(views);
        assert_eq!(counts, [0, 2, 2, 4, 5, 6]);
    }

    #[test]
    fn rows_that_lack_something() {
        assert_eq!(Report::new(&[]), Report::default());
        let row = [Some("COPY FROM".to_owned()), None, None, Some("x".to_owned())];
        assert_eq!(Report::new(&row), Report { command: "COPY FROM".into(), ..Report::default() });
    }
}
