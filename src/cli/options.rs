//! What the command line may say.

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
    /// `--tour`: walk a newcomer through the shell.
    pub tour: bool,
    /// `--scratch-install`: install a throwaway server without asking.
    pub scratch_install: bool,
    /// `--scratch-list`: list the throwaway databases that are kept.
    pub scratch_list: bool,
    /// `--scratch-drop`: drop throwaway databases that are kept.
    pub scratch_drop: Vec<Vec<u8>>,
    /// `--complete`: print candidates for the text on standard input.
    pub complete: bool,
    /// `--install-as-psql`, `--uninstall-as-psql`: what to do to links instead of running, in order.
    pub psql_links: Vec<PsqlLink>,
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

/// When a password is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordPrompt {
    /// When the server wants one.
    #[default]
    IfNeeded,
    /// `-w`
    Never,
    /// `-W`: before connecting.
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

/// What is to be done to the link named psql in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PsqlLink {
    /// It is made.
    Made(Vec<u8>),
    /// It is removed.
    Removed(Vec<u8>),
}

impl Options {
    /// `-v NAME=VALUE`
    pub(super) fn set_variable(&mut self, name: &str, value: &str) {
        self.settings.push(Setting::Variable(name.into(), Some(value.into())));
    }

    /// `-P NAME=VALUE`
    pub(super) fn set_pset(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.settings.push(Setting::Pset(name.into(), Some(value.into())));
    }

    /// The text of `-v` or `-P`, `NAME=VALUE` or `NAME` alone.
    pub(super) fn assign(&mut self, setting: fn(Vec<u8>, Option<Vec<u8>>) -> Setting, text: &[u8]) {
        let (name, value) = split_at_equals(text);
        self.settings.push(setting(name.to_vec(), value));
    }

    /// Whether links named psql, and how it is told, are all that is asked for.
    pub fn does_nothing_else(&self) -> bool {
        let Options { psql_links, settings, .. } = self.clone();
        *self == Options { psql_links, settings, ..Options::default() }
    }

    /// Takes an operand: the database, the user, or one too many.
    pub(super) fn add_operand(&mut self, operand: Vec<u8>) {
        if self.database.is_none() {
            self.database = Some(operand);
        } else if self.user.is_none() {
            self.user = Some(operand);
        } else {
            self.extra.push(operand);
        }
    }
}

/// `NAME=VALUE`, or `NAME` alone.
pub(super) fn split_at_equals(text: &[u8]) -> (&[u8], Option<Vec<u8>>) {
    match memchr::memchr(b'=', text) {
        Some(at) => (&text[..at], Some(text[at + 1..].to_vec())),
        None => (text, None),
    }
}
