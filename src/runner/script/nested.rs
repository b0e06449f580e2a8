//! `pm.execution.runRequest`: another request of the collection, with its scripts, while the script that asks waits.
//!
//! As in Postman the request sees the asking script's variables as they are at that moment, its scripts' changes go
//! back to that script, and `setNextRequest` has no say. Unlike there, its assertions and console are reported, under
//! the item that is run.

use super::{Phase, Run, Sent, context};
use crate::event::{Cursor, ErrorInfo, EventKind};
use crate::exchange::Exchange;
use crate::plan::PlannedItem;
use crate::runner::item_flow::{Fetched, Sender};
use crate::runner::{Runner, ScriptEngine, Transport};
use crate::variable::{Scopes, Variable, VariableScope};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Requests that may be under way, each run by a script of the one before, the collection's own not counted.
const MAX_DEPTH: usize = 10;

/// Its scripts know of no iteration but their own.
pub(super) const CURSOR: Cursor = Cursor { position: 0, length: 1, iteration: 0, cycles: 1 };

/// What the scripts of a request that is under way have changed so far: scope → list of mutations.
pub(in crate::runner) type Mutations = Map<String, Value>;

/// What a request that a script ran came to.
#[derive(Default)]
struct Ran {
    /// An assertion or a script failed.
    failed: bool,
    /// Why the script that asked gets no response.
    error: Option<ErrorInfo>,
    /// `None` when it was skipped.
    exchange: Option<Arc<Exchange>>,
}

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Runs the request that `[id, {variables}, scopes]` asks for; gives what is answered. `None`: cancelled.
    pub(super) async fn answer_run_request(
        &mut self,
        arguments: &[Value],
        run: &mut Run<'_>,
        cursor: Cursor,
    ) -> Result<Option<Vec<Value>>, E> {
        let wanted = arguments.first().and_then(Value::as_str).unwrap_or_default();
        if self.nested.len() >= MAX_DEPTH {
            let message = format!("Max pm.execution.runRequest depth of {MAX_DEPTH} has been reached.");
            return Ok(Some(vec![error(&message)]));
        }
        let Some(item) = self.plan.as_ref().and_then(|plan| plan.request(wanted)).cloned() else {
            let message = format!(
                "pm.execution.runRequest: no request of this collection has the id or name \"{wanted}\""
            );
            return Ok(Some(vec![error(&message)]));
        };
        let given = arguments.get(1).and_then(|options| options.get("variables"));
        let scopes = scopes(&self.scopes, arguments.get(2), given);
        let outer = std::mem::replace(&mut self.scopes, scopes);
        self.nested.push(Mutations::new());
        let ran = Box::pin(self.run_nested(&item, cursor)).await;
        let mutations = self.nested.pop().unwrap_or_default();
        // One vault for all: what is set below is set.
        let vault = std::mem::take(&mut self.scopes.vault);
        self.scopes = Scopes { vault, ..outer };
        let Some(ran) = ran? else { return Ok(None) };
        if ran.failed {
            run.failed.get_or_insert_with(|| format!("`{}`, run by a script, failed", item.item.full_name()));
        }
        let results = json!({"variableMutations": mutations});
        Ok(Some(match (ran.error, ran.exchange) {
            (Some(failed), _) => {
                let told = json!({"type": "Error", "name": failed.name, "message": failed.message});
                vec![told, Value::Null, results]
            }
            (None, None) => vec![Value::Null, Value::Null, results],
            (None, Some(exchange)) => match &exchange.last().outcome {
                Ok(response) => {
                    vec![Value::Null, context::response(response, exchange.total_ms()), results]
                }
                Err(failure) => vec![error(&failure.message), Value::Null, results],
            },
        }))
    }

    /// The request's own course: like an item's, but a script that fails ends it.
    async fn run_nested(&mut self, item: &PlannedItem, cursor: Cursor) -> Result<Option<Ran>, E> {
        let Some(before) = self.scripts(Phase::Prerequest, item, cursor, None).await? else {
            return Ok(None);
        };
        if before.error.is_some() || before.skip_request {
            return Ok(Some(Ran { failed: before.failed, error: before.error, exchange: None }));
        }
        let (written, changed) = self.written(item, before.request);
        let request = self.prepare(item, changed.as_ref(), cursor)?;
        let Some(fetched) = self.fetch(item, request, (cursor, Sender::Script)).await? else {
            return Ok(None);
        };
        let Fetched { exchange, url, auth } = fetched;
        if exchange.failure().is_some() {
            return Ok(Some(Ran { failed: true, error: None, exchange: Some(exchange) }));
        }
        let sent = Sent { exchange: &exchange, url: &url, written: &written, auth: auth.as_ref() };
        let Some(after) = self.scripts(Phase::Test, item, cursor, Some(sent)).await? else {
            return Ok(None);
        };
        let failed = before.failed || after.failed;
        Ok(Some(Ran { failed, error: after.error, exchange: Some(exchange) }))
    }
}

/// The variables the request sees: those of the script that asks, and what it gives for this one request.
fn scopes(outer: &Scopes, asking: Option<&Value>, given: Option<&Value>) -> Scopes {
    let scope = |name: &str, outer: &VariableScope| {
        let Some(values) = asking.and_then(|scopes| scopes.get(name)).and_then(Value::as_array) else {
            return outer.clone();
        };
        let mut scope = VariableScope::default();
        (scope.id, scope.name) = (outer.id.clone(), outer.name.clone());
        for value in values {
            let text = |name: &str| value.get(name).and_then(Value::as_str);
            let Some(key) = text("key") else { continue };
            let variable = Variable {
                value: value.get("value").cloned().unwrap_or_default(),
                kind: text("type").map(str::to_owned),
                description: None,
                disabled: value.get("disabled").and_then(Value::as_bool).unwrap_or(false),
                rest: serde_json::Map::new(),
            };
            scope.declare(key, variable);
        }
        scope
    };
    let mut scopes = Scopes {
        local: scope("_variables", &outer.local),
        data: outer.data.clone(),
        environment: scope("environment", &outer.environment),
        collection: scope("collectionVariables", &outer.collection),
        globals: scope("globals", &outer.globals),
        vault: outer.vault.clone(),
    };
    for (name, value) in given.and_then(Value::as_object).into_iter().flatten() {
        scopes.local.set(name.as_str(), value.clone());
    }
    scopes
}

fn error(message: &str) -> Value {
    json!({"type": "Error", "name": "Error", "message": message})
}
