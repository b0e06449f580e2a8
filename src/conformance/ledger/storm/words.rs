//! Why no order explains a storm, in words.

use crate::conformance::linearizability::Timed;
use crate::conformance::single_use::{self, Answer as Seen, TokenId};

/// The longest order there is, and what cannot follow it, in words.
pub(super) fn told(history: &[Timed<single_use::Operation>], longest: &[usize], stuck: &[usize]) -> String {
    let words = |position: &usize| match &history[*position].operation {
        single_use::Operation::Login(token) => format!("login → {}", name(*token)),
        single_use::Operation::Redeem { token, answer } => {
            let answer = match answer {
                Seen::Accepted(successor) => name(*successor),
                Seen::Refused => "refused".to_owned(),
                Seen::Unknown => "unknown".to_owned(),
            };
            format!("redeem {} → {answer}", name(*token))
        }
    };
    let order: Vec<String> = longest.iter().map(words).collect();
    let mut stuck: Vec<String> = stuck.iter().map(words).collect();
    stuck.dedup();
    format!("after [{}] none of [{}] can come", order.join(", "), stuck.join(", "))
}

/// `A`, `B` … `Z`, `T26` …
fn name(token: TokenId) -> String {
    match u8::try_from(token) {
        Ok(letter @ 0..26) => char::from(b'A' + letter).to_string(),
        _ => format!("T{token}"),
    }
}
