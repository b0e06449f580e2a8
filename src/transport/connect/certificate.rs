//! Client certificates: which one a URL gets, and how it is loaded.

use super::key::{self, KeyError};
use super::{Target, UrlPattern, pattern};
use crate::diagnostic::{Warning, WarningCode};
use crate::exchange::{FailureKind, TransportFailure};
use crate::runner::FileAccess;
use rustls::sign::CertifiedKey;
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A client certificate and the URLs it is for. Its passphrase is in no text made from it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientCertificate {
    /// What it is called in messages.
    pub name: String,
    /// The https URLs it is presented to.
    pub matches: Vec<UrlPattern>,
    /// PEM file with the key; the certificate's own when absent.
    pub key: Option<PathBuf>,
    /// PEM file with the certificate and its intermediates.
    pub cert: Option<PathBuf>,
    /// PFX file with both.
    pub pfx: Option<PathBuf>,
    /// Opens the key or the PFX file.
    pub passphrase: Option<String>,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why a list of client certificates cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Not JSON.
    #[error("it is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON, but no list.
    #[error("expected an array, found {0}")]
    NotAnArray(&'static str),
    /// An entry that says nothing a certificate can be made of.
    #[error("[{index}]{path}: {problem}")]
    Entry {
        /// Which, from 0.
        index: usize,
        /// Where in it.
        path: &'static str,
        /// What is wrong.
        problem: String,
    },
}

impl ClientCertificate {
    /// Reads Postman's list: `[{name, matches: ["https://*.host:port/path*"], key: {src}, cert: {src}, pfx: {src},
    /// passphrase}]`.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, ListError> {
        let list: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
        let Value::Array(entries) = list else { return Err(ListError::NotAnArray(kind(&list))) };
        entries.iter().enumerate().map(|(index, entry)| parse_entry(index, entry)).collect()
    }

    /// The certificate that goes to every https URL: `--ssl-client-cert` and its companions.
    pub fn for_all_urls(cert: PathBuf, key: Option<PathBuf>, passphrase: Option<String>) -> Self {
        let is_pfx = cert
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("pfx") || end.eq_ignore_ascii_case("p12"));
        let (cert, pfx) = if is_pfx { (None, Some(cert)) } else { (Some(cert), None) };
        Self { name: "client-cert".to_owned(), matches: vec![UrlPattern::all()], key, cert, pfx, passphrase }
    }

    /// What is said of patterns that match nothing.
    pub(super) fn invalid_patterns(&self) -> impl Iterator<Item = Warning> {
        self.matches.iter().filter(|pattern| !pattern.is_valid()).map(|pattern| {
            let message = format!(
                "client certificate `{}`: `{pattern}` is no URL pattern: it matches nothing",
                self.name
            );
            Warning::new(WarningCode::FieldIgnored, message).hint(pattern::HINT)
        })
    }

    pub(super) fn is_for(&self, target: &Target) -> bool {
        target.https && self.matches.iter().any(|pattern| pattern.matches(target))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn parse_entry(index: usize, entry: &Value) -> Result<ClientCertificate, ListError> {
    let wrong = |path, expected: &str, found: &Value| ListError::Entry {
        index,
        path,
        problem: format!("expected {expected}, found {}", kind(found)),
    };
    let Value::Object(fields) = entry else { return Err(wrong("", "an object", entry)) };
    let text = |name: &str, path| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(wrong(path, "a string", other)),
    };
    let file = |name: &str, path| {
        let src = match fields.get(name) {
            Some(Value::Object(file)) => file.get("src").unwrap_or(&Value::Null),
            Some(other) => other,
            None => &Value::Null,
        };
        match src {
            Value::Null => Ok(None),
            Value::String(src) => Ok(Some(PathBuf::from(src)).filter(|_| !src.is_empty())),
            other => Err(wrong(path, "an object such as {\"src\": \"client.pem\"}", other)),
        }
    };
    let pattern_of = |value: &Value| match value.get("pattern").unwrap_or(value) {
        Value::String(text) => Ok(UrlPattern::parse(text)),
        other => Err(wrong(".matches", "URL patterns such as \"https://*.example.com/*\"", other)),
    };
    let matches = match fields.get("matches") {
        Some(Value::Array(patterns)) => patterns.iter().map(pattern_of).collect::<Result<_, _>>()?,
        Some(one @ Value::String(_)) => vec![pattern_of(one)?],
        other => {
            let expected = "an array of URL patterns such as [\"https://*.example.com/*\"]";
            return Err(wrong(".matches", expected, other.unwrap_or(&Value::Null)));
        }
    };
    let certificate = ClientCertificate {
        name: text("name", ".name")?.unwrap_or_else(|| format!("[{index}]")),
        matches,
        key: file("key", ".key")?,
        cert: file("cert", ".cert")?,
        pfx: file("pfx", ".pfx")?,
        passphrase: text("passphrase", ".passphrase")?,
    };
    if certificate.cert.is_none() && certificate.pfx.is_none() {
        let problem = "it names no certificate: neither `cert` nor `pfx` has a `src`".to_owned();
        return Err(ListError::Entry { index, path: "", problem });
    }
    Ok(certificate)
}

/// What loading a certificate comes to. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) enum Loaded {
    Key(Arc<CertifiedKey>),
    /// A file cannot be read: the requests go without, and the user is told.
    Unreadable,
    /// The files are there, but nothing can be signed with them: the requests fail.
    Unusable(TransportFailure),
}

/// Loads a certificate. The warning says which file could not be read.
pub(super) fn load(certificate: &ClientCertificate, files: &FileAccess) -> (Loaded, Option<Warning>) {
    match load_files(certificate, files) {
        Ok(key) => (Loaded::Key(Arc::new(key)), None),
        Err(Problem::Unreadable { part, path, reason }) => {
            let message = format!(
                "client certificate `{}`: {part} file `{}` cannot be read: {reason}; requests go without it",
                certificate.name,
                path.display()
            );
            let warning = Warning::new(WarningCode::CertificateNotUsed, message)
                .hint("paths are relative to --working-dir, else to the current directory");
            (Loaded::Unreadable, Some(warning))
        }
        Err(Problem::Unusable { path, error }) => {
            let message = format!(
                "client certificate `{}` cannot be used: `{}`: {error}",
                certificate.name,
                path.display()
            );
            (Loaded::Unusable(TransportFailure { kind: FailureKind::InvalidRequest, message }), None)
        }
    }
}

enum Problem<'c> {
    Unreadable { part: &'static str, path: &'c Path, reason: String },
    Unusable { path: &'c Path, error: KeyError },
}

fn load_files<'c>(
    certificate: &'c ClientCertificate,
    files: &FileAccess,
) -> Result<CertifiedKey, Problem<'c>> {
    let read =
        |part, path: &'c Path| files.read(path).map_err(|reason| Problem::Unreadable { part, path, reason });
    let passphrase = certificate.passphrase.as_deref();
    if let Some(path) = &certificate.pfx {
        let bytes = read("pfx", path)?;
        return key::pfx(&bytes, passphrase.unwrap_or_default())
            .map_err(|error| Problem::Unusable { path, error });
    }
    // The list's reader has seen to it that there is one.
    let path = certificate.cert.as_deref().unwrap_or(Path::new(""));
    let unusable = |path| move |error| Problem::Unusable { path, error };
    let cert = read("cert", path)?;
    let chain = key::certificates(&cert).map_err(unusable(path))?;
    let (key_path, key) = match &certificate.key {
        Some(key_path) => (key_path.as_path(), read("key", key_path)?),
        None => (path, cert),
    };
    let key = key::private_key(&key, passphrase).map_err(unusable(key_path))?;
    key::certified(chain, key).map_err(unusable(key_path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> FileAccess {
        FileAccess::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates"), false)
    }

    #[test]
    fn lists_are_read() {
        let list = ClientCertificate::parse_list(
            "\u{feff}[{\"name\": \"a\", \"matches\": [\"https://a.test/*\"], \"key\": {\"src\": \"k\"}, \"cert\": {\"src\": \"c\"}, \
             \"passphrase\": \"p\"}, {\"matches\": [\"<all_urls>\"], \"pfx\": {\"src\": \"x\"}, \"cert\": null}]",
        )
        .unwrap();
        assert_eq!(list[0].key.as_deref(), Some(Path::new("k")));
        assert!(!format!("{list:?}").contains("\"p\""));
        assert_eq!((list[1].name.as_str(), list[1].pfx.as_deref()), ("[1]", Some(Path::new("x"))));
        let first = |url: &str| list.iter().position(|entry| entry.is_for(&Target::of(url)));
        assert_eq!(first("https://a.test/x"), Some(0));
        assert_eq!(first("https://b.test/x"), Some(1));
        assert_eq!(first("http://a.test/x"), None);
    }

    #[test]
    fn lists_that_cannot_be_read_say_where() {
        for (text, expected) in [
            ("{}", "expected an array, found an object"),
            ("[1]", "[0]: expected an object, found a number"),
            (
                "[{}]",
                "[0].matches: expected an array of URL patterns such as [\"https://*.example.com/*\"], found null",
            ),
            ("[{\"matches\": []}]", "[0]: it names no certificate: neither `cert` nor `pfx` has a `src`"),
            (
                "[{\"matches\": [], \"cert\": {\"src\": 1}}]",
                "[0].cert: expected an object such as {\"src\": \"client.pem\"}, found a number",
            ),
        ] {
            assert_eq!(ClientCertificate::parse_list(text).unwrap_err().to_string(), expected, "{text}");
        }
        assert!(ClientCertificate::parse_list("[").unwrap_err().to_string().starts_with("it is not JSON: "));
    }

    #[test]
    fn files_are_loaded_or_the_user_is_told() {
        let pem = |cert: &str, key: &str| {
            ClientCertificate::for_all_urls(cert.into(), Some(key.into()), Some("opensesame".to_owned()))
        };
        assert!(matches!(load(&pem("ec.crt", "ec-aes256.key"), &folder()), (Loaded::Key(_), None)));
        let pfx = ClientCertificate::for_all_urls("ec.pfx".into(), None, Some("opensesame".to_owned()));
        assert!(matches!(load(&pfx, &folder()), (Loaded::Key(_), None)));

        let (loaded, warning) = load(&pem("ec.crt", "nope.key"), &folder());
        assert!(matches!(loaded, Loaded::Unreadable));
        assert_eq!(
            warning.unwrap().message,
            "client certificate `client-cert`: key file `nope.key` cannot be read: there is no such file; \
             requests go without it"
        );
        let (_, warning) = load(&pem("../../Cargo.toml", "ec.key"), &folder());
        assert!(warning.unwrap().message.contains("--no-insecure-file-read forbids that"));

        let (loaded, warning) = load(&pem("ec.crt", "rsa-pkcs1.key"), &folder());
        let Loaded::Unusable(failure) = loaded else { panic!("{loaded:?} {warning:?}") };
        assert_eq!(
            failure.message,
            "client certificate `client-cert` cannot be used: `rsa-pkcs1.key`: the certificate does not belong to the key"
        );
    }
}
