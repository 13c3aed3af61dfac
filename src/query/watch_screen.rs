//! `\watch` on one screen: each run takes the place of the one before, with what changed marked.

use super::gathered::Gathered;
use super::request::{QueryRequest, ResultAction, ResultPlan};
use super::result_output::columns_of;
use super::runner::{QueryReport, QueryRunner};
use super::timing;
use super::watch::Plan;
use crate::connection::protocol::Protocol;
use crate::connection::{ResultSet, report_not_kept};
use crate::console::{Console, Reported};
use crate::print::{FirstRows, Part, Table};
use crate::terminal::watch_screen::{Heard, Section, Shown, WatchScreen};
use crate::watching::{Sample, Watched};
use std::io;
use std::time::{Duration, Instant};

/// Lines around a table's rows on the screen: title, headings, rule, footer, two empty ones, the prompt.
const AROUND: u64 = 7;

/// What one run came to, part by part.
#[derive(Debug)]
pub enum RunPart {
    /// A result.
    Table(Sample),
    /// What was said instead.
    Text(String),
}

/// The columns that name a table's rows, if somebody knows.
type Names = Option<Vec<usize>>;

/// The screen of one `\watch`.
pub struct ScreenWatch {
    screen: WatchScreen,
    watched: Vec<Watched>,
    plan: Plan,
    is_ascii: bool,
}

impl QueryRunner<'_> {
    /// The screen on which runs take each other's place; nothing where they are shown one below the
    /// other.
    ///
    /// # Errors
    /// What was asked for can only be shown on such a screen, and there is none.
    pub fn can_watch_on_screen(&mut self, plan: &Plan) -> Result<bool, Reported> {
        let options = self.console.print.clone();
        let can = self.interactive.can_watch_on_screen(self.console, &options);
        if !can && plan.has_extras() {
            return Err(self.console.error(
                "\\watch: delta and spark are shown on a screen that is drawn anew: at a terminal, \
                 in format aligned, with \\set WATCH screen",
            ));
        }
        Ok(can)
    }

    /// Goes to that screen, whose tables have rows that are known by `names`; nothing if that fails.
    pub fn open_screen_watch(&mut self, plan: &Plan, names: Vec<Names>) -> Option<ScreenWatch> {
        let options = self.console.print.clone();
        let screen = self.interactive.open_watch_screen(self.console, &options).ok()?;
        let is_ascii = crate::terminal::charmap() != b"UTF-8";
        let watched = |names| Watched::new(plan.extras, names, is_ascii);
        let watched = names.into_iter().map(watched).collect();
        Some(ScreenWatch { screen, watched, plan: plan.clone(), is_ascii })
    }

    /// Runs `sql` as `plan` says, on one screen if its results are all tables.
    pub(super) fn run_on_screen(
        &mut self,
        sql: &[u8],
        protocol: &Protocol,
        plan: &Plan,
    ) -> Result<(), Reported> {
        let mut screen: Option<ScreenWatch> = None;
        let mut last = Run::default();
        let mut runs = 0;
        let outcome = loop {
            let run = self.run_gathered(sql, protocol);
            let has_few = run.report.first_rows.unwrap_or(0) < plan.min_rows.into();
            if run.report.failed {
                break if has_few { Ok(()) } else { Err(Reported) };
            }
            last = run;
            runs += 1;
            if has_few || plan.count == Some(runs) || self.console.interrupts.is_work_given_up() {
                break Ok(());
            }
            if screen.is_none() && !last.is_of_tables() {
                // Commands, data of a COPY: what they say goes on one below the other.
                self.print_run(last, plan);
                let before = self.begin_watch();
                let watched = match self.awaits_next_run(plan, runs) {
                    true => self.run_repeatedly(sql, protocol, plan, runs),
                    false => Ok(()),
                };
                self.end_watch(before);
                return watched;
            }
            if screen.is_none() {
                let names = last.sets().map(|set| self.primary_key(&set.fields)).collect();
                screen = self.open_screen_watch(plan, names);
            }
            let Some(screen) = &mut screen else { break Err(Reported) };
            let title =
                self.watch_title(self.console.print.title.clone().as_deref(), plan.interval);
            let parts = match self.samples(&mut last) {
                Ok(parts) => parts,
                Err(error) => break Err(report_not_kept(self.console, &error)),
            };
            if screen.show(&title, last.report.elapsed, parts).is_err()
                || !screen.awaits_next_run(self.console)
            {
                break Ok(());
            }
        };
        // The last run stays on the screen that was left for this one.
        drop(screen);
        self.print_and_keep(last, sql, plan);
        self.console.output.release_messages();
        outcome
    }

    /// One run: nothing around the query, and the variables that tell of one stay as they are.
    fn run_gathered(&mut self, sql: &[u8], protocol: &Protocol) -> Run {
        let request = QueryRequest {
            protocol: protocol.clone(),
            plan: ResultPlan::new(ResultAction::Gather),
            ..QueryRequest::plain(sql)
        };
        self.console.interrupts.begin_command();
        self.prepare_time_zones(&request);
        let mut report = self.run(&request);
        self.note(&request, &report);
        let gathered = std::mem::take(&mut report.gathered);
        Run { gathered, report }
    }

    /// The tables of a run, as much of them as may be shown.
    fn samples(&mut self, run: &mut Run) -> io::Result<Vec<RunPart>> {
        let options = self.console.print.clone();
        let mut samples = Vec::new();
        for gathered in &mut run.gathered {
            let Gathered::Rows(set) = gathered else { continue };
            let columns = columns_of(&set.fields);
            let mut table =
                Table { title: None, columns: &columns, rows: &mut set.rows, footers: None };
            let sample = self.in_time_zones(
                &mut table,
                &options.display_time_zones,
                Part::default(),
                |_, table| Sample::of(table.columns, table.rows, &options),
            )?;
            samples.push(RunPart::Table(sample));
        }
        Ok(samples)
    }

    /// Prints a run as psql does.
    fn print_run(&mut self, run: Run, plan: &Plan) {
        for gathered in run.gathered {
            // What could not be printed was reported.
            let _ = match gathered {
                Gathered::Rows(mut set) => self.print_watched(&mut set, plan),
                Gathered::Command(tag) => {
                    self.show_tag(&tag);
                    Ok(())
                }
                Gathered::Data => Ok(()),
            };
        }
        if self.console.timing {
            timing::print(self.console, run.report.elapsed);
        }
        self.console.output.flush();
    }

    /// Leaves the last run where it can be read and scrolled back to, and keeps it for `\last`.
    fn print_and_keep(&mut self, run: Run, sql: &[u8], plan: &Plan) {
        let elapsed = run.report.elapsed;
        for gathered in run.gathered {
            match gathered {
                Gathered::Rows(mut set) => {
                    if self.print_watched(&mut set, plan).is_ok() {
                        self.keep(set, sql, elapsed, &ResultPlan::default());
                    }
                }
                Gathered::Command(tag) => self.show_tag(&tag),
                Gathered::Data => {}
            }
        }
        if self.console.timing && !elapsed.is_zero() {
            timing::print(self.console, elapsed);
        }
        self.console.output.flush();
    }

    /// Prints a table with the time above it; of one that is longer than the screen the beginning.
    fn print_watched(&mut self, set: &mut ResultSet, plan: &Plan) -> Result<(), Reported> {
        let options = self.watch_options(plan.interval);
        let all = set.rows.len();
        let lines = crate::terminal::size().map_or(u64::MAX, |(_, lines)| lines as u64);
        let most = lines.saturating_sub(AROUND).max(1);
        let columns = columns_of(&set.fields);
        let title = options.title.as_deref();
        if all <= most || self.results_to_keep(&ResultPlan::default()) == 0 {
            let mut table = Table { title, columns: &columns, rows: &mut set.rows, footers: None };
            return self.show_table(&mut table, &options);
        }
        let mut rows = FirstRows::new(&mut set.rows, most);
        let footers = [format!("({all} rows, the first {most} here; \\last shows all)").into()];
        let mut table =
            Table { title, columns: &columns, rows: &mut rows, footers: Some(&footers) };
        self.show_table(&mut table, &options)
    }
}

/// One run.
#[derive(Default)]
struct Run {
    gathered: Vec<Gathered>,
    report: QueryReport,
}

impl Run {
    /// Its results with rows.
    fn sets(&self) -> impl Iterator<Item = &ResultSet> {
        self.gathered.iter().filter_map(|gathered| match gathered {
            Gathered::Rows(set) => Some(set),
            Gathered::Command(_) | Gathered::Data => None,
        })
    }

    /// Whether it came to tables, and to nothing else.
    fn is_of_tables(&self) -> bool {
        let count = self.gathered.len();
        count > 0 && self.sets().count() == count
    }
}

impl ScreenWatch {
    /// Shows a run in the place of the one before.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn show(&mut self, title: &[u8], took: Duration, parts: Vec<RunPart>) -> io::Result<()> {
        let (extras, is_ascii) = (self.plan.extras, self.is_ascii);
        self.watched.resize_with(parts.len(), || Watched::new(extras, None, is_ascii));
        let now = Instant::now();
        let sections = parts.into_iter().zip(&mut self.watched).map(|(part, watched)| match part {
            RunPart::Table(sample) => Section::Table(watched.take(sample, now)),
            RunPart::Text(text) => Section::Text(text),
        });
        let title = String::from_utf8_lossy(title).trim_end().replace(['\t', '\n'], "  ");
        self.screen.show(Shown { title, took, sections: sections.collect() })
    }

    /// Waits until the next run; whether there is to be one.
    pub fn awaits_next_run(&mut self, console: &mut Console) -> bool {
        let until = Instant::now().checked_add(Duration::from_millis(self.plan.interval));
        let heard = self.screen.wait(until, console.interrupts.signal_ref());
        let is_pressed = console.interrupts.take().is_some();
        matches!(heard, Ok(Heard::Next)) && !is_pressed
    }
}
