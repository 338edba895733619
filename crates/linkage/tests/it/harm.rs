//! A ban must never land on somebody else.

use linkage::{assignment::WaitReason, evidence::Field};

use crate::people::{KARIMOV, Said, ban, certificate, policy, run_in_crowd, together};

#[test]
fn it_follows_a_document_that_agrees() {
    let one = certificate("M1", KARIMOV);
    let harm = ban(
        "D1",
        Said {
            surname: "Корымов",
            ..KARIMOV
        },
    );
    assert!(together(
        &run_in_crowd(vec![one.clone(), harm.clone()]),
        &one,
        &harm
    ));
}

#[test]
fn it_waits_for_an_official_on_name_and_birth_date() {
    let one = certificate("M1", KARIMOV);
    let harm = ban(
        "D1",
        Said {
            document: "",
            ..KARIMOV
        },
    );
    let assignment = run_in_crowd(vec![one.clone(), harm.clone()]);
    assert!(!together(&assignment, &one, &harm));
    let item = assignment
        .review
        .iter()
        .find(|item| item.record == harm.key)
        .unwrap();
    assert_eq!(item.candidate, one.key);
    assert_eq!(
        item.waits,
        WaitReason::Harmful {
            contradicting: vec![]
        }
    );
}

#[test]
fn it_waits_when_the_document_agrees_and_anything_contradicts() {
    let one = certificate("M1", KARIMOV);
    for (said, field) in [
        (
            Said {
                father: "Алишер угли",
                ..KARIMOV
            },
            Field::Patronymic,
        ),
        (
            Said {
                surname: "Юсупов",
                ..KARIMOV
            },
            Field::Surname,
        ),
        (
            Said {
                born: "1972-11-03",
                ..KARIMOV
            },
            Field::BirthDate,
        ),
        (
            Said {
                given: "Отабек",
                ..KARIMOV
            },
            Field::GivenName,
        ),
    ] {
        let harm = ban("D1", said);
        let assignment = run_in_crowd(vec![one.clone(), harm.clone()]);
        assert!(!together(&assignment, &one, &harm), "{field:?}");
        let item = assignment
            .review
            .iter()
            .find(|item| item.record == harm.key)
            .unwrap();
        let WaitReason::Harmful { contradicting } = &item.waits else {
            panic!("{:?}", item.waits);
        };
        assert!(contradicting.contains(&field), "{field:?}");
    }
}

#[test]
fn it_never_draws_two_persons_together() {
    // The ban names the first person's document and the second one's tax number.
    let one = certificate("M1", KARIMOV);
    let other = certificate(
        "M2",
        Said {
            document: "AD7654321",
            inn: "521500105641",
            ..KARIMOV
        },
    );
    let harm = ban(
        "D1",
        Said {
            inn: "521500105641",
            ..KARIMOV
        },
    );
    let assignment = run_in_crowd(vec![one.clone(), other.clone(), harm.clone()]);
    assert!(!together(&assignment, &one, &other));
    assert!(!together(&assignment, &one, &harm) && !together(&assignment, &other, &harm));
}

#[test]
fn the_same_person_s_harmless_record_needs_no_official() {
    let one = certificate("M1", KARIMOV);
    let harmless = policy("P1", KARIMOV);
    assert!(together(
        &run_in_crowd(vec![one.clone(), harmless.clone()]),
        &one,
        &harmless
    ));
}
