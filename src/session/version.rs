//! The server's version as a number, from the text it reports.

use crate::number::integer_and_rest;

/// `18.6` is 180006, `9.6.24` is 90624; what follows the numbers is ignored. libpq reads them
/// as C does, signs and blanks included, and computes with 32 bits.
pub fn number(text: &[u8]) -> i32 {
    let mut numbers = [0i32; 3];
    let mut count = 0;
    let mut rest = text;
    while let Some((number, after)) = integer_and_rest(rest) {
        numbers[count] = number;
        count += 1;
        match after {
            [b'.', after @ ..] if count < numbers.len() => rest = after,
            _ => break,
        }
    }
    let [major, minor, patch] = numbers;
    let two = |high: i32, low: i32| high.wrapping_mul(100).wrapping_add(low);
    match count {
        0 | 1 => two(two(major, 0), 0),
        // Since version 10 there are two numbers.
        2 if major >= 10 => two(two(major, 0), minor),
        _ => two(two(major, minor), patch),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    // What psql 18.6 shows as SERVER_VERSION_NUM.
    #[test]
    fn numbers() {
        for (text, expected) in [
            ("18.6", 180_006),
            ("18.6 (Debian 18.6-1)", 180_006),
            ("19beta1", 190_000),
            ("18.x", 180_000),
            ("18.006", 180_006),
            ("10.1.2", 100_102),
            ("9.6.24", 90_624),
            ("9.6.24.1", 90_624),
            ("9.6", 90_600),
            ("9.6 .24", 90_600),
            ("9.6. 24", 90_624),
            ("9.", 90_000),
            ("1.24.0/bouncer", 12_400),
            ("", 0),
            ("x18.6", 0),
            (".1", 0),
            ("\t18.6", 180_006),
            ("\x0b18. +6", 180_006),
            ("18 .6", 180_000),
            ("-18.6", -179_400),
            ("18.-6", 179_994),
            ("--9", 0),
            ("0x12.6", 0),
            ("99999.1", 999_990_001),
            ("214749.1", -2_147_477_295),
            ("2147483648", 0),
            ("18.4294967297", 180_001),
            ("99999999999999999999", -10_000),
            ("-99999999999999999999", 0),
        ] {
            assert_eq!(number(text.as_bytes()), expected, "{text:?}");
        }
    }
}
