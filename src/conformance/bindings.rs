//! A contract's templates, resolved against the variables of one run.

use super::route::{self, Operation, Route};
use crate::contract::{Client, Contract, Refresh};
use indexmap::IndexMap;
use serde_json::Value;

/// What the ledger and the probes must know of the run's variables.
#[derive(Debug, Clone)]
pub struct Bindings {
    /// Applications whose key is set.
    pub clients: Vec<BoundClient>,
    /// Refresh tokens the run was handed from outside: nothing is known of their life.
    pub given: Vec<String>,
    /// The contract's requests.
    pub(super) routes: Vec<Route>,
    /// What the login of the subject that the run may disable presents, by which it is recognised.
    pub(super) controlled: Option<Vec<String>>,
}

/// An application with its credentials.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundClient {
    /// Name within the contract.
    pub id: String,
    /// Its key or id; empty where requests name no application.
    pub key: String,
    /// Its secret.
    pub secret: Option<String>,
    /// Whether it uses refresh tokens.
    pub refresh: Refresh,
    /// Documented lifetime of its access tokens, seconds.
    pub access_lifetime: Option<f64>,
    /// Lifetime of its refresh tokens, seconds, where known.
    pub refresh_lifetime: Option<f64>,
    /// Variables that differ for it.
    pub variables: Vec<(String, Value)>,
}

impl Bindings {
    /// Resolves what the contract says. `resolve` resolves one template, with these variables standing in front of all
    /// others; `lookup` gives a variable's value.
    pub fn new(
        contract: &Contract,
        mut resolve: impl FnMut(&str, &[(String, Value)]) -> String,
        lookup: impl Fn(&str) -> Option<Value>,
    ) -> Self {
        let clients = contract.client.iter().filter_map(|client| bound(client, &mut resolve)).collect();
        let routes = route::routes(contract, &mut |template| resolve(template, &[]));
        let mut given: Vec<String> = Vec::new();
        for tokens in contract.login.iter().map(|login| &login.redeemed).chain([&contract.tokens]) {
            let names = tokens.refresh.into.iter().chain(&tokens.refresh.previous);
            given.extend(names.filter_map(|name| lookup(name)?.as_str().map(str::to_owned)));
        }
        given.retain(|token| !token.is_empty());
        let controlled = controlled(contract, &routes, &mut resolve);
        Self { clients, given, routes, controlled }
    }

    /// The application of that name, when its key is set.
    pub fn client(&self, id: &str) -> Option<&BoundClient> {
        self.clients.iter().find(|client| client.id == id)
    }
}

/// Variables with their templates resolved.
pub(super) fn variables(
    templates: &IndexMap<String, String>,
    mut resolve: impl FnMut(&str) -> String,
) -> Vec<(String, Value)> {
    templates.iter().map(|(name, template)| (name.clone(), Value::from(resolve(template)))).collect()
}

/// `None` when the application's key or secret is not set.
fn bound(
    client: &Client,
    resolve: &mut impl FnMut(&str, &[(String, Value)]) -> String,
) -> Option<BoundClient> {
    let mut set = |template: &str| Some(resolve(template, &[])).filter(|text| is_set(text));
    let [access_lifetime, refresh_lifetime] = [&client.access_lifetime, &client.refresh_lifetime]
        .map(|template| set(template.as_deref()?).and_then(|seconds| seconds.trim().parse().ok()));
    let key = match &client.key {
        Some(template) => set(template)?,
        None => String::new(),
    };
    let secret = match &client.secret {
        Some(template) => Some(set(template)?),
        None => None,
    };
    Some(BoundClient {
        id: client.id.clone(),
        key,
        secret,
        refresh: client.refresh,
        access_lifetime,
        refresh_lifetime,
        variables: variables(&client.variables, |template| resolve(template, &[])),
    })
}

/// Whether a template resolved to something.
fn is_set(text: &str) -> bool {
    !text.is_empty() && !text.contains("<<")
}

/// What the subject's login presents in the fields by which logins are told apart.
fn controlled(
    contract: &Contract,
    routes: &[Route],
    resolve: &mut impl FnMut(&str, &[(String, Value)]) -> String,
) -> Option<Vec<String>> {
    let control = contract.subject.as_ref()?;
    let login = contract.login.iter().position(|login| login.id == control.login)?;
    let own = variables(&control.set, |template| resolve(template, &[]));
    let mut values = Vec::new();
    for step in 0..contract.login[login].step.len() {
        let fields = route::route(routes, Operation::Login { login, step })?.fields.iter();
        for field in fields.filter(|field| is_lasting(&field.template, contract, login)) {
            let value = resolve(&field.template, &own);
            if !is_set(&value) {
                return None;
            }
            // `<<name | tojson>>` resolves to a JSON string, and requests are read as values.
            values.push(serde_json::from_str(&value).unwrap_or(value));
        }
    }
    Some(values)
}

/// Whether a field of a login says who logs in: it names a variable, and none that a step captures.
pub(super) fn is_lasting(template: &str, contract: &Contract, login: usize) -> bool {
    let mut captured = contract.login[login].step.iter().flat_map(|step| step.capture.keys());
    template.contains("<<")
        && !template.contains("<<$")
        && !captured.any(|name| template.contains(name.as_str()))
}
