//! Intervals as PostgreSQL writes them by itself (`IntervalStyle` postgres), and how long they are.

const SECOND: i128 = 1_000_000;
const DAY: i128 = 86_400 * SECOND;
/// PostgreSQL compares a month as so many days.
const MONTH: i128 = 30 * DAY;

/// Microseconds of `1 year 2 mons 3 days 04:05:06.789`, as PostgreSQL compares them.
pub(super) fn micros(value: &[u8]) -> Option<i128> {
    let text = std::str::from_utf8(value).ok()?;
    let mut total: i128 = 0;
    let mut words = text.split(' ');
    while let Some(word) = words.next() {
        if word.contains(':') {
            total += clock(word)?;
            continue;
        }
        let count: i64 = word.parse().ok()?;
        let unit = match words.next()? {
            "year" | "years" => 12 * MONTH,
            "mon" | "mons" => MONTH,
            "day" | "days" => DAY,
            _ => return None,
        };
        total += i128::from(count) * unit;
    }
    Some(total)
}

/// Microseconds of `-04:05:06.789`, `+02`, `12:00`.
pub(super) fn clock(text: &str) -> Option<i128> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse::<u32>().ok().map(i128::from) } else { None }
    };
    let mut total = 0;
    for (part, unit) in text.split(':').zip([3600 * SECOND, 60 * SECOND, SECOND]) {
        total += digits(part)? * unit;
    }
    if !fraction.is_empty() {
        total += digits(&format!("{fraction:0<6}"))?;
    }
    Some(sign * total)
}
