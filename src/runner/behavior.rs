//! `protocolProfileBehavior`: what an item says about how its request is sent.

use super::{RequestProxy, RunOptions, SendOptions, TlsOptions};
use crate::wire_url::Encoding;
use serde_json::{Map, Value};

/// The run's options as this item changes them. Whatever type a switch has, it is what JavaScript takes it for.
pub(super) fn send_options(behavior: &Map<String, Value>, run: &RunOptions) -> SendOptions {
    let standard = SendOptions::default();
    let flag = |key: &str, standard: bool| behavior.get(key).map_or(standard, truthy);
    SendOptions {
        timeout: run.timeout_request,
        limit: run.limit_request,
        url_encoding: url_encoding(behavior),
        max_response_size: run.max_response_size,
        lenient_parser: flag("insecureHTTPParser", standard.lenient_parser),
        follow_redirects: flag("followRedirects", !run.ignore_redirects),
        max_redirects: behavior.get("maxRedirects").map_or(standard.max_redirects, at_most),
        follow_original_method: flag("followOriginalHttpMethod", standard.follow_original_method),
        follow_authorization: flag("followAuthorizationHeader", standard.follow_authorization),
        send_referer: !flag("removeRefererHeaderOnRedirect", !standard.send_referer),
        cookies: !flag("disableCookies", !standard.cookies),
        // Only `false` itself switches it off.
        verify_tls: behavior.get("strictSSL").map_or(!run.insecure, |strict| *strict != Value::Bool(false)),
        tls: TlsOptions {
            disabled_protocols: names(behavior, "tlsDisabledProtocols"),
            ciphers: names(behavior, "tlsCipherSelection"),
        },
        proxy: standard.proxy,
        disabled_system_headers: disabled_system_headers(behavior),
    }
}

/// Whether a body is sent even with a method that has none (GET, HEAD …).
pub(super) fn keeps_body(behavior: &Map<String, Value>) -> bool {
    behavior.get("disableBodyPruning").is_some_and(truthy)
}

/// Whether JavaScript takes a value for true.
fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The count that JavaScript compares a value as: without end where it is no number.
fn at_most(value: &Value) -> u32 {
    let number = match value {
        Value::Null => 0.0,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::INFINITY),
        Value::String(text) if text.trim().is_empty() => 0.0,
        Value::String(text) => text.trim().parse().unwrap_or(f64::INFINITY),
        Value::Array(list) => match list.as_slice() {
            [] => 0.0,
            [one] => return at_most(one),
            _ => f64::INFINITY,
        },
        Value::Object(_) => f64::INFINITY,
    };
    // Saturates.
    number.ceil() as u32
}

/// The port Postman takes for a proxy that names none.
const PROXY_PORT: u16 = 8080;

/// What `request.proxy` says, its variables resolved; `None` when it is `disabled` or names no host.
pub(super) fn request_proxy(written: &Value) -> Option<RequestProxy> {
    let text = |key: &str| written.get(key).and_then(Value::as_str);
    let flag = |key: &str| written.get(key).and_then(Value::as_bool).unwrap_or(false);
    let host = text("host").map(str::trim).filter(|host| !host.is_empty() && !flag("disabled"))?;
    let port = match written.get("port") {
        Some(Value::Number(port)) => port.as_u64().and_then(|port| u16::try_from(port).ok()),
        Some(Value::String(port)) => port.trim().parse().ok(),
        _ => None,
    };
    let matches = written.get("match").and_then(|pattern| pattern.get("pattern").unwrap_or(pattern).as_str());
    let password =
        || (text("username").unwrap_or_default().to_owned(), text("password").unwrap_or_default().to_owned());
    Some(RequestProxy {
        matches: matches.unwrap_or("http+https://*:*/*").to_owned(),
        host: host.to_owned(),
        port: port.filter(|port| *port > 0).unwrap_or(PROXY_PORT),
        tunnel: flag("tunnel"),
        credentials: flag("authenticate").then(password),
    })
}

/// A list of names; what is no text is left out.
fn names(behavior: &Map<String, Value>, key: &str) -> Vec<String> {
    let Some(Value::Array(names)) = behavior.get(key) else { return Vec::new() };
    names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Whether the URL is percent-encoded before it is sent.
pub(super) fn url_encoding(behavior: &Map<String, Value>) -> Encoding {
    if behavior.get("disableUrlEncoding").is_some_and(truthy) { Encoding::Keep } else { Encoding::Encode }
}

/// Names of the system headers switched off; only lower-case ones are names to Postman.
pub(super) fn disabled_system_headers(behavior: &Map<String, Value>) -> Vec<String> {
    let Some(Value::Object(headers)) = behavior.get("disabledSystemHeaders") else { return Vec::new() };
    headers
        .iter()
        .filter(|(_, off)| truthy(off))
        .map(|(name, _)| name.clone())
        .filter(|name| *name == name.to_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::Duration;

    #[test]
    fn every_key_has_its_effect() {
        let run = RunOptions { timeout_request: Some(Duration::from_secs(1)), ..RunOptions::default() };
        let standard = SendOptions { timeout: run.timeout_request, ..SendOptions::default() };
        let with = |change: fn(&mut SendOptions)| {
            let mut options = standard.clone();
            change(&mut options);
            options
        };
        for (behavior, expected) in [
            (json!({}), standard.clone()),
            (
                json!({"followRedirects": "no", "maxRedirects": 10.0, "disabledSystemHeaders": [], "x": 1}),
                standard.clone(),
            ),
            (json!({"disableUrlEncoding": true}), with(|o| o.url_encoding = Encoding::Keep)),
            (json!({"disableUrlEncoding": "false"}), with(|o| o.url_encoding = Encoding::Keep)),
            (json!({"disableUrlEncoding": 0}), with(|_| ())),
            (json!({"insecureHTTPParser": true}), with(|o| o.lenient_parser = true)),
            (json!({"followRedirects": null}), with(|o| o.follow_redirects = false)),
            (json!({"disableCookies": 1, "strictSSL": 0}), with(|o| o.cookies = false)),
            (json!({"maxRedirects": -1}), with(|o| o.max_redirects = 0)),
            (json!({"maxRedirects": null}), with(|o| o.max_redirects = 0)),
            (json!({"maxRedirects": []}), with(|o| o.max_redirects = 0)),
            (json!({"maxRedirects": ["2"]}), with(|o| o.max_redirects = 2)),
            (json!({"maxRedirects": [1, 2]}), with(|o| o.max_redirects = u32::MAX)),
            (json!({"maxRedirects": " 3 "}), with(|o| o.max_redirects = 3)),
            (json!({"maxRedirects": "many"}), with(|o| o.max_redirects = u32::MAX)),
            (json!({"followRedirects": false}), with(|o| o.follow_redirects = false)),
            (json!({"maxRedirects": 0}), with(|o| o.max_redirects = 0)),
            (json!({"followOriginalHttpMethod": true}), with(|o| o.follow_original_method = true)),
            (json!({"followAuthorizationHeader": true}), with(|o| o.follow_authorization = true)),
            (json!({"removeRefererHeaderOnRedirect": true}), with(|o| o.send_referer = false)),
            (json!({"disableCookies": true}), with(|o| o.cookies = false)),
            (json!({"strictSSL": false}), with(|o| o.verify_tls = false)),
            (
                json!({"tlsDisabledProtocols": ["TLSv1_2", 3], "tlsCipherSelection": "RC4"}),
                with(|o| o.tls.disabled_protocols = vec!["TLSv1_2".into()]),
            ),
            (
                json!({"tlsCipherSelection": ["A", "B"]}),
                with(|o| o.tls.ciphers = vec!["A".into(), "B".into()]),
            ),
            (
                json!({"disabledSystemHeaders": {"user-agent": true, "Host": true, "accept": false}}),
                with(|o| o.disabled_system_headers = vec!["user-agent".into()]),
            ),
        ] {
            assert_eq!(send_options(behavior.as_object().unwrap(), &run), expected, "{behavior}");
        }
    }

    #[test]
    fn a_request_may_have_a_proxy_of_its_own() {
        let shown = |written: Value| {
            request_proxy(&written).map(|proxy| {
                let RequestProxy { matches, host, port, tunnel, credentials } = proxy;
                format!("{matches} {host}:{port} {tunnel} {credentials:?}")
            })
        };
        let all = "http+https://*:*/*";
        for (written, expected) in [
            (json!({"host": "p.test"}), Some(format!("{all} p.test:8080 false None"))),
            (
                json!({"host": "p.test", "port": 3128, "tunnel": true}),
                Some(format!("{all} p.test:3128 true None")),
            ),
            (json!({"host": "p.test", "port": "3128"}), Some(format!("{all} p.test:3128 false None"))),
            (
                json!({"match": {"pattern": "https://a/*"}, "host": "p", "authenticate": true, "username": "u"}),
                Some("https://a/* p:8080 false Some((\"u\", \"\"))".to_owned()),
            ),
            (
                json!({"match": "https://a/*", "host": "p", "username": "u"}),
                Some("https://a/* p:8080 false None".to_owned()),
            ),
            (json!({"host": "p.test", "disabled": true}), None),
            (json!({"port": 1}), None),
        ] {
            assert_eq!(shown(written.clone()), expected, "{written}");
        }
    }

    #[test]
    fn an_item_may_insist_on_verified_tls() {
        let run = RunOptions { insecure: true, ..RunOptions::default() };
        assert!(!send_options(&Map::new(), &run).verify_tls);
        assert!(send_options(json!({"strictSSL": true}).as_object().unwrap(), &run).verify_tls);
    }
}
