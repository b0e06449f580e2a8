//! Every text an event carries, field by field.
//!
//! The tables below name *all* fields of *all* event types: one that is added to a type and not here does not
//! compile, so nothing can be missed. Words of the event format itself are listed after `keep`; masking them
//! (a password may well be `test`) would break the format and hide nothing.

use super::Redactor;
use crate::diagnostic::{Location, Warning, WarningCode};
use crate::event::{
    AbortReason, Assertion, AssertionOutcome, Counterexample, CounterexampleStep, Coverage, CoverageRow,
    Cursor, ErrorInfo, EventKind, Excerpt, Input, ItemRef, RequestLine, RunInfo, Secret, Undocumented,
};
use crate::exchange::{
    BODY_LIMIT, Body, Call, Exchange, FailureKind, Header, Headers, ResolvedRequest, Response, Timings,
    TransportFailure,
};
use crate::summary::Stats;
use crate::verdict::{CheckResult, Evidence, Level, Verdict};
use serde_json::Value;
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
    RunInfo { name, file, iterations, items, collection, target, inputs, notes; keep tool, started, contract }
    Input { name; keep role, sha256 }
    ItemRef { id, name, path, location }
    Location { file, line, column }
    RequestLine { method, url }
    ErrorInfo { name, message, location, excerpt, diff }
    Excerpt { text, column }
    Assertion { name, index, outcome; keep listen }
    Warning { code, message, hint, location }
    CheckResult { title, level, verdict, clause, reason, evidence, diff; keep id }
    Evidence { request, item, seen }
    Counterexample { steps; keep check, seed, shrunk_from, repeatable }
    CounterexampleStep { text, exchanges }
    Coverage { rows, undocumented }
    CoverageRow { instead; keep case, documented, reached, contradicted, request }
    Undocumented { answer; keep case, count, request }
    Exchange { calls }
    Call { request, outcome, timings }
    ResolvedRequest { method, url, headers, body }
    Response { code, reason, headers, body; keep version }
    TransportFailure { kind, message }
    Header { key, value; keep system }
}

variants! {
    AssertionOutcome {
        Passed,
        Failed { error },
        Skipped,
    }
    EventKind {
        RunStarted { run },
        IterationStarted { cursor, data },
        ItemStarted { cursor, item },
        ItemSkipped { cursor, item, reason },
        ScriptFinished { cursor, duration_ms, error; keep listen },
        AssertionFinished { cursor, assertion },
        SecretsMade { secrets, lasting },
        RequestStarted { cursor, number, request },
        RequestFinished { cursor, number, exchange, by_script },
        StormStarted { cursor, requests },
        StormFinished { cursor, skew_ms },
        VariablesCaptured { cursor, names },
        ItemFinished { cursor, item, passed },
        ConsoleLogged { cursor, messages; keep level },
        ExceptionRaised { cursor, error },
        WarningRaised { cursor, warning },
        IterationFinished { cursor },
        CheckFinished { check },
        CounterexampleFound { counterexample },
        CoverageReported { coverage },
        RunAborted { reason, message },
        VariablesBefore { environment, globals, collection_variables },
        RunFinished { stats, command, environment, globals, collection_variables },
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

impl Mask for Secret {
    fn mask(&mut self, _: &Redactor) {
        self.value.clear();
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
        // What lies beyond the cut is never looked at, nor shown. Bytes that stay as they are stay shared.
        if self.bytes().len() > BODY_LIMIT || !self.rest().is_empty() {
            *self = self.cut();
        }
        if let Some(masked) = redactor.mask_bytes(self.bytes(), self.truncated()) {
            *self = self.shown_as(masked);
        } else if std::str::from_utf8(self.bytes()).is_ok_and(|text| redactor.whole.contains_key(text)) {
            let mut text = self.text().into_owned();
            text.mask(redactor);
            *self = self.shown_as(text);
        }
    }
}
