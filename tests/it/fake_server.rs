//! Servers that say what a test tells them to, byte for byte.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// What a server does with a connection.
#[derive(Clone)]
pub enum Play {
    /// Sends bytes at once, then hangs up.
    Greet(Vec<u8>),
    /// Reads the start-up packet, sends bytes, then hangs up.
    Answer(Vec<u8>),
    /// As `Answer`, but stays silent in the end.
    Hold(Vec<u8>),
    /// As `Answer`, a byte at a time with a pause after each.
    Drip(Vec<u8>),
    /// As `Answer`, but resets the connection.
    Reset(Vec<u8>),
    /// Says the first, then the second to the next message, and so on, then hangs up.
    Talk(Vec<Vec<u8>>),
    /// Lets the client in, says this to its first message, then stays silent.
    HoldAnswer(Vec<u8>),
    /// As `HoldAnswer`, and takes no notice of what comes over other connections.
    Freeze(Vec<u8>),
    /// Says the first, then the second again and again until nobody listens.
    Flood(Vec<u8>, Vec<u8>),
}

/// A message of this kind.
pub fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &(body.len() as u32 + 4).to_be_bytes()[..], body].concat()
}

/// A message whose length is a claim.
pub fn headed(kind: u8, length: u32, body: &[u8]) -> Vec<u8> {
    [&[kind], &length.to_be_bytes()[..], body].concat()
}

/// An authentication request.
pub fn auth(kind: i32, rest: &[u8]) -> Vec<u8> {
    message(b'R', &[&kind.to_be_bytes(), rest].concat())
}

/// ParameterStatus.
pub fn parameter(name: &str, value: &str) -> Vec<u8> {
    message(b'S', format!("{name}\0{value}\0").as_bytes())
}

/// ErrorResponse, fatal.
pub fn error(text: &str) -> Vec<u8> {
    message(b'E', format!("SFATAL\0C58000\0M{text}\0\0").as_bytes())
}

/// ReadyForQuery, idle.
pub fn ready() -> Vec<u8> {
    message(b'Z', b"I")
}

/// AuthenticationOk to ReadyForQuery.
pub fn greeting() -> Vec<u8> {
    greeting_of("18.6")
}

/// The same of a server of this version.
pub fn greeting_of(version: &str) -> Vec<u8> {
    [
        auth(0, b""),
        parameter("server_version", version),
        parameter("client_encoding", "UTF8"),
        parameter("standard_conforming_strings", "on"),
        message(b'K', b"\0\0\0\x01abcd"),
        ready(),
    ]
    .concat()
}

/// RowDescription of text columns.
pub fn row_description(names: &[&str]) -> Vec<u8> {
    let mut body = (names.len() as u16).to_be_bytes().to_vec();
    for name in names {
        body.extend_from_slice(name.as_bytes());
        body.extend_from_slice(b"\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0");
    }
    message(b'T', &body)
}

/// DataRow.
pub fn data_row(values: &[&str]) -> Vec<u8> {
    let mut body = (values.len() as u16).to_be_bytes().to_vec();
    for value in values {
        body.extend_from_slice(&(value.len() as u32).to_be_bytes());
        body.extend_from_slice(value.as_bytes());
    }
    message(b'D', &body)
}

/// CommandComplete.
pub fn complete(tag: &str) -> Vec<u8> {
    message(b'C', format!("{tag}\0").as_bytes())
}

/// Serves every connection that comes; the port.
pub fn serve(play: Play) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    std::thread::spawn(move || {
        for (i, stream) in listener.incoming().flatten().enumerate() {
            let play = match &play {
                Play::Freeze(_) if i > 0 => Play::Hold(Vec::new()),
                play => play.clone(),
            };
            std::thread::spawn(move || {
                let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
                let _ = perform(stream, &play);
            });
        }
    });
    port
}

fn perform(mut stream: TcpStream, play: &Play) -> std::io::Result<()> {
    if !matches!(play, Play::Greet(_)) {
        read_packet(&mut stream, 0)?;
    }
    match play {
        Play::Greet(bytes) | Play::Answer(bytes) => stream.write_all(bytes)?,
        Play::Hold(bytes) => {
            stream.write_all(bytes)?;
            std::io::copy(&mut stream, &mut std::io::sink())?;
        }
        Play::HoldAnswer(bytes) | Play::Freeze(bytes) => {
            stream.write_all(&greeting())?;
            read_packet(&mut stream, 1)?;
            stream.write_all(bytes)?;
            stream.set_read_timeout(Some(Duration::from_secs(90)))?;
            std::io::copy(&mut stream, &mut std::io::sink())?;
        }
        Play::Drip(bytes) => {
            for byte in bytes {
                stream.write_all(&[*byte])?;
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        Play::Reset(bytes) => {
            // What is unread when a socket is closed turns its end into a reset.
            stream.write_all(bytes)?;
            std::thread::sleep(Duration::from_millis(50));
            rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO))?;
            return Ok(());
        }
        Play::Talk(answers) => {
            for (i, bytes) in answers.iter().enumerate() {
                if i > 0 {
                    read_packet(&mut stream, 1)?;
                }
                stream.write_all(bytes)?;
            }
        }
        Play::Flood(first, again) => {
            stream.write_all(first)?;
            let many = again.repeat(1 + (1 << 16) / again.len());
            loop {
                stream.write_all(&many)?;
            }
        }
    }
    // Hangs up only when the other side has read it all.
    stream.shutdown(std::net::Shutdown::Write)?;
    std::io::copy(&mut stream, &mut std::io::sink()).map(drop)
}

/// Reads a message of which `kind` bytes come before its length.
fn read_packet(stream: &mut TcpStream, kind: usize) -> std::io::Result<()> {
    let mut header = vec![0; kind + 4];
    stream.read_exact(&mut header)?;
    let length = u32::from_be_bytes(header[kind..].try_into().expect("four bytes")) as usize;
    stream.read_exact(&mut vec![0; length.saturating_sub(4).min(1 << 20)])
}
