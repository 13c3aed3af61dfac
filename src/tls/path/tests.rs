use super::super::pem;
use super::*;
use rcgen::{
    CertificateParams, CertificateRevocationListParams, CertifiedIssuer, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber, date_time_ymd,
};

mod vectors;

type Issuer = CertifiedIssuer<'static, KeyPair>;

/// 2030: everything made here is valid then, unless its purpose is not to be.
const NOW: i64 = 1_900_000_000;

fn params(common: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name = Default::default();
    params.distinguished_name.push(DnType::CommonName, common);
    params
}

fn authority(common: &str, change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = params(common, &[]);
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    change(&mut params);
    params
}

fn root(common: &str) -> Issuer {
    let key = KeyPair::generate().unwrap();
    CertifiedIssuer::self_signed(authority(common, |_| {}), key).unwrap()
}

fn step(of: &Issuer, common: &str, change: impl FnOnce(&mut CertificateParams)) -> Issuer {
    let key = KeyPair::generate().unwrap();
    CertifiedIssuer::signed_by(authority(common, change), key, of).unwrap()
}

fn leaf(of: &Issuer, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Certificate {
    let mut params = params("leaf", names);
    change(&mut params);
    let made = params.signed_by(&KeyPair::generate().unwrap(), of).unwrap();
    Certificate::parse(made.der()).unwrap()
}

fn certificate(of: &Issuer) -> Certificate {
    Certificate::parse(of.der()).unwrap()
}

fn plain(certificate: Certificate) -> Root {
    Root { certificate, trusted: None }
}

/// Judges `server` at [`NOW`].
fn verify_names(
    roots: &[&Issuer],
    sent: &[&Issuer],
    lists: Option<Vec<RevocationList>>,
    server: &Certificate,
) -> Result<(), Fault> {
    let trust = Trust { roots: roots.iter().map(|root| plain(certificate(root))).collect(), lists };
    let sent: Vec<_> = sent.iter().map(|sent| certificate(sent)).collect();
    trust.verify(server, &sent, None, NOW)
}

fn list(of: &Issuer, serials: &[u64], until: i32) -> RevocationList {
    let revoked = |serial: &u64| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: date_time_ymd(2020, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2020, 1, 1),
        next_update: date_time_ymd(until, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: serials.iter().map(revoked).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    RevocationList::parse(params.signed_by(of).unwrap().der()).unwrap()
}

#[test]
fn paths() {
    let (a, other) = (root("a"), root("other"));
    let b = step(&a, "b", |_| {});
    let c = step(&b, "c", |_| {});
    let server = leaf(&c, &[], |_| {});
    assert_eq!(verify_names(&[&a], &[&b, &c], None, &server), Ok(()));
    assert_eq!(verify_names(&[&other, &a], &[&c, &other, &b], None, &server), Ok(()));
    // The root file may hold the steps; a step alone is no root.
    assert_eq!(verify_names(&[&c, &a, &b], &[], None, &server), Ok(()));
    assert_eq!(verify_names(&[&b], &[&c], None, &server), Err(Fault::Untrusted));
    assert_eq!(verify_names(&[&a], &[&c], None, &server), Err(Fault::Untrusted));
    assert_eq!(verify_names(&[&other], &[&a, &b, &c], None, &server), Err(Fault::UntrustedRoot));
    // A server whose certificate is the root, as `openssl req -x509` makes it.
    let own = authority("own", |params| params.key_usages.clear());
    let own = CertifiedIssuer::self_signed(own, KeyPair::generate().unwrap()).unwrap();
    assert_eq!(verify_names(&[], &[], None, &certificate(&own)), Err(Fault::SelfSigned));
    assert_eq!(verify_names(&[&own], &[], None, &certificate(&own)), Ok(()));
    // Another authority of the same name.
    assert_eq!(verify_names(&[&root("c")], &[], None, &server), Err(Fault::BadSignature));
    assert_eq!(verify_names(&[&root("c"), &a], &[&b, &c], None, &server), Ok(()));
}

#[test]
fn who_may_issue() {
    let a = root("a");
    let check = |of: &Issuer, expected| {
        assert_eq!(verify_names(&[&a], &[of], None, &leaf(of, &[], |_| {})), expected);
    };
    check(&step(&a, "b", |p| p.is_ca = IsCa::ExplicitNoCa), Err(Fault::NotAnAuthority));
    check(&step(&a, "b", |p| p.is_ca = IsCa::NoCa), Err(Fault::NotAnAuthority));
    check(
        &step(&a, "b", |p| p.key_usages = vec![KeyUsagePurpose::DigitalSignature]),
        Err(Fault::NotAnAuthority),
    );
    check(&step(&a, "b", |p| p.not_after = date_time_ymd(2020, 1, 1)), Err(Fault::Expired));
    let shallow = |p: &mut CertificateParams| {
        p.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    };
    let b = step(&a, "b", shallow);
    check(&b, Ok(()));
    let c = step(&b, "c", |_| {});
    let server = leaf(&c, &[], |_| {});
    assert_eq!(verify_names(&[&a], &[&b, &c], None, &server), Err(Fault::PathTooLong));
}

#[test]
fn servers() {
    let a = root("a");
    let check = |change: &dyn Fn(&mut CertificateParams), expected| {
        assert_eq!(verify_names(&[&a], &[], None, &leaf(&a, &[], change)), expected);
    };
    let critical = |critical| {
        let mut extension = CustomExtension::from_oid_content(&[1, 2, 3], vec![5, 0]);
        extension.set_criticality(critical);
        extension
    };
    check(&|p| p.not_before = date_time_ymd(2999, 1, 1), Err(Fault::NotYetValid));
    check(&|p| p.not_after = date_time_ymd(2029, 1, 1), Err(Fault::Expired));
    check(&|p| p.custom_extensions = vec![critical(false)], Ok(()));
    check(&|p| p.custom_extensions = vec![critical(true)], Err(Fault::CriticalExtension));
    let usage = |usage| vec![usage];
    check(&|p| p.extended_key_usages = usage(ExtendedKeyUsagePurpose::ServerAuth), Ok(()));
    check(
        &|p| p.extended_key_usages = usage(ExtendedKeyUsagePurpose::Any),
        Err(Fault::WrongPurpose),
    );
    check(
        &|p| p.extended_key_usages = usage(ExtendedKeyUsagePurpose::ClientAuth),
        Err(Fault::WrongPurpose),
    );
    check(&|p| p.key_usages = vec![KeyUsagePurpose::DigitalSignature], Ok(()));
    check(&|p| p.key_usages = vec![KeyUsagePurpose::CrlSign], Err(Fault::WrongPurpose));
}

#[test]
fn name_constraints() {
    use rcgen::{CidrSubnet, GeneralSubtree as S, NameConstraints};
    let a = root("a");
    let check = |permitted: &[S], excluded: &[S], names: &[&str], expected| {
        let b = step(&a, "b", |p| {
            p.name_constraints = Some(NameConstraints {
                permitted_subtrees: permitted.to_vec(),
                excluded_subtrees: excluded.to_vec(),
            });
        });
        assert_eq!(
            verify_names(&[&a], &[&b], None, &leaf(&b, names, |_| {})),
            expected,
            "{names:?}"
        );
    };
    let dns = |name: &str| S::DnsName(name.to_owned());
    let net = S::IpAddress(CidrSubnet::from_v4_prefix([10, 0, 0, 0], 8));
    let no = Err(Fault::Constrained);
    check(&[dns("in.test")], &[], &["x.in.test"], Ok(()));
    check(&[dns("in.test")], &[], &["x.in.test", "out.test"], no);
    // The common name, "leaf", counts where it looks like a host's, and where it is the one asked for.
    check(&[dns("in.test")], &[], &["10.0.0.1"], Ok(()));
    check(&[dns("in.test"), dns("leaf")], &[], &["10.0.0.1"], Ok(()));
    check(&[], &[dns("in.test")], &["in.test"], no);
    check(&[], &[dns("in.test")], &["out.test"], Ok(()));
    check(std::slice::from_ref(&net), &[], &["10.1.2.3"], Ok(()));
    check(std::slice::from_ref(&net), &[], &["11.1.2.3"], no);
    check(&[], &[net], &["10.1.2.3"], no);
    let mut place = rcgen::DistinguishedName::new();
    place.push(DnType::CommonName, "leaf");
    check(&[S::DirectoryName(place.clone())], &[], &["x.test"], Ok(()));
    check(&[], &[S::DirectoryName(place)], &["x.test"], no);
}

#[test]
fn revocation() {
    let a = root("a");
    let b = step(&a, "b", |p| p.serial_number = Some(SerialNumber::from(7u64)));
    let server = leaf(&b, &[], |p| p.serial_number = Some(SerialNumber::from(8u64)));
    let check = |lists: Vec<RevocationList>, expected| {
        assert_eq!(verify_names(&[&a], &[&b], Some(lists), &server), expected);
    };
    check(vec![], Err(Fault::NoRevocationList));
    check(vec![list(&b, &[], 2999)], Err(Fault::NoRevocationList));
    check(vec![list(&a, &[], 2999), list(&b, &[9], 2999)], Ok(()));
    check(vec![list(&a, &[8], 2999), list(&b, &[7], 2999)], Ok(()));
    check(vec![list(&a, &[], 2999), list(&b, &[8], 2999)], Err(Fault::Revoked));
    check(vec![list(&a, &[7], 2999), list(&b, &[], 2999)], Err(Fault::Revoked));
    check(vec![list(&a, &[], 2999), list(&b, &[], 2025)], Err(Fault::RevocationListExpired));
    check(vec![list(&a, &[], 2999), list(&b, &[8], 2025)], Err(Fault::Revoked));
    // A list of somebody else of the same name.
    check(vec![list(&a, &[], 2999), list(&root("b"), &[], 2999)], Err(Fault::NoRevocationList));
}

/// The first block of a file of `testdata`, made by OpenSSL.
fn old(file: &str) -> Vec<u8> {
    let path = format!("{}/src/tls/testdata/{file}", env!("CARGO_MANIFEST_DIR"));
    pem::blocks(&std::fs::read(path).unwrap()).remove(0).content
}

#[test]
fn version_1() {
    let parse = |file| Certificate::parse(&old(file)).unwrap();
    let trust = |lists| Trust { roots: vec![plain(parse("v1-root.pem"))], lists };
    let (server, below) = (parse("v1-leaf.pem"), parse("v1-below-leaf.pem"));
    assert_eq!(trust(None).verify(&server, &[], None, NOW), Ok(()));
    // Whoever has a certificate must not be able to issue one.
    let sent = [parse("v1-leaf.pem")];
    assert_eq!(trust(None).verify(&below, &sent, None, NOW), Err(Fault::NotAnAuthority));
    let list = RevocationList::parse(&old("v1-crl.pem")).unwrap();
    assert_eq!(trust(Some(vec![list])).verify(&server, &[], None, NOW), Err(Fault::Revoked));
}

/// Certificates that no honest authority makes, and some that are only rare: the server's, what it
/// sends, the root, and lists if there are any. psql with OpenSSL judges each of them the same way.
#[test]
fn odd_certificates() {
    let check = |name: &str, expected| {
        let path = format!("{}/src/tls/testdata/odd/{name}.pem", env!("CARGO_MANIFEST_DIR"));
        let blocks = pem::blocks(&std::fs::read(path).unwrap());
        let (lists, chain): (Vec<_>, Vec<_>) =
            blocks.into_iter().partition(|block| block.label == "X509 CRL");
        let mut chain: Vec<_> =
            chain.iter().map(|block| Certificate::parse(&block.content).unwrap()).collect();
        let lists: Vec<_> =
            lists.iter().map(|block| RevocationList::parse(&block.content).unwrap()).collect();
        let server = chain.remove(0);
        let roots = vec![plain(chain.pop().unwrap())];
        let trust = Trust { roots, lists: (!lists.is_empty()).then_some(lists) };
        let verdict = trust.verify(&server, &chain, None, NOW);
        let named = || match super::super::hostname_check::check(&server, b"db.test") {
            Ok(()) => "its name",
            Err(_) => "another name",
        };
        assert_eq!(verdict.map(|()| named()), expected, "{name}");
    };
    let good = Ok("its name");
    check("inner-algorithm", Err(Fault::BadSignature));
    check("any-purpose", Err(Fault::WrongPurpose));
    check("netscape-client", Err(Fault::WrongPurpose));
    check("netscape-server", good);
    check("twice-basic-constraints", Err(Fault::Malformed));
    check("twice-name-constraints", Err(Fault::Malformed));
    check("twice-alternative-names", Err(Fault::Malformed));
    // The common name does not stand in for names that can't be read.
    check("alternative-names-garbage", Err(Fault::Malformed));
    check("alternative-name-latin1", Ok("another name"));
    check("critical-policies", good);
    check("issuer-otherwise-written", good);
    check("excluded-subject-otherwise-written", Err(Fault::Constrained));
    check("excluded-address-broken", Err(Fault::Constrained));
    check("excluded-mail-of-subject", Err(Fault::Constrained));
    check("permitted-mail", good);
    check("constraint-minimum", Err(Fault::Constrained));
    check("common-name-no-host", Ok("another name"));
    check("rsa-1024", good);
    check("rsa-1024-root", Err(Fault::SmallKey));
    check("list-of-authorities-only", Err(Fault::NoRevocationList));
    check("list-critical-entry", Err(Fault::NoRevocationList));
    check("list-otherwise-written", good);
}

#[test]
fn a_server_can_not_keep_us_busy() {
    // Sixty authorities of the same two names, each certified by all of the other name.
    let (x, y) = (root("x"), root("y"));
    let crowd = |of: &Issuer, common: &str| -> Vec<Certificate> {
        (0..30).map(|_| certificate(&step(of, common, |_| {}))).collect()
    };
    let mut sent = crowd(&x, "y");
    sent.extend(crowd(&y, "x"));
    sent.extend([certificate(&x), certificate(&y)]);
    let trust = Trust { roots: vec![plain(certificate(&root("z")))], lists: None };
    assert!(trust.verify(&leaf(&x, &[], |_| {}), &sent, None, NOW).is_err());
}

#[test]
fn damaged_certificates() {
    let a = root("a");
    let good = leaf(&a, &["a.test"], |_| {});
    for at in 0..good.der.len() {
        for change in [1, 0x80, 0xff] {
            let mut der = good.der.clone();
            der[at] ^= change;
            // None is trusted, and none does harm.
            if let Some(damaged) = Certificate::parse(&der) {
                assert!(verify_names(&[&a], &[], None, &damaged).is_err(), "{at}");
                let _ = (
                    damaged.server_end_point(),
                    damaged.extensions().is_ok(),
                    damaged.common_name(),
                );
            }
        }
        assert!(Certificate::parse(&good.der[..at]).is_none());
    }
}

#[test]
fn channel_binding() {
    use sha2::{Digest, Sha256, Sha384};
    let der = old("pss-sha384.pem");
    let server_end_point = Certificate::parse(&der).unwrap().server_end_point();
    assert_eq!(server_end_point, Some(Sha384::digest(&der).to_vec()));
    let der = old("v1-leaf.pem");
    let server_end_point = Certificate::parse(&der).unwrap().server_end_point();
    assert_eq!(server_end_point, Some(Sha256::digest(&der).to_vec()));
}

/// A name constraint that permits or excludes hosts, and a server's certificate below it.
fn constrained(
    permitted: &[&str],
    excluded: &[&str],
    step_name: &str,
    change: impl FnOnce(&mut CertificateParams),
    host: Option<&str>,
) -> Result<(), Fault> {
    use rcgen::{GeneralSubtree, NameConstraints};
    let hosts = |names: &[&str]| -> Vec<_> {
        names.iter().map(|name| GeneralSubtree::DnsName((*name).to_owned())).collect()
    };
    let constraints = NameConstraints {
        permitted_subtrees: hosts(permitted),
        excluded_subtrees: hosts(excluded),
    };
    let a = authority("a", |p| p.name_constraints = Some(constraints));
    let a = CertifiedIssuer::self_signed(a, KeyPair::generate().unwrap()).unwrap();
    let b = step(&a, step_name, |_| {});
    let trust = Trust { roots: vec![plain(certificate(&a))], lists: None };
    let server = leaf(&b, &[], change);
    trust.verify(&server, &[certificate(&b)], host.map(str::as_bytes), NOW)
}

#[test]
fn which_names_are_constrained() {
    let no = Err(Fault::Constrained);
    let common = |name: &'static str| {
        move |p: &mut CertificateParams| {
            p.distinguished_name = Default::default();
            p.distinguished_name.push(DnType::CommonName, name);
        }
    };
    let host = |name: &'static str| {
        move |p: &mut CertificateParams| {
            let name = rcgen::string::Ia5String::try_from(name).unwrap();
            p.subject_alt_names = vec![rcgen::SanType::DnsName(name)];
        }
    };
    let (inside, none) = (&["in.test"][..], &[][..]);
    // An authority's common name is no host's.
    assert_eq!(constrained(inside, none, "Issuing-CA-1", host("a.in.test"), None), Ok(()));
    assert_eq!(constrained(inside, none, "ca.other.test", host("a.in.test"), None), Ok(()));
    assert_eq!(constrained(inside, none, "ca", common("a.in.test"), None), Ok(()));
    assert_eq!(constrained(inside, none, "ca", common("a.out.test"), None), no);
    assert_eq!(constrained(inside, none, "ca", common("*.out.test"), None), no);
    assert_eq!(constrained(inside, none, "ca", common("My database"), None), Ok(()));
    assert_eq!(constrained(inside, none, "ca", common("db"), None), Ok(()));
    assert_eq!(constrained(inside, none, "ca", common("db"), Some("db")), no);
    // A wildcard stands for what is excluded, too.
    let excluded = &["db.in.test"][..];
    assert_eq!(constrained(none, excluded, "ca", host("*.in.test"), None), no);
    assert_eq!(constrained(none, excluded, "ca", host("*.db.in.test"), None), no);
    assert_eq!(constrained(none, excluded, "ca", host("*.test"), None), Ok(()));
    assert_eq!(constrained(none, excluded, "ca", host("a.in.test"), None), Ok(()));
}

#[test]
fn names_and_constraints_are_counted() {
    let many = |p: &mut CertificateParams| {
        let name = |i| rcgen::string::Ia5String::try_from(format!("h{i}.test")).unwrap();
        p.subject_alt_names = (0..1100).map(|i| rcgen::SanType::DnsName(name(i))).collect();
    };
    let hosts: Vec<String> = (0..1000).map(|i| format!("x{i}.test")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let started = std::time::Instant::now();
    assert_eq!(constrained(&[], &hosts, "ca", many, None), Err(Fault::TooComplex));
    assert_eq!(constrained(&[], &hosts[..900], "ca", many, None), Ok(()));
    assert!(started.elapsed() < std::time::Duration::from_secs(10));
}

/// `connect_timeout` is not looked at while certificates are: they must not take long. Thirty
/// certificates of one authority, each of which costs a million comparisons and fails at the last.
#[test]
fn the_search_ends_among_constrained_authorities() {
    use rcgen::{GeneralSubtree, NameConstraints, SanType};
    let a = root("a");
    let excluded = (0..1000).map(|i| format!("x{i}.test")).chain(["h999.test".to_owned()]);
    let constraints = NameConstraints {
        permitted_subtrees: vec![],
        excluded_subtrees: excluded.map(GeneralSubtree::DnsName).collect(),
    };
    let params = |serial: u64| {
        authority("b", |p| {
            p.name_constraints = Some(constraints.clone());
            p.serial_number = Some(SerialNumber::from(serial));
        })
    };
    let b = CertifiedIssuer::signed_by(params(1), KeyPair::generate().unwrap(), &a).unwrap();
    let others = (2..=30).map(|serial| params(serial).signed_by(b.key(), &a).unwrap());
    let mut sent: Vec<_> = others.map(|made| Certificate::parse(made.der()).unwrap()).collect();
    sent.push(certificate(&b));
    let server = leaf(&b, &[], |p| {
        let name = |i| rcgen::string::Ia5String::try_from(format!("h{i}.test")).unwrap();
        p.subject_alt_names = (0..1000).map(|i| SanType::DnsName(name(i))).collect();
    });
    let trust = Trust { roots: vec![plain(certificate(&a))], lists: None };
    let started = std::time::Instant::now();
    assert_eq!(trust.verify(&server, &sent, None, NOW), Err(Fault::TooComplex));
    let most = if cfg!(debug_assertions) { 10 } else { 2 };
    assert!(started.elapsed() < std::time::Duration::from_secs(most));
}

#[test]
fn the_right_root_behind_many_of_its_name() {
    let roots: Vec<Issuer> = (0..120).map(|_| root("a")).collect();
    let all: Vec<&Issuer> = roots.iter().collect();
    assert_eq!(verify_names(&all, &[], None, &leaf(&roots[119], &[], |_| {})), Ok(()));
}

#[test]
fn the_last_second() {
    let a = root("a");
    let server = leaf(&a, &[], |p| p.not_after = date_time_ymd(2030, 1, 1));
    let end = 1_893_456_000;
    assert_eq!(server.check_validity(end - 1), Ok(()));
    assert_eq!(server.check_validity(end), Err(Fault::Expired));
    let old = leaf(&a, &[], |p| p.not_before = date_time_ymd(1950, 1, 1));
    assert_eq!(verify_names(&[&a], &[], None, &old), Ok(()));
}
