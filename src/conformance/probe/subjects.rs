//! Probes of a subject that can no longer sign in: only on the one that the contract offers for it.

use super::session::Session;
use super::{Driver, Prober};
use crate::collection::{Request, RequestBody};
use crate::conformance::bindings;
use crate::contract::{RequestTemplate, SubjectControl};
use std::ops::Range;

/// What is done to the subject, and how it is undone.
struct Deed<'c> {
    check: &'static str,
    probe: &'static str,
    /// The action's name in contracts.
    action: &'static str,
    undoing: &'static str,
    requests: &'c [RequestTemplate],
    undo: &'c [RequestTemplate],
}

impl<'a, D: Driver> Prober<'a, D> {
    /// Disables the subject, then deletes it, each time redeems its token, and gives its right back whatever came.
    pub(super) async fn subject(&mut self) -> Result<(), D::Error> {
        let contract = self.contract;
        let Some(control) = &contract.subject else { return Ok(()) };
        let deeds = [
            Deed {
                check: "rt.subject",
                probe: "disabled subject",
                action: "disable",
                undoing: "enable",
                requests: &control.disable,
                undo: &control.enable,
            },
            Deed {
                check: "rt.subject.deleted",
                probe: "deleted subject",
                action: "delete",
                undoing: "create",
                requests: &control.delete,
                undo: &control.create,
            },
        ];
        for deed in deeds {
            self.deed(control, deed).await?;
        }
        Ok(())
    }

    async fn deed(&mut self, control: &'a SubjectControl, deed: Deed<'_>) -> Result<(), D::Error> {
        let Deed { check, probe, action, undoing, requests, undo } = deed;
        let contract = self.contract;
        let Some(login) = contract.login(&control.login) else { return Ok(()) };
        if let Some(lacking) =
            [(action, requests), (undoing, undo)].iter().find(|(_, requests)| requests.is_empty())
        {
            self.excuse(&[check], format!("the contract's [subject] has no `{}`", lacking.0));
            return Ok(());
        }
        if let Some(missing) = self.missing(&control.needs) {
            self.excuse(&[check], format!("no subject to {action}: set {missing}"));
            return Ok(());
        }
        let own = self.subject_variables(control);
        let mut session = self.log_in(Session::new(probe, login, self.main).with(own)).await?;
        let Some(token) = session.grant.refresh.clone() else {
            let reason = format!("the login of the subject to {action} brought no refresh token");
            self.excuse(&[check], reason);
            return Ok(());
        };
        let taken = self.act(&session, &format!("{action} the subject"), requests).await;
        let touched = taken.touched;
        let done = match taken.done {
            Ok(true) => {
                self.redeem(&mut session, &format!("redeem after {action}"), &token).await.map(|_| ())
            }
            Ok(false) => {
                self.excuse(&[check], format!("the contract's `{action}` did not work"));
                Ok(())
            }
            Err(end) => Err(end),
        };
        // Before whatever ends the run ends it.
        if touched {
            self.undo(&session, (action, undoing), undo).await;
        }
        done
    }

    /// Sends the requests of an action on the subject under control.
    pub(super) async fn act(
        &mut self,
        session: &Session<'a>,
        name: &str,
        requests: &[RequestTemplate],
    ) -> Acted<D::Error> {
        let mut acted = Acted { done: Ok(!requests.is_empty()), touched: false };
        for request in requests {
            let planned = self.action(session, name, request);
            let begun = self.driver.begun();
            let sent = Box::pin(self.driver.send(planned)).await;
            let answered = |codes: Range<u16>| {
                let response = sent.as_ref().ok().and_then(|exchange| exchange.response());
                response.is_some_and(|response| codes.contains(&response.code))
            };
            // What was refused changed nothing; what was not answered may have.
            acted.touched |= self.driver.begun() > begun && !answered(400..500);
            let done = answered(200..300);
            match (sent, acted.done) {
                (Err(end), _) => return Acted { done: Err(end), ..acted },
                (Ok(_), so_far) => acted.done = so_far.map(|so_far| so_far && done),
            }
        }
        acted
    }

    /// Gives the subject back what an action took, whatever has ended the run; where that cannot be done, says what is
    /// to be done by hand.
    pub(super) async fn undo(
        &mut self,
        session: &Session<'a>,
        (action, undoing): (&str, &str),
        requests: &[RequestTemplate],
    ) -> bool {
        let mut by_hand = Vec::new();
        for request in requests {
            let planned = self.action(session, &format!("{undoing} the subject"), request);
            let told = told(&planned.request);
            let answer = Box::pin(self.driver.send_last(planned)).await;
            match answer.as_ref().map(|exchange| exchange.response()) {
                Some(Some(response)) if (200..300).contains(&response.code) => {}
                Some(Some(response)) => by_hand.push(format!("{told} (answered {})", response.code)),
                _ => by_hand.push(format!("{told} (no answer)")),
            }
        }
        if by_hand.is_empty() {
            return true;
        }
        let needs = self.contract.subject.iter().flat_map(|control| &control.needs);
        let needs: Vec<String> = needs.map(|name| format!("`{name}`")).collect();
        let subject = match needs.as_slice() {
            [] => format!("the subject of the {} login", session.login.title),
            needs => format!("the subject of the {} login ({})", session.login.title, needs.join(", ")),
        };
        let problem = format!(
            "{subject} may be left as `{action}` made it, because `{undoing}` did not work; do it by hand: {}",
            by_hand.join(", ")
        );
        super::note(&mut self.report.not_undone, problem);
        false
    }

    /// The variables of the subject under control.
    pub(super) fn subject_variables(&mut self, control: &SubjectControl) -> Vec<(String, serde_json::Value)> {
        let driver = &mut *self.driver;
        bindings::variables(&control.set, |template| driver.resolve(template, &[]))
    }
}

/// What came of an action.
pub(super) struct Acted<E> {
    /// All of its requests were answered 2xx.
    pub(super) done: Result<bool, E>,
    /// The subject may not be what it was.
    pub(super) touched: bool,
}

/// A request, for somebody who has to repeat it.
fn told(request: &Request) -> String {
    let body = match &request.body {
        Some(RequestBody::Raw { text, .. }) => format!(" {text}"),
        _ => String::new(),
    };
    format!("{} {}{body}", request.method, request.url)
}
