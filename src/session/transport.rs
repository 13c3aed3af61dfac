//! From a server's address to a stream: a socket, encrypted if the settings and the server agree.
//!
//! Owns the question whether to encrypt, which comes before TLS itself (`tls/`).

use super::message;
use crate::conninfo::Settings;
use crate::network::error::{AttemptError, AttemptErrorKind, CLOSED, ConnectionLost};
use crate::network::peer::{Peer, ServerAddress};
use crate::network::poll::{Deadline, Interest};
use crate::network::socket;
use crate::network::stream::{Plain, Stream};
use crate::tls::{self, SslNegotiation};
use std::io;
use std::os::fd::AsFd;

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Never.
    Disabled,
    /// If the server offers it; otherwise the connection goes on without.
    Preferred,
    /// Always: there is no connection without.
    Required,
}

/// The ways to try, one after the other, as `sslmode` says. Unix sockets are never encrypted.
pub(super) fn encryptions(settings: &Settings, address: &ServerAddress) -> &'static [Encryption] {
    match (address, settings.get("sslmode").unwrap_or(b"prefer")) {
        (ServerAddress::Unix(_), _) | (_, b"disable") => &[Encryption::Disabled],
        (_, b"allow") => &[Encryption::Disabled, Encryption::Required],
        (_, b"prefer") => &[Encryption::Preferred, Encryption::Disabled],
        _ => &[Encryption::Required],
    }
}

/// Opens a stream, encrypted or not; and how it is encrypted, if it is.
///
/// # Errors
/// psql's text.
pub(super) fn open(
    settings: &Settings,
    peer: &Peer,
    encryption: Encryption,
    deadline: &Deadline<'_>,
) -> Result<(Box<dyn Stream>, Option<tls::Config>), AttemptError> {
    let mut socket = Plain(socket::connect(settings, peer, deadline)?);
    let negotiation = SslNegotiation::of(settings);
    if encryption == Encryption::Disabled
        || !agree_on_tls(&mut socket, negotiation, encryption, deadline)?
    {
        return Ok((Box::new(socket), None));
    }
    let config = tls::Config::new(settings, &peer.given)
        .map_err(|error| AttemptError { kind: AttemptErrorKind::OtherEncryption, ..error })?;
    Ok((tls::handshake(socket, &config, deadline)?, Some(config)))
}

/// Opens one more stream to where a session is connected, encrypted as that one is.
///
/// # Errors
/// psql's text.
pub(super) fn open_another(
    settings: &Settings,
    peer: &Peer,
    config: Option<&tls::Config>,
    deadline: &Deadline<'_>,
) -> Result<Box<dyn Stream>, AttemptError> {
    let mut socket = Plain(socket::connect(settings, peer, deadline)?);
    let Some(config) = config else { return Ok(Box::new(socket)) };
    agree_on_tls(&mut socket, config.negotiation, Encryption::Required, deadline)?;
    tls::handshake(socket, config, deadline)
}

/// Agrees with the server on whether to encrypt, and returns that.
fn agree_on_tls(
    socket: &mut Plain,
    negotiation: SslNegotiation,
    encryption: Encryption,
    deadline: &Deadline<'_>,
) -> Result<bool, AttemptError> {
    if negotiation == SslNegotiation::Direct {
        return Ok(true);
    }
    match send_ssl_request(socket, deadline)? {
        b'S' => Ok(true),
        b'N' if encryption == Encryption::Required => {
            Err(AttemptError::new("server does not support SSL, but SSL was required"))
        }
        b'N' => Ok(false),
        // Its text can't be trusted: anybody may have sent it.
        b'E' => Err(AttemptError::new("server sent an error response during SSL exchange")),
        answer => {
            let text = b"received invalid response to SSL negotiation: ";
            Err(AttemptError::new([text, &[answer][..]].concat()))
        }
    }
}

/// Sends SSLRequest and waits for the one byte that answers it.
fn send_ssl_request(socket: &mut Plain, deadline: &Deadline<'_>) -> Result<u8, AttemptError> {
    let mut packet = bytes::BytesMut::new();
    message::ssl_request(&mut packet);
    // A fresh socket takes a few bytes at once.
    let lost = |error| AttemptError::from(ConnectionLost::by_sending(&error));
    socket.write(&packet).map_err(lost)?;
    let mut answer = [0];
    loop {
        match socket.read(&mut answer) {
            Ok(0) => return Err(AttemptError::new(CLOSED)),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                deadline.wait(socket.as_fd(), Interest::Read)?;
            }
            Err(error) => return Err(lost(error)),
        }
    }
    // What follows unencrypted was put there by somebody in between (CVE-2021-23222).
    if answer == *b"S" && socket.read(&mut [0]).is_ok_and(|count| count > 0) {
        return Err(AttemptError::new("received unencrypted data after SSL response"));
    }
    Ok(answer[0])
}
