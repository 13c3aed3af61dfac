//! The connection: the session, the settings it came from, what it is in the middle of (a pipeline,
//! a result), the helper beside it, and what the server says unasked.
//!
//! Reports through the console. Never knows what becomes of a result.

mod async_message;
mod cancel;
mod connect;
mod greeting;
mod helper;
mod helper_questions;
mod own_query;
pub mod pipeline;
mod pipeline_mode;
pub mod protocol;
mod renewal;
mod result_reader;
pub mod row_store;
mod settings_files;
pub mod spool;
mod state;
mod statement_result;
mod time_zones;
mod types;
mod unasked;
mod zone_cache;

pub use self::async_message::AsyncMessage;
pub use self::cancel::tell_cancelled;
pub use self::own_query::Failure;
pub use self::renewal::Lost;
pub use self::row_store::RowStore;
pub use self::settings_files::SYSTEM_DIRECTORY;
pub use self::state::Connection;
pub use self::statement_result::{FetchMode, ResultSet, StatementResult, report_not_kept};
