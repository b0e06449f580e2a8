//! A contract's templates, resolved against the variables of one run.

use crate::contract::{Contract, Refresh};
use serde_json::Value;

/// What the ledger must know of the run's variables.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    /// Applications whose key is set.
    pub clients: Vec<BoundClient>,
    /// `Authorization` of the login whose subject the run may disable.
    pub controlled_authorization: Option<String>,
    /// Refresh tokens the run was handed from outside: nothing is known of their life.
    pub given: Vec<String>,
}

/// An application with its key.
#[derive(Debug, Clone)]
pub struct BoundClient {
    /// Name within the contract.
    pub id: String,
    /// Its public key.
    pub key: String,
    /// Whether it uses refresh tokens.
    pub refresh: Refresh,
    /// Documented lifetime of its access tokens, seconds.
    pub access_lifetime: Option<u64>,
    /// Lifetime of its refresh tokens, seconds, where known.
    pub refresh_lifetime: Option<f64>,
}

impl Bindings {
    /// Resolves what the contract says. `resolve` resolves one template; `lookup` gives a variable's value.
    pub fn new(
        contract: &Contract,
        mut resolve: impl FnMut(&str) -> String,
        lookup: impl Fn(&str) -> Option<Value>,
    ) -> Self {
        let mut set =
            |template: &str| Some(resolve(template)).filter(|text| !text.is_empty() && !text.contains("<<"));
        let clients = contract
            .client
            .iter()
            .filter_map(|client| {
                Some(BoundClient {
                    id: client.id.clone(),
                    key: set(&client.key)?,
                    refresh: client.refresh,
                    access_lifetime: client.access_lifetime,
                    refresh_lifetime: client
                        .refresh_lifetime
                        .as_deref()
                        .and_then(&mut set)
                        .and_then(|seconds| seconds.parse().ok()),
                })
            })
            .collect();
        let controlled_authorization = contract.subject_control.as_ref().and_then(|control| {
            let login = contract.login(&control.login)?;
            let template =
                login.request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
            // The subject's own values stand in for the login's.
            let own = control
                .set
                .iter()
                .fold(template.1.clone(), |text, (name, value)| text.replace(&format!("<<{name}>>"), value));
            set(&own)
        });
        let refresh = &contract.tokens.refresh;
        let given = refresh
            .into
            .iter()
            .chain(&refresh.previous)
            .filter_map(|name| lookup(name)?.as_str().map(str::to_owned))
            .filter(|token| !token.is_empty())
            .collect();
        Self { clients, controlled_authorization, given }
    }

    /// The application of that name, when its key is set.
    pub fn client(&self, id: &str) -> Option<&BoundClient> {
        self.clients.iter().find(|client| client.id == id)
    }
}
