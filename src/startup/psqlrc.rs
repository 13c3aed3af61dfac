//! The start-up files.

use crate::connection::SYSTEM_DIRECTORY;
use crate::console::PSQL_VERSION;
use crate::console::input::Source;
use crate::console::path::expand_tilde;
use crate::mainloop;
use crate::shell::Shell;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// Reads the system-wide and the user's start-up files, the version's own before the general.
pub(super) fn read(shell: &mut Shell) {
    // PGSYSCONFDIR is for the service file alone, whatever the documentation says.
    read_version_of(shell, &Path::new(SYSTEM_DIRECTORY).join("psqlrc"));
    let own = match std::env::var_os("PSQLRC") {
        Some(name) if !name.is_empty() => {
            let name = expand_tilde(&name.into_vec());
            Some(PathBuf::from(OsString::from_vec(name)))
        }
        _ => dirs::home_dir().map(|home| home.join(".psqlrc")),
    };
    if let Some(own) = own {
        read_version_of(shell, &own);
    }
}

/// Reads the first of `FILE-18.6`, `FILE-18` and `FILE` that can be read.
fn read_version_of(shell: &mut Shell, path: &Path) {
    let major = PSQL_VERSION.split('.').next().unwrap_or_default();
    for suffix in [format!("-{PSQL_VERSION}"), format!("-{major}"), String::new()] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let interrupts = shell.console.interrupts.signal();
        if let Ok(source) = Source::file(Path::new(&name), &name.clone().into_vec(), interrupts) {
            mainloop::run(shell, source);
            shell.console.interrupts.end_actions_too();
            return;
        }
    }
}
