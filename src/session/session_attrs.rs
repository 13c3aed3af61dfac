//! `target_session_attrs`: whether the server is of the kind that is wanted.

use super::client::Session;
use super::event::Event;
use super::startup::refusal;
use crate::network::error::AttemptError;
use crate::print::Row;

impl Session {
    /// Checks the server. Those since version 14 report what is needed, older ones are asked.
    pub(super) fn check_session_attrs(&mut self, wanted: &[u8]) -> Result<(), AttemptError> {
        let version = self.server_version();
        let on = |value: Option<&[u8]>| value == Some(b"on");
        let fault = match wanted {
            b"read-write" | b"read-only" => {
                let read_only = if version >= 140_000 {
                    on(self.parameter("default_transaction_read_only"))
                        || on(self.parameter("in_hot_standby"))
                } else {
                    self.ask("SHOW transaction_read_only")? == b"on"
                };
                match (wanted, read_only) {
                    (b"read-write", true) => "session is read-only",
                    (b"read-only", false) => "session is not read-only",
                    _ => return Ok(()),
                }
            }
            b"primary" | b"standby" => {
                let standby = if version >= 140_000 {
                    on(self.parameter("in_hot_standby"))
                } else {
                    version >= 90_000 && self.ask("SELECT pg_catalog.pg_is_in_recovery()")? == b"t"
                };
                match (wanted, standby) {
                    (b"primary", true) => "server is in hot standby mode",
                    (b"standby", false) => "server is not in hot standby mode",
                    _ => return Ok(()),
                }
            }
            _ => return Ok(()),
        };
        Err(AttemptError::next_host(fault))
    }

    /// Runs a query of ours and returns its one value.
    fn ask(&mut self, sql: &str) -> Result<Vec<u8>, AttemptError> {
        self.query(sql.as_bytes());
        let mut value = None;
        let mut refused = Vec::new();
        loop {
            let frame = self.frame()?;
            match self.event(frame)? {
                Event::DataRow(body) => {
                    let row = Row::trusted(body);
                    value = row.get(0).map(<[u8]>::to_vec);
                }
                Event::Notice(fields) => self.keep_notice(fields),
                Event::Error(fields) => {
                    refused = refusal(&fields, "to a question about the session").message;
                    refused.push(b'\n');
                    value = None;
                }
                Event::Ready(_) => break,
                // The server would wait for data that never come.
                Event::CopyIn { .. } | Event::CopyOut | Event::CopyBoth => {
                    self.close_with_error("unexpected COPY");
                    break;
                }
                _ => {}
            }
        }
        // psql shows the query without the schema.
        let sql = sql.replace("pg_catalog.", "");
        value.ok_or_else(|| {
            AttemptError::next_host([&refused, format!("\"{sql}\" failed").as_bytes()].concat())
        })
    }
}
