//! A fact: one event or document in a person's life that the rules look at.
//!
//! Which kinds there are and what attributes each has, the pack says (`facts.csv`): the engine knows none by name.
//! Invariant: facts order and compare by what they say, so a history is the same in whatever order it was told.

use std::{collections::BTreeMap, fmt};

use records::Day;
use serde::{Deserialize, Serialize};

/// Name of a kind of fact: `border_in`, `patent_paid`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactKind(String);

impl FactKind {
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Flag(bool),
    Number(i64),
    Day(Day),
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Day(day) => day.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The record that a fact was taken from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordReference {
    pub key: records::key::RecordKey,
    pub version: u32,
}

/// One fact, with when it holds, when it was recorded, and who said so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// The day of the event: crossing, issue, conclusion, payment, decision.
    pub day: Day,
    pub kind: FactKind,
    /// First day on which a document holds; the day of the event where nothing else is said.
    pub from: Day,
    /// Last day on which it holds, where it has one.
    pub until: Option<Day>,
    pub attributes: BTreeMap<String, Value>,
    pub recorded: Day,
    /// The day on which the record was withdrawn.
    pub retracted: Option<Day>,
    pub source: Option<String>,
    pub reference: Option<RecordReference>,
}

impl Fact {
    /// A fact of one day, recorded on that day, with nothing more said.
    pub fn new(kind: &str, day: Day) -> Self {
        Self {
            day,
            kind: FactKind::new(kind),
            from: day,
            until: None,
            attributes: BTreeMap::new(),
            recorded: day,
            retracted: None,
            source: None,
            reference: None,
        }
    }

    pub fn with(mut self, attribute: &str, value: Value) -> Self {
        self.attributes.insert(attribute.to_owned(), value);
        self
    }

    pub fn with_text(self, attribute: &str, value: &str) -> Self {
        self.with(attribute, Value::Text(value.to_owned()))
    }

    pub fn holding(mut self, from: Day, until: Option<Day>) -> Self {
        self.from = from;
        self.until = until;
        self
    }

    pub fn recorded(mut self, on: Day) -> Self {
        self.recorded = on;
        self
    }

    pub fn is(&self, kind: &FactKind) -> bool {
        self.kind == *kind
    }

    pub fn text(&self, attribute: &str) -> Option<&str> {
        match self.attributes.get(attribute) {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Flag(_) | Value::Number(_) | Value::Day(_)) | None => None,
        }
    }

    pub fn number(&self, attribute: &str) -> Option<i64> {
        match self.attributes.get(attribute) {
            Some(Value::Number(number)) => Some(*number),
            Some(Value::Flag(_) | Value::Text(_) | Value::Day(_)) | None => None,
        }
    }

    /// Whether the document holds on the day.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it was on record at the end of `known_at` (always, when no day is asked).
    pub fn known(&self, known_at: Option<Day>) -> bool {
        match known_at {
            Some(at) => self.recorded <= at && self.retracted.is_none_or(|gone| at < gone),
            None => self.retracted.is_none(),
        }
    }

    /// How answers point to it.
    pub fn pointer(&self) -> FactPointer {
        FactPointer {
            kind: self.kind.clone(),
            day: self.day,
            record: self.reference.clone(),
        }
    }
}

/// How a conclusion names a fact that it rests on: `border_in@2025-03-01`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FactPointer {
    pub kind: FactKind,
    pub day: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordReference>,
}

impl fmt::Display for FactPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.kind, self.day)
    }
}
