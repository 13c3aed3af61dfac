//! A bytea as a dump: offsets, bytes in hexadecimal digits, and the same as ASCII.

use std::io::Write;

/// Bytes of a line.
const LINE: usize = 16;

/// The dump of a value as the server writes it, under either `bytea_output`; `None` if it is none.
pub(super) fn dump(value: &[u8]) -> Option<Vec<u8>> {
    let bytes = match value.strip_prefix(b"\\x") {
        Some(digits) => digits.chunks_exact(2).map(byte).collect::<Option<Vec<u8>>>()?,
        None => unescaped(value)?,
    };
    let mut out = Vec::new();
    for (number, line) in bytes.chunks(LINE).enumerate() {
        // Nothing that is written to a Vec fails.
        let _ = write!(out, "{:08x} ", number * LINE);
        for at in 0..LINE {
            if at % 8 == 0 {
                out.push(b' ');
            }
            let _ = match line.get(at) {
                Some(byte) => write!(out, "{byte:02x} "),
                None => write!(out, "   "),
            };
        }
        out.extend_from_slice(b" |");
        let shown = |byte: &u8| if (b' '..0x7f).contains(byte) { *byte } else { b'.' };
        out.extend(line.iter().map(shown));
        out.extend_from_slice(b"|\n");
    }
    out.pop();
    Some(out)
}

/// The byte of two hexadecimal digits.
fn byte(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(digits[at]).to_digit(16);
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

/// The bytes of the escape format: `\\` and `\000` to `\377`.
fn unescaped(value: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = value;
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (first, rest) {
            (b'\\', [b'\\', after @ ..]) => {
                rest = after;
                b'\\'
            }
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                rest = after;
                (a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')
            }
            // Cut off there.
            (b'\\', after) if after.len() < 3 => break,
            (b'\\', _) => return None,
            (other, _) => *other,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps() {
        for (value, expected) in [
            ("\\x", Some("")),
            (
                "\\x00414243ff",
                Some("00000000  00 41 42 43 ff                                    |.ABC.|"),
            ),
            (
                "\\x30313233343536373839616263646566677f",
                Some(
                    "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n\
                     00000010  67 7f                                             |g.|",
                ),
            ),
            ("\\x4", Some("")),
            ("\\xzz", None),
            (
                "A\\\\\\377\\000",
                Some("00000000  41 5c ff 00                                       |A\\..|"),
            ),
            ("\\400", None),
        ] {
            let shown = dump(value.as_bytes()).map(|text| String::from_utf8(text).unwrap());
            assert_eq!(shown.as_deref(), expected, "{value}");
        }
    }
}
