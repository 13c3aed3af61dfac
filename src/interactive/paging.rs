//! Decides whether a result goes to the pager: the screen it is shown on, and what is too long for it.

use super::Interactive;
use super::screen_rows::ScreenRows;
use crate::console::Console;
use crate::encoding::terminal_safe::escaped;
use crate::palette::{Palette, TableColors};
use crate::print::{self, Part, Table};
use crate::terminal::pager::{self, Pager, PagerProgram};
use std::io::Write;

/// What decides whether a pager is used.
#[derive(Clone, Copy, Debug)]
struct PagerSettings {
    /// `\pset pager`.
    option: print::Pager,
    /// `\pset pager_min_lines`.
    min_lines: usize,
    /// Whether standard input and standard output are both terminals.
    on_terminals: bool,
    /// The screen's lines, if known.
    screen_lines: Option<usize>,
}

impl PagerSettings {
    /// Whether output of so many lines goes through a pager. psql does not count a table's footer
    /// and title lines; the caller counts as it does.
    fn wants_pager(&self, lines: usize) -> bool {
        self.on_terminals
            && match self.option {
                print::Pager::Off => false,
                print::Pager::On | print::Pager::View => {
                    self.screen_lines.is_some_and(|screen| lines >= screen)
                        && lines >= self.min_lines
                }
                print::Pager::Always => true,
            }
    }
}

/// The lines of a table of one row, with its headings and its footer: that is printed, however low the
/// screen is.
const ONE_ROW: u64 = 5;

/// Lines that are too many for a screen.
fn enough_lines(screen: print::Screen, options: &print::Options) -> u64 {
    u64::from(screen.lines).max(u64::try_from(options.pager_min_lines).unwrap_or(0))
}

/// Whether a terminal of this character set shows what the viewer draws, which reads values as UTF-8. Of
/// one in the plain C locale nothing is known: most are UTF-8.
fn is_drawn_to(charmap: &[u8]) -> bool {
    matches!(charmap, b"UTF-8" | b"" | b"ANSI_X3.4-1968" | b"US-ASCII")
}

impl Interactive {
    /// The screen that query results go to, if they go to one. COLUMNS is believed before the
    /// terminal; results that come in parts keep to it even where there is no terminal.
    pub fn screen(&self, console: &Console, in_parts: bool) -> print::Screen {
        if console.output.is_redirected() || !(in_parts || crate::terminal::stdout_is_tty()) {
            return print::Screen::default();
        }
        let columns = self.columns.or_else(crate::terminal::columns).unwrap_or(0);
        let lines = crate::terminal::size().map_or(0, |(_, lines)| lines as u32);
        print::Screen { columns, lines }
    }

    /// A pager for this table, if it is long and a user looks at it.
    pub fn pager_for(
        &self,
        console: &mut Console,
        table: &mut Table<'_>,
        options: &print::Options,
    ) -> Option<Pager> {
        let lines = self.lines_to_page(console, table, options)?;
        self.pager(console, lines, options)
    }

    /// How many lines this table takes, if it may be paged.
    fn lines_to_page(
        &self,
        console: &Console,
        table: &mut Table<'_>,
        options: &print::Options,
    ) -> Option<u64> {
        if !self.may_page(console, options) {
            return None;
        }
        let screen = self.screen(console, false);
        let enough = enough_lines(screen, options);
        Some(match print::pager_estimate(table, options, screen, enough).ok()? {
            print::PagerEstimate::Lines(lines) => lines,
            print::PagerEstimate::TooWide => u64::MAX,
        })
    }

    /// Whether a result opens in the viewer, where it is too long for the screen: at the prompt, as
    /// a table, unless another pager is wished for.
    pub fn may_view(&self, console: &Console, options: &print::Options) -> bool {
        // What is called psql has psql's pager.
        if !self.has_screen() || console.program() == b"psql" {
            return false;
        }
        let is_table = matches!(
            options.format,
            print::Format::Aligned | print::Format::Wrapped | print::Format::Fitted
        );
        let is_wanted = match options.pager {
            print::Pager::Off => false,
            print::Pager::View => true,
            print::Pager::On | print::Pager::Always => {
                !pager::is_named(|name| std::env::var_os(name))
                    && is_drawn_to(&crate::terminal::charmap())
            }
        };
        is_table && is_wanted && self.may_page(console, options)
    }

    /// Whether this table, which may be viewed, is too long for the screen: it is whole only while the
    /// rows `behind` it and the prompt stand below it.
    pub fn is_long(
        &self,
        console: &Console,
        table: &mut Table<'_>,
        options: &print::Options,
        behind: u64,
    ) -> bool {
        let Some(lines) = self.lines_to_page(console, table, options) else { return false };
        let screen = self.screen(console, false);
        let is_sure = lines == u64::MAX
            || table.rows.count() >= u64::from(screen.lines)
            || options.pager == print::Pager::Always;
        if is_sure {
            return self.wants_pager(console, lines, options);
        }
        let below = behind.saturating_add(self.prompt1_rows);
        let room = u64::from(screen.lines).saturating_sub(below).max(ONE_ROW);
        let allowed = u64::try_from(options.pager_min_lines).unwrap_or(0).saturating_sub(1);
        let room = room.max(allowed);
        let mut rows = ScreenRows::new(options.encoding, screen.columns, room);
        // Ends with an error where there are more.
        let _ = print::print(table, options, Part::default(), screen, &mut rows);
        rows.count() > room
    }

    /// With so many rows a result is too long for the screen, whatever is in them.
    pub fn too_many_rows(&self, console: &Console, options: &print::Options) -> u64 {
        match options.pager {
            print::Pager::Always => 1,
            _ => enough_lines(self.screen(console, false), options).max(1),
        }
    }

    /// Whether a table that is long enough goes to a pager.
    pub fn may_page(&self, console: &Console, options: &print::Options) -> bool {
        console.is_on_terminals()
            && !console.output.is_redirected()
            && options.pager != print::Pager::Off
    }

    /// A pager for so many lines, if that is too much for the screen.
    pub fn pager(
        &self,
        console: &mut Console,
        lines: u64,
        options: &print::Options,
    ) -> Option<Pager> {
        if !self.wants_pager(console, lines, options) {
            return None;
        }
        console.output.flush();
        console.output.clear_status();
        Pager::start(&self.pager_program()?, &console.child_environment()).ok()
    }

    fn wants_pager(&self, console: &Console, lines: u64, options: &print::Options) -> bool {
        let screen_lines = crate::terminal::size().map(|(_, lines)| lines);
        let settings = PagerSettings {
            option: options.pager,
            min_lines: usize::try_from(options.pager_min_lines).unwrap_or(0),
            screen_lines,
            on_terminals: console.is_on_terminals() && !console.output.is_redirected(),
        };
        settings.wants_pager(usize::try_from(lines).unwrap_or(usize::MAX))
    }

    /// The colours of what the user is shown, if there are any and he wants them.
    pub fn result_palette(&self, color: print::ColorMode) -> Option<Palette> {
        match color {
            print::ColorMode::Auto => self.palette,
            print::ColorMode::On => self.palette.or(self.refused_palette),
            print::ColorMode::Off => None,
        }
    }

    /// The colours of a table that the user is shown under these options, if there are any, `paged` or not.
    pub fn table_colors(
        &self,
        console: &Console,
        options: &print::Options,
        paged: bool,
    ) -> Option<TableColors> {
        // Only in these formats are values free of escape sequences before they are printed.
        let has_parts = matches!(options.format, print::Format::Aligned | print::Format::Wrapped);
        let palette = self.result_palette(options.color);
        let palette = palette.filter(|_| has_parts && !console.output.is_redirected())?;
        let shows_colors = !paged
            || options.color == print::ColorMode::On
            || self.pager_program().is_some_and(|p| p.shows_colors(std::env::var_os("LESS")));
        shows_colors.then(|| palette.of_tables())
    }

    /// The colours of a drawing that the user is shown where query output goes, if there are any.
    pub fn drawing_palette(&self, console: &Console) -> Option<Palette> {
        let palette = self.result_palette(console.print.color);
        palette.filter(|_| !console.output.is_redirected())
    }

    /// The pager that the environment names, or the best there is; where no cursor moves, psql's.
    fn pager_program(&self) -> Option<PagerProgram> {
        let has_less = self.has_screen() && pager::has_less();
        pager::program(|name| std::env::var_os(name), has_less)
    }

    /// Whether the user's terminal obeys escape sequences, and nothing speaks against their use.
    pub fn has_screen(&self) -> bool {
        self.editor.as_ref().is_some_and(|editor| !editor.is_plain())
    }

    /// Prints what is drawn in colours, if there are any, where results go: to the user through the
    /// pager if it is long. Of what it draws of a server's, none may pass to the terminal as it is.
    pub fn page_drawing(&self, console: &mut Console, draw: &dyn Fn(Option<Palette>) -> Vec<u8>) {
        let plain = draw(None);
        if let Some(log) = console.output.log() {
            let _ = log.write_all(&plain);
        }
        if console.output.is_redirected() {
            let _ = console.output.query().write_all(&plain);
            return;
        }
        let lines = memchr::memchr_iter(b'\n', &plain).count() as u64;
        let options = console.print.clone();
        let Some(mut pager) = self.pager(console, lines, &options) else {
            let palette = self.result_palette(console.print.color);
            let text = palette.map_or(plain, |palette| draw(Some(palette)));
            console.output.set_colors(palette.is_some());
            let _ = console.output.stdout().write_all(&text);
            console.output.set_colors(false);
            return;
        };
        let shows_colors =
            self.pager_program().is_some_and(|p| p.shows_colors(std::env::var_os("LESS")));
        let text = match self.palette.filter(|_| shows_colors) {
            Some(palette) => draw(Some(palette)),
            None => escaped(&plain, console.encoding()).into_owned(),
        };
        let _ = pager.write_all(&text);
        let _ = pager.finish();
        console.interrupts.forget();
    }

    /// Shows a text to the user, through the pager if it is long.
    pub fn page(&self, console: &mut Console, text: &[u8]) {
        // A program that pages need not know what a terminal may get.
        let shown = console.output.terminal().map(|encoding| escaped(text, encoding));
        let text = shown.as_deref().unwrap_or(text);
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        let options = console.print.clone();
        match self.pager(console, lines, &options) {
            Some(mut pager) => {
                let _ = pager.write_all(text);
                let _ = pager.finish();
                console.interrupts.forget();
            }
            None => {
                let _ = console.output.stdout().write_all(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// psql 18.6's outcomes.
    #[test]
    fn decision() {
        let screen = |option, min_lines| PagerSettings {
            option,
            min_lines,
            on_terminals: true,
            screen_lines: Some(20),
        };
        for (settings, lines, expected) in [
            (screen(print::Pager::On, 0), 19, false),
            (screen(print::Pager::On, 0), 20, true),
            (screen(print::Pager::On, 30), 29, false),
            (screen(print::Pager::On, 30), 30, true),
            (screen(print::Pager::On, 5), 19, false),
            (screen(print::Pager::Off, 0), 99, false),
            (screen(print::Pager::Always, 30), 1, true),
            (PagerSettings { on_terminals: false, ..screen(print::Pager::Always, 0) }, 99, false),
            (PagerSettings { screen_lines: None, ..screen(print::Pager::On, 0) }, 99, false),
        ] {
            assert_eq!(settings.wants_pager(lines), expected, "{settings:?} {lines}");
        }
    }

    #[test]
    fn character_sets() {
        for (charmap, expected) in [
            ("UTF-8", true),
            ("", true),
            ("ANSI_X3.4-1968", true),
            ("ISO-8859-1", false),
            ("EUC-JP", false),
        ] {
            assert_eq!(is_drawn_to(charmap.as_bytes()), expected, "{charmap}");
        }
    }
}
