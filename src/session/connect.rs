//! From settings to a session: hosts and their addresses in turn, the socket, the start-up phase.
//!
//! The texts of failures are psql's; a person reads them every day.

use super::auth::{Authentication, Step};
use super::frame::Wire;
use super::message;
use super::stream::{Plain, error_text, wait};
use super::{ConnectError, ErrorFields, Event, Lost, Session, TransactionStatus};
use crate::conninfo::{Host, Settings};
use rustix::net::sockopt;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};
use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

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
    pub message: Vec<u8>,
    /// Another address or host may do better.
    pub next: bool,
    pub needs_password: bool,
    pub interrupted: bool,
}

impl Failure {
    pub fn new(message: impl Into<Vec<u8>>) -> Failure {
        Failure { message: message.into(), ..Failure::default() }
    }

    fn next(message: impl Into<Vec<u8>>) -> Failure {
        Failure { message: message.into(), next: true, ..Failure::default() }
    }

    fn interrupted() -> Failure {
        Failure { interrupted: true, ..Failure::default() }
    }
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Failure {
        Failure::new(lost.message)
    }
}

/// Opens a connection; see [`Session::connect`].
pub fn connect(settings: &Settings, interrupt: Option<OwnedFd>) -> Result<Session, ConnectError> {
    let mut error = ConnectError::default();
    for host in settings.hosts() {
        let found = host.port_number().map_err(|error| error.message);
        let (port, targets) = match found.and_then(|port| Ok((port, targets(host, port)?))) {
            Ok(found) => found,
            Err(message) => {
                add_line(&mut error.message, &message);
                continue;
            }
        };
        for target in targets {
            let place = place(host, port, target);
            let failure = match attempt(settings, host, &place, &interrupt) {
                Ok(session) => return Ok(session),
                Err(failure) => failure,
            };
            let mut line = prefix(host, &place);
            line.extend_from_slice(&failure.message);
            add_line(&mut error.message, &line);
            error.needs_password |= failure.needs_password;
            error.interrupted |= failure.interrupted;
            if !failure.next {
                return Err(error);
            }
        }
    }
    Err(error)
}

fn add_line(text: &mut Vec<u8>, line: &[u8]) {
    if !text.is_empty() {
        text.push(b'\n');
    }
    text.extend_from_slice(line);
}

/// The addresses of a host, or why there are none.
fn targets(host: &Host, port: u16) -> Result<Vec<Target>, Vec<u8>> {
    if host.is_socket() {
        let path = [&host.name, format!("/.s.PGSQL.{port}").as_bytes()].concat();
        // sun_path holds 108 bytes with the final zero.
        if path.len() > 107 {
            let mut message = b"Unix-domain socket path \"".to_vec();
            message.extend_from_slice(&path);
            message.extend_from_slice(b"\" is too long (maximum 107 bytes)");
            return Err(message);
        }
        return Ok(vec![Target::Unix(path)]);
    }
    let (name, numeric) = match host.address.as_slice() {
        [] => (&host.name, false),
        address => (&address.to_vec(), true),
    };
    let looked_up = match std::str::from_utf8(name) {
        // An address is never looked up as a name; only addresses hold a colon.
        Ok(text) if !numeric || text.contains(':') || text.parse::<std::net::IpAddr>().is_ok() => {
            (text, port).to_socket_addrs()
        }
        _ => Err(io::Error::other("Name or service not known")),
    };
    looked_up.map(|all| all.map(Target::Tcp).collect()).map_err(|error| {
        let text = error_text(&error);
        let cause = text.rsplit_once(": ").map_or(text.as_str(), |(_, cause)| cause);
        let (before, after) = if numeric {
            ("could not parse network address", "")
        } else {
            ("could not translate host name", " to address")
        };
        [before.as_bytes(), b" \"", name, b"\"", after.as_bytes(), b": ", cause.as_bytes()].concat()
    })
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
    interrupt: &Option<OwnedFd>,
) -> Result<Session, Failure> {
    let deadline = timeout(settings)?.map(|limit| Instant::now() + limit);
    let socket = open_socket(&place.target).map_err(|error| refused(place, &error))?;
    let watch = interrupt.as_ref().map(AsFd::as_fd);
    let ready = wait(socket.as_fd(), false, true, watch, deadline)
        .map_err(|error| refused(place, &error))?;
    if ready.interrupted {
        return Err(Failure::interrupted());
    }
    if ready.timed_out {
        return Err(Failure::next("timeout expired"));
    }
    sockopt::socket_error(&socket)
        .and_then(|result| result)
        .map_err(|error| refused(place, &error.into()))?;
    if let Target::Tcp(_) = place.target {
        keep_alive(settings, &socket)?;
    }

    let watch = interrupt.as_ref().map(OwnedFd::try_clone).transpose();
    let watch = watch.map_err(|error| Failure::new(error_text(&error)))?;
    let mut session = Session {
        wire: Wire::new(Box::new(Plain(socket)), watch),
        parameters: BTreeMap::new(),
        status: TransactionStatus::Unknown,
        pid: 0,
        key: Vec::new(),
        columns: None,
        lost: None,
        notices: Vec::new(),
        settings: settings.clone(),
        place: place.clone(),
        used_password: false,
        version: 0x0003_0000,
    };
    session.wire.deadline = deadline;
    message::startup(
        &mut session.wire.output,
        session.version,
        start_parameters(settings).into_iter(),
    );
    session.authenticate(settings, host)?;
    session.wait_until_ready()?;
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
    match settings.integer("connect_timeout").map_err(|error| Failure::new(error.message))? {
        None | Some(..=0) => Ok(None),
        Some(seconds) => Ok(Some(Duration::from_secs(seconds.unsigned_abs().into()))),
    }
}

/// The socket options `keepalives`, `keepalives_idle`, ... ask for.
fn keep_alive(settings: &Settings, socket: &OwnedFd) -> Result<(), Failure> {
    let number = |keyword| {
        let value = settings.integer(keyword).map_err(|error| Failure::new(error.message))?;
        // Zero and less leave the system's default.
        Ok::<_, Failure>(value.and_then(|v| u32::try_from(v).ok()).filter(|v| *v > 0))
    };
    let set = |what: &str, result: rustix::io::Result<()>| {
        result.map_err(|error| {
            let text = error_text(&error.into());
            Failure::next(format!("{what} failed: {text}"))
        })
    };
    let seconds = |n: u32| Duration::from_secs(n.into());
    let wanted = settings.integer("keepalives").map_err(|error| Failure::new(error.message))?;
    if wanted != Some(0) {
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

/// The parameters of the start-up packet.
fn start_parameters(settings: &Settings) -> Vec<(&str, &[u8])> {
    let mut parameters = Vec::new();
    let pairs = [
        ("user", "user"),
        ("dbname", "database"),
        ("replication", "replication"),
        ("options", "options"),
        ("application_name", "application_name"),
        ("client_encoding", "client_encoding"),
    ];
    for (keyword, name) in pairs {
        let fallback = match keyword {
            "application_name" => settings.get("fallback_application_name"),
            _ => None,
        };
        if let Some(value) = settings.get(keyword).or(fallback) {
            parameters.push((name, value));
        }
    }
    parameters.extend(settings.parameters().map(|(name, value)| (name, value)));
    parameters
}

impl Session {
    /// From the start-up packet to AuthenticationOk.
    fn authenticate(&mut self, settings: &Settings, host: &Host) -> Result<(), Failure> {
        let mut authentication = Authentication::new(settings, host);
        loop {
            let frame = loop {
                match self.wire.held().first() {
                    Some(b'R' | b'E' | b'N' | b'v') => {
                        if let Some(frame) = self.wire.take_frame()? {
                            break frame;
                        }
                    }
                    Some(other) => {
                        let mut message =
                            b"expected authentication request from server, but received ".to_vec();
                        message.push(*other);
                        return Err(Failure::new(message));
                    }
                    None => {}
                }
                let timed_out = self.wire.receive()?;
                if self.wire.take_interrupted() {
                    return Err(Failure::interrupted());
                }
                if timed_out {
                    return Err(Failure::next("timeout expired"));
                }
            };
            let body = self.wire.bytes(frame.body);
            match frame.kind {
                b'R' => {
                    let mut answer = bytes::BytesMut::new();
                    let step = authentication.step(body, &mut answer)?;
                    self.wire.output.extend_from_slice(&answer);
                    self.used_password = authentication.used_password;
                    if step == Step::Done {
                        return Ok(());
                    }
                }
                b'E' => {
                    let fields = message::error_fields(body).ok_or_else(|| broken(b'E'))?;
                    let mut failure = refusal(&fields);
                    authentication.explain(&fields, &mut failure.message);
                    return Err(failure);
                }
                b'N' => {
                    let fields = message::error_fields(body).ok_or_else(|| broken(b'N'))?;
                    self.notices.push(fields);
                }
                _ => self.version = negotiated(body, self.version)?,
            }
        }
    }

    /// From AuthenticationOk to ReadyForQuery.
    fn wait_until_ready(&mut self) -> Result<(), Failure> {
        loop {
            if let Some(frame) = self.wire.take_frame()? {
                if frame.kind == b'K' {
                    let body = self.wire.bytes(frame.body);
                    let mut reader = message::Reader(body);
                    self.pid = reader.int32().ok_or_else(|| broken(b'K'))?;
                    self.key = reader.0.to_vec();
                    continue;
                }
                match self.event(frame)? {
                    Event::Ready(_) => return Ok(()),
                    Event::Error(fields) => return Err(refusal(&fields)),
                    Event::Notice(fields) => self.notices.push(fields),
                    _ => {}
                }
                continue;
            }
            let timed_out = self.wire.receive()?;
            if self.wire.take_interrupted() {
                return Err(Failure::interrupted());
            }
            if timed_out {
                return Err(Failure::next("timeout expired"));
            }
        }
    }
}

fn broken(kind: u8) -> Failure {
    Failure::new(super::bad_message(kind))
}

/// The server's ErrorResponse to the start-up packet.
fn refusal(fields: &ErrorFields) -> Failure {
    let mut message = Vec::new();
    let mut line = |before: &[u8], code: u8| {
        if let Some(value) = fields.get(code) {
            message.extend_from_slice(before);
            message.extend_from_slice(value);
        }
    };
    line(b"", b'S');
    line(b":  ", b'M');
    line(b"\nDETAIL:  ", b'D');
    line(b"\nHINT:  ", b'H');
    // "cannot connect now": another host may be up.
    Failure { next: fields.get(b'C') == Some(b"57P03"), ..Failure::new(message) }
}

/// NegotiateProtocolVersion: the version the server would rather speak.
fn negotiated(body: &[u8], asked: i32) -> Result<i32, Failure> {
    let mut reader = message::Reader(body);
    let (Some(version), Some(options)) = (reader.int32(), reader.int32()) else {
        return Err(broken(b'v'));
    };
    // Servers send the whole version; the documentation speaks of the minor one.
    let version = if version < 0x0001_0000 { 0x0003_0000 | version } else { version };
    if version > asked || version >> 16 != 3 || options != 0 {
        return Err(Failure::new("received invalid protocol negotiation message"));
    }
    Ok(version)
}
