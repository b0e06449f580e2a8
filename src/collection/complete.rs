//! What a collection's document leaves out and Postman's tools fill in: ids, the schema, lists around single entries.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The format of a document that does not say.
const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// Gives the collection and its items the ids they lack, the collection a schema, and makes lists of items and
/// scripts that nobody put into one.
///
/// An id is derived from the file's name and the item's place, so two runs of one file name an item alike.
/// What is malformed is left alone: reading refuses it later, with a message.
pub(super) fn fill(collection: &mut Value, file: &str) {
    let file = Path::new(file).file_name().map_or_else(|| file.into(), |name| name.to_string_lossy());
    let Value::Object(fields) = collection else { return };
    // What has no items may be no collection at all, and is not to look like one.
    let has_items = fields.contains_key("item");
    let info = fields.entry("info").or_insert(Value::Null);
    if info.is_null() {
        *info = Value::Object(Map::new());
    }
    if let Value::Object(info) = info {
        fill_one(info, "_postman_id", &file, "");
        if has_items {
            info.entry("schema").or_insert_with(|| SCHEMA.into());
        }
    }
    fill_items(fields, &file, "");
}

fn fill_items(parent: &mut Map<String, Value>, file: &str, path: &str) {
    if let Some(event @ Value::Object(_)) = parent.get_mut("event")
        && event.get("listen").is_some()
    {
        *event = Value::Array(vec![event.take()]);
    }
    if let Some(item @ Value::Object(_)) = parent.get_mut("item") {
        *item = Value::Array(vec![item.take()]);
    }
    let Some(Value::Array(items)) = parent.get_mut("item") else { return };
    for (index, item) in items.iter_mut().enumerate() {
        let Value::Object(item) = item else { continue };
        let path = format!("{path}item[{index}].");
        fill_one(item, "id", file, &path);
        fill_items(item, file, &path);
    }
}

fn fill_one(fields: &mut Map<String, Value>, key: &str, file: &str, path: &str) {
    let missing = match fields.get(key) {
        None | Some(Value::Null) => true,
        Some(Value::String(id)) => id.is_empty(),
        Some(_) => false,
    };
    if missing {
        let digest = Sha256::new().chain_update(file).chain_update([0]).chain_update(path).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
        fields.insert(key.to_owned(), Value::String(id.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fills_what_is_missing_and_nothing_else() {
        let mut value = json!({"item": [
            {"name": "a"}, {"id": "kept"}, {"id": "", "item": [{"id": null}]}, 5, {"id": 7}, {"item": {}}
        ]});
        fill(&mut value, "dir/c.json");
        let ids = [
            "/info/_postman_id",
            "/item/0/id",
            "/item/2/id",
            "/item/2/item/0/id",
            "/item/5/id",
            "/item/5/item/0/id",
        ]
        .map(|at| value.pointer(at).unwrap().as_str().unwrap().to_owned());
        for (index, id) in ids.iter().enumerate() {
            assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 8);
            assert!(!ids[..index].contains(id), "ids differ");
        }
        assert_eq!(value["item"][1]["id"], "kept");
        assert_eq!(value["item"][3], 5);
        assert_eq!(value["item"][4]["id"], 7);
    }

    #[test]
    fn makes_lists_of_what_stands_alone() {
        let mut value =
            json!({"item": {"event": {"listen": "test"}}, "event": {"test": {}}, "info": {"schema": "v2.0"}});
        fill(&mut value, "c.json");
        assert_eq!(value["item"][0]["event"], json!([{"listen": "test"}]));
        assert_eq!((&value["event"], &value["info"]["schema"]), (&json!({"test": {}}), &json!("v2.0")));
        let mut value = json!({"item": []});
        fill(&mut value, "c.json");
        assert_eq!(value["info"]["schema"], SCHEMA);
    }

    #[test]
    fn depends_on_the_file_name_not_its_folder() {
        let of = |file: &str| {
            let mut value = json!({"info": null, "item": [{}]});
            fill(&mut value, file);
            value["item"][0]["id"].clone()
        };
        assert_eq!(of("a/c.json"), of("./c.json"));
        assert_ne!(of("c.json"), of("d.json"));
    }
}
