//! Access tokens: the `shortToken`, a JWT in HS512 signed with the application's private key.

use std::time::SystemTime;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) const ISSUER: &str = "btrz-api-accounts";
pub(super) const SUBJECT: &str = "account_user_sign_in";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    _id: String,
    id: String,
    /// Keeps two tokens of one second apart.
    jti: String,
    iat: u64,
    exp: u64,
}

/// What an access token says.
pub(super) struct Access<'a> {
    /// The subject's id.
    pub(super) id: &'a str,
    /// The claim `sub`, which names the way of signing in, not the subject.
    pub(super) sub: &'a str,
    /// The application's name.
    pub(super) audience: &'a str,
    /// When it is issued: seconds since 1970, on a sound server.
    pub(super) iat: u64,
    /// When it expires: seconds since 1970.
    pub(super) exp: u64,
}

/// The access token that says so.
pub(super) fn sign(access: &Access<'_>, secret: &str) -> String {
    let claims = Claims {
        iss: ISSUER.to_owned(),
        sub: access.sub.to_owned(),
        aud: access.audience.to_owned(),
        _id: access.id.to_owned(),
        id: access.id.to_owned(),
        jti: Uuid::new_v4().to_string(),
        iat: access.iat,
        exp: access.exp,
    };
    encode(&Header::new(Algorithm::HS512), &claims, &EncodingKey::from_secret(secret.as_bytes()))
        .expect("an HMAC over plain claims has no way to fail")
}

/// The id of the subject, if the token is one of `sign`'s for one of these audiences and still lives.
pub(super) fn verify(token: &str, audiences: &[&str], secret: &str, now: SystemTime) -> Option<String> {
    let mut validation = Validation::new(Algorithm::HS512);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(audiences);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    // Judged below: the library reads the system's time, not the server's clock.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    let claims = decode::<Claims>(token, &key, &validation).ok()?.claims;
    (whole_seconds(now) < claims.exp).then_some(claims._id)
}

/// Seconds since 1970, cut, as JWTs count time.
pub(super) fn whole_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;
    const LIFETIME: u64 = 10;

    fn token() -> String {
        sign(&Access { id: "me", sub: SUBJECT, audience: "web", iat: 0, exp: LIFETIME }, "key")
    }

    #[test]
    fn a_token_works_until_it_expires_for_its_audience_and_key_only() {
        let token = token();
        let end = NOW + Duration::from_secs(LIFETIME);
        assert_eq!(verify(&token, &["web"], "key", end - Duration::from_millis(1)).as_deref(), Some("me"));
        assert_eq!(verify(&token, &["web"], "key", end), None);
        assert_eq!(verify(&token, &["other"], "key", NOW), None);
        assert_eq!(verify(&token, &["web"], "other", NOW), None);
    }

    #[test]
    fn tokens_of_one_second_differ() {
        assert_ne!(token(), token());
    }

    #[test]
    fn another_algorithm_is_refused_even_with_the_right_key() {
        let claims = decode::<Claims>(token(), &DecodingKey::from_secret(b"key"), &{
            let mut lax = Validation::new(Algorithm::HS512);
            (lax.validate_exp, lax.validate_aud) = (false, false);
            lax
        })
        .unwrap()
        .claims;
        let weaker =
            encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(b"key")).unwrap();
        assert_eq!(verify(&weaker, &["web"], "key", NOW), None);
    }
}
