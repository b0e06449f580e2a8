//! How each check judges a fact: pure functions, named in the [registry](super::registry).

pub(super) mod access;
pub(super) mod race;
pub(super) mod refusal;
pub(super) mod secrecy;
pub(super) mod survival;
pub(super) mod table;

use super::check::Finding;
use super::fact::{
    Answer, Case, Doubt, Fact, Issued, LoginFact, PADDED, Presented, RedeemFact, Renewal, Shown,
};
use crate::contract::{Contract, ErrorCase, Fate, NewAccess, NewRefresh, Reuse};

/// Access tokens issued closer together than this may be byte-identical (JWT times are whole seconds).
pub(super) const SAME_SECOND_MS: f64 = 1_100.0;
/// A replay this long after the redeem is a late one.
pub(super) const LATE_MS: f64 = 1_000.0;

fn accepted_login(fact: &Fact) -> Option<&LoginFact> {
    match fact {
        Fact::Login(login) if login.answer.as_ref().is_some_and(Answer::accepted) => Some(login),
        _ => None,
    }
}

pub(super) fn login_access(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let login = accepted_login(fact)?;
    Some(Finding::require(login.has_access, || {
        let definition = &contract.login[login.login];
        let place = definition.tokens.access.described();
        format!("the {} login answered without an access token at {place}", definition.title)
    }))
}

pub(super) fn login_disabled(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let login = accepted_login(fact)?;
    let documented = login.disabled_client?;
    if login.has_refresh {
        let place = contract.login[login.login].tokens.refresh.described();
        return Some(Finding::violated(format!("the login answered with a refresh token at {place}")));
    }
    let lifetime = login.shown.as_ref().and_then(|shown| shown.claims.as_ref()?.lifetime_s());
    Some(match (documented, lifetime) {
        (None, _) => Finding::Kept,
        (Some(documented), Some(actual)) => Finding::require(documented == actual, || {
            format!("the access token lives {actual} s (exp - iat), documented are {documented} s")
        }),
        (Some(_), None) => {
            Finding::Inconclusive("the access token is no JWT with `iat` and `exp`".to_owned())
        }
    })
}

pub(super) fn login_recover(_: &Contract, fact: &Fact) -> Option<Finding> {
    let Fact::Login(login) = fact else { return None };
    if !login.recovering {
        return None;
    }
    let Some(answer) = &login.answer else { return Some(Finding::Unanswered) };
    Some(Finding::require(answer.accepted(), || {
        format!(
            "after a refused redeem the login was refused too: {answer}; the same login had worked before"
        )
    }))
}

fn redeem(fact: &Fact) -> Option<&RedeemFact> {
    match fact {
        Fact::Redeem(redeem) => Some(redeem),
        _ => None,
    }
}

pub(super) fn rt_redeem(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    let Case::Live { depth } = redeem.case else { return None };
    let Some(answer) = &redeem.answer else {
        return (depth == 0).then(|| broken_off(redeem, "a fresh refresh token"));
    };
    match (redeem.brought_tokens, redeem.authorization) {
        (false, _) if depth > 0 && !answer.accepted() => None, // the chain's business
        (false, _) if !answer.accepted() => {
            Some(Finding::violated(format!("a fresh refresh token was refused: {answer}")))
        }
        (false, _) => Some(Finding::violated(format!("the answer ({answer}) holds no tokens"))),
        (true, true) => None, // proves nothing about the application's key alone
        (true, false) => Some(Finding::Kept),
    }
}

/// What must be accepted, and got no answer: a server that was reached broke off, anything else says nothing of it.
fn broken_off(redeem: &RedeemFact, what: &str) -> Finding {
    match &redeem.broken_off {
        Some(how) => Finding::violated(format!("{what} got no complete answer: {how}")),
        None => Finding::Unanswered,
    }
}

/// What the tokens of an answer show.
fn shown(fact: &Fact) -> Option<&Shown> {
    match fact {
        Fact::Login(login) => login.shown.as_ref(),
        Fact::Redeem(redeem) => redeem.shown.as_ref(),
        Fact::Protected(_) | Fact::Storms(..) => None,
    }
}

/// What a regular redeem brought.
fn issued(fact: &Fact) -> Option<&Issued> {
    let redeem = redeem(fact)?;
    matches!(redeem.case, Case::Live { .. }).then_some(redeem.issued.as_ref()).flatten()
}

pub(super) fn rt_rotate(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let place = || contract.tokens.refresh.described();
    Some(match (issued(fact)?.refresh, contract.rotation.new_refresh) {
        (Renewal::Absent, NewRefresh::Absent) => Finding::Kept,
        (_, NewRefresh::Absent) => {
            Finding::violated("the answer carries a refresh token, and none is documented")
        }
        (Renewal::Absent, _) => {
            Finding::violated(format!("the answer carries no new refresh token at {}", place()))
        }
        (Renewal::Old { .. }, NewRefresh::Differs) => {
            Finding::violated("the answer carries a refresh token that was issued before")
        }
        _ => Finding::Kept,
    })
}

pub(super) fn rt_access(contract: &Contract, fact: &Fact) -> Option<Finding> {
    Some(match issued(fact)?.access {
        Renewal::New => Finding::Kept,
        Renewal::Absent => {
            let place = contract.tokens.access.described();
            Finding::violated(format!("the answer carries no new access token at {place}"))
        }
        Renewal::Old { .. } if contract.rotation.new_access == NewAccess::MayBeSame => Finding::Kept,
        Renewal::Old { age_ms } if age_ms < SAME_SECOND_MS => Finding::Inconclusive(
            "the access token equals the one before it, but both fall into one second: ask again later"
                .to_owned(),
        ),
        Renewal::Old { age_ms } => Finding::violated(format!(
            "the answer carries the access token issued {:.1} s before",
            age_ms / 1000.0
        )),
    })
}

pub(super) fn rt_shape(_: &Contract, fact: &Fact) -> Option<Finding> {
    let issued = issued(fact)?;
    if let Some(diff) = &issued.shape_mismatch {
        let reason = "the answer does not have the shape of the login that issued the token".to_owned();
        return Some(Finding::Violated { reason, diff: Some(diff.clone()) });
    }
    Some(Finding::require(issued.same_subject != Some(false), || {
        "the answer names another subject than the login that issued the token".to_owned()
    }))
}

/// A used token presented again: refused, or it brought tokens.
fn replay(redeem: &RedeemFact, accepted: impl FnOnce() -> String) -> Finding {
    if let Case::Used { contradicted: true, .. } = redeem.case {
        return Finding::Inconclusive("its session had contradicted the contract before".to_owned());
    }
    match &redeem.answer {
        None => Finding::Unanswered,
        Some(_) if redeem.brought_tokens => Finding::violated(accepted()),
        Some(answer) if answer.refused() => Finding::Kept,
        Some(answer) => Finding::Inconclusive(format!("neither accepted nor refused: {answer}")),
    }
}

pub(super) fn rt_reuse_now(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    let Case::Used { age_ms, behind: 1, .. } = redeem.case else { return None };
    (age_ms < LATE_MS).then(|| {
        replay(redeem, || format!("a used token was accepted again {age_ms:.0} ms after its redeem"))
    })
}

pub(super) fn rt_reuse_late(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    let Case::Used { age_ms, behind: 1, .. } = redeem.case else { return None };
    (age_ms >= LATE_MS).then(|| {
        replay(redeem, || format!("a used token was accepted again {:.1} s after its redeem", age_ms / 1e3))
    })
}

pub(super) fn rt_grace(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    let Case::Reuse { age_ms } = redeem.case else { return None };
    let Some(answer) = &redeem.answer else { return Some(Finding::Unanswered) };
    let since = age_ms / 1e3;
    if !redeem.brought_tokens {
        return Some(Finding::violated(format!(
            "a used token was refused {since:.1} s after its redeem: {answer}"
        )));
    }
    let idempotent = matches!(contract.rotation.reuse, Reuse::Idempotent(_));
    let same = redeem.issued.as_ref().is_some_and(|issued| issued.same_successor);
    Some(Finding::require(same || !idempotent, || {
        format!("a used token brought another successor {since:.1} s after its redeem")
    }))
}

pub(super) fn rt_samesecond(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    let Case::Used { behind: 1, same_second: true, .. } = redeem.case else { return None };
    Some(replay(redeem, || "a token issued and redeemed within one second was accepted again".to_owned()))
}

pub(super) fn rt_chain(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    match redeem.case {
        Case::Live { depth } if depth > 0 => Some(match &redeem.answer {
            None => broken_off(redeem, "the successor"),
            Some(answer) => Finding::require(redeem.brought_tokens, || {
                format!("the successor was refused after {depth} rotation(s): {answer}")
            }),
        }),
        Case::Used { behind, .. } if behind > 1 => {
            Some(replay(redeem, || format!("a token used {behind} rotations ago was accepted again")))
        }
        _ => None,
    }
}

pub(super) fn rt_reuse_code(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    match redeem.case {
        // Acceptance is judged by the checks on reuse.
        Case::Used { .. } if redeem.brought_tokens => {
            Some(Finding::Inconclusive("a used token was accepted: there was no refusal to judge".to_owned()))
        }
        Case::Used { .. } => table::row(contract, ErrorCase::Used, redeem),
        _ => None,
    }
}

pub(super) fn rt_variants(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    let Case::Garbage { variant: Some(variant) } = redeem.case else { return None };
    Some(match &redeem.answer {
        None => Finding::Unanswered,
        // Many a parser of forms and JSON trims texts before anybody looks at them: it is the same token then.
        Some(_) if variant == PADDED && redeem.brought_tokens => {
            Finding::Noted("blanks around a token are ignored".to_owned())
        }
        Some(answer) => {
            Finding::require(!redeem.brought_tokens, || format!("a {variant} token was accepted: {answer}"))
        }
    })
}

pub(super) fn rt_family(contract: &Contract, fact: &Fact) -> Option<Finding> {
    family(contract, fact, false)
}

pub(super) fn rt_family_deep(contract: &Contract, fact: &Fact) -> Option<Finding> {
    family(contract, fact, true)
}

/// The newest token of a session in which its ancestor, or an older one, was presented again.
fn family(contract: &Contract, fact: &Fact, after_deep: bool) -> Option<Finding> {
    let redeem = redeem(fact)?;
    if redeem.case != Case::Unspecified(Doubt::Replayed { deep: after_deep }) {
        return None;
    }
    let answer = redeem.answer.as_ref()?;
    let (lives, revoked) = ("the newest token lives on after a replay", "a replay revokes the newest token");
    Some(fate(contract.rotation.after_replay.successor, redeem.brought_tokens, answer, [lives, revoked]))
}

/// Whether a token fared as the contract says; recorded where it does not say. `words` tell how it fared.
fn fate(documented: Fate, lives: bool, answer: &Answer, words: [&str; 2]) -> Finding {
    let told = if lives { words[0].to_owned() } else { format!("{} ({answer})", words[1]) };
    match documented {
        Fate::Unspecified => Finding::Noted(told),
        Fate::Lives => Finding::require(lives, || told),
        Fate::Revoked if !lives && !answer.refused() => {
            Finding::Inconclusive(format!("neither accepted nor refused: {answer}"))
        }
        Fate::Revoked => Finding::require(!lives, || told),
    }
}

pub(super) fn bearer_works(_: &Contract, fact: &Fact) -> Option<Finding> {
    let Fact::Protected(protected) = fact else { return None };
    let answer = protected.answer.as_ref();
    match (protected.presented, answer) {
        (Presented::Nothing, Some(answer)) if answer.accepted() => {
            Some(Finding::violated(format!("{} answers {answer} without a token", protected.route)))
        }
        (Presented::Current, None) => Some(Finding::Unanswered),
        (Presented::Current, Some(answer)) if answer.accepted() && protected.guarded => Some(Finding::Kept),
        (Presented::Current, Some(answer)) if answer.accepted() => Some(Finding::Inconclusive(format!(
            "{} was not seen refusing a request without a token, so its {answer} proves nothing",
            protected.route
        ))),
        (Presented::Current, Some(answer)) if protected.refused => {
            Some(Finding::violated(format!("{} refused a current access token: {answer}", protected.route)))
        }
        (Presented::Current, Some(answer)) => Some(Finding::Inconclusive(format!(
            "{} answered {answer}, which proves nothing",
            protected.route
        ))),
        _ => None,
    }
}

pub(super) fn bearer_old(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let Fact::Protected(protected) = fact else { return None };
    let answer = protected.answer.as_ref().filter(|_| protected.presented == Presented::Replaced)?;
    let (lives, revoked) =
        ("the old access token lives on after a redeem", "a redeem revokes the old access token");
    Some(fate(contract.rotation.old_access, answer.accepted(), answer, [lives, revoked]))
}
