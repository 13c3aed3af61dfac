//! `\ddl`: the statements that make an object.

use super::call::{Call, Outcome};
use super::informational;
use crate::console::Reported;
use crate::ddl;
use crate::ddl::request::{Dependents, Request};
use crate::describe::Host;
use crate::session::TransactionStatus;
use crate::shell::Shell;

/// What the queries run in, and what ends it, so that all see the same catalog and a setting of ours
/// or an error leaves no trace.
const ALONE: [&str; 2] =
    ["BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", "ROLLBACK"];
const INSIDE: [&str; 2] = ["SAVEPOINT pgsh_ddl", "ROLLBACK TO SAVEPOINT pgsh_ddl"];

/// `\ddl[+] [KIND] NAME`
pub fn show(call: &mut Call<'_>) -> Result<Outcome, Reported> {
    let dependents = match call.name.ends_with(b"+") {
        true => Dependents::Added,
        false => Dependents::Left,
    };
    let typed = call.value().unwrap_or_default();
    let request = match ddl::request::parse(&typed) {
        Ok(request) => request,
        Err(text) => return call.fail(text),
    };
    let shell = &mut *call.shell;
    informational::require_connection(shell)?;
    let [begin, end] = match shell.connection.transaction_status() {
        TransactionStatus::Idle => ALONE,
        TransactionStatus::InTransaction => INSIDE,
        TransactionStatus::Failed => {
            return call.fail("the transaction has failed; ROLLBACK ends it");
        }
        _ => return call.fail("the connection is busy"),
    };
    shell.connection.command(&mut shell.console, begin)?;
    let text = text(shell, &request, dependents);
    let ended = match shell.connection.transaction_status() {
        // The connection broke, which was said.
        TransactionStatus::Unknown => Ok(()),
        _ => shell.connection.command(&mut shell.console, end),
    };
    if end == INSIDE[1] && ended.is_ok() {
        shell.connection.command(&mut shell.console, "RELEASE SAVEPOINT pgsh_ddl")?;
    }
    let text = text?;
    ended?;
    for line in text.strip_suffix(b"\n").unwrap_or(&text).split(|&byte| byte == b'\n') {
        shell.line(line);
    }
    Ok(Outcome::Done)
}

fn text(shell: &mut Shell, request: &Request, dependents: Dependents) -> Result<Vec<u8>, Reported> {
    let context = informational::context(shell);
    ddl::run(request, dependents, &context, shell)
}
