//! The hosts that a contract's requests go to: its base URL's, and those of paths that are whole URLs.

use super::session;
use postproof::conformance::Draft;
use postproof::contract::{Contract, RequestTemplate, SubjectControl};
use postproof::variable::{Dynamic, Resolver, Scopes};
use postproof::wire_url::{Encoding, WireUrl};
use serde_json::Value;
use std::collections::BTreeSet;

/// Those that are not this machine. `base` is the base URL; of other requests those count whose variables are set.
pub(super) fn elsewhere(contract: &Contract, scopes: &Scopes, base: &str) -> BTreeSet<String> {
    let mut dynamic = Dynamic::from_entropy();
    let clients = session::bindings(contract, scopes).clients.into_iter().map(|client| client.variables);
    let subject = contract.subject.iter().map(|control| {
        let resolve = |template: &String| Resolver::new(scopes, &mut dynamic).resolve(template).into_owned();
        let values: Vec<String> = control.set.values().map(resolve).collect();
        control.set.keys().cloned().zip(values.into_iter().map(Value::from)).collect()
    });
    let subject: Vec<Vec<(String, Value)>> = subject.collect();
    let mut urls = vec![base.to_owned()];
    let mut dynamic = Dynamic::from_entropy();
    // Applications and the subject may have variables of their own, in URLs too.
    for own in std::iter::once(Vec::new()).chain(clients).chain(subject) {
        let mut scopes = scopes.clone();
        own.into_iter().for_each(|(name, value)| scopes.local.set(&name, value));
        for template in templates(contract, &scopes) {
            let mut resolve =
                |template: &str| Resolver::new(&scopes, &mut dynamic).resolve(template).into_owned();
            urls.push(Draft::new(contract, template, &mut resolve).url().to_owned());
        }
    }
    urls.iter().filter_map(|url| host(url)).collect()
}

/// The requests that may be sent.
fn templates<'c>(contract: &'c Contract, scopes: &Scopes) -> Vec<&'c RequestTemplate> {
    let is_set = |name: &String| {
        scopes.get(name).is_some_and(|value| !matches!(value.as_str(), Some("")) && !value.is_null())
    };
    let mut templates = vec![&contract.redeem.request];
    for login in contract.login.iter().filter(|login| login.needs.iter().all(is_set)) {
        templates.extend(login.step.iter().map(|step| &step.request));
        templates.extend(login.protected.iter().map(|protected| &protected.request));
    }
    if let Some(SubjectControl { disable, enable, delete, create, .. }) =
        contract.subject.as_ref().filter(|control| control.needs.iter().all(is_set))
    {
        templates.extend([disable, enable, delete, create].into_iter().flatten());
    }
    templates
}

/// The host, where it is not this machine; the URL itself where that cannot be told.
fn host(url: &str) -> Option<String> {
    match WireUrl::parse(url, Encoding::Encode) {
        Ok(url) if url.is_loopback() => None,
        Ok(url) => Some(url.host().to_owned()),
        Err(_) => Some(url.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use postproof::conformance::registry;
    use postproof::contract;
    use postproof::contract::Step;

    #[test]
    fn every_request_that_may_be_sent_counts() {
        let mut contract = contract::load("betterez-refresh-token", &registry::ids()).unwrap();
        let mut scopes = Scopes::default();
        for (name, value) in [
            ("baseUrl", "http://127.0.0.1:4010"),
            ("basicAuthToken", "x"),
            ("audience", "x"),
            ("subjectBasicAuthToken", "x"),
            ("subjectLogin", "x"),
            ("x-api-key", "k"),
        ] {
            scopes.environment.set(name, value);
        }
        let base = "http://127.0.0.1:4010";
        assert_eq!(elsewhere(&contract, &scopes, base), BTreeSet::new());
        let whole = |host: &str| RequestTemplate {
            method: "POST".to_owned(),
            path: format!("https://{host}/x"),
            ..RequestTemplate::default()
        };
        contract.redeem.request = whole("<<tokens-at>>.example");
        scopes.environment.set("tokens-at", "redeem");
        let users = &mut contract.login[0];
        let step = Step { request: whole("login.example"), ..users.step[0].clone() };
        users.step.insert(0, step);
        users.protected.as_mut().unwrap().request = whole("protected.example");
        contract.subject.as_mut().unwrap().enable.push(whole("subject.example"));
        // The customer's variables are not set: its login is not sent.
        contract.login[1].step[0].request = whole("customer.example");
        let found = elsewhere(&contract, &scopes, "http://API.example");
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        let expected =
            ["api.example", "login.example", "protected.example", "redeem.example", "subject.example"];
        assert_eq!(found, expected);
    }
}
