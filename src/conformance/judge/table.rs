//! The rows of the contract's error table: each refusal to the letter.

use super::{redeem, refusal};
use crate::conformance::check::Finding;
use crate::conformance::fact::{Case, Fact, RedeemFact};
use crate::contract::{Contract, ErrorCase};

/// The row of a case that a redeem was.
pub(in crate::conformance) fn case(contract: &Contract, fact: &Fact, case: ErrorCase) -> Option<Finding> {
    let redeem = redeem(fact)?;
    (redeem.case.row() == Some(case)).then(|| row(contract, case, redeem)).flatten()
}

/// A made-up token; a changed one too, where the table has no row of its own for it.
pub(in crate::conformance) fn garbage(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let redeem = redeem(fact)?;
    match redeem.case {
        Case::Garbage { variant: Some(_) } if redeem.brought_tokens => None, // rt.variants says so
        Case::Garbage { variant: Some(_) } if contract.row(ErrorCase::Tampered).is_some() => None,
        Case::Garbage { .. } => row(contract, ErrorCase::Garbage, redeem),
        _ => None,
    }
}

/// A changed token; its acceptance is another check's business.
pub(in crate::conformance) fn tampered(contract: &Contract, fact: &Fact) -> Option<Finding> {
    if redeem(fact)?.brought_tokens { None } else { case(contract, fact, ErrorCase::Tampered) }
}

/// The documented refusal, to the letter of the contract's row.
pub(super) fn row(contract: &Contract, case: ErrorCase, redeem: &RedeemFact) -> Option<Finding> {
    let row = contract.row(case)?;
    let Some(answer) = &redeem.answer else { return Some(Finding::Unanswered) };
    let of_client = matches!(
        case,
        ErrorCase::MissingClient
            | ErrorCase::UnknownClient
            | ErrorCase::WrongSecret
            | ErrorCase::OtherClientCredentials
    );
    if of_client && redeem.spent_wrongly && !redeem.brought_tokens {
        return Some(Finding::Inconclusive(refusal::SPENT_WRONGLY.to_owned()));
    }
    Some(answer.differs_from(row).map_or(Finding::Kept, Finding::violated))
}
