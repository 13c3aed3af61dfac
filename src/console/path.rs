//! Names of files as the user writes them: bytes, with `~` for a home directory.

use crate::account;
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// A name as the operating system takes it.
pub fn bytes_to_os(name: &[u8]) -> &OsStr {
    OsStr::from_bytes(name)
}

/// A path with `~` or `~USER` at its beginning resolved to a home directory, if there is one.
pub fn expand_tilde(name: &[u8]) -> Vec<u8> {
    let Some(rest) = name.strip_prefix(b"~") else { return name.to_vec() };
    let (user, rest) = rest.split_at(memchr::memchr(b'/', rest).unwrap_or(rest.len()));
    let home = match std::str::from_utf8(user) {
        Ok("") => dirs::home_dir(),
        Ok(user) => account::home(user),
        Err(_) => None,
    };
    match home {
        Some(home) => [&home.into_os_string().into_vec(), rest].concat(),
        None => name.to_vec(),
    }
}

/// The path as scripts are called in messages: `~` resolved, and without what leads nowhere
/// (`//`, `.`, `x/..`). Links are not looked at.
pub fn clean_path(name: &[u8]) -> Vec<u8> {
    shortened(&expand_tilde(name))
}

/// The path without what leads nowhere; a `~` that comes first then is a file's.
pub fn shortened(name: &[u8]) -> Vec<u8> {
    if name.is_empty() {
        return Vec::new();
    }
    let root: &[u8] = if name[0] == b'/' { b"/" } else { b"" };
    let mut steps: Vec<&[u8]> = Vec::new();
    for step in name.split(|&b| b == b'/').filter(|s| !matches!(*s, b"" | b".")) {
        match (step, steps.last()) {
            (b"..", Some(last)) if *last != b".." => {
                steps.pop();
            }
            (b"..", None) if !root.is_empty() => {}
            _ => steps.push(step),
        }
    }
    match [root, &steps.join(&b'/')].concat() {
        path if path.is_empty() => b".".to_vec(),
        path => path,
    }
}

/// The last part of a path.
pub fn base_name(path: &[u8]) -> String {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    String::from_utf8_lossy(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::clean_path;

    #[test]
    fn paths_lose_what_leads_nowhere() {
        for (given, expected) in [
            ("a.sql", "a.sql"),
            ("./a//b/./c/", "a/b/c"),
            ("a/../b", "b"),
            ("a/../../b", "../b"),
            ("../../b", "../../b"),
            ("/../a/..", "/"),
            ("a/..", "."),
            (".", "."),
            ("", ""),
        ] {
            assert_eq!(clean_path(given.as_bytes()), expected.as_bytes(), "{given}");
        }
    }
}
