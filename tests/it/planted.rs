//! Other people's operators, functions, types and relations, planted where the search_path finds
//! them before the system's (`planted.sql`): none of our own queries runs any of them, and what is
//! answered is what is answered without them. On the pinned server, and on the oldest, where a quarter
//! of the describe commands do; with `--include-ignored` all of them, and on those between as well.
//!
//! What is planted tells the server's log, so that nothing is missed: not what is called while a
//! query is planned, nor by the helper, nor where an error is swallowed.

use std::fs;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use pgsh::completion::{Object, Qualified, Wanted, query};
use pgsh::progress;
use pgsh::scratch;
use pgsh::scratch::cluster::USER;
use pgsh::session::helper::{Helper, HelperEvent};
use pgsh::session::{Event, Session};
use pgsh::suggest::{Kind, Missing};

use crate::harness::{self, Shell, difference, execute, program};
use crate::models::Models;
use crate::pty::Terminal;
use crate::trial::tests;
use crate::versions::{self, Share, Subject, Version, on_each};

/// The search_path of the database, and one that has the same schemas but is safe.
const PLANTED: &str = "evil, pg_catalog, public, rel";
const SAFE: &str = "pg_catalog, evil, public, rel";

/// Names that need quotes, planted as well.
const NAMES: &str = include_str!("planted_names.sql");

/// A database where everything is planted.
struct Planted(Subject);

/// Plants it all.
fn plant(subject: &Subject) {
    let session = scratch::connect(&subject.cluster, "versions");
    let mut session = session.unwrap_or_else(|e| panic!("{e}"));
    for statement in [
        include_str!("planted.sql"),
        "CREATE TABLE public.busy (a pg_catalog.int4)",
        &format!("ALTER DATABASE versions SET search_path = {PLANTED}"),
        &format!("ALTER ROLE dsc_reader SET search_path = {PLANTED}"),
    ] {
        execute(&mut session, statement);
    }
}

impl Planted {
    fn session(&self) -> Session {
        scratch::connect(&self.0.cluster, "versions").unwrap_or_else(|e| panic!("{e}"))
    }

    fn execute(&self, sql: &str) {
        execute(&mut self.session(), sql);
    }

    /// What the shell under its own name prints of a script that succeeds.
    fn script(&self, script: &str) -> String {
        let run = self.0.shell(Shell::Pgsh).within(&self.0.directory);
        let run = run.instead(env!("CARGO_BIN_EXE_pgsh"), ["-X", "-v", "ON_ERROR_STOP=on"]);
        let outcome = run.env("PATH", &harness::server().bin).stdin(script).outcome();
        let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
        assert_eq!(outcome.status, 0, "{shown}");
        shown
    }

    /// The shell under its own name at a terminal.
    fn terminal(&self) -> Terminal {
        let run = self.0.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
        let run = run.called_pgsh().env("PSQL_HISTORY", self.0.directory.join("history"));
        let mut terminal = Terminal::run_as("pgsh", &run.command());
        terminal.wait("=# ");
        terminal
    }

    /// What was called since the server began.
    fn calls(&self) -> Vec<String> {
        let log = fs::read_to_string(self.0.directory.join("c/log")).expect("the server's log");
        let lines: Vec<&str> = log.lines().collect();
        let called = |at: &usize| lines[*at].contains("ERROR:  planted ");
        let told = |at: usize| lines[at..lines.len().min(at + 12)].join("\n");
        (0..lines.len()).filter(called).map(told).collect()
    }

    /// What these describe commands show to a role under this search_path (or the role's own), and
    /// what they complain of.
    fn describe(
        &self,
        shell: Shell,
        role: &str,
        path: Option<&str>,
        commands: &[String],
    ) -> [Vec<Vec<String>>; 2] {
        const ROW: char = '\u{1e}';
        const ANSWER: char = '\u{1d}';
        let mut script =
            path.map(|path| format!("SET search_path = {path};\n")).unwrap_or_default();
        for command in commands {
            script.push_str(&format!("\\qecho '{ANSWER}'\n\\warn '{ANSWER}'\n{command}\n"));
        }
        let run = self.0.shell(shell);
        // Under its own name pgsh has commands of its own.
        let run = run.instead(program(shell), ["-XqA", "-U", role, "-P", "footer=off"]);
        let outcome = run.args(["-R", &ROW.to_string()]).stdin(script).outcome();
        [outcome.stdout, outcome.stderr].map(|stream| {
            let text = String::from_utf8_lossy(&stream);
            let answer = |text: &str| text.split(ROW).map(str::to_owned).collect();
            let answers: Vec<Vec<String>> = text.split(ANSWER).skip(1).map(answer).collect();
            assert_eq!(answers.len(), commands.len());
            answers
        })
    }

    /// Every describe command answers the same with the operators and functions before the system's
    /// as behind them; returns what differs.
    fn compare(&self, commands: &[String]) -> Vec<String> {
        let under = |path| self.describe(Shell::Pgsh, USER, Some(path), commands);
        let [safe, hostile] = std::thread::scope(|scope| {
            let safe = scope.spawn(|| under(SAFE));
            let hostile = under(PLANTED);
            [safe.join().expect("answers"), hostile]
        });
        let mut failures = Vec::new();
        for (safe, hostile) in safe.iter().zip(&hostile) {
            for ((command, safe), hostile) in commands.iter().zip(safe).zip(hostile) {
                let [safe, hostile] = [safe, hostile].map(|rows| comparable(rows));
                if safe != hostile {
                    failures.push(format!("{command}:\n{}", difference(&safe, &hostile)));
                }
            }
        }
        failures
    }
}

/// Rows but for those of objects that hide each other and of the path itself, and without the schema
/// of what is hidden and so sorted elsewhere: that differs, as it should.
fn comparable(rows: &[String]) -> Vec<u8> {
    const DIFFERENT: [&str; 3] = ["pg_catalog|", "evil|", "search_path|"];
    let same = |row: &&String| !DIFFERENT.iter().any(|start| row.trim_start().starts_with(start));
    let plain = |row: &String| without_marks(&row.replace("pg_catalog.", "")).trim().to_owned();
    let mut rows: Vec<String> = rows.iter().filter(same).map(plain).collect();
    rows.sort();
    rows.join("\n").into_bytes()
}

/// `OPERATOR(=)` as `=`.
fn without_marks(row: &str) -> String {
    let mut parts = row.split("OPERATOR(");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(&part.replacen(')', "", 1));
    }
    plain
}

type Rows = Vec<Vec<Option<String>>>;

/// The rows of the last statement, or the server's words.
fn rows(session: &mut Session, sql: &[u8]) -> Result<Rows, String> {
    session.query(sql);
    let mut rows = Ok(Vec::new());
    loop {
        match session
            .next_event()
            .unwrap_or_else(|e| panic!("{}", String::from_utf8_lossy(&e.message)))
        {
            Event::DataRow(body) => {
                let text = |cell: Option<&[u8]>| {
                    cell.map(|cell| String::from_utf8_lossy(cell).into_owned())
                };
                if let Ok(rows) = &mut rows {
                    rows.push(pgsh::print::Row::trusted(body).cells().map(text).collect());
                }
            }
            Event::Error(fields) => {
                let message = fields.get(b'M').unwrap_or_default();
                rows = Err(String::from_utf8_lossy(message).into_owned());
            }
            Event::Ready(_) => return rows,
            _ => {}
        }
    }
}

/// Objects of all families.
const DDL: [&str; 4] =
    ["\\ddl plain", "\\ddl function rel.*", "\\ddl role *", "\\ddl+ database versions"];

/// What the server is set to, and whom it lets in.
const SETTINGS: [&str; 8] = [
    "\\settings",
    "\\settings *mem",
    "\\settings+ wal_*",
    "\\settings -changed",
    "\\settings -pending",
    "\\hba",
    "\\hba postgres versions 127.0.0.1",
    "\\hba dsc_reader replication local",
];

/// All kinds of names, by how they are asked for.
fn look_ups(version: i32) -> Vec<Vec<u8>> {
    let name = |schema: Option<&str>, name: &str| Qualified {
        schema: schema.map(|schema| schema.as_bytes().to_vec()),
        name: name.as_bytes().to_vec(),
    };
    let of = [
        None,
        Some(name(Some("rel"), "plain")),
        Some(name(None, "plain")),
        Some(name(Some("app"), "mood")),
        Some(name(None, "plain_pkey")),
        Some(name(None, "client_min_messages")),
        Some(name(Some("pg_catalog"), "json_each")),
        Some(name(None, "plpgsql")),
    ];
    let mut queries = Vec::new();
    for &object in Object::ALL {
        for schema in [None, Some(&b"rel"[..]), Some(b"pg_catalog")] {
            for of in &of {
                for prefix in [&b""[..], b"p", b"pg_", b"A\\'"] {
                    let wanted = Wanted { object, schema, of: of.as_ref() };
                    let query =
                        query::query(&wanted, prefix, version, pgsh::encoding::Encoding::Utf8);
                    queries.extend(query.map(|query| query.as_bytes().to_vec()));
                }
            }
        }
    }
    queries.sort();
    queries.dedup();
    queries
}

/// Every look-up of Tab, when the session answers it.
fn complete(planted: &Planted) {
    let mut session = planted.session();
    let queries = look_ups(session.server_version());
    assert!(queries.len() > 400, "{}", queries.len());
    let mut under = |path: &str| {
        execute(&mut session, &format!("SET search_path = {path}"));
        // In notes a type or an operator that is hidden bears its schema, as it should.
        let plain =
            |cell: Option<String>| cell.map(|cell| without_marks(&cell.replace("pg_catalog.", "")));
        let answer = |query: &Vec<u8>| {
            let rows = rows(&mut session, query)?;
            Ok::<Rows, String>(
                rows.into_iter().map(|row| row.into_iter().map(plain).collect()).collect(),
            )
        };
        queries.iter().map(answer).collect::<Vec<_>>()
    };
    let (safe, hostile) = (under(SAFE), under(PLANTED));
    let mut refused = 0;
    for ((query, safe), hostile) in queries.iter().zip(safe).zip(hostile) {
        assert_eq!(safe, hostile, "{}", String::from_utf8_lossy(query));
        // An old server may find files of extensions that it can't read.
        let reads_files = String::from_utf8_lossy(query).contains("pg_available_extension");
        refused += usize::from(safe.is_err() && !reads_files);
    }
    assert_eq!(refused, 0, "of {} questions so many are refused", queries.len());
}

/// What is asked behind an error. The answer says which names the search_path hides, so it differs.
fn suggest(planted: &Planted) {
    let mut session = planted.session();
    execute(&mut session, &format!("SET search_path = {PLANTED}"));
    for kind in [Kind::Relation, Kind::Column, Kind::Function, Kind::Schema, Kind::Type] {
        for name in ["plain", "length", "A\\'", "x"] {
            let missing = Missing {
                kind,
                schema: None,
                name: name.to_owned(),
                is_quoted: false,
                neighbours: vec!["plain".to_owned()],
            };
            let query = missing.query();
            rows(&mut session, query.as_bytes())
                .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        }
    }
}

/// What the progress line asks of a statement that waits for a lock while it builds an index.
fn progress(planted: &Planted) {
    let mut writer = planted.session();
    execute(&mut writer, "BEGIN");
    execute(&mut writer, "INSERT INTO public.busy VALUES ('1'::pg_catalog.int4)");
    let mut builder = planted.session();
    let mut asker = planted.session();
    let (pid, version) = (builder.backend_pid(), builder.server_version());
    let building = std::thread::spawn(move || {
        execute(&mut builder, "CREATE INDEX CONCURRENTLY ON public.busy (a)");
    });
    let question = progress::query(pid, version).expect("a question");
    let deadline = Instant::now() + Duration::from_secs(60);
    let told = if version >= 120_000 { 2 } else { 1 };
    while rows(&mut asker, question.as_bytes()).expect("an answer").len() < told {
        assert!(Instant::now() < deadline, "the server tells nothing");
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut helper = Helper::start(asker.helper_params()).expect("a thread");
    helper.ask(std::str::from_utf8(question.as_bytes()).expect("a question"));
    loop {
        match helper.next_event(deadline) {
            Some(HelperEvent::Connected) => {}
            Some(HelperEvent::Answer(_, rows)) => break assert_eq!(rows.len(), told),
            other => panic!("{other:?}"),
        }
    }
    helper.hang_up();
    execute(&mut writer, "ROLLBACK");
    building.join().expect("an index");
}

/// What is asked about time zones, and about types that may hold timestamps.
fn time_zones(planted: &Planted) {
    let script = "\\pset display_timezone Asia/Tokyo\n\\tz europe/berlin\n\
                  select t from rel.plain as t;\nselect pg_catalog.now();\n";
    let outcome =
        planted.0.shell(Shell::Pgsh).called_pgsh().args(["-X", "-qAt"]).stdin(script).outcome();
    let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
    assert!(shown.contains("+09") && outcome.stderr.is_empty(), "{shown}");
}

/// What JSON is to know of types, over the helper and over the session, and of floats.
fn json(planted: &Planted) {
    let asked = "select null::rel.plain as t, pg_catalog.float8 '0.5' as f;\n";
    let script =
        format!("\\pset format ndjson\n\\set FETCH_COUNT 1\n{asked}\\unset FETCH_COUNT\n{asked}");
    let shown = planted.script(&script);
    assert_eq!(shown.matches("{\"t\":null,\"f\":0.5}\n").count(), 2, "{shown}");
    assert!(!shown.contains("could not be asked"), "{shown}");
}

/// What the operator's desk asks: while somebody waits for a lock, and ends; and behind a DROP DATABASE
/// that somebody is in the way of.
fn desk(planted: &Planted) {
    let mut holder = planted.session();
    execute(&mut holder, "BEGIN");
    execute(&mut holder, "LOCK TABLE public.busy");
    let mut waiter = planted.session();
    waiter.query(b"SELECT FROM public.busy");
    waiter.flush().expect("a live connection");
    let run = |script: String| {
        let run = planted.0.shell(Shell::Pgsh);
        let run = run.instead(env!("CARGO_BIN_EXE_pgsh"), ["-X", "-v", "ON_ERROR_STOP=on"]);
        let outcome = run.stdin(script).outcome();
        let [shown, reported] = [outcome.stdout, outcome.stderr]
            .map(|text| String::from_utf8_lossy(&text).into_owned());
        assert_eq!(reported, "", "{shown}");
        shown
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while !run("\\locks\n".to_owned()).contains("on public.busy") {
        assert!(Instant::now() < deadline, "nobody waits");
    }
    let (holding, waiting) = (holder.backend_pid(), waiter.backend_pid());
    assert!(run("\\activity+\n".to_owned()).contains("| versions |"));
    assert!(run(format!("\\cancel -y {waiting}\n")).contains("| cancelled"));
    // In a transaction the server is to forget what it said before.
    assert!(run(format!("begin;\n\\terminate -y {holding}\n")).contains("| ended"));
    run("\\terminate -y database versions user postgres idle 1 h\n".to_owned());
    let mut terminal = planted.terminal();
    let mut other = planted.session();
    execute(&mut other, "CREATE DATABASE occupied TEMPLATE template0");
    let _occupant =
        scratch::connect(&planted.0.cluster, "occupied").unwrap_or_else(|e| panic!("{e}"));
    terminal.line("drop database occupied;").wait("Connected to occupied: postgres");
    terminal.line("\\q");
}

/// What backups and restores ask before and behind.
fn backups(planted: &Planted) {
    planted
        .execute("INSERT INTO public.busy VALUES ('1'::pg_catalog.int4), ('2'::pg_catalog.int4)");
    let backup = "\\backup table public.busy to busy.dump verify overwrite\n";
    let shown = planted.script(&format!("\\backup plan\n{backup}"));
    assert!(shown.contains("rows of 1 table were counted"), "{shown}");
    let script = "\\backup table public.busy to busy.sql format plain overwrite\n\
                  \\backup globals to globals.sql overwrite\n\\basebackup to base tar fast\n";
    planted.script(script);
    let shown = planted.script("\\restore? busy.dump\n\\restore busy.dump into busy_too verify\n");
    assert!(shown.contains("2 rows"), "{shown}");
    // Where other people's objects are.
    for restore in
        ["busy.dump only public.busy verify", "busy.dump clean verify", "busy.sql verify"]
    {
        if !restore.contains("clean") {
            planted.execute("DROP TABLE public.busy");
        }
        let restore = format!("\\restore {restore} ignoring checks\n");
        let shown = planted.script(&restore);
        assert!(shown.contains("2 rows"), "{restore}{shown}");
    }
}

/// What the server is asked about its WAL, and what a statement would do.
fn wal_and_dry_run(planted: &Planted) {
    planted.execute("SELECT pg_catalog.pg_create_physical_replication_slot('kept')");
    for script in ["\\wal\n", "begin;\n\\wal\n"] {
        let shown = planted.script(script);
        assert!(shown.contains("Primary, at ") && shown.contains("kept"), "{shown}");
    }
    planted.execute("SELECT pg_catalog.pg_drop_replication_slot('kept')");
    // It is published.
    planted.execute("ALTER TABLE public.busy REPLICA IDENTITY FULL");
    let shown = planted.script("\\dryrun --on-scratch drop table public.busy\n");
    assert!(shown.contains("dropped"), "{shown}");
    for (statement, told) in [
        ("delete from public.busy", "2 rows deleted"),
        ("alter table public.busy alter a type pg_catalog.int8", "rewritten, "),
        ("drop table public.busy", "dropped"),
    ] {
        for begin in ["", "begin;\n"] {
            let shown = planted.script(&format!("{begin}\\dryrun {statement}\n"));
            assert!(shown.contains(told), "{shown}");
        }
    }
    for begin in ["", "begin;\n"] {
        let shown = planted.script(&format!("{begin}\\plan+ delete from public.busy\n"));
        assert!(shown.contains("Delete on busy") && shown.contains("rolled back"), "{shown}");
    }
}

/// What the planner knows, and what is counted.
fn statistics(planted: &Planted) {
    planted.execute("ANALYZE public.busy");
    let script =
        "\\stats public.busy\n\\stats+ public.busy\n\\stats busy.a\n\\stats+ public.busy.a\n";
    let shown = planted.script(script);
    assert_eq!(shown.matches("busy.a\n").count(), 2, "{shown}");
    assert!(shown.contains("counted."), "{shown}");
}

/// What is asked behind ALTER SYSTEM and a reload.
fn configuration(planted: &Planted) {
    let mut terminal = planted.terminal();
    for (statement, told) in [
        ("alter system set deadlock_timeout = '2s';", "until then deadlock_timeout is 1s here."),
        ("alter system set max_connections = 77;", "In force after a restart of the server;"),
        ("select pg_catalog.pg_reload_conf();", "Waits for a restart: max_connections"),
        ("alter system reset all;", "brings what is left in the files into force."),
        ("select pg_catalog.pg_reload_conf();", "Reloaded: nothing waits for a restart"),
    ] {
        terminal.line(statement).wait(told);
        terminal.wait("=# ");
    }
    terminal.line("\\q");
}

/// At a terminal: Tab by the helper and by the session, and a statement that takes long.
fn at_a_terminal(planted: &Planted) {
    let mut terminal = planted.terminal();
    // The menu asks more.
    terminal.keys("select * from public.busy where ").wait("where ");
    terminal.keys("\t").wait("column");
    terminal.keys("\x03").wait("versions");
    terminal.line("\\set COMPLETION list").wait("# ");
    for setting in ["", "\\set HELPER off", "create temp table pg_class ();", "begin;"] {
        terminal.line(setting).wait("# ");
        for (typed, completed) in
            [("\\d public.bu", "sy"), ("select * from public.busy where ", "a"), ("\\dn ev", "il")]
        {
            let deadline = Instant::now() + Duration::from_secs(30);
            loop {
                terminal.keys(typed).wait(typed);
                let seen = terminal.keys("\t").keys("|").wait("|");
                terminal.keys("\x03").wait("versions");
                if seen.contains(completed) {
                    break;
                }
                assert!(Instant::now() < deadline, "{setting}: {typed}: {seen:?}");
            }
        }
    }
    terminal.line("rollback;").wait("# ");
    terminal.line("\\set HELPER on").wait("# ");
    terminal.line("set search_path = '';").wait("# ");
    // Long enough for the progress line's first question.
    terminal.line("select pg_catalog.pg_sleep(2);").wait("(1 row)");
    // What names the rows that are watched.
    terminal.line("select * from public.busy \\watch i=0.01 c=3").wait(" rows)");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

/// What is asked before a question, and before the shell is left.
fn questions(planted: &Planted) {
    let mut terminal = planted.terminal();
    terminal.line("\\set CONFIRM destructive").wait("=# ");
    let statements = [
        ("drop table public.busy;", " in public.busy"),
        ("truncate public.busy;", " in public.busy"),
        ("delete from public.busy;", "rows"),
        ("update public.busy set a = null;", "rows"),
    ];
    for (prompt, begin) in [("=# ", ""), ("=*# ", "begin;")] {
        terminal.line(begin).wait(prompt);
        for (statement, estimate) in statements {
            terminal.line(statement).wait(estimate);
            terminal.wait("Run it? ");
            terminal.line("n").wait(prompt);
        }
    }
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

/// What the describe commands ask, and ours like them.
fn describe_commands(planted: &Planted) {
    let is_oldest = planted.session().server_version() < 110_000;
    let share = if is_oldest { Share::usual(0) } else { Share::All };
    let mut commands = versions::commands(&["", "S+"], share);
    // No pattern, but a command and another one.
    commands.retain(|command| command.matches('\\').count() == 1);
    commands.extend(DDL.iter().chain(&SETTINGS).map(|&command| command.to_owned()));
    let failures = planted.compare(&commands);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    planted.execute(NAMES);
    planted.describe(Shell::Pgsh, "dsc_reader", None, &commands);
}

/// What is asked by the other commands and by the helper.
fn other_questions(planted: &Planted) {
    planted.execute(NAMES);
    suggest(planted);
    progress(planted);
    time_zones(planted);
    json(planted);
    desk(planted);
    backups(planted);
    wal_and_dry_run(planted);
    statistics(planted);
}

/// What is asked while a user types.
fn typing(planted: &Planted) {
    planted.execute(NAMES);
    planted
        .execute("INSERT INTO public.busy VALUES ('1'::pg_catalog.int4), ('2'::pg_catalog.int4)");
    planted.execute("ANALYZE public.busy");
    complete(planted);
    configuration(planted);
    at_a_terminal(planted);
    questions(planted);
}

type Part = fn(&Planted);

/// Each on a server of its own, beside the others.
const PARTS: [(&str, Part); 3] = [
    ("planted::describe", describe_commands),
    ("planted::questions", other_questions),
    ("planted::typing", typing),
];

fn nothing_planted_is_called(subject: Subject, part: Part) {
    let planted = Planted(subject);
    part(&planted);
    let calls = planted.calls();
    assert!(calls.is_empty(), "{}", calls.join("\n"));

    // And what is planted would be called.
    planted.describe(Shell::Oracle, USER, None, &["\\dt".to_owned()]);
    assert!(!planted.calls().is_empty());
}

fn cases() -> impl Iterator<Item = Trial> {
    static MODELS: Models = Models::new("planted");
    PARTS.into_iter().flat_map(|(name, part)| {
        on_each(name, Version::all(), move |version| {
            let subject = version.start_after(plant, &MODELS, &name.replace("::", "-"));
            subject.map(|subject| nothing_planted_is_called(subject, part))
        })
    })
}

tests! { ; cases() }
