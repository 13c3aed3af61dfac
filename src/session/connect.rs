//! From settings to a session: hosts and their addresses in turn, and the socket.
//!
//! The texts of failures are psql's; a person reads them every day.

use super::frame::{CLOSED, Wire, drain, lost};
use super::stream::{Plain, Stream, error_text, wait};
use super::{ConnectError, Lost, Session, lookup, message, tls};
use crate::conninfo::{self, Host, Settings};
use rustix::net::sockopt;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
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

/// Where a session is connected, for people to read, for cancel requests and for [`Way`].
#[derive(Clone, Debug)]
pub struct Place {
    pub host: Vec<u8>,
    pub address: String,
    pub target: Target,
    /// What the settings say of this host.
    pub given: Host,
}

/// The way to the server that a session is on: opens another connection to it, to the same address
/// and under the same terms.
#[derive(Clone)]
pub struct Way {
    pub(super) settings: Settings,
    pub(super) place: Place,
    /// The session is encrypted; so is what is opened, or not at all.
    pub(super) encrypted: bool,
}

impl Way {
    /// Opens a connection; whoever waits for it can't interrupt it.
    pub fn open(&self) -> Result<Session, Failure> {
        let encryption = if self.encrypted { Encryption::Yes } else { Encryption::No };
        attempt(&self.settings, &self.place.given, &self.place, b"any", encryption, &None)
    }
}

/// Why an attempt failed.
#[derive(Debug, Default)]
pub struct Failure {
    /// In psql's words, without the place.
    pub message: Vec<u8>,
    /// Another address or host may do better.
    pub next: bool,
    /// The same server may do better with encryption, or without it.
    pub other_encryption: bool,
    /// The server does not know a parameter of the start-up packet.
    pub unknown_parameter: bool,
    /// The server asked for a password and none was known.
    pub needs_password: bool,
    /// The person pressed Ctrl-C.
    pub interrupted: bool,
}

impl Failure {
    /// One that nothing else can help.
    pub fn new(message: impl Into<Vec<u8>>) -> Failure {
        Failure { message: message.into(), ..Failure::default() }
    }

    /// One that another host may not have.
    pub fn next(message: impl Into<Vec<u8>>) -> Failure {
        Failure { message: message.into(), next: true, ..Failure::default() }
    }

    /// One that encryption brought about, or its absence.
    pub fn other_encryption(message: impl Into<Vec<u8>>) -> Failure {
        Failure { message: message.into(), other_encryption: true, ..Failure::default() }
    }

    /// The person pressed Ctrl-C.
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
    let mut hopeless = false;
    for wanted in passes {
        for host in in_order(settings, settings.hosts().iter().collect()) {
            // Other hosts are no remedy for what is no number at all.
            if let Err(not_a_number) = host.port_integer() {
                add_line(&mut error.message, &not_a_number.message);
                return Err(error);
            }
            let found = host
                .port_number()
                .map_err(Failure::from)
                .and_then(|port| targets(host, port, interrupt.as_ref(), deadline(settings)));
            let targets = match found {
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
                let place = place(host, target);
                for failure in match try_server(settings, host, &place, wanted, &interrupt) {
                    Ok(session) => return Ok(session),
                    Err(failures) => failures,
                } {
                    let line = [prefix(host, &place), failure.message].concat();
                    add_line(&mut error.message, &line);
                    if failure.interrupted {
                        return Err(ConnectError { interrupted: true, ..error });
                    }
                    error.needs_password |= failure.needs_password;
                    hopeless = !failure.next;
                }
                if hopeless {
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
        Ok(text) if !numeric || text.contains(':') || !lookup::numeric(text).is_empty() => {
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

fn place(host: &Host, target: Target) -> Place {
    let address = match &target {
        Target::Unix(_) => String::new(),
        Target::Tcp(address) => address.ip().to_string(),
    };
    let name = if host.name.is_empty() { &host.address } else { &host.name };
    Place { host: name.clone(), address, target, given: host.clone() }
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

/// A new, non-blocking socket.
fn new_socket(target: &Target) -> io::Result<OwnedFd> {
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
    if let Target::Tcp(_) = target {
        sockopt::set_tcp_nodelay(&socket, true)?;
    }
    Ok(socket)
}

/// Begins to connect; the socket is writable once that is done.
fn begin(socket: &OwnedFd, target: &Target) -> io::Result<()> {
    let begun = match target {
        Target::Unix(path) => rustix::net::connect(socket, &unix_address(path)?),
        Target::Tcp(address) => rustix::net::connect(socket, address),
    };
    match begun {
        Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(()),
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

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encryption {
    No,
    /// If the server has it; else the connection goes on without.
    Maybe,
    Yes,
}

/// `sslmode`: how to speak with a server, one way after the other. Unix sockets are never
/// encrypted.
fn encryptions(settings: &Settings, target: &Target) -> &'static [Encryption] {
    match (target, settings.get("sslmode").unwrap_or(b"prefer")) {
        (Target::Unix(_), _) | (_, b"disable") => &[Encryption::No],
        (_, b"allow") => &[Encryption::No, Encryption::Yes],
        (_, b"prefer") => &[Encryption::Maybe, Encryption::No],
        _ => &[Encryption::Yes],
    }
}

/// Tries a server with encryption and without, as `sslmode` says; the failures of all attempts.
fn try_server(
    settings: &Settings,
    host: &Host,
    place: &Place,
    wanted: &[u8],
    interrupt: &Option<OwnedFd>,
) -> Result<Session, Vec<Failure>> {
    let mut failures = Vec::new();
    let mut nameless = None;
    for encryption in encryptions(settings, &place.target) {
        let mut go_on = true;
        while go_on {
            let settings = nameless.as_ref().unwrap_or(settings);
            let failure = match attempt(settings, host, place, wanted, *encryption, interrupt) {
                Ok(session) => return Ok(session),
                Err(failure) => failure,
            };
            // A server may be too old to know application_name.
            go_on = failure.unknown_parameter && nameless.is_none();
            if go_on {
                nameless = Some(without_name(settings));
            }
            failures.push(failure);
        }
        if !failures.last().is_some_and(|failure| failure.other_encryption) {
            break;
        }
    }
    Err(failures)
}

/// The settings without what the session would be called.
fn without_name(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.unset("application_name");
    settings.unset("fallback_application_name");
    settings
}

/// One attempt: socket, start-up packet, authentication, until the server is ready.
fn attempt(
    settings: &Settings,
    host: &Host,
    place: &Place,
    wanted: &[u8],
    encryption: Encryption,
    interrupt: &Option<OwnedFd>,
) -> Result<Session, Failure> {
    let deadline = deadline(settings);
    let patience = Patience { deadline, interrupt: interrupt.as_ref() };
    let socket = connect_socket(settings, place, &patience)?;
    let (stream, tls) = match encryption {
        Encryption::No => (Box::new(Plain(socket)) as Box<dyn Stream>, None),
        _ => {
            let direct = settings.get("sslnegotiation") == Some(b"direct");
            let required = encryption == Encryption::Yes;
            match negotiate(Plain(socket), direct, required, &patience)? {
                (socket, false) => (Box::new(socket) as Box<dyn Stream>, None),
                (socket, true) => {
                    let tls = tls::Config::new(settings, host)
                        .map_err(|failure| Failure { other_encryption: true, ..failure })?;
                    (tls::open(socket, &tls, &patience)?, Some(tls))
                }
            }
        }
    };
    let encrypted = tls.is_some();
    let watch = interrupt.as_ref().map(OwnedFd::try_clone).transpose();
    let watch = watch.map_err(|error| Failure::new(error_text(&error)))?;
    let mut session = Session::new(Wire::new(stream, watch), settings.clone(), place.clone());
    session.tls = tls;
    session.wire.deadline = deadline;
    session.start(settings, host).map_err(|failure| {
        // A server that has no encryption was spoken to without it: that was the other way.
        let other_encryption =
            failure.other_encryption && encrypted == (encryption != Encryption::No);
        Failure { other_encryption, ..failure }
    })?;
    session.check_attributes(wanted)?;
    session.wire.deadline = None;
    Ok(session)
}

/// How long to wait while connecting, and for whom to stop.
pub struct Patience<'a> {
    /// When waiting ends.
    pub deadline: Option<Instant>,
    /// Readable when the person interrupts.
    pub interrupt: Option<&'a OwnedFd>,
}

impl Patience<'_> {
    /// Waits until the socket can be read or written.
    ///
    /// # Errors
    /// Time is up, or the person interrupted.
    pub fn wait(&self, socket: BorrowedFd<'_>, read: bool, write: bool) -> Result<(), Failure> {
        let watch = self.interrupt.map(AsFd::as_fd);
        let ready = wait(socket, read, write, watch, self.deadline)
            .map_err(|error| Failure::new(format!("poll() failed: {}", error_text(&error))))?;
        if ready.interrupted {
            if let Some(interrupt) = self.interrupt {
                let _ = drain(interrupt);
            }
            return Err(Failure::interrupted());
        }
        if ready.timed_out { Err(Failure::next("timeout expired")) } else { Ok(()) }
    }
}

/// Connects a socket whose options are set.
fn connect_socket(
    settings: &Settings,
    place: &Place,
    patience: &Patience<'_>,
) -> Result<OwnedFd, Failure> {
    let failed = |error: io::Error| refused(place, &error);
    let socket = new_socket(&place.target).map_err(failed)?;
    if let Target::Tcp(_) = place.target {
        keep_alive(settings, &socket)?;
    }
    begin(&socket, &place.target).map_err(failed)?;
    timeout(settings)?;
    patience.wait(socket.as_fd(), false, true)?;
    sockopt::socket_error(&socket)
        .and_then(|result| result)
        .map_err(|error| failed(error.into()))?;
    if let Target::Unix(_) = place.target {
        check_peer(settings, &socket)?;
    }
    Ok(socket)
}

/// Opens one more stream to where a session is connected, encrypted as that one is.
pub fn open_another(
    settings: &Settings,
    place: &Place,
    tls: Option<&tls::Config>,
    patience: &Patience<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let socket = Plain(connect_socket(settings, place, patience)?);
    match tls {
        Some(tls) => tls::open(negotiate(socket, tls.direct, true, patience)?.0, tls, patience),
        None => Ok(Box::new(socket)),
    }
}

/// Agrees with the server on whether to encrypt; `direct` begins without asking.
fn negotiate(
    mut socket: Plain,
    direct: bool,
    required: bool,
    patience: &Patience<'_>,
) -> Result<(Plain, bool), Failure> {
    if direct {
        return Ok((socket, true));
    }
    match ask_for_encryption(&mut socket, patience)? {
        b'S' => Ok((socket, true)),
        b'N' if required => Err(Failure::new("server does not support SSL, but SSL was required")),
        b'N' => Ok((socket, false)),
        // Its text is not to be trusted: anybody may have sent it.
        b'E' => Err(Failure::new("server sent an error response during SSL exchange")),
        answer => {
            let text = b"received invalid response to SSL negotiation: ";
            Err(Failure::new([text, &[answer][..]].concat()))
        }
    }
}

/// Sends SSLRequest and waits for the one byte that answers it.
fn ask_for_encryption(socket: &mut Plain, patience: &Patience<'_>) -> Result<u8, Failure> {
    let mut packet = bytes::BytesMut::new();
    message::ssl_request(&mut packet);
    // A fresh socket takes a few bytes at once.
    let lost = |error: &io::Error| Failure::from(lost("send data to", error));
    socket.write(&packet).map_err(|error| lost(&error))?;
    let mut answer = [0];
    loop {
        match socket.read(&mut answer) {
            Ok(0) => return Err(Failure::new(CLOSED)),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                patience.wait(socket.as_fd(), true, false)?;
            }
            Err(error) => return Err(lost(&error)),
        }
    }
    // What follows in clear was put there by somebody in between (CVE-2021-23222).
    if answer == *b"S" && socket.read(&mut [0]).is_ok_and(|count| count > 0) {
        return Err(Failure::new("received unencrypted data after SSL response"));
    }
    Ok(answer[0])
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

/// When an attempt that begins now is given up. What is wrong with the timeout itself is told
/// once a socket has begun to connect.
fn deadline(settings: &Settings) -> Option<Instant> {
    timeout(settings).ok().flatten().map(|limit| Instant::now() + limit)
}

/// The socket options `keepalives`, `keepalives_idle`, ... ask for.
fn keep_alive(settings: &Settings, socket: &OwnedFd) -> Result<(), Failure> {
    // Every address is tried, and is as wrong.
    let integer = |keyword| -> Result<Option<i32>, Failure> {
        settings.integer(keyword).map_err(|error| Failure::next(error.message))
    };
    // What is below zero is as wrong as zero, and the system says so.
    let number = |keyword| -> Result<Option<u32>, Failure> {
        Ok(integer(keyword)?.map(|value| u32::try_from(value).unwrap_or(0)))
    };
    let set = |what: &str, result: rustix::io::Result<()>| {
        result.map_err(|error| {
            let text = error_text(&error.into());
            Failure::next(format!("{what} failed: {text}"))
        })
    };
    let seconds = |n: u32| Duration::from_secs(n.into());
    if integer("keepalives")? != Some(0) {
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
        let uid = peer.uid.as_raw();
        let actual = account_name(uid).ok_or_else(|| conninfo::Error::no_account(uid))?;
        if actual == wanted {
            return Ok(());
        }
        Err(Failure::new(
            [
                b"requirepeer specifies \"",
                wanted,
                b"\", but actual peer user name is \"",
                &actual,
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

/// The name of an account, from wherever the system keeps them.
pub fn account_name(uid: u32) -> Option<Vec<u8>> {
    let user = nix::unistd::User::from_uid(uid.into()).ok().flatten()?;
    Some(user.name.into_bytes())
}
