//! Runs queries, and does with their results what was asked.
//!
//! A [`QueryRequest`] comes in, the result loop goes through what the server answers, a report comes
//! out and is told in variables and messages. Never knows where a query's text came from.

mod buffered_output;
mod chart;
mod client_copy;
mod copy;
mod copy_data;
mod dry_run;
mod estimate;
mod explain;
mod g_output;
mod gathered;
mod keep;
mod kept_results;
mod kept_text;
mod large_object;
mod pipeline;
mod rehearsal;
mod request;
mod result_action;
mod result_loop;
mod result_output;
mod rounded_floats;
mod row_names;
mod runner;
mod safeguard;
mod selection;
mod send;
mod timing;
mod types_within;
mod view;
mod view_copy;
mod viewed;
pub mod watch;
pub mod watch_screen;
mod zoned_results;

pub use self::client_copy::{ClientCopy, Endpoint};
pub use self::dry_run::DryRun;
pub use self::explain::MOST_BYTES as MOST_PLAN_BYTES;
pub use self::kept_results::{KeptResult, KeptResults};
pub use self::kept_text::{KeptText, TextRequest};
pub use self::request::{Cut, QueryRequest, ResultAction, ResultPlan};
pub use self::result_output::columns_of;
pub use self::runner::QueryRunner;
pub use self::safeguard::Leaving;
pub use self::selection::Selection;
