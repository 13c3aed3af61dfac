//! What a key costs in a history of 100,000 entries: the text to come, and a search.

#![allow(missing_docs)] // what criterion_group! makes has none

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use pgsh::history::{Context, Entries, Entry, Filter, Search, journal, merge};
use std::hint::black_box;

const ENTRIES: usize = 100_000;

/// A history of statements that are much like each other, as histories are.
fn lines() -> Vec<String> {
    let statement = |number: usize| match number % 5 {
        0 => format!(
            "select * from orders where customer_id = {number} order by created_at desc limit 10;"
        ),
        1 => format!("select count(*), status from shop.invoices_{} group by status;", number % 97),
        2 => format!(
            "update customers set name = 'Name {number}', changed = now() where id = {number};"
        ),
        3 => format!("\\d+ table_{number}"),
        _ => format!(
            "with recent as (select id from events where at > now() - interval '{number} hours') select e.kind, count(*) from recent join events e using (id) group by 1 order by 2 desc;"
        ),
    };
    let line = |number: usize| {
        let database = ["shop", "staging", "postgres"][number % 3];
        let outcome = if number.is_multiple_of(7) { "42P01" } else { "ok" };
        format!("17000\t{database}\t/tmp\tme\t1000\t{outcome}\t1\t{}", statement(number))
    };
    (0..ENTRIES).map(line).collect()
}

fn read(lines: &[String]) -> Vec<Entry> {
    let mut reader = journal::Reader::default();
    lines.iter().filter_map(|line| reader.entry(line.as_bytes())).collect()
}

fn bench(criterion: &mut Criterion) {
    let lines = lines();
    let list = Entries::new(read(&lines));
    assert_eq!(list.len(), ENTRIES);
    let here = Context { database: "shop".into(), host: "/tmp".into(), user: "me".into() };
    let nowhere = Context::default();
    let mut group = criterion.benchmark_group("history");
    for typed in ["s", "select * from orders where", "select * from o x", "\\d+ table_99", "w"] {
        for (place, context) in [("here", &here), ("elsewhere", &nowhere)] {
            group.bench_function(format!("ghost {typed:?} {place}"), |bencher| {
                bencher.iter(|| list.ghost(black_box(typed), context).map(str::len));
            });
        }
    }
    group.sample_size(10);
    group.bench_function("search begins", |bencher| bencher.iter(|| Search::new(&list)));
    let filter = Filter::default();
    // Each key behind the ones before, and the whole query at once.
    for query in ["orders", "~", "evnt kind", "slct nme", "uptcus", "qqq"] {
        for length in 1..=query.len() {
            let (before, keys) = (&query[..length - 1], &query[..length]);
            group.bench_function(format!("search {keys:?}"), |bencher| {
                bencher.iter_batched_ref(
                    || {
                        let mut search = Search::new(&list);
                        for end in 0..=before.len() {
                            search.find(&list, &before[..end], filter, &here);
                        }
                        search
                    },
                    |search| search.find(&list, black_box(keys), filter, &here).len(),
                    BatchSize::PerIteration,
                );
            });
        }
        group.bench_function(format!("search {query:?} at once"), |bencher| {
            bencher.iter_batched_ref(
                || Search::new(&list),
                |search| search.find(&list, black_box(query), filter, &here).len(),
                BatchSize::PerIteration,
            );
        });
    }
    group.bench_function("read the journal", |bencher| bencher.iter(|| read(&lines)));
    let file: Vec<String> =
        list.iter().rev().take(500).map(|entry| entry.text().to_owned()).collect();
    group.bench_function("merge it with the history file", |bencher| {
        bencher.iter_batched(
            || read(&lines),
            |journal| merge(journal, &file),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
