//! From a planned item and the variables to the request that is sent.

use super::behavior;
use super::body::{self, FileAccess, Implied};
use crate::auth::Wire;
use crate::collection::{HeaderParam, RequestAuth, RequestBody};
use crate::diagnostic::Warning;
use crate::exchange::{Headers, ResolvedRequest};
use crate::plan::PlannedItem;
use crate::variable::Resolver;

/// A request with its variables resolved, not signed yet.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) request: ResolvedRequest,
    /// How to sign it.
    pub(super) auth: Option<RequestAuth>,
    /// What signatures depend on beside the request.
    pub(super) wire: Wire,
    /// The `Content-Type` the body implies and that is added once the request is signed.
    pub(super) content_type: Option<String>,
    /// What the user should know, located at the item.
    pub(super) warnings: Vec<Warning>,
}

/// Resolves everything of a request that may hold a variable, field by field (postman-compat.md §4.2); the URL is
/// resolved as one string, so a value may bring path, query or scheme with it.
pub(super) fn resolve(item: &PlannedItem, files: &FileAccess, mut resolver: Resolver<'_>) -> Resolved {
    let request = &item.request;
    let method = resolver.resolve(&request.method).trim().to_uppercase();
    let method = if method.is_empty() { "GET".to_owned() } else { method };
    let url = absolute(resolver.resolve(&request.url.to_string()).trim_start());
    let mut headers = headers(&request.headers, &mut resolver);
    let mut built = body::Built::default();
    if let Some(body) = request.body.as_ref().filter(|_| !request.body_disabled)
        && (sends_body(&method) || behavior::keeps_body(&item.behavior))
    {
        built = body::build(body, headers.get("content-type"), files, &mut resolver);
    }
    let off = behavior::disabled_system_headers(&item.behavior);
    let off = off.iter().any(|name| name == "content-type");
    let content_type = if off { None } else { content_type(built.implied, &mut headers) };
    let auth = item.auth.as_ref().map(|auth| with_values(auth, &mut resolver));
    let wire = Wire {
        form: matches!(request.body, Some(RequestBody::UrlEncoded(_))),
        multipart: matches!(request.body, Some(RequestBody::FormData(_))),
        encoding: behavior::url_encoding(&item.behavior),
    };
    let warnings = resolver
        .finish()
        .into_iter()
        .chain(built.warnings)
        .map(
            |warning| {
                if warning.location.is_some() { warning } else { warning.at(item.item.location.clone()) }
            },
        )
        .collect();
    Resolved {
        request: ResolvedRequest { method, url, headers, body: built.body },
        auth,
        wire,
        content_type,
        warnings,
    }
}

/// The `Content-Type` to add once the request is signed. One that is there before is added here, and a user's own
/// that does not fit a form is replaced here.
fn content_type(implied: Implied, headers: &mut Headers) -> Option<String> {
    let own = headers.0.iter_mut().find(|header| header.key.eq_ignore_ascii_case("content-type"));
    match (implied, own) {
        (Implied::Form { value, fits: false }, Some(own)) => {
            own.value = value;
            None
        }
        (Implied::Nothing, _) | (_, Some(_)) => None,
        (Implied::Default { value, signed: true }, None) => {
            headers.push_system("Content-Type", value);
            None
        }
        (Implied::Default { value, .. } | Implied::Form { value, .. }, None) => Some(value),
    }
}

/// Methods whose body Postman drops, unless `disableBodyPruning`.
fn sends_body(method: &str) -> bool {
    !matches!(method, "GET" | "HEAD" | "COPY" | "PURGE" | "UNLOCK")
}

/// `http://` where no scheme is written but a host.
fn absolute(url: &str) -> String {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let has_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | ':'));
    // What begins with a slash names no host, and must not get one from its path.
    let pathless = url.is_empty() || url.starts_with(['/', '\\']);
    if pathless || has_scheme { url.to_owned() } else { format!("http://{url}") }
}

/// Enabled fields with a name, in order.
fn headers(written: &[HeaderParam], resolver: &mut Resolver<'_>) -> Headers {
    let mut headers = Headers::default();
    for HeaderParam { key, value, .. } in written.iter().filter(|header| !header.disabled) {
        let key = resolver.resolve(key);
        let value = resolver.resolve(value);
        if !key.is_empty() {
            headers.push(key, value);
        }
    }
    headers
}

fn with_values(auth: &RequestAuth, resolver: &mut Resolver<'_>) -> RequestAuth {
    let params =
        auth.params.iter().map(|(name, value)| (name.clone(), resolver.resolve_json(value))).collect();
    RequestAuth { kind: auth.kind.clone(), params }
}
