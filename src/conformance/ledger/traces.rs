//! What an exchange shows of tokens beyond their lives: where they were found, what they say of themselves, how they
//! are refused.

use super::{Digest, Ledger, RefreshLife, digest, now};
use crate::conformance::answer::Answer;
use crate::conformance::fact::{Case, Shown};
use crate::conformance::jwt::Claims;
use crate::conformance::likeness::Likeness;
use crate::conformance::presented::{self, Presented};
use crate::contract::{Source, Tokens};
use crate::exchange::{Exchange, ResolvedRequest};
use percent_encoding::percent_decode_str;

impl Ledger {
    /// The refresh token of this run that a redeem presents, and its life; one in a body that cannot be read, or in
    /// the URL, too.
    pub(super) fn life_of(&self, exchange: &Exchange) -> Option<(Digest, &RefreshLife)> {
        let known = |token: &str| {
            let digest = digest(token);
            self.refresh.get(&digest).map(|life| (digest, life))
        };
        match presented::refresh_token(&self.contract, exchange.request()) {
            Presented::Text(token) => known(&token),
            _ => {
                let body = exchange.request().body.as_ref().map(|body| body.text());
                body.and_then(|body| words(&body).find_map(known))
                    .or_else(|| in_query(exchange.request()).iter().find_map(|token| known(token)))
            }
        }
    }

    /// A refresh token of this run in the URL.
    pub(super) fn in_url(&self, exchange: &Exchange) -> Option<Digest> {
        let mut tokens = in_query(exchange.request()).into_iter().map(|token| digest(&token));
        tokens.find(|token| self.refresh.contains_key(token))
    }

    /// Whether a token is a refresh token of that login which could be redeemed.
    pub(super) fn is_redeemable(&self, login: usize, token: Digest) -> bool {
        self.refresh.get(&token).is_some_and(|life| {
            let session = &self.sessions[life.session];
            session.login == login && session.doubt.is_none() && life.redeemed_ms.is_none()
        })
    }

    /// What the tokens of an answer show.
    pub(super) fn shown(
        &self,
        redeemed: Option<&RefreshLife>,
        tokens: &Tokens,
        exchange: &Exchange,
        answer: &Answer,
    ) -> Shown {
        let access = answer.first(&tokens.access.from);
        let claims = access.as_deref().and_then(Claims::of);
        let before = redeemed.and_then(|life| self.sessions[life.session].claims.as_ref());
        Shown {
            in_location: self.in_location(tokens, exchange, answer),
            new_access: access.is_some_and(|token| !self.access.contains_key(&digest(&token))),
            changed_claims: before.zip(claims.as_ref()).map(|(before, now)| {
                let pairs = before.named.iter().zip(&now.named);
                let changed = Claims::NAMED.into_iter().zip(pairs).filter(|(_, (before, now))| before != now);
                changed.map(|(name, _)| name).collect()
            }),
            claims,
            strength: self.sample.strength(),
            now_s: (self.epoch_ms + now(exchange)) / 1000.0,
        }
    }

    /// Whether a `Location` has one of the tokens, or one of this run, where the contract does not look for it.
    fn in_location(&self, tokens: &Tokens, exchange: &Exchange, answer: &Answer) -> bool {
        let places = || tokens.access.from.iter().chain(&tokens.refresh.from);
        let meant = |source: &Source| matches!(source, Source::Header { name, .. } if name.eq_ignore_ascii_case("location"));
        if places().any(meant) {
            return false;
        }
        let found: Vec<String> = places().filter_map(|source| answer.find(source)).collect();
        let responses = exchange.calls.iter().filter_map(|call| call.outcome.as_ref().ok());
        responses.flat_map(|response| response.headers.get_all("location")).any(|location| {
            values(location).any(|value| {
                let digest = digest(&value);
                found.contains(&value)
                    || self.refresh.contains_key(&digest)
                    || self.access.contains_key(&digest)
            })
        })
    }

    /// Whether a redeem was refused as the contract documents it, so that what else an answer says can be compared.
    pub(super) fn is_documented_refusal(&self, case: &Case, answer: Option<&Answer>) -> bool {
        let row = case.row().and_then(|case| self.contract.row(case));
        answer.is_some_and(|answer| {
            answer.refused() && row.is_none_or(|row| answer.differs_from(row).is_none())
        })
    }

    pub(super) fn likeness(
        &self,
        case: &Case,
        exchange: &Exchange,
        answer: Option<&Answer>,
    ) -> Option<Likeness> {
        let Presented::Text(token) = presented::refresh_token(&self.contract, exchange.request()) else {
            return None;
        };
        let comparable = self.is_documented_refusal(case, answer);
        comparable.then(|| self.refusals.compare(case, exchange, &token)).flatten()
    }
}

/// The values in the query of a request's URL.
fn in_query(request: &ResolvedRequest) -> Vec<String> {
    let Some((_, query)) = request.url.split_once('?') else { return Vec::new() };
    url::form_urlencoded::parse(query.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

/// The values in the query and the fragment of a URL.
fn values(url: &str) -> impl Iterator<Item = String> {
    let parts = url.split(['?', '#', '&']).skip(1);
    parts.map(|part| {
        let value = part.split_once('=').map_or(part, |(_, value)| value);
        percent_decode_str(value).decode_utf8_lossy().into_owned()
    })
}

/// What may be a token in a text of whatever form: what stands between quotes, and the values of `name=value`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || "\"'{}[]()<>,;:&".contains(c));
    words.flat_map(|word| [Some(word), word.split_once('=').map(|(_, value)| value)]).flatten()
}
