//! What a command's tag tells.

/// The rows that a command tag tells of, if it tells of any.
pub fn row_count(tag: &[u8]) -> Option<u64> {
    let count = tag.rsplit(|b| *b == b' ').next()?;
    std::str::from_utf8(count).ok()?.parse().ok()
}
