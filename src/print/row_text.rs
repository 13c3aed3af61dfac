//! Rows in PostgreSQL's text form (documentation, "Composite Type Input and Output Syntax").

use crate::encoding::Encoding;

/// Tells the values of a row's text, `None` for NULL, without quotes and escapes; `None` if it is none.
/// That of one column which is NULL, of so many `columns`, looks like that of none.
pub(super) fn values(
    text: &[u8],
    columns: usize,
    encoding: Encoding,
    mut tell: impl FnMut(Option<&[u8]>),
) -> Option<()> {
    let mut rest = text.strip_prefix(b"(")?;
    let (mut value, mut is_there, mut is_quoted) = (Vec::new(), false, false);
    if rest == b")" && columns == 0 {
        return Some(());
    }
    loop {
        let length = encoding.char_len(Some(rest).filter(|rest| !rest.is_empty())?);
        let (character, after) = rest.split_at(length);
        rest = after;
        match (character, is_quoted) {
            (b"\\", _) => {
                let length = encoding.char_len(Some(rest).filter(|rest| !rest.is_empty())?);
                value.extend_from_slice(&rest[..length]);
                rest = &rest[length..];
                is_there = true;
            }
            (b"\"", true) if rest.first() == Some(&b'"') => {
                value.push(b'"');
                rest = &rest[1..];
            }
            (b"\"", _) => {
                is_quoted = !is_quoted;
                is_there = true;
            }
            (b"," | b")", false) => {
                tell(is_there.then_some(&value[..]));
                value.clear();
                is_there = false;
                if character == b")" {
                    return rest.is_empty().then_some(());
                }
            }
            _ => {
                value.extend_from_slice(character);
                is_there = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (text, expected) in [
            ("()", Some("-")),
            ("(,)", Some("--")),
            ("(1,\"x,\"\"y\"\" \\\\\",,\"\")", Some("<1><x,\"y\" \\>-<>")),
            ("(\"(1,\"\"a b\"\")\",é)", Some("<(1,\"a b\")><é>")),
            ("(1", None),
            ("(1)2", None),
            ("1", None),
            ("(\"", None),
            ("(\\", None),
            ("", None),
        ] {
            let mut found = String::new();
            let read = values(text.as_bytes(), 1, Encoding::Utf8, |value| match value {
                Some(value) => found.push_str(&format!("<{}>", String::from_utf8_lossy(value))),
                None => found.push('-'),
            });
            assert_eq!(read.map(|()| found.as_str()), expected, "{text}");
        }
    }
}
