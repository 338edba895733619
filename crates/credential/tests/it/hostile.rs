//! Every attack and every accident, each with the one reason that must be told.
//!
//! The same cases stand as texts in `tests/vectors/hostile.json` for other verifiers;
//! `SOJOURN_WRITE_VECTORS=1 cargo nextest run -p credential` writes them anew.

mod content;
mod form;

use credential::{Verdict, verify};
use serde_json::json;

use crate::{
    forge::{Forge, text_of_bytes},
    support,
};

struct Case {
    name: &'static str,
    text: String,
    /// `not_valid` unless the name says that it is a newer edition.
    verdict: &'static str,
    reason: &'static str,
}

fn refused(reason: &'static str, cases: impl IntoIterator<Item = (&'static str, String)>) -> Vec<Case> {
    cases
        .into_iter()
        .map(|(name, text)| Case {
            name,
            text,
            verdict: "not_valid",
            reason,
        })
        .collect()
}

fn undetermined(reason: &'static str, cases: impl IntoIterator<Item = (&'static str, String)>) -> Vec<Case> {
    cases
        .into_iter()
        .map(|(name, text)| Case {
            name,
            text,
            verdict: "undetermined",
            reason,
        })
        .collect()
}

fn cases() -> Vec<Case> {
    let form = [
        form::texts(),
        form::envelopes(),
        form::headers(),
        form::algorithms(),
        form::signatures(),
    ];
    let content = [
        content::missing(),
        content::contents(),
        content::contradictions(),
        content::newer(),
    ];
    form.into_iter().chain(content).flatten().collect()
}

#[test]
fn the_forge_itself_makes_sound_credentials() {
    let verdict = verify(&Forge::new().signed(), &support::trust(), support::noon());
    assert!(matches!(verdict, Verdict::Valid(_)), "{verdict:?}");
    let deflated = text_of_bytes(&form::deflated(&Forge::new().signed_bytes()));
    let verdict = verify(&deflated, &support::trust(), support::noon());
    assert!(matches!(verdict, Verdict::Valid(_)), "{verdict:?}");
}

#[test]
fn every_hostile_text_is_refused_with_its_reason() {
    let trust = support::trust();
    let cases = cases();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let found = serde_json::to_value(verify(&case.text, &trust, support::noon())).unwrap();
            let right = found["verdict"] == case.verdict && found["reason"] == case.reason;
            (!right).then(|| format!("{}: {found}, not {} {}", case.name, case.verdict, case.reason))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    if std::env::var_os("SOJOURN_WRITE_VECTORS").is_some() {
        write_vectors(&cases);
    }
}

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/hostile.json");
/// Longer texts are left to the cases above.
const VECTOR_MAX: usize = 2_000;

fn write_vectors(cases: &[Case]) {
    let case = |case: &Case| json!({ "name": case.name, "verdict": case.verdict, "reason": case.reason, "text": case.text });
    let valid = json!({ "name": "sound", "verdict": "valid", "text": Forge::new().signed() });
    let vectors: Vec<_> = cases
        .iter()
        .filter(|case| case.text.len() < VECTOR_MAX)
        .map(case)
        .chain([valid])
        .collect();
    let trust: serde_json::Value = serde_json::from_str(&support::trust().to_json().unwrap()).unwrap();
    let all = json!({ "at": support::noon(), "trust": trust, "vectors": vectors });
    std::fs::write(VECTORS, serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
}

#[test]
fn the_written_vectors_still_hold() {
    let all: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(VECTORS).unwrap()).unwrap();
    let at = support::time(all["at"].as_str().unwrap());
    let trust = all["trust"].to_string();
    let vectors = all["vectors"].as_array().unwrap();
    assert!(vectors.len() > 80, "{} vectors", vectors.len());
    for vector in vectors {
        let verdict = credential::verify_with_file(vector["text"].as_str().unwrap(), &trust, at);
        let found = serde_json::to_value(verdict).unwrap();
        assert_eq!(
            (&found["verdict"], &found["reason"]),
            (&vector["verdict"], &vector["reason"]),
            "{vector}"
        );
    }
}
