//! What a terminal is for: colours and none, pagers, passwords, what shows at an idle prompt, a lost
//! connection, an end that leaves the terminal as it was.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use rustix::termios::{InputModes, LocalModes};

use crate::harness::{Bench, Shell};
use crate::pty::{CTRL_C, CTRL_D, ENTER, PATIENCE, Terminal, history, type_password};
use crate::trial::tests;

fn a_lost_connection_is_opened_again() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select pg_terminate_backend(pg_backend_pid());");
    terminal.wait("server closed the connection unexpectedly");
    terminal.wait("The connection to the server was lost. Attempting reset: Succeeded.");
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
}

/// What is called psql looks like psql: no colours, no hints, no ghost text, no menu.
fn a_link_named_psql_looks_like_psql() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select 'once';").wait("(1 row)");
    terminal.wait("=# ");
    terminal.keys("select 'on");
    while terminal.read(Instant::now() + Duration::from_millis(500)) {}
    terminal.keys("ce' from pg_clas;").keys(ENTER).wait(" ^");
    terminal.line("\\derds").wait("Try \\? for help.");
    terminal.line("show tables;").wait("\"tables\"");
    terminal.wait("=# ");
    terminal.line("\\q");
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    let marks = ["\x1b[?2004h", "\x1b[?2004l"];
    let plain = marks.iter().fold(written, |text, mark| text.replace(mark, ""));
    assert!(!plain.contains('\x1b'), "{}", plain.escape_debug());
    for own in ["Perhaps", "In psql that is"] {
        assert!(!plain.contains(own), "{}", plain.escape_debug());
    }
}

fn a_killed_shell_leaves_the_terminal_as_it_was() {
    let bench = Bench::new();
    for signal in [Signal::TERM, Signal::QUIT, Signal::HUP] {
        // A program in the foreground, which SIGQUIT is for, makes no difference afterwards.
        for first in ["select 'rea' || 'dy';", "\\! echo re''ady"] {
            let mut terminal = Terminal::open(&bench, &[]);
            terminal.wait("=# ");
            terminal.line(first).wait("ready");
            terminal.wait("=# ");
            terminal.keys("half a").wait("half a");
            assert!(!terminal.modes().local_modes.contains(LocalModes::ECHO));
            kill_process(terminal.process(), signal).expect("to kill");
            terminal.status();
            // As every new terminal has them; the shell had set others before one could look.
            let (after, usual) = (terminal.modes(), [LocalModes::ECHO, LocalModes::ICANON]);
            assert!(
                usual.iter().all(|mode| after.local_modes.contains(*mode)),
                "{signal:?} {first}"
            );
            assert!(after.local_modes.contains(LocalModes::ISIG | LocalModes::IEXTEN));
            assert!(after.input_modes.contains(InputModes::ICRNL), "{signal:?} {first}");
            assert_eq!(terminal.end(), -signal.as_raw());
        }
    }
}

fn a_password_is_not_shown_and_ctrl_c_gives_the_terminal_back() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("\\password").wait("Enter new password");
    terminal.wait(": ");
    terminal.settle(Duration::from_millis(100));
    terminal.keys("hidden").keys(CTRL_C);
    let shown = terminal.wait("=# ");
    assert!(!shown.contains("hidden"), "{shown}");
    terminal.line("\\echo seen").wait("seen\nseen");
    terminal.wait("=# ");
    terminal.line("create role it_pty password 'hidden'; drop role it_pty;").wait("DROP ROLE");
    terminal.wait("=# ");
    assert_eq!(history(&bench), "\\echo seen\n");
}

fn a_long_result_goes_through_the_pager() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[("PSQL_PAGER", "sed s/^/paged:/")]);
    terminal.line("select generate_series(1, 9) as n;").wait("(9 rows)");
    terminal.line("select generate_series(1, 90) as n;").wait("paged:(90 rows)");
    terminal.line("\\setenv PSQL_PAGER 'head -n 1'").wait("=# ");
    terminal.line("select generate_series(1, 90000) as n;").wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
}

/// A pager of `\watch` that is quit ends it without a word, and is none of the user's programs; a
/// large result without room for temporary files is told once.
fn pagers_that_are_quit_and_disks_that_are_full() {
    let bench = Bench::new();
    let environment = [("PSQL_WATCH_PAGER", "head -n 1"), ("TMPDIR", "/no/such/folder")];
    let mut terminal = Terminal::start(&bench, &environment);
    terminal.line("select 7 \\watch i=0.01").wait("(every 0.01s)");
    let told = terminal.line("\\echo .:SHELL_ERROR.").wait("\n.:SHELL_ERROR.");
    assert!(!told.contains("Broken pipe"), "{told}");
    terminal.line("\\o /dev/null").wait("=# ");
    let large = "select repeat('x', 999) from generate_series(1, 20000);";
    terminal.line(large).wait("large results are kept in memory");
    let told = terminal.line(large).line("\\echo en''d").wait("end");
    assert!(!told.contains("kept in memory") && !told.contains("could not"), "{told}");
    // What isn't kept for \last is told each time.
    let mut terminal = Terminal::own(&bench, &[], &[("TMPDIR", "/no/such/folder")]);
    terminal.line("\\o /dev/null").wait("=# ");
    for _ in 0..2 {
        terminal.line(large).wait("not kept for \\last");
    }
}

/// COLUMNS is believed before the terminal, which has 100.
fn columns_stand_before_the_terminal() {
    let bench = Bench::new();
    for (columns, expected) in [("30", ".xxx"), ("", "x\n(1 row)"), ("90", "x\n(1 row)")] {
        let mut terminal = Terminal::start(&bench, &[("COLUMNS", columns)]);
        terminal.line("\\pset format wrapped").wait("=# ");
        terminal.line("select repeat('x', 60) as n;").wait(expected);
    }
}

fn colours_unless_refused() {
    let bench = Bench::new();
    for (refuse, expected) in [("", true), ("1", false)] {
        let mut terminal = Terminal::own(&bench, &[], &[("NO_COLOR", refuse)]);
        terminal.keys("select 'x'");
        // They come after a pause.
        while terminal.read(Instant::now() + Duration::from_millis(500)) {}
        let written = terminal.written();
        let coloured = memchr::memmem::find(written, b"\x1b[32m'x'").is_some();
        assert_eq!(coloured, expected, "{}", written.escape_ascii());
    }
}

/// Headings, NULLs, errors and their place have colours where a user looks at them, and nowhere else.
fn colours_of_results_and_errors() {
    let bench = Bench::new();
    let run = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut terminal = Terminal::own(&bench, arguments, environment);
        terminal.line("\\pset null ~").wait("=# ");
        terminal.line("select null as nix;").wait("(1 row)");
        terminal.line("select nix from pg_am;").wait(" ^");
        terminal.line("\\o |cat >out").line("select null as nix;").line("\\o");
        terminal.line("select 5 as nix, '\\x1b[1m' as b \\g |cat").wait("(1 row)");
        terminal.line("\\q");
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert_eq!(terminal.end(), 0);
        let out = fs::read(bench.directory(Shell::Pgsh).join("out")).expect("results");
        assert!(!out.contains(&0x1b), "{}", out.escape_ascii());
        written
    };
    let place = "\x1b[4;31mnix\x1b[0m from pg_am;\r\n               \x1b[4;31m^\x1b[0m";
    let coloured = ["\x1b[1m nix \x1b[0m\r\n", "\x1b[2m~\x1b[0m", "\x1b[31mERROR:  column", place];
    let seen = run(&[], &[]);
    assert!(coloured.iter().all(|text| seen.contains(text)), "{}", seen.escape_debug());
    assert!(seen.contains("\x1b[31mERROR:  column \"nix\" does not exist\x1b[0m"));
    // Nobody else has colours to give.
    let mut terminal = Terminal::start(&bench, &[]);
    for line in [
        "\\set bold `printf '\\033[1m'`",
        "\\pset title :bold",
        "select U&'\\001b[1mcell' as \"a\\x\";",
        "\\x \\\\ select U&'\\001b[1mcell' as x; \\x",
        "copy (select U&'\\001b[1mcopied') to stdout;",
        "do $$ begin raise notice '%', U&'\\001b[1mtold'; end $$;",
    ] {
        terminal.line(line);
    }
    terminal.line("\\echo 'the' 'end'").wait("the end\n");
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    for text in ["\x1b[1mcell", "\x1b[1mcopied", "\x1b[1mtold", "\x1b[1m\r\n"] {
        assert!(!written.contains(text), "{}", written.escape_debug());
        assert!(written.contains(&text.replace('\x1b', "\\x1B")), "{}", written.escape_debug());
    }
    let on_dark = run(&[], &[("COLORFGBG", "15;0")]);
    assert!(on_dark.contains("\x1b[91mERROR:  "), "{}", on_dark.escape_debug());
    let by_psql = run(&[], &[("PG_COLOR", "auto"), ("PG_COLORS", "error=35")]);
    assert!(by_psql.contains("\x1b[35mERROR:  "), "{}", by_psql.escape_debug());
    assert!(!run(&[], &[("PG_COLOR", "never")]).contains("\x1b[31m"));
    for (arguments, environment) in
        [(&[][..], ("NO_COLOR", "1")), (&["-n"], ("A", "b")), (&[], ("TERM", "dumb"))]
    {
        let plain = run(arguments, &[environment]);
        assert!(plain.contains("ERROR:  column"), "{}", plain.escape_debug());
        assert!(!coloured.iter().any(|text| plain.contains(text)), "{}", plain.escape_debug());
    }
}

fn notifications_show_at_an_idle_prompt() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    let elsewhere = |sql: &str| {
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), sql.to_owned()], b"");
    };
    terminal.line("listen news;").wait("LISTEN");
    terminal.wait("=# ");
    // The line goes on as if nothing had been.
    terminal.keys("select 'half ty").wait("half ty");
    elsewhere("notify news, 'first'");
    terminal.wait("\"news\" with payload \"first\" received from server process with PID");
    terminal.wait("=# select 'half ty");
    elsewhere("notify news, 'second'");
    terminal.wait("\"second\"");
    terminal.keys("ped';").keys(ENTER).wait(" half typed");
    terminal.wait("=# ");
    // In the middle of a transaction as well, and Tab still works.
    terminal.line("begin;").wait("*# ");
    terminal.keys("select * from pg_clas").wait("pg_clas");
    elsewhere("notify news, 'third'");
    terminal.settle(Duration::from_millis(200));
    terminal.keys("\t").wait("s ");
    terminal.keys(CTRL_C).wait("*# ");
    terminal.line("rollback;").wait("\"third\"");
    terminal.wait("=# ");
}

fn notifications_show_without_the_editor() {
    let bench = Bench::new();
    for (arguments, environment) in [(&["-n"][..], &[][..]), (&[], &[("TERM", "dumb")])] {
        let mut terminal = Terminal::open_with(&bench, arguments, environment);
        terminal.wait("=# ");
        terminal.line("listen news;").wait("LISTEN");
        terminal.wait("=# ");
        // The terminal keeps what is half typed.
        terminal.keys("select 'half ty").wait("half ty");
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), "notify news, 'first'".to_owned()], b"");
        let seen = terminal.wait("=# ");
        assert!(seen.starts_with("\nAsynchronous notification \"news\" with payload"), "{seen:?}");
        terminal.keys("ped';").keys(ENTER).wait(" half typed");
        terminal.wait("=# ");
        terminal.keys("half").wait("half");
        terminal.keys(CTRL_C).wait("=# ");
        terminal.keys(CTRL_D);
        assert_eq!(terminal.end(), 0);
    }
}

fn a_lost_connection_is_told_at_an_idle_prompt() {
    let bench = Bench::new();
    for arguments in [&[][..], &["-n"]] {
        let mut terminal = Terminal::open_with(&bench, arguments, &[]);
        terminal.wait("=# ");
        terminal.line("begin;").wait("*# ");
        terminal.keys("select 'half ty").wait("half ty");
        let kill = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'begin;' \
                    and datname = current_database()";
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), kill.to_owned()], b"");
        terminal.wait("FATAL:  terminating connection due to administrator command\n");
        terminal.wait("server closed the connection unexpectedly\n");
        terminal.wait("*# ");
        // The reason was told; what is left to tell is whether there is a new connection.
        terminal.keys("ped';").keys(ENTER).wait("ped';");
        let seen = terminal.wait("Attempting reset: Succeeded.\n");
        assert!(!seen.contains("unexpectedly"), "{seen:?}");
        terminal.wait("The transaction ended with the old connection");
        terminal.wait("[y/N] ");
        let seen = terminal.line("").wait("=# ");
        assert!(seen.contains("was not sent") && !seen.contains(" half typed"), "{seen:?}");
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

/// The server hangs up between two statements: the second was never sent before there is a new
/// connection.
fn a_statement_that_was_not_sent_goes_to_the_new_connection() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    let end_session = |last: &str| {
        let kill = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where query = '{last}' and \
             datname = current_database()"
        );
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), kill], b"");
    };
    terminal.line("select 'be' || 'gin';").wait("begin\n");
    terminal.wait("=# ");
    end_session("select ''be'' || ''gin'';");
    terminal.wait("unexpectedly");
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("Succeeded.");
    terminal.wait("it is sent now.");
    terminal.wait("42");
    terminal.wait("=# ");
    // Settings are gone, which may make another statement of it.
    terminal.line("set work_mem to '1MB';").wait("SET");
    terminal.wait("=# ");
    end_session("set work_mem to ''1MB'';");
    terminal.wait("unexpectedly");
    terminal.wait("=# ");
    terminal.line("select 6 * 8;").wait("[y/N] ");
    terminal.line("y").wait("48");
    terminal.wait("=# ");
    end_session("select 6 * 8;");
    terminal.wait("unexpectedly");
    terminal.wait("=# ");
    terminal.line("\\dn").wait("Succeeded.");
    terminal.wait("List of schemas");
}

fn ctrl_c_at_the_first_password_prompt_ends_it_as_psql_ends() {
    let bench = Bench::new();
    let mut terminal = Terminal::open_with(&bench, &["-W"], &[]);
    terminal.wait("Password: ");
    terminal.settle(Duration::from_millis(100));
    assert!(!terminal.modes().local_modes.contains(LocalModes::ECHO));
    terminal.keys("hidden").keys(CTRL_C);
    terminal.status();
    assert!(terminal.modes().local_modes.contains(LocalModes::ECHO));
    assert_eq!(terminal.rest(), (String::new(), -2));
}

/// A terminal that says it can do nothing, or doesn't say what it is, gets text only; so does one
/// that is not to be edited on.
fn no_escape_sequences_where_none_are_understood() {
    let bench = Bench::new();
    for (term, arguments) in
        [(None, &[][..]), (Some(""), &[]), (Some("dumb"), &[]), (Some("xterm"), &["-n"])]
    {
        let run = bench.shell(Shell::Pgsh).arg("-X").args(arguments).env("PAGER", "cat");
        let run = run.without("TERM").envs(term.map(|term| ("TERM", term)));
        let mut terminal = Terminal::run_as("pgsh", &run.command());
        terminal.wait("=# ");
        for line in [
            "select 1 as a, 'x' as b;",
            "selec 1;",
            "\\nothing",
            "\\d",
            "\\pset pager always",
            "select 'paged';",
            "\\pset format fitted",
            "select repeat('long ', 50) as c;",
            "select 2 \\watch c=2 i=0.01",
            "select pg_sleep(1.1);",
            "create table t (a int);",
            "copy t from stdin;\r1\r\\.",
            "select 'two\rlines';",
            "\\c -",
            "\\s",
        ] {
            terminal.line(line).line("\\echo all' done'").wait("all done\n");
        }
        type_password(&mut terminal, "x");
        terminal.line("\\q");
        while terminal.read(Instant::now() + PATIENCE) {}
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert!(!written.contains(['\x1b', '\u{9b}', '\x01', '\x02']), "{term:?}: {written:?}");
    }
}

tests! {
    a_lost_connection_is_opened_again,
    a_link_named_psql_looks_like_psql,
    a_killed_shell_leaves_the_terminal_as_it_was,
    a_password_is_not_shown_and_ctrl_c_gives_the_terminal_back,
    a_long_result_goes_through_the_pager,
    pagers_that_are_quit_and_disks_that_are_full,
    columns_stand_before_the_terminal,
    colours_unless_refused,
    colours_of_results_and_errors,
    notifications_show_at_an_idle_prompt,
    notifications_show_without_the_editor,
    a_lost_connection_is_told_at_an_idle_prompt,
    a_statement_that_was_not_sent_goes_to_the_new_connection,
    ctrl_c_at_the_first_password_prompt_ends_it_as_psql_ends,
    no_escape_sequences_where_none_are_understood,
}
