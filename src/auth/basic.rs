//! `basic`: user name and password, base64 of their UTF-8 (RFC 7617).

use super::Signing;
use super::params::Params;
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// Both default to nothing: Postman sends `Basic Og==` when neither is given.
pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) {
    let credentials = format!("{}:{}", params.text("username"), params.text("password"));
    signing.authorization(format!("Basic {}", BASE64_STANDARD.encode(credentials)));
}
