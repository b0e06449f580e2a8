//! Access tokens: what their claims say, and that neither kind of token passes for the other.

use super::{redeem, refusal, shown};
use crate::conformance::check::Finding;
use crate::conformance::fact::{Case, Fact, Presented};
use crate::contract::Contract;

/// By how much two clocks may differ, seconds.
const SKEW_S: f64 = 300.0;

pub(in crate::conformance) fn times(_: &Contract, fact: &Fact) -> Option<Finding> {
    let shown = shown(fact)?;
    let claims = shown.claims.as_ref()?;
    let Some(issued_s) = claims.issued_s else {
        let reason = "the access token is a JWT without `iat`".to_owned();
        return Some(Finding::Inconclusive(reason));
    };
    if claims.expires_s.is_some_and(|expires_s| expires_s <= issued_s) {
        return Some(Finding::violated("the access token's `exp` is not after its `iat`"));
    }
    // One that was issued before says when that was.
    let apart_s = if shown.new_access { issued_s - shown.now_s } else { 0.0 };
    Some(Finding::require(apart_s.abs() <= SKEW_S, || {
        let direction = if apart_s > 0.0 { "ahead" } else { "behind" };
        format!("the `iat` of a new access token is {:.0} s {direction}", apart_s.abs())
    }))
}

pub(in crate::conformance) fn claims(_: &Contract, fact: &Fact) -> Option<Finding> {
    let changed = shown(fact)?.changed_claims.as_ref()?;
    Some(Finding::require(changed.is_empty(), || {
        let changed: Vec<String> = changed.iter().map(|name| format!("`{name}`")).collect();
        format!("the access token of a redeem has another {} than that of its login", changed.join(", "))
    }))
}

pub(in crate::conformance) fn kinds(_: &Contract, fact: &Fact) -> Option<Finding> {
    if let Fact::Protected(protected) = fact {
        if protected.presented != Presented::Refresh {
            return None;
        }
        let Some(answer) = &protected.answer else { return Some(Finding::Unanswered) };
        return Some(match answer.accepted() {
            true if protected.guarded => {
                Finding::violated(format!("{} accepted a refresh token: {answer}", protected.route))
            }
            true => Finding::Inconclusive(format!("{} accepts whatever comes", protected.route)),
            false if protected.refused => Finding::Kept,
            false => Finding::Inconclusive(format!("{} answered {answer}", protected.route)),
        });
    }
    let redeem = redeem(fact)?;
    (redeem.case == Case::AccessToken)
        .then(|| refusal::refused(redeem.brought_tokens, redeem.answer.as_ref(), &redeem.case))
}
