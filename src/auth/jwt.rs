//! `jwt`: a token signed for each request, in the header or in the query.

use super::jws::{self, Key};
use super::key::{self, PrivateKey};
use super::params::Params;
use super::{Signing, Unsigned, query};
use serde_json::{Map, Value};

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let algorithm = params.text("algorithm");
    let known = ["HS", "RS", "PS", "ES"].iter().any(|family| {
        algorithm.strip_prefix(family).is_some_and(|size| matches!(size, "256" | "384" | "512"))
    });
    if !known {
        return Err(Unsigned::Failed(format!("invalid algorithm `{algorithm}`")));
    }
    let key = match algorithm.starts_with("HS") {
        true => secret(params)?,
        false => {
            let key = PrivateKey::parse(&params.required("privateKey")?);
            Key::Private(key.map_err(|error| Unsigned::Failed(error.to_string()))?)
        }
    };
    let mut header = match document(params, "header")? {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    header.insert("alg".to_owned(), Value::from(algorithm.as_str()));
    let claims = match document(params, "payload")? {
        Some(claims @ Value::Object(_)) => claims,
        Some(_) => return Err(Unsigned::Failed("the payload is no JSON object".to_owned())),
        None if params.value("payload").is_some() => Value::Object(Map::new()),
        None => return Err(Unsigned::Missing("payload")),
    };
    let token = jws::token(&algorithm, &Value::Object(header), &claims, &key)?;
    signing.derived("token", &token);
    place(params, signing, &token)
}

fn secret(params: &Params) -> Result<Key, Unsigned> {
    let secret = params.required("secret")?;
    if !params.flag("isSecretBase64Encoded") {
        return Ok(Key::Secret(secret.into_bytes()));
    }
    let bytes =
        key::lenient(&secret).ok_or_else(|| Unsigned::Failed("the secret is not base64".to_owned()))?;
    Ok(Key::Secret(bytes))
}

/// A parameter that is JSON, or JSON in a text; `None` when it is absent or blank.
fn document(params: &Params, name: &str) -> Result<Option<Value>, Unsigned> {
    match params.value(name) {
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => serde_json::from_str(text.trim())
            .map(Some)
            .map_err(|error| Unsigned::Failed(format!("the {name} is no JSON: {error}"))),
        other => Ok(other.cloned()),
    }
}

fn place(params: &Params, signing: &mut Signing<'_>, token: &str) -> Result<(), Unsigned> {
    match params.text("addTokenTo").as_str() {
        "" | "header" => {
            let prefix = params.given("headerPrefix").unwrap_or_else(|| "Bearer".to_owned());
            let separator = if prefix.is_empty() { "" } else { " " };
            signing.authorization(format!("{prefix}{separator}{token}"));
            Ok(())
        }
        "queryParam" => {
            let name = Some(params.text("queryParamKey")).filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| "token".to_owned());
            let rest = query::without(&signing.request.url, &[&name]);
            signing.request.url = query::with(&rest, &name, Some(token));
            Ok(())
        }
        other => Err(Unsigned::Failed(format!("addTokenTo is `{other}`, neither `header` nor `queryParam`"))),
    }
}
