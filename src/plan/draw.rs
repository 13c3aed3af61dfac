//! A plan drawn: the tree with its figures, what it took as a whole, and what to look at.

use super::advice::{self, jit_time, wrong_by};
use super::amount::{count, factor, kilobytes, percent, time};
use super::details::{Extent, details};
use super::json::Value;
use super::layout::{self, Branch, Look, Span};
use super::node::{Node, NodeId, Plan};
use super::node_name;
use super::properties::joined;
use super::shares::{Shares, Unit};
use crate::palette::Role;

/// Columns of the bar on a narrow screen and on a wide one.
const BARS: [usize; 2] = [5, 10];
/// From here on a screen is wide.
const WIDE: usize = 100;
/// From which part of the whole on a node stands out, and stands out much.
const DEAR: [f64; 2] = [0.1, 0.3];
/// The least part of the time that writing the rows must take to be told.
const LEAST_SENT: f64 = 0.05;
/// From this factor on a wrong estimate stands out much.
const MUCH_WRONG: f64 = 100.0;

/// Draws a plan.
pub fn draw(plan: &Plan, look: &Look) -> String {
    let shares = Shares::of(plan);
    let extent = if look.whole { Extent::All } else { Extent::Short };
    let headings = headings(plan, &shares);
    let branches: Vec<Branch> = (0..plan.nodes().len())
        .map(|id| Branch {
            depth: plan.node(id).depth(),
            name: title(plan.node(id), shares.part(id)),
            figures: figures(plan, &shares, id, look),
            details: details(plan, id, extent)
                .into_iter()
                .map(|(text, role)| Span::new(text, role))
                .collect(),
        })
        .collect();
    let mut out = layout::draw(&headings, &branches, look);
    for line in summary(plan, &shares, extent) {
        out += &look.prose("", &line);
    }
    out += &what_to_look_at(plan, &shares, look);
    out
}

fn headings(plan: &Plan, shares: &Shares) -> Vec<&'static str> {
    let own = match shares.unit() {
        Unit::Milliseconds => "self",
        Unit::Cost => "self cost",
    };
    match plan.has_run() {
        true => vec![own, "share", "rows", "expected", ""],
        false => vec![own, "share", "rows"],
    }
}

/// A node's name, and what it works on.
pub fn title(node: &Node, part: f64) -> [Span; 2] {
    let properties = node.properties();
    let name = node_name::name(properties);
    let name = match properties.text("Subplan Name") {
        Some(subplan) => format!("{subplan}: {name}"),
        None => name,
    };
    let role = dearness(part).or(Some(Role::Keyword));
    [Span::new(name, role), Span::plain(node_name::target(properties))]
}

/// The colour of what takes this part of the whole.
fn dearness(part: f64) -> Option<Role> {
    match part {
        part if part >= DEAR[1] => Some(Role::Error),
        part if part >= DEAR[0] => Some(Role::Warning),
        _ => None,
    }
}

/// A share of the whole, as a bar and in percent.
pub fn share(part: f64, look: &Look) -> Span {
    let bar = BARS[usize::from(look.columns.is_none_or(|columns| columns >= WIDE))];
    Span::new(format!("{} {:>4}", look.bar(part, bar), percent(part)), dearness(part))
}

/// Time or cost.
pub fn amount(amount: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds => time(amount),
        Unit::Cost => count(amount),
    }
}

fn figures(plan: &Plan, shares: &Shares, id: NodeId, look: &Look) -> Vec<Span> {
    let node = plan.node(id);
    let planned = node.planned_rows();
    let in_words = |rows: Option<f64>| rows.map_or(String::new(), count);
    let own = Span::new(amount(shares.own(id), shares.unit()), dearness(shares.part(id)));
    let share = share(shares.part(id), look);
    let Some(seen) = node.seen().filter(|seen| seen.loops > 0.0) else {
        return match plan.has_run() {
            true => vec![own, share, Span::default(), Span::default(), Span::default()],
            false => vec![own, share, Span::plain(in_words(planned))],
        };
    };
    // EXPLAIN tells the rows of a loop, which may be fewer than one.
    let expected = planned.map(|planned| planned * seen.loops);
    let wrong = planned.map_or(String::new(), |planned| {
        let signs = (look.glyph("×", "x"), look.glyph("÷", "/"));
        factor(seen.rows / seen.loops, planned, signs)
    });
    let role = wrong_by(plan, id).map(wrongness);
    vec![
        own,
        share,
        Span::plain(count(seen.rows)),
        Span::plain(in_words(expected)),
        Span::new(wrong, role),
    ]
}

/// The colour of an estimate that is so far off.
fn wrongness(factor: f64) -> Role {
    if factor >= MUCH_WRONG { Role::Error } else { Role::Warning }
}

/// What is said of the plan as a whole.
fn summary(plan: &Plan, shares: &Shares, extent: Extent) -> Vec<String> {
    let summary = plan.summary();
    let mut parts = Vec::new();
    if let Some(took) = summary.number("Planning Time") {
        parts.push(format!("Planning {}", time(took)));
    }
    match summary.number("Execution Time") {
        Some(took) => parts.push(format!("execution {}", time(took))),
        None if shares.unit() == Unit::Milliseconds => {
            parts.push(format!("execution {}", time(shares.total())));
        }
        None => parts.push(format!("cost {}", count(shares.total()))),
    }
    if let Some(took) = jit_time(plan) {
        parts.push(format!("JIT {}", time(took)));
    }
    let sent = summary.object("Serialization").number("Time");
    let counts = |took: &f64| *took >= shares.total() * LEAST_SENT || extent == Extent::All;
    if let Some(took) = sent.filter(counts) {
        parts.push(format!("writing the rows {}", time(took)));
    }
    let memory = summary.object("Planning").number("Memory Used");
    if let Some(used) = memory.filter(|_| extent == Extent::All) {
        parts.push(format!("planner's memory {}", kilobytes(used)));
    }
    let first = parts.remove(0);
    let mut letters = first.chars();
    let capital: String =
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    parts.insert(0, capital);
    let mut lines = vec![format!("{}.", parts.join(", "))];
    let settings = summary.object("Settings");
    let changed: Vec<String> = settings
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} = {}", joined(value)?)))
        .collect();
    if !changed.is_empty() {
        lines.push(format!("Settings: {}.", changed.join(", ")));
    }
    lines.extend(summary.list("Triggers").iter().filter_map(trigger));
    lines
}

/// A trigger in a line.
fn trigger(trigger: &Value) -> Option<String> {
    let text = |name: &str| joined(trigger.get(name)?);
    let number = |name: &str| text(name).and_then(|text| text.parse::<f64>().ok());
    let name = match (text("Trigger Name"), text("Constraint Name")) {
        (_, Some(constraint)) => format!("for constraint {constraint}"),
        (name, None) => name?,
    };
    let on = text("Relation").map_or(String::new(), |relation| format!(" on {relation}"));
    let took = number("Time").map_or(String::new(), |took| format!("{}, ", time(took)));
    Some(format!("Trigger {name}{on}: {took}{} calls.", count(number("Calls")?)))
}

/// The dearest nodes in words, and what strikes besides.
fn what_to_look_at(plan: &Plan, shares: &Shares, look: &Look) -> String {
    let mut out = String::new();
    for (at, dear) in advice::dearest(plan, shares).into_iter().enumerate() {
        let node = plan.node(dear.node);
        let [name, target] = title(node, 0.0);
        let name = [name.text(), target.text()].join(" ");
        let own = amount(shares.own(dear.node), shares.unit());
        let what = if shares.unit() == Unit::Cost { "cost " } else { "" };
        let part = percent(shares.part(dear.node));
        let line = format!("{}: {what}{own}, {part}", name.trim());
        out += &look.prose(&format!("{}. ", at + 1), &line);
        for reason in dear.reasons {
            out += &look.prose("   ", &reason);
        }
    }
    for remark in advice::remarks(plan, shares) {
        out += &look.prose(look.glyph("• ", "* "), &remark);
    }
    out
}
