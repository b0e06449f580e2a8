//! Where inputs come from: files and standard input, URLs, the Postman API by UID.

use super::args::NetworkArgs;
use super::exit::Exit;
use super::failure::Failure;
use super::input::{input_failure, io_text};
use super::network;
use postproof::collection::{self, Collection};
use postproof::environment::{self, Kind};
use postproof::iteration_data::{self, IterationData};
use postproof::variable::VariableScope;
use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, Response, StatusCode, Url, redirect};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The Postman API, and what else is taken for it.
const POSTMAN_API: &str = "https://api.postman.com";
const POSTMAN_API_HOSTS: [&str; 2] = ["api.postman.com", "api.getpostman.com"];
/// Names another API, for tests.
const POSTMAN_API_OVERRIDE: &str = "POSTPROOF_POSTMAN_API";
const API_KEY_HEADER: &str = "X-Api-Key";

/// Time allowed to fetch one input, and its largest size in bytes.
const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_SIZE: usize = 256 << 20;
const MAX_REDIRECTS: usize = 10;
/// How messages name an input that is written out in a settings file.
const INLINE: &str = "of the settings";

/// Reads inputs, wherever they are.
pub(crate) struct Sources<'r> {
    runtime: &'r Runtime,
    network: &'r NetworkArgs,
    api_key: Option<&'r str>,
}

/// An input that was fetched.
struct Fetched {
    /// How messages name it.
    name: String,
    bytes: Vec<u8>,
}

impl<'r> Sources<'r> {
    /// Sources that fetch on this runtime by this proxy and these authorities, with this key of the Postman API.
    pub(crate) fn new(runtime: &'r Runtime, network: &'r NetworkArgs, api_key: Option<&'r str>) -> Self {
        Self { runtime, network, api_key: api_key.filter(|key| !key.is_empty()) }
    }

    /// A collection.
    pub(crate) fn collection(&self, location: &str) -> Result<Collection, Failure> {
        let read = match self.fetch("collection", location)? {
            Some(fetched) => collection::parse(&fetched.name, &fetched.bytes),
            None => collection::read(location),
        };
        read.map_err(|error| input_failure(&error))
    }

    /// An environment or globals.
    pub(crate) fn scope(&self, location: &str, kind: Kind) -> Result<VariableScope, Failure> {
        let read = match self.fetch(kind.name(), location)? {
            Some(fetched) => environment::parse(&fetched.name, &fetched.bytes, kind),
            None => environment::read(location, kind),
        };
        read.map_err(|error| input_failure(&error))
    }

    /// The rows of a data file.
    pub(crate) fn iteration_data(
        &self,
        location: &str,
        delimiter: Option<u8>,
    ) -> Result<IterationData, Failure> {
        let read = match self.fetch(iteration_data::NOUN, location)? {
            Some(fetched) => iteration_data::parse(&fetched.name, &fetched.bytes, delimiter),
            None => iteration_data::read(location, delimiter),
        };
        read.map_err(|error| input_failure(&error))
    }

    /// The input at a URL or UID, or the JSON that the location is itself; none when the location is a file's.
    fn fetch(&self, noun: &'static str, location: &str) -> Result<Option<Fetched>, Failure> {
        if location.starts_with(['{', '[']) && !Path::new(location).exists() {
            return Ok(Some(Fetched { name: INLINE.to_owned(), bytes: location.as_bytes().to_vec() }));
        }
        let api = std::env::var(POSTMAN_API_OVERRIDE).unwrap_or_else(|_| POSTMAN_API.to_owned());
        let url = if is_uid(location)
            && !matches!(noun, "globals" | iteration_data::NOUN)
            && !Path::new(location).exists()
        {
            if self.api_key.is_none() {
                return Err(cannot_read(noun, location)
                    .cause("there is no such file, and it looks like a UID of the Postman API")
                    .hint("give a key: --postman-api-key KEY, or the environment variable POSTMAN_API_KEY"));
            }
            format!("{api}/{noun}s/{location}")
        } else if location.starts_with("http://") || location.starts_with("https://") {
            location.to_owned()
        } else {
            return Ok(None);
        };
        let url = Url::parse(&url).map_err(|error| {
            cannot_read(noun, location).cause(format!("it is no URL: {error}")).hint("check the URL")
        })?;
        let wanted = Wanted::new(noun, url, &api, self.api_key);
        let bytes = self.runtime.block_on(wanted.fetch(self.network))?;
        Ok(Some(Fetched { name: wanted.name, bytes }))
    }
}

/// Something to be fetched.
struct Wanted {
    noun: &'static str,
    url: Url,
    name: String,
    /// The Postman API's key, where it is asked.
    api_key: Option<String>,
    is_api: bool,
}

impl Wanted {
    fn new(noun: &'static str, mut url: Url, api: &str, api_key: Option<&str>) -> Self {
        let host = url.host_str().unwrap_or_default();
        let api_origin = Url::parse(api).map(|api| api.origin());
        let is_api = POSTMAN_API_HOSTS.contains(&host) || api_origin.is_ok_and(|api| api == url.origin());
        let mut own = None;
        if is_api {
            // A key in the address would end up in every log on the way.
            let (keys, others): (Vec<_>, Vec<_>) =
                url.query_pairs().into_owned().partition(|(name, _)| name == "apikey");
            own = keys.into_iter().next().map(|(_, key)| key);
            url.set_query(None);
            if !others.is_empty() {
                url.query_pairs_mut().extend_pairs(others);
            }
        }
        let api_key = own.or_else(|| api_key.map(str::to_owned)).filter(|_| is_api);
        Self { noun, name: shown(&url), url, api_key, is_api }
    }

    async fn fetch(&self, network: &NetworkArgs) -> Result<Vec<u8>, Failure> {
        let client = self.client(network)?.build().map_err(|error| self.unreachable(&error))?;
        let mut request = client.get(self.url.clone());
        if let Some(key) = &self.api_key {
            request = request.header(API_KEY_HEADER, key);
        }
        let mut response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_SIZE {
                return Err(cannot_read(self.noun, &self.name)
                    .cause(format!("it is larger than {} MB", MAX_SIZE >> 20))
                    .hint("is it the right URL? A file of that size can be given by its path"));
            }
        }
        Ok(bytes)
    }

    fn client(&self, network: &NetworkArgs) -> Result<ClientBuilder, Failure> {
        // An error means that a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let host = self.url.host_str().map(str::to_owned);
        let has_key = self.api_key.is_some();
        let follow = redirect::Policy::custom(move |attempt| {
            if attempt.previous().len() > MAX_REDIRECTS {
                attempt.error("too many redirects")
            } else if has_key && attempt.url().host_str() != host.as_deref() {
                // The key is for the API alone.
                attempt.stop()
            } else {
                attempt.follow()
            }
        });
        let mut client = Client::builder()
            .user_agent(concat!("postproof/", env!("CARGO_PKG_VERSION")))
            .redirect(follow)
            .danger_accept_invalid_certs(network.insecure)
            .timeout(TIMEOUT);
        for path in network::authorities(network) {
            let pem = std::fs::read(&path).map_err(|error| io_text(&error.to_string()));
            let found = pem.and_then(|pem| Certificate::from_pem_bundle(&pem).map_err(|e| e.to_string()));
            let wrong = |cause| {
                cannot_read(self.noun, &self.name)
                    .cause(format!("the certificate authorities `{}`: {cause}", path.display()))
                    .hint("they are one or more `-----BEGIN CERTIFICATE-----` blocks")
            };
            for certificate in found.map_err(wrong)? {
                client = client.add_root_certificate(certificate);
            }
        }
        if let Some(proxy) = &network.proxy {
            let url = if proxy.contains("://") { proxy.clone() } else { format!("http://{proxy}") };
            let proxy = Proxy::all(url).map_err(|error| self.unreachable(&error))?;
            client = client.proxy(proxy.no_proxy(NoProxy::from_env()));
        }
        let is_local = match self.url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        Ok(if is_local && network.proxy.is_none() { client.no_proxy() } else { client })
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let mut deepest: &dyn std::error::Error = error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        let cause = match error {
            _ if error.is_timeout() => format!("no complete answer within {} s", TIMEOUT.as_secs()),
            _ if error.is_connect() => {
                format!("could not connect to {host}{port}: {}", io_text(&deepest.to_string()).to_lowercase())
            }
            _ => io_text(&deepest.to_string()),
        };
        cannot_read(self.noun, &self.name)
            .cause(cause)
            .hint("check the URL, and whether this machine reaches it (curl)")
    }

    async fn refused(&self, response: Response) -> Failure {
        let status = response.status();
        let who = if self.is_api { "the Postman API" } else { "the server" };
        let mut cause = format!("{who} answered {status}");
        let body = response.bytes().await.unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if let Some(message) = body.pointer("/error/message").and_then(Value::as_str) {
            cause = format!("{cause}: {message}");
        }
        let hint = match status {
            _ if status.is_redirection() => "follow the redirect yourself and give its target",
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if self.is_api && self.api_key.is_none() => {
                "give a key: --postman-api-key KEY, or the environment variable POSTMAN_API_KEY"
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if self.is_api => {
                "check the API key, and that its owner may see the workspace"
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "what needs a login can be piped: curl -H 'Authorization: …' URL | postproof run -"
            }
            _ if self.is_api => "check the UID",
            _ => "check the URL",
        };
        cannot_read(self.noun, &self.name).cause(cause).hint(hint)
    }
}

/// The URL as messages and reports may show it: without credentials, and without a query, which may hold some.
fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    if shown.query().is_some() {
        shown.set_query(None);
        return format!("{shown}?…");
    }
    shown.to_string()
}

/// `OWNER-UUID`, as the Postman API names what it keeps.
fn is_uid(text: &str) -> bool {
    let Some((owner, id)) = text.split_once('-') else { return false };
    let is_owner = !owner.is_empty() && owner.chars().all(|c| c.is_ascii_alphanumeric());
    is_owner && id.len() == 36 && uuid::Uuid::try_parse(id).is_ok()
}

fn cannot_read(noun: &str, name: &str) -> Failure {
    Failure::new(Exit::Input, format!("cannot read {noun} `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_uids() {
        for (text, expected) in [
            ("1234-0b3d5e0e-8f5a-4c53-9b0a-8d6f3c2b1a00", true),
            ("AbC9-0B3D5E0E-8F5A-4C53-9B0A-8D6F3C2B1A00", true),
            ("0b3d5e0e-8f5a-4c53-9b0a-8d6f3c2b1a00", false),
            ("my-collection.json", false),
            ("1234-0b3d5e0e8f5a4c539b0a8d6f3c2b1a00", false),
        ] {
            assert_eq!(is_uid(text), expected, "{text}");
        }
    }

    #[test]
    fn keys_leave_the_address() {
        let wanted = |url: &str, key| {
            let wanted = Wanted::new("collection", Url::parse(url).unwrap(), POSTMAN_API, key);
            (wanted.url.to_string(), wanted.name, wanted.api_key)
        };
        let api = "https://api.getpostman.com/collections/1";
        for (url, key, sent, name, header) in [
            (format!("{api}?apikey=K&a=1"), None, format!("{api}?a=1"), format!("{api}?…"), Some("K")),
            (format!("{api}?apikey=K"), Some("L"), api.to_owned(), api.to_owned(), Some("K")),
            (api.to_owned(), Some("L"), api.to_owned(), api.to_owned(), Some("L")),
            (
                "https://u:p@h/c.json?apikey=K".to_owned(),
                Some("L"),
                "https://u:p@h/c.json?apikey=K".to_owned(),
                "https://h/c.json?…".to_owned(),
                None,
            ),
        ] {
            assert_eq!(wanted(&url, key), (sent, name, header.map(str::to_owned)), "{url}");
        }
    }
}
