//! What reading one line brings, however it is read: with the editor, without, or as the answer to a
//! question.

/// What reading a line brought.
#[derive(Debug, PartialEq, Eq)]
pub enum ReadLine {
    /// A line without its end.
    Line(Vec<u8>),
    /// Ctrl-C: the line, and at a prompt the statement it belongs to, are abandoned.
    Interrupted,
    /// Ctrl-D on an empty line, or a terminal that went away.
    Eof,
}
