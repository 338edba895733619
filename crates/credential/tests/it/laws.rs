//! What must hold for every statement and every text.

use credential::{
    Answer, Binding, CredentialId, Grant, IssuerId, Purpose, ReasonCode, Statement, Verdict, issue,
    statement::{Condition, REGIONS_MAX},
    verify,
};
use jiff::{SignedDuration, ToSpan as _};
use proptest::prelude::*;
use records::{
    Day, country::Country, document::DocumentNumber, partial_date::PartialDate, region::RegionCode,
};

use crate::{
    forge::{ANSWER, Forge, text_of_bytes},
    support,
};

fn days() -> impl Strategy<Value = Day> {
    (0..20_000_i32).prop_map(|days| Day::constant(2026, 12, 1).checked_add(days.days()).unwrap())
}

fn past_days() -> impl Strategy<Value = Day> {
    (0..20_000_i32).prop_map(|days| Day::constant(2026, 11, 24).checked_sub(days.days()).unwrap())
}

fn reasons() -> impl Strategy<Value = ReasonCode> {
    "[a-z0-9_.]{1,32}".prop_map(|raw| ReasonCode::parse(&raw).unwrap())
}

fn grants() -> impl Strategy<Value = Grant> {
    let regions = prop::collection::btree_set(0..100_u8, 0..=REGIONS_MAX).prop_map(|codes| {
        codes
            .into_iter()
            .map(|code| RegionCode::parse(&format!("{code:02}")).unwrap())
            .collect()
    });
    let conditions =
        prop::sample::subsequence(vec![Condition::NamedEmployer, Condition::NamedProfession], 0..=2);
    (prop::option::of(days()), regions, conditions).prop_map(|(until, regions, conditions)| Grant {
        until,
        regions,
        conditions: conditions.into_iter().collect(),
    })
}

fn answers() -> impl Strategy<Value = Answer> {
    prop_oneof![
        grants().prop_map(Answer::Yes),
        reasons().prop_map(|reason| Answer::No { reason }),
        (reasons(), past_days()).prop_map(|(reason, since)| Answer::Undetermined { reason, since }),
    ]
}

fn bindings() -> impl Strategy<Value = Binding> {
    "[A-Z0-9]{1,20}".prop_map(|number| {
        let number = DocumentNumber::parse(&number).unwrap();
        Binding::of(
            Country::constant(b"TJK"),
            &number,
            &PartialDate::parse_iso("1990").unwrap(),
        )
    })
}

fn statements() -> impl Strategy<Value = Statement> {
    let purposes = prop::sample::select(Purpose::ALL.to_vec());
    let times = (0..1_000_i64, 1..500_000_i64, prop::option::of(0..1_000_i64));
    (
        any::<[u8; 8]>(),
        purposes,
        answers(),
        prop::option::of(bindings()),
        times,
    )
        .prop_map(|(id, purpose, answer, binding, (age, life, begun))| Statement {
            issuer: IssuerId::parse("RU-MVD").unwrap(),
            credential: CredentialId::from_random_bytes(id),
            purpose,
            answer,
            binding,
            issued_at: support::noon() - SignedDuration::from_secs(age),
            not_before: begun.map(|age| support::noon() - SignedDuration::from_secs(age)),
            expires_at: support::noon() + SignedDuration::from_secs(life),
        })
}

proptest! {
    #[test]
    fn what_is_issued_is_what_is_verified(statement in statements()) {
        let text = issue(&statement, &support::issuer()).unwrap();
        let verdict = verify(text.as_str(), &support::trust(), support::noon());
        prop_assert_eq!(verdict, Verdict::Valid(Box::new(statement)));
    }

    /// Not even undetermined: a changed text is never left open.
    #[test]
    fn one_changed_byte_is_refused(statement in statements(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let text = issue(&statement, &support::issuer()).unwrap();
        let mut bytes = base45::decode(&text.as_str()[4..]).unwrap();
        *at.get_mut(&mut bytes) ^= flip;
        let verdict = verify(&text_of_bytes(&bytes), &support::trust(), support::noon());
        prop_assert!(matches!(verdict, Verdict::NotValid(_)), "{:?}", verdict);
    }

    #[test]
    fn one_changed_letter_is_refused(at in any::<prop::sample::Index>(), letter in "[ -~]") {
        let text = Forge::new().signed();
        let at = at.index(text.len());
        prop_assume!(text[at..=at] != letter);
        let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
        let verdict = verify(&changed, &support::trust(), support::noon());
        prop_assert!(matches!(verdict, Verdict::NotValid(_)), "{:?}", verdict);
    }

    #[test]
    fn no_text_is_valid_by_chance(text in "(SJ1:)?\\PC{0,400}") {
        let verdict = verify(&text, &support::trust(), support::noon());
        prop_assert!(matches!(verdict, Verdict::NotValid(_)));
    }

    #[test]
    fn no_bytes_are_valid_by_chance(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for bytes in [&bytes[..], &[&[0xd2, 0x84], &bytes[..]].concat(), &[&[0x78], &bytes[..]].concat()] {
            let verdict = verify(&text_of_bytes(bytes), &support::trust(), support::noon());
            prop_assert!(matches!(verdict, Verdict::NotValid(_)));
        }
    }

    /// Whatever the issuer signs, the verifier comes to a verdict; what it accepts is without contradiction.
    #[test]
    fn signed_nonsense_is_survived(payload in prop::collection::vec(any::<u8>(), 0..200)) {
        let nonsense = Forge { payload: Some(payload), ..Forge::new() }.signed();
        let verdict = verify(&nonsense, &support::trust(), support::noon());
        prop_assert!(!matches!(verdict, Verdict::Valid(_)));
    }

    #[test]
    fn signed_claims_of_any_number_are_survived(claim in 0..9_i64, field in 0..9_i64, number in any::<i64>()) {
        for forge in [Forge::new().with_claim(claim, number), Forge::new().with_answer(field, number)] {
            if let Verdict::Valid(statement) = verify(&forge.signed(), &support::trust(), support::noon()) {
                prop_assert!(statement.check().is_ok());
            }
        }
        let forge = Forge { answer: Vec::new(), ..Forge::new() }.with_claim(ANSWER, number);
        let verdict = verify(&forge.signed(), &support::trust(), support::noon());
        prop_assert!(matches!(verdict, Verdict::NotValid(_)));
    }

    /// A credential that is accepted at two moments is accepted between them: no gap opens.
    #[test]
    fn validity_is_one_stretch(statement in statements(), offset in -2_000..600_000_i64) {
        let text = issue(&statement, &support::issuer()).unwrap();
        let at = support::noon() + SignedDuration::from_secs(offset);
        let begin = statement.issued_at.max(statement.not_before.unwrap_or(statement.issued_at));
        let accepted = matches!(verify(text.as_str(), &support::trust(), at), Verdict::Valid(_));
        let leeway = SignedDuration::from_secs(120);
        prop_assert_eq!(accepted, begin - leeway <= at && at < statement.expires_at);
    }
}
