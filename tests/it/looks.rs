//! How results look at the prompt: colours, and where there are none.

use crate::harness::{Bench, Shell};
use crate::prompt::Screen;
use crate::pty::Terminal;
use crate::trial::tests;

fn start(bench: &Bench, arguments: &[&str], environment: &[(&str, &str)]) -> Screen {
    Screen::around(Terminal::open_own(bench, arguments, environment), (80, 16))
}

/// Headings are bold and NULL is dim, as `\pset color` and the environment have it.
fn colors_by_option() {
    let bench = Bench::new();
    let both = |screen: &Screen| [screen.texts(vt100::Cell::bold), screen.texts(vt100::Cell::dim)];
    let colored = [vec![" nix | n ".to_owned()], vec!["~".to_owned()]];
    let none = [Vec::new(), Vec::new()];
    for (arguments, environment, option, is_colored) in [
        (&[][..], ("A", "b"), "auto", true),
        (&[], ("A", "b"), "off", false),
        (&[], ("A", "b"), "on", true),
        (&[], ("NO_COLOR", "1"), "auto", false),
        (&[], ("NO_COLOR", "1"), "on", true),
        (&[], ("PAGER", "cat"), "on", true),
        (&["-n"], ("A", "b"), "on", false),
        (&[], ("TERM", "dumb"), "on", false),
    ] {
        let mut screen = start(&bench, arguments, &[environment]);
        screen.keys("\\pset null ~\r").wait("Null display");
        screen.keys(&format!("\\pset color {option}\r")).wait("Colors are ");
        screen.keys("select null as nix, 1 as n \\g (footer=off)\r").wait("~");
        let shown = both(&screen);
        // Of what is typed the key words are bold too.
        let last =
            |texts: &[String], count: usize| texts[texts.len().saturating_sub(count)..].to_vec();
        let expected = if is_colored { &colored } else { &none };
        let shown = match is_colored {
            true => [last(&shown[0], 1), last(&shown[1], 1)],
            false => [
                shown[0].iter().filter(|text| text.contains("nix |")).cloned().collect(),
                shown[1].clone(),
            ],
        };
        assert_eq!(&shown, expected, "{arguments:?} {environment:?} {option}");
    }
    // A file has none, whatever is set.
    let run = bench.shell(Shell::Pgsh).called_pgsh().args([
        "-X",
        "-P",
        "color=on",
        "-c",
        "select null as a",
    ]);
    assert!(!run.outcome().stdout.contains(&0x1b));
    let listed =
        bench.shell(Shell::Pgsh).called_pgsh().args(["-X", "-c", "\\pset color x", "-c", "\\pset"]);
    let outcome = listed.outcome();
    assert_eq!(
        String::from_utf8_lossy(&outcome.stderr),
        "unrecognized value \"x\" for \"color\"\nAvailable values are: on, off, auto.\n"
    );
    assert!(!String::from_utf8_lossy(&outcome.stdout).contains("color"));
}

/// A table of too many columns for the fitted format becomes records, which go to the pager if long.
fn fitted_records_are_paged() {
    let bench = Bench::new();
    let mut screen = start(&bench, &[], &[("PAGER", "sed s/^/paged:/")]);
    screen.keys("\\pset format fitted\r").wait("Output format is fitted.");
    let columns: Vec<String> = (0..30).map(|at| format!("{at} as column_{at}")).collect();
    screen.keys(&format!("select {};\r", columns.join(", "))).wait("paged:column_29 | 29");
    screen.keys("\x0cselect 1 as short;\r").wait("(1 row, 1 column)");
    assert!(!screen.rows().iter().any(|row| row.contains("paged:")), "{:#?}", screen.rows());
}

tests! {
    colors_by_option,
    fitted_records_are_paged,
}
