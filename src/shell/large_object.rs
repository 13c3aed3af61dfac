//! Large objects between the server and files, by the protocol's function calls, as the client
//! library's `lo_*` functions do it.

use super::output::bytes_to_os;
use super::results::Aside;
use super::{Shell, os_error_text};
use crate::print;
use crate::session::{ErrorFields, Event, TransactionStatus};
use std::fs::File;
use std::io::{self, Read, Write};

/// Bytes of an object moved by one call.
const CHUNK: usize = 8192;

// The server's functions have had these OIDs in every version that can be met.
const LO_OPEN: u32 = 952;
const LO_CLOSE: u32 = 953;
const LO_READ: u32 = 954;
const LO_WRITE: u32 = 955;
const LO_CREAT: u32 = 957;
const LO_UNLINK: u32 = 964;

const INV_WRITE: i32 = 0x0002_0000;
const INV_READ: i32 = 0x0004_0000;

/// Why an operation on a large object failed.
enum Failure {
    /// The server refused.
    Server(ErrorFields),
    /// This side failed; the text is what the client library says.
    Here(Vec<u8>),
    /// The connection is gone, and that was reported.
    Lost,
}

impl Shell {
    /// `\lo_import`: makes a large object of a file, with a comment if one is given.
    pub fn import_large_object(&mut self, name: &[u8], comment: Option<&[u8]>) -> bool {
        self.with_large_object("\\lo_import", |shell| {
            let oid = shell.read_into_object(name)?;
            if let Some(comment) = comment {
                let comment = crate::lexer::quote_literal(comment, shell.encoding())
                    .map_err(|reason| Failure::Here(reason.message().into()))?;
                let sql = format!("COMMENT ON LARGE OBJECT {oid} IS ").into_bytes();
                shell.hidden(&[sql, comment].concat()).ok_or(Failure::Lost)?;
            }
            shell.variables.put(b"LASTOID", oid.to_string().as_bytes());
            Ok(format!("lo_import {oid}"))
        })
    }

    /// `\lo_export`: writes a large object to a file.
    pub fn export_large_object(&mut self, oid: u32, name: &[u8]) -> bool {
        self.with_large_object("\\lo_export", |shell| {
            shell.write_from_object(oid, name)?;
            Ok("lo_export".to_owned())
        })
    }

    /// `\lo_unlink`: deletes a large object.
    pub fn unlink_large_object(&mut self, oid: u32) -> bool {
        self.with_large_object("\\lo_unlink", |shell| {
            shell.call(LO_UNLINK, &[&oid.to_be_bytes()])?;
            Ok(format!("lo_unlink {oid}"))
        })
    }

    /// Runs `act` in a transaction, in one of its own if none is open, and shows what it returns.
    fn with_large_object(
        &mut self,
        command: &str,
        act: impl FnOnce(&mut Shell) -> Result<String, Failure>,
    ) -> bool {
        if self.session.is_none() {
            self.error(format!("{command}: not connected to a database"));
            return false;
        }
        let own = match self.transaction_status() {
            TransactionStatus::Idle => true,
            TransactionStatus::InTransaction => false,
            TransactionStatus::Failed => {
                self.error(format!("{command}: current transaction is aborted"));
                return false;
            }
            TransactionStatus::Active | TransactionStatus::Unknown => {
                self.error(format!("{command}: unknown transaction status"));
                return false;
            }
        };
        if own && self.hidden(b"BEGIN").is_none() {
            return false;
        }
        let done = act(self);
        // Without AUTOCOMMIT the transaction is the person's to end.
        let ends = own && self.settings().autocommit;
        let shown = match done {
            Ok(shown) if !ends || self.hidden(b"COMMIT").is_some() => shown,
            Ok(_) => return false,
            Err(failure) => {
                match failure {
                    Failure::Server(fields) => self.server_message(&fields, None),
                    Failure::Here(text) => self.connection_message(&text),
                    Failure::Lost => {}
                }
                if ends {
                    self.hidden(b"ROLLBACK");
                }
                return false;
            }
        };
        self.show_outcome(&shown);
        true
    }

    /// Shows what was done, as a command tag is shown.
    fn show_outcome(&mut self, text: &str) {
        if !self.settings().quiet && !self.only_data(self.print.format) {
            let html = self.print.format == print::Format::Html;
            let (before, after) = if html { ("<p>", "</p>") } else { ("", "") };
            let _ = writeln!(self.output.query(), "{before}{text}{after}");
        }
        if let Some(log) = self.output.log() {
            let _ = writeln!(log, "{text}");
        }
    }

    /// Makes an object of the file's content and returns its OID.
    fn read_into_object(&mut self, name: &[u8]) -> Result<u32, Failure> {
        let mut file = File::open(bytes_to_os(name)).map_err(|e| file_error("open", name, &e))?;
        let oid = self.call_number(LO_CREAT, &[&(INV_READ | INV_WRITE).to_be_bytes()])?;
        let access = INV_WRITE.to_be_bytes();
        let handle = self.call_number(LO_OPEN, &[&oid.to_be_bytes(), &access])?.to_be_bytes();
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let failure = file_error("read from", name, &error);
                    self.call(LO_CLOSE, &[&handle])?;
                    return Err(failure);
                }
            };
            self.call(LO_WRITE, &[&handle, &chunk[..length]])?;
        }
        self.call(LO_CLOSE, &[&handle])?;
        Ok(oid)
    }

    /// Writes an object's content to a file.
    fn write_from_object(&mut self, oid: u32, name: &[u8]) -> Result<(), Failure> {
        let access = INV_READ.to_be_bytes();
        let handle = self.call_number(LO_OPEN, &[&oid.to_be_bytes(), &access])?.to_be_bytes();
        let written = self.write_to_file(&handle, name);
        if !matches!(written, Err(Failure::Server(_) | Failure::Lost)) {
            self.call(LO_CLOSE, &[&handle])?;
        }
        written
    }

    fn write_to_file(&mut self, handle: &[u8], name: &[u8]) -> Result<(), Failure> {
        let path = bytes_to_os(name);
        let mut file = File::create(path).map_err(|e| file_error("open", name, &e))?;
        loop {
            let data = self.call(LO_READ, &[handle, &(CHUNK as i32).to_be_bytes()])?;
            if data.is_empty() {
                return Ok(());
            }
            file.write_all(&data).map_err(|e| file_error("write to", name, &e))?;
        }
    }

    /// Calls a function that returns a 32-bit number.
    fn call_number(&mut self, function: u32, arguments: &[&[u8]]) -> Result<u32, Failure> {
        let value = self.call(function, arguments)?;
        match <[u8; 4]>::try_from(value.as_slice()) {
            Ok(bytes) => Ok(u32::from_be_bytes(bytes)),
            Err(_) => Err(Failure::Here(b"unexpected result of a function call".to_vec())),
        }
    }

    /// Calls a function by its OID and returns its value, empty if NULL.
    fn call(&mut self, function: u32, arguments: &[&[u8]]) -> Result<Vec<u8>, Failure> {
        if self.refuse_in_pipeline() {
            return Err(Failure::Lost);
        }
        self.defer_interrupt();
        let Some(session) = self.session.as_mut() else { return Err(Failure::Lost) };
        session.function_call(function, arguments);
        let mut answer = Ok(Vec::new());
        loop {
            let Some(session) = self.session.as_mut() else { return Err(Failure::Lost) };
            match session.next_event() {
                Ok(Event::FunctionResult(value)) => answer = Ok(value.unwrap_or_default().to_vec()),
                Ok(Event::Error(fields)) => answer = Err(Failure::Server(fields)),
                Ok(Event::Ready(_)) => return answer,
                Ok(Event::Interrupted) => self.cancel_query(),
                Ok(event) => {
                    let aside = Aside::from(event);
                    self.take_aside(aside);
                }
                Err(lost) => {
                    self.lost(&lost.message);
                    return Err(Failure::Lost);
                }
            }
        }
    }
}

fn file_error(doing: &str, name: &[u8], error: &io::Error) -> Failure {
    let start = format!("could not {doing} file \"");
    let end = format!("\": {}", os_error_text(error));
    Failure::Here([start.as_bytes(), name, end.as_bytes()].concat())
}
