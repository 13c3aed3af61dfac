//! A helper and servers of every kind.

use super::super::tests::{data_row, greeting, headed, message, read_packet, ready, settings_for};
use super::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// How long a test waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads a message.
fn read_message(stream: &mut TcpStream) -> Vec<u8> {
    let mut kind = [0];
    stream.read_exact(&mut kind).unwrap();
    [kind.to_vec(), read_packet(stream)].concat()
}

/// What the helper tells when a server answers its question by these bytes, and by nothing after;
/// and the question.
fn told(answer: Vec<u8>) -> (HelperEvent, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = settings_for(&listener, "application_name=me");
    let server = std::thread::spawn(move || {
        let (mut session, _) = listener.accept().unwrap();
        read_packet(&mut session);
        session.write_all(&greeting()).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        let start = read_packet(&mut stream);
        assert!(memchr::memmem::find(&start, b"\0application_name\0me (helper)\0").is_some());
        // What comes before the first question is of no interest.
        stream
            .write_all(&[greeting(), message(b'N', b"SNOTICE\0C00000\0MHello\0\0")].concat())
            .unwrap();
        let question = read_message(&mut stream);
        // The helper may have gone before all is said.
        let _ = stream.write_all(&answer);
        let _ = stream.read_to_end(&mut Vec::new());
        String::from_utf8(question).unwrap()
    });
    let session = Session::connect(&settings, None).unwrap();
    let mut helper = Helper::start(session.helper_params()).unwrap();
    assert_eq!(helper.ask("SELECT 1"), 1);
    let deadline = Instant::now() + PATIENCE;
    assert_eq!(helper.next_event(deadline), Some(HelperEvent::Connected));
    let event = helper.next_event(deadline).unwrap();
    helper.hang_up();
    (event, server.join().unwrap())
}

/// RowDescription of columns of text.
fn columns(count: u16) -> Vec<u8> {
    let field = [&b"x\0"[..], &[0; 18]].concat();
    message(b'T', &[&count.to_be_bytes()[..], &field.repeat(count.into())].concat())
}

#[test]
fn answers_and_refusals() {
    let check = |answer: &[Vec<u8>], expected: HelperEvent| {
        let (event, question) = told(answer.concat());
        assert_eq!(event, expected);
        assert!(
            question
                .starts_with("QSET LOCAL search_path = ''; SET LOCAL transaction_read_only = on; "),
            "{question}"
        );
        assert!(question.ends_with("; SELECT 1\0"), "{question}");
    };
    let tag = || message(b'C', b"SELECT 1\0");
    let text = |text: &str| Some(text.to_owned());
    check(
        // Of several results the last counts.
        &[
            message(b'C', b"SET\0"),
            [columns(1), data_row(&[b"earlier"]), tag()].concat(),
            [columns(2), data_row(&[b"a", b""]), data_row(&[b"b", b"\xff"]), tag(), ready()]
                .concat(),
        ],
        HelperEvent::Answer(1, vec![vec![text("a"), text("")], vec![text("b"), None]]),
    );
    check(&[message(b'I', b""), ready()], HelperEvent::Answer(1, Vec::new()));
    let refusal = message(b'E', b"SERROR\0VERROR\0C42501\0Mpermission denied\0\0");
    check(&[refusal, ready()], HelperEvent::Refused(1));
}

#[test]
fn servers_that_are_none() {
    let check = |answer: Vec<u8>, reason: &str| {
        let (event, _) = told(answer);
        assert!(matches!(&event, HelperEvent::Ended(why) if why.contains(reason)), "{event:?}");
    };
    check(message(b'E', b"SFATAL\0VFATAL\0C57P01\0Mgo away\0\0"), "go away");
    check(data_row(&[b"a"]), "unexpected message");
    check([columns(1), data_row(&[b"a", b"b"])].concat(), "does not match");
    check(headed(b'D', 3), "invalid message length");
    check(headed(b'?', 4), "");
    let long = data_row(&[&[b'x'; 1 << 20]]);
    check([columns(1), long.repeat(20)].concat(), "too long");
    check([headed(b'D', i32::MAX), vec![0; 20 << 20]].concat(), "too long");
}

#[test]
fn a_server_that_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = settings_for(&listener, "");
    let server = std::thread::spawn(move || {
        let (mut session, _) = listener.accept().unwrap();
        read_packet(&mut session);
        session.write_all(&greeting()).unwrap();
    });
    let session = Session::connect(&settings, None).unwrap();
    server.join().unwrap();
    let helper = Helper::start(session.helper_params()).unwrap();
    let event = helper.next_event(Instant::now() + PATIENCE);
    assert!(
        matches!(&event, Some(HelperEvent::Ended(why)) if why.contains("refused")),
        "{event:?}"
    );
}

/// In a process of its own, since the thread that panicked stays, and with it the lock on the hook
/// that the end of a test run wants.
#[test]
fn a_panic_ends_only_the_thread() {
    const CHILD: &str = "PGSH_TEST_PANIC";
    if std::env::var_os(CHILD).is_none() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "session::helper::tests::a_panic_ends_only_the_thread"]);
        assert_eq!(child.env(CHILD, "1").output().unwrap().status.code(), Some(42));
        return;
    }
    contain_panics();
    let thread = std::thread::Builder::new().name(THREAD.to_owned());
    let (tell, told) = mpsc::channel::<()>();
    let _stays = thread.spawn(move || {
        let _tell = tell;
        panic!("contained");
    });
    // What it holds stays, so it neither unwound nor ended the program.
    let stays = told.recv_timeout(Duration::from_millis(300));
    std::process::exit(if stays == Err(mpsc::RecvTimeoutError::Timeout) { 42 } else { 1 });
}
