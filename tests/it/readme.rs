//! The README is true: its commands exist and its picture is what the program prints.

use crate::support::{in_repo, postproof, scratch};

fn readme() -> String {
    std::fs::read_to_string(in_repo("README.md")).unwrap()
}

/// Lines of the README's shell blocks that run this program, without the comments behind them.
fn commands() -> Vec<Vec<String>> {
    let text = readme();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let words =
        |line: &str| line.split("  #").next().unwrap().split_whitespace().map(str::to_owned).collect();
    blocks.flat_map(str::lines).filter(|line| line.starts_with("postproof ")).map(words).collect()
}

#[test]
fn every_option_it_names_exists() {
    let commands = commands();
    assert!(commands.len() >= 8);
    for command in commands {
        let help = postproof().args([&command[1], "--help"]).output().unwrap();
        assert!(help.status.success(), "postproof {} is no command", command[1]);
        let help = String::from_utf8(help.stdout).unwrap();
        for option in command.iter().filter(|word| word.starts_with('-')) {
            let option = option.split('=').next().unwrap();
            let known = help.split([' ', ',', '\n', '=', '[']).any(|word| word == option);
            assert!(known, "`{}`: no option {option}", command.join(" "));
        }
    }
}

#[test]
fn every_file_it_names_exists() {
    let text = readme();
    let named = text.split(['`', ' ', '(', ')', '\n']).filter(|word| {
        ["collections/", "environments/", "tests/", "src/", ".ci/"]
            .iter()
            .any(|folder| word.starts_with(folder))
    });
    for word in named {
        assert!(in_repo(word).exists(), "the README names {word}");
    }
}

#[test]
fn its_picture_is_what_the_program_prints() {
    let text = readme();
    let picture = text.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let output = postproof()
        .args(["conform", "--fault", "one-slot-store", "-r", "cli"])
        .current_dir(scratch("readme"))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    // How often a probe has to be repeated is up to the clock, and with it how many requests there are.
    let counted = |line: &str| line.contains("--> request ") || line.starts_with("FAIL ");
    let lasting = |line: &&str| !line.is_empty() && !counted(line) && *line != "…";
    for line in picture.lines().filter(lasting).filter(|line| !line.starts_with('$')) {
        assert!(
            printed.contains(line.trim_end()),
            "the picture shows a line that is not printed:\n{line}\n\n{printed}"
        );
    }
}
