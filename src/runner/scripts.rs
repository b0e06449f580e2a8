//! Whether a plan has scripts, and those this version does not run: told once a run, in one warning.

use crate::collection::Event;
use crate::diagnostic::{Location, Warning, WarningCode};
use crate::plan::PlannedItem;
use indexmap::IndexMap;

/// Scripts named in the warning; more are only counted.
const NAMED: usize = 3;

/// The warning about every distinct script of the plan, if there is any.
pub(super) fn not_run(items: &[PlannedItem]) -> Option<Warning> {
    // A folder's script reaches every item below it: it counts once.
    let mut scripts: IndexMap<(&str, u32, &str), Vec<&PlannedItem>> = IndexMap::new();
    for item in items {
        for event in item.events.iter().filter(|event| would_run(event)) {
            scripts.entry((&event.listen, event.line(1), &event.script)).or_default().push(item);
        }
    }
    let ((_, line, _), owners) = scripts.first()?;
    let location = owners[0].item.location.as_ref().map(|item| Location {
        file: item.file.clone(),
        line: *line,
        column: 1,
    });
    let mut names: Vec<String> = scripts
        .iter()
        .take(NAMED)
        .map(|((listen, ..), owners)| {
            let name = owners[0].item.full_name();
            match owners.len() - 1 {
                0 => format!("`{name}` ({listen})"),
                others => format!("`{name}` and {others} more ({listen})"),
            }
        })
        .collect();
    if scripts.len() > NAMED {
        names.push(format!("… and {} more", scripts.len() - NAMED));
    }
    let count = match scripts.len() {
        1 => "1 script is".to_owned(),
        n => format!("{n} scripts are"),
    };
    let message = format!("{count} not run by this version: {}", names.join(", "));
    Some(Warning::new(WarningCode::ScriptNotRun, message).at(location))
}

/// Whether there is a script to run.
pub(super) fn any(items: &[PlannedItem]) -> bool {
    items.iter().any(|item| item.events.iter().any(would_run))
}

fn would_run(event: &Event) -> bool {
    !event.disabled
        && matches!(event.listen.as_str(), "prerequest" | "test")
        && !event.script.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::tests::item;

    fn event(listen: &str, line: u32, script: &str, disabled: bool) -> Event {
        Event {
            listen: listen.into(),
            script: script.into(),
            disabled,
            lines: [line].into(),
            owner: "".into(),
        }
    }

    fn planned(name: &str, events: Vec<Event>) -> PlannedItem {
        let mut planned = item("GET", "http://h/");
        planned.item.name = name.into();
        planned.item.path = vec!["F".into()];
        planned.item.location = Some(Location { file: "c.json".into(), line: 1, column: 1 });
        PlannedItem { events, ..planned }
    }

    #[test]
    fn scripts_are_counted_once_and_the_first_few_named() {
        let shared = event("prerequest", 90, "a()", false);
        let items: Vec<_> = (1..=4)
            .map(|n| planned(&format!("i{n}"), vec![shared.clone(), event("test", n, "b()", false)]))
            .collect();
        let warning = not_run(&items).unwrap();
        assert_eq!(
            warning.message,
            "5 scripts are not run by this version: `F / i1` and 3 more (prerequest), `F / i1` (test), \
             `F / i2` (test), … and 2 more"
        );
        assert_eq!(warning.location.unwrap().to_string(), "c.json:90:1");
        let one = not_run(&items[..1]).unwrap();
        assert!(one.message.starts_with("2 scripts are not run by this version: `F / i1` (prerequest), "));
    }

    #[test]
    fn what_would_not_run_anyway_is_no_news() {
        let events = vec![
            event("test", 1, " \n", false),
            event("test", 2, "a()", true),
            event("other", 3, "a()", false),
        ];
        assert_eq!(not_run(&[planned("i", events)]), None);
    }
}
