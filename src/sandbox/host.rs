//! The functions our JavaScript is given: all that there is between a script and the machine.

use super::limits::{Limits, Watch};
use super::raw;
use super::timers::Timers;
use crate::variable::Dynamic;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use rquickjs::function::{Func, Opt};
use rquickjs::{Ctx, Exception, Object, Result, TypedArray, Value};
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;

/// A script that has begun and not ended.
#[derive(Debug)]
pub(super) struct Live {
    /// Execution id.
    pub(super) id: String,
    /// Its cursor, as JSON.
    pub(super) cursor: String,
    /// When it must have ended.
    pub(super) deadline: Option<Instant>,
}

/// What the host functions and the event loop share.
pub(super) struct Shared {
    pub(super) watch: Watch,
    pub(super) timers: RefCell<Timers>,
    pub(super) live: RefCell<Vec<Live>>,
    /// Number of the message being dealt with.
    pub(super) message: Cell<u64>,
    /// Our JavaScript has callbacks waiting for the end of this turn.
    pub(super) wake: Cell<bool>,
    /// The engine must be rebuilt once its scripts have ended.
    pub(super) tainted: Cell<bool>,
    outbox: mpsc::Sender<String>,
    /// Bytes that may still be said before a script begins again.
    allowance: Cell<usize>,
    limits: Limits,
    dynamic: RefCell<Dynamic>,
    started: Instant,
}

impl Shared {
    pub(super) fn new(watch: Watch, outbox: mpsc::Sender<String>, limits: Limits) -> Self {
        Self {
            watch,
            timers: RefCell::default(),
            live: RefCell::default(),
            message: Cell::new(0),
            wake: Cell::new(false),
            tainted: Cell::new(false),
            outbox,
            allowance: Cell::new(limits.output),
            limits,
            dynamic: RefCell::new(Dynamic::from_entropy()),
            started: Instant::now(),
        }
    }

    /// Sends one message out, whatever it costs; waits while nobody reads. `false` when nobody ever will.
    pub(super) fn send(&self, message: String) -> bool {
        self.outbox.blocking_send(message).is_ok()
    }

    /// The moment the first script is out of time.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.live.borrow().iter().filter_map(|live| live.deadline).min()
    }

    /// Forgets what a discarded engine had under way; says which scripts that was.
    pub(super) fn reset(&self) -> Vec<Live> {
        self.timers.replace(Timers::default());
        self.wake.set(false);
        self.tainted.set(false);
        self.refill();
        self.watch.relent();
        self.live.take()
    }

    /// Lets as much be said as one script may say.
    pub(super) fn refill(&self) {
        self.allowance.set(self.limits.output);
    }

    /// Nobody will ever read what is sent.
    pub(super) fn is_closed(&self) -> bool {
        self.outbox.is_closed()
    }

    fn emit(&self, message: String) {
        match self.allowance.get().checked_sub(message.len() + Limits::MESSAGE_COST) {
            Some(left) => self.allowance.set(left),
            None => {
                self.allowance.set(0);
                self.watch.flood();
                return;
            }
        }
        if !self.send(message) {
            self.watch.flood();
        }
    }

    fn begin(&self, id: String, cursor: String, timeout_ms: f64) {
        let deadline = (timeout_ms > 0.0)
            .then(|| Duration::try_from_secs_f64(timeout_ms / 1000.0).ok())
            .flatten()
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let mut live = self.live.borrow_mut();
        if live.is_empty() {
            self.refill();
        }
        live.push(Live { id, cursor, deadline });
        drop(live);
        self.watch.begin(self.message.get());
        self.watch.set_deadline(self.deadline());
    }

    /// A script has ended, with this last message. It goes out whatever was said before.
    fn end(&self, id: &str, message: Option<String>) {
        self.live.borrow_mut().retain(|live| live.id != id);
        if self.live.borrow().is_empty() {
            self.watch.relent();
        } else {
            self.watch.set_deadline(self.deadline());
        }
        if let Some(message) = message {
            self.send(message);
        }
    }
}

/// The `host` object of one engine.
pub(super) fn object<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> Result<Object<'js>> {
    let host = Object::new(ctx.clone())?;
    protocol(&host, shared)?;
    clock(&host, shared)?;
    bytes(&host)?;
    code(&host)?;
    let dynamic = Rc::clone(shared);
    host.set("dynamic", Func::from(move |name: String| dynamic.dynamic.borrow_mut().generate(&name)))?;
    Ok(host)
}

/// Messages out, scripts that begin and end.
fn protocol(host: &Object<'_>, shared: &Rc<Shared>) -> Result<()> {
    let s = Rc::clone(shared);
    host.set("emit", Func::from(move |message: String| s.emit(message)))?;
    let s = Rc::clone(shared);
    host.set("begin", Func::from(move |id: String, cursor: String, ms: f64| s.begin(id, cursor, ms)))?;
    let s = Rc::clone(shared);
    host.set("end", Func::from(move |id: String, message: Opt<String>| s.end(&id, message.0)))?;
    let s = Rc::clone(shared);
    host.set("taint", Func::from(move || s.tainted.set(true)))?;
    let s = Rc::clone(shared);
    host.set("wake", Func::from(move || s.wake.set(true)))
}

/// Timers and clocks.
fn clock(host: &Object<'_>, shared: &Rc<Shared>) -> Result<()> {
    let s = Rc::clone(shared);
    let set = move |id: u32, ms: f64| s.timers.borrow_mut().set(id, ms, Instant::now());
    host.set("setTimer", Func::from(set))?;
    let s = Rc::clone(shared);
    host.set("clearTimer", Func::from(move |id: u32| s.timers.borrow_mut().clear(id)))?;
    let started = shared.started;
    host.set("hrtime", Func::from(move || started.elapsed().as_secs_f64() * 1000.0))?;
    let now =
        || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64() * 1000.0).floor();
    host.set("now", Func::from(now))
}

/// Randomness, digests, text encodings.
fn bytes<'js>(host: &Object<'js>) -> Result<()> {
    host.set("random", Func::from(|ctx: Ctx<'js>, length: u32| random(ctx, length)))?;
    host.set(
        "digest",
        Func::from(|ctx: Ctx<'js>, algorithm: String, data: TypedArray<'js, u8>| {
            digest(ctx, &algorithm, &data)
        }),
    )?;
    host.set("hmac", Func::from(hmac_of))?;
    host.set(
        "utf8Encode",
        Func::from(|ctx: Ctx<'js>, text: String| TypedArray::new(ctx, text.into_bytes())),
    )?;
    host.set("utf8Decode", Func::from(decode))
}

/// Scripts to compile, libraries to load.
fn code<'js>(host: &Object<'js>) -> Result<()> {
    let compile =
        |ctx: Ctx<'js>, source: String, file: String| raw::evaluate(&ctx, source.into_bytes(), &file);
    host.set("compile", Func::from(compile))?;
    host.set("loadModule", Func::from(|_name: String| None::<bool>))?;
    host.set("moduleMissing", Func::from(|| Some("this build of postproof carries no script libraries")))
}

fn random(ctx: Ctx<'_>, length: u32) -> Result<TypedArray<'_, u8>> {
    let mut bytes = vec![0; length as usize];
    rand::rng().fill_bytes(&mut bytes);
    TypedArray::new(ctx, bytes)
}

/// `undefined` for an algorithm this host does not know.
fn digest<'js>(
    ctx: Ctx<'js>,
    algorithm: &str,
    data: &TypedArray<'js, u8>,
) -> Result<Option<TypedArray<'js, u8>>> {
    let data = raw::bytes(data);
    let digest = match algorithm {
        "MD5" => md5::Md5::digest(data).to_vec(),
        "SHA-1" => Sha1::digest(data).to_vec(),
        "SHA-224" => Sha224::digest(data).to_vec(),
        "SHA-256" => Sha256::digest(data).to_vec(),
        "SHA-384" => Sha384::digest(data).to_vec(),
        "SHA-512" => Sha512::digest(data).to_vec(),
        _ => return Ok(None),
    };
    TypedArray::new(ctx, digest).map(Some)
}

/// `undefined` for an algorithm this host does not know.
fn hmac_of<'js>(
    ctx: Ctx<'js>,
    algorithm: String,
    key: TypedArray<'js, u8>,
    data: TypedArray<'js, u8>,
) -> Result<Option<TypedArray<'js, u8>>> {
    macro_rules! mac {
        ($hash:ty) => {
            Hmac::<$hash>::new_from_slice(&raw::bytes(&key))
                .ok()
                .map(|mac| mac.chain_update(raw::bytes(&data)).finalize().into_bytes().to_vec())
        };
    }
    let mac = match algorithm.as_str() {
        "MD5" => mac!(md5::Md5),
        "SHA-1" => mac!(Sha1),
        "SHA-224" => mac!(Sha224),
        "SHA-256" => mac!(Sha256),
        "SHA-384" => mac!(Sha384),
        "SHA-512" => mac!(Sha512),
        _ => None,
    };
    mac.map(|mac| TypedArray::new(ctx, mac)).transpose()
}

/// Text of bytes in the encoding `label` names (`utf-8` when absent); `undefined` for an unknown label. `fatal`
/// throws a `TypeError` for bytes that are none of it, else they become U+FFFD. A byte order mark is dropped.
fn decode<'js>(
    ctx: Ctx<'js>,
    data: TypedArray<'js, u8>,
    label: Opt<Value<'js>>,
    fatal: Opt<bool>,
) -> Result<Option<String>> {
    let label = label.0.and_then(|label| label.as_string().map(rquickjs::String::to_string)).transpose()?;
    let label = label.unwrap_or_else(|| "utf-8".to_owned());
    let Some(encoding) = encoding_rs::Encoding::for_label(label.as_bytes()) else { return Ok(None) };
    let data = raw::bytes(&data);
    let (text, malformed) = encoding.decode_with_bom_removal(&data);
    if malformed && fatal.0 == Some(true) {
        let message =
            format!("The encoded data was not valid for encoding {}", encoding.name().to_lowercase());
        return Err(Exception::throw_type(&ctx, &message));
    }
    Ok(Some(text.into_owned()))
}
