//! Keys in, text, cursor and effects out.

use super::effect::Dump;
use super::keymap::Mode;
use super::{Editing, Effect, Entries, Input, Inputrc, KeyReader, notation};

/// A history as [`Entries`]. tests/tools/record_keys.py has the same entries.
struct History(&'static [&'static str]);

impl Entries for History {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index).copied()
    }
}

const HISTORY: History = History(&[
    "select one",
    "insert into two",
    "select three words",
    "update four set a",
    "delete five",
]);

fn editing(inputrc: &str) -> Editing {
    editing_by(&Inputrc::parse(inputrc.as_bytes(), None, &mut |_| None))
}

fn editing_by(inputrc: &Inputrc) -> Editing {
    let mut editing = Editing::new(inputrc);
    editing.start("", 0, &HISTORY);
    editing
}

/// The settings of both modes.
fn emacs_and_vi() -> [Inputrc; 2] {
    ["emacs", "vi"].map(|mode| {
        Inputrc::parse(format!("set editing-mode {mode}").as_bytes(), None, &mut |_| None)
    })
}

/// Types keys in inputrc's notation, until one has an effect that the loop has to see to; returns the
/// last effect.
fn type_keys(editing: &mut Editing, keys: &str, history: &dyn Entries) -> Effect {
    let mut reader = KeyReader::new();
    reader.feed(&notation::unescape(keys));
    let mut last = Effect::Nothing;
    while let Some(input) = reader.next(true) {
        last = editing.key(input, history);
        if matches!(last, Effect::Accept | Effect::AcceptAndNext | Effect::Eof) {
            break;
        }
    }
    last
}

/// What readline's table says of it.
fn outcome(editing: &Editing, effect: Effect) -> String {
    let keys = notation::keys(editing.text().as_bytes());
    let text = notation::escape(&keys).replace("\\\"", "\"");
    match effect {
        Effect::Accept | Effect::AcceptAndNext => format!("{text}\taccept"),
        Effect::Eof => "eof\t".to_owned(),
        _ => format!("{text}\t{}", editing.cursor()),
    }
}

#[test]
fn keys_do_what_readline_does() {
    let [emacs, vi] = emacs_and_vi();
    let mut differing = String::new();
    let rows = include_str!("testdata/readline.txt").lines().filter(|row| !row.starts_with('#'));
    for row in rows {
        let mut columns = row.splitn(3, '\t');
        let (Some(mode), Some(keys), Some(expected)) =
            (columns.next(), columns.next(), columns.next())
        else {
            panic!("{row}: not three columns")
        };
        let mut editing = editing_by(if mode == "vi" { &vi } else { &emacs });
        let effect = type_keys(&mut editing, keys, &HISTORY);
        let found = outcome(&editing, effect);
        if found != expected {
            differing.push_str(&format!(
                "{mode}\t{keys}\n  readline {expected:?}\n  here     {found:?}\n"
            ));
        }
    }
    assert_eq!(differing, "");
}

/// Keys and what they make of a text: `|` is the cursor.
#[test]
fn texts_of_several_lines() {
    for (mode, text, keys, expected) in [
        // Home and End are the line's, word keys cross lines, kills join them.
        ("emacs", "one\ntwo|\nthree", r"\C-ax", "one\nx|two\nthree"),
        ("emacs", "one\nt|wo\nthree", r"\C-ex", "one\ntwox|\nthree"),
        ("emacs", "one\n|two", r"\C-b\C-bx", "onx|e\ntwo"),
        ("emacs", "one|\ntwo", r"\ef", "one\ntwo|"),
        ("emacs", "one\n|two", r"\C-w", "|two"),
        ("emacs", "o|ne\ntwo", r"\C-k", "o|\ntwo"),
        ("emacs", "o|ne\ntwo", r"\C-k\C-k", "o|two"),
        ("emacs", "o|ne\ntwo", r"\C-k\C-k\C-y", "one\n|two"),
        ("emacs", "one\ntw|o", r"\C-u", "one\n|o"),
        ("emacs", "one\ntw|o", r"\C-u\C-u", "one|o"),
        ("emacs", "one\ntw|o", r"\e[1;5Hx", "x|one\ntwo"),
        ("emacs", "o|ne\ntwo", r"\e[1;5Fx", "one\ntwox|"),
        ("emacs", "one\n|two", r"\C-?", "one|two"),
        ("emacs", "one|\ntwo", r"\C-d", "one|two"),
        ("emacs", "on|e", r"\e\C-m", "on\n|e"),
        ("emacs", "on|e", r"\e\C-mx\C-_\C-_", "on|e"),
        ("emacs", "one two|\nthree", r"\et", "one three\ntwo|"),
        ("emacs", "|one\ntwo", r"\e#", "-- one\n-- two|"),
        ("emacs", "|-- one\n-- two", r"\e1\e#", "one\ntwo|"),
        // Up and Down go on in the text first.
        ("emacs", "first\nsecond|", r"\e[Ax", "firstx|\nsecond"),
        ("emacs", "first|\nsecond", r"\e[Bx", "first\nseconx|d"),
        ("emacs", "first\nsecond|", r"\e[A\e[A", "delete five|"),
        ("emacs", "first\nsecond|", r"\e[A\e[A\e[Bx", "first\nsecondx|"),
        ("emacs", "first\nsecond|", r"\C-p\C-p\C-p", "update four set a|"),
        // vi's motions stay in the line, and lines are deleted and put whole.
        ("vi", "one\ntwo|\nthree", r"\e0ix", "one\nx|two\nthree"),
        ("vi", "one\nt|wo\nthree", r"\e$ix", "one\ntwx|o\nthree"),
        ("vi", "one\nt|wo\nthree", r"\ellll", "one\ntw|o\nthree"),
        ("vi", "one\nt|wo\nthree", r"\ehhhh", "one\n|two\nthree"),
        ("vi", "one\nt|wo\nthree", r"\edd", "one\n|three"),
        ("vi", "|one\ntwo\nthree", r"\e2dd", "|three"),
        ("vi", "|one\ntwo\nthree", r"\e9dd", "|"),
        ("vi", "one\nt|wo\nthree", r"\e2yyP", "one\n|two\nthree\ntwo\nthree"),
        ("vi", "ab|\n", r"\eix\e[Cy\e0.", "|yaxby\n"),
        ("vi", "one\ntwo\nth|ree", r"\edd", "one\n|two"),
        ("vi", "one\ntwo\nth|ree", r"\eddP", "one\n|three\ntwo"),
        ("vi", "o|ne\ntwo\nthree", r"\eddp", "two\n|one\nthree"),
        ("vi", "o|ne\ntwo", r"\eyyp", "one\n|one\ntwo"),
        ("vi", "one\nt|wo\nthree", r"\eccx", "one\nx|\nthree"),
        ("vi", "one\nt|wo\nthree", r"\eD", "one\n|\nthree"),
        ("vi", "one\nt|wo\nthree", r"\eAx", "one\ntwox|\nthree"),
        ("vi", "one\nt|wo\nthree", r"\eIx", "one\nx|two\nthree"),
        ("vi", "one\n  t|wo", r"\e^x", "one\n  |wo"),
        ("vi", "one\ntwo|", r"\ek", "on|e\ntwo"),
        ("vi", "one\ntwo|", r"\ekk", "|delete five"),
        ("vi", "on|e\ntwo", r"\ew", "one\n|two"),
        ("vi", "f(\n1|)", r"\el%", "f|(\n1)"),
        ("vi", "f|(\n1)", r"\el%", "f(\n1|)"),
        ("vi", "one\n|two", r"\e\C-h", "one\n|two"),
    ] {
        let mut editing = editing(&format!("set editing-mode {mode}"));
        let cursor = text.find('|').expect("a cursor");
        editing.start(&text.replace('|', ""), cursor, &HISTORY);
        type_keys(&mut editing, keys, &HISTORY);
        let mut found = editing.text().to_owned();
        found.insert(editing.cursor(), '|');
        assert_eq!(found, expected, "{mode} {text:?} {keys}");
    }
}

#[test]
fn keys_ask_for_what_the_loop_does() {
    use Effect::*;
    for (mode, keys, effect, text) in [
        ("emacs", r"a\C-m", Accept, "a"),
        ("emacs", r"a\C-j", Accept, "a"),
        ("emacs", r"a\e[A\C-o", AcceptAndNext, "delete five"),
        ("emacs", r"a\C-c", Interrupt, "a"),
        ("emacs", r"a\C-x\C-c", Interrupt, "a"),
        ("emacs", r"a\e5\C-c", Interrupt, "a"),
        ("emacs", r"a\C-v\C-c", Changed, "a\x03"),
        ("emacs", r"a\C-z", Suspend, "a"),
        ("emacs", r"a\C-\\", Quit, "a"),
        ("emacs", r"\C-d", Eof, ""),
        ("emacs", r"\e[3~", Bell, ""),
        ("emacs", r"a\C-d", Bell, "a"),
        ("emacs", r"a\C-l", ClearScreen, "a"),
        ("emacs", r"a\e\C-l", ClearDisplay, "a"),
        ("emacs", r"a\C-i", Complete, "a"),
        ("emacs", r"a\e[Z", MenuCompleteBackward, "a"),
        ("emacs", r"a\e?", PossibleCompletions, "a"),
        ("emacs", r"a\e*", InsertCompletions, "a"),
        ("emacs", r"a\C-r", SearchBackward, "a"),
        ("emacs", r"a\C-s", SearchForward, "a"),
        ("emacs", r"a\C-x\C-e", EditExternally, "a"),
        ("emacs", r"a\C-x\C-r", ReReadInit, "a"),
        ("emacs", r"a\e~", ExpandTilde, "a"),
        ("emacs", r"a\e#", Accept, "-- a"),
        ("emacs", r"a\C-g", Bell, "a"),
        ("emacs", r"a\C-f", Bell, "a"),
        ("emacs", r"a\C-a", Nothing, "a"),
        ("emacs", r"a\C-xq", Bell, "a"),
        ("vi", r"a\C-d", Accept, "a"),
        ("vi", r"\C-d", Eof, ""),
        ("vi", r"a\e\C-m", Changed, "a\n"),
        ("vi", r"ab\eh\e\C-m", Accept, "ab"),
        ("vi", r"a\ev", EditExternally, "a"),
        ("vi", r"a\e#", Accept, "-- a"),
        ("vi", r"a\e=", PossibleCompletions, "a"),
        ("vi", r"a\e*", InsertCompletions, "a"),
        ("vi", r"a\e\\", Complete, "a"),
        ("vi", r"a\C-n", MenuComplete, "a"),
        ("vi", r"a\C-p", MenuCompleteBackward, "a"),
        ("vi", r"a\C-l", ClearScreen, "a"),
        ("vi", r"a\C-c", Interrupt, "a"),
        ("vi", r"a\eq", Bell, "a"),
        ("vi", r"a\e/sel\C-m", Changed, "select three words"),
    ] {
        let mut editing = editing(&format!("set editing-mode {mode}"));
        assert_eq!(type_keys(&mut editing, keys, &HISTORY), effect, "{mode} {keys}");
        assert_eq!(editing.text(), text, "{mode} {keys}");
    }
}

#[test]
fn keys_that_do_otherwise_than_in_readline() {
    let history = History(&["select two, 2;", "select * from t ;", "delete;"]);
    for (mode, keys, text) in [
        // The last word is no `;`.
        ("emacs", r"\e.", "delete"),
        ("emacs", r"\e.\e.", "t"),
        ("emacs", r"\e.\e.\e.", "2"),
        // A search leads to an entry, from which one can go on; readline stays where it was.
        ("emacs", r"\epfrom\C-m\e[A", "select two, 2;"),
        // Letters with accents are undone with the others, not each by itself.
        ("emacs", r"maß\C-_", ""),
        // Alt-Enter opens a line; in readline it changes to vi's keys.
        ("emacs", r"a\e\C-mb", "a\nb"),
        // What replaces a character leaves what was killed; readline kills what it replaces.
        ("vi", r"a b\ebdwrc0p", "ca "),
        ("vi", r"a b\e0dw~P", "a B"),
        // `.` repeats all of what was typed, not its last twenty characters.
        ("vi", r"select a, b from foo, d\e.", "select a, b from foo, select a, b from foo, dd"),
        // Ctrl-K, which vi's typing has no use for, types nothing.
        ("vi", r"a\C-kb", "ab"),
    ] {
        let mut editing = editing(&format!("set editing-mode {mode}"));
        type_keys(&mut editing, keys, &history);
        assert_eq!(editing.text(), text, "{mode} {keys}");
    }
}

#[test]
fn arrows_bound_to_a_search_move_in_the_text_first() {
    let history = History(&["select one\nfrom a", "select two\nfrom b", "delete"]);
    let inputrc = "\"\\e[A\": history-search-backward\n\"\\e[B\": history-search-forward";
    let mut editing = editing(inputrc);
    for (keys, text, cursor) in [
        (r"sel\e[A", "select two\nfrom b", 3),
        (r"\e[A", "select one\nfrom a", 3),
        (r"\e[B", "select two\nfrom b", 3),
        (r"\C-f\e[B", "select two\nfrom b", 15),
        (r"\e[A", "select two\nfrom b", 4),
        (r"\e[A", "select one\nfrom a", 4),
    ] {
        type_keys(&mut editing, keys, &history);
        assert_eq!((editing.text(), editing.cursor()), (text, cursor), "{keys}");
    }
}

#[test]
fn without_completion_tab_types_a_tab() {
    let mut editing = editing("set disable-completion on");
    assert_eq!(type_keys(&mut editing, r"a\C-i\e?", &HISTORY), Effect::PossibleCompletions);
    assert_eq!(editing.text(), "a\t");
}

#[test]
fn edits_of_the_history_stay_until_a_text_is_accepted() {
    let mut editing = editing("set mark-modified-lines on");
    type_keys(&mut editing, r"mine\e[A!\e[A?", &HISTORY);
    assert_eq!(editing.text(), "update four set a?");
    assert_eq!(editing.history_index(), Some(3));
    assert!(editing.is_modified_entry(&HISTORY));
    type_keys(&mut editing, r"\e[B", &HISTORY);
    assert_eq!(editing.text(), "delete five!");
    type_keys(&mut editing, r"\C-_", &HISTORY);
    assert_eq!(editing.text(), "delete five");
    assert!(!editing.is_modified_entry(&HISTORY));
    type_keys(&mut editing, r"\e[B", &HISTORY);
    assert_eq!((editing.text(), editing.history_index()), ("mine", None));
    type_keys(&mut editing, r"\e[A\e[A", &HISTORY);
    assert_eq!(editing.text(), "update four set a?");
    editing.start("", 0, &HISTORY);
    type_keys(&mut editing, r"\e[A\e[A", &HISTORY);
    assert_eq!(editing.text(), "update four set a");
}

#[test]
fn the_next_entry_follows_one_that_is_run() {
    let mut editing = editing("");
    assert_eq!(type_keys(&mut editing, r"\e<\C-o", &HISTORY), Effect::AcceptAndNext);
    // The oldest entry was dropped when the one that was run came in.
    let later = History(&["insert into two", "select three words", "delete five", "select one"]);
    editing.start("", 0, &later);
    assert_eq!((editing.text(), editing.cursor()), ("insert into two", 15));
    assert_eq!(editing.history_index(), Some(0));
    editing.start("", 0, &later);
    assert_eq!(editing.text(), "");
}

#[test]
fn macros_are_recorded_and_played() {
    for (inputrc, keys, text) in [
        ("", r"\C-x(ab\C-x)\C-xe", "abab"),
        ("", r"\C-x(ab\C-x)\e3\C-xe", "abababab"),
        ("", r"\C-x(ab\C-x)\e1\C-x(c\C-x)\C-xe", "ababcabc"),
        ("", r"\C-xe", ""),
        (r#""\C-xs": "select \C-b*""#, r"\C-xsx", "select*x "),
        // One that plays itself ends all the same.
        (r#""\C-xs": "\C-xs""#, r"\C-xsx", "x"),
    ] {
        let mut editing = editing(inputrc);
        type_keys(&mut editing, keys, &HISTORY);
        assert_eq!(editing.text(), text, "{keys}");
    }
}

#[test]
fn a_macro_goes_on_behind_what_the_loop_does() {
    let mut editing = editing(r#""\C-xs": "one\C-mtwo\C-m""#);
    assert_eq!(type_keys(&mut editing, r"\C-xs", &HISTORY), Effect::Accept);
    assert_eq!(editing.text(), "one");
    editing.start("", 0, &HISTORY);
    assert_eq!(editing.resume(&HISTORY), Some(Effect::Accept));
    assert_eq!(editing.text(), "two");
    assert_eq!(editing.resume(&HISTORY), None);
}

#[test]
fn keys_that_may_go_on_wait_for_a_time() {
    let mut editing = editing(
        "set editing-mode vi\nset keyseq-timeout 70\n\"jk\": vi-movement-mode\nj: self-insert",
    );
    type_keys(&mut editing, "aj", &HISTORY);
    assert_eq!(editing.text(), "a");
    assert_eq!(editing.key_timeout(), Some(std::time::Duration::from_millis(70)));
    assert_eq!(editing.timed_out(&HISTORY), Effect::Changed);
    assert_eq!((editing.text(), editing.key_timeout()), ("aj", None));
    type_keys(&mut editing, "jk", &HISTORY);
    assert_eq!((editing.text(), editing.mode()), ("aj", Mode::ViCommand));
}

#[test]
fn a_text_to_search_for_is_asked_for() {
    let mut editing = editing("set editing-mode vi\nset show-mode-in-prompt on");
    assert_eq!(editing.mode_string(), "(ins)");
    type_keys(&mut editing, r"mine\e", &HISTORY);
    assert_eq!(editing.mode_string(), "(cmd)");
    type_keys(&mut editing, "/fx\\C-?o", &HISTORY);
    assert_eq!((editing.query(), editing.text()), (Some(("/", "fo", 2)), "mine"));
    type_keys(&mut editing, r"\C-m", &HISTORY);
    assert_eq!((editing.query(), editing.text()), (None, "update four set a"));
    type_keys(&mut editing, r"/e", &HISTORY);
    type_keys(&mut editing, r"\C-m", &HISTORY);
    assert_eq!(editing.text(), "select three words");
    for (keys, text) in [
        ("n", "insert into two"),
        ("N", "select three words"),
        ("N", "update four set a"),
        ("/nowhere\\C-m", "update four set a"),
        ("/\\e", "update four set a"),
        ("/a\\C-?\\C-?", "update four set a"),
        ("?del\\C-m", "delete five"),
    ] {
        type_keys(&mut editing, keys, &HISTORY);
        assert_eq!((editing.query(), editing.text()), (None, text), "{keys}");
    }
}

#[test]
fn pastes_are_inserted_as_they_are() {
    let mut editing = editing("");
    type_keys(&mut editing, r"a\C-b\e3", &HISTORY);
    assert_eq!(editing.argument(), Some(3));
    let paste = Input::Paste("x\n\ty\x01".to_owned());
    assert_eq!(editing.key(paste, &HISTORY), Effect::Changed);
    assert_eq!((editing.text(), editing.cursor(), editing.argument()), ("x\n\ty\x01a", 5, None));
    type_keys(&mut editing, r"\C-_", &HISTORY);
    assert_eq!(editing.text(), "a");
    assert_eq!(editing.key(Input::Invalid(vec![0xff]), &HISTORY), Effect::Bell);
}

#[test]
fn a_line_opens_where_the_text_is_not_whole() {
    let mut editing = editing("set editing-mode vi");
    type_keys(&mut editing, r"select 1\e0\C-m", &HISTORY);
    editing.open_line();
    type_keys(&mut editing, "x", &HISTORY);
    assert_eq!((editing.text(), editing.mode()), ("select 1\nx", Mode::ViInsert));
}

#[test]
fn each_key_has_its_row() {
    let mut editing = editing("\"\\C-xs\": \"select \"\nset editing-mode vi");
    let rows = editing.key_rows(Mode::Emacs);
    let row = |description: &str| rows.iter().find(|row| row.description == description);
    let end = row("go to the end of the line").expect("end-of-line");
    assert_eq!(end.keys, ["Ctrl-E", "End"]);
    assert_eq!(row("\"select \"").expect("a macro").keys, ["Ctrl-X s"]);
    assert!(!editing.key_rows(Mode::ViCommand).is_empty());
    type_keys(&mut editing, r"\e", &HISTORY);
    assert!(editing.dump(Dump::Functions).contains("\"d\": vi-delete-to\n"));
    assert!(editing.dump(Dump::Functions).contains("# kill-region (not bound)\n"));
    assert!(editing.dump(Dump::Variables).contains("set editing-mode vi\n"));
}

/// Whatever is typed, the cursor is between two characters of the text, and nothing panics.
#[test]
fn any_keys_will_do() {
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let texts = ["", "é日本\n\n👨‍👩‍👧 (a b)", "select\n  1,\n\t\u{301}x\n", "a", "(((", "'\"\n"];
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789 .,;%|~^$_`#é日";
    let plain: Vec<char> = plain.chars().collect();
    let inputrcs = emacs_and_vi();
    for round in 0..3000 {
        let mut editing = editing_by(&inputrcs[round % 2]);
        let text = texts[random(texts.len())];
        editing.set(text, random(text.len() + 1));
        let mut typed = Vec::new();
        for _ in 0..random(12) {
            match random(4) {
                0 => typed.extend([0x1b]),
                1 => typed.extend([random(32) as u8]),
                2 => typed.extend([b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"][random(4)]),
                _ => typed.extend(plain[random(plain.len())].to_string().bytes()),
            }
        }
        let mut reader = KeyReader::new();
        reader.feed(&typed);
        while let Some(input) = reader.next(true) {
            editing.key(input, &HISTORY);
            let (text, cursor) = (editing.text(), editing.cursor());
            assert!(text.is_char_boundary(cursor), "{text:?} {cursor} {typed:?}");
        }
    }
}
