//! Each module does its work in the engine: `tests/cases/NAME.js` is a script that throws where it does not.

#![allow(clippy::unwrap_used, reason = "clippy exempts test functions, not what they call")]

use std::fs;
use std::path::{Path, PathBuf};

use postproof_script_libs as libs;
use rquickjs::{CatchResultExt, Context, Ctx, Function, Object, Promise, Result, Runtime, Value};

fn load<'js>(ctx: Ctx<'js>, name: String) -> Result<Option<Value<'js>>> {
    libs::load(&ctx, &name)
}

/// The host of `tests/host.js`.
fn host<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let make: Function = ctx.eval(include_str!("host.js"))?;
    make.call((Function::new(ctx.clone(), load)?,))
}

/// Runs the body of an async function to its end, with the timers it starts; what it threw is the error.
fn run(body: &str) -> std::result::Result<(), String> {
    let runtime = Runtime::new().unwrap();
    let context = Context::full(&runtime).unwrap();
    context.with(|ctx| {
        let host = host(&ctx).catch(&ctx).map_err(|thrown| thrown.to_string())?;
        let of = ["require", "equal", "throws"].map(|name| host.get::<_, Value>(name).unwrap());
        let [require, equal, throws] = of;
        let source = format!("(async function(require, equal, throws) {{\n{body}\n}})");
        let script: Function = ctx.eval(source).catch(&ctx).map_err(|thrown| thrown.to_string())?;
        let promise: Promise = script.call((require, equal, throws)).unwrap();
        let tick: Function = host.get("tick").unwrap();
        loop {
            while ctx.execute_pending_job() {}
            if let Some(settled) = promise.result::<()>() {
                return settled.catch(&ctx).map_err(|thrown| thrown.to_string());
            }
            if !tick.call(()).catch(&ctx).map_err(|thrown| thrown.to_string())? {
                return Err("waits for what never comes".to_owned());
            }
        }
    })
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(format!("{name}.js"))
}

#[test]
fn every_module_works() {
    if let Some(reason) = libs::missing_reason() {
        eprintln!("skipped: no libraries were built in, as {reason}");
        return;
    }
    assert!(libs::names().count() > 30, "{:?}", libs::names().collect::<Vec<_>>());
    let failures: Vec<String> = libs::names()
        .filter_map(|name| {
            let body = fs::read_to_string(case(name));
            let outcome = body.map_err(|error| format!("no case: {error}")).and_then(|body| run(&body));
            outcome.err().map(|error| format!("{name}: {error}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_case_that_throws_fails() {
    assert_eq!(run("").err(), None);
    assert!(run("equal(1, 2)").unwrap_err().contains("expected 2, got 1"));
    assert!(run("await new Promise(() => {})").unwrap_err().contains("never comes"));
    assert!(run("require('no such')").unwrap_err().contains("Cannot find module 'no such'"));
}

#[test]
fn the_table_is_sorted_and_found_by_name() {
    let names: Vec<_> = libs::names().collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(names.iter().all(|name| libs::module(name).is_some_and(|bytes| !bytes.is_empty())));
    assert_eq!(libs::module("no such"), None);
    assert_eq!(libs::complete(), !names.is_empty());
}

#[test]
fn licences_name_what_is_built_in() {
    if !libs::complete() {
        return;
    }
    for package in ["chai 4.4.1 (MIT)", "lodash 4.18.1", "postman-collection 5.3.1 (Apache-2.0)", "sax "] {
        assert!(libs::licenses().contains(package), "{package}");
    }
    assert!(!libs::licenses().contains("esbuild"), "the bundler is not embedded");
}

/// A circle of modules sees what has been exported so far, and `lodash` is one object for all who require it.
#[test]
fn modules_share_instances() {
    if !libs::complete() {
        return;
    }
    let shared = "const Stream = require('stream');
        equal(new Stream() instanceof require('events'), true);
        equal(require('buffer').Buffer === require('buffer').Buffer, true);
        require('lodash').mixin({ added: () => 'x' });
        equal(require('lodash').added(), 'x');";
    assert_eq!(run(shared).err(), None);
}
