//! A number per second, in few digits.

/// As few digits as tell it: `0`, `0.25`, `12.5`, `1234`.
pub(super) fn rate(number: f64) -> String {
    let decimals = match number.abs() {
        0.0..10.0 => 2,
        10.0..1000.0 => 1,
        _ => 0,
    };
    let text = format!("{number:.decimals$}");
    let trimmed = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    if trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        for (number, expected) in [
            (0.0, "0"),
            (-0.001, "0"),
            (0.25, "0.25"),
            (2.0, "2"),
            (12.34, "12.3"),
            (-1234.5, "-1234"),
            (100.0, "100"),
            (1e6, "1000000"),
        ] {
            assert_eq!(rate(number), expected);
        }
    }
}
