//! What EXPLAIN says of a node or of a whole plan, by the names that its JSON has for it.

use super::json::Value;

/// Names and values, in EXPLAIN's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    members: Vec<(String, Value)>,
}

/// What means something even if it is nothing.
const KEPT_ZEROS: [&str; 8] = [
    "Startup Cost",
    "Total Cost",
    "Plan Rows",
    "Plan Width",
    "Actual Rows",
    "Actual Loops",
    "Workers Launched",
    "Worker Number",
];

impl Properties {
    /// Those of an object; without what is nothing, which the text of a plan leaves out.
    pub fn new(members: Vec<(String, Value)>) -> Properties {
        Properties { members: trimmed(members) }
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// A number; none of them is endless or below zero.
    pub fn number(&self, name: &str) -> Option<f64> {
        let Value::Number(text) = self.get(name)? else { return None };
        text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
    }

    /// A number that counts something, 0 if nothing is said.
    pub fn count(&self, name: &str) -> f64 {
        self.number(name).unwrap_or(0.0)
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is so.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Bool(true)))
    }

    /// The values of a list.
    pub fn list(&self, name: &str) -> &[Value] {
        match self.get(name) {
            Some(Value::List(values)) => values,
            _ => &[],
        }
    }

    /// A text, or the texts of a list with commas between them.
    pub fn joined(&self, name: &str) -> Option<String> {
        joined(self.get(name)?)
    }

    /// The members of an object.
    pub fn object(&self, name: &str) -> Properties {
        match self.get(name) {
            Some(Value::Object(members)) => Properties::new(members.clone()),
            _ => Properties::default(),
        }
    }

    /// Sets a value, in the place of the one that it had.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.members.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.members.push((name.to_owned(), value)),
        }
    }

    /// Sets a value that is not nothing.
    pub fn set_unless_nothing(&mut self, name: &str, value: Value) {
        if !is_nothing(&value) {
            self.set(name, value);
        }
    }

    /// Takes a value out.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.members.iter().position(|(known, _)| known == name)?;
        Some(self.members.remove(at).1)
    }
}

/// A value in words.
pub fn joined(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::List(values) => {
            let texts: Option<Vec<String>> = values.iter().map(joined).collect();
            texts.map(|texts| texts.join(", "))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn trimmed(members: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let kept = members
        .into_iter()
        .filter(|(name, value)| KEPT_ZEROS.contains(&name.as_str()) || !is_nothing(value));
    kept.map(|(name, value)| (name, trimmed_value(value))).collect()
}

fn trimmed_value(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(trimmed(members)),
        Value::List(values) => Value::List(values.into_iter().map(trimmed_value).collect()),
        value => value,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.parse() == Ok(0.0),
        Value::List(values) => values.is_empty(),
        Value::Object(members) => members.iter().all(|(_, value)| is_nothing(value)),
        Value::Bool(true) | Value::Text(_) => false,
    }
}
