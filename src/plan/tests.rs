//! Plans that servers made, in JSON and in text: `testdata/` has some of each version, PGSH_PLANS names
//! a directory with more. Both forms are of the same plan; if it ran twice, it did the same each time.

use super::framing;
use super::kept::Plans;
use super::shares::{Shares, Unit};
use super::*;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::is_safe;
use std::fs;
use std::path::{Path, PathBuf};

/// The recorded plans: name, JSON, and text if that is recorded too.
fn recorded() -> Vec<(String, String, Option<String>)> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plan/testdata");
    let more = std::env::var_os("PGSH_PLANS").map(PathBuf::from);
    let mut found = Vec::new();
    for directory in std::iter::once(testdata).chain(more) {
        for entry in fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("a file").path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let json = fs::read_to_string(&path).expect("a plan");
                let text = fs::read_to_string(path.with_extension("txt")).ok();
                found.push((path.display().to_string(), json, text));
            }
        }
    }
    found.sort();
    assert!(found.len() >= 10, "too few plans are recorded");
    found
}

fn read(name: &str, text: &str) -> Vec<Plan> {
    let plans = Plans::read(name.to_owned(), text);
    plans.unwrap_or_else(|| panic!("{name}: no plan")).plans().to_vec()
}

/// What is in the tree, without the order in which EXPLAIN's two forms tell it.
fn sorted(plan: &Plan) -> Vec<(usize, Vec<String>)> {
    let node = |node: &node::Node| {
        // The text tells this only if it is asked for more.
        let known = node.properties().iter().filter(|(name, _)| *name != "Inner Unique");
        let mut told: Vec<String> =
            known.map(|(name, value)| format!("{name}: {value:?}")).collect();
        told.sort();
        (node.depth(), told)
    };
    plan.nodes().iter().map(node).collect()
}

#[test]
fn text_and_json_give_the_same_tree() {
    let mut compared = 0;
    for (name, json, text) in recorded() {
        let Some(text) = text else { continue };
        let (json, text) = (read(&name, &json), read(&name, &text));
        assert_eq!(json.len(), text.len(), "{name}");
        for (json, text) in json.iter().zip(&text) {
            for (json, text) in sorted(json).into_iter().zip(sorted(text)) {
                let only = |one: &[String], other: &[String]| -> Vec<String> {
                    one.iter().filter(|told| !other.contains(told)).cloned().collect()
                };
                let differ = (only(&json.1, &text.1), only(&text.1, &json.1));
                assert_eq!(differ, (vec![], vec![]), "{name}: {json:?}");
                assert_eq!(json.0, text.0, "{name}");
            }
            assert_eq!(json.nodes().len(), text.nodes().len(), "{name}");
            // Of triggers the text tells less.
            let told = |plan: &Plan| {
                let known = plan.summary().iter().filter(|(name, _)| *name != "Triggers");
                let mut told: Vec<String> =
                    known.map(|(name, value)| format!("{name}: {value:?}")).collect();
                told.sort();
                (told, plan.summary().list("Triggers").len())
            };
            assert_eq!(told(json), told(text), "{name}");
        }
        compared += 1;
    }
    assert!(compared >= 5, "too few plans are recorded in both forms");
}

#[test]
fn self_times_add_up() {
    for (name, json, _) in recorded() {
        for plan in read(&name, &json) {
            let shares = Shares::of(&plan);
            let own: f64 = (0..plan.nodes().len()).map(|id| shares.own(id)).sum();
            assert!((own - shares.total()).abs() <= 1e-6 * shares.total(), "{name}: {own}");
            // A WITH that changes rows goes on when the rest is done; nothing else does.
            let root = match shares.unit() {
                Unit::Milliseconds => plan.root().seen().and_then(|seen| seen.time),
                Unit::Cost => plan.root().cost(),
            };
            let root = root.unwrap_or(0.0);
            let extra = shares.total() - root;
            assert!(extra.abs() < 1e-6 || plan.changes_rows(), "{name}: {extra}");
        }
    }
}

#[test]
fn every_plan_can_be_drawn() {
    for (name, json, _) in recorded() {
        let plans = read(&name, &json);
        for columns in [None, Some(40), Some(80), Some(120)] {
            for charset in [Charset::Unicode, Charset::Ascii] {
                for whole in [false, true] {
                    let look = Look { columns, charset, palette: None, whole };
                    for plan in &plans {
                        let drawn = draw(plan, &look) + &compare(plan, plan, &look);
                        assert!(is_safe(drawn.as_bytes()), "{name}");
                        assert!(
                            charset == Charset::Unicode || drawn.is_ascii() || !json.is_ascii()
                        );
                        for line in drawn.lines() {
                            let width = Encoding::Utf8.display_width(line.as_bytes());
                            let is_prose = line.contains(' ') && width > 80;
                            assert!(
                                columns.is_none_or(|most| width <= most) || is_prose,
                                "{name}: {line}"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_saved_can_be_read_again() {
    for (name, json, text) in recorded() {
        for text in std::iter::once(json).chain(text) {
            let plans = Plans::read(name.clone(), &text).expect("a plan");
            let again = Plans::read(name.clone(), &plans.json()).expect("a plan");
            assert_eq!(plans.plans(), again.plans(), "{name}");
        }
    }
}

/// Whatever is cut off or broken: no plan, or one that can be drawn.
#[test]
fn broken_plans() {
    let look = Look { columns: Some(80), charset: Charset::Unicode, palette: None, whole: true };
    for (name, json, text) in recorded().into_iter().take(12) {
        for text in std::iter::once(json).chain(text) {
            let step = text.len() / 40 + 1;
            for cut in (0..text.len()).step_by(step).filter(|at| text.is_char_boundary(*at)) {
                let broken =
                    [&text[..cut], &text[cut..].replacen(['0', '"', '(', '>'], "9e300", 3)];
                for text in [broken[0].to_owned(), broken.concat()] {
                    for value in framing::plans(&text) {
                        for plan in Plan::of_json(value) {
                            let drawn = draw(&plan, &look);
                            assert!(is_safe(drawn.as_bytes()), "{name}");
                        }
                    }
                }
            }
        }
    }
}
