//! Rows that arrive while their result is looked at. What the server says beside them waits until the
//! screen is the shell's again.

use super::feed::Feed;
use crate::connection::{AsyncMessage, Connection, RowStore, tell_cancelled};
use crate::console::Console;
use crate::number::counted;
use crate::result_view::Arrival;
use crate::session::ComesNext;
use std::io;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

/// How long rows are taken in before keys are looked at.
const STEP: Duration = Duration::from_millis(5);
/// Messages that wait before notices are only counted: a notice for each row would need room for all.
const MOST_MESSAGES: usize = 10_000;

/// The rest of a result of which some rows were read.
pub struct Arriving<'c> {
    connection: &'c mut Connection,
    /// What the server said beside the rows.
    messages: Vec<AsyncMessage>,
    /// How many notices came when many messages waited.
    untold: u64,
    /// When the end of the rows was there.
    ended: Option<Instant>,
    /// How it went to ask the server to cancel the statement.
    cancelled: Option<Result<bool, Vec<u8>>>,
}

/// How things stand when the result is looked at no longer.
pub struct Afterwards {
    messages: Vec<AsyncMessage>,
    untold: u64,
    cancelled: Option<Result<bool, Vec<u8>>>,
    /// When the end of the rows was there, if it was.
    pub ended: Option<Instant>,
}

impl<'c> Arriving<'c> {
    /// The rows that this connection is about to receive.
    pub fn new(connection: &'c mut Connection) -> Arriving<'c> {
        Arriving { connection, messages: Vec::new(), untold: 0, ended: None, cancelled: None }
    }

    /// The result is looked at no longer.
    pub fn finish(self) -> Afterwards {
        let Arriving { messages, untold, cancelled, ended, .. } = self;
        Afterwards { messages, untold, cancelled, ended }
    }

    fn keep(&mut self, message: AsyncMessage) {
        match message {
            AsyncMessage::Notice(_) if self.messages.len() >= MOST_MESSAGES => self.untold += 1,
            message => self.messages.push(message),
        }
    }
}

impl Afterwards {
    /// Whether the server was asked to cancel the statement.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_some()
    }

    /// Tells the user what waited.
    pub fn tell(self, connection: &mut Connection, console: &mut Console) {
        for message in self.messages {
            connection.handle_async(console, message);
        }
        if self.untold > 0 {
            let notices = counted(self.untold, "more notice");
            console.tell(format!("{notices} came while the result was looked at."));
        }
        if let Some(asked) = self.cancelled {
            console.interrupts.give_up_work();
            tell_cancelled(console, asked);
        }
    }
}

impl Feed for Arriving<'_> {
    fn take(&mut self, rows: &mut RowStore) -> io::Result<Arrival> {
        let until = Instant::now() + STEP;
        loop {
            let Some(session) = self.connection.session_mut() else {
                return Ok(Arrival::Ended(Vec::new()));
            };
            match session.rows() {
                Ok(run) => rows.push_messages(run.bytes, run.count)?,
                Err(lost) => return Ok(Arrival::Ended(lost.message)),
            }
            match session.comes_next() {
                ComesNext::Nothing => {}
                ComesNext::Message => {
                    if let Ok(Some(event)) = session.next_async() {
                        let message = AsyncMessage::from(event);
                        self.keep(message);
                        continue;
                    }
                }
                ComesNext::Error(fields) => {
                    self.ended.get_or_insert_with(Instant::now);
                    return Ok(Arrival::Ended(fields.get(b'M').unwrap_or_default().to_vec()));
                }
                ComesNext::End => {
                    self.ended.get_or_insert_with(Instant::now);
                    return Ok(Arrival::Whole);
                }
            }
            if Instant::now() >= until {
                return Ok(Arrival::Waiting);
            }
            match session.receive_more() {
                Ok(true) => {}
                Ok(false) => return Ok(Arrival::Coming),
                Err(lost) => return Ok(Arrival::Ended(lost.message)),
            }
        }
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.connection.session().map(crate::session::Session::as_fd)
    }

    fn cancel(&mut self) {
        // Once is enough for as long as the server may still react.
        if self.ended.is_none() && self.cancelled.is_none() {
            self.cancelled = self.connection.session_mut().map(crate::session::Session::cancel);
        }
    }
}
