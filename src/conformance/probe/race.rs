//! Storms: what comes to the server at the same moment, and what its tokens are good for afterwards.

use super::session::{Grant, Session, Token};
use super::{Driver, Prober};
use crate::conformance::{ClientKey, Draft};
use crate::contract::{Login, Reuse};
use crate::exchange::Exchange;
use std::sync::Arc;
use std::time::Duration;

/// Storms of different requests, of each kind.
const MIXED: usize = 2;
/// Logins, or redeems of one token, in a storm of different requests.
const FEW: usize = 4;
/// How long a server may take to notice that nobody waits for its answer.
const UNNOTICED: Duration = Duration::from_millis(300);

/// What a storm presents, beside logins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mixture {
    /// Fresh tokens, each once: all must be accepted, and live on.
    OnceEach,
    /// Fresh tokens, several times, and a used one.
    WithReplays,
}

impl<'a, D: Driver> Prober<'a, D> {
    /// Redeems one token by many requests at once, and then each different successor; several times.
    pub(super) async fn races(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let concurrency = &self.contract.concurrency;
        if self.contract.rotation.reuse == Reuse::Allowed || concurrency.requests < 2 {
            return Ok(());
        }
        let checks = ["rt.race", "rt.race.winner"];
        for _ in 0..concurrency.storms {
            let Some((mut session, token)) = self.fresh_token("race", login, &checks).await? else {
                return Ok(());
            };
            let drafts = (0..concurrency.requests).map(|_| self.good(&session, &token)).collect();
            let exchanges = self.release(&session, "redeem at the same moment", drafts).await?;
            for successor in self.successors(&session, &exchanges, false) {
                self.redeem(&mut session, "successor after the storm", &successor).await?;
            }
        }
        Ok(())
    }

    /// Logins beside redeems of two sessions, with and without replays among them.
    pub(super) async fn mixed_storms(&mut self, login: &'a Login) -> Result<(), D::Error> {
        if self.contract.rotation.reuse == Reuse::Allowed || self.contract.concurrency.storms == 0 {
            return Ok(());
        }
        for mixture in [Mixture::OnceEach, Mixture::WithReplays] {
            for _ in 0..MIXED {
                if !self.mixed_storm(login, mixture).await? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether there was one.
    async fn mixed_storm(&mut self, login: &'a Login, mixture: Mixture) -> Result<bool, D::Error> {
        let (probe, checks) = ("storm", ["rt.race.mixed"]);
        let Some((mut one, used)) = self.fresh_token(probe, login, &checks).await? else { return Ok(false) };
        let Some(fresh) = self.redeem(&mut one, "redeem", &used).await?.refresh else { return Ok(false) };
        let Some((mut two, other)) = self.fresh_token(probe, login, &checks).await? else { return Ok(false) };
        let times = if mixture == Mixture::OnceEach { 1 } else { FEW };
        let mut drafts: Vec<Draft> = Vec::new();
        for _ in 0..times {
            drafts.push(self.good(&one, &fresh));
            drafts.push(self.good(&two, &other));
        }
        if mixture == Mixture::WithReplays {
            drafts.push(self.good(&one, &used));
        }
        let redeems = drafts.len();
        drafts.extend((0..FEW).filter_map(|_| self.single_step(&two)));
        let exchanges = self.release(&one, "redeems, replays and logins at the same moment", drafts).await?;
        let (redeemed, logged_in) = exchanges.split_at(redeems.min(exchanges.len()));
        for successor in self.successors(&one, redeemed, false) {
            self.redeem(&mut one, "successor after the storm", &successor).await?;
        }
        for token in self.successors(&two, logged_in, true) {
            self.redeem(&mut two, "token of a login after the storm", &token).await?;
        }
        Ok(true)
    }

    /// Sends a redeem and hangs up; then presents its token again.
    pub(super) async fn lost_answer(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let Some((mut session, token)) = self.fresh_token("lost answer", login, &["rt.lost"]).await? else {
            return Ok(());
        };
        let draft = self.good(&session, &token);
        let planned = self.planned(&session, "redeem, and hang up before the answer", draft);
        Box::pin(self.driver.abandon(planned)).await?;
        self.driver.pause(UNNOTICED, "the server must notice that nobody waits").await?;
        self.redeem(&mut session, "redeem again after the lost answer", &token).await?;
        Ok(())
    }

    fn good(&mut self, session: &Session<'a>, token: &str) -> Draft {
        self.presentation(session, Token::Of(token), ClientKey::Of(session.client))
    }

    async fn release(
        &mut self,
        session: &Session<'a>,
        name: &str,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Arc<Exchange>>, D::Error> {
        let planned = drafts.into_iter().map(|draft| self.planned(session, name, draft)).collect();
        Box::pin(self.driver.storm(planned, self.contract.concurrency.http2)).await
    }

    /// The different refresh tokens that exchanges brought, the first one first.
    fn successors(&mut self, session: &Session<'a>, exchanges: &[Arc<Exchange>], login: bool) -> Vec<String> {
        let mut successors: Vec<String> = Vec::new();
        for exchange in exchanges {
            let Grant { accepted, refresh, .. } = self.brought(session, exchange, login);
            self.issued += u32::from(refresh.is_some());
            successors.extend(refresh.filter(|token| accepted && !successors.contains(token)));
        }
        successors
    }
}
