//! One X.509 certificate, read as far as it has to be judged, and revocation lists.
//!
//! Reads what OpenSSL reads: version 1, serial numbers of any length. Judges nothing.

use super::canonical::Canonical;
use super::path::Fault;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use rustls::crypto::ring;
use rustls::pki_types::SignatureVerificationAlgorithm;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use std::time::Duration;
use x509_cert::certificate::{CertificateInner, Raw, Version};
use x509_cert::crl::RevokedCert;
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{KeyUsage, SubjectAltName};
use x509_cert::name::Name as DistinguishedName;
use x509_cert::time::Time;

/// The object identifiers that are looked for.
pub mod oid {
    use der::asn1::ObjectIdentifier;

    const fn oid(text: &str) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(text)
    }

    pub const COMMON_NAME: ObjectIdentifier = oid("2.5.4.3");
    pub const SUBJECT_ALT_NAME: ObjectIdentifier = oid("2.5.29.17");
    pub const EMAIL_ADDRESS: ObjectIdentifier = oid("1.2.840.113549.1.9.1");
    pub const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
    pub const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
    pub const NAME_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.30");
    pub const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
    pub const SERVER_AUTHENTICATION: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.1");
    pub const CERTIFICATE_TYPE: ObjectIdentifier = oid("2.16.840.1.113730.1.1");
    pub const LIST_POINTS: ObjectIdentifier = oid("2.5.29.31");
    pub const POLICIES: ObjectIdentifier = oid("2.5.29.32");
    pub const POLICY_MAPPINGS: ObjectIdentifier = oid("2.5.29.33");
    pub const POLICY_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.36");
    pub const INHIBIT_ANY_POLICY: ObjectIdentifier = oid("2.5.29.54");
    pub const ISSUING_POINT: ObjectIdentifier = oid("2.5.29.28");
    pub const RSASSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
    pub const MD5_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.4");
    pub const SHA1_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.5");
    pub const SHA224_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.14");
    pub const SHA256_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
    pub const SHA384_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
    pub const SHA512_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
    pub const ECDSA_WITH_SHA1: ObjectIdentifier = oid("1.2.840.10045.4.1");
    pub const ECDSA_WITH_SHA224: ObjectIdentifier = oid("1.2.840.10045.4.3.1");
    pub const ECDSA_WITH_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
    pub const ECDSA_WITH_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
    pub const ECDSA_WITH_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
    pub const MD5: ObjectIdentifier = oid("1.2.840.113549.2.5");
    pub const SHA1: ObjectIdentifier = oid("1.3.14.3.2.26");
    pub const SHA224: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.4");
    pub const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
    pub const SHA384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
    pub const SHA512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
}

/// What certificates and revocation lists have in common: something, and its signature.
#[derive(Sequence)]
struct Envelope<'a> {
    signed: AnyRef<'a>,
    algorithm: AnyRef<'a>,
    signature: BitStringRef<'a>,
}

/// The bytes that were signed, the algorithm (what is inside its SEQUENCE) and the signature.
struct Signed {
    message: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed {
    fn parse(der: &[u8]) -> Option<Signed> {
        let envelope = Envelope::from_der(der).ok()?;
        Some(Signed {
            message: envelope.signed.to_der().ok()?,
            algorithm: envelope.algorithm.value().to_vec(),
            signature: envelope.signature.as_bytes()?.to_vec(),
        })
    }

    fn verify(&self, signer: &PublicKey) -> Result<(), Fault> {
        let all = ring::default_provider().signature_verification_algorithms.all;
        let known = |a: &&&dyn SignatureVerificationAlgorithm| {
            a.signature_alg_id().as_ref() == self.algorithm && signer.is_for(**a)
        };
        if signer.is_small_rsa() {
            return Err(Fault::SmallKey);
        }
        let algorithm = all.iter().find(known).ok_or(Fault::UnknownAlgorithm)?;
        algorithm
            .verify_signature(&signer.bits, &self.message, &self.signature)
            .map_err(|_| Fault::BadSignature)
    }
}

/// A public key: its algorithm (what is inside the SEQUENCE) and its bits.
#[derive(Debug)]
pub struct PublicKey {
    algorithm: Vec<u8>,
    /// A key of id-RSASSA-PSS, which is an RSA key that signs in one way only.
    only_pss: bool,
    /// The key itself.
    pub bits: Vec<u8>,
}

impl PublicKey {
    /// Whether `algorithm` verifies signatures made with such keys.
    pub fn is_for(&self, algorithm: &dyn SignatureVerificationAlgorithm) -> bool {
        let wanted = algorithm.public_key_alg_id();
        if self.only_pss {
            return wanted == rustls::pki_types::alg_id::RSA_ENCRYPTION
                && is_pss(algorithm.signature_alg_id().as_ref());
        }
        wanted.as_ref() == self.algorithm
    }

    /// Whether this is an RSA key of less than 2048 bits, which nobody here verifies with.
    pub fn is_small_rsa(&self) -> bool {
        let is_rsa =
            self.only_pss || self.algorithm == rustls::pki_types::alg_id::RSA_ENCRYPTION.as_ref();
        let modulus = split(&self.bits).and_then(|(_, numbers, _)| split(numbers));
        is_rsa
            && modulus.is_some_and(|(_, modulus, _)| {
                let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
                modulus.len() - zeros < 256
            })
    }

    /// Whether this is a key of id-RSASSA-PSS.
    pub fn is_only_pss(&self) -> bool {
        self.only_pss
    }
}

/// Whether an algorithm (what is inside its SEQUENCE) is id-RSASSA-PSS.
fn is_pss(algorithm: &[u8]) -> bool {
    der::SliceReader::new(algorithm)
        .and_then(|mut reader| ObjectIdentifier::decode(&mut reader))
        .is_ok_and(|oid| oid == oid::RSASSA_PSS)
}

/// A certificate.
pub struct Certificate {
    /// As it came.
    pub der: Vec<u8>,
    signed: Signed,
    inner: CertificateInner<Raw>,
    /// Its key.
    pub key: PublicKey,
    subject: Canonical,
    issuer: Canonical,
}

/// A name in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A dNSName.
    Dns(Vec<u8>),
    /// The bytes of an iPAddress.
    Ip(Vec<u8>),
}

impl Certificate {
    /// Reads a certificate.
    pub fn parse(der: &[u8]) -> Option<Certificate> {
        let inner = CertificateInner::<Raw>::from_der(der).ok()?;
        let tbs = inner.tbs_certificate();
        let key = tbs.subject_public_key_info();
        let algorithm = key.algorithm.to_der().ok()?;
        let key = PublicKey {
            algorithm: AnyRef::from_der(&algorithm).ok()?.value().to_vec(),
            only_pss: key.algorithm.oid == oid::RSASSA_PSS,
            bits: key.subject_public_key.as_bytes()?.to_vec(),
        };
        Some(Certificate {
            der: der.to_vec(),
            signed: Signed::parse(der)?,
            key,
            subject: Canonical::new(tbs.subject()),
            issuer: Canonical::new(tbs.issuer()),
            inner,
        })
    }

    /// Whether its signature was made with the key of `issuer`.
    ///
    /// # Errors
    /// It was not, or nobody here can tell.
    pub fn check_signature(&self, issuer: &Certificate) -> Result<(), Fault> {
        // The algorithm is named twice, and only once is it signed.
        if self.inner.tbs_certificate().signature() != self.inner.signature_algorithm() {
            return Err(Fault::BadSignature);
        }
        self.signed.verify(&issuer.key)
    }

    /// Whether `issuer` bears the name of this one's issuer.
    pub fn names_as_issuer(&self, issuer: &Certificate) -> bool {
        self.issuer == issuer.subject
    }

    /// Whether it certifies this key, which is in DER.
    pub fn has_key(&self, key: &[u8]) -> bool {
        let own = self.inner.tbs_certificate().subject_public_key_info();
        own.to_der().is_ok_and(|own| own == key)
    }

    /// Whether it names itself as its issuer.
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Whether it is of version 1, which knows no extensions.
    pub fn is_version_1(&self) -> bool {
        self.inner.tbs_certificate().version() == Version::V1
    }

    /// When it is valid, as times since 1970.
    pub fn validity(&self) -> (Duration, Duration) {
        let validity = self.inner.tbs_certificate().validity();
        (validity.not_before.to_unix_duration(), validity.not_after.to_unix_duration())
    }

    /// Its subject in DER.
    pub fn subject(&self) -> &x509_cert::name::Name {
        self.inner.tbs_certificate().subject()
    }

    /// The identifiers of its extensions, and which are critical.
    pub fn extensions(&self) -> impl Iterator<Item = (ObjectIdentifier, bool)> {
        let all = self.inner.tbs_certificate().extensions();
        all.into_iter().flatten().map(|e| (e.extn_id, e.critical))
    }

    /// An extension's value; `None` if there is no such extension.
    ///
    /// # Errors
    /// It can't be read.
    pub fn extension<'a, T: Decode<'a>>(
        &'a self,
        oid: ObjectIdentifier,
    ) -> Result<Option<T>, Fault> {
        find(self.inner.tbs_certificate().extensions(), oid)
    }

    /// What its key may be used for; `None` is anything.
    ///
    /// # Errors
    /// The extension can't be read.
    pub fn key_usage(&self) -> Result<Option<KeyUsage>, Fault> {
        self.extension(oid::KEY_USAGE)
    }

    /// All its alternative names.
    ///
    /// # Errors
    /// The extension can't be read.
    pub fn alternative_names(&self) -> Result<Vec<GeneralName>, Fault> {
        let names = self.extension::<SubjectAltName>(oid::SUBJECT_ALT_NAME)?;
        Ok(names.map(|names| names.0).unwrap_or_default())
    }

    /// The alternative names a host can have, whatever their bytes.
    ///
    /// # Errors
    /// The extension can't be read: then nobody knows whom the certificate is for.
    pub fn host_names(&self) -> Result<Vec<Name>, Fault> {
        let Some(all) = self.extension::<AnyRef<'_>>(oid::SUBJECT_ALT_NAME)? else {
            return Ok(Vec::new());
        };
        if all.tag() != Tag::Sequence {
            return Err(Fault::Malformed);
        }
        let mut rest = all.value();
        let mut names = Vec::new();
        while !rest.is_empty() {
            let (tag, value, after) = split(rest).ok_or(Fault::Malformed)?;
            match tag {
                0x82 => names.push(Name::Dns(value.to_vec())),
                0x87 => names.push(Name::Ip(value.to_vec())),
                _ => {}
            }
            rest = after;
        }
        Ok(names)
    }

    /// The first common name of its subject.
    pub fn common_name(&self) -> Option<&[u8]> {
        let name = self.subject().iter().find(|part| part.oid == oid::COMMON_NAME)?;
        Some(name.value.value())
    }

    /// The channel binding `tls-server-end-point` (RFC 5929): a digest of the certificate by the
    /// hash of its signature, SHA-256 in place of MD5 and SHA-1; `None` if that has none.
    pub fn end_point(&self) -> Option<Vec<u8>> {
        let algorithm = self.inner.signature_algorithm();
        let hash = match algorithm.oid {
            oid::RSASSA_PSS => pss_hash(algorithm.parameters.as_ref())?,
            oid::MD5_WITH_RSA | oid::SHA1_WITH_RSA | oid::ECDSA_WITH_SHA1 => oid::SHA1,
            oid::SHA224_WITH_RSA | oid::ECDSA_WITH_SHA224 => oid::SHA224,
            oid::SHA256_WITH_RSA | oid::ECDSA_WITH_SHA256 => oid::SHA256,
            oid::SHA384_WITH_RSA | oid::ECDSA_WITH_SHA384 => oid::SHA384,
            oid::SHA512_WITH_RSA | oid::ECDSA_WITH_SHA512 => oid::SHA512,
            _ => return None,
        };
        Some(match hash {
            oid::MD5 | oid::SHA1 | oid::SHA256 => Sha256::digest(&self.der).to_vec(),
            oid::SHA224 => Sha224::digest(&self.der).to_vec(),
            oid::SHA384 => Sha384::digest(&self.der).to_vec(),
            oid::SHA512 => Sha512::digest(&self.der).to_vec(),
            _ => return None,
        })
    }
}

/// The hash in the parameters of an RSASSA-PSS signature; without any it is SHA-1.
fn pss_hash(parameters: Option<&der::Any>) -> Option<ObjectIdentifier> {
    let inside = parameters.map(|p| p.value()).unwrap_or_default();
    // hashAlgorithm [0] EXPLICIT AlgorithmIdentifier DEFAULT sha1
    let Some((0xa0, tagged, _)) = split(inside) else { return Some(oid::SHA1) };
    let (0x30, algorithm, _) = split(tagged)? else { return None };
    ObjectIdentifier::decode(&mut der::SliceReader::new(algorithm).ok()?).ok()
}

/// The tag and the value of the first element, and what follows.
fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    use der::Reader;
    let tag = *bytes.first()?;
    let mut reader = der::SliceReader::new(bytes).ok()?;
    let header = der::Header::decode(&mut reader).ok()?;
    let value = reader.read_slice(header.length()).ok()?;
    let rest = reader.remaining_len();
    Some((tag, value, &bytes[bytes.len() - usize::try_from(rest).ok()?..]))
}

/// An extension's value. Two of a kind may contradict each other: nobody can tell which holds.
fn find<'a, T: Decode<'a>>(
    extensions: Option<&'a Extensions>,
    oid: ObjectIdentifier,
) -> Result<Option<T>, Fault> {
    let mut all = extensions.into_iter().flatten().filter(|e| e.extn_id == oid);
    let found = all.next();
    if all.next().is_some() {
        return Err(Fault::Malformed);
    }
    found.map(|e| T::from_der(e.extn_value.as_bytes()).map_err(|_| Fault::Malformed)).transpose()
}

/// What is signed in a certificate revocation list; version 1 does not name its version.
#[derive(Sequence)]
struct ListContent {
    version: Option<u8>,
    signature: der::Any,
    issuer: DistinguishedName,
    this_update: Time,
    next_update: Option<Time>,
    revoked: Option<Vec<RevokedCert<Raw>>>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

/// A certificate revocation list.
pub struct RevocationList {
    signed: Signed,
    content: ListContent,
    issuer: Canonical,
}

impl RevocationList {
    /// Reads a list.
    pub fn parse(der: &[u8]) -> Option<RevocationList> {
        let signed = Signed::parse(der)?;
        let content = ListContent::from_der(&signed.message).ok()?;
        Some(RevocationList { issuer: Canonical::new(&content.issuer), signed, content })
    }

    /// Whether the list is that of this certificate's issuer, and speaks of all its certificates and
    /// of no one else's: a critical extension, of the list or of an entry, would say otherwise, and
    /// so may the one that names the list's scope.
    pub fn is_about(&self, certificate: &Certificate) -> bool {
        let entries = self.content.revoked.iter().flatten();
        let entries = entries.filter_map(|entry| entry.crl_entry_extensions.as_ref());
        let mut of_entries = entries.flatten();
        let mut extensions = self.content.extensions.iter().flatten();
        self.issuer == certificate.issuer
            && !extensions.any(|e| e.critical || e.extn_id == oid::ISSUING_POINT)
            && !of_entries.any(|e| e.critical)
    }

    /// When it was made and when the next one is due, as times since 1970.
    pub fn validity(&self) -> (Duration, Option<Duration>) {
        let list = &self.content;
        (list.this_update.to_unix_duration(), list.next_update.map(|t| t.to_unix_duration()))
    }

    /// Whether its signature was made with the key of `issuer`.
    ///
    /// # Errors
    /// It was not, or nobody here can tell.
    pub fn check_signature(&self, issuer: &Certificate) -> Result<(), Fault> {
        if self.content.signature.value() != self.signed.algorithm {
            return Err(Fault::BadSignature);
        }
        self.signed.verify(&issuer.key)
    }

    /// Whether this certificate, one of the list's issuer, was revoked.
    pub fn has_revoked(&self, certificate: &Certificate) -> bool {
        let serial = certificate.inner.tbs_certificate().serial_number();
        let revoked = self.content.revoked.as_ref();
        revoked.into_iter().flatten().any(|r| r.serial_number == *serial)
    }
}
