//! How far a long statement has come: the question to ask the server, and the line to show.
//!
//! Owns what the `pg_stat_progress_` views of each version mean (PostgreSQL's documentation,
//! "Progress Reporting"). Asks nobody and writes nowhere.
//!
//! All of them are queried but `pg_stat_progress_basebackup`: only BASE_BACKUP has rows there,
//! which only a replication connection can run, and such a connection has no helper to ask. `\!
//! pg_basebackup` is another process.

use crate::catalog_query::CatalogQuery;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::is_unsafe;
use std::time::{Duration, Instant};

/// How many cells the bar has.
const BAR: usize = 20;
/// How long a phase is watched before its rate and the time left are shown.
const LEARNING_TIME: Duration = Duration::from_secs(2);

/// The query for what the backend `pid` is at, on a server of this version: the command, the
/// relation, the phase, how much is done and of how much, in a unit, and how many rows beside it.
/// No row if the server reports none; `None` if its version never does.
pub fn query(pid: i32, version: i32) -> Option<CatalogQuery> {
    const BLOCKED: &str = "SELECT 'waiting', '', 'for ' || pg_catalog.string_agg(pg_catalog.format(\
         'process %s (%s, %s)', b.pid, b.usename, b.state), ', '), 0, 0, '', 0 \
         FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_stat_activity b \
         ON b.pid = ANY (pg_catalog.pg_blocking_pids(a.pid)) \
         WHERE a.wait_event_type = 'Lock' AND a.pid = {pid} HAVING pg_catalog.count(*) > 0";
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The command: `CREATE INDEX`.
    pub command: String,
    /// What it works on, if that is one relation.
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

impl Report {
    /// From a row of the query.
    pub fn new(row: &[Option<String>]) -> Report {
        let text = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        let number = |at| text(at).parse().unwrap_or(0);
        Report {
            command: text(0),
            // The helper has no search_path, so that every name bears its schema.
            relation: without_public(text(1)),
            phase: text(2),
            done: number(3),
            total: number(4),
            unit: text(5),
            rows: number(6),
        }
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
    first: Option<(Report, Instant)>,
}

impl Watch {
    /// For a statement that began then.
    pub fn new(began: Instant) -> Watch {
        Watch { began, first: None }
    }

    /// The line to show for the report that came `now`, of at most so many characters: what it is
    /// about, cut if need be, then as many of the numbers as there is room for.
    pub fn line(&mut self, report: &Report, now: Instant, columns: usize) -> String {
        let same = |first: &Report| {
            (&first.command, &first.relation, &first.phase, first.total)
                == (&report.command, &report.relation, &report.phase, report.total)
        };
        if !self.first.as_ref().is_some_and(|(first, _)| same(first)) {
            self.first = Some((report.clone(), now));
        }
        let mut line = clock(now.saturating_duration_since(self.began));
        for word in [&report.command, &report.relation, &report.phase] {
            if !word.is_empty() {
                line.push(' ');
                // The terminal would obey control characters in a name.
                line.extend(word.chars().map(|c| if is_odd(c) { '?' } else { c }));
            }
        }
        let mut length = line.chars().count();
        if let Some((cut, _)) = line.char_indices().nth(columns) {
            line.truncate(cut);
            length = columns;
        }
        for number in self.numbers(report, now) {
            length += 1 + number.len();
            if length > columns {
                break;
            }
            line.push(' ');
            line.push_str(&number);
        }
        line
    }

    /// The numbers to show: the share done, if the total is known; for data, or without a total, how
    /// much and how fast.
    fn numbers(&self, report: &Report, now: Instant) -> Vec<String> {
        let mut numbers = Vec::new();
        if report.total > 0 {
            let share = (report.done as f64 / report.total as f64).min(1.0);
            let filled = (share * BAR as f64) as usize;
            numbers.push(format!("[{}{}]", "#".repeat(filled), "-".repeat(BAR - filled)));
            numbers.push(format!("{:.0}%", (share * 100.0).floor()));
            numbers.extend(self.left(report, now).map(|left| format!("{} left", clock(left))));
        }
        let amount = |done: u64, pace: Option<f64>, unit: &str| {
            let pace = pace.map_or(0, |pace| pace as u64);
            match (unit, pace) {
                (_, _) if done == 0 => None,
                ("bytes", 0) => Some(size(done)),
                ("bytes", pace) => Some(format!("{} ({}/s)", size(done), size(pace))),
                (unit, 0) => Some(format!("{done} {unit}")),
                (unit, pace) => Some(format!("{done} {unit} ({pace}/s)")),
            }
        };
        if report.total == 0 || report.unit == "bytes" {
            numbers.extend(amount(report.done, self.pace(report, now, |r| r.done), &report.unit));
        }
        numbers.extend(amount(report.rows, self.pace(report, now, |r| r.rows), "rows"));
        numbers
    }

    /// How much is done in a second, if the phase has been watched for long enough.
    fn pace(&self, report: &Report, now: Instant, done: fn(&Report) -> u64) -> Option<f64> {
        let (first, at) = self.first.as_ref()?;
        let took = now.saturating_duration_since(*at);
        let more = done(report).checked_sub(done(first)).filter(|more| *more > 0)?;
        (took >= LEARNING_TIME).then(|| more as f64 / took.as_secs_f64())
    }

    /// How long the phase will take, if it goes on as it went.
    fn left(&self, report: &Report, now: Instant) -> Option<Duration> {
        let pace = self.pace(report, now, |report| report.done)?;
        let todo = report.total.saturating_sub(report.done);
        Duration::try_from_secs_f64(todo as f64 / pace).ok()
    }
}

/// Whether a character must not be written to the terminal.
fn is_odd(c: char) -> bool {
    c.is_control() || is_unsafe(c)
}

/// `900 bytes`, `12 kB`, `1.5 GB`: as short as `pg_size_pretty` has it.
fn size(bytes: u64) -> String {
    let mut size = bytes as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if size < 1000.0 {
            let decimals = usize::from(size < 10.0 && unit != "bytes");
            return format!("{size:.decimals$} {unit}");
        }
        size /= 1024.0;
    }
    format!("{size:.1} TB")
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
            rows: 0,
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
        check(3804, report("c", 52, 0), "1:03:24 CREATE INDEX har?vest c 52 rows (10/s)");
        check(
            3800,
            report(&"d".repeat(90), 1, 2),
            &format!("1:03:20 CREATE INDEX har?vest {}", "d".repeat(40)),
        );
    }

    #[test]
    fn amounts_of_data() {
        let began = Instant::now();
        let mut watch = Watch::new(began);
        let mut check = |seconds, done, total, rows, columns, expected: &str| {
            let report = Report {
                command: "COPY FROM".into(),
                relation: "harvest".into(),
                done,
                total,
                unit: "bytes".into(),
                rows,
                ..Report::default()
            };
            let now = began + Duration::from_secs(seconds);
            assert_eq!(watch.line(&report, now, columns), expected);
        };
        check(1, 0, 0, 0, 80, "0:01 COPY FROM harvest");
        check(2, 900, 0, 10, 80, "0:02 COPY FROM harvest 900 bytes 10 rows");
        let after = "3.0 MB (1.0 MB/s) 30 rows (10/s)";
        check(4, 3 << 20, 0, 30, 80, &format!("0:04 COPY FROM harvest {after}"));
        let bar = "[#####---------------] 25%";
        check(5, 1 << 30, 4 << 30, 5, 80, &format!("0:05 COPY FROM harvest {bar} 1.0 GB 5 rows"));
        let half = "[##########----------] 50% 0:08 left";
        let line = format!("0:09 COPY FROM harvest {half} 2.0 GB (256 MB/s)");
        check(9, 2 << 30, 4 << 30, 4005, 100, &format!("{line} 4005 rows (1000/s)"));
        // A number is not cut in the middle.
        check(9, 2 << 30, 4 << 30, 4005, 90, &line);
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
        assert_eq!(Report::new(&[]), Report::default());
        let row = [Some("COPY FROM".to_owned()), None, None, Some("x".to_owned())];
        assert_eq!(Report::new(&row), Report { command: "COPY FROM".into(), ..Report::default() });
    }
}
