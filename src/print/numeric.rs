//! `\pset numericlocale`: digits in groups.

/// Puts `text`, a number, with separators between groups of digits into `to`. What holds other
/// characters than a number's is left as it is.
///
/// The shell runs in the C locale, where psql groups by three with a comma.
pub(super) fn group_digits(text: &[u8], to: &mut Vec<u8>) {
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
        if at > 0 && (digits - at) % 3 == 0 {
            to.push(b',');
        }
        to.push(digit);
    }
    to.extend_from_slice(rest);
}
