//! The integration tests, one binary: `cargo test --test it`.
//!
//! `harness` starts servers and runs shells, the others each hold one kind of test.

mod auth;
mod compatibility;
mod connecting;
mod connection_settings;
mod crash;
mod fake_server;
mod formats;
mod fuzz;
mod golden;
mod harness;
mod helper;
mod hostile;
mod hostile_names;
mod imports;
mod interrupts;
mod listening_server;
mod memory;
mod mission;
mod oracle;
mod own_server;
mod pipes;
mod planted;
mod poolers;
mod pty;
mod regress;
mod scratch;
mod secrets;
mod tls;
mod versions;
