//! Probes of what a single request provokes: the rows of the error table, and what servers stumble over.

use super::session::{Session, Token};
use super::{Driver, MADE_UP, Prober};
use crate::conformance::{ClientKey, Draft};
use crate::contract::{Carrier, ClientAuthKind, Login, Refresh};
use serde_json::Value;

/// The size of an oversized token, characters.
const OVERSIZED: usize = 65_536;

impl<'a, D: Driver> Prober<'a, D> {
    /// The rows of the error table that a single request provokes, and that a fresh login works afterwards.
    pub(super) async fn refusals(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let probe = "refusals";
        let main = ClientKey::Of(self.main);
        let (mut session, mut token) = self.presentable(probe, login).await?;
        self.present(&mut session, "without the token", Token::Missing, main).await?;
        self.redeem(&mut session, "with a made-up token", MADE_UP).await?;
        // The gate refuses before it looks at the token, but with a good one nothing else can be the reason. One that
        // was accepted is spent.
        let mut wrong = Vec::new();
        if self.contract.names_applications() {
            wrong.push(("without an application key", ClientKey::Missing));
            wrong.push(("with an unknown application key", ClientKey::Unknown));
            wrong.extend(self.wrong_secrets());
        }
        for (name, client) in wrong {
            let presented = Token::Of(token.as_deref().unwrap_or(MADE_UP));
            if self.present(&mut session, name, presented, client).await?.accepted {
                (session, token) = self.presentable(probe, login).await?;
            }
        }
        let mut presented = Vec::new();
        while let Some((name, changed)) =
            token.iter().flat_map(|token| variants(token)).find(|(name, _)| !presented.contains(name))
        {
            presented.push(name);
            if self.redeem(&mut session, &format!("with a {name} token"), &changed).await?.accepted {
                (session, token) = self.presentable(probe, login).await?;
            }
        }
        self.log_in(Session::new("recovery", login, self.main)).await?;
        Ok(())
    }

    /// A session with a token that was presented nowhere yet, where a login brings one.
    async fn presentable(
        &mut self,
        probe: &'static str,
        login: &'a Login,
    ) -> Result<(Session<'a>, Option<String>), D::Error> {
        Ok(match self.fresh_token(probe, login, &["rt.variants"]).await? {
            Some((session, token)) => (session, Some(token)),
            None => (Session::new(probe, login, self.main), None),
        })
    }

    /// Credentials whose secret is not the application's.
    pub(super) fn wrong_secrets(&self) -> Vec<(&'static str, ClientKey<'a>)> {
        let has_secret = match self.contract.client_auth.kind {
            ClientAuthKind::Basic | ClientAuthKind::Body { secret: Some(_), .. } => {
                self.main.secret.is_some()
            }
            _ => false,
        };
        if !has_secret {
            return Vec::new();
        }
        let mut others = self.bindings.clients.iter();
        let other = others.find(|other| other.secret.is_some() && other.secret != self.main.secret);
        let wrong = ("with a wrong application secret", ClientKey::WrongSecret(self.main));
        let mixed =
            other.map(|other| ("with another application's secret", ClientKey::Mixed(self.main, other)));
        [wrong].into_iter().chain(mixed).collect()
    }

    /// Another application that has refresh tokens.
    pub(super) fn second_client(&self) -> Option<ClientKey<'a>> {
        let mut clients = self.bindings.clients.iter();
        let other = clients.find(|other| other.refresh == Refresh::Enabled && other.key != self.main.key);
        other.filter(|_| self.contract.names_applications()).map(ClientKey::Of)
    }

    /// Tokens that are no strings, bodies that cannot be read, and other things that servers stumble over.
    pub(super) async fn odd_requests(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let mut session = self.log_in(Session::new("odd requests", login, self.main)).await?;
        let carrier = &login.redeemed.refresh.carrier;
        self.redeem(&mut session, "with an empty token", "").await?;
        if !matches!(carrier, Carrier::Json(_) | Carrier::Form(_)) {
            return Ok(());
        }
        self.redeem(&mut session, "with an oversized token", &"x".repeat(OVERSIZED)).await?;
        let binary = format!("{MADE_UP}\u{0}\u{1}\u{1b}");
        self.redeem(&mut session, "with control characters", &binary).await?;
        // A character that stands in no field of the request but the token.
        let marked = format!("{MADE_UP}**");
        let spoil = |draft: &mut Draft| draft.spoil_body(b'*');
        self.present_changed(&mut session, "with invalid UTF-8", &marked, spoil).await?;
        let plain = |draft: &mut Draft| draft.set_header("content-type", "text/plain");
        self.present_changed(&mut session, "with another content type", MADE_UP, plain).await?;
        if let Carrier::Json(_) = carrier {
            for (name, value) in
                [("with a null token", Value::Null), ("with a number as token", 4_711.into())]
            {
                let put = |draft: &mut Draft| draft.put_value(carrier, value);
                self.present_changed(&mut session, name, MADE_UP, put).await?;
            }
            self.present_changed(&mut session, "with a broken body", MADE_UP, Draft::cut_body).await?;
        }
        Ok(())
    }

    /// A good token in the query of the redeem's URL, by the documented method and by GET.
    pub(super) async fn in_the_url(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let carrier = &login.redeemed.refresh.carrier;
        let field = match carrier {
            Carrier::Json(pointer) => pointer.rsplit('/').next().unwrap_or_default(),
            Carrier::Form(name) => name,
            _ => return Ok(()),
        };
        for by_get in [false, true] {
            let Some((mut session, token)) =
                self.fresh_token("token in the URL", login, &["rt.nourl"]).await?
            else {
                return Ok(());
            };
            let name = if by_get { "with the token in the URL, by GET" } else { "with the token in the URL" };
            let change = |draft: &mut Draft| {
                draft.take(carrier);
                draft.put(&Carrier::Query(field.to_owned()), &token);
                if by_get {
                    draft.ask_by_get();
                }
            };
            self.present_changed(&mut session, name, &token, change).await?;
        }
        Ok(())
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
