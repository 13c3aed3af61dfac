//! Names of zones that may be meant by one that is none.

use super::compiled::names;
use crate::suggest::closeness::{MOST, closest};

/// The zones that may be meant: those of that city, or else those that are spelt nearly so.
pub fn close_names(name: &str) -> Vec<String> {
    let name = name.trim().replace(' ', "_");
    let typed_city = city(&name);
    let of_city = |wanted: &str| {
        let is_wanted = |known: &&str| city(known).eq_ignore_ascii_case(wanted);
        names("").filter(is_wanted).map(str::to_owned).take(MOST).collect::<Vec<_>>()
    };
    let mut found = of_city(typed_city);
    if found.is_empty() {
        found = closest(&name, names("")).into_iter().map(str::to_owned).collect();
    }
    if found.is_empty() {
        found = closest(typed_city, names("").map(city)).into_iter().flat_map(of_city).collect();
        found.truncate(MOST);
    }
    found
}

/// The last part of a name.
fn city(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meant() {
        for (name, expected) in [
            ("Europe/Belin", &["Europe/Berlin"][..]),
            ("berlin", &["Europe/Berlin"]),
            ("new york", &["America/New_York"]),
            ("Europe/Tokyo", &["Asia/Tokyo"]),
            ("Kolkatta", &["Asia/Kolkata"]),
            ("Nowhere/At_All", &[]),
            ("", &[]),
        ] {
            assert_eq!(close_names(name), expected, "{name}");
        }
    }
}
