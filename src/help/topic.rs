//! `\? NAME`: what there is to say of a command, a variable, a printing option or a format, with an
//! example.
//!
//! Owns what is found under a name. The texts are in `grammar/help/`.

use super::texts::{OWN_VARIABLES, State, VARIABLES, fill};
use crate::grammar::{self, MetaCommand, Origin};
use crate::packed::Packed;
use std::sync::OnceLock;

/// The texts: of meta-commands, of variables, of `\pset`'s options and formats.
static COMMANDS: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/commands.packed")));
static DESCRIBE: Packed = Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/describe.packed")));
const SETTINGS: [(Kind, &str); 2] = [
    (Kind::Variable, include_str!("../../grammar/help/variables.txt")),
    (Kind::Printing, include_str!("../../grammar/help/printing.txt")),
];

/// What the letters behind the names of the `\d` family mean.
const MODIFIERS: [(char, &str); 3] = [
    ('S', "S: the system's objects too"),
    ('+', "+: more about each"),
    ('x', "x: a line for each column"),
];

/// What a name may be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Command,
    Variable,
    /// An option of `\pset`, or a format.
    Printing,
}

/// A text and what it is about.
struct Topic {
    kind: Kind,
    name: &'static str,
    text: &'static str,
}

fn topics() -> &'static [Topic] {
    static TOPICS: OnceLock<Vec<Topic>> = OnceLock::new();
    TOPICS.get_or_init(|| {
        let commands = [(Kind::Command, COMMANDS.text()), (Kind::Command, DESCRIBE.text())];
        commands.into_iter().chain(SETTINGS).flat_map(|(kind, file)| parse(kind, file)).collect()
    })
}

/// A file's topics: headings, and what is indented below them.
fn parse(kind: Kind, file: &'static str) -> Vec<Topic> {
    let is_heading = |line: &str| !line.is_empty() && !line.starts_with([' ', '#']);
    let mut parts: Vec<(&str, usize, usize)> = Vec::new();
    let mut at = 0;
    for line in file.split_inclusive('\n') {
        at += line.len();
        let line = line.trim_end();
        if is_heading(line) {
            parts.push((line, at, at));
        } else if let Some((_, _, end)) = parts.last_mut() {
            *end = at;
        }
    }
    let topic = |(name, start, end)| Topic { kind, name, text: file[start..end].trim_end() };
    parts.into_iter().map(topic).collect()
}

fn topic(kind: Kind, name: &str) -> Option<&'static Topic> {
    topics().iter().find(|topic| topic.kind == kind && topic.name == name)
}

/// What `\? NAME` says of a meta-command below the lines of `\?`; `name` is the canonical one.
pub fn command_text(name: &str) -> &'static str {
    topic(Kind::Command, name).map_or("", |topic| topic.text)
}

/// What `\? NAME` says of a variable or a printing option below the lines of `\? variables`.
pub fn setting_text(name: &str) -> &'static str {
    let kinds = [Kind::Variable, Kind::Printing];
    kinds.into_iter().find_map(|kind| topic(kind, name)).map_or("", |topic| topic.text)
}

/// The names of the variables that something is said of.
pub fn variable_names() -> Vec<&'static str> {
    let variables = topics().iter().filter(|topic| topic.kind == Kind::Variable);
    variables.map(|topic| topic.name).collect()
}

/// The names of `\pset`'s options.
pub fn setting_names() -> Vec<&'static str> {
    crate::print::pset::OPTIONS.iter().map(|option| option.name).collect()
}

/// The names that something is said of, those of meta-commands without their backslashes.
pub fn names() -> impl Iterator<Item = &'static str> {
    topics().iter().map(|topic| topic.name)
}

/// All that is known under a name, which may have a backslash; `None` if nothing is.
pub fn about(name: &str, state: &State<'_>) -> Option<Vec<u8>> {
    let mut parts = Vec::new();
    if let Some(command) = name.strip_prefix('\\') {
        parts.extend(about_command(command, state));
    } else {
        let exact = |command: &&MetaCommand| command.names.iter().any(|own| own.text == name);
        if lookup(name).filter(exact).is_some() {
            parts.extend(about_command(name, state));
        }
        for kind in [Kind::Variable, Kind::Printing] {
            let known = topics().iter().filter(|topic| topic.kind == kind);
            let known = known.filter(|topic| topic.name.eq_ignore_ascii_case(name));
            parts.extend(known.map(about_setting));
        }
        if parts.is_empty() {
            parts.extend(about_command(name, state));
        }
    }
    (!parts.is_empty()).then(|| parts.join(&b"\n"[..]))
}

/// The command of this name, with the letters that may follow it.
fn lookup(name: &str) -> Option<&'static MetaCommand> {
    grammar::lookup(name.as_bytes())
}

fn about_command(name: &str, state: &State<'_>) -> Option<Vec<u8>> {
    let command = lookup(name)?;
    if command.origin == Origin::Own && !state.has_own {
        return None;
    }
    let mut out = Vec::new();
    for line in &command.help {
        fill(&mut out, line, state);
        out.push(b'\n');
    }
    if !command.help.is_empty() {
        out.push(b'\n');
    }
    out.extend_from_slice(command_text(command.name()).as_bytes());
    out.push(b'\n');
    out.extend_from_slice(letters(command).as_bytes());
    Some(out)
}

/// What letters may follow the name of a command of the `\d` family, as its line of help says.
fn letters(command: &MetaCommand) -> String {
    let line = command.help.first().copied().unwrap_or_default();
    let is_psqls = command.origin == Origin::Psql;
    let is_family =
        is_psqls && command.name().starts_with('d') || matches!(command.name(), "list" | "z");
    let word = line.split_whitespace().next().unwrap_or_default();
    let known = MODIFIERS.iter().filter(|(letter, _)| {
        word.rsplit('[').next().is_some_and(|last| word.contains('[') && last.contains(*letter))
    });
    let known: Vec<&str> = known.map(|(_, text)| *text).collect();
    if !is_family || known.is_empty() {
        return String::new();
    }
    format!("\n  {}\n  A pattern may hold * and ?; see \\? d.\n", known.join("   "))
}

/// A variable or a printing option: its lines in `\? variables`, and the text.
fn about_setting(topic: &Topic) -> Vec<u8> {
    let mut out = String::new();
    for line in listed(topic.name) {
        out.push_str(line);
        out.push('\n');
    }
    if out.is_empty() {
        out = format!("  \\pset format {}\n", topic.name);
    }
    format!("{out}\n{}\n", topic.text).into_bytes()
}

/// What `\? variables` says of a variable, in a line.
pub fn variable_note(name: &str) -> String {
    let texts = listed(name).into_iter().filter(|line| is_text(line)).map(str::trim);
    texts.collect::<Vec<_>>().join(" ")
}

/// The lines that `\? variables` has for a name: itself, its neighbours with the same text, the text.
fn listed(name: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for text in [VARIABLES, OWN_VARIABLES] {
        let mut group: Vec<&str> = Vec::new();
        // The line that ends the last group stands for the end.
        for line in text.lines().chain([""]) {
            let is_name = line.starts_with("  ") && !line.starts_with("   ");
            let ends = line.is_empty() || is_name && group.last().is_some_and(|l| is_text(l));
            if ends {
                if group.iter().any(|line| is_name_of(line, name)) && found.is_empty() {
                    found = std::mem::take(&mut group);
                }
                group.clear();
            }
            if is_name || is_text(line) {
                group.push(line);
            }
        }
    }
    found
}

fn is_text(line: &str) -> bool {
    line.starts_with("    ")
}

/// Whether a line that is no text names this: `expanded (or x)`.
fn is_name_of(line: &str, name: &str) -> bool {
    !is_text(line) && line.split_whitespace().next() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::pset;
    use crate::variables;

    fn shown(name: &str) -> String {
        let state = State { has_own: true, ..State::default() };
        String::from_utf8(about(name, &state).unwrap_or_default()).expect("UTF-8")
    }

    /// The names of everything that has to have a text.
    fn all() -> Vec<(Kind, &'static str)> {
        let commands = grammar::sections().iter().flat_map(|section| &section.commands);
        let listed = VARIABLES.split("Display settings:").next().unwrap_or_default();
        let listed = listed.lines().filter(|line| line.starts_with("  ") && !is_text(line));
        let listed = listed.map(str::trim).filter(|line| !line.contains(' '));
        let own = OWN_VARIABLES.split("Display settings").next().unwrap_or_default();
        let own = own.lines().filter(|line| line.starts_with("  ") && !is_text(line));
        let own = own.map(str::trim).filter(|line| !line.contains(' '));
        let own = own.chain(variables::OWN_NAMES);
        let variables = listed.chain(variables::special_names()).chain(own);
        let options = pset::OPTIONS.iter().map(|option| option.name);
        let formats = pset::option(b"format").map(|option| (option.words)()).unwrap_or_default();
        commands
            .map(|command| (Kind::Command, command.name()))
            .chain(variables.map(|name| (Kind::Variable, name)))
            .chain(options.chain(formats).map(|name| (Kind::Printing, name)))
            .collect()
    }

    #[test]
    fn everything_has_a_text_and_an_example() {
        for (kind, name) in all() {
            let found = topic(kind, name);
            assert!(found.is_some(), "nothing is said of {name}");
            let text = found.map_or("", |topic| topic.text);
            assert!(text.lines().any(is_text), "{name} has no example");
            let shown =
                shown(&if kind == Kind::Command { format!("\\{name}") } else { name.into() });
            assert!(shown.contains(text), "{name}: {shown}");
        }
    }

    #[test]
    fn half_a_screen() {
        let names = all();
        for topic in topics() {
            assert!(names.contains(&(topic.kind, topic.name)), "{} is nothing", topic.name);
            assert!(topic.text.lines().count() <= 12, "{} is long", topic.name);
            for line in topic.text.lines() {
                let is_indented = line.is_empty() || line.starts_with("  ");
                assert!(is_indented && line.chars().count() <= 80, "{}: {line}", topic.name);
            }
        }
    }

    #[test]
    fn what_is_found() {
        for (name, first) in [
            ("watch", "  \\watch [[i=]SEC]"),
            ("\\watch", "  \\watch [[i=]SEC]"),
            ("dt", "  \\dt[Sx+] [PATTERN]"),
            ("dt+", "  \\dt[Sx+] [PATTERN]"),
            ("x", "  \\x [on|off|auto]       toggle expanded output (currently off)"),
            ("ECHO", "  ECHO\n"),
            ("COMPLETION", "  COMPLETION\n"),
            ("LAST_ERROR_SQLSTATE", "  LAST_ERROR_MESSAGE\n  LAST_ERROR_SQLSTATE\n"),
            ("null", "  null\n"),
            ("expanded", "  expanded (or x)\n"),
            ("display_true", "  display_true\n"),
            ("json", "  \\pset format json\n"),
            ("nonsense", ""),
            ("", ""),
            ("\\", ""),
        ] {
            let shown = shown(name);
            assert!(shown.starts_with(first) && shown.is_empty() == first.is_empty(), "{shown}");
        }
        // Of one name there may be several things.
        assert!(shown("html").contains("\\H") && shown("html").contains("\\pset format html"));
        assert!(shown("echo").contains("\\echo") && shown("echo").contains("  ECHO\n"));
        assert!(shown("dt").contains("S: the system's objects too   +: more about each"));
        assert!(about("history", &State::default()).is_none(), "psql doesn't have it");
    }
}
