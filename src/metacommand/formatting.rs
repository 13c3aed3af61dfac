//! `\pset` and the commands that are short for it.

use super::call::{Call, Outcome};
use crate::console::{Console, Reported};
use crate::print::Format;
use crate::print::pset::{self, OPTIONS, PrintOption};
use crate::shell::Shell;
use crate::suggest::{self, closeness};
use crate::time_zone;

/// `\pset [NAME [VALUE]]`: sets an option, or lists all.
pub fn pset_command(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let Some(name) = call.value() else {
        for option in OPTIONS {
            if let Some(value) = (option.list)(&call.shell.console.print) {
                let line = format!("{:<24} ", option.name).into_bytes();
                call.shell.console.println([line, value].concat());
            }
        }
        return Ok(Outcome::Done);
    };
    let value = call.value();
    set(call.shell, &name, value.as_deref())
}

/// `\a`: aligned or unaligned.
pub fn align(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let aligned = call.shell.console.print.format == Format::Aligned;
    set(call.shell, b"format", Some(if aligned { b"unaligned" } else { b"aligned" }))
}

/// `\H`: HTML or aligned.
pub fn html(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let html = call.shell.console.print.format == Format::Html;
    set(call.shell, b"format", Some(if html { b"aligned" } else { b"html" }))
}

/// `\C [TITLE]`
pub fn title(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    short_for(call, "title")
}

/// `\f [SEPARATOR]`
pub fn field_separator(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    short_for(call, "fieldsep")
}

/// `\t [on|off]`
pub fn tuples_only(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    short_for(call, "tuples_only")
}

/// `\T [ATTRIBUTES]`
pub fn table_attributes(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    short_for(call, "tableattr")
}

/// `\x [on|off|auto]`
pub fn expanded(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    short_for(call, "expanded")
}

fn short_for(call: &mut Call<'_>, name: &str) -> Result<Outcome, Reported> {
    let value = call.value();
    set(call.shell, name.as_bytes(), value.as_deref())
}

/// Sets a printing option (without a value: turns it over or shows it) and says so unless QUIET is
/// on.
fn set(shell: &mut Shell, name: &[u8], value: Option<&[u8]>) -> Result<Outcome, Reported> {
    let has_own = shell.console.has_own();
    match pset::set(&mut shell.console.print, name, value, has_own) {
        Ok(None) => {}
        Ok(Some(text)) => shell.console.println_unless_quiet(text),
        Err(text) => {
            let reported = report_refused(&mut shell.console, name, value, text);
            if name == b"display_timezone" && shell.console.is_interactive() {
                suggest_zones(shell, value.unwrap_or_default());
            }
            return Err(reported);
        }
    }
    Ok(Outcome::Done)
}

/// Says why an option was not set, what else it takes here, and what may have been meant.
pub(super) fn report_refused(
    console: &mut Console,
    name: &[u8],
    value: Option<&[u8]>,
    mut text: Vec<u8>,
) -> Reported {
    if console.shows_own_help() {
        let own = match name {
            b"format" => format!("\nFormats that psql doesn't have: {}", pset::own_formats()),
            b"pager" => "\nA value that psql doesn't have: view".to_owned(),
            _ => String::new(),
        };
        text.extend_from_slice(own.as_bytes());
    }
    let reported = console.error(text);
    let close = close_words(name, value, console.has_own());
    if !close.is_empty() && console.shows_own_help() {
        console.suggest(format!("Perhaps you meant {}.", suggest::alternatives(&close)));
    }
    reported
}

/// The options whose names are close to one that there is none of, or the words that are close to one
/// that an option doesn't take.
fn close_words(name: &[u8], value: Option<&[u8]>, has_own: bool) -> Vec<String> {
    let is_there = |option: &&PrintOption| option.is_there(has_own);
    let (typed, words): (&[u8], Vec<&str>) = match pset::option(name).filter(is_there) {
        Some(option) => (value.unwrap_or_default(), option.words_taken(has_own)),
        None => (name, OPTIONS.iter().filter(is_there).flat_map(PrintOption::names).collect()),
    };
    let close = closeness::closest(&String::from_utf8_lossy(typed), words);
    close.into_iter().map(str::to_owned).collect()
}

/// Names the time zones that may be meant by the one of a list that is none.
fn suggest_zones(shell: &mut Shell, list: &[u8]) {
    let list = String::from_utf8_lossy(list);
    let mut unknown =
        list.split(',').map(str::trim).filter(|name| time_zone::spelling(name).is_none());
    let close = unknown.next().map(time_zone::close_names).unwrap_or_default();
    if !close.is_empty() {
        shell.console.suggest(format!("Perhaps you meant {}.", suggest::alternatives(&close)));
    }
}
