//! Connects a socket: its options, the deadline, and who runs the server at the other end.

use super::error::{AttemptError, error_text};
use super::peer::{Peer, ServerAddress};
use super::poll::{Deadline, Interest};
use crate::account;
use crate::conninfo::{self, Settings};
use rustix::net::sockopt;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// Connects a socket with the options that the settings ask for.
pub fn connect(
    settings: &Settings,
    peer: &Peer,
    deadline: &Deadline<'_>,
) -> Result<OwnedFd, AttemptError> {
    let failed = |error: io::Error| refused(&peer.address, &error);
    let socket = new_socket(&peer.address).map_err(failed)?;
    if let ServerAddress::Tcp(_) = peer.address {
        keep_alive(settings, &socket)?;
    }
    start_connecting(&socket, &peer.address).map_err(failed)?;
    timeout(settings)?;
    deadline.wait(socket.as_fd(), Interest::Write)?;
    sockopt::socket_error(&socket)
        .and_then(|result| result)
        .map_err(|error| failed(error.into()))?;
    if let ServerAddress::Unix(_) = peer.address {
        check_peer(settings, &socket)?;
    }
    Ok(socket)
}

/// A new, non-blocking socket.
fn new_socket(address: &ServerAddress) -> io::Result<OwnedFd> {
    let family = match address {
        ServerAddress::Unix(_) => AddressFamily::UNIX,
        ServerAddress::Tcp(SocketAddr::V4(_)) => AddressFamily::INET,
        ServerAddress::Tcp(SocketAddr::V6(_)) => AddressFamily::INET6,
    };
    let socket = rustix::net::socket(family, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&socket, true)?;
    #[cfg(target_vendor = "apple")]
    sockopt::set_socket_nosigpipe(&socket, true)?;
    if let ServerAddress::Tcp(_) = address {
        sockopt::set_tcp_nodelay(&socket, true)?;
    }
    Ok(socket)
}

/// Starts to connect; the socket is writable once that is done.
fn start_connecting(socket: &OwnedFd, address: &ServerAddress) -> io::Result<()> {
    let started = match address {
        ServerAddress::Unix(path) => rustix::net::connect(socket, &unix_address(path)?),
        ServerAddress::Tcp(address) => rustix::net::connect(socket, address),
    };
    match started {
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

/// Why the socket did not connect.
fn refused(address: &ServerAddress, error: &io::Error) -> AttemptError {
    let hint = match address {
        ServerAddress::Unix(_) => {
            "\tIs the server running locally and accepting connections on that socket?"
        }
        ServerAddress::Tcp(_) => {
            "\tIs the server running on that host and accepting TCP/IP connections?"
        }
    };
    AttemptError::next_host(format!("{}\n{hint}", error_text(error)))
}

/// `connect_timeout`; none if it is 0 or less.
fn timeout(settings: &Settings) -> Result<Option<Duration>, AttemptError> {
    match settings.integer("connect_timeout")? {
        None | Some(..=0) => Ok(None),
        Some(seconds) => Ok(Some(Duration::from_secs(seconds.unsigned_abs().into()))),
    }
}

/// When an attempt that begins now is given up. What is wrong with the timeout itself is reported
/// once a socket has begun to connect.
pub fn deadline(settings: &Settings) -> Option<Instant> {
    timeout(settings).ok().flatten().map(|limit| Instant::now() + limit)
}

/// Sets the socket options that `keepalives`, `keepalives_idle`, ... ask for.
fn keep_alive(settings: &Settings, socket: &OwnedFd) -> Result<(), AttemptError> {
    // The other addresses are tried all the same, with the same error.
    let integer = |keyword| -> Result<Option<i32>, AttemptError> {
        settings.integer(keyword).map_err(|error| AttemptError::next_host(error.message))
    };
    // The system refuses zero, and so what is below it.
    let number = |keyword| -> Result<Option<u32>, AttemptError> {
        Ok(integer(keyword)?.map(|value| u32::try_from(value).unwrap_or(0)))
    };
    let set = |what: &str, result: rustix::io::Result<()>| {
        result.map_err(|error| {
            let text = error_text(&error.into());
            AttemptError::next_host(format!("{what} failed: {text}"))
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
fn check_peer(settings: &Settings, socket: &OwnedFd) -> Result<(), AttemptError> {
    let Some(wanted) = settings.get("requirepeer") else { return Ok(()) };
    #[cfg(target_os = "linux")]
    {
        let peer = sockopt::socket_peercred(socket).map_err(|error| {
            AttemptError::new(format!(
                "could not get peer credentials: {}",
                error_text(&error.into())
            ))
        })?;
        let uid = peer.uid.as_raw();
        let actual = account::name(uid).ok_or_else(|| conninfo::Error::no_account(uid))?;
        if actual == wanted {
            return Ok(());
        }
        Err(AttemptError::new(
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
        Err(AttemptError::new("requirepeer parameter is not supported on this platform"))
    }
}
