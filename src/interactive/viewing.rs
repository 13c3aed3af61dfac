//! Opens the table viewer.

use super::Interactive;
use crate::completion::Name;
use crate::console::Console;
use crate::print;
use crate::result_view::TableSource;
use crate::terminal::viewer::{self, Look, Shape, ViewerHost};
use std::io;

/// Bytes of a statement that a menu may show.
const SHORT: usize = 60;

impl Interactive {
    /// Takes note of the results that are kept, by number, with the statements they are of.
    pub fn note_kept_results<'s>(&mut self, kept: impl Iterator<Item = (usize, &'s [u8])>) {
        let name = |(number, statement): (usize, &[u8])| {
            let text =
                String::from_utf8_lossy(&statement[..statement.len().min(SHORT)]).into_owned();
            let words: Vec<&str> = text.split_whitespace().collect();
            Name { note: words.join(" ").into(), ..Name::from(number.to_string().as_str()) }
        };
        self.completion.kept_results = kept.map(name).collect();
    }

    /// Shows a result until the user leaves it.
    ///
    /// # Errors
    /// The terminal can't be used, or rows can't be read.
    pub fn view(
        &self,
        console: &mut Console,
        source: &mut dyn TableSource,
        options: &print::Options,
        host: &mut dyn ViewerHost,
    ) -> io::Result<()> {
        console.output.flush();
        console.output.clear_status();
        let look = Look {
            palette: self.result_palette(options.color),
            null: options.null.clone(),
            is_utf8: crate::terminal::charmap() == b"UTF-8",
            shape: match options.expanded {
                print::Expanded::On => Shape::Record,
                print::Expanded::Off | print::Expanded::Auto => Shape::Table,
            },
        };
        viewer::view(source, &look, host, console.interrupts.signal_ref())
    }
}
