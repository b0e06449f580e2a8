//! v1 auth: today's shape, or a helper with attributes of its own names.

use crate::collection::node::truthy;
use serde_json::{Map, Value, json};

/// A helper's name, the scheme's, and attributes whose names differ: today's, then v1's.
struct Helper {
    name: &'static str,
    scheme: &'static str,
    renamed: &'static [(&'static str, &'static str)],
}

const HELPERS: [Helper; 9] = [
    Helper { name: "apikeyAuth", scheme: "apikey", renamed: &[] },
    Helper { name: "basicAuth", scheme: "basic", renamed: &[("saveHelperData", "saveToRequest")] },
    Helper { name: "bearerAuth", scheme: "bearer", renamed: &[] },
    Helper { name: "digestAuth", scheme: "digest", renamed: &[] },
    Helper {
        name: "hawkAuth",
        scheme: "hawk",
        renamed: &[
            ("authId", "hawk_id"),
            ("authKey", "hawk_key"),
            ("extraData", "ext"),
            ("appId", "app"),
            ("delegation", "dlg"),
            ("saveHelperData", "saveToRequest"),
        ],
    },
    Helper {
        name: "oAuth1",
        scheme: "oauth1",
        renamed: &[
            ("addParamsToHeader", "header"),
            ("autoAddParam", "auto"),
            ("addEmptyParamsToSign", "includeEmpty"),
        ],
    },
    Helper { name: "oAuth2", scheme: "oauth2", renamed: &[] },
    Helper { name: "ntlmAuth", scheme: "ntlm", renamed: &[] },
    Helper { name: "awsSigV4", scheme: "awsv4", renamed: &[] },
];

/// The auth of a collection, folder or request in v2.1's shape; none means: inherit.
pub(super) fn auth(entity: &Value) -> Option<Value> {
    let legacy = entity.get("currentHelper").is_some() || entity.get("helperAttributes").is_some_and(truthy);
    match entity.get("auth").filter(|auth| truthy(auth)) {
        Some(auth) if !legacy => auth.get("type").is_some_and(truthy).then(|| auth.clone()),
        _ => helper(entity),
    }
}

fn helper(entity: &Value) -> Option<Value> {
    let name = entity.get("currentHelper")?.as_str().filter(|name| !name.is_empty() && *name != "normal")?;
    let helper = HELPERS.iter().find(|helper| helper.name == name);
    let scheme = helper.map_or(name, |helper| helper.scheme);
    let attributes = match entity.get("helperAttributes") {
        // Old apps wrote the attributes as text.
        Some(Value::String(text)) => serde_json::from_str(text).ok()?,
        Some(other) => other.clone(),
        None => Value::Null,
    };
    let mut out = Map::new();
    out.insert("type".to_owned(), json!(scheme));
    if let (Some(helper), Value::Object(attributes)) = (helper, attributes) {
        let renamed = |old: &str| {
            helper
                .renamed
                .iter()
                .find(|(_, v1)| *v1 == old)
                .map_or_else(|| old.to_owned(), |(new, _)| (*new).to_owned())
        };
        let params = attributes
            .iter()
            .filter(|(key, _)| *key != "id")
            .map(|(key, value)| json!({"key": renamed(key), "value": value, "type": "any"}));
        out.insert(scheme.to_owned(), params.collect());
    }
    Some(Value::Object(out))
}
