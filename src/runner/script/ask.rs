//! What scripts ask of the run: requests, cookies, the vault.

use super::Run;
use super::context::{self, stored};
use crate::collection::{Request, RequestBody};
use crate::diagnostic::{Warning, WarningCode};
use crate::event::{Cursor, EventKind, Secret};
use crate::plan::PlannedItem;
use crate::runner::item_flow::Sender;
use crate::runner::resolve;
use crate::runner::{Runner, ScriptCookie, ScriptEngine, ScriptQuestion, Transport};
use crate::variable::{Resolver, Scopes};
use serde_json::{Map, Value, json};

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Answers whatever a script asks. `None`: cancelled.
    pub(super) async fn answer(
        &mut self,
        question: &ScriptQuestion,
        run: &mut Run<'_>,
        cursor: Cursor,
    ) -> Result<Option<()>, E> {
        let arguments = &question.arguments;
        let method = arguments.iter().find_map(Value::as_str).unwrap_or_default();
        let answer = match question.kind.as_str() {
            "request" => {
                let request = arguments.first().cloned().unwrap_or_default();
                let Some(answer) = self.answer_request(&request, run.item, cursor).await? else {
                    return Ok(None);
                };
                answer
            }
            "run_collection_request" => {
                let Some(answer) = self.answer_run_request(arguments, run, cursor).await? else {
                    return Ok(None);
                };
                answer
            }
            // `["store", method, arguments]`, as Postman's sandbox asks.
            "cookies" => {
                let method = arguments.get(1).and_then(Value::as_str).unwrap_or_default();
                let given = arguments.get(2).and_then(Value::as_array).cloned().unwrap_or_default();
                vec![Value::Null, self.answer_cookies(method, &given)]
            }
            "vault" => {
                vec![Value::Null, self.answer_vault(method, arguments.get(1..).unwrap_or_default())?]
            }
            "datasets" => vec![json!({
                "type": "Error", "name": "Error",
                "message": "pm.datasets reads from Postman's cloud: it is not there outside of Postman's app",
            })],
            kind => {
                let message = format!("`{kind}` is not available to scripts in this version");
                vec![json!({"type": "Error", "name": "Error", "message": message})]
            }
        };
        // An engine that is gone is noticed by whoever listens to it.
        let _ = self.engine.answer(question, answer);
        Ok(Some(()))
    }

    /// `pm.sendRequest`: by the letter, without the collection's auth; it shows in the reports like any request.
    async fn answer_request(
        &mut self,
        request: &Value,
        item: &PlannedItem,
        cursor: Cursor,
    ) -> Result<Option<Vec<Value>>, E> {
        let Some(mut request) = Request::from_json(request) else {
            let error = json!({"type": "Error", "name": "Error", "message": "sendrequest: the request cannot be read"});
            return Ok(Some(vec![error]));
        };
        if remove_files(&mut request) {
            let message = "a script cannot send files: they were left out of its request";
            let warning = Warning::new(WarningCode::BodyNotSent, message).at(item.item.location.clone());
            self.warn_once(item, cursor, warning)?;
        }
        let auth = request.auth.clone();
        let asked = PlannedItem {
            request,
            auth,
            auth_owner: None,
            events: Vec::new(),
            behavior: as_written(),
            ..item.clone()
        };
        let none = Scopes::default();
        let resolver = Resolver::verbatim(&none, &mut self.dynamic);
        let resolved = resolve::resolve(&asked, &self.options.files, resolver);
        for warning in resolved.warnings.clone() {
            self.warn(Some(cursor), warning)?;
        }
        let Some(fetched) = self.fetch(&asked, resolved, (cursor, Sender::Script)).await? else {
            return Ok(None);
        };
        let exchange = fetched.exchange;
        let cookies: Vec<Value> =
            self.transport.cookies_for(&exchange.last().request.url).iter().map(context::cookie).collect();
        let history = json!({"cookies": cookies});
        Ok(Some(match &exchange.last().outcome {
            Ok(response) => vec![Value::Null, context::response(response, exchange.total_ms()), history],
            Err(failure) => {
                let code = failure.kind.node_code();
                vec![json!({"name": "Error", "message": failure.message, "code": code}), Value::Null, history]
            }
        }))
    }

    /// A call of the cookie store behind `pm.cookies.jar()`.
    fn answer_cookies(&mut self, method: &str, args: &[Value]) -> Value {
        let text = |index: usize| args.get(index).and_then(Value::as_str);
        let found = |cookies: Vec<ScriptCookie>| Value::from(cookies.iter().map(stored).collect::<Vec<_>>());
        let all = self.transport.cookies();
        match method {
            "findCookie" => {
                let hit = all.iter().find(|c| {
                    Some(&*c.domain) == text(0) && Some(&*c.path) == text(1) && Some(&*c.name) == text(2)
                });
                hit.map_or(Value::Null, stored)
            }
            "findCookies" => {
                let domain = text(0).unwrap_or_default();
                found(all.into_iter().filter(|cookie| reaches(cookie, domain, text(1))).collect())
            }
            "getAllCookies" => found(all),
            "putCookie" | "updateCookie" => {
                if let Some(cookie) = args.last().and_then(read) {
                    self.transport.put_cookie(&cookie);
                }
                Value::Null
            }
            "removeCookie" => {
                if let (Some(domain), Some(path), Some(name)) = (text(0), text(1), text(2)) {
                    self.transport.remove_cookie(domain, path, name);
                }
                Value::Null
            }
            "removeCookies" => {
                let gone = all
                    .iter()
                    .filter(|c| Some(&*c.domain) == text(0) && text(1).is_none_or(|path| path == c.path));
                gone.for_each(|c| self.transport.remove_cookie(&c.domain, &c.path, &c.name));
                Value::Null
            }
            "removeAllCookies" => {
                all.iter().for_each(|c| self.transport.remove_cookie(&c.domain, &c.path, &c.name));
                Value::Null
            }
            _ => Value::Null,
        }
    }

    /// `pm.vault`: what is set is kept for the run, in memory, and masked like what came from a file.
    fn answer_vault(&mut self, method: &str, args: &[Value]) -> Result<Value, E> {
        let key = args.first().and_then(Value::as_str).unwrap_or_default();
        Ok(match method {
            "get" => self.scopes.vault.get(key).cloned().unwrap_or_default(),
            "set" => {
                let value = args.get(1).cloned().unwrap_or_default();
                self.tell_secrets(Secret::all_in(key, &value), true)?;
                self.scopes.vault.set(key, value);
                Value::Null
            }
            "unset" => {
                self.scopes.vault.unset(key);
                Value::Null
            }
            _ => Value::Null,
        })
    }
}

/// What scripts send is sent whatever its method, and inherits nothing of the collection's.
fn as_written() -> Map<String, Value> {
    Map::from_iter([("disableBodyPruning".to_owned(), Value::Bool(true))])
}

/// Takes the files out of a request; whether there were any.
fn remove_files(request: &mut Request) -> bool {
    match &mut request.body {
        Some(RequestBody::File { .. }) => {
            request.body = None;
            true
        }
        Some(RequestBody::FormData(parts)) => {
            let all = parts.len();
            parts.retain(|part| !part.file);
            parts.len() < all
        }
        _ => false,
    }
}

/// Whether tough-cookie's store would find the cookie for that domain and path.
fn reaches(cookie: &ScriptCookie, domain: &str, path: Option<&str>) -> bool {
    let by_domain = cookie.domain == domain
        || domain.strip_suffix(&cookie.domain).is_some_and(|rest| rest.ends_with('.'));
    let by_path = path.is_none_or(|path| {
        path == cookie.path
            || path
                .strip_prefix(&cookie.path)
                .is_some_and(|rest| cookie.path.ends_with('/') || rest.starts_with('/'))
    });
    by_domain && by_path
}

fn read(cookie: &Value) -> Option<ScriptCookie> {
    let text = |name: &str| cookie.get(name).and_then(ScriptCookie::text);
    let flag = |name: &str| cookie.get(name).and_then(Value::as_bool).unwrap_or(false);
    Some(ScriptCookie {
        // A store is told of neither an empty name nor an empty value.
        name: text("key").or_else(|| text("name")).unwrap_or_default(),
        value: text("value").unwrap_or_default(),
        domain: text("domain")?,
        path: text("path").unwrap_or_else(|| "/".to_owned()),
        host_only: flag("hostOnly"),
        secure: flag("secure"),
        http_only: flag("httpOnly"),
        expires: text("expires").filter(|expires| expires != "Infinity"),
        max_age: cookie.get("maxAge").and_then(Value::as_i64),
        same_site: text("sameSite"),
    })
}
