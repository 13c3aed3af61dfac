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
use crate::run::Run;
use crate::trial::{Missing, Ran, tests};

const DATE: &str = "November 27, 2026";

/// The program, if this machine has it.
fn found(program: &str) -> Result<PathBuf, Missing> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|place| place.join(program)).find(|p| p.is_file());
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
    write(".pgpass", "db.example:5432:shop:ann:x\n*:*:*:*:y\n");
    let secret = fs::Permissions::from_mode(0o600);
    fs::set_permissions(home.join(".pgpass"), secret).expect("permissions");
    write(".pg_service.conf", "[prod]\nhost=prod.example\n");
    write(
        ".ssh/known_hosts",
        "git.example,10.0.0.1 ssh-rsa A\n[far.example]:22 ssh-rsa A\n|1|x ssh\n",
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
const TYPED: [(&str, &[&str]); 14] = [
    ("--fi", &["--file", "--field-separator", "--field-separator-zero"]),
    ("-h ", &["db.example", "prod.example", "git.example", "far.example"]),
    ("-d ser", &["service=prod"]),
    ("-d sh", &["shop"]),
    ("service=", &["service=prod"]),
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

fn bash_completes() -> Ran {
    let bash = found("bash")?;
    let bench = Bench::new();
    let run = user(&bench, &bash);
    let mut script = "source ./pgsh.bash\n".to_owned();
    for (typed, _) in TYPED {
        // Bash splits at = too.
        let words = typed.replace('=', " = ");
        let words = words.trim_end().split(' ').map(|word| format!("'{word}'"));
        let words = words.collect::<Vec<_>>().join(" ");
        let words = if typed.ends_with(' ') { format!("{words} ''") } else { words };
        script.push_str(&format!(
            "COMP_WORDS=(pgsh {words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             COMP_LINE='pgsh {typed}'\n_pgsh\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\"; echo ==\n"
        ));
    }
    let outcome = run.stdin(script).outcome();
    let shown = String::from_utf8_lossy(&outcome.stdout).into_owned();
    for ((typed, expected), offered) in TYPED.iter().zip(shown.split("==\n")) {
        let offered: Vec<&str> = offered.lines().map(|line| line.trim_end_matches('=')).collect();
        for name in *expected {
            // What stands before the = stays.
            let name =
                name.strip_prefix("service=").filter(|_| typed.ends_with('=')).unwrap_or(name);
            assert!(offered.contains(&name.trim_end_matches('=')), "{typed}: {name}: {offered:?}");
        }
        assert!(offered.len() < 12, "{typed}: {offered:?}");
    }
    assert_eq!(shown.matches("==\n").count(), TYPED.len(), "{shown}");
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
    }
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
    for (typed, expected) in TYPED {
        terminal.keys(&format!("pgsh {typed}"));
        let seen = terminal.keys("\t\t").keys("\x01\x0becho do''ne\n").wait("done\n");
        let text: String = seen.chars().filter(|letter| !letter.is_control()).collect();
        for name in expected {
            let common = name.trim_end_matches('=');
            assert!(text.contains(common), "{typed}: {name}: {seen:?}");
        }
    }
    Ok(())
}

tests! {
    everything_stands_in_the_man_page,
    mandoc_finds_nothing,
    bash_completes,
    fish_completes,
    zsh_completes,
}
