//! Keys in, rows of the screen out.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Instant;

use super::acts::Effect;
use super::draw;
use super::looks::Looks;
use super::request::CopyFormat;
use super::state::State;
use crate::encoding::Encoding;
use crate::print::{Column, Row, RowBuffer};
use crate::result_view::{Arrival, Available, CellBeginning, Order, Sorting, TableSource};
use crate::terminal::drawing::{Frame, Size};
use crate::terminal::editing::{KeyReader, Mouse, MouseAction};

const INT: u32 = 23;
const TEXT: u32 = 25;

/// A result in memory.
struct Table {
    columns: Vec<Column>,
    rows: RowBuffer,
    /// The rows that have come, of all that will.
    there: u64,
    arrival: Arrival,
    order: Vec<u64>,
    sorts: Option<Option<(usize, Order)>>,
    /// How many rows were asked for.
    asked: usize,
}

impl Table {
    fn new(columns: &[(&str, u32)]) -> Table {
        let column = |(name, oid): &(&str, u32)| Column::of_type((*name).into(), *oid);
        Table {
            columns: columns.iter().map(column).collect(),
            rows: RowBuffer::default(),
            there: 0,
            arrival: Arrival::Whole,
            order: Vec::new(),
            sorts: None,
            asked: 0,
        }
    }

    fn with(mut self, rows: &[&[Option<&str>]]) -> Table {
        for row in rows {
            self.rows.push(row.iter().map(|value| value.map(str::as_bytes)));
        }
        self.there = self.rows.len() as u64;
        self
    }

    /// Numbers and names.
    fn people(count: usize) -> Table {
        let mut table = Table::new(&[("id", INT), ("name", TEXT), ("note", TEXT)]);
        for id in 1..=count {
            let (id, name) = (id.to_string(), format!("Name {id}"));
            let note = (id.len() > 1).then_some(&b"long\nnote"[..]);
            table.rows.push([Some(id.as_bytes()), Some(name.as_bytes()), note]);
        }
        table.there = count as u64;
        table
    }

    fn number(&self, number: u64) -> usize {
        self.order.get(number as usize).copied().unwrap_or(number) as usize
    }
}

impl TableSource for Table {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn encoding(&self) -> Encoding {
        Encoding::Utf8
    }

    fn available(&mut self) -> io::Result<Available> {
        Ok(Available { rows: self.there, arrival: self.arrival.clone() })
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn row(&mut self, number: u64) -> io::Result<Row<'_>> {
        self.asked += 1;
        assert!(number < self.there);
        Ok(self.rows.row(self.number(number)))
    }

    fn whole_row(&mut self, number: u64) -> io::Result<Row<'_>> {
        Ok(self.rows.row(self.number(number)))
    }

    fn arrived_row(&mut self, number: u64) -> io::Result<Row<'_>> {
        Ok(self.rows.row(number as usize))
    }

    fn cell(
        &mut self,
        number: u64,
        column: usize,
        most: usize,
    ) -> io::Result<Option<CellBeginning>> {
        let value = self.rows.row(self.number(number)).get(column);
        Ok(value.map(|value| CellBeginning {
            bytes: value[..value.len().min(most)].to_vec(),
            length: value.len() as u64,
        }))
    }

    fn arrival_number(&mut self, number: u64) -> io::Result<u64> {
        Ok(self.number(number) as u64)
    }

    fn begin_sort(&mut self, by: Option<(usize, Order)>) {
        self.sorts = Some(by);
    }

    fn continue_sort(&mut self) -> io::Result<Sorting> {
        let mut order: Vec<u64> = (0..self.there).collect();
        if let Some(Some((column, way))) = self.sorts.take() {
            order.sort_by_key(|at| self.rows.row(*at as usize).get(column).map(<[u8]>::to_vec));
            if way == Order::Descending {
                order.reverse();
            }
        }
        self.order = order;
        Ok(Sorting::Done)
    }

    fn stop_sort(&mut self) {
        self.sorts = None;
    }

    fn cancel(&mut self) {
        self.arrival = Arrival::Ended(b"ERROR:  canceled".to_vec());
    }
}

/// A table on a screen.
struct Shown {
    table: Table,
    state: State,
    last: Effect,
}

impl Shown {
    fn new(mut table: Table, columns: usize, rows: usize) -> Shown {
        let size = Size { columns, rows };
        let looks = Looks::plain(true);
        let mut state = State::new(&table, looks, b"NULL".to_vec(), size);
        state.take_in(&mut table, Instant::now()).unwrap();
        state.prepare(&mut table).unwrap();
        Shown { table, state, last: Effect::Nothing }
    }

    /// Types keys, as a terminal sends them.
    fn keys(&mut self, keys: &str) -> &mut Shown {
        let mut reader = KeyReader::new();
        reader.feed(keys.as_bytes());
        while let Some(input) = reader.next(false).or_else(|| reader.next(true)) {
            self.last = self.state.input(input, &mut self.table).unwrap();
            self.go_on();
        }
        self
    }

    fn click(&mut self, column: usize, row: usize) -> &mut Shown {
        let action = MouseAction::Click;
        let mouse = Mouse { action, column, row, modifiers: rustyline::Modifiers::NONE };
        let input = crate::terminal::editing::Input::Mouse(mouse);
        self.last = self.state.input(input, &mut self.table).unwrap();
        self.go_on();
        self
    }

    /// Types keys faster than anything goes on between them.
    fn hasty_keys(&mut self, keys: &str) -> &mut Shown {
        let mut reader = KeyReader::new();
        reader.feed(keys.as_bytes());
        while let Some(input) = reader.next(false) {
            self.last = self.state.input(input, &mut self.table).unwrap();
        }
        self
    }

    /// What goes on between keys, to its end.
    fn go_on(&mut self) {
        self.state.take_in(&mut self.table, Instant::now()).unwrap();
        while self.state.is_busy() {
            self.state.go_on(&mut self.table).unwrap();
        }
        self.state.prepare(&mut self.table).unwrap();
    }

    fn frame(&self) -> Frame {
        draw::frame(&self.state)
    }

    fn rows(&self) -> Vec<String> {
        let frame = self.frame();
        assert_eq!(frame.rows.len(), self.state.size.rows);
        let text = |row: &crate::terminal::drawing::Row| {
            assert!(row.width() <= self.state.size.columns);
            let mut text = String::new();
            for cell in &row.cells {
                assert!(!cell.character.is_control());
                text.push(cell.character);
                text.push_str(cell.marks.as_deref().unwrap_or_default());
            }
            text.trim_end().to_owned()
        };
        frame.rows.iter().map(text).collect()
    }

    fn status(&self) -> String {
        self.rows().pop().unwrap()
    }

    /// The text of the cells that look chosen, header or not.
    fn chosen(&self) -> Vec<String> {
        let frame = self.frame();
        let chosen = |row: &crate::terminal::drawing::Row| {
            let cells = row.cells.iter().filter(|cell| cell.style.sequences().contains("[7m"));
            let text: String = cells.map(|cell| cell.character).collect();
            text.trim().to_owned()
        };
        let texts = frame.rows.iter().map(chosen);
        texts.filter(|text| !text.is_empty()).collect()
    }
}

/// Types keys one after the other, and compares what is seen.
#[track_caller]
fn check(shown: &mut Shown, cases: &[(&str, &[&str], &str)]) {
    for (keys, chosen, row) in cases {
        shown.keys(keys);
        assert_eq!(shown.chosen(), *chosen, "{keys:?} {:#?}", shown.rows());
        assert!(shown.rows().iter().any(|seen| seen == row), "{keys:?} {:#?}", shown.rows());
    }
}

#[test]
fn a_table_at_first() {
    let shown = Shown::new(Table::people(100), 80, 6);
    assert_eq!(
        shown.rows(),
        [
            " id │ name   │ note",
            "────┼────────┼──────",
            "> 1 │ Name 1 │ NULL",
            "  2 │ Name 2 │ NULL",
            "  3 │ Name 3 │ NULL",
            " row 1 of 100 · column 1 of 3              Enter cell  x record  H help  q quit",
        ]
    );
    assert_eq!(shown.chosen(), ["id", "1"]);
}

#[test]
fn keys_move_the_cursor() {
    let last = " 99 │ Name 99  │ long↵note";
    check(
        &mut Shown::new(Table::people(100), 80, 6),
        &[
            ("jl", &["name", "Name 2"], "> 2 │ Name 2 │ NULL"),
            ("\x1b[B\x1b[C", &["note", "NULL"], "> 3 │ Name 3 │ NULL"),
            ("kh", &["name", "Name 2"], "> 2 │ Name 2 │ NULL"),
            ("$", &["note", "NULL"], "> 2 │ Name 2 │ NULL"),
            ("0", &["id", "2"], "> 2 │ Name 2 │ NULL"),
            (" ", &["id", "5"], "> 5 │ Name 5 │ NULL"),
            ("b", &["id", "2"], "> 2 │ Name 2 │ NULL"),
            ("d", &["id", "3"], "> 3 │ Name 3 │ NULL"),
            ("u", &["id", "2"], "> 2 │ Name 2 │ NULL"),
            ("5j", &["id", "7"], "> 7 │ Name 7 │ NULL"),
            // What was seen once keeps its room.
            ("G", &["id", "100"], &format!(" {last}")),
            ("g", &["id", "1"], ">  1 │ Name 1   │ NULL"),
            ("42g", &["id", "42"], "> 42 │ Name 42  │ long↵note"),
            ("99999999999999999999G", &["id", "100"], &format!(" {last}")),
            ("99999999999999999999k", &["id", "1"], ">  1 │ Name 1   │ NULL"),
            ("\x1b[6~", &["id", "4"], ">  4 │ Name 4   │ NULL"),
            ("\x1b[F", &["note", "NULL"], ">  4 │ Name 4   │ NULL"),
            ("\x1b[H", &["id", "4"], ">  4 │ Name 4   │ NULL"),
            ("\x1b[1;5F", &["id", "100"], &format!(" {last}")),
            ("\x1b[1;5H", &["id", "1"], ">  1 │ Name 1   │ NULL"),
        ],
    );
}

#[test]
fn a_key_that_means_nothing_says_so() {
    let mut shown = Shown::new(Table::people(1), 80, 6);
    shown.keys("Z");
    assert_eq!(shown.status().split("  ").next(), Some(" no such key here; H shows the keys"));
    shown.keys("\x1b");
    assert!(shown.status().starts_with(" row 1 of 1 · column 1 of 3"));
}

#[test]
fn a_cell_whole() {
    let mut shown = Shown::new(Table::people(10), 40, 6);
    shown.keys("G$\r");
    assert_eq!(
        shown.rows(),
        [" note · row 10", "long", "note", "", "", " end           / search  c copy  q back"]
    );
    // The column beside it.
    shown.keys("h");
    assert_eq!(shown.rows()[..2], [" name · row 10", "Name 10"]);
    shown.keys("c");
    let Effect::Copy(request) = &shown.last else { panic!("{:?}", shown.last) };
    assert_eq!((request.format, &request.columns[..]), (CopyFormat::Value, &[1][..]));
    shown.keys("q");
    assert_eq!(shown.chosen(), ["name", "Name 10"]);
    let mut odd = Table::new(&[("a", TEXT)]).with(&[&[None], &[Some("")], &[Some("x")]]);
    odd.arrival = Arrival::Whole;
    let mut shown = Shown::new(odd, 40, 8);
    for (keys, expected) in [("\r", "(NULL)"), ("qj\r", "(empty)"), ("qj\r", "x")] {
        assert_eq!(shown.keys(keys).rows()[1], expected);
    }
}

#[test]
fn a_long_cell_is_turned() {
    let text: String = (0..200).map(|n| format!("line {n}\n")).collect();
    let mut shown = Shown::new(Table::new(&[("t", TEXT)]).with(&[&[Some(&text)]]), 40, 6);
    for (keys, first) in [
        ("\r", "line 0"),
        ("j", "line 1"),
        (" ", "line 5"),
        ("b", "line 1"),
        ("G", "line 196"),
        ("k", "line 195"),
        ("g", "line 0"),
        ("9j", "line 9"),
        ("\x1b[<65;3;4M", "line 12"),
        ("\x1b[<64;3;4M", "line 9"),
    ] {
        assert_eq!(shown.keys(keys).rows()[1], first, "{keys:?}");
    }
    assert!(shown.status().starts_with(" 5%"), "{}", shown.status());
}

#[test]
fn a_row_as_a_record() {
    let mut shown = Shown::new(Table::people(20), 40, 7);
    shown.keys("12gx");
    assert_eq!(
        shown.rows(),
        [
            "─[ RECORD 12 ]──────────────────────────",
            ">id   │ 12",
            " name │ Name 12",
            " note │ long↵note",
            "",
            "",
            " row 12 of 20 · column 1 of 3    q back",
        ]
    );
    check(
        &mut shown,
        &[
            ("j", &["nameName 12"], ">name │ Name 12"),
            ("l", &["nameName 13"], "─[ RECORD 13 ]──────────────────────────"),
            ("h", &["nameName 12"], "─[ RECORD 12 ]──────────────────────────"),
            ("G", &["notelong↵note"], ">note │ long↵note"),
            // Past the end is the next record, before the beginning the one before.
            ("j", &["id  13"], "─[ RECORD 13 ]──────────────────────────"),
            ("k", &["notelong↵note"], "─[ RECORD 12 ]──────────────────────────"),
            (" ", &["id  13"], ">id   │ 13"),
            ("b", &["notelong↵note"], "─[ RECORD 12 ]──────────────────────────"),
            ("\r", &["note · row 12"], "note"),
            ("q", &["notelong↵note"], ">note │ long↵note"),
            ("x", &["note", "long↵note"], ">12 │ Name 12 │ long↵note"),
        ],
    );
    // Names stand beside their values, and the rule meets the bar.
    let wide = Table::new(&[("a long name of a column", TEXT)]).with(&[&[Some("x")]]);
    let mut shown = Shown::new(wide, 90, 5);
    assert!(shown.keys("x").rows()[0].starts_with("─[ RECORD 1 ]────────────┼──"));
}

#[test]
fn columns_are_frozen_moved_hidden_and_widened() {
    let names: Vec<String> = (1..=20).map(|n| format!("column {n}")).collect();
    let columns: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), TEXT)).collect();
    let mut shown = Shown::new(Table::new(&columns), 40, 6);
    for (keys, header) in [
        ("", " column 1 │ column 2 │ column 3 │ colum…"),
        ("f5l", " column 1 ║ column 5 │ column 6 │ colum…"),
        ("h", " column 1 ║ column 5 │ column 6 │ colum…"),
        ("\t", " column 1 ║ column 7 │ column 8 │ colum…"),
        ("0f", " column 1 │ column 2 │ column 3 │ colum…"),
        (">", " column 1     │ column 2 │ column 3 │ c…"),
        ("<<", " col… │ column 2 │ column 3 │ column 4"),
        ("=", " column 1 │ column 2 │ column 3 │ colum…"),
        ("}", " column 2 │ column 1 │ column 3 │ colum…"),
        ("{-", " column 2 │ column 3 │ column 4 │ colum…"),
        ("+", " column 1 │ column 2 │ column 3 │ colum…"),
        ("$", " column 18 │ column 19 │ column 20"),
    ] {
        assert_eq!(shown.keys(keys).rows()[0], header.trim_end(), "{keys:?}");
    }
    assert!(shown.status().starts_with(" no rows · column 20 of 20"));
    let mut one = Shown::new(Table::new(&columns[..1]), 40, 6);
    assert!(one.keys("-").status().starts_with(" the last column stays"));
}

#[test]
fn rows_are_sorted_by_a_column() {
    let rows: &[&[Option<&str>]] = &[&[Some("b")], &[Some("c")], &[Some("a")]];
    let mut shown = Shown::new(Table::new(&[("letter", TEXT)]).with(rows), 60, 7);
    for (keys, header, first) in
        [("s", " letter↑", ">a"), ("s", " letter↓", ">c"), ("s", " letter", ">b")]
    {
        shown.keys(keys);
        assert_eq!((&shown.rows()[0][..], &shown.rows()[2][..]), (header, first));
    }
    // A click on the name does the same.
    shown.click(3, 0);
    assert_eq!(shown.rows()[0], " letter↑");
    assert!(shown.status().starts_with(" row 1 of 3 · column 1 of 1 · by letter ↑"));
}

/// Keys go on from the sort that is under way, be it done or not.
#[test]
fn a_sort_is_asked_for_again_while_it_goes_on() {
    let rows: &[&[Option<&str>]] = &[&[Some("b")], &[Some("c")], &[Some("a")]];
    let mut shown = Shown::new(Table::new(&[("letter", TEXT)]).with(rows), 60, 7);
    for (keys, header, first) in
        [("ss", " letter↓", ">c"), ("ss", " letter↑", ">a"), ("ss", " letter", ">b")]
    {
        shown.hasty_keys(keys).go_on();
        assert_eq!((&shown.rows()[0][..], &shown.rows()[2][..]), (header, first), "{keys}");
    }
}

#[test]
fn a_search_waits_for_the_end_of_a_sort() {
    let rows: &[&[Option<&str>]] = &[&[Some("b")], &[Some("c")], &[Some("a")]];
    let mut shown = Shown::new(Table::new(&[("letter", TEXT)]).with(rows), 60, 7);
    shown.hasty_keys("s/c\r");
    assert!(shown.status().starts_with(" sorting by letter, the search then: 0%"));
    shown.go_on();
    assert_eq!(&shown.rows()[2..5], [" a", " b", ">c"]);
    // Ctrl-C stops both.
    shown.keys("g").hasty_keys("sn\x03").go_on();
    assert_eq!(&shown.rows()[2..5], [">a", " b", " c"]);
}

#[test]
fn something_is_looked_for() {
    let mut shown = Shown::new(Table::people(100), 80, 9);
    assert_eq!(shown.keys("/name").status(), "/name");
    assert!(draw::is_typing(&shown.state));
    for (keys, chosen) in [
        (" 5\r", "Name 5"),
        ("n", "Name 50"),
        ("n", "Name 51"),
        ("N", "Name 50"),
        ("?name 7\r", "Name 7"),
        ("n", "Name 79"),
        ("N", "Name 7"),
        ("/Name 9.\r", "Name 90"),
        ("/^10\r", "100"),
        ("/\r", "10"),
        // Nothing was typed in the end.
        ("/x\x1b", "10"),
        ("/x\x7f\x7f", "10"),
    ] {
        assert_eq!(shown.keys(keys).chosen()[1], chosen, "{keys:?}");
    }
    shown.keys("nn");
    assert!(shown.status().starts_with(" the search went on at the other end"));
    shown.keys("/nothing\r");
    assert!(shown.status().starts_with(" not found: nothing"));
    shown.keys("/(\r");
    assert!(shown.status().starts_with(" found open group"), "{}", shown.status());
    let mut fresh = Shown::new(Table::people(1), 80, 9);
    assert!(fresh.keys("n").status().starts_with(" nothing to look for yet"));
}

#[test]
fn something_is_looked_for_in_a_cell() {
    let text: String = (0..200).map(|n| format!("line {n}\n")).collect();
    let mut shown = Shown::new(Table::new(&[("t", TEXT)]).with(&[&[Some(&text)]]), 40, 6);
    for (keys, first) in [
        ("\r/7\r", "line 7"),
        ("n", "line 17"),
        ("N", "line 7"),
        ("?line 1$\x1b", "line 7"),
        ("?line\r", "line 6"),
        ("/150\r", "line 150"),
        // What was looked for in the rows is seen in the cell.
        ("q\r", "line 150"),
    ] {
        assert_eq!(shown.keys(keys).rows()[1], first, "{keys:?}");
    }
    assert!(shown.keys("n").status().starts_with(" not found further on: 150"));
    assert_eq!(shown.keys("/").status(), "/");
    assert_eq!(shown.rows()[1], "line 150");
}

#[test]
fn marked_rows_are_copied() {
    let mut shown = Shown::new(Table::people(5), 80, 9);
    shown.keys("c");
    assert_eq!(
        shown.status(),
        " copy this row as (t)ext (c)sv (j)son (i)nsert (m)arkdown, or this (v)alue?"
    );
    shown.keys("j");
    let Effect::Copy(request) = &shown.last else { panic!("{:?}", shown.last) };
    assert_eq!((request.format, &request.columns[..]), (CopyFormat::Json, &[0, 1, 2][..]));
    assert_eq!(request.rows, [0]);
    shown.keys("c\x1b");
    assert_eq!(shown.last, Effect::Nothing);
    // A row that is marked stays so wherever it goes.
    shown.keys("mjmss");
    assert!(shown.rows().contains(&"*  3 │ Name 3 │ NULL".to_owned()), "{:#?}", shown.rows());
    shown.keys("}yt");
    let Effect::Copy(request) = &shown.last else { panic!("{:?}", shown.last) };
    assert_eq!((request.format, &request.columns[..]), (CopyFormat::Text, &[1, 0, 2][..]));
    assert_eq!(request.rows, [0, 2]);
    assert!(shown.keys("M").status().starts_with(" row 1 of 5 · column 2 of 3 · by id"));
}

#[test]
fn rows_still_come() {
    let mut table = Table::people(50);
    (table.there, table.arrival) = (0, Arrival::Coming);
    let mut shown = Shown::new(table, 80, 6);
    assert_eq!(shown.rows()[2], " (no rows yet)");
    assert!(shown.status().starts_with(" no rows so far"));
    shown.table.there = 10;
    shown.keys("F");
    assert_eq!(shown.chosen(), ["id", "10"]);
    shown.table.there = 20;
    shown.go_on();
    assert_eq!(shown.chosen(), ["id", "20"]);
    assert!(shown.status().starts_with(" row 20 of 20 so far · column 1 of 3 · following"));
    shown.keys("k");
    shown.table.there = 50;
    shown.go_on();
    assert_eq!(shown.chosen(), ["id", "19"]);
    shown.keys("/none\r");
    assert!(shown.status().starts_with(" not found in the rows so far: none"));
    assert_eq!(shown.keys("\x03").last, Effect::Cancel);
    shown.table.cancel();
    shown.go_on();
    shown.keys("\x1b");
    assert!(shown.status().starts_with(" row 19 of 50, then: ERROR:  canceled"));
    assert_eq!(shown.keys("\x03").last, Effect::Nothing);
    assert_eq!(shown.keys("q").last, Effect::Leave);
}

#[test]
fn clicks_and_the_wheel() {
    let mut shown = Shown::new(Table::people(100), 80, 6);
    for ((column, row), chosen) in [
        ((6, 3), &["name", "Name 2"][..]),
        ((0, 4), &["id", "3"]),
        ((14, 2), &["note", "NULL"]),
        // Outside of the table.
        ((70, 3), &["note", "NULL"]),
        ((6, 5), &["name", "Name 1"]),
        ((6, 1), &["name", "Name 1"]),
    ] {
        shown.click(column, row);
        assert_eq!(shown.chosen(), chosen, "{column} {row}");
    }
    // Once more opens it.
    assert_eq!(shown.click(6, 2).rows()[..2], [" name · row 1", "Name 1"]);
    shown.keys("q\x1b[<65;3;4M");
    assert_eq!(shown.rows()[2], "> 4 │ Name 4 │ NULL");
    shown.keys("\x1b[<64;3;4M");
    assert_eq!(shown.rows()[4], "> 3 │ Name 3 │ NULL");
    shown.keys("\x1b[<69;3;4M");
    assert_eq!(shown.chosen()[0], "note");
    shown.keys("0x").click(8, 2);
    assert_eq!(shown.chosen(), ["nameName 3"]);
    assert_eq!(shown.click(8, 2).rows()[0], " name · row 3");
}

/// Whatever the size: each row fits, and nothing panics.
#[test]
fn every_size() {
    let keys = [
        "", "G$", "x", "\r", "j", "q", "x", "/a", "\r", "c", "\x1b", "H", " ", "q", "f", "2f", "s",
        "=", ">>>",
    ];
    let tables: [fn() -> Table; 4] = [
        || Table::people(30),
        || Table::people(0),
        || Table::new(&[]).with(&[&[], &[]]),
        || Table::new(&[("wide 中文", TEXT)]).with(&[&[Some("中文字 e\u{301}")], &[None]]),
    ];
    for table in tables {
        for (columns, rows) in [(2, 1), (2, 2), (3, 3), (5, 4), (8, 5), (20, 6), (200, 60)] {
            let mut shown = Shown::new(table(), columns, rows);
            for keys in keys {
                shown.keys(keys);
                assert_eq!(shown.rows().len(), rows);
                let cursor = shown.frame().cursor;
                assert!(cursor.row < rows, "{cursor:?} {keys:?}");
            }
            shown.state.resize(Size { columns: 80, rows: 24 });
            shown.go_on();
            assert_eq!(shown.rows().len(), 24);
        }
    }
    let shown = Shown::new(Table::new(&[]).with(&[&[], &[]]), 40, 7);
    assert_eq!(shown.rows()[2..4], [">(no columns)", " (no columns)"]);
    assert_eq!(Shown::new(Table::people(0), 40, 7).rows()[2], " (no rows)");
}

/// What a hostile server sends.
#[test]
fn nothing_reaches_the_terminal_as_it_is() {
    let value = "\x1b[2J\x1b]52;c;eA==\x07\r\n\u{9b}31m\u{202e}\u{feff}";
    let table = Table::new(&[("na\x1b[31mme\n2", TEXT)]).with(&[&[Some(value)]]);
    let mut shown = Shown::new(table, 80, 8);
    for keys in ["", "x", "\r", "q", "x", "s"] {
        // The helper looks at each character.
        let rows = shown.keys(keys).rows();
        assert!(rows.iter().all(|row| !row.contains('\u{202e}')), "{rows:?}");
    }
    assert_eq!(shown.rows()[0], " na\\x1B[31mme↵2↑");
    assert_eq!(shown.rows()[2], ">\\x1B[2J\\x1B]52;c;eA==\\x07↵\\u009B31m\\u202E");
    shown.table.arrival = Arrival::Ended(b"ERROR:  \x1b[2J\n x".to_vec());
    shown.go_on();
    assert!(shown.status().contains("\\x1B[2J"));
}

/// A key does as much at any size: rows that are not seen are not asked for, nor values laid out whole.
#[test]
fn a_key_takes_the_same_time_at_any_size() {
    let names: Vec<String> = (1..=1600).map(|n| format!("c{n}")).collect();
    let columns: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), TEXT)).collect();
    let mut table = Table::new(&columns);
    for _ in 0..1000 {
        table.rows.push(names.iter().map(|name| Some(name.as_bytes())));
    }
    table.there = 1000;
    let mut shown = Shown::new(table, 200, 50);
    for keys in [" ", "G", "g", "\t", "$", "0", "x", "G", "x", "500g"] {
        shown.table.asked = 0;
        shown.keys(keys);
        assert!(shown.table.asked <= 48, "{keys:?}: {}", shown.table.asked);
    }
    let long = "x".repeat(50 << 20);
    let table = Table::new(&[("a", TEXT), ("b", TEXT)]).with(&[&[Some(&long), Some("b")]]);
    let shown = Shown::new(table, 80, 8);
    assert_eq!(shown.rows()[2].chars().count(), 78);
    assert!(shown.rows()[2].ends_with("… │ b"));
}
