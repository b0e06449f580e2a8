//! The third-party JavaScript that Postman scripts may `require`, embedded as bytecode of the engine that runs it.
//!
//! The libraries are the real ones, in the versions of Postman's sandbox, from npm by a lockfile; `bundle.mjs` says
//! which. Nothing of Node is needed to run them. A build without npm has none, and [`missing_reason`] says why.
//!
//! Each module is a function `(require, module, exports, globalThis)`, as Node wraps a file; [`load`] makes it. The caller's
//! `require` must keep `module` *before* it calls the function, so that modules may require each other in a circle.
//! Beside the language the modules ask the global object for `console`, timers (`setTimeout`, `setImmediate` …),
//! `crypto.getRandomValues` (uuid), `TextEncoder` and `TextDecoder` (`internal/url`); most ask for nothing.

use rquickjs::{Ctx, Error, Result, Value, qjs};

/// What the build script made of the bundles.
mod built {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}

/// The start of names that the sandbox alone may load: what QuickJS lacks of the web's platform, the old globals.
pub const INTERNAL: &str = "internal/";

/// The bytecode of a module, by the name scripts require it by (`"csv-parse/lib/sync"`).
pub fn module(name: &str) -> Option<&'static [u8]> {
    let at = built::MODULES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(built::MODULES[at].1)
}

/// Every module's name in ascending order, those under [`INTERNAL`] too.
pub fn names() -> impl Iterator<Item = &'static str> {
    built::MODULES.iter().map(|(name, _)| *name)
}

/// Whether the libraries were built in: all of them, or none.
pub fn complete() -> bool {
    missing_reason().is_none()
}

/// Why there are no libraries in this build, as the end of a sentence (``"its `npm` feature is off"``).
pub fn missing_reason() -> Option<&'static str> {
    built::MISSING
}

/// The licences of everything that was built in: for each package its name, version and the texts it ships with.
pub fn licenses() -> &'static str {
    built::LICENCES
}

/// Makes the function `(require, module, exports, globalThis)` of a module, without calling it; nothing where there is none.
///
/// # Errors
/// Those of the engine: it is out of memory, or was interrupted.
pub fn load<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Option<Value<'js>>> {
    module(name).map(|bytecode| evaluate(ctx, bytecode)).transpose()
}

/// Runs a compiled script, whose value is the function it consists of.
#[allow(unsafe_code)]
fn evaluate<'js>(ctx: &Ctx<'js>, bytecode: &'static [u8]) -> Result<Value<'js>> {
    let raw = ctx.as_raw().as_ptr();
    let flags = qjs::JS_READ_OBJ_BYTECODE as i32;
    // SAFETY: the engine trusts bytecode. This was written by our build script with the same engine (an exact
    // version), lies in the binary, and is reached from outside this crate by its name alone.
    let script = unsafe { qjs::JS_ReadObject(raw, bytecode.as_ptr(), bytecode.len() as _, flags) };
    // SAFETY: `script` is a value of this context (or the mark of an exception) that nobody else holds.
    if unsafe { qjs::JS_IsException(script) } {
        return Err(Error::Exception);
    }
    // SAFETY: `script` is compiled code of this context; the call takes it over, and hands its result to us.
    let wrapper = unsafe { Value::from_raw(ctx.clone(), qjs::JS_EvalFunction(raw, script)) };
    if wrapper.is_exception() { Err(Error::Exception) } else { Ok(wrapper) }
}
