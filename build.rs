//! Compiles the sandbox's own JavaScript (`src/sandbox/js`) to bytecode and writes the table `sandbox.rs`.
//!
//! The engine that compiles is the one that will run: the same exact version as a build dependency. Bytecode has
//! the byte order of the machine that builds, so cross builds must keep it.

use rquickjs::{Context, Ctx, Runtime, qjs};
use std::error::Error;
use std::ffi::{CString, c_int};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where the sources are, relative to the package.
const SOURCES: &str = "src/sandbox/js";

/// Put before a file, on its first line so that line numbers hold.
const HEADER: &str = "(function (module, exports, own, host, globalThis) {";
const FOOTER: &str = "\n})";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={SOURCES}");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let root = Path::new(SOURCES);
    let mut files = Vec::new();
    collect(root, &mut files)?;
    let mut modules = Vec::new();
    for file in files {
        let name = file.strip_prefix(root)?.with_extension("");
        modules.push((name.to_string_lossy().replace('\\', "/"), file));
    }
    modules.sort();

    let runtime = Runtime::new()?;
    let context = Context::full(&runtime)?;
    let mut table = String::from("pub(super) static MODULES: &[(&str, &[u8])] = &[\n");
    for (index, (name, file)) in modules.iter().enumerate() {
        let source = format!("{HEADER}{}{FOOTER}", fs::read_to_string(file)?);
        let bytecode = context.with(|ctx| compile(&ctx, &format!("postproof/{name}.js"), source))?;
        let path = out.join(format!("sandbox-{index}.bin"));
        fs::write(&path, bytecode)?;
        writeln!(table, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    table.push_str("];\n");
    fs::write(out.join("sandbox.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "js") {
            files.push(path);
        }
    }
    Ok(())
}

/// The bytecode of a strict script.
#[allow(unsafe_code)]
fn compile(ctx: &Ctx<'_>, name: &str, source: String) -> Result<Vec<u8>, Box<dyn Error>> {
    let length = source.len();
    let source = CString::new(source)?;
    let file = CString::new(name)?;
    let raw = ctx.as_raw().as_ptr();
    let flags = qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY | qjs::JS_EVAL_FLAG_STRICT;
    // SAFETY: `raw` is the live context behind `ctx`; both strings are NUL-terminated and outlive the call.
    let compiled = unsafe { qjs::JS_Eval(raw, source.as_ptr(), length as _, file.as_ptr(), flags as c_int) };
    // SAFETY: reads the tag of the value just returned.
    if unsafe { qjs::JS_IsException(compiled) } {
        let error = ctx.catch();
        let text = error.as_exception().map_or_else(|| format!("{error:?}"), ToString::to_string);
        return Err(format!("{name}: {text}").into());
    }
    let mut size: qjs::size_t = 0;
    let flags = qjs::JS_WRITE_OBJ_BYTECODE | qjs::JS_WRITE_OBJ_STRIP_SOURCE;
    // SAFETY: `compiled` is a live value of this context, `size` a valid place for the length.
    let bytes = unsafe { qjs::JS_WriteObject(raw, &raw mut size, compiled, flags as c_int) };
    if bytes.is_null() {
        return Err(format!("{name}: the engine cannot write its bytecode").into());
    }
    // SAFETY: the engine wrote `size` bytes at `bytes`; they are copied before they are freed, once.
    let copy = unsafe { std::slice::from_raw_parts(bytes, usize::try_from(size)?) }.to_vec();
    // SAFETY: `bytes` came from this context's allocator; `compiled` is owned here and not used again.
    unsafe {
        qjs::js_free(raw, bytes.cast());
        qjs::JS_FreeValue(raw, compiled);
    }
    Ok(copy)
}
