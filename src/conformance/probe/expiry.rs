//! The probe that lets a token expire; the wait runs while other probes do.

use super::session::Session;
use super::{Driver, EXPIRY_MARGIN_S, PATIENCE_S, Prober};
use std::time::Duration;

/// A token that is left to expire while other probes run.
pub(super) struct Expiring<'a> {
    session: Session<'a>,
    token: String,
    /// When it is certainly dead, Unix milliseconds.
    dead_ms: f64,
}

impl<'a, D: Driver> Prober<'a, D> {
    /// Logs in where refresh tokens are short-lived, so that the wait runs while other probes do.
    pub(super) async fn begin_expiry(&mut self) -> Result<Option<Expiring<'a>>, D::Error> {
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

    pub(super) async fn end_expiry(&mut self, expiring: Option<Expiring<'a>>) -> Result<(), D::Error> {
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
}
