//! Memory: a large value takes no more of it than in psql, its end is psql's message and not an
//! abort, and what no message can hold is refused before anything is sent.

use crate::harness::{Bench, Shell, difference, on_both};
use crate::trial::tests;

/// Bytes of the large value: more than a result keeps in memory.
const SIZE: usize = 9_000_000;
/// How much more than psql's memory may grow by, in KB: less than another copy of the value would take.
const SLACK_KB: u64 = 2_250;

/// A name, options, and what comes before and after the query of a large value.
const USES: &[(&str, &[&str], &str, &str)] = &[
    ("aligned", &[], "", ";"),
    ("unaligned", &["-A"], "", ";"),
    ("csv", &["--csv"], "", ";"),
    ("html", &["-H"], "", ";"),
    ("latex", &["-Pformat=latex"], "", ";"),
    ("expanded", &["-x"], "", ";"),
    ("in parts", &["-At", "-vFETCH_COUNT=10"], "", ";"),
    ("two rows", &["-A"], "", " from generate_series(1, 2);"),
    ("log", &["-L/dev/null"], "", ";"),
    ("gset", &[], "", " as a \\gset"),
    ("crosstab", &[], "select 1, 2, (", ") \\crosstabview"),
    ("copy", &[], "copy (", ") to stdout;"),
    ("\\copy", &[], "\\copy (", ") to '/dev/null'"),
    ("notice", &[], "do $$begin raise notice '%', (", "); end$$;"),
];

/// A value that is printed as it is, and one that fills a line per three bytes.
const VALUES: [&str; 2] = ["repeat('x', {})", "repeat(E'\\u00e9\\n', {} / 3)"];

/// The most memory a shell had, in KB, having run `script`.
fn peak(bench: &Bench, shell: Shell, options: &[&str], script: &str) -> u64 {
    let script = format!("{script}\n\\! grep VmHWM /proc/$PPID/status >&2\n");
    let run = bench.shell(shell).args(["-X", "-q", "-o", "/dev/null"]).args(options);
    let outcome = run.stdin(script).outcome();
    let errors = String::from_utf8_lossy(&outcome.stderr);
    let peak = errors.lines().filter_map(|line| line.strip_prefix("VmHWM:")).next_back();
    let peak = peak.and_then(|line| line.split_whitespace().next()?.parse().ok());
    peak.unwrap_or_else(|| panic!("{}: {}", outcome.status, &errors[..errors.len().min(300)]))
}

#[cfg(target_os = "linux")]
fn a_large_value_takes_no_more_than_psql_s_memory() {
    let bench = Bench::new();
    let mut failures = String::new();
    // What a shell takes for a small value is its own size, and the test build's is large.
    let small = |shell| peak(&bench, shell, &[], "select 1;\n\\crosstabview");
    let own = on_both(small);
    let grown = |shell: Shell, options: &[&str], script: &str| {
        let own = if shell == Shell::Pgsh { own[0] } else { own[1] };
        peak(&bench, shell, options, script).saturating_sub(own)
    };
    for (name, options, before, after) in USES {
        let value = VALUES[0].replace("{}", &SIZE.to_string());
        let script = format!("{before}select {value}{after}");
        let [ours, oracle] = on_both(|shell| grown(shell, options, &script));
        if ours > oracle + SLACK_KB {
            failures += &format!("{name}: {ours} KB, psql {oracle} KB\n");
        }
    }
    // A line per three bytes: what is kept of each counts.
    let value = VALUES[1].replace("{}", &(SIZE / 4).to_string());
    for options in [&[][..], &["-x"]] {
        let script = format!("select {value};");
        let [ours, oracle] = on_both(|shell| grown(shell, options, &script));
        if ours > oracle + SLACK_KB {
            failures += &format!("lines, {options:?}: {ours} KB, psql {oracle} KB\n");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// What needs memory: for rows, for COPY data, for what is printed, for values, for backquotes.
const HUNGRY: [&str; 5] = [
    "\\pset format unaligned\nselect repeat('x', 5000000);",
    "copy (select repeat('x', 5000000)) to stdout;",
    "select repeat(E'\\u00e9\\n', 250000);",
    "select repeat('x', 1250000) as a \\gset\nselect length($1) \\bind :'a' \\g",
    "\\set a `head -c 5000000 /dev/zero | tr '\\0' x`",
];

/// How much there is for them, in MB, besides what the program itself takes.
const ROOM: [u32; 8] = [1, 3, 5, 7, 9, 11, 13, 16];

/// How psql says that there is not enough.
const WORDS: [&str; 3] =
    ["cannot allocate memory for input buffer", "out of memory for query result", "out of memory"];

#[cfg(target_os = "linux")]
fn the_end_of_memory_is_told_in_psql_s_words() {
    let bench = Bench::new();
    // The limit is the shell's alone, not the server's.
    let within =
        |megabytes: u32| bench.shell(Shell::Pgsh).after(format!("ulimit -v {}", megabytes << 10));
    let fits = |megabytes: &u32| within(*megabytes).arg("--version").outcome().status == 0;
    let own = (10..1000).step_by(2).find(fits).expect("memory for the program itself");
    let mut told = [false; WORDS.len()];
    for script in HUNGRY {
        for megabytes in ROOM.map(|room| own + room) {
            let run = within(megabytes).args(["-X", "-o", "/dev/null"]);
            let outcome = run.stdin(script).outcome();
            let errors = String::from_utf8_lossy(&outcome.stderr);
            let known = WORDS.iter().position(|word| errors.lines().any(|l| l.ends_with(word)));
            let expected = match known {
                Some(_) => matches!(outcome.status, 0..=2),
                None => outcome.status == 0 && errors.is_empty(),
            };
            assert!(expected, "{script}\nin {megabytes} MB: {} {errors}", outcome.status);
            if let Some(index) = known {
                told[index] = true;
            }
        }
    }
    assert_eq!(told, [true; WORDS.len()], "some of {WORDS:?} was never told");
}

/// What sends the values, `V`, and what is asked next.
const BINDINGS: &str = "select 1 \\bind V \\g
\\echo :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
select 2;
select 3 \\parse st
\\bind_named st V \\g
\\echo :ERROR :SQLSTATE
select 4 \\bind V \\gset
select 4 \\bind V \\gx
select 4 \\bind V \\gdesc
select 4 \\bind V \\gexec
select 4 \\bind V \\crosstabview
select 4 \\bind V \\watch c=1
begin;
select 5 \\bind V \\g
select 6;
commit;
\\startpipeline
select 7 \\bind V \\sendpipeline
select 8 \\bind \\sendpipeline
\\bind_named st V \\sendpipeline
select 9 \\bind V \\sendpipeline
\\syncpipeline
\\getresults
\\endpipeline
\\set AUTOCOMMIT off
select 10 \\bind V \\g
\\set ON_ERROR_ROLLBACK on
select 11 \\bind V \\g
select 12;
\\set ON_ERROR_STOP on
select 13 \\bind V \\g
select 14;
";

fn more_values_than_a_message_holds_are_refused() {
    let bench = Bench::new();
    let (first, _) = BINDINGS.split_once("select 2;\n").expect("a first statement");
    for (count, refused, script) in [
        (65535, false, BINDINGS),
        (65536, true, BINDINGS),
        (65537, true, first),
        (200_000, true, first),
    ] {
        let script = script.replace('V', &vec!["1"; count].join(" "));
        let run = |shell| bench.shell(shell).arg("-X").stdin(&script).outcome().render();
        let [ours, oracle] = on_both(run);
        assert!(ours == oracle, "{count} values\n{}", difference(&oracle, &ours));
        let told = String::from_utf8_lossy(&ours).contains("must be between 0 and 65535");
        assert_eq!(told, refused, "{count} values");
    }
}

tests! {
    a_large_value_takes_no_more_than_psql_s_memory,
    the_end_of_memory_is_told_in_psql_s_words,
    more_values_than_a_message_holds_are_refused,
}
