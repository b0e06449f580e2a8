//! Reads a contract's tables, and what must hold between them.

use super::SCHEMA;
use super::requests::{self, Shared};
use super::table::Reader;
use super::tree::{At, Node, Value};
use crate::contract::{
    AfterReplay, AuthenticatedRequest, BodyTemplate, Carrier, CheckTerms, Client, ClientAuth, ClientAuthKind,
    ClientPatch, CodeRule, Concurrency, Contract, ErrorCase, ErrorRow, ErrorTable, ExpectedFailure, Fate,
    Http2, Login, NewAccess, NewRefresh, NotConsumed, Patch, Pattern, Profile, Redeem, Refresh, Reuse,
    Rotation, Safety, Source, StatusPattern, SubjectControl,
};
use crate::diagnostic::suggest;
use crate::verdict::Level;
use indexmap::IndexMap;

/// The document; `None` when a part that everything rests on is missing, which was noted.
pub(super) fn contract(reader: &Reader<'_>, checks: &[&str]) -> Option<Contract> {
    let schema = reader.number("schema", 1.0);
    match (reader.node("schema"), schema) {
        (None, _) => drop(reader.need_text("schema", &format!("this version reads schema {SCHEMA}"))),
        (_, Some(schema)) if schema != f64::from(SCHEMA) => {
            reader.wrong_at(
                "schema",
                format!("schema {schema} is not known; this version reads schema {SCHEMA}"),
            );
        }
        _ => {}
    }
    reader.node("extends");
    let shared = Shared {
        tokens: reader.node("tokens"),
        redeem: reader.need_table("redeem", "the request that redeems a refresh token"),
        protected: reader.table("protected").map(requests::protected),
    };
    let id = reader.need_text("id", "a stable name");
    let client_auth = client_auth(reader);
    let client = clients(reader, &client_auth);
    let rotation = rotation(reader);
    let errors = errors(reader);
    let redeem = shared.redeem();
    let login = redeem.as_ref().map(|redeem| logins(reader, &shared, redeem)).unwrap_or_default();
    let subject = subject(reader);
    let general = redeem.as_ref().and_then(|redeem| shared.tokens(reader, &[shared.redeemed()], redeem));
    let contract = Contract {
        title: reader.text("title").unwrap_or_else(|| id.clone()),
        source: reader.text("source").unwrap_or_default(),
        base_url: reader.need_text("base-url", "the target, e.g. \"<<baseUrl>>\""),
        variables: reader.map("variables"),
        not_consumed: not_consumed(reader),
        concurrency: concurrency(reader, rotation.reuse),
        safety: safety(reader),
        expected_failure: expected_failures(reader),
        checks: check_terms(reader, &id, checks),
        id,
        client_auth,
        client,
        rotation,
        errors,
        subject,
        login,
        tokens: general?,
        redeem: redeem?,
    };
    fitting_carriers(reader, &contract);
    shared.redeem?.done();
    Some(contract)
}

/// Ids must differ: notes those that come twice.
fn unique<'r>(items: &[Reader<'r>], key: &'static str) {
    let mut seen: Vec<String> = Vec::new();
    for item in items {
        let Some(id) = item.text(key) else { continue };
        if seen.contains(&id) {
            item.wrong_at(key, format!("`{id}` is there twice"));
        }
        seen.push(id);
    }
}

fn client_auth(reader: &Reader<'_>) -> ClientAuth {
    let standard = ClientAuth {
        kind: ClientAuthKind::None,
        also_query: None,
        on: vec![AuthenticatedRequest::Login, AuthenticatedRequest::Redeem],
        unknown: "postproof-no-such-client".to_owned(),
        wrong_secret: "postproof-wrong-secret".to_owned(),
    };
    let Some(table) = reader.table("client-auth") else { return standard };
    let words = ["none", "header", "query", "basic", "form", "form-id"].map(|word| (word, word));
    if table.node("kind").is_none() {
        table.need_text("kind", "none, header, query, basic, form or form-id");
    }
    let name = || table.need_text("name", "the header field or query parameter that has the key");
    let field = |key, standard: &str| table.text(key).unwrap_or_else(|| standard.to_owned());
    let kind = match table.choice("kind", &words) {
        Some("header") => ClientAuthKind::Header(name()),
        Some("query") => ClientAuthKind::Query(name()),
        Some("basic") => ClientAuthKind::Basic,
        Some("form") => ClientAuthKind::Body {
            id: field("id-field", "client_id"),
            secret: Some(field("secret-field", "client_secret")),
        },
        Some("form-id") => ClientAuthKind::Body { id: field("id-field", "client_id"), secret: None },
        _ => ClientAuthKind::None,
    };
    let requests = [
        ("login", AuthenticatedRequest::Login),
        ("redeem", AuthenticatedRequest::Redeem),
        ("protected", AuthenticatedRequest::Protected),
        ("subject", AuthenticatedRequest::Subject),
    ];
    let on: Vec<AuthenticatedRequest> =
        table.each("on").filter_map(|node| table.chosen(node, &requests)).collect();
    let auth = ClientAuth {
        kind,
        also_query: table.text("also-query"),
        on: if table.node("on").is_some() { on } else { standard.on },
        unknown: table.scalar("unknown").unwrap_or(standard.unknown),
        wrong_secret: table.scalar("wrong-secret").unwrap_or(standard.wrong_secret),
    };
    table.done();
    auth
}

fn clients(reader: &Reader<'_>, auth: &ClientAuth) -> Vec<Client> {
    let tables = reader.tables("client");
    unique(&tables, "id");
    if tables.is_empty() {
        if auth.kind != ClientAuthKind::None {
            reader.need_text("client", "at least one [[client]] with its key");
        }
        return vec![Client {
            id: "main".to_owned(),
            key: None,
            secret: None,
            refresh: Refresh::Enabled,
            access_lifetime: None,
            refresh_lifetime: None,
            variables: IndexMap::new(),
        }];
    }
    let clients: Vec<Client> = tables.into_iter().map(|table| client(table, auth)).collect();
    if clients.iter().all(|client| client.refresh == Refresh::Disabled) {
        reader.wrong_at("client", "no client has refresh tokens enabled");
    }
    clients
}

fn client(table: Reader<'_>, auth: &ClientAuth) -> Client {
    let needs_secret =
        matches!(auth.kind, ClientAuthKind::Basic | ClientAuthKind::Body { secret: Some(_), .. });
    if auth.kind != ClientAuthKind::None && table.node("key").is_none() {
        table.need_text("key", "its key or id");
    }
    if needs_secret && table.node("secret").is_none() {
        table.need_text("secret", "its secret");
    }
    let client = Client {
        id: table.need_text("id", "a name within the contract"),
        key: table.scalar("key"),
        secret: table.scalar("secret"),
        refresh: table
            .choice("refresh", &[("enabled", Refresh::Enabled), ("disabled", Refresh::Disabled)])
            .unwrap_or(Refresh::Enabled),
        access_lifetime: table.scalar("access-lifetime"),
        refresh_lifetime: table.scalar("refresh-lifetime"),
        variables: table.map("variables"),
    };
    table.done();
    client
}

fn logins(reader: &Reader<'_>, shared: &Shared<'_>, redeem: &Redeem) -> Vec<Login> {
    let tables = reader.tables("login");
    unique(&tables, "id");
    if tables.is_empty() {
        reader.need_text("login", "at least one [[login]]");
    }
    tables.into_iter().filter_map(|table| requests::login(table, shared, redeem)).collect()
}

/// A carrier in the body must fit the body.
fn fitting_carriers(reader: &Reader<'_>, contract: &Contract) {
    for carrier in contract.refresh_carriers() {
        let fits = match (carrier, &contract.redeem.request.body) {
            (Carrier::Json(_), BodyTemplate::Form(_) | BodyTemplate::Text(_)) => false,
            (Carrier::Form(_), body) => matches!(body, BodyTemplate::Form(_) | BodyTemplate::None),
            _ => true,
        };
        if !fits {
            let message = format!(
                "tokens.refresh is presented as {carrier}, which the body of this request does not have"
            );
            reader.wrong_at("redeem", message);
        }
    }
}

fn rotation(reader: &Reader<'_>) -> Rotation {
    let mut rotation = reader.parsed("profile", Profile::parse).unwrap_or(Profile::Strict).rotation();
    let Some(table) = reader.table("rotation") else { return rotation };
    let fates = [("lives", Fate::Lives), ("revoked", Fate::Revoked), ("unspecified", Fate::Unspecified)];
    let refresh = [
        ("differs", NewRefresh::Differs),
        ("may-be-same", NewRefresh::MayBeSame),
        ("absent", NewRefresh::Absent),
        ("optional", NewRefresh::Optional),
    ];
    let access = [("differs", NewAccess::Differs), ("may-be-same", NewAccess::MayBeSame)];
    rotation.new_refresh = table.choice("new-refresh", &refresh).unwrap_or(rotation.new_refresh);
    rotation.new_access = table.choice("new-access", &access).unwrap_or(rotation.new_access);
    rotation.reuse = table.parsed("reuse", Reuse::parse).unwrap_or(rotation.reuse);
    if let Some(after) = table.table("after-replay") {
        let fate = |key| after.choice(key, &fates).unwrap_or(Fate::Unspecified);
        rotation.after_replay = AfterReplay {
            successor: fate("successor"),
            access: fate("access"),
            other_sessions: fate("other-sessions"),
        };
        after.done();
    }
    if let Some(after) = table.table("after-redeem") {
        rotation.old_access = after.choice("old-access", &fates).unwrap_or(Fate::Unspecified);
        rotation.lost_answer = after.choice("lost-answer", &fates).unwrap_or(Fate::Unspecified);
        after.done();
    }
    table.done();
    rotation
}

fn errors(reader: &Reader<'_>) -> ErrorTable {
    let Some(table) = reader.table("errors") else { return ErrorTable::default() };
    let rows = table.tables("row");
    unique(&rows, "case");
    let code = table.parsed("code", Source::parse);
    let errors = ErrorTable {
        envelope: table.texts("envelope"),
        row: rows.into_iter().filter_map(|row| error_row(row, code.is_some())).collect(),
        code,
    };
    table.done();
    errors
}

fn error_row(row: Reader<'_>, has_place: bool) -> Option<ErrorRow> {
    if row.node("case").is_none() {
        row.need_text("case", "what the request did wrong");
    }
    let case = row.choice("case", ErrorCase::NAMED);
    if row.node("status").is_none() {
        row.need_text("status", "a code such as 401, several, or a class such as \"4xx\"");
    }
    let code = row.node("code").and_then(|node| code_rule(&row, node));
    let code_at = row.parsed("code-at", Source::parse);
    if code.is_some() && code_at.is_none() && !has_place {
        row.wrong_at("code", "where is the code? set `code` in [errors], or `code-at` here");
    }
    let status = row.parsed_each("status", StatusPattern::parse);
    let headers = row.map_of("headers", Pattern::parse);
    let content_type = row.text("content-type");
    row.done();
    Some(ErrorRow { case: case?, status, code, code_at, headers, content_type })
}

fn code_rule(row: &Reader<'_>, node: &Node) -> Option<CodeRule> {
    if !matches!(node.value, Value::Table(_)) {
        let codes = row.each("code").filter_map(|node| super::table::scalar(&node.value)).collect::<Vec<_>>();
        if codes.is_empty() {
            row.wrong(&node.at, "expected a code, several, { regex = \"…\" } or { absent = true }", None);
        }
        return (!codes.is_empty()).then_some(CodeRule::OneOf(codes));
    }
    let table = row.table("code")?;
    let pattern = table.parsed("regex", Pattern::parse);
    let absent = table.node("absent").is_some_and(|node| matches!(node.value, Value::Boolean(true)));
    if table.node("regex").is_none() && !absent {
        row.wrong(&node.at, "expected a code, several, { regex = \"…\" } or { absent = true }", None);
    }
    table.done();
    pattern.map(CodeRule::Matches).or(absent.then_some(CodeRule::Absent))
}

fn not_consumed(reader: &Reader<'_>) -> Vec<NotConsumed> {
    let tables = reader.tables("not-consumed");
    unique(&tables, "id");
    let read = |table: Reader<'_>| {
        let id = table.need_text("id", "a name within the contract");
        let patch = table.need_table("patch", "what differs from a good redeem").map(patch);
        table.done();
        Some(NotConsumed { id, patch: patch? })
    };
    tables.into_iter().filter_map(read).collect()
}

fn patch(table: Reader<'_>) -> Patch {
    let clients = [
        ("missing", ClientPatch::Missing),
        ("unknown", ClientPatch::Unknown),
        ("wrong-secret", ClientPatch::WrongSecret),
        ("other", ClientPatch::Other),
    ];
    let patch = Patch {
        client: table.choice("client", &clients),
        without_token: table.choice("token", &[("missing", ())]).is_some(),
        body: table.text("body"),
        headers: table.map("headers"),
        method: table.text("method"),
    };
    if patch == Patch::default() {
        table.wrong(&table.at, "an empty patch is a good redeem", None);
    }
    table.done();
    patch
}

/// What is not said about storms follows from what is said about a used token.
fn concurrency(reader: &Reader<'_>, reuse: Reuse) -> Concurrency {
    let (accepted, successors) = match reuse {
        Reuse::Refused => (1, 1),
        Reuse::Idempotent(_) => (u32::MAX, 1),
        Reuse::Grace(_) | Reuse::Allowed => (u32::MAX, u32::MAX),
    };
    let mut concurrency = Concurrency {
        requests: 20,
        storms: 5,
        max_accepted: accepted,
        max_successors: successors,
        max_live_successors: successors,
        losers: Vec::new(),
        http2: Http2::Auto,
    };
    let Some(table) = reader.table("concurrency") else { return concurrency };
    for (key, limit) in [
        ("requests", &mut concurrency.requests),
        ("storms", &mut concurrency.storms),
        ("max-accepted", &mut concurrency.max_accepted),
        ("max-successors", &mut concurrency.max_successors),
        ("max-live-successors", &mut concurrency.max_live_successors),
    ] {
        *limit = table.count(key).unwrap_or(*limit);
    }
    concurrency.losers = table.parsed_each("losers", StatusPattern::parse);
    let http2 = [("auto", Http2::Auto), ("prior-knowledge", Http2::PriorKnowledge), ("off", Http2::Off)];
    concurrency.http2 = table.choice("http2", &http2).unwrap_or(concurrency.http2);
    table.done();
    concurrency
}

fn subject(reader: &Reader<'_>) -> Option<SubjectControl> {
    let table = reader.table("subject")?;
    let logins: Vec<String> = reader.tables("login").iter().filter_map(|login| login.text("id")).collect();
    let login = table.need_text("login", "the id of the login that the subject uses");
    if !login.is_empty() && !logins.contains(&login) {
        let close = suggest(&login, logins.iter().map(String::as_str));
        let at = table.node("login").map_or_else(|| table.at.clone(), |node| node.at.clone());
        table.wrong(
            &at,
            format!("there is no [[login]] `{login}`"),
            close.map(|close| format!("did you mean `{close}`?")),
        );
    }
    let actions = |key| table.tables(key).into_iter().map(requests::whole_request).collect();
    let control = SubjectControl {
        login,
        needs: table.texts("needs"),
        set: table.map("set"),
        disable: actions("disable"),
        enable: actions("enable"),
        delete: actions("delete"),
        create: actions("create"),
    };
    table.done();
    Some(control)
}

fn safety(reader: &Reader<'_>) -> Safety {
    let Some(table) = reader.table("safety") else { return Safety::default() };
    let safety = Safety { max_requests: table.count("max-requests"), rate: table.number("rate", 0.001) };
    table.done();
    safety
}

/// The tables `[[expected-failure]]`.
pub(super) fn expected_failures(reader: &Reader<'_>) -> Vec<ExpectedFailure> {
    reader.tables("expected-failure").into_iter().filter_map(expected_failure).collect()
}

fn expected_failure(table: Reader<'_>) -> Option<ExpectedFailure> {
    if table.node("expires").is_none() {
        table.need_text("expires", "the last day it is accepted, e.g. \"2027-01-31\"");
    }
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let expires = table.parsed("expires", |text| {
        time::Date::parse(text, format)
            .map_err(|_| format!("`{text}` is no day; expected one such as \"2027-01-31\""))
    });
    let check = table.need_text("check", "the id of the check that fails, e.g. \"rt.family*\"");
    let reason = table.need_text("reason", "why the failure is accepted");
    let owner = table.need_text("owner", "who is to mend it");
    table.done();
    Some(ExpectedFailure { check, reason, owner, expires: expires? })
}

fn check_terms(reader: &Reader<'_>, id: &str, known: &[&str]) -> IndexMap<String, CheckTerms> {
    let mut terms = IndexMap::new();
    let Some(table) = reader.need_table("checks", "which checks apply; or extend a built-in contract") else {
        return terms;
    };
    for (check, at, node) in table.entries() {
        if !known.contains(&check) {
            let hint = match suggest(check, known.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "postproof checks lists them".to_owned(),
            };
            table.wrong(at, format!("there is no check `{check}`"), Some(hint));
            continue;
        }
        if let Some(term) = check_term(&table, id, at, node) {
            terms.insert(check.to_owned(), term);
        }
    }
    terms
}

/// `{ level, clause }`, or a level alone; `"off"` is no term.
fn check_term<'a>(table: &Reader<'a>, id: &str, at: &At, node: &'a Node) -> Option<CheckTerms> {
    let levels = [("MUST", Level::Must), ("SHOULD", Level::Should), ("OBSERVE", Level::Observe)];
    if let Value::Text(_) = node.value {
        let words = levels.map(|(word, level)| (word, Some(level)));
        let level = table.chosen(node, &[words.as_slice(), &[("off", None)]].concat())??;
        return Some(CheckTerms { level, clause: format!("As contract `{id}` says.") });
    }
    let inner = table.table_of(node, "")?;
    if inner.node("level").is_none() {
        table.wrong(at, "a check needs a `level`: MUST, SHOULD or OBSERVE", None);
    }
    let level = inner.choice("level", &levels);
    let clause = inner.text("clause").unwrap_or_else(|| format!("As contract `{id}` says."));
    inner.done();
    Some(CheckTerms { level: level?, clause })
}
