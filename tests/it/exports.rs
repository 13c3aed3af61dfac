//! Exports that keep types: the formats insert, parquet and xlsx, and files that are whole or not there.
//!
//! Every type of the server's catalog goes out and comes back, and the server says whether it is what it
//! was: statements are run by psql, what is in the files is read by pyarrow and openpyxl
//! (`tests/tools/readers`, `exports.py`) and comes back by COPY.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use pgsh::scratch;
use pgsh::scratch::cluster::{self, Cluster};

use crate::harness::{self, Bench, Shell};
use crate::pty::Terminal;
use crate::run::{Outcome, Run};
use crate::trial::{Missing, Ran, tests};
use crate::versions::{Version, on_each};

/// Values of the types of pg_catalog. The type `xml` is left out where the server is built without.
#[rustfmt::skip]
const SAMPLES: &[(&str, &[&str])] = &[
    ("abstime", &["2020-01-01 00:00:00+00"]),
    ("aclitem", &["postgres=r/postgres"]),
    ("bit", &["101", "0"]),
    ("bool", &["t", "f"]),
    ("box", &["(1,1),(0,0)"]),
    ("bpchar", &["ab ", "é"]),
    ("bytea", &[r"\x00ff275c", r"\x"]),
    ("char", &["a", ""]),
    ("cid", &["7"]),
    ("cidr", &["10.0.0.0/8"]),
    ("circle", &["<(0,0),1>"]),
    ("date", &["2026-11-27", "1900-02-28", "0044-03-15 BC", "5874897-12-31"]),
    ("datemultirange", &["{[2020-01-01,2021-01-01)}"]),
    ("daterange", &["[2020-01-01,2021-01-01)", "empty"]),
    ("float4", &["1.1", "-0", "NaN", "3.4028235e+38"]),
    ("float8", &["0.1", "-0", "1e-300", "Infinity", "5e-324"]),
    ("inet", &["10.0.0.1/8", "::1"]),
    ("int2", &["-32768", "32767"]),
    ("int2vector", &["1 2 3"]),
    ("int4", &["-2147483648", "42"]),
    ("int4multirange", &["{[1,3),[5,7)}"]),
    ("int4range", &["[1,5)", "empty", "(,)"]),
    ("int8", &["9223372036854775807", "-9223372036854775808", "7"]),
    ("int8multirange", &["{[1,3)}"]),
    ("int8range", &["[1,10)"]),
    ("interval", &["1 year 2 mons -3 days 04:05:06.7", "00:00:00"]),
    ("json", &["{\"a\": [1, null]}", "[1e5,\n 2]"]),
    ("jsonb", &["{\"a\": [1, null]}", "null"]),
    ("jsonpath", &["$.\"a\"[*]"]),
    ("line", &["{1,2,3}"]),
    ("lseg", &["[(0,0),(1,1)]"]),
    ("macaddr", &["08:00:2b:01:02:03"]),
    ("macaddr8", &["08:00:2b:01:02:03:04:05"]),
    ("money", &["-1234.56"]),
    ("name", &["na\"me"]),
    ("numeric", &["1.5", "NaN", "12345678901234567890.123456789", "-0.001"]),
    ("nummultirange", &["{[1.5,2]}"]),
    ("numrange", &["[1.50,)"]),
    ("oid", &["4294967295"]),
    ("oidvector", &["1 2"]),
    ("path", &["((0,0),(1,1))"]),
    ("pg_lsn", &["16/B374D848"]),
    ("pg_snapshot", &["10:20:10,14"]),
    ("point", &["(1,2.5)"]),
    ("polygon", &["((0,0),(1,1),(2,0))"]),
    ("refcursor", &["c"]),
    ("regclass", &["pg_class"]),
    ("regcollation", &["\"C\""]),
    ("regconfig", &["simple"]),
    ("regdictionary", &["simple"]),
    ("regnamespace", &["pg_catalog"]),
    ("regoper", &["||/"]),
    ("regoperator", &["+(integer,integer)"]),
    ("regproc", &["pg_backend_pid"]),
    ("regprocedure", &["pg_backend_pid()"]),
    ("regrole", &["postgres"]),
    ("regtype", &["integer"]),
    ("reltime", &["1 day"]),
    ("text", &["it's \"q\" \\ \n\t\r é 東京 😀", "=1+1", "", "_x0041_ <&>", " a "]),
    ("tid", &["(1,2)"]),
    ("time", &["00:00:00.000001", "23:59:59.5"]),
    ("timestamp", &["2026-11-27 12:00:00.123456", "0044-03-15 10:00:00 BC", "9999-12-31 23:59:59"]),
    ("timestamptz", &["2026-11-27 12:00:00.123456+01", "2999-01-01 00:00:00.001+00"]),
    ("timetz", &["12:00:00+05:30"]),
    ("tinterval", &["[\"2020-01-01 00:00:00+00\" \"2020-01-02 00:00:00+00\"]"]),
    ("tsmultirange", &["{[\"2020-01-01 00:00:00\",\"2021-01-01 00:00:00\")}"]),
    ("tsquery", &["'a' & !'b'"]),
    ("tsrange", &["[\"2020-01-01 00:00:00\",\"2021-01-01 00:00:00\")"]),
    ("tstzmultirange", &["{[\"2020-01-01 00:00:00+00\",)}"]),
    ("tstzrange", &["[\"2020-01-01 00:00:00+00\",)"]),
    ("tsvector", &["'a':1A 'b c':2"]),
    ("txid_snapshot", &["10:20:10,14"]),
    ("uuid", &["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]),
    ("varbit", &["10", ""]),
    ("varchar", &["v v "]),
    ("xid", &["7"]),
    ("xid8", &["18446744073709551615"]),
    ("xml", &["<a>x &amp; y</a>", "a<b/>"]),
];

/// Types that no value can be written of.
const NOT_WRITTEN: &[&str] = &[
    "gtsvector",
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "pg_dependencies",
    "pg_mcv_list",
    "pg_ndistinct",
    "pg_node_tree",
    "smgr",
];

/// Further columns: their types and values.
const MORE: &[(&str, &str, &[&str])] = &[
    ("n10_2", "numeric(10,2)", &["12.50", "-0.05"]),
    ("n5", "numeric(5)", &["12345"]),
    ("n18_4", "numeric(18,4)", &["99999999999999.9999", "-1"]),
    ("n38_10", "numeric(38,10)", &["-1234567890123456789012345678.0123456789"]),
    ("n50_2", "numeric(50,2)", &["1.25"]),
    ("not_a_number", "numeric(10,2)", &["NaN", "1"]),
    ("char5", "char(5)", &["ab", "abcde"]),
    ("varchar9", "varchar(9)", &["nine"]),
    ("bit3", "bit(3)", &["101"]),
    ("forever", "date", &["infinity", "2020-01-01"]),
    ("never", "timestamptz", &["-infinity", "2020-01-01 00:00:00+00"]),
    ("midnight", "time", &["24:00:00", "00:00:00"]),
    ("matrix", "int4[]", &["{{1,2},{3,NULL}}"]),
    ("bounds", "int4[]", &["[2:3]={1,2}"]),
    ("mood", "mood", &["sad", "it's ok"]),
    ("pair", "pair", &["(1,\"x,\"\"y\"\"\")", "(,)"]),
    ("positive", "positive", &["7"]),
    ("moods", "mood[]", &["{sad,\"it's ok\"}"]),
    ("pairs", "pair[]", &["{\"(1,x)\",NULL}"]),
    ("floats", "floatrange", &["[1.5,2)"]),
];

const OWN_TYPES: &str = "create type mood as enum ('sad', 'it''s ok');
create type pair as (a int, b text);
create domain positive as int check (value > 0);
create type floatrange as range (subtype = float8);
";

/// What holds in every session: floats whole on old servers too.
const SESSION: &str = "set extra_float_digits = 3;\nset timezone = 'UTC';\n";

/// A server with a table `source` that has columns of every type.
struct Place {
    cluster: Cluster,
    directory: PathBuf,
    /// The types of the table's columns, as the catalog calls them.
    types: Vec<String>,
}

impl Place {
    fn new(version: Version) -> Result<Place, Missing> {
        let server = version.server()?;
        let directory = harness::cluster_directory(&format!("exports-{}", version.name()));
        let cluster = harness::start_cluster(server, &directory.join("c"));
        let mut place = Place { cluster, directory, types: Vec::new() };
        place.psql(&format!("{OWN_TYPES}{}", place.table()));
        let types = "select t.typname from pg_attribute a join pg_type t on t.oid = a.atttypid
            where attrelid = 'source'::regclass and attnum > 0 order by attnum;";
        place.types = place.psql(types).lines().map(str::to_owned).collect();
        Ok(place)
    }

    /// A run of a program in the directory, led to the server.
    fn run(&self, program: impl AsRef<Path>, arguments: &[&str]) -> Run {
        Run::new(program.as_ref(), &self.directory)
            .env("PGHOST", self.cluster.socket())
            .env("PGPORT", cluster::PORT)
            .env("PGUSER", cluster::USER)
            .env("PGDATABASE", "postgres")
            .instead(program.as_ref(), arguments)
    }

    /// What psql prints for a script, which succeeds.
    #[track_caller]
    fn psql(&self, script: &str) -> String {
        let run = self.run(harness::program(Shell::Oracle), &["-XqAt", "-v", "ON_ERROR_STOP=on"]);
        succeeded(&run.stdin(script).outcome(), script)
    }

    /// What pgsh says to a script, which succeeds.
    #[track_caller]
    fn pgsh(&self, script: &str) -> String {
        let run = self.run(harness::program(Shell::Pgsh), &["-Xq", "-v", "ON_ERROR_STOP=on"]);
        let outcome = run.stdin(format!("{SESSION}{script}")).outcome();
        succeeded(&outcome, script);
        String::from_utf8(outcome.stderr).expect("UTF-8")
    }

    /// The statements that make the table: a column for each type and one for arrays of it, a row
    /// for each value, and one of NULLs.
    fn table(&self) -> String {
        let has_xml = self
            .run(harness::program(Shell::Oracle), &["-XAtc", "select xml '<a/>'"])
            .outcome()
            .status
            == 0;
        let of_catalog = self.psql(
            "select typname || ' ' || (typarray <> 0)::int from pg_type where typisdefined
             and typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm', 'e')
             and (typcategory <> 'A' or typname like '%vector') order by typname;",
        );
        let mut columns: Vec<(String, String, Vec<String>)> = Vec::new();
        for line in of_catalog.lines() {
            let (name, has_array) = line.split_once(' ').expect("two words");
            let is_left_out = NOT_WRITTEN.contains(&name) || name == "xml" && !has_xml;
            if is_left_out || name.starts_with('_') {
                continue;
            }
            let sample = SAMPLES.iter().find(|(sampled, _)| *sampled == name);
            let (_, values) = sample.unwrap_or_else(|| panic!("no values of the type {name}"));
            let type_name = format!("pg_catalog.\"{name}\"");
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            if has_array == "1" {
                let array = format!("array[{}, null]::{type_name}[]", values.join(", "));
                columns.push((format!("a_{name}"), format!("{type_name}[]"), vec![array]));
            }
            columns.push((format!("c_{name}"), type_name, values));
        }
        for (name, type_name, values) in MORE {
            let values = values.iter().map(|value| literal(value)).collect();
            columns.push(((*name).to_owned(), (*type_name).to_owned(), values));
        }
        let names: Vec<String> =
            columns.iter().map(|(name, type_name, _)| format!("\"{name}\" {type_name}")).collect();
        let mut script = format!("{SESSION}create table source (id int, {});\n", names.join(", "));
        let rows = columns.iter().map(|(_, _, values)| values.len()).max().unwrap_or(0);
        for row in 0..rows {
            let values = columns.iter().map(|(_, _, values)| values[row % values.len()].clone());
            let values: Vec<String> = values.collect();
            writeln!(script, "insert into source values ({row}, {});", values.join(", "))
                .expect("text");
        }
        script + "insert into source (id) values (99);\n"
    }

    /// The copy holds what the table holds, and nothing else.
    #[track_caller]
    fn is_same(&self, copy: &str, after: &str) {
        let differences = self.psql(&format!(
            "{SESSION}select count(*) from {copy};
             select count(*) from (select s::text from source s except all
                                   select c::text from {copy} c) x;
             select key, s.value, c.value from source
               join {copy} on source.id = {copy}.id,
               jsonb_each_text(to_jsonb(source)) s join jsonb_each_text(to_jsonb({copy})) c
               using (key) where s.value is distinct from c.value;"
        ));
        let rows = self.psql("select count(*) from source;");
        assert_eq!(differences, format!("{rows}0\n"), "{after}");
    }

    /// Has files read by the readers, all at once: Python takes its time to start.
    #[track_caller]
    fn read(&self, files: &[String]) -> Ran {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/exports.py");
        let words = [script].into_iter().chain(files.iter().map(String::as_str)).chain(["--"]);
        let arguments: Vec<&str> = words.chain(self.types.iter().map(String::as_str)).collect();
        let read = self.run(python()?, &arguments).outcome();
        assert_eq!(read.status, 0, "{}", String::from_utf8_lossy(&read.stderr));
        Ok(())
    }

    /// What was read of a file, written in a session of these settings, is what the table holds; what was seen
    /// of its columns or cells.
    #[track_caller]
    fn comes_back(&self, file: &str, settings: &str) -> String {
        self.psql(&format!(
            "{SESSION}{settings}drop table if exists come_back;
             create table come_back (like source);\n\\copy come_back from '{file}.copied'\n"
        ));
        self.is_same("come_back", &format!("{file}, {settings}"));
        fs::read_to_string(self.directory.join(format!("{file}.seen"))).expect("a file")
    }
}

/// A value as a literal; `'` stands for itself.
fn literal(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('\'', "''");
    let value = value.replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r");
    format!("E'{value}'")
}

/// What was printed by a run that succeeded.
#[track_caller]
fn succeeded(outcome: &Outcome, of: &str) -> String {
    let of: String = of.chars().take(300).collect();
    assert_eq!(outcome.status, 0, "{of}\n{}", String::from_utf8_lossy(&outcome.stderr));
    String::from_utf8(outcome.stdout.clone()).expect("UTF-8")
}

/// Python with the readers.
fn python() -> Result<PathBuf, Missing> {
    let place = match std::env::var_os("PGSH_READERS_DIR") {
        Some(place) => place.into(),
        None => scratch::cache_directory().expect("a cache directory").join("readers"),
    };
    let python = place.join("bin/python");
    let has = |package: &str| {
        fs::read_dir(place.join("lib"))
            .into_iter()
            .flatten()
            .flatten()
            .any(|version| version.path().join("site-packages").join(package).is_dir())
    };
    match python.exists() && has("pyarrow") && has("openpyxl") {
        true => Ok(python),
        false => Err(Missing("no pyarrow and openpyxl: run tests/tools/readers".to_owned())),
    }
}

/// Every type, on one server.
fn every_type(version: Version) -> Ran {
    let place = Place::new(version)?;
    // As statements, read under both meanings of a backslash, in batches, with other looks of values.
    for (settings, before) in [
        ("", ""),
        ("set bytea_output = 'escape';\n", "set standard_conforming_strings = off;\n"),
        ("set standard_conforming_strings = off;\n\\pset null NULL\n\\pset numericlocale on\n", ""),
        ("set xmlbinary = hex;\n\\set FETCH_COUNT 2\n", ""),
    ] {
        place.pgsh(&format!(
            "{settings}table source \\g (format=insert table=public.copy batch=3) source.sql\n"
        ));
        place.psql(&format!(
            "drop table if exists copy;\ncreate table copy (like source);\n{before}\
             set escape_string_warning = off;\n\\i source.sql\n"
        ));
        place.is_same("copy", settings);
    }
    let written =
        |format| place.pgsh(&format!("table source \\g (format={format}) source.{format}\n"));
    let [said, said_of_excel] = ["parquet", "xlsx"].map(written);
    for name in ["not_a_number", "forever", "never", "midnight"] {
        assert!(said.contains(&format!("column \"{name}\" is text: Parquet's ")), "{said}");
    }
    assert_eq!(said.lines().count(), 4, "{said}");
    place.read(&["source.parquet".to_owned(), "source.xlsx".to_owned()])?;
    let seen = place.comes_back("source.parquet", "");
    for column in [
        "c_bool bool",
        "c_bytea binary",
        "c_date date32[day]",
        "c_float4 float",
        "c_float8 double",
        "c_int2 int16",
        "c_int4 int32",
        "c_int8 int64",
        "c_numeric string",
        "c_oid uint32",
        "c_text string",
        "c_time time64[us]",
        "c_timestamp timestamp[us]",
        "c_timestamptz timestamp[us, tz=UTC]",
        "n10_2 decimal128(10, 2)",
        "n18_4 decimal128(18, 4)",
        "n38_10 decimal128(38, 10)",
        "n5 decimal128(5, 0)",
        "n50_2 string",
        "forever string",
        "not_a_number string",
        "a_int4 string",
    ] {
        assert!(seen.lines().any(|line| line == column), "{column}: {seen}");
    }
    assert!(
        said_of_excel.contains("column \"c_timestamptz\": times are as shown here"),
        "{said_of_excel}"
    );
    assert!(said_of_excel.contains("column \"c_float8\": 3 values are text"), "{said_of_excel}");
    let seen = place.comes_back("source.xlsx", "");
    for cell in [
        "int4 n",
        "int8 n",
        "int8 s",
        "float8 n",
        "numeric n",
        "bool b",
        "date d",
        "time d",
        "timestamp d",
        "timestamptz d",
        "text s",
        "date s",
        "mood s",
    ] {
        assert!(seen.lines().any(|line| line == cell), "{cell}: {seen}");
    }
    in_other_sessions(&place)
}

/// Files that hold UTF-8 are the same whatever the client's encoding is, all characters of those that the
/// shell knows; the server says what their bytes are.
fn every_charset() {
    let bench = Bench::new();
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/charsets.txt");
    let table = fs::read_to_string(table).expect("the table");
    let mut script = String::new();
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (name, codes) = line.split_once(' ').expect("a name");
        count += 1;
        writeln!(
            script,
            "set client_encoding = UTF8;
create temp table c_{name} as
  select i, array_to_string(array(select chr(('x' || lpad(c, 8, '0'))::bit(32)::int)
    from unnest(string_to_array('{codes}', ' ')) c where c <> '-'), '') as \"ABC\"
  from generate_series(1, 2) i;"
        )
        .expect("text");
        for format in ["json", "ndjson", "parquet", "xlsx"] {
            writeln!(
                script,
                "set client_encoding = UTF8;\ntable c_{name} \\g (format={format}) utf8
set client_encoding = '{name}';\ntable c_{name} \\g (format={format}) other
\\! cmp utf8 other || echo {name} {format}"
            )
            .expect("text");
        }
    }
    assert!(count > 20);
    check(&bench, &script, "");
}

/// Values come back whatever the session writes: what is otherwise than by default goes as text.
fn in_other_sessions(place: &Place) -> Ran {
    // Rounded floats are told of once, where there are such.
    let said = place.pgsh(
        "select 0.1::float8 as a \\g (format=json) a\nset extra_float_digits = 0;\n\
         select 0.1::float8 as a \\g (format=json) a\nselect 0.1::float8 as a \\g (format=json) a\n",
    );
    let is_old = place.psql("select current_setting('server_version_num')::int < 120000;") == "t\n";
    assert_eq!(
        said.matches("This server rounds floats; SET").count(),
        usize::from(is_old),
        "{said}"
    );
    let mut written = Vec::new();
    for settings in [
        "set datestyle = 'SQL, DMY';\nset intervalstyle = sql_standard;\nset bytea_output = escape;\n",
        "set datestyle = 'Postgres, MDY';\nset intervalstyle = postgres_verbose;\n",
        "set datestyle = 'German';\nset intervalstyle = iso_8601;\n",
    ] {
        for format in ["parquet", "xlsx"] {
            let file = format!("of_session_{}.{format}", written.len());
            let said =
                place.pgsh(&format!("{settings}table source \\g (format={format}) {file}\n"));
            assert!(said.contains("column \"c_timestamp\""), "{settings}{said}");
            written.push((file, settings));
        }
    }
    let files: Vec<String> = written.iter().map(|(file, _)| file.clone()).collect();
    place.read(&files)?;
    for (file, settings) in &written {
        place.comes_back(file, settings);
    }
    Ok(())
}

/// Runs pgsh under its own name.
fn pgsh(bench: &Bench, script: &str) -> Outcome {
    let run = bench.shell(Shell::Pgsh).instead(harness::program(Shell::Pgsh), ["-X", "-q"]);
    run.stdin(script).outcome()
}

/// All that pgsh prints.
#[track_caller]
fn check(bench: &Bench, script: &str, expected: &str) {
    let outcome = pgsh(bench, script);
    let found = String::from_utf8_lossy(&outcome.stdout).into_owned()
        + &String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(found, expected, "{script}");
}

/// The names in the shell's directory, and what is in the files.
fn files(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(bench.directory(Shell::Pgsh)).expect("a directory");
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

/// Rows to the last one, at which something happens.
const ROWS: &str = "select i, repeat('x', 100) as x, $LAST as n from generate_series(1, 5000) i";

/// However a result breaks off, what was there stays, and nothing lies about.
fn no_half_file() {
    let bench = Bench::new();
    let old = || vec![("rows".to_owned(), b"old\n".to_vec())];
    let rows = |last: &str| ROWS.replace("$LAST", last);
    let divides = rows("1 / (4000 - i)");
    let dies = rows("case when i = 4000 then pg_terminate_backend(pg_backend_pid()) end");
    let sleeps = rows("case when i = 4000 then pg_sleep(60)::text end");
    let whole = rows("1");
    // A shell that is killed, by itself or by who sees that the server sleeps.
    let kill = |signal: &str| {
        let asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
        format!(
            "(until psql -XAtc \"{asleep} and datname = current_database()\" | grep -q 1; \
             do sleep 0.05; done; kill -{signal} $$) & "
        )
    };
    let full = "trap '' XFSZ; ulimit -f 100";
    for (name, before, script, status) in [
        ("an error", String::new(), divides, Some(3)),
        ("a lost connection", String::new(), dies, Some(2)),
        ("Ctrl-C", kill("INT"), sleeps.clone(), None),
        ("SIGTERM", kill("TERM"), sleeps, None),
        ("a full disk", full.to_owned(), whole, Some(3)),
    ] {
        for format in ["json", "insert table=t"] {
            fs::write(bench.directory(Shell::Pgsh).join("rows"), "old\n").expect("a file");
            let run =
                bench.shell(Shell::Pgsh).called_pgsh().args(["-X", "-q", "-v", "ON_ERROR_STOP=on"]);
            let run = run.args(["-v", "FETCH_COUNT=1000"]);
            let run = match before.is_empty() {
                true => run,
                false => run.after(before.clone()),
            };
            let script = format!("{script} \\g (format={format}) rows\n");
            let outcome = run.stdin(script).outcome();
            let shown = String::from_utf8_lossy(&outcome.render()).into_owned();
            assert_eq!(files(&bench), old(), "{name}, {format}: {shown}");
            match status {
                Some(status) => assert_eq!(outcome.status, status, "{name}, {format}: {shown}"),
                None => assert_ne!(outcome.status, 0, "{name}, {format}: {shown}"),
            }
        }
    }
    // What is no text is never begun before it can be whole; the disk may still be full.
    for format in ["parquet", "xlsx"] {
        let run = bench.shell(Shell::Pgsh).called_pgsh().args(["-X", "-q"]).after(full);
        let rows = "select md5(i::text), md5(i::text || 'x') from generate_series(1, 5000) i";
        let outcome = run.stdin(format!("{rows} \\g (format={format}) rows\n")).outcome();
        let stderr = String::from_utf8_lossy(&outcome.stderr).into_owned();
        assert_eq!(files(&bench), old(), "{format}: {stderr}");
        assert!(stderr.contains("could not print result table: File too large"), "{stderr}");
    }
}

/// psql's formats are written as psql writes them, ours are there when they are whole.
fn when_a_file_appears() {
    let bench = Bench::new();
    check(
        &bench,
        r"\o plain
select 1 as a;
\! cat plain
\o
\pset format ndjson
\o ours
select 1 as a;
select 2 as a;
\! ls ours
\o
\! cat ours
\o ours
select 1/0;
\o
\! cat ours
\o ours
\qecho said
\o
\! cat ours
\o ours
\! cat ours
\pset format csv
\o later
\pset format json
\pset tuples_only
select 1 as a;
\! cat later
\o
\! cat later
select 3 as a \g /dev/null
select 3 as a \g nowhere/at/all
",
        " a \n---\n 1\n(1 row)\n\n{\"a\":1}\n{\"a\":2}\n{\"a\":1}\n{\"a\":2}\nsaid\nsaid\n[\n{\"a\":1}\n]\n\
         ls: cannot access 'ours': No such file or directory\nERROR:  division by zero\n\
         nowhere/at/all: No such file or directory\n",
    );
    // The order of options does not matter.
    for options in [["-o", "first", "-P", "format=json"], ["-P", "format=json", "-o", "first"]] {
        let run = bench.shell(Shell::Pgsh).called_pgsh().args(["-X", "-q"]).args(options);
        let script = "\\! cat first\nselect 1 as a;\n\\! cat first\n";
        fs::write(bench.directory(Shell::Pgsh).join("first"), "old\n").expect("a file");
        let outcome = run.stdin(script).outcome();
        assert_eq!(String::from_utf8_lossy(&outcome.stdout), "old\nold\n");
        let written = fs::read(bench.directory(Shell::Pgsh).join("first")).expect("a file");
        assert_eq!(String::from_utf8_lossy(&written), "[\n{\"a\":1}\n]\n");
    }
}

/// What can't be, in words.
fn what_is_refused() {
    let bench = Bench::new();
    let as_it_was = |file: &str| format!("<here>/{file} is as it was: the result is not whole\n");
    for (script, expected) in [
        (
            "select 1 as a \\g (format=insert) refused",
            "could not print result table: the format insert needs a table: (format=insert \
             table=NAME)\n",
        ),
        (
            "select 1 as a, 2 as a \\g (format=insert table=t) refused",
            "could not print result table: a table has no two columns \"a\": name one otherwise \
             with AS\n",
        ),
        (
            "select 1 as a, repeat('x', 32768) as b \\g (format=xlsx) refused",
            "could not print result table: row 1, column \"b\": 32768 bytes of text; a cell has \
             room for 32767 characters\n",
        ),
        (
            "set client_encoding = sjis;\nselect 'a' as a union all select U&'\\8868' \\g (format=parquet) refused",
            "could not print result table: row 2, column \"a\": text is UTF-8 in this format, and \
             this can't be converted; \\encoding UTF8 before the query\n",
        ),
        (
            "set client_encoding = sjis;\nselect U&'\\8868' as a \\g (format=xlsx) refused",
            "could not print result table: row 1, column \"a\": text is UTF-8 in this format, and \
             this can't be converted; \\encoding UTF8 before the query\n",
        ),
    ] {
        check(&bench, script, &format!("{expected}{}", as_it_was("refused")));
    }
    for format in ["parquet", "xlsx"] {
        check(
            &bench,
            &format!("\\pset format {format}\n\\o two\nselect 1;\nselect 2;\n\\o\n\\! ls two\n"),
            &format!("two\na file of the format {format} holds one result, and has one\n"),
        );
    }
    check(
        &bench,
        "\\pset insert_batch 0\n\\pset insert_batch x\n\\pset insert_table t\n\\pset insert_table\n",
        "invalid value \"0\" for \"insert_batch\": a number of rows from 1 expected\n\
         invalid value \"x\" for \"insert_batch\": a number of rows from 1 expected\n",
    );
    let run = bench.shell(Shell::Pgsh).arg("-X").env("TERM", "xterm");
    let mut terminal = Terminal::run_as("pgsh", &run.command());
    terminal.wait("=# ");
    let said = terminal.line("select 1 \\g (format=xlsx)").wait("FILE before\n");
    assert!(said.contains("xlsx is not for a terminal: \\g (format=xlsx) FILE, or \\o"), "{said}");
}

/// To programs, to standard output, of kept results, in other encodings.
fn other_ways() {
    let bench = Bench::new();
    check(
        &bench,
        "\\set KEEP_RESULTS 1\n\\pset tuples_only\n\\pset format unaligned
select 1 as a;\nselect 2 as a \\g (format=parquet) |head -c 4\n\\echo
\\last (format=xlsx) |head -c 2\n\\echo\n\\last (format=insert table=x.y)
select where false \\g (format=insert table=t)
select from generate_series(1, 2) \\g (format=insert table=t)\n",
        "1\nPAR1\nPK\nINSERT INTO \"x\".\"y\" (\"a\") VALUES\n  (2);\n\
         INSERT INTO \"t\" DEFAULT VALUES;\nINSERT INTO \"t\" DEFAULT VALUES;\n",
    );
    let run = bench.shell(Shell::Pgsh).called_pgsh().args([
        "-X",
        "-P",
        "format=parquet",
        "-c",
        "select 1",
    ]);
    let outcome = run.outcome();
    assert!(outcome.stdout.starts_with(b"PAR1") && outcome.stdout.ends_with(b"PAR1"));
    // In SJIS and its kin the second byte of these characters is a backslash.
    for encoding in ["SJIS", "SHIFT_JIS_2004", "EUC_JP", "GB18030", "UTF8"] {
        let script = format!(
            "drop table if exists s, c;\ncreate table s (\"表\" text);\ncreate table c (like s);
insert into s values (U&'\\8868\\30bd'';\\\\'), (U&'\\8868');
set client_encoding = '{encoding}';\ntable s \\g (format=insert table=c) s.sql
\\i s.sql\nset client_encoding = 'UTF8';\n\\pset tuples_only\n\\pset format unaligned
(table s except table c) union all (table c except table s);\nselect count(*) from c;\n"
        );
        check(
            &bench,
            &format!("\\set VERBOSITY terse\nset client_min_messages = error;\n{script}"),
            "2\n",
        );
    }
}

fn cases() -> Vec<Trial> {
    let wanted = [Version::Pinned, Version::Old(14), Version::Old(10)];
    on_each("exports::every_type", wanted, every_type)
}

tests! {
    every_charset,
    no_half_file,
    other_ways,
    what_is_refused,
    when_a_file_appears;
    cases()
}
