//! How a redeem is carried out: read, judged and answered; in one step, or, with a fault, in two that others come between.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    sync::{Mutex, MutexGuard},
    task::yield_now,
    time::sleep,
};

use super::{
    answers::Answer,
    call::Call,
    fault::FaultName,
    routes::Outcome,
    state::State,
    store::{Redeemed, Refusal, Session},
};

/// How long a careless redeem takes between looking a token up and marking it.
const GAP: Duration = Duration::from_millis(10);

/// How long work goes on that is given up when its client goes.
const COMMIT: Duration = Duration::from_millis(100);

/// The size from which a body is too large for a careless redeem.
const LARGE: usize = 65_536;

/// The locks of a server that runs as two processes: each lets one redeem in at a time, and knows nothing of the other.
#[derive(Default)]
pub(super) struct Turns {
    calls: AtomicUsize,
    replicas: [Mutex<()>; 2],
}

impl Turns {
    /// The lock of the replica to which the balancer sends this call.
    async fn of_next_replica(&self) -> MutexGuard<'_, ()> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        self.replicas[call % self.replicas.len()].lock().await
    }
}

/// `POST /accounts/refresh-token`.
pub(super) async fn by_post(state: &State, call: &Call) -> Outcome {
    if stumbles_over_body(state, call) {
        return Err(Answer::internal_error());
    }
    let token = presented(state, call)?;
    if stumbles_over_token(state, &token) {
        return Err(Answer::internal_error());
    }
    redeem(state, &token, call.caller()).await
}

/// `GET /accounts/refresh-token?refreshToken=…`, which a sound server does not have.
pub(super) async fn by_get(state: &State, call: &Call) -> Outcome {
    if !state.faults.has(FaultName::RedeemByGet) {
        return Err(Answer::not_found());
    }
    let token = call.query("refreshToken").ok_or_else(|| Answer::missing_refresh_token(&state.faults))?;
    redeem(state, &token, call.caller()).await
}

/// The token of the body, or the refusal of a body that has none.
fn presented(state: &State, call: &Call) -> Result<String, Answer> {
    let body = call.json().inspect_err(|_| {
        if state.faults.has(FaultName::ConsumedByMalformedBody) {
            state.store().use_up(call.body(), state.now());
        }
    })?;
    if state.faults.has(FaultName::BasicRequired) {
        let subject = call.basic().and_then(|(login, secret)| state.directory.authenticate(&login, &secret));
        subject.ok_or_else(Answer::invalid_credentials)?;
    }
    if let Some(Value::String(token)) = body.get("refreshToken") {
        return Ok(token.clone());
    }
    if !call.is_json() && state.faults.has(FaultName::ConsumedByContentType) {
        state.store().use_up(call.body(), state.now());
    }
    let in_query = call.query("refreshToken").filter(|_| state.faults.has(FaultName::TokenInQuery));
    in_query.ok_or_else(|| {
        if !body.contains_key("refreshToken") && state.faults.has(FaultName::ConsumedByMissingField) {
            state.store().use_up_newest(call.caller(), state.now());
        }
        Answer::missing_refresh_token(&state.faults)
    })
}

fn stumbles_over_body(state: &State, call: &Call) -> bool {
    state.faults.iter().any(|fault| match fault {
        FaultName::Oversized500 => call.body().len() >= LARGE,
        FaultName::InvalidUtf8500 => std::str::from_utf8(call.body()).is_err(),
        FaultName::MediaType500 => !call.is_json(),
        _ => false,
    })
}

fn stumbles_over_token(state: &State, token: &str) -> bool {
    state.faults.iter().any(|fault| match fault {
        FaultName::EmptyToken500 => token.is_empty(),
        FaultName::ControlCharacters500 => token.contains(char::is_control),
        _ => false,
    })
}

/// Exchanges a refresh token, for the caller's application.
async fn redeem(state: &State, presented: &str, caller: Option<usize>) -> Outcome {
    let turn = turn_of(state).await;
    let stand_in = stand_in(state, presented, caller);
    let outcome = match interleaving(state) {
        None => Ok(state.store().redeem(stand_in.as_deref().unwrap_or(presented), caller, state.now())),
        Some(fault) => in_two_steps(state, presented, caller, fault).await,
    };
    drop(turn);
    outcome?
        .map(|redeemed| state.redeemed(redeemed))
        .map_err(|refusal| Answer::redeem_refused(refusal, presented, &state.faults))
}

/// Waits where a fault says so.
async fn turn_of(state: &State) -> Option<MutexGuard<'_, ()>> {
    if state.faults.has(FaultName::RaceTwoReplicas) {
        return Some(state.turns.of_next_replica().await);
    }
    if state.faults.has(FaultName::LostAnswerRolledBack) {
        // A client that goes now takes this work along with it: nothing has been stored yet.
        sleep(COMMIT).await;
    }
    None
}

/// The fault that takes a redeem apart, if there is one.
fn interleaving(state: &State) -> Option<FaultName> {
    state.faults.iter().find(|fault| {
        matches!(
            fault,
            FaultName::RaceCheckThenDelete
                | FaultName::RaceRowsIgnored
                | FaultName::RaceTwoReplicas
                | FaultName::RaceOneSurvivor
                | FaultName::RaceSharedSuccessor
                | FaultName::RaceLosers500
        )
    })
}

/// Looks the token up, lets others do the same, then marks it. `Err` where that breaks the server.
async fn in_two_steps(
    state: &State,
    presented: &str,
    caller: Option<usize>,
    fault: FaultName,
) -> Result<Result<Redeemed, Refusal>, Answer> {
    let admitted = state.store().admit(presented, caller, state.now());
    let grant = match admitted {
        Ok(grant) => grant,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if fault == FaultName::RaceRowsIgnored {
        yield_now().await;
    } else {
        sleep(GAP).await;
    }
    let mut store = state.store();
    if fault == FaultName::RaceLosers500 && store.is_redeemed(grant) {
        return Err(Answer::internal_error());
    }
    Ok(Ok(store.rotate(grant, state.now())))
}

/// The refresh token of a session that a fault opens for an access token.
fn stand_in(state: &State, presented: &str, caller: Option<usize>) -> Option<String> {
    if !state.faults.has(FaultName::AccessAsRefresh) {
        return None;
    }
    let application = caller?;
    let id = state.bearer(presented, application)?;
    let subject = state.directory.subjects.iter().position(|subject| subject.id == id)?;
    let lifetime = state.directory.applications[application].refresh_lifetime?;
    let session = Session::new(application, subject, lifetime, Some(presented.to_owned()));
    Some(state.store().open(session, state.now()))
}
