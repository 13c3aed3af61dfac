//! Names of scratch databases.

use super::error::Error;

/// The name of a session's own database, and of its owner, begins so, and ends with the lease's name.
pub(super) const PREFIX: &str = "scratch_";

/// Whether a database can be kept under this name.
///
/// # Errors
/// Why not.
pub(super) fn check(name: &str) -> Result<(), Error> {
    let rule = match name {
        "" => "it is empty".to_owned(),
        "postgres" | "template0" | "template1" => "it is the server's own".to_owned(),
        _ if name.len() > 63 => "it has more than 63 bytes".to_owned(),
        _ if name.starts_with(PREFIX) => format!("it begins with \"{PREFIX}\""),
        _ if name.contains(['/', '\\']) => "it is no name but a path".to_owned(),
        _ if name.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) => {
            "it has characters that can't be written".to_owned()
        }
        _ => return Ok(()),
    };
    let name = name.escape_debug();
    Err(Error::new(format!("invalid name \"{name}\" of a scratch database: {rule}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let good_or_bad = |name: &str, good| assert_eq!(check(name).is_ok(), good, "{name:?}");
        good_or_bad("shop", true);
        good_or_bad("Größe \"x\"", true);
        good_or_bad(&"n".repeat(63), true);
        good_or_bad("", false);
        good_or_bad(&"n".repeat(64), false);
        good_or_bad("a\0b", false);
        good_or_bad("scratch_1_1", false);
        good_or_bad("Template1", true);
        for own in ["postgres", "template0", "template1"] {
            good_or_bad(own, false);
        }
        for odd in ["a/b", "/", "../x", "a\\b", "a\nb", "a\u{1b}[2Jb", "a\u{fffd}"] {
            good_or_bad(odd, false);
        }
    }
}
