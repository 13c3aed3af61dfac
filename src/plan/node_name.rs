//! What a node is called: EXPLAIN's JSON tells it in parts, its text in one name.

use super::json::Value;
use super::properties::Properties;

/// What modifies rows, by the operation's name.
const OPERATIONS: [&str; 4] = ["Insert", "Update", "Delete", "Merge"];
/// Joins, as their names begin.
const JOINS: [&str; 3] = ["Nested Loop", "Merge", "Hash"];
/// The ways to aggregate: EXPLAIN's strategy and what it makes of the name.
const AGGREGATES: [(&str, &str); 4] = [
    ("Plain", "Aggregate"),
    ("Sorted", "GroupAggregate"),
    ("Hashed", "HashAggregate"),
    ("Mixed", "MixedAggregate"),
];
/// The member that names what a node reads, by its kind.
const OBJECTS: [(&str, &str); 6] = [
    ("Function Scan", "Function Name"),
    ("Table Function Scan", "Table Function Name"),
    ("CTE Scan", "CTE Name"),
    ("WorkTable Scan", "CTE Name"),
    ("Named Tuplestore Scan", "Tuplestore Name"),
    ("", "Relation Name"),
];

/// A node's name: `Parallel Seq Scan`, `Hash Left Join`, `Partial HashAggregate`.
pub fn name(node: &Properties) -> String {
    let kind = node.text("Node Type").unwrap_or_default();
    let whole = match kind {
        "Aggregate" => {
            let strategy = node.text("Strategy").unwrap_or("Plain");
            let name = AGGREGATES.iter().find(|(known, _)| *known == strategy);
            let name = name.map_or("Aggregate", |(_, name)| name);
            match node.text("Partial Mode") {
                Some(mode @ ("Partial" | "Finalize")) => format!("{mode} {name}"),
                _ => name.to_owned(),
            }
        }
        "SetOp" => {
            let hashed = if node.text("Strategy") == Some("Hashed") { "Hash" } else { "" };
            format!("{hashed}SetOp {}", node.text("Command").unwrap_or_default()).trim().to_owned()
        }
        "Nested Loop" | "Merge Join" | "Hash Join" => {
            let method = kind.strip_suffix(" Join").unwrap_or(kind);
            match node.text("Join Type") {
                None | Some("Inner") => kind.to_owned(),
                Some(join) => format!("{method} {join} Join"),
            }
        }
        "ModifyTable" => node.text("Operation").unwrap_or("ModifyTable").to_owned(),
        "Foreign Scan" => match node.text("Operation") {
            None | Some("Select") => kind.to_owned(),
            Some(operation) => format!("Foreign {operation}"),
        },
        "Custom Scan" => match node.text("Custom Plan Provider") {
            Some(provider) => format!("{kind} ({provider})"),
            None => kind.to_owned(),
        },
        _ if node.text("Scan Direction") == Some("Backward") => format!("{kind} Backward"),
        _ => kind.to_owned(),
    };
    let parallel = if node.is("Parallel Aware") { "Parallel " } else { "" };
    let asynchronous = if node.is("Async Capable") { "Async " } else { "" };
    format!("{parallel}{asynchronous}{whole}")
}

/// What a node works on: `using orders_pkey on orders o`; empty if it has none of its own.
pub fn target(node: &Properties) -> String {
    let kind = node.text("Node Type").unwrap_or_default();
    let index = node.text("Index Name");
    if kind == "Bitmap Index Scan" {
        return index.map_or(String::new(), |index| format!("on {index}"));
    }
    let object = object(node);
    let alias = node.text("Alias").filter(|alias| Some(*alias) != object);
    let schema = node.text("Schema").filter(|_| object.is_some());
    let object = match schema {
        Some(schema) => object.map(|object| format!("{schema}.{object}")),
        None => object.map(str::to_owned),
    };
    let named = [object.as_deref(), alias].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let using = index.map(|index| format!("using {index}"));
    let on = (!named.is_empty()).then(|| format!("on {named}"));
    [using, on].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The name of what a node reads or changes, without its schema.
pub fn object(node: &Properties) -> Option<&str> {
    node.text(object_key(node.text("Node Type").unwrap_or_default()))
}

fn object_key(kind: &str) -> &'static str {
    let found = OBJECTS.iter().find(|(known, _)| *known == kind || known.is_empty());
    found.map_or("Relation Name", |(_, key)| key)
}

/// Brings both of EXPLAIN's ways to tell the same into one.
pub fn normalize(node: &mut Properties) {
    for (name, usual) in [
        ("Partial Mode", "Simple"),
        ("Join Type", "Inner"),
        ("Scan Direction", "Forward"),
        ("Operation", "Select"),
        ("Parent Relationship", "Outer"),
        ("Parent Relationship", "Member"),
    ] {
        if node.text(name) == Some(usual) {
            node.take(name);
        }
    }
    if node.text("Scan Direction") == Some("NoMovement") {
        node.take("Scan Direction");
    }
    // Of several functions, or one that became a query, only the alias is known.
    if let ("Function Scan", None, Some(alias)) =
        (node.text("Node Type").unwrap_or_default(), object(node), node.text("Alias"))
    {
        let alias = Value::Text(alias.to_owned());
        node.set("Function Name", alias);
    }
    // A node that never ran took no time.
    if node.number("Actual Loops") == Some(0.0) {
        node.take("Actual Startup Time");
        node.take("Actual Total Time");
    }
    if let Some(Value::List(sets)) = node.take("Grouping Sets") {
        let lines: Vec<Value> = sets.iter().flat_map(grouping_set).map(Value::Text).collect();
        node.set("Grouping Sets", Value::List(lines));
    }
    sampling(node);
    if let Some(Value::List(targets)) = node.take("Target Tables") {
        let (targets, counters): (Vec<Value>, Vec<Value>) =
            targets.into_iter().partition(|target| target.get("Relation Name").is_some());
        node.set("Target Tables", Value::List(targets));
        for counter in counters {
            let Value::Object(members) = counter else { continue };
            members.into_iter().for_each(|(name, value)| node.set_unless_nothing(&name, value));
        }
    }
}

/// The lines that the text has for a grouping set.
fn grouping_set(set: &Value) -> Vec<String> {
    let Value::Object(members) = set else {
        return super::properties::joined(set).into_iter().collect();
    };
    let mut lines = Vec::new();
    for (name, value) in members {
        let Value::List(values) = value else { continue };
        let label = name.trim_end_matches('s');
        let keys = |value: &Value| match super::properties::joined(value) {
            Some(keys) if !keys.is_empty() => keys,
            _ => "()".to_owned(),
        };
        match name.as_str() {
            "Sort Key" => lines.push(format!("{label}: {}", keys(value))),
            _ => lines.extend(values.iter().map(|value| format!("{label}: {}", keys(value)))),
        }
    }
    lines
}

/// `bernoulli ('50'::real) REPEATABLE ('0'::double precision)`, as the text has it.
fn sampling(node: &mut Properties) {
    let Some(Value::Text(method)) = node.take("Sampling Method") else { return };
    let parameters = node.joined("Sampling Parameters").unwrap_or_default();
    node.take("Sampling Parameters");
    let mut text = format!("{method} ({parameters})");
    if let Some(Value::Text(seed)) = node.take("Repeatable Seed") {
        text += &format!(" REPEATABLE ({seed})");
    }
    node.set("Sampling", Value::Text(text));
}

/// The parts that a node's line of text stands for.
pub fn parts(line: &str) -> Vec<(String, Value)> {
    let mut parts = Vec::new();
    let mut rest = line;
    for (word, key) in [("Parallel ", "Parallel Aware"), ("Async ", "Async Capable")] {
        if let Some(behind) = rest.strip_prefix(word) {
            parts.push((key.to_owned(), Value::Bool(true)));
            rest = behind;
        }
    }
    let mut add =
        |key: &str, text: &str| parts.push((key.to_owned(), Value::Text(text.to_owned())));
    let (name, target) = split_target(rest);
    let kind = name_parts(name, &mut add);
    let (index, on) = match target.strip_prefix("using ") {
        Some(target) => {
            let (index, behind) = identifier(target);
            (Some(index), behind.strip_prefix(" on ").unwrap_or_default())
        }
        None => (None, target.strip_prefix("on ").unwrap_or_default()),
    };
    if let Some(index) = index {
        add("Index Name", &index);
    }
    if on.is_empty() {
        return parts;
    }
    let (first, behind) = identifier(on);
    if kind == "Bitmap Index Scan" {
        add("Index Name", &first);
        return parts;
    }
    if matches!(kind.as_str(), "Values Scan" | "Subquery Scan") {
        add("Alias", &first);
        return parts;
    }
    let (object, behind) = match behind.strip_prefix('.') {
        Some(behind) => {
            let (object, behind) = identifier(behind);
            add("Schema", &first);
            (object, behind)
        }
        None => (first, behind),
    };
    add(object_key(&kind), &object);
    let alias = behind.strip_prefix(' ').map(|alias| identifier(alias).0);
    add("Alias", &alias.unwrap_or(object));
    parts
}

/// A line's name, and what it has of `using ...` and `on ...`.
fn split_target(line: &str) -> (&str, &str) {
    let at = [" using ", " on "].iter().filter_map(|word| line.find(word)).min();
    at.map_or((line, ""), |at| (&line[..at], &line[at + 1..]))
}

/// Adds what a name says, and returns the node's kind.
fn name_parts(name: &str, add: &mut impl FnMut(&str, &str)) -> String {
    let kind = if OPERATIONS.contains(&name) {
        add("Operation", name);
        "ModifyTable"
    } else if let Some(operation) = name.strip_prefix("Foreign ").filter(|o| *o != "Scan") {
        add("Operation", operation);
        "Foreign Scan"
    } else if let Some(provider) = name.strip_prefix("Custom Scan (") {
        add("Custom Plan Provider", provider.trim_end_matches(')'));
        "Custom Scan"
    } else if let Some(kind) = name.strip_suffix(" Backward") {
        add("Scan Direction", "Backward");
        kind
    } else if let Some(kind) = aggregate(name, add) {
        kind
    } else if let Some((hashed, command)) = name.split_once("SetOp") {
        add("Strategy", if hashed == "Hash" { "Hashed" } else { "Sorted" });
        add("Command", command.trim());
        "SetOp"
    } else if let Some(kind) = join(name, add) {
        kind
    } else {
        name
    };
    add("Node Type", kind);
    kind.to_owned()
}

fn aggregate(name: &str, add: &mut impl FnMut(&str, &str)) -> Option<&'static str> {
    let modes = ["Partial", "Finalize"];
    let mode = modes.iter().find(|mode| name.starts_with(&format!("{mode} ")));
    let rest = mode.map_or(name, |mode| &name[mode.len() + 1..]);
    let (strategy, _) = AGGREGATES.iter().find(|(_, known)| *known == rest)?;
    if let Some(mode) = mode {
        add("Partial Mode", mode);
    }
    add("Strategy", strategy);
    Some("Aggregate")
}

/// `Hash Right Semi Join` is a Hash Join of the type Right Semi.
fn join(name: &str, add: &mut impl FnMut(&str, &str)) -> Option<&'static str> {
    let method = JOINS.iter().find(|method| name.starts_with(&format!("{method} ")))?;
    let kind = match *method {
        "Nested Loop" => "Nested Loop",
        "Merge" => "Merge Join",
        _ => "Hash Join",
    };
    let join = name.strip_suffix(" Join")?.strip_prefix(method)?.trim();
    if !join.is_empty() {
        add("Join Type", join);
    }
    Some(kind)
}

/// The identifier that a text begins with, its quotes taken off, and what follows it.
fn identifier(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '.']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut name = String::new();
    let mut rest = quoted;
    while let Some(end) = rest.find('"') {
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(behind) => rest = behind,
            None => return (name, rest),
        }
        name.push('"');
    }
    (name + rest, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Taken apart and put together again.
    #[test]
    fn names() {
        for line in [
            "Seq Scan on public.orders o",
            "Parallel Seq Scan on orders",
            "Index Scan Backward using a.b on t",
            "Index Only Scan using orders_pkey on orders o",
            "Bitmap Index Scan on orders_pkey",
            "Parallel Bitmap Heap Scan on orders",
            "Nested Loop",
            "Nested Loop Left Join",
            "Hash Join",
            "Parallel Hash Right Semi Join",
            "Merge Full Join",
            "Merge Append",
            "Hash",
            "Parallel Hash",
            "Partial HashAggregate",
            "Finalize GroupAggregate",
            "MixedAggregate",
            "Aggregate",
            "HashSetOp Except All",
            "SetOp Intersect",
            "Update on orders",
            "Merge on orders o",
            "Foreign Scan on x",
            "Foreign Delete on x",
            "Async Foreign Scan on x",
            "Custom Scan (Columnar) on t",
            "Function Scan on pg_catalog.generate_series g",
            "CTE Scan on x y",
            "Values Scan on *VALUES*",
            "Subquery Scan on ss",
            "WorkTable Scan on t",
            "Incremental Sort",
            "Memoize",
            "Result",
        ] {
            let mut node = Properties::new(parts(&line.replace("*VALUES*", "\"*VALUES*\"")));
            normalize(&mut node);
            let again = format!("{} {}", name(&node), target(&node));
            let expected = if line.contains("a.b") { "Index Scan Backward using a" } else { line };
            assert!(again.trim().starts_with(expected), "{line}: {again}");
        }
    }

    #[test]
    fn identifiers() {
        for (text, expected) in [
            ("a b", ("a", " b")),
            ("\"A b\".c", ("A b", ".c")),
            ("\"a\"\"b\" c", ("a\"b", " c")),
            ("\"open", ("open", "")),
            ("", ("", "")),
        ] {
            let (name, rest) = identifier(text);
            assert_eq!((name.as_str(), rest), expected, "{text}");
        }
    }
}
