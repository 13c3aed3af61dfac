//! `docs/compatibility.md` says what is compatible with psql and which test compares it; here the
//! document's tables are made from the tests, and compared with what it says.
//!
//! A part of the document between `<!-- begin NAME -->` and `<!-- end NAME -->` is made; the rest
//! is written by hand. `tests/tools/record` makes the parts anew (PGSH_RECORD). What no test
//! compares with psql must be in [`NOT_COMPARED`], with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use pgsh::cli;
use pgsh::grammar;
use pgsh::lexer::{TokenKind, tokens};
use pgsh::print::pset::{self, OPTIONS};

use crate::harness::{known_differences, words};
use crate::trial::tests;
use crate::versions::{self, Share};
use crate::{golden, oracle};

/// What no golden script and no invocation holds, by kind and name, and why.
const NOT_COMPARED: &[(Kind, &str, &str)] = &[
    (Kind::MetaCommand, "backup", "pgsh's own: `tests/it/backup.rs`"),
    (Kind::MetaCommand, "basebackup", "pgsh's own: `tests/it/backup.rs`"),
    (Kind::MetaCommand, "ddl", "pgsh's own: `tests/it/ddl.rs`"),
    (Kind::MetaCommand, "dryrun", "pgsh's own: `tests/it/dry_run.rs`"),
    (Kind::MetaCommand, "errors", "pgsh's own: `tests/it/suggestions.rs`"),
    (Kind::MetaCommand, "settings", "pgsh's own: `tests/it/settings.rs`"),
    (Kind::MetaCommand, "wal", "pgsh's own: `tests/it/settings.rs`"),
    (Kind::MetaCommand, "hba", "pgsh's own: `tests/it/settings.rs`"),
    (Kind::MetaCommand, "activity", "pgsh's own: `tests/it/activity.rs`"),
    (Kind::MetaCommand, "locks", "pgsh's own: `tests/it/activity.rs`"),
    (Kind::MetaCommand, "cancel", "pgsh's own: `tests/it/activity.rs`"),
    (Kind::MetaCommand, "terminate", "pgsh's own: `tests/it/activity.rs`"),
    (Kind::MetaCommand, "last", "pgsh's own: `tests/it/results.rs`"),
    (Kind::MetaCommand, "view", "pgsh's own: `tests/it/viewer.rs`"),
    (Kind::MetaCommand, "clip", "pgsh's own: `tests/it/clip.rs`"),
    (Kind::MetaCommand, "results", "pgsh's own: `tests/it/results.rs`"),
    (Kind::MetaCommand, "chart", "pgsh's own: `tests/it/chart.rs`"),
    (Kind::MetaCommand, "plan", "pgsh's own: `tests/it/plan.rs`"),
    (Kind::MetaCommand, "stats", "pgsh's own: `tests/it/stats.rs`"),
    (Kind::MetaCommand, "history", "pgsh's own: `tests/it/history.rs`"),
    (Kind::MetaCommand, "tz", "pgsh's own: `tests/it/time_zones.rs`"),
    (Kind::MetaCommand, "restore", "pgsh's own: `tests/it/restore.rs`"),
    (Kind::PsetOption, "color", "pgsh's own: `tests/it/looks.rs`"),
    (Kind::PsetOption, "display_false", "psql 19's: `tests/it/formats.rs`"),
    (Kind::PsetOption, "display_timezone", "pgsh's own: `tests/it/time_zones.rs`"),
    (Kind::PsetOption, "display_true", "psql 19's: `tests/it/formats.rs`"),
    (Kind::Format, "fitted", "pgsh's own: `tests/it/formats.rs`"),
    (Kind::PsetOption, "insert_batch", "pgsh's own: `tests/it/exports.rs`"),
    (Kind::PsetOption, "insert_table", "pgsh's own: `tests/it/exports.rs`"),
    (Kind::Format, "insert", "pgsh's own: `tests/it/exports.rs`"),
    (Kind::Format, "parquet", "pgsh's own: `tests/it/exports.rs`"),
    (Kind::Format, "xlsx", "pgsh's own: `tests/it/exports.rs`"),
    (Kind::Format, "json", "pgsh's own: `tests/it/formats.rs`"),
    (Kind::Format, "markdown", "pgsh's own: `tests/it/formats.rs`"),
    (Kind::Format, "ndjson", "pgsh's own: `tests/it/formats.rs`"),
    (Kind::Option, "complete", "pgsh's own: `tests/it/complete.rs`"),
    (Kind::Option, "scratch", "pgsh's own: `tests/it/scratch.rs`"),
    (Kind::Option, "scratch-drop", "pgsh's own: `tests/it/scratch.rs`"),
    (Kind::Option, "scratch-list", "pgsh's own: `tests/it/scratch.rs`"),
    (Kind::Option, "scratch-install", "pgsh's own: `tests/it/scratch.rs`"),
    (Kind::Option, "tour", "pgsh's own: `tests/it/tour.rs`"),
    (Kind::Option, "install-as-psql", "pgsh's own: `tests/it/psql_link.rs`"),
    (Kind::Option, "uninstall-as-psql", "pgsh's own: `tests/it/psql_link.rs`"),
];

/// Names of tests shown for each item.
const SHOWN: usize = 4;

/// What the document lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    MetaCommand,
    PsetOption,
    Format,
    Variable,
    Option,
}

/// A test that runs something through both shells.
struct Test {
    /// `AREA/NAME`
    name: String,
    /// Options and arguments.
    arguments: Vec<String>,
    /// What the shell reads.
    text: String,
    /// The meta-commands in it, by canonical name.
    commands: BTreeSet<&'static str>,
    /// The options on its command line, by long name.
    options: BTreeSet<String>,
}

impl Test {
    fn new(name: String, arguments: Vec<String>, text: &[u8]) -> Test {
        let text = String::from_utf8_lossy(text).into_owned();
        let commands = arguments.iter().chain([&text]).flat_map(|text| commands(text)).collect();
        let options = options(&arguments);
        Test { name, arguments, text, commands, options }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(String::as_str).chain([self.text.as_str()])
    }

    /// Whether one of `before` stands there with `name` behind it, as a word.
    fn mentions(&self, before: &[&str], name: &str) -> bool {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let any = |text: &str| {
            before.iter().any(|before| {
                let wanted = format!("{before}{name}");
                let mut ends = text.match_indices(&wanted).map(|(at, _)| at + wanted.len());
                ends.any(|end| !text[end..].starts_with(is_word))
            })
        };
        self.texts().any(any) || any(&self.arguments.join(" "))
    }
}

/// The meta-commands in a text, by canonical name.
fn commands(text: &str) -> Vec<&'static str> {
    tokens(text.as_bytes())
        .filter(|token| token.kind == TokenKind::Command)
        .filter_map(|token| text.as_bytes().get(token.range.start + 1..token.range.end))
        .filter_map(|word| grammar::lookup(word.strip_suffix(b";").unwrap_or(word)))
        .map(|command| command.name())
        .collect()
}

/// The options on a command line, by long name.
fn options(arguments: &[String]) -> BTreeSet<String> {
    let table = cli::command(b"pgsh");
    let mut found = BTreeSet::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            let name = long.split('=').next().unwrap_or_default();
            found.insert(name.to_owned());
            let is_it = |arg: &&clap::Arg| long_names(arg).contains(&name);
            let arg = table.get_opts().find(is_it);
            if !long.contains('=') && arg.is_some_and(takes_value) {
                words.next();
            }
        } else if let Some(cluster) = word.strip_prefix('-') {
            for (at, letter) in cluster.char_indices() {
                let arg = table.get_opts().find(|arg| arg.get_short() == Some(letter));
                let Some(arg) = arg else { break };
                found.insert(arg.get_id().to_string());
                if takes_value(arg) {
                    if cluster[at + letter.len_utf8()..].is_empty() {
                        words.next();
                    }
                    break;
                }
            }
        }
    }
    found
}

fn long_names(arg: &clap::Arg) -> Vec<&str> {
    arg.get_long_and_visible_aliases().expect("a long name")
}

fn takes_value(arg: &clap::Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}

/// Golden scripts and invocations.
fn compared() -> [Vec<Test>; 2] {
    let scripts = golden::scripts().into_iter().map(|script| {
        let text = fs::read(&script.path).expect("a script");
        Test::new(script.name, script.arguments, &text)
    });
    let invocations = oracle::CASES
        .iter()
        .map(|case| Test::new(case.name.to_owned(), words(case.arguments), case.stdin.as_bytes()));
    [scripts.collect(), invocations.collect()]
}

/// An item of a list, and which tests compare it.
struct Item {
    kind: Kind,
    name: String,
    /// How the document writes it.
    shown: String,
    scripts: Vec<String>,
    invocations: Vec<String>,
    /// Whether `versions.rs` runs it on every server.
    described: bool,
}

impl Item {
    fn is_compared(&self) -> bool {
        !self.scripts.is_empty() || !self.invocations.is_empty() || self.described
    }

    fn reason(&self) -> Option<&'static str> {
        let mut reasons = NOT_COMPARED.iter();
        reasons.find(|(kind, name, _)| (*kind, *name) == (self.kind, &self.name)).map(|r| r.2)
    }
}

fn items() -> Vec<Item> {
    let [scripts, invocations] = compared();
    let mut items = Vec::new();
    let mut add = |kind, name: &str, shown: String, holds: &dyn Fn(&Test) -> bool| {
        let names = |tests: &[Test]| -> Vec<String> {
            tests.iter().filter(|test| holds(test)).map(|test| test.name.clone()).collect()
        };
        let described = kind == Kind::MetaCommand && described(name);
        let (scripts, invocations) = (names(&scripts), names(&invocations));
        items.push(Item { kind, name: name.to_owned(), shown, scripts, invocations, described });
    };
    for command in grammar::sections().iter().flat_map(|section| &section.commands) {
        let names: Vec<String> =
            command.names.iter().map(|name| format!("`\\{}`", name.text)).collect();
        let name = command.name();
        add(Kind::MetaCommand, name, names.join(", "), &|test| test.commands.contains(name));
    }
    for option in OPTIONS {
        let name = option.name;
        add(Kind::PsetOption, name, format!("`{name}`"), &|test| {
            test.mentions(&["\\pset ", "-P ", "-P", "--pset="], name)
                || test.mentions(&["\\g (", "\\gx ("], &format!("{name}="))
        });
    }
    let formats = pset::option(b"format").expect("an option");
    for name in (formats.words)() {
        add(Kind::Format, name, format!("`{name}`"), &|test| {
            test.mentions(&["\\pset format ", "format="], name)
        });
    }
    for name in variables() {
        add(Kind::Variable, name, format!("`{name}`"), &|test| {
            let before =
                ["\\set ", "\\unset ", "-v ", "--set=", ":", ":'", ":\"", ":{?", "\\echo :"];
            test.mentions(&before, name)
        });
    }
    for arg in cli::command(b"pgsh").get_opts() {
        let mut short = arg.get_short().map(|letter| format!("`-{letter}`, ")).unwrap_or_default();
        for long in long_names(arg) {
            let shown = format!("{}`--{long}`", std::mem::take(&mut short));
            add(Kind::Option, long, shown, &|test| test.options.contains(long));
        }
    }
    items
}

/// Whether `versions.rs` runs this meta-command.
fn described(name: &str) -> bool {
    versions::COMMANDS
        .iter()
        .any(|(word, _)| grammar::lookup(word.as_bytes()).is_some_and(|c| c.name() == name))
}

/// The variables of `--help=variables`.
fn variables() -> Vec<&'static str> {
    include_str!("../../grammar/variables.txt")
        .split("\nDisplay settings:")
        .next()
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| {
            !line.is_empty()
                && line.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        })
        .collect()
}

/// The document's made parts, by name.
fn parts() -> BTreeMap<&'static str, String> {
    let items = items();
    let of = |kind| -> Vec<&Item> { items.iter().filter(|item| item.kind == kind).collect() };
    let mut commands = String::new();
    for section in grammar::sections() {
        let names: BTreeSet<&str> = section.commands.iter().map(|c| c.name()).collect();
        let rows: Vec<&Item> =
            of(Kind::MetaCommand).into_iter().filter(|i| names.contains(&*i.name)).collect();
        write!(commands, "### {}\n\n{}\n", section.title, table("command", &rows)).expect("text");
    }
    BTreeMap::from([
        ("numbers", numbers()),
        ("meta-commands", commands.trim_end().to_owned() + "\n"),
        ("pset", table("option", &of(Kind::PsetOption))),
        ("formats", table("format", &of(Kind::Format))),
        ("variables", table("variable", &of(Kind::Variable))),
        ("options", table("option", &of(Kind::Option))),
        ("differences", differences()),
    ])
}

fn table(heading: &str, items: &[&Item]) -> String {
    let mut text = format!("| {heading} | compared by |\n| --- | --- |\n");
    for item in items {
        let mut by = Vec::new();
        if item.described {
            by.push("every server".to_owned());
        }
        let names: Vec<&String> = item.scripts.iter().chain(&item.invocations).collect();
        by.extend(names.iter().take(SHOWN).map(|name| name.to_string()));
        if names.len() > SHOWN {
            by.push("and more".to_owned());
        }
        if let Some(reason) = item.reason() {
            by.push(reason.to_owned());
        }
        writeln!(text, "| {} | {} |", item.shown, by.join(", ")).expect("text");
    }
    text
}

/// How many tests of each kind there are, by area.
fn numbers() -> String {
    let [scripts, invocations] = compared();
    let mut areas: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (column, tests) in [&scripts, &invocations].into_iter().enumerate() {
        for test in tests {
            let area = test.name.split('/').next().unwrap_or_default();
            areas.entry(area).or_default()[column] += 1;
        }
    }
    let mut text = "| area | golden scripts | invocations |\n| --- | ---: | ---: |\n".to_owned();
    let number = |n: usize| if n > 0 { n.to_string() } else { String::new() };
    for (area, [scripts, invocations]) in &areas {
        writeln!(text, "| {area} | {} | {} |", number(*scripts), number(*invocations))
            .expect("text");
    }
    writeln!(text, "| all | {} | {} |", scripts.len(), invocations.len()).expect("text");
    let majors = versions::MAJORS;
    let odd = versions::odd_commands(Share::All).len();
    writeln!(
        text,
        "\nDescribe commands: {} on 18, parts of them with {} more sets of options; on each of the servers {} to {} \
         those without a pattern and a quarter of the others, the next majors the rest.",
        versions::commands(&versions::MODIFIERS, Share::All).len() + odd,
        versions::OPTIONS.len(),
        majors.start(),
        majors.end(),
    )
    .expect("text");
    text
}

fn differences() -> String {
    let mut text = "| test | difference |\n| --- | --- |\n".to_owned();
    for (name, reason) in known_differences() {
        let reason = reason.replace('\\', "\\\\").replace('|', "\\|");
        writeln!(text, "| {name} | {reason} |").expect("text");
    }
    text
}

/// The document with its made parts put in.
fn with_parts(document: &str, parts: &BTreeMap<&str, String>) -> String {
    let mut document = document.to_owned();
    for (name, part) in parts {
        let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->\n"));
        let start = document.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
        let length = document[start..].find(&end).unwrap_or_else(|| panic!("no {end}"));
        document.replace_range(start..start + length, &format!("\n{part}\n"));
    }
    document
}

fn all_is_compared_or_said_why_not() {
    let items = items();
    let mut failures = Vec::new();
    for item in &items {
        match (item.is_compared(), item.reason()) {
            (false, None) => {
                failures.push(format!("{:?} {}: compared by nothing", item.kind, item.shown))
            }
            (true, Some(_)) => {
                failures.push(format!("{:?} {}: is compared now", item.kind, item.shown))
            }
            _ => {}
        }
    }
    for (kind, name, _) in NOT_COMPARED {
        if !items.iter().any(|item| (item.kind, item.name.as_str()) == (*kind, name)) {
            failures.push(format!("{kind:?} {name}: there is none"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn the_document_says_what_the_tests_compare() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/compatibility.md");
    let document = fs::read_to_string(&path).expect("docs/compatibility.md");
    let made = with_parts(&document, &parts());
    if std::env::var_os("PGSH_RECORD").is_some() {
        fs::write(&path, made).expect("docs/compatibility.md");
    } else {
        assert!(
            made == document,
            "docs/compatibility.md is not what the tests say; `tests/tools/record` makes it anew\n{}",
            crate::harness::difference(made.as_bytes(), document.as_bytes())
        );
    }
}

tests! {
    all_is_compared_or_said_why_not,
    the_document_says_what_the_tests_compare,
}
