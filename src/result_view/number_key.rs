//! Decimal numbers of any length as bytes that compare as they do.

/// What stands before the digits, the least first.
const MINUS_INFINITY: u8 = 0;
const NEGATIVE: u8 = 1;
const ZERO: u8 = 2;
const POSITIVE: u8 = 3;
const INFINITY: u8 = 4;
/// PostgreSQL has it behind all others.
const NOT_A_NUMBER: u8 = 5;

/// Appends the key of `-12.5e+20`, `Infinity` or `NaN`; `None` if it is no number.
pub(super) fn write_number(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let special = match value {
        b"NaN" => Some(NOT_A_NUMBER),
        b"Infinity" => Some(INFINITY),
        b"-Infinity" => Some(MINUS_INFINITY),
        _ => None,
    };
    if let Some(special) = special {
        out.push(special);
        return Some(());
    }
    let (is_negative, value) = match value.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    let (mantissa, exponent) = match value.iter().position(|byte| b"eE".contains(byte)) {
        Some(at) => {
            let exponent = std::str::from_utf8(&value[at + 1..]).ok()?;
            (&value[..at], exponent.parse::<i16>().ok()?.into())
        }
        None => (value, 0),
    };
    let (whole, fraction) = match mantissa.iter().position(|byte| *byte == b'.') {
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, &b""[..]),
    };
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    write_digits(is_negative, &digits, exponent - i32::try_from(fraction.len()).ok()?, out)
}

/// Appends the key of a number of these digits, times ten to the `exponent`.
pub(super) fn write_digits(
    is_negative: bool,
    digits: &[u8],
    exponent: i32,
    out: &mut Vec<u8>,
) -> Option<()> {
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    let significant = &digits[leading..];
    if significant.is_empty() {
        out.push(ZERO);
        return Some(());
    }
    let trailing = significant.iter().rev().take_while(|digit| **digit == b'0').count();
    // Where the point stands before the first digit: more is larger.
    let magnitude = i32::try_from(significant.len()).ok()?.checked_add(exponent)?;
    out.push(if is_negative { NEGATIVE } else { POSITIVE });
    let from = out.len();
    out.extend_from_slice(&(magnitude as u32 ^ (1 << 31)).to_be_bytes());
    out.extend_from_slice(&significant[..significant.len() - trailing]);
    out.push(0);
    if is_negative {
        out[from..].iter_mut().for_each(|byte| *byte = !*byte);
    }
    Some(())
}
