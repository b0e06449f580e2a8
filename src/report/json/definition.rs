//! The collection as newman's SDK writes it, and where in it each item is defined.

use super::shapes::made_up_id;
use crate::collection::Request;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// A collection and its items by id.
#[derive(Debug)]
pub(super) struct Definitions {
    collection: Value,
    /// From an item's id to its place: an index a level.
    places: HashMap<String, Vec<usize>>,
}

/// An item as the collection defines it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition<'a> {
    /// `{id, name, request, response, event}`.
    pub(super) item: &'a Value,
    /// The folder it is in, or the collection.
    pub(super) parent: &'a Value,
    /// The auth that holds for it: its own, or what it inherits.
    pub(super) auth: Option<&'a Value>,
}

impl Definitions {
    /// Reads a collection of any format that can be run; where there is none (probes), its name stands for it.
    pub(super) fn new(collection: Option<&Value>, name: &str) -> Self {
        let mut collection = collection.cloned().unwrap_or_else(|| json!({ "info": { "name": name } }));
        complete_group(&mut collection);
        if let Some(id) = collection["info"]["_postman_id"].as_str().map(str::to_owned) {
            collection["_"] = json!({ "postman_id": id });
        }
        let mut places = HashMap::new();
        index(&collection, &mut Vec::new(), &mut places);
        Self { collection, places }
    }

    /// The item of that id.
    pub(super) fn find(&self, id: &str) -> Option<Definition<'_>> {
        let place = self.places.get(id)?;
        let (mut parent, mut item, mut auth) = (&self.collection, &self.collection, None);
        for index in place {
            auth = own_auth(item).or(auth);
            parent = item;
            item = item["item"].get(index)?;
        }
        Some(Definition { item, parent, auth: own_auth(&item["request"]).or(auth) })
    }

    /// The collection, its variables as they ended.
    pub(super) fn into_collection(self, variables: Option<Value>) -> Value {
        let mut collection = self.collection;
        if let Some(variables) = variables {
            collection["variable"] = variables;
        }
        collection
    }
}

/// `auth` with a type; `null` and nothing inherit.
fn own_auth(holder: &Value) -> Option<&Value> {
    holder.get("auth").filter(|auth| auth["type"].is_string())
}

fn index(group: &Value, place: &mut Vec<usize>, places: &mut HashMap<String, Vec<usize>>) {
    for (index_here, item) in group["item"].as_array().into_iter().flatten().enumerate() {
        place.push(index_here);
        if let Some(id) = item["id"].as_str() {
            places.insert(id.to_owned(), place.clone());
        }
        index(item, place, places);
        place.pop();
    }
}

/// A folder or the collection: what the SDK adds is there, and all below is in its shape.
fn complete_group(group: &mut Value) {
    let id = group["id"].as_str().or(group["info"]["_postman_id"].as_str()).unwrap_or_default().to_owned();
    let Value::Object(fields) = group else { return };
    complete_events(fields, &id);
    complete_auth(fields.get_mut("auth"));
    if fields.contains_key("info") {
        fields.entry("variable").or_insert_with(|| json!([]));
    }
    let items = fields.entry("item").or_insert_with(|| json!([]));
    for item in items.as_array_mut().into_iter().flatten() {
        if item.get("item").is_some() {
            complete_group(item);
        } else if let Value::Object(item) = item {
            complete_item(item);
        }
    }
}

fn complete_item(item: &mut Map<String, Value>) {
    let id = item.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    item.entry("response").or_insert_with(|| json!([]));
    complete_events(item, &id);
    if let Some(request) = item.get_mut("request") {
        complete_request(request);
    }
}

/// A request has its method, its URL in parts and its headers as a list, however the file writes them.
fn complete_request(request: &mut Value) {
    let Some(parts) = Request::from_json(request).map(|request| request.to_json()) else { return };
    if !request.is_object() {
        *request = json!({});
    }
    request["method"] = parts["method"].clone();
    match request.get_mut("url") {
        Some(Value::Object(url)) => {
            for part in ["path", "host", "query", "variable"] {
                if !url.get(part).is_some_and(Value::is_array) {
                    url.insert(part.to_owned(), parts["url"][part].clone());
                }
            }
        }
        _ => request["url"] = parts["url"].clone(),
    }
    if !request["header"].is_array() {
        request["header"] = parts["header"].clone();
    }
    complete_auth(request.get_mut("auth"));
}

/// v2.0 writes a scheme's parameters as an object, v2.1 as a list.
fn complete_auth(auth: Option<&mut Value>) {
    for (_, params) in auth.and_then(Value::as_object_mut).into_iter().flatten() {
        match params {
            Value::Object(named) => {
                let param = |(key, value)| json!({ "key": key, "value": value, "type": "any" });
                *params = named.iter().map(param).collect();
            }
            Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).for_each(|param| {
                param.entry("type").or_insert_with(|| json!("any"));
            }),
            _ => {}
        }
    }
}

/// Every script has an id, and its lines as a list.
fn complete_events(holder: &mut Map<String, Value>, id: &str) {
    let events = holder.entry("event").or_insert_with(|| json!([]));
    for (index, event) in events.as_array_mut().into_iter().flatten().enumerate() {
        let Some(script) = event.get_mut("script") else { continue };
        if !script.is_object() {
            *script = json!({ "exec": script.take() });
        }
        let exec = &mut script["exec"];
        if let Some(text) = exec.as_str() {
            *exec = text.lines().collect();
        }
        if script.get("id").is_none() {
            script["id"] = json!(made_up_id(&[id, "script", &index.to_string()]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_written_out() {
        let collection = json!({
            "info": { "name": "c", "_postman_id": "p" },
            "item": [{ "id": "i", "name": "n", "request": "http://a.b:1/c?d=e",
                "event": [{ "listen": "test", "script": "one\ntwo" }] }],
        });
        let definitions = Definitions::new(Some(&collection), "");
        let item = definitions.find("i").unwrap().item;
        assert_eq!(item["request"]["method"], "GET");
        assert_eq!(item["request"]["url"]["host"], json!(["a", "b"]));
        assert_eq!(item["request"]["url"]["query"], json!([{ "key": "d", "value": "e" }]));
        assert_eq!(item["event"][0]["script"]["exec"], json!(["one", "two"]));
        assert!(item["event"][0]["script"]["id"].is_string());
        assert_eq!(item["response"], json!([]));
        let written = definitions.into_collection(Some(json!([{ "key": "v", "value": 1 }])));
        assert_eq!(written["_"]["postman_id"], "p");
        assert_eq!(written["variable"][0]["key"], "v");
    }

    #[test]
    fn an_item_knows_its_folder_and_the_auth_that_holds() {
        let collection = json!({
            "info": { "name": "c" },
            "auth": { "type": "bearer" },
            "item": [{ "id": "f", "name": "F", "auth": null, "item": [
                { "id": "x", "request": { "url": "http://a" } },
                { "id": "y", "request": { "url": "http://a", "auth": { "type": "basic" } } },
            ] }],
        });
        let definitions = Definitions::new(Some(&collection), "");
        let inherited = definitions.find("x").unwrap();
        assert_eq!(
            (&inherited.parent["name"], &inherited.auth.unwrap()["type"]),
            (&json!("F"), &json!("bearer"))
        );
        assert_eq!(definitions.find("y").unwrap().auth.unwrap()["type"], "basic");
        assert!(definitions.find("z").is_none());
    }
}
