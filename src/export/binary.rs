//! Values whose text stands for bytes.

/// The bytes of a `bytea`, in either of the forms that `bytea_output` chooses.
pub fn bytea(text: &[u8], to: &mut Vec<u8>) -> Option<()> {
    match text.strip_prefix(b"\\x") {
        Some(hex) => hexadecimal(hex, to),
        None => escaped(text, to),
    }
}

fn hexadecimal(text: &[u8], to: &mut Vec<u8>) -> Option<()> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    for [high, low] in pairs {
        to.push(hex_digit(*high)? << 4 | hex_digit(*low)?);
    }
    Some(())
}

fn escaped(text: &[u8], to: &mut Vec<u8>) -> Option<()> {
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, after) {
            (b'\\', [b'\\', after @ ..]) => {
                to.push(b'\\');
                rest = after;
            }
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                to.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = after;
            }
            (b'\\', _) => return None,
            (byte, _) => to.push(*byte),
        }
    }
    Some(())
}

/// The bytes of a `uuid`.
pub fn uuid(text: &[u8]) -> Option<[u8; 16]> {
    let mut digits = text.iter().filter(|byte| **byte != b'-');
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        *byte = hex_digit(*digits.next()?)? << 4 | hex_digit(*digits.next()?)?;
    }
    digits.next().is_none().then_some(bytes)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_texts() {
        for (text, expected) in [
            ("\\x", Some(&b""[..])),
            ("\\x00fF", Some(b"\x00\xff")),
            ("\\x0", None),
            ("\\x0g", None),
            ("", Some(b"")),
            ("a\\\\b\\000\\377", Some(b"a\\b\x00\xff")),
            ("a\\9", None),
            ("a\\", None),
        ] {
            let mut found = Vec::new();
            let done = bytea(text.as_bytes(), &mut found);
            assert_eq!(done.map(|()| found.as_slice()), expected, "{text}");
        }
        let known = uuid(b"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11").unwrap();
        assert_eq!(known[..3], [0xa0, 0xee, 0xbc]);
        assert_eq!(uuid(b"a0"), None);
        assert_eq!(uuid(b"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1111"), None);
    }
}
