//! A contract to start from, guessed from a collection: which requests log in and redeem, and where tokens sit.
//!
//! What could be read off is written down, what could not is a comment that says what to fill in. The text is always
//! a contract that can be read.

mod guess;
mod toml_text;

use crate::collection::Collection;
use guess::{Guesses, Sighted};
use std::fmt::Write as _;
use toml_text::{inline, quoted};

/// A contract's text, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// TOML.
    pub text: String,
    /// What was guessed, a line each.
    pub guessed: Vec<String>,
    /// What has to be filled in, a line each.
    pub missing: Vec<String>,
}

/// Guesses a contract. `id` names it.
pub fn starter(collection: &Collection, id: &str) -> Starter {
    let guesses = Guesses::of(collection);
    let mut starter = Starter { text: String::new(), guessed: Vec::new(), missing: Vec::new() };
    starter.head(collection, id, &guesses);
    starter.tokens(&guesses);
    starter.clients(&guesses);
    starter.login(&guesses);
    starter.redeem(&guesses);
    starter.protected(&guesses);
    starter.text.push_str(REST);
    starter.missing.push("what refused redeems are answered: `[[errors.row]]`, row by row".to_owned());
    starter
}

/// What no collection tells.
const REST: &str = r#"
# What refused redeems are answered. Rows that say nothing narrower are "4xx" (from refresh-rotation). Cases:
# missing-field, empty, null, wrong-type, broken-body, wrong-content-type, garbage, tampered, access-token, used,
# expired, disabled-subject, deleted-subject, missing-client, unknown-client, wrong-secret,
# other-client-credentials, other-client.
#
# [errors]
# code = "/error"                    # where an error's body has its code
#
# [[errors.row]]
# case = "used"
# status = 401
# code = "invalid_grant"

# What a replay of a used token does to the newest one: "lives", "revoked" or "unspecified" (recorded, not judged).
#
# [rotation.after-replay]
# successor = "revoked"
# other-sessions = "lives"
"#;

impl Starter {
    fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    fn head(&mut self, collection: &Collection, id: &str, guesses: &Guesses) {
        self.line(format!(
            "# Guessed by `postproof contract init` from the collection {}.",
            quoted(&collection.name)
        ));
        self.line("# `<<name>>` is a variable of the run (-e FILE, --env-var NAME=VALUE). Check it with");
        self.line("# `postproof contract check FILE`, run it with `postproof conform --contract FILE -e ENVIRONMENT`.");
        self.line("");
        self.line("schema = 1");
        self.line(format!("id = {}", quoted(id)));
        self.line("extends = \"refresh-rotation\"");
        self.line(format!("title = {}", quoted(&collection.name)));
        self.line("# A used token: strict = dead at once, grace:10 = lives on for 10 s, idempotent:10 = brings the same");
        self.line("# successor for 10 s, none = may be used again, off = a redeem brings no refresh token.");
        self.line("profile = \"strict\"");
        self.line(format!("base-url = {}", quoted(&guesses.base.template)));
        self.missing.push("`profile`: what becomes of a used token".to_owned());
        if let Some((name, value)) = &guesses.base.default {
            self.line(format!("\n[variables]\n{name} = {}", quoted(value)));
        }
    }

    fn tokens(&mut self, guesses: &Guesses) {
        let tokens = &guesses.tokens;
        self.line("\n# Where answers have the tokens (a JSON pointer, `cookie:NAME`, `header:NAME`), and where requests present");
        self.line(
            "# them (`json:/pointer`, `form:NAME`, `header:NAME PREFIX`, `cookie:NAME`, `query:NAME`).",
        );
        self.line("[tokens]");
        self.line(format!(
            "access = {{ from = {}, in = {} }}",
            quoted(&tokens.access.from),
            quoted(&tokens.access.carrier)
        ));
        self.line(format!(
            "refresh = {{ from = {}, in = {} }}",
            quoted(&tokens.refresh.from),
            quoted(&tokens.refresh.carrier)
        ));
        for (what, place) in [("access", &tokens.access), ("refresh", &tokens.refresh)] {
            match &place.seen {
                Some(seen) => self.guessed.push(format!("the {what} token is at {}: {seen}", place.from)),
                None => self
                    .missing
                    .push(format!("`tokens.{what}`: nothing says where answers have the {what} token")),
            }
        }
    }

    fn clients(&mut self, guesses: &Guesses) {
        self.line("\n# How requests name their application: none, header, query, basic, form or form-id.");
        let Some(client) = &guesses.client else {
            self.line("# [client-auth]\n# kind = \"basic\"\n#\n# [[client]]\n# id = \"main\"\n# key = \"<<client-id>>\"\n# secret = \"<<client-secret>>\"");
            self.missing.push("`[client-auth]`: no request names an application".to_owned());
            return;
        };
        self.line(format!("[client-auth]\nkind = {}", quoted(client.kind)));
        for (key, value) in &client.fields {
            self.line(format!("{key} = {}", quoted(value)));
        }
        self.line(format!("\n[[client]]\nid = \"main\"\nkey = {}", quoted(&client.key)));
        if let Some(secret) = &client.secret {
            self.line(format!("secret = {}", quoted(secret)));
        }
        self.line("# A second application shows whether tokens are bound to the one they were issued to.");
        self.line("#\n# [[client]]\n# id = \"other\"\n# key = \"<<other-client-id>>\"");
        self.guessed.push(format!("applications are named by {}: {}", client.kind, client.seen));
    }

    fn login(&mut self, guesses: &Guesses) {
        self.line("\n# A login; steps before the last one are `step = [{ … }, { … }]`, with `capture` between them.");
        self.line("[[login]]\nid = \"login\"");
        match &guesses.login {
            Some(login) => {
                self.line(format!("title = {}", quoted(&login.name)));
                let needs: Vec<String> = login.names().iter().map(|name| quoted(name)).collect();
                self.line(format!("needs = [{}]", needs.join(", ")));
                self.line(format!("request = {}", request(login)));
                self.guessed.push(format!("the login is {}", login.told()));
            }
            None => {
                self.line("needs = [\"username\", \"password\"]");
                self.line(
                    "request = { method = \"POST\", path = \"/login\", json = { username = \"<<username>>\", password = \"<<password>>\" } }",
                );
                self.missing.push("`[[login]]`: no request looks like a login".to_owned());
            }
        }
    }

    fn redeem(&mut self, guesses: &Guesses) {
        self.line("\n# The request that redeems a refresh token, without the token: `tokens.refresh` says where that goes.");
        self.line("[redeem]");
        match &guesses.redeem {
            Some(redeem) => {
                self.line(format!("method = {}\npath = {}", quoted(&redeem.method), quoted(&redeem.path)));
                if !redeem.headers.is_empty() {
                    self.line(format!("headers = {}", table(&redeem.headers)));
                }
                if let Some((kind, body)) = redeem.body_text() {
                    self.line(format!("{kind} = {body}"));
                }
                self.guessed.push(format!("the redeem is {}", redeem.told()));
            }
            None => {
                self.line("method = \"POST\"\npath = \"/refresh\"\njson = {}");
                self.missing
                    .push("`[redeem]`: no request looks like one that redeems a refresh token".to_owned());
            }
        }
    }

    fn protected(&mut self, guesses: &Guesses) {
        self.line("\n# A route that only an access token opens: it shows that access tokens work.");
        match &guesses.protected {
            Some(route) => {
                self.line(format!(
                    "[protected]\nmethod = {}\npath = {}",
                    quoted(&route.method),
                    quoted(&route.path)
                ));
                self.guessed.push(format!("the protected route is {}", route.told()));
            }
            None => {
                self.line("# [protected]\n# method = \"GET\"\n# path = \"/me\"");
                self.missing.push("`[protected]`: no GET request presents an access token".to_owned());
            }
        }
    }
}

/// A request as an inline table.
fn request(sighted: &Sighted) -> String {
    let mut text = format!("{{ method = {}, path = {}", quoted(&sighted.method), quoted(&sighted.path));
    if !sighted.headers.is_empty() {
        let _ = write!(text, ", headers = {}", table(&sighted.headers));
    }
    if let Some((kind, body)) = sighted.body_text() {
        let _ = write!(text, ", {kind} = {body}");
    }
    text + " }"
}

fn table(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
    inline(&serde_json::Value::Object(pairs.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection;
    use crate::contract::{self, Carrier, ClientAuthKind};
    use serde_json::{Value, json};

    fn started(items: Value) -> (Starter, contract::Contract) {
        let document = json!({
            "info": {"name": "My \"API\"", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
            "item": items,
        });
        let collection = collection::parse("c.json", document.to_string().as_bytes()).unwrap();
        let starter = starter(&collection, "mine");
        let listed = contract::builtin_text("refresh-rotation").unwrap().lines();
        let checks: Vec<&str> =
            listed.filter_map(|line| Some(line.strip_prefix('"')?.split_once('"')?.0)).collect();
        let contract = contract::parse("mine.toml", &starter.text, &checks);
        let contract = contract.unwrap_or_else(|error| panic!("{error:?}\n{}", starter.text));
        (starter, contract)
    }

    fn test(script: &str) -> Value {
        json!([{"listen": "test", "script": {"exec": script}}])
    }

    #[test]
    fn json_bodies_basic_clients_and_cookies_are_recognised() {
        let basic = json!({"type": "basic", "basic": [{"key": "username", "value": "{{client-id}}"}, {"key": "password", "value": "{{client-secret}}"}]});
        let (starter, contract) = started(json!([
            {"name": "Sign in", "event": test("const json = pm.response.json(); pm.environment.set('token', json.data.accessToken); pm.environment.set('rt', pm.cookies.get('refresh'));"),
             "request": {"method": "POST", "url": "{{baseUrl}}/session", "auth": basic,
                         "body": {"mode": "raw", "raw": "{\"email\": \"{{email}}\", \"password\": \"hunter2\"}"}}},
            {"name": "Me", "request": {"method": "GET", "url": "{{baseUrl}}/me", "header": [{"key": "Authorization", "value": "Bearer {{token}}"}]}},
            {"name": "Refresh", "request": {"method": "POST", "url": "{{baseUrl}}/session/refresh", "auth": basic,
                         "header": [{"key": "Cookie", "value": "refresh={{rt}}"}]}},
        ]));
        assert!(!starter.text.contains("hunter2"), "{}", starter.text);
        assert_eq!(contract.redeem.request.path, "/session/refresh");
        assert_eq!(contract.login[0].needs, ["email", "password"]);
        assert_eq!(contract.login[0].step[0].request.path, "/session");
        assert_eq!(contract.client_auth.kind, ClientAuthKind::Basic);
        assert_eq!(contract.client[0].key.as_deref(), Some("<<client-id>>"));
        assert_eq!(contract.tokens.refresh.carrier, Carrier::Cookie("refresh".to_owned()));
        assert_eq!(contract.tokens.access.described(), "`/data/accessToken`");
        assert_eq!(contract.login[0].protected.as_ref().unwrap().request.path, "/me");
        assert_eq!(starter.guessed.len(), 6, "{:?}", starter.guessed);
    }

    #[test]
    fn oauth_forms_are_recognised() {
        let form = |fields: &[(&str, &str)]| {
            let fields: Vec<Value> =
                fields.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
            json!({"mode": "urlencoded", "urlencoded": fields})
        };
        let client = [("client_id", "{{id}}"), ("client_secret", "{{secret}}")];
        let body = |own: &[(&'static str, &'static str)]| form(&[own, &client].concat());
        let (_, contract) = started(json!([{"name": "OAuth", "item": [
            {"name": "Token", "event": test("pm.globals.set(\"refresh_token\", pm.response.json().refresh_token)"),
             "request": {"method": "POST", "url": "https://auth.example/oauth/token",
                         "body": body(&[("grant_type", "password"), ("username", "{{user}}"), ("password", "{{pass}}")])}},
            {"name": "Token again", "request": {"method": "POST", "url": "https://auth.example/oauth/token",
                         "body": body(&[("grant_type", "refresh_token"), ("refresh_token", "{{refresh_token}}")])}},
        ]}]));
        assert_eq!(contract.base_url, "<<baseUrl>>");
        assert_eq!(contract.variables["baseUrl"], "https://auth.example");
        assert_eq!(contract.tokens.refresh.carrier, Carrier::Form("refresh_token".to_owned()));
        assert!(
            matches!(&contract.client_auth.kind, ClientAuthKind::Body { id, secret: Some(secret) } if id == "client_id" && secret == "client_secret")
        );
        assert_eq!(contract.login[0].needs, ["user", "pass"]);
        let contract::BodyTemplate::Form(fields) = &contract.redeem.request.body else { panic!() };
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["grant_type"]);
    }

    #[test]
    fn a_collection_that_says_nothing_still_makes_a_contract_and_says_what_is_missing() {
        let (starter, _) = started(json!([{"name": "Ping", "request": "https://h.example/ping"}]));
        for missing in ["[[login]]", "[redeem]", "tokens.refresh", "[protected]"] {
            assert!(
                starter.missing.iter().any(|line| line.contains(missing)),
                "{missing}: {:?}",
                starter.missing
            );
        }
    }
}
