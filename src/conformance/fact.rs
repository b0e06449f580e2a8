//! What one exchange means under the contract: the ledger's reading of it, which the checks judge.

pub use super::answer::Answer;
pub use super::jwt::Claims;
pub use super::likeness::Likeness;
pub use super::strength::Strength;
use crate::contract::ErrorCase;
use crate::verdict::Evidence;
use std::collections::BTreeMap;

/// An exchange that concerns the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// A login.
    Login(LoginFact),
    /// A redeem.
    Redeem(RedeemFact),
    /// A request that needs an access token.
    Protected(ProtectedFact),
    /// Every storm of one kind, once the run is over.
    Storms(StormKind, Vec<Storm>),
}

/// What was released together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StormKind {
    /// Redeems of one token.
    Race,
    /// Redeems of several tokens, replays, logins.
    Mixed,
    /// One redeem, whose answer was not waited for.
    Lost,
}

/// What one storm came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Storm {
    /// Requests released together.
    pub requests: u32,
    /// Redeems that brought tokens.
    pub accepted: u32,
    /// Different refresh tokens that its redeems and logins brought.
    pub successors: u32,
    /// Those that were accepted afterwards.
    pub live: u32,
    /// Those that were refused afterwards.
    pub dead: u32,
    /// Whether the one token it presented was accepted once more afterwards.
    pub again: Option<bool>,
    /// Answers that are neither tokens nor the documented refusal of a used token, and how often they came.
    pub undocumented: BTreeMap<String, u32>,
    /// Answers with a status of 500 or more.
    pub accidents: u32,
    /// The first of them.
    pub accident: Option<String>,
    /// Requests turned away for their number (429, 503), which were never looked at.
    pub limited: u32,
    /// Requests without an answer.
    pub unanswered: u32,
    /// Requests whose answer says what became of their tokens.
    pub told: u32,
    /// Tokens were used twice before, one redeem after the other: that it happens at once says nothing new.
    pub reusable: bool,
    /// Live tokens were refused before, one redeem after the other: likewise.
    pub refuses_live: bool,
    /// Whether some order of its operations explains what each of them saw.
    pub explained: Explained,
    /// From the release of the first request to that of the last, milliseconds.
    pub skew_ms: Option<f64>,
    /// The exchanges that say most.
    pub evidence: Vec<Evidence>,
}

impl Storm {
    /// Requests that really competed: neither lost on the way nor turned away at the door.
    pub fn competed(&self) -> u32 {
        self.requests.saturating_sub(self.unanswered + self.limited)
    }
}

/// Whether operations that overlapped can be put into an order that explains them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Explained {
    /// They can.
    #[default]
    Yes,
    /// They cannot: the longest order that explains anything, and what would have to follow.
    No(String),
    /// It cannot be said, and why.
    Untold(String),
}

/// The kind of a made-up token that is longer than any server makes them.
pub const OVERSIZED: &str = "oversized";

/// The kind of a changed token that has blanks around it.
pub const PADDED: &str = "padded";

/// A login and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginFact {
    /// Index into the contract's logins.
    pub login: usize,
    /// Refresh tokens are disabled for the application, and how long its access tokens must live (seconds).
    pub disabled_client: Option<Option<f64>>,
    /// `None`: no answer came.
    pub answer: Option<Answer>,
    /// The answer holds a non-empty access token.
    pub has_access: bool,
    /// The answer holds a refresh token.
    pub has_refresh: bool,
    /// What its tokens show, where it brought some.
    pub shown: Option<Shown>,
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
    /// Why no complete answer came from a server that was reached.
    pub broken_off: Option<String>,
    /// Its token was spent before by a request that ought to have been refused: why this one is, nobody can tell.
    pub spent_wrongly: bool,
    /// A 2xx answer that holds an access or a refresh token: the redeem worked.
    pub brought_tokens: bool,
    /// What a redeem of a token of this run brought, beside what it replaces.
    pub issued: Option<Issued>,
    /// The request carried an `Authorization` field that the contract does not ask for.
    pub authorization: bool,
    /// What the first refused attempt with its token did wrong; the token was not spent by it, as far as is known.
    pub attempted: Option<ErrorCase>,
    /// Its refusal beside those of other tokens that are refused alike.
    pub likeness: Option<Likeness>,
    /// What its tokens show, where it brought some.
    pub shown: Option<Shown>,
}

/// What the tokens of an answer show, whichever way they were got.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// A `Location` field on the way had one of them in it.
    pub in_location: bool,
    /// The claims of the access token, where it is a JWT.
    pub claims: Option<Claims>,
    /// The access token was never seen before.
    pub new_access: bool,
    /// Names of the claims in which it differs from its login's; `None` where there are none to compare.
    pub changed_claims: Option<Vec<&'static str>>,
    /// How hard the refresh tokens seen so far are to guess; `None` while there are too few.
    pub strength: Option<Strength>,
    /// When the answer was there, seconds of Unix time.
    pub now_s: f64,
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
    /// Redeemed before, and presented again where the contract allows it.
    Reuse {
        /// Milliseconds since it was redeemed.
        age_ms: f64,
    },
    /// Older than its lifetime.
    Expired,
    /// Its subject can no longer sign in.
    DisabledSubject,
    /// Its subject is gone.
    DeletedSubject,
    /// An access token of this run.
    AccessToken,
    /// Never issued; named when it is a variant of an issued one.
    Garbage {
        /// `case-flipped`, `truncated` …
        variant: Option<&'static str>,
    },
    /// The request lacks the token.
    MissingField,
    /// A token of this run in the URL, where the contract does not have it.
    InUrl {
        /// By the method GET.
        get: bool,
    },
    /// Never issued, and of a kind that servers stumble over: its name.
    Odd(&'static str),
    /// The token is empty, null or no string, or the body that should have it cannot be read: the contract's row.
    Malformed(ErrorCase),
    /// No application is named.
    MissingClient,
    /// An unknown application is named.
    UnknownClient,
    /// The application's secret is wrong.
    WrongSecret,
    /// The secret is another application's.
    OtherClientCredentials,
    /// The token is another application's.
    OtherClient,
    /// The contract promises nothing here.
    Unspecified(Doubt),
}

impl Case {
    /// The row of the error table that speaks of it.
    pub fn row(&self) -> Option<ErrorCase> {
        Some(match self {
            Self::Used { .. } => ErrorCase::Used,
            Self::Expired => ErrorCase::Expired,
            Self::DisabledSubject => ErrorCase::DisabledSubject,
            Self::DeletedSubject => ErrorCase::DeletedSubject,
            Self::AccessToken => ErrorCase::AccessToken,
            Self::Garbage { variant: None } => ErrorCase::Garbage,
            Self::Garbage { variant: Some(_) } => ErrorCase::Tampered,
            Self::MissingField => ErrorCase::MissingField,
            Self::Malformed(case) => *case,
            Self::MissingClient => ErrorCase::MissingClient,
            Self::UnknownClient => ErrorCase::UnknownClient,
            Self::WrongSecret => ErrorCase::WrongSecret,
            Self::OtherClientCredentials => ErrorCase::OtherClientCredentials,
            Self::OtherClient => ErrorCase::OtherClient,
            Self::Live { .. }
            | Self::Reuse { .. }
            | Self::InUrl { .. }
            | Self::Odd(_)
            | Self::Unspecified(_) => return None,
        })
    }
}

/// Why the contract promises nothing for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// A used token of the session was presented again; what that does to its successor is not documented.
    Replayed {
        /// It was no direct ancestor of the newest.
        deep: bool,
    },
    /// A used token of another session was presented again.
    ReplayedElsewhere {
        /// A session of the same subject.
        same_subject: bool,
    },
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
    /// Its predecessor was redeemed more than once, as the contract allows; which successor counts is not documented.
    Branched,
    /// Its session was part of a storm, which is judged as a whole.
    Stormed,
    /// A used token of more than one rotation ago, within a time in which the one before the newest may be used.
    InGrace,
}

/// What a redeem answered 2xx brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Issued {
    /// The new refresh token.
    pub refresh: Renewal,
    /// The new access token.
    pub access: Renewal,
    /// Whether the refresh token is the one that the first redeem of the presented one brought.
    pub same_successor: bool,
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
    /// The answer is what the contract says a refusal looks like.
    pub refused: bool,
    /// `None`: no answer came.
    pub answer: Option<Answer>,
}

/// The credentials of a protected request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// No token.
    Nothing,
    /// An access token of the matching login that must be good.
    Current,
    /// An access token that a redeem has replaced.
    Replaced,
    /// The newest access token of a session in which a used refresh token was presented again.
    AfterReplay,
    /// A refresh token of the matching login that could be redeemed.
    Refresh,
    /// Anything else.
    Other,
}

impl std::fmt::Display for Presented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "no token",
            Self::Current => "access token",
            Self::Replaced => "replaced access token",
            Self::AfterReplay => "access token after a replay",
            Self::Refresh => "refresh token",
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
            Self::Reuse { .. } => f.write_str("used token, allowed"),
            Self::Expired => f.write_str("expired token"),
            Self::DisabledSubject => f.write_str("token of a disabled subject"),
            Self::DeletedSubject => f.write_str("token of a deleted subject"),
            Self::AccessToken => f.write_str("access token"),
            Self::Garbage { variant: None } => f.write_str("made-up token"),
            Self::Garbage { variant: Some(name) } => write!(f, "{name} token"),
            Self::InUrl { get: true } => f.write_str("token in the URL, by GET"),
            Self::InUrl { get: false } => f.write_str("token in the URL"),
            Self::Odd(kind) => write!(f, "made-up token: {kind}"),
            Self::MissingField => f.write_str("no token"),
            Self::Malformed(case) => f.write_str(case.name()),
            Self::MissingClient => f.write_str("no application key"),
            Self::UnknownClient => f.write_str("unknown application key"),
            Self::WrongSecret => f.write_str("wrong application secret"),
            Self::OtherClientCredentials => f.write_str("another application's secret"),
            Self::OtherClient => f.write_str("another application's token"),
            Self::Unspecified(doubt) => write!(f, "unspecified: {doubt}"),
        }
    }
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Replayed { .. } => "after a replay in its session",
            Self::ReplayedElsewhere { .. } => "after a replay in another session",
            Self::Superseded => "after a newer login of its subject",
            Self::Contradicted => "after an answer that contradicts the contract",
            Self::SubjectChanged => "after its subject was disabled",
            Self::Attempted => "after a refused attempt with it",
            Self::NearExpiry => "close to its expiry",
            Self::Foreign => "a token from before the run",
            Self::Branched => "one of several successors",
            Self::Stormed => "of a storm",
            Self::InGrace => "an older token within the time of grace",
        })
    }
}
