//! `\ddl`: what it shows of every object, run in an empty cluster, makes the same objects. On the
//! pinned server, 15 and 12; where the server has a pg_dump, that finds no difference either.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use pgsh::scratch::cluster;

use crate::harness::{self, Bench, Shell, difference};
use crate::run::Run;
use crate::trial::{Missing, Ran, tests};
use crate::versions::{Subject, Version, on_each};

const VERSIONS: [Version; 3] = [Version::Pinned, Version::Old(15), Version::Old(12)];

/// What is shown of the whole: the cluster's objects, then the database.
const ALL: [&str; 4] = [
    "\\ddl -secrets role *",
    "\\ddl tablespace *",
    "\\ddl database \"Dsc Other\"",
    "\\ddl+ -secrets database versions",
];

/// What initdb has made, so that a script for all of it finds it there.
const KNOWN_ERRORS: [&str; 3] = [
    "role \"postgres\" already exists",
    "database \"versions\" does not exist",
    "schema \"public\" already exists",
];

/// Describes all there is.
const DESCRIBE: &str = "\\df+\n\\dT+\n\\do+\n\\dAc+\n\\dAf+\n\\dC+\n\\dD+\n\\dp *.*\n\\ddp\n\\dd\n\\dn+\n\\dx+\n\
    \\dF+\n\\dFd+\n\\dFp+\n\\dFt+\n\\dL+\n\\dew+\n\\des+\n\\deu+\n\\det+\n\\dy+\n\\dX\n\\dO+\n\\dc+\n\\dA+\n\\du+\n\
    \\drds\n\\drg\n\\dRp+\n\\dRs+\n\\da+\n";

/// The relations of users, each with its `\d+`.
const RELATIONS: &str = "SELECT pg_catalog.format(E'\\\\\\\\d+ %I.%I', n.nspname, \
    pg_catalog.replace(c.relname, E'\\n', '?')) FROM pg_catalog.pg_class c \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1";

/// A run that must succeed; what it prints.
fn printed(run: Run) -> String {
    let outcome = run.outcome();
    let errors = String::from_utf8_lossy(&outcome.stderr);
    assert!(outcome.status == 0 && errors.is_empty(), "{errors}");
    String::from_utf8_lossy(&outcome.stdout).into_owned()
}

fn ddl(subject: &Subject, commands: &[&str]) -> String {
    let run = subject.shell(Shell::Pgsh);
    let run = run.instead(harness::program(Shell::Pgsh), ["-X", "-v", "ON_ERROR_STOP=on"]);
    printed(run.args(commands.iter().flat_map(|command| ["-c", command])))
}

/// What differs from cluster to cluster: OIDs, and the order in which privileges were given.
fn comparable(text: &str) -> BTreeSet<String> {
    let without_oids = |line: &str| {
        let is_oid =
            line.contains("satisfies_hash_partition(") || line.contains("RI_ConstraintTrigger");
        let keep = |c: &char| !(is_oid && c.is_ascii_digit());
        let line: String = line.chars().filter(keep).collect();
        line.trim_end_matches(" | ")
            .replace('+', "")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    // The first privilege stands on the object's line.
    let cells =
        |line: String| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    text.lines().map(without_oids).flat_map(cells).collect()
}

/// The schema as pg_dump writes it, but for what is random in it.
fn dump(subject: &Subject, pg_dump: &Path) -> String {
    let output = Command::new(pg_dump)
        .args(["-s", "-h", subject.cluster.socket().to_str().expect("a path")])
        .args(["-p", cluster::PORT, "-U", cluster::USER, "-d", "versions"])
        .output()
        .expect("pg_dump runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Another cluster of this version, empty but for a place for a tablespace.
fn empty(version: Version) -> Result<(Subject, String), Missing> {
    let directory = harness::cluster_directory(&format!("ddl-copy-{}", version.name()));
    let server = version.server()?;
    let space = directory.join("space");
    std::fs::create_dir_all(&space).expect("a directory");
    if let Some(account) = &server.account {
        std::os::unix::fs::chown(&space, Some(account.uid), Some(account.gid)).expect("an owner");
    }
    let cluster = harness::start_cluster(server, &directory.join("c"));
    Ok((Subject { cluster, directory }, space.display().to_string()))
}

/// An ordinary role is shown a table and what depends on it, on servers too where it may not read which
/// subscriptions there are.
fn ordinary_role(subject: &Subject) {
    let run = subject.shell(Shell::Pgsh).called_pgsh().env("PGUSER", "dsc_reader");
    let shown = printed(run.args(["-X", "-c", "\\ddl+ rel.plain"]));
    assert!(shown.contains("CREATE TABLE rel.plain ("), "{shown}");
}

fn replayed(version: Version, subject: &Subject, copy: &Subject, space: &str) {
    ordinary_role(subject);
    let script = ddl(subject, &ALL);
    let place = subject.directory.join("space").display().to_string();
    let moved = script.replace(&place, space);
    assert_ne!(moved, script);
    let run = copy.shell(Shell::Oracle).env("PGDATABASE", "postgres").stdin(&moved);
    let options = "-c check_function_bodies=off -c client_min_messages=error";
    let outcome = run.args(["-X", "-q"]).env("PGOPTIONS", options).outcome();
    let errors = String::from_utf8_lossy(&outcome.stderr).into_owned();
    let unexpected = |line: &&str| !KNOWN_ERRORS.iter().any(|known| line.contains(known));
    let errors: Vec<&str> = errors.lines().filter(unexpected).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));

    // The same again, letter by letter.
    let again = ddl(copy, &ALL).replace(space, &place);
    assert!(again == script, "{}", difference(script.as_bytes(), again.as_bytes()));

    let run = subject.shell(Shell::Oracle).args(["-X", "-A", "-t", "-q", "-c", RELATIONS]);
    let describe = printed(run) + DESCRIBE;
    let [one, other] = [subject, copy].map(|of| {
        let run = of.shell(Shell::Oracle).args(["-X", "-q"]).stdin(&describe);
        comparable(&String::from_utf8_lossy(&run.outcome().stdout).replace(space, &place))
    });
    assert!(one.len() > 500, "{}", one.len());
    let lost: Vec<&String> = one.symmetric_difference(&other).collect();
    assert!(lost.is_empty(), "{lost:#?}");

    if version == Version::Pinned && harness::server().bin.join("pg_dump").exists() {
        let pg_dump = harness::server().bin.join("pg_dump");
        let [one, other] = [subject, copy].map(|of| dump(of, &pg_dump));
        assert!(one == other, "{}", difference(one.as_bytes(), other.as_bytes()));
    }
}

/// What is said of names, of what is not there, and what becomes of a transaction.
fn names_and_transactions() {
    const SETUP: &str = "CREATE TABLE t (a int PRIMARY KEY, b text); CREATE VIEW v AS SELECT * FROM t; \
        CREATE TABLE r (a int REFERENCES t); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql RETURN $1; \
        CREATE FUNCTION f(text) RETURNS text LANGUAGE sql RETURN $1; CREATE TYPE f AS ENUM ('x'); \
        CREATE ROLE ddl_secret PASSWORD 'swordfish';";
    let bench = Bench::new();
    let run = |script: &str| {
        let run = bench.shell(Shell::Pgsh);
        let run = run.instead(harness::program(Shell::Pgsh), ["-X", "-q", "-A", "-t"]);
        let outcome = run.stdin(script).outcome();
        let text = [&outcome.stdout[..], &outcome.stderr].concat();
        String::from_utf8_lossy(&text).into_owned()
    };
    run(SETUP);
    let owner = cluster::USER;
    for (script, expected) in [
        (
            "\\ddl type f",
            format!(
                "CREATE TYPE public.f AS ENUM (\n    'x'\n);\nALTER TYPE public.f OWNER TO {owner};\n"
            ),
        ),
        ("\\ddl view nothing", "Did not find any view named \"nothing\".\n".to_owned()),
        ("\\ddl", "\\ddl: missing required argument\n".to_owned()),
        (
            "\\ddl f",
            "\\ddl: \"f\" names 3 objects:\n  \\ddl type public.f\n  \
             \\ddl function public.f(integer)\n  \\ddl function public.f(pg_catalog.text)\n"
                .to_owned(),
        ),
        (
            "begin; select 1/0;\n\\ddl t",
            "the transaction has failed; ROLLBACK ends it\n".to_owned(),
        ),
        // Neither the search_path nor the transaction is changed, by an error neither.
        (
            "begin; set local search_path = pg_temp, public; create temp table mine ();\n\
             \\ddl mine\n\\ddl nothing\nshow search_path; commit;\nshow search_path;",
            "CREATE TEMPORARY TABLE pg_temp.mine ();".to_owned(),
        ),
    ] {
        let got = run(script);
        assert!(got.ends_with(&expected) || got.starts_with(&expected), "{script}: {got}");
        if script.starts_with("begin; set") {
            assert!(got.contains("\npg_temp, public\n\"$user\", public\n"), "{got}");
        }
    }
    let all = run("\\ddl+ t");
    let view = all.find("CREATE VIEW public.v").expect("the view");
    let key = all.find("ADD CONSTRAINT r_a_fkey FOREIGN KEY (a) REFERENCES public.t(a);");
    assert!(view < key.expect("the foreign key"), "{all}");
    assert!(!run("\\ddl role ddl_secret").contains("SCRAM"));
    assert!(run("\\ddl -secrets role ddl_secret").contains("PASSWORD 'SCRAM-SHA-256$"));
    run("DROP ROLE ddl_secret");
}

/// Options of foreign objects that hold secrets are masked wherever they are, and no others.
fn secrets_of_foreign_objects() {
    const SETUP: &str = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w \
        OPTIONS (host 'h', api_token 'swordfish'); CREATE USER MAPPING FOR PUBLIC SERVER s \
        OPTIONS (password 'swordfish', password_required 'false'); CREATE FOREIGN TABLE t \
        (a int OPTIONS (secret 'swordfish'), b int OPTIONS (kind 'plain')) SERVER s \
        OPTIONS (pwd 'swordfish', page '3');";
    const SHOWN: [(&str, &[&str]); 3] = [
        ("server s", &["host 'h', api_token '$'"]),
        ("user mapping public server s", &["password '$', password_required 'false'"]),
        ("foreign table t", &["secret '$'", "kind 'plain'", "pwd '$', page '3'"]),
    ];
    let bench = Bench::new();
    let run = |script: &str| {
        let run = bench.shell(Shell::Pgsh);
        printed(run.instead(harness::program(Shell::Pgsh), ["-X", "-q"]).stdin(script))
    };
    run(SETUP);
    for (object, options) in SHOWN {
        for (flag, value, notes) in [("", "********", 1), ("-secrets ", "swordfish", 0)] {
            let text = run(&format!("\\ddl {flag}{object}"));
            for option in options {
                assert!(text.contains(&option.replace('$', value)), "{option}: {text}");
            }
            assert_eq!(text.matches("-- Secrets are masked").count(), notes, "{text}");
            assert_eq!(text.contains("swordfish"), value == "swordfish", "{text}");
        }
    }
}

/// Extensions come before what needs their members, an operator class behind its operators and functions; what
/// has no default doesn't take its parent's; a key of two columns is one key.
fn a_database_is_made_again() {
    const SETUP: &str = "SET client_min_messages = warning; CREATE EXTENSION hstore; CREATE EXTENSION btree_gist; CREATE EXTENSION file_fdw;
        CREATE TABLE a (h hstore); CREATE INDEX i ON a USING gin (h); CREATE DOMAIN ad AS hstore;
        CREATE FUNCTION af(hstore) RETURNS int LANGUAGE sql RETURN 1;
        CREATE VIEW av AS SELECT 'a=>1'::hstore -> 'a' AS x; CREATE SERVER as_ FOREIGN DATA WRAPPER file_fdw;
        CREATE TABLE ab (b int, r int4range, EXCLUDE USING gist (b WITH =, r WITH &&));
        CREATE TABLE ac (b int, r int4range, UNIQUE (b, r WITHOUT OVERLAPS));
        CREATE SCHEMA z; CREATE TYPE z.c AS (x int);
        CREATE FUNCTION z.less(z.c, z.c) RETURNS bool IMMUTABLE LANGUAGE sql RETURN ($1).x < ($2).x;
        CREATE FUNCTION z.same(z.c, z.c) RETURNS bool IMMUTABLE LANGUAGE sql RETURN ($1).x = ($2).x;
        CREATE FUNCTION z.compare(z.c, z.c) RETURNS int IMMUTABLE LANGUAGE sql RETURN ($1).x - ($2).x;
        CREATE OPERATOR z.<# (LEFTARG = z.c, RIGHTARG = z.c, FUNCTION = z.less);
        CREATE OPERATOR z.=# (LEFTARG = z.c, RIGHTARG = z.c, FUNCTION = z.same);
        CREATE OPERATOR CLASS z.o DEFAULT FOR TYPE z.c USING btree AS OPERATOR 1 z.<#, OPERATOR 3 z.=#,
        FUNCTION 1 z.compare(z.c, z.c); CREATE TABLE key (k z.c PRIMARY KEY);
        CREATE TABLE parent (a int DEFAULT 1); CREATE TABLE late (a int); ALTER TABLE late INHERIT parent;
        CREATE TABLE early (a int DEFAULT NULL) INHERITS (parent); CREATE TABLE third () INHERITS (parent);
        ALTER TABLE third ALTER a DROP DEFAULT;
        CREATE TABLE parted (a int, b text, c int) PARTITION BY RANGE (a, b);
        CREATE TABLE part PARTITION OF parted FOR VALUES FROM (1, 'a') TO (1, 'b');
        CREATE INDEX ON parted (c);";
    let bench = Bench::new();
    printed(bench.shell(Shell::Pgsh).args(["-X", "-q"]).stdin(SETUP));
    let whole = format!("\\ddl+ database {}", bench.database);
    let run = bench.shell(Shell::Pgsh).called_pgsh();
    let script = printed(run.args(["-X", "-A", "-t", "-c", &whole]));
    let copy = format!("{}_copy", bench.database);
    let run = bench.shell(Shell::Pgsh).env("PGDATABASE", "postgres").args(["-X", "-q"]);
    let errors = run.stdin(script.replace(&bench.database, &copy)).outcome().stderr;
    let errors = String::from_utf8_lossy(&errors).into_owned();
    let unexpected =
        |line: &&str| line.contains("ERROR") && !line.contains("\"public\" already exists");
    assert_eq!(errors.lines().filter(unexpected).collect::<Vec<_>>(), [""; 0]);
    let [made, again] = [&bench.database, &copy].map(|database| {
        let dump = printed(bench.shell(Shell::Pgsh).instead("pg_dump", ["-s", database]));
        dump.lines().filter(|line| !line.contains("restrict ")).collect::<Vec<_>>().join("\n")
    });
    let drop = format!("DROP DATABASE {copy}");
    printed(bench.shell(Shell::Pgsh).args(["-X", "-q", "-c", &drop]));
    assert!(made == again, "{}", difference(made.as_bytes(), again.as_bytes()));
}

/// What there are forty of; `#` is the number, `##` as an operator.
const MANY: &str = "CREATE TABLE many.t# (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int CHECK (a > 0));
    COMMENT ON TABLE many.t# IS 't#'; GRANT SELECT ON many.t# TO PUBLIC;
    CREATE VIEW many.v# AS SELECT * FROM many.t#;
    CREATE STATISTICS many.s# ON id, a FROM many.t#;
    CREATE TYPE many.e# AS ENUM ('a'); CREATE TYPE many.r# AS RANGE (SUBTYPE = int);
    CREATE FUNCTION many.f#(many.e#, many.e#) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE OPERATOR many.## (PROCEDURE = many.f#, LEFTARG = many.e#, RIGHTARG = many.e#);
    COMMENT ON OPERATOR many.## (many.e#, many.e#) IS 'o#';
    CREATE OPERATOR FAMILY many.g# USING btree; CREATE OPERATOR CLASS many.c# FOR TYPE many.e#
    USING btree FAMILY many.g# AS OPERATOR 1 <(anyenum, anyenum), FUNCTION 1 many.f#(many.e#, many.e#);
    ALTER OPERATOR FAMILY many.g# USING btree ADD OPERATOR 2 <=(anyenum, anyenum);
    CREATE COLLATION many.l# (PROVIDER = libc, LOCALE = 'C');
    CREATE TEXT SEARCH CONFIGURATION many.w# (PARSER = pg_catalog.default);";

/// What is shown of each.
const SHOWN: [&str; 13] = [
    "CREATE TABLE many.t# ",
    "COMMENT ON TABLE many.t# IS 't#';",
    "GRANT SELECT ON TABLE many.t# TO PUBLIC;",
    "CREATE VIEW many.v# ",
    "CREATE STATISTICS many.s# ",
    "CREATE TYPE many.r# AS RANGE ",
    "CREATE OPERATOR many.## (\n    PROCEDURE = many.f#,",
    "COMMENT ON OPERATOR many.##(many.e#,many.e#) IS 'o#';",
    "CREATE OPERATOR CLASS many.c# FOR TYPE many.e# USING btree FAMILY many.g# AS",
    "FUNCTION 1 (many.e#, many.e#) many.f#(many.e#,many.e#)",
    "ALTER OPERATOR FAMILY many.g# USING btree ADD",
    "CREATE COLLATION many.l# ",
    "CREATE TEXT SEARCH CONFIGURATION many.w# ",
];

/// Objects of a kind are asked about together: no query for each.
fn many_objects() {
    let bench = Bench::new();
    let numbered = |text: &str, number: usize| {
        let sign = ["<", "@", "%", "&"][number / 10].to_owned() + &"=".repeat(number % 10) + "~|";
        text.replace("##", &sign).replace('#', &number.to_string())
    };
    let setup: String = (0..40).map(|number| numbered(MANY, number)).collect();
    let setup = format!("CREATE SCHEMA many;\n{setup}");
    printed(bench.shell(Shell::Pgsh).args(["-X", "-q"]).stdin(setup));
    let run = bench.shell(Shell::Pgsh);
    let run = run.instead(harness::program(Shell::Pgsh), ["-X", "-E", "-c", "\\ddl many.*"]);
    let shown = printed(run);
    for number in 0..40 {
        for text in SHOWN {
            let text = numbered(text, number);
            assert_eq!(shown.matches(&text).count(), 1, "{text}");
        }
    }
    let queries = shown.matches("/******** QUERY *********/").count();
    assert!((10..100).contains(&queries), "{queries} queries");
}

fn cases() -> Vec<Trial> {
    on_each("ddl::replayed", VERSIONS, |version| {
        let subject = version.start("ddl")?;
        let (copy, space) = empty(version)?;
        replayed(version, &subject, &copy, &space);
        Ran::Ok(())
    })
}

tests! {
    names_and_transactions,
    a_database_is_made_again,
    many_objects,
    secrets_of_foreign_objects;
    cases()
}
