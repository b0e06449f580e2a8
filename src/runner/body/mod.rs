//! Request bodies: from a collection's description to what the transport puts on the wire.

mod comments;
mod files;
mod form_data;
mod media_type;

pub use files::FileAccess;

use crate::collection::{QueryParam, RequestBody};
use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::Body;
use crate::variable::Resolver;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use indexmap::IndexMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// RFC 3986's unreserved characters, the ones that forms leave alone.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A body with the `Content-Type` it implies, and what could not be sent as written.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub(super) body: Option<Body>,
    pub(super) implied: Implied,
    pub(super) warnings: Vec<Warning>,
}

/// The `Content-Type` a body implies.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Implied {
    #[default]
    Nothing,
    /// This one, where the user gave none.
    Default {
        value: String,
        /// It is there before the request is signed.
        signed: bool,
    },
    /// A form's: a user's own gives way, unless it fits.
    Form { value: String, fits: bool },
}

impl Built {
    fn new(body: impl Into<bytes::Bytes>, content_type: impl Into<String>) -> Self {
        let implied = Implied::Default { value: content_type.into(), signed: false };
        Self { body: Some(Body::new(body)), implied, warnings: Vec::new() }
    }

    fn not_sent(message: impl Into<String>) -> Self {
        let warning = Warning::new(WarningCode::BodyNotSent, message);
        Self { warnings: vec![warning], ..Self::default() }
    }
}

/// Builds the body. `content_type` is the user's own, if any.
pub(super) fn build(
    body: &RequestBody,
    content_type: Option<&str>,
    files: &FileAccess,
    resolver: &mut Resolver<'_>,
) -> Built {
    match body {
        RequestBody::Raw { text, language } => {
            raw(resolver.resolve(text).into_owned(), language.as_deref(), content_type)
        }
        RequestBody::UrlEncoded(params) => urlencoded(params, content_type, resolver),
        RequestBody::FormData(parts) => form_data::build(parts, content_type, files, resolver),
        RequestBody::GraphQl(fields) => {
            let resolve = |(name, value): (&String, &Value)| (name.clone(), resolver.resolve_json(value));
            let fields: Map<String, Value> = fields.iter().map(resolve).collect();
            Built::new(graphql(&fields), JSON)
        }
        RequestBody::File { src, content } => {
            let src = src.as_deref().map(|src| resolver.resolve(src).into_owned());
            let content = content.as_deref().map(|content| resolver.resolve(content).into_owned());
            file(src.filter(|src| !src.is_empty()).as_deref(), content.as_deref(), files)
        }
        RequestBody::Empty => Built::default(),
        RequestBody::Unknown(mode) if mode.is_empty() => {
            Built::not_sent("the body names no mode; it was not sent")
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
        Some("json") => JSON,
        Some("javascript") => "application/javascript",
        Some("html") => "text/html",
        Some("xml") => "application/xml",
        _ => "text/plain",
    };
    let signed = language == Some("json");
    let is_json = match language {
        Some(language) => language == "json",
        None => content_type.is_some_and(is_json),
    };
    let text = if is_json { comments::without(text) } else { text };
    let body = (!text.is_empty()).then(|| Body::new(text));
    Built { body, implied: Implied::Default { value: implied.to_owned(), signed }, warnings: Vec::new() }
}

/// `application/json` and `application/…+json`.
fn is_json(content_type: &str) -> bool {
    content_type.strip_prefix("application/").is_some_and(|subtype| {
        let token = subtype.split(char::is_whitespace).next().unwrap_or_default();
        subtype.starts_with("json") || token.contains("+json")
    })
}

/// Fields of the same name stand together where the first one is, and names that are array indices come first, in
/// order: newman keeps a form as a JavaScript object.
fn urlencoded(params: &[QueryParam], content_type: Option<&str>, resolver: &mut Resolver<'_>) -> Built {
    let mut fields: IndexMap<String, Vec<String>> = IndexMap::new();
    for param in params.iter().filter(|param| !param.disabled) {
        let mut text =
            |text: &Option<String>| resolver.resolve(text.as_deref().unwrap_or_default()).into_owned();
        let (key, value) = (text(&param.key), text(&param.value));
        fields.entry(key).or_default().push(value);
    }
    if fields.is_empty() {
        return Built::default();
    }
    fields.sort_by(|a, _, b, _| match (array_index(a), array_index(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let pair = |(key, values): (&String, &Vec<String>)| {
        let key = encode(key);
        values.iter().map(|value| format!("{key}={}", encode(value))).collect::<Vec<_>>()
    };
    let text = fields.iter().flat_map(pair).collect::<Vec<_>>().join("&");
    let fits = content_type.is_some_and(is_form);
    Built {
        body: Some(Body::new(text)),
        implied: Implied::Form { value: FORM.to_owned(), fits },
        warnings: Vec::new(),
    }
}

fn is_form(content_type: &str) -> bool {
    content_type
        .strip_prefix(FORM)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// The number a property name is, if JavaScript takes it for an array's index.
fn array_index(name: &str) -> Option<u32> {
    let index: u32 = name.parse().ok()?;
    (index != u32::MAX && index.to_string() == name).then_some(index)
}

/// `variables` that are text are spliced in as they stand: what the user wrote is what the server gets, JSON or not.
fn graphql(fields: &Map<String, Value>) -> String {
    let field = |name: &str, value: &dyn std::fmt::Display| format!("\"{name}\":{value}");
    let text = |name: &str| fields.get(name).filter(|value| value.is_string());
    let members: Vec<String> = match fields.get("variables") {
        Some(Value::String(variables)) => {
            let named = ["query", "operationName"].into_iter();
            let variables = (!variables.is_empty()).then(|| field("variables", variables));
            named.filter_map(|name| Some(field(name, text(name)?))).chain(variables).collect()
        }
        _ => {
            let named = ["query", "operationName", "variables"].into_iter();
            named.filter_map(|name| Some(field(name, fields.get(name)?))).collect()
        }
    };
    format!("{{{}}}", members.join(","))
}

fn file(src: Option<&str>, content: Option<&str>, files: &FileAccess) -> Built {
    let Some(src) = src else {
        return match content.map(|content| BASE64_STANDARD.decode(content.trim())) {
            Some(Ok(bytes)) => Built { body: Some(Body::new(bytes)), ..Built::default() },
            Some(Err(error)) => Built::not_sent(format!(
                "the content of the `file` body is not base64 ({error}); it was not sent"
            )),
            None => Built::not_sent("the body is of mode `file` but names no file; it was not sent"),
        };
    };
    match files.find(src) {
        Ok(found) => {
            let value = media_type::of(&found.name).unwrap_or(media_type::UNKNOWN).to_owned();
            let implied = Implied::Default { value, signed: false };
            Built { body: Some(Body::of_chunks([found.chunk])), implied, warnings: Vec::new() }
        }
        Err(why) => {
            let message = format!("cannot read `{src}`: {why}; the request was sent without a body");
            Built { warnings: vec![not_read(message, src, files)], ..Built::default() }
        }
    }
}

/// A file that is not sent, with where it was looked for.
fn not_read(message: String, path: &str, files: &FileAccess) -> Warning {
    let warning = Warning::new(WarningCode::BodyNotSent, message);
    if std::path::Path::new(path).is_absolute() {
        return warning;
    }
    let root = files.root().display();
    warning.hint(format!("relative paths start at the working directory, `{root}` (--working-dir)"))
}

#[cfg(test)]
mod tests;
