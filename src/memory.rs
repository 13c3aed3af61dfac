//! Allocations that may fail: for what a server or a file sends, which may be more than there is.
//!
//! Everywhere else the end of memory ends the process: "out of memory" and status 1, as psql.

use std::cell::Cell;
use std::io;

thread_local! {
    /// Whether this thread can handle an allocation that fails.
    static MAY_FAIL: Cell<bool> = const { Cell::new(false) };
}

/// Whether the code that allocates just now can handle a failure; the allocator asks.
pub fn may_fail() -> bool {
    MAY_FAIL.get()
}

/// Runs `reserve`, which returns an error if there is no memory.
fn attempt<T>(reserve: impl FnOnce() -> T) -> T {
    let before = MAY_FAIL.replace(true);
    let result = reserve();
    MAY_FAIL.set(before);
    result
}

/// Makes room for so many bytes more.
///
/// # Errors
/// There is no such memory ([`io::ErrorKind::OutOfMemory`]).
pub fn reserve(buffer: &mut Vec<u8>, more: usize) -> io::Result<()> {
    attempt(|| buffer.try_reserve(more)).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

/// As [`reserve`], and no more than that.
///
/// # Errors
/// As [`reserve`]'s.
pub fn reserve_exact(buffer: &mut Vec<u8>, more: usize) -> io::Result<()> {
    attempt(|| buffer.try_reserve_exact(more)).map_err(|_| io::ErrorKind::OutOfMemory.into())
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
