//! The server that a connection is tried with, or that it has: one host and one of its addresses.

use crate::conninfo::Host;
use std::net::SocketAddr;

/// Where a server listens.
#[derive(Clone, Debug)]
pub enum ServerAddress {
    /// A Unix socket's path; `@name` is an abstract one.
    Unix(Vec<u8>),
    /// An address and port.
    Tcp(SocketAddr),
}

/// One host at one of its addresses.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The address.
    pub address: ServerAddress,
    /// The address as text; empty for a Unix socket.
    pub address_text: String,
    /// What the settings say of this host.
    pub given: Host,
}

impl Peer {
    /// `host` at `address`.
    pub fn new(host: &Host, address: ServerAddress) -> Peer {
        let address_text = match &address {
            ServerAddress::Unix(_) => String::new(),
            ServerAddress::Tcp(address) => address.ip().to_string(),
        };
        Peer { address, address_text, given: host.clone() }
    }

    /// The host's name, its address or the socket's directory.
    pub fn host(&self) -> &[u8] {
        if self.given.name.is_empty() { &self.given.address } else { &self.given.name }
    }

    /// How a message about it begins: `connection to server at "localhost" (::1), port 5432 failed:
    /// `
    pub fn failure_prefix(&self) -> Vec<u8> {
        let mut text = b"connection to server ".to_vec();
        if let ServerAddress::Unix(path) = &self.address {
            text.extend_from_slice(b"on socket \"");
            text.extend_from_slice(path);
            text.extend_from_slice(b"\"");
        } else {
            let given = &self.given;
            let shown = if given.address.is_empty() { &given.name } else { &given.address };
            text.extend_from_slice(b"at \"");
            text.extend_from_slice(shown);
            text.extend_from_slice(b"\"");
            if given.address.is_empty() && shown != self.address_text.as_bytes() {
                text.extend_from_slice(format!(" ({})", self.address_text).as_bytes());
            }
            text.extend_from_slice(b", port ");
            text.extend_from_slice(&given.port);
        }
        text.extend_from_slice(b" failed: ");
        text
    }
}
