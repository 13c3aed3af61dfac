//! No ring of files inside a room: of two files of one top-level module, at most one knows of the
//! other, directly or by way of others. What both need lives below both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::trial::tests;

/// A module, as the names on the way to it: `["print", "csv"]`.
type Module = Vec<String>;

/// The code of each module by its path, without comments and tests.
fn modules() -> BTreeMap<Module, String> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("a directory of src").flatten() {
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
    let mut modules = BTreeMap::new();
    for path in paths {
        let below = path.strip_prefix(&root).expect("a file of src").with_extension("");
        let mut module: Module =
            below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|name| name == "mod") {
            module.pop();
        }
        if !module.iter().any(|name| name == "tests") {
            modules.insert(module, code(&fs::read_to_string(path).expect("source text")));
        }
    }
    modules
}

fn code(text: &str) -> String {
    let text = text.replace("#[cfg(test)]\nmod tests;", "");
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

/// The paths that a text names, the trees of its `use`s taken apart: `a::{b, c::d}` are `a::b` and
/// `a::c::d`.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut before: Vec<Vec<String>> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut rest = text;
    let mut is_open = false;
    while let Some(c) = rest.chars().next() {
        if c.is_alphanumeric() || c == '_' {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            if !is_open {
                found.push(std::mem::take(&mut path));
                path = before.last().cloned().unwrap_or_default();
            }
            path.push(rest[..end].to_owned());
            rest = &rest[end..];
            is_open = false;
        } else if rest.starts_with("::{") {
            before.push(path.clone());
            rest = &rest[3..];
        } else if rest.starts_with("::") {
            is_open = true;
            rest = &rest[2..];
        } else {
            if c == '}' && !before.is_empty() {
                before.pop();
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    found.push(path);
    found
}

/// The modules of the same room that a module's code names.
fn named(module: &Module, text: &str, modules: &BTreeMap<Module, String>) -> BTreeSet<Module> {
    let mut named = BTreeSet::new();
    for path in paths(text) {
        let mut at = module.clone();
        let mut steps = path.iter();
        match path.first().map(String::as_str) {
            Some("crate") => {
                at.clear();
                steps.next();
            }
            Some("super") => {
                while steps.as_slice().first().is_some_and(|step| step == "super") {
                    at.pop();
                    steps.next();
                }
            }
            Some("self") => drop(steps.next()),
            // A module below this one, else a name of another crate or of this file.
            Some(name) if modules.contains_key(&[&at[..], &[name.to_owned()]].concat()) => {}
            _ => continue,
        }
        // What a path names in the end lies in the last module on its way.
        for step in steps {
            let next = [&at[..], std::slice::from_ref(step)].concat();
            if !modules.contains_key(&next) {
                break;
            }
            at = next;
        }
        if at != *module && at.first() == module.first() && path.len() > 1 {
            named.insert(at);
        }
    }
    named
}

/// The modules of a room that are part of a ring, or lie between two rings.
fn in_rings(room: &str, modules: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut uses: BTreeMap<Module, BTreeSet<Module>> = modules
        .iter()
        .filter(|(module, _)| module.first().is_some_and(|name| name == room))
        .map(|(module, text)| (module.clone(), named(module, text, modules)))
        .collect();
    // Take away what uses nothing that is left, and what nothing that is left uses.
    loop {
        let used: BTreeSet<Module> = uses.values().flatten().cloned().collect();
        let is_free = |module: &Module, names: &BTreeSet<Module>| {
            !used.contains(module) || !names.iter().any(|name| uses.contains_key(name))
        };
        let free = uses.iter().find(|(module, names)| is_free(module, names));
        let Some(free) = free.map(|(module, _)| module.clone()) else { return uses };
        uses.remove(&free);
    }
}

fn files_of_a_room_make_no_ring() {
    let modules = modules();
    let rooms: BTreeSet<&String> = modules.keys().filter_map(|module| module.first()).collect();
    assert!(rooms.len() > 20, "{rooms:?}");
    let mut wrong = Vec::new();
    for room in rooms {
        let rings = in_rings(room, &modules);
        for (module, names) in &rings {
            let names = names.iter().filter(|name| rings.contains_key(*name));
            let names: Vec<String> = names.map(|name| name.join("::")).collect();
            wrong.push(format!("{} is in a ring: uses {}", module.join("::"), names.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn modules_named_by_a_file() {
    let module = |path: &str| -> Module { path.split("::").map(str::to_owned).collect() };
    let modules: BTreeMap<Module, String> =
        ["a", "a::b", "a::c", "a::c::d", "other"].map(|path| (module(path), String::new())).into();
    let check = |of: &str, text: &str, expected: &[&str]| {
        let found = named(&module(of), &code(text), &modules);
        assert_eq!(found, expected.iter().map(|path| module(path)).collect(), "{text}");
    };
    check("a::b", "use super::c::{self, d::{X, Y}}; use super::Z;", &["a", "a::c", "a::c::d"]);
    check("a::b", "use crate::{other::X, a::c::Y}; fn f() {} use std::io;", &["a::c"]);
    check("a", "mod b; pub use c::d::X; fn f(b: u8) { b::g() }", &["a::b", "a::c::d"]);
    check("a::c::d", "fn f() { super::super::b::g(super::h()) }", &["a::b", "a::c"]);
    check("a::c", "// use super::b;\n#[cfg(test)]\nmod tests;\nuse super::b;", &["a::b"]);
    check("a::c", "fn f() {}\n#[cfg(test)]\nmod tests {\nuse super::super::b;\n}", &[]);
}

tests! {
    files_of_a_room_make_no_ring,
    modules_named_by_a_file,
}
