//! What a prompt asks of the shell while a line is typed.

use std::os::fd::BorrowedFd;

use crate::completion::Catalog;
use crate::history::Context;
use crate::variables::CompletionMode;

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedLine {
    /// Statements and meta-commands: Enter opens a line until they are whole.
    Statement,
    /// A line of them: Enter takes it.
    Line,
    /// A line of data: nothing is completed or coloured.
    Data,
}

/// Why candidates are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occasion {
    /// The user pressed a key for it.
    #[default]
    Key,
    /// The user paused: nothing may be disturbed for it.
    Pause,
}

/// The shell, as a prompt sees it while a line is typed.
pub trait EditorHost {
    /// What is typed.
    fn line(&self) -> TypedLine;
    /// How candidates are offered.
    fn completion(&self) -> CompletionMode;
    /// Where candidates come from; nothing where none are offered.
    fn catalog(&mut self, occasion: Occasion) -> Option<&mut dyn Catalog>;
    /// Whether answers about candidates are under way that will not be long.
    fn awaits_names(&self) -> bool;
    /// Whether Enter behind this text runs it: no statement is left open.
    fn ends_statement(&mut self, text: &str) -> bool;
    /// The prompts before the second and further lines of a text, with their marks.
    fn continuation_prompts(&mut self, text: &str) -> Vec<Vec<u8>>;
    /// Lets the user edit a text in an external editor; nothing if that failed, which was told.
    fn edit_text(&mut self, text: &str) -> Option<String>;
    /// Where statements run now.
    fn context(&self) -> Context;
    /// Whether Ctrl-C, or SIGINT, came while the shell was at work for the prompt.
    fn is_interrupted(&self) -> bool;
    /// What becomes readable when there is output to take.
    fn poll_fd(&self) -> Option<BorrowedFd<'_>>;
    /// Takes what came in, to be shown above the line; empty if there is nothing to show.
    fn take_output(&mut self) -> Vec<u8>;
}
