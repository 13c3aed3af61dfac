//! Authentication: what the server asks for, and what it gets.
//!
//! Knows nothing of sockets: a request's body goes in, the answer comes out.

use super::ErrorFields;
use super::connect::Failure;
use super::message::Reader;
use super::scram::Scram;
use crate::conninfo::{Host, Settings};
use bytes::BytesMut;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::message::frontend;

/// Whether authentication goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The server has more to say.
    More,
    /// AuthenticationOk.
    Done,
}

/// How far authentication has come.
pub struct Authentication<'a> {
    user: &'a [u8],
    password: Option<&'a [u8]>,
    /// The password is the password file's.
    from_file: Option<&'a [u8]>,
    scram: Option<Scram>,
    /// A password was asked for and sent.
    pub used_password: bool,
}

impl<'a> Authentication<'a> {
    /// For a connection to `host`.
    pub fn new(settings: &'a Settings, host: &'a Host) -> Authentication<'a> {
        let given = settings.get("password");
        let filed = host.password.as_deref().filter(|_| given.is_none());
        Authentication {
            user: settings.get("user").unwrap_or_default(),
            password: given.or(filed),
            from_file: filed.and(settings.get("passfile")),
            scram: None,
            used_password: false,
        }
    }

    /// Answers an authentication request.
    pub fn step(&mut self, body: &[u8], answer: &mut BytesMut) -> Result<Step, Failure> {
        let mut reader = Reader(body);
        let Some(kind) = reader.int32() else {
            return Err(Failure::new("received invalid authentication request"));
        };
        let other = match kind {
            0 => return Ok(Step::Done),
            3 => {
                let password = self.password()?;
                send(frontend::password_message(password, answer))?;
                return Ok(Step::More);
            }
            5 => {
                let Some(salt) = reader.bytes(4).and_then(|b| b.try_into().ok()) else {
                    return Err(Failure::new("received invalid authentication request"));
                };
                let hash = md5_hash(self.user, self.password()?, salt);
                send(frontend::password_message(hash.as_bytes(), answer))?;
                return Ok(Step::More);
            }
            10 => {
                self.start_scram(reader, answer)?;
                return Ok(Step::More);
            }
            11 => {
                let scram = self.scram.as_mut().ok_or_else(out_of_order)?;
                let message = scram.respond(reader.0).map_err(Failure::new)?;
                send(frontend::sasl_response(&message, answer))?;
                return Ok(Step::More);
            }
            12 => {
                let scram = self.scram.as_mut().ok_or_else(out_of_order)?;
                scram.finish(reader.0).map_err(Failure::new)?;
                return Ok(Step::More);
            }
            2 => "Kerberos 5 authentication not supported",
            4 => "Crypt authentication not supported",
            7 | 8 => "GSSAPI authentication not supported",
            9 => "SSPI authentication not supported",
            _ => return Err(Failure::new(format!("authentication method {kind} not supported"))),
        };
        Err(Failure::new(other))
    }

    fn password(&mut self) -> Result<&'a [u8], Failure> {
        match self.password {
            Some(password) => {
                self.used_password = true;
                Ok(password)
            }
            None => Err(Failure {
                needs_password: true,
                ..Failure::new("fe_sendauth: no password supplied")
            }),
        }
    }

    fn start_scram(
        &mut self,
        mut reader: Reader<'_>,
        answer: &mut BytesMut,
    ) -> Result<(), Failure> {
        let mut found = false;
        while let Some(name) = reader.string().filter(|name| !name.is_empty()) {
            found |= name == b"SCRAM-SHA-256";
        }
        if !found {
            return Err(Failure::new(
                "none of the server's SASL authentication mechanisms are supported",
            ));
        }
        let password = self.password()?;
        let scram = Scram::new(password).map_err(Failure::new)?;
        send(frontend::sasl_initial_response("SCRAM-SHA-256", &scram.first_message(), answer))?;
        self.scram = Some(scram);
        Ok(())
    }

    /// Adds where a refused password came from.
    pub fn explain(&self, fields: &ErrorFields, message: &mut Vec<u8>) {
        if let (Some(file), Some(b"28P01"), true) =
            (self.from_file, fields.get(b'C'), self.used_password)
        {
            message.extend_from_slice(b"\npassword retrieved from file \"");
            message.extend_from_slice(file);
            message.extend_from_slice(b"\"");
        }
    }
}

fn out_of_order() -> Failure {
    Failure::new(
        "fe_sendauth: invalid authentication request from server: AUTH_REQ_SASL_CONT without AUTH_REQ_SASL",
    )
}

fn send(result: std::io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| Failure::new(error.to_string()))
}

/// A password as the server's catalog keeps it, for ALTER USER under `password_encryption` `md5`.
pub fn md5_verifier(user: &[u8], password: &[u8]) -> String {
    // The crate wants the name as UTF-8, and puts it behind the password.
    postgres_protocol::password::md5(&[password, user].concat(), "")
}

/// A password as the server's catalog keeps it, for ALTER USER under `password_encryption`
/// `scram-sha-256`. `iterations` is the parameter `scram_iterations`, 4096 in old servers.
///
/// # Errors
/// The system gave no random bytes.
pub fn scram_verifier(password: &[u8], iterations: u32) -> Result<String, String> {
    super::scram::verifier(password, iterations)
}
