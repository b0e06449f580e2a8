//! A contract is data: who logs in how, where tokens and codes sit, how rotation is meant, the documented refusals,
//! which checks bind.
//!
//! Requests are templates with `<<name>>`, resolved against the run's variables when they are sent. The logic of
//! the checks is Rust ([`crate::conformance`]); a contract says which of them apply, how binding each is, and
//! by which clause. How a contract is written down is [`read`](load)'s business; the README shows it.

mod errors;
mod expectation;
mod names;
mod place;
mod read;
mod request;
mod rotation;
mod starter;
mod status;

pub use errors::{CodeRule, ErrorCase, ErrorRow, ErrorTable};
pub use expectation::ExpectedFailure;
pub use place::{Carrier, Pattern, Source};
pub use read::{ContractError, Problem, builtin_names, builtin_text, load, parse, parse_expected_failures};
pub use request::{BodyTemplate, Protected, Redeem, RequestTemplate, Step};
pub use rotation::{AfterReplay, Fate, NewAccess, NewRefresh, Profile, Reuse, Rotation};
pub use starter::{Starter, starter};
pub use status::StatusPattern;

use crate::verdict::Level;
use indexmap::IndexMap;

/// A contract, with what it extends laid under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// Stable id, e.g. `betterez-refresh-token`.
    pub id: String,
    /// For reports.
    pub title: String,
    /// Where the contract is documented.
    pub source: String,
    /// Template of the target's base URL; paths below are appended to it.
    pub base_url: String,
    /// What `<<name>>` stands for where the run says nothing else.
    pub variables: IndexMap<String, String>,
    /// How a request names its application.
    pub client_auth: ClientAuth,
    /// Applications the run may use; never empty. The first enabled one is the one used.
    pub client: Vec<Client>,
    /// Ways to log in; never empty.
    pub login: Vec<Login>,
    /// The redeem request.
    pub redeem: Redeem,
    /// Where tokens sit in the answer to a redeem whose login is not known.
    pub tokens: Tokens,
    /// How rotation is meant.
    pub rotation: Rotation,
    /// The documented refusals.
    pub errors: ErrorTable,
    /// Refused redeems that leave the token usable.
    pub not_consumed: Vec<NotConsumed>,
    /// What simultaneous redeems may come to.
    pub concurrency: Concurrency,
    /// A subject whose right to sign in the run may take away.
    pub subject: Option<SubjectControl>,
    /// What the run may do to the target.
    pub safety: Safety,
    /// Known deviations.
    pub expected_failure: Vec<ExpectedFailure>,
    /// Checks that apply, by id.
    pub checks: IndexMap<String, CheckTerms>,
}

/// Where the two tokens sit.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokens {
    /// The access token.
    pub access: TokenPlace,
    /// The refresh token.
    pub refresh: TokenPlace,
}

/// Where one token sits and which variables receive it.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenPlace {
    /// Where an answer has it; the first place that has one counts. Never empty.
    pub from: Vec<Source>,
    /// Where a request presents it.
    pub carrier: Carrier,
    /// Variables set from an answer.
    pub into: Vec<String>,
    /// Variables set to the token that a successful redeem consumed.
    pub previous: Vec<String>,
}

impl TokenPlace {
    /// Where an answer has it, in words.
    pub fn described(&self) -> String {
        status::either(&self.from)
    }
}

/// How a request names its application.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientAuth {
    /// How.
    pub kind: ClientAuthKind,
    /// Query parameter accepted instead of a header.
    pub also_query: Option<String>,
    /// On which requests.
    pub on: Vec<AuthenticatedRequest>,
    /// A key (or id) that no application has.
    pub unknown: String,
    /// A secret that no application has.
    pub wrong_secret: String,
}

/// How a request names its application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientAuthKind {
    /// Not at all.
    None,
    /// By its key in that header field.
    Header(String),
    /// By its key in that query parameter.
    Query(String),
    /// By id and secret as HTTP Basic (RFC 7617).
    Basic,
    /// By id, and secret where one is named, as fields of the body, form or JSON.
    Body {
        /// The id's field.
        id: String,
        /// The secret's field.
        secret: Option<String>,
    },
}

/// A kind of request that names its application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthenticatedRequest {
    /// Every step of a login.
    Login,
    /// The redeem.
    Redeem,
    /// The protected route.
    Protected,
    /// Actions on a subject.
    Subject,
}

/// An application.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// Name within the contract.
    pub id: String,
    /// Template of its key or id; absent where requests name no application.
    pub key: Option<String>,
    /// Template of its secret.
    pub secret: Option<String>,
    /// Whether it uses refresh tokens.
    pub refresh: Refresh,
    /// Template of the documented lifetime of its access tokens, seconds.
    pub access_lifetime: Option<String>,
    /// Template of the lifetime of its refresh tokens, seconds; absent: expiry cannot be tested here.
    pub refresh_lifetime: Option<String>,
    /// Templates of variables that differ for it.
    pub variables: IndexMap<String, String>,
}

/// Whether an application uses refresh tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// Login answers may carry one.
    Enabled,
    /// Login answers carry none.
    Disabled,
}

/// A way to log in.
#[derive(Debug, Clone, PartialEq)]
pub struct Login {
    /// Name within the contract.
    pub id: String,
    /// For reports.
    pub title: String,
    /// Variables without which it cannot be sent.
    pub needs: Vec<String>,
    /// Where its answer has the subject's id.
    pub subject: Option<Source>,
    /// Its requests; never empty. Tokens come from the last.
    pub step: Vec<Step>,
    /// Where tokens sit in its answer.
    pub tokens: Tokens,
    /// Where tokens sit in the answer to a redeem of its tokens, and how such a redeem carries them.
    pub redeemed: Tokens,
    /// Whether a redeem must answer in the shape of this login's answer.
    pub shape: ShapeRule,
    /// A request that needs its access token.
    pub protected: Option<Protected>,
}

impl Login {
    /// The request that brings the tokens.
    pub fn last_step(&self) -> &Step {
        &self.step[self.step.len() - 1]
    }
}

/// Whether the shape of a redeem's answer is compared with the login's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeRule {
    /// It must be the same.
    Checked,
    /// It may be any.
    Any,
}

/// A refused redeem that leaves its token usable.
#[derive(Debug, Clone, PartialEq)]
pub struct NotConsumed {
    /// Name within the contract.
    pub id: String,
    /// What differs from a good redeem.
    pub patch: Patch,
}

/// What differs from the redeem request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patch {
    /// Whose credentials it carries.
    pub client: Option<ClientPatch>,
    /// It carries no token.
    pub without_token: bool,
    /// Its body, sent as it stands.
    pub body: Option<String>,
    /// Header fields set over the request's own.
    pub headers: IndexMap<String, String>,
    /// Its method.
    pub method: Option<String>,
}

/// Wrong credentials of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientPatch {
    /// None.
    Missing,
    /// A key that no application has.
    Unknown,
    /// A secret that no application has.
    WrongSecret,
    /// Another application's, good ones.
    Other,
}

/// What simultaneous redeems of one token may come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concurrency {
    /// Requests released together.
    pub requests: u32,
    /// How often.
    pub storms: u32,
    /// Redeems of one storm that may be accepted.
    pub max_accepted: u32,
    /// Different successors that one storm may bring.
    pub max_successors: u32,
    /// Successors of one storm that may work afterwards.
    pub max_live_successors: u32,
    /// Statuses that those which lose may get, beside the documented refusal of a used token.
    pub losers: Vec<StatusPattern>,
    /// Whether HTTP/2 is spoken.
    pub http2: Http2,
}

/// Whether HTTP/2 is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Http2 {
    /// Where the server offers it (ALPN).
    Auto,
    /// Without asking (RFC 9113 §3.3).
    PriorKnowledge,
    /// Never.
    Off,
}

/// Requests that take a subject's right to sign in away, and give it back. An empty action is not offered.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectControl {
    /// Id of the login the subject uses.
    pub login: String,
    /// Variables without which no action can be sent.
    pub needs: Vec<String>,
    /// Templates of variables that differ for that subject's login and the actions.
    pub set: IndexMap<String, String>,
    /// Takes the right away.
    pub disable: Vec<RequestTemplate>,
    /// Gives it back.
    pub enable: Vec<RequestTemplate>,
    /// Removes the subject.
    pub delete: Vec<RequestTemplate>,
    /// Makes the subject.
    pub create: Vec<RequestTemplate>,
}

/// What a run may do to the target.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Safety {
    /// Requests in all.
    pub max_requests: Option<u32>,
    /// Requests a second.
    pub rate: Option<f64>,
}

/// How a check binds under this contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckTerms {
    /// How binding.
    pub level: Level,
    /// The clause, in the contract's words.
    pub clause: String,
}

impl Contract {
    /// The login of that id.
    pub fn login(&self, id: &str) -> Option<&Login> {
        self.login.iter().find(|login| login.id == id)
    }

    /// The documented refusal for a case.
    pub fn row(&self, case: ErrorCase) -> Option<&ErrorRow> {
        self.errors.row.iter().find(|row| row.case == case)
    }

    /// Where requests present refresh tokens: each place once.
    pub fn refresh_carriers(&self) -> Vec<&Carrier> {
        let mut carriers: Vec<&Carrier> = Vec::new();
        let all = self.login.iter().map(|login| &login.redeemed).chain([&self.tokens]);
        for carrier in all.map(|tokens| &tokens.refresh.carrier) {
            if !carriers.contains(&carrier) {
                carriers.push(carrier);
            }
        }
        carriers
    }

    /// Whether redeems name their application.
    pub fn names_applications(&self) -> bool {
        self.client_auth.kind != ClientAuthKind::None && self.authenticates(AuthenticatedRequest::Redeem)
    }

    /// Whether requests of that kind name their application.
    pub fn authenticates(&self, request: AuthenticatedRequest) -> bool {
        self.client_auth.on.contains(&request)
    }
}
