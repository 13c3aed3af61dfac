//! One database cluster in a directory, and the server that runs on it.
//!
//! Owns the directory's layout and the server's life: initdb, start, ready, stop. Whether the
//! server lives is known by a lock that the server itself inherits (as its standard input), so a
//! stale `postmaster.pid`, a reused process ID or a killed parent can't mislead anyone.
//!
//! ```text
//! data/     the cluster, its server's own       socket/  the Unix socket, its server's own
//! server    locked while the server lives       log      what initdb and the server say
//! ```

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use super::error::Error;
use super::lock::Lock;
use super::private_directory::private_directory;
use super::server::Server;
use super::{shutdown, trust};

/// The port, only a part of the socket's name: the server doesn't listen on the network.
pub const PORT: &str = "5432";
/// The name of the cluster's superuser.
pub const USER: &str = "postgres";

/// How long a server may take to start or stop.
const TIMEOUT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

/// The longest socket path every system takes (`sun_path` holds 104 bytes on macOS and BSD).
const SOCKET_PATH_LIMIT: usize = 103;

/// A cluster's directory. Only the holder of the caller's lock may start and stop the server.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    directory: PathBuf,
    socket: PathBuf,
}

impl Cluster {
    /// The cluster in `directory`, created when missing; its files come with the first start.
    ///
    /// # Errors
    /// A directory can't be made, or belongs to someone else.
    pub fn new(server: Server, directory: &Path) -> Result<Cluster, Error> {
        private_directory(directory, None)?;
        let socket = socket_directory(directory);
        private_directory(&socket, server.account.as_ref())?;
        Ok(Cluster { server, directory: directory.to_owned(), socket })
    }

    /// The directory of the Unix socket, for `host`.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The server's programs.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The file whose first line is the server's process ID.
    pub fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// Starts the server unless it runs, and waits until it takes connections; creates the cluster
    /// first if there is none.
    ///
    /// # Errors
    /// initdb or the server fails; the text ends with their last words.
    pub fn start(&self) -> Result<(), Error> {
        let deadline = Instant::now() + TIMEOUT;
        let mut child: Option<Child> = None;
        while !self.is_ready() {
            match &mut child {
                None => {
                    // The lock is free: there is no server, or one that is just ending.
                    if let Some(lock) = self.try_lock_server()? {
                        child = Some(self.spawn(lock)?);
                    }
                }
                Some(child) => {
                    if matches!(child.try_wait(), Ok(Some(_))) {
                        return Err(self.failure("the server didn't start"));
                    }
                }
            }
            shutdown::check()?;
            if Instant::now() > deadline {
                return Err(self.failure("the server takes too long to start"));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Stops the server, if one runs, and waits for its end. Sessions are cut off.
    ///
    /// # Errors
    /// It doesn't end.
    pub fn stop(&self) -> Result<(), Error> {
        let deadline = Instant::now() + TIMEOUT;
        let mut is_signalled = false;
        while self.try_lock_server()?.is_none() {
            if !is_signalled && let Some(pid) = self.pid().filter(|&pid| self.is_ours(pid)) {
                is_signalled = kill_process(pid, Signal::INT).is_ok();
            }
            if Instant::now() > deadline {
                return Err(self.failure("the server takes too long to stop"));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    fn try_lock_server(&self) -> Result<Option<Lock>, Error> {
        Lock::try_exclusive(&self.directory.join("server"))
    }

    /// Whether the process runs on our data under our server's account: what the file says may be
    /// old, and that account could write anything into it.
    fn is_ours(&self, pid: Pid) -> bool {
        let uid = self.server.account.as_ref().map_or(geteuid().as_raw(), |account| account.uid);
        trust::runs_in(pid, uid, &self.data())
    }

    /// A line of the server's file, which names directories too: those need not be UTF-8.
    fn pid_file_line(&self, number: usize) -> Option<String> {
        let text = fs::read(self.pid_file()).ok()?;
        Some(String::from_utf8_lossy(&text).lines().nth(number)?.to_owned())
    }

    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(self.pid_file_line(0)?.trim().parse().ok().filter(|&pid| pid > 1)?)
    }

    /// The eighth line of the server's file holds its state, and a dead server's socket refuses.
    fn is_ready(&self) -> bool {
        self.pid_file_line(7).as_deref().map(str::trim) == Some("ready")
            && UnixStream::connect(self.socket.join(format!(".s.PGSQL.{PORT}"))).is_ok()
    }

    fn spawn(&self, lock: Lock) -> Result<Child, Error> {
        if !self.data().is_dir() {
            self.initdb(&lock)?;
        }
        // No server runs on this cluster: files of a killed one name processes long gone.
        let socket = format!(".s.PGSQL.{PORT}");
        for stale in
            [self.pid_file(), self.socket.join(&socket), self.socket.join(socket + ".lock")]
        {
            let _ = fs::remove_file(stale);
        }
        let mut command = self.server.command("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.socket).args(["-p", PORT]);
        for setting in
            ["listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        {
            command.args(["-c", setting]);
        }
        let log = self.log()?;
        command
            .stdin(lock.into_file())
            .stdout(log.try_clone().map_err(|e| self.io("could not open", e))?)
            .stderr(log);
        // Not in the terminal's process group: Ctrl-C is for the shell alone.
        command.process_group(0);
        command
            .spawn()
            .map_err(|e| Error::at("could not run", &self.server.bin.join("postgres"), e))
    }

    /// Creates the cluster beside its place, then moves it there, so that a half-made one never
    /// counts. initdb holds the lock even if we are killed.
    fn initdb(&self, lock: &Lock) -> Result<(), Error> {
        let unfinished = self.directory.join("data.tmp");
        // Systems without C.UTF-8 have C.
        for locale in ["C.UTF-8", "C"] {
            if unfinished.exists() {
                fs::remove_dir_all(&unfinished)
                    .map_err(|e| Error::at("could not remove", &unfinished, e))?;
            }
            private_directory(&unfinished, self.server.account.as_ref())?;
            let log = self.log()?;
            let mut child = self
                .server
                .command("initdb")
                .stdin(lock.share().map_err(|e| self.io("could not lock", e))?)
                .arg("-D")
                .arg(&unfinished)
                .args(["-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale", locale])
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()
                .map_err(|e| Error::at("could not run", &self.server.bin.join("initdb"), e))?;
            if shutdown::wait(&mut child)?.success() {
                return fs::rename(&unfinished, self.data())
                    .map_err(|e| self.io("could not rename", e));
            }
        }
        Err(self.failure("initdb failed"))
    }

    /// The log, emptied: it covers one run of the server.
    fn log(&self) -> Result<File, Error> {
        let path = self.directory.join("log");
        File::create(&path).map_err(|e| Error::at("could not write", &path, e))
    }

    fn io(&self, what: &str, e: std::io::Error) -> Error {
        Error::at(what, &self.directory, e)
    }

    /// What went wrong, with the log's last lines.
    fn failure(&self, what: &str) -> Error {
        let log = fs::read(self.directory.join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log).into_owned();
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(5)..].join("\n");
        Error::new(format!("{what} ({})\n{tail}", self.server).trim_end().to_owned())
    }
}

/// Beside the data if the path is short enough for a socket, and a text as `host` is one; else under /tmp.
fn socket_directory(directory: &Path) -> PathBuf {
    let near = directory.join("socket");
    let is_short = near.as_os_str().len() + "/.s.PGSQL.5432".len() <= SOCKET_PATH_LIMIT;
    if is_short && near.to_str().is_some() {
        return near;
    }
    let mut hasher = DefaultHasher::new();
    // The same by whatever way one comes to it.
    fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned()).hash(&mut hasher);
    PathBuf::from(format!("/tmp/pgsh-{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn sockets_have_short_paths() {
        assert_eq!(socket_directory(Path::new("/home/me/c")), Path::new("/home/me/c/socket"));
        let long = Path::new("/home").join("x".repeat(90));
        assert!(socket_directory(&long).as_os_str().len() < 40);
        assert_ne!(socket_directory(&long), socket_directory(&long.join("y")));
        let no_text = Path::new(OsStr::from_bytes(b"/home/\xfe"));
        assert!(socket_directory(no_text).to_str().is_some());
    }
}
