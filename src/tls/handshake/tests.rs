use super::*;
use crate::conninfo;
use crate::network::poll::wait;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A socket that takes and gives `step` bytes at once.
struct Slow {
    socket: TcpStream,
    step: usize,
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = buffer.len().min(self.step);
        self.socket.read(&mut buffer[..len])
    }
}

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(&bytes[..bytes.len().min(self.step)])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type ServerStream = StreamOwned<ServerConnection, Slow>;

/// A client's stream to a server that does what `serve` does.
fn connect<T: Send + 'static>(
    options: &str,
    step: usize,
    serve: impl FnOnce(ServerStream) -> T + Send + 'static,
) -> (Box<dyn Stream>, JoinHandle<T>) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["a.test".to_owned()]).unwrap();
    let certificate = CertificateDer::from(certificate.self_signed(&key).unwrap().der().to_vec());
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS12, &rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (socket, _) = listener.accept().unwrap();
        socket.set_nodelay(true).unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        serve(StreamOwned::new(connection, Slow { socket, step }))
    });
    // Not the files of whoever runs the test.
    let files = "sslrootcert=/none sslcert=/none";
    let given = conninfo::parse(format!("host=a.test {files} {options}").as_bytes()).unwrap();
    let settings = conninfo::resolve(&given, &|_| None, &|_| None, &|| Ok(b"me".to_vec())).unwrap();
    let config = Config::new(&settings, &settings.hosts()[0]).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket.set_nonblocking(true).unwrap();
    let stream = handshake(Plain(OwnedFd::from(socket)), &config, &deadline());
    (stream.unwrap_or_else(|f| panic!("{}", String::from_utf8_lossy(&f.message))), thread)
}

fn deadline() -> Deadline<'static> {
    Deadline { at: Some(Instant::now() + Duration::from_secs(20)), interrupt: None }
}

/// Sends and reads until `count` bytes have come back.
fn exchange(stream: &mut dyn Stream, mut sent: &[u8], count: usize) -> Vec<u8> {
    let mut got = Vec::new();
    let mut buffer = vec![0; 5000];
    while got.len() < count {
        let mut progress = false;
        if !sent.is_empty() {
            match stream.write(sent) {
                Ok(n) => (sent, progress) = (&sent[n..], true),
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}"),
            }
        }
        match stream.read(&mut buffer) {
            Ok(n) => {
                got.extend_from_slice(&buffer[..n]);
                progress = true;
            }
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}"),
        }
        if !progress {
            assert!(!stream.has_buffered(), "what is buffered can be read");
            let deadline = Some(Instant::now() + Duration::from_secs(20));
            let interest = if sent.is_empty() { Interest::Read } else { Interest::ReadOrWrite };
            let ready = wait(stream.as_fd(), interest, None, deadline).unwrap();
            assert!(!ready.timed_out);
        }
    }
    got
}

#[test]
fn bytes_come_through_in_order() {
    let data: Vec<u8> = (0..3_000_000u32).map(|i| (i % 251) as u8).collect();
    for (options, step) in [("", 1 << 20), ("ssl_max_protocol_version=TLSv1.2", 1 << 20), ("", 777)]
    {
        let len = data.len();
        // The server takes all before it gives any: what is sent must wait for room.
        let (mut stream, server) = connect(options, step, move |mut server| {
            let mut all = vec![0; len];
            std::thread::sleep(Duration::from_millis(50));
            server.read_exact(&mut all).unwrap();
            server.write_all(&all).unwrap();
            server.flush().unwrap();
        });
        assert!(exchange(&mut *stream, &data, len) == data, "{options} {step}");
        server.join().unwrap();
    }
}

#[test]
fn one_byte_at_a_time() {
    let (mut stream, server) = connect("", 1, |mut server| {
        let mut all = [0; 5];
        server.read_exact(&mut all).unwrap();
        server.write_all(&all).unwrap();
        server.flush().unwrap();
    });
    assert_eq!(exchange(&mut *stream, b"hello", 5), b"hello");
    server.join().unwrap();
}

#[test]
fn what_is_known() {
    let check = |options: &str, version: &str, cipher: &str| {
        let (stream, server) = connect(options, 1 << 20, |mut server| {
            while server.conn.is_handshaking() {
                server.conn.complete_io(&mut server.sock).unwrap();
            }
            server.conn.server_name().map(str::to_owned)
        });
        let info = stream.tls().unwrap().clone();
        assert_eq!((info.version, info.cipher, info.key_bits), (version, cipher, 256));
        assert_eq!(info.alpn, "postgresql");
        assert_eq!(info.server_end_point.map(|hash| hash.len()), Some(32));
        assert!(!info.certificate_requested && !info.certificate_sent);
        server.join().unwrap()
    };
    let name = Some("a.test".to_owned());
    assert_eq!(check("", "TLSv1.3", "TLS_AES_256_GCM_SHA384"), name);
    let old = "ssl_max_protocol_version=TLSv1.2 sslsni=0";
    assert_eq!(check(old, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"), None);
}

#[test]
fn how_it_ends() {
    let check = |polite: bool, expected: &str| {
        let (mut stream, server) = connect("", 1 << 20, move |mut server| {
            server.write_all(b"bye").unwrap();
            if polite {
                server.conn.send_close_notify();
            }
            server.flush().unwrap();
            server
        });
        assert_eq!(exchange(&mut *stream, b"", 3), b"bye");
        drop(server.join().unwrap());
        let deadline = deadline();
        let error = loop {
            match stream.read(&mut [0; 10]) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    assert!(deadline.wait(stream.as_fd(), Interest::Read).is_ok());
                }
                result => break result.unwrap_err(),
            }
        };
        assert_eq!(error.to_string(), expected);
    };
    check(true, super::super::stream::CLOSED);
    check(false, UNEXPECTED_END);
}
