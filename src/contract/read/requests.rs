//! Reads requests, logins and where tokens sit.

use super::table::Reader;
use super::tree::{Node, Table, Value};
use crate::contract::{
    BodyTemplate, Carrier, Login, Protected, Redeem, RequestTemplate, ShapeRule, Source, StatusPattern, Step,
    TokenPlace, Tokens,
};

/// The statuses by which a protected route refuses a token where the contract does not say.
const REFUSAL: [StatusPattern; 2] = [StatusPattern::Code(401), StatusPattern::Code(403)];

/// A request from the keys of a table.
pub(super) fn request(reader: &Reader<'_>) -> RequestTemplate {
    let method = reader.need_text("method", "GET, POST …");
    if !method.is_empty() && !method.chars().all(|c| c.is_ascii_alphabetic() || c == '-') {
        reader.wrong_at("method", format!("`{method}` is no method"));
    }
    let path = reader.need_text("path", "the path below the base URL");
    if !path.is_empty() && !["/", "<<", "http://", "https://"].iter().any(|start| path.starts_with(start)) {
        reader.wrong_at("path", "expected a path that begins with `/`, a template or a whole URL");
    }
    RequestTemplate {
        method: method.to_uppercase(),
        path,
        query: reader.map("query"),
        headers: reader.map("headers"),
        body: body(reader),
    }
}

/// A request that is all there is in its table.
pub(super) fn whole_request(reader: Reader<'_>) -> RequestTemplate {
    let request = request(&reader);
    reader.done();
    request
}

fn body(reader: &Reader<'_>) -> BodyTemplate {
    let json = reader.node("json").map(|node| match &node.value {
        Value::Text(text) => BodyTemplate::JsonText(text.clone()),
        value => BodyTemplate::Json(json(value)),
    });
    let form = reader.node("form").map(|_| BodyTemplate::Form(reader.map("form")));
    let text = reader.text("text").map(BodyTemplate::Text);
    let mut given = [("json", json), ("form", form), ("text", text)]
        .into_iter()
        .filter_map(|(key, body)| Some((key, body?)));
    let Some((first, body)) = given.next() else { return BodyTemplate::None };
    for (key, _) in given {
        reader.wrong_at(key, format!("a request has one body: `{first}` is given, too"));
    }
    body
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) | Value::Date(text) => text.as_str().into(),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => (*number as i64).into(),
        Value::Number(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        Value::List(items) => items.iter().map(|item| json(&item.value)).collect(),
        Value::Table(table) => {
            table.0.iter().map(|(key, entry)| (key.clone(), json(&entry.node.value))).collect()
        }
    }
}

/// The top-level `[tokens]`, `[redeem]` and `[protected]`, from which logins start.
pub(super) struct Shared<'a> {
    pub(super) tokens: Option<&'a Node>,
    pub(super) redeem: Option<Reader<'a>>,
    pub(super) protected: Option<Protected>,
}

impl Shared<'_> {
    /// The redeem request.
    pub(super) fn redeem(&self) -> Option<Redeem> {
        let reader = self.redeem.as_ref()?;
        let redeem = Redeem { request: request(reader), capture: reader.map_of("capture", Source::parse) };
        reader.node("tokens");
        Some(redeem)
    }

    /// Where tokens sit, with these tables laid over one another.
    pub(super) fn tokens(
        &self,
        reader: &Reader<'_>,
        over: &[Option<&Node>],
        redeem: &Redeem,
    ) -> Option<Tokens> {
        let mut merged = Table::default();
        let mut at = reader.at.clone();
        for node in [self.tokens].iter().chain(over).flatten() {
            at = node.at.clone();
            match &node.value {
                Value::Table(table) => merged.lay(table.clone()),
                _ => reader.wrong(&node.at, "expected a table of `access` and `refresh`", None),
            }
        }
        reader.within(&merged, at, "tokens", |tokens| {
            let access =
                token_place(tokens.need_table("access", "where answers have the access token")?, |source| {
                    match source {
                        Source::Cookie(name) => Carrier::Cookie(name.clone()),
                        _ => Carrier::Header {
                            name: "authorization".to_owned(),
                            prefix: Some("Bearer".to_owned()),
                        },
                    }
                });
            let refresh = token_place(
                tokens.need_table("refresh", "where answers have the refresh token")?,
                |source| match source {
                    Source::Cookie(name) => Carrier::Cookie(name.clone()),
                    Source::Header { name, .. } => Carrier::Header { name: name.clone(), prefix: None },
                    Source::Json(pointer) => match redeem.request.body {
                        BodyTemplate::Form(_) => {
                            Carrier::Form(pointer.rsplit('/').next().unwrap_or_default().to_owned())
                        }
                        _ => Carrier::Json(pointer.clone()),
                    },
                },
            );
            Some(Tokens { access: access?, refresh: refresh? })
        })
    }

    /// What a redeem says about where tokens sit in its answers.
    pub(super) fn redeemed(&self) -> Option<&Node> {
        self.redeem.as_ref().and_then(|redeem| redeem.node("tokens"))
    }
}

fn token_place(reader: Reader<'_>, standard: impl Fn(&Source) -> Carrier) -> Option<TokenPlace> {
    if reader.node("from").is_none() {
        reader.need_text("from", "where answers have it, e.g. `/refresh_token`");
    }
    let from = reader.parsed_each("from", Source::parse);
    let given = reader.parsed("in", Carrier::parse);
    let (into, previous) = (reader.texts("into"), reader.texts("previous"));
    reader.done();
    let carrier = given.or_else(|| from.first().map(&standard))?;
    (!from.is_empty()).then_some(TokenPlace { from, carrier, into, previous })
}

/// One way to log in.
pub(super) fn login(reader: Reader<'_>, shared: &Shared<'_>, redeem: &Redeem) -> Option<Login> {
    let id = reader.need_text("id", "a name within the contract");
    let own = reader.node("tokens");
    let protected = reader.table("protected").map(self::protected).or_else(|| shared.protected.clone());
    let login = Login {
        title: reader.text("title").unwrap_or_else(|| id.clone()),
        id,
        needs: reader.texts("needs"),
        subject: reader.parsed("subject", Source::parse),
        step: steps(&reader),
        tokens: shared.tokens(&reader, &[own], redeem)?,
        redeemed: shared.tokens(&reader, &[own, shared.redeemed()], redeem)?,
        shape: reader
            .choice("shape", &[("checked", ShapeRule::Checked), ("any", ShapeRule::Any)])
            .unwrap_or(ShapeRule::Any),
        protected,
    };
    reader.done();
    (!login.step.is_empty()).then_some(login)
}

fn steps(reader: &Reader<'_>) -> Vec<Step> {
    let single = reader.table("request").map(|table| Step {
        request: whole_request(table),
        capture: reader.map_of("capture", Source::parse),
        expect: reader.parsed_each("expect", StatusPattern::parse),
    });
    let several = reader.tables("step");
    match (single, several.is_empty()) {
        (Some(step), true) => vec![step],
        (Some(_), false) => {
            reader.wrong_at("step", "a login has either `request` or `step`, not both");
            Vec::new()
        }
        (None, true) if reader.node("request").is_none() => {
            reader.wrong(&reader.at, "a login needs `request = { … }`, or `step = [ … ]`", None);
            Vec::new()
        }
        (None, _) => several.into_iter().filter_map(step).collect(),
    }
}

fn step(reader: Reader<'_>) -> Option<Step> {
    let request = reader.need_table("request", "the request of this step").map(whole_request);
    let step = request.map(|request| Step {
        request,
        capture: reader.map_of("capture", Source::parse),
        expect: reader.parsed_each("expect", StatusPattern::parse),
    });
    if step.is_some() {
        reader.done();
    }
    step
}

/// The protected route.
pub(super) fn protected(reader: Reader<'_>) -> Protected {
    let refusal = reader.parsed_each("refusal", StatusPattern::parse);
    let request = match reader.table("request") {
        Some(table) => whole_request(table),
        None => request(&reader),
    };
    reader.done();
    Protected { request, refusal: if refusal.is_empty() { REFUSAL.to_vec() } else { refusal } }
}
