//! Whether a certificate names the host that was connected to, by libpq's rules.

use super::certificate::Certificate;
use super::general_name::GeneralName;
use super::hostname::{self, is_name_of};
use std::net::IpAddr;

/// Compares the names of a certificate with the `host` that the user gave: alternative names,
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
    verify_names(names.collect(), certificate.common_name(), host)
}

/// A name that a host can have, whatever its bytes.
#[derive(Clone)]
enum Name {
    Dns(Vec<u8>),
    /// The bytes of an address.
    Ip(Vec<u8>),
}

fn verify_names(names: Vec<Name>, common_name: Option<&[u8]>, host: &[u8]) -> Result<(), Vec<u8>> {
    let address = hostname::address(host);
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
    fn which_names_count() {
        let dns = |name: &str| Name::Dns(name.as_bytes().to_vec());
        let ip = |bytes: [u8; 4]| Name::Ip(bytes.to_vec());
        let check =
            |names: &[Name], common: Option<&str>, host: &str, expected: Result<(), &str>| {
                let got = verify_names(names.to_vec(), common.map(str::as_bytes), host.as_bytes());
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
