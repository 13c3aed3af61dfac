//! What a server reports of itself and of the backend that serves a session.

use super::version;
use crate::encoding::Encoding;
use std::collections::BTreeMap;

/// So many parameters are kept; a server has some fifteen to report.
const MAX_PARAMETERS: usize = 1000;

/// Protocol 3.0, as the protocol writes it.
pub(super) const PROTOCOL_3_0: i32 = 0x0003_0000;
/// Protocol 3.2.
pub(super) const PROTOCOL_3_2: i32 = 0x0003_0002;

/// BackendKeyData.
#[derive(Clone, Default)]
pub(super) struct BackendKey {
    /// The process ID of the backend.
    pub pid: i32,
    /// The secret of cancel requests: 4 bytes in protocol 3.0, up to 256 later.
    pub secret: Vec<u8>,
}

/// The backend of a session.
pub(super) struct Backend {
    pub key: BackendKey,
    /// As the protocol writes it: `0x0003_0000`.
    pub protocol: i32,
    parameters: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Backend {
    /// One that has not reported anything yet.
    pub fn new() -> Backend {
        let (key, parameters) = (BackendKey::default(), BTreeMap::new());
        Backend { key, protocol: PROTOCOL_3_0, parameters }
    }

    /// Takes note of a ParameterStatus.
    pub fn set_parameter(&mut self, name: &[u8], value: &[u8]) {
        if self.parameters.len() < MAX_PARAMETERS || self.parameters.contains_key(name) {
            self.parameters.insert(name.to_vec(), value.to_vec());
        }
    }

    /// The last value of a ParameterStatus.
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        self.parameters.get(name.as_bytes()).map(Vec::as_slice)
    }

    /// `server_version` as a number: 180006; 0 if it is not reported.
    pub fn server_version(&self) -> i32 {
        self.parameter("server_version").map_or(0, version::number)
    }

    /// From the `client_encoding` parameter.
    pub fn encoding(&self) -> Encoding {
        self.parameter("client_encoding").map_or(Encoding::SingleByte, Encoding::from_name)
    }

    /// The name of the client's encoding. A server reports `UNICODE`, an old name of UTF8, to
    /// clients that asked for it.
    pub fn encoding_name(&self) -> &[u8] {
        match self.parameter("client_encoding") {
            Some(b"UNICODE") => b"UTF8",
            name => name.unwrap_or_default(),
        }
    }

    /// The protocol version as 30000 or 30002.
    pub fn protocol_version(&self) -> i32 {
        (self.protocol >> 16) * 10000 + (self.protocol & 0xffff)
    }
}
