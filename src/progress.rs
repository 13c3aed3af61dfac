//! How far a long statement, or a transfer of data, has come: the question to ask the server, and the
//! line to show.
//!
//! Owns what the `pg_stat_progress_` views of each version mean (PostgreSQL's documentation,
//! "Progress Reporting"). Asks nobody and writes nowhere.
//!
//! All of them are queried but `pg_stat_progress_basebackup`: only BASE_BACKUP has rows there,
//! which only a replication connection can run, and such a connection has no helper to ask. `\!
//! pg_basebackup` is another process.

mod line;
mod transfer;

use crate::catalog_query::CatalogQuery;
use crate::encoding::Encoding;
use line::{Line, amount, clock, pace, percentage, share, time_left};
use std::time::{Duration, Instant};

pub use line::size;
pub use transfer::Transfer;

/// The command of a row that tells of a lock.
const WAITING: &str = "waiting";

/// The query for what the backend `pid` is at, on a server of this version: the command, the
/// relation, the phase, how much is done and of how much, in a unit, and how many rows beside it.
/// No row if the server reports none; `None` if its version never does.
pub fn query(pid: i32, version: i32) -> Option<CatalogQuery> {
    const BLOCKED: &str = "SELECT 'waiting', COALESCE(b.query, ''), \
         COALESCE(b.application_name, ''), pg_catalog.date_part('epoch', \
         pg_catalog.clock_timestamp() - b.xact_start)::pg_catalog.int8, p.p, \
         pg_catalog.concat_ws(', ', b.usename, b.state), pg_catalog.count(*) OVER () - 1 \
         FROM pg_catalog.pg_stat_activity a \
         CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(a.pid)) p \
         LEFT JOIN pg_catalog.pg_stat_activity b ON b.pid = p.p \
         WHERE a.wait_event_type = 'Lock' AND a.pid = {pid}";
    const OLD_VACUUM: &str = "SELECT 'VACUUM', relid::pg_catalog.regclass::pg_catalog.text, phase, \
         CASE phase WHEN 'scanning heap' THEN heap_blks_scanned \
         WHEN 'vacuuming heap' THEN heap_blks_vacuumed END, \
         CASE WHEN phase IN ('scanning heap', 'vacuuming heap') THEN heap_blks_total END, \
         'blocks', 0 FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = {pid}";
    const VACUUM: &str = "SELECT 'VACUUM', relid::pg_catalog.regclass::pg_catalog.text, phase, \
         CASE phase WHEN 'scanning heap' THEN heap_blks_scanned \
         WHEN 'vacuuming heap' THEN heap_blks_vacuumed ELSE indexes_processed END, \
         CASE WHEN phase IN ('scanning heap', 'vacuuming heap') THEN heap_blks_total \
         ELSE indexes_total END, \
         'blocks', 0 FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = {pid}";
    const CREATE_INDEX: &str = "SELECT command, relid::pg_catalog.regclass::pg_catalog.text, phase, \
         CASE WHEN lockers_total > 0 THEN lockers_done WHEN blocks_total > 0 THEN blocks_done \
         ELSE tuples_done END, CASE WHEN lockers_total > 0 THEN lockers_total \
         WHEN blocks_total > 0 THEN blocks_total ELSE tuples_total END, 'rows', 0 \
         FROM pg_catalog.pg_stat_progress_create_index WHERE pid = {pid}";
    const CLUSTER: &str = "SELECT command, relid::pg_catalog.regclass::pg_catalog.text, phase, \
         CASE phase WHEN 'seq scanning heap' THEN heap_blks_scanned \
         WHEN 'index scanning heap' THEN heap_tuples_scanned \
         WHEN 'writing new heap' THEN heap_tuples_written \
         WHEN 'rebuilding index' THEN index_rebuild_count END, \
         CASE phase WHEN 'seq scanning heap' THEN heap_blks_total \
         WHEN 'writing new heap' THEN heap_tuples_scanned END, \
         CASE phase WHEN 'rebuilding index' THEN 'done' ELSE 'rows' END, 0 \
         FROM pg_catalog.pg_stat_progress_cluster WHERE pid = {pid}";
    const ANALYZE: &str = "SELECT 'ANALYZE', relid::pg_catalog.regclass::pg_catalog.text, phase, \
         CASE phase WHEN 'acquiring sample rows' THEN sample_blks_scanned \
         WHEN 'acquiring inherited sample rows' THEN sample_blks_scanned \
         WHEN 'computing extended statistics' THEN ext_stats_computed END, \
         CASE phase WHEN 'acquiring sample rows' THEN sample_blks_total \
         WHEN 'acquiring inherited sample rows' THEN sample_blks_total \
         WHEN 'computing extended statistics' THEN ext_stats_total END, 'blocks', 0 \
         FROM pg_catalog.pg_stat_progress_analyze WHERE pid = {pid}";
    const COPY: &str = "SELECT command, CASE WHEN relid <> 0 THEN \
         relid::pg_catalog.regclass::pg_catalog.text ELSE '' END, '', \
         bytes_processed, bytes_total, 'bytes', tuples_processed \
         FROM pg_catalog.pg_stat_progress_copy WHERE pid = {pid}";
    let views = [
        (90_600..i32::MAX, BLOCKED),
        (90_600..170_000, OLD_VACUUM),
        (120_000..i32::MAX, CREATE_INDEX),
        (120_000..i32::MAX, CLUSTER),
        (130_000..i32::MAX, ANALYZE),
        (140_000..i32::MAX, COPY),
        (170_000..i32::MAX, VACUUM),
    ];
    let known = views.iter().filter(|(versions, _)| versions.contains(&version));
    let queries: Vec<&str> = known.map(|(_, view)| *view).collect();
    let sql = queries.join(" UNION ALL ").replace("{pid}", &pid.to_string());
    (!queries.is_empty()).then(|| CatalogQuery::new(sql, Encoding::Utf8))
}

/// What the server reports of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// How far it has come.
    Progress(Progress),
    /// It waits for a lock.
    Blocked(Blocker),
}

/// How far a statement has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The command: `CREATE INDEX`.
    pub command: String,
    /// The relation it works on, if that is one.
    pub relation: String,
    /// The phase it is in.
    pub phase: String,
    /// How much of the phase is done, in units.
    pub done: u64,
    /// How much there is to do; 0 if that is unknown.
    pub total: u64,
    /// The unit: `blocks`, `rows`, `bytes`.
    pub unit: String,
    /// How many rows are done; 0 if that is unknown.
    pub rows: u64,
}

/// Who holds a lock that a statement waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocker {
    /// The server process; 0 is a prepared transaction.
    pub pid: u64,
    /// Its application's name; empty if it has none, or hides it.
    pub application: String,
    /// Its user and what it is at: `alice, idle in transaction`.
    pub state: String,
    /// How many seconds ago its transaction began.
    pub age: Option<u64>,
    /// What it runs, or ran last.
    pub query: String,
    /// How many others are in the way as well.
    pub others: u64,
}

impl Report {
    /// From a row of the query.
    pub fn new(row: &[Option<String>]) -> Report {
        let text = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        let number = |at: usize| text(at).parse().ok();
        let command = text(0);
        if command == WAITING {
            return Report::Blocked(Blocker {
                pid: number(4).unwrap_or(0),
                application: text(2),
                state: text(5),
                age: number(3),
                query: text(1),
                others: number(6).unwrap_or(0),
            });
        }
        Report::Progress(Progress {
            command,
            // The helper has no search_path, so that every name bears its schema.
            relation: without_public(text(1)),
            phase: text(2),
            done: number(3).unwrap_or(0),
            total: number(4).unwrap_or(0),
            unit: text(5),
            rows: number(6).unwrap_or(0),
        })
    }
}

impl Blocker {
    /// `waiting for process 4711 (psql, alice, idle in transaction, began 0:12 ago): UPDATE ...`
    fn text(&self) -> String {
        let age = self.age.map(|age| format!("began {} ago", clock(Duration::from_secs(age))));
        let known = [&self.application, &self.state].map(String::as_str);
        let known = known.into_iter().chain(age.as_deref()).filter(|text| !text.is_empty());
        let known = known.collect::<Vec<_>>().join(", ");
        let mut text = match self.pid {
            0 => "waiting for a prepared transaction".to_owned(),
            pid => format!("waiting for process {pid}"),
        };
        if !known.is_empty() {
            text += &format!(" ({known})");
        }
        if self.others > 0 {
            text += &format!(" and {} more", self.others);
        }
        let query = self.query.split_whitespace().collect::<Vec<_>>().join(" ");
        if query.is_empty() { text } else { format!("{text}: {query}") }
    }
}

fn without_public(relation: String) -> String {
    relation.strip_prefix("public.").map(str::to_owned).unwrap_or(relation)
}

/// Follows a statement from phase to phase.
#[derive(Debug)]
pub struct Watch {
    began: Instant,
    /// The first report of the present phase, and when it came.
    first: Option<(Progress, Instant)>,
}

impl Watch {
    /// For a statement that began then.
    pub fn new(began: Instant) -> Watch {
        Watch { began, first: None }
    }

    /// The line to show `now`, of at most so many columns: how long the statement has run, what the
    /// server reports of it, cut if need be, and how to stop it.
    pub fn line(&mut self, report: Option<&Report>, now: Instant, columns: usize) -> String {
        let mut line = Line::new(now.saturating_duration_since(self.began), columns);
        match report {
            None => {}
            Some(Report::Blocked(blocker)) => line.add(&blocker.text()),
            Some(Report::Progress(progress)) => self.add_progress(&mut line, progress, now),
        }
        line.finish()
    }

    /// Adds what the statement is at, then as many of the numbers as there is room for, and the bar
    /// last of all.
    fn add_progress(&mut self, line: &mut Line, report: &Progress, now: Instant) {
        let same = |first: &Progress| {
            (&first.command, &first.relation, &first.phase, first.total)
                == (&report.command, &report.relation, &report.phase, report.total)
        };
        if !self.first.as_ref().is_some_and(|(first, _)| same(first)) {
            self.first = Some((report.clone(), now));
        }
        let phase = report.phase.strip_prefix("building index: ").unwrap_or(&report.phase);
        for word in [&report.command, &report.relation, phase] {
            line.add(word);
        }
        line.add_numbers(share(report.done, report.total), self.numbers(report, now));
    }

    /// The numbers to show: the share done, if the total is known; for data, or without a total, how
    /// much and how fast.
    fn numbers(&self, report: &Progress, now: Instant) -> Vec<String> {
        let done = self.pace(report, now, |report| report.done);
        let rows = self.pace(report, now, |report| report.rows);
        let share = share(report.done, report.total);
        let counts = report.total == 0 || report.unit == "bytes";
        let numbers = [
            share.map(percentage),
            share.and(done).and_then(|pace| time_left(report.done, report.total, pace)),
            counts.then(|| amount(report.done, done, &report.unit)).flatten(),
            amount(report.rows, rows, "rows"),
        ];
        numbers.into_iter().flatten().collect()
    }

    /// How much is done in a second, if the phase has been watched for long enough.
    fn pace(&self, report: &Progress, now: Instant, done: fn(&Progress) -> u64) -> Option<f64> {
        let (first, at) = self.first.as_ref()?;
        pace(done(report).checked_sub(done(first))?, now.saturating_duration_since(*at))
    }
}

#[cfg(test)]
mod tests {
    use super::line::STOP;
    use super::*;

    fn report(phase: &str, done: u64, total: u64) -> Report {
        Report::Progress(Progress {
            command: "CREATE INDEX".into(),
            relation: "har\u{1b}vest".into(),
            phase: phase.into(),
            done,
            total,
            unit: "rows".into(),
            rows: 0,
        })
    }

    #[test]
    fn lines() {
        let began = Instant::now();
        let mut watch = Watch::new(began);
        let mut check = |seconds, report: Report, expected: &str| {
            let line = watch.line(Some(&report), began + Duration::from_secs(seconds), 79);
            assert_eq!(line, format!("{expected}{STOP}"));
        };
        check(1, report("", 0, 0), "0:01 CREATE INDEX har?vest");
        check(2, report("a", 0, 100), "0:02 CREATE INDEX har?vest a [----------] 0%");
        check(3, report("a", 1, 100), "0:03 CREATE INDEX har?vest a [----------] 1%");
        check(4, report("a", 50, 100), "0:04 CREATE INDEX har?vest a [#####-----] 50% 0:02 left");
        check(
            3602,
            report("a", 100, 100),
            "1:00:02 CREATE INDEX har?vest a [##########] 100% 0:00 left",
        );
        // Another phase is another matter.
        check(3700, report("b", 60, 50), "1:01:40 CREATE INDEX har?vest b [##########] 100%");
        check(3800, report("c", 12, 0), "1:03:20 CREATE INDEX har?vest c 12 rows");
        check(3804, report("c", 52, 0), "1:03:24 CREATE INDEX har?vest c 52 rows (10/s)");
        check(
            3800,
            report(&"d".repeat(90), 1, 2),
            &format!("1:03:20 CREATE INDEX har?vest {}", "d".repeat(32)),
        );
        // The bar is the first to go.
        check(
            4000,
            report("building index: scanning table, as it were", 1, 2),
            "1:06:40 CREATE INDEX har?vest scanning table, as it were 50%",
        );
    }

    #[test]
    fn a_clock_at_least() {
        let began = Instant::now();
        for (columns, expected) in [(79, "0:01 (Ctrl-C cancels)"), (21, "0:01"), (4, "0:01")] {
            let line = Watch::new(began).line(None, began + Duration::from_secs(1), columns);
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn whose_lock() {
        let began = Instant::now();
        let row = |fields: [&str; 7]| fields.map(|field| Some(field.to_owned()));
        for (fields, expected) in [
            (
                row(["waiting", "update t\n  set a = 1", "psql", "12", "47", "ann, active", "0"]),
                "waiting for process 47 (psql, ann, active, began 0:12 ago): update t set a = 1",
            ),
            (
                row(["waiting", "", "", "", "47", "ann", "2"]),
                "waiting for process 47 (ann) and 2 more",
            ),
            (row(["waiting", "", "", "", "0", "", "0"]), "waiting for a prepared transaction"),
        ] {
            let report = Report::new(&fields);
            let line = Watch::new(began).line(Some(&report), began, 200);
            assert_eq!(line, format!("0:00 {expected}{STOP}"));
            let cut = Watch::new(began).line(Some(&report), began, 50);
            assert_eq!(cut, format!("0:00 {}{STOP}", expected.get(..28).unwrap_or(expected)));
        }
        // Two columns each: an odd one stays empty.
        let wide = row(["waiting", "", "東京", "", "4", "", "0"]);
        let line = Watch::new(began).line(Some(&Report::new(&wide)), began, 48);
        assert_eq!(line, format!("0:00 waiting for process 4 (東{STOP}"));
    }

    #[test]
    fn amounts_of_data() {
        let began = Instant::now();
        let mut watch = Watch::new(began);
        let mut check = |seconds, done, total, rows, columns, expected: &str| {
            let report = Report::Progress(Progress {
                command: "COPY FROM".into(),
                relation: "harvest".into(),
                done,
                total,
                unit: "bytes".into(),
                rows,
                ..Progress::default()
            });
            let now = began + Duration::from_secs(seconds);
            let line = watch.line(Some(&report), now, columns + STOP.len());
            assert_eq!(line, format!("{expected}{STOP}"));
        };
        check(1, 0, 0, 0, 80, "0:01 COPY FROM harvest");
        check(2, 900, 0, 10, 80, "0:02 COPY FROM harvest 900 bytes 10 rows");
        let after = "3.0 MB (1.0 MB/s) 30 rows (10/s)";
        check(4, 3 << 20, 0, 30, 80, &format!("0:04 COPY FROM harvest {after}"));
        let bar = "[##--------] 25%";
        check(5, 1 << 30, 4 << 30, 5, 80, &format!("0:05 COPY FROM harvest {bar} 1.0 GB 5 rows"));
        let half = "50% 0:08 left 2.0 GB (256 MB/s)";
        let line = format!("0:09 COPY FROM harvest [#####-----] {half} 4005 rows (1000/s)");
        check(9, 2 << 30, 4 << 30, 4005, 100, &line);
        // A number is not cut in the middle.
        check(9, 2 << 30, 4 << 30, 4005, 70, &format!("0:09 COPY FROM harvest {half}"));
    }

    #[test]
    fn what_a_server_can_tell() {
        let sql = |version| {
            let query = query(7, version)?;
            Some(String::from_utf8_lossy(query.as_bytes()).replace("OPERATOR(pg_catalog.=)", "="))
        };
        let views = |version| sql(version).map_or(0, |sql| sql.matches("pid = 7").count());
        let counts = [90_500, 90_600, 110_000, 120_000, 130_000, 180_000].map(views);
        assert_eq!(counts, [0, 2, 2, 4, 5, 6]);
        let indexes = |version| sql(version).is_some_and(|sql| sql.contains("indexes_total"));
        assert_eq!([160_000, 170_000].map(indexes), [false, true]);
    }

    #[test]
    fn rows_that_lack_something() {
        assert_eq!(Report::new(&[]), Report::Progress(Progress::default()));
        let row = [Some("COPY FROM".to_owned()), None, None, Some("x".to_owned())];
        let copy = Progress { command: "COPY FROM".into(), ..Progress::default() };
        assert_eq!(Report::new(&row), Report::Progress(copy));
    }
}
