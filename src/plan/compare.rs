//! Two plans compared: which nodes are the same, what became dearer or cheaper, what is new or gone.

use super::amount::{factor, time};
use super::draw::{amount, title};
use super::layout::{self, Branch, Look, Span};
use super::node::{NodeId, Plan};
use super::node_name;
use super::shares::{Shares, Unit};
use crate::palette::Role;
use std::collections::{BTreeSet, HashMap, HashSet};

/// From this factor on a change is worth a colour.
const MUCH: f64 = 1.5;
/// The least part of both plans that a change must be to be worth a colour.
const LEAST: f64 = 0.02;

/// What makes a node the same in both plans: what it does to which tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Signature {
    task: &'static str,
    tables: Vec<String>,
    subplan: bool,
}

/// Draws the later plan with what it took before.
pub fn compare(before: &Plan, after: &Plan, look: &Look) -> String {
    let (old, new) = (Shares::of(before), Shares::of(after));
    let partners = partners(before, after);
    let same_unit = old.unit() == new.unit();
    let branches: Vec<Branch> = (0..after.nodes().len())
        .map(|id| {
            let partner = partners[id];
            let figures = figures(
                partner.filter(|_| same_unit).map(|p| old.own(p)),
                new.own(id),
                &old,
                &new,
                look,
            );
            let was = partner.and_then(|partner| was(before, partner, after, id));
            let news = match (partner, was) {
                (None, _) => Some(Span::new("new", Some(Role::Warning))),
                (Some(_), Some(was)) => Some(Span::new(format!("was {was}"), Some(Role::Warning))),
                (Some(_), None) => None,
            };
            Branch {
                depth: after.node(id).depth(),
                name: title(after.node(id), 0.0),
                figures,
                details: news.into_iter().collect(),
            }
        })
        .collect();
    let mut out = layout::draw(&["before", "after", ""], &branches, look);
    let kept: HashSet<NodeId> = partners.iter().flatten().copied().collect();
    for (id, node) in before.nodes().iter().enumerate() {
        if !kept.contains(&id) {
            let [name, target] = title(node, 0.0);
            let name = format!("{} {}", name.text(), target.text());
            let line = format!("gone: {}, {}", name.trim(), amount(old.own(id), old.unit()));
            out += &look.prose("", &line);
        }
    }
    out += &look.prose("", &total(before, after, &old, &new));
    out
}

/// For each node of the later plan, that of the earlier one which does the same.
fn partners(before: &Plan, after: &Plan) -> Vec<Option<NodeId>> {
    let mut free: HashMap<Signature, Vec<NodeId>> = HashMap::new();
    for (id, signature) in signatures(before).into_iter().enumerate().rev() {
        free.entry(signature).or_default().push(id);
    }
    let partner = |signature| free.get_mut(&signature).and_then(Vec::pop);
    signatures(after).into_iter().map(partner).collect()
}

fn signatures(plan: &Plan) -> Vec<Signature> {
    let mut tables: Vec<BTreeSet<String>> = vec![BTreeSet::new(); plan.nodes().len()];
    for (id, node) in plan.nodes().iter().enumerate().rev() {
        let properties = node.properties();
        if let Some(name) = properties.text("Alias").or(node_name::object(properties)) {
            tables[id].insert(name.to_owned());
        }
        if let Some(parent) = node.parent() {
            let (above, below) = tables.split_at_mut(id);
            above[parent].extend(below[0].iter().cloned());
        }
    }
    let signature = |(id, tables): (NodeId, BTreeSet<String>)| Signature {
        task: task(plan.node(id).kind()),
        tables: tables.into_iter().collect(),
        subplan: plan.node(id).properties().text("Subplan Name").is_some(),
    };
    tables.into_iter().enumerate().map(signature).collect()
}

/// What a node does, whichever way.
fn task(kind: &str) -> &'static str {
    match kind {
        "Nested Loop" | "Merge Join" | "Hash Join" => "join",
        "Sort" | "Incremental Sort" => "sort",
        "Aggregate" | "Group" | "Unique" | "SetOp" => "group",
        "Append" | "Merge Append" => "append",
        "Gather" | "Gather Merge" => "gather",
        "Hash" => "hash",
        "Bitmap Index Scan" | "BitmapAnd" | "BitmapOr" => "bitmap",
        "Materialize" | "Memoize" => "keep",
        "ModifyTable" => "modify",
        "Limit" => "limit",
        "Result" | "ProjectSet" => "result",
        "WindowAgg" => "window",
        "LockRows" => "lock",
        kind if kind.ends_with("Scan") => "scan",
        _ => "other",
    }
}

/// What a node was called, if it does the same by other means.
fn was(before: &Plan, partner: NodeId, after: &Plan, id: NodeId) -> Option<String> {
    let name = |plan: &Plan, id: NodeId| {
        let properties = plan.node(id).properties();
        let index = properties.text("Index Name").map(|index| format!(" using {index}"));
        node_name::name(properties) + &index.unwrap_or_default()
    };
    let (old, new) = (name(before, partner), name(after, id));
    (old != new).then_some(old)
}

fn figures(before: Option<f64>, after: f64, old: &Shares, new: &Shares, look: &Look) -> Vec<Span> {
    let least = LEAST * old.total().max(new.total());
    let now = amount(after, new.unit());
    let Some(before) = before else {
        let role = (after >= least).then_some(Role::Error);
        return vec![Span::default(), Span::new(now, role), Span::default()];
    };
    let changed = (after - before).abs() >= least;
    let change = match changed {
        true => times(after, before, look),
        false => String::new(),
    };
    let role = match changed {
        true if after > before * MUCH => Some(Role::Error),
        true if before > after * MUCH => Some(Role::String),
        _ => None,
    };
    vec![Span::plain(amount(before, old.unit())), Span::new(now, role), Span::new(change, role)]
}

/// How many times as much.
fn times(after: f64, before: f64, look: &Look) -> String {
    let signs = (look.glyph("×", "x"), look.glyph("÷", "/"));
    let ratio = after.max(1e-9) / before.max(1e-9);
    match ratio {
        ratio if ratio > 1e5 => "more".to_owned(),
        ratio if ratio < 1e-5 => "less".to_owned(),
        ratio if ratio >= 2.0 => factor(ratio * 1000.0, 1000.0, signs),
        ratio if ratio <= 0.5 => factor(1000.0, 1000.0 / ratio, signs),
        ratio => format!("{:+.0}%", (ratio - 1.0) * 100.0),
    }
}

/// What both took as a whole.
fn total(before: &Plan, after: &Plan, old: &Shares, new: &Shares) -> String {
    let whole = |plan: &Plan, shares: &Shares| match plan.summary().number("Execution Time") {
        Some(took) if shares.unit() == Unit::Milliseconds => time(took),
        _ if shares.unit() == Unit::Milliseconds => time(shares.total()),
        _ => format!("cost {}", amount(shares.total(), Unit::Cost)),
    };
    let (was, is) = (whole(before, old), whole(after, new));
    match old.unit() == new.unit() {
        true => format!("{was} before, {is} after."),
        false => format!("{was} before, {is} after: costs and times can't be compared."),
    }
}
