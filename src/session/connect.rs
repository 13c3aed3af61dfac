//! From settings to a session: hosts and their addresses in turn, with encryption and without.
//!
//! The texts of errors are psql's.

use super::client::Session;
use super::connect_params::ConnectParams;
use super::transport::{self, Encryption};
use super::wire::Wire;
use crate::conninfo::{Host, Settings};
use crate::network::error::{
    AttemptError, AttemptErrorKind, ConnectError, ConnectErrorKind, error_text,
};
use crate::network::lookup::{self, LookupError};
use crate::network::peer::{Peer, ServerAddress};
use crate::network::poll::{Deadline, drain};
use crate::network::socket;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Instant;

/// The longest path of a Unix socket, in bytes.
const MAX_SOCKET_PATH: usize = if cfg!(target_vendor = "apple") { 103 } else { 107 };

impl Session {
    /// Opens a connection as `settings` (from `conninfo::resolve`) say: hosts in turn,
    /// authentication, start-up parameters. `interrupt` becomes readable when the user presses
    /// Ctrl-C; the session empties it whenever it reports an interrupt.
    ///
    /// # Errors
    /// psql's text, and whether a password would help.
    pub fn connect(
        settings: &Settings,
        interrupt: Option<OwnedFd>,
    ) -> Result<Session, ConnectError> {
        let wanted = settings.get("target_session_attrs").unwrap_or(b"any");
        // If no host is a standby, any server will do.
        let passes: &[&[u8]] = match wanted {
            b"prefer-standby" => &[b"standby", b"any"],
            _ => &[wanted],
        };
        let mut search = Search { settings, interrupt, error: ConnectError::default() };
        for wanted in passes {
            match search.try_hosts(wanted) {
                Outcome::Connected(mut session) => {
                    session.put_notices_before(search.error.notices);
                    return Ok(*session);
                }
                Outcome::Hopeless => break,
                Outcome::NotYet => {}
            }
        }
        Err(search.error)
    }
}

impl ConnectParams {
    /// Opens another connection to the same address and under the same terms: encrypted if the
    /// first one is, or not at all. Nobody can interrupt it.
    pub(super) fn open(&self) -> Result<Session, AttemptError> {
        let encryption =
            if self.tls.is_some() { Encryption::Required } else { Encryption::Disabled };
        attempt(&self.settings, &self.peer, b"any", encryption, &None)
    }
}

/// The search for a server that accepts us.
struct Search<'a> {
    settings: &'a Settings,
    interrupt: Option<OwnedFd>,
    /// What went wrong so far.
    error: ConnectError,
}

/// What trying servers came to.
enum Outcome {
    Connected(Box<Session>),
    /// None accepted us; another may.
    NotYet,
    /// Nothing else can help.
    Hopeless,
}

impl Search<'_> {
    /// Tries every host for a session of the kind that is `wanted`.
    fn try_hosts(&mut self, wanted: &[u8]) -> Outcome {
        for host in in_try_order(self.settings, self.settings.hosts().iter().collect()) {
            // A port that is no number ends the search, whatever other hosts there are.
            if let Err(not_a_number) = host.port_integer() {
                self.add_line(&not_a_number.message);
                return Outcome::Hopeless;
            }
            let found = host.port_number().map_err(AttemptError::from).and_then(|port| {
                let deadline = socket::deadline(self.settings);
                addresses(host, port, self.interrupt.as_ref(), deadline)
            });
            let found = match found {
                Ok(found) => found,
                Err(error) if error.kind == AttemptErrorKind::Interrupted => {
                    self.error.message.clear();
                    self.error.kind = ConnectErrorKind::Interrupted;
                    return Outcome::Hopeless;
                }
                Err(error) => {
                    self.add_line(&error.message);
                    continue;
                }
            };
            for address in in_try_order(self.settings, found) {
                match self.try_server(&Peer::new(host, address), wanted) {
                    Outcome::NotYet => {}
                    outcome => return outcome,
                }
            }
        }
        Outcome::NotYet
    }

    /// Tries one address of a host.
    fn try_server(&mut self, peer: &Peer, wanted: &[u8]) -> Outcome {
        let errors = match try_encryptions(self.settings, peer, wanted, &self.interrupt) {
            Ok(session) => return Outcome::Connected(Box::new(session)),
            Err(errors) => errors,
        };
        let mut outcome = Outcome::NotYet;
        for mut error in errors {
            self.error.notices.append(&mut error.notices);
            self.add_line(&[peer.failure_prefix(), error.message].concat());
            outcome = Outcome::Hopeless;
            match error.kind {
                AttemptErrorKind::Interrupted => {
                    self.error.kind = ConnectErrorKind::Interrupted;
                    return outcome;
                }
                AttemptErrorKind::NeedsPassword => {
                    self.error.kind = ConnectErrorKind::NeedsPassword;
                }
                AttemptErrorKind::NextHost => outcome = Outcome::NotYet,
                AttemptErrorKind::Final | AttemptErrorKind::OtherEncryption => {}
            }
        }
        outcome
    }

    fn add_line(&mut self, line: &[u8]) {
        let text = &mut self.error.message;
        if !text.is_empty() {
            text.push(b'\n');
        }
        text.extend_from_slice(line);
    }
}

/// Hosts or addresses in the order to try them: shuffled if `load_balance_hosts` says so and the
/// system has random numbers.
fn in_try_order<T>(settings: &Settings, mut items: Vec<T>) -> Vec<T> {
    if settings.get("load_balance_hosts") == Some(b"random") {
        for last in (1..items.len()).rev() {
            let random = getrandom::u64().unwrap_or(last as u64);
            items.swap(last, (random % (last as u64 + 1)) as usize);
        }
    }
    items
}

/// The addresses of a host, or why there are none.
fn addresses(
    host: &Host,
    port: u16,
    interrupt: Option<&OwnedFd>,
    deadline: Option<Instant>,
) -> Result<Vec<ServerAddress>, AttemptError> {
    if host.is_socket() {
        let path = [&host.name, format!("/.s.PGSQL.{port}").as_bytes()].concat();
        if path.len() > MAX_SOCKET_PATH {
            let after = format!("\" is too long (maximum {MAX_SOCKET_PATH} bytes)");
            let parts = [b"Unix-domain socket path \"", &path[..], after.as_bytes()];
            return Err(AttemptError::new(parts.concat()));
        }
        return Ok(vec![ServerAddress::Unix(path)]);
    }
    let (name, numeric) = match host.address.as_slice() {
        [] => (host.name.as_slice(), false),
        address => (address, true),
    };
    let found = match std::str::from_utf8(name) {
        // An address is never looked up as a name; only addresses hold a colon.
        Ok(text) if !numeric || text.contains(':') || !lookup::numeric(text).is_empty() => {
            lookup::addresses(text, port, interrupt.map(AsFd::as_fd), deadline)
        }
        _ => Err(LookupError::Unknown("Name or service not known".to_owned())),
    };
    let cause = match found {
        Ok(addresses) => return Ok(addresses.into_iter().map(ServerAddress::Tcp).collect()),
        Err(LookupError::Unknown(cause)) => cause,
        Err(LookupError::TimedOut) => "timeout expired".to_owned(),
        Err(LookupError::Interrupted) => {
            if let Some(interrupt) = interrupt {
                let _ = drain(interrupt);
            }
            return Err(AttemptError::interrupted());
        }
    };
    let (before, after) = if numeric {
        ("could not parse network address", "")
    } else {
        ("could not translate host name", " to address")
    };
    let parts: [&[u8]; 7] =
        [before.as_bytes(), b" \"", name, b"\"", after.as_bytes(), b": ", cause.as_bytes()];
    Err(AttemptError::new(parts.concat()))
}

/// Tries a server with encryption and without, as `sslmode` says; the errors of all attempts.
fn try_encryptions(
    settings: &Settings,
    peer: &Peer,
    wanted: &[u8],
    interrupt: &Option<OwnedFd>,
) -> Result<Session, Vec<AttemptError>> {
    let mut errors = Vec::new();
    let mut nameless = None;
    for encryption in transport::encryptions(settings, &peer.address) {
        let mut again = true;
        while again {
            let settings = nameless.as_ref().unwrap_or(settings);
            let error = match attempt(settings, peer, wanted, *encryption, interrupt) {
                Ok(session) => return Ok(session),
                Err(error) => error,
            };
            // A server may be too old to know application_name.
            again = error.unknown_parameter && nameless.is_none();
            if again {
                nameless = Some(without_application_name(settings));
            }
            errors.push(error);
        }
        if errors.last().is_none_or(|error| error.kind != AttemptErrorKind::OtherEncryption) {
            break;
        }
    }
    Err(errors)
}

/// The settings without the name of the application.
fn without_application_name(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.unset("application_name");
    settings.unset("fallback_application_name");
    settings
}

/// One attempt: socket, start-up packet, authentication, until the server is ready.
fn attempt(
    settings: &Settings,
    peer: &Peer,
    wanted: &[u8],
    encryption: Encryption,
    interrupt: &Option<OwnedFd>,
) -> Result<Session, AttemptError> {
    let deadline = Deadline { at: socket::deadline(settings), interrupt: interrupt.as_ref() };
    let (stream, tls) = transport::open(settings, peer, encryption, &deadline)?;
    let encrypted = tls.is_some();
    let interrupt = interrupt.as_ref().map(OwnedFd::try_clone).transpose();
    let interrupt = interrupt.map_err(|error| AttemptError::new(error_text(&error)))?;
    let wire = Wire::new(stream, interrupt, deadline.at);
    let params = ConnectParams { settings: settings.clone(), peer: peer.clone(), tls };
    let mut session = Session::new(wire, params);
    let started = session.start(settings, &peer.given).map_err(|mut error| {
        // Where the server had no encryption to offer, the attempt went on without it: that way has
        // been tried.
        if error.kind == AttemptErrorKind::OtherEncryption
            && encrypted == (encryption == Encryption::Disabled)
        {
            error.kind = AttemptErrorKind::Final;
        }
        error
    });
    if let Err(error) = started.and_then(|()| session.check_session_attrs(wanted)) {
        return Err(AttemptError { notices: session.take_notices(), ..error });
    }
    session.wire.set_deadline(None);
    Ok(session)
}
