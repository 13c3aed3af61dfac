//! What people expect of Tab, many of the cases from psql's own test of it.

use super::*;
use crate::variables::KeywordCase;

/// A catalog like that test's database.
struct Names {
    case: KeywordCase,
}

impl Catalog for Names {
    fn look_up(&mut self, wanted: &Wanted<'_>, prefix: &[u8]) -> Vec<Name> {
        let of = wanted.of.map(|of| String::from_utf8_lossy(&of.name).into_owned());
        let names: &[&str] = match (wanted.object, wanted.schema, of.as_deref()) {
            (
                Object::Relation | Object::Table | Object::Target | Object::Stored,
                None | Some(b"public"),
                _,
            ) => &["mixedName", "mytab123", "mytab246", "tab1"],
            (Object::RelationOfConstraint, None | Some(b"public"), Some("tab1_pkey")) => &["tab1"],
            (Object::RelationOfTrigger, None, Some("audit")) => &["mytab246"],
            (Object::Schema, ..) => &["information_schema", "pg_catalog", "public"],
            (Object::Column, _, Some("tab1")) => &["c1", "c2"],
            (Object::Column, _, Some("mytab123")) => &["f1", "f2"],
            (Object::Constraint, _, Some("tab1")) => &["foo", "tab1_pkey"],
            (Object::EnumLabel, _, Some("enum1")) => &["BLACK", "bar", "baz", "foo"],
            (Object::Function, None, _) => &["coalesce_all", "count"],
            (Object::Type, None, _) => &["enum1", "text"],
            (Object::Publication, ..) => &["some_publication"],
            (Object::Role, ..) => &["joe", "postgres"],
            (Object::Database, ..) => &["postgres", "template1"],
            (Object::Setting, ..) => {
                &["intervalstyle", "plpgsql.check_asserts", "plpgsql.variable_conflict", "timezone"]
            }
            (Object::SettingValue, _, Some("intervalstyle")) => &["iso_8601", "postgres"],
            (Object::SettingValue, _, Some("plpgsql.variable_conflict")) => {
                &["error", "use_column"]
            }
            (Object::File, ..) => {
                &["tab_comp_dir/afile123", "tab_comp_dir/afile456", "tab_comp_dir/somefile"]
            }
            (Object::ResultColumn, ..) => &["day", "Sold items", "total"],
            (Object::Variable, ..) => &["DBNAME", "VERBOSITY", "VERSION"],
            _ => &[],
        };
        let names = names.iter().filter(|name| name.as_bytes().starts_with(prefix));
        names.map(|name| Name::from(*name)).collect()
    }

    fn keyword_case(&self) -> KeywordCase {
        self.case
    }
}

/// Presses Tab at `|`; gives the line with the only candidate in place, or the candidates.
fn tab(line: &str, case: KeywordCase) -> String {
    let cursor = line.find('|').unwrap();
    let text = line.replacen('|', "", 1);
    let (start, found) = complete(text.as_bytes(), cursor, &mut Names { case });
    let texts: Vec<String> =
        found.iter().map(|c| String::from_utf8(c.text.clone()).unwrap()).collect();
    match texts.as_slice() {
        [only] => format!("{}{only}", &text[..start]),
        _ => texts.join(" "),
    }
}

#[track_caller]
fn check(line: &str, expected: &str) {
    assert_eq!(tab(line, KeywordCase::PreserveUpper), expected, "{line}");
}

/// The candidates hold these.
#[track_caller]
fn offers(line: &str, expected: &[&str]) {
    let got = tab(line, KeywordCase::PreserveUpper);
    let got: Vec<&str> = got.split(' ').collect();
    for expected in expected {
        assert!(got.contains(expected), "{line}: no {expected} in {got:?}");
    }
}

#[test]
fn key_words() {
    check("SEL|", "SELECT ");
    check("sel|", "select ");
    check("CREATE TY|", "CREATE TYPE ");
    check("DROP PUBLIC|", "DROP PUBLICATION ");
    offers("analyze (\n|", &["VERBOSE"]);
    check("COPY foo FROM stdin WITH ( DEF|)", "COPY foo FROM stdin WITH ( DEFAULT ");
    check("select * from tab1 whe|", "select * from tab1 where ");
    check("select 1; upd|", "select 1; update ");
    check("\\plan sel|", "\\plan select ");
    check("\\plan+ di|", "\\plan+ diff ");
    check("explain sel|", "explain select ");
    check("select * from tab1 where c1 in (sel|", "select * from tab1 where c1 in (select ");
    for (case, typed, expected) in [
        (KeywordCase::Lower, "COL", "column"),
        (KeywordCase::Upper, "col", "COLUMN"),
        (KeywordCase::PreserveLower, "col", "column"),
        (KeywordCase::PreserveUpper, "COL", "COLUMN"),
    ] {
        let line = format!("alter table tab1 rename {typed}|");
        assert_eq!(tab(&line, case), format!("alter table tab1 rename {expected} "));
    }
}

#[test]
fn statements_behind_a_meta_command() {
    check("\\dryrun sel|", "\\dryrun select ");
    check("\\dryrun select * from mytab2|", "\\dryrun select * from mytab246 ");
    check(
        "\\dryrun select * from tab1 where c1 in (sel|",
        "\\dryrun select * from tab1 where c1 in (select ",
    );
    check("\\dryrun --on|", "\\dryrun --on-scratch ");
    check("\\dryrun --on-scratch  vacu|", "\\dryrun --on-scratch  vacuum ");
}

#[test]
fn relations() {
    check("select * from t|", "select * from tab1 ");
    check("select * from my|", "mytab123 mytab246");
    check("select * from mytab2|", "select * from mytab246 ");
    check("select * from \"my|", "\"mytab123\" \"mytab246\"");
    check("select * from \"mi|", "select * from \"mixedName\" ");
    check("select * from TAB|", "select * from tab1 ");
    check("select * from pub|", "select * from public.");
    check("select * from public.tab|", "select * from public.tab1 ");
    check("select * from PUBLIC.t|", "select * from public.tab1 ");
    check("CREATE TABLE mytab|", "mytab123 mytab246");
    check("insert into tab|", "insert into tab1 ");
    check("update tab|", "update tab1 ");
    check("delete from tab|", "delete from tab1 ");
    check("select * from tab1 join mytab1|", "select * from tab1 join mytab123 ");
    check(
        "comment on constraint tab1_pkey \n on public.|",
        "comment on constraint tab1_pkey \n on public.tab1 ",
    );
    check("drop trigger if exists \"audit\" on |", "drop trigger if exists \"audit\" on mytab246 ");
    check("create policy audit on mytab2|", "create policy audit on mytab246 ");
    check(
        "with xs as (select 1), ys as (select 2) select * from y|",
        "with xs as (select 1), ys as (select 2) select * from ys ",
    );
    check("DROP PUBLICATION |", "DROP PUBLICATION some_publication ");
    check("DROP TYPE big|", "DROP TYPE bigint ");
}

#[test]
fn columns() {
    offers("select | from tab1", &["c1", "c2"]);
    check("select mytab123.f2, | from mytab123, tab1 where false", "f1 f2 c1 c2");
    offers("select * from tab1 where c|", &["c1", "c2", "count("]);
    check("select t.| from tab1 t", "t.c1 t.c2");
    check(
        "select * from tab1 as t where t.c1 = 1 and t.c2|",
        "select * from tab1 as t where t.c1 = 1 and t.c2 ",
    );
    check("update tab1 set c2|", "update tab1 set c2 ");
    offers("insert into tab1 (|", &["c1", "c2"]);
    offers("select * from tab1 order by |", &["c1", "c2"]);
    check("alter table tab1 drop column c2|", "alter table tab1 drop column c2 ");
    check("select cou|", "select count(");
}

/// What a menu shows at `|`, the likeliest first.
fn menu(line: &str) -> Vec<String> {
    let cursor = line.find('|').unwrap();
    let text = line.replacen('|', "", 1);
    let mut names = Names { case: KeywordCase::PreserveUpper };
    let (_, found) = ranked(text.as_bytes(), cursor, &mut names);
    found.iter().map(|c| String::from_utf8_lossy(c.word()).into_owned()).collect()
}

/// The menu begins with these, in whatever order.
#[track_caller]
fn begins(line: &str, expected: &[&str]) {
    let got = menu(line);
    let first = &got[..expected.len().min(got.len())];
    assert!(expected.iter().all(|word| first.iter().any(|f| f == word)), "{line}: {got:?}");
}

#[test]
fn a_menu_begins_with_what_is_likely() {
    begins("sel|", &["select"]);
    begins("SELECT * FROM tab1 |", &["WHERE"]);
    begins("select * from tab1 |", &["where"]);
    begins("select * from tab1 where |", &["c1", "c2"]);
    begins("select c1, count(*) from tab1 group by |", &["c1"]);
    begins("select c2, c1, count(*) from tab1 group by c1, |", &["c2"]);
    for no_groups in ["select c1 from tab1 group by |", "insert into tab1 values (|"] {
        assert!(!menu(no_groups).iter().any(|word| word == "count("), "{no_groups}");
    }
    begins("insert into tab1 (c1, |", &["c2"]);
    begins("select * from tab1 group |", &["by"]);
    let nothing_typed = menu("select |");
    assert!(nothing_typed.iter().take(3).any(|word| word == "count("), "{nothing_typed:?}");
    assert!(!nothing_typed.iter().take(10).any(|word| word == "EXCEPT"), "{nothing_typed:?}");
}

#[test]
fn a_menu_finds_what_is_not_begun() {
    begins("select * from t246|", &["mytab246"]);
    begins("select * from mytab2|", &["mytab246"]);
    begins("select * from tab1 t where t.c|", &["t.c1", "t.c2"]);
    begins("\\dFd|", &["\\dFd"]);
    assert_eq!(menu("select * from xyz|"), Vec::<String>::new());
}

#[test]
fn what_belongs_to_a_table_or_type() {
    check("alter table tab1 drop constraint t|", "alter table tab1 drop constraint tab1_pkey ");
    check("alter table TAB1 drop constraint t|", "alter table TAB1 drop constraint tab1_pkey ");
    check(
        "alter table public.\"tab1\" drop constraint t|",
        "alter table public.\"tab1\" drop constraint tab1_pkey ",
    );
    check("ALTER TYPE enum1 RENAME VALUE 'ba|", "'bar' 'baz'");
    check("ALTER TYPE enum1 RENAME VALUE 'B|", "ALTER TYPE enum1 RENAME VALUE 'BLACK' ");
}

#[test]
fn files() {
    check("\\lo_import tab_comp_dir/some|", "\\lo_import tab_comp_dir/somefile ");
    check("\\lo_import tab_comp_dir/af|", "tab_comp_dir/afile123 tab_comp_dir/afile456");
    offers("\\copy tab1 from |", &["'tab_comp_dir/somefile'", "STDIN"]);
    check("COPY foo FROM tab_comp_dir/some|", "COPY foo FROM 'tab_comp_dir/somefile' ");
    check("COPY foo FROM 'tab_comp_dir/af|", "'tab_comp_dir/afile123' 'tab_comp_dir/afile456'");
}

#[test]
fn settings() {
    check("set interval|", "set intervalstyle TO ");
    check("set intervalstyle to iso|", "set intervalstyle to iso_8601 ");
    check("set plpg|", "plpgsql.check_asserts plpgsql.variable_conflict");
    check("set plpgsql.var|", "set plpgsql.variable_conflict TO ");
    check(
        "set plpgsql.variable_conflict TO USE_C|",
        "set plpgsql.variable_conflict TO use_column ",
    );
    check("SET timezone TO america/new_|", "SET timezone TO 'America/New_York' ");
    check("SET timezone TO 'europe/amst|", "SET timezone TO 'Europe/Amsterdam' ");
    check("set role jo|", "set role joe ");
    check("show interval|", "show intervalstyle ");
}

#[test]
fn meta_commands() {
    check("\\DRD|", "\\drds ");
    check("\\pset bor|", "\\pset border ");
    check("\\pset format asc|", "\\pset format asciidoc ");
    check("\\pset display_timezone utc,Europe/Berl|", "\\pset display_timezone utc,Europe/Berlin ");
    check("\\pset display_timezone o|", "\\pset display_timezone off ");
    check("\\tz europe/berl|", "\\tz Europe/Berlin ");
    check("\\tz now UTC Asia/Tok|", "\\tz now UTC Asia/Tokyo ");
    check("\\set VERB|", "\\set VERBOSITY ");
    check("\\set VERBOSITY def|", "\\set VERBOSITY default ");
    check("\\echo :VERB|", "\\echo :VERBOSITY ");
    check("\\echo :{?VERB|", "\\echo :{?VERBOSITY} ");
    check("\\d tab|", "\\d tab1 ");
    check("\\c templ|", "\\c template1 ");
    check("\\c template1 jo|", "\\c template1 joe ");
    check("\\terminate da|", "\\terminate database ");
    check("\\terminate -y database templ|", "\\terminate -y database template1 ");
    check("\\cancel user jo|", "\\cancel user joe ");
    check("\\stats tab1.c|", "tab1.c1 tab1.c2");
    check("\\stats myta|", "mytab123 mytab246");
    check("\\chart sc|", "\\chart scatter ");
    check("\\chart 2 hi|", "\\chart 2 hist ");
    check("\\chart bar hi|", "");
    check("\\chart da|", "\\chart day ");
    check("\\chart line day to|", "\\chart line day total ");
    check("\\chart line \"S|", "\\chart line \"Sold items\" ");
    check("\\last (format=nd|", "\\last (format=ndjson ");
    check("\\last 2 (format=json col|", "columns= color=");
    check("\\last (columns=day,to|", "\\last (columns=day,total ");
    check("select 1 \\g (for|", "select 1 \\g (format=");
    check("select 1 \\g (title=x pag|", "pager= pager_min_lines=");
    check("\\clip csv 2 (format=mark|", "\\clip csv 2 (format=markdown ");
    check("\\last (format=csv) tab_comp_dir/s|", "\\last (format=csv) tab_comp_dir/somefile ");
    check("\\last into myta|", "mytab123 mytab246");
    check("\\last 2 in|", "\\last 2 into ");
    check("\\last (form|", "\\last (format=");
    check("\\last into t tab|", "");
    check("\\clip mark|", "\\clip markdown ");
    check("\\clip csv mark|", "");
    check("select 1 \\watch 2 sp|", "select 1 \\watch 2 spark ");
    check("\\h create tablesp|", "\\h create tablespace ");
    check("\\x au|", "\\x auto ");
    check("\\copy tab|", "\\copy tab1 ");
    check("select 1 \\gd|", "select 1 \\gdesc ");
    check("\\echo a \\\\ sel|", "\\echo a \\\\ select ");
}

/// What the command itself takes goes before whatever else may stand there.
#[test]
fn own_words_of_meta_commands_come_first() {
    begins("\\plan |", &["diff", "last", "save"]);
    begins("\\plan+ s|", &["save"]);
    begins("\\last |", &["into", "(columns=", "(format="]);
    begins("\\chart |", &["bar", "hist", "line", "scatter"]);
    begins("\\clip csv |", &["(columns=", "(format="]);
}

#[test]
fn names_of_meta_commands_are_listed_with_the_backslash() {
    let (_, found) = complete(b"\\dF", 3, &mut Names { case: KeywordCase::PreserveUpper });
    assert!(found.iter().any(|c| c.shown == b"\\dFd" && c.text == b"dFd"), "{found:?}");
}

#[test]
fn variables_in_sql() {
    check("select :DB|", "select :DBNAME ");
    check("select :'DB|", "select :'DBNAME' ");
}

#[test]
fn nothing_to_offer() {
    check("blarg |", "");
    check("-- sel|", "");
    check("select 'sel|", "");
    check("/* sel|", "");
}

#[test]
fn no_text_is_too_odd() {
    for text in [
        "",
        "\\",
        "\\copy",
        "\\copy ",
        "(((",
        "))",
        "select ((",
        "\"",
        "'",
        ".",
        "a.",
        "a..b",
        "\u{e9}.",
        ";;",
        ":",
        ":{",
        "with ",
        "with x as (",
        "\\h",
        "set to",
        "set =",
        "= ",
    ] {
        for cursor in 0..=text.len() {
            if text.is_char_boundary(cursor) {
                let mut names = Names { case: KeywordCase::PreserveUpper };
                let (start, _) = complete(text.as_bytes(), cursor, &mut names);
                assert!(start <= cursor, "{text:?} {cursor}");
            }
        }
    }
}

/// Random statements of plausible pieces: no panic, no start behind the cursor.
#[test]
fn random_statements() {
    let pieces: Vec<&str> = "select from where ( ) , . * = + :: ; ' \" tab1 c1 as with join on in case \
        when end insert into values update set delete create table view function alter drop grant \
        to copy stdin explain analyze \\d \\set \\copy :v :' 'x' 1 $$ -- /* [ ] union order by limit \
        merge using only not null default \u{e9} \\\\ \n"
        .split(' ')
        .collect();
    let mut seed = 7u32;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    for _ in 0..1500 {
        let mut text = String::new();
        for _ in 0..random(25) {
            text.push_str(pieces[random(pieces.len())]);
            if random(4) > 0 {
                text.push(' ');
            }
        }
        let mut names = Names { case: KeywordCase::Lower };
        let (start, _) = complete(text.as_bytes(), text.len(), &mut names);
        assert!(start <= text.len(), "{text:?}");
    }
}
