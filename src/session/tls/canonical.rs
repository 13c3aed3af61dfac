//! When two distinguished names are the same (RFC 5280, 7.1, as OpenSSL applies it): whatever the
//! kind of string, without regard to case of ASCII letters and to repeated blanks.

use der::asn1::{BmpString, ObjectIdentifier};
use der::{Any, Tag, Tagged};
use x509_cert::name::Name;

/// A name in the form that compares; its parts are in order, what is in a part is sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical(Vec<Vec<(ObjectIdentifier, Value)>>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(Vec<u8>),
    /// What is no text, as it came.
    Other(Tag, Vec<u8>),
}

impl Canonical {
    /// Of a name.
    pub fn new(name: &Name) -> Canonical {
        let part = |part: &x509_cert::name::RelativeDistinguishedName| {
            let mut all: Vec<_> = part.iter().map(|a| (a.oid, value(&a.value))).collect();
            all.sort();
            all
        };
        Canonical(name.iter_rdn().map(part).collect())
    }

    /// Whether `self` begins with all of `base`.
    pub fn is_below(&self, base: &Canonical) -> bool {
        self.0.starts_with(&base.0)
    }
}

fn value(any: &Any) -> Value {
    let bytes = any.value();
    match any.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::VisibleString => {
            Value::Text(fold(bytes))
        }
        // Taken for Latin-1.
        Tag::TeletexString => {
            Value::Text(fold(bytes.iter().map(|b| char::from(*b)).collect::<String>().as_bytes()))
        }
        Tag::BmpString => match BmpString::from_ucs2(bytes.to_vec()) {
            Ok(text) => Value::Text(fold(text.to_string().as_bytes())),
            Err(_) => Value::Other(any.tag(), bytes.to_vec()),
        },
        tag => Value::Other(tag, bytes.to_vec()),
    }
}

/// Lower case, one blank between words, none around them.
fn fold(text: &[u8]) -> Vec<u8> {
    let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b' ').to_ascii_lowercase()
}
