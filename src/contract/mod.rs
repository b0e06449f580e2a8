//! A contract is data: who logs in how, where tokens and codes sit, the documented refusals, which checks bind.
//!
//! Requests are templates with `<<name>>`, resolved against the run's variables when they are sent. The logic of
//! the checks is Rust ([`crate::conformance`]); a contract says which of them apply, how binding each is, and
//! by which clause.

mod expectation;
mod read;

pub use expectation::{ExpectedFailure, parse_expected_failures};
pub use read::{builtin_names, builtin_text, load, parse};

use crate::verdict::Level;
use indexmap::IndexMap;
use serde::Deserialize;

/// A contract as its file says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Contract {
    /// Version of the file's schema; this version reads 1.
    pub schema: u32,
    /// Stable id, e.g. `betterez-refresh-token`.
    pub id: String,
    /// For reports.
    pub title: String,
    /// Where the contract is documented.
    pub source: String,
    /// How rotation is meant.
    pub profile: Profile,
    /// Template of the target's base URL; paths below are appended to it.
    pub base_url: String,
    /// Where tokens sit.
    pub tokens: Tokens,
    /// How a request names its application.
    pub client_auth: ClientAuth,
    /// Applications the run may use.
    #[serde(default)]
    pub client: Vec<Client>,
    /// Ways to log in.
    pub login: Vec<Login>,
    /// The redeem request.
    pub redeem: RequestTemplate,
    /// A subject whose right to sign in the run may take away.
    #[serde(default)]
    pub subject_control: Option<SubjectControl>,
    /// The documented refusals.
    pub errors: ErrorTable,
    /// What is known to be broken.
    #[serde(default)]
    pub expected_failure: Vec<ExpectedFailure>,
    /// Checks that apply, by id.
    pub checks: IndexMap<String, CheckTerms>,
}

/// How rotation is meant (RFC 9700 §4.14.2 leaves it open; products differ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// The presented token is dead as soon as its successor was issued.
    Strict,
}

/// Where the two tokens sit.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tokens {
    /// The access token.
    pub access: TokenPlace,
    /// The refresh token.
    pub refresh: TokenPlace,
}

/// Where one token sits and which variables receive it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TokenPlace {
    /// JSON pointer (RFC 6901) into an answer.
    pub response: String,
    /// JSON pointer into the redeem request's body.
    #[serde(default)]
    pub request: Option<String>,
    /// Variables set from an answer.
    #[serde(default)]
    pub into: Vec<String>,
    /// Variables set to the token that a successful redeem consumed.
    #[serde(default)]
    pub previous: Vec<String>,
}

/// How a request names its application.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClientAuth {
    /// Header field.
    pub header: String,
    /// Query parameter accepted instead.
    #[serde(default)]
    pub query: Option<String>,
    /// A key that no application has.
    pub unknown: String,
}

/// An application.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Client {
    /// Name within the contract; `main` is used unless a probe needs another.
    pub id: String,
    /// Template of its public key.
    pub key: String,
    /// Template of the audience its logins name; the login's own when absent.
    #[serde(default)]
    pub audience: Option<String>,
    /// Whether it uses refresh tokens.
    pub refresh: Refresh,
    /// Lifetime of its access tokens, seconds, where documented.
    #[serde(default)]
    pub access_lifetime: Option<u64>,
    /// Template of the lifetime of its refresh tokens, seconds, where known.
    #[serde(default)]
    pub refresh_lifetime: Option<String>,
}

/// Whether an application uses refresh tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refresh {
    /// Login answers may carry one.
    Enabled,
    /// Login answers carry none.
    Disabled,
}

/// A request template.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequestTemplate {
    /// Method.
    pub method: String,
    /// Path below the base URL, with templates.
    pub path: String,
    /// Header fields.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// Body.
    #[serde(default)]
    pub body: Option<String>,
}

/// A way to log in, and the shape its answers have.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Login {
    /// Name within the contract.
    pub id: String,
    /// For reports.
    pub title: String,
    /// The request.
    pub request: RequestTemplate,
    /// Variables without which it cannot be sent.
    #[serde(default)]
    pub needs: Vec<String>,
    /// JSON pointer to the subject's id in its answer.
    pub subject: String,
    /// A request that needs its access token; `<<subject>>` is the subject's id.
    #[serde(default)]
    pub protected: Option<RequestTemplate>,
}

/// Takes a subject's right to sign in away, and gives it back.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SubjectControl {
    /// Id of the login the subject uses.
    pub login: String,
    /// Variables that differ for that subject's login.
    #[serde(default)]
    pub set: IndexMap<String, String>,
    /// Takes the right away.
    pub disable: RequestTemplate,
    /// Gives it back.
    pub enable: RequestTemplate,
    /// Variables without which it cannot be sent.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// The documented refusals.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ErrorTable {
    /// JSON pointer to the code in an error answer.
    pub code: String,
    /// Rows.
    pub row: Vec<ErrorRow>,
}

/// One documented refusal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ErrorRow {
    /// What the request did wrong.
    pub case: ErrorCase,
    /// Status code.
    pub status: u16,
    /// Code in the body; not compared when absent.
    #[serde(default)]
    pub code: Option<String>,
}

impl std::fmt::Display for ErrorRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} {code}", self.status),
            None => write!(f, "{}", self.status),
        }
    }
}

/// What a refused redeem did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCase {
    /// The body lacks the token's field.
    MissingField,
    /// The application is not named.
    MissingClient,
    /// The application is not known.
    UnknownClient,
    /// No such token was ever issued.
    Garbage,
    /// The token was redeemed before.
    Used,
    /// The token is older than its lifetime.
    Expired,
    /// The subject can no longer sign in.
    DisabledSubject,
}

/// How a check binds under this contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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
}
