//! Every command against every server version, without a server: what is asked for must exist
//! there (PostgreSQL's documentation, "System Catalogs" and the release notes of each version).

use super::*;
use crate::catalog_query::CatalogQuery;
use crate::reported::Reported;

/// A host that answers each query with one row of empty values, and remembers the queries.
#[derive(Default)]
struct Recorder {
    version: i32,
    sql: String,
    errors: Vec<String>,
    shown: usize,
}

impl Host for Recorder {
    fn query(&mut self, query: &CatalogQuery) -> Result<Answer, Reported> {
        self.sql.push_str(&String::from_utf8_lossy(query.as_bytes()));
        self.sql.push('\n');
        let mut answer = Answer::default();
        // A table, a view, an index, ... for the query of `\d NAME` that finds relations.
        let mut kinds = b"rvmiStfc".to_vec();
        if self.version >= 100_000 {
            kinds.extend(b"pI");
        }
        for kind in kinds {
            let mut cells: Vec<Option<&[u8]>> = vec![Some(b"t"); 20];
            let kind = [kind];
            cells[0] = Some(b"1");
            cells[3] = Some(&kind);
            cells[10] = Some(if self.version >= 100_000 { b"t" } else { b"f" });
            answer.rows.push(cells);
        }
        Ok(answer)
    }
    fn show(&mut self, _: View) -> Result<(), Reported> {
        self.shown += 1;
        Ok(())
    }
    fn error(&mut self, text: &[u8]) {
        self.errors.push(String::from_utf8_lossy(text).into_owned());
    }
    fn line(&mut self, _: &[u8]) {}
}

fn record(
    command: &str,
    pattern: Option<&str>,
    version: i32,
) -> (Recorder, Result<Outcome, Reported>) {
    let mut host = Recorder { version, ..Recorder::default() };
    let patterns: Vec<Vec<u8>> = pattern.iter().map(|p| p.as_bytes().to_vec()).collect();
    let context = Context { version, ..Context::default() };
    let request = Request { command: command.as_bytes(), patterns: &patterns };
    let outcome = run(&request, &context, &mut host);
    (host, outcome)
}

/// A word of a catalog query, the first version that knows it and the first that doesn't.
const WORDS: &[(&str, i32, i32)] = &[
    ("LATERAL", 90_300, i32::MAX),
    ("WITH ORDINALITY", 90_400, i32::MAX),
    ("cardinality(", 90_400, i32::MAX),
    ("relreplident", 90_400, i32::MAX),
    ("indisreplident", 90_400, i32::MAX),
    ("regnamespace", 90_500, i32::MAX),
    ("relrowsecurity", 90_500, i32::MAX),
    ("relforcerowsecurity", 90_500, i32::MAX),
    ("pg_policy", 90_500, i32::MAX),
    ("polpermissive", 100_000, i32::MAX),
    ("relispartition", 100_000, i32::MAX),
    ("relpartbound", 100_000, i32::MAX),
    ("pg_get_partkeydef", 100_000, i32::MAX),
    ("pg_get_partition_constraintdef", 100_000, i32::MAX),
    ("attidentity", 100_000, i32::MAX),
    ("pg_sequence", 100_000, i32::MAX),
    ("pg_statistic_ext", 100_000, i32::MAX),
    ("pg_publication", 100_000, i32::MAX),
    ("pg_relation_is_publishable", 100_000, i32::MAX),
    ("pg_read_all_stats", 100_000, i32::MAX),
    ("pg_collation.collprovider", 100_000, i32::MAX),
    ("indnkeyatts", 110_000, i32::MAX),
    ("prokind", 110_000, i32::MAX),
    ("conparentid", 110_000, i32::MAX),
    ("relhasoids", 0, 120_000),
    ("pg_event_trigger", 90_300, i32::MAX),
    ("rolbypassrls", 90_500, i32::MAX),
    ("proparallel", 90_600, i32::MAX),
    ("amhandler", 90_600, i32::MAX),
    ("pg_subscription", 100_000, i32::MAX),
    ("proisagg", 0, 110_000),
    ("proiswindow", 0, 110_000),
    ("pubtruncate", 110_000, i32::MAX),
    ("collisdeterministic", 120_000, i32::MAX),
    ("pubviaroot", 130_000, i32::MAX),
    ("subbinary", 140_000, i32::MAX),
    ("substream", 140_000, i32::MAX),
    ("prattrs", 150_000, i32::MAX),
    ("subtwophasestate", 150_000, i32::MAX),
    ("subskiplsn", 150_000, i32::MAX),
    ("pg_parameter_acl", 150_000, i32::MAX),
    ("colliculocale", 150_000, 170_000),
    ("collicurules", 160_000, i32::MAX),
    ("inherit_option", 160_000, i32::MAX),
    ("suborigin", 160_000, i32::MAX),
    ("colllocale", 170_000, i32::MAX),
    ("subfailover", 170_000, i32::MAX),
    ("pubgencols", 180_000, i32::MAX),
    ("amtype", 90_600, i32::MAX),
    ("attgenerated", 120_000, i32::MAX),
    ("COLLATE pg_catalog.default", 120_000, i32::MAX),
    ("pg_partition_ancestors", 120_000, i32::MAX),
    ("pg_partition_tree", 120_000, i32::MAX),
    ("stxstattarget", 130_000, i32::MAX),
    ("tgparentid", 130_000, i32::MAX),
    ("attcompression", 140_000, i32::MAX),
    ("inhdetachpending", 140_000, i32::MAX),
    ("pg_get_statisticsobjdef_columns", 140_000, i32::MAX),
    ("indnullsnotdistinct", 150_000, i32::MAX),
    ("pg_publication_namespace", 150_000, i32::MAX),
    ("prqual", 150_000, i32::MAX),
    ("datlocprovider", 150_000, i32::MAX),
    ("daticulocale", 150_000, 170_000),
    ("daticurules", 160_000, i32::MAX),
    ("datlocale", 170_000, i32::MAX),
    ("conperiod", 180_000, i32::MAX),
];

const VERSIONS: &[i32] = &[
    90_200, 90_300, 90_400, 90_500, 90_600, 100_000, 110_000, 120_000, 130_000, 140_000, 150_000,
    160_000, 170_000, 180_000,
];

/// psql's documentation, "Meta-Commands".
const COMMANDS: &str = "d da dA dAc dAf dAo dAp db dc dC dconfig dd dD ddp dE des det deu dew df \
    dfa dfn dfp dft dfw dF dFd dFp dFt dg di dl dL dm dn do dO dp dP dPi dPt dPn drds drg dRp dRs \
    ds dt dT du dv dx dX dy dtvimsE l z lo_list sf sv";

#[test]
fn queries_know_the_version() {
    for command in COMMANDS.split_whitespace() {
        for &version in VERSIONS {
            for modifiers in ["", "S", "+"] {
                for pattern in [None, Some("x.y"), Some("x")] {
                    let command = format!("{command}{modifiers}");
                    let (host, _) = record(&command, pattern, version);
                    for &(word, since, until) in WORDS {
                        assert!(
                            !host.sql.contains(word) || (since..until).contains(&version),
                            "\\{command} asks {version} for {word}:\n{}",
                            host.sql
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn dispatch() {
    for (command, known) in [
        ("d", true),
        ("d+", true),
        ("dS+", true),
        ("dt", true),
        ("dtvmsE+", true),
        ("dtx", true),
        ("dtzzz", true),
        ("dn", true),
        ("ddp", true),
        ("dPin", true),
        ("dP+", true),
        ("dPS", false),
        ("dPz", false),
        ("l+x", true),
        ("list+", true),
        ("lz", false),
        ("l++", false),
        ("lS", false),
        ("zS", true),
        ("z+", false),
        ("lo_list+x", true),
        ("daq", true),
        ("dAx", true),
        ("dAcz", true),
        ("dAS", false),
        ("dAq", false),
        ("dco", true),
        ("dconfig+", true),
        ("des", true),
        ("dex", false),
        ("df+a", true),
        ("dfaz", true),
        ("dfz", false),
        ("dF+d", true),
        ("dFdz", true),
        ("dFS", false),
        ("drd", false),
        ("drdsz", true),
        ("drgS", true),
        ("dr", false),
        ("dR", false),
        ("dRpz", true),
        ("sf+", true),
        ("sfx", false),
        ("sv++", false),
        ("dh", false),
        ("dk", false),
        ("de", false),
        ("d?", false),
        ("", false),
    ] {
        assert_eq!(handler(command.as_bytes()).is_some(), known, "\\{command}");
    }
}

#[test]
fn nothing_found() {
    struct Nothing(Recorder);
    impl Host for Nothing {
        fn query(&mut self, _: &CatalogQuery) -> Result<Answer, Reported> {
            Ok(Answer::default())
        }
        fn show(&mut self, view: View) -> Result<(), Reported> {
            self.0.show(view)
        }
        fn error(&mut self, text: &[u8]) {
            self.0.error(text);
        }
        fn line(&mut self, _: &[u8]) {}
    }
    for (command, pattern, quiet, said, shown, failed) in [
        ("dt", None, false, "Did not find any tables.", 0, false),
        ("dt", Some("\"Z\"*"), false, "Did not find any tables named \"\"Z\"*\".", 0, false),
        ("dti", Some("z"), false, "Did not find any relations named \"z\".", 0, false),
        ("dt", Some("z"), true, "", 1, false),
        ("d", None, false, "Did not find any relations.", 0, false),
        ("d", Some("z"), false, "Did not find any relation named \"z\".", 0, true),
        ("d", Some("z"), true, "", 0, true),
        ("dP", Some("z"), false, "", 1, false),
        ("dx", Some("z"), false, "", 1, false),
        ("dx+", Some("z"), false, "Did not find any extension named \"z\".", 0, true),
        ("dx+", Some("z"), true, "", 0, true),
        ("dx+", None, false, "Did not find any extensions.", 0, true),
        ("dRp+", None, false, "Did not find any publications.", 0, true),
        (
            "dF+",
            Some("z"),
            false,
            "Did not find any text search configuration named \"z\".",
            0,
            true,
        ),
        ("dFp+", None, false, "Did not find any text search parsers.", 0, true),
        ("drds", None, false, "Did not find any settings.", 0, false),
        ("drds", Some("z"), false, "Did not find any settings for role \"z\".", 0, false),
        ("drds", Some("z"), true, "", 1, false),
        ("dfaz", None, false, "\\df only takes [anptwSx+] as options", 0, false),
        ("sf", None, false, "function name is required", 0, true),
        ("sv", Some(" ; "), false, "view name is required", 0, true),
        ("sv", Some("z"), false, "ERROR:  (not available)", 0, true),
    ] {
        let mut host = Nothing(Recorder::default());
        let context = Context { version: 180_000, quiet, ..Context::default() };
        let patterns: Vec<Vec<u8>> = pattern.iter().map(|p: &&str| p.as_bytes().to_vec()).collect();
        let request = Request { command: command.as_bytes(), patterns: &patterns };
        assert_eq!(run(&request, &context, &mut host).is_err(), failed, "\\{command}");
        assert_eq!(host.0.errors.concat(), said, "\\{command}");
        assert_eq!(host.0.shown, shown, "\\{command}");
    }
}

#[test]
fn old_servers() {
    for (command, version, said) in [
        ("dP", 90_605, "The server (version 9.6) does not support declarative table partitioning."),
        ("dy", 90_200, "The server (version 9.2) does not support event triggers."),
        ("dA", 90_500, "The server (version 9.5) does not support access methods."),
        ("dRp+", 90_600, "The server (version 9.6) does not support publications."),
        ("dRs", 90_600, "The server (version 9.6) does not support subscriptions."),
        ("dfp", 100_000, "\\df does not take a \"p\" option with server version 10"),
        ("dX", 90_200, "The server (version 9.2) does not support extended statistics."),
    ] {
        assert_eq!(record(command, None, version).0.errors, [said], "\\{command}");
    }
}

/// All relations that a pattern names are described by the same few queries.
#[test]
fn details_are_asked_for_together() {
    let (host, outcome) = record("d+", Some("*"), 180_006);
    assert_eq!(outcome, Ok(Outcome::Done));
    assert_eq!(host.shown, 10);
    assert_eq!(host.sql.matches("\nFROM pg_catalog.pg_attribute a\n").count(), 1);
    assert_eq!(
        host.sql.matches("AS section, ").count(),
        host.sql.matches("\nUNION ALL\n").count() + 1
    );
}
