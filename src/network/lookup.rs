//! Looks up the addresses of a host, for as long as the caller cares to wait.
//!
//! The system's look-up can take minutes and can't be stopped; so a thread does it, and the caller
//! may stop waiting. The thread ends when the system is done, or with the process. Where no thread
//! can be made, the caller waits until the end.

use super::error::error_text;
use super::inet;
use super::poll::{Interest, wait};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard, mpsc};
use std::time::Instant;

/// Held for reading by every look-up under way: the system reads the process's environment for it.
static LOOK_UPS: RwLock<()> = RwLock::new(());

/// Waits for abandoned look-ups to end; none begins while the guard is held, so that the environment
/// may be changed.
pub fn block_lookups() -> RwLockWriteGuard<'static, ()> {
    LOOK_UPS.write().unwrap_or_else(PoisonError::into_inner)
}

/// Why there are no addresses.
#[derive(Debug, PartialEq, Eq)]
pub enum LookupError {
    /// The host has none, for this reason.
    Unknown(String),
    /// The deadline passed.
    TimedOut,
    /// The user interrupted; the descriptor is still readable.
    Interrupted,
}

/// The addresses that need no looking up; to the C library, `*` is this machine.
pub fn numeric(text: &str) -> Vec<IpAddr> {
    match text {
        "*" => vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()],
        _ => inet::address(text).into_iter().collect(),
    }
}

/// The addresses of a host.
pub fn addresses(
    name: &str,
    port: u16,
    interrupt: Option<BorrowedFd<'_>>,
    deadline: Option<Instant>,
) -> Result<Vec<SocketAddr>, LookupError> {
    let known = numeric(name);
    if !known.is_empty() {
        return Ok(known.into_iter().map(|address| SocketAddr::new(address, port)).collect());
    }
    let name = name.to_owned();
    let look_up = move || (name.as_str(), port).to_socket_addrs().map(Iterator::collect);
    in_thread(look_up, interrupt, deadline)
}

fn in_thread(
    look_up: impl Fn() -> io::Result<Vec<SocketAddr>> + Clone + Send + 'static,
    interrupt: Option<BorrowedFd<'_>>,
    deadline: Option<Instant>,
) -> Result<Vec<SocketAddr>, LookupError> {
    let unknown = |error: io::Error| {
        let text = error_text(&error);
        LookupError::Unknown(
            text.rsplit_once(": ").map_or(text.as_str(), |(_, why)| why).to_owned(),
        )
    };
    // It becomes readable when the thread drops its end, and the answer is there by then.
    let (ours, theirs) = UnixStream::pair().map_err(unknown)?;
    let (answer, answers) = mpsc::channel();
    let locked = move || {
        let _reading = LOOK_UPS.read().unwrap_or_else(PoisonError::into_inner);
        look_up()
    };
    let builder = std::thread::Builder::new().name("name look-up".to_owned());
    let in_thread = locked.clone();
    let thread = builder.spawn(move || {
        // Nobody may be waiting any more.
        let _ = answer.send(in_thread());
        drop(theirs);
    });
    if thread.is_err() {
        // The account has a limit of processes, and each thread counts.
        return locked().map_err(unknown);
    }
    let ready = wait(ours.as_fd(), Interest::Read, interrupt, deadline).map_err(unknown)?;
    if ready.interrupted {
        return Err(LookupError::Interrupted);
    }
    if ready.timed_out {
        return Err(LookupError::TimedOut);
    }
    match answers.try_recv() {
        Ok(found) => found.map_err(unknown),
        Err(_) => Err(LookupError::Unknown("Temporary failure in name resolution".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::time::Duration;

    fn slow() -> io::Result<Vec<SocketAddr>> {
        std::thread::sleep(Duration::from_secs(600));
        Ok(Vec::new())
    }

    #[test]
    fn addresses_are_found() {
        let found = addresses("localhost", 1, None, None).unwrap();
        assert!(found.iter().all(|address| address.ip().is_loopback()) && !found.is_empty());
        let address = "[::1]:5".parse().unwrap();
        assert_eq!(addresses("::1", 5, None, None), Ok(vec![address]));
        assert!(matches!(
            addresses("no.such.host.invalid", 1, None, None),
            Err(LookupError::Unknown(_))
        ));
    }

    #[test]
    fn a_slow_look_up_is_abandoned() {
        let soon = Instant::now() + Duration::from_millis(20);
        assert_eq!(in_thread(slow, None, Some(soon)), Err(LookupError::TimedOut));
        let (interrupt, mut keyboard) = UnixStream::pair().unwrap();
        keyboard.write_all(b"\x02").unwrap();
        assert_eq!(in_thread(slow, Some(interrupt.as_fd()), None), Err(LookupError::Interrupted));
    }

    #[test]
    fn a_look_up_that_dies_is_no_answer() {
        let found = in_thread(|| panic!("on purpose"), None, None);
        assert!(matches!(found, Err(LookupError::Unknown(_))));
    }
}
