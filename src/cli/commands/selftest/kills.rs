//! The kill table: each fault of the reference server with the checks it must violate, and those it may violate beside
//! them because they rest on the same clause and whether they notice depends on the clock.

/// A fault, the checks it must violate, and those it may violate beside them.
pub(super) type Kill = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Faults that are judged by one contract.
pub(super) struct Table {
    pub(super) kills: &'static [Kill],
    /// The contract's text; the shipped one where there is none.
    pub(super) contract: Option<&'static str>,
    /// The fault that is none under this contract.
    pub(super) right: Option<&'static str>,
}

/// Every table there is.
pub(super) const TABLES: [Table; 4] = [
    Table { kills: KILLS, contract: None, right: None },
    Table { kills: KILLS_BEYOND, contract: Some(include_str!("extended.toml")), right: None },
    Table { kills: KILLS_IN_GRACE, contract: Some(include_str!("grace.toml")), right: Some("grace") },
    Table {
        kills: KILLS_IDEMPOTENT,
        contract: Some(include_str!("idempotent.toml")),
        right: Some("idempotent"),
    },
];

/// Checks that no fault of the reference server can violate, and why.
pub(super) const UNPROVEN: &[(&str, &str)] = &[
    (
        "err.table.wrong-secret",
        "its applications have no secrets; tests/it/contracts.rs proves it on another server",
    ),
    (
        "err.table.other-secret",
        "its applications have no secrets; tests/it/contracts.rs proves it on another server",
    ),
];

const KILLS: &[Kill] = &[
    ("replay-accepted", &["rt.reuse.now", "rt.reuse.late", "rt.chain"], &["rt.samesecond"]),
    // On a busy machine a storm takes so long that its last replays are late ones.
    ("replay-accepted-late", &["rt.reuse.late"], &["rt.chain", "rt.race.mixed"]),
    ("replay-accepted-early", &["rt.reuse.now"], &["rt.chain", "rt.samesecond"]),
    ("same-token-returned", &["rt.rotate"], &[]),
    ("same-second-reuse", &["rt.samesecond"], &["rt.reuse.now", "rt.reuse.late", "rt.chain"]),
    ("one-slot-store", &["rt.chain"], &[]),
    ("successor-dead", &["rt.chain"], &[]),
    ("no-successor", &["rt.rotate"], &[]),
    ("chain-limit", &["rt.chain"], &[]),
    ("access-not-renewed", &["rt.access"], &[]),
    ("access-dead", &["bearer.works"], &[]),
    ("login-access-dead", &["bearer.works"], &[]),
    ("wrong-shape", &["rt.shape"], &[]),
    ("legacy-token-missing", &["rt.shape"], &[]),
    ("wrong-subject-shape", &["rt.shape"], &[]),
    ("wrong-subject", &["rt.shape"], &[]),
    ("wrong-code", &["rt.reuse.code"], &[]),
    (
        "wrong-status",
        &["err.table.invalid", "rt.expiry", "rt.reuse.code", "rt.subject", "rt.subject.deleted"],
        &[],
    ),
    ("not-found-status", &["err.table.invalid"], &[]),
    // Its answer has a stack trace, and odd tokens are unknown ones.
    ("unknown-token-500", &["err.table.invalid", "err.leak"], &["err.robust"]),
    (
        "ok-with-error-body",
        &["err.table.invalid", "rt.expiry", "rt.reuse.code", "rt.subject", "rt.subject.deleted"],
        &[],
    ),
    // A token that is null or a number is none to it, and neither is one in a body of another content type.
    (
        "missing-field-500",
        &["err.table.missing-field", "err.table.null", "err.table.wrong-type", "err.leak", "err.robust"],
        &[],
    ),
    ("missing-field-401", &["err.table.missing-field", "err.table.null", "err.table.wrong-type"], &[]),
    ("missing-field-code", &["err.table.missing-field", "err.table.null", "err.table.wrong-type"], &[]),
    // An access token is an unknown refresh token to it.
    ("garbage-accepted", &["err.table.invalid", "rt.type", "rt.variants"], &[]),
    ("case-insensitive-token", &["rt.variants"], &[]),
    ("no-key-gate", &["err.table.missing-key", "rt.client.auth"], &[]),
    ("no-client-gate", &["err.table.missing-key", "err.table.unknown-key", "rt.client.auth"], &[]),
    ("unknown-key-accepted", &["err.table.unknown-key", "rt.client.auth"], &[]),
    ("wrong-key-status", &["err.table.missing-key", "err.table.unknown-key"], &[]),
    ("basic-required", &["rt.redeem"], &[]),
    ("expired-accepted", &["rt.expiry"], &[]),
    ("disabled-subject-accepted", &["rt.subject"], &[]),
    ("deleted-subject-accepted", &["rt.subject.deleted"], &[]),
    ("lockout-after-refusal", &["login.recover"], &[]),
    ("refresh-when-disabled", &["login.disabled"], &[]),
    ("wrong-lifetime", &["login.disabled"], &[]),
    ("no-short-token", &["login.access"], &[]),
    ("bearer-open", &["bearer.works"], &[]),
    ("grace", &["rt.reuse.now", "rt.reuse.late", "rt.chain"], &["rt.samesecond"]),
    ("idempotent", &["rt.reuse.now", "rt.reuse.late", "rt.chain"], &["rt.samesecond"]),
    ("access-expires-before-issue", &["login.disabled", "jwt.time"], &[]),
    ("used-token-500", &["rt.reuse.code", "err.leak"], &[]),
    ("expired-code", &["rt.expiry"], &[]),
    ("disabled-subject-code", &["rt.subject"], &[]),
    ("redeem-html-500", &["rt.redeem"], &[]),
    ("replay-ends-all-users", &["rt.family.isolated"], &[]),
    ("refresh-as-bearer", &["rt.type"], &[]),
    ("access-as-refresh", &["rt.type"], &[]),
    ("consumed-by-bad-key", &["rt.notconsumed.key"], &[]),
    // A body of another content type has no field for it.
    ("consumed-by-missing-field", &["rt.notconsumed.field", "rt.notconsumed.type"], &[]),
    ("consumed-by-content-type", &["rt.notconsumed.type"], &[]),
    ("consumed-by-malformed-body", &["rt.notconsumed.body"], &[]),
    ("consumed-by-other-client", &["rt.client.bind"], &[]),
    ("client-not-bound", &["rt.client.bind"], &[]),
    ("token-counter", &["rt.entropy"], &[]),
    ("token-timestamp", &["rt.entropy"], &[]),
    ("token-short", &["rt.entropy"], &[]),
    ("token-shared-prefix", &["rt.entropy"], &[]),
    ("access-issued-ahead", &["jwt.time"], &[]),
    ("access-subject-changes", &["jwt.claims"], &[]),
    ("access-audience-changes", &["jwt.claims"], &[]),
    ("error-without-message", &["err.envelope"], &[]),
    ("error-stack-trace", &["err.leak"], &[]),
    ("error-sql", &["err.leak"], &[]),
    ("error-path", &["err.leak"], &[]),
    ("error-echoes-token", &["err.leak"], &[]),
    ("refusals-told-apart", &["err.oracle"], &[]),
    ("empty-token-500", &["err.robust", "err.leak"], &[]),
    ("oversized-500", &["err.robust", "err.leak"], &[]),
    ("control-characters-500", &["err.robust", "err.leak"], &[]),
    ("invalid-utf8-500", &["err.robust", "err.leak"], &[]),
    ("media-type-500", &["err.robust", "err.leak"], &[]),
    ("race-check-then-delete", &["rt.race"], &["rt.race.mixed"]),
    ("race-rows-ignored", &["rt.race"], &["rt.race.mixed"]),
    ("race-two-replicas", &["rt.race"], &["rt.race.mixed"]),
    ("race-one-survivor", &["rt.race"], &["rt.race.mixed"]),
    ("race-shared-successor", &["rt.race"], &["rt.race.mixed"]),
    ("race-losers-500", &["rt.race"], &["rt.race.mixed"]),
    ("race-lost-update", &["rt.race.mixed"], &[]),
    ("redeem-content-type", &["rt.mediatype"], &[]),
    ("redeem-gzip-garbage", &["rt.redeem"], &[]),
    ("redeem-body-cut", &["rt.redeem"], &[]),
    ("redeem-reset", &["rt.redeem"], &[]),
    ("redeem-slow-head", &["rt.redeem"], &[]),
    ("redeem-unanswered", &["rt.redeem"], &[]),
];

/// The same for faults of what the shipped contract leaves open, and for checks that it does not have: judged by the
/// contract that leaves nothing open.
const KILLS_BEYOND: &[Kill] = &[
    ("family-revocation", &["rt.family", "rt.family.deep", "rt.race.winner"], &["rt.race.mixed"]),
    // A storm has replays, too.
    ("replay-ends-other-sessions", &["rt.family.isolated"], &["rt.race.mixed"]),
    ("old-access-revoked", &["bearer.old"], &[]),
    ("lost-answer-rolled-back", &["rt.lost"], &["rt.race"]),
    ("token-in-query", &["rt.nourl"], &[]),
    ("redeem-by-get", &["rt.nourl"], &[]),
    ("tokens-cacheable", &["rt.nostore"], &[]),
    ("one-session-a-subject", &["rt.parallel"], &[]),
    (
        "not-found-status",
        &["err.table.access-token", "err.table.empty", "err.table.invalid", "err.table.tampered"],
        &[],
    ),
    ("access-as-refresh", &["rt.type", "err.table.access-token"], &[]),
    ("client-not-bound", &["rt.client.bind", "err.table.other-client"], &[]),
    ("empty-token-500", &["err.robust", "err.leak", "err.table.empty"], &[]),
    ("invalid-utf8-500", &["err.robust", "err.leak", "err.table.broken-body"], &[]),
    ("media-type-500", &["err.robust", "err.leak", "err.table.content-type"], &[]),
];

/// The same for contracts under which a used token lives on for a while. What the sound server does is wrong there,
/// and `grace` and `idempotent` are right, each under its own.
const KILLS_IN_GRACE: &[Kill] = &[("grace-too-short", &["rt.lost"], &["rt.grace"])];
const KILLS_IDEMPOTENT: &[Kill] = &[("grace", &["rt.grace", "rt.race"], &["rt.race.mixed"])];

#[cfg(test)]
mod tests {
    use super::*;
    use postproof::conformance::registry::CHECKS;
    use std::collections::BTreeSet;

    #[test]
    fn every_fault_of_the_server_is_in_a_table() {
        let listed: BTreeSet<&str> = postproof::server::faults().iter().map(|fault| fault.name).collect();
        let seen = TABLES.iter().flat_map(|table| table.kills).map(|(fault, ..)| *fault).collect();
        assert_eq!(listed, seen, "the tables and the server's faults differ");
    }

    #[test]
    fn every_check_is_proven_by_the_fault_it_names() {
        for check in CHECKS {
            match check.proven_by {
                Some(fault) => {
                    let kills =
                        TABLES.iter().flat_map(|table| table.kills).filter(|(name, ..)| *name == fault);
                    let proven = kills.flat_map(|(_, must, _)| *must).any(|id| *id == check.id);
                    assert!(proven, "{} names {fault}, which does not violate it", check.id);
                }
                None => {
                    let excused = UNPROVEN.iter().any(|(id, _)| *id == check.id);
                    assert!(excused, "{} is proven by nothing", check.id);
                }
            }
        }
    }
}
