//! Every text an event carries, field by field.
//!
//! The tables below name *all* fields of *all* event types: one that is added to a type and not here does not
//! compile, so nothing can be missed. Words of the event format itself are listed after `keep`; masking them
//! (a password may well be `test`) would break the format and hide nothing.

use super::Redactor;
use crate::diagnostic::{Location, Warning, WarningCode};
use crate::event::{
    AbortReason, Assertion, AssertionOutcome, Cursor, ErrorInfo, EventKind, ItemRef, RequestLine, RunInfo,
};
use crate::exchange::{
    BODY_LIMIT, Body, Call, Exchange, FailureKind, Header, Headers, ResolvedRequest, Response, Timings,
    TransportFailure,
};
use crate::summary::Stats;
use crate::verdict::{CheckResult, Evidence, Level, Verdict};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Masks the texts in a value, in place.
pub(super) trait Mask {
    /// Masks them.
    fn mask(&mut self, redactor: &Redactor);
}

macro_rules! without_text {
    ($($type:ty),+ $(,)?) => { $(impl Mask for $type { fn mask(&mut self, _: &Redactor) {} })+ };
}

macro_rules! fields {
    ($($type:ident { $($field:ident),* $(; keep $($kept:ident),+)? })+) => { $(
        impl Mask for $type {
            fn mask(&mut self, redactor: &Redactor) {
                let Self { $($field,)* $($($kept: _,)+)? } = self;
                $($field.mask(redactor);)*
            }
        }
    )+ };
}

macro_rules! variants {
    ($($type:ident { $($variant:ident $({ $($field:ident),* $(; keep $($kept:ident),+)? })?,)+ })+) => { $(
        impl Mask for $type {
            fn mask(&mut self, redactor: &Redactor) {
                match self {
                    $(Self::$variant $({ $($field,)* $($($kept: _,)+)? })? => { $($($field.mask(redactor);)*)? })+
                }
                // A type none of whose variants holds text would leave it unused.
                let _ = redactor;
            }
        }
    )+ };
}

without_text!(u16, u32, u64, f64, bool, Cursor, Timings, Stats);
without_text!(AbortReason, FailureKind, WarningCode, Level, Verdict);

fields! {
    RunInfo { name, file, iterations, items, collection, notes; keep tool, started, contract }
    ItemRef { id, name, path, location }
    Location { file, line, column }
    RequestLine { method, url }
    ErrorInfo { name, message, location }
    Assertion { name, index, outcome; keep listen }
    Warning { code, message, hint, location }
    CheckResult { title, level, verdict, clause, reason, evidence, diff; keep id }
    Evidence { request, item, seen }
    Exchange { calls }
    Call { request, outcome, timings }
    ResolvedRequest { method, url, headers, body }
    Response { code, reason, headers, body; keep version }
    TransportFailure { kind, message }
    Header { key, value }
}

variants! {
    AssertionOutcome {
        Passed,
        Failed { error },
        Skipped,
    }
    EventKind {
        RunStarted { run },
        IterationStarted { cursor },
        ItemStarted { cursor, item },
        ItemSkipped { cursor, item, reason },
        ScriptFinished { cursor, duration_ms, error; keep listen },
        AssertionFinished { cursor, assertion },
        RequestStarted { cursor, number, request },
        RequestFinished { cursor, number, exchange },
        VariablesCaptured { cursor, names },
        ItemFinished { cursor, item, passed },
        ConsoleLogged { cursor, messages; keep level },
        ExceptionRaised { cursor, error },
        WarningRaised { cursor, warning },
        IterationFinished { cursor },
        CheckFinished { check },
        RunAborted { reason, message },
        RunFinished { stats, environment, globals },
    }
}

impl Mask for String {
    fn mask(&mut self, redactor: &Redactor) {
        if let std::borrow::Cow::Owned(masked) = redactor.mask_text(self) {
            *self = masked;
        }
    }
}

impl<T: Mask> Mask for Option<T> {
    fn mask(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|value| value.mask(redactor));
    }
}

impl<T: Mask> Mask for Vec<T> {
    fn mask(&mut self, redactor: &Redactor) {
        self.iter_mut().for_each(|value| value.mask(redactor));
    }
}

impl<T: Mask, E: Mask> Mask for Result<T, E> {
    fn mask(&mut self, redactor: &Redactor) {
        match self {
            Ok(value) => value.mask(redactor),
            Err(error) => error.mask(redactor),
        }
    }
}

impl<T: Mask + Clone> Mask for Arc<T> {
    fn mask(&mut self, redactor: &Redactor) {
        // Others (the ledger) go on reading the original.
        Arc::make_mut(self).mask(redactor);
    }
}

impl Mask for Headers {
    fn mask(&mut self, redactor: &Redactor) {
        self.0.mask(redactor);
    }
}

impl Mask for Value {
    fn mask(&mut self, redactor: &Redactor) {
        match self {
            Self::String(text) => text.mask(redactor),
            Self::Array(items) => items.mask(redactor),
            Self::Object(fields) => {
                let masked = |(mut key, mut value): (String, Self)| {
                    key.mask(redactor);
                    value.mask(redactor);
                    (key, value)
                };
                *fields = std::mem::take(fields).into_iter().map(masked).collect();
            }
            // A number has no text to put a mask in; one that is a secret (a one-time code) becomes text.
            Self::Number(number) => {
                let text = number.to_string();
                if let std::borrow::Cow::Owned(masked) = redactor.mask_text(&text) {
                    *self = Self::String(masked);
                }
            }
            Self::Null | Self::Bool(_) => {}
        }
    }
}

impl Mask for Body {
    fn mask(&mut self, redactor: &Redactor) {
        let long = self.bytes().len() > BODY_LIMIT;
        // Nothing known in it and nothing to cut: the bytes stay shared.
        if !long
            && redactor.mask_bytes(self.bytes(), self.truncated()).is_none()
            && !is_short_secret(self, redactor)
        {
            return;
        }
        // Serialising cuts the body to what events carry: what lies beyond is never looked at, nor shown.
        let Ok(Value::Object(mut parts)) = serde_json::to_value(&*self) else { return };
        let cut = parts.get("truncated") == Some(&Value::Bool(true));
        mask_text_part(&mut parts, redactor, cut);
        mask_base64_part(&mut parts, redactor, cut);
        if let Ok(masked) = serde_json::from_value(Value::Object(parts)) {
            *self = masked;
        }
    }
}

fn is_short_secret(body: &Body, redactor: &Redactor) -> bool {
    std::str::from_utf8(body.bytes()).is_ok_and(|text| redactor.whole.contains_key(text))
}

fn mask_text_part(parts: &mut Map<String, Value>, redactor: &Redactor, cut: bool) {
    let Some(Value::String(text)) = parts.get_mut("text") else { return };
    if let Some(Ok(masked)) = redactor.mask_bytes(text.as_bytes(), cut).map(String::from_utf8) {
        *text = masked;
    } else {
        text.mask(redactor);
    }
}

/// A body that is no text is masked in its bytes: a mask inside base64 would not decode.
fn mask_base64_part(parts: &mut Map<String, Value>, redactor: &Redactor, cut: bool) {
    let Some(Value::String(text)) = parts.get_mut("base64") else { return };
    let bytes = BASE64_STANDARD.decode(text.as_bytes()).unwrap_or_default();
    if let Some(masked) = redactor.mask_bytes(&bytes, cut) {
        *text = BASE64_STANDARD.encode(masked);
    }
}
