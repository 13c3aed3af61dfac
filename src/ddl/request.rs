//! What was asked for: `[-secrets] [KIND] NAME`, read.

use super::kind::Kind;
use super::traits::{Detail, KINDS};

/// Whether passwords and the like are written out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// Stars stand in their place.
    #[default]
    Masked,
    /// They are written as they are.
    Shown,
}

/// Whether what depends on an object is written too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dependents {
    /// The object and its parts alone.
    #[default]
    Left,
    /// All that depends on it as well.
    Added,
}

/// The object that is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Its kind, if that was said.
    pub kind: Option<Kind>,
    /// The pattern that its name matches, as typed.
    pub name: Vec<u8>,
    /// The types of its arguments, if said: `int, text` of `f(int, text)`.
    pub arguments: Option<Vec<u8>>,
    /// What it is on, of or for: `t` of `trigger x on t`.
    pub other: Option<Vec<u8>>,
}

/// What was typed behind `\ddl`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The object.
    pub target: Target,
    /// What becomes of passwords.
    pub secrets: Secrets,
}

impl Target {
    /// Whether its name holds a wildcard outside quotes.
    pub fn is_pattern(&self) -> bool {
        // An operator is made of such characters, and only `*` alone stands for all of them.
        if self.kind == Some(Kind::Operator) && self.name.trim_ascii() != b"*" {
            return self.name.ends_with(b".*");
        }
        self.name.is_empty() || unquoted(&self.name).any(|at| b"*?|[".contains(&self.name[at]))
    }
}

/// Reads what was typed.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &[u8]) -> Result<Request, &'static str> {
    let mut rest = trim(text);
    let mut secrets = Secrets::Masked;
    if let Some(after) = strip_words(rest, "-secrets") {
        secrets = Secrets::Shown;
        rest = after;
    }
    if rest.is_empty() {
        return Err("missing required argument");
    }
    let target = match kind(rest) {
        Some((kind, name)) => of_kind(kind, name)?,
        None => with_arguments(Target { name: rest.to_vec(), ..Target::default() }),
    };
    Ok(Request { target, secrets })
}

/// The kind that the text begins with, if a name follows, and the name.
fn kind(text: &[u8]) -> Option<(Kind, &[u8])> {
    let words =
        KINDS.iter().flat_map(|traits| traits.words.iter().map(|word| (traits.kind, *word)));
    words
        .filter_map(|(kind, word)| Some((kind, strip_words(text, word)?, word.len())))
        .filter(|(_, name, _)| !name.is_empty())
        .max_by_key(|(.., length)| *length)
        .map(|(kind, name, _)| (kind, name))
}

fn of_kind(kind: Kind, name: &[u8]) -> Result<Target, &'static str> {
    let target = |name: &[u8], other: Option<&[u8]>| Target {
        kind: Some(kind),
        name: trim(name).to_vec(),
        other: other.map(|other| trim(other).to_vec()),
        arguments: None,
    };
    let name = strip_words(name, "for").filter(|rest| !rest.is_empty()).unwrap_or(name);
    let words = match kind.traits().detail {
        Detail::None => return Ok(target(name, None)),
        Detail::Arguments(_) => return Ok(with_arguments(target(name, None))),
        Detail::Other(words, _) | Detail::Types(words, ..) | Detail::TypeAndName(words, ..) => {
            words
        }
    };
    let inner = name.strip_prefix(b"(").and_then(|inner| inner.strip_suffix(b")"));
    let name = inner.filter(|_| kind == Kind::Cast).unwrap_or(name);
    match words.iter().find_map(|word| split_at_words(name, word)) {
        Some((name, other)) => Ok(target(name, Some(other))),
        None if kind == Kind::Cast && name != b"*" => Err("a cast is named (TYPE AS TYPE)"),
        None => Ok(target(name, None)),
    }
}

/// Takes the arguments in brackets from the name.
fn with_arguments(mut target: Target) -> Target {
    let open = unquoted(&target.name).find(|&at| target.name[at] == b'(');
    if let Some(open) = open.filter(|_| target.name.ends_with(b")")) {
        let arguments = &target.name[open + 1..target.name.len() - 1];
        target.arguments = Some(trim(arguments).to_vec());
        target.name = trim(&target.name[..open]).to_vec();
    }
    target
}

/// Without the blanks and semicolons around it.
fn trim(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    while let Some(shorter) = text.strip_suffix(b";") {
        text = shorter.trim_ascii_end();
    }
    text
}

/// What follows these words, in whatever case and with whatever blanks; nothing if they end in the
/// middle of a word.
fn strip_words<'t>(text: &'t [u8], words: &str) -> Option<&'t [u8]> {
    let mut rest = text;
    for word in words.split(' ') {
        rest = rest.trim_ascii_start();
        let (start, after) = rest.split_at_checked(word.len())?;
        let ends = after.first().is_none_or(u8::is_ascii_whitespace);
        if !(start.eq_ignore_ascii_case(word.as_bytes()) && ends) {
            return None;
        }
        rest = after;
    }
    Some(rest.trim_ascii_start())
}

/// What stands before these words, outside quotes, and what behind them.
fn split_at_words<'t>(text: &'t [u8], words: &str) -> Option<(&'t [u8], &'t [u8])> {
    let starts = unquoted(text).filter(|&at| text[at].is_ascii_whitespace());
    let mut found = starts.filter_map(|at| Some((&text[..at], strip_words(&text[at..], words)?)));
    found.find(|(_, other)| !other.is_empty())
}

/// The places outside double quotes.
fn unquoted(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut is_quoted = false;
    text.iter().enumerate().filter_map(move |(at, byte)| {
        is_quoted ^= *byte == b'"';
        (!is_quoted).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let Request { target, secrets } = match parse(text.as_bytes()) {
            Ok(request) => request,
            Err(error) => return error.to_owned(),
        };
        let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
        let mut shown = target.kind.map_or("any".to_owned(), |kind| format!("{kind:?}"));
        shown.push_str(&format!(" <{}>", text(&target.name)));
        shown.extend(target.arguments.map(|arguments| format!(" ({})", text(&arguments))));
        shown.extend(target.other.map(|other| format!(" of <{}>", text(&other))));
        if secrets == Secrets::Shown {
            shown.push_str(" with secrets");
        }
        shown
    }

    #[test]
    fn requests() {
        for (typed, expected) in [
            ("", "missing required argument"),
            (" ; ", "missing required argument"),
            ("orders", "any <orders>"),
            ("table", "any <table>"),
            ("table orders;", "Table <orders>"),
            ("TABLE  \"A table\"", "Table <\"A table\">"),
            ("tables", "any <tables>"),
            ("materialized  view m", "MaterializedView <m>"),
            ("f(int, text)", "any <f> (int, text)"),
            ("function a.f ( )", "Function <a.f> ()"),
            ("\"f(x)\"", "any <\"f(x)\">"),
            ("trigger \"x on y\" ON s.t", "Trigger <\"x on y\"> of <s.t>"),
            ("trigger x", "Trigger <x>"),
            ("cast (a AS b)", "Cast <a> of <b>"),
            ("cast a as b", "Cast <a> of <b>"),
            ("cast a", "a cast is named (TYPE AS TYPE)"),
            ("user mapping for me server s", "UserMapping <me> of <s>"),
            ("user mapping me on server s", "UserMapping <me> of <s>"),
            ("user me", "Role <me>"),
            ("operator class c using btree", "OperatorClass <c> of <btree>"),
            ("transform for int language l", "Transform <int> of <l>"),
            ("operator a.<(int,int)", "Operator <a.<> (int,int)"),
            ("text search configuration c", "TextSearchConfiguration <c>"),
            ("-secrets role r", "Role <r> with secrets"),
        ] {
            assert_eq!(shown(typed), expected, "{typed}");
        }
    }

    #[test]
    fn patterns() {
        for (typed, expected) in [
            ("t", false),
            ("t*", true),
            ("\"t*\"", false),
            ("operator *", true),
            ("operator **", false),
            ("operator app.*", true),
            ("a|b", true),
        ] {
            let request = parse(typed.as_bytes()).expect(typed);
            assert_eq!(request.target.is_pattern(), expected, "{typed}");
        }
    }
}
