//! A small network in this process: an authority, a TLS server that knows who speaks to it, an echo in the clear, and
//! a proxy. All write what they see into one log.

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::WebPkiClientVerifier;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What was seen, in order.
pub(super) type Log = Arc<Mutex<Vec<String>>>;

/// The servers, until the value is dropped.
pub(super) struct World {
    pub(super) log: Log,
    /// Port of the TLS server, which answers to `localhost` and `127.0.0.1`.
    pub(super) tls: u16,
    /// Port of the TLS server whose certificate nobody has signed.
    pub(super) self_signed: u16,
    /// Port of the echo in the clear.
    pub(super) plain: u16,
    /// Port of the proxy.
    pub(super) proxy: u16,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl World {
    /// Starts it; `root.pem`, `client.pem`, `client.key` and `other.pem` (with its key) are put into the folder.
    pub(super) fn start(folder: &Path) -> Self {
        let authority = Authority::new("root");
        std::fs::write(folder.join("root.pem"), &authority.pem).unwrap();
        let (client, other) = (authority.client("client one"), authority.client("client two"));
        std::fs::write(folder.join("client.pem"), &client.pem).unwrap();
        std::fs::write(folder.join("client.key"), client.key.serialize_pem()).unwrap();
        std::fs::write(folder.join("other.pem"), &other.pem).unwrap();
        std::fs::write(folder.join("other.key"), other.key.serialize_pem()).unwrap();
        let (log, known) = (Log::default(), authority.acceptor());
        let unknown = Authority::new("unknown root").acceptor();
        let seen = Arc::clone(&log);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (ports_out, ports) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut ports = Vec::new();
                for kind in [Kind::Tls(known), Kind::Tls(unknown), Kind::Plain, Kind::Proxy] {
                    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                    ports.push(listener.local_addr().unwrap().port());
                    tokio::spawn(accept(listener, kind, Arc::clone(&seen)));
                }
                ports_out.send(ports).unwrap();
                let _ = stopped.await;
            });
        });
        let ports = ports.recv().unwrap();
        let [tls, self_signed, plain, proxy] = ports[..] else { panic!("four servers") };
        Self { log, tls, self_signed, plain, proxy, stop: Some(stop), thread: Some(thread) }
    }

    /// What has been seen since this was last asked.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    roots: RootCertStore,
    pem: String,
}

struct Client {
    pem: String,
    key: KeyPair,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(certificate.der().clone()).unwrap();
        Self { roots, pem: certificate.pem(), issuer: Issuer::new(params, key) }
    }

    fn client(&self, name: &str) -> Client {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        Client { pem: params.signed_by(&key, &self.issuer).unwrap().pem(), key }
    }

    /// A server that this authority vouches for, and that looks at the certificates of clients.
    fn acceptor(&self) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, "server");
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(self.roots.clone()), Arc::clone(&provider));
        let clients = clients.allow_unauthenticated().build().unwrap();
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

#[derive(Clone)]
enum Kind {
    Tls(TlsAcceptor),
    Plain,
    Proxy,
}

async fn accept(listener: TcpListener, kind: Kind, log: Log) {
    while let Ok((stream, _)) = listener.accept().await {
        let (kind, log) = (kind.clone(), Arc::clone(&log));
        tokio::spawn(async move {
            match kind {
                Kind::Tls(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let (_, session) = stream.get_ref();
                        let client = session.peer_certificates().map(|chain| common_name(&chain[0]));
                        let by = format!(
                            "tls sni={} client={}",
                            session.server_name().unwrap_or("-"),
                            client.as_deref().unwrap_or("-")
                        );
                        converse(stream, &by, &log).await;
                    }
                }
                Kind::Plain => converse(stream, "plain", &log).await,
                Kind::Proxy => converse(stream, "proxy", &log).await,
            }
        });
    }
}

fn common_name(certificate: &[u8]) -> String {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).unwrap();
    certificate.subject().iter_common_name().next().unwrap().as_str().unwrap().to_owned()
}

/// Answers every request of a connection, or becomes a tunnel.
async fn converse(
    mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    by: &str,
    log: &Log,
) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.lines();
        let line = lines.next().unwrap().to_owned();
        // What is about the way of a request; the rest is the same for every way.
        let fields = lines.filter(|line| {
            ["host:", "proxy-authorization:", "x-"].iter().any(|name| line.to_lowercase().starts_with(name))
        });
        let fields: Vec<&str> = fields.collect();
        log.lock().unwrap().push(format!("{by} | {line} | {}", fields.join(" | ")));
        if let Some(target) = line.strip_prefix("CONNECT ") {
            let target = target.split(' ').next().unwrap().replace("localhost", "127.0.0.1");
            let Ok(mut target) = TcpStream::connect(target).await else { return };
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut target).await;
            return;
        }
        let location = line.split_once("/to-").and_then(|(_, port)| port.split(' ').next());
        let answer = match location {
            Some(port) => format!("302 Found\r\nLocation: https://127.0.0.1:{port}/redirected"),
            None => "200 OK".to_owned(),
        };
        if stream
            .write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
    }
}
