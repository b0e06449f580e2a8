//! Storms told by hand.

use super::*;
use crate::verdict::CheckResult;

fn check(story: &mut Story, id: &str) -> CheckResult {
    story.ledger.conclude().into_iter().find(|check| check.id == id).unwrap()
}

/// A storm of redeems of `r0`: so many are answered with a successor each, the others with a refusal.
fn race(story: &mut Story, winners: u32, losers: u32) {
    story.login("r0").storm(|story| {
        for winner in 1..=winners {
            story.rotate("r0", &format!("r{winner}"));
        }
        for _ in 0..losers {
            story.refuse("r0");
        }
    });
}

#[test]
fn one_winner_passes_with_its_power() {
    let mut story = Story::new();
    race(&mut story, 1, 19);
    story.rotate("r1", "s1");
    let race = check(&mut story, "rt.race");
    assert_eq!(race.verdict, Verdict::Pass);
    assert!(race.reason.contains("1 storms of 20, exactly one winner each"), "{}", race.reason);
    assert!(race.reason.contains("fewer than 95 %"), "{}", race.reason);
    assert!(race.reason.contains("within 0.10 ms"), "{}", race.reason);
    let winner = check(&mut story, "rt.race.winner");
    assert!(winner.reason.contains("works each time"), "{}", winner.reason);
    assert_eq!(story.failed(), Vec::<String>::new());
    assert_eq!(story.with_verdict(Verdict::Warn), Vec::<String>::new());
}

#[test]
fn two_winners_none_and_an_error_of_the_server_are_violations() {
    type Tell = fn(&mut Story);
    let stories: [(Tell, &str); 4] = [
        (|story| race(story, 2, 18), "1 of 1 storms had more than one winner: up to 2 of 20"),
        (|story| race(story, 0, 20), "1 of 1 storms of redeems of a fresh token had no winner"),
        (
            |story| {
                story.login("r0").storm(|story| {
                    story.rotate("r0", "r1").redeem("r0", 500, json!({}));
                });
            },
            "1 simultaneous redeem(s) were answered by an error of the server, first 500",
        ),
        (
            |story| {
                story.login("r0").storm(|story| {
                    story.rotate("r0", "r1").redeem("r0", 409, refusal("BUSY"));
                });
            },
            "did not get the documented refusal but 409 BUSY (1 times)",
        ),
    ];
    for (tell, expected) in stories {
        let mut story = Story::new();
        tell(&mut story);
        let race = check(&mut story, "rt.race");
        assert_eq!(race.verdict, Verdict::Warn, "{expected}");
        assert!(race.reason.contains(expected), "{}", race.reason);
        assert!(!race.evidence.is_empty());
    }
}

#[test]
fn successors_that_work_are_counted_apart() {
    let mut story = Story::new();
    race(&mut story, 3, 0);
    story.refuse("r1").refuse("r2").rotate("r3", "s");
    let race = check(&mut story, "rt.race");
    assert!(race.reason.contains("with 3 successor(s), of which 1 work"), "{}", race.reason);
}

#[test]
fn what_used_tokens_come_to_anyway_is_not_found_once_more() {
    let mut story = Story::new();
    story.login("a0").wait(1e3).rotate("a0", "a1").rotate("a0", "a2");
    race(&mut story, 2, 0);
    assert_eq!(check(&mut story, "rt.race").verdict, Verdict::Skip);
    let mut story = Story::new();
    story.login("a0").rotate("a0", "a1").redeem("a0", 401, refusal("TOKEN_USED"));
    story.login("r0").storm(|story| {
        story.rotate("r0", "r1").redeem("r0", 401, refusal("TOKEN_USED"));
    });
    assert_eq!(check(&mut story, "rt.race").verdict, Verdict::Pass);
}

#[test]
fn a_storm_that_was_refused_for_its_size_says_nothing() {
    let mut story = Story::new();
    story.login("r0").storm(|story| {
        story.redeem("r0", 429, json!({})).redeem("r0", 429, json!({}));
    });
    assert_eq!(check(&mut story, "rt.race").verdict, Verdict::Skip);
}

#[test]
fn a_token_that_is_lost_among_others_has_no_order() {
    let told = |after: fn(&mut Story) -> &mut Story| {
        let mut story = Story::new();
        story.login("a0").storm(|story| {
            story.rotate("a0", "a1").login("b0");
        });
        after(&mut story);
        check(&mut story, "rt.race.mixed")
    };
    assert_eq!(told(|story| story.rotate("a1", "a2").rotate("b0", "b1")).verdict, Verdict::Pass);
    let lost = told(|story| story.rotate("a1", "a2").refuse("b0"));
    assert_eq!(lost.verdict, Verdict::Warn);
    assert!(lost.reason.contains("in 1 of 1 storms no order"), "{}", lost.reason);
    assert!(lost.reason.contains("→ refused] can come"), "{}", lost.reason);
}

#[test]
fn a_lost_answer_is_told_by_whether_its_token_works_again() {
    for (again, expected) in [(true, "accepted again in 1 of 1"), (false, "accepted again in 0 of 1")] {
        let mut story = Story::new();
        story.login("r0").storm(|story| {
            story.send("/accounts/refresh-token", Some("key"), json!({"refreshToken": "r0"}), None);
        });
        if again {
            story.rotate("r0", "r1")
        } else {
            story.refuse("r0")
        };
        let lost = check(&mut story, "rt.lost");
        assert!(lost.reason.contains(expected), "{}", lost.reason);
        assert_eq!(story.failed(), Vec::<String>::new());
    }
}

/// A storm of redeems of `r0`: those told of, then so many answered with 429, and so many not at all.
fn crowded(tell: fn(&mut Story) -> &mut Story, limited: u32, lost: u32) -> CheckResult {
    let mut story = Story::new();
    story.login("r0").storm(|story| {
        tell(story);
        for n in 0..limited {
            story.redeem("r0", if n % 2 == 0 { 429 } else { 503 }, json!({}));
        }
        for _ in 0..lost {
            story.send("/accounts/refresh-token", Some("key"), json!({"refreshToken": "r0"}), None);
        }
    });
    check(&mut story, "rt.race")
}

#[test]
fn a_race_is_judged_by_the_requests_that_competed() {
    type Tell = fn(&mut Story) -> &mut Story;
    let alone: Tell = |story| story.rotate("r0", "r1");
    let two: Tell = |story| story.rotate("r0", "r1").refuse("r0");
    let losers: Tell = |story| story.refuse("r0").refuse("r0");
    let limited = crowded(alone, 19, 0);
    assert_eq!(limited.verdict, Verdict::Skip, "{}", limited.reason);
    assert!(limited.reason.contains("at most 1 of 20 redeems"), "{}", limited.reason);
    assert!(limited.reason.contains("up to 19 were turned away"), "{}", limited.reason);
    // Which of those without an answer won, nobody knows.
    let unseen = crowded(losers, 0, 18);
    assert_eq!(unseen.verdict, Verdict::Skip, "{}", unseen.reason);
    assert!(unseen.reason.contains("no winner was seen"), "{}", unseen.reason);
    let reset = crowded(two, 0, 18);
    assert_eq!(reset.verdict, Verdict::Pass, "{}", reset.reason);
    assert!(reset.reason.contains("storms of 20 in which as few as 2 competed"), "{}", reset.reason);
    assert_eq!(crowded(alone, 0, 19).verdict, Verdict::Error);
    // What is wrong among few is wrong.
    let both = crowded(|story| story.rotate("r0", "r1").rotate("r0", "r2"), 9, 9);
    assert_eq!(both.verdict, Verdict::Warn, "{}", both.reason);
}

#[test]
fn a_storm_in_which_nothing_raced_adds_nothing_to_the_power() {
    let mut story = Story::new();
    race(&mut story, 1, 19);
    story.login("q0").storm(|story| {
        story.rotate("q0", "q1").redeem("q0", 429, json!({}));
    });
    let race = check(&mut story, "rt.race");
    assert_eq!(race.verdict, Verdict::Pass);
    assert!(race.reason.contains("1 storms of 20, exactly one winner each"), "{}", race.reason);
    assert!(race.reason.contains("1 other storm(s) say nothing"), "{}", race.reason);
}

#[test]
fn answers_that_say_nothing_explain_nothing() {
    let told = |status: Option<u16>| {
        let mut story = Story::new();
        story.login("a0").login("b0").storm(|story| {
            for token in ["a0", "b0"] {
                let answer = status.map(|status| (status, json!({})));
                story.send("/accounts/refresh-token", Some("key"), json!({"refreshToken": token}), answer);
            }
        });
        check(&mut story, "rt.race.mixed")
    };
    let limited = told(Some(429));
    assert_eq!(limited.verdict, Verdict::Skip, "{}", limited.reason);
    assert!(limited.reason.contains("of 2 requests at the same moment only 0"), "{}", limited.reason);
    assert_eq!(told(None).verdict, Verdict::Error);
    // Logins alone, however many, say nothing of redeems.
    let mut story = Story::new();
    story.login("a0").storm(|story| {
        story.redeem("a0", 429, json!({})).login("b0").login("c0");
    });
    let alone = check(&mut story, "rt.race.mixed");
    assert_eq!(alone.verdict, Verdict::Skip, "{}", alone.reason);
    assert!(alone.reason.contains("only 2 got an answer"), "{}", alone.reason);
}

#[test]
fn a_storm_that_never_ended_is_dropped() {
    let mut story = Story::new();
    story.ledger.storm_begins();
    story.ledger.storm_begins();
    assert_eq!(check(&mut story, "rt.race.mixed").verdict, Verdict::Skip);
    assert_eq!(check(&mut story, "rt.race").verdict, Verdict::Skip);
}
