//! Probes: the requests that provoke what the checks judge. They send and wait; they judge nothing.
//!
//! Each probe starts from a login of its own, because a replay may revoke whatever came before it, and the sanity
//! flow runs first and last, because a dead server passes every negative test.

mod expiry;
mod kinds;
mod race;
mod refusals;
mod report;
mod session;
mod subjects;
mod survival;
#[cfg(test)]
mod tests;
mod walk;

use crate::conformance::{Bindings, BoundClient, ClientKey, registry};
use crate::contract::{Contract, Http2, Login, Refresh, Reuse};
use crate::exchange::Exchange;
use crate::plan::PlannedItem;
use serde_json::Value;
use session::{Grant, Session, Token};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub use report::{ProbeReport, Probed};
pub use walk::{Counterexample, Step, Walk, Walked};

/// Lifetimes longer than this are not waited for, seconds.
const PATIENCE_S: f64 = 30.0;
/// Beyond a lifetime, how long until a token is certainly expired.
const EXPIRY_MARGIN_S: f64 = 1.2;
/// How long until two access tokens cannot be equal because they were made in one second.
const NEXT_SECOND: Duration = Duration::from_millis(1_100);

/// The name of the probe that runs first.
const FIRST: &str = "sanity";

/// A token nobody issued.
const MADE_UP: &str = "postproof-made-up-0123456789abcdef";

/// Sends what the probes ask for.
pub trait Driver {
    /// Why sending had to stop (an interrupt, a reporter that cannot write).
    type Error;

    /// Resolves a template, with these variables standing in front of all others.
    fn resolve(&mut self, template: &str, variables: &[(String, Value)]) -> String;

    /// Sends one item.
    fn send(&mut self, item: PlannedItem) -> impl Future<Output = Result<Arc<Exchange>, Self::Error>>;

    /// Sends what must be sent before the end, whatever ends the run: past a limit of requests, and though the run is
    /// cancelled, within a bounded time. `None`: it did not come to an exchange.
    fn send_last(&mut self, item: PlannedItem) -> impl Future<Output = Option<Arc<Exchange>>>;

    /// Requests sent so far, those counted whose answer did not come.
    fn begun(&self) -> u64;

    /// Releases the requests of some items at the same moment; gives their exchanges in order.
    fn storm(
        &mut self,
        items: Vec<PlannedItem>,
        http2: Http2,
    ) -> impl Future<Output = Result<Vec<Arc<Exchange>>, Self::Error>>;

    /// Sends one item whole, and closes the connection before an answer can come.
    fn abandon(&mut self, item: PlannedItem) -> impl Future<Output = Result<(), Self::Error>>;

    /// Waits, and says why.
    fn pause(&mut self, duration: Duration, why: &str) -> impl Future<Output = Result<(), Self::Error>>;

    /// Unix time, milliseconds.
    fn now_ms(&self) -> f64;

    /// Checks that bind and were violated so far, and how often.
    fn violations(&self) -> BTreeMap<&'static str, u64>;

    /// Keeps the exchanges from here on.
    fn keep(&mut self);

    /// What was kept; keeps no more.
    fn kept(&mut self) -> Vec<Arc<Exchange>>;

    /// Says how far a walk is.
    fn progress(&mut self, done: usize, of: usize);
}

/// Runs every probe of a contract. `is_set` says whether a variable has a value; `no_storms` why none may be released.
pub async fn run<D: Driver>(
    contract: &Contract,
    bindings: &Bindings,
    is_set: &dyn Fn(&str) -> bool,
    driver: &mut D,
    no_storms: Option<&str>,
) -> Probed<D::Error> {
    match Prober::new(contract, bindings, is_set, driver) {
        Err(report) => Probed { report: *report, found: Vec::new(), ended: Ok(()) },
        Ok(mut prober) => {
            let ended = prober.run(no_storms).await;
            Probed { report: prober.report, found: prober.found, ended }
        }
    }
}

/// Walks at random through everything the contract knows, in place of the probes; sanity first and last.
pub async fn explore<D: Driver>(
    contract: &Contract,
    bindings: &Bindings,
    is_set: &dyn Fn(&str) -> bool,
    driver: &mut D,
    walk: Walk,
) -> Probed<D::Error> {
    match Prober::new(contract, bindings, is_set, driver) {
        Err(report) => Probed { report: *report, found: Vec::new(), ended: Ok(()) },
        Ok(mut prober) => {
            let ended = walk::walked(&mut prober, walk).await;
            prober.report.excuse_unwalked(prober.walked);
            Probed { report: prober.report, found: prober.found, ended }
        }
    }
}

struct Prober<'a, D> {
    contract: &'a Contract,
    bindings: &'a Bindings,
    is_set: &'a dyn Fn(&str) -> bool,
    driver: &'a mut D,
    main: &'a BoundClient,
    report: ProbeReport,
    sent: u32,
    redeems: u32,
    redeemed: u32,
    /// Answers that brought a refresh token.
    issued: u32,
    walked: Walked,
    /// Kept here, where nothing that ends a walk can lose it.
    found: Vec<Counterexample>,
}

impl<'a, D: Driver> Prober<'a, D> {
    /// A prober; where there is no application to probe by, a report that says so.
    fn new(
        contract: &'a Contract,
        bindings: &'a Bindings,
        is_set: &'a dyn Fn(&str) -> bool,
        driver: &'a mut D,
    ) -> Result<Self, Box<ProbeReport>> {
        let mut report = ProbeReport::default();
        let Some(main) = bindings.clients.iter().find(|client| client.refresh == Refresh::Enabled) else {
            let client = contract.client.iter().find(|client| client.refresh == Refresh::Enabled);
            let templates = client.into_iter().flat_map(|client| [&client.key, &client.secret]);
            let unset: Vec<String> = templates.flatten().map(|template| format!("`{template}`")).collect();
            report.stopped = Some(format!("no application is configured: set {}", unset.join(" and ")));
            return Err(Box::new(report));
        };
        Ok(Self {
            contract,
            bindings,
            is_set,
            driver,
            main,
            report,
            sent: 0,
            redeems: 0,
            redeemed: 0,
            issued: 0,
            walked: Walked::default(),
            found: Vec::new(),
        })
    }

    async fn run(&mut self, no_storms: Option<&str>) -> Result<(), D::Error> {
        let expiring = self.begin_expiry().await?;
        let Some(login) = self.sanity(FIRST).await? else { return Ok(()) };
        if self.redeemed == 0 && self.redeems > 0 {
            self.excuse(&needs_redeem(), "not probed: no redeem was accepted at all".to_owned());
            return Ok(());
        }
        self.reuse(login).await?;
        self.same_second(login).await?;
        self.chain(login).await?;
        self.refusals(login).await?;
        self.odd_requests(login).await?;
        self.refused_attempts(login).await?;
        self.other_client(login).await?;
        self.kinds(login).await?;
        self.in_the_url(login).await?;
        self.without_refresh().await?;
        self.parallel(login).await?;
        self.isolation(login).await?;
        self.subject().await?;
        self.lost_answer(login).await?;
        match no_storms {
            None => {
                self.races(login).await?;
                self.mixed_storms(login).await?;
            }
            Some(reason) => self.excuse(&["rt.race", "rt.race.winner", "rt.race.mixed"], reason.to_owned()),
        }
        self.enough_tokens(login).await?;
        self.end_expiry(expiring).await?;
        self.sanity("sanity again").await?;
        Ok(())
    }

    /// Every configured login: log in, use the access token, redeem, use the new one. Gives the first that works.
    async fn sanity(&mut self, probe: &'static str) -> Result<Option<&'a Login>, D::Error> {
        let contract = self.contract;
        let mut first = None;
        let (mut refused, mut equal) = (Vec::new(), Vec::new());
        for login in &contract.login {
            if let Some(missing) = self.missing(&login.needs) {
                note(
                    &mut self.report.left_out,
                    format!("the {} login was left out: set {missing}", login.title),
                );
                continue;
            }
            let session = self.log_in(Session::new(probe, login, self.main)).await?;
            if !session.grant.accepted {
                let status = session.grant.status;
                let status = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
                let check = match login.needs.as_slice() {
                    [] => "its request in the contract".to_owned(),
                    needs => needs.join(", "),
                };
                refused.push(format!("the {} login was refused ({status}); check {check}", login.title));
                continue;
            }
            equal.extend(self.sane(session).await?);
            first = first.or(Some(login));
        }
        if probe == FIRST {
            self.in_another_second(equal).await?;
        }
        if first.is_none() && refused.is_empty() {
            refused.push("no login has its variables set".to_owned());
        }
        match first {
            None => self.report.stopped = Some(refused.join("; ")),
            Some(_) => refused.into_iter().for_each(|problem| note(&mut self.report.problems, problem)),
        }
        Ok(first)
    }

    /// Gives the session back with its newest token, where the new access token equals the old one: it has to be asked
    /// again in another second.
    async fn sane(&mut self, mut session: Session<'a>) -> Result<Option<(Session<'a>, String)>, D::Error> {
        let old = session.grant.access.clone();
        self.ask(&session, "without a token", None).await?;
        if let Some(access) = &old {
            self.ask(&session, "with its access token", Some(access)).await?;
        }
        let Some(token) = session.grant.refresh.clone() else {
            let reason = format!(
                "the {} login answered without a refresh token, which the contract allows: are refresh tokens enabled?",
                session.login.title
            );
            self.excuse(&needs_redeem(), reason);
            return Ok(None);
        };
        let renewed = self.redeem(&mut session, "redeem", &token).await?;
        let again = renewed.accepted && renewed.access.is_some() && renewed.access == old;
        let newest = renewed.refresh.clone().unwrap_or(token);
        self.ask_renewed(&mut session, renewed, old).await?;
        Ok(again.then_some((session, newest)))
    }

    /// The protected route with the access token of a redeem, and with the one before it.
    async fn ask_renewed(
        &mut self,
        session: &mut Session<'a>,
        renewed: Grant,
        old: Option<String>,
    ) -> Result<(), D::Error> {
        let Some(access) = renewed.access else { return Ok(()) };
        session.grant.subject = session.grant.subject.take().or(renewed.subject);
        self.ask(session, "with the new access token", Some(&access)).await?;
        if let Some(old) = old.filter(|old| *old != access) {
            self.ask(session, "with the old access token", Some(&old)).await?;
        }
        Ok(())
    }

    /// Redeems once more, after one wait for all, what brought an access token that equals the one before it.
    async fn in_another_second(&mut self, equal: Vec<(Session<'a>, String)>) -> Result<(), D::Error> {
        if equal.is_empty() {
            return Ok(());
        }
        let why = "a new access token equals the old one; asking again later";
        self.driver.pause(NEXT_SECOND, why).await?;
        for (mut session, token) in equal {
            let old = session.grant.access.clone();
            let renewed = self.redeem(&mut session, "redeem in another second", &token).await?;
            self.ask_renewed(&mut session, renewed, old).await?;
        }
        Ok(())
    }

    /// A token of the session, presented by its own application.
    async fn redeem(
        &mut self,
        session: &mut Session<'a>,
        name: &str,
        token: &str,
    ) -> Result<Grant, D::Error> {
        let client = ClientKey::Of(session.client);
        self.present(session, name, Token::Of(token), client).await
    }

    /// How long after its redeem a token may still be used; `None` when that is longer than is waited for.
    fn time_of_grace(&mut self, checks: &[&'static str]) -> Option<Duration> {
        match self.contract.rotation.reuse {
            Reuse::Refused => Some(Duration::ZERO),
            // Not a question of waiting: the checks do not apply.
            Reuse::Allowed => None,
            Reuse::Grace(seconds) | Reuse::Idempotent(seconds) if seconds > PATIENCE_S => {
                let reason = format!("used tokens live on for {seconds} s, longer than is waited for");
                self.excuse(checks, reason);
                None
            }
            Reuse::Grace(seconds) | Reuse::Idempotent(seconds) => {
                Some(Duration::from_secs_f64(seconds + EXPIRY_MARGIN_S))
            }
        }
    }

    /// A used token at once, and again later; and one that is presented late only, by a session of its own, whose
    /// newest token then shows what a replay does to it.
    async fn reuse(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "replay";
        let checks = ["rt.reuse.now", "rt.reuse.late", "rt.reuse.code", "rt.family"];
        let Some(grace) = self.time_of_grace(&checks) else { return Ok(()) };
        let Some((mut early, token)) = self.fresh_token(probe, login, &checks).await? else { return Ok(()) };
        self.redeem(&mut early, "redeem", &token).await?;
        self.redeem(&mut early, "replay at once", &token).await?;
        let Some((mut late, other)) = self.fresh_token(probe, login, &checks).await? else { return Ok(()) };
        let newest = self.redeem(&mut late, "redeem", &other).await?.refresh;
        self.driver.pause(NEXT_SECOND.max(grace), "a used token must stay dead").await?;
        // The later session first: a replay may end sessions beside its own.
        self.redeem(&mut late, "replay for the first time later", &other).await?;
        if let Some(newest) = newest {
            self.redeem(&mut late, "newest token after the replay", &newest).await?;
        }
        self.redeem(&mut early, "replay again later", &token).await?;
        Ok(())
    }

    /// Login, redeem and replay within one second of the wall clock; again where the second was too short for it.
    async fn same_second(&mut self, login: &'a Login) -> Result<(), D::Error> {
        if self.contract.rotation.reuse != Reuse::Refused {
            return Ok(());
        }
        let probe = "same second";
        let second = |ms: f64| (ms / 1000.0).floor();
        for _ in 0..3 {
            let into_second = self.driver.now_ms().rem_euclid(1000.0);
            if into_second > 400.0 {
                let rest = Duration::from_secs_f64((1_005.0 - into_second) / 1000.0);
                self.driver.pause(rest, "waiting for the second to begin").await?;
            }
            let begun = second(self.driver.now_ms());
            let Some((mut session, token)) = self.fresh_token(probe, login, &["rt.samesecond"]).await? else {
                return Ok(());
            };
            self.redeem(&mut session, "redeem", &token).await?;
            self.redeem(&mut session, "replay", &token).await?;
            if second(self.driver.now_ms()) == begun {
                return Ok(());
            }
        }
        self.excuse(&["rt.samesecond"], "login, redeem and replay never fell into one second".to_owned());
        Ok(())
    }

    /// Four rotations, then every ancestor again, the oldest first; then the newest, to see what replays do to it.
    async fn chain(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let checks = ["rt.chain", "rt.family.deep"];
        let Some((mut session, mut token)) = self.fresh_token("chain", login, &checks).await? else {
            return Ok(());
        };
        let mut ancestors = Vec::new();
        for rotation in 1..=4 {
            let grant = self.redeem(&mut session, &format!("rotation {rotation}"), &token).await?;
            match grant.refresh {
                Some(next) if next != token => ancestors.push(std::mem::replace(&mut token, next)),
                _ if grant.accepted && self.contract.rotation.reuse == Reuse::Allowed => {}
                _ => break,
            }
        }
        let Some(grace) = self.time_of_grace(&checks) else { return Ok(()) };
        if !grace.is_zero() {
            self.driver.pause(grace, "used tokens live on for a while").await?;
        }
        for (age, ancestor) in ancestors.iter().enumerate() {
            self.redeem(&mut session, &format!("replay of token {}", age + 1), ancestor).await?;
        }
        self.redeem(&mut session, "newest token after the replays", &token).await?;
        Ok(())
    }

    /// A login at an application that has refresh tokens disabled.
    async fn without_refresh(&mut self) -> Result<(), D::Error> {
        let Some(client) = self.bindings.clients.iter().find(|client| client.refresh == Refresh::Disabled)
        else {
            return Ok(());
        };
        if let Some(login) = self.usable_login() {
            self.log_in(Session::new("refresh tokens disabled", login, client)).await?;
        }
        Ok(())
    }

    fn usable_login(&self) -> Option<&'a Login> {
        let contract = self.contract;
        contract.login.iter().find(|login| self.missing(&login.needs).is_none())
    }

    /// The variables among these that have no value, for a message.
    fn missing(&self, needs: &[String]) -> Option<String> {
        let missing: Vec<String> =
            needs.iter().filter(|name| !(self.is_set)(name)).map(|name| format!("`{name}`")).collect();
        if missing.is_empty() { None } else { Some(missing.join(", ")) }
    }

    fn excuse(&mut self, checks: &[&'static str], reason: String) {
        self.report.excuses.push((checks.to_vec(), reason));
    }

    /// A login of the probe's own, with its refresh token.
    async fn fresh_token(
        &mut self,
        probe: &'static str,
        login: &'a Login,
        checks: &[&'static str],
    ) -> Result<Option<(Session<'a>, String)>, D::Error> {
        let session = self.log_in(Session::new(probe, login, self.main)).await?;
        let Some(token) = session.grant.refresh.clone() else {
            let why = if session.grant.accepted { "brought no refresh token" } else { "was refused" };
            self.excuse(checks, format!("the {} login of probe `{probe}` {why}", login.title));
            return Ok(None);
        };
        Ok(Some((session, token)))
    }
}

/// What is not probed where no redeem works: refusals would prove nothing.
fn needs_redeem() -> Vec<&'static str> {
    let alone = ["login.access", "bearer.works"];
    registry::ids().into_iter().filter(|id| !alone.contains(id)).collect()
}

/// Says a thing once, however often it comes up.
fn note(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
