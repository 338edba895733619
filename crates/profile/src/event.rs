//! One event or document of the person's life, whoever reported it and however often.

use records::{Day, envelope::Doubt, span::Span};
use serde::{Deserialize, Serialize};

use crate::cite::Citation;

/// A fact as the sources now state it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<T> {
    pub fact: T,
    /// When it holds in the world.
    pub valid: Span,
    /// The record that the fact is taken from.
    pub cited: Citation,
    /// Other records that report the same event (a duplicate under another id).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated_by: Vec<Citation>,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// Decisions that put parts of the fact right.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub amended_by: Vec<Citation>,
    /// What the cited record said before it was corrected, oldest first.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier<T>>,
}

/// A superseded version: history, never an argument.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier<T> {
    pub fact: T,
    pub valid: Span,
    pub cited: Citation,
}

impl<T> std::fmt::Debug for Event<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Event({} v{})", self.cited.key, self.cited.version)
    }
}

impl<T> std::fmt::Debug for Earlier<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Earlier({} v{})", self.cited.key, self.cited.version)
    }
}

impl<T> Event<T> {
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid.contains(day)
    }

    /// Every record behind the fact, the cited one first, decisions on it last.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.reported_by().chain(&self.amended_by)
    }

    /// Every record that reports the event, the cited one first.
    pub fn reported_by(&self) -> impl Iterator<Item = &Citation> {
        std::iter::once(&self.cited).chain(&self.repeated_by)
    }
}
