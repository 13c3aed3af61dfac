//! Resolves settings: adds those of the service file, the environment and the defaults, and finds
//! the hosts.

use super::charset::encoding_of;
use super::error::Error;
use super::settings::{Host, Settings};
use super::validate::validate;
use super::{keyword, passfile, service};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Where a server's Unix socket may be if no host is given: where the packages of distributions put
/// it and only the server's account can, then where PostgreSQL's own builds do.
const SOCKET_DIRECTORIES: [&[u8]; 2] = [b"/var/run/postgresql", DEFAULT_SOCKET_DIRECTORY];
/// Where it is expected if there is none yet.
const DEFAULT_SOCKET_DIRECTORY: &[u8] = b"/tmp";
const PORT: &[u8] = b"5432";

/// A file [`resolve`] wants to read, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File<'a> {
    /// A connection service file.
    Service(&'a [u8]),
    /// Not to be read: any text means that there is a file, even if it can't be read.
    Existing(&'a [u8]),
    /// The password file. The reader refuses it, with a warning, if others may read it.
    Password(&'a [u8]),
    /// A server's socket: not to be read; any text means that there is one.
    Socket(&'a [u8]),
}

/// An environment variable's value.
type Environment<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;
/// A file's text, `None` if there is no such file.
type Read<'a> = &'a dyn Fn(File<'_>) -> Option<Vec<u8>>;

/// The name of the account that the process runs as, asked for if no user is given.
type OsUser<'a> = &'a dyn Fn() -> Result<Vec<u8>, Error>;

/// Fills in what was not given: from the service file, the environment (`HOME` included, for the
/// files there), then the defaults. Settings that are resolved already may be changed and resolved
/// again.
///
/// # Errors
/// psql's text.
pub fn resolve(
    given: &Settings,
    environment: Environment<'_>,
    read: Read<'_>,
    os_user: OsUser<'_>,
) -> Result<Settings, Error> {
    let mut settings = Settings { values: given.values.clone(), ..Settings::default() };
    let service = settings.given("service").map(<[u8]>::to_vec);
    if let Some(name) = service.or_else(|| environment("PGSERVICE")) {
        let (found, path) = find_service(&name, environment, read)?;
        settings.service_file = Some(path);
        for (keyword, value) in found.values {
            settings.values.entry(keyword).or_insert(value);
        }
    }
    for (keyword, variable) in keyword::KEYWORDS {
        if settings.given(keyword).is_none()
            && let Some(value) = (!variable.is_empty()).then(|| environment(variable)).flatten()
        {
            settings.set(keyword, value);
        }
    }
    if settings.given("sslmode").is_none()
        && environment("PGREQUIRESSL").is_some_and(|value| value.starts_with(b"1"))
    {
        settings.set("sslmode", *b"require");
    }
    for (name, variable) in keyword::PARAMETERS {
        if let Some(value) = environment(variable).filter(|v| !v.eq_ignore_ascii_case(b"default")) {
            settings.parameters.push((name, value));
        }
    }
    settings.socket_directory = socket_directory(&settings, read);
    settings.hosts = hosts(&settings)?;
    fill_defaults(&mut settings, environment, os_user)?;
    add_passwords(&mut settings, read);
    validate(&settings)?;
    Ok(settings)
}

/// What the service of this name says by itself, if it is found.
pub fn service_settings(
    name: &[u8],
    environment: Environment<'_>,
    read: Read<'_>,
) -> Option<Settings> {
    find_service(name, environment, read).ok().map(|(settings, _)| settings)
}

fn in_home(environment: Environment<'_>, name: &[u8]) -> Option<Vec<u8>> {
    environment("HOME").filter(|home| !home.is_empty()).map(|home| [&home, name].concat())
}

/// The settings of a service, and the file they are in.
fn find_service(
    name: &[u8],
    environment: Environment<'_>,
    read: Read<'_>,
) -> Result<(Settings, Vec<u8>), Error> {
    let named = environment("PGSERVICEFILE");
    let own = named.clone().or_else(|| in_home(environment, b"/.pg_service.conf"));
    let system = environment("PGSYSCONFDIR").map(|dir| [&dir[..], b"/pg_service.conf"].concat());
    for (path, required) in [(own, named.is_some()), (system, false)] {
        let Some(path) = path else { continue };
        let Some(text) = read(File::Service(&path)) else {
            if required || read(File::Existing(&path)).is_some() {
                return Err(Error::about("service file", &path, " not found"));
            }
            continue;
        };
        // There may be passwords in it.
        let text = Zeroizing::new(text);
        if let Some(found) = service::find(&text, &path, name)? {
            return Ok((found, path));
        }
    }
    Err(Error::about("definition of service", name, " not found"))
}

fn fill_defaults(
    settings: &mut Settings,
    environment: Environment<'_>,
    os_user: OsUser<'_>,
) -> Result<(), Error> {
    if settings.get("user").is_none() {
        settings.set("user", os_user()?);
    }
    if settings.get("dbname").is_none() {
        settings.set("dbname", settings.get("user").unwrap_or_default().to_vec());
    }
    if settings.get("passfile").is_none()
        && let Some(path) = in_home(environment, b"/.pgpass")
    {
        settings.set("passfile", path);
    }
    // Anybody can have a certificate that the system trusts, so its name must be verified.
    if settings.get("sslrootcert") == Some(b"system") && settings.get("sslmode").is_none() {
        settings.set("sslmode", *b"verify-full");
    }
    if settings.get("client_encoding") == Some(b"auto") {
        let charmap = environment(CHARMAP).unwrap_or_default();
        // One that the server has no name for is not sent.
        match encoding_of(&charmap) {
            Some(name) => settings.set("client_encoding", name),
            None => settings.unset("client_encoding"),
        }
    }
    Ok(())
}

/// The name under which [`resolve`] asks the environment for the locale's character set; it is no
/// variable.
pub const CHARMAP: &str = "locale charmap";

/// The comma-separated values of a keyword; none if it has no value.
fn list<'a>(settings: &'a Settings, keyword: &str) -> Vec<&'a [u8]> {
    settings.get(keyword).map_or_else(Vec::new, |value| value.split(|b| *b == b',').collect())
}

/// The directory of the socket that stands in for a missing host.
fn socket_directory(settings: &Settings, read: Read<'_>) -> &'static [u8] {
    let port = list(settings, "port").first().copied().filter(|port| !port.is_empty());
    let file = [b"/.s.PGSQL.", port.unwrap_or(PORT)].concat();
    let has_socket = |directory: &&[u8]| read(File::Socket(&[directory, &file[..]].concat()));
    let found = SOCKET_DIRECTORIES.into_iter().find(|directory| has_socket(directory).is_some());
    found.unwrap_or(DEFAULT_SOCKET_DIRECTORY)
}

fn hosts(settings: &Settings) -> Result<Vec<Host>, Error> {
    let names = list(settings, "host");
    let addresses = list(settings, "hostaddr");
    let ports = list(settings, "port");
    if !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() {
        let (n, a) = (names.len(), addresses.len());
        let message = format!("could not match {n} host names to {a} hostaddr values");
        return Err(Error::new(&[message.as_bytes()]));
    }
    let count = names.len().max(addresses.len()).max(1);
    if ports.len() > 1 && ports.len() != count {
        let message = format!("could not match {} port numbers to {count} hosts", ports.len());
        return Err(Error::new(&[message.as_bytes()]));
    }
    let nth = |values: &[&[u8]], i: usize| values.get(i).copied().unwrap_or_default().to_vec();
    let host = |i| {
        let mut host = Host {
            name: nth(&names, i),
            address: nth(&addresses, i),
            port: nth(&ports, if ports.len() == 1 { 0 } else { i }),
            password: None,
        };
        if host.name.is_empty() && host.address.is_empty() {
            host.name = settings.socket_directory.to_vec();
        }
        if host.port.is_empty() {
            host.port = PORT.to_vec();
        }
        host
    };
    Ok((0..count).map(host).collect())
}

/// Each host's password, unless one was given.
fn add_passwords(settings: &mut Settings, read: Read<'_>) {
    if settings.get("password").is_some() {
        return;
    }
    let Some(path) = settings.get("passfile").map(<[u8]>::to_vec) else { return };
    let mut hosts = std::mem::take(&mut settings.hosts);
    let database = settings.get("dbname").unwrap_or_default();
    let user = settings.get("user").unwrap_or_default();
    for host in &mut hosts {
        let name: &[u8] = match (host.name.as_slice(), host.address.as_slice()) {
            (b"", address) => address,
            // The default socket is the local host.
            (name, b"") if name == settings.socket_directory => b"localhost",
            (name, _) => name,
        };
        // Read once for each host, as by psql: the warning about a file that others may read
        // repeats.
        let text = read(File::Password(&path)).map(Zeroizing::new);
        let password =
            text.and_then(|text| passfile::find(&text, [name, &host.port, database, user]));
        host.password = password.map(|password| Arc::new(Zeroizing::new(password)));
    }
    settings.hosts = hosts;
}
