//! How rotation is meant: what a redeem brings, what a second use of a token comes to, what a replay does to others.

/// Shorthand for the usual ways to rotate (RFC 9700 §4.14.2 leaves it open; products differ).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Profile {
    /// `strict`: the presented token is dead as soon as its successor was issued.
    Strict,
    /// `grace:SECONDS`: it is accepted that much longer, and brings tokens of its own.
    Grace(f64),
    /// `idempotent:SECONDS`: it is accepted that much longer, and brings the same successor again.
    Idempotent(f64),
    /// `none`: tokens may be used again; a redeem may bring a new one.
    None,
    /// `off`: a redeem brings no refresh token; the presented one is used again.
    Off,
}

/// How rotation is meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rotation {
    /// The refresh token that a redeem brings.
    pub new_refresh: NewRefresh,
    /// The access token that a redeem brings.
    pub new_access: NewAccess,
    /// A second use of a token.
    pub reuse: Reuse,
    /// What a replay does to the tokens that came after it.
    pub after_replay: AfterReplay,
    /// What a redeem does to the access token before it.
    pub old_access: Fate,
    /// What becomes of a token whose redeem was sent, and whose answer never arrived.
    pub lost_answer: Fate,
}

/// The refresh token that a redeem brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewRefresh {
    /// A new one.
    Differs,
    /// One that may be the presented one again.
    MayBeSame,
    /// None.
    Absent,
    /// A new one, the presented one, or none.
    Optional,
}

/// The access token that a redeem brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewAccess {
    /// A new one.
    Differs,
    /// One that may be the one before it.
    MayBeSame,
}

/// A second use of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reuse {
    /// Refused, at once and for ever.
    Refused,
    /// Accepted for that many seconds after the redeem, then refused.
    Grace(f64),
    /// Accepted for that many seconds after the redeem with the same successor, then refused.
    Idempotent(f64),
    /// Accepted.
    Allowed,
}

impl Reuse {
    /// Seconds after the redeem in which the token may be used again; without end where reuse is allowed.
    pub fn window(self) -> f64 {
        match self {
            Self::Refused => 0.0,
            Self::Grace(seconds) | Self::Idempotent(seconds) => seconds,
            Self::Allowed => f64::INFINITY,
        }
    }
}

/// What a replay does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AfterReplay {
    /// To the newest refresh token of its session.
    pub successor: Fate,
    /// To the newest access token of its session.
    pub access: Fate,
    /// To other sessions of its subject.
    pub other_sessions: Fate,
}

/// What becomes of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It still works.
    Lives,
    /// It is refused.
    Revoked,
    /// The contract does not say: it is recorded, not judged.
    Unspecified,
}

impl Profile {
    /// Reads it as contracts write it.
    ///
    /// # Errors
    /// What it would have to be.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match (text, timed(text, "grace"), timed(text, "idempotent")) {
            ("strict", ..) => Self::Strict,
            ("none", ..) => Self::None,
            ("off", ..) => Self::Off,
            (_, Some(seconds), _) => Self::Grace(seconds),
            (_, _, Some(seconds)) => Self::Idempotent(seconds),
            _ => {
                return Err(format!(
                    "`{text}` is no profile: expected `strict`, `grace:SECONDS`, `idempotent:SECONDS`, `none` or `off`"
                ));
            }
        })
    }

    /// The rotation it stands for.
    pub fn rotation(self) -> Rotation {
        let (new_refresh, reuse) = match self {
            Self::Strict => (NewRefresh::Differs, Reuse::Refused),
            Self::Grace(seconds) => (NewRefresh::Differs, Reuse::Grace(seconds)),
            Self::Idempotent(seconds) => (NewRefresh::Differs, Reuse::Idempotent(seconds)),
            Self::None => (NewRefresh::Optional, Reuse::Allowed),
            Self::Off => (NewRefresh::Absent, Reuse::Allowed),
        };
        let unspecified = Fate::Unspecified;
        Rotation {
            new_refresh,
            new_access: NewAccess::Differs,
            reuse,
            after_replay: AfterReplay {
                successor: unspecified,
                access: unspecified,
                other_sessions: unspecified,
            },
            old_access: unspecified,
            lost_answer: unspecified,
        }
    }
}

impl Reuse {
    /// Reads it as contracts write it.
    ///
    /// # Errors
    /// What it would have to be.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match (text, timed(text, "grace"), timed(text, "idempotent")) {
            ("refused", ..) => Self::Refused,
            ("allowed", ..) => Self::Allowed,
            (_, Some(seconds), _) => Self::Grace(seconds),
            (_, _, Some(seconds)) => Self::Idempotent(seconds),
            _ => {
                return Err(format!(
                    "`{text}` is no way to treat reuse: expected `refused`, `grace:SECONDS`, `idempotent:SECONDS` or \
                     `allowed`"
                ));
            }
        })
    }
}

/// The seconds of `word:SECONDS`.
fn timed(text: &str, word: &str) -> Option<f64> {
    let seconds = text.strip_prefix(word)?.strip_prefix(':')?.trim().parse::<f64>().ok()?;
    (seconds.is_finite() && seconds > 0.0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_read_as_written() {
        for (text, expected) in [
            ("strict", Some(Profile::Strict)),
            ("grace:10", Some(Profile::Grace(10.0))),
            ("idempotent:2.5", Some(Profile::Idempotent(2.5))),
            ("none", Some(Profile::None)),
            ("off", Some(Profile::Off)),
            ("grace", None),
            ("grace:0", None),
            ("grace:inf", None),
            ("lenient", None),
        ] {
            assert_eq!(Profile::parse(text).ok(), expected, "{text}");
        }
        assert_eq!(Profile::Off.rotation().reuse.window(), f64::INFINITY);
        assert_eq!(Profile::Strict.rotation().reuse.window(), 0.0);
    }
}
