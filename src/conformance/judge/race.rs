//! Redeems of one token at the same moment, and others of what may happen at once.

use crate::conformance::check::Finding;
use crate::conformance::fact::{Explained, Fact, Storm, StormKind};
use crate::contract::{Concurrency, Contract, Fate, Reuse};
use std::collections::BTreeMap;

/// The storms of a kind.
fn storms(fact: &Fact, kind: StormKind) -> Option<&[Storm]> {
    match fact {
        Fact::Storms(of, storms) if *of == kind && !storms.is_empty() => Some(storms),
        _ => None,
    }
}

/// Simultaneous redeems of one token: as many winners as the contract allows, one at least, and the documented
/// refusal for the others.
pub(in crate::conformance) fn race(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let all = storms(fact, StormKind::Race)?;
    let answered: Vec<&Storm> = all.iter().filter(|storm| storm.requests - storm.unanswered > 1).collect();
    if answered.is_empty() {
        return Some(Finding::Unanswered);
    }
    if let Some(known) = reusable(&answered) {
        return Some(known);
    }
    let raced: Vec<&Storm> = answered.iter().copied().filter(|storm| storm.competed() > 1).collect();
    let reasons: Vec<String> =
        [winners(&raced, &contract.concurrency), accidents(&answered), losers(&answered)]
            .into_iter()
            .flatten()
            .collect();
    if !reasons.is_empty() {
        return Some(Finding::violated(format!("{}; {}", reasons.join("; "), released(&answered))));
    }
    // Where nobody is seen to win, the winner may be one whose answer was lost: that is no storm with one winner.
    let decided: Vec<&Storm> = raced.into_iter().filter(|storm| storm.accepted > 0).collect();
    Some(match all.len() - decided.len() {
        _ if decided.is_empty() => Finding::Inconclusive(idle(all)),
        0 => Finding::Noted(format!("{}; {}", power(&decided, contract), released(&decided))),
        others => Finding::Noted(format!(
            "{}; {others} other storm(s) say nothing: fewer than two requests competed, or no winner was seen; {}",
            power(&decided, contract),
            released(&decided)
        )),
    })
}

/// Why storms say nothing.
fn idle(storms: &[Storm]) -> String {
    let most = |count: fn(&Storm) -> u32| storms.iter().map(count).max().unwrap_or_default();
    let (requests, competed) = (most(|storm| storm.requests), most(Storm::competed));
    let lost = most(|storm| storm.unanswered);
    let limited = most(|storm| storm.limited);
    let winner = if competed > 1 { ", and no winner was seen" } else { "" };
    format!(
        "nothing raced: at most {competed} of {requests} redeems of a storm competed{winner} (up to {limited} were \
         turned away with 429 or 503, up to {lost} got no answer)"
    )
}

/// Where tokens are accepted twice one after the other, that is what there is to be said.
fn reusable(storms: &[&Storm]) -> Option<Finding> {
    let reason = "used tokens are accepted one after the other already: at the same moment shows nothing new";
    storms.iter().any(|storm| storm.reusable).then(|| Finding::Inconclusive(reason.to_owned()))
}

/// More winners than allowed, or none.
fn winners(storms: &[&Storm], limits: &Concurrency) -> Option<String> {
    let over = |storm: &&&Storm| {
        storm.accepted > limits.max_accepted
            || storm.successors > limits.max_successors
            || storm.live > limits.max_live_successors
    };
    let excessive: Vec<&&Storm> = storms.iter().filter(over).collect();
    let of = storms.len();
    if !excessive.is_empty() {
        let most =
            |count: fn(&Storm) -> u32| excessive.iter().map(|storm| count(storm)).max().unwrap_or_default();
        let allowed = match limits.max_accepted {
            1 => "one winner".to_owned(),
            _ => "the contract allows".to_owned(),
        };
        return Some(format!(
            "{} of {of} storms had more than {allowed}: up to {} of {} redeems of one token were accepted, with {} \
             successor(s), of which {} work",
            excessive.len(),
            most(|storm| storm.accepted),
            most(|storm| storm.requests),
            most(|storm| storm.successors),
            most(|storm| storm.live),
        ));
    }
    let without = storms.iter().filter(|storm| storm.accepted == 0 && storm.competed() == storm.requests);
    let without = without.count();
    (without > 0).then(|| format!("{without} of {of} storms of redeems of a fresh token had no winner"))
}

/// Answers that are no answers.
fn accidents(storms: &[&Storm]) -> Option<String> {
    let accidents: u32 = storms.iter().map(|storm| storm.accidents).sum();
    let first = storms.iter().find_map(|storm| storm.accident.clone())?;
    Some(format!("{accidents} simultaneous redeem(s) were answered by an error of the server, first {first}"))
}

/// Refusals that are not the documented one.
fn losers(storms: &[&Storm]) -> Option<String> {
    let mut answers: BTreeMap<&str, u32> = BTreeMap::new();
    for (answer, count) in storms.iter().flat_map(|storm| &storm.undocumented) {
        *answers.entry(answer).or_default() += count;
    }
    let answers: Vec<String> =
        answers.iter().map(|(answer, count)| format!("{answer} ({count} times)")).collect();
    (!answers.is_empty())
        .then(|| format!("redeems that lost did not get the documented refusal but {}", answers.join(", ")))
}

/// What storms without a finding say (`1 - 0.05^(1/n)`: the rule of three, exactly), and of how many that competed.
fn power(storms: &[&Storm], contract: &Contract) -> String {
    let count = storms.len();
    let bound = (1.0 - 0.05_f64.powf(1.0 / count as f64)) * 100.0;
    let requests = storms.iter().map(|storm| storm.requests).max().unwrap_or_default();
    let least = storms.iter().map(|storm| storm.competed()).min().unwrap_or_default();
    let competed = match storms.iter().all(|storm| storm.competed() == storm.requests) {
        true => String::new(),
        false => format!(" in which as few as {least} competed (the others got no answer, or 429 or 503)"),
    };
    let found = match contract.rotation.reuse {
        Reuse::Refused => "exactly one winner each",
        _ => "as many winners as the contract allows",
    };
    format!(
        "{count} storms of {requests}{competed}, {found}: with 95 % confidence fewer than {bound:.0} % of such storms go wrong"
    )
}

fn released(storms: &[&Storm]) -> String {
    let widest = storms.iter().filter_map(|storm| storm.skew_ms).fold(0.0, f64::max);
    format!("all released within {widest:.2} ms")
}

/// What becomes of the winner's successor.
pub(in crate::conformance) fn winner(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let decided = |storm: &&Storm| storm.competed() > 1 && storm.accepted > 0 && storm.live + storm.dead > 0;
    let storms: Vec<&Storm> = storms(fact, StormKind::Race)?.iter().filter(decided).collect();
    let documented = match contract.rotation.reuse {
        Reuse::Refused => contract.rotation.after_replay.successor,
        Reuse::Grace(_) | Reuse::Idempotent(_) => Fate::Lives,
        Reuse::Allowed => return None,
    };
    if let Some(known) = reusable(&storms) {
        return Some(known);
    }
    if storms.iter().any(|storm| storm.refuses_live) {
        let reason = "live tokens are refused one after the other already".to_owned();
        return Some(Finding::Inconclusive(reason));
    }
    // Several winners are another check's business.
    let storms: Vec<&Storm> = match contract.rotation.reuse {
        Reuse::Refused => storms.into_iter().filter(|storm| storm.accepted == 1).collect(),
        _ => storms,
    };
    let count = storms.len();
    if count == 0 {
        return Some(Finding::Inconclusive(
            "no storm had one winner among others whose successor was tried".to_owned(),
        ));
    }
    let lives = storms.iter().filter(|storm| storm.live > 0).count();
    let told = match lives {
        0 => format!("after {count} storms the winner's successor is dead each time"),
        lives if lives == count => format!("after {count} storms the winner's successor works each time"),
        lives => format!("the winner's successor works after {lives} of {count} storms: not always alike"),
    };
    Some(match documented {
        Fate::Unspecified => Finding::Noted(told),
        Fate::Lives => Finding::require(lives == count, || told),
        Fate::Revoked => Finding::require(lives == 0, || told),
    })
}

/// Redeems, replays and logins at the same moment: some order explains what each of them saw.
pub(in crate::conformance) fn mixed(_: &Contract, fact: &Fact) -> Option<Finding> {
    let storms = storms(fact, StormKind::Mixed)?;
    if storms.iter().all(|storm| storm.unanswered == storm.requests) {
        return Some(Finding::Unanswered);
    }
    let accidents: u32 = storms.iter().map(|storm| storm.accidents).sum();
    if let Some(first) = storms.iter().find_map(|storm| storm.accident.as_ref()) {
        return Some(Finding::violated(format!(
            "{accidents} of the requests that came together were answered by an error of the server, first {first}"
        )));
    }
    let unexplained: Vec<&String> = storms
        .iter()
        .filter_map(|storm| match &storm.explained {
            Explained::No(why) => Some(why),
            _ => None,
        })
        .collect();
    if let Some(first) = unexplained.first() {
        return Some(Finding::violated(format!(
            "in {} of {} storms no order of the requests explains the answers: {first}",
            unexplained.len(),
            storms.len()
        )));
    }
    let told = storms.iter().filter(|storm| storm.explained == Explained::Yes).count();
    Some(
        match storms.iter().find_map(|storm| match &storm.explained {
            Explained::Untold(why) => Some(why),
            _ => None,
        }) {
            Some(why) if told == 0 => Finding::Inconclusive(why.clone()),
            _ => Finding::Noted(format!(
                "in {told} of {} storms an order of the requests explains the answers",
                storms.len()
            )),
        },
    )
}

/// A redeem whose answer was not waited for: whether its token can be redeemed again.
pub(in crate::conformance) fn lost(contract: &Contract, fact: &Fact) -> Option<Finding> {
    let tried: Vec<bool> = storms(fact, StormKind::Lost)?.iter().filter_map(|storm| storm.again).collect();
    if tried.is_empty() {
        return Some(Finding::Inconclusive(
            "no token was presented again after its answer was lost".to_owned(),
        ));
    }
    let accepted = tried.iter().filter(|accepted| **accepted).count();
    let told =
        format!("a token whose answer was lost was accepted again in {accepted} of {} cases", tried.len());
    let documented = match contract.rotation.reuse {
        Reuse::Refused => contract.rotation.lost_answer,
        _ => Fate::Lives,
    };
    Some(match documented {
        Fate::Unspecified => Finding::Noted(told),
        Fate::Lives => Finding::require(accepted == tried.len(), || told),
        Fate::Revoked => Finding::require(accepted == 0, || told),
    })
}
