//! Servers that are none, and servers that mean harm: whatever comes, no hang past the timeout, no
//! panic, bounded memory, and a clear message: psql's, where it has one.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::fake_server::{
    Play, auth, complete, data_row, error, greeting, greeting_of, headed, message, parameter,
    ready, row_description, serve,
};
use crate::harness::{self, Shell, agree, difference, is_known_difference, on_both};
use crate::run::Outcome;
use crate::trial::{tests, trial};

/// The difference that [`ctrl_c_ends_every_wait`] shows.
const UNHEARD: &str = "hostile/interrupts_unheard";

/// The most a shell may take: psql itself takes less than half of it.
const ADDRESS_SPACE_KB: u32 = 600_000;

/// Runs a shell on the server at `port`, its memory bounded.
fn run(shell: Shell, port: u16, options: &str, script: &str) -> (Outcome, Duration) {
    run_with(shell, port, options, &[], script)
}

/// As [`run`], with more arguments.
fn run_with(
    shell: Shell,
    port: u16,
    options: &str,
    more: &[&str],
    script: &str,
) -> (Outcome, Duration) {
    let run = harness::shell(shell, Path::new("/"))
        .without("HOME")
        .without("TERM")
        .after(format!("ulimit -v {ADDRESS_SPACE_KB}; ulimit -c 0"))
        .args(["-X", "-d", &format!("host=127.0.0.1 port={port} user=u dbname=d {options}")])
        .args(more)
        .env("PGSSLMODE", "disable")
        .env("RUST_BACKTRACE", "0")
        .stdin(script)
        .mask(port.to_string(), "<port>");
    let begun = Instant::now();
    (run.outcome(), begun.elapsed())
}

/// Both shells make the same of a server. Where they are meant to differ, `known_differences.txt`
/// says why, and pgsh's words are only to do no harm.
fn compare(name: &str, options: &str, play: Play) {
    const SCRIPT: &str = "select 1;\n\\echo :ERROR :SQLSTATE :ROW_COUNT\nselect 2;\n";
    let port = serve(play);
    let [ours, oracle] = on_both(|shell| run(shell, port, options, SCRIPT));
    agree(name, &oracle.0.render(), &ours.0.render());
    if is_known_difference(name) {
        assert_eq!(harm(name, &ours), None);
    }
}

/// How `known_differences.txt` writes the name of a case.
fn in_file(name: &str) -> String {
    format!("hostile/{}", name.replace([' ', ':', ',', '\''], "_"))
}

/// The names of all cases, as `known_differences.txt` writes them.
pub fn names() -> Vec<String> {
    let all = [strangers(), traitors()].concat();
    all.iter().map(|(name, ..)| in_file(name)).chain([UNHEARD.to_owned()]).collect()
}

/// What is wrong with how pgsh met a server, whatever it said: it hung, died, or said nothing.
fn harm(name: &str, (outcome, elapsed): &(Outcome, Duration)) -> Option<String> {
    let sound = matches!(outcome.status, 0 | 2)
        && (outcome.status == 0 || !outcome.stderr.is_empty())
        && memchr::memmem::find(&outcome.stderr, b"panicked").is_none()
        && *elapsed < Duration::from_secs(30);
    (!sound).then(|| format!("{name}: {elapsed:?}\n{}", String::from_utf8_lossy(&outcome.render())))
}

/// Servers that psql and pgsh say the same about, before a session is open.
fn strangers() -> Vec<(String, &'static str, Play)> {
    use Play::{Answer, Drip, Flood, Greet, Hold, Reset, Talk};
    let mut all: Vec<(&str, &'static str, Play)> = vec![
        ("HTTP", "", Answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec())),
        ("SMTP", "", Greet(b"220 mail.example.com ESMTP\r\n".to_vec())),
        ("SSH", "", Greet(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())),
        ("MySQL", "", Greet(b"\x4a\0\0\0\x0a8.0.36\0\x08\0\0\0".to_vec())),
        ("TLS alert", "", Answer(b"\x15\x03\x01\0\x02\x02\x46".to_vec())),
        ("Redis", "", Answer(b"-ERR unknown command\r\n".to_vec())),
        ("hangs up", "", Greet(Vec::new())),
        ("hangs up when asked", "", Answer(Vec::new())),
        ("resets", "", Reset(Vec::new())),
        ("resets in the middle", "", Reset(auth(0, b""))),
        ("black hole", "connect_timeout=1", Hold(Vec::new())),
        ("half a message and silence", "connect_timeout=1", Hold(b"R\0\0".to_vec())),
        ("authenticated, then silence", "connect_timeout=1", Hold(auth(0, b""))),
        ("all but ready", "connect_timeout=1", Hold(greeting()[..greeting().len() - 6].to_vec())),
        ("one byte at a time", "connect_timeout=1", Drip(greeting())),
        (
            "one byte at a time of nonsense",
            "connect_timeout=1",
            Drip(vec![b'R', 0, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (
            "old server",
            "",
            Answer(b"Eunsupported frontend protocol 3.0: server supports 1.0 to 2.0\n\0".to_vec()),
        ),
        ("endless error of an old server", "connect_timeout=2", Flood(b"E".to_vec(), vec![b'x'])),
        ("old server, no end", "", Answer(b"Ecould not fork new process for connection".to_vec())),
        ("error without fields", "", Answer(message(b'E', b"\0"))),
        (
            "error with odd fields",
            "",
            Answer(message(b'E', b"SFATAL\0Mtext\0Xwhat\0Ddetail\0Hhint\0\0")),
        ),
        ("error with no end", "", Answer(message(b'E', b"SFATAL\0Mtext"))),
        ("error with escape sequences", "", Answer(error("\x1b[31mred\x1b]0;title\x07\r\n\x08"))),
        ("error with nonsense bytes", "", Answer(message(b'E', b"SFATAL\0M\xff\xfe\xc3\0\0"))),
        ("a long error", "", Answer(error(&"x".repeat(20_000)))),
        ("an error too long", "", Answer(error(&"x".repeat(40_000)))),
        (
            "endless error",
            "connect_timeout=2",
            Flood(headed(b'E', 0x7fff_ffff, b"SFATAL\0M"), vec![b'x']),
        ),
        (
            "endless notices",
            "connect_timeout=1",
            Hold([message(b'N', b"SNOTICE\0Mhello\0\0").repeat(3), vec![b'N']].concat()),
        ),
        ("huge request", "", Answer(headed(b'R', 0x7fff_ffff, b""))),
        ("negative request", "", Answer(headed(b'R', 0xffff_ffff, b""))),
        ("empty request", "", Answer(headed(b'R', 4, b""))),
        ("request of 2000", "", Answer(headed(b'R', 2000, &[0; 100]))),
        ("huge parameter", "", Answer([auth(0, b""), headed(b'S', 0x7fff_ffff, b"")].concat())),
        (
            "huge parameter that comes not",
            "connect_timeout=1",
            Hold([auth(0, b""), headed(b'S', 0x3fff_fff0, b"abc")].concat()),
        ),
        ("huge key", "", Answer([auth(0, b""), headed(b'K', 40_000, b"")].concat())),
        ("copy before login", "", Answer([auth(0, b""), message(b'd', b"x")].concat())),
        ("unknown message", "", Answer([auth(0, b""), message(b'?', b"")].concat())),
        ("ready without login", "", Answer(ready())),
        ("login twice", "", Answer([auth(0, b""), greeting()].concat())),
        (
            "key twice",
            "",
            Answer(
                [
                    auth(0, b""),
                    message(b'K', b"\0\0\0\x01abcd").repeat(2),
                    greeting()[9..].to_vec(),
                ]
                .concat(),
            ),
        ),
        (
            "bad parameter",
            "",
            Answer([auth(0, b""), message(b'S', b"abc"), greeting()[9..].to_vec()].concat()),
        ),
        (
            "a row before it is ready",
            "",
            Answer([auth(0, b""), row_description(&["a"]), greeting()[9..].to_vec()].concat()),
        ),
        (
            "a result before it is ready",
            "",
            Answer([auth(0, b""), complete("X"), greeting()[9..].to_vec()].concat()),
        ),
        (
            "asked and refuses",
            "target_session_attrs=read-write",
            Talk(vec![greeting_of("13.0"), [error("no"), ready()].concat(), Vec::new()]),
        ),
        (
            "asked and wants data",
            "target_session_attrs=read-write",
            Talk(vec![greeting_of("13.0"), message(b'G', b"\0\0\0"), Vec::new()]),
        ),
        ("error after login", "", Answer([auth(0, b""), error("no more")].concat())),
        ("password and hang up", "password=x", Answer(auth(3, b""))),
        ("md5 without salt", "password=x", Answer(auth(5, b""))),
        (
            "md5, then md5",
            "password=x",
            Answer([auth(5, b"salt"), auth(5, b"salt"), greeting()].concat()),
        ),
        ("SASL without mechanisms", "password=x", Answer(auth(10, b""))),
        ("SASL with an empty list", "password=x", Answer(auth(10, b"\0"))),
        ("SASL with unknown ones", "password=x", Answer(auth(10, b"PLAIN\0SCRAM-SHA-1\0\0"))),
        ("SASL with no end", "password=x", Answer(auth(10, b"SCRAM-SHA-256"))),
        (
            "SASL twice",
            "password=x",
            Answer([auth(10, b"SCRAM-SHA-256\0\0"), auth(10, b"SCRAM-SHA-256\0\0")].concat()),
        ),
        (
            "SASL, then done",
            "password=x",
            Answer([auth(10, b"SCRAM-SHA-256\0\0"), greeting()].concat()),
        ),
        (
            "SASL, then required",
            "password=x require_auth=scram-sha-256",
            Answer([auth(10, b"SCRAM-SHA-256\0\0"), greeting()].concat()),
        ),
        ("SASL continued from nowhere", "password=x", Answer(auth(11, b"r=x,s=QQ==,i=1"))),
        ("SASL ended from nowhere", "password=x", Answer(auth(12, b"v=x"))),
        ("negotiates", "", Answer([message(b'v', &[0, 3, 0, 0, 0, 0, 0, 0]), greeting()].concat())),
        (
            "negotiates down",
            "max_protocol_version=3.2",
            Answer([message(b'v', &[0, 3, 0, 0, 0, 0, 0, 0]), greeting()].concat()),
        ),
        ("negotiates up", "", Answer(message(b'v', &[0, 3, 0, 9, 0, 0, 0, 0]))),
        (
            "negotiates 2.0",
            "max_protocol_version=3.2",
            Answer(message(b'v', &[0, 2, 0, 0, 0, 0, 0, 0])),
        ),
        (
            "negotiates 3.1",
            "max_protocol_version=3.2",
            Answer(message(b'v', &[0, 3, 0, 1, 0, 0, 0, 0])),
        ),
        (
            "negotiates twice",
            "max_protocol_version=3.2",
            Answer(message(b'v', &[0, 3, 0, 0, 0, 0, 0, 0]).repeat(2)),
        ),
        (
            "negotiates an option",
            "max_protocol_version=3.2",
            Answer(message(b'v', b"\0\x03\0\0\0\0\0\x01_pq_.x\0")),
        ),
        (
            "negotiates a strange option",
            "max_protocol_version=3.2",
            Answer(message(b'v', b"\0\x03\0\0\0\0\0\x01x\0")),
        ),
        (
            "negotiates many options",
            "max_protocol_version=3.2",
            Answer(message(b'v', b"\0\x03\0\0\x7f\xff\xff\xff_pq_.x\0")),
        ),
        ("negotiates too short", "", Answer(message(b'v', &[0, 3]))),
        ("negotiates too long", "", Answer(headed(b'v', 0x7fff_ffff, &[0, 3]))),
    ];
    for (name, text) in [
        ("no nonce", &b"s=QQ==,i=1"[..]),
        ("another nonce", b"r=abcdef,s=QQ==,i=1"),
        ("nothing", b""),
        ("an extension", b"m=x,r=abc,s=QQ==,i=1"),
    ] {
        let play = Answer([auth(10, b"SCRAM-SHA-256\0\0"), auth(11, text)].concat());
        all.push((name, "password=x", play));
    }
    let mut all: Vec<_> =
        all.into_iter().map(|(name, options, play)| (name.to_owned(), options, play)).collect();
    for len in [0, 3, 5, 256, 257, 300, 40_000] {
        for options in ["", "max_protocol_version=3.2"] {
            let key = message(b'K', &[&[0, 0, 0, 1], &vec![b'k'; len][..]].concat());
            let play = Talk(vec![[auth(0, b""), key, ready()].concat()]);
            all.push((format!("a key of {len} {options}"), options, play));
        }
    }
    for kind in [1, 2, 4, 6, 7, 8, 9, 13, 99, -1, i32::MIN] {
        all.push((format!("authentication {kind}"), "", Answer(auth(kind, b"\0\0\0\0"))));
    }
    let whole = greeting();
    for end in 0..whole.len() {
        all.push((format!("the first {end} bytes"), "", Answer(whole[..end].to_vec())));
    }
    all
}

/// Servers that go wrong when a query is under way. The first statement is `select 1`.
fn traitors() -> Vec<(String, &'static str, Play)> {
    let columns = || row_description(&["a"]);
    let one = || [columns(), data_row(&["1"]), complete("SELECT 1"), ready()].concat();
    let cases: Vec<(&str, Vec<Vec<u8>>)> = vec![
        ("all well", vec![one(), one()]),
        ("hangs up", vec![]),
        ("hangs up in a row", vec![[columns(), headed(b'D', 11, b"\0\x01")].concat()]),
        ("hangs up before the end", vec![[columns(), data_row(&["1"])].concat()]),
        (
            "hangs up before it is ready",
            vec![[columns(), data_row(&["1"]), complete("SELECT 1")].concat()],
        ),
        ("ready twice", vec![[one(), ready()].concat(), one()]),
        (
            "complete twice",
            vec![[columns(), complete("SELECT 0"), complete("SELECT 7"), ready()].concat(), one()],
        ),
        (
            "columns twice",
            vec![
                [columns(), columns(), data_row(&["1"]), complete("SELECT 1"), ready()].concat(),
                one(),
            ],
        ),
        ("no columns", vec![[data_row(&["1"]), complete("SELECT 1"), ready()].concat(), one()]),
        (
            "too many values",
            vec![[columns(), data_row(&["1", "2"]), complete("SELECT 1"), ready()].concat(), one()],
        ),
        (
            "zero columns",
            vec![
                [row_description(&[]), data_row(&[]).repeat(3), complete("SELECT 3"), ready()]
                    .concat(),
                one(),
            ],
        ),
        (
            "65535 columns",
            vec![[row_description(&["c"; 65535]), complete("SELECT 0"), ready()].concat(), one()],
        ),
        (
            "too few values",
            vec![
                [row_description(&["a", "b"]), data_row(&["1"]), complete("SELECT 1"), ready()]
                    .concat(),
                one(),
            ],
        ),
        (
            "rows, then an error",
            vec![[columns(), data_row(&["1"]), error("no"), ready()].concat(), one()],
        ),
        (
            "an error, then rows",
            vec![
                [error("no"), columns(), data_row(&["1"]), complete("SELECT 1"), ready()].concat(),
                one(),
            ],
        ),
        (
            "an error, then a result",
            vec![[columns(), error("no"), complete("SELECT 1"), ready()].concat(), one()],
        ),
        (
            "copy out without its end",
            vec![
                [message(b'H', b"\0\0\0"), message(b'd', b"line\n"), complete("COPY 1"), ready()]
                    .concat(),
                one(),
            ],
        ),
        ("copy out hangs up", vec![[message(b'H', b"\0\0\0"), message(b'd', b"line\n")].concat()]),
        (
            "copy out hangs up in a line",
            vec![[message(b'H', b"\0\0\0"), headed(b'd', 1000, b"line\n")].concat()],
        ),
        (
            "copy in that is over at once",
            vec![[message(b'G', b"\0\0\0"), complete("COPY 0"), ready()].concat(), one()],
        ),
        ("a row of 2 GB", vec![[columns(), headed(b'D', 0x7fff_ffff, b"\0\x01")].concat()]),
        ("a negative row", vec![[columns(), headed(b'D', 0xffff_fff0, b"\0\x01")].concat()]),
        ("a value of 2 GB", vec![[columns(), message(b'D', b"\0\x01\x7f\xff\xff\xffx")].concat()]),
        (
            "a value of -2",
            vec![
                [
                    columns(),
                    message(b'D', b"\0\x01\xff\xff\xff\xfe"),
                    complete("SELECT 1"),
                    ready(),
                ]
                .concat(),
            ],
        ),
        (
            "a row too long",
            vec![
                [columns(), message(b'D', b"\0\x01\0\0\0\x01xy"), complete("SELECT 1"), ready()]
                    .concat(),
            ],
        ),
        ("columns without end", vec![message(b'T', b"\0\x09a\0")]),
        (
            "copy data from nowhere",
            vec![[message(b'd', b"x"), complete("SELECT 1"), ready()].concat(), one()],
        ),
        (
            "copy out",
            vec![
                [
                    message(b'H', b"\0\0\0"),
                    message(b'd', b"line\n"),
                    message(b'c', b""),
                    complete("COPY 1"),
                    ready(),
                ]
                .concat(),
                one(),
            ],
        ),
        ("copy out, too short", vec![[message(b'H', b"\0"), ready()].concat(), one()]),
        ("copy in", vec![message(b'G', b"\0\0\0"), [error("no copy"), ready()].concat()]),
        ("copy both", vec![message(b'W', b"\0\0\0")]),
        ("an unknown message", vec![[message(b'%', b""), ready()].concat(), one()]),
        ("authentication", vec![[auth(0, b""), ready()].concat(), one()]),
        ("a bad status", vec![[complete("SELECT 1"), message(b'Z', b"?")].concat(), one()]),
        ("a tag without end", vec![[message(b'C', b"SELECT 1"), ready()].concat(), one()]),
        ("a long tag", vec![[complete(&"X".repeat(20_000)), ready()].concat(), one()]),
        ("a tag too long", vec![[complete(&"X".repeat(40_000)), ready()].concat(), one()]),
        ("an error without fields", vec![[message(b'E', b"\0"), ready()].concat(), one()]),
        ("an error with no end", vec![[message(b'E', b"SERROR\0Mx"), ready()].concat(), one()]),
        ("an error twice", vec![[error("one"), error("two"), ready()].concat(), one()]),
        (
            "escape sequences",
            vec![
                [error("\x1b[2J\x1b]0;title\x07\u{9b}"), ready()].concat(),
                [
                    row_description(&["\x1b[1m"]),
                    data_row(&["\x1b[31m\x07\x08"]),
                    complete("SELECT 1"),
                    ready(),
                ]
                .concat(),
            ],
        ),
        (
            "an error's place",
            vec![[message(b'E', b"SERROR\0C42601\0Mx\0P99999999999\0\0"), ready()].concat(), one()],
        ),
        (
            "an error's negative place",
            vec![[message(b'E', b"SERROR\0C42601\0Mx\0P-3\0\0"), ready()].concat(), one()],
        ),
        (
            "an inner place",
            vec![
                [message(b'E', b"SERROR\0C42601\0Mx\0p3\0qselect 1 +\nx\0Wcontext\0\0"), ready()]
                    .concat(),
                one(),
            ],
        ),
        ("a notification", vec![[message(b'A', b"\0\0\0\x07ch\0pay\0"), one()].concat(), one()]),
        ("a notification cut off", vec![[message(b'A', b"\0\0\0\x07ch"), one()].concat(), one()]),
        ("a parameter", vec![[parameter("client_encoding", "LATIN1"), one()].concat(), one()]),
        (
            "an encoding that is none",
            vec![[parameter("client_encoding", "\x1b[1m"), one()].concat(), one()],
        ),
        (
            "empty query twice",
            vec![[message(b'I', b""), message(b'I', b""), ready()].concat(), one()],
        ),
        (
            "parse complete",
            vec![
                [message(b'1', b""), message(b'2', b""), message(b'n', b""), one()].concat(),
                one(),
            ],
        ),
        (
            "suspended",
            vec![[columns(), data_row(&["1"]), message(b's', b""), ready()].concat(), one()],
        ),
        ("a function's result", vec![[message(b'V', b"\0\0\0\x01x"), ready()].concat(), one()]),
        ("parameters of a statement", vec![[message(b't', b"\0\0"), one()].concat(), one()]),
        ("a huge one of these", vec![headed(b't', 0x3fff_fff0, b"\0\0")]),
        ("a huge notification", vec![headed(b'A', 0x3fff_fff0, b"\0\0")]),
    ];
    cases
        .into_iter()
        .map(|(name, answers)| {
            let talk = [greeting()].into_iter().chain(answers).collect();
            (format!("query {name}"), "", Play::Talk(talk))
        })
        .collect()
}

/// A test for each server.
fn cases() -> impl Iterator<Item = Trial> {
    /// Both shells wait for more until the server gives up.
    const LONGEST: &str = "hostile::query_copy_out__too_short";
    let cases = strangers().into_iter().chain(traitors()).map(|(name, options, play)| {
        let name = in_file(&name);
        trial(name.replace('/', "::"), move || compare(&name, options, play))
    });
    let (longest, others): (Vec<Trial>, _) = cases.partition(|case| case.name() == LONGEST);
    longest.into_iter().chain(others)
}

/// A notice that comes together with the server's answer to COPY shows before a line of the data is
/// read, so that it names the line of the command. A real server sends both so only now and then.
fn a_notice_that_comes_with_the_answer_to_copy() {
    let notice = message(b'N', b"SNOTICE\0VNOTICE\0C00000\0Mat once\0\0");
    let answer = [message(b'G', b"\0\0\0"), notice].concat();
    let port = serve(Play::Talk(vec![greeting(), answer, [complete("COPY 2"), ready()].concat()]));
    let script = "\n\ncopy t from stdin;\n1\n2\n\\.\n\\echo done\n";
    let [ours, oracle] =
        on_both(|shell| run_with(shell, port, "", &["-f", "-"], script).0.render());
    assert_eq!(ours, oracle, "{}", difference(&oracle, &ours));
    assert!(memchr::memmem::find(&oracle, b"psql:<stdin>:3: NOTICE:  at once").is_some());
}

/// A notice that comes together with the result before it shows ahead of that.
fn a_notice_that_comes_right_behind_a_result() {
    let notice = message(b'N', b"SNOTICE\0VNOTICE\0C00000\0Mahead\0\0");
    let result = [row_description(&["a"]), data_row(&["1"]), complete("SELECT 1")].concat();
    let answer = [result.clone(), notice, result, ready()].concat();
    let port = serve(Play::Talk(vec![greeting(), answer]));
    let script = "\\o /dev/stderr\nselect 1 \\; select 1;\n";
    let [ours, oracle] = on_both(|shell| run(shell, port, "", script).0.render());
    assert_eq!(ours, oracle, "{}", difference(&oracle, &ours));
    let at = |what: &[u8]| memchr::memmem::find(&oracle, what);
    assert!(at(b"NOTICE:  ahead") < at(b"(1 row)"));
}

/// What must only do no harm: floods, whose end is the shell's, and numbers that mean work.
fn floods_end_and_memory_is_bounded() {
    let first = b"SCRAM-SHA-256\0\0";
    let sql_error = |text: &str| message(b'E', format!("SERROR\0C42601\0M{text}\0\0").as_bytes());
    let cases: Vec<(&str, &str, Play)> = vec![
        ("notices before login", "connect_timeout=1", {
            Play::Flood(auth(0, b""), message(b'N', b"SNOTICE\0Mhello\0\0"))
        }),
        ("parameters before login", "connect_timeout=1", {
            Play::Flood(auth(0, b""), parameter("some_name", &"x".repeat(1000)))
        }),
        ("a request again and again", "connect_timeout=1 password=x", {
            Play::Flood(Vec::new(), auth(3, b""))
        }),
        ("nonsense", "connect_timeout=1", Play::Flood(Vec::new(), vec![0x52])),
        ("zeros", "connect_timeout=1", Play::Flood(Vec::new(), vec![0])),
        ("a parameter that has no end", "connect_timeout=1", {
            Play::Flood([auth(0, b""), headed(b'N', 0x3fff_ffff, b"")].concat(), vec![b'x'])
        }),
        ("an error with megabytes of text", "", {
            Play::Talk(vec![greeting(), [sql_error(&"x".repeat(30 << 20)), ready()].concat()])
        }),
        ("a hundred thousand parameters", "", {
            let many = (0..100_000).flat_map(|i| parameter(&format!("p{i}"), &"x".repeat(100)));
            Play::Talk(vec![[auth(0, b""), many.collect(), greeting()[9..].to_vec()].concat()])
        }),
        ("a wrong signature", "password=x", {
            let last = [auth(10, first), auth(12, b"v=QUFBQQ=="), greeting()].concat();
            Play::Answer(last)
        }),
    ];
    let failures: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = cases
            .into_iter()
            .map(|(name, options, play)| {
                scope.spawn(move || {
                    let port = serve(play);
                    harm(name, &run(Shell::Pgsh, port, options, "select 1;\n"))
                })
            })
            .collect();
        runs.into_iter().filter_map(|run| run.join().expect("a run")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A server that never answers, or never stops, hears of two cancel requests. After them Ctrl-C ends
/// the connection; psql waits for ever.
fn ctrl_c_ends_every_wait() {
    use Play::{Flood, Freeze, HoldAnswer};
    assert!(is_known_difference(UNHEARD));
    let column = || row_description(&["a"]);
    let copy_out = || [message(b'H', b"\0\0\0"), message(b'd', b"x\n")].concat();
    let flood = |again| Flood(greeting(), again);
    let cases = [
        ("a query", HoldAnswer(Vec::new()), "select 1;"),
        ("a query, and cancel requests", Freeze(Vec::new()), "select 1;"),
        ("half a row", HoldAnswer([column(), b"D\0\0".to_vec()].concat()), "select 1;"),
        ("not ready", HoldAnswer([column(), complete("SELECT 0")].concat()), "select 1;"),
        ("an error", HoldAnswer(error("no")), "select 1;"),
        ("COPY out", HoldAnswer(copy_out()), "copy t to stdout;"),
        ("COPY in", HoldAnswer(message(b'G', b"\0\0\0")), "copy t from stdin;\n1\n\\."),
        ("describe", HoldAnswer(Vec::new()), "\\d t"),
        ("extended", HoldAnswer(Vec::new()), "select $1 \\bind 1 \\g"),
        (
            "a pipeline",
            HoldAnswer(Vec::new()),
            "\\startpipeline\nselect 1 \\sendpipeline\n\\endpipeline",
        ),
        ("endless rows", flood([column(), data_row(&["1"])].concat()), "\\o /dev/null\nselect 1;"),
        ("endless parameters", flood(parameter("a", "b")), "select 1;"),
    ];
    let failures: Vec<String> = std::thread::scope(|scope| {
        let runs =
            cases.map(|(name, play, script)| scope.spawn(move || interrupt(name, play, script)));
        runs.into_iter().filter_map(|run| run.join().expect("a run")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Presses Ctrl-C until the shell ends; what is wrong with how it does.
fn interrupt(name: &str, play: Play, script: &str) -> Option<String> {
    let port = serve(play);
    let directory = tempfile::tempdir().expect("a directory");
    let [out, errors] = ["out", "errors"].map(|name| directory.path().join(name));
    let file = |path| std::fs::File::create(path).expect("a file");
    let input = directory.path().join("in");
    std::fs::write(&input, format!("\\echo ready\n{script}\n\\echo later\n")).expect("a script");
    let address = format!("host=127.0.0.1 port={port} user=u sslmode=disable");
    let run = harness::shell(Shell::Pgsh, directory.path()).args(["-X", "-d", &address]);
    let mut command = run.command();
    command.stdin(std::fs::File::open(&input).expect("the script"));
    command.stdout(file(&out)).stderr(file(&errors)).process_group(0);
    let mut child = command.spawn().expect("the shell runs");
    let group = rustix::process::Pid::from_child(&child);
    let end = Instant::now() + Duration::from_secs(60);
    let text = |path| std::fs::read_to_string(path).expect("text");
    let mut first = None;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a status") {
            break Some(status);
        }
        if Instant::now() > end {
            child.kill().and_then(|()| child.wait()).expect("killed");
            break None;
        }
        std::thread::sleep(Duration::from_millis(300));
        if text(&out).starts_with("ready") {
            first.get_or_insert_with(Instant::now);
            // It may have ended meanwhile.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::INT);
        }
    };
    let (out, errors) = (text(&out), text(&errors));
    // Less than two requests take that nobody answers.
    let is_soon = first.is_some_and(|first| first.elapsed() < Duration::from_secs(15));
    let sound = status.and_then(|status| status.code()).is_some_and(|code| code == 3)
        && is_soon
        && errors.contains("server did not react to cancel requests\n")
        && !out.contains("later");
    (!sound).then(|| format!("{name}: {status:?}\n{out}{errors}"))
}

tests! {
    a_notice_that_comes_with_the_answer_to_copy,
    a_notice_that_comes_right_behind_a_result,
    floods_end_and_memory_is_bounded,
    ctrl_c_ends_every_wait,
    ; cases()
}
