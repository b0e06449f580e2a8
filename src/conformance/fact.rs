//! What one exchange means under the contract: the ledger's reading of it, which the checks judge.

use crate::contract::ErrorRow;

/// An exchange that concerns the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// A login.
    Login(LoginFact),
    /// A redeem.
    Redeem(RedeemFact),
    /// A request that needs an access token.
    Protected(ProtectedFact),
}

/// What came back, as far as verdicts need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// The contract's error code, where the body has one.
    pub code: Option<String>,
    /// Whether the body is a JSON object.
    pub json_object: bool,
}

impl Answer {
    /// 2xx.
    pub fn accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// 4xx: a refusal, whichever. 5xx is no refusal but an accident.
    pub fn refused(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// Whether it is the documented refusal.
    pub fn is(&self, row: &ErrorRow) -> bool {
        self.status == row.status && (row.code.is_none() || row.code == self.code)
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} {code}", self.status),
            None => write!(f, "{}", self.status),
        }
    }
}

/// A login and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginFact {
    /// Index into the contract's logins.
    pub login: usize,
    /// Refresh tokens are disabled for the application, and how long its access tokens must live (seconds).
    pub disabled_client: Option<Option<u64>>,
    /// `None`: no answer came.
    pub answer: Option<Answer>,
    /// The answer holds a non-empty access token.
    pub has_access: bool,
    /// The answer holds a refresh token.
    pub has_refresh: bool,
    /// `exp - iat` of the access token, where it is a JWT that says so (seconds).
    pub access_lifetime: Option<i64>,
    /// The same request was answered 2xx before, and a redeem was refused since.
    pub recovering: bool,
}

/// A redeem and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct RedeemFact {
    /// What the request was, by the model.
    pub case: Case,
    /// `None`: no answer came.
    pub answer: Option<Answer>,
    /// A 2xx answer that holds an access or a refresh token: the redeem worked.
    pub brought_tokens: bool,
    /// What a 2xx answer to a token of this run brought, beside what it replaces.
    pub issued: Option<Issued>,
    /// The request carried an `Authorization` field.
    pub authorization: bool,
}

/// What a redeem request deserved, by the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Case {
    /// The newest token of its session, never presented before: must be accepted. `depth` 0 came from a login.
    Live {
        /// Rotations since the login.
        depth: u32,
    },
    /// Redeemed before: must be refused.
    Used {
        /// Milliseconds since it was redeemed.
        age_ms: f64,
        /// Rotations that came after it; 1 when its successor is the newest.
        behind: u32,
        /// Issued, redeemed and presented again within one second of the wall clock.
        same_second: bool,
        /// An answer of its session contradicted the contract before: what follows proves nothing new.
        contradicted: bool,
    },
    /// Older than its lifetime.
    Expired,
    /// Its subject can no longer sign in.
    DisabledSubject,
    /// Never issued; named when it is a variant of an issued one.
    Garbage {
        /// `case-flipped`, `truncated` …
        variant: Option<&'static str>,
    },
    /// The body lacks the field.
    MissingField,
    /// No application is named.
    MissingClient,
    /// An unknown application is named.
    UnknownClient,
    /// The contract promises nothing here.
    Unspecified(Doubt),
}

/// Why the contract promises nothing for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// A used token of the session was presented again; what that does to its successor is not documented.
    Replayed,
    /// The same subject has logged in again since.
    Superseded,
    /// An answer of this session contradicted the contract before.
    Contradicted,
    /// The subject was disabled meanwhile.
    SubjectChanged,
    /// A refused attempt presented this token before.
    Attempted,
    /// The token is about as old as its lifetime.
    NearExpiry,
    /// The token was handed to the run from outside.
    Foreign,
    /// The token belongs to another application.
    OtherClient,
    /// A body that no clause speaks of: empty token, wrong type, malformed.
    OddBody,
}

/// What a redeem answered 2xx brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    /// The new refresh token.
    pub refresh: Renewal,
    /// The new access token.
    pub access: Renewal,
    /// A diff, when the answer lacks the shape of the session's login.
    pub shape_mismatch: Option<String>,
    /// Whether the subject is the login's (`None`: the login named none).
    pub same_subject: Option<bool>,
}

/// A token in an answer, beside the one it replaces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Renewal {
    /// Not there, empty, or not a string.
    Absent,
    /// Never seen before.
    New,
    /// Seen before; for access tokens the milliseconds since it was issued.
    Old {
        /// Milliseconds since it was issued.
        age_ms: f64,
    },
}

/// A request to a route that needs an access token.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtectedFact {
    /// The route, for messages.
    pub route: String,
    /// What was presented.
    pub presented: Presented,
    /// The route was seen refusing a request without a token.
    pub guarded: bool,
    /// `None`: no answer came.
    pub answer: Option<Answer>,
}

/// The credentials of a protected request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// No `Authorization` field.
    Nothing,
    /// An access token of the matching login that must be good.
    Current,
    /// An access token that a redeem has replaced.
    Replaced,
    /// Anything else.
    Other,
}

impl std::fmt::Display for Presented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "no token",
            Self::Current => "access token",
            Self::Replaced => "replaced access token",
            Self::Other => "other credentials",
        })
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Live { depth: 0 } => f.write_str("fresh token"),
            Self::Live { depth } => write!(f, "token after {depth} rotations"),
            Self::Used { behind: 1, .. } => f.write_str("used token"),
            Self::Used { behind, .. } => write!(f, "token used {behind} rotations ago"),
            Self::Expired => f.write_str("expired token"),
            Self::DisabledSubject => f.write_str("token of a disabled subject"),
            Self::Garbage { variant: None } => f.write_str("made-up token"),
            Self::Garbage { variant: Some(name) } => write!(f, "{name} token"),
            Self::MissingField => f.write_str("no token"),
            Self::MissingClient => f.write_str("no application key"),
            Self::UnknownClient => f.write_str("unknown application key"),
            Self::Unspecified(doubt) => write!(f, "unspecified: {doubt}"),
        }
    }
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Replayed => "after a replay in its session",
            Self::Superseded => "after a newer login of its subject",
            Self::Contradicted => "after an answer that contradicts the contract",
            Self::SubjectChanged => "after its subject was disabled",
            Self::Attempted => "after a refused attempt with it",
            Self::NearExpiry => "close to its expiry",
            Self::Foreign => "a token from before the run",
            Self::OtherClient => "another application's token",
            Self::OddBody => "a body no clause speaks of",
        })
    }
}
