//! `edgegrid`: Akamai's signature of a request (EG1-HMAC-SHA256).

use super::params::Params;
use super::payload::{self, Frame, Payload};
use super::{Signing, Unsigned};
use crate::wire_url::{Encoding, WireUrl};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use time::macros::format_description;

/// Bytes of a body that are hashed unless `maxBodySize` says otherwise.
const MAX_BODY: i64 = 128 * 1024;

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let access_token = params.required("accessToken")?;
    let client_token = params.required("clientToken")?;
    let secret = params.required("clientSecret")?;
    let or = |name: &str, standard: &mut dyn FnMut() -> String| match params.text(name) {
        given if given.is_empty() => standard(),
        given => given,
    };
    let nonce = or("nonce", &mut || signing.source.uuid());
    let timestamp = or("timestamp", &mut || {
        let format = format_description!("[year][month][day]T[hour]:[minute]:[second]+0000");
        signing.source.date_time().format(format).unwrap_or_default()
    });
    let target = signing.target()?;
    let host = match params.text("baseURL") {
        base if base.is_empty() => target.authority().into_owned(),
        base => WireUrl::parse(&base, Encoding::Encode)
            .map_err(|error| Unsigned::Failed(format!("baseURL: {error}")))?
            .authority()
            .into_owned(),
    };
    let body = match signing.payload() {
        Payload::Whole(body) if signing.request.method == "POST" => {
            let limit = params.integer("maxBodySize").unwrap_or(MAX_BODY);
            let frame = Frame { before: "", after: "", limit: u64::try_from(limit).unwrap_or(0) };
            BASE64_STANDARD.encode(payload::hash::<Sha256>(body, frame)?)
        }
        _ => String::new(),
    };
    let credentials = format!(
        "EG1-HMAC-SHA256 client_token={client_token};access_token={access_token};timestamp={timestamp};nonce={nonce};"
    );
    let signed = [
        signing.request.method.as_str(),
        target.scheme().name(),
        &host,
        &target.request_target(),
        &headers(params, signing),
        &body,
        &credentials,
    ]
    .join("\t");
    let key = hmac(secret.as_bytes(), &timestamp);
    let signature = hmac(key.as_bytes(), &signed);
    signing.derived("signature", &signature);
    signing.authorization(format!("{credentials}signature={signature}"));
    Ok(())
}

/// `name:value` of the headers to sign, in the order they are listed; a field that is sent twice is left out.
fn headers(params: &Params, signing: &Signing<'_>) -> String {
    let listed: Vec<String> = match params.value("headersToSign") {
        Some(Value::String(text)) => text.split(',').map(str::to_owned).collect(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let canonical = |name: &String| {
        let name = name.trim().to_lowercase();
        let mut values = signing.request.headers.get_all(&name);
        let value = values.next().filter(|value| !value.is_empty())?;
        let spaced = value.split_whitespace().collect::<Vec<_>>().join(" ");
        values.next().is_none().then(|| format!("{name}:{spaced}"))
    };
    listed.iter().filter_map(canonical).collect::<Vec<_>>().join("\t")
}

fn hmac(key: &[u8], data: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    BASE64_STANDARD.encode(mac.chain_update(data).finalize().into_bytes())
}
