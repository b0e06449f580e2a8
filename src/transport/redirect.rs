//! Which request follows a redirect (RFC 9110 §15.4, with Postman's choices).

use crate::exchange::{ResolvedRequest, Response};
use crate::runner::SendOptions;
use reqwest::Url;

/// The request that follows, or `None` when the response is final. `request` is what the user asked for (system
/// headers and the jar's cookies are made anew for each hop), `url` where it went.
pub(super) fn follow(
    request: &ResolvedRequest,
    url: &str,
    response: &Response,
    options: &SendOptions,
) -> Option<ResolvedRequest> {
    if !matches!(response.code, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let from = Url::parse(url).ok()?;
    let to = from.join(&location(response)?).ok()?;
    if !matches!(to.scheme(), "http" | "https") {
        return None;
    }
    let mut next = request.clone();
    next.url = to.to_string();
    let keeps_method = matches!(response.code, 307 | 308) || options.follow_original_method;
    if !keeps_method && !matches!(request.method.as_str(), "GET" | "HEAD") {
        next.method = "GET".to_owned();
        next.body = None;
        for name in ["content-type", "content-length", "transfer-encoding", "content-encoding"] {
            next.headers.remove(name);
        }
    }
    if from.host() != to.host() {
        next.headers.remove("cookie");
        if !options.follow_authorization {
            next.headers.remove("authorization");
        }
    }
    // Was meant for the first URL only.
    next.headers.remove("host");
    next.headers.remove("referer");
    if options.send_referer && (from.scheme(), to.scheme()) != ("https", "http") {
        next.headers.push("Referer", from.as_str());
    }
    Some(next)
}

/// The `Location` field, whose raw bytes are UTF-8 more often than Latin-1.
fn location(response: &Response) -> Option<String> {
    let field = response.headers.get("location")?;
    let bytes: Option<Vec<u8>> = field.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    Some(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| field.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Headers};

    fn post() -> ResolvedRequest {
        let mut headers = Headers::default();
        for (key, value) in [
            ("Content-Type", "text/plain"),
            ("Authorization", "Bearer t"),
            ("Cookie", "mine=1"),
            ("Host", "virtual"),
            ("X", "1"),
        ] {
            headers.push(key, value);
        }
        ResolvedRequest {
            method: "POST".into(),
            url: "http://a:1/x/y".into(),
            headers,
            body: Some(Body::new("body")),
        }
    }

    fn redirect(code: u16, location: &str) -> Response {
        let mut headers = Headers::default();
        headers.push("location", location);
        Response { code, reason: String::new(), version: "HTTP/1.1".into(), headers, body: Body::default() }
    }

    fn followed(
        request: &ResolvedRequest,
        code: u16,
        location: &str,
        options: &SendOptions,
    ) -> Option<String> {
        let next = follow(request, &request.url, &redirect(code, location), options)?;
        let names: Vec<&str> = next.headers.iter().map(|h| h.key.as_str()).collect();
        let body = if next.body.is_some() { " +body" } else { "" };
        Some(format!("{} {} {}{body}", next.method, next.url, names.join(",")))
    }

    #[test]
    fn methods_headers_and_urls() {
        let standard = SendOptions::default();
        let original = SendOptions { follow_original_method: true, ..standard.clone() };
        let authorized = SendOptions { follow_authorization: true, send_referer: false, ..standard.clone() };
        let cases = [
            (302, "/z", &standard, Some("GET http://a:1/z Authorization,Cookie,X,Referer")),
            (301, "z?q", &standard, Some("GET http://a:1/x/z?q Authorization,Cookie,X,Referer")),
            (303, "//b/z", &standard, Some("GET http://b/z X,Referer")),
            (
                307,
                "http://a:2/",
                &standard,
                Some("POST http://a:2/ Content-Type,Authorization,Cookie,X,Referer +body"),
            ),
            (308, "https://b/", &standard, Some("POST https://b/ Content-Type,X,Referer +body")),
            (
                302,
                "/z",
                &original,
                Some("POST http://a:1/z Content-Type,Authorization,Cookie,X,Referer +body"),
            ),
            (302, "http://b/", &authorized, Some("GET http://b/ Authorization,X")),
            (
                302,
                "ht!tp://%%%",
                &standard,
                Some("GET http://a:1/x/ht!tp://%%% Authorization,Cookie,X,Referer"),
            ),
            (
                302,
                "/caf\u{c3}\u{a9}",
                &standard,
                Some("GET http://a:1/caf%C3%A9 Authorization,Cookie,X,Referer"),
            ),
            (302, "mailto:a@b", &standard, None),
            (304, "/z", &standard, None),
            (200, "/z", &standard, None),
        ];
        for (code, location, options, expected) in cases {
            assert_eq!(followed(&post(), code, location, options).as_deref(), expected, "{code} {location}");
        }
    }

    #[test]
    fn head_stays_head_and_the_referer_is_where_it_came_from() {
        let mut request = post();
        request.method = "HEAD".into();
        let next = follow(&request, &request.url, &redirect(303, "/z"), &SendOptions::default()).unwrap();
        assert_eq!((next.method.as_str(), next.headers.get("referer")), ("HEAD", Some("http://a:1/x/y")));
        let downgraded =
            follow(&request, "https://a/", &redirect(302, "http://a/"), &SendOptions::default()).unwrap();
        assert_eq!(downgraded.headers.get("referer"), None);
    }

    #[test]
    fn without_location_the_response_is_final() {
        let mut response = redirect(302, "");
        response.headers.remove("location");
        assert_eq!(follow(&post(), "http://a/", &response, &SendOptions::default()), None);
    }
}
