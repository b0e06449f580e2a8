//! Bundles what scripts may require (npm, esbuild) and precompiles it to bytecode for the engine that will load it.
//!
//! 1. `POSTPROOF_SCRIPT_LIBS=DIR` (absolute): the bundles are there already, as `node bundle.mjs DIR` writes them.
//! 2. The `npm` feature (default): fetch by the lockfile and bundle, in `OUT_DIR`.
//! 3. Otherwise build an empty table that says why, or fail where `POSTPROOF_REQUIRE_SCRIPT_LIBS` is set.
//!
//! It depends on the lockfile, the bundler and the shims alone: changes of our Rust do not run npm again.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is how a build script speaks to cargo")]

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::CString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, io, slice};

use rquickjs::{CaughtError, Context, Ctx, Runtime, qjs};

type Fallible<T> = Result<T, Box<dyn Error>>;

/// What the bundler reads, beside this file.
const INPUTS: &[&str] = &["package.json", "package-lock.json", "bundle.mjs", "shims"];
const LICENCES: &str = "THIRD-PARTY.txt";

fn main() -> Fallible<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=POSTPROOF_SCRIPT_LIBS");
    for input in INPUTS {
        println!("cargo:rerun-if-changed={input}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let table = match bundles(&out) {
        Ok(folder) => precompile(&folder, &out.join("bytecode"))?,
        Err(Absent::Wrong(error)) => return Err(error),
        Err(Absent::Missing(reason)) if required() => {
            return Err(format!("POSTPROOF_REQUIRE_SCRIPT_LIBS is set, but {reason}").into());
        }
        Err(Absent::Missing(reason)) => {
            println!(
                "cargo:warning=built without the libraries scripts may require: {reason}; \
                 build with POSTPROOF_REQUIRE_SCRIPT_LIBS=1 to try again"
            );
            // Worth another try: a toolchain on the path, and who does not go on without.
            println!("cargo:rerun-if-env-changed=PATH");
            println!("cargo:rerun-if-env-changed=POSTPROOF_REQUIRE_SCRIPT_LIBS");
            table(&[], "", Some(&reason))
        }
    };
    Ok(fs::write(out.join("modules.rs"), table)?)
}

/// Why there are no bundles.
enum Absent {
    /// This machine cannot make them: the build goes on without.
    Missing(String),
    /// Something that was asked for is wrong: the build fails.
    Wrong(Box<dyn Error>),
}

fn required() -> bool {
    env::var("POSTPROOF_REQUIRE_SCRIPT_LIBS").is_ok_and(|value| !value.is_empty() && value != "0")
}

/// The folder of bundles, made if need be.
fn bundles(out: &Path) -> Result<PathBuf, Absent> {
    let (host, target) = (cfg!(target_endian = "big"), env::var("CARGO_CFG_TARGET_ENDIAN"));
    if host != (target.as_deref() == Ok("big")) {
        return Err(Absent::Missing(
            "bytecode is made only for machines of this one's byte order".to_owned(),
        ));
    }
    if let Some(folder) = env::var_os("POSTPROOF_SCRIPT_LIBS").filter(|folder| !folder.is_empty()) {
        let folder = PathBuf::from(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        return match folder.join(LICENCES).is_file() {
            true => Ok(folder),
            false => Err(Absent::Wrong(
                format!("POSTPROOF_SCRIPT_LIBS: {} holds no {LICENCES}", folder.display()).into(),
            )),
        };
    }
    if env::var_os("CARGO_FEATURE_NPM").is_none() {
        return Err(Absent::Missing("its `npm` feature is off".to_owned()));
    }
    npm(&out.join("npm"))
}

/// Installs by the lockfile and bundles, in `work`, and drops what was installed.
fn npm(work: &Path) -> Result<PathBuf, Absent> {
    let bundles = work.join("bundles");
    prepare(work).map_err(|error| Absent::Wrong(error.into()))?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    // Whatever NODE_ENV says, the bundler is wanted; its program comes as an optional package.
    let ci = ["ci", "--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
    succeed("npm ci", Command::new(npm).args(ci).arg("--prefer-offline").current_dir(work).output())?;
    let node = Command::new("node").arg("bundle.mjs").arg(&bundles).current_dir(work).output();
    succeed("node bundle.mjs", node)?;
    fs::remove_dir_all(work.join("node_modules")).map_err(|error| Absent::Wrong(error.into()))?;
    Ok(bundles)
}

/// An empty folder but for copies of the inputs: cargo forbids to write beside the sources.
fn prepare(work: &Path) -> io::Result<()> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work.join("shims"))?;
    let shims = fs::read_dir("shims")?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let inputs = INPUTS.iter().map(PathBuf::from).filter(|input| input.is_file());
    for input in inputs.chain(shims) {
        fs::copy(&input, work.join(&input))?;
    }
    Ok(())
}

/// Nothing but success is success; what it said goes to cargo's log, its first complaint into the reason.
fn succeed(what: &str, ran: io::Result<Output>) -> Result<(), Absent> {
    let output = match ran {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Absent::Missing(format!("there was no program to run `{what}`")));
        }
        Err(error) => return Err(Absent::Missing(format!("`{what}` did not start: {error}"))),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    eprintln!("{said}");
    let complaint = said.lines().find(|line| line.starts_with("npm err") || line.contains("Error"));
    let complaint = complaint.map(|line| format!(" ({})", line.trim())).unwrap_or_default();
    Err(Absent::Missing(format!("`{what}` failed{complaint}")))
}

/// Compiles every bundle, and answers with the Rust source of the table.
fn precompile(folder: &Path, out: &Path) -> Fallible<String> {
    let mut sources = BTreeMap::new();
    collect(folder, "", &mut sources)?;
    fs::create_dir_all(out)?;
    let context = Context::full(&Runtime::new()?)?;
    let mut modules = Vec::new();
    for (number, (name, source)) in sources.iter().enumerate() {
        let file = out.join(format!("{number}.bin"));
        let bytes = context.with(|ctx| compile(&ctx, name, &fs::read(source)?))?;
        fs::write(&file, bytes)?;
        modules.push((name.as_str(), file));
    }
    let licences = format!("include_str!({:?})", fs::canonicalize(folder.join(LICENCES))?);
    Ok(table(&modules, &licences, None))
}

/// Module name → file, of every `.js` below `folder`: `csv-parse/lib/sync.js` is `csv-parse/lib/sync`.
fn collect(folder: &Path, prefix: &str, into: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{file}/"), into)?;
        } else if let Some(name) = file.strip_suffix(".js") {
            into.insert(format!("{prefix}{name}"), path);
        }
    }
    Ok(())
}

/// A sloppy script (many of the libraries are older than strict mode), without its source text.
#[allow(unsafe_code)]
fn compile(ctx: &Ctx<'_>, name: &str, source: &[u8]) -> Fallible<Vec<u8>> {
    let (text, file) = (CString::new(source)?, CString::new(name)?);
    let raw = ctx.as_raw().as_ptr();
    let flags = (qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY) as i32;
    // SAFETY: `raw` is alive as long as `ctx`; both texts end in a nul, which the length does not count.
    let script = unsafe { qjs::JS_Eval(raw, text.as_ptr(), source.len() as _, file.as_ptr(), flags) };
    // SAFETY: the engine handed `script` to us, and `Value` takes it over.
    let script = unsafe { rquickjs::Value::from_raw(ctx.clone(), script) };
    if script.is_exception() {
        let thrown = CaughtError::from_error(ctx, rquickjs::Error::Exception);
        return Err(format!("{name}: {thrown}").into());
    }
    let mut length: qjs::size_t = 0;
    let flags = (qjs::JS_WRITE_OBJ_BYTECODE | qjs::JS_WRITE_OBJ_STRIP_SOURCE) as i32;
    // SAFETY: `script` is compiled code of this context; the engine writes the length and hands over the buffer.
    let buffer = unsafe { qjs::JS_WriteObject(raw, &mut length, script.as_raw(), flags) };
    if buffer.is_null() {
        return Err(format!("{name}: the engine cannot write its bytecode").into());
    }
    // SAFETY: the engine wrote `length` bytes at `buffer`, which is ours until it is freed below, once.
    let bytes = unsafe { slice::from_raw_parts(buffer, length as usize) }.to_vec();
    // SAFETY: `buffer` came from this context's allocator and is not used again.
    unsafe { qjs::js_free(raw, buffer.cast()) };
    Ok(bytes)
}

/// The generated source: the modules in the order of their names, the licences, and why there are none.
fn table(modules: &[(&str, PathBuf)], licences: &str, missing: Option<&str>) -> String {
    let mut rows = String::new();
    for (name, file) in modules {
        let _ = writeln!(rows, "    ({name:?}, include_bytes!({file:?})),");
    }
    let licences = if licences.is_empty() { "\"\"" } else { licences };
    format!(
        "pub(crate) static MODULES: &[(&str, &[u8])] = &[\n{rows}];\n\
         pub(crate) static LICENCES: &str = {licences};\n\
         pub(crate) static MISSING: Option<&str> = {missing:?};\n"
    )
}
