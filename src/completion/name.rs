//! Names as they are typed: quotes, schemas, case.

use super::candidates::{Candidate, Candidates, Nearness};
use super::catalog::{Catalog, Name, Object, Qualified, Wanted};
use super::keyword::is_reserved;
use super::kind::CandidateKind;
use crate::catalog_query::identifier;

/// A name being typed, its parts without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// What precedes the last dot.
    pub schema: Option<Vec<u8>>,
    /// What follows it: a whole name or the beginning of one.
    pub name: Vec<u8>,
    /// Whether the last part has an opening quote.
    pub quoted: bool,
}

impl Typed {
    /// Reads `a`, `a.b`, `"A".b`, `a.b.c` (the last two parts count), `"unclosed`.
    pub fn parse(text: &[u8]) -> Typed {
        let mut parts: Vec<(Vec<u8>, bool)> = vec![(Vec::new(), false)];
        let mut in_quotes = false;
        let mut rest = text.iter().copied().peekable();
        while let Some(byte) = rest.next() {
            let Some((part, quoted)) = parts.last_mut() else { break };
            match byte {
                b'"' if in_quotes && rest.peek() == Some(&b'"') => {
                    rest.next();
                    part.push(b'"');
                }
                b'"' => {
                    in_quotes = !in_quotes;
                    *quoted = true;
                }
                b'.' if !in_quotes => parts.push((Vec::new(), false)),
                _ if in_quotes => part.push(byte),
                _ => part.push(byte.to_ascii_lowercase()),
            }
        }
        let (name, quoted) = parts.pop().unwrap_or_default();
        Typed { schema: parts.pop().map(|(schema, _)| schema), name, quoted }
    }

    /// As the name of something.
    pub fn qualified(self) -> Qualified {
        Qualified { schema: self.schema, name: self.name }
    }
}

/// An identifier as it must be written, in quotes where it needs them or they are wanted.
pub(super) fn quoted(name: &[u8], wanted: bool) -> Vec<u8> {
    let plain = |(at, byte): (usize, &u8)| {
        matches!(byte, b'a'..=b'z' | b'_') || at > 0 && (byte.is_ascii_digit() || *byte == b'$')
    };
    if !wanted && !name.is_empty() && name.iter().enumerate().all(plain) && !is_reserved(name) {
        return name.to_vec();
    }
    identifier(name)
}

/// Whether a name has nothing in it but what words are made of.
pub(super) fn is_plain(name: &[u8]) -> bool {
    name.iter()
        .all(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_.-$".contains(byte))
}

impl Candidates<'_> {
    /// Adds the names of `object` that the word begins; `of` is what they belong to.
    pub fn names(&mut self, object: Object, of: Option<&Qualified>, catalog: &mut dyn Catalog) {
        let typed = Typed::parse(self.word);
        if !object.is_in_schema() {
            if typed.schema.is_none() {
                let wanted = Wanted { object, schema: None, of };
                for name in catalog.look_up(&wanted, &typed.name) {
                    self.add_name(quoted(&name.name, typed.quoted), object, &name);
                }
            }
            return;
        }
        let schema = typed.schema.as_deref();
        for name in catalog.look_up(&Wanted { object, schema, of }, &typed.name) {
            let mut text = Vec::new();
            if let Some(schema) = schema {
                text.extend_from_slice(&quoted(schema, false));
                text.push(b'.');
            }
            text.extend_from_slice(&quoted(&name.name, typed.quoted));
            self.add_name(text, object, &name);
        }
        self.schemas(&typed, catalog);
    }

    /// Adds the schemas that the word begins: their names lead to the names in them. Nobody means
    /// all schemas before a letter is typed.
    pub fn schemas(&mut self, typed: &Typed, catalog: &mut dyn Catalog) {
        if typed.schema.is_none() && !typed.name.is_empty() {
            let wanted = Wanted { object: Object::Schema, schema: None, of: None };
            for schema in catalog.look_up(&wanted, &typed.name) {
                let mut text = quoted(&schema.name, typed.quoted);
                text.push(b'.');
                self.add_name(text, Object::Schema, &schema);
            }
        }
    }

    /// Adds a name of `object`, written `text`.
    pub fn add_name(&mut self, text: Vec<u8>, object: Object, name: &Name) {
        let candidate = Candidate::of_name(text, CandidateKind::of_object(object), name);
        let in_scope = matches!(object, Object::Column | Object::ResultColumn);
        self.add(if in_scope { candidate.near(Nearness::InScope) } else { candidate });
    }

    /// Adds names that are written as they stand: settings, variables, encodings. Others than can
    /// be written so are left out: the server's word is not to become a command.
    pub fn plain_names(
        &mut self,
        object: Object,
        of: Option<&Qualified>,
        catalog: &mut dyn Catalog,
    ) {
        let names = catalog.look_up(&Wanted { object, schema: None, of }, self.word);
        for name in names.into_iter().filter(|name| is_plain(&name.name)) {
            self.add_name(name.name.clone(), object, &name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_names() {
        for (text, schema, name, quoted) in [
            ("Tab", None, "tab", false),
            ("\"Tab", None, "Tab", true),
            ("PUBLIC.t", Some("public"), "t", false),
            ("\"A.b\".\"c\"\"d\"", Some("A.b"), "c\"d", true),
            ("db.s.t", Some("s"), "t", false),
            ("s.", Some("s"), "", false),
            ("", None, "", false),
        ] {
            let schema = schema.map(|s| s.as_bytes().to_vec());
            let expected = Typed { schema, name: name.as_bytes().to_vec(), quoted };
            assert_eq!(Typed::parse(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn quotes() {
        for (name, expected) in [
            ("film", "film"),
            ("f1_$", "f1_$"),
            ("Film", "\"Film\""),
            ("a b", "\"a b\""),
            ("1a", "\"1a\""),
            ("user", "\"user\""),
            ("a\"b", "\"a\"\"b\""),
        ] {
            assert_eq!(quoted(name.as_bytes(), false), expected.as_bytes());
        }
        assert_eq!(quoted(b"film", true), b"\"film\"");
    }
}
