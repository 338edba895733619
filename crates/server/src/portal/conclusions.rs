//! What a page shows of the rules' conclusions: one answer a question, its reasons, the duties and their days.
//!
//! Not here: how a status is put in these words (`teller`).

/// Three answers, each with a shape of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Yes,
    No,
    Unsure,
}

impl Shape {
    pub(crate) fn css(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unsure => "unsure",
        }
    }
}

/// One question and its answer.
pub(crate) struct Answer {
    pub(crate) shape: Shape,
    pub(crate) question: String,
    pub(crate) says: String,
    pub(crate) lines: Vec<String>,
    pub(crate) why: Why,
}

/// Reasons behind a fold.
pub(crate) struct Why {
    pub(crate) summary: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) records: Vec<RecordLine>,
}

impl Why {
    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.records.is_empty()
    }
}

/// One reason and its law.
pub(crate) struct Step {
    pub(crate) says: String,
    pub(crate) law: String,
}

/// A record that a conclusion rests on.
pub(crate) struct RecordLine {
    pub(crate) says: String,
    pub(crate) id: String,
}

/// Something to be done.
pub(crate) struct DutyLine {
    pub(crate) when: String,
    pub(crate) state: String,
    pub(crate) state_css: &'static str,
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) lines: Vec<String>,
    pub(crate) why: Why,
}

/// Things to know beside the answers, under one heading.
pub(crate) struct Notice {
    pub(crate) title: String,
    pub(crate) points: Vec<Point>,
}

/// One of them, with its reasons.
pub(crate) struct Point {
    pub(crate) says: String,
    pub(crate) why: Why,
}

/// Who reads: the person, or an official.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    Holder,
    Official,
}

/// A status in the reader's words.
pub(crate) struct Conclusions {
    pub(crate) stay: Answer,
    pub(crate) work: Answer,
    /// What is still to be done, the next first.
    pub(crate) next: Vec<DutyLine>,
    /// What is done, not required or not to be told.
    pub(crate) settled: Vec<DutyLine>,
    pub(crate) notices: Vec<Notice>,
}
