//! Connection service files: `[name]`, then a line per keyword.

use super::blank::{is_space, trim_start};
use super::error::Error;
use super::keyword;
use super::settings::Settings;

/// The longest line, with its newline.
const MAX_LINE: usize = 1022;

/// The settings of service `name` in the file's text, `None` if it isn't there. `path` is for
/// messages.
///
/// # Errors
/// psql's text.
pub fn find(text: &[u8], path: &[u8], name: &[u8]) -> Result<Option<Settings>, Error> {
    let mut found: Option<Settings> = None;
    for (index, line) in text.split_inclusive(|b| *b == b'\n').enumerate() {
        if line.len() > MAX_LINE {
            let before = format!("line {} too long in service file", index + 1);
            return Err(Error::about(&before, path, ""));
        }
        // As psql sees it, a line ends at a NUL.
        let line = line.split(|b| *b == 0).next().unwrap_or_default();
        let end = line.iter().rposition(|b| !is_space(*b)).map_or(0, |last| last + 1);
        let line = trim_start(&line[..end]);
        let wrong = |before: &str| Error::about(before, path, &format!(", line {}", index + 1));
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        if let Some(section) = line.strip_prefix(b"[") {
            if found.is_some() {
                break;
            }
            if section.strip_prefix(name).is_some_and(|rest| rest.starts_with(b"]")) {
                found = Some(Settings::default());
            }
            continue;
        }
        let Some(settings) = &mut found else { continue };
        let Some(equals) = memchr::memchr(b'=', line) else {
            return Err(wrong("syntax error in service file"));
        };
        let (key, value) = (&line[..equals], &line[equals + 1..]);
        if key == b"service" {
            return Err(wrong("nested service specifications not supported in service file"));
        }
        // `requiressl` was never one of a service file's.
        let known = keyword::KEYWORDS.iter().find(|(known, _)| known.as_bytes() == key);
        let Some((keyword, _)) = known else {
            return Err(wrong("syntax error in service file"));
        };
        // The first of several wins.
        if settings.given(keyword).is_none() {
            settings.set(keyword, value);
        }
    }
    Ok(found)
}
