//! What the server says beside the answer to a query: notices, notifications, parameters.

use crate::encoding::Encoding;
use crate::session::{ErrorFields, Event, Notification};

/// What may come at any time, beside the answer to a query.
pub enum AsyncMessage {
    /// A notice.
    Notice(ErrorFields),
    /// A notification of LISTEN.
    Notification(Notification),
    /// Another client encoding.
    Encoding(Encoding),
    /// Nothing that anybody is told of.
    Nothing,
}

impl From<Event<'_>> for AsyncMessage {
    fn from(event: Event<'_>) -> AsyncMessage {
        match event {
            Event::Notice(fields) => AsyncMessage::Notice(fields),
            Event::Notification(n) => AsyncMessage::Notification(n),
            Event::ParameterStatus { name: b"client_encoding", value } => {
                AsyncMessage::Encoding(Encoding::from_name(value))
            }
            // Acknowledgements of the extended protocol, and parameters the session keeps.
            _ => AsyncMessage::Nothing,
        }
    }
}

/// What came unasked and was not shown yet, and what it refers to.
#[derive(Default)]
pub(super) struct AsyncMessages {
    /// The query under way, to which positions in notices refer.
    pub query: Vec<u8>,
    pub notifications: Vec<Notification>,
}

impl AsyncMessages {
    /// A query begins.
    pub fn begin_query(&mut self, sql: &[u8]) {
        self.query.clear();
        self.query.extend_from_slice(sql);
    }

    /// What is to be shown of the notifications, which are forgotten.
    pub fn take_notifications(&mut self) -> Vec<u8> {
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
}
