//! What a user answers to a question of yes and no.

/// What the user says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Yes.
    Yes,
    /// Anything else.
    No,
    /// Ctrl-C or the end of input.
    Interrupted,
}

/// Whether an answer is a yes.
pub fn is_yes(answer: &[u8]) -> bool {
    answer.eq_ignore_ascii_case(b"y") || answer.eq_ignore_ascii_case(b"yes")
}
