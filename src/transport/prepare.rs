//! A request with everything it carries, in the order Postman sends it; the same through all its hops.

use super::connect::{Hints, Route, Target};
use super::cookies::Jar;
use super::http1::message::{Coding, Message};
use crate::exchange::{Body, Chunk, FailureKind, Header, Headers, ResolvedRequest, TransportFailure};
use crate::runner::SendOptions;
use crate::wire_url::{Scheme, WireUrl, WireUrlError};
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// A request on its way: what is sent next.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// Headers complete but for what depends on the hop.
    pub(super) request: ResolvedRequest,
    pub(super) url: WireUrl,
    /// The `Cookie` the user wrote.
    own_cookie: Option<String>,
    /// `Content-Type` of a form or a file, which Postman adds late.
    late_type: Option<Header>,
    /// `Host` as the user spells it, which further hops keep.
    host_name: String,
    /// Not the first hop.
    redirected: bool,
}

impl Draft {
    /// The first hop. `token` is the exchange's `Postman-Token`. Errors: the URL cannot be requested.
    pub(super) fn new(
        request: &ResolvedRequest,
        options: &SendOptions,
        token: &str,
    ) -> Result<Self, TransportFailure> {
        let url = WireUrl::parse(&request.url, options.url_encoding).map_err(invalid)?;
        Ok(Self::of(url, request, options, token))
    }

    /// The same for a proxy, which is asked even for what is no host name: a variable that nothing resolved. In lower
    /// case, as Postman sends it.
    pub(super) fn for_proxy(
        request: &ResolvedRequest,
        options: &SendOptions,
        token: &str,
    ) -> Result<Self, TransportFailure> {
        let url = WireUrl::parse_any_host(&request.url, options.url_encoding).map_err(invalid)?;
        Ok(Self::of(url.with_lower_host(), request, options, token))
    }

    fn of(url: WireUrl, request: &ResolvedRequest, options: &SendOptions, token: &str) -> Self {
        let mut request = request.clone();
        let late_type = take_late_type(&mut request);
        merge_duplicates(&mut request.headers);
        let own: Vec<&str> = request.headers.get_all("cookie").collect();
        let own_cookie = (!own.is_empty()).then(|| own.join("; "));
        add_system_headers(&mut request.headers, &url, options, token);
        let host = request.headers.iter().find(|header| header.key.eq_ignore_ascii_case("host"));
        let host_name = host.map_or("Host", |header| &header.key).to_owned();
        Self { request, url, own_cookie, late_type, host_name, redirected: false }
    }

    /// Where it goes.
    pub(super) fn target(&self) -> Target {
        Target {
            https: self.url.scheme() == Scheme::Https,
            host: self.url.host().to_owned(),
            port: self.url.port(),
            path: self.url.path().to_owned(),
        }
    }

    /// What it says about its connection.
    pub(super) fn hints(&self) -> Hints<'_> {
        Hints {
            host: self.request.headers.get("host"),
            proxy_authorization: self.request.headers.get("proxy-authorization"),
        }
    }

    /// The next hop.
    pub(super) fn redirect(&mut self, url: WireUrl) {
        self.url = url;
        self.redirected = true;
        // A form's parts are put together anew for each hop: what describes them comes last again.
        if is_multipart(&self.request.headers) {
            self.late_type = take_late_type(&mut self.request);
            self.request.headers.remove("content-length");
        }
    }

    /// Drops the body and what describes it.
    pub(super) fn drop_body(&mut self) {
        self.request.body = None;
        self.late_type = None;
        for name in ["content-type", "content-length", "transfer-encoding"] {
            self.request.headers.remove(name);
        }
    }

    /// Forgets what was meant for another host.
    pub(super) fn forget_cookies(&mut self) {
        self.own_cookie = None;
        self.request.headers.remove("cookie");
    }

    /// Completes the hop's headers, in place: the trace shows them.
    pub(super) fn complete(&mut self, route: &Route, options: &SendOptions, jar: &Jar) {
        let off =
            |name: &str| options.disabled_system_headers.iter().any(|off| off.eq_ignore_ascii_case(name));
        let headers = &mut self.request.headers;
        if self.redirected && !off("host") {
            add(headers, &self.host_name, || self.url.short_authority().into_owned());
        }
        let is_file = self.request.body.as_ref().is_some_and(is_file);
        if !is_file && let Some(late) = self.late_type.take() {
            headers.0.push(late);
        }
        if let Some(credentials) = self.url.credentials() {
            add(headers, "Authorization", || format!("Basic {}", BASE64_STANDARD.encode(credentials)));
        }
        headers.0.retain(|header| {
            !(route.is_tunnelled() && header.key.eq_ignore_ascii_case("proxy-authorization"))
        });
        if let Some(authorization) = route.proxy_authorization() {
            add(headers, "Proxy-Authorization", || authorization);
        }
        let length = match &self.request.body {
            _ if off("content-length") || headers.contains("transfer-encoding") => None,
            Some(body) => Some(body.size()),
            // What Node does without being told.
            None => match self.request.method.as_str() {
                "GET" | "HEAD" | "DELETE" | "OPTIONS" | "TRACE" | "CONNECT" => None,
                _ => Some(0),
            },
        };
        // The length of what is read as it is sent becomes known last.
        let late_length = length == Some(0) || is_file || is_multipart(headers);
        if let Some(length) = length.filter(|_| !late_length) {
            add(headers, "Content-Length", || length.to_string());
        }
        self.complete_cookies(options, jar);
        let headers = &mut self.request.headers;
        if let Some(length) = length.filter(|_| late_length) {
            add(headers, "Content-Length", || length.to_string());
        }
        if let Some(late) = self.late_type.take() {
            headers.0.push(late);
        }
        // Never part of the URL that is told of: it has travelled as `Authorization`.
        self.request.url = self.url.clone().without_userinfo().to_string();
    }

    fn complete_cookies(&mut self, options: &SendOptions, jar: &Jar) {
        let jar = if options.cookies { jar.header(&self.url) } else { None };
        // An empty text of the user's has nothing to say beside the jar.
        let own = self.own_cookie.iter().filter(|own| jar.is_none() || !own.is_empty());
        let cookies: Vec<String> = own.cloned().chain(jar.clone()).collect();
        let headers = &mut self.request.headers;
        match headers.0.iter().position(|header| header.key.eq_ignore_ascii_case("cookie")) {
            _ if cookies.is_empty() => headers.remove("cookie"),
            None => headers.push_system("Cookie", cookies.join("; ")),
            Some(at) => {
                headers.0[at].value = cookies.join("; ");
                let key = headers.0[at].key.clone();
                let mut index = 0;
                headers.0.retain(|header| {
                    index += 1;
                    index - 1 == at || !header.key.eq_ignore_ascii_case(&key)
                });
            }
        }
    }

    /// The bytes to send. Errors: HTTP cannot say it.
    pub(super) fn message(&self, route: &Route) -> Result<Message, TransportFailure> {
        let path = self.url.request_target();
        let target = match route.is_forwarded() {
            false => path,
            true => format!("{}://{}{path}", self.url.scheme().name(), self.url.authority()).into(),
        };
        let ResolvedRequest { method, headers, body, .. } = &self.request;
        let chunked = headers
            .get_all("transfer-encoding")
            .last()
            .and_then(|codings| codings.rsplit(',').next())
            .is_some_and(|last| last.trim().eq_ignore_ascii_case("chunked"));
        let coding = if chunked { Coding::Chunked } else { Coding::Plain };
        Message::new((method, &target), headers, body.as_ref(), coding)
    }

    /// Whether the server knows where this request ends, so that another may follow on the connection.
    pub(super) fn is_framed(&self) -> bool {
        let ResolvedRequest { headers, body, .. } = &self.request;
        let size = body.as_ref().map_or(0, Body::size);
        let closes = headers.get_all("connection").any(|value| value.trim().eq_ignore_ascii_case("close"));
        let framed = match headers.get("content-length") {
            Some(length) => length.trim().parse() == Ok(size),
            None => size == 0 || headers.contains("transfer-encoding"),
        };
        framed && !closes
    }
}

/// Why a URL cannot be requested.
fn invalid(error: WireUrlError) -> TransportFailure {
    TransportFailure { kind: FailureKind::InvalidRequest, message: error.to_string() }
}

/// Appends a field of ours, unless one of that name is there.
fn add(headers: &mut Headers, name: &str, value: impl FnOnce() -> String) {
    if !headers.contains(name) {
        headers.push_system(name, value());
    }
}

/// The `Content-Type` that a form or a file implies, taken out: unlike that of text it is added after all else.
fn take_late_type(request: &mut ResolvedRequest) -> Option<Header> {
    let is_file = request.body.as_ref().is_some_and(is_file);
    let late = |header: &Header| {
        header.system
            && header.key.eq_ignore_ascii_case("content-type")
            && (is_file
                || header.value.starts_with("application/x-www-form-urlencoded")
                || header.value.starts_with("multipart/form-data"))
    };
    let at = request.headers.0.iter().position(late)?;
    Some(request.headers.0.remove(at))
}

/// Whether the body is a file and nothing else.
/// A file's body; one that is there and empty is an empty file's.
fn is_file(body: &Body) -> bool {
    body.bytes().is_empty() && matches!(body.rest(), [] | [Chunk::File(_)])
}

fn is_multipart(headers: &Headers) -> bool {
    headers.get("content-type").is_some_and(|value| value.starts_with("multipart/form-data"))
}

/// Brings fields of one name together, at the place of the first, as Postman's header map does; of names that differ
/// in case alone, the last is sent.
fn merge_duplicates(headers: &mut Headers) {
    let mut fields: Vec<Vec<Header>> = Vec::with_capacity(headers.0.len());
    for header in std::mem::take(&mut headers.0) {
        match fields.iter_mut().find(|field| field[0].key == header.key) {
            Some(field) => field.push(header),
            None => fields.push(vec![header]),
        }
    }
    let mut merged: Vec<Vec<Header>> = Vec::with_capacity(fields.len());
    for field in fields {
        match merged.iter_mut().find(|known| known[0].key.eq_ignore_ascii_case(&field[0].key)) {
            Some(known) => *known = field,
            None => merged.push(field),
        }
    }
    headers.0 = Vec::with_capacity(merged.len() + 10);
    headers.0.extend(merged.into_iter().flatten());
}

/// Appends what Postman sends on its own, in its order; the user's field of the same name wins.
fn add_system_headers(headers: &mut Headers, url: &WireUrl, options: &SendOptions, token: &str) {
    let host = url.authority();
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
        if !options.disabled_system_headers.iter().any(|off| off.eq_ignore_ascii_case(name)) {
            add(headers, name, || value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::connect::Connector;

    fn request(method: &str, url: &str, headers: &[(&str, &str)], body: Option<Body>) -> ResolvedRequest {
        let mut fields = Headers::default();
        for (key, value) in headers {
            match key.strip_prefix('+') {
                Some(ours) => fields.push_system(ours, *value),
                None => fields.push(*key, *value),
            }
        }
        ResolvedRequest { method: method.into(), url: url.into(), headers: fields, body }
    }

    fn text(text: &'static str) -> Option<Body> {
        Some(Body::new(text))
    }

    fn completed(request: &ResolvedRequest, options: &SendOptions, cookies: &[&str]) -> Draft {
        let mut jar = Jar::default();
        let mut set = Headers::default();
        cookies.iter().for_each(|cookie| set.push("Set-Cookie", *cookie));
        jar.store(&set, &WireUrl::parse("http://h/", options.url_encoding).unwrap());
        let mut draft = Draft::new(request, options, "tok").unwrap();
        let route = Connector::default().route(&draft.target(), draft.hints(), options).unwrap();
        draft.complete(&route, options, &jar);
        draft
    }

    /// Header names, with the values that vary.
    fn order(request: &ResolvedRequest, cookies: &[&str]) -> String {
        let draft = completed(request, &SendOptions::default(), cookies);
        let fields = draft.request.headers.iter().map(|h| match h.key.to_lowercase().as_str() {
            "accept" | "user-agent" | "postman-token" | "cache-control" | "accept-encoding" => h.key.clone(),
            _ => format!("{}={}", h.key, h.value),
        });
        let middle =
            "User-Agent Accept Cache-Control Postman-Token Host=h Accept-Encoding Connection=keep-alive";
        fields.collect::<Vec<_>>().join(" ").replace(middle, "…")
    }

    /// Each recorded from newman 6.2.2 with a raw socket.
    #[test]
    fn headers_come_in_newmans_order() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "{}").unwrap();
        let file = || Some(Body::of_chunks([Chunk::file(file.path()).unwrap()]));
        let json = ("+Content-Type", "application/json");
        let form = ("+Content-Type", "application/x-www-form-urlencoded");
        let multipart = ("+Content-Type", "multipart/form-data; boundary=b");
        let one = ("x-One", "1");
        let cases = [
            (request("GET", "h", &[one], None), "x-One=1 …"),
            (request("GET", "http://u%40:p@h/", &[], None), "… Authorization=Basic dUA6cA=="),
            (
                request("POST", "h", &[one, json], text("{}")),
                "x-One=1 Content-Type=application/json … Content-Length=2",
            ),
            (
                request("POST", "h", &[one, form], text("a=b")),
                "x-One=1 … Content-Type=application/x-www-form-urlencoded Content-Length=3",
            ),
            (
                request("PUT", "h", &[one, multipart], text("--b--")),
                "x-One=1 … Content-Type=multipart/form-data; boundary=b Content-Length=5",
            ),
            (
                request("PUT", "h", &[one, json], file()),
                "x-One=1 … Content-Length=2 Content-Type=application/json",
            ),
            (request("POST", "h", &[], None), "… Content-Length=0"),
            (request("FOO", "h", &[], None), "… Content-Length=0"),
            (request("DELETE", "h", &[], None), "…"),
            (request("DELETE", "h", &[json], text("x")), "Content-Type=application/json … Content-Length=1"),
            (
                request("HEAD", "h", &[("connection", "close"), ("Host", "virtual")], None),
                "connection=close Host=virtual User-Agent Accept Cache-Control Postman-Token Accept-Encoding",
            ),
            (
                request("GET", "h", &[("X-Dup", "1"), ("b", ""), ("X-Dup", "2"), ("x-dup", "3")], None),
                "x-dup=3 b= …",
            ),
            (request("GET", "h", &[("X-Dup", "1"), ("b", ""), ("X-Dup", "2")], None), "X-Dup=1 X-Dup=2 b= …"),
            (request("GET", "h", &[("X-A", "1"), ("x-a", "2"), ("X-A", "3")], None), "x-a=2 …"),
        ];
        for (request, expected) in cases {
            assert_eq!(order(&request, &[]), expected);
        }
        let cases = [
            (request("POST", "h", &[], None), "… Cookie=a=1 Content-Length=0"),
            (
                request("DELETE", "h", &[json], text("x")),
                "Content-Type=application/json … Content-Length=1 Cookie=a=1",
            ),
            (
                request("PUT", "h", &[multipart], text("--b--")),
                "… Content-Type=multipart/form-data; boundary=b Cookie=a=1 Content-Length=5",
            ),
            (
                request("PUT", "h", &[json], file()),
                "… Cookie=a=1 Content-Length=2 Content-Type=application/json",
            ),
            (
                request("POST", "h", &[one, ("Cookie", "m=1"), ("+Authorization", "t"), json], text("x")),
                "x-One=1 Cookie=m=1; a=1 Authorization=t Content-Type=application/json … Content-Length=1",
            ),
            (
                request("GET", "h", &[("Cookie", "m=1"), ("x", ""), ("Cookie", "n=2")], None),
                "Cookie=m=1; n=2; a=1 x= …",
            ),
        ];
        for (request, expected) in cases {
            assert_eq!(order(&request, &["a=1"]), expected);
        }
    }

    #[test]
    fn system_headers_can_be_switched_off_and_are_marked() {
        let off = [
            "postman-token",
            "user-agent",
            "connection",
            "host",
            "accept-encoding",
            "accept",
            "content-length",
        ];
        let options = SendOptions {
            disabled_system_headers: off.map(str::to_owned).to_vec(),
            ..SendOptions::default()
        };
        let post = request("POST", "http://h/", &[("accept", "text/html"), ("HOST", "other")], text("x"));
        let draft = completed(&post, &options, &[]);
        let fields: Vec<_> = draft.request.headers.iter().map(|h| (h.key.as_str(), h.system)).collect();
        assert_eq!(fields, [("accept", false), ("HOST", false), ("Cache-Control", true)]);
        assert!(!draft.is_framed());
    }

    #[test]
    fn what_the_user_says_of_the_body_is_believed() {
        let draft = |headers: &[(&str, &str)], body| {
            completed(&request("POST", "h", headers, body), &SendOptions::default(), &[])
        };
        let own = draft(&[("content-length", "2")], text("abc"));
        assert_eq!((own.request.headers.get("Content-Length"), own.is_framed()), (Some("2"), false));
        let own = draft(&[("content-length", "3")], text("abc"));
        assert!(own.is_framed());
        let chunked = draft(&[("Transfer-Encoding", "chunked")], text("abc"));
        assert_eq!((chunked.request.headers.get("content-length"), chunked.is_framed()), (None, true));
        assert!(!draft(&[("Connection", "close")], None).is_framed());
        assert!(draft(&[], None).is_framed());
    }

    #[test]
    fn the_url_that_is_told_of_has_no_credentials() {
        let get = request("GET", "u:p@h:8080/a b?q#f", &[("authorization", "Bearer t")], None);
        let draft = completed(&get, &SendOptions::default(), &[]);
        assert_eq!(draft.request.url, "http://h:8080/a%20b?q");
        assert_eq!(draft.request.headers.get_all("authorization").collect::<Vec<_>>(), ["Bearer t"]);
        assert_eq!(draft.request.headers.get("host"), Some("h:8080"));
    }
}
