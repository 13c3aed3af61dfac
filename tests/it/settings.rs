//! `\settings`, `\hba` and `\wal`: what they show, and that the rule which decides by `\hba` decides
//! on the server.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::harness::Shell;
use crate::own_server::OwnServer;
use crate::place::Place;
use crate::run::Outcome;
use crate::trial::{is_all_asked_for, tests};
use crate::versions::{Subject, Version, on_each};

const PATIENCE: Duration = Duration::from_secs(60);
const HBA: &str = "local all all trust\nlocal replication all trust\n";

fn place(name: &str, hba: &str, settings: &str) -> Place {
    at(OwnServer::start(&format!("settings-{name}"), hba, settings))
}

fn at(server: OwnServer) -> Place {
    Place::new(server, &["-qA"])
}

impl Place {
    fn shown(&self, user: &str, text: &str) -> String {
        let Outcome { stdout, stderr, .. } = self.script(user, text);
        assert_eq!(String::from_utf8_lossy(&stderr), "", "{text}");
        String::from_utf8_lossy(&stdout).into_owned()
    }

    /// How a connection went: "connected", or why it did not.
    fn connects(&self, (user, database, address): &(&str, &str, &str)) -> String {
        let socket = self.server.socket();
        let host = if *address == "local" { &socket } else { *address };
        let mut settings =
            vec![("host", host), ("user", user), ("dbname", database), ("sslmode", "disable")];
        if *database == "replication" {
            settings.push(("replication", "yes"));
        }
        match self.server.try_connection(&settings) {
            Ok(_) => "connected".to_owned(),
            Err(error) => String::from_utf8_lossy(&error.message).into_owned(),
        }
    }

    /// Asks again until the answer holds a text.
    fn wait(&self, text: &str, expected: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let shown = self.shown("postgres", text);
            if shown.contains(expected) {
                return shown;
            }
            assert!(Instant::now() < deadline, "no {expected:?} in {shown}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn settings_and_where_they_come_from() {
    let place = place("values", HBA, "work_mem = '8MB'\nmax_connections = 33\n");
    place.server.execute(&[
        "CREATE ROLE ann LOGIN",
        "ALTER DATABASE postgres SET statement_timeout = '90s'",
        "ALTER SYSTEM SET max_connections = 44",
        "ALTER SYSTEM SET autovacuum_naptime = '2min'",
        "SELECT pg_reload_conf()",
    ]);
    place.wait("\\settings -pending", "max_connections|");
    let shown = place.shown("postgres", "\\settings *work_mem");
    assert!(shown.contains("\nwork_mem|8MB|kB|4MB|configuration file|"), "{shown}");
    assert!(
        shown.contains("postgresql.auto.conf:") && shown.contains("|64MB|default||"),
        "{shown}"
    );
    let shown = place.shown("postgres", "set lock_timeout = 7;\n\\settings -changed *timeout");
    assert!(
        shown.contains("statement_timeout|90s|ms|0|database|ALTER DATABASE postgres|"),
        "{shown}"
    );
    assert!(shown.contains("lock_timeout|7ms|ms|0|session|SET|"), "{shown}");
    let pending = place.shown("postgres", "\\settings -pending");
    assert!(pending.starts_with("Settings that wait for a restart\n"), "{pending}");
    assert!(pending.contains("\nmax_connections|33||100|configuration file|"), "{pending}");
    assert!(pending.contains("|44\n(1 row)"), "{pending}");
    let more = place.shown("postgres", "\\settings+ wal_level");
    for part in ["|postmaster|", "|minimal, replica, logical|", "Sets the level"] {
        assert!(more.contains(part), "{part}: {more}");
    }
    // What one may not see is said.
    let hidden = place.shown("ann", "\\settings max_connections\n\\settings -pending");
    assert!(hidden.contains("|configuration file||yes\n"), "{hidden}");
    assert_eq!(hidden.matches("pg_read_all_settings").count(), 2, "{hidden}");
    let none = place.shown("postgres", "\\settings nowhere\n\\settings -changed nowhere");
    assert!(none.contains("There is no setting that matches \"nowhere\"."), "{none}");
    let errors = place.script("postgres", "\\settings -odd\n\\settings a b\n");
    let errors = String::from_utf8_lossy(&errors.stderr).into_owned();
    assert!(errors.contains("no option \"-odd\"") && errors.contains("one pattern"), "{errors}");
}

/// Every bare default, with its unit, is what SHOW says where a setting has its default.
fn defaults_read_as_show_has_them() {
    let place = place("defaults", HBA, "");
    let shown = place.shown("postgres", "\\t\n\\settings *");
    let unchanged = "\\t\nselect name from pg_settings where setting = boot_val;";
    let unchanged = place.shown("postgres", unchanged);
    let mut compared = 0;
    for line in shown.lines().filter(|line| line.split('|').count() >= 7) {
        let cells: Vec<&str> = line.split('|').collect();
        if unchanged.lines().any(|name| name == cells[0]) {
            assert_eq!(cells[1], cells[3], "{line}");
            compared += 1;
        }
    }
    assert!(compared > 250, "{compared}: {shown}");
}

fn hba_shows_rules_and_errors() {
    let place = place("hba", "local all all trust\n", "");
    place.server.execute(&["CREATE ROLE ann LOGIN"]);
    let shown = place.shown("postgres", "\\hba");
    assert!(shown.contains("\n1|local|all|all||trust||\n(1 row)"), "{shown}");
    place.server.write(
        "pg_hba.conf",
        "local all all trust\nlocal all\n# none\nhost all all 1.2.3.0/24 md5\n",
    );
    let shown = place.shown("postgres", "\\hba");
    assert!(shown.contains("\n2|||||||ERROR: "), "{shown}");
    assert!(shown.contains("\n4|host|all|all|1.2.3.0/24|md5||\n(3 rows)"), "{shown}");
    assert!(
        shown.contains("1 error, the first in line 2: the server loads none of this"),
        "{shown}"
    );
    assert!(shown.contains("and last loaded at "), "{shown}");
    let refused = place.script("ann", "\\hba");
    let refused = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.contains("Only a superuser may read pg_hba_file_rules"), "{refused}");
    let lacking = place.shown("postgres", "\\hba nobody nowhere 1.2.3.4");
    for part in [
        "Line 4 decides: authentication by md5.",
        "There is no role \"nobody\".",
        "There is no database \"nowhere\".",
        "|no: it is for sockets\n",
    ] {
        assert!(lacking.contains(part), "{part}: {lacking}");
    }
}

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        words[(self.0 >> 33) as usize % words.len()]
    }

    /// A rule whose method tells whether it decided.
    fn rule(&mut self) -> String {
        const NAMES: &[&str] = &[
            "all",
            "ann",
            "bob",
            "ann,eve",
            "+staff",
            "+shop",
            "+ann",
            "/^(b|e)",
            "/n$",
            "bob,+staff",
        ];
        const DATABASES: &[&str] = &[
            "all",
            "shop",
            "inn",
            "ann",
            "sameuser",
            "samerole",
            "replication",
            "inn,replication",
            "/^s",
            "shop,ann",
        ];
        let kind = self.of(&["local", "host", "host", "hostnossl", "hostnogssenc"]);
        let (database, user) = (self.of(DATABASES), self.of(NAMES));
        let address = match kind {
            "local" => "",
            _ => self.of(&[
                "all",
                "samehost",
                "samenet",
                "127.0.0.1/32",
                "127.0.0.0/8",
                "10.0.0.0/8",
                "::/0",
                "0.0.0.0/0",
                "127.0.0.2/32",
                "127.0.0.0 255.0.0.255",
                "127.0.0.1 255.0.0.255",
            ]),
        };
        format!("{kind} {database} {user} {address} {}\n", self.of(&["trust", "reject"]))
    }
}

/// Hundreds of connections to a server with rules at random: each goes as `\hba` says.
fn the_rule_that_decides_decides() {
    let place = place("decides", HBA, "");
    place.server.execute(&[
        "CREATE ROLE ann LOGIN REPLICATION",
        "CREATE ROLE bob LOGIN REPLICATION",
        "CREATE ROLE eve LOGIN SUPERUSER",
        "CREATE ROLE staff",
        "CREATE ROLE shop",
        "CREATE ROLE clerks IN ROLE staff",
        "GRANT clerks TO ann",
        "GRANT shop TO bob",
        "CREATE DATABASE shop",
        "CREATE DATABASE inn",
        "CREATE DATABASE ann",
    ]);
    let mut attempts = Vec::new();
    for user in ["ann", "bob", "eve"] {
        for database in ["shop", "inn", "ann", "replication"] {
            attempts.extend(["local", "127.0.0.1"].map(|address| (user, database, address)));
        }
    }
    let asks = attempts.iter().map(|(user, database, address)| {
        format!("\\hba {user} {database} {address}\n\\qecho '--'\n")
    });
    let asks: String = asks.collect();
    let mut dice = Dice(12);
    let mut seen = std::collections::BTreeMap::new();
    let files = if is_all_asked_for() { 25 } else { 10 };
    for _ in 0..files {
        let rules: String = (0..12).map(|_| dice.rule()).collect();
        place.server.write("pg_hba.conf", &format!("local postgres postgres trust\n{rules}"));
        place.server.reload();
        let said = place.shown("postgres", &asks);
        let said: Vec<&str> = said.split("--\n").collect();
        for (said, attempt) in said.iter().zip(&attempts) {
            let expected = match *said {
                text if text.contains("(trust).\n") => "connected",
                text if text.contains("(reject).\n") => "pg_hba.conf rejects",
                text if text.contains("No rule matches") => "no pg_hba.conf entry",
                text => panic!("{attempt:?}: {text}"),
            };
            let went = place.connects(attempt);
            assert!(went.contains(expected), "{attempt:?}: {said}\n{went}\n{rules}");
            *seen.entry(expected).or_insert(0) += 1;
        }
    }
    assert!(seen.len() == 3 && seen.values().all(|times| *times > 2 * files), "{seen:?}");
}

/// At the prompt alone, and outside of a transaction.
fn what_came_of_alter_system_is_told() {
    let place = place("told", HBA, "");
    let mut terminal = place.terminal("postgres");
    for (statement, told) in [
        (
            "alter system set work_mem = '5MB';",
            "brings it into force; until then work_mem is 4MB here.",
        ),
        ("alter system set max_connections = 77;", "In force after a restart of the server;"),
        (
            "select pg_reload_conf();",
            "Waits for a restart: max_connections (now 100). \\settings -pending",
        ),
        ("alter system reset all;", "brings what is left in the files into force."),
        ("select pg_reload_conf();", "Reloaded: nothing waits for a restart, nothing was refused."),
    ] {
        // A reload just before may answer for this one: times are compared with some slack.
        thread::sleep(Duration::from_millis(500));
        terminal.line(statement).wait(told);
        terminal.wait("=# ");
    }
    thread::sleep(Duration::from_millis(500));
    place.server.write("postgresql.auto.conf", "work_mem = 'much'\n");
    terminal.line("select pg_reload_conf();").wait("Refused: work_mem in /");
    terminal.wait("=# ");
    terminal.line("begin;").wait("*# ");
    terminal.line("select pg_reload_conf();").wait("(1 row)");
    let seen = terminal.wait("*# ");
    assert!(!seen.contains("Refused"), "{seen}");
    terminal.line("rollback;").wait("=# ");
    let script = place.shown("postgres", "select pg_reload_conf();");
    assert_eq!(script, "pg_reload_conf\nt\n(1 row)\n");
}

fn wal_of_a_primary_and_its_standby() {
    let settings = "wal_level = replica\narchive_mode = on\narchive_command = 'false'\n\
                    max_wal_senders = 5\nmax_replication_slots = 5\n";
    let place = place("wal", HBA, settings);
    place.server.execute(&[
        "CREATE ROLE ann LOGIN",
        "SELECT pg_create_physical_replication_slot('left_behind', true)",
        "CREATE TABLE t AS SELECT generate_series(1, 100)",
        "SELECT pg_switch_wal()",
    ]);
    let shown = place.wait("\\wal", "Missing: archiving fails, last with 0");
    for part in [
        "Primary, at 0/",
        "Archiving: archive_mode on, archive_command false.",
        " waiting in archive_status.",
        "No standby is connected.",
        "\nleft_behind|physical||no|",
        "|reserved|",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let standby = at(place.server.standby("settings-wal-standby", "hot_standby = on\n"));
    let shown = place.wait("\\wal", "|streaming|async|");
    assert!(shown.contains("Base backup: the newest that pg_wal remembers ended at 2"), "{shown}");
    // Where archiving works there is nothing amiss.
    place.server.execute(&["ALTER SYSTEM SET archive_command = 'true'", "SELECT pg_reload_conf()"]);
    let shown = place.wait("\\wal", "WAL: the archive has it up to 0");
    assert!(!shown.contains("Missing: "), "{shown}");
    let shown = standby.wait("\\wal", "WAL receiver: streaming");
    assert!(shown.contains("In recovery (standby): has WAL to 0/"), "{shown}");
    assert!(shown.contains("see \\wal on the primary"), "{shown}");
    let hidden = place.shown("ann", "\\wal");
    assert!(hidden.contains("Without the rights of pg_monitor"), "{hidden}");
    assert!(hidden.contains("can't look whether pg_wal remembers one"), "{hidden}");
}

/// What `\settings`, `\hba` and `\wal` say on older servers, as far as those know it.
fn on_old_servers(subject: Subject) {
    let shown = |script: &str| {
        let run = subject.shell(Shell::Pgsh).instead(env!("CARGO_BIN_EXE_pgsh"), ["-XqA"]);
        let Outcome { stdout, stderr, .. } = run.stdin(script).outcome();
        assert_eq!(String::from_utf8_lossy(&stderr), "", "{script}");
        String::from_utf8_lossy(&stdout).into_owned()
    };
    let all = shown("\\settings *work_mem\nset lock_timeout = 7;\n\\settings -changed *timeout\n");
    for part in ["work_mem|4MB|kB|4MB|", "lock_timeout|7ms|ms|0|session|SET|"] {
        assert!(all.contains(part), "{part}: {all}");
    }
    let more = shown("\\settings+ wal_level\n");
    assert!(more.contains("|minimal, replica, logical|"), "{more}");
    // Every bare default, with its unit, is what SHOW says where a setting has its default.
    let text = shown("\\t\n\\settings *");
    let unchanged = shown("\\t\nselect name from pg_settings where setting = boot_val;");
    let unchanged: BTreeSet<&str> = unchanged.lines().collect();
    let rows = text.lines().map(|line| line.split('|').collect::<Vec<_>>());
    let rows: Vec<_> = rows.filter(|row| row.len() >= 7 && unchanged.contains(row[0])).collect();
    rows.iter().for_each(|row| assert_eq!(row[1], row[3], "{row:?}"));
    assert!(rows.len() > 200, "{}: {text}", rows.len());
    shown("alter system set max_connections = 44;\nselect pg_reload_conf();");
    let deadline = Instant::now() + PATIENCE;
    while !shown("\\settings -pending\n").contains("\nmax_connections|") {
        assert!(Instant::now() < deadline, "nothing waits for a restart");
        thread::sleep(Duration::from_millis(50));
    }
    let rules = shown("\\hba\n");
    assert!(rules.contains("trust") && rules.contains("replication"), "{rules}");
    let decided = shown("\\hba postgres versions local\n");
    assert!(decided.contains("trust"), "{decided}");
    assert!(shown("\\wal\n").contains("Primary, at "));
    shown("alter system reset all;\nselect pg_reload_conf();");
}

fn old_servers() -> Vec<Trial> {
    on_each("settings::on_old_servers", [15, 12].map(Version::Old), |version| {
        version.start("settings").map(on_old_servers)
    })
}

tests! {
    settings_and_where_they_come_from,
    defaults_read_as_show_has_them,
    hba_shows_rules_and_errors,
    the_rule_that_decides_decides,
    wal_of_a_primary_and_its_standby,
    what_came_of_alter_system_is_told;
    old_servers()
}
