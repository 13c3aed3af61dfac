//! The user's edge: the editor with its history, lines read without it, the table viewer, the pager,
//! signals, the external editor, the password prompt.
//!
//! Owns everything that touches the terminal. Never knows a session: what Tab offers comes through
//! [`crate::completion::Catalog`], what the prompt says through [`crate::prompt`].

mod child_environment;
pub mod clipboard;
mod drawing;
pub mod editing;
pub mod editor;
mod editor_host;
pub mod external_editor;
mod first_modes;
mod full_screen;
pub mod history;
pub mod interruptible;
mod key_input;
mod locale;
mod other_screen;
pub mod pager;
pub mod password;
pub mod plain;
mod raw_mode;
mod read_line;
mod screen;
pub mod signal;
mod stdout;
mod sys;
pub mod viewer;
mod wait;
pub mod watch_screen;

pub use child_environment::ChildEnvironment;
pub use editor_host::{EditorHost, Occasion, TypedLine};
pub use locale::{adopt as adopt_locale, charmap, local_time, time_of_day, time_stamp};
pub use read_line::ReadLine;
pub use screen::{columns, size, stderr_is_tty, stdin_is_tty, stdout_is_tty};
pub use sys::set_environment;
