//! The requests of a contract: templates with `<<name>>`, the steps of a login, the protected route.

use super::place::Source;
use super::status::StatusPattern;
use indexmap::IndexMap;
use serde_json::Value;

/// A request template. It does not mention tokens or cookies: whoever sends it puts them where the contract says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestTemplate {
    /// Method.
    pub method: String,
    /// Path below the base URL, with templates; or a whole URL.
    pub path: String,
    /// Parameters of the URL, beside those in the path.
    pub query: IndexMap<String, String>,
    /// Header fields.
    pub headers: IndexMap<String, String>,
    /// Body.
    pub body: BodyTemplate,
}

/// A body template.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum BodyTemplate {
    /// None is sent.
    #[default]
    None,
    /// JSON whose strings are templates.
    Json(Value),
    /// JSON as one template, for values that are no strings: `{"n": <<count>>}`.
    JsonText(String),
    /// `application/x-www-form-urlencoded`; values are templates.
    Form(IndexMap<String, String>),
    /// Any text, sent as it stands.
    Text(String),
}

/// One request of a login.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The request.
    pub request: RequestTemplate,
    /// Variables for the steps that follow and for redeems of the session, with where the answer has them.
    pub capture: IndexMap<String, Source>,
    /// Statuses that mean success; empty: 2xx, and 3xx for every step but the last.
    pub expect: Vec<StatusPattern>,
}

/// A request that needs an access token, to see whether one works.
#[derive(Debug, Clone, PartialEq)]
pub struct Protected {
    /// The request; `<<subject>>` is the subject's id.
    pub request: RequestTemplate,
    /// Statuses that mean that the token was refused.
    pub refusal: Vec<StatusPattern>,
}

/// The redeem request.
#[derive(Debug, Clone, PartialEq)]
pub struct Redeem {
    /// The request, without the token.
    pub request: RequestTemplate,
    /// Variables for later redeems of the session, with where the answer has them.
    pub capture: IndexMap<String, Source>,
}
