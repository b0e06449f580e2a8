//! `oauth1`: OAuth 1.0a (RFC 5849) with its body hash, in the header, the form or the query.

use super::key::PrivateKey;
use super::params::Params;
use super::payload::{self, BARE, Payload};
use super::query::{self, strict};
use super::{Signing, Unsigned};
use crate::exchange::Body;
use crate::wire_url::Encoding;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{EagerHash, Hmac, KeyInit as _, Mac as _};
use percent_encoding::percent_decode_str;
use rsa::Pkcs1v15Sign;

const FORM: &str = "application/x-www-form-urlencoded";

/// What a nonce is made of.
const NONCE: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXTZabcdefghiklmnopqrstuvwxyz";

/// Names of the protocol's parameters: what a request holds of them is replaced.
const NAMES: &[&str] = &[
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_version",
    "oauth_signature",
    "oauth_callback",
    "oauth_verifier",
    "oauth_body_hash",
];

/// A name and a value; `None` where there is not even an empty one.
type Pair = (String, Option<String>);

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let method = match params.text("signatureMethod") {
        method if method.is_empty() => "HMAC-SHA1".to_owned(),
        method => method,
    };
    params.required("consumerKey")?;
    params.required(if method.starts_with("RSA") { "privateKey" } else { "consumerSecret" })?;

    signing.request.headers.remove("authorization");
    signing.request.url = query::without(&signing.request.url, NAMES);
    if signing.wire.form {
        keep_pairs(signing, |name| !NAMES.contains(&name));
    }
    let mut own = own_params(params, &method, signing)?;
    let form = if signing.wire.form { decoded(&signing.body_text())? } else { Vec::new() };
    let base = base_string(signing, own.iter().chain(&form))?;
    let signature = signature(params, &method, &base)?;
    if signing.wire.encoding == Encoding::Encode {
        encode_query(signing)?;
    }
    signing.derived("oauth_signature", &signature);
    own.push(("oauth_signature".to_owned(), Some(signature)));
    place(params, signing, &own);
    Ok(())
}

/// The protocol's parameters but for the signature.
fn own_params(params: &Params, method: &str, signing: &mut Signing<'_>) -> Result<Vec<Pair>, Unsigned> {
    let keep_empty = params.flag("addEmptyParamsToSign");
    let given = |name: &str| params.given(name).filter(|text| keep_empty || !text.trim().is_empty());
    let nonce = given("nonce").filter(|text| !text.is_empty());
    let nonce = nonce.unwrap_or_else(|| signing.source.text(NONCE, 11));
    let timestamp = given("timestamp").filter(|text| !text.is_empty());
    let timestamp = timestamp.unwrap_or_else(|| signing.source.seconds().to_string());
    let always = [
        ("oauth_consumer_key", given("consumerKey")),
        ("oauth_token", given("token")),
        ("oauth_signature_method", Some(method.to_owned())),
        ("oauth_timestamp", Some(timestamp)),
        ("oauth_nonce", Some(nonce)),
        ("oauth_version", given("version")),
    ];
    let filled = |text: &String| !text.is_empty();
    // Extensions: servers that lack them choke even on empty ones.
    let extensions = [
        ("oauth_body_hash", body_hash(params, method, signing)?),
        ("oauth_callback", given("callback").filter(filled)),
        ("oauth_verifier", given("verifier").filter(filled)),
    ];
    let always = always.into_iter().filter(|(_, value)| keep_empty || value.as_ref().is_some_and(filled));
    let all = always.chain(extensions.into_iter().filter(|(_, value)| value.is_some()));
    Ok(all.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn body_hash(params: &Params, method: &str, signing: &Signing<'_>) -> Result<Option<String>, Unsigned> {
    if signing.wire.form || !params.flag("includeBodyHash") {
        return Ok(None);
    }
    let none = Body::default();
    let body = match signing.payload() {
        Payload::Whole(body) => body,
        Payload::Empty => &none,
        Payload::Multipart(_) => return Ok(None),
    };
    let hash = match method.split_once('-').map(|(_, hash)| hash) {
        Some("SHA1") => payload::hash::<sha1::Sha1>(body, BARE)?,
        Some("SHA256") => payload::hash::<sha2::Sha256>(body, BARE)?,
        Some("SHA512") => payload::hash::<sha2::Sha512>(body, BARE)?,
        _ => return Ok(None),
    };
    Ok(Some(BASE64_STANDARD.encode(hash)))
}

/// RFC 5849 §3.4.1.
fn base_string<'p>(signing: &Signing<'_>, more: impl Iterator<Item = &'p Pair>) -> Result<String, Unsigned> {
    let target = signing.target()?;
    let host = match target.host() {
        address if address.contains(':') => format!("[{address}]"),
        name => name.to_owned(),
    };
    let port = match target.port() {
        port if port == target.scheme().default_port() => String::new(),
        port => format!(":{port}"),
    };
    let address = format!("{}://{host}{port}{}", target.scheme().name(), target.path());
    let mut pairs = decoded(target.query().unwrap_or_default())?;
    pairs.extend(more.cloned());
    let mut pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (strict(name), strict(value.as_deref().unwrap_or_default())))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(format!("{}&{}&{}", signing.request.method.to_uppercase(), strict(&address), strict(&pairs.join("&"))))
}

fn signature(params: &Params, method: &str, base: &str) -> Result<String, Unsigned> {
    let method = method.strip_suffix("-Accessor").unwrap_or(method);
    let key = format!("{}&{}", strict(&params.text("consumerSecret")), strict(&params.text("tokenSecret")));
    let bytes = match method {
        "PLAINTEXT" => return Ok(key),
        "HMAC-SHA1" => hmac::<sha1::Sha1>(&key, base),
        "HMAC-SHA256" => hmac::<sha2::Sha256>(&key, base),
        "HMAC-SHA512" => hmac::<sha2::Sha512>(&key, base),
        "RSA-SHA1" => rsa::<sha1_10::Sha1>(params, base)?,
        "RSA-SHA256" => rsa::<rsa::sha2::Sha256>(params, base)?,
        "RSA-SHA512" => rsa::<rsa::sha2::Sha512>(params, base)?,
        other => return Err(Unsigned::Failed(format!("unsupported signature method `{other}`"))),
    };
    Ok(BASE64_STANDARD.encode(bytes))
}

fn hmac<D: EagerHash>(key: &str, base: &str) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mac) = Hmac::<D>::new_from_slice(key.as_bytes()) else { return Vec::new() };
    mac.chain_update(base).finalize().into_bytes().to_vec()
}

fn rsa<D>(params: &Params, base: &str) -> Result<Vec<u8>, Unsigned>
where
    D: rsa::sha2::Digest + rsa::pkcs8::AssociatedOid,
{
    let key = PrivateKey::parse(&params.text("privateKey"));
    match key.map_err(|error| Unsigned::Failed(error.to_string()))? {
        PrivateKey::Rsa(key) => key
            .sign(Pkcs1v15Sign::new::<D>(), &D::digest(base.as_bytes()))
            .map_err(|error| Unsigned::Failed(format!("the key does not sign: {error}"))),
        _ => Err(Unsigned::Failed("the private key is no RSA key".to_owned())),
    }
}

/// Name and value of each pair of a query or form.
fn decoded(text: &str) -> Result<Vec<Pair>, Unsigned> {
    let decode = |text: &str| {
        let plain = text.replace('+', " ");
        let decoded = percent_decode_str(&plain).decode_utf8();
        decoded.map(String::from).map_err(|_| Unsigned::Failed("the parameters are not UTF-8".to_owned()))
    };
    let pair = |pair: &str| {
        Ok(match pair.split_once('=') {
            Some((name, value)) => (decode(name)?, Some(decode(value)?)),
            None => (decode(pair)?, None),
        })
    };
    text.split('&').filter(|text| !text.is_empty()).map(pair).collect()
}

fn encoded(pairs: &[Pair]) -> String {
    let pair = |(name, value): &Pair| match value {
        Some(value) => format!("{}={}", strict(name), strict(value)),
        None => strict(name),
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The query is sent as it is signed: RFC 3986 leaves less as it is than a URL does.
fn encode_query(signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    if let Some(query) = signing.target()?.query().filter(|query| !query.is_empty()) {
        signing.request.url = query::replaced(&signing.request.url, &encoded(&decoded(query)?));
    }
    Ok(())
}

/// In the order of preference of RFC 5849 §3.5, unless the user wants no header.
fn place(params: &Params, signing: &mut Signing<'_>, own: &[Pair]) {
    if params.flag("addParamsToHeader") {
        let header = header(params, own);
        signing.authorization(header);
    } else if signing.wire.form && matches!(signing.request.method.as_str(), "PUT" | "POST") {
        let mut body = signing.body_text();
        if !body.is_empty() {
            body.push('&');
        }
        let filled: Vec<Pair> =
            own.iter().map(|(name, value)| (name.clone(), Some(value.clone().unwrap_or_default()))).collect();
        body.push_str(&encoded(&filled));
        signing.request.body = Some(Body::new(body));
        // A form without fields of the user's did not imply it.
        if !signing.request.headers.contains("content-type") {
            signing.request.headers.push_system("Content-Type", FORM);
        }
    } else {
        for (name, value) in own {
            let value = value.as_deref();
            signing.request.url = match signing.wire.encoding {
                Encoding::Encode => query::with(&signing.request.url, name, value.map(strict).as_deref()),
                Encoding::Keep => query::with(&signing.request.url, name, value),
            };
        }
    }
}

fn header(params: &Params, own: &[Pair]) -> String {
    let plain = params.flag("disableHeaderEncoding");
    let shown = |text: &str| if plain { text.to_owned() } else { strict(text) };
    let realm = Some(params.text("realm")).filter(|realm| !realm.trim().is_empty());
    let realm = realm.map(|realm| format!("realm=\"{}\"", shown(&realm)));
    let own = own.iter().filter_map(|(name, value)| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        Some(format!("{name}=\"{}\"", shown(value.trim())))
    });
    format!("OAuth {}", realm.into_iter().chain(own).collect::<Vec<_>>().join(","))
}

/// Drops the form's fields whose name is not to be kept.
fn keep_pairs(signing: &mut Signing<'_>, keep: impl Fn(&str) -> bool) {
    let body = signing.body_text();
    let name = |pair: &str| {
        percent_decode_str(pair.split('=').next().unwrap_or_default()).decode_utf8_lossy().into_owned()
    };
    let kept: Vec<&str> = body.split('&').filter(|pair| keep(&name(pair))).collect();
    let kept = kept.join("&");
    if kept != body {
        signing.request.body = Some(Body::new(kept));
    }
}
