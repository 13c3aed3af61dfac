//! A kept result as text, for whoever takes it elsewhere than to a file or the screen.

use super::result_output::columns_of;
use super::runner::QueryRunner;
use super::selection::Selection;
use crate::connection::report_not_kept;
use crate::console::Reported;
use crate::encoding::Encoding;
use crate::print::{self, Part, Screen, Table};
use std::io::{self, Write};

/// A text that was made of a kept result.
#[derive(Debug)]
pub enum KeptText {
    /// The text, in UTF-8.
    Whole(String),
    /// It has more than the bytes there was room for.
    TooLong,
    /// The bytes came in this encoding, which is not UTF-8.
    Other(String),
}

/// How a kept result becomes text.
#[derive(Debug)]
pub struct TextRequest<'a> {
    /// Which result, counted from the last, 1.
    pub number: usize,
    /// What of it is wanted.
    pub selection: &'a Selection,
    /// The most bytes there may be.
    pub most: usize,
}

impl QueryRunner<'_> {
    /// What is wanted of a kept result, as text: `options` is told how many rows and columns there are
    /// and says how it looks.
    ///
    /// # Errors
    /// There is no such result or no such part of it, or its rows can't be read.
    pub fn kept_text(
        &mut self,
        request: &TextRequest<'_>,
        options: &mut dyn FnMut(u64, usize) -> print::Options,
    ) -> Result<KeptText, Reported> {
        let mut text = Err(Reported);
        self.with_kept(request.number, |runner, set, origin| {
            let mut part;
            let set = match request.selection.is_all() {
                true => set,
                false => {
                    part = request.selection.of(set).map_err(|unfit| runner.report_unfit(unfit))?;
                    &mut part
                }
            };
            let columns = columns_of(&set.fields);
            let encoding = Encoding::from_name(&origin.encoding);
            let options = print::Options { encoding, ..options(set.rows.len(), set.fields.len()) };
            let title = options.title.as_deref();
            let mut table = Table { title, columns: &columns, rows: &mut set.rows, footers: None };
            let mut room = Room::new(request.most);
            let zones = &options.display_time_zones;
            let printed = runner.in_time_zones(&mut table, zones, Part::default(), |_, table| {
                print::print(table, &options, Part::default(), Screen::default(), &mut room)
            });
            text = Ok(match printed {
                Ok(_) => room.into_text(encoding, &origin.encoding),
                Err(_) if room.is_full => KeptText::TooLong,
                Err(error) => return Err(report_not_kept(runner.console, &error)),
            });
            Ok(())
        })?;
        text
    }
}

/// Takes bytes as long as there is room for them.
pub(super) struct Room {
    text: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Room {
    /// For so many bytes.
    pub fn new(most: usize) -> Room {
        Room { text: Vec::new(), most, is_full: false }
    }

    /// Whether there were more bytes than there was room for.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// What was taken.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text
    }

    fn into_text(self, encoding: Encoding, name: &[u8]) -> KeptText {
        if encoding != Encoding::Utf8 && !self.text.is_ascii() {
            return KeptText::Other(String::from_utf8_lossy(name).into_owned());
        }
        // The server sends nothing else as UTF-8.
        KeptText::Whole(String::from_utf8_lossy(&self.text).into_owned())
    }
}

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len().saturating_add(bytes.len()) > self.most {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
