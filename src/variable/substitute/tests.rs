//! What templates resolve to, and what is reported.

use super::*;
use serde_json::json;

fn scopes() -> Scopes {
    let mut scopes = Scopes::default();
    let environment = [
        ("baseUrl", json!("http://localhost:4010")),
        ("x-api-key", json!("k-1")),
        ("a.b/c d", json!("odd")),
        ("n", json!(1.0)),
        ("big", json!(1e21)),
        ("flag", json!(false)),
        ("none", json!(null)),
        ("list", json!([1, [2, null]])),
        ("object", json!({"b": "{{n}}"})),
        ("empty", json!("")),
        ("ptr", json!("x-api-key")),
        ("outer", json!("<{{inner}}>")),
        ("inner", json!("{{n}}")),
        ("self", json!("s{{self}}")),
        ("ping", json!("{{pong}}")),
        ("pong", json!("{{ping}}")),
        ("loop", json!("<<loop | upper>><<loop | upper>>")),
        ("laugh0", json!("ha")),
        ("password", json!("p\"}} {{n}}")),
        ("$guid", json!("mine")),
        ("layer", json!("environment")),
        ("encoded", json!("e3tufX0=")),
    ];
    for (name, value) in environment {
        scopes.environment.set(name, value);
    }
    let off = Variable { disabled: true, ..Variable::new("x") };
    scopes.collection.declare("switched", off);
    scopes.globals.set("layer", "globals");
    scopes.local.set("layer", "local");
    scopes.data.set("row", json!(null));
    scopes.globals.set("row", "hidden by the row");
    scopes
}

/// Resolves, and gives the warnings as `code: message [hint]`.
fn run(template: &str) -> (String, Vec<String>) {
    let (scopes, mut dynamic) = (scopes(), Dynamic::seeded(1));
    let mut resolver = Resolver::new(&scopes, &mut dynamic);
    let text = resolver.resolve(template).into_owned();
    let warnings = resolver.finish().into_iter().map(|w| {
        let hint = w.hint.map(|hint| format!(" [{hint}]")).unwrap_or_default();
        format!("{}{hint}", w.message)
    });
    (text, warnings.collect())
}

#[test]
fn what_resolves_in_silence() {
    let cases = [
        ("plain", "plain"),
        ("{{baseUrl}}/x?k={{x-api-key}}", "http://localhost:4010/x?k=k-1"),
        ("{{a.b/c d}}", "odd"),
        ("{{n}} {{big}} {{flag}} {{none}} {{list}} {{object}}", "1 1e+21 false null 1,2, [object Object]"),
        ("[{{empty}}]", "[]"),
        ("{{{{ptr}}}}", "k-1"),
        ("{{{n}}}", "{1}"),
        ("{\"a\":{\"b\":{{n}}}}", "{\"a\":{\"b\":1}}"),
        ("{{outer}}", "<1>"),
        ("{{layer}}", "local"),
        ("{{$guid}}", "mine"),
        ("<<x-api-key>> << x-api-key >> <<a.b/c d>>", "k-1 k-1 odd"),
        ("<<{{ptr}}>>", "k-1"),
        ("<<<n>>>", "<1>"),
        ("<<EOF\n<<n>>\nEOF", "<<EOF\n1\nEOF"),
        ("<<$guid>>", "mine"),
        ("<<n|b64encode>>", "MQ=="),
        ("<<password | b64encode>>", "cCJ9fSAx"),
        ("<<object | tojson>>", "{\"b\": \"1\"}"),
        ("<<encoded | b64decode>>", "1"),
        ("<<empty | default(layer, true) | upper>>", "LOCAL"),
        ("é<<n>>é{{n}}é", "é1é1é"),
        // Not references at all.
        ("<<", "<<"),
        (">> <<", ">> <<"),
        ("a << b >> c", "a << b >> c"),
        ("cout << x >> y;", "cout << x >> y;"),
        ("<<EOF\nbody\nEOF", "<<EOF\nbody\nEOF"),
        ("<< 1", "<< 1"),
        ("1 << 2 >> 3", "1 << 2 >> 3"),
        ("<<>>", "<<>>"),
        ("<<unknown | upper>>", "<<unknown | upper>>"),
        ("{{", "{{"),
        ("{{a{b}}", "{{a{b}}"),
    ];
    for (template, expected) in cases {
        let (text, warnings) = run(template);
        assert_eq!(text, expected, "{template}");
        assert!(warnings.is_empty(), "{template}: {warnings:?}");
    }
}

#[test]
fn what_is_left_is_reported_once_a_name() {
    let cases: [(&str, &str, &[&str]); 15] = [
        (
            "{{base_url}}/{{base_url}}",
            "{{base_url}}/{{base_url}}",
            &[
                "variable `base_url` is not set; `{{base_url}}` was sent as it stands [did you mean `baseUrl`?]",
            ],
        ),
        (
            "{{ n }}",
            "{{ n }}",
            &[
                "variable ` n ` is not set; `{{ n }}` was sent as it stands [did you mean `n`? Spaces are part of a name]",
            ],
        ),
        (
            "{{switched}}",
            "{{switched}}",
            &[
                "variable `switched` is not set; `{{switched}}` was sent as it stands [`switched` is disabled in the collection]",
            ],
        ),
        ("{{row}}", "{{row}}", &["variable `row` is null in the data row; `{{row}}` was sent as it stands"]),
        (
            "<<refresh-token>>",
            "<<refresh-token>>",
            &["variable `refresh-token` is not set; `<<refresh-token>>` was sent as it stands"],
        ),
        (
            "{{$randomCity}}",
            "{{$randomCity}}",
            &[
                "dynamic variable `$randomCity` takes word lists that this build does not carry; `{{$randomCity}}` was sent as it stands [build postproof with npm at hand, or set a variable named `$randomCity` in the environment]",
            ],
        ),
        (
            "{{$guidd}}",
            "{{$guidd}}",
            &["variable `$guidd` is not set; `{{$guidd}}` was sent as it stands [did you mean `$guid`?]"],
        ),
        (
            "{{ping}}",
            "{{pong}}",
            &[
                "variable `pong` leads back to itself or to too much text; `{{pong}}` was sent as it stands [look for a reference to `pong` in its own value]",
            ],
        ),
        (
            "{{self}}",
            "sssssssssssssssssss{{self}}",
            &[
                "variable `self` leads back to itself or to too much text; `{{self}}` was sent as it stands [look for a reference to `self` in its own value]",
            ],
        ),
        (
            "<<loop | lower>>",
            "<<loop | lower>>",
            &[
                "variable `loop` leads back to itself or to too much text; `<<loop | upper>>` was sent as it stands [look for a reference to `loop` in its own value]",
            ],
        ),
        (
            "<<n | nofilter>> <<n | nofilter>>",
            "<<n | nofilter>> <<n | nofilter>>",
            &[
                "`<<n | nofilter>>` could not be evaluated and was sent as it stands: unknown filter: filter nofilter is unknown (in <expression>:1)",
            ],
        ),
        (
            "<<n | default(\"{{ptr}}\")>>",
            "<<n | default(\"{{ptr}}\")>>",
            &[
                "`<<n | default(\"{{ptr}}\")>>` could not be evaluated and was sent as it stands: inside `<<…>>` a variable is written by its bare name, without `{{}}`",
            ],
        ),
        (
            "{{nope-1}}{{nope-2}}",
            "{{nope-1}}{{nope-2}}",
            &[
                "variable `nope-1` is not set; `{{nope-1}}` was sent as it stands",
                "variable `nope-2` is not set; `{{nope-2}}` was sent as it stands",
            ],
        ),
        ("{{}}", "{{}}", &["variable `` is not set; `{{}}` was sent as it stands"]),
        ("<<{{zzz}}>>", "<<{{zzz}}>>", &["variable `zzz` is not set; `{{zzz}}` was sent as it stands"]),
    ];
    for (template, expected, reports) in cases {
        let (text, warnings) = run(template);
        assert_eq!(text, expected, "{template}");
        assert_eq!(warnings, reports, "{template}");
    }
}

#[test]
fn a_template_without_references_is_not_copied() {
    let (scopes, mut dynamic) = (scopes(), Dynamic::seeded(1));
    let mut resolver = Resolver::new(&scopes, &mut dynamic);
    assert!(matches!(resolver.resolve("{\"a\": {\"b\": 1}}"), Cow::Borrowed(_)));
    assert!(matches!(resolver.resolve("<<EOF"), Cow::Borrowed(_)));
}

#[test]
fn every_occurrence_of_a_dynamic_variable_is_fresh() {
    let (text, warnings) = run("{{$randomUUID}} {{$randomUUID}}");
    let (one, two) = text.split_once(' ').unwrap();
    assert_eq!((one.len(), two.len()), (36, 36));
    assert_ne!(one, two);
    assert!(warnings.is_empty());
}

#[test]
fn json_is_resolved_in_its_strings_alone() {
    let (scopes, mut dynamic) = (scopes(), Dynamic::seeded(1));
    let mut resolver = Resolver::new(&scopes, &mut dynamic);
    let value = json!({"{{n}}": ["{{n}}", {"k": "<<x-api-key>>"}, 5, null]});
    assert_eq!(resolver.resolve_json(&value), json!({"{{n}}": ["1", {"k": "k-1"}, 5, null]}));
}

#[test]
fn values_that_multiply_stop_before_memory_does() {
    let mut scopes = Scopes::default();
    for level in 1..=40 {
        let below = format!("{{{{l{}}}}}", level - 1);
        scopes.environment.set(format!("l{level}"), below.repeat(10));
        scopes.environment.set(format!("e{level}"), format!("<<e{} | upper>>", level - 1).repeat(10));
    }
    scopes.environment.set("l0", "ha");
    scopes.environment.set("e0", "ha");
    for template in ["{{l12}}", "<<e12 | upper>>"] {
        let mut dynamic = Dynamic::seeded(1);
        let mut resolver = Resolver::new(&scopes, &mut dynamic);
        assert!(resolver.resolve(template).len() < 4 * NESTED_LIMIT);
        assert!(!resolver.finish().is_empty(), "{template}");
    }
}
