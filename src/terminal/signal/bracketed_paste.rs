//! The sequences that make a terminal mark what is pasted.

/// Tells a terminal to mark pastes.
pub const ON: &[u8] = b"\x1b[?2004h";
/// Tells a terminal to stop that.
pub const OFF: &[u8] = b"\x1b[?2004l";
