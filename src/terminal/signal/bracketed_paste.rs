//! The sequences that have a terminal mark what is pasted.

/// Tells a terminal to mark pastes.
pub(super) const ON: &[u8] = b"\x1b[?2004h";
/// Tells a terminal to mark pastes no more.
pub(super) const OFF: &[u8] = b"\x1b[?2004l";
