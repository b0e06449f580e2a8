//! Resolves templates: `{{name}}` as Postman does, `<<name>>` and `<<name | filters>>` beside it.
//!
//! A template is read in passes until nothing is replaced any more, so values may hold further references and
//! `{{{{pointer}}}}` works. What cannot be resolved stays as it stands and is reported once a name.

use super::dynamic::{self, Dynamic, is_dynamic_name};
use super::expression;
use super::scope::{Scopes, Variable};
use super::suggest::closest;
use super::text::text_of;
use crate::diagnostic::{Warning, WarningCode};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// What names of the vault begin with in a template.
const VAULT: &str = "vault:";

/// Passes over one template; Postman's own limit.
const PASSES: usize = 19;

/// Characters that references *inside values* may produce for one template: what stops `a = {{b}}{{b}}`,
/// `b = {{c}}{{c}}` … long before memory does.
const NESTED_LIMIT: usize = 16 * 1024 * 1024;

/// What one nested replacement costs beside its characters, so that empty values cannot go on for ever.
const NESTED_COST: usize = 256;

/// Resolves the templates of one request and collects what could not be resolved.
#[derive(Debug)]
pub struct Resolver<'a> {
    scopes: &'a Scopes,
    dynamic: &'a mut Dynamic,
    warnings: Vec<Warning>,
    reported: HashSet<String>,
    /// Heads of expressions being resolved, outermost first: a head inside itself is a cycle.
    heads: Vec<String>,
    /// Whether an endless reference was met: an expression over one stays whole.
    endless: bool,
    /// What nested replacements may still produce for the template at hand.
    allowance: usize,
    /// Texts stay as they are.
    verbatim: bool,
}

/// A reference found in a text.
struct Reference<'t> {
    /// As written, brackets included.
    literal: &'t str,
    /// What is between the brackets.
    inner: &'t str,
    /// `{{…}}` rather than `<<…>>`.
    braces: bool,
}

/// What one pass made of a text.
struct Pass<'t> {
    text: String,
    replaced: bool,
    left: Vec<Left<'t>>,
}

/// A reference that was left as it stands.
struct Left<'t> {
    literal: &'t str,
    name: String,
    why: Why,
}

/// Why a reference was left.
enum Why {
    /// No scope knows the name, or its value cannot be used.
    Unknown,
    /// Resolving it leads back to itself, or to more text than is sensible.
    Endless,
    /// The expression failed, with minijinja's message.
    Failed(String),
}

/// What became of a reference.
enum Outcome {
    Replaced(String),
    Left(String, Why),
    /// Not a reference at all: ordinary text.
    Text,
}

impl<'a> Resolver<'a> {
    /// A resolver over these scopes.
    pub fn new(scopes: &'a Scopes, dynamic: &'a mut Dynamic) -> Self {
        Self {
            scopes,
            dynamic,
            warnings: Vec::new(),
            reported: HashSet::new(),
            heads: Vec::new(),
            endless: false,
            allowance: 0,
            verbatim: false,
        }
    }

    /// A resolver that leaves every text as it is: what scripts send is taken by the letter.
    pub fn verbatim(scopes: &'a Scopes, dynamic: &'a mut Dynamic) -> Self {
        Self { verbatim: true, ..Self::new(scopes, dynamic) }
    }

    /// The template with its references resolved.
    pub fn resolve<'t>(&mut self, template: &'t str) -> Cow<'t, str> {
        if self.verbatim || next_bracket(template).is_none() {
            return Cow::Borrowed(template);
        }
        if self.heads.is_empty() {
            self.allowance = NESTED_LIMIT;
        }
        let mut text = Cow::Borrowed(template);
        for number in 1..=PASSES {
            let pass = self.pass(&text, number > 1);
            let last = number == PASSES;
            if !pass.replaced || last {
                pass.left.into_iter().for_each(|left| self.report(left));
                if pass.replaced {
                    self.report_endless(&pass.text);
                }
                return if pass.text == template { Cow::Borrowed(template) } else { Cow::Owned(pass.text) };
            }
            text = Cow::Owned(pass.text);
        }
        text
    }

    /// Every string in a JSON value resolved; object keys stay, as Postman leaves them.
    pub fn resolve_json(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.resolve(text).into_owned()),
            Value::Array(items) => items.iter().map(|item| self.resolve_json(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(key, item)| (key.clone(), self.resolve_json(item))).collect()
            }
            other => other.clone(),
        }
    }

    /// What could not be resolved, in the order met, once a name.
    pub fn finish(self) -> Vec<Warning> {
        self.warnings
    }

    /// One reading of the text from left to right; `nested` once the references come out of values.
    fn pass<'t>(&mut self, text: &'t str, nested: bool) -> Pass<'t> {
        let nested = nested || !self.heads.is_empty();
        let mut pass = Pass { text: String::with_capacity(text.len()), replaced: false, left: Vec::new() };
        let mut rest = text;
        while let Some(at) = next_bracket(rest) {
            pass.text.push_str(&rest[..at]);
            rest = &rest[at..];
            let outcome = match reference_at(rest) {
                // Once nothing may be spent, nothing is evaluated either: it would only be thrown away.
                Some(reference) if nested && self.allowance == 0 => {
                    (Outcome::Left(reference.inner.trim().to_owned(), Why::Endless), reference)
                }
                Some(reference) => (self.outcome(&reference), reference),
                None => {
                    // Both brackets are ASCII: one byte on is a character boundary.
                    pass.text.push_str(&rest[..1]);
                    rest = &rest[1..];
                    continue;
                }
            };
            match outcome {
                (Outcome::Replaced(value), reference) if !nested || self.spend(value.len()) => {
                    pass.text.push_str(&value);
                    pass.replaced = true;
                    rest = &rest[reference.literal.len()..];
                }
                (Outcome::Replaced(_), reference) => {
                    let name = reference.inner.trim().to_owned();
                    pass.text.push_str(reference.literal);
                    pass.left.push(Left { literal: reference.literal, name, why: Why::Endless });
                    rest = &rest[reference.literal.len()..];
                }
                (Outcome::Left(name, why), reference) => {
                    // An unknown reference may hold a known one (`<<{{pointer}}>>`): only its first bracket is
                    // passed over. A failed expression stays whole.
                    let whole = !matches!(why, Why::Unknown);
                    let step = if whole { reference.literal.len() } else { 1 };
                    pass.text.push_str(&rest[..step]);
                    rest = &rest[step..];
                    pass.left.push(Left { literal: reference.literal, name, why });
                }
                (Outcome::Text, _) => {
                    pass.text.push_str(&rest[..1]);
                    rest = &rest[1..];
                }
            }
        }
        pass.text.push_str(rest);
        pass
    }

    fn spend(&mut self, length: usize) -> bool {
        let cost = length + NESTED_COST;
        let affordable = cost <= self.allowance;
        self.allowance = self.allowance.saturating_sub(cost);
        affordable
    }

    fn outcome(&mut self, reference: &Reference<'_>) -> Outcome {
        if reference.braces {
            return match self.value_of(reference.inner) {
                Some(value) => Outcome::Replaced(text_of(&value)),
                None => Outcome::Left(reference.inner.to_owned(), Why::Unknown),
            };
        }
        let name = reference.inner.trim();
        if self.knows(name) {
            return self.resolved(name).map_or_else(
                || Outcome::Left(name.to_owned(), Why::Endless),
                |value| Outcome::Replaced(text_of(&value)),
            );
        }
        match reference.inner.split_once('|') {
            Some((head, filters)) if self.knows(head.trim()) => self.expression(head.trim(), filters),
            _ if looks_like_a_name(reference.inner) => Outcome::Left(name.to_owned(), Why::Unknown),
            _ => Outcome::Text,
        }
    }

    fn expression(&mut self, head: &str, filters: &str) -> Outcome {
        let failed = |message: String| Outcome::Left(head.to_owned(), Why::Failed(message));
        if filters.contains("{{") {
            // Pasting a value into source would let the value rewrite the expression.
            return failed(
                "inside `<<…>>` a variable is written by its bare name, without `{{}}`".to_owned(),
            );
        }
        let Some(value) = self.resolved(head) else {
            return Outcome::Left(head.to_owned(), Why::Endless);
        };
        match expression::evaluate(value, filters, |name| self.resolved(name)) {
            Ok(text) => Outcome::Replaced(text),
            Err(message) => failed(message),
        }
    }

    /// The value of a variable with everything in it resolved; `None` when unknown or inside itself.
    fn resolved(&mut self, name: &str) -> Option<Value> {
        if self.heads.iter().any(|head| head == name) {
            return None;
        }
        let value = self.value_of(name)?.into_owned();
        let before = std::mem::take(&mut self.endless);
        self.heads.push(name.to_owned());
        let value = self.resolve_json(&value);
        self.heads.pop();
        let endless = std::mem::replace(&mut self.endless, before);
        self.endless |= endless;
        (!endless).then_some(value)
    }

    /// The value as the narrowest scope has it, or a fresh one for a dynamic name.
    fn value_of(&mut self, name: &str) -> Option<Cow<'a, Value>> {
        match self.scoped(name) {
            Some(value) => value.map(Cow::Borrowed),
            None => self.dynamic.generate(name).map(|text| Cow::Owned(Value::String(text))),
        }
    }

    fn knows(&self, name: &str) -> bool {
        self.scoped(name).map_or_else(|| is_dynamic_name(name), |value| value.is_some())
    }

    /// The variable of that name: `Some(None)` when a null of the data row hides it.
    fn scoped(&self, name: &str) -> Option<Option<&'a Value>> {
        let scopes = self.scopes;
        if let Some(secret) = name.strip_prefix(VAULT) {
            return scopes.vault.get(secret).map(Some);
        }
        scopes.narrowest_first().into_iter().find_map(|scope| {
            let value = scope.get(name)?;
            // Postman: null is the text `null`, except in a data row, where it is not substituted.
            Some((!value.is_null() || !std::ptr::eq(scope, &scopes.data)).then_some(value))
        })
    }

    /// References that would still be replaced after the last pass run in a circle.
    fn report_endless(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = next_bracket(rest) {
            rest = &rest[at..];
            if let Some(reference) = reference_at(rest) {
                let name = if reference.braces { reference.inner } else { reference.inner.trim() };
                if self.knows(name) {
                    self.report(Left {
                        literal: reference.literal,
                        name: name.to_owned(),
                        why: Why::Endless,
                    });
                }
            }
            rest = &rest[1..];
        }
    }

    fn report(&mut self, left: Left<'_>) {
        let Left { literal, name, why } = left;
        self.endless |= matches!(why, Why::Endless);
        let subject = if matches!(why, Why::Failed(_)) { literal } else { &name };
        if !self.reported.insert(subject.to_owned()) {
            return;
        }
        let as_it_stands = format!("`{literal}` was sent as it stands");
        let unresolved = WarningCode::UnresolvedVariable;
        let warning = match why {
            Why::Failed(message) => Warning::new(
                WarningCode::ExpressionFailed,
                format!("`{literal}` could not be evaluated and was sent as it stands: {message}"),
            ),
            Why::Endless => Warning::new(
                unresolved,
                format!("variable `{name}` leads back to itself or to too much text; {as_it_stands}"),
            )
            .hint(format!("look for a reference to `{name}` in its own value")),
            Why::Unknown if self.scoped(&name).is_some() => {
                Warning::new(unresolved, format!("variable `{name}` is null in the data row; {as_it_stands}"))
            }
            Why::Unknown if is_dynamic_name(&name) => Warning::new(
                unresolved,
                format!("dynamic variable `{name}` takes word lists that this build does not carry; {as_it_stands}"),
            )
            .hint(format!("build postproof with npm at hand, or set a variable named `{name}` in the environment")),
            Why::Unknown => {
                let warning =
                    Warning::new(unresolved, format!("variable `{name}` is not set; {as_it_stands}"));
                match self.remedy(&name) {
                    Some(hint) => warning.hint(hint),
                    None => warning,
                }
            }
        };
        self.warnings.push(warning);
    }

    fn remedy(&self, name: &str) -> Option<String> {
        let labels = ["local variables", "data row", "environment", "collection", "globals"];
        let scopes = self.scopes.narrowest_first();
        let disabled = |variable: &Variable| variable.disabled;
        for (scope, label) in scopes.into_iter().zip(labels) {
            if scope.iter().any(|(known, variable)| known == name && disabled(variable)) {
                return Some(format!("`{name}` is disabled in the {label}"));
            }
        }
        let known = scopes
            .into_iter()
            .flat_map(|scope| scope.iter())
            .filter(|(_, variable)| !disabled(variable))
            .map(|(known, _)| known);
        let dynamic = if name.starts_with('$') { Some(dynamic::names()) } else { None };
        let meant = closest(name, known.chain(dynamic.into_iter().flatten().map(|known: &str| known)))?;
        if meant == name.trim() {
            return Some(format!("did you mean `{meant}`? Spaces are part of a name"));
        }
        Some(format!("did you mean `{meant}`?"))
    }
}

/// Where the next `{{` or `<<` is.
fn next_bracket(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (1..bytes.len())
        .find(|&at| bytes[at] == bytes[at - 1] && matches!(bytes[at], b'{' | b'<'))
        .map(|at| at - 1)
}

/// The reference that begins exactly here, if one does: `{{([^{}]*?)}}`, or the innermost `<<…>>`.
fn reference_at(text: &str) -> Option<Reference<'_>> {
    let braces = text.starts_with("{{");
    let content = &text[2..];
    let length = if braces {
        let end = content.find(['{', '}'])?;
        content[end..].starts_with("}}").then_some(end)?
    } else {
        // Up to the next pair of angle brackets, whichever way it points: `<<<name>>` and `<<EOF … <<name>>` hold
        // a reference, but it does not begin here.
        let pair = |at: &usize| matches!(&content.as_bytes()[*at..*at + 2], b"<<" | b">>");
        let end = (0..content.len().saturating_sub(1)).find(pair)?;
        (content[end..].starts_with('>') && !content.starts_with('<')).then_some(end)?
    };
    Some(Reference { literal: &text[..length + 4], inner: &content[..length], braces })
}

/// `[A-Za-z_$][A-Za-z0-9_.$-]*`: what is worth a report when nothing is known by that name.
fn looks_like_a_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$' | '-'))
}

#[cfg(test)]
mod tests;
