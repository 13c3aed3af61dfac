//! Names as SQL writes them: quoted where they must be, joined by dots.

/// Reads one identifier at the start of a text; it and what follows.
pub fn identifier(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let Some(mut rest) = text.strip_prefix(b"\"") else {
        let is_plain =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 128..);
        let end = text.iter().position(|byte| !is_plain(byte)).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_ascii_lowercase(), &text[end..]));
    };
    let mut name = Vec::new();
    loop {
        let end = memchr::memchr(b'"', rest)?;
        name.extend_from_slice(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix(b"\"") {
            Some(behind) => {
                name.push(b'"');
                rest = behind;
            }
            None => return Some((name, rest)),
        }
    }
}

/// Reads `schema.name` at the start of a text; a name without a schema has an empty one.
pub fn qualified(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>, &[u8])> {
    let (first, rest) = identifier(text)?;
    let Some(behind) = rest.strip_prefix(b".") else { return Some((Vec::new(), first, rest)) };
    let (name, rest) = identifier(behind)?;
    Some((first, name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, expected) in [
            ("public.t (a)", Some(("public", "t", " (a)"))),
            ("t;", Some(("", "t", ";"))),
            ("\"My \"\"Schema\".\"a.b\nc\" (", Some(("My \"Schema", "a.b\nc", " ("))),
            ("Big.\"X\"", Some(("big", "X", ""))),
            ("größe.t", Some(("größe", "t", ""))),
            ("\"open", None),
            ("a.", None),
            (" a", None),
            ("", None),
        ] {
            let found = qualified(text.as_bytes());
            let expected = expected.map(|(schema, name, rest)| {
                (schema.as_bytes().to_vec(), name.as_bytes().to_vec(), rest.as_bytes())
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
