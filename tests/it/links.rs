//! README.md and `docs/` as a reader walks through them: README is short, each link leads somewhere,
//! and each chapter is one step from README.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::trial::tests;

/// README has fewer lines.
const README_LINES: usize = 150;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts under `directory`, by their paths below the root.
fn texts_under(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(root().join(directory)).expect("a directory") {
        let name = directory.join(entry.expect("a file").file_name());
        if root().join(&name).is_dir() {
            texts_under(&name, found);
        } else if name.extension().is_some_and(|extension| extension == "md") {
            found.push(name);
        }
    }
}

/// What readers walk through.
fn texts() -> Vec<PathBuf> {
    let mut found = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(PathBuf::from).to_vec();
    texts_under(Path::new("docs"), &mut found);
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).expect("a text")
}

/// The lines that are not inside of blocks, with code within them blotted out, and their numbers.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut is_inside = false;
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_inside = !is_inside;
        } else if !is_inside {
            let parts = line.split('`').enumerate();
            let shown = parts.map(|(at, part)| if at % 2 == 0 { part } else { "code" });
            lines.push((at + 1, shown.collect::<String>()));
        }
    }
    lines
}

/// The targets of links, and their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        for rest in line.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            found.push((number, target.to_owned()));
        }
    }
    found
}

/// The anchors that a host makes of the headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut is_inside = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        is_inside ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        if is_inside || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        let slug: String = kept.collect::<String>().to_lowercase().replace(' ', "-");
        let again = (1..).map(|n| format!("{slug}-{n}"));
        let free = std::iter::once(slug.clone()).chain(again).find(|name| !found.contains(name));
        found.extend(free);
    }
    found
}

/// A path without `.` and `..`; `None` if it leads out of the repository.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => plain.pop().then_some(())?,
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    Some(plain)
}

/// Where a link in this text leads, if that is not another place of the world.
fn target(text: &Path, link: &str) -> Option<(PathBuf, Option<String>)> {
    let is_elsewhere = ["http://", "https://", "mailto:"].iter().any(|way| link.starts_with(way));
    if is_elsewhere {
        return None;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, at)| (file, Some(at)));
    let path = match file {
        "" => text.to_owned(),
        file => text.parent().unwrap_or(Path::new("")).join(file),
    };
    Some((path, anchor.map(str::to_owned)))
}

/// What is wrong with a link.
fn fault(text: &Path, link: &str) -> Option<String> {
    let (path, anchor) = target(text, link)?;
    let Some(path) = plain(&path).filter(|path| root().join(path).exists()) else {
        return Some(format!("there is no {}", path.display()));
    };
    let anchor = anchor?;
    let is_there = anchors(&read(&path)).contains(&anchor);
    (!is_there).then(|| format!("{} has no heading #{anchor}", path.display()))
}

fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for text in texts() {
        for (line, link) in links(&read(&text)) {
            let fault = fault(&text, &link);
            wrong.extend(fault.map(|fault| format!("{}:{line}: {fault}", text.display())));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

fn readme_is_short() {
    let lines = read(Path::new("README.md")).lines().count();
    assert!(lines < README_LINES, "README.md has {lines} lines");
}

fn each_chapter_is_one_step_from_readme() {
    let readme = Path::new("README.md");
    let steps = links(&read(readme)).into_iter().filter_map(|(_, link)| target(readme, &link));
    let reached: BTreeSet<PathBuf> = steps.filter_map(|(path, _)| plain(&path)).collect();
    let chapters = texts().into_iter().filter(|text| text.parent() == Some(Path::new("docs")));
    let missing: Vec<PathBuf> = chapters.filter(|chapter| !reached.contains(chapter)).collect();
    assert!(missing.is_empty(), "README.md leads to none of these: {missing:?}");
}

fn links_are_found_and_judged() {
    let text = "# A `\\b` c: d-e?\n[x](a.md) `[no](code.md)` [y](b.md#z)\n```sh\n# no\n[n](o.md)\n```\n## A\n## A\n";
    let found = links(text);
    assert_eq!(found, [(2, "a.md".to_owned()), (2, "b.md#z".to_owned())]);
    let made = anchors(text);
    assert_eq!(made.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "a-1", "a-b-c-d-e"]);
    let readme = Path::new("README.md");
    for (link, expected) in [
        ("https://www.postgresql.org/", None),
        ("docs/architecture.md#the-map", None),
        ("docs/", None),
        ("docs/no.md", Some("there is no docs/no.md")),
        ("../main.rs", Some("there is no ../main.rs")),
        ("docs/architecture.md#no", Some("docs/architecture.md has no heading #no")),
        ("#no", Some("README.md has no heading #no")),
    ] {
        assert_eq!(fault(readme, link).as_deref(), expected, "{link}");
    }
}

tests! {
    links_are_found_and_judged,
    every_link_leads_somewhere,
    readme_is_short,
    each_chapter_is_one_step_from_readme,
}
