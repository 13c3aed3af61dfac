//! Runs one of PostgreSQL's programs for a backup: what it says is shown, how far it is too, and how it
//! failed becomes a failure of ours.

use super::failure::{Failure, FailureKind};
use super::progress::Follower;
use crate::console::Console;
use crate::interactive::TransferLine;
use crate::server_tools::{CannotPass, Ended, Event, Invocation, Tool, run};
use crate::session::error_text;
use crate::terminal::signal;
use std::os::unix::process::ExitStatusExt;

/// What programs say of a full disk and its kin (in English, for they are told to).
const NO_ROOM: [&str; 4] =
    ["No space left on device", "Disk quota exceeded", "File too large", "Read-only file system"];
/// What programs say when the server is gone.
const NO_SERVER: [&str; 4] = [
    "server closed the connection unexpectedly",
    "connection to server",
    "no connection to the server",
    "terminating connection",
];

/// Runs a program to its end, and returns the lines of its standard output.
///
/// # Errors
/// It did not succeed.
pub fn run_tool(
    console: &mut Console,
    tool: &Tool,
    invocation: &mut Invocation,
    follower: &mut dyn Follower,
    mut line: Option<TransferLine>,
) -> Result<Vec<Vec<u8>>, Failure> {
    let left_out = invocation.left_out();
    if !left_out.is_empty() && !console.settings().quiet {
        let words = left_out.join(", ");
        console.warning(format!("{tool} knows nothing of {words}, and connects without"));
    }
    let interrupts = console.interrupts.signal();
    let mut output = Vec::new();
    let mut said = String::new();
    console.output.flush();
    let ended = run(invocation, interrupts.as_deref(), &mut |event| match event {
        Event::Output(text) => output.push(text.to_vec()),
        Event::Error(text) => {
            let shown = String::from_utf8_lossy(text);
            if !follower.takes(&shown) {
                said.push_str(&shown);
                said.push('\n');
                console.info(text);
            }
        }
        Event::Tick => {
            if let Some(line) = &mut line {
                line.update(console, |transfer| follower.tell(transfer));
            }
        }
    });
    console.output.clear_status();
    let ended = ended.map_err(|error| {
        let reason = error_text(&error);
        Failure::new(FailureKind::Tool, format!("could not run {tool}: {reason}"))
    })?;
    check_end(console, tool, ended, &said).map(|()| output)
}

/// Makes a failure of a program's end, if it is one; `said` is what it said.
///
/// # Errors
/// It did not succeed.
pub fn check_end(
    console: &mut Console,
    tool: &Tool,
    ended: Ended,
    said: &str,
) -> Result<(), Failure> {
    if ended.interrupted {
        console.interrupts.give_up_work();
        return Err(Failure::new(
            FailureKind::Stopped,
            format!("stopped: {tool} was ended by Ctrl-C"),
        ));
    }
    if ended.status.success() {
        return Ok(());
    }
    let has = |texts: &[&str]| texts.iter().any(|text| said.contains(text));
    let kind = match () {
        () if has(&NO_ROOM) || ended.status.signal() == Some(libc::SIGXFSZ) => FailureKind::Place,
        () if has(&NO_SERVER) => FailureKind::Connection,
        () => FailureKind::Tool,
    };
    Err(Failure::new(kind, format!("{tool} failed: {}", how_ended(ended.status))))
}

/// `exit status 1`, `killed by signal 9 (Killed)`
fn how_ended(status: std::process::ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(number)) => format!("ended by signal {number} ({})", signal::name(number)),
        (None, None) => "nobody knows how".to_owned(),
    }
}

impl From<CannotPass> for Failure {
    fn from(cannot: CannotPass) -> Failure {
        let kind = match cannot {
            CannotPass::WithoutTls(_) => FailureKind::NoTool,
            _ => FailureKind::Connection,
        };
        Failure::new(kind, cannot.to_string())
    }
}
