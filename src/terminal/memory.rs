//! Memory for what a server or a file sends, which may be more than there is.
//!
//! Everywhere else the end of memory ends the process: "out of memory" and status 1, as psql.

use super::sys::may_fail;
use std::io;

/// Makes room for so many bytes more.
///
/// # Errors
/// There is no such memory ([`io::ErrorKind::OutOfMemory`]).
pub fn reserve(buffer: &mut Vec<u8>, more: usize) -> io::Result<()> {
    may_fail(|| buffer.try_reserve(more)).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

/// As [`reserve`], and no more than that.
///
/// # Errors
/// As [`reserve`]'s.
pub fn reserve_exact(buffer: &mut Vec<u8>, more: usize) -> io::Result<()> {
    may_fail(|| buffer.try_reserve_exact(more)).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_an_error() {
        let mut buffer = vec![1];
        // More than an address space holds.
        for reserve in [reserve, reserve_exact] {
            let error = reserve(&mut buffer, 1 << 60).expect_err("no such memory");
            assert_eq!(error.kind(), io::ErrorKind::OutOfMemory);
        }
        reserve(&mut buffer, 100).expect("memory");
        assert_eq!(buffer, [1]);
    }
}
