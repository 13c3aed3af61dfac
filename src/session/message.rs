//! The messages of the frontend/backend protocol: bytes to values and back (PostgreSQL's
//! documentation, "Message Formats").
//!
//! Pure: knows no stream. Names, statements and values are bytes; a message that does not add up
//! is `None`, never a panic. Messages whose text need not be UTF-8 are written here, the others by
//! `postgres-protocol`.

use super::event::{Event, Field, Notification, TransactionStatus};
use crate::error_fields::ErrorFields;
use bytes::{BufMut, BytesMut};

/// Reads a message's body from left to right; `None` at its end.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (value, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*value)
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[b]| b)
    }

    /// A 16-bit integer.
    fn int16(&mut self) -> Option<i16> {
        self.array().map(i16::from_be_bytes)
    }

    /// A 16-bit count.
    pub fn count(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// A 32-bit integer.
    pub fn int32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    /// An OID.
    pub fn oid(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A string up to its zero byte, which is skipped.
    pub fn string(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(0, self.0)?;
        let (value, rest) = self.0.split_at(end);
        self.0 = &rest[1..];
        Some(value)
    }

    /// The next `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (value, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(value)
    }

    /// `value`, if the whole body was read.
    pub fn finish<T>(self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// libpq keeps so much of a command's tag.
const MAX_TAG: usize = 63;

/// The event that a message is. A DataRow is the caller's to look at ([`data_row_columns`]), who
/// knows how many columns it must have.
#[inline]
pub fn decode(kind: u8, body: &[u8]) -> Option<Event<'_>> {
    match kind {
        b'T' => row_description(body).map(Event::RowDescription),
        b'C' => one_string(body).map(|tag| Event::CommandComplete(&tag[..tag.len().min(MAX_TAG)])),
        b'I' => Some(Event::EmptyQuery),
        b'Z' => ready_for_query(body).map(Event::Ready),
        b'E' => error_fields(body).map(Event::Error),
        b'N' => error_fields(body).map(Event::Notice),
        b'A' => notification(body).map(Event::Notification),
        b'S' => parameter_status(body).map(|(name, value)| Event::ParameterStatus { name, value }),
        b'G' => copy_response(body).map(|binary| Event::CopyIn { binary }),
        b'H' => copy_response(body).map(|_| Event::CopyOut),
        b'W' => copy_response(body).map(|_| Event::CopyBoth),
        b'd' => Some(Event::CopyData(body)),
        b'c' => Some(Event::CopyDone),
        b'1' => Some(Event::ParseComplete),
        b'2' => Some(Event::BindComplete),
        b'3' => Some(Event::CloseComplete),
        b'n' => Some(Event::NoData),
        b's' => Some(Event::PortalSuspended),
        b't' => parameter_description(body).map(|()| Event::ParameterDescription),
        b'V' => function_result(body).map(Event::FunctionResult),
        _ => None,
    }
}

/// RowDescription.
pub fn row_description(body: &[u8]) -> Option<Vec<Field>> {
    let mut r = Reader(body);
    let count = r.count()?;
    let mut fields = Vec::new();
    for _ in 0..count {
        fields.push(Field {
            name: r.string()?.to_vec(),
            table_oid: r.oid()?,
            column_number: r.int16()?,
            type_oid: r.oid()?,
            type_size: r.int16()?,
            type_modifier: r.int32()?,
            format: r.int16()?,
        });
    }
    r.finish(fields)
}

/// ErrorResponse and NoticeResponse.
pub fn error_fields(body: &[u8]) -> Option<ErrorFields> {
    let mut r = Reader(body);
    let mut fields = ErrorFields::default();
    loop {
        match r.byte()? {
            0 => return r.finish(fields),
            code => fields.push(code, r.string()?.to_vec()),
        }
    }
}

/// NotificationResponse.
pub fn notification(body: &[u8]) -> Option<Notification> {
    let mut r = Reader(body);
    let notification = Notification {
        pid: r.int32()?,
        channel: r.string()?.to_vec(),
        payload: r.string()?.to_vec(),
    };
    r.finish(notification)
}

/// ParameterStatus: name and value.
pub fn parameter_status(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut r = Reader(body);
    let pair = (r.string()?, r.string()?);
    r.finish(pair)
}

/// A body that is one string.
pub fn one_string(body: &[u8]) -> Option<&[u8]> {
    let mut r = Reader(body);
    let value = r.string()?;
    r.finish(value)
}

/// CopyInResponse, CopyOutResponse, CopyBothResponse: whether the data are binary.
pub fn copy_response(body: &[u8]) -> Option<bool> {
    let mut r = Reader(body);
    let binary = r.byte()? == 1;
    let columns = usize::from(r.count()?);
    r.bytes(columns * 2)?;
    r.finish(binary)
}

/// ParameterDescription; only its form is looked at.
pub fn parameter_description(body: &[u8]) -> Option<()> {
    let mut r = Reader(body);
    let count = usize::from(r.count()?);
    r.bytes(count * 4)?;
    r.finish(())
}

/// FunctionCallResponse.
pub fn function_result(body: &[u8]) -> Option<Option<&[u8]>> {
    let mut r = Reader(body);
    let value = match r.int32()? {
        -1 => None,
        len => Some(r.bytes(usize::try_from(len).ok()?)?),
    };
    r.finish(value)
}

/// ReadyForQuery.
pub fn ready_for_query(body: &[u8]) -> Option<TransactionStatus> {
    match body {
        b"I" => Some(TransactionStatus::Idle),
        b"T" => Some(TransactionStatus::InTransaction),
        b"E" => Some(TransactionStatus::Failed),
        _ => None,
    }
}

/// Number of columns of a DataRow whose framing adds up.
#[inline]
pub fn data_row_columns(body: &[u8]) -> Option<u16> {
    crate::print::Row::checked(body)?;
    body.first_chunk().map(|count| u16::from_be_bytes(*count))
}

/// Why a message can't be taken.
pub fn bad_message(kind: u8) -> Vec<u8> {
    const KNOWN: &[u8] = b"TCIZENASGHWdc123nstV";
    let text: &[u8] = if KNOWN.contains(&kind) {
        b"message contents do not agree with length in message type \""
    } else {
        b"unexpected response from server; first received character was \""
    };
    [text, &[kind], b"\""].concat()
}

/// Why a DataRow can't be taken.
pub fn bad_row(body: &[u8], columns: Option<u16>) -> &'static str {
    let mut reader = Reader(body);
    let count = reader.count();
    match columns {
        None => "server sent data (\"D\" message) without prior row description (\"T\" message)",
        Some(_) if count.is_some() && count != columns => "unexpected field count in \"D\" message",
        Some(columns) => {
            for _ in 0..columns {
                let value = match reader.int32() {
                    Some(-1) => Some(&[][..]),
                    Some(..-1) => return "invalid length of a value in \"D\" message",
                    Some(len) => usize::try_from(len).ok().and_then(|len| reader.bytes(len)),
                    None => None,
                };
                if value.is_none() {
                    return "insufficient data in \"D\" message";
                }
            }
            "message contents do not agree with length in message type \"D\""
        }
    }
}

/// Writes one message: its type byte (none for a start-up packet), its length, and the body
/// that `fill` appends.
pub fn write(out: &mut BytesMut, kind: Option<u8>, fill: impl FnOnce(&mut BytesMut)) {
    if let Some(kind) = kind {
        out.put_u8(kind);
    }
    let start = out.len();
    out.put_u32(0);
    fill(out);
    // The server refuses what 32 bits can't count; a length that lies would desynchronise it.
    let len = u32::try_from(out.len() - start).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&len.to_be_bytes());
}

/// Appends a string; what follows a zero byte can't be sent.
pub fn put_string(out: &mut BytesMut, text: &[u8]) {
    let text = text.split(|&b| b == 0).next().unwrap_or_default();
    out.put_slice(text);
    out.put_u8(0);
}

/// StartupMessage for protocol `version`, as in `0x0003_0000`.
pub fn startup<'a>(
    out: &mut BytesMut,
    version: i32,
    parameters: impl Iterator<Item = (&'a str, &'a [u8])>,
) {
    write(out, None, |out| {
        out.put_i32(version);
        for (name, value) in parameters {
            put_string(out, name.as_bytes());
            put_string(out, value);
        }
        out.put_u8(0);
    });
}

/// SSLRequest.
pub fn ssl_request(out: &mut BytesMut) {
    write(out, None, |out| out.put_i32(80_877_103));
}

/// CancelRequest.
pub fn cancel_request(out: &mut BytesMut, pid: i32, key: &[u8]) {
    write(out, None, |out| {
        out.put_i32(80_877_102);
        out.put_i32(pid);
        out.put_slice(key);
    });
}

/// Query.
pub fn query(out: &mut BytesMut, sql: &[u8]) {
    write(out, Some(b'Q'), |out| put_string(out, sql));
}

/// Parse, with no parameter types given.
pub fn parse(out: &mut BytesMut, name: &[u8], sql: &[u8]) {
    write(out, Some(b'P'), |out| {
        put_string(out, name);
        put_string(out, sql);
        out.put_u16(0);
    });
}

/// Bind of text parameters to the unnamed portal, asking for text results.
pub fn bind(out: &mut BytesMut, statement: &[u8], values: &[Vec<u8>]) {
    // Grown step by step, the buffer might take twice as much.
    out.reserve(values.iter().map(|value| value.len() + 4).sum());
    write(out, Some(b'B'), |out| {
        put_string(out, b"");
        put_string(out, statement);
        out.put_u16(0);
        out.put_u16(u16::try_from(values.len()).unwrap_or(u16::MAX));
        for value in values {
            put_value(out, value);
        }
        out.put_u16(0);
    });
}

/// Describe or Close (`message` is `b'D'` or `b'C'`) of a statement (`b'S'`) or portal (`b'P'`).
pub fn describe_or_close(out: &mut BytesMut, message: u8, what: u8, name: &[u8]) {
    write(out, Some(message), |out| {
        out.put_u8(what);
        put_string(out, name);
    });
}

/// Execute of the unnamed portal, for all rows.
pub fn execute(out: &mut BytesMut) {
    write(out, Some(b'E'), |out| {
        put_string(out, b"");
        out.put_i32(0);
    });
}

/// CopyFail.
pub fn copy_fail(out: &mut BytesMut, reason: &[u8]) {
    write(out, Some(b'f'), |out| put_string(out, reason));
}

/// FunctionCall with binary arguments and a binary result.
pub fn function_call(out: &mut BytesMut, function_oid: u32, arguments: &[&[u8]]) {
    write(out, Some(b'F'), |out| {
        out.put_u32(function_oid);
        out.put_u16(1);
        out.put_u16(1);
        out.put_u16(u16::try_from(arguments.len()).unwrap_or(u16::MAX));
        for argument in arguments {
            put_value(out, argument);
        }
        out.put_u16(1);
    });
}

fn put_value(out: &mut BytesMut, value: &[u8]) {
    out.put_i32(i32::try_from(value.len()).unwrap_or(i32::MAX));
    out.put_slice(value);
}
