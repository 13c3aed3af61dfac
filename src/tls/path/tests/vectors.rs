//! Certificates as no library makes them, each kind of thing in each place: an extension of the
//! server's certificate, the step's and the root's, critical or not, alone, twice or malformed; names of
//! every kind of string; names against constraints; dates, versions, numbers; revocation lists.
//!
//! What OpenSSL says of each is in `testdata/vectors.txt`, and how it is written there.

use super::*;
use crate::tls::oid;
use rcgen::{PublicKeyData, SigningKey};
use std::fmt::Write as _;

/// Its header tells how it is read.
const TABLE: &str = include_str!("../../testdata/vectors.txt");

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut all = vec![tag];
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => all.push(short),
        Ok(long) => all.extend([0x81, long]),
        Err(_) => {
            all.push(0x82);
            all.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    all.extend_from_slice(content);
    all
}

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

/// A name of one part.
fn name(kind: &[u8], tag: u8, text: &[u8]) -> Vec<u8> {
    seq(&[&der(0x31, &seq(&[&der(6, kind), &der(tag, text)]))])
}

fn common(text: &str) -> Vec<u8> {
    name(oid::COMMON_NAME, 12, text.as_bytes())
}

fn extension(kind: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    seq(&[&der(6, kind), flag, &der(4, value)])
}

/// A constraint that permits (0) or excludes (1) what is in `base`.
fn subtree(number: u8, base: &[u8]) -> Vec<u8> {
    seq(&[&der(0xa0 | number, &seq(&[base]))])
}

/// The one point of a list of distribution points.
fn point(content: &[u8]) -> Vec<u8> {
    seq(&[&seq(&[content])])
}

/// Ed25519.
const ALGORITHM: &[u8] = &[0x30, 5, 6, 3, 0x2b, 0x65, 0x70];

/// Before the extensions of a certificate or list: what they are, `[n] EXPLICIT`.
fn tagged(tag: u8, extensions: &[Vec<u8>]) -> Vec<u8> {
    match extensions {
        [] => Vec::new(),
        _ => der(tag, &der(0x30, &extensions.concat())),
    }
}

/// A certificate before it is signed.
#[derive(Clone)]
struct Draft {
    version: Vec<u8>,
    serial: Vec<u8>,
    issuer: Vec<u8>,
    from: Vec<u8>,
    until: Vec<u8>,
    subject: Vec<u8>,
    extensions: Vec<Vec<u8>>,
}

impl Draft {
    fn new(issuer: &str, subject: &str, extensions: Vec<Vec<u8>>) -> Draft {
        Draft {
            version: vec![0xa0, 3, 2, 1, 2],
            serial: vec![2, 1, 7],
            issuer: common(issuer),
            from: der(0x17, b"200101000000Z"),
            until: der(0x17, b"400101000000Z"),
            subject: common(subject),
            extensions,
        }
    }

    fn sign(&self, key: &KeyPair, by: &KeyPair) -> Vec<u8> {
        let content = seq(&[
            &self.version,
            &self.serial,
            ALGORITHM,
            &self.issuer,
            &seq(&[&self.from, &self.until]),
            &self.subject,
            &key.subject_public_key_info(),
            &tagged(0xa3, &self.extensions),
        ]);
        sign(&content, by)
    }
}

fn sign(content: &[u8], by: &KeyPair) -> Vec<u8> {
    let signature = [&[0][..], &by.sign(content).unwrap()].concat();
    seq(&[content, ALGORITHM, &der(3, &signature)])
}

/// The server's certificate, the step's, the root's; a good one is changed.
type Chain = [Draft; 3];

fn chain() -> Chain {
    let authority = || {
        vec![
            extension(oid::BASIC_CONSTRAINTS, true, &seq(&[&[1, 1, 0xff]])),
            extension(oid::KEY_USAGE, true, &[3, 2, 1, 6]),
        ]
    };
    [
        Draft::new("S", "L", vec![]),
        Draft::new("R", "S", authority()),
        Draft::new("R", "R", authority()),
    ]
}

/// Gives one of a chain another subject; what it issued names it so.
fn rename(chain: &mut Chain, place: usize, subject: &[u8]) {
    chain[place].subject = subject.to_vec();
    if place > 0 {
        chain[place - 1].issuer = subject.to_vec();
    }
    if place == 2 {
        chain[2].issuer = subject.to_vec();
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "{byte:02x}");
        all
    })
}

/// The keys of a chain, and what was found with them.
struct Judge {
    keys: [KeyPair; 3],
    /// A row for each vector: our verdict of each of its columns.
    rows: Vec<(String, Vec<bool>)>,
    /// All, for OpenSSL to verify_names, if that is wanted.
    dump: Option<String>,
}

impl Judge {
    fn new() -> Judge {
        let dump = std::env::var_os("PGSH_VECTORS").map(|_| String::new());
        let key = |_| KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        Judge { keys: [0, 1, 2].map(key), rows: Vec::new(), dump }
    }

    /// Judges a chain as the next column of the row `name`.
    fn verify_names(&mut self, name: &str, chain: &Chain, lists: Option<&[Vec<u8>]>) {
        let [leaf, step, root] = &self.keys;
        let ders =
            [chain[0].sign(leaf, step), chain[1].sign(step, root), chain[2].sign(root, root)];
        let is_trusted = verify(&ders, lists).is_some();
        if let Some(dump) = &mut self.dump {
            let lists = lists.map_or("-".to_owned(), |lists| {
                lists.iter().map(|list| hex(list)).collect::<Vec<_>>().join(",")
            });
            let chain = ders.each_ref().map(|der| hex(der)).join("\t");
            let ours = if is_trusted { "ok" } else { "no" };
            let _ = writeln!(dump, "{name}\t{NOW}\t{chain}\t{lists}\t{ours}");
        }
        match self.rows.last_mut() {
            Some((last, verdicts)) if last == name => verdicts.push(is_trusted),
            _ => self.rows.push((name.to_owned(), vec![is_trusted])),
        }
    }
}

fn verify(ders: &[Vec<u8>; 3], lists: Option<&[Vec<u8>]>) -> Option<()> {
    let server = Certificate::parse(&ders[0])?;
    let sent: Vec<_> = Certificate::parse(&ders[1]).into_iter().collect();
    let roots = vec![plain(Certificate::parse(&ders[2])?)];
    let lists =
        lists.map(|lists| lists.iter().filter_map(|list| RevocationList::parse(list)).collect());
    Trust { roots, lists }.verify(&server, &sent, None, NOW).ok()
}

/// A label, the kind of an extension, and its values.
type Values = Vec<(&'static str, &'static [u8], Vec<Vec<u8>>)>;

/// An identifier with an arc of 2^32.
const LARGE: &[u8] = &[0x2a, 0x90, 0x80, 0x80, 0x80, 0];

/// What stands in the extensions of certificates.
fn of_certificates() -> Values {
    vec![
        (
            "basic-constraints",
            oid::BASIC_CONSTRAINTS,
            vec![
                seq(&[]),
                seq(&[&[1, 1, 0xff]]),
                seq(&[&[1, 1, 0]]),
                seq(&[&[1, 1, 1]]),
                seq(&[&[1, 1, 0xff], &[2, 1, 0]]),
                seq(&[&[1, 1, 0xff], &[2, 2, 1, 0]]),
                seq(&[&[1, 1, 0xff], &[2, 9, 0x7f, 1, 1, 1, 1, 1, 1, 1, 1]]),
                seq(&[&[1, 1, 0xff], &[2, 1, 0xff]]),
                seq(&[&[2, 1, 0]]),
                seq(&[&[1, 1, 0xff], &[2, 2, 0, 0]]),
                seq(&[&[1, 1, 0xff], &[5, 0]]),
                seq(&[&[1, 0]]),
                seq(&[&[1, 1, 0xff], &[2, 0]]),
                seq(&[&[1, 1, 0xff], &[2, 12, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]),
                vec![5, 0],
                vec![],
            ],
        ),
        (
            "key-usage",
            oid::KEY_USAGE,
            vec![
                vec![3, 2, 1, 6],
                vec![3, 3, 0, 6, 0],
                vec![3, 4, 0, 0x86, 0, 0],
                vec![3, 2, 0, 0],
                vec![3, 3, 7, 0, 0x80],
                vec![3, 1, 0],
                vec![3, 2, 7, 0x80],
                vec![3, 2, 5, 0x20],
                vec![3, 2, 3, 8],
                vec![3, 2, 2, 4],
                vec![3, 2, 1, 2],
                vec![3, 2, 6, 0x40],
                vec![3, 2, 8, 4],
                vec![3, 0],
                vec![4, 1, 4],
                vec![3, 2, 7, 0x7f],
                vec![3, 3, 0, 0, 1],
                vec![3, 4, 0, 0, 0, 1],
                vec![3, 2, 0, 0xff],
                vec![],
            ],
        ),
        (
            "extended-key-usage",
            oid::EXTENDED_KEY_USAGE,
            vec![
                seq(&[]),
                seq(&[&der(6, oid::SERVER_AUTH)]),
                seq(&[&der(6, oid::ANY_PURPOSE)]),
                seq(&[&der(6, LARGE)]),
                seq(&[&der(6, oid::SERVER_AUTH), &der(6, LARGE)]),
                seq(&[&der(6, &[0x80, 1])]),
                seq(&[&der(6, &[])]),
                vec![4, 0],
                vec![],
                seq(&[&der(6, oid::SERVER_AUTH), &[5, 0]]),
                seq(&[&der(6, &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1])]),
            ],
        ),
        (
            "netscape-type",
            oid::NETSCAPE_CERT_TYPE,
            vec![
                vec![3, 2, 6, 0x40],
                vec![3, 2, 0, 4],
                vec![3, 2, 0, 2],
                vec![3, 2, 0, 0x44],
                vec![3, 1, 0],
                vec![4, 1, 0x40],
                vec![3, 2, 0, 0x80],
                vec![],
            ],
        ),
        (
            "subject-key-id",
            oid::SUBJECT_KEY_ID,
            vec![vec![4, 1, 1], vec![4, 0], vec![5, 0], vec![], vec![4, 1, 1, 0], seq(&[])],
        ),
        (
            "authority-key-id",
            oid::AUTHORITY_KEY_ID,
            vec![
                seq(&[]),
                seq(&[&[0x80, 1, 1]]),
                seq(&[&[0x80, 0]]),
                seq(&[&[0x82, 1, 7]]),
                seq(&[&[0x82, 1, 8]]),
                seq(&[&[0x82, 0]]),
                seq(&[&[0x82, 2, 0, 7]]),
                seq(&[&der(0xa1, &der(0xa4, &common("R")))]),
                seq(&[&der(0xa1, &der(0xa4, &common("X")))]),
                seq(&[&der(0xa1, &der(0x82, b"x"))]),
                seq(&[&der(0xa1, &der(0x89, b"x"))]),
                seq(&[&der(0xa1, &[])]),
                vec![5, 0],
                vec![],
                seq(&[&[0x83, 0]]),
            ],
        ),
        (
            "alternative-names",
            oid::SUBJECT_ALT_NAME,
            vec![
                seq(&[]),
                seq(&[&der(0x82, b"a.in.test")]),
                seq(&[&der(0x82, b"")]),
                seq(&[&der(0x82, b"\xe9\0")]),
                seq(&[&der(0x87, &[1, 2, 3])]),
                seq(&[&der(0x87, &[10, 0, 0, 1])]),
                seq(&[&der(0x81, b"a@b")]),
                seq(&[&der(0x81, b"b")]),
                seq(&[&der(0x86, b"http://a/")]),
                seq(&[&der(0x88, &[0x2a, 3])]),
                seq(&[&der(0x88, &[0x80])]),
                seq(&[&der(0xa4, &common("x"))]),
                seq(&[&der(0xa4, b"xx")]),
                seq(&[&der(
                    0xa0,
                    &[&der(6, oid::UTF8_MAILBOX)[..], &der(0xa0, &der(12, b"a@b"))].concat(),
                )]),
                seq(&[&der(0xa0, &[&der(6, LARGE)[..], &der(0xa0, &der(12, b"a@b"))].concat())]),
                seq(&[&der(0xa0, &der(6, LARGE))]),
                seq(&[&der(0xa3, &[])]),
                seq(&[&der(0xa5, &der(0xa1, &der(12, b"x")))]),
                seq(&[&der(0xa5, b"")]),
                seq(&[&der(0x89, b"")]),
                seq(&[&der(0xa2, b"a")]),
                seq(&[&der(0x02, b"a")]),
                vec![4, 0],
                vec![],
                b"garbage".to_vec(),
            ],
        ),
        (
            "name-constraints",
            oid::NAME_CONSTRAINTS,
            vec![
                seq(&[]),
                subtree(0, &der(0x82, b"in.test")),
                subtree(1, &der(0x82, b"in.test")),
                subtree(0, &der(0x82, b"")),
                subtree(1, &der(0x82, b"")),
                seq(&[&der(0xa0, &[])]),
                seq(&[&der(0xa1, &[]), &der(0xa0, &[])]),
                subtree(0, &der(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])),
                subtree(0, &der(0x87, &[10, 0, 0, 0])),
                subtree(1, &der(0xa4, &common("L"))),
                subtree(0, &der(0xa4, &common("L"))),
                subtree(1, &der(0xa4, &common("S"))),
                subtree(0, &der(0x81, b"b")),
                subtree(1, &der(0x81, b"")),
                subtree(0, &der(0x81, b"")),
                subtree(0, &der(0x86, b"a")),
                subtree(1, &[der(0x82, b"q.test"), vec![0x80, 1, 0]].concat()),
                subtree(1, &[der(0x82, b"q.test"), vec![0x80, 1, 1]].concat()),
                subtree(1, &[der(0x82, b"q.test"), vec![0x81, 1, 1]].concat()),
                subtree(1, &[]),
                vec![5, 0],
                vec![],
                seq(&[&[5, 0]]),
            ],
        ),
        (
            "list-points",
            oid::CRL_DISTRIBUTION_POINTS,
            vec![
                seq(&[]),
                point(&der(0xa0, &der(0xa0, &der(0x86, b"http://x")))),
                point(&der(0xa0, &[])),
                point(&[0x81, 2, 1, 6]),
                point(&[0x81, 0]),
                point(&der(0xa2, &der(0x89, b""))),
                point(&der(0xa0, &der(0xa1, &seq(&[&der(6, oid::COMMON_NAME), &der(12, b"x")])))),
                point(&der(0xa0, &der(0xa1, b"x"))),
                seq(&[&[5, 0]]),
                vec![5, 0],
                vec![],
            ],
        ),
        ("policies", oid::POLICIES, vec![seq(&[]), vec![], seq(&[&seq(&[&der(6, &[0x2a, 3])])])]),
        (
            "policy-constraints",
            oid::POLICY_CONSTRAINTS,
            vec![seq(&[]), vec![], seq(&[&[0x80, 1, 0]])],
        ),
        ("inhibit-any-policy", oid::INHIBIT_ANY_POLICY, vec![vec![2, 1, 0], vec![]]),
        ("policy-mappings", oid::POLICY_MAPPINGS, vec![seq(&[]), vec![]]),
        ("address-blocks", oid::IP_ADDRESS_BLOCKS, vec![seq(&[]), vec![]]),
        (
            "proxy",
            oid::PROXY_CERT_INFO,
            vec![seq(&[]), vec![], seq(&[&seq(&[&der(6, &[0x2b, 6, 1, 5, 5, 7, 21, 1])])])],
        ),
        ("freshest-list", &[0x55, 29, 46], vec![seq(&[]), vec![]]),
        ("issuer-alternative-names", &[0x55, 29, 18], vec![seq(&[]), vec![]]),
        ("authority-access", &[0x2b, 6, 1, 5, 5, 7, 1, 1], vec![seq(&[]), vec![]]),
        ("unknown", &[0x2a, 3, 4], vec![vec![5, 0], vec![]]),
        ("arc-of-2^32", LARGE, vec![vec![5, 0]]),
        ("arc-with-padding", &[0x2a, 0x80, 1], vec![vec![5, 0]]),
    ]
}

/// What stands in the extensions of revocation lists.
fn of_lists() -> Values {
    vec![
        ("number", oid::CRL_NUMBER, vec![vec![2, 1, 1], vec![5, 0], vec![2, 1, 0xff], vec![]]),
        (
            "authority-key-id",
            oid::AUTHORITY_KEY_ID,
            vec![
                seq(&[]),
                seq(&[&[0x80, 1, 1]]),
                seq(&[&[0x82, 1, 8]]),
                vec![],
                seq(&[&[0x82, 1, 7]]),
            ],
        ),
        ("delta", oid::DELTA_CRL_INDICATOR, vec![vec![2, 1, 1], vec![]]),
        (
            "issuing-point",
            oid::ISSUING_DISTRIBUTION_POINT,
            vec![
                seq(&[]),
                seq(&[&[0x81, 1, 0xff]]),
                seq(&[&[0x82, 1, 0xff]]),
                seq(&[&[0x84, 1, 0xff]]),
                vec![],
            ],
        ),
        ("unknown", &[0x2a, 3, 4], vec![vec![5, 0]]),
        ("freshest-list", &[0x55, 29, 46], vec![seq(&[]), vec![]]),
    ]
}

/// Each value in each place: a row for once and one for twice, a column for the server's certificate,
/// the step's and the root's, first not critical, then critical.
fn extensions(verify_names: &mut Judge) {
    for (label, kind, values) in of_certificates() {
        for value in &values {
            for often in ["once", "twice"] {
                let row = format!("{label} {often} {}", hex(value));
                for critical in [false, true] {
                    for place in 0..3 {
                        let mut chain = chain();
                        let all = &mut chain[place].extensions;
                        all.retain(|other| !other.windows(kind.len()).any(|part| part == kind));
                        let one = extension(kind, critical, value);
                        all.push(one.clone());
                        if often == "twice" {
                            all.push(one);
                        }
                        verify_names.verify_names(&row, &chain, None);
                    }
                }
            }
        }
    }
}

/// Names below a root that constrains them: a row for each name and constraint, a column for the
/// server's certificate and one for the step's.
fn names(verify_names: &mut Judge) {
    let mailbox = [&der(6, oid::UTF8_MAILBOX)[..], &der(0xa0, &der(12, b"a@b"))].concat();
    let mut alternatives: Vec<(String, Vec<u8>)> = [
        der(0x81, b"a@b"),
        der(0x81, b"b"),
        der(0x82, b"\xe9\0"),
        der(0x86, b"http://a/"),
        der(0x87, &[10, 0, 0, 1]),
        der(0x87, &[1, 2, 3]),
        der(0xa0, &mailbox),
        der(0xa4, &common("x")),
    ]
    .map(|name| (hex(&name), seq(&[&name])))
    .into();
    let commons: [&[u8]; 10] = [
        b"a.in.test",
        b"a.out.test",
        b"*.out.test",
        b"Issuing-CA-1",
        b"a b",
        b"10.0.0.1",
        b"11.0.0.1",
        b"a.in.test\0",
        b"a\0.out.test",
        b"in.test.",
    ];
    let hosts = ["*.in.test", "db.in.test", "*.db.in.test", "10.0.0.1", "11.0.0.1", "7"];
    let host = |name: &str| seq(&[&der(0x82, name.as_bytes())]);
    alternatives.extend(hosts.map(|name| (name.to_owned(), host(name))));
    let constraints = [
        subtree(0, &der(0x82, b"in.test")),
        subtree(1, &der(0x82, b"in.test")),
        subtree(1, &der(0x82, b"db.in.test")),
        subtree(0, &der(0x82, b"")),
        subtree(0, &der(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])),
        subtree(0, &der(0x87, &[10, 0, 0, 0])),
        subtree(0, &der(0x81, b"b")),
        subtree(1, &der(0x81, b"")),
        subtree(0, &der(0x86, b"a")),
        subtree(0, &der(0xa4, &common("x"))),
        subtree(1, &[der(0x82, b"q.test"), vec![0x80, 1, 1]].concat()),
    ];
    for constraint in &constraints {
        let shown = hex(constraint);
        let mut both = |row: &str, change: &dyn Fn(&mut Chain, usize)| {
            for place in 0..2 {
                let mut chain = chain();
                chain[2].extensions.push(extension(oid::NAME_CONSTRAINTS, true, constraint));
                change(&mut chain, place);
                verify_names.verify_names(row, &chain, None);
            }
        };
        for (name, value) in &alternatives {
            both(&format!("alternative {name} below {shown}"), &|chain, place| {
                chain[place].extensions.push(extension(oid::SUBJECT_ALT_NAME, false, value));
            });
        }
        for text in commons {
            let row = format!("common {} below {shown}", text.escape_ascii());
            both(&row, &|chain, place| rename(chain, place, &name(oid::COMMON_NAME, 12, text)));
        }
    }
}

/// Strings of each kind in the subjects, as a common name and as a mail address: a column for each
/// place.
fn strings(verify_names: &mut Judge) {
    let texts: [&[u8]; 2] = [b"abcd", b"\xd8\0\0\0"];
    for tag in (1..=30).filter(|tag| !matches!(tag, 16 | 17)) {
        for text in texts {
            let row = format!("string {tag} {}", hex(text));
            for kind in [oid::COMMON_NAME, oid::EMAIL_ADDRESS] {
                for place in 0..3 {
                    let mut chain = chain();
                    rename(&mut chain, place, &name(kind, tag, text));
                    verify_names.verify_names(&row, &chain, None);
                }
            }
        }
    }
}

/// Dates, versions and serial numbers: a column for each place.
fn fields(verify_names: &mut Judge) {
    let dates: [(u8, &[u8]); 20] = [
        (0x17, b"200101000000Z"),
        (0x18, b"19500101000000Z"),
        (0x18, b"20200101000000Z"),
        (0x17, b"2001010000Z"),
        (0x17, b"200101000000"),
        (0x17, b"200101000000+0000"),
        (0x17, b"201301000000Z"),
        (0x18, b"20200230000000Z"),
        (0x18, b"20200101000000.5Z"),
        // NOW, and a second around it.
        (0x17, b"300317174639Z"),
        (0x17, b"300317174640Z"),
        (0x17, b"300317174641Z"),
        (0x18, b"99991231235959Z"),
        (0x18, b"00000101000000Z"),
        (0x17, b""),
        (0x04, b"200101000000Z"),
        (0x17, b"500101000000Z"),
        (0x17, b"200101000060Z"),
        (0x17, b"200101240000Z"),
        (0x17, b"2001 1000000Z"),
    ];
    let versions: [&[u8]; 8] = [
        &[],
        &[0xa0, 3, 2, 1, 0],
        &[0xa0, 3, 2, 1, 1],
        &[0xa0, 3, 2, 1, 3],
        &[0xa0, 3, 2, 1, 0xff],
        &[0xa0, 4, 2, 2, 1, 0],
        &[0xa0, 4, 2, 2, 0, 2],
        &[0xa0, 0],
    ];
    let serials: [&[u8]; 5] = [&[2, 1, 0], &[2, 1, 0xff], &[2, 0], &[2, 2, 0, 1], &[2, 2, 1, 1]];
    let mut each = |row: &str, change: &dyn Fn(&mut Draft)| {
        for place in 0..3 {
            let mut chain = chain();
            change(&mut chain[place]);
            verify_names.verify_names(row, &chain, None);
        }
    };
    for (tag, text) in dates {
        let shown = format!("{tag:02x} {}", text.escape_ascii());
        each(&format!("from {shown}"), &|draft| draft.from = der(tag, text));
        each(&format!("until {shown}"), &|draft| draft.until = der(tag, text));
    }
    for version in versions {
        let shown = hex(version);
        each(&format!("version {shown}"), &|draft| draft.version = version.to_vec());
        each(&format!("version without extensions {shown}"), &|draft| {
            draft.version = version.to_vec();
            draft.extensions.clear();
        });
    }
    for serial in serials {
        each(&format!("serial {}", hex(serial)), &|draft| draft.serial = serial.to_vec());
    }
    each("no extensions", &|draft| draft.extensions.clear());
    each("key usage alone", &|draft| {
        draft.extensions = vec![extension(oid::KEY_USAGE, true, &[3, 2, 1, 6])];
    });
}

/// A list before it is signed.
struct List {
    version: Vec<u8>,
    until: Vec<u8>,
    entries: Vec<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
}

impl List {
    fn new() -> List {
        let until = der(0x17, b"400101000000Z");
        List { version: vec![2, 1, 1], until, entries: vec![], extensions: vec![] }
    }

    fn sign(&self, issuer: &str, by: &KeyPair) -> Vec<u8> {
        let entries = match self.entries.as_slice() {
            [] => Vec::new(),
            entries => der(0x30, &entries.concat()),
        };
        let content = seq(&[
            &self.version,
            ALGORITHM,
            &common(issuer),
            &der(0x17, b"200101000000Z"),
            &self.until,
            &entries,
            &tagged(0xa0, &self.extensions),
        ]);
        sign(&content, by)
    }
}

/// Lists of the step's; the root's is always good. An extension's columns are once and twice, not
/// critical and critical; an entry's are the server's certificate and another.
fn lists(verify_names: &mut Judge) {
    let mut rows: Vec<(String, List)> = Vec::new();
    for (label, kind, values) in of_lists() {
        for value in &values {
            for critical in [false, true] {
                for often in 1..=2 {
                    let extensions = vec![extension(kind, critical, value); often];
                    let list = List { extensions, ..List::new() };
                    rows.push((format!("list {label} {}", hex(value)), list));
                }
            }
        }
    }
    let reason = |value: &[u8]| extension(oid::REASON_CODE, false, value);
    let unknown = |critical| extension(&[0x2a, 3, 4], critical, &[5, 0]);
    let issuer = seq(&[&der(0xa4, &common("S"))]);
    let of_entries: [(&str, Vec<u8>); 9] = [
        ("without extensions", vec![]),
        ("with none", seq(&[])),
        ("removed from the list", seq(&[&reason(&[10, 1, 8])])),
        ("on hold", seq(&[&reason(&[10, 1, 6])])),
        ("malformed reason", seq(&[&reason(&[5, 0])])),
        ("unknown, critical", seq(&[&unknown(true)])),
        ("unknown, not critical", seq(&[&unknown(false)])),
        ("reason twice", seq(&[&reason(&[10, 1, 1]), &reason(&[10, 1, 1])])),
        ("certificate issuer", seq(&[&extension(&[0x55, 29, 29], true, &issuer)])),
    ];
    for (shown, extensions) in &of_entries {
        for serial in [7, 8] {
            let entry = seq(&[&[2, 1, serial], &der(0x17, b"200101000000Z"), extensions]);
            let list = List { entries: vec![entry], ..List::new() };
            rows.push((format!("list entry {shown}"), list));
        }
    }
    let untils =
        [vec![], der(0x17, b"250101000000Z"), der(0x17, b"300317174640Z"), der(0x17, b"xx")];
    for until in untils {
        rows.push((format!("list until {}", hex(&until)), List { until, ..List::new() }));
    }
    for version in [vec![], vec![2, 1, 0], vec![2, 1, 5]] {
        rows.push((format!("list version {}", hex(&version)), List { version, ..List::new() }));
    }
    let above = List::new().sign("R", &verify_names.keys[2]);
    for (row, list) in rows {
        let list = list.sign("S", &verify_names.keys[1]);
        verify_names.verify_names(&row, &chain(), Some(&[list, above.clone()]));
    }
    let forged = List::new().sign("S", &verify_names.keys[0]);
    verify_names.verify_names("list signed by another", &chain(), Some(&[forged, above]));
}

#[test]
fn as_openssl_but_where_it_is_told() {
    let mut verify_names = Judge::new();
    verify_names.verify_names("good", &chain(), None);
    for part in [extensions, names, strings, fields, lists] {
        part(&mut verify_names);
    }
    if let (Some(path), Some(dump)) = (std::env::var_os("PGSH_VECTORS"), &verify_names.dump) {
        std::fs::write(path, dump).unwrap();
    }
    let table = TABLE.lines().filter(|line| !line.starts_with('#'));
    let table: Vec<Vec<&str>> = table.map(|line| line.split('\t').collect()).collect();
    let mut wrong = String::new();
    for (at, (name, verdicts)) in verify_names.rows.iter().enumerate() {
        let line = table.get(at).map_or(&[][..], Vec::as_slice);
        let [row, theirs, reason @ ..] = line else { panic!("no row for {name}") };
        assert_eq!(row, name);
        assert_eq!(theirs.len(), verdicts.len(), "{name}");
        assert_eq!(theirs.contains('!'), !reason.is_empty(), "{name}: a reason");
        let ours: String =
            verdicts.iter().map(|is_trusted| if *is_trusted { '+' } else { '-' }).collect();
        if theirs.replace('!', "-") != ours {
            let _ = writeln!(wrong, "{name}: {theirs} in the table, {ours} here");
        }
    }
    assert_eq!(table.len(), verify_names.rows.len());
    assert!(wrong.is_empty(), "{wrong}");
}
