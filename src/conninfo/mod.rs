//! Connection strings, service files and password files: from text to settings.
//!
//! Owns libpq's keywords and their meaning (PostgreSQL's documentation, "Connection Strings",
//! "Parameter Key Words", "Environment Variables", "The Password File", "The Connection Service
//! File"). Reads no file and no environment itself: both come in as text and closures.

use std::collections::BTreeMap;

/// Connection settings by libpq's keyword: `host`, `port`, `dbname`, ...
///
/// [`resolve`] fills in defaults and finds the [`Host`]s; later code sees only resolved settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<String, Vec<u8>>,
    hosts: Vec<Host>,
    /// Start-up parameters that come from the environment (`PGTZ`), not from a keyword.
    parameters: Vec<(&'static str, Vec<u8>)>,
}

/// One host to try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// `host`: a name, an address or a socket directory; empty if only `hostaddr` was given.
    pub name: Vec<u8>,
    /// `hostaddr`: an address that spares the look-up; empty if none.
    pub address: Vec<u8>,
    /// The port.
    pub port: u16,
    /// The port as it was written, for messages.
    pub port_text: Vec<u8>,
    /// From the password file.
    pub password: Option<Vec<u8>>,
}

impl Host {
    /// Whether this is a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.address.is_empty() && matches!(self.name.first(), Some(b'/' | b'@'))
    }

    /// The socket in the directory.
    pub fn socket_path(&self) -> Vec<u8> {
        [&self.name, format!("/.s.PGSQL.{}", self.port).as_bytes()].concat()
    }
}

/// What is wrong with connection settings, in psql's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Error {
    /// Without a last newline.
    pub message: Vec<u8>,
}

impl Settings {
    /// The value of `keyword`; an empty value is as good as none.
    pub fn get(&self, keyword: &str) -> Option<&[u8]> {
        self.values.get(keyword).map(Vec::as_slice).filter(|v| !v.is_empty())
    }

    /// Sets `keyword`.
    pub fn set(&mut self, keyword: &str, value: impl Into<Vec<u8>>) {
        self.values.insert(keyword.to_owned(), value.into());
    }

    /// The hosts to try, in order.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// Start-up parameters from the environment: `TimeZone`, `DateStyle`, `geqo`.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.parameters.iter().map(|(name, value)| (*name, value.as_slice()))
    }

    /// The value of a keyword that takes an integer.
    ///
    /// # Errors
    /// `invalid integer value "x" for connection option "connect_timeout"`
    pub fn integer(&self, keyword: &str) -> Result<Option<i32>, Error> {
        let Some(value) = self.get(keyword) else { return Ok(None) };
        let number = std::str::from_utf8(value).ok().and_then(|v| v.trim().parse().ok());
        number.map(Some).ok_or_else(|| Error {
            message: [
                b"invalid integer value \"",
                value,
                b"\" for connection option \"",
                keyword.as_bytes(),
                b"\"",
            ]
            .concat(),
        })
    }
}

/// A file [`resolve`] wants to read, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File<'a> {
    /// A connection service file.
    Service(&'a [u8]),
    /// The password file. The reader refuses it, with a warning, if others may read it.
    Password(&'a [u8]),
}

/// Fills in what was not given: from the service file, the environment, then the defaults.
/// `read` returns a file's text, or `None` if there is no such file.
///
/// # Errors
/// psql's text.
pub fn resolve(
    given: &Settings,
    environment: &dyn Fn(&str) -> Option<Vec<u8>>,
    _read: &dyn Fn(File<'_>) -> Option<Vec<u8>>,
    os_user: &[u8],
) -> Result<Settings, Error> {
    let mut settings = given.clone();
    let variables =
        [("host", "PGHOST"), ("port", "PGPORT"), ("user", "PGUSER"), ("dbname", "PGDATABASE")];
    for (keyword, variable) in variables {
        if let (None, Some(value)) = (settings.get(keyword), environment(variable)) {
            settings.set(keyword, value);
        }
    }
    let defaults: [(&str, &[u8]); 3] = [("host", b"/tmp"), ("port", b"5432"), ("user", os_user)];
    for (keyword, value) in defaults {
        if settings.get(keyword).is_none() {
            settings.set(keyword, value);
        }
    }
    if settings.get("dbname").is_none() {
        settings.set("dbname", settings.get("user").unwrap_or_default().to_vec());
    }
    settings.hosts = vec![Host {
        name: settings.get("host").unwrap_or_default().to_vec(),
        port: settings.integer("port")?.and_then(|p| u16::try_from(p).ok()).unwrap_or(5432),
        port_text: settings.get("port").unwrap_or_default().to_vec(),
        ..Host::default()
    }];
    Ok(settings)
}

/// Settings from a connection string.
///
/// # Errors
/// psql's text.
pub fn parse(text: &[u8]) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    for pair in text.split(|b| *b == b' ') {
        if let Some(at) = pair.iter().position(|b| *b == b'=') {
            settings.set(&String::from_utf8_lossy(&pair[..at]), &pair[at + 1..]);
        }
    }
    Ok(settings)
}
