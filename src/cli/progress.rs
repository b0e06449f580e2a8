//! What a person sees of a long run while it runs, on standard error: a bar on a terminal, else now and then a line.

use super::terminal;
use indicatif::{ProgressBar, ProgressStyle};
use postproof::event::{EventKind, RunEvent};
use postproof::report::{Artifact, ReportError, Reporter};
use std::io::{self, Write};
use std::time::Duration;

/// Milliseconds of a run between two lines.
const LINE_EVERY_MS: f64 = 5_000.0;
/// How often the bar's clock moves.
const TICK: Duration = Duration::from_millis(100);
/// Characters of an item's name beside the bar.
const NAME: usize = 40;

/// A reporter that shows how far the run has come. It writes no report.
pub(crate) struct Progress {
    shown: Shown,
    done: u64,
    failed: u64,
    item: String,
}

enum Shown {
    Bar(ProgressBar),
    /// Lines, and when the next one is due.
    Lines(f64),
}

impl Progress {
    /// A bar where standard error is a terminal; lines where nothing else shows that the run goes on.
    pub(crate) fn new(console_is_shown: bool) -> Option<Self> {
        let shown = match (terminal::stderr_is_terminal(), console_is_shown) {
            (true, _) => Shown::Bar(ProgressBar::no_length()),
            (false, false) => Shown::Lines(LINE_EVERY_MS),
            (false, true) => return None,
        };
        Some(Self { shown, done: 0, failed: 0, item: String::new() })
    }

    /// The stream for whatever else is written to the terminal: the bar makes way for it.
    pub(crate) fn beside(&self, stream: Box<dyn Write + Send>) -> Box<dyn Write + Send> {
        match &self.shown {
            Shown::Bar(bar) if terminal::stdout_is_terminal() => {
                Box::new(Beside { bar: bar.clone(), stream })
            }
            _ => stream,
        }
    }

    fn begin(&self, length: Option<u64>) {
        let Shown::Bar(bar) = &self.shown else { return };
        let template = match length {
            Some(_) => "{bar:24} {pos}/{len} {elapsed} {msg}",
            None => "{spinner} {pos} done {elapsed} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        }
        if let Some(length) = length {
            bar.set_length(length);
        }
        bar.enable_steady_tick(TICK);
    }

    fn told(&self) -> String {
        match self.failed {
            0 => self.item.clone(),
            failed => format!("{failed} failed · {}", self.item),
        }
    }

    fn tell(&mut self, at_ms: f64) {
        let told = self.told();
        match &mut self.shown {
            Shown::Bar(bar) => {
                bar.set_position(self.done);
                bar.set_message(told);
            }
            Shown::Lines(due) if at_ms >= *due => {
                *due = at_ms + LINE_EVERY_MS;
                terminal::note(&format!("{} done after {:.0} s, {told}", self.done, at_ms / 1000.0));
            }
            Shown::Lines(_) => {}
        }
    }
}

impl Reporter for Progress {
    fn on_event(&mut self, event: &RunEvent) -> Result<(), ReportError> {
        match &event.kind {
            EventKind::RunStarted { run } => {
                self.begin(run.items.map(|items| u64::from(items) * u64::from(run.iterations)));
            }
            EventKind::ItemStarted { item, .. } => {
                // Names are anybody's text.
                self.item = item.name.chars().filter(|c| !c.is_control()).take(NAME).collect();
                self.tell(event.at_ms);
            }
            EventKind::ItemFinished { passed, .. } => {
                self.done += 1;
                self.failed += u64::from(!passed);
            }
            EventKind::ItemSkipped { .. } => self.done += 1,
            EventKind::RunFinished { .. } => self.end(),
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Vec<Artifact>, ReportError> {
        self.end();
        Ok(Vec::new())
    }
}

impl Progress {
    fn end(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

/// A stream to the terminal that the bar is on.
struct Beside {
    bar: ProgressBar,
    stream: Box<dyn Write + Send>,
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let stream = &mut self.stream;
        self.bar.suspend(|| stream.write_all(bytes).and_then(|()| stream.flush()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
