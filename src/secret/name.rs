//! The names that secrets go by.

/// Names with these endings are names of secrets.
const ENDINGS: [&str; 17] = [
    "password",
    "passwd",
    "passwort",
    "pwd",
    "_pass",
    "passphrase",
    "passphrase_command",
    "secret",
    "secret_key",
    "scram_client_key",
    "scram_server_key",
    "access_key",
    "token",
    "pw",
    "api_key",
    "apikey",
    "sslkey_passphrase",
];

/// Whether a name is that of a secret: `password`, `app.api_key`, `PGPASSWORD`, `--ssl-password`.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    if !name.iter().all(is_part) {
        return false;
    }
    let last = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let name = String::from_utf8_lossy(last).to_ascii_lowercase().replace('-', "_");
    // The current directory.
    let is_directory = matches!(name.as_str(), "pwd" | "oldpwd");
    !is_directory && (name == "pass" || ENDINGS.iter().any(|ending| name.ends_with(ending)))
}
