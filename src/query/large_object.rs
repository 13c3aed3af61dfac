//! Large objects between the server and files, by the protocol's function calls, as the client
//! library's `lo_*` functions do it.

use super::result_output::show_outcome;
use super::runner::QueryRunner;
use crate::connection;
use crate::console::path::bytes_to_os;
use crate::console::{Reported, os_error_text};
use crate::session::{ErrorFields, TransactionStatus};
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
    /// It was reported.
    Reported,
}

impl QueryRunner<'_> {
    /// `\lo_import`: makes a large object of a file, with a comment if one is given.
    ///
    /// # Errors
    /// It failed.
    pub fn import_large_object(
        &mut self,
        name: &[u8],
        comment: Option<&[u8]>,
    ) -> Result<(), Reported> {
        self.with_large_object("\\lo_import", |runner| {
            let oid = runner.read_into_object(name)?;
            if let Some(comment) = comment {
                let comment = crate::lexer::quote_literal(comment, runner.console.encoding())
                    .map_err(|reason| Failure::Here(reason.message().into()))?;
                let sql = format!("COMMENT ON LARGE OBJECT {oid} IS ").into_bytes();
                runner
                    .run_hidden(&[sql, comment].concat())
                    .map_err(|Reported| Failure::Reported)?;
            }
            runner.console.variables.put(b"LASTOID", oid.to_string().as_bytes());
            Ok(format!("lo_import {oid}"))
        })
    }

    /// `\lo_export`: writes a large object to a file.
    ///
    /// # Errors
    /// It failed.
    pub fn export_large_object(&mut self, oid: u32, name: &[u8]) -> Result<(), Reported> {
        self.with_large_object("\\lo_export", |runner| {
            runner.write_from_object(oid, name)?;
            Ok("lo_export".to_owned())
        })
    }

    /// `\lo_unlink`: deletes a large object.
    ///
    /// # Errors
    /// It failed.
    pub fn unlink_large_object(&mut self, oid: u32) -> Result<(), Reported> {
        self.with_large_object("\\lo_unlink", |runner| {
            runner.call(LO_UNLINK, &[&oid.to_be_bytes()])?;
            Ok(format!("lo_unlink {oid}"))
        })
    }

    /// Runs `act` in a transaction, in one of its own if none is open, and shows what it returns.
    fn with_large_object(
        &mut self,
        command: &str,
        act: impl FnOnce(&mut Self) -> Result<String, Failure>,
    ) -> Result<(), Reported> {
        if !self.connection.is_open() {
            return Err(self.console.error(format!("{command}: not connected to a database")));
        }
        let refusal = match self.connection.transaction_status() {
            TransactionStatus::Idle | TransactionStatus::InTransaction => None,
            TransactionStatus::Failed => Some("current transaction is aborted"),
            TransactionStatus::Active | TransactionStatus::Unknown => {
                Some("unknown transaction status")
            }
        };
        if let Some(reason) = refusal {
            return Err(self.console.error(format!("{command}: {reason}")));
        }
        let own = self.connection.transaction_status() == TransactionStatus::Idle;
        if own {
            self.run_hidden(b"BEGIN")?;
        }
        let done = act(self);
        // Without AUTOCOMMIT the transaction is the user's to end.
        let ends = own && self.console.settings().autocommit;
        let done = match done {
            Ok(done) => done,
            Err(failure) => {
                match failure {
                    Failure::Server(fields) => self.console.server_message(&fields, None),
                    Failure::Here(text) => {
                        self.console.info(&text);
                    }
                    Failure::Reported => {}
                }
                if ends {
                    // Its failure is reported, and the one before it is what counts.
                    let _ = self.run_hidden(b"ROLLBACK");
                }
                return Err(Reported);
            }
        };
        if ends {
            self.run_hidden(b"COMMIT")?;
        }
        show_outcome(self.console, done.as_bytes(), self.console.print.format);
        Ok(())
    }

    fn run_hidden(&mut self, sql: &[u8]) -> Result<(), Reported> {
        self.connection.run_hidden(self.console, sql).map(drop)
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
        if !matches!(written, Err(Failure::Server(_) | Failure::Reported)) {
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
        let refused = self.connection.refuse_in_pipeline(self.console);
        refused.map_err(|Reported| Failure::Reported)?;
        self.console.interrupts.defer();
        let called = self.connection.call_function(self.console, function, arguments);
        called.map_err(|failure| match failure {
            connection::Failure::NotConnected => Failure::Reported,
            connection::Failure::Refused(fields) => Failure::Server(fields),
            connection::Failure::NotKept(error) => Failure::Here(os_error_text(&error).into()),
            connection::Failure::Lost { reason, .. } => {
                self.connection.on_connection_lost(self.console, &reason);
                Failure::Reported
            }
        })
    }
}

fn file_error(doing: &str, name: &[u8], error: &io::Error) -> Failure {
    let start = format!("could not {doing} file \"");
    let end = format!("\": {}", os_error_text(error));
    Failure::Here([start.as_bytes(), name, end.as_bytes()].concat())
}
