//! One person, though the records differ.

use jiff::civil::date;
use linkage::{
    assignment::Basis,
    evidence::{Field, Level},
};
use records::payload::Direction;

use crate::people::{KARIMOV, Said, benefit, certificate, crossing, policy, run_in_crowd, together};

#[test]
fn a_document_joins_scripts_and_spellings() {
    let latin = Said {
        surname: "KARIMOV",
        given: "JASUR",
        father: "",
        ..KARIMOV
    };
    let one = certificate("M1", KARIMOV);
    let other = crossing("B1", latin, Direction::In, date(2024, 1, 2), "", date(2030, 1, 1));
    let misspelt = certificate(
        "M2",
        Said {
            surname: "Корымов",
            given: "Джасур",
            ..KARIMOV
        },
    );
    let assignment = run_in_crowd(vec![one.clone(), other.clone(), misspelt.clone()]);
    assert!(together(&assignment, &one, &other) && together(&assignment, &one, &misspelt));
}

#[test]
fn a_slip_in_the_document_is_borne_by_name_and_birth_date() {
    let one = certificate("M1", KARIMOV);
    let slip = certificate(
        "M2",
        Said {
            document: "FA1234576",
            ..KARIMOV
        },
    );
    let assignment = run_in_crowd(vec![one.clone(), slip.clone()]);
    assert!(together(&assignment, &one, &slip));
}

#[test]
fn each_slip_of_a_birth_date_is_borne_by_the_document() {
    let one = certificate("M1", KARIMOV);
    for born in [
        "1990-05-18",
        "1990-17-05",
        "1991-05-17",
        "1980-05-17",
        "1990-01-01",
        "1990-05",
        "1990",
    ] {
        let other = certificate("M2", Said { born, ..KARIMOV });
        assert!(
            together(&run_in_crowd(vec![one.clone(), other.clone()]), &one, &other),
            "{born}"
        );
    }
}

#[test]
fn swapped_surname_and_given_name() {
    let one = certificate("M1", KARIMOV);
    let swapped = policy(
        "P1",
        Said {
            surname: KARIMOV.given,
            given: KARIMOV.surname,
            ..KARIMOV
        },
    );
    assert!(together(
        &run_in_crowd(vec![one.clone(), swapped.clone()]),
        &one,
        &swapped
    ));
}

#[test]
fn a_policy_without_a_number_finds_the_only_person_it_fits() {
    let one = certificate("M1", KARIMOV);
    let other = policy("P1", KARIMOV);
    assert!(together(
        &run_in_crowd(vec![one.clone(), other.clone()]),
        &one,
        &other
    ));
}

#[test]
fn a_benefit_follows_its_snils_sound_or_with_one_slip() {
    let one = certificate(
        "M1",
        Said {
            snils: "793-831-375 49",
            ..KARIMOV
        },
    );
    let sound = benefit("F1", "793-831-375 49");
    let slip = benefit("F2", "793-831-357 49");
    let other = benefit("F3", "793-138-357 94");
    let assignment = run_in_crowd(vec![one.clone(), sound.clone(), slip.clone(), other.clone()]);
    assert!(together(&assignment, &one, &sound) && together(&assignment, &one, &slip));
    assert!(!together(&assignment, &one, &other));
}

#[test]
fn a_renewed_passport_follows_the_old_one() {
    let old = Said {
        surname: "KARIMOV",
        given: "JASUR",
        father: "",
        ..KARIMOV
    };
    let new = Said {
        document: "GA7654321",
        ..old
    };
    let (ends_old, ends_new) = (date(2024, 6, 1), date(2034, 2, 15));
    let journeys = vec![
        crossing("B1", old, Direction::In, date(2023, 2, 1), "0001", ends_old),
        crossing("B2", old, Direction::Out, date(2023, 9, 1), "0001", ends_old),
        crossing("B3", new, Direction::In, date(2024, 3, 1), "0002", ends_new),
        crossing("B4", new, Direction::Out, date(2024, 9, 1), "0002", ends_new),
    ];
    let assignment = run_in_crowd(journeys.clone());
    assert!(together(&assignment, &journeys[0], &journeys[3]));
}

#[test]
fn an_explanation_names_fields_and_levels_and_no_value() {
    let one = certificate("M1", KARIMOV);
    let other = policy("P1", KARIMOV);
    let assignment = run_in_crowd(vec![one, other.clone()]);
    let explanation = assignment
        .explanations
        .iter()
        .find(|e| e.record == other.key)
        .unwrap();
    let Basis::Joined { weight, evidence, .. } = &explanation.basis else {
        panic!("not joined");
    };
    assert!(*weight >= linkage::settings::Settings::default().automatic);
    assert!(
        evidence
            .iter()
            .any(|step| step.field == Field::BirthDate && step.level == Level::Equal)
    );
    let json = serde_json::to_string(explanation).unwrap();
    assert!(!json.contains("Каримов") && !json.contains("1990"), "{json}");
}
