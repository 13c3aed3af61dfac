//! The man page `pgsh(1)`, from the tables that `--help`, `\?` and `\? NAME` are made of.

use super::mdoc;
use clap::Arg;
use clap::builder::PossibleValue;
use pgsh::ExitStatus;
use pgsh::grammar::{self, MetaCommand};
use pgsh::help;

/// What no table holds.
const DESCRIPTION: &str = include_str!("../manual/description.mdoc");
const META_COMMANDS: &str = include_str!("../manual/meta-commands.mdoc");
const ENVIRONMENT: &str = include_str!("../manual/environment.mdoc");
const FILES: &str = include_str!("../manual/files.mdoc");
const EXAMPLES: &str = include_str!("../manual/examples.mdoc");
const SEE_ALSO: &str = include_str!("../manual/see-also.mdoc");

/// The column in which `\?` describes a command.
const HELP_COLUMN: usize = 25;

/// The page; `date` is as mdoc has it: `November 27, 2026`.
pub fn page(date: &str) -> String {
    let mut out = format!(
        ".\\\" Made by packaging/generate from the tables of the source; see there.\n\
         .Dd {date}\n.Dt PGSH 1\n.Os\n.Sh NAME\n.Nm pgsh\n.Nd a PostgreSQL shell\n\
         .Sh SYNOPSIS\n.Nm\n.Op Ar option ...\n.Op Ar dbname Op Ar username\n"
    );
    out.push_str(DESCRIPTION);
    options(&mut out);
    out.push_str(META_COMMANDS);
    meta_commands(&mut out);
    variables(&mut out);
    out.push_str(FILES);
    exit_statuses(&mut out);
    out.push_str(EXAMPLES);
    out.push_str(SEE_ALSO);
    out
}

fn options(out: &mut String) {
    out.push_str(".Sh OPTIONS\n");
    let command = pgsh::cli::command(b"pgsh");
    let mut heading = None;
    for option in command.get_opts() {
        if option.get_help_heading() != heading {
            out.push_str(if heading.is_some() { ".El\n" } else { "" });
            heading = option.get_help_heading();
            let title = heading.unwrap_or_default();
            out.push_str(&format!(".Ss {title}\n.Bl -tag -width Ds\n"));
        }
        out.push_str(&format!(".It {}\n", names(option)));
        let topics = option.get_possible_values();
        let takes_topic = option.get_action().takes_values() && !topics.is_empty();
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        match takes_topic {
            true => out.push_str(&topics.iter().map(topic).collect::<Vec<_>>().join(".br\n")),
            false => mdoc::help(out, &sentence(&help), 0),
        }
    }
    out.push_str(".El\n");
}

/// `Fl c , Fl \-command Ns = Ns Ar COMMAND`
fn names(option: &Arg) -> String {
    let short = option.get_short().map(|letter| format!("Fl {letter}"));
    let long = option.get_long_and_visible_aliases().unwrap_or_default();
    let long = long.into_iter().map(|name| format!("Fl \\-{name}"));
    let names = short.into_iter().chain(long).collect::<Vec<_>>().join(" , ");
    let value = option.get_value_names().and_then(|names| names.first()).map(|name| name.as_str());
    match value.filter(|_| option.get_action().takes_values()) {
        Some(value) if option.is_require_equals_set() => {
            format!("{names} Ns Oo = Ns Ar {} Oc", mdoc::argument(value))
        }
        Some(value) => format!("{names} Ns = Ns Ar {}", mdoc::argument(value)),
        None => names,
    }
}

fn topic(topic: &PossibleValue) -> String {
    let help = topic.get_help().map(ToString::to_string).unwrap_or_default();
    format!("{}: {}\n", mdoc::text(topic.get_name()), mdoc::text(&help))
}

/// With a capital, unless that would change a name, and a full stop.
fn sentence(text: &str) -> String {
    if text.starts_with("psql") {
        return format!("The shell{}.", text.trim_start_matches("psql"));
    }
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    let rest = letters.as_str();
    let stop = if rest.ends_with('.') { "" } else { "." };
    format!("{}{rest}{stop}", first.unwrap_or_default())
}

fn meta_commands(out: &mut String) {
    for section in grammar::sections() {
        out.push_str(&format!(".Ss {}\n", mdoc::text(section.title)));
        if let Some(note) = section.note {
            out.push_str(&format!("{}\n", mdoc::text(note.trim())));
        }
        out.push_str(".Bl -tag -width Ds\n");
        for command in &section.commands {
            meta_command(out, command);
        }
        out.push_str(".El\n");
    }
}

/// What `\?` says of it, form by form, and what `\? NAME` adds.
fn meta_command(out: &mut String, command: &MetaCommand) {
    let mut description = String::new();
    for (index, line) in command.help.iter().enumerate() {
        let (form, text) = split(line);
        if let Some(form) = form {
            if index > 0 {
                mdoc::help(out, &sentence(&without_state(&description)), 0);
            }
            description.clear();
            out.push_str(&format!(".It Ic {}\n", mdoc::argument(form)));
        }
        if !text.is_empty() {
            let gap = if description.is_empty() { "" } else { "\n" };
            description.push_str(&format!("{gap}{text}"));
        }
    }
    if command.help.is_empty() {
        out.push_str(&format!(".It Ic {}\n", mdoc::argument(&format!("\\{}", command.name()))));
    } else {
        mdoc::help(out, &sentence(&without_state(&description)), 0);
        out.push_str(".Pp\n");
    }
    mdoc::help(out, help::command_text(command.name()), 2);
}

/// A line of `\?`: how the command is written, and what is said of it.
fn split(line: &str) -> (Option<&str>, &str) {
    if !line.starts_with("  \\") {
        return (None, line.trim());
    }
    let bytes = line.as_bytes();
    // What stands there may still be an argument.
    let is_column = |at: usize| {
        let before = bytes.get(at - 1);
        before == Some(&b' ') && bytes.get(at).is_some_and(|byte| !b" [".contains(byte))
    };
    let wide = || line[3..].find("  ").map(|at| at + 3);
    let is_text = |at: &usize| *at > HELP_COLUMN - 2 && !line[*at..].trim_start().starts_with('[');
    let bracket = || line.rfind("] ").map(|at| at + 1).filter(is_text);
    let end = match is_column(HELP_COLUMN) {
        true => HELP_COLUMN,
        false => wide().or_else(bracket).unwrap_or(line.len()),
    };
    (Some(line[..end].trim()), line[end..].trim())
}

/// `\?` ends some lines with how the shell is set: `(currently {timing})`.
fn without_state(text: &str) -> String {
    match text.find("(currently ") {
        Some(at) => text[..at].trim_end().to_owned(),
        None => text.to_owned(),
    }
}

/// The variables, the settings of `\pset`, and what the environment may say.
fn variables(out: &mut String) {
    let shown = help::variables(true);
    for (title, from) in [
        ("VARIABLES", &["psql variables:", "Variables that psql doesn't have:"][..]),
        ("DISPLAY SETTINGS", &["Display settings:", "Display settings that psql doesn't have:"]),
        (
            "ENVIRONMENT",
            &["Environment variables:", "Environment variables that psql doesn't have:"],
        ),
    ] {
        out.push_str(&format!(".Sh {title}\n.Bl -tag -width Ds\n"));
        for lines in from.iter().filter_map(|heading| below(&shown, heading)) {
            settings(out, lines);
        }
        // What --help doesn't list.
        out.push_str(if title == "ENVIRONMENT" { ENVIRONMENT } else { "" });
        out.push_str(".El\n");
    }
}

/// The lines below a heading, up to the next one.
fn below<'a>(text: &'a str, heading: &str) -> Option<Vec<&'a str>> {
    let mut lines = text.lines().skip_while(|line| *line != heading);
    lines.next()?;
    let indented =
        |line: &&str| line.is_empty() || line.starts_with(' ') || line.starts_with("Usage:");
    let lines = lines.take_while(indented).skip_while(|line| !line.is_empty());
    Some(lines.filter(|line| !line.is_empty()).collect())
}

/// Names, and below them, further in, what they are for.
fn settings(out: &mut String, lines: Vec<&str>) {
    let is_text = |line: &&str| line.starts_with("    ");
    let mut rest = &lines[..];
    while let Some(first) = rest.first() {
        let (names, below) = rest.split_at(rest.iter().take_while(|line| !is_text(line)).count());
        let (text, below) = below.split_at(below.iter().take_while(|line| is_text(line)).count());
        rest = below;
        for name in names {
            out.push_str(&format!(".It Ev {}\n", mdoc::argument(name.trim())));
        }
        mdoc::help(out, &sentence(text.join("\n").trim_start()), 4);
        let more = help::setting_text(first.split_whitespace().next().unwrap_or_default());
        if !more.is_empty() {
            out.push_str(".Pp\n");
            mdoc::help(out, more, 2);
        }
    }
}

fn exit_statuses(out: &mut String) {
    out.push_str(".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for status in ExitStatus::ALL {
        out.push_str(&format!(".It {}\n{}\n", status.code(), mdoc::text(status.meaning())));
    }
    out.push_str(".El\n");
}
