//! A look-up on the session that takes no longer than a user waits.

use crate::catalog_query::CatalogQuery;
use crate::connection::{Connection, ResultSet};
use crate::console::Console;
use crate::session::{CancelToken, Session};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// How long the server may think about candidates: longer, and Tab brings none.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Runs a look-up on the session; one that takes too long (it may wait for a lock) is cancelled.
pub(super) fn look_up_in_time(
    console: &mut Console,
    connection: &mut Connection,
    query: &CatalogQuery,
) -> Option<ResultSet> {
    let token = connection.session().map(Session::cancel_token)?;
    let (done, finished) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || cancel_when_late(&token, &finished));
        let set = connection.run_quietly(console, query.as_bytes());
        drop(done);
        set
        // The thread is waited for, so no late request meets the user's next query.
    })
}

fn cancel_when_late(token: &CancelToken, finished: &mpsc::Receiver<()>) {
    if finished.recv_timeout(TIMEOUT) == Err(RecvTimeoutError::Timeout) {
        // If it can't be cancelled, the answer is waited for.
        let _ = token.cancel();
    }
}
