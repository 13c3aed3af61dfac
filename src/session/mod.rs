//! The wire edge: one connection to a server and the protocol spoken on it.
//!
//! Owns connecting, authenticating, framing and the messages of the frontend/backend protocol
//! (PostgreSQL's documentation, part "Internals"). Synchronous, one thread: it blocks in
//! `poll(2)` on the socket and on an interrupt descriptor. It never prints and never decides what
//! an answer means; the caller reads [`Event`]s in the order the server sent them.
//!
//! A server's message is untrusted: lengths are checked, allocations capped, and nothing panics.
//!
//! From the top down; no file uses one above it:
//!
//! ```text
//! helper/     a second connection on a thread of its own, for questions in the background
//! connect.rs  hosts and their addresses in turn         session_attrs.rs  target_session_attrs
//! startup.rs  the start-up phase                        auth.rs scram.rs  passwords, SASL
//! client.rs   Session: requests queued, answers read    cancel.rs         cancel requests
//! connect_params.rs  how a session was opened           backend.rs        what the server reports
//! transport.rs  a stream, encrypted or not              socket.rs         a connected socket
//! tls/        encryption                                lookup.rs         the addresses of a name
//! wire.rs     a stream with its buffers                 read_buffer.rs    where messages end
//! stream.rs   what carries the bytes                    read_coalescing.rs  pauses before reads
//! message.rs  messages to values and back               event.rs          the values
//! poll.rs     waiting                                   peer.rs           one address of one host
//! error.rs    why there is no connection                inet.rs version.rs  texts to numbers
//! ```

mod auth;
mod backend;
mod cancel;
mod client;
mod connect;
mod connect_params;
mod error;
mod event;
pub mod helper;
mod inet;
pub mod lookup;
pub mod message;
mod peer;
mod poll;
mod read_buffer;
mod read_coalescing;
mod scram;
mod session_attrs;
mod socket;
mod startup;
mod stream;
mod tls;
mod transport;
mod version;
mod wire;

pub use auth::{md5_verifier, scram_verifier};
pub use cancel::CancelToken;
pub use client::Session;
pub use connect_params::ConnectParams;
pub use error::{ConnectError, ConnectErrorKind, ConnectionLost, error_text};
pub use event::{ErrorFields, Event, Field, Notification, RowRun, TransactionStatus};
pub use stream::TlsInfo;
pub use version::number as version_number;

#[cfg(test)]
mod tests;
