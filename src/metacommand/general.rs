//! The General and Help sections of `\?`.

use super::call::{Call, Outcome};
use super::extended_query::refuse_in_pipeline;
use super::formatting::report_refused;
use crate::console::Reported;
use crate::console::server_message;
use crate::help;
use crate::query::watch::Plan;
use crate::query::{ResultAction, ResultPlan};
use crate::shell::Shell;
use crate::suggest::{help_page, sqlstate};
use crate::tour;
use crate::variables::{ShowContext, Verbosity};

/// `\copyright`
pub fn copyright(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let _ = call.shell.console.output.stdout().write_all(help::copyright().as_bytes());
    Ok(Outcome::Done)
}

/// `\errverbose`: the last error with everything known about it.
pub fn errverbose(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    match call.shell.connection.last_error().cloned() {
        None => call.shell.console.println("There is no previous error."),
        Some(last) => {
            let style = server_message::Style {
                verbosity: Verbosity::Verbose,
                show_context: ShowContext::Always,
                ..call.shell.console.message_style()
            };
            let mut text = server_message::text(&last.fields, Some(&last.query), style);
            text.pop();
            call.shell.console.error(text);
        }
    }
    Ok(Outcome::Done)
}

/// `\g [(OPTIONS)] [FILE]` and `\gx`.
pub fn g(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let mut plan = ResultPlan::default();
    let mut options = None;
    let mut first = call.argument();
    if let Some(argument) = &first
        && argument.value.starts_with(b"(")
    {
        let mut changed = call.shell.console.print.clone();
        print_options(call, &mut changed, argument.value[1..].to_vec())
            .inspect_err(|_| call.shell.restore_print())?;
        options = Some(changed);
        first = call.next_as_first();
    }
    if let Err(refused) = refuse_in_pipeline(call) {
        if let Some(options) = options {
            call.shell.change_print_once(options);
        }
        return Err(refused);
    }
    if call.name == b"gx" {
        options.get_or_insert_with(|| call.shell.console.print.clone()).expanded =
            crate::print::Expanded::On;
    }
    plan.print = options.map(Box::new);
    plan.target =
        first.map(|a| crate::console::path::expand_tilde(&a.value)).filter(|name| !name.is_empty());
    Ok(Outcome::Send(Box::new(plan)))
}

/// Reads `NAME=VALUE ...)` of `\g (` to its end; `word` is the first, its parenthesis removed. All
/// are read, whatever is wrong with one of them.
pub(super) fn print_options(
    call: &mut Call<'_>,
    options: &mut crate::print::Options,
    word: Vec<u8>,
) -> Result<(), Reported> {
    parenthesized(call, word, &mut |call, name, value| {
        crate::print::pset::set(options, name, value, call.shell.console.has_own())
            .map_err(|text| report_refused(&mut call.shell.console, name, value, text))?;
        Ok(())
    })
}

/// What is done with an option in parentheses: its name, and its value if it has one.
type TakeOption<'t> = dyn FnMut(&mut Call<'_>, &[u8], Option<&[u8]>) -> Result<(), Reported> + 't;

/// Reads options in parentheses to their end; `word` is the first, its parenthesis removed. All are
/// read, whatever `take` says of one of them.
pub(super) fn parenthesized(
    call: &mut Call<'_>,
    word: Vec<u8>,
    take: &mut TakeOption<'_>,
) -> Result<(), Reported> {
    let mut word = word;
    let mut read = Ok(());
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
            read = read.and(take(call, name, value));
        }
        if last {
            return read;
        }
        word = match call.next_as_normal() {
            Some(argument) => argument.value,
            None => return call.fail("missing right parenthesis"),
        };
    }
}

/// `\gdesc`
pub fn gdesc(_call: &mut Call<'_>) -> Result<Outcome, Reported> {
    Ok(send(ResultAction::Describe))
}

/// `\gexec`
pub fn gexec(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    refuse_in_pipeline(call)?;
    Ok(send(ResultAction::Execute))
}

/// `\gset [PREFIX]`
pub fn gset(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    refuse_in_pipeline(call)?;
    Ok(send(ResultAction::SetVariables(call.value().unwrap_or_default())))
}

/// `\crosstabview [COLUMN ...]`
pub fn crosstabview(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let columns = std::array::from_fn(|_| call.value());
    Ok(send(ResultAction::Crosstab(columns)))
}

fn send(action: ResultAction) -> Outcome {
    Outcome::Send(Box::new(ResultPlan::new(action)))
}

/// `\watch [[i=]SEC] [c=N] [m=MIN]`
pub fn watch(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let watched = refuse_in_pipeline(call).and_then(|()| run_watch(call));
    call.scope.query.clear();
    call.scope.lexer.reset();
    watched.map(|()| Outcome::Done)
}

fn run_watch(call: &mut Call<'_>) -> Result<(), Reported> {
    let words = call.values();
    let console = &call.shell.console;
    let decimal_point = console.print.locale.decimal_point();
    let default = console.settings().watch_interval;
    let read = match console.shows_own_help() {
        true => Plan::read_own(words, default, decimal_point),
        false => Plan::read(&words, default, decimal_point),
    };
    let plan = match read {
        Ok(plan) => plan,
        Err(text) => return call.fail(text),
    };
    call.recall_query();
    // It stays for the next query, as in psql.
    let protocol = call.shell.next_query.protocol.clone();
    call.shell.queries().watch(&call.scope.query, &protocol, &plan)
}

/// `\q`
pub fn quit(_call: &mut Call<'_>) -> Result<Outcome, Reported> {
    Ok(Outcome::Quit)
}

/// `\restrict KEY`: from now on only `\unrestrict` with the same key is allowed.
pub fn restrict(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    match call.value() {
        Some(key) if !key.is_empty() => {
            call.shell.restricted = Some(key);
            Ok(Outcome::Done)
        }
        _ => call.fail("missing required argument"),
    }
}

/// `\unrestrict KEY`
pub fn unrestrict(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let key = call.required()?;
    match &call.shell.restricted {
        None => call.fail("not currently in restricted mode"),
        Some(expected) if *expected != key => call.fail("wrong key"),
        Some(_) => {
            call.shell.restricted = None;
            Ok(Outcome::Done)
        }
    }
}

/// `\? [commands|options|variables]`; at the prompt of a shell that isn't called `psql` also `keys`
/// and the name of anything.
pub fn help_commands(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let topic = call.value();
    let has_own = call.shell.console.shows_own_help();
    let text = match topic.as_deref() {
        Some(b"options") => crate::cli::help_text(b"psql"),
        Some(b"variables") => help::variables(has_own).into_bytes(),
        Some(b"keys") if has_own => help::keys(&call.shell.interactive.keys()).into_bytes(),
        Some(b"tour") if has_own => tour::contents().into_bytes(),
        None | Some(b"commands") => help::commands(&help_state(call.shell, has_own)),
        Some(name) if has_own => help_about(call.shell, name)?,
        Some(_) => help::commands(&help_state(call.shell, has_own)),
    };
    call.shell.page(&text);
    Ok(Outcome::Done)
}

/// What there is to say of a name, or of an error's SQLSTATE.
fn help_about(shell: &mut Shell, name: &[u8]) -> Result<Vec<u8>, Reported> {
    let shown = String::from_utf8_lossy(name);
    let known = help::about(&shown, &help_state(shell, true));
    known
        .or_else(|| sqlstate::explain(&shown, super::errors::columns()).map(String::into_bytes))
        .ok_or_else(|| {
            let hint = "Try \\? for all commands, or \\? variables.";
            shell.console.error(format!("No help available for \"{shown}\".\n{hint}"))
        })
}

fn help_state(shell: &Shell, has_own: bool) -> help::State<'_> {
    help::State {
        has_own,
        html: shell.console.print.format == crate::print::Format::Html,
        tuples_only: shell.console.print.tuples_only,
        expanded: shell.console.print.expanded,
        timing: shell.console.timing,
        database: shell.connection.session().map(|s| s.database()),
    }
}

/// `\d?`: the part of `\?` about the `\d` family.
pub fn help_describe(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    call.shell.page(&help::describe());
    Ok(Outcome::Done)
}

/// `\h [NAME]`
pub fn help_sql(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let topic = call.value().unwrap_or_default();
    let width = crate::terminal::size().map_or(80, |(columns, _)| columns);
    let text = help::sql(&topic, width);
    call.shell.page(&text);
    if call.shell.console.shows_own_help()
        && !help::has_page(&topic)
        && let Some(other) = help_page::suggestion(&String::from_utf8_lossy(&topic))
    {
        call.shell.console.println(other);
    }
    Ok(Outcome::Done)
}
