//! Where secrets turn up in events: auth headers, cookies, URLs, and fields whose name says so.

use super::Redactor;
use super::names::{header_sounds_secret, sounds_secret};
use crate::event::EventKind;
use crate::exchange::{Body, Call, Header, Headers};
use percent_encoding::percent_decode_str;
use regex_lite::Regex;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::sync::LazyLock;

/// JSON inside JSON strings is followed this deep.
const DEPTH: u8 = 8;
/// A parameter called just `key` or `sig` holds a secret when it is at least this long.
const KEY_LENGTH: usize = 16;

impl Redactor {
    /// Learns the secrets an event shows. To be called before the event is masked.
    pub fn learn_event(&mut self, kind: &EventKind) {
        if !self.enabled {
            return;
        }
        match kind {
            EventKind::RunStarted { run } => {
                if let Some(collection) = &run.collection {
                    named_values(self, collection);
                }
            }
            EventKind::IterationStarted { data: Some(row), .. } => named_values(self, row),
            EventKind::SecretsMade { secrets, lasting } => {
                secrets.iter().for_each(|secret| self.insert(&secret.name, &secret.value, *lasting));
            }
            EventKind::RequestStarted { request, .. } => url(self, &request.url),
            EventKind::RequestFinished { exchange, .. } => {
                exchange.calls.iter().for_each(|hop| call(self, hop));
            }
            // A walk tells what it found at its end, when what its steps showed may be forgotten.
            EventKind::CounterexampleFound { counterexample } => {
                counterexample
                    .exchanges()
                    .flat_map(|exchange| &exchange.calls)
                    .for_each(|hop| call(self, hop));
            }
            EventKind::RunFinished { environment, globals, .. } => {
                environment.iter().chain(globals).for_each(|scope| named_values(self, scope));
            }
            EventKind::VariablesBefore { environment, globals, collection_variables } => {
                [environment, globals, collection_variables]
                    .into_iter()
                    .for_each(|scope| named_values(self, scope));
            }
            _ => {}
        }
    }

    /// Learns the password and the secret parameters of a URL, for good.
    pub fn learn_url(&mut self, text: &str) {
        url(self, text);
    }

    /// Adds a secret that was seen in traffic: thousands of newer ones may have it forgotten, which is what bounds memory
    /// on long runs.
    pub fn learn(&mut self, name: &str, secret: &str) {
        self.insert(name, secret, false);
    }
}

fn call(redactor: &mut Redactor, call: &Call) {
    url(redactor, &call.request.url);
    call.request.headers.iter().for_each(|field| header(redactor, field));
    if let Some(content) = &call.request.body {
        body(redactor, &call.request.headers, content, false);
    }
    if let Ok(response) = &call.outcome {
        response.headers.iter().for_each(|field| header(redactor, field));
        body(redactor, &response.headers, &response.body, true);
    }
}

fn header(redactor: &mut Redactor, Header { key, value, system: _ }: &Header) {
    match key.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => match value.trim().split_once(' ') {
            Some((_scheme, credentials)) => redactor.learn(key, credentials.trim()),
            None => redactor.learn(key, value.trim()),
        },
        "cookie" => value.split(';').for_each(|pair| cookie(redactor, pair)),
        "set-cookie" => cookie(redactor, value.split(';').next().unwrap_or_default()),
        "location" | "content-location" | "referer" => url(redactor, value),
        // A random id for caches, new with each request.
        "postman-token" => {}
        _ if header_sounds_secret(key) => redactor.learn(key, value.trim()),
        _ => {}
    }
}

fn cookie(redactor: &mut Redactor, pair: &str) {
    if let Some((name, value)) = pair.split_once('=') {
        encoded(redactor, name.trim(), value.trim().trim_matches('"'));
    }
}

/// A URL's password, and the parameters of query and fragment whose name says so.
fn url(redactor: &mut Redactor, url: &str) {
    if let Some((_, rest)) = url.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if let Some((_, password)) = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) {
            encoded(redactor, "url.password", password);
        }
    }
    let (location, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (_, query) = location.split_once('?').unwrap_or_default();
    pairs(redactor, query);
    pairs(redactor, fragment);
}

fn pairs(redactor: &mut Redactor, text: &str) {
    for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
        let name = decode(name);
        let key = matches!(name.as_str(), "key" | "sig" | "signature") && value.len() >= KEY_LENGTH;
        if key || sounds_secret(&name) {
            encoded(redactor, &name, value);
        }
    }
}

/// Both as it is spelled there, because writers differ in what they encode, and what it means.
fn encoded(redactor: &mut Redactor, name: &str, value: &str) {
    redactor.learn(name, &decode(value));
    redactor.learn(name, value);
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn body(redactor: &mut Redactor, headers: &Headers, body: &Body, response: bool) {
    let media = headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
    let bytes = body.bytes();
    if media.starts_with("multipart/") {
        multipart(redactor, &body.text());
    } else if bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[") {
        json(redactor, bytes, response, 0);
    } else if media.contains("urlencoded") || looks_like_a_form(bytes) {
        pairs(redactor, &body.text());
    }
}

/// What a script sets a variable to by a literal, where the variable's name says that it holds a secret: reports that
/// repeat the collection show it before the script runs.
fn literals(redactor: &mut Redactor, script: &str) {
    static SET: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?:\.set|Variable)\(\s*["'`]([^"'`]+)["'`]\s*,\s*(?:"([^"]+)"|'([^']+)'|`([^`]+)`)"#)
            .ok()
    });
    for found in SET.iter().flat_map(|set| set.captures_iter(script)) {
        let literal = (2..5).find_map(|group| found.get(group));
        if let (Some(name), Some(literal)) = (found.get(1), literal)
            && sounds_secret(name.as_str())
        {
            redactor.add(name.as_str(), literal.as_str());
        }
    }
}

fn looks_like_a_form(bytes: &[u8]) -> bool {
    bytes.contains(&b'=') && !bytes.iter().any(|b| b.is_ascii_whitespace() || *b == b'<')
}

fn multipart(redactor: &mut Redactor, text: &str) {
    for part in text.split("\r\n--") {
        let Some((head, value)) = part.split_once("\r\n\r\n") else { continue };
        // `filename=` comes after the name and begins with another word, hence the space.
        let name = head.split(" name=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(name) = name.filter(|name| sounds_secret(name)) {
            redactor.learn(name, value.trim_end_matches("\r\n"));
        }
    }
}

/// Reads as far as the text is JSON: what came before a cut or a mistake is learned all the same.
fn json(redactor: &mut Redactor, bytes: &[u8], response: bool, depth: u8) {
    let mut documents = serde_json::Deserializer::from_slice(bytes);
    let mut any = true;
    while any && documents.end().is_err() {
        let walk = Walk { redactor: &mut *redactor, secret: None, keep: false, response, depth };
        any = walk.deserialize(&mut documents).is_ok();
    }
}

/// A Postman document: fields, and objects that pair a `key` with a `value`.
fn named_values(redactor: &mut Redactor, value: &Value) {
    let walk = Walk { redactor, secret: None, keep: false, response: false, depth: 0 };
    // Walking a value that is in memory cannot fail.
    let _ = walk.deserialize(value);
}

/// Visits JSON without building it and learns the strings that a name declares secret.
struct Walk<'r> {
    redactor: &'r mut Redactor,
    /// The name that declares what is visited secret.
    secret: Option<String>,
    /// Whether a string is to be given back.
    keep: bool,
    /// In a response, prose is no secret (`{"password": "must not be empty"}`).
    response: bool,
    depth: u8,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let prose = self.response && text.contains(char::is_whitespace);
        if let Some(name) = &self.secret
            && !prose
        {
            self.redactor.learn(name, text);
        }
        if !self.response && (text.contains(".set(") || text.contains("Variable(")) {
            literals(self.redactor, text);
        }
        if self.depth < DEPTH && text.trim_start().starts_with(['{', '[']) {
            json(self.redactor, text.as_bytes(), self.response, self.depth + 1);
        }
        let address = text.contains("://") || text.contains('?');
        if address && !text.contains(char::is_whitespace) {
            url(self.redactor, text);
        }
        Ok(self.keep.then(|| text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        if let Some(name) = &self.secret {
            self.redactor.learn(name, &number.to_string());
        }
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let Self { redactor, secret, response, depth, .. } = self;
        loop {
            let item =
                Walk { redactor: &mut *redactor, secret: secret.clone(), keep: false, response, depth };
            if items.next_element_seed(item)?.is_none() {
                return Ok(None);
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let Self { redactor, secret, response, depth, .. } = self;
        let mut pair = Pair::default();
        while let Some(key) = fields.next_key::<String>()? {
            let inherited = matches!(key.as_str(), "pass" | "raw");
            let declared = match sounds_secret(&key) {
                true => Some(key.clone()),
                false => secret.clone().filter(|_| inherited),
            };
            let keep = matches!(key.as_str(), "key" | "name" | "value" | "type");
            let field = Walk { redactor: &mut *redactor, secret: declared, keep, response, depth };
            let text = fields.next_value_seed(field)?;
            match key.as_str() {
                "key" => pair.key = text,
                "name" => pair.name = text,
                "value" => pair.value = text,
                "type" => pair.kind = text,
                _ => {}
            }
        }
        if let Some(cookies) = pair.cookies() {
            cookies.split(';').for_each(|text| cookie(redactor, text));
        }
        if let Some((name, text)) = pair.secret(secret, response) {
            redactor.learn(&name, &text);
        }
        Ok(None)
    }
}

/// The fields by which an object can pair a name with a secret.
#[derive(Default)]
struct Pair {
    key: Option<String>,
    name: Option<String>,
    value: Option<String>,
    kind: Option<String>,
}

/// Parameters of Postman's `apikey` and `jwt` schemes that are settings.
const SETTINGS: &[&str] =
    &["key", "in", "algorithm", "payload", "header", "headerPrefix", "queryParamKey", "addTokenTo"];

impl Pair {
    /// The value of a `Cookie` header that a request's document spells out.
    fn cookies(&self) -> Option<&str> {
        self.value
            .as_deref()
            .filter(|_| self.key.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("cookie")))
    }

    /// The secret in it and its name; `inherited` is the name of the field that holds the object, when that
    /// declares it secret.
    fn secret(self, inherited: Option<String>, response: bool) -> Option<(String, String)> {
        let Self { key, name, value, kind } = self;
        let Some(value) = value else { return Some((inherited?, key?)) };
        let Some(name) = key.or(name) else { return Some((inherited?, value)) };
        // A request's document pairs header names with values; in an answer `key` is any key.
        let says_so = if response { sounds_secret(&name) } else { header_sounds_secret(&name) };
        let typed = kind.as_deref() == Some("secret");
        let setting = SETTINGS.contains(&name.as_str());
        (typed || (!setting && (says_so || inherited.is_some()))).then_some((name, value))
    }
}
