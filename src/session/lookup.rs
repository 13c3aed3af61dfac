//! Looking up a host's addresses, without being held up by it.
//!
//! The system's look-up can take minutes and can't be stopped; so a thread does it, and whoever
//! waits may leave. The thread ends when the system is done, or with the process.

use super::stream::{error_text, wait};
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard, mpsc};
use std::time::Instant;

/// Held for reading by every look-up under way: the system's reads the process's environment.
static LOOK_UPS: RwLock<()> = RwLock::new(());

/// Waits for look-ups that nobody waits for any more; none begins while this is held, so that the
/// environment may be changed.
pub fn none_under_way() -> RwLockWriteGuard<'static, ()> {
    LOOK_UPS.write().unwrap_or_else(PoisonError::into_inner)
}

/// Why there are no addresses.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// There are none, for this reason.
    Unknown(String),
    /// The time was up.
    TimedOut,
    /// The person interrupted; the descriptor is still readable.
    Interrupted,
}

/// The addresses of a host.
pub fn addresses(
    name: &str,
    port: u16,
    interrupt: Option<BorrowedFd<'_>>,
    deadline: Option<Instant>,
) -> Result<Vec<SocketAddr>, Failure> {
    if let Ok(address) = name.parse() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let name = name.to_owned();
    let look_up = move || (name.as_str(), port).to_socket_addrs().map(Iterator::collect);
    in_thread(look_up, interrupt, deadline)
}

fn in_thread(
    look_up: impl FnOnce() -> io::Result<Vec<SocketAddr>> + Send + 'static,
    interrupt: Option<BorrowedFd<'_>>,
    deadline: Option<Instant>,
) -> Result<Vec<SocketAddr>, Failure> {
    let unknown = |error: io::Error| {
        let text = error_text(&error);
        Failure::Unknown(text.rsplit_once(": ").map_or(text.as_str(), |(_, why)| why).to_owned())
    };
    // It becomes readable when the thread lets go of its end, the answer being there by then.
    let (ours, theirs) = UnixStream::pair().map_err(unknown)?;
    let (answer, answers) = mpsc::channel();
    std::thread::Builder::new()
        .name("name look-up".to_owned())
        .spawn(move || {
            let _reading = LOOK_UPS.read().unwrap_or_else(PoisonError::into_inner);
            // Nobody may be waiting any more.
            let _ = answer.send(look_up());
            drop(theirs);
        })
        .map_err(unknown)?;
    let ready = wait(ours.as_fd(), true, false, interrupt, deadline).map_err(unknown)?;
    if ready.interrupted {
        return Err(Failure::Interrupted);
    }
    if ready.timed_out {
        return Err(Failure::TimedOut);
    }
    match answers.try_recv() {
        Ok(found) => found.map_err(unknown),
        Err(_) => Err(Failure::Unknown("Temporary failure in name resolution".to_owned())),
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
            Err(Failure::Unknown(_))
        ));
    }

    #[test]
    fn nobody_waits_for_a_slow_look_up() {
        let soon = Instant::now() + Duration::from_millis(20);
        assert_eq!(in_thread(slow, None, Some(soon)), Err(Failure::TimedOut));
        let (interrupt, mut person) = UnixStream::pair().unwrap();
        person.write_all(b"\x02").unwrap();
        assert_eq!(in_thread(slow, Some(interrupt.as_fd()), None), Err(Failure::Interrupted));
    }

    #[test]
    fn a_look_up_that_dies_is_no_answer() {
        let found = in_thread(|| panic!("on purpose"), None, None);
        assert!(matches!(found, Err(Failure::Unknown(_))));
    }
}
