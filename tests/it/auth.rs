//! Logging in: every way a server may ask for a password by every way a person may give one, and
//! `\c`; both shells against the same server, byte for byte.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::{self, Shell, difference, on_both, words};
use crate::own_server::OwnServer;
use crate::run::{Outcome, Run};
use crate::trial::{is_all_asked_for, tests};

/// Who can log in how: a role, its password if any, and the method of pg_hba.conf.
const ROLES: &[(&str, &str, &str)] = &[
    ("postgres", "", "trust"),
    ("t", "", "trust"),
    ("pw", "right", "password"),
    ("m", "right", "md5"),
    ("ms", "right", "md5"),
    ("s", "right", "scram-sha-256"),
    ("keys", "right", "scram-sha-256"),
    ("once", "right", "scram-sha-256"),
    ("often", "right", "scram-sha-256"),
    ("prep", "I\u{ad}X \u{2168}", "scram-sha-256"),
    ("utf", "pässwörd€", "scram-sha-256"),
    ("odd", "a:b\\c d'\"@/%?&=#é", "scram-sha-256"),
    ("unprep", "a\u{7}b\u{200e}", "scram-sha-256"),
    ("unset", "", "scram-sha-256"),
    ("late", "right", "scram-sha-256"),
    ("nologin", "right", "trust"),
    ("crowded", "right", "trust"),
    ("p", "", "peer"),
    ("pm", "", "peer map=m"),
    ("i", "", "ident"),
    ("r", "", "reject"),
    ("nobody", "", "scram-sha-256"),
    ("noone", "", "trust"),
];

/// A server that knows [`ROLES`], and a directory with password files.
struct Place {
    server: OwnServer,
    home: PathBuf,
}

impl Place {
    fn new(name: &str) -> Place {
        let hba: String = ROLES
            .iter()
            .chain([&("changes", "", "scram-sha-256")])
            .map(|(role, _, method)| {
                // On the network "peer" is nothing that a server takes.
                let on_network = method.replace("peer", "ident");
                format!("local all {role} {method}\nhost all {role} 127.0.0.1/32 {on_network}\n")
            })
            .collect();
        let own_name = own_name();
        let server = OwnServer::start(
            name,
            &format!("local replication postgres trust\n{hba}"),
            "log_statement = all\nauthentication_timeout = 60s\nscram_iterations = 100\n",
        );
        server.write("pg_ident.conf", &format!("m {own_name} pm\n"));
        server.execute(&["SELECT pg_reload_conf()", "CREATE DATABASE closed", "CREATE DATABASE d"]);
        server.execute(&[
            "ALTER DATABASE closed ALLOW_CONNECTIONS false",
            "CREATE DATABASE private",
            "REVOKE CONNECT ON DATABASE private FROM public",
        ]);
        for (role, password, _) in ROLES {
            let setting = match *role {
                "postgres" | "noone" | "nobody" | "keys" => continue,
                "m" => "SET password_encryption = 'md5'",
                "once" => "SET scram_iterations = 1",
                // More than some clients take.
                "often" => "SET scram_iterations = 100001",
                "prep" => "SET scram_iterations = 4096",
                _ => "RESET scram_iterations",
            };
            let extra = match *role {
                "nologin" => "NOLOGIN",
                "crowded" => "LOGIN CONNECTION LIMIT 0",
                "late" => "LOGIN VALID UNTIL '2001-01-01'",
                _ => "LOGIN",
            };
            let mut session = server.session("postgres");
            harness::execute(&mut session, setting);
            let password = password.replace('\'', "''");
            let password = match password.as_str() {
                "" => "NULL".to_owned(),
                given => format!("'{given}'"),
            };
            harness::execute(
                &mut session,
                &format!("CREATE ROLE {role} {extra} PASSWORD {password}"),
            );
        }
        // Keys of our own choice: the client's is 32 times "c", the server's 32 times "s".
        server.execute(&["DO $$ BEGIN EXECUTE format('CREATE ROLE keys LOGIN PASSWORD %L',
            'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$'
            || encode(sha256(convert_to(repeat('c', 32), 'UTF8')), 'base64') || ':'
            || encode(convert_to(repeat('s', 32), 'UTF8'), 'base64')); END $$"]);
        let home = harness::cluster_directory(&format!("{name}-home"));
        let file = |name: &str, mode: u32, content: &str| {
            let path = home.join(name);
            fs::write(&path, content).expect("a file");
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        let port = server.port;
        let mut right = "# passwords\nlocalhost:1:*:*:no\n".to_owned();
        for (role, password, _) in ROLES {
            let password = password.replace('\\', "\\\\").replace(':', "\\:");
            right += &format!("*:{port}:*:{role}:{password}\n");
        }
        file("right", 0o600, &right);
        file("wrong", 0o600, "*:*:*:*:wrong\n");
        file("open", 0o640, &right);
        file("other", 0o600, "elsewhere:*:*:*:right\n");
        file("empty", 0o600, "");
        file(
            "services",
            0o644,
            "[one]\nuser=t\ndbname=postgres\napplication_name=first\n[two]\nuser=pw\npassword=right\n",
        );
        file("crlf", 0o600, &right.replace('\n', "\r\n"));
        Place { server, home }
    }

    /// A row's text with the place's names put in.
    fn fill(&self, row: &str) -> String {
        row.replace("<socket>", &self.server.socket())
            .replace("<port>", &self.server.port.to_string())
            .replace("<home>", self.home.to_str().expect("UTF-8"))
    }

    /// The shell for a row: variables (`NAME=value`), then arguments.
    fn shell(&self, shell: Shell, row: &str) -> Run {
        let run = self.server.shell(shell, &self.home).env("PGDATABASE", "d").arg("-X");
        self.with_row(run.env("PGCONNECT_TIMEOUT", "60"), row)
    }

    fn with_row(&self, mut run: Run, row: &str) -> Run {
        let is_variable = |word: &str| {
            word.split_once('=')
                .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
        };
        let mut variables = true;
        for word in words(&self.fill(row)) {
            variables &= is_variable(&word);
            run = match word.split_once('=').filter(|_| variables) {
                Some((name, value)) => run.env(name, value),
                None => run.arg(word),
            };
        }
        run
    }

    /// Runs a row with `stdin`.
    fn run(&self, shell: Shell, row: &str, stdin: &str) -> Outcome {
        self.shell(shell, row).stdin(self.fill(stdin)).outcome()
    }

    /// What differs between the shells for this row, if anything.
    fn compare(&self, row: &str, stdin: &str) -> Option<String> {
        let [ours, theirs] = on_both(|shell| {
            let mut text = without_pids(&self.run(shell, row, stdin).render());
            if std::env::var_os("PGSH_SHOW").is_some() && shell == Shell::Oracle {
                eprintln!("{row} <<< {stdin:?}\n{}", String::from_utf8_lossy(&text));
            }
            text.push(b'\n');
            text
        });
        (ours != theirs).then(|| format!("{row} <<< {stdin:?}\n{}", difference(&theirs, &ours)))
    }

    fn compare_all<'a>(&self, rows: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let rows: Vec<_> = rows.into_iter().collect();
        // Starting programs and connecting is mostly waiting.
        let next = AtomicUsize::new(0);
        let work = || {
            let rows = std::iter::from_fn(|| rows.get(next.fetch_add(1, Ordering::Relaxed)));
            rows.filter_map(|(row, stdin)| self.compare(row, stdin)).collect::<Vec<_>>()
        };
        let failures: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
        });
        assert!(
            failures.is_empty(),
            "{} of {} differ:\n{}",
            failures.len(),
            rows.len(),
            failures.join("\n")
        );
    }
}

/// The account that runs the tests.
fn own_name() -> String {
    let said = Command::new("id").arg("-un").output().expect("id runs");
    String::from_utf8_lossy(&said.stdout).trim().to_owned()
}

/// The process IDs that `\conninfo` shows.
fn without_pids(text: &[u8]) -> Vec<u8> {
    text.split_inclusive(|b| *b == b'\n')
        .flat_map(|line| match line.trim_ascii_start().starts_with(b"Backend PID") {
            true => b"Backend PID\n".as_slice(),
            false => line,
        })
        .copied()
        .collect()
}

fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| Place::new("auth"))
}

/// A value in a URI.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b.is_ascii_alphanumeric() {
            true => char::from(b).to_string(),
            false => format!("%{b:02x}"),
        })
        .collect()
}

/// A value in a connection string.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// How much is asked of a role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sources {
    /// Each kind of source once.
    Few,
    /// Every way to give the right password.
    Right,
    All,
}

/// All of a role for each method, and of who can't log in by any; of the other roles what may go
/// another way there.
fn sources(role: &str) -> Sources {
    match role {
        _ if is_all_asked_for() && role != "often" => Sources::All,
        "t" | "pw" | "m" | "s" | "p" | "i" | "r" | "unset" | "nobody" => Sources::All,
        "ms" | "keys" | "once" | "prep" | "utf" | "odd" | "unprep" | "late" => Sources::Right,
        _ => Sources::Few,
    }
}

/// The rows of a role, each with its input.
fn rows_of(role: &str, password: &str) -> Vec<(String, String)> {
    const QUERY: &str = "select current_user";
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut add = |row: String, stdin: &str| rows.push((row, stdin.to_owned()));
    add(format!("-U {role} -c '{QUERY}'"), "");
    add(format!("-U {role} -w -c '{QUERY}'"), "");
    add(format!("PGPASSFILE=<home>/right -U {role} -c '{QUERY}' -c \\conninfo"), "");
    add(format!("-U {role}"), &format!("{password}\n{QUERY};\n"));
    if sources(role) >= Sources::Right {
        add(format!("PGPASSFILE=<home>/right -h 127.0.0.1 -U {role} -c '{QUERY}'"), "");
        add(format!("PGPASSFILE=<home>/crlf -U {role} -c '{QUERY}'"), "");
        add(format!("PGPASSWORD= PGPASSFILE=<home>/right -U {role} -w -c '{QUERY}'"), "");
        add(format!("-d postgresql://{role}:{}@/d -c '{QUERY}'", percent(password)), "");
        add(format!("-W -U {role}"), &format!("{password}\n{QUERY};\n"));
    }
    if sources(role) == Sources::All {
        add(format!("PGPASSFILE=<home>/wrong -U {role} -c '{QUERY}'"), "");
        add(format!("PGPASSFILE=<home>/open -U {role} -w -c '{QUERY}'"), "");
        add(format!("PGPASSWORD=wrong -U {role} -c '{QUERY}'"), "");
        add(format!("PGPASSWORD= -U {role} -w -c '{QUERY}'"), "");
        add(format!("PGPASSWORD=wrong PGPASSFILE=<home>/right -U {role} -c '{QUERY}'"), "");
        add(format!("-d postgresql://{role}:@/d -w -c '{QUERY}'"), "");
        add(format!("-d postgresql://{role}@/d?password=wrong -c '{QUERY}'"), "");
        add(format!("-W -U {role}"), &format!("wrong\n{QUERY};\n"));
        add(format!("PGPASSWORD=right -W -U {role}"), &format!("wrong\n{QUERY};\n"));
        add(format!("PGPASSWORD=right -W -d 'user={role} password=right'"), &format!("{QUERY};\n"));
    }
    rows
}

fn every_method_by_every_source_of_passwords() {
    const QUERY: &str = "select current_user";
    let rows = ROLES.iter().flat_map(|(role, password, _)| rows_of(role, password));
    let rows: Vec<(String, String)> = rows.collect();
    place().compare_all(rows.iter().map(|(row, stdin)| (row.as_str(), stdin.as_str())));
    // The methods let in whom they should, or the table above compares nothing.
    for (role, password, method) in ROLES {
        if !password.is_empty() && *method != "trust" && !["late", "keys"].contains(role) {
            let text = quoted(password).replace('"', "%22");
            let row = format!("-d \"postgresql://{role}:{}@/d\" -Atc '{QUERY}'", percent(password));
            let outcome = place().run(Shell::Pgsh, &row, "");
            assert_eq!(outcome.stdout, format!("{role}\n").as_bytes(), "{text} {outcome:?}");
        }
    }
}

/// Connections that `\c` comes from.
const STARTS: &[&str] = &[
    "-U t",
    "-U t -h 127.0.0.1",
    "-d 'host=localhost hostaddr=127.0.0.1 user=t options=-cwork_mem=123kB application_name=me'",
    "-d postgresql://t@127.0.0.1:<port>,127.0.0.1:1/d?options=-cwork_mem%3D123kB",
    "PGPASSWORD=right -U s",
    "PGPASSFILE=<home>/right -U s",
    "-d 'user=s password=right connect_timeout=7'",
    "PGSERVICE=one PGSERVICEFILE=<home>/services",
    "PGHOSTADDR=127.0.0.1 -U t -d 'application_name=x'",
    "PGUSER=pw PGDATABASE=postgres -U t -d 'host=127.0.0.1 dbname=d'",
    "-d 'host=localhost hostaddr=127.0.0.1 user=s password=right'",
    "-W -U t",
];

/// What is given to `\c`.
const CONNECTS: &[&str] = &[
    "",
    "-",
    "d",
    "postgres",
    "- s",
    "d pw",
    "- - 127.0.0.1",
    "- - localhost",
    "- - <socket>",
    "- - <socket>,127.0.0.1",
    "- - - <port>",
    "- - - 1",
    "- - - x",
    "- - 127.0.0.1 1",
    "- - no.such.host.invalid",
    "d t 127.0.0.1 <port>",
    "d t 127.0.0.1 <port> more",
    "closed",
    "private",
    "nosuch",
    "- nobody",
    "- nologin",
    "\"d\" \"t\"",
    "''",
    "'' '' '' ''",
    "dbname=postgres",
    "'dbname=postgres user=s'",
    "'user=s password=right'",
    "'user=s password=wrong'",
    "postgresql://s:right@/d",
    "postgresql:///postgres",
    "'dbname=postgres' pw",
    "'dbname=postgres' - 127.0.0.1 -",
    "-reuse-previous=on dbname=postgres",
    "-reuse-previous=on 'user=s'",
    "-reuse-previous=on 'user=s password=right'",
    "-reuse-previous=on 'password=right'",
    "-reuse-previous=on 'host=127.0.0.1'",
    "-reuse-previous=on 'hostaddr=127.0.0.1'",
    "-reuse-previous=on 'application_name=again'",
    "-reuse-previous=on postgresql:///postgres",
    "-reuse-previous=on service=two",
    "-reuse-previous=off",
    "-reuse-previous=off d",
    "-reuse-previous=off - t",
    "-reuse-previous=off user=t",
    "-reuse-previous=maybe",
    "-reuse-previous= d",
    "-reuse-previous d",
    "service=one",
    "service=none",
    "nosuch=1",
    "'port=1'",
    "'dbname=d sslmode=x'",
    "'dbname=d",
    "- t '' ''",
    "`echo d` :USER",
    "- '' 127.0.0.1",
    "'host=<socket> hostaddr=127.0.0.1 user=t'",
    "'hostaddr=127.0.0.1 user=t'",
    "\"host='' dbname=postgres user=t\"",
    "-reuse-previous=on 'host=127.0.0.1 hostaddr=127.0.0.1'",
    "-reuse-previous=on 'port=<port>'",
    "-reuse-previous=on 'user=t'",
    "-reuse-previous=on 'dbname=postgres keepalives_idle=x'",
    "-reuse-previous=on ''",
    "-reuse-previous=on 'application_name='",
    "-reuse-previous=off service=two",
];

fn connect_takes_over_what_psql_takes_over() {
    let script = |connect: &str| {
        const SHOW: &str = "\\echo :DBNAME :USER :HOST :PORT :SERVICE :ERROR\n\
            select current_user, current_database(), inet_server_addr() is null as socket,\n\
            current_setting('application_name') as name, current_setting('work_mem') as mem;\n";
        format!("right\n\\c {connect}\nright\n{SHOW}\\c\n{SHOW}\\conninfo\n")
    };
    let mut rows: Vec<(String, String)> = Vec::new();
    for (s, start) in STARTS.iter().enumerate() {
        for (c, connect) in CONNECTS.iter().enumerate() {
            // The first is left in every way; of the other pairs a selection is asked.
            let is_usual = s < 1 || (s + c) % STARTS.len() == 0;
            // Who asks for a password in any case asks for nobody's.
            let is_nobody = start.starts_with("-W") && connect.contains("''");
            if is_usual || is_nobody || is_all_asked_for() {
                rows.push((format!("PGSERVICEFILE=<home>/services {start} -At"), script(connect)));
            }
        }
    }
    place().compare_all(rows.iter().map(|(row, stdin)| (row.as_str(), stdin.as_str())));
}

fn the_methods_that_are_required() {
    const REQUIRED: &[&str] = &[
        "password",
        "md5",
        "scram-sha-256",
        "none",
        "gss",
        "sspi",
        "oauth",
        "password,md5",
        "!password",
        "!md5",
        "!scram-sha-256",
        "!none",
        "!password,!md5",
        "!oauth",
        "none,scram-sha-256",
        "x",
        "password,password",
        "!none,!none",
        "!password,md5",
        "md5,!password",
        "scram-sha-256,",
        ",",
        "!",
        " password",
        "MD5",
    ];
    let mut rows = Vec::new();
    for role in ["t", "pw", "m", "ms", "s", "p", "r"] {
        let ways = REQUIRED.iter().map(|required| {
            (("PGREQUIREAUTH", *required), format!("user={role} password=right dbname=d"))
        });
        rows.push((connects(ways), String::new()));
    }
    for required in REQUIRED {
        let stdin = "select 1;\n".to_owned();
        let uri = format!("postgresql://s:wrong@/d?require_auth={}", percent(required));
        rows.push((format!("'{uri}'"), stdin.clone()));
        let row = format!("-U t -d 'require_auth=\\'{required}\\' channel_binding=disable'");
        rows.push((row, stdin.clone()));
        let row = format!("PGPASSWORD=right PGREQUIREAUTH='{required}' -U m -At");
        rows.push((row, stdin));
    }
    place().compare_all(rows.iter().map(|(row, stdin)| (row.as_str(), stdin.as_str())));
}

/// A row that has one shell connect in each of these ways, a variable and a connection string, and
/// tell where it is: a `-c` each, which goes on after a failure.
fn connects<'a>(ways: impl Iterator<Item = ((&'a str, &'a str), String)>) -> String {
    let mut row = "-w -At -U t".to_owned();
    for ((name, value), string) in ways {
        let (value, string) = (argument(value), argument(&string));
        for action in [
            format!("\\echo -- {name} {value} {string}"),
            format!("\\warn -- {name} {value} {string}"),
            format!("\\setenv {name} {value}"),
            format!("\\c -reuse-previous=off {string}"),
            "select current_user".to_owned(),
            format!("\\setenv {name}"),
        ] {
            row += &format!(" -c \"{action}\"");
        }
    }
    row
}

/// A meta-command's argument.
fn argument(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn keys_in_place_of_a_password() {
    let key = |letter: char| {
        // 32 times the letter, in base64.
        let group = match letter {
            'c' => "Y2Nj",
            's' => "c3Nz",
            _ => "eHh4",
        };
        let last = match letter {
            'c' => "Y2M=",
            's' => "c3M=",
            _ => "eHg=",
        };
        format!("{}{last}", group.repeat(10))
    };
    let (client, server, other) = (key('c'), key('s'), key('x'));
    let keyed = |client_key: &str, server_key: &str| {
        format!("user=keys dbname=d scram_client_key={client_key} scram_server_key={server_key}")
    };
    let mut ways = Vec::new();
    for client_key in ["", &client, &other, "AAAA", "*", "Y2Nj="] {
        for server_key in ["", &server, &other, "AAAA", "*"] {
            for password in ["", "wrong"] {
                ways.push((("PGPASSWORD", password), keyed(client_key, server_key)));
            }
        }
    }
    let row =
        |string: &str| (format!("-w -d '{string}' -Atc 'select current_user'"), String::new());
    let mut rows = vec![
        (connects(ways.into_iter()), String::new()),
        row(&keyed(&client, &server)),
        row(&keyed(&client, &other)),
        row(&keyed("*", "")),
    ];
    // One key alone, with the right password for the other.
    for (name, key) in [("scram_client_key", &client), ("scram_server_key", &server)] {
        rows.push(row(&format!("user=s password=right {name}={key}")));
        rows.push(row(&format!("user=keys {name}={key}")));
    }
    rows.push(row(&format!("user=m scram_client_key={client} scram_server_key={server}")));
    place().compare_all(rows.iter().map(|(row, stdin)| (row.as_str(), stdin.as_str())));
}

fn refused_in_each_form() {
    const ROWS: &[&str] = &[
        "-U t -d nosuch",
        "-U t -d closed",
        "-U t -d private",
        "-U t -d ''",
        "-U t -d 'no such \"one\"'",
        "-U '' -d d",
        "-U 'no one' -d d",
        "-U t -h /no/such/directory",
        "-U t -h <home>",
        "-U t -h @nothing",
        "-U t -h @nothing,/no/such",
        "-U t -h no.such.host.invalid",
        "-U t -h no.such.host.invalid,/no/such,127.0.0.1 -p 1",
        "-U t -h 127.0.0.1 -p 1",
        "-U t -h localhost -p 1",
        "-U t -p 1",
        "-U t -p 0",
        "-U t -p -1",
        "-U t -p 65536",
        "-U t -p 99999999999",
        "-U t -p ' 1 '",
        "-U t -p 1,2",
        "-U t -p ,",
        "-U t -h , -p 1,2",
        "-U t -h 127.9.9.9,, -p ,1,2",
        "-U t -h 127.0.0.1,127.0.0.1 -p 1,<port>",
        "-U t -h <socket>,127.0.0.1 -p 1,<port> -d nosuch",
        "-U nobody -h 127.0.0.1,<socket> -d d",
        "-U t -h /a/path/that/is/so/long/that/it/does/not/fit/into/the/address/of/a/socket/whatever/the/system/would/like/it/to/be",
        "-U t -d hostaddr=x",
        "-U t -d hostaddr=::1",
        "-U t -d hostaddr=127.0.0.1,127.0.0.1",
        "-U t -d 'host=a,b hostaddr=127.0.0.1'",
        "-U t -d 'host=nonsense hostaddr=127.0.0.1 port=1'",
        "-U t -d 'hostaddr=127.0.0.1 port=1'",
        "-U t -d 'options=-cwork_mem=x'",
        "-U t -d 'options=-cwork_mem=1MB\\ -capplication_name=a\\\\\\ b' -c 'show application_name'",
        "-U t -d client_encoding=nosuch",
        "-U t -d 'client_encoding=latin1 application_name=größe' -c 'show application_name' -c '\\encoding'",
        "-U t -d requirepeer=nobody_at_all",
        "-U t -d 'requirepeer=nobody_at_all host=127.0.0.1' -c 'select 1'",
        "-U t -d target_session_attrs=standby",
        "-U t -d target_session_attrs=read-only",
        "-U t -d target_session_attrs=prefer-standby -c 'select 1'",
        "-U t -d 'target_session_attrs=read-write options=-cdefault_transaction_read_only=on'",
        "-U t -d 'target_session_attrs=read-only options=-cdefault_transaction_read_only=on' -c 'select 1'",
        "-U t -d target_session_attrs=x",
        "-U t -d 'host=127.0.0.1,<socket> target_session_attrs=standby'",
        "-U t -d load_balance_hosts=x",
        "-U t -d connect_timeout=x",
        "-U t -d connect_timeout=-1 -c 'select 1'",
        "-U t -d keepalives=x",
        "-U t -d 'keepalives=x host=127.0.0.1'",
        "-U t -d 'keepalives_idle=x host=127.0.0.1'",
        "-U t -d 'tcp_user_timeout=x host=127.0.0.1'",
        "-U t -d 'keepalives_idle=-1 host=127.0.0.1' -c 'select 1'",
        "-U t -d 'min_protocol_version=3.1'",
        "-U t -d 'min_protocol_version=3.2' -c '\\conninfo'",
        "-U t -d 'max_protocol_version=3.2' -c '\\conninfo'",
        "-U t -d 'min_protocol_version=3.2 max_protocol_version=3.0'",
        "-U t -d replication=database -c IDENTIFY_SYSTEM",
        "-U postgres -d replication=database -o /dev/null -c \"BASE_BACKUP (CHECKPOINT 'fast', TARGET 'blackhole')\" -c 'show work_mem'",
        "-U t -d replication=x",
        "-U t -d service=nosuch",
        "PGSERVICEFILE=<home>/nosuch -U t -d service=one",
        "PGSERVICEFILE=<home>/nosuch PGSERVICE=one -U t",
        "PGSERVICEFILE=<home>/services PGSERVICE=two -d dbname=d -Atc 'select current_user'",
        "PGPASSFILE=<home> -U s -w",
        "PGPASSFILE=<home>/nosuch -U s -w",
        "PGPASSFILE=/dev/null -U s -w",
        "PGPASSFILE=<home>/empty -U s -w",
        "PGPASSFILE=<home>/other -U s -w",
        "PGPASSFILE=<home>/open -U s",
        "PGPASSFILE=<home>/wrong -U t -c 'select 1'",
        "PGPASSFILE=<home>/open -U t -c 'select 1'",
        "-U s -d 'passfile=<home>/right' -c 'select 1'",
        "-U s -d 'passfile=<home>/wrong'",
        "PGPASSWORD=right -U s -d 'passfile=<home>/open' -c 'select 1'",
        "PGPASSFILE=<home>/wrong -U s -h 127.0.0.1,<socket>",
        "-U crowded",
        "PGUSER=t PGHOST=127.0.0.1 PGPORT=<port> PGDATABASE=d PGAPPNAME=x PGOPTIONS=-cwork_mem=99kB PGTZ=Asia/Tokyo PGDATESTYLE=German PGGEQO=off PGCLIENTENCODING=LATIN1 PGTARGETSESSIONATTRS=any PGLOADBALANCEHOSTS=random PGMAXPROTOCOLVERSION=3.2 -c 'show timezone' -c 'show datestyle' -c 'show geqo' -c 'show work_mem' -c \\conninfo",
        "PGTZ=Nowhere/City -U t",
        "PGDATESTYLE=x -U t",
        "PGHOSTADDR=127.0.0.1 -U t -c '\\conninfo'",
        "PGHOST= PGHOSTADDR=127.0.0.1 -U t -c '\\conninfo'",
        "PGSSLMODE=x -U t",
        "PGGSSENCMODE=x -U t",
        "PGCHANNELBINDING=x -U t",
        "PGCHANNELBINDING=disable PGPASSWORD=right -U s -c 'select 1'",
        "PGREQUIREPEER=nobody_at_all -U t",
    ];
    place().compare_all(ROWS.iter().map(|row| (*row, "select 1 as reached;\n")));
}

const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

/// What a person at a terminal meets: a row, then what is waited for and what is typed then.
type Scene = (&'static str, &'static [(&'static str, &'static str)]);

/// The last thing typed ends the shell.
const SCENES: &[Scene] = &[
    (
        "-U s",
        &[
            ("Password for user s: ", "right\n"),
            ("=> ", "\\c - pw\n"),
            ("Password for user pw: ", "wrong\n"),
            ("=> ", "\\echo :USER\n"),
            ("=> ", "\\c nosuch\n"),
            ("=> ", "\\c - pw\n"),
            ("Password for user pw: ", "right\n"),
            ("=> ", "\\c\n"),
            ("=> ", "\\c - - 127.0.0.1\n"),
            ("Password for user pw: ", "right\n"),
            ("=> ", "\\q\n"),
        ],
    ),
    ("-U s", &[("Password for user s: ", "wrong\n")]),
    ("-U s", &[("Password for user s: ", "\n")]),
    ("-U s", &[("Password for user s: ", CTRL_D)]),
    ("-U s -w", &[]),
    ("-U s -W -c '\\c' -c 'select 1'", &[("Password: ", "right\n"), ("Password: ", "right\n")]),
    (
        "-U t -W",
        &[("Password: ", "x\n"), ("=> ", "\\c\n"), ("Password: ", CTRL_D), ("=> ", "\\q\n")],
    ),
    (
        "-U t",
        &[
            ("=> ", "\\c - s\n"),
            ("Password for user s: ", CTRL_C),
            ("=> ", "\\c - s\n"),
            ("Password for user s: ", CTRL_D),
            ("=> ", "\\q\n"),
        ],
    ),
    (
        "-U t",
        &[
            ("=> ", "\\c - - - 1\n"),
            ("=> ", "\\c nosuch=1\n"),
            ("=> ", "\\c 'dbname=x\n"),
            ("=> ", "\\c 'dbname=d' t\n"),
            ("=> ", "\\c -reuse-previous=x\n"),
            ("=> ", "\\c no.such.host.invalid - no.such.host.invalid\n"),
            ("=> ", "\\echo :DBNAME :USER :HOST\n"),
            ("=> ", "\\q\n"),
        ],
    ),
    (
        "-U changes",
        &[
            ("Password for user changes: ", "right\n"),
            ("=> ", "\\password\n"),
            ("Enter new password for user \"changes\": ", "a\n"),
            ("Enter it again: ", "b\n"),
            ("=> ", "\\password\n"),
            ("Enter new password for user \"changes\": ", "new secret\n"),
            ("Enter it again: ", "new secret\n"),
            ("=> ", "\\password\n"),
            ("Enter new password for user \"changes\": ", CTRL_C),
            ("=> ", "\\password\n"),
            ("Enter new password for user \"changes\": ", "a\n"),
            ("Enter it again: ", CTRL_C),
            ("=> ", "\\c\n"),
            ("=> ", "\\password nobody\n"),
            ("Enter new password for user \"nobody\": ", "a\n"),
            ("Enter it again: ", "a\n"),
            ("=> ", "\\password changes more\n"),
            ("Enter new password for user \"changes\": ", "\n"),
            ("Enter it again: ", "\n"),
            ("=> ", "\\q\n"),
        ],
    ),
];

fn at_a_terminal() {
    for (row, steps) in SCENES {
        // One after the other: some change what is on the server.
        let [oracle, ours] = [Shell::Oracle, Shell::Pgsh].map(|shell| {
            place().server.execute(&[
                "DROP ROLE IF EXISTS changes",
                "CREATE ROLE changes LOGIN PASSWORD 'right'",
            ]);
            let run = place().shell(shell, "PSQL_HISTORY=/dev/null PSQL_PAGER= -n");
            let mut terminal = place().with_row(run, row).terminal();
            let mut text = String::new();
            for (prompt, keys) in *steps {
                text += &terminal.wait(prompt);
                // The echo is off when the prompt is there, or about to be.
                std::thread::sleep(std::time::Duration::from_millis(30));
                terminal.keys(keys);
            }
            let (rest, status) = terminal.rest();
            format!("{text}{rest}\n[exit status] {status}\n")
        });
        assert!(ours == oracle, "{row}\n{}", difference(oracle.as_bytes(), ours.as_bytes()));
        assert!(!ours.contains("wrong") && !ours.contains("secret"), "{ours}");
    }
    // Of the new password only a verifier went to the server.
    let log = place().server.log();
    assert!(!log.contains("new secret"));
    let changed = log.matches("ALTER USER \"changes\" PASSWORD 'SCRAM-SHA-256$").count();
    assert_eq!(changed, 4, "{log}");
}

tests! {
    every_method_by_every_source_of_passwords,
    connect_takes_over_what_psql_takes_over,
    the_methods_that_are_required,
    keys_in_place_of_a_password,
    refused_in_each_form,
    at_a_terminal,
}
