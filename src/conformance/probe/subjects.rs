//! Probes of a subject that can no longer sign in: only on the one that the contract offers for it.

use super::session::Session;
use super::{Driver, Prober};
use crate::conformance::bindings;
use crate::contract::{RequestTemplate, SubjectControl};

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
        if self.act(&session, &format!("{action} the subject"), requests).await? {
            self.redeem(&mut session, &format!("redeem after {action}"), &token).await?;
        } else {
            self.excuse(&[check], format!("the contract's `{action}` did not work"));
        }
        self.act(&session, &format!("{undoing} the subject"), undo).await?;
        Ok(())
    }

    /// The variables of the subject under control.
    pub(super) fn subject_variables(&mut self, control: &SubjectControl) -> Vec<(String, serde_json::Value)> {
        let driver = &mut *self.driver;
        bindings::variables(&control.set, |template| driver.resolve(template, &[]))
    }
}
