//! A server that lets everybody in and writes down, byte for byte, what it hears.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What a server heard, a text per connection.
#[derive(Default)]
struct Heard {
    connections: Vec<String>,
    open: usize,
}

/// A server that asks for a password, takes any, and writes down what it gets.
pub struct Server {
    pub port: u16,
    heard: Arc<(Mutex<Heard>, Condvar)>,
}

impl Server {
    pub fn new() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let heard = Arc::<(Mutex<Heard>, Condvar)>::default();
        let shared = Arc::clone(&heard);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let number = {
                    let mut heard = shared.0.lock().expect("the log");
                    heard.connections.push(String::new());
                    heard.open += 1;
                    heard.connections.len() - 1
                };
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || {
                    let mut text = String::new();
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
                    // Its end is the shell's to choose.
                    let _ = converse(&mut stream, &mut text, true);
                    let mut heard = shared.0.lock().expect("the log");
                    heard.connections[number] = text;
                    heard.open -= 1;
                    shared.1.notify_all();
                });
            }
        });
        Server { port, heard }
    }

    /// What was heard in connections that are all over: a line each, in their order.
    pub fn heard(&self) -> String {
        // Those that nobody has accepted yet come before this one.
        let mut last = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        last.write_all(&message(b'X', LAST)[1..]).expect("a packet");
        drop(last);
        let heard = self.heard.0.lock().expect("the log");
        let going_on = |heard: &mut Heard| {
            heard.open > 0 || heard.connections.last().is_none_or(|text| text != LAST_HEARD)
        };
        let waited = self.heard.1.wait_timeout_while(heard, Duration::from_secs(20), going_on);
        let (mut heard, result) = waited.expect("the log");
        assert!(!result.timed_out(), "a connection stays open");
        heard.connections.pop();
        let texts = std::mem::take(&mut heard.connections);
        texts.iter().filter(|text| !text.is_empty()).map(|text| text.clone() + "\n").collect()
    }
}

/// The packet that ends what a server hears of one run.
const LAST: &[u8] = b"last";
const LAST_HEARD: &str = "last ";

/// Reads a message of which `kind` bytes come before its length, and writes it down.
fn read(stream: &mut TcpStream, kind: usize, text: &mut String) -> std::io::Result<Vec<u8>> {
    let mut header = vec![0; kind + 4];
    stream.read_exact(&mut header)?;
    let length = u32::from_be_bytes(header[kind..].try_into().expect("four bytes")) as usize;
    let mut body = vec![0; length.saturating_sub(4).min(1 << 20)];
    stream.read_exact(&mut body)?;
    // The query of \l is each shell's own.
    let shown = match memchr::memmem::find(&body, b"pg_database") {
        Some(_) => b"<databases>",
        None => &body[..],
    };
    let _ = write!(text, "{}{} ", header[..kind].escape_ascii(), shown.escape_ascii());
    Ok(body)
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32 + 4).to_be_bytes(), body].concat()
}

/// Speaks as a server, which asks for a password or not.
pub fn converse(stream: &mut TcpStream, text: &mut String, ask: bool) -> std::io::Result<()> {
    const SSL_REQUEST: u32 = 80_877_103;
    while read(stream, 0, text)?.starts_with(&SSL_REQUEST.to_be_bytes()) {
        stream.write_all(b"N")?;
    }
    if ask {
        stream.write_all(&message(b'R', &3_u32.to_be_bytes()))?;
        read(stream, 1, text)?;
    }
    let mut welcome = message(b'R', &[0; 4]);
    for (name, value) in [
        ("server_version", "18.6"),
        ("client_encoding", "UTF8"),
        ("standard_conforming_strings", "on"),
        ("in_hot_standby", "off"),
        ("default_transaction_read_only", "off"),
    ] {
        welcome.extend(message(b'S', format!("{name}\0{value}\0").as_bytes()));
    }
    welcome.extend(message(b'K', &[0, 0, 0, 1, 0, 0, 0, 2]));
    welcome.extend(message(b'Z', b"I"));
    stream.write_all(&welcome)?;
    while !read(stream, 1, text)?.is_empty() {
        stream.write_all(&[message(b'C', b"SELECT 0\0"), message(b'Z', b"I")].concat())?;
    }
    Ok(())
}
