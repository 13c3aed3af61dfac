use super::wire::Wire;
use super::*;
use crate::conninfo::{self, Host, Settings};
use crate::network::peer::{Peer, ServerAddress};
use crate::network::stream::Plain;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;

pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = (body.len() as i32 + 4).to_be_bytes();
    [&[kind], &len[..], body].concat()
}

pub fn headed(kind: u8, len: i32) -> Vec<u8> {
    [&[kind], &len.to_be_bytes()[..]].concat()
}

fn authentication(kind: i32, rest: &[u8]) -> Vec<u8> {
    message(b'R', &[&kind.to_be_bytes(), rest].concat())
}

fn row_description(columns: u16) -> Vec<u8> {
    let field = [&b"x\0"[..], &[0; 18]].concat();
    message(b'T', &[&columns.to_be_bytes()[..], &field.repeat(columns.into())].concat())
}

pub fn data_row(values: &[&[u8]]) -> Vec<u8> {
    let mut body = (values.len() as u16).to_be_bytes().to_vec();
    for value in values {
        body.extend_from_slice(&(value.len() as i32).to_be_bytes());
        body.extend_from_slice(value);
    }
    message(b'D', &body)
}

pub fn ready() -> Vec<u8> {
    message(b'Z', b"I")
}

/// AuthenticationOk to ReadyForQuery.
pub fn greeting() -> Vec<u8> {
    [
        authentication(0, b""),
        message(b'K', b"\0\0\0\x01abcd"),
        message(b'S', b"server_version\x0018.6\0"),
        ready(),
    ]
    .concat()
}

/// Reads a start-up packet.
pub fn read_packet(stream: &mut TcpStream) -> Vec<u8> {
    let mut len = [0; 4];
    stream.read_exact(&mut len).unwrap();
    let mut packet = vec![0; u32::from_be_bytes(len) as usize - 4];
    stream.read_exact(&mut packet).unwrap();
    packet
}

/// Settings to connect to `listener` with.
pub fn settings_for(listener: &TcpListener, options: &str) -> Settings {
    let port = listener.local_addr().unwrap().port();
    let text =
        format!("host=127.0.0.1 port={port} user=u connect_timeout=20 sslmode=disable {options}");
    let given = conninfo::parse(text.as_bytes()).unwrap();
    conninfo::resolve(&given, &|_| None, &|_| None, &|| Ok(b"me".to_vec())).unwrap()
}

/// A server for one connection: reads the start-up packet, then does what `serve` does. Returns
/// the settings to connect with.
fn serve<T: Send + 'static>(
    options: &str,
    serve: impl FnOnce(TcpListener, TcpStream) -> T + Send + 'static,
) -> (Settings, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = settings_for(&listener, options);
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        read_packet(&mut stream);
        serve(listener, stream)
    });
    (settings, thread)
}

/// A session whose server has sent `bytes` and gone.
fn received(bytes: &[u8]) -> Session {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    theirs.write_all(bytes).unwrap();
    drop(theirs);
    ours.set_nonblocking(true).unwrap();
    let peer = Peer::new(&Host::default(), ServerAddress::Unix(Vec::new()));
    let params = ConnectParams { settings: Settings::default(), peer, tls: None };
    Session::new(Wire::new(Box::new(Plain(ours.into())), None, None), params)
}

/// What a session with a server that sent `bytes` sees, down to the words at its end.
fn events(bytes: &[u8]) -> String {
    let mut session = received(bytes);
    let mut seen = String::new();
    loop {
        match session.next_event() {
            Ok(Event::DataRow(body)) => seen.push_str(&format!("row of {}\n", body.len())),
            Ok(Event::RowDescription(fields)) => {
                seen.push_str(&format!("{} columns\n", fields.len()));
            }
            Ok(event) => seen.push_str(&format!("{event:?}\n")),
            Err(lost) => {
                assert_eq!(session.transaction_status(), TransactionStatus::Unknown);
                assert_eq!(session.next_event().unwrap_err(), lost);
                return seen + &String::from_utf8_lossy(&lost.message);
            }
        }
    }
}

const GONE: &str = "server closed the connection unexpectedly
\tThis probably means the server terminated abnormally
\tbefore or while processing the request.";

#[test]
fn messages_in_order() {
    let bytes = [
        row_description(2),
        data_row(&[b"a", b""]),
        message(b'N', b"SNOTICE\0Mhi\0\0"),
        message(b'C', b"SELECT 1\0"),
        message(b'A', b"\0\0\0\x07chan\0pay\0"),
        message(b'S', b"TimeZone\0UTC\0"),
        message(b'I', b""),
        message(b'G', b"\0\0\x01\0\0"),
        message(b'H', b"\x01\0\x02\0\x01\0\x01"),
        message(b'd', b"x\n"),
        message(b'c', b""),
        message(b't', b"\0\x01\0\0\0\x17"),
        message(b'V', b"\xff\xff\xff\xff"),
        message(b'V', b"\0\0\0\x01x"),
        message(b'Z', b"E"),
    ];
    let expected = "2 columns
row of 11
Notice(ErrorFields { fields: [(83, [78, 79, 84, 73, 67, 69]), (77, [104, 105])] })
CommandComplete([83, 69, 76, 69, 67, 84, 32, 49])
Notification(Notification { pid: 7, channel: [99, 104, 97, 110], payload: [112, 97, 121] })
ParameterStatus { name: [84, 105, 109, 101, 90, 111, 110, 101], value: [85, 84, 67] }
EmptyQuery
CopyIn { binary: false }
CopyOut
CopyData([120, 10])
CopyDone
ParameterDescription
FunctionResult(None)
FunctionResult(Some([120]))
Ready(Failed)
";
    assert_eq!(events(&bytes.concat()), format!("{expected}{GONE}"));
}

#[test]
fn nonsense_ends_the_connection() {
    let check = |bytes: &[u8], expected: &str| assert_eq!(events(bytes), expected);
    let described = |row: Vec<u8>| [row_description(1), row].concat();
    check(b"", GONE);
    check(&data_row(&[b"a"])[..6], GONE);
    check(&headed(b'D', 3), "lost synchronization with server: got message type \"D\", length 3");
    check(&headed(b'D', -1), "lost synchronization with server: got message type \"D\", length -1");
    check(
        &headed(b'C', 40_000),
        "lost synchronization with server: got message type \"C\", length 40000",
    );
    check(
        &headed(b'D', 0x7fff_fff0),
        "lost synchronization with server: got message type \"D\", length 2147483632",
    );
    check(
        &message(b'x', b""),
        "unexpected response from server; first received character was \"x\"",
    );
    check(
        &data_row(&[b"a"]),
        "server sent data (\"D\" message) without prior row description (\"T\" message)",
    );
    check(
        &described(data_row(&[b"a", b"b"])),
        "1 columns\nunexpected field count in \"D\" message",
    );
    check(
        &described(message(b'D', b"\0\x01\0\0\0\x64a")),
        "1 columns\ninsufficient data in \"D\" message",
    );
    check(
        &described(message(b'D', b"\0\x01\0\0\0\x01abc")),
        "1 columns\nmessage contents do not agree with length in message type \"D\"",
    );
    for kind in [b'T', b'C', b'Z', b'E', b'N', b'A', b'S', b'G', b'H', b't', b'V'] {
        check(
            &message(kind, b"\0\x01"),
            &format!(
                "message contents do not agree with length in message type \"{}\"",
                char::from(kind)
            ),
        );
    }
}

#[test]
fn random_bytes_do_no_harm() {
    let good = [
        greeting(),
        row_description(2),
        data_row(&[b"abc", b""]),
        message(b'E', b"SERROR\0Mx\0\0"),
        message(b'C', b"SELECT 1\0"),
        ready(),
    ]
    .concat();
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for _ in 0..3000 {
        let mut bytes = good.clone();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
        bytes.truncate(1 + random(bytes.len()));
        events(&bytes);
        let mut session = received(&bytes);
        while session.rows().is_ok() && session.next_event().is_ok() {}
    }
}

#[test]
fn a_claimed_length_takes_no_memory() {
    let mut bytes = [row_description(1), headed(b'D', 1 << 29)].concat();
    bytes.resize(bytes.len() + 1000, 0);
    let mut session = received(&bytes);
    assert!(matches!(session.next_event(), Ok(Event::RowDescription(_))));
    assert!(session.next_event().is_err());
    assert!(session.wire.capacity() < 1 << 20, "{}", session.wire.capacity());
}

#[test]
fn long_values_and_runs_of_rows() {
    let long = vec![b'x'; 3_000_000];
    let rows: usize = 100_000;
    let mut bytes = [greeting(), row_description(1), data_row(&[&long])].concat();
    bytes.extend(data_row(&[b"short"]).repeat(rows));
    bytes.extend([message(b'C', b"SELECT 100001\0"), ready()].concat());
    let (settings, server) = serve("", move |_, mut stream| {
        stream.write_all(&bytes).unwrap();
        // Until the good-bye.
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        rest
    });
    let mut session = Session::connect(&settings, None).unwrap();
    let (mut count, mut size) = (0, 0);
    loop {
        match session.next_event().unwrap() {
            Event::DataRow(body) => {
                count += 1;
                size += body.len();
                let run = session.rows().unwrap();
                count += run.count;
                size += run.bytes.len() - 5 * run.count as usize;
            }
            Event::Ready(_) => break,
            _ => {}
        }
    }
    assert_eq!((count, size), (rows as u64 + 1, 6 + long.len() + rows * 11));
    assert!(session.try_next().unwrap().is_none());
    assert!(session.wire.capacity() < 1 << 20, "{}", session.wire.capacity());
    drop(session);
    assert_eq!(server.join().unwrap(), b"X\0\0\0\x04");
}

#[test]
fn encryption_faults() {
    let check = |mode: &str, answer: &'static [u8], expected: &str| {
        let (settings, server) = serve(&format!("sslmode={mode}"), move |_, mut stream| {
            stream.write_all(answer).unwrap();
            // Until the client has gone.
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let error = Session::connect(&settings, None).err().unwrap();
        server.join().unwrap();
        let message = String::from_utf8_lossy(&error.message).into_owned();
        assert_eq!(message.split_once(" failed: ").unwrap().1, expected);
    };
    check("require", b"N", "server does not support SSL, but SSL was required");
    check("require", b"X", "received invalid response to SSL negotiation: X");
    for mode in ["prefer", "require"] {
        let text = "server sent an error response during SSL exchange";
        check(mode, b"E\0\0\0\x10SERROR\0Mno\0\0", text);
        // Somebody in between tries to answer in the server's place.
        check(mode, b"SR\0\0\0\x08\0\0\0\0", "received unencrypted data after SSL response");
    }
    // A server that is starting up is not asked again in another way.
    let starting = b"E\0\0\0\x19SFATAL\0C57P03\0Mwait\0\0";
    check("allow", starting, "FATAL:  wait");
    let hint = "\nThis may indicate that the server does not support any SSL protocol version \
                between TLSv1.2 and TLSv1.3.";
    let (settings, server) = serve("sslmode=require", |_, mut stream| {
        stream.write_all(b"S").unwrap();
        stream.read_exact(&mut [0; 5]).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let error = Session::connect(&settings, None).err().unwrap();
    let message = String::from_utf8_lossy(&error.message).into_owned();
    assert!(message.ends_with(&format!("SSL error: wrong version number{hint}")), "{message}");
    server.join().unwrap();
}

#[test]
fn a_silent_handshake_ends() {
    let silent = |options: &str, told: Option<OwnedFd>| {
        serve(options, move |_, mut stream| {
            stream.write_all(b"S").unwrap();
            stream.read_exact(&mut [0; 5]).unwrap();
            if let Some(told) = told {
                rustix::io::write(&told, b"x").unwrap();
            }
            let _ = stream.read_to_end(&mut Vec::new());
        })
    };
    let (settings, server) = silent("sslmode=prefer connect_timeout=1", None);
    let error = Session::connect(&settings, None).err().unwrap();
    assert!(error.message.ends_with(b" failed: timeout expired"));
    server.join().unwrap();
    let (interrupt, told) = rustix::pipe::pipe().unwrap();
    let (settings, server) = silent("sslmode=prefer", Some(told));
    let error = Session::connect(&settings, Some(interrupt)).err().unwrap();
    assert_eq!(error.kind, ConnectErrorKind::Interrupted);
    server.join().unwrap();
}

#[test]
fn start_up_faults() {
    let check = |options: &str, answer: Vec<u8>, expected: &str| {
        let (settings, server) = serve(options, move |_, mut stream| {
            stream.write_all(&answer).unwrap();
        });
        let error = Session::connect(&settings, None).err().unwrap();
        server.join().unwrap();
        let message = String::from_utf8_lossy(&error.message).into_owned();
        let (before, message) = message.split_once(" failed: ").unwrap();
        assert!(before.starts_with("connection to server at \"127.0.0.1\", port "), "{before}");
        assert_eq!(message, expected);
    };
    let ok = || authentication(0, b"");
    check("", b"".to_vec(), GONE);
    check(
        "",
        b"HTTP/1.1 400".to_vec(),
        "expected authentication request from server, but received H",
    );
    check("", b"Ecould not fork\n\0".to_vec(), "could not fork");
    check("", headed(b'R', 0x7fff_ffff), "received invalid authentication request");
    check("", headed(b'R', -5), "received invalid authentication request");
    check(
        "",
        message(b'E', b"SFATAL\0Mnope\0Ddet\0Hhint\0Wctx\0\0"),
        "FATAL:  nope\nDETAIL:  det\nHINT:  hint\nCONTEXT:  ctx",
    );
    check("", [ok(), message(b'E', b"SFATAL\0Mlate\0\0")].concat(), "FATAL:  late");
    check("", authentication(2, b""), "Kerberos 5 authentication not supported");
    check("", authentication(7, b""), "GSSAPI authentication not supported");
    check("", authentication(99, b""), "authentication method 99 not supported");
    check("", authentication(3, b""), "fe_sendauth: no password supplied");
    check(
        "password=x",
        authentication(5, b"ab"),
        "fe_sendauth: error sending password authentication",
    );
    check(
        "",
        authentication(12, b""),
        "fe_sendauth: invalid authentication request from server: \
         AUTH_REQ_SASL_CONT without AUTH_REQ_SASL",
    );
    check(
        "",
        authentication(10, b"FOO\0\0"),
        "none of the server's SASL authentication mechanisms are supported",
    );
    check(
        "require_auth=md5",
        authentication(10, b"SCRAM-SHA-256\0\0"),
        "authentication method requirement \"md5\" failed: server requested SASL authentication",
    );
    check(
        "require_auth=!none",
        ok(),
        "authentication method requirement \"!none\" failed: server did not complete authentication",
    );
    check(
        "channel_binding=require",
        ok(),
        "channel binding required, but server authenticated client without channel binding",
    );
    let negotiate = |version: i32| message(b'v', &[version.to_be_bytes(), [0; 4]].concat());
    let invalid = "received invalid protocol negotiation message: server";
    check("", negotiate(0x0003_0000), &format!("{invalid} negotiated but asks for no changes"));
    check(
        "",
        negotiate(0x0003_0002),
        &format!("{invalid} requested downgrade to a higher-numbered version"),
    );
    check(
        "min_protocol_version=3.2",
        negotiate(0x0003_0000),
        "server only supports protocol version 3.0, but \"min_protocol_version\" was set to 3.2",
    );
    check(
        "",
        [ok(), message(b'K', &[0; 36])].concat(),
        "received invalid BackendKeyData message: cancel key with length 32 \
         not allowed in protocol version 3.0 (must be 4 bytes)",
    );
    check("target_session_attrs=read-only", greeting(), "session is not read-only");
}

#[test]
fn passwords() {
    let check = |options: &str, request: Vec<u8>, expected: &[u8]| {
        let size = expected.len() + 5;
        let (settings, server) = serve(options, move |_, mut stream| {
            stream.write_all(&request).unwrap();
            let mut answer = vec![0; size];
            stream.read_exact(&mut answer).unwrap();
            stream.write_all(&greeting()).unwrap();
            answer
        });
        let session = Session::connect(&settings, None).unwrap();
        assert!(session.used_password());
        assert_eq!(server.join().unwrap(), message(b'p', expected));
    };
    check("password=secret", authentication(3, b""), b"secret\0");
    check(
        "user=joe password=secret",
        authentication(5, b"salt"),
        b"md589a05ee0d60158e17acbce32396bfc53\0",
    );
    assert_eq!(md5_verifier(b"joe", b"secret"), "md5c59ec932d911ffdf487595b5a2adf973");
}

#[test]
fn random_bytes_do_no_harm_while_connecting() {
    let good = [
        authentication(10, b"SCRAM-SHA-256\0\0"),
        authentication(11, b"r=x,s=QQ==,i=1"),
        greeting(),
    ]
    .concat();
    let mut seed = 3u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for _ in 0..300 {
        let mut bytes =
            good[if random(2) == 0 { 0 } else { good.len() - greeting().len() }..].to_vec();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
        let (settings, server) = serve("password=x", move |_, mut stream| {
            let _ = stream.write_all(&bytes);
        });
        let _ = Session::connect(&settings, None);
        server.join().unwrap();
    }
}

#[test]
fn cancel_sends_the_whole_key() {
    let (settings, server) = serve("max_protocol_version=3.2", |listener, mut stream| {
        let key = message(b'K', b"\0\0\0\x01a key of twenty bytes");
        stream.write_all(&[authentication(0, b""), key, ready()].concat()).unwrap();
        let (mut other, _) = listener.accept().unwrap();
        read_packet(&mut other)
    });
    let session = Session::connect(&settings, None).unwrap();
    assert_eq!((session.protocol_version(), session.backend_pid()), (30002, 1));
    session.cancel_token().cancel().unwrap();
    assert_eq!(server.join().unwrap(), b"\x04\xd2\x16\x2e\0\0\0\x01a key of twenty bytes");
}

#[test]
fn neither_side_blocks_the_other_in_copy() {
    let size = 8 << 20;
    let (settings, server) = serve("", move |_, mut stream| {
        stream.write_all(&greeting()).unwrap();
        stream.write_all(&message(b'G', b"\0\0\x01\0\0")).unwrap();
        // More than the sockets hold, while the client wants to send as much.
        stream.write_all(&message(b'N', b"Mnoise\0\0").repeat(size / 12)).unwrap();
        stream.write_all(&message(b'E', b"Mearly\0\0")).unwrap();
        std::io::copy(&mut stream, &mut std::io::sink()).unwrap()
    });
    let mut session = Session::connect(&settings, None).unwrap();
    assert!(matches!(session.next_event(), Ok(Event::CopyIn { .. })));
    let mut has_input = false;
    for _ in 0..size / 65536 {
        session.copy_data(&[b'x'; 65536]).unwrap();
        has_input |= session.has_input();
    }
    assert!(has_input);
    session.copy_done();
    session.flush().unwrap();
    loop {
        match session.try_next().unwrap() {
            Some(Event::Error(_)) => break,
            Some(Event::Notice(_)) | None => {}
            Some(other) => panic!("{other:?}"),
        }
    }
    drop(session);
    assert!(server.join().unwrap() > size as u64);
}

#[test]
fn refused_copy_data_are_told_while_they_are_sent() {
    let (settings, server) = serve("", |_, mut stream| {
        stream.write_all(&greeting()).unwrap();
        stream.write_all(&message(b'G', b"\0\0\x01\0\0")).unwrap();
        stream.write_all(&[message(b'E', b"Mearly\0\0"), ready()].concat()).unwrap();
        std::io::copy(&mut stream, &mut std::io::sink()).unwrap()
    });
    let mut session = Session::connect(&settings, None).unwrap();
    assert!(matches!(session.next_event(), Ok(Event::CopyIn { .. })));
    while !session.has_received_error() {
        session.copy_data(&[b'x'; 65536]).unwrap();
    }
    assert!(matches!(session.next_received(), Ok(Some(Event::Error(_)))));
    assert!(!session.has_received_error());
    assert!(matches!(session.next_event(), Ok(Event::Ready(_))));
    assert!(matches!(session.next_received(), Ok(None)));
    drop(session);
    server.join().unwrap();
}

#[test]
fn an_interrupt_is_told_once() {
    let (settings, server) = serve("", |_, mut stream| {
        stream.write_all(&greeting()).unwrap();
        // The query, sent after the interrupt.
        let mut query = [0; 14];
        stream.read_exact(&mut query).unwrap();
        stream.write_all(&[message(b'I', b""), ready()].concat()).unwrap();
        query
    });
    let (interrupt, mut keyboard) = UnixStream::pair().unwrap();
    let mut session = Session::connect(&settings, Some(interrupt.into())).unwrap();
    keyboard.write_all(b"\x02\x02").unwrap();
    assert!(matches!(session.next_event(), Ok(Event::Interrupted)));
    session.query(b"select 1");
    assert!(matches!(session.next_event(), Ok(Event::EmptyQuery)));
    assert!(matches!(session.next_event(), Ok(Event::Ready(TransactionStatus::Idle))));
    assert_eq!(&server.join().unwrap(), b"Q\0\0\0\x0dselect 1\0");

    // While connecting, too: to a server that never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = settings_for(&silent, "");
    let (interrupt, mut keyboard) = UnixStream::pair().unwrap();
    keyboard.write_all(b"\x02").unwrap();
    let error = Session::connect(&settings, Some(interrupt.into())).err().unwrap();
    assert!(
        error.kind == ConnectErrorKind::Interrupted && error.message.ends_with(b" failed: "),
        "{error:?}"
    );
}

/// A session with the server that PGSH_TEST_SERVER names by a connection string; `None` without.
fn live() -> Option<Session> {
    let text = std::env::var_os("PGSH_TEST_SERVER")?.into_encoded_bytes();
    let given = conninfo::parse(&text).unwrap();
    let settings =
        conninfo::resolve(&given, &|_| None, &|_| None, &|| Ok(b"postgres".to_vec())).unwrap();
    Some(Session::connect(&settings, None).unwrap())
}

/// The kinds of the events up to ReadyForQuery, with the tags of commands.
fn kinds(session: &mut Session) -> String {
    let mut kinds = Vec::new();
    loop {
        let event = session.next_event().unwrap();
        let done = matches!(event, Event::Ready(_));
        kinds.push(match event {
            Event::CommandComplete(tag) => String::from_utf8_lossy(tag).into_owned(),
            Event::Error(fields) => String::from_utf8_lossy(fields.get(b'C').unwrap()).into_owned(),
            Event::CopyData(data) => format!("{:?}", String::from_utf8_lossy(data)),
            Event::Ready(status) => format!("{status:?}"),
            other => {
                let text = format!("{other:?}");
                text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
            }
        });
        if done {
            return kinds.join(" ");
        }
    }
}

#[test]
fn live_simple_queries() {
    let Some(mut session) = live() else { return };
    let mut check = |sql: &str, expected: &str| {
        session.query(sql.as_bytes());
        assert_eq!(kinds(&mut session), expected, "{sql}");
    };
    check("select 1, null", "RowDescription DataRow SELECT 1 Idle");
    check("", "EmptyQuery Idle");
    check("begin; select 1/0", "BEGIN 22012 Failed");
    check("rollback", "ROLLBACK Idle");
    check("set timezone = 'Asia/Tokyo'", "SET ParameterStatus Idle");
    check("do $$ begin raise notice 'x'; end $$", "Notice DO Idle");
    check("copy (values (1), (2)) to stdout", "CopyOut \"1\\n\" \"2\\n\" CopyDone COPY 2 Idle");
    assert_eq!(session.parameter("TimeZone"), Some(&b"Asia/Tokyo"[..]));
}

#[test]
fn live_extended_queries() {
    let Some(mut session) = live() else { return };
    session.parse(b"s", b"select $1::int");
    session.describe_statement(b"s");
    session.bind(b"s", &[b"7".to_vec()]);
    session.describe_portal();
    session.execute();
    session.close_statement(b"s");
    session.sync();
    assert_eq!(
        kinds(&mut session),
        "ParseComplete ParameterDescription RowDescription BindComplete RowDescription DataRow \
         SELECT 1 CloseComplete Idle"
    );
}

#[test]
fn live_copy_in_and_function_call() {
    let Some(mut session) = live() else { return };
    session.query(b"create temp table t (a int); copy t from stdin; select count(*) from t");
    assert!(matches!(session.next_event(), Ok(Event::CommandComplete(b"CREATE TABLE"))));
    assert!(matches!(session.next_event(), Ok(Event::CopyIn { binary: false })));
    session.copy_data(b"1\n2\n").unwrap();
    session.copy_done();
    assert_eq!(kinds(&mut session), "COPY 2 RowDescription DataRow SELECT 1 Idle");
    session.query(b"copy t from stdin");
    assert!(matches!(session.next_event(), Ok(Event::CopyIn { .. })));
    session.copy_fail(b"no");
    assert_eq!(kinds(&mut session), "57014 Idle");
    // int4pl
    session.function_call(177, &[&3i32.to_be_bytes(), &4i32.to_be_bytes()]);
    assert!(matches!(session.next_event(), Ok(Event::FunctionResult(Some(b"\0\0\0\x07")))));
    assert_eq!(kinds(&mut session), "Idle");
}

#[test]
fn live_cancel_and_lost_connection() {
    let Some(mut session) = live() else { return };
    session.query(b"select pg_sleep(60)");
    session.flush().unwrap();
    let token = session.cancel_token();
    // The server may get the request before the query; it is asked until it listens.
    let (done, waiting) = std::sync::mpsc::channel::<()>();
    let asking = std::thread::spawn(move || {
        let pause = std::time::Duration::from_millis(100);
        while waiting.recv_timeout(pause) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            token.cancel().unwrap();
        }
    });
    assert_eq!(kinds(&mut session), "RowDescription 57014 Idle");
    drop(done);
    asking.join().unwrap();
    let Some(mut session) = live() else { return };
    session.query(b"select pg_terminate_backend(pg_backend_pid())");
    let mut seen = Vec::new();
    let lost = loop {
        match session.next_event() {
            Ok(Event::Error(fields)) => seen.push(fields.get(b'S').map(<[u8]>::to_vec)),
            Ok(_) => {}
            Err(lost) => break lost,
        }
    };
    assert_eq!(seen, [Some(b"FATAL".to_vec())]);
    assert_eq!(lost.message, GONE.as_bytes());
}
