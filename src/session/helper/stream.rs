//! A session's connection as an asynchronous stream that tokio-postgres can go on with.

use crate::session::client::Session;
use bytes::{Buf, BufMut, BytesMut};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::UnixStream;

/// The most that the server may send in answer to one message.
const MAX_ANSWER: usize = 16 << 20;

/// The stream. Its client begins with a start-up packet, but the session is past that: the packet is
/// dropped, and the answer to it made up.
pub struct AdoptedStream {
    session: Session,
    /// The session's socket once more, of whatever kind: only to learn when it is ready.
    socket: UnixStream,
    /// Read before anything from the socket.
    first: BytesMut,
    /// The start-up packet was written.
    started: bool,
    /// How much came since something was sent.
    received: usize,
}

impl AdoptedStream {
    /// Takes a session that is ready for a query. Needs tokio's runtime.
    ///
    /// # Errors
    /// The system can't watch the socket.
    pub fn new(mut session: Session) -> io::Result<AdoptedStream> {
        let socket = std::os::unix::net::UnixStream::from(session.as_fd().try_clone_to_owned()?);
        let mut first = BytesMut::new();
        // AuthenticationOk, ReadyForQuery (idle); and what the session has received beyond that.
        first.put_slice(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I");
        first.put_slice(session.wire.unread());
        session.hand_over();
        let socket = UnixStream::from_std(socket)?;
        Ok(AdoptedStream { session, socket, first, started: false, received: 0 })
    }
}

fn must_wait<T>(result: &io::Result<T>) -> bool {
    matches!(result, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}

impl AsyncRead for AdoptedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.first.is_empty() {
            let count = this.first.len().min(out.remaining());
            out.put_slice(&this.first[..count]);
            this.first.advance(count);
            return Poll::Ready(Ok(()));
        }
        let AdoptedStream { session, socket, received, .. } = this;
        let stream = session.wire.stream();
        // The system does not report bytes that TLS holds back.
        let mut held_back = stream.has_buffered();
        let count = loop {
            let result = if std::mem::take(&mut held_back) {
                stream.read(out.initialize_unfilled())
            } else {
                ready!(socket.poll_read_ready(context))?;
                socket.try_io(Interest::READABLE, || stream.read(out.initialize_unfilled()))
            };
            if !must_wait(&result) {
                break result?;
            }
        };
        out.advance(count);
        *received += count;
        if *received > MAX_ANSWER {
            return Poll::Ready(Err(io::Error::other("the answer is too long")));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for AdoptedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.received = 0;
        if !this.started {
            // tokio-postgres writes the packet in one piece.
            this.started = true;
            return Poll::Ready(Ok(bytes.len()));
        }
        let stream = this.session.wire.stream();
        loop {
            ready!(this.socket.poll_write_ready(context))?;
            let result = this.socket.try_io(Interest::WRITABLE, || stream.write(bytes));
            if !must_wait(&result) {
                return Poll::Ready(result);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
