//! `hawk`: the client's side of Hawk's header, with the payload's hash when asked for.

use super::params::Params;
use super::payload::{self, Frame, Payload};
use super::source::ALPHANUMERIC;
use super::{Signing, Unsigned};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// What is signed and sent, in Hawk's words.
struct Artifacts {
    ts: String,
    nonce: String,
    hash: String,
    ext: String,
    app: String,
    dlg: String,
}

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let id = params.required("authId")?;
    let key = params.required("authKey")?;
    let algorithm = params.text("algorithm");
    let mut artifacts = artifacts(params, signing);
    signing.request.headers.remove("authorization");
    let mac = match algorithm.as_str() {
        "sha1" => mac::<Sha1>(params, signing, &mut artifacts, &key)?,
        "sha256" => mac::<Sha256>(params, signing, &mut artifacts, &key)?,
        other => {
            // What Postman sends then.
            signing.authorization(String::new());
            return Err(Unsigned::Failed(format!("algorithm is `{other}`, neither `sha1` nor `sha256`")));
        }
    };
    signing.derived("mac", &mac);
    signing.authorization(header(&id, &artifacts, &mac));
    Ok(())
}

fn artifacts(params: &Params, signing: &mut Signing<'_>) -> Artifacts {
    let ts = match params.text("timestamp") {
        ts if ts.is_empty() => signing.source.seconds().to_string(),
        ts => ts,
    };
    let nonce = match params.text("nonce") {
        nonce if nonce.is_empty() => signing.source.text(ALPHANUMERIC, 6),
        nonce => nonce,
    };
    let [ext, app, dlg] = ["extraData", "app", "delegation"].map(|name| params.text(name));
    Artifacts { ts, nonce, hash: String::new(), ext, app, dlg }
}

/// Fills in the payload's hash and signs everything.
fn mac<D>(
    params: &Params,
    signing: &Signing<'_>,
    artifacts: &mut Artifacts,
    key: &str,
) -> Result<String, Unsigned>
where
    D: Digest + hmac::EagerHash,
{
    if let Payload::Whole(body) = signing.payload()
        && params.flag("includePayloadHash")
    {
        let media = signing.request.headers.get("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim().to_lowercase();
        let before = format!("hawk.1.payload\n{media}\n");
        let frame = Frame { before: &before, after: "\n", limit: u64::MAX };
        artifacts.hash = BASE64_STANDARD.encode(payload::hash::<D>(body, frame)?);
    }
    let target = signing.target()?;
    let Artifacts { ts, nonce, hash, ext, app, dlg } = &*artifacts;
    let mut text = format!(
        "hawk.1.header\n{ts}\n{nonce}\n{}\n{}\n{}\n{}\n{hash}\n{}\n",
        signing.request.method.to_uppercase(),
        target.request_target(),
        target.host(),
        target.port(),
        ext.replace('\\', "\\\\").replace('\n', "\\n"),
    );
    if !app.is_empty() {
        let _ = write!(text, "{app}\n{dlg}\n");
    }
    // HMAC takes keys of any length.
    let Ok(mac) = Hmac::<D>::new_from_slice(key.as_bytes()) else { return Ok(String::new()) };
    Ok(BASE64_STANDARD.encode(mac.chain_update(text).finalize().into_bytes()))
}

fn header(id: &str, artifacts: &Artifacts, mac: &str) -> String {
    let Artifacts { ts, nonce, hash, ext, app, dlg } = artifacts;
    let ext = ext.replace('\\', "\\\\").replace('"', "\\\"");
    let fields =
        [("id", id), ("ts", ts), ("nonce", nonce), ("hash", hash), ("ext", &ext), ("mac", mac), ("app", app)];
    let delegated = [("dlg", dlg.as_str())];
    let delegated = if app.is_empty() { &delegated[..0] } else { &delegated[..] };
    let optional = ["hash", "ext", "app", "dlg"];
    let shown: Vec<String> = fields
        .iter()
        .chain(delegated)
        .filter(|(name, value)| !value.is_empty() || !optional.contains(name))
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    format!("Hawk {}", shown.join(", "))
}
