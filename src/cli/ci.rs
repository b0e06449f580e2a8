//! The continuous integration a run is part of: what it is, and how it wants to be told.

use clap::ValueEnum;
use postproof::event::Secret;
use postproof::redact;
use postproof::variable::Scopes;
use std::path::PathBuf;

/// Characters of a secret that is masked: shorter ones would mask words of the log.
const MASKED: usize = 4;

/// Whose build a run is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// What the environment says: GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION
    Auto,
    /// None of them
    Off,
    /// Annotations, and a job summary
    Github,
    /// Azure Pipelines: logged issues
    Azure,
    /// Service messages
    Teamcity,
}

impl Ci {
    /// What is to be done, `Auto` resolved.
    pub(crate) fn resolve(self) -> Self {
        let is = |name: &str, value: &str| {
            std::env::var(name).is_ok_and(|found| found.eq_ignore_ascii_case(value))
        };
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Auto if is("GITHUB_ACTIONS", "true") => Self::Github,
            Self::Auto if is("TF_BUILD", "true") => Self::Azure,
            Self::Auto if is_set("TEAMCITY_VERSION") => Self::Teamcity,
            Self::Auto => Self::Off,
            chosen => chosen,
        }
    }

    /// The reporter whose lines on the standard output it reads.
    pub(crate) fn reporter(self) -> Option<&'static str> {
        match self {
            Self::Github => Some("github"),
            Self::Azure => Some("azure"),
            Self::Teamcity => Some("teamcity"),
            Self::Auto | Self::Off => None,
        }
    }

    /// Lines that have GitHub mask secrets which leave the run unmasked, in exports that a later step may print.
    pub(crate) fn mask(self, scopes: &Scopes) -> Vec<String> {
        if self != Self::Github {
            return Vec::new();
        }
        let variables = scopes.narrowest_first().into_iter().flat_map(|scope| scope.iter());
        let secrets = variables
            .filter(|(name, variable)| redact::is_secret(name, variable))
            .flat_map(|(name, variable)| Secret::all_in(name, &variable.value));
        // Masks are by line.
        let lines = secrets.flat_map(|secret| secret.value.lines().map(str::to_owned).collect::<Vec<_>>());
        let lines = lines.filter(|line| line.trim().len() >= MASKED);
        lines.map(|line| format!("::add-mask::{}\n", line.replace('%', "%25").replace('\r', "%0D"))).collect()
    }

    /// The file that a summary in Markdown is to be added to.
    pub(crate) fn summary(self) -> Option<PathBuf> {
        (self == Self::Github)
            .then(|| std::env::var_os("GITHUB_STEP_SUMMARY"))
            .flatten()
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    }
}
