//! Servers and proxies of every kind, in this process.

use super::*;
use rcgen::{BasicConstraints, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::WebPkiClientVerifier;
use std::sync::Mutex;
use tokio::net::TcpStream;

/// An authority of our own, and what it signs.
pub(super) struct Authority {
    pub(super) issuer: Issuer<'static, KeyPair>,
    pub(super) certificate: CertificateDer<'static>,
    pub(super) pem: String,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        let (der, pem) = (certificate.der().clone(), certificate.pem());
        Self { issuer: Issuer::new(params, key), certificate: der, pem }
    }

    pub(super) fn sign(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { chain: vec![certificate.der().clone()], key, pem: certificate.pem() }
    }

    pub(super) fn server(&self, names: &[&str]) -> Identity {
        self.sign(params(names))
    }
}

/// A certificate with its key.
pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: KeyPair,
    pub(super) pem: String,
}

pub(super) fn params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, "leaf");
    params
}

pub(super) fn self_signed(mut params: CertificateParams, is_ca: bool) -> Identity {
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Identity { chain: vec![certificate.der().clone()], pem: certificate.pem(), key }
}

/// How a server of the tests speaks TLS.
pub(super) struct Speaks {
    pub(super) identity: Identity,
    pub(super) clients: Option<RootCertStore>,
    pub(super) versions: Vec<&'static rustls::SupportedProtocolVersion>,
}

impl Speaks {
    pub(super) fn as_one(identity: Identity) -> Self {
        Self { identity, clients: None, versions: rustls::ALL_VERSIONS.to_vec() }
    }

    pub(super) fn acceptor(self) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&self.versions)
            .unwrap();
        let builder = match self.clients {
            None => builder.with_no_client_auth(),
            Some(roots) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap(),
            ),
        };
        let key = PrivatePkcs8KeyDer::from(self.identity.key.serialize_der());
        TlsAcceptor::from(Arc::new(builder.with_single_cert(self.identity.chain, key.into()).unwrap()))
    }
}

/// A server that answers every connection's first bytes with what it knows of the connection: `SNI version suite
/// client`.
pub(super) async fn serve(speaks: Speaks) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = speaks.acceptor();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let known = {
                    let (_, session) = stream.get_ref();
                    format!(
                        "{} {:?} {:?} {}",
                        session.server_name().unwrap_or("-"),
                        session.protocol_version().unwrap(),
                        session.negotiated_cipher_suite().unwrap().suite(),
                        session.peer_certificates().map_or(0, <[_]>::len),
                    )
                };
                let mut bytes = [0; 64];
                if stream.read(&mut bytes).await.is_ok_and(|count| count > 0) {
                    stream.write_all(known.as_bytes()).await.unwrap();
                    stream.shutdown().await.unwrap();
                }
            });
        }
    });
    port
}

/// A folder for one test's files.
pub(super) struct Folder(pub(super) std::path::PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("postproof-connect-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn write(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A proxy: what it was told, and how it answers a CONNECT.
pub(super) struct TestProxy {
    pub(super) port: u16,
    pub(super) seen: Arc<Mutex<Vec<String>>>,
}

/// A proxy that connects where it is told to when `answer` is 200, over TLS where it has an acceptor.
pub(super) async fn proxy(answer: &'static str, tls: Option<TlsAcceptor>) -> TestProxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (log, tls) = (Arc::clone(&log), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => pass_on(stream, answer, log).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            pass_on(stream, answer, log).await;
                        }
                    }
                }
            });
        }
    });
    TestProxy { port, seen }
}

pub(super) async fn pass_on(
    mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    answer: &'static str,
    log: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let head = String::from_utf8(head).unwrap();
    let target = head.split(' ').nth(1).unwrap().to_owned();
    log.lock().unwrap().push(head);
    stream.write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes()).await.unwrap();
    if answer.starts_with("200") {
        let mut target = TcpStream::connect(target).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut target).await;
    }
}

/// A SOCKS 5 proxy that answers the wish to connect with that code, and connects when it is 0. With credentials, it
/// asks for them.
pub(super) async fn socks(code: u8, credentials: Option<(&'static str, &'static str)>) -> TestProxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = speak_socks(stream, code, credentials, &log).await;
        }
    });
    TestProxy { port, seen }
}

/// RFC 1928, RFC 1929.
async fn speak_socks(
    mut stream: TcpStream,
    code: u8,
    credentials: Option<(&str, &str)>,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let _version = stream.read_u8().await?;
    let methods = text(&mut stream).await?;
    if let Some((user, password)) = credentials {
        assert!(methods.contains('\u{2}'), "offers no password");
        stream.write_all(&[5, 2]).await?;
        let _version = stream.read_u8().await?;
        let given = (text(&mut stream).await?, text(&mut stream).await?);
        let known = given == (user.to_owned(), password.to_owned());
        stream.write_all(&[1, u8::from(!known)]).await?;
    } else {
        stream.write_all(&[5, 0]).await?;
    }
    let mut wish = [0; 4];
    stream.read_exact(&mut wish).await?;
    let host = match wish[3] {
        1 => std::net::Ipv4Addr::from(stream.read_u32().await?).to_string(),
        3 => text(&mut stream).await?,
        other => panic!("address type {other}"),
    };
    let target = format!("{host}:{}", stream.read_u16().await?);
    log.lock().unwrap().push(target.clone());
    stream.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    if code == 0 {
        let mut target = TcpStream::connect(target).await?;
        tokio::io::copy_bidirectional(&mut stream, &mut target).await?;
    }
    Ok(())
}

/// A text with its length in front.
async fn text(stream: &mut TcpStream) -> std::io::Result<String> {
    let length = stream.read_u8().await?;
    let mut text = vec![0; length.into()];
    stream.read_exact(&mut text).await?;
    Ok(String::from_utf8(text).unwrap())
}
