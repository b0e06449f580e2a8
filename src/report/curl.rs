//! A request as one line of `curl`, to repeat it by hand. What is masked stays masked: put the value in its place.

use crate::exchange::{Body, Header, ResolvedRequest};
use std::borrow::Cow;

/// Fields that curl sets by itself, or that belong to one connection or one sending.
const OWN: [&str; 7] = [
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "user-agent",
    "postman-token",
    "cache-control",
];

/// The line, quoted for a POSIX shell.
pub(in crate::report) fn line(request: &ResolvedRequest) -> String {
    let mut words: Vec<Cow<'_, str>> = vec!["curl".into()];
    let body = request.body.as_ref().filter(|body| !body.is_empty());
    match (request.method.as_str(), body) {
        ("GET", None) | ("POST", Some(_)) => {}
        ("HEAD", None) => words.push("--head".into()),
        (method, _) => words.extend(["-X".into(), method.into()]),
    }
    // curl would mend what the collection means.
    if request.url.contains("/.") {
        words.push("--path-as-is".into());
    }
    if request.url.contains(['[', ']', '{', '}']) {
        words.push("--globoff".into());
    }
    words.push(request.url.as_str().into());
    for Header { key, value, system } in request.headers.iter() {
        let own = OWN.iter().any(|name| key.eq_ignore_ascii_case(name)) || key.eq_ignore_ascii_case("accept");
        if *system && own {
            continue;
        }
        let field = if value.is_empty() { format!("{key};") } else { format!("{key}: {value}") };
        words.extend(["-H".into(), field.into()]);
    }
    // curl names a form where nobody names a type.
    if body.is_some() && !request.headers.contains("content-type") {
        words.extend(["-H".into(), "Content-Type:".into()]);
    }
    if let Some(body) = body {
        words.extend(data(body));
    }
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn data(body: &Body) -> [Cow<'_, str>; 2] {
    match std::str::from_utf8(body.bytes()) {
        Ok(text) if !body.truncated() => ["--data-raw".into(), text.into()],
        _ => ["--data-binary".into(), "@body".into()],
    }
}

/// A word the shell reads as it is; what no shell can carry (a zero byte) is left out.
pub(in crate::report) fn quoted(word: &str) -> Cow<'_, str> {
    match shlex::try_quote(word) {
        Ok(quoted) => quoted,
        Err(_) => Cow::Owned(shlex::try_quote(&word.replace('\0', "")).unwrap_or_default().into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Headers;

    fn request(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> ResolvedRequest {
        let mut fields = Headers::default();
        headers.iter().for_each(|(key, value)| fields.push(*key, *value));
        fields.push_system("Host", "h");
        fields.push_system("Accept", "*/*");
        ResolvedRequest {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: fields,
            body: body.map(|text| Body::new(text.to_owned())),
        }
    }

    #[test]
    fn a_request_becomes_one_line() {
        for (request, expected) in [
            (request("GET", "http://h/a?b=c", &[], None), "curl 'http://h/a?b=c'"),
            (request("HEAD", "http://h/", &[], None), "curl --head http://h/"),
            (
                request(
                    "POST",
                    "http://h/r",
                    &[("content-type", "application/json")],
                    Some("{\"a\": \"it's\"}"),
                ),
                r#"curl http://h/r -H 'content-type: application/json' --data-raw "{\"a\": \"it's\"}""#,
            ),
            (
                request("DELETE", "http://h/a/../b", &[("x-empty", "")], None),
                "curl -X DELETE --path-as-is http://h/a/../b -H 'x-empty;'",
            ),
            (
                request("PUT", "http://[::1]/", &[], Some("x")),
                "curl -X PUT --globoff 'http://[::1]/' -H Content-Type: --data-raw x",
            ),
        ] {
            assert_eq!(line(&request), expected);
        }
    }

    #[test]
    fn what_no_argument_can_hold_is_named_a_file() {
        let mut binary = request("POST", "http://h/", &[("content-type", "image/png")], None);
        binary.body = Some(Body::new(vec![0xff, 0xfe]));
        assert_eq!(line(&binary), "curl http://h/ -H 'content-type: image/png' --data-binary @body");
    }

    #[test]
    fn a_shell_reads_back_what_was_meant() {
        let request = request(
            "POST",
            "http://h/$(id)",
            &[("x", "a'b\"c`d\\e!f\n")],
            Some("{\"k\": \"‹secret:t#1›\"}\n"),
        );
        let words = shlex::split(&line(&request)).unwrap();
        assert_eq!(words[1], "http://h/$(id)");
        assert_eq!(words[3], "x: a'b\"c`d\\e!f\n");
        assert_eq!(words.last().unwrap(), "{\"k\": \"‹secret:t#1›\"}\n");
    }
}
