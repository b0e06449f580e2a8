//! Which request follows a redirect (RFC 9110 §15.4, with Postman's choices).

use super::prepare::Draft;
use crate::exchange::FailureKind;
use crate::exchange::{Headers, Response, TransportFailure};
use crate::runner::SendOptions;
use crate::wire_url::WireUrl;

/// Makes `draft` the request that follows; `false` when the response is final. Errors: it leads nowhere.
pub(super) fn follow(
    draft: &mut Draft,
    response: &Response,
    options: &SendOptions,
) -> Result<bool, TransportFailure> {
    if !options.follow_redirects || !(300..400).contains(&response.code) {
        return Ok(false);
    }
    let Some(location) = location(response) else { return Ok(false) };
    let from = draft.url.clone();
    let absolute = location.starts_with("http:") || location.starts_with("https:");
    let text = if absolute { location } else { from.resolve(&location) };
    let to = WireUrl::parse(&text, options.url_encoding).map_err(|error| TransportFailure {
        kind: FailureKind::InvalidRequest,
        message: format!(
            "the redirect from {from} leads nowhere: {error}",
            from = from.clone().without_userinfo()
        ),
    })?;
    if from.host() != to.host() {
        draft.forget_cookies();
        if !options.follow_authorization {
            draft.request.headers.remove("authorization");
        }
    }
    let keeps_method = matches!(response.code, 307 | 308) || options.follow_original_method;
    if !keeps_method {
        if draft.request.method != "HEAD" {
            draft.request.method = "GET".to_owned();
        }
        draft.drop_body();
    }
    // Was meant for the first hop only.
    draft.request.headers.remove("host");
    draft.request.headers.0.retain(|h| !(h.system && h.key.eq_ignore_ascii_case("proxy-authorization")));
    if options.send_referer {
        refer(&mut draft.request.headers, &from, &to);
    }
    draft.redirect(to);
    Ok(true)
}

/// `Referer` says where the request came from, never with credentials, and never from https to http
/// (RFC 9110 §10.1.3).
fn refer(headers: &mut Headers, from: &WireUrl, to: &WireUrl) {
    if (from.scheme().name(), to.scheme().name()) == ("https", "http") {
        headers.remove("referer");
        return;
    }
    let value = from.clone().without_userinfo().to_string();
    match headers.0.iter_mut().find(|header| header.key.eq_ignore_ascii_case("referer")) {
        Some(header) => header.value = value,
        None => headers.push_system("Referer", value),
    }
}

/// The `Location` field, whose raw bytes are UTF-8 more often than Latin-1; an empty one leads nowhere.
fn location(response: &Response) -> Option<String> {
    let field = response.headers.get("location").filter(|field| !field.is_empty())?;
    let bytes: Option<Vec<u8>> = field.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    Some(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| field.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, ResolvedRequest};

    fn post(url: &str) -> Draft {
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
        let body = Some(Body::new("body"));
        let request = ResolvedRequest { method: "POST".into(), url: url.into(), headers, body };
        let off = ["user-agent", "accept", "cache-control", "postman-token", "accept-encoding", "connection"];
        let options = SendOptions {
            disabled_system_headers: off.map(str::to_owned).to_vec(),
            ..SendOptions::default()
        };
        Draft::new(&request, &options, "token").unwrap()
    }

    fn redirect(code: u16, location: &str) -> Response {
        let mut headers = Headers::default();
        headers.push("location", location);
        Response { code, reason: String::new(), version: "HTTP/1.1".into(), headers, body: Body::default() }
    }

    fn followed(from: &str, code: u16, location: &str, options: &SendOptions) -> Result<String, String> {
        let mut draft = post(from);
        match follow(&mut draft, &redirect(code, location), options) {
            Err(failure) => Err(failure.message),
            Ok(false) => Err("final".to_owned()),
            Ok(true) => {
                let names: Vec<&str> = draft.request.headers.iter().map(|h| h.key.as_str()).collect();
                let body = if draft.request.body.is_some() { " +body" } else { "" };
                Ok(format!("{} {} {}{body}", draft.request.method, draft.url, names.join(",")))
            }
        }
    }

    #[test]
    fn methods_headers_and_urls() {
        let standard = SendOptions::default();
        let original = SendOptions { follow_original_method: true, ..standard.clone() };
        let authorized = SendOptions { follow_authorization: true, send_referer: false, ..standard.clone() };
        let ignored = SendOptions { follow_redirects: false, ..standard.clone() };
        let all = "Authorization,Cookie,X,Referer";
        let kept = "Content-Type,Authorization,Cookie,X,Referer +body";
        let cases = [
            (302, "/z", &standard, Ok(format!("GET http://a:1/z {all}"))),
            (300, "/z", &standard, Ok(format!("GET http://a:1/z {all}"))),
            (304, "/z", &standard, Ok(format!("GET http://a:1/z {all}"))),
            (301, "z?q", &standard, Ok(format!("GET http://a:1/x/z?q {all}"))),
            (302, "../z//./;a", &standard, Ok(format!("GET http://a:1/x/../z//./;a {all}"))),
            (303, "//b/z", &standard, Ok("GET http://b/z X,Referer".to_owned())),
            (307, "http://a:2/", &standard, Ok(format!("POST http://a:2/ {kept}"))),
            (308, "https://b/", &standard, Ok("POST https://b/ Content-Type,X,Referer +body".to_owned())),
            (302, "/z", &original, Ok(format!("POST http://a:1/z {kept}"))),
            (302, "http://b/", &authorized, Ok("GET http://b/ Authorization,X".to_owned())),
            (302, "ht!tp://%%%", &standard, Ok(format!("GET http://a:1/x/ht!tp://%%% {all}"))),
            (302, "/caf\u{c3}\u{a9}", &standard, Ok(format!("GET http://a:1/caf%C3%A9 {all}"))),
            (302, "mailto:a@b", &standard, Ok(format!("GET http://a:1/x/mailto:a@b {all}"))),
            (
                302,
                "ftp://b/",
                &standard,
                Err("the redirect from http://a:1/x/y leads nowhere: `ftp://b/` cannot be requested: `ftp` is not a \
                     scheme of the web"
                    .to_owned()),
            ),
            (302, "", &standard, Err("final".to_owned())),
            (302, "/z", &ignored, Err("final".to_owned())),
            (200, "/z", &standard, Err("final".to_owned())),
            (400, "/z", &standard, Err("final".to_owned())),
        ];
        for (code, location, options, expected) in cases {
            let got =
                followed("http://u:p@a:1/x/y", code, location, options).map(|got| got.replace("u:p@", ""));
            assert_eq!(got, expected, "{code} {location}");
        }
    }

    #[test]
    fn the_referer_is_where_it_came_from_without_credentials() {
        for (from, to, expected) in [
            ("http://u:p@a/x?q#f", "http://a/y", Some("http://a/x?q")),
            ("https://a/x", "https://b/", Some("https://a/x")),
            ("https://a/", "http://a/", None),
        ] {
            let mut draft = post(from);
            draft.request.method = "HEAD".into();
            draft.request.headers.push("referer", "mine");
            assert_eq!(follow(&mut draft, &redirect(303, to), &SendOptions::default()), Ok(true));
            assert_eq!(draft.request.method, "HEAD");
            assert_eq!(draft.request.headers.get("Referer"), expected, "{from} → {to}");
        }
    }
}
