//! The meta-commands: binds the names in `grammar/metacommands.txt` to handlers, reads their
//! arguments, and reports what is missing, superfluous or unknown. A file per section of `\?`.

mod activity;
mod backup;
mod call;
mod chart;
mod clip;
mod conditional;
mod connection;
mod copy;
mod ddl;
mod dry_run;
mod edit;
mod errors;
mod extended_query;
mod formatting;
mod general;
mod history;
mod informational;
mod input_output;
mod large_objects;
mod operating_system;
mod operators_desk;
mod plan;
mod query_buffer;
mod restore;
mod results;
mod settings;
mod stats;
mod time_zone;
mod variables;

use self::call::{Call, report_unknown};
use crate::console::Reported;
use crate::grammar;
use crate::lexer::ArgumentKind;
use crate::shell::Shell;
use crate::shell::scope::Scope;

pub use call::Outcome;
pub use informational::describe;
pub use input_output::open_script;

type Handler = fn(&mut Call<'_>) -> Result<Outcome, Reported>;

/// The handler of a command, by its canonical name.
fn handler(name: &str) -> Option<Handler> {
    Some(match name {
        "settings" => settings::settings,
        "wal" => settings::wal,
        "hba" => settings::hba,
        "activity" => activity::activity,
        "locks" => activity::locks,
        "cancel" => activity::cancel,
        "terminate" => activity::terminate,
        "backup" => backup::backup,
        "restore" => restore::restore,
        "basebackup" => backup::base_backup,
        "copyright" => general::copyright,
        "crosstabview" => general::crosstabview,
        "ddl" => ddl::show,
        "dryrun" => dry_run::dry_run,
        "errors" => errors::explain,
        "errverbose" => general::errverbose,
        "g" | "gx" => general::g,
        "gdesc" => general::gdesc,
        "gexec" => general::gexec,
        "gset" => general::gset,
        "quit" => general::quit,
        "restrict" => general::restrict,
        "unrestrict" => general::unrestrict,
        "watch" => general::watch,
        "?" => general::help_commands,
        "d?" => general::help_describe,
        "help" => general::help_sql,
        "edit" => edit::edit,
        "ef" => edit::edit_function,
        "ev" => edit::edit_view,
        "print" => query_buffer::print,
        "reset" => query_buffer::reset,
        "s" => query_buffer::history,
        "history" => history::list,
        "last" => results::last,
        "clip" => clip::clip,
        "results" => results::list,
        "chart" => chart::chart,
        "plan" => plan::plan,
        "view" => results::view,
        "stats" => stats::stats,
        "write" => query_buffer::write,
        "copy" => copy::copy,
        "echo" | "qecho" | "warn" => input_output::echo,
        "include" | "include_relative" => input_output::include,
        "out" => input_output::out,
        "if" => conditional::begin,
        "elif" => conditional::elif,
        "else" => conditional::otherwise,
        "endif" => conditional::end,
        "lo_export" => large_objects::export,
        "lo_import" => large_objects::import,
        "lo_unlink" => large_objects::unlink,
        "lo_list" => informational::describe_command,
        "a" => formatting::align,
        "C" => formatting::title,
        "f" => formatting::field_separator,
        "html" => formatting::html,
        "pset" => formatting::pset_command,
        "t" => formatting::tuples_only,
        "T" => formatting::table_attributes,
        "x" => formatting::expanded,
        "connect" => connection::connect,
        "conninfo" => connection::conninfo,
        "encoding" => connection::encoding,
        "password" => connection::password,
        "cd" => operating_system::change_directory,
        "getenv" => operating_system::get_environment,
        "setenv" => operating_system::set_environment,
        "timing" => operating_system::timing,
        "!" => operating_system::shell,
        "prompt" => variables::prompt,
        "set" => variables::set,
        "unset" => variables::unset,
        "tz" => time_zone::time_zone,
        "bind" => extended_query::bind,
        "bind_named" => extended_query::bind_named,
        "close_prepared" => extended_query::close_prepared,
        "parse" => extended_query::parse,
        "sendpipeline" => extended_query::send_pipeline,
        "startpipeline" => extended_query::start_pipeline,
        "syncpipeline" => extended_query::sync_pipeline,
        "endpipeline" => extended_query::end_pipeline,
        "flush" => extended_query::flush,
        "flushrequest" => extended_query::flush_request,
        "getresults" => extended_query::get_results,
        _ if name.starts_with('d')
            || matches!(name, "list" | "z" | "sf" | "sv" | "sf+" | "sv+") =>
        {
            informational::describe_command
        }
        _ => return None,
    })
}

/// Reads and runs the meta-command at the lexer's place.
///
/// # Errors
/// It failed.
pub fn run(shell: &mut Shell, scope: &mut Scope) -> Result<Outcome, Reported> {
    let name = scope.lexer.command_name();
    if shell.restricted.is_some() && name != b"unrestrict" {
        scope.lexer.rest_of_line();
        let text = "backslash commands are restricted; only \\unrestrict is allowed";
        return Err(shell.console.error(text));
    }
    let has_own = shell.console.has_own();
    let found = grammar::lookup_of(&name, has_own)
        .and_then(|command| handler(command.name()).map(|handler| (command, handler)));
    let inactive = !scope.conditionals.active()
        && !matches!(name.as_slice(), b"if" | b"elif" | b"else" | b"endif");
    let Some((command, handler)) = found else {
        // psql knows not all names of these two families before they run: an inactive branch may
        // hold any, and elsewhere an argument has been read when the name turns out to be none.
        if name.starts_with(b"d") || name.starts_with(b"lo_") {
            if inactive {
                skip(shell, scope, &name, ArgumentKind::Normal);
                return Ok(Outcome::Done);
            }
            scope.lexer.argument(shell, ArgumentKind::Normal);
        }
        // Even an inactive branch must not hold what else is no command.
        return Err(report_unknown(shell, scope, &name));
    };
    if inactive {
        let kind = command.argument(0).map_or(ArgumentKind::Normal, |argument| argument.kind);
        skip(shell, scope, &name, kind);
        return Ok(Outcome::Done);
    }
    // Messages name \copy so, however it was written.
    let name = if command.name() == "copy" { b"copy".to_vec() } else { name };
    let mut call = Call { shell, scope, name: &name, command, position: 0 };
    let outcome = handler(&mut call);
    match outcome {
        Ok(Outcome::Include(_)) => scope.including = name,
        _ => finish(shell, scope, &name, outcome.is_ok()),
    }
    shell.console.output.flush();
    outcome
}

/// After a command: takes what is left of its arguments. `\i` comes to that when its source is
/// done.
pub fn finish(shell: &mut Shell, scope: &mut Scope, name: &[u8], ok: bool) {
    if ok {
        take_superfluous_arguments(shell, scope, name);
    } else {
        // What follows a command that failed is not run.
        scope.lexer.rest_of_line();
    }
    scope.lexer.finish_command();
}

/// Warns of arguments that are left over, unless the command began an inactive branch.
fn take_superfluous_arguments(shell: &mut Shell, scope: &mut Scope, name: &[u8]) {
    // They are named as they stand, and no shell command in them runs.
    while let Some(argument) = scope.lexer.skip_argument(shell, ArgumentKind::Normal) {
        if scope.conditionals.active() {
            let extra = &argument.value[..];
            let text = [b"\\", name, b": extra argument \"", extra, b"\" ignored"].concat();
            shell.console.warning(text);
        }
    }
}

/// In an inactive branch: passes over a command's arguments without evaluating them.
fn skip(shell: &mut Shell, scope: &mut Scope, name: &[u8], kind: ArgumentKind) {
    if shell.console.is_interactive() {
        let shown =
            [b"\\", name, b" command ignored; use \\endif or Ctrl-C to exit current \\if block"]
                .concat();
        shell.console.warning(shown);
    }
    while scope.lexer.skip_argument(shell, kind).is_some() {}
    scope.lexer.finish_command();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_handler() {
        for command in grammar::sections().iter().flat_map(|s| &s.commands) {
            assert!(handler(command.name()).is_some(), "\\{} is bound to nothing", command.name());
        }
    }
}
