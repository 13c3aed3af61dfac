//! What carries the bytes of the protocol: a non-blocking socket, or TLS on top of one
//! (`tls/stream.rs`). Knows no messages.

use rustix::net::{SendAncillaryBuffer, SendFlags, sendmsg};
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// What is known of an encrypted connection.
#[derive(Clone, Debug, Default)]
pub struct TlsInfo {
    /// `TLSv1.3`
    pub version: &'static str,
    /// OpenSSL's name of the cipher.
    pub cipher: &'static str,
    /// The length of the cipher's key.
    pub key_bits: u16,
    /// The protocol agreed on by ALPN; empty if none.
    pub alpn: String,
    /// The channel binding `tls-server-end-point`; `None` if the certificate has none.
    pub server_end_point: Option<Vec<u8>>,
    /// Whether the server asked for our certificate.
    pub certificate_requested: bool,
    /// Whether we have a certificate to send.
    pub certificate_sent: bool,
}

/// A non-blocking, connected byte stream.
pub trait Stream: AsFd + Send {
    /// Reads what is there; 0 at the end, `WouldBlock` when nothing is there yet.
    ///
    /// # Errors
    /// Whatever the stream reports.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Writes what fits, `WouldBlock` when nothing does: the caller must then try again with bytes
    /// that begin with the same ones. Never raises SIGPIPE.
    ///
    /// # Errors
    /// Whatever the stream reports.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Whether bytes were taken from the descriptor but not read yet, so that polling the
    /// descriptor would miss them.
    fn has_buffered(&self) -> bool {
        false
    }

    /// What is known of the stream's encryption; `None` if it has none.
    fn tls(&self) -> Option<&TlsInfo> {
        None
    }
}

// Apple's systems know no such flag; there the socket has SO_NOSIGPIPE (see socket.rs).
#[cfg(not(target_vendor = "apple"))]
const NO_SIGNAL: SendFlags = SendFlags::NOSIGNAL;
#[cfg(target_vendor = "apple")]
const NO_SIGNAL: SendFlags = SendFlags::empty();

/// A socket without encryption.
pub struct Plain(pub OwnedFd);

impl Plain {
    /// As [`Stream::write`], with the bytes in several pieces.
    ///
    /// # Errors
    /// Whatever the socket reports.
    pub fn write_pieces(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(sendmsg(&self.0, pieces, &mut SendAncillaryBuffer::default(), NO_SIGNAL)?)
    }
}

impl AsFd for Plain {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Stream for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(&self.0, buffer)?)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::net::send(&self.0, bytes, NO_SIGNAL)?)
    }
}
