//! DER, element by element (X.690).
//!
//! A library's types would not do: OpenSSL accepts what those can't hold, such as dates before 1970,
//! identifiers with arcs of 2^32 and more, and path lengths over 255.

use chrono::NaiveDate;

/// The tags that occur in certificates and revocation lists.
pub mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const OBJECT_IDENTIFIER: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;

    /// A primitive element whose kind the context knows.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// A constructed one.
    pub const fn constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// One element.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub tag: u8,
    /// What is in it.
    pub value: &'a [u8],
    /// All of it, with its tag and length.
    pub whole: &'a [u8],
}

/// Reads elements one after the other. `None` is what isn't DER, or isn't what was asked for.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads the elements in `bytes`.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// `Some` if nothing is left.
    pub fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    /// The next element.
    pub fn element(&mut self) -> Option<Element<'a>> {
        let (&tag, after) = self.0.split_first()?;
        // Tags of more than one byte occur nowhere here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, after) = after.split_first()?;
        let (length, after) = match first {
            0..=0x7f => (usize::from(first), after),
            0x81..=0x84 => {
                let (bytes, after) = after.split_at_checked(usize::from(first & 0x7f))?;
                let length = bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
                let is_shortest = bytes[0] != 0 && length >= 0x80;
                (is_shortest.then_some(length)?, after)
            }
            _ => return None,
        };
        let (value, after) = after.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some(Element { tag, value, whole })
    }

    /// The value of the next element, which must have this tag.
    pub fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.element().filter(|element| element.tag == tag).map(|element| element.value)
    }

    /// Whether the next element has this tag.
    pub fn is_next(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// As [`Reader::take`] if the next element has this tag; `Some(None)` if it has another, or
    /// there is none.
    pub fn optional(&mut self, tag: u8) -> Option<Option<&'a [u8]>> {
        if self.is_next(tag) { self.take(tag).map(Some) } else { Some(None) }
    }
}

/// The value of the one element that `bytes` are.
pub fn only(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let mut reader = Reader::new(bytes);
    let value = reader.take(tag)?;
    reader.end()?;
    Some(value)
}

/// All elements in `bytes`, each read by `read`.
pub fn all<'a, T>(bytes: &'a [u8], read: impl Fn(Element<'a>) -> Option<T>) -> Option<Vec<T>> {
    let mut reader = Reader::new(bytes);
    let mut found = Vec::new();
    while reader.end().is_none() {
        found.push(read(reader.element()?)?);
    }
    Some(found)
}

/// An object identifier's value, if it is one.
pub fn identifier(value: &[u8]) -> Option<&[u8]> {
    let mut at_start = true;
    for byte in value {
        // The first byte of a number must not be padding.
        if at_start && *byte == 0x80 {
            return None;
        }
        at_start = byte & 0x80 == 0;
    }
    (at_start && !value.is_empty()).then_some(value)
}

/// An integer's value, if it is one.
pub fn integer(value: &[u8]) -> Option<&[u8]> {
    match value {
        [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => None,
        _ => Some(value),
    }
}

/// The number an integer stands for; `u64::MAX` if it is larger, `None` if it is negative.
pub fn number(value: &[u8]) -> Option<u64> {
    let bytes = integer(value).filter(|bytes| bytes[0] & 0x80 == 0)?;
    let append = |sum: u64, byte: &u8| sum.checked_mul(256)?.checked_add(u64::from(*byte));
    Some(bytes.iter().try_fold(0, append).unwrap_or(u64::MAX))
}

/// Whether it is true: whatever isn't zero.
pub fn boolean(value: &[u8]) -> Option<bool> {
    match value {
        [byte] => Some(*byte != 0),
        _ => None,
    }
}

/// The bytes of a bit string, with those bits cleared that don't belong to it.
pub fn bits(value: &[u8]) -> Option<Vec<u8>> {
    let (unused, bytes) = value.split_first()?;
    let mask = 0xffu8.checked_shl(u32::from(*unused))?;
    let mut bytes = bytes.to_vec();
    if let Some(last) = bytes.last_mut() {
        *last &= mask;
    }
    Some(bytes)
}

/// The bytes of a bit string that has whole bytes only.
pub fn whole_bits(value: &[u8]) -> Option<&[u8]> {
    value.split_first().filter(|(unused, _)| **unused == 0).map(|(_, bytes)| bytes)
}

/// A time as seconds since 1970: `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
pub fn time(time: Element<'_>) -> Option<i64> {
    let digits = time.value.strip_suffix(b"Z")?;
    let (year, rest) = match (time.tag, digits.len()) {
        (tag::UTC_TIME, 12) => {
            let year = decimal(&digits[..2])?;
            (if year < 50 { 2000 + year } else { 1900 + year }, &digits[2..])
        }
        (tag::GENERALIZED_TIME, 14) => (decimal(&digits[..4])?, &digits[4..]),
        _ => return None,
    };
    let part = |at: usize| decimal(&rest[at..at + 2]);
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, part(0)?, part(2)?)?;
    Some(date.and_hms_opt(part(4)?, part(6)?, part(8)?)?.and_utc().timestamp())
}

fn decimal(digits: &[u8]) -> Option<u32> {
    let append = |sum, digit: &u8| char::from(*digit).to_digit(10).map(|digit| sum * 10 + digit);
    digits.iter().try_fold(0, append)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements() {
        let check = |bytes: &[u8], expected: Option<(u8, usize)>| {
            let found = Reader::new(bytes).element().map(|e| (e.tag, e.value.len()));
            assert_eq!(found, expected, "{bytes:x?}");
        };
        check(&[5, 0], Some((5, 0)));
        check(&[4, 1, 7, 9], Some((4, 1)));
        check(&[&[4, 0x81, 0x80][..], &[0; 128]].concat(), Some((4, 128)));
        check(&[&[4, 0x82, 1, 0][..], &[0; 256]].concat(), Some((4, 256)));
        // Too short, lengths that are longer than need be or without an end, tags of many bytes.
        for bytes in [
            &[4, 2, 7][..],
            &[4],
            &[],
            &[4, 0x81, 1, 7],
            &[4, 0x82, 0, 1, 7],
            &[0x30, 0x80, 0, 0],
            &[4, 0x85, 0, 0, 0, 0, 0],
            &[4, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x1f, 1, 0],
        ] {
            check(bytes, None);
        }
    }

    #[test]
    fn primitives() {
        assert!(identifier(&[0x55, 29, 19]).is_some());
        assert!(identifier(&[0x2a, 0x90, 0x80, 0x80, 0x80, 0]).is_some(), "2^32");
        assert!(identifier(&[0x2a, 0x80, 1]).is_none() && identifier(&[0x80, 1]).is_none());
        assert!(identifier(&[]).is_none() && identifier(&[0x2a, 0x81]).is_none());
        assert_eq!(number(&[1, 0]), Some(256));
        assert_eq!(number(&[0, 0xff]), Some(255));
        assert_eq!(number(&[1; 30]), Some(u64::MAX));
        for bad in [&[][..], &[0, 1], &[0xff, 0x80], &[0x80]] {
            assert_eq!(number(bad), None, "{bad:x?}");
        }
        assert_eq!(bits(&[4, 0xff]), Some(vec![0xf0]));
        assert_eq!(bits(&[7]), Some(vec![]));
        assert_eq!((bits(&[8, 1]), bits(&[])), (None, None));
    }

    #[test]
    fn times() {
        let check = |tag, text: &str, expected| {
            let value = text.as_bytes();
            assert_eq!(time(Element { tag, value, whole: value }), expected, "{text}");
        };
        check(tag::UTC_TIME, "700101000001Z", Some(1));
        check(tag::UTC_TIME, "691231235959Z", Some(-1));
        check(tag::UTC_TIME, "491231235959Z", Some(2_524_607_999));
        check(tag::GENERALIZED_TIME, "19500101000000Z", Some(-631_152_000));
        check(tag::GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799));
        for bad in ["", "Z", "7001010000Z", "700101000001", "700101000001+0000", "701301000001Z"] {
            check(tag::UTC_TIME, bad, None);
        }
        for bad in ["20010229000000Z", "20010101000060Z", "20010101000000.5Z", "2001010100000xZ"] {
            check(tag::GENERALIZED_TIME, bad, None);
        }
    }
}
