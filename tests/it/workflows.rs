//! What other machines do with this repository: the workflows of `.github/`, the Homebrew formula and the Nix
//! expressions. They can't run here; what can be read of them is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pgsh::scratch;
use serde_json::Value;

use crate::trial::{Missing, Ran, tests};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of ours that a script may call are below these.
const PLACES: [&str; 4] = [".ci/", "packaging/", "tests/tools/", "fuzz/"];

/// A program of the linters' environment.
fn linter(program: &str) -> Result<PathBuf, Missing> {
    let place = match std::env::var_os("PGSH_LINTERS_DIR") {
        Some(place) => PathBuf::from(place),
        None => scratch::cache_directory().expect("a cache directory").join("linters"),
    };
    let found = Some(place.join("bin").join(program)).filter(|path| path.is_file());
    found.ok_or_else(|| Missing(format!("no {program}: run tests/tools/linters")))
}

/// The workflows, read as YAML.
fn workflows() -> Result<Vec<(String, Value)>, Missing> {
    let python = linter("python")?;
    let script = "import json, sys, yaml\nprint(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let directory = root().join(".github/workflows");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(directory).expect("workflows").flatten().map(|entry| entry.path()).collect();
    paths.push(root().join(".github/dependabot.yml"));
    let read = |path: PathBuf| {
        let done = Command::new(&python).args(["-c", script]).arg(&path).output().expect("Python");
        let text = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{}: {text}", path.display());
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, serde_json::from_slice(&done.stdout).expect("JSON"))
    };
    Ok(paths.into_iter().map(read).collect())
}

/// What is wrong with a workflow.
fn faults(workflow: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if workflow["permissions"] != serde_json::json!({}) {
        faults.push("permissions of the whole: each job names its own".to_owned());
    }
    if workflow["concurrency"].is_null() {
        faults.push("no concurrency".to_owned());
    }
    let jobs = workflow["jobs"].as_object().expect("jobs");
    for (name, job) in jobs {
        let lacks = |key: &str| job[key].is_null().then(|| format!("{name}: no {key}"));
        faults.extend(["permissions", "timeout-minutes"].into_iter().filter_map(lacks));
        let publishes = job["permissions"]["contents"] == "write";
        if publishes && job["environment"].is_null() {
            faults.push(format!("{name}: publishes without a human"));
        }
        for step in job["steps"].as_array().expect("steps") {
            if let Some(action) = step["uses"].as_str() {
                let hash = action.split_once('@').map_or("", |(_, version)| version);
                if hash.len() != 40 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    faults.push(format!("{name}: {action} is not pinned"));
                }
            }
            faults.extend(missing_files(step["run"].as_str().unwrap_or_default()));
        }
    }
    faults
}

/// Files of ours that a script names and that don't exist.
fn missing_files(script: &str) -> Vec<String> {
    let words = script.split(|c: char| c.is_whitespace() || "\"';()".contains(c));
    let ours = words.filter(|word| PLACES.iter().any(|place| word.starts_with(place)));
    ours.filter(|word| !root().join(word).exists()).map(|word| format!("no {word}")).collect()
}

fn workflows_are_sound() -> Ran {
    for (name, workflow) in workflows()? {
        if name == "dependabot.yml" {
            assert!(workflow["updates"].as_array().is_some_and(|all| all.len() == 3), "{workflow}");
            continue;
        }
        assert_eq!(faults(&workflow), [""; 0], "{name}");
        // The comment behind an action says which version its hash is.
        let text = fs::read_to_string(root().join(".github/workflows").join(&name)).expect("text");
        for line in text.lines().filter(|line| line.contains("uses: ")) {
            assert!(line.contains(" # v"), "{name}: {line}");
        }
    }
    Ok(())
}

/// The check itself finds what it is to find.
fn unsound_workflows_are_found() {
    let bad = serde_json::json!({
        "permissions": {"contents": "write"},
        "jobs": {"a": {
            "permissions": {"contents": "write"},
            "steps": [
                {"uses": "actions/checkout@v4"},
                {"run": "cd x; .ci/run && tests/tools/no_such --help"}
            ]
        }}
    });
    let found = faults(&bad).join("\n");
    for fault in [
        "permissions of the whole",
        "no concurrency",
        "a: no timeout-minutes",
        "a: publishes without a human",
        "a: actions/checkout@v4 is not pinned",
        "no tests/tools/no_such",
    ] {
        assert!(found.contains(fault), "{fault}: {found}");
    }
    assert!(!found.contains("no .ci/run"), "{found}");
}

fn each_fuzz_target_is_run() -> Ran {
    let all = workflows()?;
    let (_, checks) = all.iter().find(|(name, _)| name == "checks.yml").expect("checks.yml");
    let listed = checks["jobs"]["fuzz"]["strategy"]["matrix"]["target"].as_array().expect("a list");
    let mut listed: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
    listed.sort_unstable();
    let files = fs::read_dir(root().join("fuzz/fuzz_targets")).expect("targets").flatten();
    let stem = |path: PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut targets: Vec<String> = files.map(|entry| stem(entry.path())).collect();
    targets.sort_unstable();
    assert_eq!(listed, targets);
    Ok(())
}

fn zizmor_finds_nothing() -> Ran {
    let mut command = Command::new(linter("zizmor")?);
    let done =
        command.args(["--offline", "--no-progress", "--quiet", ".github"]).current_dir(root());
    let done = done.output().expect("zizmor runs");
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
    Ok(())
}

/// A program of this machine that reads the file and complains of what it can't.
fn reads(program: &str, arguments: &[&str], file: &str) -> Ran {
    let done = Command::new(program).args(arguments).arg(root().join(file)).output();
    let done = done.map_err(|_| Missing(format!("no {program}")))?;
    assert!(done.status.success(), "{file}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

fn the_formula_is_ruby() -> Ran {
    reads("ruby", &["-c"], "packaging/homebrew/pgsh.rb")
}

fn the_expressions_are_nix() -> Ran {
    reads("nix-instantiate", &["--parse"], "packaging/nix/package.nix")?;
    reads("nix-instantiate", &["--parse"], "packaging/nix/flake.nix")
}

/// One version everywhere, and the change log tells of it.
fn the_version_is_one() {
    let version = env!("CARGO_PKG_VERSION");
    for (file, text) in [
        ("packaging/homebrew/pgsh.rb", format!("/v{version}.tar.gz\"")),
        ("CHANGELOG.md", format!("\n## [{version}] - 20")),
        ("docs/promises.md", format!("\npgsh {version} (compatible with psql 18.6)\n")),
    ] {
        let found = fs::read_to_string(root().join(file)).expect("a file");
        assert!(found.contains(&text), "{file}: no {text:?}");
    }
}

tests! {
    workflows_are_sound,
    unsound_workflows_are_found,
    each_fuzz_target_is_run,
    zizmor_finds_nothing,
    the_formula_is_ruby,
    the_expressions_are_nix,
    the_version_is_one,
}
