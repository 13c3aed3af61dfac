//! The General and Help sections of `\?`.

use super::extended_query::refused_in_pipeline;
use super::{Call, Outcome};
use crate::help;
use crate::shell::message;
use crate::shell::query_use::{Send, Use};
use crate::shell::watch::Plan;
use crate::variables::{ShowContext, Verbosity};

/// `\copyright`
pub fn copyright(call: &mut Call<'_>) -> Outcome {
    let _ = call.shell.output.stdout().write_all(help::copyright().as_bytes());
    Outcome::Done
}

/// `\errverbose`: the last error with everything known about it.
pub fn errverbose(call: &mut Call<'_>) -> Outcome {
    match call.shell.last_error.clone() {
        None => call.shell.put("There is no previous error."),
        Some(last) => {
            let style = message::Style {
                verbosity: Verbosity::Verbose,
                show_context: ShowContext::Always,
                ..call.shell.message_style()
            };
            let mut text = message::text(&last.fields, Some(&last.query), style);
            text.pop();
            call.shell.error(text);
        }
    }
    Outcome::Done
}

/// `\g [(OPTIONS)] [FILE]` and `\gx`.
pub fn g(call: &mut Call<'_>) -> Outcome {
    let mut send = Send::default();
    let mut options = None;
    let mut first = call.argument();
    if let Some(argument) = &first
        && argument.value.starts_with(b"(")
    {
        let mut changed = call.shell.print.clone();
        if !print_options(call, &mut changed, argument.value[1..].to_vec()) {
            call.shell.restore_print();
            return Outcome::Failed;
        }
        options = Some(changed);
        first = call.next_as_first();
    }
    if let Some(refused) = refused_in_pipeline(call) {
        if let Some(options) = options {
            call.shell.change_print_once(options);
        }
        return refused;
    }
    if call.name == b"gx" {
        options.get_or_insert_with(|| call.shell.print.clone()).expanded =
            crate::print::Expanded::On;
    }
    send.print = options.map(Box::new);
    send.target =
        first.map(|a| crate::shell::output::expand_tilde(&a.value)).filter(|name| !name.is_empty());
    Outcome::Send(Box::new(send))
}

/// Reads `NAME=VALUE ...)` of `\g (` to its end; `word` is the first, its parenthesis removed.
/// False if any was wrong.
fn print_options(call: &mut Call<'_>, options: &mut crate::print::Options, word: Vec<u8>) -> bool {
    let mut word = word;
    let mut ok = true;
    loop {
        let last = word.last() == Some(&b')');
        if last {
            word.pop();
        }
        if !word.is_empty() {
            let (name, value) = match memchr::memchr(b'=', &word) {
                Some(at) => (&word[..at], Some(&word[at + 1..])),
                None => (&word[..], None),
            };
            if let Err(text) = crate::print::pset::set(options, name, value) {
                call.shell.error(text);
                ok = false;
            }
        }
        if last {
            return ok;
        }
        word = match call.next_as_normal() {
            Some(argument) => argument.value,
            None => {
                call.fail("missing right parenthesis");
                return false;
            }
        };
    }
}

/// `\gdesc`
pub fn gdesc(_call: &mut Call<'_>) -> Outcome {
    sent(Use::Describe)
}

/// `\gexec`
pub fn gexec(call: &mut Call<'_>) -> Outcome {
    refused_in_pipeline(call).unwrap_or_else(|| sent(Use::Exec))
}

/// `\gset [PREFIX]`
pub fn gset(call: &mut Call<'_>) -> Outcome {
    if let Some(refused) = refused_in_pipeline(call) {
        return refused;
    }
    sent(Use::Set(call.value().unwrap_or_default()))
}

/// `\crosstabview [COLUMN ...]`
pub fn crosstabview(call: &mut Call<'_>) -> Outcome {
    let columns = std::array::from_fn(|_| call.value());
    sent(Use::Crosstab(columns))
}

fn sent(usage: Use) -> Outcome {
    Outcome::Send(Box::new(Send { usage, ..Send::default() }))
}

/// `\watch [[i=]SEC] [c=N] [m=MIN]`
pub fn watch(call: &mut Call<'_>) -> Outcome {
    if let Some(refused) = refused_in_pipeline(call) {
        call.scope.query.clear();
        call.scope.lexer.reset();
        return refused;
    }
    let words = call.values();
    let default = call.shell.settings().watch_interval;
    let decimal_point = call.shell.print.locale.decimal_point();
    let ok = match Plan::read(&words, default, decimal_point) {
        Ok(plan) => {
            call.recall_query();
            call.shell.watch(&call.scope.query, &plan)
        }
        Err(text) => {
            call.fail(text);
            false
        }
    };
    call.scope.query.clear();
    call.scope.lexer.reset();
    ok.into()
}

/// `\q`
pub fn quit(_call: &mut Call<'_>) -> Outcome {
    Outcome::Quit
}

/// `\restrict KEY`: from now on only `\unrestrict` with the same key is allowed.
pub fn restrict(call: &mut Call<'_>) -> Outcome {
    match call.value() {
        Some(key) if !key.is_empty() => {
            call.shell.restricted = Some(key);
            Outcome::Done
        }
        _ => call.missing(),
    }
}

/// `\unrestrict KEY`
pub fn unrestrict(call: &mut Call<'_>) -> Outcome {
    let Some(key) = call.value() else { return call.missing() };
    match &call.shell.restricted {
        None => call.fail("not currently in restricted mode"),
        Some(expected) if *expected != key => call.fail("wrong key"),
        Some(_) => {
            call.shell.restricted = None;
            Outcome::Done
        }
    }
}

/// `\? [commands|options|variables]`
pub fn help_commands(call: &mut Call<'_>) -> Outcome {
    let text = match call.value().as_deref() {
        Some(b"options") => crate::cli::help_text(b"psql"),
        Some(b"variables") => help::variables().as_bytes().to_vec(),
        _ => {
            let shell = &call.shell;
            help::commands(&help::State {
                html: shell.print.format == crate::print::Format::Html,
                tuples_only: shell.print.tuples_only,
                expanded: shell.print.expanded,
                timing: shell.timing,
                database: shell.session.as_ref().map(|s| s.database()),
            })
        }
    };
    call.shell.page(&text);
    Outcome::Done
}

/// `\d?`: the part of `\?` about the `\d` family.
pub fn help_describe(call: &mut Call<'_>) -> Outcome {
    call.shell.page(&help::describe());
    Outcome::Done
}

/// `\h [NAME]`
pub fn help_sql(call: &mut Call<'_>) -> Outcome {
    let topic = call.value().unwrap_or_default();
    let width = crate::terminal::size().map_or(80, |(columns, _)| columns);
    let text = help::sql(&topic, width);
    call.shell.page(&text);
    Outcome::Done
}
