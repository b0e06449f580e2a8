//! The name a person probably meant.

use similar::get_close_matches;

/// How alike two names must be; `base_url` and `baseUrl` are equal once spelling conventions are set aside.
const LIKENESS: f32 = 0.7;

/// The candidate closest to `name`, letter case and separators set aside; `None` when nothing is close.
pub(super) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<(&str, String)> =
        candidates.filter(|known| *known != name).map(|known| (known, plain(known))).collect();
    let spellings: Vec<&str> = known.iter().map(|(_, spelling)| spelling.as_str()).collect();
    let best = *get_close_matches(plain(name).as_str(), &spellings, 1, LIKENESS).first()?;
    known.iter().find(|(_, spelling)| spelling == best).map(|(known, _)| *known)
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '$').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_name_meant_and_nothing_far_fetched() {
        let known = ["baseUrl", "x-api-key", "refresh-token", "audience"];
        let cases = [
            ("base_url", Some("baseUrl")),
            ("BASEURL", Some("baseUrl")),
            (" audience ", Some("audience")),
            ("refreshToken", Some("refresh-token")),
            ("refresh-tokn", Some("refresh-token")),
            ("password", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(closest(name, known.into_iter()), expected, "{name}");
        }
    }
}
