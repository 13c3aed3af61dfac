//! `postgresql://user:password@host:port,host:port/dbname?keyword=value&keyword=value`

use super::error::Error;
use super::keyword;
use super::settings::Settings;

/// Whether this is a connection URI.
pub fn is_uri(text: &[u8]) -> bool {
    without_scheme(text).is_some()
}

fn without_scheme(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"postgresql://").or_else(|| text.strip_prefix(b"postgres://"))
}

/// Settings from a URI.
pub fn parse(uri: &[u8]) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    let (user, mut rest) = user_info(without_scheme(uri).unwrap_or(uri));
    let (user, password) = split(user.unwrap_or_default(), b':');
    set(&mut settings, "user", user)?;
    set(&mut settings, "password", password.unwrap_or_default())?;

    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    loop {
        let (host, after) = host(uri, rest)?;
        hosts.extend_from_slice(host);
        rest = after;
        if let Some(after) = rest.strip_prefix(b":") {
            let (port, after) = before_any(after, b"/?,");
            ports.extend_from_slice(port);
            rest = after;
        }
        let Some(after) = rest.strip_prefix(b",") else { break };
        hosts.push(b',');
        ports.push(b',');
        rest = after;
    }
    set(&mut settings, "host", &hosts)?;
    set(&mut settings, "port", &ports)?;

    if let Some(after) = rest.strip_prefix(b"/") {
        let (dbname, after) = before_any(after, b"?");
        set(&mut settings, "dbname", dbname)?;
        rest = after;
    }
    if let Some(query) = rest.strip_prefix(b"?") {
        parameters(query, &mut settings)?;
    }
    Ok(settings)
}

/// What stands before the `@`, if there is one, and what follows.
fn user_info(text: &[u8]) -> (Option<&[u8]>, &[u8]) {
    match text.iter().position(|b| matches!(b, b'@' | b'/')) {
        Some(at) if text[at] == b'@' => (Some(&text[..at]), &text[at + 1..]),
        _ => (None, text),
    }
}

/// A URI as messages show it: without its secrets.
fn shown(uri: &[u8]) -> Vec<u8> {
    let text = without_scheme(uri).unwrap_or(uri);
    let mut shown = uri[..uri.len() - text.len()].to_vec();
    let (user, rest) = user_info(text);
    if let Some(user) = user {
        let (name, password) = split(user, b':');
        shown.extend_from_slice(name);
        if password.is_some() {
            shown.extend_from_slice(&[b":", keyword::STARS].concat());
        }
        shown.push(b'@');
    }
    let (place, query) = split(rest, b'?');
    shown.extend_from_slice(place);
    let mut before = b'?';
    for pair in query.into_iter().flat_map(|query| query.split(|b| *b == b'&')) {
        shown.push(before);
        before = b'&';
        let (key, value) = split(pair, b'=');
        shown.extend_from_slice(key);
        if let Some(value) = value {
            let known = decode(key, false).unwrap_or_default();
            let value = if keyword::is_secret(&known) { keyword::STARS } else { value };
            shown.extend_from_slice(&[b"=", value].concat());
        }
    }
    shown
}

/// A host up to its port, the next host, the database or the parameters; an IPv6 address without
/// its brackets.
fn host<'a>(uri: &[u8], text: &'a [u8]) -> Result<(&'a [u8], &'a [u8]), Error> {
    let Some(inside) = text.strip_prefix(b"[") else { return Ok(before_any(text, b":/?,")) };
    let (host, after) = before_any(inside, b"]");
    let Some(after) = after.strip_prefix(b"]") else {
        return Err(Error::about(
            "end of string reached when looking for matching \"]\" in IPv6 host address in URI:",
            &shown(uri),
            "",
        ));
    };
    if host.is_empty() {
        return Err(Error::about("IPv6 host address may not be empty in URI:", &shown(uri), ""));
    }
    match after.first() {
        None | Some(b':' | b'/' | b'?' | b',') => Ok((host, after)),
        Some(other) => Err(Error::new(&[
            b"unexpected character \"",
            &[*other],
            format!(
                "\" at position {} in URI (expected \":\" or \"/\"): \"",
                uri.len() - after.len() + 1
            )
            .as_bytes(),
            &shown(uri),
            b"\"",
        ])),
    }
}

/// `keyword=value&keyword=value`
fn parameters(query: &[u8], settings: &mut Settings) -> Result<(), Error> {
    let mut rest = Some(query).filter(|query| !query.is_empty());
    let mut after_secret = false;
    while let Some(text) = rest {
        let (pair, after) = split(text, b'&');
        // A trailing `&` is allowed.
        rest = after.filter(|after| !after.is_empty());
        let (key, value) = split(pair, b'=');
        let Some(value) = value else {
            // Behind a password with an `&` in it, this may be the rest of the password.
            let shown = if after_secret { keyword::STARS } else { key };
            return Err(Error::about(
                "missing key/value separator \"=\" in URI query parameter:",
                shown,
                "",
            ));
        };
        if value.contains(&b'=') {
            return Err(Error::about(
                "extra key/value separator \"=\" in URI query parameter:",
                key,
                "",
            ));
        }
        let key = decode(key, false)?;
        after_secret = keyword::is_secret(&key);
        let value = decode(value, after_secret)?;
        // JDBC's way to write it.
        let known = match (key.as_slice(), value.as_slice()) {
            (b"ssl", b"true") => Some(("sslmode", b"require".to_vec())),
            _ => keyword::translate(&key, value),
        };
        let Some((keyword, value)) = known else {
            return Err(Error::about("invalid URI query parameter:", &key, ""));
        };
        settings.set(keyword, value);
    }
    Ok(())
}

/// Sets a keyword, decoded, unless it is empty.
fn set(settings: &mut Settings, keyword: &str, value: &[u8]) -> Result<(), Error> {
    if !value.is_empty() {
        settings.set(keyword, decode(value, keyword::is_secret(keyword.as_bytes()))?);
    }
    Ok(())
}

/// What is before the first `byte`, and behind it.
fn split(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match memchr::memchr(byte, text) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// What is before the first of `bytes`, and the rest.
fn before_any<'a>(text: &'a [u8], bytes: &[u8]) -> (&'a [u8], &'a [u8]) {
    text.split_at(text.iter().position(|b| bytes.contains(b)).unwrap_or(text.len()))
}

/// Percent-decodes. Spaces are allowed at both ends, but not inside; errors don't show a secret.
fn decode(text: &[u8], secret: bool) -> Result<Vec<u8>, Error> {
    let shown = if secret { keyword::STARS } else { text };
    let start = text.iter().position(|b| *b != b' ').unwrap_or(text.len());
    let end = text.iter().rposition(|b| *b != b' ').map_or(start, |last| last + 1);
    let inner = &text[start..end];
    let digit = |at: usize| inner.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut decoded = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(&byte) = inner.get(at) {
        match byte {
            b'%' => {
                let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) else {
                    return Err(Error::about("invalid percent-encoded token:", shown, ""));
                };
                if (high, low) == (0, 0) {
                    let before = "forbidden value %00 in percent-encoded value:";
                    return Err(Error::about(before, shown, ""));
                }
                decoded.push((high * 16 + low) as u8);
                at += 2;
            }
            b' ' => {
                let after = ", use percent-encoded spaces (%20) instead";
                return Err(Error::about("unexpected spaces found in", shown, after));
            }
            _ => decoded.push(byte),
        }
        at += 1;
    }
    Ok(decoded)
}
