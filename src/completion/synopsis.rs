//! The synopses of `grammar/sql` as a machine: tokens go in, what may come next comes out.
//!
//! Owns the documentation's notation. It accepts more than the server does: what a placeholder
//! stands for is any plausible run of tokens.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use super::keyword::is_reserved;
use crate::grammar;

/// A unit of the statement before the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item<'t> {
    pub kind: ItemKind,
    pub text: &'t [u8],
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// An unquoted word without dots: a key word or a name.
    Word,
    /// A quoted or dotted name.
    Name,
    /// A string, a number, a parameter or a variable.
    Value,
    /// Punctuation.
    Symbol,
}

impl Item<'_> {
    /// Whether this is that key word.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == ItemKind::Word && self.text.eq_ignore_ascii_case(keyword.as_bytes())
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == ItemKind::Symbol && self.text == symbol.as_bytes()
    }

    /// Whether this may name something.
    pub fn is_name(&self) -> bool {
        match self.kind {
            ItemKind::Word => !is_reserved(&self.text.to_ascii_lowercase()),
            ItemKind::Name => true,
            ItemKind::Value => self.text.starts_with(b":"),
            ItemKind::Symbol => false,
        }
    }
}

/// Something that may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expected {
    /// A key word, in upper case.
    Keyword(&'static str),
    /// Punctuation.
    Symbol(&'static str),
    /// What a placeholder stands for.
    Placeholder(&'static str),
    /// An operand of an expression.
    Operand,
    /// What may follow an operand: an operator or a key word of expressions.
    Operator,
}

/// What may follow these items, which begin a statement.
pub(super) fn expected(items: &[Item<'_>]) -> BTreeSet<Expected> {
    let mut walk = Walk { items, expected: BTreeSet::new(), seen: HashMap::new(), depth: 0 };
    for synopsis in machine().iter().filter(|synopsis| synopsis.may_begin(items.first())) {
        walk.node(&synopsis.forms, &synopsis.definitions, 0);
    }
    walk.expected
}

/// A part of a synopsis.
#[derive(Debug)]
enum Node {
    Keyword(&'static str),
    Symbol(&'static str),
    Placeholder(&'static str),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Optional(Box<Node>),
    /// One or more, with commas between them or not.
    Repeat(Box<Node>, bool),
}

type Definitions = BTreeMap<&'static str, Node>;

/// A command's synopsis.
struct Synopsis {
    /// The command's first word.
    verb: &'static str,
    forms: Node,
    /// What its placeholders are defined as below it.
    definitions: Definitions,
}

impl Synopsis {
    fn is_query(&self) -> bool {
        matches!(
            self.verb,
            "SELECT" | "VALUES" | "TABLE" | "INSERT" | "UPDATE" | "DELETE" | "MERGE"
        )
    }

    /// Whether a statement that begins with `item` may be this one. Most may not: they need not
    /// be walked.
    fn may_begin(&self, item: Option<&Item<'_>>) -> bool {
        item.is_none_or(|item| {
            item.is(self.verb) || self.is_query() && (item.is("WITH") || item.is_symbol("("))
        })
    }
}

fn machine() -> &'static [Synopsis] {
    static MACHINE: OnceLock<Vec<Synopsis>> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let parse = |command: &grammar::SqlCommand| {
            let verb = command.name.split(' ').next().unwrap_or_default();
            let (forms, definitions) = parse_synopsis(command.synopsis, verb);
            Synopsis { verb, forms, definitions }
        };
        grammar::sql_commands().iter().map(parse).collect()
    })
}

/// Reads a synopsis: its forms begin at the left edge with the verb (or WITH), and `where NAME is:`
/// begins a definition.
fn parse_synopsis(text: &'static str, verb: &str) -> (Node, Definitions) {
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
    let rest = Node::Repeat(Box::new(Node::Choice(rest.collect())), false);
    Node::Sequence(vec![Node::Choice(starts), Node::Optional(Box::new(rest))])
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// `where action is one of:` -> `action`, and whether each line is a way of its own.
fn definition(line: &'static str) -> Option<(&'static str, bool)> {
    let rest = line.trim().strip_suffix(':')?;
    let rest = rest.strip_prefix("where ").or_else(|| rest.strip_prefix("and "))?;
    let mut words = rest.split_ascii_whitespace();
    let name = words.next()?;
    matches!(words.next()?, "is" | "can")
        .then(|| (name, rest.contains("one of") || rest.ends_with("can be")))
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
fn parse(text: &'static str) -> Node {
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
                let comma = words.len() >= 2
                    && words[words.len() - 1] == ","
                    && words[words.len() - 2] == "...";
                let bare = words.last() == Some(&"...");
                if comma || bare {
                    // `X [, ...]` and `X [ ... ]` repeat what precedes them.
                    while words.pop().is_some_and(|word| word != "]") {}
                    if let Some(repeated) = way.pop() {
                        way.push(Node::Repeat(Box::new(repeated), comma));
                    }
                } else {
                    way.push(Node::Optional(Box::new(choice(words))));
                }
            }
            "{" => way.push(choice(words)),
            // Parentheses are the statement's own, and divide ways like braces.
            "(" => way.extend([Node::Symbol("("), choice(words), Node::Symbol(")")]),
            "..." => {
                if let Some(repeated) = way.pop() {
                    way.push(Node::Repeat(Box::new(repeated), false));
                }
            }
            _ if word
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit())
                && word.bytes().any(|b| b.is_ascii_uppercase()) =>
            {
                way.push(Node::Keyword(word));
            }
            _ if word.starts_with('\'') && word.len() > 1 => way.push(Node::Placeholder(word)),
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

/// Key words that end an expression.
const ENDS_EXPRESSION: &[&str] = &[
    "AS",
    "CROSS",
    "DO",
    "EXCEPT",
    "FETCH",
    "FOR",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "INTO",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "RETURNING",
    "RIGHT",
    "SET",
    "THEN",
    "UNION",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "ASC",
    "DESC",
    "NULLS",
];

/// Key words that may stand inside an expression and want an operand behind them.
const WANTS_OPERAND: &[&str] = &[
    "AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "BETWEEN", "IS", "CASE", "WHEN", "THEN", "ELSE",
    "ANY", "ALL", "SOME", "SIMILAR", "TO", "ESCAPE", "COLLATE", "DISTINCT",
];

struct Walk<'w> {
    items: &'w [Item<'w>],
    expected: BTreeSet<Expected>,
    /// Where a node, begun at a place, may end. The key is the node's address.
    seen: HashMap<(usize, usize), Vec<usize>>,
    depth: usize,
}

impl Walk<'_> {
    fn sequence(&mut self, nodes: &[Node], definitions: &Definitions, from: usize) -> Vec<usize> {
        let mut places = vec![from];
        for node in nodes {
            let mut next = Vec::new();
            for place in places {
                next.extend(self.node(node, definitions, place));
            }
            next.sort_unstable();
            next.dedup();
            places = next;
            if places.is_empty() {
                break;
            }
        }
        places
    }

    /// The places at which `node`, begun at `from`, may end. At the end of the items it notes what
    /// is expected.
    fn node(&mut self, node: &Node, definitions: &Definitions, from: usize) -> Vec<usize> {
        let key = (std::ptr::from_ref(node) as usize, from);
        if let Some(ends) = self.seen.get(&key) {
            return ends.clone();
        }
        // A definition may hold itself: then this place has nothing new to say.
        self.seen.insert(key, Vec::new());
        self.depth += 1;
        let ends = if self.depth > 200 { Vec::new() } else { self.ends(node, definitions, from) };
        self.depth -= 1;
        self.seen.insert(key, ends.clone());
        ends
    }

    fn ends(&mut self, node: &Node, definitions: &Definitions, from: usize) -> Vec<usize> {
        match node {
            Node::Keyword(word) => {
                let matches = |item: &Item<'_>| item.is(word);
                self.one(from, Expected::Keyword(word), matches)
            }
            Node::Symbol(symbol) => {
                let matches = |item: &Item<'_>| item.is_symbol(symbol);
                self.one(from, Expected::Symbol(symbol), matches)
            }
            Node::Placeholder(name) => match definitions.get(name) {
                Some(definition) => self.node(definition, definitions, from),
                None if *name == "with_query" => match with_query() {
                    Some((definition, definitions)) => self.node(definition, definitions, from),
                    None => Vec::new(),
                },
                None => self.placeholder(name, from),
            },
            Node::Sequence(nodes) => self.sequence(nodes, definitions, from),
            Node::Choice(ways) => {
                let mut ends = Vec::new();
                for way in ways {
                    ends.extend(self.node(way, definitions, from));
                }
                ends.sort_unstable();
                ends.dedup();
                ends
            }
            Node::Optional(inner) => {
                let mut ends = self.node(inner, definitions, from);
                ends.push(from);
                ends
            }
            Node::Repeat(inner, comma) => {
                let mut ends = self.node(inner, definitions, from);
                let mut at = 0;
                while let Some(&end) = ends.get(at) {
                    at += 1;
                    let next = if *comma {
                        let matches = |item: &Item<'_>| item.is_symbol(",");
                        self.one(end, Expected::Symbol(","), matches)
                    } else {
                        vec![end]
                    };
                    for place in next {
                        for end in self.node(inner, definitions, place) {
                            if !ends.contains(&end) {
                                ends.push(end);
                            }
                        }
                    }
                }
                ends
            }
        }
    }

    fn one(
        &mut self,
        from: usize,
        expected: Expected,
        matches: impl Fn(&Item<'_>) -> bool,
    ) -> Vec<usize> {
        match self.items.get(from) {
            None => {
                self.expected.insert(expected);
                Vec::new()
            }
            Some(item) if matches(item) => vec![from + 1],
            Some(_) => Vec::new(),
        }
    }

    fn placeholder(&mut self, name: &'static str, from: usize) -> Vec<usize> {
        match shape(name) {
            Shape::Query(verbs) => self.query(verbs, from),
            Shape::Type => self.data_type(name, from),
            Shape::Join => self.node(join_type(), &Definitions::new(), from),
            Shape::Expression => self.expression(name, from),
            Shape::Single => {
                let clause = |item: &Item<'_>| {
                    name == "alias" && ["SET", "VALUE", "VALUES", "DO"].iter().any(|w| item.is(w))
                };
                let matches = |item: &Item<'_>| {
                    item.is_name() && !clause(item)
                        || item.kind == ItemKind::Value
                        || item.is_symbol("*") && name == "name"
                };
                self.one(from, Expected::Placeholder(name), matches)
            }
        }
    }

    /// A statement within a statement, beginning with one of these verbs.
    fn query(&mut self, verbs: &[&str], from: usize) -> Vec<usize> {
        let mut ends = Vec::new();
        let item = self.items.get(from);
        for synopsis in machine().iter().filter(|s| verbs.contains(&s.verb) && s.may_begin(item)) {
            ends.extend(self.node(&synopsis.forms, &synopsis.definitions, from));
        }
        ends
    }

    /// A type: a name, and what belongs to some types' names.
    fn data_type(&mut self, name: &'static str, from: usize) -> Vec<usize> {
        let Some(first) = self.items.get(from) else {
            self.expected.insert(Expected::Placeholder(name));
            return Vec::new();
        };
        if !matches!(first.kind, ItemKind::Word | ItemKind::Name) {
            return Vec::new();
        }
        let mut ends = vec![from + 1];
        let mut at = from + 1;
        while let Some(item) = self.items.get(at) {
            if item.is_symbol("(") || item.is_symbol("[") {
                let Some(close) = self.closing(at) else { break };
                at = close;
            } else if !["ARRAY", "PRECISION", "TIME", "VARYING", "WITH", "WITHOUT", "ZONE"]
                .iter()
                .any(|word| item.is(word))
            {
                break;
            }
            at += 1;
            ends.push(at);
        }
        ends
    }

    /// What an open bracket at `open` holds: a query, or operands with commas between them.
    fn inside(&mut self, name: &'static str, open: usize) {
        let begins_query = |item: &Item<'_>| {
            ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| item.is(word))
        };
        match self.items.get(open + 1) {
            Some(item) if begins_query(item) => drop(self.query(READERS, open + 1)),
            first => {
                if first.is_none() {
                    self.expected.insert(Expected::Keyword("SELECT"));
                }
                let mut depth = 0;
                let mut start = open + 1;
                for at in open + 1..self.items.len() {
                    let item = &self.items[at];
                    if item.is_symbol("(") || item.is_symbol("[") {
                        depth += 1;
                    } else if item.is_symbol(")") || item.is_symbol("]") {
                        depth -= 1;
                    } else if item.is_symbol(",") && depth == 0 {
                        start = at + 1;
                    }
                }
                self.expression(name, start);
            }
        }
    }

    /// Any balanced run of items that may be an expression or a type.
    fn expression(&mut self, name: &'static str, from: usize) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut at = from;
        let mut operand = false;
        let mut cases = 0usize;
        while let Some(item) = self.items.get(at) {
            let distinct_from = item.is("FROM") && at > from && self.items[at - 1].is("DISTINCT");
            if item.kind == ItemKind::Word {
                if item.is("CASE") {
                    cases += 1;
                }
                let inside_case = cases > 0 && (item.is("WHEN") || item.is("THEN"));
                if !distinct_from && !inside_case && ENDS_EXPRESSION.iter().any(|w| item.is(w)) {
                    return ends;
                }
                if item.is("END") {
                    if cases == 0 {
                        return ends;
                    }
                    cases -= 1;
                }
                operand = !distinct_from && !WANTS_OPERAND.iter().any(|word| item.is(word));
            } else if item.is_symbol("(") || item.is_symbol("[") {
                let Some(close) = self.closing(at) else {
                    self.inside(name, at);
                    return ends;
                };
                at = close;
                operand = true;
            } else if item.is_symbol(")") || item.is_symbol("]") || item.is_symbol(",") {
                return ends;
            } else {
                operand = item.kind != ItemKind::Symbol;
            }
            at += 1;
            if operand && cases == 0 {
                ends.push(at);
            }
        }
        if !operand {
            self.expected.insert(Expected::Placeholder(name));
            self.expected.insert(Expected::Operand);
        } else if at > from {
            self.expected.insert(Expected::Operator);
        }
        ends
    }

    /// The bracket that closes the one at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0;
        for (at, item) in self.items.iter().enumerate().skip(open) {
            if item.is_symbol("(") || item.is_symbol("[") {
                depth += 1;
            } else if item.is_symbol(")") || item.is_symbol("]") {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }
}

/// How much a placeholder takes.
enum Shape {
    /// One item.
    Single,
    /// A run of items.
    Expression,
    /// A type's name.
    Type,
    /// A statement that begins with one of these verbs.
    Query(&'static [&'static str]),
    /// `JOIN` and its kin.
    Join,
}

/// The verbs of statements that only read.
const READERS: &[&str] = &["SELECT", "VALUES", "TABLE"];
/// The verbs of statements that can be planned.
const PLANNED: &[&str] = &["SELECT", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE"];

/// What the synopsis of SELECT leaves to prose.
fn join_type() -> &'static Node {
    static JOIN: OnceLock<Node> = OnceLock::new();
    JOIN.get_or_init(|| parse("[ INNER | { LEFT | RIGHT | FULL } [ OUTER ] ] JOIN"))
}

/// `WITH`'s part is defined under SELECT only.
fn with_query() -> Option<(&'static Node, &'static Definitions)> {
    let select = machine().iter().find(|synopsis| synopsis.verb == "SELECT")?;
    Some((select.definitions.get("with_query")?, &select.definitions))
}

fn shape(name: &str) -> Shape {
    match name {
        "query" | "select" => Shape::Query(READERS),
        "statement" => Shape::Query(PLANNED),
        "insert" => Shape::Query(&["INSERT"]),
        "update" => Shape::Query(&["UPDATE"]),
        "delete" => Shape::Query(&["DELETE"]),
        "merge" => Shape::Query(&["MERGE"]),
        "join_type" => Shape::Join,
        "argtype" | "type" => Shape::Type,
        "condition" | "predicate" | "expr" => Shape::Expression,
        _ if name.ends_with("_type") => Shape::Type,
        _ if ["expression", "condition", "predicate", "_expr"]
            .iter()
            .any(|e| name.ends_with(e)) =>
        {
            Shape::Expression
        }
        _ => Shape::Single,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Item<'_>> {
        text.split_ascii_whitespace()
            .map(|word| Item {
                kind: match word.as_bytes()[0] {
                    b'\'' | b'0'..=b'9' => ItemKind::Value,
                    b if b.is_ascii_alphabetic() && !word.contains('.') => ItemKind::Word,
                    b'"' | b'a'..=b'z' => ItemKind::Name,
                    _ => ItemKind::Symbol,
                },
                text: word.as_bytes(),
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, wanted: &[Expected], unwanted: &[Expected]) {
        let got = expected(&items(text));
        for expected in wanted {
            assert!(got.contains(expected), "{text}: no {expected:?} in {got:?}");
        }
        for unwanted in unwanted {
            assert!(!got.contains(unwanted), "{text}: {unwanted:?} in {got:?}");
        }
    }

    #[test]
    fn what_may_come_next() {
        use Expected::*;
        check("", &[Keyword("SELECT"), Keyword("CREATE"), Keyword("VACUUM")], &[Keyword("FROM")]);
        check(
            "create",
            &[Keyword("TABLE"), Keyword("TYPE"), Keyword("UNIQUE")],
            &[Keyword("SELECT")],
        );
        check(
            "alter table",
            &[Placeholder("name"), Keyword("IF"), Keyword("ONLY")],
            &[Keyword("RENAME")],
        );
        check(
            "alter table t",
            &[Keyword("RENAME"), Keyword("ADD"), Keyword("SET"), Keyword("ATTACH")],
            &[Keyword("TABLE")],
        );
        check(
            "alter table t rename",
            &[Keyword("COLUMN"), Keyword("CONSTRAINT"), Keyword("TO"), Placeholder("column_name")],
            &[],
        );
        check(
            "alter table t drop constraint",
            &[Placeholder("constraint_name"), Keyword("IF")],
            &[],
        );
        check("drop publication", &[Placeholder("name")], &[]);
        check("analyze (", &[Keyword("VERBOSE"), Keyword("SKIP_LOCKED")], &[]);
        check("with x as ( select 1 )", &[Keyword("SELECT"), Keyword("UPDATE")], &[Operator]);
        check("create table x ( a int , b text not", &[Keyword("NULL")], &[]);
        check("select", &[Operand, Keyword("DISTINCT")], &[Keyword("TABLE"), Operator]);
        check("select a", &[Keyword("FROM"), Symbol(","), Operator], &[Keyword("TABLE")]);
        check("select a + ", &[Operand], &[Keyword("FROM")]);
        check("select * from", &[Placeholder("table_name"), Keyword("ONLY")], &[]);
        check("select * from t", &[Keyword("WHERE"), Keyword("JOIN"), Keyword("ORDER")], &[]);
        check("select a from t where x = 1", &[Keyword("GROUP"), Keyword("ORDER"), Operator], &[]);
        check("insert into", &[Placeholder("table_name")], &[]);
        check("insert into t", &[Keyword("VALUES"), Keyword("SELECT"), Symbol("(")], &[]);
        check("update t set a = 1", &[Keyword("WHERE"), Keyword("FROM"), Symbol(",")], &[]);
        check("delete from t", &[Keyword("WHERE"), Keyword("USING")], &[]);
        check("set timezone", &[Keyword("TO"), Symbol("=")], &[]);
        check("copy foo from stdin with (", &[Keyword("DEFAULT"), Keyword("FORMAT")], &[]);
        check("explain select a", &[Keyword("FROM")], &[]);
        check("create view v as select a", &[Keyword("FROM")], &[]);
        check("comment on constraint c on", &[Placeholder("table_name"), Keyword("DOMAIN")], &[]);
        check("grant select on table t to", &[Keyword("PUBLIC")], &[]);
        check("create index on t using", &[Placeholder("method")], &[]);
        check("alter type e rename value", &[Placeholder("existing_enum_value")], &[]);
    }

    #[test]
    fn every_synopsis_is_read() {
        let starts = expected(&[]);
        for (command, synopsis) in grammar::sql_commands().iter().zip(machine()) {
            let first = command.name.split_ascii_whitespace().next().unwrap();
            assert!(starts.contains(&Expected::Keyword(first)), "{}", command.name);
            assert!(matches!(&synopsis.forms, Node::Choice(forms) if !forms.is_empty()));
        }
    }

    #[test]
    fn long_statements_take_no_time() {
        let text = format!(
            "select {} from t where {}",
            "a + b * ( c - 1 ) , ".repeat(300) + "x",
            "a = 1 and ".repeat(300)
        );
        check(&text, &[Expected::Operand], &[]);
    }
}
