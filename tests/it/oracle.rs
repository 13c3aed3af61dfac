//! Invocations run through both shells live: same stdout, same stderr, same exit status.

use std::fs;

use libtest_mimic::Trial;

use crate::harness::{Bench, Shell, agree, difference, on_both, words};
use crate::pty::Terminal;
use crate::run::Outcome;
use crate::trial::{Missing, Ran, tests, trial};

/// One invocation. `name` is how `known_differences.txt` calls it.
pub struct Case {
    pub name: &'static str,
    /// The command line, see [`words`].
    pub arguments: &'static str,
    pub stdin: &'static str,
}

const fn case(name: &'static str, arguments: &'static str, stdin: &'static str) -> Case {
    Case { name, arguments, stdin }
}

/// A statement that Ctrl-C ends, and what comes after.
macro_rules! interrupted {
    ($more:literal) => {
        concat!(
            "-X -c '\\! p=$PPID; (sleep 1.5; kill -INT $p) >/dev/null 2>&1 &' ",
            "-c 'select pg_sleep(60)' ",
            $more
        )
    };
}

/// They run on databases that others ran on before; the files are those of [`FILES`].
pub const CASES: &[Case] = &[
    // Exit statuses.
    case("status/empty", "-X", ""),
    case("status/stdin_error", "-X", "select 1/0;\nselect 2;\n"),
    case("status/stdin_error_stop", "-X -v ON_ERROR_STOP=1", "select 1/0;\nselect 2;\n"),
    case("status/command_error", "-X -c 'select 1/0'", ""),
    case("status/command_error_then_command", "-X -c 'select 1/0' -c 'select 2'", ""),
    case("status/command_error_stop", "-X -v ON_ERROR_STOP=1 -c 'select 1/0' -c 'select 2'", ""),
    case("status/file_error", "-X -f error.sql", ""),
    case("status/file_error_stop", "-X -v ON_ERROR_STOP=1 -f error.sql", ""),
    case("status/file_missing", "-X -f missing.sql -c 'select 1'", ""),
    case("status/quit", "-X", "select 1;\n\\q\nselect 2;\n"),
    case("status/unknown_database", "-X -d no_such_database", ""),
    case("status/unknown_user", "-X -U no_such_user -c 'select 1'", ""),
    case("status/unknown_host", "-X -h /no/such/directory", ""),
    case("status/unknown_option", "--no-such-option", ""),
    case("status/missing_argument", "-X -c", ""),
    case("status/ambiguous_option", "--no", ""),
    case("status/extra_arguments", "-X -c 'select 1' a b c", ""),
    case("status/version", "--version", ""),
    case("status/version_short", "-V", ""),
    case(
        "status/connection_lost",
        "-X",
        "select pg_terminate_backend(pg_backend_pid());\nselect 2;\n",
    ),
    // -c and -f.
    case("command/several", "-X -c 'select 1' -c '\\echo two' -f one.sql -c 'select 4'", ""),
    case("command/statements", "-X -c 'select 1; select 2'", ""),
    case(
        "command/one_transaction",
        "-X -c 'create table t (a int); select 1/0' -c 'select * from t'",
        "",
    ),
    case("command/meta_and_sql", "-X -c '\\echo a \\\\ select 1'", ""),
    case("command/unfinished", "-X -c 'select 1 +'", ""),
    case("command/unclosed_quote", "-X -c \"select 'a\"", ""),
    case("command/empty", "-X -c ''", ""),
    case("command/comment", "-X -c '-- nothing'", ""),
    case(
        "command/copy_data",
        "-X -c 'copy t to stdout begin' -f - -c '/**/ copy t from stdin begin' -f - \
         -c 'select 1; copy t from stdin begin' -f - -c 'copy t (a, b from stdin) begin' -f -",
        "\\echo one\n\\.\n\\echo two\n\\.\n",
    ),
    case("command/copy_out", "-X -c 'copy (select 1, 2) to stdout'", ""),
    case(
        "command/copy_in",
        "-X -c 'create temp table c (a int); copy c from stdin; select * from c'",
        "1\n2\n\\.\n",
    ),
    case(
        "command/no_query_buffer",
        "-X -c '\\w f' -c '\\w' -c '\\e' -c '\\e 0' -c '\\ef' -c '\\ev nothing' -c '\\p'",
        "",
    ),
    case("command/no_sql_escapes", "-X -c '\\;' -c '\\:x y' -c '\\;\\echo a' -c '\\'", ""),
    case("command/include_extra", "-X -c '\\i one.sql extra' -c '\\i missing.sql extra'", ""),
    case("command/variable", "-X -v a=1 -c 'select :a'", ""),
    case("file/stdin", "-X -f -", "select 1/0;\n"),
    case("file/stdin_twice", "-X -f - -c 'select 3' -f one.sql", "select 1;\n"),
    case("file/include", "-X -f include.sql", ""),
    case("file/unfinished", "-X", "select 1;\nselect 'open\n"),
    case("file/no_newline", "-X", "select 1"),
    case(
        "file/copy_data",
        "-X",
        "create temp table c (a int, b text);\ncopy c from stdin;\n1\tone\n2\t\\N\n\\.\nselect * from c;\n",
    ),
    case(
        "file/copy_nul",
        "-X",
        "create temp table c (a text);\ncopy c from stdin;\na\0b\nc\n\\.\ntable c;\n",
    ),
    case(
        "file/copy_bad_data",
        "-X",
        "create temp table c (a int);\ncopy c from stdin;\nx\n\\.\nselect 1;\n",
    ),
    case("file/line_numbers", "-X -f lines.sql", ""),
    case("single/commit", "-X -1 -c 'create table s (a int)' -c 'insert into s values (1)'", ""),
    case("single/rolled_back", "-X -1 -c 'insert into s values (2)' -c 'select 1/0'", ""),
    case("single/seen", "-X -c 'select * from s'", ""),
    case("single/file_stop", "-X -1 -v ON_ERROR_STOP=1 -f error.sql", ""),
    case("single/without_script", "-X -1", "select 1;\n"),
    case("single/failures_kept", "-X -E -1 -c 'create table k ()' -c '\\nothing'", ""),
    case("single/failures_kept_seen", "-X -c '\\d k'", ""),
    // Where scripts end, and what ends them.
    case(
        "stop/next_line",
        "-X",
        "\\set ON_ERROR_STOP 1 \\\\ select 1/0;\nselect 2;\nselect 1/0;\n",
    ),
    case("stop/at_the_end", "-X", "select 1/0 \\set ON_ERROR_STOP 1\n"),
    case("stop/in_an_included_script", "-X -f nested.sql -c 'select 4'", ""),
    case("stop/quit_sends_what_was_begun", "-X", "\\if true\nselect 1\n\\q\nselect 2;\n"),
    case("stop/nul_byte", "-X", "select 1,\0 9;\n 2;\n\\ech\0\no x\n"),
    case("stop/byte_order_mark", "-X", "\u{feff}select 1;\n\u{feff}select 2;\n"),
    // Ctrl-C in one -c; the others run all the same.
    case("stop/interrupted", interrupted!("-c 'create temp table i ()' -c '\\echo b'"), ""),
    case("stop/interrupted_query", interrupted!("-c '\\echo b' -c 'create temp table i ()'"), ""),
    case("stop/interrupted_file", interrupted!("-c '\\echo b' -f one.sql"), ""),
    case("stop/interrupted_no_file", interrupted!("-f missing.sql"), ""),
    case("stop/interrupted_rows", interrupted!("-c 'select 1; select 1/0'"), ""),
    // Names of scripts in messages.
    case("path/cleaned", "-X -f ./nested//../error.sql", "select 1;\n"),
    case("path/included", "-X", "\\i ./error.sql\n\\ir .//x/../nothing\n\\w ./no//x\n"),
    case("path/directory", "-X -f . -c 'select 1'", ""),
    case("path/directory_stop", "-X -v ON_ERROR_STOP=1", "\\i .\nselect 1;\n"),
    // All that reads standard input reads on where it was left.
    case(
        "stdin/shared_by_commands",
        "-X -c 'create temp table c (a int)' -c 'copy c from stdin' -c 'copy c from stdin' -f - -c 'table c'",
        "1\n\\.\n2\n\\.\nselect 3;\n",
    ),
    case("stdin/included", "-X", "\\echo a\n\\i -\n\\echo b\n\\q\n\\echo c\n"),
    case("stdin/password", "-X -W", "secret\nselect 1;\n"),
    case("stdin/no_password", "-X -W -c 'select 1'", ""),
    case("stdin/prompt", "-X", "\\prompt 'name? ' v\nann\n\\echo :v\n\\prompt w"),
    case("stdin/prompt_of_a_file", "-X -f prompt.sql", "ann\n"),
    case(
        "stdin/prompt_of_a_command",
        "-X -c '\\prompt n v' -c '\\prompt n w' -c '\\echo :v :w'",
        "a\nb\n",
    ),
    case("stdin/new_password", "-X", "\\password\none\ntwo\nselect 1;\n"),
    // Echoing.
    case("echo/command", "-X -a -c '\\echo one' -c 'select 2'", ""),
    case("echo/errors_ended", "-X -b -c 'select 1/0;\n' -c 'select 2/0\n\n'", ""),
    case("echo/errors_lost", "-X -b", "select pg_terminate_backend(pg_backend_pid());\n"),
    case("echo/all", "-X -a", "select 1; -- one\n\n\\echo two\nselect\n 3;\n"),
    case("echo/all_quiet", "-X -a -q -c 'create temp table e ()' -c 'select 1'", ""),
    case("echo/queries", "-X -e", "select 1;\n\\echo two\nselect\n 3;\n"),
    case("echo/errors", "-X -b", "select 1;\nselect 1/0;\n"),
    case("echo/hidden", "-X -v ECHO_HIDDEN=bad", ""),
    case("echo/single_line", "-X -S", "select 1\nselect 2\n"),
    case("echo/single_step", "-X -s", "select 1;\n"),
    // Output options.
    case("output/csv", "-X --csv -c \"select 1 as a, 'x,\\\"y' as b, null as c\"", ""),
    case("output/unaligned", "-X -A -c 'select 1 as a, 2 as b'", ""),
    case("output/tuples", "-X -At -c 'select 1 as a, 2 as b union all select 3, 4'", ""),
    case("output/separators", "-X -A -F : -R + -c 'select 1 as a, 2 as b'", ""),
    case("output/zero", "-X -A -z -0 -c 'select 1 as a, 2 as b'", ""),
    case("output/expanded", "-X -x -c 'select 1 as a, 2 as bcd'", ""),
    case("output/html", "-X -H -T 'border=3' -c 'select 1 as a'", ""),
    case("output/pset", "-X -P null=NULL -P border=2 -P footer=off -c 'select null as a'", ""),
    case("output/pset_unknown", "-X -P nothing=1 -c 'select 1'", ""),
    case("output/pset_bad_value", "-X -P format=nothing -c 'select 1'", ""),
    case("output/pset_bad_border", "-X -P border=x -c 'select 1'", ""),
    case("output/file", "-X -o out.txt -c 'select 1' -c '\\o' -c '\\! cat out.txt'", ""),
    case("output/no_file", "-X -o '' -c 'select 1'", ""),
    case("output/log_is_aligned", "-X -x --csv -L l.txt -c 'select 1 as a' -c '\\! cat l.txt'", ""),
    case(
        "output/log_keeps_to_columns",
        "-X -L l.txt",
        "\\set q 'select repeat(\'ab \', 20) as a, repeat(\'c\', 20) as b;'\n\
         \\pset format wrapped\n:q\n\\pset columns 40\n:q\n\\pset expanded auto\n:q\n\
         \\pset format csv\n:q\n\\pset border 2\n\\pset columns 90\n:q\n\
         \\pset expanded on\n\\pset format wrapped\n\\pset columns 20\n:q\n\
         \\set FETCH_COUNT 1\n\\pset expanded auto\n:q\n\\! cat l.txt\n",
    ),
    case(
        "output/log_of_parts",
        "-X -L l.txt -v FETCH_COUNT=1 -P expanded=auto -P columns=30",
        "select repeat('ab ', 20) as a, b from generate_series(1, 3) b;\n\\pset border 2\n\
         \\pset format html\n\\pset columns 1\nselect 1 as a;\n\\! cat l.txt\n",
    ),
    case("output/pipe", "-X -o '|cat' -c 'select 1'", ""),
    case("output/file_fails", "-X -o no/such/file -c 'select 1'", ""),
    case("output/full_disk_list", "-X -l -o /dev/full", ""),
    case("output/full_disk_describe", "-X -o /dev/full -c '\\dn'", ""),
    case("output/full_disk_crosstab", "-X -o /dev/full", "select 1, 2, 3 \\crosstabview\n"),
    case("output/full_disk_parts", "-X -v FETCH_COUNT=1 -o /dev/full -c 'values (1), (2)'", ""),
    case("output/log", "-X -L log.txt -c 'select 1' -c '\\! cat log.txt'", ""),
    case("output/quiet", "-X -q -c 'create table q ()' -c 'drop table q'", ""),
    case("output/list", "-X -l -A -t -F : it_none", ""),
    // Variables.
    case(
        "variable/set",
        "-X -v a=1 -v b=\"it's\" -v c= -v d",
        "\\echo :a :'b' :\"b\" :c :d :{?a} :{?d}\nselect :'b';\n",
    ),
    case("variable/special_bad", "-X -v AUTOCOMMIT=maybe -c 'select 1'", ""),
    case("variable/special_number", "-X -v FETCH_COUNT=x -c 'select 1'", ""),
    case("variable/bad_name", "-X -v 'a b=1' -c 'select 1'", ""),
    case(
        "variable/autocommit_off",
        "-X -v AUTOCOMMIT=off",
        "create table auto ();\nselect 1/0;\nselect 2;\nrollback;\n\\d auto\n",
    ),
    case(
        "variable/rollback",
        "-X -v ON_ERROR_ROLLBACK=on",
        "begin;\nselect 1/0;\nselect 2;\ncommit;\n",
    ),
    case(
        "variable/fetch_count",
        "-X -v FETCH_COUNT=2",
        "select generate_series(1, 5);\nselect 1/(3-i) from generate_series(1, 5) i;\n",
    ),
    case(
        "variable/verbosity",
        "-X -v VERBOSITY=sqlstate",
        "select 1/0;\n\\set VERBOSITY terse\nselect 1 x from nothing;\n",
    ),
    // Connection strings and options.
    case(
        "connect/conninfo",
        "-X -d 'dbname=postgres application_name=x' -c 'show application_name'",
        "",
    ),
    case(
        "connect/uri",
        "-X -c 'show application_name' postgresql:///postgres?application_name=y",
        "",
    ),
    case("connect/bad_keyword", "-X -d 'nothing=1'", ""),
    case("connect/bad_port", "-X -p x", ""),
    case("connect/empty_timeout", "-X -d connect_timeout=", ""),
    case("connect/empty_keepalives", "-X -d 'host=127.0.0.1 port=1 keepalives='", ""),
    case("connect/bad_ports", "-X -h ,a -p x,99999", ""),
    case("connect/bad_ports_later", "-X -h /no/such,,a -p 99999,99999,x", ""),
    case("connect/bad_uri", "-X postgresql://%zz", ""),
    case("connect/secret_address", "-X postgresql://u:secret@[]/d?sslpassword=hush", ""),
    case("connect/secret_escape", "-X postgresql://u:sec%ret@h/d", ""),
    case("connect/secret_separator", "-X 'postgresql://h/d?password=sec&ret'", ""),
    case("connect/secret_blank", "-X 'user=u password=sec ret'", ""),
    case("connect/no_secret", "-X postgresql://u%zz:secret@h/d", ""),
    case("connect/abbreviation", "-X --com 'select 1' --tup", ""),
    case("connect/equals", "-X --command='select 1' --field-separator=: -A", ""),
    case("connect/empty_options", "-X -h '' -p '' -U '' -c 'select 1'", ""),
    case(
        "connect/open_pipeline",
        "-X",
        "\\startpipeline\nselect 1 \\bind \\sendpipeline\n\\syncpipeline\n\\c\n\\getresults\n",
    ),
    case("connect/bad_string_in_script", "-X", "\\c nothing=1\nselect 1;\n"),
    // Options that change nothing in a script, and the texts.
    case("options/no_readline", "-X -n -c 'select 1'", ""),
    case("options/no_password", "-X -w -c 'select 1'", ""),
    case("options/variable", "-X --variable=a=1 --variable b=2 -c '\\echo :a :b'", ""),
    case("options/help", "--help", ""),
    case("options/help_short", "-?", ""),
    case("options/help_options", "--help=options", ""),
    case("options/help_variables", "--help=variables", ""),
    case("options/help_unknown", "--help=nothing", ""),
    case("connect/unknown_parameter", "-X -d options=-cnosuch=1", ""),
    case("connect/timeout_in_script", "-X", "\\c connect_timeout=x\n\\echo :DBNAME\n"),
    // Meta-commands in scripts.
    case("meta/timing_bad", "-X -v ON_ERROR_STOP=1", "\\timing x y\nselect 1;\n"),
    case("meta/encoding_bad", "-X -v ON_ERROR_STOP=1", "\\encoding x y\nselect 1;\n"),
    case("meta/shell_not_found", "-X", "\\! exit 127\n\\echo :SHELL_EXIT_CODE\n"),
    case(
        "meta/restrict",
        "-X",
        "\\restrict ''\n\\restrict a b\n\\echo no\n\\unrestrict a b\n\\unrestrict a;\n\\echo yes\n",
    ),
    // In a schema of its own: what else there is, is other tests' business.
    case(
        "meta/describe_letters",
        "-X",
        "begin;\ncreate schema letters;\nset search_path = letters;\ncreate table t ();\n\\d+v\n\\dSt no*\n",
    ),
    case("meta/unknown", "-X", "\\nothing\nselect 1;\n"),
    case("meta/unknown_stop", "-X -v ON_ERROR_STOP=1", "\\nothing\nselect 1;\n"),
    case("meta/extra_argument", "-X", "\\t on extra\n"),
    case(
        "meta/if",
        "-X",
        "\\if false\nselect 1;\n\\elif true\nselect 2;\n\\else\nselect 3;\n\\endif\n",
    ),
    case("meta/if_open", "-X", "\\if true\nselect 1;\n"),
    case("meta/endif", "-X", "\\endif\nselect 1;\n"),
    case(
        "meta/gset",
        "-X",
        "select 1 as a, 'x' as b \\gset p_\n\\echo :p_a :p_b\nselect 1 where false \\gset\n",
    ),
    case("meta/gexec", "-X", "select 'select ' || i from generate_series(1, 2) i \\gexec\n"),
    case("meta/gdesc", "-X", "select 1 as a, now() as b \\gdesc\n"),
    case("meta/timing", "-X", "\\timing on\nselect 1;\n"),
    case("meta/errverbose", "-X", "\\errverbose\nselect 1/0;\n\\errverbose\n"),
    case("meta/shell", "-X", "\\! echo hello; exit 3\n\\echo :SHELL_ERROR :SHELL_EXIT_CODE\n"),
    case("meta/backquote", "-X", "\\set a `echo one; echo two`\n\\echo :a\n"),
];

/// Files the cases read, in the current directory.
const FILES: &[(&str, &str)] = &[
    ("one.sql", "select 1 as one;\n"),
    ("prompt.sql", "\\prompt 'name? ' v\n\\echo :v\n\\prompt w\nselect 1;\n"),
    ("stop.sql", "\\set ON_ERROR_STOP 1\nselect 1/0;\nselect 2;\n"),
    ("nested.sql", "\\i stop.sql\n\\echo goes on\nselect 1/0;\n\\echo never\n"),
    ("error.sql", "select 1;\nselect 1/0;\nselect 2;\n"),
    ("include.sql", "\\echo before\n\\i error.sql\n\\ir one.sql\n\\i missing.sql\n\\echo after\n"),
    (
        "lines.sql",
        "-- a comment\nselect\n  1,\n  2 +\n  nothing;\n\\nothing\nselect 'x\ny' || 1/0;\n",
    ),
];

/// The start-up file that comes with the shell.
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/psqlrc.example");

/// Runs one case through both shells.
fn compare(case: &Case) {
    let [ours, oracle] = Bench::reused(|bench| {
        for shell in [Shell::Pgsh, Shell::Oracle] {
            for (name, text) in FILES {
                fs::write(bench.directory(shell).join(name), text).expect("a file");
            }
        }
        bench.run_both(&words(case.arguments), case.stdin.as_bytes()).map(|o| o.render())
    });
    agree(case.name, &oracle, &ours);
}

/// A test for each invocation.
fn cases() -> impl Iterator<Item = Trial> {
    CASES.iter().map(|case| trial(format!("oracle::{}", case.name), || compare(case)))
}

fn the_example_of_a_start_up_file() {
    let bench = Bench::new();
    let stdin =
        "\\echo :eav\n\\echo :activity\n:blocked\n:sizes\n\\pset\n\\echo :{?SERVERS} :{?PGSH}\n";
    let run = |shell| bench.shell(shell).env("PSQLRC", EXAMPLE).stdin(stdin);
    let [ours, oracle] = on_both(|shell| run(shell).outcome());
    assert_eq!(oracle.stderr, b"", "psql itself has nothing to say against it");
    assert!(ours == oracle, "{}", difference(&oracle.render(), &ours.render()));
    let own = run(Shell::Pgsh).called_pgsh().outcome();
    let shown =
        String::from_utf8(own.stdout).expect("UTF-8").replace("\nTRUE TRUE\n", "\nFALSE FALSE\n");
    assert_eq!((shown.as_bytes(), own.stderr.as_slice()), (oracle.stdout.as_slice(), &b""[..]));
}

/// A file for one version of psql that begins with the one for all.
fn the_example_at_a_terminal_and_by_version() {
    let bench = Bench::new();
    for (shell, name) in [(Shell::Oracle, "psql"), (Shell::Pgsh, "psql"), (Shell::Pgsh, "pgsh")] {
        let home = bench.directory(shell);
        fs::copy(EXAMPLE, home.join(".psqlrc")).expect("a file");
        fs::write(home.join(".psqlrc-18"), "\\ir .psqlrc\n\\echo both\n").expect("a file");
        let run = bench.shell(shell).env("TERM", "xterm").env("PSQL_HISTORY", "/dev/null");
        let mut terminal = Terminal::run_as(name, &run.command());
        let before = terminal.wait("=# ");
        let quiet = !before.contains(".psqlrc") && !before.contains("error");
        assert!(quiet && before.contains("both\n"), "{name}, {shell:?}: {before}");
        terminal.line("\\echo :HISTSIZE :{?SERVERS_prod} 'end'");
        let expected = if name == "pgsh" { "10000 TRUE end" } else { "10000 FALSE end" };
        terminal.wait(expected);
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

/// The list of databases is looked at with the start-up file's settings.
fn the_start_up_file_comes_before_the_list() {
    let bench = Bench::new();
    let [ours, oracle] = on_both(|shell| {
        let file = bench.directory(shell).join("rc");
        fs::write(&file, "\\warn read\n\\pset format csv\n").expect("a file");
        // The other tests make databases meanwhile.
        bench.shell(shell).args(["-l", "-o", "/dev/null"]).env("PSQLRC", file).outcome()
    });
    assert!(ours == oracle, "{}", difference(&oracle.render(), &ours.render()));
}

fn start_up_files_that_are_not_the_systems() {
    let bench = Bench::new();
    for directory in ["", ".", "nowhere"] {
        let [ours, oracle] = on_both(|shell| {
            fs::write(bench.directory(shell).join("psqlrc"), "\\echo read\n").expect("a file");
            bench.shell(shell).env("PGSYSCONFDIR", directory).stdin("\\echo done\n").outcome()
        });
        assert!(ours == oracle, "{}", difference(&oracle.render(), &ours.render()));
    }
}

/// Runs a script under each of these environments: both shells must say the same, after `mask`.
/// What psql said.
fn compare_under(
    environments: &[&[(&str, &str)]],
    arguments: &[&str],
    stdin: &str,
    mask: impl Fn(Outcome) -> Vec<u8> + Sync,
) -> Vec<Vec<u8>> {
    let bench = Bench::new();
    let under = |environment: &&[(&str, &str)]| {
        let [ours, oracle] = on_both(|shell| {
            let run = bench.shell(shell).args(arguments).without("LC_ALL").stdin(stdin);
            mask(run.envs(environment.iter().copied()).outcome())
        });
        assert!(ours == oracle, "{environment:?}: {}", difference(&oracle, &ours));
        oracle
    };
    environments.iter().map(under).collect()
}

/// Some locale wrote otherwise than C, the first: else none is installed, or the script shows
/// nothing.
fn expect_other_words(said: &[Vec<u8>]) -> Ran {
    match said.iter().all(|text| *text == said[0]) {
        true => Err(Missing("no locale that writes otherwise than C".to_owned())),
        false => Ok(()),
    }
}

/// Where the C library has the locale; where it doesn't, both fall back to C's.
fn numbers_and_messages_of_locales() -> Ran {
    let stdin = "\\pset numericlocale on\nselect 1234567.891, 1e20::float8, -123;\n\\i nothing\n";
    let locales: [&[(&str, &str)]; 7] = [
        &[("LC_ALL", "C")],
        &[("LC_ALL", "de_DE.UTF-8")],
        &[("LC_ALL", "fr_FR.UTF-8")],
        &[("LC_ALL", "hi_IN")],
        &[("LC_ALL", "de_CH.UTF-8")],
        &[("LC_ALL", "es_ES")],
        &[("LC_ALL", "nonsense")],
    ];
    let said = compare_under(&locales, &["-X"], stdin, |outcome| outcome.render());
    expect_other_words(&said)
}

/// COLUMNS, as it is at the start, limits results that come in parts even without a terminal.
fn the_width_of_results_in_parts() {
    let stdin = "\\set q 'select repeat(\'ab \', 20) as a, 1 as b;'\n\\set FETCH_COUNT 1\n\
        \\pset format wrapped\n:q\n\\setenv COLUMNS 30\n:q\n\\pset expanded auto\n:q\n\
        \\pset expanded off\n\\o f\n:q\n\\o\n\\! cat f\n\\pset columns 25\n:q\n\
        \\set FETCH_COUNT 0\n\\pset columns 0\n:q\n";
    let columns = ["40", " 40x", "0", "-1", "none"].map(|columns| [("COLUMNS", columns)]);
    compare_under(&columns.each_ref().map(|c| &c[..]), &["-X"], stdin, |outcome| outcome.render());
}

/// `\watch` reads its numbers and tells the time in the locale's way.
fn times_and_decimal_points_of_locales() -> Ran {
    let stdin = "\\set WATCH_INTERVAL 0,5\n\\set WATCH_INTERVAL 0.5\n\\set WATCH_INTERVAL 0\u{66b}5\n\
        \\set WATCH_INTERVAL -1\n\\set WATCH_INTERVAL 1e300\n\\set WATCH_INTERVAL 1e400\n\
        \\echo :WATCH_INTERVAL\n\\set WATCH_INTERVAL nan(1)\n\\set WATCH_INTERVAL nan(\n\
        select 1 \\watch c=1 0,25\n\\watch c=1 0.25\n\\watch c=1 0x1,8p-1\n\\watch c=1 0x.8\n\
        \\watch c=1 1234567,5\n\\watch c=1 1.234,5\n\\watch c=1 nan(0x1)\n\\watch c=1 0x0p99999999999\n";
    let masked = |outcome: Outcome| {
        let mut text = outcome.render();
        let seconds = |at: usize, text: &[u8]| {
            text[at..].first_chunk::<8>().is_some_and(|part| {
                part.iter().enumerate().all(|(i, b)| match i {
                    2 | 5 => *b == b':',
                    _ => b.is_ascii_digit(),
                })
            })
        };
        for at in 0..text.len() {
            if seconds(at, &text) {
                text[at..at + 8].fill(b'-');
            }
        }
        text
    };
    let locales: [&[(&str, &str)]; 5] = [
        &[("LC_ALL", "C.UTF-8")],
        &[("LC_ALL", "de_DE.UTF-8")],
        &[("LC_NUMERIC", "de_DE.UTF-8")],
        &[("LC_TIME", "de_DE.UTF-8")],
        &[("LC_ALL", "ps_AF")],
    ];
    let said = compare_under(&locales, &["-X"], stdin, masked);
    // Where that is no number, it ends the shell.
    compare_under(&locales, &["-X", "-v", "WATCH_INTERVAL=1,5"], "\\echo here\n", masked);
    said[1..].iter().try_for_each(|text| expect_other_words(&[said[0].clone(), text.clone()]))
}

/// COPY data that the server never asked for are skipped, whatever the query is used for: as many
/// blocks of them as psql finds COPYs in its text.
fn copy_data_nobody_took() {
    const QUERIES: [&str; 5] = [
        "select 1/0\\; copy z from stdin",
        "copy z from stdin begin \\; copy z from stdin",
        "copy z from stdin begin\\; select 1",
        "copy (select 1) to stdout\\; copy z from stdin x",
        "copy y from stdin\\; copy z from stdin\\; copy z from stdin",
    ];
    const USES: [&str; 10] = [
        ";",
        "\\g",
        "\\gx",
        "\\gset",
        "\\gexec",
        "\\gdesc",
        "\\crosstabview",
        "\\bind \\g",
        "\\parse x",
        "\\watch c=1",
    ];
    const DATA: &str = "\\echo A\n\\.\n\\echo B\n\\.\n\\echo C\n\\.\n\\echo D\n";
    let mut script = "create temp table z (a text);\n".to_owned();
    for usage in USES {
        script.extend(QUERIES.map(|query| format!("{query} {usage}\n{DATA}")));
    }
    script += "select unnest(array['copy z to stdout begin', 'copy z from stdin begin', \
        'select 1; copy z from stdin begin']) \\gexec\n";
    script += DATA;
    compare_under(&[&[]], &["-X", "-a"], &script, |outcome| outcome.render());
}

/// What the server has to say to COPY data shows before they end.
fn notices_while_data_are_copied() {
    let bench = Bench::new();
    let stdin = "create temp table t (a int);\n\
        create function pg_temp.f() returns trigger language plpgsql as\n\
        $$begin if new.a % 1000 = 0 then raise notice 'row %', new.a; end if; return new; end$$;\n\
        create trigger t before insert on t for each row execute function pg_temp.f();\n\
        \\copy t from program 'seq 300000; echo fed >&2'\n";
    let outcomes = on_both(|shell| bench.shell(shell).arg("-Xq").stdin(stdin).outcome());
    for outcome in outcomes {
        let text = outcome.render();
        let at = |what: &[u8]| text.windows(what.len()).position(|part| part == what);
        let (first, fed, last) = (at(b"row 1000\n"), at(b"\nfed\n"), at(b"row 300000\n"));
        assert!(first < fed && fed.is_some() && last.is_some(), "{first:?} {fed:?} {last:?}");
    }
}

fn every_case_has_a_name_of_its_own() {
    let mut names: Vec<_> = CASES.iter().map(|case| case.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CASES.len());
}

tests! {
    the_example_of_a_start_up_file,
    the_example_at_a_terminal_and_by_version,
    the_start_up_file_comes_before_the_list,
    start_up_files_that_are_not_the_systems,
    numbers_and_messages_of_locales,
    the_width_of_results_in_parts,
    times_and_decimal_points_of_locales,
    copy_data_nobody_took,
    notices_while_data_are_copied,
    every_case_has_a_name_of_its_own,
    ; cases()
}
