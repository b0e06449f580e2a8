//! Which names say that what they hold is secret.

/// What in a name says so, letters and digits alone, lower case.
const SECRET: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "accesskey",
    "authkey",
    "subscriptionkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "sharedkey",
    "credential",
    "basicauth",
    "bearer",
    "sessionid",
    "jwt",
];

/// Last words that make a name speak *about* a secret: `tokenUrl`, `token_type`, `passwordExpiresAt`.
const ABOUT: &[&str] = &[
    "url",
    "uri",
    "endpoint",
    "path",
    "host",
    "lifetime",
    "ttl",
    "expiry",
    "expires",
    "expiration",
    "exp",
    "duration",
    "seconds",
    "minutes",
    "hours",
    "days",
    "type",
    "kind",
    "name",
    "label",
    "length",
    "size",
    "count",
    "limit",
    "policy",
    "hint",
    "version",
    "status",
    "format",
    "algorithm",
    "alg",
    "issuer",
    "audience",
    "scope",
    "header",
    "prefix",
    "field",
    "enabled",
    "required",
    "valid",
    "at",
    "in",
    "on",
];

/// Headers whose name holds `key` and whose value is no secret.
const OPEN_HEADERS: &[&str] = &["idempotencykey", "surrogatekey", "websocketkey", "publickey"];

/// Whether a variable, field or parameter of that name holds a secret.
pub(crate) fn sounds_secret(name: &str) -> bool {
    let squeezed = squeeze(name);
    // Asked of every header of a run: preparing a search for each word would take longer than all the looking.
    let begins = |rest: &[u8], word: &str| rest[0] == word.as_bytes()[0] && rest.starts_with(word.as_bytes());
    let says = |rest: &[u8]| SECRET.iter().any(|word| begins(rest, word));
    let bytes = squeezed.as_bytes();
    let says_so = (0..bytes.len()).any(|at| says(&bytes[at..]))
        || squeezed.find("private").is_some_and(|at| squeezed[at..].contains("key"))
        || matches!(squeezed.as_str(), "pwd" | "authorization");
    says_so && !speaks_about(name, &squeezed)
}

/// Whether a header of that name holds a secret: any word `key` counts, as in `X-Key` or `Ocp-Apim-Subscription-Key`.
pub(crate) fn header_sounds_secret(name: &str) -> bool {
    let squeezed = squeeze(name);
    sounds_secret(name)
        || (squeezed.contains("key")
            && words(name).iter().any(|word| word == "key")
            && !speaks_about(name, &squeezed)
            && !OPEN_HEADERS.iter().any(|open| squeezed.contains(open)))
}

fn squeeze(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn speaks_about(name: &str, squeezed: &str) -> bool {
    let words = words(name);
    let last = words.last().map_or("", String::as_str);
    // Without separators the words cannot be told apart: only endings long enough not to be chance count.
    ABOUT.iter().any(|word| last == *word || (word.len() >= 3 && squeezed.ends_with(word)))
}

/// `tokenUrl`, `token_url`, `token-URL` → `token`, `url`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins =
            !before.is_ascii_alphanumeric() || (before.is_ascii_lowercase() && c.is_ascii_uppercase());
        match words.last_mut() {
            _ if !c.is_ascii_alphanumeric() => {}
            Some(word) if !begins => word.push(c.to_ascii_lowercase()),
            _ => words.push(c.to_ascii_lowercase().to_string()),
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_hold_secrets_are_told_from_names_about_them() {
        let secret = "x-api-key apiKey APIKEY api_key token refreshToken jwt-short-token refresh-token basicAuthToken \
            access_token clientSecret secret password user_password passwd PWD privateKey private-rsa-key \
            aws_secret_access_key credentials basicAuth totpToken sessionId id_token Authorization csrfToken2";
        for name in secret.split_ascii_whitespace() {
            assert!(sounds_secret(name), "{name}");
        }
        let open = "tokenUrl token_url tokenLifetime audience token_type tokenType expires_in tokenExpiresAt \
            tokenExpiresIn passwordPolicy secretName baseUrl user username publicKey key id author accessTokenURL \
            tokenurl mustResetPasswordRequired code message monkey";
        for name in open.split_ascii_whitespace() {
            assert!(!sounds_secret(name), "{name}");
        }
    }

    #[test]
    fn headers_with_a_key_hold_secrets() {
        for name in ["X-API-Key", "X-Key", "Ocp-Apim-Subscription-Key", "x-csrf-token", "X-Client-Secret"] {
            assert!(header_sounds_secret(name), "{name}");
        }
        for name in [
            "Idempotency-Key",
            "Sec-WebSocket-Key",
            "Keep-Alive",
            "Content-Type",
            "Public-Key-Pins",
            "monkey",
        ] {
            assert!(!header_sounds_secret(name), "{name}");
        }
    }
}
