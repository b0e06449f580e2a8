//! What the benchmark's requests are sent to.

use crate::{POSTPROOF, temporary};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

/// Bytes of the large answer.
const LARGE: usize = 100 * 1024 * 1024;

/// The reference API, in a process of its own, and its address.
pub(crate) fn reference() -> (Child, String) {
    let mut child =
        Command::new(POSTPROOF).args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base_url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    (child, base_url)
}

/// A server whose every answer has [`LARGE`] bytes; gives its address.
pub(crate) fn large() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = answer_large(stream.unwrap());
        }
    });
    base_url
}

fn answer_large(mut stream: impl Read + Write) -> io::Result<()> {
    let _ = stream.read(&mut [0; 4096])?;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {LARGE}\r\n\r\n")?;
    let block = [b'x'; 1 << 16];
    for _ in 0..LARGE / block.len() {
        stream.write_all(&block)?;
    }
    Ok(())
}

/// A server that speaks TLS and refuses every request, its address, and the authority that vouches for it.
pub(crate) fn tls() -> (String, PathBuf) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}", listener.local_addr().unwrap());
    let (config, authority) = tls_config();
    let path = temporary("authority.pem");
    std::fs::write(&path, authority).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            stream.as_ref().unwrap().set_nodelay(true).unwrap();
            let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            // A client may open the next connection before it closes the last.
            thread::spawn(move || drop(refuse(rustls::StreamOwned::new(session, stream.unwrap()))));
        }
    });
    (base_url, path)
}

fn tls_config() -> (Arc<rustls::ServerConfig>, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // A server of the same name would look as if it vouched for itself.
    authority.distinguished_name.push(DnType::CommonName, "the benchmark's authority");
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = server.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    (Arc::new(config), pem)
}

fn refuse(mut stream: impl Read + Write) -> io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut piece = [0; 4096];
            match stream.read(&mut piece)? {
                0 => return Ok(()),
                read => head.extend_from_slice(&piece[..read]),
            }
        }
        stream.write_all(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")?;
    }
}
