//! Settings of roles and databases, as SET takes them. Pure.

use crate::catalog_query::literal;
use crate::encoding::Encoding;

/// Settings whose value is a list of names, quoted already where they are kept.
const LISTS: [&str; 7] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
    "createrole_self_grant",
];

/// `name TO value` of `name=value`; `quoted` is the name, quoted where it must be.
pub fn assignment(setting: &[u8], quoted: &[u8], encoding: Encoding) -> Vec<u8> {
    let at = memchr::memchr(b'=', setting).unwrap_or(setting.len());
    let (name, value) = setting.split_at(at);
    let value = value.strip_prefix(b"=").unwrap_or(value);
    let is_list = LISTS.iter().any(|list| name.eq_ignore_ascii_case(list.as_bytes()));
    let values = if is_list { items(value) } else { vec![value.to_vec()] };
    let values: Vec<Vec<u8>> = values.iter().map(|value| literal(value, encoding)).collect();
    // A name of two parts is kept as one.
    let name = match name.contains(&b'.') && !name.contains(&b'"') && is_plain(name) {
        true => name,
        false => quoted,
    };
    [name, b" TO ", &values.join(&b", "[..])].concat()
}

fn is_plain(name: &[u8]) -> bool {
    name.iter()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(byte))
}

/// The names of a list: `a, "b c"`.
fn items(list: &[u8]) -> Vec<Vec<u8>> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    let mut is_quoted = false;
    let mut bytes = list.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if is_quoted && bytes.peek() == Some(&b'"') => {
                bytes.next();
                item.push(b'"');
            }
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => items.push(std::mem::take(&mut item)),
            b' ' if !is_quoted && item.is_empty() => {}
            byte => item.push(byte),
        }
    }
    items.push(item);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments() {
        for (setting, quoted, expected) in [
            ("work_mem=4MB", "work_mem", "work_mem TO '4MB'"),
            ("search_path=a, \"B c\"", "search_path", "search_path TO 'a', 'B c'"),
            ("search_path=\"\"", "search_path", "search_path TO ''"),
            (
                "search_path=\"$user\", \"a\"\"b,c\"",
                "search_path",
                "search_path TO '$user', 'a\"b,c'",
            ),
            ("dsc.odd=a, b\nc", "\"dsc.odd\"", "dsc.odd TO 'a, b\nc'"),
            ("TimeZone=UTC", "\"TimeZone\"", "\"TimeZone\" TO 'UTC'"),
        ] {
            let found = assignment(setting.as_bytes(), quoted.as_bytes(), Encoding::Utf8);
            assert_eq!(String::from_utf8_lossy(&found), expected);
        }
    }
}
