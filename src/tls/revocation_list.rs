//! Certificate revocation lists (RFC 5280, chapter 5).

use super::asn1::{self, Element, Reader, tag};
use super::certificate::Certificate;
use super::distinguished_name::DistinguishedName;
use super::extension::{self, AuthorityKeyId, Extension};
use super::fault::Fault;
use super::oid;
use super::signature::{Algorithm, Signed};

/// A list.
pub struct RevocationList {
    signed: Signed,
    /// The signature's algorithm once more, inside what is signed.
    algorithm: Algorithm,
    issuer: DistinguishedName,
    this_update: Option<i64>,
    /// When the next list is due; `Some(None)` if that can't be read.
    next_update: Option<Option<i64>>,
    /// The serial numbers of revoked certificates.
    revoked: Vec<Vec<u8>>,
    authority_key_id: Option<AuthorityKeyId>,
    /// Whether it covers all certificates of its issuer, and no others.
    is_complete: bool,
}

struct Entry {
    serial: Vec<u8>,
    extensions: Vec<Extension>,
}

impl RevocationList {
    /// Reads a list.
    pub fn parse(der: &[u8]) -> Option<RevocationList> {
        let mut reader = Reader::new(der);
        let signed = Signed::parse(reader.element()?)?;
        reader.end()?;
        let mut content = Reader::new(asn1::only(&signed.message, tag::SEQUENCE)?);
        // Lists of version 1 don't name their version.
        if let Some(version) = content.optional(tag::INTEGER)? {
            asn1::integer(version)?;
        }
        let algorithm = Algorithm::parse(content.take(tag::SEQUENCE)?)?;
        let issuer = DistinguishedName::parse(content.take(tag::SEQUENCE)?)?;
        let this_update = asn1::time(content.element()?);
        let has_next = content.is_next(tag::UTC_TIME) || content.is_next(tag::GENERALIZED_TIME);
        let next_update = if has_next { Some(asn1::time(content.element()?)) } else { None };
        let entries = content.optional(tag::SEQUENCE)?.unwrap_or_default();
        let entries = asn1::all(entries, Entry::parse)?;
        let extensions = match content.optional(tag::constructed(0))? {
            Some(extensions) => extension::parse_all(extensions)?,
            None => Vec::new(),
        };
        content.end()?;
        let authority_key_id = authority_key_id(&extensions);
        let is_complete = authority_key_id.is_ok()
            && extensions.iter().all(leaves_list_complete)
            && entries.iter().all(Entry::is_readable);
        Some(RevocationList {
            signed,
            algorithm,
            issuer,
            this_update,
            next_update,
            revoked: entries.into_iter().map(|entry| entry.serial).collect(),
            authority_key_id: authority_key_id.ok().flatten(),
            is_complete,
        })
    }

    /// Whether the list covers this certificate, whose issuer is `issuer`, and all others of that
    /// issuer.
    pub fn covers(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.is_complete
            && self.issuer == *certificate.issuer()
            && self.authority_key_id.as_ref().is_none_or(|key| issuer.matches_key_id(key))
    }

    /// Whether it holds at `now`, in seconds since 1970.
    ///
    /// # Errors
    /// It does not, or its dates can't be read.
    pub fn check_validity(&self, now: i64) -> Result<(), Fault> {
        match (self.this_update, self.next_update) {
            (None, _) | (_, Some(None)) => Err(Fault::Malformed),
            (Some(from), _) if now < from => Err(Fault::NoRevocationList),
            (_, Some(Some(until))) if now >= until => Err(Fault::RevocationListExpired),
            _ => Ok(()),
        }
    }

    /// Whether its signature was made with the key of `issuer`.
    ///
    /// # Errors
    /// It was not, or we can't verify such signatures.
    pub fn check_signature(&self, issuer: &Certificate) -> Result<(), Fault> {
        if self.algorithm != self.signed.algorithm {
            return Err(Fault::BadSignature);
        }
        self.signed.verify(&issuer.key)
    }

    /// Whether this certificate, one of the list's issuer, was revoked.
    pub fn has_revoked(&self, certificate: &Certificate) -> bool {
        self.revoked.iter().any(|serial| serial == certificate.serial())
    }
}

/// The identifier of the key that signed it.
///
/// # Errors
/// The identifier, or the list's number, comes twice or can't be read.
fn authority_key_id(extensions: &[Extension]) -> Result<Option<AuthorityKeyId>, Fault> {
    extension::find(extensions, oid::CRL_NUMBER, |value| {
        asn1::integer(asn1::only(value, tag::INTEGER)?)
    })?;
    extension::find(extensions, oid::AUTHORITY_KEY_ID, AuthorityKeyId::parse)
}

/// Whether an extension leaves the list complete: a distribution point may limit it, and so may a
/// critical extension that is not understood. A delta CRL holds only changes.
fn leaves_list_complete(extension: &Extension) -> bool {
    match extension.kind.as_slice() {
        oid::ISSUING_DISTRIBUTION_POINT | oid::DELTA_CRL_INDICATOR => false,
        oid::AUTHORITY_KEY_ID => true,
        _ => !extension.critical,
    }
}

impl Entry {
    fn parse(element: Element<'_>) -> Option<Entry> {
        let is_sequence = element.tag == tag::SEQUENCE;
        let mut reader = Reader::new(is_sequence.then_some(element.value)?);
        let serial = asn1::integer(reader.take(tag::INTEGER)?)?.to_vec();
        let when = reader.element()?;
        matches!(when.tag, tag::UTC_TIME | tag::GENERALIZED_TIME).then_some(())?;
        let extensions = match reader.optional(tag::SEQUENCE)? {
            Some(extensions) => asn1::all(extensions, Extension::parse)?,
            None => Vec::new(),
        };
        reader.end()?;
        Some(Entry { serial, extensions })
    }

    /// Whether it has no critical extensions, and its reason can be read.
    fn is_readable(&self) -> bool {
        let reason = extension::find(&self.extensions, oid::REASON_CODE, |value| {
            asn1::only(value, tag::ENUMERATED)
        });
        reason.is_ok() && self.extensions.iter().all(|extension| !extension.critical)
    }
}
