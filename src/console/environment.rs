//! The process's environment.

use super::path::bytes_to_os;
use std::os::unix::ffi::OsStringExt;

/// A variable of the process's environment.
pub fn get(name: &[u8]) -> Option<Vec<u8>> {
    std::env::var_os(bytes_to_os(name)).map(OsStringExt::into_vec)
}

/// Sets a variable of the process's environment, or removes it.
pub fn set(name: &[u8], value: Option<&[u8]>) {
    let _none = crate::network::lookup::block_lookups();
    crate::terminal::set_environment(bytes_to_os(name), value.map(bytes_to_os));
}
