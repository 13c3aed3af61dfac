//! TLS, by rustls, as libpq does it (PostgreSQL's documentation, "SSL Support").
//!
//! Owns the handshake, the files it needs and the judgement of the server's certificate. Whether
//! TLS is spoken at all, and what happens when it fails, is the session's business. Reads no
//! file before TLS is tried.
//!
//! From the top down:
//!
//! ```text
//! handshake.rs    through the handshake, to an encrypted stream
//! config.rs       settings and files to what a handshake needs
//! root_file.rs    the trusted certificates         key.rs key_log.rs  private keys; sslkeylogfile
//! verifier.rs     what rustls asks                 hostname_check.rs  is it the host's certificate?
//! path.rs         from a certificate to a trusted one
//! constraint_check.rs  may an authority certify such names?
//! certificate.rs revocation_list.rs   what is signed
//! extension.rs name_constraints.rs general_name.rs distinguished_name.rs   what is in it
//! signature.rs    keys and algorithms              asn1.rs oid.rs pem.rs   DER and PEM
//! stream.rs       the encrypted stream             openssl_messages.rs     OpenSSL's words
//! hostname.rs     names of hosts, with wildcards   fault.rs                what may be wrong
//! ```

mod asn1;
mod certificate;
mod config;
mod constraint_check;
mod distinguished_name;
mod extension;
mod fault;
mod general_name;
mod handshake;
mod hostname;
mod hostname_check;
mod key;
mod key_log;
mod name_constraints;
mod oid;
mod openssl_messages;
mod path;
mod pem;
mod revocation_list;
mod root_file;
mod signature;
mod stream;
mod verifier;

pub use config::{Config, SslNegotiation};
pub use handshake::handshake;
