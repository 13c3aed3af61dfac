//! How a child is stopped: asked to end, told to, killed.

use rustix::process::{Pid, Signal, kill_process_group};
use std::time::{Duration, Instant};

/// The signals in turn.
const SIGNALS: [Signal; 3] = [Signal::INT, Signal::TERM, Signal::KILL];
/// How long a child may take to end, before the next signal.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long children may take to end when this process is about to.
const LAST_PATIENCE: Duration = Duration::from_secs(2);

/// The stop of a process group, once it has begun.
#[derive(Debug)]
pub(super) struct Stop {
    group: Pid,
    /// How many signals were sent, and when the last was.
    sent: usize,
    at: Instant,
}

impl Stop {
    /// Begins: asks the group to end.
    pub fn begin(group: Pid) -> Stop {
        let mut stop = Stop { group, sent: 0, at: Instant::now() };
        stop.advance();
        stop
    }

    /// Sends the next signal.
    pub fn advance(&mut self) {
        // It may have ended.
        let _ = kill_process_group(self.group, SIGNALS[self.sent.min(SIGNALS.len() - 1)]);
        self.sent += 1;
        self.at = Instant::now();
    }

    /// Sends the next signal if it is time to.
    pub fn advance_in_time(&mut self) {
        if self.at.elapsed() >= PATIENCE {
            self.advance();
        }
    }
}

/// Stops the group, and waits no longer than this process may. Whoever started it takes its status.
pub(super) fn at_once(group: Pid) {
    let _ = kill_process_group(group, Signal::TERM);
    let begin = Instant::now();
    while begin.elapsed() < LAST_PATIENCE {
        if rustix::process::test_kill_process_group(group).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = kill_process_group(group, Signal::KILL);
}
