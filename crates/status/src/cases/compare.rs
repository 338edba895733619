//! Lays expectation and answer side by side: only what is listed is checked.
//!
//! An object covers the listed keys, a list the listed items; an empty list means "none". Regions are compared as sets.
//! Words are compared by meaning: `vocabulary.csv` says which mean the same.

use serde_json::{Map, Value as Json};

use super::{Case, Difference, view};
use crate::{
    pack::{Pack, vocabulary::Vocabulary},
    status::{DutyStatus, Status},
};

pub(super) fn differences(case: &Case, status: &Status, pack: &Pack) -> Vec<Difference> {
    let got = view::of(status);
    let words = &pack.vocabulary;
    let mut found = Vec::new();
    for (key, expected) in case
        .expect
        .iter()
        .filter(|(key, _)| key.as_str() != "duties_exact")
    {
        let answer = match key.as_str() {
            "eligibility" => of_eligibility(words, expected, status, &got["eligibility"]),
            "answer" => of_answer(expected, &got),
            _ => got[key.as_str()].clone(),
        };
        lay(words, key, expected, &answer, &mut found);
    }
    if case.expect.get("duties_exact") == Some(&Json::Bool(true)) {
        found.extend(no_others(case, status));
    }
    found.extend(rules(case, status, pack));
    found
}

/// Compares one value, and tells each part that differs.
fn lay(words: &Vocabulary, field: &str, expected: &Json, got: &Json, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Json::Object(asked), Json::Object(given)) => {
            for (key, value) in asked {
                let path = format!("{field}.{key}");
                match key.as_str() {
                    "lawful_any" => any_of(words, &path, value, given.get("lawful"), found),
                    "regions" => same_set(words, &path, value, given.get(key), found),
                    _ => lay(words, &path, value, given.get(key).unwrap_or(&Json::Null), found),
                }
            }
        }
        (Json::Array(asked), Json::Array(given)) => {
            if asked.is_empty() && !given.is_empty() && field != "duties" {
                found.push(difference(field, expected, got));
            }
            for (at, item) in asked.iter().enumerate() {
                if !given.iter().any(|one| covers(words, item, one)) {
                    found.push(difference(&format!("{field}[{at}]"), item, &nearest(item, given)));
                }
            }
        }
        _ if covers(words, expected, got) => {}
        _ => found.push(difference(field, expected, got)),
    }
}

/// Whether `got` holds all that `expected` lists.
fn covers(words: &Vocabulary, expected: &Json, got: &Json) -> bool {
    match (expected, got) {
        (Json::Object(asked), Json::Object(given)) => asked
            .iter()
            .all(|(key, value)| covers(words, value, given.get(key).unwrap_or(&Json::Null))),
        (Json::Array(asked), Json::Array(given)) => asked
            .iter()
            .all(|item| given.iter().any(|one| covers(words, item, one))),
        // A bare code stands for the entry that bears it; a bare fact for one of its pointers.
        (Json::String(_), Json::Object(given)) => {
            ["code", "fact", "grade", "allowed", "eligible"]
                .iter()
                .any(|key| given.get(*key).is_some_and(|v| covers(words, expected, v)))
                || given
                    .get("rules")
                    .is_some_and(|rules| covers(words, expected, rules))
        }
        (Json::String(_), Json::Array(given)) => given.iter().any(|one| covers(words, expected, one)),
        (Json::Bool(_), Json::Object(given)) => ["eligible", "allowed", "present"]
            .iter()
            .any(|key| given.get(*key) == Some(expected)),
        (Json::String(asked), Json::String(given)) => words.same(asked, given),
        (Json::String(asked), Json::Bool(given)) => asked == if *given { "yes" } else { "no" },
        _ => expected == got,
    }
}

fn any_of(words: &Vocabulary, field: &str, expected: &Json, got: Option<&Json>, found: &mut Vec<Difference>) {
    let got = got.unwrap_or(&Json::Null);
    let listed = expected
        .as_array()
        .is_some_and(|list| list.iter().any(|one| covers(words, one, got)));
    if !listed {
        found.push(difference(field, expected, got));
    }
}

fn same_set(
    words: &Vocabulary,
    field: &str,
    expected: &Json,
    got: Option<&Json>,
    found: &mut Vec<Difference>,
) {
    let got = got.unwrap_or(&Json::Null);
    let same = match (expected.as_array(), got.as_array()) {
        (Some(asked), Some(given)) => asked.len() == given.len() && covers(words, expected, got),
        _ => covers(words, expected, got),
    };
    if !same {
        found.push(difference(field, expected, got));
    }
}

/// The entry of the same code, to show beside what was expected; the whole list where there is none.
fn nearest(item: &Json, given: &[Json]) -> Json {
    let code = item.get("code").or_else(|| item.get("fact"));
    let same = given
        .iter()
        .filter(|one| code.is_some() && one.get("code").or_else(|| one.get("fact")) == code);
    let same: Vec<Json> = same.map(without_reasons).collect();
    if same.is_empty() {
        let names = given
            .iter()
            .map(|one| one.get("code").or_else(|| one.get("fact")).unwrap_or(one).clone());
        return names.collect();
    }
    Json::Array(same)
}

fn without_reasons(entry: &Json) -> Json {
    let mut shown = entry.as_object().cloned().unwrap_or_default();
    shown.remove("because");
    Json::Object(shown)
}

/// `eligibility` may be asked by code, with a reason beside it, or of the one thing that the question is about.
fn of_eligibility(words: &Vocabulary, expected: &Json, status: &Status, got: &Json) -> Json {
    let Some(all) = got.as_object() else {
        return Json::Null;
    };
    let asked: Vec<&String> = expected
        .as_object()
        .into_iter()
        .flat_map(|asked| asked.keys())
        .collect();
    let mut given = Map::new();
    for (code, found) in all {
        for name in asked.iter().filter(|name| words.same(name, code)) {
            given.insert((*name).clone(), found.clone());
        }
    }
    if let Some(Json::Object(found)) = given.values().next().cloned() {
        given.extend(found);
        return Json::Object(given);
    }
    let about = status.answer.as_ref().map(|answer| answer.question.as_str());
    let of_question = all
        .iter()
        .find(|(code, _)| about.is_some_and(|about| words.same(code, about)));
    match (expected, of_question.or_else(|| all.iter().next())) {
        (Json::Array(_), _) => all.values().cloned().collect(),
        (_, Some((_, found))) => found.clone(),
        (_, None) => Json::Null,
    }
}

/// `answer` may be a plain yes or no, or an amount.
fn of_answer(expected: &Json, got: &Json) -> Json {
    match expected {
        Json::Object(_) | Json::Array(_) if got["answer"].is_null() => got["amount"].clone(),
        Json::Number(_) => got["amount"]["rub"].clone(),
        Json::Bool(_) | Json::String(_) => got["answer"]["allowed"].clone(),
        _ => got["answer"].clone(),
    }
}

/// Duties that bind and that the case does not list.
fn no_others(case: &Case, status: &Status) -> Option<Difference> {
    let listed: Vec<&str> = case
        .expect
        .get("duties")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|duty| duty.get("code").and_then(Json::as_str))
        .collect();
    let other = |duty: &&crate::status::Duty| {
        matches!(duty.status, DutyStatus::Open | DutyStatus::Overdue) && !listed.contains(&duty.code.as_str())
    };
    let others: Vec<&str> = status
        .duties
        .iter()
        .filter(other)
        .map(|duty| duty.code.as_str())
        .collect();
    (!others.is_empty()).then(|| Difference {
        field: "duties_exact".to_owned(),
        expected: "no others".to_owned(),
        got: others.join(", "),
    })
}

fn rules(case: &Case, status: &Status, pack: &Pack) -> Vec<Difference> {
    let cited = status.cited();
    let shown = || {
        cited
            .iter()
            .map(|rule| rule.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut found = Vec::new();
    for rule in &case.cites {
        let in_force = pack
            .rules
            .get(rule)
            .is_some_and(|rule| rule.in_force(case.question.on));
        if !in_force {
            let got = format!("{rule} is not in force on {}", case.question.on);
            found.push(Difference {
                field: "cites".to_owned(),
                expected: rule.to_string(),
                got,
            });
        } else if !cited.contains(rule) {
            found.push(Difference {
                field: "cites".to_owned(),
                expected: rule.to_string(),
                got: shown(),
            });
        }
    }
    for rule in case.not_applied.iter().filter(|rule| cited.contains(rule)) {
        let expected = format!("no {rule}");
        found.push(Difference {
            field: "not_applied".to_owned(),
            expected,
            got: shown(),
        });
    }
    found
}

fn difference(field: &str, expected: &Json, got: &Json) -> Difference {
    Difference {
        field: field.to_owned(),
        expected: expected.to_string(),
        got: got.to_string(),
    }
}
