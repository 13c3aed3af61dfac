//! What an operator asks of a server: who is connected and at what, who waits for whom, and who is
//! to go.
//!
//! Owns the queries about it, by server version, and what is said of their answers. A [`Desk`] runs
//! them, over the session or beside it; nothing here connects, waits or writes by itself.

mod activity;
mod age;
mod backend;
mod end_sessions;
mod hba;
mod hba_rules;
mod host;
mod locks;
mod occupants;
mod place;
mod recovery;
mod reload;
mod settings;
mod table;
mod target;
mod unit;
mod wal;

pub use activity::list;
pub use backend::own_process;
pub use end_sessions::end;
pub use hba_rules::{Candidate, hba};
pub use host::{Answered, Desk, Layout};
pub use locks::blocking_tree;
pub use occupants::{Occupants, database_wanted, occupants, query as question, who_is_there};
pub use place::Place;
pub use reload::Configuration;
pub use settings::{Chosen, SettingsRequest, settings};
pub use target::{Deed, Request, name_argument};
pub use wal::wal;
