//! Why records were, or were not, taken for one person's: fields and levels, never values.

use serde::{Deserialize, Serialize};

use crate::weight::Weight;

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// How many people there are: the odds before anything is compared.
    Population,
    Surname,
    GivenName,
    Patronymic,
    BirthDate,
    Sex,
    Citizenship,
    BirthPlace,
    Document,
    /// The number of a parent's document, on which a child travels.
    ParentsDocument,
    Inn,
    Snils,
    Enp,
    StudentId,
    /// Patent, work permit, temporary or permanent residence.
    Permit,
    Visa,
    MigrationCard,
    /// Voluntary medical insurance.
    PolicyNumber,
    /// Card of a mission or an international organisation.
    AccreditationCard,
    /// Who took the person in: employer, host, their phone.
    Host,
    /// Region of stay or work.
    Region,
    /// Entries, exits and stays in the order of time.
    Stays,
}

/// How it compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The same.
    Equal,
    /// The same after folding scripts and spellings.
    SameSound,
    /// A cheap confusion or one slip of the hand.
    Close,
    /// Some likeness.
    Alike,
    /// Surname and given name stand in each other's place.
    Swapped,
    /// The same letters, cut into words in another way.
    Rearranged,
    /// One side lacks a part that the other has.
    Partial,
    /// One known slip: a digit, swapped neighbours, a lost or doubled character.
    Slip,
    /// Day and month in each other's place.
    DayMonthSwapped,
    /// Off by one day, one month, one year or ten years.
    NearDate,
    /// A part unknown, or written as the first where the source cannot say "unknown".
    UnknownPart,
    /// The document of one was issued when the document of the other ended, and used after it.
    Renewed,
    /// Two documents, neither known to follow the other.
    OtherDocument,
    /// Two documents that one person would hardly hold in this order.
    Unordered,
    /// Entries and exits of both make one sequence.
    Alternating,
    /// The person would have been in two places, or entered twice without leaving.
    Overlapping,
    Different,
    /// Prior odds.
    Prior,
}

/// One step of the waterfall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    pub field: Field,
    pub level: Level,
    pub weight: Weight,
}

/// Total of a waterfall.
pub fn total(evidence: &[Evidence]) -> Weight {
    evidence.iter().map(|step| step.weight).sum()
}

/// Another document and other personal data, and yet so much agrees: renamed, or come again under another name.
pub(crate) fn is_other_identity(evidence: &[Evidence]) -> bool {
    let has = |fields: &[Field], levels: &[Level]| {
        evidence
            .iter()
            .any(|step| fields.contains(&step.field) && levels.contains(&step.level))
    };
    has(
        &[Field::Document],
        &[Level::Renewed, Level::OtherDocument, Level::Unordered],
    ) && has(
        &[Field::Surname, Field::GivenName, Field::BirthDate],
        &[Level::Different],
    )
}
