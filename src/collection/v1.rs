//! Collection v1 (`name`, `order`, `folders`, `requests`) as the v2.1 document that says the same.
//!
//! As Postman's own converter does it, with two exceptions: ids are kept, so `--folder` and `setNextRequest` find
//! what they name, and what the converter drops without a word is told.

mod auth;
mod request;

use super::node::truthy;
use serde_json::{Map, Value, json};

/// Collections within a collection can only be this deep: a folder may name itself in its own order.
const MAX_DEPTH: usize = 64;

/// A v1 collection upgraded.
#[derive(Debug)]
pub(super) struct Upgraded {
    /// The v2.1 document.
    pub(super) document: Value,
    /// Where the items come from, in the shape of the document's items.
    pub(super) origins: Vec<Origin>,
    /// What is not in the document, and where it is in the v1 file: list, index, why.
    pub(super) dropped: Vec<(Place, String)>,
}

/// The list and the index of a folder or request in a v1 file.
pub(super) type Place = (&'static str, usize);

/// Where an item comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) place: Place,
    pub(super) items: Vec<Origin>,
}

/// Whether it is one: Postman's own test.
pub(super) fn is_v1(value: &Value) -> bool {
    ["name", "order", "requests"].iter().all(|key| value.get(key).is_some_and(truthy))
}

/// The v2.1 document of a v1 collection.
pub(super) fn upgrade(v1: &Value) -> Upgraded {
    let mut info = Map::new();
    copy(v1, "id", &mut info, "_postman_id");
    copy(v1, "name", &mut info, "name");
    copy(v1, "description", &mut info, "description");
    info.insert(
        "schema".to_owned(),
        json!("https://schema.getpostman.com/json/collection/v2.1.0/collection.json"),
    );
    let mut tree = Tree { v1, used: Vec::new(), dropped: Vec::new() };
    let (items, origins) = tree.top();
    let mut document = json!({ "info": info, "item": items });
    let collection_auth = auth::auth(v1).filter(|auth| auth["type"] != "noauth");
    for (key, value) in [("auth", collection_auth), ("event", events(v1)), ("variable", variables(v1))] {
        if let Some(value) = value {
            document[key] = value;
        }
    }
    if let Some(behavior) = behavior(v1) {
        document["protocolProfileBehavior"] = behavior;
    }
    tree.tell_unused();
    Upgraded { document, origins, dropped: tree.dropped }
}

/// Builds the item tree out of flat lists and orders.
struct Tree<'v> {
    v1: &'v Value,
    /// Requests that are somewhere in the tree.
    used: Vec<usize>,
    dropped: Vec<(Place, String)>,
}

impl<'v> Tree<'v> {
    fn list(&self, name: &str) -> &'v [Value] {
        self.v1.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The last of that id: ids should be unique.
    fn find(&self, list: &'static str, id: &Value) -> Option<(usize, &'v Value)> {
        self.list(list).iter().enumerate().rfind(|(_, entry)| !id.is_null() && entry.get("id") == Some(id))
    }

    fn top(&mut self) -> (Vec<Value>, Vec<Origin>) {
        let folders = self.list("folders");
        let ids = || folders.iter().filter_map(|folder| folder.get("id").cloned()).collect();
        let order = self.v1.get("folders_order").and_then(Value::as_array).cloned().unwrap_or_else(ids);
        let is_inner = |id: &Value| {
            folders.iter().any(|folder| {
                folder.get("folders_order").and_then(Value::as_array).is_some_and(|inner| inner.contains(id))
            })
        };
        let (mut items, mut origins, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        for id in order {
            if !is_inner(&id) && !seen.contains(&id) {
                self.folder(&id, 0, &mut items, &mut origins);
                seen.push(id);
            }
        }
        let mut once = Vec::new();
        for id in self.v1.get("order").and_then(Value::as_array).into_iter().flatten() {
            if !once.contains(&id) {
                self.request(id, &mut items, &mut origins);
                once.push(id);
            }
        }
        (items, origins)
    }

    fn folder(&mut self, id: &Value, depth: usize, items: &mut Vec<Value>, origins: &mut Vec<Origin>) {
        let Some((index, folder)) = self.find("folders", id) else { return };
        if depth == MAX_DEPTH {
            let why = format!("folder `{}` is nested more than {MAX_DEPTH} deep, or in itself", name(folder));
            self.dropped.push((("folders", index), why));
            return;
        }
        let (mut inner, mut inner_origins) = (Vec::new(), Vec::new());
        let order = |key: &str| folder.get(key).and_then(Value::as_array).into_iter().flatten();
        for id in order("folders_order") {
            self.folder(id, depth + 1, &mut inner, &mut inner_origins);
        }
        for id in order("order") {
            self.request(id, &mut inner, &mut inner_origins);
        }
        let mut group = Map::new();
        for key in ["id", "name", "description"] {
            copy(folder, key, &mut group, key);
        }
        for (key, value) in [
            ("auth", auth::auth(folder)),
            ("event", events(folder)),
            ("variable", variables(folder)),
            ("protocolProfileBehavior", behavior(folder)),
        ] {
            group.extend(value.map(|value| (key.to_owned(), value)));
        }
        group.insert("item".to_owned(), Value::Array(inner));
        items.push(Value::Object(group));
        origins.push(Origin { place: ("folders", index), items: inner_origins });
    }

    fn request(&mut self, id: &Value, items: &mut Vec<Value>, origins: &mut Vec<Origin>) {
        let Some((index, request)) = self.find("requests", id) else { return };
        self.used.push(index);
        let mut item = Map::new();
        copy(request, "id", &mut item, "id");
        item.insert("name".to_owned(), request.get("name").cloned().unwrap_or_else(|| json!("")));
        for (key, value) in [
            ("event", events(request)),
            ("variable", variables(request)),
            ("protocolProfileBehavior", behavior(request)),
            ("request", Some(request::request(request))),
            ("response", Some(self.responses(request))),
        ] {
            item.extend(value.map(|value| (key.to_owned(), value)));
        }
        items.push(Value::Object(item));
        origins.push(Origin { place: ("requests", index), items: Vec::new() });
    }

    /// Examples: kept for exports.
    fn responses(&self, request: &Value) -> Value {
        let all = request.get("responses").and_then(Value::as_array).into_iter().flatten();
        all.filter(|response| response.is_object()).map(|response| self.response(response)).collect()
    }

    fn response(&self, response: &Value) -> Value {
        let mut out = Map::new();
        for (from, to) in [
            ("/id", "id"),
            ("/name", "name"),
            ("/responseCode/name", "status"),
            ("/responseCode/code", "code"),
            ("/language", "_postman_previewlanguage"),
            ("/headers", "header"),
            ("/time", "responseTime"),
            ("/text", "body"),
        ] {
            out.extend(response.pointer(from).map(|value| (to.to_owned(), value.clone())));
        }
        let asked = ["requestObject", "request"].into_iter().find_map(|key| match response.get(key)? {
            Value::String(text) => match serde_json::from_str::<Value>(text) {
                Ok(request) if request.is_object() => Some(request),
                _ => self.find("requests", &json!(text)).map(|(_, request)| request.clone()),
            },
            request @ Value::Object(_) => Some(request.clone()),
            _ => None,
        });
        if let Some(asked) = asked {
            out.insert("originalRequest".to_owned(), request::request(&asked));
        }
        Value::Object(out)
    }

    fn tell_unused(&mut self) {
        for (index, request) in self.list("requests").iter().enumerate() {
            if !self.used.contains(&index) {
                let why = format!("request `{}` is in no `order`: it is not run", name(request));
                self.dropped.push((("requests", index), why));
            }
        }
    }
}

fn name(entry: &Value) -> &str {
    entry.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// Copies a field that says something.
fn copy(from: &Value, key: &str, to: &mut Map<String, Value>, name: &str) {
    to.extend(from.get(key).filter(|value| truthy(value)).map(|value| (name.to_owned(), value.clone())));
}

fn behavior(entity: &Value) -> Option<Value> {
    let behavior = entity.get("protocolProfileBehavior")?;
    behavior.as_object().is_some_and(|fields| !fields.is_empty()).then(|| behavior.clone())
}

/// `events`, unless the older `tests` and `preRequestScript` are there.
fn events(entity: &Value) -> Option<Value> {
    let legacy = |key: &str| entity.get(key).filter(|script| truthy(script));
    let (tests, prerequest) = (legacy("tests"), legacy("preRequestScript"));
    if tests.is_none() && prerequest.is_none() {
        let mut events = entity.get("events")?.as_array().filter(|events| !events.is_empty())?.clone();
        for event in events.iter_mut().filter_map(Value::as_object_mut) {
            if !event.get("listen").is_some_and(truthy) {
                event.insert("listen".to_owned(), json!("test"));
            }
            if let Some(Value::Object(script)) = event.get_mut("script") {
                script.entry("type").or_insert_with(|| json!("text/javascript"));
            }
        }
        return Some(Value::Array(events));
    }
    let event = |listen: &str, script: &Value| {
        let exec = match script {
            Value::String(text) => text.split('\n').collect(),
            other => other.clone(),
        };
        json!({"listen": listen, "script": {"type": "text/javascript", "exec": exec}})
    };
    let both =
        [tests.map(|script| event("test", script)), prerequest.map(|script| event("prerequest", script))];
    Some(both.into_iter().flatten().collect())
}

fn variables(entity: &Value) -> Option<Value> {
    let list = ["variables", "variable"].into_iter().find_map(|key| entity.get(key).filter(|v| truthy(v)))?;
    let variable = |entry: &Value| {
        let mut out = Map::new();
        let key = ["key", "id"].into_iter().find_map(|key| entry.get(key).filter(|v| truthy(v)));
        out.extend(key.map(|key| ("key".to_owned(), key.clone())));
        for key in ["id", "value", "type", "disabled", "description"] {
            out.extend(entry.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        if out.get("type").and_then(Value::as_str) == Some("text") {
            out.insert("type".to_owned(), json!("string"));
        }
        Value::Object(out)
    };
    let all: Vec<Value> = list.as_array()?.iter().filter(|entry| entry.is_object()).map(variable).collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

#[cfg(test)]
mod tests;
