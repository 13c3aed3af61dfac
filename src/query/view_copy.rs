//! What is copied in the table viewer: some rows and columns of a result, or a value, to the
//! clipboard.

use super::kept_text::Room;
use crate::encoding::Encoding;
use crate::number::counted;
use crate::print::{self, Format, Part, Pasted, Rows, Screen, Table};
use crate::progress;
use crate::result_view::{ChosenRows, TableSource};
use crate::terminal::clipboard::Clipboard;
use crate::terminal::viewer::{CopyFormat, CopyRequest, ViewerHost};
use std::io;

/// The table that INSERT names where `\pset insert_table` names none.
const TABLE: &str = "result";

/// Copies for a viewer.
pub(super) struct ViewCopy<'a> {
    /// The printing options in force.
    pub options: &'a print::Options,
    /// Whether the terminal obeys escape sequences.
    pub has_screen: bool,
}

impl ViewerHost for ViewCopy<'_> {
    fn copy(
        &mut self,
        source: &mut dyn TableSource,
        request: &CopyRequest,
    ) -> Result<String, String> {
        let clipboard = Clipboard::find(self.has_screen).map_err(|error| error.to_string())?;
        let most = clipboard.most();
        let too_much =
            || format!("the clipboard takes {}, and this is more", progress::size(most as u64));
        let encoding = source.encoding();
        let read = |error: io::Error| format!("could not read the rows: {error}");
        let count = request.rows.len() as u64;
        let mut chosen = ChosenRows::new(source, &request.columns, &request.rows);
        let (bytes, what) = match request.format {
            CopyFormat::Value => {
                let value = value(&mut chosen).map_err(read)?.ok_or("NULL is no text")?;
                (value, "the value".to_owned())
            }
            format => {
                let (form, word) = form(format);
                let options = print::Options { encoding, ..form.options(self.options) };
                let table = options.insert_table.clone().unwrap_or_else(|| TABLE.into());
                let options = print::Options { insert_table: Some(table), ..options };
                let mut room = Room::new(most);
                if let Err(error) = print_rows(&mut chosen, &options, &mut room) {
                    return Err(if room.is_full() { too_much() } else { read(error) });
                }
                (room.into_bytes(), format!("{} as {word}", counted(count, "row")))
            }
        };
        if bytes.len() > most {
            return Err(too_much());
        }
        if encoding != Encoding::Utf8 && !bytes.is_ascii() {
            return Err("the clipboard takes UTF-8, and the result came in another encoding".into());
        }
        let text = String::from_utf8_lossy(&bytes);
        let way = clipboard.put(&text).map_err(|error| error.to_string())?;
        let size = progress::size(text.len() as u64);
        Ok(format!("copied {what}, {size}, {way}"))
    }
}

/// How a format is printed, and its name.
fn form(format: CopyFormat) -> (Pasted, &'static str) {
    match format {
        CopyFormat::Value => (Pasted::Value, "a value"),
        CopyFormat::Text => (Pasted::Text, "text"),
        CopyFormat::Csv => (Pasted::Format(Format::Csv), "CSV"),
        CopyFormat::Json => (Pasted::Format(Format::Json), "JSON"),
        CopyFormat::Insert => (Pasted::Format(Format::Insert), "INSERT"),
        CopyFormat::Markdown => (Pasted::Format(Format::Markdown), "Markdown"),
    }
}

/// The one value there is.
fn value(chosen: &mut ChosenRows<'_>) -> io::Result<Option<Vec<u8>>> {
    Ok(chosen.next()?.and_then(|row| row.get(0).map(<[u8]>::to_vec)))
}

fn print_rows(
    chosen: &mut ChosenRows<'_>,
    options: &print::Options,
    out: &mut Room,
) -> io::Result<()> {
    let columns = chosen.columns();
    let mut table = Table { title: None, columns: &columns, rows: chosen, footers: None };
    print::print(&mut table, options, Part::default(), Screen::default(), out).map(drop)
}
