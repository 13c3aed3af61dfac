//! The start-up phase: the first packet, authentication, until the server is ready.

use super::auth::{Authentication, Step};
use super::backend::{BackendKey, PROTOCOL_3_0, PROTOCOL_3_2};
use super::client::Session;
use super::event::Event;
use super::message::{self, Reader};
use super::read_buffer::Frame;
use super::wire::{Arrival, Received};
use crate::conninfo::{Host, Settings};
use crate::error_fields::ErrorFields;
use crate::network::error::{AttemptError, AttemptErrorKind};
use bytes::BytesMut;
use zeroize::Zeroize;

/// A password message is hardly longer.
const MAX_SHORT_ANSWER: usize = 4096;

/// The stage that is named when an error comes without a text.
const AUTHENTICATING: &str = "while it authenticated the user";

/// More than a protocol 2 server ever had to say.
const MAX_OLD_ERROR: usize = 30_000;

impl Session {
    /// Goes through the start-up phase.
    pub(super) fn start(&mut self, settings: &Settings, host: &Host) -> Result<(), AttemptError> {
        let newer = |keyword| matches!(settings.get(keyword), Some(b"3.2" | b"latest"));
        let lowest = if newer("min_protocol_version") { PROTOCOL_3_2 } else { PROTOCOL_3_0 };
        let protocol = if newer("max_protocol_version") { PROTOCOL_3_2 } else { lowest };
        self.backend.protocol = protocol;
        message::startup(self.wire.output(), protocol, parameters(settings).into_iter());
        self.authenticate(settings, host, lowest)?;
        self.wait_until_ready()
    }

    /// From the start-up packet to AuthenticationOk.
    fn authenticate(
        &mut self,
        settings: &Settings,
        host: &Host,
        lowest: i32,
    ) -> Result<(), AttemptError> {
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
                        Err(_) if wire.is_late() => return Err(AttemptError::timed_out()),
                        Err(_) if wire.is_interrupted() => return Err(AttemptError::interrupted()),
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
                    let fields = fields
                        .ok_or_else(|| AttemptError::new("received invalid error message"))?;
                    let mut error = refusal(&fields, AUTHENTICATING);
                    // A server that is not up takes no encrypted connections either.
                    if error.kind == AttemptErrorKind::Final {
                        error.kind = AttemptErrorKind::OtherEncryption;
                    }
                    authentication.explain(&fields, &mut error.message);
                    return Err(error);
                }
                _ if negotiated => {
                    return Err(AttemptError::new(
                        "received duplicate protocol negotiation message",
                    ));
                }
                _ => {
                    self.backend.protocol = negotiate(body, self.backend.protocol, lowest)?;
                    negotiated = true;
                }
            }
        }
    }

    /// The next message, from what may turn out to be no PostgreSQL server: its bytes are checked
    /// before its length is believed.
    fn authentication_frame(&mut self) -> Result<Frame, AttemptError> {
        loop {
            let mut old_error = false;
            let held = self.wire.unread();
            if let Some(kind) = held.first() {
                if !matches!(kind, b'R' | b'E' | b'v') {
                    let text = b"expected authentication request from server, but received ";
                    return Err(AttemptError::new([text, &[*kind][..]].concat()));
                }
                let len = held[1..].first_chunk().map(|len| i32::from_be_bytes(*len));
                match (kind, len) {
                    (b'R', Some(..8 | 2001..)) => {
                        return Err(AttemptError::new("received invalid authentication request"));
                    }
                    (b'v', Some(..12 | 2001..)) => {
                        return Err(AttemptError::new(
                            "received invalid protocol negotiation message",
                        ));
                    }
                    // A server that can't even start a backend says why in the format of protocol 2.
                    (b'E', Some(..8 | 30_001..)) => {
                        let mut parts = held[1..].split(|b| *b == 0);
                        let text = parts.next().unwrap_or_default();
                        if parts.next().is_some() {
                            return Err(AttemptError::new(or_when(
                                text.trim_ascii_end().to_vec(),
                                AUTHENTICATING,
                            )));
                        }
                        if text.len() > MAX_OLD_ERROR {
                            return Err(AttemptError::new("received invalid error message"));
                        }
                        old_error = true;
                    }
                    _ => {}
                }
                if !old_error && let Some(frame) = self.wire.take_frame()? {
                    return Ok(frame);
                }
            }
            let received = self.wire.receive()?;
            if self.wire.take_interrupted() {
                return Err(AttemptError::interrupted());
            }
            if received == Received::TimedOut || self.wire.is_late() {
                return Err(AttemptError::timed_out());
            }
        }
    }

    /// From AuthenticationOk to ReadyForQuery.
    fn wait_until_ready(&mut self) -> Result<(), AttemptError> {
        loop {
            let frame = self.frame()?;
            if frame.kind == b'K' {
                let mut reader = Reader(self.wire.bytes(frame.body));
                let pid = reader.int32().unwrap_or_default();
                let key = BackendKey { pid, secret: reader.0.to_vec() };
                check_secret(&key.secret, self.backend.protocol)?;
                self.backend.key = key;
                continue;
            }
            match self.event(frame)? {
                Event::Ready(_) => return Ok(()),
                Event::Error(fields) => {
                    return Err(refusal(&fields, "after it had authenticated the user"));
                }
                Event::Notice(fields) => self.keep_notice(fields),
                Event::Notification(_) | Event::ParameterStatus { .. } | Event::CopyData(_) => {}
                _ => {
                    return Err(AttemptError::new("unexpected message from server during startup"));
                }
            }
        }
    }

    /// The next message.
    pub(super) fn frame(&mut self) -> Result<Frame, AttemptError> {
        // A server that never stops talking is no better than one that never begins.
        if self.wire.is_late() {
            return Err(AttemptError::timed_out());
        }
        match self.wire.wait_frame()? {
            Arrival::Frame(frame) => Ok(frame),
            Arrival::Interrupted => Err(AttemptError::interrupted()),
            Arrival::TimedOut => Err(AttemptError::timed_out()),
        }
    }
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
        // An empty name counts as one: it keeps the fallback away.
        let value = settings.given(keyword).or(fallback).filter(|value| !value.is_empty());
        if let Some(value) = value {
            parameters.push((name, value));
        }
    }
    parameters.extend(settings.parameters());
    parameters
}

/// The error of an ErrorResponse that came before the server was ready; `when` stands in for a text
/// that is missing.
pub(super) fn refusal(fields: &ErrorFields, when: &str) -> AttemptError {
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
    let message = or_when(message, when);
    match fields.get(b'C') {
        // "cannot connect now": another host may be up.
        Some(b"57P03") => AttemptError::next_host(message),
        Some(b"42704") => AttemptError { unknown_parameter: true, ..AttemptError::new(message) },
        _ => AttemptError::new(message),
    }
}

/// An error's text, or the stage it came at if it has none.
fn or_when(message: Vec<u8>, when: &str) -> Vec<u8> {
    if message.is_empty() {
        return format!("server sent an error without a message {when}").into_bytes();
    }
    message
}

/// NegotiateProtocolVersion: the version that the server speaks instead. We ask for no protocol
/// options, so it has none to refuse.
fn negotiate(body: &[u8], asked: i32, lowest: i32) -> Result<i32, AttemptError> {
    fn invalid(what: impl AsRef<[u8]>) -> Result<i32, AttemptError> {
        let before = b"received invalid protocol negotiation message: ";
        Err(AttemptError::new([before, what.as_ref()].concat()))
    }
    let shown = |version: i32| format!("{}.{}", version >> 16, version & 0xffff);
    let mut reader = Reader(body);
    let (Some(version), Some(options)) = (reader.int32(), reader.int32()) else {
        return invalid("message too short");
    };
    if version > asked {
        return invalid("server requested downgrade to a higher-numbered version");
    }
    if version < PROTOCOL_3_0 {
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
        return Err(AttemptError::new(format!(
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
fn check_secret(secret: &[u8], protocol: i32) -> Result<(), AttemptError> {
    let fault = match secret.len() {
        4 => return Ok(()),
        _ if protocol == PROTOCOL_3_0 => "not allowed in protocol version 3.0 (must be 4 bytes)",
        ..4 => "is too short (minimum 4 bytes)",
        257.. => "is too long (maximum 256 bytes)",
        _ => return Ok(()),
    };
    let len = secret.len();
    Err(AttemptError::new(format!(
        "received invalid BackendKeyData message: cancel key with length {len} {fault}"
    )))
}
