//! A server's side of RFC 7616, written from the RFC: nothing of it is the client's.

use super::talker::Reply;
use crate::newman::echo::Seen;
use md5::Md5;
use sha2::{Digest as _, Sha256, Sha512_256};
use std::collections::HashMap;
use std::sync::Mutex;

/// User and password.
pub(crate) const USER: (&str, &str) = ("Mufasa", "Circle of Life");
const REALM: &str = "http-auth@example.org";

/// Challenges as the path says: `/digest/<algorithm>/<qop>/<uses of a nonce>`, `-` for none, `+` between several.
#[derive(Default)]
pub(crate) struct Server {
    /// By nonce: requests accepted with it.
    nonces: Mutex<HashMap<String, u32>>,
}

impl Server {
    pub(crate) fn answer(&self, request: &Seen) -> Reply {
        let path = request.target.split('?').next().unwrap();
        let part = |index: usize| path.split('/').nth(index).filter(|part| *part != "-").unwrap_or_default();
        let uses: u32 = part(4).parse().unwrap_or(u32::MAX);
        match request.header("authorization").and_then(|value| value.strip_prefix("Digest ")) {
            None => self.challenge(part(2), part(3), false),
            Some(given) => match self.verify(request, &fields(given), part(3), uses) {
                Ok(()) => Reply::ok(),
                Err("stale") => self.challenge(part(2), part(3), true),
                Err(reason) => Reply { status: 403, headers: vec![("X-Reason", reason.to_owned())] },
            },
        }
    }

    fn challenge(&self, algorithms: &str, qop: &str, stale: bool) -> Reply {
        let mut nonces = self.nonces.lock().unwrap();
        let nonce = format!("nonce/{}==", nonces.len());
        nonces.insert(nonce.clone(), 0);
        let mut rest = format!("realm=\"{REALM}\", nonce=\"{nonce}\", opaque=\"{{\\\"o\\\"}}\"");
        if !qop.is_empty() {
            rest += &format!(", qop=\"{}\"", qop.replace('+', ", "));
        }
        if stale {
            rest += ", stale=true";
        }
        let headers = algorithms.split('+').map(|algorithm| {
            let named = if algorithm.is_empty() { String::new() } else { format!(", algorithm={algorithm}") };
            ("WWW-Authenticate", format!("Digest {rest}{named}"))
        });
        Reply { status: 401, headers: headers.collect() }
    }

    fn verify(
        &self,
        request: &Seen,
        given: &HashMap<String, String>,
        offered: &str,
        uses: u32,
    ) -> Result<(), &'static str> {
        let field = |name: &str| given.get(name).map_or("", String::as_str);
        let mut nonces = self.nonces.lock().unwrap();
        let used = nonces.get_mut(field("nonce")).ok_or("nonce")?;
        if *used >= uses {
            return Err("stale");
        }
        if (field("username"), field("realm"), field("uri")) != (USER.0, REALM, &request.target) {
            return Err("username, realm or uri");
        }
        let hash = |data: &[u8]| match field("algorithm").trim_end_matches("-sess") {
            "SHA-256" => hex(&Sha256::digest(data)),
            "SHA-512-256" => hex(&Sha512_256::digest(data)),
            _ => hex(&Md5::digest(data)),
        };
        let (nonce, cnonce, qop) = (field("nonce"), field("cnonce"), field("qop"));
        let mut a1 = format!("{}:{REALM}:{}", USER.0, USER.1);
        if field("algorithm").ends_with("-sess") {
            a1 = format!("{}:{nonce}:{cnonce}", hash(a1.as_bytes()));
        }
        let mut a2 = format!("{}:{}", request.method, field("uri"));
        if qop == "auth-int" {
            a2 = format!("{a2}:{}", hash(&request.body));
        }
        let middle = if qop.is_empty() {
            nonce.to_owned()
        } else {
            if !offered.split('+').any(|offer| offer == qop) || cnonce.is_empty() {
                return Err("qop");
            }
            // Strict: every request with a nonce counts, in hexadecimal.
            if field("nc") != format!("{:08x}", *used + 1) {
                return Err("nc");
            }
            format!("{nonce}:{}:{cnonce}:{qop}", field("nc"))
        };
        let expected = hash(format!("{}:{middle}:{}", hash(a1.as_bytes()), hash(a2.as_bytes())).as_bytes());
        if field("response") != expected || qop.is_empty() != offered.is_empty() {
            return Err("response");
        }
        *used += 1;
        Ok(())
    }
}

fn fields(text: &str) -> HashMap<String, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.to_owned(), value.trim_matches('"').to_owned()))
    };
    text.split(", ").filter_map(pair).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
