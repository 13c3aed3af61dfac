//! The variable store: psql's variables by name, and the typed settings the special ones drive.
//!
//! Owns which variables are special, what values they take, what an empty or missing value means
//! and the error texts (psql's documentation, "Variables"). Effects beyond the store (HISTSIZE on
//! the editor, ...) are the caller's: it reads [`Settings`].

mod own;
mod values;

pub use self::own::{CLASS_PREFIX, CompletionMode, EditUnit, OWN_NAMES, check_own};
use self::own::{is_not_off, meant};
pub use self::values::{Rejected, not_boolean, parse_bool};
use self::values::{rejected, word_expected};
use crate::number::{NotDouble, parse_double, parse_integer};
use crate::safeguard::Confirm;
use crate::sort::sort;
use std::collections::BTreeMap;

/// `ECHO`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Echo {
    #[default]
    None,
    Errors,
    Queries,
    All,
}

/// `ECHO_HIDDEN`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum EchoHidden {
    #[default]
    Off,
    On,
    NoExec,
}

/// `ON_ERROR_ROLLBACK`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ErrorRollback {
    #[default]
    Off,
    On,
    Interactive,
}

/// `COMP_KEYWORD_CASE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum KeywordCase {
    Lower,
    Upper,
    PreserveLower,
    #[default]
    PreserveUpper,
}

/// `HISTCONTROL`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum HistControl {
    #[default]
    None,
    IgnoreSpace,
    IgnoreDups,
    IgnoreBoth,
}

/// `VERBOSITY`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Verbosity {
    #[default]
    Default,
    Verbose,
    Terse,
    SqlState,
}

/// `SHOW_CONTEXT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ShowContext {
    Never,
    #[default]
    Errors,
    Always,
}

/// What the special variables say, typed. Their values at the start are in `SPECIAL`.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Settings {
    pub autocommit: bool,
    pub comp_keyword_case: KeywordCase,
    pub echo: Echo,
    pub echo_hidden: EchoHidden,
    /// Rows per chunk; 0 or less is all at once.
    pub fetch_count: i32,
    pub hide_table_am: bool,
    pub hide_toast_compression: bool,
    pub hist_control: HistControl,
    /// Entries kept in the history; negative is no limit.
    pub hist_size: i32,
    pub ignore_eof: i32,
    pub on_error_rollback: ErrorRollback,
    pub on_error_stop: bool,
    pub quiet: bool,
    pub show_all_results: bool,
    pub show_context: ShowContext,
    pub single_line: bool,
    pub single_step: bool,
    pub verbosity: Verbosity,
    /// Seconds.
    pub watch_interval: f64,
}

/// A word that a special variable takes, and what it sets.
type Word = (&'static str, fn(&mut Settings));

/// How a special variable's value is understood.
enum Kind {
    /// on/off; unset is off, empty is on. The value at the start.
    Bool { start: &'static str, slot: fn(&mut Settings) -> &mut bool },
    /// An integer; the texts that unset and empty stand for.
    Int { unset: &'static str, empty: Option<&'static str>, slot: fn(&mut Settings) -> &mut i32 },
    /// Seconds; unset stands for this text.
    Seconds { unset: &'static str, slot: fn(&mut Settings) -> &mut f64 },
    /// One of these words; unset stands for one of them.
    Word { words: &'static [Word], unset: &'static str },
    /// As `Word`, but any Boolean spelling is taken for `on` and `off`.
    BoolOrWord { words: &'static [Word], unset: &'static str },
}

/// A variable that is off at the start.
const fn off(slot: fn(&mut Settings) -> &mut bool) -> Kind {
    Kind::Bool { start: "off", slot }
}

/// A variable that is on at the start.
const fn on(slot: fn(&mut Settings) -> &mut bool) -> Kind {
    Kind::Bool { start: "on", slot }
}

/// The special variables with a rule of their own, sorted by name.
const SPECIAL: &[(&str, Kind)] = &[
    ("AUTOCOMMIT", on(|s| &mut s.autocommit)),
    (
        "COMP_KEYWORD_CASE",
        Kind::Word {
            words: &[
                ("lower", |s| s.comp_keyword_case = KeywordCase::Lower),
                ("upper", |s| s.comp_keyword_case = KeywordCase::Upper),
                ("preserve-lower", |s| s.comp_keyword_case = KeywordCase::PreserveLower),
                ("preserve-upper", |s| s.comp_keyword_case = KeywordCase::PreserveUpper),
            ],
            unset: "preserve-upper",
        },
    ),
    (
        "ECHO",
        Kind::Word {
            words: &[
                ("none", |s| s.echo = Echo::None),
                ("errors", |s| s.echo = Echo::Errors),
                ("queries", |s| s.echo = Echo::Queries),
                ("all", |s| s.echo = Echo::All),
            ],
            unset: "none",
        },
    ),
    (
        "ECHO_HIDDEN",
        Kind::BoolOrWord {
            words: &[
                ("on", |s| s.echo_hidden = EchoHidden::On),
                ("off", |s| s.echo_hidden = EchoHidden::Off),
                ("noexec", |s| s.echo_hidden = EchoHidden::NoExec),
            ],
            unset: "off",
        },
    ),
    ("FETCH_COUNT", Kind::Int { unset: "0", empty: None, slot: |s| &mut s.fetch_count }),
    ("HIDE_TABLEAM", off(|s| &mut s.hide_table_am)),
    ("HIDE_TOAST_COMPRESSION", off(|s| &mut s.hide_toast_compression)),
    (
        "HISTCONTROL",
        Kind::Word {
            words: &[
                ("none", |s| s.hist_control = HistControl::None),
                ("ignorespace", |s| s.hist_control = HistControl::IgnoreSpace),
                ("ignoredups", |s| s.hist_control = HistControl::IgnoreDups),
                ("ignoreboth", |s| s.hist_control = HistControl::IgnoreBoth),
            ],
            unset: "none",
        },
    ),
    ("HISTSIZE", Kind::Int { unset: "500", empty: None, slot: |s| &mut s.hist_size }),
    ("IGNOREEOF", Kind::Int { unset: "0", empty: Some("10"), slot: |s| &mut s.ignore_eof }),
    (
        "ON_ERROR_ROLLBACK",
        Kind::BoolOrWord {
            words: &[
                ("on", |s| s.on_error_rollback = ErrorRollback::On),
                ("off", |s| s.on_error_rollback = ErrorRollback::Off),
                ("interactive", |s| s.on_error_rollback = ErrorRollback::Interactive),
            ],
            unset: "off",
        },
    ),
    ("ON_ERROR_STOP", off(|s| &mut s.on_error_stop)),
    ("QUIET", off(|s| &mut s.quiet)),
    ("SHOW_ALL_RESULTS", on(|s| &mut s.show_all_results)),
    (
        "SHOW_CONTEXT",
        Kind::Word {
            words: &[
                ("never", |s| s.show_context = ShowContext::Never),
                ("errors", |s| s.show_context = ShowContext::Errors),
                ("always", |s| s.show_context = ShowContext::Always),
            ],
            unset: "errors",
        },
    ),
    ("SINGLELINE", off(|s| &mut s.single_line)),
    ("SINGLESTEP", off(|s| &mut s.single_step)),
    (
        "VERBOSITY",
        Kind::Word {
            words: &[
                ("default", |s| s.verbosity = Verbosity::Default),
                ("verbose", |s| s.verbosity = Verbosity::Verbose),
                ("terse", |s| s.verbosity = Verbosity::Terse),
                ("sqlstate", |s| s.verbosity = Verbosity::SqlState),
            ],
            unset: "default",
        },
    ),
    ("WATCH_INTERVAL", Kind::Seconds { unset: "2", slot: |s| &mut s.watch_interval }),
];

/// All variables and what the special ones mean.
#[derive(Clone, Debug)]
pub struct Variables {
    values: BTreeMap<Vec<u8>, Vec<u8>>,
    settings: Settings,
    /// The locale's, in numbers that are read.
    decimal_point: Vec<u8>,
    /// `PGSH`, until the user says otherwise.
    shell_version: Option<&'static str>,
}

impl Default for Variables {
    /// The store as a shell starts with it: every special variable at its default.
    fn default() -> Variables {
        let mut store = Variables {
            values: BTreeMap::new(),
            settings: Settings::default(),
            decimal_point: b".".to_vec(),
            shell_version: None,
        };
        for (name, kind) in SPECIAL {
            store.reset(name, kind, kind.start());
        }
        store
    }
}

impl Kind {
    /// The value a variable has in a shell that starts.
    fn start(&self) -> &'static str {
        match self {
            Kind::Bool { start, .. } => start,
            other => other.unset(),
        }
    }

    /// The value a variable has after `\unset`.
    fn unset(&self) -> &'static str {
        match self {
            Kind::Bool { .. } => "off",
            Kind::Int { unset, .. }
            | Kind::Seconds { unset, .. }
            | Kind::Word { unset, .. }
            | Kind::BoolOrWord { unset, .. } => unset,
        }
    }

    /// The value that an empty one stands for.
    fn empty(&self) -> Option<&'static str> {
        match self {
            Kind::Bool { .. } | Kind::BoolOrWord { .. } => Some("on"),
            Kind::Int { empty, .. } => *empty,
            Kind::Seconds { .. } | Kind::Word { .. } => None,
        }
    }

    /// Checks `value` and stores what it means; `decimal_point` is the locale's.
    fn apply(
        &self,
        name: &str,
        value: &[u8],
        decimal_point: &[u8],
        settings: &mut Settings,
    ) -> Result<(), Rejected> {
        match self {
            Kind::Bool { slot, .. } => {
                *slot(settings) = parse_bool(value).ok_or_else(|| not_boolean(name, value))?;
            }
            Kind::Int { slot, .. } => {
                *slot(settings) = parse_integer(value).ok_or_else(|| {
                    rejected("invalid value", value, &format!(" for \"{name}\": integer expected"))
                })?;
            }
            Kind::Seconds { slot, .. } => {
                *slot(settings) = parse_seconds(name, value, decimal_point)?;
            }
            Kind::Word { words, .. } => set_word(name, value, words, settings)?,
            Kind::BoolOrWord { words, .. } => {
                let word = match parse_bool(value) {
                    Some(true) => &b"on"[..],
                    Some(false) => b"off",
                    None => value,
                };
                set_word(name, word, words, settings)?;
            }
        }
        Ok(())
    }
}

/// Sets what a word says, whatever its case.
fn set_word(
    name: &str,
    value: &[u8],
    words: &[Word],
    settings: &mut Settings,
) -> Result<(), Rejected> {
    let Some((_, set)) = words.iter().find(|(w, _)| w.as_bytes().eq_ignore_ascii_case(value))
    else {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        return Err(word_expected(name, value, &words));
    };
    set(settings);
    Ok(())
}

/// Reads a number of seconds between 0 and a million.
fn parse_seconds(name: &str, value: &[u8], decimal_point: &[u8]) -> Result<f64, Rejected> {
    if value.is_empty() {
        return Err(Rejected(format!("invalid input syntax for variable \"{name}\"").into()));
    }
    let refuse = || rejected("invalid value", value, &format!(" for variable \"{name}\""));
    let outside = |bound: &str| {
        let bound = [bound.as_bytes(), decimal_point, b"00"].concat();
        Rejected([&refuse().0[..], b": must be ", &bound].concat())
    };
    match parse_double(value, decimal_point) {
        Ok(number) if number < 0.0 => Err(outside("greater than 0")),
        Ok(number) if number > 1_000_000.0 => Err(outside("less than 1000000")),
        Ok(number) => Ok(number),
        Err(NotDouble::Malformed) => Err(refuse()),
        Err(NotDouble::OutOfRange) => {
            Err(rejected("value", value, &format!(" is out of range for variable \"{name}\"")))
        }
    }
}

/// Whether `name` may name a variable: letters, digits, underscores and bytes beyond ASCII.
pub fn is_valid_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|&b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80)
}

/// Whether a variable is treated specially, so that `\gset` leaves it alone.
pub fn is_special(name: &[u8]) -> bool {
    special(name).is_some() || matches!(name, b"HISTFILE" | b"PROMPT1" | b"PROMPT2" | b"PROMPT3")
}

/// The names of the variables with a rule of their own, sorted.
pub fn special_names() -> impl Iterator<Item = &'static str> {
    SPECIAL.iter().map(|(name, _)| *name)
}

/// The words that a variable takes, sorted; none if there are too many or any text will do.
pub fn words(name: &[u8]) -> Vec<&'static str> {
    let mut words = match special(name) {
        Some((_, Kind::Bool { .. })) => vec!["on", "off"],
        Some((_, Kind::Word { words, .. } | Kind::BoolOrWord { words, .. })) => {
            words.iter().map(|(word, _)| *word).collect()
        }
        Some((_, Kind::Int { .. } | Kind::Seconds { .. })) => Vec::new(),
        None => own::own_words(name),
    };
    sort(&mut words);
    words
}

fn special(name: &[u8]) -> Option<(&'static str, &'static Kind)> {
    SPECIAL
        .binary_search_by(|(n, _)| n.as_bytes().cmp(name))
        .ok()
        .map(|i| (SPECIAL[i].0, &SPECIAL[i].1))
}

impl Variables {
    /// From now on numbers are read with the locale's decimal point.
    pub fn set_decimal_point(&mut self, decimal_point: &[u8]) {
        self.decimal_point = decimal_point.to_vec();
    }

    /// From now on `PGSH` is there, by which a start-up file tells the shell from psql. [`Variables::iter`]
    /// passes over it: a script that lists its variables is told what psql tells.
    pub fn announce_shell(&mut self, version: &'static str) {
        self.shell_version = Some(version);
    }

    /// The typed settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// `COMPLETION`
    pub fn completion_mode(&self) -> CompletionMode {
        meant(self.get(b"COMPLETION"), own::COMPLETION_WORDS)
    }

    /// `CONFIRM`: what is asked about before it runs.
    pub fn confirms(&self) -> Confirm {
        meant(self.get(b"CONFIRM"), Confirm::WORDS)
    }

    /// `READONLY`: whether transactions are to be read-only unless they say otherwise.
    pub fn is_read_only(&self) -> bool {
        self.get(b"READONLY")
            .is_some_and(|value| value.is_empty() || parse_bool(value) == Some(true))
    }

    /// `EDIT`
    pub fn edit_unit(&self) -> EditUnit {
        meant(self.get(b"EDIT"), own::EDIT_WORDS)
    }

    /// `HELPER`: whether a second connection may be opened.
    pub fn allows_helper(&self) -> bool {
        is_not_off(self.get(b"HELPER"))
    }

    /// `KEEP_RESULTS`: how many of the last results are kept, if that is said.
    pub fn results_to_keep(&self) -> Option<usize> {
        self.get(b"KEEP_RESULTS").and_then(own::count)
    }

    /// `CHILD_ENVIRONMENT`: whether child processes are led to the server connected to.
    pub fn passes_connection_on(&self) -> bool {
        is_not_off(self.get(b"CHILD_ENVIRONMENT"))
    }

    /// `WATCH`: whether the runs of `\watch` take each other's place on one screen.
    pub fn watches_on_screen(&self) -> bool {
        meant(self.get(b"WATCH"), own::WATCH_WORDS) == own::WatchMode::Screen
    }

    /// `PROGRESS`: whether a long statement tells of itself.
    pub fn shows_progress(&self) -> bool {
        is_not_off(self.get(b"PROGRESS"))
    }

    /// `PROGRESS` is set, and not to off.
    pub fn asks_for_progress(&self) -> bool {
        self.get(b"PROGRESS").is_some() && self.shows_progress()
    }

    /// The value of `name`, if set.
    pub fn get(&self, name: &[u8]) -> Option<&[u8]> {
        let set = self.values.get(name).map(Vec::as_slice);
        set.or_else(|| self.shell_version.filter(|_| name == own::SHELL).map(str::as_bytes))
    }

    /// All variables but `PGSH`, unless that was set; sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.values.iter().map(|(n, v)| (n.as_slice(), v.as_slice()))
    }

    /// Sets `name`.
    ///
    /// # Errors
    /// The name is not a variable's, or a special variable does not take the value.
    pub fn set(&mut self, name: &[u8], value: &[u8]) -> Result<(), Rejected> {
        if !is_valid_name(name) {
            return Err(rejected("invalid variable name:", name, ""));
        }
        let mut value = value;
        if let Some((special_name, kind)) = special(name) {
            if value.is_empty() {
                value = kind.empty().map_or(value, str::as_bytes);
            }
            if special_name == "IGNOREEOF" && parse_integer(value).is_none() {
                // psql takes anything else for its default number.
                value = b"10";
            }
            kind.apply(special_name, value, &self.decimal_point, &mut self.settings)?;
        }
        self.put(name, value);
        Ok(())
    }

    /// Removes `name`; a special variable goes back to what unset means for it.
    pub fn unset(&mut self, name: &[u8]) {
        match special(name) {
            Some((special_name, kind)) => self.reset(special_name, kind, kind.unset()),
            None => {
                self.values.remove(name);
                self.shell_version = self.shell_version.filter(|_| name != own::SHELL);
            }
        }
    }

    /// Gives a special variable a value of the table, which it always takes.
    fn reset(&mut self, name: &str, kind: &Kind, value: &str) {
        let taken = kind.apply(name, value.as_bytes(), &self.decimal_point, &mut self.settings);
        debug_assert!(taken.is_ok(), "{name}");
        self.put(name.as_bytes(), value.as_bytes());
    }

    /// Sets a variable that the shell itself maintains (ERROR, ROW_COUNT, DBNAME, ...), reusing
    /// its memory.
    pub fn put(&mut self, name: &[u8], value: &[u8]) {
        match self.values.get_mut(name) {
            Some(slot) => {
                slot.clear();
                slot.extend_from_slice(value);
            }
            None => {
                self.values.insert(name.to_vec(), value.to_vec());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_names_are_sorted() {
        assert!(SPECIAL.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn what_values_of_our_own_mean() {
        let mut store = Variables::default();
        for name in OWN_NAMES {
            assert_eq!(store.get(name.as_bytes()), None, "a script may ask for it");
            assert!(!is_special(name.as_bytes()));
        }
        for (value, completion, unit) in [
            ("", CompletionMode::Menu, EditUnit::Statement),
            ("LIST", CompletionMode::List, EditUnit::Statement),
            ("off", CompletionMode::Off, EditUnit::Statement),
            ("line", CompletionMode::Menu, EditUnit::Line),
            ("whatever", CompletionMode::Menu, EditUnit::Statement),
        ] {
            for name in OWN_NAMES {
                assert_eq!(store.set(name.as_bytes(), value.as_bytes()), Ok(()));
            }
            assert_eq!((store.completion_mode(), store.edit_unit()), (completion, unit), "{value}");
            let off = value == "off";
            assert_eq!((store.allows_helper(), store.shows_progress()), (!off, !off), "{value}");
            assert_eq!(store.is_read_only(), value.is_empty(), "{value}");
        }
    }

    #[test]
    fn the_shell_is_announced_and_not_listed() {
        let listed = |store: &Variables| store.iter().any(|(name, _)| name == b"PGSH");
        let mut store = Variables::default();
        assert_eq!(store.get(b"PGSH"), None);
        store.announce_shell("1.2");
        assert_eq!((store.get(b"PGSH"), listed(&store)), (Some(&b"1.2"[..]), false));
        store.set(b"PGSH", b"mine").expect("a name");
        assert_eq!((store.get(b"PGSH"), listed(&store)), (Some(&b"mine"[..]), true));
        store.unset(b"PGSH");
        assert_eq!((store.get(b"PGSH"), listed(&store)), (None, false));
    }

    type Row = (&'static str, Option<&'static str>, Result<Option<&'static str>, &'static str>);

    /// Each row was answered by psql 18.6: name, value to set (`None` unsets), value after, or the
    /// error text.
    #[test]
    fn values_and_messages() {
        let rows: &[Row] = &[
            (
                "AUTOCOMMIT",
                Some("o"),
                Err("unrecognized value \"o\" for \"AUTOCOMMIT\": Boolean expected"),
            ),
            ("AUTOCOMMIT", Some(""), Ok(Some("on"))),
            ("AUTOCOMMIT", None, Ok(Some("off"))),
            ("ON_ERROR_STOP", Some("TRUE"), Ok(Some("TRUE"))),
            (
                "ON_ERROR_STOP",
                Some("2"),
                Err("unrecognized value \"2\" for \"ON_ERROR_STOP\": Boolean expected"),
            ),
            ("FETCH_COUNT", Some("-3"), Ok(Some("-3"))),
            (
                "FETCH_COUNT",
                Some(""),
                Err("invalid value \"\" for \"FETCH_COUNT\": integer expected"),
            ),
            (
                "FETCH_COUNT",
                Some("99999999999"),
                Err("invalid value \"99999999999\" for \"FETCH_COUNT\": integer expected"),
            ),
            ("HISTSIZE", Some("0x10"), Ok(Some("0x10"))),
            ("HISTSIZE", None, Ok(Some("500"))),
            ("IGNOREEOF", Some(""), Ok(Some("10"))),
            (
                "ECHO",
                Some(""),
                Err(
                    "unrecognized value \"\" for \"ECHO\"\nAvailable values are: none, errors, queries, all.",
                ),
            ),
            ("ECHO_HIDDEN", Some(""), Ok(Some("on"))),
            (
                "ECHO_HIDDEN",
                Some("foo"),
                Err(
                    "unrecognized value \"foo\" for \"ECHO_HIDDEN\"\nAvailable values are: on, off, noexec.",
                ),
            ),
            (
                "WATCH_INTERVAL",
                Some("-1"),
                Err(
                    "invalid value \"-1\" for variable \"WATCH_INTERVAL\": must be greater than 0.00",
                ),
            ),
            (
                "WATCH_INTERVAL",
                Some("1e100"),
                Err(
                    "invalid value \"1e100\" for variable \"WATCH_INTERVAL\": must be less than 1000000.00",
                ),
            ),
            (
                "WATCH_INTERVAL",
                Some("1e400"),
                Err("value \"1e400\" is out of range for variable \"WATCH_INTERVAL\""),
            ),
            (
                "WATCH_INTERVAL",
                Some("1e-310"),
                Err("invalid value \"1e-310\" for variable \"WATCH_INTERVAL\""),
            ),
            ("WATCH_INTERVAL", Some("0x10"), Ok(Some("0x10"))),
            ("WATCH_INTERVAL", Some("0X.8P+3"), Ok(Some("0X.8P+3"))),
            ("WATCH_INTERVAL", Some("0x1p-1070"), Ok(Some("0x1p-1070"))),
            (
                "WATCH_INTERVAL",
                Some("0x.p1"),
                Err("invalid value \"0x.p1\" for variable \"WATCH_INTERVAL\""),
            ),
            (
                "WATCH_INTERVAL",
                Some("0x1p99999"),
                Err("value \"0x1p99999\" is out of range for variable \"WATCH_INTERVAL\""),
            ),
            (
                "WATCH_INTERVAL",
                Some(""),
                Err("invalid input syntax for variable \"WATCH_INTERVAL\""),
            ),
            ("a b", Some("x"), Err("invalid variable name: \"a b\"")),
            ("a-b", None, Ok(None)),
            ("IGNOREEOF", Some("abc"), Ok(Some("10"))),
            ("nosuch", None, Ok(None)),
            ("ä", Some("1"), Ok(Some("1"))),
        ];
        for (name, value, expected) in rows {
            let mut store = Variables::default();
            let result = match value {
                Some(value) => store.set(name.as_bytes(), value.as_bytes()),
                None => {
                    store.unset(name.as_bytes());
                    Ok(())
                }
            };
            let found = result
                .map(|()| {
                    store.get(name.as_bytes()).map(|v| String::from_utf8_lossy(v).into_owned())
                })
                .map_err(|e| String::from_utf8_lossy(&e.0).into_owned());
            let expected = (*expected).map(|v| v.map(str::to_owned)).map_err(str::to_owned);
            assert_eq!(found, expected, "{name} {value:?}");
        }
    }
}
