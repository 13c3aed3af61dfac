//! Numbers of a plan in few characters.

use crate::progress;

/// EXPLAIN counts blocks; those of nearly all servers have this many bytes.
const BLOCK: f64 = 8192.0;

/// `0.012 ms`, `85.2 ms`, `1234 ms`, `12.3 s`, `60 min`
pub fn time(milliseconds: f64) -> String {
    let ms = milliseconds;
    match ms.abs() {
        size if size < 0.9995 => format!("{ms:.3} ms"),
        size if size < 99.95 => format!("{ms:.1} ms"),
        size if size < 9999.5 => format!("{ms:.0} ms"),
        size if size < 300_000.0 => format!("{:.1} s", ms / 1000.0),
        _ => format!("{} min", count((ms / 60_000.0).round())),
    }
}

/// `12000`, `0.3`, `1.2M`, `1.0e20`
pub fn count(count: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let size = count.abs();
    if size < 99_999.5 {
        let whole = count.round();
        let is_part = size < 9.95 && (count - whole).abs() >= 0.05;
        return if is_part { format!("{count:.1}") } else { format!("{whole:.0}") };
    }
    let unit = UNITS.iter().find(|(unit, _)| size >= *unit * 0.9995).unwrap_or(&UNITS[3]);
    let number = count / unit.0;
    // No server counts so far, but a plan may come from anywhere.
    if number.is_nan() || number.abs() >= 99_999.5 {
        return format!("{count:.1e}");
    }
    let decimals = usize::from(number.abs() < 99.95);
    format!("{number:.decimals$}{}", unit.1)
}

/// `12%`, `<1%`
pub fn percent(part: f64) -> String {
    match part * 100.0 {
        percent if percent <= 0.0 => "0%".to_owned(),
        percent if percent < 0.5 => "<1%".to_owned(),
        percent => format!("{percent:.0}%"),
    }
}

/// A part that is nearly all is not rounded to all: `99.9%`
pub fn nearly(part: f64) -> String {
    match part * 100.0 {
        percent if !(99.0..100.0).contains(&percent) => format!("{percent:.0}%"),
        percent if percent < 99.9 => format!("{:.1}%", (percent * 10.0).floor() / 10.0),
        _ => "99.9%".to_owned(),
    }
}

/// What a number of kilobytes comes to.
pub fn kilobytes(count: f64) -> String {
    progress::size((count * 1024.0) as u64)
}

/// What a number of blocks comes to.
pub fn blocks(count: f64) -> String {
    progress::size((count * BLOCK) as u64)
}

/// How many times as much, or as little: `x120`, `/35`; nothing if it is about right.
pub fn factor(seen: f64, planned: f64, signs: (&str, &str)) -> String {
    let (seen, planned) = (seen.max(1.0), planned.max(1.0));
    if seen >= planned * 2.0 {
        format!("{}{}", signs.0, count(seen / planned))
    } else if planned >= seen * 2.0 {
        format!("{}{}", signs.1, count(planned / seen))
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let times = [
            0.0,
            0.9994,
            1.0,
            99.94,
            99.96,
            9999.4,
            12_345.0,
            299_999.0,
            3_600_000.0,
            1e308,
            -1e308,
        ];
        let shown = [
            "0.000 ms",
            "0.999 ms",
            "1.0 ms",
            "99.9 ms",
            "100 ms",
            "9999 ms",
            "12.3 s",
            "300.0 s",
            "60 min",
            "1.7e303 min",
            "-1.7e303 min",
        ];
        assert_eq!(times.map(time), shown);
        let counts = [
            0.0,
            0.33,
            1.0,
            1.5,
            66666.67,
            99_999.0,
            123_456.0,
            999_600.0,
            2.5e6,
            9e16,
            1e20,
            1e308,
            -1e308,
            -2.5e6,
            -3.0,
            f64::INFINITY,
            f64::NAN,
        ];
        let shown = [
            "0", "0.3", "1", "1.5", "66667", "99999", "123k", "1.0M", "2.5M", "90000T", "1.0e20",
            "1.0e308", "-1.0e308", "-2.5M", "-3", "inf", "NaN",
        ];
        assert_eq!(counts.map(count), shown);
        assert_eq!([0.0, 0.001, 0.5, 1.0].map(percent), ["0%", "<1%", "50%", "100%"]);
        assert_eq!([0.5, 0.991, 0.99999, 1.0].map(nearly), ["50%", "99.1%", "99.9%", "100%"]);
        let signs = ("x", "/");
        let factors = [(120.0, 1.0), (1.0, 35.0), (15.0, 10.0), (0.0, 1.0), (1e9, 1.0)];
        let shown = ["x120", "/35", "", "", "x1.0G"];
        assert_eq!(factors.map(|(seen, planned)| factor(seen, planned, signs)), shown);
        assert_eq!((kilobytes(6008.0), blocks(1.0)), ("5.9 MB".into(), "8.0 kB".into()));
    }
}
