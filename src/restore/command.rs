//! `\restore` and `\restore?`, and how it is told how they went.

use super::archive_tool::ArchiveTool;
use super::base_backup::refuse_others;
use super::contents::{self, Extent};
use super::dump_file::DumpFile;
use super::request::Request;
use super::run;
use crate::archive::kind::{FormatVersion, Kind};
use crate::archive::report;
use crate::backup::{Telling, failure_json, report as report_failure};
use crate::completion::file_argument;
use crate::connection::Connection;
use crate::console::path::{bytes_to_os, expand_tilde};
use crate::console::{Console, Reported};
use crate::describe::View;
use crate::encoding::Encoding;
use crate::interactive::Interactive;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Restores, and tells how that went; `name` is the command's.
///
/// # Errors
/// It was not done.
pub fn restore(
    console: &mut Console,
    connection: &Connection,
    name: &[u8],
    request: &Request,
    interactive: &Interactive,
) -> Result<(), Reported> {
    match (run::restore(console, connection, request, interactive), request.telling) {
        (Ok(done), Telling::Text) => {
            let text = done.text();
            console.println_unless_quiet(console.folded(text.as_bytes()));
        }
        (Ok(done), Telling::Json) => console.println(done.json()),
        (Err(failure), telling) => {
            if telling == Telling::Json {
                console.println(failure_json(&failure));
            }
            return Err(report_failure(console, name, &failure));
        }
    }
    Ok(())
}

/// What is in a dump, as tables to show.
///
/// # Errors
/// It can't be read, or is none.
pub fn inspect(console: &mut Console, name: &[u8], path: &[u8]) -> Result<Vec<View>, Reported> {
    let path = expand_tilde(path);
    let looked = DumpFile::open(Path::new(bytes_to_os(&path))).and_then(|dump| {
        refuse_others(&dump)?;
        let archive = dump.is_archive().then(|| ArchiveTool::find(&dump)).transpose()?;
        let contents = contents::look(console, &dump, archive.as_ref(), Extent::Whole, &[])?;
        Ok((dump, contents))
    });
    let (dump, contents) = looked.map_err(|failure| report_failure(console, name, &failure))?;
    let file = report::File {
        path: dump.path().display().to_string(),
        kind: kind(&dump),
        compression: dump.compression().map(|method| method.name()),
        bytes: dump.bytes(),
    };
    let toc = contents.toc.as_ref();
    let mut views = vec![report::properties(&file, toc, &contents.summary)];
    views.extend(report::tables(toc, &contents.summary, &contents.sizes));
    Ok(views)
}

fn kind(dump: &DumpFile) -> String {
    match dump.kind() {
        Kind::Custom(FormatVersion(major, minor, _)) => {
            format!("archive of pg_dump, format custom {major}.{minor}")
        }
        Kind::Tar => "archive of pg_dump, format tar".to_owned(),
        Kind::DirectoryContents => "archive of pg_dump, format directory".to_owned(),
        Kind::Script => "SQL script of pg_dump".to_owned(),
        Kind::ClusterScript => "SQL script of pg_dumpall".to_owned(),
        Kind::Text => "text, perhaps SQL of other origin".to_owned(),
        _ => "no dump".to_owned(),
    }
}

/// What a file is that was to be read as a script and is none, with what reads it instead: for a user at
/// the prompt. Nothing for what may be a script.
pub fn named(path: &Path) -> Option<(String, String)> {
    let dump = DumpFile::open(path).ok()?;
    let shown = path.display();
    let compressed = dump.compression().map(|method| format!("{}: ", method.name()));
    let reads = |what: &str| {
        let what = format!(
            "\"{shown}\" is no script but {}{what}",
            compressed.as_deref().unwrap_or_default()
        );
        let word = file_argument(path.as_os_str().as_bytes(), Encoding::Utf8);
        let word = String::from_utf8_lossy(&word);
        (
            what,
            format!(
                "\\restore? {word} lists what is in it; \\restore {word} into NAME restores it."
            ),
        )
    };
    Some(match (dump.kind(), dump.compression()) {
        (Kind::Custom(_) | Kind::Tar | Kind::DirectoryContents, _) => reads(&kind(&dump)),
        (Kind::Script | Kind::ClusterScript | Kind::Text, Some(_)) => reads(&kind(&dump)),
        (Kind::BaseBackupTar | Kind::OtherTar, _) | (Kind::Other, Some(_)) => {
            let failure = refuse_others(&dump).err()?;
            let message = failure.messages().first()?;
            (message.text.clone(), message.hint.clone().unwrap_or_default())
        }
        _ => return None,
    })
}
