//! Standard input and output as others share them: files several processes read, pipes whose reader
//! left, disks that are full, signals that are ignored. Both shells run the same shell scripts.

use std::fs;
use std::process::Command;

use crate::harness::{Bench, Outcome, Shell, difference, on_both};

/// Runs a script of the system's shell, whose `psql` is one of ours.
fn run_script(bench: &Bench, shell: Shell, script: &str) -> Outcome {
    let psql = bench.command(shell);
    let mut command = Command::new("bash");
    command.env_clear().current_dir(bench.directory(shell)).arg("-c").arg(script);
    command.envs(psql.get_envs().filter_map(|(name, value)| Some((name, value?))));
    bench.finish(shell, command, b"")
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
#[test]
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
#[test]
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
             {{ echo 'copy a from stdin {options};'; cat data; }} > script; psql -Xqf script; \
             done; psql -XAtc 'select * from a; truncate a' | od -c",
            data.collect::<Vec<_>>().join(" ")
        )
    };
    compare_all(&[], ["", "csv"].map(script));
}
