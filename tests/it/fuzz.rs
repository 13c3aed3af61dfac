//! The checks of `fuzz/` on bytes of our own making, since cargo-fuzz needs a nightly compiler: a second
//! each, or PGSH_FUZZ_SECONDS.

use std::time::{Duration, Instant};

use crate::trial::tests;

#[path = "../../fuzz/checks.rs"]
mod checks;

/// What the languages under test are made of.
const WORDS: &[&str] = &[
    "select ",
    "create function ",
    "begin atomic ",
    "begin ",
    "case ",
    "end",
    ";",
    "\\;",
    "'",
    "''",
    "\"",
    "$$",
    "$a$",
    "$1",
    "E'",
    "U&'",
    "/*",
    "*/",
    "--",
    "\n",
    "\r",
    "\t",
    "(",
    ")",
    "[",
    "\\",
    "\\\\",
    ":",
    ":v",
    ":w",
    ":'v'",
    ":\"w\"",
    ":{?v}",
    "::",
    ":=",
    "`",
    "|",
    "*",
    "?",
    ".",
    "^",
    "|",
    "+",
    "host=",
    "port",
    "=",
    "@",
    "%",
    "%4",
    "%41",
    "&",
    "/",
    "#",
    ",",
    "\0",
    "\0\0",
    "\0\x01",
    "[s]\n",
    "h:5432:d:u:",
    "\u{e9}",
    "\u{6f22}",
    "\u{301}",
    "\u{1f600}",
    "a",
    "b",
    " ",
    "1",
];

/// Marsaglia's xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit
    }

    fn input(&mut self) -> Vec<u8> {
        let mut data = vec![self.below(256) as u8, self.below(256) as u8];
        for _ in 0..self.below(24) {
            match self.below(8) {
                0 => data.push(self.below(256) as u8),
                1 => data.push(0x80 | self.below(128) as u8),
                _ => data.extend_from_slice(WORDS[self.below(WORDS.len())].as_bytes()),
            }
        }
        data
    }
}

fn soak(check: fn(&[u8])) {
    let seconds =
        std::env::var("PGSH_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut runs = 0u64;
    while Instant::now() < until {
        let input = random.input();
        if std::panic::catch_unwind(|| check(&input)).is_err() {
            panic!("run {runs}: {:?}", input.escape_ascii().to_string());
        }
        runs += 1;
    }
}

fn scanner() {
    soak(checks::scanner);
}

fn argument() {
    soak(checks::argument);
}

fn interpolation() {
    soak(checks::interpolation);
}

fn message() {
    soak(checks::message);
}

fn conninfo() {
    soak(checks::conninfo);
}

fn pattern() {
    soak(checks::pattern);
}

fn print() {
    soak(checks::print);
}

tests! {
    scanner,
    argument,
    interpolation,
    message,
    conninfo,
    pattern,
    print,
}
