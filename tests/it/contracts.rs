//! Contracts for servers that are not the embedded one: the README's, and one of a product from PyPI. Each variant
//! violates exactly what is expected of it.
//!
//! The product is Django with djangorestframework-simplejwt, for the Python that `POSTPROOF_PYTHON` names; left out,
//! with a notice, where that has not got it.

mod cookies;

use crate::support::{Routed, in_repo, postproof, scratch};
use cookies::Fault;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The checks that a server violates under a contract.
fn violated(name: &str, contract: &Path, variables: &[(&str, &str)]) -> BTreeSet<String> {
    let folder = scratch(&format!("contracts-{name}"));
    let environment = folder.join("environment.json");
    std::fs::write(&environment, r#"{"name": "test", "values": []}"#).unwrap();
    let mut command = postproof();
    command.args(["conform", "-r", "json", "--contract"]).arg(contract).arg("-e").arg(environment);
    for (key, value) in variables {
        command.args(["--env-var", &format!("{key}={value}")]);
    }
    let output = command.current_dir(&folder).output().unwrap();
    let report = std::fs::read(folder.join("reports/report.json"));
    let report = report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let report: Value = serde_json::from_slice(&report).unwrap();
    let checks = report["conformance"]["checks"].as_array().unwrap();
    let of = |verdicts: &[&str]| -> BTreeSet<String> {
        let found = checks.iter().filter(|check| verdicts.contains(&check["verdict"].as_str().unwrap()));
        found.map(|check| check["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of(&["error"]), BTreeSet::new(), "{name}");
    assert_eq!(output.status.code(), Some(i32::from(!of(&["fail"]).is_empty())), "{name}");
    of(&["fail", "warn"])
}

fn ids(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// The README's contract.
fn acme(folder: &Path) -> std::path::PathBuf {
    let readme = std::fs::read_to_string(in_repo("README.md")).unwrap();
    let mut blocks = readme.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let path = folder.join("acme.toml");
    std::fs::write(&path, blocks.find(|block| block.contains("id = \"acme\"")).unwrap()).unwrap();
    path
}

#[test]
fn the_readme_s_contract_finds_what_is_wrong_with_a_server_of_cookies() {
    let contract = acme(&scratch("contracts-readme"));
    let rows: [(Option<Fault>, &[&str]); 7] = [
        (None, &[]),
        (Some(Fault::Reusable), &["rt.reuse.now", "rt.reuse.late", "rt.chain", "rt.samesecond"]),
        (Some(Fault::WrongSecretAccepted), &["rt.client.auth", "err.table.wrong-secret"]),
        (Some(Fault::OtherSecretAccepted), &["rt.client.auth", "err.table.other-secret"]),
        (
            Some(Fault::NoClients),
            &[
                "rt.client.auth",
                "rt.client.bind",
                "err.table.missing-key",
                "err.table.unknown-key",
                "err.table.wrong-secret",
                "err.table.other-secret",
                "err.table.other-client",
            ],
        ),
        (Some(Fault::NotRevoked), &["rt.family", "rt.family.deep", "rt.race.winner", "rt.race.mixed"]),
        (Some(Fault::OneDevice), &["rt.parallel"]),
    ];
    for (fault, expected) in rows {
        let served = Routed::start(cookies::router(fault));
        let variables = [
            ("baseUrl", served.base_url.as_str()),
            ("client-id", "web"),
            ("client-secret", "s3cret-web"),
            ("other-client-id", "app"),
            ("other-client-secret", "s3cret-app"),
            ("email", "a@example.com"),
            ("password", "correct horse"),
        ];
        let name = format!("cookies-{fault:?}");
        assert_eq!(violated(&name, &contract, &variables), ids(expected), "{fault:?}");
    }
}

/// A Django that serves until it is dropped.
struct Django(Child);

impl Drop for Django {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn simplejwt_is_told_from_its_misconfigurations() {
    let Some(python) = python() else { return };
    let folder = scratch("contracts-simplejwt");
    let contract = in_repo("tests/cases/contracts/simplejwt/contract.toml");
    // Cookies and caches are no business of an API of tokens in JSON; a refused token says why.
    let beside = ["rt.nostore", "err.oracle"];
    // Its blacklist is looked up, then written: every storm has several winners.
    let racing = ["rt.race", "rt.race.mixed"];
    let rows: [(&[&str], &[&str]); 3] = [
        (&[], &racing),
        (&["ROTATE_REFRESH_TOKENS"], &["rt.rotate"]),
        (&["BLACKLIST_AFTER_ROTATION"], &["rt.reuse.now", "rt.reuse.late", "rt.chain", "rt.samesecond"]),
    ];
    for (position, (off, expected)) in rows.into_iter().enumerate() {
        let mut process = Command::new(&python)
            .arg(in_repo("tests/cases/contracts/simplejwt/server.py"))
            .arg(folder.join(format!("{position}.sqlite")))
            .args(off)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let _django = Django(process);
        let base_url = format!("http://127.0.0.1:{}", port.trim());
        let found = violated(&format!("simplejwt-{position}"), &contract, &[("baseUrl", &base_url)]);
        let allowed = &ids(expected) | &ids(&beside);
        let sure: Vec<&&str> = expected.iter().filter(|id| !racing.contains(id)).collect();
        assert!(found.is_subset(&allowed), "{off:?}: {found:?}");
        assert!(sure.iter().all(|id| found.contains(**id)), "{off:?}: {found:?}");
        // Whether SQLite's lock lets two in at once is up to the scheduler.
        assert!(!off.is_empty() || found.contains("rt.race"), "{off:?}: {found:?}");
    }
}

/// A Python with the product, if there is one.
fn python() -> Option<String> {
    let python = std::env::var("POSTPROOF_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python)
        .args(["-c", "import rest_framework_simplejwt, django"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has {
        assert!(std::env::var_os("POSTPROOF_REQUIRE_PYTHON").is_none(), "{python} has no simplejwt");
        eprintln!("skipped: {python} has no Django with djangorestframework-simplejwt");
    }
    has.then_some(python)
}
