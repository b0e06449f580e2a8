//! The routes, as data, and what each answers.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State as Shared,
    middleware,
    routing::{MethodFilter, on, post},
};
use serde_json::{Value, json};

use super::{
    answers::Answer,
    call::{Call, gate},
    directory::{Role, Subject},
    fault::FaultName,
    mishap, redemption,
    state::State,
    store::Store,
};

/// The path of the redeem, which a faulty key gate treats apart.
pub(super) const REFRESH_TOKEN: &str = "/accounts/refresh-token";

/// The answer, or the refusal that ended the work early.
pub(super) type Outcome = Result<Answer, Answer>;

struct Route {
    method: MethodFilter,
    path: &'static str,
    answer: fn(&State, &Call) -> Outcome,
}

const ROUTES: &[Route] = &[
    Route { method: MethodFilter::POST, path: "/accounts/users", answer: sign_in_user },
    Route { method: MethodFilter::POST, path: "/accounts/customers", answer: sign_in_customer },
    Route { method: MethodFilter::POST, path: "/accounts/applications", answer: sign_in_application },
    Route { method: MethodFilter::GET, path: "/accounts/users", answer: list_users },
    Route { method: MethodFilter::GET, path: "/accounts/people-lookups", answer: list_people },
    Route { method: MethodFilter::GET, path: "/accounts/customers/{id}", answer: show_customer },
    Route { method: MethodFilter::GET, path: "/accounts/applications", answer: list_applications },
    Route { method: MethodFilter::POST, path: "/_control/subjects/disable", answer: disable },
    Route { method: MethodFilter::POST, path: "/_control/subjects/enable", answer: enable },
    Route { method: MethodFilter::POST, path: "/_control/subjects/delete", answer: delete },
    Route { method: MethodFilter::POST, path: "/_control/subjects/create", answer: create },
];

/// The service: every route behind the key gate, and one answer for whatever is no route.
pub(super) fn router(state: Arc<State>) -> Router {
    let mut router = Router::new();
    for Route { method, path, answer } in ROUTES {
        let serve = async |Shared(state): Shared<Arc<State>>, call: Call| answer(&state, &call);
        router = router.route(path, on(*method, serve));
    }
    // Redeems are the only ones that may wait, and so the only ones that are futures.
    let by_post =
        async |Shared(state): Shared<Arc<State>>, call: Call| redemption::by_post(&state, &call).await;
    let by_get =
        async |Shared(state): Shared<Arc<State>>, call: Call| redemption::by_get(&state, &call).await;
    router
        .route(REFRESH_TOKEN, post(by_post).get(by_get))
        .fallback(nowhere)
        .method_not_allowed_fallback(nowhere)
        .layer(middleware::from_fn_with_state(Arc::clone(&state), gate))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), mishap::befall))
        .with_state(state)
}

/// Takes the body too: unread bytes would close the connection under the client.
async fn nowhere(_: Bytes) -> Answer {
    Answer::not_found()
}

fn sign_in_user(state: &State, call: &Call) -> Outcome {
    let body = call.json()?;
    let subject = authenticate(state, call, Role::User)?;
    let application = call.application()?;
    if body.get("audience").and_then(Value::as_str) != Some(&state.directory.applications[application].name) {
        return Err(Answer::wrong_data("audience must be the name of the application."));
    }
    let expected = state.directory.subjects[subject].totp.as_deref();
    match (expected, body.get("totpToken")) {
        (Some(_), None | Some(Value::Null)) => Err(Answer::mfa_required()),
        (Some(expected), Some(given)) if given != expected => Err(Answer::mfa_failed()),
        _ => Ok(state.sign_in(application, subject)),
    }
}

fn sign_in_customer(state: &State, call: &Call) -> Outcome {
    call.json()?;
    let subject = authenticate(state, call, Role::Customer)?;
    Ok(state.sign_in(call.application()?, subject))
}

/// An application signs in with its own keys, under its own API key.
fn sign_in_application(state: &State, call: &Call) -> Outcome {
    call.json()?;
    let subject = authenticate(state, call, Role::Application)?;
    let application = call.application()?;
    let own = state.directory.subject_of_login(&state.directory.applications[application].name);
    if own != Some(subject) {
        return Err(Answer::invalid_credentials());
    }
    Ok(state.sign_in(application, subject))
}

/// The subject of the Basic credentials, if it has this role and may sign in.
fn authenticate(state: &State, call: &Call, role: Role) -> Result<usize, Answer> {
    let mut store = state.store();
    if store.take_lockout() {
        return Err(Answer::locked_out());
    }
    let subject = call.basic().and_then(|(login, secret)| state.directory.authenticate(&login, &secret));
    subject
        .filter(|&subject| state.directory.subjects[subject].role == role && store.can_sign_in(subject))
        .ok_or_else(Answer::invalid_credentials)
}

fn list_users(state: &State, call: &Call) -> Outcome {
    authorise(state, call, |subject| subject.role == Role::User)?;
    Ok(Answer::ok(json!({ "users": state.directory.profiles(Role::User) })))
}

fn list_people(state: &State, call: &Call) -> Outcome {
    authorise(state, call, |subject| subject.role == Role::User)?;
    let people = state.directory.profiles(Role::User).into_iter();
    let people: Vec<Value> = people
        .map(|user| json!({ "_id": user["_id"], "firstName": user["firstName"], "lastName": user["lastName"] }))
        .collect();
    Ok(Answer::ok(json!({ "people": people })))
}

/// A customer sees itself only.
fn show_customer(state: &State, call: &Call) -> Outcome {
    let id = call.id.as_deref().unwrap_or_default();
    authorise(state, call, |subject| subject.role == Role::Customer && subject.id == id)?;
    let customer = state.directory.subject_of_id(id).filter(|subject| subject.role == Role::Customer);
    let customer = customer.ok_or_else(Answer::not_found)?;
    Ok(Answer::ok(json!({ "customer": customer.profile })))
}

fn list_applications(state: &State, call: &Call) -> Outcome {
    authorise(state, call, |subject| subject.role == Role::Application)?;
    Ok(Answer::ok(json!({ "applications": state.directory.profiles(Role::Application) })))
}

/// Lets a request pass whose Bearer is a living access token of an allowed subject, for the caller's application.
fn authorise(state: &State, call: &Call, allowed: impl Fn(&Subject) -> bool) -> Result<(), Answer> {
    if state.faults.has(FaultName::BearerOpen) {
        return Ok(());
    }
    let application = call.application()?;
    call.bearer()
        .and_then(|token| state.bearer(token, application).or_else(|| refresh_bearer(state, token)))
        .and_then(|id| state.directory.subject_of_id(&id))
        .filter(|subject| allowed(subject))
        .map(|_| ())
        .ok_or_else(Answer::bearer_refused)
}

/// The id of the subject whose refresh token this is, where a fault takes refresh tokens for access tokens.
fn refresh_bearer(state: &State, token: &str) -> Option<String> {
    if !state.faults.has(FaultName::RefreshAsBearer) {
        return None;
    }
    let subject = state.store().living_session(token, state.now())?.subject;
    Some(state.directory.subjects[subject].id.clone())
}

fn disable(state: &State, call: &Call) -> Outcome {
    control(state, call, |store, subject| store.set_disabled(subject, true))
}

fn enable(state: &State, call: &Call) -> Outcome {
    control(state, call, |store, subject| store.set_disabled(subject, false))
}

fn delete(state: &State, call: &Call) -> Outcome {
    control(state, call, Store::delete)
}

fn create(state: &State, call: &Call) -> Outcome {
    control(state, call, Store::create)
}

/// The control hooks: no part of the documented API, for tests that need a subject to lose its sign-in.
fn control(state: &State, call: &Call, change: impl Fn(&mut Store, usize)) -> Outcome {
    let body = call.json()?;
    let Some(Value::String(login)) = body.get("login") else {
        return Err(Answer::wrong_data("login is required."));
    };
    let subject = state.directory.subject_of_login(login).ok_or_else(Answer::not_found)?;
    change(&mut state.store(), subject);
    Ok(Answer::NoContent)
}
