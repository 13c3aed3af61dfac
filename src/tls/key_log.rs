//! `sslkeylogfile`: the secrets of connections, for programs that decrypt recorded traffic.

use crate::network::error::error_text;
use rustls::KeyLog;
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Mutex;

/// The file, and what went wrong with it.
#[derive(Debug)]
pub struct File {
    path: Vec<u8>,
    warnings: Mutex<Vec<Vec<u8>>>,
}

impl File {
    /// Logs to the file at `path`, which need not exist yet.
    pub fn new(path: &[u8]) -> File {
        File { path: path.to_vec(), warnings: Mutex::default() }
    }

    /// What went wrong so far, for the user; empty when asked again.
    pub fn take_warnings(&self) -> Vec<Vec<u8>> {
        self.warnings.lock().map(|mut all| std::mem::take(&mut *all)).unwrap_or_default()
    }

    fn append(&self, line: &str) -> Result<(), (&'static str, std::io::Error)> {
        let mut options = std::fs::OpenOptions::new();
        let options = options.create(true).append(true).mode(0o600);
        let file = options.open(OsStr::from_bytes(&self.path));
        let mut file = file.map_err(|error| ("open", error))?;
        file.write_all(line.as_bytes()).map_err(|error| ("write to", error))
    }
}

impl KeyLog for File {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", hex(client_random), hex(secret));
        if let Err((what, error)) = self.append(&line)
            && let Ok(mut warnings) = self.warnings.lock()
        {
            let before = format!("WARNING: could not {what} SSL key logging file \"");
            let after = format!("\": {}\n", error_text(&error));
            warnings.push([before.as_bytes(), &self.path, after.as_bytes()].concat());
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
