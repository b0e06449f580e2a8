//! From a JSON document to a [`Collection`].

use super::document::{Document, InputFile};
use super::identify::{Identity, identify};
use super::model::{Collection, Event, Item, ItemGroup, ItemNode};
use super::node::{Ignored, JsonPath, Node, PathStep, ShapeError};
use super::request::{auth, request};
use super::source::{Outline, Source};
use super::v1::{self, Upgraded};
use super::{complete, variables};
use crate::diagnostic::{InputError, Warning, WarningCode};
use crate::variable::VariableScope;
use serde_json::{Map, Value};
use std::sync::Arc;

type Read<T> = Result<T, ShapeError>;

const ITEM_HINT: &str =
    r#"write an object such as {"name": "list pets", "request": {"url": "{{baseUrl}}/pets"}}"#;
const EVENT_HINT: &str = r#"write a list such as [{"listen": "test", "script": {"exec": ["…"]}}]"#;
const BEHAVIOR_HINT: &str = r#"write an object such as {"followRedirects": false}"#;

/// Warnings about ignored fields at most; what is wrong a hundred times is wrong in one way.
const MAX_WARNINGS: usize = 20;

/// Reads a collection of any version, boxed (`{"collection": {…}}`) or not.
pub(super) fn collection(file: &InputFile, bytes: &[u8]) -> Result<Collection, InputError> {
    let Document { source, mut value } = file.document(bytes)?;
    let boxed = value.get("item").is_none() && value.get("collection").is_some_and(Value::is_object);
    let at = JsonPath(if boxed { vec![PathStep::Key("collection".to_owned())] } else { Vec::new() });
    let source = Arc::new(source);
    let ignored = Ignored::default();
    let v1 = if boxed { &value["collection"] } else { &value };
    let mut collection = if v1::is_v1(v1) {
        let Upgraded { mut document, origins, dropped } = v1::upgrade(v1);
        complete::fill(&mut document, &file.name());
        let outline = source.outline_v1(&at, &origins);
        let root = Node::tolerant(&document, &ignored);
        let mut collection = top(&root, &source, &outline).map_err(|error| file.refuse(&source, error))?;
        collection.warnings =
            dropped.into_iter().map(|(place, why)| lost(&source, &at, place, why)).collect();
        collection.upgraded = true;
        collection.document = Arc::new(document);
        collection
    } else {
        complete::fill(if boxed { &mut value["collection"] } else { &mut value }, &file.name());
        let root = Node::tolerant(&value, &ignored);
        let inner = if boxed { root.get("collection") } else { None };
        let outline = source.outline(&at);
        let mut collection = top(inner.as_ref().unwrap_or(&root), &source, &outline)
            .map_err(|error| file.refuse(&source, error))?;
        collection.document = Arc::new(if boxed { value["collection"].take() } else { value });
        collection
    };
    collection.warnings.extend(warnings(&source, ignored.into_inner()));
    Ok(collection)
}

/// What of a v1 collection is not run.
fn lost(source: &Source, at: &JsonPath, (list, index): v1::Place, why: String) -> Warning {
    let mut path = at.clone();
    path.0.extend([PathStep::Key(list.to_owned()), PathStep::Index(index)]);
    Warning::new(WarningCode::FieldIgnored, why)
        .hint("open the collection in Postman and export it as Collection v2.1")
        .at(source.locate(&path))
}

/// What makes no sense in the collection, and was left out of account.
fn warnings(source: &Source, ignored: Vec<ShapeError>) -> Vec<Warning> {
    let more = ignored.len().saturating_sub(MAX_WARNINGS);
    let warning = |error: ShapeError| {
        Warning::new(WarningCode::FieldIgnored, format!("ignored {}: {}", error.path, error.message))
            .at(source.locate(&error.path))
            .hint(error.hint)
    };
    let mut warnings: Vec<Warning> = ignored.into_iter().take(MAX_WARNINGS).map(warning).collect();
    if more > 0 {
        let message = format!("ignored {more} more fields of the collection that make no sense");
        warnings.push(Warning::new(WarningCode::FieldIgnored, message));
    }
    warnings
}

/// The collection at that node, its document still empty.
fn top(node: &Node<'_>, source: &Arc<Source>, outline: &Outline) -> Read<Collection> {
    let children = children(node)?;
    let info = node.get("info");
    if let Some(info) = &info {
        let fields = info.object(r#"write an object such as {"name": "my collection"}"#);
        info.tolerate(fields.map(drop))?;
    }
    let about = |key| info.as_ref().map(|info| info.text_at(key)).transpose().map(Option::flatten);
    let mut scope = VariableScope::default();
    if let Some(list) = node.get("variable") {
        list.tolerate(variables(&list, &mut scope))?;
    }
    let name = about("name")?.unwrap_or_default();
    Ok(Collection {
        id: about("_postman_id")?.unwrap_or_default(),
        items: items(&children, outline)?,
        auth: auth(node.get("auth"))?,
        events: events(node, outline, &name)?,
        name,
        variables: scope,
        behavior: behavior(node)?,
        document: Arc::default(),
        source: Arc::clone(source),
        upgraded: false,
        warnings: Vec::new(),
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
        Identity::CollectionV1 => "a v1 collection has a `name`, an `order` and `requests`",
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
            node.error(format!("expected a collection, found {found}"), hint)
        }
    })
}

fn items(list: &Node<'_>, outline: &Outline) -> Read<Vec<ItemNode>> {
    let Some(elements) = list.elements() else {
        return Err(list.fail("an array", "write a list of requests and folders: [{…}, {…}]"));
    };
    let present = elements.enumerate().filter(|(_, node)| !node.value().is_null());
    present.map(|(index, node)| item(&node, outline.item(index))).collect()
}

/// A folder if it has `item`, otherwise a request.
fn item(node: &Node<'_>, outline: &Outline) -> Read<ItemNode> {
    // What is no item at all becomes one without a URL: it fails, in newman as here.
    node.tolerate(node.object(ITEM_HINT).map(drop))?;
    let id = node.text_at("id")?.unwrap_or_default();
    let name = node.text_at("name")?.unwrap_or_default();
    let (events, behavior, line) = (events(node, outline, &name)?, behavior(node)?, outline.line);
    let children = node.get("item").map(|children| children.tolerate(items(&children, outline).map(Some)));
    Ok(match children.transpose()? {
        Some(Some(items)) => {
            let auth = auth(node.get("auth"))?;
            ItemNode::Group(ItemGroup { id, name, items, auth, events, behavior, line })
        }
        Some(None) | None => {
            let request = request(node.get("request"))?;
            ItemNode::Item(Item { id, name, request, events, behavior, line })
        }
    })
}

fn behavior(node: &Node<'_>) -> Read<Map<String, Value>> {
    match node.get("protocolProfileBehavior") {
        Some(behavior) => behavior.tolerate(behavior.object(BEHAVIOR_HINT).cloned()),
        None => Ok(Map::new()),
    }
}

fn events(node: &Node<'_>, outline: &Outline, owner: &str) -> Read<Vec<Event>> {
    let Some(list) = node.get("event") else { return Ok(Vec::new()) };
    let owner: Arc<str> = owner.into();
    let Some(elements) = list.elements() else {
        return list.tolerate(Err(list.fail("an array", EVENT_HINT)));
    };
    let present = elements.enumerate().filter(|(_, event)| !event.value().is_null());
    present
        .filter_map(|(index, event)| self::event(&event, outline.event(index), &owner).transpose())
        .collect()
}

/// A script; none for an event without one, which newman does not count either.
fn event(node: &Node<'_>, lines: Arc<[u32]>, owner: &Arc<str>) -> Read<Option<Event>> {
    if node.tolerate(node.object(EVENT_HINT).map(Some))?.is_none() {
        return Ok(None);
    }
    let Some(script) = node.get("script") else { return Ok(None) };
    let Some(source) = script.tolerate(source(&script).map(Some))? else { return Ok(None) };
    Ok(Some(Event {
        listen: node.text_at("listen")?.unwrap_or_default(),
        script: source.into(),
        disabled: node.flag("disabled")?,
        lines,
        owner: Arc::clone(owner),
    }))
}

/// A script's source: text, lines, or an object with either in `exec`.
fn source(script: &Node<'_>) -> Read<String> {
    if let Value::Object(_) = script.value() {
        if let Some(src) = script.get("src").filter(|_| script.get("exec").is_none()) {
            script.ignore(
                src.error("a script elsewhere is not fetched", "write the script itself into `exec`"),
            )?;
        }
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
