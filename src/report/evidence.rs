//! The evidence bundle: what was judged, by what, and every exchange behind it, in a folder that can be kept and
//! compared.
//!
//! `manifest.json` names the inputs by hash, `verdicts.json` holds the checks with the exchanges that made them and a
//! `curl` line for each, `transcript.ndjson` every exchange in order. Identical runs give identical files, but for
//! `volatile.ndjson`: what no two runs have in common stands there and nowhere else. Masks are numbered in the order
//! of their appearance, so that equal secrets stay recognisable.

mod settle;
mod transcript;

use super::sink::WholeFile;
use super::{Artifact, ReportError, Reporter};
use crate::event::{EventKind, RunEvent, RunInfo};
use crate::exchange::{Exchange, hex};
use crate::verdict::{CheckResult, Evidence};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use settle::Settler;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

/// What stands in `volatile.ndjson` only, and why.
const VOLATILE: &[(&str, &str)] = &[
    ("started", "the wall clock"),
    ("target", "the embedded server takes a free port; `<<target>>` stands for it elsewhere"),
    ("timings", "when each call began on the run's clock and how long its phases took, milliseconds"),
    ("headers", "`Date` and `Postman-Token` of each call"),
    ("durations", "the durations that the reasons of verdicts name; `…` stands for each elsewhere"),
];
const FILES: [&str; 4] = ["manifest.json", "transcript.ndjson", "verdicts.json", "volatile.ndjson"];

/// Writes the bundle.
pub struct EvidenceReporter {
    folder: PathBuf,
    files: BTreeMap<&'static str, WholeFile>,
    transcript: Sha256,
    settler: Settler,
    run: Option<RunInfo>,
    item: String,
    checks: Vec<CheckResult>,
    /// As the run left it: by then every secret in it is known.
    environment: Option<Value>,
}

impl EvidenceReporter {
    /// A bundle in that folder, which is made; files of a bundle that is there already are replaced.
    ///
    /// # Errors
    /// [`ReportError::Write`]
    pub(super) fn new(folder: &Path) -> Result<Self, ReportError> {
        let open = |name| Ok((name, WholeFile::create(&folder.join(name))?));
        Ok(Self {
            folder: folder.to_owned(),
            files: FILES.into_iter().map(open).collect::<Result<_, ReportError>>()?,
            transcript: Sha256::new(),
            settler: Settler::default(),
            run: None,
            item: String::new(),
            checks: Vec::new(),
            environment: None,
        })
    }

    fn write(&mut self, name: &'static str, text: &str) -> Result<(), ReportError> {
        match self.files.get_mut(name) {
            Some(file) => file.write(text.as_bytes()),
            None => Ok(()),
        }
    }

    fn exchange(&mut self, number: u64, exchange: &Exchange) -> Result<(), ReportError> {
        let line = format!("{}\n", transcript::line(number, &self.item, exchange, &mut self.settler));
        self.transcript.update(&line);
        self.write("transcript.ndjson", &line)?;
        self.write("volatile.ndjson", &format!("{}\n", transcript::volatile(number, exchange)))
    }

    /// The checks, and the durations in their reasons.
    fn verdicts(&mut self, curl: &HashMap<u64, String>) -> (Value, Value) {
        let mut durations = Map::new();
        let mut verdicts = Vec::new();
        for check in std::mem::take(&mut self.checks) {
            let CheckResult { id, title, level, verdict, clause, reason, evidence, diff } = check;
            let (reason, named) = self.settler.reason(&reason);
            if !named.is_empty() {
                durations.insert(id.clone(), json!(named));
            }
            let evidence: Vec<Value> = evidence
                .iter()
                .map(|Evidence { request, item, seen }| {
                    let (item, seen) = (self.settler.text(item), self.settler.text(seen));
                    json!({"request": request, "item": item, "seen": seen, "curl": curl.get(request)})
                })
                .collect();
            let diff = diff.map(|diff| self.settler.text(&diff));
            verdicts.push(json!({
                "id": id, "title": title, "level": level, "verdict": verdict, "clause": clause,
                "reason": reason, "evidence": evidence, "diff": diff,
            }));
        }
        (verdicts.into(), json!({"durations": durations}))
    }

    /// The `curl` lines of the requests that verdicts point at, out of the transcript.
    fn curl_lines(&mut self) -> Result<HashMap<u64, String>, ReportError> {
        let wanted: HashSet<u64> =
            self.checks.iter().flat_map(|check| &check.evidence).map(|evidence| evidence.request).collect();
        let path = match self.files.get_mut("transcript.ndjson") {
            Some(file) => file.commit()?,
            None => return Ok(HashMap::new()),
        };
        let read = |source| ReportError::Write { path: path.clone(), source };
        let mut lines = HashMap::new();
        for line in BufReader::new(File::open(&path).map_err(read)?).lines() {
            let line: Line =
                serde_json::from_str(&line.map_err(read)?).map_err(|e| ReportError::Encode(e.into()))?;
            if wanted.contains(&line.request) {
                lines.insert(line.request, line.curl);
            }
        }
        Ok(lines)
    }

    fn manifest(&mut self, verdicts: &str) -> Value {
        let volatile: Map<String, Value> =
            VOLATILE.iter().map(|(name, why)| ((*name).to_owned(), json!(why))).collect();
        let files = json!({
            "transcript.ndjson": hex(&self.transcript.clone().finalize()),
            "verdicts.json": hex(&Sha256::digest(verdicts)),
        });
        let Some(run) = self.run.take() else { return json!({"files": files, "volatile": volatile}) };
        let environment =
            self.environment.take().map(|environment| self.settler.text(&environment.to_string()));
        json!({
            "tool": run.tool,
            "name": run.name,
            "contract": run.contract,
            "inputs": run.inputs,
            "environment": environment.and_then(|text| serde_json::from_str::<Value>(&text).ok()),
            "iterations": run.iterations,
            "sha256": files,
            "volatile": volatile,
        })
    }
}

/// What is read back of a transcript's line.
#[derive(Deserialize)]
struct Line {
    request: u64,
    curl: String,
}

impl Reporter for EvidenceReporter {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.settler.begin(run);
                let line = json!({"started": run.started, "target": run.target});
                self.run = Some(RunInfo { collection: None, ..run.clone() });
                self.write("volatile.ndjson", &format!("{line}\n"))
            }
            EventKind::ItemStarted { item, .. } => {
                self.item = item.full_name();
                Ok(())
            }
            EventKind::RequestFinished { number, exchange, .. } => self.exchange(*number, exchange),
            EventKind::CheckFinished { check } => {
                self.checks.push(check.clone());
                Ok(())
            }
            EventKind::RunFinished { environment, .. } => {
                self.environment.clone_from(environment);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        let curl = self.curl_lines()?;
        let (verdicts, durations) = self.verdicts(&curl);
        let verdicts = format!("{verdicts:#}\n");
        let manifest = self.manifest(&verdicts);
        self.write("verdicts.json", &verdicts)?;
        self.write("volatile.ndjson", &format!("{durations}\n"))?;
        self.write("manifest.json", &format!("{manifest:#}\n"))?;
        for name in ["verdicts.json", "volatile.ndjson", "manifest.json"] {
            self.files.get_mut(name).map(WholeFile::commit).transpose()?;
        }
        Ok(vec![Artifact { reporter: "evidence", path: self.folder.clone() }])
    }
}
