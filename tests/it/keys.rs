//! The shell by keys: lines that are edited, completed, recalled, typed ahead or given up.

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};
use rustix::termios::LocalModes;

use crate::harness::{Bench, Shell, difference};
use crate::pty::{
    CTRL_BACKSLASH, CTRL_C, CTRL_D, CTRL_R, CTRL_Z, DOWN, ENTER, ESCAPE, HOME, LEFT, PATIENCE,
    RIGHT, Terminal, UP, history, type_password,
};
use crate::trial::tests;

fn a_statement_of_three_lines_is_recalled_and_edited_as_one() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select 'a',").wait("-# ");
    terminal.line("  'b',").wait("-# ");
    terminal.line("  'c' as x;").wait("(1 row)");
    terminal.keys(UP).wait("'c' as x;");
    terminal.keys(UP).keys(UP).keys(HOME).keys(&RIGHT.repeat(8)).keys("new ").wait("new a");
    terminal.keys(ENTER).wait(" new a ");
    terminal.wait("=# ");
    assert_eq!(
        history(&bench),
        "select 'a',\u{1}  'b',\u{1}  'c' as x;\nselect 'new a',\u{1}  'b',\u{1}  'c' as x;\n"
    );
    terminal.keys(CTRL_D);
    assert_eq!(terminal.end(), 0);
}

fn ctrl_c_abandons_a_line_and_cancels_a_query() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select 1,").wait("-# ");
    terminal.keys("half a line").wait("half a line");
    terminal.keys(CTRL_C).wait("^C");
    terminal.wait("=# ");
    terminal.line("select pg_sleep(60);").wait("pg_sleep(60);\n");
    terminal.settle(Duration::from_millis(300));
    let pressed = Instant::now();
    terminal.keys(CTRL_C).wait("canceling statement due to user request");
    assert!(pressed.elapsed() < Duration::from_secs(5));
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
    terminal.wait("=# ");
    // As in psql, what comes behind on the line asks nothing more, once.
    terminal.line("select pg_sleep(60); \\d pg_am").wait("pg_am\n");
    terminal.settle(Duration::from_millis(300));
    terminal.keys(CTRL_C).wait("canceling statement due to user request");
    assert!(!terminal.wait("=# ").contains("amhandler"));
    terminal.line("\\d pg_am").wait("amhandler");
    terminal.wait("=# ");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn tab_completes_key_words_names_and_meta_commands() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("create table harvest (apples int, pears int);").wait("CREATE TABLE");
    terminal.wait("=# ");
    terminal.keys("SEL\t").wait("SELECT ");
    terminal.keys("* FROM har\t").wait("harvest ");
    terminal.keys("WHERE app\t").wait("apples ");
    terminal.keys(CTRL_C).wait("=# ");
    terminal.keys("\\DRD\t").wait("\\drds ");
    terminal.keys(CTRL_C).wait("=# ");
    terminal.keys("set timezone to america/new_\t").wait("'America/New_York' ");
    terminal.line(";").wait("SET");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn a_paste_of_many_lines_waits_for_enter() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal
        .keys("\x1b[200~select 'p' || 'q';\n\\echo r-s\nselect 't' || 'u'\x1b[201~")
        .wait("'u'");
    terminal.keys(ENTER).wait(" pq");
    terminal.wait("r-s");
    terminal.wait("-# ");
    terminal.line(";").wait(" tu");
    terminal.wait("=# ");
    assert_eq!(history(&bench), "select 'p' || 'q';\n\\echo r-s\nselect 't' || 'u'\u{1};\n");
}

fn ctrl_c_in_an_included_script_comes_back_to_the_prompt() {
    let bench = Bench::new();
    let script = bench.directory(Shell::Pgsh).join("slow.sql");
    fs::write(&script, "select pg_sleep(60);\n\\echo not reached\n").expect("a script");
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("\\i slow.sql").wait("slow.sql\n");
    terminal.settle(Duration::from_millis(300));
    terminal.keys(CTRL_C).wait("slow.sql:1: ERROR:  canceling statement");
    let shown = terminal.wait("=# ");
    assert!(!shown.contains("not reached"), "{shown}");
    terminal.line("select 6 * 7;").wait("42");
}

fn tab_in_copy_data_is_a_tab() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("create table pairs (a text, b text);").wait("CREATE TABLE");
    terminal.line("copy pairs from stdin;").wait(">> ");
    terminal.line("x\ty").wait(">> ");
    terminal.line("\\.").wait("COPY 1");
    terminal.line("\\d?").wait("Informational");
}

fn a_mistyped_describe_command_is_guessed() {
    let bench = Bench::new();
    let mut terminal = Terminal::own(&bench, &[], &[]);
    terminal.line("\\derds").wait("Perhaps you meant \\drds.");
}

fn what_is_typed_ahead_is_not_lost() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.keys("select 'a' || '1';\rselect 'a' || '2';\rselect 'a' || '3';\r");
    for result in [" a1", " a2", " a3"] {
        terminal.wait(result);
    }
}

/// SIGINT from elsewhere than the keyboard, with the editor and without it.
fn sigint_drops_the_line_at_once() {
    let bench = Bench::new();
    // Once it is quiet: to a shell that is about to take a line, the signal may be the line's.
    let interrupt = |terminal: &mut Terminal| {
        terminal.settle(Duration::from_millis(300));
        kill_process(terminal.process(), Signal::INT).expect("to kill");
    };
    for arguments in [&[][..], &["-n"]] {
        let mut terminal = Terminal::open_with(&bench, arguments, &[]);
        terminal.wait("=# ");
        terminal.line("create temp table kept (a int);").wait("CREATE TABLE");
        terminal.wait("=# ");
        terminal.line("delete from kept").wait("-# ");
        terminal.keys("where a").wait("where a");
        interrupt(&mut terminal);
        terminal.wait("=# ");
        // Neither what was typed nor the signal meets the next statement.
        terminal.line("select 6 * 7, pg_sleep(0.2);").wait("42");
        terminal.wait("=# ");
        interrupt(&mut terminal);
        terminal.wait("=# ");
        terminal.line("select pg_sleep(60);").wait("pg_sleep(60);\n");
        interrupt(&mut terminal);
        terminal.wait("canceling statement due to user request");
        terminal.wait("=# ");
        terminal.line("copy kept from stdin;").wait(">> ");
        terminal.line("1").wait(">> ");
        interrupt(&mut terminal);
        terminal.wait("canceled by user");
        terminal.wait("=# ");
        terminal.line("\\prompt Which? answer").wait("Which?");
        interrupt(&mut terminal);
        terminal.wait("=# ");
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

fn bytes_that_are_not_utf_8_are_refused() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.bytes(b"sel\xffect").wait("not valid UTF-8");
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
}

fn history_is_shared_and_searched() {
    let bench = Bench::new();
    let mut first = Terminal::start(&bench, &[]);
    first.line("select 'from the first' as a;").wait("(1 row)");
    first.wait("=# ");
    let mut second = Terminal::start(&bench, &[]);
    second.keys(CTRL_R).keys("the fi").wait("from the first");
    second.keys(ENTER).wait("(1 row)");
    second.line("select 2;").wait("(1 row)");
    second.wait("=# ");
    first.line("select 3;").wait("(1 row)");
    first.wait("=# ");
    let first_one = "select 'from the first' as a;\n";
    assert_eq!(history(&bench), format!("{first_one}{first_one}select 2;\nselect 3;\n"));
}

fn vi_keys_by_inputrc() {
    let bench = Bench::new();
    let inputrc = bench.directory(Shell::Pgsh).join("inputrc");
    fs::write(&inputrc, "set editing-mode vi\n").expect("an inputrc");
    let mut terminal = Terminal::start(&bench, &[("INPUTRC", inputrc.to_str().expect("UTF-8"))]);
    terminal.keys("select 'xyz'").keys(ESCAPE).wait("'xyz'");
    terminal.settle(Duration::from_millis(200));
    terminal.keys("0cwSELECT").keys(ESCAPE).wait("SELECT");
    terminal.settle(Duration::from_millis(200));
    terminal.keys("A;").keys(ENTER).wait(" xyz");
}

fn keys_for_a_program_in_the_foreground_leave_the_shell_alone() {
    let bench = Bench::new();
    // What says that it is ready is what waits: a shell about to start something may not hear of a
    // signal. And it is what pgsh waits for: another that is about to die would take the next keys.
    let program = "echo re''ady; read line </dev/tty";
    let mut terminal = Terminal::start(&bench, &[("EDITOR", &format!("sh -c \"{program}\""))]);
    for (command, shown, key) in [
        (&*format!("\\! {program}"), "ready", CTRL_C),
        (&*format!("\\! {program}"), "ready", CTRL_BACKSLASH),
        ("\\e", "ready", CTRL_BACKSLASH),
        ("\\prompt 'Which?' answer", "Which?", CTRL_C),
    ] {
        terminal.line(command).wait("\n");
        terminal.wait(shown);
        terminal.keys(key).wait("^");
        let seen = terminal.wait("=# ");
        assert!(!seen.contains("could not"), "{command}: {seen:?}");
    }
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn a_key_in_a_long_statement_writes_little() {
    let bench = Bench::new();
    for lines in [3, 100] {
        let mut terminal = Terminal::start(&bench, &[]);
        let text = "select 'something', x,\n".repeat(lines) + "the_end";
        terminal.keys(&format!("\x1b[200~{text}\x1b[201~")).wait("the_end");
        for key in ["x", "x", "y", LEFT, LEFT, UP, DOWN] {
            // Until it is quiet.
            while terminal.read(Instant::now() + Duration::from_millis(200)) {}
            terminal.keys(key);
            let written = terminal.read_raw();
            // The first key after the paste may draw all once more.
            assert!(
                written.len() < 50 || key == "x",
                "{lines}, {key:?}: {}",
                written.escape_ascii()
            );
        }
        // The prompt that comes behind it: what is typed before that is dropped.
        terminal.keys(CTRL_C).wait("^C");
        terminal.wait("=# ");
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back() {
    let bench = Bench::new();
    let pgsh = bench.shell(Shell::Pgsh).env("TERM", "xterm").env("PSQL_HISTORY", "/dev/null");
    let shell = pgsh.instead("bash", ["--norc", "--noediting", "-i"]);
    let mut terminal = shell.terminal();
    // Its prompt ends in "#" or "$", by who runs the tests.
    terminal.wait("psql-");
    terminal.line("PS1='shell> '").wait("\nshell> ");
    terminal.line("psql -X").wait("=# ");
    terminal.keys("select 6").wait("select 6");
    terminal.keys(CTRL_Z).wait("Stopped");
    terminal.wait("shell> ");
    assert!(terminal.modes().local_modes.contains(LocalModes::ECHO | LocalModes::ICANON));
    terminal.line("fg").wait("=# select 6");
    assert!(!terminal.modes().local_modes.contains(LocalModes::ECHO));
    terminal.line(" * 7;").wait("42");
    terminal.wait("=# ");
    // Where nobody could let it go on, it goes on by itself.
    let mut alone = Terminal::start(&bench, &[]);
    alone.keys("select 6").keys(CTRL_Z).keys(" * 7;").keys(ENTER).wait("42");
}

fn secrets_stay_out_of_the_history() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    for line in [
        "\\echo first",
        " \\setenv PGPASSWORD hidden1",
        "create role if_not password /* c */\r'hidden2' x;",
        "alter role nobody_there password -- c\r'hidden3';",
        "\\! PGPASSWORD=hidden4 true",
        "\\c postgresql://joe:hidden5@127.0.0.1:1/x",
        "create user mapping for joe server s options (\"password\" 'hidden6');",
        "select dblink_connect('host=h sslpassword = hidden8') \\g |cat",
    ] {
        terminal.line(line).wait("=# ");
    }
    terminal.line("\\echo all' done'").wait("all done\n");
    // Until its prompt is there, the terminal itself shows what is typed, and drops it on Ctrl-C.
    terminal.wait("=# ");
    terminal.line("alter role nobody_there password").wait("-# ");
    terminal.keys("'hidden7").wait("'hidden7");
    terminal.keys(CTRL_C).wait("^C\n");
    terminal.wait("=# ");
    type_password(&mut terminal, "hidden9");
    terminal.line("\\prompt 'Secret' answer").wait("\nSecret");
    terminal.line("hidden0").wait("=# ");
    terminal.line("\\echo last").wait("last\n");
    terminal.line("\\q");
    while terminal.read(Instant::now() + PATIENCE) {}
    let kept = history(&bench);
    assert!(kept.contains("first\n") && kept.contains("last\n"), "{kept}");
    assert!(!kept.contains("hidden"), "{kept}");
}

/// Where the cursor can't be moved, lines are edited at their end and completed, by text and
/// backspaces alone.
fn a_terminal_without_cursor_movement_completes() {
    let bench = Bench::new();
    for term in [None, Some("dumb")] {
        let run = bench.shell(Shell::Pgsh).arg("-X").without("TERM");
        let mut terminal = run.envs(term.map(|term| ("TERM", term))).terminal();
        terminal.wait("=# ");
        terminal
            .line("create temp table tab_one (a int); create temp table tab_two ();")
            .wait("=# ");
        terminal.keys("sel\t").wait("select ");
        terminal.keys("'ä' fromm\x7f\x17\x7f\x7f\x7f\x7f'x'").wait("'x'");
        terminal.keys(" from ta\t").wait("tab_");
        terminal.keys("\t\t").wait("tab_one");
        terminal.wait("tab_two");
        terminal.wait("select 'x' from tab_");
        terminal.keys("o\t").wait("ne ");
        terminal.line("where\x1b[7~\x1b[F false;").wait("(0 rows)");
        terminal.wait("=# ");
        terminal.keys("never\x15select 6").keys(CTRL_C).wait("^C\n");
        terminal.wait("=# ");
        // Data are not completed.
        terminal.line("copy tab_one from stdin;").wait(">> ");
        terminal.keys("\\.").line("").wait("COPY 0");
        terminal.wait("=# ");
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert!(!written.contains(['\x1b', '\u{9b}']), "{term:?}: {written:?}");
        terminal.keys(CTRL_D);
        assert_eq!(terminal.end(), 0);
    }
}

/// What `-f -` reads of a terminal is typed at prompts, without the editor, as in psql.
fn a_script_typed_at_the_terminal() {
    let bench = Bench::new();
    let steps = [
        ("=# ", "help\r"),
        ("=# ", "select 1/0;\r"),
        ("=# ", "select 'never'\r"),
        ("-# ", CTRL_C),
        ("=# ", "select pg_sleep(60);\r"),
        ("pg_sleep(60);\n", CTRL_C),
        ("=# ", "\\if false\r"),
        ("@# ", "select 1;\r"),
        ("-# ", "\\endif\r"),
        ("=# ", "create temp table t (a int);\r"),
        ("=# ", "\\i -\r"),
        ("=# ", "select 'nested';\r"),
        ("=# ", "\\q\r"),
        ("=# ", "copy t from stdin;\r"),
        (">> ", "x\r"),
        (">> ", "\\.\r"),
        ("=# ", "\\set ON_ERROR_STOP 1\r"),
        ("=# ", "select 1/0;\r"),
        ("=# ", "select 'begun'\r"),
        ("-# ", CTRL_D),
    ];
    let [oracle, ours] = [Shell::Oracle, Shell::Pgsh].map(|shell| {
        let arguments = ["-X", "-P", "pager=off", "-f", "-", "-c", "\\echo behind it"];
        let mut terminal = bench.shell(shell).args(arguments).env("TERM", "xterm").terminal();
        let mut text = String::new();
        for (shown, keys) in steps {
            text += &terminal.wait(shown);
            if keys == CTRL_C {
                // Once it is quiet: at the prompt, or in the statement.
                terminal.settle(Duration::from_millis(300));
            }
            terminal.keys(keys);
        }
        let (rest, status) = terminal.rest();
        format!("{text}{rest}\n[exit status] {status}\n")
    });
    assert!(ours == oracle, "{}", difference(oracle.as_bytes(), ours.as_bytes()));
}

tests! {
    a_statement_of_three_lines_is_recalled_and_edited_as_one,
    a_terminal_without_cursor_movement_completes,
    ctrl_c_abandons_a_line_and_cancels_a_query,
    tab_completes_key_words_names_and_meta_commands,
    a_paste_of_many_lines_waits_for_enter,
    ctrl_c_in_an_included_script_comes_back_to_the_prompt,
    tab_in_copy_data_is_a_tab,
    a_mistyped_describe_command_is_guessed,
    what_is_typed_ahead_is_not_lost,
    sigint_drops_the_line_at_once,
    bytes_that_are_not_utf_8_are_refused,
    history_is_shared_and_searched,
    vi_keys_by_inputrc,
    keys_for_a_program_in_the_foreground_leave_the_shell_alone,
    a_key_in_a_long_statement_writes_little,
    ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back,
    secrets_stay_out_of_the_history,
    a_script_typed_at_the_terminal,
}
