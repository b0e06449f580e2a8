//! Probes: the requests that provoke what the checks judge. They send and wait; they judge nothing.
//!
//! Each probe starts from a login of its own, because a replay may revoke whatever came before it, and the sanity
//! flow runs first and last, because a dead server passes every negative test.

mod session;

use super::bindings;
use crate::conformance::{Bindings, BoundClient, ClientKey};
use crate::contract::{Contract, Login, Refresh, Reuse};
use crate::exchange::Exchange;
use crate::plan::PlannedItem;
use serde_json::Value;
use session::{Grant, Session, Token};
use std::sync::Arc;
use std::time::Duration;

/// Lifetimes longer than this are not waited for, seconds.
const PATIENCE_S: f64 = 30.0;
/// Beyond a lifetime, how long until a token is certainly expired.
const EXPIRY_MARGIN_S: f64 = 1.2;
/// How long until two access tokens cannot be equal because they were made in one second.
const NEXT_SECOND: Duration = Duration::from_millis(1_100);

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

    /// Waits, and says why.
    fn pause(&mut self, duration: Duration, why: &str) -> impl Future<Output = Result<(), Self::Error>>;

    /// Unix time, milliseconds.
    fn now_ms(&self) -> f64;
}

/// What a round of probes came to, apart from what the ledger saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbeReport {
    /// Checks that could not be exercised, and why.
    pub excuses: Vec<(Vec<&'static str>, String)>,
    /// Logins that are configured but were refused.
    pub problems: Vec<String>,
    /// Logins that were not tried, because their variables are not set.
    pub left_out: Vec<String>,
    /// No login worked: nothing could be probed.
    pub stopped: Option<String>,
}

/// Runs every probe of a contract. `is_set` says whether a variable has a value.
///
/// # Errors
/// Whatever the driver stops with.
pub async fn run<D: Driver>(
    contract: &Contract,
    bindings: &Bindings,
    is_set: &dyn Fn(&str) -> bool,
    driver: &mut D,
) -> Result<ProbeReport, D::Error> {
    let mut report = ProbeReport::default();
    let Some(main) = bindings.clients.iter().find(|client| client.refresh == Refresh::Enabled) else {
        let client = contract.client.iter().find(|client| client.refresh == Refresh::Enabled);
        let templates = client.into_iter().flat_map(|client| [&client.key, &client.secret]);
        let unset: Vec<String> = templates.flatten().map(|template| format!("`{template}`")).collect();
        report.stopped = Some(format!("no application is configured: set {}", unset.join(" and ")));
        return Ok(report);
    };
    let mut prober =
        Prober { contract, bindings, is_set, driver, main, report, sent: 0, redeems: 0, redeemed: 0 };
    prober.run().await?;
    Ok(prober.report)
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
}

impl<'a, D: Driver> Prober<'a, D> {
    async fn run(&mut self) -> Result<(), D::Error> {
        let expiring = self.begin_expiry().await?;
        let Some(login) = self.sanity("sanity").await? else { return Ok(()) };
        if self.redeemed == 0 && self.redeems > 0 {
            self.excuse(&NEEDS_REDEEM, "not probed: no redeem was accepted at all".to_owned());
            return Ok(());
        }
        self.reuse(login).await?;
        self.same_second(login).await?;
        self.chain(login).await?;
        self.refusals(login).await?;
        self.without_refresh().await?;
        self.subject().await?;
        self.end_expiry(expiring).await?;
        self.sanity("sanity again").await?;
        Ok(())
    }

    /// Every configured login: log in, use the access token, redeem, use the new one. Gives the first that works.
    async fn sanity(&mut self, probe: &'static str) -> Result<Option<&'a Login>, D::Error> {
        let contract = self.contract;
        let mut first = None;
        let mut refused = Vec::new();
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
            self.sane(session).await?;
            first = first.or(Some(login));
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

    async fn sane(&mut self, mut session: Session<'a>) -> Result<(), D::Error> {
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
            self.excuse(&NEEDS_REDEEM, reason);
            return Ok(());
        };
        let mut renewed = self.redeem(&mut session, "redeem", &token).await?;
        if renewed.accepted && renewed.access.is_some() && renewed.access == old {
            self.driver
                .pause(NEXT_SECOND, "the new access token equals the old one; asking again later")
                .await?;
            let token = renewed.refresh.clone().unwrap_or(token);
            renewed = self.redeem(&mut session, "redeem in another second", &token).await?;
        }
        if let Some(access) = &renewed.access {
            session.grant.subject = session.grant.subject.take().or_else(|| renewed.subject.clone());
            self.ask(&session, "with the new access token", Some(access)).await?;
            if let Some(old) = old.filter(|old| old != access) {
                self.ask(&session, "with the old access token", Some(&old)).await?;
            }
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

    /// A used token at once, and again later; and one that is presented late only, by a session of its own.
    async fn reuse(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "replay";
        let checks = ["rt.reuse.now", "rt.reuse.late", "rt.reuse.code"];
        let Some(grace) = self.time_of_grace(&checks) else { return Ok(()) };
        let mut used = Vec::new();
        for when in ["at once", "later"] {
            let Some((mut session, token)) = self.fresh_token(probe, login, &checks).await? else {
                return Ok(());
            };
            self.redeem(&mut session, "redeem", &token).await?;
            if when == "at once" {
                self.redeem(&mut session, "replay at once", &token).await?;
            }
            used.push((session, token));
        }
        self.driver.pause(NEXT_SECOND.max(grace), "a used token must stay dead").await?;
        let names = ["replay again later", "replay for the first time later"];
        for ((mut session, token), name) in used.into_iter().zip(names) {
            self.redeem(&mut session, name, &token).await?;
        }
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
        let checks = ["rt.chain", "rt.family"];
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

    /// The rows of the error table that a single request provokes, and that a fresh login works afterwards.
    async fn refusals(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "refusals";
        let main = ClientKey::Of(self.main);
        let (mut session, token) = match self.fresh_token(probe, login, &["rt.variants"]).await? {
            Some((session, token)) => (session, Some(token)),
            None => (Session::new(probe, login, self.main), None),
        };
        self.present(&mut session, "without the token", Token::Missing, main).await?;
        self.redeem(&mut session, "with a made-up token", MADE_UP).await?;
        // The gate refuses before it looks at the token, but with a good one nothing else can be the reason.
        let presented = Token::Of(token.as_deref().unwrap_or(MADE_UP));
        if self.contract.names_applications() {
            let missing = ClientKey::Missing;
            self.present(&mut session, "without an application key", presented, missing).await?;
            let unknown = ClientKey::Unknown;
            self.present(&mut session, "with an unknown application key", presented, unknown).await?;
        }
        for (name, changed) in token.iter().flat_map(|token| variants(token)) {
            self.redeem(&mut session, &format!("with a {name} token"), &changed).await?;
        }
        self.log_in(Session::new("recovery", login, self.main)).await?;
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

    /// Disables a subject, redeems its token, and gives its right back whatever came.
    async fn subject(&mut self) -> Result<(), D::Error> {
        let probe = "disabled subject";
        let contract = self.contract;
        let Some(control) = &contract.subject else { return Ok(()) };
        let Some(login) = contract.login(&control.login) else { return Ok(()) };
        if control.disable.is_empty() {
            self.excuse(&["rt.subject"], "the contract's [subject] has no `disable`".to_owned());
            return Ok(());
        }
        if let Some(missing) = self.missing(&control.needs) {
            self.excuse(&["rt.subject"], format!("no subject to disable: set {missing}"));
            return Ok(());
        }
        let driver = &mut *self.driver;
        let own = bindings::variables(&control.set, |template| driver.resolve(template, &[]));
        let mut session = self.log_in(Session::new(probe, login, self.main).with(own)).await?;
        let Some(token) = session.grant.refresh.clone() else {
            let reason = "the login of the subject to disable brought no refresh token";
            self.excuse(&["rt.subject"], reason.to_owned());
            return Ok(());
        };
        if self.act(&session, "disable the subject", &control.disable).await? {
            self.redeem(&mut session, "redeem while disabled", &token).await?;
        } else {
            self.excuse(&["rt.subject"], "the subject could not be disabled".to_owned());
        }
        self.act(&session, "enable the subject", &control.enable).await?;
        Ok(())
    }

    /// Logs in where refresh tokens are short-lived, so that the wait runs while other probes do.
    async fn begin_expiry(&mut self) -> Result<Option<Expiring<'a>>, D::Error> {
        let Some((client, lifetime)) =
            self.bindings.clients.iter().find_map(|client| Some((client, client.refresh_lifetime?)))
        else {
            return Ok(None);
        };
        if lifetime > PATIENCE_S {
            let reason =
                format!("refresh tokens of `{}` live {lifetime} s, longer than is waited for", client.id);
            self.excuse(&["rt.expiry"], reason);
            return Ok(None);
        }
        let Some(login) = self.usable_login() else { return Ok(None) };
        let session = self.log_in(Session::new("expiry", login, client)).await?;
        let Some(token) = session.grant.refresh.clone() else {
            self.excuse(&["rt.expiry"], format!("the login at `{}` brought no refresh token", client.id));
            return Ok(None);
        };
        let dead_ms = self.driver.now_ms() + (lifetime + EXPIRY_MARGIN_S) * 1000.0;
        Ok(Some(Expiring { session, token, dead_ms }))
    }

    async fn end_expiry(&mut self, expiring: Option<Expiring<'a>>) -> Result<(), D::Error> {
        let Some(Expiring { mut session, token, dead_ms }) = expiring else { return Ok(()) };
        let rest = dead_ms - self.driver.now_ms();
        if rest > 0.0 {
            self.driver
                .pause(Duration::from_secs_f64((rest + 5.0) / 1000.0), "waiting for a token to expire")
                .await?;
        }
        self.redeem(&mut session, "redeem an expired token", &token).await?;
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

/// A token that is left to expire while other probes run.
struct Expiring<'a> {
    session: Session<'a>,
    token: String,
    /// When it is certainly dead, Unix milliseconds.
    dead_ms: f64,
}

/// What is not probed where no redeem works: refusals would prove nothing.
const NEEDS_REDEEM: [&str; 20] = [
    "rt.rotate",
    "rt.access",
    "rt.shape",
    "rt.reuse.now",
    "rt.reuse.late",
    "rt.reuse.code",
    "rt.chain",
    "rt.samesecond",
    "rt.variants",
    "rt.expiry",
    "rt.subject",
    "rt.family",
    "bearer.old",
    "err.table.missing-field",
    "err.table.missing-key",
    "err.table.unknown-key",
    "err.table.invalid",
    "login.disabled",
    "login.recover",
    "rt.redeem",
];

/// Says a thing once, however often it comes up.
fn note(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

/// Changed forms of a token, each of which must be refused (RFC 6749 §10.10).
fn variants(token: &str) -> Vec<(&'static str, String)> {
    let flip = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let flipped: String = token.chars().map(flip).collect();
    let half: String = token.chars().take(token.chars().count() / 2).collect();
    let encoded = token.chars().next().map(|c| {
        let mut bytes = [0; 4];
        let first: String = c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("{first}{}", &token[c.len_utf8()..])
    });
    [("case-flipped", flipped), ("padded", format!(" {token} ")), ("truncated", half)]
        .into_iter()
        .chain(encoded.map(|encoded| ("percent-encoded", encoded)))
        .filter(|(_, changed)| changed != token && !changed.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_differ_from_the_token_and_from_each_other() {
        let forms = variants("aB3-x_Zq");
        let names: Vec<&str> = forms.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["case-flipped", "padded", "truncated", "percent-encoded"]);
        assert_eq!(forms[0].1, "Ab3-X_zQ");
        assert_eq!(forms[2].1, "aB3-");
        assert_eq!(forms[3].1, "%61B3-x_Zq");
        assert_eq!(variants("1234").iter().filter(|(name, _)| *name == "case-flipped").count(), 0);
    }
}
