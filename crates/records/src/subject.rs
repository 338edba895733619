//! Whom a record says it is about: the part that linkage compares.
//!
//! Invariant: holds what the source wrote, parsed but not corrected; folding of letters is `names`' business.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    country::Country,
    document::DocumentNumber,
    identifier::{Enp, Inn, Snils},
    partial_date::PartialDate,
};

/// What one record says of its person. All of it may be missing. Personal data: `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Subject {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latin: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cyrillic: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<Birth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizenship: Option<Country>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<Inn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enp: Option<Enp>,
    /// Id of the student in the education ministry's files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student_id: Option<String>,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(hidden)")
    }
}

/// A name in one script, as written. `surname` is empty for a person of one name.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Name {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub surname: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<String>,
    /// All in one field, in an order that the source does not mark (`ФИО`). Then `surname` and `given` are empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsplit: Option<String>,
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(hidden)")
    }
}

/// Birth date and how the source treats a part that nobody knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Birth {
    pub date: PartialDate,
    #[serde(default)]
    pub unknown_parts: UnknownParts,
}

/// Whether the source can say "day unknown".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownParts {
    /// An unknown part is left out.
    #[default]
    Kept,
    /// An unknown part is written as 1, so the first of a month or of January may mean "unknown".
    WrittenAsOne,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Female,
    Male,
}

/// An identity document as a record names it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub number: DocumentNumber,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Country>,
    #[serde(default)]
    pub kind: DocumentKind,
}

/// Whose and what kind of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Passport,
    IdentityCard,
    /// A child travels on it: the number is the parent's.
    ParentsDocument,
    /// The source does not say.
    #[default]
    Unstated,
}
