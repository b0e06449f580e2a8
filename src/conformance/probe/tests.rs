//! Probes and walks against a server played by the test: what is sent, and what is told, whatever ends a run.

use super::*;
use crate::collection::RequestBody;
use crate::conformance::registry;
use crate::contract;
use crate::exchange::{Body, Call, Headers, ResolvedRequest, Response, Timings};
use serde_json::json;
use std::collections::BTreeSet;

/// Answers as the good server does, until so many requests were sent.
#[derive(Default)]
pub(super) struct Played {
    /// Requests it takes before it stops the run.
    pub(super) limit: Option<usize>,
    /// What must be sent before the end cannot be sent.
    pub(super) deaf: bool,
    /// Logins it accepts.
    pub(super) logins: Option<usize>,
    /// What was sent, by path.
    pub(super) sent: Vec<String>,
    /// What a replay violates, and what any request does while something is shrunk.
    pub(super) replayed: &'static [&'static str],
    pub(super) shrinking: &'static [&'static str],
    violated: BTreeMap<&'static str, u64>,
    issued: usize,
    used: BTreeSet<String>,
    kept: Option<Vec<Arc<Exchange>>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Over;

impl Played {
    fn answer(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let token = body["refreshToken"].as_str().unwrap_or_default().to_owned();
        let login = path.starts_with("/accounts/users");
        if login && self.logins.is_some_and(|accepted| self.issued >= accepted) {
            return (429, json!({}));
        }
        match path {
            _ if path.starts_with("/accounts/people-lookups") => (200, json!({})),
            _ if path.starts_with("/_control") => (200, json!({})),
            _ if login || (token.starts_with("refresh-") && self.used.insert(token.clone())) => {
                self.issued += 1;
                let tokens = (format!("access-{}", self.issued), format!("refresh-{}", self.issued));
                (200, json!({"user": {"_id": "u"}, "shortToken": tokens.0, "refreshToken": tokens.1}))
            }
            _ if !self.used.contains(&token) => (401, json!({"code": "INVALID_REFRESH_TOKEN"})),
            _ => {
                self.violated_all(self.replayed);
                (401, json!({"code": "INVALID_REFRESH_TOKEN", "message": "no"}))
            }
        }
    }

    fn violated_all(&mut self, checks: &[&'static str]) {
        checks.iter().for_each(|check| *self.violated.entry(check).or_default() += 1);
    }
}

impl Driver for Played {
    type Error = Over;

    fn resolve(&mut self, template: &str, variables: &[(String, Value)]) -> String {
        let name = template.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>"));
        let own =
            |name: &str| variables.iter().find(|(known, _)| known == name)?.1.as_str().map(str::to_owned);
        match name {
            Some("baseUrl") => "http://127.0.0.1:1".to_owned(),
            Some(name) => own(name).unwrap_or_else(|| format!("{name}-value")),
            None => template.to_owned(),
        }
    }

    async fn send(&mut self, item: PlannedItem) -> Result<Arc<Exchange>, Over> {
        if self.limit.is_some_and(|limit| self.sent.len() >= limit) {
            return Err(Over);
        }
        let url = item.request.url.to_string();
        let path = url.trim_start_matches("http://127.0.0.1:1").to_owned();
        let text = match &item.request.body {
            Some(RequestBody::Raw { text, .. }) => text.clone(),
            _ => String::new(),
        };
        if item.item.path == ["shrinking"] {
            self.violated_all(self.shrinking);
        }
        let (code, body) = self.answer(&path, &serde_json::from_str(&text).unwrap_or_default());
        self.sent.push(path);
        let request =
            ResolvedRequest { method: item.request.method, url, headers: Headers::default(), body: None };
        let response = Response {
            code,
            reason: String::new(),
            version: "HTTP/1.1".to_owned(),
            headers: Headers::default(),
            body: Body::new(body.to_string()),
        };
        let call = Call { request, outcome: Ok(response), timings: Timings::default() };
        let exchange = Arc::new(Exchange { calls: vec![call] });
        self.kept.iter_mut().for_each(|kept| kept.push(Arc::clone(&exchange)));
        Ok(exchange)
    }

    async fn send_last(&mut self, item: PlannedItem) -> Option<Arc<Exchange>> {
        if self.deaf {
            return None;
        }
        let limit = self.limit.take();
        let sent = self.send(item).await;
        self.limit = limit;
        sent.ok()
    }

    fn begun(&self) -> u64 {
        self.sent.len() as u64
    }

    async fn storm(&mut self, items: Vec<PlannedItem>, _: Http2) -> Result<Vec<Arc<Exchange>>, Over> {
        let mut exchanges = Vec::new();
        for item in items {
            exchanges.push(self.send(item).await?);
        }
        Ok(exchanges)
    }

    async fn abandon(&mut self, item: PlannedItem) -> Result<(), Over> {
        self.send(item).await.map(|_| ())
    }

    async fn pause(&mut self, _: Duration, _: &str) -> Result<(), Over> {
        Ok(())
    }

    fn now_ms(&self) -> f64 {
        0.0
    }

    fn violations(&self) -> BTreeMap<&'static str, u64> {
        self.violated.clone()
    }

    fn keep(&mut self) {
        self.kept = Some(Vec::new());
    }

    fn kept(&mut self) -> Vec<Arc<Exchange>> {
        self.kept.take().unwrap_or_default()
    }

    fn progress(&mut self, _: usize, _: usize) {}
}

pub(super) fn contract() -> Contract {
    contract::load("betterez-refresh-token", &registry::ids()).unwrap()
}

pub(super) fn bindings(contract: &Contract) -> Bindings {
    let mut driver = Played::default();
    Bindings::new(contract, |template, own| driver.resolve(template, own), |_| None)
}

fn users_only(name: &str) -> bool {
    !name.contains("customer") && !name.contains("application")
}

async fn walk(driver: &mut Played, lifetime: Option<f64>, moves: usize) -> Probed<Over> {
    let contract = contract();
    let mut bindings = bindings(&contract);
    bindings.clients.iter_mut().for_each(|client| client.refresh_lifetime = lifetime);
    let walk = Walk { moves, seed: 7 };
    explore(&contract, &bindings, &users_only, driver, walk).await
}

#[tokio::test]
async fn walks_are_taken_whatever_the_lifetime_of_refresh_tokens() {
    for lifetime in [None, Some(3600.0), Some(2.0)] {
        let mut driver = Played::default();
        let Probed { report, ended, .. } = walk(&mut driver, lifetime, 300).await;
        assert_eq!(ended, Ok(()));
        let walked = report.walked.unwrap();
        assert!(walked.moves == 300 && walked.sessions > 10, "{lifetime:?} {walked:?}");
        assert_eq!(report.idle, None);
        assert!(driver.sent.len() >= 300, "{}", driver.sent.len());
    }
}

#[tokio::test]
async fn a_walk_in_which_no_session_begins_says_so() {
    // Enough for the flow that comes first.
    let mut driver = Played { logins: Some(2), ..Played::default() };
    let report = walk(&mut driver, None, 50).await.report;
    assert!(report.idle.as_deref().unwrap().contains("in 0 sessions"), "{:?}", report.idle);
}

fn steps(probed: &Probed<Over>) -> Vec<(&str, usize)> {
    probed.found.iter().map(|found| (found.check, found.steps.len())).collect()
}

#[tokio::test]
async fn every_check_that_a_move_violates_is_shrunk() {
    let replayed = &["rt.1", "rt.2", "rt.3", "rt.4", "rt.5", "rt.6", "rt.7"];
    let mut driver = Played { replayed, ..Played::default() };
    let probed = walk(&mut driver, None, 100).await;
    // Log in, redeem, redeem again.
    assert_eq!(steps(&probed), replayed.map(|check| (check, 3)));
    assert!(probed.found.iter().all(|found| found.repeatable && found.shrunk_from >= 3));
}

#[tokio::test]
async fn what_shrinking_meets_is_told_with_the_moves_that_met_it() {
    let mut driver = Played { replayed: &["rt.1"], shrinking: &["rt.2"], ..Played::default() };
    let probed = walk(&mut driver, None, 100).await;
    let [(first, 3), (second, _)] = steps(&probed)[..] else { panic!("{:?}", steps(&probed)) };
    assert_eq!((first, second), ("rt.1", "rt.2"));
    assert!(probed.found[1].shrunk_from < probed.found[0].shrunk_from, "a part of the first one");
}

#[tokio::test]
async fn what_was_found_is_kept_whatever_ends_the_walk() {
    let whole = {
        let mut driver = Played { replayed: &["rt.1"], ..Played::default() };
        walk(&mut driver, None, 100).await;
        driver.sent.len()
    };
    let mut kept = 0;
    for limit in (10..whole).step_by(7) {
        let mut driver = Played { limit: Some(limit), replayed: &["rt.1"], ..Played::default() };
        let probed = walk(&mut driver, None, 100).await;
        assert_eq!(probed.ended, Err(Over), "{limit}");
        let met = driver.violated.contains_key("rt.1");
        assert_eq!(probed.found.len(), usize::from(met), "{limit}");
        kept += usize::from(met);
        assert!(probed.found.iter().all(|found| found.steps.len() >= 3), "{limit}");
    }
    assert!(kept > 5, "{kept}");
}

/// How often something was done to the subject, and how often it was undone.
fn control(driver: &Played) -> (usize, usize) {
    let count =
        |names: [&str; 2]| driver.sent.iter().filter(|path| names.iter().any(|n| path.ends_with(n))).count();
    (count(["/disable", "/delete"]), count(["/enable", "/create"]))
}

#[tokio::test]
async fn what_is_done_to_a_subject_is_undone_wherever_the_run_ends() {
    let contract = contract();
    let bindings = bindings(&contract);
    let whole = {
        let mut driver = Played::default();
        run(&contract, &bindings, &users_only, &mut driver, Some("none")).await;
        driver.sent
    };
    let touches = |path: &&String| path.starts_with("/_control");
    let first = whole.iter().position(|path| touches(&path)).unwrap();
    let last = whole.iter().rposition(|path| touches(&path)).unwrap();
    let mut taken = 0;
    for limit in first..=last + 2 {
        let mut driver = Played { limit: Some(limit), ..Played::default() };
        let probed = run(&contract, &bindings, &users_only, &mut driver, Some("none")).await;
        let (done, undone) = control(&driver);
        assert_eq!(done, undone, "{limit}: {:?}", driver.sent);
        assert_eq!(probed.report.not_undone, Vec::<String>::new());
        assert_eq!(probed.ended, Err(Over), "{limit}");
        taken = taken.max(done);
    }
    assert_eq!(taken, 2);
}

#[tokio::test]
async fn walks_leave_no_subject_disabled_wherever_they_end() {
    let mut taken = 0;
    for limit in (100..400).step_by(9) {
        let mut driver = Played { limit: Some(limit), ..Played::default() };
        walk(&mut driver, None, 1_000).await;
        let last = driver.sent.iter().rfind(|path| path.starts_with("/_control"));
        assert!(last.is_none_or(|path| path.ends_with("/enable")), "{limit}");
        taken = control(&driver).0;
    }
    assert!(taken > 2, "{taken}");
}

#[tokio::test]
async fn what_cannot_be_undone_is_told_with_what_to_do_by_hand() {
    let contract = contract();
    let bindings = bindings(&contract);
    let mut driver = Played { deaf: true, ..Played::default() };
    let probed = run(&contract, &bindings, &users_only, &mut driver, Some("none")).await;
    let [disabled, deleted] = &probed.report.not_undone[..] else { panic!("{:?}", probed.report.not_undone) };
    for part in ["`subjectLogin`", "as `disable` made it", "POST http://127.0.0.1:1/_control/subjects/enable"]
    {
        assert!(disabled.contains(part), "{disabled}");
    }
    assert!(
        deleted.contains("/_control/subjects/create") && deleted.contains("subjectLogin-value"),
        "{deleted}"
    );
}
