//! What Asterisk reports from the views equals what it reports for the same settings in its own files.
//!
//! For each stack two Asterisks run side by side with the same accounts. One has them in `sip.conf` or `pjsip.conf`,
//! some written by hand beside their rows (`cases`), many made up (`generated`). The other reads the views. Both are
//! asked all they know of each account, and may differ in nothing but what registrations change (`report`).

mod broken;
mod case;
mod cases;
mod console;
mod generated;
mod report;
mod stack;
mod subject;

use broken::Break;
use report::Difference;
use stack::{Pair, Stack};

/// Number of accounts made up.
const GENERATED: usize = 250;

/// What Asterisk complains of in its own files, or whatever it reads.
const NOT_ABOUT_THE_VIEWS: [(&str, &str); 5] = [
    (
        "sip/config_parser.c: nat=yes is deprecated",
        "the word of the Voice section, as administrators still write it",
    ),
    (
        "chan_sip.c: !!!",
        "the advice to give all peers the same `nat`, which chan_sip has for files alone",
    ),
    (
        "Serious Network Trouble; __sip_xmit returns error",
        "nobody is at the fixed hosts that chan_sip asks",
    ),
    (
        "registered during operation. Enable PJSIP_SAFE_MODULE",
        "PJSIP asks the fixed hosts before all of its modules are there",
    ),
    ("queue reached 500 scheduled tasks", "this machine is busy"),
];

/// Asks for everything, reloads, and asks again.
fn is_the_same_from_both(stack: Stack) {
    let mut subjects = cases::all();
    subjects.extend(generated::accounts(GENERATED));
    let mut pair = Pair::start(stack, &subjects).unwrap();
    assert_same(&pair.compare_all(&subjects).unwrap());
    pair.reload().unwrap();
    assert_same(&pair.compare_all(&subjects).unwrap());
    for side in [&pair.files, &pair.views] {
        let mut complaints = side.complaints().unwrap();
        complaints.retain(|line| !NOT_ABOUT_THE_VIEWS.iter().any(|(known, _)| line.contains(known)));
        assert_eq!(complaints, [""; 0]);
    }
}

#[track_caller]
fn assert_same(found: &[Difference]) {
    let all: String = found.iter().map(|difference| format!("\n{difference}")).collect();
    assert!(found.is_empty(), "- from files, + from views{all}");
}

#[test]
fn chan_sip_of_16_says_the_same_of_views_and_files() {
    is_the_same_from_both(Stack::Sip16);
}

#[test]
fn pjsip_of_16_says_the_same_of_views_and_files() {
    is_the_same_from_both(Stack::Pjsip16);
}

#[test]
fn pjsip_of_22_says_the_same_of_views_and_files() {
    is_the_same_from_both(Stack::Pjsip22);
}

/// Breaks each column of each mapping, one at a time.
fn shows_each_broken_mapping(stack: Stack) {
    let subjects = cases::all();
    let mut pair = Pair::start(stack, &subjects).unwrap();
    assert_same(&pair.compare_all(&subjects).unwrap());
    let breaks = broken::breaks(stack);
    assert_eq!(broken::unbroken(&pair.db, &breaks), [""; 0]);
    let unseen: Vec<String> = breaks
        .iter()
        .filter_map(|this: &Break| this.is_seen(&mut pair, &subjects).err())
        .map(|error| format!("{error:#}"))
        .collect();
    assert_eq!(unseen, [""; 0]);
    pair.forget().unwrap();
    assert_same(&pair.compare_all(&subjects).unwrap());
}

#[test]
fn chan_sip_of_16_shows_each_broken_mapping() {
    shows_each_broken_mapping(Stack::Sip16);
}

#[test]
fn pjsip_of_16_shows_each_broken_mapping() {
    shows_each_broken_mapping(Stack::Pjsip16);
}

#[test]
fn pjsip_of_22_shows_each_broken_mapping() {
    shows_each_broken_mapping(Stack::Pjsip22);
}
