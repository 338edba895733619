//! `sojourn rules check CASES.jsonl`.

use std::{fs, path::Path};

use status::cases::{Outcome, run};

use super::{Finish, args::Common, show};
use crate::{
    data::DataFiles,
    installation::{self, Stop},
};

pub(crate) fn check(common: &Common, cases: &Path, pack: &str) -> Result<Finish, Stop> {
    let lines = fs::read_to_string(cases).map_err(|error| format!("{}: {error}", cases.display()))?;
    let pack = installation::pack(&DataFiles::new(common.data.clone()), pack)?;
    let report = run(&lines, &pack);
    if common.json {
        show::json(&report)?;
    } else {
        let mut text: Vec<String> = report
            .outcomes
            .iter()
            .filter(|outcome| !outcome.passed())
            .map(failure)
            .collect();
        text.push(format!("{} passed, {} failed", report.passed(), report.failed()));
        show::text(&text.join("\n"))?;
    }
    Ok(if report.failed() == 0 {
        Finish::Done
    } else {
        Finish::Problems
    })
}

fn failure(outcome: &Outcome) -> String {
    let mut text = format!(
        "{} (line {}, confidence {}): {}",
        outcome.id, outcome.line, outcome.confidence, outcome.title
    );
    for difference in &outcome.differences {
        text.push_str(&format!(
            "\n  {}: expected {}, got {}",
            difference.field, difference.expected, difference.got
        ));
    }
    for note in &outcome.notes {
        text.push_str(&format!("\n  note: {note}"));
    }
    text
}
