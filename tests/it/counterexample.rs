//! What a walk writes down: a collection that fails where the check is violated, and passes on a server that is right.

use crate::support::{Served, in_parallel, in_repo, postproof, scratch};
use std::path::Path;

/// The exit of that collection against a server with these faults.
fn replayed(collection: &Path, faults: &[&str]) -> Option<i32> {
    let served = Served::start(faults);
    postproof()
        .arg("run")
        .arg(collection)
        .args(["--no-contract", "-r", "--env-var", &format!("baseUrl={}", served.base_url), "-e"])
        .arg(in_repo("environments/local.postman_environment.json"))
        .status()
        .unwrap()
        .code()
}

#[test]
fn a_counterexample_of_whatever_check_asks_of_a_server_only_what_is_right() {
    let folder = scratch("counterexample");
    let faults = [
        // The fault, what its collection says, and how it ends against a server with the fault.
        ("wrong-code", "pm.expect(pm.response.code).to.be.oneOf([401]);", 1),
        ("not-found-status", "err.table.invalid: ", 1),
        ("unknown-key-accepted", "err.table.unknown-key: ", 1),
        ("successor-dead", "rt.notconsumed.key: ", 1),
        ("one-slot-store", "rt.chain: ", 1),
        ("refusals-told-apart", "// err.oracle: ", 0),
    ];
    in_parallel(&faults, |(fault, says, faulty)| {
        let collection = folder.join(format!("{fault}.json"));
        let walk = ["conform", "--explore", "200", "--seed", "7", "-r", "--fault", fault, "--counterexample"];
        let output = postproof().args(walk).arg(&collection).current_dir(&folder).output().unwrap();
        let text = std::fs::read_to_string(&collection).unwrap_or_default();
        assert!(text.contains(says), "{fault}: {text}\n{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(replayed(&collection, &[fault]), Some(*faulty), "{fault}\n{text}");
        assert_eq!(replayed(&collection, &[]), Some(0), "{fault}\n{text}");
    });
}

#[test]
fn a_collection_that_cannot_be_written_is_told_before_anything_is_sent() {
    let folder = scratch("counterexample-unwritable");
    let walk = ["conform", "--explore", "50", "-r", "ndjson", "--counterexample", "missing/found.json"];
    let output = postproof().args(walk).current_dir(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("cannot write `missing/found.json`"), "{told}");
    assert!(!folder.join("reports").exists(), "it walked");
}

#[test]
fn a_collection_that_can_no_longer_be_written_ends_like_a_report_that_cannot() {
    // Everything that is written to it is lost.
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = scratch("counterexample-full");
    let walk = ["conform", "--explore", "50", "--seed", "7", "--fault", "replay-accepted", "-r"];
    let output =
        postproof().args(walk).args(["--counterexample", "/dev/full"]).current_dir(&folder).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("/dev/full"), "{told}");
}
