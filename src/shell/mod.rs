//! The state of one shell: variables, printing options, the session, where input comes from and
//! output goes; and how messages are reported.
//!
//! The files beside this one hold what the state can do: `execute` runs a query, `connect` opens
//! and changes the connection, `copy` moves COPY data, `environment` answers the lexer.

pub mod catalog;
pub mod color;
pub mod connect;
pub mod copy;
pub mod describe_host;
pub mod environment;
pub mod execute;
pub(crate) mod g_output;
mod held;
pub mod helper;
pub mod input;
pub mod interrupt;
pub mod large_object;
pub mod message;
pub mod names;
pub mod output;
pub mod person;
pub mod pipeline;
mod progress;
pub mod query_use;
pub mod results;
pub mod scope;
pub mod show;
pub mod spool;
pub mod store;
mod uses;
mod walk;
pub mod watch;

use std::io::IsTerminal;
use std::rc::Rc;

use self::color::{Colors, Role};
use crate::cli::PasswordPrompt;
use crate::conninfo::Settings as ConnectionSettings;
use crate::encoding::Encoding;
use crate::print;
pub use crate::session::error_text as os_error_text;
use crate::session::{ErrorFields, Session};
use crate::terminal::editor::Editor;
use crate::terminal::signal::Interrupts;
use crate::variables::{Settings, Variables};
use input::Input;
use output::Output;

/// The version of psql whose behaviour is followed, as its VERSION_NAME.
pub const PSQL_VERSION: &str = "18.6";

/// Where the system-wide start-up file lies, and the service file if PGSYSCONFDIR does not say.
pub const SYSTEM_DIRECTORY: &str = "/etc/postgresql-common";

/// Variables that are set from the start, beside those with rules of their own.
const DEFAULTS: [(&str, &str); 8] = [
    ("LAST_ERROR_MESSAGE", ""),
    ("LAST_ERROR_SQLSTATE", "00000"),
    ("PIPELINE_COMMAND_COUNT", "0"),
    ("PIPELINE_RESULT_COUNT", "0"),
    ("PIPELINE_SYNC_COUNT", "0"),
    ("PROMPT1", "%/%R%x%# "),
    ("PROMPT2", "%/%R%x%# "),
    ("PROMPT3", ">> "),
];

/// One shell.
pub struct Shell {
    /// The program's name in messages, from `argv[0]`.
    pub program: Vec<u8>,
    /// psql's variables.
    pub variables: Variables,
    /// The printing options of `\pset`.
    pub print: print::Options,
    /// The printing options to go back to after the next query.
    print_before: Option<Box<print::Options>>,
    /// `\timing` is on.
    pub timing: bool,
    /// The connection, if there is one.
    pub session: Option<Session>,
    /// The settings of the last good connection, from which `\c` fills in what it is not told.
    pub connection: Option<ConnectionSettings>,
    /// Where input comes from.
    pub input: Input,
    /// Where output goes.
    pub output: Output,
    /// The line editor, when a person types.
    pub editor: Option<Editor>,
    /// Ctrl-C, once it is watched for.
    pub interrupts: Option<Rc<Interrupts>>,
    /// Standard input or output is no terminal.
    pub not_a_tty: bool,
    /// When passwords are asked for, at the start and by `\connect`.
    pub password_prompt: PasswordPrompt,
    /// The last error, for `\errverbose`.
    pub last_error: Option<LastError>,
    /// What `\bind` and its kin prepared for the next query.
    pub extended: Extended,
    /// Pipeline mode.
    pub pipeline: pipeline::Pipeline,
    /// The connection's error text: it grows while commands fail that send nothing.
    complaints: Vec<u8>,
    /// The connection broke while a script ran, which ends it.
    pub connection_lost: bool,
    /// The person knows that the connection broke, and why.
    loss_told: bool,
    /// The user knows that large results are kept in memory.
    memory_told: bool,
    /// Something ran already, so messages no longer carry the program's name.
    pub started: bool,
    /// Ctrl-C was pressed since the last command began.
    cancelled: bool,
    /// Ctrl-C broke off a read of the last command's.
    reading_interrupted: bool,
    /// Ctrl-C ended one of the `-c` and `-f`: the person wanted none of those that come after, though
    /// psql goes on with them, and their queries count as failed.
    pub unwanted: bool,
    /// Ctrl-C ended a script or a `-c`.
    pub interrupted: bool,
    /// COLUMNS of the environment, as it was at the start.
    columns: Option<u32>,
    /// The columns the last PROMPT1 filled (`%w`).
    prompt1_width: usize,
    /// The query under way, to which positions in notices refer.
    current_query: Vec<u8>,
    /// Notifications that came and were not shown yet.
    notifications: Vec<crate::session::Notification>,
    /// The columns of a result that comes in parts.
    pending_fields: Option<Vec<crate::session::Field>>,
    colors: Colors,
    /// The helper connection.
    aide: helper::Aide,
    /// What Tab knows of the server's names.
    names: names::Names,
    /// `\restrict`'s key, while restricted.
    pub restricted: Option<Vec<u8>>,
}

/// What `\errverbose` shows again.
#[derive(Clone, Debug)]
pub struct LastError {
    /// The error's fields.
    pub fields: ErrorFields,
    /// The statement it came from.
    pub query: Vec<u8>,
}

/// How the next query is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extended {
    /// By the simple protocol.
    #[default]
    Simple,
    /// `\bind`: parsed, bound to these values, executed.
    Bind(Vec<Vec<u8>>),
    /// `\bind_named`: the statement of this name, bound to these values.
    BindNamed(Vec<u8>, Vec<Vec<u8>>),
    /// `\parse`: prepared under this name.
    Parse(Vec<u8>),
    /// `\close_prepared`: the statement of this name is forgotten.
    Close(Vec<u8>),
    /// One of the commands that are about pipeline mode.
    Pipeline(pipeline::Verb),
}

/// A Bind message counts its values in 16 bits.
const MAX_VALUES: usize = 65535;

impl Extended {
    /// Whether there are more values than a message can hold.
    fn has_too_many_values(&self) -> bool {
        match self {
            Extended::Bind(values) | Extended::BindNamed(_, values) => values.len() > MAX_VALUES,
            _ => false,
        }
    }
}

impl Shell {
    /// A shell that calls itself `program` in messages, not connected.
    ///
    /// # Errors
    /// Standard output can't be used.
    pub fn new(program: &[u8]) -> std::io::Result<Shell> {
        let mut shell = Shell {
            program: program.to_vec(),
            variables: Variables::default(),
            print: print::Options::default(),
            print_before: None,
            timing: false,
            session: None,
            connection: None,
            input: Input::default(),
            output: Output::new()?,
            editor: None,
            interrupts: None,
            not_a_tty: true,
            password_prompt: PasswordPrompt::default(),
            last_error: None,
            extended: Extended::default(),
            pipeline: pipeline::Pipeline::default(),
            complaints: Vec::new(),
            connection_lost: false,
            loss_told: false,
            memory_told: false,
            started: false,
            cancelled: false,
            reading_interrupted: false,
            unwanted: false,
            interrupted: false,
            prompt1_width: 0,
            columns: columns_wanted(),
            current_query: Vec::new(),
            notifications: Vec::new(),
            pending_fields: None,
            colors: Colors::of_environment(std::io::stderr().is_terminal()),
            aide: helper::Aide::default(),
            names: names::Names::default(),
            restricted: None,
        };
        for (name, value) in DEFAULTS {
            shell.variables.put(name.as_bytes(), value.as_bytes());
        }
        shell.tell_version();
        Ok(shell)
    }

    /// Ends: what is being written is written out, the server is told good-bye.
    pub fn close(&mut self) {
        self.redirect_results(None);
        self.output.flush();
        self.forget_helper();
        self.session = None;
    }

    /// Sends query results to `target` from now on, closing the target before.
    pub fn redirect_results(&mut self, target: Option<output::Target>) {
        if let Some(former) = self.output.redirect(target) {
            self.close_target(former);
        }
    }

    /// Closes a target; how a command ended is noted in SHELL_ERROR and SHELL_EXIT_CODE. What could
    /// not be written was reported when it was printed.
    fn close_target(&mut self, target: output::Target) {
        if let Ok(Some(status)) = target.close() {
            self.shell_result(Ok(status));
        }
    }

    /// Starts to watch for Ctrl-C.
    pub fn watch_interrupts(&mut self) {
        // Without it Ctrl-C ends the program, which is better than not starting at all.
        self.interrupts = Interrupts::install().ok().map(Rc::new);
        self.input.watch_interrupts(self.interrupts.clone());
    }

    /// The typed settings of the special variables.
    pub fn settings(&self) -> &Settings {
        self.variables.settings()
    }

    /// The client encoding now.
    pub fn encoding(&self) -> Encoding {
        self.print.encoding
    }

    /// Takes note of another client encoding.
    pub(super) fn adopt_encoding(&mut self, encoding: Encoding) {
        self.print.encoding = encoding;
        self.output.set_encoding(encoding);
    }

    /// Changes the printing options until the next query is done: what a `\g` that is refused after
    /// its options leaves behind.
    pub fn change_print_once(&mut self, options: print::Options) {
        let before = std::mem::replace(&mut self.print, options);
        self.print_before.get_or_insert_with(|| Box::new(before));
    }

    /// Goes back to the printing options there were before [`Shell::change_print_once`].
    pub fn restore_print(&mut self) {
        if let Some(before) = self.print_before.take() {
            self.print = print::Options { encoding: self.print.encoding, ..*before };
        }
    }

    /// Whether a person types the commands now.
    pub fn is_interactive(&self) -> bool {
        !self.not_a_tty && self.input.is_person()
    }

    /// `program:FILE:LINE: ` where the current source has a name, `program: ` before anything ran,
    /// else nothing.
    fn place(&self) -> Vec<u8> {
        let Some((name, line)) = self.input.place() else {
            let program = [&self.program, &b": "[..]].concat();
            return if self.started {
                Vec::new()
            } else {
                self.colors.paint(Role::Locus, &self.output.shown(&program))
            };
        };
        let mut place = self.program.clone();
        place.push(b':');
        place.extend_from_slice(name);
        // Before its first line is read, a source is only a name.
        if line > 0 {
            place.extend_from_slice(format!(":{line}").as_bytes());
        }
        place.extend_from_slice(b": ");
        self.colors.paint(Role::Locus, &self.output.shown(&place))
    }

    fn report(&mut self, level: Option<(Role, &str)>, text: &[u8]) {
        let mut line = self.place();
        if let Some((role, level)) = level
            && !line.is_empty()
        {
            line.extend(self.colors.paint(role, level.as_bytes()));
        }
        self.end_message(line, text);
    }

    /// Reports an error of the shell's own.
    pub fn error(&mut self, text: impl AsRef<[u8]>) {
        self.report(Some((Role::Error, "error: ")), text.as_ref());
    }

    /// Reports a warning.
    pub fn warning(&mut self, text: impl AsRef<[u8]>) {
        self.report(Some((Role::Warning, "warning: ")), text.as_ref());
    }

    /// Tells how to do better.
    pub fn hint(&mut self, text: impl AsRef<[u8]>) {
        self.report(Some((Role::Note, "hint: ")), text.as_ref());
    }

    /// Reports something that is no fault, on standard error.
    pub fn info(&mut self, text: impl AsRef<[u8]>) {
        self.report(None, text.as_ref());
    }

    /// Writes to standard output unless QUIET is on.
    pub fn say(&mut self, line: impl AsRef<[u8]>) {
        if !self.settings().quiet {
            self.put(line);
        }
    }

    /// Writes a line to standard output.
    pub fn put(&mut self, line: impl AsRef<[u8]>) {
        let out = self.output.stdout();
        let _ = out.write_all(line.as_ref());
        let _ = out.write_all(b"\n");
    }

    /// How messages of the server are shown now.
    pub fn message_style(&self) -> message::Style {
        let settings = self.settings();
        message::Style {
            verbosity: settings.verbosity,
            show_context: settings.show_context,
            encoding: self.encoding(),
        }
    }

    /// Shows a notice or an error of the server.
    pub fn server_message(&mut self, fields: &ErrorFields, query: Option<&[u8]>) {
        let text = message::text(fields, query, self.message_style());
        let mut line = self.place();
        line.extend_from_slice(&self.output.shown(&text));
        self.output.stderr_as_written(&line);
    }

    /// Shows a text about the connection (it was lost, it spoke nonsense) as an error of the
    /// server's is shown.
    pub fn connection_message(&mut self, text: &[u8]) {
        self.end_message(self.place(), text);
    }

    /// Writes a message of which `line` is the beginning.
    fn end_message(&mut self, mut line: Vec<u8>, text: &[u8]) {
        // A text that ends its line itself, as a statement does that -c gave, ends it once.
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        line.extend_from_slice(&self.output.shown(text));
        line.push(b'\n');
        self.output.stderr_as_written(&line);
    }

    /// Sets a variable and reports why it couldn't be; true if it was.
    pub fn set_variable(&mut self, name: &[u8], value: &[u8]) -> bool {
        match self.variables.set(name, value) {
            Ok(()) => true,
            Err(rejected) => {
                self.error(rejected.0);
                false
            }
        }
    }

    /// Takes note of how a shell command ended: SHELL_ERROR and SHELL_EXIT_CODE.
    pub fn shell_result(&mut self, status: std::io::Result<std::process::ExitStatus>) {
        use std::os::unix::process::ExitStatusExt;
        let code = match status {
            Ok(status) => status.code().or(status.signal().map(|s| s + 128)).unwrap_or(-1),
            Err(_) => 127,
        };
        self.variables.put(b"SHELL_ERROR", if code == 0 { b"false" } else { b"true" });
        self.variables.put(b"SHELL_EXIT_CODE", code.to_string().as_bytes());
    }
}

/// The width that COLUMNS of the environment asks for, if it is one.
fn columns_wanted() -> Option<u32> {
    let value = environment::get(b"COLUMNS")?;
    u32::try_from(crate::number::leading_integer(&value)).ok().filter(|columns| *columns > 0)
}

/// `NAME: what the operating system said`.
pub fn os_error(name: &[u8], error: &std::io::Error) -> Vec<u8> {
    [name, b": ", os_error_text(error).as_bytes()].concat()
}
