//! The names of hosts as certificates write them: `*` may stand for the first label.

use crate::network::inet;
use std::net::IpAddr;

/// Whether `pattern`, perhaps with `*` in place of its first label, is the name `host`.
pub fn is_name_of(pattern: &[u8], host: &[u8]) -> bool {
    if pattern.eq_ignore_ascii_case(host) {
        return true;
    }
    let (Some(domain), Some(dot)) = (pattern.strip_prefix(b"*"), memchr::memchr(b'.', host)) else {
        return false;
    };
    // A wildcard stands for a name's label, not for an address's number.
    address(host).is_none()
        && domain.len() > 1
        && dot > 0
        && domain.starts_with(b".")
        && domain.eq_ignore_ascii_case(&host[dot..])
}

/// The address that a host is written as, if it is one.
pub fn address(host: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(host).ok().and_then(inet::address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |pattern: &str, host: &str, expected| {
            assert_eq!(
                is_name_of(pattern.as_bytes(), host.as_bytes()),
                expected,
                "{pattern} {host}"
            );
        };
        check("a.b", "A.B", true);
        check("*.b.c", "a.b.c", true);
        check("*.b.c", "x.a.b.c", false);
        check("*.b.c", "b.c", false);
        check("*.b.c", ".b.c", false);
        check("*", "a", false);
        check("*.", "a.", false);
        check("a*.b.c", "ab.b.c", false);
        check("*.0.0.1", "10.0.0.1", false);
    }
}
