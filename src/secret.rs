//! Whether what was typed holds a secret: a password, a key, a token.
//!
//! Owns the names that secrets go by and the places they stand in: SQL (`PASSWORD '...'`, options
//! of user mappings, settings), connection strings and URIs wherever text holds one, and the
//! arguments of meta-commands, programs for the operating system among them. It reads tokens, so
//! blanks, comments, line breaks and the kind of quotes make no difference. In doubt it says yes: a
//! line that is not kept can be typed again, one that is kept may be read by others.

mod name;
mod program;

use name::is_secret_name;

use crate::completion::token::{Kind, Token, tokens};
use crate::encoding::Encoding;
use crate::lexer::plain_argument;

/// How deep texts within texts are searched: strings, and strings in those.
const DEPTH: usize = 4;

/// Whether a statement or a meta-command seems to hold a secret.
pub fn holds_secret(text: &[u8]) -> bool {
    in_sql(text, 0)
}

fn in_sql(text: &[u8], depth: usize) -> bool {
    let tokens = tokens(text);
    if depth == 0 && in_commands(text, &tokens) {
        return true;
    }
    let sql: Vec<&Token> = tokens
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Comment | Kind::MetaCommand | Kind::Argument))
        .collect();
    (0..sql.len()).any(|at| is_given(text, &sql[at..]))
        || sets_role_password(text, &sql)
        || tokens.iter().any(|token| in_token(text, token, depth))
}

/// Whether a meta-command holds a secret.
fn in_commands(text: &[u8], tokens: &[Token]) -> bool {
    // The end of the line that a command takes as a whole.
    let mut taken = 0;
    for (at, command) in tokens.iter().enumerate() {
        if command.kind != Kind::MetaCommand || command.start < taken {
            continue;
        }
        let arguments = arguments(&tokens[at + 1..]);
        let mut end = arguments.last().map_or(command.end, |last| last.end);
        let program = arguments.iter().any(|argument| argument.text(text).starts_with(b"|"));
        if program || matches!(command.text(text), b"\\!" | b"\\copy") {
            let line = memchr::memchr(b'\n', &text[command.end..]);
            end = end.max(line.map_or(text.len(), |at| command.end + at));
            taken = end;
        }
        if in_command(&command.text(text)[1..], &text[command.end..end], text, arguments) {
            return true;
        }
    }
    false
}

/// The arguments that follow a meta-command.
fn arguments(tokens: &[Token]) -> &[Token] {
    let count = tokens.iter().take_while(|token| token.kind == Kind::Argument).count();
    &tokens[..count]
}

/// Whether a string, a quoted name or a comment holds a secret in itself.
fn in_token(text: &[u8], token: &Token, depth: usize) -> bool {
    match token.kind {
        Kind::String | Kind::Identifier | Kind::Comment => {
            in_text(&content(token.text(text)), depth + 1)
        }
        // Read as SQL, which it may only look like.
        Kind::Variable => in_text(token.text(text), DEPTH),
        Kind::Argument if depth > 0 => in_text(token.text(text), depth + 1),
        _ => false,
    }
}

/// Whether a text of any kind holds one: a connection string, a URI, a command, SQL.
fn in_text(text: &[u8], depth: usize) -> bool {
    let decoded = text.contains(&b'%').then(|| percent_decoded(text));
    let mut readings = [Some(text), decoded.as_deref()].into_iter().flatten();
    readings
        .any(|text| assigns_secret(text) || has_uri_password(text) || program::in_arguments(text))
        || depth < DEPTH && in_sql(text, depth)
}

/// Whether a meta-command holds a secret: its arguments as written in `line`, and as tokens.
fn in_command(name: &[u8], line: &[u8], text: &[u8], arguments: &[Token]) -> bool {
    if name == b"password" {
        return true;
    }
    let values: Vec<Vec<u8>> = arguments
        .iter()
        .map(|argument| {
            let argument = argument.text(text);
            plain_argument(argument, Encoding::Utf8).unwrap_or_else(|| argument.to_vec())
        })
        .collect();
    if matches!(name, b"setenv" | b"set") {
        let is_secret = values.first().is_some_and(|name| is_secret_name(name));
        if is_secret && values.len() > 1 {
            return true;
        }
    }
    // Lines written to a password file.
    let redirected = line.contains(&b'>') || memchr::memmem::find(line, b"tee ").is_some();
    if redirected && memchr::memmem::find(line, b"pgpass").is_some() {
        return true;
    }
    in_text(line, 1) || values.iter().any(|value| in_text(value, 1))
}

/// Whether the first token is a secret's name and the next give its value.
fn is_given(text: &[u8], sql: &[&Token]) -> bool {
    let [name, rest @ ..] = sql else { return false };
    let named = match name.kind {
        Kind::Word => is_secret_name(name.text(text)),
        Kind::Identifier | Kind::String => is_secret_name(&content(name.text(text))),
        _ => false,
    };
    if !named {
        return false;
    }
    let Some(next) = rest.first() else { return false };
    let is_value = |token: &Token| match token.kind {
        Kind::String => true,
        Kind::Variable => token.text(text).starts_with(b":"),
        _ => false,
    };
    match next.kind {
        // PASSWORD 'x'; 'password' 'x' is one string.
        Kind::String => name.kind != Kind::String,
        Kind::Variable => is_value(next),
        // { "password": "x" }
        Kind::Symbol if next.text(text) == b":" && name.kind == Kind::Identifier => true,
        // set_config('x.password', 'y', ...)
        Kind::Symbol if next.text(text) == b"," => {
            name.kind == Kind::String && rest.get(1).is_some_and(|token| is_value(token))
        }
        Kind::Word if next.text(text).eq_ignore_ascii_case(b"to") => {
            value_holds_literal(text, &rest[1..])
        }
        Kind::Symbol if next.text(text).iter().all(|byte| b":=<>!".contains(byte)) => {
            value_holds_literal(text, &rest[1..])
        }
        _ => false,
    }
}

/// Whether a literal stands in the expression that the tokens begin with.
fn value_holds_literal(text: &[u8], tokens: &[&Token]) -> bool {
    const ENDS: [&[u8]; 8] =
        [b"and", b"or", b"from", b"where", b"returning", b"order", b"group", b"limit"];
    let mut depth = 0;
    for token in tokens {
        match (token.kind, token.text(text)) {
            (Kind::String | Kind::Number, _) => return true,
            (Kind::Variable, variable) if variable.starts_with(b":") => return true,
            (Kind::Symbol, b"(" | b"[") => depth += 1,
            (Kind::Symbol, b")" | b"]") if depth == 0 => return false,
            (Kind::Symbol, b")" | b"]") => depth -= 1,
            (Kind::Symbol, b";") => return false,
            (Kind::Symbol, b",") if depth == 0 => return false,
            (Kind::Word, word) if depth == 0 && ENDS.contains(&&word.to_ascii_lowercase()[..]) => {
                return false;
            }
            _ => {}
        }
    }
    false
}

/// Whether the tokens create or alter a role with a password, in whatever form it follows.
fn sets_role_password(text: &[u8], sql: &[&Token]) -> bool {
    let is = |token: &Token, words: &[&str]| {
        let text = token.text(text);
        words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
    };
    let mut role = false;
    for (at, token) in sql.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
        let next = sql.get(at + 1);
        if is(token, &["create", "alter"]) {
            role = next.is_some_and(|next| is(next, &["role", "user", "group"]));
        } else if role && is(token, &["password"]) {
            return next.is_none_or(|next| !is(next, &["null", ";"]));
        }
    }
    false
}

/// Whether a secret's name stands before an equals sign, and anything behind it.
fn assigns_secret(text: &[u8]) -> bool {
    memchr::memchr_iter(b'=', text).any(|at| {
        let before = text[..at].trim_ascii_end();
        let before = before.strip_suffix(b"'").or(before.strip_suffix(b"\"")).unwrap_or(before);
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
        let from = before.iter().rposition(|byte| !is_part(byte)).map_or(0, |at| at + 1);
        let after = text[at + 1..].trim_ascii_start();
        is_secret_name(&before[from..]) && !matches!(after, [] | b"'" | b"''" | b"\"")
    })
}

/// Whether a URI names a user with a password: `scheme://user:password@host`.
fn has_uri_password(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"://").any(|at| {
        let rest = &text[at + 3..];
        let Some(colon) = memchr::memchr(b':', rest) else { return false };
        let user = &rest[..colon];
        // A user's name has none of these; so this is no port behind a host.
        let is_user = !user.iter().any(|byte| byte.is_ascii_whitespace() || b"@/?#".contains(byte));
        let secret = &rest[colon + 1..];
        let end = secret.iter().position(|byte| *byte == b'\n').unwrap_or(secret.len());
        // A password may hold blanks, but behind other schemes a blank ends the argument.
        let ours = text[..at].to_ascii_lowercase().ends_with(b"postgres")
            || text[..at].to_ascii_lowercase().ends_with(b"postgresql");
        let blank = secret[..end].iter().position(u8::is_ascii_whitespace).filter(|_| !ours);
        is_user && secret[..blank.unwrap_or(end)].contains(&b'@')
    })
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, digits(text, at + 1, 2)) {
            (b'%', Some(code)) => {
                out.push(code as u8);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// The number that `count` hexadecimal digits at a place stand for.
fn digits(text: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = std::str::from_utf8(text.get(at..at + count)?).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}

/// What is in a string, a quoted name or a comment, its quotes and escapes resolved.
fn content(token: &[u8]) -> Vec<u8> {
    let quote = token.iter().position(|byte| matches!(byte, b'\'' | b'"' | b'$'));
    match (token, quote) {
        ([b'-', b'-', rest @ ..] | [b'/', b'*', rest @ ..], _) => {
            rest.strip_suffix(b"*/").unwrap_or(rest).to_vec()
        }
        (_, Some(at)) if token[at] == b'$' => {
            let tag = memchr::memchr(b'$', &token[1..]).map_or(token.len(), |end| end + 2);
            let body = &token[tag..];
            body.strip_suffix(&token[..tag]).unwrap_or(body).to_vec()
        }
        (_, Some(at)) => {
            let quote = token[at];
            let body = &token[at + 1..];
            let body = body.strip_suffix(&[quote]).unwrap_or(body);
            unescaped(body, quote, at > 0)
        }
        (_, None) => token.to_vec(),
    }
}

/// The text with doubled quotes halved, and, where there are any, escapes of E'...' and U&'...'.
fn unescaped(body: &[u8], quote: u8, escapes: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(&byte) = body.get(at) {
        at += 1;
        if byte == quote && body.get(at) == Some(&quote) {
            at += 1;
        }
        if byte != b'\\' || !escapes {
            out.push(byte);
            continue;
        }
        let (skipped, count) = match body.get(at) {
            Some(b'x') => (1, 2),
            Some(b'u') => (1, 4),
            Some(b'U') => (1, 8),
            Some(b'+') => (1, 6),
            _ => (0, 4),
        };
        match digits(body, at + skipped, count).and_then(char::from_u32) {
            Some(c) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += skipped + count;
            }
            None => {
                out.extend(body.get(at));
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
