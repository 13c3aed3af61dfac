//! What rustls asks of us during a handshake: whether the server's certificate is to be trusted,
//! whether the server has its key, and which certificate we send.

use super::certificate::Certificate;
use super::fault::Fault;
use super::path::Trust;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The schemes of RSASSA-PSS keys, which rustls has no names for (RFC 8446, 4.2.3), each with the
/// scheme of usual RSA keys that verifies it.
const PSS: [(SignatureScheme, SignatureScheme); 3] = [
    (SignatureScheme::Unknown(0x0809), SignatureScheme::RSA_PSS_SHA256),
    (SignatureScheme::Unknown(0x080a), SignatureScheme::RSA_PSS_SHA384),
    (SignatureScheme::Unknown(0x080b), SignatureScheme::RSA_PSS_SHA512),
];

/// Verifies servers. The host's name is checked after the handshake, as by libpq.
pub struct Verifier {
    /// If `None`, every certificate is accepted.
    pub trust: Option<Trust>,
    pub algorithms: WebPkiSupportedAlgorithms,
    /// The host that the certificate must name, if it must; here only for name constraints.
    pub host: Option<Vec<u8>>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

fn untrusted(fault: Fault) -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault))))
}

fn parse(certificate: &CertificateDer<'_>) -> Result<Certificate, Error> {
    Certificate::parse(certificate).ok_or_else(|| untrusted(Fault::Malformed))
}

impl Verifier {
    /// Whether `signed` is a signature of `message` with the certificate's key.
    fn check_handshake_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = parse(certificate)?.key;
        if key.is_small_rsa() {
            return Err(untrusted(Fault::SmallKey));
        }
        let pss = PSS.iter().find(|(scheme, _)| *scheme == signed.scheme);
        let scheme = match (pss, key.is_only_pss()) {
            (Some((_, same)), true) => *same,
            (None, false) => signed.scheme,
            _ => return Err(CertificateError::BadSignature.into()),
        };
        let known = self.algorithms.mapping.iter().find(|(known, _)| *known == scheme);
        // The schemes for ECDSA in TLS 1.2 leave the curve open, which the key has.
        let algorithm = known.and_then(|(_, all)| all.iter().find(|a| key.is_for(**a)));
        algorithm
            .and_then(|a| a.verify_signature(&key.bits, message, signed.signature()).ok())
            .map(|()| HandshakeSignatureValid::assertion())
            .ok_or_else(|| CertificateError::BadSignature.into())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(trust) = &self.trust {
            let server = parse(end_entity)?;
            let sent: Vec<_> = intermediates.iter().filter_map(|c| Certificate::parse(c)).collect();
            let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
            trust.verify(&server, &sent, self.host.as_deref(), now).map_err(untrusted)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check_handshake_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        use SignatureScheme as S;
        // TLS 1.3 allows neither PKCS#1 here nor SHA-1.
        match dss.scheme {
            S::RSA_PKCS1_SHA1
            | S::RSA_PKCS1_SHA256
            | S::RSA_PKCS1_SHA384
            | S::RSA_PKCS1_SHA512
            | S::ECDSA_SHA1_Legacy => Err(CertificateError::BadSignature.into()),
            _ => self.check_handshake_signature(message, cert, dss),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let pss = PSS.iter().map(|(scheme, _)| *scheme);
        self.algorithms.supported_schemes().into_iter().chain(pss).collect()
    }
}

/// Sends the client's certificate, if there is one, and notes that it was asked for.
#[derive(Debug)]
pub struct ClientCertificate {
    pub key: Option<Arc<CertifiedKey>>,
    pub requested: AtomicBool,
}

impl ResolvesClientCert for ClientCertificate {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.requested.store(true, Ordering::Relaxed);
        self.key.clone()
    }

    fn has_certs(&self) -> bool {
        self.key.is_some()
    }
}
