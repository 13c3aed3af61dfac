//! What Ctrl-C does to a query at work: the server is asked to cancel it.

use super::state::Connection;
use crate::console::Console;

impl Connection {
    /// Ctrl-C while the server works: asks it to cancel, and takes note that the user asked. A
    /// server that was asked in vain is waited for no longer.
    pub fn cancel_query(&mut self, console: &mut Console) {
        console.interrupts.give_up_work();
        let Some(session) = self.session.as_mut() else { return };
        let asked = session.cancel();
        tell_cancelled(console, asked);
    }
}

/// Tells the user how it went to ask the server to cancel a statement.
pub fn tell_cancelled(console: &mut Console, asked: Result<bool, Vec<u8>>) {
    match asked {
        Ok(true) => console.output.stderr(b"Cancel request sent\n"),
        Ok(false) => {}
        Err(reason) => {
            let text = [b"Could not send cancel request: ", &reason[..], b"\n"].concat();
            console.output.stderr(&text);
        }
    }
}
