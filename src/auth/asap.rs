//! `asap`: Atlassian's service-to-service token, a JWT that says who asks whom, for an hour.

use super::jws::{self, Key};
use super::key::{self, PrivateKey};
use super::params::{Params, leading_integer};
use super::{Signing, Unsigned};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// Seconds a token is good for unless `exp` says otherwise.
const LIFETIME: i64 = 3600;

const ALGORITHMS: &[&str] =
    &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let mut claims = claims(params)?;
    let kid = wanted(&claims, params, "kid", "kid")?;
    let issuer = wanted(&claims, params, "iss", "iss")?;
    let audience = wanted(&claims, params, "aud", "aud")?;
    let subject = wanted(&claims, params, "sub", "sub").unwrap_or_else(|_| issuer.clone());
    let algorithm =
        Some(params.text("alg")).filter(|name| !name.is_empty()).unwrap_or_else(|| "RS256".to_owned());
    if !ALGORITHMS.contains(&algorithm.as_str()) {
        return Err(Unsigned::Failed(format!("invalid algorithm `{algorithm}`")));
    }
    let key = private_key(&params.required("privateKey")?, &kid)?;

    let now = signing.source.seconds();
    let issued = truthy(&claims, "iat").unwrap_or_else(|| json!(now));
    let id = truthy(&claims, "jti").unwrap_or_else(|| json!(signing.source.uuid()));
    let lifetime = params.integer("exp").unwrap_or(LIFETIME);
    let expires = truthy(&claims, "exp").and_then(|value| match value {
        Value::String(text) => leading_integer(&text),
        other => other.as_f64().map(|number| number as i64),
    });
    let expires = json!(expires.unwrap_or(now + lifetime));
    for (name, value) in
        [("iat", issued), ("iss", issuer), ("sub", subject), ("jti", id), ("aud", audience), ("exp", expires)]
    {
        claims.insert(name.to_owned(), value);
    }
    let header = json!({"alg": algorithm, "kid": kid});
    let token = jws::token(&algorithm, &header, &Value::Object(claims), &Key::Private(key))?;
    signing.authorization(format!("Bearer {token}"));
    Ok(())
}

fn claims(params: &Params) -> Result<Map<String, Value>, Unsigned> {
    match params.value("claims") {
        None => Ok(Map::new()),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(Map::new()),
        Some(Value::String(text)) => serde_json::from_str(text.trim())
            .map_err(|error| Unsigned::Failed(format!("the claims are no JSON object: {error}"))),
        Some(Value::Object(fields)) => Ok(fields.clone()),
        Some(_) => Err(Unsigned::Failed("the claims are no JSON object".to_owned())),
    }
}

/// The claim, else the parameter, which may be a list as a claim may.
fn wanted(
    claims: &Map<String, Value>,
    params: &Params,
    name: &str,
    missing: &'static str,
) -> Result<Value, Unsigned> {
    truthy(claims, name)
        .or_else(|| params.value(name).filter(|_| params.flag(name)).cloned())
        .ok_or(Unsigned::Missing(missing))
}

fn truthy(claims: &Map<String, Value>, name: &str) -> Option<Value> {
    claims
        .get(name)
        .filter(|value| !matches!(value, Value::Null | Value::Bool(false)) && **value != "" && **value != 0)
        .cloned()
}

/// A key in PEM, or in a data URI that names the key, either percent-encoded or not.
fn private_key(text: &str, kid: &Value) -> Result<PrivateKey, Unsigned> {
    let fail = |error: String| Unsigned::Failed(error);
    let bare = text.replace('\n', "");
    let bare = bare.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&bare);
    let decoded = percent_decode_str(bare).decode_utf8_lossy().into_owned();
    let Some(uri) = decoded.strip_prefix("data:") else {
        return PrivateKey::parse(&decoded).map_err(|error| fail(error.to_string()));
    };
    let parts = uri.strip_prefix("application/pkcs8;kid=").and_then(|rest| rest.split_once(";base64,"));
    let (named, base64) = parts.ok_or_else(|| fail("the private key's data URI is malformed".to_owned()))?;
    if *kid != named {
        return Err(fail("the private key's data URI names another key id".to_owned()));
    }
    let der =
        key::lenient(base64).ok_or_else(|| fail("the private key's data URI is malformed".to_owned()))?;
    PrivateKey::from_pkcs8(&der).map_err(|error| fail(error.to_string()))
}
