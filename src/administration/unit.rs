//! Bare numbers of settings with their units, as SHOW has them.

/// How many of the smallest unit each is; the greatest that divides a value is shown.
const MEMORY: [(&str, i128); 5] =
    [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10), ("B", 1)];
const TIME: [(&str, i128); 6] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("min", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// The value of a setting that is stored in this unit, with the unit that suits it: `16384` in `8kB`
/// is `128MB`. What is no number stays as it is, and so does one that means something of its own (0,
/// or -1).
pub(super) fn shown(value: &str, unit: Option<&str>) -> String {
    let found = unit.and_then(|unit| with_unit(value, unit));
    found.unwrap_or_else(|| value.to_owned())
}

fn with_unit(value: &str, unit: &str) -> Option<String> {
    let name = unit.trim_start_matches(|c: char| c.is_ascii_digit());
    let times: f64 = match &unit[..unit.len() - name.len()] {
        "" => 1.0,
        number => number.parse().ok()?,
    };
    let units: &[(&str, i128)] = match MEMORY.iter().any(|(known, _)| *known == name) {
        true => &MEMORY,
        false => &TIME,
    };
    let (_, size) = units.iter().find(|(known, _)| *known == name)?;
    let smallest = value.parse::<f64>().ok()? * times * *size as f64;
    let whole = smallest.round();
    if whole <= 0.0 || (smallest - whole).abs() > 1e-6 * whole {
        return None;
    }
    let whole = whole as i128;
    let (name, size) = units.iter().find(|(_, size)| whole % size == 0)?;
    Some(format!("{}{name}", whole / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_show_has_them() {
        for (value, unit, expected) in [
            ("16384", Some("8kB"), "128MB"),
            ("4096", Some("kB"), "4MB"),
            ("1000", Some("kB"), "1000kB"),
            ("1024", Some("MB"), "1GB"),
            ("300", Some("s"), "5min"),
            ("86400", Some("s"), "1d"),
            ("200", Some("ms"), "200ms"),
            ("0.5", Some("ms"), "500us"),
            ("2", Some("ms"), "2ms"),
            ("1440", Some("min"), "1d"),
            ("-1", Some("kB"), "-1"),
            ("0", Some("ms"), "0"),
            ("on", None, "on"),
            ("100", None, "100"),
            ("odd", Some("kB"), "odd"),
            ("12", Some("moons"), "12"),
        ] {
            assert_eq!(shown(value, unit), expected, "{value} {unit:?}");
        }
    }
}
