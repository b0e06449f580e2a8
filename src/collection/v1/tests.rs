use super::*;
use crate::collection::{Collection, ItemNode, parse};

fn of(v1: &Value) -> Collection {
    parse("old.json", serde_json::to_string_pretty(v1).unwrap().as_bytes()).unwrap()
}

/// `name(children)` of every node.
fn tree(nodes: &[ItemNode]) -> String {
    let shown = nodes.iter().map(|node| match node {
        ItemNode::Item(item) => item.name.clone(),
        ItemNode::Group(group) => format!("{}({})", group.name, tree(&group.items)),
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn request(id: &str) -> Value {
    json!({"id": id, "name": id, "url": "http://h/", "method": "GET"})
}

#[test]
fn flat_lists_become_the_tree_their_orders_say() {
    let folder = |id: &str, inner: &[&str], order: &[&str]| json!({"id": id, "name": id, "folders_order": inner, "order": order});
    let of_tree = |folders: Vec<Value>, folders_order: Value, order: &[&str]| {
        let requests: Vec<_> = ["1", "2", "3", "4"].into_iter().map(request).collect();
        let mut v1 = json!({"name": "old", "order": order, "requests": requests, "folders": folders});
        if !folders_order.is_null() {
            v1["folders_order"] = folders_order;
        }
        let collection = of(&v1);
        (tree(&collection.items), collection.warnings.len())
    };
    for (folders, folders_order, order, expected) in [
        (vec![], Value::Null, &["2", "1", "2", "9"][..], ("2 1", 2)),
        (
            vec![folder("a", &[], &["3"]), folder("b", &["a"], &["4", "4"])],
            Value::Null,
            &["1", "2"],
            ("b(a(3) 4 4) 1 2", 0),
        ),
        (
            vec![folder("a", &[], &["3"]), folder("b", &[], &["4"])],
            json!(["b", "a"]),
            &["1", "2"],
            ("b(4) a(3) 1 2", 0),
        ),
        (
            vec![folder("a", &[], &["3"]), folder("b", &[], &["4"])],
            json!(["b"]),
            &["1", "2"],
            ("b(4) 1 2", 1),
        ),
        (vec![folder("a", &["missing"], &[])], Value::Null, &["1", "2", "3", "4"], ("a() 1 2 3 4", 0)),
    ] {
        let (shown, warnings) = of_tree(folders, folders_order, order);
        assert_eq!((shown.as_str(), warnings), expected);
    }
    // A folder inside itself: newman runs out of stack.
    let knot = json!({
        "name": "old", "order": ["1"], "requests": [request("1")], "folders_order": ["a"],
        "folders": [folder("x", &["b"], &[]), folder("b", &["b"], &[]), folder("a", &["x"], &[])]
    });
    let collection = of(&knot);
    assert!(collection.warnings[0].message.contains("nested more than 64 deep"), "{:?}", collection.warnings);
}

#[test]
fn requests_say_what_they_said() {
    for (v1, expected) in [
        (json!({"url": "h/a?b=1"}), json!({"url": "h/a?b=1", "header": []})),
        (
            json!({"url": "h", "headers": "A:1\n// B : no\n//C:2\nD: x:y\r\nnoise\n"}),
            json!({"url": "h", "header": [
                {"key": "A", "value": "1"}, {"key": "C", "value": "2", "disabled": true}, {"key": "D", "value": "x:y"}]}),
        ),
        (
            json!({"headers": "A: text\nB: 2", "headerData": [
                {"key": "A", "value": "1", "enabled": true}, {"key": "//C", "value": "3"},
                {"key": "D", "value": "4", "enabled": false}]}),
            json!({"header": [
                {"key": "A", "value": "1"}, {"key": "C", "value": "3", "disabled": true},
                {"key": "D", "value": "4", "disabled": true}, {"key": "B", "value": "2"}]}),
        ),
        (
            json!({"dataMode": "params", "data": [
                {"key": "a", "value": "1", "type": "text", "enabled": false}, {"value": "no key"},
                {"key": "f", "value": "x.png", "type": "file"}]}),
            json!({"header": [], "body": {"mode": "formdata", "formdata": [
                {"key": "a", "value": "1", "type": "text", "disabled": true},
                {"key": "f", "type": "file", "src": "x.png"}]}}),
        ),
        (
            json!({"dataMode": "raw", "rawModeData": "{}", "dataOptions": {"raw": {"language": "json"}}, "dataDisabled": true}),
            json!({"header": [], "body": {"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}, "disabled": true}}),
        ),
        (
            json!({"dataMode": "raw", "data": "old"}),
            json!({"header": [], "body": {"mode": "raw", "raw": "old"}}),
        ),
        (
            json!({"dataMode": "binary", "rawModeData": "a.bin"}),
            json!({"header": [], "body": {"mode": "file", "file": {"src": "a.bin"}}}),
        ),
        (json!({"dataMode": null, "data": "lost"}), json!({"header": []})),
        (json!({"data": [], "rawModeData": ""}), json!({"header": []})),
        (
            json!({"data": [{"key": "a"}]}),
            json!({"header": [], "body": {"mode": "formdata", "formdata": [{"key": "a"}]}}),
        ),
        (
            json!({"dataMode": "graphql", "graphqlModeData": {"query": "{a}"}}),
            json!({"header": [], "body": {"mode": "graphql", "graphql": {"query": "{a}"}}}),
        ),
        (
            json!({"currentHelper": "basicAuth", "helperAttributes": "{\"id\": \"basic\", \"username\": \"u\", \"password\": \"p\"}"}),
            json!({"header": [], "auth": {"type": "basic", "basic": [
                {"key": "username", "value": "u", "type": "any"}, {"key": "password", "value": "p", "type": "any"}]}}),
        ),
        (
            json!({"currentHelper": "hawkAuth", "helperAttributes": {"hawk_id": "i", "hawk_key": "k", "ext": "e"}}),
            json!({"header": [], "auth": {"type": "hawk", "hawk": [
                {"key": "authId", "value": "i", "type": "any"}, {"key": "authKey", "value": "k", "type": "any"},
                {"key": "extraData", "value": "e", "type": "any"}]}}),
        ),
        (json!({"currentHelper": "normal"}), json!({"header": []})),
        (json!({"auth": {"type": "noauth"}}), json!({"auth": {"type": "noauth"}, "header": []})),
        (json!({"auth": {"type": "noauth"}, "currentHelper": null}), json!({"header": []})),
    ] {
        assert_eq!(request::request(&v1), expected, "{v1}");
    }
    let listed = request::request(&json!({
        "url": "https://u@h.i/:id?a=1",
        "queryParams": [{"key": "b", "value": null, "equals": true}, {"key": "c", "value": "", "equals": false, "enabled": false}],
        "pathVariableData": [{"key": "id", "value": "7"}], "pathVariables": {"id": "no", "x": "8"}
    }));
    assert_eq!(
        listed["url"]["query"],
        json!([{"key": "b", "value": ""}, {"key": "c", "value": null, "disabled": true}])
    );
    assert_eq!(listed["url"]["variable"], json!([{"key": "id", "value": "7"}, {"key": "x", "value": "8"}]));
    assert_eq!((&listed["url"]["host"], &listed["url"]["auth"]), (&json!(["h", "i"]), &json!({"user": "u"})));
}

#[test]
fn what_is_around_the_requests_comes_along() {
    let v1 = json!({
        "id": "p", "name": "old", "description": "why", "order": ["1"],
        "variables": [{"id": "v", "key": "a", "value": "1", "type": "text"}, {"id": "b", "value": "2"}],
        "auth": {"type": "noauth"}, "protocolProfileBehavior": {"strictSSL": false},
        "events": [{"script": {"exec": "all()"}}],
        "folders": [],
        "requests": [{
            "id": "1", "name": "one", "url": "h", "tests": "a()\nb()", "preRequestScript": ["c()"],
            "events": [{"listen": "test", "script": {"exec": ["never"]}}],
            "responses": [{"id": "r", "name": "ok", "text": "{}", "responseCode": {"code": 200, "name": "OK"}, "request": "1"}]
        }]
    });
    let collection = of(&v1);
    assert_eq!((collection.name.as_str(), collection.id.as_str(), collection.upgraded), ("old", "p", true));
    assert_eq!(collection.variables.get("a"), Some(&json!("1")));
    assert_eq!(collection.variables.get("b"), Some(&json!("2")));
    assert!(collection.auth.is_none() && collection.behavior["strictSSL"] == json!(false));
    assert_eq!((collection.events[0].listen.as_str(), &*collection.events[0].script), ("test", "all()"));
    let ItemNode::Item(item) = &collection.items[0] else { panic!("a folder") };
    let scripts: Vec<_> = item.events.iter().map(|event| (event.listen.as_str(), &*event.script)).collect();
    assert_eq!(scripts, [("test", "a()\nb()"), ("prerequest", "c()")]);
    assert_eq!(item.id, "1");
    let text = serde_json::to_string_pretty(&v1).unwrap();
    let line_of = |what: &str| text.lines().position(|line| line.contains(what)).unwrap() as u32 + 1;
    assert_eq!(item.line + 1, line_of("\"id\": \"1\""));
    assert_eq!((item.events[0].line(2), item.events[1].line(1)), (line_of("a()"), line_of("c()")));
    let example = &collection.document["item"][0]["response"][0];
    assert_eq!((&example["code"], &example["originalRequest"]["url"]), (&json!(200), &json!("h")));
}
