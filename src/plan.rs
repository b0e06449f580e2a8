//! From a collection to what is run: a flat list of items with what they inherit.

use crate::collection::{Collection, Event, Item, ItemGroup, ItemNode, Request, RequestAuth};
use crate::diagnostic::{InputError, suggest};
use crate::event::ItemRef;
use crate::iteration_data::IterationData;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Everything one iteration runs, in order.
#[derive(Debug, Clone)]
pub struct RunPlan {
    /// Items, depth first in document order.
    pub items: Vec<PlannedItem>,
    /// The collection's other items: not run, unless a script asks for one (`pm.execution.runRequest`).
    pub unselected: Vec<PlannedItem>,
    /// How often.
    pub iterations: u32,
    /// The rows of the iterations; empty where there is no data.
    pub data: IterationData,
}

impl RunPlan {
    /// Where the last item of that id is, else the last one of that name (Postman's rule).
    pub fn position(&self, wanted: &str) -> Option<usize> {
        position(&self.items, wanted)
    }

    /// The item a script asks for, run by itself or not: by id, by uid (`<owner>-<id>`), or by name.
    pub fn request(&self, wanted: &str) -> Option<&PlannedItem> {
        let among = |wanted: &str| {
            [&self.items, &self.unselected].into_iter().find_map(|all| Some(&all[position(all, wanted)?]))
        };
        among(wanted).or_else(|| {
            let (owner, id) = wanted.split_once('-')?;
            owner.bytes().all(|b| b.is_ascii_digit()).then(|| among(id)).flatten()
        })
    }
}

fn position(items: &[PlannedItem], wanted: &str) -> Option<usize> {
    let by_id = items.iter().rposition(|planned| planned.item.id == wanted);
    by_id.or_else(|| items.iter().rposition(|planned| planned.item.name == wanted))
}

/// An item ready to be run: inheritance resolved, nothing substituted.
#[derive(Debug, Clone)]
pub struct PlannedItem {
    /// How reports name it.
    pub item: ItemRef,
    /// Name of its collection.
    pub collection: Arc<str>,
    /// The request.
    pub request: Request,
    /// The nearest auth, `None` for none.
    pub auth: Option<RequestAuth>,
    /// Whose auth that is: the id of the folder or collection; `None` when it is the request's own.
    pub auth_owner: Option<String>,
    /// Scripts: collection's, then folders', then the item's own.
    pub events: Vec<Event>,
    /// `protocolProfileBehavior`, merged, the item's own winning.
    pub behavior: Map<String, Value>,
}

/// What of a collection is run, and how often.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlanOptions {
    /// Folders or requests by id, name or path (`Folder/request`); all when empty. However they are listed,
    /// the collection's order counts.
    pub folders: Vec<String>,
    /// Iterations; where it is not said, one a row of data, or one.
    pub iterations: Option<u32>,
    /// Rows of variables, one an iteration.
    pub data: IterationData,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// `--folder` names nothing.
    #[error("no folder or request in `{file}` has the id or name `{name}`")]
    UnknownFolder {
        /// As given.
        name: String,
        /// The collection's file.
        file: String,
        /// How to mend it.
        hint: String,
    },
}

impl From<PlanError> for InputError {
    fn from(error: PlanError) -> Self {
        let cause = error.to_string();
        let PlanError::UnknownFolder { name, hint, .. } = error;
        Self { what: format!("cannot run folder `{name}`"), cause, hint: Some(hint), location: None }
    }
}

/// Flattens a collection and resolves inheritance: the nearest auth that names a type wins and `noauth` stops
/// it; scripts run outermost first; behaviour is merged field by field, the innermost winning.
pub fn build(collection: &Collection, options: &PlanOptions) -> Result<RunPlan, PlanError> {
    // Several names are looked for in document order, a single one is looked for at the top first.
    let look_up = if options.folders.len() > 1 { find_in_order } else { find };
    let find_one = |name: &String| {
        look_up(&collection.items, name)
            .or_else(|| find_path(&collection.items, name))
            .ok_or_else(|| unknown(collection, name))
    };
    let selected = options.folders.iter().map(find_one).collect::<Result<Vec<_>, _>>()?;
    let name = collection.name.as_str().into();
    let mut walk = Walk { collection, name, selected, items: Vec::new(), unselected: Vec::new() };
    let top = Inherited {
        path: Vec::new(),
        auth: collection.auth.as_ref().map(|auth| (auth, collection.id.as_str())),
        events: collection.events.clone(),
        behavior: collection.behavior.clone(),
    };
    walk.visit(&collection.items, &top, options.folders.is_empty());
    let rows = u32::try_from(options.data.len()).unwrap_or(u32::MAX);
    let iterations = options.iterations.unwrap_or_else(|| rows.max(1));
    Ok(RunPlan { items: walk.items, unselected: walk.unselected, iterations, data: options.data.clone() })
}

/// What an item gets from the folders it is in.
struct Inherited<'c> {
    path: Vec<String>,
    /// The auth, and the id of what it is written on.
    auth: Option<(&'c RequestAuth, &'c str)>,
    events: Vec<Event>,
    behavior: Map<String, Value>,
}

impl<'c> Inherited<'c> {
    fn within(&self, group: &'c ItemGroup) -> Self {
        let mut path = self.path.clone();
        path.push(group.name.clone());
        Self {
            path,
            auth: group.auth.as_ref().map(|auth| (auth, group.id.as_str())).or(self.auth),
            events: [self.events.as_slice(), &group.events].concat(),
            behavior: merged(&self.behavior, &group.behavior),
        }
    }
}

struct Walk<'c> {
    collection: &'c Collection,
    name: Arc<str>,
    selected: Vec<&'c ItemNode>,
    items: Vec<PlannedItem>,
    unselected: Vec<PlannedItem>,
}

impl<'c> Walk<'c> {
    fn visit(&mut self, nodes: &'c [ItemNode], inherited: &Inherited<'c>, all: bool) {
        for node in nodes {
            let all = all || self.selected.iter().any(|selected| std::ptr::eq(*selected, node));
            match node {
                ItemNode::Group(group) => self.visit(&group.items, &inherited.within(group), all),
                ItemNode::Item(item) if all => self.items.push(self.planned(item, inherited)),
                ItemNode::Item(item) => self.unselected.push(self.planned(item, inherited)),
            }
        }
    }

    fn planned(&self, item: &Item, inherited: &Inherited<'_>) -> PlannedItem {
        let own = item.request.auth.as_ref();
        let auth = own.or(inherited.auth.map(|(auth, _)| auth));
        let owner = inherited.auth.filter(|_| own.is_none()).map(|(_, id)| id.to_owned());
        PlannedItem {
            item: ItemRef {
                id: item.id.clone(),
                name: item.name.clone(),
                path: inherited.path.clone(),
                location: Some(self.collection.source.at_line(item.line)),
            },
            collection: Arc::clone(&self.name),
            request: item.request.clone(),
            auth: auth.cloned(),
            auth_owner: owner,
            events: [inherited.events.as_slice(), &item.events].concat(),
            behavior: merged(&inherited.behavior, &item.behavior),
        }
    }
}

fn merged(outer: &Map<String, Value>, inner: &Map<String, Value>) -> Map<String, Value> {
    outer.iter().chain(inner).map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn id(node: &ItemNode) -> &str {
    match node {
        ItemNode::Item(item) => &item.id,
        ItemNode::Group(group) => &group.id,
    }
}

fn name(node: &ItemNode) -> &str {
    match node {
        ItemNode::Item(item) => &item.name,
        ItemNode::Group(group) => &group.name,
    }
}

fn children(node: &ItemNode) -> &[ItemNode] {
    match node {
        ItemNode::Item(_) => &[],
        ItemNode::Group(group) => &group.items,
    }
}

/// By id or name: among these first, then deeper, as Postman looks it up.
fn find<'c>(nodes: &'c [ItemNode], wanted: &str) -> Option<&'c ItemNode> {
    let here = nodes.iter().find(|node| id(node) == wanted || name(node) == wanted);
    here.or_else(|| nodes.iter().find_map(|node| find(children(node), wanted)))
}

/// By id or name: the first in document order.
fn find_in_order<'c>(nodes: &'c [ItemNode], wanted: &str) -> Option<&'c ItemNode> {
    nodes.iter().find_map(|node| {
        if id(node) == wanted || name(node) == wanted {
            return Some(node);
        }
        find_in_order(children(node), wanted)
    })
}

/// By path from the top, `Folder/Sub/request`. Names may hold slashes themselves.
fn find_path<'c>(nodes: &'c [ItemNode], path: &str) -> Option<&'c ItemNode> {
    nodes.iter().find_map(|node| match path.strip_prefix(name(node))? {
        "" => Some(node),
        rest => find_path(children(node), rest.strip_prefix('/')?),
    })
}

fn unknown(collection: &Collection, wanted: &str) -> PlanError {
    let mut names = Vec::new();
    collect_names(&collection.items, &mut names);
    let hint = match suggest(wanted, names.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None if names.is_empty() => "the collection is empty".to_owned(),
        None => {
            let top: Vec<_> = collection.items.iter().map(|node| format!("`{}`", name(node))).collect();
            let more = if top.len() > LISTED { ", …" } else { "" };
            format!("at the top there are {}{more}", top[..top.len().min(LISTED)].join(", "))
        }
    };
    PlanError::UnknownFolder { name: wanted.to_owned(), file: collection.source.file.clone(), hint }
}

/// Names a hint lists at most.
const LISTED: usize = 8;

fn collect_names<'c>(nodes: &'c [ItemNode], names: &mut Vec<&'c str>) {
    for node in nodes {
        names.push(name(node));
        collect_names(children(node), names);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::parse;
    use serde_json::json;

    fn sample() -> Collection {
        let script = |listen: &str, text: &str| json!({"listen": listen, "script": {"exec": [text]}});
        let auth = |kind: &str| json!({"type": kind});
        let value = json!({
            "info": {"name": "pets", "_postman_id": "pets"},
            "auth": auth("bearer"),
            "event": [script("prerequest", "c")],
            "protocolProfileBehavior": {"followRedirects": false, "maxRedirects": 1},
            "item": [
                {"id": "1", "name": "login", "request": {"url": "h", "auth": auth("noauth")}},
                {"id": "2", "name": "pets", "auth": auth("basic"), "event": [script("prerequest", "f")],
                 "protocolProfileBehavior": {"maxRedirects": 2}, "item": [
                    {"id": "3", "name": "list", "request": "h", "event": [script("test", "i"), script("prerequest", "j")],
                     "protocolProfileBehavior": {"maxRedirects": 3, "strictSSL": false}},
                    {"id": "4", "name": "toys", "auth": {"type": null}, "item": [
                        {"id": "5", "name": "list", "request": {"url": "h", "auth": auth("apikey")}},
                        {"id": "6", "name": "a/b", "request": {"url": "h", "auth": null}}
                    ]}
                ]},
                {"id": "7", "name": "empty", "item": []},
                {"id": "8", "name": "logout", "request": "h"}
            ]
        });
        parse("c.json", serde_json::to_string_pretty(&value).unwrap().as_bytes()).unwrap()
    }

    fn ids(folders: &[&str]) -> String {
        let folders = folders.iter().map(|name| (*name).to_owned()).collect();
        let plan = build(&sample(), &PlanOptions { folders, ..PlanOptions::default() }).unwrap();
        plan.items.iter().map(|planned| planned.item.id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn resolves_inheritance() {
        let plan = build(&sample(), &PlanOptions { iterations: Some(3), ..PlanOptions::default() }).unwrap();
        assert_eq!(plan.iterations, 3);
        let shown: Vec<_> = plan
            .items
            .iter()
            .map(|planned| {
                let auth = planned.auth.as_ref().map_or("-", |auth| auth.kind.as_str());
                let owner = planned.auth_owner.as_deref().unwrap_or("own");
                let scripts: Vec<_> = planned.events.iter().map(|event| &*event.script).collect();
                let behavior = Value::Object(planned.behavior.clone());
                format!("{}|{auth} {owner}|{}|{behavior}", planned.item.full_name(), scripts.join(""))
            })
            .collect();
        assert_eq!(
            shown,
            [
                r#"login|noauth own|c|{"followRedirects":false,"maxRedirects":1}"#,
                r#"pets / list|basic 2|cfij|{"followRedirects":false,"maxRedirects":3,"strictSSL":false}"#,
                r#"pets / toys / list|apikey own|cf|{"followRedirects":false,"maxRedirects":2}"#,
                r#"pets / toys / a/b|basic 2|cf|{"followRedirects":false,"maxRedirects":2}"#,
                r#"logout|bearer pets|c|{"followRedirects":false,"maxRedirects":1}"#,
            ]
        );
        let place = plan.items[1].item.location.clone().unwrap();
        assert_eq!(place.file, "c.json");
        let line = sample().source.text.lines().position(|line| line.contains(r#""id": "3""#)).unwrap();
        assert_eq!(place.line as usize, line, "the brace is on the line before the id");
    }

    #[test]
    fn selects_folders_and_requests() {
        for (folders, expected) in [
            (&[][..], "1 3 5 6 8"),
            (&["pets"], "3 5 6"),
            (&["2"], "3 5 6"),
            (&["list"], "3"),
            (&["toys"], "5 6"),
            (&["pets/toys"], "5 6"),
            (&["pets/toys/list"], "5"),
            (&["a/b"], "6"),
            (&["pets/toys/a/b"], "6"),
            (&["logout", "login"], "1 8"),
            (&["pets", "toys", "list", "pets"], "3 5 6"),
            (&["empty"], ""),
        ] {
            assert_eq!(ids(folders), expected, "{folders:?}");
        }
    }

    /// Observed with newman 6.2.2.
    #[test]
    fn of_equal_names_one_is_run() {
        let item = |id: &str, name: &str| json!({"id": id, "name": name, "request": "h"});
        let folder = json!({"name": "F", "item": [item("1", "twin"), item("2", "x")]});
        let value = json!({"item": [folder, item("3", "other"), item("4", "twin"), item("5", "x")]});
        let collection = parse("c.json", value.to_string().as_bytes()).unwrap();
        for (folders, expected) in
            [(&["twin"][..], "4"), (&["x"], "5"), (&["twin", "other"], "1 3"), (&["5", "x", "twin"], "1 2 5")]
        {
            let folders = folders.iter().map(|name| (*name).to_owned()).collect();
            let plan = build(&collection, &PlanOptions { folders, ..PlanOptions::default() }).unwrap();
            let ids: Vec<_> = plan.items.iter().map(|planned| planned.item.id.as_str()).collect();
            assert_eq!(ids.join(" "), expected);
        }
    }

    #[test]
    fn there_is_an_iteration_a_row_unless_a_number_is_given() {
        let data = |text: &str| crate::iteration_data::parse("d.json", text.as_bytes(), None).unwrap();
        for (iterations, text, expected) in [
            (None, "[]", 1),
            (None, r#"[{"a": 1}, {"a": 2}]"#, 2),
            (Some(1), r#"[{"a": 1}, {"a": 2}]"#, 1),
            (Some(5), r#"[{"a": 1}, {"a": 2}]"#, 5),
        ] {
            let options = PlanOptions { iterations, data: data(text), ..PlanOptions::default() };
            assert_eq!(build(&sample(), &options).unwrap().iterations, expected, "{iterations:?} {text}");
        }
    }

    #[test]
    fn unknown_names_are_errors_with_a_hint() {
        for (name, hint) in [
            ("logn", "did you mean `login`?"),
            ("Pets/zzzzzzzzzzzzz", "at the top there are `login`, `pets`, `empty`, `logout`"),
            ("", "at the top there are `login`, `pets`, `empty`, `logout`"),
        ] {
            let folders = vec!["pets".into(), name.into()];
            let options = PlanOptions { folders, ..PlanOptions::default() };
            let error: InputError = build(&sample(), &options).unwrap_err().into();
            assert_eq!(
                error.to_string(),
                format!(
                    "error: cannot run folder `{name}`\n  \
                     caused by: no folder or request in `c.json` has the id or name `{name}`\n  hint: {hint}"
                )
            );
        }
    }
}
