//! The command line as it was typed, for whoever wants to run it again.

use postproof::redact::Redactor;

/// Options whose values are secrets.
const SECRET: [&str; 2] = ["--postman-api-key", "--ssl-client-passphrase"];

/// The command, quoted for a shell, without `--folder`: what is run again is chosen anew. What is secret in it, the
/// redactor learns.
pub(crate) fn command(redactor: &mut Redactor) -> String {
    let typed: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    of(&typed, redactor)
}

fn of(typed: &[String], redactor: &mut Redactor) -> String {
    let mut words = vec!["postproof"];
    let mut typed = typed.iter().map(String::as_str);
    while let Some(word) = typed.next() {
        let (option, attached) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            _ => (word, None),
        };
        redactor.learn_url(word);
        if option == "--folder" {
            if attached.is_none() {
                typed.next();
            }
            continue;
        }
        words.push(word);
        if SECRET.contains(&option) {
            let value = attached.or_else(|| typed.next()).unwrap_or_default();
            redactor.add(option.trim_start_matches('-'), value);
            if attached.is_none() {
                words.push(value);
            }
        }
    }
    shlex::try_join(words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_without_what_selects_and_without_secrets() {
        let typed = |line: &str| shlex::split(line).unwrap();
        let mut redactor = Redactor::with_key([0; 16]);
        let line = "run 'my api.json' --folder a --folder=b --postman-api-key PMAK-1234 -e http://u:hunter22@h/e.json";
        let command = of(&typed(line), &mut redactor);
        let shown = redactor.mask_text(&command);
        assert!(shown.starts_with("postproof run 'my api.json' --postman-api-key"), "{shown}");
        assert!(
            !shown.contains("PMAK") && !shown.contains("hunter22") && !shown.contains("folder"),
            "{shown}"
        );
    }
}
