//! What a run has reached of the contract's error table, and which refusals the table does not speak of.

use super::Ledger;
use crate::conformance::answer::Answer;
use crate::conformance::fact::{Case, Fact, RedeemFact};
use crate::contract::{Contract, ErrorCase};
use crate::event::{Coverage, CoverageRow, Undocumented};
use std::collections::BTreeMap;

/// Different undocumented answers that are kept apart.
const UNDOCUMENTED: usize = 50;

/// What was counted so far.
#[derive(Debug, Default)]
pub(super) struct Reached {
    rows: BTreeMap<&'static str, Count>,
    undocumented: BTreeMap<(String, String), (u64, u64)>,
}

#[derive(Debug, Default)]
struct Count {
    reached: u64,
    contradicted: u64,
    instead: Option<String>,
    request: Option<u64>,
}

impl Reached {
    /// Takes in what the request of that number was, and was answered.
    pub(super) fn take(&mut self, contract: &Contract, number: u64, fact: &Fact) {
        let Fact::Redeem(redeem) = fact else { return };
        let Some(answer) = &redeem.answer else { return };
        let row = row_of(contract, redeem);
        match row.and_then(|case| Some((case, contract.row(case)?))) {
            Some((case, row)) => {
                let count = self.rows.entry(case.name()).or_default();
                count.reached += 1;
                count.request.get_or_insert(number);
                if redeem.brought_tokens || answer.differs_from(row).is_some() {
                    if count.contradicted == 0 {
                        (count.instead, count.request) = (Some(answer.to_string()), Some(number));
                    }
                    count.contradicted += 1;
                }
            }
            None if is_refusal(redeem, answer) => {
                let key = (redeem.case.to_string(), answer.to_string());
                if self.undocumented.len() < UNDOCUMENTED || self.undocumented.contains_key(&key) {
                    self.undocumented.entry(key).or_insert((0, number)).0 += 1;
                }
            }
            None => {}
        }
    }
}

/// The row that speaks of a redeem: its own, or that of made-up tokens for one that was changed.
fn row_of(contract: &Contract, redeem: &RedeemFact) -> Option<ErrorCase> {
    let case = redeem.case.row()?;
    match case {
        ErrorCase::Tampered if contract.row(case).is_none() => Some(ErrorCase::Garbage),
        case => Some(case),
    }
}

/// A refusal of what a row could speak of, or of what ought to have been accepted.
fn is_refusal(redeem: &RedeemFact, answer: &Answer) -> bool {
    let of_table = redeem.case.row().is_some() || matches!(redeem.case, Case::Live { .. });
    of_table && !redeem.brought_tokens && answer.status >= 400
}

impl Ledger {
    /// What was reached of the contract's error table.
    pub fn coverage(&self) -> Coverage {
        let rows = self.contract.errors.row.iter().map(|row| {
            let name = row.case.name();
            let count = self.reached.rows.get(name);
            CoverageRow {
                case: name.to_owned(),
                documented: row.to_string(),
                reached: count.map_or(0, |count| count.reached),
                contradicted: count.map_or(0, |count| count.contradicted),
                instead: count.and_then(|count| count.instead.clone()),
                request: count.and_then(|count| count.request),
            }
        });
        let undocumented = self.reached.undocumented.iter().map(|((case, answer), (count, request))| {
            let (case, answer) = (case.clone(), answer.clone());
            Undocumented { case, answer, count: *count, request: *request }
        });
        Coverage { rows: rows.collect(), undocumented: undocumented.collect() }
    }
}
