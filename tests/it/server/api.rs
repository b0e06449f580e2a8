//! The server under test with a client of it, and what it answers in a form tests can compare.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use postproof::server::{self, Config, FaultName};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

pub(super) const WEB: &str = "pk_web_5f0c7d2b9e41";
pub(super) const LEGACY: &str = "pk_legacy_83b1e6a07c5d";
pub(super) const BRIEF: &str = "pk_brief_e29a4c6f180b";
pub(super) const OTHER: &str = "pk_other_b7d350f8a62c";
pub(super) const ANA: (&str, &str) = ("ana@postproof.example", "Corr3ct-horse");
pub(super) const MIA: (&str, &str) = ("mia@postproof.example", "Battery-st4ple");
pub(super) const DAN: (&str, &str) = ("dan@postproof.example", "Tr0ubador-three");
pub(super) const CARLA: (&str, &str) = ("C-1001", "Orange-k1te");

pub(super) const REFUSED: &str = "401 INVALID_REFRESH_TOKEN";
pub(super) const NO_KEY: &str = "401 Unauthorized";
pub(super) const NO_BEARER: &str = "401 text/html";
pub(super) const USER: &str = "200 user token shortToken refreshToken";
pub(super) const CUSTOMER: &str = "200 customer token shortToken refreshToken";
pub(super) const STACK: &str = "500 text/html";

/// A server on its own single-threaded runtime, a client of it, and the time the server sees.
pub(super) struct Api {
    pub(super) runtime: Runtime,
    pub(super) client: Client,
    pub(super) base: String,
    pub(super) millis: Arc<AtomicU64>,
    pub(super) key: Cell<&'static str>,
}

pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) challenged: bool,
    pub(super) cache_control: Option<String>,
    pub(super) text: String,
    pub(super) json: Value,
}

impl Api {
    pub(super) fn sound() -> Self {
        Self::with(&[])
    }

    pub(super) fn with(faults: &[FaultName]) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // A whole second, so that tests decide what falls into one second.
        let millis = Arc::new(AtomicU64::new(1_800_000_000_000));
        let hand = Arc::clone(&millis);
        let clock = move || SystemTime::UNIX_EPOCH + Duration::from_millis(hand.load(Ordering::Relaxed));
        let config = Config { faults: faults.to_vec(), clock: Arc::new(clock), ..Config::default() };
        let bound = runtime.block_on(server::build(config)).unwrap();
        let base = format!("http://{}", bound.address());
        runtime.spawn(bound.serve(std::future::pending()));
        // The client wants a TLS provider although nothing here speaks TLS; a second installation is no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { runtime, client, base, millis, key: Cell::new(WEB) }
    }

    pub(super) fn pass(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }

    /// A request without a key.
    pub(super) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.bare(Method::GET, path).header("x-api-key", self.key.get())
    }

    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.bare(Method::POST, path).header("x-api-key", self.key.get())
    }

    pub(super) fn send(&self, request: RequestBuilder) -> Seen {
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let field =
                |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            let (content_type, cache_control) = (field("content-type"), field("cache-control"));
            let challenged = response.headers().contains_key("www-authenticate");
            let text = response.text().await.unwrap();
            let json = serde_json::from_str(&text).unwrap_or(Value::Null);
            Seen { status, content_type, challenged, cache_control, text, json }
        })
    }

    pub(super) fn sign_in_with(&self, role: &str, who: (&str, &str), body: Value) -> Seen {
        let path = format!("/accounts/{role}");
        self.send(as_json(self.post(&path).basic_auth(who.0, Some(who.1)), &body.to_string()))
    }

    pub(super) fn user(&self, who: (&str, &str)) -> Seen {
        let audience = match self.key.get() {
            LEGACY => "postproof-legacy",
            BRIEF => "postproof-brief",
            OTHER => "postproof-other",
            _ => "postproof-web",
        };
        self.sign_in_with("users", who, json!({ "audience": audience }))
    }

    pub(super) fn customer(&self) -> Seen {
        self.sign_in_with("customers", CARLA, json!({}))
    }

    pub(super) fn application(&self) -> Seen {
        let secret = application_secret(WEB, "sk_web_c1a97be04d6f4f83");
        self.sign_in_with("applications", ("postproof-web", &secret), json!({}))
    }

    pub(super) fn redeem(&self, token: &str) -> Seen {
        self.redeem_body(&json!({ "refreshToken": token }).to_string())
    }

    pub(super) fn redeem_body(&self, body: &str) -> Seen {
        self.send(as_json(self.post("/accounts/refresh-token"), body))
    }

    pub(super) fn probe(&self, path: &str, short_token: &str) -> Seen {
        self.send(self.get(path).bearer_auth(short_token))
    }

    pub(super) fn control(&self, action: &str, login: &str) -> Seen {
        let body = json!({ "login": login }).to_string();
        self.send(as_json(self.post(&format!("/_control/subjects/{action}")), &body))
    }
}

impl Seen {
    /// Status, and of the body what identifies it: the code, the names of the members, or the media type.
    pub(super) fn summary(&self) -> String {
        let what = match (&self.json, &self.content_type) {
            (Value::Object(body), _) => match body.get("code") {
                Some(code) => code.as_str().unwrap().to_owned(),
                None => body.keys().map(String::as_str).collect::<Vec<_>>().join(" "),
            },
            (_, Some(content_type)) => content_type.split(';').next().unwrap().to_owned(),
            (_, None) => self.text.clone(),
        };
        format!("{} {what}", self.status)
    }

    pub(super) fn text_at(&self, pointer: &str) -> &str {
        self.json
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{pointer}: {}", self.text))
    }

    pub(super) fn refresh_token(&self) -> &str {
        self.text_at("/refreshToken")
    }

    pub(super) fn short_token(&self) -> &str {
        self.text_at("/shortToken")
    }
}

pub(super) fn as_json(request: RequestBuilder, body: &str) -> RequestBuilder {
    request.header("content-type", "application/json").body(body.to_owned())
}

pub(super) fn application_secret(public: &str, private: &str) -> String {
    Sha256::digest(format!("{public}{private}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn jwt_part(token: &str, part: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(part).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

pub(super) fn lifetime(token: &str) -> u64 {
    let claims = jwt_part(token, 1);
    claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap()
}

pub(super) fn same(what: &str, left: &str, right: &str) -> String {
    format!("{} {what}", if left == right { "same" } else { "new" })
}

pub(super) fn flipped(token: &str) -> String {
    let flip = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    token.chars().map(flip).collect()
}
