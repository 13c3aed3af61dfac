//! TLS, by rustls, as libpq does it (PostgreSQL's documentation, "SSL Support").
//!
//! Owns the handshake, the files it needs and the judgement of the server's certificate. Whether
//! TLS is spoken at all, and what happens when it fails, is connect.rs' business. Nothing here is
//! touched before TLS is tried.
//!
//! ```text
//! config.rs       settings and files to what a handshake needs     stream.rs   the encrypted stream
//! key.rs pem.rs   private keys; the files' format                  key_log.rs  sslkeylogfile
//! root_file.rs    whom to trust
//! verifier.rs     what rustls asks                                 text.rs     OpenSSL's words
//! path.rs         from a certificate to a trusted one              name.rs     is it the host's?
//! constraint.rs   may an authority certify such names?             fault.rs    what may be wrong
//! certificate.rs revocation_list.rs  what is signed                signature.rs keys and algorithms
//! extension.rs general_name.rs distinguished_name.rs  what is in it   asn1.rs oid.rs  DER
//! ```

mod asn1;
mod certificate;
mod config;
mod constraint;
mod distinguished_name;
mod extension;
mod fault;
mod general_name;
mod key;
mod key_log;
mod name;
mod oid;
mod path;
mod pem;
mod revocation_list;
mod root_file;
mod signature;
mod stream;
mod text;
mod verifier;

pub use config::Config;

use super::connect::{Failure, Patience};
use super::frame::CLOSED;
use super::stream::{Plain, Stream, error_text};
use certificate::Certificate;
use rustls::ClientConnection;
use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::Ordering;
use stream::Encrypted;

/// What is known of an encrypted connection.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// `TLSv1.3`
    pub version: &'static str,
    /// OpenSSL's name of the cipher.
    pub cipher: &'static str,
    /// The length of the cipher's key.
    pub key_bits: u16,
    /// The protocol agreed on by ALPN; empty if none.
    pub alpn: String,
    /// The channel binding `tls-server-end-point`; `None` if the certificate has none.
    pub end_point: Option<Vec<u8>>,
    /// The server asked for our certificate.
    pub certificate_asked: bool,
    /// We have a certificate.
    pub certificate_sent: bool,
}

/// Goes through the handshake on a connected socket.
///
/// # Errors
/// psql's text; another way of encryption may do better, unless the person or the clock ended it.
pub fn open(
    socket: Plain,
    config: &Config,
    patience: &Patience<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let tls = ClientConnection::new(config.client.clone(), config.server_name.clone())
        .map_err(|error| Failure::other_encryption(text::error(&error)))?;
    let mut stream = Encrypted::new(socket, tls);
    while stream.tls.is_handshaking() || stream.tls.wants_write() {
        match stream.send() {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                patience.wait(stream.as_fd(), false, true)?;
                continue;
            }
            Err(error) => return Err(broken_in(config, &stream.last_words().unwrap_or(error))),
        }
        if !stream.tls.is_handshaking() {
            break;
        }
        match stream.receive() {
            Ok(true) => {}
            Ok(false) => return Err(Failure::other_encryption(stream::UNEXPECTED_END)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                patience.wait(stream.as_fd(), true, false)?;
            }
            Err(error) => return Err(broken_in(config, &error)),
        }
    }
    let certificate =
        stream.tls.peer_certificates().and_then(|all| Certificate::parse(all.first()?));
    if let Some(wanted) = &config.wanted_name {
        let unreadable = || Failure::other_encryption("server certificate could not be read");
        let certificate = certificate.as_ref().ok_or_else(unreadable)?;
        name::check(certificate, wanted).map_err(Failure::other_encryption)?;
    }
    let info = info(config, &stream.tls, certificate.as_ref());
    if config.direct && info.alpn.is_empty() {
        return Err(Failure::other_encryption(
            "direct SSL connection was established without ALPN protocol negotiation extension",
        ));
    }
    stream.set_info(info);
    Ok(Box::new(stream))
}

fn info(config: &Config, tls: &ClientConnection, certificate: Option<&Certificate>) -> Info {
    let suite = tls.negotiated_cipher_suite().map(|suite| suite.suite());
    let (cipher, key_bits) = text::cipher(suite);
    let alpn = String::from_utf8_lossy(tls.alpn_protocol().unwrap_or_default()).into_owned();
    Info {
        version: text::version(tls.protocol_version()),
        cipher,
        key_bits,
        alpn,
        end_point: certificate.and_then(Certificate::end_point),
        certificate_asked: config.certificate.asked.load(Ordering::Relaxed),
        certificate_sent: config.certificate.key.is_some(),
    }
}

/// Why a handshake broke off.
fn broken(error: &io::Error) -> Failure {
    let text = match (error.get_ref(), error.kind()) {
        (Some(text), _) => text.to_string(),
        (None, io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            format!("{CLOSED}\nSSL SYSCALL error: {}", error_text(error))
        }
        (None, _) => format!("SSL SYSCALL error: {}", error_text(error)),
    };
    Failure::other_encryption(text)
}

/// The same, with a hint where the versions asked for may be why.
fn broken_in(config: &Config, error: &io::Error) -> Failure {
    let mut failure = broken(error);
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
