//! Name constraints (RFC 5280, 4.2.1.10): which names an authority may certify.

use super::asn1::{self, Element, Reader, tag};
use super::fault::Fault;
use super::general_name::GeneralName;
use super::hostname::is_name_of;

/// What an authority may certify, and what not.
pub struct NameConstraints {
    permitted: Vec<Subtree>,
    excluded: Vec<Subtree>,
}

/// All names below one.
struct Subtree {
    base: GeneralName,
    /// Whether it has a minimum or maximum, which RFC 5280 does not allow.
    is_limited: bool,
}

impl NameConstraints {
    /// Reads the value of the extension.
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

    /// How many there are.
    pub fn count(&self) -> usize {
        self.permitted.len() + self.excluded.len()
    }

    /// Checks one name.
    ///
    /// # Errors
    /// It is outside what is permitted, inside what is excluded, or of a kind that is constrained
    /// and can't be judged here.
    pub fn check(&self, name: &GeneralName) -> Result<(), Fault> {
        // All are checked: one that can't be applied refuses the name, wherever it stands.
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
        // An empty one excludes all mail addresses.
        (GeneralName::Mail(base), GeneralName::Mail(_)) => base.is_empty(),
        _ => false,
    }
}

/// Whether a mail address is `base`, or at the host `base`, or below the domain `.base`; `None` if
/// it is none.
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
}
