//! Crossings and visas: the border service and the consulates.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Day, mrz::MrzLines, span::Span};

/// Migration purpose as declared (codes of the arrival form).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Official,
    Tourism,
    Business,
    Study,
    Work,
    Private,
    Transit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

/// A border crossing, by the border service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crossing {
    pub direction: Direction,
    /// Local day of the checkpoint: the day that counts in law.
    pub crossed_on: Day,
    pub crossed_at: Timestamp,
    pub checkpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_expiry: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mrz: Option<MrzLines>,
    pub purpose: Purpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration_card: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visa_number: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisaType {
    Diplomatic,
    Tourist,
    Business,
    Study,
    Work,
    Private,
    Transit,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visa {
    pub visa_number: String,
    pub visa_type: VisaType,
    pub issued_on: Day,
    pub validity: Span,
    pub entries: u32,
    pub purpose: Purpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    pub post: String,
}
