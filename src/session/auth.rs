//! Authentication: the answers to the server's requests.
//!
//! Knows no socket: a request's body goes in, the answer comes out.

use super::message::Reader;
use super::scram::{self, ChannelBinding, Scram, Secret};
use crate::conninfo::{Host, Settings};
use crate::error_fields::ErrorFields;
use crate::network::error::AttemptError;
use crate::network::stream::TlsInfo;
use bytes::BytesMut;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::message::frontend;
use zeroize::Zeroizing;

/// The kinds of authentication requests ("Message Formats").
mod request {
    pub const OK: i32 = 0;
    pub const KERBEROS_V4: i32 = 1;
    pub const KERBEROS_V5: i32 = 2;
    pub const CLEARTEXT_PASSWORD: i32 = 3;
    pub const CRYPT: i32 = 4;
    pub const MD5_PASSWORD: i32 = 5;
    pub const GSS: i32 = 7;
    pub const GSS_CONTINUE: i32 = 8;
    pub const SSPI: i32 = 9;
    pub const SASL: i32 = 10;
    pub const SASL_CONTINUE: i32 = 11;
    pub const SASL_FINAL: i32 = 12;
}

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
    /// The password file that the password comes from.
    from_file: Option<&'a [u8]>,
    /// What is known of the connection's encryption.
    tls: Option<&'a TlsInfo>,
    scram: Option<Scram>,
    /// Whether we have proved who we are.
    finished: bool,
    /// Whether a password was asked for and sent.
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

    /// Answers an authentication request. Computing the answer may take long: `give_up` is called
    /// meanwhile and says whether to stop.
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
            request::OK => return Ok(Step::Done),
            request::CLEARTEXT_PASSWORD => {
                let password = self.password()?;
                send(frontend::password_message(password, answer))?;
                self.finished = true;
            }
            request::MD5_PASSWORD => {
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
            request::SASL => self.start_sasl(reader, answer)?,
            request::SASL_CONTINUE | request::SASL_FINAL => {
                self.continue_scram(kind, reader.0, answer, give_up)?;
            }
            request::KERBEROS_V4 => return Err(unsupported("Kerberos 4 authentication")),
            request::KERBEROS_V5 => return Err(unsupported("Kerberos 5 authentication")),
            request::CRYPT => return Err(unsupported("Crypt authentication")),
            request::GSS | request::GSS_CONTINUE => {
                return Err(unsupported("GSSAPI authentication"));
            }
            request::SSPI => return Err(unsupported("SSPI authentication")),
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
        if kind != request::OK || self.settings.get("sslcertmode") != Some(b"require") {
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
            request::OK => (
                self.finished
                    || self.allows("none")
                    || self.settings.given("require_auth") == Some(b""),
                "server did not complete authentication",
            ),
            request::CLEARTEXT_PASSWORD => {
                (self.allows("password"), "server requested a cleartext password")
            }
            request::MD5_PASSWORD => (self.allows("md5"), "server requested a hashed password"),
            request::GSS | request::GSS_CONTINUE => {
                (self.allows("gss"), "server requested GSSAPI authentication")
            }
            request::SSPI => (self.allows("sspi"), "server requested SSPI authentication"),
            request::SASL..=request::SASL_FINAL => (
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

    /// `channel_binding=require`, which only one method fulfils.
    fn check_channel_binding(&self, kind: i32) -> Result<(), AttemptError> {
        if self.settings.get("channel_binding") != Some(b"require") {
            return Ok(());
        }
        Err(AttemptError::new(match kind {
            request::OK if self.scram.as_ref().is_some_and(|s| self.finished && s.is_bound()) => {
                return Ok(());
            }
            request::OK => {
                "channel binding required, but server authenticated client without channel binding"
            }
            request::SASL if self.tls.is_none() => "channel binding required, but SSL not in use",
            request::SASL..=request::SASL_FINAL => return Ok(()),
            _ => "channel binding required but not supported by server's authentication request",
        }))
    }

    /// A server that began with SCRAM must prove that it knows the password before it accepts us,
    /// and must not ask for the password itself meanwhile. libpq leaves that to `require_auth`.
    fn check_scram(&self, kind: i32) -> Result<(), AttemptError> {
        match kind {
            request::OK if self.scram.is_some() && !self.finished => Err(AttemptError::new(
                "server did not complete SCRAM authentication: it did not prove that it knows \
                 the password",
            )),
            request::CLEARTEXT_PASSWORD | request::MD5_PASSWORD if self.scram.is_some() => {
                Err(AttemptError::new(
                    "server requested the password by another method after SCRAM had begun",
                ))
            }
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

    /// Answers the server's first SCRAM message or checks its last. The protocol has a message type
    /// of its own for the last one; libpq goes by the order, and so do we.
    fn continue_scram(
        &mut self,
        kind: i32,
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
        if kind == request::SASL_FINAL {
            return Err(AttemptError::new(
                "AuthenticationSASLFinal received from server, but SASL authentication was not \
                 completed",
            ));
        }
        send(frontend::sasl_response(&response, answer))
    }

    /// The best SCRAM mechanism that the server offers and the settings allow.
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
        // We say that we could have bound: so the server notices if somebody removed its offer.
        let could = self.tls.is_some() && binding != Some(b"disable");
        let binding = if could { ChannelBinding::NotOffered } else { ChannelBinding::None };
        Ok(offered(PLAIN).then_some((PLAIN, binding)))
    }

    /// The client's key given in place of a password, or else the password.
    fn secret(&mut self) -> Result<Secret, AttemptError> {
        let key = |keyword| self.settings.get(keyword).and_then(scram::decode_key);
        match (key("scram_client_key"), key("scram_server_key")) {
            (Some(client), server) => Ok(Secret::Keys { client, server }),
            (None, server) => {
                Ok(Secret::Password(Zeroizing::new(self.password()?.to_vec()), server))
            }
        }
    }

    /// Adds the file that a refused password came from.
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
    // The crate wants the name as UTF-8, and only appends it to the password.
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
