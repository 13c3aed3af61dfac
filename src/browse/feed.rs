//! Where rows come from while a result is looked at.

use crate::connection::RowStore;
use crate::result_view::Arrival;
use std::io;
use std::os::fd::BorrowedFd;

/// Where the rest of a result comes from.
pub trait Feed {
    /// Adds some of what has come, without waiting, and tells what is known of the rest.
    ///
    /// # Errors
    /// The rows can't be kept.
    fn take(&mut self, rows: &mut RowStore) -> io::Result<Arrival>;

    /// What can be read when more has come.
    fn descriptor(&self) -> Option<BorrowedFd<'_>>;

    /// Asks the server to send no more.
    fn cancel(&mut self);
}

/// A result that is whole.
#[derive(Clone, Copy, Debug)]
pub struct Whole;

impl Feed for Whole {
    fn take(&mut self, _: &mut RowStore) -> io::Result<Arrival> {
        Ok(Arrival::Whole)
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn cancel(&mut self) {}
}
