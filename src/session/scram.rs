//! SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677), the client's side.
//!
//! `postgres-protocol` has this too, but refuses more than 100,000 iterations, which a server may
//! well ask for; the primitives are the crates it builds on.

use crate::conninfo::BASE64;
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// After so many iterations the caller is asked whether to go on.
const ITERATIONS_BETWEEN_CHECKS: u32 = 1 << 14;

/// The output of SHA-256.
pub type Key = [u8; 32];

/// Whether the exchange is bound to the connection it runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelBinding {
    /// It can't be, or must not be.
    None,
    /// It could be, but the server did not offer it.
    NotOffered,
    /// To the server's certificate: `tls-server-end-point`.
    EndPoint(Vec<u8>),
}

impl ChannelBinding {
    /// The GS2 header for it, without an authorization identity.
    fn header(&self) -> &'static str {
        match self {
            ChannelBinding::None => "n,,",
            ChannelBinding::NotOffered => "y,,",
            ChannelBinding::EndPoint(_) => "p=tls-server-end-point,,",
        }
    }

    /// What the server compares: the header and the data bound to.
    fn input(&self) -> Vec<u8> {
        let data: &[u8] = match self {
            ChannelBinding::EndPoint(data) => data,
            _ => b"",
        };
        [self.header().as_bytes(), data].concat()
    }
}

/// What proves who we are.
pub enum Secret {
    /// A password, and the key that proves the server to us if it is not that of the password:
    /// `scram_server_key`.
    Password(Zeroizing<Vec<u8>>, Option<Key>),
    /// The keys made from a password that nobody here knows: `scram_client_key`, `scram_server_key`.
    Keys {
        /// Proves us to the server.
        client: Key,
        /// Proves the server to us; without it no server can.
        server: Option<Key>,
    },
}

/// A key as `scram_client_key` holds it.
pub fn decode_key(text: &[u8]) -> Option<Key> {
    BASE64.decode(text).ok()?.try_into().ok()
}

/// One exchange.
pub struct Scram {
    secret: Secret,
    binding: ChannelBinding,
    nonce: String,
    /// The signature that the server must send, once both nonces are known.
    expected: Option<Key>,
    responded: bool,
}

impl Scram {
    /// Starts an exchange.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn new(secret: Secret, binding: ChannelBinding) -> Result<Scram, String> {
        Ok(Scram::with_nonce(secret, binding, BASE64.encode(random::<18>()?)))
    }

    fn with_nonce(secret: Secret, binding: ChannelBinding, nonce: String) -> Scram {
        Scram { secret, binding, nonce, expected: None, responded: false }
    }

    /// Whether the exchange is bound to its connection.
    pub fn is_bound(&self) -> bool {
        matches!(self.binding, ChannelBinding::EndPoint(_))
    }

    /// Whether the client-final-message was made: what comes next is the server's last.
    pub fn has_responded(&self) -> bool {
        self.responded
    }

    /// The client-first-message.
    pub fn first_message(&self) -> Vec<u8> {
        format!("{}{}", self.binding.header(), self.first_bare()).into_bytes()
    }

    /// The user's name is left empty: the server takes that of the start-up packet.
    fn first_bare(&self) -> String {
        format!("n=,r={}", self.nonce)
    }

    /// From the server-first-message to the client-final-message. The server says how long that
    /// takes to compute; `give_up` is called now and then and says whether to stop.
    ///
    /// # Errors
    /// psql's text.
    pub fn respond(
        &mut self,
        server_first: &[u8],
        give_up: &dyn Fn() -> bool,
    ) -> Result<Vec<u8>, String> {
        not_empty(server_first)?;
        let mut attributes = Attributes(server_first);
        let nonce = attributes.expect(b'r')?;
        let salt = attributes.expect(b's')?;
        let iterations = attributes.expect(b'i')?;
        if !nonce.starts_with(self.nonce.as_bytes()) || nonce.len() == self.nonce.len() {
            return Err("invalid SCRAM response (nonce mismatch)".to_owned());
        }
        let salt =
            BASE64.decode(salt).map_err(|_| "malformed SCRAM message (invalid salt)".to_owned())?;
        let iterations = std::str::from_utf8(iterations)
            .ok()
            .and_then(|text| text.parse::<i32>().ok())
            .and_then(|n| u32::try_from(n).ok())
            .filter(|n| *n > 0)
            .ok_or("malformed SCRAM message (invalid iteration count)")?;

        let (client_key, server_key) = match &self.secret {
            Secret::Password(password, server) => {
                let made = keys(password, &salt, iterations, give_up).ok_or("given up")?;
                (made.0, server.unwrap_or(made.1))
            }
            Secret::Keys { client, server: Some(server) } => (*client, *server),
            // One that no server has.
            Secret::Keys { client, server: None } => (*client, random()?),
        };
        let stored_key: Key = Sha256::digest(client_key).into();
        let mut answer = format!("c={},r=", BASE64.encode(self.binding.input())).into_bytes();
        answer.extend_from_slice(nonce);
        let first_bare = self.first_bare();
        let signed: [&[u8]; 5] = [first_bare.as_bytes(), b",", server_first, b",", &answer];
        let signature = hmac(&stored_key, &signed);
        self.expected = Some(hmac(&server_key, &signed));
        self.responded = true;
        let proof: Vec<u8> = client_key.iter().zip(signature).map(|(k, s)| k ^ s).collect();
        answer.extend_from_slice(b",p=");
        answer.extend_from_slice(BASE64.encode(proof).as_bytes());
        Ok(answer)
    }

    /// Checks the server-final-message: that the server knows the password too.
    ///
    /// # Errors
    /// psql's text.
    pub fn finish(&mut self, server_final: &[u8]) -> Result<(), Vec<u8>> {
        not_empty(server_final)?;
        if self.expected.is_none() {
            return Err(b"invalid SCRAM exchange state".to_vec());
        }
        if let Some(error) = server_final.strip_prefix(b"e=") {
            return Err([b"error received from server in SCRAM exchange: ", error].concat());
        }
        let signature = Attributes(server_final).expect(b'v')?;
        let signature = BASE64
            .decode(signature)
            .map_err(|_| b"malformed SCRAM message (invalid server signature)".to_vec())?;
        match self.expected.take() {
            Some(expected) if expected.as_slice() == signature => Ok(()),
            _ => Err(b"incorrect server signature".to_vec()),
        }
    }
}

fn not_empty(message: &[u8]) -> Result<(), String> {
    if message.is_empty() {
        return Err("malformed SCRAM message (empty message)".to_owned());
    }
    Ok(())
}

/// The comma-separated attributes of a message.
struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// The value of the next attribute, which must be `name`.
    fn expect(&mut self, name: u8) -> Result<&'a [u8], String> {
        let wrong =
            || format!("malformed SCRAM message (attribute \"{}\" expected)", char::from(name));
        let end = memchr::memchr(b',', self.0).unwrap_or(self.0.len());
        let (attribute, rest) = self.0.split_at(end);
        self.0 = rest.get(1..).unwrap_or_default();
        match attribute {
            [first, b'=', value @ ..] if *first == name => Ok(value),
            _ => Err(wrong()),
        }
    }
}

/// A password as the server's catalog keeps it.
pub fn verifier(password: &[u8], iterations: u32) -> Result<String, String> {
    let verifier = verifier_with_salt(password, iterations, &random::<16>()?);
    verifier.ok_or_else(|| "given up".to_owned())
}

fn verifier_with_salt(password: &[u8], iterations: u32, salt: &[u8]) -> Option<String> {
    let (client_key, server_key) = keys(password, salt, iterations, &|| false)?;
    let stored_key = Sha256::digest(client_key);
    Some(format!(
        "SCRAM-SHA-256${iterations}:{}${}:{}",
        BASE64.encode(salt),
        BASE64.encode(stored_key),
        BASE64.encode(server_key)
    ))
}

/// The client's and the server's key.
fn keys(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    give_up: &dyn Fn() -> bool,
) -> Option<(Key, Key)> {
    let salted = salted_password(&prepare(password), salt, iterations, give_up)?;
    Some((hmac(&salted[..], &[b"Client Key"]), hmac(&salted[..], &[b"Server Key"])))
}

/// SASLprep; a password it does not apply to (not UTF-8, forbidden characters) stays as it is.
fn prepare(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let prepared = std::str::from_utf8(password).ok().and_then(|p| stringprep::saslprep(p).ok());
    Zeroizing::new(prepared.map_or_else(|| password.to_vec(), |p| p.into_owned().into_bytes()))
}

/// PBKDF2 with one block.
fn salted_password(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    give_up: &dyn Fn() -> bool,
) -> Option<Zeroizing<Key>> {
    let keyed = keyed(password);
    let mut last = sum(keyed.clone(), &[salt, &[0, 0, 0, 1]]);
    let mut all = Zeroizing::new(last);
    for i in 1..iterations {
        if i % ITERATIONS_BETWEEN_CHECKS == 0 && give_up() {
            return None;
        }
        last = sum(keyed.clone(), &[&last]);
        all.iter_mut().zip(last).for_each(|(a, b)| *a ^= b);
    }
    Some(all)
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Key {
    sum(keyed(key), parts)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    match Hmac::new_from_slice(key) {
        Ok(hmac) => hmac,
        Err(_) => unreachable!("HMAC takes keys of any length"),
    }
}

fn sum(mut hmac: Hmac<Sha256>, parts: &[&[u8]]) -> Key {
    for part in parts {
        hmac.update(part);
    }
    hmac.finalize().into_bytes().into()
}

fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| "could not generate nonce".to_owned())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The exchange printed in RFC 7677, but for the user's name, which we leave empty: so the
    // numbers are those of the verifier alone.
    #[test]
    fn verifier_agrees_with_the_server() {
        let salt = BASE64.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let text = verifier_with_salt(b"pencil", 4096, &salt).unwrap();
        assert_eq!(
            text,
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==\
             $WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:\
             wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    fn exchange() -> Scram {
        Scram::with_nonce(
            Secret::Password(Zeroizing::new(b"x".to_vec()), None),
            ChannelBinding::None,
            "abc".to_owned(),
        )
    }

    #[test]
    fn nonsense_is_refused() {
        let check = |server_first: &[u8], expected: &str| {
            let mut scram = exchange();
            assert_eq!(scram.respond(server_first, &|| false).unwrap_err(), expected);
        };
        check(b"", "malformed SCRAM message (empty message)");
        check(b",", "malformed SCRAM message (attribute \"r\" expected)");
        check(b"r=abc,s=QQ==,i=4", "invalid SCRAM response (nonce mismatch)");
        check(b"r=abd1,s=QQ==,i=4", "invalid SCRAM response (nonce mismatch)");
        check(b"r=abc1,s=*,i=4", "malformed SCRAM message (invalid salt)");
        check(b"r=abc1,s=QQ==,i=0", "malformed SCRAM message (invalid iteration count)");
        check(b"r=abc1,s=QQ==", "malformed SCRAM message (attribute \"i\" expected)");
    }

    #[test]
    fn nobody_waits_for_four_billion_iterations() {
        let asked = std::cell::Cell::new(0);
        let give_up = || asked.replace(asked.get() + 1) == 1;
        let refused = exchange().respond(b"r=abc1,s=QQ==,i=2147483647", &give_up);
        assert_eq!((refused, asked.get()), (Err("given up".to_owned()), 2));
    }

    #[test]
    fn server_must_know_the_password() {
        let mut scram = exchange();
        scram.respond(b"r=abc1,s=QQ==,i=1", &|| false).unwrap();
        let error = b"error received from server in SCRAM exchange: \xe9".to_vec();
        assert_eq!(scram.finish(b"e=\xe9"), Err(error));
        assert_eq!(scram.finish(b"v=QQ=="), Err(b"incorrect server signature".to_vec()));
        assert_eq!(scram.finish(b"v=QQ=="), Err(b"invalid SCRAM exchange state".to_vec()));
    }
}
