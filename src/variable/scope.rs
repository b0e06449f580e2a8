//! Variable scopes and their order of precedence.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// One variable: the value as JSON, because Postman's variables keep their type.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The value.
    pub value: Value,
    /// `default`, `secret`, `string`, `any` … as the file declares it.
    pub kind: Option<String>,
    /// Free text from the file, kept for exports.
    pub description: Option<Value>,
    /// Switched off: kept for exports, never resolved.
    pub disabled: bool,
    /// What else the file says of it, kept for exports.
    pub rest: Map<String, Value>,
}

impl Variable {
    /// An enabled variable without a declared type.
    pub fn new(value: impl Into<Value>) -> Self {
        Self { value: value.into(), kind: None, description: None, disabled: false, rest: Map::new() }
    }

    /// Whether the file types it `secret`.
    pub fn is_secret(&self) -> bool {
        self.kind.as_deref() == Some("secret")
    }
}

/// A named list of variables, order kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VariableScope {
    /// Id of the exported file, if any.
    pub id: Option<String>,
    /// Name of the environment.
    pub name: Option<String>,
    /// What else the file says of the whole, kept for exports.
    pub rest: Map<String, Value>,
    variables: IndexMap<String, Variable>,
}

impl VariableScope {
    /// The enabled variable of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.variables.get(name).filter(|v| !v.disabled).map(|v| &v.value)
    }

    /// The variable of that name, switched on or not.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// Sets a value; an existing variable keeps its type and description and is switched on.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into());
        match self.variables.get_mut(&name) {
            Some(variable) => {
                variable.value = value;
                variable.disabled = false;
            }
            None => {
                self.variables.insert(name, Variable::new(value));
            }
        }
    }

    /// Puts a variable as a file declares it. The last *enabled* one of a name wins (Postman's rule for duplicates).
    pub fn declare(&mut self, name: impl Into<String>, variable: Variable) {
        let name = name.into();
        if variable.disabled && self.variables.get(&name).is_some_and(|v| !v.disabled) {
            return;
        }
        self.variables.insert(name, variable);
    }

    /// Removes a variable.
    pub fn unset(&mut self, name: &str) {
        self.variables.shift_remove(name);
    }

    /// Variables in order, disabled ones included.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }
}

/// All scopes of a run; precedence as Postman documents it: local, data, environment, collection, globals.
#[derive(Debug, Clone, Default)]
pub struct Scopes {
    /// `pm.variables.set`: lives for the whole run.
    pub local: VariableScope,
    /// The data row of this iteration.
    pub data: VariableScope,
    /// The environment.
    pub environment: VariableScope,
    /// Collection variables.
    pub collection: VariableScope,
    /// Globals.
    pub globals: VariableScope,
    /// `{{vault:name}}` and `pm.vault`: secrets, found by that prefix alone.
    pub vault: VariableScope,
}

impl Scopes {
    /// The value of that name in the narrowest scope that has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.narrowest_first().into_iter().find_map(|scope| scope.get(name))
    }

    /// Scopes by precedence.
    pub fn narrowest_first(&self) -> [&VariableScope; 5] {
        [&self.local, &self.data, &self.environment, &self.collection, &self.globals]
    }
}
