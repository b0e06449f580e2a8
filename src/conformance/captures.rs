//! What a contract captures from an exchange into variables, so that a documented flow needs no script.

use super::answer::Answer;
use super::presented;
use super::route::{self, Operation};
use super::{Bindings, presented::Presented};
use crate::contract::{Contract, NewRefresh, Source, TokenPlace, Tokens};
use crate::exchange::Exchange;

/// A value a contract captures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Variables to set, all to the same value.
    pub into: Vec<String>,
    /// The value; where it is not there, the place it should have been at.
    pub value: Result<String, String>,
}

/// What an exchange answered with success brings: tokens of a login or a redeem, what a step captures, and the token
/// that a redeem consumed.
pub fn found(contract: &Contract, bindings: &Bindings, exchange: &Exchange) -> Vec<Found> {
    let Some(answer) = Answer::of(contract, exchange).filter(|answer| answer.status < 400) else {
        return Vec::new();
    };
    let captured = |name: &String, source: &Source| Found {
        into: vec![name.clone()],
        value: answer.find(source).ok_or_else(|| source.to_string()),
    };
    match route::operation(&bindings.routes, exchange.request()) {
        Some(Operation::Login { login, step }) => {
            let definition = &contract.login[login];
            let captures = definition.step[step].capture.iter().map(|(name, source)| captured(name, source));
            let last = step + 1 == definition.step.len() && answer.accepted();
            let tokens = last.then(|| tokens(&definition.tokens, &answer));
            captures.chain(tokens.into_iter().flatten()).collect()
        }
        Some(Operation::Redeem) if answer.accepted() => {
            let presented = presented::refresh_token(contract, exchange.request());
            let places = redeemed(contract, &answer);
            let mut found = tokens(places, &answer);
            if matches!(contract.rotation.new_refresh, NewRefresh::Absent | NewRefresh::Optional) {
                found.retain(|found| found.value.is_ok());
            }
            if let Presented::Text(token) = presented
                && !places.refresh.previous.is_empty()
            {
                found.push(Found { into: places.refresh.previous.clone(), value: Ok(token) });
            }
            let captures = contract.redeem.capture.iter();
            found.extend(captures.map(|(name, source)| captured(name, source)));
            found
        }
        _ => Vec::new(),
    }
}

/// The variables that a contract may capture into.
pub fn captured_names(contract: &Contract) -> Vec<String> {
    let mut names: Vec<String> = contract.redeem.capture.keys().cloned().collect();
    for login in &contract.login {
        names.extend(login.step.iter().flat_map(|step| step.capture.keys().cloned()));
    }
    let logins = contract.login.iter().flat_map(|login| [&login.tokens, &login.redeemed]);
    for tokens in logins.chain([&contract.tokens]) {
        for place in [&tokens.access, &tokens.refresh] {
            names.extend(place.into.iter().chain(&place.previous).cloned());
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The places that fit a redeem's answer: those of the first login whose access token is there.
fn redeemed<'c>(contract: &'c Contract, answer: &Answer) -> &'c Tokens {
    let mut logins = contract.login.iter().map(|login| &login.redeemed);
    logins.find(|tokens| answer.first(&tokens.access.from).is_some()).unwrap_or(&contract.tokens)
}

fn tokens(places: &Tokens, answer: &Answer) -> Vec<Found> {
    let token = |place: &TokenPlace| Found {
        into: place.into.clone(),
        value: answer.first(&place.from).ok_or_else(|| place.described()),
    };
    [token(&places.access), token(&places.refresh)]
        .into_iter()
        .filter(|found| !found.into.is_empty())
        .collect()
}
