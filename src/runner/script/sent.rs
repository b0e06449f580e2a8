//! A request as test scripts see it: as written, with what was sent in place of what was still open.

use super::Sent;
use crate::collection::Url;
use crate::exchange::{Header, Headers};
use serde_json::{Value, json};

/// Fields that are read from the wire once more, whoever wrote them.
const OVERWRITTEN: [&str; 2] = ["cookie", "content-length"];

/// Bodies whose `Content-Type` newman adds behind the scripts' back.
const TYPE_NOT_SEEN: [&str; 3] = ["urlencoded", "formdata", "file"];

impl Sent<'_> {
    pub(super) fn to_json(self) -> Value {
        let request = self.exchange.request();
        let mut out = json!({
            "url": Url::parse(self.url).to_json(),
            "method": request.method,
            "header": self.headers(&request.headers),
        });
        for name in ["id", "name", "description", "proxy", "body"] {
            if let Some(part) = self.written.get(name) {
                out[name] = part.clone();
            }
        }
        // Text is seen as it was sent.
        if let Some(body) = &request.body
            && out["body"]["mode"].as_str().is_none_or(|mode| mode == "raw")
            && matches!(out["body"]["raw"], Value::Null | Value::String(_))
        {
            out["body"]["mode"] = json!("raw");
            out["body"]["raw"] = json!(body.text());
        }
        let form = out.get_mut("body").and_then(|body| body.get_mut("formdata"));
        if let Some(parts) = form.and_then(Value::as_array_mut) {
            *parts = std::mem::take(parts).into_iter().flat_map(one_a_file).collect();
        }
        if let Some(auth) = self.auth {
            out["auth"] = auth.clone();
        }
        let form = out.get_mut("body").and_then(|body| body.get_mut("urlencoded"));
        if let (Some(fields), Some(body)) = (form.and_then(Value::as_array_mut), &request.body) {
            fields.extend(signed(fields, body.bytes()));
        }
        out
    }

    /// What was written, switched off or not, then what was added.
    fn headers(self, sent: &Headers) -> Vec<Value> {
        let mut seen = Vec::new();
        let mut told: Vec<&str> = Vec::new();
        for field in self.written["header"].as_array().into_iter().flatten() {
            let name = field["key"].as_str().unwrap_or_default();
            let on_wire = sent.iter().find(|header| header.key.eq_ignore_ascii_case(name));
            let off = field["disabled"] == true || name.is_empty();
            match on_wire.filter(|_| !off) {
                None if off => seen.push(field.clone()),
                // An auth has removed it.
                None => {}
                Some(header) if OVERWRITTEN.iter().any(|own| header.key.eq_ignore_ascii_case(own)) => {
                    told.push(&header.key);
                    seen.push(json!({"key": header.key, "value": header.value, "system": true}));
                }
                // An auth has taken its place.
                Some(header) if header.system => {}
                Some(_) => seen.push(field.clone()),
            }
        }
        let added =
            |header: &&Header| header.system && !told.contains(&header.key.as_str()) && self.sees(header);
        seen.extend(
            sent.iter()
                .filter(added)
                .map(|header| json!({"key": header.key, "value": header.value, "system": true})),
        );
        seen
    }

    /// Whether scripts see a header that was added.
    fn sees(self, header: &Header) -> bool {
        let is = |name: &str| header.key.eq_ignore_ascii_case(name);
        let mode = self.written["body"]["mode"].as_str().unwrap_or_default();
        // Credentials in the URL are seen in the URL.
        let of_url = is("authorization") && self.auth.is_none();
        !(of_url || is("content-type") && TYPE_NOT_SEEN.contains(&mode))
    }
}

/// The fields that an auth has added to those written.
fn signed(written: &[Value], sent: &[u8]) -> Vec<Value> {
    let enabled = written.iter().filter(|field| field["disabled"] != true).count();
    url::form_urlencoded::parse(sent)
        .skip(enabled)
        .filter(|(key, _)| key.starts_with("oauth_"))
        .map(|(key, value)| json!({"key": key, "value": value, "system": true}))
        .collect()
}

/// A part with several files is as many parts.
fn one_a_file(part: Value) -> Vec<Value> {
    let Some(files) = part["src"].as_array().filter(|files| !files.is_empty()) else { return vec![part] };
    let with = |file: &Value| {
        let mut one = part.clone();
        one["src"] = file.clone();
        one
    };
    files.iter().map(with).collect()
}
