//! Whole collections: what is taken, what is refused and how it is said.

use super::*;
use serde_json::{Value, json};
use std::fmt::Write as _;

fn of(value: &Value) -> Collection {
    parse("dir/c.json", value.to_string().as_bytes()).unwrap()
}

/// Requests with their names, auth and scripts, wherever they sit.
fn flat(nodes: &[ItemNode]) -> Vec<String> {
    nodes
        .iter()
        .flat_map(|node| match node {
            ItemNode::Item(item) => {
                let events: Vec<_> = item.events.iter().map(|e| (&e.listen, &e.script, e.disabled)).collect();
                vec![format!("{} {:?} {events:?} {:?}", item.name, item.request, item.behavior)]
            }
            ItemNode::Group(group) => {
                let mut all = vec![format!("{} {:?}", group.name, group.auth)];
                all.extend(flat(&group.items));
                all
            }
        })
        .collect()
}

fn first(collection: &Collection) -> &Item {
    match &collection.items[0] {
        ItemNode::Item(item) => item,
        ItemNode::Group(_) => panic!("a folder"),
    }
}

#[test]
fn both_versions_give_equal_models() {
    let v20 = json!({
        "info": {"name": "pets", "_postman_id": "p", "schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"},
        "auth": {"type": "basic", "basic": {"username": "u", "password": "p"}},
        "item": [{"name": "folder", "auth": {"type": "noauth"}, "item": [{
            "name": "one",
            "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": "a\r\nb"}}],
            "request": {
                "method": "post",
                "header": "Accept: text/plain\nX-A: 1",
                "url": "https://{{host}}:8080/v1/pets?limit=10&all",
                "auth": {"type": "bearer", "bearer": {"token": "{{t}}"}},
                "body": {"mode": "urlencoded", "urlencoded": "a=1"}
            },
            "response": []
        }]}],
        "variable": {"host": "h"}
    });
    let v21 = json!({
        "info": {"name": "pets", "_postman_id": "p", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "auth": {"type": "basic", "basic": [{"key": "username", "value": "u"}, {"key": "password", "value": "p"}]},
        "item": [{"name": "folder", "auth": {"type": "noauth"}, "item": [{
            "name": "one",
            "event": [{"listen": "test", "script": {"exec": ["a", "b"]}}],
            "request": {
                "method": "POST",
                "header": [{"key": "Accept", "value": "text/plain"}, {"key": "X-A", "value": "1"}],
                "url": {
                    "raw": "https://{{host}}:8080/v1/pets?limit=10&all",
                    "protocol": "https", "host": ["{{host}}"], "port": "8080", "path": ["v1", "pets"],
                    "query": [{"key": "limit", "value": "10"}, {"key": "all", "value": null}]
                },
                "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{t}}", "type": "string"}]},
                "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1", "type": "text"}]}
            },
            "response": []
        }]}],
        "variable": [{"key": "host", "value": "h"}]
    });
    let (old, new) = (of(&v20), of(&v21));
    assert_eq!(flat(&old.items), flat(&new.items));
    assert_eq!((&old.name, &old.id, &old.auth), (&new.name, &new.id, &new.auth));
    assert_eq!(old.variables, new.variables);
    assert!(flat(&new.items)[1].contains("{{host}}"));
}

#[test]
fn odd_shapes_newman_takes_are_taken() {
    let nothing = json!({
        "info": null, "auth": null, "event": null, "variable": null, "protocolProfileBehavior": null,
        "item": [{"name": 5, "request": null, "event": null, "item": null}]
    });
    let collection = of(&nothing);
    assert_eq!(first(&collection).name, "5");
    assert_eq!(first(&collection).request.method, "GET");
    assert_eq!(first(&collection).request.url.to_string(), "");
    assert!(collection.name.is_empty() && collection.events.is_empty() && collection.variables.is_empty());

    for (script, expected) in [
        (json!("a\nb"), "a\nb"),
        (json!(["a", "b"]), "a\nb"),
        (json!({"exec": "a\r\nb"}), "a\nb"),
        (json!({"exec": ["a", null, 5]}), "a\n\n5"),
        (json!({"exec": []}), ""),
        (json!({"exec": null, "type": "text/javascript"}), ""),
        (json!({}), ""),
    ] {
        let collection =
            of(&json!({"item": [{"event": [null, {"listen": "test", "script": script, "disabled": true}]}]}));
        let event = &first(&collection).events[0];
        assert_eq!((&*event.script, event.disabled), (expected, true), "{script}");
    }

    let request = |value: Value| first(&of(&json!({"item": [{"request": value}]}))).request.clone();
    assert_eq!(request(json!("{{b}}/x")).url.to_string(), "{{b}}/x");
    assert_eq!(request(json!({"url": "h", "method": "fOo"})).method, "FOO");
    assert!(of(&json!({"item": []})).items.is_empty());
}

#[test]
fn boxed_and_encoded_collections_are_the_same() {
    let inner =
        json!({"info": {"name": "ä"}, "x-unknown": [1], "item": [{"name": "€", "x": {"kept": true}}]});
    let boxed = json!({"collection": inner, "note": "outside"});
    let plain = of(&inner);
    assert_eq!(*plain.document, *of(&boxed).document);
    assert_eq!(plain.document["x-unknown"], json!([1]));
    assert_eq!(plain.document["item"][0]["x"]["kept"], true);

    let text = format!("\n{inner}\n");
    let little: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.trim().encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, line) in [(format!("\u{feff}{text}").into_bytes(), 2), (little, 2), (big, 1)] {
        let collection = parse("c.json", &bytes).unwrap();
        assert_eq!((collection.name.as_str(), first(&collection).name.as_str()), ("ä", "€"));
        assert_eq!(first(&collection).line, line);
    }
}

#[test]
fn ids_are_kept_or_made_up_and_exported() {
    let collection = of(&json!({"item": [{"id": "mine"}, {"item": [{}]}]}));
    assert_eq!(first(&collection).id, "mine");
    let ItemNode::Group(group) = &collection.items[1] else { panic!() };
    let ItemNode::Item(item) = &group.items[0] else { panic!() };
    assert_eq!(collection.document["item"][1]["item"][0]["id"], json!(item.id));
    assert_eq!(collection.document["item"][1]["id"], json!(group.id));
    assert_eq!(collection.document["info"]["_postman_id"], json!(collection.id));
    assert_eq!(item.id.len(), 36);
}

#[test]
fn lines_point_into_the_file() {
    let text = r#"{
  "collection": {
    "event": [
      {"listen": "prerequest",
       "script": {"exec": [
         "first"]}}
    ],
    "item": [
      {"name": "folder", "item": [

        {"name": "deep", "event": [{"listen": "test", "script":
          "text"}]}
      ]}
    ]
  }
}"#;
    let collection = parse("c.json", text.as_bytes()).unwrap();
    let ItemNode::Group(group) = &collection.items[0] else { panic!() };
    let ItemNode::Item(item) = &group.items[0] else { panic!() };
    let lines = (collection.events[0].line(1), group.line, item.line, item.events[0].line(1));
    assert_eq!(lines, (6, 9, 11, 12));
}

#[test]
fn a_large_collection_keeps_order_ids_and_lines() {
    const FOLDERS: usize = 100;
    const ITEMS: usize = 100;
    let mut text = String::from("{\"item\": [\n");
    for folder in 0..FOLDERS {
        let _ = writeln!(text, "{{\"name\": \"f{folder}\", \"item\": [");
        for item in 0..ITEMS {
            let comma = if item + 1 < ITEMS { "," } else { "" };
            let _ = writeln!(text, "{{\"name\": \"{folder}-{item}\", \"request\": \"h/{item}\"}}{comma}");
        }
        text.push_str(if folder + 1 < FOLDERS { "]},\n" } else { "]}\n" });
    }
    text.push_str("]}");
    let collection = parse("big.json", text.as_bytes()).unwrap();
    let mut ids = std::collections::HashSet::new();
    for (folder, node) in collection.items.iter().enumerate() {
        let ItemNode::Group(group) = node else { panic!() };
        for (index, node) in group.items.iter().enumerate() {
            let ItemNode::Item(item) = node else { panic!() };
            assert_eq!(item.name, format!("{folder}-{index}"));
            assert_eq!(item.line as usize, 3 + folder * (ITEMS + 2) + index);
            ids.insert(item.id.as_str());
        }
    }
    assert_eq!(ids.len(), FOLDERS * ITEMS);
}

/// Text, then cause and hint.
const REFUSED: &[(&str, &str, &str)] = &[
    ("", "the file is empty", "export the collection again from Postman"),
    (" \n\u{feff}", "the file is empty", "export the collection again from Postman"),
    (
        "<!doctype html>\n<p>Not found",
        "expected value (line 1, column 1)",
        "this looks like HTML or XML: export the collection from Postman as JSON",
    ),
    (
        "# pets\nopenapi: 3.1.0\n",
        "expected value (line 1, column 1)",
        "this looks like YAML: export the collection from Postman as JSON",
    ),
    (
        "PK\u{3}\u{4}\u{14}",
        "expected value (line 1, column 1)",
        "this looks like an archive: unpack it first",
    ),
    (
        "{\"item\": [\n  {\"name\": \"ä\",}\n]}",
        "trailing comma (line 2, column 16)",
        "remove the comma before the closing bracket",
    ),
    (
        "{\"item\": [",
        "EOF while parsing a list (line 1, column 10)",
        "the file ends too early: was it cut off when it was saved?",
    ),
    (
        "{\"item\": []}\n{\"item\": []}",
        "trailing characters (line 2, column 1)",
        "a file holds one JSON value: remove what follows it",
    ),
    (
        "{\n  // pets\n  \"item\": []}",
        "key must be a string (line 2, column 3)",
        "write keys in double quotes; JSON has no comments",
    ),
    (
        "{\"item\" []}",
        "expected `:` (line 1, column 9)",
        "mend the JSON at that place, or export the collection again from Postman",
    ),
    (
        "[]",
        "expected a collection (an object), found an array (line 1, column 1)",
        "export the collection from Postman as Collection v2.1",
    ),
    (
        "\n \"c\"",
        "expected a collection (an object), found a string (line 2, column 2)",
        "export the collection from Postman as Collection v2.1",
    ),
    (
        "null",
        "expected a collection (an object), found null (line 1, column 1)",
        "export the collection from Postman as Collection v2.1",
    ),
    (
        "{}",
        "`item` is missing (line 1, column 1)",
        "a collection lists its requests and folders in `item`, such as {\"info\": {\"name\": \"pets\"}, \"item\": []}",
    ),
    (
        "{\"collection\": {\"info\": {}}}",
        "collection: `item` is missing (line 1, column 16)",
        "a collection lists its requests and folders in `item`, such as {\"info\": {\"name\": \"pets\"}, \"item\": []}",
    ),
    (
        "{\"name\": \"dev\", \"values\": []}",
        "expected a collection, found an environment (line 1, column 1)",
        "give an environment with --environment (-e), and the collection as the argument",
    ),
    (
        "{\"values\": [], \"_postman_variable_scope\": \"globals\"}",
        "expected a collection, found globals (line 1, column 1)",
        "give globals with --globals (-g), and the collection as the argument",
    ),
    (
        "{\"order\": [\"1\"], \"requests\": []}",
        "expected a collection, found a v1 collection (line 1, column 1)",
        "a v1 collection has a `name`, an `order` and `requests`",
    ),
    (
        "{\"swagger\": \"2.0\"}",
        "expected a collection, found an OpenAPI description (line 1, column 1)",
        "import it into Postman and export it from there as Collection v2.1",
    ),
    (
        "{\"item\": 5}",
        "item: expected an array, found a number (line 1, column 10)",
        "write a list of requests and folders: [{…}, {…}]",
    ),
];

/// Text that newman runs all the same; then what is ignored, why, and hint.
const TOLERATED: &[(&str, &str, &str)] = &[
    (
        "{\"item\": [], \"event\": [{\"listen\": \"test\", \"script\": {\"src\": \"http://h/t.js\"}}]}",
        "event[0].script.src: a script elsewhere is not fetched (line 1, column 61)",
        "write the script itself into `exec`",
    ),
    (
        "{\"item\": [\n  {\"item\": \"x\"}]}",
        "item[0].item: expected an array, found a string (line 2, column 12)",
        "write a list of requests and folders: [{…}, {…}]",
    ),
    (
        "{\"item\": [{}, {\"item\": [\n{\"name\": \"ä\", \"request\": {\"url\": 5}}]}]}",
        "item[1].item[0].request.url: expected a string or an object, found a number (line 2, column 34)",
        "write a string such as \"{{baseUrl}}/pets\", or an object with a `raw` field",
    ),
    (
        "{\"item\": [{\"request\": 5}]}",
        "item[0].request: expected an object or a string, found a number (line 1, column 23)",
        "write an object such as {\"method\": \"GET\", \"url\": \"{{baseUrl}}/pets\"}, or just the URL",
    ),
    (
        "{\"item\": [], \"info\": \"pets\"}",
        "info: expected an object, found a string (line 1, column 22)",
        "write an object such as {\"name\": \"my collection\"}",
    ),
    (
        "{\"item\": [], \"event\": {}}",
        "event: expected an array, found an object (line 1, column 23)",
        "write a list such as [{\"listen\": \"test\", \"script\": {\"exec\": [\"…\"]}}]",
    ),
    (
        "{\"item\": [], \"event\": [{\"script\": 5}]}",
        "event[0].script: expected an object, an array or a string, found a number (line 1, column 35)",
        "write the script as a list of lines, such as {\"exec\": [\"…\", \"…\"]}",
    ),
    (
        "{\"item\": [], \"protocolProfileBehavior\": [1]}",
        "protocolProfileBehavior: expected an object, found an array (line 1, column 41)",
        "write an object such as {\"followRedirects\": false}",
    ),
    (
        "{\"item\": [], \"variable\": 5}",
        "variable: expected an array, found a number (line 1, column 26)",
        "write a list such as [{\"key\": \"baseUrl\", \"value\": \"http://localhost\"}]",
    ),
    (
        "{\"item\": [{\"name\": []}]}",
        "item[0].name: expected a string, found an array (line 1, column 20)",
        "write text in double quotes",
    ),
    (
        "{\"item\": [\"http://h/\"]}",
        "item[0]: expected an object, found a string (line 1, column 11)",
        "write an object such as {\"name\": \"list pets\", \"request\": {\"url\": \"{{baseUrl}}/pets\"}}",
    ),
];

#[test]
fn errors_say_what_why_and_how_to_mend_it() {
    for (text, cause, hint) in REFUSED {
        let error = parse("dir/c.json", text.as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("error: cannot read collection `dir/c.json`\n  caused by: {cause}\n  hint: {hint}"),
            "{text}"
        );
        let placed = error.location.map(|at| format!("(line {}, column {})", at.line, at.column));
        assert_eq!(placed.is_some(), cause.contains("(line"));
        assert!(cause.ends_with(&placed.unwrap_or_default()), "{text}");
    }
    for (text, message, hint) in TOLERATED {
        let collection = parse("dir/c.json", text.as_bytes()).unwrap();
        let told: Vec<_> = collection
            .warnings
            .iter()
            .map(|w| {
                let at = w.location.as_ref().map(|at| format!(" (line {}, column {})", at.line, at.column));
                (format!("{}{}", w.message, at.unwrap_or_default()), w.hint.clone().unwrap_or_default())
            })
            .collect();
        assert_eq!(told, [(format!("ignored {message}"), (*hint).to_owned())], "{text}");
    }
    let error = parse("-", b"[]").unwrap_err();
    assert_eq!(error.what, "cannot read collection from standard input");
}

#[test]
fn deep_nesting_is_refused_not_overflowed() {
    let text = format!("{}{}", "{\"item\": [".repeat(5000), "]}".repeat(5000));
    let error = parse("c.json", text.as_bytes()).unwrap_err();
    assert_eq!(error.cause, "nested more than 512 deep (line 1, column 2561)");
    assert_eq!(error.hint.unwrap(), "move inner folders further up");
    // As deep as is allowed, on a stack such as a program's first.
    let text = format!("{}{}", "{\"item\": [".repeat(256), "]}".repeat(256));
    let parse_it = move || parse("c.json", text.as_bytes()).map(|collection| collection.items.len());
    let parsed = std::thread::Builder::new().stack_size(8 << 20).spawn(parse_it).unwrap().join().unwrap();
    assert_eq!(parsed, Ok(1));
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let folder = std::env::temp_dir().join(format!("postproof-collection-{}", uuid::Uuid::new_v4()));
    let empty = folder.join("empty");
    std::fs::create_dir_all(&empty).unwrap();
    let file = folder.join("pets.json");
    std::fs::write(&file, r#"{"info": {"name": "pets"}, "item": []}"#).unwrap();
    assert_eq!(read(&file).unwrap().name, "pets");

    let shown = |path: &Path| path.display().to_string();
    for (path, cause, hint) in [
        (folder.join("pet.json"), "No such file or directory", format!("did you mean `{}`?", shown(&file))),
        (
            folder.join("zzzzzzzzzz"),
            "No such file or directory",
            "check the path: a relative one starts at the current folder".to_owned(),
        ),
        (folder.clone(), "Is a directory", format!("name a file in it, such as `{}`", shown(&file))),
        (empty, "Is a directory", "name a file, not a folder".to_owned()),
    ] {
        let expected =
            format!("error: cannot read collection `{}`\n  caused by: {cause}\n  hint: {hint}", shown(&path));
        assert_eq!(read(&path).unwrap_err().to_string(), expected);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn halves_of_characters_are_no_reason_to_refuse() {
    let text = r#"{"info": {"name": "a\ud83d b\udc00\\ud83d \ud83d\ude00 \u12"}, "item": []}"#;
    assert!(parse("c.json", text.as_bytes()).is_err(), "what is no escape is still none");
    let collection = parse("c.json", text.replace("\\u12", "").as_bytes()).unwrap();
    assert_eq!(collection.name, "a\u{fffd} b\u{fffd}\\ud83d 😀 ");
}
