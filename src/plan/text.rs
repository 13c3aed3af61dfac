//! A plan in EXPLAIN's text -> the JSON that EXPLAIN would have given for it.

use super::json::Value;
use super::node_name;
use super::text_line::{self, Figures};

type Members = Vec<(String, Value)>;

/// A node being read.
#[derive(Debug, Default)]
struct Open {
    /// The column its name begins in.
    column: usize,
    members: Members,
    below: Vec<Value>,
    /// The keys of an aggregate, line by line.
    keys: Vec<(String, String)>,
    workers: Vec<Members>,
    /// Tables that a ModifyTable changes besides the first.
    targets: Vec<Value>,
}

/// Where lines of a group belong, which are further in than its head.
#[derive(Debug)]
enum Group {
    /// A worker's, of the node that is read.
    Worker,
    /// `Planning:`, `JIT:`
    Summary(String),
}

/// What is read of a plan so far.
#[derive(Debug, Default)]
struct Reader {
    open: Vec<Open>,
    summary: Members,
    root: Option<Value>,
    /// `CTE x`, `InitPlan 1`, whose node is still to come, and the column it stands in.
    subplan: Option<(usize, String)>,
    group: Option<(usize, Group)>,
    triggers: Vec<Value>,
}

/// Reads the plan that the lines are; `None` if they are none.
pub fn read(lines: &[String]) -> Option<Value> {
    let mut reader = Reader::default();
    for line in joined(lines) {
        if !line.trim().is_empty() {
            reader.line(&line)?;
        }
    }
    reader.finish()
}

/// Whether a line is the first one of a plan: a node with what it costs, or did.
pub fn begins_plan(line: &str) -> bool {
    !line.trim_start().starts_with("->")
        && line.starts_with(|c: char| c.is_ascii_uppercase())
        && text_line::node(line).is_some_and(|(name, figures)| {
            !name.contains(':') && (figures.has_cost() || figures.has_run())
        })
}

/// Lines whose text goes on in the next one, because a value in it holds a line's end.
fn joined(lines: &[String]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in lines {
        match whole.last_mut().filter(|_| is_open) {
            Some(last) => {
                last.push('\n');
                last.push_str(line);
            }
            None => whole.push(line.clone()),
        }
        is_open = whole.last().is_some_and(|line| line.matches('\'').count() % 2 == 1);
    }
    // A quote that nothing closes is a mere apostrophe: then lines are lines.
    if is_open { lines.to_vec() } else { whole }
}

impl Reader {
    fn line(&mut self, line: &str) -> Option<()> {
        let column = line.len() - line.trim_start_matches(' ').len();
        let text = &line[column..];
        if let Some(node) = text.strip_prefix("->") {
            return self.node(node.trim_start(), column + text.len() - node.trim_start().len());
        }
        if self.open.is_empty() {
            return if self.root.is_none() { self.node(text, column) } else { None };
        }
        if self.group.as_ref().is_some_and(|(head, _)| column <= *head) {
            self.group = None;
        }
        if column == 0 {
            self.summary_line(text);
        } else {
            self.property_line(text, column);
        }
        Some(())
    }

    /// Begins a node; those that are as far in, or further, are whole.
    fn node(&mut self, text: &str, column: usize) -> Option<()> {
        self.close_from(column);
        self.group = None;
        if self.open.len() > super::node::DEEPEST || self.open.is_empty() && self.root.is_some() {
            return None;
        }
        let (name, figures) = text_line::node(text).unwrap_or((text, Figures::default()));
        let mut members = node_name::parts(name);
        let subplan = self.subplan.take_if(|(label, _)| *label < column);
        if let Some(relationship) = self.relationship(subplan.as_ref().map(|(_, name)| &name[..])) {
            members.push(("Parent Relationship".into(), Value::Text(relationship.into())));
        }
        if let Some((_, name)) = subplan {
            members.push(("Subplan Name".into(), Value::Text(name)));
        }
        members.extend(figures.members());
        self.open.push(Open { column, members, ..Open::default() });
        Some(())
    }

    /// What the node to come is to the one that is read; nothing for the topmost.
    fn relationship(&self, subplan: Option<&str>) -> Option<&'static str> {
        let parent = self.open.last()?;
        if let Some(name) = subplan {
            return Some(if name.starts_with("SubPlan") { "SubPlan" } else { "InitPlan" });
        }
        let is_input = |value: &&Value| {
            let relationship = value.get("Parent Relationship");
            !["InitPlan", "SubPlan"].iter().any(|r| relationship == Some(&Value::Text((*r).into())))
        };
        let inputs = parent.below.iter().filter(is_input).count();
        Some(match kind(&parent.members) {
            "Append" | "Merge Append" | "BitmapAnd" | "BitmapOr" => "Member",
            "Subquery Scan" => "Subquery",
            _ if inputs == 0 => "Outer",
            _ => "Inner",
        })
    }

    /// Takes the nodes that are as far in as this, or further, into those above them.
    fn close_from(&mut self, column: usize) {
        while let Some(node) = self.open.pop_if(|node| node.column >= column) {
            let value = node.finish();
            match self.open.last_mut() {
                Some(parent) => parent.below.push(value),
                None => self.root = Some(value),
            }
        }
    }

    /// What is said of a node.
    fn property_line(&mut self, text: &str, column: usize) {
        if let Some((_, Group::Summary(group))) = &self.group {
            let members = text_line::property(text);
            let group = group.clone();
            let at = self.summary.iter().position(|(name, _)| *name == group);
            if let Some((_, Value::Object(object))) = at.map(|at| &mut self.summary[at]) {
                object.extend(members);
            }
            return;
        }
        if ["InitPlan ", "SubPlan ", "CTE "].iter().any(|label| text.starts_with(label))
            && !text.contains(": ")
        {
            self.close_from(column + 1);
            self.subplan = Some((column, text.to_owned()));
            return;
        }
        self.close_from(column);
        let Some(node) = self.open.last_mut() else { return };
        if let Some((number, rest)) = text_line::worker(text) {
            self.group = Some((column, Group::Worker));
            let number = ("Worker Number".to_owned(), Value::Number(number.to_owned()));
            let known = node.workers.iter().position(|worker| worker.contains(&number));
            match known {
                Some(at) => node.workers[at].extend(text_line::property(rest)),
                None => {
                    let mut worker = vec![number];
                    worker.extend(text_line::property(rest));
                    node.workers.push(worker);
                }
            }
        } else if let (Some((_, Group::Worker)), Some(worker)) =
            (&self.group, node.workers.last_mut())
        {
            worker.extend(text_line::property(text));
        } else if let Some(key) = text_line::aggregate_key(text)
            && kind(&node.members) == "Aggregate"
        {
            node.keys.push(key);
        } else if kind(&node.members) == "ModifyTable" && !text.contains(": ") {
            let mut target = node_name::parts(text);
            target.retain(|(name, _)| !matches!(name.as_str(), "Node Type" | "Operation"));
            node.targets.push(Value::Object(target));
        } else {
            node.members.extend(text_line::property(text));
        }
    }

    /// What is said below the plan.
    fn summary_line(&mut self, text: &str) {
        if let Some(trigger) = text_line::trigger(text) {
            self.triggers.push(Value::Object(trigger));
        } else if let Some(name) = text.strip_suffix(':') {
            self.group = Some((0, Group::Summary(name.to_owned())));
            self.summary.push((name.to_owned(), Value::Object(Vec::new())));
        } else {
            self.summary.extend(text_line::summary(text));
        }
    }

    fn finish(mut self) -> Option<Value> {
        self.close_from(0);
        let mut plan = vec![("Plan".to_owned(), self.root?)];
        plan.append(&mut self.summary);
        if !self.triggers.is_empty() {
            plan.push(("Triggers".to_owned(), Value::List(self.triggers)));
        }
        Some(Value::Object(plan))
    }
}

impl Open {
    fn finish(mut self) -> Value {
        let is_plain = self.keys.len() == 1 && self.keys[0].0 == "Group Key";
        if is_plain && self.keys[0].1 != "()" {
            self.members.push(("Group Key".into(), text_line::list(&self.keys[0].1)));
        } else if !self.keys.is_empty() {
            let lines = self.keys.iter().map(|(name, keys)| Value::Text(format!("{name}: {keys}")));
            self.members.push(("Grouping Sets".into(), Value::List(lines.collect())));
        }
        if !self.targets.is_empty() {
            self.members.push(("Target Tables".into(), Value::List(self.targets)));
        }
        if !self.workers.is_empty() {
            let workers = self.workers.into_iter().map(Value::Object).collect();
            self.members.push(("Workers".into(), Value::List(workers)));
        }
        if !self.below.is_empty() {
            self.members.push(("Plans".into(), Value::List(self.below)));
        }
        Value::Object(self.members)
    }
}

fn kind(members: &Members) -> &str {
    let kind = members.iter().find(|(name, _)| name == "Node Type");
    match kind {
        Some((_, Value::Text(kind))) => kind,
        _ => "",
    }
}
