//! From what was given to what is meant: service file, environment, defaults, hosts; and what
//! can't be meant, in psql's words.

use super::{Error, Host, Settings, keyword, passfile, service};
use base64::Engine;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Where a server's Unix socket is looked for without a host: where the packages of distributions
/// have it and only the server's account can put one, then where PostgreSQL's own builds do.
const SOCKET_DIRECTORIES: [&[u8]; 2] = [b"/var/run/postgresql", DEFAULT_SOCKET_DIRECTORY];
/// Where it is expected if there is none.
const DEFAULT_SOCKET_DIRECTORY: &[u8] = b"/tmp";
const PORT: &[u8] = b"5432";

/// Base64 as psql takes it for keys: what bits are left over may be set.
pub const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// A file [`resolve`] wants to read, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File<'a> {
    /// A connection service file.
    Service(&'a [u8]),
    /// Not to be read: any text says that there is a file, if perhaps one that can't be read.
    Existing(&'a [u8]),
    /// The password file. The reader refuses it, with a warning, if others may read it.
    Password(&'a [u8]),
    /// A server's socket: not to be read, and any text says that it is there.
    Socket(&'a [u8]),
}

/// An environment variable's value.
type Environment<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;
/// A file's text, `None` if there is no such file.
type Read<'a> = &'a dyn Fn(File<'_>) -> Option<Vec<u8>>;

/// The name of the account that the process runs as, asked for if no user is given.
type OsUser<'a> = &'a dyn Fn() -> Result<Vec<u8>, Error>;

/// Fills in what was not given: from the service file, the environment (`HOME` included, for the
/// files there), then the defaults. Settings that are resolved already may be changed and resolved again.
///
/// # Errors
/// psql's text.
pub fn resolve(
    given: &Settings,
    environment: Environment<'_>,
    read: Read<'_>,
    os_user: OsUser<'_>,
) -> Result<Settings, Error> {
    let mut settings = Settings { values: given.values.clone(), ..Settings::default() };
    let service = settings.given("service").map(<[u8]>::to_vec);
    if let Some(name) = service.or_else(|| environment("PGSERVICE")) {
        let (found, path) = find_service(&name, environment, read)?;
        settings.service_file = Some(path);
        for (keyword, value) in found.values {
            settings.values.entry(keyword).or_insert(value);
        }
    }
    for (keyword, variable) in keyword::KEYWORDS {
        if settings.given(keyword).is_none()
            && let Some(value) = (!variable.is_empty()).then(|| environment(variable)).flatten()
        {
            settings.set(keyword, value);
        }
    }
    if settings.given("sslmode").is_none()
        && environment("PGREQUIRESSL").is_some_and(|value| value.starts_with(b"1"))
    {
        settings.set("sslmode", *b"require");
    }
    for (name, variable) in keyword::PARAMETERS {
        if let Some(value) = environment(variable).filter(|v| !v.eq_ignore_ascii_case(b"default")) {
            settings.parameters.push((name, value));
        }
    }
    settings.socket_directory = socket_directory(&settings, read);
    settings.hosts = hosts(&settings)?;
    fill_defaults(&mut settings, environment, os_user)?;
    add_passwords(&mut settings, read);
    validate(&settings)?;
    Ok(settings)
}

fn in_home(environment: Environment<'_>, name: &[u8]) -> Option<Vec<u8>> {
    environment("HOME").filter(|home| !home.is_empty()).map(|home| [&home, name].concat())
}

/// The settings of a service, and the file they are in.
fn find_service(
    name: &[u8],
    environment: Environment<'_>,
    read: Read<'_>,
) -> Result<(Settings, Vec<u8>), Error> {
    let named = environment("PGSERVICEFILE");
    let own = named.clone().or_else(|| in_home(environment, b"/.pg_service.conf"));
    let system = environment("PGSYSCONFDIR").map(|dir| [&dir[..], b"/pg_service.conf"].concat());
    for (path, required) in [(own, named.is_some()), (system, false)] {
        let Some(path) = path else { continue };
        let Some(text) = read(File::Service(&path)) else {
            if required || read(File::Existing(&path)).is_some() {
                return Err(Error::about("service file", &path, " not found"));
            }
            continue;
        };
        // There may be passwords in it.
        let text = Zeroizing::new(text);
        if let Some(found) = service::find(&text, &path, name)? {
            return Ok((found, path));
        }
    }
    Err(Error::about("definition of service", name, " not found"))
}

fn fill_defaults(
    settings: &mut Settings,
    environment: Environment<'_>,
    os_user: OsUser<'_>,
) -> Result<(), Error> {
    if settings.get("user").is_none() {
        settings.set("user", os_user()?);
    }
    if settings.get("dbname").is_none() {
        settings.set("dbname", settings.get("user").unwrap_or_default().to_vec());
    }
    if settings.get("passfile").is_none()
        && let Some(path) = in_home(environment, b"/.pgpass")
    {
        settings.set("passfile", path);
    }
    // Anybody can have a certificate that the system trusts, so its name must be looked at.
    if settings.get("sslrootcert") == Some(b"system") && settings.get("sslmode").is_none() {
        settings.set("sslmode", *b"verify-full");
    }
    if settings.get("client_encoding") == Some(b"auto") {
        let charmap = environment(CHARMAP).unwrap_or_default();
        // One that the server has no name for is left to the server.
        match encoding_of(&charmap) {
            Some(name) => settings.set("client_encoding", name),
            None => settings.unset("client_encoding"),
        }
    }
    Ok(())
}

/// What [`resolve`] asks the environment for to learn the locale's character set: no variable.
pub const CHARMAP: &str = "locale charmap";

/// The server's name for a character set as the C library names it: `ISO-8859-1` is `LATIN1`.
fn encoding_of(charmap: &[u8]) -> Option<&'static str> {
    const NAMES: &[(&str, &str)] = &[
        ("", "SQL_ASCII"),
        ("ansix341968", "SQL_ASCII"),
        ("utf8", "UTF8"),
        ("iso88591", "LATIN1"),
        ("iso88592", "LATIN2"),
        ("iso88593", "LATIN3"),
        ("iso88594", "LATIN4"),
        ("iso88595", "ISO_8859_5"),
        ("iso88596", "ISO_8859_6"),
        ("iso88597", "ISO_8859_7"),
        ("iso88598", "ISO_8859_8"),
        ("iso88599", "LATIN5"),
        ("iso885910", "LATIN6"),
        ("iso885913", "LATIN7"),
        ("iso885914", "LATIN8"),
        ("iso885915", "LATIN9"),
        ("iso885916", "LATIN10"),
        ("koi8r", "KOI8R"),
        ("koi8u", "KOI8U"),
        ("cp1250", "WIN1250"),
        ("cp1251", "WIN1251"),
        ("cp1252", "WIN1252"),
        ("cp1253", "WIN1253"),
        ("cp1254", "WIN1254"),
        ("cp1255", "WIN1255"),
        ("cp1256", "WIN1256"),
        ("cp1257", "WIN1257"),
        ("cp1258", "WIN1258"),
        ("eucjp", "EUC_JP"),
        ("euckr", "EUC_KR"),
        ("gb2312", "EUC_CN"),
        ("euctw", "EUC_TW"),
        ("sjis", "SJIS"),
        ("shiftjis", "SJIS"),
        ("cp949", "UHC"),
        ("johab", "JOHAB"),
        ("big5hkscs", "BIG5"),
        ("big5", "BIG5"),
        ("gbk", "GBK"),
        ("gb18030", "GB18030"),
    ];
    let plain: Vec<u8> =
        charmap.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    NAMES.iter().find(|(name, _)| name.as_bytes() == plain).map(|(_, name)| *name)
}

/// The comma-separated values of a keyword; none if it has no value.
fn list<'a>(settings: &'a Settings, keyword: &str) -> Vec<&'a [u8]> {
    settings.get(keyword).map_or_else(Vec::new, |value| value.split(|b| *b == b',').collect())
}

/// The directory that stands in for a host nobody named.
fn socket_directory(settings: &Settings, read: Read<'_>) -> &'static [u8] {
    let port = list(settings, "port").first().copied().filter(|port| !port.is_empty());
    let file = [b"/.s.PGSQL.", port.unwrap_or(PORT)].concat();
    let has_socket = |directory: &&[u8]| read(File::Socket(&[directory, &file[..]].concat()));
    let found = SOCKET_DIRECTORIES.into_iter().find(|directory| has_socket(directory).is_some());
    found.unwrap_or(DEFAULT_SOCKET_DIRECTORY)
}

fn hosts(settings: &Settings) -> Result<Vec<Host>, Error> {
    let names = list(settings, "host");
    let addresses = list(settings, "hostaddr");
    let ports = list(settings, "port");
    if !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() {
        let (n, a) = (names.len(), addresses.len());
        let message = format!("could not match {n} host names to {a} hostaddr values");
        return Err(Error::new(&[message.as_bytes()]));
    }
    let count = names.len().max(addresses.len()).max(1);
    if ports.len() > 1 && ports.len() != count {
        let message = format!("could not match {} port numbers to {count} hosts", ports.len());
        return Err(Error::new(&[message.as_bytes()]));
    }
    let nth = |values: &[&[u8]], i: usize| values.get(i).copied().unwrap_or_default().to_vec();
    let host = |i| {
        let mut host = Host {
            name: nth(&names, i),
            address: nth(&addresses, i),
            port: nth(&ports, if ports.len() == 1 { 0 } else { i }),
            password: None,
        };
        if host.name.is_empty() && host.address.is_empty() {
            host.name = settings.socket_directory.to_vec();
        }
        if host.port.is_empty() {
            host.port = PORT.to_vec();
        }
        host
    };
    Ok((0..count).map(host).collect())
}

/// Each host's password, unless one was given.
fn add_passwords(settings: &mut Settings, read: Read<'_>) {
    if settings.get("password").is_some() {
        return;
    }
    let Some(path) = settings.get("passfile").map(<[u8]>::to_vec) else { return };
    let mut hosts = std::mem::take(&mut settings.hosts);
    let database = settings.get("dbname").unwrap_or_default();
    let user = settings.get("user").unwrap_or_default();
    for host in &mut hosts {
        let name: &[u8] = match (host.name.as_slice(), host.address.as_slice()) {
            (b"", address) => address,
            // The default socket is the local host.
            (name, b"") if name == settings.socket_directory => b"localhost",
            (name, _) => name,
        };
        // For each host anew, as psql: so often it warns of a file that others may read.
        let text = read(File::Password(&path)).map(Zeroizing::new);
        let password =
            text.and_then(|text| passfile::find(&text, [name, &host.port, database, user]));
        host.password = password.map(|password| Arc::new(Zeroizing::new(password)));
    }
    settings.hosts = hosts;
}

/// Refuses values that mean nothing, in psql's order.
fn validate(settings: &Settings) -> Result<(), Error> {
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
