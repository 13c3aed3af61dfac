//! Framing: the two buffers of a connection, and where messages begin and end in them.
//!
//! Reads into one buffer that is used again and again; a message is a range of it, never a copy.
//! Knows a message's type byte and length, not its meaning.

use super::Lost;
use super::pace::Pace;
use super::stream::{Ready, Stream, error_text, wait};
use super::tls;
use crate::memory;
use bytes::{Buf, BytesMut};
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

/// The read buffer's usual size; only larger messages make it grow.
const READ_BUFFER: usize = 128 * 1024;
/// A write buffer of this size is worth a system call.
pub const WRITE_CHUNK: usize = 64 * 1024;
/// The longest message a server can make: its own strings end at 1 GB.
const MAX_MESSAGE: usize = 1 << 30;
/// The longest message of a type whose size does not depend on the user's data.
const MAX_SHORT_MESSAGE: usize = 30_000;

pub(super) const CLOSED: &str = "server closed the connection unexpectedly
\tThis probably means the server terminated abnormally
\tbefore or while processing the request.";

/// A complete message in the read buffer.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The type byte.
    pub kind: u8,
    /// Where the body is.
    pub body: Range<usize>,
}

/// What [`Wire::wait_frame`] came back with.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// A message.
    Frame(Frame),
    /// The interrupt descriptor became readable.
    Interrupted,
    /// The deadline passed.
    TimedOut,
}

/// A stream with its buffers.
pub struct Wire {
    stream: Box<dyn Stream>,
    interrupt: Option<OwnedFd>,
    /// The interrupt descriptor was readable, and nobody was told yet.
    interrupted: bool,
    /// Bytes `start..end` were received and not taken yet.
    input: Vec<u8>,
    start: usize,
    end: usize,
    pace: Pace,
    /// What is to be sent.
    pub output: BytesMut,
    /// A part of what was to be sent is sent, perhaps of a message.
    torn: bool,
    /// Sending failed. The server may have said why, so reading goes on until its end.
    deaf: Option<Lost>,
    /// When waiting ends; only while connecting.
    pub deadline: Option<Instant>,
}

impl Wire {
    /// Takes a connected stream and a descriptor that becomes readable when the person
    /// interrupts.
    pub fn new(stream: Box<dyn Stream>, interrupt: Option<OwnedFd>) -> Wire {
        Wire {
            stream,
            interrupt,
            interrupted: false,
            input: vec![0; READ_BUFFER],
            start: 0,
            end: 0,
            pace: Pace::default(),
            output: BytesMut::new(),
            torn: false,
            deaf: None,
            deadline: None,
        }
    }

    /// The socket.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }

    /// What is known of the connection's encryption.
    pub fn tls(&self) -> Option<&tls::Info> {
        self.stream.tls()
    }

    /// What carries the bytes, for whoever takes over from here; see also [`Wire::held`].
    pub fn stream(&mut self) -> &mut dyn Stream {
        self.stream.as_mut()
    }

    /// The bytes of a frame, or part of one; valid until more is read.
    #[inline]
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.input[range]
    }

    /// Takes the next message if all of it is here.
    ///
    /// # Errors
    /// A length that can't be right.
    #[inline]
    pub fn take_frame(&mut self) -> Result<Option<Frame>, Lost> {
        let frame = self.peek_frame(self.start)?;
        if let Some(frame) = &frame {
            self.start = frame.body.end;
        }
        Ok(frame)
    }

    /// The message that begins at `at`, if all of it is here.
    #[inline]
    fn peek_frame(&self, at: usize) -> Result<Option<Frame>, Lost> {
        let Some((kind, len)) = self.header(at)? else { return Ok(None) };
        let body = at + 5..at + 1 + len;
        Ok((body.end <= self.end).then_some(Frame { kind, body }))
    }

    /// Type and length (which counts itself) of the message that begins at `at`.
    #[inline]
    fn header(&self, at: usize) -> Result<Option<(u8, usize)>, Lost> {
        let Some([kind, len @ ..]) = self.input[at..self.end].first_chunk::<5>() else {
            return Ok(None);
        };
        let len = i32::from_be_bytes(*len);
        match usize::try_from(len) {
            Ok(size) if size >= 4 && size <= max_len(*kind) => Ok(Some((*kind, size))),
            _ => Err(lost_synchronization(*kind, len)),
        }
    }

    /// Takes as many whole messages of type `kind` as are here and as `accept` likes; their
    /// bytes, headers included, lie one after the other in the range returned.
    ///
    /// # Errors
    /// A length that can't be right.
    pub fn take_run(
        &mut self,
        kind: u8,
        mut accept: impl FnMut(&[u8]) -> bool,
    ) -> Result<Range<usize>, Lost> {
        let first = self.start;
        while let Some(frame) = self.peek_frame(self.start)? {
            if frame.kind != kind || !accept(&self.input[frame.body.clone()]) {
                break;
            }
            self.start = frame.body.end;
        }
        Ok(first..self.start)
    }

    /// Sends what is queued, then waits for the next message.
    ///
    /// # Errors
    /// The connection is gone, or the message's length can't be right.
    #[inline]
    pub fn wait_frame(&mut self) -> Result<Arrival, Lost> {
        if !self.output.is_empty() {
            self.flush()?;
        }
        loop {
            if self.take_interrupted() {
                return Ok(Arrival::Interrupted);
            }
            if let Some(frame) = self.take_frame()? {
                return Ok(Arrival::Frame(frame));
            }
            if self.receive()? {
                return Ok(Arrival::TimedOut);
            }
        }
    }

    /// Sends bytes that no buffer of ours is to hold, after what is queued.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn send_secret(&mut self, mut bytes: &[u8]) -> Result<(), Lost> {
        self.flush()?;
        while !bytes.is_empty() && self.deaf.is_none() {
            match self.stream.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::WouldBlock => {
                        // Whoever reads next is told why nothing comes.
                        if self.poll(false, true)?.timed_out || self.interrupted {
                            return Ok(());
                        }
                    }
                    _ => self.deaf = Some(lost("send data to", &error)),
                },
            }
        }
        Ok(())
    }

    /// Whether the person interrupts, without taking note of it.
    pub fn is_interrupted(&self) -> bool {
        let interrupt = self.interrupt.as_ref().map(AsFd::as_fd);
        let ready = wait(self.stream.as_fd(), false, false, interrupt, Some(Instant::now()));
        self.interrupted || ready.is_ok_and(|ready| ready.interrupted)
    }

    /// Whether the deadline has passed, whatever arrives.
    pub fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }

    /// Waits for bytes and reads them, once. True if the deadline passed instead.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn receive(&mut self) -> Result<bool, Lost> {
        self.flush()?;
        if !self.stream.has_buffered() {
            match self.pace.rest() {
                Duration::ZERO => {}
                rest => std::thread::sleep(rest),
            }
            let ready = self.poll(true, false)?;
            if ready.timed_out || !ready.readable {
                return Ok(ready.timed_out);
            }
        }
        self.fill()?;
        Ok(false)
    }

    /// The next message if it is here already, or can be read without waiting.
    ///
    /// # Errors
    /// As [`Wire::wait_frame`].
    pub fn try_frame(&mut self) -> Result<Option<Frame>, Lost> {
        loop {
            if let Some(frame) = self.take_frame()? {
                return Ok(Some(frame));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The read buffer's size in bytes.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.input.len()
    }

    /// The bytes received and not taken yet.
    pub fn held(&self) -> &[u8] {
        &self.input[self.start..self.end]
    }

    /// Writes what fits of what is queued, without waiting and whatever happens.
    pub fn send_last(&mut self) {
        let _ = self.stream.write(&self.output);
    }

    /// Reads what is there, without waiting. False if there was nothing.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn fill(&mut self) -> Result<bool, Lost> {
        self.make_room()?;
        match self.stream.read(&mut self.input[self.end..]) {
            Ok(0) => Err(self.deaf.clone().unwrap_or_else(|| Lost::new(CLOSED))),
            Ok(count) => {
                self.end += count;
                self.pace.note(count);
                Ok(true)
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(false),
                _ => Err(self.deaf.clone().unwrap_or_else(|| lost("receive data from", &error))),
            },
        }
    }

    /// Makes room behind the bytes received. The buffer only grows when a message has filled it,
    /// so a message takes memory as its bytes arrive, whatever length it claims.
    fn make_room(&mut self) -> Result<(), Lost> {
        let held = self.end - self.start;
        if held == 0 {
            (self.start, self.end) = (0, 0);
        }
        let room = self.input.len() - self.end;
        let oversized = self.input.len() > READ_BUFFER && held <= READ_BUFFER / 2;
        if room > 0 && (held > self.input.len() / 2 || room >= READ_BUFFER / 4 && !oversized) {
            return Ok(());
        }
        if oversized {
            // A long message is through: give its memory back.
            let mut usual = vec![0; READ_BUFFER];
            usual[..held].copy_from_slice(&self.input[self.start..self.end]);
            self.input = usual;
            (self.start, self.end) = (0, held);
        } else if held <= self.input.len() / 2 {
            self.input.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, held);
        } else {
            self.grow()?;
        }
        Ok(())
    }

    /// Doubles the read buffer, or makes it as large as the message in it needs if that is less.
    fn grow(&mut self) -> Result<(), Lost> {
        let mut size = self.input.len() * 2;
        if let Some((_, len)) = self.header(self.start)? {
            let needed = self.start + 1 + len;
            if needed > self.input.len() && needed < size {
                size = needed;
            }
        }
        let more = size - self.input.len();
        if memory::reserve_exact(&mut self.input, more).is_err() {
            return Err(Lost::new("cannot allocate memory for input buffer"));
        }
        self.input.resize(size, 0);
        Ok(())
    }

    /// Sends everything queued, reading meanwhile, so that neither side can block the other.
    /// Comes back early, with bytes still queued, when the person interrupts; the next
    /// [`Wire::wait_frame`] or [`Wire::take_interrupted`] tells.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn flush(&mut self) -> Result<(), Lost> {
        while !self.output.is_empty() {
            if self.deaf.is_some() {
                self.output.clear();
                return Ok(());
            }
            match self.stream.write(&self.output) {
                Ok(count) => {
                    self.output.advance(count);
                    self.torn = !self.output.is_empty();
                    continue;
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => continue,
                    io::ErrorKind::WouldBlock => {}
                    _ => {
                        self.deaf = Some(lost("send data to", &error));
                        continue;
                    }
                },
            }
            let told = self.interrupted;
            let ready = self.poll(true, true)?;
            if ready.timed_out || self.interrupted && !told {
                return Ok(());
            }
            if ready.readable {
                self.fill()?;
            }
        }
        if self.output.capacity() > 4 * WRITE_CHUNK {
            self.output = BytesMut::new();
        }
        Ok(())
    }

    /// Forgets what is queued, if nothing of it is sent.
    pub fn discard_output(&mut self) {
        if !self.torn {
            self.output.clear();
        }
    }

    /// Takes note of what has arrived, without waiting.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn glance(&mut self) -> Result<(), Lost> {
        if self.stream.has_buffered()
            || self.poll_until(true, false, Some(Instant::now()))?.readable
        {
            self.fill()?;
        }
        Ok(())
    }

    /// The type of the next message, if it has begun to arrive.
    pub fn next_kind(&self) -> Option<u8> {
        self.held().first().copied()
    }

    /// Whether a message or an interrupt waits to be taken. So does a header that is wrong.
    pub fn has_news(&self) -> bool {
        self.interrupted || self.has_frame()
    }

    /// Whether a message waits to be taken.
    pub fn has_frame(&self) -> bool {
        !matches!(self.peek_frame(self.start), Ok(None))
    }

    fn poll(&mut self, read: bool, write: bool) -> Result<Ready, Lost> {
        self.poll_until(read, write, self.deadline)
    }

    fn poll_until(
        &mut self,
        read: bool,
        write: bool,
        deadline: Option<Instant>,
    ) -> Result<Ready, Lost> {
        // One interrupt is enough to know of: the descriptor is looked at again once it was told.
        let interrupt = self.interrupt.as_ref().filter(|_| !self.interrupted);
        let ready = wait(self.stream.as_fd(), read, write, interrupt.map(AsFd::as_fd), deadline)
            .map_err(|error| Lost::new(format!("poll() failed: {}", error_text(&error))))?;
        if ready.interrupted
            && let Some(interrupt) = &self.interrupt
        {
            match drain(interrupt) {
                // The other end is closed: no interrupt will come any more.
                Ok(0) => self.interrupt = None,
                _ => self.interrupted = true,
            }
        }
        Ok(ready)
    }

    /// Whether the person interrupted since this was last asked.
    pub fn take_interrupted(&mut self) -> bool {
        std::mem::take(&mut self.interrupted)
    }
}

/// Empties an interrupt descriptor: one read takes more than a person can type. What is left is
/// told next time.
pub fn drain(interrupt: &OwnedFd) -> io::Result<usize> {
    Ok(rustix::io::read(interrupt, &mut [0; 64])?)
}

/// The longest message of this type, in bytes.
fn max_len(kind: u8) -> usize {
    match kind {
        b'D' | b'd' | b'T' | b't' | b'V' | b'E' | b'N' | b'A' => MAX_MESSAGE,
        _ => MAX_SHORT_MESSAGE,
    }
}

fn lost_synchronization(kind: u8, len: i32) -> Lost {
    let mut message = b"lost synchronization with server: got message type \"".to_vec();
    message.push(kind);
    message.extend_from_slice(format!("\", length {len}").as_bytes());
    Lost { message }
}

/// Why reading or writing failed.
pub(super) fn lost(doing: &str, error: &io::Error) -> Lost {
    // What TLS has to say stands for itself.
    if let Some(text) = error.get_ref() {
        return Lost::new(text.to_string());
    }
    match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Lost::new(CLOSED),
        _ => Lost::new(format!("could not {doing} server: {}", error_text(error))),
    }
}
