//! What a script finds outside the sandbox: servers, a cookie jar, a vault, other requests of the
//! collection. It answers both processes from the same table.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::case::{Directive, into_stream};

/// The answers to one case, and what it left in the jar and the vault.
pub(crate) struct World {
    directive: Directive,
    /// How often each request was answered.
    asked: HashMap<String, usize>,
    pub(crate) jar: Vec<Value>,
    vault: Map<String, Value>,
}

impl World {
    pub(crate) fn new(directive: &Directive) -> Self {
        Self {
            directive: directive.clone(),
            asked: HashMap::new(),
            jar: directive.jar.clone(),
            vault: directive.vault.clone(),
        }
    }

    /// The answer a message asks for, if it asks.
    pub(crate) fn answer(&mut self, id: &str, message: &[Value]) -> Option<Value> {
        let kind = message.first()?.as_str()?.strip_prefix("execution.")?.strip_suffix(id)?;
        let at = |index: usize| message.get(index).cloned().unwrap_or(Value::Null);
        match kind {
            "request." => {
                let (error, response, history) = self.respond(&at(4));
                Some(json!([format!("execution.response.{id}"), at(3), error, response, history]))
            }
            "cookies." => {
                let name = at(3);
                let (error, cookies) = match &self.directive.jar_error {
                    Some(error) => (json!(error), Value::Null),
                    None => (Value::Null, self.store(name.as_str()?, message.get(4)?.as_array()?)),
                };
                Some(json!([format!("execution.cookies.{id}"), at(1), error, cookies]))
            }
            "vault." => {
                let value = self.secret(at(2).as_str()?, message.get(3..)?);
                Some(json!([format!("execution.vault.{id}"), at(1), null, value]))
            }
            "run_collection_request." => {
                let answer = at(4).as_str().and_then(|key| self.directive.runs.get(key)).cloned();
                let mut answer =
                    answer.unwrap_or_else(|| json!({ "error": { "message": "no such request" } }));
                into_stream(&mut answer["response"]);
                let name = format!("execution.run_collection_request_response.{id}");
                Some(json!([name, at(3), answer["error"], answer["response"], answer["results"]]))
            }
            _ => None,
        }
    }

    fn respond(&mut self, request: &Value) -> (Value, Value, Value) {
        let key = format!("{} {}", request["method"].as_str().unwrap_or("GET"), address(&request["url"]));
        let times = self.asked.entry(key.clone()).or_default();
        let answer = match self.directive.requests.get(&key) {
            Some(Value::Array(answers)) => answers[(*times).min(answers.len() - 1)].clone(),
            Some(answer) => answer.clone(),
            None => json!({ "error": { "message": format!("no answer to {key}") } }),
        };
        *times += 1;
        if !answer["error"].is_null() {
            return (answer["error"].clone(), Value::Null, Value::Null);
        }
        let mut response = answer;
        let history = response.as_object_mut().and_then(|response| response.remove("history"));
        into_stream(&mut response);
        (Value::Null, response, history.unwrap_or(Value::Null))
    }

    /// The cookie store: eight operations, as tough-cookie names them.
    fn store(&mut self, operation: &str, args: &[Value]) -> Value {
        let text = |index: usize| args.get(index).and_then(Value::as_str);
        let same = |cookie: &Value, [domain, path, key]: [Option<&str>; 3]| {
            cookie["domain"].as_str() == domain
                && cookie["path"].as_str() == path
                && (key.is_none() || cookie["key"].as_str() == key)
        };
        match operation {
            "findCookie" => {
                let found = self.jar.iter().find(|cookie| same(cookie, [text(0), text(1), text(2)]));
                return found.cloned().unwrap_or(Value::Null);
            }
            "findCookies" => {
                let (domain, path) = (text(0).unwrap_or_default(), text(1));
                let fits = |cookie: &&Value| {
                    covers_domain(cookie["domain"].as_str().unwrap_or_default(), domain)
                        && path.is_none_or(|path| covers_path(cookie["path"].as_str().unwrap_or("/"), path))
                };
                return self.jar.iter().filter(fits).cloned().collect();
            }
            "getAllCookies" => return Value::Array(self.jar.clone()),
            "putCookie" | "updateCookie" => {
                let cookie = &args[args.len() - 1];
                let place = ["domain", "path", "key"].map(|name| cookie[name].as_str());
                self.jar.retain(|old| !same(old, place));
                self.jar.push(cookie.clone());
            }
            "removeCookie" => self.jar.retain(|cookie| !same(cookie, [text(0), text(1), text(2)])),
            "removeCookies" => self.jar.retain(|cookie| {
                cookie["domain"].as_str() != text(0) || text(1).is_some_and(|path| cookie["path"] != path)
            }),
            "removeAllCookies" => self.jar.clear(),
            other => panic!("a cookie store has no `{other}`"),
        }
        Value::Null
    }

    fn secret(&mut self, operation: &str, args: &[Value]) -> Value {
        let key = args.first().and_then(Value::as_str).unwrap_or_default().to_owned();
        match operation {
            "get" => return self.vault.get(&key).cloned().unwrap_or(Value::Null),
            "set" => drop(self.vault.insert(key, args.get(1).cloned().unwrap_or(Value::Null))),
            _ => drop(self.vault.remove(&key)),
        }
        Value::Null
    }
}

fn covers_domain(cookie: &str, domain: &str) -> bool {
    domain == cookie || domain.strip_suffix(cookie).is_some_and(|rest| rest.ends_with('.'))
}

fn covers_path(cookie: &str, path: &str) -> bool {
    path == cookie
        || path.strip_prefix(cookie).is_some_and(|rest| cookie.ends_with('/') || rest.starts_with('/'))
}

/// An SDK url as text.
fn address(url: &Value) -> String {
    if let Some(text) = url.as_str() {
        return text.to_owned();
    }
    let list = |name: &str, glue: &str| match &url[name] {
        Value::Array(parts) => parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(glue),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    let mut text = String::new();
    if let Some(protocol) = url["protocol"].as_str() {
        text += &format!("{protocol}://");
    }
    text += &list("host", ".");
    if let Some(port) = url["port"].as_str() {
        text += &format!(":{port}");
    }
    if !url["path"].is_null() {
        text += &format!("/{}", list("path", "/"));
    }
    let query = url["query"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (index, param) in query.iter().filter(|param| param["disabled"] != true).enumerate() {
        let (key, value) = (param["key"].as_str().unwrap_or_default(), param["value"].as_str());
        text += if index == 0 { "?" } else { "&" };
        text += key;
        text += &value.map(|value| format!("={value}")).unwrap_or_default();
    }
    text
}
