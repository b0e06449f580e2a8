//! Request signing: one file a scheme, and the conversation some of them have with the server.
//!
//! Parameters arrive resolved (variables substituted). A scheme replaces what the user wrote in its place, as
//! Postman's auth helpers do. A request that cannot be signed goes out as Postman would send it, with a warning.
//!
//! A request is an [`Attempt`] after another: [`Session::sign`], send, [`Session::answered`], and again while the
//! server's challenge asks for it. Digest challenges learned through the auth of a folder or collection serve every
//! request that inherits it.
//!
//! Bytes are Postman's, so canonical forms, orders and quirks are its signers' own, written here on the primitives of
//! RustCrypto; crates for whole schemes (`aws-sigv4`, `digest_auth`, `oauth1-request`) produce other ones.

mod apikey;
mod asap;
mod awsv4;
mod basic;
mod bearer;
mod challenge;
mod digest;
mod edgegrid;
mod hawk;
mod json;
mod jws;
mod jwt;
mod key;
mod ntlm;
mod oauth1;
mod oauth2;
mod params;
mod payload;
mod query;
mod source;
#[cfg(test)]
mod tests;

pub use source::Source;

use crate::collection::RequestAuth;
use crate::diagnostic::{Warning, WarningCode};
use crate::event::Secret;
use crate::exchange::{ResolvedRequest, Response};
use crate::wire_url::{Encoding, WireUrl};
use params::Params;
use payload::Payload;
use serde_json::Value;
use std::collections::HashMap;

/// Replays of one request at most, as in Postman.
const MAX_REPLAYS: u32 = 3;

/// The schemes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    ApiKey,
    Asap,
    AwsV4,
    Basic,
    Bearer,
    Digest,
    EdgeGrid,
    Hawk,
    Jwt,
    NoAuth,
    Ntlm,
    OAuth1,
    OAuth2,
}

const SCHEMES: &[(&str, Scheme)] = &[
    ("apikey", Scheme::ApiKey),
    ("asap", Scheme::Asap),
    ("awsv4", Scheme::AwsV4),
    ("basic", Scheme::Basic),
    ("bearer", Scheme::Bearer),
    ("digest", Scheme::Digest),
    ("edgegrid", Scheme::EdgeGrid),
    ("hawk", Scheme::Hawk),
    ("jwt", Scheme::Jwt),
    ("noauth", Scheme::NoAuth),
    ("ntlm", Scheme::Ntlm),
    ("oauth1", Scheme::OAuth1),
    ("oauth2", Scheme::OAuth2),
];

/// Which parameters hold secrets.
const SECRETS: &[(&str, &[&str])] = &[
    ("apikey", &["value"]),
    ("asap", &["privateKey"]),
    ("awsv4", &["accessKey", "secretKey", "sessionToken"]),
    ("basic", &["password"]),
    ("bearer", &["token"]),
    ("digest", &["password"]),
    ("edgegrid", &["accessToken", "clientToken", "clientSecret"]),
    ("hawk", &["authKey"]),
    ("jwt", &["secret", "privateKey"]),
    ("ntlm", &["password"]),
    ("oauth1", &["consumerSecret", "token", "tokenSecret", "privateKey"]),
    ("oauth2", &["accessToken", "refreshToken", "clientSecret", "password"]),
];

/// Why a request goes out unsigned. Says nothing of what parameters hold, but for names of algorithms and places.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Unsigned {
    #[error(" has no {0}")]
    Missing(&'static str),
    #[error(": {0}")]
    Failed(String),
    #[error(" is no scheme of Postman's")]
    Unknown,
}

/// A request about to be signed, with what is known beside it.
#[derive(Debug)]
struct Signing<'a> {
    /// Changed in place.
    request: &'a mut ResolvedRequest,
    wire: Wire,
    source: &'a mut Source,
    secrets: &'a mut Vec<Secret>,
}

impl Signing<'_> {
    /// The URL as it is sent.
    fn target(&self) -> Result<WireUrl, Unsigned> {
        WireUrl::parse(&self.request.url, self.wire.encoding)
            .map_err(|error| Unsigned::Failed(error.to_string()))
    }

    fn payload(&self) -> Payload<'_> {
        match &self.request.body {
            None => Payload::Empty,
            Some(body) if body.is_empty() => Payload::Empty,
            Some(body) if self.wire.multipart => Payload::Multipart(body),
            Some(body) => Payload::Whole(body),
        }
    }

    fn body_text(&self) -> String {
        self.request.body.as_ref().map(|body| body.text().into_owned()).unwrap_or_default()
    }

    fn authorization(&mut self, value: String) {
        self.request.headers.remove("authorization");
        self.request.headers.push_system("Authorization", value);
    }

    /// Notes what came of a secret: whoever reads it could use it as one.
    fn derived(&mut self, name: &str, value: &str) {
        self.secrets.push(Secret { name: name.to_owned(), value: value.to_owned() });
    }
}

/// One request being authorised, from its first attempt to its last.
#[derive(Debug)]
pub struct Attempt {
    kind: String,
    scheme: Option<Scheme>,
    params: Params,
    /// Who the auth is inherited from.
    owner: Option<String>,
    digest: digest::Session,
    ntlm: ntlm::Step,
    replays: u32,
}

/// What an answer means for the request that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    /// It stands.
    Final,
    /// The request is to be signed and sent once more.
    Replay,
    /// It stands, and the scheme could not do its work.
    Refused(String),
}

/// What is to be done after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is the request's answer; perhaps the user must know something about it.
    Done(Option<Warning>),
    /// Sign and send again.
    Replay,
}

/// What a run keeps for signing: clock, random source, challenges learned.
#[derive(Debug)]
pub struct Session {
    source: Source,
    challenges: HashMap<String, digest::Session>,
}

impl Session {
    /// Nonces and timestamps come from there.
    pub fn new(source: Source) -> Self {
        Self { source, challenges: HashMap::new() }
    }

    /// Begins to authorise a request. `owner` names the folder or collection that the auth is inherited from.
    pub fn begin(&self, auth: &RequestAuth, owner: Option<&str>) -> Attempt {
        let scheme = SCHEMES.iter().find(|(name, _)| *name == auth.kind).map(|(_, scheme)| *scheme);
        let digest = owner.and_then(|owner| self.challenges.get(owner)).cloned().unwrap_or_default();
        Attempt {
            kind: auth.kind.clone(),
            scheme,
            params: Params::from(auth),
            owner: owner.map(str::to_owned),
            digest,
            ntlm: ntlm::Step::default(),
            replays: 0,
        }
    }

    /// Signs the request for this attempt.
    pub fn sign(&mut self, attempt: &Attempt, request: &mut ResolvedRequest, wire: Wire) -> Signed {
        let mut secrets = attempt.secrets();
        let mut signing = Signing { request, wire, source: &mut self.source, secrets: &mut secrets };
        let signed = attempt.sign(&mut signing);
        let warning = signed.err().filter(|_| attempt.replays == 0);
        Signed { warning: warning.map(|reason| attempt.unsigned(&reason.to_string())), secrets }
    }

    /// What to do, now that the server has answered.
    pub fn answered(&mut self, attempt: &mut Attempt, response: &Response) -> Verdict {
        let Attempt { params, digest, ntlm, .. } = attempt;
        let answer = match attempt.scheme {
            Some(Scheme::Digest) => digest::answered(params, digest, response, &mut self.source),
            Some(Scheme::Ntlm) => ntlm::answered(params, ntlm, response, &mut self.source),
            _ => Answer::Final,
        };
        if let (Some(owner), Some(Scheme::Digest)) = (&attempt.owner, attempt.scheme) {
            self.challenges.insert(owner.clone(), attempt.digest.clone());
        }
        match answer {
            Answer::Final => Verdict::Done(None),
            Answer::Refused(reason) => {
                let message = format!("auth `{}` was not applied: {reason}", attempt.kind);
                Verdict::Done(Some(Warning::new(WarningCode::AuthNotApplied, message)))
            }
            Answer::Replay if attempt.replays == MAX_REPLAYS => {
                let message = format!(
                    "auth `{}`: maximum intermediate request limit exceeded: the server challenged {} times",
                    attempt.kind,
                    MAX_REPLAYS + 1,
                );
                Verdict::Done(Some(Warning::new(WarningCode::AuthNotApplied, message)))
            }
            Answer::Replay => {
                attempt.replays += 1;
                Verdict::Replay
            }
        }
    }
}

/// What came of signing a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an unsigned request must be told to the user"]
pub struct Signed {
    /// That (and why) the request is left unsigned.
    pub warning: Option<Warning>,
    /// What must not be shown: keys and passwords, and what was made of them.
    pub secrets: Vec<Secret>,
}

/// How a request is sent, as far as signatures depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wire {
    /// The body is `application/x-www-form-urlencoded`.
    pub form: bool,
    /// The body is `multipart/form-data`, which Postman's signers leave out of what they hash.
    pub multipart: bool,
    /// Whether the URL is percent-encoded.
    pub encoding: Encoding,
}

impl Attempt {
    fn sign(&self, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
        let params = &self.params;
        match self.scheme.ok_or(Unsigned::Unknown)? {
            Scheme::NoAuth => Ok(()),
            Scheme::ApiKey => apikey::sign(params, signing),
            Scheme::Asap => asap::sign(params, signing),
            Scheme::AwsV4 => awsv4::sign(params, signing),
            Scheme::Basic => {
                basic::sign(params, signing);
                Ok(())
            }
            Scheme::Bearer => bearer::sign(params, signing),
            Scheme::Digest => digest::sign(params, &self.digest, signing),
            Scheme::EdgeGrid => edgegrid::sign(params, signing),
            Scheme::Hawk => hawk::sign(params, signing),
            Scheme::Jwt => jwt::sign(params, signing),
            Scheme::Ntlm => {
                ntlm::sign(&self.ntlm, signing);
                Ok(())
            }
            Scheme::OAuth1 => oauth1::sign(params, signing),
            Scheme::OAuth2 => oauth2::sign(params, signing),
        }
    }

    /// The auth as it is used: its parameters, and what a challenge added.
    pub fn auth(&self) -> RequestAuth {
        let mut params = self.params.0.clone();
        let learned = if self.scheme == Some(Scheme::Digest) { self.digest.learned() } else { Vec::new() };
        for (name, value) in learned {
            if self.params.text(name).is_empty() {
                params.retain(|(key, _)| key != name);
                params.push((name.to_owned(), Value::from(value)));
            }
        }
        RequestAuth { kind: self.kind.clone(), params }
    }

    fn secrets(&self) -> Vec<Secret> {
        let names = SECRETS.iter().filter(|(kind, _)| *kind == self.kind).flat_map(|(_, names)| *names);
        names
            .map(|name| Secret { name: (*name).to_owned(), value: self.params.text(name) })
            .filter(|secret| !secret.value.is_empty())
            .collect()
    }

    fn unsigned(&self, reason: &str) -> Warning {
        let message = format!("auth `{}`{reason}; the request was sent unsigned", self.kind);
        Warning::new(WarningCode::AuthNotApplied, message)
    }
}
