//! Simultaneous redeems of one token, over connections that are open before.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::api::*;
use super::wires::{Wire, redeem_message};

pub(super) const ONE_WINNER: &str = "1 of 20 accepted, 1 successors, 1 alive, 19 × 401";

/// Redeems of two sessions' tokens in one go: both are right, and so are their successors.
pub(super) fn redeems_at_once(api: &Api) -> String {
    let messages = [api.user(ANA), api.user(ANA)].map(|login| redeem_message(login.refresh_token()));
    let answers: Vec<(u16, Value)> = api.runtime.block_on(async {
        let mut wires = [Wire::open(api).await, Wire::open(api).await];
        wires.iter().zip(&messages).for_each(|(wire, message)| wire.write_now(message));
        let mut answers = Vec::new();
        for wire in &mut wires {
            answers.push(wire.answer().await);
        }
        answers
    });
    let accepted = answers.iter().filter(|(status, _)| *status == 200).count();
    let tokens = answers.iter().filter_map(|(_, body)| body["refreshToken"].as_str());
    let alive = tokens.filter(|token| api.redeem(token).status == 200).count();
    format!("{accepted} accepted, {alive} alive")
}

/// Redeems one token twenty times at once, then redeems every successor.
pub(super) fn race(api: &Api) -> String {
    let message = redeem_message(api.user(ANA).refresh_token());
    let answers: Vec<(u16, Value)> = api.runtime.block_on(async {
        let mut wires = Vec::new();
        for _ in 0..20 {
            wires.push(Wire::open(api).await);
        }
        // In one go: the server shares this thread, and sees none of them before all are sent.
        wires.iter().for_each(|wire| wire.write_now(&message));
        let mut answers = Vec::new();
        for wire in &mut wires {
            answers.push(wire.answer().await);
        }
        answers
    });
    let (accepted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|(status, _)| *status == 200);
    let successors: BTreeSet<&str> =
        accepted.iter().map(|(_, body)| body["refreshToken"].as_str().unwrap()).collect();
    let alive = successors.iter().filter(|token| api.redeem(token).status == 200).count();
    let mut losers = BTreeMap::<u16, usize>::new();
    refused.iter().for_each(|(status, _)| *losers.entry(*status).or_default() += 1);
    let losers: String = losers.iter().map(|(status, count)| format!(", {count} × {status}")).collect();
    format!("{} of 20 accepted, {} successors, {alive} alive{losers}", accepted.len(), successors.len())
}
