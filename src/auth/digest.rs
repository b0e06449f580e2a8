//! `digest`: RFC 7616 with its algorithms and `-sess` forms, `auth-int`, and RFC 2069 where the server names no `qop`.
//!
//! Parameters a user gives come first; what is missing is taken from the server's challenge.

use super::challenge::Challenge;
use super::params::Params;
use super::payload::{self, BARE, Payload};
use super::source::{ALPHANUMERIC, Source};
use super::{Answer, Signing, Unsigned};
use crate::exchange::{Body, Response, hex};
use md5::Md5;
use sha2::{Digest as _, Sha256, Sha512_256};

/// What is known of a server's challenge, and how far the conversation is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Session {
    realm: String,
    nonce: String,
    opaque: String,
    qop: String,
    algorithm: String,
    client_nonce: String,
    /// Requests signed with the nonce before this one.
    used: u32,
    /// A request signed with the nonce was accepted.
    accepted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Md5,
    Sha256,
    Sha512_256,
}

impl Hash {
    fn named(algorithm: &str) -> Option<Self> {
        let plain = algorithm.strip_suffix("-sess").unwrap_or(algorithm);
        match plain {
            "MD5" => Some(Self::Md5),
            "SHA-256" => Some(Self::Sha256),
            "SHA-512-256" => Some(Self::Sha512_256),
            _ => None,
        }
    }

    fn hex(self, data: impl AsRef<[u8]>) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(data)),
            Self::Sha256 => hex(&Sha256::digest(data)),
            Self::Sha512_256 => hex(&Sha512_256::digest(data)),
        }
    }

    fn body(self, body: &Body) -> Result<String, Unsigned> {
        let hash = match self {
            Self::Md5 => payload::hash::<Md5>(body, BARE),
            Self::Sha256 => payload::hash::<Sha256>(body, BARE),
            Self::Sha512_256 => payload::hash::<Sha512_256>(body, BARE),
        };
        hash.map(|hash| hex(&hash))
    }
}

/// The algorithm as RFC 7616 spells it, when it is one we have.
fn canonical(algorithm: &str) -> Option<&'static str> {
    ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(algorithm))
}

/// What one header is made of.
struct Fields {
    username: String,
    realm: String,
    nonce: String,
    uri: String,
    algorithm: String,
    qop: String,
    count: String,
    client_nonce: String,
    opaque: String,
}

fn or(given: String, learned: &str) -> String {
    if given.is_empty() { learned.to_owned() } else { given }
}

/// Signs when realm and nonce are known. Without them the request goes out plain, to be challenged.
pub(super) fn sign(params: &Params, session: &Session, signing: &mut Signing<'_>) -> Result<(), Unsigned> {
    let realm = or(params.text("realm"), &session.realm);
    let nonce = or(params.text("nonce"), &session.nonce);
    let username = params.required("username")?;
    if realm.is_empty() || nonce.is_empty() {
        return Ok(());
    }
    let written = params.text("algorithm");
    let chosen = canonical(&written).unwrap_or(&written);
    let algorithm = or(or(session.algorithm.clone(), chosen), "MD5");
    let hash = Hash::named(&algorithm)
        .ok_or_else(|| Unsigned::Failed(format!("unsupported digest algorithm `{algorithm}`")))?;
    let count = match params.text("nonceCount") {
        count if count.is_empty() => format!("{:08x}", session.used + 1),
        count => count,
    };
    let client_nonce = match or(params.text("clientNonce"), &session.client_nonce) {
        nonce if nonce.is_empty() => signing.source.text(ALPHANUMERIC, 8),
        nonce => nonce,
    };
    let fields = Fields {
        username,
        realm,
        nonce,
        uri: signing.target()?.request_target().into_owned(),
        algorithm,
        qop: or(params.text("qop"), &session.qop),
        count,
        client_nonce,
        opaque: or(params.text("opaque"), &session.opaque),
    };
    let response = fields.response(hash, &params.text("password"), signing)?;
    signing.derived("response", &response);
    signing.authorization(fields.header(&response));
    Ok(())
}

impl Fields {
    fn response(&self, hash: Hash, password: &str, signing: &Signing<'_>) -> Result<String, Unsigned> {
        let Self { username, realm, nonce, uri, qop, count, client_nonce, .. } = self;
        let mut user = hash.hex(format!("{username}:{realm}:{password}"));
        if self.algorithm.ends_with("-sess") {
            user = hash.hex(format!("{user}:{nonce}:{client_nonce}"));
        }
        let mut request = format!("{}:{uri}", signing.request.method);
        if qop == "auth-int" {
            let body = match signing.payload() {
                Payload::Whole(body) | Payload::Multipart(body) => hash.body(body)?,
                Payload::Empty => hash.hex(""),
            };
            request = format!("{request}:{body}");
        }
        let request = hash.hex(request);
        Ok(match self.counted() {
            true => hash.hex(format!("{user}:{nonce}:{count}:{client_nonce}:{qop}:{request}")),
            false => hash.hex(format!("{user}:{nonce}:{request}")),
        })
    }

    fn counted(&self) -> bool {
        matches!(self.qop.as_str(), "auth" | "auth-int")
    }

    /// The fields in Postman's order.
    fn header(&self, response: &str) -> String {
        let Self { username, realm, nonce, uri, algorithm, qop, count, client_nonce, opaque } = self;
        let mut fields = vec![
            format!("username=\"{username}\""),
            format!("realm=\"{realm}\""),
            format!("nonce=\"{nonce}\""),
            format!("uri=\"{uri}\""),
            format!("algorithm=\"{algorithm}\""),
        ];
        if self.counted() {
            fields.push(format!("qop={qop}"));
        }
        // A session's key is made with the client's nonce: the server needs it even without a `qop`.
        if self.counted() || algorithm.ends_with("-sess") {
            fields.push(format!("nc={count}"));
            fields.push(format!("cnonce=\"{client_nonce}\""));
        }
        fields.push(format!("response=\"{response}\""));
        if !opaque.is_empty() {
            fields.push(format!("opaque=\"{opaque}\""));
        }
        format!("Digest {}", fields.join(", "))
    }
}

/// What the answer to an attempt means; the session learns from it.
pub(super) fn answered(
    params: &Params,
    session: &mut Session,
    response: &Response,
    source: &mut Source,
) -> Answer {
    if params.flag("disableRetryRequest") {
        return Answer::Final;
    }
    if !matches!(response.code, 401 | 403) {
        session.used += 1;
        session.accepted = true;
        return Answer::Final;
    }
    let challenges = Challenge::all(&response.headers);
    let chosen = canonical(&params.text("algorithm"));
    let Some((challenge, algorithm)) = pick(&challenges, chosen) else {
        return match response.code {
            401 => Answer::Refused("the answer 401 offers no digest challenge".to_owned()),
            _ => Answer::Final,
        };
    };
    let learned = |name: &str| challenge.param(name).unwrap_or_default().to_owned();
    let next = Session {
        realm: learned("realm"),
        nonce: learned("nonce"),
        opaque: learned("opaque"),
        qop: quality(challenge.param("qop").unwrap_or_default(), &params.text("qop")),
        algorithm,
        client_nonce: source.text(ALPHANUMERIC, 8),
        ..Session::default()
    };
    if next.realm.is_empty() || next.nonce.is_empty() {
        return Answer::Refused("the server's digest challenge lacks a realm or a nonce".to_owned());
    }
    let stale = challenge.param("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true"));
    if next.adds(params, session) || (next.nonce != session.nonce && (stale || session.accepted)) {
        *session = next;
        return Answer::Replay;
    }
    Answer::Final
}

/// The challenge whose algorithm the user chose, else the first with one we have; and the algorithm to use where it is
/// the server's choice. A challenge that names none leaves it to the user.
fn pick<'c>(challenges: &'c [Challenge], chosen: Option<&str>) -> Option<(&'c Challenge, String)> {
    let mut digests = challenges.iter().filter(|challenge| challenge.is("digest"));
    let named = |challenge: &Challenge| challenge.param("algorithm").map(str::to_owned);
    let wanted = |challenge: &&Challenge| match named(challenge) {
        None => true,
        Some(algorithm) => chosen.is_some_and(|chosen| chosen.eq_ignore_ascii_case(&algorithm)),
    };
    let known = |challenge: &&Challenge| named(challenge).is_some_and(|name| canonical(&name).is_some());
    if chosen.is_some()
        && let Some(challenge) = digests.clone().find(wanted)
    {
        return Some((challenge, String::new()));
    }
    let challenge = digests.clone().find(|c| named(c).is_none() || known(c)).or_else(|| digests.next())?;
    let algorithm = named(challenge).unwrap_or_default();
    Some((challenge, canonical(&algorithm).map_or(algorithm, str::to_owned)))
}

/// One of the qualities on offer: the user's, else `auth`, else `auth-int`.
fn quality(offered: &str, chosen: &str) -> String {
    let offered: Vec<&str> = offered.split(',').map(str::trim).collect();
    let all = [chosen, "auth", "auth-int"];
    let taken = all.into_iter().find(|quality| !quality.is_empty() && offered.contains(quality));
    taken.or_else(|| offered.first().copied()).unwrap_or_default().to_owned()
}

impl Session {
    /// What the challenge taught, by the names of the parameters it stands in for.
    pub(super) fn learned(&self) -> Vec<(&'static str, String)> {
        let count =
            if self.client_nonce.is_empty() { String::new() } else { format!("{:08x}", self.used.max(1)) };
        let all = [
            ("nonce", self.nonce.clone()),
            ("realm", self.realm.clone()),
            ("opaque", self.opaque.clone()),
            ("qop", self.qop.clone()),
            ("clientNonce", self.client_nonce.clone()),
            ("nonceCount", count),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Whether this challenge holds something that neither the user gave nor the session knew.
    fn adds(&self, params: &Params, known: &Self) -> bool {
        let mut pairs = vec![("realm", &self.realm, &known.realm), ("nonce", &self.nonce, &known.nonce)];
        pairs.push(("opaque", &self.opaque, &known.opaque));
        pairs.push(("qop", &self.qop, &known.qop));
        if !self.qop.is_empty() || !params.text("qop").is_empty() {
            pairs.push(("clientNonce", &self.client_nonce, &known.client_nonce));
        }
        pairs
            .into_iter()
            .any(|(name, new, known)| !new.is_empty() && known.is_empty() && params.text(name).is_empty())
    }
}
