//! Where an error stands in what was typed.

/// The place in an entry, in bytes, of an error that the server found in a query sent for it; the
/// server's position counts characters, from 1. `None` if the query is not there as it was sent:
/// what a variable stood for isn't, up to where the error is.
pub fn in_entry(entry: &str, query: &[u8], position: &[u8]) -> Option<usize> {
    let query = std::str::from_utf8(query).ok()?;
    let position: usize = std::str::from_utf8(position).ok()?.parse().ok()?;
    let mut places = query.char_indices().map(|(at, _)| at).chain([query.len()]);
    let place = places.nth(position.checked_sub(1)?)?;
    // What stands at the error is part of what is looked for.
    let rest = &query[place..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let start = entry.find(&query[..place + word])?;
    Some(start + place)
}

#[cfg(test)]
mod tests {
    use super::in_entry;

    #[test]
    fn places() {
        for (entry, query, position, place) in [
            ("selct 1;", "selct 1", "1", Some(0)),
            ("select 'ü', x;", "select 'ü', x", "13", Some(13)),
            ("select 1; select x;", "select x", "8", Some(17)),
            ("  select x \\g", "select x", "8", Some(9)),
            ("select x from :t;", "select x from t", "8", Some(7)),
            ("select x from :t;", "select x from t", "15", None),
            ("select", "select", "7", Some(6)),
            ("select", "select", "8", None),
            ("select", "select", "0", None),
            ("select", "select", "", None),
        ] {
            assert_eq!(in_entry(entry, query.as_bytes(), position.as_bytes()), place, "{query}");
        }
        assert_eq!(in_entry("x", b"\xff", b"1"), None);
    }
}
