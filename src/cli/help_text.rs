//! The text of `--help`, from clap's description of the command line.

use super::command::command;
use clap::builder::PossibleValue;
use clap::{Arg, Command};

/// The column in which an option's help begins.
const HELP_COLUMN: usize = 27;

/// `--help` of the program `name`.
pub fn help_text(name: &[u8]) -> Vec<u8> {
    let command = command(name);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let name = command.get_name();
    let mut out = format!("{about}\n\nUsage:\n  {name} [OPTION]...{}\n", operands(&command));
    let mut heading = None;
    for arg in command.get_opts() {
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            out.push_str(&format!("\n{}:\n", heading.unwrap_or_default()));
        }
        describe(arg, &mut out);
    }
    let more = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    format!("{out}\n{more}").into_bytes()
}

/// ` [DBNAME [USERNAME]]`
fn operands(command: &Command) -> String {
    let open: Vec<_> = command.get_positionals().map(|arg| format!(" [{}", arg.get_id())).collect();
    open.concat() + &"]".repeat(open.len())
}

/// Writes the lines of an option: one for each text that it prints, if it has several.
fn describe(arg: &Arg, out: &mut String) {
    let takes_value = arg.get_action().takes_values();
    let topics = if takes_value { arg.get_possible_values() } else { Vec::new() };
    let Some((default, others)) = topics.split_first() else {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        return line(&format!("{}{}", names(arg), value(arg)), &help, out);
    };
    let help =
        |topic: &PossibleValue| topic.get_help().map(ToString::to_string).unwrap_or_default();
    line(&format!("{}[={}]", names(arg), default.get_name()), &help(default), out);
    for topic in others {
        line(&format!("    --{}={}", arg.get_id(), topic.get_name()), &help(topic), out);
    }
}

/// `-c, --command`; `-v, --set=, --variable`
fn names(arg: &Arg) -> String {
    let short = match arg.get_short() {
        // Lest it be taken for an l.
        Some('1') => "-1 (\"one\"), ".to_owned(),
        Some(letter) => format!("-{letter}, "),
        None => "    ".to_owned(),
    };
    let long = arg.get_long_and_visible_aliases().unwrap_or_default();
    format!("{short}--{}", long.join("=, --"))
}

/// `=COMMAND`, `[=NAME]`, or nothing.
fn value(arg: &Arg) -> String {
    match arg.get_value_names() {
        None => String::new(),
        Some(names) if arg.is_require_equals_set() => format!("[={}]", names.join(" ")),
        Some(names) => format!("={}", names.join(" ")),
    }
}

/// Writes an option's help beside its names, below them if they are too long.
fn line(option: &str, help: &str, out: &mut String) {
    let mut before = format!("  {option}");
    if before.len() >= HELP_COLUMN {
        out.push_str(&before);
        out.push('\n');
        before.clear();
    }
    for text in help.lines() {
        out.push_str(&format!("{before:HELP_COLUMN$}{text}\n"));
        before.clear();
    }
}
