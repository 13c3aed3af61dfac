//! Distinguished names, and when two are the same (RFC 5280, 7.1, as OpenSSL applies it): whatever
//! the kind of string, without regard to case of ASCII letters and to repeated blanks.

use super::asn1::{self, Element, Reader, tag};
use crate::sort::sort;

/// A name.
#[derive(Clone, Debug)]
pub struct DistinguishedName {
    /// All its attributes, in order.
    attributes: Vec<Attribute>,
    /// The form that is compared: its parts in order, the attributes of a part sorted.
    canonical: Vec<Vec<(Vec<u8>, Value)>>,
}

/// One attribute of a name: `CN=...`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its type, an object identifier.
    pub kind: Vec<u8>,
    /// The kind of string.
    pub tag: u8,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(Vec<u8>),
    /// Tag and bytes of what is no text.
    Other(u8, Vec<u8>),
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &DistinguishedName) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for DistinguishedName {}

impl DistinguishedName {
    /// Reads the content of a name's SEQUENCE.
    pub fn parse(content: &[u8]) -> Option<DistinguishedName> {
        let mut parts = asn1::all(content, parse_part)?;
        parts.retain(|part| !part.is_empty());
        let canonical = |part: &Vec<Attribute>| {
            let values = part.iter().map(|a| Some((a.kind.clone(), a.canonical()?)));
            let mut values: Vec<_> = values.collect::<Option<_>>()?;
            sort(&mut values);
            Some(values)
        };
        let canonical = parts.iter().map(canonical).collect::<Option<_>>()?;
        Some(DistinguishedName { canonical, attributes: parts.into_iter().flatten().collect() })
    }

    /// Checks the content of a RelativeDistinguishedName: a part of a name, where the issuer is
    /// known.
    pub fn check_relative(content: &[u8]) -> Option<()> {
        asn1::all(content, Attribute::parse).map(drop)
    }

    /// Its attributes of the type `kind`.
    pub fn all<'a>(&'a self, kind: &'a [u8]) -> impl Iterator<Item = &'a Attribute> {
        self.attributes.iter().filter(move |attribute| attribute.kind == kind)
    }

    /// How many attributes it has.
    pub fn size(&self) -> usize {
        self.attributes.len()
    }

    /// Whether `self` begins with all of `base`.
    pub fn is_below(&self, base: &DistinguishedName) -> bool {
        self.canonical.starts_with(&base.canonical)
    }
}

fn parse_part(part: Element<'_>) -> Option<Vec<Attribute>> {
    let is_set = part.tag == tag::SET;
    asn1::all(is_set.then_some(part.value)?, Attribute::parse)
}

impl Attribute {
    fn parse(element: Element<'_>) -> Option<Attribute> {
        let is_pair = element.tag == tag::SEQUENCE;
        let mut reader = Reader::new(is_pair.then_some(element.value)?);
        let kind = asn1::identifier(reader.take(tag::OBJECT_IDENTIFIER)?)?.to_vec();
        let value = reader.element().filter(|value| is_allowed(value.tag))?;
        reader.end()?;
        Some(Attribute { kind, tag: value.tag, bytes: value.value.to_vec() })
    }

    /// Its text in UTF-8, if it is one.
    pub fn text(&self) -> Option<Vec<u8>> {
        let bytes = &self.bytes;
        let text: String = match self.tag {
            UTF8 => String::from_utf8(bytes.clone()).ok()?,
            // Strings of one byte a character count as Latin-1.
            NUMERIC | PRINTABLE | TELETEX | IA5 => bytes.iter().map(|b| char::from(*b)).collect(),
            BMP => wide::<2>(bytes)?,
            UNIVERSAL => wide::<4>(bytes)?,
            _ => return None,
        };
        Some(text.into_bytes())
    }

    /// Whether its bytes are its text, in ASCII at least.
    pub fn is_bytewise(&self) -> bool {
        matches!(self.tag, UTF8 | NUMERIC | PRINTABLE | TELETEX | IA5)
    }

    /// Whether it is an IA5String.
    pub fn is_ia5(&self) -> bool {
        self.tag == IA5
    }

    fn canonical(&self) -> Option<Value> {
        match self.tag {
            UTF8 | PRINTABLE | TELETEX | IA5 | BMP | UNIVERSAL => {
                Some(Value::Text(fold(&self.text()?)))
            }
            tag::BIT_STRING => Some(Value::Other(self.tag, asn1::bits(&self.bytes)?)),
            tag => Some(Value::Other(tag, self.bytes.clone())),
        }
    }
}

const UTF8: u8 = 12;
const NUMERIC: u8 = 18;
const PRINTABLE: u8 = 19;
const TELETEX: u8 = 20;
const IA5: u8 = 22;
const UNIVERSAL: u8 = 28;
const BMP: u8 = 30;

/// Whether OpenSSL accepts such a value in a name.
fn is_allowed(tag: u8) -> bool {
    matches!(tag, UTF8 | NUMERIC | PRINTABLE | TELETEX | IA5 | UNIVERSAL | BMP)
        || matches!(tag, tag::BIT_STRING | tag::SEQUENCE)
}

/// Text of `N` bytes a character.
fn wide<const N: usize>(bytes: &[u8]) -> Option<String> {
    let characters = bytes.chunks_exact(N);
    characters.remainder().is_empty().then_some(())?;
    let code = |bytes: &[u8]| bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
    characters.map(|bytes| char::from_u32(code(bytes))).collect()
}

/// Lower case, one blank between words, none around them.
fn fold(text: &[u8]) -> Vec<u8> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let words = text.split(is_blank).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b' ').to_ascii_lowercase()
}
