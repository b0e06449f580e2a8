//! The command line as typed.

mod network;
mod report;

pub(crate) use network::NetworkArgs;
pub(crate) use report::{Color, Dialect, ExportArgs, ReportArgs};

use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum, ValueHint};
use postproof::runner::LOOP_LIMIT;
use std::path::PathBuf;

/// Runs Postman collections headless and proves that an API keeps its documented contract.
#[derive(Debug, Parser)]
#[command(
    name = "postproof",
    version,
    // newman's spelling is `-v`.
    disable_version_flag = true,
    arg_required_else_help = true,
    propagate_version = false,
    after_help = "Exit codes: 0 all passed · 1 an assertion, check, request or script failed · 2 bad usage · \
                  3 input unreadable or invalid · 4 the run could not do its work · 130 interrupted"
)]
pub(crate) struct Args {
    /// Print version
    #[arg(short = 'v', short_alias = 'V', long, action = ArgAction::Version)]
    version: (),
    #[command(subcommand)]
    pub(crate) command: Command,
}

// Deferred: only the command that was asked for is built.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Run a collection: its requests in order, judged by a contract where one is named
    Run(Box<RunArgs>),
    /// Probe an API for a contract; without -e against the embedded server
    Conform(Box<ConformArgs>),
    /// Serve the reference API on this machine, with faults on demand
    Serve(ServeArgs),
    /// List the checks, or explain one: requirement, clause, level, the fault that proves it, the remedy
    Checks(ChecksArgs),
    /// List the faults the reference server can have
    Faults(ListArgs),
    /// Prove the checks: every fault of the reference server is seen by its checks and no other, every check by a fault
    Selftest(SelftestArgs),
    /// Make reports of a recording (`-r ndjson`): the same ones as the run would have made, byte for byte
    Report(RebuildArgs),
    /// Run one script against a saved request and response, or serve a script sandbox over JSON lines
    Script(ScriptArgs),
    /// Check a contract file, or print a built-in contract as a start for one's own
    Contract(ContractArgs),
    /// List the known differences from newman: what it does, what this does, why, and the way back
    Compatibility(CompatibilityArgs),
    /// Print the licences of what is embedded for scripts
    Licenses,
    /// Print a script that completes the command line in a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

#[derive(Debug, ClapArgs)]
#[command(
    allow_negative_numbers = true,
    // As in newman the last one counts; `command_line` says so.
    args_override_self = true,
    after_help = "Examples:\n  \
    postproof run collections/betterez-refresh-token.postman_collection.json -e environments/local.postman_environment.json\n  \
    postproof run api.json -e staging.json --env-var token=abc --folder Smoke -r cli,junit --reporter-junit-export out/junit.xml\n\n\
    Settings: newman's files, later ones winning: /etc/postman/newmanrc, ~/.postman/newmanrc, ./.newmanrc; JSON, an option's\n\
    name in camel case, e.g. {\"iterationCount\": 2}. The command line wins over all."
)]
pub(crate) struct RunArgs {
    /// Postman collection (v2.1, v2.0 or v1): a file, a URL, `-` for standard input, or a UID with --postman-api-key
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) collection: String,
    /// Run only this folder or request (name, id, or `Folder/Sub`); may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) folder: Vec<String>,
    /// Run the collection this often [default: once, or once a row of data]
    #[arg(short = 'n', long, value_name = "N", value_parser = positive::<u32>)]
    pub(crate) iteration_count: Option<u32>,
    /// Rows of variables, one an iteration: JSON, JSON Lines or CSV
    #[arg(short = 'd', long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) iteration_data: Option<String>,
    /// What separates the fields of CSV data: a character, or `tab`
    #[arg(long, value_name = "CHAR", value_parser = delimiter, requires = "iteration_data")]
    pub(crate) data_delimiter: Option<u8>,
    /// Judge the run by this contract: a built-in name or a file (else the collection variable `postproof-contract`)
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) contract: Option<String>,
    /// Judge by no contract, whatever the collection says
    #[arg(long, conflicts_with = "contract")]
    pub(crate) no_contract: bool,
    /// Where the files that requests send are looked for [default: the current folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) working_dir: Option<PathBuf>,
    /// Send no file from outside the working directory
    #[arg(long)]
    pub(crate) no_insecure_file_read: bool,
    /// Cookies to begin with: a jar as --export-cookie-jar, newman and tough-cookie write it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) cookie_jar: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) scopes: ScopeArgs,
    #[command(flatten)]
    pub(crate) judging: JudgingArgs,
    #[command(flatten)]
    pub(crate) ending: EndingArgs,
    #[command(flatten)]
    pub(crate) sending: SendingArgs,
    #[command(flatten)]
    pub(crate) reports: ReportArgs,
    #[command(flatten)]
    pub(crate) exports: ExportArgs,
}

// What ends a run before its plan does. (A doc comment here would become the command's.)
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Ending early")]
pub(crate) struct EndingArgs {
    /// End the run at the first failure; with `folder` at the first error (a failed assertion is none)
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',', num_args = 0..=1, default_missing_value = "failure")]
    pub(crate) bail: Vec<BailOn>,
    /// Time allowed for the whole run, milliseconds; it then ends, and its reports hold what ran
    #[arg(long, value_name = "MS", value_parser = positive::<u64>)]
    pub(crate) timeout: Option<Option<u64>>,
    /// Jumps back by setNextRequest that one iteration may make before it is taken for an endless loop
    #[arg(long, value_name = "N", default_value_t = LOOP_LIMIT, value_parser = positive::<u64>)]
    pub(crate) loop_limit: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BailOn {
    /// A script that throws, a request without an answer
    Folder,
    /// Any failure, a failed assertion too
    Failure,
}

#[derive(Debug, ClapArgs)]
#[command(
    allow_negative_numbers = true,
    // As in newman the last one counts; `command_line` says so.
    args_override_self = true,
    after_help = "Examples:\n  \
    postproof conform                                   the embedded server, reports in reports/\n  \
    postproof conform --fault replay-accepted           the same with a fault: exits 1\n  \
    postproof conform -e environments/betterez.postman_environment.json",
    // A gate waits for no server that says a byte a second.
    mut_arg("timeout_request", |arg| arg.help(
        "Time allowed for a request in all, its connection and answer included, milliseconds; without a number: no limit \
         [default: 10000]"
    ))
)]
pub(crate) struct ConformArgs {
    /// The contract: a built-in name or a file
    #[arg(long, value_name = "NAME|FILE", default_value = "betterez-refresh-token")]
    pub(crate) contract: String,
    #[command(flatten)]
    pub(crate) scopes: ScopeArgs,
    /// Give the embedded server this fault; may be repeated (see `postproof faults`)
    #[arg(long, value_name = "NAME", conflicts_with = "environment")]
    pub(crate) fault: Vec<String>,
    #[command(flatten)]
    pub(crate) exploring: ExploringArgs,
    #[command(flatten)]
    pub(crate) judging: JudgingArgs,
    #[command(flatten)]
    pub(crate) sending: SendingArgs,
    #[command(flatten)]
    pub(crate) reports: ReportArgs,
}

// Random walks, and what may be done to a target. (A doc comment here would become the command's.)
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Exploring and safety")]
pub(crate) struct ExploringArgs {
    /// Instead of the probes, walk at random through everything the contract knows, so many moves; a failure is shrunk
    /// to the shortest sequence that still fails
    #[arg(long, value_name = "MOVES", value_parser = positive::<usize>)]
    pub(crate) explore: Option<Option<usize>>,
    /// What chooses the moves: the same seed, the same moves [default: a new one, shown]
    #[arg(long, value_name = "N", requires = "explore")]
    pub(crate) seed: Option<u64>,
    /// Where a Postman collection goes that reproduces what the walk found
    #[arg(long, value_name = "FILE", requires = "explore", value_hint = ValueHint::FilePath)]
    pub(crate) counterexample: Option<PathBuf>,
    /// End after so many requests; what was not exercised by then is skipped, and --gate cannot tell
    #[arg(long, value_name = "N")]
    pub(crate) max_requests: Option<u64>,
    /// Send so many requests a second at most; a storm is followed by a pause for all its requests
    #[arg(long, value_name = "N")]
    pub(crate) rate: Option<f64>,
    /// Allow storms and walks at this host; at loopback they are always allowed. Every host that a request of the
    /// contract goes to needs it. May be repeated
    #[arg(long, value_name = "HOST")]
    pub(crate) target_ok: Vec<String>,
}

// How a contract's verdicts are taken. (A doc comment here would become the command's.)
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Judging")]
pub(crate) struct JudgingArgs {
    /// Checks known to fail, each with reason, owner and last day, as TOML; what the list no longer needs fails
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) expected_failures: Option<PathBuf>,
    /// Print one verdict instead of the console report: conforms (exit 0), conforms with warnings (0), does not
    /// conform (1), could not tell (4)
    #[arg(long)]
    pub(crate) gate: bool,
}

// Where variables come from. (A doc comment here would become the command's.)
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Variables")]
pub(crate) struct ScopeArgs {
    /// Environment: a file, a URL, `-`, or a UID with --postman-api-key
    #[arg(short, long, value_name = "FILE|URL|UID", value_hint = ValueHint::FilePath)]
    pub(crate) environment: Option<String>,
    /// Globals: a file, a URL or `-`
    #[arg(short, long, value_name = "FILE|URL", value_hint = ValueHint::FilePath)]
    pub(crate) globals: Option<String>,
    /// Set an environment variable, or KEY alone: leave it without a value; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) env_var: Vec<Setting>,
    /// Set a global variable, or KEY alone: leave it without a value; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) global_var: Vec<Setting>,
    /// Secrets for {{vault:NAME}} and pm.vault: a file as an environment's, masked in every report
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) vault: Option<String>,
    /// Key of the Postman API, for inputs named by UID or by a URL of that API
    #[arg(long, value_name = "KEY", env = "POSTMAN_API_KEY", hide_env_values = true)]
    pub(crate) postman_api_key: Option<String>,
}

/// A variable set on the command line; without a value it stands for nothing, as in newman.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) value: Option<String>,
}

// How requests are sent. (A doc comment here would become the command's.)
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Sending")]
pub(crate) struct SendingArgs {
    /// Time allowed for connecting, and for each silence of a server, milliseconds
    #[arg(long, value_name = "MS", value_parser = positive::<u64>)]
    pub(crate) timeout_request: Option<Option<u64>>,
    /// Do not follow redirects, unless a request says so itself (`followRedirects`)
    #[arg(long)]
    pub(crate) ignore_redirects: bool,
    /// Largest response body, bytes; a larger one ends its request as an error
    #[arg(long, value_name = "BYTES", value_parser = positive::<u64>)]
    pub(crate) max_response_size: Option<u64>,
    /// Time allowed for one script, milliseconds
    #[arg(long, value_name = "MS", value_parser = positive::<u64>)]
    pub(crate) timeout_script: Option<Option<u64>>,
    /// Wait before each request, milliseconds; without a number: not at all
    #[arg(long, value_name = "MS", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) delay_request: Option<u64>,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Nothing is sent and nothing is judged again. Exit 0: the reports are written, whatever the run came to; a\n\
    recording that ends early (the run was killed) gives reports of what ran, which say so.\n\
    Examples:\n  \
    postproof report reports/events.ndjson -r html,junit\n  \
    zcat nightly.ndjson.gz | postproof report - -r cli"
)]
pub(crate) struct RebuildArgs {
    /// The recording: a file, or `-`
    #[arg(value_name = "EVENTS", value_hint = ValueHint::FilePath)]
    pub(crate) events: PathBuf,
    #[command(flatten)]
    pub(crate) reports: ReportArgs,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Each fault is a `conform` against an embedded server that has it. Exit 1: a check missed its fault, a check\n\
    that is none of its business found it, the good server violated something, or a check is violated by no fault.\n\
    Examples:\n  \
    postproof selftest\n  \
    postproof selftest --fault one-slot-store --fault race-lost-update"
)]
pub(crate) struct SelftestArgs {
    /// Only this fault; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// Runs of the good server, which must violate nothing
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) good_runs: usize,
    /// Runs at once; they mostly wait
    #[arg(long, value_name = "N", default_value = "8", value_parser = positive::<usize>)]
    pub(crate) jobs: usize,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "The first line on standard output is `listening on http://127.0.0.1:PORT`. Ctrl-C stops it.\n\
    environments/local.postman_environment.json holds its applications and subjects."
)]
pub(crate) struct ServeArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4010)]
    pub(crate) port: u16,
    /// Have this fault; may be repeated (see `postproof faults`)
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ChecksArgs {
    /// Explain this check
    pub(crate) id: Option<String>,
    /// The contract whose levels and clauses are shown
    #[arg(long, value_name = "NAME|FILE", default_value = "betterez-refresh-token")]
    pub(crate) contract: String,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_long_help = super::commands::compatibility_table())]
pub(crate) struct CompatibilityArgs {
    /// Explain this difference
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ListArgs {
    /// Names only, one a line
    #[arg(short, long, action = ArgAction::SetTrue, conflicts_with = "format")]
    pub(crate) quiet: bool,
    /// For people or for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table
    Text,
    /// A JSON array
    Json,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
    postproof contract init api.json -o acme.toml    a start, guessed from a collection\n  \
    postproof contract check acme.toml       every mistake with its line; what the contract needs and leaves untested\n  \
    postproof contract oauth2-refresh        the text of a built-in contract, to extend or to start from"
)]
pub(crate) struct ContractArgs {
    /// Name of a built-in contract, to print
    #[arg(default_value = "betterez-refresh-token")]
    pub(crate) name: String,
    #[command(subcommand)]
    pub(crate) command: Option<ContractCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ContractCommand {
    /// Check a contract file: every mistake with its line, else what the contract says and needs
    Check {
        /// The contract: a file or a built-in name
        #[arg(value_name = "FILE|NAME", value_hint = ValueHint::FilePath)]
        contract: String,
    },
    /// Write a contract to start from, guessed from a Postman collection: login, redeem, where tokens sit; comments say
    /// what to fill in
    Init {
        /// The collection: a file, a URL, or a UID with --postman-api-key
        #[arg(value_name = "COLLECTION", value_hint = ValueHint::FilePath)]
        collection: String,
        /// Where the contract goes [default: standard output]
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
        /// Key of the Postman API
        #[arg(long, value_name = "KEY", env = "POSTMAN_API_KEY", hide_env_values = true)]
        postman_api_key: Option<String>,
        #[command(flatten)]
        network: NetworkArgs,
    },
    /// List the built-in contracts
    List,
    /// Print a built-in contract
    Show {
        /// Its name
        #[arg(default_value = "betterez-refresh-token")]
        name: String,
    },
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Every message of the sandbox is a line on standard output, a JSON array [name, …arguments] as Postman's own\n\
    sandbox says it. Exit 1: an assertion or the script failed. Nobody answers pm.sendRequest here: it fails.\n\
    With --stdio such lines are read from standard input, too: initialize, ping, execute, execution.abort.ID, and the\n\
    answers to what scripts ask (execution.response.ID, execution.cookies.ID, execution.vault.ID). Scripts share one\n\
    context; the process ends with its input and the last script. Nothing is masked.\n\
    Examples:\n  \
    postproof script check.js --context saved.json\n  \
    echo '[\"ping\", 1]' | postproof script --stdio"
)]
pub(crate) struct ScriptArgs {
    /// The script (`-` reads standard input)
    #[arg(required_unless_present = "stdio", conflicts_with = "stdio")]
    pub(crate) file: Option<String>,
    /// What the script is: it runs after the request, or before
    #[arg(long, value_enum, value_name = "EVENT", default_value_t = Listen::Test, conflicts_with = "stdio")]
    pub(crate) listen: Listen,
    /// JSON object the script works on: request, response, environment, globals, collectionVariables, data, cookies
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "stdio")]
    pub(crate) context: Option<String>,
    /// Time allowed, milliseconds
    #[arg(long, value_name = "MS", value_parser = positive::<u64>, conflicts_with = "stdio")]
    pub(crate) timeout: Option<u64>,
    /// Serve one long-lived sandbox: messages in, messages out, one a line
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listen {
    /// After the response
    Test,
    /// Before the request
    Prerequest,
}

fn positive<N: std::str::FromStr + Default + PartialOrd>(text: &str) -> Result<N, String> {
    text.parse().ok().filter(|n| *n > N::default()).ok_or_else(|| "expected a whole number from 1".to_owned())
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
        _ => Err("expected one character such as `;`, or `tab`".to_owned()),
    }
}

fn key_value(text: &str) -> Result<Setting, String> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (text, None),
    };
    match key {
        "" => Err("expected KEY=VALUE".to_owned()),
        key => Ok(Setting { key: key.to_owned(), value }),
    }
}
