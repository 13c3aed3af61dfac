//! The start-up phase: the first packet, authentication, until the server is ready; and whether it
//! is the kind of server that is wanted.

use super::auth::{Authentication, Step};
use super::connect::Failure;
use super::frame::{Arrival, Frame};
use super::message::{self, Reader};
use super::{ErrorFields, Event, Session};
use crate::conninfo::{Host, Settings};
use bytes::BytesMut;
use zeroize::Zeroize;

const VERSION_3_0: i32 = 0x0003_0000;
const VERSION_3_2: i32 = 0x0003_0002;

/// Longer than passwords are.
const MAX_SHORT_ANSWER: usize = 4096;

/// So many notices of the start-up phase are kept; a login trigger has a few.
const MAX_NOTICES: usize = 1000;

/// When an error may come that has no text to say it.
const AUTHENTICATING: &str = "while it authenticated the user";

/// More than a protocol 2 server ever had to say.
const MAX_OLD_ERROR: usize = 30_000;

impl Session {
    /// Goes through the start-up phase.
    pub(super) fn start(&mut self, settings: &Settings, host: &Host) -> Result<(), Failure> {
        let newer = |keyword| matches!(settings.get(keyword), Some(b"3.2" | b"latest"));
        let lowest = if newer("min_protocol_version") { VERSION_3_2 } else { VERSION_3_0 };
        self.version = if newer("max_protocol_version") { VERSION_3_2 } else { lowest };
        message::startup(&mut self.wire.output, self.version, parameters(settings).into_iter());
        self.authenticate(settings, host, lowest)?;
        self.wait_until_ready()
    }

    /// From the start-up packet to AuthenticationOk.
    fn authenticate(
        &mut self,
        settings: &Settings,
        host: &Host,
        lowest: i32,
    ) -> Result<(), Failure> {
        let tls = self.wire.tls().cloned();
        let mut authentication = Authentication::new(settings, host, tls.as_ref());
        let mut negotiated = false;
        loop {
            let frame = self.authentication_frame()?;
            let body = self.wire.bytes(frame.body);
            match frame.kind {
                b'R' => {
                    // Room enough: growing would leave a copy of the password behind.
                    let mut answer = BytesMut::with_capacity(MAX_SHORT_ANSWER);
                    let wire = &self.wire;
                    let give_up = || wire.is_late() || wire.is_interrupted();
                    let step = match authentication.step(body, &mut answer, &give_up) {
                        Err(_) if wire.is_late() => return Err(timeout()),
                        Err(_) if wire.is_interrupted() => return Err(Failure::interrupted()),
                        step => step?,
                    };
                    self.wire.send_secret(&answer)?;
                    answer.zeroize();
                    self.used_password = authentication.used_password;
                    if step == Step::Done {
                        return Ok(());
                    }
                }
                b'E' => {
                    let fields = message::error_fields(body);
                    let fields =
                        fields.ok_or_else(|| Failure::new("received invalid error message"))?;
                    let mut failure = refusal(&fields, AUTHENTICATING);
                    // A server that is not up is none for encrypted connections either.
                    failure.other_encryption = !failure.next;
                    authentication.explain(&fields, &mut failure.message);
                    return Err(failure);
                }
                _ if negotiated => {
                    return Err(Failure::new("received duplicate protocol negotiation message"));
                }
                _ => {
                    self.version = negotiate(body, self.version, lowest)?;
                    negotiated = true;
                }
            }
        }
    }

    /// The next message while the server may still turn out not to be one: its bytes are looked
    /// at before its length is believed.
    fn authentication_frame(&mut self) -> Result<Frame, Failure> {
        loop {
            let mut old_error = false;
            let held = self.wire.held();
            if let Some(kind) = held.first() {
                if !matches!(kind, b'R' | b'E' | b'v') {
                    let text = b"expected authentication request from server, but received ";
                    return Err(Failure::new([text, &[*kind][..]].concat()));
                }
                let len = held[1..].first_chunk().map(|len| i32::from_be_bytes(*len));
                match (kind, len) {
                    (b'R', Some(..8 | 2001..)) => {
                        return Err(Failure::new("received invalid authentication request"));
                    }
                    (b'v', Some(..12 | 2001..)) => {
                        return Err(Failure::new("received invalid protocol negotiation message"));
                    }
                    // A server that can't even begin says why in the way of protocol 2.
                    (b'E', Some(..8 | 30_001..)) => {
                        let mut parts = held[1..].split(|b| *b == 0);
                        let text = parts.next().unwrap_or_default();
                        if parts.next().is_some() {
                            return Err(Failure::new(or_when(
                                text.trim_ascii_end().to_vec(),
                                AUTHENTICATING,
                            )));
                        }
                        if text.len() > MAX_OLD_ERROR {
                            return Err(Failure::new("received invalid error message"));
                        }
                        old_error = true;
                    }
                    _ => {}
                }
                if !old_error && let Some(frame) = self.wire.take_frame()? {
                    return Ok(frame);
                }
            }
            let timed_out = self.wire.receive()? || self.wire.is_late();
            if self.wire.take_interrupted() {
                return Err(Failure::interrupted());
            }
            if timed_out {
                return Err(timeout());
            }
        }
    }

    /// From AuthenticationOk to ReadyForQuery.
    fn wait_until_ready(&mut self) -> Result<(), Failure> {
        loop {
            let frame = self.frame()?;
            if frame.kind == b'K' {
                let mut reader = Reader(self.wire.bytes(frame.body));
                self.pid = reader.int32().unwrap_or_default();
                self.key = reader.0.to_vec();
                check_key(&self.key, self.version)?;
                continue;
            }
            let more = self.notices.len() < MAX_NOTICES;
            match self.event(frame)? {
                Event::Ready(_) => return Ok(()),
                Event::Error(fields) => {
                    return Err(refusal(&fields, "after it had authenticated the user"));
                }
                Event::Notice(fields) if more => self.notices.push(fields),
                Event::Notice(_)
                | Event::Notification(_)
                | Event::ParameterStatus { .. }
                | Event::CopyData(_) => {}
                _ => return Err(Failure::new("unexpected message from server during startup")),
            }
        }
    }

    fn frame(&mut self) -> Result<Frame, Failure> {
        // A server that never stops talking is no better than one that never begins.
        if self.wire.is_late() {
            return Err(timeout());
        }
        match self.wire.wait_frame()? {
            Arrival::Frame(frame) => Ok(frame),
            Arrival::Interrupted => Err(Failure::interrupted()),
            Arrival::TimedOut => Err(timeout()),
        }
    }

    /// `target_session_attrs`. Servers since 14 report what is needed, older ones are asked.
    pub(super) fn check_attributes(&mut self, wanted: &[u8]) -> Result<(), Failure> {
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
        Err(Failure::next(fault))
    }

    /// The one value a query returns.
    fn ask(&mut self, sql: &str) -> Result<Vec<u8>, Failure> {
        self.query(sql.as_bytes());
        let mut value = None;
        let mut refused = Vec::new();
        loop {
            let frame = self.frame()?;
            let more = self.notices.len() < MAX_NOTICES;
            match self.event(frame)? {
                Event::DataRow(body) => {
                    let row = crate::print::Row::trusted(body);
                    value = row.get(0).map(<[u8]>::to_vec);
                }
                Event::Notice(fields) if more => self.notices.push(fields),
                Event::Error(fields) => {
                    refused = refusal(&fields, "to a question about the session").message;
                    refused.push(b'\n');
                    value = None;
                }
                Event::Ready(_) => break,
                // It waits for data, or for an end of them, that will never come.
                Event::CopyIn { .. } | Event::CopyOut { .. } | Event::CopyBoth => {
                    self.break_off("unexpected COPY");
                    break;
                }
                _ => {}
            }
        }
        // The schema is our own addition.
        let sql = sql.replace("pg_catalog.", "");
        value.ok_or_else(|| {
            Failure::next([&refused, format!("\"{sql}\" failed").as_bytes()].concat())
        })
    }
}

fn timeout() -> Failure {
    Failure::next("timeout expired")
}

/// The parameters of the start-up packet.
fn parameters(settings: &Settings) -> Vec<(&str, &[u8])> {
    let pairs = [
        ("user", "user"),
        ("dbname", "database"),
        ("replication", "replication"),
        ("options", "options"),
        ("application_name", "application_name"),
        ("client_encoding", "client_encoding"),
    ];
    let mut parameters = Vec::new();
    for (keyword, name) in pairs {
        let fallback = match keyword {
            "application_name" => settings.given("fallback_application_name"),
            _ => None,
        };
        // An empty name is a name: it keeps the fallback away.
        let value = settings.given(keyword).or(fallback).filter(|value| !value.is_empty());
        if let Some(value) = value {
            parameters.push((name, value));
        }
    }
    parameters.extend(settings.parameters());
    parameters
}

/// The server's ErrorResponse before it was ready. If it holds no text, `when` it came has to do.
fn refusal(fields: &ErrorFields, when: &str) -> Failure {
    let mut message = Vec::new();
    let parts: [(u8, &[u8], &[u8]); 5] = [
        (b'S', b"", b":  "),
        (b'M', b"", b""),
        (b'D', b"\nDETAIL:  ", b""),
        (b'H', b"\nHINT:  ", b""),
        (b'W', b"\nCONTEXT:  ", b""),
    ];
    for (code, before, after) in parts {
        if let Some(value) = fields.get(code) {
            message.extend_from_slice(before);
            message.extend_from_slice(value);
            message.extend_from_slice(after);
        }
    }
    // "cannot connect now": another host may be up.
    let next = fields.get(b'C') == Some(b"57P03");
    let unknown_parameter = fields.get(b'C') == Some(b"42704");
    Failure { next, unknown_parameter, ..Failure::new(or_when(message, when)) }
}

/// An error's text, or if it has none when it came.
fn or_when(message: Vec<u8>, when: &str) -> Vec<u8> {
    if message.is_empty() {
        return format!("server sent an error without a message {when}").into_bytes();
    }
    message
}

/// NegotiateProtocolVersion: the version the server would rather speak. We ask for no protocol
/// options, so it has none to refuse.
fn negotiate(body: &[u8], asked: i32, lowest: i32) -> Result<i32, Failure> {
    fn invalid(what: impl AsRef<[u8]>) -> Result<i32, Failure> {
        let before = b"received invalid protocol negotiation message: ";
        Err(Failure::new([before, what.as_ref()].concat()))
    }
    let shown = |version: i32| format!("{}.{}", version >> 16, version & 0xffff);
    let mut reader = Reader(body);
    let (Some(version), Some(options)) = (reader.int32(), reader.int32()) else {
        return invalid("message too short");
    };
    if version > asked {
        return invalid("server requested downgrade to a higher-numbered version");
    }
    if version < VERSION_3_0 {
        return invalid("server requested downgrade to pre-3.0 protocol version");
    }
    if version == 0x0003_0001 {
        return invalid("server requested downgrade to non-existent 3.1 protocol version");
    }
    if options < 0 {
        return invalid("server reported negative number of unsupported parameters");
    }
    if version == asked && options == 0 {
        return invalid("server negotiated but asks for no changes");
    }
    if version < lowest {
        return Err(Failure::new(format!(
            "server only supports protocol version {}, but \"min_protocol_version\" was set to {}",
            shown(version),
            shown(lowest)
        )));
    }
    if options > 0 {
        let Some(name) = reader.string() else { return invalid("message too short") };
        let fault: &[u8] = match name.starts_with(b"_pq_.") {
            true => b"server reported an unsupported parameter that was not requested",
            false => b"server reported unsupported parameter name without a \"_pq_.\" prefix",
        };
        return invalid([fault, b" (\"", name, b"\")"].concat());
    }
    Ok(version)
}

/// The secret key of BackendKeyData has 4 bytes in protocol 3.0, 4 to 256 later.
fn check_key(key: &[u8], version: i32) -> Result<(), Failure> {
    let fault = match key.len() {
        4 => return Ok(()),
        _ if version == VERSION_3_0 => "not allowed in protocol version 3.0 (must be 4 bytes)",
        ..4 => "is too short (minimum 4 bytes)",
        257.. => "is too long (maximum 256 bytes)",
        _ => return Ok(()),
    };
    let len = key.len();
    Err(Failure::new(format!(
        "received invalid BackendKeyData message: cancel key with length {len} {fault}"
    )))
}
