//! Two persons, though the records look alike.

use jiff::civil::date;
use linkage::assignment::WaitReason;
use records::{payload::Direction, subject::Sex};

use crate::people::{KARIMOV, Said, certificate, crossing, policy, run_in_crowd, together};

fn apart(one: Said, other: Said) {
    let (one, other) = (certificate("M1", one), certificate("M2", other));
    assert!(!together(
        &run_in_crowd(vec![one.clone(), other.clone()]),
        &one,
        &other
    ));
}

#[test]
fn twins() {
    let twin = Said {
        given: "Шохрух",
        document: "FA1234568",
        ..KARIMOV
    };
    apart(KARIMOV, twin);
    apart(
        KARIMOV,
        Said {
            surname: "Каримова",
            given: "Зарина",
            father: "Рустам кизи",
            sex: Some(Sex::Female),
            ..twin
        },
    );
}

#[test]
fn father_and_son_of_one_name() {
    apart(
        KARIMOV,
        Said {
            father: "Жасур угли",
            born: "2012-08-02",
            document: "FA7654321",
            ..KARIMOV
        },
    );
}

#[test]
fn homonyms_of_one_birth_date_with_other_fathers() {
    apart(
        KARIMOV,
        Said {
            father: "Алишер угли",
            document: "AD7654321",
            ..KARIMOV
        },
    );
}

#[test]
fn homonyms_whose_lifelong_numbers_differ() {
    let one = Said {
        snils: "793-831-375 49",
        ..KARIMOV
    };
    apart(
        one,
        Said {
            snils: "276-547-498 30",
            document: "AD7654321",
            ..KARIMOV
        },
    );
    // Not even one document outweighs two tax numbers: one of both papers is somebody else's.
    apart(
        Said {
            inn: "521500105641",
            ..KARIMOV
        },
        Said {
            inn: "633534798323",
            ..KARIMOV
        },
    );
}

#[test]
fn a_child_whose_record_gives_the_parents_document() {
    apart(
        KARIMOV,
        Said {
            given: "Нигина",
            father: "Жасур кизи",
            born: "2015-07-04",
            sex: Some(Sex::Female),
            ..KARIMOV
        },
    );
    apart(
        KARIMOV,
        Said {
            given: "Отабек",
            father: "Жасур угли",
            born: "2015-07-04",
            ..KARIMOV
        },
    );
    // The elder brother's twin: only the given name differs.
    apart(
        KARIMOV,
        Said {
            given: "Шохрух",
            ..KARIMOV
        },
    );
}

#[test]
fn a_nameless_fit_waits_when_two_persons_fit() {
    let one = certificate(
        "M1",
        Said {
            father: "",
            ..KARIMOV
        },
    );
    let other = certificate(
        "M2",
        Said {
            father: "",
            document: "AD7654321",
            snils: "",
            ..KARIMOV
        },
    );
    let unknown = policy(
        "P1",
        Said {
            father: "",
            ..KARIMOV
        },
    );
    let assignment = run_in_crowd(vec![one.clone(), other.clone(), unknown.clone()]);
    assert!(!together(&assignment, &one, &unknown) && !together(&assignment, &other, &unknown));
    assert!(
        assignment
            .review
            .iter()
            .any(|item| item.record == unknown.key
                && matches!(item.waits, WaitReason::SeveralCandidates { .. }))
    );
}

#[test]
fn two_people_on_one_document_at_one_time() {
    let said = Said {
        surname: "KARIMOV",
        given: "JASUR",
        father: "",
        ..KARIMOV
    };
    let ends = date(2030, 1, 1);
    let owner = crossing("B1", said, Direction::In, date(2024, 1, 10), "1111", ends);
    let owner_leaves = crossing("B2", said, Direction::Out, date(2024, 9, 10), "1111", ends);
    let owner_again = crossing("B3", said, Direction::Out, date(2024, 9, 10), "1111", ends);
    let stranger = crossing("B4", said, Direction::In, date(2024, 3, 1), "2222", ends);
    let stranger_leaves = crossing("B5", said, Direction::Out, date(2024, 6, 1), "2222", ends);
    let assignment = run_in_crowd(vec![
        owner.clone(),
        owner_leaves.clone(),
        owner_again,
        stranger.clone(),
        stranger_leaves.clone(),
    ]);
    assert!(together(&assignment, &owner, &owner_leaves));
    assert!(together(&assignment, &stranger, &stranger_leaves));
    assert!(!together(&assignment, &owner, &stranger));
    assert!(
        assignment
            .review
            .iter()
            .any(|item| item.waits == WaitReason::SharedDocument)
    );
}

#[test]
fn strangers() {
    apart(
        KARIMOV,
        Said {
            surname: "Юсупов",
            given: "Нодир",
            born: "1971-11-03",
            document: "AD7654321",
            ..KARIMOV
        },
    );
}
