//! Standard input and output as others share them: files several processes read, pipes whose reader
//! left, disks that are full, signals that are ignored. Both shells run the same shell scripts.

use std::fs;

use crate::harness::{Bench, Shell, difference, on_both};
use crate::run::Outcome;
use crate::trial::tests;

/// Runs a script of the system's shell, whose `psql` is one of ours.
fn run_script(bench: &Bench, shell: Shell, script: &str) -> Outcome {
    bench.shell(shell).instead("bash", ["-c", script]).outcome()
}

/// Runs a script with both shells' psql: they must leave the same.
fn compare(bench: &Bench, failures: &mut Vec<String>, script: &str) {
    let [ours, oracle] = on_both(|shell| run_script(bench, shell, script).render());
    if ours != oracle {
        failures.push(format!("{script}\n{}", difference(&oracle, &ours)));
    }
}

/// Runs each of the scripts in a database with a table `a`, beside files of these names and contents.
fn compare_all(files: &[(&str, &str)], scripts: impl IntoIterator<Item = String>) {
    let bench = Bench::new();
    for shell in [Shell::Pgsh, Shell::Oracle] {
        for (name, text) in files {
            fs::write(bench.directory(shell).join(name), text).expect("a file");
        }
        run_script(&bench, shell, "psql -Xqc 'create table a (l text)'");
    }
    let mut failures = Vec::new();
    for script in scripts {
        compare(&bench, &mut failures, &script);
    }
    assert!(failures.is_empty(), "{} scripts:\n{}", failures.len(), failures.join("\n"));
}

/// What several processes read one after the other.
fn shared_data() -> Vec<(&'static str, String)> {
    let rows = |name: &str| (0..1000).map(|i| format!("{name} {i}\n")).collect::<String>();
    let mut data = [
        ("two", "a1\n\\.\nb1\n\\.\nrest\n"),
        ("quits", "select 1;\n\\q\nrest\n"),
        ("fails", "select 1;\nselect 1/0;\nselect 2;\n"),
        ("copies", "copy a from stdin;\nc1\n\\.\nselect 1;\n\\q\nrest\n"),
        ("copies_nowhere", "copy nowhere from stdin;\nc1\n\\.\n\\echo on\n\\q\nrest\n"),
        ("read_by_program", "\\copy a from program 'head -n 1'\nselect 1;\n\\q\nrest\n"),
        ("prompts", "\\prompt x\nvalue\n\\echo :x\n\\q\nrest\n"),
        ("loses_its_server", "select pg_terminate_backend(pg_backend_pid());\nselect 1;\nrest\n"),
        ("nothing", ""),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .to_vec();
    // More than is read at once.
    data.push(("long", format!("{}\\.\n{}", rows("a"), rows("b"))));
    data.push(("long_script", format!("{}\\! head -c 9\n\\q\n{}", rows("--"), rows("b"))));
    data
}

/// What is left of a file on standard input is where reading stopped, whatever read it.
fn standard_input_is_shared() {
    const READERS: [&str; 10] = [
        "psql -Xqc 'copy a from stdin'; psql -Xqc 'copy a from stdin'",
        "psql -Xqc 'copy a from stdin' -c 'copy a from stdin'",
        "psql -Xqc '\\copy a from pstdin csv'",
        "psql -XAtc 'select 1' -c '\\! head -c 4' -c 'copy a from stdin'",
        "psql -XAt -v ON_ERROR_STOP=1",
        "psql -XAt1f - -c 'copy a from stdin'",
        "psql -XAtc 'copy a from stdin where 1/0 = 1'",
        "psql -XAtc '\\password' -c '\\prompt z'",
        "psql -XAtc '\\! psql -XAt' -c 'select 5'",
        "cat two | { psql -XAtc 'copy a from stdin'; cat; } && psql -XAt",
    ];
    let data = shared_data();
    let files: Vec<(&str, &str)> = data.iter().map(|(name, text)| (*name, &text[..])).collect();
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let script = |reader: &str| {
        format!(
            "for f in {}; do echo \"--- $f\"; echo \"--- $f\" >&2; \
             {{ {reader}; echo \"status $?\"; head -c 200; cat | md5sum; }} < $f; done; \
             psql -XAtc 'select count(*), md5(string_agg(l, null order by l)) from a; truncate a'",
            names.join(" ")
        )
    };
    compare_all(&files, READERS.map(script));
}

/// The marker ends COPY data only as a whole line with its end.
fn the_marker_at_the_end() {
    const TAILS: [&str; 13] = [
        "\\.",
        "\\.\\r",
        "\\.\\r\\n",
        "\\.\\n",
        "\\",
        "\\.x",
        "\\. \\n",
        "\\.\\r\\r\\n",
        "x\\.\\n",
        "\\.\\n\\.\\n",
        "\\.\\rx\\n",
        "\"\\n\\.\\n\"\\n",
        "\"\\n\\.",
    ];
    const BODIES: [&str; 2] = ["a1\\n", "a1"];
    let script = |options: &str| {
        let data = BODIES.iter().flat_map(|body| TAILS.map(|tail| format!("'{body}{tail}'")));
        format!(
            "for d in {}; do echo \"--- $d\"; echo \"--- $d\" >&2; printf \"$d\" > data; \
             psql -Xqc 'copy a from stdin {options}' < data; echo \"status $?\"; \
             {{ echo 'copy a from stdin {options};'; cat data; }} > script$((n += 1)); \
             set -- \"$@\" -c \"\\\\warn -- $n\" -f script$n; done; psql -Xq \"$@\"; echo $?; \
             psql -XAtc 'select * from a; truncate a' | od -c",
            data.collect::<Vec<_>>().join(" ")
        )
    };
    compare_all(&[], ["", "csv"].map(script));
}

/// Programs in every place that starts one, and how each of them ends.
fn programs() -> String {
    const PLACES: [&str; 6] = [
        "\\! PROGRAM",
        "\\echo `PROGRAM`",
        "\\copy a from program 'PROGRAM'",
        "\\o |PROGRAM\n\\o",
        "\\w |PROGRAM",
        "select 1 where false \\g |PROGRAM",
    ];
    // Each reads all that it is sent.
    const PROGRAMS: [&str; 4] = [
        "cat </dev/null; exit 3",
        "cat </dev/null; kill -9 $$",
        "cat </dev/null; exit 127",
        "grep SigIgn /proc/self/status | cut -c 21-24",
    ];
    let mut script = "\\pset format unaligned\n\\pset tuples_only on\n".to_owned();
    for place in PLACES {
        for program in PROGRAMS {
            let program =
                if place.contains('|') { format!("cat >&2; {program}") } else { program.into() };
            script += &place.replace("PROGRAM", &program);
            script += "\n\\echo :SHELL_ERROR :SHELL_EXIT_CODE\n";
        }
    }
    script + "\\copy (select 1) to program 'cat; grep SigIgn /proc/self/status | cut -c 21-24'\n"
}

/// Signals that whoever starts the shell ignores: programs have their statuses all the same, and the
/// signals as the shell has them.
fn signals_ignored_by_the_parent() {
    let script = programs();
    compare_all(
        &[("s", &script)],
        ["", "CHLD", "HUP", "TERM", "CHLD HUP"]
            .map(|signals| format!("trap '' {signals}; psql -qXf s; echo \"status $?\"")),
    );
}

/// A custom-format dump in a script's place is told, and is a failed command of whatever includes it.
fn custom_format_dumps() {
    let dump = "PGDMP\u{1}\u{e}\nselect 5;\n";
    let files = [
        ("d", dump),
        (".psqlrc", dump),
        ("including", "select 1; \\i d \\\\ select 2;\n\\if true\n\\i d\n\\endif\nselect 3;\n"),
        ("outer", "\\i including\n\\i d\nselect 4;\n"),
        ("marked", "\u{feff}PGDMP\n"),
        ("later", "select 1;\nPGDMP;\nselect 2;\n"),
    ];
    const RUNS: [&str; 10] = [
        "-X -f d",
        "-X < d",
        "-X -c '\\i d' -f d -f including -c 'select 9'",
        "-X -1f outer",
        "-X < outer",
        "-Xa -f including",
        "-X -c 'select 8' -f - -c 'select 9' < d",
        "-X -f marked",
        "-X -f later",
        "-c 'select 9'",
    ];
    let script = |run: &str| {
        ["", "-v ON_ERROR_STOP=1"].map(|stop| format!("psql -qAt {stop} {run}; echo $?"))
    };
    compare_all(&files, RUNS.iter().flat_map(|run| script(run)));
}

/// A result too large for memory without room for temporary files; scripts hear nothing of it.
fn results_without_a_temporary_file() {
    let script = |options: &str| {
        format!(
            "TMPDIR=/no/such/folder psql -Xq {options} \
             -c \"select repeat('x', 999) from generate_series(1, 9000)\" | md5sum; \
             echo ${{PIPESTATUS[@]}}"
        )
    };
    compare_all(&[], ["", "--csv", "-x"].map(script));
}

/// `~USER` leads to a user's home, `~` to one's own, where psql has it so.
fn homes_in_file_names() {
    // Whose home may not be written to, or there.
    const PLACES: [&str; 12] = [
        "\\i ~",
        "\\ir ~",
        "\\o ~",
        "select 1 \\g ~",
        "select 2\n\\w ~",
        ";\n\\copy a to ~",
        "\\copy a from '~",
        "\\lo_import ~",
        "\\cd ~",
        "\\s ~",
        "\\setenv EDITOR cat\n\\e ~",
        "\\o |cat ~",
    ];
    let mut script = String::new();
    for place in PLACES {
        let quote = if place.contains('\'') { "'" } else { "" };
        for user in ["root", "nobody", "no_such_user", ""] {
            script += &format!("{place}{user}/no/such/file{quote}\n\\o\n");
        }
    }
    let options = ["-f", "-L", "-o"].map(|option| {
        format!(
            "for u in root no_such_user ''; do psql -qX {option} \"~$u/no/such/file\" -c 'select 1'; \
             echo $?; done"
        )
    });
    let script_run = "psql -Xqf s; echo $?".to_owned();
    compare_all(&[("s", &script)], options.into_iter().chain([script_run]));
}

/// Where the shells are meant to differ; `known_differences.txt` has the reasons.
pub const DIFFERENCES: [(&str, &str); 3] = [
    (
        "pipes/canceled",
        "psql -qXAtc 'create sequence s' \
         -c \"\\\\copy (select nextval('s'), repeat('x', 999) from generate_series(1, 100000)) to '/dev/full'\" \
         -c 'select last_value > 90000 from s'",
    ),
    (
        "pipes/ignored",
        "trap '' PIPE; psql -qXAtc \"\\\\copy (select 1) to program 'cat >&2'\" \
         -c \"select repeat('x', 100000)\" | true; echo ${PIPESTATUS[@]}",
    ),
    ("pipes/closed", "psql -Xqc '\\! readlink /proc/$PPID/fd/1 | cut -c 1-6 >&2' >&-"),
];

fn known_differences() {
    let bench = Bench::new();
    for (name, script) in DIFFERENCES {
        let known = crate::harness::known_differences().iter().any(|(known, _)| known == name);
        assert!(known, "{name}: no reason");
        let [ours, oracle] = on_both(|shell| run_script(&bench, shell, script).render());
        assert!(ours != oracle, "{name}: agrees now, yet is a known difference");
    }
}

/// Output that has nowhere to go: by SIGPIPE that is the end, else it is told and the script goes on.
fn output_without_a_reader() {
    const ROWS: &str = "select repeat('x', 999) from generate_series(1, 300)";
    let commands = [
        format!("-c \"copy ({ROWS}) to stdout\""),
        format!("-c \"\\copy ({ROWS}) to stdout\""),
        format!("-c \"\\copy ({ROWS}) to pstdout\""),
        format!("-c \"\\copy ({ROWS}) to '/dev/stdout'\""),
        format!("-c \"{ROWS}\""),
        format!("-c \"\\copy ({ROWS}) to '/dev/full'\""),
        format!("-c \"\\copy ({ROWS}) to program 'true'\""),
        format!("-o '|true' -c \"{ROWS}\""),
        format!("-o '|true' -c \"copy ({ROWS}) to stdout\""),
        "-c '\\echo on'".to_owned(),
    ];
    let script = |command: &String| {
        [
            // The reader is gone by the time that a little is written.
            format!(
                "{{ sleep 0.3; psql -qXAt {command} -c 'select 2'; }} | true; echo ${{PIPESTATUS[@]}}"
            ),
            format!("psql -qXAt {command} -c 'select 2' >/dev/full; echo $?"),
            format!(
                "(trap '' PIPE; {{ sleep 0.3; psql -qXAt {command}; }} | true; echo ${{PIPESTATUS[@]}})"
            ),
        ]
    };
    compare_all(&[], commands.iter().flat_map(script));
}

/// Pipes that take each other's place: while there is one, SIGPIPE ends nothing.
fn pipes_one_after_the_other() {
    const AFTER: [&str; 6] = [
        "\\o |true",
        "\\o /no/such/file",
        "\\o |true\n\\o |true",
        "select 1 \\g |cat",
        "select 1 \\w |cat",
        "\\copy (select 1) to program 'cat'",
    ];
    // The programs are gone by the time that something is written to them.
    let files: Vec<(String, String)> = AFTER
        .iter()
        .enumerate()
        .map(|(number, then)| {
            let script = format!(
                "\\o |true\n{then}\n\\! sleep 0.3\ntable pg_class;\n\\qecho q\n\\o\n\\echo end\n"
            );
            (format!("s{number}"), script)
        })
        .collect();
    let names: Vec<(&str, &str)> = files.iter().map(|(n, t)| (&n[..], &t[..])).collect();
    let run = |(name, _): &(&str, &str)| {
        ["", "-o '|true'"].map(|option| format!("psql -qXAt {option} -f {name}; echo $?"))
    };
    compare_all(&names, names.iter().flat_map(run));
}

/// What COPY sends can't be written: the server is not asked for the rest, unless that would undo
/// something.
fn a_server_that_sends_for_nothing() {
    let bench = Bench::new();
    let script = |copy: &str| {
        format!(
            "{{ echo 'create table kept (a int); create sequence s;'; echo \"{copy}\"; \
             echo 'select last_value < 10000000 from s; select count(*) from kept;'; }} | psql -qXAt"
        )
    };
    // The server makes these rows as it sends them.
    const ENDLESS: &str = "\\copy (select nextval('s'), repeat('x', 999) \
        from (select generate_series(1, 10000000)) as rows) to ";
    const ROWS: &str =
        "insert into kept select generate_series(1, 100000) returning 'much to send'";
    let unwritten = |reason: &str| format!("could not write COPY data: {reason}\n");
    let (full, left) = (unwritten("No space left on device"), unwritten("Broken pipe"));
    for (copy, words, left_behind) in [
        (format!("{ENDLESS}'/dev/full'"), &full, "t\n0\n"),
        (format!("{ENDLESS}program 'true'"), &left, "t\n0\n"),
        (format!("\\copy ({ROWS}) to '/dev/full'"), &full, "t\n100000\n"),
        (
            "begin;\n\\copy (select generate_series(1, 100000)) to '/dev/full'\ninsert into kept values (1);\ncommit;".to_owned(),
            &full,
            "t\n1\n",
        ),
    ] {
        let outcome = run_script(&bench, Shell::Pgsh, &script(&copy));
        let shown = (
            String::from_utf8_lossy(&outcome.stdout).into_owned(),
            String::from_utf8_lossy(&outcome.stderr).into_owned(),
        );
        assert_eq!(shown, (left_behind.to_owned(), words.clone()), "{copy}");
        run_script(&bench, Shell::Pgsh, "psql -qXc 'drop table kept; drop sequence s'");
    }
}

tests! {
    standard_input_is_shared,
    the_marker_at_the_end,
    signals_ignored_by_the_parent,
    custom_format_dumps,
    results_without_a_temporary_file,
    homes_in_file_names,
    known_differences,
    output_without_a_reader,
    pipes_one_after_the_other,
    a_server_that_sends_for_nothing,
}
