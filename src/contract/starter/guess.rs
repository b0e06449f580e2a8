//! What a collection's requests and scripts give away.

use crate::collection::{Collection, Event, Item, ItemNode, Request, RequestAuth, RequestBody};
use regex_lite::Regex;
use serde_json::{Map, Value};

/// Names of fields whose values are secrets, or say who somebody is.
const PERSONAL: [&str; 9] =
    ["password", "passwd", "pwd", "pin", "secret", "username", "user", "email", "login"];

/// Everything that was guessed.
#[derive(Debug)]
pub(super) struct Guesses {
    pub(super) base: Base,
    pub(super) tokens: Places,
    pub(super) client: Option<Client>,
    pub(super) login: Option<Sighted>,
    pub(super) redeem: Option<Sighted>,
    pub(super) protected: Option<Sighted>,
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

/// A request, its templates those of contracts.
#[derive(Debug, Clone)]
pub(super) struct Sighted {
    pub(super) name: String,
    pub(super) method: String,
    /// Below the base URL, or whole where it goes elsewhere.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
}

impl Sighted {
    /// `POST /login ("Sign in")`.
    pub(super) fn told(&self) -> String {
        format!("{} {} ({:?})", self.method, self.path, self.name)
    }

    /// The body's key in a contract, and its value.
    pub(super) fn body_text(&self) -> Option<(&'static str, String)> {
        match &self.body {
            Body::None => None,
            Body::Json(json) => Some(("json", super::inline(json))),
            Body::Form(fields) => Some(("form", super::table(fields))),
        }
    }

    /// The variables it needs.
    pub(super) fn names(&self) -> Vec<String> {
        let variable = Regex::new("<<\\s*([^<>|\\s]+)").expect("a fixed pattern");
        let headers = self.headers.iter().map(|(_, value)| value.clone());
        let texts = headers.chain([self.path.clone()]).chain(self.body_text().map(|(_, body)| body));
        let mut names: Vec<String> = Vec::new();
        for text in texts {
            for found in variable.captures_iter(&text) {
                if !names.contains(&found[1].to_owned()) {
                    names.push(found[1].to_owned());
                }
            }
        }
        names
    }
}

/// A request with what it inherits.
struct Flat<'c> {
    item: &'c Item,
    auth: Option<&'c RequestAuth>,
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
        let client = [redeem, login].into_iter().find_map(|position| client(of(position)?));
        let sighted = |flat: &Flat<'_>| sighted(flat, &start, &tokens, client.as_ref());
        let login = of(login).map(|flat| {
            let mut login = sighted(flat);
            login.body.hide_literals();
            login
        });
        let (redeem, protected) = (of(redeem).map(sighted), of(protected).map(sighted));
        Self { base, tokens, client, login, redeem, protected }
    }
}

/// Points below which a request is not taken for something.
const ENOUGH: u32 = 4;

fn flatten<'c>(nodes: &'c [ItemNode], auth: Option<&'c RequestAuth>, into: &mut Vec<Flat<'c>>) {
    for node in nodes {
        match node {
            ItemNode::Item(item) => into.push(Flat { item, auth: item.request.auth.as_ref().or(auth) }),
            ItemNode::Group(group) => flatten(&group.items, group.auth.as_ref().or(auth), into),
        }
    }
}

/// Points for each of these words that a text has in it.
fn points(text: &str, words: &[&str], each: u32) -> u32 {
    let text = text.to_lowercase().replace(['-', '_', ' '], "");
    if words.iter().any(|word| text.contains(word)) { each } else { 0 }
}

fn redeems(flat: &Flat<'_>) -> u32 {
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

fn path(request: &Request) -> String {
    format!("/{}", request.url.path.clone().unwrap_or_default().join("/"))
}

/// The body's fields, and the header fields' that may carry a token.
fn fields(request: &Request) -> Vec<(String, String)> {
    match body(request) {
        Body::None => Vec::new(),
        Body::Form(fields) => fields,
        Body::Json(Value::Object(fields)) => fields
            .into_iter()
            .map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                (name, text)
            })
            .collect(),
        Body::Json(_) => Vec::new(),
    }
}

fn body(request: &Request) -> Body {
    match &request.body {
        Some(RequestBody::Raw { text, .. }) => {
            // A variable that stands without quotes makes no JSON.
            serde_json::from_str(&templated(text)).map_or(Body::None, Body::Json)
        }
        Some(RequestBody::UrlEncoded(fields)) => Body::Form(
            fields
                .iter()
                .filter(|field| !field.disabled)
                .map(|field| {
                    (
                        field.key.clone().unwrap_or_default(),
                        templated(&field.value.clone().unwrap_or_default()),
                    )
                })
                .collect(),
        ),
        _ => Body::None,
    }
}

/// `{{name}}` as contracts write it.
fn templated(text: &str) -> String {
    text.replace("{{", "<<").replace("}}", ">>")
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

fn origin(request: &Request) -> String {
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

/// A request without what the contract says elsewhere: the token, and the application's credentials.
fn sighted(flat: &Flat<'_>, start: &str, tokens: &Places, client: Option<&Client>) -> Sighted {
    let request = &flat.item.request;
    let own = origin(request);
    let below = templated(&path(request));
    let path = if own == start { below } else { templated(&own) + &below };
    let carried = |name: &str, kind: &str| {
        [&tokens.access, &tokens.refresh].iter().any(|place| {
            let carrier = place.carrier.to_lowercase();
            carrier.split(' ').next() == Some(&format!("{kind}:{}", name.to_lowercase()))
        })
    };
    let named = |name: &str| {
        client.is_some_and(|client| client.fields.iter().any(|(_, field)| field.eq_ignore_ascii_case(name)))
    };
    let own_basic = client.is_some_and(|client| client.kind == "basic");
    let headers = request.headers.iter().filter(|header| !header.disabled).filter(|header| {
        if header.key.eq_ignore_ascii_case("authorization") {
            // The access token's place, but for credentials of the subject.
            return header.value.to_lowercase().starts_with("basic") && !own_basic;
        }
        let standard = ["content-type", "cookie", "accept", "user-agent", "host"];
        let known = standard.iter().any(|name| header.key.eq_ignore_ascii_case(name));
        !known && !carried(&header.key, "header") && !named(&header.key)
    });
    let headers = headers.map(|header| (header.key.clone(), templated(&header.value))).collect();
    let body = match body(request) {
        Body::Form(fields) => Body::Form(
            fields.into_iter().filter(|(name, _)| !carried(name, "form") && !named(name)).collect(),
        ),
        Body::Json(Value::Object(fields)) => {
            let own: Map<String, Value> =
                fields.into_iter().filter(|(name, _)| !carried(&format!("/{name}"), "json")).collect();
            Body::Json(Value::Object(own))
        }
        body => body,
    };
    let mut sighted =
        Sighted { name: flat.item.name.clone(), method: request.method.clone(), path, headers, body };
    // Basic credentials that are not the application's are the subject's.
    if let Some(auth) = flat.auth.filter(|auth| auth.kind == "basic")
        && client.is_none_or(|client| client.kind != "basic")
    {
        let [user, password] = ["username", "password"].map(|name| parameter(auth, name));
        let value = format!("Basic <<({} ~ ':' ~ {}) | b64encode>>", variable(&user), variable(&password));
        sighted.headers.push(("authorization".to_owned(), value));
    }
    sighted
}

/// A template that is one variable, as an expression has it.
fn variable(template: &str) -> String {
    match template.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>")) {
        Some(name) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => name.to_owned(),
        _ => super::quoted(template),
    }
}

impl Body {
    /// A contract holds nobody's password: what says who somebody is becomes a variable.
    fn hide_literals(&mut self) {
        let hide = |name: &str, text: &mut String| {
            let personal = PERSONAL.iter().any(|known| name.eq_ignore_ascii_case(known));
            if personal && !text.contains("<<") {
                *text = format!("<<{name}>>");
            }
        };
        match self {
            Self::None => {}
            Self::Form(fields) => fields.iter_mut().for_each(|(name, text)| hide(name, text)),
            Self::Json(Value::Object(fields)) => {
                for (name, value) in fields {
                    if let Value::String(text) = value {
                        hide(name, text);
                    }
                }
            }
            Self::Json(_) => {}
        }
    }
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
        refresh.carrier = match (&redeem.body, field, cookie, refresh.from.strip_prefix("cookie:")) {
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

/// How the request names its application.
fn client(flat: &Flat<'_>) -> Option<Client> {
    let request = &flat.item.request;
    if let Some(auth) = flat.auth.filter(|auth| auth.kind == "basic")
        && redeems(flat) >= ENOUGH
    {
        let [key, secret] = ["username", "password"].map(|name| parameter(auth, name));
        let seen = format!("{:?} signs in by Basic", flat.item.name);
        return Some(Client { kind: "basic", fields: Vec::new(), key, secret: Some(secret), seen });
    }
    let fields = fields(request);
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    if let Some(key) = field("client_id") {
        let secret = field("client_secret").map(|secret| hidden(&secret, "client-secret"));
        let kind = if secret.is_some() { "form" } else { "form-id" };
        let mut fields = vec![("id-field", "client_id".to_owned())];
        fields.extend(secret.as_ref().map(|_| ("secret-field", "client_secret".to_owned())));
        let seen = format!("{:?} has `client_id` in its body", flat.item.name);
        return Some(Client { kind, fields, key, secret, seen });
    }
    let header = request.headers.iter().find(|header| {
        !header.disabled && points(&header.key, &["apikey", "clientid", "appkey", "applicationkey"], 1) > 0
    })?;
    let key = hidden(&templated(&header.value), "api-key");
    let seen = format!("{:?} has the field `{}`", flat.item.name, header.key);
    Some(Client { kind: "header", fields: vec![("name", header.key.clone())], key, secret: None, seen })
}

/// A value that is a variable stays; one that is written out becomes one.
fn hidden(value: &str, name: &str) -> String {
    if value.contains("<<") { value.to_owned() } else { format!("<<{name}>>") }
}

fn parameter(auth: &RequestAuth, name: &str) -> String {
    let value = auth.params.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.as_str());
    hidden(&templated(value.unwrap_or_default()), name)
}
