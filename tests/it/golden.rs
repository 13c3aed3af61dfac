//! Golden files: `tests/golden/AREA/NAME.sql` is run through both shells, and `NAME.out` is what
//! the oracle said when it was recorded.
//!
//! A script's first line is a comment that says what the script pins. Its comments may direct the
//! run as well:
//!
//! ```text
//! -- What a script pins.
//! -- args: -X -a -q     the options, in place of -X
//! -- stdin              fed on standard input instead of -f NAME.sql
//! ```
//!
//! The shell's current directory holds a copy of the area's files. `PGSH_RECORD=1` records anew
//! (`tests/tools/record`). Each is a test of its own, `golden::AREA/NAME`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use libtest_mimic::Trial;

use crate::harness::{Bench, agree, difference, known_differences, on_both, words};
use crate::run::Outcome;
use crate::trial::{tests, trial};

/// Comments that direct a run.
const ARGUMENTS: &str = "-- args:";
const ON_STDIN: &str = "-- stdin";

/// A golden script.
pub struct Script {
    /// `AREA/NAME`
    pub name: String,
    pub path: PathBuf,
    pub arguments: Vec<String>,
    on_stdin: bool,
}

impl Script {
    fn read(path: PathBuf) -> Script {
        let part = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
        let area = part(path.parent().expect("an area"));
        let name = format!("{area}/{}", part(&path.with_extension("")));
        let text = fs::read(&path).expect("a script");
        let mut script = Script { name, path, arguments: vec!["-X".into()], on_stdin: false };
        let comments = text.split(|&b| b == b'\n').take_while(|line| line.starts_with(b"-- "));
        for line in comments {
            let line = String::from_utf8_lossy(line);
            if let Some(arguments) = line.strip_prefix(ARGUMENTS) {
                script.arguments = words(arguments);
            }
            script.on_stdin |= line == ON_STDIN;
        }
        script
    }

    fn recorded(&self) -> PathBuf {
        self.path.with_extension("out")
    }

    fn run(&self) -> [Outcome; 2] {
        let bench = Bench::named("golden");
        on_both(|shell| {
            self.copy_files(bench.directory(shell));
            let mut arguments = self.arguments.clone();
            let mut stdin = Vec::new();
            if self.on_stdin {
                stdin = fs::read(&self.path).expect("a script");
            } else {
                let file = self.path.file_name().expect("a name");
                arguments.extend(["-f".to_owned(), file.to_string_lossy().into_owned()]);
            }
            bench.run(shell, &arguments, &stdin)
        })
    }

    fn copy_files(&self, to: &Path) {
        for entry in fs::read_dir(self.path.parent().expect("an area")).expect("an area").flatten()
        {
            if entry.path().extension().is_none_or(|extension| extension != "out") {
                fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
            }
        }
    }
}

/// All golden scripts, sorted.
pub fn scripts() -> Vec<Script> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let list = |directory: &Path| -> BTreeSet<PathBuf> {
        fs::read_dir(directory).expect("tests/golden").flatten().map(|entry| entry.path()).collect()
    };
    let areas = list(&root);
    areas
        .iter()
        .filter(|area| area.is_dir())
        .flat_map(|area| list(area))
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(Script::read)
        .collect()
}

/// Compares what both shells print, and what the oracle printed when it was recorded.
fn compare(script: &Script) {
    // A server has one database of that name.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let [ours, oracle] = script.run().map(|outcome| outcome.render());
    drop(turn);
    if std::env::var_os("PGSH_RECORD").is_some() {
        fs::write(script.recorded(), &oracle).expect("recorded");
        return;
    }
    let recorded = fs::read(script.recorded()).unwrap_or_default();
    assert!(recorded == oracle, "the oracle itself\n{}", difference(&recorded, &oracle));
    agree(&script.name, &oracle, &ours);
}

/// A test for each script.
fn cases() -> impl Iterator<Item = Trial> {
    scripts()
        .into_iter()
        .map(|script| trial(format!("golden::{}", script.name), move || compare(&script)))
}

fn every_script_says_what_it_pins() {
    for script in scripts() {
        let text = fs::read(&script.path).expect("a script");
        let says = text.starts_with(b"-- ")
            && ![ARGUMENTS, ON_STDIN].iter().any(|other| text.starts_with(other.as_bytes()));
        assert!(says, "{}: its first line doesn't say what it pins", script.name);
    }
}

fn known_differences_exist() {
    let scripts: BTreeSet<String> = scripts().into_iter().map(|script| script.name).collect();
    let hostile: BTreeSet<String> = crate::hostile::names().into_iter().collect();
    for (name, reason) in known_differences() {
        assert!(!reason.is_empty(), "{name}: no reason");
        let known = scripts.contains(&name)
            || crate::oracle::CASES.iter().any(|case| case.name == name)
            || crate::interrupts::CASES
                .iter()
                .any(|case| name.strip_prefix("interrupts/") == Some(case.name))
            || crate::pipes::DIFFERENCES.iter().any(|(known, _)| *known == name)
            || hostile.contains(&name)
            || crate::connection_settings::EMPTY_REQUIRE_AUTH == name
            || crate::tls::DIFFERENCES.iter().any(|(known, ..)| *known == name);
        assert!(
            known,
            "{name}: no golden script, no case of oracle.rs, interrupts.rs, pipes.rs, hostile.rs or tls.rs"
        );
    }
}

tests! { every_script_says_what_it_pins, known_differences_exist; cases() }
