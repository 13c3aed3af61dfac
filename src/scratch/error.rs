//! Why there is no scratch database.

use std::fmt;
use std::io;
use std::path::Path;

/// Why there is no scratch database: a text for the user, several lines perhaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
}

impl Error {
    /// One with this text.
    pub(super) fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), interrupted: false }
    }

    /// The database can't be dropped now.
    pub(super) fn in_use(name: &str) -> Error {
        Error::new(format!(
            "scratch database \"{name}\" is in use\n\
             HINT:  End the programs that are connected to it first."
        ))
    }

    /// A signal ended it.
    pub(super) fn by_signal(interrupted: bool) -> Error {
        Error { message: "interrupted".to_owned(), interrupted }
    }

    /// `what "path": cause`
    pub(super) fn at(what: &str, path: &Path, cause: io::Error) -> Error {
        let cause = cause.to_string();
        // Without the number that Rust adds.
        let cause = cause.split(" (os error ").next().unwrap_or_default();
        Error::new(format!("{what} \"{}\": {cause}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
