//! What a key asks of the editor's loop.

/// What the loop has to do after a key. Whatever it is, text, cursor and what [`super::Editing`] shows
/// beside them may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The text is as it was; the cursor may have moved.
    Nothing,
    /// The text changed.
    Changed,
    /// The key can't do anything here.
    Bell,
    /// Enter: run the text, or open a line with [`super::Editing::open_line`].
    Accept,
    /// As [`Effect::Accept`]; the next text begins with the entry after the one that is run.
    AcceptAndNext,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D without text.
    Eof,
    /// Ctrl-Z.
    Suspend,
    /// Ctrl-\.
    Quit,
    /// Clear the screen.
    ClearScreen,
    /// Clear the screen and what scrolled off it.
    ClearDisplay,
    /// Draw the text anew.
    Redraw,
    /// Tab.
    Complete,
    /// Replace the word with the next completion.
    MenuComplete,
    /// Replace the word with the previous completion.
    MenuCompleteBackward,
    /// List the completions.
    PossibleCompletions,
    /// Insert all completions.
    InsertCompletions,
    /// Ctrl-R.
    SearchBackward,
    /// Ctrl-S.
    SearchForward,
    /// Edit the text with the external editor and run it.
    EditExternally,
    /// Expand the tilde before the word at the cursor.
    ExpandTilde,
    /// Read inputrc again, for [`super::Editing::configure`].
    ReReadInit,
    /// Print what [`super::Editing::dump`] gives.
    Print(Dump),
}

/// What can be printed about keys, in inputrc's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dump {
    /// The functions with their keys.
    Functions,
    /// The variables.
    Variables,
    /// The keys bound to macros.
    Macros,
    /// The macro recorded last.
    LastMacro,
}
