//! From a resolved request to what reqwest sends: URL, system headers, cookies; or why it cannot be sent.

use super::cookies::Jar;
use crate::exchange::{FailureKind, Header, Headers, ResolvedRequest, TransportFailure};
use crate::runner::SendOptions;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};

/// Header fields sent at most.
const MAX_FIELDS: usize = 4096;

/// A request ready for the wire.
#[derive(Debug)]
pub(super) struct Prepared {
    /// For reqwest.
    pub(super) request: Request,
    /// For the trace: system headers and cookies included.
    pub(super) as_sent: ResolvedRequest,
    /// `host:port`, for messages.
    pub(super) target: String,
}

/// Checks and completes a request. `token` is the exchange's `Postman-Token`.
pub(super) fn prepare(
    request: &ResolvedRequest,
    options: &SendOptions,
    jar: &Jar,
    token: &str,
) -> Result<Prepared, TransportFailure> {
    let mut url = parse_url(&request.url)?;
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| invalid(format!("method must be a valid HTTP token [{:?}]", request.method)))?;
    let mut headers = request.headers.clone();
    let userinfo = take_userinfo(&mut url);
    url.set_fragment(None);
    if let Some(credentials) = userinfo.filter(|_| !headers.contains("authorization")) {
        headers.push("Authorization", format!("Basic {}", BASE64_STANDARD.encode(credentials)));
    }
    add_system_headers(&mut headers, &url, options, token);
    if options.cookies {
        add_cookies(&mut headers, &url, jar);
    }
    set_content_length(&mut headers, request, &method);

    let mut wire = Request::new(method, url.clone());
    *wire.headers_mut() = header_map(&headers)?;
    if let Some(body) = &request.body {
        let whole = body.whole().map_err(|error| invalid(format!("the body cannot be read: {error}")))?;
        *wire.body_mut() = Some(whole.into());
    }
    let as_sent = ResolvedRequest {
        method: request.method.clone(),
        url: url.to_string(),
        headers,
        body: request.body.clone(),
    };
    let port = url.port_or_known_default().unwrap_or_default();
    let target = format!("{}:{port}", url.host_str().unwrap_or_default());
    Ok(Prepared { request: wire, as_sent, target })
}

fn invalid(message: String) -> TransportFailure {
    TransportFailure { kind: FailureKind::InvalidRequest, message }
}

fn parse_url(text: &str) -> Result<Url, TransportFailure> {
    if text.trim().is_empty() {
        return Err(invalid("request url is empty".to_owned()));
    }
    let url = Url::parse(text)
        .map_err(|error| invalid(format!("`{text}` is not a URL that can be requested: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("`{text}` cannot be requested: `{}` is not a scheme of the web", url.scheme());
        return Err(invalid(message));
    }
    // The `url` crate skips slashes: `http:///x`, an empty variable before `/x`, would go to a host named `x`.
    let authority = text.trim_start().split_once(':').map_or("", |(_, rest)| rest);
    let authority = authority.strip_prefix("//").unwrap_or(authority);
    if authority.starts_with(['/', '\\', '?', '#']) {
        return Err(invalid(format!("`{text}` cannot be requested: it names no host")));
    }
    // The `url` crate lets braces through: what is left of a variable that nothing resolved.
    if let Some(host) = url.host_str().filter(|host| host.contains(['{', '}'])) {
        return Err(invalid(format!("`{text}` cannot be requested: `{host}` is not a host name")));
    }
    Ok(url)
}

/// Removes `user:password@`: it travels as `Authorization`, never as part of the URL.
fn take_userinfo(url: &mut Url) -> Option<Vec<u8>> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(url.password().unwrap_or_default()));
    // Neither can fail: the URL has a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(credentials)
}

/// Appends what Postman sends on its own, in its order; the user's field of the same name wins.
fn add_system_headers(headers: &mut Headers, url: &Url, options: &SendOptions, token: &str) {
    let host = url.host_str().unwrap_or_default();
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let system = [
        ("User-Agent", concat!("postproof/", env!("CARGO_PKG_VERSION"))),
        ("Accept", "*/*"),
        ("Cache-Control", "no-cache"),
        ("Postman-Token", token),
        ("Host", &host),
        ("Accept-Encoding", "gzip, deflate, br"),
        ("Connection", "keep-alive"),
    ];
    for (name, value) in system {
        // reqwest and hyper add these two whatever we do, so the trace must show them.
        let mandatory = matches!(name, "Accept" | "Host");
        let disabled = options.disabled_system_headers.iter().any(|off| off.eq_ignore_ascii_case(name));
        if !headers.contains(name) && (mandatory || !disabled) {
            headers.push(name, value);
        }
    }
}

fn add_cookies(headers: &mut Headers, url: &Url, jar: &Jar) {
    let own: Vec<&str> = headers.get_all("cookie").collect();
    let own = if own.is_empty() { None } else { Some(own.join("; ")) };
    let Some(value) = jar.header(own.as_deref(), url) else { return };
    match headers.0.iter().position(|h| h.key.eq_ignore_ascii_case("cookie")) {
        None => headers.push("Cookie", value),
        Some(at) => {
            let mut seen = false;
            headers.0[at].value = value;
            headers
                .0
                .retain(|h| !h.key.eq_ignore_ascii_case("cookie") || !std::mem::replace(&mut seen, true));
        }
    }
}

/// hyper would believe a user's wrong length and cut the body or hang, so the real one is always stated.
fn set_content_length(headers: &mut Headers, request: &ResolvedRequest, method: &Method) {
    headers.remove("content-length");
    if headers.contains("transfer-encoding") {
        return;
    }
    let expects_body = *method == Method::POST || *method == Method::PUT || *method == Method::PATCH;
    match &request.body {
        Some(body) => headers.push("Content-Length", body.size().to_string()),
        None if expects_body => headers.push("Content-Length", "0"),
        None => {}
    }
}

fn header_map(headers: &Headers) -> Result<HeaderMap, TransportFailure> {
    // Far above what any server takes; http's map panics where it is full.
    if headers.0.len() > MAX_FIELDS {
        return Err(invalid(format!("{} header fields are too many", headers.0.len())));
    }
    let mut map = HeaderMap::with_capacity(headers.0.len());
    for Header { key, value, system: _ } in headers.iter() {
        let name = HeaderName::from_bytes(key.as_bytes())
            .map_err(|_| invalid(format!("Header name must be a valid HTTP token [{key:?}]")))?;
        let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let value = bytes
            .and_then(|bytes| HeaderValue::from_bytes(&bytes).ok())
            .ok_or_else(|| invalid(format!("Invalid character in header content [{key:?}]")))?;
        map.append(name, value);
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Body;

    fn request(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> ResolvedRequest {
        let mut request = ResolvedRequest {
            method: method.into(),
            url: url.into(),
            headers: Headers::default(),
            body: body.map(|text| Body::new(text.to_owned())),
        };
        for (key, value) in headers {
            request.headers.push(*key, *value);
        }
        request
    }

    fn lines(request: &ResolvedRequest, options: &SendOptions) -> Vec<String> {
        let prepared = prepare(request, options, &Jar::default(), "tok").unwrap();
        prepared.as_sent.headers.iter().map(|h| format!("{}: {}", h.key, h.value)).collect()
    }

    #[test]
    fn system_headers_follow_the_users_in_postmans_order() {
        let version = env!("CARGO_PKG_VERSION");
        let post =
            request("POST", "http://h:8080/", &[("X-One", "1"), ("Content-Length", "99")], Some("abc"));
        assert_eq!(
            lines(&post, &SendOptions::default()),
            [
                "X-One: 1",
                &format!("User-Agent: postproof/{version}"),
                "Accept: */*",
                "Cache-Control: no-cache",
                "Postman-Token: tok",
                "Host: h:8080",
                "Accept-Encoding: gzip, deflate, br",
                "Connection: keep-alive",
                "Content-Length: 3",
            ]
        );
    }

    #[test]
    fn user_headers_win_and_system_headers_can_be_switched_off() {
        let options = SendOptions {
            disabled_system_headers: ["postman-token", "user-agent", "connection", "host", "accept-encoding"]
                .map(str::to_owned)
                .to_vec(),
            ..SendOptions::default()
        };
        let get = request("GET", "http://h/", &[("accept", "text/html"), ("HOST", "other")], None);
        assert_eq!(lines(&get, &options), ["accept: text/html", "HOST: other", "Cache-Control: no-cache"]);
    }

    #[test]
    fn userinfo_becomes_basic_auth_and_leaves_the_url() {
        let get = request("GET", "http://u%40x:p@h/a?b#c", &[], None);
        let sent = prepare(&get, &SendOptions::default(), &Jar::default(), "t").unwrap().as_sent;
        assert_eq!(sent.url, "http://h/a?b");
        assert_eq!(sent.headers.get("authorization"), Some("Basic dUB4OnA="));
        let signed = request("GET", "http://u:p@h/", &[("authorization", "Bearer t")], None);
        let sent = prepare(&signed, &SendOptions::default(), &Jar::default(), "t").unwrap().as_sent;
        assert_eq!(sent.headers.get_all("authorization").collect::<Vec<_>>(), ["Bearer t"]);
    }

    #[test]
    fn urls_are_encoded_as_postman_does() {
        for (written, sent) in [
            (" http://h/a b?q=a b\"'<>{}|[]+%zz ", "http://h/a%20b?q=a%20b%22%27%3C%3E{}|[]+%zz"),
            ("http://h/{x}\\y;z//w", "http://h/%7Bx%7D/y;z//w"),
            ("http://h/é?é", "http://h/%C3%A9?%C3%A9"),
            ("http://bücher.example", "http://xn--bcher-kva.example/"),
        ] {
            let get = request("GET", written, &[], None);
            let sent_url = prepare(&get, &SendOptions::default(), &Jar::default(), "t").unwrap().as_sent.url;
            assert_eq!(sent_url, sent, "{written}");
        }
    }

    #[test]
    fn what_cannot_be_sent_says_why() {
        let get = |url| request("GET", url, &[], None);
        let header = |key, value| request("GET", "http://h/", &[(key, value)], None);
        for (request, expected) in [
            (get(""), "request url is empty"),
            (get("  "), "request url is empty"),
            (get("/x"), "`/x` is not a URL that can be requested: relative URL without a base"),
            (get("http://"), "`http://` is not a URL that can be requested: empty host"),
            (
                get("http://h:99999"),
                "`http://h:99999` is not a URL that can be requested: invalid port number",
            ),
            (
                get("http://{{host}}/x"),
                "`http://{{host}}/x` cannot be requested: `{{host}}` is not a host name",
            ),
            (get("ftp://h/"), "`ftp://h/` cannot be requested: `ftp` is not a scheme of the web"),
            (request("FO O", "http://h/", &[], None), "method must be a valid HTTP token [\"FO O\"]"),
            (request("", "http://h/", &[], None), "method must be a valid HTTP token [\"\"]"),
            (header("X-Trim ", "1"), "Header name must be a valid HTTP token [\"X-Trim \"]"),
            (header("é", "1"), "Header name must be a valid HTTP token [\"é\"]"),
            (header("X", "a\nb"), "Invalid character in header content [\"X\"]"),
            (header("X", "€"), "Invalid character in header content [\"X\"]"),
        ] {
            let failure = prepare(&request, &SendOptions::default(), &Jar::default(), "t").unwrap_err();
            assert_eq!(failure.kind, FailureKind::InvalidRequest);
            assert_eq!(failure.message, expected);
        }
    }

    #[test]
    fn too_many_headers_are_refused() {
        let many = vec![("X", "1"); MAX_FIELDS];
        let request = request("GET", "http://h/", &many, None);
        let failure = prepare(&request, &SendOptions::default(), &Jar::default(), "t").unwrap_err();
        assert_eq!(failure.message, format!("{} header fields are too many", MAX_FIELDS + 7));
    }

    #[test]
    fn several_cookie_fields_become_one() {
        let get = request("GET", "http://h/", &[("Cookie", "a=1"), ("X", "1"), ("cookie", "b=2")], None);
        let lines = lines(&get, &SendOptions::default());
        assert_eq!(lines[..2], ["Cookie: a=1; b=2", "X: 1"]);
        assert!(!lines.iter().any(|line| line.starts_with("cookie")));
    }
}
