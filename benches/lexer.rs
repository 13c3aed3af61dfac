//! The lexer alone: scripts of the shapes that large ones have, line by line as the main loop
//! gives them.

#![allow(missing_docs)] // what criterion_group! makes has none

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pgsh::encoding::Encoding;
use pgsh::lexer::{End, Environment, Lexer, Quoting, Severity};

const BYTES: usize = 8 << 20;

/// A shell without variables.
struct Shell;

impl Environment for Shell {
    fn variable(&self, _: &[u8]) -> Option<&[u8]> {
        None
    }
    fn encoding(&self) -> Encoding {
        Encoding::Utf8
    }
    fn standard_strings(&self) -> bool {
        true
    }
    fn single_line(&self) -> bool {
        false
    }
    fn quote(&mut self, _: &[u8], _: Quoting) -> Option<Vec<u8>> {
        None
    }
    fn backquote(&mut self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
    fn report(&mut self, _: Severity, _: &[u8]) {}
}

/// `unit`, with `#` replaced by a number, as often as it fits.
fn script(unit: &str) -> Vec<u8> {
    let mut script = String::new();
    for number in 0.. {
        if script.len() >= BYTES {
            break;
        }
        script += &unit.replace('#', &number.to_string());
    }
    script.into_bytes()
}

/// Cuts a script into statements; returns how many there are.
fn statements(script: &[u8]) -> usize {
    let mut lexer = Lexer::new();
    let mut query = Vec::new();
    let mut count = 0;
    for line in script.split_inclusive(|&byte| byte == b'\n') {
        lexer.set_line(line, &Shell);
        loop {
            match lexer.scan_sql(&mut Shell, &mut query) {
                End::Statement => {
                    count += 1;
                    query.clear();
                }
                End::Backslash => {}
                End::Incomplete(_) | End::Empty => break,
            }
        }
    }
    count
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lexer");
    group.sample_size(10);
    let mut case = |name: &str, script: &[u8]| {
        group.throughput(Throughput::Bytes(script.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| statements(script)));
    };
    let insert = "INSERT INTO public.target (id, name, at) VALUES (#, 'the name of #', \
                  '2026-01-01 12:00:00+00');\n";
    case("one-line statements", &script(insert));
    case("short statements", &script("select #;\n"));
    let function = "CREATE FUNCTION f#() RETURNS int LANGUAGE plpgsql AS $_$\nBEGIN\n  \
                    -- what it's for\n  RETURN # + 1;\nEND\n$_$;\n\n";
    case("functions", &script(function));
    let rows = script("(#, 'the name of #', NULL),");
    case("one long line", &[b"INSERT INTO t VALUES ", &rows[..], b"(0, '', NULL);\n"].concat());
}

criterion_group!(benches, bench);
criterion_main!(benches);
