//! Every worked case of the packs, and what happens to cases that cannot be read.

use std::fs;

use status::cases::run;

use crate::support::{RU, SCHENGEN, folder, lines};

fn failures(jurisdiction: &str, pack: &status::pack::Pack) -> (usize, String) {
    let mut failed = String::new();
    let mut count = 0;
    for entry in fs::read_dir(folder(jurisdiction).join("cases")).unwrap() {
        let path = entry.unwrap().path();
        let report = run(&fs::read_to_string(&path).unwrap(), pack);
        count += report.outcomes.len();
        if report.failed() > 0 {
            failed.push_str(&format!("{}\n{report}\n", path.display()));
        }
    }
    (count, failed)
}

#[test]
fn every_case_of_the_russian_pack_passes() {
    let (count, failed) = failures("ru", &RU);
    assert!(failed.is_empty(), "{failed}");
    assert!(count >= 150, "{count} cases were found");
}

#[test]
fn the_same_engine_gives_the_known_results_of_another_law() {
    let (count, failed) = failures("schengen", &SCHENGEN);
    assert!(failed.is_empty(), "{failed}");
    assert!(count >= 10, "{count} cases were found");
}

/// Terms of the office's own work on corrections: the engine judges persons, so no case can cite them.
const OF_THE_OFFICE: &str = "RU.CORRECTION.";

/// Every rule of the list that the engine judges by is applied by some worked case.
#[test]
fn every_rule_has_a_case() {
    let text = lines("ru");
    let uncovered: Vec<&str> = RU
        .rules
        .keys()
        .map(|rule| rule.as_str())
        .filter(|rule| !rule.starts_with(OF_THE_OFFICE))
        .filter(|rule| !text.contains(&format!("\"{rule}\"")))
        .collect();
    assert!(uncovered.is_empty(), "no case cites {uncovered:?}");
}

#[test]
fn a_case_that_cannot_be_read_names_line_and_field() {
    let sound =
        r#"{"id":"1","person":{"citizenships":["UZ"]},"facts":[],"ask":{"date":"2025-01-01"},"expect":{}}"#;
    let spoil = |from: &str, to: &str| format!("{sound}\n{}", sound.replace(from, to));
    for (from, to, field, problem) in [
        (
            "\"facts\":[]",
            "\"facts\":[{\"t\":\"teleport\",\"d\":\"2025-01-01\"}]",
            "facts[0].t",
            "is no type of fact",
        ),
        (
            "\"facts\":[]",
            "\"facts\":[{\"t\":\"border_in\"}]",
            "facts[0].d",
            "neither d nor from",
        ),
        (
            "\"facts\":[]",
            "\"facts\":[{\"t\":\"border_in\",\"d\":\"2025-02-30\"}]",
            "facts[0].d",
            "is no day",
        ),
        (
            "\"facts\":[]",
            "\"facts\":[{\"t\":\"patent_paid\",\"d\":\"2025-02-03\",\"months\":\"two\"}]",
            "facts[0].months",
            "no whole number",
        ),
        (
            "\"expect\":{}",
            "\"expect\":{\"stays\":{}}",
            "expect.stays",
            "not a key of the format",
        ),
        ("\"date\":", "\"day\":", "ask.day", "not a key of the format"),
        (
            "\"UZ\"",
            "\"Uzbekistan\"",
            "person.citizenships",
            "neither two capital letters",
        ),
        ("\"id\":\"1\",", "", "id", "is missing"),
        (
            "\"expect\":{}",
            "\"expect\":{},\"cites\":[\"RU.NOWHERE\"]",
            "cites",
            "not a rule of the pack",
        ),
        ("{\"id\"", "\"id\"", "line", "no JSON"),
    ] {
        let report = run(&spoil(from, to), &RU);
        let outcome = &report.outcomes[1];
        assert_eq!((report.passed(), outcome.line), (1, 2), "{to}: {report}");
        assert_eq!(outcome.differences[0].field, field, "{to}");
        assert!(
            outcome.differences[0].got.contains(problem),
            "{to}: {}",
            outcome.differences[0].got
        );
    }
}

/// The comparison bites: a wrong expectation fails.
#[test]
fn a_wrong_expectation_fails() {
    let published = fs::read_to_string(folder("ru").join("cases/published.jsonl")).unwrap();
    for (right, wrong) in [
        ("\"until\": \"2024-05-29\"", "\"until\": \"2024-05-30\""),
        ("\"days_used\": 15", "\"days_used\": 16"),
        ("\"basis\": \"visa_free\"", "\"basis\": \"visa\""),
        ("\"regions\": [\"77\"]", "\"regions\": [\"77\", \"50\"]"),
        ("\"status\": \"open\"", "\"status\": \"done\""),
        ("\"who\": \"host\"", "\"who\": \"person\""),
        ("\"since\": \"2025-05-30\"", "\"since\": \"2025-05-31\""),
        ("\"rub\": 26700", "\"rub\": 26701"),
        ("RU.REG.UZ15\"]", "RU.REG.TJ15\"]"),
        (
            "\"used\": \"border_out@2025-04-01\"",
            "\"used\": \"border_out@2025-04-03\"",
        ),
        ("\"cause\": \"late_record\"", "\"cause\": \"no_cause\""),
    ] {
        assert!(published.contains(right), "{right}");
        let report = run(&published.replace(right, wrong), &RU);
        assert!(report.failed() > 0, "{wrong} passed");
    }
}

#[test]
fn a_rule_that_must_not_be_applied_is_noticed() {
    let case = r#"{"id":"1","person":{"citizenships":["UZ"]},"facts":[{"t":"border_in","d":"2025-03-01"}],"ask":{"date":"2025-03-02"},"expect":{"stay":{"lawful":true}},"not_applied":["RU.STAY.VF.90_YEAR"]}"#;
    let report = run(case, &RU);
    assert_eq!(report.outcomes[0].differences[0].field, "not_applied");
}
