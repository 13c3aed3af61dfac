//! What is said of a node below its name, the most telling first.

use super::advice::{own_blocks, sort_disk};
use super::amount::{blocks, count, kilobytes, nearly, time};
use super::json::Value;
use super::node::{Node, NodeId, Plan};
use super::properties::Properties;
use crate::number::counted;
use crate::palette::Role;

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What matters.
    Short,
    /// All that EXPLAIN tells.
    All,
}

/// A line, and what colour it has.
pub type Detail = (String, Option<Role>);

/// Conditions, each with what counts the rows that it drops.
const CONDITIONS: [(&str, Option<&str>); 10] = [
    ("Index Cond", None),
    ("Recheck Cond", Some("Rows Removed by Index Recheck")),
    ("TID Cond", None),
    ("Hash Cond", None),
    ("Merge Cond", None),
    ("Join Filter", Some("Rows Removed by Join Filter")),
    ("One-Time Filter", None),
    ("Filter", Some("Rows Removed by Filter")),
    ("Conflict Filter", Some("Rows Removed by Conflict Filter")),
    ("Order By", None),
];
/// What a node works by.
const KEYS: [&str; 8] = [
    "Sort Key",
    "Presorted Key",
    "Group Key",
    "Cache Key",
    "Window",
    "Sampling",
    "Conflict Arbiter Indexes",
    "Remote SQL",
];
/// What the name and the figures tell, or lines made of several.
const TOLD: [&str; 45] = [
    "Node Type",
    "Parent Relationship",
    "Parallel Aware",
    "Async Capable",
    "Strategy",
    "Partial Mode",
    "Join Type",
    "Operation",
    "Command",
    "Custom Plan Provider",
    "Scan Direction",
    "Subplan Name",
    "Relation Name",
    "Schema",
    "Alias",
    "Index Name",
    "Function Name",
    "Table Function Name",
    "CTE Name",
    "Tuplestore Name",
    "Startup Cost",
    "Total Cost",
    "Plan Rows",
    "Actual Startup Time",
    "Actual Total Time",
    "Actual Rows",
    "Actual Loops",
    "Grouping Sets",
    "Sort Method",
    "Sort Space Used",
    "Sort Space Type",
    "Hash Buckets",
    "Hash Batches",
    "Original Hash Buckets",
    "Original Hash Batches",
    "Peak Memory Usage",
    "HashAgg Batches",
    "Disk Usage",
    "Exact Heap Blocks",
    "Lossy Heap Blocks",
    "Workers Planned",
    "Workers Launched",
    "Cache Hits",
    "Cache Misses",
    "Target Tables",
];

/// The lines below a node's name.
pub fn details(plan: &Plan, id: NodeId, extent: Extent) -> Vec<Detail> {
    let node = plan.node(id);
    let properties = node.properties();
    let mut lines = Vec::new();
    lines.extend(loops(plan, node));
    lines.extend(conditions(node));
    for key in KEYS {
        lines.extend(properties.joined(key).map(|value| (format!("{key}: {value}"), None)));
    }
    let sets = properties.list("Grouping Sets").iter();
    lines.extend(sets.filter_map(super::properties::joined).map(|set| (set, None)));
    lines.extend(targets(properties));
    for line in [sort, hash, groups, bitmap, cache, workers] {
        lines.extend(line(node));
    }
    lines.extend(buffers(plan, id, extent));
    if extent == Extent::All {
        lines.extend(rest(properties));
    }
    lines
}

/// How often a node ran, or that it never did.
fn loops(plan: &Plan, node: &Node) -> Option<Detail> {
    let seen = node.seen()?;
    if seen.loops == 0.0 {
        return Some(("never executed".to_owned(), Some(Role::Comment)));
    }
    let above = node.parent().map(|parent| plan.node(parent));
    let gathered = above.is_some_and(Node::gathers);
    if seen.loops <= 1.0 {
        return None;
    }
    let each = seen.time.map_or(String::new(), |all| format!(", {} each", time(all / seen.loops)));
    let what = if gathered { "processes" } else { "loops" };
    Some((format!("{} {what}{each}", count(seen.loops)), Some(Role::Comment)))
}

fn conditions(node: &Node) -> Vec<Detail> {
    let properties = node.properties();
    let line = |(label, counter): (&str, Option<&str>)| {
        let condition = properties.text(label)?;
        let dropped = counter.and_then(|counter| dropped(node, counter));
        Some(match dropped {
            Some((rows, part)) => {
                let much = part >= 0.9 && rows >= 1000.0;
                let role = much.then_some(Role::Warning);
                (format!("{label} drops {} rows, {}: {condition}", count(rows), nearly(part)), role)
            }
            None => (format!("{label}: {condition}"), None),
        })
    };
    CONDITIONS.into_iter().filter_map(line).collect()
}

/// Rows of all loops that a condition dropped, and which part of those it got.
fn dropped(node: &Node, counter: &str) -> Option<(f64, f64)> {
    let seen = node.seen()?;
    let rows = node.properties().number(counter)? * seen.loops;
    (rows > 0.0).then(|| (rows, rows / (rows + seen.rows)))
}

/// The tables that are changed besides the first.
fn targets(properties: &Properties) -> Vec<Detail> {
    let name = |target: &Value| {
        let Value::Object(members) = target else { return None };
        Some(super::node_name::target(&Properties::new(members.clone())))
    };
    let names: Vec<String> = properties.list("Target Tables").iter().filter_map(name).collect();
    let line = names.join(", ");
    (!names.is_empty()).then_some((line, None)).into_iter().collect()
}

fn sort(node: &Node) -> Option<Detail> {
    let properties = node.properties();
    let method = properties.text("Sort Method")?;
    let used = kilobytes(sort_disk(node).unwrap_or(properties.count("Sort Space Used")));
    Some(match sort_disk(node) {
        Some(_) => (format!("{method}: {used} on disk"), Some(Role::Warning)),
        None => (format!("{method}, {used}"), Some(Role::Comment)),
    })
}

fn hash(node: &Node) -> Option<Detail> {
    let properties = node.properties();
    let buckets = count(properties.number("Hash Buckets")?);
    let batches = properties.count("Hash Batches");
    let memory = kilobytes(properties.count("Peak Memory Usage"));
    Some(match batches > 1.0 {
        true => {
            let text =
                format!("{buckets} buckets in {} batches of {memory}, on disk", count(batches));
            (text, Some(Role::Warning))
        }
        false => (format!("{buckets} buckets, {memory}"), Some(Role::Comment)),
    })
}

fn groups(node: &Node) -> Option<Detail> {
    let properties = node.properties();
    let batches = properties.number("HashAgg Batches")?;
    let memory = kilobytes(properties.count("Peak Memory Usage"));
    Some(match properties.number("Disk Usage") {
        Some(disk) => {
            let disk = kilobytes(disk);
            let text = format!("{} batches of {memory}, {disk} on disk", count(batches));
            (text, Some(Role::Warning))
        }
        None => (memory, Some(Role::Comment)),
    })
}

fn bitmap(node: &Node) -> Option<Detail> {
    let properties = node.properties();
    let (exact, lossy) =
        (properties.count("Exact Heap Blocks"), properties.count("Lossy Heap Blocks"));
    match lossy > 0.0 {
        true => {
            let text = format!("{} blocks, {} of them lossy", count(exact + lossy), count(lossy));
            Some((text, Some(Role::Warning)))
        }
        false => (exact > 0.0).then(|| (format!("{} blocks", count(exact)), Some(Role::Comment))),
    }
}

fn cache(node: &Node) -> Option<Detail> {
    let properties = node.properties();
    let (hits, misses) = (properties.count("Cache Hits"), properties.count("Cache Misses"));
    (hits + misses > 0.0)
        .then(|| (format!("{} hits, {} misses", count(hits), count(misses)), Some(Role::Comment)))
}

fn workers(node: &Node) -> Option<Detail> {
    let planned = node.properties().number("Workers Planned")?;
    Some(match node.properties().number("Workers Launched") {
        Some(launched) => {
            let role = if launched < planned { Role::Warning } else { Role::Comment };
            (format!("{} of {} workers", count(launched), count(planned)), Some(role))
        }
        None => (counted(planned as u64, "worker"), Some(Role::Comment)),
    })
}

/// What a node itself read and wrote; in short only what went to disk.
fn buffers(plan: &Plan, id: NodeId, extent: Extent) -> Option<Detail> {
    const KINDS: [(&str, &str, bool); 11] = [
        ("Shared Hit Blocks", "hit", false),
        ("Shared Read Blocks", "read", true),
        ("Shared Dirtied Blocks", "dirtied", false),
        ("Shared Written Blocks", "written", false),
        ("Local Hit Blocks", "local hit", false),
        ("Local Read Blocks", "local read", false),
        ("Local Dirtied Blocks", "local dirtied", false),
        ("Local Written Blocks", "local written", false),
        ("Temp Read Blocks", "read from temporary files", true),
        ("Temp Written Blocks", "written to them", true),
        ("WAL Bytes", "of WAL", false),
    ];
    let shown = KINDS.iter().filter(|(.., always)| extent == Extent::All || *always);
    let amounts = shown.filter_map(|(member, what, _)| {
        let own = own_blocks(plan, id, member);
        let amount = if *member == "WAL Bytes" { own / 8192.0 } else { own };
        (own > 0.0).then(|| format!("{} {what}", blocks(amount)))
    });
    let amounts: Vec<String> = amounts.collect();
    let spills = own_blocks(plan, id, "Temp Written Blocks") > 0.0;
    let role = if spills { Role::Warning } else { Role::Comment };
    (!amounts.is_empty()).then(|| (amounts.join(", "), Some(role)))
}

/// All that no other line tells.
fn rest(properties: &Properties) -> Vec<Detail> {
    let is_told = |name: &str| {
        TOLD.contains(&name)
            || KEYS.contains(&name)
            || name.ends_with("Blocks")
            || name == "WAL Bytes"
            || CONDITIONS.iter().any(|(label, counter)| *label == name || *counter == Some(name))
    };
    let line = |(name, value): (&str, &Value)| {
        Some((format!("{name}: {}", in_words(value)?), Some(Role::Comment)))
    };
    properties.iter().filter(|(name, _)| !is_told(name)).filter_map(line).collect()
}

/// A value of any kind in one line.
fn in_words(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => {
            let words = members
                .iter()
                .filter_map(|(name, value)| Some(format!("{name} {}", in_words(value)?)));
            Some(words.collect::<Vec<_>>().join(", "))
        }
        Value::List(values) => {
            let words: Vec<String> = values.iter().filter_map(in_words).collect();
            Some(words.join("; "))
        }
        value => super::properties::joined(value),
    }
}
