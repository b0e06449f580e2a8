//! What outlives a refusal: the token of a refused attempt, and the sessions beside one in which a token was replayed.

use super::{fate, redeem, refusal};
use crate::conformance::check::Finding;
use crate::conformance::fact::{Case, Doubt, Fact, RedeemFact};
use crate::contract::{Contract, ErrorCase, Fate};

/// A good redeem of a token that a refused attempt had presented before.
fn second_attempt(fact: &Fact) -> Option<(&RedeemFact, ErrorCase)> {
    let redeem = redeem(fact)?;
    (redeem.case == Case::Unspecified(Doubt::Attempted)).then_some(redeem).zip(redeem.attempted)
}

fn survived(redeem: &RedeemFact, attempted: ErrorCase) -> Finding {
    let Some(answer) = &redeem.answer else { return Finding::Unanswered };
    Finding::require(redeem.brought_tokens, || {
        format!("after a refused attempt ({}) the token was refused: {answer}", attempted.name())
    })
}

/// The token survived an attempt that was refused for that reason.
pub(in crate::conformance) fn attempt(fact: &Fact, reasons: &[ErrorCase]) -> Option<Finding> {
    let (redeem, attempted) = second_attempt(fact)?;
    reasons.contains(&attempted).then(|| survived(redeem, attempted))
}

pub(in crate::conformance) fn client_binding(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    if redeem.case == Case::OtherClient {
        return Some(refusal::refused(redeem.brought_tokens, redeem.answer.as_ref(), &redeem.case));
    }
    attempt(fact, &[ErrorCase::OtherClient])
}

pub(in crate::conformance) fn isolation(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    let Case::Unspecified(Doubt::ReplayedElsewhere { same_subject }) = redeem.case else { return None };
    let answer = redeem.answer.as_ref()?;
    let (documented, words) = if same_subject {
        let words = [
            "another session of the subject lives on after a replay",
            "a replay ends another session of the subject",
        ];
        (contract.rotation.after_replay.other_sessions, words)
    } else {
        let words =
            ["other subjects' sessions live on after a replay", "a replay ends another subject's session"];
        (Fate::Lives, words)
    };
    Some(fate(documented, redeem.brought_tokens, answer, words))
}

pub(in crate::conformance) fn parallel(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    if redeem.case != Case::Unspecified(Doubt::Superseded) {
        return None;
    }
    let answer = redeem.answer.as_ref()?;
    let words = [
        "a session lives on after a newer login of its subject",
        "a newer login of the subject ends a session",
    ];
    Some(match fate(Fate::Lives, redeem.brought_tokens, answer, words) {
        Finding::Kept => Finding::Noted(words[0].to_owned()),
        ended => ended,
    })
}
