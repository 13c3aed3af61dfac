//! Whole charts: results in, rows of text out.

use super::*;
use crate::encoding::Encoding;
use crate::palette::Palette;
use crate::print::RowBuffer;

const TEXT: u32 = 25;
const INT: u32 = 23;
const FLOAT: u32 = 701;
const DATE: u32 = 1082;
const TIMESTAMPTZ: u32 = 1184;
const INTERVAL: u32 = 1186;

/// A result: columns with their types, rows of words, `-` for NULL.
fn result(columns: &[(&str, u32)], rows: &str) -> (Vec<Column>, RowBuffer) {
    let column = |(name, oid): &(&str, u32)| Column::of_type((*name).into(), *oid);
    let mut buffer = RowBuffer::default();
    for row in rows.lines() {
        let cells = row.split('|').map(str::trim);
        buffer.push(cells.map(|cell| (cell != "-").then_some(cell.as_bytes())));
    }
    (columns.iter().map(column).collect(), buffer)
}

fn drawn(
    columns: &[(&str, u32)],
    rows: &str,
    words: &str,
    columns_wide: u32,
    encoding: Encoding,
) -> String {
    let (columns, mut rows) = result(columns, rows);
    let words: Vec<Vec<u8>> = words.split_whitespace().map(|word| word.into()).collect();
    let frame = Frame::new(columns_wide, 14, encoding, None);
    let request = Request::read(&words);
    match draw(&request, &columns, &mut rows, Order::MonthFirst, &frame) {
        Ok(drawing) => {
            let mut text = Vec::new();
            drawing.write(None, &mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        }
        Err(NoChart::Nothing(why)) => String::from_utf8(why).unwrap(),
        Err(NoChart::Rows(error)) => panic!("{error}"),
    }
}

const SALES: &[(&str, u32)] = &[("shop", TEXT), ("sold", INT)];

const TWO: &[(&str, u32)] = &[("shop", TEXT), ("sold", INT), ("back", FLOAT)];
const PAIR: &[(&str, u32)] = &[("a", FLOAT), ("b", FLOAT)];
const ONE: &[(&str, u32)] = &[("a", FLOAT)];

/// Columns with their types, rows, what is asked for, the width, the encoding, and the drawing.
type Case<'a> = (&'a [(&'a str, u32)], &'a str, &'a str, u32, Encoding, &'a str);

#[test]
fn drawings() {
    use Encoding::{SingleByte, Utf8};
    let many: String = (1..=30).map(|n| format!("shop {n}|{}\n", n * 7 % 31)).collect();
    let hour = |n: u32| format!("2024-03-{:02} {:02}:00:00+01|{}\n", 9 + n / 24, n % 24, n % 13);
    let wave: String = (0..60).map(hour).collect();
    let cases: &[Case<'_>] = &[
        (
            SALES,
            "Wien|15\nGraz|-5\nLinz|0\nHall|-\nOberndorf am Inn|1\n",
            "",
            40,
            Utf8,
            "Bars of sold by shop
Wien          15       │████████████████
Graz          -5  █████│
Linz           0       │
Oberndorf am…  1       │█▏
                 ──────┬──────────┬─────
                       0         10
Not drawn: 1 NULL.",
        ),
        (
            TWO,
            "Wien|15|2.5\nGraz|9|NaN\n",
            "",
            40,
            Utf8,
            "Bars of sold, back by shop
█ sold   ▒ back
Wien  15 │██████████████████████████████
     2.5 │▒▒▒▒▒
Graz   9 │██████████████████
     NaN │
         ┬─────────┬─────────┬─────────┬
         0         5        10        15
Not drawn: 1 NaN.",
        ),
        (
            TWO,
            "Wien|15|2.5\nGraz|9|NaN\n",
            "",
            40,
            SingleByte,
            "Bars of sold, back by shop
* sold   o back
Wien  15 |******************************
     2.5 |ooooo
Graz   9 |******************
     NaN |
         +---------+---------+---------+
         0         5        10        15
Not drawn: 1 NaN.",
        ),
        (
            SALES,
            &many,
            "",
            40,
            Utf8,
            "Bars of sold by shop
shop 4  28 │██████████████████████████▏
shop 8  25 │███████████████████████▍
shop 13 29 │███████████████████████████▏
shop 17 26 │████████████████████████▎
shop 22 30 │████████████████████████████
shop 26 27 │█████████████████████████▎
           ┬────────┬─────────┬────────┬
           0       10        20       30
The 6 largest of 30 rows are drawn.",
        ),
        (
            &[("at", TIMESTAMPTZ), ("load", INT)],
            &wave,
            "",
            70,
            Utf8,
            "Line of load by at, 2024-03-09 00:00+01 to 2024-03-11 11:00+01
15 ┤             ⣀             ⢀⡀            ⢀⡀             ⣀
10 ┤        ⢀⡠⠔⠊⠉⠘⡄        ⣀⠤⠒⠉⠁⢣        ⣀⡠⠔⠊⠁⢱        ⢀⣀⠤⠒⠉⠘⡄
 5 ┤    ⣀⠤⠒⠊⠁     ⡇   ⢀⡠⠔⠊⠉     ⢸    ⣀⠤⠒⠉     ⠈⡆   ⣀⡠⠔⠊⠁     ⡇   ⢀⣀⠤⠒⠉
 0 ┤⡠⠔⠒⠉          ⢸⠤⠒⠊⠁          ⡧⠔⠊⠉          ⢱⠤⠒⠉          ⢸⡠⠔⠊⠁
   └┬────────────┬────────────┬─────────────┬────────────┬────────────
    Mar 9      12:00       Mar 10         12:00       Mar 11",
        ),
        (
            &[("at", TIMESTAMPTZ), ("load", INT)],
            &wave,
            "hist at",
            60,
            Utf8,
            "Histogram of at, 60 values
[Mar 9, 12:00)  12 │████████████████████████████████████████
[12:00, Mar 10) 12 │████████████████████████████████████████
[Mar 10, 12:00) 12 │████████████████████████████████████████
[12:00, Mar 11) 12 │████████████████████████████████████████
[Mar 11, 12:00) 12 │████████████████████████████████████████
                   ┬────────────────┬───────────────┬───────
                   0                5              10",
        ),
        (
            &[("day", DATE), ("load", INT)],
            "2024-02-28|1\n2024-02-29|5\n2024-03-01|2\n",
            "",
            50,
            SingleByte,
            "Line of load by day, 2024-02-28 to 2024-03-01
6 +                  ***********
4 +      ************           ************
2 +******                                   ******
0 +
  ++----------------------+----------------------+
   Feb 28              Feb 29                Mar 1",
        ),
        (
            PAIR,
            "1|1e12\n2|2.5e12\nInfinity|7\n3|-\n4|x\n",
            "",
            40,
            Utf8,
            "Points of b by a
2.5T ┤                                 ⠈
  2T ┤
1.5T ┤
  1T ┤⡀
     └┬────────────────┬───────────────┬
      1               1.5              2
Not drawn: 1 NULL, 1 infinite value, 1
unreadable value.",
        ),
        (
            &[("a", FLOAT), ("b", INTERVAL)],
            "1|00:01:30\n3|00:02:00\n2|00:00:10\n",
            "line",
            40,
            Utf8,
            "Line of b by a
2m ┤                                ⣀⠤⠒⠉
   │⠒⠤⢄⣀                        ⣀⠤⠒⠉
1m ┤    ⠉⠑⠒⠤⢄⣀              ⣀⠤⠒⠉
   │          ⠉⠑⠒⠤⢄⣀    ⣀⠤⠒⠉
 0 ┤                ⠉⠑⠒⠉
   └┬─────────────────┬────────────────┬
    1                 2                3",
        ),
        (
            ONE,
            "7\n7\n7\n",
            "",
            40,
            Utf8,
            "Histogram of a, 3 values
7 3 │███████████████████████████████████
    ┬───────────┬──────────┬───────────┬
    0           1          2           3",
        ),
        (
            ONE,
            "7\n",
            "line",
            40,
            Utf8,
            "Line of a by the rows' numbers
  8 ┤
7.5 ┤
  7 ┤                 ⠂
6.5 ┤
  6 ┤
    └┬────────────────┬────────────────┬
     0.9              1              1.1",
        ),
        (
            &[("a", INT)],
            "1\n2\n2\n3\n3\n3\n9\n-\n",
            "",
            40,
            Utf8,
            "Histogram of a, 7 values
[0, 2)  1 │█████▊
[2, 4)  5 │█████████████████████████████
[4, 6)  0 │
[6, 8)  0 │
[8, 10) 1 │█████▊
          ┬───────────┬──────────┬──────
          0           2          4
Not drawn: 1 NULL.",
        ),
        (
            &[("a\u{1b}[31m", TEXT), ("b\nc", INT)],
            "x\u{1b}[2J\u{202e}y|2\n",
            "",
            40,
            Utf8,
            "Bars of b c by a\\x1B[31m
x\\x1B[2J\\u20… 2 │███████████████████████
                ┬───────────┬──────────┬
                0           1          2",
        ),
        (ONE, "NaN\n", "", 40, Utf8, "there is nothing to draw. Not drawn: 1 NaN."),
        (ONE, "", "", 40, Utf8, "the result has no rows"),
    ];
    for (columns, rows, words, wide, encoding, expected) in cases {
        let found = drawn(columns, rows, words, *wide, *encoding);
        assert_eq!(found.trim_end(), *expected, "\n{found}");
    }
}

/// Everything that can be said of a value in every kind of chart: none panics, none is wider or
/// higher than its frame.
#[test]
fn every_kind_of_everything() {
    let values = ["0", "-1e300", "1e299", "5e-324", "-", "NaN", "x", "1", "1.0000000000001", "7"];
    let times = ["2024-02-29", "0044-03-15 BC", "5874897-12-31", "infinity", "-", "294276-12-31"];
    let mut rows = String::new();
    for (at, value) in values.iter().enumerate() {
        let time = times[at % times.len()];
        rows +=
            &format!("{time}|漢字漢字漢字漢字漢字漢字\u{301} {at}|{value}|{}\n", values[9 - at]);
        let columns = [("time", DATE), ("text", TEXT), ("a", FLOAT), ("b", FLOAT)];
        for words in ["", "bar", "line", "scatter", "hist", "hist time", "line a b", "bar a b"] {
            for (wide, encoding) in
                [(1, Encoding::Utf8), (31, Encoding::SingleByte), (200, Encoding::Utf8)]
            {
                let text = drawn(&columns, &rows, words, wide, encoding);
                let width = |line: &str| Encoding::Utf8.display_width(line.as_bytes());
                let is_told = text.starts_with("there is nothing");
                let fits = |line: &str| width(line) <= (wide as usize).max(24);
                assert!(is_told || text.lines().all(fits), "{words} {wide}\n{text}");
                assert!(text.lines().count() < 20, "{words} {wide}\n{text}");
            }
        }
    }
}

/// Series are told apart by colours where there are enough, and lines are of braille then.
#[test]
fn colors() {
    let (columns, mut rows) = result(TWO, "Wien|1|2\n");
    for (background, words, expected) in [
        ("15;0", "line back sold", "\u{1b}[36m⠠\u{1b}[0m"),
        ("15;0", "bar", "\u{1b}[33m█"),
        ("0;15", "bar", "\u{1b}[31m█"),
    ] {
        let palette = Palette::from_environment(None, Some("xterm"), Some(background));
        let frame = Frame::new(40, 20, Encoding::Utf8, palette);
        let words: Vec<Vec<u8>> = words.split(' ').map(|word| word.into()).collect();
        let request = Request::read(&words);
        let drawing = draw(&request, &columns, &mut rows, Order::MonthFirst, &frame).unwrap();
        let mut text = Vec::new();
        drawing.write(palette, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("\u{1b}[1m") && text.contains(expected), "{text:?}");
    }
}
