//! `bearer`: a token in the `Authorization` header (RFC 6750 §2.1).

use crate::collection::RequestAuth;
use crate::diagnostic::Warning;
use crate::exchange::ResolvedRequest;

/// The token; an empty one signs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    /// The token, without `Bearer`.
    pub token: String,
}

impl From<&RequestAuth> for Params {
    fn from(auth: &RequestAuth) -> Self {
        Self { token: auth.param("token").unwrap_or_default() }
    }
}

pub(super) fn sign(params: &Params, request: &mut ResolvedRequest) -> Option<Warning> {
    if params.token.is_empty() {
        return Some(super::unsigned("bearer", "token"));
    }
    request.headers.set("Authorization", format!("Bearer {}", params.token));
    None
}
