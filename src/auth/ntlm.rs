//! `ntlm`: three legs on one connection; plain, asked to negotiate, then the proof ([MS-NTHT]).

mod message;

use super::challenge::Challenge;
use super::params::Params;
use super::source::Source;
use super::{Answer, Signing};
use crate::exchange::Response;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use message::{Credentials, ServerChallenge, authenticate, negotiate};

/// How far a request's handshake is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Step {
    /// The request went out plain, or is about to.
    #[default]
    Plain,
    /// This type 1 message goes with the request.
    Negotiate(String),
    /// This type 3 message does.
    Authenticate(String),
}

pub(super) fn sign(step: &Step, signing: &mut Signing<'_>) {
    match step {
        Step::Plain => signing.request.headers.remove("authorization"),
        Step::Negotiate(message) | Step::Authenticate(message) => {
            signing.authorization(format!("NTLM {message}"));
        }
    }
}

/// What the answer to an attempt means; the handshake goes a step on.
pub(super) fn answered(params: &Params, step: &mut Step, response: &Response, source: &mut Source) -> Answer {
    if params.flag("disableRetryRequest") || !matches!(response.code, 401 | 403) {
        return Answer::Final;
    }
    let challenges = Challenge::all(&response.headers);
    let credentials = credentials(params);
    match step {
        Step::Plain if !challenges.iter().any(|challenge| challenge.is("ntlm")) => match response.code {
            401 => Answer::Refused("the answer 401 does not offer NTLM".to_owned()),
            _ => Answer::Final,
        },
        Step::Plain => {
            *step = Step::Negotiate(BASE64_STANDARD.encode(negotiate(&credentials)));
            Answer::Replay
        }
        Step::Negotiate(_) => {
            let token =
                challenges.iter().filter(|challenge| challenge.is("ntlm")).find_map(|c| c.token.as_deref());
            let Some(token) = token else {
                return Answer::Refused("the server did not send an NTLM type 2 message".to_owned());
            };
            let Some(challenge) =
                BASE64_STANDARD.decode(token).ok().and_then(|bytes| ServerChallenge::read(&bytes))
            else {
                return Answer::Refused("the server's NTLM type 2 message cannot be read".to_owned());
            };
            let proof = authenticate(&credentials, &challenge, source.bytes(), source.millis());
            *step = Step::Authenticate(BASE64_STANDARD.encode(proof));
            Answer::Replay
        }
        Step::Authenticate(_) => Answer::Final,
    }
}

/// The domain may be part of the user name: `DOMAIN\user`, `user@domain`.
fn credentials(params: &Params) -> Credentials {
    let username = params.text("username");
    let mut credentials = Credentials {
        username: username.clone(),
        password: params.text("password"),
        domain: params.text("domain"),
        workstation: params.text("workstation").to_uppercase(),
    };
    if credentials.domain.is_empty() {
        let (down, up): (Vec<_>, Vec<_>) = (username.split('\\').collect(), username.split('@').collect());
        match (down.as_slice(), up.as_slice()) {
            ([domain, user], [_]) | ([_], [user, domain]) if !domain.is_empty() && !user.is_empty() => {
                (*user).clone_into(&mut credentials.username);
                (*domain).clone_into(&mut credentials.domain);
            }
            _ => {}
        }
    }
    credentials.domain = credentials.domain.to_uppercase();
    credentials
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::RequestAuth;
    use serde_json::json;

    #[test]
    fn a_user_name_may_hold_the_domain() {
        for (username, domain, expected) in [
            ("u", "", "|u"),
            ("Dom\\u", "", "DOM|u"),
            ("u@dom.x", "", "DOM.X|u"),
            ("Dom\\u", "other", "OTHER|Dom\\u"),
            ("d\\u@x", "", "|d\\u@x"),
            ("a\\b\\c", "", "|a\\b\\c"),
            ("\\u", "", "|\\u"),
        ] {
            let params = vec![("username".into(), json!(username)), ("domain".into(), json!(domain))];
            let read = credentials(&Params::from(&RequestAuth { kind: "ntlm".into(), params }));
            assert_eq!(format!("{}|{}", read.domain, read.username), expected, "{username} {domain}");
        }
    }
}
