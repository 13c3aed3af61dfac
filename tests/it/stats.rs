//! What is known of a relation's values: `\stats`.

use libtest_mimic::Trial;

use crate::harness::{self, Bench, Shell};
use crate::trial::tests;
use crate::versions::{Subject, Version, on_each};

/// A table whose statistics are always the same: everything is in the sample.
const MADE: &str = r#"set client_min_messages = warning;
create schema shop;
create table shop.orders (id int, "City" text, total numeric, paid boolean, doc json);
insert into shop.orders select i, (array['Wien', 'Wien', 'Wien', 'Graz', 'Linz'])[i % 5 + 1], i % 100,
  case when i % 10 = 0 then null else i % 3 = 0 end, '{}' from generate_series(1, 1000) i;
"#;

/// What pgsh prints of a script, errors behind it.
fn shown(bench: &Bench, script: &str) -> String {
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["-X", "-q", "-A"]);
    let outcome = run.stdin(format!("\\pset columns 50\n{script}")).outcome();
    String::from_utf8_lossy(&outcome.stdout).into_owned()
        + &String::from_utf8_lossy(&outcome.stderr)
}

/// All columns, from pg_stats and counted; what is not known is said.
fn all_columns() {
    let bench = Bench::new();
    let found = shown(&bench, &format!("{MADE}\\stats shop.orders\n"));
    assert!(found.contains("Statistics of table shop.orders\n"), "{found}");
    assert!(found.contains("\nid|integer||||||\n"), "{found}");
    assert!(found.contains("Never analyzed, as far as is known: ANALYZE shop.orders"), "{found}");
    let found = shown(
        &bench,
        "create statistics shop.pairs (ndistinct) on \"City\", paid from shop.orders;\n\
         analyze shop.orders;\nset search_path = shop;\n\\stats Orders\n",
    );
    for row in [
        "id|integer|0%|unique|4|1.00||1 .. 1000\n",
        "City|text|0%|3|5|",
        "|Wien 60.0%|\n",
        "total|numeric|0%|100|",
        "paid|boolean|10.0%|2|1|",
        "doc|json|0%||3|||\n",
        "\nAbout 1000 rows, ",
        "\nAnalyzed at ",
        "\nExtended statistics shop.pairs (ndistinct) ON \"City\", paid FROM orders\n",
    ] {
        assert!(found.contains(row), "{row}: {found}");
    }
    let found = shown(&bench, "\\stats+ shop.orders\n");
    let expected = "Values of table shop.orders\n\
        Column|Type|NULL|Distinct|Bytes|Order|Most common|Range\n\
        id|integer|0%|1000||||1 .. 1000\n\
        City|text|0%|3||||Graz .. Wien\n\
        total|numeric|0%|100||||0 .. 99\n\
        paid|boolean|10.0%|2||||\n\
        doc|json|0%|||||\n\
        1000 rows, ";
    assert!(found.starts_with(expected) && found.ends_with(", counted.\n"), "{found}");
}

/// A column, drawn.
fn one_column() {
    let bench = Bench::new();
    let script = format!("{MADE}analyze shop.orders;\n\\stats shop.orders.\"City\"\n");
    let found = shown(&bench, &script);
    let expected = "Statistics of shop.orders.City\n\
        text, 0% NULL, 3 distinct, 5 bytes wide,\n";
    assert!(found.starts_with(expected), "{found}");
    let values = "Most common values\n\
        Wien 60.0% │██████████████████████████████████████\n\
        Graz 20.0% │████████████▋\n\
        Linz 20.0% │████████████▋\n\
        About 1000 rows, ";
    assert!(found.contains(values), "{found}");
    let found = shown(&bench, "\\stats shop.orders.id\n");
    let spread = "\nValues\n\
        [0, 200)   20.0% │████████████████████████████████\n";
    assert!(found.contains(spread), "{found}");
    let found = shown(&bench, "set search_path = shop;\n\\stats+ orders.\"City\"\n");
    assert_eq!(
        found,
        "Values of shop.orders.City\n\
         1000 rows, 0 NULL, 3 distinct, from Graz to Wien\n\
         Most common values\n\
         Wien 60.0% │██████████████████████████████████████\n\
         Graz 20.0% │████████████▋\n\
         Linz 20.0% │████████████▋\n"
    );
}

/// What has none, what may not be seen, and what is no name of one relation.
fn what_is_not_shown() {
    let bench = Bench::new();
    let role = format!("{}_reader", bench.database);
    shown(
        &bench,
        &format!(
            "{MADE}analyze shop.orders;\ncreate view shop.paid as select id from shop.orders;\n\
             create view shop.slow as select 1 as a from pg_sleep(60);\n\
             create sequence shop.numbers;\ncreate index by_id on shop.orders (id);\n\
             create table shop.secret as select i from generate_series(1, 9) i;\n\
             analyze shop.secret;\nalter table shop.secret enable row level security;\n\
             create role {role};\ngrant usage on schema shop to {role};\n\
             grant select on shop.secret to {role};\ngrant select (id) on shop.orders to {role};\n"
        ),
    );
    for (script, expected) in [
        ("\\stats", "\\stats: missing required argument\n"),
        ("\\stats ord*", "\\stats: statistics are of one relation: a pattern names many\n"),
        ("\\stats nothing", "\\stats: there is no relation \"nothing\"\n"),
        ("\\stats shop.nothing.x", "\\stats: there is no relation \"shop.nothing\"\n"),
        ("\\stats shop.orders.x", "\\stats: there is no column \"x\" of shop.orders\n"),
        (
            "\\stats shop.paid",
            "\\stats: shop.paid is a view: statistics are of what it reads; \\stats+ counts its rows\n",
        ),
        ("\\stats shop.numbers", "\\stats: shop.numbers is a sequence: it has no statistics\n"),
        ("\\stats+ shop.by_id", "\\stats: shop.by_id is an index: + counts the rows of tables\n"),
        ("\\stats+ shop.orders.doc", "\\stats: values of type json can't be told apart\n"),
        (
            "set statement_timeout = '500ms';\n\\stats+ shop.slow",
            "ERROR:  canceling statement due to statement timeout\n",
        ),
    ] {
        assert_eq!(shown(&bench, &format!("{script}\n")), expected);
    }
    let found = shown(&bench, "\\stats+ shop.paid\n");
    assert!(found.contains("id|integer|0%|1000||||1 .. 1000\n"), "{found}");
    let found = shown(&bench, &format!("set role {role};\n\\stats shop.orders\n"));
    assert!(found.contains("id|integer|0%|unique|"), "{found}");
    assert!(found.contains("You may not read 4 columns, of which pg_stats shows nothing."));
    let found = shown(&bench, &format!("set role {role};\n\\stats shop.secret\n"));
    assert!(found.contains("Row security is in force for you"), "{found}");
    let found = shown(&bench, &format!("set role {role};\n\\stats+ shop.orders\n"));
    assert!(found.starts_with("ERROR:  permission denied for table orders\n"), "{found}");
    shown(&bench, &format!("drop owned by {role};\ndrop role {role};\n"));
    let as_psql = bench.run(Shell::Pgsh, &["-X".to_owned()], b"\\stats pg_class\n");
    assert_eq!(String::from_utf8_lossy(&as_psql.stderr), "invalid command \\stats\n");
}

/// Old servers say what they know; one before 10 is refused.
fn on_a_server(subject: &Subject) {
    let run = subject.shell(Shell::Pgsh);
    let run = run.instead(harness::program(Shell::Pgsh), ["-X", "-q", "-A"]);
    let script = format!(
        "{MADE}analyze shop.orders;\n\\stats shop.orders\n\\stats shop.orders.total\n\
         \\stats+ shop.orders\n\\stats+ shop.orders.paid\ncreate statistics shop.p on id, paid from \
         shop.orders;\n\\stats shop.orders\n\
         create table shop.parts (a int) partition by list (a);\n\
         create table shop.part partition of shop.parts for values in (1);\n\
         insert into shop.parts values (1);\nanalyze shop.parts;\n\\stats shop.parts\n"
    );
    let outcome = run.stdin(script).outcome();
    let found = String::from_utf8_lossy(&outcome.stdout).into_owned();
    assert_eq!(String::from_utf8_lossy(&outcome.stderr), "", "{found}");
    for told in [
        "id|integer|0%|unique|4|1.00||1 .. 1000\n",
        "Most common values\n",
        "id|integer|0%|1000||||1 .. 1000\n",
        "1000 rows, 100 NULL, 2 distinct",
        "Extended statistics shop.p ",
        "With all partitions or children.",
    ] {
        assert!(found.contains(told), "{told}: {found}");
    }
}

fn cases() -> Vec<Trial> {
    on_each("stats::on", Version::all(), |version| {
        version.start("stats").map(|subject| on_a_server(&subject))
    })
}

tests! {
    all_columns,
    one_column,
    what_is_not_shown;
    cases()
}
