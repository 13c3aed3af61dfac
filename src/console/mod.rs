//! What passes between the shell and the outside: where commands come from, where output goes, how
//! messages look (`report.rs`), and how the user wants all that (variables and printing options).
//!
//! Never knows of a connection or a query.

mod backquote;
mod color;
mod command_tag;
pub mod environment;
mod exit_variables;
pub mod input;
pub mod interrupt;
mod message_colors;
pub mod output;
pub mod path;
pub mod program;
mod prose;
mod query_status;
mod question;
mod report;
pub mod server_message;
pub mod target;
mod whole_file;

use self::color::Colors;
pub use self::command_tag::row_count;
use self::input::Input;
use self::interrupt::InterruptState;
use self::message_colors::MessageColors;
use self::output::Output;
use self::target::{Closed, Target};
pub use self::whole_file::write_whole;
use crate::encoding::Encoding;
use crate::exit_status::ExitStatus;
pub use crate::network::error::error_text as os_error_text;
use crate::palette::Palette;
use crate::print;
use crate::prompt::{DEFAULT_PROMPT, DEFAULT_PROMPT3};
pub use crate::reported::Reported;
use crate::session::version_number;
use crate::terminal::ChildEnvironment;
use crate::variables::{Settings, Variables};
use std::io::{self, IsTerminal};

/// The version of psql whose behaviour is followed, as its VERSION_NAME.
pub const PSQL_VERSION: &str = "18.6";

/// Variables that are set from the start, beside those with rules of their own.
const DEFAULTS: [(&str, &str); 8] = [
    ("LAST_ERROR_MESSAGE", ""),
    ("LAST_ERROR_SQLSTATE", "00000"),
    ("PIPELINE_COMMAND_COUNT", "0"),
    ("PIPELINE_RESULT_COUNT", "0"),
    ("PIPELINE_SYNC_COUNT", "0"),
    ("PROMPT1", DEFAULT_PROMPT),
    ("PROMPT2", DEFAULT_PROMPT),
    ("PROMPT3", DEFAULT_PROMPT3),
];

/// The shell's way to the outside, and psql's state that nearly every command reads.
pub struct Console {
    /// psql's variables.
    pub variables: Variables,
    /// The printing options of `\pset`.
    pub print: print::Options,
    /// `\timing` is on.
    pub timing: bool,
    /// Where commands come from.
    pub input: Input,
    /// Where output goes.
    pub output: Output,
    /// Ctrl-C.
    pub interrupts: InterruptState,
    prefix: Prefix,
    standard_streams: StandardStreams,
    has_connected: bool,
    /// How the program ends if what failed last was all it was to do.
    failure_status: Option<ExitStatus>,
    /// What leads child processes to the server connected to.
    child_environment: ChildEnvironment,
}

/// What messages begin with.
struct Prefix {
    /// The program's name, from `argv[0]`.
    program: Vec<u8>,
    /// Something ran already, so messages no longer carry the program's name.
    started: bool,
    colors: Colors,
    /// The colours of messages at the prompt, if they have some there.
    at_prompt: Option<MessageColors>,
}

/// What standard input and standard output are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandardStreams {
    /// Both are terminals.
    Terminals,
    /// One of them is not.
    Others,
}

impl StandardStreams {
    /// What they are now.
    pub fn look() -> StandardStreams {
        match crate::terminal::stdin_is_tty() && crate::terminal::stdout_is_tty() {
            true => StandardStreams::Terminals,
            false => StandardStreams::Others,
        }
    }
}

impl Console {
    /// A console of a program that calls itself `program` in messages.
    ///
    /// # Errors
    /// Standard output can't be used.
    pub fn new(program: &[u8]) -> io::Result<Console> {
        let prefix = Prefix {
            program: program.to_vec(),
            started: false,
            colors: Colors::of_environment(io::stderr().is_terminal()),
            at_prompt: None,
        };
        let mut console = Console {
            variables: Variables::default(),
            print: print::Options::default(),
            timing: false,
            input: Input::default(),
            output: Output::new()?,
            interrupts: InterruptState::default(),
            prefix,
            standard_streams: StandardStreams::Others,
            has_connected: false,
            failure_status: None,
            child_environment: ChildEnvironment::default(),
        };
        for (name, value) in DEFAULTS {
            console.variables.put(name.as_bytes(), value.as_bytes());
        }
        console.publish_version();
        if console.has_own() {
            console.variables.announce_shell(env!("CARGO_PKG_VERSION"));
        }
        Ok(console)
    }

    /// Sets the variables that tell psql's version.
    fn publish_version(&mut self) {
        let number = version_number(PSQL_VERSION.as_bytes()).to_string();
        let text = format!("PostgreSQL {PSQL_VERSION} (pgsh {})", env!("CARGO_PKG_VERSION"));
        self.variables.put(b"VERSION", text.as_bytes());
        self.variables.put(b"VERSION_NAME", PSQL_VERSION.as_bytes());
        self.variables.put(b"VERSION_NUM", number.as_bytes());
    }

    /// Sends query results to `target` from now on, closing the target before.
    ///
    /// # Errors
    /// As [`Console::close_target`].
    pub fn redirect_results(&mut self, target: Option<Target>) -> Result<(), Reported> {
        match self.output.redirect(target) {
            Some(former) => self.close_target(former),
            None => Ok(()),
        }
    }

    /// Closes a target and publishes how a command ended. What could not be written was reported
    /// when it was printed.
    ///
    /// # Errors
    /// A file that was to appear once it is whole does not.
    pub fn close_target(&mut self, target: Target) -> Result<(), Reported> {
        let appears_at_once = target.appears_at_once();
        match target.close() {
            Ok(Closed::Command(status)) => self.publish_exit_status(Ok(status)),
            Ok(Closed::File) => {}
            Ok(Closed::Broken(path)) => {
                let path = path.display();
                return Err(self.error(format!("{path} is as it was: the result is not whole")));
            }
            Err(_) if appears_at_once => {}
            Err(error) => {
                let reason = os_error_text(&error);
                return Err(self.error(format!("could not write the file of results: {reason}")));
            }
        }
        Ok(())
    }

    /// Starts to watch for Ctrl-C.
    pub fn watch_interrupts(&mut self) {
        self.interrupts.watch();
        self.input.watch_interrupts(self.interrupts.signal());
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
    pub fn set_encoding(&mut self, encoding: Encoding) {
        self.print.encoding = encoding;
        self.output.set_encoding(encoding);
    }

    /// From now on messages to a user at the prompt have colours, if there are any.
    pub fn color_messages(&mut self, palette: Option<Palette>) {
        let messages = palette.filter(|_| io::stderr().is_terminal());
        self.prefix.at_prompt = messages.and_then(|palette| self.prefix.colors.at_prompt(palette));
    }

    /// Adds a message as the user sees it.
    fn add_painted(&self, line: &mut Vec<u8>, text: &[u8], severity: message_colors::Severity) {
        let text = self.output.shown(text);
        match &self.prefix.at_prompt {
            Some(colors) if self.is_interactive() => {
                line.extend(colors.paint(&text, severity, self.encoding()));
            }
            _ => line.extend_from_slice(&text),
        }
    }

    /// Takes note of what the standard streams are.
    pub fn set_standard_streams(&mut self, streams: StandardStreams) {
        self.standard_streams = streams;
    }

    /// Whether standard input and standard output are terminals.
    pub fn is_on_terminals(&self) -> bool {
        self.standard_streams == StandardStreams::Terminals
    }

    /// Whether a user types the commands now.
    pub fn is_interactive(&self) -> bool {
        self.is_on_terminals() && self.input.is_typed()
    }

    /// Whether the user is told of what psql doesn't have: at the prompt, unless the shell is called
    /// `psql`.
    pub fn shows_own_help(&self) -> bool {
        self.is_interactive() && self.has_own()
    }

    /// Whether commands and printing options that psql doesn't have are there: unless the shell is called
    /// `psql`.
    pub fn has_own(&self) -> bool {
        self.program() != b"psql"
    }

    /// What child processes find in their environment: at the prompt what leads them to the server
    /// connected to, unless CHILD_ENVIRONMENT is off.
    pub fn child_environment(&self) -> ChildEnvironment {
        match self.shows_own_help() && self.variables.passes_connection_on() {
            true => self.child_environment.clone(),
            false => ChildEnvironment::default(),
        }
    }

    /// Says what leads child processes to the server connected to.
    pub fn set_child_environment(&mut self, environment: ChildEnvironment) {
        self.child_environment = environment;
    }

    /// A variable of the environment is the user's own again, until the next connection.
    pub fn leave_to_environment(&mut self, name: &[u8]) {
        self.child_environment.forget(name);
    }

    /// The program's name in messages.
    pub fn program(&self) -> &[u8] {
        &self.prefix.program
    }

    /// Something runs: from now on messages carry a place instead of the program's name.
    pub fn begin_to_run(&mut self) {
        self.prefix.started = true;
    }

    /// A command failed in a way that has a status of its own.
    pub fn fail_with(&mut self, status: ExitStatus) {
        self.failure_status = Some(status);
    }

    /// The status that a command failed with, forgotten then.
    pub fn take_failure_status(&mut self) -> Option<ExitStatus> {
        self.failure_status.take()
    }

    /// A connection was opened: from now on Ctrl-C at a question ends the question alone.
    pub fn note_connected(&mut self) {
        self.has_connected = true;
    }

    /// Writes a line to standard output unless QUIET is on.
    pub fn println_unless_quiet(&mut self, line: impl AsRef<[u8]>) {
        if !self.settings().quiet {
            self.println(line);
        }
    }

    /// Writes a line to standard output.
    pub fn println(&mut self, line: impl AsRef<[u8]>) {
        let out = self.output.stdout();
        let _ = out.write_all(line.as_ref());
        let _ = out.write_all(b"\n");
    }

    /// Sets a variable.
    ///
    /// # Errors
    /// It could not be set to that, which is reported.
    pub fn set_variable(&mut self, name: &[u8], value: &[u8]) -> Result<(), Reported> {
        self.variables.set(name, value).map_err(|rejected| self.error(rejected.0))
    }

    /// Whether results go to a program in a format of which every byte is data.
    pub fn shows_only_data(&self, format: print::Format) -> bool {
        format.holds_only_data() && (!self.is_on_terminals() || self.output.is_redirected())
    }
}

/// `NAME: what the operating system said`.
pub fn os_error(name: &[u8], error: &io::Error) -> Vec<u8> {
    [name, b": ", os_error_text(error).as_bytes()].concat()
}
