//! Numbers as PostgreSQL writes them.

#[cfg(feature = "xlsx")]
/// The most digits that a spreadsheet keeps of a number.
const SPREADSHEET_DIGITS: usize = 15;

/// An integer.
#[cfg(feature = "parquet")]
pub fn integer<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// A floating-point number, finite or not.
pub fn float<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    let known = text.first().is_some_and(|byte| byte.is_ascii_digit() || b"-NI".contains(byte));
    std::str::from_utf8(text).ok().filter(|_| known)?.parse().ok()
}

/// A `numeric` as an integer that has `scale` decimal places, if it has no more of them; NaN and the
/// infinite have none.
#[cfg(feature = "parquet")]
pub fn decimal(text: &[u8], scale: u32) -> Option<i128> {
    let (is_negative, text) = match text.strip_prefix(b"-") {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let (whole, fraction) = (parts.next()?, parts.next().unwrap_or_default());
    let missing = (scale as usize).checked_sub(fraction.len())?;
    if whole.is_empty() {
        return None;
    }
    let mut number: i128 = 0;
    for byte in whole.iter().chain(fraction).chain(std::iter::repeat_n(&b'0', missing)) {
        let digit = byte.is_ascii_digit().then(|| i128::from(byte - b'0'))?;
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    Some(if is_negative { -number } else { number })
}

/// Whether a number is written as a spreadsheet keeps it: with no more digits than it does, and neither
/// too large nor too small.
#[cfg(feature = "xlsx")]
pub fn is_kept_by_spreadsheets(text: &[u8], is_float: bool) -> bool {
    let Some(value) = float::<f64>(text).filter(|value| value.is_finite()) else { return false };
    if value == 0.0 {
        // A zero below zero is none there.
        return !text.starts_with(b"-") && text.iter().all(|byte| b"0.".contains(byte));
    }
    value.is_normal() && (is_float || digits(text) <= SPREADSHEET_DIGITS)
}

/// Digits between the first and the last that is not 0.
#[cfg(feature = "xlsx")]
fn digits(text: &[u8]) -> usize {
    let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
    let first = digits.iter().position(|digit| *digit != b'0').unwrap_or(0);
    let last = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |at| at + 1);
    last - first
}

#[cfg(all(test, feature = "parquet", feature = "xlsx"))]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        for (text, scale, expected) in [
            ("1.50", 2, Some(150)),
            ("-0.05", 2, Some(-5)),
            ("7", 3, Some(7000)),
            ("1.505", 2, None),
            ("NaN", 2, None),
            ("Infinity", 2, None),
            ("99999999999999999999999999999999999999", 0, Some(10_i128.pow(38) - 1)),
            ("9999999999999999999999999999999999999999", 0, None),
            ("", 0, None),
        ] {
            assert_eq!(decimal(text.as_bytes(), scale), expected, "{text}");
        }
    }

    #[test]
    fn floats() {
        assert_eq!(float::<f64>(b"-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(float::<f64>(b"1e-300"), Some(1e-300));
        assert!(float::<f32>(b"NaN").is_some_and(f32::is_nan));
        assert_eq!(float::<f64>(b"infinity"), None);
        assert_eq!(float::<f64>(b""), None);
    }

    #[test]
    fn what_spreadsheets_keep() {
        for (text, is_float, expected) in [
            ("0", false, true),
            ("0.00", false, true),
            ("-0", true, false),
            ("123456789012345", false, true),
            ("1234567890123456", false, false),
            ("1234567890123450000", false, true),
            ("0.000000123456789012345", false, true),
            ("0.1234567890123456", false, false),
            ("0.30000000000000004", true, true),
            ("1e+300", true, true),
            ("5e-324", true, false),
            ("NaN", true, false),
            ("Infinity", false, false),
        ] {
            assert_eq!(is_kept_by_spreadsheets(text.as_bytes(), is_float), expected, "{text}");
        }
        assert!(!is_kept_by_spreadsheets(&b"9".repeat(400), false));
    }
}
