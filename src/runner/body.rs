//! Request bodies: what each of Postman's modes puts on the wire.

use crate::collection::{FormPart, QueryParam, RequestBody};
use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::Body;
use crate::variable::Resolver;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::fmt::Write as _;

/// RFC 3986's unreserved characters, the ones `qs` leaves alone in its strict mode.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A body with the `Content-Type` it implies, and what could not be sent as written.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub(super) body: Option<Body>,
    pub(super) content_type: Option<String>,
    pub(super) warnings: Vec<Warning>,
}

impl Built {
    fn new(text: String, content_type: impl Into<String>) -> Self {
        Self { body: Some(Body::new(text)), content_type: Some(content_type.into()), warnings: Vec::new() }
    }

    fn not_sent(message: String) -> Self {
        let warning = Warning::new(WarningCode::BodyNotSent, message);
        Self { warnings: vec![warning], ..Self::default() }
    }
}

/// Builds the body. `content_type` is the user's own, if any.
pub(super) fn build(body: &RequestBody, content_type: Option<&str>, resolver: &mut Resolver<'_>) -> Built {
    match body {
        RequestBody::Raw { text, language } => {
            raw(resolver.resolve(text).into_owned(), language.as_deref(), content_type)
        }
        RequestBody::UrlEncoded(params) => urlencoded(params, resolver),
        RequestBody::FormData(parts) => form_data(parts, resolver),
        RequestBody::GraphQl { query, operation_name, variables } => {
            let mut field =
                |text: &Option<String>| text.as_ref().map(|text| resolver.resolve(text).into_owned());
            graphql(field(query), field(operation_name), field(variables))
        }
        RequestBody::File { src, content } => file(src.as_deref(), content.as_deref()),
        RequestBody::Unknown(mode) if mode.is_empty() => {
            Built::not_sent("the body names no mode; it was not sent".to_owned())
        }
        RequestBody::Unknown(mode) => {
            Built::not_sent(format!("a body of mode `{mode}` is not known to this version; it was not sent"))
        }
    }
}

fn raw(text: String, language: Option<&str>, content_type: Option<&str>) -> Built {
    if text.is_empty() {
        return Built::default();
    }
    let implied = match language {
        Some("json") => "application/json",
        Some("javascript") => "application/javascript",
        Some("html") => "text/html",
        Some("xml") => "application/xml",
        _ => "text/plain",
    };
    let is_json =
        language == Some("json") || content_type.is_some_and(|value| value.contains("application/json"));
    Built::new(if is_json { without_comments(text) } else { text }, implied)
}

/// JSON without `//` and `/* */` comments, as Postman sends it. What is JSON already stays byte for byte.
fn without_comments(text: String) -> String {
    if !text.contains('/') || serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['"', '/']) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let token = match tail.as_bytes() {
            [b'"', ..] => {
                let end = string_end(tail);
                out.push_str(&tail[..end]);
                end
            }
            [_, b'/', ..] => tail.find('\n').unwrap_or(tail.len()),
            [_, b'*', ..] => tail[2..].find("*/").map_or(tail.len(), |end| end + 4),
            _ => {
                out.push('/');
                1
            }
        };
        rest = &tail[token..];
    }
    out.push_str(rest);
    out
}

/// Length of the string literal that `text` begins with, to the end when it is not closed.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn urlencoded(params: &[QueryParam], resolver: &mut Resolver<'_>) -> Built {
    let mut encode = |text: &Option<String>| {
        let text = resolver.resolve(text.as_deref().unwrap_or_default());
        utf8_percent_encode(&text, UNRESERVED).to_string()
    };
    let pairs: Vec<String> = params
        .iter()
        .filter(|param| !param.disabled)
        .map(|param| format!("{}={}", encode(&param.key), encode(&param.value)))
        .collect();
    if pairs.is_empty() {
        return Built::default();
    }
    Built::new(pairs.join("&"), "application/x-www-form-urlencoded")
}

/// Text parts are sent; a file part is not, and the user is told.
fn form_data(parts: &[FormPart], resolver: &mut Resolver<'_>) -> Built {
    let boundary = boundary();
    let mut text = String::new();
    let mut warnings = Vec::new();
    for part in parts.iter().filter(|part| !part.disabled) {
        let key = resolver.resolve(&part.key);
        if part.file {
            let message = format!("form part `{key}` is a file, which this version does not send");
            warnings.push(Warning::new(WarningCode::BodyNotSent, message));
            continue;
        }
        let value = resolver.resolve(part.value.as_deref().unwrap_or_default());
        // Writing to a String cannot fail. Quotes and line ends are escaped as browsers do (WHATWG HTML).
        let name = key.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let _ = write!(text, "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
        if let Some(file_name) = &part.file_name {
            let _ = write!(text, "; filename=\"{}\"", resolver.resolve(file_name).replace('"', "%22"));
        }
        if let Some(content_type) = &part.content_type {
            let _ = write!(text, "\r\nContent-Type: {}", resolver.resolve(content_type));
        }
        let _ = write!(text, "\r\n\r\n{value}\r\n");
    }
    if text.is_empty() {
        return Built { warnings, ..Built::default() };
    }
    let _ = write!(text, "--{boundary}--\r\n");
    Built { warnings, ..Built::new(text, format!("multipart/form-data; boundary={boundary}")) }
}

fn boundary() -> String {
    let digits: String = (0..24).map(|_| char::from(b'0' + rand::random_range(0..10u8))).collect();
    format!("{}{digits}", "-".repeat(26))
}

/// `variables` is spliced in as it stands: what the user wrote is what the server gets, JSON or not.
fn graphql(query: Option<String>, operation_name: Option<String>, variables: Option<String>) -> Built {
    let json = |text: String| Value::String(text).to_string();
    let fields: Vec<String> = [
        query.map(|text| format!("\"query\":{}", json(text))),
        operation_name.map(|text| format!("\"operationName\":{}", json(text))),
        variables.filter(|text| !text.is_empty()).map(|text| format!("\"variables\":{text}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    Built::new(format!("{{{}}}", fields.join(",")), "application/json")
}

fn file(src: Option<&str>, content: Option<&str>) -> Built {
    match (content.map(|content| BASE64_STANDARD.decode(content)), src) {
        (Some(Ok(bytes)), _) => Built { body: Some(Body::new(bytes)), ..Built::default() },
        (Some(Err(error)), _) => Built::not_sent(format!(
            "the content of the `file` body is not base64 ({error}); it was not sent"
        )),
        (None, Some(src)) => Built::not_sent(format!(
            "the body is the file `{src}` (mode `file`), which this version does not send"
        )),
        (None, None) => {
            Built::not_sent("the body is of mode `file` but names no file; it was not sent".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variable::{Dynamic, Scopes};

    /// body, user's content type → text, implied content type, warnings
    fn built(
        body: &RequestBody,
        content_type: Option<&str>,
    ) -> (Option<String>, Option<String>, Vec<String>) {
        let mut scopes = Scopes::default();
        scopes.globals.set("v", "a b&\"é\"");
        scopes.globals.set("n", 7);
        let mut dynamic = Dynamic::from_entropy();
        let built = build(body, content_type, &mut Resolver::new(&scopes, &mut dynamic));
        let messages = built.warnings.into_iter().map(|w| w.message).collect();
        (built.body.map(|body| body.text().into_owned()), built.content_type, messages)
    }

    #[test]
    fn raw_implies_a_content_type_by_language() {
        for (language, implied) in [
            (None, "text/plain"),
            (Some("text"), "text/plain"),
            (Some("json"), "application/json"),
            (Some("javascript"), "application/javascript"),
            (Some("html"), "text/html"),
            (Some("xml"), "application/xml"),
            (Some("klingon"), "text/plain"),
        ] {
            let body = RequestBody::Raw { text: "{\"n\": {{n}}}".into(), language: language.map(Into::into) };
            assert_eq!(built(&body, None), (Some("{\"n\": 7}".into()), Some(implied.into()), vec![]));
        }
        let empty = RequestBody::Raw { text: String::new(), language: Some("json".into()) };
        assert_eq!(built(&empty, None), (None, None, vec![]));
    }

    #[test]
    fn comments_go_from_json_only() {
        let with = "{ // one\n \"u\": \"http://h/*x*/\\\"//\", /* two\n */ \"a\": 1 / 2 }// end";
        let without = "{ \n \"u\": \"http://h/*x*/\\\"//\",  \"a\": 1 / 2 }";
        let raw = |text: &str, language: &str| RequestBody::Raw {
            text: text.into(),
            language: Some(language.into()),
        };
        assert_eq!(built(&raw(with, "json"), None).0.as_deref(), Some(without));
        assert_eq!(
            built(&raw(with, "text"), Some("application/json; charset=utf-8")).0.as_deref(),
            Some(without)
        );
        assert_eq!(built(&raw(with, "text"), None).0.as_deref(), Some(with));
        for odd in ["/", "\"open // x", "/* open", "[\"é//\"] //é", "/*/ 1"] {
            let stripped = built(&raw(odd, "json"), None).0;
            assert!(stripped.is_some_and(|text| text.len() <= odd.len()), "{odd}");
        }
    }

    #[test]
    fn urlencoded_percent_encodes_everything_reserved() {
        let param = |key: Option<&str>, value: Option<&str>, disabled| QueryParam {
            key: key.map(Into::into),
            value: value.map(Into::into),
            disabled,
        };
        let body = RequestBody::UrlEncoded(vec![
            param(Some("k 1"), Some("{{v}}"), false),
            param(Some("off"), Some("x"), true),
            param(Some("null"), None, false),
            param(None, Some("nokey"), false),
            param(Some("a-_.~!'()*"), Some("+"), false),
        ]);
        let (text, content_type, _) = built(&body, None);
        assert_eq!(text.as_deref(), Some("k%201=a%20b%26%22%C3%A9%22&null=&=nokey&a-_.~%21%27%28%29%2A=%2B"));
        assert_eq!(content_type.as_deref(), Some("application/x-www-form-urlencoded"));
        assert_eq!(built(&RequestBody::UrlEncoded(vec![]), None), (None, None, vec![]));
    }

    #[test]
    fn form_data_sends_text_and_tells_of_files() {
        let part = |key: &str, value: Option<&str>, file| FormPart {
            key: key.into(),
            value: value.map(Into::into),
            src: None,
            file,
            content_type: None,
            file_name: None,
            disabled: false,
        };
        let mut typed = part("j\"", Some("{}"), false);
        typed.content_type = Some("application/json".into());
        typed.file_name = Some("f{{n}}.json".into());
        let mut off = part("off", Some("x"), false);
        off.disabled = true;
        let body =
            RequestBody::FormData(vec![part("a", Some("{{n}}"), false), typed, off, part("up", None, true)]);
        let (text, content_type, warnings) = built(&body, None);
        let content_type = content_type.unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        assert!(boundary.len() == 50 && boundary[..26].bytes().all(|b| b == b'-'));
        assert_eq!(
            text.unwrap().replace(boundary, "B"),
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n7\r\n\
             --B\r\nContent-Disposition: form-data; name=\"j%22\"; filename=\"f7.json\"\r\n\
             Content-Type: application/json\r\n\r\n{}\r\n--B--\r\n"
        );
        assert_eq!(warnings, ["form part `up` is a file, which this version does not send"]);
    }

    #[test]
    fn graphql_is_json_with_variables_as_written() {
        let graphql =
            |query: Option<&str>, name: Option<&str>, variables: Option<&str>| RequestBody::GraphQl {
                query: query.map(Into::into),
                operation_name: name.map(Into::into),
                variables: variables.map(Into::into),
            };
        for (body, text) in [
            (graphql(Some("{ \"a\" }"), None, Some("")), r#"{"query":"{ \"a\" }"}"#),
            (
                graphql(Some("q"), Some("Op"), Some("{\"n\": {{n}}}")),
                r#"{"query":"q","operationName":"Op","variables":{"n": 7}}"#,
            ),
            (graphql(None, None, None), "{}"),
        ] {
            assert_eq!(built(&body, None), (Some(text.into()), Some("application/json".into()), vec![]));
        }
    }

    #[test]
    fn what_is_not_sent_is_told() {
        let file = |src: Option<&str>, content: Option<&str>| RequestBody::File {
            src: src.map(Into::into),
            content: content.map(Into::into),
        };
        for (body, message) in [
            (
                file(Some("a.bin"), None),
                "the body is the file `a.bin` (mode `file`), which this version does not send",
            ),
            (file(None, None), "the body is of mode `file` but names no file; it was not sent"),
            (file(None, Some("?")), "the content of the `file` body is not base64"),
            (RequestBody::Unknown(String::new()), "the body names no mode; it was not sent"),
            (
                RequestBody::Unknown("msgpack".into()),
                "a body of mode `msgpack` is not known to this version; it was not sent",
            ),
        ] {
            let (text, content_type, warnings) = built(&body, None);
            assert_eq!((text, content_type), (None, None));
            assert!(warnings.len() == 1 && warnings[0].starts_with(message), "{warnings:?}");
        }
        assert_eq!(built(&file(None, Some("aGk=")), None).0.as_deref(), Some("hi"));
    }
}
