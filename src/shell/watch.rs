//! `\watch`: a query again and again, each result below the time it was asked for.

use super::output::Target;
use super::query_use::{Send, Use};
use super::{Shell, os_error_text};
use crate::number::parse_double;
use crate::print;
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
}

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
        })
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

impl Shell {
    /// Runs `sql` as `plan` says; false if it failed.
    pub fn watch(&mut self, sql: &[u8], plan: &Plan) -> bool {
        if sql.is_empty() {
            self.error("\\watch cannot be used with an empty query");
            return false;
        }
        if self.session.is_none() {
            self.error("You are currently not connected to a database.");
            return false;
        }
        if i64::try_from(plan.interval).is_err() {
            let reason = os_error_text(&rustix::io::Errno::INVAL.into());
            self.error(format!("could not set timer: {reason}"));
            self.put("");
            return true;
        }
        let former = self.watch_pager().map(|pager| self.output.redirect(Some(pager)));
        let mut runs = 0;
        let ok = loop {
            let send = Send {
                usage: Use::Watch,
                print: Some(Box::new(self.watch_options(plan.interval))),
                ..Send::default()
            };
            let (ok, rows) = self.send_watched(sql, &send);
            // A query that fails has too few rows as well, which is no failure.
            let too_few = rows < plan.min_rows.into();
            if !ok || too_few || self.cancelled {
                break ok || too_few;
            }
            runs += 1;
            if plan.count == Some(runs) || self.pause(Duration::from_millis(plan.interval)) {
                break true;
            }
        };
        match former {
            Some(former) => self.redirect_results(former),
            // A lost connection ends the script there and then.
            None if self.connection_lost => {}
            None if self.only_data(self.print.format) => {}
            None => self.put(""),
        }
        self.output.flush();
        ok
    }

    /// The printing options of one run, its title telling the time.
    fn watch_options(&self, interval: u64) -> print::Options {
        let mut options = self.print.clone();
        let interval = short_number(interval as f64 / 1000.0);
        let mut whole = Vec::new();
        if let Some(own) = &options.title {
            whole.extend_from_slice(own);
            whole.push(b'\t');
        }
        whole.extend_from_slice(&crate::terminal::time_of_day());
        whole.extend_from_slice(b" (every ");
        whole.extend_from_slice(&options.locale.with_decimal_point(&interval));
        whole.extend_from_slice(b"s)\n");
        options.title = Some(whole);
        options.pager = print::Pager::Off;
        options
    }

    /// PSQL_WATCH_PAGER, running, if a person looks on.
    fn watch_pager(&mut self) -> Option<Target> {
        if self.not_a_tty || self.output.is_redirected() {
            return None;
        }
        let command = std::env::var_os("PSQL_WATCH_PAGER")?;
        if command.as_encoded_bytes().trim_ascii().is_empty() {
            return None;
        }
        self.output.flush();
        Target::pager(&command).ok()
    }

    /// Waits; true if the person interrupted.
    fn pause(&mut self, time: Duration) -> bool {
        match &self.interrupts {
            Some(interrupts) => interrupts.wait(time),
            None => std::thread::sleep(time),
        }
        self.take_interrupt().is_some()
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
        let plan = |interval, count, min_rows| Ok(Plan { interval, count, min_rows });
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
