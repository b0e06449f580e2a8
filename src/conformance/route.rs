//! Which of the contract's operations a request is.

use super::presented;
use crate::contract::{BodyTemplate, Carrier, Contract, RequestTemplate};
use crate::exchange::ResolvedRequest;
use serde_json::Value;

/// What a request is, as the contract names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The request that redeems a refresh token.
    Redeem,
    /// The same by the method GET, which has no body: what it asks for is in its URL.
    RedeemByGet,
    /// A step of a login: index into the contract's logins and their steps. The last one brings the tokens.
    Login {
        /// Which login.
        login: usize,
        /// Which of its steps.
        step: usize,
    },
    /// The protected route of that login.
    Protected(usize),
    /// A request of an action on the subject under control; `last` of its requests.
    Subject(Action, bool),
}

/// What is done to the subject under control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Its right to sign in is taken away.
    Disable,
    /// It is given back.
    Enable,
    /// It is removed.
    Delete,
    /// It is made.
    Create,
}

/// One request the contract knows, its templates resolved as far as the run's variables go.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) operation: Operation,
    method: String,
    path: String,
    /// What tells it from others of its path.
    pub(super) fields: Vec<Field>,
}

/// A value the template names.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) place: Carrier,
    /// The template, as text.
    pub(super) template: String,
    /// The value itself, where the template holds no reference.
    literal: Option<Value>,
}

/// The contract's requests, in the order in which they are told apart.
pub(super) fn routes(contract: &Contract, resolve: &mut dyn FnMut(&str) -> String) -> Vec<Route> {
    let mut routes = Vec::new();
    let mut add =
        |operation, template: &RequestTemplate| routes.push(Route::new(operation, template, resolve));
    add(Operation::Redeem, &contract.redeem.request);
    for (login, definition) in contract.login.iter().enumerate() {
        // The step that brings the tokens stands for its login where two steps look alike.
        for (step, request) in definition.step.iter().enumerate().rev() {
            add(Operation::Login { login, step }, &request.request);
        }
    }
    for (login, definition) in contract.login.iter().enumerate() {
        if let Some(protected) = &definition.protected {
            add(Operation::Protected(login), &protected.request);
        }
    }
    if let Some(control) = &contract.subject {
        for (action, requests) in [
            (Action::Disable, &control.disable),
            (Action::Enable, &control.enable),
            (Action::Delete, &control.delete),
            (Action::Create, &control.create),
        ] {
            for (index, request) in requests.iter().enumerate() {
                add(Operation::Subject(action, index + 1 == requests.len()), request);
            }
        }
    }
    if !contract.redeem.request.method.eq_ignore_ascii_case("GET") {
        let by_get = RequestTemplate { method: "GET".to_owned(), ..contract.redeem.request.clone() };
        add(Operation::RedeemByGet, &by_get);
    }
    routes
}

/// The operation of a request: by method and path, and among several of one path by what their templates name.
pub(super) fn operation(routes: &[Route], request: &ResolvedRequest) -> Option<Operation> {
    let path = path_of(&request.url);
    let mut fitting: Vec<&Route> = routes
        .iter()
        .filter(|route| request.method.eq_ignore_ascii_case(&route.method) && path_matches(&route.path, path))
        .collect();
    // `/token/refresh` is not also `/refresh`.
    let longest = fitting.iter().map(|route| exactness(&route.path)).max()?;
    fitting.retain(|route| exactness(&route.path) == longest);
    if let [only] = fitting.as_slice() {
        return Some(only.operation);
    }
    let scores = fitting.iter().map(|route| route.likeness(request));
    let mut best: Option<(&Route, i32)> = None;
    for (route, score) in fitting.iter().zip(scores) {
        if best.is_none_or(|(_, most)| score > most) {
            best = Some((route, score));
        }
    }
    best.map(|(route, _)| route.operation)
}

/// The operation's route.
pub(super) fn route(routes: &[Route], operation: Operation) -> Option<&Route> {
    routes.iter().find(|route| route.operation == operation)
}

impl Route {
    fn new(
        operation: Operation,
        template: &RequestTemplate,
        resolve: &mut dyn FnMut(&str) -> String,
    ) -> Self {
        let resolved = resolve(&template.path);
        let mut fields = Vec::new();
        if let Some((_, query)) = template.path.split_once('?') {
            let pairs = url::form_urlencoded::parse(query.as_bytes());
            fields.extend(pairs.map(|(name, value)| Field::new(Carrier::Query(name.into_owned()), &value)));
        }
        fields.extend(
            template.query.iter().map(|(name, value)| Field::new(Carrier::Query(name.clone()), value)),
        );
        for (name, value) in &template.headers {
            if !["content-type", "accept"].contains(&name.to_lowercase().as_str()) {
                fields.push(Field::new(Carrier::Header { name: name.clone(), prefix: None }, value));
            }
        }
        match &template.body {
            BodyTemplate::Form(form) => {
                fields
                    .extend(form.iter().map(|(name, value)| Field::new(Carrier::Form(name.clone()), value)));
            }
            BodyTemplate::Json(json) => leaves(json, String::new(), &mut fields),
            BodyTemplate::JsonText(text) => match serde_json::from_str(text) {
                Ok(json) => leaves(&json, String::new(), &mut fields),
                Err(_) => fields.extend(members(text)),
            },
            BodyTemplate::None | BodyTemplate::Text(_) => {}
        }
        Self { operation, method: template.method.clone(), path: path_of(&resolved).to_owned(), fields }
    }

    /// How much of what the template names the request has; a literal that differs speaks strongly against it.
    fn likeness(&self, request: &ResolvedRequest) -> i32 {
        let likeness = |field: &Field| match (presented::at(&field.place, request).as_text(), &field.literal)
        {
            (None, Some(_)) => -1,
            (None, None) => 0,
            (Some(_), None) => 1,
            (Some(text), Some(literal)) if text == plain(literal) => 3,
            (Some(_), Some(_)) => -100,
        };
        self.fields.iter().map(likeness).sum()
    }
}

impl Field {
    fn new(place: Carrier, template: &str) -> Self {
        let literal = (!template.contains("<<") && !template.contains("{{")).then(|| template.into());
        Self { place, template: template.to_owned(), literal }
    }
}

fn leaves(value: &Value, pointer: String, out: &mut Vec<Field>) {
    let inside = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| leaves(value, inside(key), out)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| leaves(value, inside(&at.to_string()), out));
        }
        Value::String(text) => out.push(Field::new(Carrier::Json(pointer), text)),
        other => out.push(Field {
            place: Carrier::Json(pointer),
            template: other.to_string(),
            literal: Some(other.clone()),
        }),
    }
}

/// Keys of a JSON template that is JSON only once it is resolved: `"key": <<value>>`, at whatever depth.
fn members(text: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut parts = text.split('"');
    parts.next();
    while let (Some(key), Some(after)) = (parts.next(), parts.next()) {
        let Some(value) = after.trim_start().strip_prefix(':') else { continue };
        let template = value.trim().trim_end_matches(['}', ',', ' ']);
        fields.push(Field {
            place: Carrier::Json(format!("/{key}")),
            template: if template.starts_with("<<") { template.to_owned() } else { String::new() },
            literal: None,
        });
    }
    fields
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The path of a URL, without query and fragment.
pub(super) fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    rest.split(['?', '#']).next().unwrap_or_default()
}

/// Whether a path ends with the template's segments; a segment with `<<name>>` stands for any one segment.
fn path_matches(template: &str, path: &str) -> bool {
    let wanted: Vec<&str> = template.trim_matches('/').split('/').collect();
    let actual: Vec<&str> = path.trim_matches('/').split('/').collect();
    actual.len() >= wanted.len()
        && wanted
            .iter()
            .rev()
            .zip(actual.iter().rev())
            .all(|(wanted, actual)| (wanted.contains("<<") && !actual.is_empty()) || wanted == actual)
}

/// How narrowly a path is given: its segments, those without a reference first.
fn exactness(template: &str) -> (usize, usize) {
    let segments = template.trim_matches('/').split('/');
    let fixed = segments.clone().filter(|segment| !segment.contains("<<")).count();
    (fixed, segments.count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Headers};
    use indexmap::IndexMap;

    #[test]
    fn paths_match_from_the_end_and_by_segment() {
        for (template, url, expected) in [
            ("/accounts/users", "http://h/accounts/users", true),
            ("/accounts/users", "http://h:1/v2/accounts/users?x=/y#z", true),
            ("/accounts/users", "http://h/my-accounts/users", false),
            ("/accounts/users", "http://h/accounts/users/1", false),
            ("/accounts/users/", "http://h/accounts/users", true),
            ("/accounts/customers/<<subject>>", "http://h/accounts/customers/42", true),
            ("/accounts/customers/<<subject>>", "http://h/accounts/customers/", false),
            ("/accounts/users", "http://h", false),
        ] {
            assert_eq!(path_matches(template, path_of(url)), expected, "{template} against {url}");
        }
    }

    fn request(path: &str, body: &str) -> ResolvedRequest {
        let mut headers = Headers::default();
        let form = body.contains('=');
        headers.push(
            "content-type",
            if form { "application/x-www-form-urlencoded" } else { "application/json" },
        );
        let body = (!body.is_empty()).then(|| Body::new(body.to_owned()));
        ResolvedRequest { method: "POST".to_owned(), url: format!("http://h{path}"), headers, body }
    }

    fn template(path: &str, body: BodyTemplate) -> RequestTemplate {
        RequestTemplate {
            method: "POST".to_owned(),
            path: path.to_owned(),
            body,
            ..RequestTemplate::default()
        }
    }

    fn form(fields: &[(&str, &str)]) -> BodyTemplate {
        let fields: IndexMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        BodyTemplate::Form(fields)
    }

    #[test]
    fn requests_of_one_path_are_told_apart_by_what_they_hold() {
        let mut same = |text: &str| text.to_owned();
        let (alice, bob) = (Operation::Login { login: 0, step: 0 }, Operation::Login { login: 1, step: 0 });
        let routes = [
            Route::new(
                Operation::Redeem,
                &template("/token", form(&[("grant_type", "refresh_token")])),
                &mut same,
            ),
            Route::new(
                alice,
                &template("/token", form(&[("grant_type", "password"), ("username", "<<u>>")])),
                &mut same,
            ),
            Route::new(bob, &template("/token", form(&[("grant_type", "client_credentials")])), &mut same),
            Route::new(
                Operation::Subject(Action::Disable, true),
                &template("/user", BodyTemplate::Json(serde_json::json!({"active": false}))),
                &mut same,
            ),
            Route::new(
                Operation::Subject(Action::Enable, true),
                &template("/user", BodyTemplate::Json(serde_json::json!({"active": true}))),
                &mut same,
            ),
            Route::new(Operation::Protected(0), &template("/old/token", BodyTemplate::None), &mut same),
        ];
        for (path, body, expected) in [
            ("/token", "grant_type=refresh_token&refresh_token=x", Some(Operation::Redeem)),
            ("/v1/token", "grant_type=password&username=a", Some(alice)),
            ("/token", "grant_type=client_credentials", Some(bob)),
            // What cannot be parsed is a broken redeem rather than a broken login.
            ("/token", "", Some(Operation::Redeem)),
            ("/user", r#"{"active":true}"#, Some(Operation::Subject(Action::Enable, true))),
            ("/user", r#"{"active":false}"#, Some(Operation::Subject(Action::Disable, true))),
            ("/old/token", "", Some(Operation::Protected(0))),
            ("/other", "", None),
        ] {
            assert_eq!(operation(&routes, &request(path, body)), expected, "{path} {body}");
        }
    }
}
