//! From a server's certificate to a trusted one: which certificates make a path, and whether it
//! holds (RFC 5280, chapter 6, as OpenSSL applies it).
//!
//! rustls' own verifier refuses what libpq accepts and PostgreSQL's documentation recommends:
//! certificates of version 1, a self-signed one that is the server's and the root at once; and it
//! accepts what libpq refuses: an intermediate certificate as the end of the path. Knows nothing of
//! host names and files.

use super::certificate::{Certificate, RevocationList, oid};
use super::constraint;
use der::asn1::{BitStringRef, ObjectIdentifier};
use std::time::Duration;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage};

/// The longest path, and how many signatures are checked to find one: a server must not keep us
/// busy with certificates that all bear the same name.
const MAX_LENGTH: usize = 16;
const MAX_SIGNATURES: usize = 100;

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
    /// Revocation lists are to be looked at, and there is none of some issuer.
    NoRevocationList,
    RevocationListExpired,
    BadSignature,
    UnknownAlgorithm,
    SmallKey,
    NotAnAuthority,
    PathTooLong,
    WrongPurpose,
    CriticalExtension,
    Constrained,
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
            Fault::WrongPurpose => "unsuitable certificate purpose",
            Fault::CriticalExtension => "unhandled critical extension",
            Fault::Constrained => "name constraint violation",
            Fault::Malformed => "malformed certificate",
        })
    }
}

impl std::error::Error for Fault {}

/// Whom we trust.
pub struct Trust {
    /// The certificates of the root file. Paths end at those that are their own issuers; the others
    /// are steps on the way.
    pub roots: Vec<Certificate>,
    /// If there are any to look at, each certificate of a path needs one of its issuer.
    pub lists: Option<Vec<RevocationList>>,
}

impl Trust {
    /// Whether the server's certificate is to be trusted at `now`; `sent` came along with it.
    ///
    /// # Errors
    /// What is wrong with the path, or with the first one found.
    pub fn verify(
        &self,
        server: &Certificate,
        sent: &[Certificate],
        now: Duration,
    ) -> Result<(), Fault> {
        let mut search = Search { trust: self, sent, now, signatures: MAX_SIGNATURES };
        search.extend(&mut vec![server])
    }
}

/// The search for a path.
struct Search<'a> {
    trust: &'a Trust,
    sent: &'a [Certificate],
    now: Duration,
    signatures: usize,
}

impl<'a> Search<'a> {
    /// Looks for the issuer of the path's last certificate, and goes on from there.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Result<(), Fault> {
        let Some(&last) = path.last() else { return Err(Fault::Untrusted) };
        if last.is_self_issued() && self.trust.roots.iter().any(|root| root.der == last.der) {
            return self.check(path);
        }
        if path.len() >= MAX_LENGTH {
            return Err(Fault::PathTooLong);
        }
        let mut fault = match (last.is_self_issued(), path.len()) {
            (true, 1) => Fault::SelfSigned,
            (true, _) => Fault::UntrustedRoot,
            (false, _) => Fault::Untrusted,
        };
        for issuer in self.trust.roots.iter().chain(self.sent) {
            let used = path.iter().any(|certificate| certificate.der == issuer.der);
            if used || !last.names_as_issuer(issuer) {
                continue;
            }
            let Some(left) = self.signatures.checked_sub(1) else { return Err(fault) };
            self.signatures = left;
            let found = last.check_signature(issuer).and_then(|()| {
                path.push(issuer);
                let found = self.extend(path);
                path.pop();
                found
            });
            match found {
                Ok(()) => return Ok(()),
                Err(found) => fault = found,
            }
        }
        Err(fault)
    }

    /// Checks a path, from the server's certificate to the root; its signatures are good.
    fn check(&self, path: &[&Certificate]) -> Result<(), Fault> {
        for (below, certificate) in path.iter().enumerate() {
            let (from, to) = certificate.validity();
            if self.now < from {
                return Err(Fault::NotYetValid);
            }
            if self.now > to {
                return Err(Fault::Expired);
            }
            check_extensions(certificate)?;
            check_purpose(certificate, below == 0)?;
            match below {
                0 => check_key_usage(certificate)?,
                _ => check_authority(certificate, &path[1..below], below + 1 == path.len())?,
            }
            constraint::check(certificate, &path[..below])?;
        }
        self.check_revocation(path)
    }

    fn check_revocation(&self, path: &[&Certificate]) -> Result<(), Fault> {
        let Some(lists) = &self.trust.lists else { return Ok(()) };
        for (i, certificate) in path.iter().enumerate() {
            let issuer = path.get(i + 1).unwrap_or(certificate);
            let may_sign = issuer.key_usage()?.is_none_or(|usage| usage.crl_sign());
            let mut fault = Fault::NoRevocationList;
            let mut current = false;
            for list in lists.iter().filter(|list| may_sign && list.is_about(certificate)) {
                if let Err(found) = list.check_signature(issuer) {
                    fault = found;
                    continue;
                }
                if list.has_revoked(certificate) {
                    return Err(Fault::Revoked);
                }
                match list.validity() {
                    (_, Some(until)) if self.now > until => fault = Fault::RevocationListExpired,
                    (from, _) if self.now < from => {}
                    _ => current = true,
                }
            }
            if !current {
                return Err(fault);
            }
        }
        Ok(())
    }
}

/// Refuses what its issuer says must be understood, and is not; and names that can't be read.
/// Policies are understood in so far as nobody asks for one.
fn check_extensions(certificate: &Certificate) -> Result<(), Fault> {
    const UNDERSTOOD: [ObjectIdentifier; 11] = [
        oid::SUBJECT_ALT_NAME,
        oid::KEY_USAGE,
        oid::BASIC_CONSTRAINTS,
        oid::NAME_CONSTRAINTS,
        oid::EXTENDED_KEY_USAGE,
        oid::CERTIFICATE_TYPE,
        oid::LIST_POINTS,
        oid::POLICIES,
        oid::POLICY_MAPPINGS,
        oid::POLICY_CONSTRAINTS,
        oid::INHIBIT_ANY_POLICY,
    ];
    certificate.host_names()?;
    match certificate.extensions().all(|(id, critical)| !critical || UNDERSTOOD.contains(&id)) {
        true => Ok(()),
        false => Err(Fault::CriticalExtension),
    }
}

/// Whether it may be used for servers. "Any purpose" is not enough for OpenSSL; the old extension of
/// Netscape's has a bit for servers.
fn check_purpose(certificate: &Certificate, is_server: bool) -> Result<(), Fault> {
    let purposes = certificate.extension::<ExtendedKeyUsage>(oid::EXTENDED_KEY_USAGE)?;
    let kinds = certificate.extension::<BitStringRef<'_>>(oid::CERTIFICATE_TYPE)?;
    let is_for_servers =
        |kinds: BitStringRef<'_>| kinds.raw_bytes().first().is_some_and(|kinds| kinds & 0x40 != 0);
    let fits = purposes.is_none_or(|purposes| purposes.0.contains(&oid::SERVER_AUTHENTICATION))
        && (!is_server || kinds.is_none_or(is_for_servers));
    if fits { Ok(()) } else { Err(Fault::WrongPurpose) }
}

/// Whether a server's key may do what a handshake needs.
fn check_key_usage(certificate: &Certificate) -> Result<(), Fault> {
    let fits = certificate.key_usage()?.is_none_or(|usage| {
        usage.digital_signature() || usage.key_encipherment() || usage.key_agreement()
    });
    if fits { Ok(()) } else { Err(Fault::WrongPurpose) }
}

/// Whether it may issue certificates, with those of `below` between it and the server's.
fn check_authority(
    certificate: &Certificate,
    below: &[&Certificate],
    is_root: bool,
) -> Result<(), Fault> {
    let constraints = certificate.extension::<BasicConstraints>(oid::BASIC_CONSTRAINTS)?;
    let may_sign = certificate.key_usage()?.is_none_or(|usage| usage.key_cert_sign());
    let authority = match &constraints {
        Some(constraints) => constraints.ca,
        // Version 1 has no way to say it; only roots are believed without.
        None => certificate.is_version_1() && is_root,
    };
    if !authority || !may_sign {
        return Err(Fault::NotAnAuthority);
    }
    let longest = constraints.and_then(|constraints| constraints.path_len_constraint);
    // Certificates that are their own issuers don't count (keys change).
    let length = below.iter().filter(|certificate| !certificate.is_self_issued()).count();
    match longest {
        Some(longest) if length > longest.into() => Err(Fault::PathTooLong),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
