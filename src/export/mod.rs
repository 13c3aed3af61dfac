//! Files that other programs read, from values as PostgreSQL writes them: what a value is by its text,
//! and the containers that typed values go into.
//!
//! Bytes in, bytes out. Never knows of tables as they are printed, of options or of where bytes go.

#[cfg(feature = "parquet")]
mod binary;
pub mod date_time;
pub mod number;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(feature = "xlsx")]
pub mod xlsx;
