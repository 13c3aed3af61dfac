//! Numbers as C's functions read them, and psql with those; and counts in words.

use std::borrow::Cow;
use std::fmt::Display;

/// `1 row`, `2 rows`
pub fn counted(count: impl Display + PartialEq + From<u8>, what: &str) -> String {
    format!("{count} {what}{}", if count == 1.into() { "" } else { "s" })
}

/// What follows the white space that a text begins with, a vertical tab included as in C.
fn without_space_before(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|b| !matches!(b, b' ' | b'\t'..=b'\r'));
    &text[start.unwrap_or(text.len())..]
}

/// The integer a text begins with, 0 if there is none, as C's atoi reads it.
pub fn leading_integer(text: &[u8]) -> i32 {
    integer_and_rest(text).map_or(0, |(value, _)| value)
}

/// The integer a text begins with, as C's `%d` reads it, and what follows: of what is too large the
/// lower 32 bits are left.
pub fn integer_and_rest(text: &[u8]) -> Option<(i32, &[u8])> {
    let text = without_space_before(text);
    let (negative, digits) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (digits, rest) = digits.split_at(digits.iter().take_while(|b| b.is_ascii_digit()).count());
    // Below zero there is room for one more.
    let value = digits
        .iter()
        .fold(0i64, |sum, digit| sum.saturating_mul(10).saturating_sub(i64::from(digit - b'0')));
    let value = if negative { value } else { value.saturating_neg() };
    (!digits.is_empty()).then_some((value as i32, rest))
}

/// Reads an integer as C's strtol does with base 0: white space, a sign, then decimal, 0x
/// hexadecimal or 0 octal digits, and nothing after.
pub fn parse_integer(value: &[u8]) -> Option<i32> {
    let text = std::str::from_utf8(without_space_before(value)).ok()?;
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = i64::from_str_radix(digits, base).ok()?;
    i32::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// Why a text is no floating-point number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDouble {
    /// It is not written as one, or is too small to be held exactly.
    Malformed,
    /// It is too large, or so small that nothing but zero is left.
    OutOfRange,
}

/// Reads a floating-point number as C's strtod does, white space before it allowed;
/// `decimal_point` is the locale's.
///
/// # Errors
/// Why there is none.
pub fn parse_double(text: &[u8], decimal_point: &[u8]) -> Result<f64, NotDouble> {
    let text = with_plain_point(without_space_before(text), decimal_point)?;
    let text = std::str::from_utf8(&text).map_err(|_| NotDouble::Malformed)?;
    let unsigned = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let text =
        if is_annotated_nan(&unsigned) { &text[..text.len() - unsigned.len() + 3] } else { text };
    if let Some(hexadecimal) = unsigned.strip_prefix("0x") {
        let magnitude = parse_hexadecimal(hexadecimal)?;
        return match &text[..text.len() - unsigned.len()] {
            "" | "+" => Ok(magnitude),
            "-" => Ok(-magnitude),
            _ => Err(NotDouble::Malformed),
        };
    }
    let number: f64 = text.parse().map_err(|_| NotDouble::Malformed)?;
    let digits = unsigned.split('e').next().unwrap_or_default();
    let is_zero = !digits.contains(|c| matches!(c, '1'..='9'));
    match number {
        _ if number.is_infinite() && !unsigned.starts_with("inf") => Err(NotDouble::OutOfRange),
        _ if number == 0.0 && !is_zero => Err(NotDouble::OutOfRange),
        _ if number.is_subnormal() => Err(NotDouble::Malformed),
        _ => Ok(number),
    }
}

/// `text` with a point for its decimal point.
fn with_plain_point<'a>(text: &'a [u8], decimal_point: &[u8]) -> Result<Cow<'a, [u8]>, NotDouble> {
    if decimal_point == b"." {
        return Ok(text.into());
    }
    if text.contains(&b'.') {
        return Err(NotDouble::Malformed);
    }
    Ok(match memchr::memmem::find(text, decimal_point) {
        Some(at) => [&text[..at], b".", &text[at + decimal_point.len()..]].concat().into(),
        None => text.into(),
    })
}

/// Whether this is a `nan` that tells which: `nan(1)`.
fn is_annotated_nan(text: &str) -> bool {
    let inner = text.strip_prefix("nan(").and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(|inner| inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// Reads what follows the `0x` of a floating-point number: `1.8p-4`.
fn parse_hexadecimal(text: &str) -> Result<f64, NotDouble> {
    let (digits, power) = match text.split_once('p') {
        Some((digits, power)) => (digits, parse_power(power)?),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(NotDouble::Malformed);
    }
    let mut number = 0.0;
    for digit in whole.chars().chain(fraction.chars()) {
        let digit = digit.to_digit(16).ok_or(NotDouble::Malformed)?;
        number = number * 16.0 + f64::from(digit);
    }
    let power = power - 4 * fraction.len() as i32;
    if number == 0.0 {
        return Ok(number);
    }
    // In two steps, so that neither leaves the range before the end.
    let scaled = number * 2f64.powi(power / 2) * 2f64.powi(power - power / 2);
    let in_range = scaled.is_finite() && scaled != 0.0;
    in_range.then_some(scaled).ok_or(NotDouble::OutOfRange)
}

/// Reads a power of two; none of a number is beyond 5000.
fn parse_power(text: &str) -> Result<i32, NotDouble> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NotDouble::Malformed);
    }
    let power = digits.parse().unwrap_or(i32::MAX).min(5000);
    Ok(if text.starts_with('-') { -power } else { power })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        assert_eq!([0u64, 1, 2].map(|n| counted(n, "row")), ["0 rows", "1 row", "2 rows"]);
    }

    #[test]
    fn leading_integers() {
        let cases: &[(&str, i32)] = &[
            ("", 0),
            ("x1", 0),
            (" 12x", 12),
            ("\t\n\u{b}\u{c}\r 3", 3),
            ("+5", 5),
            ("-1", -1),
            ("--1", 0),
            ("0x10", 0),
            ("1e3", 1),
            ("4294967297", 1),
            ("99999999999999999999", -1),
            ("-99999999999999999999", 0),
        ];
        for (text, expected) in cases {
            assert_eq!(leading_integer(text.as_bytes()), *expected, "{text}");
        }
    }

    #[test]
    fn white_space_before() {
        let space = "\t\n\u{b}\u{c}\r ";
        assert_eq!(parse_integer(format!("{space}0x10").as_bytes()), Some(16));
        assert_eq!(parse_double(format!("{space}.5").as_bytes(), b"."), Ok(0.5));
        assert_eq!(parse_integer(b"7 "), None);
        assert_eq!(parse_double(b".5\x0b", b"."), Err(NotDouble::Malformed));
    }

    #[test]
    fn doubles() {
        let malformed = Err(NotDouble::Malformed);
        let cases: &[(&str, &str, Result<f64, NotDouble>)] = &[
            ("1.5", ".", Ok(1.5)),
            ("1.5", ",", malformed),
            ("1,5e1", ",", Ok(15.0)),
            ("1,5,", ",", malformed),
            ("1,5", ".", malformed),
            ("-1\u{66b}5", "\u{66b}", Ok(-1.5)),
            ("0x1,8p1", ",", Ok(3.0)),
            ("0x1.8p+1", ".", Ok(3.0)),
            ("0x1p++1", ".", malformed),
            ("0x1p", ".", malformed),
            ("0x0p99999999999999999999", ".", Ok(0.0)),
            ("0x1p99999999999999999999", ".", Err(NotDouble::OutOfRange)),
            ("0x1p-99999999999999999999", ".", Err(NotDouble::OutOfRange)),
            ("1e99999999999999999999", ".", Err(NotDouble::OutOfRange)),
        ];
        for (text, point, expected) in cases {
            assert_eq!(parse_double(text.as_bytes(), point.as_bytes()), *expected, "{text}");
        }
        for text in ["nan", "-NaN", "nan()", "-nan(0x1_Z)"] {
            assert!(parse_double(text.as_bytes(), b".").is_ok_and(f64::is_nan), "{text}");
        }
        for text in ["nan(", "nan(a-b)", "nan(1)1", "inf(1)", "--nan(1)"] {
            assert_eq!(parse_double(text.as_bytes(), b"."), malformed, "{text}");
        }
    }
}
