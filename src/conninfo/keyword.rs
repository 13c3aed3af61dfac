//! libpq's keywords, each with the environment variable that stands in for it.

/// Every keyword and its environment variable, empty if it has none.
pub const KEYWORDS: &[(&str, &str)] = &[
    ("application_name", "PGAPPNAME"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("client_encoding", "PGCLIENTENCODING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("dbname", "PGDATABASE"),
    ("fallback_application_name", ""),
    ("gssdelegation", "PGGSSDELEGATION"),
    ("gssencmode", "PGGSSENCMODE"),
    ("gsslib", "PGGSSLIB"),
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("keepalives", ""),
    ("keepalives_count", ""),
    ("keepalives_idle", ""),
    ("keepalives_interval", ""),
    ("krbsrvname", "PGKRBSRVNAME"),
    ("load_balance_hosts", "PGLOADBALANCEHOSTS"),
    ("max_protocol_version", "PGMAXPROTOCOLVERSION"),
    ("min_protocol_version", "PGMINPROTOCOLVERSION"),
    ("oauth_client_id", ""),
    ("oauth_client_secret", ""),
    ("oauth_issuer", ""),
    ("oauth_scope", ""),
    ("options", "PGOPTIONS"),
    ("passfile", "PGPASSFILE"),
    ("password", "PGPASSWORD"),
    ("port", "PGPORT"),
    ("replication", ""),
    ("require_auth", "PGREQUIREAUTH"),
    ("requirepeer", "PGREQUIREPEER"),
    ("scram_client_key", ""),
    ("scram_server_key", ""),
    ("service", "PGSERVICE"),
    ("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"),
    ("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    ("sslcert", "PGSSLCERT"),
    ("sslcertmode", "PGSSLCERTMODE"),
    ("sslcompression", "PGSSLCOMPRESSION"),
    ("sslcrl", "PGSSLCRL"),
    ("sslcrldir", "PGSSLCRLDIR"),
    ("sslkey", "PGSSLKEY"),
    ("sslkeylogfile", ""),
    ("sslmode", "PGSSLMODE"),
    ("sslnegotiation", "PGSSLNEGOTIATION"),
    ("sslpassword", ""),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslsni", "PGSSLSNI"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("tcp_user_timeout", ""),
    ("user", "PGUSER"),
];

/// The keywords whose values are secrets.
const SECRETS: &[&str] =
    &["oauth_client_secret", "password", "scram_client_key", "scram_server_key", "sslpassword"];

/// What messages show in place of a secret, or of what may be a piece of one.
pub const STARS: &[u8] = b"********";

/// Whether the keyword's value is a secret.
pub fn is_secret(keyword: &[u8]) -> bool {
    SECRETS.iter().any(|secret| secret.as_bytes() == keyword)
}

/// Start-up parameters of the server that have an environment variable but no keyword.
pub const PARAMETERS: &[(&str, &str)] =
    &[("datestyle", "PGDATESTYLE"), ("timezone", "PGTZ"), ("geqo", "PGGEQO")];

/// Takes a keyword as written, and its value. The old `requiressl` becomes an `sslmode`.
///
/// `None` if there is no such keyword.
pub fn translate(keyword: &[u8], value: Vec<u8>) -> Option<(&'static str, Vec<u8>)> {
    if keyword == b"requiressl" {
        let mode: &[u8] = if value.starts_with(b"1") { b"require" } else { b"prefer" };
        return Some(("sslmode", mode.to_vec()));
    }
    let (known, _) = KEYWORDS.iter().find(|(known, _)| known.as_bytes() == keyword)?;
    Some((known, value))
}
