//! What every refusal has in common: its envelope, what it must not give away, that it is one at all.

use super::redeem;
use crate::conformance::check::Finding;
use crate::conformance::fact::{Answer, Case, Fact, Likeness, OVERSIZED};
use crate::contract::Contract;

/// Status of a server that says it cannot serve now: no answer to the request (RFC 9110 §15.6.4).
const UNAVAILABLE: u16 = 503;

/// Why a refusal proves nothing.
pub(super) const SPENT_WRONGLY: &str =
    "its token had been spent by a request that ought to have been refused";

/// The answer, when it is an error.
fn error(fact: &Fact) -> Option<&Answer> {
    let answer = match fact {
        Fact::Login(login) => &login.answer,
        Fact::Redeem(redeem) => &redeem.answer,
        Fact::Protected(protected) => &protected.answer,
        Fact::Storms(..) => return None,
    };
    answer.as_ref().filter(|answer| answer.status >= 400)
}

pub(in crate::conformance) fn envelope(contract: &Contract, fact: &Fact) -> Option<Finding> {
    redeem(fact)?;
    // What is no JSON has no envelope; whether it had to be JSON the error table says.
    let json = error(fact)?.json.as_ref()?;
    let missing = contract.errors.envelope.iter().find(|pointer| json.pointer(pointer).is_none());
    Some(match missing {
        None => Finding::Kept,
        Some(pointer) => Finding::violated(format!("an error body lacks `{pointer}`")),
    })
}

pub(in crate::conformance) fn leak(_: &Contract, fact: &Fact) -> Option<Finding> {
    let answer = error(fact)?;
    Some(match answer.given_away {
        None => Finding::Kept,
        Some(what) => Finding::violated(format!("an error body ({answer}) holds {what}")),
    })
}

pub(in crate::conformance) fn oracle(_: &Contract, fact: &Fact) -> Option<Finding> {
    Some(match redeem(fact)?.likeness.as_ref()? {
        Likeness::Alike => Finding::Kept,
        Likeness::Differs { this, other } => {
            Finding::violated(format!("the refusal of {this} can be told from that of {other}"))
        }
    })
}

pub(in crate::conformance) fn robust(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    if !matches!(redeem.case, Case::Odd(_) | Case::Malformed(_)) {
        return None;
    }
    let Some(answer) = &redeem.answer else {
        // Who sends too much may find the connection closed before all of it was taken.
        let oversized = redeem.case == Case::Odd(OVERSIZED);
        return (!oversized).then_some(Finding::Unanswered);
    };
    Some(match answer.status {
        UNAVAILABLE => Finding::Inconclusive(format!("the server says it cannot serve now: {answer}")),
        500.. => Finding::violated(format!("a redeem with a {} is answered {answer}", redeem.case)),
        _ => Finding::Kept,
    })
}

/// An application that does not prove who it is gets no tokens.
pub(in crate::conformance) fn client_auth(_: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    match redeem.case {
        Case::MissingClient | Case::UnknownClient | Case::WrongSecret | Case::OtherClientCredentials => {
            if redeem.spent_wrongly && !redeem.brought_tokens {
                return Some(Finding::Inconclusive(SPENT_WRONGLY.to_owned()));
            }
            Some(refused(redeem.brought_tokens, redeem.answer.as_ref(), &redeem.case))
        }
        _ => None,
    }
}

/// A token of this run in the URL brings nothing, and no answer puts one into a URL.
pub(in crate::conformance) fn nourl(_: &Contract, fact: &Fact) -> Option<Finding> {
    if let Some(shown) = super::shown(fact)
        && shown.in_location
    {
        return Some(Finding::violated("a `Location` field holds a token"));
    }
    let redeem = redeem(fact)?;
    let Case::InUrl { .. } = redeem.case else { return None };
    Some(refused(redeem.brought_tokens, redeem.answer.as_ref(), &redeem.case))
}

/// Refused in any way.
pub(super) fn refused(brought_tokens: bool, answer: Option<&Answer>, case: &Case) -> Finding {
    match answer {
        None => Finding::Unanswered,
        Some(answer) if brought_tokens => Finding::violated(format!("{case}: accepted ({answer})")),
        Some(answer) if answer.refused() => Finding::Kept,
        Some(answer) => Finding::Inconclusive(format!("neither accepted nor refused: {answer}")),
    }
}
