//! The directions of imports, and what pure modules may not name, as `src/lib.rs` states them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::trial::tests;

/// The modules that do I/O, from the top down, and what each may use besides pure modules. Every
/// module not named here is pure.
const EDGES: &[(&str, &[&str])] = &[
    ("lib", &["startup", "scratch"]),
    (
        "startup",
        &[
            "mainloop",
            "metacommand",
            "shell",
            "query",
            "connection",
            "console",
            "session",
            "terminal",
            "scratch",
        ],
    ),
    ("mainloop", &["metacommand", "shell", "query", "console", "terminal"]),
    ("restore", &["backup", "interactive", "connection", "console", "server_tools", "session"]),
    (
        "schema_copy",
        &[
            "backup",
            "interactive",
            "connection",
            "console",
            "server_tools",
            "scratch",
            "session",
            "terminal",
        ],
    ),
    ("backup", &["interactive", "connection", "console", "server_tools", "session", "terminal"]),
    (
        "metacommand",
        &[
            "backup",
            "restore",
            "schema_copy",
            "shell",
            "query",
            "connection",
            "console",
            "session",
            "terminal",
        ],
    ),
    ("shell", &["query", "interactive", "connection", "console", "terminal"]),
    ("query", &["browse", "interactive", "connection", "console", "session", "terminal"]),
    ("browse", &["connection", "console", "session"]),
    ("interactive", &["connection", "console", "session", "terminal"]),
    ("connection", &["console", "session", "terminal", "account"]),
    ("console", &["session", "network", "terminal", "account"]),
    ("server_tools", &["scratch", "session", "terminal"]),
    ("scratch", &["session", "account"]),
    ("session", &["tls", "network", "account"]),
    ("tls", &["network"]),
    ("network", &["account"]),
    ("terminal", &[]),
    ("account", &[]),
];

/// What a pure module must not name.
const IMPURE: &[&str] =
    &["std::fs", "std::env", "std::net", "std::process", "tokio", "rustyline", "rustix"];

/// The one module with unsafe code.
const UNSAFE: &str = "terminal/sys.rs";

struct Source {
    path: PathBuf,
    /// The top-level module it belongs to.
    module: String,
    /// Its text without comments and tests.
    text: String,
}

fn sources() -> Vec<Source> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("src").flatten() {
            match entry.path() {
                path if path.is_dir() => walk(&path, found),
                path if path.extension().is_some_and(|e| e == "rs") => found.push(path),
                _ => {}
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    let is_test = |path: &Path| {
        path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests"))
    };
    paths
        .into_iter()
        .map(|path| path.strip_prefix(&root).expect("under src").to_owned())
        .filter(|path| !is_test(path))
        .map(|path| {
            let first = path
                .components()
                .next()
                .expect("a name")
                .as_os_str()
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(root.join(&path)).expect("source text");
            Source { module: first.trim_end_matches(".rs").to_owned(), text: code(&text), path }
        })
        .collect()
}

/// The text up to its tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The top-level modules of this crate that `text` names: `crate::x`, `crate::{x::y, z}`.
fn used(text: &str) -> BTreeSet<String> {
    let identifier = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_')
            .collect()
    };
    let mut modules = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            modules.insert(identifier(rest));
            continue;
        };
        let mut depth = 0;
        let mut item = String::new();
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => modules.extend([identifier(item.trim())]),
                _ => {}
            }
            if c == ',' && depth == 0 { item.clear() } else { item.push(c) }
        }
        modules.insert(identifier(item.trim()));
    }
    modules.remove("");
    modules
}

fn edge(module: &str) -> Option<&'static [&'static str]> {
    EDGES.iter().find(|(name, _)| *name == module).map(|(_, may_use)| *may_use)
}

fn imports_point_down() {
    let sources = sources();
    let modules: BTreeSet<&str> = sources.iter().map(|source| source.module.as_str()).collect();
    let mut wrong = Vec::new();
    for source in &sources {
        for name in used(&source.text) {
            if name == source.module || !modules.contains(name.as_str()) {
                continue;
            }
            let allowed = match (edge(&source.module), edge(&name)) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(may_use), Some(_)) => may_use.contains(&name.as_str()),
            };
            if !allowed {
                wrong.push(format!("{} uses crate::{name}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pure_modules_have_no_cycles() {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| edge(&source.module).is_none()) {
        let mut names = used(&source.text);
        names.remove(&source.module);
        uses.entry(source.module.clone()).or_default().extend(names);
    }
    // Take away modules that use none of those left; what can't be taken away is a cycle.
    while let Some(free) =
        uses.iter().find(|(_, names)| !names.iter().any(|name| uses.contains_key(name)))
    {
        let free = free.0.clone();
        uses.remove(&free);
    }
    assert!(uses.is_empty(), "modules that use each other: {uses:?}");
}

fn pure_modules_do_no_io() {
    let mut wrong = Vec::new();
    for source in
        sources().iter().filter(|source| edge(&source.module).is_none() && source.module != "main")
    {
        wrong.extend(
            IMPURE
                .iter()
                .filter(|name| source.text.contains(*name))
                .map(|name| format!("{} names {name}", source.path.display())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn unsafe_code_is_in_one_place() {
    for source in sources() {
        // The keyword, not the word in a text (PARALLEL UNSAFE).
        let has = source.text.split("unsafe").skip(1).any(|rest| {
            let rest = rest.trim_start();
            ["{", "fn ", "impl ", "extern ", "trait "].iter().any(|next| rest.starts_with(next))
        });
        assert!(
            !has || source.path == Path::new(UNSAFE),
            "{} has unsafe code",
            source.path.display()
        );
    }
}

fn modules_named_by_a_text() {
    let check = |text: &str, modules: &[&str]| {
        assert_eq!(used(text).into_iter().collect::<Vec<_>>(), modules)
    };
    check("use crate::print::Table;", &["print"]);
    check(
        "use crate::{lexer::{scan, Token}, print, session::Event};",
        &["lexer", "print", "session"],
    );
    check("let x = crate::encoding::Encoding::Utf8; pub(crate) fn f() {}", &["encoding"]);
    check(&code("// use crate::session;\n#[cfg(test)]\nuse crate::shell;"), &[]);
}

/// The test runner is ours and knows `tests!` alone: what the compiler's would run, nobody runs.
fn every_test_is_listed() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    for entry in fs::read_dir(directory).expect("tests/it").flatten() {
        let text = fs::read_to_string(entry.path()).expect("a text");
        let unlisted = text.lines().position(|line| line.trim().starts_with("#[test]"));
        let place = entry.path().display().to_string();
        assert_eq!(unlisted, None, "{place}: an attribute in place of a line of tests!");
    }
}

/// What asks the server by itself: nothing here but what becomes a `CatalogQuery`, which leaves
/// nothing to the search_path, and what has no name that could be looked up there.
const ASKING: &[&str] = &[
    "backup/",
    "restore/",
    "schema_copy/",
    "completion/query.rs",
    "ddl/",
    "describe/",
    "dry_run/query.rs",
    "progress.rs",
    "interactive/completion_source.rs",
    "query/keep.rs",
    "query/rounded_floats.rs",
    "query/row_names.rs",
    "query/result_action.rs",
    "safeguard/query.rs",
    "scratch/admin.rs",
    "statistics/query.rs",
    "administration/",
    "suggest/query.rs",
    "time_zone/question.rs",
    "type_parts.rs",
    // SELECT CURRENT_USER, of \password.
    "metacommand/connection.rs",
    // SELECT pg_catalog.pg_is_in_recovery(), of target_session_attrs.
    "session/session_attrs.rs",
];

fn queries_are_written_where_their_names_are_looked_after() {
    let mut asking = Vec::new();
    for source in sources() {
        let path = source.path.to_string_lossy().into_owned();
        // What the user or a dump says, not the shell.
        let of_user = [
            "archive/summary.rs",
            "completion/keyword.rs",
            "completion/likelihood.rs",
            "completion/synopsis.rs",
            "metacommand/edit.rs",
            "suggest/foreign.rs",
        ];
        if source.text.contains("SELECT ") && !of_user.contains(&path.as_str()) {
            assert!(
                ASKING.iter().any(|place| path.starts_with(place)),
                "{path}: SQL of our own; make it a CatalogQuery (CONTRIBUTING.md, \"Add a query\")"
            );
            asking.push(path);
        }
    }
    for place in ASKING {
        assert!(asking.iter().any(|path| path.starts_with(place)), "{place} asks nothing");
    }
}

tests! {
    imports_point_down,
    every_test_is_listed,
    pure_modules_have_no_cycles,
    pure_modules_do_no_io,
    unsafe_code_is_in_one_place,
    modules_named_by_a_text,
    queries_are_written_where_their_names_are_looked_after,
}
