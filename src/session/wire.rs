//! A stream with its buffers: sending what is queued, receiving what comes, and Ctrl-C meanwhile.
//!
//! Knows where messages end (`read_buffer.rs`), not what they mean.

use super::read_buffer::{Frame, ReadBuffer};
use super::read_coalescing::ReadCoalescing;
use crate::network::error::{CLOSED, ConnectionLost};
use crate::network::poll::{Interest, Ready, drain, is_readable, poll_failed, wait};
use crate::network::stream::{Stream, TlsInfo};
use bytes::{Buf, BytesMut};
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

/// A write buffer of this size is worth a system call.
pub(super) const WRITE_CHUNK: usize = 64 * 1024;

/// What [`Wire::wait_frame`] came back with.
#[derive(Clone, Debug)]
pub(super) enum Arrival {
    /// A message.
    Frame(Frame),
    /// The interrupt descriptor became readable.
    Interrupted,
    /// The deadline passed.
    TimedOut,
}

/// What [`Wire::receive`] came back with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// Bytes, or an interrupt.
    Input,
    /// Nothing before the deadline passed.
    TimedOut,
}

/// A stream with its buffers.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    interrupt: Interrupt,
    input: ReadBuffer,
    coalescing: ReadCoalescing,
    output: Output,
    /// When waiting ends; only while connecting.
    deadline: Option<Instant>,
}

/// Ctrl-C, reported by a descriptor.
struct Interrupt {
    /// Readable when the user interrupts.
    fd: Option<OwnedFd>,
    /// Whether it was readable, and nobody has taken that yet.
    is_pending: bool,
}

/// What is to be sent.
#[derive(Default)]
struct Output {
    bytes: BytesMut,
    /// Whether a part of it is sent, perhaps in the middle of a message.
    is_partly_sent: bool,
    /// Why sending failed. The server may have sent the reason, so reading goes on until the end.
    send_error: Option<ConnectionLost>,
}

impl Output {
    /// Writes what fits; false if nothing does. Once sending has failed, the rest goes nowhere.
    fn write_to(&mut self, stream: &mut dyn Stream) -> bool {
        if self.send_error.is_some() {
            self.bytes.clear();
            return true;
        }
        match stream.write(&self.bytes) {
            Ok(count) => {
                self.bytes.advance(count);
                self.is_partly_sent = !self.bytes.is_empty();
            }
            Err(error) => match error.kind() {
                io::ErrorKind::Interrupted => {}
                io::ErrorKind::WouldBlock => return false,
                _ => self.send_error = Some(ConnectionLost::by_sending(&error)),
            },
        }
        true
    }
}

impl Wire {
    /// Takes a connected stream, a descriptor that becomes readable when the user interrupts, and
    /// when waiting ends.
    pub fn new(
        stream: Box<dyn Stream>,
        interrupt: Option<OwnedFd>,
        deadline: Option<Instant>,
    ) -> Wire {
        Wire {
            stream,
            interrupt: Interrupt { fd: interrupt, is_pending: false },
            input: ReadBuffer::new(),
            coalescing: ReadCoalescing::default(),
            output: Output::default(),
            deadline,
        }
    }

    /// The socket.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }

    /// What is known of the connection's encryption.
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.stream.tls()
    }

    /// What carries the bytes, for another client that takes over; see also [`Wire::unread`].
    pub fn stream(&mut self) -> &mut dyn Stream {
        self.stream.as_mut()
    }

    /// What is to be sent, to queue more.
    #[inline]
    pub fn output(&mut self) -> &mut BytesMut {
        &mut self.output.bytes
    }

    /// How many bytes are queued and not sent.
    pub fn queued(&self) -> usize {
        self.output.bytes.len()
    }

    /// Sets when waiting ends, and returns when it did until now.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) -> Option<Instant> {
        std::mem::replace(&mut self.deadline, deadline)
    }

    /// Whether the deadline has passed, whatever arrives.
    pub fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }

    /// The bytes of a frame, or part of one; valid until more is read.
    #[inline]
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        self.input.bytes(range)
    }

    /// The bytes received and not taken yet.
    pub fn unread(&self) -> &[u8] {
        self.input.unread()
    }

    /// The read buffer's size in bytes.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.input.capacity()
    }

    /// The type of the next message, if it has begun to arrive.
    pub fn next_kind(&self) -> Option<u8> {
        self.unread().first().copied()
    }

    /// Whether a message waits to be taken.
    pub fn has_frame(&self) -> bool {
        !matches!(self.input.peek_frame(), Ok(None))
    }

    /// The next message if all of it is here, which stays there.
    ///
    /// # Errors
    /// A length that can't be right.
    pub fn peek_frame(&self) -> Result<Option<Frame>, ConnectionLost> {
        self.input.peek_frame()
    }

    /// Whether a message or an interrupt waits to be taken. So does a header that is wrong.
    pub fn has_input(&self) -> bool {
        self.interrupt.is_pending || self.has_frame()
    }

    /// Takes the next message if all of it is here.
    ///
    /// # Errors
    /// A length that can't be right.
    #[inline]
    pub fn take_frame(&mut self) -> Result<Option<Frame>, ConnectionLost> {
        self.input.take_frame()
    }

    /// As [`ReadBuffer::take_run`].
    ///
    /// # Errors
    /// A length that can't be right.
    pub fn take_run(
        &mut self,
        kind: u8,
        accept: impl FnMut(&[u8]) -> bool,
    ) -> Result<Range<usize>, ConnectionLost> {
        self.input.take_run(kind, accept)
    }

    /// Sends what is queued, then waits for the next message.
    ///
    /// # Errors
    /// The connection is gone, or the message's length can't be right.
    #[inline]
    pub fn wait_frame(&mut self) -> Result<Arrival, ConnectionLost> {
        if !self.output.bytes.is_empty() {
            self.flush()?;
        }
        loop {
            if self.take_interrupted() {
                return Ok(Arrival::Interrupted);
            }
            if let Some(frame) = self.take_frame()? {
                return Ok(Arrival::Frame(frame));
            }
            if self.receive()? == Received::TimedOut {
                return Ok(Arrival::TimedOut);
            }
        }
    }

    /// The next message if it is here already, or can be read without waiting.
    ///
    /// # Errors
    /// As [`Wire::wait_frame`].
    pub fn try_frame(&mut self) -> Result<Option<Frame>, ConnectionLost> {
        loop {
            if let Some(frame) = self.take_frame()? {
                return Ok(Some(frame));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Sends what is queued, then waits for bytes and reads them, once.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn receive(&mut self) -> Result<Received, ConnectionLost> {
        self.flush()?;
        if !self.stream.has_buffered() {
            match self.coalescing.pause() {
                Duration::ZERO => {}
                pause => std::thread::sleep(pause),
            }
            let ready = self.poll(Interest::Read)?;
            if ready.timed_out {
                return Ok(Received::TimedOut);
            }
            if !ready.readable {
                return Ok(Received::Input);
            }
        }
        self.fill()?;
        Ok(Received::Input)
    }

    /// Reads what has arrived, without waiting.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn poll_input(&mut self) -> Result<(), ConnectionLost> {
        if self.stream.has_buffered()
            || self.poll_until(Interest::Read, Some(Instant::now()))?.readable
        {
            self.fill()?;
        }
        Ok(())
    }

    /// Reads what is there, without waiting. False if there was nothing.
    fn fill(&mut self) -> Result<bool, ConnectionLost> {
        match self.stream.read(self.input.spare()?) {
            Ok(0) => Err(self.lost_by(ConnectionLost::new(CLOSED))),
            Ok(count) => {
                self.input.received(count);
                self.coalescing.note(count);
                Ok(true)
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(false),
                _ => Err(self.lost_by(ConnectionLost::by_receiving(&error))),
            },
        }
    }

    /// Why the connection is gone: sending failed before reading did.
    fn lost_by(&self, reading: ConnectionLost) -> ConnectionLost {
        self.output.send_error.clone().unwrap_or(reading)
    }

    /// Sends everything queued, reading meanwhile, so that neither side can block the other.
    /// Returns early, with bytes still queued, when the user interrupts; the next
    /// [`Wire::wait_frame`] or [`Wire::take_interrupted`] reports it.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn flush(&mut self) -> Result<(), ConnectionLost> {
        while !self.output.bytes.is_empty() {
            if self.output.write_to(&mut *self.stream) {
                continue;
            }
            let was_pending = self.interrupt.is_pending;
            let ready = self.poll(Interest::ReadOrWrite)?;
            if ready.timed_out || self.interrupt.is_pending && !was_pending {
                return Ok(());
            }
            if ready.readable {
                self.fill()?;
            }
        }
        if self.output.bytes.capacity() > 4 * WRITE_CHUNK {
            self.output.bytes = BytesMut::new();
        }
        Ok(())
    }

    /// Sends bytes that no buffer of ours is to hold, after what is queued.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn send_secret(&mut self, mut bytes: &[u8]) -> Result<(), ConnectionLost> {
        self.flush()?;
        while !bytes.is_empty() && self.output.send_error.is_none() {
            match self.stream.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::WouldBlock => {
                        // The next read reports why nothing comes.
                        if self.poll(Interest::Write)?.timed_out || self.interrupt.is_pending {
                            return Ok(());
                        }
                    }
                    _ => self.output.send_error = Some(ConnectionLost::by_sending(&error)),
                },
            }
        }
        Ok(())
    }

    /// Forgets what is queued, if nothing of it is sent.
    pub fn discard_output(&mut self) {
        if !self.output.is_partly_sent {
            self.output.bytes.clear();
        }
    }

    /// Sends what fits of what is queued, without waiting and whatever happens.
    pub fn send_last(&mut self) {
        let _ = self.stream.write(&self.output.bytes);
    }

    /// What is readable when the user interrupts.
    pub fn interrupt(&self) -> Option<&OwnedFd> {
        self.interrupt.fd.as_ref()
    }

    /// Whether the user interrupts, which stays to be taken.
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.is_pending
            || self.interrupt.fd.as_ref().is_some_and(|fd| is_readable(fd.as_fd()))
    }

    /// Whether the user interrupted since this was last asked.
    #[inline]
    pub fn take_interrupted(&mut self) -> bool {
        std::mem::take(&mut self.interrupt.is_pending)
    }

    fn poll(&mut self, interest: Interest) -> Result<Ready, ConnectionLost> {
        self.poll_until(interest, self.deadline)
    }

    fn poll_until(
        &mut self,
        interest: Interest,
        deadline: Option<Instant>,
    ) -> Result<Ready, ConnectionLost> {
        // One interrupt is enough: the descriptor is polled again once that was taken.
        let interrupt = self.interrupt.fd.as_ref().filter(|_| !self.interrupt.is_pending);
        let ready = wait(self.stream.as_fd(), interest, interrupt.map(AsFd::as_fd), deadline)
            .map_err(|error| ConnectionLost::new(poll_failed(&error)))?;
        if ready.interrupted
            && let Some(fd) = &self.interrupt.fd
        {
            match drain(fd) {
                // The other end is closed: no interrupt will come any more.
                Ok(0) => self.interrupt.fd = None,
                _ => self.interrupt.is_pending = true,
            }
        }
        Ok(ready)
    }
}
