//! What is told behind an error at the prompt: close names from the catalog, psql's words for those
//! of other shells, and what a code means. Scripts see none of it.

use std::time::Duration;

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::trial::tests;

fn start(bench: &Bench) -> Terminal {
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    terminal
}

fn names_that_are_close() {
    let bench = Bench::new();
    let mut terminal = start(&bench);
    terminal.line(
        "create schema shop; create table shop.customers (id int, \"Full Name\" text); \
         create table orders (id int, total_amount int); \
         create function shop.add_up(a int) returns int language sql return a;",
    );
    terminal.wait("CREATE FUNCTION");
    // The first question starts the helper, which may take longer than anybody waits.
    terminal.line("\\t").line("select * from ordres;").wait("LINE 1");
    let mut is_connected = || {
        std::thread::sleep(Duration::from_millis(50));
        terminal.line("\\echo <:HELPER_STATUS>").wait(">\n").contains("<connected>")
    };
    assert!((0..200).any(|_| is_connected()), "no helper");
    for (statement, words) in [
        ("select * from customers;", "Perhaps you meant shop.customers."),
        ("select * from shp.customers;", "Perhaps you meant shop.customers."),
        ("select * from ordres;", "Perhaps you meant orders."),
        ("drop table order_;", "Perhaps you meant orders."),
        ("insert into orders (amount) values (1);", "Perhaps you meant orders.total_amount."),
        ("select amount from orders;", "Perhaps you meant orders.total_amount."),
        ("select * from orders where id = \"open\";", "A string stands in single quotes: 'open'."),
        ("select lenght('a');", "Perhaps you meant length()."),
        ("select shop.add_up(now());", "There is shop.add_up(a integer), with other arguments."),
        ("create table shp.t ();", "Perhaps you meant shop."),
        ("select '1'::intger;", "Perhaps you meant integer."),
        ("create table t (at datetime);", "Perhaps you meant timestamp."),
    ] {
        terminal.line(statement).wait(words);
    }
    // In a failed transaction the session itself can't be asked.
    terminal.line("begin;").line("select 1/0;").wait("division by zero");
    terminal.line("rollback;").wait("ROLLBACK");
    terminal.line("begin;").line("select * from ordres;").wait("Perhaps you meant orders.");
    terminal.line("rollback;").wait("ROLLBACK");
    // Where the server has a hint itself, and to whom wants few words, nothing is said.
    for line in ["select o.i from orders o;", "\\set VERBOSITY terse", "select * from ordres;"] {
        terminal.line(line);
    }
    let shown = terminal.line("\\echo 'the' 'end'").wait("the end\n");
    assert!(!shown.contains("Perhaps you meant orders"), "{shown}");
}

fn words_of_other_shells_and_slips() {
    let bench = Bench::new();
    let mut terminal = start(&bench);
    for (line, words) in [
        ("show tables;", "In psql that is \\dt\n"),
        ("use shop;", "In psql that is \\c shop\n"),
        ("desc orders;", "In psql that is \\d orders\n"),
        ("select :nothing;", "The variable nothing is not set; \\set nothing VALUE sets it.\n"),
        ("\\conect", "Try \\? for help.\nPerhaps you meant \\connect.\n"),
        ("\\exit", "Try \\? for help.\nPerhaps you meant \\q.\n"),
        ("\\histroy", "Perhaps you meant \\history.\n"),
        ("\\h tablesample", "TABLESAMPLE is part of \\h SELECT.\n"),
        ("select 1/0;", "division by zero"),
        ("\\errors", "22012: division_by_zero\n"),
        ("\\errors 42p01", "42P01: undefined_table\n"),
        ("\\errors what", "\\errors: no SQLSTATE: \"what\"\n"),
    ] {
        terminal.line(line).wait(words);
    }
}

fn scripts_are_told_nothing() {
    let bench = Bench::new();
    let script = "create schema shop; create table shop.customers ();\nselect * from customers;\n\
                  show tables;\nselect :x;\n\\conect\n\\h tablesample\n";
    let [ours, psqls] = bench.run_both(&["-X".to_owned()], script.as_bytes());
    assert_eq!(ours, psqls);
}

tests! {
    names_that_are_close,
    words_of_other_shells_and_slips,
    scripts_are_told_nothing,
}
