//! Probes of what outlives a refusal: the token of a refused attempt, and sessions beside a replayed one.

use super::session::{Session, Token};
use super::{Driver, Prober};
use crate::conformance::{ClientKey, Draft};
use crate::contract::{Carrier, ClientPatch, Login, Patch};

/// What is wrong with an attempt that must leave the token alone.
enum Wrong<'c> {
    Client(ClientPatch),
    NoToken,
    ContentType,
    BrokenBody,
    /// As the contract says.
    Patched(&'c Patch),
}

impl<'a, D: Driver> Prober<'a, D> {
    /// Attempts that are refused, each followed by a good redeem of the same token: those the contract names, and the
    /// usual ones.
    pub(super) async fn refused_attempts(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let contract = self.contract;
        let carrier = &login.redeemed.refresh.carrier;
        let in_body = matches!(carrier, Carrier::Json(_) | Carrier::Form(_));
        let in_json = matches!(carrier, Carrier::Json(_));
        let bad_client =
            if self.wrong_secrets().is_empty() { ClientPatch::Unknown } else { ClientPatch::WrongSecret };
        let usual = [
            ("a bad application key", contract.names_applications(), Wrong::Client(bad_client)),
            ("no token", true, Wrong::NoToken),
            ("another content type", in_body, Wrong::ContentType),
            ("a broken body", in_json, Wrong::BrokenBody),
        ];
        let usual =
            usual.into_iter().filter(|(_, applies, _)| *applies).map(|(name, _, wrong)| (name, wrong));
        let own = contract.not_consumed.iter().map(|own| (own.id.as_str(), Wrong::Patched(&own.patch)));
        for (name, wrong) in usual.chain(own) {
            let checks =
                ["rt.notconsumed.key", "rt.notconsumed.field", "rt.notconsumed.type", "rt.notconsumed.body"];
            let Some((mut session, token)) = self.fresh_token("refused attempt", login, &checks).await?
            else {
                return Ok(());
            };
            let attempted = self.attempt(&mut session, (name, &token), wrong).await?;
            if !attempted {
                self.redeem(&mut session, &format!("good redeem after {name}"), &token).await?;
            }
        }
        Ok(())
    }

    /// Whether the attempt brought tokens.
    async fn attempt(
        &mut self,
        session: &mut Session<'a>,
        (name, token): (&str, &str),
        wrong: Wrong<'_>,
    ) -> Result<bool, D::Error> {
        let carrier = &session.login.redeemed.refresh.carrier;
        let name = format!("attempt with {name}");
        let patch = match wrong {
            Wrong::Client(client) => &Patch { client: Some(client), ..Patch::default() },
            Wrong::NoToken => &Patch { without_token: true, ..Patch::default() },
            Wrong::Patched(patch) => patch,
            Wrong::ContentType => {
                let change = |draft: &mut Draft| draft.set_header("content-type", "text/plain");
                return Ok(self.present_changed(session, &name, token, change).await?.accepted);
            }
            Wrong::BrokenBody => {
                return Ok(self.present_changed(session, &name, token, Draft::cut_body).await?.accepted);
            }
        };
        let client = match patch.client {
            None => ClientKey::Of(session.client),
            Some(ClientPatch::Missing) => ClientKey::Missing,
            Some(ClientPatch::Unknown) => ClientKey::Unknown,
            Some(ClientPatch::WrongSecret) => ClientKey::WrongSecret(session.client),
            Some(ClientPatch::Other) => self.second_client().unwrap_or(ClientKey::Unknown),
        };
        let change = |draft: &mut Draft| {
            if patch.without_token {
                draft.take(carrier);
            }
            patch.body.iter().for_each(|text| draft.set_text(&text.replace(TOKEN, token)));
            patch.method.iter().for_each(|method| draft.set_method(method));
            patch.headers.iter().for_each(|(name, value)| draft.set_header(name, value));
        };
        Ok(self.present_as(session, &name, (Token::Of(token), client), change).await?.accepted)
    }

    /// A token of one application under the credentials of another, then under those of its own.
    pub(super) async fn other_client(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let Some(other) = self.second_client() else { return Ok(()) };
        let checks = ["rt.client.bind", "err.table.other-client"];
        let Some((mut session, token)) = self.fresh_token("other application", login, &checks).await? else {
            return Ok(());
        };
        let name = "under another application's credentials";
        let stolen = self.present(&mut session, name, Token::Of(&token), other).await?;
        if !stolen.accepted {
            self.redeem(&mut session, "under its own application's credentials", &token).await?;
        }
        Ok(())
    }

    /// Two logins of one subject, and a redeem of the earlier.
    pub(super) async fn parallel(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let (probe, checks) = ("two sessions", ["rt.parallel"]);
        let Some((mut earlier, token)) = self.fresh_token(probe, login, &checks).await? else {
            return Ok(());
        };
        self.log_in(Session::new(probe, login, self.main)).await?;
        self.redeem(&mut earlier, "redeem after a newer login", &token).await?;
        Ok(())
    }

    /// A replay in one session, and then redeems of others: of another subject, and of the same one.
    pub(super) async fn isolation(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let (probe, checks) = ("isolation", ["rt.family.isolated"]);
        let Some(grace) = self.time_of_grace(&checks) else { return Ok(()) };
        let Some((mut replayed, used)) = self.fresh_token(probe, login, &checks).await? else {
            return Ok(());
        };
        self.redeem(&mut replayed, "redeem", &used).await?;
        let stranger = self.other_subject(probe, login).await?;
        let Some((same, token)) = self.fresh_token(probe, login, &checks).await? else { return Ok(()) };
        if !grace.is_zero() {
            self.driver.pause(grace, "used tokens live on for a while").await?;
        }
        self.redeem(&mut replayed, "replay", &used).await?;
        let strangers =
            stranger.into_iter().map(|(session, token)| (session, token, "another subject's token"));
        for (mut session, token, name) in strangers.chain([(same, token, "another token of the subject")]) {
            self.redeem(&mut session, name, &token).await?;
        }
        Ok(())
    }

    /// A login of another subject: by another login of the contract, or of the subject under control.
    async fn other_subject(
        &mut self,
        probe: &'static str,
        login: &'a Login,
    ) -> Result<Option<(Session<'a>, String)>, D::Error> {
        let contract = self.contract;
        let mut others = contract.login.iter().filter(|other| other.id != login.id);
        let session = match (others.find(|other| self.missing(&other.needs).is_none()), &contract.subject) {
            (Some(other), _) => Session::new(probe, other, self.main),
            (None, Some(control)) if self.missing(&control.needs).is_none() => {
                let Some(login) = contract.login(&control.login) else { return Ok(None) };
                let own = self.subject_variables(control);
                Session::new(probe, login, self.main).with(own)
            }
            (None, _) => return Ok(None),
        };
        let session = self.log_in(session).await?;
        let token = session.grant.refresh.clone();
        Ok(token.map(|token| (session, token)))
    }
}

/// What a patch's body says in place of the token.
const TOKEN: &str = "<<token>>";
