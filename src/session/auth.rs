//! Authentication: what the server asks for, and what it gets.
//!
//! Knows nothing of sockets: a request's body goes in, the answer comes out.

use super::error::AttemptError;
use super::event::ErrorFields;
use super::message::Reader;
use super::scram::{self, ChannelBinding, Scram, Secret};
use super::stream::TlsInfo;
use crate::conninfo::{Host, Settings};
use bytes::BytesMut;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::message::frontend;
use zeroize::Zeroizing;

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
    settings: &'a Settings,
    password: Option<&'a [u8]>,
    /// The file the password comes from.
    from_file: Option<&'a [u8]>,
    /// What is known of the connection's encryption.
    tls: Option<&'a TlsInfo>,
    scram: Option<Scram>,
    /// We have proved who we are.
    finished: bool,
    /// A password was asked for and sent.
    pub used_password: bool,
}

impl<'a> Authentication<'a> {
    /// For a connection to `host`.
    pub fn new(
        settings: &'a Settings,
        host: &'a Host,
        tls: Option<&'a TlsInfo>,
    ) -> Authentication<'a> {
        let given = settings.get("password");
        let filed = host.password.as_ref().map(|p| p.as_slice()).filter(|_| given.is_none());
        Authentication {
            settings,
            password: given.or(filed),
            from_file: filed.and(settings.get("passfile")),
            tls,
            scram: None,
            finished: false,
            used_password: false,
        }
    }

    /// Answers an authentication request; `give_up` tells whether to stop before the answer is
    /// computed, which may take long.
    ///
    /// # Errors
    /// Why it can't be answered, or must not be.
    pub fn step(
        &mut self,
        body: &[u8],
        answer: &mut BytesMut,
        give_up: &dyn Fn() -> bool,
    ) -> Result<Step, AttemptError> {
        let mut reader = Reader(body);
        let Some(kind) = reader.int32() else {
            return Err(AttemptError::new("received invalid authentication request"));
        };
        self.check_certificate(kind)?;
        self.check_method(kind)?;
        self.check_channel_binding(kind)?;
        self.check_scram(kind)?;
        match kind {
            0 => return Ok(Step::Done),
            3 => {
                let password = self.password()?;
                send(frontend::password_message(password, answer))?;
                self.finished = true;
            }
            5 => {
                let Some(salt) = reader.bytes(4).and_then(|b| b.try_into().ok()) else {
                    return Err(AttemptError::new(
                        "fe_sendauth: error sending password authentication",
                    ));
                };
                let user = self.settings.get("user").unwrap_or_default();
                let hash = md5_hash(user, self.password()?, salt);
                send(frontend::password_message(hash.as_bytes(), answer))?;
                self.finished = true;
            }
            10 => self.start_sasl(reader, answer)?,
            11 | 12 => self.go_on_with_scram(kind == 12, reader.0, answer, give_up)?,
            1 => return Err(unsupported("Kerberos 4 authentication")),
            2 => return Err(unsupported("Kerberos 5 authentication")),
            4 => return Err(unsupported("Crypt authentication")),
            7 | 8 => return Err(unsupported("GSSAPI authentication")),
            9 => return Err(unsupported("SSPI authentication")),
            _ => {
                return Err(unsupported(&format!(
                    "authentication method {}",
                    kind.cast_unsigned()
                )));
            }
        }
        Ok(Step::More)
    }

    /// `sslcertmode=require`
    fn check_certificate(&self, kind: i32) -> Result<(), AttemptError> {
        if kind != 0 || self.settings.get("sslcertmode") != Some(b"require") {
            return Ok(());
        }
        let tls = self.tls;
        if !tls.is_some_and(|tls| tls.certificate_requested) {
            return Err(AttemptError::new("server did not request an SSL certificate"));
        }
        if !tls.is_some_and(|tls| tls.certificate_sent) {
            return Err(AttemptError::new(
                "server accepted connection without a valid SSL certificate",
            ));
        }
        Ok(())
    }

    /// `require_auth`
    fn check_method(&self, kind: i32) -> Result<(), AttemptError> {
        let (allowed, what) = match kind {
            0 => (
                self.finished
                    || self.allows("none")
                    || self.settings.given("require_auth") == Some(b""),
                "server did not complete authentication",
            ),
            3 => (self.allows("password"), "server requested a cleartext password"),
            5 => (self.allows("md5"), "server requested a hashed password"),
            7 | 8 => (self.allows("gss"), "server requested GSSAPI authentication"),
            9 => (self.allows("sspi"), "server requested SSPI authentication"),
            10..=12 => (
                self.allows("scram-sha-256") || self.allows("oauth"),
                "server requested SASL authentication",
            ),
            _ => (
                self.settings.given("require_auth").is_none(),
                "server requested an unknown authentication type",
            ),
        };
        if allowed { Ok(()) } else { Err(self.not_allowed(what)) }
    }

    /// Whether `require_auth` allows the method; an empty value allows none.
    fn allows(&self, method: &str) -> bool {
        let Some(value) = self.settings.given("require_auth") else { return true };
        let unwanted = value.starts_with(b"!");
        let named = value
            .split(|b| *b == b',')
            .any(|part| part.strip_prefix(b"!").unwrap_or(part) == method.as_bytes());
        named != unwanted
    }

    fn not_allowed(&self, what: &str) -> AttemptError {
        let wanted = self.settings.get("require_auth").unwrap_or_default();
        AttemptError::new(
            [b"authentication method requirement \"", wanted, b"\" failed: ", what.as_bytes()]
                .concat(),
        )
    }

    /// `channel_binding=require` is met by one method alone.
    fn check_channel_binding(&self, kind: i32) -> Result<(), AttemptError> {
        if self.settings.get("channel_binding") != Some(b"require") {
            return Ok(());
        }
        Err(AttemptError::new(match kind {
            0 if self.scram.as_ref().is_some_and(|s| self.finished && s.is_bound()) => {
                return Ok(());
            }
            0 => {
                "channel binding required, but server authenticated client without channel binding"
            }
            10 if self.tls.is_none() => "channel binding required, but SSL not in use",
            10..=12 => return Ok(()),
            _ => "channel binding required but not supported by server's authentication request",
        }))
    }

    /// A server that began with SCRAM is to prove that it knows the password before it says yes, and
    /// is not to ask for the password itself meanwhile. libpq leaves that to `require_auth`.
    fn check_scram(&self, kind: i32) -> Result<(), AttemptError> {
        match kind {
            0 if self.scram.is_some() && !self.finished => Err(AttemptError::new(
                "server did not complete SCRAM authentication: it did not prove that it knows \
                 the password",
            )),
            3 | 5 if self.scram.is_some() => Err(AttemptError::new(
                "server requested the password by another method after SCRAM had begun",
            )),
            _ => Ok(()),
        }
    }

    fn password(&mut self) -> Result<&'a [u8], AttemptError> {
        match self.password {
            Some(password) => {
                self.used_password = true;
                Ok(password)
            }
            None => Err(AttemptError::needs_password()),
        }
    }

    fn start_sasl(
        &mut self,
        mut reader: Reader<'_>,
        answer: &mut BytesMut,
    ) -> Result<(), AttemptError> {
        if self.scram.is_some() {
            return Err(AttemptError::new("duplicate SASL authentication request"));
        }
        let mut mechanisms = Vec::new();
        loop {
            match reader.string() {
                None => {
                    return Err(AttemptError::new(
                        "fe_sendauth: invalid authentication request from server: \
                         invalid list of authentication mechanisms",
                    ));
                }
                Some(b"") => break,
                Some(name) => mechanisms.push(name),
            }
        }
        let offered = |mechanism: &str| mechanisms.contains(&mechanism.as_bytes());
        if let Some((mechanism, binding)) = self.scram_mechanism(offered)? {
            if !self.allows("scram-sha-256") {
                return Err(self.not_allowed("server requested SCRAM-SHA-256 authentication"));
            }
            let scram = Scram::new(self.secret()?, binding).map_err(AttemptError::new)?;
            let first = scram.first_message();
            send(frontend::sasl_initial_response(mechanism, &first, answer))?;
            self.scram = Some(scram);
            return Ok(());
        }
        if !mechanisms.contains(&b"OAUTHBEARER".as_slice()) {
            return Err(AttemptError::new(
                "none of the server's SASL authentication mechanisms are supported",
            ));
        }
        if !self.allows("oauth") {
            return Err(self.not_allowed("server requested OAUTHBEARER authentication"));
        }
        let set = |keyword| self.settings.get(keyword).is_some();
        Err(AttemptError::new(if set("oauth_issuer") && set("oauth_client_id") {
            "no OAuth flows are available"
        } else {
            "server requires OAuth authentication, but oauth_issuer and oauth_client_id \
             are not both set"
        }))
    }

    /// Answers the server's first message or checks its last. The protocol has a name of its own for
    /// what comes last, libpq goes by the order.
    fn go_on_with_scram(
        &mut self,
        last: bool,
        message: &[u8],
        answer: &mut BytesMut,
        give_up: &dyn Fn() -> bool,
    ) -> Result<(), AttemptError> {
        let scram = self.scram.as_mut().ok_or_else(no_sasl)?;
        if scram.has_responded() {
            scram.finish(message).map_err(AttemptError::new)?;
            self.finished = true;
            return Ok(());
        }
        let response = scram.respond(message, give_up).map_err(AttemptError::new)?;
        if last {
            return Err(AttemptError::new(
                "AuthenticationSASLFinal received from server, but SASL authentication was not \
                 completed",
            ));
        }
        send(frontend::sasl_response(&response, answer))
    }

    /// The best of SCRAM's mechanisms that the server offers and we may use.
    fn scram_mechanism(
        &self,
        offered: impl Fn(&str) -> bool,
    ) -> Result<Option<(&'static str, ChannelBinding)>, AttemptError> {
        const PLAIN: &str = "SCRAM-SHA-256";
        const BOUND: &str = "SCRAM-SHA-256-PLUS";
        let binding = self.settings.get("channel_binding");
        if offered(BOUND) {
            let Some(tls) = self.tls else {
                return Err(AttemptError::new(
                    "server offered SCRAM-SHA-256-PLUS authentication over a non-SSL connection",
                ));
            };
            if binding != Some(b"disable") {
                let Some(end_point) = &tls.server_end_point else {
                    return Err(AttemptError::new(
                        "could not find digest for NID of the server certificate's signature",
                    ));
                };
                return Ok(Some((BOUND, ChannelBinding::EndPoint(end_point.clone()))));
            }
        }
        if binding == Some(b"require") {
            return Err(AttemptError::new(
                "channel binding is required, but server did not offer an authentication method \
                 that supports channel binding",
            ));
        }
        // Says that we could have: the server knows then whether somebody took its offer away.
        let could = self.tls.is_some() && binding != Some(b"disable");
        let binding = if could { ChannelBinding::NotOffered } else { ChannelBinding::None };
        Ok(offered(PLAIN).then_some((PLAIN, binding)))
    }

    /// The keys given in place of a password, or else the password.
    fn secret(&mut self) -> Result<Secret, AttemptError> {
        let key = |keyword| self.settings.get(keyword).and_then(scram::decode_key);
        match (key("scram_client_key"), key("scram_server_key")) {
            (Some(client), Some(server)) => Ok(Secret::Keys { client, server }),
            _ => Ok(Secret::Password(Zeroizing::new(self.password()?.to_vec()))),
        }
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

fn unsupported(what: &str) -> AttemptError {
    AttemptError::new(format!("{what} not supported"))
}

fn no_sasl() -> AttemptError {
    AttemptError::new(
        "fe_sendauth: invalid authentication request from server: \
         AUTH_REQ_SASL_CONT without AUTH_REQ_SASL",
    )
}

fn send(result: std::io::Result<()>) -> Result<(), AttemptError> {
    result.map_err(|error| AttemptError::new(error.to_string()))
}

/// A password as the server's catalog keeps it, for ALTER USER under `password_encryption` `md5`.
pub fn md5_verifier(user: &[u8], password: &[u8]) -> String {
    // The crate wants the name as UTF-8, and puts it behind the password.
    postgres_protocol::password::md5(&Zeroizing::new([password, user].concat()), "")
}

/// A password as the server's catalog keeps it, for ALTER USER under `password_encryption`
/// `scram-sha-256`. `iterations` is the parameter `scram_iterations`, 4096 in old servers.
///
/// # Errors
/// The system gave no random bytes.
pub fn scram_verifier(password: &[u8], iterations: u32) -> Result<String, String> {
    scram::verifier(password, iterations)
}
