//! Prompts: a template with psql's escapes -> bytes.
//!
//! Owns the escapes of PROMPT1 to PROMPT3 (psql's documentation, "Prompting"), two of psql 19 and
//! one of our own, `%C`.
//! Never asks a session: what the escapes tell comes in a [`PromptContext`], and what must be
//! looked up or run through [`PromptVariables`].
//!
//! `%[` and `%]` become [`INVISIBLE_START`] and [`INVISIBLE_END`] in the result, so that a line
//! editor can tell what fills no columns. [`without_marks`] removes them.

use crate::conninfo;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::escaped;
use crate::lexer::Prompt;
use crate::palette;
use std::borrow::Cow;

/// Begins a part of a rendered prompt that fills no columns (`%[`).
pub const INVISIBLE_START: u8 = 1;
/// Ends a part of a rendered prompt that fills no columns (`%]`).
pub const INVISIBLE_END: u8 = 2;

/// psql's default for PROMPT1 and PROMPT2.
pub const DEFAULT_PROMPT: &str = "%/%R%x%# ";
/// What the default shows at a prompt of ours.
pub const OWN_DEFAULT_PROMPT: &str = "%C%/%R%x%# ";
/// psql's default for PROMPT3.
pub const DEFAULT_PROMPT3: &str = ">> ";

/// What the escapes tell.
#[derive(Clone, Debug, Default)]
pub struct PromptContext<'a> {
    /// The connection, if there is one.
    pub connection: Option<Connection<'a>>,
    /// Which prompt is wanted and, for PROMPT2, why (`%R`).
    pub kind: Kind,
    /// In an inactive branch of a conditional block (`%R`).
    pub inactive_branch: bool,
    /// SINGLELINE is on (`%R`).
    pub single_line: bool,
    /// The line number inside the current statement, from 1 (`%l`).
    pub line_number: u64,
    /// The [`width`] of the last PROMPT1 (`%w`).
    pub prompt1_width: usize,
    /// What holds here (`%C`), unless the shell is called `psql`, which has no such escape.
    pub safeguard: Option<Safeguard<'a>>,
}

/// What `%C` tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Safeguard<'a> {
    /// The word of the server's class.
    pub class: Option<&'a str>,
    /// What begins its colour; nothing without colours.
    pub color: &'static str,
    /// Transactions are read-only unless they say otherwise.
    pub is_read_only: bool,
}

impl Safeguard<'_> {
    /// The words and a blank; nothing where there is neither a class nor anything else to tell.
    fn add_to(&self, out: &mut Vec<u8>) {
        if let Some(class) = self.class {
            if self.color.is_empty() {
                out.extend_from_slice(class.as_bytes());
            } else {
                let hidden =
                    |text: &str| [&[INVISIBLE_START], text.as_bytes(), &[INVISIBLE_END]].concat();
                out.extend(hidden(self.color));
                out.extend_from_slice(class.as_bytes());
                out.extend(hidden(palette::RESET));
            }
            out.push(b' ');
        }
        if self.is_read_only {
            out.extend_from_slice(b"read-only ");
        }
    }
}

/// Which prompt is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// PROMPT1: a new command.
    #[default]
    First,
    /// PROMPT2: more of a command, and why.
    Continuation(Prompt),
    /// PROMPT3: a row of COPY FROM STDIN.
    Copy,
}

/// What the escapes tell about the connection.
#[derive(Clone, Debug, Default)]
pub struct Connection<'a> {
    /// A host name, an address or a socket directory (`%M`, `%m`).
    pub host: &'a [u8],
    /// The socket directory that `%M` shows as `[local]` alone.
    pub default_socket_directory: &'a [u8],
    /// The port (`%>`).
    pub port: &'a [u8],
    /// The session's user: `session_authorization` (`%n`).
    pub user: &'a [u8],
    /// The database (`%/`).
    pub database: &'a [u8],
    /// Whether that is the user's default: named like the user connected as, or PGDATABASE
    /// (`%~`).
    pub is_default_database: bool,
    /// `is_superuser` (`%#`).
    pub is_superuser: bool,
    /// The backend's process ID (`%p`).
    pub backend_pid: i32,
    /// The service connected to, empty without one (`%s`).
    pub service: &'a [u8],
    /// The state of pipeline mode (`%P`).
    pub pipeline: Pipeline,
    /// The transaction's state (`%x`).
    pub transaction: Transaction,
    /// `search_path`, which servers report since 18 (`%S`).
    pub search_path: Option<&'a [u8]>,
    /// `in_hot_standby`, which servers report since 14 (`%i`).
    pub in_hot_standby: Option<bool>,
}

/// The state of the transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transaction {
    /// Not in a transaction block.
    #[default]
    None,
    /// In a transaction block, or a pipeline is under way.
    Open,
    /// In a failed transaction block.
    Failed,
    /// The connection does not say.
    Unknown,
}

/// The state of pipeline mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pipeline {
    /// Not in a pipeline.
    #[default]
    Off,
    /// In a pipeline.
    On,
    /// In a pipeline that failed.
    Abort,
}

/// What the escapes must look up or run.
pub trait PromptVariables {
    /// The value of a variable, if set (`%:name:`).
    fn variable(&self, name: &[u8]) -> Option<&[u8]>;
    /// The output of a shell command (``%`command` ``); empty when it failed.
    fn backquote(&mut self, command: &[u8]) -> Vec<u8>;
}

/// Variables whose values the user did not choose.
const NOT_THE_USERS: [&[u8]; 9] = [
    b"DBNAME",
    b"USER",
    b"HOST",
    b"PORT",
    b"SERVICE",
    b"ENCODING",
    b"SERVER_VERSION_NAME",
    b"LAST_ERROR_MESSAGE",
    b"SERVICEFILE",
];

/// Renders a template.
pub fn render(
    template: &[u8],
    context: &PromptContext<'_>,
    ask: &mut dyn PromptVariables,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let Some((&escape, after)) = rest.split_first() else { break };
        match escape {
            b'0'..=b'7' => {
                let (value, after) = octal(rest);
                rest = after;
                // As in psql, a zero byte adds nothing.
                if value != 0 {
                    out.push(value);
                }
                continue;
            }
            b':' => {
                let (name, after) = until(after, b':');
                rest = after;
                let value = ask.variable(name).unwrap_or_default();
                if NOT_THE_USERS.contains(&name) {
                    out.extend_from_slice(&one_line(value));
                } else {
                    out.extend_from_slice(value);
                }
                continue;
            }
            b'`' => {
                let (command, after) = until(after, b'`');
                rest = after;
                let output = ask.backquote(command);
                out.extend_from_slice(until(&output, b'\n').0);
                continue;
            }
            _ => rest = after,
        }
        match escape {
            b'R' => out.extend(reason(context)),
            b'l' => out.extend_from_slice(context.line_number.to_string().as_bytes()),
            b'w' => out.extend(std::iter::repeat_n(b' ', context.prompt1_width)),
            b'C' if context.safeguard.is_some() => {
                context.safeguard.iter().for_each(|safeguard| safeguard.add_to(&mut out));
            }
            b'[' => out.push(INVISIBLE_START),
            b']' => out.push(INVISIBLE_END),
            b'M' | b'm' | b'>' | b'n' | b'/' | b'~' | b'#' | b'p' | b's' | b'P' | b'x' | b'S'
            | b'i' => about_connection(escape, context.connection.as_ref(), &mut out),
            other => out.push(other),
        }
    }
    out
}

/// The escapes that tell about the connection; without one most tell nothing.
fn about_connection(escape: u8, connection: Option<&Connection<'_>>, out: &mut Vec<u8>) {
    let mut text = Vec::new();
    connection_text(escape, connection, &mut text);
    // Whoever named the database is not to have the terminal's ear.
    out.extend_from_slice(&one_line(&text));
}

/// The text as a part of a prompt: the terminal neither obeys it nor breaks its line.
fn one_line(text: &[u8]) -> Cow<'_, [u8]> {
    match escaped(text, Encoding::Utf8) {
        text if text.iter().any(u8::is_ascii_control) => {
            let escape = |byte: &u8| match byte {
                b'\n' => b"\\n".to_vec(),
                b'\t' => b"\\t".to_vec(),
                other => vec![*other],
            };
            Cow::Owned(text.iter().flat_map(escape).collect())
        }
        text => text,
    }
}

fn connection_text(escape: u8, connection: Option<&Connection<'_>>, out: &mut Vec<u8>) {
    let Some(c) = connection else {
        match escape {
            b'#' => out.push(b'>'),
            b'x' | b'S' | b'i' => out.push(b'?'),
            _ => {}
        }
        return;
    };
    match escape {
        b'M' | b'm' => host(c, escape == b'M', out),
        b'>' => out.extend_from_slice(c.port),
        b'n' => out.extend_from_slice(c.user),
        b'~' if c.is_default_database => out.push(b'~'),
        b'/' | b'~' => out.extend_from_slice(c.database),
        b'#' => out.push(if c.is_superuser { b'#' } else { b'>' }),
        b'p' => out.extend_from_slice(c.backend_pid.to_string().as_bytes()),
        b's' => out.extend_from_slice(c.service),
        b'P' => out.extend_from_slice(match c.pipeline {
            Pipeline::Off => b"off",
            Pipeline::On => b"on",
            Pipeline::Abort => b"abort",
        }),
        b'x' => match c.transaction {
            Transaction::None => {}
            Transaction::Open => out.push(b'*'),
            Transaction::Failed => out.push(b'!'),
            Transaction::Unknown => out.push(b'?'),
        },
        b'S' => out.extend_from_slice(c.search_path.unwrap_or(b"?")),
        _ => out.extend_from_slice(match c.in_hot_standby {
            Some(true) => b"standby",
            Some(false) => b"primary",
            None => b"?",
        }),
    }
}

/// `%M` (full) and `%m`.
fn host(c: &Connection<'_>, full: bool, out: &mut Vec<u8>) {
    let local = c.host.is_empty() || conninfo::is_socket(c.host);
    if !local {
        let name = if full { c.host } else { until(c.host, b'.').0 };
        out.extend_from_slice(name);
    } else if !full || c.host.is_empty() || c.host == c.default_socket_directory {
        out.extend_from_slice(b"[local]");
    } else {
        out.extend_from_slice(b"[local:");
        out.extend_from_slice(c.host);
        out.push(b']');
    }
}

/// `%R`.
fn reason(context: &PromptContext<'_>) -> Option<u8> {
    match context.kind {
        Kind::Copy => None,
        Kind::First | Kind::Continuation(Prompt::Ready) => Some(if context.inactive_branch {
            b'@'
        } else if context.connection.is_none() {
            b'!'
        } else if context.single_line {
            b'^'
        } else {
            b'='
        }),
        Kind::Continuation(Prompt::Continue) => Some(b'-'),
        Kind::Continuation(Prompt::Comment) => Some(b'*'),
        Kind::Continuation(Prompt::SingleQuote) => Some(b'\''),
        Kind::Continuation(Prompt::DoubleQuote) => Some(b'"'),
        Kind::Continuation(Prompt::DollarQuote) => Some(b'$'),
        Kind::Continuation(Prompt::Paren) => Some(b'('),
    }
}

/// An octal number of any length, its low byte, and what follows.
fn octal(text: &[u8]) -> (u8, &[u8]) {
    let len = text.iter().take_while(|b| matches!(b, b'0'..=b'7')).count();
    let value = text[..len].iter().fold(0u8, |n, digit| (n << 3) | (digit - b'0'));
    (value, &text[len..])
}

/// What precedes `end` (all without one) and what follows it.
fn until(text: &[u8], end: u8) -> (&[u8], &[u8]) {
    match memchr::memchr(end, text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[]),
    }
}

/// A rendered prompt for a terminal without a line editor.
pub fn without_marks(rendered: &[u8]) -> Vec<u8> {
    rendered.iter().copied().filter(|b| !matches!(*b, INVISIBLE_START | INVISIBLE_END)).collect()
}

/// The part of a rendered prompt that fills columns.
pub fn visible(rendered: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rendered.len());
    let mut hidden = false;
    for &byte in rendered {
        match byte {
            INVISIBLE_START => hidden = true,
            INVISIBLE_END => hidden = false,
            _ if hidden => {}
            _ => out.push(byte),
        }
    }
    out
}

/// How many columns the last line of a rendered prompt fills (`%w`).
pub fn width(rendered: &[u8], encoding: Encoding) -> usize {
    let visible = visible(rendered);
    let line = &visible[memchr::memrchr(b'\n', &visible).map_or(0, |at| at + 1)..];
    if encoding == Encoding::Utf8 {
        let text = String::from_utf8_lossy(line);
        return text.chars().filter_map(unicode_width::UnicodeWidthChar::width).sum();
    }
    let mut columns = 0;
    let mut rest = line;
    while !rest.is_empty() {
        let (character, after) = rest.split_at(encoding.char_len(rest));
        columns += if character[0].is_ascii_control() { 0 } else { character.len().min(2) };
        rest = after;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Shell;

    impl PromptVariables for Shell {
        fn variable(&self, name: &[u8]) -> Option<&[u8]> {
            (name == b"DBNAME").then_some(b"shop".as_slice())
        }
        fn backquote(&mut self, command: &[u8]) -> Vec<u8> {
            match command {
                b"two" => b"a\nb\n".to_vec(),
                b"echo hi" => b"hi\n".to_vec(),
                _ => Vec::new(),
            }
        }
    }

    fn connection() -> Connection<'static> {
        Connection {
            host: b"/tmp/sock",
            default_socket_directory: b"/run/sock",
            port: b"5418",
            user: b"joe",
            database: b"shop",
            backend_pid: 99,
            ..Connection::default()
        }
    }

    fn context() -> PromptContext<'static> {
        let connection = Some(connection());
        PromptContext { connection, line_number: 1, prompt1_width: 3, ..Default::default() }
    }

    #[track_caller]
    fn check(template: &str, context: &PromptContext<'_>, expected: &[u8]) {
        let got = render(template.as_bytes(), context, &mut Shell);
        assert_eq!(got.escape_ascii().to_string(), expected.escape_ascii().to_string());
    }

    /// Each outcome is psql 18.6's.
    #[test]
    fn escapes_of_a_connected_shell() {
        let c = context();
        for (template, expected) in [
            ("%M", "[local:/tmp/sock]"),
            ("%m", "[local]"),
            ("%>", "5418"),
            ("%n", "joe"),
            ("%/ %~", "shop shop"),
            ("%#", ">"),
            ("%p", "99"),
            ("%P", "off"),
            ("%R%x%l", "=1"),
            ("[%s]", "[]"),
            ("[%w]", "[   ]"),
            ("%%", "%"),
            ("a%", "a"),
            ("%z%8%A% %-", "z8A -"),
            ("%:DBNAME:.%:no:.%:DBNAME", "shop..shop"),
            ("%::x", "x"),
            ("%`echo hi`-%`two`-%``-%`echo hi", "hi-a--hi"),
            ("%[%033[1m%]x", "\x01\x1b[1m\x02x"),
            ("%101x%07%0%000a", "Ax\x07a"),
            ("a\tb", "a\tb"),
        ] {
            check(template, &c, expected.as_bytes());
        }
        check("%1234%0411", &c, b"\x9c\x09");
    }

    /// `%C` tells of the class and whether writing is off; psql has no such escape.
    #[test]
    fn safeguards() {
        for (class, color, is_read_only, expected) in [
            (None, "", false, "shop"),
            (Some("prod"), "", false, "prod shop"),
            (Some("prod"), "\x1b[41m", false, "\x01\x1b[41m\x02prod\x01\x1b[0m\x02 shop"),
            (Some("prod"), "", true, "prod read-only shop"),
            (None, "", true, "read-only shop"),
        ] {
            let safeguard = Some(Safeguard { class, color, is_read_only });
            check("%C%/", &PromptContext { safeguard, ..context() }, expected.as_bytes());
        }
        check("%C%/", &context(), b"Cshop");
    }

    /// Whoever names a database, a role or a server's settings is not obeyed by the terminal.
    #[test]
    fn hostile_names() {
        let evil = "\x1b]0;t\x07\u{9b}1m\u{202e}\n\x01x\x02".as_bytes();
        let harmless = r"\x1B]0;t\x07\u009B1m\u202E\n\x01x\x02".as_bytes();
        for escape in ["%/", "%~", "%n", "%m", "%M", "%s", "%S", "%>"] {
            let connection = Some(Connection {
                host: evil,
                port: evil,
                user: evil,
                database: evil,
                service: evil,
                search_path: Some(evil),
                ..connection()
            });
            check(escape, &PromptContext { connection, ..context() }, harmless);
        }
        struct Named;
        impl PromptVariables for Named {
            fn variable(&self, _: &[u8]) -> Option<&[u8]> {
                Some(b"\x1b[1m")
            }
            fn backquote(&mut self, _: &[u8]) -> Vec<u8> {
                Vec::new()
            }
        }
        // A variable of the user's own may hold colours.
        for (template, expected) in [("%:DBNAME:", &b"\\x1B[1m"[..]), ("%:mine:", b"\x1b[1m")] {
            assert_eq!(render(template.as_bytes(), &context(), &mut Named), expected);
        }
    }

    #[test]
    fn hosts() {
        for (host, full, short) in [
            ("127.0.0.1", "127.0.0.1", "127"),
            ("db.example.org", "db.example.org", "db"),
            ("localhost", "localhost", "localhost"),
            ("/run/sock", "[local]", "[local]"),
            ("@abstract", "[local:@abstract]", "[local]"),
            ("", "[local]", "[local]"),
        ] {
            let connection = Some(Connection { host: host.as_bytes(), ..connection() });
            let c = PromptContext { connection, ..context() };
            check("%M", &c, full.as_bytes());
            check("%m", &c, short.as_bytes());
        }
    }

    #[test]
    fn states() {
        for (status, mark) in [
            (Transaction::None, ""),
            (Transaction::Open, "*"),
            (Transaction::Failed, "!"),
            (Transaction::Unknown, "?"),
        ] {
            let connection = Some(Connection { transaction: status, ..connection() });
            check("%x", &PromptContext { connection, ..context() }, mark.as_bytes());
        }
        for (kind, mark) in [
            (Kind::First, "="),
            (Kind::Copy, ""),
            (Kind::Continuation(Prompt::Continue), "-"),
            (Kind::Continuation(Prompt::Comment), "*"),
            (Kind::Continuation(Prompt::SingleQuote), "'"),
            (Kind::Continuation(Prompt::DoubleQuote), "\""),
            (Kind::Continuation(Prompt::DollarQuote), "$"),
            (Kind::Continuation(Prompt::Paren), "("),
        ] {
            check("%R", &PromptContext { kind, ..context() }, mark.as_bytes());
        }
        check("%R", &PromptContext { single_line: true, ..context() }, b"^");
        check("%R", &PromptContext { inactive_branch: true, ..context() }, b"@");
        let none = PromptContext::default();
        check("%/%n%>%M%p%~%s%P", &none, b"");
        check("%R%x%# %S%i", &none, b"!?> ??");
    }

    #[test]
    fn default_database_superuser_pipeline_and_psql_19() {
        let connection = Some(Connection {
            is_default_database: true,
            is_superuser: true,
            pipeline: Pipeline::Abort,
            search_path: Some(b"a, b"),
            in_hot_standby: Some(true),
            service: b"live",
            ..connection()
        });
        let c = PromptContext { connection, ..context() };
        check("%~%#%P %S %i %s", &c, b"~#abort a, b standby live");
    }

    #[test]
    fn width_is_of_the_last_visible_line() {
        for (rendered, expected) in [
            ("ab", 2),
            ("ab\ncde", 3),
            ("\x01\x1b[1m\x02ab", 2),
            ("\x1b[1mab", 5),
            ("日本# ", 6),
            ("", 0),
        ] {
            assert_eq!(width(rendered.as_bytes(), Encoding::Utf8), expected, "{rendered:?}");
        }
        assert_eq!(width(b"\x93\xfa# ", Encoding::Sjis), 4);
        assert_eq!(without_marks(b"\x01\x1b[1m\x02ab"), b"\x1b[1mab");
    }
}
