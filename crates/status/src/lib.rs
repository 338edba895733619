//! What the law says of a person on a day: stay, work, duties, grounds, risks; each with its rules and its facts.
//!
//! In: a [`history::History`] of facts, a [`Question`], a [`pack::Pack`]. Out: a [`status::Status`].
//! Invariant: a pure function of these three. No IO, no clock, no randomness; the law is data in the pack.
//!
//! * what happened: [`facts`], [`history`]
//! * the law as data: [`pack`]
//! * the answer: [`status`]
//! * worked cases: [`cases`]

use records::Day;

pub mod cases;
pub mod citizenship;
pub mod days;
mod engine;
pub mod facts;
pub mod history;
pub mod pack;
pub mod status;
pub mod term;
mod verdict;

/// What is asked: four dates, and what the asker wants to know besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The day in question.
    pub on: Day,
    /// Facts recorded up to this day; all when none is given.
    pub known_at: Option<Day>,
    /// Acts enacted up to this day; all when none is given.
    pub law_known_at: Option<Day>,
    /// Region in which somebody is to work, by the tax service's code.
    pub work_region: Option<String>,
    pub profession: Option<String>,
    /// The citizenship to treat the person by, where an entry names none.
    pub treated_as: Option<citizenship::Citizenship>,
    /// A question of the pack by name.
    pub question: Option<String>,
    /// Region and months of a price.
    pub region: Option<String>,
    pub months: Option<i64>,
    pub amount_rub: Option<i64>,
}

impl Question {
    /// Everything, about one day, by all that is known.
    pub fn on(day: Day) -> Self {
        Self {
            on: day,
            known_at: None,
            law_known_at: None,
            work_region: None,
            profession: None,
            treated_as: None,
            question: None,
            region: None,
            months: None,
            amount_rub: None,
        }
    }
}

/// A history holds at most so many facts; more is a mistake in what was put together, not a life.
pub const FACTS_MAX: usize = 20_000;

/// Why a history was not judged.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    #[error("the history holds {found} facts, more than {FACTS_MAX}")]
    TooManyFacts { found: usize },
}

/// Judges a history on a day by a pack.
pub fn judge(
    history: &history::History,
    question: &Question,
    pack: &pack::Pack,
) -> Result<status::Status, JudgeError> {
    match history.len() {
        0..=FACTS_MAX => Ok(engine::with_change(history, question, pack)),
        found => Err(JudgeError::TooManyFacts { found }),
    }
}
