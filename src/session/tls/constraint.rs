//! Name constraints (RFC 5280, 4.2.1.10): which names an authority may certify.

use super::asn1::{self, Element, Reader, tag};
use super::certificate::Certificate;
use super::fault::Fault;
use super::general_name::GeneralName;
use super::name::{self, is_name_of};
use super::oid;

/// How often a name and a constraint may be compared for one certificate and one authority, as with
/// OpenSSL, and for all that a server sends.
const MAX_COMPARISONS: usize = 1 << 20;
const MAX_OF_ALL: usize = 4 * MAX_COMPARISONS;

/// What an authority may certify, and what not.
pub struct NameConstraints {
    permitted: Vec<Subtree>,
    excluded: Vec<Subtree>,
}

/// All names below one.
struct Subtree {
    base: GeneralName,
    /// It is meant for some distances only, which RFC 5280 does not have.
    is_limited: bool,
}

impl NameConstraints {
    /// Reads them.
    pub fn parse(value: &[u8]) -> Option<NameConstraints> {
        let mut reader = Reader::new(asn1::only(value, tag::SEQUENCE)?);
        let mut subtrees = |number| {
            let list = reader.optional(tag::constructed(number))?;
            asn1::all(list.unwrap_or_default(), Subtree::parse)
        };
        let (permitted, excluded) = (subtrees(0)?, subtrees(1)?);
        reader.end()?;
        Some(NameConstraints { permitted, excluded })
    }

    fn check(&self, name: &GeneralName) -> Result<(), Fault> {
        // All are looked at: one that can't be judged refuses the name, wherever it stands.
        let mut is_permitted = None;
        for base in bases_like(&self.permitted, name) {
            *is_permitted.get_or_insert(false) |= contains(base?, name)?;
        }
        let mut is_excluded = false;
        for base in bases_like(&self.excluded, name) {
            let base = base?;
            is_excluded |= contains(base, name)? || is_wildcard_over(base, name);
        }
        match is_permitted != Some(false) && !is_excluded {
            true => Ok(()),
            false => Err(Fault::Constrained),
        }
    }
}

impl Subtree {
    fn parse(element: Element<'_>) -> Option<Subtree> {
        let is_one = element.tag == tag::SEQUENCE;
        let mut reader = Reader::new(is_one.then_some(element.value)?);
        let base = GeneralName::parse(reader.element()?)?;
        let least = reader.optional(tag::context(0))?;
        let most = reader.optional(tag::context(1))?;
        for number in [least, most].into_iter().flatten() {
            asn1::integer(number)?;
        }
        reader.end()?;
        let is_limited = most.is_some() || least.is_some_and(|least| least != [0]);
        Some(Subtree { base, is_limited })
    }
}

/// The names that constrain names like this one.
fn bases_like<'a>(
    subtrees: &'a [Subtree],
    name: &'a GeneralName,
) -> impl Iterator<Item = Result<&'a GeneralName, Fault>> {
    subtrees.iter().filter(|subtree| subtree.base.is_like(name)).map(|subtree| {
        match subtree.is_limited {
            true => Err(Fault::Constrained),
            false => Ok(&subtree.base),
        }
    })
}

/// Checks names, and counts.
pub struct Checker<'a> {
    /// The host that was asked for, if the certificate must be the host's.
    host: Option<&'a [u8]>,
    left: usize,
}

impl<'a> Checker<'a> {
    /// For one server.
    pub fn new(host: Option<&'a [u8]>) -> Checker<'a> {
        Checker { host, left: MAX_OF_ALL }
    }

    /// Checks the names of the certificates below `authority` against its constraints; the first
    /// of them is the server's.
    ///
    /// # Errors
    /// A name is outside what is permitted, inside what is excluded, or of a kind that is
    /// constrained and can't be judged here; or there are too many.
    pub fn check(&mut self, authority: &Certificate, below: &[&Certificate]) -> Result<(), Fault> {
        let Some(constraints) = &authority.extensions()?.constraints else { return Ok(()) };
        let count = constraints.permitted.len() + constraints.excluded.len();
        for (i, certificate) in below.iter().enumerate() {
            // Self-issued steps are exempt, the server's certificate is not.
            if i > 0 && certificate.is_self_issued() {
                continue;
            }
            let alternatives = &certificate.extensions()?.alternative_names;
            let names = alternatives.len() + certificate.subject().size();
            self.count(names.saturating_mul(count))?;
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

/// The names in the subject of a certificate, whoever it is: the subject itself, and the mail
/// addresses in it.
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

/// A server's common names where they stand for a host's name: those that look like one, and the one
/// that was asked for.
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
        let is_asked_for = host.is_some_and(|host| is_name_of(&text, host));
        if let (false, Some(address)) = (has_address, address(&text, is_asked_for)) {
            names.push(address);
        }
        if !has_host && (is_asked_for || looks_like_host(&text)) {
            names.push(GeneralName::Dns(text));
        }
    }
    Ok(names)
}

/// The addresses among names of hosts: they are as good as addresses where names are compared.
fn addresses(names: &[GeneralName]) -> Vec<GeneralName> {
    let address = |name: &GeneralName| match name {
        GeneralName::Dns(text) => address(text, false),
        _ => None,
    };
    names.iter().filter_map(address).collect()
}

/// The address that a name is. A mere number is taken for one only where it was asked for.
fn address(text: &[u8], is_asked_for: bool) -> Option<GeneralName> {
    let is_written_out = text.iter().any(|byte| matches!(byte, b'.' | b':'));
    let address = name::address(text).filter(|_| is_asked_for || is_written_out)?;
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

/// Whether `name` lies in the subtree `base`, which is of its kind.
fn contains(base: &GeneralName, name: &GeneralName) -> Result<bool, Fault> {
    match (base, name) {
        (GeneralName::Dns(base), GeneralName::Dns(name)) => Ok(is_domain_of(base, name)),
        (GeneralName::Ip(base), GeneralName::Ip(name)) => {
            if !matches!(base.len(), 8 | 32) || !matches!(name.len(), 4 | 16) {
                return Err(Fault::Constrained);
            }
            if base.len() != 2 * name.len() {
                return Ok(false);
            }
            let (address, mask) = base.split_at(name.len());
            Ok(address.iter().zip(mask).zip(name).all(|((a, m), n)| a & m == n & m))
        }
        (GeneralName::Directory(base), GeneralName::Directory(name)) => Ok(name.is_below(base)),
        (GeneralName::Mail(base), GeneralName::Mail(name)) => {
            is_address_in(base, name).ok_or(Fault::Constrained)
        }
        _ => Err(Fault::Constrained),
    }
}

/// Whether `name` stands for the host `base` among others: `*.example.com` for `db.example.com`.
fn is_wildcard_over(base: &GeneralName, name: &GeneralName) -> bool {
    match (base, name) {
        (GeneralName::Dns(base), GeneralName::Dns(name)) => is_name_of(name, base),
        // Where no mail is to be certified at all.
        (GeneralName::Mail(base), GeneralName::Mail(_)) => base.is_empty(),
        _ => false,
    }
}

/// Whether a mail address is `base`, or at the host `base`, or below the domain `.base`; `None` if it
/// is none.
fn is_address_in(base: &[u8], address: &[u8]) -> Option<bool> {
    let at = memchr::memrchr(b'@', address)?;
    let (user, host) = (&address[..at], &address[at + 1..]);
    Some(match memchr::memrchr(b'@', base) {
        Some(at) => (at == 0 || base[..at] == *user) && base[at + 1..].eq_ignore_ascii_case(host),
        None if base.starts_with(b".") => is_domain_of(base, host),
        None => base.eq_ignore_ascii_case(host),
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
