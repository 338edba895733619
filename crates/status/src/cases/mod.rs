//! Worked cases: persons with facts, a question and the expected answer, one JSON object a line.
//!
//! In: the lines and a pack. Out: a [`Report`] with every difference, expected and got.
//! A case that cannot be read is a failure of its own, with line and field; the others go on.

mod compare;
mod parse;
mod view;

use std::fmt;

pub use parse::{Case, CaseError, parse};

use crate::{judge, pack::Pack};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// Path in `expect`: `stay.until`, `duties[0]`, `cites`.
    pub field: String,
    pub expected: String,
    pub got: String,
}

/// How one case came out.
#[derive(Debug, serde::Serialize)]
pub struct Outcome {
    pub line: usize,
    pub id: String,
    pub title: String,
    pub confidence: String,
    pub differences: Vec<Difference>,
    /// What in the case was not understood, though it could be judged.
    pub notes: Vec<String>,
}

impl Outcome {
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// How all cases came out.
#[derive(Debug, Default, serde::Serialize)]
pub struct Report {
    pub outcomes: Vec<Outcome>,
}

impl Report {
    pub fn passed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.passed()).count()
    }

    pub fn failed(&self) -> usize {
        self.outcomes.len() - self.passed()
    }
}

/// Judges every case of a file of JSON lines.
pub fn run(lines: &str, pack: &Pack) -> Report {
    let outcomes = parse(lines, pack).into_iter().map(|read| match read {
        Ok(case) => run_case(&case, pack),
        Err(error) => unread(error),
    });
    Report {
        outcomes: outcomes.collect(),
    }
}

fn run_case(case: &Case, pack: &Pack) -> Outcome {
    let differences = match judge(&case.history, &case.question, pack) {
        Ok(status) => compare::differences(case, &status, pack),
        Err(error) => vec![Difference {
            field: "facts".to_owned(),
            expected: "a history that can be judged".to_owned(),
            got: error.to_string(),
        }],
    };
    Outcome {
        line: case.line,
        id: case.id.clone(),
        title: case.title.clone(),
        confidence: case.confidence.clone(),
        differences,
        notes: case.notes.clone(),
    }
}

fn unread(error: CaseError) -> Outcome {
    let difference = Difference {
        field: error.field.clone(),
        expected: "a case that can be read".to_owned(),
        got: error.problem.clone(),
    };
    Outcome {
        line: error.line,
        id: error.id.clone().unwrap_or_else(|| format!("line {}", error.line)),
        title: String::new(),
        confidence: String::new(),
        differences: vec![difference],
        notes: Vec::new(),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for outcome in &self.outcomes {
            for note in &outcome.notes {
                writeln!(f, "note {} (line {}): {note}", outcome.id, outcome.line)?;
            }
            if outcome.passed() {
                continue;
            }
            writeln!(
                f,
                "FAILED {} (line {}): {}",
                outcome.id, outcome.line, outcome.title
            )?;
            for difference in &outcome.differences {
                writeln!(f, "  {}", difference.field)?;
                writeln!(f, "    expected {}", difference.expected)?;
                writeln!(f, "    got      {}", difference.got)?;
            }
        }
        write!(f, "{} passed, {} failed", self.passed(), self.failed())
    }
}
