//! `apikey`: a key in a header or in the query, replacing what was there under that name in any case.

use crate::collection::RequestAuth;
use crate::diagnostic::Warning;
use crate::exchange::ResolvedRequest;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'(')
    .remove(b')');

/// Name, value and place of the key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    /// Name of the header or query parameter; without one nothing is signed.
    pub key: String,
    /// The key itself.
    pub value: String,
    /// Whether it goes to the query (`in: query`) and not to a header.
    pub in_query: bool,
}

impl From<&RequestAuth> for Params {
    fn from(auth: &RequestAuth) -> Self {
        Self {
            key: auth.param("key").unwrap_or_default(),
            value: auth.param("value").unwrap_or_default(),
            in_query: auth.param("in").as_deref() == Some("query"),
        }
    }
}

pub(super) fn sign(params: &Params, request: &mut ResolvedRequest) -> Option<Warning> {
    if params.key.is_empty() {
        return Some(super::unsigned("apikey", "key"));
    }
    if params.in_query {
        request.url = with_query_param(&request.url, &params.key, &params.value);
    } else {
        request.headers.set(&params.key, &params.value);
    }
    None
}

/// The URL with the parameters of that name replaced by one at the end of the query; nothing else is touched.
fn with_query_param(url: &str, key: &str, value: &str) -> String {
    let (rest, fragment) = match url.find('#') {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
    let own = format!("{}={}", utf8_percent_encode(key, COMPONENT), utf8_percent_encode(value, COMPONENT));
    let pairs: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !names(pair, key))
        .chain(std::iter::once(own.as_str()))
        .collect();
    format!("{base}?{}{fragment}", pairs.join("&"))
}

fn names(pair: &str, key: &str) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name);
    percent_decode_str(name).decode_utf8_lossy().eq_ignore_ascii_case(key)
}
