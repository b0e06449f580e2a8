//! Signed tokens: the compact form of RFC 7515 with the algorithms of RFC 7518 §3.

use super::key::PrivateKey;
use super::{Unsigned, json};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use hmac::{EagerHash, Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Signer as _;
use rsa::rand_core::OsRng;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use serde_json::Value;

/// Bits of the shortest RSA key that may sign (RFC 7518 §3.3).
const SHORTEST: usize = 2048;

/// What a token is signed with.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, while a request is signed")]
pub(super) enum Key {
    Secret(Vec<u8>),
    Private(PrivateKey),
}

/// A signed token over a header and claims, both as JavaScript writes them.
pub(super) fn token(algorithm: &str, header: &Value, claims: &Value, key: &Key) -> Result<String, Unsigned> {
    if header.get("crit").is_some() {
        return Err(Unsigned::Failed("a `crit` header cannot be honoured".to_owned()));
    }
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(json::write(value));
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = sign(algorithm, key, signed.as_bytes())?;
    Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

fn sign(algorithm: &str, key: &Key, data: &[u8]) -> Result<Vec<u8>, Unsigned> {
    match (algorithm, key) {
        ("HS256", Key::Secret(secret)) => Ok(hmac::<sha2::Sha256>(secret, data)),
        ("HS384", Key::Secret(secret)) => Ok(hmac::<sha2::Sha384>(secret, data)),
        ("HS512", Key::Secret(secret)) => Ok(hmac::<sha2::Sha512>(secret, data)),
        (_, Key::Private(PrivateKey::Rsa(key))) => rsa_signature(algorithm, key, data),
        ("ES256", Key::Private(PrivateKey::P256(key))) => {
            let signature: p256::ecdsa::Signature = key.sign(data);
            Ok(signature.to_vec())
        }
        ("ES384", Key::Private(PrivateKey::P384(key))) => {
            let signature: p384::ecdsa::Signature = key.sign(data);
            Ok(signature.to_vec())
        }
        ("ES512", Key::Private(PrivateKey::P521(key))) => {
            let signature: p521::ecdsa::Signature = key.sign(data);
            Ok(signature.to_vec())
        }
        _ => Err(mismatch(algorithm)),
    }
}

fn mismatch(algorithm: &str) -> Unsigned {
    Unsigned::Failed(format!("the key does not fit the algorithm `{algorithm}`"))
}

fn hmac<D: EagerHash>(secret: &[u8], data: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mac) = Hmac::<D>::new_from_slice(secret) else { return Vec::new() };
    mac.chain_update(data).finalize().into_bytes().to_vec()
}

fn rsa_signature(algorithm: &str, key: &RsaPrivateKey, data: &[u8]) -> Result<Vec<u8>, Unsigned> {
    if key.n().bits() < SHORTEST {
        return Err(Unsigned::Failed(format!("{algorithm} needs an RSA key of {SHORTEST} bits or more")));
    }
    let signature = match algorithm {
        "RS256" => key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(data)),
        "RS384" => key.sign(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(data)),
        "RS512" => key.sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(data)),
        "PS256" => key.sign_with_rng(&mut OsRng, Pss::new::<Sha256>(), &Sha256::digest(data)),
        "PS384" => key.sign_with_rng(&mut OsRng, Pss::new::<Sha384>(), &Sha384::digest(data)),
        "PS512" => key.sign_with_rng(&mut OsRng, Pss::new::<Sha512>(), &Sha512::digest(data)),
        _ => return Err(mismatch(algorithm)),
    };
    signature.map_err(|error| Unsigned::Failed(format!("the key does not sign: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::signature::Verifier as _;
    use serde_json::json;

    const RSA: &str = include_str!("tests/keys/rsa-pkcs8.pem");

    fn private(pem: &str) -> Key {
        Key::Private(PrivateKey::parse(pem).unwrap())
    }

    /// Signs, and verifies with the public key.
    fn verified(algorithm: &str, key: &Key) -> bool {
        let signature = sign(algorithm, key, b"data").unwrap();
        match key {
            Key::Secret(_) => false,
            Key::Private(PrivateKey::Rsa(key)) => {
                let key = key.to_public_key();
                match algorithm {
                    "RS256" => {
                        key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(b"data"), &signature)
                    }
                    "RS384" => {
                        key.verify(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(b"data"), &signature)
                    }
                    "RS512" => {
                        key.verify(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(b"data"), &signature)
                    }
                    "PS256" => {
                        key.verify(Pss::new_with_salt::<Sha256>(32), &Sha256::digest(b"data"), &signature)
                    }
                    "PS384" => {
                        key.verify(Pss::new_with_salt::<Sha384>(48), &Sha384::digest(b"data"), &signature)
                    }
                    _ => key.verify(Pss::new_with_salt::<Sha512>(64), &Sha512::digest(b"data"), &signature),
                }
                .is_ok()
            }
            Key::Private(PrivateKey::P256(key)) => {
                let signature = p256::ecdsa::Signature::from_slice(&signature).unwrap();
                key.verifying_key().verify(b"data", &signature).is_ok()
            }
            Key::Private(PrivateKey::P384(key)) => {
                let signature = p384::ecdsa::Signature::from_slice(&signature).unwrap();
                key.verifying_key().verify(b"data", &signature).is_ok()
            }
            Key::Private(PrivateKey::P521(key)) => {
                let signature = p521::ecdsa::Signature::from_slice(&signature).unwrap();
                p521::ecdsa::VerifyingKey::from(key).verify(b"data", &signature).is_ok()
            }
        }
    }

    #[test]
    fn every_algorithm_signs_with_a_key_in_every_format() {
        for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
            assert!(verified(algorithm, &private(RSA)), "{algorithm}");
        }
        for (algorithm, key) in [
            ("RS256", include_str!("tests/keys/rsa-pkcs1.pem").to_owned()),
            ("RS256", RSA.replace('\n', "")),
            ("RS256", RSA.replace('\n', "\\n")),
            ("RS256", format!("\n  {}", RSA.replace('\n', "\r\n"))),
            ("RS256", rsa_jwk()),
            ("ES256", include_str!("tests/keys/p256-pkcs8.pem").to_owned()),
            ("ES256", include_str!("tests/keys/p256-sec1.pem").to_owned()),
            (
                "ES256",
                json!({"kty": "EC", "crv": "P-256", "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})
                    .to_string(),
            ),
            ("ES384", include_str!("tests/keys/p384-pkcs8.pem").to_owned()),
            ("ES384", include_str!("tests/keys/p384-sec1.pem").to_owned()),
            ("ES512", include_str!("tests/keys/p521-pkcs8.pem").to_owned()),
            ("ES512", include_str!("tests/keys/p521-sec1.pem").to_owned()),
        ] {
            assert!(verified(algorithm, &private(&key)), "{algorithm} {key}");
        }
    }

    fn rsa_jwk() -> String {
        use rsa::traits::PrivateKeyParts as _;
        let Key::Private(PrivateKey::Rsa(key)) = private(RSA) else { unreachable!() };
        let part = |number: &rsa::BigUint| BASE64_URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let primes: Vec<String> = key.primes().iter().map(part).collect();
        json!({"kty": "RSA", "n": part(key.n()), "e": part(key.e()), "d": part(key.d()), "p": primes[0], "q": primes[1]})
            .to_string()
    }

    /// RFC 7515 A.1: the signing input is the RFC's, white space and all.
    #[test]
    fn the_rfcs_hmac() {
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let input = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
                     eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature =
            sign("HS256", &Key::Secret(BASE64_URL_SAFE_NO_PAD.decode(key).unwrap()), input.as_bytes());
        assert_eq!(
            BASE64_URL_SAFE_NO_PAD.encode(signature.unwrap()),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }

    #[test]
    fn keys_that_do_not_fit_are_refused() {
        for (algorithm, key) in [
            ("ES256", RSA),
            ("RS256", include_str!("tests/keys/rsa-1024.pem")),
            ("RS256", include_str!("tests/keys/p256-pkcs8.pem")),
            ("ES384", include_str!("tests/keys/p256-pkcs8.pem")),
            ("HS256", RSA),
        ] {
            assert!(sign(algorithm, &private(key), b"").is_err(), "{algorithm}");
        }
        assert!(sign("RS256", &Key::Secret(vec![1]), b"").is_err());
        let damaged = RSA.replace("MII", "MIJ");
        let foreign = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        for text in ["", "nonsense", "{}", "{", foreign, &damaged, "-----BEGIN PRIVATE KEY-----"] {
            assert!(PrivateKey::parse(text).is_err(), "{text}");
        }
        let critical = json!({"alg": "HS256", "crit": ["exp"]});
        assert!(token("HS256", &critical, &json!({}), &Key::Secret(vec![1])).is_err());
    }
}
