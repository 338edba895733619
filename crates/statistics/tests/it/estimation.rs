//! The rules by which missing crossings are completed, one test a rule, over registers made for it.

use jiff::civil::Date;
use profile::extract::{
    CitizenshipFrom, EntryRow, ExitRow, PermitRow, PlaceFrom, Pseudonym, Row, SignKind, SignRow, StayRow,
};
use proptest::prelude::*;
use records::{
    country::Country,
    payload::{PermitType, Purpose},
    region::RegionCode,
};
use statistics::{
    presence::{Basis, Presence},
    register::{Register, RegisterError},
    rules::StatisticsRules,
};

const MOSCOW: RegionCode = RegionCode::constant(b"77");

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn rules() -> StatisticsRules {
    StatisticsRules::parse(include_str!("../../../../packs/ru/statistics.toml")).unwrap()
}

fn pseudonym(number: u32) -> Pseudonym {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Pseudonym::from_bytes(bytes)
}

fn person(number: u32, stays: Vec<StayRow>) -> Row {
    Row {
        pseudonym: pseudonym(number),
        sex: None,
        birth_year: Some(1990),
        birth_month: Some(3),
        citizenships: vec![CitizenshipFrom {
            from: day("2020-01-01"),
            country: Country::constant(b"UZB"),
        }],
        stays,
        signs: Vec::new(),
        permits: Vec::new(),
        payments: Vec::new(),
    }
}

fn stay(entry: EntryRow, exit: ExitRow) -> StayRow {
    let from = match entry {
        EntryRow::Crossed { on } | EntryRow::Notified { on } => on,
        EntryRow::Missing { not_after, .. } => not_after,
    };
    StayRow {
        entry,
        exit,
        purpose: Some(Purpose::Tourism),
        places: vec![PlaceFrom {
            from,
            region: Some(MOSCOW),
        }],
        last_sign: from,
        notified_until: None,
    }
}

fn crossed(from: &str, until: &str) -> StayRow {
    stay(
        EntryRow::Crossed { on: day(from) },
        ExitRow::Crossed { on: day(until) },
    )
}

fn sign(kind: SignKind, from: &str, until: Option<&str>) -> SignRow {
    SignRow {
        kind,
        from: day(from),
        until: until.map(day),
        region: Some(MOSCOW),
    }
}

/// Three hundred tourists who stayed ten days each through 2024, one exit in a hundred lost; and the one in question.
fn presences_of(row: Row) -> Vec<Presence> {
    let tourists = (0..300_u32).map(|number| {
        let from = day("2024-01-01").saturating_add(jiff::Span::new().days(i64::from(number)));
        let until = from.saturating_add(jiff::Span::new().days(10));
        let mut stays = vec![stay(
            EntryRow::Crossed { on: from },
            ExitRow::Crossed { on: until },
        )];
        if number < 3 {
            let again = from.saturating_add(jiff::Span::new().days(50));
            stays[0].exit = ExitRow::Missing {
                not_before: from,
                not_after: again,
            };
            stays.push(stay(
                EntryRow::Crossed { on: again },
                ExitRow::Crossed { on: again },
            ));
        }
        person(number + 10, stays)
    });
    let wanted = row.pseudonym;
    let end = person(9, vec![crossed("2024-12-31", "2024-12-31")]);
    let register = Register::build(tourists.chain([row, end]), &rules()).unwrap();
    register.find_person(wanted).unwrap().presences.clone()
}

#[test]
fn an_open_stay_goes_on_while_stays_last_so_long() {
    let fresh = presences_of(person(
        1,
        vec![stay(
            EntryRow::Crossed {
                on: day("2024-12-25"),
            },
            ExitRow::Open,
        )],
    ));
    assert_eq!((fresh[0].until, fresh[0].exit), (None, Basis::Outside));
    let stale = presences_of(person(
        1,
        vec![stay(
            EntryRow::Crossed {
                on: day("2024-03-01"),
            },
            ExitRow::Open,
        )],
    ));
    assert_eq!(
        (stale[0].until, stale[0].exit),
        (Some(day("2024-03-11")), Basis::Presumed)
    );
}

#[test]
fn a_tie_carries_an_open_stay() {
    let mut row = person(
        1,
        vec![stay(
            EntryRow::Crossed {
                on: day("2024-03-01"),
            },
            ExitRow::Open,
        )],
    );
    row.signs = vec![sign(SignKind::Insured, "2024-03-05", None)];
    assert_eq!(presences_of(row)[0].until, None);
}

#[test]
fn a_missing_exit_lies_where_half_of_such_stays_had_ended() {
    let missing = ExitRow::Missing {
        not_before: day("2024-03-01"),
        not_after: day("2024-09-01"),
    };
    let row = person(
        1,
        vec![
            stay(
                EntryRow::Crossed {
                    on: day("2024-03-01"),
                },
                missing,
            ),
            crossed("2024-09-01", "2024-09-05"),
        ],
    );
    let presences = presences_of(row);
    assert_eq!(
        (presences[0].until, presences[0].exit),
        (Some(day("2024-03-11")), Basis::Presumed)
    );
}

#[test]
fn an_exit_too_late_for_a_stay_begun_before_has_lost_its_entry() {
    let missing = |exit: &str| {
        let entry = EntryRow::Missing {
            not_before: None,
            not_after: day(exit),
        };
        person(1, vec![stay(entry, ExitRow::Crossed { on: day(exit) })])
    };
    let early = presences_of(missing("2024-01-06"));
    assert_eq!(
        (early[0].entry, early[0].from),
        (Basis::Outside, day("2023-12-31"))
    );
    let late = presences_of(missing("2024-08-01"));
    assert_eq!(
        (late[0].entry, late[0].from),
        (Basis::Presumed, day("2024-07-22"))
    );
}

#[test]
fn a_permit_annulled_without_any_later_sign_ends_the_stay() {
    let mut row = person(
        1,
        vec![stay(
            EntryRow::Crossed {
                on: day("2024-02-01"),
            },
            ExitRow::Open,
        )],
    );
    row.signs = vec![sign(SignKind::Residence, "2022-01-01", Some("2024-06-30"))];
    row.permits = vec![PermitRow {
        permit_type: PermitType::PermanentResidence,
        from: day("2022-01-01"),
        until: Some(day("2024-06-30")),
        region: MOSCOW,
        annulled_on: Some(day("2024-06-30")),
    }];
    assert_eq!(presences_of(row.clone())[0].until, Some(day("2024-06-30")));
    row.signs
        .push(sign(SignKind::Certificate, "2024-12-20", Some("2024-12-20")));
    assert_eq!(presences_of(row)[0].until, None, "somebody seen later is here");
}

#[test]
fn belarusians_are_present_by_their_ties() {
    let mut row = person(1, Vec::new());
    row.citizenships[0].country = Country::constant(b"BLR");
    row.signs = vec![
        sign(SignKind::ContractConcluded, "2024-02-01", Some("2024-02-01")),
        sign(SignKind::Insured, "2024-02-01", Some("2024-07-31")),
        sign(SignKind::ContractEnded, "2024-07-31", Some("2024-07-31")),
    ];
    let presences = presences_of(row);
    assert_eq!(presences.len(), 1);
    assert!(presences[0].covers(day("2024-05-01")) && !presences[0].covers(day("2024-11-01")));
    assert_eq!(presences[0].region_on(day("2024-05-01")), Some(MOSCOW));
}

#[test]
fn a_pseudonym_stands_for_one_person() {
    let twice = [
        person(1, vec![crossed("2024-01-01", "2024-01-05")]),
        person(1, Vec::new()),
    ];
    assert_eq!(
        Register::build(twice, &rules()).err(),
        Some(RegisterError::PseudonymTwice { row: 1 })
    );
    assert_eq!(
        Register::build([person(1, Vec::new())], &rules()).err(),
        Some(RegisterError::NothingObserved)
    );
}

fn any_day() -> impl Strategy<Value = Date> {
    (0_i64..900).prop_map(|number| day("2023-06-01").saturating_add(jiff::Span::new().days(number)))
}

fn any_stays() -> impl Strategy<Value = Vec<StayRow>> {
    let ends = prop::collection::vec((any_day(), 0_u8..3, 0_u8..3), 0..6);
    ends.prop_map(|mut ends| {
        ends.sort();
        let next: Vec<Option<Date>> = ends.iter().skip(1).map(|end| Some(end.0)).chain([None]).collect();
        ends.into_iter()
            .zip(next)
            .map(|((from, entry, exit), next)| {
                let until = next.unwrap_or(from).max(from);
                let entry = match entry {
                    0 => EntryRow::Crossed { on: from },
                    1 => EntryRow::Notified { on: from },
                    _ => EntryRow::Missing {
                        not_before: None,
                        not_after: from,
                    },
                };
                let exit = match (exit, next) {
                    (0, _) => ExitRow::Crossed { on: until },
                    (_, Some(next)) => ExitRow::Missing {
                        not_before: from,
                        not_after: next,
                    },
                    (_, None) => ExitRow::Open,
                };
                stay(entry, exit)
            })
            .collect()
    })
}

fn any_sign() -> impl Strategy<Value = SignRow> {
    let kind = prop_oneof![
        Just(SignKind::Notice),
        Just(SignKind::Residence),
        Just(SignKind::Insured),
        Just(SignKind::Studies),
        Just(SignKind::ContractConcluded),
        Just(SignKind::ContractEnded),
        Just(SignKind::Certificate),
    ];
    (kind, any_day(), prop::option::of(0_i64..400)).prop_map(|(kind, from, length)| {
        let until = length.map(|days| from.saturating_add(jiff::Span::new().days(days)));
        SignRow {
            kind,
            from,
            until,
            region: Some(MOSCOW),
        }
    })
}

proptest! {
    /// Whatever is missing, nobody is in the country twice at one time.
    #[test]
    fn presences_follow_one_another(
        stays in any_stays(),
        signs in prop::collection::vec(any_sign(), 0..8),
        belarusian in any::<bool>(),
    ) {
        let mut row = person(1, stays);
        row.signs = signs;
        if belarusian {
            row.citizenships[0].country = Country::constant(b"BLR");
        }
        let presences = presences_of(row);
        for presence in &presences {
            prop_assert!(presence.until.is_none_or(|until| presence.from <= until), "{presence:?}");
        }
        for pair in presences.windows(2) {
            prop_assert!(pair[0].until.is_some_and(|until| until <= pair[1].from), "{pair:?}");
        }
    }
}
