//! Cookie jars as files: tough-cookie's JSON, which newman reads and writes.

use crate::runner::ScriptCookie;
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Why a text is no cookie jar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JarFileError {
    /// Not JSON.
    #[error("it is not JSON: {0}")]
    Json(String),
    /// JSON, but not tough-cookie's.
    #[error("it is not a cookie jar: it has no list `cookies`")]
    NoCookies,
    /// One of the cookies is none.
    #[error("cookies[{index}]: {problem}")]
    Cookie {
        /// Which, from 0.
        index: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// The cookies of a serialised jar.
pub fn read_cookie_jar(text: &str) -> Result<Vec<ScriptCookie>, JarFileError> {
    let text = text.trim_start_matches('\u{feff}');
    let jar: Value = serde_json::from_str(text).map_err(|error| JarFileError::Json(error.to_string()))?;
    let cookies = jar.get("cookies").and_then(Value::as_array).ok_or(JarFileError::NoCookies)?;
    let read = |(index, cookie): (usize, &Value)| {
        let fields = cookie.as_object().ok_or("it is not an object");
        fields.and_then(read).map_err(|problem| JarFileError::Cookie { index, problem })
    };
    cookies.iter().enumerate().map(read).collect()
}

fn read(cookie: &Map<String, Value>) -> Result<ScriptCookie, &'static str> {
    let text = |key: &str| cookie.get(key).and_then(Value::as_str);
    let flag = |key: &str| cookie.get(key).and_then(Value::as_bool).unwrap_or(false);
    let domain = text("domain").filter(|domain| !domain.is_empty()).ok_or("it has no domain")?;
    Ok(ScriptCookie {
        name: cookie.get("key").and_then(ScriptCookie::text).unwrap_or_default(),
        value: cookie.get("value").and_then(ScriptCookie::text).unwrap_or_default(),
        domain: domain.trim_start_matches('.').to_owned(),
        path: text("path").filter(|path| path.starts_with('/')).unwrap_or("/").to_owned(),
        host_only: cookie.get("hostOnly").and_then(Value::as_bool).unwrap_or(true),
        secure: flag("secure"),
        http_only: flag("httpOnly"),
        expires: expires(cookie)?,
        max_age: None,
        same_site: text("sameSite").map(str::to_owned),
    })
}

/// `maxAge` counts from when the cookie was made, and outweighs `expires`.
fn expires(cookie: &Map<String, Value>) -> Result<Option<String>, &'static str> {
    let moment = |key: &str| match cookie.get(key).and_then(Value::as_str) {
        None | Some("Infinity") => Ok(None),
        Some(text) => OffsetDateTime::parse(text, &Rfc3339).map(Some).map_err(|_| "its dates are not dates"),
    };
    let expires = match cookie.get("maxAge") {
        Some(Value::Number(seconds)) => {
            let made = moment("creation")?.unwrap_or_else(OffsetDateTime::now_utc);
            made.checked_add(Duration::seconds(seconds.as_i64().unwrap_or_default()))
        }
        Some(Value::String(text)) if text == "-Infinity" => Some(OffsetDateTime::UNIX_EPOCH),
        _ => moment("expires")?,
    };
    Ok(expires.and_then(|moment| moment.format(&Rfc3339).ok()))
}

/// A jar that newman, and tough-cookie, read.
pub fn write_cookie_jar(cookies: &[ScriptCookie]) -> Value {
    let now = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
    let cookies = cookies.iter().map(|cookie| {
        let ScriptCookie {
            name,
            value,
            domain,
            path,
            host_only,
            secure,
            http_only,
            expires,
            max_age: _,
            same_site,
        } = cookie;
        let mut fields = json!({ "key": name, "value": value });
        if let Some(expires) = expires {
            fields["expires"] = json!(expires);
        }
        fields["domain"] = json!(domain);
        fields["path"] = json!(path);
        for (key, set) in [("secure", secure), ("httpOnly", http_only)] {
            if *set {
                fields[key] = json!(true);
            }
        }
        if let Some(same_site) = same_site {
            fields["sameSite"] = json!(same_site);
        }
        fields["hostOnly"] = json!(host_only);
        fields["creation"] = json!(now);
        fields["lastAccessed"] = json!(now);
        fields
    });
    json!({
        "version": "tough-cookie@4.1.3",
        "storeType": "MemoryCookieStore",
        "rejectPublicSuffixes": false,
        "enableLooseMode": true,
        "cookies": cookies.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jars_of_tough_cookie_are_read() {
        let jar = json!({"cookies": [
            {"key": "a", "value": "1", "maxAge": 60, "domain": "h.test", "path": "/x", "extensions": ["Foo=bar"],
             "hostOnly": true, "creation": "2026-11-25T23:40:31.000Z", "sameSite": "lax"},
            {"key": "b", "value": "2", "expires": "2037-10-21T07:28:00.000Z", "domain": ".h.test", "path": "/d",
             "secure": true, "httpOnly": true, "hostOnly": false, "pathIsDefault": true},
            {"value": "bad", "domain": "h.test", "expires": "Infinity"},
        ]});
        let cookies = read_cookie_jar(&format!("\u{feff}{jar}")).unwrap();
        let shown: Vec<String> = cookies
            .iter()
            .map(|c| {
                let flags = (c.host_only, c.secure, c.http_only);
                format!("{}={} {}{} {flags:?} {:?}", c.name, c.value, c.domain, c.path, c.expires.as_deref())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "a=1 h.test/x (true, false, false) Some(\"2026-11-25T23:41:31Z\")",
                "b=2 h.test/d (false, true, true) Some(\"2037-10-21T07:28:00Z\")",
                "=bad h.test/ (true, false, false) None",
            ]
        );
        assert_eq!(read_cookie_jar(&write_cookie_jar(&cookies).to_string()).unwrap(), cookies);
    }

    #[test]
    fn what_is_no_jar_says_why() {
        for (text, expected) in [
            ("{", "it is not JSON: EOF while parsing an object at line 1 column 1"),
            ("[]", "it is not a cookie jar: it has no list `cookies`"),
            ("{\"cookies\": [1]}", "cookies[0]: it is not an object"),
            ("{\"cookies\": [{\"key\": \"a\"}]}", "cookies[0]: it has no domain"),
            (
                "{\"cookies\": [{\"domain\": \"h\", \"expires\": \"soon\"}]}",
                "cookies[0]: its dates are not dates",
            ),
        ] {
            assert_eq!(read_cookie_jar(text).unwrap_err().to_string(), expected);
        }
    }
}
