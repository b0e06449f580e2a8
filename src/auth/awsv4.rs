//! `awsv4`: AWS Signature Version 4, in the header or in the query, canonicalised as Postman's signer (`aws4`) does.

use super::params::Params;
use super::payload::{self, BARE, Payload};
use super::query::{self, strict};
use super::{Signing, Unsigned};
use crate::exchange::hex;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};
use time::macros::format_description;

/// Header fields that are not signed: proxies change them.
const UNSIGNED_FIELDS: &[&str] =
    &["authorization", "connection", "x-amzn-trace-id", "user-agent", "expect", "presigned-expires", "range"];

/// What `encodeURI` encodes, beside what is not ASCII.
const URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Seconds a pre-signed S3 URL is good for unless it says so itself.
const S3_EXPIRES: &str = "86400";

/// Who signs for what.
struct Scope {
    access_key: String,
    secret_key: String,
    session_token: String,
    service: String,
    region: String,
}

impl Scope {
    fn of(params: &Params) -> Result<Self, Unsigned> {
        let or = |name: &str, standard: &str| match params.text(name) {
            text if text.is_empty() => standard.to_owned(),
            text => text,
        };
        let service = or("service", "execute-api");
        Ok(Self {
            access_key: params.required("accessKey")?,
            secret_key: params.required("secretKey")?,
            session_token: params.text("sessionToken"),
            service: if service == "email" { "ses".to_owned() } else { service },
            region: or("region", "us-east-1"),
        })
    }

    fn credential(&self, time: &str) -> String {
        format!("{}/{}/{}/aws4_request", date(time), self.region, self.service)
    }

    fn signature(&self, time: &str, canonical: &str) -> String {
        let text = format!(
            "AWS4-HMAC-SHA256\n{time}\n{}\n{}",
            self.credential(time),
            hex(&Sha256::digest(canonical))
        );
        let key = hmac(format!("AWS4{}", self.secret_key).as_bytes(), date(time));
        let key = hmac(&hmac(&hmac(&key, &self.region), &self.service), "aws4_request");
        hex(&hmac(&key, &text))
    }
}

/// `20150830` of `20150830T123600Z`.
fn date(time: &str) -> &str {
    time.get(..8).unwrap_or(time)
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let scope = Scope::of(params)?;
    for name in ["Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"] {
        signing.request.headers.remove(name);
    }
    if params.flag("addAuthDataToQuery") { in_query(&scope, signing) } else { in_header(&scope, signing) }
}

fn in_header(scope: &Scope, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    signing.request.url = query::without(&signing.request.url, QUERY_NAMES);
    let body = match signing.payload() {
        Payload::Whole(body) => Some(hex(&payload::hash::<Sha256>(body, BARE)?)),
        Payload::Empty | Payload::Multipart(_) => None,
    };
    let time = time(signing);
    let headers = &mut signing.request.headers;
    if let Some(body) = &body {
        headers.push_system("X-Amz-Content-Sha256", body);
    }
    add_host(signing)?;
    let headers = &mut signing.request.headers;
    if !scope.session_token.is_empty() {
        headers.push_system("X-Amz-Security-Token", &scope.session_token);
    }
    let body = body.unwrap_or_else(|| hex(&Sha256::digest("")));
    if scope.service == "s3" && !headers.contains("X-Amz-Content-Sha256") {
        headers.push_system("X-Amz-Content-Sha256", &body);
    }
    headers.push_system("X-Amz-Date", &time);
    let target = signing.target()?.request_target().into_owned();
    let fields = fields(signing);
    let (path, pairs) = parse(&target)?;
    let canonical = canonical(scope, &signing.request.method, (&path, &grouped(pairs)), &fields, &body)?;
    let signature = scope.signature(&time, &canonical);
    signing.derived("Signature", &signature);
    signing.authorization(format!(
        "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
        scope.access_key,
        scope.credential(&time),
        names(&fields),
        signature,
    ));
    Ok(())
}

/// What a signed query holds, but for `X-Amz-Expires`, which the user may set.
const QUERY_NAMES: &[&str] = &[
    "X-Amz-Security-Token",
    "X-Amz-Date",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

fn in_query(scope: &Scope, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let (_, written) = parse(&signing.target()?.request_target())?;
    let given = |name: &str| written.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    // A date in the query is the one way to fix the time: it is kept, and stays in front.
    let dated = given("X-Amz-Date").filter(|date| !date.is_empty());
    let time = dated.clone().unwrap_or_else(|| time(signing));
    let session = match scope.session_token.as_str() {
        "" => given("X-Amz-Security-Token"),
        token => Some(token.to_owned()),
    };
    signing.request.url = query::without(&signing.request.url, QUERY_NAMES);
    add_host(signing)?;
    let fields = fields(signing);
    let own = [
        ("X-Amz-Date", dated.clone()),
        ("X-Amz-Security-Token", session),
        (
            "X-Amz-Expires",
            (scope.service == "s3" && given("X-Amz-Expires").is_none()).then(|| S3_EXPIRES.to_owned()),
        ),
        ("X-Amz-Date", dated.is_none().then(|| time.clone())),
        ("X-Amz-Algorithm", Some("AWS4-HMAC-SHA256".to_owned())),
        ("X-Amz-Credential", Some(format!("{}/{}", scope.access_key, scope.credential(&time)))),
        ("X-Amz-SignedHeaders", Some(names(&fields))),
    ];
    for (name, value) in own.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
        signing.request.url = query::with(&signing.request.url, name, Some(&strict(value)));
    }
    let (path, pairs) = parse(&signing.target()?.request_target())?;
    let body = if scope.service == "s3" { "UNSIGNED-PAYLOAD".to_owned() } else { hex(&Sha256::digest("")) };
    let canonical = canonical(scope, &signing.request.method, (&path, &grouped(pairs)), &fields, &body)?;
    let signature = scope.signature(&time, &canonical);
    signing.derived("X-Amz-Signature", &signature);
    signing.request.url = query::with(&signing.request.url, "X-Amz-Signature", Some(&signature));
    Ok(())
}

fn add_host(signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    if !signing.request.headers.contains("host") {
        let host = signing.target()?.authority().into_owned();
        signing.request.headers.push_system("Host", host);
    }
    Ok(())
}

/// The time of the user's `Date` header, else now.
fn time(signing: &Signing<'_>) -> String {
    let written = signing.request.headers.get("date").and_then(|text| {
        let text = text.trim();
        OffsetDateTime::parse(text, &Rfc2822).or_else(|_| OffsetDateTime::parse(text, &Rfc3339)).ok()
    });
    let time = written.unwrap_or_else(|| signing.source.date_time()).to_offset(time::UtcOffset::UTC);
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    time.format(format).unwrap_or_default()
}

/// The header fields that are signed: lower-case names in order, values with single spaces, repeated ones joined.
fn fields(signing: &Signing<'_>) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    for header in signing.request.headers.iter() {
        let name = header.key.to_lowercase();
        if UNSIGNED_FIELDS.contains(&name.as_str()) {
            continue;
        }
        let value = header.value.split_whitespace().collect::<Vec<_>>().join(" ");
        fields.entry(name).and_modify(|all| *all = format!("{all},{value}")).or_insert(value);
    }
    fields
}

fn names(fields: &BTreeMap<String, String>) -> String {
    fields.keys().map(String::as_str).collect::<Vec<_>>().join(";")
}

/// Path and query parameters, decoded, of a request target.
fn parse(target: &str) -> Result<(String, Vec<(String, String)>), Unsigned> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b";,/?:@&=+$-_.!~*'()#%".contains(&b);
    let encoded = if target.bytes().all(plain) { target.to_owned() } else { reencoded(target)? };
    let (path, query) = encoded.split_once('?').unwrap_or((&encoded, ""));
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    Ok((path.to_owned(), query))
}

/// As `encodeURI(decodeURI(text))`: escapes of what has a meaning in URLs stay.
fn reencoded(text: &str) -> Result<String, Unsigned> {
    let malformed = || Unsigned::Failed("the URL holds a malformed percent-encoding".to_owned());
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&utf8_percent_encode(&rest[..at], URI).to_string());
        let escapes = rest.as_bytes()[at..].chunks(3).take_while(|chunk| chunk[0] == b'%').count();
        let run = rest.get(at..at + 3 * escapes).ok_or_else(malformed)?;
        let bytes: Vec<u8> = percent_decode_str(run).collect();
        if bytes.len() != escapes {
            return Err(malformed());
        }
        for c in String::from_utf8(bytes).map_err(|_| malformed())?.chars() {
            match c {
                ';' | '/' | '?' | ':' | '@' | '&' | '=' | '+' | '$' | ',' | '#' => {
                    out.push_str(&strict(c.encode_utf8(&mut [0; 4])));
                }
                other => out.push_str(&utf8_percent_encode(other.encode_utf8(&mut [0; 4]), URI).to_string()),
            }
        }
        rest = &rest[at + 3 * escapes..];
    }
    out.push_str(&utf8_percent_encode(rest, URI).to_string());
    Ok(out)
}

/// Values by encoded name, both in the order they are signed.
fn grouped(query: Vec<(String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut grouped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in query.into_iter().filter(|(name, _)| !name.is_empty()) {
        grouped.entry(strict(&name)).or_default().push(strict(&value));
    }
    grouped
}

fn canonical(
    scope: &Scope,
    method: &str,
    (path, query): (&str, &BTreeMap<String, Vec<String>>),
    fields: &BTreeMap<String, String>,
    body: &str,
) -> Result<String, Unsigned> {
    let s3 = scope.service == "s3";
    let mut pairs = Vec::new();
    for (name, values) in query {
        let mut values: Vec<&String> = values.iter().collect();
        if s3 {
            values.truncate(1);
        }
        values.sort();
        pairs.extend(values.into_iter().map(|value| format!("{name}={value}")));
    }
    let fields_text: String = fields.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let path = if s3 { s3_path(path)? } else { normal_path(path) };
    Ok(format!("{method}\n{path}\n{}\n{fields_text}\n{}\n{body}", pairs.join("&"), names(fields)))
}

/// S3 takes the path as it is, encoded once.
fn s3_path(path: &str) -> Result<String, Unsigned> {
    let piece = |piece: &str| {
        let plain = piece.replace('+', " ");
        let decoded = percent_decode_str(&plain).decode_utf8();
        let decoded = decoded.map_err(|_| Unsigned::Failed("the path is not UTF-8".to_owned()))?;
        Ok(strict(&decoded).replace("%2F", "/"))
    };
    Ok(path.split('/').map(piece).collect::<Result<Vec<_>, Unsigned>>()?.join("/"))
}

/// Everything else wants it without `.`, `..` and empty segments, and encoded once more.
fn normal_path(path: &str) -> String {
    let mut pieces: Vec<String> = Vec::new();
    let ends = path.ends_with('/');
    for piece in path.split('/').filter(|piece| !piece.is_empty() && *piece != ".") {
        if piece == ".." {
            pieces.pop();
        } else {
            pieces.push(strict(piece));
        }
    }
    if pieces.is_empty() {
        "/".to_owned()
    } else {
        format!("/{}{}", pieces.join("/"), if ends { "/" } else { "" })
    }
}
