//! The printer alone: a million values of the shapes that large results have.

#![allow(missing_docs)] // what criterion_group! makes has none

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pgsh::print::{Column, Expanded, Format, Options, Part, RowBuffer, Screen, Table, print};
use std::io;

const ROWS: u64 = 200_000;

/// `g, md5(g::text), now()`; one value in `odd` has an accent.
fn rows(odd: u64) -> RowBuffer {
    let mut rows = RowBuffer::default();
    let now: &[u8] = b"2026-01-01 12:00:00.123456+00";
    for number in 0..ROWS {
        let id = number.to_string();
        let mut hash = format!("{:032x}", u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if odd > 0 && number % odd == 0 {
            hash.push('é');
        }
        rows.push([Some(id.as_bytes()), Some(hash.as_bytes()), Some(now)]);
    }
    rows
}

fn bench(criterion: &mut Criterion) {
    let column = |name: &str, type_oid| Column::of_type(name.into(), type_oid);
    let columns = [column("g", 23), column("md5", 25), column("now", 1184)];
    let mut group = criterion.benchmark_group("print");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10);
    let mut case = |name: &str, odd: u64, options: Options| {
        let mut rows = rows(odd);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut table =
                    Table { title: None, columns: &columns, rows: &mut rows, footers: None };
                print(&mut table, &options, Part::default(), Screen::default(), &mut io::sink())
            });
        });
    };
    let format = |format| Options { format, ..Options::default() };
    case("aligned", 0, format(Format::Aligned));
    case("aligned, every tenth row not ASCII", 10, format(Format::Aligned));
    case("aligned, no row ASCII", 1, format(Format::Aligned));
    case("wrapped", 0, Options { columns: 60, ..format(Format::Wrapped) });
    case("expanded", 0, Options { expanded: Expanded::On, ..Options::default() });
    case("unaligned", 0, format(Format::Unaligned));
    case("csv", 0, format(Format::Csv));
    case("html", 0, format(Format::Html));
    case("json", 0, format(Format::Json));
    case("json, no row ASCII", 1, format(Format::Json));
}

criterion_group!(benches, bench);
criterion_main!(benches);
