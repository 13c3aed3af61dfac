//! Whether the runs of `\watch` take each other's place on one screen.

use super::Interactive;
use crate::console::Console;
use crate::encoding::Encoding;
use crate::print::{Expanded, Format, Options};
use crate::terminal::watch_screen::{Form, WatchScreen};
use std::io;

impl Interactive {
    /// Whether there can be such a screen for a result that is shown under these options: a user types,
    /// looks at a terminal that obeys, and has not asked for psql's way (WATCH, PSQL_WATCH_PAGER).
    pub fn can_watch_on_screen(&self, console: &mut Console, options: &Options) -> bool {
        let pager = std::env::var_os("PSQL_WATCH_PAGER").unwrap_or_default();
        let is_table = matches!(options.format, Format::Aligned | Format::Wrapped | Format::Fitted);
        console.shows_own_help()
            && self.has_screen()
            && is_table
            && options.encoding == Encoding::Utf8
            && console.variables.watches_on_screen()
            && pager.as_encoded_bytes().trim_ascii().is_empty()
            && !console.output.is_redirected()
            && console.output.log().is_none()
    }

    /// Goes to that screen. What is said meanwhile is held back.
    ///
    /// # Errors
    /// The terminal can't be used.
    pub fn open_watch_screen(
        &self,
        console: &mut Console,
        options: &Options,
    ) -> io::Result<WatchScreen> {
        console.output.flush();
        console.output.clear_status();
        let form = match (options.expanded, options.format) {
            (Expanded::On, _) => Form::Records,
            (Expanded::Auto, _) | (Expanded::Off, Format::Fitted) => Form::Fitting,
            (Expanded::Off, _) => Form::Table,
        };
        let screen = WatchScreen::open(self.result_palette(options.color), form)?;
        console.output.hold_messages();
        Ok(screen)
    }
}
