//! No token, key or password of a run is in any report or on the console, in any form.

use crate::newman::recorder::Recorder;
use crate::support::{Served, in_repo, postproof, scratch};
use postproof::conformance::{Bindings, Ledger, registry};
use postproof::contract;
use postproof::event::{Counterexample, CounterexampleStep, Cursor, EventKind, RunEvent, Secret};
use postproof::exchange::{Body, Call, Exchange, Headers, ResolvedRequest, Response, Timings};
use postproof::pipeline::Pipeline;
use postproof::redact::{self, Redactor};
use postproof::report::{Artifact, ReportError, Reporter};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Every reporter there is.
const EVERY: &str = "cli,json,junit,ndjson,html,evidence,markdown,tap,sarif,gitlab,github,azure,teamcity";

/// Every secret of a run, gathered from a recording that shows them.
fn secrets(shown: &Path) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for line in std::fs::read_to_string(shown).unwrap().lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(calls) = event["exchange"]["calls"].as_array() else { continue };
        for call in calls {
            for header in call["request"]["headers"].as_array().unwrap() {
                let value = header["value"].as_str().unwrap();
                match header["key"].as_str().unwrap().to_lowercase().as_str() {
                    "x-api-key" if value.starts_with("pk_") => drop(secrets.insert(value.to_owned())),
                    "authorization" => {
                        let (scheme, credentials) = value.split_once(' ').unwrap();
                        secrets.insert(credentials.to_owned());
                        if scheme == "Basic" {
                            secrets.insert(password(credentials));
                        }
                    }
                    _ => {}
                }
            }
            let body = call["outcome"]["Ok"]["body"]["text"].as_str().unwrap_or_default();
            if let Ok(body) = serde_json::from_str::<serde_json::Value>(body) {
                let tokens =
                    ["token", "shortToken", "refreshToken"].iter().filter_map(|key| body[*key].as_str());
                secrets.extend(tokens.map(str::to_owned));
            }
        }
    }
    secrets
}

fn password(credentials: &str) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let pair = String::from_utf8(BASE64_STANDARD.decode(credentials).unwrap()).unwrap();
    pair.split_once(':').unwrap().1.to_owned()
}

/// A command's console and report files, as text.
fn outputs(mut command: Command, folder: &Path) -> Vec<(String, String)> {
    let output = command.current_dir(folder).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut outputs =
        vec![("stdout".to_owned(), text(&output.stdout)), ("stderr".to_owned(), text(&output.stderr))];
    files(&folder.join("reports"), &mut |path| {
        outputs.push((path.display().to_string(), text(&std::fs::read(path).unwrap())));
    });
    outputs
}

fn files(folder: &Path, seen: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, seen) } else { seen(&path) }
    }
}

/// The spellings of many secrets, to be looked for in one reading of a text.
struct Forms(HashMap<Vec<u8>, Vec<(String, String)>>);

impl Forms {
    /// Bytes by which spellings are told apart.
    const HEAD: usize = 6;

    fn of<'s>(secrets: impl IntoIterator<Item = &'s String>) -> Self {
        let mut forms: HashMap<_, Vec<_>> = HashMap::new();
        for secret in secrets {
            for form in redact::forms(secret) {
                assert!(form.len() >= Self::HEAD, "{form:?} is too short to be looked for");
                let head = form.as_bytes()[..Self::HEAD].to_vec();
                forms.entry(head).or_default().push((form, secret.clone()));
            }
        }
        Self(forms)
    }

    fn assert_absent(&self, name: &str, text: &str) {
        for (at, head) in text.as_bytes().windows(Self::HEAD).enumerate() {
            for (form, secret) in self.0.get(head).into_iter().flatten() {
                let found = text.as_bytes()[at..].starts_with(form.as_bytes());
                assert!(!found, "{name} shows {form:?}, a form of {secret:?}");
            }
        }
    }
}

/// Tokens are the server's choice, so a proxy in front of it tells which were issued to the very run that is searched;
/// keys, passwords and Basic pairs are learned from a run that shows secrets.
#[test]
fn nothing_of_a_conformance_run_leaks() {
    let shown = scratch("leaks-shown");
    let status =
        postproof().args(["conform", "-r", "ndjson", "--show-secrets"]).current_dir(&shown).status().unwrap();
    assert!(status.success());
    let all = secrets(&shown.join("reports/events.ndjson"));
    let constant = all.into_iter().filter(|secret| !secret.contains('.') && secret.len() != 43);
    let constant: BTreeSet<String> = constant.collect();
    assert!(constant.iter().any(|s| s.starts_with("pk_")) && constant.iter().any(|s| s.contains("ors")));

    for faults in [&[][..], &["ok-with-error-body"][..]] {
        let served = Served::start(faults);
        let recorder = Recorder::start(&served.base_url);
        let folder = scratch("leaks-masked");
        let mut command = postproof();
        command.args(["conform", "--verbose", "-r", EVERY, "-e"]);
        command.arg(in_repo("environments/local.postman_environment.json"));
        command.args(["--env-var", &format!("baseUrl={}", recorder.base_url())]);
        let outputs = outputs(command, &folder);
        assert!(outputs.len() >= 12, "{} outputs", outputs.len());
        let tokens = recorder.tokens();
        assert!(tokens.len() > 60, "only {} tokens were issued", tokens.len());
        let forms = Forms::of(constant.iter().chain(&tokens));
        for (name, text) in outputs {
            forms.assert_absent(&name, &text);
            assert_eq!(jwt_like(&text), None, "{name} shows a JWT");
            assert_eq!(opaque_token_like(&text), None, "{name} shows a token");
        }
    }
}

#[test]
fn a_collection_run_with_secrets_in_odd_places_leaks_none() {
    let served = Served::start(&[]);
    let folder = scratch("leaks-run");
    let planted =
        ["pl4nted-in-the-url", "pl4nted-in-a-header", "pl4nted-in-json", "pl4nted-in-a-form", "pl4nted-env"];
    let collection = serde_json::json!({
        "info": {"name": "planted"},
        "item": [
            {"name": "url", "request": format!("{{{{baseUrl}}}}/x?api_key={}", planted[0])},
            {"name": "header", "request": {"url": "{{baseUrl}}/y?again={{secret}}",
                "header": [{"key": "X-Auth-Token", "value": planted[1]}]}},
            {"name": "json", "request": {"method": "POST", "url": "{{baseUrl}}/z",
                "body": {"mode": "raw", "raw": format!("{{\"deep\": {{\"password\": \"{}\"}}}}", planted[2])}}},
            {"name": "form", "request": {"method": "POST", "url": "{{baseUrl}}/z",
                "body": {"mode": "urlencoded", "urlencoded": [{"key": "client_secret", "value": planted[3]}]}}},
            {"name": "echo", "request": format!(
                "{{{{baseUrl}}}}/{}/{}/{}", planted[0], "{{secret}}", planted[1])},
        ],
    });
    std::fs::write(folder.join("c.json"), collection.to_string()).unwrap();
    let environment = serde_json::json!({"name": "e", "values": [
        {"key": "baseUrl", "value": served.base_url}, {"key": "secret", "value": planted[4], "type": "secret"},
    ]});
    std::fs::write(folder.join("e.json"), environment.to_string()).unwrap();
    let mut command = postproof();
    command.args(["run", "c.json", "-e", "e.json", "-r", EVERY, "--verbose"]);
    let outputs = outputs(command, &folder);
    assert!(outputs.len() >= 12, "{} outputs", outputs.len());
    for (name, text) in outputs {
        for secret in planted {
            // What the collection file itself spells out is learned when it is first sent; the masked collection in
            // the JSON report is no exception.
            for form in redact::forms(secret) {
                assert!(!text.contains(&form), "{name} shows {form:?}, a form of {secret:?}");
            }
        }
    }
}

/// What scripts put into the vault, and what they set that says it is secret, is masked from then on.
#[test]
fn what_scripts_make_secret_leaks_nowhere() {
    let served = Served::start(&[]);
    let folder = scratch("leaks-scripts");
    let before = "await pm.vault.set('made', 'pl4nted-in-the-vault');
        await pm.vault.set('many', { deep: ['pl4nted-in-a-list'] });
        console.log(await pm.vault.get('made'), pm.vault.get('many'));
        pm.environment.set('password', 'pl4nted-by-name'); pm.environment.set('typed', 'pl4nted-by-type');
        pm.variables.set('deviceSecret', 'pl4nted-for-one-item');
        pm.globals.set('odd', 'pl4nted-by-declaration', { secret: true });
        console.log(pm.environment.get('password'), pm.environment.get('typed'), pm.globals.get('odd'));
        pm.test('pl4nted-in-the-vault', () => pm.expect('pl4nted-in-a-list').to.equal(''));";
    let after = "console.log(pm.variables.get('password'), pm.environment.get('typed'), pm.variables.get('deviceSecret'));
        throw new Error(await pm.vault.get('made') + pm.environment.get('typed'));";
    let collection = serde_json::json!({"info": {"name": "made"}, "item": [{
        "name": "a",
        "request": {"url": "{{baseUrl}}/{{vault:made}}/{{typed}}", "header": [{"key": "X-Odd", "value": "{{password}}"}]},
        "event": [
            {"listen": "prerequest", "script": {"exec": before}}, {"listen": "test", "script": {"exec": after}},
        ],
    }]});
    std::fs::write(folder.join("c.json"), collection.to_string()).unwrap();
    let environment = serde_json::json!({"name": "e", "values": [
        {"key": "baseUrl", "value": served.base_url}, {"key": "typed", "value": "", "type": "secret"},
    ]});
    std::fs::write(folder.join("e.json"), environment.to_string()).unwrap();
    let mut command = postproof();
    command.args(["run", "c.json", "-e", "e.json", "-r", EVERY, "--verbose"]);
    for (name, text) in outputs(command, &folder) {
        // The collection itself, scripts and all, is in some reports: it was there before the run. What a script sets a
        // secret to by a literal is masked there too.
        for literal in ["pl4nted-by-name", "pl4nted-for-one-item"] {
            assert!(!text.contains(literal), "{name} shows {literal}");
        }
        let text: String = text.lines().filter(|line| !line.contains("vault.set")).collect();
        assert!(!text.contains("pl4nted"), "{name} shows {}", &text[text.find("pl4nted").unwrap()..]);
    }
}

/// Fifty places a secret can be in, all of them echoed by the server, logged by a script and told in a failing test.
#[test]
fn fifty_secrets_in_fifty_places_leak_nowhere() {
    let echo = crate::newman::echo::Echo::start();
    let folder = scratch("leaks-fifty");
    let made = std::cell::RefCell::new(Vec::new());
    let plant = |place: &str| {
        let secret = format!("pl4nt-{}-{place}/+é", made.borrow().len());
        made.borrow_mut().push(secret.clone());
        secret
    };
    let header = |name: &str| serde_json::json!({"key": name, "value": plant("header")});
    let field = |name: &str| serde_json::json!({"key": name, "value": plant("form")});
    let headers: Vec<_> = [
        "X-Api-Key",
        "X-Auth-Token",
        "X-Access-Token",
        "X-Secret",
        "Api-Key",
        "X-Session-Token",
        "X-Client-Secret",
        "Ocp-Apim-Subscription-Key",
    ]
    .map(header)
    .into();
    let form: Vec<_> =
        ["password", "client_secret", "refresh_token", "access_token", "apiKey", "id_token", "passphrase"]
            .map(field)
            .into();
    let parts: Vec<_> = ["password", "token", "secret"]
        .map(|name| serde_json::json!({"key": name, "type": "text", "value": plant("part")}))
        .into();
    let query: Vec<_> = ["api_key", "access_token", "token", "client_secret", "jwt"]
        .map(|name| serde_json::json!({"key": name, "value": plant("query")}))
        .into();
    let nested = serde_json::json!({
        "user": {"password": plant("nested"), "newPassword": plant("nested")},
        "list": [{"token": plant("list")}], "credentials": {"secretKey": plant("deep")},
        "text": serde_json::json!({"refreshToken": plant("json-in-json")}).to_string(),
    });
    let graphql = serde_json::json!({"password": plant("graphql")}).to_string();
    let body = |kind: &str, content: serde_json::Value| serde_json::json!({"mode": kind, kind: content});
    let post = |name: &str, body: serde_json::Value| serde_json::json!({"name": name, "request": {"method": "POST", "url": "{{baseUrl}}/post", "body": body}});
    let auth = |kind: &str, params: serde_json::Value| serde_json::json!({"name": kind, "request": {"url": "{{baseUrl}}/get", "auth": {"type": kind, kind: params}}});
    let environment = serde_json::json!({"name": "e", "values": [
        {"key": "odd", "value": plant("typed"), "type": "secret"}, {"key": "userPassword", "value": plant("named")},
        {"key": "off", "value": plant("switched-off"), "type": "secret", "enabled": false},
    ]});
    let globals = serde_json::json!({"name": "g", "values": [
        {"key": "g1", "value": plant("global"), "type": "secret"}, {"key": "globalToken", "value": plant("global")},
    ]});
    let vault = serde_json::json!({"name": "v", "values": [{"key": "kept", "value": plant("vault")}]});
    let data = serde_json::json!([{"rowPassword": plant("row"), "plain": "x"}]);
    let cookie = plant("cookie");
    let set = plant("set-by-a-script");
    let logged = "console.log(JSON.stringify(pm.request), pm.response.text(), pm.environment.toObject(), \
        pm.globals.toObject(), pm.iterationData.toObject());\n\
        console.log(btoa(unescape(encodeURIComponent(pm.response.text()))));\n\
        pm.test('told', () => pm.expect(pm.response.text() + pm.environment.get('odd')).to.equal(''));\n\
        pm.test('compared', () => pm.expect(pm.environment.toObject()).to.eql({}));";
    let collection = serde_json::json!({
        "info": {"name": "fifty"},
        "variable": [{"key": "clientSecret", "value": plant("collection")},
            {"key": "c2", "value": plant("collection"), "type": "secret"}],
        "event": [
            {"listen": "prerequest", "script": {"exec": ["pm.environment.set('made-token', pm.variables.get('seed') + '');"]}},
            {"listen": "test", "script": {"exec": [logged]}},
        ],
        "item": [
            {"name": "headers", "request": {"url": "{{baseUrl}}/get", "header": headers}},
            {"name": "cookies", "request": {"url": "{{baseUrl}}/get",
                "header": [{"key": "Cookie", "value": format!("session={}", cookie.replace('é', "e"))}]}},
            {"name": "query", "request": {"url": {"raw": "{{baseUrl}}/get", "host": ["{{baseUrl}}"], "path": ["get"], "query": query}}},
            {"name": "variables", "request": {"method": "POST",
                "url": "{{baseUrl}}/post?a={{odd}}&b={{userPassword}}&c={{g1}}&d={{globalToken}}",
                "body": {"mode": "raw", "raw": "{{vault:kept}} {{rowPassword}} {{clientSecret}} {{c2}} {{made-token}}"}}},
            post("form", body("urlencoded", form.into())),
            post("parts", body("formdata", parts.into())),
            post("nested", body("raw", nested.to_string().into())),
            post("graphql", body("graphql", serde_json::json!({"query": "{ a }", "variables": graphql}))),
            auth("basic", serde_json::json!({"username": "u", "password": plant("basic")})),
            auth("bearer", serde_json::json!({"token": plant("bearer").replace('é', "e")})),
            auth("apikey", serde_json::json!({"key": "X-Own", "value": plant("apikey").replace('é', "e")})),
            auth("digest", serde_json::json!({"username": "u", "password": plant("digest")})),
            auth("oauth1", serde_json::json!({"consumerKey": "c", "consumerSecret": plant("oauth1"), "token": "t", "tokenSecret": plant("oauth1")})),
            auth("oauth2", serde_json::json!({"accessToken": plant("oauth2").replace('é', "e")})),
            auth("hawk", serde_json::json!({"authId": "i", "authKey": plant("hawk"), "algorithm": "sha256"})),
            auth("awsv4", serde_json::json!({"accessKey": "AKIA", "secretKey": plant("aws"), "sessionToken": plant("aws").replace('é', "e")})),
            auth("edgegrid", serde_json::json!({"accessToken": "a", "clientToken": "c", "clientSecret": plant("edgegrid")})),
            auth("ntlm", serde_json::json!({"username": "u", "password": plant("ntlm")})),
            auth("jwt", serde_json::json!({"algorithm": "HS256", "secret": plant("jwt"), "payload": "{}"})),
        ],
    });
    for (name, document) in [
        ("c.json", &collection),
        ("e.json", &environment),
        ("g.json", &globals),
        ("v.json", &vault),
        ("d.json", &data),
    ] {
        std::fs::write(folder.join(name), document.to_string()).unwrap();
    }
    let mut command = postproof();
    command.args([
        "run",
        "c.json",
        "-e",
        "e.json",
        "-g",
        "g.json",
        "-d",
        "d.json",
        "--vault",
        "v.json",
        "--verbose",
    ]);
    command.args(["-r", EVERY, "--env-var", &format!("baseUrl=http://127.0.0.1:{}", echo.port())]);
    command.args([
        "--env-var",
        &format!("seed={set}"),
        "--global-var",
        &format!("serviceToken={}", plant("option")),
    ]);
    let outputs = outputs(command, &folder);
    assert!(outputs.len() >= 12);
    let made = made.into_inner();
    assert!(made.len() >= 50, "{} secrets", made.len());
    assert!(echo.take().len() >= 19);
    for (name, text) in outputs {
        for secret in made.iter().flat_map(|secret| [secret.clone(), secret.replace('é', "e")]) {
            for form in redact::forms(&secret) {
                assert!(!text.contains(&form), "{name} shows {form:?}, a form of {secret:?}");
            }
        }
    }
}

/// A value that is secret only after it was shown is told of, loudly, and the run is not green.
#[test]
fn a_leak_that_could_not_be_helped_is_told() {
    let served = Served::start(&[]);
    let folder = scratch("leaks-late");
    let script = "const made = ['pl4nted', 'too', 'l4te'].join('-');\nconsole.log(made);\npm.environment.set('password', made);";
    let collection = serde_json::json!({"info": {"name": "late"}, "item": [{
        "name": "a", "request": "{{baseUrl}}/accounts/users",
        "event": [{"listen": "test", "script": {"exec": [script]}}],
    }]});
    std::fs::write(folder.join("c.json"), collection.to_string()).unwrap();
    let output = postproof()
        .args(["run", "c.json", "-r", "cli,junit", "--env-var", &format!("baseUrl={}", served.base_url)])
        .current_dir(&folder)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("reports/junit.xml") && told.contains("‹secret:password#"), "{told}");
    assert!(!told.contains("pl4nted"), "{told}");
}

/// Three base64url parts, the first two JSON objects.
fn jwt_like(text: &str) -> Option<&str> {
    runs(text).find(|run| run.matches('.').count() == 2 && run.starts_with("eyJ") && run.len() > 60)
}

/// 43 characters of base64url with upper, lower and digits: 256 random bits.
fn opaque_token_like(text: &str) -> Option<&str> {
    runs(text).find(|run| {
        let has = |test: fn(&char) -> bool| run.chars().filter(test).count() > 3;
        // What a page allows by hash is no secret.
        run.len() == 43
            && !run.starts_with("sha256-")
            && !run.contains('.')
            && has(char::is_ascii_uppercase)
            && has(char::is_ascii_lowercase)
            && has(char::is_ascii_digit)
    })
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
}

/// Keys, passwords and signatures of every scheme: as written, as sent, and as a script reads them off the request.
#[test]
fn no_auth_scheme_leaks() {
    let echo = crate::newman::echo::Echo::start();
    let folder = scratch("leaks-auth");
    let key = include_str!("../../src/auth/tests/keys/rsa-pkcs8.pem");
    let planted = |name: &str| format!("pl4nted-{name}-{}", "x".repeat(8));
    let schemes = [
        ("apikey", serde_json::json!({"key": "k", "value": planted("apikey"), "in": "query"})),
        ("apikey", serde_json::json!({"key": "X-Odd", "value": planted("header")})),
        ("asap", serde_json::json!({"kid": "k", "iss": "i", "aud": "a", "privateKey": key})),
        (
            "awsv4",
            serde_json::json!({"accessKey": planted("aws-id"), "secretKey": planted("aws"), "sessionToken": planted("session")}),
        ),
        (
            "awsv4",
            serde_json::json!({"accessKey": planted("aws-id"), "secretKey": planted("aws"), "addAuthDataToQuery": true}),
        ),
        ("basic", serde_json::json!({"username": "u", "password": planted("basic")})),
        ("bearer", serde_json::json!({"token": "{{odd}}"})),
        (
            "digest",
            serde_json::json!({"username": "u", "password": planted("digest"), "realm": "r", "nonce": "n", "qop": "auth"}),
        ),
        (
            "edgegrid",
            serde_json::json!({"accessToken": planted("eg-a"), "clientToken": planted("eg-c"), "clientSecret": planted("eg-s")}),
        ),
        ("hawk", serde_json::json!({"authId": "i", "authKey": planted("hawk"), "algorithm": "sha256"})),
        (
            "jwt",
            serde_json::json!({"algorithm": "HS256", "secret": planted("jwt"), "payload": "{}", "addTokenTo": "queryParam", "queryParamKey": "t"}),
        ),
        ("jwt", serde_json::json!({"algorithm": "RS256", "privateKey": key, "payload": "{\"sub\": \"me\"}"})),
        ("ntlm", serde_json::json!({"username": "u", "password": planted("ntlm")})),
        (
            "oauth1",
            serde_json::json!({"consumerKey": "c", "consumerSecret": planted("oauth1"), "token": planted("oauth1-t"), "tokenSecret": planted("oauth1-s")}),
        ),
        (
            "oauth1",
            serde_json::json!({"consumerKey": "c", "consumerSecret": planted("oauth1"), "addParamsToHeader": true}),
        ),
        (
            "oauth2",
            serde_json::json!({"accessToken": planted("oauth2"), "clientSecret": planted("oauth2-s")}),
        ),
    ];
    let script = "const h = pm.request.headers.get('Authorization') || '';\n\
        console.log(h); console.log(h.split(/[\" ,;=]+/)); console.log(pm.request.url.toString());\n\
        console.log(JSON.stringify(pm.request.auth || null));";
    let item = |(scheme, params): &(&str, serde_json::Value)| {
        serde_json::json!({"name": scheme, "event": [{"listen": "test", "script": {"exec": [script]}}],
            "request": {"url": "{{baseUrl}}/get?x=1", "auth": {"type": scheme, *scheme: params}}})
    };
    let collection =
        serde_json::json!({"info": {"name": "auth"}, "item": schemes.iter().map(item).collect::<Vec<_>>()});
    std::fs::write(folder.join("c.json"), collection.to_string()).unwrap();
    let mut command = postproof();
    command.args(["run", "c.json", "-r", EVERY, "--verbose"]);
    command.args(["--env-var", &format!("baseUrl=http://127.0.0.1:{}", echo.port())]);
    command.args(["--env-var", &format!("odd={}", planted("bearer"))]);
    let outputs = outputs(command, &folder);
    assert!(outputs.len() >= 12, "{} outputs", outputs.len());

    let mut secrets: BTreeSet<String> = BTreeSet::new();
    for (_, params) in &schemes {
        let texts = params.as_object().unwrap().values().filter_map(serde_json::Value::as_str);
        secrets.extend(
            texts.filter(|text| text.starts_with("pl4nted") || text.starts_with("-----")).map(str::to_owned),
        );
    }
    secrets.insert(planted("bearer"));
    let seen = echo.take();
    assert_eq!(seen.len(), schemes.len());
    for request in &seen {
        // Signatures and tokens, in the header and in the query.
        let header = request.header("authorization").unwrap_or_default();
        let parts =
            header.split([' ', ',', '"', ';']).filter(|part| part.len() >= 24 && !part.contains(['=', '/']));
        secrets.extend(parts.map(str::to_owned));
        let pairs = request.target.split(['&', '?']).filter_map(|pair| pair.split_once('='));
        let secret =
            pairs.filter(|(name, _)| ["X-Amz-Signature", "oauth_signature", "t", "k"].contains(name));
        secrets.extend(secret.map(|(_, value)| value.to_owned()));
        secrets.extend(header.split_once(' ').map(|(_, credentials)| credentials.to_owned()));
    }
    for (name, text) in outputs {
        for secret in &secrets {
            for form in redact::forms(secret) {
                assert!(!text.contains(&form), "{name} shows {form:?}, a form of {secret:?}");
            }
        }
    }
}

/// Keeps what reporters see.
struct Kept(Arc<Mutex<String>>);

impl Reporter for Kept {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        self.0.lock().unwrap().push_str(&serde_json::to_string(event).unwrap());
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        Ok(Vec::new())
    }
}

#[test]
fn a_counterexample_shows_no_token_however_long_ago_it_was_seen() {
    // No name says that these fields are secret: the contract does.
    let text = "schema = 1\nid = \"x\"\nextends = \"refresh-rotation\"\nbase-url = \"http://h\"\n\
        [tokens]\naccess = { from = \"/a\" }\nrefresh = { from = \"/r\" }\n\
        [[login]]\nid = \"l\"\nrequest = { method = \"POST\", path = \"/l\" }\n\
        [redeem]\nmethod = \"POST\"\npath = \"/r\"\n";
    let contract = contract::parse("x.toml", text, &registry::ids()).unwrap();
    let bindings = Bindings::new(&contract, |text, _| text.to_owned(), |_| None);
    let ledger = Ledger::new(Arc::new(contract), bindings, 0.0).unwrap();
    let kept = Arc::new(Mutex::new(String::new()));
    let mut pipeline =
        Pipeline::new(Redactor::with_key([7; 16]), Some(ledger), vec![Box::new(Kept(Arc::clone(&kept)))]);
    let request = ResolvedRequest {
        method: "POST".into(),
        url: "http://h/l".into(),
        headers: Headers::default(),
        body: None,
    };
    let response = Response {
        code: 200,
        reason: "OK".into(),
        version: "HTTP/1.1".into(),
        headers: Headers::default(),
        body: Body::new(r#"{"a":"one-of-access","r":"one-of-refresh"}"#),
    };
    let call = Call { request, outcome: Ok(response), timings: Timings::default() };
    let exchange = Arc::new(Exchange { calls: vec![call] });
    pipeline.emit(EventKind::RequestFinished {
        cursor: Cursor::default(),
        number: 1,
        exchange: Arc::clone(&exchange),
        by_script: false,
    });
    let newer = (0..20_000)
        .map(|n| Secret { name: "token".to_owned(), value: format!("newer-token-{n:05}") })
        .collect();
    pipeline.emit(EventKind::SecretsMade { secrets: newer, lasting: false });
    assert_eq!(pipeline.mask("one-of-refresh"), "one-of-refresh", "it is forgotten");
    let step = CounterexampleStep { text: "log in".to_owned(), exchanges: vec![exchange] };
    let counterexample = Counterexample {
        check: "rt.rotate".to_owned(),
        seed: 7,
        shrunk_from: 1,
        repeatable: true,
        steps: vec![step],
    };
    pipeline.emit(EventKind::CounterexampleFound { counterexample });
    pipeline.settle();
    let kept = kept.lock().unwrap();
    assert!(kept.contains("counterexampleFound"), "{kept}");
    assert!(!kept.contains("one-of-"), "{kept}");
    // What is written beside the reports is masked by what was learned then.
    assert!(!pipeline.mask("one-of-refresh").contains("one-of-"));
}
