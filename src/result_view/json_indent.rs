//! JSON in lines: a member or element on each, further in by how deep it is.

/// Columns by which a level stands further in.
const STEP: usize = 2;
/// Levels that are seen by that: deeper ones stand where this one does.
const MOST_LEVELS: usize = 40;
/// Bytes of a container that stays on one line.
const SHORT: usize = 60;

/// The text, which may end anywhere, indented; `None` if that would be more than `most` bytes.
pub(super) fn indented(json: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut level: usize = 0;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        if out.len() > most {
            return None;
        }
        match byte {
            b'{' | b'[' => match short_container(&json[at..]) {
                Some(length) => {
                    write_in_line(&json[at..at + length], &mut out);
                    at += length;
                    continue;
                }
                None => {
                    level += 1;
                    out.push(byte);
                    begin_line(level, &mut out);
                }
            },
            b'}' | b']' => {
                level = level.saturating_sub(1);
                begin_line(level, &mut out);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                begin_line(level, &mut out);
            }
            b':' => out.extend_from_slice(b": "),
            b'"' => {
                let length = string_length(&json[at..]);
                out.extend_from_slice(&json[at..at + length]);
                at += length;
                continue;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => out.push(byte),
        }
        at += 1;
    }
    Some(out)
}

fn begin_line(level: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.resize(out.len() + STEP * level.min(MOST_LEVELS), b' ');
}

/// How long the string is that `json` begins with, as far as it is there.
fn string_length(json: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

/// How long the container is that `json` begins with, if that is little: one that is empty, or an
/// array of nothing but values that are not containers.
fn short_container(json: &[u8]) -> Option<usize> {
    let is_object = json[0] == b'{';
    let mut at = 1;
    while at < json.len().min(SHORT) {
        match json[at] {
            b'}' | b']' => return Some(at + 1),
            b'{' | b'[' => return None,
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            _ if is_object => return None,
            b'"' => at += string_length(&json[at..]),
            _ => at += 1,
        }
    }
    None
}

/// Writes a short container, with a blank behind each comma.
fn write_in_line(json: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => {
                let length = string_length(&json[at..]);
                out.extend_from_slice(&json[at..at + length]);
                at += length;
                continue;
            }
            b',' => out.extend_from_slice(b", "),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => out.push(byte),
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (json, expected) in [
            ("", ""),
            ("12.50", "12.50"),
            ("\"a, {b}\"", "\"a, {b}\""),
            ("{}", "{}"),
            (" [ ] ", "[]"),
            ("[1,2 , 3]", "[1, 2, 3]"),
            ("[\"a,b\", null]", "[\"a,b\", null]"),
            ("{\"a\":1}", "{\n  \"a\": 1\n}"),
            (
                r#"{"a": [1, 2], "b": {"c": [{"d": true}], "e": {}}}"#,
                "{\n  \"a\": [1, 2],\n  \"b\": {\n    \"c\": [\n      {\n        \"d\": true\n      }\n    ],\n    \
                 \"e\": {}\n  }\n}",
            ),
            (r#"{"q\"{": "\\"}"#, "{\n  \"q\\\"{\": \"\\\\\"\n}"),
            // It ends anywhere.
            ("{\"a\":\"b", "{\n  \"a\": \"b"),
            ("{\"a\\", "{\n  \"a\\"),
            ("]}1", "\n]\n}1"),
        ] {
            let shown = indented(json.as_bytes(), 1000).unwrap();
            assert_eq!(String::from_utf8(shown).unwrap(), expected, "{json}");
        }
        let long = format!("[{}]", ["123456789"; 9].join(","));
        assert_eq!(indented(long.as_bytes(), 1000).unwrap().split(|b| *b == b'\n').count(), 11);
    }

    #[test]
    fn what_grows_too_much_is_left() {
        assert!(indented("[".repeat(100_000).as_bytes(), 1 << 20).is_none());
        assert!(indented("[".repeat(1000).as_bytes(), 1 << 20).is_some());
    }
}
