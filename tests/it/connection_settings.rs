//! What connection settings mean: every keyword and variable, from every source, with values that
//! are missing, empty, right and odd. Both shells meet a server that writes down what they send.
//!
//! The product of keywords, values and sources goes through `\c` in one run of a shell per keyword,
//! a `-c` each, which makes it cheap and goes on after a failure; what only a command line can say is
//! in rows of its own.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::Trial;

use crate::harness::{self, Shell, difference, on_both, words};
use crate::listening_server::{Server, converse};
use crate::run::{Outcome, Run};
use crate::trial::{Missing, Ran, is_all_asked_for, tests, trial};
use crate::versions;

/// The keywords, each with its variable and values that are its own. A leading `-` marks one of
/// which psql without TLS knows less.
const KEYWORDS: &[(&str, &str, &[&str])] = &[
    ("application_name", "PGAPPNAME", &[]),
    ("channel_binding", "PGCHANNELBINDING", &["disable", "prefer", "require", "Require"]),
    ("client_encoding", "PGCLIENTENCODING", &["UTF8", "LATIN1", "AUTO"]),
    ("connect_timeout", "PGCONNECT_TIMEOUT", &["10", " 10 ", "2147483647"]),
    ("dbname", "PGDATABASE", &["host=x", "postgresql://x/y"]),
    ("fallback_application_name", "", &[]),
    ("gssdelegation", "PGGSSDELEGATION", &["2"]),
    ("-gssencmode", "PGGSSENCMODE", &["disable", "prefer", "Disable"]),
    ("gsslib", "PGGSSLIB", &["gssapi"]),
    ("hostaddr", "PGHOSTADDR", &HOSTS),
    ("keepalives", "", &["2"]),
    ("keepalives_count", "", &["5", "128"]),
    ("keepalives_idle", "", &["60", "32768"]),
    ("keepalives_interval", "", &["60", "32768"]),
    ("krbsrvname", "PGKRBSRVNAME", &[]),
    ("load_balance_hosts", "PGLOADBALANCEHOSTS", &["disable", "random", "Random"]),
    ("max_protocol_version", "PGMAXPROTOCOLVERSION", &VERSIONS),
    ("min_protocol_version", "PGMINPROTOCOLVERSION", &VERSIONS),
    ("oauth_client_id", "", &[]),
    ("oauth_client_secret", "", &[]),
    ("oauth_issuer", "", &[]),
    ("oauth_scope", "", &[]),
    ("options", "PGOPTIONS", &["-c a=b", "-c\\ x"]),
    ("passfile", "PGPASSFILE", &["/dev/null", "passwords", "open", "/"]),
    ("password", "PGPASSWORD", &[]),
    (
        "port",
        "PGPORT",
        &["0", "65536", "<port>", " <port> ", "0<port>", "+<port>", "<port>,1", "<port>,"],
    ),
    ("replication", "", &["database", "true", "off"]),
    ("require_auth", "PGREQUIREAUTH", &METHODS),
    ("requirepeer", "PGREQUIREPEER", &[]),
    ("requiressl", "", &["0", "10"]),
    ("scram_client_key", "", &KEYS),
    ("scram_server_key", "", &KEYS),
    ("service", "PGSERVICE", &["there", "there "]),
    ("-ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", &TLS_VERSIONS),
    ("-ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", &TLS_VERSIONS),
    ("sslcert", "PGSSLCERT", &[]),
    ("-sslcertmode", "PGSSLCERTMODE", &["disable", "allow", "require", "Allow"]),
    ("sslcompression", "PGSSLCOMPRESSION", &["2"]),
    ("sslcrl", "PGSSLCRL", &[]),
    ("sslcrldir", "PGSSLCRLDIR", &[]),
    ("sslkey", "PGSSLKEY", &[]),
    ("sslkeylogfile", "", &[]),
    ("-sslmode", "PGSSLMODE", &MODES),
    ("-sslnegotiation", "PGSSLNEGOTIATION", &["postgres", "direct", "Direct"]),
    ("sslpassword", "", &[]),
    ("-sslrootcert", "PGSSLROOTCERT", &["system", "System"]),
    ("sslsni", "PGSSLSNI", &["2"]),
    ("target_session_attrs", "PGTARGETSESSIONATTRS", &SESSIONS),
    ("tcp_user_timeout", "", &["1000"]),
    ("user", "PGUSER", &["app"]),
    // Not keywords of psql 18.
    ("servicefile", "PGSERVICEFILE", &["services", "/", "nowhere"]),
    ("authtype", "PGAUTHTYPE", &[]),
    ("tty", "PGTTY", &[]),
    ("Host", "pghost", &[]),
    ("timezone", "PGTZ", &["UTC", "default", "DEFAULT"]),
    ("datestyle", "PGDATESTYLE", &["default"]),
    ("geqo", "PGGEQO", &["default"]),
    ("sysconfdir", "PGSYSCONFDIR", &["."]),
    ("home", "HOME", &["."]),
];

const HOSTS: [&str; 13] = [
    "127.0.0.1",
    "localhost",
    "127.0.0.1,",
    ",127.0.0.1",
    "127.0.0.1,127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "127.1.5",
    "0x7f.1",
    "*",
    "256.1",
    "127.0.0.1 ",
];
const VERSIONS: [&str; 6] = ["3.0", "3.2", "latest", "3.1", "3", "Latest"];
const TLS_VERSIONS: [&str; 5] = ["TLSv1", "TLSv1.2", "TLSv1.3", "tlsv1.3", "SSLv3"];
const MODES: [&str; 8] =
    ["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "Require", "require "];
const SESSIONS: [&str; 8] =
    ["any", "read-write", "read-only", "primary", "standby", "prefer-standby", "Any", "read_write"];
const METHODS: [&str; 16] = [
    "password",
    "md5",
    "none",
    "!password",
    "!none",
    "password,md5",
    "!password,!none",
    "password,!md5",
    "!md5,password",
    "password,password",
    "!md5,!md5",
    " password",
    "Password",
    "!",
    "password,",
    ",",
];
const KEYS: [&str; 4] = [
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
    "AAAA",
    "AA==",
];

/// Values that mean something to no keyword, or to some what nobody meant.
const ODD: &[&str] = &[
    "",
    " ",
    "x",
    "X ",
    "0",
    "1",
    "-1",
    "0x10",
    "1.5",
    "2147483648",
    "+1",
    "on",
    "a'b",
    "a\"b",
    "a\\b",
    "a%20b",
    "a%00b",
    "%",
    "\u{e9}",
    ",",
    "a,b",
    "#x",
    "a=b",
    "auto",
    "\x0b1\x0c",
];

/// Odd values that are addresses of other machines, as numbers: no test calls there.
const ELSEWHERE: [&str; 4] = ["1", "0x10", "1.5", "2147483648"];

/// The odd values for a keyword, by its number. One that has no values of its own takes any text: of
/// those each is asked for every third, unless all are asked for.
fn odd(keyword: usize, own: &[&str]) -> impl Iterator<Item = &'static str> {
    let is_whole = !own.is_empty() || is_all_asked_for();
    let every = if is_whole { 1 } else { 3 };
    let values = ODD.iter().enumerate();
    values.filter(move |(at, _)| (at + keyword).is_multiple_of(every)).map(|(_, value)| *value)
}

/// Where the shell is connected.
const SHOW: &str = "\\echo :DBNAME :USER :HOST :PORT :SERVICE";

/// The two shells, each with a server and a home.
struct Place {
    servers: [Server; 2],
    homes: [tempfile::TempDir; 2],
    oracle: PathBuf,
}

impl Place {
    fn new() -> Place {
        let place = Place {
            servers: [Server::new(), Server::new()],
            homes: [(); 2].map(|()| tempfile::tempdir().expect("a directory")),
            oracle: with_tls().unwrap_or_else(|_| harness::program(Shell::Oracle)),
        };
        let passwords = "*:*:*:*:filed\n";
        let services = "[there]\nuser=served\npassword=\n[one]\nuser=own\n";
        place.write("passwords", 0o600, passwords);
        place.write("open", 0o644, passwords);
        place.write(".pgpass", 0o600, "*:*:*:*:athome\n");
        place.write("services", 0o600, services);
        place.write(".pg_service.conf", 0o600, services);
        place
    }

    /// Writes a file into both homes.
    fn write(&self, name: &str, mode: u32, text: impl AsRef<[u8]>) {
        for (home, server) in self.homes.iter().zip(&self.servers) {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
            let text = String::from_utf8_lossy(text.as_ref());
            fs::write(&path, text.replace("<port>", &server.port.to_string())).expect("a file");
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        }
    }

    fn port(&self, shell: Shell) -> String {
        self.servers[shell as usize].port.to_string()
    }

    fn home(&self, shell: Shell) -> &Path {
        self.homes[shell as usize].path()
    }

    /// A shell whose environment leads to its server.
    fn shell(&self, shell: Shell) -> Run {
        let program = match shell {
            Shell::Pgsh => harness::program(shell),
            Shell::Oracle => self.oracle.clone(),
        };
        let home = self.home(shell);
        Run::new(program, home)
            .without("TERM")
            .args(["-X", "-w"])
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port(shell))
            .env("PGUSER", "u")
            .env("PGDATABASE", "d")
            .env("PGPASSWORD", "secret")
            .mask(home.as_os_str().as_encoded_bytes(), "<home>")
            .mask(self.port(shell), "<port>")
    }

    /// What a shell does with these actions, a line each, and what its server hears.
    fn finish(&self, shell: Shell, mut run: Run, actions: &str) -> (Outcome, String) {
        let port = self.port(shell);
        for action in actions.lines() {
            run = run.args(["-c", &action.replace("<port>", &port)]);
        }
        (run.outcome(), self.servers[shell as usize].heard().replace(&port, "<port>"))
    }

    /// What differs between the shells, each set up by `prepare`.
    fn compare(&self, actions: &str, prepare: impl Fn(Shell, Run) -> Run + Sync) -> Option<String> {
        let [ours, theirs] = on_both(|shell| {
            let run = prepare(shell, self.shell(shell));
            let (outcome, heard) = self.finish(shell, run, actions);
            [outcome.render(), heard.into_bytes()].concat()
        });
        (ours != theirs).then(|| difference(&theirs, &ours))
    }
}

/// The oracle that knows TLS, as pgsh does.
fn with_tls() -> Result<PathBuf, Missing> {
    let psql = versions::directory().join("openssl/bin/psql");
    match psql.exists() {
        true => Ok(psql),
        false => Err(Missing("no psql with OpenSSL: run tests/tools/servers openssl".to_owned())),
    }
}

/// A value in a `keyword = value` string.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A value in a URI.
fn percent_encoded(value: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"<>-._".contains(byte);
    value
        .bytes()
        .map(|b| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// A meta-command's argument.
fn argument(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// One keyword with every value from every source, a `\c` each.
fn script(keyword: &str, variable: &str, values: &[&str]) -> (String, String) {
    let (mut script, mut services) = (String::new(), String::new());
    let mut connect = |label: &str, value: &str, string: &str| {
        let label = argument(&format!("-- {keyword} {label} {value:?}"));
        let string = argument(string);
        let _ = write!(script, "\\echo {label}\n\\warn {label}\n\\c {string}\n{SHOW}\n");
    };
    for (i, value) in values.iter().enumerate() {
        connect("string", value, &format!("{keyword}={}", quoted(value)));
        connect("URI", value, &format!("postgresql:///?{keyword}={}", percent_encoded(value)));
        if !value.bytes().all(|b| b.is_ascii_alphanumeric()) {
            connect("as it stands", value, &format!("{keyword}={value}"));
            connect("as it stands in a URI", value, &format!("postgres://?{keyword}={value}"));
        }
        connect("service", value, &format!("service=s{i}"));
        connect("service and string", value, &format!("service=s{i} {keyword}=''"));
        let _ = write!(services, "[s{i}]\n{keyword}={value}\n");
    }
    if !variable.is_empty() {
        for value in values {
            let value = argument(value);
            let _ = write!(
                script,
                "\\echo -- {variable} {value}\n\\warn -- {variable} {value}\n\
                 \\setenv {variable} {value}\n\\c -reuse-previous=off e\n{SHOW}\n\
                 \\c {keyword}=\n\\setenv {variable}\n\\c -reuse-previous=off e\n"
            );
            for (name, base) in [
                ("PGPORT", "<port>"),
                ("PGUSER", "u"),
                ("PGDATABASE", "d"),
                ("PGPASSWORD", "secret"),
            ] {
                if name == variable {
                    let _ = writeln!(script, "\\setenv {name} {base}");
                }
            }
        }
    }
    (script, services)
}

/// A keyword from every source.
fn from_every_source(keyword: &str, variable: &str, values: Vec<&'static str>) {
    let place = Place::new();
    // A secret that can't be read is not shown, which psql does; oracle.rs has that.
    let secret =
        ["password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"];
    let values: Vec<&str> = values
        .into_iter()
        .filter(|value| !secret.contains(&keyword) || !value.contains(['%', '\x0b']))
        .collect();
    let (script, services) = script(keyword, variable, &values);
    let usual = "[there]\nuser=served\npassword=\n";
    place.write(".pg_service.conf", 0o600, format!("{usual}{services}"));
    if let Some(difference) = place.compare(&script, |_, run| run) {
        panic!("{difference}");
    }
}

/// A test for each keyword.
fn keywords() -> impl Iterator<Item = Trial> {
    KEYWORDS.iter().enumerate().map(|(number, (keyword, variable, own))| {
        let name = keyword.trim_start_matches('-');
        trial(format!("connection_settings::keyword::{name}"), move || {
            if name != *keyword {
                with_tls()?;
            }
            let is_address = name == "hostaddr";
            let odd = odd(number, own).filter(|value| !(is_address && ELSEWHERE.contains(value)));
            let values = own.iter().copied().chain(odd).collect();
            from_every_source(name, variable, values);
            Ran::Ok(())
        })
    })
}

/// What a command line says, with variables (`NAME=value`, or `NAME` for none) before it.
const COMMAND_LINES: &[&str] = &[
    // A connection string wins over the options and what stands beside it, also with nothing.
    "-h /nowhere -p 1 -U x postgresql://app@127.0.0.1:<port>/db",
    "-h /nowhere -p 1 -U x -d 'host=127.0.0.1 port=<port> user=app'",
    "-U x user=app",
    "-U x user=",
    "-h '' -p '' -U '' user=app",
    "-p 1 port=",
    "-p 1 port=<port>",
    "-h 127.0.0.1 -p <port> 'dbname=e'",
    "-h /nowhere host=127.0.0.1",
    "-h /nowhere hostaddr=127.0.0.1",
    "user=app positional",
    "dbname=e positional",
    "dbname= positional",
    "-d user=app positional",
    "-d e positional",
    "-d '' positional",
    "-d e -U x positional",
    "'' positional",
    "postgresql:///e positional",
    "postgresql://app@ positional",
    "-U x postgresql:///e?user=app",
    "-U x postgresql:///e?user=",
    "-U x postgresql:///e",
    "-U x -h 127.0.0.1 service=one",
    "-U x user=app service=one",
    "PGSERVICE=one -U x",
    "PGSERVICE=one user=",
    "PGSERVICE=one PGUSER=x -d e",
    "PGSERVICE=there PGPASSWORD=x -d e",
    "-d application_name=a -d application_name=b",
    "-d user=app -d dbname=e",
    "'fallback_application_name=f'",
    "'application_name='",
    "PGAPPNAME= -d e",
    "PGAPPNAME=a -d application_name=",
    "PGDATABASE=user=app",
    "PGDATABASE=user=app -d ''",
    "-l",
    "-l user=app",
    "-l -d e",
    // Lists.
    "PGHOST=,127.0.0.1 PGPORT=1,<port>",
    "PGHOST=/nowhere,127.0.0.1 PGPORT=<port>",
    "PGHOST=/nowhere,127.0.0.1 PGPORT=,<port>",
    "PGHOST=/nowhere,127.0.0.1 PGPORT=1,2,3",
    "PGHOST=/nowhere,127.0.0.1 PGHOSTADDR=127.0.0.1",
    "PGHOST=a.invalid,b.invalid PGHOSTADDR=127.0.0.1,127.0.0.1",
    "PGHOST=/nowhere,127.0.0.1 PGHOSTADDR=,127.0.0.1",
    "PGHOSTADDR=127.0.0.1, PGPORT=1,<port>",
    "-h /nowhere,127.0.0.1 host=127.0.0.1",
    "-h 127.0.0.1,127.0.0.1 -p 1,<port> target_session_attrs=primary",
    "-h 127.0.0.1,127.0.0.1 target_session_attrs=standby",
    // Files of passwords and services.
    "PGPASSWORD",
    "PGPASSWORD=",
    "PGPASSWORD PGPASSFILE=passwords",
    "PGPASSWORD PGPASSFILE=open",
    "PGPASSWORD PGPASSFILE=open sslmode=x",
    "PGPASSWORD PGPASSFILE=open host=127.0.0.1,127.0.0.1",
    "PGPASSWORD PGPASSFILE=/dev/null",
    "PGPASSWORD PGPASSFILE=/",
    "PGPASSWORD PGPASSFILE=odd_passwords",
    "PGPASSWORD PGPASSFILE= user=app",
    "PGPASSWORD HOME=/nowhere",
    "PGPASSWORD HOME=.",
    "PGSERVICEFILE=/ service=one",
    "PGSERVICEFILE=/ PGSYSCONFDIR=system service=one",
    "PGSERVICEFILE=nowhere PGSYSCONFDIR=system service=one",
    "PGSERVICEFILE=/dev/null PGSYSCONFDIR=system service=one",
    "PGSYSCONFDIR=system service=systems",
    "PGSYSCONFDIR=system service=one",
    "PGSERVICEFILE=long_comment service=one",
    "PGSERVICEFILE=long_value service=one",
    "PGSERVICEFILE=longest service=one",
    "PGSERVICEFILE=long_behind service=one",
    "PGSERVICEFILE=odd service=one",
    "PGSERVICEFILE=cut_short service=one",
    "PGSERVICEFILE=requiressl service=one",
    "PGSERVICE=",
];

fn what_a_command_line_says() {
    let place = Place::new();
    place.write("odd_passwords", 0o600, "*:*:*:u:a\\\n");
    place.write("system/pg_service.conf", 0o600, "[systems]\nuser=sys\n[one]\nuser=sysone\n");
    let long = "x".repeat(1022);
    for (name, text) in [
        ("long_comment", format!("#{long}\n[one]\nuser=y\n")),
        ("long_value", format!("[one]\npassword={}\n", &long[9..])),
        ("longest", format!("[one]\npassword={}\n[two]\n", &long[10..])),
        ("long_behind", format!("[one]\nuser=y\n[two]\nuser={long}\n")),
        ("odd", "[one]x\n\x0b application_name=\x0c\n user = y \nuser=y\nuser=z\n".to_owned()),
        ("cut_short", "[one]\n\0user=x\nuser=y\0z\n\n".to_owned()),
        ("requiressl", "[one]\nrequiressl=1\n".to_owned()),
    ] {
        place.write(name, 0o600, text);
    }
    let show = format!("{SHOW}\nselect 1\n");
    let mut failures = Vec::new();
    for line in COMMAND_LINES {
        let compared = place.compare(&show, |shell, run| {
            let words = words(&line.replace("<port>", &place.port(shell)));
            let is_variable = |word: &&String| word.starts_with(|c: char| c.is_ascii_uppercase());
            let variables = words.iter().take_while(is_variable).count();
            words[..variables]
                .iter()
                .fold(run, |run, word| with(run, word))
                .args(&words[variables..])
        });
        failures.extend(compared.map(|difference| format!("psql {line}\n{difference}")));
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// What connections are open when `\c` comes.
const BEFORE: &[&str] = &[
    "",
    "user=v password=q application_name=zz connect_timeout=9 options=-cx=y",
    "postgresql://v:q@127.0.0.1:<port>/e?application_name=zz&client_encoding=LATIN1",
    "application_name= options= dbname= password=",
    "service=one",
    "hostaddr=127.0.0.1 password=given",
    "host=h.invalid hostaddr=127.0.0.1 password=given",
    "host=127.0.0.1,127.0.0.1 port=<port>,1",
    "host=/nowhere,127.0.0.1",
];

/// What `\c` is told then.
const AGAIN: &[&str] = &[
    "",
    "-",
    "''",
    "x",
    "'-'",
    "- '-'",
    "- :hyphen",
    "'' '' 127.0.0.1 <port>",
    "- - - -",
    "- w",
    "- - 127.0.0.1",
    "- - localhost",
    "- - h.invalid",
    "- - - <port>",
    "- - - 1",
    "- - '' <port>",
    "x y 127.0.0.1 <port> more",
    "user=w",
    "host=127.0.0.1",
    "hostaddr=127.0.0.1",
    "port=<port>",
    "service=one",
    "replication=true",
    "-reuse-previous=on",
    "-reuse-previous=on x",
    "-reuse-previous=on x y 127.0.0.1 <port>",
    "-reuse-previous=on x y 127.0.0.1 <port> more",
    "-reuse-previous=on user=w",
    "-reuse-previous=on user=",
    "-reuse-previous=on dbname=",
    "-reuse-previous=on host=127.0.0.1",
    "-reuse-previous=on host=localhost",
    "-reuse-previous=on host=127.0.0.1,127.0.0.1",
    "-reuse-previous=on 'host=127.0.0.1 port=<port>'",
    "-reuse-previous=on hostaddr=127.0.0.1",
    "-reuse-previous=on hostaddr=",
    "-reuse-previous=on port=<port>",
    "-reuse-previous=on service=one",
    "-reuse-previous=on application_name=",
    "-reuse-previous=on application_name=yy",
    "-reuse-previous=on options=",
    "-reuse-previous=on sslmode=",
    "-reuse-previous=on connect_timeout=x",
    "-reuse-previous=on password=new",
    "-reuse-previous=on password=",
    "-reuse-previous=on postgresql://",
    "-reuse-previous=on postgresql:///z",
    "-reuse-previous=on postgresql://127.0.0.1",
    "-reuse-previous=off",
    "-reuse-previous=off x",
    "-reuse-previous=off - w",
    "-reuse-previous=off user=w",
    "'-reuse-previous=off' x",
    "-reuse-previous='off' x",
    "-reuse-previous= x",
    "-reuse-previous=maybe x",
    "-reuse-previous x",
    "user=w x",
    "user=w - - -",
];

fn what_is_kept_for_the_next_connection() {
    let place = Place::new();
    let mut failures = Vec::new();
    for before in BEFORE {
        let mut actions = "\\set hyphen -\n".to_owned();
        for again in AGAIN {
            let label = argument(&format!("-- {before}; {again}"));
            let before = argument(before);
            let _ = writeln!(
                actions,
                "\\echo {label}\n\\warn {label}\n\\c -reuse-previous=off {before}\n\\c {again}\n{SHOW}\n\\c"
            );
        }
        let compared = place.compare(&actions, |_, run| run);
        failures.extend(compared.map(|difference| format!("{before}\n{difference}")));
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// The known difference that `\c` keeps an empty require_auth.
pub const EMPTY_REQUIRE_AUTH: &str = "connect/empty_require_auth";

fn an_empty_require_auth_is_kept() {
    let place = Place::new();
    let greeter = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = greeter.local_addr().expect("a port").port();
    // A server that asks for nothing.
    std::thread::spawn(move || {
        for mut stream in greeter.incoming().flatten() {
            std::thread::spawn(move || converse(&mut stream, &mut String::new(), false));
        }
    });
    let [ours, theirs] = on_both(|shell| {
        let run = place.shell(shell).arg(format!("host=127.0.0.1 port={port} require_auth=''"));
        place.finish(shell, run, "\\c - - - <port>\nselect 1\n")
    });
    assert_eq!(ours.0.status, 1);
    assert!(!ours.1.contains("secret") && theirs.1.contains("secret"), "{ours:?} {theirs:?}");
    assert!(harness::known_differences().iter().any(|(name, _)| name == EMPTY_REQUIRE_AUTH));
}

/// An empty setting does not mean the default, which would send the password.
fn an_empty_setting_sends_no_password() {
    let place = Place::new();
    let send = |variables: &[(&str, &str)], string: &str| {
        let run = place.shell(Shell::Pgsh).envs(variables.iter().copied()).arg(string);
        let (outcome, heard) = place.finish(Shell::Pgsh, run, "select 1\n");
        (outcome.status, heard)
    };
    let (status, heard) = send(&[], "dbname=d");
    assert!(status == 0 && heard.contains("secret"), "{heard}");
    for (keyword, variable) in [
        ("channel_binding", "PGCHANNELBINDING"),
        ("gssencmode", "PGGSSENCMODE"),
        ("load_balance_hosts", "PGLOADBALANCEHOSTS"),
        ("max_protocol_version", "PGMAXPROTOCOLVERSION"),
        ("min_protocol_version", "PGMINPROTOCOLVERSION"),
        ("require_auth", "PGREQUIREAUTH"),
        ("sslcertmode", "PGSSLCERTMODE"),
        ("sslmode", "PGSSLMODE"),
        ("sslnegotiation", "PGSSLNEGOTIATION"),
        ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ] {
        let strict = ("PGSSLMODE", "verify-full");
        place.write(".pg_service.conf", 0o600, format!("[empty]\n{keyword}=\n"));
        // A string, a URI, a variable, a service: the variables and the argument.
        let sources: [(&[(&str, &str)], String); 4] = [
            (&[strict], format!("{keyword}=''")),
            (&[strict], format!("postgres://?{keyword}=")),
            (&[(variable, "")], "dbname=d".to_owned()),
            (&[], "service=empty".to_owned()),
        ];
        for (variables, string) in sources {
            let (status, heard) = send(variables, &string);
            assert!(status == 2 && !heard.contains("secret"), "{variables:?} {string}: {heard}");
        }
    }
}

/// Who has no account.
const NOBODY: u32 = 54_321;

/// The shells can be run as [`NOBODY`].
fn as_nobody(place: &Place) -> Ran {
    let can = [Shell::Pgsh, Shell::Oracle].into_iter().all(|shell| {
        let mut command = place.shell(shell).arg("--version").by_user(NOBODY).command();
        command.stdout(Stdio::null()).status().is_ok_and(|status| status.success())
    });
    match can {
        true => Ok(()),
        false => Err(Missing("no shell as a user without an account".to_owned())),
    }
}

/// The user's name comes from the system, whatever the environment says.
fn who_names_no_user() {
    by_account(&Place::new(), None);
}

fn who_has_no_account() -> Ran {
    let place = Place::new();
    as_nobody(&place)?;
    by_account(&place, Some(NOBODY));
    Ok(())
}

/// A shell with a variable, `NAME=value`, or without one.
fn with(run: Run, word: &str) -> Run {
    match word.split_once('=') {
        Some((name, value)) => run.env(name, value),
        None => run.without(word),
    }
}

fn by_account(place: &Place, user: Option<u32>) {
    let mut failures = Vec::new();
    for row in ["", "HOME=", "USER=somebody LOGNAME=somebody", "HOME= PGUSER=", "HOME PGUSER=x"] {
        for line in ["-d e", "-d user=", "sslmode=x", "port=1,2", "service=nowhere", "-l"] {
            let compared = place.compare("select 1\n", |_, run| {
                let run = row.split_whitespace().fold(run.without("PGUSER"), with);
                user.into_iter().fold(run, Run::by_user).args(words(line))
            });
            failures.extend(compared.map(|difference| format!("{row}: psql {line}\n{difference}")));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// Without HOME, the account's home holds the password file, the service file and the certificates.
fn where_home_is_without_an_environment() -> Ran {
    let place = Place::new();
    let own = Command::new("unshare").args(["-m", "true"]).output();
    if !own.is_ok_and(|output| output.status.success()) {
        return Err(Missing("not root, or no file system of one's own".to_owned()));
    }
    let mut failures = Vec::new();
    let rows: [(&str, &[&str]); 3] = [
        ("", &["-d", "e"]),
        ("", &["service=one"]),
        (".postgresql/root.crt", &["sslmode=verify-ca"]),
    ];
    for home in [None, Some("")] {
        for (file, arguments) in rows {
            if !file.is_empty() {
                place.write(file, 0o600, "");
            }
            let [ours, theirs] = on_both(|shell| {
                let passwd = place.home(shell).join("passwd");
                let entry = format!("me:x:0:0::{}:/bin/sh\n", place.home(shell).display());
                fs::write(&passwd, entry).expect("a file");
                let run = place.shell(shell).args(arguments).without("HOME").without("PGPASSWORD");
                let run = run.without("PGUSER").envs(home.map(|home| ("HOME", home)));
                let mount = format!("mount --bind '{}' /etc/passwd", passwd.display());
                let run = run.after(mount).under(&["unshare", "-m"]);
                let (outcome, heard) = place.finish(shell, run, "select 1\n");
                [outcome.render(), heard.into_bytes()].concat()
            });
            if ours != theirs {
                failures.push(format!("{home:?} {arguments:?}\n{}", difference(&theirs, &ours)));
            }
            let told = String::from_utf8_lossy(&ours);
            let found = ["athome", "own", "root.crt"].iter().any(|word| told.contains(word));
            assert!(found || !file.is_empty(), "{told}");
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
    Ok(())
}

/// A name is looked up without a thread where none can be made.
fn names_without_a_thread() -> Ran {
    let place = Place::new();
    // Root may have as many processes as there are.
    let root = rustix::process::geteuid().is_root();
    if root {
        as_nobody(&place)?;
    }
    let compared = place.compare("select 1\n", |_, run| {
        let run = run.args(["-d", "host=localhost"]).after("ulimit -u 0");
        if root { run.by_user(NOBODY) } else { run }
    });
    assert_eq!(compared, None);
    Ok(())
}

tests! {
    who_names_no_user,
    what_a_command_line_says,
    what_is_kept_for_the_next_connection,
    an_empty_require_auth_is_kept,
    an_empty_setting_sends_no_password,
    who_has_no_account,
    where_home_is_without_an_environment,
    names_without_a_thread,
    ; keywords()
}
