//! The numbers of a JSON Web Key. RFC 7517, RFC 7518 §6.

use super::{CryptoError, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// A JWK being read.
pub(super) struct Jwk(Map<String, Value>);

impl Jwk {
    pub(super) fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).map(Self).map_err(|_| CryptoError::Data)
    }

    /// The bytes of a member.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let text = self.0.get(name).and_then(Value::as_str).ok_or(CryptoError::Data)?;
        URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| CryptoError::Data)
    }
}

/// JSON of members in this order; their bytes in base64url.
pub(super) fn write(members: &[(&str, &[u8])]) -> String {
    let members =
        members.iter().map(|(name, bytes)| ((*name).to_owned(), URL_SAFE_NO_PAD.encode(bytes).into()));
    Value::Object(members.collect()).to_string()
}
