//! What a prompt asks of the shell while a line is typed.

use std::os::fd::BorrowedFd;

use crate::completion::Catalog;

/// The shell, as a prompt sees it while a line is typed.
pub trait EditorHost {
    /// Where Tab's candidates come from. Without it the line is data, not SQL: nothing is completed
    /// or coloured.
    fn catalog(&mut self) -> Option<&mut dyn Catalog>;
    /// What becomes readable when there is output to take.
    fn poll_fd(&self) -> Option<BorrowedFd<'_>>;
    /// Takes what came in, to be shown above the line; empty if there is nothing to show.
    fn take_output(&mut self) -> Vec<u8>;
}
