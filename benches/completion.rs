//! Tab alone, and the menu, in a database of 100,000 relations: what is added to the time the server takes.

#![allow(missing_docs)] // what criterion_group! makes has none

use criterion::{Criterion, criterion_group, criterion_main};
use pgsh::completion::query::LIMIT;
use pgsh::completion::{Catalog, Name, Object, Wanted, complete, ranked};
use pgsh::variables::KeywordCase;
use std::hint::black_box;

const RELATIONS: usize = 100_000;

/// Sorted names, handed out as the server does.
struct Names(Vec<Vec<u8>>);

impl Catalog for Names {
    fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Name> {
        if !matches!(wanted.object, Object::Relation | Object::Table) || wanted.schema.is_some() {
            return Vec::new();
        }
        let first = self.0.partition_point(|name| name.as_slice() < prefix);
        let names = self.0[first..].iter().take_while(|name| name.starts_with(prefix));
        names.take(LIMIT).cloned().map(Name::from).collect()
    }

    fn keyword_case(&self) -> KeywordCase {
        KeywordCase::PreserveUpper
    }
}

fn bench(criterion: &mut Criterion) {
    let names = (0..RELATIONS).map(|number| format!("relation_{number:06}").into_bytes());
    let mut names = Names(names.collect());
    let script = "SELECT a, 'b' FROM relation_000001 WHERE c = 1;\n".repeat(1000);
    let mut group = criterion.benchmark_group("completion");
    let mut case = |name: &str, text: &str| {
        let (_, found) = complete(text.as_bytes(), text.len(), &mut names);
        assert!(!found.is_empty(), "{name}: no candidates");
        group.bench_function(name, |bencher| {
            bencher.iter(|| complete(black_box(text.as_bytes()), text.len(), &mut names));
        });
    };
    case("key word", "SEL");
    case("any relation", "SELECT * FROM ");
    case("thousand relations", "SELECT * FROM relation_042");
    case("one relation", "SELECT * FROM relation_04242");
    case("one relation, below a long script", &(script.clone() + "SELECT * FROM relation_04242"));
    group.finish();
    let mut group = criterion.benchmark_group("menu");
    let mut case = |name: &str, text: &str| {
        let (_, found) = ranked(text.as_bytes(), text.len(), &mut names);
        assert!(!found.is_empty(), "{name}: no candidates");
        group.bench_function(name, |bencher| {
            bencher.iter(|| ranked(black_box(text.as_bytes()), text.len(), &mut names));
        });
    };
    case("key word", "SEL");
    case("any relation", "SELECT * FROM ");
    case("thousand relations", "SELECT * FROM relation_042");
    case("letters of relations", "SELECT * FROM rl04");
    case("an expression", "SELECT * FROM relation_000001 WHERE ");
    case("one relation, below a long script", &(script + "SELECT * FROM relation_04242"));
}

criterion_group!(benches, bench);
criterion_main!(benches);
