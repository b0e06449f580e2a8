//! Connections against real sockets: TLS servers of every kind, proxies of every kind, in this process.

mod servers;

use super::*;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use servers::{Authority, Folder, Speaks, params, proxy, self_signed, serve, socks};
use std::path::Path;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

fn trusting(path: std::path::PathBuf) -> Network {
    Network { extra_roots: vec![ExtraRoots { path, named_by: "--ssl-extra-ca-certs" }], ..Network::default() }
}

async fn open(
    connector: &mut Connector,
    route: &Route,
    phases: &mut Phases,
) -> Result<Stream, TransportFailure> {
    let shared = RefCell::new(std::mem::take(connector));
    let opened = connect(&shared, route, phases).await;
    *connector = shared.into_inner();
    opened
}

/// One connection: what the server says of it, or why there is none.
async fn talk(
    connector: &mut Connector,
    url: &str,
    hints: Hints<'_>,
    options: &SendOptions,
) -> Result<String, TransportFailure> {
    let route = connector.route(&Target::of(url), hints, options)?;
    let mut stream = open(connector, &route, &mut Phases::default()).await?;
    let heard = async {
        stream.write_all(b"hello").await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        Ok(text)
    };
    heard.await.map_err(|error: std::io::Error| broken(&error, "the server").expect("TLS broke"))
}

async fn say(network: &Network, url: &str) -> Result<String, TransportFailure> {
    talk(&mut Connector::new(network.clone()), url, Hints::default(), &SendOptions::default()).await
}

#[tokio::test]
async fn a_server_known_to_an_added_root_is_trusted() {
    let folder = Folder::new("trusted");
    let authority = Authority::new("our root");
    let network = trusting(folder.write("root.pem", &authority.pem));
    let port = serve(Speaks::as_one(authority.server(&["localhost", "127.0.0.1", "virtual.test"]))).await;
    let suite = "TLSv1_3 TLS13_AES_256_GCM_SHA384 0";
    assert_eq!(say(&network, &format!("https://localhost:{port}/")).await, Ok(format!("localhost {suite}")));
    assert_eq!(say(&network, &format!("https://127.0.0.1:{port}/")).await, Ok(format!("- {suite}")));
    // As node: the `Host` field is the name that is asked for and checked.
    let hints = Hints { host: Some("Virtual.test:8443"), ..Hints::default() };
    let url = format!("https://127.0.0.1:{port}/");
    let mut connector = Connector::new(network);
    let heard = talk(&mut connector, &url, hints, &SendOptions::default()).await;
    assert_eq!(heard, Ok(format!("virtual.test {suite}")));
    let hints = Hints { host: Some("other.test"), ..Hints::default() };
    let failure = talk(&mut connector, &url, hints, &SendOptions::default()).await.unwrap_err();
    assert!(
        failure.message.ends_with("it is for localhost, 127.0.0.1, virtual.test, not for other.test"),
        "{}",
        failure.message
    );
    assert_eq!(connector.take_warnings(), []);
}

#[tokio::test]
async fn distrust_has_nodes_words() {
    let folder = Folder::new("distrust");
    let (known, unknown) = (Authority::new("known root"), Authority::new("unknown root"));
    let network = trusting(folder.write("root.pem", &known.pem));
    let expired = {
        let mut params = params(&["localhost"]);
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 2);
        params
    };
    let early = {
        let mut params = params(&["localhost"]);
        params.not_before = rcgen::date_time_ymd(4000, 1, 2);
        params
    };
    let with_root = {
        let mut identity = unknown.server(&["localhost"]);
        identity.chain.push(unknown.certificate.clone());
        identity
    };
    let cases = [
        (self_signed(params(&["localhost"]), false), "self-signed certificate"),
        (self_signed(params(&["localhost"]), true), "self-signed certificate"),
        (with_root, "self-signed certificate in certificate chain (`CN=unknown root` is not a trusted root)"),
        (
            unknown.server(&["localhost"]),
            "unable to verify the first certificate (its issuer `CN=unknown root` is not a trusted root, and the server \
             sent no intermediate certificate)",
        ),
        (
            Authority::new("known root").server(&["localhost"]),
            "certificate signature failure (who it says has signed it has not)",
        ),
        (known.sign(expired), "certificate has expired (it was valid until 2020-01-02)"),
        (known.sign(early), "certificate is not yet valid (it will be from 4000-01-02)"),
        (
            known.server(&["a.test", "*.b.test"]),
            "Hostname/IP does not match certificate's altnames: it is for a.test, *.b.test, not for localhost",
        ),
    ];
    for (identity, expected) in cases {
        let port = serve(Speaks::as_one(identity)).await;
        let url = format!("https://localhost:{port}/");
        let failure = say(&network, &url).await.unwrap_err();
        let message = format!("could not establish TLS with localhost:{port}: {expected}");
        assert_eq!((failure.kind, failure.message), (FailureKind::Certificate, message));
        // -k
        let anybody = SendOptions { verify_tls: false, ..SendOptions::default() };
        let mut connector = Connector::new(network.clone());
        assert!(talk(&mut connector, &url, Hints::default(), &anybody).await.is_ok(), "{expected}");
        // … for that request only.
        assert!(talk(&mut connector, &url, Hints::default(), &SendOptions::default()).await.is_err());
    }
}

#[tokio::test]
async fn what_node_trusts_and_webpki_does_not() {
    let folder = Folder::new("node");
    // `openssl req -x509` makes an authority of every server.
    let own = self_signed(params(&["localhost"]), true);
    let network = trusting(folder.write("own.pem", &own.pem));
    let port = serve(Speaks::as_one(own)).await;
    assert!(say(&network, &format!("https://localhost:{port}/")).await.is_ok());
    let failure = say(&network, &format!("https://127.0.0.1:{port}/")).await.unwrap_err();
    assert!(failure.message.contains("it is for localhost, not for 127.0.0.1"), "{}", failure.message);
    // A certificate without altnames is for its common name.
    let authority = Authority::new("root");
    let network = trusting(folder.write("root.pem", &authority.pem));
    for (name, is_trusted) in [("localhost", true), ("*.api.localhost", false), ("other.test", false)] {
        let mut nameless = params(&[]);
        nameless.distinguished_name.push(DnType::CommonName, name);
        let port = serve(Speaks::as_one(authority.sign(nameless))).await;
        assert_eq!(say(&network, &format!("https://localhost:{port}/")).await.is_ok(), is_trusted, "{name}");
        assert!(say(&network, &format!("https://127.0.0.1:{port}/")).await.is_err(), "{name}");
        let below = say(&network, &format!("https://v1.api.localhost:{port}/")).await;
        assert_eq!(below.is_ok(), name == "*.api.localhost", "{name}");
    }
}

#[tokio::test]
async fn protocol_versions_and_suites_are_as_asked() {
    let authority = Authority::new("root");
    let folder = Folder::new("versions");
    let network = trusting(folder.write("root.pem", &authority.pem));
    let old = Speaks {
        versions: vec![&rustls::version::TLS12],
        ..Speaks::as_one(authority.server(&["localhost"]))
    };
    let (old, new) = (serve(old).await, serve(Speaks::as_one(authority.server(&["localhost"]))).await);
    let asked = |disabled: &[&str], ciphers: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        SendOptions {
            tls: TlsOptions { disabled_protocols: owned(disabled), ciphers: owned(ciphers) },
            ..SendOptions::default()
        }
    };
    for (port, options, expected) in [
        (old, asked(&[], &[]), "localhost TLSv1_2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 0"),
        (new, asked(&["TLSv1_3"], &[]), "localhost TLSv1_2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 0"),
        (
            new,
            asked(&[], &["TLS_CHACHA20_POLY1305_SHA256"]),
            "localhost TLSv1_3 TLS13_CHACHA20_POLY1305_SHA256 0",
        ),
        (
            old,
            asked(&[], &["ECDHE-ECDSA-AES128-GCM-SHA256"]),
            "localhost TLSv1_2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 0",
        ),
    ] {
        let mut connector = Connector::new(network.clone());
        let heard =
            talk(&mut connector, &format!("https://localhost:{port}/"), Hints::default(), &options).await;
        assert_eq!(heard.as_deref(), Ok(expected));
    }
    let mut connector = Connector::new(network);
    let url = format!("https://localhost:{old}/");
    let failure = talk(
        &mut connector,
        &url,
        Hints::default(),
        &asked(&["TLSv1_2"], &["RC4", "TLS_AES_128_GCM_SHA256"]),
    )
    .await
    .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
    let expected = "the server speaks no protocol version or cipher suite that is spoken here";
    assert!(failure.message.contains(expected), "{}", failure.message);
    let warnings = connector.take_warnings();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].message.contains("`RC4`"));
}

#[tokio::test]
async fn client_certificates_go_to_the_urls_they_are_for() {
    let folder = Folder::new("client");
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    let mut of_client = params(&[]);
    of_client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let client = clients.sign(of_client);
    folder.write("client.pem", &client.pem);
    folder.write("client.key", &client.key.serialize_pem());
    folder.write("both.pem", &format!("{}{}", client.key.serialize_pem(), client.pem));
    let mut roots = RootCertStore::empty();
    roots.add(clients.certificate.clone()).unwrap();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let wants = Speaks {
            identity: servers.server(&["localhost", "127.0.0.1"]),
            clients: Some(roots.clone()),
            versions: vec![version],
        };
        let port = serve(wants).await;
        let text = format!(
            r#"[{{"matches": ["https://other.test/*", "https://127.0.0.1:{port}/*"], "cert": {{"src": "both.pem"}}}},
                {{"matches": ["https://localhost:{port}/in/*"], "cert": {{"src": "client.pem"}}, "key": {{"src": "client.key"}}}},
                {{"matches": ["https://localhost:{port}/*"], "cert": {{"src": "gone.pem"}}, "key": {{"src": "client.key"}}}}]"#
        );
        let network = Network {
            certificates: ClientCertificate::parse_list(&text).unwrap(),
            files: FileAccess::new(&folder.0, false),
            ..trusting(folder.write("root.pem", &servers.pem))
        };
        let mut connector = Connector::new(network);
        let standard = SendOptions::default();
        for url in [format!("https://127.0.0.1:{port}/"), format!("https://localhost:{port}/in/x")] {
            let heard = talk(&mut connector, &url, Hints::default(), &standard).await.unwrap();
            assert!(heard.ends_with(" 1"), "{heard}");
        }
        assert_eq!(connector.take_warnings(), []);
        for _ in 0..2 {
            let url = format!("https://localhost:{port}/out");
            let failure = talk(&mut connector, &url, Hints::default(), &standard).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Tls);
            assert!(failure.message.contains("client certificate"), "{}", failure.message);
        }
        let warnings = connector.take_warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].message.contains("cert file `gone.pem` cannot be read"),
            "{}",
            warnings[0].message
        );
    }
}

#[tokio::test]
async fn handshakes_that_end_early_say_how() {
    for (reply, expected) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "it does not speak TLS; is it plain http?"),
        (b"", "the server closed the connection during the handshake"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut hello = [0; 4096];
            let _ = stream.read(&mut hello).await.unwrap();
            stream.write_all(reply).await.unwrap();
            stream.shutdown().await.unwrap();
        });
        let failure = say(&Network::default(), &format!("https://127.0.0.1:{port}/")).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Tls);
        let expected = format!("could not establish TLS with 127.0.0.1:{port}: {expected}");
        assert!(failure.message.starts_with(&expected), "{}", failure.message);
    }
}

#[tokio::test]
async fn a_root_file_that_cannot_be_used_is_told_once() {
    let folder = Folder::new("roots");
    let mut connector = Connector::new(trusting(folder.write("empty.pem", "nothing")));
    for _ in 0..2 {
        let _ = talk(&mut connector, "https://127.0.0.1:1/", Hints::default(), &SendOptions::default()).await;
    }
    // Nobody answered: nothing was loaded.
    assert_eq!(connector.take_warnings(), []);
    let port = serve(Speaks::as_one(self_signed(params(&["localhost"]), false))).await;
    for expected in [1, 0] {
        let url = format!("https://localhost:{port}/");
        let _ = talk(&mut connector, &url, Hints::default(), &SendOptions::default()).await;
        assert_eq!(connector.take_warnings().len(), expected);
    }
}

fn through(proxy_url: &str) -> Network {
    let proxy = Proxy::parse(proxy_url).unwrap();
    Network { proxies: Proxies::from_environment(|_| None, Some(proxy)).unwrap(), ..Network::default() }
}

#[tokio::test]
async fn tls_goes_through_a_tunnel() {
    let folder = Folder::new("tunnel");
    let authority = Authority::new("root");
    let port = serve(Speaks::as_one(authority.server(&["localhost", "127.0.0.1"]))).await;
    let target = format!("127.0.0.1:{port}");
    let roots = trusting(folder.write("root.pem", &authority.pem)).extra_roots;
    let plain = proxy("200 OK", None).await;
    let encrypted = Speaks::as_one(authority.server(&["localhost"])).acceptor();
    let encrypted = proxy("200 Connection established", Some(encrypted)).await;
    for (proxy, url) in [
        (&plain, format!("http://me:p%20s@127.0.0.1:{}", plain.port)),
        (&encrypted, format!("https://me:p%20s@localhost:{}", encrypted.port)),
    ] {
        let network = Network { extra_roots: roots.clone(), ..through(&url) };
        let mut connector = Connector::new(network);
        let mut phases = Phases::default();
        let route = connector
            .route(&Target::of(&format!("https://{target}/")), Hints::default(), &SendOptions::default())
            .unwrap();
        assert!(route.is_tunnelled() && !route.is_forwarded() && route.proxy_authorization().is_none());
        let mut stream = open(&mut connector, &route, &mut phases).await.unwrap();
        stream.write_all(b"hello").await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "- TLSv1_3 TLS13_AES_256_GCM_SHA384 0");
        assert!(phases.connect.is_some() && phases.tls.is_some());
        let asked = format!(
            "CONNECT {target} HTTP/1.1\r\nhost: {target}\r\nProxy-Authorization: Basic bWU6cCBz\r\n\r\n"
        );
        assert_eq!(*proxy.seen.lock().unwrap(), [asked]);
    }
}

#[tokio::test]
async fn the_requests_own_proxy_authorization_goes_to_the_proxy() {
    let plain = proxy("403 Forbidden", None).await;
    let mut connector = Connector::new(through(&format!("http://me:p@127.0.0.1:{}", plain.port)));
    let hints = Hints { proxy_authorization: Some("Bearer own"), ..Hints::default() };
    let failure = talk(&mut connector, "https://a.test/", hints, &SendOptions::default()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Proxy);
    let message = format!("the proxy 127.0.0.1:{} did not connect to a.test:443: 403 Forbidden", plain.port);
    assert_eq!(failure.message, message);
    assert!(plain.seen.lock().unwrap()[0].contains("\r\nProxy-Authorization: Bearer own\r\n"));
}

#[tokio::test]
async fn proxies_that_do_not_connect_say_why() {
    for (answer, expected) in [
        (
            "407 Proxy Authentication Required",
            "407 Proxy Authentication Required; it asks for credentials: http://user:password@host:port",
        ),
        ("502", "502"),
        ("abc", "its answer is not HTTP: invalid response status"),
    ] {
        let plain = proxy(answer, None).await;
        let failure =
            say(&through(&format!("127.0.0.1:{}", plain.port)), "https://a.test:8443/").await.unwrap_err();
        let message =
            format!("the proxy 127.0.0.1:{} did not connect to a.test:8443: {expected}", plain.port);
        assert_eq!((failure.kind, failure.message), (FailureKind::Proxy, message));
    }
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let failure = say(&through(&format!("127.0.0.1:{port}")), "http://a.test/").await.unwrap_err();
    let message =
        format!("proxy 127.0.0.1:{port}: could not connect to 127.0.0.1:{port}: connection refused");
    assert_eq!((failure.kind, failure.message), (FailureKind::Proxy, message));
}

#[tokio::test]
async fn socks_proxies_are_spoken_to() {
    let folder = Folder::new("socks");
    let authority = Authority::new("root");
    let port = serve(Speaks::as_one(authority.server(&["127.0.0.1"]))).await;
    let roots = trusting(folder.write("root.pem", &authority.pem)).extra_roots;
    for (credentials, in_url) in [(None, ""), (Some(("me", "p w")), "me:p%20w@")] {
        let socks = socks(0, credentials).await;
        let network = through(&format!("socks5://{in_url}127.0.0.1:{}", socks.port));
        let network = Network { extra_roots: roots.clone(), ..network };
        let heard = say(&network, &format!("https://127.0.0.1:{port}/")).await;
        assert_eq!(heard.as_deref(), Ok("- TLSv1_3 TLS13_AES_256_GCM_SHA384 0"));
        assert_eq!(*socks.seen.lock().unwrap(), [format!("127.0.0.1:{port}")]);
    }
    for (code, credentials, expected) in [
        (5, None, "connection refused"),
        (2, None, "connection not allowed by ruleset"),
        (0, Some(("me", "p")), "password auth failure, code: 1"),
    ] {
        let socks = socks(code, credentials).await;
        let url = format!("socks5h://me:wrong@127.0.0.1:{}", socks.port);
        let url = if credentials.is_none() { format!("socks5h://127.0.0.1:{}", socks.port) } else { url };
        let failure = say(&through(&url), "https://a.test/").await.unwrap_err();
        let message = format!("the proxy 127.0.0.1:{} did not connect to a.test:443: {expected}", socks.port);
        assert_eq!((failure.kind, failure.message), (FailureKind::Proxy, message));
        // The proxy resolves names.
        if credentials.is_none() {
            assert_eq!(*socks.seen.lock().unwrap(), ["a.test:443"]);
        }
    }
}

#[tokio::test]
async fn a_host_may_have_an_ipv6_address_only() {
    let Ok(listener) = TcpListener::bind("[::1]:0").await else { return };
    let port = listener.local_addr().unwrap().port();
    for host in ["[::1]", "localhost"] {
        let mut connector = Connector::default();
        let target = Target::of(&format!("http://{host}:{port}/"));
        let route = connector.route(&target, Hints::default(), &SendOptions::default()).unwrap();
        let mut phases = Phases::default();
        open(&mut connector, &route, &mut phases).await.unwrap();
        assert!(phases.dns.is_some() && phases.connect.is_some() && phases.tls.is_none());
        listener.accept().await.unwrap();
    }
}

#[test]
fn http_is_forwarded_and_a_requests_own_proxy_wins() {
    let mut connector = Connector::new(through("http://me:p@run.test:1"));
    let standard = SendOptions::default();
    let http = Target::of("http://a.test/");
    let route = connector.route(&http, Hints::default(), &standard).unwrap();
    assert!(route.is_forwarded());
    assert_eq!(route.proxy_authorization().as_deref(), Some("Basic bWU6cA=="));
    assert!(!format!("{route:?}").contains("bWU6cA"));

    let own = |matches: &str, tunnel| SendOptions {
        proxy: Some(RequestProxy {
            matches: matches.to_owned(),
            host: "own.test".to_owned(),
            port: 8080,
            tunnel,
            credentials: Some(("u".to_owned(), "p".to_owned())),
        }),
        ..SendOptions::default()
    };
    let matching = connector.route(&http, Hints::default(), &own("http://a.test/*", false)).unwrap();
    assert_eq!(matching.proxy_authorization().as_deref(), Some("Basic dTpw"));
    assert!(connector.route(&http, Hints::default(), &own("http://a.test/*", true)).unwrap().is_tunnelled());
    let other = connector.route(&http, Hints::default(), &own("http://b.test/*", false)).unwrap();
    assert_eq!(other, route);
    assert_ne!(matching, route);
}

#[test]
fn patterns_that_are_none_are_told_once() {
    let list = r#"[{"name": "mine", "matches": ["a.test/*", "https://a.test/*"], "cert": {"src": "a.pem"}}]"#;
    let certificates = ClientCertificate::parse_list(list).unwrap();
    let mut connector = Connector::new(Network { certificates, ..Network::default() });
    let proxy = RequestProxy {
        matches: "a.test".to_owned(),
        host: "p.test".to_owned(),
        port: 1,
        tunnel: false,
        credentials: None,
    };
    let options = SendOptions { proxy: Some(proxy), ..SendOptions::default() };
    for _ in 0..2 {
        let route = connector.route(&Target::of("http://a.test/"), Hints::default(), &options).unwrap();
        assert!(!route.is_forwarded());
    }
    let told: Vec<String> = connector.take_warnings().into_iter().map(|warning| warning.message).collect();
    assert_eq!(
        told,
        [
            "client certificate `mine`: `a.test/*` is no URL pattern: it matches nothing",
            "request.proxy.match: `a.test` is no URL pattern: the proxy is not used",
        ]
    );
}

#[test]
fn what_differs_is_not_pooled_together() {
    let network = Network {
        certificates: vec![ClientCertificate {
            matches: vec![UrlPattern::parse("https://a.test/in/*")],
            pfx: Some("ec.pfx".into()),
            passphrase: Some("opensesame".to_owned()),
            ..ClientCertificate::default()
        }],
        files: FileAccess::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates"), true),
        ..Network::default()
    };
    let mut connector = Connector::new(network);
    let standard = SendOptions::default();
    let tls = TlsOptions { disabled_protocols: vec!["TLSv1_3".to_owned()], ..TlsOptions::default() };
    let mut route = |url: &str, host, options: &SendOptions| {
        connector.route(&Target::of(url), Hints { host, ..Hints::default() }, options).unwrap()
    };
    let base = route("https://a.test/", None, &standard);
    assert_eq!(route("https://a.test/x?y", Some("a.test:443"), &standard), base);
    for (url, host, options) in [
        ("https://b.test/", None, standard.clone()),
        ("https://a.test:8443/", None, standard.clone()),
        ("http://a.test:443/", None, standard.clone()),
        ("https://a.test/in/", None, standard.clone()),
        ("https://a.test/", Some("c.test"), standard.clone()),
        ("https://a.test/", None, SendOptions { verify_tls: false, ..standard.clone() }),
        ("https://a.test/", None, SendOptions { tls, ..standard.clone() }),
    ] {
        assert_ne!(route(url, host, &options), base, "{url} {host:?}");
    }
}
