//! What holds for every set of records.

use jiff::civil::Date;
use profile::{
    extract::{Pseudonym, row},
    fold::fold,
    linked::LinkedRecord,
    view::Profile,
};
use proptest::prelude::*;
use records::{envelope::Record, key::ProfileId, payload::Direction, subject::Name};

use crate::given::{corrected, crossing, day, linked, midnight, notice, rules};

fn on_day(number: u16) -> Date {
    day("2024-01-01").saturating_add(jiff::Span::new().days(i32::from(number)))
}

/// A record of some day, now and then with a slip, under one of few ids so that duplicates and corrections occur.
fn any_record() -> impl Strategy<Value = Record> {
    let card = prop_oneof![Just(None), Just(Some("0111 1111111")), Just(Some("0222 2222222"))];
    (0_u16..400, 0_u8..40, 0_u8..24, 0_u8..3, card, 0_u8..4).prop_map(
        |(number, id, hour, kind, card, slip)| {
            let at = on_day(number);
            let mut record = match kind {
                0 => crossing(
                    &format!("BX{id}"),
                    &format!("{at}T{hour:02}:15"),
                    Direction::In,
                    card,
                ),
                1 => crossing(
                    &format!("BX{id}"),
                    &format!("{at}T{hour:02}:15"),
                    Direction::Out,
                    card,
                ),
                _ => {
                    let until = on_day(number + 90).to_string();
                    notice(
                        &format!("AF{id}"),
                        &at.to_string(),
                        &on_day(number + 3).to_string(),
                        &until,
                        b"63",
                        card,
                    )
                }
            };
            if slip == 0 {
                record.subject.latin = Some(Name {
                    surname: "KARIMV".into(),
                    given: "JASUR".into(),
                    ..Name::default()
                });
            }
            match slip {
                1 => corrected(&record, on_day(number + 20), |record| record.subject.sex = None),
                _ => record,
            }
        },
    )
}

fn view(records: &[LinkedRecord], known_at: Date) -> Profile {
    fold(
        ProfileId::from_random_bits(7),
        records,
        day("2024-12-01"),
        midnight(known_at),
        &rules(),
    )
}

fn json(profile: &Profile) -> String {
    serde_json::to_string(profile).unwrap()
}

proptest! {
    /// Whatever the order in which records arrive, and however often the same one arrives, the profile is the same.
    #[test]
    fn order_and_repetition_change_nothing(
        (as_sent, shuffled) in prop::collection::vec(any_record(), 0..24)
            .prop_flat_map(|records| (Just(records.clone()), Just([records.clone(), records].concat()).prop_shuffle())),
    ) {
        let fold_all = |records: Vec<Record>| {
            let linked: Vec<LinkedRecord> = records.into_iter().map(linked).collect();
            json(&view(&linked, day("2030-01-01")))
        };
        prop_assert_eq!(fold_all(as_sent), fold_all(shuffled));
    }

    /// What was answered about a past known time is answered again, whatever has come since.
    #[test]
    fn a_past_answer_never_changes(records in prop::collection::vec(any_record(), 0..24), known in 0_u16..450) {
        let known_at = on_day(known);
        let all: Vec<LinkedRecord> = records.into_iter().map(linked).collect();
        let then: Vec<LinkedRecord> =
            all.iter().filter(|linked| linked.record.received_at <= midnight(known_at)).cloned().collect();
        prop_assert_eq!(json(&view(&then, known_at)), json(&view(&all, known_at)));
    }

    /// A link withdrawn today leaves yesterday's answer as it was, and today's without the record.
    #[test]
    fn a_withdrawn_link_is_history(records in prop::collection::vec(any_record(), 1..12)) {
        let all: Vec<LinkedRecord> = records.into_iter().map(linked).collect();
        let withdrawn: Vec<LinkedRecord> = all
            .iter()
            .cloned()
            .map(|linked| LinkedRecord { linked_until: Some(midnight(day("2026-01-01"))), ..linked })
            .collect();
        prop_assert_eq!(json(&view(&withdrawn, day("2025-12-31"))), json(&view(&all, day("2025-12-31"))));
        prop_assert!(view(&withdrawn, day("2026-01-01")).events.crossings.is_empty());
    }

    /// Stays follow one another; two share a day at most.
    #[test]
    fn stays_do_not_overlap(records in prop::collection::vec(any_record(), 0..30)) {
        let all: Vec<LinkedRecord> = records.into_iter().map(linked).collect();
        let profile = view(&all, day("2030-01-01"));
        for pair in profile.stays.windows(2) {
            prop_assert!(pair[0].until().is_some_and(|until| until <= pair[1].from()), "{:?}", pair[0].until());
        }
        for stay in &profile.stays {
            prop_assert!(stay.until().is_none_or(|until| stay.from() <= until));
            prop_assert_eq!(stay.segments.first().map(|s| s.span.from), Some(stay.from()));
        }
    }

    /// Nothing that names a person leaves for statistics.
    #[test]
    fn the_extract_names_nobody(records in prop::collection::vec(any_record(), 1..12)) {
        let all: Vec<LinkedRecord> = records.into_iter().map(linked).collect();
        let row = row(&view(&all, day("2030-01-01")), Pseudonym::from_bytes([9; 32]));
        let text = serde_json::to_string(&row).unwrap();
        let secrets = ["KARIMOV", "JASUR", "FA1234567", "0111", "Самара", "BX", "AF", "Хозяин", "1985-03"];
        prop_assert!(secrets.iter().all(|secret| !text.contains(secret)));
    }
}
