//! Connection settings as values, and the hosts they name.

use super::blank::is_space;
use super::error::Error;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Connection settings by libpq's keyword: `host`, `port`, `dbname`, ...
///
/// [`resolve`](super::resolve()) fills in defaults and finds the [`Host`]s; later code sees only
/// resolved settings.
///
/// Any of the values may be a secret, so clones share one copy, which is overwritten when the last
/// clone is dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub(super) values: BTreeMap<String, Arc<Zeroizing<Vec<u8>>>>,
    pub(super) hosts: Vec<Host>,
    /// Where the Unix socket is if no host is given; empty before [`resolve`](super::resolve()).
    pub(super) socket_directory: &'static [u8],
    /// Start-up parameters that come from the environment (`PGTZ`), not from a keyword.
    pub(super) parameters: Vec<(&'static str, Vec<u8>)>,
    /// The file that the service was found in.
    pub(super) service_file: Option<Vec<u8>>,
}

/// One host to try.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Host {
    /// `host`: a name, an address or a socket directory; empty if only `hostaddr` was given.
    pub name: Vec<u8>,
    /// `hostaddr`: an address that makes the look-up unnecessary; empty if none.
    pub address: Vec<u8>,
    /// `port`, as it was written.
    pub port: Vec<u8>,
    /// From the password file.
    pub password: Option<Arc<Zeroizing<Vec<u8>>>>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values stay secret: a password is among them.
        f.debug_struct("Settings").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        f.debug_struct("Host")
            .field("name", &text(&self.name))
            .field("address", &text(&self.address))
            .field("port", &text(&self.port))
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// The value of `keyword`; an empty value counts as none.
    pub fn get(&self, keyword: &str) -> Option<&[u8]> {
        self.given(keyword).filter(|v| !v.is_empty())
    }

    /// The value of `keyword`, empty or not. An empty value keeps the environment's away.
    pub fn given(&self, keyword: &str) -> Option<&[u8]> {
        self.values.get(keyword).map(|value| value.as_slice())
    }

    /// Sets `keyword`. An empty value asks for the default, whatever the environment says.
    pub fn set(&mut self, keyword: &str, value: impl Into<Vec<u8>>) {
        self.values.insert(keyword.to_owned(), Arc::new(Zeroizing::new(value.into())));
    }

    /// Takes over every value of `others`, in place of its own.
    pub fn overrule(&mut self, others: &Settings) {
        for (keyword, value) in &others.values {
            self.values.insert(keyword.clone(), Arc::clone(value));
        }
    }

    /// Forgets `keyword`, as if it had never been given.
    pub fn unset(&mut self, keyword: &str) {
        self.values.remove(keyword);
    }

    /// Keywords and values, by keyword.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.values.iter().map(|(keyword, value)| (keyword.as_str(), value.as_slice()))
    }

    /// The directory of the Unix socket that stands in for a missing host.
    pub fn socket_directory(&self) -> &'static [u8] {
        self.socket_directory
    }

    /// The hosts to try, in order; empty before [`resolve`](super::resolve()).
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// Forgets the passwords of the password file, which [`resolve`](super::resolve()) finds again.
    pub fn forget_passfile_passwords(&mut self) {
        for host in &mut self.hosts {
            host.password = None;
        }
    }

    /// Start-up parameters from the environment: `timezone`, `datestyle`, `geqo`.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.parameters.iter().map(|(name, value)| (*name, value.as_slice()))
    }

    /// The path of the file that defines the service in use; `None` before
    /// [`resolve`](super::resolve()) and without a service.
    pub fn service_file(&self) -> Option<&[u8]> {
        self.service_file.as_deref()
    }

    /// The value of a keyword that takes an integer, which an empty one is not.
    ///
    /// # Errors
    /// `invalid integer value "x" for connection option "connect_timeout"`
    pub fn integer(&self, keyword: &str) -> Result<Option<i32>, Error> {
        self.given(keyword).map(|value| integer(keyword, value)).transpose()
    }
}

impl Host {
    /// Whether this is a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.address.is_empty() && is_socket(&self.name)
    }

    /// The port as it was given.
    ///
    /// # Errors
    /// It isn't a number.
    pub fn port_integer(&self) -> Result<i32, Error> {
        integer("port", &self.port)
    }

    /// The port's number.
    ///
    /// # Errors
    /// It isn't one, or is none that a server can listen on.
    pub fn port_number(&self) -> Result<u16, Error> {
        match u16::try_from(self.port_integer()?) {
            Ok(port) if port > 0 => Ok(port),
            _ => Err(Error::about("invalid port number:", &self.port, "")),
        }
    }
}

/// Whether a host's name is that of a directory of Unix sockets, or of an abstract socket.
pub fn is_socket(host: &[u8]) -> bool {
    matches!(host.first(), Some(b'/' | b'@'))
}

/// An integer as C's `strtol` takes it, with blanks around it.
fn integer(keyword: &str, value: &[u8]) -> Result<i32, Error> {
    let text = std::str::from_utf8(value).unwrap_or_default();
    let digits = text.trim_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    digits.parse().map_err(|_| {
        Error::new(&[
            b"invalid integer value \"",
            value,
            b"\" for connection option \"",
            keyword.as_bytes(),
            b"\"",
        ])
    })
}
