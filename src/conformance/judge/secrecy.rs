//! How tokens are kept secret and handed over: hard to guess, stored nowhere on their way, declared as what they are.

use super::shown;
use crate::conformance::check::Finding;
use crate::conformance::fact::{Answer, Fact};
use crate::contract::Contract;

/// Bits that a refresh token needs (RFC 6749 §10.10: a chance of at most 2^-128).
const NEEDED_BITS: f64 = 128.0;
/// By how much the estimate may be too low: a few positions that spread little by accident, the fixed digits of a
/// UUID (122 bits).
const MARGIN_BITS: f64 = 16.0;

pub(in crate::conformance) fn entropy(_: &Contract, fact: &Fact) -> Option<Finding> {
    let strength = shown(fact)?.strength?;
    let told = || {
        let alike = match strength.alike {
            0..8 => String::new(),
            alike => format!("; their first {alike} characters are alike"),
        };
        format!("{} refresh tokens differ in about {:.0} bits{alike}", strength.tokens, strength.bits)
    };
    Some(match strength.bits {
        bits if bits < NEEDED_BITS - MARGIN_BITS => {
            Finding::violated(format!("{}, needed are {NEEDED_BITS}", told()))
        }
        _ => Finding::Noted(told()),
    })
}

/// Tokens in JSON are declared as JSON (RFC 6749 §5.1), or as a format of its syntax (RFC 6839 §3.1).
pub(in crate::conformance) fn media_type(_: &Contract, fact: &Fact) -> Option<Finding> {
    shown(fact)?;
    let answer = answer(fact).filter(|answer| answer.json.is_some())?;
    let declared = answer.headers.get("content-type").unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim().to_lowercase();
    let kept = essence == "application/json" || (essence.contains('/') && essence.ends_with("+json"));
    Some(Finding::require(kept, || match essence.as_str() {
        "" => "an answer with tokens in JSON has no `Content-Type`".to_owned(),
        _ => format!("an answer with tokens in JSON says `Content-Type: {declared}`"),
    }))
}

/// The answer that may bring tokens.
fn answer(fact: &Fact) -> Option<&Answer> {
    match fact {
        Fact::Login(login) => login.answer.as_ref(),
        Fact::Redeem(redeem) => redeem.answer.as_ref(),
        Fact::Protected(_) | Fact::Storms(..) => None,
    }
}

pub(in crate::conformance) fn nostore(_: &Contract, fact: &Fact) -> Option<Finding> {
    shown(fact)?;
    let answer = answer(fact)?;
    let directives = answer.headers.get_all("cache-control").flat_map(|field| field.split(','));
    let mut directives = directives.map(|directive| directive.trim().to_lowercase());
    Some(Finding::require(directives.any(|directive| directive == "no-store"), || {
        match answer.headers.get("cache-control") {
            Some(field) => format!("an answer with tokens says `Cache-Control: {field}`, not `no-store`"),
            None => "an answer with tokens has no `Cache-Control: no-store`".to_owned(),
        }
    }))
}
