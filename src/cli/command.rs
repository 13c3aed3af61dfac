//! The command line as [`clap::Command`], from which it is described.

use super::spec::OptionSpec;
use super::table::OPTIONS;
use crate::sort::sort_by_key;
use clap::{Arg, Command};

/// The command line of the program `name` as clap describes it, in the order of `--help`. As `psql`
/// it is psql's, otherwise it has our own options too.
pub fn command(name: &[u8]) -> Command {
    let is_psql = name == b"psql";
    let mut options: Vec<&OptionSpec> =
        OPTIONS.iter().filter(|o| !is_psql || o.is_psqls()).collect();
    sort_by_key(&mut options, |option| option.place());
    let (name, about) = match is_psql {
        true => ("psql", "psql is the PostgreSQL interactive terminal."),
        false => ("pgsh", "pgsh is a PostgreSQL shell."),
    };
    let mut more = format!(
        "For more information, type \"\\?\" (for internal commands) or \"\\help\" (for SQL\n\
         commands) from within {name}, or consult the psql section in the PostgreSQL\n\
         documentation.\n"
    );
    if is_psql {
        more.push_str(
            "\nReport bugs to <pgsql-bugs@lists.postgresql.org>.\n\
             PostgreSQL home page: <https://www.postgresql.org/>\n",
        );
    }
    Command::new(name)
        .about(about)
        .after_help(more)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(options.into_iter().map(OptionSpec::arg))
        .args(OPERANDS.map(|name| Arg::new(name).value_name(name)))
}

/// What may stand beside the options.
const OPERANDS: [&str; 2] = ["DBNAME", "USERNAME"];
