//! What a JSON document is, for telling a person that it is not what was asked for.

use serde_json::Value;

/// The kinds of file that get mixed up with one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Collection v2.x.
    Collection,
    /// Collection v1.
    CollectionV1,
    /// An environment export.
    Environment,
    /// A globals export.
    Globals,
    /// OpenAPI or Swagger.
    OpenApi,
    /// A browser's HTTP archive.
    Har,
    /// An Insomnia export.
    Insomnia,
    /// None of these.
    Unknown,
}

/// Looks at the fields that only one kind has.
pub(crate) fn identify(value: &Value) -> Identity {
    let has = |pointer: &str| value.pointer(pointer).is_some_and(|found| !found.is_null());
    let scope = value.get("_postman_variable_scope").and_then(Value::as_str);
    let schema = value.pointer("/info/schema").and_then(Value::as_str).unwrap_or_default();
    if scope == Some("globals") || has("/globals/values") {
        Identity::Globals
    } else if scope.is_some() || has("/values") || has("/environment/values") {
        Identity::Environment
    } else if has("/item") || has("/collection/item") || schema.contains("/collection/v2") {
        Identity::Collection
    } else if has("/requests") && has("/order") {
        Identity::CollectionV1
    } else if has("/openapi") || has("/swagger") {
        Identity::OpenApi
    } else if has("/log/entries") {
        Identity::Har
    } else if value.get("_type").and_then(Value::as_str) == Some("export") {
        Identity::Insomnia
    } else {
        Identity::Unknown
    }
}

impl Identity {
    /// As a message names it; `None` when it is not known.
    pub(crate) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Collection => "a collection",
            Self::CollectionV1 => "a v1 collection",
            Self::Environment => "an environment",
            Self::Globals => "globals",
            Self::OpenApi => "an OpenAPI description",
            Self::Har => "an HTTP archive (HAR)",
            Self::Insomnia => "an Insomnia export",
            Self::Unknown => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tells_kinds_apart() {
        for (value, expected) in [
            (json!({"info": {}, "item": []}), Identity::Collection),
            (json!({"collection": {"item": []}}), Identity::Collection),
            (
                json!({"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}),
                Identity::Collection,
            ),
            (json!({"name": "x", "order": [], "requests": []}), Identity::CollectionV1),
            (json!({"values": []}), Identity::Environment),
            (json!({"environment": {"values": []}}), Identity::Environment),
            (json!({"values": [], "_postman_variable_scope": "globals"}), Identity::Globals),
            (json!({"openapi": "3.1.0"}), Identity::OpenApi),
            (json!({"log": {"entries": []}}), Identity::Har),
            (json!({"_type": "export"}), Identity::Insomnia),
            (json!({"a": 1}), Identity::Unknown),
            (json!([]), Identity::Unknown),
            (json!(null), Identity::Unknown),
        ] {
            assert_eq!(identify(&value), expected, "{value}");
        }
    }
}
