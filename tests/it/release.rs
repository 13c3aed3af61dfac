//! What is released: that the packages have all that is installed beside the program, that the crate is small,
//! and, with PGSH_DIST=1, that what `packaging/release` built into dist/ installs in empty places.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::Trial;

use crate::trial::{Missing, Ran, tests, trial};

/// What is installed beside the program, by the names that `packaging/generate` gives.
const BESIDE: [&str; 4] = ["pgsh.1", "pgsh.bash", "_pgsh", "pgsh.fish"];
/// The words of `packaging/release`.
const ARTEFACTS: [&str; 7] = ["sums", "sbom", "tarball", "deb", "rpm", "wheel", "crate"];
/// What the crate may weigh, packed, in bytes.
const HEAVIEST: u64 = 2 * 1024 * 1024;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(repository().join(name)).expect(name)
}

fn release(words: &[&str]) -> Result<Output, Missing> {
    let mut command = Command::new(repository().join("packaging/release"));
    command.args(words).output().map_err(|error| Missing(format!("packaging/release: {error}")))
}

/// A table of Cargo.toml, from its heading to the next.
fn table(manifest: &str, name: &str) -> String {
    let begin = manifest.find(&format!("[{name}]\n")).expect(name);
    let text = &manifest[begin + name.len() + 3..];
    text[..text.find("\n[").unwrap_or(text.len())].to_owned()
}

fn packages_have_what_stands_beside_the_program() {
    let manifest = read("Cargo.toml");
    for name in ["package.metadata.deb", "package.metadata.generate-rpm"] {
        let table = table(&manifest, name);
        for file in BESIDE {
            assert!(table.contains(&format!("\"target/packaging/{file}\"")), "{name}: {file}");
        }
        for word in ["target/release/pgsh", "THIRD-PARTY-LICENSES", "psqlrc.example", "README.md"] {
            assert!(table.contains(word), "{name}: {word}");
        }
        // They stand beside PostgreSQL's own packages.
        for word in ["conflicts", "breaks", "replaces", "obsoletes", "bin/psql"] {
            assert!(!table.to_lowercase().contains(word), "{name}: {word}");
        }
    }
    let script = read("packaging/releasing/common.py");
    for file in BESIDE {
        assert!(script.contains(&format!(": \"{file}\"")), "{file}");
    }
}

fn the_manifest_tells_what_registries_show() {
    let package = table(&read("Cargo.toml"), "package");
    for key in ["description", "license", "repository", "readme", "keywords", "categories"] {
        assert!(package.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key}");
    }
}

fn the_crate_is_small() -> Ran {
    let target = tempfile::tempdir().expect("a directory");
    let words = ["package", "--no-verify", "--allow-dirty", "--offline", "--locked"];
    let output = Command::new(env!("CARGO"))
        .current_dir(repository())
        .args(words)
        .arg("--target-dir")
        .arg(target.path())
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() && said.contains("--offline") && !said.contains("lock file") {
        return Err(Missing("cargo has no index of crates here".to_owned()));
    }
    assert!(output.status.success(), "{said}");
    let name = concat!("package/pgsh-", env!("CARGO_PKG_VERSION"), ".crate");
    let size = fs::metadata(target.path().join(name)).expect("a crate").len();
    assert!(size < HEAVIEST, "{size} bytes");
    let words = ["package", "--list", "--allow-dirty", "--offline"];
    let output = Command::new(env!("CARGO")).current_dir(repository()).args(words).output();
    let list = String::from_utf8(output.expect("cargo runs").stdout).expect("UTF-8");
    let files: BTreeSet<&str> = list.lines().collect();
    for file in ["README.md", "LICENSE-MIT", "src/main.rs", "build/main.rs", "psqlrc.example"] {
        assert!(files.contains(file), "{file}");
    }
    for place in ["tests/", "benches/", "fuzz/", "packaging/", "dist/", ".ci/", "docs/pictures/"] {
        assert!(!files.iter().any(|file| file.starts_with(place)), "{place}");
    }
    Ok(())
}

fn the_script_says_what_it_builds() -> Ran {
    let help = release(&["--help"])?;
    let text = String::from_utf8(help.stdout).expect("UTF-8");
    assert!(help.status.success() && text.contains("packaging/release --check"), "{text}");
    for word in ARTEFACTS {
        assert!(text.contains(&format!("\n    {word} ")), "{word}: {text}");
    }
    for words in [&["nonsense"][..], &["--check", "nonsense"], &["--chek"]] {
        let output = release(words)?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains("no such artefact") && said.contains("tarball"), "{said}");
    }
    Ok(())
}

/// An artefact of dist/, installed in an empty place and run there.
fn from_dist(word: &'static str) -> Trial {
    trial(format!("release::from_dist::{word}"), move || {
        if std::env::var_os("PGSH_DIST").is_none() {
            return Err(Missing("only with PGSH_DIST=1, behind packaging/release".to_owned()));
        }
        let output = release(&["--check", word])?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() && said.contains("LEFT OUT") && !said.contains("FAILED") {
            return Err(Missing(said.trim().to_owned()));
        }
        assert!(output.status.success(), "{said}");
        Ok(())
    })
}

tests! {
    packages_have_what_stands_beside_the_program,
    the_manifest_tells_what_registries_show,
    the_crate_is_small,
    the_script_says_what_it_builds;
    ARTEFACTS.map(from_dist)
}
