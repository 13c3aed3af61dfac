//! The read buffer of a connection, and where messages begin and end in it.
//!
//! It is used again and again; a message is a range of it, never a copy. Knows a message's type byte
//! and length, not its meaning, and no stream.

use crate::memory;
use crate::network::error::ConnectionLost;
use std::ops::Range;

/// The buffer's usual size; only larger messages make it grow.
const USUAL_SIZE: usize = 128 * 1024;
/// The longest message a server can make: its own strings end at 1 GB.
const MAX_MESSAGE: usize = 1 << 30;
/// The longest message of a type whose size does not depend on the user's data.
const MAX_SHORT_MESSAGE: usize = 30_000;

/// A complete message in the read buffer.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The type byte.
    pub kind: u8,
    /// Where the body is.
    pub body: Range<usize>,
}

/// Bytes `start..end` were received and not taken yet.
pub(super) struct ReadBuffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl ReadBuffer {
    /// An empty one.
    pub fn new() -> ReadBuffer {
        ReadBuffer { bytes: vec![0; USUAL_SIZE], start: 0, end: 0 }
    }

    /// The bytes of a frame, or part of one; valid until more is read.
    #[inline]
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.bytes[range]
    }

    /// The bytes received and not taken yet.
    pub fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Its size in bytes.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.bytes.len()
    }

    /// Takes the next message if all of it is here.
    ///
    /// # Errors
    /// A length that can't be right.
    #[inline]
    pub fn take_frame(&mut self) -> Result<Option<Frame>, ConnectionLost> {
        let frame = self.peek_frame()?;
        if let Some(frame) = &frame {
            self.start = frame.body.end;
        }
        Ok(frame)
    }

    /// The next message, if all of it is here.
    ///
    /// # Errors
    /// A length that can't be right.
    #[inline]
    pub fn peek_frame(&self) -> Result<Option<Frame>, ConnectionLost> {
        let Some((kind, len)) = self.header()? else { return Ok(None) };
        let body = self.start + 5..self.start + 1 + len;
        Ok((body.end <= self.end).then_some(Frame { kind, body }))
    }

    /// Type and length (which counts itself) of the next message.
    #[inline]
    fn header(&self) -> Result<Option<(u8, usize)>, ConnectionLost> {
        let Some([kind, len @ ..]) = self.unread().first_chunk::<5>() else {
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
    ) -> Result<Range<usize>, ConnectionLost> {
        let first = self.start;
        while let Some(frame) = self.peek_frame()? {
            if frame.kind != kind || !accept(&self.bytes[frame.body.clone()]) {
                break;
            }
            self.start = frame.body.end;
        }
        Ok(first..self.start)
    }

    /// Room for more bytes behind those received; [`ReadBuffer::received`] says how many came. The
    /// buffer only grows when a message has filled it, so a message takes memory as its bytes
    /// arrive, whatever length it claims.
    ///
    /// # Errors
    /// There is no memory, or a length that can't be right.
    pub fn spare(&mut self) -> Result<&mut [u8], ConnectionLost> {
        let held = self.end - self.start;
        if held == 0 {
            (self.start, self.end) = (0, 0);
        }
        let size = self.bytes.len();
        let room = size - self.end;
        let oversized = size > USUAL_SIZE && held <= USUAL_SIZE / 2;
        let enough = room > 0 && (held > size / 2 || room >= USUAL_SIZE / 4 && !oversized);
        if enough {
            // It stays as it is.
        } else if oversized {
            // A long message is through: give its memory back.
            let mut usual = vec![0; USUAL_SIZE];
            usual[..held].copy_from_slice(self.unread());
            self.bytes = usual;
            (self.start, self.end) = (0, held);
        } else if held <= size / 2 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, held);
        } else {
            self.grow()?;
        }
        Ok(&mut self.bytes[self.end..])
    }

    /// So many bytes were put into the room.
    pub fn received(&mut self, count: usize) {
        self.end += count;
    }

    /// Doubles the buffer, or makes it as large as the message in it needs if that is less.
    fn grow(&mut self) -> Result<(), ConnectionLost> {
        let mut size = self.bytes.len() * 2;
        if let Some((_, len)) = self.header()? {
            let needed = self.start + 1 + len;
            if needed > self.bytes.len() && needed < size {
                size = needed;
            }
        }
        let more = size - self.bytes.len();
        if memory::reserve_exact(&mut self.bytes, more).is_err() {
            return Err(ConnectionLost::new("cannot allocate memory for input buffer"));
        }
        self.bytes.resize(size, 0);
        Ok(())
    }
}

/// The longest message of this type, in bytes.
fn max_len(kind: u8) -> usize {
    match kind {
        b'D' | b'd' | b'T' | b't' | b'V' | b'E' | b'N' | b'A' => MAX_MESSAGE,
        _ => MAX_SHORT_MESSAGE,
    }
}

fn lost_synchronization(kind: u8, len: i32) -> ConnectionLost {
    let mut message = b"lost synchronization with server: got message type \"".to_vec();
    message.push(kind);
    message.extend_from_slice(format!("\", length {len}").as_bytes());
    ConnectionLost { message }
}
