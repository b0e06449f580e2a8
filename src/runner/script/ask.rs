//! What scripts ask of the run: cookies, the vault, other requests of the collection.

use super::Run;
use super::context::stored;
use crate::event::{Cursor, EventKind, Secret};
use crate::runner::{Runner, ScriptCookie, ScriptEngine, ScriptQuestion, Transport};
use serde_json::{Value, json};

impl<T, F, S, E> Runner<T, F, S>
where
    T: Transport,
    S: ScriptEngine,
    F: FnMut(EventKind) -> Result<(), E>,
{
    /// Answers whatever a script asks, requests apart. `None`: cancelled.
    pub(super) async fn answer(
        &mut self,
        question: &ScriptQuestion,
        run: &mut Run<'_>,
        cursor: Cursor,
    ) -> Result<Option<()>, E> {
        let arguments = &question.arguments;
        let method = arguments.iter().find_map(Value::as_str).unwrap_or_default();
        let answer = match question.kind.as_str() {
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
        self.tell(question, answer);
        Ok(Some(()))
    }

    pub(super) fn tell(&mut self, question: &ScriptQuestion, answer: Vec<Value>) {
        // An engine that is gone is noticed by whoever listens to it.
        let _ = self.engine.answer(question, answer);
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
