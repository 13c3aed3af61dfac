//! Signals at every stage of a script: pgsh beside psql.
//!
//! A case brings both shells to a stage where they wait (the one before says `ready`), sends a
//! signal to the process group, gives them the rest of their input, and compares all that they
//! left. Where pgsh ends more safely than psql is in `known_differences.txt`, as
//! `interrupts/NAME`.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process_group};

use crate::harness::{Bench, Shell, agree, on_both, words};
use crate::run::Outcome;
use crate::trial::{tests, trial};

/// How long a shell may take to come to its stage, and to its end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a shell that said `ready` has to come to where it waits, where it runs at once.
const SETTLING: Duration = Duration::from_millis(300);

/// A stage and a signal.
pub struct Case {
    pub name: &'static str,
    arguments: &'static str,
    /// `s.sql` is the start-up file.
    start_up: bool,
    /// The script `s.sql`.
    script: &'static str,
    /// What standard input holds, or the FIFO `fifo` if [`Case::fifo`]: before the signal, and after.
    input: [&'static str; 2],
    fifo: bool,
    signal: Signal,
    /// Whoever started the shell ignores the signal.
    ignored: bool,
    /// A query that shows what the case left in the database.
    left: &'static str,
}

/// A query that the server goes on with although it is asked to cancel it.
macro_rules! swallow {
    () => {
        "do $$ begin perform pg_sleep(60); exception when query_canceled then null; end $$"
    };
}

/// A script on standard input.
const fn piped(name: &'static str, before: &'static str, after: &'static str) -> Case {
    let input = [before, after];
    Case {
        name,
        arguments: "",
        start_up: false,
        script: "",
        input,
        fifo: false,
        signal: Signal::INT,
        ignored: false,
        left: "",
    }
}

/// The script `s.sql`, run by these arguments.
const fn script(name: &'static str, arguments: &'static str, script: &'static str) -> Case {
    Case { arguments, script, ..piped(name, "", "") }
}

/// A FIFO.
const fn fifo(name: &'static str, arguments: &'static str, input: [&'static str; 2]) -> Case {
    Case { arguments, input, fifo: true, ..piped(name, "", "") }
}

pub const CASES: &[Case] = &[
    piped("idle", "\\echo ready\n", "\\echo later\n"),
    piped("idle_end", "\\echo ready\n", ""),
    piped("statement", "\\echo ready\nselect 'half'\n", ", 'whole';\n"),
    piped("statement_end", "\\echo ready\nselect 'half'\n", ""),
    piped("line", "\\echo ready\nselect 'half'", ", 'whole';\nselect 'next';\n"),
    piped("quote", "\\echo ready\nselect '\n", "';\nselect 'next';\n"),
    piped("dollars", "\\echo ready\ndo $$ begin\n", "end $$;\nselect 'next';\n"),
    piped("parenthesis", "\\echo ready\nselect ('half'\n", ");\n"),
    piped("comment", "\\echo ready\nselect 'half' /*\n", "*/;\n"),
    piped("sent_by_g", "\\echo ready\nselect 'half'\n", "\\g\n"),
    piped("sent_by_q", "\\echo ready\nselect 'half'\n", "\\q\n"),
    piped("condition", "\\if true\n\\echo ready\n", "\\echo later\n\\endif\n"),
    piped(
        "copy",
        "\\echo ready\ncopy c from stdin;\nx\n",
        "select 'datum';\n\\.\nselect 'next';\n",
    ),
    piped("prompt", "\\echo ready\n\\prompt P v\n", "select 'answer';\n"),
    fifo("file", "-f fifo", ["\\echo ready\nselect 'half'\n", ", 'whole';\n"]),
    fifo("file_end", "-f fifo", ["\\echo ready\nselect 'half'\n", ""]),
    fifo("file_and_more", "-f fifo -c '\\echo more'", ["\\echo ready\nselect 'half'\n", ";\n"]),
    fifo(
        "file_stop",
        "-v ON_ERROR_STOP=1 -f fifo -c '\\echo more'",
        ["\\echo ready\nselect 1\n", ""],
    ),
    fifo("file_and_query", "-f fifo -c 'select 1'", ["\\echo ready\nselect 'half'\n", ";\n"]),
    fifo("included", "-c '\\i fifo'", ["\\echo ready\nselect 'half'\n", ", 'whole';\n"]),
    Case {
        script: "\\i fifo\n\\echo outer\n",
        ..fifo("nested", "-f s.sql", ["\\echo ready\nselect 'half'\n", ", 'whole';\n"])
    },
    Case {
        script: "\\i fifo\n\\echo outer\n",
        ..fifo(
            "nested_query",
            "-f s.sql",
            ["\\echo ready\nselect pg_sleep(60);\n", "\\echo later\n"],
        )
    },
    script("query", "-f s.sql", "\\echo ready\nselect pg_sleep(60);\n\\echo later\n"),
    script(
        "query_and_more",
        "-f s.sql -c 'create temp table i ()'",
        "\\echo ready\nselect pg_sleep(60);\n",
    ),
    script("query_and_file", "-f s.sql -f s.sql", "\\echo ready\nselect pg_sleep(60);\n"),
    script(
        "query_stop",
        "-v ON_ERROR_STOP=1 -f s.sql -c '\\echo more'",
        "\\echo ready\nselect pg_sleep(60);\n",
    ),
    script("query_single", "-1 -f s.sql", "\\echo ready\nselect pg_sleep(60);\n"),
    Case {
        left: "select to_regclass('made')",
        ..fifo(
            "single",
            "-1 -f fifo",
            ["create table made ();\n\\echo ready\nselect 'half'\n", ";\n"],
        )
    },
    script(
        "query_autocommit",
        "-v AUTOCOMMIT=off -f s.sql",
        "\\echo ready\nselect pg_sleep(60);\n",
    ),
    script("query_echo", "-v ECHO=errors -f s.sql", "\\echo ready\nselect pg_sleep(60);\n"),
    script(
        "commands",
        "-c '\\echo ready' -c 'select pg_sleep(60)' -c 'create temp table i ()'",
        "",
    ),
    script("commands_first", "-c '\\echo ready' -c 'select pg_sleep(60)' -c '\\echo more'", ""),
    script("swallowed", "-f s.sql", concat!("\\echo ready\n", swallow!(), ";\n\\echo later\n")),
    script(
        "swallowed_and_more",
        "-f s.sql -c 'create temp table i ()'",
        concat!("\\echo ready\n", swallow!(), ";\n\\echo later\n"),
    ),
    script("swallowed_command", concat!("-c '\\echo ready' -c '", swallow!(), "'"), ""),
    script("swallowed_at_end", "-f s.sql", concat!("\\echo ready\n", swallow!(), "\n")),
    script("same_line", "-f s.sql", concat!("\\echo ready\n", swallow!(), "; do 'begin end';\n")),
    script(
        "several",
        "-f s.sql",
        "\\echo ready\nselect 1 \\; select 2 \\; select pg_sleep(60) \\; select 3;\n",
    ),
    script("several_command", "-f s.sql", "\\echo ready\nbegin \\; select pg_sleep(60);\n"),
    script(
        "several_swallowed",
        "-f s.sql",
        concat!("\\echo ready\nselect 1 \\; ", swallow!(), " \\; select 3;\n"),
    ),
    script(
        "several_parts",
        "-v FETCH_COUNT=1 -f s.sql",
        "\\echo ready\nselect 1 \\; select pg_sleep(60);\n",
    ),
    script(
        "copy_out",
        "-f s.sql",
        "\\echo ready\ncopy (select pg_sleep(60)) to stdout;\n\\echo later\n",
    ),
    script("gset", "-f s.sql", "\\echo ready\nselect pg_sleep(60) as x \\gset\n\\echo :x\n"),
    script(
        "gexec",
        "-f s.sql",
        "\\echo ready\nselect unnest(array['select pg_sleep(60)', 'select 1']) \\gexec\n",
    ),
    script("watch", "-f s.sql", "\\echo ready\nselect pg_sleep(60) \\watch c=2\n\\echo later\n"),
    script(
        "watch_pause",
        "-f s.sql",
        "\\pset footer off\n\\o s.out\n\\echo ready\nselect 1 \\watch i=60\n\\o\n\\echo later\n",
    ),
    script(
        "bind",
        "-f s.sql",
        "\\echo ready\nselect pg_sleep($1::int) \\bind 60 \\g\n\\echo later\n",
    ),
    script(
        "pipeline",
        "-f s.sql",
        "\\startpipeline\n\\echo ready\nselect pg_sleep($1::int) \\bind 60 \\sendpipeline\n\\endpipeline\n",
    ),
    script("program", "-f s.sql", "\\echo ready\n\\! sleep 60\n\\echo :SHELL_EXIT_CODE\n"),
    script("backquote", "-f s.sql", "\\echo ready\n\\set x `sleep 60`\n\\echo later\n"),
    script("backquote_command", "-c '\\echo ready' -c '\\echo `sleep 60`'", ""),
    script("g_program", "-f s.sql", "\\echo ready\nselect 1 \\g |sleep 60\n\\echo later\n"),
    script(
        "copy_program",
        "-f s.sql",
        "\\echo ready\n\\copy c from program 'sleep 60'\n\\echo later\n",
    ),
    script(
        "copy_to_program",
        "-f s.sql",
        "\\echo ready\n\\copy (select 1) to program 'sleep 60'\n\\echo later\n",
    ),
    Case {
        input: ["x\ny\n", "z\n"],
        ..script("copy_command", "-c '\\echo ready' -c 'copy c from stdin'", "")
    },
    Case {
        input: ["x\ny\n", "z\n"],
        ..script("copy_pstdin", "-c '\\echo ready' -c '\\copy c from pstdin'", "")
    },
    Case {
        script: "\\echo ready\n\\copy c from fifo\n\\echo later\n",
        ..fifo("copy_file", "-f s.sql", ["x\ny\n", "z\n"])
    },
    Case {
        input: ["", "a\n"],
        ..script("prompt_in_file", "-f s.sql", "\\echo ready\n\\prompt P v\n\\echo later\n")
    },
    Case {
        input: ["", "a\n"],
        ..script("prompt_command", "-c '\\echo ready' -c '\\prompt P v'", "")
    },
    Case {
        input: ["", "a\na\n"],
        ..script("password", "-f s.sql", "\\echo ready\n\\password\n\\echo later\n")
    },
    Case {
        input: ["", "\n"],
        ..script(
            "single_step",
            "-f s.sql",
            "\\echo ready\n\\set SINGLESTEP on\nselect 1;\n\\echo later\n",
        )
    },
    Case { ignored: true, ..piped("ignored_idle", "\\echo ready\nselect 'half'\n", ";\n") },
    Case {
        ignored: true,
        ..script("ignored_query", "-f s.sql", "\\echo ready\nselect pg_sleep(60);\n")
    },
    Case {
        script: "\\echo ready\n\\lo_import fifo\n\\echo later\n",
        ..fifo("lo_import", "-f s.sql", ["x\ny\n", "z\n"])
    },
    Case {
        start_up: true,
        ..script(
            "start_up",
            "-c '\\echo later'",
            "\\echo ready\nselect pg_sleep(60);\n\\echo more\n",
        )
    },
    Case {
        start_up: true,
        ..script(
            "start_up_stop",
            "-v ON_ERROR_STOP=1 -f s.sql",
            "\\echo ready\nselect pg_sleep(60);\n",
        )
    },
    Case {
        start_up: true,
        ..script("start_up_list", "-l", "\\echo ready\nselect pg_sleep(60);\n")
    },
    Case { signal: Signal::ALARM, ..piped("alarm", "\\echo ready\n", "\\echo later\n") },
    Case {
        signal: Signal::ALARM,
        ..script("alarm_query", "-f s.sql", "\\echo ready\nselect pg_sleep(1);\n\\echo later\n")
    },
    Case { signal: Signal::TERM, ..piped("terminated", "\\echo ready\nselect 'half'\n", ";\n") },
    Case {
        signal: Signal::TERM,
        ..script("terminated_query", "-f s.sql", "\\echo ready\nselect pg_sleep(60);\n")
    },
    Case {
        signal: Signal::TERM,
        ignored: true,
        ..piped("terminated_in_vain", "\\echo ready\nselect 'half'\n", ", 'whole';\n")
    },
    Case { signal: Signal::HUP, ..piped("hung_up", "\\echo ready\nselect 'half'\n", ";\n") },
    Case {
        signal: Signal::HUP,
        ignored: true,
        ..piped("hung_up_in_vain", "\\echo ready\nselect 'half'\n", ", 'whole';\n")
    },
    Case { signal: Signal::QUIT, ..piped("quit", "\\echo ready\nselect 'half'\n", ";\n") },
    Case {
        signal: Signal::QUIT,
        ignored: true,
        ..piped("quit_in_vain", "\\echo ready\nselect 'half'\n", ", 'whole';\n")
    },
];

/// A case in both shells: what it leaves is the same, and nothing ran that was interrupted.
fn compare(case: &Case) {
    let [ours, oracle] = Bench::reused(|bench| {
        on_both(|shell| {
            let create = words("-Xq -c 'create table if not exists c (x text)'");
            assert_eq!(bench.run(shell, &create, b"").status, 0);
            run(bench, shell, case)
        })
    });
    agree(&format!("interrupts/{}", case.name), &oracle.render(), &ours.render());
    // Whatever psql does.
    if !case.ignored {
        let stdout = String::from_utf8_lossy(&ours.stdout);
        let ran = ["half", "next", "datum", "whole"].iter().any(|text| stdout.contains(text));
        assert!(!ran, "ran what was interrupted: {stdout}");
        assert!(
            ours.status != 0 || case.name == "commands_first" || ends_well(case),
            "ended with 0"
        );
    }
}

/// A test for each case.
fn cases() -> impl Iterator<Item = Trial> {
    CASES.iter().map(|case| trial(format!("interrupts::{}", case.name), || compare(case)))
}

/// Whether the signal was the end of something else than the script.
fn ends_well(case: &Case) -> bool {
    [
        "alarm",
        "alarm_query",
        "program",
        "copy_to_program",
        "watch_pause",
        "file_and_more",
        "file_and_query",
        "start_up",
        "start_up_list",
    ]
    .contains(&case.name)
}

/// Runs a case: to its stage, the signal, to its end.
fn run(bench: &Bench, shell: Shell, case: &Case) -> Outcome {
    let directory = bench.directory(shell).join(case.name);
    fs::create_dir(&directory).expect("a directory");
    fs::write(directory.join("s.sql"), case.script).expect("a script");
    let made = Command::new("mkfifo").arg(directory.join("fifo")).status().expect("mkfifo");
    assert!(made.success());
    let number = case.signal.as_raw();
    let ignore = if case.ignored { format!("trap '' {number}; ") } else { String::new() };
    let run = bench.shell(shell).after(format!("{ignore}ulimit -c 0")).within(&directory);
    let run = if case.start_up { run.env("PSQLRC", "s.sql") } else { run.arg("-X") };
    let mut command = run.args(words(case.arguments)).command();
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| directory.join(name));
    let create = |path| File::create(path).expect("a file");
    command.stdin(Stdio::piped());
    command.stdout(create(&stdout)).stderr(create(&stderr));
    let mut child = std::os::unix::process::CommandExt::process_group(&mut command, 0)
        .spawn()
        .expect("a shell");
    // Opened so, a FIFO keeps nobody waiting, and has a writer until it is closed.
    let opened = case.fifo.then(|| {
        OpenOptions::new().read(true).write(true).open(directory.join("fifo")).expect("a FIFO")
    });
    let mut input: Box<dyn Write> = match opened {
        Some(fifo) => Box::new(fifo),
        None => Box::new(child.stdin.take().expect("a pipe")),
    };
    input.write_all(case.input[0].as_bytes()).expect("a reader");
    let group = Pid::from_child(&child);
    wait(&mut child, case, |_| {
        fs::read(&stdout).is_ok_and(|text| memchr::memmem::find(&text, b"ready\n").is_some())
    });
    settle(group);
    kill_process_group(group, case.signal).expect("a process group");
    settle(group);
    // Who is gone reads no more.
    let _ = input.write_all(case.input[1].as_bytes());
    drop(input);
    let mut status = None;
    wait(&mut child, case, |child| {
        status = child.try_wait().expect("a status");
        status.is_some()
    });
    // What was started and survives its shell.
    let _ = kill_process_group(group, Signal::KILL);
    let status = status.expect("a status");
    let mut stdout = without_oids(&fs::read(stdout).expect("output"));
    if !case.left.is_empty() {
        let query = ["-XAt", "-c", case.left].map(str::to_owned);
        stdout.extend(bench.run(shell, &query, b"").stdout);
    }
    Outcome {
        stdout,
        stderr: fs::read(stderr).expect("output"),
        status: status.code().unwrap_or_else(|| -status.signal().unwrap_or_default()),
    }
}

/// What was printed but for the OIDs of large objects, which count all that a server makes.
fn without_oids(text: &[u8]) -> Vec<u8> {
    let lines = text.split_inclusive(|&b| b == b'\n');
    let is_oid = |rest: &[u8]| rest.trim_ascii_end().iter().all(u8::is_ascii_digit);
    lines
        .flat_map(|line| match line.strip_prefix(b"lo_import ") {
            Some(rest) if is_oid(rest) => b"lo_import <oid>\n",
            _ => line,
        })
        .copied()
        .collect()
}

/// Gives a shell the time to come to where it waits; under load, until it has had its turn.
fn settle(shell: Pid) {
    let deadline = Instant::now() + PATIENCE;
    let is_running = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", shell.as_raw_nonzero()));
        // The state follows the name, which may hold parentheses.
        stat.is_ok_and(|stat| stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('R')))
    };
    std::thread::sleep(SETTLING);
    while is_running() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until `is_so`, but not for ever.
fn wait(child: &mut Child, case: &Case, mut is_so: impl FnMut(&mut Child) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so(child) {
        if Instant::now() > deadline {
            let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
            panic!("time limit: {}", case.name);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

tests! { ; cases() }
