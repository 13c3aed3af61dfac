//! The prompt as a user sees it: what keys make of the screen, at several sizes.
//!
//! A [`Screen`] is a shell's terminal with what is written to it shown as a terminal shows it.

use std::time::{Duration, Instant};

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";
const RIGHT: &str = "\x1b[C";
const HOME: &str = "\x1b[H";
const CTRL_C: &str = "\x03";
const CTRL_R: &str = "\x12";
const ESCAPE: &str = "\x1b";
const ALT_ENTER: &str = "\x1b\r";

/// The sizes at which the prompt is looked at: columns and rows.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (20, 5)];
/// Nothing more is to come once nothing has come for so long.
const QUIET: Duration = Duration::from_millis(250);
/// How long what is expected may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shell on a terminal, and the terminal's screen.
pub struct Screen {
    terminal: Terminal,
    parser: vt100::Parser,
    /// How much of what was written is on the screen.
    shown: usize,
}

impl Screen {
    /// Starts pgsh at this size, with these variables and no pager, and waits for its prompt.
    fn start(bench: &Bench, size: (u16, u16), environment: &[(&str, &str)]) -> Screen {
        let environment = [&[("PAGER", "")], environment].concat();
        Screen::around(Terminal::open_own(bench, &[], &environment), size)
    }

    /// The screen of a terminal whose shell is about to show its prompt.
    pub fn around(mut terminal: Terminal, (columns, rows): (u16, u16)) -> Screen {
        terminal.wait("=# ");
        let mut screen = Screen { terminal, parser: vt100::Parser::new(24, 100, 1000), shown: 0 };
        screen.resize(columns, rows);
        screen
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.update(QUIET);
        self.terminal.resize(columns, rows);
        self.parser.screen_mut().set_size(rows, columns);
        self.update(QUIET);
    }

    /// Shows what was written, up to a pause.
    fn update(&mut self, pause: Duration) {
        self.terminal.settle(pause);
        let written = self.terminal.written();
        self.parser.process(&written[self.shown..]);
        self.shown = written.len();
    }

    /// Types keys, and waits until the screen is quiet.
    pub fn keys(&mut self, keys: &str) -> &mut Screen {
        self.terminal.keys(keys);
        self.update(QUIET);
        self
    }

    /// Waits until a row of the screen holds `text`.
    #[track_caller]
    pub fn wait(&mut self, text: &str) -> &mut Screen {
        let deadline = Instant::now() + PATIENCE;
        while !self.rows().iter().any(|row| row.contains(text)) {
            assert!(Instant::now() < deadline, "no {text:?} in {:#?}", self.rows());
            self.update(Duration::from_millis(50));
        }
        self.update(QUIET);
        self
    }

    /// The rows, without blanks at their ends; nor those below the last that has text.
    pub fn rows(&self) -> Vec<String> {
        let columns = self.parser.screen().size().1;
        let rows = self.parser.screen().rows(0, columns);
        let mut rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows
    }

    /// The row the cursor is in, up to the cursor and behind it.
    fn line(&self) -> (String, String) {
        let screen = self.parser.screen();
        let (row, column) = screen.cursor_position();
        let columns = screen.size().1;
        let before = screen.rows(0, column).nth(row.into()).unwrap_or_default();
        let behind = screen.rows(column, columns - column).nth(row.into()).unwrap_or_default();
        (before, behind.trim_end().to_owned())
    }

    /// The background of the character at the cursor's row's beginning.
    pub fn first_background(&self) -> vt100::Color {
        let (row, _) = self.parser.screen().cursor_position();
        self.parser.screen().cell(row, 0).map_or(vt100::Color::Default, vt100::Cell::bgcolor)
    }

    /// Texts on the screen whose characters look so, row by row.
    pub fn texts(&self, looks_so: impl Fn(&vt100::Cell) -> bool) -> Vec<String> {
        let screen = self.parser.screen();
        let (rows, columns) = screen.size();
        let mut texts = Vec::new();
        for row in 0..rows {
            let mut text = String::new();
            for column in 0..=columns {
                match screen.cell(row, column).filter(|cell| looks_so(cell)) {
                    Some(cell) if cell.has_contents() => text.push_str(cell.contents()),
                    Some(cell) if !cell.is_wide_continuation() => text.push(' '),
                    Some(_) => {}
                    None if !text.is_empty() => texts.push(std::mem::take(&mut text)),
                    None => {}
                }
            }
        }
        texts
    }

    /// Whether the terminal shows its other screen.
    pub fn is_other(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    /// Whether the terminal shows its other screen, reports the mouse or hides its cursor.
    pub fn is_full_screen(&self) -> bool {
        let screen = self.parser.screen();
        let reports_mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        screen.alternate_screen() || screen.hide_cursor() || reports_mouse
    }

    /// All that was written, escape sequences and all.
    pub fn written(&self) -> &[u8] {
        self.terminal.written()
    }

    /// The shell's process.
    pub fn pid(&self) -> u32 {
        self.terminal.pid()
    }

    /// The shell's exit status, once it has ended.
    pub fn end(self) -> i32 {
        self.terminal.end()
    }

    /// What is typed in the cursor's row, the cursor as `|`, without the prompt.
    fn typed(&self) -> String {
        let (before, behind) = self.line();
        let start = before.find("# ").map_or(0, |at| at + 2);
        format!("{}|{behind}", &before[start..])
    }

    /// Drops what is typed.
    fn drop_line(&mut self) {
        self.keys(CTRL_C);
        assert_eq!(self.typed(), "|", "{:#?}", self.rows());
    }
}

/// A statement is edited as one text, whose lines have their prompts.
fn statements_are_edited_whole() {
    let bench = Bench::new();
    for size in SIZES {
        let mut screen = Screen::start(&bench, size, &[]);
        screen.keys("select\r'a'").keys(UP).keys(HOME).keys("\x04\x04");
        assert_eq!(screen.typed(), "|lect");
        screen.keys("se").keys(DOWN).keys("\x01");
        assert_eq!(screen.typed(), "|'a'");
        // A line break where the text is whole, and a line joined to the one before.
        screen.keys("\x05;").keys(ALT_ENTER).keys("\x7f");
        assert_eq!(screen.typed(), "'a';|");
        screen.keys("\r").wait("(1 row)");
        assert_eq!(screen.typed(), "|");
        screen.keys(UP);
        assert_eq!(screen.typed(), "'a';|");
        screen.drop_line();
    }
}

/// A text taller than the screen: what is typed is seen where it is typed, whatever is above and
/// below, and all of it is there in the end.
fn a_tall_statement_scrolls() {
    let bench = Bench::new();
    for size in SIZES {
        let mut screen = Screen::start(&bench, size, &[]);
        let text: String = (0..60).map(|line| format!("/* {line} */\n")).collect();
        screen.keys(&format!("\x1b[200~{text}select 6*7\x1b[201~"));
        assert_eq!(screen.typed(), "select 6*7|");
        for _ in 0..40 {
            screen.terminal.keys(UP);
        }
        screen.keys(HOME).keys("--");
        assert_eq!(screen.typed(), "--|/* 20 */");
        // A key writes what changed.
        let before = screen.terminal.written().len();
        screen.keys("x");
        assert!(screen.terminal.written().len() - before < 40);
        screen.keys(&DOWN.repeat(45)).keys("\x05 as a;\r").wait("42");
    }
}

/// The menu stands below the line, moves nothing of what is typed and leaves nothing behind.
fn a_menu_comes_and_goes() {
    for size in [(80, 24), (120, 40)] {
        let bench = Bench::new();
        let mut screen = Screen::start(&bench, size, &[]);
        screen.keys("create temp table harvest_one (a int); create temp table harvest_two ();\r");
        screen.wait("CREATE TABLE").keys("\x0c");
        screen.keys("table harv").wait("harvest_one");
        assert_eq!(screen.typed(), "table harv|");
        assert!(
            screen.rows()[1].contains("harvest_one") && screen.rows()[2].contains("harvest_two")
        );
        screen.keys("\t");
        assert_eq!(screen.typed(), "table harvest_|");
        screen.keys("t");
        assert_eq!(screen.rows().len(), 2, "{:#?}", screen.rows());
        screen.keys("\x7f").wait("harvest_one").keys(DOWN).keys(DOWN).keys("\r");
        assert_eq!(screen.typed(), "table harvest_two |");
        assert_eq!(screen.rows().len(), 1, "{:#?}", screen.rows());
        // Escape hides it until more is typed; Enter runs what is typed.
        screen.keys("\x7f\x7f").wait("harvest_two").keys(ESCAPE);
        assert_eq!(screen.rows().len(), 1, "{:#?}", screen.rows());
        screen.drop_line();
        // Of what may stand in VALUES a list knows little before a letter is typed.
        screen.keys("create function pg_temp.harvest() returns int language sql as 'select 1';\r");
        screen.wait("CREATE FUNCTION").keys("insert into harvest_one values (\t").wait("default");
        assert!(screen.typed().ends_with("values (|"), "{:#?}", screen.rows());
        screen.drop_line();
        // A space that follows already is not doubled.
        screen.keys("select * from harvest_one").keys("\x01\x1b[1;3C\x1b[C\x1b[C\t");
        assert_eq!(screen.typed(), "select a| from harvest_one");
        screen.drop_line();
        screen.keys("table harvest_on").wait("harvest_one").keys("e;\r").wait("(0 rows)");
        assert!(!screen.rows().iter().any(|row| row.contains("column")), "{:#?}", screen.rows());
    }
}

/// What was typed before comes behind the cursor, and is taken by Right.
fn text_from_the_history() {
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("select 'apple' as a;\r").wait("(1 row)");
    screen.keys("select 'ap");
    assert_eq!(screen.typed(), "select 'ap|ple' as a;");
    screen.keys("\x1b[1;3C");
    assert_eq!(screen.typed(), "select 'apple|' as a;");
    screen.keys(RIGHT);
    assert_eq!(screen.typed(), "select 'apple' as a;|");
    screen.drop_line();
    // Nothing of it stays that was not taken.
    screen.keys("select 'ap").keys("');\x7f\x7f;\r").wait("ap");
    assert!(!screen.rows().iter().any(|row| row.contains("'ap';ple")), "{:#?}", screen.rows());
    // The menu of the word begun goes with it.
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("select 7 as seven;\r").wait("seven").keys("\x0c");
    screen.keys("sel").wait("keyword").keys(RIGHT);
    assert_eq!(screen.typed(), "select 7 as seven;|");
    assert_eq!(screen.rows().len(), 1, "{:#?}", screen.rows());
}

/// The search stands below the line, which shows what is found; Escape keeps it.
fn a_search_below_the_line() {
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("select 'pear';\r").wait("(1 row)");
    screen.keys("select 'plum';\r").wait("(1 row)");
    let above = screen.rows().len();
    screen.keys("half ").keys(CTRL_R).keys("pear");
    let rows = screen.rows();
    assert_eq!(rows[above - 1].trim_end(), rows[above - 1]);
    assert!(rows[above - 1].ends_with("# select 'pear';"), "{rows:#?}");
    assert!(rows[above].starts_with("search: pear"), "{rows:#?}");
    assert_eq!(screen.line().0, "search: pear");
    screen.keys(ESCAPE);
    assert_eq!(screen.typed(), "select 'pear';|");
    assert_eq!(screen.rows().len(), above, "{:#?}", screen.rows());
    screen.drop_line();
    screen.keys("half ").keys(CTRL_R).keys("plum\x07");
    assert_eq!(screen.typed(), "half |");
    screen.drop_line();
    screen.keys(CTRL_R).keys("plum\r").wait("(1 row)");
}

/// What is typed in one go is echoed as it is, and what is written last before keys are waited for is
/// the prompt: programs wait for it.
fn echoes_are_plain() {
    let bench = Bench::new();
    let mut terminal = Terminal::start(&bench, &[]);
    terminal.settle(QUIET);
    assert!(terminal.written().ends_with(b"=# "), "{}", terminal.written().escape_ascii());
    let start = terminal.written().len();
    terminal.keys("select 6 * 7 as answer;\r").wait("(1 row)");
    terminal.settle(QUIET);
    let written = terminal.written()[start..].escape_ascii().to_string();
    let echo = "select 6 * 7 as answer;\\r\\n\\x1b[?2004l\\r";
    assert!(written.starts_with(echo), "{written}");
    assert!(written.ends_with("=# "), "{written}");
}

/// Lines that are wrapped anew by a narrower or wider terminal, or cut: no row is left behind.
fn resizing() {
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("\\echo above\r").wait("above");
    let text =
        "select 'a long text that does not fit into a row', 'of a screen so narrow as this';";
    screen.keys(text);
    for (columns, rows) in [(40, 24), (100, 24), (100, 12), (60, 20)] {
        screen.resize(columns, rows);
        let shown = screen.rows().concat();
        assert_eq!(shown.matches("a long text").count(), 1, "{columns}: {:#?}", screen.rows());
        assert!(shown.contains("above") && shown.ends_with("this';"), "{:#?}", screen.rows());
    }
    screen.keys("\r").wait("(1 row)");
}

/// `help`, `quit` and `exit` need no semicolon.
fn words_of_newcomers() {
    let bench = Bench::new();
    for word in ["quit", "exit;"] {
        let mut screen = Screen::start(&bench, (80, 24), &[]);
        screen.keys("help\r").wait("You are using pgsh").wait("\\q to quit");
        screen.keys(word).keys("\r");
        assert_eq!(screen.end(), 0, "{word}");
    }
}

/// `\set EDIT line` and `\set COMPLETION list` give psql's ways.
fn the_ways_of_psql() {
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("\\set EDIT line\r").keys("\\set COMPLETION list\r");
    screen.keys("create temp table list_one (); create temp table list_two ();\r").wait("CREATE");
    screen.keys("select 1 from list").keys("\t");
    assert_eq!(screen.typed(), "select 1 from list_|");
    let rows = screen.rows().len();
    screen.keys("\t");
    assert!(screen.rows()[rows].starts_with("list_one  list_two"), "{:#?}", screen.rows());
    assert_eq!(screen.typed(), "select 1 from list_|");
    screen.keys("two\r");
    assert!(screen.line().0.ends_with("-# "), "{:#?}", screen.rows());
    screen.keys(";\r").wait("(0 rows)");
}

/// The cursor stands at the error in a statement that is recalled.
fn the_cursor_goes_to_the_error() {
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("select 1,\rnothing_here;\r").wait("ERROR");
    screen.keys(UP);
    assert_eq!(screen.typed(), "|nothing_here;");
    screen.drop_line();
    let kept = bench.directory(Shell::Pgsh).join("history");
    assert!(std::fs::read_to_string(kept).expect("a history").contains("nothing_here"));
}

/// A pause disturbs no transaction: its snapshot is not taken before the user asks for something.
fn a_pause_leaves_the_transaction_alone() {
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("\\set HELPER off\r").keys("begin;\r").wait("BEGIN");
    screen.keys("select * from pg_clas");
    screen.drop_line();
    screen.keys("set transaction isolation level repeatable read;\r").wait("SET");
    assert!(!screen.rows().iter().any(|row| row.contains("ERROR")), "{:#?}", screen.rows());
    // Tab asks.
    screen.keys("select * from pg_clas\t");
    assert!(screen.typed().starts_with("select * from pg_class"), "{:#?}", screen.rows());
    screen.drop_line();
}

/// What is pasted without an end is there after a while, and keys go on.
fn a_paste_without_an_end() {
    let bench = Bench::new();
    let mut screen = Screen::start(&bench, (80, 24), &[]);
    screen.keys("\x1b[200~select 6 *").wait("select 6 *");
    screen.keys(" 7;\r").wait("42");
}

tests! {
    statements_are_edited_whole,
    a_tall_statement_scrolls,
    a_menu_comes_and_goes,
    text_from_the_history,
    a_search_below_the_line,
    echoes_are_plain,
    resizing,
    words_of_newcomers,
    the_ways_of_psql,
    the_cursor_goes_to_the_error,
    a_pause_leaves_the_transaction_alone,
    a_paste_without_an_end,
}
