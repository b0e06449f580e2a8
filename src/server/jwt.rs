//! Access tokens: the `shortToken`, a JWT in HS512 signed with the application's private key.

use std::time::{Duration, SystemTime};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ISSUER: &str = "btrz-api-accounts";
const SUBJECT: &str = "account_user_sign_in";

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

/// A token for the subject with this id, for use at the application called `audience`.
pub(super) fn sign(id: &str, audience: &str, secret: &str, now: SystemTime, lifetime: Duration) -> String {
    let iat = whole_seconds(now);
    let claims = Claims {
        iss: ISSUER.to_owned(),
        sub: SUBJECT.to_owned(),
        aud: audience.to_owned(),
        _id: id.to_owned(),
        id: id.to_owned(),
        jti: Uuid::new_v4().to_string(),
        iat,
        exp: iat + lifetime.as_secs(),
    };
    encode(&Header::new(Algorithm::HS512), &claims, &EncodingKey::from_secret(secret.as_bytes()))
        .expect("an HMAC over plain claims has no way to fail")
}

/// The id of the subject, if the token is one of `sign`'s for this audience and still lives.
pub(super) fn verify(token: &str, audience: &str, secret: &str, now: SystemTime) -> Option<String> {
    let mut validation = Validation::new(Algorithm::HS512);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[audience]);
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

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;
    const LIFETIME: Duration = Duration::from_secs(10);

    #[test]
    fn a_token_works_until_it_expires_for_its_audience_and_key_only() {
        let token = sign("me", "web", "key", NOW, LIFETIME);
        let last_moment = NOW + LIFETIME - Duration::from_millis(1);
        assert_eq!(verify(&token, "web", "key", last_moment).as_deref(), Some("me"));
        assert_eq!(verify(&token, "web", "key", NOW + LIFETIME), None);
        assert_eq!(verify(&token, "other", "key", NOW), None);
        assert_eq!(verify(&token, "web", "other", NOW), None);
    }

    #[test]
    fn tokens_of_one_second_differ() {
        assert_ne!(sign("me", "web", "key", NOW, LIFETIME), sign("me", "web", "key", NOW, LIFETIME));
    }

    #[test]
    fn another_algorithm_is_refused_even_with_the_right_key() {
        let claims =
            decode::<Claims>(sign("me", "web", "key", NOW, LIFETIME), &DecodingKey::from_secret(b"key"), &{
                let mut lax = Validation::new(Algorithm::HS512);
                (lax.validate_exp, lax.validate_aud) = (false, false);
                lax
            })
            .unwrap()
            .claims;
        let weaker =
            encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(b"key")).unwrap();
        assert_eq!(verify(&weaker, "web", "key", NOW), None);
    }
}
