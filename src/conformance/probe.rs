//! Probes: the requests that provoke what the checks judge. They send and wait; they judge nothing.
//!
//! Each probe starts from a login of its own, because a replay may revoke whatever came before it, and the sanity
//! flow runs first and last, because a dead server passes every negative test.

mod step;

use crate::conformance::{Bindings, BoundClient};
use crate::contract::{Contract, Login, Refresh};
use crate::exchange::Exchange;
use crate::plan::PlannedItem;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use step::{ClientKey, Step};

/// Lifetimes longer than this are not waited for, seconds.
const PATIENCE_S: f64 = 30.0;
/// Beyond a lifetime, how long until a token is certainly expired.
const EXPIRY_MARGIN_S: f64 = 1.2;
/// How long until two access tokens cannot be equal because they were made in one second.
const NEXT_SECOND: Duration = Duration::from_millis(1_100);

/// Sends what the probes ask for.
pub trait Driver {
    /// Why sending had to stop (an interrupt, a reporter that cannot write).
    type Error;

    /// Sends one item, with these variables standing in front of all others.
    fn send(
        &mut self,
        item: PlannedItem,
        variables: &[(String, Value)],
    ) -> impl Future<Output = Result<Arc<Exchange>, Self::Error>>;

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
        report.stopped = Some("no application with refresh tokens has its key set".to_owned());
        return Ok(report);
    };
    let mut prober = Prober { contract, bindings, is_set, driver, main, report, sent: 0, redeemed: 0 };
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
    redeemed: u32,
}

/// What a login or a redeem brought.
#[derive(Debug, Clone, Default)]
struct Grant {
    accepted: bool,
    refresh: Option<String>,
    access: Option<String>,
    subject: Option<String>,
    status: Option<u16>,
}

impl<'a, D: Driver> Prober<'a, D> {
    async fn run(&mut self) -> Result<(), D::Error> {
        let expiring = self.begin_expiry().await?;
        let Some(login) = self.sanity("sanity").await? else { return Ok(()) };
        if self.redeemed == 0 {
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
            let grant = self.login(probe, login, Vec::new()).await?;
            if !grant.accepted {
                let status = grant.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
                refused.push(format!(
                    "the {} login was refused ({status}); check {}",
                    login.title,
                    login.needs.join(", ")
                ));
                continue;
            }
            self.sane(probe, login, grant).await?;
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

    async fn sane(&mut self, probe: &'static str, login: &'a Login, grant: Grant) -> Result<(), D::Error> {
        let mut subject = grant.subject.clone();
        self.protected(probe, login, "without a token", None, subject.as_deref()).await?;
        self.protected(probe, login, "with its access token", grant.access.as_deref(), subject.as_deref())
            .await?;
        let Some(token) = &grant.refresh else {
            let reason = format!(
                "the {} login answered without a refresh token, which the contract allows: are refresh tokens enabled?",
                login.title
            );
            self.excuse(&NEEDS_REDEEM, reason);
            return Ok(());
        };
        let mut renewed = self.redeem(probe, "redeem", token, ClientKey::Of(self.main)).await?;
        subject = renewed.subject.clone().or(subject);
        if renewed.accepted && renewed.access.is_some() && renewed.access == grant.access {
            self.driver
                .pause(NEXT_SECOND, "the new access token equals the old one; asking again later")
                .await?;
            if let Some(token) = renewed.refresh.clone() {
                renewed =
                    self.redeem(probe, "redeem in another second", &token, ClientKey::Of(self.main)).await?;
            }
        }
        if let Some(access) = &renewed.access {
            self.protected(probe, login, "with the new access token", Some(access), subject.as_deref())
                .await?;
            self.protected(
                probe,
                login,
                "with the old access token",
                grant.access.as_deref(),
                subject.as_deref(),
            )
            .await?;
        }
        Ok(())
    }

    /// A used token at once, and again later; and one that is presented late only, by a session of its own.
    async fn reuse(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "replay";
        let main = ClientKey::Of(self.main);
        let checks = ["rt.reuse.now", "rt.reuse.late", "rt.reuse.code"];
        let mut used = Vec::new();
        for when in ["at once", "later"] {
            let Some(token) = self.fresh_token(probe, login, &checks).await? else { return Ok(()) };
            self.redeem(probe, "redeem", &token, main).await?;
            if when == "at once" {
                self.redeem(probe, "replay at once", &token, main).await?;
            }
            used.push(token);
        }
        self.driver.pause(NEXT_SECOND, "a used token must stay dead").await?;
        self.redeem(probe, "replay again later", &used[0], main).await?;
        self.redeem(probe, "replay for the first time later", &used[1], main).await?;
        Ok(())
    }

    /// Login, redeem and replay within one second of the wall clock; again where the second was too short for it.
    async fn same_second(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "same second";
        let second = |ms: f64| (ms / 1000.0).floor();
        for _ in 0..3 {
            let into_second = self.driver.now_ms().rem_euclid(1000.0);
            if into_second > 400.0 {
                let rest = Duration::from_secs_f64((1_005.0 - into_second) / 1000.0);
                self.driver.pause(rest, "waiting for the second to begin").await?;
            }
            let begun = second(self.driver.now_ms());
            let Some(token) = self.fresh_token(probe, login, &["rt.samesecond"]).await? else {
                return Ok(());
            };
            self.redeem(probe, "redeem", &token, ClientKey::Of(self.main)).await?;
            self.redeem(probe, "replay", &token, ClientKey::Of(self.main)).await?;
            if second(self.driver.now_ms()) == begun {
                return Ok(());
            }
        }
        self.excuse(&["rt.samesecond"], "login, redeem and replay never fell into one second".to_owned());
        Ok(())
    }

    /// Four rotations, then every ancestor again, the oldest first; then the newest, to see what replays do to it.
    async fn chain(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "chain";
        let Some(mut token) = self.fresh_token(probe, login, &["rt.chain", "rt.family"]).await? else {
            return Ok(());
        };
        let mut ancestors = Vec::new();
        for rotation in 1..=4 {
            let grant =
                self.redeem(probe, &format!("rotation {rotation}"), &token, ClientKey::Of(self.main)).await?;
            let Some(next) = grant.refresh else { break };
            ancestors.push(std::mem::replace(&mut token, next));
        }
        for (age, ancestor) in ancestors.iter().enumerate() {
            self.redeem(probe, &format!("replay of token {}", age + 1), ancestor, ClientKey::Of(self.main))
                .await?;
        }
        self.redeem(probe, "newest token after the replays", &token, ClientKey::Of(self.main)).await?;
        Ok(())
    }

    /// The rows of the error table that a single request provokes, and that a fresh login works afterwards.
    async fn refusals(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "refusals";
        let checks = ["err.table.missing-key", "err.table.unknown-key", "rt.variants"];
        let main = ClientKey::Of(self.main);
        self.send(Step::redeem_without_field(probe, "without the token's field", self.contract, main))
            .await?;
        self.redeem(probe, "with a made-up token", "postproof-made-up-0123456789abcdef", main).await?;
        if let Some(token) = self.fresh_token(probe, login, &checks).await? {
            self.redeem(probe, "without an application key", &token, ClientKey::Missing).await?;
            self.redeem(probe, "with an unknown application key", &token, ClientKey::Unknown).await?;
            for (name, changed) in variants(&token) {
                self.redeem(probe, &format!("with a {name} token"), &changed, main).await?;
            }
        }
        self.login("recovery", login, Vec::new()).await?;
        Ok(())
    }

    /// A login at an application that has refresh tokens disabled.
    async fn without_refresh(&mut self) -> Result<(), D::Error> {
        let Some(client) = self.bindings.clients.iter().find(|client| client.refresh == Refresh::Disabled)
        else {
            return Ok(());
        };
        if let Some(login) = self.usable_login() {
            self.login_at("refresh tokens disabled", login, client, Vec::new()).await?;
        }
        Ok(())
    }

    /// Disables a subject, redeems its token, and gives its right back whatever came.
    async fn subject(&mut self) -> Result<(), D::Error> {
        let probe = "disabled subject";
        let contract = self.contract;
        let Some(control) = &contract.subject_control else { return Ok(()) };
        let Some(login) = contract.login(&control.login) else { return Ok(()) };
        if let Some(missing) = self.missing(&control.needs) {
            self.excuse(&["rt.subject"], format!("no subject to disable: set {missing}"));
            return Ok(());
        }
        let set =
            control.set.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        let grant = self.login(probe, login, set).await?;
        let Some(token) = grant.refresh else {
            self.excuse(
                &["rt.subject"],
                "the login of the subject to disable brought no refresh token".to_owned(),
            );
            return Ok(());
        };
        let main = ClientKey::Of(self.main);
        let disabled =
            self.send(Step::new(probe, "disable the subject", contract, &control.disable, main)).await?;
        if grant_status(&disabled).is_some_and(|status| (200..300).contains(&status)) {
            self.redeem(probe, "redeem while disabled", &token, main).await?;
        } else {
            self.excuse(&["rt.subject"], "the subject could not be disabled".to_owned());
        }
        self.send(Step::new(probe, "enable the subject", contract, &control.enable, main)).await?;
        Ok(())
    }

    /// Logs in where refresh tokens are short-lived, so that the wait runs while other probes do.
    async fn begin_expiry(&mut self) -> Result<Option<(String, f64, &'a BoundClient)>, D::Error> {
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
        let grant = self.login_at("expiry", login, client, Vec::new()).await?;
        let Some(token) = grant.refresh else {
            self.excuse(&["rt.expiry"], format!("the login at `{}` brought no refresh token", client.id));
            return Ok(None);
        };
        Ok(Some((token, self.driver.now_ms() + (lifetime + EXPIRY_MARGIN_S) * 1000.0, client)))
    }

    async fn end_expiry(&mut self, expiring: Option<(String, f64, &'a BoundClient)>) -> Result<(), D::Error> {
        let Some((token, expired_at_ms, client)) = expiring else { return Ok(()) };
        let rest = expired_at_ms - self.driver.now_ms();
        if rest > 0.0 {
            self.driver
                .pause(Duration::from_secs_f64((rest + 5.0) / 1000.0), "waiting for a token to expire")
                .await?;
        }
        self.redeem("expiry", "redeem an expired token", &token, ClientKey::Of(client)).await?;
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

    async fn fresh_token(
        &mut self,
        probe: &'static str,
        login: &'a Login,
        checks: &[&'static str],
    ) -> Result<Option<String>, D::Error> {
        let grant = self.login(probe, login, Vec::new()).await?;
        if grant.refresh.is_none() {
            let why = if grant.accepted { "brought no refresh token" } else { "was refused" };
            self.excuse(checks, format!("the {} login of probe `{probe}` {why}", login.title));
        }
        Ok(grant.refresh)
    }

    async fn login(
        &mut self,
        probe: &'static str,
        login: &'a Login,
        set: Vec<(String, Value)>,
    ) -> Result<Grant, D::Error> {
        self.login_at(probe, login, self.main, set).await
    }

    /// Logs in; once more where a login that is known to be good is refused.
    async fn login_at(
        &mut self,
        probe: &'static str,
        login: &'a Login,
        client: &'a BoundClient,
        mut set: Vec<(String, Value)>,
    ) -> Result<Grant, D::Error> {
        let audience =
            self.contract.client.iter().find(|c| c.id == client.id).and_then(|c| c.audience.clone());
        set.extend(audience.map(|audience| ("audience".to_owned(), Value::from(audience))));
        let mut grant = Grant::default();
        for name in ["log in", "log in once more"] {
            let title = format!("{name}: {}", login.title);
            let step = Step::new(probe, &title, self.contract, &login.request, ClientKey::Of(client))
                .with(set.clone());
            let exchange = self.send(step).await?;
            grant = self.read(&exchange, Some(&login.subject));
            if grant.accepted || self.sent < 3 {
                break;
            }
        }
        Ok(grant)
    }

    async fn redeem(
        &mut self,
        probe: &'static str,
        name: &str,
        token: &str,
        client: ClientKey<'_>,
    ) -> Result<Grant, D::Error> {
        let step = Step::redeem(probe, name, self.contract, token, client);
        let exchange = self.send(step).await?;
        let grant = self.read(&exchange, None);
        self.redeemed += u32::from(grant.accepted);
        Ok(grant)
    }

    async fn protected(
        &mut self,
        probe: &'static str,
        login: &'a Login,
        name: &str,
        access: Option<&str>,
        subject: Option<&str>,
    ) -> Result<(), D::Error> {
        let Some(route) = &login.protected else { return Ok(()) };
        let title = format!("{}: protected route {name}", login.title);
        let mut step = Step::new(probe, &title, self.contract, route, ClientKey::Of(self.main))
            .with(vec![("subject".to_owned(), Value::from(subject.unwrap_or("none")))]);
        if let Some(access) = access {
            step = step.bearer(access);
        }
        self.send(step).await?;
        Ok(())
    }

    async fn send(&mut self, step: Step) -> Result<Arc<Exchange>, D::Error> {
        self.sent += 1;
        let (item, variables) = step.into_item(self.sent);
        self.driver.send(item, &variables).await
    }

    fn read(&self, exchange: &Exchange, subject: Option<&str>) -> Grant {
        let status = grant_status(exchange);
        let body = exchange.response().and_then(|response| response.body.json());
        let text = |pointer: &str| {
            let value = body.as_ref()?.pointer(pointer)?;
            value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Grant {
            accepted: status.is_some_and(|status| (200..300).contains(&status)),
            refresh: text(&self.contract.tokens.refresh.response),
            access: text(&self.contract.tokens.access.response),
            subject: subject.and_then(text),
            status,
        }
    }
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

fn grant_status(exchange: &Exchange) -> Option<u16> {
    exchange.response().map(|response| response.code)
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
