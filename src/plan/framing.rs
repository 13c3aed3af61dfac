//! Plans in what people paste or programs fetch: as psql prints them, with and without its frame, in
//! quotes, as auto_explain logs them; in JSON and in text.

use super::json::Value;
use super::node::Plan;
use super::text;

/// The heading of EXPLAIN's one column.
const HEADING: &str = "QUERY PLAN";
/// What lines begin with that stand below a plan.
const SUMMARY: [&str; 9] = [
    "Planning",
    "Execution ",
    "Settings: ",
    "Trigger ",
    "JIT:",
    "JIT ",
    "Query Identifier: ",
    "Serialization: ",
    "Memory: ",
];
/// What ends auto_explain's first line.
const LOGGED: &str = " ms  plan:";

/// The plans in a text, in EXPLAIN's JSON: an object for each statement.
pub fn plans(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        if let Some((message, taken)) = logged_in_quotes(&lines[at..]) {
            found.extend(plans(&message));
            at += taken;
        } else {
            // Up to the next one.
            let next = lines[at..].iter().skip(1).position(|line| line.contains(LOGGED));
            let end = next.map_or(lines.len(), |next| at + 1 + next);
            let is_log = lines[at].contains(LOGGED);
            let part = &lines[at..end];
            let part: Vec<String> = match is_log {
                true => part.iter().skip(1).map(|line| without_prefix(line)).collect(),
                false => unframed(part),
            };
            plans_of_lines(&part, &mut found);
            at = end;
        }
    }
    found
}

/// What a log in JSON or CSV has of a plan, and how many lines that takes.
fn logged_in_quotes(lines: &[&str]) -> Option<(String, usize)> {
    let first = lines.first()?;
    if first.trim_start().starts_with('{')
        && let Some((value, _)) = Value::read(first)
        && let Some(Value::Text(message)) = value.get("message")
    {
        return Some((tabbed(message), 1));
    }
    let start = first.find("\"duration: ").filter(|_| first.ends_with(LOGGED))? + 1;
    let text = lines.join("\n");
    let mut message = String::new();
    let mut rest = &text[start..];
    loop {
        let end = rest.find('"')?;
        message.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(behind) => rest = behind,
            None => break,
        }
        message.push('"');
    }
    let consumed = text.len() - rest.len();
    let taken = text[..consumed].matches('\n').count() + 1;
    Some((tabbed(&message), taken))
}

/// A message of auto_explain as a log has it: a tab before each further line.
fn tabbed(message: &str) -> String {
    message.replace('\n', "\n\t")
}

/// A line of a log without what the log puts before it.
fn without_prefix(line: &str) -> String {
    let line = line.replace("#011", "\t");
    line.split_once('\t').map_or(String::new(), |(_, text)| text.to_owned())
}

/// Lines without psql's frame, quotes and marks of lines that go on.
fn unframed(lines: &[&str]) -> Vec<String> {
    let is_framed = lines.iter().any(|line| line.contains(HEADING));
    lines.iter().map(|line| unframed_line(line, is_framed)).collect()
}

fn unframed_line(line: &str, is_framed: bool) -> String {
    let mut line = line.trim_end();
    let quoted = line.trim_start().strip_prefix('"').and_then(|line| line.strip_suffix('"'));
    // The members of JSON are in quotes as well.
    if let Some(inner) = quoted.filter(|inner| !inner.replace("\"\"", "").contains('"')) {
        return inner.replace("\"\"", "\"");
    }
    if !is_framed {
        return without_mark(line, &["+"]).to_owned();
    }
    if let Some((label, value)) = line.split_once('|').or_else(|| line.split_once('│')) {
        let label = label.trim();
        if label.is_empty() || label == HEADING {
            line = value.trim_end();
            line = line.strip_suffix('|').or_else(|| line.strip_suffix('│')).unwrap_or(line);
        }
    }
    without_mark(line.trim_end(), &["+", "↵"]).to_owned()
}

/// A line without the mark that it goes on: only JSON has such lines, none of which ends so itself.
fn without_mark<'l>(line: &'l str, marks: &[&str]) -> &'l str {
    let mark = marks.iter().find_map(|mark| line.strip_suffix(mark));
    mark.map_or(line, str::trim_end)
}

/// Finds the plans in lines that are nothing but themselves.
fn plans_of_lines(lines: &[String], found: &mut Vec<Value>) {
    let whole = lines.join("\n");
    let mut offset = 0;
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let start = line.trim_start();
        let taken = if start.starts_with(['[', '{']) {
            json_at(&whole[offset..], found)
        } else {
            text_at(&lines[at..], found)
        };
        let taken = taken.max(1);
        offset += lines[at..at + taken].iter().map(|line| line.len() + 1).sum::<usize>();
        at += taken;
    }
}

/// Takes the plans of a JSON; how many lines they take.
fn json_at(text: &str, found: &mut Vec<Value>) -> usize {
    let Some((value, rest)) = Value::read(text) else { return 0 };
    let statements = match value {
        Value::List(values) => values,
        value => vec![value],
    };
    let plans = statements.into_iter().filter(|s| !Plan::of_json(s.clone()).is_empty());
    let before = found.len();
    found.extend(plans);
    if found.len() == before {
        0
    } else {
        text[..text.len() - rest.len()].matches('\n').count() + 1
    }
}

/// Takes the plan whose first line this is; how many lines it takes.
fn text_at(lines: &[String], found: &mut Vec<Value>) -> usize {
    let first = &lines[0];
    let indent = first.len() - first.trim_start().len();
    if !text::begins_plan(first.trim_start()) {
        return 0;
    }
    let dedented = |line: &String| {
        let blanks = line.bytes().take_while(|b| *b == b' ').count().min(indent);
        line[blanks..].to_owned()
    };
    let below = lines[1..].iter().map(dedented);
    let belongs = |line: &String| {
        line.starts_with(' ') || SUMMARY.iter().any(|label| line.starts_with(label))
    };
    let mut plan = vec![dedented(first)];
    plan.extend(below.take_while(belongs));
    match text::read(&plan) {
        Some(value) if !Plan::of_json(value.clone()).is_empty() => found.push(value),
        _ => return 0,
    }
    plan.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "Sort  (cost=1.05..1.06 rows=5 width=4)\n  Sort Key: a\n  ->  Seq Scan on t  (cost=0.00..1.05 rows=5 width=4)\n        Filter: (a > 'x'::text)\nPlanning Time: 0.1 ms";

    #[test]
    fn frames() {
        let expected = plans(PLAN);
        assert_eq!(expected.len(), 1);
        let framed = |left: &str, right: &str| -> String {
            PLAN.lines().map(|line| format!("{left}{line:<60}{right}\n")).collect()
        };
        let quoted: String = PLAN.lines().map(|line| format!("\"{line}\"\n")).collect();
        let tabbed = PLAN.replace('\n', "\n\t");
        for text in [
            format!("   QUERY PLAN   \n-------\n{}(5 rows)\n\n", framed(" ", "")),
            format!("QUERY PLAN\n{PLAN}\n(5 rows)\n"),
            format!("+----+\n|  QUERY PLAN |\n+----+\n{}+-----+\n(5 rows)\n", framed("| ", " |")),
            format!("│  QUERY PLAN │\n├────┤\n{}└─────┘\n", framed("│ ", " │")),
            quoted.clone(),
            format!("\"QUERY PLAN\"\n{quoted}"),
            format!("postgres=# explain select 1;\n{}postgres=# ", framed("    ", "")),
            PLAN.replace('\n', "\r\n"),
            format!(
                "2026-01-01 UTC [1] LOG:  duration: 0.5 ms  plan:\n\tQuery Text: select *\n\tfrom t\n\t{tabbed}\n2026-01-01 LOG: x\n"
            ),
            format!(
                "Jan 1 host postgres[1]: [5-1] LOG:  duration: 0.5 ms  plan:\nJan 1 host postgres[1]: [5-2] #011Query Text: x\n{}",
                PLAN.lines()
                    .map(|line| format!("Jan 1 host postgres[1]: [5-3] #011{line}\n"))
                    .collect::<String>()
            ),
            format!(
                "2026-01-01,\"postgres\",\"SELECT\",\"duration: 0.5 ms  plan:\nQuery Text: select \"\"a\"\"\n{PLAN}\",,,\n2026-01-01,more\n"
            ),
            format!(
                "{{\"pid\":1,\"message\":\"duration: 0.5 ms  plan:\\nQuery Text: x\\n{}\"}}\n",
                PLAN.replace('\n', "\\n")
            ),
        ] {
            assert_eq!(plans(&text), expected, "{text}");
        }
        let twice = format!("{PLAN}\n\n{PLAN}\n");
        assert_eq!(plans(&twice).len(), 2);
        for none in [
            "",
            "QUERY PLAN",
            "select (cost=1)",
            "[1, 2]",
            "{\"a\": 1}",
            "[{\"Plan\": 1}]",
            "{",
            "x\n  ->  y (cost=1",
        ] {
            assert_eq!(plans(none), [], "{none}");
        }
    }

    #[test]
    fn json_in_frames() {
        let json = "[\n  {\n    \"Plan\": {\n      \"Node Type\": \"Result\",\n      \"Total Cost\": 0.01\n    }\n  }\n]";
        let expected = plans(json);
        assert_eq!(expected.len(), 1);
        let marked: String = json.lines().map(|line| format!(" {line:<40}+\n")).collect();
        let ruled: String = json.lines().map(|line| format!("│ {line:<40}↵│\n")).collect();
        for text in [
            format!("     QUERY PLAN   \n------\n{marked}(1 row)\n"),
            format!("│ QUERY PLAN │\n├───┤\n{ruled}└────┘\n"),
            marked,
            format!("x LOG:  duration: 0.5 ms  plan:\n\t{}\n", json.replace('\n', "\n\t")),
            format!("-[ RECORD 1 ]----\nQUERY PLAN | {}\n", json.replace('\n', "+\n           | ")),
        ] {
            assert_eq!(plans(&text), expected, "{text}");
        }
    }
}
