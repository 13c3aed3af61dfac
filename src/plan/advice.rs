//! What to look at: the dearest nodes of a plan in words, and what the plan shows of why.
//!
//! Never claims what the plan doesn't show: it names where to look, not what would come of it.

use super::amount::{blocks, count, kilobytes, nearly, percent, time};
use super::node::{Node, NodeId, Plan, Relationship};
use super::node_name;
use super::shares::{Shares, Unit};
use crate::sort::sort_by;

/// How many nodes are named.
const MOST: usize = 3;
/// The least part of the whole that a node must take to be named.
const LEAST: f64 = 0.05;
/// From this factor on an estimate is wrong.
const WRONG: f64 = 10.0;
/// Estimates of fewer rows may be wrong by much and do no harm.
const MANY_ROWS: f64 = 100.0;
/// How many rows a filter must drop to be worth a word, and which part of those it gets.
const MANY_DROPPED: f64 = 1000.0;
const MOST_DROPPED: f64 = 0.9;
/// How often an inner side must run to be worth a word.
const MANY_LOOPS: f64 = 1000.0;
/// The part of the time that makes JIT, triggers or planning worth a word.
const MUCH: f64 = 0.1;

/// A node and what there is to say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dear {
    /// The node.
    pub node: NodeId,
    /// Sentences; none if nothing about it strikes.
    pub reasons: Vec<String>,
}

/// The nodes that take most, the dearest first.
pub fn dearest(plan: &Plan, shares: &Shares) -> Vec<Dear> {
    let mut nodes: Vec<NodeId> = (0..plan.nodes().len()).collect();
    sort_by(&mut nodes, |a, b| shares.own(*b).total_cmp(&shares.own(*a)));
    let dear = nodes.into_iter().take(MOST).filter(|id| shares.part(*id) >= LEAST);
    dear.map(|node| Dear { node, reasons: reasons(plan, shares, node) }).collect()
}

/// What strikes about the plan as a whole.
pub fn remarks(plan: &Plan, shares: &Shares) -> Vec<String> {
    let remarks = [jit(plan), planning(plan), triggers(plan), workers(plan), origin(plan, shares)];
    remarks.into_iter().flatten().collect()
}

/// What strikes about a node.
fn reasons(plan: &Plan, shares: &Shares, id: NodeId) -> Vec<String> {
    const ALL: [fn(&Plan, NodeId) -> Option<String>; 10] = [
        estimate,
        dropped,
        joined_and_dropped,
        inner_loops,
        sort_on_disk,
        hash_batches,
        groups_on_disk,
        lossy_bitmap,
        heap_fetches,
        evictions,
    ];
    let mut reasons: Vec<String> = ALL.iter().filter_map(|reason| reason(plan, id)).collect();
    if shares.unit() == Unit::Milliseconds {
        reasons.extend(read_from_disk(plan, id));
    }
    reasons
}

/// Rows of one loop: what was expected, and what was seen.
fn rows(node: &Node) -> Option<(f64, f64)> {
    let seen = node.seen().filter(|seen| seen.loops > 0.0)?;
    Some((node.planned_rows()?, seen.rows / seen.loops))
}

/// By which factor a node's estimate is wrong, if it is and that is the planner's fault: a node that
/// is asked for no more rows gives fewer than it would have.
pub fn wrong_by(plan: &Plan, id: NodeId) -> Option<f64> {
    let (planned, seen) = rows(plan.node(id))?;
    let (planned, seen) = (planned.max(1.0), seen.max(1.0));
    let factor = (seen / planned).max(planned / seen);
    let counts = factor >= WRONG && seen.max(planned) >= MANY_ROWS;
    (counts && (seen > planned || !may_be_stopped(plan, id))).then_some(factor)
}

/// Whether a node above may have asked for no more rows before there were none left.
fn may_be_stopped(plan: &Plan, id: NodeId) -> bool {
    let mut at = id;
    while let Some(parent) = plan.node(at).parent() {
        let (node, above) = (plan.node(at), plan.node(parent));
        let stops = match above.kind() {
            "Limit" | "Merge Join" | "Nested Loop" => true,
            "Hash Join" => above.properties().text("Join Type").is_some_and(|j| j != "Left"),
            _ => matches!(node.relationship(), Relationship::SubPlan | Relationship::Cte),
        };
        let takes_all = match above.kind() {
            "Sort" | "Hash" | "ModifyTable" | "Bitmap Heap Scan" => true,
            "Aggregate" => !matches!(above.properties().text("Strategy"), Some("Sorted")),
            _ => false,
        };
        if stops || takes_all {
            return stops;
        }
        at = parent;
    }
    false
}

/// `expected 10 rows, saw 12000`
fn expectation(node: &Node) -> Option<String> {
    let (planned, seen) = rows(node)?;
    let each = if node.seen()?.loops > 1.0 { " each time" } else { "" };
    Some(format!("{} rows were expected and {} came{each}", count(planned), count(seen)))
}

fn estimate(plan: &Plan, id: NodeId) -> Option<String> {
    wrong_by(plan, id)?;
    let node = plan.node(id);
    let said = expectation(node)?;
    if inherited(plan, id) {
        return Some(format!("{said}: the estimates below are wrong already."));
    }
    Some(format!("{said}: {}", remedy(node)))
}

/// What may help against a wrong estimate.
fn remedy(node: &Node) -> String {
    let properties = node.properties();
    let is_table = properties.text("Relation Name").is_some();
    match node_name::object(properties) {
        Some(table) if is_table => format!(
            "ANALYZE {table} if it has changed since; for conditions that depend on each other, \
             CREATE STATISTICS."
        ),
        _ if node.kind() == "Aggregate" => {
            "how many groups there are is a guess; ANALYZE, or CREATE STATISTICS (ndistinct)."
                .to_owned()
        }
        _ => "the planner has no better statistics for this.".to_owned(),
    }
}

/// Whether an estimate is wrong below a node as well.
fn inherited(plan: &Plan, id: NodeId) -> bool {
    plan.subtree(id).skip(1).any(|below| wrong_by(plan, below).is_some())
}

/// The place where estimates begin to be wrong, if no dear node says so itself.
fn origin(plan: &Plan, shares: &Shares) -> Option<String> {
    let named: Vec<NodeId> = dearest(plan, shares).into_iter().map(|dear| dear.node).collect();
    let worst = (0..plan.nodes().len())
        .filter(|id| !named.contains(id) && !inherited(plan, *id))
        .filter_map(|id| Some((id, wrong_by(plan, id)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let node = plan.node(worst.0);
    let properties = node.properties();
    let name = format!("{} {}", node_name::name(properties), node_name::target(properties));
    Some(format!("{}: {}: {}", name.trim(), expectation(node)?, remedy(node)))
}

/// Rows that a node gave and dropped, by the member that counts them, of all loops.
fn given_and_dropped(node: &Node, member: &str) -> Option<(f64, f64)> {
    let seen = node.seen()?;
    let dropped = node.properties().number(member)? * seen.loops;
    let part = dropped / (dropped + seen.rows);
    (dropped >= MANY_DROPPED && part >= MOST_DROPPED).then_some((seen.rows, dropped))
}

fn dropped(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id);
    let (given, dropped) = given_and_dropped(node, "Rows Removed by Filter")?;
    let filter = node.properties().text("Filter")?;
    let part = nearly(dropped / (dropped + given));
    let said = format!("the filter drops {part} of {} rows", count(dropped + given));
    Some(match node.kind() {
        "Seq Scan" => format!("{said}: {filter} is a condition for an index."),
        "Index Scan" | "Index Only Scan" | "Bitmap Heap Scan" => {
            format!("{said} that the index finds: {filter} is no condition of that index.")
        }
        _ => format!("{said}: {filter}."),
    })
}

fn joined_and_dropped(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id);
    let (given, dropped) = given_and_dropped(node, "Rows Removed by Join Filter")?;
    let filter = node.properties().text("Join Filter")?;
    let pairs = count(dropped + given);
    Some(format!("{pairs} pairs are tried, {} match: {filter}.", count(given)))
}

fn inner_loops(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id);
    let above = plan.parent(id)?;
    let seen = node.seen()?;
    let processes = above.seen().map_or(1.0, |seen| seen.loops.max(1.0));
    if seen.loops / processes < MANY_LOOPS {
        return None;
    }
    let times = count(seen.loops);
    let each = seen.time.map_or(String::new(), |all| format!(", {} each", time(all / seen.loops)));
    match node.relationship() {
        Relationship::Inner if above.kind() == "Nested Loop" => {
            let outer = above.children().iter().find(|child| **child != id)?;
            let because = match wrong_by(plan, *outer) {
                Some(_) => {
                    format!(", where {} were expected", count(plan.node(*outer).planned_rows()?))
                }
                None => String::new(),
            };
            Some(format!("runs {times} times{each}, once for each row of the other side{because}."))
        }
        Relationship::SubPlan => Some(format!(
            "runs {times} times{each}, once for each row that asks; a join would run once."
        )),
        _ => None,
    }
}

fn sort_on_disk(plan: &Plan, id: NodeId) -> Option<String> {
    let disk = sort_disk(plan.node(id))?;
    Some(format!(
        "sorts {} on disk{}: in memory it would need a work_mem well above that.",
        kilobytes(disk),
        at_work_mem(plan)
    ))
}

/// Kilobytes that a sort wrote to disk, the most of its processes.
pub fn sort_disk(node: &Node) -> Option<f64> {
    let properties = node.properties();
    let workers = properties.list("Workers").iter().filter_map(|worker| match worker {
        super::json::Value::Object(members) => {
            Some(super::properties::Properties::new(members.clone()))
        }
        _ => None,
    });
    let all = std::iter::once(properties.clone()).chain(workers);
    let disk = all.filter(|one| one.text("Sort Space Type") == Some("Disk"));
    disk.map(|one| one.count("Sort Space Used")).reduce(f64::max)
}

fn hash_batches(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id).properties();
    let batches = node.number("Hash Batches").filter(|batches| *batches > 1.0)?;
    let memory = kilobytes(node.number("Peak Memory Usage")? * batches);
    let grown = match node.number("Original Hash Batches") {
        Some(planned) if planned < batches => format!(" ({} planned)", count(planned)),
        _ => String::new(),
    };
    Some(format!(
        "the hash table is cut into {} batches{grown}, all but one on disk{}; in one it would need \
         about {memory} (work_mem times hash_mem_multiplier).",
        count(batches),
        at_work_mem(plan)
    ))
}

fn groups_on_disk(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id).properties();
    let disk = node.number("Disk Usage")?;
    Some(format!(
        "groups {} on disk{}: work_mem times hash_mem_multiplier is too small for all groups.",
        kilobytes(disk),
        at_work_mem(plan)
    ))
}

/// ` with work_mem = 4MB`, if the plan says so.
fn at_work_mem(plan: &Plan) -> String {
    let settings = plan.summary().object("Settings");
    settings.text("work_mem").map_or(String::new(), |value| format!(" with work_mem = {value}"))
}

fn lossy_bitmap(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id).properties();
    let lossy = node.number("Lossy Heap Blocks")?;
    let all = lossy + node.count("Exact Heap Blocks");
    Some(format!(
        "the bitmap has only pages for {} of {} blocks, whose rows are all checked again{}: \
         work_mem is too small for it.",
        count(lossy),
        count(all),
        at_work_mem(plan)
    ))
}

fn heap_fetches(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id);
    let fetches = node.properties().number("Heap Fetches")?;
    let rows = node.seen()?.rows;
    let table = node.properties().text("Relation Name")?;
    (fetches >= MANY_ROWS && fetches >= rows / 2.0).then(|| format!(
        "looks {} rows up in the table although the index has all: VACUUM {table} lets it trust the \
         index.", count(fetches)
    ))
}

fn evictions(plan: &Plan, id: NodeId) -> Option<String> {
    let node = plan.node(id).properties();
    let (hits, misses) = (node.count("Cache Hits"), node.count("Cache Misses"));
    let evicted = node.number("Cache Evictions")?;
    (misses > hits).then(|| {
        format!(
            "{} of {} look-ups were not in its cache, {} were thrown out for want of memory{}.",
            count(misses),
            count(hits + misses),
            count(evicted),
            at_work_mem(plan)
        )
    })
}

/// Blocks of a kind that a node itself needed, without those below.
pub fn own_blocks(plan: &Plan, id: NodeId, member: &str) -> f64 {
    let node = plan.node(id);
    // It has its rows from the CTE, which is told of by itself.
    if node.kind() == "CTE Scan" && !member.starts_with("Temp") {
        return 0.0;
    }
    let of = |id: &NodeId| plan.node(*id).properties().count(member);
    let is_below = |id: &&NodeId| plan.node(**id).relationship() != Relationship::Cte;
    (of(&id) - node.children().iter().filter(is_below).map(of).sum::<f64>()).max(0.0)
}

fn read_from_disk(plan: &Plan, id: NodeId) -> Option<String> {
    let read = own_blocks(plan, id, "Shared Read Blocks");
    let hit = own_blocks(plan, id, "Shared Hit Blocks");
    (read >= MANY_DROPPED && read > hit).then(|| {
        format!("{} of {} were not in the server's buffers.", blocks(read), blocks(read + hit))
    })
}

/// Milliseconds that JIT took.
pub fn jit_time(plan: &Plan) -> Option<f64> {
    plan.summary().object("JIT").object("Timing").number("Total")
}

fn execution(plan: &Plan) -> Option<f64> {
    plan.summary().number("Execution Time")
}

fn jit(plan: &Plan) -> Option<String> {
    let (took, all) = (jit_time(plan)?, execution(plan)?);
    (took >= all * MUCH).then(|| {
        format!(
            "JIT took {} of {}: jit_above_cost says from which cost on it compiles.",
            time(took),
            time(all)
        )
    })
}

fn planning(plan: &Plan) -> Option<String> {
    let (took, all) = (plan.summary().number("Planning Time")?, execution(plan)?);
    (took > all && took >= 1.0)
        .then(|| format!("Planning took longer than execution: {} and {}.", time(took), time(all)))
}

fn triggers(plan: &Plan) -> Option<String> {
    let all = execution(plan)?;
    let dear = plan.summary().list("Triggers").iter().filter_map(|trigger| {
        let super::json::Value::Object(members) = trigger else { return None };
        let trigger = super::properties::Properties::new(members.clone());
        Some((trigger.number("Time")?, trigger))
    });
    let (took, trigger) =
        dear.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(t, _)| *t >= all * MUCH)?;
    let calls = count(trigger.count("Calls"));
    let part = percent(took / all);
    Some(match (trigger.text("Constraint Name"), trigger.text("Trigger Name")) {
        (Some(constraint), _) => format!(
            "The constraint {constraint} took {} ({part}) in {calls} checks: if it is a foreign key, an \
             index on its columns may be missing.",
            time(took)
        ),
        (None, name) => format!(
            "The trigger {} took {} ({part}) in {calls} calls.",
            name.unwrap_or("?"),
            time(took)
        ),
    })
}

fn workers(plan: &Plan) -> Option<String> {
    let lacks = plan.nodes().iter().find_map(|node| {
        let planned = node.properties().number("Workers Planned")?;
        let launched = node.properties().number("Workers Launched")?;
        (launched < planned && node.seen()?.loops > 0.0).then_some((launched, planned))
    });
    let (launched, planned) = lacks?;
    Some(format!(
        "{} of {} planned workers were there: max_parallel_workers bounds all that run at once.",
        count(launched),
        count(planned)
    ))
}

#[cfg(test)]
mod tests {
    use super::super::kept::Plans;
    use super::*;

    /// All that is said of a plan in EXPLAIN's text.
    fn said(text: &str) -> String {
        let plans = Plans::read(String::new(), text).expect("a plan");
        let plan = &plans.plans()[0];
        let shares = Shares::of(plan);
        let dear = dearest(plan, &shares).into_iter().flat_map(|dear| dear.reasons);
        dear.chain(remarks(plan, &shares)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_strikes() {
        const COST: &str = "(cost=0.00..10.00 rows=10 width=4)";
        for (plan, expected) in [
            (format!("Seq Scan on a  {COST} (actual time=0.1..9.0 rows=10 loops=1)"), ""),
            (
                format!(
                    "Seq Scan on a  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  Filter: (b = 1)\n  Rows Removed by Filter: 99990"
                ),
                "the filter drops 99.9% of 100k rows: (b = 1) is a condition for an index.",
            ),
            // Few rows, and those that are not dropped.
            (
                format!(
                    "Seq Scan on a  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  Filter: (b = 1)\n  Rows Removed by Filter: 990"
                ),
                "",
            ),
            (
                format!("Seq Scan on a  {COST} (actual time=0.1..9.0 rows=5000 loops=1)"),
                "10 rows were expected and 5000 came: ANALYZE a if it has changed since; for conditions that depend on each other, CREATE STATISTICS.",
            ),
            // Who is asked for no more gives no more.
            (
                format!(
                    "Limit  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  ->  Seq Scan on a  (cost=0.00..10.00 rows=99999 width=4) (actual time=0.1..9.0 rows=10 loops=1)"
                ),
                "",
            ),
            (
                format!(
                    "Sort  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  Sort Method: external merge  Disk: 6008kB\nSettings: work_mem = '1MB'"
                ),
                "sorts 5.9 MB on disk with work_mem = 1MB: in memory it would need a work_mem well above that.",
            ),
            (
                format!(
                    "Hash  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  Buckets: 1024 (originally 1024)  Batches: 16 (originally 4)  Memory Usage: 4096kB"
                ),
                "the hash table is cut into 16 batches (4 planned), all but one on disk; in one it would need about 64 MB (work_mem times hash_mem_multiplier).",
            ),
            (
                format!(
                    "HashAggregate  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  Batches: 5  Memory Usage: 8241kB  Disk Usage: 2048kB"
                ),
                "groups 2.0 MB on disk: work_mem times hash_mem_multiplier is too small for all groups.",
            ),
            (
                format!(
                    "Bitmap Heap Scan on a  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  Heap Blocks: exact=100 lossy=300"
                ),
                "the bitmap has only pages for 300 of 400 blocks, whose rows are all checked again: work_mem is too small for it.",
            ),
            (
                format!(
                    "Index Only Scan using i on a  {COST} (actual time=0.1..9.0 rows=200 loops=1)\n  Heap Fetches: 180"
                ),
                "10 rows were expected and 200 came: ANALYZE a if it has changed since; for conditions that depend on each other, CREATE STATISTICS.\nlooks 180 rows up in the table although the index has all: VACUUM a lets it trust the index.",
            ),
            (
                format!(
                    "Nested Loop  {COST} (actual time=0.1..900.0 rows=10 loops=1)\n  ->  Seq Scan on a  {COST} (actual time=0.1..1.0 rows=5000 loops=1)\n  ->  Seq Scan on b  {COST} (actual time=0.1..0.1 rows=1 loops=5000)"
                ),
                "runs 5000 times, 0.100 ms each, once for each row of the other side, where 10 were expected.\nSeq Scan on a: 10 rows were expected and 5000 came: ANALYZE a if it has changed since; for conditions that depend on each other, CREATE STATISTICS.",
            ),
            (
                format!(
                    "Gather  {COST} (actual time=0.1..9.0 rows=10 loops=1)\n  Workers Planned: 4\n  Workers Launched: 1\n  ->  Parallel Seq Scan on a  {COST} (actual time=0.1..9.0 rows=5 loops=2)"
                ),
                "1 of 4 planned workers were there: max_parallel_workers bounds all that run at once.",
            ),
            (
                format!(
                    "Result  {COST} (actual time=0.1..9.0 rows=1 loops=1)\nPlanning Time: 20.0 ms\nJIT:\n  Functions: 2\n  Timing: Generation 1.0 ms, Inlining 0.0 ms, Optimization 2.0 ms, Emission 3.0 ms, Total 6.0 ms\nTrigger for constraint c on a: time=2.500 calls=100\nExecution Time: 10.0 ms"
                ),
                "JIT took 6.0 ms of 10.0 ms: jit_above_cost says from which cost on it compiles.\nPlanning took longer than execution: 20.0 ms and 10.0 ms.\nThe constraint c took 2.5 ms (25%) in 100 checks: if it is a foreign key, an index on its columns may be missing.",
            ),
        ] {
            assert_eq!(said(&plan), expected, "{plan}");
        }
    }
}
