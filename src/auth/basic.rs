//! `basic`: user name and password, base64 of their UTF-8 (RFC 7617).

use crate::collection::RequestAuth;
use crate::exchange::ResolvedRequest;
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// Both default to nothing: Postman sends `Basic Og==` when neither is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
}

impl From<&RequestAuth> for Params {
    fn from(auth: &RequestAuth) -> Self {
        Self {
            username: auth.param("username").unwrap_or_default(),
            password: auth.param("password").unwrap_or_default(),
        }
    }
}

pub(super) fn sign(params: &Params, request: &mut ResolvedRequest) {
    let credentials = BASE64_STANDARD.encode(format!("{}:{}", params.username, params.password));
    request.headers.set("Authorization", format!("Basic {credentials}"));
}
