//! What can be done next in a walk, as data: a sequence of moves can be taken again, in whole or in part.

use rand::{Rng, RngExt as _};
use std::fmt;

/// Sessions under way at once.
pub(super) const SLOTS: usize = 3;

/// Something to do. What the sessions at hand do not allow is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// Begins a session, in place of the one before.
    LogIn {
        /// Which session.
        slot: usize,
        /// Position among the logins that can be used; one beyond them: that of the subject under control.
        login: usize,
        /// Position among the applications.
        client: usize,
    },
    /// Presents a token to the redeem request.
    Redeem {
        /// Whose session.
        slot: usize,
        /// Which token.
        presented: Presented,
        /// By which application.
        who: Who,
    },
    /// Takes the right to sign in from the subject under control, or gives it back.
    Control {
        /// It is taken.
        taken: bool,
    },
    /// Asks the protected route.
    Ask {
        /// Whose session.
        slot: usize,
        /// By its newest access token, or by the one before it.
        current: bool,
    },
}

/// Which token is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presented {
    /// The session's newest.
    Newest,
    /// The one so many before the newest.
    Used {
        /// 1: the one before it.
        back: usize,
    },
    /// Another session's newest.
    OfAnother,
    /// The session's access token.
    Access,
    /// Its newest, with a character changed.
    Tampered,
    /// One that nobody issued.
    MadeUp,
    /// An empty one.
    Empty,
    /// None.
    Nothing,
}

/// Which application presents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The session's own.
    Own,
    /// None is named.
    Nobody,
    /// One that is not known.
    Unknown,
    /// The session's own, with a wrong secret.
    WrongSecret,
}

impl Move {
    /// In words, the session named by a letter.
    pub(super) fn told(self) -> String {
        let name = |slot: usize| char::from(b'A' + slot as u8);
        match self {
            Self::LogIn { slot, .. } => format!("log in: session {}", name(slot)),
            Self::Redeem { slot, presented, who } => {
                let by = match who {
                    Who::Own => "",
                    Who::Nobody => ", naming no application",
                    Who::Unknown => ", by an unknown application",
                    Who::WrongSecret => ", with a wrong application secret",
                };
                format!("redeem {presented} of session {}{by}", name(slot))
            }
            Self::Control { taken: true } => "disable the subject".to_owned(),
            Self::Control { taken: false } => "enable the subject".to_owned(),
            Self::Ask { slot, current: true } => format!("with the access token of session {}", name(slot)),
            Self::Ask { slot, current: false } => {
                format!("with the access token before, of session {}", name(slot))
            }
        }
    }
}

impl fmt::Display for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest => f.write_str("the newest token"),
            Self::Used { back: 1 } => f.write_str("the used token"),
            Self::Used { back } => write!(f, "the token used {back} rotations ago"),
            Self::OfAnother => f.write_str("another session's token in place"),
            Self::Access => f.write_str("the access token"),
            Self::Tampered => f.write_str("the changed token"),
            Self::MadeUp => f.write_str("a made-up token in place"),
            Self::Empty => f.write_str("an empty token in place"),
            Self::Nothing => f.write_str("no token in place"),
        }
    }
}

/// Chooses moves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Generator {
    /// Logins that can be used.
    pub(super) logins: usize,
    /// Applications.
    pub(super) clients: usize,
    /// Redeems name their application.
    pub(super) names_clients: bool,
    /// Applications have secrets.
    pub(super) has_secrets: bool,
    /// There is a subject whose right to sign in may be taken away.
    pub(super) controls: bool,
}

impl Generator {
    /// The next move, where these sessions are there. Mostly what leads on; now and then everything else.
    pub(super) fn next(&self, rng: &mut impl Rng, there: &[bool; SLOTS]) -> Move {
        let slot = rng.random_range(0..SLOTS);
        if !there[slot] || rng.random_ratio(1, 12) {
            let login = rng.random_range(0..self.logins.max(1) + usize::from(self.controls));
            return Move::LogIn { slot, login, client: rng.random_range(0..self.clients.max(1)) };
        }
        match rng.random_range(0..100_u32) {
            0..38 => Move::Redeem { slot, presented: Presented::Newest, who: Who::Own },
            38..60 => Move::Redeem {
                slot,
                presented: Presented::Used { back: rng.random_range(1..4) },
                who: Who::Own,
            },
            60..75 => {
                let odd = [
                    Presented::OfAnother,
                    Presented::Access,
                    Presented::Tampered,
                    Presented::MadeUp,
                    Presented::Empty,
                    Presented::Nothing,
                ];
                Move::Redeem { slot, presented: odd[rng.random_range(0..odd.len())], who: Who::Own }
            }
            75..86 if self.names_clients => {
                let wrong = [Who::Nobody, Who::Unknown, Who::WrongSecret];
                let kinds = if self.has_secrets { 3 } else { 2 };
                Move::Redeem { slot, presented: Presented::Newest, who: wrong[rng.random_range(0..kinds)] }
            }
            86..90 if self.controls => Move::Control { taken: rng.random_ratio(1, 2) },
            _ => Move::Ask { slot, current: rng.random_ratio(3, 4) },
        }
    }
}
