//! `\pset numericlocale`: digits in groups, as the locale writes numbers.

/// How a locale writes numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumericLocale {
    decimal_point: Vec<u8>,
    separator: Vec<u8>,
    group: usize,
}

impl NumericLocale {
    /// psql's reading of what C's localeconv tells. Of the sizes of groups it takes the first for
    /// all, and where the locale has no groups (the C locale) it makes groups of three.
    pub fn new(decimal_point: &[u8], separator: &[u8], grouping: &[u8]) -> NumericLocale {
        let decimal_point = if decimal_point.is_empty() { b"." } else { decimal_point };
        let separator = match (separator, decimal_point) {
            (b"", b",") => b".",
            (b"", _) => b",",
            _ => separator,
        };
        let group = match grouping.first() {
            Some(&size @ 1..=6) => size.into(),
            _ => 3,
        };
        NumericLocale {
            decimal_point: decimal_point.to_vec(),
            separator: separator.to_vec(),
            group,
        }
    }

    /// What stands before a fraction.
    pub fn decimal_point(&self) -> &[u8] {
        &self.decimal_point
    }

    /// `text`, in which points are decimal points, with the locale's.
    pub fn with_decimal_point(&self, text: &str) -> Vec<u8> {
        text.split('.').map(str::as_bytes).collect::<Vec<_>>().join(&self.decimal_point[..])
    }

    /// Puts `text`, a number, with separators between groups of digits into `to`. What holds other
    /// characters than a number's is left as it is.
    pub(super) fn write(&self, text: &[u8], to: &mut Vec<u8>) {
        to.clear();
        let is_numeric = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        if !text.iter().all(is_numeric) {
            to.extend_from_slice(text);
            return;
        }
        let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
        let digits = text[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (whole, rest) = text.split_at(sign + digits);
        to.extend_from_slice(&whole[..sign]);
        for (at, &digit) in whole[sign..].iter().enumerate() {
            if at > 0 && (digits - at) % self.group == 0 {
                to.extend_from_slice(&self.separator);
            }
            to.push(digit);
        }
        match rest.strip_prefix(b".") {
            Some(fraction) => {
                to.extend_from_slice(&self.decimal_point);
                to.extend_from_slice(fraction);
            }
            None => to.extend_from_slice(rest),
        }
    }
}

impl Default for NumericLocale {
    /// The C locale's.
    fn default() -> NumericLocale {
        NumericLocale::new(b".", b"", b"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As psql shows them where the C library has the locale.
    #[test]
    fn numbers_by_locale() {
        let c = NumericLocale::default();
        let german = NumericLocale::new(b",", b".", &[3, 3]);
        let french = NumericLocale::new(b",", "\u{202f}".as_bytes(), &[3]);
        let hindi = NumericLocale::new(b".", b",", &[3, 2]);
        let spanish_posix = NumericLocale::new(b",", b"", &[127]);
        let four = NumericLocale::new(b".", b"'", &[4]);
        for (locale, number, expected) in [
            (&c, "1234567.891", "1,234,567.891"),
            (&c, "-123", "-123"),
            (&c, "NaN", "NaN"),
            (&c, "1e+20", "1e+20"),
            (&c, "-1234.5e-10", "-1,234.5e-10"),
            (&german, "1234567.891", "1.234.567,891"),
            (&german, "-1.5e-10", "-1,5e-10"),
            (&german, "$1,234.00", "$1,234.00"),
            (&french, "1234.5", "1\u{202f}234,5"),
            (&hindi, "123456789", "123,456,789"),
            (&spanish_posix, "1234.5", "1.234,5"),
            (&four, "123456789", "1'2345'6789"),
        ] {
            let mut written = Vec::new();
            locale.write(number.as_bytes(), &mut written);
            assert_eq!(written, expected.as_bytes(), "{number}");
        }
    }
}
