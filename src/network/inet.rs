//! Addresses as hosts are written: in the usual form, or as C's `inet_aton` takes them (`127.1`,
//! `0x7f000001`).

use std::net::{IpAddr, Ipv4Addr};

/// The address that a text is, if it is one.
pub fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| inet_aton(text))
}

fn inet_aton(text: &str) -> Option<IpAddr> {
    let parts: Option<Vec<u32>> = text.split('.').map(c_number).collect();
    let parts = parts?;
    let (last, bytes) = parts.split_last()?;
    // The last number fills what the bytes before it leave.
    let room = u64::from(u32::MAX) >> (8 * bytes.len().min(4));
    if bytes.len() > 3 || bytes.iter().any(|byte| *byte > 255) || u64::from(*last) > room {
        return None;
    }
    let high = bytes.iter().zip([24, 16, 8]).map(|(byte, shift)| byte << shift);
    Some(Ipv4Addr::from(high.sum::<u32>() + last).into())
}

/// A number as C writes it: `0x1f`, `037`, `31`.
fn c_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let only_digits = digits.bytes().all(|b| b.is_ascii_alphanumeric());
    only_digits.then(|| u32::from_str_radix(digits, radix).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_addresses() {
        for (text, expected) in [
            ("127.0.0.1", Some("127.0.0.1")),
            ("127.1", Some("127.0.0.1")),
            ("1.2.3", Some("1.2.0.3")),
            ("1.65536", Some("1.1.0.0")),
            ("0x7f000001", Some("127.0.0.1")),
            ("010.0X1.0377", Some("8.1.0.255")),
            ("0", Some("0.0.0.0")),
            ("4294967295", Some("255.255.255.255")),
            ("4294967296", None),
            ("1.16777216", None),
            ("256.1", None),
            ("1.2.3.4.5", None),
            ("1..2", None),
            ("08", None),
            ("0x", None),
            ("+1", None),
            ("1 ", None),
            ("", None),
            ("192.000.002.001", Some("192.0.2.1")),
            ("0xc0.0.0x201", Some("192.0.2.1")),
            ("1.2.3.256", None),
            ("2001:db8::0.0.0.1", Some("2001:db8::1")),
            ("::1/128", None),
            ("a.b", None),
            ("a", None),
        ] {
            let expected: Option<IpAddr> = expected.map(|a| a.parse().unwrap());
            assert_eq!(address(text), expected, "{text}");
        }
    }
}
