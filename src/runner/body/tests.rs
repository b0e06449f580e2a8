//! Bodies as newman 6.2.2 sends them: every expectation was observed with it, unless it says otherwise.

use super::*;
use crate::collection::FormPart;
use crate::variable::{Dynamic, Scopes};
use serde_json::json;
use std::path::Path;

/// A folder with `a.txt`, `b.json` and `nöt.bin`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.txt", "hello"), ("b.json", "{\"x\":1}"), ("nöt.bin", "zz"), ("empty.csv", "")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn built_in(root: &Path, body: &RequestBody, content_type: Option<&str>) -> Built {
    let mut scopes = Scopes::default();
    scopes.globals.set("v", "a b&\"é\"");
    scopes.globals.set("n", 7);
    scopes.globals.set("file", "a.txt");
    let mut dynamic = Dynamic::from_entropy();
    let files = FileAccess::new(root, true);
    build(body, content_type, &files, &mut Resolver::new(&scopes, &mut dynamic))
}

/// body, user's content type → text, implied content type, warnings
fn built(body: &RequestBody, content_type: Option<&str>) -> (Option<String>, Implied, Vec<String>) {
    let built = built_in(Path::new("/nowhere"), body, content_type);
    (whole(&built), built.implied, built.warnings.into_iter().map(|w| w.message).collect())
}

fn whole(built: &Built) -> Option<String> {
    built.body.as_ref().map(|body| String::from_utf8(body.whole().unwrap().to_vec()).unwrap())
}

fn default(value: &str) -> Implied {
    Implied::Default { value: value.into(), signed: false }
}

fn raw_body(text: &str, language: Option<&str>) -> RequestBody {
    RequestBody::Raw { text: text.into(), language: language.map(Into::into) }
}

#[test]
fn raw_implies_a_content_type_by_language() {
    for (language, implied) in [
        (None, "text/plain"),
        (Some("text"), "text/plain"),
        (Some("javascript"), "application/javascript"),
        (Some("html"), "text/html"),
        (Some("xml"), "application/xml"),
        (Some("klingon"), "text/plain"),
    ] {
        let body = raw_body("{\"n\": {{n}}}", language);
        assert_eq!(built(&body, None), (Some("{\"n\": 7}".into()), default(implied), vec![]));
    }
    let signed = || Implied::Default { value: JSON.into(), signed: true };
    assert_eq!(built(&raw_body("{{n}}", Some("json")), None), (Some("7".into()), signed(), vec![]));
    assert_eq!(built(&raw_body("// all", Some("json")), None), (None, signed(), vec![]));
    assert_eq!(built(&raw_body("", Some("json")), None), (None, Implied::Nothing, vec![]));
}

#[test]
fn comments_go_where_the_text_is_json() {
    let with = "{ // one\n}";
    for (language, content_type, stripped) in [
        (Some("json"), None, true),
        (Some("json"), Some("text/plain"), true),
        (None, Some("application/json; charset=utf-8"), true),
        (None, Some("application/hal+json"), true),
        (None, Some("text/json"), false),
        (None, Some("application/xml"), false),
        (None, None, false),
        (Some("text"), Some("application/json"), false),
        (Some("xml"), Some("application/json"), false),
    ] {
        let text = built(&raw_body(with, language), content_type).0.unwrap();
        assert_eq!(text == "{ \n}", stripped, "{language:?} {content_type:?}");
    }
}

fn field(key: Option<&str>, value: Option<&str>, disabled: bool) -> QueryParam {
    QueryParam { key: key.map(Into::into), value: value.map(Into::into), disabled }
}

#[test]
fn a_form_is_encoded_and_its_names_stand_together() {
    let form = |value: &str, fits| Implied::Form { value: value.into(), fits };
    let body = RequestBody::UrlEncoded(vec![
        field(Some("b"), Some("1"), false),
        field(Some("a"), Some("{{v}}!'()*~"), false),
        field(Some("b"), Some("2"), false),
        field(Some("10"), Some("n"), false),
        field(Some("2"), Some("m"), false),
        field(Some("01"), None, false),
        field(Some(""), Some("nokey"), false),
        field(Some("off"), Some("x"), true),
    ]);
    let (text, implied, _) = built(&body, None);
    assert_eq!(text.as_deref(), Some("2=m&10=n&b=1&b=2&a=a%20b%26%22%C3%A9%22%21%27%28%29%2A~&01=&=nokey"));
    assert_eq!(implied, form(FORM, false));
    for (own, fits) in [
        ("application/x-www-form-urlencoded; charset=x", true),
        ("application/x-www-form-urlencodedx", false),
        ("text/plain", false),
    ] {
        assert_eq!(built(&body, Some(own)).1, form(FORM, fits), "{own}");
    }
    for none in [vec![], vec![field(Some("a"), None, true)]] {
        assert_eq!(built(&RequestBody::UrlEncoded(none), None), (None, Implied::Nothing, vec![]));
    }
}

fn part(key: &str, value: Option<&str>) -> FormPart {
    FormPart {
        key: key.into(),
        value: value.map(Into::into),
        src: None,
        file: false,
        content_type: None,
        file_name: None,
        disabled: false,
    }
}

fn file_part(key: &str, src: &[&str], file_name: Option<&str>) -> FormPart {
    let src = Some(src.iter().map(|path| (*path).to_owned()).collect());
    FormPart { src, file: true, file_name: file_name.map(Into::into), ..part(key, None) }
}

/// One part → what is written of it, from its `name=` on.
fn written(root: &Path, part: FormPart) -> String {
    let built = built_in(root, &RequestBody::FormData(vec![part]), Some("multipart/form-data; boundary=B"));
    let text = whole(&built).unwrap_or_default();
    let inner = text.strip_prefix("--B\r\nContent-Disposition: form-data; name=").unwrap_or(&text);
    inner.strip_suffix("\r\n--B--\r\n").unwrap_or(inner).to_owned()
}

#[test]
fn parts_are_written_as_newman_writes_them() {
    let folder = folder();
    let typed = |part: FormPart, kind: &str| FormPart { content_type: Some(kind.into()), ..part };
    let named = |part: FormPart, name: &str| FormPart { file_name: Some(name.into()), ..part };
    let inline = |value: &str| FormPart { file: true, ..part("f", Some(value)) };
    for (part, expected) in [
        (part("t", Some("{{n}}")), "\"t\"\r\n\r\n7"),
        (part("q\"k", Some("ü")), "\"q\"k\"\r\n\r\nü"),
        (part("nul", None), "\"nul\"\r\n\r\n"),
        (
            typed(part("t", Some("{}")), "application/json"),
            "\"t\"\r\nContent-Type: application/json\r\n\r\n{}",
        ),
        (
            named(part("t", Some("a")), "x.csv"),
            "\"t\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\na",
        ),
        (
            named(part("t", Some("a")), "a/b/nöt.€xx"),
            "\"t\"; filename=\"nöt.€xx\"; filename*=UTF-8''n%C3%B6t.%E2%82%ACxx\r\n\r\na",
        ),
        (
            file_part("f", &["{{file}}"], None),
            "\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello",
        ),
        (
            typed(file_part("f", &["b.json"], Some("p.png")), "text/x"),
            "\"f\"; filename=\"p.png\"\r\nContent-Type: text/x\r\n\r\n{\"x\":1}",
        ),
        (
            file_part("f", &["b.json"], Some("p.png")),
            "\"f\"; filename=\"p.png\"\r\nContent-Type: application/json\r\n\r\n{\"x\":1}",
        ),
        (
            file_part("f", &["nöt.bin"], None),
            "\"f\"; filename=\"nöt.bin\"\r\nContent-Type: application/octet-stream\r\n\r\nzz",
        ),
        (
            file_part("f", &["empty.csv"], None),
            "\"f\"; filename=\"empty.csv\"\r\nContent-Type: text/csv\r\n\r\n",
        ),
        (file_part("f", &[], None), "\"f\"; filename=\"\"\r\n\r\n"),
        (inline("aGk="), "\"f\"\r\nContent-Type: application/octet-stream\r\n\r\nhi"),
        (named(inline("aGk="), "h.html"), "\"f\"; filename=\"h.html\"\r\nContent-Type: text/html\r\n\r\nhi"),
        // newman writes the line ends as they are, and with them whatever field they begin.
        (part("a\r\nX: 1", Some("v")), "\"a%0D%0AX: 1\"\r\n\r\nv"),
    ] {
        assert_eq!(written(folder.path(), part.clone()), expected, "{part:?}");
    }
}

#[test]
fn several_files_are_several_parts_and_a_missing_one_is_told() {
    let folder = folder();
    let off = FormPart { disabled: true, ..part("off", Some("x")) };
    let parts =
        vec![file_part("m", &["a.txt", "nope", "b.json"], None), off, file_part("after", &["a.txt"], None)];
    let built = built_in(folder.path(), &RequestBody::FormData(parts), None);
    let Implied::Form { value, fits: false } = &built.implied else { panic!("{:?}", built.implied) };
    let boundary = value.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert!(boundary.len() == 50 && boundary[..26].bytes().all(|b| b == b'-'));
    let names: Vec<String> = whole(&built)
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("Content-Disposition: form-data; ").map(str::to_owned))
        .collect();
    assert_eq!(
        names,
        [
            "name=\"m\"; filename=\"a.txt\"",
            "name=\"m\"; filename=\"b.json\"",
            "name=\"after\"; filename=\"a.txt\""
        ]
    );
    assert_eq!(
        built
            .body
            .as_ref()
            .unwrap()
            .rest()
            .iter()
            .filter(|c| matches!(c, crate::exchange::Chunk::File(_)))
            .count(),
        3
    );
    let told: Vec<_> = built.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(told, ["form part `m`: cannot read `nope`: there is no such file; it was left out"]);
    assert!(built.warnings[0].hint.as_ref().unwrap().contains("--working-dir"));
}

#[test]
fn a_form_whose_files_are_all_missing_has_no_body() {
    let (text, implied, warnings) =
        built(&RequestBody::FormData(vec![file_part("f", &["nope"], None)]), None);
    assert_eq!((text, implied, warnings.len()), (None, Implied::Nothing, 1));
}

#[test]
fn a_boundary_of_the_users_is_used() {
    for (own, boundary) in [
        ("multipart/form-data; boundary=XX", Some("XX")),
        ("multipart/form-data; charset=x; boundary=\"a b\"", Some("a b")),
        ("multipart/form-data; boundary=XX; y=z", Some("XX")),
        ("multipart/form-data", None),
        ("text/plain; boundary=XX", None),
    ] {
        let built = built_in(Path::new("/"), &RequestBody::FormData(vec![part("a", Some("1"))]), Some(own));
        let Implied::Form { fits, .. } = built.implied else { panic!("{own}") };
        assert_eq!(fits, boundary.is_some(), "{own}");
        if let Some(boundary) = boundary {
            assert!(whole(&built).unwrap().ends_with(&format!("\r\n1\r\n--{boundary}--\r\n")), "{own}");
        }
    }
}

#[test]
fn graphql_is_json_with_variables_as_written() {
    for (fields, text) in [
        (json!({"query": "{ \"a\" }", "variables": ""}), r#"{"query":"{ \"a\" }"}"#),
        (
            json!({"query": "q", "operationName": "Op", "variables": "{\"n\": {{n}}}"}),
            r#"{"query":"q","operationName":"Op","variables":{"n": 7}}"#,
        ),
        (json!({"variables": "{broken", "operationName": null}), r#"{"variables":{broken}"#),
        (
            json!({"variables": {"a": "{{n}}"}, "operationName": null, "query": "q"}),
            r#"{"query":"q","operationName":null,"variables":{"a":"7"}}"#,
        ),
        (json!({"query": "q", "operationName": null}), r#"{"query":"q","operationName":null}"#),
        (json!({}), "{}"),
    ] {
        let body = RequestBody::GraphQl(fields.as_object().unwrap().clone());
        assert_eq!(built(&body, None), (Some(text.into()), default(JSON), vec![]));
    }
}

#[test]
fn a_file_is_sent_with_its_media_type() {
    let folder = folder();
    let file = |src: Option<&str>, content: Option<&str>| RequestBody::File {
        src: src.map(Into::into),
        content: content.map(Into::into),
    };
    for (body, text, implied) in [
        (file(Some("b.json"), None), "{\"x\":1}", default(JSON)),
        (file(Some("{{file}}"), Some("aGk=")), "hello", default("text/plain")),
        (file(Some("nöt.bin"), None), "zz", default("application/octet-stream")),
        (file(None, Some("aGk=")), "hi", Implied::Nothing),
    ] {
        let built = built_in(folder.path(), &body, None);
        assert_eq!((whole(&built).as_deref(), built.implied), (Some(text), implied), "{body:?}");
    }
}

#[test]
fn what_is_not_sent_is_told() {
    let file = |src: Option<&str>, content: Option<&str>| RequestBody::File {
        src: src.map(Into::into),
        content: content.map(Into::into),
    };
    for (body, message) in [
        (
            file(Some("a.bin"), None),
            "cannot read `a.bin`: there is no such file; the request was sent without a body",
        ),
        (file(None, None), "the body is of mode `file` but names no file; it was not sent"),
        (file(None, Some("?")), "the content of the `file` body is not base64"),
        (RequestBody::Unknown(String::new()), "the body names no mode; it was not sent"),
        (
            RequestBody::Unknown("msgpack".into()),
            "a body of mode `msgpack` is not known to this version; it was not sent",
        ),
    ] {
        let (text, implied, warnings) = built(&body, None);
        assert_eq!((text, implied), (None, Implied::Nothing));
        assert!(warnings.len() == 1 && warnings[0].starts_with(message), "{warnings:?}");
    }
}
