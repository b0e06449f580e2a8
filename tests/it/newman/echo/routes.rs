//! postman-echo's endpoints, and some that misbehave.

use super::answer::{Answer, Reply};
use super::message::{Seen, pairs, shown};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use md5::{Digest as _, Md5};
use serde_json::{Map, Value, json};
use std::io::Write as _;
use std::time::Duration;

/// `{"brotli":true,"text":"räksmörgås"}`, compressed by node's zlib.
const BROTLI: &str = "ixKAeyJicm90bGkiOnRydWUsInRleHQiOiJyw6Rrc23DtnJnw6VzIn0D";

/// What the server says to a request.
pub(super) fn answer(request: &Seen) -> Answer {
    let path = request.path().to_owned();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let reply = match parts.as_slice() {
        ["raw", ..] => Reply::new("200").text("text/plain", shown(&request.body)),
        ["headers"] => Reply::new("200").json(&json!({ "headers": headers(request) })),
        ["status", status] => status_of(status),
        ["ip"] => Reply::new("200").json(&json!({ "ip": "127.0.0.1" })),
        ["redirect-to"] => redirect_to(request),
        ["redirect", n] => redirect(n),
        ["response-headers"] => response_headers(request),
        ["cookies", what @ ..] => cookies(request, what.first().copied()),
        ["basic-auth"] => basic_auth(request),
        ["digest-auth"] => digest_auth(request),
        ["delay", seconds] => {
            std::thread::sleep(Duration::from_secs_f64(seconds.parse().unwrap_or(0.0)));
            Reply::new("200").json(&json!({ "delay": seconds }))
        }
        ["stream", n] => stream(n.parse().unwrap_or(1)),
        ["large", n] => Reply::new("200").text("text/plain", vec![b'x'; n.parse().unwrap_or(0)]),
        ["gzip" | "deflate" | "brotli"] => compressed(parts[0]),
        ["encoding", charset] => encoded(charset),
        ["type", kind] => typed(kind),
        ["body", ..] => {
            let kind = request.parameter("type").unwrap_or_else(|| "text/plain".to_owned());
            Reply::new("200").text(&kind, request.parameter("body").unwrap_or_default())
        }
        ["broken", how] => return broken(how),
        _ => Reply::new("200").json(&echo(request)),
    };
    reply.finish(&request.method)
}

fn headers(request: &Seen) -> Value {
    let mut all = Map::new();
    for (name, value) in &request.headers {
        all.insert(name.to_lowercase(), value.as_str().into());
    }
    all.into()
}

/// Repeated names make a list.
fn object(pairs: Vec<(String, String)>) -> Value {
    let mut all = Map::new();
    for (name, value) in pairs {
        match all.get_mut(&name) {
            None => drop(all.insert(name, value.into())),
            Some(Value::Array(list)) => list.push(value.into()),
            Some(first) => *first = json!([first.clone(), value]),
        }
    }
    all.into()
}

fn echo(request: &Seen) -> Value {
    let kind = request.header("content-type").unwrap_or_default();
    let text = shown(&request.body);
    let is_json = kind.contains("json");
    let form = if kind.starts_with("application/x-www-form-urlencoded") { pairs(&text) } else { Vec::new() };
    let parsed: Value = if is_json { serde_json::from_str(&text).unwrap_or_default() } else { Value::Null };
    json!({
        "method": request.method,
        "args": object(request.query()),
        "data": if is_json { parsed.clone() } else { text.into() },
        "form": object(form.clone()),
        "headers": headers(request),
        "json": if form.is_empty() { parsed } else { object(form) },
        "url": format!("http://{}{}", request.header("host").unwrap_or_default(), request.target),
    })
}

fn status_of(status: &str) -> Reply {
    let status = percent_encoding::percent_decode_str(status).decode_utf8_lossy();
    let code = status.split(' ').next().and_then(|code| code.parse::<u16>().ok()).unwrap_or(200);
    Reply::new(&status).json(&json!({ "status": code }))
}

fn redirect_to(request: &Seen) -> Reply {
    let status = request.parameter("status_code").unwrap_or_else(|| "302".to_owned());
    let mut reply = Reply::new(&status);
    if let Some(cookie) = request.parameter("cookie") {
        reply = reply.header("Set-Cookie", &cookie);
    }
    reply.header("Location", &request.parameter("url").unwrap_or_default()).text("text/plain", "moved")
}

fn redirect(n: &str) -> Reply {
    match n.parse::<u32>() {
        Ok(n) if n > 1 => Reply::new("302").header("Location", &format!("/redirect/{}", n - 1)),
        _ => Reply::new("302").header("Location", "/get"),
    }
}

fn response_headers(request: &Seen) -> Reply {
    let query = request.query();
    let reply = query.iter().fold(Reply::new("200"), |reply, (name, value)| reply.header(name, value));
    if query.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        return reply.body(object(query).to_string());
    }
    reply.json(&object(query))
}

/// `/cookies` tells, `/cookies/set?a=1` sets, `/cookies/delete?a` deletes, `/cookies/raw?line=…` sends a line as it is.
fn cookies(request: &Seen, what: Option<&str>) -> Reply {
    let lines: Vec<String> = match what {
        Some("set") => {
            request.query().iter().map(|(name, value)| format!("{name}={value}; Path=/")).collect()
        }
        Some("delete") => request
            .query()
            .iter()
            .map(|(name, _)| format!("{name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"))
            .collect(),
        Some("raw") => request.query().into_iter().map(|(_, line)| line).collect(),
        _ => Vec::new(),
    };
    let told: Vec<(String, String)> = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .flat_map(|(_, value)| value.split("; "))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let reply = lines.iter().fold(Reply::new("200"), |reply, line| reply.header("Set-Cookie", line));
    reply.json(&json!({ "cookies": object(told) }))
}

fn basic_auth(request: &Seen) -> Reply {
    let expected = format!("Basic {}", BASE64_STANDARD.encode("postman:password"));
    if request.header("authorization") == Some(&expected) {
        return Reply::new("200").json(&json!({ "authenticated": true }));
    }
    Reply::new("401").header("WWW-Authenticate", "Basic realm=\"Users\"").text("text/plain", "Unauthorized")
}

/// RFC 2617 with MD5 and `qop=auth`; `?qop=` and `?algorithm=` change the challenge.
fn digest_auth(request: &Seen) -> Reply {
    let qop = request.parameter("qop").unwrap_or_else(|| "auth".to_owned());
    let challenge =
        format!("Digest realm=\"Users\", nonce=\"ni1LiL0O37PRRhofWdCLmwFsnEtH1lew\", qop=\"{qop}\"");
    let refused = Reply::new("401").header("WWW-Authenticate", &challenge).text("text/plain", "Unauthorized");
    let Some(given) = request.header("authorization").and_then(|value| value.strip_prefix("Digest ")) else {
        return refused;
    };
    let field = |name: &str| {
        given
            .split(", ")
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map_or(String::new(), |(_, value)| value.trim_matches('"').to_owned())
    };
    let hash =
        |text: String| Md5::digest(text).iter().fold(String::new(), |out, byte| format!("{out}{byte:02x}"));
    let secret = hash("postman:Users:password".to_owned());
    let call = hash(format!("{}:{}", request.method, field("uri")));
    let middle = match field("qop").as_str() {
        "" => field("nonce"),
        qop => format!("{}:{}:{}:{qop}", field("nonce"), field("nc"), field("cnonce")),
    };
    if field("response") == hash(format!("{secret}:{middle}:{call}")) {
        return Reply::new("200").json(&json!({ "authenticated": true }));
    }
    refused
}

fn stream(n: usize) -> Reply {
    let body: String = (0..n).map(|i| format!("{{\"line\":{i}}}\n")).collect();
    Reply::new("200").text("application/json", body).chunked(n)
}

fn compressed(coding: &str) -> Reply {
    let text = json!({ coding: true, "text": "räksmörgås" }).to_string();
    let level = flate2::Compression::default();
    let (name, body) = match coding {
        "gzip" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
            encoder.write_all(text.as_bytes()).unwrap();
            ("gzip", encoder.finish().unwrap())
        }
        "deflate" => {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(text.as_bytes()).unwrap();
            ("deflate", encoder.finish().unwrap())
        }
        _ => ("br", BASE64_STANDARD.decode(BROTLI).unwrap()),
    };
    Reply::new("200").header("Content-Encoding", name).text("application/json", body)
}

fn encoded(charset: &str) -> Reply {
    const TEXT: &str = "smörgåsbord £5 – naïve";
    let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let text = if charset == "gbk" { "你好，世界" } else { TEXT };
    Reply::new("200").text(&format!("text/plain; charset={charset}"), encoding.encode(text).0.into_owned())
}

fn typed(kind: &str) -> Reply {
    let reply = Reply::new("200");
    match kind {
        "xml" => reply.text(
            "application/xml",
            "<?xml version=\"1.0\"?><food><name kind=\"sweet\">Waffles</name><price>5.95</price></food>",
        ),
        "html" => reply.text(
            "text/html; charset=utf-8",
            "<html><head><title>Echo</title></head><body><ul><li class=\"a\">one</li><li>two</li></ul></body></html>",
        ),
        "binary" => reply.text("application/octet-stream", vec![0, 1, 2, 253, 254, 255]),
        "bom" => reply.text("application/json", "\u{feff}{\"bom\":true}"),
        "bad-json" => reply.text("application/json", "{\"a\": 1, b}"),
        "jsonp" => reply.text("application/javascript", "callback({\"a\":1});"),
        "none" => reply.body("no type"),
        _ => reply.json(&json!({ "type": kind, "list": [1, 2, { "deep": true }], "null": null })),
    }
}

fn broken(how: &str) -> Answer {
    let text: &[u8] = match how {
        "gzip" => b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip",
        "short" => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "head" => b"HTTP/9 what\r\n\r\n",
        // Ends without a word.
        _ => b"",
    };
    Answer { bytes: text.to_vec(), closes: true }
}
