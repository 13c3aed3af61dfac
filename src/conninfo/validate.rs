//! Refuses settings with values that make no sense, in psql's words.

use super::error::Error;
use super::settings::Settings;
use base64::Engine;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// Base64 as psql accepts it for keys: unused bits at the end may be set.
pub const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// Refuses values that make no sense, in psql's order.
pub(super) fn validate(settings: &Settings) -> Result<(), Error> {
    require_auth(settings.get("require_auth").unwrap_or_default())?;
    one_of(settings, "channel_binding", &["disable", "prefer", "require"])?;
    let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
    let mode = one_of(settings, "sslmode", &modes)?.unwrap_or("prefer");
    let negotiation = one_of(settings, "sslnegotiation", &["postgres", "direct"])?;
    if negotiation == Some("direct") && matches!(mode, "disable" | "allow" | "prefer") {
        let better = "use \"require\", \"verify-ca\", or \"verify-full\"";
        return Err(weak(mode, "sslnegotiation=direct", better));
    }
    if settings.get("sslrootcert") == Some(b"system") && mode != "verify-full" {
        return Err(weak(mode, "sslrootcert=system", "use \"verify-full\""));
    }
    let tls = |keyword: &str| {
        let versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
        let Some(value) = settings.get(keyword) else { return Ok(None) };
        match versions.iter().position(|v| value.eq_ignore_ascii_case(v.as_bytes())) {
            None => Err(Error::about(&format!("invalid \"{keyword}\" value:"), value, "")),
            version => Ok(version),
        }
    };
    let (lowest, highest) = (tls("ssl_min_protocol_version")?, tls("ssl_max_protocol_version")?);
    // Given as nothing, there is no lowest version; not given, it is TLSv1.2.
    let lowest = match settings.given("ssl_min_protocol_version") {
        None => Some(2),
        Some(_) => lowest,
    };
    if highest.is_some_and(|highest| lowest.unwrap_or(0) > highest) {
        return Err(Error::new(&[b"invalid SSL protocol version range"]));
    }
    one_of(settings, "sslcertmode", &["disable", "allow", "require"])?;
    if one_of(settings, "gssencmode", &["disable", "prefer", "require"])? == Some("require") {
        let after = " invalid when GSSAPI support is not compiled in";
        return Err(Error::about("gssencmode value", b"require", after));
    }
    let sessions = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];
    one_of(settings, "target_session_attrs", &sessions)?;
    scram_key(settings, "scram_client_key", "client")?;
    scram_key(settings, "scram_server_key", "server")?;
    one_of(settings, "load_balance_hosts", &["disable", "random"])?;
    let versions = ["3.0", "3.2", "latest"];
    let lowest = one_of(settings, "min_protocol_version", &versions)?;
    let highest = one_of(settings, "max_protocol_version", &versions)?;
    if highest == Some("3.0") && matches!(lowest, Some("3.2" | "latest")) {
        return Err(Error::new(&[
            b"\"min_protocol_version\" is greater than \"max_protocol_version\"",
        ]));
    }
    Ok(())
}

/// A key of SCRAM-SHA-256: 32 bytes in base64.
fn scram_key(settings: &Settings, keyword: &str, whose: &str) -> Result<(), Error> {
    let Some(value) = settings.given(keyword) else { return Ok(()) };
    let Ok(key) = BASE64.decode(value) else {
        return Err(Error { message: format!("invalid SCRAM {whose} key").into_bytes() });
    };
    if key.len() == 32 {
        return Ok(());
    }
    let message = format!("invalid SCRAM {whose} key length: {}", key.len());
    Err(Error { message: message.into_bytes() })
}

/// What is wrong with an `sslmode` that promises less than another setting needs.
fn weak(mode: &str, what: &str, better: &str) -> Error {
    let after = format!(" may not be used with {what} ({better})");
    Error::about("weak sslmode", mode.as_bytes(), &after)
}

/// The keyword's value if it was given, which must be in `values`: an empty one is not the default,
/// which may well be less strict than what the user meant to write.
fn one_of(
    settings: &Settings,
    keyword: &str,
    values: &[&'static str],
) -> Result<Option<&'static str>, Error> {
    let Some(value) = settings.given(keyword) else { return Ok(None) };
    match values.iter().find(|v| v.as_bytes() == value) {
        Some(known) => Ok(Some(known)),
        None => Err(Error::about(&format!("invalid {keyword} value:"), value, "")),
    }
}

/// A list of methods, either all wanted or all (with `!`) unwanted, none twice.
fn require_auth(value: &[u8]) -> Result<(), Error> {
    const METHODS: &[&[u8]] =
        &[b"password", b"md5", b"gss", b"sspi", b"scram-sha-256", b"oauth", b"none"];
    if value.is_empty() {
        return Ok(());
    }
    let unwanted = value.starts_with(b"!");
    let mut seen: Vec<&[u8]> = Vec::new();
    for part in value.split(|b| *b == b',') {
        let method = match part.strip_prefix(b"!") {
            Some(_) if !unwanted => {
                return Err(Error::about(
                    "negative require_auth method",
                    part,
                    " cannot be mixed with non-negative methods",
                ));
            }
            None if unwanted => {
                return Err(Error::about(
                    "require_auth method",
                    part,
                    " cannot be mixed with negative methods",
                ));
            }
            Some(method) => method,
            None => part,
        };
        if !METHODS.contains(&method) {
            return Err(Error::about("invalid require_auth value:", method, ""));
        }
        if seen.contains(&method) {
            return Err(Error::about("require_auth method", part, " is specified more than once"));
        }
        seen.push(method);
    }
    Ok(())
}
