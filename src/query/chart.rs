//! Draws kept results.

use super::g_output::GOutput;
use super::request::ResultPlan;
use super::result_output::columns_of;
use super::runner::QueryRunner;
use crate::chart::{self, Drawing, Frame, NoChart};
use crate::console::Reported;
use crate::encoding::Encoding;
use crate::print::{Row, Rows};
use crate::terminal::signal::Interrupts;
use std::io;

/// Rows that are read between two looks for Ctrl-C.
const ROWS_PER_LOOK: u32 = 4096;

/// Rows that end with an error once Ctrl-C was pressed.
struct InterruptibleRows<'a> {
    rows: &'a mut dyn Rows,
    interrupts: Option<&'a Interrupts>,
    read: u32,
}

impl Rows for InterruptibleRows<'_> {
    fn count(&self) -> u64 {
        self.rows.count()
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.rows.rewind()
    }

    fn next(&mut self) -> io::Result<Option<Row<'_>>> {
        self.read = self.read.wrapping_add(1);
        if self.read.is_multiple_of(ROWS_PER_LOOK)
            && self.interrupts.is_some_and(Interrupts::pending)
        {
            return Err(io::Error::other("interrupted"));
        }
        self.rows.next()
    }
}

impl QueryRunner<'_> {
    /// Draws a kept result where query output goes, or where `plan` says. `number` counts from the
    /// last, 1.
    ///
    /// # Errors
    /// There is no such result, or nothing can be drawn of it, or it could not be written.
    pub fn chart_kept(
        &mut self,
        number: usize,
        request: &chart::Request,
        plan: &ResultPlan,
    ) -> Result<(), Reported> {
        self.console.interrupts.begin_command();
        let order = self.connection.date_order();
        self.with_kept(number, |runner, set, origin| {
            let (now, then) = (runner.console.encoding(), Encoding::from_name(&origin.encoding));
            runner.console.set_encoding(then);
            let mut out = GOutput::new(plan);
            let drawn = out.open(runner.console).and_then(|()| {
                let frame = runner.frame();
                let interrupts = runner.console.interrupts.signal();
                let columns = columns_of(&set.fields);
                let rows = &mut set.rows;
                let mut rows =
                    InterruptibleRows { rows, interrupts: interrupts.as_deref(), read: 0 };
                match chart::draw(request, &columns, &mut rows, order, &frame) {
                    Ok(drawing) => runner.write_drawing(&drawing),
                    Err(NoChart::Nothing(why)) => {
                        Err(runner.console.error([b"\\chart: ", &why[..]].concat()))
                    }
                    // As where rows are printed: it says so itself if Ctrl-C was pressed.
                    Err(NoChart::Rows(error)) => runner.write_results(|_| Err(error)).map(drop),
                }
            });
            let drawn = drawn.and(out.close(runner.console));
            runner.console.set_encoding(now);
            drawn
        })
    }

    /// The room that a drawing has where query output goes.
    pub fn frame(&self) -> Frame {
        let screen = self.interactive.screen(self.console, false);
        let columns = match self.console.print.columns {
            0 => screen.columns,
            wanted => u32::try_from(wanted).unwrap_or(0),
        };
        let palette = self.interactive.drawing_palette(self.console);
        Frame::new(columns, screen.lines, self.console.encoding(), palette)
    }

    /// Writes a drawing where query output goes, and to the log.
    ///
    /// # Errors
    /// It could not be written.
    pub fn write_drawing(&mut self, drawing: &Drawing) -> Result<(), Reported> {
        let palette = self.interactive.drawing_palette(self.console);
        self.console.output.set_colors(palette.is_some());
        let written = self.write_results(|out| drawing.write(palette, out));
        self.console.output.set_colors(false);
        if let Some(log) = self.console.output.log() {
            let _ = drawing.write(None, log);
        }
        written.map(drop)
    }
}
