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

    /// The same of a text that has this many characters less before it; a place among those stays.
    pub fn without_prefix(mut self, characters: usize) -> ErrorFields {
        for (_, value) in self.fields.iter_mut().filter(|(code, _)| *code == b'P') {
            let place = std::str::from_utf8(value).ok().and_then(|text| text.parse::<usize>().ok());
            if let Some(place) = place.filter(|place| *place > characters) {
                *value = (place - characters).to_string().into_bytes();
            }
        }
        self
    }
}
