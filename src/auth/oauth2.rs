//! `oauth2`: an access token that is given, in the header or in the query (RFC 6750). None is fetched.

use super::params::Params;
use super::{Signing, Unsigned, query};

pub(super) fn sign(params: &Params, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let token = params.required("accessToken")?;
    if params.text("tokenType").eq_ignore_ascii_case("mac") {
        return Err(Unsigned::Failed("token type `mac` is not supported".to_owned()));
    }
    signing.request.headers.remove("authorization");
    signing.request.url = query::without(&signing.request.url, &["access_token"]);
    match params.text("addTokenTo").as_str() {
        "" | "header" => {
            let prefix = params.given("headerPrefix");
            let prefix = prefix.as_deref().map_or("Bearer", str::trim);
            let separator = if prefix.is_empty() { "" } else { " " };
            signing.authorization(format!("{prefix}{separator}{token}"));
            Ok(())
        }
        "queryParams" => {
            signing.request.url = query::with(&signing.request.url, "access_token", Some(&token));
            Ok(())
        }
        other => {
            Err(Unsigned::Failed(format!("addTokenTo is `{other}`, neither `header` nor `queryParams`")))
        }
    }
}
