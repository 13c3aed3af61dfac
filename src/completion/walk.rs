//! A statement walked along the synopses: items go in, what may come next comes out.
//!
//! Owns how much of a statement each part of a synopsis takes. What is in closed brackets is taken
//! unread: nothing in it tells what comes behind.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::catalog::Dialect;
use super::item::{Item, ItemKind, closings};
use super::keyword::ENDS_EXPRESSION;
use super::notation::{Definitions, Node};
use super::shorten::shortened;
use super::synopsis::{definition, further_ways, replication_commands, synopses};

/// Something that may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expected {
    /// A key word, in upper case.
    Keyword(&'static str),
    /// Punctuation.
    Symbol(&'static str),
    /// What a placeholder stands for.
    Placeholder(&'static str),
}

/// What may follow these items, which begin a statement; nothing if they are too many.
pub(super) fn expected(items: &[Item<'_>], dialect: Dialect) -> BTreeSet<Expected> {
    let items = shortened(items);
    let expected = match walk(&items, dialect, Strictness::Strict) {
        Some(expected) if expected.is_empty() => walk(&items, dialect, Strictness::Lenient),
        expected => expected,
    };
    expected.unwrap_or_default()
}

/// `None` if it takes too many steps.
fn walk(
    items: &[Item<'_>],
    dialect: Dialect,
    strictness: Strictness,
) -> Option<BTreeSet<Expected>> {
    let mut walk = Walk {
        items,
        closings: closings(items),
        strictness,
        expected: BTreeSet::new(),
        seen: HashMap::new(),
        depth: 0,
    };
    let sql = synopses().iter().filter(|_| dialect != Dialect::Replication);
    let replication = replication_commands().iter().filter(|_| dialect != Dialect::Sql);
    let all = sql.chain(replication);
    for synopsis in all.filter(|synopsis| synopsis.may_begin(items.first())) {
        walk.node(&synopsis.forms, &synopsis.definitions, 0);
    }
    (walk.seen.len() <= STEPS).then_some(walk.expected)
}

/// How expressions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strictness {
    /// By their grammar.
    Strict,
    /// Any run of items may be one.
    Lenient,
}

/// How deep definitions may be nested: brackets in brackets.
const DEPTH: usize = 500;
/// How many nodes are tried, each once at a place. It is enough for what is typed by hand; of a
/// script's worth of text in one statement nothing is offered, rather than to keep the keys waiting.
const STEPS: usize = 400_000;

struct Walk<'w> {
    items: &'w [Item<'w>],
    closings: Vec<Option<usize>>,
    strictness: Strictness,
    expected: BTreeSet<Expected>,
    /// Where a node, begun at a place, may end. The key is the node's address.
    seen: HashMap<(usize, usize), Vec<usize>>,
    depth: usize,
}

impl Walk<'_> {
    fn sequence(&mut self, nodes: &[Node], definitions: &Definitions, from: usize) -> Vec<usize> {
        // The places at which each node may begin.
        let mut places = vec![Vec::new(); nodes.len() + 1];
        places[0].push(from);
        for (at, node) in nodes.iter().enumerate() {
            let mut begins = std::mem::take(&mut places[at]);
            begins.sort_unstable();
            begins.dedup();
            for place in begins {
                match self.closed_bracket(nodes, at, place) {
                    Some((next, behind)) => places[next].push(behind),
                    None => {
                        let ends = self.node(node, definitions, place);
                        places[at + 1].extend(ends);
                    }
                }
            }
        }
        let mut ends = places.pop().unwrap_or_default();
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    /// If `nodes[at]` is a bracket that is closed in the statement as well: the node behind its
    /// end, and the place there.
    fn closed_bracket(&self, nodes: &[Node], at: usize, place: usize) -> Option<(usize, usize)> {
        let Node::Symbol(open) = nodes[at] else { return None };
        let close = match open {
            "(" => ")",
            "[" => "]",
            _ => return None,
        };
        let end = self.items.get(place).filter(|item| item.is_symbol(open))?;
        debug_assert!(end.opens());
        let end = (*self.closings.get(place)?)?;
        let mut depth = 0;
        for (next, node) in nodes.iter().enumerate().skip(at) {
            match node {
                Node::Symbol(symbol) if *symbol == open => depth += 1,
                Node::Symbol(symbol) if *symbol == close => {
                    depth -= 1;
                    if depth == 0 {
                        return Some((next + 1, end + 1));
                    }
                }
                _ => {}
            }
        }
        None
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
        let is_over = self.depth > DEPTH || self.seen.len() > STEPS;
        let ends = if is_over { Vec::new() } else { self.ends(node, definitions, from) };
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
            Node::Placeholder(name) => self.placeholder(name, definitions, from),
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
            Node::Repeat(inner, separator) => {
                self.repeated(inner, separator.as_deref(), definitions, from)
            }
        }
    }

    fn repeated(
        &mut self,
        inner: &Node,
        separator: Option<&Node>,
        definitions: &Definitions,
        from: usize,
    ) -> Vec<usize> {
        let mut ends = self.node(inner, definitions, from);
        let mut seen: HashSet<usize> = ends.iter().copied().collect();
        let mut at = 0;
        while let Some(&end) = ends.get(at) {
            at += 1;
            let next = match separator {
                Some(separator) => self.node(separator, definitions, end),
                None => vec![end],
            };
            for place in next {
                for end in self.node(inner, definitions, place) {
                    if seen.insert(end) {
                        ends.push(end);
                    }
                }
            }
        }
        ends
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

    fn placeholder(&mut self, name: &'static str, own: &Definitions, from: usize) -> Vec<usize> {
        if let Some((node, definitions)) = definition(name, own) {
            if from == self.items.len() {
                self.expected.insert(Expected::Placeholder(name));
            }
            let mut ends = self.node(node, definitions, from);
            if let Some((further, definitions)) = further_ways(name) {
                ends.extend(self.node(further, definitions, from));
            }
            if name == "expression" && self.strictness == Strictness::Lenient {
                ends.extend(self.any_run(from));
            }
            return ends;
        }
        let stands_for = match shape(name) {
            Shape::Query(verbs) => return self.query(verbs, from),
            Shape::Like(other) => other,
            Shape::Single(matches) => {
                return self.one(from, Expected::Placeholder(name), matches);
            }
        };
        if from == self.items.len() {
            self.expected.insert(Expected::Placeholder(name));
        }
        self.placeholder(stands_for, &NONE, from)
    }

    /// A statement within a statement, beginning with one of these verbs.
    fn query(&mut self, verbs: &[&str], from: usize) -> Vec<usize> {
        let mut ends = Vec::new();
        let item = self.items.get(from);
        for synopsis in synopses().iter().filter(|s| verbs.contains(&s.verb) && s.may_begin(item)) {
            ends.extend(self.node(&synopsis.forms, &synopsis.definitions, from));
        }
        ends
    }

    /// Where any run of items may end that has no word of the next clause in it.
    fn any_run(&mut self, from: usize) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut at = from;
        while let Some(item) = self.items.get(at) {
            let closing = self.closings.get(at).copied().flatten();
            let ends_here = item.is_any(ENDS_EXPRESSION) || item.closes() || item.is_symbol(",");
            if ends_here || item.opens() && closing.is_none() {
                return ends;
            }
            at = closing.unwrap_or(at) + 1;
            ends.push(at);
        }
        self.expected.insert(Expected::Placeholder("operand_name"));
        self.expected.insert(Expected::Placeholder("function_name"));
        ends
    }
}

static NONE: Definitions = Definitions::new();

/// How much a placeholder takes that has no definition.
enum Shape {
    /// One item like this.
    Single(fn(&Item<'_>) -> bool),
    /// What another placeholder takes.
    Like(&'static str),
    /// A statement that begins with one of these verbs.
    Query(&'static [&'static str]),
}

/// The verbs of statements that only read.
const READERS: &[&str] = &["SELECT", "VALUES", "TABLE"];
/// The verbs of statements that can be planned.
const PLANNED: &[&str] = &["SELECT", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE"];

/// Reserved words that may be called all the same.
pub(super) const CALLABLE: &[&str] =
    &["LEFT", "RIGHT", "SUBSTRING", "OVERLAY", "POSITION", "NORMALIZE"];

fn shape(name: &str) -> Shape {
    let any_word = |item: &Item<'_>| matches!(item.kind, ItemKind::Word | ItemKind::Name);
    let is_value = |item: &Item<'_>| item.is_name() || item.kind == ItemKind::Value;
    match name {
        "query" | "select" => Shape::Query(READERS),
        "statement" => Shape::Query(PLANNED),
        "insert" => Shape::Query(&["INSERT"]),
        "update" => Shape::Query(&["UPDATE"]),
        "delete" => Shape::Query(&["DELETE"]),
        "merge" => Shape::Query(&["MERGE"]),
        "values" => Shape::Query(&["VALUES"]),
        "constant" => Shape::Single(|item| item.kind == ItemKind::Value),
        "word" | "type" => Shape::Single(any_word),
        "sign" => Shape::Single(is_sign),
        "operator_path" => Shape::Single(|item| is_sign(item) || item.kind == ItemKind::Name),
        "operand_name" => Shape::Single(|item| item.is_name()),
        "function_name" => Shape::Single(|item| item.is_name() || item.is_any(CALLABLE)),
        "alias" | "output_name" | "output_alias" | "window_name" => {
            Shape::Single(|item| item.is_name() && !item.is_any(BEGIN_CLAUSES))
        }
        "name" => Shape::Single(|item| {
            item.is_name() || item.kind == ItemKind::Value || item.is_symbol("*")
        }),
        "rettype" | "argtype" => Shape::Like("data_type"),
        _ if name.ends_with("_type") && name != "token_type" => Shape::Like("data_type"),
        "condition" | "predicate" => Shape::Like("expression"),
        _ if ["expression", "condition", "predicate", "_expr"]
            .iter()
            .any(|end| name.ends_with(end)) =>
        {
            Shape::Like("expression")
        }
        _ => Shape::Single(is_value),
    }
}

/// Words that are not reserved but begin what follows a name.
const BEGIN_CLAUSES: &[&str] =
    &["SET", "VALUE", "VALUES", "DO", "PARTITION", "RANGE", "ROWS", "GROUPS", "TABLESAMPLE"];

/// Whether this is an operator.
fn is_sign(item: &Item<'_>) -> bool {
    const PUNCTUATION: &[&[u8]] = &[b",", b";", b".", b":", b"::", b":=", b"=>"];
    item.kind == ItemKind::Symbol
        && !item.opens()
        && !item.closes()
        && !PUNCTUATION.contains(&item.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar;

    fn items(text: &str) -> Vec<Item<'_>> {
        text.split_ascii_whitespace()
            .map(|word| Item {
                kind: match word.as_bytes()[0] {
                    b'\'' | b'$' | b'0'..=b'9' => ItemKind::Value,
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
        let got = expected(&items(text), Dialect::Sql);
        for expected in wanted {
            assert!(got.contains(expected), "{text}: no {expected:?} in {got:?}");
        }
        for unwanted in unwanted {
            assert!(!got.contains(unwanted), "{text}: {unwanted:?} in {got:?}");
        }
    }

    #[test]
    fn long_lists_are_walked_and_what_has_no_end_is_given_up() {
        const OPERAND: Expected = Expected::Placeholder("operand_name");
        for (begin, part, end) in [
            ("select", "a + b ,", ""),
            ("select a as x , ", "a as x ,", ""),
            ("insert into t values", "( 1 , '2' ) ,", "( 1 ,"),
            ("select a from t where a in ( 1 , ", "2 ,", ""),
            ("select a from t where ", "a = 1 or b = 2 and", ""),
            ("select case when", "a = 1 or", ""),
            ("update t set a = 1 ,", "b = 2 ,", "c ="),
            ("select f (", "a , b ,", ""),
            ("select a from t order by", "b desc ,", ""),
            ("select a from t group by", "b , c ,", "d having"),
            ("with x as ( select 1 ) , y as ( select 2 ) select", "a , b ,", ""),
            ("select a from t where a in (", "1 ,", "1 ) and"),
        ] {
            for count in [0, 1, 2, 3, 5, 300, 20_000] {
                let text = format!("{begin} {} {end}", format!("{part} ").repeat(count));
                let holds = expected(&items(&text), Dialect::Sql).contains(&OPERAND);
                assert!(holds, "{count} times {part} behind {begin}");
            }
        }
        check(
            &format!(
                "create table t ( a int , {} b int ",
                "c int default 0 not null , ".repeat(5000)
            ),
            &[Expected::Keyword("NOT"), Expected::Symbol(")")],
            &[],
        );
        check(
            &format!("select {} a from ", "a , ".repeat(5000)),
            &[Expected::Placeholder("table_name")],
            &[OPERAND],
        );
        assert!(expected(&items(&"select ( ".repeat(20_000)), Dialect::Sql).is_empty());
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
        check("with x as ( select 1 )", &[Keyword("SELECT"), Keyword("UPDATE")], &[Keyword("AND")]);
        check("create table x ( a int , b text not", &[Keyword("NULL")], &[]);
        check(
            "select",
            &[Placeholder("operand_name"), Keyword("DISTINCT")],
            &[Keyword("TABLE"), Keyword("AND")],
        );
        check("select a", &[Keyword("FROM"), Symbol(","), Keyword("AND")], &[Keyword("TABLE")]);
        check("select a + ", &[Placeholder("operand_name")], &[Keyword("FROM")]);
        check("select * from", &[Placeholder("table_name"), Keyword("ONLY")], &[]);
        check("select * from t", &[Keyword("WHERE"), Keyword("JOIN"), Keyword("ORDER")], &[]);
        check(
            "select a from t where x = 1",
            &[Keyword("GROUP"), Keyword("ORDER"), Keyword("AND")],
            &[],
        );
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

    /// Statements and what must be among the key words (upper case) and placeholders that may
    /// follow; behind a bar what must not.
    const FOLLOW: &[(&str, &str)] = &[
        // Further forms of commands.
        ("explain analyze select * from", "table_name ONLY LATERAL"),
        ("explain analyze", "SELECT VERBOSE UPDATE | FROM"),
        ("explain verbose update t", "SET"),
        ("explain ( analyze , ", "BUFFERS FORMAT VERBOSE"),
        ("explain ( format", "JSON YAML TEXT"),
        ("explain ( analyze", "TRUE FALSE ON OFF"),
        ("explain ( analyze ) ", "SELECT EXECUTE DECLARE"),
        ("explain execute", "prepared_statement_name"),
        ("vacuum full", "table_name VERBOSE FREEZE"),
        ("vacuum ( full , analyze )", "table_name"),
        ("vacuum verbose analyze t (", "column_name"),
        ("analyze verbose", "table_name"),
        ("cluster verbose", "table_name"),
        ("cluster i on", "table_name"),
        ("cluster t using", "index_name"),
        ("drop database d", "WITH"),
        ("drop database d with (", "FORCE"),
        ("set time zone", "'value' LOCAL DEFAULT"),
        ("set local time zone", "'value'"),
        ("copy t from 'f' csv", "HEADER DELIMITER QUOTE"),
        ("copy t to stdout with ( format", "CSV BINARY TEXT"),
        ("copy t from stdin ( on_error", "STOP IGNORE"),
        // Expressions.
        ("select a is", "NULL NOT TRUE DISTINCT | FROM"),
        ("select a is not", "NULL DISTINCT | NOT"),
        ("select a is not distinct", "FROM"),
        ("select a not", "LIKE IN BETWEEN ILIKE SIMILAR | NULL"),
        ("select a between", "operand_name SYMMETRIC | AND"),
        ("select a between 1", "AND"),
        ("select a at", "TIME LOCAL"),
        ("select a at time", "ZONE"),
        ("select a at time zone", "time_zone"),
        ("select a collate", "collation"),
        ("select case", "WHEN operand_name"),
        ("select case when a", "THEN AND IS | END"),
        ("select case when a then b", "ELSE WHEN END"),
        ("select case when a then b else c", "END"),
        ("select case when a then b end", "FROM AS"),
        ("select cast ( a", "AS"),
        ("select cast ( a as", "type DOUBLE"),
        ("select a ::", "type TIMESTAMP"),
        ("select a :: timestamp", "WITH WITHOUT FROM"),
        ("select a :: double", "PRECISION"),
        ("select extract (", "YEAR EPOCH"),
        ("select extract ( year", "FROM"),
        ("select count ( * )", "OVER FILTER FROM"),
        ("select count (", "DISTINCT * operand_name"),
        ("select string_agg ( a , b", "ORDER AND"),
        ("select count ( * ) filter (", "WHERE"),
        ("select count ( * ) filter ( where", "operand_name"),
        ("select rank ( ) over", "window_name"),
        ("select rank ( ) over (", "PARTITION ORDER ROWS"),
        ("select rank ( ) over ( partition", "BY"),
        ("select rank ( ) over ( partition by a", "ORDER RANGE AND"),
        ("select rank ( ) over ( order by a", "DESC ASC NULLS ROWS"),
        ("select rank ( ) over ( order by a rows between", "UNBOUNDED CURRENT"),
        ("select rank ( ) over ( order by a rows between unbounded preceding and", "CURRENT"),
        ("select percentile_cont ( 0.5 ) within", "GROUP"),
        ("select a = any", "("),
        ("select a =", "ANY ALL operand_name EXISTS | FROM"),
        ("select exists (", "SELECT"),
        ("select array", "["),
        ("select array [ a", "AND"),
        ("select ( select a", "FROM"),
        ("select f ( a ,", "operand_name"),
        ("select interval '1 day'", "FROM"),
        ("select left ( a ,", "operand_name"),
        ("select trim ( both", "FROM operand_name"),
        ("select substring ( a", "FROM FOR"),
        ("select * from t where not", "EXISTS operand_name"),
        ("select * from t where a like 'x' escape", "operand_name"),
        ("select * from t where ( a , b ) in (", "SELECT operand_name"),
        ("select * from t where a > 1 group", "BY"),
        ("select * from t order by a using", "sign"),
        ("select * from t order by a desc nulls", "FIRST LAST"),
        ("select * from t order by a , b", "DESC LIMIT"),
        ("select ( a ) . b", "FROM"),
        ("select a [ 1 ] . b", "FROM"),
        ("select a operator ( pg_catalog.+ ) b", "FROM"),
        // FROM.
        ("select * from f (", "operand_name"),
        ("select * from f ( 1 )", "AS WITH WHERE"),
        ("select * from f ( 1 ) with", "ORDINALITY"),
        ("select * from f ( 1 ) as t (", "column_name column_alias"),
        ("select * from f ( 1 ) as t ( a", "type"),
        ("select * from f ( 1 ) as t ( a int ,", "column_name"),
        ("select * from f ( 1 ) as t ( a int , b", "type"),
        ("select * from f ( 1 ) as ( a int , b", "type"),
        ("select * from t tablesample", "sampling_method"),
        ("select * from t tablesample system ( 1 )", "REPEATABLE"),
        ("select * from ( a join", "table_name"),
        ("select * from a join b using ( x )", "AS WHERE JOIN"),
        ("select * from a left", "JOIN OUTER"),
        ("select * from a natural", "LEFT JOIN INNER"),
        ("select * from a cross", "JOIN"),
        ("select * from a join lateral", "function_name"),
        ("select * from rows from ( f ( 1 ) ,", "function_name"),
        ("select a from t for", "UPDATE SHARE"),
        ("( select 1 )", "UNION ORDER LIMIT"),
        ("select 1 union all", "SELECT VALUES"),
        ("with a as materialized (", "SELECT INSERT"),
        ("with a as ( select 1 ) , b as (", "SELECT"),
        ("with recursive a as ( select 1 ) search", "DEPTH BREADTH"),
        // Definitions.
        ("create table t ( a int , b", "type DOUBLE"),
        (
            "create table t ( a int not null default 1 , constraint c",
            "PRIMARY FOREIGN CHECK UNIQUE EXCLUDE",
        ),
        ("create table t ( a int default 1", "NOT PRIMARY AND"),
        ("create table t ( a int references", "reftable"),
        ("create table t ( a int references u ( b ) on delete", "CASCADE SET RESTRICT NO"),
        ("create table t ( a int references u on delete set", "NULL DEFAULT"),
        ("create table t ( a int generated", "ALWAYS BY"),
        ("create table t ( a int generated always as identity (", "START INCREMENT"),
        ("create table t ( a int unique using index", "TABLESPACE"),
        ("create table t ( exclude using gist ( a", "WITH DESC COLLATE opclass"),
        ("create table t ( exclude using gist ( a with", "operator"),
        ("create table t ( exclude using gist ( a with = ,", "column_name"),
        (
            "create table t ( exclude using gist ( a with = , b with && )",
            "WHERE INCLUDE WITH USING",
        ),
        ("create table t ( like u including", "ALL DEFAULTS"),
        ("create table t ( a int ) partition by", "RANGE LIST HASH"),
        ("create table t ( a int ) with (", "FILLFACTOR"),
        ("create table p partition of t for values", "IN FROM WITH"),
        ("create table p partition of t for values from ( minvalue ) to (", "MAXVALUE"),
        ("create index on t ( a", "ASC DESC opclass COLLATE NULLS"),
        ("create index on t ( a ,", "column_name"),
        ("create index on t ( a , b", "DESC opclass"),
        ("create index on t ( a ) ", "WHERE INCLUDE WITH TABLESPACE NULLS"),
        ("create index on t ( a text_pattern_ops", "ASC DESC"),
        ("create index on t using gin ( a ) with (", "FASTUPDATE"),
        ("create function f ( a int , b", "type"),
        ("create function f ( a int ) returns", "type TABLE SETOF"),
        ("create function f ( ) returns table ( a int , b", "type"),
        ("create function f ( ) returns int as $$x$$", "LANGUAGE IMMUTABLE"),
        ("create function f ( ) returns int language sql", "AS IMMUTABLE RETURN BEGIN"),
        ("create procedure p ( ) language plpgsql as $$x$$", "SECURITY"),
        ("do $$x$$", "LANGUAGE"),
        ("do language plpgsql", "code"),
        ("create type t as ( a int , b", "type"),
        ("create type t as", "ENUM RANGE"),
        ("create trigger g before insert or", "UPDATE DELETE"),
        ("create trigger g before insert on", "table_name"),
        ("create trigger g before insert on t for each row", "EXECUTE WHEN"),
        ("create trigger g before insert on t for each row execute function", "function_name"),
        ("create event trigger g on", "DDL_COMMAND_START SQL_DROP"),
        ("create aggregate a ( int , ", "type VARIADIC"),
        ("create statistics s ( ndistinct ,", "MCV"),
        ("create publication p for table t ,", "table_name"),
        ("create extension e with", "SCHEMA VERSION CASCADE"),
        ("create policy p on t for", "SELECT ALL INSERT"),
        ("create rule r as on insert to t do instead", "NOTHING SELECT"),
        ("create database d encoding", "="),
        ("create view v with (", "SECURITY_BARRIER"),
        ("create view v as select a from t with", "CHECK LOCAL CASCADED"),
        // Alterations.
        ("alter table t add column a", "type"),
        ("alter table t add column a int not", "NULL"),
        ("alter table t alter a set", "DEFAULT NOT STATISTICS DATA"),
        ("alter table t alter a type", "type"),
        ("alter table t alter a type int using", "operand_name"),
        (
            "alter table t add constraint c foreign key ( a ) references u",
            "ON MATCH NOT DEFERRABLE",
        ),
        ("alter table t add unique (", "column_name"),
        ("alter table t drop column a ,", "ADD ALTER DROP"),
        ("alter table t set (", "FILLFACTOR"),
        ("alter sequence s", "OWNED RESTART INCREMENT"),
        ("alter sequence s restart", "WITH"),
        ("alter function f ( int ,", "type"),
        ("drop function f ( int ,", "type"),
        ("drop table a ,", "name"),
        ("drop table a", "CASCADE RESTRICT"),
        ("drop trigger g", "ON"),
        ("drop trigger g on t", "CASCADE RESTRICT"),
        ("truncate a ,", "name ONLY"),
        ("lock table a , b in access", "SHARE EXCLUSIVE"),
        ("grant select , insert", "ON ,"),
        ("grant select on a , b", "TO"),
        ("grant all on function f ( int ) to", "PUBLIC role_name"),
        ("grant usage on schema a to b with", "GRANT"),
        ("revoke select on t from", "PUBLIC"),
        ("comment on column", "relation_name.column_name"),
        ("comment on table t", "IS"),
        // Changes of data.
        ("insert into t as x", "VALUES SELECT ( OVERRIDING"),
        ("insert into t ( a ,", "column_name"),
        ("insert into t values (", "DEFAULT operand_name NULL"),
        ("insert into t values ( 1 )", "ON RETURNING ,"),
        ("insert into t values ( 1 ) on conflict", "DO ON"),
        ("insert into t values ( 1 ) on conflict ( a ) do", "NOTHING UPDATE"),
        ("insert into t values ( 1 ) on conflict ( a ) do update set", "column_name"),
        ("update t set a =", "operand_name DEFAULT TRUE"),
        ("update t set a = 1 ,", "column_name"),
        ("update t set a = 1 from", "table_name"),
        ("update t set a = 1 where b", "AND RETURNING"),
        ("delete from t using", "table_name"),
        ("merge into t using s on a = b when", "MATCHED NOT"),
        ("merge into t using s on a = b when not matched then", "INSERT DO"),
        ("merge into t using s on a = b when matched then update set", "column_name"),
        ("call p (", "operand_name"),
        ("execute s (", "operand_name"),
        ("values ( 1 ) ,", "("),
    ];

    #[test]
    fn what_follows() {
        let mut failures = Vec::new();
        for (text, rows) in FOLLOW {
            let got: BTreeSet<&str> = expected(&items(text), Dialect::Sql)
                .into_iter()
                .map(|expected| match expected {
                    Expected::Keyword(word)
                    | Expected::Symbol(word)
                    | Expected::Placeholder(word) => word,
                })
                .collect();
            let (wanted, unwanted) = rows.split_once('|').unwrap_or((rows, ""));
            let missing: Vec<&str> =
                wanted.split_whitespace().filter(|w| !got.contains(w)).collect();
            let wrong: Vec<&str> =
                unwanted.split_whitespace().filter(|w| got.contains(w)).collect();
            if !missing.is_empty() || !wrong.is_empty() {
                failures.push(format!("{text}: without {missing:?}, with {wrong:?}: {got:?}"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn every_synopsis_is_read() {
        let starts = expected(&[], Dialect::Sql);
        for (command, synopsis) in grammar::sql_commands().iter().zip(synopses()) {
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
        check(&text, &[Expected::Placeholder("operand_name")], &[]);
    }

    #[test]
    fn commands_of_replication() {
        for (text, dialect, wanted) in [
            ("", Dialect::Replication, Some("IDENTIFY_SYSTEM")),
            ("", Dialect::SqlAndReplication, Some("IDENTIFY_SYSTEM")),
            ("", Dialect::SqlAndReplication, Some("SELECT")),
            ("start_replication", Dialect::Replication, Some("SLOT")),
            ("create_replication_slot s", Dialect::Replication, Some("LOGICAL")),
            ("create_replication_slot s logical p (", Dialect::Replication, Some("FAILOVER")),
            ("base_backup ( label 'x' ,", Dialect::SqlAndReplication, Some("MANIFEST")),
            ("drop_replication_slot s", Dialect::Replication, Some("WAIT")),
            ("drop_replication_slot s", Dialect::Sql, None),
        ] {
            let got = expected(&items(text), dialect);
            match wanted {
                Some(word) => assert!(got.contains(&Expected::Keyword(word)), "{text}: {got:?}"),
                None => assert!(got.is_empty(), "{text}: {got:?}"),
            }
        }
        assert!(!expected(&[], Dialect::Sql).contains(&Expected::Keyword("IDENTIFY_SYSTEM")));
        assert!(!expected(&[], Dialect::Replication).contains(&Expected::Keyword("SELECT")));
    }
}
