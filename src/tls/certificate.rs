//! One X.509 certificate, read as far as it has to be verified.
//!
//! Reads what OpenSSL reads: version 1, serial numbers of any length. Decides nothing.

use super::asn1::{self, Reader, tag};
use super::distinguished_name::DistinguishedName;
use super::extension::{self, Extensions};
use super::fault::Fault;
use super::oid;
use super::signature::{Algorithm, PublicKey, Signed};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

/// A certificate: the fields of RFC 5280's TBSCertificate, and its signature.
pub struct Certificate {
    /// As it came.
    pub der: Vec<u8>,
    /// Its key.
    pub key: PublicKey,
    signed: Signed,
    /// The signature's algorithm once more, inside what is signed.
    algorithm: Algorithm,
    version: u64,
    serial: Vec<u8>,
    issuer: DistinguishedName,
    subject: DistinguishedName,
    /// When it is valid, as seconds since 1970.
    not_before: Option<i64>,
    not_after: Option<i64>,
    extensions: Result<Extensions, Fault>,
}

impl Certificate {
    /// Reads a certificate.
    pub fn parse(der: &[u8]) -> Option<Certificate> {
        Certificate::parse_first(der).filter(|(_, rest)| rest.is_empty()).map(|(found, _)| found)
    }

    /// Reads the certificate that `bytes` begin with, and returns what follows it.
    pub fn parse_first(bytes: &[u8]) -> Option<(Certificate, &[u8])> {
        let mut reader = Reader::new(bytes);
        let whole = reader.element()?;
        let signed = Signed::parse(whole)?;
        let mut content = Reader::new(asn1::only(&signed.message, tag::SEQUENCE)?);
        let version = match content.optional(tag::constructed(0))? {
            Some(version) => asn1::number(asn1::only(version, tag::INTEGER)?)?,
            None => 0,
        };
        let serial = asn1::integer(content.take(tag::INTEGER)?)?.to_vec();
        let algorithm = Algorithm::parse(content.take(tag::SEQUENCE)?)?;
        let issuer = DistinguishedName::parse(content.take(tag::SEQUENCE)?)?;
        let mut validity = Reader::new(content.take(tag::SEQUENCE)?);
        let (not_before, not_after) = (validity.element()?, validity.element()?);
        validity.end()?;
        let subject = DistinguishedName::parse(content.take(tag::SEQUENCE)?)?;
        let key = PublicKey::parse(content.element()?)?;
        // Unique identifiers of the issuer and the subject, which nobody uses.
        content.optional(tag::context(1))?;
        content.optional(tag::context(2))?;
        let extensions = match content.optional(tag::constructed(3))? {
            Some(extensions) => extension::parse_all(extensions)?,
            None => Vec::new(),
        };
        content.end()?;
        let (not_before, not_after) = (asn1::time(not_before), asn1::time(not_after));
        let extensions = Extensions::parse(&extensions);
        let der = whole.whole.to_vec();
        let certificate = Certificate {
            der,
            key,
            signed,
            algorithm,
            version,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            extensions,
        };
        Some((certificate, reader.rest()))
    }

    /// Whether its signature was made with the key of `issuer`.
    ///
    /// # Errors
    /// It was not, or we can't verify such signatures.
    pub fn check_signature(&self, issuer: &Certificate) -> Result<(), Fault> {
        // The algorithm is named twice, and only one of them is signed.
        if self.algorithm != self.signed.algorithm {
            return Err(Fault::BadSignature);
        }
        self.signed.verify(&issuer.key)
    }

    /// Whether `issuer` has the name of this certificate's issuer, and the key identifier does not
    /// say that another one of that name is meant.
    pub fn may_be_issued_by(&self, issuer: &Certificate) -> bool {
        let Ok(extensions) = &self.extensions else { return self.issuer == issuer.subject };
        self.issuer == issuer.subject
            && extensions.authority_key_id.as_ref().is_none_or(|key| issuer.matches_key_id(key))
    }

    /// Whether an authority key identifier fits this certificate.
    pub fn matches_key_id(&self, key: &extension::AuthorityKeyId) -> bool {
        let own = self.extensions.as_ref().ok().and_then(|e| e.subject_key_id.as_ref());
        let differs = matches!((&key.key_id, own), (Some(key), Some(own)) if key != own);
        !differs
            && key.serial.as_ref().is_none_or(|serial| *serial == self.serial)
            && key.issuer.as_ref().is_none_or(|issuer| *issuer == self.issuer)
    }

    /// Whether it certifies this key, which is in DER.
    pub fn has_key(&self, key: &[u8]) -> bool {
        self.key.der == key
    }

    /// Whether it names itself as its issuer.
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Whether it is its own issuer.
    pub fn is_self_signed(&self) -> bool {
        self.may_be_issued_by(self) && self.key.can_make(&self.algorithm)
    }

    /// Whether it is of version 1, which knows no extensions.
    pub fn is_version_1(&self) -> bool {
        self.version == 0
    }

    /// Whether it is valid at `now`, in seconds since 1970.
    ///
    /// # Errors
    /// It is not, or its dates can't be read.
    pub fn check_validity(&self, now: i64) -> Result<(), Fault> {
        let (Some(from), Some(until)) = (self.not_before, self.not_after) else {
            return Err(Fault::Malformed);
        };
        match (now < from, now >= until) {
            (true, _) => Err(Fault::NotYetValid),
            (_, true) => Err(Fault::Expired),
            _ => Ok(()),
        }
    }

    /// Its serial number.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The issuer's name.
    pub fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// The subject's name.
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// What its extensions say.
    ///
    /// # Errors
    /// One that matters comes twice, or can't be read.
    pub fn extensions(&self) -> Result<&Extensions, Fault> {
        self.extensions.as_ref().map_err(|fault| *fault)
    }

    /// The first common name of its subject; `None` if it is of a kind of string whose bytes are not
    /// its text.
    pub fn common_name(&self) -> Option<&[u8]> {
        let name = self.subject.all(oid::COMMON_NAME).next()?;
        name.is_bytewise().then_some(&name.bytes)
    }

    /// The channel binding `tls-server-end-point` (RFC 5929): a digest of the certificate by the
    /// hash of its signature, SHA-256 in place of MD5 and SHA-1; `None` if that has none.
    pub fn server_end_point(&self) -> Option<Vec<u8>> {
        Some(match self.signed.algorithm.hash()? {
            oid::MD5 | oid::SHA1 | oid::SHA256 => Sha256::digest(&self.der).to_vec(),
            oid::SHA224 => Sha224::digest(&self.der).to_vec(),
            oid::SHA384 => Sha384::digest(&self.der).to_vec(),
            oid::SHA512 => Sha512::digest(&self.der).to_vec(),
            _ => return None,
        })
    }
}
