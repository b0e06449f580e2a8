//! From a JSON document to a [`Collection`].

use super::document::{Document, InputFile};
use super::identify::{Identity, identify};
use super::model::{Collection, Event, Item, ItemGroup, ItemNode};
use super::node::{Node, ShapeError};
use super::request::{auth, request};
use super::source::{Outline, Source};
use super::{ids, variables};
use crate::diagnostic::InputError;
use crate::variable::VariableScope;
use serde_json::{Map, Value};
use std::sync::Arc;

type Read<T> = Result<T, ShapeError>;

const ITEM_HINT: &str =
    r#"write an object such as {"name": "list pets", "request": {"url": "{{baseUrl}}/pets"}}"#;
const EVENT_HINT: &str = r#"write a list such as [{"listen": "test", "script": {"exec": ["…"]}}]"#;
const BEHAVIOR_HINT: &str = r#"write an object such as {"followRedirects": false}"#;

/// Reads a collection, boxed (`{"collection": {…}}`) or not.
pub(super) fn collection(file: &InputFile, bytes: &[u8]) -> Result<Collection, InputError> {
    let Document { source, mut value } = file.document(bytes)?;
    let boxed = value.get("item").is_none() && value.get("collection").is_some_and(Value::is_object);
    ids::fill(if boxed { &mut value["collection"] } else { &mut value }, &file.name());
    let source = Arc::new(source);
    let root = Node::root(&value);
    let inner = if boxed { root.get("collection") } else { None };
    let mut collection =
        top(inner.as_ref().unwrap_or(&root), &source).map_err(|error| file.refuse(&source, error))?;
    collection.document = Arc::new(if boxed { value["collection"].take() } else { value });
    Ok(collection)
}

/// The collection at that node, its document still empty.
fn top(node: &Node<'_>, source: &Arc<Source>) -> Read<Collection> {
    let children = children(node)?;
    let outline = source.outline(&node.path());
    let info = node.get("info");
    if let Some(info) = &info {
        info.object(r#"write an object such as {"name": "my collection"}"#)?;
    }
    let about = |key| info.as_ref().map(|info| info.text_at(key)).transpose().map(Option::flatten);
    let mut scope = VariableScope::default();
    if let Some(list) = node.get("variable") {
        variables(&list, &mut scope)?;
    }
    let name = about("name")?.unwrap_or_default();
    Ok(Collection {
        id: about("_postman_id")?.unwrap_or_default(),
        items: items(&children, &outline)?,
        auth: auth(node.get("auth"))?,
        events: events(node, &outline, &name)?,
        name,
        variables: scope,
        behavior: behavior(node)?,
        document: Arc::default(),
        source: Arc::clone(source),
    })
}

/// The top-level `item`, or why this is no collection.
fn children<'n>(node: &'n Node<'_>) -> Read<Node<'n>> {
    if !node.value().is_object() {
        return Err(
            node.fail("a collection (an object)", "export the collection from Postman as Collection v2.1")
        );
    }
    if let Some(children) = node.get("item") {
        return Ok(children);
    }
    let identity = identify(node.value());
    let hint = match identity {
        Identity::Environment => {
            "give an environment with --environment (-e), and the collection as the argument"
        }
        Identity::Globals => "give globals with --globals (-g), and the collection as the argument",
        Identity::CollectionV1 => "export it from Postman as Collection v2.1",
        Identity::OpenApi | Identity::Har | Identity::Insomnia => {
            "import it into Postman and export it from there as Collection v2.1"
        }
        Identity::Collection | Identity::Unknown => {
            r#"a collection lists its requests and folders in `item`, such as {"info": {"name": "pets"}, "item": []}"#
        }
    };
    Err(match identity {
        Identity::Collection | Identity::Unknown => node.error("`item` is missing", hint),
        other => {
            let found = other.name().unwrap_or_default();
            node.error(format!("expected a collection (v2.0 or v2.1), found {found}"), hint)
        }
    })
}

fn items(list: &Node<'_>, outline: &Outline) -> Read<Vec<ItemNode>> {
    let Some(elements) = list.elements() else {
        return Err(list.fail("an array", "write a list of requests and folders: [{…}, {…}]"));
    };
    elements.enumerate().map(|(index, node)| item(&node, outline.item(index))).collect()
}

/// A folder if it has `item`, otherwise a request.
fn item(node: &Node<'_>, outline: &Outline) -> Read<ItemNode> {
    node.object(ITEM_HINT)?;
    let id = node.text_at("id")?.unwrap_or_default();
    let name = node.text_at("name")?.unwrap_or_default();
    let (events, behavior, line) = (events(node, outline, &name)?, behavior(node)?, outline.line);
    Ok(match node.get("item") {
        Some(children) => {
            let (items, auth) = (items(&children, outline)?, auth(node.get("auth"))?);
            ItemNode::Group(ItemGroup { id, name, items, auth, events, behavior, line })
        }
        None => {
            let request = request(node.get("request"))?;
            ItemNode::Item(Item { id, name, request, events, behavior, line })
        }
    })
}

fn behavior(node: &Node<'_>) -> Read<Map<String, Value>> {
    match node.get("protocolProfileBehavior") {
        Some(behavior) => behavior.object(BEHAVIOR_HINT).cloned(),
        None => Ok(Map::new()),
    }
}

fn events(node: &Node<'_>, outline: &Outline, owner: &str) -> Read<Vec<Event>> {
    let Some(list) = node.get("event") else { return Ok(Vec::new()) };
    let Some(elements) = list.elements() else { return Err(list.fail("an array", EVENT_HINT)) };
    let present = elements.enumerate().filter(|(_, event)| !event.value().is_null());
    let owner: Arc<str> = owner.into();
    present.map(|(index, event)| self::event(&event, outline.event(index), &owner)).collect()
}

fn event(node: &Node<'_>, lines: Arc<[u32]>, owner: &Arc<str>) -> Read<Event> {
    node.object(EVENT_HINT)?;
    Ok(Event {
        listen: node.text_at("listen")?.unwrap_or_default(),
        script: node.get("script").map(|script| source(&script)).transpose()?.unwrap_or_default().into(),
        disabled: node.flag("disabled")?,
        lines,
        owner: Arc::clone(owner),
    })
}

/// A script's source: text, lines, or an object with either in `exec`.
fn source(script: &Node<'_>) -> Read<String> {
    if let Value::Object(_) = script.value() {
        return script
            .get("exec")
            .map(|exec| lines(&exec, "an array or a string"))
            .transpose()
            .map(Option::unwrap_or_default);
    }
    lines(script, "an object, an array or a string")
}

fn lines(exec: &Node<'_>, expected: &str) -> Read<String> {
    if let Value::String(text) = exec.value() {
        return Ok(text.replace("\r\n", "\n"));
    }
    let Some(elements) = exec.elements() else {
        return Err(
            exec.fail(expected, r#"write the script as a list of lines, such as {"exec": ["…", "…"]}"#)
        );
    };
    let line = |line: Node<'_>| if line.value().is_null() { Ok(String::new()) } else { line.text() };
    Ok(elements.map(line).collect::<Read<Vec<_>>>()?.join("\n"))
}
