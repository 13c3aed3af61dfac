//! What is installed beside the program: the man page says all that the shell knows of itself, and the
//! completions work in the shells they are for.

#[path = "../../packaging/generate/completions.rs"]
mod completions;
#[path = "../../packaging/generate/manual.rs"]
mod manual;
#[path = "../../packaging/generate/mdoc.rs"]
mod mdoc;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use pgsh::{grammar, help};

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::run::{self, Run};
use crate::trial::{Missing, Ran, tests};

const DATE: &str = "November 27, 2026";

/// The program, if this machine has it.
fn found(program: &str) -> Result<PathBuf, Missing> {
    let found = run::found(program, std::env::var_os("PATH").unwrap_or_default());
    found.ok_or_else(|| Missing(format!("no {program}")))
}

fn everything_stands_in_the_man_page() {
    let page = manual::page(DATE);
    let has = |text: &str| assert!(page.contains(text), "{text}");
    for option in pgsh::cli::command(b"pgsh").get_opts() {
        has(&format!("Fl \\-{}", option.get_id()));
    }
    for command in grammar::sections().iter().flat_map(|section| &section.commands) {
        has(&format!(".It Ic \"\\e{}", command.names.last().expect("a name").text));
    }
    for name in help::variable_names() {
        has(&format!(".It Ev \"{name}"));
    }
    assert!(!page.contains("{timing}") && !page.contains("(currently"), "the shell's state");
}

fn mandoc_finds_nothing() -> Ran {
    let mandoc = found("mandoc")?;
    let directory = tempfile::tempdir().expect("a directory");
    let page = directory.path().join("pgsh.1");
    fs::write(&page, manual::page(DATE)).expect("a file");
    let output = Command::new(mandoc).args(["-T", "lint", "-W", "style"]).arg(&page).output();
    let output = output.expect("mandoc runs");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    // Which other pages there are is this machine's matter.
    let ours = found.lines().filter(|line| !line.contains("referenced manual not found"));
    let ours: Vec<&str> = ours.filter(|line| !line.contains("outdated mandoc.db")).collect();
    assert!(ours.is_empty(), "{}", ours.join("\n"));
    Ok(())
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_pgsh");

/// A run of `shell` where the user has a password file, a service file and known hosts, and the
/// completions lie in the home.
fn user(bench: &Bench, shell: &Path) -> Run {
    let home = bench.directory(Shell::Pgsh);
    let write = |name: &str, text: &str| fs::write(home.join(name), text).expect("a file");
    fs::create_dir_all(home.join(".ssh")).expect("a directory");
    // What it is called may be meant to be run by the shell that completes it.
    write(".pgpass", "db.example:5432:shop:ann:x\n*:*:*:*:y\n$(>ran):1:-rf:`>ran`:x\n");
    let secret = fs::Permissions::from_mode(0o600);
    fs::set_permissions(home.join(".pgpass"), secret).expect("permissions");
    write(".pg_service.conf", "[prod]\nhost=prod.example\n[x;>ran]\n[$(>ran)]\n");
    write(
        ".ssh/known_hosts",
        "git.example,10.0.0.1 ssh-rsa A\n[far.example]:22 ssh-rsa A\n|1|x ssh\n`>ran` ssh-rsa A\n",
    );
    write("release.sql", "");
    // Which scratch databases there are is no matter of this machine.
    write(
        "pgsh",
        &format!(
            "#!/bin/sh\n[ \"$4\" = --scratch-list ] || exec {PROGRAM} \"$@\"\n\
         [ \"$1$2\" = -Atq-F ] && printf 'toys%s18\\ntea shop%s18\\n' \"$3\" \"$3\"\n"
        ),
    );
    let runs = fs::Permissions::from_mode(0o755);
    fs::set_permissions(home.join("pgsh"), runs).expect("permissions");
    write("pgsh.bash", &completions::bash());
    write("_pgsh", &completions::zsh());
    write("pgsh.fish", &completions::fish());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = [home.to_owned()].into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(places).expect("a path");
    let none: [&str; 0] = [];
    bench.shell(Shell::Pgsh).instead(shell, none).env("PATH", path).without("PGPASSFILE")
}

/// What is typed behind `pgsh`, the last word to be completed, and what is offered among others.
const TYPED: [(&str, &[&str]); 17] = [
    ("--fi", &["--file", "--field-separator", "--field-separator-zero"]),
    ("-h ", &["db.example", "prod.example", "git.example", "far.example"]),
    ("-d service=pr", &["service=prod"]),
    ("--dbname=service=pr", &["service=prod"]),
    ("service=pr", &["service=prod"]),
    ("service=x", &[">ran"]),
    ("-U ", &["`>ran`", "ann"]),
    ("-d sh", &["shop"]),
    ("-U an", &["ann"]),
    ("-U pg_mon", &["pg_monitor"]),
    ("templ", &["template0", "template1"]),
    ("template1 pg_mon", &["pg_monitor"]),
    ("-v AUTOC", &["AUTOCOMMIT="]),
    ("--pset=bord", &["border="]),
    ("-f rel", &["release.sql"]),
    ("--scratch-drop to", &["toys"]),
    ("--scratch=to", &["toys"]),
];

/// What stands on the terminal of an interactive shell once this is typed, by characters; \ is left out.
fn typed_at(terminal: &mut Terminal, typed: &str) -> String {
    terminal.keys(&format!("pgsh {typed}"));
    let seen = terminal.keys("\t\t\t").keys("\x01\x0becho do''ne\n").wait("done\n");
    seen.chars().filter(|letter| !letter.is_control() && *letter != '\\').collect()
}

fn completes_at_keys(terminal: &mut Terminal, bench: &Bench) {
    for (typed, expected) in TYPED {
        let text = typed_at(terminal, typed);
        for name in expected {
            let common = name.trim_end_matches('=');
            assert!(text.contains(common), "{typed}: {name}: {text:?}");
        }
        assert!(!text.contains("service=service=") && !text.contains(" -rf"), "{typed}: {text:?}");
    }
    let text = typed_at(terminal, "--no-p");
    assert!(text.contains("--no-psqlrc") && !text.contains("--csv"), "{text:?}");
    nothing_ran(bench);
}

fn nothing_ran(bench: &Bench) {
    assert!(!bench.directory(Shell::Pgsh).join("ran").exists(), "a name was run");
}

fn bash_completes() -> Ran {
    let bash = found("bash")?;
    let bench = Bench::new();
    let run = user(&bench, &bash).args(["--norc", "-i"]).env("TERM", "xterm");
    let mut terminal = Terminal::run(&run.command());
    terminal.line("PS1='% '; source ./pgsh.bash; echo re''ady").wait("ready\n");
    completes_at_keys(&mut terminal, &bench);
    Ok(())
}

fn fish_completes() -> Ran {
    let fish = found("fish")?;
    let bench = Bench::new();
    for (typed, expected) in TYPED {
        let script = format!("source ./pgsh.fish; complete -C 'pgsh {typed}'");
        let outcome = user(&bench, &fish).args(["-N", "-c", &script]).outcome();
        let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
        for name in expected {
            let is_it =
                |line: &str| line.split('\t').next().is_some_and(|word| word.ends_with(name));
            assert!(shown.lines().any(is_it), "{typed}: {name}: {shown}");
        }
        assert!(!shown.lines().any(|line| line.starts_with("-rf")), "{typed}: {shown}");
    }
    nothing_ran(&bench);
    Ok(())
}

fn zsh_completes() -> Ran {
    let zsh = found("zsh")?;
    let bench = Bench::new();
    let run = user(&bench, &zsh).args(["-f", "-i"]).env("TERM", "xterm");
    let mut terminal = Terminal::run(&run.command());
    terminal
        .line("PS1='%# '; fpath=($HOME $fpath); autoload -Uz compinit; compinit -u; echo re''ady");
    terminal.wait("ready\n");
    completes_at_keys(&mut terminal, &bench);
    Ok(())
}

tests! {
    everything_stands_in_the_man_page,
    mandoc_finds_nothing,
    bash_completes,
    fish_completes,
    zsh_completes,
}
