use super::moves::*;
use super::shrink::Shrinking;
use super::tampered;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::collections::BTreeSet;

const GENERATOR: Generator =
    Generator { logins: 2, clients: 2, names_clients: true, has_secrets: false, controls: true };

fn sequence(seed: u64, there: [bool; SLOTS]) -> Vec<Move> {
    let mut rng = StdRng::seed_from_u64(seed);
    (0..2_000).map(|_| GENERATOR.next(&mut rng, &there)).collect()
}

#[test]
fn a_seed_chooses_the_same_moves_and_another_one_others() {
    assert_eq!(sequence(7, [true; SLOTS]), sequence(7, [true; SLOTS]));
    assert_ne!(sequence(7, [true; SLOTS]), sequence(8, [true; SLOTS]));
}

#[test]
fn every_kind_of_move_comes_up_and_none_that_is_not_possible() {
    let told: BTreeSet<String> = sequence(1, [true; SLOTS]).into_iter().map(Move::told).collect();
    for part in [
        "log in",
        "redeem the newest token of session B",
        "redeem the used token of session A",
        "used 3 rotations ago",
        "another session's",
        "the access token of session C",
        "changed",
        "made-up",
        "an empty token",
        "no token",
        "no application",
        "unknown application",
        "disable the subject",
        "enable the subject",
        "with the access token before, of session",
    ] {
        assert!(told.iter().any(|text| text.contains(part)), "{part}");
    }
    assert!(!told.iter().any(|text| text.contains("secret")), "applications have none");
    assert!(sequence(1, [false; SLOTS]).iter().all(|next| matches!(next, Move::LogIn { .. })));
}

fn shrink(sequence: Vec<u32>, fails: impl Fn(&[u32]) -> bool) -> Vec<u32> {
    let mut shrinking = Shrinking::new(sequence, 1_000);
    while let Some(candidate) = shrinking.next() {
        let failed = fails(&candidate);
        shrinking.tell(failed);
    }
    shrinking.into_shortest()
}

#[test]
fn what_is_not_needed_is_left_out_wherever_it_stands() {
    let all: Vec<u32> = (0..40).collect();
    let needs = |needed: &'static [u32]| move |tried: &[u32]| needed.iter().all(|n| tried.contains(n));
    for needed in [&[0_u32, 39][..], &[3, 17, 18], &[5], &[0, 1, 2, 3, 4, 5, 6, 7]] {
        assert_eq!(shrink(all.clone(), needs(needed)), needed);
    }
    // One of two that are alike is enough.
    assert_eq!(shrink(vec![1, 9, 1, 9], |tried| tried.contains(&1)).len(), 1);
    assert_eq!(shrink(vec![4], |_| true), [4]);
}

#[test]
fn tries_are_counted() {
    let mut shrinking = Shrinking::new((0..40).collect::<Vec<u32>>(), 5);
    let mut tries = 0;
    while shrinking.next().is_some() {
        shrinking.tell(false);
        tries += 1;
    }
    assert_eq!(tries, 5);
}

#[test]
fn a_changed_token_differs_in_its_middle() {
    assert_eq!(tampered("abcde").as_deref(), Some("abAde"));
    assert_eq!(tampered("abAde").as_deref(), Some("abBde"));
    assert_eq!(tampered(""), None);
}
