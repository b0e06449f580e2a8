//! Colours and symbols of the console, and their absence.

use crate::verdict::Verdict;
use anstyle::{AnsiColor, Style};

/// What a piece of text means; the colour follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Nothing special.
    Plain,
    /// A heading.
    Bold,
    /// Of lesser interest.
    Dim,
    /// It held.
    Good,
    /// It did not.
    Bad,
    /// Worth a look.
    Warn,
    /// A name to find again.
    Info,
}

impl Ink {
    /// The ink of a verdict.
    pub(super) fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Good,
            Verdict::Fail | Verdict::Error => Self::Bad,
            Verdict::Warn | Verdict::Expected => Self::Warn,
            Verdict::Skip | Verdict::NotApplicable => Self::Dim,
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Bold => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Info => AnsiColor::Cyan.on_default(),
        }
    }

    /// The text in this ink; without colour the text alone.
    pub(super) fn paint(self, text: &str, color: bool) -> String {
        if !color || self == Self::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// The signs in front of lines.
#[derive(Debug)]
pub(super) struct Symbols {
    pub(super) pass: &'static str,
    pub(super) fail: &'static str,
    pub(super) warn: &'static str,
    pub(super) skip: &'static str,
    pub(super) folder: &'static str,
    pub(super) root_item: &'static str,
    pub(super) item: &'static str,
    pub(super) captured: &'static str,
    pub(super) console: &'static str,
    pub(super) cut: &'static str,
    pub(super) times: &'static str,
    /// Corners and edges of tables: left, middle, right of top, middle and bottom rules, then `─` and `│`.
    pub(super) table: [&'static str; 11],
}

impl Symbols {
    /// The signs for a terminal that shows Unicode, or ASCII.
    pub(super) fn of(unicode: bool) -> &'static Self {
        if unicode { &UNICODE } else { &ASCII }
    }

    /// The sign of a verdict.
    pub(super) fn verdict(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Fail | Verdict::Error => self.fail,
            Verdict::Warn | Verdict::Expected => self.warn,
            Verdict::Skip | Verdict::NotApplicable => self.skip,
        }
    }
}

static UNICODE: Symbols = Symbols {
    pass: "✓",
    fail: "✗",
    warn: "⚠",
    skip: "-",
    folder: "❏",
    root_item: "→",
    item: "↳",
    captured: "⇢",
    console: "│",
    cut: "…",
    times: "×",
    table: ["┌", "┬", "┐", "├", "┼", "┤", "└", "┴", "┘", "─", "│"],
};

static ASCII: Symbols = Symbols {
    pass: "+",
    fail: "x",
    warn: "!",
    skip: "-",
    folder: "#",
    root_item: "->",
    item: ">",
    captured: "=>",
    console: "|",
    cut: "...",
    times: "x",
    table: ["+", "+", "+", "+", "+", "+", "+", "+", "+", "-", "|"],
};
