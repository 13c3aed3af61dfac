//! The extensions of certificates and revocation lists.
//!
//! A certificate with two extensions of a kind, or with one that can't be read, is malformed.
//! Decides nothing else.

use super::asn1::{self, Element, Reader, tag};

use super::distinguished_name::DistinguishedName;
use super::fault::Fault;
use super::general_name::{self, GeneralName};
use super::name_constraints::NameConstraints;
use super::oid;

/// An extension as it came.
pub struct Extension {
    pub kind: Vec<u8>,
    pub critical: bool,
    value: Vec<u8>,
}

impl Extension {
    /// Reads one.
    pub fn parse(element: Element<'_>) -> Option<Extension> {
        let is_sequence = element.tag == tag::SEQUENCE;
        let mut reader = Reader::new(is_sequence.then_some(element.value)?);
        let kind = asn1::identifier(reader.take(tag::OBJECT_IDENTIFIER)?)?.to_vec();
        let critical = match reader.optional(tag::BOOLEAN)? {
            Some(value) => asn1::boolean(value)?,
            None => false,
        };
        let value = reader.take(tag::OCTET_STRING)?.to_vec();
        reader.end()?;
        Some(Extension { kind, critical, value })
    }
}

/// Reads the elements of `[n] EXPLICIT SEQUENCE OF Extension`.
pub fn parse_all(tagged: &[u8]) -> Option<Vec<Extension>> {
    asn1::all(asn1::only(tagged, tag::SEQUENCE)?, Extension::parse)
}

/// The value of the extension of a kind, read by `read`.
///
/// # Errors
/// It comes twice, or can't be read.
pub fn find<'a, T>(
    extensions: &'a [Extension],
    kind: &[u8],
    read: impl FnOnce(&'a [u8]) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let mut all = extensions.iter().filter(|extension| extension.kind == kind);
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => read(&one.value).map(Some).ok_or(Fault::Malformed),
        (Some(_), Some(_)) => Err(Fault::Malformed),
    }
}

/// The extensions of a certificate, one field for each.
pub struct Extensions {
    pub basic_constraints: Option<BasicConstraints>,
    pub key_usage: Option<KeyUsage>,
    /// The purposes it is limited to.
    pub extended_key_usage: Option<Vec<Vec<u8>>>,
    /// The bits of Netscape's certificate type.
    pub netscape_cert_type: Option<u8>,
    pub subject_key_id: Option<Vec<u8>>,
    pub authority_key_id: Option<AuthorityKeyId>,
    pub alternative_names: Vec<GeneralName>,
    pub constraints: Option<NameConstraints>,
    /// Whether a critical one is not understood.
    pub has_unknown_critical: bool,
}

impl Extensions {
    /// Reads them.
    ///
    /// # Errors
    /// One of these comes twice, or can't be read.
    pub fn parse(all: &[Extension]) -> Result<Extensions, Fault> {
        find(all, oid::CRL_DISTRIBUTION_POINTS, distribution_points)?;
        Ok(Extensions {
            basic_constraints: find(all, oid::BASIC_CONSTRAINTS, BasicConstraints::parse)?,
            key_usage: find(all, oid::KEY_USAGE, KeyUsage::parse)?,
            extended_key_usage: find(all, oid::EXTENDED_KEY_USAGE, extended_key_usage)?,
            netscape_cert_type: find(all, oid::NETSCAPE_CERT_TYPE, |value| {
                let bits = asn1::bits(asn1::only(value, tag::BIT_STRING)?)?;
                Some(bits.first().copied().unwrap_or_default())
            })?,
            subject_key_id: find(all, oid::SUBJECT_KEY_ID, |value| {
                asn1::only(value, tag::OCTET_STRING).map(<[u8]>::to_vec)
            })?,
            authority_key_id: find(all, oid::AUTHORITY_KEY_ID, AuthorityKeyId::parse)?,
            alternative_names: find(all, oid::SUBJECT_ALT_NAME, |value| {
                general_name::parse_all(asn1::only(value, tag::SEQUENCE)?)
            })?
            .unwrap_or_default(),
            constraints: find(all, oid::NAME_CONSTRAINTS, NameConstraints::parse)?,
            has_unknown_critical: all.iter().any(is_not_understood),
        })
    }
}

/// Whether it must be understood, and is not. Policies count as understood, since none is asked for.
/// What limits a certificate to networks, or makes it a proxy's, is refused, critical or not.
fn is_not_understood(extension: &Extension) -> bool {
    const UNDERSTOOD: [&[u8]; 11] = [
        oid::SUBJECT_ALT_NAME,
        oid::KEY_USAGE,
        oid::BASIC_CONSTRAINTS,
        oid::NAME_CONSTRAINTS,
        oid::EXTENDED_KEY_USAGE,
        oid::NETSCAPE_CERT_TYPE,
        oid::CRL_DISTRIBUTION_POINTS,
        oid::POLICIES,
        oid::POLICY_MAPPINGS,
        oid::POLICY_CONSTRAINTS,
        oid::INHIBIT_ANY_POLICY,
    ];
    const NEVER: [&[u8]; 3] = [oid::IP_ADDRESS_BLOCKS, oid::AS_IDENTIFIERS, oid::PROXY_CERT_INFO];
    let kind = extension.kind.as_slice();
    NEVER.contains(&kind) || extension.critical && !UNDERSTOOD.contains(&kind)
}

/// Whether the subject is an authority, and how many authorities may follow in a path.
pub struct BasicConstraints {
    pub is_ca: bool,
    pub path_len: Option<u64>,
}

impl BasicConstraints {
    fn parse(value: &[u8]) -> Option<BasicConstraints> {
        let mut reader = Reader::new(asn1::only(value, tag::SEQUENCE)?);
        let is_ca = match reader.optional(tag::BOOLEAN)? {
            Some(value) => asn1::boolean(value)?,
            None => false,
        };
        let path_len = match reader.optional(tag::INTEGER)? {
            Some(value) => Some(asn1::number(value)?),
            None => None,
        };
        reader.end()?;
        Some(BasicConstraints { is_ca, path_len })
    }
}

/// What a key may be used for.
#[derive(Clone, Copy)]
pub struct KeyUsage(u8);

impl KeyUsage {
    fn parse(value: &[u8]) -> Option<KeyUsage> {
        let bits = asn1::bits(asn1::only(value, tag::BIT_STRING)?)?;
        // A key without any use is malformed. The ninth bit is the last one.
        let is_empty = bits.iter().take(2).all(|byte| *byte == 0);
        (!is_empty).then(|| KeyUsage(bits[0]))
    }

    /// Whether digital signatures, key encipherment or key agreement are allowed, as a handshake
    /// needs.
    pub fn allows_handshakes(self) -> bool {
        self.0 & (0x80 | 0x20 | 0x08) != 0
    }

    pub fn allows_cert_sign(self) -> bool {
        self.0 & 0x04 != 0
    }

    pub fn allows_crl_sign(self) -> bool {
        self.0 & 0x02 != 0
    }
}

/// AuthorityKeyIdentifier: which of several issuers of the same name is meant.
pub struct AuthorityKeyId {
    pub key_id: Option<Vec<u8>>,
    /// The issuer of the issuer's certificate.
    pub issuer: Option<DistinguishedName>,
    pub serial: Option<Vec<u8>>,
}

impl AuthorityKeyId {
    /// Reads one.
    pub fn parse(value: &[u8]) -> Option<AuthorityKeyId> {
        let mut reader = Reader::new(asn1::only(value, tag::SEQUENCE)?);
        let key_id = reader.optional(tag::context(0))?.map(<[u8]>::to_vec);
        let names = match reader.optional(tag::constructed(1))? {
            Some(names) => general_name::parse_all(names)?,
            None => Vec::new(),
        };
        let serial = match reader.optional(tag::context(2))? {
            Some(serial) => Some(asn1::integer(serial)?.to_vec()),
            None => None,
        };
        reader.end()?;
        let issuer = names.into_iter().find_map(|name| match name {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        });
        Some(AuthorityKeyId { key_id, issuer, serial })
    }
}

fn extended_key_usage(value: &[u8]) -> Option<Vec<Vec<u8>>> {
    asn1::all(asn1::only(value, tag::SEQUENCE)?, |element| {
        let is_one = element.tag == tag::OBJECT_IDENTIFIER;
        Some(asn1::identifier(is_one.then_some(element.value)?)?.to_vec())
    })
}

/// Checks the form of the CRL distribution points, which are not used.
fn distribution_points(value: &[u8]) -> Option<()> {
    let points = asn1::only(value, tag::SEQUENCE)?;
    asn1::all(points, |point| {
        let is_one = point.tag == tag::SEQUENCE;
        let mut reader = Reader::new(is_one.then_some(point.value)?);
        let name = reader.optional(tag::constructed(0))?;
        if let Some(reasons) = reader.optional(tag::context(1))? {
            asn1::bits(reasons)?;
        }
        let issuer = reader.optional(tag::constructed(2))?;
        // One of the two must be there.
        name.or(issuer)?;
        name.map_or(Some(()), distribution_point_name)?;
        issuer.map_or(Some(Vec::new()), general_name::parse_all)?;
        reader.end()
    })?;
    Some(())
}

fn distribution_point_name(content: &[u8]) -> Option<()> {
    let mut reader = Reader::new(content);
    match reader.optional(tag::constructed(0))? {
        Some(full) => general_name::parse_all(full).map(drop)?,
        None => DistinguishedName::check_relative(reader.take(tag::constructed(1))?)?,
    }
    reader.end()
}
