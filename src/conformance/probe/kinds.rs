//! Probes of the tokens themselves: each kind in the other's place, and enough of them to estimate their strength.

use super::session::{Session, Token};
use super::{Driver, Prober};
use crate::conformance::ClientKey;
use crate::contract::Login;

/// Refresh tokens that are issued in a run: some more than the estimate needs.
const ENOUGH: u32 = 20;

impl<'a, D: Driver> Prober<'a, D> {
    /// A refresh token on the protected route, an access token in a redeem.
    pub(super) async fn kinds(&mut self, login: &'a Login) -> Result<(), D::Error> {
        let checks = ["rt.type", "err.table.access-token"];
        let Some((mut session, token)) = self.fresh_token("kinds of tokens", login, &checks).await? else {
            return Ok(());
        };
        self.ask(&session, "with a refresh token", Some(&token)).await?;
        if let Some(access) = session.grant.access.clone() {
            let client = ClientKey::Of(session.client);
            self.present(&mut session, "with an access token", Token::Of(&access), client).await?;
        }
        Ok(())
    }

    /// Logs in until there are enough refresh tokens to say how strong they are.
    pub(super) async fn enough_tokens(&mut self, login: &'a Login) -> Result<(), D::Error> {
        while self.issued < ENOUGH {
            let before = self.issued;
            self.log_in(Session::new("strength of tokens", login, self.main)).await?;
            if self.issued == before {
                break;
            }
        }
        Ok(())
    }
}
