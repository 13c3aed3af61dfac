use super::journal::Reader;
use super::*;
use std::sync::Arc;
use std::time::Duration;

fn context(database: &str) -> Context {
    Context { database: database.into(), host: "/tmp".into(), user: "me".into() }
}

fn run(database: &str, outcome: Outcome) -> Run {
    let context = Arc::new(context(database));
    Run { began: 1_700_000_000, context, duration: None, outcome, rows: None }
}

fn entry(text: &str) -> Entry {
    Entry::new(text, Keeping::File)
}

fn entries(rows: &[(&str, &str, Outcome)]) -> Entries {
    let mut list = Entries::default();
    for (text, database, outcome) in rows {
        list.push(entry(text));
        list.set_last_run(run(database, *outcome), None);
    }
    list
}

const OK: Outcome = Outcome::Succeeded;
const BAD: Outcome = Outcome::Failed(None);

#[test]
fn lines_of_the_journal() {
    let failed = Outcome::Failed(SqlState::parse(b"42P01"));
    let odd = Context {
        database: "a\tb\\n\n".into(),
        host: "db.example:5433".into(),
        user: "jörg".into(),
    };
    let begun = Run {
        began: 5,
        context: Arc::new(odd),
        duration: Some(Duration::from_micros(1234)),
        outcome: failed,
        rows: None,
    };
    for (text, run, line) in [
        (
            "select 1,\n\t2;",
            run("shop", OK),
            "1700000000\tshop\t/tmp\tme\t\tok\t\tselect 1,\u{1}\t2;\n",
        ),
        ("\\d x", run("", BAD), "1700000000\t\t/tmp\tme\t\tfailed\t\t\\d x\n"),
        ("x", begun, "5\ta\\tb\\\\n\\n\tdb.example:5433\tjörg\t1234\t42P01\t\tx\n"),
    ] {
        let written = journal::line(text, &run);
        assert_eq!(String::from_utf8_lossy(&written), line);
        let read = Reader::default().entry(written.strip_suffix(b"\n").unwrap()).unwrap();
        assert_eq!((read.text(), read.run(), read.keeping()), (text, Some(&run), Keeping::File));
    }
}

#[test]
fn damaged_lines_are_passed_over() {
    let whole = "5\td\th\tu\t7\tok\t9\ttext";
    assert!(Reader::default().entry(whole.as_bytes()).is_some());
    for line in [
        "",
        "5",
        "select 1;",
        "x\td\th\tu\t7\tok\t9\ttext",
        "5\td\th\tu\tx\tok\t9\ttext",
        "5\td\th\tu\t7\tOK!\t9\ttext",
        "5\td\th\tu\t7\tok\t-1\ttext",
        "5\td\th\tu\t7\tok\t9\t",
        "5\td\th\tu\t7\tok\t9",
    ] {
        assert_eq!(Reader::default().entry(line.as_bytes()), None, "{line:?}");
    }
    for end in 0..whole.len() - "text".len() + 1 {
        assert_eq!(Reader::default().entry(&whole.as_bytes()[..end]), None, "{end}");
    }
    assert_eq!(Reader::default().entry(b"5\t\xff\th\tu\t7\tok\t9\ttext"), None);
}

#[test]
fn both_forms_of_psqls_file() {
    let read = |text: &[u8]| psql::lines(text).map(|l| psql::decode(&l)).collect::<Vec<_>>();
    for (file, texts) in [
        (&b"select 1,\x01 2;\n\n\\d\n"[..], &["select 1,\n 2;", "\\d"][..]),
        (b"select\\0401;\n", &["select\\0401;"]),
        (
            b"_HiStOrY_V2_\nselect\\0401,\\001\\0402;\n\\134d\\040t\\011x\n",
            &["select 1,\n 2;", "\\d t\tx"],
        ),
        (b"_HiStOrY_V2_\na\\^Ab\\\\c\\zd\\04\\", &["a\nb\\c\\zd\\04\\"]),
        (b"_HiStOrY_V2_\n\\M-C\\M-$\\012", &["ä\n"]),
        (b"_HiStOrY_V2_\n", &[]),
        (b"", &[]),
        (b"\xff", &["\u{fffd}"]),
    ] {
        assert_eq!(read(file), texts, "{:?}", String::from_utf8_lossy(file));
    }
    assert_eq!(psql::encode(b"a\nb"), b"a\x01b\n");
}

#[test]
fn file_and_journal_become_one() {
    for (journal, file, merged) in [
        ("", "a b", "a b"),
        ("a b", "", "a b"),
        ("a b c", "b c", "a b c"),
        // What only the file has keeps its place.
        ("a b c", "x a y b c z", "x a y b c z"),
        ("a b a", "a x a", "a b x a"),
        // Side by side in another order.
        ("a b", "b x a", "x a b"),
        ("a a", "a a a x", "a a x"),
    ] {
        let journal = journal.split_whitespace().map(entry).collect();
        let file: Vec<String> = file.split_whitespace().map(str::to_owned).collect();
        let list: Vec<String> = merge(journal, &file).iter().map(|e| e.text().to_owned()).collect();
        assert_eq!(list.join(" "), merged);
    }
}

#[test]
fn text_to_come() {
    let list = entries(&[
        ("select 1;", "shop", OK),
        ("select 2;", "shop", OK),
        ("select * from there;", "other", OK),
        ("select * from here;", "shop", BAD),
        ("delete from t;", "shop", BAD),
        ("delete from there;", "other", OK),
        ("update ü set x;", "other", BAD),
    ]);
    for (typed, ghost) in [
        ("", None),
        ("s", Some("select 2;")),
        ("select *", Some("select * from there;")),
        ("select * from h", Some("select * from here;")),
        ("select 2;", None),
        ("delete", Some("delete from there;")),
        ("delete from t", Some("delete from there;")),
        ("delete from t;", None),
        ("update ü", Some("update ü set x;")),
        ("update \u{c3}", None),
        ("x", None),
    ] {
        assert_eq!(list.ghost(typed, &context("shop")), ghost, "{typed}");
    }
    assert_eq!(list.ghost("s", &context("other")), Some("select * from there;"));
    assert_eq!(list.ghost("s", &context("third")), Some("select * from there;"));
}

#[test]
fn text_to_come_follows_what_is_added() {
    let mut list = entries(&[("select 1;", "shop", OK), ("update t;", "shop", OK)]);
    let here = context("shop");
    assert_eq!(list.ghost("s", &here), Some("select 1;"));
    for (text, keeping, ghost) in [
        ("select 2;", Keeping::File, "select 2;"),
        ("select secret", Keeping::Secret, "select 2;"),
        ("select half", Keeping::Abandoned, "select 2;"),
        ("a", Keeping::File, "select 2;"),
        ("select 0;", Keeping::File, "select 0;"),
    ] {
        list.push(Entry::new(text, keeping));
        list.set_last_run(run("shop", OK), None);
        assert_eq!(list.ghost("s", &here), Some(ghost), "{text}");
    }
    list.shorten(2);
    assert_eq!((list.len(), list.ghost("u", &here)), (2, None));
    assert_eq!(list.ghost("s", &here), Some("select 0;"));
}

/// What a query finds, each match with its marks in brackets.
fn found(search: &mut Search, list: &Entries, query: &str, filter: Filter) -> Vec<String> {
    let matches = search.find(list, query, filter, &context("shop")).to_vec();
    let marked = |found: Match| {
        let mut text = list.get(found.index).unwrap().text().to_owned();
        for range in search.marks(list, found).into_iter().rev() {
            text.insert(range.end, ']');
            text.insert(range.start, '[');
        }
        text
    };
    matches.into_iter().map(marked).collect()
}

#[test]
fn searching() {
    let list = entries(&[
        ("select * from orders;", "shop", OK),
        ("select Name from customers;", "shop", OK),
        ("delete from orders where id = 7;", "shop", BAD),
        ("select * from orders;", "other", OK),
        ("select größe from äpfel;", "shop", OK),
    ]);
    let all = Filter::default();
    for (query, expected) in [
        ("orders", &["select * from [orders];", "delete from [orders] where id = 7;"][..]),
        ("ORDERS", &[]),
        ("name", &["select [Name] from customers;"]),
        ("Name", &["select [Name] from customers;"]),
        ("orders from", &["select * [from] [orders];", "delete [from] [orders] where id = 7;"]),
        ("from orders", &["select * [from orders];", "delete [from orders] where id = 7;"]),
        ("slct nme", &["[s]e[l]e[ct] [N]a[me] from customers;"]),
        ("grö", &["select [grö]ße from äpfel;"]),
        ("äpfl", &["select größe from [äpf]e[l];"]),
        ("custmers", &["select Name from [cust]o[mers];"]),
        ("zz", &[]),
        ("ord orders", &["select * from [orders];", "delete from [orders] where id = 7;"]),
        ("= 7", &["delete from orders where id [= 7];"]),
    ] {
        let mut search = Search::new(&list);
        assert_eq!(found(&mut search, &list, query, all), expected, "{query}");
    }
}

#[test]
fn searching_goes_on_key_by_key_and_back() {
    let list = entries(&[
        ("select 1 from orders;", "shop", OK),
        ("\\d customers", "shop", OK),
        ("select 2 from orders;", "other", BAD),
    ]);
    let mut search = Search::new(&list);
    let growing = ["s", "sl", "slc", "slct", "slct ", "slct o", "slct or", "slct ord"];
    for query in ["", "o", "or", "ord", "or", "ordx", "ord", "", "cust", "orders", ""]
        .into_iter()
        .chain(growing)
    {
        let fresh = found(&mut Search::new(&list), &list, query, Filter::default());
        assert_eq!(found(&mut search, &list, query, Filter::default()), fresh, "{query}");
    }
    assert_eq!(found(&mut search, &list, "slct ordrs", Filter::default()).len(), 2);
    let here = Filter { databases: Databases::This, outcomes: Outcomes::All };
    let good = Filter { outcomes: Outcomes::Succeeded, ..Filter::default() };
    let bad = Filter { outcomes: Outcomes::Failed, ..Filter::default() };
    for (filter, expected) in [
        (here, &["select 1 from [orders];"][..]),
        (good, &["select 1 from [orders];"]),
        (bad, &["select 2 from [orders];"]),
        (Filter::default(), &["select 2 from [orders];", "select 1 from [orders];"]),
    ] {
        assert_eq!(found(&mut search, &list, "orders", filter), expected);
    }
    assert_eq!(
        found(&mut search, &list, "", Filter::default()),
        ["select 2 from orders;", "\\d customers", "select 1 from orders;"]
    );
}

#[test]
fn a_growing_query_finds_what_lay_behind_the_most() {
    let mut list = Entries::default();
    list.push(entry("select needle;"));
    for number in 0..2500 {
        list.push(entry(&format!("select number {number};")));
    }
    let mut search = Search::new(&list);
    for (query, count) in [("s", 1000), ("sel", 1000), ("select n", 1000), ("select ne", 1)] {
        assert_eq!(found(&mut search, &list, query, Filter::default()).len(), count, "{query}");
    }
}
