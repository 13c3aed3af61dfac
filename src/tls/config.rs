//! From connection settings to what a handshake needs: the files of certificates and keys, the
//! versions allowed. The texts of errors are libpq's.

use super::certificate::Certificate;
use super::path::{Root, Trust};
use super::pem::{self, Block};
use super::revocation_list::RevocationList;
use super::verifier::{ClientCertificate, Verifier};
use super::{hostname, key, key_log, root_file};
use crate::conninfo::{Host, Settings};
use crate::network::error::{AttemptError, error_text};
use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, DnsName, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, SupportedProtocolVersion, version};
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use zeroize::Zeroizing;

/// The name of PostgreSQL's protocol in TLS.
const PROTOCOL: &[u8] = b"postgresql";

/// `sslnegotiation`: how TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslNegotiation {
    /// The server is asked first, by an SSLRequest.
    Postgres,
    /// From the first byte.
    Direct,
}

impl SslNegotiation {
    /// As the settings say.
    pub fn of(settings: &Settings) -> SslNegotiation {
        match settings.get("sslnegotiation") {
            Some(b"direct") => SslNegotiation::Direct,
            _ => SslNegotiation::Postgres,
        }
    }
}

/// How TLS is spoken with one host.
#[derive(Clone)]
pub struct Config {
    pub(super) client: Arc<ClientConfig>,
    pub(super) server_name: ServerName<'static>,
    pub(super) certificate: Arc<ClientCertificate>,
    pub(super) log: Option<Arc<key_log::File>>,
    /// The name the server's certificate must have; `None` if it need not.
    pub(super) verified_host: Option<Vec<u8>>,
    pub negotiation: SslNegotiation,
    /// The lowest and the highest version allowed, as the settings write them.
    pub(super) versions: (Vec<u8>, Vec<u8>),
}

impl Config {
    /// Reads the files that the settings name.
    ///
    /// # Errors
    /// A file can't be used.
    pub fn new(settings: &Settings, host: &Host) -> Result<Config, AttemptError> {
        let provider = Arc::new(ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let trust = trust(settings)?;
        let key = client_certificate(settings)?;
        let certificate = Arc::new(ClientCertificate { key, requested: AtomicBool::new(false) });
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&versions(settings)?)
            .map_err(|error| AttemptError::new(format!("could not create SSL context: {error}")))?;
        let full = settings.get("sslmode") == Some(b"verify-full");
        let verified_host = full.then(|| host.name.clone());
        let mut client = builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Verifier {
                trust,
                algorithms,
                host: verified_host.clone(),
            }))
            .with_client_cert_resolver(certificate.clone());
        client.alpn_protocols = vec![PROTOCOL.to_vec()];
        client.resumption = Resumption::disabled();
        let log = settings.get("sslkeylogfile").map(|path| Arc::new(key_log::File::new(path)));
        if let Some(log) = &log {
            client.key_log = log.clone();
        }
        let server_name = sni_name(settings, host);
        client.enable_sni = matches!(server_name, ServerName::DnsName(_));
        let bound = |keyword, otherwise: &[u8]| settings.get(keyword).unwrap_or(otherwise).to_vec();
        Ok(Config {
            client: Arc::new(client),
            server_name,
            certificate,
            log,
            verified_host,
            negotiation: SslNegotiation::of(settings),
            versions: (
                bound("ssl_min_protocol_version", b"TLSv1.2"),
                bound("ssl_max_protocol_version", b"TLSv1.3"),
            ),
        })
    }

    /// What went wrong with `sslkeylogfile`, as whole lines; empty when asked again.
    pub fn take_warnings(&self) -> Vec<Vec<u8>> {
        self.log.as_ref().map(|log| log.take_warnings()).unwrap_or_default()
    }
}

/// The name sent to the server unencrypted (SNI): the host's, unless that is an address or `sslsni`
/// says no. The placeholder is an address, so it is never sent.
fn sni_name(settings: &Settings, host: &Host) -> ServerName<'static> {
    let wanted = settings.get("sslsni").is_none_or(|value| value.starts_with(b"1"));
    let text = std::str::from_utf8(&host.name).ok();
    let text = text.filter(|_| wanted && hostname::address(&host.name).is_none());
    text.and_then(|text| DnsName::try_from(text.to_owned()).ok()).map_or_else(
        || ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into()),
        ServerName::DnsName,
    )
}

/// The versions between `ssl_min_protocol_version` and `ssl_max_protocol_version`.
fn versions(settings: &Settings) -> Result<Vec<&'static SupportedProtocolVersion>, AttemptError> {
    let is = |keyword, value: &str| {
        settings.get(keyword).is_some_and(|v| v.eq_ignore_ascii_case(value.as_bytes()))
    };
    let highest = |value| is("ssl_max_protocol_version", value);
    if highest("TLSv1") || highest("TLSv1.1") {
        return Err(AttemptError::new(
            "SSL error: no protocols available\n\
             pgsh supports TLSv1.2 and TLSv1.3 only; see \"ssl_max_protocol_version\".",
        ));
    }
    let mut versions = Vec::new();
    if !is("ssl_min_protocol_version", "TLSv1.3") {
        versions.push(&version::TLS12);
    }
    if !highest("TLSv1.2") {
        versions.push(&version::TLS13);
    }
    Ok(versions)
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

/// A file in the user's directory for such things, which is used unless another is named.
fn in_home(name: &str) -> Option<Vec<u8>> {
    let home: PathBuf = dirs::home_dir()?;
    Some(home.join(".postgresql").join(name).into_os_string().into_vec())
}

/// `before "file" after`
fn about(before: &str, file: &[u8], after: &str) -> AttemptError {
    AttemptError::new([before.as_bytes(), b" \"", file, b"\"", after.as_bytes()].concat())
}

/// Whom to trust; `None` if servers are not verified.
fn trust(settings: &Settings) -> Result<Option<Trust>, AttemptError> {
    let given = settings.get("sslrootcert");
    if given == Some(b"system") {
        let roots = rustls_native_certs::load_native_certs().certs;
        let roots = roots.iter().filter_map(|der| Certificate::parse(der));
        let roots = roots.map(|certificate| Root { certificate, trusted: None }).collect();
        return Ok(Some(Trust { roots, lists: None }));
    }
    let must = matches!(settings.get("sslmode"), Some(b"verify-ca" | b"verify-full"));
    let named = given.map(<[u8]>::to_vec).or_else(|| in_home("root.crt"));
    let Some(file) = named.as_ref().filter(|file| path(file).exists()) else {
        const HINT: &str = "\nEither provide the file, use the system's trusted roots with \
             sslrootcert=system, or change sslmode to disable server certificate verification.";
        return match (must, named) {
            (false, _) => Ok(None),
            (true, Some(file)) => {
                Err(about("root certificate file", &file, &format!(" does not exist{HINT}")))
            }
            (true, None) => Err(AttemptError::new(format!(
                "could not get home directory to locate root certificate file{HINT}"
            ))),
        };
    };
    let text = std::fs::read(path(file)).unwrap_or_default();
    let Some(roots) = root_file::read(&text) else {
        return Err(about("could not read root certificate file", file, ": bad entry"));
    };
    if roots.is_empty() {
        let reason = ": no certificate or crl found";
        return Err(about("could not read root certificate file", file, reason));
    }
    Ok(Some(Trust { roots, lists: revocation_lists(settings) }))
}

/// The labels of certificates in files.
const CERTIFICATES: [&str; 3] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];

/// The certificates in a file's text, without the trust settings that may follow them.
fn certificates(text: &[u8]) -> Vec<Vec<u8>> {
    let blocks = pem::blocks(text).into_iter();
    let blocks = blocks.filter(|block| CERTIFICATES.contains(&block.label.as_str()));
    let first = |content: &[u8]| Certificate::parse_first(content).map(|(first, _)| first.der);
    blocks.map(|block| first(&block.content).unwrap_or(block.content)).collect()
}

/// The revocation lists to check. A file that isn't there or holds nothing counts as not given, and
/// the directory is not read then. With a directory without readable lists, no server is trusted.
fn revocation_lists(settings: &Settings) -> Option<Vec<RevocationList>> {
    let directory = settings.get("sslcrldir");
    let file = settings.get("sslcrl").map(<[u8]>::to_vec);
    let file = file.or_else(|| in_home("root.crl").filter(|_| directory.is_none()));
    let mut lists = Vec::new();
    if let Some(file) = &file {
        lists = lists_in(path(file))?;
    }
    if let Some(directory) = directory {
        let files = std::fs::read_dir(path(directory)).into_iter().flatten().flatten();
        lists.extend(files.filter_map(|file| lists_in(&file.path())).flatten());
    }
    (file.is_some() || directory.is_some()).then_some(lists)
}

/// The readable lists in a file; `None` if it has neither lists nor certificates: psql checks
/// revocation once it has read either.
fn lists_in(file: &Path) -> Option<Vec<RevocationList>> {
    const LIST: &str = "X509 CRL";
    let text = std::fs::read(file).ok()?;
    let blocks = pem::blocks(&text);
    let lists = blocks.iter().filter(|block| block.label == LIST);
    let lists = lists.filter_map(|block| RevocationList::parse(&block.content)).collect();
    // Also one whose base64 is broken.
    let has_list = memchr::memmem::find(&text, b"-----BEGIN X509 CRL-----").is_some();
    let is_certificate = |block: &Block| CERTIFICATES.contains(&block.label.as_str());
    (has_list || blocks.iter().any(is_certificate)).then_some(lists)
}

/// The client's certificate with its key, if there is one.
fn client_certificate(settings: &Settings) -> Result<Option<Arc<CertifiedKey>>, AttemptError> {
    if settings.get("sslcertmode") == Some(b"disable") {
        return Ok(None);
    }
    let file = settings.get("sslcert").map(<[u8]>::to_vec).or_else(|| in_home("postgresql.crt"));
    let Some(file) = file else { return Ok(None) };
    let text = match std::fs::metadata(path(&file)) {
        Ok(_) => std::fs::read(path(&file)).unwrap_or_default(),
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => {
            let reason = format!(": {}", error_text(&error));
            return Err(about("could not open certificate file", &file, &reason));
        }
    };
    let chain = certificates(&text);
    let Some(own) = chain.first().and_then(|der| Certificate::parse(der)) else {
        return Err(about("could not read certificate file", &file, ": no start line"));
    };
    let (file, key) = private_key(settings)?;
    let unusable = |reason: &str| about("could not load private key file", &file, reason);
    let key = ring::sign::any_supported_type(&key)
        .map_err(|_| unusable(": unsupported kind of private key"))?;
    let same = key.public_key().is_none_or(|public| own.has_key(&public));
    if !same {
        return Err(unusable(": key values mismatch"));
    }
    let chain = chain.into_iter().map(CertificateDer::from).collect();
    Ok(Some(Arc::new(CertifiedKey::new(chain, key))))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The client's private key, and the file it is in.
fn private_key(settings: &Settings) -> Result<(Vec<u8>, PrivateKeyDer<'static>), AttemptError> {
    let given = settings.get("sslkey");
    if let Some(at) = given.and_then(|key| memchr::memchr(b':', key)) {
        let engine = given.map(|key| &key[..at]).unwrap_or_default();
        return Err(about("could not load SSL engine", engine, ": engines are not supported"));
    }
    let Some(file) = given.map(<[u8]>::to_vec).or_else(|| in_home("postgresql.key")) else {
        return Err(AttemptError::new("certificate present, but not private key file"));
    };
    let metadata = std::fs::metadata(path(&file)).map_err(|error| match is_absent(&error) {
        true => about("certificate present, but not private key file", &file, ""),
        false => {
            let reason = format!(": {}", error_text(&error));
            about("could not stat private key file", &file, &reason)
        }
    })?;
    check_permissions(&file, &metadata)?;
    let text = std::fs::read(path(&file)).map(Zeroizing::new).map_err(|error| {
        let reason = format!(": {}", error_text(&error));
        about("could not load private key file", &file, &reason)
    })?;
    let key = key::read(&text, settings.get("sslpassword")).map_err(|reason| {
        about("could not load private key file", &file, &format!(": {reason}"))
    })?;
    Ok((file, key))
}

/// A private key is refused if others may read it.
fn check_permissions(file: &[u8], metadata: &Metadata) -> Result<(), AttemptError> {
    if !metadata.is_file() {
        return Err(about("private key file", file, " is not a regular file"));
    }
    let others = if metadata.uid() == 0 { 0o037 } else { 0o077 };
    if metadata.mode() & others != 0 {
        return Err(about(
            "private key file",
            file,
            " has group or world access; file must have permissions u=rw (0600) or less if owned \
             by the current user, or permissions u=rw,g=r (0640) or less if owned by root",
        ));
    }
    Ok(())
}
