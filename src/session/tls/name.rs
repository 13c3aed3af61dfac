//! Whether a certificate is that of the host that was asked for, by libpq's rules.

use super::certificate::Certificate;
use super::general_name::GeneralName;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Compares the names of a certificate with the `host` that the person gave: alternative names,
/// then the common name, unless there are alternative names of the host's kind.
///
/// # Errors
/// psql's text.
pub fn check(certificate: &Certificate, host: &[u8]) -> Result<(), Vec<u8>> {
    if host.is_empty() {
        return Err(b"host name must be specified for a verified SSL connection".to_vec());
    }
    let extensions = certificate.extensions().map_err(|fault| fault.to_string().into_bytes())?;
    let names = extensions.alternative_names.iter().filter_map(|name| match name {
        GeneralName::Dns(name) => Some(Name::Dns(name.clone())),
        GeneralName::Ip(address) => Some(Name::Ip(address.clone())),
        _ => None,
    });
    judge(names.collect(), certificate.common_name(), host)
}

/// A name that a host can have, whatever its bytes.
#[derive(Clone)]
enum Name {
    Dns(Vec<u8>),
    /// The bytes of an address.
    Ip(Vec<u8>),
}

fn judge(names: Vec<Name>, common_name: Option<&[u8]>, host: &[u8]) -> Result<(), Vec<u8>> {
    let address = address(host);
    let of_hosts_kind = |name: &Name| match name {
        Name::Dns(_) => address.is_none(),
        Name::Ip(_) => address.is_some(),
    };
    let fallback = common_name.filter(|_| !names.iter().any(of_hosts_kind));
    let fallback = fallback.map(|name| Name::Dns(name.to_vec()));
    let mut seen = Vec::new();
    for name in names.into_iter().chain(fallback) {
        let (matches, shown) = match name {
            Name::Dns(name) if name.contains(&0) => {
                return Err(b"SSL certificate's name contains embedded null".to_vec());
            }
            Name::Dns(name) => (is_name_of(&name, host), name),
            Name::Ip(bytes) => {
                let Some(ip) = from_bytes(&bytes) else {
                    let text = format!(
                        "certificate contains IP address with invalid length {}",
                        bytes.len()
                    );
                    return Err(text.into_bytes());
                };
                (address == Some(ip), ip.to_string().into_bytes())
            }
        };
        if matches {
            return Ok(());
        }
        seen.push(shown);
    }
    let Some(first) = seen.first() else {
        return Err(b"could not get server's host name from server certificate".to_vec());
    };
    let others = match seen.len() - 1 {
        0 => String::new(),
        1 => " (and 1 other name)".to_owned(),
        n => format!(" (and {n} other names)"),
    };
    Err([
        b"server certificate for \"",
        &first[..],
        b"\"",
        others.as_bytes(),
        b" does not match host name \"",
        host,
        b"\"",
    ]
    .concat())
}

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

/// A host that is an address, also in the odd forms `inet_aton` takes: `192.000.002.001`.
pub fn address(host: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(host).ok()?;
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Some(address.into());
    }
    let number = |part: &str| match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if part.starts_with('0') => u32::from_str_radix(part, 8).ok(),
        None => part.parse().ok(),
    };
    let parts: Option<Vec<u32>> = text.split('.').map(number).collect();
    let parts = parts.filter(|parts| parts.len() <= 4)?;
    let (last, first) = parts.split_last()?;
    if first.iter().any(|part| *part > 255) {
        return None;
    }
    // The last part fills what the others leave.
    let room = 32 - 8 * u32::try_from(first.len()).ok()?;
    if room < 32 && *last >> room != 0 {
        return None;
    }
    let before = first.iter().fold(0u64, |address, part| address << 8 | u64::from(*part));
    u32::try_from(before << room | u64::from(*last)).ok().map(|bits| Ipv4Addr::from(bits).into())
}

fn from_bytes(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
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

    #[test]
    fn addresses() {
        let check = |host: &str, expected: Option<&str>| {
            assert_eq!(address(host.as_bytes()).map(|a| a.to_string()).as_deref(), expected);
        };
        check("192.000.002.001", Some("192.0.2.1"));
        check("0xc0.0.0x201", Some("192.0.2.1"));
        check("127.1", Some("127.0.0.1"));
        check("4294967295", Some("255.255.255.255"));
        check("4294967296", None);
        check("1.2.3.256", None);
        check("256.1", None);
        check("1.2.3.4.5", None);
        check("2001:db8::0.0.0.1", Some("2001:db8::1"));
        check("::1/128", None);
        check("a.b", None);
        check("1..2", None);
        check("", None);
    }

    #[test]
    fn which_names_count() {
        let dns = |name: &str| Name::Dns(name.as_bytes().to_vec());
        let ip = |bytes: [u8; 4]| Name::Ip(bytes.to_vec());
        let check =
            |names: &[Name], common: Option<&str>, host: &str, expected: Result<(), &str>| {
                let got = judge(names.to_vec(), common.map(str::as_bytes), host.as_bytes());
                let got = got.map_err(|text| String::from_utf8_lossy(&text).into_owned());
                assert_eq!(got, expected.map_err(str::to_owned));
            };
        check(&[], Some("a"), "a", Ok(()));
        check(
            &[dns("b")],
            Some("a"),
            "a",
            Err("server certificate for \"b\" does not match host name \"a\""),
        );
        check(&[ip([1, 2, 3, 4])], Some("a"), "a", Ok(()));
        check(&[dns("a")], Some("1.2.3.4"), "1.2.3.4", Ok(()));
        check(
            &[ip([1, 2, 3, 5]), dns("x")],
            Some("1.2.3.4"),
            "1.2.3.4",
            Err(
                "server certificate for \"1.2.3.5\" (and 1 other name) does not match host name \"1.2.3.4\"",
            ),
        );
        check(&[dns("1.2.3.4")], None, "1.2.3.4", Ok(()));
        check(&[], None, "a", Err("could not get server's host name from server certificate"));
        check(&[], Some("a\0b"), "a", Err("SSL certificate's name contains embedded null"));
    }
}
