//! Secrets in the arguments of programs: of `curl`, say.
//!
//! Owns the words that programs take secrets by. What is `name=value` or a URI is known to the room
//! above.

use super::name::is_secret_name;

/// Options that take `user:password` in the next word, or in the same.
const USER_OPTIONS: [&str; 6] = ["-u", "-U", "--user", "--proxy-user", "--auth", "--creds"];
/// Programs that take a secret by a letter, in the next word or in the same.
const LETTERS: [(&str, &str); 8] = [
    ("sshpass", "-p"),
    ("mysql", "-p"),
    ("mysqldump", "-p"),
    ("mariadb", "-p"),
    ("redis-cli", "-a"),
    ("ldapsearch", "-w"),
    ("docker", "-p"),
    ("7z", "-p"),
];
/// Headers of HTTP whose values are secrets, beside those with a secret's name.
const HEADERS: [&str; 4] = ["authorization", "cookie", "x-auth-key", "x-amz-security-token"];

/// Whether a command holds a secret as an argument.
pub(super) fn in_arguments(text: &[u8]) -> bool {
    let words = words(text);
    names_header(text)
        || (0..words.len()).any(|at| is_given(&words[..at], words[at], &words[at + 1..]))
}

/// The words, their quotes taken off: enough to tell one from the next.
fn words(text: &[u8]) -> Vec<&[u8]> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"'\"`|;&()".contains(byte);
    text.split(ends).filter(|word| !word.is_empty()).collect()
}

/// Whether a word is an option that gives a secret, or is one before it.
fn is_given(before: &[&[u8]], word: &[u8], behind: &[&[u8]]) -> bool {
    if !word.starts_with(b"-") {
        return false;
    }
    let next = behind.first().copied().filter(|next| !next.starts_with(b"-"));
    // --password x; of one letter, and of --password-file, nothing is known.
    if word.starts_with(b"--") && is_secret_name(word) && next.is_some() {
        return true;
    }
    for option in USER_OPTIONS {
        let Some(rest) = word.strip_prefix(option.as_bytes()) else { continue };
        let value = match rest {
            [] => next,
            [b'=', value @ ..] => Some(value),
            // --username is another.
            _ if option.starts_with("--") => None,
            value => Some(value),
        };
        if value.is_some_and(has_password) {
            return true;
        }
    }
    LETTERS.iter().any(|(program, letter)| {
        let rest = word.strip_prefix(letter.as_bytes());
        rest.is_some_and(|rest| !rest.is_empty() || next.is_some())
            && before.iter().any(|word| is_program(word, program))
    })
}

/// Whether this is `user:password`, or `user%password`.
fn has_password(value: &[u8]) -> bool {
    let Some(at) = value.iter().position(|byte| b":%".contains(byte)) else { return false };
    let (user, password) = (&value[..at], &value[at + 1..]);
    // Not a host with its port, a path or a URI.
    !user.contains(&b'/') && !password.is_empty() && !password.starts_with(b"//")
}

fn is_program(word: &[u8], program: &str) -> bool {
    word.rsplit(|byte| *byte == b'/').next() == Some(program.as_bytes())
}

/// Whether a header of HTTP stands there whose value is a secret: `Authorization: Bearer x`.
fn names_header(text: &[u8]) -> bool {
    memchr::memchr_iter(b':', text).any(|at| {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
        let from = text[..at].iter().rposition(|byte| !is_part(byte)).map_or(0, |at| at + 1);
        let name = String::from_utf8_lossy(&text[from..at]).to_ascii_lowercase();
        let value = text[at + 1..].trim_ascii_start();
        let is_value =
            value.len() < text.len() - at - 1 && value.first().is_some_and(|b| !b"'\"".contains(b));
        // A secret's name with a dash is no column's: PRIVATE-TOKEN, X-Api-Key.
        let is_header = HEADERS.contains(&name.as_str())
            || name.contains('-') && is_secret_name(name.as_bytes());
        is_header && is_value
    })
}
