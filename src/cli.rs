//! The command line's options, as written.
//!
//! Owns which options there are (one table, in clap's terms), how they are spelt, and what is said
//! of a wrong one. It opens no file, sets no variable and connects to nothing: `startup` resolves
//! what was written.
//!
//! clap holds the table; the words are read by the rules of `getopt_long`, which scripts written
//! for psql rely on and clap does not have: options and operands mixed, `-qAtFx`, abbreviated
//! long options with getopt's idea of ambiguity, and an error only after the options before it
//! have had their effect.

use crate::exit_status::ExitStatus;
use crate::help;
use clap::{Arg, ArgAction, Command};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use zeroize::Zeroize;

/// The options as written; a value left out is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What to run, `-c` and `-f`, in order.
    pub actions: Vec<Action>,
    /// What to set before anything else, in order.
    pub settings: Vec<Setting>,
    /// `-d`, or the first operand.
    pub database: Option<Vec<u8>>,
    /// `-U`, or the operand after the database.
    pub user: Option<Vec<u8>>,
    /// `-h`
    pub host: Option<Vec<u8>>,
    /// `-p`
    pub port: Option<Vec<u8>>,
    /// `-w` or `-W`, whichever came last.
    pub password_prompt: PasswordPrompt,
    /// `-L`
    pub log_file: Option<Vec<u8>>,
    /// `-l`
    pub list: bool,
    /// `-n`
    pub no_readline: bool,
    /// `-X`
    pub no_psqlrc: bool,
    /// `-1`
    pub single_transaction: bool,
    /// `--scratch`: use a throwaway server.
    pub scratch: Option<Scratch>,
    /// `--scratch-install`: install a throwaway server without asking.
    pub scratch_install: bool,
    /// Operands beyond database and user; unless QUIET is on, each gets the warning
    /// `extra command-line argument "x" ignored`.
    pub extra: Vec<Vec<u8>>,
}

/// Something to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `-c`: one command string.
    Command(Vec<u8>),
    /// `-f`: a file; `-` is the standard input.
    File(Vec<u8>),
}

/// Something to set. It takes effect, or fails, where it stands: `psql -P foo --help` is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `-v` and the flags that stand for a variable. Without a value the variable is unset.
    Variable(Vec<u8>, Option<Vec<u8>>),
    /// `-P` and the flags that stand for a printing option. Without a value as `\pset NAME`.
    Pset(Vec<u8>, Option<Vec<u8>>),
    /// `-o`: a file, or `|` and a command.
    Output(Vec<u8>),
}

/// Whether a password is asked for before connecting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordPrompt {
    /// When the server wants one.
    #[default]
    IfNeeded,
    /// `-w`
    Never,
    /// `-W`
    Always,
}

/// Which throwaway database to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scratch {
    /// One for this run only.
    Fresh,
    /// One that is kept under this name.
    Named(Vec<u8>),
}

/// The command line asks for nothing more than a text, or is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// What came before: where one of these fails, that is the outcome instead.
    pub settings: Vec<Setting>,
    /// For the standard output.
    pub stdout: Vec<u8>,
    /// For the standard error: getopt's message, as a line.
    pub stderr: Vec<u8>,
    /// How to do better, if anything went wrong.
    pub hint: Option<Vec<u8>>,
    /// The exit status.
    pub status: ExitStatus,
}

/// The options, in the order in which getopt names the candidates of an abbreviation.
pub fn command() -> Command {
    let flag = |long: &'static str| Arg::new(long).long(long).action(ArgAction::SetTrue);
    let value = |long: &'static str, name: &'static str| {
        Arg::new(long).long(long).value_name(name).action(ArgAction::Append)
    };
    let optional = |long: &'static str, name: &'static str| {
        value(long, name).num_args(0..=1).require_equals(true)
    };
    Command::new("pgsh").disable_help_flag(true).disable_version_flag(true).args([
        flag("echo-all").short('a'),
        flag("no-align").short('A'),
        value("command", "COMMAND").short('c'),
        value("dbname", "DBNAME").short('d'),
        flag("echo-queries").short('e'),
        flag("echo-errors").short('b'),
        flag("echo-hidden").short('E'),
        value("file", "FILENAME").short('f'),
        value("field-separator", "STRING").short('F'),
        flag("field-separator-zero").short('z'),
        value("host", "HOSTNAME").short('h'),
        flag("html").short('H'),
        flag("list").short('l'),
        value("log-file", "FILENAME").short('L'),
        flag("no-readline").short('n'),
        flag("single-transaction").short('1'),
        value("output", "FILENAME").short('o'),
        value("port", "PORT").short('p'),
        value("pset", "VAR[=ARG]").short('P'),
        flag("quiet").short('q'),
        value("record-separator", "STRING").short('R'),
        flag("record-separator-zero").short('0'),
        flag("single-step").short('s'),
        flag("single-line").short('S'),
        flag("tuples-only").short('t'),
        value("table-attr", "TEXT").short('T'),
        value("username", "USERNAME").short('U'),
        value("set", "NAME=VALUE").short('v'),
        value("variable", "NAME=VALUE"),
        flag("version").short('V'),
        flag("no-password").short('w'),
        flag("password").short('W'),
        flag("expanded").short('x'),
        flag("no-psqlrc").short('X'),
        optional("help", "TOPIC").short('?'),
        flag("csv"),
        optional("scratch", "NAME"),
        flag("scratch-install"),
    ])
}

/// The options psql does not have. They give way: `--s` means what it means to psql.
const OURS: [&str; 2] = ["scratch", "scratch-install"];

impl Options {
    /// Reads the command line, the program's name first. `mixed`: whether options may follow
    /// operands, as getopt lets them unless POSIXLY_CORRECT is set.
    ///
    /// # Errors
    /// What to print and the status to end with, for `--help`, `--version` and wrong options.
    pub fn parse(args: impl IntoIterator<Item = OsString>, mixed: bool) -> Result<Options, Exit> {
        let mut words = args.into_iter().map(OsString::into_vec);
        let name = words.next().unwrap_or_else(|| b"pgsh".to_vec());
        Reader { program: help::program(&name), name: &name, options: Options::default() }
            .read(words, mixed)
    }
}

struct Reader<'a> {
    /// The program's name as called, which getopt's messages begin with.
    name: &'a [u8],
    /// The same without directories, which all other messages begin with.
    program: &'a [u8],
    options: Options,
}

impl Reader<'_> {
    /// `mixed`: whether options may follow operands.
    fn read(
        mut self,
        mut words: impl Iterator<Item = Vec<u8>>,
        mixed: bool,
    ) -> Result<Options, Exit> {
        let table = command();
        let mut operands = Vec::new();
        while let Some(mut word) = words.next() {
            match word.as_slice() {
                b"--" => {
                    operands.extend(words);
                    break;
                }
                [b'-', b'-', ..] => self.long(&table, &word, &mut words)?,
                [b'-', _, ..] => self.cluster(&table, &word, &mut words)?,
                _ => {
                    operands.push(std::mem::take(&mut word));
                    if !mixed {
                        operands.extend(words);
                        break;
                    }
                }
            }
            // A password may have been in it: -dpassword=...
            word.zeroize();
        }
        let mut options = self.options;
        for operand in operands {
            if options.database.is_none() {
                options.database = Some(operand);
            } else if options.user.is_none() {
                options.user = Some(operand);
            } else {
                options.extra.push(operand);
            }
        }
        Ok(options)
    }

    /// A long option: `--name`, `--name=value`, `--name value`.
    fn long(
        &mut self,
        table: &Command,
        word: &[u8],
        words: &mut impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), Exit> {
        let text = &word[2..];
        let (typed, value) = match memchr::memchr(b'=', text) {
            Some(at) => (&text[..at], Some(text[at + 1..].to_vec())),
            None => (text, None),
        };
        let arg = match candidates(table, typed).as_slice() {
            [] => return Err(self.complain(&[b"unrecognized option '", word, b"'"])),
            [arg] => *arg,
            several => {
                let mut text = [b"option '", word, b"' is ambiguous; possibilities:"].concat();
                for arg in several {
                    text.extend_from_slice(format!(" '--{}'", arg.get_id()).as_bytes());
                }
                return Err(self.complain(&[&text]));
            }
        };
        let id = arg.get_id().as_str();
        let complaint = |what: &str| format!("option '--{id}' {what}");
        if !arg.get_action().takes_values() {
            if value.is_some() {
                return Err(self.complain(&[complaint("doesn't allow an argument").as_bytes()]));
            }
            return self.set(id, None);
        }
        if value.is_some() || arg.is_require_equals_set() {
            return self.set(id, value);
        }
        match words.next() {
            Some(value) => self.set(id, Some(value)),
            None => Err(self.complain(&[complaint("requires an argument").as_bytes()])),
        }
    }

    /// Short options, several in a word perhaps: `-qAtFx`.
    fn cluster(
        &mut self,
        table: &Command,
        word: &[u8],
        words: &mut impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), Exit> {
        for (at, &letter) in word.iter().enumerate().skip(1) {
            let is_it = |arg: &&Arg| arg.get_short() == Some(char::from(letter));
            let Some(arg) = table.get_arguments().find(is_it) else {
                return Err(self.complain(&[b"invalid option -- '", &[letter], b"'"]));
            };
            let id = arg.get_id().as_str();
            if id == "help" && word != b"-?" {
                return Err(self.refuse(Vec::new()));
            }
            if !arg.get_action().takes_values() || arg.is_require_equals_set() {
                self.set(id, None)?;
                continue;
            }
            let value = match &word[at + 1..] {
                [] => words.next(),
                rest => Some(rest.to_vec()),
            };
            return match value {
                Some(value) => self.set(id, Some(value)),
                None => Err(self.complain(&[b"option requires an argument -- '", &[letter], b"'"])),
            };
        }
        Ok(())
    }

    /// Takes note of an option, which has a value where the table says so.
    fn set(&mut self, id: &str, value: Option<Vec<u8>>) -> Result<(), Exit> {
        let options = &mut self.options;
        if let Some(setting) = setting(id, value.as_deref().unwrap_or_default()) {
            options.settings.push(setting);
            return Ok(());
        }
        match id {
            "command" => options.actions.push(Action::Command(value.unwrap_or_default())),
            "file" => options.actions.push(Action::File(value.unwrap_or_default())),
            "log-file" => options.log_file = value,
            "dbname" => options.database = value,
            "username" => options.user = value,
            "host" => options.host = value,
            "port" => options.port = value,
            "no-password" => options.password_prompt = PasswordPrompt::Never,
            "password" => options.password_prompt = PasswordPrompt::Always,
            "list" => options.list = true,
            "no-readline" => options.no_readline = true,
            "no-psqlrc" => options.no_psqlrc = true,
            "single-transaction" => options.single_transaction = true,
            "scratch" => options.scratch = Some(value.map_or(Scratch::Fresh, Scratch::Named)),
            "scratch-install" => options.scratch_install = true,
            "version" => return Err(self.say(help::version(self.program))),
            "help" => return Err(self.help(value.as_deref())),
            _ => unreachable!("every option of the table is handled, {id} too"),
        }
        Ok(())
    }

    fn help(&mut self, topic: Option<&[u8]>) -> Exit {
        let text = match topic {
            None | Some(b"options") => help::options(self.program),
            Some(b"commands") => help::commands(&help::State::default()),
            Some(b"variables") => help::variables().into(),
            Some(_) => return self.refuse(Vec::new()),
        };
        self.say(text)
    }

    fn say(&mut self, stdout: Vec<u8>) -> Exit {
        let settings = std::mem::take(&mut self.options.settings);
        Exit { settings, stdout, stderr: Vec::new(), hint: None, status: ExitStatus::Success }
    }

    /// A message of getopt's and the hint.
    fn complain(&mut self, text: &[&[u8]]) -> Exit {
        self.refuse([self.name, b": ", &text.concat(), b"\n"].concat())
    }

    fn refuse(&mut self, stderr: Vec<u8>) -> Exit {
        let settings = std::mem::take(&mut self.options.settings);
        let hint = [b"Try \"", self.program, b" --help\" for more information."].concat();
        Exit { settings, stdout: Vec::new(), stderr, hint: Some(hint), status: ExitStatus::Failure }
    }
}

/// The setting that an option stands for, if it is such an option.
fn setting(id: &str, value: &[u8]) -> Option<Setting> {
    let variable = |name: &str, value: &str| Setting::Variable(name.into(), Some(value.into()));
    let pset = |name: &str, value: &[u8]| Setting::Pset(name.into(), Some(value.into()));
    Some(match id {
        "echo-all" => variable("ECHO", "all"),
        "echo-errors" => variable("ECHO", "errors"),
        "echo-queries" => variable("ECHO", "queries"),
        "echo-hidden" => variable("ECHO_HIDDEN", "on"),
        "quiet" => variable("QUIET", "on"),
        "single-step" => variable("SINGLESTEP", "on"),
        "single-line" => variable("SINGLELINE", "on"),
        "set" | "variable" => {
            let (name, value) = assignment(value);
            Setting::Variable(name, value)
        }
        "no-align" => pset("format", b"unaligned"),
        "csv" => pset("format", b"csv"),
        "html" => pset("format", b"html"),
        "tuples-only" => pset("tuples_only", b"on"),
        "expanded" => pset("expanded", b"on"),
        "field-separator" => pset("fieldsep", value),
        "field-separator-zero" => pset("fieldsep_zero", b"on"),
        "record-separator" => pset("recordsep", value),
        "record-separator-zero" => pset("recordsep_zero", b"on"),
        "table-attr" => pset("tableattr", value),
        "pset" => {
            let (name, value) = assignment(value);
            Setting::Pset(name, value)
        }
        "output" => Setting::Output(value.into()),
        _ => return None,
    })
}

/// The options `typed` may mean: the one of that name, or all that begin with it.
fn candidates<'a>(table: &'a Command, typed: &[u8]) -> Vec<&'a Arg> {
    let exact = table.get_arguments().find(|arg| arg.get_id().as_str().as_bytes() == typed);
    if let Some(arg) = exact {
        return vec![arg];
    }
    let begins = |arg: &&Arg| arg.get_id().as_str().as_bytes().starts_with(typed);
    let (ours, psqls): (Vec<_>, Vec<_>) =
        table.get_arguments().filter(begins).partition(|arg| OURS.contains(&arg.get_id().as_str()));
    if psqls.is_empty() { ours } else { psqls }
}

/// `NAME=VALUE`, or `NAME` alone.
fn assignment(text: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    match memchr::memchr(b'=', text) {
        Some(at) => (text[..at].to_vec(), Some(text[at + 1..].to_vec())),
        None => (text.to_vec(), None),
    }
}

#[cfg(test)]
mod tests;
