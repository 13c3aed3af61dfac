//! The texts of `\?`, `\h`, `--version` and `\copyright`, in psql's bytes.
//!
//! Owns how the tables of `grammar/` are shown. It knows neither a terminal nor a session: what
//! changes with the shell's state comes in as [`State`], and the screen's width as a number.

mod keys;
mod texts;
mod topic;

pub use self::keys::{KeyMode, KeyRow, keys};
pub use self::texts::State;
use self::texts::{OWN_VARIABLES, VARIABLES, fill};
pub use self::topic::{
    about, command_text, names, setting_names, setting_text, variable_names, variable_note,
};
use crate::grammar::{self, Origin, SqlCommand};

/// Below the section of commands that psql doesn't have: what else it doesn't.
const BEYOND: &str = include_str!("../grammar/beyond.txt");
const COPYRIGHT: &str = include_str!("../grammar/copyright.txt");

/// `\?`: the meta-commands.
pub fn commands(state: &State) -> Vec<u8> {
    let mut out = Vec::new();
    let sections = grammar::sections().iter();
    let sections = sections.filter(|section| state.has_own || section.origin == Origin::Psql);
    for (i, section) in sections.enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        let help = section.commands.iter().flat_map(|command| &command.help);
        for line in [&section.title].into_iter().chain(&section.note).chain(help) {
            fill(&mut out, line, state);
            out.push(b'\n');
        }
    }
    if state.has_own {
        out.extend_from_slice(BEYOND.as_bytes());
    }
    out
}

/// `\d?`: the section of `\?` that holds the `\d` family.
pub fn describe() -> Vec<u8> {
    let family = |section: &&grammar::Section| section.commands.iter().any(|c| c.name() == "d?");
    let mut out = Vec::new();
    for section in grammar::sections().iter().filter(family) {
        let help = section.commands.iter().flat_map(|command| &command.help);
        for line in [&section.title].into_iter().chain(&section.note).chain(help) {
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
        }
    }
    out
}

/// `\? variables`: the special variables; with those that psql doesn't have, if it `has_own`.
pub fn variables(has_own: bool) -> String {
    if has_own { format!("{VARIABLES}\n{OWN_VARIABLES}") } else { VARIABLES.to_owned() }
}

/// `\copyright`.
pub fn copyright() -> &'static str {
    COPYRIGHT
}

/// `--version`. `program` is the program's name without directories; as `psql` it is psql's.
pub fn version(program: &[u8]) -> Vec<u8> {
    match program {
        b"psql" => b"psql (PostgreSQL) 18.6\n".to_vec(),
        _ => concat!("pgsh ", env!("CARGO_PKG_VERSION"), " (compatible with psql 18.6)\n").into(),
    }
}

/// The program's name in messages: the last part of the path it was called by.
pub fn program(argv0: &[u8]) -> &[u8] {
    argv0.rsplit(|&byte| byte == b'/').next().unwrap_or(argv0)
}

/// `\h`: the list of SQL commands without a topic, all of them for `*`, else those that match.
/// `width` is the screen's in columns; psql takes 80 where the output is no terminal.
pub fn sql(topic: &[u8], width: usize) -> Vec<u8> {
    let topic = trim_end(topic);
    if topic.is_empty() {
        return list(width);
    }
    let found: Vec<_> = match topic {
        b"*" => grammar::sql_commands().iter().collect(),
        _ => matching(topic),
    };
    if found.is_empty() {
        let hint = b"\".\nTry \\h with no arguments to see available help.\n";
        return [b"No help available for \"", topic, hint].concat();
    }
    found.into_iter().map(entry).collect::<String>().into_bytes()
}

/// Whether [`sql`] has something to show for a topic.
pub fn has_page(topic: &[u8]) -> bool {
    let topic = trim_end(topic);
    topic.is_empty() || topic == b"*" || !matching(topic).is_empty()
}

/// Without trailing semicolons and white space.
fn trim_end(topic: &[u8]) -> &[u8] {
    let dropped = |byte: &u8| *byte == b';' || byte.is_ascii_whitespace();
    let end = topic.iter().rposition(|byte| !dropped(byte)).map_or(0, |last| last + 1);
    &topic[..end]
}

/// The commands whose names begin with the topic, case ignored, or else with its first two words,
/// or else with its first. A command of exactly the topic's name stands alone.
fn matching(topic: &[u8]) -> Vec<&'static SqlCommand> {
    let commands = grammar::sql_commands();
    if let Some(exact) = commands.iter().find(|c| c.name.as_bytes().eq_ignore_ascii_case(topic)) {
        return vec![exact];
    }
    let spaces = || memchr::memchr_iter(b' ', topic);
    let lengths = [Some(topic.len()), spaces().nth(1), spaces().next()];
    let begins = |command: &&SqlCommand, prefix: &[u8]| {
        command.name.as_bytes().get(..prefix.len()).is_some_and(|s| s.eq_ignore_ascii_case(prefix))
    };
    lengths
        .into_iter()
        .flatten()
        .map(|length| commands.iter().filter(|c| begins(c, &topic[..length])).collect::<Vec<_>>())
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn entry(command: &SqlCommand) -> String {
    let SqlCommand { name, description, page, synopsis } = command;
    format!(
        "Command:     {name}\nDescription: {description}\nSyntax:\n{synopsis}\n\n\
         URL: https://www.postgresql.org/docs/18/{page}.html\n\n"
    )
}

/// The names in columns, read downwards.
fn list(width: usize) -> Vec<u8> {
    let commands = grammar::sql_commands();
    let cell = commands.iter().map(|command| command.name.len() + 1).max().unwrap_or(1);
    let columns = (width.saturating_sub(3) / cell).max(1);
    let rows = commands.len().div_ceil(columns);
    let mut out = String::from("Available help:\n");
    for row in 0..rows {
        out.push_str("  ");
        for column in 0..columns {
            let name = commands.get(column * rows + row).map_or("", |command| command.name);
            let width = if column + 1 < columns { cell } else { 0 };
            out.push_str(&format!("{name:width$}"));
        }
        out.push('\n');
    }
    out.into_bytes()
}

/// The word of users who don't know the shell yet that a line is: `help`, `quit` or `exit`.
pub fn newcomers_word(line: &[u8]) -> Option<&'static str> {
    let word = line.trim_ascii_end();
    let word = word.strip_suffix(b";").unwrap_or(word).trim_ascii_end();
    ["help", "quit", "exit"].into_iter().find(|known| known.as_bytes() == word)
}

/// What `help` says: psql's words, or those of the prompt that has own commands.
pub fn for_newcomers(has_own: bool) -> &'static str {
    if has_own {
        "You are using pgsh, a shell for PostgreSQL. SQL ends with a semicolon.\n\
         Type:  \\? for the shell's commands, \\? NAME for one of them\n       \
         \\? keys for the keys\n       \
         \\h for SQL's commands, \\h NAME for the syntax of one\n       \
         \\d for the tables, \\d NAME for the columns of one\n       \
         \\copyright for distribution terms\n       \
         \\q to quit\n\
         pgsh --tour, from your system's prompt, shows ten things to try."
    } else {
        "You are using psql, the command-line interface to PostgreSQL.\n\
         Type:  \\copyright for distribution terms\n       \
         \\h for help with SQL commands\n       \
         \\? for help with psql commands\n       \
         \\g or terminate with semicolon to execute query\n       \
         \\q to quit"
    }
}

#[cfg(test)]
mod tests;
