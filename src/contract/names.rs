//! The variables a contract's templates name.

use super::{BodyTemplate, Client, Contract, RequestTemplate};
use serde_json::Value;

impl Contract {
    /// Variables that a run must give for everything the contract offers, in the order in which the contract names them:
    /// without those it sets itself or captures.
    pub fn names(&self) -> Vec<String> {
        let mut names = Names { found: Vec::new() };
        names.text(&self.base_url);
        self.variables.values().for_each(|text| names.text(text));
        self.client.iter().for_each(|client| names.client(client));
        for login in &self.login {
            login.step.iter().for_each(|step| names.request(&step.request));
            login.protected.iter().for_each(|protected| names.request(&protected.request));
            names.found.extend(login.needs.iter().cloned());
        }
        names.request(&self.redeem.request);
        if let Some(control) = &self.subject {
            control.set.values().for_each(|text| names.text(text));
            let actions = [&control.disable, &control.enable, &control.delete, &control.create];
            actions.into_iter().flatten().for_each(|request| names.request(request));
            names.found.extend(control.needs.iter().cloned());
        }
        let captured = self.login.iter().flat_map(|login| &login.step).flat_map(|step| step.capture.keys());
        let own: Vec<&String> =
            captured.chain(self.redeem.capture.keys()).chain(self.variables.keys()).collect();
        let mut seen: Vec<String> = Vec::new();
        for name in names.found {
            if name != "subject" && !own.contains(&&name) && !seen.contains(&name) {
                seen.push(name);
            }
        }
        seen
    }
}

struct Names {
    found: Vec<String>,
}

impl Names {
    /// `<<name>>`, `<<name | filters>>`.
    fn text(&mut self, template: &str) {
        for reference in template.split("<<").skip(1) {
            let Some((inside, _)) = reference.split_once(">>") else { continue };
            let name = inside.split('|').next().unwrap_or_default().trim();
            if !name.is_empty() && !name.starts_with('$') {
                self.found.push(name.to_owned());
            }
        }
    }

    fn client(&mut self, client: &Client) {
        let templates = [&client.key, &client.secret, &client.access_lifetime, &client.refresh_lifetime];
        templates.into_iter().flatten().chain(client.variables.values()).for_each(|text| self.text(text));
    }

    fn request(&mut self, request: &RequestTemplate) {
        self.text(&request.path);
        request.query.values().chain(request.headers.values()).for_each(|text| self.text(text));
        match &request.body {
            BodyTemplate::None => {}
            BodyTemplate::Json(json) => self.json(json),
            BodyTemplate::JsonText(text) | BodyTemplate::Text(text) => self.text(text),
            BodyTemplate::Form(fields) => fields.values().for_each(|text| self.text(text)),
        }
    }

    fn json(&mut self, json: &Value) {
        match json {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().for_each(|item| self.json(item)),
            Value::Object(members) => members.values().for_each(|value| self.json(value)),
            _ => {}
        }
    }
}
