//! The places where PostgreSQL's programs may be, and the program chosen of those found there.

use super::choose::Suits;
use super::program::{Program, packages, told_version};
use crate::scratch::{self, find};
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The script that Debian has in the place of each program: it picks a version by rules of its own.
const WRAPPER: &str = "pg_wrapper";

/// A program that may be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    pub(super) program: Program,
    pub(super) path: PathBuf,
    pub(super) version_text: String,
    pub(super) version: i32,
}

impl Tool {
    /// This shell itself, for scripts, which it runs as psql does.
    ///
    /// # Errors
    /// It is not known where it is.
    pub fn own_shell() -> std::io::Result<Tool> {
        let version_text = env!("CARGO_PKG_VERSION").to_owned();
        let path = std::env::current_exe()?;
        Ok(Tool { program: Program::Pgsh, path, version_text, version: i32::MAX })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its version, as `server_version_num` has it.
    pub fn version(&self) -> i32 {
        self.version
    }
}

impl fmt::Display for Tool {
    /// `pg_dump 18.6`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.program.name(), self.version_text)
    }
}

/// No program that suits was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTool {
    program: Program,
    suits: Suits,
    unsuitable: Vec<String>,
    places: Vec<PathBuf>,
}

impl fmt::Display for NoTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoTool { program, suits, unsuitable, places } = self;
        let name = program.name();
        write!(f, "no {name}{} was found", suits.text())?;
        if !unsuitable.is_empty() {
            write!(f, ", only {}", unsuitable.join(", "))?;
        }
        let places: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
        write!(f, "\nDETAIL:  Looked in {}.", places.join(", "))?;
        let packages = packages(suits.major());
        write!(
            f,
            "\nHINT:  These packages have it: {packages}. A directory of its own is named by "
        )?;
        write!(f, "{}.", find::OVERRIDE)
    }
}

/// The best of the programs on this machine.
///
/// # Errors
/// There is none that suits: what was looked at, and which package has it.
pub fn find(program: Program, suits: Suits) -> Result<Tool, NoTool> {
    best(program, suits, places())
}

fn best(program: Program, suits: Suits, places: Vec<PathBuf>) -> Result<Tool, NoTool> {
    let mut unsuitable = Vec::new();
    let mut found: Vec<Tool> = Vec::new();
    for place in &places {
        match look(program, place) {
            Look::Nothing => {}
            Look::Objection(text) => unsuitable.push(text),
            Look::Tool(tool) => found.push(tool),
        }
    }
    let versions: Vec<i32> = found.iter().map(|tool| tool.version).collect();
    if let Some(&best) = suits.order(&versions).first() {
        return Ok(found.swap_remove(best));
    }
    let told = |tool: &Tool| format!("{} ({})", tool.version_text, tool.path.display());
    unsuitable.splice(0..0, found.iter().map(told));
    Err(NoTool { program, suits, unsuitable, places })
}

/// What there is in a directory.
enum Look {
    Nothing,
    /// A program that is not run, and why.
    Objection(String),
    Tool(Tool),
}

fn look(program: Program, place: &Path) -> Look {
    let path = place.join(program.name());
    let Ok(real) = path.canonicalize() else { return Look::Nothing };
    if !real.is_file() || real.file_name().is_some_and(|name| name == WRAPPER) {
        return Look::Nothing;
    }
    if let Some(objection) = scratch::objection(place, program.name()) {
        return Look::Objection(format!("one that is not trusted: {objection}"));
    }
    let mut command = Command::new(&path);
    let said = command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    match said.ok().as_deref().and_then(told_version) {
        Some((version_text, version)) => Look::Tool(Tool { program, path, version_text, version }),
        None => Look::Objection(format!("one that does not run ({})", path.display())),
    }
}

/// The directories to look in: the override's, those of `PATH`, what `pg_config` tells, where packages
/// put programs, and the scratch server's.
fn places() -> Vec<PathBuf> {
    let named = std::env::var_os(find::OVERRIDE).filter(|bin| !bin.is_empty());
    let named = named.map(|bin| std::path::absolute(&bin).unwrap_or_else(|_| PathBuf::from(&bin)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let cache = scratch::cache_directory().ok();
    let candidates = named
        .into_iter()
        .chain(std::env::split_paths(&path))
        .chain(configured(&path))
        .chain(find::package_places())
        .chain(cache.map(|cache| scratch::install::bin(&cache)));
    let mut places: Vec<PathBuf> = Vec::new();
    for place in candidates.filter(|place| place.is_absolute()) {
        // A directory under a second name is the same place.
        let Ok(real) = place.canonicalize() else { continue };
        if real.is_dir()
            && !places.iter().any(|known| known.canonicalize().is_ok_and(|k| k == real))
        {
            places.push(place);
        }
    }
    places
}

/// The directory that the first `pg_config` of `PATH` tells, if it is one that may be run.
fn configured(path: &OsStr) -> Option<PathBuf> {
    const NAME: &str = "pg_config";
    let mut bins = std::env::split_paths(path).filter(|bin| bin.is_absolute());
    let bin = bins.find(|bin| bin.join(NAME).is_file())?;
    if scratch::objection(&bin, NAME).is_some() {
        return None;
    }
    let mut command = Command::new(bin.join(NAME));
    let said = command.arg("--bindir").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    Some(PathBuf::from(text.trim_end_matches('\n')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// A directory with a `pg_dump` that says it is of this version.
    fn place(parent: &Path, name: &str, version: &str) -> PathBuf {
        let bin = parent.join(name);
        fs::create_dir(&bin).expect("a directory");
        let program = bin.join("pg_dump");
        fs::write(&program, format!("#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n"))
            .expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("permissions");
        bin
    }

    #[test]
    fn the_program_that_suits() {
        let parent = tempfile::tempdir().expect("a directory");
        let parent = parent.path();
        let old = place(parent, "old", "12.3");
        let same = place(parent, "same", "15.14 (Debian 15.14-0)");
        let new = place(parent, "new", "18.6");
        let empty = parent.join("empty");
        fs::create_dir(&empty).expect("a directory");
        let wrapped = parent.join("wrapped");
        fs::create_dir(&wrapped).expect("a directory");
        fs::rename(place(parent, "w", "15.99").join("pg_dump"), parent.join(WRAPPER))
            .and_then(|()| std::os::unix::fs::symlink("../pg_wrapper", wrapped.join("pg_dump")))
            .expect("a wrapper");
        let places = vec![wrapped, empty, old, new, same.clone()];
        let find = |suits| best(Program::PgDump, suits, places.clone());
        let tool = find(Suits::AtLeast(150_002)).expect("a program");
        assert_eq!(
            (tool.to_string().as_str(), tool.path()),
            ("pg_dump 15.14", &*same.join("pg_dump"))
        );
        assert_eq!(find(Suits::AtLeast(160_000)).map(|tool| tool.version), Ok(180_006));
        let missing = find(Suits::AtLeast(190_000)).expect_err("none").to_string();
        for part in [
            "no pg_dump 19 or newer was found, only 12.3 (",
            "18.6 (",
            "postgresql-client-19",
            "empty",
        ] {
            assert!(missing.contains(part), "{part}: {missing}");
        }
    }

    #[test]
    fn a_pg_config_that_others_could_have_written_is_not_run() {
        let parent = tempfile::tempdir().expect("a directory");
        let bin = parent.path().join("bin");
        fs::create_dir(&bin).expect("a directory");
        let program = bin.join("pg_config");
        fs::write(&program, "#!/bin/sh\necho /somewhere\n").expect("a program");
        for (mode, told) in [(0o755, Some(PathBuf::from("/somewhere"))), (0o757, None)] {
            fs::set_permissions(&program, fs::Permissions::from_mode(mode)).expect("permissions");
            assert_eq!(configured(bin.as_os_str()), told, "{mode:o}");
        }
        assert_eq!(configured(OsStr::new("relative:")), None);
    }
}
