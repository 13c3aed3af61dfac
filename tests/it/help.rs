//! What the shell says of itself: at its own prompt also of what psql doesn't have, in scripts and
//! under the name `psql` only what psql says.

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;

/// What a line shows at the prompt of a shell of this name.
fn shown_by(bench: &Bench, program: &str, line: &str) -> String {
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm").env("PAGER", "cat");
    let mut terminal = Terminal::run_as(program, &run.command());
    terminal.wait("=# ");
    terminal.line(line).line("\\echo 'the' 'end'").wait("the end\n")
}

fn a_name_has_half_a_screen() {
    let bench = Bench::new();
    for (line, expected) in [
        ("\\? \\watch", "\\watch [[i=]SEC] [c=N] [m=MIN]"),
        ("\\? COMPLETION", "\\set COMPLETION list"),
        ("\\? ndjson", "\\pset format ndjson"),
        ("\\? nonsense", "No help available for \"nonsense\"."),
        ("\\? 23505", "23505: unique_violation"),
        ("\\? variables", "  HELPER_STATUS\n"),
        ("\\?", "\\? NAME"),
        ("\\pset format nonsense", "\nFormats that psql doesn't have: fitted, insert, json"),
        ("\\set EDIT vim", "Available values are: statement, line."),
    ] {
        let shown = shown_by(&bench, "pgsh", line);
        assert!(shown.contains(expected), "{line}: {shown}");
        let by_psql = shown_by(&bench, "psql", line);
        let beyond = by_psql.contains(expected) && line != "\\? \\watch";
        assert!(!beyond, "{line}: {by_psql}");
    }
}

fn scripts_see_what_psql_shows() {
    let bench = Bench::new();
    let script = "\\set\n\\set EDIT vim\n\\set COMPLETION 7\n\\set HELPER maybe\n\
                  \\echo :EDIT :COMPLETION :HELPER :PROGRESS\n\
                  \\? nonsense\n\\? keys\n\\? variables\n\\pset format nonsense\n\
                  \\pset color on\n\\pset pager view\n\\pset display_true yes\n\\pset insert_batch 2\n\
                  \\pset format json\n\\pset format x\nselect 1 \\g (format=fitted)\n\\pset\n";
    let shown = |shell| {
        let outcome = bench.shell(shell).arg("-X").stdin(script).outcome();
        let text =
            [outcome.stdout, outcome.stderr].map(|t| String::from_utf8_lossy(&t).into_owned());
        // Whose script it is; and this psql has no readline, so it has no history.
        let compared = |l: &&str| !l.starts_with("VERSION = ") && !l.starts_with("  \\s [FILE]");
        text.map(|t| t.lines().filter(compared).collect::<Vec<_>>().join("\n"))
    };
    let ([psqls, errors], ours) = (shown(Shell::Oracle), shown(Shell::Pgsh));
    assert!(psqls.contains("\nvim 7 maybe :PROGRESS\n"), "{psqls}");
    assert!(
        ours[0] == psqls,
        "{}",
        crate::harness::difference(psqls.as_bytes(), ours[0].as_bytes())
    );
    assert_eq!(ours[1], errors);
}

/// A script of pgsh may ask for PGSH, and is not told of it.
fn a_script_is_not_told_which_shell_reads_it() {
    let bench = Bench::new();
    let list = "\\unset VERSION\n\\unset HISTFILE\n\\set\n";
    let run = |shell| bench.shell(shell).arg("-X").stdin(list);
    let (oracle, own) = (run(Shell::Oracle).outcome(), run(Shell::Pgsh).called_pgsh().outcome());
    assert!(oracle == own, "{}", crate::harness::difference(&oracle.render(), &own.render()));
    let asks = "\\echo :{?PGSH} :PGSH\n\\unset PGSH\n\\echo :{?PGSH} :PGSH\n";
    let run = bench.shell(Shell::Pgsh).arg("-X").stdin(asks);
    let version = env!("CARGO_PKG_VERSION");
    for (run, first) in
        [(run.clone(), "FALSE :PGSH".to_owned()), (run.called_pgsh(), format!("TRUE {version}"))]
    {
        let shown = String::from_utf8(run.outcome().stdout).expect("UTF-8");
        assert_eq!(shown, format!("{first}\nFALSE :PGSH\n"));
    }
}

tests! {
    a_name_has_half_a_screen,
    scripts_see_what_psql_shows,
    a_script_is_not_told_which_shell_reads_it,
}
