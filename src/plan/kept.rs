//! The last plans: to be drawn again, compared, saved.

use super::framing;
use super::json::Value;
use super::node::Plan;
use std::collections::VecDeque;

/// How many are kept: two can be compared.
const MOST: usize = 2;

/// The plans of what was asked at once.
#[derive(Clone, Debug)]
pub struct Plans {
    title: String,
    statements: Vec<Value>,
    plans: Vec<Plan>,
}

impl Plans {
    /// The plans that a text holds; `title` says where it is from. None if it holds none.
    pub fn read(title: String, text: &str) -> Option<Plans> {
        let statements = framing::plans(text);
        let plans: Vec<Plan> = statements.iter().cloned().flat_map(Plan::of_json).collect();
        (!plans.is_empty()).then_some(Plans { title, statements, plans })
    }

    /// What they are of.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// One by one.
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// As EXPLAIN writes them in JSON.
    pub fn json(&self) -> String {
        Value::List(self.statements.clone()).pretty() + "\n"
    }
}

/// The last plans, the last one first.
#[derive(Debug, Default)]
pub struct LastPlans {
    newest_first: VecDeque<Plans>,
}

impl LastPlans {
    /// Keeps plans as the last ones.
    pub fn keep(&mut self, plans: Plans) {
        self.newest_first.push_front(plans);
        self.newest_first.truncate(MOST);
    }

    /// The last.
    pub fn last(&self) -> Option<&Plans> {
        self.newest_first.front()
    }

    /// The last but one, and the last.
    pub fn last_two(&self) -> Option<(&Plans, &Plans)> {
        Some((self.newest_first.get(1)?, self.newest_first.front()?))
    }
}
