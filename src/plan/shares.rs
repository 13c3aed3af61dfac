//! What each node itself takes of a plan's time, or of its costs: nothing is counted twice, so that all
//! of them together are the whole.
//!
//! Time: EXPLAIN tells the time of a loop with all that was done below. Below a Gather several processes
//! work at once, and what they take is divided among them. An InitPlan is paid for by the node that
//! asks for its value first, a CTE by the scans that read it.

use super::json::Value;
use super::node::{Node, NodeId, Plan, Relationship};

/// What is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Time that was taken.
    Milliseconds,
    /// What the planner expects, where no times were taken.
    Cost,
}

/// What each node takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    unit: Unit,
    own: Vec<f64>,
    total: f64,
}

impl Shares {
    /// Those of a plan: of its time if that was taken, of its costs if not.
    pub fn of(plan: &Plan) -> Shares {
        let unit = if plan.has_times() { Unit::Milliseconds } else { Unit::Cost };
        let mut sharing = Sharing::new(plan, unit);
        sharing.share_out();
        let Sharing { own, total, .. } = sharing;
        Shares { unit, own, total }
    }

    /// What is shared out.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// What a node takes itself.
    pub fn own(&self, id: NodeId) -> f64 {
        self.own[id]
    }

    /// What all take.
    pub fn total(&self) -> f64 {
        self.total
    }

    /// A node's part of the whole, from 0 to 1.
    pub fn part(&self, id: NodeId) -> f64 {
        if self.total > 0.0 { (self.own[id] / self.total).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// A node whose share another one pays, and how much of it, as far as there is enough.
type Charge = (NodeId, f64);

struct Sharing<'p> {
    plan: &'p Plan,
    /// What each node is said to take, with all below.
    said: Vec<f64>,
    /// What each node pays for.
    charges: Vec<Vec<Charge>>,
    /// How many pay for a node and have not yet.
    payers: Vec<usize>,
    given: Vec<f64>,
    own: Vec<f64>,
    total: f64,
}

impl<'p> Sharing<'p> {
    fn new(plan: &'p Plan, unit: Unit) -> Sharing<'p> {
        let count = plan.nodes().len();
        let said = match unit {
            Unit::Milliseconds => elapsed(plan),
            Unit::Cost => plan.nodes().iter().map(|node| node.cost().unwrap_or(0.0)).collect(),
        };
        let nothing = vec![0.0; count];
        let mut sharing = Sharing {
            plan,
            said,
            charges: vec![Vec::new(); count],
            payers: vec![0; count],
            given: nothing.clone(),
            own: nothing,
            total: 0.0,
        };
        for id in 1..count {
            match unit {
                Unit::Milliseconds => sharing.charge_time(id),
                Unit::Cost => sharing.charge_cost(id),
            }
        }
        sharing
    }

    fn charge(&mut self, payer: NodeId, id: NodeId, amount: f64) {
        self.charges[payer].push((id, amount));
        self.payers[id] += 1;
    }

    fn charge_time(&mut self, id: NodeId) {
        let node = self.plan.node(id);
        let Some(parent) = node.parent() else { return };
        let amount = self.said[id];
        match node.relationship() {
            Relationship::Input | Relationship::Inner | Relationship::SubPlan => {
                self.charge(parent, id, amount);
            }
            Relationship::InitPlan => {
                let payer = self.asks_first(id, parent);
                self.charge(payer, id, amount);
            }
            Relationship::Cte => {
                let scans = self.scans_of(id);
                let read: f64 = scans.iter().map(|scan| self.said[*scan]).sum();
                for scan in scans {
                    let part = if read > 0.0 { self.said[scan] / read } else { 0.0 };
                    self.charge(scan, id, amount * part);
                }
            }
        }
    }

    /// The planner counts InitPlans and CTEs where they are attached, and the inner side of a nested
    /// loop once for each row of the outer one.
    fn charge_cost(&mut self, id: NodeId) {
        let node = self.plan.node(id);
        let Some(parent) = node.parent() else { return };
        let above = self.plan.node(parent);
        let mut amount = self.said[id];
        if node.relationship() == Relationship::Inner && above.kind() == "Nested Loop" {
            let before: f64 =
                above.children().iter().filter(|c| **c < id).map(|c| self.said[*c]).sum();
            let outer = above
                .children()
                .iter()
                .find(|child| self.plan.node(**child).relationship() == Relationship::Input);
            let rows = outer.and_then(|outer| self.plan.node(*outer).planned_rows());
            let room = (self.said[parent] - before).max(amount);
            amount = (amount * rows.unwrap_or(1.0).max(1.0)).min(room);
        }
        self.charge(parent, id, amount);
    }

    /// The node that asks first for the value of an InitPlan that is attached to another.
    fn asks_first(&self, init_plan: NodeId, attached: NodeId) -> NodeId {
        let plan = self.plan;
        let own = plan.subtree(init_plan);
        let marks = marks(plan.node(init_plan));
        let others = plan.subtree(attached).filter(|id| !own.contains(id));
        let asks = |id: &NodeId| mentions(plan.node(*id), &marks);
        if let Some(asking) = others.clone().find(asks) {
            // Processes below a Gather get the value from it.
            let mut payer = asking;
            let mut at = asking;
            while at != attached {
                let Some(parent) = plan.node(at).parent() else { break };
                at = parent;
                if plan.node(at).gathers() {
                    payer = at;
                }
            }
            return payer;
        }
        // In what is computed, which is not shown: whoever is long enough at work by itself.
        let own_time = |id: NodeId| {
            let node = plan.node(id);
            let inputs = node.children().iter().filter(|child| {
                matches!(
                    plan.node(**child).relationship(),
                    Relationship::Input | Relationship::Inner
                )
            });
            self.said[id] - inputs.map(|child| self.said[*child]).sum::<f64>()
        };
        let mut long_enough = others.filter(|id| own_time(*id) >= self.said[init_plan] * 0.9);
        long_enough.next().unwrap_or(attached)
    }

    /// The scans that read a CTE.
    fn scans_of(&self, cte: NodeId) -> Vec<NodeId> {
        let name = self.plan.node(cte).properties().text("Subplan Name").unwrap_or_default();
        let name = name.strip_prefix("CTE ").unwrap_or(name);
        let Some(attached) = self.plan.node(cte).parent() else { return Vec::new() };
        let own = self.plan.subtree(cte);
        let is_scan = |id: &NodeId| {
            let node = self.plan.node(*id);
            node.kind() == "CTE Scan" && node.properties().text("CTE Name") == Some(name)
        };
        self.plan.subtree(attached).filter(|id| !own.contains(id)).filter(is_scan).collect()
    }

    /// Shares out from the top. What nobody pays for ran after the rest, as a WITH that changes rows
    /// and is not read does.
    fn share_out(&mut self) {
        let unpaid: Vec<NodeId> =
            (0..self.payers.len()).filter(|id| self.payers[*id] == 0).collect();
        for id in unpaid {
            self.given[id] = self.said[id];
            self.total += self.said[id];
            self.pay(id);
        }
    }

    /// Gives a node's share to what it pays for, and to those what they pay for.
    fn pay(&mut self, id: NodeId) {
        let mut ready = vec![id];
        while let Some(id) = ready.pop() {
            let asked: f64 = self.charges[id].iter().map(|(_, amount)| amount).sum();
            let most = asked.max(self.said[id]);
            let scale = if most > 0.0 { self.given[id] / most } else { 0.0 };
            let mut paid = 0.0;
            for (below, amount) in std::mem::take(&mut self.charges[id]) {
                paid += amount * scale;
                self.given[below] += amount * scale;
                self.payers[below] -= 1;
                if self.payers[below] == 0 {
                    ready.push(below);
                }
            }
            self.own[id] = (self.given[id] - paid).max(0.0);
        }
    }
}

/// Milliseconds that pass while each node is at work: where several processes are, each does a part.
fn elapsed(plan: &Plan) -> Vec<f64> {
    let mut processes: Vec<f64> = Vec::with_capacity(plan.nodes().len());
    let mut times = Vec::with_capacity(plan.nodes().len());
    for node in plan.nodes() {
        let mut count = node.parent().map_or(1.0, |parent| processes[parent]);
        if let Some(parent) = node.parent().map(|parent| plan.node(parent)).filter(|p| p.gathers())
        {
            let loops = |node: &Node| node.seen().map_or(0.0, |seen| seen.loops);
            count *= (loops(node) / loops(parent).max(1.0)).max(1.0);
        }
        processes.push(count);
        let time = node.seen().and_then(|seen| seen.time).unwrap_or(0.0);
        times.push(time / count);
    }
    times
}

/// What stands for the values of an InitPlan: `$0` until 16, `(InitPlan 1)` since.
fn marks(node: &Node) -> Vec<String> {
    let name = node.properties().text("Subplan Name").unwrap_or_default();
    match name.split_once(" (returns ") {
        Some((_, values)) => values.trim_end_matches(')').split(',').map(str::to_owned).collect(),
        None => vec![format!("({name})")],
    }
}

/// Whether a node speaks of one of these values.
fn mentions(node: &Node, marks: &[String]) -> bool {
    let is_in = |text: &str| {
        marks.iter().any(|mark| {
            let ends_well = |at: usize| {
                let next = text[at + mark.len()..].bytes().next();
                !next.is_some_and(|byte| byte.is_ascii_digit())
            };
            text.match_indices(mark.as_str()).any(|(at, _)| ends_well(at))
        })
    };
    node.properties().iter().any(|(name, value)| match value {
        _ if name == "Subplan Name" => false,
        Value::Text(text) => is_in(text),
        Value::List(values) => {
            values.iter().any(|value| matches!(value, Value::Text(text) if is_in(text)))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::kept::Plans;
    use super::*;

    /// What each node of a plan in EXPLAIN's text takes itself, in whole milliseconds.
    fn own(text: &str) -> Vec<i64> {
        let plans = Plans::read(String::new(), text).expect("a plan");
        let shares = Shares::of(&plans.plans()[0]);
        let own = (0..plans.plans()[0].nodes().len()).map(|id| shares.own(id).round() as i64);
        own.collect()
    }

    #[test]
    fn nothing_is_counted_twice() {
        for (plan, expected) in [
            // Each loop, and what is below.
            (
                "Nested Loop  (actual time=0.1..100.0 rows=5 loops=1)\n  \
                   ->  Seq Scan on a  (actual time=0.1..10.0 rows=5 loops=1)\n  \
                   ->  Index Scan using i on b  (actual time=0.1..8.0 rows=1 loops=10)",
                &[10, 10, 80][..],
            ),
            // Three processes at work at once.
            (
                "Gather  (actual time=0.1..100.0 rows=5 loops=1)\n  \
                   ->  Parallel Seq Scan on a  (actual time=0.1..90.0 rows=5 loops=3)",
                &[10, 90],
            ),
            // A CTE is read by two; the first one waits for it.
            (
                "Hash Join  (actual time=0.1..100.0 rows=5 loops=1)\n  \
                   CTE x\n    \
                     ->  Seq Scan on a  (actual time=0.1..60.0 rows=5 loops=1)\n  \
                   ->  CTE Scan on x  (actual time=0.1..90.0 rows=5 loops=1)\n  \
                   ->  CTE Scan on x x_1  (actual time=0.1..10.0 rows=5 loops=1)",
                &[0, 60, 36, 4],
            ),
            // A value that the scan asks for, although it is attached above; before 17 and since.
            (
                "Sort  (actual time=90.1..100.0 rows=5 loops=1)\n  \
                   InitPlan 1 (returns $0)\n    \
                     ->  Result  (actual time=0.1..70.0 rows=1 loops=1)\n  \
                   ->  Seq Scan on a  (actual time=0.1..80.0 rows=5 loops=1)\n        \
                         Filter: (b = $0)",
                &[20, 70, 10],
            ),
            (
                "Sort  (actual time=90.1..100.0 rows=5 loops=1)\n  \
                   InitPlan 1\n    \
                     ->  Result  (actual time=0.1..70.0 rows=1 loops=1)\n  \
                   ->  Seq Scan on a  (actual time=0.1..80.0 rows=5 loops=1)\n        \
                         Filter: (b = (InitPlan 1).col1)",
                &[20, 70, 10],
            ),
            // One that is computed, which isn't shown.
            (
                "Result  (actual time=90.1..100.0 rows=5 loops=1)\n  \
                   InitPlan 1\n    \
                     ->  Seq Scan on a  (actual time=0.1..70.0 rows=1 loops=1)",
                &[30, 70],
            ),
            (
                "Seq Scan on a  (actual time=90.1..100.0 rows=5 loops=1)\n  \
                   SubPlan 1\n    \
                     ->  Seq Scan on b  (actual time=0.1..7.0 rows=1 loops=10)",
                &[30, 70],
            ),
            // What changes rows and is not read runs after the rest.
            (
                "Result  (actual time=0.1..10.0 rows=5 loops=1)\n  \
                   CTE x\n    \
                     ->  Delete on a  (actual time=0.1..50.0 rows=0 loops=1)\n          \
                           ->  Seq Scan on a  (actual time=0.1..20.0 rows=5 loops=1)",
                &[10, 30, 20],
            ),
            // Rounding makes the inner side take more than there is.
            (
                "Nested Loop  (actual time=0.1..100.0 rows=5 loops=1)\n  \
                   ->  Seq Scan on a  (actual time=0.1..10.0 rows=5 loops=1)\n  \
                   ->  Index Scan using i on b  (actual time=0.001..0.001 rows=1 loops=190000)",
                &[0, 5, 95],
            ),
            (
                "Limit  (actual time=0.1..10.0 rows=5 loops=1)\n  \
                   ->  Seq Scan on a  (never executed)",
                &[10, 0],
            ),
        ] {
            assert_eq!(own(plan), expected, "{plan}");
        }
    }

    #[test]
    fn costs() {
        let plan = "Nested Loop  (cost=0.00..1000.00 rows=5 width=4)\n  \
                      ->  Seq Scan on a  (cost=0.00..100.00 rows=80 width=4)\n  \
                      ->  Index Scan using i on b  (cost=0.00..10.00 rows=1 width=4)";
        assert_eq!(own(plan), [100, 100, 800]);
    }
}
