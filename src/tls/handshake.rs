//! The handshake on a connected socket, and what it established.

use super::certificate::Certificate;
use super::config::{Config, SslNegotiation};
use super::hostname_check;
use super::openssl_messages as messages;
use super::stream::{Encrypted, UNEXPECTED_END};
use crate::network::error::{AttemptError, CLOSED, error_text};
use crate::network::poll::{Deadline, Interest};
use crate::network::stream::{Plain, Stream, TlsInfo};
use rustls::ClientConnection;
use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::Ordering;

/// Goes through the handshake on a connected socket.
///
/// # Errors
/// psql's text; another way of encryption may do better, unless the user or the deadline ended it.
pub fn handshake(
    socket: Plain,
    config: &Config,
    deadline: &Deadline<'_>,
) -> Result<Box<dyn Stream>, AttemptError> {
    let tls = ClientConnection::new(config.client.clone(), config.server_name.clone())
        .map_err(|error| AttemptError::other_encryption(messages::error(&error)))?;
    let mut stream = Encrypted::new(socket, tls);
    while stream.tls.is_handshaking() || stream.tls.wants_write() {
        match stream.send() {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                deadline.wait(stream.as_fd(), Interest::Write)?;
                continue;
            }
            Err(error) => {
                return Err(failed_with_hint(config, &stream.pending_error().unwrap_or(error)));
            }
        }
        if !stream.tls.is_handshaking() {
            break;
        }
        match stream.receive() {
            Ok(true) => {}
            Ok(false) => return Err(AttemptError::other_encryption(UNEXPECTED_END)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                deadline.wait(stream.as_fd(), Interest::Read)?;
            }
            Err(error) => return Err(failed_with_hint(config, &error)),
        }
    }
    let certificate =
        stream.tls.peer_certificates().and_then(|all| Certificate::parse(all.first()?));
    if let Some(wanted) = &config.verified_host {
        let unreadable = || AttemptError::other_encryption("server certificate could not be read");
        let certificate = certificate.as_ref().ok_or_else(unreadable)?;
        hostname_check::check(certificate, wanted).map_err(AttemptError::other_encryption)?;
    }
    let info = info(config, &stream.tls, certificate.as_ref());
    if config.negotiation == SslNegotiation::Direct && info.alpn.is_empty() {
        return Err(AttemptError::other_encryption(
            "direct SSL connection was established without ALPN protocol negotiation extension",
        ));
    }
    stream.set_info(info);
    Ok(Box::new(stream))
}

fn info(config: &Config, tls: &ClientConnection, certificate: Option<&Certificate>) -> TlsInfo {
    let suite = tls.negotiated_cipher_suite().map(|suite| suite.suite());
    let (cipher, key_bits) = messages::cipher(suite);
    let alpn = String::from_utf8_lossy(tls.alpn_protocol().unwrap_or_default()).into_owned();
    TlsInfo {
        version: messages::version(tls.protocol_version()),
        cipher,
        key_bits,
        alpn,
        server_end_point: certificate.and_then(Certificate::server_end_point),
        certificate_requested: config.certificate.requested.load(Ordering::Relaxed),
        certificate_sent: config.certificate.key.is_some(),
    }
}

/// The error of a handshake that failed.
fn failed(error: &io::Error) -> AttemptError {
    let text = match (error.get_ref(), error.kind()) {
        (Some(text), _) => text.to_string(),
        (None, io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            format!("{CLOSED}\nSSL SYSCALL error: {}", error_text(error))
        }
        (None, _) => format!("SSL SYSCALL error: {}", error_text(error)),
    };
    AttemptError::other_encryption(text)
}

/// As [`failed`], with a hint where the TLS versions allowed may be the reason.
fn failed_with_hint(config: &Config, error: &io::Error) -> AttemptError {
    let mut failure = failed(error);
    let versions: [&[u8]; 3] = [
        b"SSL error: tlsv1 alert protocol version",
        b"SSL error: unsupported protocol",
        b"SSL error: wrong version number",
    ];
    if versions.contains(&failure.message.as_slice()) {
        let (lowest, highest) = &config.versions;
        let hint = [
            b"\nThis may indicate that the server does not support any SSL protocol version between ",
            &lowest[..],
            b" and ",
            highest,
            b".",
        ];
        failure.message.extend_from_slice(&hint.concat());
    }
    failure
}

#[cfg(test)]
mod tests;
