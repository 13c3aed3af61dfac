//! Looking up a host's addresses, without being held up by it.
//!
//! The system's look-up can take minutes and can't be stopped; so a thread does it, and whoever
//! waits may leave. The thread ends when the system is done, or with the process. Where no thread
//! can be made, the look-up is waited for.

use super::stream::{error_text, wait};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
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

/// The addresses that need no looking up: one in the usual form or as `inet_aton` takes it (`127.1`,
/// `0x7f000001`); to the C library, `*` is this machine.
pub fn numeric(text: &str) -> Vec<IpAddr> {
    match text {
        "*" => vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()],
        _ => text.parse().ok().or_else(|| inet_aton(text)).into_iter().collect(),
    }
}

fn inet_aton(text: &str) -> Option<IpAddr> {
    let parts: Option<Vec<u32>> = text.split('.').map(c_number).collect();
    let parts = parts?;
    let (last, bytes) = parts.split_last()?;
    // The last number fills what the bytes before it leave.
    let room = u64::from(u32::MAX) >> (8 * bytes.len().min(4));
    if bytes.len() > 3 || bytes.iter().any(|byte| *byte > 255) || u64::from(*last) > room {
        return None;
    }
    let high = bytes.iter().zip([24, 16, 8]).map(|(byte, shift)| byte << shift);
    Some(Ipv4Addr::from(high.sum::<u32>() + last).into())
}

/// A number as C writes it: `0x1f`, `037`, `31`.
fn c_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let only_digits = digits.bytes().all(|b| b.is_ascii_alphanumeric());
    only_digits.then(|| u32::from_str_radix(digits, radix).ok()).flatten()
}

/// The addresses of a host.
pub fn addresses(
    name: &str,
    port: u16,
    interrupt: Option<BorrowedFd<'_>>,
    deadline: Option<Instant>,
) -> Result<Vec<SocketAddr>, Failure> {
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
) -> Result<Vec<SocketAddr>, Failure> {
    let unknown = |error: io::Error| {
        let text = error_text(&error);
        Failure::Unknown(text.rsplit_once(": ").map_or(text.as_str(), |(_, why)| why).to_owned())
    };
    // It becomes readable when the thread lets go of its end, the answer being there by then.
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
        // The account may have as many processes as it may, and each thread counts.
        return locked().map_err(unknown);
    }
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
    fn numbers_are_addresses() {
        for (text, address) in [
            ("127.0.0.1", Some("127.0.0.1")),
            ("127.1", Some("127.0.0.1")),
            ("1.2.3", Some("1.2.0.3")),
            ("1.65536", Some("1.1.0.0")),
            ("0x7f000001", Some("127.0.0.1")),
            ("010.0X1.0377", Some("8.1.0.255")),
            ("0", Some("0.0.0.0")),
            ("4294967295", Some("255.255.255.255")),
            ("4294967296", None),
            ("1.16777216", None),
            ("256.1", None),
            ("1.2.3.4.5", None),
            ("1..2", None),
            ("08", None),
            ("0x", None),
            ("+1", None),
            ("1 ", None),
            ("", None),
            ("a", None),
        ] {
            let address: Option<IpAddr> = address.map(|a| a.parse().unwrap());
            assert_eq!(numeric(text), Vec::from_iter(address), "{text}");
        }
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
