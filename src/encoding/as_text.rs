//! Bytes of any encoding as text and back, for what is read and written by characters.

use super::Encoding;

/// The private characters that stand for bytes of other encodings than UTF-8; 256 of them.
const FIRST: u32 = 0xf700;

/// Bytes as text. What is not ASCII and not UTF-8 becomes private characters, as many as there are
/// bytes, from which [`from_text`] makes the bytes again.
pub fn to_text(bytes: &[u8], encoding: Encoding) -> String {
    if encoding == Encoding::Utf8 {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = encoding.char_len(rest).clamp(1, rest.len());
        let (character, behind) = rest.split_at(length);
        match character {
            [byte] if byte.is_ascii() => text.push(char::from(*byte)),
            bytes => text
                .extend(bytes.iter().filter_map(|byte| char::from_u32(FIRST + u32::from(*byte)))),
        }
        rest = behind;
    }
    text
}

/// The bytes of a text that [`to_text`] made of bytes of this encoding. What the encoding doesn't have
/// becomes a question mark.
pub fn from_text(text: &str, encoding: Encoding) -> Vec<u8> {
    if encoding == Encoding::Utf8 {
        return text.as_bytes().to_vec();
    }
    let byte = |c: char| match u32::from(c).checked_sub(FIRST) {
        Some(byte @ 0..=0xff) => byte as u8,
        _ if c.is_ascii() => c as u8,
        _ => b'?',
    };
    text.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        for (bytes, encoding) in [
            ("äöü 日本".as_bytes(), Encoding::Utf8),
            (b"a\xe4b\"", Encoding::SingleByte),
            (b"\x83\x5c\"\x95\x7b", Encoding::Sjis),
            (b"\xb4\xc1", Encoding::Utf8),
        ] {
            let text = to_text(bytes, encoding);
            if std::str::from_utf8(bytes).is_ok() || encoding != Encoding::Utf8 {
                assert_eq!(from_text(&text, encoding), bytes);
            }
        }
        assert_eq!(to_text(b"\x83\x5c", Encoding::Sjis).chars().count(), 2);
        assert_eq!(from_text("a…", Encoding::SingleByte), b"a?");
    }
}
