//! Whether refusals tell unknown, used and expired tokens apart beyond what the contract documents.

use super::fact::Case;
use crate::exchange::{Exchange, Response};
use sha2::{Digest as _, Sha256};

/// How much of a body counts, characters.
const LIMIT: usize = 2_048;

/// The first refusal of each kind, by what it says; digests only.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<(&'static str, [u8; 32])>);

/// A refusal beside those of other kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness {
    /// It says what they say.
    Alike,
    /// It says something else than the refusal of that other kind.
    Differs {
        /// Its kind.
        this: &'static str,
        /// The other kind.
        other: &'static str,
    },
}

impl Refusals {
    /// Compares a refusal with those of other kinds; `None` when there are none, or its kind is not compared.
    pub(super) fn compare(&self, case: &Case, exchange: &Exchange, token: &str) -> Option<Likeness> {
        let this = kind(case)?;
        let said = said(exchange.response()?, token);
        let others: Vec<_> = self.0.iter().filter(|(kind, _)| *kind != this).collect();
        let differs = others.iter().find(|(_, other)| *other != said);
        match differs {
            Some((other, _)) => Some(Likeness::Differs { this, other }),
            None => (!others.is_empty()).then_some(Likeness::Alike),
        }
    }

    pub(super) fn keep(&mut self, case: &Case, exchange: &Exchange, token: &str) {
        let Some((kind, response)) = kind(case).zip(exchange.response()) else { return };
        if !self.0.iter().any(|(known, _)| *known == kind) {
            self.0.push((kind, said(response, token)));
        }
    }
}

fn kind(case: &Case) -> Option<&'static str> {
    match case {
        Case::Garbage { variant: None } => Some("an unknown token"),
        Case::Used { .. } => Some("a used token"),
        Case::Expired => Some("an expired token"),
        _ => None,
    }
}

/// Status and text, with everything taken out that differs from answer to answer: times, ids, the token itself.
fn said(response: &Response, token: &str) -> [u8; 32] {
    let body = response.body.text().replace(token, "#");
    let steady = |word: &str| !word.contains(|c: char| c.is_ascii_digit());
    let between = |c: char| c.is_whitespace() || "\"'<>[]{}(),;=".contains(c);
    let words = body.split(between).filter(|word| !word.is_empty() && steady(word));
    let text: String = words.flat_map(|word| [word, " "]).flat_map(str::chars).take(LIMIT).collect();
    Sha256::digest(format!("{}\n{text}", response.code)).into()
}
