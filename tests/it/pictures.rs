//! The pictures of the documentation: each is there, is one that can be made anew, and shows the shell as
//! it is.

#[path = "../../packaging/pictures/scene.rs"]
mod scene;
#[path = "../../packaging/pictures/shapes.rs"]
mod shapes;
#[path = "../../packaging/pictures/svg.rs"]
mod svg;
#[path = "../../packaging/pictures/terminal.rs"]
mod terminal;
#[path = "../../packaging/pictures/theme.rs"]
mod theme;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::scene::SCENES;
use crate::harness::{self, Bench, Shell, difference};
use crate::trial::{Missing, Ran, tests};

/// Scenes to play again: nothing in them is measured, no clock is read, and they are soon over.
const REPEATED: [&str; 2] = ["menu", "viewer"];
/// How large a picture may be.
const LIMIT: usize = 60_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file(name: &str) -> PathBuf {
    root().join("docs/pictures").join(format!("{name}.svg"))
}

fn every_scene_has_its_picture() {
    let scenes: BTreeSet<String> = SCENES.iter().map(|scene| scene.name.to_owned()).collect();
    assert_eq!(scenes.len(), SCENES.len(), "two scenes of one name");
    let entries = fs::read_dir(root().join("docs/pictures")).expect("pictures");
    let stem = |path: PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let files: BTreeSet<String> =
        entries.map(|entry| stem(entry.expect("a file").path())).collect();
    assert_eq!(files, scenes);
    for scene in SCENES {
        let picture = fs::read_to_string(file(scene.name)).expect("a picture");
        assert!(picture.len() < LIMIT, "{}: {} bytes", scene.name, picture.len());
        assert!(picture.contains(scene.title), "{}", scene.name);
    }
}

/// By a parser that is not ours.
fn pictures_are_well_formed() -> Ran {
    const PARSE: &str = "import sys, xml.dom.minidom\n\
                         for name in sys.argv[1:]: xml.dom.minidom.parse(name)";
    let files = SCENES.iter().map(|scene| file(scene.name));
    let run = Command::new("python3").args(["-c", PARSE]).args(files).output();
    let output = run.map_err(|error| Missing(format!("python3: {error}")))?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// What a text shows by `![...](...pictures/NAME.svg)`.
fn shown_in(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.split("pictures/").skip(1).filter_map(|rest| rest.split_once(".svg)"));
    ends.map(|(name, _)| name)
}

fn every_picture_is_shown_and_every_link_leads_to_one() {
    let chapters = fs::read_dir(root().join("docs")).expect("chapters");
    let chapters = chapters.map(|entry| entry.expect("a file").path());
    let texts = chapters.chain([root().join("README.md")]).filter(|path| path.is_file());
    let mut shown = BTreeSet::new();
    for path in texts {
        let text = fs::read_to_string(&path).expect("a text");
        for name in shown_in(&text) {
            assert!(file(name).is_file(), "{}: no picture {name}", path.display());
            shown.insert(name.to_owned());
        }
    }
    let unseen = SCENES.iter().find(|scene| !shown.contains(scene.name));
    assert!(unseen.is_none(), "nobody sees {}", unseen.map_or("", |scene| scene.name));
}

fn pictures_show_the_shell_as_it_is() {
    let bench = Bench::named("shop");
    let shell = || bench.shell(Shell::Pgsh).called_pgsh().envs(scene::ENVIRONMENT.iter().copied());
    let filled = shell().args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]).stdin(scene::SHOP).outcome();
    assert_eq!((filled.status, filled.stderr.as_slice()), (0, &b""[..]));
    for scene in SCENES.iter().filter(|scene| REPEATED.contains(&scene.name)) {
        let history = bench.directory(Shell::Pgsh).join(scene.name);
        let setsid = shell().env("PSQL_HISTORY", history).instead("setsid", [""; 0]);
        let program = harness::program(Shell::Pgsh);
        let played = terminal::play(scene, &program, setsid.command());
        let played = played.unwrap_or_else(|error| panic!("{error}"));
        let drawn = svg::draw(played.screen(), scene.rows(played.screen()), scene.title);
        let kept = fs::read_to_string(file(scene.name)).expect("a picture");
        assert!(
            drawn == kept,
            "cargo run --example pictures -- {}\n{}",
            scene.name,
            difference(kept.as_bytes(), drawn.as_bytes())
        );
    }
}

tests! {
    every_scene_has_its_picture,
    pictures_are_well_formed,
    every_picture_is_shown_and_every_link_leads_to_one,
    pictures_show_the_shell_as_it_is,
}
