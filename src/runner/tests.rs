//! The runner against a transport that answers from a list.

use super::*;
use crate::collection::{Event, HeaderParam, Request, RequestAuth, RequestBody, Url};
use crate::diagnostic::{Location, WarningCode};
use crate::event::ItemRef;
use crate::exchange::{
    Body, Call, Exchange, FailureKind, Headers, ResolvedRequest, Response, Timings, TransportFailure,
};
use crate::iteration_data::{self, IterationData};
use crate::plan::{PlannedItem, RunPlan};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::convert::Infallible;

/// An item without headers, body, auth or scripts, named `item`.
pub(super) fn item(method: &str, url: &str) -> PlannedItem {
    let location = Location { file: "c.json".into(), line: 7, column: 1 };
    PlannedItem {
        collection: "c".into(),
        item: ItemRef { id: "id".into(), name: "item".into(), path: vec![], location: Some(location) },
        request: Request { method: method.into(), url: Url::parse(url), ..Request::default() },
        auth: None,
        auth_owner: None,
        events: vec![],
        behavior: Map::new(),
    }
}

/// A response with that body.
pub(super) fn answer(code: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let mut fields = Headers::default();
    for (key, value) in headers {
        fields.push(*key, *value);
    }
    Response {
        code,
        reason: String::new(),
        version: "HTTP/1.1".into(),
        headers: fields,
        body: Body::new(body.to_owned()),
    }
}

/// One request and its answer.
pub(super) fn exchange(method: &str, url: &str, body: &str, response: Response) -> Exchange {
    let request = ResolvedRequest {
        method: method.into(),
        url: url.into(),
        headers: Headers::default(),
        body: Some(Body::new(body.to_owned())),
    };
    Exchange { calls: vec![Call { request, outcome: Ok(response), timings: Timings::default() }] }
}

/// What the transport does with one request.
enum Reply {
    Answer(u16, &'static str),
    Fails(FailureKind),
    /// Cancels the run and never answers.
    Hangs(Cancel),
}

/// Answers in order, then with 200; keeps what it was asked.
#[derive(Default)]
struct Scripted {
    replies: RefCell<std::collections::VecDeque<Reply>>,
    sent: RefCell<Vec<(ResolvedRequest, SendOptions)>>,
}

impl Scripted {
    fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self { replies: RefCell::new(replies.into_iter().collect()), ..Self::default() }
    }
}

impl Transport for Scripted {
    async fn send(&self, request: ResolvedRequest, options: &SendOptions) -> Exchange {
        self.sent.borrow_mut().push((request.clone(), options.clone()));
        let reply = self.replies.borrow_mut().pop_front();
        let outcome = match reply.unwrap_or(Reply::Answer(200, "{}")) {
            Reply::Answer(code, body) => Ok(answer(code, &[], body)),
            Reply::Fails(kind) => Err(TransportFailure { kind, message: "no luck".into() }),
            Reply::Hangs(cancel) => {
                cancel.cancel();
                std::future::pending().await
            }
        };
        Exchange { calls: vec![Call { request, outcome, timings: Timings::default() }] }
    }

    fn cookies(&self) -> Vec<ScriptCookie> {
        Vec::new()
    }

    fn cookies_for(&self, _: &str) -> Vec<ScriptCookie> {
        Vec::new()
    }

    fn put_cookie(&self, _: &ScriptCookie) {}

    fn remove_cookie(&self, _: &str, _: &str, _: &str) {}
}

struct Ran {
    outcome: Outcome,
    events: Vec<EventKind>,
    sent: Vec<(ResolvedRequest, SendOptions)>,
    scopes: Scopes,
}

impl Ran {
    /// One word an event, with what distinguishes it.
    fn story(&self) -> Vec<String> {
        self.events.iter().map(word).collect()
    }

    fn warnings(&self) -> Vec<&Warning> {
        self.events
            .iter()
            .filter_map(|event| match event {
                EventKind::WarningRaised { warning, .. } => Some(warning),
                _ => None,
            })
            .collect()
    }
}

fn word(event: &EventKind) -> String {
    match event {
        EventKind::IterationStarted { cursor, .. } => {
            format!("iteration {}/{}", cursor.iteration, cursor.cycles)
        }
        EventKind::IterationFinished { .. } => "end".into(),
        EventKind::ItemStarted { cursor, .. } => format!("item {}/{}", cursor.position, cursor.length),
        EventKind::ItemFinished { passed, .. } => format!("passed {passed}"),
        EventKind::RequestStarted { number, request, .. } => {
            format!("#{number} {} {}", request.method, request.url)
        }
        EventKind::RequestFinished { number, .. } => format!("done #{number}"),
        EventKind::VariablesCaptured { names, .. } => format!("captured {}", names.join(",")),
        EventKind::WarningRaised { warning, .. } => format!("warning {:?}", warning.code),
        other => format!("unexpected {other:?}"),
    }
}

async fn run(transport: Scripted, plan: Arc<RunPlan>, scopes: Scopes, options: RunOptions) -> Ran {
    let events = RefCell::new(Vec::new());
    let mut runner = Runner::new(&transport, scopes, options, |event| {
        events.borrow_mut().push(event);
        Ok::<(), Infallible>(())
    });
    let outcome = runner.run(&plan).await.unwrap_or_else(|never| match never {});
    let scopes = runner.into_scopes();
    Ran { outcome, events: events.into_inner(), sent: transport.sent.into_inner(), scopes }
}

fn plan(items: Vec<PlannedItem>, iterations: u32) -> Arc<RunPlan> {
    Arc::new(RunPlan { items, unselected: Vec::new(), iterations, data: IterationData::default() })
}

async fn run_one(item: PlannedItem, scopes: Scopes) -> Ran {
    run(Scripted::default(), plan(vec![item], 1), scopes, RunOptions::default()).await
}

fn globals(values: &[(&str, &str)]) -> Scopes {
    let mut scopes = Scopes::default();
    for (name, value) in values {
        scopes.globals.set(*name, *value);
    }
    scopes
}

#[tokio::test]
async fn events_come_in_order_and_requests_are_numbered_over_the_run() {
    let items = vec![item("GET", "http://h/a"), item("post", "http://h/b")];
    let ran = run(Scripted::default(), plan(items, 2), Scopes::default(), RunOptions::default()).await;
    assert_eq!(ran.outcome, Outcome::Completed);
    let iteration = |n: u64| {
        vec![
            format!("iteration {n}/2"),
            "item 0/2".into(),
            format!("#{} GET http://h/a", 2 * n + 1),
            format!("done #{}", 2 * n + 1),
            "passed true".into(),
            "item 1/2".into(),
            format!("#{} POST http://h/b", 2 * n + 2),
            format!("done #{}", 2 * n + 2),
            "passed true".into(),
            "end".into(),
        ]
    };
    assert_eq!(ran.story(), [iteration(0), iteration(1)].concat());
}

#[tokio::test]
async fn captures_are_there_for_the_next_item() {
    let captured = |into: &str, value| CapturedValue { into: vec![into.to_owned()], value };
    let captures = Captures::new(vec!["t".to_owned()], move |exchange| {
        let token = |response: &Response| response.body.json()?.get("token")?.as_str().map(str::to_owned);
        match exchange.response().and_then(token) {
            Some(token) => {
                vec![captured("t", Ok(token)), captured("u", Err("the header `X-Nope`".to_owned()))]
            }
            None => Vec::new(),
        }
    });
    let options = RunOptions { captures, ..RunOptions::default() };
    let transport = Scripted::new([Reply::Answer(200, r#"{"token": "abc"}"#)]);
    let items = vec![item("POST", "http://h/login"), item("GET", "http://h/{{t}}")];
    let ran = run(transport, plan(items, 1), Scopes::default(), options).await;
    assert_eq!(
        ran.story()[1..9],
        [
            "item 0/2",
            "#1 POST http://h/login",
            "done #1",
            "warning CaptureMissing",
            "captured t",
            "passed true",
            "item 1/2",
            "#2 GET http://h/abc"
        ]
    );
    assert_eq!(ran.scopes.environment.get("t"), Some(&json!("abc")));
}

#[tokio::test]
async fn everything_runs_and_a_target_that_was_never_reached_is_told_at_the_end() {
    use FailureKind::{Connect, Dns, InvalidRequest, Reset, Timeout};
    let three = || vec![item("GET", "http://h/1"), item("GET", "http://h/2"), item("GET", "http://h/3")];
    let never = |kind| Outcome::Unreachable(TransportFailure { kind, message: "no luck".into() });
    let cases = [
        (vec![Reply::Fails(Connect), Reply::Fails(Connect), Reply::Fails(Dns)], never(Connect)),
        (vec![Reply::Fails(InvalidRequest), Reply::Fails(Dns), Reply::Fails(Dns)], never(Dns)),
        (vec![Reply::Fails(Connect), Reply::Fails(Connect), Reply::Answer(500, "")], Outcome::Completed),
        (vec![Reply::Fails(Connect), Reply::Fails(Timeout), Reply::Fails(Reset)], Outcome::Completed),
        (vec![Reply::Fails(InvalidRequest), Reply::Fails(InvalidRequest)], Outcome::Completed),
    ];
    for (replies, outcome) in cases {
        let transport = Scripted::new(replies);
        let ran = run(transport, plan(three(), 1), Scopes::default(), RunOptions::default()).await;
        assert_eq!((ran.outcome.clone(), ran.sent.len()), (outcome, 3));
        assert!(ran.story().contains(&"passed false".to_owned()));
        assert_eq!(ran.story().last().map(String::as_str), Some("end"));
    }
}

#[tokio::test]
async fn a_request_without_an_answer_ends_the_run_where_errors_do() {
    for (on_failure, on_error, sent, last) in [
        (false, false, 2, "end"),
        (true, false, 1, "end"),
        (false, true, 1, "passed false"),
        (true, true, 1, "passed false"),
    ] {
        let options = RunOptions { bail: Bail { on_failure, on_error }, ..RunOptions::default() };
        let transport = Scripted::new([Reply::Fails(FailureKind::Reset)]);
        let items = vec![item("GET", "http://h/1"), item("GET", "http://h/2")];
        let ran = run(transport, plan(items, 1), Scopes::default(), options).await;
        let bailed = sent == 1;
        let expected = if bailed { Outcome::Bailed("no luck, in `item`".into()) } else { Outcome::Completed };
        assert_eq!((ran.outcome.clone(), ran.sent.len()), (expected, sent), "{on_failure} {on_error}");
        assert_eq!(ran.story().last().map(String::as_str), Some(last));
    }
}

#[tokio::test]
async fn a_run_ends_when_its_time_is_over() {
    let options = RunOptions {
        timeout: Some(Duration::from_millis(30)),
        delay_request: Duration::from_secs(3600),
        ..RunOptions::default()
    };
    let ran =
        run(Scripted::default(), plan(vec![item("GET", "http://h/")], 1), Scopes::default(), options).await;
    assert_eq!(ran.outcome, Outcome::TimedOut("the run took longer than 30 ms, at `item`".into()));
    assert_eq!(ran.story(), ["iteration 0/1"], "no item began, the iteration is not finished");
}

#[tokio::test]
async fn no_request_may_take_longer_than_the_run() {
    let allowed = |seconds: Option<u64>| seconds.map(Duration::from_secs);
    for (run_limit, request_limit, least) in [
        (None, None, None),
        (Some(3600), None, Some(3600)),
        (Some(3600), Some(9), Some(9)),
        (Some(9), Some(3600), Some(9)),
    ] {
        let options = RunOptions {
            timeout: allowed(run_limit),
            timeout_request: allowed(request_limit),
            ..RunOptions::default()
        };
        let items = plan(vec![item("GET", "http://h/")], 1);
        let ran = run(Scripted::default(), items, Scopes::default(), options).await;
        assert_eq!(ran.sent[0].1.timeout.map(|timeout| timeout.as_secs_f64().ceil() as u64), least);
    }
}

#[tokio::test]
async fn cancelling_abandons_the_request_in_progress() {
    let cancel = Cancel::default();
    let transport = Scripted::new([Reply::Answer(200, ""), Reply::Hangs(cancel.clone())]);
    let options = RunOptions { cancel, ..RunOptions::default() };
    let items = vec![item("GET", "http://h/1"), item("GET", "http://h/2"), item("GET", "http://h/3")];
    let ran = run(transport, plan(items, 1), Scopes::default(), options).await;
    assert_eq!((ran.outcome.clone(), ran.sent.len()), (Outcome::Interrupted, 2));
    assert_eq!(ran.story().last().map(String::as_str), Some("#2 GET http://h/2"));
}

#[tokio::test]
async fn a_cancelled_run_sends_nothing_and_does_not_wait() {
    let options = RunOptions { delay_request: Duration::from_secs(3600), ..RunOptions::default() };
    options.cancel.cancel();
    let ran =
        run(Scripted::default(), plan(vec![item("GET", "http://h/")], 1), Scopes::default(), options).await;
    assert_eq!((ran.outcome, ran.sent.len()), (Outcome::Interrupted, 0));
}

#[tokio::test]
async fn an_error_of_the_callback_ends_the_run() {
    let transport = Scripted::default();
    let emit = |event| match event {
        EventKind::RequestFinished { .. } => Err("disk full"),
        _ => Ok(()),
    };
    let mut runner = Runner::new(&transport, Scopes::default(), RunOptions::default(), emit);
    let items = vec![item("GET", "http://h/"), item("GET", "http://h/")];
    assert_eq!(runner.run(&plan(items, 1)).await, Err("disk full"));
    assert_eq!(transport.sent.borrow().len(), 1);
}

#[tokio::test]
async fn scripts_are_announced_once_for_all_iterations() {
    let mut scripted = item("GET", "http://h/");
    scripted.events = vec![Event {
        listen: "test".into(),
        script: "a()".into(),
        disabled: false,
        lines: [9].into(),
        owner: "".into(),
    }];
    let ran =
        run(Scripted::default(), plan(vec![scripted], 3), Scopes::default(), RunOptions::default()).await;
    let codes: Vec<WarningCode> = ran.warnings().iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [WarningCode::ScriptNotRun]);
    assert_eq!(ran.story()[0], "warning ScriptNotRun");
}

#[tokio::test]
async fn methods_and_urls_are_resolved_as_strings() {
    let scopes =
        globals(&[("base", "https://api.test:8443/v1"), ("m", "patch"), ("q", "a=1&b=2"), ("empty", "")]);
    for (method, url, expected) in [
        ("{{m}}", "{{base}}/x?{{q}}", "PATCH https://api.test:8443/v1/x?a=1&b=2"),
        ("fOo", "h:1/x", "FOO http://h:1/x"),
        ("GET", " h/a?u=http://x ", "GET http://h/a?u=http://x "),
        ("{{empty}}", "{{empty}}", "GET "),
        ("GET", "{{nope}}/x", "GET http://{{nope}}/x"),
        ("GET", "ftp://h/", "GET ftp://h/"),
    ] {
        let ran = run_one(item(method, url), scopes.clone()).await;
        let sent = &ran.sent[0].0;
        assert_eq!(format!("{} {}", sent.method, sent.url), expected, "{url}");
    }
}

#[tokio::test]
async fn headers_are_resolved_and_ordered() {
    let header =
        |key: &str, value: &str, disabled| HeaderParam { key: key.into(), value: value.into(), disabled };
    let mut post = item("POST", "http://h/");
    post.request.headers = vec![
        header("X-{{n}}", "{{v}}", false),
        header("X-Off", "1", true),
        header("{{empty}}", "1", false),
        header("x-one", "again", false),
    ];
    post.request.body =
        Some(RequestBody::Raw { text: "{\"a\":\"{{v}}\"}".into(), language: Some("json".into()) });
    post.auth = Some(RequestAuth { kind: "bearer".into(), params: vec![("token".into(), json!("{{v}}"))] });
    let ran = run_one(post.clone(), globals(&[("n", "One"), ("v", "w"), ("empty", "")])).await;
    let lines = |ran: &Ran| -> Vec<String> {
        ran.sent[0].0.headers.iter().map(|h| format!("{}: {}", h.key, h.value)).collect()
    };
    assert_eq!(
        lines(&ran),
        ["X-One: w", "x-one: again", "Content-Type: application/json", "Authorization: Bearer w"]
    );
    assert_eq!(ran.sent[0].0.body.as_ref().map(|b| b.text().into_owned()), Some("{\"a\":\"w\"}".into()));

    post.request.headers = vec![header("content-type", "text/csv", false)];
    post.auth = None;
    assert_eq!(lines(&run_one(post.clone(), Scopes::default()).await), ["content-type: text/csv"]);
    post.request.headers.clear();
    post.behavior = behavior(json!({"disabledSystemHeaders": {"content-type": true}}));
    assert!(lines(&run_one(post, Scopes::default()).await).is_empty());
}

fn behavior(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[tokio::test]
async fn bodies_are_pruned_by_method() {
    for (method, keep, sent) in [
        ("get", false, false),
        ("GET", true, true),
        ("UNLOCK", false, false),
        ("DELETE", false, true),
        ("OPTIONS", false, true),
    ] {
        let mut planned = item(method, "http://h/");
        planned.request.body = Some(RequestBody::Raw { text: "x".into(), language: None });
        planned.behavior = behavior(json!({"disableBodyPruning": keep}));
        let ran = run_one(planned, Scopes::default()).await;
        let request = &ran.sent[0].0;
        assert_eq!(
            (request.body.is_some(), request.headers.contains("content-type")),
            (sent, sent),
            "{method}"
        );
    }
}

#[tokio::test]
async fn an_items_behaviour_and_the_runs_options_reach_the_transport() {
    let mut planned = item("GET", "http://h/");
    planned.behavior = behavior(json!({"followRedirects": false}));
    let options = RunOptions {
        timeout_request: Some(Duration::from_millis(9)),
        insecure: true,
        ..RunOptions::default()
    };
    let ran = run(Scripted::default(), plan(vec![planned], 1), Scopes::default(), options).await;
    let expected = SendOptions {
        timeout: Some(Duration::from_millis(9)),
        follow_redirects: false,
        verify_tls: false,
        ..SendOptions::default()
    };
    assert_eq!(ran.sent[0].1, expected);
}

#[tokio::test]
async fn what_is_not_done_is_told_where_it_is_written() {
    let mut planned = item("POST", "http://h/{{nope}}");
    planned.auth = Some(RequestAuth { kind: "hawk".into(), params: vec![] });
    planned.request.body = Some(RequestBody::Unknown("msgpack".into()));
    let ran = run_one(planned, Scopes::default()).await;
    let told: Vec<_> = ran.warnings().iter().map(|w| (w.code, w.location.as_ref().map(|l| l.line))).collect();
    assert_eq!(
        told,
        [
            (WarningCode::UnresolvedVariable, Some(7)),
            (WarningCode::BodyNotSent, Some(7)),
            (WarningCode::AuthNotApplied, Some(7)),
        ]
    );
    assert_eq!(ran.outcome, Outcome::Completed);
}

#[tokio::test]
async fn what_an_item_cannot_resolve_is_told_once_a_run() {
    let mut items = vec![item("GET", "http://h/{{nope}}"), item("GET", "http://h/{{nope}}")];
    items[1].item.id = "other".into();
    let ran = run(Scripted::default(), plan(items, 3), Scopes::default(), RunOptions::default()).await;
    assert_eq!(ran.warnings().len(), 2, "once an item: {:?}", ran.warnings());
    assert_eq!(ran.sent.len(), 6);
}

#[tokio::test]
async fn each_iteration_runs_with_its_row() {
    let text = br#"[{"v": "one", "only": true}, {"v": 2}]"#;
    let data = iteration_data::parse("d.json", text, None).unwrap();
    let items = vec![item("GET", "http://h/{{v}}/{{only}}")];
    let rows = Arc::new(RunPlan { items, unselected: Vec::new(), iterations: 3, data });
    let mut scopes = globals(&[("v", "global")]);
    scopes.environment.set("v", "environment");
    let ran = run(Scripted::default(), rows, scopes, RunOptions::default()).await;
    let urls: Vec<&str> = ran.sent.iter().map(|(request, _)| request.url.as_str()).collect();
    assert_eq!(urls, ["http://h/one/true", "http://h/2/{{only}}", "http://h/2/{{only}}"]);
    let told: Vec<Value> = ran
        .events
        .iter()
        .filter_map(|event| match event {
            EventKind::IterationStarted { data: Some(row), .. } => Some((**row).clone()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [json!({"v": "one", "only": true}), json!({"v": 2}), json!({"v": 2})]);
}
