//! Sockets: the addresses of a name, connecting to one, waiting for it, and what carries the bytes.
//!
//! Owns waiting beside an interrupt and a deadline, and why there is no connection. Never knows what
//! the bytes mean.

pub mod error;
pub mod inet;
pub mod lookup;
pub mod peer;
pub mod poll;
pub mod socket;
pub mod stream;
