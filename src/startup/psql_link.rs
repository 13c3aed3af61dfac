//! The link named psql to this program, by which scripts that call psql get it.
//!
//! Owns which link is its own: one to this program, or to another of its name. It makes and removes
//! such a link, nothing else that has the name, and no directory.

use crate::cli::PsqlLink;
use crate::console::os_error_text;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What the link is called.
const NAME: &str = "psql";

/// Makes or removes a link: what to tell the user.
///
/// # Errors
/// Why nothing was done.
pub(super) fn change(link: &PsqlLink) -> Result<String, String> {
    let (PsqlLink::Made(directory) | PsqlLink::Removed(directory)) = link;
    if directory.is_empty() {
        return Err(format!("the link {NAME} needs a directory to be in"));
    }
    let directory = PathBuf::from(OsString::from_vec(directory.clone()));
    let whole = std::path::absolute(&directory).unwrap_or(directory);
    let whole: PathBuf = whole.components().collect();
    if !whole.is_dir() {
        return Err(format!("{whole:?} is no directory"));
    }
    let program =
        running_program().map_err(|e| format!("where this program is: {}", os_error_text(&e)))?;
    let place = Place { link: whole.join(NAME), directory: whole, program };
    match link {
        PsqlLink::Made(_) => place.make(),
        PsqlLink::Removed(_) => place.remove(),
    }
}

/// Where the link is to be, and what to.
struct Place {
    directory: PathBuf,
    link: PathBuf,
    program: PathBuf,
}

/// What has the link's name.
enum Found {
    Nothing,
    /// A link to this program.
    Ours,
    /// A link to another program of this one's name.
    Another(PathBuf),
    Foreign,
}

impl Place {
    fn make(&self) -> Result<String, String> {
        let (link, program) = (&self.link, &self.program);
        let done = match self.found() {
            Found::Nothing => {
                let failed = |e| format!("could not make {link:?}: {}", os_error_text(&e));
                symlink(program, link).map_err(failed)?;
                format!("{link:?} is a link to {program:?} now.")
            }
            Found::Ours => format!("{link:?} is a link to {program:?} already."),
            Found::Another(other) => {
                return Err(format!(
                    "{link:?} is a link to {other:?} already: remove it first, with \
                     --uninstall-as-psql"
                ));
            }
            Found::Foreign => {
                return Err(format!(
                    "{link:?} is there already, and no link of pgsh's: it stays as it is. Name a \
                     directory that comes before this one in PATH"
                ));
            }
        };
        Ok(format!("{done}\n{}\n--uninstall-as-psql removes it again.", self.standing()))
    }

    fn remove(&self) -> Result<String, String> {
        let link = &self.link;
        match self.found() {
            Found::Nothing => return Ok(format!("There is no {link:?}.")),
            Found::Foreign => {
                return Err(format!("{link:?} is no link of pgsh's: it stays as it is"));
            }
            Found::Ours | Found::Another(_) => {}
        }
        let failed = |e| format!("could not remove {link:?}: {}", os_error_text(&e));
        fs::remove_file(link).map_err(failed)?;
        let now = match first_in_path(NAME) {
            Some(other) => format!("{NAME} runs {other:?} now."),
            None => format!("There is no other {NAME} in PATH."),
        };
        Ok(format!("{link:?} is removed.\n{now}"))
    }

    fn found(&self) -> Found {
        let Ok(found) = fs::symlink_metadata(&self.link) else { return Found::Nothing };
        match fs::read_link(&self.link) {
            Ok(_) if is_same(&self.link, &self.program) => Found::Ours,
            Ok(to) if found.is_symlink() && to.file_name() == self.program.file_name() => {
                Found::Another(to)
            }
            _ => Found::Foreign,
        }
    }

    /// What `psql` runs now, by PATH.
    fn standing(&self) -> String {
        let directory = &self.directory;
        let listed = search_path().iter().any(|other| is_same(other, directory));
        match first_in_path(NAME) {
            Some(first) if is_same(&first, &self.program) => {
                format!("{NAME} runs it, as the first of that name in PATH.")
            }
            Some(first) if listed => {
                format!("But {NAME} runs {first:?}, which comes before it in PATH.")
            }
            Some(first) => {
                format!("But {directory:?} is not in PATH: {NAME} runs {first:?}.")
            }
            None => format!("But {directory:?} is not in PATH, so {NAME} doesn't find it."),
        }
    }
}

/// The running program by the name that it was called by, which an update leaves valid where the
/// name is itself a link; else as the system knows it.
fn running_program() -> io::Result<PathBuf> {
    let itself = env::current_exe()?;
    let called = env::args_os().next().unwrap_or_default();
    let named = match called.as_encoded_bytes().contains(&b'/') {
        true => Some(PathBuf::from(called)),
        false => first_in_path(&called),
    };
    let named = named.and_then(|path| std::path::absolute(path).ok());
    Ok(named.filter(|path| is_same(path, &itself)).unwrap_or(itself))
}

fn search_path() -> Vec<PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect()
}

/// What a command of this name runs.
fn first_in_path(name: impl AsRef<OsStr>) -> Option<PathBuf> {
    let mut paths = search_path().into_iter().map(|directory| directory.join(name.as_ref()));
    paths.find(|path| {
        fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    })
}

/// Whether two names, links followed, are of one file.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
