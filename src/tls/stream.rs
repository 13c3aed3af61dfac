//! TLS as a [`Stream`]: rustls between two buffers.

use super::openssl_messages as messages;
use crate::network::stream::{Plain, Stream, TlsInfo};
use rustls::ClientConnection;
use std::io::{self, IoSlice, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};

/// How much is read from the socket at once: a few records.
const INCOMING: usize = 64 * 1024;

/// An encrypted stream, also during its handshake.
pub struct Encrypted {
    socket: Plain,
    pub tls: ClientConnection,
    /// Bytes `start..end` came from the socket and were not decrypted yet.
    incoming: Vec<u8>,
    start: usize,
    end: usize,
    /// How many decrypted bytes wait to be read.
    decrypted: usize,
    /// How many bytes of the caller's were encrypted, but not all sent yet.
    taken: usize,
    info: TlsInfo,
}

impl Encrypted {
    /// A stream over a connected socket, before the handshake.
    pub fn new(socket: Plain, tls: ClientConnection) -> Encrypted {
        Encrypted {
            socket,
            tls,
            incoming: vec![0; INCOMING],
            start: 0,
            end: 0,
            decrypted: 0,
            taken: 0,
            info: TlsInfo::default(),
        }
    }

    /// Sets what the handshake established.
    pub fn set_info(&mut self, info: TlsInfo) {
        self.info = info;
    }

    /// Sends all that rustls has to send.
    ///
    /// # Errors
    /// `WouldBlock` when not all fits, or what the socket reports.
    pub fn send(&mut self) -> io::Result<()> {
        while self.tls.wants_write() {
            self.tls.write_tls(&mut Writer(&mut self.socket))?;
        }
        Ok(())
    }

    /// The error that the server sent before it stopped reading, if it came.
    pub fn pending_error(&mut self) -> Option<io::Error> {
        loop {
            match self.receive() {
                Ok(true) => {}
                Err(error) if error.get_ref().is_some() => return Some(error),
                Ok(false) | Err(_) => return None,
            }
        }
    }

    /// Hands received bytes to rustls, reading from the socket if none are left. False at the end of
    /// the stream.
    ///
    /// # Errors
    /// `WouldBlock` when nothing is there, what the socket reports, or an error of TLS.
    pub fn receive(&mut self) -> io::Result<bool> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.end = self.socket.read(&mut self.incoming)?;
        }
        let mut rest = &self.incoming[self.start..self.end];
        self.start += self.tls.read_tls(&mut rest)?;
        match self.tls.process_new_packets() {
            Ok(state) => {
                self.decrypted = state.plaintext_bytes_to_read();
                Ok(self.end > 0)
            }
            Err(error) => {
                // An alert tells the server why, if it still reads.
                let _ = self.send();
                Err(io::Error::other(messages::error(&error)))
            }
        }
    }
}

impl AsFd for Encrypted {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Stream for Encrypted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.tls.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(0) => return Err(io::Error::other(CLOSED)),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(io::Error::other(UNEXPECTED_END));
                }
                result => {
                    self.decrypted -= result.as_ref().map_or(0, |n| (*n).min(self.decrypted));
                    return result;
                }
            }
            self.receive()?;
            // A record may need an answer (a change of keys), which can wait for the next write.
            match self.send() {
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                _ => {}
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.taken == 0 {
            // Records from before go first: there may be no room for more.
            self.send()?;
            self.taken = self.tls.writer().write(bytes)?;
        }
        self.send()?;
        Ok(std::mem::take(&mut self.taken))
    }

    fn has_buffered(&self) -> bool {
        self.decrypted > 0 || self.start < self.end
    }

    fn tls(&self) -> Option<&TlsInfo> {
        Some(&self.info)
    }
}

pub const CLOSED: &str = "SSL connection has been closed unexpectedly";
pub const UNEXPECTED_END: &str = "SSL error: unexpected eof while reading";

impl Drop for Encrypted {
    fn drop(&mut self) {
        self.tls.send_close_notify();
        let _ = self.send();
    }
}

/// Writes to the socket.
struct Writer<'a>(&'a mut Plain);

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    /// All records at once: the server could hang up between two, and its reason would be lost.
    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.write_pieces(pieces)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
