//! How often a menu offers the next word of a statement.
//!
//! Each word of each statement that a catalog or the grammar could know is asked for twice: with its
//! first letter typed, and with nothing. What nobody can know is left out: numbers, strings,
//! punctuation, names where they are given. `tune.sql` is for improving completion with, `report.sql`
//! for telling how good it is: nothing is to be changed for the sake of a statement in it.
//!
//! ```text
//! PGHOST=... PGUSER=... PGDATABASE=... cargo bench --profile dev --bench next_word -- [tune] [misses]
//! ```
//!
//! The schemas shop, staff and freight of that database are made anew.

use pgsh::completion::token::{Kind, Token, tokens};
use pgsh::completion::{Catalog, Name, Object, Qualified, Wanted, keyword, query, ranked};
use pgsh::conninfo::{self, Settings};
use pgsh::encoding::Encoding;
use pgsh::print::Row;
use pgsh::session::{Event, Session};
use pgsh::variables::KeywordCase;
use std::collections::{HashMap, HashSet};

const SCHEMAS: &str = include_str!("next_word/schemas.sql");
const TUNE: &str = include_str!("next_word/tune.sql");
const REPORT: &str = include_str!("next_word/report.sql");
/// What a menu shows of its candidates at first, about.
const FIRST: usize = 10;

/// What was asked: a [`Wanted`] and a prefix.
type Key = (Object, Option<Vec<u8>>, Option<Qualified>, Vec<u8>);

fn key(wanted: &Wanted<'_>, prefix: &[u8]) -> Key {
    (wanted.object, wanted.schema.map(<[u8]>::to_vec), wanted.of.cloned(), prefix.to_vec())
}

/// A catalog that asks a session once.
struct Names {
    session: Session,
    known: Vec<(Key, Vec<Name>)>,
}

impl Names {
    fn rows(&mut self, sql: &[u8]) -> Vec<Vec<Option<Vec<u8>>>> {
        self.session.query(sql);
        let mut rows = Vec::new();
        loop {
            match self.session.next_event() {
                Ok(Event::DataRow(body)) => {
                    let cells = Row::trusted(body).cells();
                    rows.push(cells.map(|cell| cell.map(<[u8]>::to_vec)).collect());
                }
                Ok(Event::Error(fields)) => {
                    let message = String::from_utf8_lossy(fields.get(b'M').unwrap_or_default());
                    panic!("{message}: {}", String::from_utf8_lossy(sql));
                }
                Ok(Event::Ready(_)) => return rows,
                Ok(_) => {}
                Err(error) => panic!("{}", String::from_utf8_lossy(&error.message)),
            }
        }
    }
}

impl Catalog for Names {
    fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Name> {
        let key = key(wanted, prefix);
        if let Some((_, names)) = self.known.iter().find(|(known, _)| *known == key) {
            return names.clone();
        }
        let version = self.session.server_version();
        let Some(query) = query::query(wanted, prefix, version, Encoding::Utf8) else {
            return Vec::new();
        };
        let rows = self.rows(query.as_bytes());
        let names: Vec<Name> = rows.into_iter().filter_map(query::name).collect();
        self.known.push((key, names.clone()));
        names
    }

    fn keyword_case(&self) -> KeywordCase {
        KeywordCase::PreserveUpper
    }
}

/// How many words were asked for, and found.
#[derive(Default)]
struct Count {
    asked: usize,
    /// Behind the first letter, anywhere.
    offered: usize,
    /// Behind the first letter, among the first.
    first: usize,
    /// With nothing typed, among the first.
    unbegun: usize,
}

impl Count {
    fn add(&mut self, other: &Count) {
        self.asked += other.asked;
        self.offered += other.offered;
        self.first += other.first;
        self.unbegun += other.unbegun;
    }

    fn report(&self, what: &str) {
        let percent = |count: usize| 100.0 * count as f64 / self.asked.max(1) as f64;
        println!(
            "{what:10} {:5} words: first letter typed {:.1} %, among the first {FIRST} {:.1} %; \
             nothing typed, among the first {FIRST} {:.1} %",
            self.asked,
            percent(self.offered),
            percent(self.first),
            percent(self.unbegun)
        );
    }
}

/// Text as it is compared: in lower case, white space as one blank.
fn plain(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text).to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the statement's text has `offered` from `start` on, at least up to `end`, as whole words.
fn is_hit(text: &str, start: usize, end: usize, offered: &[u8]) -> bool {
    let (rest, offered) = (plain(&text.as_bytes()[start..]), plain(offered));
    let whole = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let cut = offered.bytes().last().is_some_and(whole)
        && rest.as_bytes().get(offered.len()).copied().is_some_and(whole);
    offered.len() >= plain(&text.as_bytes()[start..end]).len() && rest.starts_with(&offered) && !cut
}

/// Whether the token is a word that can be known at its place.
fn is_known(tokens: &[Token], at: usize, text: &[u8], names: &HashSet<String>) -> bool {
    let token = &tokens[at];
    let word = plain(token.text(text));
    let before = at.checked_sub(1).map(|at| plain(tokens[at].text(text)));
    // What AS introduces is a new name, unless it is a query.
    if before.as_deref() == Some("as") {
        return keyword::is_reserved(word.as_bytes());
    }
    let said = || tokens[..at].iter().any(|earlier| plain(earlier.text(text)) == word);
    token.kind == Kind::Word
        && (keyword::is_keyword(word.as_bytes()) || names.contains(&word) || said())
}

fn ask(names: &mut Names, known: &HashSet<String>, statement: &str, misses: bool) -> Count {
    let text = statement.as_bytes();
    let all = tokens(text);
    let mut count = Count::default();
    for (at, token) in all.iter().enumerate() {
        if !is_known(&all, at, text, known) {
            continue;
        }
        let dotted = at >= 2 && all[at - 1].text(text) == b"." && all[at - 1].end == token.start;
        let from = if dotted { all[at - 2].start } else { token.start };
        let mut place = |typed: usize| {
            let text = &statement[..token.start + typed];
            let (start, found) = ranked(text.as_bytes(), text.len(), names);
            let hit = |word: &[u8]| is_hit(statement, start.max(from), token.end, word);
            found.iter().position(|candidate| hit(&candidate.text))
        };
        let (begun, unbegun) = (place(1), place(0));
        let among_first = |place: Option<usize>| place.is_some_and(|place| place < FIRST);
        count.add(&Count {
            asked: 1,
            offered: usize::from(begun.is_some()),
            first: usize::from(among_first(begun)),
            unbegun: usize::from(among_first(unbegun)),
        });
        if misses && !(among_first(begun) && among_first(unbegun)) {
            let word = plain(token.text(text));
            println!("{begun:?}/{unbegun:?} {} <{word}>", &statement[..token.start]);
        }
    }
    count
}

/// The words that are names in the catalog.
fn known_names(names: &mut Names) -> HashSet<String> {
    let sql = b"SELECT relname::text FROM pg_class UNION SELECT attname FROM pg_attribute \
        UNION SELECT proname FROM pg_proc UNION SELECT typname FROM pg_type \
        UNION SELECT nspname FROM pg_namespace UNION SELECT rolname FROM pg_roles \
        UNION SELECT datname FROM pg_database UNION SELECT name FROM pg_settings \
        UNION SELECT conname FROM pg_constraint UNION SELECT tgname FROM pg_trigger \
        UNION SELECT name FROM pg_available_extensions UNION SELECT amname FROM pg_am";
    let rows = names.rows(sql).into_iter();
    rows.filter_map(|row| row.into_iter().next()?).map(|name| plain(&name)).collect()
}

fn measure(names: &mut Names, statements: &str, misses: bool) {
    let mut counts: Vec<(String, Count)> = Vec::new();
    let mut known = HashSet::new();
    for line in statements.lines() {
        if let Some(schema) = line.strip_prefix("-- schema: ") {
            names.rows(format!("SET search_path = {schema}").as_bytes());
            names.known.clear();
            known = known_names(names);
            counts.push((schema.to_owned(), Count::default()));
            continue;
        }
        let count = ask(names, &known, line.trim_end_matches(';'), misses);
        if let Some((_, sum)) = counts.last_mut() {
            sum.add(&count);
        }
    }
    let mut all = Count::default();
    for (schema, count) in &counts {
        count.report(schema);
        all.add(count);
    }
    all.report("all");
}

fn main() {
    let arguments: HashSet<String> = std::env::args().skip(1).collect();
    let environment: HashMap<String, String> = std::env::vars().collect();
    let variable = |name: &str| environment.get(name).map(|value| value.clone().into_bytes());
    if variable("PGHOST").is_none() {
        // Schemas are dropped: nobody's by chance.
        println!("next_word: PGHOST says no server to measure with");
        return;
    }
    let user = || Ok(variable("USER").unwrap_or_default());
    let settings = conninfo::resolve(&Settings::default(), &variable, &|_| None, &user)
        .unwrap_or_else(|e| panic!("{}", String::from_utf8_lossy(&e.message)));
    let session = Session::connect(&settings, None)
        .unwrap_or_else(|e| panic!("{}", String::from_utf8_lossy(&e.message)));
    let mut names = Names { session, known: Vec::new() };
    names.rows(SCHEMAS.as_bytes());
    let statements = if arguments.contains("tune") { TUNE } else { REPORT };
    measure(&mut names, statements, arguments.contains("misses"));
}
