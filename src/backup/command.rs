//! A request is done, and it is told how that went: to the user in words, to programs in a line of JSON and
//! in the exit status.

use super::done::Done;
use super::failure::{Failure, FailureKind};
use super::json::Json;
use super::plan::look;
use super::request::{BaseBackup, Dump, Telling};
use super::source::Source;
use crate::connection::Connection;
use crate::console::{Console, Reported};
use crate::interactive::Interactive;

/// Makes a dump and tells how that went; `name` is the command's.
///
/// # Errors
/// There is none.
pub fn dump(
    console: &mut Console,
    connection: &Connection,
    name: &[u8],
    request: &Dump,
    interactive: &Interactive,
) -> Result<(), Reported> {
    let done = super::dump::dump(console, connection, request, interactive);
    tell(console, name, request.common.telling, done)
}

/// Makes a base backup and tells how that went.
///
/// # Errors
/// There is none.
pub fn base_backup(
    console: &mut Console,
    connection: &Connection,
    name: &[u8],
    request: &BaseBackup,
    interactive: &Interactive,
) -> Result<(), Reported> {
    let done = super::base_backup::base_backup(console, connection, request, interactive);
    tell(console, name, request.common.telling, done)
}

/// Which kind of backup suits the cluster, as a text.
///
/// # Errors
/// The server does not say.
pub fn plan(
    console: &mut Console,
    connection: &Connection,
    name: &[u8],
    interactive: &Interactive,
) -> Result<String, Reported> {
    let source = Source::new(connection, None, interactive);
    let looked = source.and_then(|source| {
        let mut session = source.ask(console)?;
        look(&mut session)
    });
    match looked {
        Ok(cluster) => Ok(cluster.plan()),
        Err(failure) => Err(report(console, name, &failure)),
    }
}

fn tell(
    console: &mut Console,
    name: &[u8],
    telling: Telling,
    done: Result<Done, Failure>,
) -> Result<(), Reported> {
    match (done, telling) {
        (Ok(done), Telling::Text) => {
            let text = done.text();
            console.println_unless_quiet(console.folded(text.as_bytes()));
            Ok(())
        }
        (Ok(done), Telling::Json) => {
            console.println(done.json());
            Ok(())
        }
        (Err(failure), telling) => {
            if telling == Telling::Json {
                console.println(failure_json(&failure));
            }
            Err(report(console, name, &failure))
        }
    }
}

/// A failure as a line of JSON.
pub fn failure_json(failure: &Failure) -> String {
    let texts = failure.messages().iter().map(|message| Json::Text(message.text.clone()));
    Json::Object(vec![
        ("status", Json::Text("failed".to_owned())),
        ("reason", Json::Text(failure.kind().word().to_owned())),
        ("exit_status", Json::Number(failure.kind().status().code().into())),
        ("messages", Json::List(texts.collect())),
    ])
    .text()
}

/// Reports a failure, each objection as an error of the command.
pub fn report(console: &mut Console, name: &[u8], failure: &Failure) -> Reported {
    for message in failure.messages() {
        let text = [b"\\", name, b": ", message.text.as_bytes()].concat();
        console.error(console.folded(&text));
        if let Some(hint) = &message.hint {
            let hint = format!("HINT:  {hint}");
            console.tell(hint);
        }
    }
    if failure.kind() != FailureKind::Arguments {
        console.fail_with(failure.kind().status());
    }
    Reported
}
