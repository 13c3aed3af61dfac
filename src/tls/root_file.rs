//! The file of trusted certificates, as OpenSSL reads it: one bad entry refuses all of it.

use super::asn1::{self, Element, Reader, tag};
use super::certificate::Certificate;
use super::oid;
use super::path::Root;
use super::pem::{self, Block};
use super::revocation_list::RevocationList;

/// The certificates in a file's text; `None` if an entry can't be read.
pub fn read(text: &[u8]) -> Option<Vec<Root>> {
    let roots = pem::all_blocks(text)?.iter().map(entry).collect::<Option<Vec<_>>>()?;
    Some(roots.into_iter().flatten().collect())
}

/// The certificate of an entry. Other entries are ignored, but must be what their label says.
fn entry(block: &Block) -> Option<Option<Root>> {
    // An encrypted entry can't be read; encrypted keys are ignored like other keys.
    if is_key(block) {
        let is_readable = !block.headers.is_empty() || is_sequence(&block.content);
        return is_readable.then_some(None);
    }
    if !block.headers.is_empty() {
        return None;
    }
    match block.label.as_str() {
        "CERTIFICATE" | "X509 CERTIFICATE" => {
            let (certificate, _) = Certificate::parse_first(&block.content)?;
            Some(Some(Root { certificate, trusted: None }))
        }
        "TRUSTED CERTIFICATE" => {
            let (certificate, rest) = Certificate::parse_first(&block.content)?;
            let trusted = if rest.is_empty() { None } else { trust(rest)? };
            Some(Some(Root { certificate, trusted }))
        }
        "X509 CRL" => RevocationList::parse(&block.content).map(|_| None),
        _ => Some(None),
    }
}

fn is_key(block: &Block) -> bool {
    matches!(
        block.label.as_str(),
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "DSA PRIVATE KEY" | "EC PRIVATE KEY"
    )
}

fn is_sequence(content: &[u8]) -> bool {
    Reader::new(content).take(tag::SEQUENCE).is_some()
}

/// Reads what OpenSSL writes behind a certificate: the purposes it is trusted for, those it is
/// rejected for, an alias and an identifier. Returns whether it is trusted for servers.
fn trust(bytes: &[u8]) -> Option<Option<bool>> {
    let mut reader = Reader::new(Reader::new(bytes).take(tag::SEQUENCE)?);
    let purposes = |list: &'_ [u8]| asn1::all(list, purpose);
    let trusted = reader.optional(tag::SEQUENCE)?.map(purposes);
    let rejected = reader.optional(tag::constructed(0))?.map(purposes);
    asn1::all(reader.rest(), Some)?;
    let covers_servers = |list: &Option<Option<Vec<bool>>>| match list {
        None => Some(false),
        Some(list) => list.as_ref().map(|list| list.contains(&true)),
    };
    Some(match (covers_servers(&rejected)?, &trusted) {
        (true, _) => Some(false),
        (false, None) => None,
        (false, Some(_)) => Some(covers_servers(&trusted)?),
    })
}

/// Whether a purpose is that of servers.
fn purpose(element: Element<'_>) -> Option<bool> {
    let is_one = element.tag == tag::OBJECT_IDENTIFIER;
    let purpose = asn1::identifier(is_one.then_some(element.value)?)?;
    Some([oid::SERVER_AUTH, oid::ANY_PURPOSE].contains(&purpose))
}
