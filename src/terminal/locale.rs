//! The process's locale: how it writes numbers and times, and its character set.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use super::sys;
use crate::print::NumericLocale;

/// Makes the environment's locale the process's, and returns how it writes numbers. To be called
/// first, while no other thread runs.
pub fn adopt() -> NumericLocale {
    if is_plain_locale(|name| std::env::var_os(name)) {
        return NumericLocale::default();
    }
    let found = sys::adopt_locale();
    let _ = CHARMAP.set(found.charmap);
    NumericLocale::new(&found.decimal_point, &found.separator, &found.grouping)
}

/// The locale's character set, as `locale charmap` names it; empty for the plain C locale.
static CHARMAP: OnceLock<Vec<u8>> = OnceLock::new();

/// What the adopted locale calls its character set: `ISO-8859-1`.
pub fn charmap() -> Vec<u8> {
    match CHARMAP.get() {
        Some(name) => name.clone(),
        None => {
            let names = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(std::env::var_os);
            let is_utf8 = names.into_iter().find(|n| !n.is_empty()).is_some_and(|n| n == "C.UTF-8");
            if is_utf8 { b"UTF-8".to_vec() } else { Vec::new() }
        }
    }
}

/// The time it is, as the locale writes date and time.
pub fn time_of_day() -> Vec<u8> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    sys::local_time(now.map_or(0, |now| now.as_secs() as i64), c"%c")
}

/// A time in seconds since 1970, as the clock here shows it: `2026-11-27 08:30:00`.
pub fn local_time(seconds: i64) -> Vec<u8> {
    sys::local_time(seconds, c"%Y-%m-%d %H:%M:%S")
}

/// The same as a part of a file's name: `20261127-083000`.
pub fn time_stamp(seconds: i64) -> Vec<u8> {
    sys::local_time(seconds, c"%Y%m%d-%H%M%S")
}

/// Whether the environment asks for nothing but the C locale, which every process has: scripts often
/// do, and it need not be loaded.
fn is_plain_locale(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> bool {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    let all = given("LC_ALL");
    given("LANGUAGE").is_none()
        && ["LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME"].into_iter().all(|category| {
            let name = all.clone().or_else(|| given(category)).or_else(|| given("LANG"));
            name.is_none_or(|name| name == "C" || name == "POSIX" || name == "C.UTF-8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_locales() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[], true),
            (&[("LANG", "")], true),
            (&[("LANG", "C.UTF-8")], true),
            (&[("LANG", "C.UTF-8"), ("LANGUAGE", "de")], false),
            (&[("LANG", "de_DE.UTF-8")], false),
            (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], true),
            (&[("LANG", "POSIX"), ("LC_NUMERIC", "de_DE.UTF-8")], false),
            (&[("LC_ALL", "C"), ("LC_NUMERIC", "de_DE.UTF-8")], true),
            (&[("LC_TIME", "de_DE.UTF-8")], false),
            (&[("LC_COLLATE", "de_DE.UTF-8")], true),
        ];
        for (variables, plain) in cases {
            let variable = |name: &str| {
                variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into())
            };
            assert_eq!(is_plain_locale(variable), *plain, "{variables:?}");
        }
    }
}
