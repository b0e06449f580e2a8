//! TLS, client certificates and proxies by the command line: what servers see of postproof, and, where newman is
//! installed, that they see the same of newman.

mod world;

use crate::newman::newman;
use crate::support::{postproof, scratch};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use world::World;

/// One collection, run with some options in some environment.
struct Run<'r> {
    name: &'r str,
    requests: Vec<Value>,
    options: &'r [&'r str],
    environment: Vec<(&'r str, String)>,
}

/// What a run came to: what was seen of it, and how it ended.
#[derive(Debug)]
struct Seen {
    log: Vec<String>,
    exit: i32,
}

impl Run<'_> {
    fn collection(&self) -> Value {
        let items: Vec<Value> =
            self.requests.iter().map(|request| json!({"name": "r", "request": request})).collect();
        json!({"info": {"name": self.name, "schema": SCHEMA}, "item": items})
    }

    fn by(&self, mut command: Command, world: &World, folder: &Path) -> (Seen, String) {
        std::fs::write(folder.join("collection.json"), self.collection().to_string()).unwrap();
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command.current_dir(folder).args(["run", "collection.json"]).args(self.options);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = command.stdout(std::process::Stdio::piped()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let seen = Seen { log: world.take(), exit: output.status.code().unwrap() };
        // Wherever lines are broken.
        let text = String::from_utf8_lossy(&text);
        (seen, text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Runs it and, where there is one, newman, of which the same must have been seen.
    fn check(&self, world: &World, folder: &Path) -> (Seen, String) {
        let (ours, text) = self.by(postproof(), world, folder);
        if let Some(newman) = newman() {
            let (theirs, their_text) = self.by(newman, world, folder);
            assert_eq!(
                (&ours.log, ours.exit == 0),
                (&theirs.log, theirs.exit == 0),
                "{}: here\n{text}\nnewman\n{their_text}",
                self.name
            );
        }
        (ours, text)
    }
}

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// A request that sends nothing of its own.
fn get(url: String) -> Value {
    json!({"url": url, "method": "GET"})
}

#[test]
fn servers_are_trusted_as_newman_trusts_them() {
    let folder = scratch("network-trust");
    let world = World::start(&folder);
    let (known, unknown) =
        (format!("https://localhost:{}/a", world.tls), format!("https://127.0.0.1:{}/b", world.self_signed));
    let root = folder.join("root.pem").display().to_string();
    for (name, options, environment, exit, seen) in [
        // Nobody was reached: the run did no work.
        ("no root", &[][..], vec![], 4, 0),
        ("--ssl-extra-ca-certs", &["--ssl-extra-ca-certs", "root.pem"], vec![], 1, 1),
        ("NODE_EXTRA_CA_CERTS", &[], vec![("NODE_EXTRA_CA_CERTS", root)], 1, 1),
        ("-k", &["-k"], vec![], 0, 2),
    ] {
        let requests = vec![get(known.clone()), get(unknown.clone())];
        let (ours, text) = Run { name, requests, options, environment }.check(&world, &folder);
        assert_eq!((ours.exit, ours.log.len()), (exit, seen), "{name}: {text}");
        if seen < 2 {
            assert!(text.contains("unable to verify the first certificate"), "{name}: {text}");
        }
    }
}

#[test]
fn certificates_of_clients_go_where_the_list_says() {
    let folder = scratch("network-clients");
    let world = World::start(&folder);
    let list = json!([
        {"matches": [format!("https://localhost:{}/one/*", world.tls)], "cert": {"src": "client.pem"}, "key": {"src": "client.key"}},
        {"matches": ["https://*:*/two*"], "cert": {"src": "other.pem"}, "key": {"src": "other.key"}},
    ]);
    std::fs::write(folder.join("list.json"), list.to_string()).unwrap();
    let url = |path: &str| get(format!("https://localhost:{}{path}", world.tls));
    let requests =
        vec![url("/one/x"), url("/two"), url("/three"), get(format!("http://127.0.0.1:{}/two", world.plain))];
    let listed = ["--ssl-extra-ca-certs", "root.pem", "--ssl-client-cert-list", "list.json"];
    let run = Run { name: "list", requests: requests.clone(), options: &listed, environment: vec![] };
    let (ours, _) = run.check(&world, &folder);
    let clients: Vec<&str> = ours.log.iter().map(|line| line.split(" | ").next().unwrap()).collect();
    assert_eq!(
        clients,
        [
            "tls sni=localhost client=client one",
            "tls sni=localhost client=client two",
            "tls sni=localhost client=-",
            "plain"
        ]
    );
    // The list first, then the one for all other URLs.
    let options =
        [&listed[..], &["--ssl-client-cert", "client.pem", "--ssl-client-key", "client.key"]].concat();
    let run = Run { name: "all others", requests, options: &options, environment: vec![] };
    let (ours, _) = run.check(&world, &folder);
    assert!(ours.log[2].starts_with("tls sni=localhost client=client one | GET /three"), "{:?}", ours.log);
}

#[test]
fn a_certificate_that_cannot_be_read_is_a_warning() {
    let folder = scratch("network-unreadable");
    let world = World::start(&folder);
    let requests = vec![get(format!("https://localhost:{}/", world.tls))];
    let options = [
        "--ssl-extra-ca-certs",
        "root.pem",
        "--ssl-client-cert",
        "gone.pem",
        "--ssl-client-key",
        "client.key",
    ];
    let run = Run { name: "gone", requests: requests.clone(), options: &options, environment: vec![] };
    let (ours, text) = run.check(&world, &folder);
    assert_eq!(ours.exit, 0, "{text}");
    assert!(text.contains("cert file `gone.pem` cannot be read: there is no such file"), "{text}");
    let strict = [&options[..], &["--strict"]].concat();
    let run = Run { name: "strict", requests, options: &strict, environment: vec![] };
    assert_eq!(run.by(postproof(), &world, &folder).0.exit, 1);
}

#[test]
fn redirects_take_a_certificate_along_only_where_it_belongs() {
    let folder = scratch("network-redirect");
    let world = World::start(&folder);
    let list = json!([{"matches": [format!("https://localhost:{}/*", world.tls)], "cert": {"src": "client.pem"}, "key": {"src": "client.key"}}]);
    std::fs::write(folder.join("list.json"), list.to_string()).unwrap();
    let requests = vec![get(format!("https://localhost:{}/to-{}", world.tls, world.tls))];
    let options = ["--ssl-extra-ca-certs", "root.pem", "--ssl-client-cert-list", "list.json"];
    let run = Run { name: "redirect", requests, options: &options, environment: vec![] };
    let (ours, _) = run.by(postproof(), &world, &folder);
    assert!(ours.log[0].starts_with("tls sni=localhost client=client one | GET /to-"), "{:?}", ours.log);
    assert!(ours.log[1].starts_with("tls sni=- client=- | GET /redirected"), "{:?}", ours.log);
    if let Some(newman) = newman() {
        // The difference `certificate-hop`.
        let (theirs, text) = run.by(newman, &world, &folder);
        assert!(
            theirs.log[1].starts_with("tls sni=- client=client one | GET /redirected"),
            "{:?} {text}",
            theirs.log
        );
    }
}

#[test]
fn proxies_of_the_environment_see_the_same_of_both() {
    let folder = scratch("network-proxy");
    let world = World::start(&folder);
    let through = format!("http://me:p%20w@127.0.0.1:{}", world.proxy);
    let requests = vec![
        get(format!("http://127.0.0.1:{}/a?b=c", world.plain)),
        get(format!("https://127.0.0.1:{}/d", world.tls)),
        get("http://elsewhere.test/e".to_owned()),
    ];
    let options = ["--ssl-extra-ca-certs", "root.pem"];
    for (name, environment, proxied) in [
        ("http", vec![("HTTP_PROXY", through.clone())], 3),
        ("https", vec![("https_proxy", through.clone())], 1),
        (
            "bypass",
            vec![("HTTP_PROXY", through.clone()), ("NO_PROXY", format!("x.test,127.0.0.1:{}", world.plain))],
            2,
        ),
    ] {
        // Without a proxy, nobody answers for the last one.
        let requests = if name == "https" { requests[..2].to_vec() } else { requests.clone() };
        let run = Run { name, requests, options: &options, environment };
        let (ours, text) = run.check(&world, &folder);
        assert_eq!(ours.exit, 0, "{name}: {text}");
        let of_proxy: Vec<&String> = ours.log.iter().filter(|line| line.starts_with("proxy")).collect();
        assert_eq!(of_proxy.len(), proxied, "{name}: {:?}", ours.log);
        assert!(
            of_proxy.iter().all(|line| line.to_lowercase().contains("proxy-authorization: basic bwu6ccb3"))
        );
        assert!(!text.contains("p%20w") && !text.contains("bWU6cCB3"), "{text}");
    }
    // The same by our own option; nothing of the proxy's credentials is in what is told.
    let options = ["--ssl-extra-ca-certs", "root.pem", "--proxy", &through, "--verbose"];
    let run = Run { name: "option", requests, options: &options, environment: vec![] };
    let (ours, text) = run.by(postproof(), &world, &folder);
    assert_eq!(ours.log.iter().filter(|line| line.starts_with("proxy")).count(), 3, "{text}");
    assert!(!text.contains("p%20w") && !text.contains("bWU6cCB3"), "{text}");
    assert!(text.contains("ssl-handshake"), "{text}");
}

#[test]
fn a_requests_own_proxy_sees_the_same_of_both() {
    let folder = scratch("network-own-proxy");
    let world = World::start(&folder);
    let with = |tunnel: bool| {
        json!({
            "url": format!("http://127.0.0.1:{}/own", world.plain),
            "method": "GET",
            "proxy": {"match": "http+https://*:*/*", "host": "127.0.0.1", "port": world.proxy, "tunnel": tunnel},
        })
    };
    let run = Run { name: "own", requests: vec![with(false), with(true)], options: &[], environment: vec![] };
    let (ours, text) = run.check(&world, &folder);
    assert_eq!(ours.log.len(), 3, "{:?} {text}", ours.log);
    assert!(ours.log[0].starts_with("proxy | GET http://127.0.0.1:"), "{:?}", ours.log);
    assert!(ours.log[1].starts_with("proxy | CONNECT 127.0.0.1:"), "{:?}", ours.log);
}

#[test]
fn a_handshake_nobody_answers_ends_at_the_time_limit() {
    let folder = scratch("network-silence");
    let world = World::start(&folder);
    // The system accepts the connection; nobody ever reads from it.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let requests = vec![get(format!("https://{}/", silent.local_addr().unwrap()))];
    let run = Run { name: "silence", requests, options: &["--timeout-request", "80"], environment: vec![] };
    let (ours, text) = run.check(&world, &folder);
    assert_ne!(ours.exit, 0, "{text}");
    assert!(text.contains("80 ms"), "{text}");
}

#[test]
fn phases_are_averaged_in_the_json_report() {
    let folder = scratch("network-phases");
    let world = World::start(&folder);
    let requests = vec![get(format!("https://localhost:{}/a", world.tls)); 2];
    let options = ["--ssl-extra-ca-certs", "root.pem", "-r", "json", "--reporter-json-export", "report.json"];
    let run = Run { name: "phases", requests, options: &options, environment: vec![] };
    let (ours, text) = run.by(postproof(), &world, &folder);
    assert_eq!((ours.exit, ours.log.len()), (0, 2), "{text}");
    let report: Value = serde_json::from_slice(&std::fs::read(folder.join("report.json")).unwrap()).unwrap();
    let timings = &report["run"]["timings"];
    let number = |key: &str| timings.get(key).or(report["timings"].get(key)).and_then(Value::as_f64).unwrap();
    assert!(
        number("firstByteAverage") > 0.0 && number("firstByteAverage") <= number("responseAverage"),
        "{report}"
    );
    assert!(number("dnsAverage") > 0.0 && number("dnsMin") <= number("dnsMax"), "{report}");
}
