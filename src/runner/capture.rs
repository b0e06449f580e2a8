//! What a contract captures from answers, so that a documented flow needs no script.

use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::Exchange;
use crate::variable::VariableScope;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// What to keep from answers. Reading an exchange is the contract's business; setting variables is the runner's.
#[derive(Clone, Default)]
pub struct Captures {
    names: Vec<String>,
    find: Option<Arc<Find>>,
}

/// Reads what an exchange brought.
type Find = dyn Fn(&Exchange) -> Vec<CapturedValue>;

/// One value an exchange brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedValue {
    /// Environment variables to set, all to the same value.
    pub into: Vec<String>,
    /// The value; where it is not there, the place it should have been at.
    pub value: Result<String, String>,
}

impl Captures {
    /// Captures that may set these variables, to what `find` reads from an exchange.
    pub fn new(names: Vec<String>, find: impl Fn(&Exchange) -> Vec<CapturedValue> + 'static) -> Self {
        Self { names, find: Some(Arc::new(find)) }
    }

    /// The variables they may set, as they are before an item's test scripts run.
    pub(super) fn before_scripts(&self, environment: &VariableScope) -> HashMap<String, Value> {
        self.names.iter().filter_map(|name| Some((name.clone(), environment.get(name)?.clone()))).collect()
    }

    /// Sets what an exchange brought, after the item's scripts: a variable that a script has set itself, as `before`
    /// shows, is left to it. A value that is not there sets nothing and is warned about.
    pub(super) fn apply(
        &self,
        exchange: &Exchange,
        environment: &mut VariableScope,
        before: &HashMap<String, Value>,
    ) -> Captured {
        let mut captured = Captured::default();
        let (Some(find), Some(response)) = (&self.find, exchange.response()) else { return captured };
        for CapturedValue { into, value } in find(exchange) {
            match value {
                Ok(value) => {
                    for name in into {
                        if before.get(&name) == environment.get(&name) {
                            environment.set(&name, value.clone());
                            captured.names.push(name);
                        }
                    }
                }
                Err(place) => {
                    let request = exchange.request();
                    let names: Vec<String> = into.iter().map(|name| format!("`{name}`")).collect();
                    let message = format!(
                        "{} {} was answered {} without {place}: {} not set",
                        request.method,
                        path_of(&request.url),
                        response.code,
                        names.join(", "),
                    );
                    captured.warnings.push(Warning::new(WarningCode::CaptureMissing, message));
                }
            }
        }
        captured
    }
}

impl fmt::Debug for Captures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Captures({})", self.names.join(", "))
    }
}

/// What a set of captures did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Captured {
    /// Variables set, in order.
    pub(super) names: Vec<String>,
    /// Captures that found nothing.
    pub(super) warnings: Vec<Warning>,
}

fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.find('/').map_or("/", |at| &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::tests::{answer, exchange};

    fn applied(value: Result<&str, &str>, before: &[(&str, &str)]) -> (Captured, Vec<(String, Value)>) {
        let value = value.map(str::to_owned).map_err(str::to_owned);
        let into = vec!["a".to_owned(), "b".to_owned()];
        let captures = Captures::new(into.clone(), move |_| {
            vec![CapturedValue { into: into.clone(), value: value.clone() }]
        });
        let mut environment = VariableScope::default();
        environment.set("b", "from a script");
        let exchange = exchange("POST", "http://h/v1/login?x=1", "{}", answer(200, &[], "{}"));
        let before = before.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        let captured = captures.apply(&exchange, &mut environment, &before);
        let values = environment.iter().map(|(name, v)| (name.to_owned(), v.value.clone())).collect();
        (captured, values)
    }

    #[test]
    fn what_is_found_is_set_unless_a_script_has_set_it() {
        let (captured, values) = applied(Ok("t"), &[]);
        assert_eq!(captured.names, ["a"]);
        assert_eq!(values, [("b".to_owned(), Value::from("from a script")), ("a".to_owned(), "t".into())]);
        // It had that value before the scripts ran.
        assert_eq!(applied(Ok("t"), &[("b", "from a script")]).0.names, ["a", "b"]);
    }

    #[test]
    fn what_is_missing_is_told() {
        let (captured, values) = applied(Err("`/nope`"), &[]);
        assert_eq!((captured.names, values.len()), (vec![], 1));
        let messages: Vec<&str> = captured.warnings.iter().map(|w| w.message.as_str()).collect();
        assert_eq!(messages, ["POST /v1/login was answered 200 without `/nope`: `a`, `b` not set"]);
    }
}
