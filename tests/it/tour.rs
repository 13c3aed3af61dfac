//! The tour: what it says when, on the screen a newcomer has; how it is passed over, left and refused.

use std::path::Path;

use pgsh::scratch::find;

use crate::harness::{self, Shell};
use crate::prompt::Screen;
use crate::pty::Terminal;
use crate::run::Run;
use crate::trial::tests;

const SIZE: (u16, u16) = (80, 24);

fn pgsh(place: &Path, arguments: &[&str]) -> Run {
    let run = harness::shell(Shell::Pgsh, place).called_pgsh().arg("-X").args(arguments);
    let run = run.env("XDG_CACHE_HOME", place).env(find::OVERRIDE, &harness::server().bin);
    run.env("TERM", "xterm").env("PAGER", "cat").env("PSQL_HISTORY", "/dev/null")
}

fn on_terminal(place: &Path, arguments: &[&str]) -> Terminal {
    Terminal::run_as("pgsh", &pgsh(place, arguments).command())
}

fn a_newcomer_is_led_through_ten_things() {
    let place = harness::cluster_directory("tour");
    let mut screen = Screen::around(on_terminal(&place, &["--tour"]), SIZE);
    screen.wait("Tour, 1 of 10: Help").wait("An empty line goes on");
    // Anything may be typed meanwhile: nothing is said anew.
    screen.keys("select 40 + 2 as answer;\r").wait("42");
    assert_eq!(screen.rows().iter().filter(|row| row.contains("Tour,")).count(), 1);
    screen.keys("\\? quit\r").wait("Tour, 2 of 10: The menu");
    assert_eq!(
        screen.texts(vt100::Cell::bold).last().map(String::as_str),
        Some("Tour, 2 of 10: The menu")
    );
    screen
        .keys("select count(*) from customers c join orders o on \t")
        .wait("o.customer_id = c.id");
    screen.keys("\t\r;\r").wait("20000").wait("Tour, 3 of 10");
    screen.keys("\\d orders\r").wait("REFERENCES products(id)").wait("Tour, 4 of 10");
    screen.keys("\x12count").wait("select count(*)").keys("\x1b").keys("\r").wait("Tour, 5 of 10");
    screen.keys("table orders;\r").wait("Tour, 6 of 10");
    screen.keys("\\last (format=csv) |tail -n 3\r").wait("20000,1,8,").wait("Tour, 7 of 10");
    screen.keys("\\plan+ select * from orders where customer_id = 42;\r");
    screen
        .wait("is a condition for")
        .keys("create index on orders (customer_id);\r")
        .wait("Tour, 8 of 10");
    screen.keys("\\dryrun delete from orders where quantity > 5;\r").wait("rolled back");
    screen.wait("Tour, 9 of 10").keys("table last_minute \\watch 0.1 c=2\r").wait("Tour, 10 of 10");
    // An empty line passes over a step, and the tour is over.
    screen.keys("\r").wait("That was the tour").wait("\\? variables");
    screen.keys("\r\rselect 'alone' || ' again';\r").wait("alone again");
    assert!(screen.rows().iter().all(|row| row.chars().count() <= 80));
    screen.keys("\\q\r");
    assert_eq!(screen.end(), 0);
}

fn a_tour_is_for_the_prompt() {
    let place = harness::cluster_directory("no-tour");
    for (arguments, expected) in [
        (&["--tour"][..], "--tour is for the prompt, and needs a terminal"),
        (&["--tour", "-c", "select 1"], "it can't be used with -c, -f, -l or --complete"),
    ] {
        let outcome = pgsh(&place, arguments).outcome();
        let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
        assert!(outcome.status == 1 && said.contains(expected), "{arguments:?}: {said}");
        assert_eq!(outcome.stdout, b"");
    }
    for (arguments, expected) in [
        (&["--tour", "--scratch=kept"][..], "leave out --scratch=NAME"),
        (&["--tour", "-h", "somewhere"], "--tour can't be used with -h"),
        (&["--tour", "--scratch-list"], "--scratch-list can't be used with --tour: "),
    ] {
        let (said, status) = on_terminal(&place, arguments).rest();
        assert!(status == 1 && said.contains(expected), "{arguments:?}: {said}");
    }
    let (said, status) = Terminal::run(&pgsh(&place, &["--tour"]).command()).rest();
    assert!(status == 1 && said.contains("unrecognized option"), "{said}");
}

tests! {
    a_newcomer_is_led_through_ten_things,
    a_tour_is_for_the_prompt,
}
