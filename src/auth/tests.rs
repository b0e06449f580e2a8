//! Vectors recorded from newman, from the RFCs and from AWS; and what happens when parameters are missing.

mod conversation;
mod standards;

use super::*;
use crate::exchange::{Body, Headers};
use crate::wire_url::Encoding;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};

/// The URL newman's vectors were recorded with.
const URL: &str = "http://127.0.0.1:18080/auth?z=1&a=%202";

/// One request to be signed.
pub(super) struct Case {
    request: ResolvedRequest,
    wire: Wire,
}

pub(super) fn get(url: &str) -> Case {
    let request =
        ResolvedRequest { method: "GET".into(), url: url.into(), headers: Headers::default(), body: None };
    Case { request, wire: Wire { form: false, multipart: false, encoding: Encoding::Encode } }
}

pub(super) fn post(url: &str, body: &str) -> Case {
    let mut case = get(url);
    case.request.method = "POST".into();
    case.request.body = Some(Body::new(body.to_owned()));
    case
}

impl Case {
    pub(super) fn header(mut self, key: &str, value: &str) -> Self {
        self.request.headers.push(key, value);
        self
    }

    fn form(mut self) -> Self {
        self.wire.form = true;
        self
    }

    /// Signs; the clock stands at 2015-08-30T12:36:00Z.
    pub(super) fn sign(self, kind: &str, params: Value) -> Signed {
        let source = Source::new(StdRng::seed_from_u64(7), || 1_440_938_160_000);
        let mut session = Session::new(source);
        let attempt = session.begin(&auth(kind, params), None);
        let mut request = self.request;
        let warning = session.sign(&attempt, &mut request, self.wire).warning.map(|warning| warning.message);
        Signed { request, warning }
    }
}

pub(super) struct Signed {
    pub(super) request: ResolvedRequest,
    pub(super) warning: Option<String>,
}

impl Signed {
    /// `Authorization`, of a request that was signed without a warning.
    pub(super) fn authorization(&self) -> &str {
        assert_eq!(self.warning, None);
        self.request.headers.get("authorization").unwrap_or_default()
    }

    fn target(&self) -> String {
        WireUrl::parse(&self.request.url, Encoding::Encode).unwrap().request_target().into_owned()
    }

    fn headers(&self) -> Vec<String> {
        self.request.headers.iter().map(|h| format!("{}: {}", h.key, h.value)).collect()
    }
}

pub(super) fn auth(kind: &str, params: Value) -> RequestAuth {
    let params = params.as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    RequestAuth { kind: kind.into(), params }
}

/// scheme, parameters, user headers → headers, warning
#[test]
fn headers_of_the_simple_schemes() {
    type Case =
        (&'static str, Value, &'static [(&'static str, &'static str)], Vec<&'static str>, &'static str);
    let cases: Vec<Case> = vec![
        ("noauth", json!({}), &[("Authorization", "mine")], vec!["Authorization: mine"], ""),
        (
            "basic",
            json!({"username": "u", "password": "pé:x"}),
            &[],
            vec!["Authorization: Basic dTpww6k6eA=="],
            "",
        ),
        ("basic", json!({}), &[], vec!["Authorization: Basic Og=="], ""),
        (
            "basic",
            json!({"username": "u", "password": false}),
            &[("authorization", "mine"), ("X", "1")],
            vec!["X: 1", "Authorization: Basic dTo="],
            "",
        ),
        ("bearer", json!({"token": "t"}), &[], vec!["Authorization: Bearer t"], ""),
        ("bearer", json!({"token": 12}), &[], vec!["Authorization: Bearer 12"], ""),
        (
            "bearer",
            json!({"token": ""}),
            &[("Authorization", "mine")],
            vec!["Authorization: mine"],
            " has no token",
        ),
        ("bearer", json!({"token": null}), &[], vec![], " has no token"),
        (
            "apikey",
            json!({"key": "X-Api-Key", "value": "k"}),
            &[("x-api-key", "old"), ("X-API-KEY", "older")],
            vec!["X-Api-Key: k"],
            "",
        ),
        ("apikey", json!({"value": "k"}), &[], vec![], " has no key"),
        ("apikey", json!({"key": "n"}), &[], vec!["n: "], " has no value"),
        ("apikey", json!({"key": "n", "value": 7, "in": "cookie"}), &[], vec!["n: 7"], ""),
        (
            "oauth2",
            json!({"accessToken": "t"}),
            &[("authorization", "mine")],
            vec!["Authorization: Bearer t"],
            "",
        ),
        ("oauth2", json!({"accessToken": "t", "headerPrefix": ""}), &[], vec!["Authorization: t"], ""),
        (
            "oauth2",
            json!({"accessToken": "t", "headerPrefix": null}),
            &[],
            vec!["Authorization: Bearer t"],
            "",
        ),
        ("oauth2", json!({"accessToken": "t", "headerPrefix": " X "}), &[], vec!["Authorization: X t"], ""),
        ("oauth2", json!({"grant_type": "client_credentials"}), &[], vec![], " has no accessToken"),
        (
            "oauth2",
            json!({"accessToken": "t", "tokenType": "MAC"}),
            &[("A", "mine")],
            vec!["A: mine"],
            ": token type `mac` is not supported",
        ),
        (
            "oauth2",
            json!({"accessToken": "t", "addTokenTo": "body"}),
            &[("authorization", "mine")],
            vec![],
            ": addTokenTo is `body`, neither `header` nor `queryParams`",
        ),
        ("hawk", json!({"authId": "i"}), &[], vec![], " has no authKey"),
        (
            "hawk",
            json!({"authId": "i", "authKey": "k", "algorithm": "md5"}),
            &[],
            vec!["Authorization: "],
            ": algorithm is `md5`, neither `sha1` nor `sha256`",
        ),
        ("edgegrid", json!({"accessToken": "i", "clientToken": "c"}), &[], vec![], " has no clientSecret"),
        ("awsv4", json!({"accessKey": "i"}), &[], vec![], " has no secretKey"),
        ("oauth1", json!({"consumerKey": "i"}), &[], vec![], " has no consumerSecret"),
        (
            "oauth1",
            json!({"consumerKey": "i", "signatureMethod": "RSA-SHA1"}),
            &[],
            vec![],
            " has no privateKey",
        ),
        ("digest", json!({"username": "u"}), &[], vec![], ""),
        ("digest", json!({"realm": "r", "nonce": "n"}), &[], vec![], " has no username"),
        (
            "foo",
            json!({}),
            &[("Authorization", "mine")],
            vec!["Authorization: mine"],
            " is no scheme of Postman's",
        ),
        ("", json!({}), &[], vec![], " is no scheme of Postman's"),
    ];
    for (kind, params, user, expected, warning) in cases {
        let mut case = get("http://h/");
        for (key, value) in user {
            case = case.header(key, value);
        }
        let signed = case.sign(kind, params.clone());
        assert_eq!(signed.headers(), expected, "{kind} {params}");
        let warned =
            (!warning.is_empty()).then(|| format!("auth `{kind}`{warning}; the request was sent unsigned"));
        assert_eq!(signed.warning, warned, "{kind} {params}");
        assert_eq!(signed.request.url, "http://h/");
    }
}

/// As recorded from newman: names are compared as written, with their case.
#[test]
fn keys_and_tokens_in_the_query() {
    for (kind, params, url, expected) in [
        (
            "apikey",
            json!({"key": "api k=&y", "value": "v", "in": "query"}),
            URL,
            "/auth?z=1&a=%202&api%20k%3D%26y=v",
        ),
        (
            "apikey",
            json!({"key": "z", "value": "a&b#c=d +é%41\"", "in": "query"}),
            URL,
            "/auth?a=%202&z=a%26b%23c=d%20+%C3%A9%41%22",
        ),
        ("apikey", json!({"key": "Z", "value": "5", "in": "query"}), URL, "/auth?z=1&a=%202&Z=5"),
        ("apikey", json!({"key": "q", "value": "v", "in": "query"}), "http://h/x?q=1&q=2", "/x?q=v"),
        ("apikey", json!({"key": "q", "value": "v", "in": "query"}), "http://h/x?", "/x?&q=v"),
        ("apikey", json!({"key": "q", "value": "v", "in": "query"}), "http://h/x?a&&b&q=3&", "/x?a&&b&&q=v"),
        (
            "oauth2",
            json!({"accessToken": "t x", "addTokenTo": "queryParams"}),
            "http://h/x?access_token=1&Access_Token=2&b",
            "/x?Access_Token=2&b&access_token=t%20x",
        ),
    ] {
        let signed = get(url).sign(kind, params);
        assert_eq!((signed.target().as_str(), &signed.warning), (expected, &None));
        assert!(signed.request.headers.0.is_empty());
    }
    let nameless = get(URL).sign("apikey", json!({"value": "k", "in": "query"}));
    assert_eq!(nameless.target(), "/auth?z=1&a=%202&=k");
    assert!(nameless.warning.is_some());
}

/// Recorded from newman 6.2.2.
#[test]
fn newmans_vectors() {
    let hawk = json!({"authId": "dh37fgj492je", "authKey": "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn",
        "algorithm": "sha256", "nonce": "j4h3g2", "timestamp": 1_353_832_234, "extraData": "some-app-ext-data"});
    assert_eq!(
        get(URL).sign("hawk", hawk).authorization(),
        "Hawk id=\"dh37fgj492je\", ts=\"1353832234\", nonce=\"j4h3g2\", ext=\"some-app-ext-data\", \
         mac=\"exOKhtuJNA7onigMQyREC/bG9CM/EZzFr4XcFtOsoik=\""
    );
    let hashed = json!({"authId": "id", "authKey": "key", "algorithm": "sha256", "nonce": "n",
        "timestamp": "1353832234", "includePayloadHash": true});
    let signed = post(URL, r#"{"a":1}"#)
        .header("Content-Type", "application/json; charset=utf-8")
        .sign("hawk", hashed);
    assert!(signed.authorization().ends_with(
        "hash=\"qKG2AtsqLMhIdy7+OrxWG0bU8wTDncYSW0gmNukAKpI=\", mac=\"1JF7cKtXbRpB4CjMfjJ9UDzc5jfWR2OEyqyx1nUxbBg=\""
    ));
    let edgegrid = json!({"accessToken": "at", "clientToken": "ct", "clientSecret": "cs", "nonce": "nn",
        "timestamp": "20140321T19:34:21+0000", "baseURL": "https://x.luna.akamaiapis.net"});
    assert_eq!(
        post(URL, r#"{"a":1}"#).sign("edgegrid", edgegrid).authorization(),
        "EG1-HMAC-SHA256 client_token=ct;access_token=at;timestamp=20140321T19:34:21+0000;nonce=nn;\
         signature=RVX58jkWtLnhmATBZR8i1gRaOGdh4ay0QMT8w2VudAs="
    );
    let aws = json!({"accessKey": "AK", "secretKey": "SK", "addAuthDataToQuery": true});
    let signed = get("http://127.0.0.1:18080/q?X-Amz-Date=20150830T123600Z").sign("awsv4", aws);
    assert_eq!(
        signed.target().split("X-Amz-Signature=").nth(1),
        Some("90d82859e66624c6cf2ff204ebc856eafd2f17619b3f7ef66f5b3d496d0d77d2")
    );
}

#[test]
fn newmans_vectors_of_oauth1() {
    let with = |more: Value| {
        let mut params = json!({"consumerKey": "k", "consumerSecret": "s", "token": "t", "tokenSecret": "ts",
            "signatureMethod": "HMAC-SHA1", "timestamp": 1_191_242_096, "nonce": "n", "version": "1.0"});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    };
    let header = |more: Value| {
        let mut params = with(more);
        params["addParamsToHeader"] = json!(true);
        params
    };
    let known = header(json!({"consumerKey": "dpf43f3p2l4k3l03", "consumerSecret": "kd94hf93k423kf44",
        "token": "nnch734d00sl2jdk", "tokenSecret": "pfkkdhi9sl3r4s00", "nonce": "kllo9940pd9333jh"}));
    let signed = get(URL).sign("oauth1", known);
    assert_eq!(
        signed.authorization(),
        "OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\",oauth_token=\"nnch734d00sl2jdk\",\
         oauth_signature_method=\"HMAC-SHA1\",oauth_timestamp=\"1191242096\",oauth_nonce=\"kllo9940pd9333jh\",\
         oauth_version=\"1.0\",oauth_signature=\"JRp7u71RwggZ%2F04bxLtYaaLJXbc%3D\""
    );
    let signed =
        get(URL).sign("oauth1", header(json!({"signatureMethod": "PLAINTEXT", "consumerSecret": "s&"})));
    assert!(signed.authorization().ends_with("oauth_signature=\"s%2526%26ts\""));

    let signed = get(URL).sign("oauth1", with(json!({"signatureMethod": "HMAC-SHA256"})));
    assert_eq!(
        signed.target(),
        "/auth?z=1&a=%202&oauth_consumer_key=k&oauth_token=t&oauth_signature_method=HMAC-SHA256&\
         oauth_timestamp=1191242096&oauth_nonce=n&oauth_version=1.0&\
         oauth_signature=mbuiGsaeUR1sScifXU1%2FmUxYdH7%2BKyjyIslaVspX%2BJA%3D"
    );
    let no_token = json!({"token": "", "tokenSecret": ""});
    let signed = post(URL, "b5=%3D%253D&a3=a").form().sign("oauth1", with(no_token));
    assert_eq!((signed.target().as_str(), &signed.warning), ("/auth?z=1&a=%202", &None));
    let body = signed.request.body.unwrap();
    assert!(
        body.text().starts_with("b5=%3D%253D&a3=a&oauth_consumer_key=k&oauth_signature_method=HMAC-SHA1&")
    );
    assert!(body.text().ends_with("&oauth_signature=JYF4Q%2FTWsBJVMrA3KCSGB23PliY%3D"), "{}", body.text());

    let hashed =
        json!({"includeBodyHash": true, "realm": "r", "token": "", "tokenSecret": "", "version": ""});
    let signed = post(URL, r#"{"a":1}"#).sign("oauth1", header(hashed));
    assert!(signed.authorization().starts_with("OAuth realm=\"r\",oauth_consumer_key=\"k\","));
    assert!(signed.authorization().ends_with(
        "oauth_body_hash=\"n4nHQM60bXQYySSnisV5QdXpZSA%3D\",oauth_signature=\"V35TlXjT4g8AbQgH%2BL1fu74ZOVo%3D\""
    ));
}

#[test]
fn newmans_vectors_of_jwt_and_digest() {
    let signed = get(URL).sign("jwt", json!({"algorithm": "HS256", "secret": "s", "payload": "{\"a\":1}"}));
    assert_eq!(
        signed.authorization(),
        "Bearer eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.q5svP8-9Y8YkbKwCTWnDkAYZWxobPBkDcuFueOgdFd8"
    );
    let in_query = json!({"algorithm": "HS256", "secret": "czI=", "isSecretBase64Encoded": true,
        "header": {"kid": "z"}, "payload": {"a": 1, "iat": 1}, "addTokenTo": "queryParam", "queryParamKey": "tk"});
    assert_eq!(
        get("http://h/?x&tk=old").sign("jwt", in_query).target(),
        "/?x&tk=eyJraWQiOiJ6IiwiYWxnIjoiSFMyNTYifQ.eyJhIjoxLCJpYXQiOjF9.\
         E1fltl_Yu0IfG-bzg_uFIvPVyW0TppcbxCoVuaBXgBE"
    );
    let mufasa = json!({"username": "Mufasa", "password": "Circle Of Life", "realm": "testrealm@host.com",
        "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093", "clientNonce": "0a4b113f", "nonceCount": "00000001",
        "qop": "auth", "algorithm": "MD5", "opaque": "o"});
    assert_eq!(
        get("http://127.0.0.1:18080/t?x=1").sign("digest", mufasa).authorization(),
        "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
         uri=\"/t?x=1\", algorithm=\"MD5\", qop=auth, nc=00000001, cnonce=\"0a4b113f\", \
         response=\"b6f5554972313056beb40e9886c08cae\", opaque=\"o\""
    );
    let whole = json!({"username": "u", "password": "p", "realm": "r", "nonce": "n", "clientNonce": "c",
        "nonceCount": "00000001", "qop": "auth-int", "algorithm": "SHA-256"});
    let signed = post("http://127.0.0.1:18080/t?x=1", "body").sign("digest", whole);
    assert!(
        signed
            .authorization()
            .contains("response=\"e9e340124a30dca9a230db8ceaf2df37cc198ab9ed7534ed53fac8db197c785c\"")
    );
}

/// What is not given is made: from the clock and the random source, fresh each time.
#[test]
fn nonces_and_times_are_made_where_none_are_given() {
    let hawk = json!({"authId": "i", "authKey": "k", "algorithm": "sha256"});
    let mut session = Session::new(Source::new(StdRng::seed_from_u64(7), || 1_440_938_160_000));
    let mut sign = |kind: &str, params: &Value| {
        let mut request = get("http://h/").request;
        let attempt = session.begin(&auth(kind, params.clone()), Some("folder"));
        assert_eq!(session.sign(&attempt, &mut request, get("").wire).warning, None);
        request.headers.get("authorization").unwrap_or_default().to_owned()
    };
    let (first, second) = (sign("hawk", &hawk), sign("hawk", &hawk));
    assert!(first.starts_with("Hawk id=\"i\", ts=\"1440938160\", nonce=\""), "{first}");
    assert_ne!(first, second);
    let edgegrid = json!({"accessToken": "i", "clientToken": "k", "clientSecret": "s"});
    let signed = sign("edgegrid", &edgegrid);
    assert!(signed.contains("timestamp=20150830T12:36:00+0000;nonce="), "{signed}");
    let oauth1 = json!({"consumerKey": "k", "consumerSecret": "s", "addParamsToHeader": true});
    let signed = sign("oauth1", &oauth1);
    assert!(signed.contains("oauth_timestamp=\"1440938160\",oauth_nonce=\""), "{signed}");
}
