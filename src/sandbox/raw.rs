//! The engine's raw calls: our own JavaScript from bytecode, a user's script with lines that hold, bytes of arrays.
//!
//! The one module of the package that may be unsafe.
#![allow(unsafe_code)]

use rquickjs::{Ctx, Error, Function, Persistent, Result, Runtime, TypedArray, Value, qjs};
use std::cell::RefCell;
use std::ffi::{c_char, c_int};
use std::ptr::NonNull;
use std::rc::Rc;

include!(concat!(env!("OUT_DIR"), "/sandbox.rs"));

/// The wrapper function `(module, exports, own, host) => void` of one of our files (`name` without `.js`), or
/// `None` when there is no such file.
pub(super) fn load<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Option<Value<'js>>> {
    let Ok(index) = MODULES.binary_search_by(|(known, _)| (*known).cmp(name)) else { return Ok(None) };
    let bytes = MODULES[index].1;
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: `raw` is the live context behind `ctx`. The bytes were written by this very engine version in
    // build.rs and never left the binary, which is what JS_ReadObject asks of bytecode.
    let compiled = unsafe {
        qjs::JS_ReadObject(raw, bytes.as_ptr(), bytes.len() as _, qjs::JS_READ_OBJ_BYTECODE as c_int)
    };
    // SAFETY: `compiled` is a value of this context that nobody else holds.
    let compiled = unsafe { own(ctx, compiled) }?;
    // SAFETY: JS_EvalFunction takes ownership of one reference, which the duplicate is.
    let wrapper = unsafe { qjs::JS_EvalFunction(raw, qjs::JS_DupValue(raw, compiled.as_raw())) };
    // SAFETY: as above.
    unsafe { own(ctx, wrapper) }.map(Some)
}

/// Evaluates sloppy code whose third line counts as line 1 of `file`, so that a header of two lines does not shift
/// what follows it. (One line would do, but the engine takes line 0 for "no line given".)
pub(super) fn evaluate<'js>(ctx: &Ctx<'js>, mut source: Vec<u8>, file: &str) -> Result<Value<'js>> {
    let length = source.len();
    source.push(0);
    let mut file: Vec<u8> = file.bytes().filter(|byte| *byte != 0).collect();
    file.push(0);
    let mut options = qjs::JSEvalOptions {
        version: qjs::JS_EVAL_OPTIONS_VERSION as c_int,
        eval_flags: qjs::JS_EVAL_TYPE_GLOBAL as c_int,
        filename: file.as_ptr().cast::<c_char>(),
        line_num: -1,
    };
    // SAFETY: `source` holds `length` bytes and the NUL the lexer wants behind them; `options` and the file name
    // in it are NUL-terminated and outlive the call.
    let value = unsafe {
        qjs::JS_Eval2(ctx.as_raw().as_ptr(), source.as_ptr().cast(), length as _, &raw mut options)
    };
    // SAFETY: `value` is a value of this context that nobody else holds.
    unsafe { own(ctx, value) }
}

/// A function that is called once, when JavaScript is stopped, in the midst of it.
#[derive(Clone, Default)]
pub(super) struct LastCall(Rc<RefCell<Option<Saved>>>);

/// A function, and the context it is of.
type Saved = (NonNull<qjs::JSContext>, Persistent<Function<'static>>);

impl LastCall {
    /// Sets it, for a runtime with this one context.
    pub(super) fn set<'js>(&self, ctx: &Ctx<'js>, function: Function<'js>) {
        self.0.replace(Some((ctx.as_raw(), Persistent::save(ctx, function))));
    }

    /// Forgets it. Must be done before the context goes.
    pub(super) fn clear(&self) {
        self.0.take();
    }

    fn call(&self) {
        let Some((context, function)) = self.0.take() else { return };
        // SAFETY: only the interrupt handler comes here, which the engine calls while it runs JavaScript, with the
        // runtime's lock held: in the one context there is, which lives as long as this holds something.
        let ctx = unsafe { Ctx::from_raw(context) };
        // There is nothing to be done about a failure.
        let _ = function.restore(&ctx).and_then(|function| function.call::<_, ()>(()));
    }
}

/// Has the engine ask whether it must stop; when it must, `last` is called.
pub(super) fn on_interrupt(runtime: &Runtime, must_stop: impl Fn() -> bool + 'static, last: LastCall) {
    let handler = move || {
        let stop = must_stop();
        if stop {
            last.call();
        }
        stop
    };
    runtime.set_interrupt_handler(Some(Box::new(handler)));
}

/// The bytes of an array, copied; none when its buffer is detached.
pub(super) fn bytes(array: &TypedArray<'_, u8>) -> Vec<u8> {
    // SAFETY: no JavaScript runs while the slice is alive: it is copied at once.
    unsafe { array.as_bytes() }.map(<[u8]>::to_vec).unwrap_or_default()
}

/// Takes over a value the engine returned.
///
/// # Safety
/// `value` belongs to `ctx` and its reference is not held by anybody else.
unsafe fn own<'js>(ctx: &Ctx<'js>, value: qjs::JSValue) -> Result<Value<'js>> {
    // SAFETY: reads the tag only.
    if unsafe { qjs::JS_IsException(value) } {
        return Err(Error::Exception);
    }
    // SAFETY: as this function's contract says.
    Ok(unsafe { Value::from_raw(ctx.clone(), value) })
}
