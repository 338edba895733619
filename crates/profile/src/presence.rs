//! When the person was in the country, as crossings and notices of arrival show it.

use records::{Day, payload::Purpose, region::RegionCode, span::Span};
use serde::{Deserialize, Serialize};

use crate::cite::Citation;

/// One presence from entry to exit; both days count as days of stay.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub entry: Entry,
    pub exit: Exit,
    /// Purpose declared at entry, or on the first notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration_card: Option<String>,
    /// Places of stay in order; the first begins with the stay, each lasts until the next begins.
    pub segments: Vec<Segment>,
    /// Last day on which any record shows the person here.
    pub last_sign: Day,
    /// Notices of arrival that speak of this stay.
    pub notices: Vec<Citation>,
}

/// How the stay began.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Entry {
    /// A crossing says so.
    Crossed { on: Day, cited: Vec<Citation> },
    /// No crossing; a notice of arrival names the day.
    Notified { on: Day, cited: Vec<Citation> },
    /// An exit without an entry before it: the person entered after `not_before` (their exit before, if any) and
    /// was here at the latest `not_after`.
    Unrecorded {
        not_before: Option<Day>,
        not_after: Day,
        reason: GapReason,
        cited: Vec<Citation>,
    },
}

/// How the stay ended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Exit {
    Crossed {
        on: Day,
        cited: Vec<Citation>,
    },
    /// Not ended as far as known.
    Open,
    /// A later entry shows that the person had left: between the last sign of presence and that entry.
    Unrecorded {
        not_before: Day,
        not_after: Day,
        reason: GapReason,
        cited: Vec<Citation>,
    },
}

/// Why a crossing must be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// An exit follows an exit, or is the first that is known of the person.
    ExitWithoutEntry,
    /// An entry follows an entry.
    EntryAfterEntry,
    /// The exit bears the migration card of another stay than the open one.
    ExitOnAnotherCard,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub span: Span,
    /// `None`: no notice of arrival speaks of these days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    pub cited: Vec<Citation>,
}

impl Stay {
    /// First day that counts. For an unrecorded entry: the last day by which the person was here.
    pub fn from(&self) -> Day {
        match &self.entry {
            Entry::Crossed { on, .. } | Entry::Notified { on, .. } => *on,
            Entry::Unrecorded { not_after, .. } => *not_after,
        }
    }

    /// Last day that counts; `None` while open. For an unrecorded exit: the last day on which a record shows the
    /// person here, so that no day is held against the person without evidence.
    pub fn until(&self) -> Option<Day> {
        match &self.exit {
            Exit::Crossed { on, .. } => Some(*on),
            Exit::Open => None,
            Exit::Unrecorded { not_before, .. } => Some(*not_before),
        }
    }

    /// Days that records prove.
    pub fn proven(&self) -> Span {
        Span::new(self.from(), self.until()).unwrap_or_else(|_| Span::single(self.from()))
    }

    pub fn region_on(&self, day: Day) -> Option<&RegionCode> {
        self.segments
            .iter()
            .rev()
            .find(|segment| segment.span.contains(day))
            .and_then(|s| s.region.as_ref())
    }
}
