//! Reads one result after another of what was sent, reporting what comes between them.

use super::async_message::AsyncMessage;
use super::state::Connection;
use super::statement_result::{FetchMode, ResultSet, StatementResult};
use crate::console::Console;
use crate::session::{Event, Session};
use std::io;

/// Bytes that are worth looking at by themselves, and that a processor's cache holds.
const CHUNK: u64 = 128 << 10;

/// What is done while the server is at work: called before each wait for its next word, it may wait
/// itself until there is one.
pub type Meanwhile<'m> = &'m mut dyn FnMut(&mut Console, &mut Connection);

impl Connection {
    /// Waits for the next result of what was sent; `None` when the server is ready for the next
    /// query. Notices are shown as they come, and those that have come right behind the result
    /// before it is.
    pub fn next_result(
        &mut self,
        console: &mut Console,
        fetch: FetchMode,
    ) -> Option<StatementResult> {
        self.next_result_meanwhile(console, fetch, &mut |_, _| {})
    }

    /// As [`Connection::next_result`], with something to do while it is waited for.
    pub fn next_result_meanwhile(
        &mut self,
        console: &mut Console,
        fetch: FetchMode,
        meanwhile: Meanwhile<'_>,
    ) -> Option<StatementResult> {
        let result = self.wait_for_result(console, fetch, meanwhile);
        if let Some(StatementResult::Rows(set) | StatementResult::Part(set)) = &result {
            self.report_lacking_file(console, set.rows.lacks_file());
        }
        // Not a new encoding: the result is in the old one.
        while self.session.as_ref().is_some_and(Session::has_notice) {
            let Some(Ok(Some(event))) = self.session.as_mut().map(Session::next_async) else {
                break;
            };
            let message = AsyncMessage::from(event);
            self.handle_async(console, message);
        }
        result
    }

    /// Warns the user, once, when a large result is kept in memory for want of a file.
    pub fn report_lacking_file(&mut self, console: &mut Console, lacks_file: bool) {
        if lacks_file
            && console.is_interactive()
            && !std::mem::replace(&mut self.reading.memory_reported, true)
        {
            let folder = std::env::temp_dir();
            let folder = folder.as_os_str().as_encoded_bytes();
            let (before, after) =
                ("no room for temporary files in \"", "\": large results are kept in memory");
            console.warning([before.as_bytes(), folder, after.as_bytes()].concat());
        }
    }

    fn wait_for_result(
        &mut self,
        console: &mut Console,
        fetch: FetchMode,
        meanwhile: Meanwhile<'_>,
    ) -> Option<StatementResult> {
        if !self.pipeline.is_on() {
            console.output.flush();
        }
        let mut result: Option<ResultSet> = self.reading.begun.take();
        let mut failure: Option<io::Error> = None;
        loop {
            meanwhile(console, self);
            let session = self.session.as_mut()?;
            let failed = session.has_failed();
            let event = match session.next_event() {
                Ok(event) => event,
                Err(lost) => return Some(StatementResult::Lost(lost.message)),
            };
            match event {
                // What comes behind an error is no result: the statement has failed.
                event if failed && event.is_answer() => {}
                Event::DataRow(body) => {
                    let set = result.get_or_insert_with(|| ResultSet {
                        // A part that goes on has no description of its own.
                        fields: self.reading.fields.clone().unwrap_or_default(),
                        ..ResultSet::default()
                    });
                    if let Err(error) = set.rows.push(body) {
                        failure.get_or_insert(error);
                    }
                    if !matches!(fetch, FetchMode::Rows(_)) {
                        // Whatever else has come already is taken at once.
                        let session = self.session.as_mut()?;
                        let run = match session.rows() {
                            Ok(run) => run,
                            Err(lost) => return Some(StatementResult::Lost(lost.message)),
                        };
                        if let Err(error) = set.rows.push_messages(run.bytes, run.count) {
                            failure.get_or_insert(error);
                        }
                    }
                    let full = match fetch {
                        FetchMode::Whole => false,
                        FetchMode::Rows(rows) => set.rows.len() >= rows,
                        // Without columns parts leave traces.
                        FetchMode::Bytes => set.rows.bytes() >= CHUNK && !set.fields.is_empty(),
                    };
                    if full && failure.is_none() {
                        let fields = set.fields.clone();
                        let full = std::mem::take(set);
                        // The description stays for the parts that follow.
                        self.reading.fields = Some(fields);
                        return Some(StatementResult::Part(full));
                    }
                }
                Event::RowDescription(fields) => {
                    self.reading.fields = None;
                    result = Some(ResultSet { fields, ..ResultSet::default() });
                }
                Event::CommandComplete(tag) => {
                    let tag = tag.to_vec();
                    if let Some(error) = failure {
                        return Some(StatementResult::NotKept(error));
                    }
                    let described = self.reading.fields.take();
                    let result = result
                        .or_else(|| Some(ResultSet { fields: described?, ..ResultSet::default() }));
                    self.changes.note(&tag, result.is_some());
                    self.note_session_state(&tag);
                    return Some(match result {
                        Some(set) => StatementResult::Rows(ResultSet { tag, ..set }),
                        None => StatementResult::Command(tag),
                    });
                }
                Event::EmptyQuery => return Some(StatementResult::Empty),
                Event::CopyIn { binary } => return Some(StatementResult::CopyIn { binary }),
                Event::CopyOut => return Some(StatementResult::CopyOut),
                Event::CopyBoth => return Some(StatementResult::CopyBoth),
                Event::Error(fields) => {
                    self.reading.fields = None;
                    return Some(StatementResult::Error(fields));
                }
                Event::Ready(status) => {
                    self.changes.note_ready(status);
                    return None;
                }
                // To `\parse` and `\close_prepared` these are the whole answer.
                Event::ParseComplete if self.pipeline.awaits_parse() => {
                    return Some(StatementResult::Command(Vec::new()));
                }
                Event::CloseComplete => return Some(StatementResult::Command(Vec::new())),
                Event::Interrupted => self.cancel_query(console),
                other => {
                    let message = AsyncMessage::from(other);
                    self.handle_async(console, message);
                }
            }
        }
    }

    /// The next result goes on with these rows, which are its first.
    pub fn go_on_with(&mut self, set: ResultSet) {
        self.reading.begun = Some(set);
    }

    /// Tells a server that waits for COPY data, which nobody has, why none come.
    pub fn refuse_copy_data(&mut self, reason: &[u8]) {
        if let Some(session) = self.session.as_mut() {
            session.copy_fail(reason);
        }
    }
}
