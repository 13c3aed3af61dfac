//! The shell as a person meets it: on a terminal, by keys.
//!
//! [`Terminal`] runs pgsh on a pseudo-terminal of its own; a test types keys and waits for what
//! should appear. What the shell writes is looked at without escape sequences.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{InputModes, LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::harness::{Bench, Shell, difference};
use crate::run::found;
use crate::trial::tests;

const UP: &str = "\x1b[A";
const HOME: &str = "\x1b[H";
const RIGHT: &str = "\x1b[C";
const LEFT: &str = "\x1b[D";
const DOWN: &str = "\x1b[B";
const ENTER: &str = "\r";
const ESCAPE: &str = "\x1b";
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
const CTRL_BACKSLASH: &str = "\x1c";
const CTRL_R: &str = "\x12";
const CTRL_Z: &str = "\x1a";

/// How long a test waits for what should appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal's size unless a test says otherwise.
const USUAL_SIZE: Winsize = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };

/// A shell on a terminal.
pub struct Terminal {
    master: File,
    shell: Child,
    /// What was written and not waited for yet, without escape sequences.
    seen: Vec<u8>,
    /// The beginning of an escape sequence whose end is still to come.
    raw: Vec<u8>,
    /// All that was written.
    bytes: Vec<u8>,
}

impl Terminal {
    /// Starts pgsh on the bench's database with these variables, and waits for its prompt.
    pub fn start(bench: &Bench, environment: &[(&str, &str)]) -> Terminal {
        let mut terminal = Terminal::open(bench, environment);
        terminal.wait("=# ");
        terminal
    }

    /// Starts pgsh with these variables, which may lead elsewhere than to the bench's database.
    pub fn open(bench: &Bench, environment: &[(&str, &str)]) -> Terminal {
        Terminal::open_with(bench, &[], environment)
    }

    /// Starts pgsh with these arguments and variables.
    pub fn open_with(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        let run = bench.shell(Shell::Pgsh).arg("-X").args(arguments).env("TERM", "xterm");
        let history = bench.directory(Shell::Pgsh).join("history");
        run.env("PSQL_HISTORY", history).envs(environment.iter().copied()).terminal()
    }

    /// As [`Terminal::open_own`]; waits for the prompt.
    pub fn own(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        let mut terminal = Terminal::open_own(bench, arguments, environment);
        terminal.wait("=# ");
        terminal
    }

    /// As [`Terminal::open_with`], under the shell's own name: what psql doesn't have shows.
    pub fn open_own(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        let run = bench.shell(Shell::Pgsh).arg("-X").args(arguments).env("TERM", "xterm");
        let history = bench.directory(Shell::Pgsh).join("history");
        let run = run.env("PSQL_HISTORY", history).envs(environment.iter().copied());
        Terminal::run_as("pgsh", &run.command())
    }

    /// Runs a command, whose environment is all its own, under the name `psql`.
    pub fn run(inner: &Command) -> Terminal {
        Terminal::run_as("psql", inner)
    }

    /// Runs a command, whose environment is all its own, under a name.
    pub fn run_as(called: &str, inner: &Command) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("a terminal");
        unlockpt(&master).expect("a terminal");
        tcsetwinsize(&master, USUAL_SIZE).expect("a terminal's size");
        let name = ptsname(&master, Vec::new()).expect("a terminal's name");
        // The leader of a new session gets the first terminal it opens as its own.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut command = Command::new(found("setsid", path).expect("setsid"));
        command.args([
            "bash",
            "-c",
            "tty=$1; called=$2; shift 2; exec -a \"$called\" \"$0\" \"$@\" <>\"$tty\" >&0 2>&0",
        ]);
        command.arg(inner.get_program()).arg(std::ffi::OsStr::new(name.to_str().expect("ASCII")));
        command.arg(called).args(inner.get_args());
        command.env_clear().current_dir(inner.get_current_dir().expect("a directory"));
        command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let shell = command.spawn().expect("a shell");
        Terminal {
            master: File::from(master),
            shell,
            seen: Vec::new(),
            raw: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Types keys.
    pub fn keys(&mut self, keys: &str) -> &mut Terminal {
        self.bytes(keys.as_bytes())
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Terminal {
        // A terminal nobody reads takes only so much.
        let patience = Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
        for part in bytes.chunks(256) {
            let mut fds = [PollFd::new(&self.master, PollFlags::OUT)];
            assert_ne!(poll(&mut fds, Some(&patience)).expect("to poll"), 0, "nobody reads");
            self.master.write_all(part).expect("to type");
        }
        self
    }

    /// Types a line.
    pub fn line(&mut self, line: &str) -> &mut Terminal {
        self.keys(line).keys(ENTER)
    }

    /// Waits until `text` appears; what was written up to and with it.
    #[track_caller]
    pub fn wait(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = memchr::memmem::find(&self.seen, text.as_bytes()) {
                let rest = self.seen.split_off(at + text.len());
                let before = std::mem::replace(&mut self.seen, rest);
                return String::from_utf8_lossy(&before).into_owned();
            }
            let alive = self.read(deadline);
            let seen = String::from_utf8_lossy(&self.seen).into_owned();
            assert!(alive, "no {text:?} in {seen:?}");
        }
    }

    /// Reads what the shell wrote; `false` when it is gone or the time is up.
    fn read(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        if poll(&mut fds, Some(&left)).expect("to poll") == 0 {
            return false;
        }
        let mut buffer = [0; 4096];
        match self.master.read(&mut buffer) {
            Ok(length) if length > 0 => {
                self.raw.extend_from_slice(&buffer[..length]);
                self.bytes.extend_from_slice(&buffer[..length]);
                let used = without_escapes(&self.raw, &mut self.seen);
                self.raw.drain(..used);
                true
            }
            _ => false,
        }
    }

    /// Gives the terminal another size, of which the shell is told.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ..USUAL_SIZE };
        tcsetwinsize(&self.master, size).expect("a terminal's size");
    }

    /// Reads until nothing has come for so long, and the shell is not at work: on a busy machine it
    /// may have had no processor meanwhile.
    pub fn settle(&mut self, quiet: Duration) {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline
            && (self.read(Instant::now() + quiet) || is_at_work(self.pid()))
        {}
    }

    /// All that the shell wrote until now, escape sequences and all.
    pub fn written(&self) -> &[u8] {
        &self.bytes
    }

    /// Waits for the shell's end.
    #[track_caller]
    fn status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.shell.try_wait().expect("a status") {
                return status;
            }
            let seen = String::from_utf8_lossy(&self.seen);
            assert!(Instant::now() < deadline, "no end of the shell after {seen:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What comes next as it comes, escape sequences and all.
    #[track_caller]
    fn read_raw(&mut self) -> Vec<u8> {
        let patience = Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        assert_ne!(poll(&mut fds, Some(&patience)).expect("to poll"), 0, "nothing comes");
        let mut buffer = [0; 4096];
        let length = self.master.read(&mut buffer).expect("to read");
        buffer[..length].to_vec()
    }

    /// The shell's process, to send it a signal.
    fn process(&self) -> Pid {
        Pid::from_child(&self.shell)
    }

    /// The shell's process.
    pub fn pid(&self) -> u32 {
        self.shell.id()
    }

    /// Waits for the shell's end and tells its exit status.
    #[track_caller]
    pub fn end(self) -> i32 {
        self.rest().1
    }

    /// Waits for the shell's end: what it wrote until then, and its exit status.
    #[track_caller]
    pub fn rest(mut self) -> (String, i32) {
        let deadline = Instant::now() + PATIENCE;
        while self.read(deadline) {}
        let status = self.status();
        let status = status.code().unwrap_or_else(|| -status.signal().unwrap_or(0));
        (String::from_utf8_lossy(&self.seen).into_owned(), status)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// Whether a thread of this process runs or would run, as far as the system tells.
fn is_at_work(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    threads.into_iter().any(|thread| {
        // "PID (NAME) STATE ..."
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, state)| state.starts_with(" R"))
    })
}

/// Adds `raw` to `out` without CSI sequences and carriage returns; tells how much of it was
/// whole.
fn without_escapes(raw: &[u8], out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        if byte != 0x1b {
            if byte != b'\r' {
                out.push(byte);
            }
            at += 1;
            continue;
        }
        let end = match raw.get(at + 1) {
            None => return at,
            Some(b'[') => raw[at + 2..].iter().position(|b| (0x40..0x7f).contains(b)),
            Some(_) => Some(0),
        };
        match end {
            Some(length) if raw[at + 1] == b'[' => at += 3 + length,
            Some(_) => at += 2,
            None => return at,
        }
    }
    at
}

fn history(bench: &Bench) -> String {
    fs::read_to_string(bench.directory(Shell::Pgsh).join("history")).expect("a history")
}

fn a_statement_of_three_lines_is_recalled_and_edited_as_one() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select 'a',").wait("-# ");
    terminal.line("  'b',").wait("-# ");
    terminal.line("  'c' as x;").wait("(1 row)");
    terminal.keys(UP).wait("'c' as x;");
    terminal.keys(UP).keys(UP).keys(HOME).keys(&RIGHT.repeat(8)).keys("new ").wait("new a");
    terminal.keys(ENTER).wait(" new a ");
    terminal.wait("=# ");
    assert_eq!(
        history(&bench),
        "select 'a',\u{1}  'b',\u{1}  'c' as x;\nselect 'new a',\u{1}  'b',\u{1}  'c' as x;\n"
    );
    terminal.keys(CTRL_D);
    assert_eq!(terminal.end(), 0);
}

fn ctrl_c_abandons_a_line_and_cancels_a_query() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select 1,").wait("-# ");
    terminal.keys("half a line").wait("half a line");
    terminal.keys(CTRL_C).wait("^C");
    terminal.wait("=# ");
    terminal.line("select pg_sleep(60);").wait("pg_sleep(60);\n");
    terminal.settle(Duration::from_millis(300));
    let pressed = Instant::now();
    terminal.keys(CTRL_C).wait("canceling statement due to user request");
    assert!(pressed.elapsed() < Duration::from_secs(5));
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
    terminal.wait("=# ");
    // As in psql, what comes behind on the line asks nothing more, once.
    terminal.line("select pg_sleep(60); \\d pg_am").wait("pg_am\n");
    terminal.settle(Duration::from_millis(300));
    terminal.keys(CTRL_C).wait("canceling statement due to user request");
    assert!(!terminal.wait("=# ").contains("amhandler"));
    terminal.line("\\d pg_am").wait("amhandler");
    terminal.wait("=# ");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn tab_completes_key_words_names_and_meta_commands() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("create table harvest (apples int, pears int);").wait("CREATE TABLE");
    terminal.wait("=# ");
    terminal.keys("SEL\t").wait("SELECT ");
    terminal.keys("* FROM har\t").wait("harvest ");
    terminal.keys("WHERE app\t").wait("apples ");
    terminal.keys(CTRL_C).wait("=# ");
    terminal.keys("\\DRD\t").wait("\\drds ");
    terminal.keys(CTRL_C).wait("=# ");
    terminal.keys("set timezone to america/new_\t").wait("'America/New_York' ");
    terminal.line(";").wait("SET");
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn a_paste_of_many_lines_waits_for_enter() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal
        .keys("\x1b[200~select 'p' || 'q';\n\\echo r-s\nselect 't' || 'u'\x1b[201~")
        .wait("'u'");
    terminal.keys(ENTER).wait(" pq");
    terminal.wait("r-s");
    terminal.wait("-# ");
    terminal.line(";").wait(" tu");
    terminal.wait("=# ");
    assert_eq!(history(&bench), "select 'p' || 'q';\n\\echo r-s\nselect 't' || 'u'\u{1};\n");
}

fn a_lost_connection_is_opened_again() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select pg_terminate_backend(pg_backend_pid());");
    terminal.wait("server closed the connection unexpectedly");
    terminal.wait("The connection to the server was lost. Attempting reset: Succeeded.");
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
}

fn ctrl_c_in_an_included_script_comes_back_to_the_prompt() {
    let bench = Bench::new();
    let script = bench.directory(Shell::Pgsh).join("slow.sql");
    fs::write(&script, "select pg_sleep(60);\n\\echo not reached\n").expect("a script");
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("\\i slow.sql").wait("slow.sql\n");
    terminal.settle(Duration::from_millis(300));
    terminal.keys(CTRL_C).wait("slow.sql:1: ERROR:  canceling statement");
    let shown = terminal.wait("=# ");
    assert!(!shown.contains("not reached"), "{shown}");
    terminal.line("select 6 * 7;").wait("42");
}

fn tab_in_copy_data_is_a_tab() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("create table pairs (a text, b text);").wait("CREATE TABLE");
    terminal.line("copy pairs from stdin;").wait(">> ");
    terminal.line("x\ty").wait(">> ");
    terminal.line("\\.").wait("COPY 1");
    terminal.line("\\d?").wait("Informational");
}

/// What is called psql looks like psql: no colours, no hints, no ghost text, no menu.
fn a_link_named_psql_looks_like_psql() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("select 'once';").wait("(1 row)");
    terminal.wait("=# ");
    terminal.keys("select 'on");
    while terminal.read(Instant::now() + Duration::from_millis(500)) {}
    terminal.keys("ce' from pg_clas;").keys(ENTER).wait(" ^");
    terminal.line("\\derds").wait("Try \\? for help.");
    terminal.line("show tables;").wait("\"tables\"");
    terminal.wait("=# ");
    terminal.line("\\q");
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    let marks = ["\x1b[?2004h", "\x1b[?2004l"];
    let plain = marks.iter().fold(written, |text, mark| text.replace(mark, ""));
    assert!(!plain.contains('\x1b'), "{}", plain.escape_debug());
    for own in ["Perhaps", "In psql that is"] {
        assert!(!plain.contains(own), "{}", plain.escape_debug());
    }
}

fn a_mistyped_describe_command_is_guessed() {
    let bench = Bench::new();
    let mut terminal = Terminal::own(&bench, &[], &[]);
    terminal.line("\\derds").wait("Perhaps you meant \\drds.");
}

fn what_is_typed_ahead_is_not_lost() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.keys("select 'a' || '1';\rselect 'a' || '2';\rselect 'a' || '3';\r");
    for result in [" a1", " a2", " a3"] {
        terminal.wait(result);
    }
}

fn a_killed_shell_leaves_the_terminal_as_it_was() {
    let bench = Bench::new();
    for signal in [Signal::TERM, Signal::QUIT, Signal::HUP] {
        // A program in the foreground, which SIGQUIT is for, makes no difference afterwards.
        for first in ["select 'rea' || 'dy';", "\\! echo re''ady"] {
            let mut terminal = Terminal::open(&bench, &[]);
            let modes = |terminal: &Terminal| tcgetattr(&terminal.master).expect("modes");
            terminal.wait("=# ");
            terminal.line(first).wait("ready");
            terminal.wait("=# ");
            terminal.keys("half a").wait("half a");
            assert!(!modes(&terminal).local_modes.contains(LocalModes::ECHO));
            kill_process(terminal.process(), signal).expect("to kill");
            terminal.status();
            // As every new terminal has them; the shell had set others before one could look.
            let (after, usual) = (modes(&terminal), [LocalModes::ECHO, LocalModes::ICANON]);
            assert!(
                usual.iter().all(|mode| after.local_modes.contains(*mode)),
                "{signal:?} {first}"
            );
            assert!(after.local_modes.contains(LocalModes::ISIG | LocalModes::IEXTEN));
            assert!(after.input_modes.contains(InputModes::ICRNL), "{signal:?} {first}");
            assert_eq!(terminal.end(), -signal.as_raw());
        }
    }
}

/// SIGINT from elsewhere than the keyboard, with the editor and without it.
fn sigint_drops_the_line_at_once() {
    let bench = Bench::new();
    // Once it is quiet: to a shell that is about to take a line, the signal may be the line's.
    let interrupt = |terminal: &mut Terminal| {
        terminal.settle(Duration::from_millis(300));
        kill_process(terminal.process(), Signal::INT).expect("to kill");
    };
    for arguments in [&[][..], &["-n"]] {
        let mut terminal = Terminal::open_with(&bench, arguments, &[]);
        terminal.wait("=# ");
        terminal.line("create temp table kept (a int);").wait("CREATE TABLE");
        terminal.wait("=# ");
        terminal.line("delete from kept").wait("-# ");
        terminal.keys("where a").wait("where a");
        interrupt(&mut terminal);
        terminal.wait("=# ");
        // Neither what was typed nor the signal meets the next statement.
        terminal.line("select 6 * 7, pg_sleep(0.2);").wait("42");
        terminal.wait("=# ");
        interrupt(&mut terminal);
        terminal.wait("=# ");
        terminal.line("select pg_sleep(60);").wait("pg_sleep(60);\n");
        interrupt(&mut terminal);
        terminal.wait("canceling statement due to user request");
        terminal.wait("=# ");
        terminal.line("copy kept from stdin;").wait(">> ");
        terminal.line("1").wait(">> ");
        interrupt(&mut terminal);
        terminal.wait("canceled by user");
        terminal.wait("=# ");
        terminal.line("\\prompt Which? answer").wait("Which?");
        interrupt(&mut terminal);
        terminal.wait("=# ");
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

fn bytes_that_are_not_utf_8_are_refused() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.bytes(b"sel\xffect").wait("not valid UTF-8");
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
}

fn a_password_is_not_shown_and_ctrl_c_gives_the_terminal_back() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.line("\\password").wait("Enter new password");
    terminal.wait(": ");
    terminal.settle(Duration::from_millis(100));
    terminal.keys("hidden").keys(CTRL_C);
    let shown = terminal.wait("=# ");
    assert!(!shown.contains("hidden"), "{shown}");
    terminal.line("\\echo seen").wait("seen\nseen");
    terminal.wait("=# ");
    terminal.line("create role it_pty password 'hidden'; drop role it_pty;").wait("DROP ROLE");
    terminal.wait("=# ");
    assert_eq!(history(&bench), "\\echo seen\n");
}

fn history_is_shared_and_searched() {
    let bench = Bench::new();
    let mut first = Terminal::start(&bench, &[]);
    first.line("select 'from the first' as a;").wait("(1 row)");
    first.wait("=# ");
    let mut second = Terminal::start(&bench, &[]);
    second.keys(CTRL_R).keys("the fi").wait("from the first");
    second.keys(ENTER).wait("(1 row)");
    second.line("select 2;").wait("(1 row)");
    second.wait("=# ");
    first.line("select 3;").wait("(1 row)");
    first.wait("=# ");
    let first_one = "select 'from the first' as a;\n";
    assert_eq!(history(&bench), format!("{first_one}{first_one}select 2;\nselect 3;\n"));
}

fn vi_keys_by_inputrc() {
    let bench = Bench::new();
    let inputrc = bench.directory(Shell::Pgsh).join("inputrc");
    fs::write(&inputrc, "set editing-mode vi\n").expect("an inputrc");
    let mut terminal = Terminal::start(&bench, &[("INPUTRC", inputrc.to_str().expect("UTF-8"))]);
    terminal.keys("select 'xyz'").keys(ESCAPE).wait("'xyz'");
    terminal.settle(Duration::from_millis(200));
    terminal.keys("0cwSELECT").keys(ESCAPE).wait("SELECT");
    terminal.settle(Duration::from_millis(200));
    terminal.keys("A;").keys(ENTER).wait(" xyz");
}

fn a_long_result_goes_through_the_pager() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[("PSQL_PAGER", "sed s/^/paged:/")]);
    terminal.line("select generate_series(1, 9) as n;").wait("(9 rows)");
    terminal.line("select generate_series(1, 90) as n;").wait("paged:(90 rows)");
    terminal.line("\\setenv PSQL_PAGER 'head -n 1'").wait("=# ");
    terminal.line("select generate_series(1, 90000) as n;").wait("=# ");
    terminal.line("select 6 * 7;").wait("42");
}

/// A pager of `\watch` that is quit ends it without a word, and is none of the user's programs; a
/// large result without room for temporary files is told once.
fn pagers_that_are_quit_and_disks_that_are_full() {
    let bench = Bench::new();
    let environment = [("PSQL_WATCH_PAGER", "head -n 1"), ("TMPDIR", "/no/such/folder")];
    let mut terminal = Terminal::start(&bench, &environment);
    terminal.line("select 7 \\watch i=0.01").wait("(every 0.01s)");
    let told = terminal.line("\\echo .:SHELL_ERROR.").wait("\n.:SHELL_ERROR.");
    assert!(!told.contains("Broken pipe"), "{told}");
    terminal.line("\\o /dev/null").wait("=# ");
    let large = "select repeat('x', 999) from generate_series(1, 20000);";
    terminal.line(large).wait("large results are kept in memory");
    let told = terminal.line(large).line("\\echo en''d").wait("end");
    assert!(!told.contains("kept in memory") && !told.contains("could not"), "{told}");
    // What isn't kept for \last is told each time.
    let mut terminal = Terminal::own(&bench, &[], &[("TMPDIR", "/no/such/folder")]);
    terminal.line("\\o /dev/null").wait("=# ");
    for _ in 0..2 {
        terminal.line(large).wait("not kept for \\last");
    }
}

/// COLUMNS is believed before the terminal, which has 100.
fn columns_stand_before_the_terminal() {
    let bench = Bench::new();
    for (columns, expected) in [("30", ".xxx"), ("", "x\n(1 row)"), ("90", "x\n(1 row)")] {
        let mut terminal = Terminal::start(&bench, &[("COLUMNS", columns)]);
        terminal.line("\\pset format wrapped").wait("=# ");
        terminal.line("select repeat('x', 60) as n;").wait(expected);
    }
}

fn colours_unless_refused() {
    let bench = Bench::new();
    for (refuse, expected) in [("", true), ("1", false)] {
        let mut terminal = Terminal::own(&bench, &[], &[("NO_COLOR", refuse)]);
        terminal.keys("select 'x'");
        // They come after a pause.
        while terminal.read(Instant::now() + Duration::from_millis(500)) {}
        let written = terminal.written();
        let coloured = memchr::memmem::find(written, b"\x1b[32m'x'").is_some();
        assert_eq!(coloured, expected, "{}", written.escape_ascii());
    }
}

/// Headings, NULLs, errors and their place have colours where a user looks at them, and nowhere else.
fn colours_of_results_and_errors() {
    let bench = Bench::new();
    let run = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut terminal = Terminal::own(&bench, arguments, environment);
        terminal.line("\\pset null ~").wait("=# ");
        terminal.line("select null as nix;").wait("(1 row)");
        terminal.line("select nix from pg_am;").wait(" ^");
        terminal.line("\\o |cat >out").line("select null as nix;").line("\\o");
        terminal.line("select 5 as nix, '\\x1b[1m' as b \\g |cat").wait("(1 row)");
        terminal.line("\\q");
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert_eq!(terminal.end(), 0);
        let out = fs::read(bench.directory(Shell::Pgsh).join("out")).expect("results");
        assert!(!out.contains(&0x1b), "{}", out.escape_ascii());
        written
    };
    let place = "\x1b[4;31mnix\x1b[0m from pg_am;\r\n               \x1b[4;31m^\x1b[0m";
    let coloured = ["\x1b[1m nix \x1b[0m\r\n", "\x1b[2m~\x1b[0m", "\x1b[31mERROR:  column", place];
    let seen = run(&[], &[]);
    assert!(coloured.iter().all(|text| seen.contains(text)), "{}", seen.escape_debug());
    assert!(seen.contains("\x1b[31mERROR:  column \"nix\" does not exist\x1b[0m"));
    // Nobody else has colours to give.
    let mut terminal = Terminal::start(&bench, &[]);
    for line in [
        "\\set bold `printf '\\033[1m'`",
        "\\pset title :bold",
        "select U&'\\001b[1mcell' as \"a\\x\";",
        "\\x \\\\ select U&'\\001b[1mcell' as x; \\x",
        "copy (select U&'\\001b[1mcopied') to stdout;",
        "do $$ begin raise notice '%', U&'\\001b[1mtold'; end $$;",
    ] {
        terminal.line(line);
    }
    terminal.line("\\echo 'the' 'end'").wait("the end\n");
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    for text in ["\x1b[1mcell", "\x1b[1mcopied", "\x1b[1mtold", "\x1b[1m\r\n"] {
        assert!(!written.contains(text), "{}", written.escape_debug());
        assert!(written.contains(&text.replace('\x1b', "\\x1B")), "{}", written.escape_debug());
    }
    let on_dark = run(&[], &[("COLORFGBG", "15;0")]);
    assert!(on_dark.contains("\x1b[91mERROR:  "), "{}", on_dark.escape_debug());
    let by_psql = run(&[], &[("PG_COLOR", "auto"), ("PG_COLORS", "error=35")]);
    assert!(by_psql.contains("\x1b[35mERROR:  "), "{}", by_psql.escape_debug());
    assert!(!run(&[], &[("PG_COLOR", "never")]).contains("\x1b[31m"));
    for (arguments, environment) in
        [(&[][..], ("NO_COLOR", "1")), (&["-n"], ("A", "b")), (&[], ("TERM", "dumb"))]
    {
        let plain = run(arguments, &[environment]);
        assert!(plain.contains("ERROR:  column"), "{}", plain.escape_debug());
        assert!(!coloured.iter().any(|text| plain.contains(text)), "{}", plain.escape_debug());
    }
}

fn notifications_show_at_an_idle_prompt() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    let elsewhere = |sql: &str| {
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), sql.to_owned()], b"");
    };
    terminal.line("listen news;").wait("LISTEN");
    terminal.wait("=# ");
    // The line goes on as if nothing had been.
    terminal.keys("select 'half ty").wait("half ty");
    elsewhere("notify news, 'first'");
    terminal.wait("\"news\" with payload \"first\" received from server process with PID");
    terminal.wait("=# select 'half ty");
    elsewhere("notify news, 'second'");
    terminal.wait("\"second\"");
    terminal.keys("ped';").keys(ENTER).wait(" half typed");
    terminal.wait("=# ");
    // In the middle of a transaction as well, and Tab still works.
    terminal.line("begin;").wait("*# ");
    terminal.keys("select * from pg_clas").wait("pg_clas");
    elsewhere("notify news, 'third'");
    terminal.settle(Duration::from_millis(200));
    terminal.keys("\t").wait("s ");
    terminal.keys(CTRL_C).wait("*# ");
    terminal.line("rollback;").wait("\"third\"");
    terminal.wait("=# ");
}

fn notifications_show_without_the_editor() {
    let bench = Bench::new();
    for (arguments, environment) in [(&["-n"][..], &[][..]), (&[], &[("TERM", "dumb")])] {
        let mut terminal = Terminal::open_with(&bench, arguments, environment);
        terminal.wait("=# ");
        terminal.line("listen news;").wait("LISTEN");
        terminal.wait("=# ");
        // The terminal keeps what is half typed.
        terminal.keys("select 'half ty").wait("half ty");
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), "notify news, 'first'".to_owned()], b"");
        let seen = terminal.wait("=# ");
        assert!(seen.starts_with("\nAsynchronous notification \"news\" with payload"), "{seen:?}");
        terminal.keys("ped';").keys(ENTER).wait(" half typed");
        terminal.wait("=# ");
        terminal.keys("half").wait("half");
        terminal.keys(CTRL_C).wait("=# ");
        terminal.keys(CTRL_D);
        assert_eq!(terminal.end(), 0);
    }
}

fn a_lost_connection_is_told_at_an_idle_prompt() {
    let bench = Bench::new();
    for arguments in [&[][..], &["-n"]] {
        let mut terminal = Terminal::open_with(&bench, arguments, &[]);
        terminal.wait("=# ");
        terminal.line("begin;").wait("*# ");
        terminal.keys("select 'half ty").wait("half ty");
        let kill = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'begin;' \
                    and datname = current_database()";
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), kill.to_owned()], b"");
        terminal.wait("FATAL:  terminating connection due to administrator command\n");
        terminal.wait("server closed the connection unexpectedly\n");
        terminal.wait("*# ");
        // The reason was told; what is left to tell is whether there is a new connection.
        terminal.keys("ped';").keys(ENTER).wait("ped';");
        let seen = terminal.wait("Attempting reset: Succeeded.\n");
        assert!(!seen.contains("unexpectedly"), "{seen:?}");
        terminal.wait("The transaction ended with the old connection");
        terminal.wait("[y/N] ");
        let seen = terminal.line("").wait("=# ");
        assert!(seen.contains("was not sent") && !seen.contains(" half typed"), "{seen:?}");
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

/// The server hangs up between two statements: the second was never sent before there is a new
/// connection.
fn a_statement_that_was_not_sent_goes_to_the_new_connection() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    let end_session = |last: &str| {
        let kill = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where query = '{last}' and \
             datname = current_database()"
        );
        bench.run(Shell::Pgsh, &["-Xqc".to_owned(), kill], b"");
    };
    terminal.line("select 'be' || 'gin';").wait("begin\n");
    terminal.wait("=# ");
    end_session("select ''be'' || ''gin'';");
    terminal.wait("unexpectedly");
    terminal.wait("=# ");
    terminal.line("select 6 * 7;").wait("Succeeded.");
    terminal.wait("it is sent now.");
    terminal.wait("42");
    terminal.wait("=# ");
    // Settings are gone, which may make another statement of it.
    terminal.line("set work_mem to '1MB';").wait("SET");
    terminal.wait("=# ");
    end_session("set work_mem to ''1MB'';");
    terminal.wait("unexpectedly");
    terminal.wait("=# ");
    terminal.line("select 6 * 8;").wait("[y/N] ");
    terminal.line("y").wait("48");
    terminal.wait("=# ");
    end_session("select 6 * 8;");
    terminal.wait("unexpectedly");
    terminal.wait("=# ");
    terminal.line("\\dn").wait("Succeeded.");
    terminal.wait("List of schemas");
}

fn ctrl_c_at_the_first_password_prompt_ends_it_as_psql_ends() {
    let bench = Bench::new();
    let mut terminal = Terminal::open_with(&bench, &["-W"], &[]);
    terminal.wait("Password: ");
    terminal.settle(Duration::from_millis(100));
    let modes = |terminal: &Terminal| tcgetattr(&terminal.master).expect("modes").local_modes;
    assert!(!modes(&terminal).contains(LocalModes::ECHO));
    terminal.keys("hidden").keys(CTRL_C);
    terminal.status();
    assert!(modes(&terminal).contains(LocalModes::ECHO));
    assert_eq!(terminal.rest(), (String::new(), -2));
}

fn keys_for_a_program_in_the_foreground_leave_the_shell_alone() {
    let bench = Bench::new();
    // What says that it is ready is what waits: a shell about to start something may not hear of a
    // signal. And it is what pgsh waits for: another that is about to die would take the next keys.
    let program = "echo re''ady; read line </dev/tty";
    let mut terminal = Terminal::start(&bench, &[("EDITOR", &format!("sh -c \"{program}\""))]);
    for (command, shown, key) in [
        (&*format!("\\! {program}"), "ready", CTRL_C),
        (&*format!("\\! {program}"), "ready", CTRL_BACKSLASH),
        ("\\e", "ready", CTRL_BACKSLASH),
        ("\\prompt 'Which?' answer", "Which?", CTRL_C),
    ] {
        terminal.line(command).wait("\n");
        terminal.wait(shown);
        terminal.keys(key).wait("^");
        let seen = terminal.wait("=# ");
        assert!(!seen.contains("could not"), "{command}: {seen:?}");
    }
    terminal.line("\\q");
    assert_eq!(terminal.end(), 0);
}

fn a_key_in_a_long_statement_writes_little() {
    let bench = Bench::new();
    for lines in [3, 100] {
        let mut terminal = Terminal::start(&bench, &[]);
        let text = "select 'something', x,\n".repeat(lines) + "the_end";
        terminal.keys(&format!("\x1b[200~{text}\x1b[201~")).wait("the_end");
        for key in ["x", "x", "y", LEFT, LEFT, UP, DOWN] {
            // Until it is quiet.
            while terminal.read(Instant::now() + Duration::from_millis(200)) {}
            terminal.keys(key);
            let written = terminal.read_raw();
            // The first key after the paste may draw all once more.
            assert!(
                written.len() < 50 || key == "x",
                "{lines}, {key:?}: {}",
                written.escape_ascii()
            );
        }
        // The prompt that comes behind it: what is typed before that is dropped.
        terminal.keys(CTRL_C).wait("^C");
        terminal.wait("=# ");
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back() {
    let bench = Bench::new();
    let pgsh = bench.shell(Shell::Pgsh).env("TERM", "xterm").env("PSQL_HISTORY", "/dev/null");
    let shell = pgsh.instead("bash", ["--norc", "--noediting", "-i"]);
    let mut terminal = shell.terminal();
    // Its prompt ends in "#" or "$", by who runs the tests.
    terminal.wait("psql-");
    terminal.line("PS1='shell> '").wait("\nshell> ");
    terminal.line("psql -X").wait("=# ");
    let modes = |terminal: &Terminal| tcgetattr(&terminal.master).expect("modes").local_modes;
    terminal.keys("select 6").wait("select 6");
    terminal.keys(CTRL_Z).wait("Stopped");
    terminal.wait("shell> ");
    assert!(modes(&terminal).contains(LocalModes::ECHO | LocalModes::ICANON));
    terminal.line("fg").wait("=# select 6");
    assert!(!modes(&terminal).contains(LocalModes::ECHO));
    terminal.line(" * 7;").wait("42");
    terminal.wait("=# ");
    // Where nobody could let it go on, it goes on by itself.
    let mut alone = Terminal::start(&bench, &[]);
    alone.keys("select 6").keys(CTRL_Z).keys(" * 7;").keys(ENTER).wait("42");
}

/// `\\password`, and both answers.
fn type_password(terminal: &mut Terminal, password: &str) {
    terminal.line("\\password").wait("Enter new password");
    terminal.wait(": ");
    terminal.line(password).wait("Enter it again: ");
    terminal.line(password).wait("=# ");
}

/// A terminal that says it can do nothing, or doesn't say what it is, gets text only; so does one
/// that is not to be edited on.
fn no_escape_sequences_where_none_are_understood() {
    let bench = Bench::new();
    for (term, arguments) in
        [(None, &[][..]), (Some(""), &[]), (Some("dumb"), &[]), (Some("xterm"), &["-n"])]
    {
        let run = bench.shell(Shell::Pgsh).arg("-X").args(arguments).env("PAGER", "cat");
        let run = run.without("TERM").envs(term.map(|term| ("TERM", term)));
        let mut terminal = Terminal::run_as("pgsh", &run.command());
        terminal.wait("=# ");
        for line in [
            "select 1 as a, 'x' as b;",
            "selec 1;",
            "\\nothing",
            "\\d",
            "\\pset pager always",
            "select 'paged';",
            "\\pset format fitted",
            "select repeat('long ', 50) as c;",
            "select 2 \\watch c=2 i=0.01",
            "select pg_sleep(1.1);",
            "create table t (a int);",
            "copy t from stdin;\r1\r\\.",
            "select 'two\rlines';",
            "\\c -",
            "\\s",
        ] {
            terminal.line(line).line("\\echo all' done'").wait("all done\n");
        }
        type_password(&mut terminal, "x");
        terminal.line("\\q");
        while terminal.read(Instant::now() + PATIENCE) {}
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert!(!written.contains(['\x1b', '\u{9b}', '\x01', '\x02']), "{term:?}: {written:?}");
    }
}

fn secrets_stay_out_of_the_history() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    for line in [
        "\\echo first",
        " \\setenv PGPASSWORD hidden1",
        "create role if_not password /* c */\r'hidden2' x;",
        "alter role nobody_there password -- c\r'hidden3';",
        "\\! PGPASSWORD=hidden4 true",
        "\\c postgresql://joe:hidden5@127.0.0.1:1/x",
        "create user mapping for joe server s options (\"password\" 'hidden6');",
        "select dblink_connect('host=h sslpassword = hidden8') \\g |cat",
    ] {
        terminal.line(line).wait("=# ");
    }
    terminal.line("\\echo all' done'").wait("all done\n");
    // Until its prompt is there, the terminal itself shows what is typed, and drops it on Ctrl-C.
    terminal.wait("=# ");
    terminal.line("alter role nobody_there password").wait("-# ");
    terminal.keys("'hidden7").wait("'hidden7");
    terminal.keys(CTRL_C).wait("^C\n");
    terminal.wait("=# ");
    type_password(&mut terminal, "hidden9");
    terminal.line("\\prompt 'Secret' answer").wait("\nSecret");
    terminal.line("hidden0").wait("=# ");
    terminal.line("\\echo last").wait("last\n");
    terminal.line("\\q");
    while terminal.read(Instant::now() + PATIENCE) {}
    let kept = history(&bench);
    assert!(kept.contains("first\n") && kept.contains("last\n"), "{kept}");
    assert!(!kept.contains("hidden"), "{kept}");
}

/// Where the cursor can't be moved, lines are edited at their end and completed, by text and
/// backspaces alone.
fn a_terminal_without_cursor_movement_completes() {
    let bench = Bench::new();
    for term in [None, Some("dumb")] {
        let run = bench.shell(Shell::Pgsh).arg("-X").without("TERM");
        let mut terminal = run.envs(term.map(|term| ("TERM", term))).terminal();
        terminal.wait("=# ");
        terminal
            .line("create temp table tab_one (a int); create temp table tab_two ();")
            .wait("=# ");
        terminal.keys("sel\t").wait("select ");
        terminal.keys("'ä' fromm\x7f\x17\x7f\x7f\x7f\x7f'x'").wait("'x'");
        terminal.keys(" from ta\t").wait("tab_");
        terminal.keys("\t\t").wait("tab_one");
        terminal.wait("tab_two");
        terminal.wait("select 'x' from tab_");
        terminal.keys("o\t").wait("ne ");
        terminal.line("where\x1b[7~\x1b[F false;").wait("(0 rows)");
        terminal.wait("=# ");
        terminal.keys("never\x15select 6").keys(CTRL_C).wait("^C\n");
        terminal.wait("=# ");
        // Data are not completed.
        terminal.line("copy tab_one from stdin;").wait(">> ");
        terminal.keys("\\.").line("").wait("COPY 0");
        terminal.wait("=# ");
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert!(!written.contains(['\x1b', '\u{9b}']), "{term:?}: {written:?}");
        terminal.keys(CTRL_D);
        assert_eq!(terminal.end(), 0);
    }
}

/// What `-f -` reads of a terminal is typed at prompts, without the editor, as in psql.
fn a_script_typed_at_the_terminal() {
    let bench = Bench::new();
    let steps = [
        ("=# ", "help\r"),
        ("=# ", "select 1/0;\r"),
        ("=# ", "select 'never'\r"),
        ("-# ", CTRL_C),
        ("=# ", "select pg_sleep(60);\r"),
        ("pg_sleep(60);\n", CTRL_C),
        ("=# ", "\\if false\r"),
        ("@# ", "select 1;\r"),
        ("-# ", "\\endif\r"),
        ("=# ", "create temp table t (a int);\r"),
        ("=# ", "\\i -\r"),
        ("=# ", "select 'nested';\r"),
        ("=# ", "\\q\r"),
        ("=# ", "copy t from stdin;\r"),
        (">> ", "x\r"),
        (">> ", "\\.\r"),
        ("=# ", "\\set ON_ERROR_STOP 1\r"),
        ("=# ", "select 1/0;\r"),
        ("=# ", "select 'begun'\r"),
        ("-# ", CTRL_D),
    ];
    let [oracle, ours] = [Shell::Oracle, Shell::Pgsh].map(|shell| {
        let arguments = ["-X", "-P", "pager=off", "-f", "-", "-c", "\\echo behind it"];
        let mut terminal = bench.shell(shell).args(arguments).env("TERM", "xterm").terminal();
        let mut text = String::new();
        for (shown, keys) in steps {
            text += &terminal.wait(shown);
            if keys == CTRL_C {
                // Once it is quiet: at the prompt, or in the statement.
                terminal.settle(Duration::from_millis(300));
            }
            terminal.keys(keys);
        }
        let (rest, status) = terminal.rest();
        format!("{text}{rest}\n[exit status] {status}\n")
    });
    assert!(ours == oracle, "{}", difference(oracle.as_bytes(), ours.as_bytes()));
}

tests! {
    a_statement_of_three_lines_is_recalled_and_edited_as_one,
    a_terminal_without_cursor_movement_completes,
    ctrl_c_abandons_a_line_and_cancels_a_query,
    tab_completes_key_words_names_and_meta_commands,
    a_paste_of_many_lines_waits_for_enter,
    a_lost_connection_is_opened_again,
    ctrl_c_in_an_included_script_comes_back_to_the_prompt,
    tab_in_copy_data_is_a_tab,
    a_link_named_psql_looks_like_psql,
    a_mistyped_describe_command_is_guessed,
    what_is_typed_ahead_is_not_lost,
    a_killed_shell_leaves_the_terminal_as_it_was,
    sigint_drops_the_line_at_once,
    bytes_that_are_not_utf_8_are_refused,
    a_password_is_not_shown_and_ctrl_c_gives_the_terminal_back,
    history_is_shared_and_searched,
    vi_keys_by_inputrc,
    a_long_result_goes_through_the_pager,
    pagers_that_are_quit_and_disks_that_are_full,
    columns_stand_before_the_terminal,
    colours_unless_refused,
    colours_of_results_and_errors,
    notifications_show_at_an_idle_prompt,
    notifications_show_without_the_editor,
    a_lost_connection_is_told_at_an_idle_prompt,
    a_statement_that_was_not_sent_goes_to_the_new_connection,
    ctrl_c_at_the_first_password_prompt_ends_it_as_psql_ends,
    keys_for_a_program_in_the_foreground_leave_the_shell_alone,
    a_key_in_a_long_statement_writes_little,
    ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back,
    no_escape_sequences_where_none_are_understood,
    secrets_stay_out_of_the_history,
    a_script_typed_at_the_terminal,
}
