//! How a contract's verdicts are taken: against a list of expected failures, and as one verdict for a gate.

use super::args::JudgingArgs;
use super::exit::Exit;
use super::failure::Failure;
use super::input;
use postproof::conformance::{Conformance, Expectations, Gate};
use postproof::contract::{self, Contract};
use time::Date;

/// The expected failures of the contract and of `--expected-failures`, as of that day; `None` where there are none.
pub(crate) fn expectations(
    args: &JudgingArgs,
    contract: Option<&Contract>,
    today: Date,
) -> Result<Option<Expectations>, Failure> {
    let mut entries = contract.map(|contract| contract.expected_failure.clone()).unwrap_or_default();
    if let Some(path) = &args.expected_failures {
        if contract.is_none() {
            return Err(Failure::new(Exit::Usage, "cannot expect failures of a run that no contract judges")
                .cause("--expected-failures names checks of a contract, and the run has none")
                .hint("name one with --contract"));
        }
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::new(Exit::Input, format!("cannot read expected failures `{file}`"))
                .cause(input::io_text(&error.to_string()))
                .hint("--expected-failures names a TOML file of [[expected-failure]] tables")
        })?;
        let listed = contract::parse_expected_failures(&file, &text);
        entries.extend(listed.map_err(|error| input::contract_failure(&error))?);
    }
    Ok((!entries.is_empty()).then(|| Expectations::new(entries, today)))
}

/// The exit code of a gate; `strict`: warnings fail.
pub(crate) fn gate_exit(gate: &Gate, strict: bool) -> Exit {
    match gate.conformance {
        Conformance::Conforms => Exit::Passed,
        Conformance::ConformsWithWarnings if strict => Exit::Failed,
        Conformance::ConformsWithWarnings => Exit::Passed,
        Conformance::DoesNotConform => Exit::Failed,
        Conformance::CouldNotTell => Exit::NoWork,
    }
}
