//! A line of EXPLAIN's text -> the members that its JSON has instead.

use super::json::Value;

type Members = Vec<(String, Value)>;

/// What a node's line says in brackets, as it is written.
#[derive(Debug, Default)]
pub struct Figures {
    cost: Option<[String; 4]>,
    seen: Option<Run>,
}

#[derive(Debug)]
enum Run {
    Never,
    Seen { time: Option<[String; 2]>, rows: String, loops: String },
}

impl Figures {
    /// Whether it says what the planner expects.
    pub fn has_cost(&self) -> bool {
        self.cost.is_some()
    }

    /// Whether it says what was seen.
    pub fn has_run(&self) -> bool {
        self.seen.is_some()
    }

    /// As members of JSON.
    pub fn members(self) -> Members {
        let mut members = Vec::new();
        let mut add =
            |key: &str, number: String| members.push((key.to_owned(), Value::Number(number)));
        if let Some([startup, total, rows, width]) = self.cost {
            add("Startup Cost", startup);
            add("Total Cost", total);
            add("Plan Rows", rows);
            add("Plan Width", width);
        }
        match self.seen {
            None => {}
            Some(Run::Never) => {
                add("Actual Rows", "0".to_owned());
                add("Actual Loops", "0".to_owned());
            }
            Some(Run::Seen { time, rows, loops }) => {
                if let Some([startup, total]) = time {
                    add("Actual Startup Time", startup);
                    add("Actual Total Time", total);
                }
                add("Actual Rows", rows);
                add("Actual Loops", loops);
            }
        }
        members
    }
}

/// A node's name and its figures; `None` without figures.
pub fn node(line: &str) -> Option<(&str, Figures)> {
    let brackets = ["  (cost=", " (cost=", "  (actual ", " (actual ", " (never executed)"];
    let at = brackets.iter().filter_map(|bracket| line.find(bracket)).min()?;
    let (name, rest) = line.split_at(at);
    let figures = Figures { cost: cost(rest), seen: seen(rest) };
    (figures.has_cost() || figures.has_run()).then_some((name.trim_end(), figures))
}

/// `(cost=0.00..1.05 rows=5 width=6)`
fn cost(text: &str) -> Option<[String; 4]> {
    let (startup, rest) = number(behind(text, "(cost=")?)?;
    let (total, rest) = number(rest.strip_prefix("..")?)?;
    let (rows, rest) = number(rest.strip_prefix(" rows=")?)?;
    let (width, _) = number(rest.strip_prefix(" width=")?)?;
    Some([startup, total, rows, width])
}

/// `(actual time=0.005..0.006 rows=5 loops=1)`, `(actual rows=5 loops=1)`, `(never executed)`
fn seen(text: &str) -> Option<Run> {
    if text.contains("(never executed)") {
        return Some(Run::Never);
    }
    run(behind(text, "(actual ")?)
}

/// What stands behind `actual`.
fn run(text: &str) -> Option<Run> {
    let (time, rest) = match text.strip_prefix("time=") {
        Some(rest) => {
            let (startup, rest) = number(rest)?;
            let (total, rest) = number(rest.strip_prefix("..")?)?;
            (Some([startup, total]), rest.strip_prefix(' ')?)
        }
        None => (None, text),
    };
    let (rows, rest) = number(rest.strip_prefix("rows=")?)?;
    let (loops, _) = number(rest.strip_prefix(" loops=")?)?;
    Some(Run::Seen { time, rows, loops })
}

fn behind<'t>(text: &'t str, bracket: &str) -> Option<&'t str> {
    text.find(bracket).map(|at| &text[at + bracket.len()..])
}

/// The number that a text begins with, as it is written, and what follows it.
fn number(text: &str) -> Option<(String, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let fraction = text[digits..]
        .strip_prefix('.')
        .map_or(0, |fraction| fraction.bytes().take_while(u8::is_ascii_digit).count());
    let length = if fraction > 0 { digits + 1 + fraction } else { digits };
    (digits > 0).then(|| (text[..length].to_owned(), &text[length..]))
}

/// What lists something.
const LISTS: [&str; 8] = [
    "Output",
    "Sort Key",
    "Presorted Key",
    "Group Key",
    "Params Evaluated",
    "Conflict Arbiter Indexes",
    "Merge Key",
    "Settings",
];
/// What is true or false.
const FLAGS: [&str; 3] = ["Single Copy", "Inner Unique", "Disabled"];
/// What is a text even if it looks like a number.
const TEXTS: [&str; 8] =
    ["Filter", "Cond", "Key", "By", "Call", "Window", "Sampling", "Remote SQL"];

/// The members that a line of a node, or of a group, stands for.
pub fn property(text: &str) -> Members {
    if let Some(run) = text.strip_prefix("actual ").and_then(run) {
        return Figures { cost: None, seen: Some(run) }.members();
    }
    let Some((label, value)) = text.split_once(':') else { return Vec::new() };
    let value = value.trim_start();
    match label {
        "Buffers" => buffers(value),
        "I/O Timings" => io_timings(value),
        "WAL" => wal(value),
        "Heap Blocks" => heap_blocks(value),
        "Tuples" => pairs(value, |_, what| Some(format!("Tuples {}", capital(what)))),
        "Sort Method" => fields("", text, SORT),
        "Full-sort Groups" | "Pre-sorted Groups" => sort_groups(label, value),
        "Buckets" => hash(text),
        "Hits" => fields("", text, MEMOIZE),
        "Batches" | "Planned Partitions" => fields("", text, AGGREGATE),
        "Storage" => fields("", text, STORAGE),
        "Memory" => memory(value),
        "Functions" => vec![(label.to_owned(), Value::Number(value.to_owned()))],
        "Options" => vec![(label.to_owned(), jit_options(value))],
        "Timing" => vec![(label.to_owned(), jit_timing(value))],
        _ if LISTS.contains(&label) => vec![(label.to_owned(), list(value))],
        _ if FLAGS.contains(&label) => vec![(label.to_owned(), Value::Bool(value == "true"))],
        _ => vec![(label.to_owned(), plain(label, value))],
    }
}

/// A value as it is, a number if it is one.
fn plain(label: &str, value: &str) -> Value {
    let is_text =
        !label.starts_with("Rows Removed") && TEXTS.iter().any(|end| label.ends_with(end));
    match number(value.strip_prefix('-').unwrap_or(value)) {
        Some((_, "")) if !is_text => Value::Number(value.to_owned()),
        _ => Value::Text(value.to_owned()),
    }
}

/// What is listed, cut at the commas outside of brackets and quotes.
pub fn list(text: &str) -> Value {
    let mut items = Vec::new();
    let (mut depth, mut quote, mut start) = (0u32, None, 0);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) => quote = Some(c),
            ('(' | '[' | '{', None) => depth += 1,
            (')' | ']' | '}', None) => depth = depth.saturating_sub(1),
            (',', None) if depth == 0 => {
                items.push(Value::Text(text[start..at].trim().to_owned()));
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(Value::Text(text[start..].trim().to_owned()));
    Value::List(items)
}

/// `Group Key: a, b`, `Hash Key: c`, `Sort Key: d`
pub fn aggregate_key(text: &str) -> Option<(String, String)> {
    let (label, keys) = text.split_once(": ")?;
    let is_key = matches!(label, "Group Key" | "Hash Key" | "Sort Key");
    is_key.then(|| (label.to_owned(), keys.to_owned()))
}

/// A worker's number, and what is said of it.
pub fn worker(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = text.strip_prefix("Worker ")?.split_once(':')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| (number, rest.trim_start()))
}

/// Fields of a line by how they are introduced: the member's name, and the unit that is cut off.
type Field = (&'static str, &'static str, &'static str);

const SORT: &[Field] = &[
    ("Sort Method: ", "Sort Method", ""),
    ("Memory: ", "Sort Space Used", "kB"),
    ("Disk: ", "Sort Space Used", "kB"),
];
const MEMOIZE: &[Field] = &[
    ("Hits: ", "Cache Hits", ""),
    ("Misses: ", "Cache Misses", ""),
    ("Evictions: ", "Cache Evictions", ""),
    ("Overflows: ", "Cache Overflows", ""),
    ("Memory Usage: ", "Peak Memory Usage", "kB"),
];
const AGGREGATE: &[Field] = &[
    ("Planned Partitions: ", "Planned Partitions", ""),
    ("Batches: ", "HashAgg Batches", ""),
    ("Memory Usage: ", "Peak Memory Usage", "kB"),
    ("Disk Usage: ", "Disk Usage", "kB"),
];
const STORAGE: &[Field] =
    &[("Storage: ", "Storage", ""), ("Maximum Storage: ", "Maximum Storage", "kB")];
const HASH: &[Field] = &[
    ("Buckets: ", "Hash Buckets", ""),
    ("Batches: ", "Hash Batches", ""),
    ("Memory Usage: ", "Peak Memory Usage", "kB"),
];

/// The fields of a line, between which there are two blanks.
fn fields(prefix: &str, text: &str, known: &[Field]) -> Members {
    let mut members = Vec::new();
    for part in text.split("  ").map(str::trim) {
        let Some((label, name, unit)) = known.iter().find(|(label, ..)| part.starts_with(label))
        else {
            continue;
        };
        let value = part[label.len()..].trim();
        let value = if unit.is_empty() { value } else { value.trim_end_matches(unit) };
        members.push((format!("{prefix}{name}"), plain(name, value)));
        if *name == "Sort Space Used" {
            let kind = label.trim_end_matches(": ").to_owned();
            members.push((format!("{prefix}Sort Space Type"), Value::Text(kind)));
        }
    }
    members
}

/// `Buckets: 2048 (originally 1024)  Batches: 4 (originally 1)  Memory Usage: 9kB`
fn hash(text: &str) -> Members {
    let mut members = Vec::new();
    for (name, value) in fields("", text, HASH) {
        let original = format!("Original {name}");
        match &value {
            Value::Text(both) => {
                let (now, before) = both.split_once(" (originally ").unwrap_or((both, both));
                let before = before.trim_end_matches(')');
                members.push((name, Value::Number(now.to_owned())));
                members.push((original, Value::Number(before.to_owned())));
            }
            Value::Number(number) if name != "Peak Memory Usage" => {
                let number = number.clone();
                members.push((name, value));
                members.push((original, Value::Number(number)));
            }
            _ => members.push((name, value)),
        }
    }
    members
}

/// `Full-sort Groups: 2  Sort Method: quicksort  Average Memory: 26kB  Peak Memory: 26kB`
fn sort_groups(label: &str, value: &str) -> Members {
    let mut group = Vec::new();
    let mut text = value;
    let count = text.split("  ").next().unwrap_or_default();
    group.push(("Group Count".to_owned(), Value::Number(count.to_owned())));
    text = &text[count.len()..];
    let mut spaces: Vec<(String, Members)> = Vec::new();
    for part in text.split("  ").map(str::trim) {
        let Some((name, value)) = part.split_once(": ") else { continue };
        if name.starts_with("Sort Method") {
            let methods = value.split(", ").map(|method| Value::Text(method.to_owned()));
            group.push(("Sort Methods Used".to_owned(), Value::List(methods.collect())));
        } else if let Some((which, kind)) = name.split_once(' ') {
            let which = if which == "Average" { "Average" } else { "Peak" };
            let number = Value::Number(value.trim_end_matches("kB").to_owned());
            let key = format!("Sort Space {kind}");
            let member = (format!("{which} Sort Space Used"), number);
            match spaces.iter_mut().find(|(known, _)| *known == key) {
                Some((_, members)) => members.push(member),
                None => spaces.push((key, vec![member])),
            }
        }
    }
    group.extend(spaces.into_iter().map(|(key, members)| (key, Value::Object(members))));
    vec![(label.to_owned(), Value::Object(group))]
}

/// `exact=10 lossy=5`
fn heap_blocks(text: &str) -> Members {
    let words = text.split_whitespace().filter_map(|word| word.split_once('='));
    let named = |(kind, count): (&str, &str)| match kind {
        "exact" => Some(("Exact Heap Blocks".to_owned(), Value::Number(count.to_owned()))),
        "lossy" => Some(("Lossy Heap Blocks".to_owned(), Value::Number(count.to_owned()))),
        _ => None,
    };
    words.filter_map(named).collect()
}

/// `shared hit=8 read=2, temp read=7 written=8`
fn buffers(text: &str) -> Members {
    pairs(text, |kind, what| Some(format!("{} {} Blocks", capital(kind), capital(what))))
}

/// `shared read=1.2 write=0.1, temp read=0.5`; until 16 without a kind, which is the shared one.
fn io_timings(text: &str) -> Members {
    let is_old = text.starts_with("read=") || text.starts_with("write=");
    let text = if is_old { format!("old {text}") } else { text.replace("shared/local", "shared") };
    pairs(&text, |kind, what| {
        let what = capital(what);
        Some(match kind {
            "old" => format!("I/O {what} Time"),
            kind => format!("{} I/O {what} Time", capital(kind)),
        })
    })
}

/// `records=1 fpi=1 bytes=10`
fn wal(text: &str) -> Members {
    pairs(&format!("wal {text}"), |_, what| {
        Some(match what {
            "records" => "WAL Records".to_owned(),
            "fpi" => "WAL FPI".to_owned(),
            "bytes" => "WAL Bytes".to_owned(),
            "full" => "WAL Buffers Full".to_owned(),
            _ => return None,
        })
    })
}

/// Names and numbers behind the kinds that they are of.
fn pairs(text: &str, name: impl Fn(&str, &str) -> Option<String>) -> Members {
    let mut members = Vec::new();
    let mut kind = "";
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        match word.split_once('=') {
            Some((what, value)) => {
                members.extend(name(kind, what).map(|name| (name, Value::Number(value.to_owned()))))
            }
            None => kind = word,
        }
    }
    members
}

/// `used=45kB  allocated=64kB`
fn memory(text: &str) -> Members {
    let words = text.split_whitespace().filter_map(|word| word.split_once('='));
    let named = words.map(|(what, value)| {
        let number = value.trim_end_matches("kB").to_owned();
        (format!("Memory {}", capital(what)), Value::Number(number))
    });
    named.collect()
}

/// `Inlining false, Optimization true`
fn jit_options(text: &str) -> Value {
    let options = text.split(", ").filter_map(|option| option.split_once(' '));
    let options = options.map(|(name, value)| (name.to_owned(), Value::Bool(value == "true")));
    Value::Object(options.collect())
}

/// `Generation 1.2 ms (Deform 0.5 ms), Inlining 0.0 ms, Total 5.0 ms`
fn jit_timing(text: &str) -> Value {
    let mut members = Vec::new();
    for part in text.split(", ") {
        let (part, deform) = part.split_once(" (").unwrap_or((part, ""));
        let Some((name, time)) = milliseconds(part) else { continue };
        let value = match milliseconds(deform.trim_end_matches(')')) {
            Some((_, deform)) => Value::Object(vec![
                ("Deform".to_owned(), Value::Number(deform)),
                ("Total".to_owned(), Value::Number(time)),
            ]),
            None => Value::Number(time),
        };
        members.push((name.to_owned(), value));
    }
    Value::Object(members)
}

/// `Total 5.0 ms`
fn milliseconds(text: &str) -> Option<(&str, String)> {
    let (name, time) = text.split_once(' ')?;
    Some((name, number(time.strip_suffix(" ms")?)?.0))
}

/// A line below the plan.
pub fn summary(text: &str) -> Members {
    let Some((label, value)) = text.split_once(": ") else { return Vec::new() };
    match label {
        // Until 11.
        "Planning time" | "Planning Time" => time("Planning Time", value),
        "Execution time" | "Execution Time" => time("Execution Time", value),
        "Settings" => vec![("Settings".to_owned(), settings(value))],
        "Serialization" => vec![("Serialization".to_owned(), serialization(value))],
        _ => property(text),
    }
}

fn time(name: &str, value: &str) -> Members {
    let number = number(value).map(|(number, _)| (name.to_owned(), Value::Number(number)));
    number.into_iter().collect()
}

/// `work_mem = '64kB', jit = 'off'`
fn settings(text: &str) -> Value {
    let Value::List(items) = list(text) else { return Value::Null };
    let setting = |item: Value| {
        let Value::Text(item) = item else { return None };
        let (name, value) = item.split_once(" = ")?;
        let value = value.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
        Some((name.to_owned(), Value::Text(value)))
    };
    Value::Object(items.into_iter().filter_map(setting).collect())
}

/// `time=68.348 ms  output=22030kB  format=text`
fn serialization(text: &str) -> Value {
    let words = text.split_whitespace().filter_map(|word| word.split_once('='));
    let named = words.filter_map(|(what, value)| {
        Some(match what {
            "time" => ("Time".to_owned(), Value::Number(value.to_owned())),
            "output" => {
                let number = value.trim_end_matches("kB").to_owned();
                ("Output Volume".to_owned(), Value::Number(number))
            }
            "format" => ("Format".to_owned(), Value::Text(value.to_owned())),
            _ => return None,
        })
    });
    Value::Object(named.collect())
}

/// `Trigger audit on orders: time=1.5 calls=3`, `Trigger for constraint c on orders: ...`
pub fn trigger(text: &str) -> Option<Members> {
    let (head, figures) = text.strip_prefix("Trigger ")?.split_once(": ")?;
    let mut members = Vec::new();
    let mut add =
        |name: &str, text: &str| members.push((name.to_owned(), Value::Text(text.to_owned())));
    let (head, relation) = match head.rsplit_once(" on ") {
        Some((head, relation)) => (head, Some(relation)),
        None => (head, None),
    };
    match head
        .strip_prefix("for constraint ")
        .map(|c| ("", c))
        .or(head.split_once(" for constraint "))
    {
        Some((name, constraint)) => {
            if !name.is_empty() {
                add("Trigger Name", name);
            }
            add("Constraint Name", constraint);
        }
        None => add("Trigger Name", head),
    }
    if let Some(relation) = relation {
        add("Relation", relation);
    }
    for (what, value) in figures.split_whitespace().filter_map(|word| word.split_once('=')) {
        let (value, _) = number(value)?;
        members.push((capital(what), Value::Number(value)));
    }
    Some(members)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
