//! What a collection's requests and scripts give away.

use super::hide::Hiding;
use super::sighted::{Sighted, client, fields, path, sighted, templated};
use crate::collection::{Collection, Event, Item, ItemNode, Request, RequestAuth, RequestBody};
use regex_lite::Regex;

/// Everything that was guessed.
#[derive(Debug)]
pub(super) struct Guesses {
    pub(super) base: Base,
    pub(super) tokens: Places,
    pub(super) client: Option<Client>,
    pub(super) login: Option<Sighted>,
    pub(super) redeem: Option<Sighted>,
    pub(super) protected: Option<Sighted>,
    /// What the collection has in clear and the contract has not.
    pub(super) hiding: Hiding,
}

/// The target.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) template: String,
    /// A variable that has to be made for it.
    pub(super) default: Option<(String, String)>,
}

/// Where the tokens are.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) access: Place,
    pub(super) refresh: Place,
}

/// Where a token is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) from: String,
    pub(super) carrier: String,
    /// What gave it away.
    pub(super) seen: Option<String>,
}

/// How an application is named.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) kind: &'static str,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) key: String,
    pub(super) secret: Option<String>,
    pub(super) seen: String,
}

/// A request with what it inherits.
pub(super) struct Flat<'c> {
    pub(super) item: &'c Item,
    pub(super) auth: Option<&'c RequestAuth>,
}

impl Guesses {
    pub(super) fn of(collection: &Collection) -> Self {
        let mut flat = Vec::new();
        flatten(&collection.items, collection.auth.as_ref(), &mut flat);
        let best = |score: fn(&Flat<'_>) -> u32, not: Option<usize>| {
            let scores = flat.iter().enumerate().filter(|(position, _)| Some(*position) != not);
            let best =
                scores.map(|(position, flat)| (score(flat), position)).max_by_key(|(score, position)| {
                    // The first one of those that are equally good.
                    (*score, std::cmp::Reverse(*position))
                });
            best.filter(|(score, _)| *score >= ENOUGH).map(|(_, position)| position)
        };
        let redeem = best(redeems, None);
        let login = best(logs_in, redeem);
        let protected = best(is_protected, redeem);
        let scripts = [login, redeem].into_iter().flatten().flat_map(|position| &flat[position].item.events);
        let scripts: Vec<&Event> = scripts.filter(|event| event.listen == "test").collect();
        let first = login.or(redeem).or(if flat.is_empty() { None } else { Some(0) });
        let (base, start) = first.map_or_else(no_base, |position| base(&flat[position].item.request));
        let of = |position: Option<usize>| position.map(|position| &flat[position]);
        let tokens = places(&scripts, of(redeem).map(|flat| &flat.item.request));
        let mut hiding = Hiding::default();
        let client = [redeem, login].into_iter().find_map(|position| client(of(position)?, &mut hiding));
        let mut seen = |role: &'static str, position: Option<usize>| {
            Some(sighted(of(position)?, &start, &tokens, client.as_ref(), (&mut hiding, role)))
        };
        let (login, redeem) = (seen("login", login), seen("redeem", redeem));
        let protected = seen("protected", protected);
        Self { base, tokens, client, login, redeem, protected, hiding }
    }
}

/// Points below which a request is not taken for something.
pub(super) const ENOUGH: u32 = 4;

fn flatten<'c>(nodes: &'c [ItemNode], auth: Option<&'c RequestAuth>, into: &mut Vec<Flat<'c>>) {
    for node in nodes {
        match node {
            ItemNode::Item(item) => into.push(Flat { item, auth: item.request.auth.as_ref().or(auth) }),
            ItemNode::Group(group) => flatten(&group.items, group.auth.as_ref().or(auth), into),
        }
    }
}

/// Points for each of these words that a text has in it.
pub(super) fn points(text: &str, words: &[&str], each: u32) -> u32 {
    let text = text.to_lowercase().replace(['-', '_', ' '], "");
    if words.iter().any(|word| text.contains(word)) { each } else { 0 }
}

pub(super) fn redeems(flat: &Flat<'_>) -> u32 {
    let request = &flat.item.request;
    if request.method.eq_ignore_ascii_case("GET") || request.method.eq_ignore_ascii_case("DELETE") {
        return 0;
    }
    let fields = fields(request);
    let grant = fields.iter().any(|(name, value)| name == "grant_type" && value == "refresh_token");
    let carried = fields.iter().any(|(name, _)| points(name, &["refresh"], 1) > 0);
    4 * u32::from(grant)
        + 2 * u32::from(carried)
        + points(&path(request), &["refresh", "renew"], 4)
        + points(&flat.item.name, &["refresh", "redeem", "renew"], 2)
}

fn logs_in(flat: &Flat<'_>) -> u32 {
    let request = &flat.item.request;
    if request.method.eq_ignore_ascii_case("GET") {
        return 0;
    }
    let fields = fields(request);
    let has = |words: &[&str]| fields.iter().any(|(name, _)| points(name, words, 1) > 0);
    let granted = fields.iter().any(|(name, value)| name == "grant_type" && value != "refresh_token");
    4 * u32::from(granted)
        + 4 * u32::from(has(&["password", "passwd", "pwd"]))
        + 4 * u32::from(keeps_a_token(flat.item))
        + 2 * u32::from(flat.auth.is_some_and(|auth| auth.kind == "basic") || header_auth(request, "basic"))
        + points(&path(request), &["login", "signin", "session", "token", "auth"], 3)
        + points(&flat.item.name, &["login", "signin", "logon", "authenticate"], 2)
        - points(&path(request), &["register", "signup", "logout", "signout", "reset", "revoke"], 3)
            .min(points(&path(request), &["login", "signin", "session", "token", "auth"], 3))
}

fn is_protected(flat: &Flat<'_>) -> u32 {
    let request = &flat.item.request;
    if !request.method.eq_ignore_ascii_case("GET") {
        return 0;
    }
    let bearer = header_auth(request, "bearer")
        || flat.auth.is_some_and(|auth| matches!(auth.kind.as_str(), "bearer" | "oauth2"));
    4 * u32::from(bearer) + points(&path(request), &["/me", "profile", "userinfo", "whoami", "account"], 1)
}

/// Whether the request has an `Authorization` field of that scheme.
fn header_auth(request: &Request, scheme: &str) -> bool {
    request.headers.iter().filter(|header| !header.disabled).any(|header| {
        header.key.eq_ignore_ascii_case("authorization") && header.value.to_lowercase().starts_with(scheme)
    })
}

/// Whether a script of the request keeps a token of its answer.
fn keeps_a_token(item: &Item) -> bool {
    let scripts = item.events.iter().filter(|event| event.listen == "test");
    scripts
        .flat_map(|event| captured(&event.script))
        .any(|(name, from)| points(&name, &["token", "jwt"], 1) + points(&from, &["token", "jwt"], 1) > 0)
}

fn no_base() -> (Base, String) {
    (Base { template: "<<baseUrl>>".to_owned(), default: None }, String::new())
}

/// The target, and how URLs of it begin.
fn base(request: &Request) -> (Base, String) {
    let start = origin(request);
    let template = templated(&start);
    if start.is_empty() {
        return no_base();
    }
    if template.starts_with("<<") {
        return (Base { template, default: None }, start);
    }
    let default = Some(("baseUrl".to_owned(), template));
    (Base { template: "<<baseUrl>>".to_owned(), default }, start)
}

pub(super) fn origin(request: &Request) -> String {
    let url = &request.url;
    let variable = url.host.starts_with("{{");
    let protocol = match &url.protocol {
        Some(protocol) => format!("{protocol}://"),
        None if variable || url.host.is_empty() => String::new(),
        None => "http://".to_owned(),
    };
    let port = url.port.as_ref().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{protocol}{}{port}", url.host)
}

/// Where scripts find tokens, and where the redeem presents one.
fn places(scripts: &[&Event], redeem: Option<&Request>) -> Places {
    let mut access = Place {
        from: "/access_token".to_owned(),
        carrier: "header:authorization Bearer".to_owned(),
        seen: None,
    };
    let mut refresh =
        Place { from: "/refresh_token".to_owned(), carrier: "json:/refresh_token".to_owned(), seen: None };
    for (name, from) in scripts.iter().flat_map(|event| captured(&event.script)) {
        let of_refresh = points(&name, &["refresh"], 1) + points(&from, &["refresh"], 1) > 0;
        let of_access =
            points(&from, &["access", "token", "jwt"], 1) + points(&name, &["access", "token", "jwt"], 1) > 0;
        let place = if of_refresh { &mut refresh } else { &mut access };
        if place.seen.is_none() && (of_refresh || of_access) {
            place.seen = Some(format!("a script keeps it as `{name}`"));
            place.from = from;
        }
    }
    if let Some(redeem) = redeem {
        let cookie = redeem.headers.iter().find(|header| header.key.eq_ignore_ascii_case("cookie"));
        let cookie = cookie.and_then(|header| header.value.split(';').find_map(|pair| pair.split_once('=')));
        let field = fields(redeem)
            .into_iter()
            .find(|(name, _)| points(name, &["refresh"], 1) > 0 && !name.eq_ignore_ascii_case("grant_type"));
        let query = redeem.url.query.iter().filter(|parameter| !parameter.disabled);
        let query = query
            .filter_map(|parameter| parameter.key.clone())
            .find(|name| points(name, &["refresh"], 1) > 0);
        refresh.carrier = match (&redeem.body, field, cookie, refresh.from.strip_prefix("cookie:")) {
            (_, None, None, _) if query.is_some() => format!("query:{}", query.unwrap_or_default()),
            (Some(RequestBody::UrlEncoded(_)), Some((name, _)), ..) => format!("form:{name}"),
            (_, Some((name, _)), ..) => format!("json:/{name}"),
            (_, None, Some((name, _)), _) => format!("cookie:{}", name.trim()),
            (_, None, None, Some(name)) => format!("cookie:{name}"),
            (Some(RequestBody::UrlEncoded(_)), None, None, None) => "form:refresh_token".to_owned(),
            (_, None, None, None) => refresh.carrier,
        };
        if let (None, Some(name)) = (&refresh.seen, refresh.carrier.strip_prefix("json:")) {
            refresh.from = name.to_owned();
        } else if let (None, Some(name)) = (&refresh.seen, refresh.carrier.strip_prefix("form:")) {
            refresh.from = format!("/{name}");
        } else if let (None, Some(_)) = (&refresh.seen, refresh.carrier.strip_prefix("cookie:")) {
            refresh.from.clone_from(&refresh.carrier);
        }
    }
    Places { access, refresh }
}

/// What a script keeps of an answer: the variable's name, and the place in the answer.
fn captured(script: &str) -> Vec<(String, String)> {
    let call = Regex::new(
        r#"\.(?:set|setEnvironmentVariable|setGlobalVariable)\(\s*['"`]([^'"`]+)['"`]\s*,\s*([^;\n]+)"#,
    );
    let member = Regex::new(r#"\.([A-Za-z_$][\w$]*)|\[\s*['"]([^'"]+)['"]\s*\]"#);
    let cookie = Regex::new(r#"cookies\.get\(\s*['"`]([^'"`]+)"#);
    let header = Regex::new(r#"headers\.get\(\s*['"`]([^'"`]+)"#);
    let (Ok(call), Ok(member), Ok(cookie), Ok(header)) = (call, member, cookie, header) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for set in call.captures_iter(script) {
        let (name, value) = (set[1].to_owned(), set[2].trim().trim_end_matches(')').to_owned());
        let place = if let Some(cookie) = cookie.captures(&value) {
            format!("cookie:{}", &cookie[1])
        } else if let Some(header) = header.captures(&value) {
            format!("header:{}", &header[1])
        } else {
            // What follows the answer itself: `json.a.b`, `pm.response.json().a`.
            let members: Vec<String> = member
                .captures_iter(value.rsplit("json()").next().unwrap_or(&value))
                .filter_map(|part| part.get(1).or(part.get(2)).map(|part| part.as_str().to_owned()))
                .collect();
            if members.is_empty() {
                continue;
            }
            format!("/{}", members.join("/"))
        };
        found.push((name, place));
    }
    found
}
