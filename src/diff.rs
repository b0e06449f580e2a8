//! Line diffs, for shapes and for expected against actual values.

/// A unified diff of two texts, `-` what was expected, `+` what came.
pub fn unified(expected: &str, actual: &str) -> String {
    similar::TextDiff::from_lines(expected, actual).unified_diff().header("expected", "actual").to_string()
}
