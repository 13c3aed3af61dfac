//! From a server's certificate to a trusted one: which certificates make a path, and whether it
//! holds (RFC 5280, chapter 6, as OpenSSL applies it).
//!
//! rustls' own verifier refuses what libpq accepts and PostgreSQL's documentation recommends:
//! certificates of version 1, a self-signed one that is the server's and the root at once; and it
//! accepts what libpq refuses: an intermediate certificate as the end of the path. Never compares
//! names of hosts, and reads no files.

use super::certificate::Certificate;
use super::constraint_check::ConstraintCheck;
use super::fault::Fault;
use super::oid;
use super::revocation_list::RevocationList;

/// The longest path.
const MAX_LENGTH: usize = 16;
/// How many of the certificates sent along are tried, and how many signatures are checked: a server
/// must not keep us busy with certificates that all have the same name.
const MAX_STEPS: usize = 100;
const MAX_SIGNATURES: usize = 1000;

/// A certificate of the root file.
pub struct Root {
    pub certificate: Certificate,
    /// Whether the file says that it is trusted for servers, or that it is not.
    pub trusted: Option<bool>,
}

/// Whom we trust.
pub struct Trust {
    /// The certificates of the root file. Paths end at those that are their own issuers, or that the
    /// file says are trusted; the others are steps on the way.
    pub roots: Vec<Root>,
    /// If revocation is checked: each certificate of a path needs a list of its issuer.
    pub lists: Option<Vec<RevocationList>>,
}

impl Trust {
    /// Whether the server's certificate is to be trusted at `now`, in seconds since 1970; `sent`
    /// came along with it. `host` is the name it must have, if any.
    ///
    /// # Errors
    /// What is wrong with the last path found.
    pub fn verify(
        &self,
        server: &Certificate,
        sent: &[Certificate],
        host: Option<&[u8]>,
        now: i64,
    ) -> Result<(), Fault> {
        let names = ConstraintCheck::new(host);
        let (steps, signatures) = (MAX_STEPS, MAX_SIGNATURES);
        let mut search = Search { trust: self, sent, now, names, steps, signatures };
        search.extend(&mut vec![server])
    }

    fn root(&self, certificate: &Certificate) -> Option<&Root> {
        self.roots.iter().find(|root| root.certificate.der == certificate.der)
    }
}

/// The search for a path.
struct Search<'a> {
    trust: &'a Trust,
    sent: &'a [Certificate],
    now: i64,
    names: ConstraintCheck<'a>,
    /// What is left of [`MAX_STEPS`] and [`MAX_SIGNATURES`].
    steps: usize,
    signatures: usize,
}

impl<'a> Search<'a> {
    /// Looks for the issuer of the path's last certificate, and goes on from there.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Result<(), Fault> {
        let Some(&last) = path.last() else { return Err(Fault::Untrusted) };
        let is_self_signed = last.is_self_signed();
        if let Some(root) = self.trust.root(last)
            && (is_self_signed || path.len() > 1)
        {
            match root.trusted {
                Some(false) => return Err(Fault::Rejected),
                Some(true) => return self.check(path),
                None if is_self_signed => return self.check(path),
                None => {}
            }
        }
        match (is_self_signed, path.len()) {
            (true, 1) => return Err(Fault::SelfSigned),
            (true, _) => return Err(Fault::UntrustedRoot),
            (false, MAX_LENGTH..) => return Err(Fault::PathTooLong),
            _ => {}
        }
        let mut fault = Fault::Untrusted;
        let roots = self.trust.roots.iter().map(|root| (&root.certificate, 0));
        for (issuer, step) in roots.chain(self.sent.iter().map(|sent| (sent, 1))) {
            let used = path.iter().any(|certificate| certificate.der == issuer.der);
            if used || !last.may_be_issued_by(issuer) {
                continue;
            }
            let Some(steps) = self.steps.checked_sub(step) else { return Err(fault) };
            let Some(signatures) = self.signatures.checked_sub(1) else { return Err(fault) };
            (self.steps, self.signatures) = (steps, signatures);
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

    /// Checks a path from the server's certificate to the root, whose signatures are valid.
    fn check(&mut self, path: &[&Certificate]) -> Result<(), Fault> {
        for (below, certificate) in path.iter().enumerate() {
            certificate.check_validity(self.now)?;
            if certificate.extensions()?.has_unknown_critical {
                return Err(Fault::CriticalExtension);
            }
            let is_root = below + 1 == path.len();
            let trusted = self.trust.root(certificate).and_then(|root| root.trusted);
            if below > 0 {
                check_ca(certificate, &path[1..below], is_root)?;
            }
            match trusted {
                Some(false) => return Err(Fault::Rejected),
                Some(true) if below > 0 || is_root => {}
                _ => check_server_purpose(certificate, below == 0)?,
            }
            self.names.check(certificate, &path[..below])?;
        }
        self.check_revocation(path)
    }

    fn check_revocation(&self, path: &[&Certificate]) -> Result<(), Fault> {
        let Some(lists) = &self.trust.lists else { return Ok(()) };
        for (i, certificate) in path.iter().enumerate() {
            let issuer = path.get(i + 1).unwrap_or(certificate);
            let usage = issuer.extensions()?.key_usage;
            let may_sign = usage.is_none_or(|usage| usage.allows_crl_sign());
            let mut fault = Fault::NoRevocationList;
            let mut current = false;
            for list in lists.iter().filter(|list| may_sign && list.covers(certificate, issuer)) {
                if let Err(found) = list.check_signature(issuer) {
                    fault = found;
                    continue;
                }
                if list.has_revoked(certificate) {
                    return Err(Fault::Revoked);
                }
                match list.check_validity(self.now) {
                    Ok(()) => current = true,
                    Err(found) => fault = found,
                }
            }
            if !current {
                return Err(fault);
            }
        }
        Ok(())
    }
}

/// Whether it may be used for servers. For OpenSSL, "any purpose" is not enough; Netscape's old
/// extension has a bit for servers. The key of a server must be allowed what a handshake needs.
fn check_server_purpose(certificate: &Certificate, is_server: bool) -> Result<(), Fault> {
    const SERVER: u8 = 0x40;
    let extensions = certificate.extensions()?;
    let is_for =
        |purposes: &Vec<Vec<u8>>| purposes.iter().any(|purpose| purpose == oid::SERVER_AUTH);
    let fits = extensions.extended_key_usage.as_ref().is_none_or(is_for)
        && (!is_server
            || extensions.netscape_cert_type.is_none_or(|bits| bits & SERVER != 0)
                && extensions.key_usage.is_none_or(|usage| usage.allows_handshakes()));
    if fits { Ok(()) } else { Err(Fault::WrongPurpose) }
}

/// Whether it may issue certificates, with those of `below` between it and the server's.
fn check_ca(certificate: &Certificate, below: &[&Certificate], is_root: bool) -> Result<(), Fault> {
    const SSL_CA: u8 = 0x04;
    let extensions = certificate.extensions()?;
    let may_sign = extensions.key_usage.is_none_or(|usage| usage.allows_cert_sign());
    let authority = match &extensions.basic_constraints {
        Some(constraints) => constraints.is_ca,
        // Only roots need no basic constraints: those of version 1, which has no extensions, and
        // those with another extension that says it.
        None => {
            is_root
                && (certificate.is_version_1() && certificate.is_self_signed()
                    || extensions.key_usage.is_some()
                    || extensions.netscape_cert_type.is_some_and(|bits| bits & SSL_CA != 0))
        }
    };
    if !authority || !may_sign {
        return Err(Fault::NotAnAuthority);
    }
    let path_len =
        extensions.basic_constraints.as_ref().and_then(|constraints| constraints.path_len);
    // Self-issued certificates don't count: they are there when keys change.
    let length = below.iter().filter(|certificate| !certificate.is_self_issued()).count();
    match path_len {
        Some(path_len) if u64::try_from(length).is_ok_and(|length| length > path_len) => {
            Err(Fault::PathTooLong)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
