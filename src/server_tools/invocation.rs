//! A program ready to run: its arguments, the connection it is given, the environment cleared of what
//! would contradict it.

use super::find::Tool;
use super::private::{PrivateFiles, fits_service_file, password_file, service_file};
use super::target::{TargetServer, variable};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

/// What a program built without TLS says where it is to use it.
const WITHOUT_TLS: &str = "SSL support is not compiled in";
/// A password longer than this is one that an older libpq cuts short.
const SHORT_PASSWORD: usize = 300;
/// The version from which on a password may have any length.
const LONG_PASSWORDS: i32 = 140_000;

/// A file that is never there.
const NO_FILE: &str = "/dev/null/none";

/// A program with its arguments and the server it is led to.
#[derive(Debug)]
pub struct Invocation {
    command: Command,
    /// They are there as long as this is.
    files: Option<PrivateFiles>,
    left_out: Vec<String>,
}

/// The connection can't be passed on.
#[derive(Debug)]
pub enum CannotPass {
    /// A private file can't be written.
    File(io::Error),
    /// The value of this setting can be written into no file that the program reads.
    Value(String),
    /// The program's libpq takes no password as long as this one.
    LongPassword,
    /// The session is encrypted, and the program can't be.
    WithoutTls(String),
}

impl fmt::Display for CannotPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CannotPass::File(error) => {
                let reason = crate::session::error_text(error);
                write!(f, "could not write a private file for the password: {reason}")
            }
            CannotPass::Value(keyword) => {
                write!(
                    f,
                    "the value of {keyword} can't be passed on: it has blanks at an end, or a newline"
                )
            }
            CannotPass::LongPassword => {
                write!(f, "the password is longer than programs before PostgreSQL 14 can read")
            }
            CannotPass::WithoutTls(path) => {
                write!(f, "the connection is encrypted, but \"{path}\" was built without TLS")
            }
        }
    }
}

impl Invocation {
    /// A program that needs no server.
    pub fn local(tool: &Tool) -> Invocation {
        let mut command = Command::new(&tool.path);
        command.stdin(Stdio::null());
        clear_environment(&mut command);
        Invocation { command, files: None, left_out: Vec::new() }
    }

    /// A program led to a server, as the database's user; it asks for no password.
    ///
    /// # Errors
    /// The connection can't be passed on as it is.
    pub fn connected(tool: &Tool, server: &TargetServer) -> Result<Invocation, CannotPass> {
        let mut invocation = Invocation::local(tool);
        if server.needs_tls() && !has_tls(tool) {
            return Err(CannotPass::WithoutTls(tool.path.display().to_string()));
        }
        let keywords = server.keywords(tool.version);
        let mut without_variable = Vec::new();
        for (keyword, value) in keywords.given {
            match variable(keyword) {
                Some(name) => drop(invocation.command.env(name, OsStr::from_bytes(value))),
                None if fits_service_file(value) => without_variable.push((keyword, value)),
                None => return Err(CannotPass::Value(keyword.to_owned())),
            }
        }
        invocation.left_out = keywords.unknown.iter().map(|&keyword| keyword.to_owned()).collect();
        if let Some(password) = server.password() {
            if password.len() > SHORT_PASSWORD && tool.version < LONG_PASSWORDS {
                return Err(CannotPass::LongPassword);
            }
            if password.contains(&b'\n') {
                return Err(CannotPass::Value("password".to_owned()));
            }
            invocation.give_file("PGPASSFILE", "password", &password_file(password))?;
        } else {
            // Nor any other: libpq would look for one in the user's home.
            invocation.command.env("PGPASSFILE", NO_FILE);
        }
        if !without_variable.is_empty() {
            invocation.give_file("PGSERVICEFILE", "service", &service_file(&without_variable))?;
            invocation.command.env("PGSERVICE", "pgsh");
        }
        invocation.arg("--no-password");
        Ok(invocation)
    }

    fn give_file(&mut self, variable: &str, name: &str, text: &[u8]) -> Result<(), CannotPass> {
        if self.files.is_none() {
            self.files = Some(PrivateFiles::new().map_err(CannotPass::File)?);
        }
        if let Some(files) = &self.files {
            let path = files.write(name, text).map_err(CannotPass::File)?;
            self.command.env(variable, path);
        }
        Ok(())
    }

    /// One more argument.
    pub fn arg(&mut self, argument: impl AsRef<OsStr>) -> &mut Invocation {
        self.command.arg(argument);
        self
    }

    /// One more argument: an option with its value, `--option=value`.
    pub fn option(&mut self, option: &str, value: impl AsRef<OsStr>) -> &mut Invocation {
        let mut argument = OsString::from(option);
        argument.push("=");
        argument.push(value);
        self.arg(argument)
    }

    /// The option that names a database exactly: the program would take a name with an `=` in it for a
    /// connection string.
    pub fn database(&mut self, name: &[u8]) -> &mut Invocation {
        self.option("--dbname", OsStr::from_bytes(&database_string(name)))
    }

    /// What the program reads.
    pub fn stdin(&mut self, stdin: Stdio) -> &mut Invocation {
        self.command.stdin(stdin);
        self
    }

    /// Settings of the session that are left out, because the program knows nothing of them.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    pub(super) fn command(&mut self) -> &mut Command {
        &mut self.command
    }
}

/// A connection string of nothing but a database's name.
fn database_string(name: &[u8]) -> Vec<u8> {
    let quoted = name.iter().flat_map(|&byte| {
        let escape = matches!(byte, b'\'' | b'\\').then_some(b'\\');
        escape.into_iter().chain([byte])
    });
    b"dbname='".iter().copied().chain(quoted).chain([b'\'']).collect()
}

/// Takes away what libpq or a program would heed of the user's environment. Messages come in English, for
/// progress is read from them; names keep their characters.
fn clear_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.as_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
    if let Some(all) = std::env::var_os("LC_ALL").filter(|all| !all.is_empty()) {
        command.env("LC_CTYPE", all).env_remove("LC_ALL");
    }
    command.env("LC_MESSAGES", "C").env_remove("LANGUAGE").env("PG_COLOR", "never");
}

/// Whether a program was built with TLS: one that was not refuses to be told to use it, before it looks for
/// a server.
fn has_tls(tool: &Tool) -> bool {
    let mut command = Command::new(&tool.path);
    clear_environment(&mut command);
    command.env("PGSSLMODE", "require").env("PGHOST", "/nonexistent").stdin(Stdio::null());
    let said = command.arg("--no-password").output();
    said.is_ok_and(|said| !String::from_utf8_lossy(&said.stderr).contains(WITHOUT_TLS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_databases() {
        for (name, expected) in [
            ("app", "dbname='app'"),
            ("a=b", "dbname='a=b'"),
            ("it's \\ x", "dbname='it\\'s \\\\ x'"),
            ("postgresql://x", "dbname='postgresql://x'"),
        ] {
            let text = database_string(name.as_bytes());
            assert_eq!(String::from_utf8_lossy(&text), expected);
            let settings = crate::conninfo::parse(&text).expect("a connection string");
            assert_eq!(settings.get("dbname"), Some(name.as_bytes()));
        }
    }
}
