//! Makes the pictures of the documentation: `cargo run --example pictures [-- NAME ...]` plays the scenes
//! of `scene.rs` on a server of their own and writes `docs/pictures/NAME.svg`.
//!
//! What is drawn is the screen of a terminal in which the shell runs. Times, and the clock of `watch`, are
//! those of the run; the rest is the same each time.

mod scene;
mod shapes;
mod svg;
mod terminal;
mod theme;

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

use pgsh::scratch::cluster::{self, Cluster};
use pgsh::scratch::{self, Account, find, install};

use scene::{SCENES, Scene};

const PICTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pictures");

fn main() -> ExitCode {
    match make(&env::args_os().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pictures: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Makes the pictures of these names, all without any.
fn make(names: &[OsString]) -> io::Result<()> {
    if let Some(unknown) = names.iter().find(|name| !SCENES.iter().any(|s| s.name == **name)) {
        return Err(io::Error::other(format!("no picture {}", unknown.display())));
    }
    let shell = build()?;
    // Always the same, as it is seen in pictures; there is one run at a time.
    let place = tempfile::Builder::new().prefix("pgsh-shop").rand_bytes(0).tempdir_in("/tmp")?;
    let cluster = start(place.path())?;
    fs::create_dir_all(PICTURES)?;
    let mut wanted =
        SCENES.iter().filter(|s| names.is_empty() || names.iter().any(|n| *n == s.name));
    let made = wanted.try_for_each(|scene| make_one(scene, &shell, place.path(), &cluster));
    let stopped = cluster.stop().map_err(io::Error::other);
    made.and(stopped)
}

/// Builds the shell as this program was built; where it is.
fn build() -> io::Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--bin", "pgsh", "--profile", profile]);
    let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status()?;
    let mine = env::current_exe()?;
    let place = mine.parent().and_then(Path::parent).filter(|_| built.success());
    place.map(|place| place.join("pgsh")).ok_or_else(|| io::Error::other("the shell is not built"))
}

/// A server of our own.
fn start(place: &Path) -> io::Result<Cluster> {
    fs::set_permissions(place, fs::Permissions::from_mode(0o711))?;
    let server = match env::var_os(find::OVERRIDE) {
        Some(bin) => {
            let account = Account::for_server().map_err(io::Error::other)?;
            let server = scratch::Server::at(Path::new(&bin), &account);
            server.ok_or_else(|| io::Error::other("no server where PGSH_SERVER_BIN says"))?
        }
        None => {
            let cache = scratch::cache_directory().map_err(io::Error::other)?;
            install::install(&cache, &mut |text| eprintln!("{text}")).map_err(io::Error::other)?
        }
    };
    let cluster = Cluster::new(server, &place.join("server")).map_err(io::Error::other)?;
    cluster.start().map_err(io::Error::other)?;
    Ok(cluster)
}

/// Plays a scene in a home and a database of its own, and writes its picture.
fn make_one(scene: &Scene, shell: &Path, place: &Path, cluster: &Cluster) -> io::Result<()> {
    let home = place.join(scene.name);
    fs::create_dir(&home)?;
    let command = |program: &OsStr, database: &str| {
        let mut command = Command::new(program);
        command.current_dir(&home).env_clear().envs(scene::ENVIRONMENT.iter().copied());
        command.env("PATH", env::var_os("PATH").unwrap_or_default()).env("HOME", &home);
        command.env("PSQL_HISTORY", home.join("history"));
        command.env("PGHOST", cluster.socket()).env("PGPORT", cluster::PORT);
        command.env("PGUSER", cluster::USER).env("PGDATABASE", database);
        command
    };
    let databases = "drop database if exists shop with (force);\n\
                     drop database if exists shop_copy;\ncreate database shop;\n";
    run_script(command(shell.as_os_str(), "postgres"), databases)?;
    run_script(command(shell.as_os_str(), "shop"), scene::SHOP)?;
    let played = terminal::play(scene, shell, command(OsStr::new("setsid"), "shop"))?;
    let file = Path::new(PICTURES).join(format!("{}.svg", scene.name));
    let picture = svg::draw(played.screen(), scene.rows(played.screen()), scene.title);
    fs::write(&file, &picture)?;
    println!("{}: {} bytes", file.display(), picture.len());
    Ok(())
}

/// Runs a script in the shell that this command starts.
fn run_script(mut shell: Command, script: &str) -> io::Result<()> {
    shell.arg0("pgsh").args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]);
    let streams = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = streams.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(script.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned())),
    }
}
