//! From a planned item and the variables to the request that is sent.

use super::{behavior, body};
use crate::auth::Scheme;
use crate::collection::{HeaderParam, RequestAuth};
use crate::diagnostic::Warning;
use crate::exchange::{Headers, ResolvedRequest};
use crate::plan::PlannedItem;
use crate::variable::Resolver;

/// A request with its variables resolved, not signed yet.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) request: ResolvedRequest,
    /// How to sign it.
    pub(super) auth: Option<Scheme>,
    /// The `Content-Type` the body implies, when the user gave none.
    pub(super) content_type: Option<String>,
    /// What the user should know, located at the item.
    pub(super) warnings: Vec<Warning>,
}

/// Resolves everything of a request that may hold a variable, field by field (postman-compat.md §4.2); the URL is
/// resolved as one string, so a value may bring path, query or scheme with it.
pub(super) fn resolve(item: &PlannedItem, mut resolver: Resolver<'_>) -> Resolved {
    let request = &item.request;
    let method = resolver.resolve(&request.method).trim().to_uppercase();
    let method = if method.is_empty() { "GET".to_owned() } else { method };
    let url = absolute(resolver.resolve(&request.url.to_string()).trim());
    let headers = headers(&request.headers, &mut resolver);
    let mut built = body::Built::default();
    if let Some(body) = &request.body
        && (sends_body(&method) || behavior::keeps_body(&item.behavior))
    {
        built = body::build(body, headers.get("content-type"), &mut resolver);
    }
    let off = behavior::disabled_system_headers(&item.behavior);
    let content_type = built
        .content_type
        .filter(|_| !headers.contains("content-type") && !off.iter().any(|name| name == "content-type"));
    let auth = item.auth.as_ref().map(|auth| Scheme::from(&with_values(auth, &mut resolver)));
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
        content_type,
        warnings,
    }
}

/// Methods whose body Postman drops, unless `disableBodyPruning`.
fn sends_body(method: &str) -> bool {
    !matches!(method, "GET" | "HEAD" | "COPY" | "PURGE" | "UNLOCK")
}

/// `http://` where no scheme is written; an empty URL stays empty.
fn absolute(url: &str) -> String {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let has_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if url.is_empty() || has_scheme { url.to_owned() } else { format!("http://{url}") }
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
