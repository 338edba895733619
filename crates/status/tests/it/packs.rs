//! Laws of packs: dated values, references, names.

use std::fs;

use jiff::civil::date;
use status::{
    cases,
    pack::{Pack, PackFiles, text::Language},
    status::Status,
    term::next,
};

use crate::support::{RU, SCHENGEN, files, folder, lines};

/// 7. From its first day on, each parameter has exactly one value a day.
#[test]
fn each_parameter_has_one_value_a_day() {
    for pack in [&*RU, &*SCHENGEN] {
        for (key, values) in pack.parameters.iter() {
            let mut day = values[0].valid_from.max(date(2014, 1, 1));
            let end = values
                .last()
                .and_then(|value| value.valid_to)
                .unwrap_or(date(2027, 12, 31));
            while day <= end {
                assert!(
                    pack.parameters.on(key, day, None).is_some(),
                    "{} on {day}",
                    key.as_str()
                );
                day = next(day);
            }
        }
    }
}

/// Ids of the cited rules, and the answer without them.
fn apart(status: &Status) -> (Vec<String>, String) {
    let cited = status
        .cited()
        .into_iter()
        .map(|rule| rule.as_str().to_owned())
        .collect();
    let mut plain = serde_json::to_value(status).unwrap();
    strip(&mut plain);
    (cited, plain.to_string())
}

fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(object) => {
            object.remove("rules");
            object.values_mut().for_each(strip);
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

/// 8. A rule that a case cites carries its conclusions: had it been repealed, the answer would be another one.
#[test]
fn without_a_cited_rule_the_answer_is_another() {
    for case in cases::parse(&lines("ru"), &RU) {
        let case = case.unwrap();
        let answer = apart(&status::judge(&case.history, &case.question, &RU).unwrap());
        for rule in &case.cites {
            let without = RU.without(rule);
            let other = apart(&status::judge(&case.history, &case.question, &without).unwrap());
            assert!(
                !other.0.contains(&rule.to_string()),
                "{}: {rule} is cited though it is repealed",
                case.id
            );
            assert_ne!(answer, other, "{}: {rule} carries nothing", case.id);
        }
    }
}

/// 9. The names of a pack's rules mean nothing to the engine.
#[test]
fn renaming_the_rules_changes_only_their_names() {
    let folder = folder("ru");
    let renamed: PackFiles = PackFiles::names()
        .iter()
        .map(|name| {
            (
                name.to_string(),
                fs::read_to_string(folder.join(name))
                    .unwrap()
                    .replace("RU.", "ZZ."),
            )
        })
        .collect();
    let other = Pack::load(&renamed).unwrap();
    let (ours, theirs) = (
        cases::parse(&lines("ru"), &RU),
        cases::parse(&lines("ru").replace("\"RU.", "\"ZZ."), &other),
    );
    assert_eq!(ours.len(), theirs.len());
    for (one, two) in ours.into_iter().zip(theirs) {
        let (one, two) = (one.unwrap(), two.unwrap());
        let (cited, plain) = apart(&status::judge(&one.history, &one.question, &RU).unwrap());
        let (renamed, same) = apart(&status::judge(&two.history, &two.question, &other).unwrap());
        assert_eq!(plain, same, "{}", one.id);
        let back: Vec<String> = renamed
            .iter()
            .map(|rule| rule.replacen("ZZ.", "RU.", 1))
            .collect();
        assert_eq!(cited, back, "{}", one.id);
    }
}

/// Every key of a text that an answer can bear has its words in both languages.
#[test]
fn every_conclusion_can_be_put_in_words() {
    for (jurisdiction, pack) in [("ru", &*RU), ("schengen", &*SCHENGEN)] {
        for case in cases::parse(&lines(jurisdiction), pack) {
            let case = case.unwrap();
            let status = status::judge(&case.history, &case.question, pack).unwrap();
            for because in status.reasons().filter(|because| !because.text.key.is_empty()) {
                let key = &because.text.key;
                assert!(pack.texts.contains(key), "{}: no text {key}", case.id);
                for language in [Language::English, Language::Russian] {
                    let said = pack.texts.say(&because.text, language);
                    assert!(!said.contains('{'), "{}: {said}", case.id);
                }
            }
        }
    }
}

#[test]
fn a_spoilt_pack_is_refused_with_file_and_place() {
    let spoil = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(folder("ru").join(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        Pack::load(&files("ru").with(file, text.replacen(from, to, 1)))
            .unwrap_err()
            .to_string()
    };
    for (file, from, to, message) in [
        (
            "bases.toml",
            "RU.STAY.VNZH",
            "RU.STAY.NOTHING",
            "basis vnzh, rules: RU.STAY.NOTHING is not in rules.csv",
        ),
        (
            "bases.toml",
            "$rvp.years",
            "$rvp.decades",
            "basis rvp, parameter: $rvp.decades is not in parameters.csv",
        ),
        (
            "bases.toml",
            "fact = \"vnzh\"",
            "fact = \"vnzhh\"",
            "basis vnzh, fact: vnzhh is not in facts.csv",
        ),
        (
            "bases.toml",
            "how = \"citizenship\"",
            "how = \"magic\"",
            "bases.toml, line",
        ),
        (
            "duties.toml",
            "kind = [\"hotel\"]",
            "kind = [\"castle\"]",
            "place_of_stay never has kind = castle",
        ),
        (
            "work.toml",
            "during = \"patent\"",
            "during = \"patents\"",
            "right patent, basis: patents is not in bases.toml",
        ),
        (
            "advice.toml",
            "code = \"patent_application\", state",
            "code = \"nothing\", state",
            "nothing is not in duties.toml",
        ),
        ("rules.csv", "115-FZ art. 5 p. 1 para 1", "", "citation: is empty"),
        (
            "parameters.csv",
            "calendar_year,window,2025-01-01",
            "calendar_year,window,2025-01-02",
            "leaves a gap",
        ),
        (
            "texts.csv",
            "option.pay_patent,",
            "option.pay,",
            "key: option.pay_patent is missing",
        ),
        (
            "visa_regime.csv",
            "RS,visa_free,30",
            "RU,visa_free,x",
            "max_days_per_visit",
        ),
    ] {
        let got = spoil(file, from, to);
        assert!(got.starts_with(file) && got.contains(message), "{got}");
    }
    assert_eq!(
        Pack::load(&PackFiles::default()).unwrap_err().to_string(),
        "work_calendar.csv is missing from the pack"
    );
}
