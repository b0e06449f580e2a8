//! What a contract must not take over from a collection: literal passwords and keys become variables.

use super::sighted::{Body, Sighted};
use crate::redact::{header_sounds_secret, sounds_secret};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

/// Names, beside those of secrets, whose values say who somebody is, or are too short a word for other uses.
const PERSONAL: [&str; 12] = [
    "pass",
    "pin",
    "otp",
    "totp",
    "passcode",
    "username",
    "user",
    "email",
    "login",
    "phone",
    "mobile",
    "signature",
];
/// Words before a credential that are none themselves.
const SCHEMES: [&str; 6] = ["basic", "bearer", "token", "apikey", "jwt", "digest"];
/// Characters from which a word of letters and digits is taken for a key, whatever its name.
const KEY_LENGTH: usize = 20;
/// JSON inside JSON strings is followed this deep.
const DEPTH: u8 = 4;

/// The literals that became variables.
#[derive(Debug, Default)]
pub(super) struct Hiding {
    pub(super) hidden: Vec<Hidden>,
    /// Variables of the contract: pairs that Basic authentication takes, with their templates.
    pub(super) pairs: Vec<(String, String)>,
}

/// A literal that became a variable.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) variable: String,
    literal: String,
    /// Where it stood, for the user.
    pub(super) place: String,
}

impl Hiding {
    /// A request without its literal secrets.
    pub(super) fn hide(&mut self, role: &'static str, request: &mut Sighted) {
        for (name, value) in &mut request.headers {
            let place = format!("the header {name:?} of the {role} request");
            if name.eq_ignore_ascii_case("authorization") {
                self.basic(role, value, &place);
            } else {
                self.text(header_sounds_secret(name), &name.to_lowercase(), value, &place);
            }
        }
        for (name, value) in &mut request.query {
            let place = format!("the query parameter {name:?} of the {role} request");
            self.text(personal(name), name, value, &place);
        }
        for segment in &mut request.segments {
            let place = format!("the path of the {role} request");
            match &segment.name {
                Some(name) => self.text(personal(name), name, &mut segment.value, &place),
                None => self.text(false, "path-key", &mut segment.value, &place),
            }
        }
        match &mut request.body {
            Body::None => {}
            Body::Form(fields) => {
                for (name, value) in fields {
                    let place = format!("the field {name:?} of the {role} request");
                    self.text(personal(name), name, value, &place);
                }
            }
            Body::Json(json) => self.json(json, &Told { role, name: "body", secret: false, depth: 0 }),
        }
    }

    /// The template that stands for a literal: one name for one value.
    pub(super) fn stand_in(&mut self, name: &str, literal: &str, place: &str) -> String {
        let name: String =
            name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
        let name = if name.is_empty() { "value".to_owned() } else { name };
        let names = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}-{n}") });
        for variable in names {
            match self.hidden.iter().find(|hidden| hidden.variable == variable) {
                Some(hidden) if hidden.literal != literal => {}
                Some(_) => return format!("<<{variable}>>"),
                None => {
                    let template = format!("<<{variable}>>");
                    let (literal, place) = (literal.to_owned(), place.to_owned());
                    self.hidden.push(Hidden { variable, literal, place });
                    return template;
                }
            }
        }
        String::new()
    }

    /// A value of a field that holds a secret, as a template.
    pub(super) fn secret(&mut self, name: &str, value: &str, place: &str) -> String {
        if literal(value) { self.stand_in(name, value, place) } else { value.to_owned() }
    }

    /// The value of an `Authorization` field for Basic with that pair. An expression takes one variable: the pair is one.
    pub(super) fn pair(&mut self, role: &str, user: &str, password: &str) -> String {
        let template = format!("{user}:{password}");
        let name = match self.pairs.iter().find(|(_, known)| *known == template) {
            Some((name, _)) => name.clone(),
            None => {
                let name = format!("{role}-credentials");
                self.pairs.push((name.clone(), template));
                name
            }
        };
        format!("Basic <<{name} | b64encode>>")
    }

    fn basic(&mut self, role: &str, value: &mut String, place: &str) {
        let (_, credentials) = value.split_once(' ').unwrap_or_default();
        if value.contains("| b64encode>>") || !literal(credentials) {
            return;
        }
        let decoded = BASE64_STANDARD.decode(credentials.trim()).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let (user, password) = decoded.split_once(':').unwrap_or((credentials, credentials));
        let user = self.stand_in("username", user, &format!("{place}, before the colon"));
        let password = self.stand_in("password", password, &format!("{place}, after the colon"));
        *value = self.pair(role, &user, &password);
    }

    fn text(&mut self, secret: bool, name: &str, value: &mut String, place: &str) {
        if (secret && literal(value)) || looks_like_a_key(value) {
            *value = self.stand_in(name, value, place);
        }
    }

    fn json(&mut self, json: &mut Value, told: &Told<'_>) {
        let place = || format!("the field {:?} of the {} request", told.name, told.role);
        match json {
            Value::Object(fields) => {
                // `{"name": "password", "value": "…"}` names its secret beside it.
                let named = ["key", "name"].into_iter().find_map(|key| fields.get(key)?.as_str());
                let named = named.filter(|_| fields.contains_key("value")).map(str::to_owned);
                for (key, value) in fields {
                    let name = match &named {
                        Some(named) if key == "value" => named,
                        _ => key,
                    };
                    let holds = match value {
                        Value::Object(_) | Value::Array(_) => told.secret || sounds_secret(name),
                        _ => told.secret || personal(name),
                    };
                    self.json(value, &Told { name, secret: holds, ..*told });
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item, told)),
            Value::String(text) => {
                let inner = (text.trim_start().starts_with(['{', '[']) && told.depth < DEPTH)
                    .then(|| serde_json::from_str::<Value>(text).ok())
                    .flatten();
                match inner {
                    Some(mut inner) => {
                        let before = inner.clone();
                        self.json(&mut inner, &Told { depth: told.depth + 1, ..*told });
                        if inner != before {
                            *text = inner.to_string();
                        }
                    }
                    None => self.text(told.secret, told.name, text, &place()),
                }
            }
            Value::Number(number) if told.secret => {
                let template = self.stand_in(told.name, &number.to_string(), &place());
                *json = Value::String(template);
            }
            _ => {}
        }
    }
}

/// What is known of a value in a body.
#[derive(Clone, Copy)]
struct Told<'a> {
    role: &'static str,
    name: &'a str,
    /// Its name, or that of what it is in, says that it is secret.
    secret: bool,
    depth: u8,
}

/// Whether a field of that name holds a secret, or says who somebody is.
fn personal(name: &str) -> bool {
    sounds_secret(name) || PERSONAL.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether anything is written out beside variables and the name of a scheme.
fn literal(text: &str) -> bool {
    without_templates(text)
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| !word.is_empty() && !SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme)))
}

/// Whether there is a JWT or a long word of letters and digits in it.
fn looks_like_a_key(text: &str) -> bool {
    let text = without_templates(text);
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.+=".contains(c));
    words.any(|word| {
        let count = |kind: fn(&char) -> bool| word.chars().filter(kind).count();
        let mixed = count(char::is_ascii_digit) >= 3 && count(char::is_ascii_alphabetic) >= 1;
        (word.starts_with("eyJ") && word.matches('.').count() == 2) || (word.len() >= KEY_LENGTH && mixed)
    })
}

fn without_templates(text: &str) -> String {
    let mut rest = text.to_owned();
    while let Some((start, length)) =
        rest.find("<<").and_then(|start| Some((start, rest[start..].find(">>")?)))
    {
        rest.replace_range(start..start + length + ">>".len(), " ");
    }
    rest
}
