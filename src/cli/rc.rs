//! newman's settings files: `/etc/postman/newmanrc`, `~/.postman/newmanrc` and `./.newmanrc`, later ones winning.
//!
//! A file is JSON; its keys are the options of `run` in camel case, at the top or under `run`. What the command line
//! says wins. newman ignores every key that has a default on its command line (`reporters`, `color`, `folder`,
//! `delayRequest`, `timeout*`); here all count.

use super::argv::{camel, find, kebab};
use super::exit::Exit;
use super::failure::Failure;
use super::input;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use postproof::collection::JsonFile;
use postproof::diagnostic::{Warning, WarningCode};
use serde_json::{Map, Value};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Options whose settings are added to those of the command line instead of giving way to them.
const ADDED: [&str; 2] = ["env-var", "global-var"];

/// Options whose settings may be the input itself instead of where it is.
const INLINE: [&str; 3] = ["environment", "globals", "iteration-data"];

/// What the settings files say.
#[derive(Debug, Default)]
pub(crate) struct Rc {
    /// Files that exist, as named in messages.
    files: Vec<String>,
    settings: Map<String, Value>,
}

/// Words to add to a command line.
#[derive(Debug, Default)]
pub(crate) struct Extra {
    /// In front of what was typed: what comes later wins.
    pub(crate) before: Vec<OsString>,
    /// Behind it: options that would swallow a word that follows.
    pub(crate) after: Vec<OsString>,
    /// Keys that mean nothing here.
    pub(crate) notices: Vec<Warning>,
}

impl Rc {
    /// Reads the files there are.
    pub(crate) fn read() -> Result<Self, Failure> {
        let mut rc = Self::default();
        for path in candidates().into_iter().filter(|path| path.is_file()) {
            let file = JsonFile::read("settings", &path).map_err(|error| input::input_failure(&error))?;
            let Value::Object(mut settings) = file.value().clone() else {
                let hint = r#"write an object such as {"iterationCount": 2}"#;
                return Err(input::input_failure(&file.refuse(&[], "expected an object", hint)));
            };
            let run = settings.remove("run");
            rc.settings.extend(settings);
            if let Some(Value::Object(run)) = run {
                rc.settings.extend(run);
            }
            rc.files.push(path.display().to_string());
        }
        Ok(rc)
    }

    /// The settings as words of a command line that already says `given`.
    pub(crate) fn arguments(&self, run: &Command, given: &ArgMatches) -> Result<Extra, Failure> {
        let mut extra = Extra::default();
        for (key, value) in &self.settings {
            match (key.as_str(), value) {
                // newman knows the first, too, and like it we want the collection on the command line.
                ("collection", _) => {}
                ("insecureFileRead", Value::Bool(allowed)) => {
                    self.add(&mut extra, run, given, ("noInsecureFileRead", &Value::Bool(!allowed)))?;
                }
                ("reporter", Value::Object(reporters)) => {
                    for (reporter, options) in reporters {
                        for (option, value) in options.as_object().into_iter().flatten() {
                            let key = format!("reporter-{reporter}-{option}");
                            self.add(&mut extra, run, given, (&key, value))?;
                        }
                    }
                }
                _ => self.add(&mut extra, run, given, (key, value))?,
            }
        }
        Ok(extra)
    }

    fn add(
        &self,
        extra: &mut Extra,
        run: &Command,
        given: &ArgMatches,
        (key, value): (&str, &Value),
    ) -> Result<(), Failure> {
        let long = kebab(key);
        let Some(arg) = find(run, &long) else {
            let longs: Vec<String> = run.get_arguments().filter_map(Arg::get_long).map(camel).collect();
            let message = format!("settings of {}: no option `{key}`", self.files.join(", "));
            let warning = Warning::new(WarningCode::OptionIgnored, message);
            extra.notices.push(match input::did_you_mean(key, longs.iter().map(String::as_str)) {
                Some(hint) => warning.hint(hint),
                None => warning,
            });
            return Ok(());
        };
        let typed = given.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        if typed && !ADDED.contains(&long.as_str()) {
            return Ok(());
        }
        let wrong = |expected: &str| self.refuse(&format!("`{key}`: expected {expected}"));
        match value {
            Value::Object(_) | Value::Array(_) if INLINE.contains(&long.as_str()) => {
                extra.before.push(with_value(&long, &value.to_string()));
            }
            Value::Null | Value::Bool(false) => {}
            Value::Bool(true) if !arg.get_action().takes_values() => extra.before.push(option(&long)),
            Value::Bool(true) if arg.get_num_args().is_some_and(|values| values.min_values() == 0) => {
                extra.after.push(option(&long));
            }
            _ if !arg.get_action().takes_values() => return Err(wrong("true or false")),
            Value::Array(list) => {
                let texts = list.iter().map(text).collect::<Option<Vec<_>>>();
                let texts = texts.ok_or_else(|| wrong("a list of text"))?;
                match arg.get_action() {
                    ArgAction::Append if arg.get_value_delimiter().is_none() => {
                        extra.before.extend(texts.iter().map(|text| with_value(&long, text)));
                    }
                    _ => extra.before.push(with_value(&long, &texts.join(","))),
                }
            }
            one => extra.before.push(with_value(&long, &text(one).ok_or_else(|| wrong("text"))?)),
        }
        Ok(())
    }

    /// The failure for settings that make no sense.
    pub(crate) fn refuse(&self, cause: &str) -> Failure {
        Failure::new(Exit::Input, format!("cannot use the settings of {}", self.files.join(", ")))
            .cause(cause)
            .hint("postproof run --help explains each option; a key is its name in camel case")
    }
}

fn option(long: &str) -> OsString {
    format!("--{long}").into()
}

fn with_value(long: &str, value: &str) -> OsString {
    format!("--{long}={value}").into()
}

/// A setting as it would be typed; `{"key": …, "value": …}` is a variable's.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(pair) => {
            let key = text(pair.get("key")?)?;
            match pair.get("value") {
                None | Some(Value::Null) => Some(key),
                Some(value) => Some(format!("{key}={}", text(value)?)),
            }
        }
        _ => None,
    }
}

fn candidates() -> Vec<PathBuf> {
    let home = std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    let system = (!cfg!(windows)).then(|| PathBuf::from("/etc/postman/newmanrc"));
    let own = home.filter(|home| !home.is_empty()).map(|home| Path::new(&home).join(".postman/newmanrc"));
    system.into_iter().chain(own).chain([PathBuf::from(".newmanrc")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Args, RunArgs};
    use clap::{Args as _, CommandFactory as _};
    use serde_json::json;

    fn words(settings: &Value, typed: &str) -> Result<(String, Vec<String>), String> {
        let typed = format!("postproof run c.json {typed}");
        let matches = Args::command().try_get_matches_from(typed.split_whitespace()).unwrap();
        let (_, given) = matches.subcommand().unwrap();
        let settings = settings.as_object().unwrap().clone();
        let rc = Rc { files: vec![".newmanrc".into()], settings };
        let extra =
            rc.arguments(&RunArgs::augment_args(Command::new("run")), given).map_err(|f| f.to_string())?;
        let all: Vec<_> =
            extra.before.iter().chain(&extra.after).map(|word| word.to_string_lossy()).collect();
        Ok((all.join(" "), extra.notices.into_iter().map(|notice| notice.message).collect()))
    }

    #[test]
    fn settings_become_options() {
        for (settings, typed, expected) in [
            (json!({"iterationCount": 3}), "", "--iteration-count=3"),
            (json!({"iterationCount": 3}), "-n 2", ""),
            (json!({"reporters": ["cli", "junit"]}), "", "--reporters=cli,junit"),
            (json!({"reporters": true}), "", "--reporters"),
            (json!({"silent": true, "verbose": false, "color": null}), "", "--silent"),
            (json!({"folder": ["a", "b"]}), "", "--folder=a --folder=b"),
            (json!({"folder": "a"}), "--folder b", ""),
            (
                json!({"envVar": [{"key": "a", "value": 1}, {"key": "b"}, "c=d"]}),
                "--env-var e=f",
                "--env-var=a=1 --env-var=b --env-var=c=d",
            ),
            (json!({"reporter": {"junit": {"export": "x.xml"}}}), "", "--reporter-junit-export=x.xml"),
            (json!({"collection": "other.json"}), "", ""),
            (json!({"environment": {"values": []}}), "", r#"--environment={"values":[]}"#),
            (json!({"iterationData": [{"a": 1}]}), "", r#"--iteration-data=[{"a":1}]"#),
        ] {
            assert_eq!(words(&settings, typed), Ok((expected.to_owned(), Vec::new())), "{settings} {typed}");
        }
    }

    #[test]
    fn what_means_nothing_is_said() {
        let (words, notices) = words(&json!({"iterationcount": 3}), "").unwrap();
        assert_eq!((words.as_str(), notices.len()), ("", 1));
        assert_eq!(notices[0], "settings of .newmanrc: no option `iterationcount`");
        for (settings, cause) in [
            (json!({"silent": "yes"}), "`silent`: expected true or false"),
            (json!({"exportGlobals": {"values": []}}), "`exportGlobals`: expected text"),
            (json!({"folder": [[]]}), "`folder`: expected a list of text"),
        ] {
            assert!(self::words(&settings, "").unwrap_err().contains(cause), "{settings}");
        }
    }
}
