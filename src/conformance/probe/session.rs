//! One login of a probe and what belongs to it: its cookies, what its steps captured, its tokens.

use super::{Driver, Prober};
use crate::conformance::{Answer, BoundClient, ClientKey, Draft, Jar};
use crate::contract::{
    AuthenticatedRequest, Carrier, Login, Protected, RequestTemplate, Source, StatusPattern, Step, Tokens,
};
use crate::event::ItemRef;
use crate::exchange::Exchange;
use crate::plan::PlannedItem;
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A login under way or done. Its cookies are nobody else's.
#[derive(Debug, Clone)]
pub(super) struct Session<'a> {
    /// Names the probe in reports.
    pub(super) probe: &'static str,
    pub(super) login: &'a Login,
    pub(super) client: &'a BoundClient,
    /// Variables that stand in front of the run's: the client's, the subject's, captured ones.
    variables: Vec<(String, Value)>,
    jar: Jar,
    /// What the login brought.
    pub(super) grant: Grant,
}

/// What a login or a redeem brought.
#[derive(Debug, Clone, Default)]
pub(super) struct Grant {
    /// A 2xx answer, or what the login says success is.
    pub(super) accepted: bool,
    pub(super) refresh: Option<String>,
    pub(super) access: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) status: Option<u16>,
}

/// What a redeem presents as its token.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'t> {
    /// That one.
    Of(&'t str),
    /// None: its place is taken away.
    Missing,
}

impl Grant {
    fn read(answer: Option<&Answer>, tokens: &Tokens, subject: Option<&Source>) -> Self {
        let Some(answer) = answer else { return Self::default() };
        Self {
            accepted: answer.accepted(),
            refresh: answer.first(&tokens.refresh.from),
            access: answer.first(&tokens.access.from),
            subject: subject.and_then(|place| answer.find(place)),
            status: Some(answer.status),
        }
    }
}

impl<'a> Session<'a> {
    pub(super) fn new(probe: &'static str, login: &'a Login, client: &'a BoundClient) -> Self {
        let variables = client.variables.clone();
        Self { probe, login, client, variables, jar: Jar::default(), grant: Grant::default() }
    }

    /// The same, with variables of a subject.
    pub(super) fn with(mut self, variables: Vec<(String, Value)>) -> Self {
        self.variables.extend(variables);
        self
    }

    fn set(&mut self, name: &str, value: String) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.into()));
    }

    /// Keeps what an answer brings for the requests that follow.
    fn keep(&mut self, exchange: &Exchange, answer: Option<&Answer>, capture: &IndexMap<String, Source>) {
        self.jar.store(exchange);
        for (name, source) in capture {
            let kept = match source {
                Source::Cookie(cookie) => self.jar.get(cookie),
                _ => None,
            };
            if let Some(value) = answer.and_then(|answer| answer.find(source)).or(kept) {
                self.set(name, value);
            }
        }
    }
}

impl<'a, D: Driver> Prober<'a, D> {
    /// Logs in, step by step; once more where a login that is known to be good is refused.
    pub(super) async fn log_in(&mut self, fresh: Session<'a>) -> Result<Session<'a>, D::Error> {
        let mut session = fresh.clone();
        for name in ["log in", "log in once more"] {
            session = fresh.clone();
            self.steps(&mut session, name).await?;
            if session.grant.accepted || self.sent < 3 {
                break;
            }
        }
        Ok(session)
    }

    async fn steps(&mut self, session: &mut Session<'a>, name: &str) -> Result<(), D::Error> {
        let login = session.login;
        let last = login.step.len() - 1;
        for (index, step) in login.step.iter().enumerate() {
            let title = match last {
                0 => format!("{name}: {}", login.title),
                _ => format!("{name}: {}, step {} of {}", login.title, index + 1, last + 1),
            };
            let mut draft = self.draft(session, &step.request);
            if self.contract.authenticates(AuthenticatedRequest::Login) {
                draft.authenticate(&self.contract.client_auth, ClientKey::Of(session.client));
            }
            let exchange = self.send(session, &title, draft).await?;
            let answer = Answer::of(self.contract, &exchange);
            session.keep(&exchange, answer.as_ref(), &step.capture);
            let grant = Grant::read(answer.as_ref(), &login.tokens, login.subject.as_ref());
            let went_on = succeeded(step, grant.status, index == last);
            self.issued += u32::from(grant.refresh.is_some());
            session.grant = Grant { accepted: went_on, ..grant };
            if !went_on {
                break;
            }
        }
        Ok(())
    }

    /// Presents a token to the redeem request.
    pub(super) async fn present(
        &mut self,
        session: &mut Session<'a>,
        name: &str,
        token: Token<'_>,
        client: ClientKey<'_>,
    ) -> Result<Grant, D::Error> {
        self.present_as(session, name, (token, client), |_| {}).await
    }

    /// A token of the session in a request of which parts are changed.
    pub(super) async fn present_changed(
        &mut self,
        session: &mut Session<'a>,
        name: &str,
        token: &str,
        change: impl FnOnce(&mut Draft),
    ) -> Result<Grant, D::Error> {
        let client = ClientKey::Of(session.client);
        self.present_as(session, name, (Token::Of(token), client), change).await
    }

    /// The same, by whichever application.
    pub(super) async fn present_as(
        &mut self,
        session: &mut Session<'a>,
        name: &str,
        (token, client): (Token<'_>, ClientKey<'_>),
        change: impl FnOnce(&mut Draft),
    ) -> Result<Grant, D::Error> {
        let contract = self.contract;
        let mut draft = self.presentation(session, token, client);
        change(&mut draft);
        let exchange = self.send(session, name, draft).await?;
        let answer = Answer::of(contract, &exchange);
        session.keep(&exchange, answer.as_ref(), &contract.redeem.capture);
        let tokens = &session.login.redeemed;
        let grant = Grant::read(answer.as_ref(), tokens, session.login.subject.as_ref());
        self.redeems += 1;
        self.redeemed += u32::from(grant.accepted);
        self.issued += u32::from(grant.refresh.is_some());
        Ok(grant)
    }

    /// A redeem of that token by that application.
    pub(super) fn presentation(
        &mut self,
        session: &Session<'a>,
        token: Token<'_>,
        client: ClientKey<'_>,
    ) -> Draft {
        let contract = self.contract;
        let carrier = &session.login.redeemed.refresh.carrier;
        let mut draft = self.draft(session, &contract.redeem.request);
        match token {
            Token::Of(token) => draft.put(carrier, token),
            Token::Missing => draft.take(carrier),
        }
        if contract.authenticates(AuthenticatedRequest::Redeem) {
            draft.authenticate(&contract.client_auth, client);
        }
        draft
    }

    /// The one request of a login that has no other step.
    pub(super) fn single_step(&mut self, session: &Session<'a>) -> Option<Draft> {
        let [step] = session.login.step.as_slice() else { return None };
        let mut draft = self.draft(session, &step.request);
        if self.contract.authenticates(AuthenticatedRequest::Login) {
            draft.authenticate(&self.contract.client_auth, ClientKey::Of(session.client));
        }
        Some(draft)
    }

    /// What a redeem of that session, or its login, brought.
    pub(super) fn brought(&self, session: &Session<'_>, exchange: &Exchange, login: bool) -> Grant {
        let answer = Answer::of(self.contract, exchange);
        let tokens = if login { &session.login.tokens } else { &session.login.redeemed };
        Grant::read(answer.as_ref(), tokens, None)
    }

    /// Asks the protected route, with an access token or without any.
    pub(super) async fn ask(
        &mut self,
        session: &Session<'a>,
        name: &str,
        access: Option<&str>,
    ) -> Result<(), D::Error> {
        let Some(Protected { request, .. }) = &session.login.protected else { return Ok(()) };
        let mut asking = session.clone();
        let subject = session.grant.subject.clone().unwrap_or_else(|| "none".to_owned());
        asking.set("subject", subject);
        if access.is_none() {
            // A cookie may be an access token by another name.
            asking.jar = Jar::default();
        }
        let mut draft = self.draft(&asking, request);
        let carrier = &session.login.redeemed.access.carrier;
        match access {
            Some(access) => draft.put(carrier, access),
            None => draft.take(carrier),
        }
        if self.contract.authenticates(AuthenticatedRequest::Protected) {
            authenticate_beside(&mut draft, self, session, carrier);
        }
        let title = format!("{}: protected route {name}", session.login.title);
        self.send(&asking, &title, draft).await?;
        Ok(())
    }

    /// A request of an action on the subject under control, with credentials of its own: none of the subject's cookies.
    pub(super) fn action(
        &mut self,
        session: &Session<'a>,
        name: &str,
        request: &RequestTemplate,
    ) -> PlannedItem {
        let alone = Session { jar: Jar::default(), ..session.clone() };
        let mut draft = self.draft(&alone, request);
        if self.contract.authenticates(AuthenticatedRequest::Subject) {
            draft.authenticate(&self.contract.client_auth, ClientKey::Of(session.client));
        }
        self.planned(&alone, name, draft)
    }

    /// A request of a session, with its variables and cookies.
    fn draft(&mut self, session: &Session<'_>, template: &RequestTemplate) -> Draft {
        let driver = &mut *self.driver;
        let mut draft =
            Draft::new(self.contract, template, |template| driver.resolve(template, &session.variables));
        draft.add_cookies(session.jar.matching(draft.url()));
        draft
    }

    async fn send(
        &mut self,
        session: &Session<'_>,
        name: &str,
        draft: Draft,
    ) -> Result<Arc<Exchange>, D::Error> {
        let planned = self.planned(session, name, draft);
        // Boxed: what a driver does is deep, and so are the probes.
        Box::pin(self.driver.send(planned)).await
    }

    /// A request as an item of a probe.
    pub(super) fn planned(&mut self, session: &Session<'_>, name: &str, draft: Draft) -> PlannedItem {
        self.sent += 1;
        let item = ItemRef {
            id: format!("probe-{}", self.sent),
            name: name.to_owned(),
            path: vec![session.probe.to_owned()],
            location: None,
        };
        // Cookies are the session's own, and a step is one request: what a redirect holds is captured.
        let behavior = [("disableCookies", true), ("followRedirects", false)];
        let behavior: Map<String, Value> =
            behavior.into_iter().map(|(key, on)| (key.to_owned(), on.into())).collect();
        PlannedItem {
            item,
            collection: "".into(),
            request: draft.finish(),
            auth: None,
            auth_owner: None,
            events: Vec::new(),
            behavior,
        }
    }
}

/// Credentials must not take the place of the access token.
fn authenticate_beside<D>(
    draft: &mut Draft,
    prober: &Prober<'_, D>,
    session: &Session<'_>,
    carrier: &Carrier,
) {
    use crate::contract::ClientAuthKind;
    let in_authorization =
        matches!(carrier, Carrier::Header { name, .. } if name.eq_ignore_ascii_case("authorization"));
    if !(in_authorization && prober.contract.client_auth.kind == ClientAuthKind::Basic) {
        draft.authenticate(&prober.contract.client_auth, ClientKey::Of(session.client));
    }
}

/// Whether a step did what it is there for.
fn succeeded(step: &Step, status: Option<u16>, last: bool) -> bool {
    let Some(status) = status else { return false };
    let standard = [StatusPattern::Class(2), StatusPattern::Class(3)];
    let expected = match step.expect.as_slice() {
        [] => &standard[..if last { 1 } else { 2 }],
        expect => expect,
    };
    expected.iter().any(|expected| expected.matches(status))
}
