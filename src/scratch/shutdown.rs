//! Signals that end the process while a server is installed, created or started: each wait asks here
//! whether to go on.

use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use signal_hook::SigId;

use super::error::Error;

/// How often to look whether it is time to give up.
pub(super) const PAUSE: Duration = Duration::from_millis(5);

/// Whether the process is about to be killed.
static KILLED: AtomicBool = AtomicBool::new(false);
/// While Ctrl-C is watched for: whether it came, and what notes it, if that could be installed.
static INTERRUPTS: Mutex<Option<(Arc<AtomicBool>, Option<SigId>)>> = Mutex::new(None);

/// Notes that the process is about to be killed, so that opening a database gives up.
pub(super) fn begin() {
    KILLED.store(true, Ordering::Relaxed);
}

/// From now on Ctrl-C does not kill, but ends the opening of a database.
pub(super) fn watch_interrupts() {
    INTERRUPTS.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| {
        let came = Arc::new(AtomicBool::new(false));
        // Without a handler, Ctrl-C kills as it did.
        let handler = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&came));
        (came, handler.ok())
    });
}

/// Leaves Ctrl-C to others again; whether it came while it was watched for.
pub(super) fn leave_interrupts() -> bool {
    let watched = INTERRUPTS.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some((came, handler)) = watched else { return false };
    if let Some(handler) = handler {
        signal_hook::low_level::unregister(handler);
    }
    came.load(Ordering::Relaxed)
}

/// Whether to go on.
///
/// # Errors
/// A signal came.
pub(super) fn check() -> Result<(), Error> {
    let watched = INTERRUPTS.lock().unwrap_or_else(PoisonError::into_inner);
    let interrupted = watched.as_ref().is_some_and(|(came, _)| came.load(Ordering::Relaxed));
    if !interrupted && !KILLED.load(Ordering::Relaxed) {
        return Ok(());
    }
    Err(Error::by_signal(interrupted))
}

/// Waits for the end of a program, which is killed if a signal ends the process.
///
/// # Errors
/// A signal came.
pub(super) fn wait(child: &mut Child) -> Result<ExitStatus, Error> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return check().map(|()| status),
            Ok(None) => {}
            Err(error) => return Err(Error::new(format!("could not wait for a program: {error}"))),
        }
        if let Err(ended) = check() {
            let _ = child.kill();
            let _ = child.wait();
            return Err(ended);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Waits for the signal to end the process, if one is about to.
pub(super) fn wait_for_signal() {
    if KILLED.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_secs(5));
    }
}
