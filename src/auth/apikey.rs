//! `apikey`: a key in a header or in the query, replacing what was there under that name.

use super::params::Params;
use super::{Signing, Unsigned, query};

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let (key, value) = (params.text("key"), params.given("value"));
    if key.is_empty() && value.as_deref().is_none_or(str::is_empty) {
        return Err(Unsigned::Missing("key"));
    }
    let request = &mut *signing.request;
    if params.text("in") == "query" {
        let rest = query::without(&request.url, &[&key]);
        request.url = query::with(&rest, &key, value.as_deref());
    } else if !key.is_empty() {
        request.headers.remove(&key);
        request.headers.push_system(&key, value.as_deref().unwrap_or_default());
    }
    // Sent as Postman sends it, and yet no key.
    match value {
        _ if key.is_empty() => Err(Unsigned::Missing("key")),
        Some(value) if !value.is_empty() => Ok(()),
        _ => Err(Unsigned::Missing("value")),
    }
}
