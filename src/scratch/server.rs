//! The programs of a PostgreSQL server: whether they may be run, and how.
//!
//! Starts nothing but `postgres --version`.

use std::fmt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::server_account::Account;
use super::trust;

/// The environment variable that names a server's `bin` directory and ends every search.
pub const OVERRIDE: &str = "PGSH_SERVER_BIN";

/// The programs that are run.
pub(super) const PROGRAMS: [&str; 2] = ["postgres", "initdb"];

/// The oldest major version a scratch cluster can be run with.
const OLDEST: u32 = 10;

/// A server's programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The directory of `postgres` and `initdb`.
    pub bin: PathBuf,
    /// The version as the server reports it: `18.6`, `19beta1`.
    pub version: String,
    /// The major version.
    pub major: u32,
    /// The account it runs under, if that isn't ours.
    pub account: Option<Account>,
}

impl Server {
    /// The server in the directory `bin`, if there is one that runs and whose files are trusted.
    pub fn at(bin: &Path, account: &Option<Account>) -> Option<Server> {
        let mut server = Server {
            bin: bin.to_owned(),
            version: String::new(),
            major: 0,
            account: account.clone(),
        };
        let here = bin.is_absolute() && server.bin.join("initdb").is_file();
        if !here || trust::objection(bin, &PROGRAMS, account.as_ref()).is_some() {
            return None;
        }
        let said =
            server.command("postgres").arg("--version").stderr(Stdio::null()).output().ok()?;
        server.version = parse_version(&String::from_utf8_lossy(&said.stdout))?;
        let digits =
            server.version.find(|c: char| !c.is_ascii_digit()).unwrap_or(server.version.len());
        server.major = server.version[..digits].parse().ok()?;
        (server.major >= OLDEST).then_some(server)
    }

    /// A command that runs `program` of this server under its account. Of the environment it gets
    /// what it needs and no more: no secrets that others could read from the process, and no
    /// settings that mislead it.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.stdin(Stdio::null()).env_clear();
        // Where `COPY ... PROGRAM` finds programs; the cluster's time zone; a build's own libraries.
        let kept = ["PATH", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];
        let kept = if self.account.is_some() { &kept[..2] } else { &kept };
        for name in kept {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid).current_dir("/");
        }
        command
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {} ({})", self.version, self.bin.display())
    }
}

/// `18.6` of `postgres (PostgreSQL) 18.6 (Debian 18.6-1)`.
fn parse_version(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("(PostgreSQL) ")?;
    rest.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_texts() {
        let check =
            |said, version: Option<&str>| assert_eq!(parse_version(said).as_deref(), version);
        check("postgres (PostgreSQL) 18.6\n", Some("18.6"));
        check("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", Some("15.14"));
        check("postgres (PostgreSQL) 19beta1\n", Some("19beta1"));
        check("something else", None);
    }
}
