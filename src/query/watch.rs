//! `\watch`: a query again and again, each result below the time it was asked for.

use super::request::{QueryRequest, ResultAction, ResultPlan};
use super::runner::{QueryReport, QueryRunner};
use super::timing;
use crate::connection::protocol::Protocol;
use crate::console::target::Target;
use crate::console::{Reported, os_error_text};
use crate::number::parse_double;
use crate::print;
use crate::watching::{Extras, Numbers};
use std::time::Duration;

/// How often a query is run, and when to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Milliseconds between runs.
    pub interval: u64,
    /// How many runs; without end if `None`.
    pub count: Option<u32>,
    /// The fewest rows a result must have to go on.
    pub min_rows: u32,
    /// What is shown beside the values.
    pub extras: Extras,
}

/// Where results went before a watch, if they go elsewhere while it lasts.
pub struct BeforeWatch(Option<Option<Target>>);

impl Plan {
    /// Reads `\watch`'s arguments; `default` is WATCH_INTERVAL in seconds, `decimal_point` the
    /// locale's.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn read(words: &[Vec<u8>], default: f64, decimal_point: &[u8]) -> Result<Plan, Vec<u8>> {
        let (mut interval, mut count, mut min_rows) = (None, None, None);
        for word in words {
            let option = |names: [&str; 2]| {
                names.iter().find_map(|name| word.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
            };
            if let Some(value) = option(["c", "count"]) {
                let what = ("iteration count is", "incorrect iteration count");
                once(&mut count, value, whole_number(value), what)?;
            } else if let Some(value) = option(["m", "min_rows"]) {
                let what = ("minimum row count", "incorrect minimum row count");
                once(&mut min_rows, value, whole_number(value), what)?;
            } else if let Some(value) = option(["i", "interval"]) {
                let what = ("interval value is", "incorrect interval value");
                once(&mut interval, value, seconds(value, decimal_point), what)?;
            } else if word.contains(&b'=') {
                return Err([b"unrecognized parameter \"", &word[..], b"\""].concat());
            } else {
                let what = ("interval value is", "incorrect interval value");
                once(&mut interval, word, seconds(word, decimal_point), what)?;
            }
        }
        Ok(Plan {
            interval: milliseconds(interval.unwrap_or(default)),
            count,
            min_rows: min_rows.unwrap_or(0),
            extras: Extras::default(),
        })
    }

    /// As [`Plan::read`], with the words that psql doesn't have: `delta` and `spark`.
    ///
    /// # Errors
    /// As [`Plan::read`].
    pub fn read_own(words: Vec<Vec<u8>>, default: f64, point: &[u8]) -> Result<Plan, Vec<u8>> {
        let mut extras = Extras::default();
        let is_psqls = |word: &Vec<u8>| match &word[..] {
            b"delta" => {
                extras.numbers = Numbers::PerSecond;
                false
            }
            b"spark" => {
                extras.sparklines = true;
                false
            }
            _ => true,
        };
        let words: Vec<Vec<u8>> = words.into_iter().filter(is_psqls).collect();
        Ok(Plan { extras, ..Plan::read(&words, default, point)? })
    }

    /// Whether more is to be shown than psql can.
    pub fn has_extras(&self) -> bool {
        self.extras != Extras::default()
    }
}

/// Fills `slot` with what `value` was read as; `what` are the beginnings of the complaints.
fn once<T>(
    slot: &mut Option<T>,
    value: &[u8],
    read: Option<T>,
    what: (&str, &str),
) -> Result<(), Vec<u8>> {
    if slot.is_some() {
        return Err(format!("{} specified more than once", what.0).into_bytes());
    }
    match read {
        Some(read) => {
            *slot = Some(read);
            Ok(())
        }
        None => Err([what.1.as_bytes(), b" \"", value, b"\""].concat()),
    }
}

/// A count from 1.
fn whole_number(text: &[u8]) -> Option<u32> {
    let number: i32 = std::str::from_utf8(text.trim_ascii_start()).ok()?.parse().ok()?;
    u32::try_from(number).ok().filter(|n| *n > 0)
}

/// Seconds from 0; nothing at all is 0 too.
fn seconds(text: &[u8], decimal_point: &[u8]) -> Option<f64> {
    if text.is_empty() {
        return Some(0.0);
    }
    let number = parse_double(text, decimal_point).ok()?;
    (number.is_nan() || number >= 0.0).then_some(number)
}

/// No time at all that a timer knows stands as the longest.
fn milliseconds(seconds: f64) -> u64 {
    if seconds.is_nan() { u64::MAX } else { (seconds * 1000.0) as u64 }
}

impl QueryRunner<'_> {
    /// Runs `sql` as `plan` says.
    ///
    /// # Errors
    /// It failed.
    pub fn watch(&mut self, sql: &[u8], protocol: &Protocol, plan: &Plan) -> Result<(), Reported> {
        if sql.is_empty() {
            return Err(self.console.error("\\watch cannot be used with an empty query"));
        }
        self.connection.require(self.console)?;
        if i64::try_from(plan.interval).is_err() {
            let reason = os_error_text(&rustix::io::Errno::INVAL.into());
            self.console.error(format!("could not set timer: {reason}"));
            self.console.println("");
            return Ok(());
        }
        self.renew_connection()?;
        // The user is asked once, not before each run.
        self.guard(&QueryRequest { protocol: protocol.clone(), ..QueryRequest::plain(sql) })?;
        if self.can_watch_on_screen(plan)? {
            return self.run_on_screen(sql, protocol, plan);
        }
        let before = self.begin_watch();
        let watched = self.run_repeatedly(sql, protocol, plan, 0);
        self.end_watch(before);
        watched
    }

    /// Results go to PSQL_WATCH_PAGER from now on, if there is one and a user looks on.
    pub fn begin_watch(&mut self) -> BeforeWatch {
        let former = self.watch_pager().map(|pager| self.console.output.redirect(Some(pager)));
        BeforeWatch(former)
    }

    /// Results go where they went before.
    pub fn end_watch(&mut self, before: BeforeWatch) {
        match before.0 {
            // A pager has nothing left to tell.
            Some(former) => drop(self.console.redirect_results(former)),
            // A lost connection ends the script there and then.
            None if self.connection.has_ended_script() => {}
            None if self.console.shows_only_data(self.console.print.format) => {}
            None => self.console.println(""),
        }
        self.console.output.flush();
    }

    /// Waits until the next run, after so many; whether there is to be one.
    pub fn awaits_next_run(&mut self, plan: &Plan, runs: u32) -> bool {
        let interval = Duration::from_millis(plan.interval);
        plan.count != Some(runs) && !self.console.interrupts.pause(interval)
    }

    /// Runs it again and again, after so many runs.
    pub(super) fn run_repeatedly(
        &mut self,
        sql: &[u8],
        protocol: &Protocol,
        plan: &Plan,
        mut runs: u32,
    ) -> Result<(), Reported> {
        loop {
            let print = Some(Box::new(self.watch_options(plan.interval)));
            let request = QueryRequest {
                protocol: protocol.clone(),
                plan: ResultPlan { print, ..ResultPlan::new(ResultAction::Watch) },
                ..QueryRequest::plain(sql)
            };
            let report = self.run_watched(&request);
            // A query that fails has too few rows as well, which is no failure.
            let too_few = report.first_rows.unwrap_or(0) < plan.min_rows.into();
            if report.failed && !too_few {
                return Err(Reported);
            }
            if report.failed || too_few || self.console.interrupts.is_work_given_up() {
                return Ok(());
            }
            runs += 1;
            if !self.awaits_next_run(plan, runs) {
                return Ok(());
            }
        }
    }

    /// One run: nothing around the query, and the variables that tell of one stay as they are.
    fn run_watched(&mut self, request: &QueryRequest<'_>) -> QueryReport {
        self.console.interrupts.begin_command();
        self.prepare_time_zones(request);
        let report = self.run(request);
        self.note(request, &report);
        if self.console.timing {
            timing::print(self.console, report.elapsed);
        }
        self.console.output.flush();
        report
    }

    /// The printing options of one run, its title telling the time.
    pub(super) fn watch_options(&self, interval: u64) -> print::Options {
        let mut options = self.console.print.clone();
        options.title = Some(self.watch_title(options.title.as_deref(), interval));
        options.pager = print::Pager::Off;
        options
    }

    /// A title of one run that tells the time.
    pub fn watch_title(&self, own: Option<&[u8]>, interval: u64) -> Vec<u8> {
        let interval = short_number(interval as f64 / 1000.0);
        let mut whole = Vec::new();
        if let Some(own) = own {
            whole.extend_from_slice(own);
            whole.push(b'\t');
        }
        whole.extend_from_slice(&crate::terminal::time_of_day());
        whole.extend_from_slice(b" (every ");
        whole.extend_from_slice(&self.console.print.locale.with_decimal_point(&interval));
        whole.extend_from_slice(b"s)\n");
        whole
    }

    /// PSQL_WATCH_PAGER, running, if a user looks on.
    fn watch_pager(&mut self) -> Option<Target> {
        if !self.console.is_on_terminals() || self.console.output.is_redirected() {
            return None;
        }
        let command = std::env::var_os("PSQL_WATCH_PAGER")?;
        if command.as_encoded_bytes().trim_ascii().is_empty() {
            return None;
        }
        self.console.output.flush();
        Target::pager(command, &self.console.child_environment()).ok()
    }
}

/// A number in at most six digits, as C's `%g` writes it.
fn short_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{number:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-4..6).contains(&exponent) {
        return trim(&format!("{number:.*}", (5 - exponent) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(digits), exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let cases = [
            (0.0, "0"),
            (2.0, "2"),
            (0.001, "0.001"),
            (12345.678, "12345.7"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.23457e+06"),
        ];
        for (number, expected) in cases {
            assert_eq!(short_number(number), expected);
        }
    }

    #[test]
    fn plans() {
        let read = |text: &str| {
            let words: Vec<Vec<u8>> = text.split(' ').map(|w| w.as_bytes().to_vec()).collect();
            Plan::read(&words, 2.0, b".")
                .map_err(|text| String::from_utf8_lossy(&text).into_owned())
        };
        let extras = Extras::default();
        let plan = |interval, count, min_rows| Ok(Plan { interval, count, min_rows, extras });
        assert_eq!(read("0.5"), plan(500, None, 0));
        assert_eq!(read("c=3 i=0.0016 m=1"), plan(1, Some(3), 1));
        assert_eq!(read("count=1 min_rows=2 interval="), plan(0, Some(1), 2));
        assert_eq!(read("nan"), plan(u64::MAX, None, 0));
        assert_eq!(read("0x10"), plan(16000, None, 0));
        let complaints = [
            ("10e400", "incorrect interval value \"10e400\""),
            ("i=1e-400", "incorrect interval value \"1e-400\""),
            ("x", "incorrect interval value \"x\""),
            ("i=-1", "incorrect interval value \"-1\""),
            ("1 i=2", "interval value is specified more than once"),
            ("c=0", "incorrect iteration count \"0\""),
            ("c=1 c=1", "iteration count is specified more than once"),
            ("m=1 m=1", "minimum row count specified more than once"),
            ("m=", "incorrect minimum row count \"\""),
            ("co=1", "unrecognized parameter \"co=1\""),
        ];
        for (text, complaint) in complaints {
            assert_eq!(read(text), Err(complaint.to_owned()), "{text}");
        }
    }
}
