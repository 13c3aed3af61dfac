//! Signatures of certificates and revocation lists, the keys that make them, and their algorithms.

use super::asn1::{self, Element, Reader, tag};
use super::fault::Fault;
use super::oid;
use rustls::crypto::ring;
use rustls::pki_types::SignatureVerificationAlgorithm;
use rustls::pki_types::alg_id::RSA_ENCRYPTION;

/// An algorithm with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithm {
    kind: Vec<u8>,
    /// The whole content of its SEQUENCE.
    content: Vec<u8>,
}

impl Algorithm {
    /// Reads the content of an AlgorithmIdentifier.
    pub fn parse(content: &[u8]) -> Option<Algorithm> {
        let mut reader = Reader::new(content);
        let kind = asn1::identifier(reader.take(tag::OBJECT_IDENTIFIER)?)?.to_vec();
        if reader.end().is_none() {
            reader.element()?;
        }
        reader.end()?;
        Some(Algorithm { kind, content: content.to_vec() })
    }

    /// The hash of a signature, as an object identifier.
    pub fn hash(&self) -> Option<&[u8]> {
        Some(match self.kind.as_slice() {
            oid::RSASSA_PSS => return self.pss_hash(),
            oid::MD5_WITH_RSA => oid::MD5,
            oid::SHA1_WITH_RSA | oid::ECDSA_WITH_SHA1 => oid::SHA1,
            oid::SHA224_WITH_RSA | oid::ECDSA_WITH_SHA224 => oid::SHA224,
            oid::SHA256_WITH_RSA | oid::ECDSA_WITH_SHA256 => oid::SHA256,
            oid::SHA384_WITH_RSA | oid::ECDSA_WITH_SHA384 => oid::SHA384,
            oid::SHA512_WITH_RSA | oid::ECDSA_WITH_SHA512 => oid::SHA512,
            _ => return None,
        })
    }

    /// The hash in the parameters of an RSASSA-PSS signature; without any it is SHA-1.
    fn pss_hash(&self) -> Option<&[u8]> {
        let mut reader = Reader::new(&self.content);
        reader.element()?;
        let parameters = reader.optional(tag::SEQUENCE)?.unwrap_or_default();
        // hashAlgorithm [0] EXPLICIT AlgorithmIdentifier DEFAULT sha1
        let tagged = Reader::new(parameters).optional(tag::constructed(0))?;
        let Some(tagged) = tagged else { return Some(oid::SHA1) };
        Reader::new(asn1::only(tagged, tag::SEQUENCE)?).take(tag::OBJECT_IDENTIFIER)
    }

    fn is_pss(&self) -> bool {
        self.kind == oid::RSASSA_PSS
    }
}

/// What certificates and revocation lists have in common: a signed message.
pub struct Signed {
    /// The bytes that were signed.
    pub message: Vec<u8>,
    pub algorithm: Algorithm,
    signature: Vec<u8>,
}

impl Signed {
    /// Reads one.
    pub fn parse(element: Element<'_>) -> Option<Signed> {
        let is_sequence = element.tag == tag::SEQUENCE;
        let mut reader = Reader::new(is_sequence.then_some(element.value)?);
        let message = reader.element()?.whole.to_vec();
        let algorithm = Algorithm::parse(reader.take(tag::SEQUENCE)?)?;
        let signature = asn1::whole_bits(reader.take(tag::BIT_STRING)?)?.to_vec();
        reader.end()?;
        Some(Signed { message, algorithm, signature })
    }

    /// Whether the signature was made with this key.
    ///
    /// # Errors
    /// It was not, or we can't verify such signatures.
    pub fn verify(&self, signer: &PublicKey) -> Result<(), Fault> {
        let all = ring::default_provider().signature_verification_algorithms.all;
        let known = |a: &&&dyn SignatureVerificationAlgorithm| {
            a.signature_alg_id().as_ref() == self.algorithm.content && signer.is_for(**a)
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

/// A public key.
#[derive(Debug)]
pub struct PublicKey {
    /// As it came.
    pub der: Vec<u8>,
    algorithm: Algorithm,
    /// The key itself.
    pub bits: Vec<u8>,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    pub fn parse(element: Element<'_>) -> Option<PublicKey> {
        let is_sequence = element.tag == tag::SEQUENCE;
        let mut reader = Reader::new(is_sequence.then_some(element.value)?);
        let algorithm = Algorithm::parse(reader.take(tag::SEQUENCE)?)?;
        let bits = asn1::whole_bits(reader.take(tag::BIT_STRING)?)?.to_vec();
        reader.end()?;
        Some(PublicKey { der: element.whole.to_vec(), algorithm, bits })
    }

    /// Whether `algorithm` verifies signatures made with such keys.
    pub fn is_for(&self, algorithm: &dyn SignatureVerificationAlgorithm) -> bool {
        let wanted = algorithm.public_key_alg_id();
        if self.is_only_pss() {
            return wanted == RSA_ENCRYPTION
                && Algorithm::parse(&algorithm.signature_alg_id()).is_some_and(|a| a.is_pss());
        }
        wanted.as_ref() == self.algorithm.content
    }

    /// Whether this is an RSA key of less than 2048 bits, which the cryptography library refuses.
    pub fn is_small_rsa(&self) -> bool {
        let is_rsa = self.is_only_pss() || self.algorithm.content == RSA_ENCRYPTION.as_ref();
        let numbers = asn1::only(&self.bits, tag::SEQUENCE);
        let modulus = numbers.and_then(|numbers| Reader::new(numbers).take(tag::INTEGER));
        is_rsa
            && modulus.is_some_and(|modulus| {
                let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
                modulus.len() - zeros < 256
            })
    }

    /// Whether this is a key of id-RSASSA-PSS, an RSA key that signs in one way only.
    pub fn is_only_pss(&self) -> bool {
        self.algorithm.is_pss()
    }

    /// Whether such keys make signatures of this algorithm.
    pub fn can_make(&self, signature: &Algorithm) -> bool {
        const OF_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
        const OF_ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d];
        // Some keys and their signatures share an identifier, as with Ed25519.
        self.algorithm.kind == signature.kind
            || [OF_RSA, OF_ECDSA]
                .iter()
                .any(|f| self.algorithm.kind.starts_with(f) && signature.kind.starts_with(f))
    }
}
