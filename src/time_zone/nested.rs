//! The text of a value that holds timestamps: goes through it by its type's shape and writes it
//! again with other timestamps, quoted as the server quotes them.

use super::shape::Shape;

/// Writes a timestamp as it is to be; `None` if that can't be told.
type Leaf<'l> = dyn FnMut(&[u8], &mut Vec<u8>) -> Option<()> + 'l;

/// Writes `text` with each timestamp in it as `leaf` has it; `None` if it does not have the
/// shape, or `leaf` can't tell.
pub(super) fn rewrite(
    shape: &Shape,
    text: &[u8],
    out: &mut Vec<u8>,
    leaf: &mut Leaf<'_>,
) -> Option<()> {
    let mut value = Value { rest: text, leaf };
    match shape {
        Shape::Timestamp => return (value.leaf)(text, out),
        Shape::Other => {
            out.extend_from_slice(text);
            return Some(());
        }
        Shape::Unknown => return None,
        Shape::Array(element) => value.array(element, out)?,
        Shape::Range(bound) => value.range(bound, out)?,
        Shape::Multirange(range) => value.multirange(range, out)?,
        Shape::Row(columns) => value.row(columns, out)?,
    }
    value.rest.is_empty().then_some(())
}

/// How a kind of value writes its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    Array,
    Range,
    Row,
}

impl Quoting {
    /// What stands before a quote or backslash within quotes, if it isn't doubled.
    fn escapes_with_backslash(self) -> bool {
        self == Quoting::Array
    }

    fn needs_quotes(self, text: &[u8]) -> bool {
        let special: &[u8] = match self {
            Quoting::Array => b"\"\\{},",
            Quoting::Range => b"\"\\()[],",
            Quoting::Row => b"\"\\(),",
        };
        text.is_empty()
            || self == Quoting::Array && text.eq_ignore_ascii_case(b"NULL")
            || text.iter().any(|byte| special.contains(byte) || is_blank(*byte))
    }

    fn write(self, text: &[u8], out: &mut Vec<u8>) {
        if !self.needs_quotes(text) {
            return out.extend_from_slice(text);
        }
        out.push(b'"');
        for &byte in text {
            if matches!(byte, b'"' | b'\\') {
                out.push(if self.escapes_with_backslash() { b'\\' } else { byte });
            }
            out.push(byte);
        }
        out.push(b'"');
    }
}

/// As C's isspace in the locale C, which the server asks.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

struct Value<'t, 'l> {
    rest: &'t [u8],
    leaf: &'l mut Leaf<'l>,
}

impl Value<'_, '_> {
    fn next(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    /// Copies the next byte, which must be one of these.
    fn copy(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Option<u8> {
        let byte = self.next().filter(|byte| bytes.contains(byte))?;
        out.push(byte);
        Some(byte)
    }

    /// Takes a part up to one of these bytes, without its quotes, and whether it had some.
    fn part(&mut self, ends: &[u8], quoting: Quoting) -> Option<(Vec<u8>, bool)> {
        let mut part = Vec::new();
        if self.rest.first() != Some(&b'"') {
            let end = self.rest.iter().position(|byte| ends.contains(byte))?;
            part.extend_from_slice(&self.rest[..end]);
            self.rest = &self.rest[end..];
            return Some((part, false));
        }
        self.next();
        loop {
            match self.next()? {
                b'"' if !quoting.escapes_with_backslash() && self.rest.first() == Some(&b'"') => {
                    self.next();
                    part.push(b'"');
                }
                b'"' => return Some((part, true)),
                b'\\' => part.push(self.next()?),
                byte => part.push(byte),
            }
        }
    }

    /// Copies a part, its timestamps written anew.
    fn rewrite_part(
        &mut self,
        shape: &Shape,
        (part, quoted): &(Vec<u8>, bool),
        quoting: Quoting,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let is_null = !quoted
            && match quoting {
                Quoting::Array => part == b"NULL",
                Quoting::Range | Quoting::Row => part.is_empty(),
            };
        if is_null {
            out.extend_from_slice(part);
            return Some(());
        }
        let mut written = Vec::with_capacity(part.len());
        rewrite(shape, part, &mut written, self.leaf)?;
        quoting.write(&written, out);
        Some(())
    }

    /// `{...}`, of more dimensions perhaps, behind their bounds if these are unusual.
    fn array(&mut self, element: &Shape, out: &mut Vec<u8>) -> Option<()> {
        if self.rest.first() == Some(&b'[') {
            let end = self.rest.iter().position(|byte| *byte == b'=')? + 1;
            out.extend_from_slice(&self.rest[..end]);
            self.rest = &self.rest[end..];
        }
        let mut depth = 0;
        loop {
            match *self.rest.first()? {
                byte @ (b'{' | b'}' | b',') => {
                    self.next();
                    out.push(byte);
                    match byte {
                        b'{' => depth += 1,
                        b'}' => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        return Some(());
                    }
                }
                _ => {
                    let part = self.part(b",}", Quoting::Array)?;
                    self.rewrite_part(element, &part, Quoting::Array, out)?;
                }
            }
        }
    }

    /// `[lower,upper)`, or `empty`.
    fn range(&mut self, bound: &Shape, out: &mut Vec<u8>) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix(b"empty") {
            self.rest = rest;
            out.extend_from_slice(b"empty");
            return Some(());
        }
        self.copy(b"[(", out)?;
        for end in [&b","[..], b"])"] {
            let part = self.part(end, Quoting::Range)?;
            self.rewrite_part(bound, &part, Quoting::Range, out)?;
            self.copy(end, out)?;
        }
        Some(())
    }

    /// `{[lower,upper),...}`
    fn multirange(&mut self, range: &Shape, out: &mut Vec<u8>) -> Option<()> {
        let Shape::Range(bound) = range else { return None };
        self.copy(b"{", out)?;
        if self.rest.first() == Some(&b'}') {
            return self.copy(b"}", out).map(drop);
        }
        loop {
            self.range(bound, out)?;
            if self.copy(b",}", out)? == b'}' {
                return Some(());
            }
        }
    }

    /// `(column,...)`
    fn row(&mut self, columns: &[Shape], out: &mut Vec<u8>) -> Option<()> {
        self.copy(b"(", out)?;
        for (at, column) in columns.iter().enumerate() {
            let is_last = at + 1 == columns.len();
            let end: &[u8] = if is_last { b")" } else { b"," };
            let part = self.part(b",)", Quoting::Row)?;
            self.rewrite_part(column, &part, Quoting::Row, out)?;
            self.copy(end, out)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        use Shape::{Array, Multirange, Other, Range, Row, Timestamp};
        let range = || Range(Box::new(Timestamp));
        let array = |shape| Array(Box::new(shape));
        for (shape, text, expected) in [
            (Timestamp, "a b", "<a b>"),
            (array(Timestamp), r#"{"a b",NULL,c}"#, r#"{"<a b>",NULL,<c>}"#),
            (array(Timestamp), r#"[0:1][2:2]={{"a b"},{c}}"#, r#"[0:1][2:2]={{"<a b>"},{<c>}}"#),
            (array(Timestamp), "{}", "{}"),
            (
                array(range()),
                r#"{"[\"a b\",\"c d\")",empty}"#,
                r#"{"[\"<a b>\",\"<c d>\")",empty}"#,
            ),
            (range(), r#"["a b",)"#, r#"["<a b>",)"#),
            (range(), "(,c]", "(,<c>]"),
            (range(), "empty", "empty"),
            (Multirange(Box::new(range())), r#"{["a b",c),[d,e)}"#, r#"{["<a b>",<c>),[<d>,<e>)}"#),
            (Multirange(Box::new(range())), "{}", "{}"),
            (
                Row(vec![Other, Timestamp, array(Timestamp), Timestamp]),
                r#"("x ""y"" \\, z","a b","{""a b"",c}",)"#,
                r#"("x ""y"" \\, z","<a b>","{""<a b>"",<c>}",)"#,
            ),
            (Row(vec![Row(vec![Other, Timestamp])]), r#"("(1,""a b"")")"#, r#"("(1,""<a b>"")")"#),
        ] {
            let mut out = Vec::new();
            let mut leaf = |text: &[u8], out: &mut Vec<u8>| {
                out.extend_from_slice(&[b"<", text, b">"].concat());
                Some(())
            };
            let done = rewrite(&shape, text.as_bytes(), &mut out, &mut leaf);
            assert_eq!(
                done.map(|()| String::from_utf8(out).unwrap()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn other_shapes() {
        let pair = Shape::Row(vec![Shape::Timestamp, Shape::Timestamp]);
        for (shape, text) in [
            (Shape::Array(Box::new(Shape::Timestamp)), "{a"),
            (Shape::Array(Box::new(Shape::Timestamp)), "{a}b"),
            (Shape::Array(Box::new(Shape::Timestamp)), "{\"a}"),
            (Shape::Range(Box::new(Shape::Timestamp)), "[a,b"),
            (Shape::Range(Box::new(Shape::Timestamp)), ""),
            (pair.clone(), "(a)"),
            (pair, "(a,b,c)"),
            (Shape::Unknown, "(a)"),
        ] {
            let mut leaf = |_: &[u8], _: &mut Vec<u8>| Some(());
            assert_eq!(
                rewrite(&shape, text.as_bytes(), &mut Vec::new(), &mut leaf),
                None,
                "{text}"
            );
        }
    }
}
