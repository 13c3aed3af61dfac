//! Which rule of pg_hba.conf decides about a connection: the first that matches it.
//!
//! Owns the meaning of a rule's fields (PostgreSQL's documentation, "The pg_hba.conf File"), as
//! `pg_hba_file_rules` shows them: there `@file` and included files are read already, and a key word
//! looks the same between quotes, where it would be a name. Asks nobody: what only the server knows
//! stands in the [`Attempt`].

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

/// Which connections a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Local,
    Host,
    HostSsl,
    HostNoSsl,
    HostGssEnc,
    HostNoGssEnc,
}

/// The kinds by their words.
const KINDS: [(&str, Kind); 6] = [
    ("local", Kind::Local),
    ("host", Kind::Host),
    ("hostssl", Kind::HostSsl),
    ("hostnossl", Kind::HostNoSsl),
    ("hostgssenc", Kind::HostGssEnc),
    ("hostnogssenc", Kind::HostNoGssEnc),
];

impl Kind {
    /// From its word.
    pub fn from_word(word: &str) -> Option<Kind> {
        KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// By TLS.
    Tls,
    /// Not at all.
    None,
}

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The server's machine, over a socket.
    Socket,
    /// An address, over TCP.
    Address(IpAddr, Encryption),
}

/// What a connection is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Database(String),
    /// The whole cluster, as a standby connects.
    Replication,
}

/// A connection somebody may try.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub user: String,
    pub target: Target,
    pub origin: Origin,
    /// The roles the user is a member of, however far, itself included; a superuser is a member of
    /// those alone that have it.
    pub roles: BTreeSet<String>,
    /// Whether a regular expression, without its slash, fits a name.
    pub fitting: BTreeMap<(String, String), bool>,
    /// The server's own address, if the session shows one.
    pub server: Option<IpAddr>,
    /// Names that begin with a slash are regular expressions: from 16 on.
    pub knows_expressions: bool,
}

/// A rule that was read without an error.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub kind: Kind,
    pub databases: Vec<String>,
    pub users: Vec<String>,
    pub address: Option<String>,
    pub mask: Option<String>,
}

/// What stands between a rule and an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Why it does not match.
    pub unmet: Vec<String>,
    /// What can't be known from here; if it does not hold, the rule does not match either.
    pub unknown: Vec<String>,
}

impl Verdict {
    /// Whether the rule matches for sure.
    pub fn matches(&self) -> bool {
        self.unmet.is_empty() && self.unknown.is_empty()
    }

    /// Whether it may match.
    pub fn may_match(&self) -> bool {
        self.unmet.is_empty()
    }

    /// Whether one thing alone is in the way.
    pub fn is_near(&self) -> bool {
        self.unmet.len() == 1
    }
}

/// Whether something holds.
enum Holds {
    Yes,
    No(String),
    Unknown(String),
}

fn yes_or(holds: bool, why: impl FnOnce() -> String) -> Holds {
    if holds { Holds::Yes } else { Holds::No(why()) }
}

/// What a rule makes of an attempt.
pub(super) fn verdict(rule: &Rule, attempt: &Attempt) -> Verdict {
    let mut verdict = Verdict::default();
    let answers = [
        fits_kind(rule.kind, attempt.origin),
        fits_database(rule, attempt),
        fits_user(rule, attempt),
        fits_address(rule, attempt),
    ];
    for answer in answers {
        match answer {
            Holds::Yes => {}
            Holds::No(why) => verdict.unmet.push(why),
            Holds::Unknown(what) => verdict.unknown.push(what),
        }
    }
    verdict
}

fn fits_kind(kind: Kind, origin: Origin) -> Holds {
    let encryption = match (kind, origin) {
        (Kind::Local, Origin::Socket) => return Holds::Yes,
        (Kind::Local, Origin::Address(..)) => return Holds::No("it is for sockets".to_owned()),
        (_, Origin::Socket) => return Holds::No("it is for TCP".to_owned()),
        (_, Origin::Address(_, encryption)) => encryption,
    };
    let holds = match kind {
        Kind::Local | Kind::Host | Kind::HostNoGssEnc => true,
        Kind::HostSsl => encryption == Encryption::Tls,
        Kind::HostNoSsl => encryption == Encryption::None,
        Kind::HostGssEnc => false,
    };
    yes_or(holds, || {
        let wanted = match kind {
            Kind::HostSsl => "it is for TLS",
            Kind::HostNoSsl => "it is for connections without TLS",
            _ => "it is for GSSAPI encryption",
        };
        wanted.to_owned()
    })
}

fn fits_database(rule: &Rule, attempt: &Attempt) -> Holds {
    let is_named = |word: &String| match (&attempt.target, word.as_str()) {
        (Target::Replication, word) => word == "replication",
        (Target::Database(_), "all") => true,
        (Target::Database(_), "replication") => false,
        (Target::Database(name), "sameuser") => *name == attempt.user,
        (Target::Database(name), "samerole" | "samegroup") => attempt.roles.contains(name),
        (Target::Database(name), word) => is_name(attempt, word, name),
    };
    yes_or(rule.databases.iter().any(is_named), || {
        let words = rule.databases.join(",");
        match &attempt.target {
            Target::Replication if words == "all" => "all does not include replication".to_owned(),
            Target::Replication => format!("it is for {words}, not for replication"),
            Target::Database(name) => format!("the database {name} is not in {words}"),
        }
    })
}

fn fits_user(rule: &Rule, attempt: &Attempt) -> Holds {
    let is_named = |word: &String| match word.strip_prefix('+') {
        Some(role) => attempt.roles.contains(role),
        None => word == "all" || is_name(attempt, word, &attempt.user),
    };
    yes_or(rule.users.iter().any(is_named), || {
        let words = rule.users.join(",");
        let user = &attempt.user;
        match words.strip_prefix('+').filter(|role| !role.contains(',')) {
            Some(role) => format!("{user} is not a member of {role}"),
            None => format!("{user} is not in {words}"),
        }
    })
}

/// Whether a word of a rule means a name.
fn is_name(attempt: &Attempt, word: &str, name: &str) -> bool {
    match word.strip_prefix('/').filter(|_| attempt.knows_expressions) {
        Some(expression) => {
            let fits = attempt.fitting.get(&(expression.to_owned(), name.to_owned()));
            fits.copied().unwrap_or(false)
        }
        None => word == name,
    }
}

fn fits_address(rule: &Rule, attempt: &Attempt) -> Holds {
    let (Origin::Address(client, _), Some(address)) = (attempt.origin, &rule.address) else {
        return Holds::Yes;
    };
    let is_own = || is_this_machine(client) || attempt.server == Some(client);
    let is_loopback = client.is_loopback();
    match (address.as_str(), address.parse::<IpAddr>(), &rule.mask) {
        ("all", ..) => Holds::Yes,
        ("samehost", ..) if is_own() => Holds::Yes,
        ("samehost", ..) if is_loopback => {
            Holds::No(format!("{client} is no address of the server"))
        }
        ("samehost", ..) => Holds::Unknown(format!("{client} is an address of the server")),
        ("samenet", ..) if is_own() || is_loopback => Holds::Yes,
        ("samenet", ..) => Holds::Unknown(format!("{client} is in a network of the server")),
        (_, Ok(network), mask) => {
            let mask = mask.as_deref().and_then(|mask| mask.parse().ok());
            let shown = match mask {
                Some(mask) => format!("{network}/{}", prefix_length(mask)),
                None => network.to_string(),
            };
            yes_or(is_in(client, network, mask), || format!("{client} is not in {shown}"))
        }
        (name, Err(_), _) => {
            let part = if name.starts_with('.') { "ends in" } else { "is" };
            Holds::Unknown(format!("the name of {client} {part} {name}"))
        }
    }
}

/// The loopback addresses that an interface has; of the IPv4 ones that is one.
fn is_this_machine(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address == core::net::Ipv4Addr::LOCALHOST,
        IpAddr::V6(address) => address == core::net::Ipv6Addr::LOCALHOST,
    }
}

/// The bits of an address, the first one highest.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    }
}

/// The roles that a user is a member of, however far, itself included, by who is in what.
pub(super) fn memberships(user: &str, members: &[(String, String)]) -> BTreeSet<String> {
    let mut roles = BTreeSet::from([user.to_owned()]);
    loop {
        let further = members.iter().filter(|(member, _)| roles.contains(member));
        let further: BTreeSet<String> = further.map(|(_, role)| role.clone()).collect();
        let before = roles.len();
        roles.extend(further);
        if roles.len() == before {
            return roles;
        }
    }
}

/// `10.0.0.0/8`; with a mask that is no prefix, that mask.
pub(super) fn network(address: &str, mask: &str) -> String {
    let mask = mask.parse().map_or_else(|_| mask.to_owned(), prefix_length);
    format!("{address}/{mask}")
}

fn prefix_length(mask: IpAddr) -> String {
    let ones = bits(mask).leading_ones();
    match bits(mask).count_ones() == ones {
        true => ones.to_string(),
        false => mask.to_string(),
    }
}

/// Whether an address is in a network; one of another family never is.
fn is_in(client: IpAddr, network: IpAddr, mask: Option<IpAddr>) -> bool {
    let mask = mask.map_or(u128::MAX, bits);
    client.is_ipv4() == network.is_ipv4() && bits(client) & mask == bits(network) & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(line: &str) -> Rule {
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut next = || words.next();
        let list = |words: String| words.split(',').map(str::to_owned).collect();
        Rule {
            kind: Kind::from_word(&next().expect("a kind")).expect("a kind"),
            databases: list(next().expect("databases")),
            users: list(next().expect("users")),
            address: next(),
            mask: next(),
        }
    }

    fn attempt(user: &str, database: &str, origin: Origin) -> Attempt {
        let fitting =
            [("^a.*e$", "alice", true), ("^a.*e$", "bob", false), ("shop", "shop_7", true)];
        Attempt {
            user: user.to_owned(),
            target: match database {
                "replication" => Target::Replication,
                name => Target::Database(name.to_owned()),
            },
            origin,
            roles: [user, "staff", "shop"].map(str::to_owned).into(),
            fitting: fitting
                .into_iter()
                .map(|(e, name, fits)| ((e.to_owned(), name.to_owned()), fits))
                .collect(),
            server: Some(IpAddr::from([192, 0, 2, 1])),
            knows_expressions: true,
        }
    }

    fn from(address: &str, encryption: Encryption) -> Origin {
        Origin::Address(address.parse().expect("an address"), encryption)
    }

    #[test]
    fn members_of_members() {
        let members = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "y")];
        let members = members.map(|(member, role)| (member.to_owned(), role.to_owned()));
        let of = |user| memberships(user, &members).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!([of("a"), of("x"), of("z")], ["a b c", "x y", "z"]);
    }

    /// A rule, who connects, and `yes`, what is in the way, or what is not known.
    #[test]
    fn rules() {
        let socket = Origin::Socket;
        let plain = |address| from(address, Encryption::None);
        let tls = |address| from(address, Encryption::Tls);
        for (line, user, database, origin, expected) in [
            ("local all all", "alice", "shop", socket, "yes"),
            ("local all all", "alice", "shop", plain("10.0.0.1"), "it is for sockets"),
            ("host all all all", "alice", "shop", socket, "it is for TCP"),
            ("local all all", "alice", "replication", socket, "all does not include replication"),
            ("local replication all", "alice", "replication", socket, "yes"),
            (
                "local replication all",
                "alice",
                "shop",
                socket,
                "the database shop is not in replication",
            ),
            ("local shop,inn alice,bob", "bob", "inn", socket, "yes"),
            ("local shop,inn alice", "bob", "inn", socket, "bob is not in alice"),
            ("local shop,inn alice", "Alice", "inn", socket, "Alice is not in alice"),
            ("local sameuser all", "bob", "bob", socket, "yes"),
            ("local sameuser all", "bob", "shop", socket, "the database shop is not in sameuser"),
            ("local samerole all", "bob", "shop", socket, "yes"),
            ("local samegroup all", "bob", "inn", socket, "the database inn is not in samegroup"),
            ("local all +staff", "bob", "shop", socket, "yes"),
            ("local all +bob", "bob", "shop", socket, "yes"),
            ("local all +admins", "bob", "shop", socket, "bob is not a member of admins"),
            ("local all x,+admins", "bob", "shop", socket, "bob is not in x,+admins"),
            ("local all /^a.*e$", "alice", "shop", socket, "yes"),
            ("local all /^a.*e$", "bob", "shop", socket, "bob is not in /^a.*e$"),
            ("local /shop all", "bob", "shop_7", socket, "yes"),
            ("host all all 10.0.0.0 255.0.0.0", "bob", "shop", plain("10.9.8.7"), "yes"),
            (
                "host all all 10.0.0.0 255.0.0.0",
                "bob",
                "shop",
                plain("11.9.8.7"),
                "11.9.8.7 is not in 10.0.0.0/8",
            ),
            ("host all all 10.0.0.0 255.0.255.0", "bob", "shop", plain("10.3.0.7"), "yes"),
            (
                "host all all 10.0.0.0 255.0.255.0",
                "bob",
                "shop",
                plain("10.3.1.7"),
                "10.3.1.7 is not in 10.0.0.0/255.0.255.0",
            ),
            (
                "host all all 0.0.0.0 0.0.0.0",
                "bob",
                "shop",
                plain("::1"),
                "::1 is not in 0.0.0.0/0",
            ),
            (
                "host all all ::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "bob",
                "shop",
                plain("::1"),
                "yes",
            ),
            ("host all all fe80:: ffff::", "bob", "shop", plain("fe80::7"), "yes"),
            ("host all all samehost", "bob", "shop", plain("127.0.0.1"), "yes"),
            ("host all all samehost", "bob", "shop", plain("192.0.2.1"), "yes"),
            (
                "host all all samehost",
                "bob",
                "shop",
                plain("127.0.0.2"),
                "127.0.0.2 is no address of the server",
            ),
            (
                "host all all samehost",
                "bob",
                "shop",
                plain("192.0.2.9"),
                "?192.0.2.9 is an address of the server",
            ),
            ("host all all samenet", "bob", "shop", plain("127.0.0.2"), "yes"),
            (
                "host all all samenet",
                "bob",
                "shop",
                plain("192.0.2.9"),
                "?192.0.2.9 is in a network of the server",
            ),
            (
                "host all all db.example",
                "bob",
                "shop",
                plain("192.0.2.9"),
                "?the name of 192.0.2.9 is db.example",
            ),
            (
                "host all all .example",
                "bob",
                "shop",
                plain("192.0.2.9"),
                "?the name of 192.0.2.9 ends in .example",
            ),
            ("hostssl all all all", "bob", "shop", plain("127.0.0.1"), "it is for TLS"),
            ("hostssl all all all", "bob", "shop", tls("127.0.0.1"), "yes"),
            (
                "hostnossl all all all",
                "bob",
                "shop",
                tls("127.0.0.1"),
                "it is for connections without TLS",
            ),
            (
                "hostgssenc all all all",
                "bob",
                "shop",
                tls("127.0.0.1"),
                "it is for GSSAPI encryption",
            ),
            ("hostnogssenc all all all", "bob", "shop", tls("127.0.0.1"), "yes"),
        ] {
            let verdict = verdict(&rule(line), &attempt(user, database, origin));
            let unknown = verdict.unknown.iter().map(|what| format!("?{what}"));
            let shown: Vec<String> = verdict.unmet.iter().cloned().chain(unknown).collect();
            let shown = if verdict.matches() { "yes".to_owned() } else { shown.join("; ") };
            assert_eq!(shown, expected, "{line}: {user} {database} {origin:?}");
        }
        let mut old = attempt("/x", "shop", socket);
        old.knows_expressions = false;
        assert!(verdict(&rule("local all /x"), &old).matches());
    }
}
