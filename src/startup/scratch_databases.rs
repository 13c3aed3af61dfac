//! `--scratch-list` and `--scratch-drop`: the throwaway databases that are kept.

use crate::console::Reported;
use crate::describe::{Host, View};
use crate::exit_status::ExitStatus;
use crate::print::{Column, RowBuffer};
use crate::progress;
use crate::scratch::{self, KeptDatabase};
use crate::shell::Shell;
use crate::suggest;
use crate::suggest::closeness::closest;
use crate::terminal::{self, ReadLine};
use crate::variables::parse_bool;

const TEXT: u32 = 25;
const HEADINGS: [&str; 5] = ["Name", "Server", "Size", "Last used", "In use"];

/// Lists them.
pub(super) fn list(shell: &mut Shell) -> Result<ExitStatus, ExitStatus> {
    let kept = kept(shell)?;
    if kept.is_empty() && !shell.console.settings().quiet {
        shell.console.info("No scratch database is kept; --scratch=NAME keeps one.");
        return Ok(ExitStatus::Success);
    }
    let mut rows = RowBuffer::default();
    for database in &kept {
        let used = used(database);
        let cells = [
            Some(database.name.clone().into_bytes()),
            Some(database.major.to_string().into_bytes()),
            Some(progress::size(database.bytes).into_bytes()),
            used,
            Some(if database.in_use { b"yes".to_vec() } else { b"no".to_vec() }),
        ];
        rows.push(cells.iter().map(Option::as_deref));
    }
    let view = View {
        title: Some(b"List of scratch databases".to_vec()),
        columns: HEADINGS.map(|name| Column::of_type(name.into(), TEXT)).to_vec(),
        rows,
        footers: None,
        expanded: None,
    };
    shell.show(view).map(|()| ExitStatus::Success).map_err(|Reported| ExitStatus::Failure)
}

/// Drops those of these names, up to one that can't be; a user at a terminal is asked about all before.
pub(super) fn drop(shell: &mut Shell, names: &[Vec<u8>]) -> Result<ExitStatus, ExitStatus> {
    let kept = kept(shell)?;
    let mut databases = Vec::new();
    for name in names {
        let name = String::from_utf8_lossy(name);
        let database = find(&kept, &name).map_err(|text| fail(shell, &text))?;
        if databases.contains(&database) {
            continue;
        }
        if !is_confirmed(shell, database) {
            shell.console.info("Nothing is dropped.");
            return Err(ExitStatus::Failure);
        }
        databases.push(database);
    }
    // Without a handler a server may be left behind, no more.
    let _ = terminal::signal::before_killed(|| {
        terminal::signal::fall_silent();
        scratch::end_when_killed();
    });
    for database in databases {
        scratch::drop_kept(database).map_err(|error| {
            if error.interrupted {
                terminal::signal::end_by_interrupt();
            }
            fail(shell, &error.to_string())
        })?;
        if !shell.console.settings().quiet {
            let text = format!("Scratch database \"{}\" is dropped.", database.name);
            shell.console.info(text);
        }
    }
    Ok(ExitStatus::Success)
}

fn kept(shell: &mut Shell) -> Result<Vec<KeptDatabase>, ExitStatus> {
    scratch::list().map_err(|error| fail(shell, &error.to_string()))
}

fn fail(shell: &mut Shell, text: &str) -> ExitStatus {
    shell.console.error(text);
    ExitStatus::Failure
}

/// The database that `--scratch=NAME` opens; servers of several versions may have one of this name.
///
/// # Errors
/// There is none.
fn find<'k>(kept: &'k [KeptDatabase], name: &str) -> Result<&'k KeptDatabase, String> {
    let found: Vec<&KeptDatabase> = kept.iter().filter(|kept| kept.name == name).collect();
    if let [_, _, ..] = found[..] {
        let major = scratch::major().map_err(|error| error.to_string())?;
        if let Some(database) = found.iter().find(|database| Some(database.major) == major) {
            return Ok(database);
        }
    }
    found.first().copied().ok_or_else(|| {
        let close = closest(name, kept.iter().map(|kept| kept.name.as_str()));
        let close: Vec<String> = close.into_iter().map(|name| format!("\"{name}\"")).collect();
        let hint = match close.is_empty() {
            true => "--scratch-list lists those there are.".to_owned(),
            false => format!("Did you mean {}?", suggest::alternatives(&close)),
        };
        format!("no scratch database \"{}\" is kept\nHINT:  {hint}", name.escape_debug())
    })
}

fn is_confirmed(shell: &mut Shell, database: &KeptDatabase) -> bool {
    if !terminal::stdin_is_tty() {
        return true;
    }
    let used = used(database).map(|used| [b", last used ", &used[..]].concat()).unwrap_or_default();
    let size = progress::size(database.bytes);
    let begin = format!("Drop scratch database \"{}\" ({size}", database.name);
    match shell.console.ask_anew(&[begin.as_bytes(), &used, b")? [y/N] "].concat()) {
        ReadLine::Line(answer) => parse_bool(answer.trim_ascii()) == Some(true),
        ReadLine::Interrupted | ReadLine::Eof => false,
    }
}

fn used(database: &KeptDatabase) -> Option<Vec<u8>> {
    database.used.map(terminal::local_time)
}
