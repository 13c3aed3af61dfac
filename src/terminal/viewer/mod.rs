//! The table viewer: a result on the terminal's other screen, looked at by keys.
//!
//! Owns what is seen of it and what keys do there. Asks a [`TableSource`](crate::result_view::TableSource) for rows, and for no more
//! than the screen shows; never knows where they come from, nor where copies go (a [`ViewerHost`]
//! does).
//!
//! What is shown and what a key does to it is pure, in [`state`] and [`acts`], as is drawing, in
//! [`draw`]; the terminal is in [`viewing`] alone.

mod acts;
mod columns;
mod draw;
mod glyphs;
mod keys;
mod looks;
mod marks;
mod pace;
mod page;
mod pattern;
mod prompt;
mod request;
mod rows;
mod search;
mod state;
mod text;
mod viewing;

#[cfg(test)]
mod tests;

pub use request::{CopyFormat, CopyRequest, ViewerHost};
pub use state::Shape;
pub use viewing::{Look, view};
