//! Reads one result after another of what was sent, reporting what comes between them.

use super::Shell;
use super::store::RowStore;
use crate::encoding::Encoding;
use crate::encoding::terminal_safe::escaped;
use crate::session::{ErrorFields, Event, Field, Session};
use std::io;

/// A result with rows.
#[derive(Debug, Default)]
pub struct ResultSet {
    /// The columns.
    pub fields: Vec<Field>,
    /// The rows.
    pub rows: RowStore,
    /// The command tag; empty for a part that more rows follow.
    pub tag: Vec<u8>,
}

/// How much of a result comes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// All rows.
    Whole,
    /// So many rows (FETCH_COUNT).
    Rows(u64),
    /// The rows as they come, some `PORTION` bytes of them.
    Bytes,
}

/// Bytes that are worth looking at by themselves, and that a processor's cache holds.
const PORTION: u64 = 128 << 10;

/// A complete result of a statement.
#[derive(Debug)]
pub enum Completed {
    /// Rows, all of them or the last part.
    Rows(ResultSet),
    /// As many rows as were asked for; more may follow.
    Part(ResultSet),
    /// A command without rows: its tag.
    Command(Vec<u8>),
    /// The query was empty.
    Empty,
    /// The server waits for COPY data.
    CopyIn {
        /// Whether the data are binary.
        binary: bool,
    },
    /// The server is about to send COPY data.
    CopyOut,
    /// The server speaks a streaming protocol that a shell has no use for.
    CopyBoth,
    /// The server refused.
    Error(ErrorFields),
    /// The connection is gone, for this reason.
    Lost(Vec<u8>),
    /// The rows couldn't be kept.
    NotKept(io::Error),
}

impl Shell {
    /// Waits for the next result of what was sent; `None` when the server is ready for the next
    /// query. Notices are shown as they come, and those that have come right behind the result
    /// before it is.
    pub fn next_result(&mut self, portion: Portion) -> Option<Completed> {
        let result = self.wait_for_result(portion);
        if let Some(Completed::Rows(set) | Completed::Part(set)) = &result {
            self.tell_of_memory(set.rows.lacks_file());
        }
        // Not a new encoding: the result is in the old one.
        while self.session.as_ref().is_some_and(Session::has_notice) {
            let Some(Ok(Some(event))) = self.session.as_mut().map(Session::next_async) else {
                break;
            };
            let aside = Aside::from(event);
            self.take_aside(aside);
        }
        result
    }

    /// Warns the user, once, when a large result is kept in memory for want of a file.
    pub(super) fn tell_of_memory(&mut self, lacks_file: bool) {
        if lacks_file && self.is_interactive() && !std::mem::replace(&mut self.memory_told, true) {
            let folder = std::env::temp_dir();
            let folder = folder.as_os_str().as_encoded_bytes();
            let (before, after) =
                ("no room for temporary files in \"", "\": large results are kept in memory");
            self.warning([before.as_bytes(), folder, after.as_bytes()].concat());
        }
    }

    fn wait_for_result(&mut self, portion: Portion) -> Option<Completed> {
        if !self.pipeline.is_on() {
            self.output.flush();
        }
        let mut result: Option<ResultSet> = None;
        let mut failure: Option<io::Error> = None;
        loop {
            let session = self.session.as_mut()?;
            let failed = session.has_failed();
            let event = match session.next_event() {
                Ok(event) => event,
                Err(lost) => return Some(Completed::Lost(lost.message)),
            };
            match event {
                // What comes behind an error is no result: the statement has failed.
                event if failed && event.is_answer() => {}
                Event::DataRow(body) => {
                    let set = result.get_or_insert_with(|| ResultSet {
                        // A part that goes on has no description of its own.
                        fields: self.pending_fields.clone().unwrap_or_default(),
                        ..ResultSet::default()
                    });
                    if let Err(error) = set.rows.push(body) {
                        failure.get_or_insert(error);
                    }
                    if !matches!(portion, Portion::Rows(_)) {
                        // Whatever else has come already is taken at once.
                        let session = self.session.as_mut()?;
                        let run = match session.rows() {
                            Ok(run) => run,
                            Err(lost) => return Some(Completed::Lost(lost.message)),
                        };
                        if let Err(error) = set.rows.push_messages(run.bytes, run.count) {
                            failure.get_or_insert(error);
                        }
                    }
                    let full = match portion {
                        Portion::Whole => false,
                        Portion::Rows(rows) => set.rows.len() >= rows,
                        // Without columns parts leave traces.
                        Portion::Bytes => set.rows.bytes() >= PORTION && !set.fields.is_empty(),
                    };
                    if full && failure.is_none() {
                        let fields = set.fields.clone();
                        let full = std::mem::take(set);
                        // The description stays for the parts that follow.
                        self.pending_fields = Some(fields);
                        return Some(Completed::Part(full));
                    }
                }
                Event::RowDescription(fields) => {
                    self.pending_fields = None;
                    result = Some(ResultSet { fields, ..ResultSet::default() });
                }
                Event::CommandComplete(tag) => {
                    let tag = tag.to_vec();
                    if let Some(error) = failure {
                        return Some(Completed::NotKept(error));
                    }
                    let described = self.pending_fields.take();
                    let result = result
                        .or_else(|| Some(ResultSet { fields: described?, ..ResultSet::default() }));
                    self.names.note(&tag, result.is_some());
                    return Some(match result {
                        Some(set) => Completed::Rows(ResultSet { tag, ..set }),
                        None => Completed::Command(tag),
                    });
                }
                Event::EmptyQuery => return Some(Completed::Empty),
                Event::CopyIn { binary } => return Some(Completed::CopyIn { binary }),
                Event::CopyOut => return Some(Completed::CopyOut),
                Event::CopyBoth => return Some(Completed::CopyBoth),
                Event::Error(fields) => {
                    self.pending_fields = None;
                    return Some(Completed::Error(fields));
                }
                Event::Ready(_) => return None,
                // To `\parse` and `\close_prepared` these are the whole answer.
                Event::ParseComplete if self.pipeline.awaits_parse() => {
                    return Some(Completed::Command(Vec::new()));
                }
                Event::CloseComplete => return Some(Completed::Command(Vec::new())),
                Event::Interrupted => self.cancel_query(),
                other => {
                    let aside = Aside::from(other);
                    self.take_aside(aside);
                }
            }
        }
    }

    /// Tells a server that waits for COPY data, which nobody has, why none come.
    pub(super) fn refuse_copy_data(&mut self, reason: &[u8]) {
        if let Some(session) = self.session.as_mut() {
            session.copy_fail(reason);
        }
    }

    /// Handles what came beside the answer while data were sent.
    pub(super) fn show_received_asides(&mut self) {
        // Whatever else comes, a lost connection too, belongs to the answer.
        while let Some(Ok(Some(event))) = self.session.as_mut().map(Session::next_async) {
            let aside = Aside::from(event);
            self.take_aside(aside);
        }
    }

    /// Handles what may come between any two messages.
    pub(super) fn take_aside(&mut self, aside: Aside) {
        match aside {
            Aside::Notice(fields) => {
                let query = std::mem::take(&mut self.current_query);
                self.server_message(&fields, Some(&query));
                self.current_query = query;
            }
            Aside::Notification(n) => self.notifications.push(n),
            Aside::Encoding(encoding) => self.adopt_encoding(encoding),
            Aside::Nothing => {}
        }
    }

    /// Shows the notifications that have come.
    pub fn show_notifications(&mut self) {
        if self.pipeline.is_busy() {
            self.note_answer_begun();
        }
        let person = self.is_interactive();
        while !self.pipeline.is_busy() {
            let Some(session) = self.session.as_mut() else { break };
            // A script's next answer brings what comes later; a person may not type for long.
            let event = if person { session.try_next() } else { session.next_received() };
            match event {
                // Unasked for, an error says why the server is about to hang up.
                Ok(Some(Event::Error(fields))) => self.server_message(&fields, None),
                Ok(Some(event)) => {
                    let aside = Aside::from(event);
                    self.take_aside(aside);
                }
                Ok(None) | Err(_) => break,
            }
        }
        let text = self.take_notifications();
        let _ = self.output.query().write_all(&text);
    }

    fn take_notifications(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        for n in std::mem::take(&mut self.notifications) {
            text.extend_from_slice(b"Asynchronous notification \"");
            text.extend_from_slice(&n.channel);
            text.extend_from_slice(b"\" ");
            if !n.payload.is_empty() {
                text.extend_from_slice(b"with payload \"");
                text.extend_from_slice(&n.payload);
                text.extend_from_slice(b"\" ");
            }
            let pid = n.pid;
            text.extend_from_slice(
                format!("received from server process with PID {pid}.\n").as_bytes(),
            );
        }
        text
    }

    /// What the server tells an idle shell, and that the connection is lost, for the person who types
    /// a line to see above it. A new connection is the next query's business: the server may just
    /// be starting again.
    pub(super) fn idle_news(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some(heard) = self.session.as_mut().map(Session::listen) {
            match heard {
                Ok(Some(Event::Error(fields) | Event::Notice(fields))) => {
                    text.extend(super::message::text(&fields, None, self.message_style()));
                }
                Ok(Some(event)) => {
                    let aside = Aside::from(event);
                    self.take_aside(aside);
                }
                Err(lost) if !self.loss_told => {
                    self.loss_told = true;
                    text.extend([&lost.message[..], b"\n"].concat());
                    break;
                }
                Ok(None) | Err(_) => break,
            }
        }
        if self.output.is_redirected() {
            self.show_notifications();
            self.output.flush();
        } else {
            text.extend(self.take_notifications());
        }
        escaped(&text, self.encoding()).into_owned()
    }
}

/// What may come at any time, beside the answer to a query.
pub(super) enum Aside {
    Notice(ErrorFields),
    Notification(crate::session::Notification),
    Encoding(Encoding),
    Nothing,
}

impl From<Event<'_>> for Aside {
    fn from(event: Event<'_>) -> Aside {
        match event {
            Event::Notice(fields) => Aside::Notice(fields),
            Event::Notification(n) => Aside::Notification(n),
            Event::ParameterStatus { name: b"client_encoding", value } => {
                Aside::Encoding(Encoding::from_name(value))
            }
            // Acknowledgements of the extended protocol, and parameters the session keeps.
            _ => Aside::Nothing,
        }
    }
}
