//! What a server says of an error, or in a notice.

/// The fields of an ErrorResponse or NoticeResponse, by their one-byte codes (protocol
/// documentation, "Error and Notice Message Fields").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorFields {
    fields: Vec<(u8, Vec<u8>)>,
}

impl ErrorFields {
    /// The value of the field with this code: `b'M'` the message, `b'C'` the SQLSTATE, ...
    pub fn get(&self, code: u8) -> Option<&[u8]> {
        self.fields.iter().find(|(c, _)| *c == code).map(|(_, v)| v.as_slice())
    }

    /// Adds a field.
    pub fn push(&mut self, code: u8, value: Vec<u8>) {
        self.fields.push((code, value));
    }
}
