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
//! transport.rs  a stream, encrypted or not              version.rs        a server's version
//! wire.rs     a stream with its buffers                 read_buffer.rs    where messages end
//! message.rs  messages to values and back               event.rs          the values
//! read_coalescing.rs  pauses before reads
//! ```

mod auth;
mod backend;
mod cancel;
mod client;
mod connect;
mod connect_params;
mod event;
pub mod helper;
pub mod message;
mod read_buffer;
mod read_coalescing;
mod scram;
mod session_attrs;
mod startup;
mod transport;
mod version;
mod wire;

pub use crate::error_fields::ErrorFields;
pub use crate::network::error::{ConnectError, ConnectErrorKind, ConnectionLost, error_text};
pub use crate::network::stream::TlsInfo;
pub use auth::{md5_verifier, scram_verifier};
pub use cancel::CancelToken;
pub use client::Session;
pub use connect_params::ConnectParams;
pub use event::{ComesNext, Event, Field, Notification, RowRun, TransactionStatus};
pub use version::number as version_number;

#[cfg(test)]
mod tests;
