//! `--install-as-psql` and `--uninstall-as-psql`: the link is made and removed, nothing else that has its name is
//! touched, and it is said what `psql` runs.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::harness::{self, Shell};
use crate::run::Run;
use crate::trial::tests;

/// Directories of a home, with the program in one of them.
struct Home {
    home: TempDir,
    program: PathBuf,
}

impl Home {
    fn new() -> Home {
        let home = tempfile::tempdir().expect("a directory");
        for name in ["bin", "first", "second"] {
            fs::create_dir(home.path().join(name)).expect("a directory");
        }
        let program = home.path().join("bin/pgsh");
        symlink(harness::program(Shell::Pgsh), &program).expect("a link");
        Home { home, program }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A program named psql that is not ours.
    fn foreign(&self, name: &str) {
        let file = self.at(name).join("psql");
        fs::write(&file, "#!/bin/sh\n").expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("permissions");
    }

    /// The exit status, and what is said on either stream, the home left out.
    fn pgsh(&self, path: &[&str], words: &[&str]) -> (i32, String) {
        let path = std::env::join_paths(path.iter().map(|name| self.at(name))).expect("PATH");
        let run = Run::new("unused", self.home.path()).instead(&self.program, words);
        let outcome = run.env("PATH", path).outcome();
        let text = String::from_utf8([outcome.stdout, outcome.stderr].concat()).expect("UTF-8");
        let home = format!("{}/", self.home.path().display());
        (outcome.status, text.replace(&home, ""))
    }

    fn link(&self, name: &str) -> Option<PathBuf> {
        fs::read_link(self.at(name).join("psql")).ok()
    }
}

fn the_link_is_made_and_removed() {
    let home = Home::new();
    let (made, removed) = (["--install-as-psql", "first"], ["--uninstall-as-psql", "first"]);
    let undone = "\n--uninstall-as-psql removes it again.\n";
    let first = "\npsql runs it, as the first of that name in PATH.";

    let said = home.pgsh(&["first", "second"], &made);
    assert_eq!(said, (0, format!("\"first/psql\" is a link to \"bin/pgsh\" now.{first}{undone}")));
    assert_eq!(home.link("first"), Some(home.program.clone()));
    let version = Run::new("unused", home.home.path()).instead(home.at("first/psql"), ["-V"]);
    assert_eq!(version.outcome().stdout, b"psql (PostgreSQL) 18.6\n");

    let said = home.pgsh(&["first", "second"], &made);
    assert_eq!(
        said,
        (0, format!("\"first/psql\" is a link to \"bin/pgsh\" already.{first}{undone}"))
    );
    assert_eq!(home.pgsh(&["first"], &["-q", made[0], made[1]]), (0, String::new()));

    let said = home.pgsh(&["first"], &removed);
    assert_eq!(said, (0, "\"first/psql\" is removed.\nThere is no other psql in PATH.\n".into()));
    assert_eq!(home.link("first"), None);
    assert_eq!(home.pgsh(&["first"], &removed), (0, "There is no \"first/psql\".\n".into()));
}

fn what_psql_runs_is_told() {
    let home = Home::new();
    home.foreign("second");
    for (path, told) in [
        (&["first", "second"][..], "psql runs it, as the first of that name in PATH."),
        (&["second", "first"], "But psql runs \"second/psql\", which comes before it in PATH."),
        (&["second"], "But \"first\" is not in PATH: psql runs \"second/psql\"."),
        (&["bin"], "But \"first\" is not in PATH, so psql doesn't find it."),
    ] {
        let (status, text) = home.pgsh(path, &["--install-as-psql=first"]);
        assert_eq!((status, text.lines().nth(1)), (0, Some(told)), "{path:?}");
    }
    let (status, text) = home.pgsh(&["first", "second"], &["--uninstall-as-psql=first"]);
    assert_eq!((status, text.lines().nth(1)), (0, Some("psql runs \"second/psql\" now.")));
}

fn nothing_of_others_is_touched() {
    let home = Home::new();
    home.foreign("first");
    symlink("/elsewhere/pgsh", home.at("second/psql")).expect("a link");
    let stays = fs::read(home.at("first/psql")).expect("a file");
    for (words, said) in [
        (
            "--install-as-psql=first",
            "\"first/psql\" is there already, and no link of pgsh's: it stays as it is. Name a directory that comes \
             before this one in PATH",
        ),
        ("--uninstall-as-psql=first", "\"first/psql\" is no link of pgsh's: it stays as it is"),
        (
            "--install-as-psql=second",
            "\"second/psql\" is a link to \"/elsewhere/pgsh\" already: remove it first, with --uninstall-as-psql",
        ),
        ("--install-as-psql=nowhere", "\"nowhere\" is no directory"),
        ("--uninstall-as-psql=bin/pgsh", "\"bin/pgsh\" is no directory"),
        ("--install-as-psql=", "the link psql needs a directory to be in"),
    ] {
        let expected = format!("pgsh: error: {said}\n");
        assert_eq!(home.pgsh(&["bin"], &[words]), (1, expected), "{words}");
    }
    // Where nobody makes links the system's reason is told, in words.
    if cfg!(target_os = "linux") {
        let (status, text) = home.pgsh(&["bin"], &["--install-as-psql=/proc"]);
        let begin = "pgsh: error: could not make \"/proc/psql\": ";
        assert!(status == 1 && text.starts_with(begin) && !text.contains("os error"), "{text}");
    }
    assert_eq!(fs::read(home.at("first/psql")).expect("a file"), stays);
    assert_eq!(home.link("second").as_deref(), Some(Path::new("/elsewhere/pgsh")));
    // A link to an older program of this name goes, and then the new one comes.
    let words = ["--uninstall-as-psql", "second", "--install-as-psql", "second"];
    assert_eq!(home.pgsh(&["bin"], &words).0, 0);
    assert_eq!(home.link("second"), Some(home.program.clone()));
}

fn nothing_else_can_be_asked_for() {
    let home = Home::new();
    for words in [&["-c", "select 1"][..], &["shop"], &["-h", "db"], &["--scratch"], &["-l"]] {
        let words = [&["--install-as-psql", "first"], words].concat();
        let (status, text) = home.pgsh(&["first"], &words);
        assert!(status == 1 && text.contains("run nothing"), "{words:?}: {text}");
        assert_eq!(home.link("first"), None, "{words:?}");
    }
    // To what is called psql it is unknown.
    symlink(harness::program(Shell::Pgsh), home.at("first/psql")).expect("a link");
    let run = Run::new("unused", home.home.path());
    let outcome = run.instead(home.at("first/psql"), ["--install-as-psql", "second"]).outcome();
    let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
    assert!(said.contains("unrecognized option '--install-as-psql'"), "{said}");
}

tests! {
    the_link_is_made_and_removed,
    what_psql_runs_is_told,
    nothing_of_others_is_touched,
    nothing_else_can_be_asked_for,
}
