//! What is wrong with connection settings.

/// What is wrong with connection settings, in psql's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Error {
    /// Without a last newline.
    pub message: Vec<u8>,
}

impl Error {
    /// There is no account with the user ID of this process, or of a server.
    pub fn no_account(id: u32) -> Error {
        Error { message: format!("local user with ID {id} does not exist").into_bytes() }
    }

    /// The parts, joined.
    pub(super) fn new(parts: &[&[u8]]) -> Error {
        Error { message: parts.concat() }
    }

    /// `before "value" after`
    pub(super) fn about(before: &str, value: &[u8], after: &str) -> Error {
        Error::new(&[before.as_bytes(), b" \"", value, b"\"", after.as_bytes()])
    }
}
