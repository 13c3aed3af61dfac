//! Checks the names of the certificates of a path against the name constraints of its authorities.

use super::certificate::Certificate;
use super::fault::Fault;
use super::general_name::GeneralName;
use super::hostname::{self, is_name_of};
use super::oid;

/// How often a name and a constraint may be compared for one certificate and one authority, as with
/// OpenSSL, and for all that a server sends.
const MAX_COMPARISONS: usize = 1 << 20;
const MAX_OF_ALL: usize = 4 * MAX_COMPARISONS;

/// Checks names, and limits how many comparisons that takes.
pub struct ConstraintCheck<'a> {
    /// The host that the server's certificate must name, if it must.
    host: Option<&'a [u8]>,
    left: usize,
}

impl<'a> ConstraintCheck<'a> {
    /// A check for one server.
    pub fn new(host: Option<&'a [u8]>) -> ConstraintCheck<'a> {
        ConstraintCheck { host, left: MAX_OF_ALL }
    }

    /// Checks the names of the certificates below `authority` against its constraints; the first
    /// of them is the server's.
    ///
    /// # Errors
    /// A name is outside what is permitted, inside what is excluded, or of a kind that is
    /// constrained and can't be judged here; or there are too many.
    pub fn check(&mut self, authority: &Certificate, below: &[&Certificate]) -> Result<(), Fault> {
        let Some(constraints) = &authority.extensions()?.constraints else { return Ok(()) };
        for (i, certificate) in below.iter().enumerate() {
            // Self-issued steps are exempt, the server's certificate is not.
            if i > 0 && certificate.is_self_issued() {
                continue;
            }
            let alternatives = &certificate.extensions()?.alternative_names;
            let names = alternatives.len() + certificate.subject().size();
            self.count(names.saturating_mul(constraints.count()))?;
            let mut others = subject_names(certificate)?;
            if i == 0 {
                others.extend(common_names(certificate, self.host)?);
                others.extend(addresses(alternatives));
            }
            alternatives.iter().chain(&others).try_for_each(|name| constraints.check(name))?;
        }
        Ok(())
    }

    fn count(&mut self, comparisons: usize) -> Result<(), Fault> {
        let left = self.left.checked_sub(comparisons);
        self.left = left.filter(|_| comparisons <= MAX_COMPARISONS).ok_or(Fault::TooComplex)?;
        Ok(())
    }
}

/// The names in the subject of any certificate: the subject itself, and the mail addresses in it.
fn subject_names(certificate: &Certificate) -> Result<Vec<GeneralName>, Fault> {
    let mut names = Vec::new();
    let subject = certificate.subject();
    for address in subject.all(oid::EMAIL_ADDRESS) {
        let address = address.is_ia5().then(|| address.bytes.clone());
        names.push(GeneralName::Mail(address.ok_or(Fault::Constrained)?));
    }
    if subject.size() > 0 {
        names.push(GeneralName::Directory(subject.clone()));
    }
    Ok(names)
}

/// The common names of a server that stand for a host: those that look like a host's name, and the
/// one that names the wanted host.
fn common_names(certificate: &Certificate, host: Option<&[u8]>) -> Result<Vec<GeneralName>, Fault> {
    let alternatives = &certificate.extensions()?.alternative_names;
    let has_host = alternatives.iter().any(|name| matches!(name, GeneralName::Dns(_)));
    let has_address = alternatives.iter().any(|name| matches!(name, GeneralName::Ip(_)));
    let mut names = Vec::new();
    for name in certificate.subject().all(oid::COMMON_NAME) {
        let mut text = name.text().ok_or(Fault::Constrained)?;
        let end = text.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        text.truncate(end);
        if text.contains(&0) {
            return Err(Fault::Constrained);
        }
        let is_wanted_host = host.is_some_and(|host| is_name_of(&text, host));
        if let (false, Some(address)) = (has_address, address(&text, is_wanted_host)) {
            names.push(address);
        }
        if !has_host && (is_wanted_host || looks_like_host(&text)) {
            names.push(GeneralName::Dns(text));
        }
    }
    Ok(names)
}

/// The addresses among the names of hosts: constraints on addresses hold for them too.
fn addresses(names: &[GeneralName]) -> Vec<GeneralName> {
    let address = |name: &GeneralName| match name {
        GeneralName::Dns(text) => address(text, false),
        _ => None,
    };
    names.iter().filter_map(address).collect()
}

/// The address that a name is. A mere number counts only if it is the wanted host.
fn address(text: &[u8], is_wanted_host: bool) -> Option<GeneralName> {
    let is_written_out = text.iter().any(|byte| matches!(byte, b'.' | b':'));
    let address = hostname::address(text).filter(|_| is_wanted_host || is_written_out)?;
    Some(GeneralName::Ip(match address {
        std::net::IpAddr::V4(address) => address.octets().to_vec(),
        std::net::IpAddr::V6(address) => address.octets().to_vec(),
    }))
}

/// Whether a common name may be meant as a host's: labels of letters, digits, `_` and `-`, at least
/// two of them, the first of which may be `*`.
fn looks_like_host(text: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        !label.is_empty()
            && label.iter().all(is_inside)
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    };
    let mut labels = text.strip_prefix(b"*.").unwrap_or(text).split(|byte| *byte == b'.');
    labels.all(is_label) && text.contains(&b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_host() {
        for host in ["a.b", "db_1.example.com", "*.example.com", "10.0.0.1", "a-b.c"] {
            assert!(looks_like_host(host.as_bytes()), "{host}");
        }
        for other in ["", "a", "Issuing-CA-1", "a b.c", "a..b", "-a.b", "a-.b", ".a", "a.", "*"] {
            assert!(!looks_like_host(other.as_bytes()), "{other}");
        }
    }
}
