use super::*;
use closeness::{closest, slips};
use missing::Kind;

#[test]
fn slips_between_names() {
    for (a, b, count) in [
        ("", "", 0),
        ("orders", "orders", 0),
        ("Orders", "oRDERS", 0),
        ("order", "orders", 1),
        ("oders", "orders", 1),
        ("ordres", "orders", 1),
        ("arders", "orders", 1),
        ("form", "from", 1),
        ("ca", "abc", 3),
        ("", "abc", 3),
        ("größe", "grosse", 3),
    ] {
        assert_eq!(slips(a, b), count, "{a} {b}");
        assert_eq!(slips(b, a), count, "{b} {a}");
    }
}

#[test]
fn closest_names() {
    let names = ["connect", "conninfo", "dt", "d", "drds", "copy", "copyright", "dt"];
    for (name, close) in [
        ("conect", &["connect"][..]),
        ("derds", &["drds"]),
        ("dy", &["dt"]),
        ("nonsense", &[]),
        ("x", &[]),
        ("", &[]),
    ] {
        assert_eq!(closest(name, names), close, "{name}");
    }
}

#[test]
fn words_of_other_shells() {
    for (statement, psqls) in [
        ("show tables", Some("\\dt")),
        ("SHOW TABLES ;", Some("\\dt")),
        ("use shop", Some("\\c shop")),
        ("use `shop`;", Some("\\c shop")),
        ("describe t", Some("\\d t")),
        ("desc shop.t", Some("\\d shop.t")),
        ("show columns from t", Some("\\d t")),
        ("show create table t", Some("\\d t")),
        ("show tables from shop", None),
        ("show search_path", None),
        ("use", None),
        ("use a b", None),
        ("logout", Some("\\q")),
        ("select 1", None),
        ("", None),
    ] {
        assert_eq!(foreign::statement(statement).as_deref(), psqls, "{statement}");
    }
    assert_eq!(foreign::command("exit"), Some("\\q"));
    assert_eq!(foreign::command("dt"), None);
}

fn error(fields: &[(u8, &str)]) -> ErrorFields {
    let mut error = ErrorFields::default();
    for (code, value) in fields {
        error.push(*code, value.as_bytes().to_vec());
    }
    error
}

#[test]
fn what_is_missing() {
    let missing = |code, message, position, query: &str| {
        let fields = error(&[(b'C', code), (b'M', message), (b'P', position)]);
        Missing::of(&fields, query.as_bytes())
            .map(|m| (m.kind, m.schema.unwrap_or_default(), m.name, m.is_quoted))
    };
    let found = |kind, schema: &str, name: &str, quoted| {
        Some((kind, schema.to_owned(), name.to_owned(), quoted))
    };
    for (code, message, position, query, expected) in [
        (
            "42P01",
            "relation \"t\" does not exist",
            "15",
            "select * from T",
            found(Kind::Relation, "", "t", false),
        ),
        (
            "42P01",
            "Relation »s.T x« existiert nicht: s.T",
            "15",
            "select * from s . \"T\" x",
            found(Kind::Relation, "s", "T", true),
        ),
        // The table of a column is missing in FROM.
        ("42P01", "missing FROM-clause entry for table \"o\"", "8", "select o.id", None),
        (
            "42P01",
            "table \"s.t\" does not exist",
            "",
            "drop table s.t",
            found(Kind::Relation, "s", "t", false),
        ),
        (
            "42703",
            "column \"x\" does not exist",
            "8",
            "select \"x\"",
            found(Kind::Column, "", "x", true),
        ),
        (
            "42703",
            "column o.x does not exist",
            "8",
            "select o.x",
            found(Kind::Column, "", "x", false),
        ),
        (
            "42883",
            "function s.f(integer) does not exist",
            "8",
            "select s.f(1)",
            found(Kind::Function, "s", "f", false),
        ),
        ("42883", "operator does not exist: integer = text", "10", "select 1 = 'x'", None),
        (
            "3F000",
            "schema \"s\" does not exist",
            "14",
            "create table s.t ()",
            found(Kind::Schema, "", "s", false),
        ),
        (
            "42704",
            "type \"intt\" does not exist",
            "11",
            "select 1::intt",
            found(Kind::Type, "", "intt", false),
        ),
        ("42704", "role \"x\" does not exist", "", "drop role x", None),
        ("42601", "syntax error", "1", "selct", None),
        (
            "42P01",
            "relation \"t\" does not exist",
            "99",
            "select * from t",
            found(Kind::Relation, "", "t", false),
        ),
        ("42P01", "existiert nicht", "", "drop table t", None),
    ] {
        assert_eq!(missing(code, message, position, query), expected, "{query}");
    }
    let with_hint = error(&[(b'C', "42703"), (b'M', "x"), (b'P', "1"), (b'H', "Perhaps")]);
    assert_eq!(Missing::of(&with_hint, b"x"), None);
    assert_eq!(Missing::of(&ErrorFields::default(), b"x"), None);
}

fn missing(kind: Kind, schema: Option<&str>, name: &str) -> Missing {
    Missing {
        kind,
        schema: schema.map(str::to_owned),
        name: name.to_owned(),
        is_quoted: false,
        neighbours: vec!["t".to_owned()],
    }
}

#[test]
fn what_was_meant() {
    use Kind::*;
    let found = |rows: &str| -> Vec<Found> {
        let row = |row: &str| {
            let cells = row.split('|').map(|cell| Some(cell.to_owned())).collect();
            Found::from_row(cells).expect("three cells")
        };
        rows.split_whitespace().map(row).collect()
    };
    for (kind, schema, name, rows, suggestion) in [
        (Relation, None, "customers", "shop.customers|shop|customers x|public|x", "shop.customers"),
        (
            Relation,
            None,
            "custmers",
            "customers|public|customers old.custmer|old|custmer",
            "customers or old.custmer",
        ),
        (Relation, Some("shp"), "customers", "shop.customers|shop|customers", "shop.customers"),
        (Relation, Some("b"), "orders", "a.orders|a|orders b.order|b|order", "a.orders"),
        (Relation, None, "order", "order_items|public|order_items", "order_items"),
        (Relation, None, "customers", "\"Customers\"|public|Customers", "\"Customers\""),
        (Column, None, "amount", "t.total_amount||total_amount t.id||id", "t.total_amount"),
        (
            Function,
            None,
            "lenght",
            "length(text)|pg_catalog|length length(bytea)|pg_catalog|length",
            "length()",
        ),
        (Type, None, "intger", "", "integer"),
        (Type, None, "datetime", "date|pg_catalog|date", "timestamp"),
        (Type, None, "txt", "text|pg_catalog|text", "text"),
        (Schema, None, "pubilc", "public||public", "public"),
    ] {
        let expected = Some(format!("Perhaps you meant {suggestion}."));
        assert_eq!(missing(kind, schema, name).suggestion(found(rows)), expected, "{name}");
    }
    assert_eq!(missing(Relation, None, "orders").suggestion(found("far|public|far")), None);
    let arguments = missing(Function, None, "f").suggestion(found("f(text)|a|f f(int)|a|f"));
    assert_eq!(arguments.as_deref(), Some("There is f(int) and f(text), with other arguments."));
    let string = Missing { is_quoted: true, ..missing(Column, None, "it's") };
    let words = "A string stands in single quotes: 'it''s'.";
    assert_eq!(string.suggestion(Vec::new()).as_deref(), Some(words));
}

#[test]
fn queries_bear_their_schemas() {
    // Debug builds refuse one that doesn't.
    for kind in [Kind::Relation, Kind::Column, Kind::Function, Kind::Schema, Kind::Type] {
        for name in ["x", "ord'ers", "a_long_name\\", "größe"] {
            let query = missing(kind, None, name).query();
            assert!(query.as_bytes().starts_with(b"SELECT "));
        }
    }
}

#[test]
fn variables_that_are_not_set() {
    let unset = |position, query| unset_variable(&error(&[(b'P', position)]), query);
    for (position, query, name) in [
        ("8", "select :x", Some("x")),
        ("8", "select :'x_1' from t", Some("x_1")),
        ("8", "select :\"x\"", Some("x")),
        ("8", "select : x", None),
        ("8", "select x", None),
        ("99", "select :x", None),
    ] {
        assert_eq!(unset(position, query).as_deref(), name, "{query}");
    }
}

#[test]
fn codes() {
    let narrow = sqlstate::explain("42P01", 40).expect("a code");
    assert!(narrow.lines().skip(2).count() > 2, "{narrow}");
    assert!(narrow.lines().skip(2).all(|line| line.len() <= 40), "{narrow}");
    assert!(!narrow.lines().any(|line| line.starts_with(' ') || line.ends_with(' ')), "{narrow}");
    let text = sqlstate::explain("42p01", 200).expect("a code");
    assert!(text.starts_with("42P01: undefined_table\nClass 42: "), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
    let text = sqlstate::explain("0F001", 80).expect("a code");
    assert_eq!(text.lines().count(), 2, "{text}");
    let text = sqlstate::explain("42ZZZ", 80).expect("a class");
    assert!(
        text.starts_with("42ZZZ: a code that PostgreSQL itself does not have\nClass 42"),
        "{text}"
    );
    for code in ["", "42", "ZZZZZ", "42P011", "ü2P0"] {
        assert_eq!(sqlstate::explain(code, 80), None, "{code}");
    }
}

#[test]
fn pages_of_help() {
    for (topic, suggestion) in [
        ("window", Some("WINDOW is part of \\h SELECT, \\h CREATE FUNCTION")),
        ("join", Some("JOIN is part of \\h SELECT, \\h ALTER OPERATOR or \\h CREATE OPERATOR.")),
        ("tablesample;", Some("TABLESAMPLE is part of \\h SELECT.")),
        ("selct", Some("Perhaps you meant \\h SELECT.")),
        ("nonsense", None),
        ("", None),
    ] {
        let found = help_page::suggestion(topic);
        let begins = |text: &str| found.as_deref().is_some_and(|found| found.starts_with(text));
        assert!(suggestion.map_or(found.is_none(), begins), "{topic}: {found:?}");
    }
}
