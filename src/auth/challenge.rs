//! `WWW-Authenticate` taken apart (RFC 9110 §11.6.1).

use crate::exchange::Headers;

/// One challenge of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The scheme as written.
    pub(super) scheme: String,
    /// What follows the scheme when that is one token (`NTLM TlRMTVNT…`).
    pub(super) token: Option<String>,
    params: Vec<(String, String)>,
}

impl Challenge {
    /// Every challenge, in order; a field may carry several.
    pub(super) fn all(headers: &Headers) -> Vec<Self> {
        headers.get_all("www-authenticate").flat_map(parse).collect()
    }

    /// Whether the challenge is of that scheme.
    pub(super) fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// A parameter; names know no case.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

fn parse(text: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    for element in elements(text) {
        // `Scheme`, `Scheme token68`, `Scheme name=value` begin a challenge; `name=value` goes on with one.
        let (word, rest) = match element.find(char::is_whitespace) {
            Some(at) => (&element[..at], element[at..].trim()),
            None => (element, ""),
        };
        let begins = !word.contains('=') && !rest.starts_with('=');
        if begins {
            found.push(Challenge { scheme: word.to_owned(), ..Challenge::default() });
        }
        let Some(challenge) = found.last_mut() else { continue };
        let assignment = if begins { rest } else { element };
        match param(assignment) {
            Some(pair) => challenge.params.push(pair),
            None if !assignment.is_empty() => challenge.token = Some(assignment.to_owned()),
            None => {}
        }
    }
    found
}

/// What commas outside quotes separate.
fn elements(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let separates = |c: char| {
        let separator = c == ',' && !quoted;
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
        separator
    };
    text.split(separates).map(str::trim).filter(|element| !element.is_empty()).collect()
}

/// `name=value` or `name="value"`; base64's padding is no value.
fn param(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let value = value.trim();
    if value.trim_matches('=').is_empty() {
        return None;
    }
    let value = match value.strip_prefix('"') {
        Some(quoted) => unescaped(quoted.strip_suffix('"').unwrap_or(quoted)),
        None => value.to_owned(),
    };
    Some((name.trim().to_owned(), value))
}

fn unescaped(text: &str) -> String {
    let mut escaped = false;
    let keep = |c: &char| {
        escaped = *c == '\\' && !escaped;
        !escaped
    };
    text.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(fields: &[&str]) -> Vec<String> {
        let mut headers = Headers::default();
        fields.iter().for_each(|field| headers.push("WWW-Authenticate", *field));
        let show =
            |c: &Challenge| format!("{} {:?} {:?}", c.scheme, c.token.as_deref().unwrap_or("-"), c.params);
        Challenge::all(&headers).iter().map(show).collect()
    }

    #[test]
    fn challenges_are_told_apart() {
        for (fields, expected) in [
            (&["Negotiate", "NTLM"][..], &[r#"Negotiate "-" []"#, r#"NTLM "-" []"#][..]),
            (&["Negotiate, NTLM"], &[r#"Negotiate "-" []"#, r#"NTLM "-" []"#]),
            (&["NTLM TlRMTVNTUA=="], &[r#"NTLM "TlRMTVNTUA==" []"#]),
            (
                &[
                    r#"Basic realm="a, b\"c", Digest realm="r",nonce = "n", qop="auth,auth-int", algorithm=SHA-256, stale=TRUE"#,
                ],
                &[
                    r#"Basic "-" [("realm", "a, b\"c")]"#,
                    r#"Digest "-" [("realm", "r"), ("nonce", "n"), ("qop", "auth,auth-int"), ("algorithm", "SHA-256"), ("stale", "TRUE")]"#,
                ],
            ),
            (&["", ",", "x=y"], &[]),
        ] {
            assert_eq!(shown(fields), expected);
        }
    }
}
