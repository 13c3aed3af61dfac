//! From settings to a session: hosts and their addresses in turn, and the socket.
//!
//! The texts of failures are psql's; a person reads them every day.

use super::frame::{Wire, drain};
use super::stream::{Plain, error_text, wait};
use super::{ConnectError, Lost, Session, lookup};
use crate::conninfo::{self, Host, Settings};
use rustix::net::sockopt;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// The longest path of a Unix socket, in bytes.
const MAX_SOCKET_PATH: usize = if cfg!(target_vendor = "apple") { 103 } else { 107 };

/// Where a server listens.
#[derive(Clone, Debug)]
pub enum Target {
    /// A Unix socket's path; `@name` is an abstract one.
    Unix(Vec<u8>),
    /// An address and port.
    Tcp(SocketAddr),
}

/// Where a session is connected, for people to read and for cancel requests.
#[derive(Clone, Debug)]
pub struct Place {
    pub host: String,
    pub address: String,
    pub port: u16,
    pub target: Target,
}

/// Why an attempt failed.
#[derive(Debug, Default)]
pub struct Failure {
    /// In psql's words, without the place.
    pub message: Vec<u8>,
    /// Another address or host may do better.
    pub next: bool,
    /// The server asked for a password and none was known.
    pub needs_password: bool,
    /// The person pressed Ctrl-C.
    pub interrupted: bool,
}

impl Failure {
    pub fn new(message: impl Into<Vec<u8>>) -> Failure {
        Failure { message: message.into(), ..Failure::default() }
    }

    /// One that another host may not have.
    pub fn next(message: impl Into<Vec<u8>>) -> Failure {
        Failure { message: message.into(), next: true, ..Failure::default() }
    }

    pub fn interrupted() -> Failure {
        Failure { interrupted: true, ..Failure::default() }
    }
}

impl From<conninfo::Error> for Failure {
    fn from(error: conninfo::Error) -> Failure {
        Failure::new(error.message)
    }
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Failure {
        Failure::new(lost.message)
    }
}

/// Opens a connection; see [`Session::connect`].
pub fn connect(settings: &Settings, interrupt: Option<OwnedFd>) -> Result<Session, ConnectError> {
    let wanted = settings.get("target_session_attrs").unwrap_or(b"any");
    // A standby is preferred: any server will do when all have been asked in vain.
    let passes: &[&[u8]] = match wanted {
        b"prefer-standby" => &[b"standby", b"any"],
        _ => &[wanted],
    };
    let mut error = ConnectError::default();
    for wanted in passes {
        for host in in_order(settings, settings.hosts().iter().collect()) {
            let found = host.port_number().map_err(|error| error.message);
            let found = found.map_err(Failure::new).and_then(|port| {
                // What is wrong with the timeout itself is told when it is used.
                let deadline = timeout(settings).ok().flatten().map(|limit| Instant::now() + limit);
                Ok((port, targets(host, port, interrupt.as_ref(), deadline)?))
            });
            let (port, targets) = match found {
                Ok(found) => found,
                Err(Failure { interrupted: true, .. }) => {
                    return Err(ConnectError { interrupted: true, ..ConnectError::default() });
                }
                Err(failure) => {
                    add_line(&mut error.message, &failure.message);
                    continue;
                }
            };
            for target in in_order(settings, targets) {
                let place = place(host, port, target);
                let failure = match attempt(settings, host, &place, wanted, &interrupt) {
                    Ok(session) => return Ok(session),
                    Err(failure) => failure,
                };
                if failure.interrupted {
                    return Err(ConnectError { interrupted: true, ..ConnectError::default() });
                }
                let line = [prefix(host, &place), failure.message].concat();
                add_line(&mut error.message, &line);
                error.needs_password |= failure.needs_password;
                if !failure.next {
                    return Err(error);
                }
            }
        }
    }
    Err(error)
}

/// Hosts or addresses in the order to try them. Where the system has no random numbers, the order
/// stays as it is.
fn in_order<T>(settings: &Settings, mut items: Vec<T>) -> Vec<T> {
    if settings.get("load_balance_hosts") == Some(b"random") {
        for last in (1..items.len()).rev() {
            let random = getrandom::u64().unwrap_or(last as u64);
            items.swap(last, (random % (last as u64 + 1)) as usize);
        }
    }
    items
}

fn add_line(text: &mut Vec<u8>, line: &[u8]) {
    if !text.is_empty() {
        text.push(b'\n');
    }
    text.extend_from_slice(line);
}

/// The addresses of a host, or why there are none.
fn targets(
    host: &Host,
    port: u16,
    interrupt: Option<&OwnedFd>,
    deadline: Option<Instant>,
) -> Result<Vec<Target>, Failure> {
    if host.is_socket() {
        let path = [&host.name, format!("/.s.PGSQL.{port}").as_bytes()].concat();
        if path.len() > MAX_SOCKET_PATH {
            let after = format!("\" is too long (maximum {MAX_SOCKET_PATH} bytes)");
            let parts = [b"Unix-domain socket path \"", &path[..], after.as_bytes()];
            return Err(Failure::new(parts.concat()));
        }
        return Ok(vec![Target::Unix(path)]);
    }
    let (name, numeric) = match host.address.as_slice() {
        [] => (host.name.as_slice(), false),
        address => (address, true),
    };
    let found = match std::str::from_utf8(name) {
        // An address is never looked up as a name; only addresses hold a colon.
        Ok(text) if !numeric || text.contains(':') || text.parse::<std::net::IpAddr>().is_ok() => {
            lookup::addresses(text, port, interrupt.map(AsFd::as_fd), deadline)
        }
        _ => Err(lookup::Failure::Unknown("Name or service not known".to_owned())),
    };
    let cause = match found {
        Ok(addresses) => return Ok(addresses.into_iter().map(Target::Tcp).collect()),
        Err(lookup::Failure::Unknown(cause)) => cause,
        Err(lookup::Failure::TimedOut) => "timeout expired".to_owned(),
        Err(lookup::Failure::Interrupted) => {
            if let Some(interrupt) = interrupt {
                let _ = drain(interrupt);
            }
            return Err(Failure::interrupted());
        }
    };
    let (before, after) = if numeric {
        ("could not parse network address", "")
    } else {
        ("could not translate host name", " to address")
    };
    let parts: [&[u8]; 7] =
        [before.as_bytes(), b" \"", name, b"\"", after.as_bytes(), b": ", cause.as_bytes()];
    Err(Failure::new(parts.concat()))
}

fn place(host: &Host, port: u16, target: Target) -> Place {
    let address = match &target {
        Target::Unix(_) => String::new(),
        Target::Tcp(address) => address.ip().to_string(),
    };
    let name = if host.name.is_empty() { &host.address } else { &host.name };
    Place { host: String::from_utf8_lossy(name).into_owned(), address, port, target }
}

/// `connection to server at "localhost" (::1), port 5432 failed: `
fn prefix(host: &Host, place: &Place) -> Vec<u8> {
    let mut text = b"connection to server ".to_vec();
    if let Target::Unix(path) = &place.target {
        text.extend_from_slice(b"on socket \"");
        text.extend_from_slice(path);
        text.extend_from_slice(b"\"");
    } else {
        let shown = if host.address.is_empty() { &host.name } else { &host.address };
        text.extend_from_slice(b"at \"");
        text.extend_from_slice(shown);
        text.extend_from_slice(b"\"");
        if host.address.is_empty() && shown != place.address.as_bytes() {
            text.extend_from_slice(format!(" ({})", place.address).as_bytes());
        }
        text.extend_from_slice(b", port ");
        text.extend_from_slice(&host.port);
    }
    text.extend_from_slice(b" failed: ");
    text
}

/// Begins to connect a new, non-blocking socket; it is writable once that is done.
pub fn open_socket(target: &Target) -> io::Result<OwnedFd> {
    let family = match target {
        Target::Unix(_) => AddressFamily::UNIX,
        Target::Tcp(SocketAddr::V4(_)) => AddressFamily::INET,
        Target::Tcp(SocketAddr::V6(_)) => AddressFamily::INET6,
    };
    let socket = rustix::net::socket(family, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&socket, true)?;
    #[cfg(target_vendor = "apple")]
    sockopt::set_socket_nosigpipe(&socket, true)?;
    let begun = match target {
        Target::Unix(path) => rustix::net::connect(&socket, &unix_address(path)?),
        Target::Tcp(address) => {
            sockopt::set_tcp_nodelay(&socket, true)?;
            rustix::net::connect(&socket, address)
        }
    };
    match begun {
        Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(socket),
        Err(error) => Err(error.into()),
    }
}

fn unix_address(path: &[u8]) -> io::Result<SocketAddrUnix> {
    #[cfg(target_os = "linux")]
    if let [b'@', name @ ..] = path {
        return Ok(SocketAddrUnix::new_abstract_name(name)?);
    }
    Ok(SocketAddrUnix::new(path)?)
}

/// One attempt: socket, start-up packet, authentication, until the server is ready.
fn attempt(
    settings: &Settings,
    host: &Host,
    place: &Place,
    wanted: &[u8],
    interrupt: &Option<OwnedFd>,
) -> Result<Session, Failure> {
    let deadline = timeout(settings)?.map(|limit| Instant::now() + limit);
    let socket = open_socket(&place.target).map_err(|error| refused(place, &error))?;
    let watch = interrupt.as_ref().map(AsFd::as_fd);
    let ready = wait(socket.as_fd(), false, true, watch, deadline)
        .map_err(|error| refused(place, &error))?;
    if ready.interrupted {
        if let Some(interrupt) = interrupt {
            let _ = drain(interrupt);
        }
        return Err(Failure::interrupted());
    }
    if ready.timed_out {
        return Err(Failure::next("timeout expired"));
    }
    sockopt::socket_error(&socket)
        .and_then(|result| result)
        .map_err(|error| refused(place, &error.into()))?;
    match place.target {
        Target::Tcp(_) => keep_alive(settings, &socket)?,
        Target::Unix(_) => check_peer(settings, &socket)?,
    }

    let watch = interrupt.as_ref().map(OwnedFd::try_clone).transpose();
    let watch = watch.map_err(|error| Failure::new(error_text(&error)))?;
    let wire = Wire::new(Box::new(Plain(socket)), watch);
    let mut session = Session::new(wire, settings.clone(), place.clone());
    session.wire.deadline = deadline;
    session.start(settings, host)?;
    session.check_attributes(wanted)?;
    session.wire.deadline = None;
    Ok(session)
}

/// Why the socket did not connect.
fn refused(place: &Place, error: &io::Error) -> Failure {
    let hint = match place.target {
        Target::Unix(_) => {
            "\tIs the server running locally and accepting connections on that socket?"
        }
        Target::Tcp(_) => "\tIs the server running on that host and accepting TCP/IP connections?",
    };
    Failure::next(format!("{}\n{hint}", error_text(error)))
}

/// `connect_timeout`; none if it is 0 or less.
fn timeout(settings: &Settings) -> Result<Option<Duration>, Failure> {
    match settings.integer("connect_timeout")? {
        None | Some(..=0) => Ok(None),
        Some(seconds) => Ok(Some(Duration::from_secs(seconds.unsigned_abs().into()))),
    }
}

/// The socket options `keepalives`, `keepalives_idle`, ... ask for.
fn keep_alive(settings: &Settings, socket: &OwnedFd) -> Result<(), Failure> {
    // What is below zero is as wrong as zero, and the system says so.
    let number = |keyword| -> Result<Option<u32>, Failure> {
        Ok(settings.integer(keyword)?.map(|value| u32::try_from(value).unwrap_or(0)))
    };
    let set = |what: &str, result: rustix::io::Result<()>| {
        result.map_err(|error| {
            let text = error_text(&error.into());
            Failure::next(format!("{what} failed: {text}"))
        })
    };
    let seconds = |n: u32| Duration::from_secs(n.into());
    if settings.integer("keepalives")? != Some(0) {
        set("setsockopt(SO_KEEPALIVE)", sockopt::set_socket_keepalive(socket, true))?;
        if let Some(n) = number("keepalives_idle")? {
            set("setsockopt(TCP_KEEPIDLE)", sockopt::set_tcp_keepidle(socket, seconds(n)))?;
        }
        if let Some(n) = number("keepalives_interval")? {
            set("setsockopt(TCP_KEEPINTVL)", sockopt::set_tcp_keepintvl(socket, seconds(n)))?;
        }
        if let Some(n) = number("keepalives_count")? {
            set("setsockopt(TCP_KEEPCNT)", sockopt::set_tcp_keepcnt(socket, n))?;
        }
    }
    #[cfg(target_os = "linux")]
    if let Some(n) = number("tcp_user_timeout")? {
        set("setsockopt(TCP_USER_TIMEOUT)", sockopt::set_tcp_user_timeout(socket, n))?;
    }
    Ok(())
}

/// `requirepeer`: who runs the server behind a Unix socket.
fn check_peer(settings: &Settings, socket: &OwnedFd) -> Result<(), Failure> {
    let Some(wanted) = settings.get("requirepeer") else { return Ok(()) };
    #[cfg(target_os = "linux")]
    {
        let peer = sockopt::socket_peercred(socket).map_err(|error| {
            Failure::new(format!("could not get peer credentials: {}", error_text(&error.into())))
        })?;
        let users = std::fs::read("/etc/passwd").unwrap_or_default();
        let uid = peer.uid.as_raw();
        let Some(actual) = user_name(&users, uid) else {
            return Err(Failure::new(format!("local user with ID {uid} does not exist")));
        };
        if actual == wanted {
            return Ok(());
        }
        Err(Failure::new(
            [
                b"requirepeer specifies \"",
                wanted,
                b"\", but actual peer user name is \"",
                actual,
                b"\"",
            ]
            .concat(),
        ))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (wanted, socket);
        Err(Failure::new("requirepeer parameter is not supported on this platform"))
    }
}

/// A user's name in the text of `/etc/passwd`.
#[cfg(target_os = "linux")]
fn user_name(users: &[u8], uid: u32) -> Option<&[u8]> {
    users.split(|b| *b == b'\n').find_map(|line| {
        let mut fields = line.split(|b| *b == b':');
        let name = fields.next()?;
        let id = std::str::from_utf8(fields.nth(1)?).ok()?.parse::<u32>().ok()?;
        (id == uid).then_some(name)
    })
}
