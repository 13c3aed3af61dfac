//! Name constraints (RFC 5280, 4.2.1.10): which names an authority may certify.

use super::canonical::Canonical;
use super::certificate::{Certificate, oid};
use super::path::Fault;
use der::asn1::Ia5String;
use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;

/// Checks the names of the certificates below `authority` against its constraints.
///
/// # Errors
/// A name is outside what is permitted, inside what is excluded, or of a kind that is constrained
/// and can't be judged here.
pub fn check(authority: &Certificate, below: &[&Certificate]) -> Result<(), Fault> {
    let Some(constraints) = authority.extension::<NameConstraints>(oid::NAME_CONSTRAINTS)? else {
        return Ok(());
    };
    let permitted = constraints.permitted_subtrees.unwrap_or_default();
    let excluded = constraints.excluded_subtrees.unwrap_or_default();
    // RFC 5280 leaves no other distances than these.
    if permitted.iter().chain(&excluded).any(|s| s.minimum != 0 || s.maximum.is_some()) {
        return Err(Fault::Constrained);
    }
    for (i, certificate) in below.iter().enumerate() {
        // Self-issued steps are exempt, the server's certificate is not.
        if i > 0 && certificate.is_self_issued() {
            continue;
        }
        for name in names(certificate)? {
            let same_kind = |subtree: &&GeneralSubtree| {
                std::mem::discriminant(&subtree.base) == std::mem::discriminant(&name)
            };
            let mut allowed = permitted.iter().filter(same_kind).peekable();
            let outside = allowed.peek().is_some()
                && !allowed.try_fold(false, |any, s| Ok(any | contains(&s.base, &name)?))?;
            let inside = excluded
                .iter()
                .filter(same_kind)
                .try_fold(false, |any, s| Ok(any | contains(&s.base, &name)?))?;
            if outside || inside {
                return Err(Fault::Constrained);
            }
        }
    }
    Ok(())
}

/// All names of a certificate. A common name stands for a host's name where there is no other, unless
/// it can't be one; a subject's mail addresses count with the others.
fn names(certificate: &Certificate) -> Result<Vec<GeneralName>, Fault> {
    let mut names = certificate.alternative_names()?;
    let hosts = names.iter().any(|name| matches!(name, GeneralName::DnsName(_)));
    if let (false, Some(name)) = (hosts, certificate.common_name())
        && !name.contains(&b' ')
        && let Ok(name) = Ia5String::new(name)
    {
        names.push(GeneralName::DnsName(name));
    }
    for part in certificate.subject().iter().filter(|part| part.oid == oid::EMAIL_ADDRESS) {
        let address = Ia5String::new(part.value.value()).map_err(|_| Fault::Constrained)?;
        names.push(GeneralName::Rfc822Name(address));
    }
    if !certificate.subject().is_empty() {
        names.push(GeneralName::DirectoryName(certificate.subject().clone()));
    }
    Ok(names)
}

/// Whether `name` lies in the subtree `base`.
fn contains(base: &GeneralName, name: &GeneralName) -> Result<bool, Fault> {
    match (base, name) {
        (GeneralName::DnsName(base), GeneralName::DnsName(name)) => {
            Ok(is_domain_of(base.as_bytes(), name.as_bytes()))
        }
        (GeneralName::IpAddress(base), GeneralName::IpAddress(name)) => {
            let (base, name) = (base.as_bytes(), name.as_bytes());
            if !matches!(base.len(), 8 | 32) || !matches!(name.len(), 4 | 16) {
                return Err(Fault::Constrained);
            }
            if base.len() != 2 * name.len() {
                return Ok(false);
            }
            let (address, mask) = base.split_at(name.len());
            Ok(address.iter().zip(mask).zip(name).all(|((a, m), n)| a & m == n & m))
        }
        (GeneralName::DirectoryName(base), GeneralName::DirectoryName(name)) => {
            Ok(Canonical::new(name).is_below(&Canonical::new(base)))
        }
        (GeneralName::Rfc822Name(base), GeneralName::Rfc822Name(name)) => {
            is_address_in(base.as_bytes(), name.as_bytes()).ok_or(Fault::Constrained)
        }
        _ => Err(Fault::Constrained),
    }
}

/// Whether a mail address is `base`, or at the host `base`, or below the domain `.base`; `None` if it
/// is none.
fn is_address_in(base: &[u8], address: &[u8]) -> Option<bool> {
    let at = memchr::memrchr(b'@', address)?;
    let (person, host) = (&address[..at], &address[at + 1..]);
    Some(match memchr::memrchr(b'@', base) {
        Some(at) => base[..at] == *person && base[at + 1..].eq_ignore_ascii_case(host),
        None if base.starts_with(b".") => is_domain_of(base, host),
        None => base.is_empty() || base.eq_ignore_ascii_case(host),
    })
}

/// Whether `name` is `domain` or below it; a leading dot in `domain` excludes the domain itself.
fn is_domain_of(domain: &[u8], name: &[u8]) -> bool {
    let Some(start) = name.len().checked_sub(domain.len()) else { return false };
    let (before, end) = name.split_at(start);
    let whole = before.is_empty() || before.ends_with(b".") || domain.starts_with(b".");
    end.eq_ignore_ascii_case(domain) && (domain.is_empty() || whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains() {
        let check = |domain: &str, name: &str, expected| {
            assert_eq!(
                is_domain_of(domain.as_bytes(), name.as_bytes()),
                expected,
                "{domain} {name}"
            );
        };
        check("example.com", "example.com", true);
        check("example.com", "Host.EXAMPLE.com", true);
        check("example.com", "badexample.com", false);
        check(".example.com", "example.com", false);
        check(".example.com", "a.example.com", true);
        check("", "anything", true);
        check("a.b", "b", false);
    }
}
