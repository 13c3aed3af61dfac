//! What TLS has to say, in the words of psql and OpenSSL where they mean the same.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
use rustls::{CipherSuite, ProtocolVersion};

/// Why a handshake or a record failed: `SSL error: ...`.
pub fn error(error: &Error) -> String {
    let text = match error {
        Error::AlertReceived(alert) => alert_text(*alert),
        Error::InvalidCertificate(CertificateError::Other(reason)) => {
            format!("certificate verify failed: {reason}")
        }
        Error::InvalidCertificate(CertificateError::BadSignature) => "bad signature".to_owned(),
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge
            | InvalidMessage::InvalidEmptyPayload,
        ) => "wrong version number".to_owned(),
        Error::PeerIncompatible(
            rustls::PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | rustls::PeerIncompatible::ServerDoesNotSupportTls12Or13,
        ) => "unsupported protocol".to_owned(),
        other => other.to_string(),
    };
    format!("SSL error: {text}")
}

/// An alert as OpenSSL 3.0 calls it.
fn alert_text(alert: AlertDescription) -> String {
    use AlertDescription as A;
    let (family, name) = match alert {
        A::UnexpectedMessage => ("sslv3 alert", "unexpected message"),
        A::BadRecordMac => ("sslv3 alert", "bad record mac"),
        A::DecompressionFailure => ("sslv3 alert", "decompression failure"),
        A::HandshakeFailure => ("sslv3 alert", "handshake failure"),
        A::NoCertificate => ("sslv3 alert", "no certificate"),
        A::BadCertificate => ("sslv3 alert", "bad certificate"),
        A::UnsupportedCertificate => ("sslv3 alert", "unsupported certificate"),
        A::CertificateRevoked => ("sslv3 alert", "certificate revoked"),
        A::CertificateExpired => ("sslv3 alert", "certificate expired"),
        A::CertificateUnknown => ("sslv3 alert", "certificate unknown"),
        A::IllegalParameter => ("sslv3 alert", "illegal parameter"),
        A::DecryptionFailed => ("tlsv1 alert", "decryption failed"),
        A::RecordOverflow => ("tlsv1 alert", "record overflow"),
        A::UnknownCA => ("tlsv1 alert", "unknown ca"),
        A::AccessDenied => ("tlsv1 alert", "access denied"),
        A::DecodeError => ("tlsv1 alert", "decode error"),
        A::DecryptError => ("tlsv1 alert", "decrypt error"),
        A::ProtocolVersion => ("tlsv1 alert", "protocol version"),
        A::InsufficientSecurity => ("tlsv1 alert", "insufficient security"),
        A::InternalError => ("tlsv1 alert", "internal error"),
        A::InappropriateFallback => ("tlsv1 alert", "inappropriate fallback"),
        A::UserCanceled => ("tlsv1 alert", "user cancelled"),
        A::NoRenegotiation => ("tlsv1 alert", "no renegotiation"),
        A::NoApplicationProtocol => ("tlsv1 alert", "no application protocol"),
        A::UnsupportedExtension => ("tlsv1", "unsupported extension"),
        A::UnrecognisedName => ("tlsv1", "unrecognized name"),
        A::MissingExtension => ("tlsv13 alert", "missing extension"),
        A::CertificateRequired => ("tlsv13 alert", "certificate required"),
        other => return format!("alert {other:?}"),
    };
    format!("{family} {name}")
}

/// A protocol version as psql shows it.
pub fn version(version: Option<ProtocolVersion>) -> &'static str {
    match version {
        Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
        Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
        _ => "unknown",
    }
}

/// A cipher suite by OpenSSL's name, and its key's length in bits. These are all that we offer.
pub fn cipher(suite: Option<CipherSuite>) -> (&'static str, u16) {
    use CipherSuite as C;
    match suite {
        Some(C::TLS13_AES_256_GCM_SHA384) => ("TLS_AES_256_GCM_SHA384", 256),
        Some(C::TLS13_AES_128_GCM_SHA256) => ("TLS_AES_128_GCM_SHA256", 128),
        Some(C::TLS13_CHACHA20_POLY1305_SHA256) => ("TLS_CHACHA20_POLY1305_SHA256", 256),
        Some(C::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384) => ("ECDHE-ECDSA-AES256-GCM-SHA384", 256),
        Some(C::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256) => ("ECDHE-ECDSA-AES128-GCM-SHA256", 128),
        Some(C::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256) => {
            ("ECDHE-ECDSA-CHACHA20-POLY1305", 256)
        }
        Some(C::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) => ("ECDHE-RSA-AES256-GCM-SHA384", 256),
        Some(C::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256) => ("ECDHE-RSA-AES128-GCM-SHA256", 128),
        Some(C::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256) => {
            ("ECDHE-RSA-CHACHA20-POLY1305", 256)
        }
        _ => ("unknown", 0),
    }
}
