//! What is asked for, met and told while connecting: versions of servers, whose socket it is, options
//! that exclude each other.

use std::os::unix::fs::chown;
use std::os::unix::net::UnixListener;

use crate::fake_server::{Play, greeting_of, message, ready, serve};
use crate::harness::{Bench, Shell, difference, on_both, words};
use crate::trial::{Ran, as_root, tests};

/// Versions as servers and what speaks for them report them, and as none should.
const VERSIONS: &[&str] = &[
    "18.6",
    "18.3 (Debian 18.3-1.pgdg120+1)",
    "18beta2",
    "19devel",
    "20.1",
    "17.2",
    "14.5 (Debian)",
    "10.1.2",
    "9.6.24",
    "9.5.rc1",
    "9.2",
    "9.1.24",
    "8.0.2",
    "7.3",
    "1.24.0/bouncer",
    "CockroachDB CCL v23.1",
    "",
    " 18. +6",
    "-18.6",
    "18.-6",
    "0x12.6",
    "214749.1",
    "18.4294967297",
    "99999999999999999999",
];

/// Commands whose words depend on the version.
const COMMANDS: &[&str] = &[
    "\\d",
    "\\d a.b",
    "\\l+",
    "\\dA",
    "\\dAp",
    "\\db",
    "\\dconfig",
    "\\ddp",
    "\\dew",
    "\\dfp",
    "\\dg",
    "\\dL",
    "\\dn",
    "\\dO",
    "\\dP",
    "\\drds",
    "\\drg",
    "\\dRp",
    "\\dRp+ a",
    "\\dRs",
    "\\dt a",
    "\\dT",
    "\\dx",
    "\\dX",
    "\\dy",
    "\\z",
    "\\sf a",
    "\\sv a",
    "\\conninfo",
];

/// To this server.
fn address(port: u16) -> String {
    format!("host=127.0.0.1 port={port} user=u dbname=d")
}

/// A server of this version that refuses every query.
fn serve_version(version: &str) -> u16 {
    let refusal = [message(b'E', b"SERROR\0VERROR\0C42601\0Mno\0\0"), ready()].concat();
    serve(Play::Talk([vec![greeting_of(version)], vec![refusal; COMMANDS.len() + 1]].concat()))
}

fn versions_are_psqls() {
    let mut script = "\\echo :SERVER_VERSION_NAME :SERVER_VERSION_NUM\n".to_owned();
    for command in COMMANDS {
        script.push_str(&format!("\\warn {}\n{command}\n", &command[1..]));
    }
    let bench = Bench::new();
    for version in VERSIONS {
        let port = serve_version(version);
        let [ours, oracle] = on_both(|shell| {
            let run = bench.shell(shell).args(["-X", "-d", &address(port)]);
            run.env("PGSSLMODE", "disable").stdin(&script).outcome().render()
        });
        assert!(ours == oracle, "{version:?}\n{}", difference(&oracle, &ours));
        assert!(memchr::memmem::find(&oracle, b"ERROR:  no").is_some(), "{version:?}");
    }
}

/// Another version is told at the prompt, on connecting and on \\c, as psql tells it.
fn another_version_is_told_at_the_prompt() {
    let bench = Bench::new();
    for version in VERSIONS.iter().step_by(3) {
        let port = serve_version(version);
        let [ours, oracle] = [Shell::Pgsh, Shell::Oracle].map(|shell| {
            let run = bench.shell(shell).args(["-X", "-n", "-d", &address(port)]);
            let mut terminal = run.env("PGSSLMODE", "disable").terminal();
            let banner = terminal.wait("d=> ");
            let again = terminal.line("\\c -").wait("d=> ");
            terminal.line("\\q");
            terminal.end();
            banner + &again
        });
        assert_eq!(ours, oracle, "{version:?}");
        assert_eq!(oracle.contains("server "), *version != "18.6" && *version != " 18. +6");
    }
}

/// Without HOME and without an account there is no directory that `\\cd` could mean.
fn who_has_no_account_has_no_home() -> Ran {
    as_root()?;
    let bench = Bench::new();
    let port = serve_version("18.6");
    let [ours, oracle] = [Shell::Pgsh, Shell::Oracle].map(|shell| {
        let run = bench.shell(shell).args(["-X", "-d", &address(port)]);
        let run = run.args(["-c", "\\cd", "-c", "\\echo on"]).env("PGSSLMODE", "disable");
        let outcome = run.without("HOME").by_user(54_321).outcome();
        String::from_utf8_lossy(&outcome.render()).into_owned()
    });
    assert_eq!(ours, oracle);
    assert!(oracle.contains("for user ID 54321: user does not exist"), "{oracle}");
    Ok(())
}

/// Anybody can put a socket in /tmp: the user at a prompt is told whose it is.
fn the_owner_of_a_socket_is_told_at_the_prompt() -> Ran {
    as_root()?;
    let bench = Bench::new();
    let port = 20_000 + std::process::id() % 20_000;
    let path = format!("/tmp/.s.PGSQL.{port}");
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).expect("a socket");
    std::thread::spawn(move || {
        // The connections are held: the shell waits, and the test has seen enough.
        listener.incoming().flatten().collect::<Vec<_>>()
    });
    let port = port.to_string();
    let told = format!("the socket \"{path}\" belongs to \"");
    for (uid, host, expected) in [(65_534, "", true), (0, "", false), (65_534, "/tmp", false)] {
        chown(&path, Some(uid), None).expect("another owner");
        let run = bench.shell(Shell::Pgsh).args(["-X", "-d", "connect_timeout=1"]);
        let (seen, status) = run.env("PGPORT", &port).env("PGHOST", host).terminal().rest();
        assert_eq!(seen.contains(&told), expected, "{uid} {host}: {seen}");
        assert!(seen.contains("timeout expired") && status == 2, "{seen}");
    }
    std::fs::remove_file(&path).expect("removed");
    Ok(())
}

/// Which contradictions there are, `src/startup/scratch_options.rs` knows.
fn scratch_servers_are_asked_for_alone() {
    let bench = Bench::new();
    for arguments in ["--scratch -h localhost", "--scratch-list -c x", "--scratch-install"] {
        let run = bench.shell(Shell::Pgsh).args(words(arguments));
        let outcome = run.called_pgsh().outcome();
        let text = String::from_utf8_lossy(&outcome.stderr).into_owned();
        let is_refused = text.starts_with("pgsh: error: --scratch") && text.contains("\nHINT:  ");
        assert!(outcome.status == 1 && is_refused, "{arguments}: {text}");
    }
}

/// Notices of a trigger on logging in come whether that succeeds or not, and look as before any
/// variable was set.
fn notices_while_connecting() {
    let body = |level: &str| {
        format!(
            "create or replace function f() returns event_trigger language plpgsql as $$ begin \
             raise notice 'n' using detail = 'd'; raise {level} 'w' using hint = 'h'; end $$"
        )
    };
    let runs = [
        "-X -v VERBOSITY=verbose -c 'select 1'",
        "-X -v VERBOSITY=terse -c '\\c -' -c '\\c - no_such_role' -c '\\c no_such_database'",
    ];
    let bench = Bench::new();
    for level in ["warning", "exception"] {
        for shell in [Shell::Pgsh, Shell::Oracle] {
            let mut setup = bench.shell(shell).command();
            setup.env("PGOPTIONS", "-c event_triggers=off").args(["-Xqc", &body(level)]);
            setup.args(["-c", "drop event trigger if exists l"]);
            setup.args(["-c", "create event trigger l on login execute function f()"]);
            assert!(setup.output().expect("a shell").status.success());
        }
        for run in runs {
            let [ours, psql] = bench.run_both(&words(run), b"");
            assert_eq!(ours.render(), psql.render(), "{level}: {run}");
        }
    }
}

tests! {
    notices_while_connecting,
    versions_are_psqls,
    another_version_is_told_at_the_prompt,
    who_has_no_account_has_no_home,
    the_owner_of_a_socket_is_told_at_the_prompt,
    scratch_servers_are_asked_for_alone,
}
