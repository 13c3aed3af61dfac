//! A plan as a tree: its nodes in the order of EXPLAIN, each with what is said of it.

use super::json::Value;
use super::node_name;
use super::properties::Properties;

/// How deep a plan may be: each level of it is two of JSON's.
pub const DEEPEST: usize = 500;

/// A node's place in [`Plan::nodes`].
pub type NodeId = usize;

/// A plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    nodes: Vec<Node>,
    summary: Properties,
}

/// A node of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    parent: Option<NodeId>,
    children: Vec<NodeId>,
    depth: usize,
    properties: Properties,
}

/// What a node is to the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// It gives its rows to it.
    Input,
    /// As the second input of a join.
    Inner,
    /// It runs on its own, before its value is asked for first.
    InitPlan,
    /// Another node reads its rows by name.
    Cte,
    /// An expression runs it, as often as it is computed.
    SubPlan,
}

/// What a node was seen to do, in all its loops together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// How often it ran, over all processes.
    pub loops: f64,
    /// Rows of all loops.
    pub rows: f64,
    /// Milliseconds of all loops, those of its inputs too, if they were taken.
    pub time: Option<f64>,
}

impl Plan {
    /// The plans that a JSON of EXPLAIN's holds, as a list or alone; none if it is no plan.
    pub fn of_json(value: Value) -> Vec<Plan> {
        match value {
            Value::List(values) => values.into_iter().filter_map(Plan::of_statement).collect(),
            value => Plan::of_statement(value).into_iter().collect(),
        }
    }

    /// The plan of one statement: an object with the member `Plan`.
    fn of_statement(value: Value) -> Option<Plan> {
        let Value::Object(mut members) = value else { return None };
        let at = members.iter().position(|(name, _)| name == "Plan")?;
        let root = members.remove(at).1;
        let mut plan = Plan { nodes: Vec::new(), summary: Properties::new(members) };
        plan.add(root, None, 0)?;
        Some(plan)
    }

    /// Adds a node and all below it.
    fn add(&mut self, value: Value, parent: Option<NodeId>, depth: usize) -> Option<()> {
        let Value::Object(mut members) = value else { return None };
        if depth > DEEPEST {
            return None;
        }
        let below = members.iter().position(|(name, _)| name == "Plans");
        let below = below.map(|at| members.remove(at).1);
        let mut properties = Properties::new(members);
        node_name::normalize(&mut properties);
        properties.text("Node Type")?;
        let id = self.nodes.len();
        self.nodes.push(Node { parent, children: Vec::new(), depth, properties });
        if let Some(parent) = parent {
            self.nodes[parent].children.push(id);
        }
        if let Some(Value::List(plans)) = below {
            for plan in plans {
                self.add(plan, Some(id), depth + 1)?;
            }
        }
        Some(())
    }

    /// The nodes, each before those below it.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The topmost node.
    pub fn root(&self) -> &Node {
        &self.nodes[0]
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// The node above a node.
    pub fn parent(&self, id: NodeId) -> Option<&Node> {
        self.nodes[id].parent.map(|parent| &self.nodes[parent])
    }

    /// A node's nodes below, all of them, itself first.
    pub fn subtree(&self, id: NodeId) -> std::ops::Range<NodeId> {
        let depth = self.nodes[id].depth;
        let below = self.nodes[id + 1..].iter().take_while(|node| node.depth > depth).count();
        id..id + 1 + below
    }

    /// What is said of the plan as a whole.
    pub fn summary(&self) -> &Properties {
        &self.summary
    }

    /// Whether it ran.
    pub fn has_run(&self) -> bool {
        self.root().properties.number("Actual Loops").is_some()
    }

    /// Whether times were taken.
    pub fn has_times(&self) -> bool {
        self.nodes.iter().any(|node| node.seen().is_some_and(|seen| seen.time.is_some()))
    }

    /// Whether some node changes rows of a table.
    pub fn changes_rows(&self) -> bool {
        self.nodes.iter().any(|node| node.properties.text("Node Type") == Some("ModifyTable"))
    }
}

impl Node {
    /// The node above.
    pub fn parent(&self) -> Option<NodeId> {
        self.parent
    }

    /// The nodes right below.
    pub fn children(&self) -> &[NodeId] {
        &self.children
    }

    /// How many nodes are above.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// All that is said of it.
    pub fn properties(&self) -> &Properties {
        &self.properties
    }

    /// EXPLAIN's own word for what it is: `Hash Join`, `ModifyTable`.
    pub fn kind(&self) -> &str {
        self.properties.text("Node Type").unwrap_or_default()
    }

    /// What it is to the node above.
    pub fn relationship(&self) -> Relationship {
        let is_cte = self.properties.text("Subplan Name").is_some_and(|n| n.starts_with("CTE "));
        match self.properties.text("Parent Relationship") {
            Some("InitPlan") if is_cte => Relationship::Cte,
            Some("InitPlan") => Relationship::InitPlan,
            Some("SubPlan") => Relationship::SubPlan,
            Some("Inner") => Relationship::Inner,
            _ => Relationship::Input,
        }
    }

    /// Whether it is a Gather or Gather Merge, below which several processes work.
    pub fn gathers(&self) -> bool {
        matches!(self.kind(), "Gather" | "Gather Merge")
    }

    /// How many rows of one loop the planner expected.
    pub fn planned_rows(&self) -> Option<f64> {
        self.properties.number("Plan Rows")
    }

    /// What the planner takes it to cost, with all below it.
    pub fn cost(&self) -> Option<f64> {
        self.properties.number("Total Cost")
    }

    /// What it was seen to do, if it ran with others that were watched.
    pub fn seen(&self) -> Option<Seen> {
        let loops = self.properties.number("Actual Loops")?;
        let rows = self.properties.count("Actual Rows");
        let time = self.properties.number("Actual Total Time");
        Some(Seen { loops, rows: rows * loops, time: time.map(|time| time * loops) })
    }
}
