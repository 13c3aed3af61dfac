//! The formats that psql doesn't have, and what psql 19 adds: through the whole program.
//!
//! There is no oracle for their bytes. What JSON says is compared with what the server makes of
//! the same rows (`row_to_json`), read by a parser that is not ours; the other tables were read by
//! a person before they were put here.

use serde_json::{Deserializer, Value};

use crate::harness::{Bench, Shell};
use crate::pty::Terminal;
use crate::run::Outcome;
use crate::trial::tests;

/// Runs pgsh with these arguments and this input.
fn pgsh(bench: &Bench, arguments: &[&str], stdin: &str) -> Outcome {
    let mut all = vec!["-X".to_owned()];
    all.extend(arguments.iter().map(|&argument| argument.to_owned()));
    bench.shell(Shell::Pgsh).called_pgsh().args(all).stdin(stdin.as_bytes()).outcome()
}

/// Runs pgsh, which must have nothing to complain of, and gives what it printed.
#[track_caller]
fn printed(bench: &Bench, arguments: &[&str], stdin: &str) -> String {
    let outcome = pgsh(bench, arguments, stdin);
    let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
    assert!(outcome.stderr.is_empty() && outcome.status == 0, "{stdin}\n{shown}");
    String::from_utf8(outcome.stdout).expect("UTF-8")
}

/// The JSON values in a text, which holds nothing else.
#[track_caller]
fn values(text: &str) -> Vec<Value> {
    let values: Result<_, _> = Deserializer::from_str(text).into_iter::<Value>().collect();
    values.unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What pgsh prints for this input.
#[track_caller]
fn check(bench: &Bench, arguments: &[&str], stdin: &str, expected: &str) {
    let found = printed(bench, arguments, stdin);
    assert!(found == expected, "{arguments:?} {stdin}\nfound:\n{found}\nexpected:\n{expected}");
}

/// Queries whose values look the same in the server's JSON: all but those that it writes in
/// another way than as text (rows, times, arrays of types made later).
const QUERIES: &[&str] = &[
    "select 1::int2 as a, -2147483648 as b, 9223372036854775807 as c",
    "select 9007199254740993 as beyond_doubles, 1.10 as scale, -0.0000000001 as small,
            1e40::numeric as large, 1234567890123456789012345678901234567890.5 as digits",
    "select 'NaN'::numeric as a, 'Infinity'::numeric as b, '-Infinity'::float8 as c,
            'NaN'::float4 as d, '-0'::float8 as e, 1e-300::float8 as f, 1e+20::float4 as g",
    "select true as yes, false as no, null::bool as neither, null as nothing, null::int as number",
    r#"select '{"a": [1, {"b": null}], "c": "x\"y"}'::json as j, '"text"'::jsonb as t,
             'null'::json as n, '[1.0, 1e5]'::json as numbers, E'{\n "a":\n 1}'::json as lines"#,
    r#"select '' as empty, 'q"" b\ s/' as quotes, E'\b\f\n\r\t\x01\x1f\x7f' as controls,
             'Zürich 東京 😀 ￿' as wide, E'e\u0301\u202e' as marks, '<a&b>' as html"#,
    "select '\\xdeadbeef'::bytea as b, 'x'::\"char\" as c, 'abc'::char(5) as p, 'n'::name as n,
            '1.5'::money as m, '1 day'::interval as i, '2020-02-29'::date as d,
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid as u, '10.0.0.0/8'::inet as net",
    r#"select 1 as "a b", 2 as "q""uote", 3 as "back\slash", 4 as "größe", 5 as U&"tab\\0009here""#,
    "select i, repeat('x', i) as x, nullif(i % 3, 0) as n from generate_series(0, 40) i",
    r#"select '{1,NULL,-2}'::int4[] as i, '{{1,2},{3,4}}'::int2[] as m, '{}'::int8[] as e,
             '[2:3]={1,2}'::int4[] as bounds, '{1.5,NaN,-Infinity,1e300}'::float8[] as f,
             '{1.10,NaN}'::numeric[] as n, '{t,f,NULL}'::bool[] as b"#,
    r#"select array['a', 'NULL', null, '', 'b "c\ ', '{,}', 'ü', E'\n\u202e'] as t,
             array['x'::char(3)] as p, array['n'::name] as n, '{1,2}'::varchar[] as v,
             array['{"a": [1, "x"]}'::jsonb, 'null', null] as j, array['{"b":1}'::json] as k,
             '{(1,1),(0,0);(2,2),(1,1)}'::box[] as boxes, array['[1,2)'::int4range, 'empty'] as r,
             '{10.0.0.0/8}'::inet[] as net, '{{{{{{1}}}}}}'::int4[] as deep"#,
    "select 1 as a where false",
    "select repeat('ä', 100000) as long",
];

fn json_says_what_the_server_says() {
    let bench = Bench::new();
    for query in QUERIES {
        let own = format!("select row_to_json(q) from ({query}) q");
        let arguments = ["-X", "-A", "-t", "-c", &own].map(str::to_owned);
        let oracle = bench.run(Shell::Oracle, &arguments, b"");
        let expected = values(std::str::from_utf8(&oracle.stdout).expect("UTF-8"));
        let array = vec![Value::Array(expected.clone())];
        let count = ["-v", "FETCH_COUNT=3"];
        let statement = format!("{query};\n");
        for more in [&[][..], &count, &["-x"], &["-t"], &["-P", "title=T", "-P", "null=N"]] {
            let json = [&["-P", "format=json"], more].concat();
            assert_eq!(values(&printed(&bench, &json, &statement)), array, "{query} {more:?}");
            let ndjson = [&["-P", "format=ndjson"], more].concat();
            let lines = printed(&bench, &ndjson, &statement);
            assert_eq!(values(&lines), expected, "{query} {more:?}");
            assert_eq!(lines.lines().count(), expected.len(), "a line per row: {lines}");
        }
        let g = printed(&bench, &[], &format!("{query} \\g (format=json)\n"));
        assert_eq!(values(&g), array, "{query}");
        let to_file =
            format!("{query} \\g (format=ndjson) rows.json\n\\o more.json\n{query};\n\\o\n");
        let file = printed(&bench, &[], &format!("{to_file}\\! cat rows.json\n"));
        assert_eq!(values(&file), expected, "{query}");
    }
}

fn json_shows_numbers_as_the_server_wrote_them() {
    let bench = Bench::new();
    let query = "select 9007199254740993 as a, 1.10 as b, -0::float8 as c, 'NaN'::numeric as d,
        'Infinity'::float8 as e, 1e300::float8 as f;";
    let line =
        r#"{"a":9007199254740993,"b":1.10,"c":-0,"d":"NaN","e":"Infinity","f":1e+300}"#.to_owned();
    check(&bench, &["-P", "format=ndjson"], query, &format!("{line}\n"));
    // What is a number for people only stays one for programs.
    let locale = ["-P", "format=json", "-P", "numericlocale=on", "-P", "display_true=yes"];
    check(&bench, &locale, "select 1234567 as a, true as b;", "[\n{\"a\":1234567,\"b\":true}\n]\n");
}

fn json_of_odd_shapes() {
    let bench = Bench::new();
    for (query, json, ndjson) in [
        ("select;", "[\n{}\n]\n", "{}\n"),
        ("select from generate_series(1, 2);", "[\n{},\n{}\n]\n", "{}\n{}\n"),
        ("select 1 as a where false;", "[]\n", ""),
        ("select 1 as a, 2 as a;", "[\n{\"a\":1,\"a\":2}\n]\n", "{\"a\":1,\"a\":2}\n"),
        (
            "select array[1, 2] as a, row(1, 'x') as r;",
            "[\n{\"a\":[1,2],\"r\":\"(1,x)\"}\n]\n",
            "{\"a\":[1,2],\"r\":\"(1,x)\"}\n",
        ),
        (
            "select '{1}'::information_schema.cardinal_number[] as own;",
            "[\n{\"own\":[1]}\n]\n",
            "{\"own\":[1]}\n",
        ),
        (
            "select 1 as a\\; select 2 as b;",
            "[\n{\"a\":1}\n]\n[\n{\"b\":2}\n]\n",
            "{\"a\":1}\n{\"b\":2}\n",
        ),
        ("create temp table t (a int);", "", ""),
        (
            "create temp table t (a int);\ninsert into t values (1) returning a;\ntruncate t;",
            "[\n{\"a\":1}\n]\n",
            "{\"a\":1}\n",
        ),
    ] {
        check(&bench, &["-P", "format=json"], query, json);
        check(&bench, &["-P", "format=ndjson"], query, ndjson);
    }
}

/// Types that only the server knows: what rows and arrays of them hold is what `row_to_json` says.
fn json_of_types_made_later() {
    let bench = Bench::new();
    let types = r#"create type mood as enum ('sad', 'it''s "ok"');
create domain positive as int check (value > 0);
create type "In ner" as (n numeric, m mood, "q""uote" text);
create type outer_type as (i "In ner", l "In ner"[], j jsonb, b bool, gone int,
  p positive, d date[]);
alter type outer_type drop attribute gone;
create type single as (a int);
create type floats as range (subtype = float8);
create table made as select 1 as id,
  row(row(1.50, 'sad', E'x,"y" \ (é)'), array[row(null, null, '')::"In ner", null]::"In ner"[],
      '{"a": [1, null]}', true, 7, '{2020-01-01}')::outer_type as o,
  '{sad,"it''s \"ok\""}'::mood[] as m, '{{1,2},{3,4}}'::positive[] as p, row(null)::single as s,
  row(5)::single as t, '[1,2)'::floats as f, '{"[1,2)"}'::floats[] as g, null::outer_type as n;
"#;
    bench.run_both(&["-X".to_owned(), "-q".to_owned()], types.as_bytes());
    let own = ["-X", "-A", "-t", "-c", "select row_to_json(made) from made"].map(str::to_owned);
    let oracle = bench.run(Shell::Oracle, &own, b"");
    let expected = values(std::str::from_utf8(&oracle.stdout).expect("UTF-8"));
    assert!(expected[0]["o"]["i"]["n"].is_number(), "{expected:?}");
    let ndjson = ["-P", "format=ndjson"];
    assert_eq!(values(&printed(&bench, &ndjson, "table made;")), expected);
    // Where the session can't be asked in between its helper is; else they are strings, which is told.
    let kept = "\\set KEEP_RESULTS 1\n\\o /dev/null\nselect t from made;\n\\o\nbegin;\nselect 1/0;\n\\last";
    for (arguments, script) in [
        (&["-v", "FETCH_COUNT=1"][..], "select t from made;".to_owned()),
        (
            &[],
            "\\startpipeline\nselect t from made \\bind \\sendpipeline\n\\endpipeline".to_owned(),
        ),
        (&[], "select t from made\\; select where false;".to_owned()),
        (&[], kept.to_owned()),
    ] {
        let arguments = [&ndjson[..], arguments].concat();
        let outcome = pgsh(&bench, &arguments, &format!("{script}\n"));
        let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
        assert!(shown.contains("{\"t\":{\"a\":5}}\n"), "{script}: {shown}");
        let outcome = pgsh(&bench, &arguments, &format!("\\set HELPER off\n{script}\n"));
        let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
        assert!(shown.contains("{\"t\":\"(5)\"}\n"), "{script}: {shown}");
        assert!(
            shown.contains("\"t\": what the type is made of could not be asked now"),
            "{shown}"
        );
    }
    // What a transaction has changed is not what others see.
    let script = "begin;\nalter type single rename attribute a to zzz;\nselect t from made;\n";
    let outcome = pgsh(&bench, &[&ndjson[..], &["-v", "FETCH_COUNT=1"]].concat(), script);
    let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
    assert!(shown.contains("{\"t\":\"(5)\"}\n"), "{shown}");
}

fn json_for_one_query() {
    let bench = Bench::new();
    let script =
        "create table t (a int);\ninsert into t values (1) returning a \\g (format=json)\n";
    check(&bench, &[], script, "CREATE TABLE\n[\n{\"a\":1}\n]\n");
}

/// Whatever shows a table: nothing but JSON comes out.
fn every_byte_is_json() {
    let bench = Bench::new();
    let script = "
        create table t (a int primary key, b text default 'x');
        insert into t values (1), (2);
        insert into t values (3) returning *;
        update t set b = 'y' where a = 1;
        begin; savepoint s; rollback to s; commit;
        table t;
        table t \\gx
        table t \\gdesc
        select 'select ' || a from t order by a \\gexec
        select a as row, b as col, a as value from t \\crosstabview
        select 1 as a \\watch c=2 i=0.01
        select 1 as one \\gset
        prepare p as select $1::int as n; execute p(7);
        explain (costs off) select 1;
        explain (costs off, format json) select 1;
        copy t from stdin;
4\tz
\\.
        \\d t
        \\dt
        \\d+ pg_am
        \\l
        \\df lower
        select $1::int as five \\bind 5 \\g
        \\o |cat
        select 8 as piped;
        \\o
        drop table t;
";
    for format in ["json", "ndjson"] {
        let found = printed(&bench, &["-P", &format!("format={format}")], script);
        let values = values(&found);
        assert!(values.len() >= 20, "{found}");
        let of_rows = |value: &Value| match format {
            "json" => value.is_array(),
            _ => value.is_object(),
        };
        assert!(values.iter().all(of_rows), "{found}");
        assert!(found.lines().all(|line| !line.is_empty()), "{found}");
    }
}

/// JSON is UTF-8, whatever the client's encoding is.
fn json_in_other_encodings() {
    let bench = Bench::new();
    // In SJIS and its kin the second byte of the first two characters is a backslash.
    let view = r#"create view v as select '表ソ"' as a, '["表ソ", "\""]'::json as b;"#;
    printed(&bench, &["-q"], view);
    for encoding in ["UTF8", "SQL_ASCII", "SJIS", "EUC_JP", "SHIFT_JIS_2004", "GB18030"] {
        let script = format!("set client_encoding to {encoding};\ntable v;\n");
        let found = values(&printed(&bench, &["-P", "format=ndjson"], &script));
        let [Value::Object(row)] = found.as_slice() else { panic!("{encoding}: {found:?}") };
        let text = match encoding {
            "UTF8" | "SQL_ASCII" => "表ソ",
            _ => "\u{fffd}\u{fffd}",
        };
        assert_eq!(row["a"], format!("{text}\""), "{encoding}");
        assert_eq!(row["b"], serde_json::json!([text, "\""]), "{encoding}");
    }
    let latin1 = "\\set QUIET 1\ncreate temp table t as select 'aä\u{fc}' as \"größe\";
set client_encoding to latin1;\ntable t;\n";
    let found = values(&printed(&bench, &["-P", "format=json"], latin1));
    assert_eq!(found[0][0]["größe"], "aäü");
}

/// A result that breaks off does not look whole.
fn json_of_a_result_that_breaks_off() {
    let bench = Bench::new();
    let query = "select 1 / (4 - i) as a from generate_series(1, 9) i;";
    let outcome = pgsh(&bench, &["-P", "format=json", "-v", "FETCH_COUNT=2"], query);
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), "[\n{\"a\":0},\n{\"a\":0}");
    assert!(!outcome.stderr.is_empty());
}

fn markdown_tables() {
    let bench = Bench::new();
    let markdown = ["-P", "format=markdown"];
    check(
        &bench,
        &markdown,
        "select 1 as n, 'a|b' as \"x|y\", E'two\\nlines' as t union all select 22, '<b>\\', null;",
        "| n | x\\|y | t |\n| ---: | --- | --- |\n| 1 | a\\|b | two<br>lines |\n\
         | 22 | \\<b>\\\\ |  |\n\n(2 rows)\n",
    );
    let options = ["-P", "format=markdown", "-P", "null=-", "-P", "title=Some *title*", "-t", "-x"];
    check(&bench, &options, "select null as a, 1 as b;", "| - | 1 |\n");
    let titled = ["-P", "format=markdown", "-P", "title=A title", "-P", "footer=off"];
    check(&bench, &titled, "select 1 as a;", "A title\n\n| a |\n| ---: |\n| 1 |\n");
    check(&bench, &markdown, "select 1 as a where false;", "| a |\n| ---: |\n\n(0 rows)\n");
    check(&bench, &markdown, "select;", "\n(1 row)\n");
    let fetch = ["-P", "format=markdown", "-v", "FETCH_COUNT=2"];
    check(
        &bench,
        &fetch,
        "select i from generate_series(1, 3) i;",
        "| i |\n| ---: |\n| 1 |\n| 2 |\n| 3 |\n\n(3 rows)\n",
    );
    check(
        &bench,
        &["-q"],
        "create table t (a int primary key, b text);\n\\pset format markdown\n\\d t\n",
        "Table \"public.t\"\n\n| Column | Type | Collation | Nullable | Default |\n\
         | --- | --- | --- | --- | --- |\n| a | integer |  | not null |  |\n\
         | b | text |  |  |  |\n\nIndexes:<br>\n    \"t_pkey\" PRIMARY KEY, btree (a)\n",
    );
}

/// Without a terminal, and where it can't be used, the fitted format is the aligned one.
fn fitted_without_a_screen() {
    let bench = Bench::new();
    for query in QUERIES.iter().chain(&["select", "values (1, 'a'), (2, null)"]) {
        let statement = format!("{query};\n\\x\n{query};\n");
        let aligned = printed(&bench, &["-q"], &statement);
        check(&bench, &["-q", "-P", "format=fitted"], &statement, &aligned);
        let parts = ["-q", "-P", "format=fitted", "-v", "FETCH_COUNT=2"];
        let aligned = printed(&bench, &["-q", "-v", "FETCH_COUNT=2"], &statement);
        check(&bench, &parts, &statement, &aligned);
    }
}

fn fitted_on_a_screen() {
    let bench = Bench::new();
    let mut terminal = Terminal::own(&bench, &[], &[("PAGER", "cat")]);
    terminal.line("\\pset format fitted").wait("Output format is fitted.");
    terminal.line(
        "select i, repeat('word ', 30) as words, -i as minus from generate_series(1, 300) i;",
    );
    let shown = terminal.wait("columns)");
    assert!(shown.contains("more rows ..."), "{shown}");
    assert!(shown.ends_with("(300 rows, 3 columns)"), "{shown}");
    let table: Vec<&str> = shown.lines().skip_while(|line| !line.starts_with("  i  |")).collect();
    assert!((20..=24).contains(&table.len()), "{shown}");
    assert!(table.iter().all(|line| line.chars().count() <= 100), "{shown}");
    // Too many columns for the screen: a line each.
    terminal.line("select * from pg_class limit 1;");
    terminal.wait("RECORD 1");
    terminal.wait("=# ");
}

/// What psql 19 adds.
fn booleans_displayed() {
    let bench = Bench::new();
    let options = ["-P", "display_true=yes", "-P", "display_false=no"];
    let query = "select true as a, false as b, null::bool as c, 't' as d;";
    check(
        &bench,
        &options,
        query,
        "  a  | b  | c | d \n-----+----+---+---\n yes | no |   | t\n(1 row)\n\n",
    );
    let more = [&options[..], &["--csv"]].concat();
    check(&bench, &more, query, "a,b,c,d\nyes,no,,t\n");
    let more = [&options[..], &["-P", "format=markdown", "-t"]].concat();
    check(&bench, &more, query, "| yes | no |  | t |\n");
    let more = [&options[..], &["-A", "-t", "-v", "FETCH_COUNT=1"]].concat();
    check(&bench, &more, query, "yes|no||t\n");
    check(
        &bench,
        &[],
        "\\pset display_true on\n\\pset display_true\n\\pset display_false\nselect true as a;\n",
        "Boolean true display is \"on\".\nBoolean true display is \"on\".\n\
         Boolean false display is \"f\".\n a  \n----\n on\n(1 row)\n\n",
    );
}

/// psql 19's SERVICEFILE, beside SERVICE.
fn the_service_file_is_told() {
    let bench = Bench::new();
    let file = bench.directory(Shell::Pgsh).join("services.conf");
    std::fs::write(&file, "[here]\napplication_name=served\n").expect("a service file");
    let run = bench.shell(Shell::Pgsh).env("PGSERVICEFILE", &file).args(["-X", "service=here"]);
    let stdin = "\\echo :SERVICE :SERVICEFILE\nshow application_name \\g (format=unaligned tuples_only=on)\n";
    let outcome = run.stdin(stdin).outcome();
    let expected = "here <here>/services.conf\nserved\n";
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), expected);
    check(&bench, &[], "\\echo :{?SERVICE} :{?SERVICEFILE}\n", "FALSE FALSE\n");
}

tests! {
    json_says_what_the_server_says,
    json_shows_numbers_as_the_server_wrote_them,
    json_of_odd_shapes,
    json_for_one_query,
    json_of_types_made_later,
    every_byte_is_json,
    json_in_other_encodings,
    json_of_a_result_that_breaks_off,
    markdown_tables,
    fitted_without_a_screen,
    fitted_on_a_screen,
    booleans_displayed,
    the_service_file_is_told,
}
