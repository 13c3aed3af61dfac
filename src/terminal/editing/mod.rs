//! The line editor's pure parts: keys to text.
//!
//! Owns what a key means and what it does to the text. Never touches the terminal, knows no screen and
//! no session: bytes go into a [`KeyReader`], its keys into an [`Editing`], which says by an [`Effect`]
//! what is left to do.

mod argument;
mod buffer;
mod characters;
mod dispatch;
mod effect;
mod emacs;
mod escape;
mod function;
mod inputrc;
mod keymap;
mod keys;
mod kill_ring;
mod listing;
mod macros;
mod mouse;
mod notation;
mod query;
mod recall;
mod repeat;
mod resolver;
mod settings;
mod state;
mod undo;
mod vi;
mod vi_motion;
mod walk;

#[cfg(test)]
mod tests;

pub use dispatch::Editing;
pub use effect::Effect;
pub use inputrc::Inputrc;
pub use keymap::Mode;
pub use keys::{Input, KeyReader};
pub use mouse::{Mouse, MouseAction};
pub use settings::{BellStyle, EditingMode, Settings};
pub use walk::Entries;
