//! A contract to start from, guessed from a collection: which requests log in and redeem, and where tokens sit.
//!
//! What could be read off is written down, what could not is a comment that says what to fill in. The text is always
//! a contract that can be read.

mod guess;
mod hide;
mod sighted;
#[cfg(test)]
mod tests;
mod toml_text;

use crate::collection::Collection;
use guess::Guesses;
use hide::Hiding;
use sighted::Sighted;
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
        self.hidden(&guesses.hiding);
        let own: Vec<_> = guesses.base.default.iter().chain(&guesses.hiding.pairs).collect();
        if !own.is_empty() {
            self.line("\n[variables]");
            own.iter().for_each(|(name, value)| self.line(format!("{name} = {}", quoted(value))));
        }
    }

    /// Says which values were left out.
    fn hidden(&mut self, hiding: &Hiding) {
        if hiding.hidden.is_empty() {
            return;
        }
        self.line("\n# The collection has these values written out. A contract holds nobody's secrets: give them to the run.");
        for hidden in &hiding.hidden {
            self.line(format!("#   {}: {}", hidden.variable, hidden.place));
            self.missing.push(format!("the variable `{}`: {}", hidden.variable, hidden.place));
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
        self.line("\n# How requests name their application: none, header, query, basic, form or form-id\n# (form: fields of the body, of a form or of JSON).");
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
                let needs: Vec<String> =
                    login.names(&guesses.hiding.pairs).iter().map(|name| quoted(name)).collect();
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
                redeem.keys().iter().for_each(|(key, value)| self.line(format!("{key} = {value}")));
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
                self.line("[protected]");
                route.keys().iter().for_each(|(key, value)| self.line(format!("{key} = {value}")));
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
    let keys: Vec<String> = sighted.keys().iter().map(|(key, value)| format!("{key} = {value}")).collect();
    format!("{{ {} }}", keys.join(", "))
}

fn table(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
    inline(&serde_json::Value::Object(pairs.collect()))
}
