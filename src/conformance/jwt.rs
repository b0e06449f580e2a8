//! What a JWT says of itself, read without verifying it: a judge has no key.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::Value;

/// Claims of a JWT (RFC 7519 §4.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// `iat`, seconds of Unix time.
    pub issued_s: Option<f64>,
    /// `exp`, seconds of Unix time.
    pub expires_s: Option<f64>,
    /// `iss`, `aud`, `sub` as JSON, in the order of [`Claims::NAMED`].
    pub named: [Option<String>; 3],
}

impl Claims {
    /// The claims that say who issued the token, for whom, about whom.
    pub const NAMED: [&str; 3] = ["iss", "aud", "sub"];

    /// The claims of a token; `None` when it is no JWT.
    pub fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        claims.is_object().then(|| Self {
            issued_s: claims.get("iat").and_then(Value::as_f64),
            expires_s: claims.get("exp").and_then(Value::as_f64),
            named: Self::NAMED.map(|name| claims.get(name).map(Value::to_string)),
        })
    }

    /// `exp - iat`, seconds.
    pub fn lifetime_s(&self) -> Option<f64> {
        Some(self.expires_s? - self.issued_s?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_tells_its_lifetime() {
        let lifetime = |token| Claims::of(token).and_then(|claims| claims.lifetime_s());
        // {"iat":100,"exp":172900}
        assert_eq!(lifetime("e30.eyJpYXQiOjEwMCwiZXhwIjoxNzI5MDB9.c2ln"), Some(172_800.0));
        assert_eq!(lifetime("e30.e30.x"), None);
        assert_eq!(Claims::of("opaque"), None);
        // [1]
        assert_eq!(Claims::of("e30.WzFd.x"), None);
    }
}
