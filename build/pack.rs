//! Compresses what the program carries but seldom asks for; `src/packed.rs` unpacks it.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;
use std::path::Path;
use std::{fs, io};

/// Writes `bytes` down compressed, as NAME.packed.
pub fn write(out: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    fs::write(out.join(name).with_extension("packed"), encoder.finish()?)
}
