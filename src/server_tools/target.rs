//! The server a program is led to: the very one that the session is connected to, as libpq's variables.

use crate::conninfo::{self, Settings};
use crate::session::Session;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What libpq learned after version 10, and in which version. Older programs know nothing of it.
const LEARNED: &[(&str, i32)] = &[
    ("channel_binding", 130_000),
    ("gssdelegation", 170_000),
    ("gssencmode", 120_000),
    ("max_protocol_version", 180_000),
    ("min_protocol_version", 180_000),
    ("oauth_client_id", 180_000),
    ("oauth_client_secret", 180_000),
    ("oauth_issuer", 180_000),
    ("oauth_scope", 180_000),
    ("require_auth", 160_000),
    ("scram_client_key", 180_000),
    ("scram_server_key", 180_000),
    ("ssl_max_protocol_version", 130_000),
    ("ssl_min_protocol_version", 130_000),
    ("sslcertmode", 160_000),
    ("sslcrldir", 140_000),
    ("sslkeylogfile", 180_000),
    ("sslnegotiation", 170_000),
    ("sslpassword", 130_000),
    ("sslsni", 140_000),
    ("tcp_user_timeout", 120_000),
];

/// What is the session's own business (its encoding, its name, its kind), or is decided by now: which of
/// several servers, and where the password comes from.
const NOT_PASSED: &[&str] = &[
    "application_name",
    "client_encoding",
    "dbname",
    "fallback_application_name",
    "load_balance_hosts",
    "passfile",
    "password",
    "replication",
    "service",
    "target_session_attrs",
];

/// The server that programs are led to.
#[derive(Clone, Debug)]
pub struct TargetServer {
    /// Keywords of libpq with the values they are given.
    values: Vec<(String, Vec<u8>)>,
    /// What is secret of these, or has no variable, shares the settings' copy.
    settings: Settings,
    password: Option<Arc<Zeroizing<Vec<u8>>>>,
    database: Vec<u8>,
    version: i32,
    encryption: Encryption,
}

/// Whether the session is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encryption {
    Tls,
    None,
}

/// The keywords of a server for a program of some version.
pub(super) struct Keywords<'a> {
    /// Those to be given.
    pub given: Vec<(&'a str, &'a [u8])>,
    /// Those the program knows nothing of.
    pub unknown: Vec<&'a str>,
}

impl TargetServer {
    /// The server of a session, and its password if one is known: the settings' own, or `found`, the
    /// password file's.
    pub fn of(session: &Session, found: Option<Arc<Zeroizing<Vec<u8>>>>) -> TargetServer {
        let settings = session.settings().clone();
        let given = settings.get("password").map(|text| Arc::new(Zeroizing::new(text.to_vec())));
        let encryption = if session.tls().is_some() { Encryption::Tls } else { Encryption::None };
        let address = session.host_address().as_bytes();
        let mut values = place(session.host(), address, session.port());
        values.push(("user".to_owned(), session.user().to_vec()));
        values.extend(encryption.values(settings.get("sslmode")));
        TargetServer {
            values,
            password: given.or(found),
            database: session.database().to_vec(),
            version: session.server_version(),
            encryption,
            settings,
        }
    }

    /// The database connected to.
    pub fn database(&self) -> &[u8] {
        &self.database
    }

    /// The server's version as `server_version_num` has it.
    pub fn version(&self) -> i32 {
        self.version
    }

    /// Whether the session is encrypted, so that a program must be able to be.
    pub(super) fn needs_tls(&self) -> bool {
        self.encryption == Encryption::Tls
    }

    pub(super) fn password(&self) -> Option<&[u8]> {
        self.password.as_ref().map(|password| password.as_slice())
    }

    /// The keywords to give to a program of this version.
    pub(super) fn keywords(&self, version: i32) -> Keywords<'_> {
        let decided = |keyword: &str| self.values.iter().any(|(known, _)| known == keyword);
        let others = self.settings.iter().filter(|(keyword, value)| {
            !value.is_empty() && !decided(keyword) && !NOT_PASSED.contains(keyword)
        });
        let all = self.values.iter().map(|(keyword, value)| (keyword.as_str(), value.as_slice()));
        let is_known = |keyword: &str| {
            LEARNED.iter().all(|(learned, since)| *learned != keyword || version >= *since)
        };
        let (given, unknown): (Vec<_>, Vec<_>) =
            all.chain(others).partition(|(keyword, _)| is_known(keyword));
        // What is our own decision changes nothing in a program that can do no other.
        let unknown = unknown.into_iter().map(|(keyword, _)| keyword);
        Keywords { given, unknown: unknown.filter(|keyword| !decided(keyword)).collect() }
    }
}

impl Encryption {
    /// A program must not fall back to less than the session has, and needs no other way of encryption.
    fn values(self, sslmode: Option<&[u8]>) -> Vec<(String, Vec<u8>)> {
        let mut values = vec![("gssencmode".to_owned(), b"disable".to_vec())];
        if self == Encryption::Tls && matches!(sslmode, None | Some(b"allow" | b"prefer")) {
            values.push(("sslmode".to_owned(), b"require".to_vec()));
        }
        values
    }
}

/// Where the session's server is: the name stays for certificates, the address is the one connected to.
fn place(host: &[u8], address: &[u8], port: &[u8]) -> Vec<(String, Vec<u8>)> {
    let all = [("host", host), ("hostaddr", address), ("port", port)];
    all.map(|(keyword, value)| (keyword.to_owned(), value.to_vec())).to_vec()
}

/// The variable of a keyword, if it has one; secrets go into no variable.
pub(super) fn variable(keyword: &str) -> Option<&'static str> {
    conninfo::variable(keyword).filter(|_| keyword != "password")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(settings: &str, encryption: Encryption) -> TargetServer {
        let settings = conninfo::parse(settings.as_bytes()).expect("settings");
        let mut values = place(b"db", b"::1", b"5433");
        values.extend(encryption.values(settings.get("sslmode")));
        let database = b"app".to_vec();
        TargetServer { values, settings, password: None, database, version: 180_006, encryption }
    }

    fn text(settings: &str, encryption: Encryption, version: i32) -> String {
        let target = target(settings, encryption);
        let keywords = target.keywords(version);
        let given = keywords
            .given
            .iter()
            .map(|(keyword, value)| format!("{keyword}={}", String::from_utf8_lossy(value)));
        let unknown = keywords.unknown.iter().map(|keyword| format!("-{keyword}"));
        given.chain(unknown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn keywords_passed_on() {
        let place = "host=db hostaddr=::1 port=5433";
        let plain = format!("{place} gssencmode=disable");
        for (settings, encryption, version, expected) in [
            ("", Encryption::None, 180_000, plain.clone()),
            ("host=a,b port=1 hostaddr=1.1.1.1", Encryption::None, 180_000, plain.clone()),
            (
                "target_session_attrs=read-write load_balance_hosts=random password=x",
                Encryption::None,
                180_000,
                plain.clone(),
            ),
            (
                "client_encoding=UTF8 application_name=x passfile=/x service=s",
                Encryption::None,
                180_000,
                plain.clone(),
            ),
            ("", Encryption::None, 110_000, place.to_owned()),
            ("", Encryption::Tls, 180_000, format!("{plain} sslmode=require")),
            ("sslmode=prefer", Encryption::Tls, 180_000, format!("{plain} sslmode=require")),
            (
                "sslmode=verify-full sslrootcert=/r",
                Encryption::Tls,
                180_000,
                format!("{plain} sslmode=verify-full sslrootcert=/r"),
            ),
            (
                "options='-c geqo=off' require_auth=scram-sha-256",
                Encryption::None,
                180_000,
                format!("{plain} options=-c geqo=off require_auth=scram-sha-256"),
            ),
            (
                "require_auth=scram-sha-256 sslnegotiation=direct",
                Encryption::None,
                150_000,
                format!("{plain} -require_auth -sslnegotiation"),
            ),
            ("require_auth=''", Encryption::None, 150_000, plain.clone()),
        ] {
            assert_eq!(text(settings, encryption, version), expected, "{settings} {version}");
        }
    }

    #[test]
    fn variables_of_keywords() {
        let keywords = ["host", "sslmode", "password", "sslpassword", "keepalives"];
        let variables = keywords.map(variable);
        assert_eq!(variables, [Some("PGHOST"), Some("PGSSLMODE"), None, None, None]);
    }
}
