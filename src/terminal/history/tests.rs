use super::*;
use crate::history::{Context, Outcome, SqlState};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::Duration;

fn open(path: &Path, limit: Option<usize>) -> History {
    let options = Options { file: Some(path.to_owned()), limit, ..Options::default() };
    let (history, opened) = History::open(options);
    opened.unwrap();
    history
}

/// A history in memory alone.
fn unkept(limit: Option<usize>) -> History {
    History { limit, ..History::default() }
}

fn texts(history: &History) -> Vec<&str> {
    history.entries().iter().map(Entry::text).collect()
}

fn run(database: &str, outcome: Outcome) -> Run {
    let context = Context { database: database.into(), ..Context::default() };
    Run {
        began: 1_700_000_000,
        context: Arc::new(context),
        duration: Some(Duration::from_millis(5)),
        outcome,
        rows: Some(2),
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn entries_survive_with_their_line_breaks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/history");
    let mut first = open(&path, Some(500));
    assert!(first.add_entry(b"select 1,\n  2;\n", HistControl::None).unwrap());
    assert!(first.add_entry(b"\\d", HistControl::None).unwrap());
    assert_eq!(fs::read(&path).unwrap(), b"select 1,\x01  2;\n\\d\n");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(texts(&open(&path, Some(500))), ["select 1,\n  2;", "\\d"]);
}

#[test]
fn the_journal_tells_how_entries_went() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    let mut first = open(&path, Some(500));
    let failed = Outcome::Failed(SqlState::parse(b"42601"));
    first.add_entry(b"select\n1;", HistControl::None).unwrap();
    first.end_run(run("shop", Outcome::Succeeded), None).unwrap();
    first.add_entry(b"selct 1;", HistControl::None).unwrap();
    first.end_run(run("shop", failed), Some(2)).unwrap();
    // Nothing more is known of the first, and nothing of what was not added.
    first.end_run(run("other", Outcome::Succeeded), None).unwrap();
    assert_eq!(first.entries().last().and_then(Entry::error_at), Some(2));
    // The shell is killed while this one runs.
    first.add_entry(b"select pg_sleep(60);", HistControl::None).unwrap();
    let journal = folder.path().join("history.journal");
    assert_eq!(mode(&journal), 0o600);
    assert_eq!(
        fs::read_to_string(&journal).unwrap(),
        "1700000000\tshop\t\t\t5000\tok\t2\tselect\u{1}1;\n\
         1700000000\tshop\t\t\t5000\t42601\t2\tselct 1;\n"
    );
    let second = open(&path, Some(500));
    assert_eq!(texts(&second), ["select\n1;", "selct 1;", "select pg_sleep(60);"]);
    let runs: Vec<_> = second.entries().iter().map(|e| e.run().map(|r| r.outcome)).collect();
    assert_eq!(runs, [Some(Outcome::Succeeded), Some(failed), None]);
}

#[test]
fn an_unfinished_line_swallows_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    let journal = folder.path().join("history.journal");
    fs::write(&path, "select 1").unwrap();
    fs::write(&journal, "17\tshop\t\t\t5\to\nodd\n\n17\tsh").unwrap();
    let mut history = open(&path, Some(500));
    assert_eq!(texts(&history), ["select 1"]);
    history.add_entry(b"select 2", HistControl::None).unwrap();
    history.end_run(run("shop", Outcome::Succeeded), None).unwrap();
    let again = open(&path, Some(500));
    assert_eq!(texts(&again), ["select 1", "select 2"]);
    assert!(again.entries().last().unwrap().run().is_some());
}

#[test]
fn the_journal_reaches_further_than_psqls_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    let mut history = open(&path, None);
    for number in 0..700 {
        history.add_entry(format!("select {number}").as_bytes(), HistControl::None).unwrap();
        history.end_run(run("shop", Outcome::Succeeded), None).unwrap();
    }
    let journal = folder.path().join("history.journal");
    let lines = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    for (limit, in_memory, in_file, in_journal) in
        [(Some(500), 700, 500, 700), (Some(650), 650, 500, 700), (Some(100), 100, 100, 100)]
    {
        let history = open(&path, limit);
        assert_eq!(history.entries().len(), in_memory, "{limit:?}");
        assert_eq!(history.entries().last().unwrap().text(), "select 699", "{limit:?}");
        assert_eq!((lines(&path), lines(&journal)), (in_file, in_journal), "{limit:?}");
    }
    assert_eq!(open(&path, Some(0)).entries().len(), 0);
    assert_eq!((lines(&path), lines(&journal)), (0, 0));
}

#[test]
fn what_is_no_regular_file_has_no_journal() {
    let mut history = open(Path::new("/dev/null"), Some(500));
    assert!(history.add_entry(b"select 1", HistControl::None).unwrap());
    history.end_run(run("shop", Outcome::Succeeded), None).unwrap();
    assert!(!Path::new("/dev/null.journal").exists());
    assert_eq!(texts(&history), ["select 1"]);
}

#[test]
fn a_journal_that_cant_be_read_is_done_without() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    fs::write(&path, "select 1\n").unwrap();
    fs::create_dir(folder.path().join("history.journal")).unwrap();
    let (mut history, opened) =
        History::open(Options { file: Some(path.clone()), ..Options::default() });
    assert!(opened.is_err());
    assert!(history.add_entry(b"select 2", HistControl::None).unwrap());
    history.end_run(run("shop", Outcome::Succeeded), None).unwrap();
    assert_eq!(texts(&history), ["select 1", "select 2"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "select 1\nselect 2\n");
}

#[test]
fn shells_that_share_a_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    std::thread::scope(|scope| {
        for shell in 0..4 {
            let path = path.clone();
            scope.spawn(move || {
                for turn in 0..25 {
                    let mut history = open(&path, Some(90));
                    let text = format!("select {shell}, {turn};");
                    assert!(history.add_entry(text.as_bytes(), HistControl::None).unwrap());
                    history.end_run(run("shop", Outcome::Succeeded), None).unwrap();
                }
            });
        }
    });
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.lines().count() >= 90, "{}", text.lines().count());
    assert!(text.lines().all(|l| l.starts_with("select ") && l.ends_with(';')));
    let journal = fs::read_to_string(folder.path().join("history.journal")).unwrap();
    assert!((90..=100).contains(&journal.lines().count()), "{}", journal.lines().count());
    assert!(journal.lines().all(|l| l.starts_with("1700000000\tshop\t") && l.ends_with(';')));
    let history = open(&path, Some(90));
    assert_eq!(history.kept_texts().count(), 90);
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn the_limit_keeps_the_newest() {
    let mut history = unkept(Some(2));
    for text in ["a", "b", "c"] {
        history.add_entry(text.as_bytes(), HistControl::None).unwrap();
    }
    assert_eq!(history.kept_texts().collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(texts(&history), ["b", "c"]);
    history.set_limit(Some(0));
    assert!(!history.add_entry(b"d", HistControl::None).unwrap());
    assert_eq!(history.entries().len(), 0);
}

#[test]
fn control() {
    let both = HistControl::IgnoreBoth;
    let mut history = unkept(None);
    for (text, control, kept) in [
        (" a", HistControl::None, true),
        (" a", HistControl::None, true),
        (" b", both, false),
        ("c", both, true),
        ("c", both, false),
        ("", HistControl::None, false),
    ] {
        assert_eq!(history.add_entry(text.as_bytes(), control).unwrap(), kept, "{text:?}");
    }
    assert_eq!(texts(&history), [" a", " a", "c"]);
}

#[test]
fn a_duplicate_tells_how_it_went_last() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    let control = HistControl::IgnoreDups;
    let mut history = open(&path, None);
    for (text, outcome) in
        [("a", Outcome::Failed(None)), ("a", Outcome::Succeeded), ("b", Outcome::Succeeded)]
    {
        history.add_entry(text.as_bytes(), control).unwrap();
        history.end_run(run("shop", outcome), None).unwrap();
    }
    // What is not kept is no run of what was kept before.
    history.add_entry(b" b", HistControl::IgnoreSpace).unwrap();
    history.end_run(run("shop", Outcome::Failed(None)), None).unwrap();
    let options = Options { file: Some(path), control, ..Options::default() };
    for history in [history, History::open(options).0] {
        assert_eq!(texts(&history), ["a", "b"]);
        assert!(history.entries().iter().all(|entry| !entry.has_failed()));
    }
}

#[test]
fn what_is_kept_in_this_session_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    let mut history = open(&path, Some(500));
    let secret = "alter role joe password 'x'";
    for (text, kept) in [(secret, false), ("select password", true)] {
        assert_eq!(history.add_entry(text.as_bytes(), HistControl::None).unwrap(), kept);
        history.end_run(run("shop", Outcome::Succeeded), None).unwrap();
    }
    history.add_abandoned(b"select half", HistControl::None);
    history.add_abandoned(b"select half", HistControl::None);
    history.add_abandoned(b" select half", HistControl::IgnoreSpace);
    history.add_abandoned(b"", HistControl::None);
    history.end_run(run("shop", Outcome::Succeeded), None).unwrap();
    assert_eq!(texts(&history), [secret, "select password", "select half"]);
    assert_eq!(history.kept_texts().collect::<Vec<_>>(), ["select password"]);
    assert!(history.entries().get(0).unwrap().run().is_some());
    assert!(history.entries().last().unwrap().run().is_none());
    let journal = fs::read_to_string(folder.path().join("history.journal")).unwrap();
    assert!(!journal.contains("joe") && journal.contains("select password"), "{journal}");
    assert_eq!(texts(&open(&path, Some(500))), ["select password"]);
}

#[test]
fn psqls_history_is_a_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let (path, origin) = (folder.path().join("history"), folder.path().join("psql"));
    let libedits =
        "_HiStOrY_V2_\nselect\\0401;\ncreate\\040role\\040a\\040password\\040'x';\n\\134d\n";
    fs::write(&origin, libedits).unwrap();
    let begin = |limit| {
        let options = Options {
            file: Some(path.clone()),
            origin: Some(origin.clone()),
            limit,
            ..Options::default()
        };
        let (history, opened) = History::open(options);
        opened.unwrap();
        history
    };
    let first = begin(Some(500));
    assert_eq!((first.imported(), texts(&first)), (2, vec!["select 1;", "\\d"]));
    assert_eq!(fs::read_to_string(&path).unwrap(), "select 1;\n\\d\n");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(fs::read_to_string(&origin).unwrap(), libedits);
    let second = begin(Some(500));
    assert_eq!((second.imported(), second.entries().len()), (0, 2));
    fs::remove_file(&path).unwrap();
    assert_eq!(texts(&begin(Some(1))), ["\\d"]);
    fs::remove_file(&path).unwrap();
    fs::remove_file(&origin).unwrap();
    assert_eq!(begin(Some(500)).imported(), 0);
}
