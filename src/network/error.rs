//! Why there is no connection, or none any more, in psql's words.
//!
//! Owns the kinds of failure that connecting distinguishes. Never prints, and retries nothing
//! itself.

use crate::conninfo;
use crate::error_fields::ErrorFields;
use std::io;

pub const CLOSED: &str = "server closed the connection unexpectedly
\tThis probably means the server terminated abnormally
\tbefore or while processing the request.";

/// The connection is gone or spoke nonsense; the text is what psql shows, several lines perhaps,
/// without a last newline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionLost {
    /// The message: `server closed the connection unexpectedly\n\tThis probably means ...`.
    pub message: Vec<u8>,
}

impl ConnectionLost {
    /// The connection is lost, and this is said of it.
    pub fn new(message: impl Into<Vec<u8>>) -> ConnectionLost {
        ConnectionLost { message: message.into() }
    }

    /// Sending failed.
    pub fn by_sending(error: &io::Error) -> ConnectionLost {
        ConnectionLost::by_io("could not send data to server", error)
    }

    /// Receiving failed.
    pub fn by_receiving(error: &io::Error) -> ConnectionLost {
        ConnectionLost::by_io("could not receive data from server", error)
    }

    fn by_io(what: &str, error: &io::Error) -> ConnectionLost {
        // TLS has a text of its own.
        if let Some(text) = error.get_ref() {
            return ConnectionLost::new(text.to_string());
        }
        match error.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
                ConnectionLost::new(CLOSED)
            }
            _ => ConnectionLost::new(format!("{what}: {}", error_text(error))),
        }
    }
}

/// Why no session could be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectError {
    /// psql's text, without the `psql: error: ` prefix and the last newline: `connection to server
    /// on socket "..." failed: ...`.
    pub message: Vec<u8>,
    /// What may be done about it.
    pub kind: ConnectErrorKind,
    /// Notices that came before it, oldest first.
    pub notices: Vec<ErrorFields>,
}

/// What may be done about a session that could not be opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectErrorKind {
    /// Nothing.
    #[default]
    Failed,
    /// A server asked for a password and none was known.
    NeedsPassword,
    /// The user pressed Ctrl-C.
    Interrupted,
}

impl ConnectError {
    /// The user pressed Ctrl-C before anything else went wrong.
    pub fn interrupted() -> ConnectError {
        ConnectError { kind: ConnectErrorKind::Interrupted, ..ConnectError::default() }
    }
}

impl From<conninfo::Error> for ConnectError {
    fn from(error: conninfo::Error) -> ConnectError {
        ConnectError { message: error.message, ..ConnectError::default() }
    }
}

/// Why one attempt to connect failed.
#[derive(Debug)]
pub struct AttemptError {
    /// In psql's words, without the place.
    pub message: Vec<u8>,
    /// What may do better.
    pub kind: AttemptErrorKind,
    /// Whether the server does not know a parameter of the start-up packet.
    pub unknown_parameter: bool,
    /// Notices that came before it, oldest first.
    pub notices: Vec<ErrorFields>,
}

/// What may do better than an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptErrorKind {
    /// Nothing else.
    Final,
    /// Another address or host.
    NextHost,
    /// The same server with encryption, or without it.
    OtherEncryption,
    /// A password: the server asked for one and none was known.
    NeedsPassword,
    /// The user pressed Ctrl-C.
    Interrupted,
}

impl AttemptError {
    fn of_kind(kind: AttemptErrorKind, message: impl Into<Vec<u8>>) -> AttemptError {
        AttemptError {
            message: message.into(),
            kind,
            unknown_parameter: false,
            notices: Vec::new(),
        }
    }

    /// One that nothing else can help.
    pub fn new(message: impl Into<Vec<u8>>) -> AttemptError {
        AttemptError::of_kind(AttemptErrorKind::Final, message)
    }

    /// One that another host may not have.
    pub fn next_host(message: impl Into<Vec<u8>>) -> AttemptError {
        AttemptError::of_kind(AttemptErrorKind::NextHost, message)
    }

    /// One that encryption brought about, or its absence.
    pub fn other_encryption(message: impl Into<Vec<u8>>) -> AttemptError {
        AttemptError::of_kind(AttemptErrorKind::OtherEncryption, message)
    }

    /// The server asked for a password and none is known.
    pub fn needs_password() -> AttemptError {
        let message = "fe_sendauth: no password supplied";
        AttemptError::of_kind(AttemptErrorKind::NeedsPassword, message)
    }

    /// The time is up; another host may be faster.
    pub fn timed_out() -> AttemptError {
        AttemptError::next_host("timeout expired")
    }

    /// The user pressed Ctrl-C.
    pub fn interrupted() -> AttemptError {
        AttemptError::of_kind(AttemptErrorKind::Interrupted, "")
    }
}

impl From<conninfo::Error> for AttemptError {
    fn from(error: conninfo::Error) -> AttemptError {
        AttemptError::new(error.message)
    }
}

impl From<ConnectionLost> for AttemptError {
    fn from(lost: ConnectionLost) -> AttemptError {
        AttemptError::new(lost.message)
    }
}

/// An I/O error's text as C's `strerror` gives it: `Connection refused`.
pub fn error_text(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
