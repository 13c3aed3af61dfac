//! Handles what the server says unasked: beside an answer, between two queries, at an idle prompt.

use super::async_message::AsyncMessage;
use super::state::Connection;
use crate::console::{Console, server_message};
use crate::encoding::terminal_safe::escaped;
use crate::session::{Event, Session};

impl Connection {
    /// Handles what came beside the answer while data were sent.
    pub fn handle_received(&mut self, console: &mut Console) {
        // Whatever else comes, a lost connection too, belongs to the answer.
        while let Some(Ok(Some(event))) = self.session.as_mut().map(Session::next_async) {
            let message = AsyncMessage::from(event);
            self.handle_async(console, message);
        }
    }

    /// Handles what may come between any two messages.
    pub fn handle_async(&mut self, console: &mut Console, message: AsyncMessage) {
        match message {
            AsyncMessage::Notice(fields) => {
                console.server_message(&fields, Some(&self.async_messages.query));
            }
            AsyncMessage::Notification(n) => self.async_messages.notifications.push(n),
            AsyncMessage::Encoding(encoding) => console.set_encoding(encoding),
            AsyncMessage::Nothing => {}
        }
    }

    /// Shows the notifications that have come.
    pub fn show_notifications(&mut self, console: &mut Console) {
        if self.pipeline.is_busy() {
            self.pipeline.note_answer_begun(self.session.as_ref());
        }
        let interactive = console.is_interactive();
        while !self.pipeline.is_busy() {
            let Some(session) = self.session.as_mut() else { break };
            // A script's next answer brings what comes later; a user may not type for long.
            let event = if interactive { session.try_next() } else { session.next_received() };
            match event {
                // Unasked for, an error says why the server is about to hang up.
                Ok(Some(Event::Error(fields))) => console.server_message(&fields, None),
                Ok(Some(event)) => {
                    let message = AsyncMessage::from(event);
                    self.handle_async(console, message);
                }
                Ok(None) | Err(_) => break,
            }
        }
        let text = self.async_messages.take_notifications();
        let _ = console.output.query().write_all(&text);
    }

    /// What the server tells an idle shell, and that the connection is lost, for the user who types
    /// a line to see above it. A new connection is the next query's business: the server may just
    /// be starting again.
    pub fn idle_messages(&mut self, console: &mut Console) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some(event) = self.session.as_mut().map(Session::listen) {
            match event {
                Ok(Some(Event::Error(fields) | Event::Notice(fields))) => {
                    text.extend(server_message::text(&fields, None, console.message_style()));
                }
                Ok(Some(event)) => {
                    let message = AsyncMessage::from(event);
                    self.handle_async(console, message);
                }
                Err(lost) if !self.errors.loss_reported => {
                    self.errors.loss_reported = true;
                    text.extend([&lost.message[..], b"\n"].concat());
                    break;
                }
                Ok(None) | Err(_) => break,
            }
        }
        if console.output.is_redirected() {
            self.show_notifications(console);
            console.output.flush();
        } else {
            text.extend(self.async_messages.take_notifications());
        }
        escaped(&text, console.encoding()).into_owned()
    }
}
