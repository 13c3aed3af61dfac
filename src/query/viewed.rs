//! What becomes of a result that may be looked at in the table viewer.

use crate::console::Reported;

/// What became of a result that may be looked at.
pub(super) enum Viewed {
    /// It was shown in the viewer.
    Shown(Result<(), Reported>),
    /// It is to be printed: the screen has room for it.
    Fits,
}
