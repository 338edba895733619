//! Crossings paired, and what is missing made explicit.

use profile::presence::{Entry, Exit, GapReason};
use records::payload::Direction::{In, Out};

use crate::given::{corrected, crossing, day, folded, notice};

#[test]
fn entry_and_exit_make_a_stay() {
    let profile = folded(
        &[
            crossing("BX2", "2025-03-20T08:00", Out, Some("1")),
            crossing("BX1", "2025-03-01T10:00", In, Some("1")),
            notice("AF1", "2025-03-01", "2025-03-04", "2025-05-29", b"63", Some("1")),
        ],
        "2025-03-10",
    );
    let [stay] = &profile.stays[..] else {
        panic!("one stay")
    };
    assert_eq!(
        (stay.from(), stay.until()),
        (day("2025-03-01"), Some(day("2025-03-20")))
    );
    assert_eq!(
        stay.region_on(day("2025-03-02")).map(|r| r.as_str()),
        Some("63"),
        "from the day of entry"
    );
    assert_eq!(stay.proven().days_until(day("2026-01-01")), 20, "both days count");
    assert!(profile.stay().is_some());
    assert_eq!(
        profile.place.map(|place| place.region.to_string()).as_deref(),
        Some("63")
    );
}

#[test]
fn a_missing_exit_is_named_and_charges_no_day() {
    let profile = folded(
        &[
            crossing("BX1", "2025-01-01T10:00", In, Some("1")),
            notice("AF1", "2025-01-01", "2025-01-05", "2025-03-31", b"63", Some("1")),
            crossing("BX2", "2025-06-01T10:00", In, Some("2")),
        ],
        "2025-06-02",
    );
    let [first, second] = &profile.stays[..] else {
        panic!("two stays")
    };
    let Exit::Unrecorded {
        not_before,
        not_after,
        reason,
        ..
    } = &first.exit
    else {
        panic!("exit is missing")
    };
    assert_eq!((*not_before, *not_after), (day("2025-01-05"), day("2025-06-01")));
    assert_eq!(*reason, GapReason::EntryAfterEntry);
    assert_eq!(
        first.until(),
        Some(day("2025-01-05")),
        "no day after the last sign is held against the person"
    );
    assert!(matches!(second.exit, Exit::Open));
}

#[test]
fn an_exit_without_entry_is_named() {
    let profile = folded(
        &[crossing("BX1", "2025-01-10T10:00", Out, Some("1"))],
        "2025-01-10",
    );
    let [stay] = &profile.stays[..] else {
        panic!("one stay")
    };
    assert!(matches!(
        stay.entry,
        Entry::Unrecorded {
            not_before: None,
            reason: GapReason::ExitWithoutEntry,
            ..
        }
    ));
}

#[test]
fn a_notice_stands_in_for_a_missing_entry() {
    let profile = folded(
        &[
            notice("AF1", "2024-11-20", "2024-11-25", "2025-02-18", b"63", Some("1")),
            crossing("BX1", "2025-01-10T10:00", Out, Some("1")),
        ],
        "2025-01-10",
    );
    let [stay] = &profile.stays[..] else {
        panic!("one stay")
    };
    assert!(matches!(stay.entry, Entry::Notified { on, .. } if on == day("2024-11-20")));
    assert_eq!(stay.until(), Some(day("2025-01-10")));
}

#[test]
fn out_and_in_again_on_one_day_are_two_stays() {
    let profile = folded(
        &[
            crossing("BX1", "2025-01-01T10:00", In, Some("1")),
            crossing("BX2", "2025-02-01T09:00", Out, Some("1")),
            crossing("BX3", "2025-02-01T15:00", In, Some("2")),
        ],
        "2025-02-01",
    );
    let [first, second] = &profile.stays[..] else {
        panic!("two stays")
    };
    assert_eq!(first.until(), Some(day("2025-02-01")));
    assert_eq!((second.from(), second.until()), (day("2025-02-01"), None));
}

/// Clocks of two checkpoints in two time zones may show the exit before the entry.
#[test]
fn the_migration_card_orders_a_day_of_transit() {
    for card in [Some("9"), None] {
        let profile = folded(
            &[
                crossing("BX0", "2024-12-01T10:00", In, Some("1")),
                crossing("BX1", "2024-12-20T10:00", Out, Some("1")),
                crossing("BX2", "2025-02-01T05:00", Out, card),
                crossing("BX3", "2025-02-01T18:00", In, card),
            ],
            "2025-02-01",
        );
        let [_, transit] = &profile.stays[..] else {
            panic!("two stays, card {card:?}")
        };
        assert_eq!(
            (transit.from(), transit.until()),
            (day("2025-02-01"), Some(day("2025-02-01")))
        );
    }
}

#[test]
fn an_exit_on_another_card_shows_that_two_crossings_are_missing() {
    let profile = folded(
        &[
            crossing("BX1", "2025-01-01T10:00", In, Some("0111 1111111")),
            crossing("BX2", "2025-09-01T09:00", Out, Some("0222 2222222")),
        ],
        "2025-09-01",
    );
    let [first, second] = &profile.stays[..] else {
        panic!("two stays")
    };
    assert!(matches!(
        first.exit,
        Exit::Unrecorded {
            reason: GapReason::ExitOnAnotherCard,
            ..
        }
    ));
    assert!(matches!(second.entry, Entry::Unrecorded { .. }));
    assert_eq!(first.proven().days_until(day("2026-01-01")), 1);
}

#[test]
fn a_crossing_sent_twice_is_one_with_two_citations() {
    let profile = folded(
        &[
            crossing("BX1", "2025-01-01T10:00", In, Some("1")),
            crossing("BX9", "2025-01-01T10:00", In, Some("1")),
            crossing("BX2", "2025-02-01T09:00", Out, Some("1")),
        ],
        "2025-02-01",
    );
    assert_eq!(profile.stays.len(), 1);
    assert_eq!(profile.events.crossings[0].citations().count(), 2);
}

#[test]
fn a_corrected_crossing_counts_and_the_earlier_day_is_history() {
    let entry = crossing("BX1", "2025-01-01T10:00", In, Some("1"));
    let later = crossing("BX1", "2025-01-03T10:00", In, Some("1"));
    let correction = corrected(&entry, day("2025-02-01"), |record| {
        record.payload = later.payload.clone()
    });
    let profile = folded(&[correction, entry], "2025-02-02");
    assert_eq!(profile.stays[0].from(), day("2025-01-03"));
    assert_eq!(
        profile.events.crossings[0].earlier[0].fact.crossed_on,
        day("2025-01-01")
    );
    assert!(profile.corrections[0].event_changed);
}
