//! Differences between two texts, as people read them.

use similar::TextDiff;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// A unified diff of `expected` against `actual` with three lines of context, without a trailing newline; empty
/// when they are equal. A missing newline at the end of either text is no difference.
pub fn unified(expected: &str, actual: &str) -> String {
    let (expected, actual) = (newline_terminated(expected), newline_terminated(actual));
    if expected == actual {
        return String::new();
    }
    let diff = TextDiff::from_lines(expected.as_str(), actual.as_str());
    let text = diff.unified_diff().context_radius(CONTEXT).header("expected", "actual").to_string();
    text.trim_end_matches('\n').to_owned()
}

fn newline_terminated(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(unified("a\nb", "a\nb"), "");
        assert_eq!(unified("a\nb\n", "a\nb"), "", "a last newline is no difference");
        assert_eq!(unified("", ""), "");
    }

    #[test]
    fn changed_lines_are_marked_with_their_context() {
        assert_eq!(
            unified("{\n  code\n  message\n}", "{\n  code\n}"),
            "--- expected\n+++ actual\n@@ -1,4 +1,3 @@\n {\n   code\n-  message\n }"
        );
        assert_eq!(unified("", "new"), "--- expected\n+++ actual\n@@ -0,0 +1 @@\n+new");
    }
}
