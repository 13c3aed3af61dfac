//! A list of zones as `\pset display_timezone` takes it.

use super::compiled::spelling;
use super::posix;

/// More would make no table that anybody reads.
const MOST: usize = 8;

/// The names of the zones in `ZONE,ZONE...`, spelt as the database has them; none for `off` or
/// nothing.
///
/// # Errors
/// One of them is none, or there are too many; what is wrong.
pub fn parse_list(text: &[u8]) -> Result<Vec<String>, Vec<u8>> {
    let text = text.trim_ascii();
    if text.is_empty() || text.eq_ignore_ascii_case(b"off") {
        return Ok(Vec::new());
    }
    let lossy = String::from_utf8_lossy(text);
    let parts: Vec<&str> = lossy.split(',').map(str::trim).collect();
    let mut zones = Vec::new();
    let mut rest = &parts[..];
    while let Some((first, after)) = rest.split_first() {
        let (zone, left) = match after {
            // The days of a rule are behind commas, too.
            [from, to, left @ ..] if posix::is_strict(&[*first, from, to].join(",")) => {
                ([*first, from, to].join(","), left)
            }
            _ => (one(first)?, after),
        };
        if !zones.contains(&zone) {
            zones.push(zone);
        }
        rest = left;
    }
    if zones.len() > MOST {
        return Err(format!("\\pset: at most {MOST} time zones can be shown").into_bytes());
    }
    Ok(zones)
}

fn one(name: &str) -> Result<String, Vec<u8>> {
    match spelling(name) {
        Some(known) => Ok(known.to_owned()),
        None if posix::is_strict(name) => Ok(name.to_owned()),
        None => Err(format!("\\pset: unknown time zone \"{name}\"").into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        for (text, expected) in [
            ("", Ok(vec![])),
            ("OFF", Ok(vec![])),
            ("europe/berlin", Ok(vec!["Europe/Berlin"])),
            ("UTC, Asia/Tokyo,UTC", Ok(vec!["UTC", "Asia/Tokyo"])),
            ("EST5EDT,M3.2.0,M11.1.0,UTC", Ok(vec!["EST5EDT,M3.2.0,M11.1.0", "UTC"])),
            ("<+03>-3,UTC", Ok(vec!["<+03>-3", "UTC"])),
            ("UTC,", Err("\\pset: unknown time zone \"\"")),
            ("Europe/Belin", Err("\\pset: unknown time zone \"Europe/Belin\"")),
            ("A1,A2,A3,A4,A5,A6,A7,A8,A9", Err("\\pset: unknown time zone \"A1\"")),
            (
                "AAA1,AAA2,AAA3,AAA4,AAA5,AAA6,AAA7,AAA8,AAA9",
                Err("\\pset: at most 8 time zones can be shown"),
            ),
        ] {
            let found = parse_list(text.as_bytes());
            let expected =
                expected.map(|zones: Vec<&str>| zones.into_iter().map(str::to_owned).collect());
            assert_eq!(found, expected.map_err(|text: &str| text.as_bytes().to_vec()), "{text}");
        }
    }
}
