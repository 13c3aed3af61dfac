//! `\timing`'s line.

use crate::console::Console;
use std::time::Duration;

/// Prints how long a query took.
pub fn print(console: &mut Console, elapsed: Duration) {
    let text = text(elapsed.as_secs_f64() * 1000.0);
    // C's printf writes numbers in the locale's way.
    console.println(console.print.locale.with_decimal_point(&text));
}

/// `Time: 1.234 ms`, with minutes, hours and days from a second up.
fn text(milliseconds: f64) -> String {
    let mut text = format!("Time: {milliseconds:.3} ms");
    if milliseconds < 1000.0 {
        return text;
    }
    let seconds = milliseconds / 1000.0;
    let minutes = (seconds / 60.0).floor();
    let seconds = seconds - minutes * 60.0;
    if minutes < 60.0 {
        text += &format!(" ({minutes:02}:{seconds:06.3})");
        return text;
    }
    let hours = (minutes / 60.0).floor();
    let minutes = minutes - hours * 60.0;
    if hours < 24.0 {
        text += &format!(" ({hours:02}:{minutes:02}:{seconds:06.3})");
        return text;
    }
    let days = (hours / 24.0).floor();
    let hours = hours - days * 24.0;
    text += &format!(" ({days} d {hours:02}:{minutes:02}:{seconds:06.3})");
    text
}
