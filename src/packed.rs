//! What lies in the program compressed (`build/pack.rs`): large texts and tables that are seldom asked for.
//! They are unpacked at the first need, and then kept.

use flate2::read::DeflateDecoder;
use std::io::Read;
use std::sync::OnceLock;

/// Something compressed.
pub struct Packed {
    bytes: &'static [u8],
    plain: OnceLock<Vec<u8>>,
}

impl Packed {
    /// What the build wrote down.
    pub const fn new(bytes: &'static [u8]) -> Packed {
        Packed { bytes, plain: OnceLock::new() }
    }

    /// It, unpacked.
    pub fn bytes(&self) -> &[u8] {
        self.plain.get_or_init(|| {
            let mut plain = Vec::new();
            let unpacked = DeflateDecoder::new(self.bytes).read_to_end(&mut plain);
            unpacked.expect("the build packed it");
            plain
        })
    }

    /// It, unpacked, where it is a text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).expect("the build packed a text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked_once() {
        // "a text" in a block that is stored as it is.
        static STORED: Packed = Packed::new(b"\x01\x06\x00\xf9\xffa text");
        assert_eq!(STORED.text(), "a text");
        assert_eq!(STORED.bytes().as_ptr(), STORED.text().as_ptr());
    }
}
