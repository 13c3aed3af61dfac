//! The integration tests, one binary: `cargo test --test it`.
//!
//! `harness` starts servers and runs shells, the others each hold one kind of test.

mod compatibility;
mod formats;
mod fuzz;
mod golden;
mod harness;
mod imports;
mod mission;
mod oracle;
mod pty;
mod regress;
mod scratch;
mod versions;
