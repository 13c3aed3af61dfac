//! Encrypted connections: a certificate authority made here, a server that gets one kind of
//! certificate after the other, and pgsh compared with a psql that is built with OpenSSL, byte for
//! byte.
//!
//! That psql and its server are what `tests/tools/servers openssl` installs; without them there
//! is nothing to compare with. What pgsh says in other words is in [`DIFFERENCES`].

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pgsh::scratch::{Account, Server};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose,
    NameConstraints, RevokedCertParams, SerialNumber, date_time_ymd,
};

use crate::harness::{self, Shell, difference, known_differences, words};
use crate::own_server::OwnServer;
use crate::run::{Outcome, Run};
use crate::trial::{Missing, Ran, tests};
use crate::versions;

/// What psql says in OpenSSL's words, or of OpenSSL, and what pgsh says instead. Each is in
/// known_differences.txt.
pub const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("tls/untrusted", FAILED, ": unable to get local issuer certificate"),
    ("tls/self_signed", FAILED, ": self-signed certificate"),
    ("tls/untrusted_root", FAILED, ": self-signed certificate in certificate chain"),
    ("tls/expired", FAILED, ": certificate has expired"),
    ("tls/not_yet_valid", FAILED, ": certificate is not yet valid"),
    ("tls/revoked", FAILED, ": certificate revoked"),
    ("tls/no_crl", FAILED, ": unable to get certificate CRL"),
    ("tls/purpose", FAILED, ": unsuitable certificate purpose"),
    ("tls/constrained", FAILED, ": name constraint violation"),
    ("tls/bad_entry", "wrong tag", "bad entry"),
    ("tls/bad_end", "bad end line", "bad entry"),
    ("tls/bad_base64", "bad base64 decode", "bad entry"),
    (
        "tls/list_as_root",
        FAILED,
        "could not read root certificate file \"root.crl\": no certificate or crl found",
    ),
    ("tls/broken_list", TAKEN, ": unable to get certificate CRL"),
    ("tls/broken_list_revokes", TAKEN, ": certificate revoked"),
    ("tls/library", "OpenSSL", "rustls "),
    (
        "tls/engine",
        "could not load SSL engine \"engine\": could not load the shared library",
        "could not load SSL engine \"engine\": engines are not supported",
    ),
    (
        "tls/encrypted_key",
        "Enter PEM pass phrase:\nEnter PEM pass phrase:\npsql: error: connection to server at \"127.0.0.1\", port <port> failed: could not load private key file \"encrypted.key\": processing error",
        "psql: error: connection to server at \"127.0.0.1\", port <port> failed: could not load private key file \"encrypted.key\": the key is encrypted, and no sslpassword was given",
    ),
    (
        "tls/old_versions",
        "SSL error: tlsv1 alert protocol version\nThis may indicate that the server does not support any SSL protocol version between TLSv1 and TLSv1.1.",
        "SSL error: no protocols available\npgsh supports TLSv1.2 and TLSv1.3 only; see \"ssl_max_protocol_version\".",
    ),
];

/// What OpenSSL says of every certificate; pgsh adds the reason.
const FAILED: &str = "SSL error: certificate verify failed";

/// What is printed where a server is believed; pgsh refuses it for a reason.
const TAKEN: &str = "t|TLSv1.3|TLS_AES_256_GCM_SHA384|postgres\n[stderr]\n[exit status] 0\n";

/// A run of both shells.
struct Case {
    /// How the server is set up: a name in [`Place::setups`].
    server: &'static str,
    /// A part of a connection string.
    row: &'static str,
    /// A name in [`DIFFERENCES`], or nothing.
    differs: &'static str,
}

const fn same(server: &'static str, row: &'static str) -> Case {
    Case { server, row, differs: "" }
}

const fn other(differs: &'static str, server: &'static str, row: &'static str) -> Case {
    Case { server, row, differs }
}

/// Each row is a connection string's part; `host=` is the name that the certificate is asked for.
const CASES: &[Case] = &[
    // Modes, with a server that has TLS and one that has none.
    same("san", "sslmode=disable"),
    same("san", "sslmode=allow"),
    same("san", "sslmode=prefer"),
    same("san", ""),
    same("san", "sslmode=require"),
    same("san", "sslmode=require sslnegotiation=direct"),
    same("san", "sslnegotiation=direct"),
    same("san", "sslmode=disable sslnegotiation=direct"),
    same("san", "sslmode=verify-ca"),
    same("san", "sslmode=verify-full"),
    same("san", "sslmode=verify-ca sslrootcert=none.crt"),
    same("san", "sslmode=verify-ca sslrootcert=root.key"),
    same("san", "sslmode=verify-ca sslrootcert=/"),
    same("san", "sslmode=require sslsni=0"),
    same("san", "sslmode=require sslcompression=1"),
    same("off", "sslmode=disable"),
    same("off", "sslmode=allow"),
    same("off", "sslmode=prefer"),
    same("off", "sslmode=require"),
    same("off", "sslmode=verify-full"),
    same("off", "sslmode=require sslnegotiation=direct"),
    same("off", "sslmode=prefer dbname=nosuch"),
    same("off", "sslmode=allow user=tls"),
    // Who gets in how decides what is tried next.
    same("san", "user=tls sslmode=disable"),
    same("san", "user=tls sslmode=allow"),
    same("san", "user=tls sslmode=prefer"),
    same("san", "user=clear sslmode=allow"),
    same("san", "user=clear sslmode=prefer"),
    same("san", "user=clear sslmode=require"),
    same("san", "user=reject sslmode=allow"),
    same("san", "user=reject sslmode=prefer"),
    same("san", "user=nobody sslmode=prefer"),
    same("san", "user=scram password=wrong sslmode=prefer"),
    same("san", "user=scram password=wrong sslmode=allow"),
    same("san", "sslmode=prefer sslrootcert=stranger.crt"),
    other("tls/untrusted_root", "san", "sslmode=prefer sslrootcert=stranger.crt user=tls"),
    same("san", "sslmode=prefer sslcert=client.crt sslkey=none.key"),
    // Trust.
    same("san", "sslmode=require sslrootcert=root.crt"),
    same("san", "sslmode=verify-ca sslrootcert=root.crt"),
    same("san", "sslmode=verify-ca sslrootcert=both.crt"),
    other("tls/untrusted_root", "san", "sslmode=require sslrootcert=stranger.crt"),
    other("tls/untrusted_root", "san", "sslmode=verify-ca sslrootcert=stranger.crt"),
    other("tls/untrusted_root", "san", "sslmode=verify-ca sslrootcert=server.crt"),
    other("tls/untrusted_root", "san", "sslrootcert=system"),
    same("san", "sslrootcert=system sslmode=require"),
    // The root file: what OpenSSL reads of it.
    same("san", "sslmode=verify-ca sslrootcert=mark.crt"),
    same("san", "sslmode=verify-ca sslrootcert=x509.crt"),
    same("san", "sslmode=verify-ca sslrootcert=trusted.crt"),
    same("san", "sslmode=verify-ca sslrootcert=blanks.crt"),
    same("san", "sslmode=verify-ca sslrootcert=text.crt"),
    other("tls/bad_entry", "san", "sslmode=verify-ca sslrootcert=bad+root.crt"),
    other("tls/bad_entry", "san", "sslmode=verify-ca sslrootcert=root+bad.crt"),
    other("tls/bad_entry", "san", "sslmode=require sslrootcert=root+bad.crt"),
    same("san", "sslmode=prefer sslrootcert=root+bad.crt"),
    other("tls/bad_end", "san", "sslmode=verify-ca sslrootcert=root+open.crt"),
    other("tls/bad_base64", "san", "sslmode=verify-ca sslrootcert=root+garbage.crt"),
    other("tls/list_as_root", "san", "sslmode=verify-ca sslrootcert=root.crl"),
    same("san", "sslmode=verify-ca sslrootcert=empty.crt"),
    same("chain", "sslmode=verify-full sslrootcert=root.crt host=chain.test"),
    other("tls/untrusted", "unsent", "sslmode=verify-ca sslrootcert=root.crt"),
    other("tls/untrusted", "unsent", "sslmode=verify-ca sslrootcert=step.crt"),
    same("unsent", "sslmode=verify-full sslrootcert=root+step.crt host=chain.test"),
    same("self", "sslmode=verify-full sslrootcert=self.crt host=self.test"),
    same("self", "sslmode=require sslrootcert=self.crt"),
    other("tls/self_signed", "self", "sslmode=verify-ca sslrootcert=root.crt"),
    other("tls/expired", "expired", "sslmode=verify-ca sslrootcert=root.crt"),
    same("expired", "sslmode=require"),
    other("tls/not_yet_valid", "future", "sslmode=verify-ca sslrootcert=root.crt"),
    other("tls/purpose", "purpose", "sslmode=verify-ca sslrootcert=root.crt"),
    other("tls/constrained", "constrained", "sslmode=verify-ca sslrootcert=root.crt"),
    // Revocation.
    other("tls/revoked", "revoked", "sslmode=verify-ca sslrootcert=root.crt sslcrl=root.crl"),
    other("tls/revoked", "revoked", "sslmode=verify-ca sslrootcert=root.crt sslcrldir=crls"),
    same("revoked", "sslmode=verify-ca sslrootcert=root.crt"),
    same("revoked", "sslmode=verify-ca sslrootcert=root.crt sslcrl=none.crl"),
    same("revoked", "sslmode=require sslcrl=root.crl"),
    same("san", "sslmode=verify-ca sslrootcert=root.crt sslcrl=root.crl"),
    other("tls/no_crl", "san", "sslmode=verify-ca sslrootcert=root.crt sslcrl=stranger.crl"),
    other("tls/no_crl", "san", "sslmode=verify-ca sslrootcert=root.crt sslcrldir=nowhere"),
    other(
        "tls/broken_list",
        "revoked",
        "sslmode=verify-ca sslrootcert=root.crt sslcrl=garbage.crl",
    ),
    other("tls/broken_list", "revoked", "sslmode=verify-ca sslrootcert=root.crt sslcrl=bad.crl"),
    other(
        "tls/broken_list_revokes",
        "revoked",
        "sslmode=verify-ca sslrootcert=root.crt sslcrl=root+bad.crl",
    ),
    other(
        "tls/broken_list_revokes",
        "revoked",
        "sslmode=verify-ca sslrootcert=root.crt sslcrl=bad+root.crl",
    ),
    other(
        "tls/broken_list_revokes",
        "revoked",
        "sslmode=verify-ca sslrootcert=root.crt sslcrl=root+open.crl",
    ),
    same("revoked", "sslmode=verify-ca sslrootcert=root.crt sslcrl=empty.crt"),
    other("tls/revoked", "revoked", "sslmode=verify-ca sslrootcert=root.crt sslcrl=root+text.crl"),
    other("tls/no_crl", "revoked", "sslmode=verify-ca sslrootcert=root.crt sslcrl=root.crt"),
    other("tls/broken_list", "san", "sslmode=verify-ca sslrootcert=root.crt sslcrl=bad.crl"),
    same("san", "sslmode=verify-ca sslrootcert=root.crt sslcrl=root+bad.crl"),
    same("san", "sslmode=verify-ca sslrootcert=root.crt sslcrl=bad+root.crl"),
    // Names.
    same("san", "sslmode=verify-full sslrootcert=root.crt host=db.test"),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=DB.TEST"),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=a.wild.test"),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=a.b.wild.test"),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=wild.test"),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=common.test"),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=db.test."),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=127.0.0.1"),
    same("san", "sslmode=verify-full sslrootcert=root.crt host=''"),
    same("san", "sslmode=verify-ca sslrootcert=root.crt host=other.test"),
    same("cn", "sslmode=verify-full sslrootcert=root.crt host=common.test"),
    same("cn", "sslmode=verify-full sslrootcert=root.crt host=other.test"),
    same("ip", "sslmode=verify-full sslrootcert=root.crt host=common.test"),
    same("ip", "sslmode=verify-full sslrootcert=root.crt host=other.test"),
    same("ip", "sslmode=verify-full sslrootcert=root.crt host=127.0.0.1"),
    same("ip", "sslmode=verify-full sslrootcert=root.crt host=127.000.0.01"),
    same("ip", "sslmode=verify-full sslrootcert=root.crt host=::1"),
    same("ip", "sslmode=verify-full sslrootcert=root.crt host=0:0::1"),
    same("ip", "sslmode=verify-full sslrootcert=root.crt host=127.0.0.2"),
    // Versions.
    same("tls12", "sslmode=require"),
    same("tls12", "sslmode=require ssl_min_protocol_version=TLSv1.3"),
    same("tls13", "sslmode=require"),
    same("tls13", "sslmode=require ssl_max_protocol_version=TLSv1.2"),
    same("tls13", "sslmode=prefer ssl_max_protocol_version=TLSv1.2 dbname=nosuch"),
    same("san", "sslmode=require ssl_min_protocol_version=TLSv1"),
    same("san", "sslmode=require ssl_max_protocol_version=tlsv1.2"),
    other(
        "tls/old_versions",
        "san",
        "sslmode=require ssl_min_protocol_version=TLSv1 ssl_max_protocol_version=TLSv1.1",
    ),
    // Certificates of clients.
    same("san", "user=cert sslmode=require"),
    same("san", "user=cert sslmode=require sslcert=client.crt sslkey=client.key"),
    same("san", "user=cert sslmode=require sslcert=client.crt sslkey=client.der"),
    same("san", "user=tls sslmode=require sslcert=client.crt sslkey=client.key"),
    same("san", "user=cert sslmode=require sslcert=other.crt sslkey=client.key"),
    same("san", "user=cert sslmode=require sslcert=client.crt"),
    same("san", "user=cert sslmode=require sslcert=client.crt sslkey=none.key"),
    same("san", "user=cert sslmode=require sslcert=client.crt sslkey=/"),
    same("san", "user=cert sslmode=require sslcert=client.crt sslkey=open.key"),
    same("san", "user=cert sslmode=require sslcert=client.crt sslkey=root.key"),
    same("san", "user=cert sslmode=require sslcert=client.key sslkey=client.key"),
    same("san", "user=cert sslmode=require sslcert=none.crt"),
    same("san", "user=cert sslmode=require sslcert=stranger.crt sslkey=stranger.key"),
    same(
        "san",
        "user=cert sslmode=require sslcert=stranger.crt sslkey=stranger.key ssl_max_protocol_version=TLSv1.2",
    ),
    same("san", "user=postgres sslmode=prefer sslcert=stranger.crt sslkey=stranger.key"),
    same(
        "san",
        "sslmode=require sslcert=client.crt sslkey=client.key sslcertmode=disable user=cert",
    ),
    same("san", "sslmode=require sslcert=client.crt sslkey=client.key sslcertmode=require"),
    same("san", "sslmode=require sslcertmode=require"),
    same("cn", "sslmode=require sslcert=client.crt sslkey=client.key sslcertmode=require"),
    same("off", "sslmode=prefer sslcertmode=require"),
    other("tls/engine", "san", "sslmode=require sslcert=client.crt sslkey=engine:key"),
    other("tls/encrypted_key", "san", "sslmode=require sslcert=client.crt sslkey=encrypted.key"),
    same("san", "sslmode=require sslcert=client.crt sslkey=encrypted.key sslpassword=wrong"),
    // Channel binding.
    same("san", "user=scram password=right sslmode=require"),
    same("san", "user=scram password=right sslmode=require channel_binding=require"),
    same("san", "user=scram password=right sslmode=require channel_binding=disable"),
    same("san", "user=scram password=right sslmode=disable channel_binding=require"),
    same("san", "user=scram password=right sslmode=disable"),
    same("off", "user=scram password=right channel_binding=require"),
    same("chain", "user=scram password=right sslmode=require channel_binding=require"),
    same("san", "user=md5 password=right sslmode=require channel_binding=require"),
    same("san", "user=md5 password=right sslmode=require"),
    same("san", "user=postgres sslmode=require channel_binding=require"),
    same("san", "user=scram sslmode=require channel_binding=require"),
    // The rest.
    same("san", "sslmode=require sslkeylogfile=/none/keys"),
    same("san", "host=<socket> hostaddr= sslmode=verify-full sslnegotiation=direct"),
    same("san", "host=<socket> hostaddr= sslmode=require"),
    same("off", "host=127.0.0.1,127.0.0.1 hostaddr=127.0.0.1,127.0.0.1 sslmode=require"),
    same("san", "sslmode=require dbname=nosuch"),
];

/// The files of an authority, and the certificates it made.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate's parameters: names, and the common name.
fn params(names: &[&str], common: &str) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names");
    params.distinguished_name = Default::default();
    params.distinguished_name.push(DnType::CommonName, common);
    params
}

fn authority_params(common: &str) -> CertificateParams {
    let mut params = params(&[], common);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

impl Authority {
    fn new(common: &str) -> Authority {
        let issuer = CertifiedIssuer::self_signed(authority_params(common), key());
        Authority { issuer: issuer.expect("an authority") }
    }

    /// One below this one.
    fn step(&self, params: CertificateParams) -> Authority {
        let issuer = CertifiedIssuer::signed_by(params, key(), &self.issuer);
        Authority { issuer: issuer.expect("an authority") }
    }

    fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate and its key.
    fn issue(&self, params: &CertificateParams) -> (String, String) {
        let key = key();
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }

    fn revocation_list(&self, serials: &[u64]) -> String {
        let revoked = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2020, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(4000, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).and_then(|list| list.pem()).expect("a list")
    }
}

/// How the server is set up: its certificate and key, and lines of its configuration.
type Setup = ((String, String), &'static str);

/// The server, the ways to set it up, and a directory with the clients' files.
struct Place {
    server: OwnServer,
    setups: BTreeMap<&'static str, Setup>,
    home: PathBuf,
    psql: PathBuf,
}

const HBA: &str = "local all all trust
hostssl all tls all trust
hostnossl all clear all trust
host all reject all reject
hostssl all cert all cert
host all scram all scram-sha-256
host all md5 all md5
host all nobody all trust
host all postgres all trust
";

/// The serial number of the certificate that is revoked.
const REVOKED: u64 = 4711;

/// An encrypted key: `openssl ecparam -name prime256v1 -genkey | openssl pkcs8 -topk8`.
const ENCRYPTED_KEY: &str = include_str!("../../src/tls/testdata/pkcs8-encrypted.pem");

impl Place {
    fn new() -> Result<Place, Missing> {
        let account = Account::for_server().expect("an account for the server");
        let bin = versions::directory().join("openssl/bin");
        let programs = Server::at(&bin, &account).ok_or_else(|| {
            Missing("no server with OpenSSL: run tests/tools/servers openssl".to_owned())
        })?;
        let programs: &'static Server = Box::leak(Box::new(programs));
        let home = harness::cluster_directory("tls-home");
        let (root, stranger) = (Authority::new("Root"), Authority::new("Stranger"));
        let step = root.step(authority_params("Step"));
        let mut bounds = authority_params("Bounds");
        bounds.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("inside.test".to_owned())],
            excluded_subtrees: Vec::new(),
        });
        let bounds = root.step(bounds);

        let mut expired = params(&["db.test"], "expired");
        expired.not_after = date_time_ymd(2020, 1, 1);
        let mut future = params(&["db.test"], "future");
        future.not_before = date_time_ymd(3000, 1, 1);
        let mut purpose = params(&["db.test"], "purpose");
        purpose.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let mut revoked = params(&["db.test"], "revoked");
        revoked.serial_number = Some(SerialNumber::from(REVOKED));
        let mut own = params(&["self.test"], "self");
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own_key = key();
        let own = own.self_signed(&own_key).expect("a certificate").pem();
        let san = root.issue(&params(&["db.test", "*.wild.test"], "common.test"));
        let chain = step.issue(&params(&["chain.test"], "chain"));
        let constrained = bounds.issue(&params(&["outside.test"], "outside"));
        let ca = "ssl_ca_file = 'root.crt'\n";
        let setups = [
            ("off", san.clone(), "ssl = off\n"),
            ("san", san.clone(), ca),
            ("cn", root.issue(&params(&[], "common.test")), ""),
            ("ip", root.issue(&params(&["127.0.0.1", "::1"], "common.test")), ""),
            ("chain", (chain.0.clone() + &step.pem(), chain.1.clone()), ""),
            ("unsent", chain, ""),
            ("self", (own.clone(), own_key.serialize_pem()), ""),
            ("expired", root.issue(&expired), ""),
            ("future", root.issue(&future), ""),
            ("purpose", root.issue(&purpose), ""),
            ("constrained", (constrained.0 + &bounds.pem(), constrained.1), ""),
            ("revoked", root.issue(&revoked), ""),
            ("tls12", san.clone(), "ssl_max_protocol_version = 'TLSv1.2'\n"),
            ("tls13", san.clone(), "ssl_min_protocol_version = 'TLSv1.3'\n"),
        ];

        let file = |name: &str, content: &[u8]| {
            fs::write(home.join(name), content).expect("a file");
            let mode = if name == "open.key" { 0o640 } else { 0o600 };
            fs::set_permissions(home.join(name), fs::Permissions::from_mode(mode))
                .expect("permissions");
            // Root's own files may be read by a group.
            if name == "open.key" && account.is_some() {
                fs::set_permissions(home.join(name), fs::Permissions::from_mode(0o644))
                    .expect("permissions");
            }
        };
        let client_key = key();
        let client = |name: &str| {
            params(&[], name).signed_by(&client_key, &root.issuer).expect("a certificate").pem()
        };
        let crl = root.revocation_list(&[REVOKED]);
        let labelled =
            |label: &str| root.pem().replace("CERTIFICATE", &format!("{label} CERTIFICATE"));
        let bad =
            |label: &str| format!("-----BEGIN {label}-----\nMAUCAQcCAQg=\n-----END {label}-----\n");
        let (bad_certificate, bad_list) = (bad("CERTIFICATE"), bad("X509 CRL"));
        let texts = [
            ("mark.crt", format!("\u{feff}{}", root.pem())),
            ("x509.crt", labelled("X509")),
            ("trusted.crt", labelled("TRUSTED")),
            ("blanks.crt", format!("\n\n{}\n\n", root.pem().replace("-----\nM", "-----\n\nM"))),
            ("text.crt", format!("Root:\n{}# the end\n", root.pem())),
            ("bad+root.crt", bad_certificate.clone() + &root.pem()),
            ("root+bad.crt", root.pem() + &bad_certificate),
            ("root+open.crt", root.pem() + "-----BEGIN CERTIFICATE-----\nMAUC\n"),
            (
                "root+garbage.crt",
                root.pem() + "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n",
            ),
            ("garbage.crl", "-----BEGIN X509 CRL-----\n*\n-----END X509 CRL-----\n".to_owned()),
            ("empty.crt", String::new()),
            ("bad.crl", bad_list.clone()),
            ("root+bad.crl", crl.clone() + &bad_list),
            ("bad+root.crl", bad_list + &crl),
            ("root+open.crl", crl.clone() + "-----BEGIN X509 CRL-----\nMAUC\n"),
            ("root+text.crl", crl + "the end\n"),
            ("root.crt", root.pem()),
            ("root.key", root.issuer.key().serialize_pem()),
            ("stranger.crt", stranger.pem()),
            ("stranger.key", stranger.issuer.key().serialize_pem()),
            ("both.crt", stranger.pem() + &root.pem()),
            ("step.crt", step.pem()),
            ("root+step.crt", root.pem() + &step.pem()),
            ("server.crt", san.0.clone()),
            ("self.crt", own),
            ("root.crl", root.revocation_list(&[REVOKED])),
            ("stranger.crl", stranger.revocation_list(&[])),
            ("client.crt", client("cert")),
            ("other.crt", client("other")),
            ("client.key", client_key.serialize_pem()),
            ("open.key", client_key.serialize_pem()),
            ("encrypted.key", ENCRYPTED_KEY.to_owned()),
        ];
        for (name, text) in &texts {
            file(name, text.as_bytes());
        }
        file("client.der", client_key.serialized_der());
        crl_directory(&home, &root.revocation_list(&[REVOKED]));

        let setups = setups.into_iter().map(|(name, pair, lines)| (name, (pair, lines))).collect();
        let files = [("root.crt", root.pem())];
        let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
        let server = OwnServer::start_with(programs, "tls", HBA, "", &files);
        server.execute(&[
            "CREATE ROLE tls LOGIN",
            "CREATE ROLE clear LOGIN",
            "CREATE ROLE reject LOGIN",
            "CREATE ROLE cert LOGIN",
            "CREATE ROLE scram LOGIN PASSWORD 'right'",
            "SET password_encryption = 'md5'; CREATE ROLE md5 LOGIN PASSWORD 'right'",
        ]);
        Ok(Place { server, setups, home, psql: bin.join("psql") })
    }

    /// Sets the server up anew. What connects afterwards meets it so.
    fn set_up(&self, name: &str) {
        let ((certificate, key), lines) = &self.setups[name];
        self.server.write("server.crt", certificate);
        self.server.write("server.key", key);
        self.server.write("postgresql.auto.conf", &format!("ssl = on\n{lines}"));
        self.server.reload();
    }

    /// A shell, with a part of a connection string.
    fn shell(&self, shell: Shell, row: &str) -> Run {
        let server = &self.server;
        let program = match shell {
            Shell::Pgsh => harness::program(shell),
            Shell::Oracle => self.psql.clone(),
        };
        let row = row.replace("<socket>", &server.socket());
        Run::new(program, &self.home)
            .env("PGHOSTADDR", "127.0.0.1")
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", server.port.to_string())
            .env("PGUSER", "postgres")
            .env("PGDATABASE", "postgres")
            .env("PGCONNECT_TIMEOUT", "20")
            .args(["-X", "-w", "-d", &format!("{row} application_name=t")])
            .mask(self.home.as_os_str().as_encoded_bytes(), "<home>")
            .mask(server.port.to_string(), "<port>")
    }

    /// Runs a shell with a part of a connection string, and arguments.
    fn run(&self, shell: Shell, row: &str, arguments: &[String]) -> Outcome {
        self.shell(shell, row).args(arguments).outcome()
    }
}

/// A directory as OpenSSL reads it: lists by a hash of their issuer's name. That of `CN=Root`.
fn crl_directory(home: &Path, list: &str) {
    fs::create_dir(home.join("crls")).expect("a directory");
    fs::write(home.join("crls/dcaaf7f0.r0"), list).expect("a file");
}

fn connections() -> Ran {
    let place = Place::new()?;
    let known = known_differences();
    let query = "select ssl, version, cipher, current_user from pg_stat_ssl \
                 where pid = pg_backend_pid()";
    let arguments = words(&format!("-At -c \"{query}\""));
    let mut failures = Vec::new();
    let mut cases: Vec<&Case> = CASES.iter().collect();
    cases.sort_by_key(|case| case.server);
    let mut present = "";
    for case in cases {
        if case.server != present {
            present = case.server;
            place.set_up(present);
        }
        let [ours, theirs] =
            harness::on_both(|shell| place.run(shell, case.row, &arguments).render());
        let theirs = in_our_words(&theirs, case.differs);
        if ours != theirs {
            let (server, row) = (case.server, case.row);
            failures.push(format!("{server}: {row}\n{}", difference(&theirs, &ours)));
        }
    }
    for (name, ..) in DIFFERENCES {
        if !known.iter().any(|(known, _)| known == name) {
            failures.push(format!("{name} is not in known_differences.txt"));
        }
    }
    place.set_up("san");
    for row in ["sslmode=require", "sslmode=require ssl_max_protocol_version=TLSv1.2"] {
        let [ours, theirs] = harness::on_both(|shell| {
            let outcome = place.run(shell, row, &words("-At -c \\conninfo"));
            let lines = outcome.stdout.split_inclusive(|b| *b == b'\n');
            lines.filter(|line| !line.starts_with(b"Backend PID")).flatten().copied().collect()
        });
        let theirs: Vec<u8> = theirs;
        let theirs = String::from_utf8_lossy(&theirs).replace("OpenSSL", "rustls");
        let ours = String::from_utf8_lossy(&ours).into_owned();
        if ours != theirs {
            failures
                .push(format!("\\conninfo: {}", difference(theirs.as_bytes(), ours.as_bytes())));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
    helper_is_encrypted(&place);
    Ok(())
}

/// The helper connects under the terms of its session: TLS and channel binding.
fn helper_is_encrypted(place: &Place) {
    for version in ["TLSv1.2", "TLSv1.3"] {
        let run = place.shell(
            Shell::Pgsh,
            &format!(
                "user=scram password=right host=db.test sslmode=verify-full sslrootcert=root.crt \
                 channel_binding=require ssl_max_protocol_version={version}"
            ),
        );
        let mut terminal = run.env("PSQL_HISTORY", "/dev/null").env("TERM", "xterm").terminal();
        terminal.wait("=> ");
        terminal.line("begin;").wait("BEGIN");
        terminal.line("select 1/0;").wait("division by zero");
        // The session can't answer now.
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            terminal.wait("!> ");
            terminal.keys("table pg_datab").wait("pg_datab");
            let seen = terminal.keys("\t").keys("|").wait("|");
            terminal.keys("\x03").wait("\n");
            if seen.contains("ase") {
                break;
            }
            assert!(Instant::now() < deadline, "{seen:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
        let found = place.server.value(
            "SELECT string_agg(concat_ws(' ', application_name, version), ', ' ORDER BY application_name) \
             FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'scram' AND ssl",
        );
        assert_eq!(found, format!("t {version}, t (helper) {version}"));
        terminal.wait("!> ");
        // So is the connection that is opened when the first one is lost, and that is said.
        terminal.line("rollback;").wait("ROLLBACK");
        terminal.line("select pg_terminate_backend(pg_backend_pid());");
        terminal.wait("Attempting reset: Succeeded.");
        terminal.wait(&format!("SSL connection (protocol: {version}, "));
        terminal.wait("=> ");
        terminal.line("\\q");
        assert_eq!(terminal.end(), 0);
    }
}

/// The oracle's text with what pgsh says in other words put in.
fn in_our_words(text: &[u8], differs: &str) -> Vec<u8> {
    let Some((_, theirs, ours)) = DIFFERENCES.iter().find(|(name, ..)| *name == differs) else {
        return text.to_vec();
    };
    let ours = match *theirs {
        FAILED if ours.starts_with(':') => format!("{FAILED}{ours}"),
        TAKEN => format!(
            "[stderr]\npsql: error: connection to server at \"127.0.0.1\", port <port> failed: \
             {FAILED}{ours}\n[exit status] 2\n"
        ),
        _ => (*ours).to_owned(),
    };
    let text = String::from_utf8_lossy(text);
    assert!(text.contains(theirs), "{differs}: {text}");
    text.replace(theirs, &ours).into_bytes()
}

tests! {
    connections,
}
