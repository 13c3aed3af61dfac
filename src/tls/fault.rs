//! What may be wrong with a certificate, in OpenSSL's words where it has some.

/// Why a certificate is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No path leads to a trusted certificate.
    Untrusted,
    /// The server's certificate is its own issuer, and not trusted.
    SelfSigned,
    /// The path ends at one that is its own issuer, and not trusted.
    UntrustedRoot,
    NotYetValid,
    Expired,
    Revoked,
    /// Revocation is to be checked, and an issuer has no list.
    NoRevocationList,
    RevocationListExpired,
    BadSignature,
    UnknownAlgorithm,
    SmallKey,
    NotAnAuthority,
    PathTooLong,
    /// The root file says that it is not for servers.
    Rejected,
    WrongPurpose,
    CriticalExtension,
    Constrained,
    /// There are more names and constraints than anybody needs.
    TooComplex,
    Malformed,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Fault::Untrusted => "unable to get local issuer certificate",
            Fault::SelfSigned => "self-signed certificate",
            Fault::UntrustedRoot => "self-signed certificate in certificate chain",
            Fault::NotYetValid => "certificate is not yet valid",
            Fault::Expired => "certificate has expired",
            Fault::Revoked => "certificate revoked",
            Fault::NoRevocationList => "unable to get certificate CRL",
            Fault::RevocationListExpired => "CRL has expired",
            Fault::BadSignature => "certificate signature failure",
            Fault::UnknownAlgorithm => "unsupported signature algorithm",
            Fault::SmallKey => "RSA key too small, at least 2048 bits are needed",
            Fault::NotAnAuthority => "invalid CA certificate",
            Fault::PathTooLong => "path length constraint exceeded",
            Fault::Rejected => "certificate rejected",
            Fault::WrongPurpose => "unsuitable certificate purpose",
            Fault::CriticalExtension => "unhandled critical extension",
            Fault::Constrained => "name constraint violation",
            Fault::TooComplex => "too many names and name constraints",
            Fault::Malformed => "malformed certificate",
        })
    }
}

impl std::error::Error for Fault {}
