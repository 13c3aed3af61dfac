//! The kinds of names that certificates have besides their subject (RFC 5280, 4.2.1.6).

use super::asn1::{self, Element, Reader, tag};
use super::distinguished_name::DistinguishedName;
use super::oid;

/// A name. What stands in strings is not looked at: OpenSSL takes any bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    Mail(Vec<u8>),
    Dns(Vec<u8>),
    Uri(Vec<u8>),
    /// An address, or in constraints an address and a mask.
    Ip(Vec<u8>),
    Directory(DistinguishedName),
    /// A mail address in UTF-8.
    Utf8Mail,
    /// What nobody here judges: the tag, and the kind of another name.
    Other(u8, Vec<u8>),
}

/// Reads what is in a SEQUENCE of names.
pub fn parse_all(content: &[u8]) -> Option<Vec<GeneralName>> {
    asn1::all(content, GeneralName::parse)
}

impl GeneralName {
    /// Reads one name.
    pub fn parse(element: Element<'_>) -> Option<GeneralName> {
        const OTHER: u8 = tag::constructed(0);
        const MAIL: u8 = tag::context(1);
        const DNS: u8 = tag::context(2);
        const X400: u8 = tag::constructed(3);
        const DIRECTORY: u8 = tag::constructed(4);
        const EDI_PARTY: u8 = tag::constructed(5);
        const URI: u8 = tag::context(6);
        const IP: u8 = tag::context(7);
        const REGISTERED: u8 = tag::context(8);
        let value = element.value;
        Some(match element.tag {
            MAIL => GeneralName::Mail(value.to_vec()),
            DNS => GeneralName::Dns(value.to_vec()),
            URI => GeneralName::Uri(value.to_vec()),
            IP => GeneralName::Ip(value.to_vec()),
            DIRECTORY => {
                GeneralName::Directory(DistinguishedName::parse(asn1::only(value, tag::SEQUENCE)?)?)
            }
            OTHER => other(value)?,
            REGISTERED => {
                asn1::identifier(value)?;
                GeneralName::Other(REGISTERED, Vec::new())
            }
            X400 => {
                asn1::all(value, Some)?;
                GeneralName::Other(X400, Vec::new())
            }
            EDI_PARTY => {
                let mut reader = Reader::new(value);
                reader.optional(tag::constructed(0))?;
                let party = reader.take(tag::constructed(1))?;
                reader.end()?;
                Reader::new(party).element()?;
                GeneralName::Other(EDI_PARTY, Vec::new())
            }
            _ => return None,
        })
    }

    /// Whether both are of the same kind, so that one may constrain the other.
    pub fn is_like(&self, name: &GeneralName) -> bool {
        use GeneralName as N;
        match (self, name) {
            (N::Other(tag, kind), N::Other(other, of)) => (tag, kind) == (other, of),
            (N::Mail(_), N::Utf8Mail) => true,
            _ => std::mem::discriminant(self) == std::mem::discriminant(name),
        }
    }
}

fn other(content: &[u8]) -> Option<GeneralName> {
    let mut reader = Reader::new(content);
    let kind = asn1::identifier(reader.take(tag::OBJECT_IDENTIFIER)?)?;
    let value = reader.take(tag::constructed(0))?;
    reader.end()?;
    (asn1::all(value, Some)?.len() == 1).then_some(())?;
    Some(match kind {
        oid::UTF8_MAILBOX => GeneralName::Utf8Mail,
        _ => GeneralName::Other(tag::constructed(0), kind.to_vec()),
    })
}
