//! One request of a probe, built from the contract's templates.

use crate::collection::{HeaderParam, Request, RequestBody, Url};
use crate::conformance::BoundClient;
use crate::contract::{Contract, RequestTemplate};
use crate::event::ItemRef;
use crate::plan::PlannedItem;
use serde_json::{Map, Value};

/// How a request names its application.
#[derive(Debug, Clone, Copy)]
pub(super) enum ClientKey<'a> {
    /// By that one's key.
    Of(&'a BoundClient),
    /// By a key nobody has.
    Unknown,
    /// Not at all.
    Missing,
}

/// A request of a probe.
#[derive(Debug)]
pub(super) struct Step {
    probe: &'static str,
    name: String,
    request: Request,
    variables: Vec<(String, Value)>,
}

impl Step {
    /// A request from a template.
    pub(super) fn new(
        probe: &'static str,
        name: &str,
        contract: &Contract,
        template: &RequestTemplate,
        client: ClientKey<'_>,
    ) -> Self {
        let mut headers: Vec<HeaderParam> =
            template.headers.iter().map(|(key, value)| header(key, value.as_str())).collect();
        let auth = &contract.client_auth;
        match client {
            ClientKey::Of(client) => headers.push(header(&auth.header, &client.key)),
            ClientKey::Unknown => headers.push(header(&auth.header, &auth.unknown)),
            ClientKey::Missing => {}
        }
        let request = Request {
            method: template.method.clone(),
            url: Url::parse(&format!("{}{}", contract.base_url, template.path)),
            headers,
            body: template.body.clone().map(|text| RequestBody::Raw { text, language: None }),
            auth: None,
            proxy: None,
        };
        Self { probe, name: name.to_owned(), request, variables: Vec::new() }
    }

    /// A redeem of that token.
    pub(super) fn redeem(
        probe: &'static str,
        name: &str,
        contract: &Contract,
        token: &str,
        client: ClientKey<'_>,
    ) -> Self {
        // The template names the variable that the contract captures refresh tokens into.
        let names = &contract.tokens.refresh.into;
        let variables = names.iter().map(|name| (name.clone(), Value::from(token))).collect();
        Self::new(probe, name, contract, &contract.redeem, client).with(variables)
    }

    /// A redeem whose body lacks the token's field.
    pub(super) fn redeem_without_field(
        probe: &'static str,
        name: &str,
        contract: &Contract,
        client: ClientKey<'_>,
    ) -> Self {
        let mut step = Self::new(probe, name, contract, &contract.redeem, client);
        step.request.body = Some(RequestBody::Raw { text: "{}".to_owned(), language: None });
        step
    }

    /// Adds variables that stand in front of all others.
    pub(super) fn with(mut self, variables: Vec<(String, Value)>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Presents an access token.
    pub(super) fn bearer(mut self, token: &str) -> Self {
        self.request.headers.push(header("authorization", &format!("Bearer {token}")));
        self
    }

    /// The item a runner can send, and its variables.
    pub(super) fn into_item(self, number: u32) -> (PlannedItem, Vec<(String, Value)>) {
        let item = ItemRef {
            id: format!("probe-{number}"),
            name: self.name,
            path: vec![self.probe.to_owned()],
            location: None,
        };
        let planned = PlannedItem {
            item,
            collection: "".into(),
            request: self.request,
            auth: None,
            auth_owner: None,
            events: Vec::new(),
            behavior: Map::new(),
        };
        (planned, self.variables)
    }
}

fn header(key: &str, value: &str) -> HeaderParam {
    HeaderParam { key: key.to_owned(), value: value.to_owned(), disabled: false }
}
