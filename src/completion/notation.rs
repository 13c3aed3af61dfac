//! The documentation's notation of synopses, read into a tree.
//!
//! Owns what brackets, braces, bars and dots mean. Knows no command.

use std::collections::BTreeMap;

/// A part of a synopsis.
#[derive(Debug)]
pub(super) enum Node {
    Keyword(&'static str),
    Symbol(&'static str),
    Placeholder(&'static str),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Optional(Box<Node>),
    /// One or more, perhaps with something between them.
    Repeat(Box<Node>, Option<Box<Node>>),
}

/// What placeholders are defined as.
pub(super) type Definitions = BTreeMap<&'static str, Node>;

/// Reads a synopsis: its forms begin at the left edge with the verb (or WITH), and `where NAME is:`
/// begins a definition.
pub(super) fn parse_synopsis(text: &'static str, verb: &str) -> (Node, Definitions) {
    let mut blocks = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if definition(line).is_some() {
            blocks.push(&text[start..at]);
            start = at;
        }
        at += line.len();
    }
    blocks.push(&text[start..]);
    let mut blocks = blocks.into_iter();
    let begins_form = |line: &str| line.starts_with(verb) || line.starts_with("[ WITH [ RECURSIVE");
    let mut forms = blocks.next().map_or_else(Vec::new, |block| parts(block, 0, &begins_form));
    let mut definitions = Definitions::new();
    for block in blocks {
        let Some((heading, body)) = block.split_once('\n') else { continue };
        let Some((name, many)) = definition(heading) else { continue };
        let edge = body.lines().find(|line| !line.trim().is_empty()).map_or(0, indentation);
        // A further form of the command may follow the definitions, at the left edge.
        let mut lines = body.split_inclusive('\n');
        let length = lines
            .by_ref()
            .take_while(|line| line.trim().is_empty() || indentation(line) >= edge.min(1))
            .map(str::len)
            .sum();
        let (body, further) = body.split_at(length);
        if !further.trim().is_empty() {
            forms.extend(parts(further, 0, &begins_form));
        }
        let begins_way =
            |line: &str| line.starts_with(|c: char| c.is_alphanumeric() || c == '[' || c == '(');
        let ways = if many { parts(body, edge, &begins_way) } else { vec![body] };
        definitions.insert(name, unroll(name, ways.into_iter().map(parse).collect()));
    }
    (Node::Choice(forms.into_iter().map(parse).collect()), definitions)
}

/// A definition whose ways begin with itself (`from_item join_type from_item`) as one that does
/// not: what it can begin with, and then any number of continuations.
fn unroll(name: &str, ways: Vec<Node>) -> Node {
    let begins_with_itself = |way: &Node| {
        let Node::Sequence(nodes) = way else { return false };
        matches!(nodes.first(), Some(Node::Placeholder(first)) if *first == name)
    };
    let (continuations, starts): (Vec<Node>, Vec<Node>) =
        ways.into_iter().partition(begins_with_itself);
    if continuations.is_empty() {
        return Node::Choice(starts);
    }
    let rest = continuations.into_iter().map(|way| match way {
        Node::Sequence(mut nodes) => {
            nodes.remove(0);
            Node::Sequence(nodes)
        }
        other => other,
    });
    let rest = Node::Repeat(Box::new(Node::Choice(rest.collect())), None);
    Node::Sequence(vec![Node::Choice(starts), Node::Optional(Box::new(rest))])
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// `where action is one of:` -> `action`, and whether each line is a way of its own.
fn definition(line: &'static str) -> Option<(&'static str, bool)> {
    let line = line.trim_end().strip_suffix(':')?;
    let mut words = line.split_ascii_whitespace();
    let mut name = words.next()?;
    if matches!(name, "where" | "and") {
        name = words.next()?;
    } else if line.starts_with(' ') || !line.ends_with(" is") && !line.ends_with(" are") {
        return None;
    }
    matches!(words.next()?, "is" | "can" | "in")
        .then(|| (name, line.contains("one of") || line.ends_with("can be")))
}

/// Splits text into ways. One begins at a line that `begins` accepts, indented by `edge` at most,
/// outside brackets, once the one before it has a word of its own.
fn parts(text: &'static str, edge: usize, begins: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut depth = 0i32;
    let mut has_word = false;
    for line in text.split_inclusive('\n') {
        if has_word && depth == 0 && indentation(line) <= edge && begins(line.trim_start()) {
            parts.push(&text[start..at]);
            start = at;
            has_word = false;
        }
        for c in line.chars() {
            match c {
                '[' | '{' => depth += 1,
                ']' | '}' => depth -= 1,
                _ => has_word |= depth == 0 && !c.is_whitespace(),
            }
        }
        at += line.len();
    }
    parts.push(&text[start..]);
    parts
}

/// Reads the notation.
pub(super) fn parse(text: &'static str) -> Node {
    let mut words = split(text);
    words.reverse();
    choice(&mut words)
}

/// The notation's words: brackets, bars and punctuation on their own.
fn split(text: &'static str) -> Vec<&'static str> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let length = if rest.starts_with("...") {
            3
        } else if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        } else if bytes[at] == b'\'' {
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else if bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_' {
            word_length(rest)
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        words.push(&rest[..length]);
        at += length;
    }
    words
}

/// The length of a word; `relation_name.column_name` is one.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let in_word =
        |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    (0..bytes.len()).take_while(|at| in_word(*at) || bytes[*at] == b'.' && in_word(at + 1)).count()
}

/// Ways divided by bars, up to a closing bracket. `words` is reversed: the next is last.
fn choice(words: &mut Vec<&'static str>) -> Node {
    let mut ways = vec![Vec::new()];
    while let Some(word) = words.pop() {
        let Some(way) = ways.last_mut() else { break };
        match word {
            "|" => {
                ways.push(Vec::new());
                continue;
            }
            "]" | "}" | ")" => break,
            "[" => {
                let separator = match words.as_slice() {
                    [.., "...", word @ ("," | "OR")] => Some(*word),
                    _ => None,
                };
                if separator.is_none() && words.last() != Some(&"...") {
                    way.push(Node::Optional(Box::new(choice(words))));
                    continue;
                }
                // `X [, ...]` and `X [ ... ]` repeat what precedes them.
                while words.pop().is_some_and(|word| word != "]") {}
                let start = match separator {
                    Some(_) => last_element(way),
                    None => way.len().saturating_sub(1),
                };
                let separator = separator.map(|word| match word {
                    "," => Box::new(Node::Symbol(",")),
                    word => Box::new(Node::Keyword(word)),
                });
                let element = Box::new(Node::Sequence(way.split_off(start)));
                way.push(Node::Repeat(element, separator));
            }
            "{" => way.push(choice(words)),
            // Parentheses are the statement's own, and divide ways like braces.
            "(" => way.extend([Node::Symbol("("), choice(words), Node::Symbol(")")]),
            "..." => {
                if let Some(repeated) = way.pop() {
                    way.push(Node::Repeat(Box::new(repeated), None));
                }
            }
            _ if word
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit())
                && word.bytes().any(|b| b.is_ascii_uppercase()) =>
            {
                way.push(Node::Keyword(word));
            }
            // '[' is the bracket itself.
            _ if word.starts_with('\'') && !word.contains(|c: char| c.is_alphanumeric()) => {
                way.push(Node::Symbol(word.trim_matches('\'')));
            }
            _ if word.starts_with('\'') => way.push(Node::Placeholder(word)),
            _ if word.as_bytes()[0].is_ascii_alphanumeric() => way.push(Node::Placeholder(word)),
            _ => way.push(Node::Symbol(word)),
        }
    }
    let mut ways: Vec<Node> = ways.into_iter().map(Node::Sequence).collect();
    match ways.len() {
        1 => ways.remove(0),
        _ => Node::Choice(ways),
    }
}

/// Where the element begins that `[, ...]` repeats: behind the key words that lead to the list.
fn last_element(way: &[Node]) -> usize {
    let mut start = way.len();
    let mut has_core = false;
    while let Some(at) = start.checked_sub(1) {
        match &way[at] {
            Node::Symbol(",") => break,
            Node::Symbol(")") => start = at.saturating_sub(2),
            Node::Optional(_) => start = at,
            node if has_core && leads(node) => {
                // `window_name AS ( ... )` and `element WITH operator` are one element.
                let inside = matches!(node, Node::Keyword("AS" | "WITH"))
                    && at > 0
                    && matches!(way[at - 1], Node::Placeholder(_) | Node::Choice(_));
                if !inside {
                    break;
                }
                start = at;
            }
            // An action of ALTER may be repeated, but not the name before it.
            Node::Placeholder("action") => {
                start = at;
                break;
            }
            _ => start = at,
        }
        has_core |= !matches!(way[start], Node::Optional(_));
    }
    // `[ IF EXISTS ] name`: once is enough.
    let once = |node: &Node| match node {
        Node::Optional(inner) => leads(inner) && !begins_with(inner, "ONLY"),
        _ => false,
    };
    while start + 1 < way.len() && start > 0 && once(&way[start]) {
        start += 1;
    }
    start
}

/// Whether a part begins with a key word in any case.
fn leads(node: &Node) -> bool {
    match node {
        Node::Keyword(_) => true,
        Node::Symbol(_) | Node::Placeholder(_) | Node::Optional(_) => false,
        Node::Sequence(nodes) => nodes.first().is_some_and(leads),
        Node::Choice(ways) => ways.iter().all(leads),
        Node::Repeat(inner, _) => leads(inner),
    }
}

fn begins_with(node: &Node, keyword: &str) -> bool {
    match node {
        Node::Keyword(word) => *word == keyword,
        Node::Sequence(nodes) => nodes.first().is_some_and(|node| begins_with(node, keyword)),
        _ => false,
    }
}
