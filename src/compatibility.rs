//! Where postproof and newman 6.2.2 part ways on purpose, and why: the table `postproof compatibility` prints.
//!
//! What is not in the table is meant to be the same: on the wire, in assertions, in counts, in exports. The
//! differential tests (`tests/it/newman`) hold that: a difference they accept names a row.

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Options, sources of input, exit codes.
    CommandLine,
    /// Reports and exported files.
    Reports,
    /// Collections, environments, data files.
    Formats,
    /// Variables and their substitution.
    Variables,
    /// Request signing.
    Auth,
    /// Scripts.
    Scripts,
    /// What runs, and in which order.
    ControlFlow,
    /// The wire.
    Http,
}

impl Area {
    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::CommandLine => "command line",
            Self::Reports => "reports",
            Self::Formats => "formats",
            Self::Variables => "variables",
            Self::Auth => "auth",
            Self::Scripts => "scripts",
            Self::ControlFlow => "control flow",
            Self::Http => "http",
        }
    }
}

/// One known difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Stable, e.g. `exit-codes`.
    pub id: &'static str,
    /// What it is about.
    pub area: Area,
    /// What newman 6.2.2 does.
    pub newman: &'static str,
    /// What postproof does.
    pub postproof: &'static str,
    /// Why.
    pub reason: &'static str,
    /// What restores newman's behaviour, where something does.
    pub restore: Option<&'static str>,
}

/// The difference of that id.
pub fn find(id: &str) -> Option<&'static Difference> {
    DIFFERENCES.iter().find(|difference| difference.id == id)
}

/// `restore: "…"` of a row, where there is one.
macro_rules! optional {
    () => {
        None
    };
    ($text:literal) => {
        Some($text)
    };
}

/// The rows, as data and as the table in the documentation of [`DIFFERENCES`], so that neither can be stale.
macro_rules! differences {
    ($($id:literal $area:ident {
        newman: $newman:literal,
        postproof: $postproof:literal,
        reason: $reason:literal
        $(, restore: $restore:literal)? $(,)?
    })*) => {
        /// Every known difference.
        ///
        /// | Id | newman 6.2.2 | postproof | Why | newman's way |
        /// |---|---|---|---|---|
        $(#[doc = concat!(
            "| `", $id, "` | ", $newman, " | ", $postproof, " | ", $reason, " | ", $($restore,)? " |"
        )])*
        pub const DIFFERENCES: &[Difference] = &[$(Difference {
            id: $id,
            area: Area::$area,
            newman: $newman,
            postproof: $postproof,
            reason: $reason,
            restore: optional!($($restore)?),
        }),*];
    };
}

differences! {
    "exit-codes" CommandLine {
        newman: "exits 0 or 1 only",
        postproof: "exits 0 (passed), 1 (something failed), 2 (bad usage), 3 (unreadable input), 4 (the run could \
            not do its work) or 130 (interrupted)",
        reason: "a pipeline must tell a failed test from a run that never took place",
        restore: "none needed where a pipeline tests for non-zero; `-x` exits 0 whatever a run came to, but not for \
            bad usage or unreadable input",
    }
    "bad-option-exits-0" CommandLine {
        newman: "an invalid option value (`-n 0`, `--color blue`) or an unknown command prints an error and exits 0",
        postproof: "exits 2",
        reason: "a green pipeline that ran nothing",
    }
    "extra-arguments" CommandLine {
        newman: "ignores further positional arguments",
        postproof: "refuses them (exit 2)",
        reason: "the second collection of `run a.json b.json` would silently not run",
    }
    "nothing-executed" CommandLine {
        newman: "an empty collection, `{}` or `[]` runs no request and exits 0",
        postproof: "says that nothing was executed and exits 4",
        reason: "a green run that tested nothing",
        restore: "`-x`",
    }
    "unknown-reporter" CommandLine {
        newman: "an unknown reporter is a warning; the run goes on without it; there are `progress` and `emojitrain`, too",
        postproof: "refuses to start (exit 2) and names the reporters there are",
        reason: "a report that a pipeline waits for would be missing",
    }
    "option-without-text" CommandLine {
        newman: "takes `-e ''`, `-g ''`, `-d ''` and `--folder ''` for options that are not given",
        postproof: "looks for a file or folder of that name, and refuses the run (exit 3)",
        reason: "an unset shell variable would run everything, against nothing in particular",
        restore: "leave the option out: `${ENVIRONMENT:+-e \"$ENVIRONMENT\"}`",
    }
    "missing-paths" CommandLine {
        newman: "says nothing of a `--working-dir` or a file of `--ssl-extra-ca-certs` that does not exist",
        postproof: "refuses it before anything is sent (exits 2 and 3)",
        reason: "what a typing error does to a run would have to be guessed from its requests",
    }
    "numbers-whole" CommandLine {
        newman: "`-n`, `--timeout` and the like take `2.0`, `1e1` and `0x2` for numbers",
        postproof: "takes whole numbers in decimal digits, and refuses others (exit 2)",
        reason: "they are counts and milliseconds; anything else is a typing error",
    }
    "environment-not-one" CommandLine {
        newman: "an environment or globals file that is none (`{\"key\": \"value\"}`, a collection) counts as empty",
        postproof: "refuses it (exit 3) and says what the file is",
        reason: "every variable of the run would be unresolved",
    }
    "stack-traces" CommandLine {
        newman: "a collection that is `null`, a broken pipe or a control character in a JUnit report ends in a stack \
            trace, without reports",
        postproof: "an error with cause and hint; reports are written",
        reason: "newman's crashes are not copied",
    }
    "inputs-from-anywhere" CommandLine {
        newman: "`-` is no standard input; a URL's answer is parsed before its status is looked at; the API key comes \
            from `--postman-api-key` alone",
        postproof: "`-` reads standard input; a status other than 2xx is the error that is shown; the variable \
            `POSTMAN_API_KEY` is read, too",
        reason: "a 404 page is no invalid collection",
    }
    "rc-files" CommandLine {
        newman: "of a settings file, keys whose option has a default (`reporters`, `folder`, `color`, `delayRequest`, \
            `timeout*`) have no effect, nor have keys outside `run` where there is a `run`",
        postproof: "every key counts, those in `run` before the others; unknown keys are warned about",
        reason: "a setting that is written down is meant",
    }
    "foreign-reporter-options" CommandLine {
        newman: "takes any `--reporter-…` option without a word",
        postproof: "takes it, and warns in every report when no reporter has it",
        reason: "a misspelt option would be lost",
    }
    "variable-option-without-value" CommandLine {
        newman: "`--env-var name` sets the variable to nothing without a word; `--env-var =value` sets one without a name",
        postproof: "the former is a warning in every report, the latter bad usage",
        reason: "an unset shell variable would go unnoticed",
    }
    "secrets-masked" Reports {
        newman: "every report and the console hold tokens, keys and passwords in clear",
        postproof: "masks them everywhere as `‹secret:name#a1b2›`; equal masks are equal secrets",
        reason: "reports are kept and mailed",
        restore: "`--show-secrets`",
    }
    "extra-requests" Reports {
        newman: "a request of a script, or a second one of an auth scheme, repeats the item's execution in \
            `run.executions`, each copy showing the last request",
        postproof: "one execution an item; the further requests are in its `extraRequests`",
        reason: "the item's own request and response were lost",
    }
    "failure-parent" Reports {
        newman: "`run.failures[].parent` repeats the whole folder, or collection, for each failure",
        postproof: "`parent` names the folder: `id` and `name`",
        reason: "a report of some failures took hundreds of megabytes",
    }
    "report-internals" Reports {
        newman: "JSON leaks what the runtime holds: script and execution ids, fields of a socket's error, what was sent \
            written into the definition, a stack of newman's own files",
        postproof: "the failure's kind, node's code and, where they can be told, node's words; the definition \
            as it is in the file",
        reason: "nothing reads them, and they differ from run to run",
    }
    "report-sent" Reports {
        newman: "`run.executions[].request` also lists what was not sent: disabled headers and fields, a disabled or \
            pruned body, descriptions; its auth is the one a script has given it",
        postproof: "lists what was sent, and the auth as it is in the file",
        reason: "what is written in the collection stands beside it, in `item`; what an auth came to is in the headers",
    }
    "console-warnings" Reports {
        newman: "what it has to say (an auth or file it cannot use, a deprecated API) is mixed with what scripts write \
            to the console, and in no other report",
        postproof: "warnings of their own, in every report",
        reason: "a file that was not sent must be seen by whoever reads the JSON or JUnit report",
    }
    "report-counts" Reports {
        newman: "counts each request of a script or of an auth scheme's second try as a further execution",
        postproof: "`run.stats` counts as newman's; what failed, was skipped or warned of is in `postproof.stats`",
        reason: "one report for old tools and for people",
    }
    "report-places" Reports {
        newman: "a failed assertion of a pre-request script is told as one `in test-script`",
        postproof: "`in prerequest-script`",
        reason: "the script to open",
    }
    "junit-cases" Reports {
        newman: "JUnit: same-named assertions and iterations collapse into one case (a later pass deletes an earlier \
            failure), skipped tests pass, script and request errors have no case",
        postproof: "one case an assertion and iteration, `<skipped>`, and a case for each error",
        reason: "failures disappeared",
    }
    "body-cut" Reports {
        newman: "JSON holds every body whole, as an array of integers; large ones end in `Invalid string length` and \
            no report",
        postproof: "bodies above a limit are cut, with size and SHA-256 (`truncated: true`)",
        reason: "memory is flat and the report is always written",
    }
    "exports-keep-fields" Reports {
        newman: "exported environments and globals lose `enabled`, `description` and type `secret`, and gain a key `_`; \
            the text of a typed variable (`{\"a\":1}` of type `object`) stays text and loses its type",
        postproof: "keeps every field of the file; a typed variable's value is what its type makes of it",
        reason: "an export that is fed into the next run must mean the same",
    }
    "cookie-jar-file" Reports {
        newman: "`--export-cookie-jar` also writes unknown attributes, `pathIsDefault` and settings of the jar, in the \
            order in which cookies were made",
        postproof: "writes what decides where a cookie is sent, and until when",
        reason: "nothing else is read back",
    }
    "report-paths" Reports {
        newman: "reports go to `newman/newman-run-report-TIME.json` or `.xml`, and into a folder under such a name",
        postproof: "to `reports/report.json`, `reports/junit.xml`, and into a folder under these names; naming the \
            file of a report asks for the report",
        reason: "a pipeline wants to know the name; two reports never share a file",
        restore: "`--reporter-json-export`, `--reporter-junit-export`",
    }
    "unwritable-known-early" Reports {
        newman: "a report or export that cannot be written is an error after the run, in the system's words",
        postproof: "an error before anything is sent (exit 4), with the path",
        reason: "an hour's run is not lost to a typing error",
    }
    "url-fragment" Reports {
        newman: "reports show a URL with its `#fragment`, and in JSON with `user:password@`",
        postproof: "as it was sent: without; scripts see both",
        reason: "a fragment never goes over the wire, and credentials go as a header",
    }
    "url-without-host" Reports {
        newman: "a URL without a host is shown as if its path were one (`http://x` for `/x`), a variable in place of the host \
            in lower case",
        postproof: "as they are written",
        reason: "what failed must be recognised",
    }
    "phase-averages" Reports {
        newman: "averages DNS look-ups and first bytes only with --verbose; else the report says 0",
        postproof: "always",
        reason: "they are measured anyway, and 0 is not what they are",
    }
    "data-one-object" Formats {
        newman: "a data file that holds one JSON object is ignored: one iteration without data",
        postproof: "the object is the row",
        reason: "data that is silently not used",
    }
    "data-rows-no-objects" Formats {
        newman: "an element of JSON data that is no object counts as an empty row",
        postproof: "refuses the file (exit 3) and says which element",
        reason: "an iteration would run without its data",
    }
    "data-json-lines" Formats {
        newman: "JSON Lines is read as CSV: nonsense columns, no error",
        postproof: "a row a line",
        reason: "what its author meant is beyond doubt",
    }
    "data-broken-json" Formats {
        newman: "broken JSON is read as CSV: nonsense columns, no error",
        postproof: "refuses it (exit 3) and says where",
        reason: "every variable of the rows would be unresolved",
    }
    "data-infinite" Formats {
        newman: "a number beyond all bounds (`1e400`) in JSON data is `Infinity`",
        postproof: "refuses the file (exit 3) and names the place",
        reason: "no JSON can carry it further",
    }
    "data-numeric-columns" Formats {
        newman: "a CSV column named by a number is an error",
        postproof: "a column as any other",
        reason: "Postman's app accepts it, and newman 7 announces to",
    }
    "fields-ignored" Formats {
        newman: "a field of the wrong shape is left out without a word",
        postproof: "is left out, too, and warned about in every report with line and column",
        reason: "what was written was meant",
        restore: "none needed: only `--strict` fails a run for it",
    }
    "v1-collections" Formats {
        newman: "converts v1 collections without their ids, drops requests that no `order` names, and advises against v1",
        postproof: "keeps the ids, so `--folder` and `setNextRequest` find them; warns about what is dropped",
        reason: "nothing is lost without a word",
    }
    "shapes-understood" Formats {
        newman: "does not understand a URL object with `raw` alone, path segments as objects, variables and form fields \
            as an object of names and values, a GraphQL body that is text, numbers and booleans for text, variables \
            named by `id`, a v1 bearer token that is an object, blanks before the colon of a header written as text; it sends `[object Object]`, `undefined=`, nothing, or fails",
        postproof: "takes them for what they say",
        reason: "the published formats allow most of them",
    }
    "numbers-exact" Formats {
        newman: "a number beyond 2^53 that is written without quotes loses its last digits",
        postproof: "is sent as written",
        reason: "ids would name something else",
    }
    "disabled-environment-variables" Variables {
        newman: "uses a variable that an exported environment marks `enabled: false`",
        postproof: "does not, as the Postman app does not",
        reason: "switched off is switched off; asked for since 2018",
        restore: "set `enabled` to true",
    }
    "variable-without-value" Variables {
        newman: "an entry without `value` is replaced by nothing, and `undefined` to scripts",
        postproof: "the empty text to both",
        reason: "variables are JSON here, which has no `undefined`",
    }
    "variable-names" Variables {
        newman: "scripts can set a variable without a name, and one named `null` by `set(null, …)`",
        postproof: "ignores both",
        reason: "nothing can ask for them by their name",
    }
    "method-variable" Variables {
        newman: "upper-cases the name in `{{method}}`, which then resolves to nothing, and fails for blanks around a method",
        postproof: "resolves it as written, and takes blanks away",
        reason: "names of variables are case-sensitive; no method holds a blank",
    }
    "auth-unsigned" Auth {
        newman: "a request whose auth lacks a parameter, holds a key that cannot be used, is of an unknown type or is \
            never asked for goes out unsigned, with a note on the console or none",
        postproof: "it goes out the same, with a warning in every report",
        reason: "a request without its auth tests something else",
    }
    "auth-null-parameters" Auth {
        newman: "sends the word `null` or `undefined` for a typed parameter without a value (`Bearer null`)",
        postproof: "takes it for absent",
        reason: "no such credential was meant",
    }
    "auth-parameter-types" Auth {
        newman: "`pm.request.auth` lists parameters with the types they were written with, and those of a scheme that a \
            script has replaced",
        postproof: "lists the parameters of the scheme that signs, of type `any`",
        reason: "signing looks at neither",
    }
    "auth-number-in-query" Auth {
        newman: "drops the value of an `apikey` that is a number and goes to the query",
        postproof: "sends it",
        reason: "the key is what the auth is about",
    }
    "auth-number-credentials" Auth {
        newman: "does not sign where a credential (a key of `awsv4`, say) is written as a number",
        postproof: "signs with its digits",
        reason: "numbers are texts everywhere else",
    }
    "apikey-similar-headers" Auth {
        newman: "`apikey` also removes headers whose names differ from its own in `-`, `_` or blanks (`X_Key` for `X-Key`)",
        postproof: "removes those of the same name",
        reason: "they are other headers",
    }
    "auth-pruned-body" Auth {
        newman: "`awsv4`, `edgegrid`, `hawk` and `oauth1` sign the body of a GET or HEAD, and one that is `disabled`, \
            although it is not sent",
        postproof: "what is signed is what is sent",
        reason: "servers refuse the signature",
    }
    "auth-keys" Auth {
        newman: "`jwt` and `asap` take private keys in PKCS#8 alone",
        postproof: "in PKCS#1, SEC1 and as JWK too, and with line breaks spelled `\\n`",
        reason: "OpenSSL and key stores write these",
    }
    "jwt-secret" Auth {
        newman: "of a secret that is no base64, `jwt` signs with what can be read, be it nothing",
        postproof: "sends the request unsigned, and warns",
        reason: "no such secret was meant",
    }
    "auth-replay-cookies" Auth {
        newman: "sends cookies twice in the `Cookie` header of a request that answers a challenge",
        postproof: "sends them once",
        reason: "servers may refuse the request, or read the older value",
    }
    "auth-nonces" Auth {
        newman: "sends one nonce and timestamp of `hawk` with every request that inherits the auth",
        postproof: "makes them anew for each request",
        reason: "servers refuse a nonce that was used",
    }
    "digest-algorithm" Auth {
        newman: "ignores the algorithm of a digest challenge, and all challenges but the first",
        postproof: "answers the challenge of the algorithm that was chosen, else uses the server's",
        reason: "RFC 7616 §3.7",
    }
    "digest-qop" Auth {
        newman: "takes a list (`qop=\"auth,auth-int\"`) for one unknown word and answers as RFC 2069 would",
        postproof: "chooses what the auth says, else `auth`",
        reason: "RFC 7616 §3.3",
    }
    "digest-renewal" Auth {
        newman: "never answers a second challenge: once a server renews its nonce, every request fails",
        postproof: "answers a stale nonce, and a new challenge where the old one had been accepted",
        reason: "RFC 7616 §3.5",
    }
    "digest-counter" Auth {
        newman: "counts the uses of a nonce in decimal, and leaves `nc` out and signs the word `undefined` where no \
            client nonce is given beforehand",
        postproof: "counts in hexadecimal from 1, and makes a client nonce",
        reason: "RFC 7616 §3.4",
    }
    "digest-session" Auth {
        newman: "with `SHA-256-sess` or `SHA-512-256-sess` and no `qop`, signs a client nonce that it does not send",
        postproof: "sends it, as both do with `MD5-sess`",
        reason: "the server cannot know it",
    }
    "digest-grammar" Auth {
        newman: "does not understand a challenge with blanks around `=`, without quotes, with `\\\"` in a text or behind \
            `Basic` in one field, nor an algorithm in lower case; it asks three times more, unsigned, where it finds no \
            realm or nonce",
        postproof: "reads challenges as they may be written; asks once, and warns where there is no realm or nonce",
        reason: "RFC 9110 §11.2; servers need not write as newman reads",
    }
    "digest-multipart" Auth {
        newman: "signs the word `undefined` for a multipart body with `auth-int`",
        postproof: "signs the body",
        reason: "RFC 7616 §3.4.3",
    }
    "awsv4-credentials" Auth {
        newman: "signs with the word `undefined` where `awsv4` has no key",
        postproof: "sends the request unsigned, and warns",
        reason: "no such credential was meant",
    }
    "awsv4-escapes" Auth {
        newman: "signs an escape (`%2B`) as if its percent sign were encoded once more, where the URL also holds \
            characters such as `[` or `^`; signs an `X-Amz-Date` of the query that it does not send; names a header \
            that is given twice twice",
        postproof: "signs what is sent, and what it means",
        reason: "AWS refuses the signature",
    }
    "hawk-escapes" Auth {
        newman: "`hawk` signs braces, bars and quotes escaped and sends them as they are",
        postproof: "signs what is sent",
        reason: "servers refuse the signature",
    }
    "oauth1-method" Auth {
        newman: "signs with HMAC-SHA1 where `oauth1` names no method, and does not say so to the server",
        postproof: "says so",
        reason: "RFC 5849 §3.1 requires `oauth_signature_method`",
    }
    "oauth1-replaces" Auth {
        newman: "leaves an `authorization` header that is not spelled `Authorization` beside its own",
        postproof: "replaces it",
        reason: "header names have no case",
    }
    "ntlm-names" Auth {
        newman: "percent-encodes domain and workstation",
        postproof: "sends them as they are",
        reason: "the server knows no such domain",
    }
    "async-test-lost" Scripts {
        newman: "`pm.test('…', (done) => …)` whose `done` is never called disappears; an `async` test function always \
            passes, and one that rejects ends the process without reports",
        postproof: "an assertion that never settles fails; an async function passes or fails as it settles",
        reason: "tests that cannot fail",
    }
    "test-without-function" Scripts {
        newman: "`pm.test('…')` without a function passes",
        postproof: "fails",
        reason: "a test that tests nothing looked green",
    }
    "timer-throws" Scripts {
        newman: "an exception in the callback of a timer or of `pm.sendRequest`, or of a script that leaves one waiting, \
            is lost",
        postproof: "a failure of the item",
        reason: "a script that broke looked green",
    }
    "current-sandbox" Scripts {
        newman: "scripts run in postman-sandbox 4.7.1: no top-level `await`, no promises from `pm.sendRequest`, no \
            `URL`, no `Intl`; `let` or `const` of a name of the first script interface (`const data = …`, `const \
            cheerio = require('cheerio')`) is a syntax error",
        postproof: "the current sandbox (6.7.4)",
        reason: "collections written in today's Postman need it; older ones run as before",
    }
    "script-budget" Scripts {
        newman: "a script that never ends holds the run for ever, unless `--timeout-script` is given",
        postproof: "it fails after 10 seconds without a pause, or 5 minutes in all, and the run goes on",
        reason: "a pipeline must end",
        restore: "`--timeout-script` with what the script needs",
    }
    "engine-messages" Scripts {
        newman: "error texts, stacks and line numbers of V8",
        postproof: "the same texts for the common errors; a stack has this engine's format",
        reason: "another JavaScript engine, and no Node",
    }
    "thrown-values" Scripts {
        newman: "a thrown text or object that is no error is told as `undefined`, or by the test's name alone",
        postproof: "is told by what it says",
        reason: "the message is what its author wrote",
    }
    "request-in-tests" Scripts {
        newman: "`pm.request` of a test script notes in the body which files were missing, and loses a file's inline \
            content",
        postproof: "shows the body as written",
        reason: "a note of newman's to itself; a missing file is a warning in every report",
    }
    "send-request-url" Scripts {
        newman: "of a Url object in `pm.sendRequest({url: pm.request.url})` sends names of its inner fields as the query",
        postproof: "requests that URL",
        reason: "a defect: texts of JavaScript's",
    }
    "send-request-errors" Scripts {
        newman: "tells a script of an answer that is no HTTP by codes of node's parser (`HPE_INVALID_CONSTANT`, \
            `Z_DATA_ERROR`) and the raw bytes",
        postproof: "`EPROTOCOL`, and a message in words",
        reason: "another parser; the message says what is wrong",
    }
    "late-requests" Scripts {
        newman: "tells of a request that a script had under way when its time was up, or when it skipped its item, \
            later or not at all",
        postproof: "waits for it, and tells of it with the item",
        reason: "what was sent is in the reports",
    }
    "list-names" Scripts {
        newman: "chai shows lists of headers and parameters under names such as `a{ …(7) }`",
        postproof: "`HeaderList{ …(7) }`",
        reason: "a minifier's names",
    }
    "response-size" Scripts {
        newman: "`pm.response.size().body` counts the bytes that came: none after HEAD, the compressed ones of a coded body \
            without `Content-Length`",
        postproof: "goes by `Content-Length`, else by the decoded body",
        reason: "Postman's own library says so where nobody has counted",
    }
    "script-members" Scripts {
        newman: "tells scripts of the client certificate in `pm.request.certificate`, and of unknown attributes in a \
            cookie's `extensions`",
        postproof: "tells of neither",
        reason: "paths of the user's machine are nothing to a collection; unknown attributes decide nothing",
    }
    "response-charsets" Scripts {
        newman: "`pm.response.text()` knows the code pages of DOS, UTF-7 and UTF-32, and shows a body whose charset is \
            `hex` or `base64` in it",
        postproof: "knows the web's encodings; a body of any other charset is read as UTF-8",
        reason: "no API sends them; browsers refuse to know them",
    }
    "body-removed" Scripts {
        newman: "`delete pm.request.body`, or setting it to `undefined`, has no effect",
        postproof: "no body is sent",
        reason: "it is what the script says",
    }
    "run-request" Scripts {
        newman: "knows no `pm.execution.runRequest`; Postman's app runs the request and shows none of its assertions",
        postproof: "runs it; its assertions and console are reported under the item that ran it, and fail it",
        reason: "an assertion that nobody sees cannot fail",
    }
    "folder-missing" ControlFlow {
        newman: "`--folder` matches names and ids only",
        postproof: "also `Folder/Sub`",
        reason: "asked for since 2018; names still match first",
    }
    "folder-nested" ControlFlow {
        newman: "`--folder` with the names of a folder and of a request deep in it runs the request twice",
        postproof: "once",
        reason: "it is selected, however often",
    }
    "endless-loop" ControlFlow {
        newman: "`setNextRequest` to an earlier request can run for ever",
        postproof: "an error of the run after 10 000 jumps back in one iteration; the iteration ends",
        reason: "a pipeline must end",
        restore: "`--loop-limit` with a larger number",
    }
    "timeout-ends-the-run" ControlFlow {
        newman: "`--timeout` prints its error and goes on with what it has begun",
        postproof: "the run ends, a request or script in progress fails with it, and the reports hold what ran",
        reason: "what the option is for",
    }
    "bail-reports" ControlFlow {
        newman: "`--bail folder` writes no report and no export when it ends the run",
        postproof: "both are written",
        reason: "the failure must be found in the report",
    }
    "bail-counts-once" ControlFlow {
        newman: "`--bail` counts a failed assertion a second time, as a failed script, and not the tests of an item that \
            it ends before them",
        postproof: "counts it once, and every item with its tests",
        reason: "the script ran to its end; items and tests are counted alike",
    }
    "bail-unknown" ControlFlow {
        newman: "`--bail` with an unknown word bails at nothing",
        postproof: "refuses it (exit 2)",
        reason: "a typing error must not switch the option off",
    }
    "form-file-after-list" Http {
        newman: "behind a form part with several files (`src` as a list) every file is sent empty",
        postproof: "each file is sent",
        reason: "a defect: newman does not look at what follows the list",
    }
    "form-names" Http {
        newman: "a form field without a name is sent as `null` or `undefined`; line ends in the name of a \
            form part go out as they are",
        postproof: "without a name; line ends as `%0D%0A`, as browsers do",
        reason: "texts of JavaScript's, and a way to forge fields",
    }
    "content-base64" Http {
        newman: "of the inline content of a file (`content`, or a part's `value`) that is no base64, sends what can be \
            read of it, be it nothing",
        postproof: "does not send it, and warns",
        reason: "no such bytes were meant",
    }
    "header-text-colons" Http {
        newman: "splits a header written as text at its last colon (`X-U:http://x`), and the request fails",
        postproof: "splits it at the first",
        reason: "RFC 9112 §5: a name holds no colon",
    }
    "header-proto" Http {
        newman: "drops a header named `__proto__`",
        postproof: "sends it",
        reason: "a defect of JavaScript objects",
    }
    "form-empty-list" Http {
        newman: "of a form whose only value is an empty list, sends the `Content-Type` alone",
        postproof: "sends neither it nor a body",
        reason: "there is nothing that it could be the type of",
    }
    "host-brackets" Http {
        newman: "requests 127.0.0.1 for `http://[127.0.0.1]`",
        postproof: "refuses the URL",
        reason: "RFC 3986 §3.2.2: brackets are for IPv6",
    }
    "host-root-dot" Http {
        newman: "cannot resolve `localhost.`",
        postproof: "takes it for this machine",
        reason: "RFC 6761 §6.3",
    }
    "header-order" Http {
        newman: "headers whose names are whole numbers go before all others",
        postproof: "stay where they are",
        reason: "an accident of JavaScript's objects",
    }
    "length-off" Http {
        newman: "with `content-length` among `disabledSystemHeaders` a body goes out without a length, on a connection that \
            is used again",
        postproof: "the same, on a connection that is not used again",
        reason: "the server takes the body for the beginning of the next request",
    }
    "working-dir-secure" Http {
        newman: "`--no-insecure-file-read` with a relative `--working-dir` blocks every file, and follows links out of it",
        postproof: "files inside are read, links to the outside are not",
        reason: "what the options are for",
    }
    "cookie-redirect-leak" Http {
        newman: "a redirect to another host sends the first host's `Cookie` header along",
        postproof: "cookies go only where the jar allows",
        reason: "a session leaks to whoever is redirected to; Postman has mended it since",
    }
    "cookie-corners" Http {
        newman: "does not send a cookie of a jar file that has no path; keeps an empty cookie for `Set-Cookie: ; Path=/`",
        postproof: "sends it everywhere on its host; keeps none",
        reason: "RFC 6265 §5.1.4, §5.2",
    }
    "trusted-roots" Http {
        newman: "trusts the roots that node ships (Mozilla's), `NODE_EXTRA_CA_CERTS` and --ssl-extra-ca-certs",
        postproof: "trusts the same, and what `SSL_CERT_FILE` names",
        reason: "the operating system's store differs from machine to machine, and reading it would slow every start; \
                 `SSL_CERT_FILE` is how other tools are told of a company's root",
        restore: "unset `SSL_CERT_FILE`",
    }
    "tls-versions" Http {
        newman: "speaks TLS 1.2 and 1.3 with all that OpenSSL has: suites without forward secrecy or with CBC, RSA \
                 keys of any length, SHA-1, X.509 version 1",
        postproof: "speaks TLS 1.2 and 1.3 with ECDHE and AES-GCM or ChaCha20, RSA from 2048 bits, P-256, P-384, \
                    Ed25519; what a server lacks is said",
        reason: "rustls implements nothing that is known to be weak",
    }
    "tls-server-ciphers" Http {
        newman: "passes `tlsPreferServerCiphers` to OpenSSL, where it means nothing to a client",
        postproof: "ignores it: the server chooses anyway",
        reason: "there is nothing to do",
    }
    "tls-cipher-names" Http {
        newman: "of `tlsCipherSelection`, OpenSSL drops unknown names in silence unless none is known",
        postproof: "an unknown name is a warning; a list without any known one fails the request, as in newman. Suites \
            that are not spoken here (CBC, RSA key exchange) count as unknown",
        reason: "a typo must not pass for a setting",
    }
    "certificate-hop" Http {
        newman: "presents the client certificate of the first URL to whoever a redirect leads to",
        postproof: "looks each hop's URL up in the list anew",
        reason: "who may see a certificate is for the list to say",
    }
    "certificate-pattern" Http {
        newman: "of several `*` in a pattern's path only the first stands for any text; a pattern that is none matches \
                 nothing in silence",
        postproof: "every `*` stands for any text; a pattern that is none is a warning",
        reason: "it is what the pattern says",
    }
    "certificate-key" Http {
        newman: "sends no client certificate when the key is not a file of its own; takes no PFX by --ssl-client-cert",
        postproof: "finds the key in the certificate's file, and takes a PFX by its ending",
        reason: "both are how such files are handed out",
    }
    "proxy-variables" Http {
        newman: "knows `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; a `*` in `NO_PROXY` only alone",
        postproof: "knows `ALL_PROXY`, `*.host` and addresses in brackets, too; loopback hosts go through the proxy \
                    unless `NO_PROXY` names them, as in newman; --proxy names one on the command line",
        reason: "it is what other tools understand by these variables",
        restore: "unset `ALL_PROXY`",
    }
    "proxy-item" Http {
        newman: "honours a request's `proxy` even where it is `disabled` or its `match` is another URL, and takes a port \
            that is a variable for 8080",
        postproof: "honours `disabled` and `match`, and resolves the port",
        reason: "it is what the fields say",
    }
    "proxy-refusal" Http {
        newman: "shows only the status code of a proxy that refuses to connect",
        postproof: "names the proxy, the target and the answer",
        reason: "a failure must say how to mend it",
    }
    "proxy-port" Http {
        newman: "asks a proxy for `host:{{port}}` as it stands",
        postproof: "refuses a URL whose port is no number",
        reason: "a proxy can make nothing of it",
    }
    "user-agent" Http {
        newman: "`User-Agent: PostmanRuntime/7.39.1`",
        postproof: "`User-Agent: postproof/VERSION`",
        reason: "a server's log must not name a program that was not there",
        restore: "a header `User-Agent` in the request",
    }
    "redirect-credentials" Http {
        newman: "`Referer` carries `user:password@`, the fragment, and goes from https to http",
        postproof: "without either, and not from https to http",
        reason: "RFC 9110 §10.1.3; credentials end in other servers' logs",
    }
    "redirect-stale-cookie" Http {
        newman: "a cookie that does not match the redirected URL's path is sent along",
        postproof: "the jar is asked anew for every hop",
        reason: "a defect: the header of the hop before stays where the jar has nothing to say",
    }
    "redirect-utf8" Http {
        newman: "takes a `Location` that is written in UTF-8 for Latin-1 and requests `/%C3%83%C2%A9` for `/é`",
        postproof: "requests `/%C3%A9`, as browsers do",
        reason: "servers that do not escape a `Location` write UTF-8",
    }
    "transfer-encoding-length" Http {
        newman: "with a `Transfer-Encoding` of the user's, a `Content-Length` is sent too",
        postproof: "the `Transfer-Encoding` alone",
        reason: "RFC 9112 §6.1 forbids both; many servers refuse them",
        restore: "a header `Content-Length` in the request",
    }
    "truncated-coding" Http {
        newman: "a gzip or deflate body that ends too soon passes, cut",
        postproof: "a failed request: the body could not be decoded",
        reason: "half an answer is no answer",
    }
    "empty-coding" Http {
        newman: "fails an empty body that says it is `br`",
        postproof: "takes it for empty",
        reason: "there is nothing to decode",
    }
    "switching-protocols" Http {
        newman: "never ends after a status 101",
        postproof: "the request fails",
        reason: "what follows is no HTTP, and nobody asked for it",
    }
    "behavior-values" Http {
        newman: "an `insecureHTTPParser` that is no boolean fails the request",
        postproof: "goes by whether it counts as true, as of its neighbours",
        reason: "the collection says that much",
    }
    "head-limit" Http {
        newman: "16 KiB of response headers",
        postproof: "128 KiB",
        reason: "the limit of Postman's current runtime",
    }
    "kept-connection-closed" Http {
        newman: "a request on a connection the server has just closed fails (`ECONNRESET`)",
        postproof: "GET, HEAD, OPTIONS and TRACE are sent again on a new one, if not a byte had come; others fail",
        reason: "the server was entitled to close, and safe methods may be repeated (RFC 9110 §9.2.2)",
    }
    "surplus-bytes" Http {
        newman: "bytes behind a response that has no body (204, 304, one to HEAD) fail it, or go unnoticed, as they \
            happen to arrive",
        postproof: "drops them, and the connection",
        reason: "a run must not depend on packets",
    }
    "connect-headers" Http {
        newman: "repeats `User-Agent`, `Accept`, `Referer`, `Content-Type` and others of the request in `CONNECT`",
        postproof: "sends `Host` and `Proxy-Authorization`",
        reason: "what goes through a tunnel is nothing to the proxy (RFC 9110 §9.3.6)",
    }
    "max-response-size" Http {
        newman: "takes responses of any size, and crashes where a report cannot hold them",
        postproof: "keeps large bodies on disk and cuts them in reports; `--max-response-size` ends a larger response \
            as a failed request",
        reason: "memory stays flat",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_are_unique_and_the_table_can_be_rendered() {
        let mut ids = HashSet::new();
        for difference in DIFFERENCES {
            let Difference { id, newman, postproof, reason, restore, .. } = difference;
            assert!(ids.insert(id), "{id} twice");
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
            for text in [*newman, *postproof, *reason, restore.unwrap_or("-")] {
                // `|` ends a cell of the documentation's table, a newline its row.
                assert!(!text.is_empty() && !text.contains(['|', '\n']), "{id}: {text:?}");
            }
        }
    }

    #[test]
    fn rows_of_an_area_stand_together() {
        let areas: Vec<Area> = DIFFERENCES.iter().map(|difference| difference.area).collect();
        assert!(areas.is_sorted(), "{areas:?}");
    }
}
