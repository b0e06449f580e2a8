//! Masking: no secret leaves the pipeline.
//!
//! A [`Redactor`] learns secrets from the run's input ([`learn_scopes`](Redactor::learn_scopes)) and from what goes
//! over the wire ([`learn_event`](Redactor::learn_event)), and masks them in every text of an event, raw and in
//! the spellings of [`forms`]. A masked secret shows as `‹secret:NAME#a1b2›`; the digits come from a hash under a
//! key of the run's own, so a reader can see that two secrets are the same and nothing else about them.

mod fields;
mod filter;
mod forms;
mod index;
mod learn;
mod names;
mod scan;

pub use forms::forms;
pub(crate) use names::{header_sounds_secret, sounds_secret};

use crate::event::{RunEvent, Secret};
use crate::exchange::hex;
use crate::variable::{Scopes, Variable};
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine};
use fields::Mask;
use index::Index;
use rand::RngExt;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// What every masked secret begins with.
const OPEN: &str = "‹secret:";
/// What it ends with.
const CLOSE: char = '›';
/// Secrets with fewer characters are masked only where they are a whole string.
const SEARCHABLE: usize = 4;
/// Digits a number must have to be taken for a secret (a one-time code has six).
const DIGITS: usize = 6;
/// Characters of a name that a mask shows.
const NAME_LENGTH: usize = 40;

/// Words that stand where a secret would and are none.
const NEVER: &[&str] = &[
    "true",
    "false",
    "null",
    "none",
    "undefined",
    "nil",
    "yes",
    "no",
    "on",
    "off",
    "basic",
    "bearer",
    "digest",
    "invalid",
    "required",
    "missing",
    "expired",
    "string",
    "header",
    "query",
    "body",
];

/// Knows the secrets of a run and masks them.
pub struct Redactor {
    enabled: bool,
    key: [u8; 16],
    index: Index,
    /// Secrets too short to be looked for inside other text, by text.
    whole: HashMap<String, Arc<str>>,
    /// Labels in use: text that is one of them is masked already.
    labels: HashSet<Arc<str>>,
    /// How many of them make it worth a look at which are still in use.
    most_labels: usize,
}

impl Redactor {
    /// A redactor under a random key.
    pub fn new() -> Self {
        Self::with_key(rand::rng().random())
    }

    /// A redactor whose masks are the same in every run: for tests and replays.
    pub fn with_key(key: [u8; 16]) -> Self {
        Self {
            enabled: true,
            key,
            index: Index::default(),
            whole: HashMap::new(),
            labels: HashSet::new(),
            most_labels: 4 * index::GENERATION,
        }
    }

    /// Masks nothing (`--show-secrets`).
    pub fn disabled() -> Self {
        Self { enabled: false, ..Self::with_key([0; 16]) }
    }

    /// Adds a secret that is never forgotten; `name` is what its mask shows. Text that cannot be a secret
    /// (`true`, short numbers, unresolved templates) is ignored.
    pub fn add(&mut self, name: &str, secret: &str) {
        self.insert(name, secret, true);
    }

    /// Adds the variables that are typed `secret` or whose name says that they hold one, disabled ones included.
    pub fn learn_scopes(&mut self, scopes: &Scopes) {
        if !self.enabled {
            return;
        }
        let scoped = scopes.narrowest_first().into_iter().flat_map(|scope| scope.iter());
        let secret = scoped.filter(|(name, variable)| is_secret(name, variable));
        for (name, variable) in scopes.vault.iter().chain(secret) {
            Secret::all_in(name, &variable.value).iter().for_each(|found| self.add(name, &found.value));
        }
    }

    /// The text with every known secret masked; borrowed when there is none in it.
    pub fn mask_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.enabled {
            return Cow::Borrowed(text);
        }
        if let Some(label) = self.whole.get(text) {
            return Cow::Owned(label.to_string());
        }
        // A hit begins and ends where a spelling does, and spellings are UTF-8: nothing is split.
        match self.mask_bytes(text.as_bytes(), false).map(String::from_utf8) {
            Some(Ok(masked)) => Cow::Owned(masked),
            _ => Cow::Borrowed(text),
        }
    }

    /// The event with every known secret masked, and bodies cut to what events carry.
    pub fn mask_event(&self, mut event: RunEvent) -> RunEvent {
        event.kind.mask(self);
        event
    }

    /// The masked bytes, if there is anything to mask; `cut` as for [`Index::find`].
    fn mask_bytes(&self, text: &[u8], cut: bool) -> Option<Vec<u8>> {
        let mut hits = self.index.find(text, cut);
        if hits.is_empty() {
            return None;
        }
        let masked = self.masked_already(text);
        hits.retain(|hit| !masked.iter().any(|m| m.start <= hit.range.start && hit.range.end <= m.end));
        let mut out = Vec::with_capacity(text.len());
        let mut from = 0;
        for hit in &hits {
            out.extend_from_slice(&text[from..hit.range.start]);
            out.extend_from_slice(hit.label.as_bytes());
            from = hit.range.end;
        }
        out.extend_from_slice(&text[from..]);
        (!hits.is_empty()).then_some(out)
    }

    /// Where the text holds masks of this redactor: masking again must not change them, whatever their names hold.
    fn masked_already(&self, text: &[u8]) -> Vec<Range<usize>> {
        let Ok(text) = std::str::from_utf8(text) else { return Vec::new() };
        text.match_indices(OPEN)
            .filter_map(|(start, _)| {
                let end = start + text[start..].find(CLOSE)? + CLOSE.len_utf8();
                self.labels.contains(&text[start..end]).then_some(start..end)
            })
            .collect()
    }

    fn insert(&mut self, name: &str, secret: &str, pinned: bool) {
        if !self.enabled || never_secret(secret) {
            return;
        }
        if secret.chars().count() < SEARCHABLE {
            if !self.whole.contains_key(secret) {
                let label = self.label(name, secret);
                self.whole.insert(secret.to_owned(), label);
            }
            return;
        }
        if self.index.holds(secret, pinned) {
            return;
        }
        let label = match self.index.label_of(secret) {
            Some(label) => Arc::clone(label),
            None => self.label(name, secret),
        };
        let size = self.labels.len();
        self.index.add(secret, label, pinned);
        // Labels of forgotten secrets go now and then, not each time: when there were as many as those in use.
        if size > self.most_labels {
            let used: HashSet<_> = self.index.labels().chain(self.whole.values()).cloned().collect();
            self.most_labels = self.most_labels.max(2 * used.len());
            self.labels = used;
        }
        self.insert_parts(name, secret, pinned);
    }

    /// Secrets inside a secret: what follows an auth scheme, the password of a Basic pair, the parts of a JWT.
    fn insert_parts(&mut self, name: &str, secret: &str, pinned: bool) {
        let trimmed = secret.trim();
        if trimmed.len() < secret.len() {
            self.insert(name, trimmed, pinned);
        }
        if let Some((scheme, credentials)) = trimmed.split_once(' ')
            && ["basic", "bearer", "token", "apikey", "jwt"].iter().any(|s| scheme.eq_ignore_ascii_case(s))
        {
            self.insert(name, credentials.trim(), pinned);
        }
        if let Some(password) = password_of(trimmed) {
            self.insert(&format!("{name}.password"), &password, pinned);
        }
        if let [header, payload, signature] = trimmed.split('.').collect::<Vec<_>>()[..]
            && is_json_object(header)
        {
            self.insert(&format!("{name}.payload"), payload, pinned);
            self.insert(&format!("{name}.signature"), signature, pinned);
        }
    }

    fn label(&mut self, name: &str, secret: &str) -> Arc<str> {
        let mut shown: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "-_.$".contains(c) { c } else { '_' })
            .take(NAME_LENGTH)
            .collect();
        if shown.is_empty() || shown.contains(secret) {
            "value".clone_into(&mut shown);
        }
        let digest = hex(&Sha256::new().chain_update(self.key).chain_update(secret).finalize());
        // Four digits, more where two secrets of one name would look the same.
        let label = (4..=digest.len())
            .map(|digits| format!("{OPEN}{shown}#{}{CLOSE}", &digest[..digits]))
            .find(|label| !self.labels.contains(label.as_str()))
            .unwrap_or_else(|| format!("{OPEN}{shown}#{digest}{CLOSE}"));
        let label: Arc<str> = label.into();
        self.labels.insert(Arc::clone(&label));
        label
    }
}

impl Default for Redactor {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Redactor {
    /// Never the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").field("enabled", &self.enabled).finish_non_exhaustive()
    }
}

/// Whether a variable is typed `secret`, or its name says that it holds one.
pub fn is_secret(name: &str, variable: &Variable) -> bool {
    variable.is_secret() || names::sounds_secret(name)
}

/// Text that is no secret wherever it stands.
fn never_secret(text: &str) -> bool {
    let trimmed = text.trim();
    let unsigned = trimmed.trim_start_matches(['-', '+']);
    let number = !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let code = unsigned.len() >= DIGITS && unsigned.len() == trimmed.len() && !unsigned.contains('.');
    trimmed.is_empty()
        || (number && !code)
        || NEVER.iter().any(|word| trimmed.eq_ignore_ascii_case(word))
        || trimmed.contains(OPEN)
        || only_a_template(trimmed)
}

/// `{{token}}`, `Bearer {{token}}`, `<<token>>`: references and nothing beside them that could be secret.
fn only_a_template(text: &str) -> bool {
    let mut rest = text.to_owned();
    for (open, close) in [("{{", "}}"), ("<<", ">>")] {
        while let Some((start, length)) =
            rest.find(open).and_then(|start| Some((start, rest[start..].find(close)?)))
        {
            rest.replace_range(start..start + length + close.len(), " ");
        }
    }
    rest.len() < text.len()
        && rest
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| word.is_empty() || NEVER.iter().any(|never| word.eq_ignore_ascii_case(never)))
}

/// The password of `base64(user:password)`.
fn password_of(text: &str) -> Option<String> {
    let pair = String::from_utf8(BASE64_STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()?).ok()?;
    let (user, password) = pair.split_once(':')?;
    (!user.is_empty() && !pair.chars().any(char::is_control)).then(|| password.to_owned())
}

fn is_json_object(base64: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(base64).is_ok_and(|bytes| bytes.starts_with(b"{") && bytes.ends_with(b"}"))
}

#[cfg(test)]
mod tests;
