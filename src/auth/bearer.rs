//! `bearer`: a token in the `Authorization` header (RFC 6750 §2.1).

use super::params::Params;
use super::{Signing, Unsigned};

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let token = params.required("token")?;
    signing.authorization(format!("Bearer {token}"));
    Ok(())
}
